-- SPDX-License-Identifier: MIT
-- What analysis found in sessions, as it travels without their recordings (sight-digest.h). In a collector's store what
-- workstations brought; in a cache what was taken from a collector or brought there, without the text.
CREATE TABLE digest (
  session INTEGER PRIMARY KEY REFERENCES session ON DELETE CASCADE,
  endpoint INTEGER NOT NULL REFERENCES endpoint ON DELETE CASCADE,
  revision INTEGER NOT NULL,
  received_ms INTEGER NOT NULL, -- of the newest batch of the session when it came
  version INTEGER NOT NULL,
  ruleset TEXT NOT NULL,
  arrival INTEGER NOT NULL,
  n_bytes INTEGER NOT NULL,
  data BLOB -- zstd of JSON
);
CREATE INDEX digest_revision ON digest (endpoint, revision, received_ms);

-- Of a cache that holds a part of what an endpoint has. A session whose recording is not here has ruleset -1: what
-- stands of it was told, and it waits for no analysis. used_ms: when a recording was fetched or opened last.
CREATE TABLE used (
  session INTEGER PRIMARY KEY REFERENCES session ON DELETE CASCADE,
  used_ms INTEGER NOT NULL
);
ALTER TABLE endpoint ADD COLUMN budget INTEGER NOT NULL DEFAULT 0;    -- bytes of recordings; 0: as many as there are
ALTER TABLE endpoint ADD COLUMN n_there INTEGER NOT NULL DEFAULT -1;  -- sessions that it has; -1: it did not say
ALTER TABLE endpoint ADD COLUMN n_told INTEGER NOT NULL DEFAULT 0;    -- of how many of them it has digests

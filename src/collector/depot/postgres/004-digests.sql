-- SPDX-License-Identifier: MIT
-- What workstations found in sessions, sealed under the session's key.
CREATE TABLE digest (
  session bigint PRIMARY KEY REFERENCES session ON DELETE CASCADE,
  project bigint NOT NULL REFERENCES project ON DELETE CASCADE,
  revision bigint NOT NULL,
  received_ms bigint NOT NULL, -- of the newest batch of the session when it came
  version bigint NOT NULL,
  ruleset text NOT NULL,
  arrival bigint NOT NULL,
  n_bytes bigint NOT NULL,
  sealed bytea NOT NULL
);
ALTER TABLE digest ALTER COLUMN sealed SET STORAGE EXTERNAL;
CREATE INDEX digest_feed ON digest (project, revision, received_ms);

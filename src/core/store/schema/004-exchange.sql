-- SPDX-License-Identifier: MIT
-- What makes an exchange between two stores safe.

-- A session that could not be taken from its collector: what was wrong with it, up to which arrival it was asked for,
-- and when it is asked for again.
ALTER TABLE followed ADD COLUMN problem TEXT;
ALTER TABLE followed ADD COLUMN wanted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE followed ADD COLUMN n_tries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE followed ADD COLUMN retry_ms INTEGER NOT NULL DEFAULT 0;
CREATE INDEX followed_aside ON followed (endpoint, retry_ms) WHERE problem IS NOT NULL;

-- Each start of a collector on this store, with the revision at which it began. A store that was put back from a copy
-- knows by it which numbers it handed out itself.
CREATE TABLE generation (
  n INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  revision INTEGER NOT NULL
);
-- Cursors from before there were generations.
INSERT INTO generation (id, revision) VALUES ('', 0);

-- SHA-256 of what the recorder that began a session proves itself with. A session that is not here was begun without.
CREATE TABLE owner (
  session INTEGER PRIMARY KEY REFERENCES session ON DELETE CASCADE,
  proof BLOB NOT NULL
);

-- In place of the visitor's time in every index of the library: the same values where they can be believed, so that only
-- few rows change.
ALTER TABLE session RENAME COLUMN started_ms TO arrived_ms;
ALTER TABLE session ADD COLUMN started_ms INTEGER NOT NULL DEFAULT 0;
UPDATE session SET started_ms = arrived_ms;
UPDATE session SET arrived_ms = received_ms
  WHERE arrived_ms > received_ms OR arrived_ms < iif(endpoint = 1, 946684800000, received_ms - 86400000);

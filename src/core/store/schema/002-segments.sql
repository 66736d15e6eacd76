-- SPDX-License-Identifier: MIT
-- Segments of each window, what is told of a session, and blocks of many batches.

-- SQLite 3.40's quick_check takes a sound table without rowid for a damaged one where its key is in another order than
-- its columns.
CREATE TABLE person_anew (
  user TEXT NOT NULL,
  session INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,
  PRIMARY KEY (user, session)
) WITHOUT ROWID;
INSERT INTO person_anew (user, session) SELECT user, session FROM person;
DROP TABLE person;
ALTER TABLE person_anew RENAME TO person;
CREATE INDEX person_session ON person (session);

-- How far the windows of a session are cut into segments. Derived: made from batches, and made again where the version
-- is another.
CREATE TABLE track (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  session INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,
  window TEXT NOT NULL,
  version INTEGER NOT NULL,
  arrival INTEGER NOT NULL, -- the newest batch that is in it
  UNIQUE (session, window)
);

-- A segment: a keyframe, and which of the window's events come after it. The keyframe stands last: what is asked of the
-- others alone never reads it.
CREATE TABLE segment (
  track INTEGER NOT NULL REFERENCES track ON DELETE CASCADE,
  n INTEGER NOT NULL,
  first_ms INTEGER NOT NULL,
  last_ms INTEGER NOT NULL,
  skipped INTEGER NOT NULL,   -- events of first_ms that belong to segments before
  n_events INTEGER NOT NULL,
  n_bytes INTEGER NOT NULL,   -- of their JSON
  first_seq INTEGER NOT NULL, -- the batches in which they are
  last_seq INTEGER NOT NULL,
  keyframe_bytes INTEGER NOT NULL, -- of its JSON; 0: there is none
  tables BLOB NOT NULL,
  keyframe BLOB, -- zstd of a JSON array of events
  PRIMARY KEY (track, n)
);

-- What analysis tells of a session beside its signals and pages: story, console, requests, idle stretches.
CREATE TABLE account (
  session INTEGER PRIMARY KEY REFERENCES session ON DELETE CASCADE,
  data BLOB NOT NULL -- zstd of JSON
);

-- Events of consecutive batches of one window, compressed together once nothing more came for a while. The batches keep
-- their rows, and with them their numbers; their own events are empty then.
CREATE TABLE block (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  session INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,
  n_bytes INTEGER NOT NULL,
  events BLOB NOT NULL -- zstd of the JSON arrays of the batches, one after the other
);
CREATE INDEX block_session ON block (session);
ALTER TABLE batch ADD COLUMN block INTEGER;
ALTER TABLE batch ADD COLUMN block_start INTEGER NOT NULL DEFAULT 0;
CREATE INDEX batch_loose ON batch (session) WHERE block IS NULL;

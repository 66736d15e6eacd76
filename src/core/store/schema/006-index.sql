-- SPDX-License-Identifier: MIT
-- The index that filters are answered from. Derived: analysis makes it, and makes it again.

-- A field and a value, once for all sessions. The field stands in the upper bits of the row, so that the values of a
-- field stand together. n: how many sessions the postings have of it.
CREATE TABLE term (
  row INTEGER PRIMARY KEY, -- field << 32 | number
  hash INTEGER NOT NULL,   -- of the value
  n INTEGER NOT NULL DEFAULT 0,
  value TEXT NOT NULL
);
CREATE INDEX term_hash ON term (hash);

-- Words of the values, folded as for session_text; what they are the words of stands in term.
CREATE VIRTUAL TABLE term_text USING fts5 (words, content = '', columnsize = 0, tokenize = 'ascii');

-- What each session has when: the truth of the index.
CREATE TABLE occurrence (
  session INTEGER PRIMARY KEY REFERENCES session ON DELETE CASCADE,
  data BLOB NOT NULL -- zstd of packed SightOccurrences
);

-- Which sessions have a term, by blocks of 65,536 session rows.
CREATE TABLE posting (
  row INTEGER PRIMARY KEY, -- term << 16 | block
  rows BLOB NOT NULL
);

-- Sessions that were analysed last, and of which terms: they go into the postings in groups.
CREATE TABLE posting_recent (
  n INTEGER PRIMARY KEY AUTOINCREMENT,
  session INTEGER NOT NULL UNIQUE,
  terms BLOB NOT NULL
);

-- index: rises with each change; fold_last: up to which n a group is being folded in, 0: none is; fold_part: how far.
INSERT INTO counter VALUES ('index', 0), ('fold_last', 0), ('fold_part', 0);

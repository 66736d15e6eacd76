-- SPDX-License-Identifier: MIT
-- The first schema. Batches and annotations are the truth; what analysis fills can be made again.

-- Named numbers: 'revision' rises with every change that a workstation may ask for; 'purge' is 1 while the search index
-- may still hold words of what was erased.
CREATE TABLE counter (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO counter VALUES ('revision', 0), ('purge', 0);

CREATE TABLE endpoint (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  url TEXT,
  cursor TEXT,
  annotation_cursor TEXT,
  synced_ms INTEGER NOT NULL DEFAULT 0,
  problem TEXT
);

CREATE TABLE access_key (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  project INTEGER NOT NULL REFERENCES endpoint ON DELETE CASCADE,
  name TEXT NOT NULL,
  shown TEXT NOT NULL,       -- a write key in full, of a token its first characters
  hash BLOB NOT NULL UNIQUE, -- SHA-256 of the whole
  scopes INTEGER NOT NULL,
  created_ms INTEGER NOT NULL,
  revoked INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX access_key_project ON access_key (project);

CREATE TABLE origin (
  project INTEGER NOT NULL REFERENCES endpoint ON DELETE CASCADE,
  origin TEXT NOT NULL,
  PRIMARY KEY (project, origin)
) WITHOUT ROWID;

-- Page templates, with what a question about exits needs.
CREATE TABLE page (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  endpoint INTEGER NOT NULL REFERENCES endpoint ON DELETE CASCADE,
  template TEXT NOT NULL,
  n_sessions INTEGER NOT NULL DEFAULT 0,
  n_exits INTEGER NOT NULL DEFAULT 0,
  n_open_exits INTEGER NOT NULL DEFAULT 0,
  UNIQUE (endpoint, template)
);
CREATE INDEX page_unused ON page (row) WHERE n_sessions <= 0;

CREATE TABLE ruleset (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE
);

-- flags: SightSessionFlags. ruleset 0: the newest batch waits for analysis.
CREATE TABLE session (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  endpoint INTEGER NOT NULL REFERENCES endpoint ON DELETE CASCADE,
  session TEXT NOT NULL,
  revision INTEGER NOT NULL,
  last_arrival INTEGER NOT NULL,
  received_ms INTEGER NOT NULL,
  started_ms INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL DEFAULT 0,
  n_batches INTEGER NOT NULL,
  n_bytes INTEGER NOT NULL,
  n_events INTEGER NOT NULL,
  flags INTEGER NOT NULL,
  friction REAL NOT NULL DEFAULT 0,
  entry_page INTEGER NOT NULL DEFAULT 0,
  exit_page INTEGER NOT NULL DEFAULT 0,
  ruleset INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 0,
  label TEXT,
  user TEXT,
  device TEXT,
  release TEXT,
  viewport_w INTEGER NOT NULL DEFAULT 0,
  viewport_h INTEGER NOT NULL DEFAULT 0,
  n_windows INTEGER NOT NULL DEFAULT 0,
  n_pages INTEGER NOT NULL DEFAULT 0,
  n_clicks INTEGER NOT NULL DEFAULT 0,
  n_errors INTEGER NOT NULL DEFAULT 0,
  n_signals INTEGER NOT NULL DEFAULT 0,
  notice TEXT,
  source_notice TEXT, -- of the import; analysis leaves it
  activity BLOB,
  marks BLOB,
  UNIQUE (endpoint, session)
);
-- Each order of the library, with the columns that filters test.
CREATE INDEX session_newest ON session (started_ms, row, flags, endpoint, exit_page, friction, duration_ms);
CREATE INDEX session_friction ON session (friction, started_ms, row, flags, endpoint, exit_page, duration_ms);
CREATE INDEX session_longest ON session (duration_ms, row, flags, endpoint, exit_page, started_ms, friction);
-- The facets that may be few among many.
CREATE INDEX session_errored ON session (row, flags, endpoint, exit_page, started_ms, friction, duration_ms)
  WHERE flags & 1;
CREATE INDEX session_rage ON session (row, flags, endpoint, exit_page, started_ms, friction, duration_ms)
  WHERE flags & 2;
CREATE INDEX session_dead ON session (row, flags, endpoint, exit_page, started_ms, friction, duration_ms)
  WHERE flags & 4;
CREATE INDEX session_scroll ON session (row, flags, endpoint, exit_page, started_ms, friction, duration_ms)
  WHERE flags & 8;
CREATE INDEX session_tagged ON session (row, flags, endpoint, exit_page, started_ms, friction, duration_ms)
  WHERE flags & 4194304;
CREATE INDEX session_exit ON session (exit_page, row, flags, endpoint, started_ms, friction, duration_ms);
CREATE INDEX session_user ON session (endpoint, user, started_ms) WHERE user IS NOT NULL;
CREATE INDEX session_user_last ON session (endpoint, user) WHERE user IS NOT NULL AND flags & 2097152;
CREATE INDEX session_revision ON session (endpoint, revision);
CREATE INDEX session_analysed ON session (endpoint, ruleset, version, received_ms);

-- How many sessions have exactly these flags; how many were analysed by which rules.
CREATE TABLE flag_count (
  endpoint INTEGER NOT NULL,
  flags INTEGER NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (endpoint, flags)
) WITHOUT ROWID;
CREATE TABLE analysis_count (
  endpoint INTEGER NOT NULL,
  ruleset INTEGER NOT NULL,
  version INTEGER NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (endpoint, ruleset, version)
) WITHOUT ROWID;

CREATE TRIGGER session_added AFTER INSERT ON session BEGIN
  INSERT INTO flag_count VALUES (new.endpoint, new.flags, 1) ON CONFLICT DO UPDATE SET n = n + 1;
  INSERT INTO analysis_count VALUES (new.endpoint, new.ruleset, new.version, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER session_removed AFTER DELETE ON session BEGIN
  UPDATE flag_count SET n = n - 1 WHERE endpoint = old.endpoint AND flags = old.flags;
  DELETE FROM flag_count WHERE endpoint = old.endpoint AND flags = old.flags AND n <= 0;
  UPDATE analysis_count SET n = n - 1
    WHERE endpoint = old.endpoint AND ruleset = old.ruleset AND version = old.version;
  DELETE FROM analysis_count
    WHERE endpoint = old.endpoint AND ruleset = old.ruleset AND version = old.version AND n <= 0;
END;
CREATE TRIGGER session_flags_changed AFTER UPDATE OF flags ON session WHEN new.flags <> old.flags BEGIN
  INSERT INTO flag_count VALUES (new.endpoint, new.flags, 1) ON CONFLICT DO UPDATE SET n = n + 1;
  UPDATE flag_count SET n = n - 1 WHERE endpoint = old.endpoint AND flags = old.flags;
  DELETE FROM flag_count WHERE endpoint = old.endpoint AND flags = old.flags AND n <= 0;
END;
CREATE TRIGGER session_analysis_changed AFTER UPDATE OF ruleset, version ON session
WHEN new.ruleset <> old.ruleset OR new.version <> old.version BEGIN
  INSERT INTO analysis_count VALUES (new.endpoint, new.ruleset, new.version, 1) ON CONFLICT DO UPDATE SET n = n + 1;
  UPDATE analysis_count SET n = n - 1
    WHERE endpoint = old.endpoint AND ruleset = old.ruleset AND version = old.version;
  DELETE FROM analysis_count
    WHERE endpoint = old.endpoint AND ruleset = old.ruleset AND version = old.version AND n <= 0;
END;

-- The order of the columns keeps the long one last: what is asked of it alone never reads the events.
CREATE TABLE batch (
  arrival INTEGER PRIMARY KEY AUTOINCREMENT,
  session INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,
  window TEXT NOT NULL,
  seq INTEGER NOT NULL,
  sent_ms INTEGER NOT NULL,
  received_ms INTEGER NOT NULL,
  first_ms INTEGER NOT NULL,
  last_ms INTEGER NOT NULL,
  n_events INTEGER NOT NULL,
  n_bytes INTEGER NOT NULL,
  events BLOB NOT NULL, -- zstd of the JSON array
  UNIQUE (session, window, seq)
);
CREATE INDEX batch_arrival ON batch (session, arrival);

-- Whom the events of a session name: a collector never analyses, and a visitor may sign in as another.
CREATE TABLE person (
  session INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,
  user TEXT NOT NULL,
  PRIMARY KEY (user, session)
) WITHOUT ROWID;
CREATE INDEX person_session ON person (session);

CREATE TABLE lease (
  session INTEGER PRIMARY KEY REFERENCES session ON DELETE CASCADE,
  owner TEXT NOT NULL,
  until_ms INTEGER NOT NULL
);

CREATE TABLE signal (
  session INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,
  n INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  start_ms INTEGER NOT NULL,
  end_ms INTEGER NOT NULL,
  window TEXT,
  page TEXT,
  node INTEGER NOT NULL,
  selector TEXT,
  target TEXT,
  message TEXT,
  fingerprint TEXT NOT NULL,
  count INTEGER NOT NULL,
  magnitude INTEGER NOT NULL,
  severe INTEGER NOT NULL,
  PRIMARY KEY (session, n)
) WITHOUT ROWID;

CREATE TABLE page_view (
  session INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,
  n INTEGER NOT NULL,
  page INTEGER NOT NULL,
  url TEXT,
  window TEXT,
  start_ms INTEGER NOT NULL,
  end_ms INTEGER NOT NULL,
  PRIMARY KEY (session, n)
) WITHOUT ROWID;

-- What a search looks in: words that sight-text-table.c has folded, with one blank between them.
-- rowid is the session's row.
CREATE VIRTUAL TABLE session_text USING fts5 (text, columnsize = 0, prefix = '2 3', tokenize = 'ascii');

CREATE TABLE annotation (
  endpoint INTEGER NOT NULL REFERENCES endpoint ON DELETE CASCADE,
  id TEXT NOT NULL,
  session TEXT,
  kind TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  body TEXT NOT NULL,
  author TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL,
  deleted INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  unpushed INTEGER NOT NULL,
  PRIMARY KEY (endpoint, id)
) WITHOUT ROWID;
CREATE INDEX annotation_session ON annotation (endpoint, session, at_ms);
CREATE INDEX annotation_revision ON annotation (endpoint, revision);
CREATE INDEX annotation_unpushed ON annotation (endpoint, revision) WHERE unpushed;

-- Sessions that were erased: they are not taken again.
CREATE TABLE tombstone (
  endpoint INTEGER NOT NULL REFERENCES endpoint ON DELETE CASCADE,
  session TEXT NOT NULL,
  revision INTEGER NOT NULL,
  erased_ms INTEGER NOT NULL,
  PRIMARY KEY (endpoint, session)
) WITHOUT ROWID;
CREATE INDEX tombstone_revision ON tombstone (endpoint, revision);

-- How far a workstation has followed each session of a collector.
CREATE TABLE followed (
  endpoint INTEGER NOT NULL REFERENCES endpoint ON DELETE CASCADE,
  session TEXT NOT NULL,
  arrival INTEGER NOT NULL,
  PRIMARY KEY (endpoint, session)
) WITHOUT ROWID;

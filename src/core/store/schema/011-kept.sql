-- SPDX-License-Identifier: MIT
-- Terms of a session that the store itself keeps up (sight-kept-table.h): they follow what happens to a session after
-- its analysis. Derived.
CREATE TABLE kept (
  session INTEGER PRIMARY KEY REFERENCES session ON DELETE CASCADE,
  terms BLOB NOT NULL -- their numbers, ascending, packed
);
-- Sessions up to this row that are in the index have none yet; from the newest down.
INSERT INTO counter SELECT 'kept', coalesce(max(session), 0) FROM occurrence;

-- Sets of sessions come from postings: the library's indexes need what its orders are made of alone.
DROP INDEX session_newest;
DROP INDEX session_friction;
DROP INDEX session_longest;
DROP INDEX session_errored;
DROP INDEX session_rage;
DROP INDEX session_dead;
DROP INDEX session_scroll;
DROP INDEX session_tagged;
DROP INDEX session_exit;
DROP INDEX session_user_last;
CREATE INDEX session_newest ON session (arrived_ms, row, endpoint, friction, duration_ms);
CREATE INDEX session_friction ON session (friction, arrived_ms, row, endpoint, duration_ms);
CREATE INDEX session_longest ON session (duration_ms, row, endpoint, arrived_ms, friction);

-- How many sessions there are is known by analysis_count.
DROP TRIGGER session_flags_changed;
DROP TRIGGER session_added;
DROP TRIGGER session_removed;
DROP TABLE flag_count;
CREATE TRIGGER session_added AFTER INSERT ON session BEGIN
  INSERT INTO analysis_count VALUES (new.endpoint, new.ruleset, new.version, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER session_removed AFTER DELETE ON session BEGIN
  UPDATE analysis_count SET n = n - 1
    WHERE endpoint = old.endpoint AND ruleset = old.ruleset AND version = old.version;
  DELETE FROM analysis_count
    WHERE endpoint = old.endpoint AND ruleset = old.ruleset AND version = old.version AND n <= 0;
END;

-- Who reached a key action is a question to the index, so that a change of the key actions changes no row.
ALTER TABLE page DROP COLUMN n_open_exits;

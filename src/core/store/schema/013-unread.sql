-- SPDX-License-Identifier: MIT
-- What teammates said of a session since it was looked at here: ids of annotations. It is of this computer alone, and
-- no truth: what damage takes of it counts as read.
CREATE TABLE unread (
  endpoint INTEGER NOT NULL REFERENCES endpoint ON DELETE CASCADE,
  session TEXT NOT NULL,
  annotation TEXT NOT NULL,
  PRIMARY KEY (endpoint, session, annotation)
) WITHOUT ROWID;
CREATE TRIGGER annotation_removed AFTER DELETE ON annotation BEGIN
  DELETE FROM unread WHERE endpoint = old.endpoint AND session = old.session AND annotation = old.id;
END;

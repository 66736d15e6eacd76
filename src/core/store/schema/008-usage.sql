-- SPDX-License-Identifier: MIT
-- What each session did on a page or in a form, by its term: the moments of its occurrences that are about it, packed
-- (sight-usage.h). Kept beside them so that all sessions of a page stand together.
CREATE TABLE usage (
  subject INTEGER NOT NULL, -- a term
  session INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,
  data BLOB NOT NULL,
  PRIMARY KEY (subject, session)
) WITHOUT ROWID;
CREATE INDEX usage_session ON usage (session);

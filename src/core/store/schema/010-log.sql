-- SPDX-License-Identifier: MIT
-- Where each chain of the log ends (sight-log-table.h): a line that is gone from its end is missed by this. own: this
-- cache writes it. conflict: the first line of which another version came, or 0.
CREATE TABLE log_head (
  endpoint INTEGER NOT NULL REFERENCES endpoint ON DELETE CASCADE,
  chain TEXT NOT NULL,
  own INTEGER NOT NULL,
  n INTEGER NOT NULL,
  hash TEXT NOT NULL,
  conflict INTEGER NOT NULL,
  PRIMARY KEY (endpoint, chain)
) WITHOUT ROWID;

-- SPDX-License-Identifier: MIT
-- By which page rules the pages of an endpoint's sessions are named, and up to which session that is done.
ALTER TABLE endpoint ADD COLUMN page_rules TEXT;
ALTER TABLE endpoint ADD COLUMN page_rules_row INTEGER NOT NULL DEFAULT 0;

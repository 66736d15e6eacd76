-- SPDX-License-Identifier: MIT
-- Whom the events of each session name is read anew, since earlier versions did not find every way to write it.
-- 'persons' is the highest row of a session that is still to be read, 0 when all are; 'persons-arrival' the batch of it
-- up to which that is done.
DELETE FROM person;
INSERT INTO counter SELECT 'persons', coalesce(max(row), 0) FROM session;
INSERT INTO counter VALUES ('persons-arrival', 0);

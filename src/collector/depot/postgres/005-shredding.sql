-- SPDX-License-Identifier: MIT
-- Writing `secret` anew keeps what a transaction may still see, also one that only reads and never looked at it. Whether
-- there is such a one is asked of a table that holds nothing else: its row comes when shredding begins, and is removed in
-- a transaction after that, later than every key of which shredding then began. Once it is gone from the file, they go.
CREATE TABLE shredding_probe (begun bigint NOT NULL);
-- For what was begun before.
INSERT INTO shredding_probe SELECT begun FROM shredding;

-- SPDX-License-Identifier: MIT
-- Objects of the object store are named after the database that knows them: another one leaves them alone.
CREATE TABLE depot (id text NOT NULL);
INSERT INTO depot VALUES (replace(gen_random_uuid()::text, '-', ''));

-- A collector that is killed while it writes `secret` anew must not leave that undone: wanted counts what has to be done,
-- begun and done are the values of it before the last time that was begun and that was done. A change that is wanted and
-- not begun covers all that come before it begins: beginning waits for whoever removes a key.
ALTER TABLE shredding ADD wanted bigint NOT NULL DEFAULT 0, ADD begun bigint NOT NULL DEFAULT 0,
  ADD done bigint NOT NULL DEFAULT 0, DROP due;
-- Whether it was done so far is not known.
UPDATE shredding SET wanted = 1 WHERE EXISTS (SELECT 1 FROM tombstone);

CREATE OR REPLACE FUNCTION forget_secret() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM secret WHERE row = old.secret;
  UPDATE shredding SET wanted = wanted + 1 WHERE wanted = begun;
  RETURN NULL;
END $$;

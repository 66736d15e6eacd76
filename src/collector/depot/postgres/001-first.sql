-- SPDX-License-Identifier: MIT
-- The first schema. What people wrote or saw is sealed before it comes here (sight-seal.h), each row under a key of
-- `secret`; names of users are hashed. A row of `secret` goes with the row that it opens, so that what may be left of
-- the latter in files, logs or copies can no longer be read.
--
-- Whatever changes a project first locks its row until it commits: its revisions become visible in their order, and
-- nobody sees one before all smaller ones.

CREATE TABLE project (
  row bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text NOT NULL UNIQUE,
  name text NOT NULL,
  revision bigint NOT NULL DEFAULT 0,
  pepper bytea NOT NULL -- names of users are hashed with it
);

CREATE TABLE access_key (
  row bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project bigint NOT NULL REFERENCES project ON DELETE CASCADE,
  name text NOT NULL,
  shown text NOT NULL,        -- a write key in full, of a token its first characters
  hash bytea NOT NULL UNIQUE, -- SHA-256 of the whole
  scopes bigint NOT NULL,
  created_ms bigint NOT NULL,
  revoked boolean NOT NULL DEFAULT false
);

CREATE TABLE origin (
  project bigint NOT NULL REFERENCES project ON DELETE CASCADE,
  origin text NOT NULL,
  PRIMARY KEY (project, origin)
);

-- Each start of a collector, with the revision at which it began: a database that was put back from a copy knows by it
-- which numbers it handed out itself.
CREATE TABLE generation (
  n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project bigint NOT NULL REFERENCES project ON DELETE CASCADE,
  id text NOT NULL UNIQUE,
  revision bigint NOT NULL
);

-- What one collector does at a time for all of them.
CREATE TABLE lease (
  name text PRIMARY KEY,
  until timestamptz NOT NULL
);

CREATE TABLE secret (
  row bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key bytea NOT NULL
);

-- arrival counts the batches of a session; proof is a hash of what its recorder proves itself with.
CREATE TABLE session (
  row bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project bigint NOT NULL REFERENCES project ON DELETE CASCADE,
  session text NOT NULL,
  revision bigint NOT NULL,
  secret bigint NOT NULL,
  proof bytea,
  last_arrival bigint NOT NULL DEFAULT 0,
  n_batches bigint NOT NULL DEFAULT 0,
  n_bytes bigint NOT NULL DEFAULT 0,
  received_ms bigint NOT NULL DEFAULT 0,
  UNIQUE (project, session)
);
CREATE INDEX session_feed ON session (project, revision);
CREATE INDEX session_received ON session (project, received_ms);

CREATE TABLE tombstone (
  project bigint NOT NULL REFERENCES project ON DELETE CASCADE,
  session text NOT NULL,
  revision bigint NOT NULL,
  erased_ms bigint NOT NULL,
  PRIMARY KEY (project, session)
);
CREATE INDEX tombstone_feed ON tombstone (project, revision);

-- A blob of the object store. live: bytes of it that batches refer to; where there are none it is removed.
CREATE TABLE object (
  row bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE,
  size bigint NOT NULL,
  live bigint NOT NULL DEFAULT 0
);
CREATE INDEX object_dead ON object (row) WHERE live <= 0;

-- The sealed events stand here, or in an object.
CREATE TABLE batch (
  session bigint NOT NULL REFERENCES session ON DELETE CASCADE,
  win text NOT NULL,
  seq bigint NOT NULL,
  arrival bigint NOT NULL,
  sent_ms bigint NOT NULL,
  received_ms bigint NOT NULL,
  first_ms bigint NOT NULL,
  last_ms bigint NOT NULL,
  n_events bigint NOT NULL,
  n_bytes bigint NOT NULL,
  object bigint REFERENCES object,
  at bigint,
  size bigint NOT NULL,
  sealed bytea,
  PRIMARY KEY (session, win, seq)
);
ALTER TABLE batch ALTER COLUMN sealed SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX batch_arrival ON batch (session, arrival);
CREATE INDEX batch_object ON batch (object) WHERE object IS NOT NULL;

-- Whom the events of a session name, as hashes: of so many one by one, of the rest one of 256 buckets.
CREATE TABLE person (
  session bigint NOT NULL REFERENCES session ON DELETE CASCADE,
  name bytea NOT NULL,
  PRIMARY KEY (session, name)
);
CREATE INDEX person_name ON person (name);

CREATE TABLE annotation (
  project bigint NOT NULL REFERENCES project ON DELETE CASCADE,
  id text NOT NULL,
  session text,
  kind text NOT NULL,
  at_ms bigint NOT NULL,
  secret bigint NOT NULL,
  body bytea NOT NULL,
  author bytea NOT NULL,
  created_ms bigint NOT NULL,
  updated_ms bigint NOT NULL,
  deleted boolean NOT NULL,
  revision bigint NOT NULL,
  PRIMARY KEY (project, id)
);
CREATE INDEX annotation_feed ON annotation (project, revision);
CREATE INDEX annotation_session ON annotation (project, session);

-- Each once by the hash of its content. One that a session tells of and that nobody brought has no content; one that
-- was brought waits for the first session that tells of it, and goes with the last.
CREATE TABLE asset (
  row bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project bigint NOT NULL REFERENCES project ON DELETE CASCADE,
  hash bytea NOT NULL,
  waits_ms bigint,
  type text,
  n_bytes bigint NOT NULL DEFAULT 0,
  secret bigint,
  content bytea,
  UNIQUE (project, hash)
);
ALTER TABLE asset ALTER COLUMN content SET STORAGE EXTERNAL;
CREATE INDEX asset_waiting ON asset (waits_ms) WHERE waits_ms IS NOT NULL;
CREATE TABLE asset_use (
  session bigint NOT NULL REFERENCES session ON DELETE CASCADE,
  asset bigint NOT NULL REFERENCES asset ON DELETE CASCADE,
  PRIMARY KEY (session, asset)
);
CREATE INDEX asset_use_asset ON asset_use (asset);

-- PostgreSQL leaves the bytes of a removed row where they were. due: `secret` has to be written anew to be rid of some.
CREATE TABLE shredding (due boolean NOT NULL);
INSERT INTO shredding VALUES (false);

CREATE FUNCTION forget_secret() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM secret WHERE row = old.secret;
  UPDATE shredding SET due = true WHERE NOT due;
  RETURN NULL;
END $$;
CREATE TRIGGER session_secret AFTER DELETE ON session FOR EACH ROW EXECUTE FUNCTION forget_secret();
CREATE TRIGGER annotation_secret AFTER DELETE ON annotation FOR EACH ROW EXECUTE FUNCTION forget_secret();
CREATE TRIGGER asset_secret AFTER DELETE ON asset FOR EACH ROW EXECUTE FUNCTION forget_secret();

CREATE FUNCTION forget_asset() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM asset WHERE row = old.asset AND NOT EXISTS (SELECT 1 FROM asset_use WHERE asset = old.asset);
  RETURN NULL;
END $$;
CREATE TRIGGER asset_use_removed AFTER DELETE ON asset_use FOR EACH ROW EXECUTE FUNCTION forget_asset();

CREATE FUNCTION keys_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NOTIFY sight_keys;
  RETURN NULL;
END $$;
CREATE TRIGGER access_key_changed AFTER INSERT OR UPDATE OR DELETE ON access_key EXECUTE FUNCTION keys_changed();
CREATE TRIGGER origin_changed AFTER INSERT OR UPDATE OR DELETE ON origin EXECUTE FUNCTION keys_changed();

-- The next revision of a project that the transaction has locked.
CREATE FUNCTION next_revision(p_project bigint) RETURNS bigint LANGUAGE sql AS $$
  UPDATE project SET revision = revision + 1 WHERE row = p_project RETURNING revision
$$;

CREATE FUNCTION note_users(p_session bigint, p_users bytea, p_most bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  n bigint;
BEGIN
  SELECT count(*) INTO n FROM person WHERE session = p_session;
  FOR i IN 0 .. length(p_users) / 64 - 1 LOOP
    INSERT INTO person VALUES (p_session, substring(p_users FROM i * 64 + CASE WHEN n < p_most THEN 1 ELSE 33 END FOR 32))
      ON CONFLICT DO NOTHING;
    IF FOUND THEN
      n := n + 1;
    END IF;
  END LOOP;
END $$;

CREATE FUNCTION note_assets(p_project bigint, p_session bigint, p_assets bytea, p_most bigint, p_most_bytes bigint)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  n bigint;
  total bigint;
  hashed bytea;
  known asset%ROWTYPE;
BEGIN
  SELECT count(*), coalesce(sum(a.n_bytes), 0) INTO n, total
    FROM asset_use u JOIN asset a ON a.row = u.asset WHERE u.session = p_session;
  FOR i IN 0 .. length(p_assets) / 32 - 1 LOOP
    EXIT WHEN n >= p_most;
    hashed := substring(p_assets FROM i * 32 + 1 FOR 32);
    SELECT * INTO known FROM asset WHERE project = p_project AND hash = hashed;
    CONTINUE WHEN total + known.n_bytes > p_most_bytes;
    INSERT INTO asset (project, hash) VALUES (p_project, hashed)
      ON CONFLICT (project, hash) DO UPDATE SET waits_ms = NULL RETURNING * INTO known;
    INSERT INTO asset_use VALUES (p_session, known.row) ON CONFLICT DO NOTHING;
    IF FOUND THEN
      n := n + 1;
      total := total + known.n_bytes;
    END IF;
  END LOOP;
END $$;

-- 0: stored, 1: it is here already, 2: the session was begun with another proof, 3: the session is full, 4: it was
-- erased, 5: the batch is not sealed with the session's key (somebody else began the session just now).
-- p_users: of each name the hash, and that of its bucket; p_assets: hashes.
CREATE FUNCTION put_batch(p_project bigint, p_session text, p_proof bytea, p_win text, p_seq bigint, p_sent bigint,
  p_received bigint, p_first bigint, p_last bigint, p_events bigint, p_bytes bigint, p_most_bytes bigint, p_key bytea,
  p_sealed bytea, p_object text, p_at bigint, p_size bigint, p_users bytea, p_most_users bigint, p_assets bytea,
  p_most_assets bigint, p_most_asset_bytes bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  next bigint;
  s bigint;
  arrived bigint;
  begun_with bytea;
  held bigint;
  known_key bytea;
  erased boolean;
  here boolean;
  in_object bigint;
BEGIN
  -- The lock; a number that is not used is missed by nobody.
  UPDATE project SET revision = revision + 1 WHERE row = p_project RETURNING revision INTO next;
  SELECT v.row, v.last_arrival, v.proof, v.n_bytes, k.key,
      EXISTS (SELECT 1 FROM tombstone t WHERE t.project = p_project AND t.session = p_session),
      EXISTS (SELECT 1 FROM batch b WHERE b.session = v.row AND b.win = p_win AND b.seq = p_seq)
    INTO s, arrived, begun_with, held, known_key, erased, here
    FROM (SELECT 1) one LEFT JOIN session v ON v.project = p_project AND v.session = p_session
      LEFT JOIN secret k ON k.row = v.secret;
  IF erased THEN
    RETURN 4;
  ELSIF s IS NULL THEN
    arrived := 0;
    WITH k AS (INSERT INTO secret (key) VALUES (p_key) RETURNING row)
    INSERT INTO session (project, session, revision, secret, proof) SELECT p_project, p_session, 0, k.row, p_proof FROM k
      RETURNING row INTO s;
  ELSIF begun_with <> p_proof OR (begun_with IS NOT NULL AND p_proof IS NULL) THEN
    RETURN 2;
  ELSIF held > p_most_bytes THEN
    RETURN 3;
  ELSIF here THEN
    RETURN 1;
  ELSIF known_key <> p_key THEN
    RETURN 5;
  END IF;
  IF p_object IS NOT NULL THEN
    UPDATE object SET live = live + p_size WHERE name = p_object RETURNING row INTO STRICT in_object;
  END IF;
  INSERT INTO batch VALUES (s, p_win, p_seq, arrived + 1, p_sent, p_received, p_first, p_last, p_events, p_bytes,
    in_object, p_at, p_size, p_sealed);
  UPDATE session SET revision = next, last_arrival = arrived + 1, n_batches = n_batches + 1, n_bytes = n_bytes + p_bytes,
    received_ms = greatest(received_ms, p_received) WHERE row = s;
  IF p_users IS NOT NULL THEN
    PERFORM note_users(s, p_users, p_most_users);
  END IF;
  IF p_assets IS NOT NULL THEN
    PERFORM note_assets(p_project, s, p_assets, p_most_assets, p_most_asset_bytes);
  END IF;
  RETURN 0;
END $$;

-- Whether there was such a session. A tombstone stands in any case: its batches may still be on their way.
CREATE FUNCTION erase_session(p_project bigint, p_session text, p_now bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  s bigint;
BEGIN
  PERFORM 1 FROM project WHERE row = p_project FOR NO KEY UPDATE;
  SELECT row INTO s FROM session WHERE project = p_project AND session = p_session;
  UPDATE object o SET live = o.live - d.size
    FROM (SELECT object, sum(size) AS size FROM batch WHERE session = s AND object IS NOT NULL GROUP BY object) d
    WHERE o.row = d.object;
  DELETE FROM session WHERE row = s;
  DELETE FROM annotation WHERE project = p_project AND session = p_session;
  DELETE FROM asset WHERE project = p_project AND waits_ms IS NOT NULL;
  IF NOT EXISTS (SELECT 1 FROM tombstone WHERE project = p_project AND session = p_session) THEN
    INSERT INTO tombstone VALUES (p_project, p_session, next_revision(p_project), p_now);
  END IF;
  RETURN s IS NOT NULL;
END $$;

-- Every session that names one of the two; how many.
CREATE FUNCTION erase_user(p_project bigint, p_name bytea, p_bucket bytea, p_now bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  id text;
  n bigint := 0;
BEGIN
  PERFORM 1 FROM project WHERE row = p_project FOR NO KEY UPDATE;
  FOR id IN SELECT s.session FROM session s WHERE s.project = p_project
      AND EXISTS (SELECT 1 FROM person p WHERE p.session = s.row AND p.name IN (p_name, p_bucket)) LOOP
    PERFORM erase_session(p_project, id, p_now);
    n := n + 1;
  END LOOP;
  RETURN n;
END $$;

-- SPDX-License-Identifier: MIT
-- Batches that wait are stored by a few statements over all of them, in place of one call for each.

DROP FUNCTION put_batch(bigint, text, bytea, text, bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint, bytea,
  bytea, text, bigint, bigint, bytea, bigint, bytea, bigint, bigint);

-- What each batch costs is the indexes that it changes. So the order of changes has a table of its own, a row for each
-- session, and the row of a session itself can be changed in its place. What is too old is looked for in all rows, every
-- ten minutes: an index of received_ms would cost more.
CREATE TABLE feed (
  project bigint NOT NULL,
  revision bigint NOT NULL,
  session bigint NOT NULL,
  PRIMARY KEY (project, revision)
);
INSERT INTO feed SELECT project, revision, row FROM session;
DROP INDEX session_feed, session_received;
ALTER TABLE session SET (fillfactor = 60);

-- policy: see sight-policy.h. n_bytes: of events of all sessions; n_begun: sessions that began on that day (since 1970,
-- UTC). errored: there is an exception in it.
ALTER TABLE project ADD policy jsonb NOT NULL DEFAULT '{}', ADD n_bytes bigint NOT NULL DEFAULT 0,
  ADD day bigint NOT NULL DEFAULT 0, ADD n_begun bigint NOT NULL DEFAULT 0;
UPDATE project p SET n_bytes = coalesce((SELECT sum(n_bytes) FROM session WHERE project = p.row), 0);
ALTER TABLE session ADD errored boolean NOT NULL DEFAULT false;

-- Batches are stored under the project's lock, with the row of a session and an object that were found or made under it,
-- and go with their session in erase_session() alone. So what the database checked once more for each is left out.
ALTER TABLE batch DROP CONSTRAINT batch_session_fkey, DROP CONSTRAINT batch_object_fkey;
DROP INDEX batch_arrival;
CREATE INDEX batch_arrival ON batch (session, arrival);

-- Batches of one project, in this order; for each: 0: stored, 1: it is here already, 2: the session was begun with another
-- proof, 3: the session is full, 4: it was erased, 5: the batch is not sealed with the session's key (somebody else began
-- the session just now), 6: the project holds as much as it may, 7: it begins no more sessions today, 8: it
-- takes nothing. Those of one session have the same proof and key, and no two are the same batch.
-- p_new_…: sessions that begin with one of these batches, if nobody else began them meanwhile.
-- p_object: the object that holds all of them; NULL: p_sealeds does. p_noted: numbers of those that name users or assets;
-- p_errored: numbers of those with an exception; p_users, p_assets: what those noted name, of each user the hash and that of its bucket. p_most_bytes is compared with what
-- stood in the session before.
CREATE FUNCTION put_batches(p_project bigint, p_object text, p_most_bytes bigint, p_most_users bigint,
  p_most_assets bigint, p_most_asset_bytes bigint, p_new_sessions text[], p_new_proofs bytea[], p_new_keys bytea[],
  p_sessions text[], p_proofs bytea[], p_keys bytea[], p_wins text[], p_seqs bigint[], p_sents bigint[],
  p_receiveds bigint[], p_firsts bigint[], p_lasts bigint[], p_events bigint[], p_bytes bigint[], p_ats bigint[],
  p_sizes bigint[], p_sealeds bytea[], p_noted bigint[], p_users bytea[], p_assets bytea[],
  p_errored bigint[])
RETURNS bigint[] LANGUAGE plpgsql
-- The plans are kept while the tables grow from nothing: they have to look rows up, however few there are.
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET enable_material = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  today CONSTANT bigint := floor(extract(epoch FROM now()) / 86400);
  before bigint;
  closed boolean;
  max_bytes bigint;
  max_begun bigint;
  held bigint;
  begun_today bigint;
  begun bigint := 0;
  in_object bigint;
  results bigint[];
  rows bigint[];
  arrivals bigint[];
  revisions bigint[];
BEGIN
  -- The lock; numbers that are not used are missed by nobody.
  UPDATE project SET revision = revision + cardinality(p_sessions) WHERE row = p_project
    RETURNING revision - cardinality(p_sessions), nullif((policy->>'max_bytes')::bigint, 0),
      nullif((policy->>'max_sessions')::bigint, 0), n_bytes, CASE WHEN day = today THEN n_begun ELSE 0 END,
      coalesce((policy->>'closed')::boolean, false)
    INTO STRICT before, max_bytes, max_begun, held, begun_today, closed;
  IF closed THEN
    RETURN array_fill(8::bigint, ARRAY[cardinality(p_sessions)]);
  END IF;
  IF cardinality(p_new_sessions) > 0 AND coalesce(held < max_bytes, true) THEN
    WITH news AS MATERIALIZED (
      SELECT g.*, nextval('secret_row_seq') AS secret
        FROM unnest(p_new_sessions, p_new_proofs, p_new_keys) AS g (session, proof, key)
        WHERE NOT EXISTS (SELECT 1 FROM session v WHERE v.project = p_project AND v.session = g.session)
          AND NOT EXISTS (SELECT 1 FROM tombstone t WHERE t.project = p_project AND t.session = g.session)
        LIMIT CASE WHEN max_begun IS NOT NULL THEN greatest(0, max_begun - begun_today) END
    ), sealed AS (
      INSERT INTO secret (row, key) OVERRIDING SYSTEM VALUE SELECT secret, key FROM news
    )
    INSERT INTO session (project, session, revision, secret, proof)
      SELECT p_project, session, 0, secret, proof FROM news;
    GET DIAGNOSTICS begun = ROW_COUNT;
  END IF;
  SELECT array_agg(result), array_agg(s), array_agg(arrived), array_agg(revision) INTO results, rows, arrivals, revisions
    FROM (SELECT v.row AS s, v.last_arrival AS arrived, v.revision,
        CASE WHEN t.session IS NOT NULL THEN 4
          WHEN v.proof <> g.proof OR (v.proof IS NOT NULL AND g.proof IS NULL) THEN 2
          WHEN v.n_bytes > p_most_bytes THEN 3
          WHEN b.seq IS NOT NULL THEN 1
          WHEN held >= max_bytes THEN 6
          WHEN v.row IS NULL AND g.session = ANY (p_new_sessions) THEN 7
          WHEN k.key = g.key THEN 0
          ELSE 5 END AS result
      FROM unnest(p_sessions, p_proofs, p_keys, p_wins, p_seqs) WITH ORDINALITY AS g (session, proof, key, win, seq, n)
        LEFT JOIN session v ON v.project = p_project AND v.session = g.session
        LEFT JOIN secret k ON k.row = v.secret
        LEFT JOIN batch b ON b.session = v.row AND b.win = g.win AND b.seq = g.seq
        LEFT JOIN LATERAL (SELECT session FROM tombstone
          WHERE v.row IS NULL AND project = p_project AND session = g.session LIMIT 1) t ON true
      ORDER BY g.n) judged;
  IF p_object IS NOT NULL THEN
    INSERT INTO object (name, size, live)
      SELECT p_object, sum(size), coalesce(sum(size) FILTER (WHERE result = 0), 0)
        FROM unnest(p_sizes, results) AS g (size, result) RETURNING row INTO in_object;
  END IF;
  WITH stored AS MATERIALIZED (
    SELECT *, arrived + row_number() OVER (PARTITION BY s ORDER BY n) AS arrival
      FROM unnest(results, rows, arrivals, revisions, p_wins, p_seqs, p_sents, p_receiveds, p_firsts, p_lasts, p_events,
          p_bytes, p_ats, p_sizes) WITH ORDINALITY AS g (result, s, arrived, was, win, seq, sent_ms, received_ms, first_ms, last_ms,
          n_events, n_bytes, at, size, n)
      WHERE result = 0
  ), batches AS (
    INSERT INTO batch SELECT s, win, seq, arrival, sent_ms, received_ms, first_ms, last_ms, n_events, n_bytes, in_object,
        CASE WHEN p_object IS NOT NULL THEN at END, size, p_sealeds[n] FROM stored
  ), totals AS MATERIALIZED (
    SELECT s, was, before + max(n) AS revision, max(arrival) AS arrival, count(*) AS n, sum(n_bytes) AS n_bytes,
        max(received_ms) AS received_ms FROM stored GROUP BY s, was
  ), old_places AS (
    DELETE FROM feed f USING totals t WHERE f.project = p_project AND f.revision = t.was
  ), new_places AS (
    INSERT INTO feed SELECT p_project, revision, s FROM totals
  )
  UPDATE session v SET revision = t.revision, last_arrival = t.arrival, n_batches = v.n_batches + t.n,
      n_bytes = v.n_bytes + t.n_bytes, received_ms = greatest(v.received_ms, t.received_ms)
    FROM totals t WHERE v.row = t.s;
  UPDATE project SET day = today, n_begun = begun_today + begun, n_bytes = held + (SELECT coalesce(sum(n_bytes), 0)::bigint
      FROM unnest(results, p_bytes) AS g (result, n_bytes) WHERE result = 0) WHERE row = p_project;
  IF cardinality(p_errored) > 0 THEN
    UPDATE session SET errored = true WHERE NOT errored
      AND row IN (SELECT rows[n] FROM unnest(p_errored) AS n WHERE results[n] = 0);
  END IF;
  FOR i IN 1 .. coalesce(cardinality(p_noted), 0) LOOP
    CONTINUE WHEN results[p_noted[i]] <> 0;
    IF p_users[i] IS NOT NULL THEN
      PERFORM note_users(rows[p_noted[i]], p_users[i], p_most_users);
    END IF;
    IF p_assets[i] IS NOT NULL THEN
      PERFORM note_assets(p_project, rows[p_noted[i]], p_assets[i], p_most_assets, p_most_asset_bytes);
    END IF;
  END LOOP;
  RETURN results;
END $$;

-- As it was, but that batches and the place in the feed are removed here.
CREATE OR REPLACE FUNCTION erase_session(p_project bigint, p_session text, p_now bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
  s bigint;
BEGIN
  PERFORM 1 FROM project WHERE row = p_project FOR NO KEY UPDATE;
  SELECT row INTO s FROM session WHERE project = p_project AND session = p_session;
  UPDATE object o SET live = o.live - d.size
    FROM (SELECT object, sum(size) AS size FROM batch WHERE session = s AND object IS NOT NULL GROUP BY object) d
    WHERE o.row = d.object;
  DELETE FROM batch WHERE session = s;
  DELETE FROM feed WHERE project = p_project AND revision = (SELECT revision FROM session WHERE row = s);
  UPDATE project SET n_bytes = n_bytes - (SELECT n_bytes FROM session WHERE row = s) WHERE row = p_project AND s IS NOT NULL;
  DELETE FROM session WHERE row = s;
  DELETE FROM annotation WHERE project = p_project AND session = p_session;
  DELETE FROM asset WHERE project = p_project AND waits_ms IS NOT NULL;
  IF NOT EXISTS (SELECT 1 FROM tombstone WHERE project = p_project AND session = p_session) THEN
    INSERT INTO tombstone VALUES (p_project, p_session, next_revision(p_project), p_now);
  END IF;
  RETURN s IS NOT NULL;
END $$;

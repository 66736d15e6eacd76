/* SPDX-License-Identifier: MIT */
/* The text of each statement; for sight-postgres.c alone. */
#pragma once

#include "sight-policy.h"
#include "sight-postgres.h"

#define KEY_COLUMNS "SELECT row, project, name, shown, scopes, created_ms, revoked, hash FROM access_key "
#define ANNOTATION_COLUMNS                                                                                             \
  "SELECT a.id, a.session, a.kind, a.at_ms, a.body, a.author, a.created_ms, a.updated_ms, a.deleted, a.revision, "     \
  "s.key FROM annotation a JOIN secret s ON s.row = a.secret "

static const char *const sight_pg_texts[SIGHT_PG_N_SQL] = {
    [SIGHT_PG_PROJECT_FIRST] = "SELECT row, name FROM project ORDER BY row LIMIT 1",
    [SIGHT_PG_PROJECT_ADD] = "INSERT INTO project (id, name, pepper) VALUES ($1, $2, $3) RETURNING row",
    [SIGHT_PG_PROJECT_LOCK_ALL] = "LOCK TABLE project IN SHARE ROW EXCLUSIVE MODE",
    [SIGHT_PG_PROJECT_GET] = "SELECT name, id, pepper FROM project WHERE row = $1",
    [SIGHT_PG_PROJECT_LOCK] = "SELECT row FROM project WHERE row = $1 AND "
                              "NOT coalesce((policy->>'closed')::boolean, false) FOR NO KEY UPDATE",
    [SIGHT_PG_NEXT_REVISION] = "SELECT next_revision($1)",

    [SIGHT_PG_KEY_ADD] = "INSERT INTO access_key (project, name, shown, hash, scopes, created_ms) "
                         "VALUES ($1, $2, $3, $4, $5, $6)",
    [SIGHT_PG_KEY_RESTORE] = "INSERT INTO access_key (project, name, shown, hash, scopes, created_ms, revoked) "
                             "VALUES ($1, $2, $3, $4, $5, $6, $7::bigint <> 0) ON CONFLICT DO NOTHING",
    [SIGHT_PG_KEY_CHECK] = KEY_COLUMNS "WHERE hash = $1 AND NOT revoked",
    [SIGHT_PG_KEY_LIST] = KEY_COLUMNS "ORDER BY row",
    [SIGHT_PG_KEY_REVOKE] = "UPDATE access_key SET revoked = true WHERE row = $1 RETURNING row",
    [SIGHT_PG_ORIGIN_LIST] = "SELECT origin FROM origin WHERE project = $1 ORDER BY origin",
    [SIGHT_PG_ORIGIN_ADD] = "INSERT INTO origin VALUES ($1, $2) ON CONFLICT DO NOTHING",
    [SIGHT_PG_ORIGIN_CLEAR] = "DELETE FROM origin WHERE project = $1",

    [SIGHT_PG_GENERATION_ADD] = "INSERT INTO generation (project, id, revision) "
                                "SELECT row, $2, revision FROM project WHERE row = $1",
    [SIGHT_PG_GENERATION_TRIM] = "DELETE FROM generation WHERE n <= (SELECT max(n) FROM generation) - 1000",
    [SIGHT_PG_GENERATION_CURRENT] = "SELECT id FROM generation WHERE project = $1 ORDER BY n DESC LIMIT 1",
    /* It ran until the next one began, at that one's revision. */
    [SIGHT_PG_GENERATION_KNOWS] = "SELECT $2 <= coalesce((SELECT l.revision FROM generation l WHERE l.project = $1 "
                                  "AND l.n > g.n ORDER BY l.n LIMIT 1), "
                                  "(SELECT revision FROM project WHERE row = $1)) "
                                  "FROM generation g WHERE g.project = $1 AND g.id = $3",
    /* 2: seconds */
    [SIGHT_PG_LEASE_TAKE] =
        "INSERT INTO lease VALUES ($1, now() + $2::bigint * interval '1 second') ON CONFLICT (name) "
        "DO UPDATE SET until = excluded.until WHERE lease.until < now() RETURNING 1::bigint",

    [SIGHT_PG_DEPOT_ID] = "SELECT id FROM depot",
    [SIGHT_PG_SHREDDING_GET] = "SELECT wanted, begun, done FROM shredding",
    [SIGHT_PG_SHREDDING_BEGIN] =
        "WITH begun AS (UPDATE shredding SET begun = wanted WHERE begun <= done RETURNING begun) "
        "INSERT INTO shredding_probe SELECT begun FROM begun",
    [SIGHT_PG_SHREDDING_END] = "UPDATE shredding SET done = $1 WHERE done < $1",
    [SIGHT_PG_PROBE_REMOVE] = "DELETE FROM shredding_probe",
    [SIGHT_PG_PROBE_BYTES] = "SELECT pg_relation_size('shredding_probe')",
    [SIGHT_PG_SESSION_KEY] = "SELECT k.key FROM session s JOIN secret k ON k.row = s.secret "
                             "WHERE s.project = $1 AND s.session = $2",
    [SIGHT_PG_SESSION_GET] = "SELECT s.row, s.last_arrival, k.key FROM session s JOIN secret k ON k.row = s.secret "
                             "WHERE s.project = $1 AND s.session = $2",
    [SIGHT_PG_BATCHES_PUT] = "SELECT unnest(put_batches($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, "
                             "$15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27))",
    [SIGHT_PG_BATCH_EACH] = "SELECT b.arrival, b.win, b.seq, b.sent_ms, b.received_ms, b.n_events, b.first_ms, "
                            "b.last_ms, b.n_bytes, b.size, b.sealed, o.name, b.at FROM batch b "
                            "LEFT JOIN object o ON o.row = b.object WHERE b.session = $1 AND b.arrival > $2 "
                            "ORDER BY b.arrival LIMIT $3",
    [SIGHT_PG_OBJECT_DEAD] = "SELECT name, row FROM object WHERE live <= 0 ORDER BY row LIMIT 1000",
    [SIGHT_PG_OBJECT_N_DEAD] = "SELECT count(*) FROM object WHERE live <= 0",
    /* 1: names */
    [SIGHT_PG_OBJECT_ORPHANS] = "SELECT n.name FROM unnest($1::text[]) AS n (name) "
                                "WHERE NOT EXISTS (SELECT 1 FROM object o WHERE o.name = n.name)",
    [SIGHT_PG_OBJECT_REMOVE] = "DELETE FROM object WHERE row = $1 AND live <= 0",
    [SIGHT_PG_CHANGE_LIST] =
        "SELECT * FROM (SELECT f.revision, s.session, false, s.received_ms, s.last_arrival, s.n_batches FROM feed f "
        "JOIN session s ON s.row = f.session WHERE f.project = $1 AND f.revision > $2 ORDER BY f.revision LIMIT $3) s "
        "UNION ALL "
        "SELECT * FROM (SELECT revision, session, true, erased_ms, 0::bigint, 0::bigint FROM tombstone "
        "WHERE project = $1 AND revision > $2 ORDER BY revision LIMIT $3) t ORDER BY 1 LIMIT $3",
    [SIGHT_PG_SESSION_LOOK_UP] =
        "SELECT v.row IS NOT NULL, EXISTS (SELECT 1 FROM tombstone t WHERE t.project = $1 AND t.session = $2), "
        "coalesce(v.n_batches, 0), v.proof FROM (SELECT 1) one LEFT JOIN session v ON v.project = $1 AND v.session = "
        "$2",
    [SIGHT_PG_CHANGE_LAST] = "SELECT greatest((SELECT max(revision) FROM feed WHERE project = $1), "
                             "(SELECT max(revision) FROM tombstone WHERE project = $1), 0)",
    [SIGHT_PG_POLICY_GET] = "SELECT policy::text FROM project WHERE row = $1",
    [SIGHT_PG_POLICY_SET] = "UPDATE project SET policy = $2::text::jsonb WHERE row = $1",
    /* 1: now, 2: so many at once. Of every project that keeps for so many days only. */
    [SIGHT_PG_RETAIN] =
        "SELECT count(erase_session(project, session, $1)) FROM (SELECT s.project, s.session FROM project p "
        "JOIN session s ON s.project = p.row WHERE (p.policy->>'keep_days')::bigint > 0 "
        "AND NOT coalesce((p.policy->>'closed')::boolean, false) AND s.received_ms < $1 - "
        "least(" G_STRINGIFY(SIGHT_POLICY_MAX_DAYS) ", CASE WHEN s.errored THEN "
                                                    "greatest((p.policy->>'keep_days')::bigint, "
                                                    "(p.policy->>'keep_errored_days')::bigint) "
                                                    "ELSE (p.policy->>'keep_days')::bigint END) * 86400000 LIMIT $2) s",
    [SIGHT_PG_TOMBSTONE_STANDS] = "SELECT 1::bigint FROM tombstone WHERE project = $1 AND session = $2",
    [SIGHT_PG_ERASE_SESSION] = "SELECT erase_session($1, $2, $3)",
    [SIGHT_PG_ERASE_USER] =
        "SELECT count(erase_session($1, s.session, $4)) FROM (SELECT DISTINCT s.session FROM person p "
        "JOIN session s ON s.row = p.session WHERE s.project = $1 AND p.name IN ($2, $3) "
        "LIMIT $5) s",

    [SIGHT_PG_ANNOTATION_GET] = ANNOTATION_COLUMNS "WHERE a.project = $1 AND a.id = $2",
    [SIGHT_PG_ANNOTATION_REMOVE] = "DELETE FROM annotation WHERE project = $1 AND id = $2",
    [SIGHT_PG_ANNOTATION_ADD] = "INSERT INTO annotation VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
                                "$11::bigint <> 0, next_revision($1))",
    [SIGHT_PG_ANNOTATION_CHANGED] =
        ANNOTATION_COLUMNS "WHERE a.project = $1 AND a.revision > $2 ORDER BY a.revision LIMIT $3",
    [SIGHT_PG_SECRET_ADD] = "INSERT INTO secret (key) VALUES ($1) RETURNING row",

    [SIGHT_PG_DIGEST_GET] = "SELECT version, ruleset, arrival FROM digest WHERE session = $1",
    /* 1: the session, 2: the project */
    [SIGHT_PG_DIGEST_PUT] = "INSERT INTO digest SELECT row, $2, next_revision($2), received_ms, $3, $4, $5, $6, $7 "
                            "FROM session WHERE row = $1 ON CONFLICT (session) DO UPDATE SET "
                            "revision = excluded.revision, received_ms = excluded.received_ms, "
                            "version = excluded.version, ruleset = excluded.ruleset, arrival = excluded.arrival, "
                            "n_bytes = excluded.n_bytes, sealed = excluded.sealed",
    /* 3: since when, 4: how many */
    [SIGHT_PG_DIGEST_LIST] =
        "SELECT * FROM (SELECT d.revision, s.session, false, d.received_ms, d.version, d.ruleset, d.arrival, "
        "d.n_bytes, "
        "d.sealed, k.key FROM digest d JOIN session s ON s.row = d.session JOIN secret k ON k.row = s.secret "
        "WHERE d.project = $1 AND d.revision > $2 AND d.received_ms >= $3 ORDER BY d.revision LIMIT $4) d UNION ALL "
        "SELECT * FROM (SELECT revision, session, true, 0::bigint, 0::bigint, NULL::text, 0::bigint, 0::bigint, "
        "NULL::bytea, NULL::bytea FROM tombstone WHERE project = $1 AND revision > $2 ORDER BY revision LIMIT $4) t "
        "ORDER BY 1 LIMIT $4",
    [SIGHT_PG_DIGEST_COUNT] = "SELECT (SELECT count(*) FROM session WHERE project = $1), "
                              "(SELECT count(*) FROM digest WHERE project = $1)",
    [SIGHT_PG_REVISION] = "SELECT revision FROM project WHERE row = $1",

    [SIGHT_PG_ASSET_FIND] = "SELECT n_bytes, row FROM asset WHERE project = $1 AND hash = $2",
    [SIGHT_PG_ASSET_GET] = "SELECT a.type, a.content, s.key FROM asset a JOIN secret s ON s.row = a.secret "
                           "WHERE a.project = $1 AND a.hash = $2 AND a.content IS NOT NULL",
    /* 3: type, 4: bytes, 5: secret, 6: content, 7: now */
    [SIGHT_PG_ASSET_PUT] = "INSERT INTO asset (project, hash, type, n_bytes, secret, content, waits_ms) "
                           "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (project, hash) DO UPDATE SET "
                           "type = excluded.type, n_bytes = excluded.n_bytes, secret = excluded.secret, "
                           "content = excluded.content",
    /* Of the newest session that tells of it. */
    [SIGHT_PG_ASSET_USED_BYTES] = "SELECT coalesce(sum(a.n_bytes), 0)::bigint FROM asset_use u "
                                  "JOIN asset a ON a.row = u.asset WHERE u.session = "
                                  "(SELECT max(session) FROM asset_use WHERE asset = $1)",
    [SIGHT_PG_ASSET_DROP_WAITING] = "DELETE FROM asset WHERE waits_ms < $1",
    [SIGHT_PG_ASSET_DROP_MOST_WAITING] = "DELETE FROM asset WHERE row IN (SELECT row FROM asset WHERE project = $1 "
                                         "AND waits_ms IS NOT NULL ORDER BY waits_ms DESC OFFSET $2)",
};

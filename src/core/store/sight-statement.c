/* SPDX-License-Identifier: MIT */
/* The text of every SQL statement. Flags in them are the numbers of SightSessionFlags. */
#include "sight-statement.h"

#define READS FALSE
#define WRITES TRUE

#define ENDPOINT_COLUMNS                                                                                               \
  "SELECT row, kind, name, url, cursor, annotation_cursor, synced_ms, problem, scope, "                                \
  "(SELECT coalesce(sum(n), 0) FROM analysis_count WHERE endpoint = endpoint.row), "                                   \
  "(SELECT coalesce(sum(n), 0) FROM analysis_count WHERE endpoint = endpoint.row AND ruleset = -1), budget, n_there, " \
  "n_told FROM endpoint "
#define KEY_COLUMNS "SELECT row, project, name, shown, scopes, created_ms, revoked, hash FROM access_key "
#define SESSION_COLUMNS                                                                                                \
  "SELECT s.row, s.endpoint, s.session, s.received_ms, s.started_ms, s.duration_ms, s.n_bytes, s.n_events, s.flags, "  \
  "s.friction, s.label, s.user, n.template, x.template, s.device, s.release, s.viewport_w, s.viewport_h, "             \
  "s.n_windows, s.n_pages, s.n_clicks, s.n_errors, s.n_signals, s.notice, s.source_notice, s.activity, s.marks, "      \
  "s.ruleset = -1 "                                                                                                    \
  "FROM session s LEFT JOIN page n ON n.row = s.entry_page LEFT JOIN page x ON x.row = s.exit_page "
#define KEYS_COLUMNS "SELECT row, arrived_ms, friction, duration_ms FROM session "
/* 1: endpoint or 0 */
#define KEYS_FILTER "WHERE ?1 IN (0, endpoint) "
/* Whoever read the session, changed it and saves it gives back both notices as one. */
#define NOTICE_WITHOUT_SOURCE                                                                                          \
  "iif(instr(?21, source_notice) = 1, nullif(substr(?21, length(source_notice) + 2), ''), ?21)"
#define BATCH_COLUMNS                                                                                                  \
  "SELECT b.arrival, s.session, b.window, b.seq, b.sent_ms, b.received_ms, b.n_events, b.first_ms, b.last_ms, "        \
  "b.n_bytes, b.block, b.block_start, b.events FROM batch b CROSS JOIN session s ON s.row = b.session "                \
  "WHERE b.session = ?1 AND (?2 IS NULL OR b.window = ?2) "
#define ANNOTATION_COLUMNS                                                                                             \
  "SELECT endpoint, id, session, kind, at_ms, body, author, created_ms, updated_ms, deleted, revision, unpushed "      \
  "FROM annotation "

const SightSqlText sight_sql_texts[SIGHT_N_SQL] = {
    [SIGHT_SQL_NEXT_REVISION] = {WRITES,
                                 "UPDATE counter SET value = value + 1 WHERE name = 'revision' RETURNING value"},

    [SIGHT_SQL_ENDPOINT_LIST] = {READS, ENDPOINT_COLUMNS "ORDER BY row"},
    [SIGHT_SQL_ENDPOINT_GET] = {READS, ENDPOINT_COLUMNS "WHERE row = ?1"},
    [SIGHT_SQL_ENDPOINT_FIND] = {READS, ENDPOINT_COLUMNS "WHERE name = ?1 OR url = ?1 OR CAST(row AS TEXT) = ?1 "
                                                         "ORDER BY name = ?1 DESC, url IS ?1 DESC, row LIMIT 1"},
    [SIGHT_SQL_ENDPOINT_ADD] = {WRITES, "INSERT INTO endpoint (kind, name, url) VALUES (?1, ?2, ?3)"},
    [SIGHT_SQL_ENDPOINT_ADD_FILES] = {WRITES, "INSERT INTO endpoint (row, kind, name) VALUES (1, 'files', ?1) "
                                              "ON CONFLICT DO NOTHING"},
    [SIGHT_SQL_ENDPOINT_REMOVE] = {WRITES, "DELETE FROM endpoint WHERE row = ?1"},
    [SIGHT_SQL_ENDPOINT_SET_SYNCED] = {WRITES,
                                       "UPDATE endpoint SET cursor = ?2, annotation_cursor = ?3, synced_ms = ?4, "
                                       "problem = ?5 WHERE row = ?1"},

    /* A collector is followed from the beginning. Other kinds keep in it what they know of the budget of a token, and
     * for which scope the rest of it is good. */
    [SIGHT_SQL_ENDPOINT_SET_SCOPE] = {WRITES, "UPDATE endpoint SET scope = ?2, cursor = CASE WHEN kind = 'collector' "
                                              "THEN NULL ELSE cursor END WHERE row = ?1"},
    [SIGHT_SQL_ENDPOINT_SET_BUDGET] = {WRITES, "UPDATE endpoint SET budget = ?2 WHERE row = ?1"},
    [SIGHT_SQL_ENDPOINT_SET_THERE] = {WRITES, "UPDATE endpoint SET n_there = ?2, n_told = ?3 WHERE row = ?1"},
    [SIGHT_SQL_ENDPOINT_PAGE_RULES] = {READS, "SELECT page_rules, page_rules_row FROM endpoint WHERE row = ?1"},
    [SIGHT_SQL_ENDPOINT_SET_PAGE_RULES] = {WRITES, "UPDATE endpoint SET page_rules = ?2, page_rules_row = ?3 "
                                                   "WHERE row = ?1"},

    [SIGHT_SQL_KEY_ADD] = {WRITES, "INSERT INTO access_key (project, name, shown, hash, scopes, created_ms) "
                                   "VALUES (?1, ?2, ?3, ?4, ?5, ?6)"},
    [SIGHT_SQL_KEY_RESTORE] = {WRITES,
                               "INSERT INTO access_key (project, name, shown, hash, scopes, created_ms, revoked) "
                               "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING"},
    [SIGHT_SQL_OWNER_GET] = {READS,
                             "SELECT o.proof, (SELECT count(*) FROM batch b WHERE b.session = s.row) FROM session s "
                             "LEFT JOIN owner o ON o.session = s.row WHERE s.row = ?1"},
    [SIGHT_SQL_KEY_CHECK] = {READS, KEY_COLUMNS "WHERE hash = ?1 AND NOT revoked"},
    [SIGHT_SQL_KEY_LIST] = {READS, KEY_COLUMNS "ORDER BY row"},
    [SIGHT_SQL_KEY_REVOKE] = {WRITES, "UPDATE access_key SET revoked = 1 WHERE row = ?1"},
    [SIGHT_SQL_ORIGIN_LIST] = {READS, "SELECT origin FROM origin WHERE project = ?1 ORDER BY origin"},
    [SIGHT_SQL_ORIGIN_ADD] = {WRITES, "INSERT INTO origin VALUES (?1, ?2) ON CONFLICT DO NOTHING"},
    [SIGHT_SQL_ORIGIN_CLEAR] = {WRITES, "DELETE FROM origin WHERE project = ?1"},

    [SIGHT_SQL_SESSION_ROW] = {READS, "SELECT row FROM session WHERE endpoint = ?1 AND session = ?2"},
    [SIGHT_SQL_SESSION_ADD] = {WRITES, "INSERT INTO session (endpoint, session, revision, last_arrival, received_ms, "
                                       "started_ms, arrived_ms, n_batches, n_bytes, n_events, flags) "
                                       "VALUES (?1, ?2, 0, 0, 0, ?3, ?5, 0, 0, 0, ?4)"},
    /* Names no column that the orders of the library are made of: those indexes stay as they are. */
    [SIGHT_SQL_SESSION_TAKE_BATCH] = {WRITES,
                                      "UPDATE session SET revision = ?2, last_arrival = ?3, "
                                      "received_ms = max(received_ms, ?4), n_batches = n_batches + ?7, "
                                      "n_bytes = n_bytes + ?5, n_events = n_events + ?6, ruleset = 0 WHERE row = ?1"},
    [SIGHT_SQL_SESSION_STARTS_EARLIER] = {WRITES,
                                          "UPDATE session SET started_ms = ?2, arrived_ms = coalesce(?3, arrived_ms) "
                                          "WHERE row = ?1 AND started_ms > ?2"},
    [SIGHT_SQL_SESSION_GET] = {READS, SESSION_COLUMNS "WHERE s.row = ?1"},
    [SIGHT_SQL_SESSION_NAME] = {READS, "SELECT endpoint, session FROM session WHERE row = ?1"},
    [SIGHT_SQL_SESSION_FIND] = {READS, "SELECT s.row FROM endpoint e CROSS JOIN session s "
                                       "ON s.endpoint = e.row AND s.session = ?2 WHERE ?1 IN (0, e.row) "
                                       "ORDER BY s.arrived_ms DESC LIMIT 1"},
    [SIGHT_SQL_SESSION_FIND_PREFIX] = {READS, "SELECT s.row FROM endpoint e CROSS JOIN session s "
                                              "ON s.endpoint = e.row AND s.session >= ?2 AND s.session < ?2 || '~' "
                                              "WHERE ?1 IN (0, e.row) LIMIT 2"},
    [SIGHT_SQL_SESSION_KEYS] = {READS, KEYS_COLUMNS KEYS_FILTER "AND row = ?2"},
    [SIGHT_SQL_SESSION_SET_FLAGS] = {WRITES, "UPDATE session SET flags = (flags & ~?2) | ?3 "
                                             "WHERE row = ?1 AND flags <> (flags & ~?2) | ?3"},
    [SIGHT_SQL_SESSION_SET_SOURCE] = {WRITES, "UPDATE session SET label = ?2, source_notice = ?3, "
                                              "flags = flags & ~16777216 WHERE row = ?1"},
    [SIGHT_SQL_SESSION_SAVE] = {WRITES,
                                "UPDATE session SET started_ms = ?2, duration_ms = ?3, flags = (flags & ?4) | ?5, "
                                "friction = ?6, entry_page = ?7, exit_page = ?8, ruleset = ?9, version = ?10, "
                                "user = ?11, device = ?12, release = ?13, viewport_w = ?14, viewport_h = ?15, "
                                "n_windows = ?16, n_pages = ?17, n_clicks = ?18, n_errors = ?19, n_signals = ?20, "
                                "notice = " NOTICE_WITHOUT_SOURCE ", activity = ?22, marks = ?23 WHERE row = ?1"},
    [SIGHT_SQL_SESSION_REMOVE] = {WRITES, "DELETE FROM session WHERE row = ?1"},
    [SIGHT_SQL_SESSION_COUNT] = {READS, "SELECT coalesce(sum(n), 0) FROM analysis_count WHERE ?1 IN (0, endpoint)"},
    [SIGHT_SQL_SESSION_WALK_NEWEST] = {READS, KEYS_COLUMNS "INDEXED BY session_newest " KEYS_FILTER
                                                           "ORDER BY arrived_ms DESC, row DESC"},
    [SIGHT_SQL_SESSION_WALK_OLDEST] = {READS, KEYS_COLUMNS "INDEXED BY session_newest " KEYS_FILTER
                                                           "ORDER BY arrived_ms, row"},
    [SIGHT_SQL_SESSION_WALK_FRICTION] = {READS, KEYS_COLUMNS "INDEXED BY session_friction " KEYS_FILTER
                                                             "ORDER BY friction DESC, arrived_ms DESC, row DESC"},
    [SIGHT_SQL_SESSION_WALK_LONGEST] = {READS, KEYS_COLUMNS "INDEXED BY session_longest " KEYS_FILTER
                                                            "ORDER BY duration_ms DESC, row DESC"},
    /* 2: the name, 3: its bucket */
    [SIGHT_SQL_USER_SESSIONS] = {READS, "SELECT s.row FROM endpoint e JOIN session s ON s.endpoint = e.row AND "
                                        "s.user = ?2 WHERE ?1 IN (0, e.row) UNION ALL SELECT * FROM (SELECT DISTINCT "
                                        "s.row FROM person p JOIN session s ON s.row = p.session WHERE p.user IN "
                                        "(?2, ?3) AND s.user IS NOT ?2 AND ?1 IN (0, s.endpoint)) LIMIT ?4"},
    [SIGHT_SQL_USER_ENDS] = {READS, "SELECT row FROM (SELECT row FROM session WHERE endpoint = ?1 AND user = ?2 "
                                    "ORDER BY arrived_ms DESC, row DESC LIMIT 2) UNION "
                                    "SELECT row FROM (SELECT row FROM session WHERE endpoint = ?1 AND user = ?2 "
                                    "ORDER BY arrived_ms, row LIMIT 2)"},

    [SIGHT_SQL_COLUMN_FLAGS] = {READS, "SELECT row FROM session WHERE flags & ?1 = ?1"},
    [SIGHT_SQL_COLUMN_SESSION] = {READS, "SELECT row, session FROM session"},
    [SIGHT_SQL_COLUMN_ENDPOINT] = {READS, "SELECT row FROM session WHERE ?1 IN (0, endpoint)"},

    [SIGHT_SQL_FACTS_LAST_ROW] = {READS, "SELECT coalesce(max(row), 0) FROM session"},
    [SIGHT_SQL_FACTS_ARRIVED] = {READS, "SELECT row, arrived_ms FROM session INDEXED BY session_newest "
                                        "ORDER BY arrived_ms"},
    [SIGHT_SQL_FACTS_USER] = {READS, "SELECT row, endpoint, user FROM session INDEXED BY session_user "
                                     "WHERE user IS NOT NULL ORDER BY endpoint, user"},

    [SIGHT_SQL_PERSON_ADD] = {WRITES, "INSERT INTO person (session, user) VALUES (?1, ?2) ON CONFLICT DO NOTHING"},
    [SIGHT_SQL_PERSON_COUNT] = {READS, "SELECT count(*) FROM person WHERE session = ?1"},
    /* The batch counts only where its session was not erased meanwhile. */
    [SIGHT_SQL_PERSON_UNREAD] = {READS, "SELECT s.row, iif(s.row = p.value, a.value, 0) FROM counter p "
                                        "CROSS JOIN counter a CROSS JOIN session s ON s.row <= p.value "
                                        "WHERE p.name = 'persons' AND a.name = 'persons-arrival' "
                                        "ORDER BY s.row DESC LIMIT 1"},
    /* 1: the session's row, 2: the arrival */
    [SIGHT_SQL_PERSON_SET_UNREAD] = {WRITES, "UPDATE counter SET value = iif(name = 'persons', ?1, ?2) "
                                             "WHERE name IN ('persons', 'persons-arrival')"},

    [SIGHT_SQL_ASSET_FIND] = {READS, "SELECT row, n_bytes FROM asset WHERE endpoint = ?1 AND hash = ?2"},
    [SIGHT_SQL_ASSET_FIND_FOR_SESSION] = {READS, "SELECT row, n_bytes FROM asset WHERE hash = ?2 AND "
                                                 "endpoint = (SELECT endpoint FROM session WHERE row = ?1)"},
    /* 3: type, 4: bytes, 5: content, 6: now */
    [SIGHT_SQL_ASSET_PUT] = {WRITES, "INSERT INTO asset (endpoint, hash, type, n_bytes, content, waits_ms) "
                                     "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET "
                                     "type = ?3, n_bytes = ?4, content = ?5"},
    [SIGHT_SQL_ASSET_DROP_WAITING] = {WRITES, "DELETE FROM asset WHERE waits_ms < ?1"},
    [SIGHT_SQL_ASSET_DROP_MOST_WAITING] = {WRITES, "DELETE FROM asset WHERE row IN (SELECT row FROM asset WHERE "
                                                   "waits_ms IS NOT NULL ORDER BY waits_ms DESC LIMIT -1 OFFSET ?1)"},
    [SIGHT_SQL_ASSET_NEWEST_SESSION] = {READS, "SELECT session FROM asset_use WHERE asset = ?1 "
                                               "ORDER BY session DESC LIMIT 1"},
    [SIGHT_SQL_ASSET_WANT] = {WRITES, "INSERT INTO asset (endpoint, hash) SELECT endpoint, ?2 FROM session "
                                      "WHERE row = ?1"},
    [SIGHT_SQL_ASSET_CLAIM] = {WRITES, "UPDATE asset SET waits_ms = NULL WHERE row = ?1 AND waits_ms IS NOT NULL"},
    [SIGHT_SQL_ASSET_USE] = {WRITES, "INSERT INTO asset_use (session, asset) VALUES (?1, ?2) ON CONFLICT DO NOTHING"},
    [SIGHT_SQL_ASSET_GET] = {READS, "SELECT type, content FROM asset WHERE endpoint = ?1 AND hash = ?2 "
                                    "AND content IS NOT NULL"},
    [SIGHT_SQL_ASSET_MISSING] = {READS, "SELECT lower(hex(a.hash)) FROM asset_use u CROSS JOIN asset a "
                                        "ON a.row = u.asset WHERE u.session = ?1 AND a.n_bytes = 0"},
    [SIGHT_SQL_ASSET_COUNT] = {READS, "SELECT coalesce(sum(a.n_bytes > 0), 0), coalesce(sum(a.n_bytes = 0), 0), "
                                      "coalesce(sum(a.n_bytes), 0) FROM asset_use u CROSS JOIN asset a "
                                      "ON a.row = u.asset WHERE u.session = ?1"},

    /* One whose events were lost to damage is not known: it is taken again in its place. */
    [SIGHT_SQL_BATCH_KNOWN] = {READS, "SELECT arrival FROM batch WHERE session = ?1 AND window = ?2 AND seq = ?3 "
                                      "AND (?4 OR block IS NOT NULL OR length(events) > 0)"},
    [SIGHT_SQL_BATCH_ADD] =
        {WRITES, "INSERT OR REPLACE INTO batch (session, window, seq, sent_ms, received_ms, first_ms, last_ms, "
                 "n_events, n_bytes, events) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"},
    [SIGHT_SQL_BATCH_EACH] = {READS, BATCH_COLUMNS "AND b.arrival > ?3 ORDER BY b.arrival LIMIT ?4"},
    [SIGHT_SQL_BATCH_EACH_IN_SEQUENCE] = {READS, BATCH_COLUMNS "ORDER BY b.window, b.seq"},
    /* Not the one above with a window: that would walk the batches of all others, too. */
    [SIGHT_SQL_BATCH_EACH_OF_WINDOW] = {READS, BATCH_COLUMNS "AND b.window = ?2 ORDER BY b.seq"},
    [SIGHT_SQL_BATCH_WINDOWS] = {READS, "SELECT window, count(*), max(seq) + 1 - count(*), min(first_ms), "
                                        "max(last_ms), sum(n_events), sum(n_bytes) FROM batch WHERE session = ?1 "
                                        "GROUP BY window ORDER BY min(first_ms), window"},
    [SIGHT_SQL_BATCH_EACH_BETWEEN] =
        {READS, BATCH_COLUMNS "AND b.window = ?2 AND b.seq BETWEEN ?3 AND ?4 AND b.arrival <= ?5 ORDER BY b.seq"},
    [SIGHT_SQL_BATCH_PARTS] = {READS, "SELECT arrival, block, block_start, n_bytes FROM batch WHERE block IS NOT NULL "
                                      "ORDER BY block"},

    [SIGHT_SQL_BLOCK_GET] = {READS, "SELECT n_bytes, events FROM block WHERE row = ?1"},
    /* By the index of batches that stand singly: where all are in blocks there is nothing to walk. */
    [SIGHT_SQL_BLOCK_NEXT_SESSION] = {READS, "SELECT row, ruleset <> 0 AND received_ms <= ?2 FROM session WHERE row = "
                                             "(SELECT min(session) FROM batch WHERE block IS NULL AND session > ?1)"},
    [SIGHT_SQL_BLOCK_LOOSE] = {READS, "SELECT arrival, n_bytes, window FROM batch WHERE session = ?1 AND block IS NULL "
                                      "ORDER BY window, seq"},
    [SIGHT_SQL_BLOCK_EVENTS] = {READS, "SELECT events FROM batch WHERE arrival = ?1 AND block IS NULL"},
    [SIGHT_SQL_BLOCK_ADD] = {WRITES, "INSERT INTO block (session, n_bytes, events) "
                                     "SELECT row, ?2, ?3 FROM session WHERE row = ?1"},
    /* By way of another number: SQLite joins pages that became nearly empty where a row is removed from them, not where
     * it shrinks. */
    [SIGHT_SQL_BLOCK_MOVE_BATCH] = {WRITES, "UPDATE batch SET arrival = -arrival, events = x'', block = ?2, "
                                            "block_start = ?3 WHERE arrival = ?1 AND block IS NULL"},
    [SIGHT_SQL_BLOCK_BACK] = {WRITES, "UPDATE batch SET arrival = -arrival WHERE arrival < 0"},

    [SIGHT_SQL_SESSION_LAST_ARRIVAL] = {READS, "SELECT last_arrival FROM session WHERE row = ?1"},
    [SIGHT_SQL_TRACK_LIST] = {READS, "SELECT row, window, version, arrival FROM track WHERE session = ?1"},
    [SIGHT_SQL_TRACK_PUT] = {WRITES, "INSERT INTO track (session, window, version, arrival) VALUES (?1, ?2, ?3, ?4) "
                                     "ON CONFLICT DO UPDATE SET arrival = ?4 RETURNING row"},
    [SIGHT_SQL_TRACK_REMOVE] = {WRITES, "DELETE FROM track WHERE session = ?1 AND window = ?2 AND version <> ?3"},
    [SIGHT_SQL_SEGMENT_LIST] = {READS, "SELECT first_ms, last_ms, skipped, n_events, n_bytes, first_seq, last_seq, "
                                       "keyframe_bytes, tables FROM segment WHERE track = ?1 ORDER BY n"},
    [SIGHT_SQL_SEGMENT_KEYFRAME] = {READS, "SELECT keyframe FROM segment WHERE track = ?1 AND n = ?2"},
    [SIGHT_SQL_SEGMENT_PUT] = {WRITES, "INSERT OR REPLACE INTO segment (track, n, first_ms, last_ms, skipped, "
                                       "n_events, n_bytes, first_seq, last_seq, keyframe_bytes, tables, keyframe) "
                                       "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"},
    [SIGHT_SQL_ACCOUNT_PUT] = {WRITES, "INSERT OR REPLACE INTO account VALUES (?1, ?2)"},
    [SIGHT_SQL_ACCOUNT_GET] = {READS, "SELECT a.data FROM account a JOIN session s ON s.row = a.session "
                                      "JOIN ruleset r ON r.row = s.ruleset "
                                      "WHERE a.session = ?1 AND r.id = ?2 AND s.version = ?3"},

    [SIGHT_SQL_TOMBSTONE_STANDS] = {READS, "SELECT 1 FROM tombstone WHERE endpoint = ?1 AND session = ?2"},
    [SIGHT_SQL_TOMBSTONE_ADD] = {WRITES, "INSERT INTO tombstone VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING"},
    [SIGHT_SQL_CHANGE_LIST] = {READS,
                               "SELECT * FROM (SELECT revision, session, 0, received_ms, last_arrival, n_batches "
                               "FROM session WHERE endpoint = ?1 AND revision > ?2 ORDER BY revision LIMIT ?3) "
                               "UNION ALL "
                               "SELECT * FROM (SELECT revision, session, 1, erased_ms, 0, 0 "
                               "FROM tombstone WHERE endpoint = ?1 AND revision > ?2 ORDER BY revision LIMIT ?3) "
                               "ORDER BY 1 LIMIT ?3"},
    [SIGHT_SQL_CHANGE_LAST] = {READS,
                               "SELECT max(coalesce((SELECT max(revision) FROM session WHERE endpoint = ?1), 0), "
                               "coalesce((SELECT max(revision) FROM tombstone WHERE endpoint = ?1), 0))"},
    [SIGHT_SQL_RETENTION_NOTE_ERROR] = {WRITES, "UPDATE session SET n_errors = 1 WHERE row = ?1 AND n_errors = 0"},
    [SIGHT_SQL_RETENTION_OLD] = {READS, "SELECT row, n_bytes FROM session WHERE endpoint = ?1 AND "
                                        "received_ms < iif(n_errors > 0, ?3, ?2) LIMIT ?4"},
    [SIGHT_SQL_RETENTION_COUNT] = {READS, "SELECT coalesce(sum(n_bytes), 0), "
                                          "coalesce(sum(arrived_ms >= ?2), 0) FROM session WHERE endpoint = ?1"},
    [SIGHT_SQL_GENERATION_ADD] = {WRITES, "INSERT INTO generation (id, revision) "
                                          "SELECT ?1, value FROM counter WHERE name = 'revision'"},
    [SIGHT_SQL_GENERATION_TRIM] = {WRITES, "DELETE FROM generation WHERE n <= (SELECT max(n) FROM generation) - 1000"},
    [SIGHT_SQL_GENERATION_CURRENT] = {READS, "SELECT id FROM generation ORDER BY n DESC LIMIT 1"},
    /* It ran until the next one began, at that one's revision. */
    [SIGHT_SQL_GENERATION_KNOWS] = {READS, "SELECT ?2 <= coalesce("
                                           "(SELECT revision FROM generation l WHERE l.n > g.n ORDER BY l.n LIMIT 1), "
                                           "(SELECT value FROM counter WHERE name = 'revision')) "
                                           "FROM generation g WHERE g.id = ?1"},
    [SIGHT_SQL_OWNER_CHECK] = {READS, "SELECT o.proof = ?3 IS TRUE FROM session s JOIN owner o ON o.session = s.row "
                                      "WHERE s.endpoint = ?1 AND s.session = ?2"},
    [SIGHT_SQL_OWNER_SET] = {WRITES, "INSERT INTO owner (session, proof) SELECT row, ?3 FROM session "
                                     "WHERE endpoint = ?1 AND session = ?2"},
    [SIGHT_SQL_FOLLOWED_GET] = {READS, "SELECT arrival FROM followed WHERE endpoint = ?1 AND session = ?2"},
    [SIGHT_SQL_FOLLOWED_SET] = {WRITES, "INSERT INTO followed (endpoint, session, arrival) VALUES (?1, ?2, ?3) "
                                        "ON CONFLICT DO UPDATE SET arrival = excluded.arrival"},
    /* 3: the arrival that is wanted, 4: the problem, 5: now */
    [SIGHT_SQL_FOLLOWED_SET_ASIDE] =
        {WRITES, "INSERT INTO followed (endpoint, session, arrival, problem, wanted, n_tries, retry_ms) "
                 "VALUES (?1, ?2, 0, ?4, ?3, 1, ?5 + 300000) ON CONFLICT DO UPDATE SET "
                 "problem = ?4, wanted = ?3, n_tries = n_tries + 1, "
                 "retry_ms = ?5 + min(86400000, 300000 << min(n_tries, 9))"},
    [SIGHT_SQL_FOLLOWED_TAKE_BACK] = {WRITES, "UPDATE followed SET problem = NULL, wanted = 0, n_tries = 0, "
                                              "retry_ms = 0 WHERE endpoint = ?1 AND session = ?2"},
    [SIGHT_SQL_FOLLOWED_LIST_ASIDE] = {READS, "SELECT session, problem, wanted, n_tries FROM followed "
                                              "WHERE endpoint = ?1 AND retry_ms <= ?2 AND problem IS NOT NULL "
                                              "ORDER BY retry_ms, session"},
    [SIGHT_SQL_FOLLOWED_REMOVE] = {WRITES, "DELETE FROM followed WHERE endpoint = ?1 AND session = ?2"},
    [SIGHT_SQL_FOLLOWED_REMOVE_ALL] = {WRITES, "DELETE FROM followed WHERE endpoint = ?1"},

    /* 2: the ruleset's row, 3: the version */
    [SIGHT_SQL_ANALYSIS_COUNT] = {READS,
                                  "SELECT coalesce(sum(n), 0) FROM analysis_count "
                                  "WHERE ?1 IN (0, endpoint) AND ruleset >= 0 AND (ruleset <> ?2 OR version < ?3)"},
    [SIGHT_SQL_ANALYSIS_STALE_GROUPS] =
        {READS, "SELECT endpoint, ruleset, version FROM analysis_count "
                "WHERE ?1 IN (0, endpoint) AND ruleset >= 0 AND (ruleset <> ?2 OR version < ?3)"},
    [SIGHT_SQL_ANALYSIS_OF_GROUP] = {READS,
                                     "SELECT s.row, s.received_ms FROM session s LEFT JOIN lease l ON "
                                     "l.session = s.row WHERE s.endpoint = ?1 AND s.ruleset = ?2 AND s.version = ?3 "
                                     "AND coalesce(l.until_ms, 0) < ?4 ORDER BY s.received_ms DESC LIMIT ?5"},
    [SIGHT_SQL_ANALYSIS_REVISION] = {READS, "SELECT revision FROM session WHERE row = ?1"},
    /* 3: the version, 4: the row to begin behind. In the order of rows, whatever an index could do. */
    [SIGHT_SQL_ANALYSIS_CURRENT] = {READS, "SELECT row FROM session WHERE row > ?4 AND +endpoint = ?1 AND "
                                           "+ruleset = ?2 AND +version = ?3 ORDER BY row LIMIT ?5"},
    [SIGHT_SQL_RULESET_ROW] = {READS, "SELECT row FROM ruleset WHERE id = ?1"},
    [SIGHT_SQL_RULESET_ADD] = {WRITES, "INSERT INTO ruleset (id) VALUES (?1)"},
    [SIGHT_SQL_LEASE_TAKE] = {WRITES, "INSERT INTO lease VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET "
                                      "owner = excluded.owner, until_ms = excluded.until_ms "
                                      "WHERE lease.until_ms < ?4 OR lease.owner = excluded.owner"},
    [SIGHT_SQL_LEASE_CLEAR] = {WRITES, "DELETE FROM lease"},
    [SIGHT_SQL_LEASE_REMOVE] = {WRITES, "DELETE FROM lease WHERE session = ?1"},

    [SIGHT_SQL_SIGNAL_LIST] = {READS, "SELECT kind, start_ms, end_ms, window, page, node, selector, target, message, "
                                      "fingerprint, count, magnitude, severe FROM signal WHERE session = ?1 "
                                      "ORDER BY start_ms, n"},
    [SIGHT_SQL_SIGNAL_ADD] = {WRITES, "INSERT INTO signal VALUES "
                                      "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"},
    [SIGHT_SQL_SIGNAL_CLEAR] = {WRITES, "DELETE FROM signal WHERE session = ?1"},

    [SIGHT_SQL_PAGE_ROW] = {READS, "SELECT row FROM page WHERE endpoint = ?1 AND template = ?2"},
    [SIGHT_SQL_PAGE_ADD] = {WRITES, "INSERT INTO page (endpoint, template) VALUES (?1, ?2)"},
    /* 2: what to add to the number of sessions, or of exits */
    [SIGHT_SQL_PAGE_COUNT_SESSION] = {WRITES, "UPDATE page SET n_sessions = n_sessions + ?2 WHERE row IN ("
                                              "SELECT page FROM page_view WHERE session = ?1 "
                                              "UNION SELECT entry_page FROM session WHERE row = ?1 "
                                              "UNION SELECT exit_page FROM session WHERE row = ?1)"},
    [SIGHT_SQL_PAGE_COUNT_EXIT] = {WRITES, "UPDATE page SET n_exits = n_exits + ?2 "
                                           "WHERE row = (SELECT exit_page FROM session WHERE row = ?1)"},
    [SIGHT_SQL_PAGE_REMOVE_UNUSED] = {WRITES, "DELETE FROM page WHERE n_sessions <= 0"},
    [SIGHT_SQL_PAGE_STATS] = {READS, "SELECT row, endpoint, template, n_sessions, n_exits FROM page "
                                     "WHERE ?1 IN (0, endpoint) AND n_sessions > 0 ORDER BY endpoint, template"},
    [SIGHT_SQL_PAGE_VIEW_LIST] = {READS,
                                  "SELECT p.template, v.url, v.window, v.start_ms, v.end_ms FROM page_view v "
                                  "CROSS JOIN page p ON p.row = v.page WHERE v.session = ?1 ORDER BY v.start_ms, v.n"},
    [SIGHT_SQL_PAGE_VIEW_ADD] = {WRITES, "INSERT INTO page_view VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"},
    [SIGHT_SQL_PAGE_VIEW_NEWEST] = {READS, "SELECT v.url, p.template FROM page_view v JOIN page p ON p.row = v.page "
                                           "WHERE ?1 IN (0, p.endpoint) ORDER BY v.session DESC, v.n LIMIT ?2"},
    [SIGHT_SQL_PAGE_VIEW_CLEAR] = {WRITES, "DELETE FROM page_view WHERE session = ?1"},

    [SIGHT_SQL_TEXT_BUILD] =
        {READS,
         "SELECT session FROM session WHERE row = ?1 "
         "UNION SELECT label FROM session WHERE row = ?1 "
         "UNION SELECT user FROM session WHERE row = ?1 "
         "UNION SELECT p.template FROM page_view v CROSS JOIN page p ON p.row = v.page WHERE v.session = ?1 "
         "UNION SELECT message FROM signal WHERE session = ?1 "
         "UNION SELECT target FROM signal WHERE session = ?1 "
         "UNION SELECT body FROM (SELECT a.body FROM session s CROSS JOIN annotation a ON a.endpoint = s.endpoint "
         "AND a.session = s.session WHERE s.row = ?1 AND a.kind = 'tag' AND NOT a.deleted LIMIT ?2)"},
    [SIGHT_SQL_TEXT_GET] = {READS, "SELECT text FROM session_text WHERE rowid = ?1"},
    [SIGHT_SQL_TEXT_PUT] = {WRITES, "INSERT OR REPLACE INTO session_text (rowid, text) VALUES (?1, ?2)"},
    [SIGHT_SQL_TEXT_REMOVE] = {WRITES, "DELETE FROM session_text WHERE rowid = ?1"},
    [SIGHT_SQL_TEXT_REMOVE_ENDPOINT] = {WRITES, "DELETE FROM session_text WHERE rowid IN "
                                                "(SELECT row FROM session WHERE endpoint = ?1)"},
    [SIGHT_SQL_TEXT_MATCH] = {READS, "SELECT rowid FROM session_text WHERE session_text MATCH ?1 ORDER BY rowid"},
    [SIGHT_SQL_TEXT_OPTIMIZE] = {WRITES, "INSERT INTO session_text (session_text) VALUES ('optimize')"},
    [SIGHT_SQL_TEXT_GET_PURGE] = {READS, "SELECT value FROM counter WHERE name = 'purge'"},
    [SIGHT_SQL_TEXT_SET_PURGE] = {WRITES, "UPDATE counter SET value = ?1 WHERE name = 'purge'"},

    [SIGHT_SQL_TERM_FIND] = {READS, "SELECT row FROM term WHERE hash = ?1 AND row >> 32 = ?2 AND value = ?3"},
    [SIGHT_SQL_TERM_VALUE] = {READS, "SELECT value FROM term WHERE row = ?1"},
    [SIGHT_SQL_TERM_EACH] = {READS, "SELECT row, n, value FROM term WHERE row >= ?1 AND row < ?2"},
    [SIGHT_SQL_TERM_LAST] = {READS, "SELECT row FROM term WHERE row >= ?1 AND row < ?2 ORDER BY row DESC LIMIT 1"},
    [SIGHT_SQL_TERM_ADD] = {WRITES, "INSERT INTO term (row, hash, value) VALUES (?1, ?2, ?3)"},
    [SIGHT_SQL_TERM_REMOVE] = {WRITES, "DELETE FROM term WHERE row = ?1"},
    [SIGHT_SQL_TERM_COUNT] = {WRITES, "UPDATE term SET n = n + ?2 WHERE row = ?1 RETURNING n"},
    [SIGHT_SQL_TERM_UNUSED] = {READS, "SELECT row FROM term WHERE n = 0"},
    [SIGHT_SQL_TERM_SEARCH] = {READS, "SELECT t.row FROM term_text w JOIN term t ON t.row = w.rowid "
                                      "WHERE w.words MATCH ?1 AND w.rowid BETWEEN ?2 AND ?3 ORDER BY t.n DESC"},
    [SIGHT_SQL_TERM_COMMON] = {READS,
                               "SELECT t.row, t.n, t.value FROM term_text w JOIN term t ON t.row = w.rowid "
                               "WHERE w.words MATCH ?1 AND w.rowid BETWEEN ?2 AND ?3 ORDER BY t.n DESC LIMIT ?4"},
    [SIGHT_SQL_TERM_ADD_WORDS] = {WRITES, "INSERT INTO term_text (rowid, words) VALUES (?1, ?2)"},
    [SIGHT_SQL_TERM_REMOVE_WORDS] = {WRITES,
                                     "INSERT INTO term_text (term_text, rowid, words) VALUES ('delete', ?1, ?2)"},
    [SIGHT_SQL_TERM_OPTIMIZE] = {WRITES, "INSERT INTO term_text (term_text) VALUES ('optimize')"},
    [SIGHT_SQL_OCCURRENCE_GET] = {READS, "SELECT data FROM occurrence WHERE session = ?1"},
    [SIGHT_SQL_OCCURRENCE_PUT] = {WRITES, "INSERT OR REPLACE INTO occurrence VALUES (?1, ?2)"},
    [SIGHT_SQL_OCCURRENCE_REMOVE] = {WRITES, "DELETE FROM occurrence WHERE session = ?1"},
    [SIGHT_SQL_COURSE_LENGTH] = {READS, "SELECT duration_ms FROM session WHERE row = ?1"},
    [SIGHT_SQL_COURSE_PUT] = {WRITES, "INSERT OR REPLACE INTO course VALUES (?1, ?2)"},
    [SIGHT_SQL_COURSE_REMOVE] = {WRITES, "DELETE FROM course WHERE session = ?1"},
    [SIGHT_SQL_USAGE_EACH] = {READS, "SELECT session, data FROM usage WHERE subject = ?1 ORDER BY session"},
    [SIGHT_SQL_USAGE_GET] = {READS, "SELECT data FROM usage WHERE subject = ?1 AND session = ?2"},
    [SIGHT_SQL_USAGE_PUT] = {WRITES, "INSERT INTO usage VALUES (?1, ?2, ?3)"},
    [SIGHT_SQL_USAGE_REMOVE] = {WRITES, "DELETE FROM usage WHERE session = ?1"},
    /* Flags: watched. */
    [SIGHT_SQL_KEPT_FACTS] =
        {READS, "SELECT s.flags & 524288, s.flags & 33554432, s.user IS NOT NULL AND s.row = (SELECT f.row FROM "
                "session f WHERE "
                "f.endpoint = s.endpoint AND f.user = s.user ORDER BY f.arrived_ms, f.row LIMIT 1), "
                "s.user IS NULL OR s.row = (SELECT l.row FROM session l WHERE l.endpoint = s.endpoint AND "
                "l.user = s.user ORDER BY l.arrived_ms DESC, l.row DESC LIMIT 1), s.started_ms, s.received_ms, "
                "s.endpoint, s.session, s.duration_ms, s.flags & 67108864, s.user IS NOT NULL FROM occurrence o CROSS "
                "JOIN session s ON "
                "s.row = o.session "
                "WHERE o.session = ?1"},
    [SIGHT_SQL_KEPT_ANNOTATIONS] = {READS,
                                    "SELECT kind, substr(body, 1, ?3), at_ms FROM annotation WHERE endpoint = ?1 "
                                    "AND session = ?2 AND kind IN ('tag', 'note') AND NOT deleted AND at_ms <= ?4 "
                                    "LIMIT ?5"},
    [SIGHT_SQL_KEPT_GET] = {READS, "SELECT terms FROM kept WHERE session = ?1"},
    [SIGHT_SQL_KEPT_PUT] = {WRITES, "INSERT OR REPLACE INTO kept VALUES (?1, ?2)"},
    [SIGHT_SQL_KEPT_REMOVE] = {WRITES, "DELETE FROM kept WHERE session = ?1"},
    [SIGHT_SQL_KEPT_MISSING] = {READS, "SELECT session FROM occurrence WHERE session <= ?1 ORDER BY session DESC "
                                       "LIMIT ?2"},
    [SIGHT_SQL_POSTING_EACH] = {READS, "SELECT row, rows FROM posting WHERE row >= ?1 AND row < ?2 ORDER BY row"},
    [SIGHT_SQL_POSTING_SOME] = {READS, "SELECT row, rows FROM posting WHERE row > ?1 ORDER BY row LIMIT 1000"},
    [SIGHT_SQL_POSTING_GET] = {READS, "SELECT row, rows FROM posting WHERE row = ?1"},
    [SIGHT_SQL_POSTING_PUT] = {WRITES, "INSERT OR REPLACE INTO posting VALUES (?1, ?2)"},
    [SIGHT_SQL_POSTING_REMOVE] = {WRITES, "DELETE FROM posting WHERE row = ?1"},
    [SIGHT_SQL_RECENT_EACH] = {READS, "SELECT session, terms FROM posting_recent WHERE n <= ?1"},
    [SIGHT_SQL_RECENT_GET] = {READS, "SELECT terms FROM posting_recent WHERE session = ?1"},
    /* Each end for itself: that is two steps into the index, whatever lies between them. */
    [SIGHT_SQL_RECENT_SPAN] = {READS, "SELECT coalesce((SELECT max(n) FROM posting_recent) - "
                                      "(SELECT min(n) FROM posting_recent) + 1, 0)"},
    [SIGHT_SQL_RECENT_NEWEST] = {READS, "SELECT coalesce(max(n), 0) FROM posting_recent"},
    [SIGHT_SQL_RECENT_ADD] = {WRITES, "INSERT INTO posting_recent (session, terms) VALUES (?1, ?2)"},
    [SIGHT_SQL_RECENT_REMOVE] = {WRITES, "DELETE FROM posting_recent WHERE session = ?1"},
    [SIGHT_SQL_RECENT_REMOVE_UNTIL] = {WRITES, "DELETE FROM posting_recent WHERE n <= ?1"},
    [SIGHT_SQL_INDEX_CHANGED] = {WRITES, "UPDATE counter SET value = value + ?1 WHERE name = 'index'"},
    [SIGHT_SQL_COUNTER_GET] = {READS, "SELECT value FROM counter WHERE name = ?1"},
    [SIGHT_SQL_COUNTER_SET] = {WRITES, "UPDATE counter SET value = ?2 WHERE name = ?1"},

    [SIGHT_SQL_ANNOTATION_GET] = {READS, ANNOTATION_COLUMNS "WHERE endpoint = ?1 AND id = ?2"},
    [SIGHT_SQL_ANNOTATION_PUT] = {WRITES, "INSERT OR REPLACE INTO annotation VALUES "
                                          "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"},
    [SIGHT_SQL_ANNOTATION_LIST] = {READS, ANNOTATION_COLUMNS "WHERE endpoint = ?1 AND session IS ?2 AND NOT deleted "
                                                             "AND at_ms >= -1 ORDER BY at_ms, created_ms, id"},
    [SIGHT_SQL_ANNOTATION_LIST_ALL] = {READS, ANNOTATION_COLUMNS "WHERE endpoint = ?1 AND session IS ?2 "
                                                                 "AND at_ms >= -1 ORDER BY at_ms, created_ms, id"},
    [SIGHT_SQL_ANNOTATION_UNPUSHED] = {READS, ANNOTATION_COLUMNS "WHERE endpoint = ?1 AND unpushed ORDER BY revision"},
    [SIGHT_SQL_ANNOTATION_SET_PUSHED] = {WRITES, "UPDATE annotation SET unpushed = 0, updated_ms = ?4 "
                                                 "WHERE endpoint = ?1 AND id = ?2 AND min(updated_ms, 1 << 60) = ?3"},
    [SIGHT_SQL_ANNOTATION_PUSH_AGAIN] = {WRITES, "UPDATE annotation SET unpushed = 1 WHERE endpoint = ?1"},
    [SIGHT_SQL_ANNOTATION_CHANGED] = {READS,
                                      ANNOTATION_COLUMNS "WHERE endpoint = ?1 AND revision > ?2 ORDER BY revision"},
    [SIGHT_SQL_ANNOTATION_HAS_TAG] = {READS, "SELECT 1 FROM annotation WHERE endpoint = ?1 AND session = ?2 "
                                             "AND kind = 'tag' AND NOT deleted LIMIT 1"},
    [SIGHT_SQL_ANNOTATION_REMOVE_SESSION] = {WRITES, "DELETE FROM annotation WHERE endpoint = ?1 AND session = ?2"},
    [SIGHT_SQL_UNREAD_ADD] = {WRITES, "INSERT OR IGNORE INTO unread VALUES (?1, ?2, ?3)"},
    [SIGHT_SQL_UNREAD_REMOVE] = {WRITES, "DELETE FROM unread WHERE endpoint = ?1 AND session = ?2 AND annotation = ?3"},
    [SIGHT_SQL_UNREAD_CLEAR] = {WRITES, "DELETE FROM unread WHERE endpoint = ?1 AND session = ?2"},
    [SIGHT_SQL_UNREAD_LIST] = {READS, "SELECT annotation FROM unread WHERE endpoint = ?1 AND session = ?2"},
    [SIGHT_SQL_UNREAD_SYNCED] = {READS, "SELECT synced_ms FROM endpoint WHERE row = ?1"},
    [SIGHT_SQL_SETTINGS_GET] =
        {READS, "SELECT body FROM annotation WHERE endpoint = ?1 AND session IS NULL "
                "AND at_ms >= -1 AND kind = 'settings' AND NOT deleted ORDER BY updated_ms DESC, body DESC "
                "LIMIT 1"},

    [SIGHT_SQL_LOG_EACH] = {READS, "SELECT id, kind, body FROM annotation WHERE endpoint = ?1 AND id >= 'log-' "
                                   "AND id < 'log.' ORDER BY id"},
    [SIGHT_SQL_LOG_HEAD_LIST] = {READS, "SELECT chain, own, n, hash, conflict FROM log_head WHERE endpoint = ?1"},
    [SIGHT_SQL_LOG_HEAD_GET] = {READS, "SELECT chain, own, n, hash, conflict FROM log_head "
                                       "WHERE endpoint = ?1 AND chain = ?2"},
    [SIGHT_SQL_LOG_HEAD_OWN] = {READS, "SELECT chain, own, n, hash, conflict FROM log_head "
                                       "WHERE endpoint = ?1 AND own LIMIT 1"},
    [SIGHT_SQL_LOG_HEAD_PUT] = {WRITES, "INSERT OR REPLACE INTO log_head VALUES (?1, ?2, ?3, ?4, ?5, ?6)"},

    [SIGHT_SQL_REWRITE_BATCH] = {WRITES, "UPDATE batch SET n_bytes = ?3, events = ?4, block = NULL, block_start = 0 "
                                         "WHERE arrival = ?1 AND session = ?2"},
    [SIGHT_SQL_REWRITE_SESSION] = {WRITES, "UPDATE session SET label = ?2, ruleset = 0, n_bytes = "
                                           "(SELECT sum(n_bytes) FROM batch WHERE session = ?1) WHERE row = ?1"},
    [SIGHT_SQL_REWRITE_DROP_PERSONS] = {WRITES, "DELETE FROM person WHERE session = ?1"},
    [SIGHT_SQL_REWRITE_DROP_BLOCKS] = {WRITES, "DELETE FROM block WHERE session = ?1"},
    [SIGHT_SQL_REWRITE_DROP_TRACKS] = {WRITES, "DELETE FROM track WHERE session = ?1"},
    [SIGHT_SQL_REWRITE_DROP_ACCOUNT] = {WRITES, "DELETE FROM account WHERE session = ?1"},

    [SIGHT_SQL_DIGEST_HEAD] = {READS, "SELECT s.version, r.id, f.arrival FROM session s JOIN ruleset r ON "
                                      "r.row = s.ruleset JOIN followed f ON f.endpoint = s.endpoint AND "
                                      "f.session = s.session WHERE s.row = ?1"},
    [SIGHT_SQL_DIGEST_GET] = {READS, "SELECT version, ruleset, arrival FROM digest WHERE session = ?1"},
    [SIGHT_SQL_DIGEST_PUT] = {WRITES, "INSERT OR REPLACE INTO digest (session, endpoint, revision, received_ms, "
                                      "version, ruleset, arrival, n_bytes, data) SELECT ?1, ?2, ?3, received_ms, ?4, "
                                      "?5, ?6, ?7, ?8 FROM session WHERE row = ?1"},
    /* 3: since when, 4: how many. */
    [SIGHT_SQL_DIGEST_LIST] = {READS,
                               "SELECT * FROM (SELECT d.revision, s.session, d.received_ms, d.version, d.ruleset, "
                               "d.arrival, d.n_bytes, d.data FROM digest d CROSS JOIN session s ON s.row = d.session "
                               "WHERE d.endpoint = ?1 AND d.revision > ?2 AND d.received_ms >= ?3 "
                               "ORDER BY d.revision LIMIT ?4) "
                               "UNION ALL "
                               "SELECT * FROM (SELECT revision, session, 0, 0, NULL, 0, 0, NULL "
                               "FROM tombstone WHERE endpoint = ?1 AND revision > ?2 ORDER BY revision LIMIT ?4) "
                               "ORDER BY 1 LIMIT ?4"},
    [SIGHT_SQL_DIGEST_COUNT] = {READS, "SELECT count(*) FROM digest WHERE endpoint = ?1"},
    [SIGHT_SQL_DIGEST_ARRIVAL] = {READS, "SELECT arrival FROM digest WHERE session = ?1"},
    [SIGHT_SQL_DIGEST_UNSENT] = {READS,
                                 "SELECT s.row FROM session s JOIN ruleset r ON r.row = s.ruleset JOIN followed f "
                                 "ON f.endpoint = s.endpoint AND f.session = s.session LEFT JOIN digest d ON "
                                 "d.session = s.row WHERE s.row > ?3 AND +s.endpoint = ?1 AND +s.version = ?2 AND "
                                 "f.arrival > 0 AND (d.arrival IS NOT f.arrival OR d.version IS NOT s.version OR "
                                 "d.ruleset IS NOT r.id) ORDER BY s.row LIMIT ?4"},
    [SIGHT_SQL_DIGEST_FORGET] = {WRITES, "DELETE FROM digest WHERE endpoint = ?1"},
    [SIGHT_SQL_SESSION_COUNT_ENDPOINT] = {READS, "SELECT coalesce(sum(n), 0) FROM analysis_count "
                                                 "WHERE endpoint = ?1"},
    [SIGHT_SQL_SESSION_LAST_ROW] = {READS, "SELECT coalesce(max(row), 0) FROM session"},
    [SIGHT_SQL_SESSION_COUNT_BEHIND] = {READS, "SELECT count(*), coalesce(sum(friction > 0), 0) FROM session "
                                               "WHERE row > ?1 AND version > 0"},
    [SIGHT_SQL_SESSION_IS_TOLD] = {READS, "SELECT ruleset = -1 FROM session WHERE row = ?1"},
    [SIGHT_SQL_SESSION_SET_TOLD] = {WRITES, "UPDATE session SET ruleset = -1, received_ms = max(received_ms, ?2) "
                                            "WHERE row = ?1"},

    /* What was redacted here has a label; its recording would come back as it was. */
    [SIGHT_SQL_HELD_LIST] =
        {READS, "SELECT s.row, s.received_ms, s.version = 0 OR s.label IS NOT NULL OR EXISTS (SELECT 1 FROM "
                "annotation a WHERE a.endpoint = s.endpoint AND a.session = s.session AND NOT a.deleted "
                "AND a.kind IN ('tag', 'note', 'reply')) FROM session s LEFT JOIN used u ON "
                "u.session = s.row WHERE s.endpoint = ?1 AND s.ruleset >= 0 "
                "ORDER BY coalesce(u.used_ms, 0), s.received_ms, s.row"},
    [SIGHT_SQL_HELD_BYTES] = {READS,
                              "SELECT (SELECT coalesce(sum(length(events)), 0) FROM batch WHERE session = ?1) + "
                              "(SELECT coalesce(sum(length(events)), 0) FROM block WHERE session = ?1) + "
                              "(SELECT coalesce(sum(length(tables) + coalesce(length(keyframe), 0)), 0) FROM track t "
                              "JOIN segment g ON g.track = t.row WHERE t.session = ?1) + "
                              "(SELECT coalesce(sum(length(data)), 0) FROM account WHERE session = ?1)"},
    [SIGHT_SQL_HELD_TOLD] = {READS, "SELECT row FROM session WHERE endpoint = ?1 AND ruleset = -1 "
                                    "AND row NOT IN (SELECT session FROM used) ORDER BY received_ms DESC, row DESC"},
    [SIGHT_SQL_HELD_FORGIVE] = {WRITES, "DELETE FROM used WHERE session IN (SELECT row FROM session "
                                        "WHERE endpoint = ?1 AND ruleset = -1)"},
    /* Told of alone, and nobody here did anything with it. 2: received before then, 3: flags that keep it, 4: how many.
     */
    [SIGHT_SQL_HELD_PAST] = {READS, "SELECT row FROM session s WHERE endpoint = ?1 AND ruleset = -1 AND "
                                    "received_ms < ?2 AND flags & ?3 = 0 AND NOT EXISTS (SELECT 1 FROM annotation a "
                                    "WHERE a.endpoint = s.endpoint AND a.session = s.session) LIMIT ?4"},
    [SIGHT_SQL_HELD_USE] = {WRITES, "INSERT INTO used SELECT row, ?2 FROM session WHERE row = ?1 "
                                    "ON CONFLICT DO UPDATE SET used_ms = excluded.used_ms"},
    [SIGHT_SQL_HELD_NOTE_ARRIVAL] =
        {WRITES,
         "INSERT INTO digest (session, endpoint, revision, received_ms, version, ruleset, arrival, n_bytes) "
         "SELECT s.row, s.endpoint, 0, s.received_ms, s.version, '', f.arrival, 0 FROM session s JOIN followed f "
         "ON f.endpoint = s.endpoint AND f.session = s.session WHERE s.row = ?1 "
         "ON CONFLICT DO UPDATE SET arrival = max(arrival, excluded.arrival)"},
    [SIGHT_SQL_HELD_DROP_FOLLOWED] = {WRITES, "DELETE FROM followed WHERE (endpoint, session) = "
                                              "(SELECT endpoint, session FROM session WHERE row = ?1)"},
    [SIGHT_SQL_HELD_DROP_BATCHES] = {WRITES, "DELETE FROM batch WHERE session = ?1"},
    [SIGHT_SQL_HELD_DROP_ASSETS] = {WRITES, "DELETE FROM asset_use WHERE session = ?1"},
    [SIGHT_SQL_HELD_DROP_OF_SESSION] = {WRITES, "UPDATE session SET ruleset = -1, last_arrival = 0, n_batches = 0, "
                                                "n_bytes = 0, n_events = 0 WHERE row = ?1"},
};

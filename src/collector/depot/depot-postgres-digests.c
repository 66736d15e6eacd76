/* SPDX-License-Identifier: MIT */
/* Digests of a PostgreSQL depot. */
#include "depot-postgres-private.h"

#include "sight-compress.h"

#define ZSTD_LEVEL 3
#define PAGE_ROWS 100

typedef struct {
  gint64 project, since_ms;
  const SightDigest *digest;
  gboolean *changed;
  const char *tainted_cursor;
  SightDepotDigestFunc func;
  gpointer user_data;
  char **cursor;
  gint64 *n_sessions, *n_digests;
} Digests;

static SightPostgres *postgres_of(SightDepot *depot) {
  return ((SightDepotPostgres *)depot)->postgres;
}

/* A text of its own under the session's key. */
static char *name_of(const char *session) {
  return g_strconcat("digest/", session, NULL);
}

static gboolean check_session(SightPgLink *link, const Digests *digests, const SightPgResult *session, GError **error) {
  gint64 erased = 0;
  SightPgParams params = {0};
  sight_pg_add_int(&params, digests->project);
  sight_pg_add_text(&params, digests->digest->session);
  if (!sight_pg_get_int(link, SIGHT_PG_TOMBSTONE_STANDS, &params, 0, &erased, error))
    return FALSE;
  if (erased)
    g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_ERASED, "the session was erased");
  else if (PQntuples(session) == 0)
    g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND, "no such session");
  else if (digests->digest->arrival > sight_pg_int(session, 0, 1))
    g_set_error_literal(error, SIGHT_DEPOT_ERROR, SIGHT_DEPOT_ERROR_AFTER, "no batch of that number");
  else
    return TRUE;
  return FALSE;
}

static gboolean is_news(SightPgLink *link, gint64 session, const SightDigest *digest, gboolean *news, GError **error) {
  SightPgParams params = {0};
  sight_pg_add_int(&params, session);
  g_autoptr(SightPgResult) there = sight_pg_run(link, SIGHT_PG_DIGEST_GET, &params, error);
  if (there == NULL)
    return FALSE;
  *news = PQntuples(there) == 0 || sight_digest_is_news(digest, (int)sight_pg_int(there, 0, 0),
                                                        sight_pg_text(there, 0, 1), sight_pg_int(there, 0, 2));
  return TRUE;
}

static gboolean store(SightPgLink *link, const Digests *digests, const SightPgResult *session, GError **error) {
  const SightDigest *digest = digests->digest;
  gsize bytes = 0, key_bytes = 0;
  const guint8 *key = sight_pg_bytes(session, 0, 2, &key_bytes);
  if (key_bytes != SIGHT_SEAL_KEY_BYTES) {
    g_set_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_DATABASE, "the key of \"%s\" is damaged", digest->session);
    return FALSE;
  }
  const void *text = g_bytes_get_data(digest->text, &bytes);
  g_autofree char *name = name_of(digest->session);
  g_autoptr(GBytes) packed = sight_zstd_compress(text, bytes, ZSTD_LEVEL);
  g_autoptr(GBytes) sealed = sight_seal(key, name, g_bytes_get_data(packed, NULL), g_bytes_get_size(packed));
  SightPgParams params = {0};
  sight_pg_add_int(&params, sight_pg_int(session, 0, 0));
  sight_pg_add_int(&params, digests->project);
  sight_pg_add_int(&params, digest->version);
  sight_pg_add_text(&params, digest->ruleset);
  sight_pg_add_int(&params, digest->arrival);
  sight_pg_add_int(&params, (gint64)bytes);
  sight_pg_add_bytes(&params, g_bytes_get_data(sealed, NULL), g_bytes_get_size(sealed));
  return sight_pg_do(link, SIGHT_PG_DIGEST_PUT, &params, error);
}

static gboolean bring(SightPgLink *link, gpointer user_data, GError **error) {
  const Digests *digests = user_data;
  SightPgParams locking = {0}, params = {0};
  *digests->changed = FALSE;
  sight_pg_add_int(&locking, digests->project);
  sight_pg_add_int(&params, digests->project);
  sight_pg_add_text(&params, digests->digest->session);
  if (!sight_pg_do(link, SIGHT_PG_PROJECT_LOCK, &locking, error))
    return FALSE;
  g_autoptr(SightPgResult) session = sight_pg_run(link, SIGHT_PG_SESSION_GET, &params, error);
  if (session == NULL || !check_session(link, digests, session, error) ||
      !is_news(link, sight_pg_int(session, 0, 0), digests->digest, digests->changed, error))
    return FALSE;
  return !*digests->changed || store(link, digests, session, error);
}

gboolean sight_depot_postgres_put_digest(SightDepot *depot, gint64 project, const SightDigest *digest,
                                         gboolean *changed, GError **error) {
  Digests digests = {.project = project, .digest = digest, .changed = changed};
  return sight_postgres_write(postgres_of(depot), bring, &digests, error);
}

/* Its text is NULL where it is damaged. */
static SightDigest *from_row(const SightPgResult *page, int row) {
  SightDigest *digest = g_new0(SightDigest, 1);
  gsize bytes = 0, key_bytes = 0;
  digest->revision = sight_pg_int(page, row, 0);
  digest->session = g_strdup(sight_pg_text(page, row, 1));
  digest->erased = sight_pg_int(page, row, 2) != 0;
  digest->received_ms = sight_pg_int(page, row, 3);
  digest->version = (int)sight_pg_int(page, row, 4);
  digest->ruleset = g_strdup(sight_pg_text(page, row, 5));
  digest->arrival = sight_pg_int(page, row, 6);
  if (digest->erased)
    return digest;
  const void *sealed = sight_pg_bytes(page, row, 8, &bytes);
  const guint8 *key = sight_pg_bytes(page, row, 9, &key_bytes);
  g_autofree char *name = name_of(digest->session);
  g_autoptr(GBytes) packed = key_bytes == SIGHT_SEAL_KEY_BYTES ? sight_unseal(key, name, sealed, bytes, NULL) : NULL;
  gsize n_bytes = (gsize)CLAMP(sight_pg_int(page, row, 7), 0, (gint64)SIGHT_DIGEST_MAX_BYTES);
  if (packed != NULL)
    digest->text = sight_zstd_expand(g_bytes_get_data(packed, NULL), g_bytes_get_size(packed), n_bytes, NULL);
  return digest;
}

static void pass(const SightPgResult *page, const Digests *digests, gint64 *revision, gboolean *goes_on) {
  for (int i = 0; i < PQntuples(page) && *goes_on; i++) {
    g_autoptr(SightDigest) digest = from_row(page, i);
    *revision = digest->revision;
    if (digest->erased || digest->text != NULL)
      *goes_on = digests->func(digest, digests->user_data);
  }
}

static gboolean read_digests(SightPgLink *link, gpointer user_data, GError **error) {
  const Digests *digests = user_data;
  gint64 revision = 0;
  gboolean goes_on = TRUE;
  g_autofree char *id = NULL;
  SightPgParams newest = {0};
  sight_pg_add_int(&newest, digests->project);
  if (!sight_depot_postgres_read_cursor(link, digests->project, digests->tainted_cursor, &revision, &id, error))
    return FALSE;
  for (int n = PAGE_ROWS; goes_on && n == PAGE_ROWS;) {
    SightPgParams params = {0};
    sight_pg_add_int(&params, digests->project);
    sight_pg_add_int(&params, revision);
    sight_pg_add_int(&params, digests->since_ms);
    sight_pg_add_int(&params, PAGE_ROWS);
    g_autoptr(SightPgResult) page = sight_pg_run(link, SIGHT_PG_DIGEST_LIST, &params, error);
    if (page == NULL)
      return FALSE;
    pass(page, digests, &revision, &goes_on);
    n = PQntuples(page);
  }
  /* What was passed over is not looked at again. */
  if (goes_on && !sight_pg_get_int(link, SIGHT_PG_REVISION, &newest, revision, &revision, error))
    return FALSE;
  *digests->cursor = sight_depot_postgres_write_cursor(link, digests->project, id, revision, error);
  return *digests->cursor != NULL;
}

gboolean sight_depot_postgres_list_digests(SightDepot *depot, gint64 project, const char *tainted_cursor,
                                           gint64 since_ms, SightDepotDigestFunc func, gpointer user_data,
                                           char **cursor, GError **error) {
  Digests digests = {.project = project,
                     .since_ms = since_ms,
                     .tainted_cursor = tainted_cursor,
                     .func = func,
                     .user_data = user_data,
                     .cursor = cursor};
  return sight_postgres_read(postgres_of(depot), read_digests, &digests, error);
}

static gboolean count(SightPgLink *link, gpointer user_data, GError **error) {
  const Digests *digests = user_data;
  SightPgParams params = {0};
  sight_pg_add_int(&params, digests->project);
  g_autoptr(SightPgResult) result = sight_pg_run(link, SIGHT_PG_DIGEST_COUNT, &params, error);
  if (result == NULL)
    return FALSE;
  *digests->n_sessions = sight_pg_int(result, 0, 0);
  *digests->n_digests = sight_pg_int(result, 0, 1);
  return TRUE;
}

gboolean sight_depot_postgres_count_digests(SightDepot *depot, gint64 project, gint64 *n_sessions, gint64 *n_digests,
                                            GError **error) {
  Digests digests = {.project = project, .n_sessions = n_sessions, .n_digests = n_digests};
  return sight_postgres_read(postgres_of(depot), count, &digests, error);
}

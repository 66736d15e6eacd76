/* SPDX-License-Identifier: MIT */
/* The table of digests. */
#include "sight-digest-table.h"

#include "sight-change-table.h"
#include "sight-compress.h"
#include "sight-db.h"
#include "sight-session-row.h"

#define ZSTD_LEVEL 3
#define PAGE_ROWS 100

static gboolean put(SightDb *db, gint64 session_row, gint64 endpoint, const SightDigest *digest, gint64 revision,
                    GBytes *data, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_DIGEST_PUT, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, session_row);
  sight_statement_bind_int(statement, 2, endpoint);
  sight_statement_bind_int(statement, 3, revision);
  sight_statement_bind_int(statement, 4, digest->version);
  sight_statement_bind_text(statement, 5, digest->ruleset);
  sight_statement_bind_int(statement, 6, digest->arrival);
  sight_statement_bind_int(statement, 7, (gint64)g_bytes_get_size(digest->text));
  if (data != NULL)
    sight_statement_bind_blob(statement, 8, g_bytes_get_data(data, NULL), g_bytes_get_size(data));
  return sight_statement_run(statement, error);
}

static gboolean is_news(SightDb *db, gint64 session_row, const SightDigest *digest, gboolean *news, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_DIGEST_GET, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, session_row);
  SightStep step = sight_statement_step(statement, error);
  *news = step == SIGHT_STEP_DONE ||
          (step == SIGHT_STEP_ROW &&
           sight_digest_is_news(digest, (int)sight_statement_int(statement, 0), sight_statement_text(statement, 1),
                                sight_statement_int(statement, 2)));
  return step != SIGHT_STEP_FAILED;
}

gboolean sight_digest_table_put(SightDb *db, gint64 endpoint, const SightDigest *digest, gboolean *changed,
                                GError **error) {
  gint64 row = sight_session_row_find(db, endpoint, digest->session, error);

  *changed = FALSE;
  if (row <= 0) {
    if (row == 0)
      g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND, "no such session");
    return FALSE;
  }
  if (!is_news(db, row, digest, changed, error))
    return FALSE;
  if (!*changed)
    return TRUE;
  gsize bytes = 0;
  const void *text = g_bytes_get_data(digest->text, &bytes);
  g_autoptr(GBytes) data = sight_zstd_compress(text, bytes, ZSTD_LEVEL);
  gint64 revision = sight_db_next_revision(db, error);
  return revision > 0 && put(db, row, endpoint, digest, revision, data, error);
}

static SightDigest *from_row(SightStatement *statement) {
  SightDigest *digest = g_new0(SightDigest, 1);
  gsize bytes = 0;

  digest->revision = sight_statement_int(statement, 0);
  digest->session = sight_statement_dup_text(statement, 1);
  digest->received_ms = sight_statement_int(statement, 2);
  digest->version = (int)sight_statement_int(statement, 3);
  digest->ruleset = sight_statement_dup_text(statement, 4);
  digest->arrival = sight_statement_int(statement, 5);
  const void *data = sight_statement_blob(statement, 7, &bytes);
  gsize n_bytes = (gsize)CLAMP(sight_statement_int(statement, 6), 0, (gint64)SIGHT_DIGEST_MAX_BYTES);
  digest->text = data != NULL ? sight_zstd_expand(data, bytes, n_bytes, NULL) : NULL;
  digest->erased = digest->version == 0;
  return digest;
}

/* Hands on a page. *n: how many there were; what is damaged is made anew by whoever analyses. */
static gboolean each_of_page(SightStatement *statement, SightDigestFunc func, gpointer user_data, gint64 *last,
                             guint *n, gboolean *goes_on, GError **error) {
  SightStep step = SIGHT_STEP_DONE;

  *n = 0;
  while (*goes_on && (step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    g_autoptr(SightDigest) digest = from_row(statement);
    (*n)++;
    *last = digest->revision;
    if (digest->erased || digest->text != NULL)
      *goes_on = func(digest, user_data);
  }
  return step != SIGHT_STEP_FAILED;
}

gboolean sight_digest_table_each(SightDb *db, gint64 endpoint, gint64 after, gint64 since_ms, SightDigestFunc func,
                                 gpointer user_data, gint64 *last, GError **error) {
  gboolean goes_on = TRUE;

  *last = after;
  for (guint n = PAGE_ROWS; goes_on && n == PAGE_ROWS;) {
    g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_DIGEST_LIST, error);
    if (statement == NULL)
      return FALSE;
    sight_statement_bind_int(statement, 1, endpoint);
    sight_statement_bind_int(statement, 2, *last);
    sight_statement_bind_int(statement, 3, since_ms);
    sight_statement_bind_int(statement, 4, PAGE_ROWS);
    if (!each_of_page(statement, func, user_data, last, &n, &goes_on, error))
      return FALSE;
  }
  if (!goes_on)
    return TRUE;
  /* What was passed over is not looked at again. */
  g_autoptr(SightStatement) counter = sight_db_statement(db, SIGHT_SQL_COUNTER_GET, error);
  if (counter == NULL)
    return FALSE;
  sight_statement_bind_text(counter, 1, "revision");
  return sight_statement_run_int(counter, last, *last, error);
}

static gboolean number_of(SightDb *db, SightSql sql, gint64 parameter, gint64 *number, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, sql, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, parameter);
  return sight_statement_run_int(statement, number, 0, error);
}

gboolean sight_digest_table_count(SightDb *db, gint64 endpoint, gint64 *n_sessions, gint64 *n_digests, GError **error) {
  return number_of(db, SIGHT_SQL_SESSION_COUNT_ENDPOINT, endpoint, n_sessions, error) &&
         number_of(db, SIGHT_SQL_DIGEST_COUNT, endpoint, n_digests, error);
}

gboolean sight_digest_table_note(SightDb *db, gint64 session_row, gint64 endpoint, const SightDigest *digest,
                                 GError **error) {
  return put(db, session_row, endpoint, digest, 0, NULL, error);
}

gint64 sight_digest_table_arrival(SightDb *db, gint64 session_row, GError **error) {
  gint64 arrival = 0;

  return number_of(db, SIGHT_SQL_DIGEST_ARRIVAL, session_row, &arrival, error) ? arrival : -1;
}

GArray *sight_digest_table_unsent(SightDb *db, gint64 endpoint, int version, gint64 after_row, guint limit,
                                  GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_DIGEST_UNSENT, error);
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(gint64));
  SightStep step = SIGHT_STEP_FAILED;

  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 1, endpoint);
  sight_statement_bind_int(statement, 2, version);
  sight_statement_bind_int(statement, 3, after_row);
  sight_statement_bind_int(statement, 4, limit);
  while ((step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    gint64 row = sight_statement_int(statement, 0);
    g_array_append_val(rows, row);
  }
  return step == SIGHT_STEP_DONE ? g_steal_pointer(&rows) : NULL;
}

gboolean sight_digest_table_is_here(SightDb *db, gint64 session_row, gboolean *here, GError **error) {
  gint64 told = 0;

  if (!number_of(db, SIGHT_SQL_SESSION_IS_TOLD, session_row, &told, error))
    return FALSE;
  *here = told == 0;
  return TRUE;
}

gboolean sight_digest_table_forget(SightDb *db, gint64 endpoint, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_DIGEST_FORGET, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, endpoint);
  return sight_statement_run(statement, error);
}

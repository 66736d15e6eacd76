/* SPDX-License-Identifier: MIT */
/* Assets and who shows them. */
#include "sight-asset-table.h"

#include "sight-asset-row.h"
#include "sight-db.h"
#include "sight-text-table.h"

/* A recorder tells of what it brought within seconds. */
#define WAITS_AT_MOST_MS (10 * 60 * 1000)
/* Where so many wait, somebody brings what no session tells of. */
#define MAX_WAITING 500

typedef guint8 Hash[SIGHT_ASSET_HASH_BYTES];

static void read_hash(const char *digits, Hash hash) {
  for (int i = 0; i < SIGHT_ASSET_HASH_BYTES; i++)
    hash[i] =
        (guint8)(g_ascii_xdigit_value(digits[(gsize)2 * i]) << 4 | g_ascii_xdigit_value(digits[(gsize)2 * i + 1]));
}

/* With the hash as its second parameter, borrowed. */
static SightStatement *with_hash(SightDb *db, SightSql sql, gint64 owner, const Hash hash, GError **error) {
  SightStatement *statement = sight_db_statement(db, sql, error);

  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 1, owner);
  sight_statement_bind_blob(statement, 2, hash, SIGHT_ASSET_HASH_BYTES);
  return statement;
}

static SightStatement *with_row(SightDb *db, SightSql sql, gint64 row, GError **error) {
  SightStatement *statement = sight_db_statement(db, sql, error);

  if (statement != NULL)
    sight_statement_bind_int(statement, 1, row);
  return statement;
}

/* What is known of one; row 0: nothing. n_bytes 0: it has no content. */
typedef struct {
  gint64 row, n_bytes;
} Known;

static gboolean find(SightDb *db, SightSql sql, gint64 owner, const Hash hash, Known *known, GError **error) {
  g_autoptr(SightStatement) statement = with_hash(db, sql, owner, hash, error);
  SightStep step = statement != NULL ? sight_statement_step(statement, error) : SIGHT_STEP_FAILED;

  *known = (Known){0};
  if (step == SIGHT_STEP_ROW)
    *known = (Known){sight_statement_int(statement, 0), sight_statement_int(statement, 1)};
  return step != SIGHT_STEP_FAILED;
}

gboolean sight_asset_table_count(SightDb *db, gint64 session_row, SightAssetCount *count, GError **error) {
  g_autoptr(SightStatement) statement = with_row(db, SIGHT_SQL_ASSET_COUNT, session_row, error);
  SightStep step = statement != NULL ? sight_statement_step(statement, error) : SIGHT_STEP_FAILED;

  if (step == SIGHT_STEP_ROW)
    *count = (SightAssetCount){.n_kept = sight_statement_int(statement, 0),
                               .n_missing = sight_statement_int(statement, 1),
                               .n_bytes = sight_statement_int(statement, 2)};
  return step == SIGHT_STEP_ROW;
}

/* Bringing */

static gboolean drop_since(SightDb *db, gint64 before_ms, GError **error) {
  g_autoptr(SightStatement) statement = with_row(db, SIGHT_SQL_ASSET_DROP_WAITING, before_ms, error);

  if (statement == NULL || !sight_statement_run(statement, error))
    return FALSE;
  return sight_db_changes(db) == 0 || sight_text_table_mark_erased(db, error);
}

gboolean sight_asset_table_drop_waiting(SightDb *db, GError **error) {
  return drop_since(db, sight_db_now_ms() - WAITS_AT_MOST_MS, error);
}

gboolean sight_asset_row_forget_waiting(SightDb *db, GError **error) {
  return drop_since(db, G_MAXINT64, error);
}

static gboolean drop_most(SightDb *db, GError **error) {
  g_autoptr(SightStatement) statement = with_row(db, SIGHT_SQL_ASSET_DROP_MOST_WAITING, MAX_WAITING, error);
  return statement != NULL && sight_statement_run(statement, error);
}

static gboolean has_room(SightDb *db, gint64 row, gint64 bytes, gboolean *room, GError **error) {
  g_autoptr(SightStatement) statement = with_row(db, SIGHT_SQL_ASSET_NEWEST_SESSION, row, error);
  SightAssetCount count = {0};
  gint64 session = 0;

  if (statement == NULL || !sight_statement_run_int(statement, &session, 0, error) ||
      !sight_asset_table_count(db, session, &count, error))
    return FALSE;
  *room = count.n_bytes + bytes <= SIGHT_ASSETS_MAX_BYTES;
  return TRUE;
}

static gboolean store_content(SightDb *db, SightStatement *statement, const char *type, const void *content,
                              gsize bytes, GError **error) {
  sight_statement_bind_text(statement, 3, type);
  sight_statement_bind_int(statement, 4, (gint64)bytes);
  sight_statement_bind_blob(statement, 5, content, bytes);
  return sight_statement_run(statement, error) && drop_most(db, error);
}

SightAssetResult sight_asset_table_put(SightDb *db, gint64 endpoint, const char *hash, const char *type,
                                       const void *content, gsize bytes, GError **error) {
  Hash bare = {0};
  Known known = {0};
  gboolean room = TRUE;

  read_hash(hash, bare);
  if (!find(db, SIGHT_SQL_ASSET_FIND, endpoint, bare, &known, error))
    return SIGHT_ASSET_FAILED;
  if (known.n_bytes > 0)
    return SIGHT_ASSET_THERE;
  if (known.row != 0 && !has_room(db, known.row, (gint64)bytes, &room, error))
    return SIGHT_ASSET_FAILED;
  if (!room)
    return SIGHT_ASSET_FULL;
  g_autoptr(SightStatement) statement = with_hash(db, SIGHT_SQL_ASSET_PUT, endpoint, bare, error);
  if (statement == NULL)
    return SIGHT_ASSET_FAILED;
  sight_statement_bind_int(statement, 6, sight_db_now_ms());
  return store_content(db, statement, type, content, bytes, error) ? SIGHT_ASSET_STORED : SIGHT_ASSET_FAILED;
}

/* Telling */

static gboolean add_use(SightDb *db, gint64 session_row, gint64 asset, GError **error) {
  g_autoptr(SightStatement) use = with_row(db, SIGHT_SQL_ASSET_USE, session_row, error);
  g_autoptr(SightStatement) claim = with_row(db, SIGHT_SQL_ASSET_CLAIM, asset, error);

  if (use == NULL || claim == NULL)
    return FALSE;
  sight_statement_bind_int(use, 2, asset);
  return sight_statement_run(claim, error) && sight_statement_run(use, error);
}

static gboolean want(SightDb *db, gint64 session_row, const Hash hash, gint64 *row, GError **error) {
  g_autoptr(SightStatement) statement = with_hash(db, SIGHT_SQL_ASSET_WANT, session_row, hash, error);

  if (statement == NULL || !sight_statement_run(statement, error))
    return FALSE;
  *row = sight_db_last_row(db);
  return TRUE;
}

static gboolean note_one(SightDb *db, gint64 session_row, const char *digits, SightAssetCount *count, GError **error) {
  Hash hash = {0};
  Known known = {0};

  read_hash(digits, hash);
  if (!find(db, SIGHT_SQL_ASSET_FIND_FOR_SESSION, session_row, hash, &known, error))
    return FALSE;
  if (count->n_bytes + known.n_bytes > SIGHT_ASSETS_MAX_BYTES)
    return TRUE;
  if ((known.row == 0 && !want(db, session_row, hash, &known.row, error)) ||
      !add_use(db, session_row, known.row, error))
    return FALSE;
  if (sight_db_changes(db) > 0) {
    count->n_kept++;
    count->n_bytes += known.n_bytes;
  }
  return TRUE;
}

gboolean sight_asset_row_note(SightDb *db, gint64 session_row, const SightBatch *batch, GError **error) {
  SightAssetCount count = {0};

  if (batch->assets == NULL)
    return TRUE;
  if (!sight_asset_table_count(db, session_row, &count, error))
    return FALSE;
  for (guint i = 0; i < batch->assets->len && count.n_kept + count.n_missing < SIGHT_ASSETS_MAX; i++) {
    if (!note_one(db, session_row, batch->assets->pdata[i], &count, error))
      return FALSE;
  }
  return TRUE;
}

/* Asking */

gboolean sight_asset_table_has(SightDb *db, gint64 endpoint, const char *hash, gboolean *has, GError **error) {
  Hash bare = {0};
  Known known = {0};

  read_hash(hash, bare);
  gboolean found = find(db, SIGHT_SQL_ASSET_FIND, endpoint, bare, &known, error);
  *has = known.n_bytes > 0;
  return found;
}

gboolean sight_asset_table_get(SightDb *db, gint64 endpoint, const char *hash, char **type, GBytes **content,
                               GError **error) {
  Hash bare = {0};

  *type = NULL;
  *content = NULL;
  read_hash(hash, bare);
  g_autoptr(SightStatement) statement = with_hash(db, SIGHT_SQL_ASSET_GET, endpoint, bare, error);
  SightStep step = statement != NULL ? sight_statement_step(statement, error) : SIGHT_STEP_FAILED;
  if (step != SIGHT_STEP_ROW)
    return step == SIGHT_STEP_DONE;
  gsize bytes = 0;
  const void *data = sight_statement_blob(statement, 1, &bytes);
  g_autofree char *sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, data, bytes);
  if (g_str_equal(sum, hash)) {
    *type = sight_statement_dup_text(statement, 0);
    *content = g_bytes_new(data, bytes);
  }
  return TRUE;
}

GPtrArray *sight_asset_table_missing(SightDb *db, gint64 session_row, GError **error) {
  g_autoptr(SightStatement) statement = with_row(db, SIGHT_SQL_ASSET_MISSING, session_row, error);
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
  SightStep step = SIGHT_STEP_FAILED;

  while (statement != NULL && (step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW)
    g_ptr_array_add(list, sight_statement_dup_text(statement, 0));
  return step == SIGHT_STEP_DONE ? g_steal_pointer(&list) : NULL;
}

/* SPDX-License-Identifier: MIT */
#include "sight-store-check.h"

#include "sight-batch-table.h"
#include "sight-compress.h"
#include "sight-index-table.h"
#include "sight-schema.h"

#include <glib/gi18n-lib.h>
#include <unistd.h>

/* What no blob of ours expands to. */
#define MAX_EXPANDED (G_GINT64_CONSTANT(1) << 30)

static gboolean fail_damaged(SightDb *db, const char *how, GError **error) {
  db->damaged = TRUE;
  g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_DATABASE, how);
  return FALSE;
}

/* The quick check has erred: 3.40's takes a table without rowid whose key is in another order than its columns (as one
 * of schema 1 was) for one with NULLs. Only the whole check may condemn a file. */
static gboolean check_pages(SightDb *db, gboolean thorough, GError **error) {
  g_autofree char *found = NULL;

  if (!thorough) {
    found = sight_db_query_text(db, "SELECT * FROM pragma_quick_check(1)", error);
    if (found == NULL || g_str_equal(found, "ok"))
      return found != NULL;
    g_clear_pointer(&found, g_free);
  }
  found = sight_db_query_text(db, "SELECT * FROM pragma_integrity_check(1)", error);
  return found != NULL && (g_str_equal(found, "ok") || fail_damaged(db, found, error));
}

/* Each packed blob carries a checksum, or at least the size of what is in it. A batch without events is one that was
 * found damaged before. */
static gboolean check_blobs(SightDb *db, GError **error) {
  const char *sql = "SELECT events, n_bytes FROM batch WHERE block IS NULL AND length(events) > 0 "
                    "UNION ALL SELECT keyframe, keyframe_bytes FROM segment WHERE keyframe IS NOT NULL "
                    "UNION ALL SELECT tables, -1 FROM segment UNION ALL SELECT data, -1 FROM account";
  sqlite3_stmt *handle = NULL;
  gboolean sound = TRUE;
  int code = sqlite3_prepare_v2(db->handle, sql, -1, &handle, NULL);

  while (code == SQLITE_OK && sound && sqlite3_step(handle) == SQLITE_ROW) {
    gint64 n_bytes = sqlite3_column_int64(handle, 1);
    gsize most = (gsize)(n_bytes < 0 ? MAX_EXPANDED : n_bytes);
    const void *packed = sqlite3_column_blob(handle, 0);
    g_autoptr(GBytes) text = sight_zstd_expand(packed, (gsize)sqlite3_column_bytes(handle, 0), most, NULL);
    sound = text != NULL && (n_bytes < 0 || (gint64)g_bytes_get_size(text) == n_bytes);
  }
  if (sqlite3_finalize(handle) != SQLITE_OK || code != SQLITE_OK)
    return sight_db_fail(db, error);
  return sound || fail_damaged(db, _("a recording in it is damaged"), error);
}

static gboolean check_blocks(SightDb *db, GError **error) {
  g_autoptr(GArray) torn = g_array_new(FALSE, FALSE, sizeof(gint64));

  return sight_batch_table_find_torn(db, torn, error) &&
         (torn->len == 0 || fail_damaged(db, _("a recording in it is damaged"), error));
}

/* The index is made again with the rest of what is derived. */
static gboolean check_index(SightDb *db, GError **error) {
  g_autoptr(GError) why = NULL;

  return sight_index_table_check(db, &why) ||
         fail_damaged(db, why != NULL ? why->message : _("the index in it is damaged"), error);
}

gboolean sight_store_check(SightDb *db, gboolean thorough, GError **error) {
  if (!check_pages(db, thorough, error) || !sight_schema_verify(db, error))
    return FALSE;
  /* The first version had other tables. */
  gint64 version = thorough ? sight_db_query_int(db, "SELECT user_version FROM pragma_user_version", error) : 0;
  return version >= 0 && (version < 2 || (check_blobs(db, error) && check_blocks(db, error))) &&
         (version != sight_schema_version() || check_index(db, error));
}

gboolean sight_store_check_blames_file(const SightDb *db, const char *path) {
  switch (db->failure) {
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
  case SQLITE_ERROR:
  case SQLITE_SCHEMA:
  case SQLITE_TOOBIG:
  case SQLITE_CONSTRAINT:
  case SQLITE_MISMATCH:
    return TRUE;
  case SQLITE_READONLY:
    /* Its head says so; the system would let us write. */
    return access(path, W_OK) == 0;
  default:
    return FALSE;
  }
}

/* SPDX-License-Identifier: MIT */
/* Records of a damaged file that fit one of the tables that hold the truth. That a record belongs to a table is seen by
 * its columns. */
#include "sight-salvage-private.h"

#include "sight-asset-row.h"
#include "sight-compress.h"
#include "sight-text.h"

#include <string.h>

#define YEAR_2001_MS G_GINT64_CONSTANT(1000000000000)
/* Numbers beyond that are damage: rows are counted from 1, and the next must fit too. */
#define MAX_NUMBER (G_GINT64_CONSTANT(1) << 48)
#define PROOF_BYTES 32

typedef struct {
  const char *name;
  gboolean has_rowid;
  guint n_least; /* columns of the first version; later ones were added at the end */
} TableForm;

static const TableForm forms[SIGHT_N_TRUTHS] = {
    [SIGHT_TRUTH_ENDPOINT] = {"endpoint", TRUE, 8},    [SIGHT_TRUTH_ACCESS_KEY] = {"access_key", TRUE, 8},
    [SIGHT_TRUTH_ORIGIN] = {"origin", FALSE, 2},       [SIGHT_TRUTH_ANNOTATION] = {"annotation", FALSE, 12},
    [SIGHT_TRUTH_TOMBSTONE] = {"tombstone", FALSE, 4}, [SIGHT_TRUTH_BLOCK] = {"block", TRUE, 4},
    [SIGHT_TRUTH_SESSION] = {"session", TRUE, 32},     [SIGHT_TRUTH_ASSET] = {"asset", TRUE, 7},
    [SIGHT_TRUTH_OWNER] = {"owner", TRUE, 2},          [SIGHT_TRUTH_BATCH] = {"batch", TRUE, 11},
};

static gboolean learn_columns(SightSalvage *work, SightTruth name, GError **error) {
  SightSalvageTable *table = &work->tables[name];
  sqlite3_stmt *handle = NULL;
  int code = sqlite3_prepare_v2(work->db->handle, "SELECT name, type, \"notnull\", pk FROM pragma_table_info(?1)", -1,
                                &handle, NULL);

  if (code == SQLITE_OK)
    sqlite3_bind_text(handle, 1, forms[name].name, -1, SQLITE_STATIC);
  while (code == SQLITE_OK && sqlite3_step(handle) == SQLITE_ROW && table->n_columns < SIGHT_PAGE_MAX_VALUES) {
    SightSalvageColumn *column = &table->columns[table->n_columns++];
    column->name = g_strdup((const char *)sqlite3_column_text(handle, 0));
    column->type = *(const char *)sqlite3_column_text(handle, 1);
    column->not_null = sqlite3_column_int(handle, 2) != 0;
    column->is_id = column->type == 'T' && (g_str_equal(column->name, "session") || g_str_equal(column->name, "id") ||
                                            g_str_equal(column->name, "window"));
  }
  return sqlite3_finalize(handle) == SQLITE_OK && code == SQLITE_OK ? TRUE : sight_db_fail(work->db, error);
}

static char *dup_text(const SightPageValue *value) {
  return g_utf8_make_valid((const char *)value->data, (gssize)value->bytes);
}

static gboolean fits_column(const SightSalvageColumn *column, const SightPageValue *value) {
  switch (value->type) {
  case SIGHT_PAGE_NULL:
    return !column->not_null;
  case SIGHT_PAGE_INT:
    return column->type == 'I' || column->type == 'R';
  case SIGHT_PAGE_REAL:
    return column->type == 'R';
  case SIGHT_PAGE_BLOB:
    return column->type == 'B';
  case SIGHT_PAGE_TEXT:
    break;
  }
  if (column->type != 'T' || !column->is_id)
    return column->type == 'T';
  g_autofree char *id = dup_text(value);
  return strlen(id) == value->bytes && sight_id_is_valid(id);
}

static gboolean fits(const SightSalvageTable *table, const TableForm *form, const SightPageRecord *record) {
  if (record->has_rowid != form->has_rowid || record->n_values < form->n_least || record->n_values > table->n_columns)
    return FALSE;
  if (record->has_rowid && (record->rowid < 1 || record->rowid > MAX_NUMBER))
    return FALSE;
  /* The column that is the row's number is stored as nothing. */
  guint first = record->has_rowid ? 1 : 0;
  if (record->has_rowid && record->values[0].type != SIGHT_PAGE_NULL)
    return FALSE;
  for (guint i = first; i < record->n_values; i++) {
    if (!fits_column(&table->columns[i], &record->values[i]))
      return FALSE;
  }
  return TRUE;
}

static gboolean expands_to(const SightPageValue *packed, const SightPageValue *n_bytes) {
  g_autoptr(GBytes) text = sight_zstd_expand(packed->data, packed->bytes, (gsize)MAX(n_bytes->integer, 0), NULL);

  return text != NULL && (gint64)g_bytes_get_size(text) == n_bytes->integer;
}

static gboolean is_asset(const SightPageValue *values) {
  const SightPageValue *hash = &values[2], *type = &values[4], *content = &values[6];
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  guint8 digest[SIGHT_ASSET_HASH_BYTES];
  gsize bytes = sizeof digest;

  if (type->type != SIGHT_PAGE_TEXT || content->type != SIGHT_PAGE_BLOB || values[5].integer <= 0 ||
      values[5].integer != (gint64)content->bytes || hash->bytes != sizeof digest)
    return FALSE;
  g_checksum_update(sum, content->data, (gssize)content->bytes);
  g_checksum_get_digest(sum, digest, &bytes);
  return memcmp(hash->data, digest, sizeof digest) == 0;
}

/* Whether the row says what can be. Of a batch whose events are damaged all else is kept: they are shown as damaged,
 * and taken when they come again. */
static gboolean check_row(const SightSalvage *work, SightTruth name, SightPageRecord *record) {
  SightPageValue *values = record->values;

  switch (name) {
  case SIGHT_TRUTH_BLOCK:
    return expands_to(&values[3], &values[2]);
  case SIGHT_TRUTH_BATCH:
    if ((record->n_values <= 11 || values[11].type == SIGHT_PAGE_NULL) && !expands_to(&values[10], &values[9]))
      values[10].bytes = 0;
    return TRUE;
  case SIGHT_TRUTH_ASSET:
    /* One without content is made again by the session that tells of it. */
    return is_asset(values);
  case SIGHT_TRUTH_TOMBSTONE:
    /* Indexes of sessions by user and of batches look alike: there the last number is a row, and no time. */
    return values[3].integer > YEAR_2001_MS;
  case SIGHT_TRUTH_OWNER:
    /* What analysis tells of a session looks like it; but that is in caches only, this at collectors. */
    return work->role == SIGHT_STORE_COLLECTOR && values[1].bytes == PROOF_BYTES;
  case SIGHT_TRUTH_SESSION:
  case SIGHT_TRUTH_ENDPOINT:
  case SIGHT_TRUTH_ACCESS_KEY:
  case SIGHT_TRUTH_ORIGIN:
  case SIGHT_TRUTH_ANNOTATION:
  case SIGHT_N_TRUTHS:
    break;
  }
  return TRUE;
}

static gboolean prepare_insert(SightSalvage *work, SightTruth name, guint n_values, GError **error) {
  SightSalvageTable *table = &work->tables[name];
  g_autoptr(GString) sql = g_string_new("INSERT OR IGNORE INTO ");

  if (table->insert != NULL && table->n_values == n_values)
    return TRUE;
  sqlite3_finalize(table->insert);
  g_string_append(sql, forms[name].name);
  for (guint i = 0; i < n_values; i++)
    g_string_append_printf(sql, "%s\"%s\"", i == 0 ? " (" : ", ", table->columns[i].name);
  for (guint i = 0; i < n_values; i++)
    g_string_append(sql, i == 0 ? ") VALUES (?" : ", ?");
  g_string_append_c(sql, ')');
  table->n_values = n_values;
  return sqlite3_prepare_v2(work->db->handle, sql->str, -1, &table->insert, NULL) == SQLITE_OK ||
         sight_db_fail(work->db, error);
}

static void bind_value(sqlite3_stmt *insert, int n, const SightPageValue *value) {
  g_autofree char *text = NULL;

  switch (value->type) {
  case SIGHT_PAGE_NULL:
    sqlite3_bind_null(insert, n);
    break;
  case SIGHT_PAGE_INT:
    sqlite3_bind_int64(insert, n, value->integer);
    break;
  case SIGHT_PAGE_REAL:
    sqlite3_bind_double(insert, n, value->real);
    break;
  case SIGHT_PAGE_TEXT:
    text = dup_text(value);
    sqlite3_bind_text(insert, n, text, -1, SQLITE_TRANSIENT);
    break;
  case SIGHT_PAGE_BLOB:
    sqlite3_bind_blob64(insert, n, value->bytes > 0 ? (const void *)value->data : "", value->bytes, SQLITE_STATIC);
    break;
  }
}

static gboolean take_row(SightSalvage *work, SightTruth name, const SightPageRecord *record, GError **error) {
  SightSalvageTable *table = &work->tables[name];

  if (!prepare_insert(work, name, record->n_values, error))
    return FALSE;
  for (guint i = 0; i < record->n_values; i++)
    bind_value(table->insert, (int)i + 1, &record->values[i]);
  if (record->has_rowid)
    sqlite3_bind_int64(table->insert, 1, record->rowid);
  if (sqlite3_step(table->insert) != SQLITE_DONE)
    return sight_db_fail(work->db, error);
  return sqlite3_reset(table->insert) == SQLITE_OK;
}

/* The index of persons looks like the table of origins, and visitors choose what stands in it: see take_origins(). */
static gboolean note_origin(SightSalvage *work, const SightPageRecord *record, GError **error) {
  sqlite3_stmt *handle = NULL;
  g_autofree char *origin = dup_text(&record->values[1]);
  int code =
      sqlite3_prepare_v2(work->db->handle, "INSERT INTO temp.maybe_origin VALUES (?1, ?2, ?3)", -1, &handle, NULL);

  if (code == SQLITE_OK) {
    sqlite3_bind_int64(handle, 1, record->page);
    sqlite3_bind_int64(handle, 2, record->values[0].integer);
    sqlite3_bind_text(handle, 3, origin, -1, SQLITE_STATIC);
    sqlite3_step(handle);
  }
  code = sqlite3_finalize(handle);
  return code == SQLITE_OK ? TRUE : sight_db_fail(work->db, error);
}

static gboolean take_record(const SightPageRecord *tainted_record, gpointer user_data, GError **error) {
  SightSalvage *work = user_data;

  for (int i = 0; i < SIGHT_N_TRUTHS; i++) {
    if (!fits(&work->tables[i], &forms[i], tainted_record))
      continue;
    if (i == SIGHT_TRUTH_ORIGIN)
      return note_origin(work, tainted_record, error);
    SightPageRecord record = *tainted_record;
    return !check_row(work, (SightTruth)i, &record) || take_row(work, (SightTruth)i, &record, error);
  }
  return TRUE;
}

gboolean sight_salvage_take_rows(SightSalvage *work, SightPageFile *file, GError **error) {
  for (int i = 0; i < SIGHT_N_TRUTHS; i++) {
    if (!learn_columns(work, (SightTruth)i, error))
      return FALSE;
  }
  return sight_page_file_each(file, take_record, work, error);
}

void sight_salvage_end_rows(SightSalvage *work) {
  for (int i = 0; i < SIGHT_N_TRUTHS; i++) {
    g_clear_pointer(&work->tables[i].insert, sqlite3_finalize);
    for (guint c = 0; c < work->tables[i].n_columns; c++)
      g_clear_pointer(&work->tables[i].columns[c].name, g_free);
  }
}

/* SPDX-License-Identifier: MIT */
/* Salvage: the pages of the damaged file are read one by one, and each record that fits one of the tables that hold the
 * truth is put into a new database. No page is needed to find another, neither the schema nor what is above it in its
 * tree; that a record belongs to a table is seen by its columns. */
#include "sight-salvage.h"

#include "sight-asset-row.h"
#include "sight-batch-table.h"
#include "sight-compress.h"
#include "sight-db.h"
#include "sight-event-reader.h"
#include "sight-loss.h"
#include "sight-page-file.h"
#include "sight-person-table.h"
#include "sight-schema.h"
#include "sight-store-file.h"
#include "sight-text.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#define MAX_COLUMNS SIGHT_PAGE_MAX_VALUES
#define YEAR_2001_MS G_GINT64_CONSTANT(1000000000000)
/* Numbers beyond that are damage: rows are counted from 1, and the next must fit too. */
#define MAX_NUMBER (G_GINT64_CONSTANT(1) << 48)

typedef struct {
  char *name;
  char type; /* its first letter: INTEGER, REAL, TEXT, BLOB */
  gboolean not_null, is_id;
} Column;

typedef enum { ENDPOINT, ACCESS_KEY, ORIGIN, ANNOTATION, TOMBSTONE, ASSET, BLOCK, SESSION, BATCH, N_TABLES } TableName;

typedef struct {
  const char *name;
  gboolean has_rowid;
  guint n_least; /* columns of the first version; later ones were added at the end */
} TableForm;

static const TableForm forms[N_TABLES] = {
    [ENDPOINT] = {"endpoint", TRUE, 8},       [ACCESS_KEY] = {"access_key", TRUE, 8}, [ORIGIN] = {"origin", FALSE, 2},
    [ANNOTATION] = {"annotation", FALSE, 12}, [TOMBSTONE] = {"tombstone", FALSE, 4},  [BLOCK] = {"block", TRUE, 4},
    [SESSION] = {"session", TRUE, 32},        [BATCH] = {"batch", TRUE, 11},          [ASSET] = {"asset", TRUE, 7},
};

typedef struct {
  Column columns[MAX_COLUMNS];
  guint n_columns;
  sqlite3_stmt *insert; /* of so many values: */
  guint n_values;
  gint64 n_taken;
} Table;

/* Entries of one page of an index: what index it is of is seen by how many of them stand in the table. */
typedef struct {
  guint32 page;
  GArray *entries; /* of Entry */
} IndexPage;

typedef struct {
  gint64 endpoint, row;
  char *id;
} Entry;

typedef struct {
  SightDb *db;
  Table tables[N_TABLES];
  IndexPage sessions, annotations;
  GPtrArray *lost;   /* ids of sessions of which nothing is left */
  GPtrArray *gapped; /* of which something is missing */
  gulong n_lost_annotations, n_nameless;
} Salvage;

static void entry_clear(gpointer data) {
  g_free(((Entry *)data)->id);
}

/* Statements go before their connection. */
static void salvage_close(Salvage *work) {
  for (int i = 0; i < N_TABLES; i++)
    g_clear_pointer(&work->tables[i].insert, sqlite3_finalize);
  g_clear_pointer(&work->db, sight_db_close);
}

static void salvage_clear(Salvage *work) {
  salvage_close(work);
  for (int i = 0; i < N_TABLES; i++) {
    for (guint c = 0; c < work->tables[i].n_columns; c++)
      g_free(work->tables[i].columns[c].name);
  }
  g_array_unref(work->sessions.entries);
  g_array_unref(work->annotations.entries);
  g_ptr_array_unref(work->lost);
  g_ptr_array_unref(work->gapped);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Salvage, salvage_clear)

static void salvage_init(Salvage *work) {
  IndexPage *const pages[] = {&work->sessions, &work->annotations};

  for (guint i = 0; i < G_N_ELEMENTS(pages); i++) {
    pages[i]->entries = g_array_new(FALSE, FALSE, sizeof(Entry));
    g_array_set_clear_func(pages[i]->entries, entry_clear);
  }
  work->lost = g_ptr_array_new_with_free_func(g_free);
  work->gapped = g_ptr_array_new_with_free_func(g_free);
}

/* Rows */

static gboolean learn_columns(Salvage *work, TableName name, GError **error) {
  Table *table = &work->tables[name];
  sqlite3_stmt *handle = NULL;
  int code = sqlite3_prepare_v2(work->db->handle, "SELECT name, type, \"notnull\", pk FROM pragma_table_info(?1)", -1,
                                &handle, NULL);

  if (code == SQLITE_OK)
    sqlite3_bind_text(handle, 1, forms[name].name, -1, SQLITE_STATIC);
  while (code == SQLITE_OK && sqlite3_step(handle) == SQLITE_ROW && table->n_columns < MAX_COLUMNS) {
    Column *column = &table->columns[table->n_columns++];
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

static gboolean fits_column(const Column *column, const SightPageValue *value) {
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

static gboolean fits(const Table *table, const TableForm *form, const SightPageRecord *record) {
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
static gboolean check_row(TableName name, SightPageRecord *record) {
  SightPageValue *values = record->values;

  switch (name) {
  case BLOCK:
    return expands_to(&values[3], &values[2]);
  case BATCH:
    if ((record->n_values <= 11 || values[11].type == SIGHT_PAGE_NULL) && !expands_to(&values[10], &values[9]))
      values[10].bytes = 0;
    return TRUE;
  case ASSET:
    /* One without content is made again by the session that tells of it. */
    return is_asset(values);
  case TOMBSTONE:
    /* Indexes of sessions by user and of batches look alike: there the last number is a row, and no time. */
    return values[3].integer > YEAR_2001_MS;
  case SESSION:
  case ENDPOINT:
  case ACCESS_KEY:
  case ORIGIN:
  case ANNOTATION:
  case N_TABLES:
    break;
  }
  return TRUE;
}

static gboolean prepare_insert(Salvage *work, TableName name, guint n_values, GError **error) {
  Table *table = &work->tables[name];
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

static gboolean take_row(Salvage *work, TableName name, const SightPageRecord *record, GError **error) {
  Table *table = &work->tables[name];

  if (!prepare_insert(work, name, record->n_values, error))
    return FALSE;
  for (guint i = 0; i < record->n_values; i++)
    bind_value(table->insert, (int)i + 1, &record->values[i]);
  if (record->has_rowid)
    sqlite3_bind_int64(table->insert, 1, record->rowid);
  if (sqlite3_step(table->insert) != SQLITE_DONE)
    return sight_db_fail(work->db, error);
  table->n_taken += sight_db_changes(work->db);
  return sqlite3_reset(table->insert) == SQLITE_OK;
}

/* The index of persons looks like the table of origins, and visitors choose what stands in it: see take_origins(). */
static gboolean note_origin(Salvage *work, const SightPageRecord *record, GError **error) {
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
  Salvage *work = user_data;

  for (int i = 0; i < N_TABLES; i++) {
    if (!fits(&work->tables[i], &forms[i], tainted_record))
      continue;
    if (i == ORIGIN)
      return note_origin(work, tainted_record, error);
    SightPageRecord record = *tainted_record;
    return !check_row((TableName)i, &record) || take_row(work, (TableName)i, &record, error);
  }
  return TRUE;
}

/* Indexes: they still name rows whose own page is lost. */

/* 1: endpoint, 2: id, 3: row. A session whose batches were all lost is in `gone`. */
static const char find_session[] =
    "SELECT EXISTS (SELECT 1 FROM session WHERE row = ?3 AND endpoint = ?1 AND "
    "session = ?2) OR EXISTS (SELECT 1 FROM temp.gone WHERE endpoint = ?1 AND session = ?2)";
static const char find_annotation[] = "SELECT EXISTS (SELECT 1 FROM annotation WHERE endpoint = ?1 AND id = ?2)";
static const char has_batches[] = "SELECT EXISTS (SELECT 1 FROM batch WHERE batch.session = ?3) AND NOT EXISTS "
                                  "(SELECT 1 FROM session WHERE row = ?3) AND ?1 > 0 AND ?2 <> ''";
/* How many batches it had is lost: that it lost parts is told. */
static const char restore_session[] =
    "INSERT OR IGNORE INTO session (row, endpoint, session, revision, last_arrival, received_ms, started_ms, "
    "arrived_ms, n_batches, n_bytes, n_events, flags) "
    "SELECT ?3, ?1, ?2, 0, 0, max(received_ms), min(first_ms), min(received_ms), 1 << 48, 0, 0, 0 FROM batch "
    "WHERE batch.session = ?3";

static gboolean ask_entry(Salvage *work, const char *sql, const Entry *entry, gboolean *answer, GError **error) {
  sqlite3_stmt *handle = NULL;
  int code = sqlite3_prepare_v2(work->db->handle, sql, -1, &handle, NULL);

  if (code == SQLITE_OK) {
    sqlite3_bind_int64(handle, 1, entry->endpoint);
    sqlite3_bind_text(handle, 2, entry->id, -1, SQLITE_STATIC);
    if (sqlite3_bind_parameter_count(handle) > 2)
      sqlite3_bind_int64(handle, 3, entry->row);
    code = sqlite3_step(handle);
    *answer = code == SQLITE_ROW && sqlite3_column_int(handle, 0) != 0;
  }
  code = sqlite3_finalize(handle);
  return code == SQLITE_OK ? TRUE : sight_db_fail(work->db, error);
}

static gboolean miss_session(Salvage *work, const Entry *entry, GError **error) {
  gboolean orphaned = FALSE, unused = FALSE;

  if (!ask_entry(work, has_batches, entry, &orphaned, error))
    return FALSE;
  if (orphaned)
    return ask_entry(work, restore_session, entry, &unused, error);
  g_ptr_array_add(work->lost, g_strdup(entry->id));
  return TRUE;
}

/* Where at least half of the entries stand in the table, the others did too. */
static gboolean end_index_page(Salvage *work, IndexPage *page, const char *find, GError **error) {
  g_autoptr(GArray) missing = g_array_new(FALSE, FALSE, sizeof(guint));
  gboolean found = FALSE;

  for (guint i = 0; i < page->entries->len; i++) {
    if (!ask_entry(work, find, &g_array_index(page->entries, Entry, i), &found, error))
      return FALSE;
    if (!found)
      g_array_append_val(missing, i);
  }
  gboolean right = missing->len * 2 <= page->entries->len;
  for (guint i = 0; right && i < missing->len; i++) {
    const Entry *entry = &g_array_index(page->entries, Entry, g_array_index(missing, guint, i));
    if (page == &work->annotations)
      work->n_lost_annotations++;
    else if (!miss_session(work, entry, error))
      return FALSE;
  }
  g_array_set_size(page->entries, 0);
  return TRUE;
}

static gboolean take_entry(const SightPageRecord *tainted_record, gpointer user_data, GError **error) {
  Salvage *work = user_data;
  const SightPageValue *values = tainted_record->values;

  if (tainted_record->has_rowid || tainted_record->n_values != 3 || values[0].type != SIGHT_PAGE_INT)
    return TRUE;
  gboolean of_session = values[1].type == SIGHT_PAGE_TEXT && values[2].type == SIGHT_PAGE_INT;
  if (!of_session && (values[1].type != SIGHT_PAGE_INT || values[2].type != SIGHT_PAGE_TEXT))
    return TRUE;
  IndexPage *page = of_session ? &work->sessions : &work->annotations;
  Entry entry = {values[0].integer, of_session ? values[2].integer : 0, dup_text(&values[of_session ? 1 : 2])};
  if (!sight_id_is_valid(entry.id)) {
    g_free(entry.id);
    return TRUE;
  }
  if (page->page != tainted_record->page &&
      !end_index_page(work, page, of_session ? find_session : find_annotation, error)) {
    g_free(entry.id);
    return FALSE;
  }
  page->page = tainted_record->page;
  g_array_append_val(page->entries, entry);
  return TRUE;
}

static gboolean read_indexes(Salvage *work, SightPageFile *file, GError **error) {
  return sight_page_file_each(file, take_entry, work, error) &&
         end_index_page(work, &work->sessions, find_session, error) &&
         end_index_page(work, &work->annotations, find_annotation, error);
}

/* Making it one whole */

#define IS_WHOLE "(b.block IS NOT NULL OR length(b.events) > 0)"
#define OF_SESSION "FROM batch b WHERE b.session = session.row"

static const char without_batches[] =
    "DELETE FROM endpoint WHERE kind NOT IN ('files', 'collector', 'project');"
    "UPDATE batch SET block = NULL, block_start = 0, events = x'' WHERE block IS NOT NULL AND NOT EXISTS "
    "(SELECT 1 FROM block k WHERE k.row = batch.block AND k.session = batch.session);"
    /* What was erased does not come back. */
    "DELETE FROM session WHERE EXISTS (SELECT 1 FROM tombstone t WHERE t.endpoint = session.endpoint "
    "AND t.session = session.session);"
    "CREATE TEMP TABLE gone (endpoint INTEGER, session TEXT, PRIMARY KEY (endpoint, session)) WITHOUT ROWID;"
    "INSERT OR IGNORE INTO temp.gone SELECT endpoint, session FROM session "
    "WHERE NOT EXISTS (SELECT 1 " OF_SESSION ");"
    "DELETE FROM session WHERE NOT EXISTS (SELECT 1 " OF_SESSION ");";

static const char count_lost[] =
    "DELETE FROM temp.gone WHERE EXISTS (SELECT 1 FROM session s WHERE s.endpoint = gone.endpoint "
    "AND s.session = gone.session);"
    "CREATE TEMP TABLE nameless AS SELECT DISTINCT session FROM batch WHERE session NOT IN (SELECT row FROM session);"
    "DELETE FROM batch WHERE session NOT IN (SELECT row FROM session);"
    "DELETE FROM block WHERE session NOT IN (SELECT row FROM session);"
    "CREATE TEMP TABLE gapped AS SELECT row, session, n_batches > (SELECT count(*) " OF_SESSION ") AS missing "
    "FROM session WHERE n_batches > (SELECT count(*) " OF_SESSION " AND " IS_WHOLE ");";

/* All that analysis fills waits for it, and what is counted is counted anew. Sync begins anew and brings again what was
 * lost; what is here already is stored once. The flags: SEEN stays, LAST_OF_USER until analysis knows, TAGGED,
 * LOST_PARTS. */
static const char tidy[] =
    "UPDATE session SET ruleset = 0, version = 0, entry_page = 0, exit_page = 0, user = NULL, notice = NULL, "
    "duration_ms = 0, friction = 0, n_signals = 0, n_errors = 0, activity = NULL, marks = NULL, "
    "revision = iif(revision BETWEEN 0 AND 1 << 48, revision, 0), "
    "flags = (flags & (524288 | 16777216)) | 2097152 | iif(EXISTS (SELECT 1 FROM annotation a WHERE a.endpoint = "
    "session.endpoint "
    "AND a.session = session.session AND a.kind = 'tag' AND NOT a.deleted), 4194304, 0) | iif(row IN (SELECT row FROM "
    "temp.gapped), 16777216, 0), "
    "last_arrival = (SELECT max(arrival) " OF_SESSION "), "
    "n_batches = (SELECT count(*) " OF_SESSION " AND " IS_WHOLE "), "
    "n_bytes = (SELECT coalesce(sum(b.n_bytes), 0) " OF_SESSION " AND " IS_WHOLE "), "
    "n_events = (SELECT coalesce(sum(b.n_events), 0) " OF_SESSION " AND " IS_WHOLE ");"
    "UPDATE annotation SET revision = 0 WHERE revision NOT BETWEEN 0 AND 1 << 48;"
    "UPDATE endpoint SET cursor = NULL, annotation_cursor = NULL;"
    "UPDATE counter SET value = 1 + max(value, (SELECT coalesce(max(revision), 0) FROM session), "
    "(SELECT coalesce(max(revision), 0) FROM annotation), (SELECT coalesce(max(revision), 0) FROM tombstone)) "
    "WHERE name = 'revision';";

static gboolean run(Salvage *work, const char *sql, const char *text, const char *other, GError **error) {
  sqlite3_stmt *handle = NULL;
  int code = sqlite3_prepare_v2(work->db->handle, sql, -1, &handle, NULL);

  if (code == SQLITE_OK) {
    sqlite3_bind_text(handle, 1, text, -1, SQLITE_STATIC);
    sqlite3_bind_text(handle, 2, other, -1, SQLITE_STATIC);
    sqlite3_step(handle);
  }
  code = sqlite3_finalize(handle);
  return code == SQLITE_OK ? TRUE : sight_db_fail(work->db, error);
}

/* Sessions and tags of an endpoint whose own row is lost stay together: in a cache as files, which nobody syncs with.
 */
static gboolean stand_in_for_endpoints(Salvage *work, SightStoreRole role, GError **error) {
  gboolean cache = role == SIGHT_STORE_CACHE;

  if (cache &&
      !run(work, "INSERT OR IGNORE INTO endpoint (row, kind, name) VALUES (1, ?2, ?1)", _("Files"), "files", error))
    return FALSE;
  return run(work,
             "INSERT INTO endpoint (row, kind, name) SELECT endpoint, ?2, ?1 || ' ' || endpoint FROM "
             "(SELECT endpoint FROM session UNION SELECT endpoint FROM annotation UNION SELECT endpoint FROM tombstone "
             "UNION SELECT project FROM access_key) "
             "WHERE endpoint > 0 AND endpoint NOT IN (SELECT row FROM endpoint)",
             _("Recovered"), cache ? "files" : "project", error);
}

static gboolean list(Salvage *work, const char *sql, GPtrArray *ids, GError **error) {
  sqlite3_stmt *handle = NULL;
  int code = sqlite3_prepare_v2(work->db->handle, sql, -1, &handle, NULL);

  while (code == SQLITE_OK && sqlite3_step(handle) == SQLITE_ROW)
    g_ptr_array_add(ids, g_strdup((const char *)sqlite3_column_text(handle, 0)));
  code = sqlite3_finalize(handle);
  return code == SQLITE_OK ? TRUE : sight_db_fail(work->db, error);
}

typedef struct {
  SightDb *db;
  gint64 row;
} Noting;

/* What a batch tells stands beside it only while it arrives. */
typedef struct {
  SightUsers users;
  SightAssets assets;
} Told;

static gboolean hear(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  Told *told = user_data;

  sight_users_note(&told->users, event);
  sight_assets_note(&told->assets, event);
  return TRUE;
}

static gboolean note_told_by(const SightStoredBatch *stored, gpointer user_data, GError **error) {
  Noting *noting = user_data;
  SightBatch batch = stored->batch;
  Told told = {0};

  sight_event_read_bytes(batch.events, batch.events_bytes, NULL, hear, &told, NULL, NULL);
  batch.users = told.users.list;
  batch.assets = told.assets.list;
  gboolean noted = sight_person_table_note(noting->db, noting->row, &batch, error) &&
                   sight_asset_row_note(noting->db, noting->row, &batch, error);
  sight_users_clear(&told.users);
  sight_assets_clear(&told.assets);
  return noted;
}

/* 0: there is none after it; -1 on error. */
static gint64 next_session(SightDb *db, gint64 row, GError **error) {
  g_autofree char *sql =
      g_strdup_printf("SELECT coalesce(min(row), 0) FROM session WHERE row > %" G_GINT64_FORMAT, row);
  return sight_db_query_int(db, sql, error);
}

static gboolean note_told(Salvage *work, GError **error) {
  Noting noting = {.db = work->db};

  while ((noting.row = next_session(work->db, noting.row, error)) > 0) {
    if (!sight_batch_table_each(work->db, noting.row, NULL, 0, 0, note_told_by, &noting, NULL, error))
      return FALSE;
  }
  return noting.row == 0;
}

static gulong count(Salvage *work, const char *sql) {
  return (gulong)MAX(sight_db_query_int(work->db, sql, NULL), 0);
}

static const char drop_unused_assets[] = "DELETE FROM asset WHERE row NOT IN (SELECT asset FROM asset_use)";

/* A page on which one entry is a person of a session is no page of origins. */
static const char take_origins[] =
    "INSERT OR IGNORE INTO origin SELECT project, origin FROM temp.maybe_origin m "
    "WHERE (origin = '*' OR origin LIKE '%://%') AND project IN (SELECT row FROM endpoint WHERE kind = 'project') "
    "AND NOT EXISTS (SELECT 1 FROM temp.maybe_origin o JOIN person p ON p.session = o.project AND p.user = o.origin "
    "WHERE o.page = m.page)";

static gboolean make_whole(Salvage *work, SightPageFile *file, SightStoreRole role, GError **error) {
  SightDb *db = work->db;

  if (!sight_db_exec(db, without_batches, error) || !read_indexes(work, file, error) ||
      !sight_db_exec(db, count_lost, error))
    return FALSE;
  /* Where the same recording is imported again, that says so in its place. */
  if (!run(work,
           "UPDATE session SET source_notice = coalesce(source_notice || ' ', '') || ?1 WHERE row IN "
           "(SELECT row FROM temp.gapped WHERE missing) AND endpoint IN (SELECT row FROM endpoint WHERE kind = ?2)",
           _("Parts of this recording were lost when the store was damaged."), "files", error))
    return FALSE;
  work->n_nameless = count(work, "SELECT count(*) FROM temp.nameless");
  return list(work, "SELECT session FROM temp.gone", work->lost, error) &&
         list(work, "SELECT session FROM temp.gapped", work->gapped, error) && sight_db_exec(db, tidy, error) &&
         stand_in_for_endpoints(work, role, error) && note_told(work, error) &&
         sight_db_exec(db, drop_unused_assets, error) && sight_db_exec(db, take_origins, error);
}

static gboolean take_over(Salvage *work, SightPageFile *file, SightStoreRole role, GError **error) {
  for (int i = 0; i < N_TABLES; i++) {
    if (!learn_columns(work, (TableName)i, error))
      return FALSE;
  }
  return sight_db_exec(work->db, "BEGIN; CREATE TEMP TABLE maybe_origin (page, project, origin)", error) &&
         sight_page_file_each(file, take_record, work, error) && make_whole(work, file, role, error) &&
         sight_db_exec(work->db, "COMMIT", error);
}

/* What is told */

/* Takes over the line. */
static void tell(GString *word, gint64 n, char *line) {
  if (n > 0)
    g_string_append_printf(word, "\n• %s", line);
  g_free(line);
}

static void tell_ids(GString *word, const char *title, GPtrArray *ids) {
  if (ids->len > 0)
    g_string_append_printf(word, "\n%s:", title);
  for (guint i = 0; i < ids->len; i++)
    g_string_append_printf(word, " %s", (const char *)ids->pdata[i]);
}

/* First what people are shown, then, after an empty line, every id. */
static char *word_of(Salvage *work, const char *why, const char *aside) {
  GString *word = g_string_new(NULL);
  gulong n_kept = count(work, "SELECT count(*) FROM session"), n_lost = work->lost->len + work->n_nameless;
  gulong n_gapped = work->gapped->len, n_notes = work->n_lost_annotations;
  gulong n_endpoints = count(work, "SELECT count(*) FROM endpoint WHERE url IS NULL AND name LIKE '% ' || row");

  g_string_append_printf(word, _("The store was damaged (%s). It was set aside as %s; what could be read is here."),
                         why, aside);
  tell(word, n_kept,
       g_strdup_printf(ngettext("%lu recording was taken over.", "%lu recordings were taken over.", n_kept), n_kept));
  tell(word, n_lost, g_strdup_printf(ngettext("%lu recording was lost.", "%lu recordings were lost.", n_lost), n_lost));
  tell(word, n_gapped,
       g_strdup_printf(ngettext("%lu recording lost parts.", "%lu recordings lost parts.", n_gapped), n_gapped));
  tell(word, n_notes,
       g_strdup_printf(ngettext("%lu tag or setting was lost.", "%lu tags or settings were lost.", n_notes), n_notes));
  tell(word, n_endpoints,
       g_strdup_printf(ngettext("%lu endpoint lost its name and address.",
                                "%lu endpoints lost their names and addresses.", n_endpoints),
                       n_endpoints));
  g_string_append_printf(
      word, "\n%s",
      _("What was lost of an endpoint comes again with the next sync, as far as it is still there; what was lost of "
        "an imported file when it is imported again."));
  if (work->lost->len + work->gapped->len > 0)
    g_string_append_c(word, '\n');
  tell_ids(word, _("Lost"), work->lost);
  tell_ids(word, _("Lost parts"), work->gapped);
  return g_string_free(word, FALSE);
}

/* Files */

static gboolean put_in_place(const char *from, const char *to, GError **error) {
  if (g_rename(from, to) == 0)
    return TRUE;
  g_set_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_OPEN, _("“%s” cannot be renamed to “%s”: %s"), from, to,
              g_strerror(errno));
  return FALSE;
}

gboolean sight_salvage_finish(const char *database_path, GError **error) {
  g_autofree char *done = g_strconcat(database_path, ".salvaged", NULL);

  return g_file_test(database_path, G_FILE_TEST_EXISTS) || !g_file_test(done, G_FILE_TEST_EXISTS) ||
         put_in_place(done, database_path, error);
}

static gboolean begin_new(Salvage *work, const char *path, SightStoreRole role, GError **error) {
  const char *setup = role == SIGHT_STORE_CACHE ? "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA synchronous = FULL"
                                                : "PRAGMA synchronous = FULL";

  /* One that was cut off. */
  g_unlink(path);
  work->db = sight_db_open(path, SIGHT_DB_WRITE, error);
  return work->db != NULL && sight_db_exec(work->db, setup, error) && sight_schema_migrate(work->db, error);
}

char *sight_salvage(const char *database_path, SightStoreRole role, const char *why, GError **error) {
  g_autofree char *unfinished = g_strconcat(database_path, ".salvage", NULL);
  g_autofree char *done = g_strconcat(database_path, ".salvaged", NULL);
  g_autofree char *aside = sight_store_file_name_aside(database_path);
  g_autoptr(SightPageFile) file = sight_page_file_open(database_path, error);
  g_auto(Salvage) work = {0};

  salvage_init(&work);
  if (file == NULL || !begin_new(&work, unfinished, role, error) || !take_over(&work, file, role, error))
    return NULL;
  g_autofree char *word = word_of(&work, why, aside);
  salvage_close(&work);
  if (!sight_loss_note(database_path, word, error) || !put_in_place(unfinished, done, error) ||
      !sight_store_file_set_aside(database_path, aside, error) || !put_in_place(done, database_path, error))
    return NULL;
  return g_steal_pointer(&aside);
}

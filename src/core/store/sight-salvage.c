/* SPDX-License-Identifier: MIT */
/* Salvage: the pages of the damaged file are read one by one, and each record that fits one of the tables that hold the
 * truth is put into a new database (sight-salvage-rows.c). No page is needed to find another, neither the schema nor
 * what is above it in its tree. What indexes name besides was there too (sight-salvage-index.c). */
#include "sight-salvage.h"

#include "sight-asset-row.h"
#include "sight-batch-table.h"
#include "sight-event-reader.h"
#include "sight-loss.h"
#include "sight-person-table.h"
#include "sight-salvage-private.h"
#include "sight-schema.h"
#include "sight-store-file.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

static void salvage_close(SightSalvage *work) {
  sight_salvage_end_rows(work);
  g_clear_pointer(&work->db, sight_db_close);
}

static void salvage_clear(SightSalvage *work) {
  salvage_close(work);
  g_ptr_array_unref(work->lost);
  g_ptr_array_unref(work->gapped);
  g_hash_table_unref(work->lost_rows);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SightSalvage, salvage_clear)

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
    "DELETE FROM owner WHERE session NOT IN (SELECT row FROM session);"
    "CREATE TEMP TABLE gapped AS SELECT row, session, row IN (SELECT row FROM temp.doubted) OR "
    "n_batches > (SELECT count(*) " OF_SESSION ") AS missing FROM session WHERE "
    "n_batches > (SELECT count(*) " OF_SESSION " AND " IS_WHOLE ") OR row IN (SELECT row FROM temp.doubted);";

/* All that analysis fills waits for it, and what is counted is counted anew. Sync begins anew and brings again what was
 * lost; what is here already is stored once. The flags: SEEN stays, TAGGED, LOST_PARTS. */
static const char tidy[] =
    "UPDATE session SET ruleset = 0, version = 0, entry_page = 0, exit_page = 0, user = NULL, notice = NULL, "
    "duration_ms = 0, friction = 0, n_signals = 0, n_errors = 0, activity = NULL, marks = NULL, "
    "revision = iif(revision BETWEEN 0 AND 1 << 48, revision, 0), "
    "flags = (flags & (524288 | 16777216)) | iif(EXISTS (SELECT 1 FROM annotation a WHERE a.endpoint = "
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

static gboolean run(SightSalvage *work, const char *sql, const char *text, const char *other, GError **error) {
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
static gboolean stand_in_for_endpoints(SightSalvage *work, GError **error) {
  gboolean cache = work->role == SIGHT_STORE_CACHE;

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

static gboolean list(SightSalvage *work, const char *sql, GPtrArray *ids, GError **error) {
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

static gboolean note_told(SightSalvage *work, GError **error) {
  Noting noting = {.db = work->db};

  while ((noting.row = next_session(work->db, noting.row, error)) > 0) {
    if (!sight_batch_table_each(work->db, noting.row, NULL, 0, 0, note_told_by, &noting, NULL, error))
      return FALSE;
  }
  return noting.row == 0;
}

/* What their rows say of them is not what stands in the block. */
static gboolean empty_torn(SightSalvage *work, GError **error) {
  g_autoptr(GArray) torn = g_array_new(FALSE, FALSE, sizeof(gint64));

  if (!sight_batch_table_find_torn(work->db, torn, error))
    return FALSE;
  for (guint i = 0; i < torn->len; i++) {
    g_autofree char *sql = g_strdup_printf("UPDATE batch SET block = NULL, block_start = 0, events = x'' "
                                           "WHERE arrival = %" G_GINT64_FORMAT,
                                           g_array_index(torn, gint64, i));
    if (!sight_db_exec(work->db, sql, error))
      return FALSE;
  }
  return TRUE;
}

static gulong count(SightSalvage *work, const char *sql) {
  return (gulong)MAX(sight_db_query_int(work->db, sql, NULL), 0);
}

static const char drop_unused_assets[] = "DELETE FROM asset WHERE row NOT IN (SELECT asset FROM asset_use)";

/* A page on which one entry is a person of a session is no page of origins. */
static const char take_origins[] =
    "INSERT OR IGNORE INTO origin SELECT project, origin FROM temp.maybe_origin m "
    "WHERE (origin = '*' OR origin LIKE '%://%') AND project IN (SELECT row FROM endpoint WHERE kind = 'project') "
    "AND NOT EXISTS (SELECT 1 FROM temp.maybe_origin o JOIN person p ON p.session = o.project AND p.user = o.origin "
    "WHERE o.page = m.page)";

static gboolean make_whole(SightSalvage *work, SightPageFile *file, GError **error) {
  SightDb *db = work->db;

  if (!sight_db_exec(db, without_batches, error) || !empty_torn(work, error) ||
      !sight_salvage_read_indexes(work, file, error) || !sight_db_exec(db, count_lost, error))
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
         stand_in_for_endpoints(work, error) && note_told(work, error) &&
         sight_db_exec(db, drop_unused_assets, error) && sight_db_exec(db, take_origins, error);
}

static gboolean take_over(SightSalvage *work, SightPageFile *file, GError **error) {
  return sight_db_exec(work->db,
                       "BEGIN; CREATE TEMP TABLE maybe_origin (page, project, origin); "
                       "CREATE TEMP TABLE doubted (row INTEGER PRIMARY KEY)",
                       error) &&
         sight_salvage_take_rows(work, file, error) && make_whole(work, file, error) &&
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
static char *word_of(SightSalvage *work, const char *why, const char *aside) {
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

  if (g_file_test(database_path, G_FILE_TEST_EXISTS) || !g_file_test(done, G_FILE_TEST_EXISTS))
    return TRUE;
  /* A log that stayed behind would be played into the new one. */
  g_autofree char *aside = sight_store_file_name_aside(database_path);
  return sight_store_file_set_aside(database_path, aside, error) && put_in_place(done, database_path, error);
}

static gboolean begin_new(SightSalvage *work, const char *path, GError **error) {
  const char *setup = work->role == SIGHT_STORE_CACHE ? "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA synchronous = FULL"
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
  g_auto(SightSalvage) work = {.role = role,
                               .lost = g_ptr_array_new_with_free_func(g_free),
                               .gapped = g_ptr_array_new_with_free_func(g_free),
                               .lost_rows = g_hash_table_new(NULL, NULL)};

  if (file == NULL || !begin_new(&work, unfinished, error) || !take_over(&work, file, error))
    return NULL;
  g_autofree char *word = word_of(&work, why, aside);
  salvage_close(&work);
  if (!sight_loss_note(database_path, word, error) || !put_in_place(unfinished, done, error) ||
      !sight_store_file_set_aside(database_path, aside, error) || !put_in_place(done, database_path, error))
    return NULL;
  return g_steal_pointer(&aside);
}

/* SPDX-License-Identifier: MIT */
/* Copies of a cache are damaged at random: flipped bits, cut, emptied, without their log. Whatever is done to it, the
 * store opens; each session whose own pages are sound can be read as before; of every other one the loss is told. Which
 * pages are a session's own is asked of SQLite (dbstat) before. The seed is g_test's: --seed. 20 copies, or 500 with
 * SIGHT_TEST_FULL. */
#include "sight-block-table.h"
#include "sight-db.h"
#include "sight-schema.h"
#include "store-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#define N_SESSIONS 120
#define PAGE 4096
#define ENDPOINT_URL "https://replay.example.com"

typedef enum { FLIPPED, CUT, EMPTIED, WITHOUT_LOG, LOG_FLIPPED, N_KINDS } Kind;
static const char *const kind_names[N_KINDS] = {"flipped", "cut", "emptied", "without log", "log flipped"};

typedef struct {
  char *id;
  gint64 row, endpoint;
  GString *text;   /* of all its batches */
  GHashTable *own; /* pages */
} Session;

typedef struct {
  char *folder; /* of the sound one, closed */
  char *live;   /* of a copy that was never closed, with a log */
  GPtrArray *sessions, *live_sessions;
  gint64 n_tags;
} Cache;

static void session_free(gpointer data) {
  Session *session = data;
  g_free(session->id);
  g_string_free(session->text, TRUE);
  g_hash_table_unref(session->own);
  g_free(session);
}

/* Filling */

static char *random_events(guint n) {
  g_autoptr(GString) out = g_string_new("[");

  for (guint i = 0; i < n; i++)
    g_string_append_printf(out,
                           "%s{\"type\":3,\"timestamp\":%" G_GINT64_FORMAT ",\"data\":{\"source\":%d,\"x\":%d,\"text\":"
                           "\"%08x%08x\"}}",
                           i > 0 ? "," : "", START_MS + i, g_test_rand_int_range(0, 9), g_test_rand_int_range(0, 2000),
                           (guint)g_test_rand_int(), (guint)g_test_rand_int());
  g_string_append_c(out, ']');
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static void fill_session(SightStore *store, int n, gint64 endpoint) {
  g_autofree char *id = g_strdup_printf("session-%03d", n);
  g_autofree char *user = g_strdup_printf("user-%d", n % 7);
  guint n_batches = (guint)g_test_rand_int_range(1, 12);

  for (guint i = 0; i < n_batches; i++) {
    g_autofree char *events = random_events((guint)g_test_rand_int_range(1, 200));
    put_batch(store, endpoint, id, i % 3 == 2 ? "v" : "w", i, START_MS + n * 1000, events);
  }
  save_analysed(store, endpoint, (Analysed){.session = id, .user = user, .pages = "/a /b", .signals = "r@1500 e@20"});
  if (n % 3 == 0)
    put_tag(store, endpoint, id, 100, "our own word");
}

static gboolean add_collector(SightDb *db, gpointer data, GError **error) {
  *(gint64 *)data = sight_endpoint_table_add(db, "collector", "Shop", ENDPOINT_URL, error);
  return *(gint64 *)data > 0;
}

static void copy_files(const char *from, const char *to) {
  const char *const names[] = {"library.db", "library.db-wal", "library.db.state"};

  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *source = g_build_filename(from, names[i], NULL);
    g_autofree char *target = g_build_filename(to, names[i], NULL);
    g_autofree char *data = NULL;
    gsize bytes = 0;
    if (g_file_get_contents(source, &data, &bytes, NULL))
      g_assert_true(g_file_set_contents(target, data, (gssize)bytes, NULL));
  }
}

/* What is there */

static gboolean append_text(const SightStoredBatch *stored, gpointer user_data, GError **error) {
  g_string_append_printf(user_data, "%s %" G_GINT64_FORMAT " ", stored->batch.window, stored->batch.seq);
  g_string_append_len(user_data, stored->batch.events, (gssize)stored->batch.events_bytes);
  return TRUE;
}

static gboolean read_sessions(SightDb *db, gpointer data, GError **error) {
  SightSessionFilter all = {0};
  g_autoptr(GArray) rows = sight_session_table_list(db, &all, SIGHT_SORT_NEWEST, error);

  if (rows == NULL)
    return FALSE;
  for (guint i = 0; i < rows->len; i++) {
    g_autoptr(SightSession) found = sight_session_table_get(db, g_array_index(rows, gint64, i), error);
    guint n_damaged = 0;
    if (found == NULL)
      return FALSE;
    Session *session = g_new0(Session, 1);
    *session = (Session){g_strdup(found->session), found->row, found->endpoint, g_string_new(NULL),
                         g_hash_table_new(NULL, NULL)};
    g_ptr_array_add(data, session);
    if (!sight_batch_table_each_in_sequence(db, found->row, NULL, append_text, session->text, &n_damaged, error))
      return FALSE;
    g_string_append_printf(session->text, "%u damaged", n_damaged);
  }
  return TRUE;
}

static GPtrArray *sessions_of(SightStore *store) {
  g_autoptr(GError) error = NULL;
  GPtrArray *sessions = g_ptr_array_new_with_free_func(session_free);

  sight_store_read(store, read_sessions, sessions, &error);
  g_assert_no_error(error);
  return sessions;
}

static Session *find(GPtrArray *sessions, const char *id) {
  for (guint i = 0; i < sessions->len; i++) {
    if (g_str_equal(((Session *)sessions->pdata[i])->id, id))
      return sessions->pdata[i];
  }
  return NULL;
}

/* The rows of a table in order lie in its leaves in order; "PATH00a+000001" is an overflow page of a leaf's cell 10. */
static void note_pages(SightDb *db, const char *table, const char *row_column, GPtrArray *sessions) {
  g_autofree char *pages_sql = g_strdup_printf(
      "SELECT pageno, path, ncell FROM dbstat WHERE name = '%s' AND pagetype = 'leaf' ORDER BY path", table);
  g_autofree char *rows_sql = g_strdup_printf("SELECT %s FROM %s ORDER BY rowid", row_column, table);
  g_autofree char *overflow_sql = g_strdup_printf(
      "SELECT pageno FROM dbstat WHERE name = '%s' AND pagetype = 'overflow' AND path LIKE ?1 || '%%'", table);
  sqlite3_stmt *pages = NULL, *rows = NULL, *overflow = NULL;

  g_assert_cmpint(sqlite3_prepare_v2(db->handle, pages_sql, -1, &pages, NULL), ==, SQLITE_OK);
  g_assert_cmpint(sqlite3_prepare_v2(db->handle, rows_sql, -1, &rows, NULL), ==, SQLITE_OK);
  g_assert_cmpint(sqlite3_prepare_v2(db->handle, overflow_sql, -1, &overflow, NULL), ==, SQLITE_OK);
  while (sqlite3_step(pages) == SQLITE_ROW) {
    for (int cell = 0; cell < sqlite3_column_int(pages, 2); cell++) {
      g_autofree char *prefix = g_strdup_printf("%s%03x+", (const char *)sqlite3_column_text(pages, 1), (guint)cell);
      Session *owner = NULL;
      g_assert_cmpint(sqlite3_step(rows), ==, SQLITE_ROW);
      for (guint i = 0; i < sessions->len && owner == NULL; i++) {
        Session *session = sessions->pdata[i];
        owner = session->row == sqlite3_column_int64(rows, 0) ? session : NULL;
      }
      g_assert_nonnull(owner);
      g_hash_table_add(owner->own, GINT_TO_POINTER(sqlite3_column_int(pages, 0)));
      sqlite3_bind_text(overflow, 1, prefix, -1, SQLITE_STATIC);
      while (sqlite3_step(overflow) == SQLITE_ROW)
        g_hash_table_add(owner->own, GINT_TO_POINTER(sqlite3_column_int(overflow, 0)));
      sqlite3_reset(overflow);
    }
  }
  g_assert_cmpint(sqlite3_step(rows), ==, SQLITE_DONE);
  sqlite3_finalize(pages);
  sqlite3_finalize(rows);
  sqlite3_finalize(overflow);
}

static gboolean count_tags(SightDb *db, gpointer data, GError **error) {
  *(gint64 *)data = sight_db_query_int(db, "SELECT count(*) FROM annotation WHERE body = 'our own word'", error);
  return TRUE;
}

static void make_cache(Cache *cache) {
  cache->folder = make_folder();
  cache->live = make_folder();
  SightStore *store = open_store(cache->folder, SIGHT_STORE_CACHE);
  gint64 collector = 0;

  g_assert_true(sight_store_write(store, SIGHT_WRITE_DURABLE, add_collector, &collector, NULL));
  for (int i = 0; i < N_SESSIONS * 2 / 3; i++)
    fill_session(store, i, i % 2 == 0 ? SIGHT_ENDPOINT_FILES : collector);
  g_assert_true(sight_block_table_compact(store, -1000, NULL, NULL, NULL));
  sight_store_close(store);
  g_object_unref(store);
  store = open_store(cache->folder, SIGHT_STORE_CACHE);
  for (int i = N_SESSIONS * 2 / 3; i < N_SESSIONS; i++)
    fill_session(store, i, i % 2 == 0 ? SIGHT_ENDPOINT_FILES : collector);
  copy_files(cache->folder, cache->live);
  cache->sessions = sessions_of(store);
  g_assert_true(sight_store_read(store, count_tags, &cache->n_tags, NULL));
  sight_store_close(store);
  g_object_unref(store);
  g_autofree char *path = g_build_filename(cache->folder, "library.db", NULL);
  SightDb *db = sight_db_open(path, SIGHT_DB_WRITE, NULL);
  note_pages(db, "session", "row", cache->sessions);
  note_pages(db, "batch", "session", cache->sessions);
  note_pages(db, "block", "session", cache->sessions);
  sight_db_close(db);
}

/* Damage */

static void flip(char *data, gsize bytes, guint n, GHashTable *pages) {
  for (guint i = 0; i < n; i++) {
    gsize at = (gsize)g_test_rand_int_range(0, (gint32)bytes);
    data[at] = (char)(data[at] ^ (1 << g_test_rand_int_range(0, 8)));
    g_hash_table_add(pages, GINT_TO_POINTER((int)(at / PAGE) + 1));
  }
}

/* Adds the pages that are damaged. */
static void damage(const char *folder, Kind kind, GHashTable *pages) {
  g_autofree char *path = g_build_filename(folder, kind == LOG_FLIPPED ? "library.db-wal" : "library.db", NULL);
  g_autofree char *data = NULL;
  gsize bytes = 0, kept = 0;

  g_assert_true(g_file_get_contents(path, &data, &bytes, NULL));
  kept = bytes;
  if (kind == FLIPPED || kind == LOG_FLIPPED)
    flip(data, bytes, (guint)g_test_rand_int_range(1, 51), pages);
  if (kind == CUT)
    kept = (gsize)g_test_rand_int_range(1, (gint32)bytes);
  if (kind == EMPTIED)
    kept = 0;
  for (gsize page = kept / PAGE + 1; page <= bytes / PAGE && kept < bytes; page++)
    g_hash_table_add(pages, GINT_TO_POINTER((int)page));
  if (kind != WITHOUT_LOG) {
    g_assert_true(g_file_set_contents(path, data, (gssize)kept, NULL));
    return;
  }
  g_autofree char *log = g_build_filename(folder, "library.db-wal", NULL);
  g_assert_cmpint(g_unlink(log), ==, 0);
}

typedef struct {
  guint n_sound, n_readable, n_told, n_untold;
  gint64 n_tags;
} Result;

static gboolean is_sound(const Session *session, GHashTable *damaged) {
  GHashTableIter iter;
  gpointer page = NULL;

  g_hash_table_iter_init(&iter, session->own);
  while (g_hash_table_iter_next(&iter, &page, NULL)) {
    if (g_hash_table_contains(damaged, page))
      return FALSE;
  }
  return TRUE;
}

static void compare(Cache *cache, SightStore *store, gboolean by_page, GHashTable *damaged, Result *result) {
  g_autofree char *loss = sight_store_loss(store);
  g_autoptr(GPtrArray) now = sessions_of(store);
  gint64 n_tags = 0;

  for (guint i = 0; i < cache->sessions->len; i++) {
    const Session *before = cache->sessions->pdata[i];
    const Session *after = find(now, before->id);
    gboolean readable = after != NULL && g_string_equal(before->text, after->text);
    gboolean sound = by_page && is_sound(before, damaged);
    result->n_sound += sound;
    result->n_readable += sound && readable;
    if (sound && !readable)
      g_test_message("%s: %s", before->id, after == NULL ? "not there" : "other");
    result->n_told += !readable && loss != NULL;
    result->n_untold += !readable && loss == NULL;
  }
  g_assert_true(sight_store_read(store, count_tags, &n_tags, NULL));
  result->n_tags += n_tags;
}

static void damage_one(Cache *cache, Kind kind, Result *result) {
  char *folder = make_folder();
  g_autoptr(GHashTable) damaged = g_hash_table_new(NULL, NULL);
  g_autoptr(GError) error = NULL;
  gboolean live = kind == WITHOUT_LOG || kind == LOG_FLIPPED;

  copy_files(live ? cache->live : cache->folder, folder);
  damage(folder, kind, damaged);
  for (int start = 0; start < 2; start++) {
    g_autofree char *aside = NULL;
    Result other = {0};
    g_autoptr(SightStore) store = sight_store_open(folder, SIGHT_STORE_CACHE, &aside, &error);
    g_assert_no_error(error);
    /* The second start finds nothing to mend, and tells it still. */
    g_assert_true(start == 0 || aside == NULL);
    compare(cache, store, !live, damaged, start == 0 ? result : &other);
    g_assert_cmpuint(other.n_untold, ==, 0);
    g_assert_cmpint(put_batch(store, 1, "fresh", "w", start, START_MS, "[]"), ==, SIGHT_PUT_STORED);
    sight_store_close(store);
  }
  remove_folder(folder);
}

static void test_damage(void) {
  guint n = g_getenv("SIGHT_TEST_FULL") != NULL && *g_getenv("SIGHT_TEST_FULL") != '\0' ? 500 : 20;
  Cache cache = {0};
  Result results[N_KINDS] = {0};
  guint n_of[N_KINDS] = {0};
  guint n_sound = 0, n_readable = 0;

  make_cache(&cache);
  for (guint i = 0; i < n; i++) {
    Kind kind = i % 2 == 0 ? FLIPPED : (Kind)(i / 2 % N_KINDS);
    n_of[kind]++;
    damage_one(&cache, kind, &results[kind]);
  }
  for (int i = 0; i < N_KINDS; i++) {
    g_test_message(
        "%s: %u copies; of %u sessions with sound pages %u can be read; %u that cannot were told, %u were not; "
        "%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " tags",
        kind_names[i], n_of[i], results[i].n_sound, results[i].n_readable, results[i].n_told, results[i].n_untold,
        results[i].n_tags, cache.n_tags * n_of[i]);
    g_assert_cmpuint(results[i].n_untold, ==, 0);
    n_sound += results[i].n_sound;
    n_readable += results[i].n_readable;
  }
  g_assert_cmpuint(n_sound, >, 0);
  g_assert_cmpuint(n_readable * 100, >=, n_sound * 99);
  g_ptr_array_unref(cache.sessions);
  remove_folder(cache.folder);
  remove_folder(cache.live);
}

static gboolean fill_collector(SightDb *db, gpointer data, GError **error) {
  const char *const origins[] = {"https://shop.example.com", "https://www.example.com", NULL};
  gint64 project = sight_endpoint_table_add(db, "project", "Shop", NULL, error);
  return project > 0 && sight_key_table_set_origins(db, project, origins, error);
}

static gboolean check_origins(SightDb *db, gpointer data, GError **error) {
  g_assert_cmpint(sight_db_query_int(db, "SELECT count(*) FROM origin WHERE origin LIKE '%.example.com'", error), ==,
                  2);
  g_assert_cmpint(sight_db_query_int(db, "SELECT count(*) FROM origin", error), ==, 2);
  g_assert_cmpint(sight_db_query_int(db, "SELECT count(*) FROM endpoint", error), ==, 1);
  g_assert_cmpint(sight_db_query_int(db, "SELECT count(*) FROM person", error), ==, 20);
  g_assert_cmpint(sight_db_query_int(db, "SELECT count(*) FROM tombstone", error), ==, 0);
  return TRUE;
}

/* Whom visitors name stands in an index that looks like the list of the pages that may post. */
static void test_origins(void) {
  char *folder = make_folder();
  SightStore *store = open_store(folder, SIGHT_STORE_COLLECTOR);
  g_autofree char *path = g_build_filename(folder, "collector.db", NULL);
  g_autofree char *data = NULL;
  g_autofree char *aside = NULL;
  gsize bytes = 0;

  g_assert_true(sight_store_write(store, SIGHT_WRITE_NORMAL, fill_collector, NULL, NULL));
  for (int i = 0; i < 20; i++) {
    g_autofree char *id = g_strdup_printf("session-%03d", i);
    put_batch(store, 1, id, "w", 0, START_MS,
              "[{\"type\":5,\"timestamp\":1,\"data\":{\"tag\":\"ss:identify\",\"payload\":{\"user\":\"https://"
              "evil.example\"}}}]");
  }
  sight_store_close(store);
  g_object_unref(store);
  g_assert_true(g_file_get_contents(path, &data, &bytes, NULL));
  memset(data, 0, 16); /* the head: all else is found without it */
  g_assert_true(g_file_set_contents(path, data, (gssize)bytes, NULL));
  store = sight_store_open(folder, SIGHT_STORE_COLLECTOR, &aside, NULL);
  g_assert_nonnull(store);
  g_assert_nonnull(aside);
  g_assert_true(sight_store_read(store, check_origins, NULL, NULL));
  sight_store_close(store);
  g_object_unref(store);
  remove_folder(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/store/damage/origins", test_origins);
  g_test_add_func("/store/damage/random", test_damage);
  return g_test_run();
}

/* SPDX-License-Identifier: MIT */
/* Copies of a cache are damaged at random: flipped bits, cut, emptied, without their log, flipped bits in the log.
 * Whatever is done to it, the store opens; each session whose own pages are sound can be read as before; of every other
 * one the loss is told, by its id where a page with its id is left. Which pages are a session's own is asked of SQLite
 * (dbstat) before. The seed is g_test's: --seed. 20 copies, or 500 with SIGHT_TEST_FULL. */
#define _GNU_SOURCE /* memmem */
#include "sight-block-table.h"
#include "sight-db.h"
#include "sight-owner-table.h"
#include "sight-schema.h"
#include "store-fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define N_SESSIONS 120
#define PAGE 4096
#define LOG_HEAD 32
#define FRAME_HEAD 24
#define ENDPOINT_URL "https://replay.example.com"

/* Of the process that is killed at its nth rename, from 0. */
#define KILLED 77
static int n_renames_left = -1;

int rename(const char *from, const char *to) {
  if (n_renames_left >= 0 && n_renames_left-- == 0)
    _exit(KILLED);
  return renameat(AT_FDCWD, from, AT_FDCWD, to);
}

typedef enum { FLIPPED, CUT, EMPTIED, WITHOUT_LOG, LOG_FLIPPED, N_KINDS } Kind;
static const char *const kind_names[N_KINDS] = {"flipped", "cut", "emptied", "without log", "log flipped"};

typedef struct {
  char *id;
  gint64 row, endpoint;
  GString *text;       /* of all its batches */
  GHashTable *own;     /* pages with its rows */
  GHashTable *by_name; /* pages with its id: one of those that are its own, and of the index */
} Session;

typedef struct {
  char *folder; /* of the sound one, closed */
  char *live;   /* of a copy that was never closed, with a log */
  GPtrArray *sessions;
  gint64 n_tags;
} Cache;

static void session_free(gpointer data) {
  Session *session = data;
  g_free(session->id);
  g_string_free(session->text, TRUE);
  g_hash_table_unref(session->own);
  g_hash_table_unref(session->by_name);
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
    *session = (Session){
        g_strdup(found->session),    found->row, found->endpoint, g_string_new(NULL), g_hash_table_new(NULL, NULL),
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

static void note_names(SightDb *db, const char *path, GPtrArray *sessions) {
  g_autofree char *data = NULL;
  gsize bytes = 0;
  sqlite3_stmt *pages = NULL;

  g_assert_true(g_file_get_contents(path, &data, &bytes, NULL));
  g_assert_cmpint(sqlite3_prepare_v2(db->handle,
                                     "SELECT pageno FROM dbstat WHERE pagetype <> 'overflow' AND name IN ('session', "
                                     "'sqlite_autoindex_session_1')",
                                     -1, &pages, NULL),
                  ==, SQLITE_OK);
  while (sqlite3_step(pages) == SQLITE_ROW) {
    int page = sqlite3_column_int(pages, 0);
    for (guint i = 0; i < sessions->len; i++) {
      Session *session = sessions->pdata[i];
      if (memmem(data + (gsize)(page - 1) * PAGE, PAGE, session->id, strlen(session->id)) != NULL)
        g_hash_table_add(session->by_name, GINT_TO_POINTER(page));
    }
  }
  sqlite3_finalize(pages);
}

static gboolean count_tags(SightDb *db, gpointer data, GError **error) {
  *(gint64 *)data = sight_db_query_int(db, "SELECT count(*) FROM annotation WHERE body = 'our own word'", error);
  return TRUE;
}

static Cache cache;

static void make_cache(void) {
  cache.folder = make_folder();
  cache.live = make_folder();
  SightStore *store = open_store(cache.folder, SIGHT_STORE_CACHE);
  gint64 collector = 0;

  g_assert_true(sight_store_write(store, SIGHT_WRITE_DURABLE, add_collector, &collector, NULL));
  for (int i = 0; i < N_SESSIONS * 2 / 3; i++)
    fill_session(store, i, i % 2 == 0 ? SIGHT_ENDPOINT_FILES : collector);
  g_assert_true(sight_block_table_compact(store, -1000, NULL, NULL, NULL));
  sight_store_close(store);
  g_object_unref(store);
  store = open_store(cache.folder, SIGHT_STORE_CACHE);
  for (int i = N_SESSIONS * 2 / 3; i < N_SESSIONS; i++)
    fill_session(store, i, i % 2 == 0 ? SIGHT_ENDPOINT_FILES : collector);
  /* What a log that cannot be read to its end loses. */
  put_batch(store, SIGHT_ENDPOINT_FILES, "session-000", "w", 99, START_MS, "[{}]");
  copy_files(cache.folder, cache.live);
  cache.sessions = sessions_of(store);
  g_assert_true(sight_store_read(store, count_tags, &cache.n_tags, NULL));
  sight_store_close(store);
  g_object_unref(store);
  g_autofree char *path = g_build_filename(cache.folder, "library.db", NULL);
  SightDb *db = sight_db_open(path, SIGHT_DB_WRITE, NULL);
  note_pages(db, "session", "row", cache.sessions);
  note_pages(db, "batch", "session", cache.sessions);
  note_pages(db, "block", "session", cache.sessions);
  note_names(db, path, cache.sessions);
  sight_db_close(db);
}

static void clear_cache(void) {
  g_ptr_array_unref(cache.sessions);
  remove_folder(cache.folder);
  remove_folder(cache.live);
}

/* Damage */

static void flip(char *data, gsize bytes, guint n, GHashTable *places) {
  for (guint i = 0; i < n; i++) {
    int at = g_test_rand_int_range(0, (gint32)bytes);
    data[at] = (char)(data[at] ^ (1 << g_test_rand_int_range(0, 8)));
    g_hash_table_add(places, GINT_TO_POINTER(at));
  }
}

static guint32 be32(const char *data) {
  guint32 number = 0;
  memcpy(&number, data, sizeof number);
  return GUINT32_FROM_BE(number);
}

static gboolean is_hit(GHashTable *places, gsize at, gsize bytes) {
  for (gsize i = at; i < at + bytes; i++) {
    if (g_hash_table_contains(places, GINT_TO_POINTER((int)i)))
      return TRUE;
  }
  return FALSE;
}

/* Adds the pages whose newest version stands in a frame of the log that cannot be read: it was hit, or the sum that it
 * goes on from was, or no frame with a commit follows. `log` is the log before it was damaged; places NULL: it is gone.
 */
static void note_frames(const char *log, gsize bytes, GHashTable *places, GHashTable *pages) {
  g_autoptr(GHashTable) newest = g_hash_table_new(NULL, NULL), readable = g_hash_table_new(NULL, NULL);
  g_autoptr(GHashTable) open = g_hash_table_new(NULL, NULL);
  gboolean sum_hit = places != NULL && is_hit(places, 24, 8), other_order = places != NULL && is_hit(places, 3, 1);
  GHashTableIter iter;
  gpointer page = NULL, frame = NULL;

  for (gsize at = LOG_HEAD; at + FRAME_HEAD + PAGE <= bytes && memcmp(log + at + 8, log + 16, 8) == 0;
       at += FRAME_HEAD + PAGE) {
    gpointer number = GUINT_TO_POINTER(be32(log + at));
    gboolean hit = places == NULL || other_order || sum_hit || is_hit(places, at, FRAME_HEAD + PAGE);
    sum_hit = places != NULL && is_hit(places, at + 16, 8);
    g_hash_table_insert(newest, number, GSIZE_TO_POINTER(at));
    if (hit)
      continue;
    g_hash_table_insert(open, number, GSIZE_TO_POINTER(at));
    if (be32(log + at + 4) == 0)
      continue;
    g_hash_table_iter_init(&iter, open);
    while (g_hash_table_iter_next(&iter, &page, &frame))
      g_hash_table_insert(readable, page, frame);
    g_hash_table_remove_all(open);
  }
  g_hash_table_iter_init(&iter, newest);
  while (g_hash_table_iter_next(&iter, &page, &frame)) {
    if (g_hash_table_lookup(readable, page) != frame)
      g_hash_table_add(pages, page);
  }
}

static void damage_log(const char *folder, Kind kind, GHashTable *pages) {
  g_autofree char *path = g_build_filename(folder, "library.db-wal", NULL);
  g_autofree char *data = NULL;
  g_autofree char *before = NULL;
  g_autoptr(GHashTable) places = g_hash_table_new(NULL, NULL);
  gsize bytes = 0;

  g_assert_true(g_file_get_contents(path, &data, &bytes, NULL));
  before = g_memdup2(data, bytes);
  if (kind == LOG_FLIPPED) {
    flip(data, bytes, (guint)g_test_rand_int_range(1, 51), places);
    g_assert_true(g_file_set_contents(path, data, (gssize)bytes, NULL));
  } else {
    g_assert_cmpint(g_unlink(path), ==, 0);
  }
  note_frames(before, bytes, kind == LOG_FLIPPED ? places : NULL, pages);
}

/* Adds the pages that are damaged. */
static void damage(const char *folder, Kind kind, GHashTable *pages) {
  g_autofree char *path = g_build_filename(folder, "library.db", NULL);
  g_autofree char *data = NULL;
  g_autoptr(GHashTable) places = g_hash_table_new(NULL, NULL);
  GHashTableIter iter;
  gpointer place = NULL;
  gsize bytes = 0, kept = 0;

  g_assert_true(g_file_get_contents(path, &data, &bytes, NULL));
  kept = bytes;
  if (kind == FLIPPED)
    flip(data, bytes, (guint)g_test_rand_int_range(1, 51), places);
  if (kind == CUT)
    kept = (gsize)g_test_rand_int_range(1, (gint32)bytes);
  if (kind == EMPTIED)
    kept = 0;
  if (kept < bytes)
    g_test_message("%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " bytes are kept", kept, bytes);
  g_hash_table_iter_init(&iter, places);
  while (g_hash_table_iter_next(&iter, &place, NULL))
    g_hash_table_add(pages, GINT_TO_POINTER(GPOINTER_TO_INT(place) / PAGE + 1));
  for (gsize page = kept / PAGE + 1; page <= bytes / PAGE && kept < bytes; page++)
    g_hash_table_add(pages, GINT_TO_POINTER((int)page));
  g_assert_true(g_file_set_contents(path, data, (gssize)kept, NULL));
}

typedef struct {
  guint n_sound, n_readable, n_named, n_counted, n_unnamed;
  gint64 n_tags;
} Result;

/* None of them is damaged. */
static gboolean are_sound(GHashTable *pages, GHashTable *damaged) {
  GHashTableIter iter;
  gpointer page = NULL;

  g_hash_table_iter_init(&iter, pages);
  while (g_hash_table_iter_next(&iter, &page, NULL)) {
    if (g_hash_table_contains(damaged, page))
      return FALSE;
  }
  return TRUE;
}

static gboolean is_one_sound(GHashTable *pages, GHashTable *damaged) {
  GHashTableIter iter;
  gpointer page = NULL;

  g_hash_table_iter_init(&iter, pages);
  while (g_hash_table_iter_next(&iter, &page, NULL)) {
    if (!g_hash_table_contains(damaged, page))
      return TRUE;
  }
  return FALSE;
}

static gboolean names(const char *loss, const char *id) {
  g_autofree char *pattern = g_strdup_printf("(?s)\n\n.*\\b%s\\b", id);
  return g_regex_match_simple(pattern, loss, 0, 0);
}

/* Of how many lost sessions the number is told without their ids. */
static guint n_nameless(const char *loss) {
  g_autoptr(GRegex) number = g_regex_new("(\\d+) recordings? w(as|ere) lost", 0, 0, NULL);
  g_autoptr(GRegex) names_of = g_regex_new("^Lost:(.*)$", G_REGEX_MULTILINE, 0, NULL);
  g_autoptr(GMatchInfo) found = NULL;
  g_autoptr(GMatchInfo) list = NULL;
  guint n = 0, n_names = 0;

  if (loss == NULL || !g_regex_match(number, loss, 0, &found))
    return 0;
  g_autofree char *text = g_match_info_fetch(found, 1);
  n = (guint)g_ascii_strtoull(text, NULL, 10);
  if (g_regex_match(names_of, loss, 0, &list)) {
    g_autofree char *ids = g_match_info_fetch(list, 1);
    for (const char *at = ids; *at != '\0'; at++)
      n_names += *at == ' ';
  }
  g_assert_cmpuint(n, >=, n_names);
  return n - n_names;
}

static gboolean is_of_log(Kind kind) {
  return kind == WITHOUT_LOG || kind == LOG_FLIPPED;
}

static void compare(SightStore *store, Kind kind, GHashTable *damaged, Result *result) {
  g_autofree char *loss = sight_store_loss(store);
  g_autoptr(GPtrArray) now = sessions_of(store);
  gint64 n_tags = 0;
  guint nameless = n_nameless(loss);

  for (guint i = 0; i < cache.sessions->len; i++) {
    const Session *before = cache.sessions->pdata[i];
    const Session *after = find(now, before->id);
    gboolean readable = after != NULL && g_string_equal(before->text, after->text);
    gboolean sound = are_sound(before->own, damaged);
    result->n_sound += sound;
    result->n_readable += sound && readable;
    if (sound && !readable)
      g_test_message("%s %s: %s", kind_names[kind], before->id, after == NULL ? "not there" : "other");
    if (readable)
      continue;
    g_assert_nonnull(loss);
    gboolean named = names(loss, before->id) || (nameless > 0 && nameless-- > 0);
    /* Of what stood in a log that is not read any more nobody knows what it was: that something is lost is told. */
    gboolean can_be = !is_of_log(kind) && is_one_sound(before->by_name, damaged);
    result->n_named += named;
    result->n_counted += !named && !can_be;
    result->n_unnamed += !named && can_be;
    if (!named && can_be)
      g_test_message("%s %s is not named", kind_names[kind], before->id);
  }
  g_assert_true(sight_store_read(store, count_tags, &n_tags, NULL));
  result->n_tags += n_tags;
}

static void damage_one(Kind kind, Result *result) {
  char *folder = make_folder();
  g_autoptr(GHashTable) damaged = g_hash_table_new(NULL, NULL);
  g_autoptr(GError) error = NULL;

  copy_files(is_of_log(kind) ? cache.live : cache.folder, folder);
  if (is_of_log(kind))
    damage_log(folder, kind, damaged);
  else
    damage(folder, kind, damaged);
  guint n_unnamed = result->n_unnamed;
  for (int start = 0; start < 2; start++) {
    g_autofree char *aside = NULL;
    Result other = {0};
    g_autoptr(SightStore) store = sight_store_open(folder, SIGHT_STORE_CACHE, &aside, &error);
    g_assert_no_error(error);
    /* The second start finds nothing to mend, and tells it still. */
    g_assert_true(start == 0 || aside == NULL);
    compare(store, kind, damaged, start == 0 ? result : &other);
    g_assert_cmpuint(other.n_unnamed, ==, start == 0 ? 0 : result->n_unnamed - n_unnamed);
    g_assert_cmpint(put_batch(store, 1, "fresh", "w", start, START_MS, "[]"), ==, SIGHT_PUT_STORED);
    sight_store_close(store);
  }
  remove_folder(folder);
}

static void test_damage(void) {
  guint n = g_getenv("SIGHT_TEST_FULL") != NULL && *g_getenv("SIGHT_TEST_FULL") != '\0' ? 500 : 20;
  Result results[N_KINDS] = {0};
  guint n_of[N_KINDS] = {0};
  guint n_sound = 0, n_readable = 0;

  for (guint i = 0; i < n; i++) {
    Kind kind = i % 2 == 0 ? FLIPPED : (Kind)(i / 2 % N_KINDS);
    n_of[kind]++;
    damage_one(kind, &results[kind]);
  }
  for (int i = 0; i < N_KINDS; i++) {
    g_test_message("%s: %u copies; of %u sessions with sound pages %u can be read; of the others %u are named, of %u "
                   "nothing was left to name; %u could be named and are not; %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                   " tags",
                   kind_names[i], n_of[i], results[i].n_sound, results[i].n_readable, results[i].n_named,
                   results[i].n_counted, results[i].n_unnamed, results[i].n_tags, cache.n_tags * n_of[i]);
    g_assert_cmpuint(results[i].n_unnamed, ==, 0);
    n_sound += results[i].n_sound;
    n_readable += results[i].n_readable;
  }
  g_assert_cmpuint(n_sound, >, 0);
  g_assert_cmpuint(n_readable * 100, >=, n_sound * 99);
}

/* SQLite takes the last frame of the log for one of a log before; all that is in it can be read all the same. */
static void flip_salt(const char *folder) {
  g_autofree char *path = g_build_filename(folder, "library.db-wal", NULL);
  g_autofree char *data = NULL;
  gsize bytes = 0, at = LOG_HEAD;

  g_assert_true(g_file_get_contents(path, &data, &bytes, NULL));
  while (at + 2 * (FRAME_HEAD + PAGE) <= bytes && memcmp(data + at + FRAME_HEAD + PAGE + 8, data + 16, 8) == 0)
    at += FRAME_HEAD + PAGE;
  data[at + 8] ^= 1;
  g_assert_true(g_file_set_contents(path, data, (gssize)bytes, NULL));
}

static void clear_head(const char *folder, const char *name) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_autofree char *data = NULL;
  gsize bytes = 0;

  g_assert_true(g_file_get_contents(path, &data, &bytes, NULL));
  memset(data, 0, 16);
  g_assert_true(g_file_set_contents(path, data, (gssize)bytes, NULL));
}

/* Opens a damaged cache in a process that ends at its nth rename; whether it got that far. */
static gboolean open_killed(const char *folder, int n) {
  g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
  g_autofree char *number = g_strdup_printf("%d", n);
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) child =
      g_subprocess_new(G_SUBPROCESS_FLAGS_NONE, &error, self, "--open", folder, number, NULL);

  g_assert_no_error(error);
  g_assert_true(g_subprocess_wait(child, NULL, &error));
  g_assert_true(g_subprocess_get_if_exited(child));
  g_assert_true(g_subprocess_get_exit_status(child) == KILLED || g_subprocess_get_exit_status(child) == 0);
  return g_subprocess_get_exit_status(child) == KILLED;
}

/* Wherever salvage is cut off, the next start has all of the file and of its log. */
static void test_killed(void) {
  gboolean killed = TRUE;
  int n = 0;

  for (; killed; n++) {
    char *folder = make_folder();
    g_autoptr(GError) error = NULL;
    copy_files(cache.live, folder);
    flip_salt(folder);
    killed = open_killed(folder, n);
    g_test_message("rename %d: %s", n, killed ? "killed" : "there is none");
    g_autoptr(SightStore) store = sight_store_open(folder, SIGHT_STORE_CACHE, NULL, &error);
    g_assert_no_error(error);
    g_autofree char *loss = sight_store_loss(store);
    g_autoptr(GPtrArray) now = sessions_of(store);
    g_assert_nonnull(loss);
    g_assert_cmpuint(now->len, ==, cache.sessions->len);
    for (guint i = 0; i < now->len; i++) {
      const Session *before = cache.sessions->pdata[i], *after = find(now, before->id);
      g_assert_nonnull(after);
      g_assert_cmpstr(after->text->str, ==, before->text->str);
    }
    sight_store_close(store);
    remove_folder(folder);
  }
  /* The word of it, the finished one, the old one and its log, the new one. */
  g_assert_cmpint(n, >, 5);
}

static gboolean tear(SightDb *db, gpointer data, GError **error) {
  return sight_db_exec(db, "UPDATE batch SET block_start = block_start + 1 WHERE session = 1 AND seq = 0", error);
}

/* A batch that begins elsewhere in its block is damaged; the others of the block are not. */
static void test_torn(void) {
  char *folder = make_folder();
  g_autofree char *aside = NULL;
  SightStore *store = open_store(folder, SIGHT_STORE_CACHE);
  guint n = 0;

  for (int i = 0; i < 3; i++)
    put_batch(store, SIGHT_ENDPOINT_FILES, "session", "w", i, START_MS, "[{\"a\":[[1],[2]]}]");
  save_analysed(store, SIGHT_ENDPOINT_FILES, (Analysed){.session = "session", .pages = "/a"});
  g_assert_true(sight_block_table_compact(store, -1000, &n, NULL, NULL));
  g_assert_cmpuint(n, ==, 1);
  g_assert_true(sight_store_write(store, SIGHT_WRITE_NORMAL, tear, NULL, NULL));
  sight_store_close(store);
  g_object_unref(store);
  g_autofree char *state = g_build_filename(folder, "library.db.state", NULL);
  g_assert_true(g_file_set_contents(state, "open", -1, NULL));
  store = sight_store_open(folder, SIGHT_STORE_CACHE, &aside, NULL);
  g_assert_nonnull(aside);
  g_autofree char *loss = sight_store_loss(store);
  g_autoptr(GPtrArray) now = sessions_of(store);
  g_assert_true(names(loss, "session"));
  g_assert_cmpstr(((Session *)now->pdata[0])->text->str, ==, "w 1 [{\"a\":[[1],[2]]}]w 2 [{\"a\":[[1],[2]]}]1 damaged");
  sight_store_close(store);
  g_object_unref(store);
  remove_folder(folder);
}

/* What of a batch says something else. */
typedef enum { ITS_NUMBER, ITS_SESSION, ITS_SEQ } Field;

/* Of a leaf of the table of batches: the byte that says that of the row with that number. Numbers of rows are below
 * 128, windows have one character, and sessions and seqs are above 1: of these SQLite stores nothing but their type. */
static guint8 *byte_of(guint8 *page, guint8 row, Field field) {
  guint n_cells = (guint)page[3] << 8 | page[4];

  g_assert_cmpint(page[0], ==, 13);
  for (guint i = 0; i < n_cells; i++) {
    guint8 *cell = page + ((guint)page[8 + 2 * i] << 8 | page[9 + 2 * i]);
    while ((*cell & 0x80) != 0)
      cell++;
    if (cell[1] != row)
      continue;
    if (field == ITS_NUMBER)
      return cell + 1;
    const guint8 *types = cell + 2;
    g_assert_true(types[1] == 0 && types[2] == 1 && types[3] == 15 && types[4] == 1);
    return cell + 2 + types[0] + (field == ITS_SESSION ? 0 : 2);
  }
  return NULL;
}

/* In a closed store, whose batches are all on one page. */
static void change_row(const char *folder, guint8 row, Field field, guint8 to) {
  g_autofree char *path = g_build_filename(folder, "library.db", NULL);
  g_autofree char *data = NULL;
  gsize bytes = 0;
  SightDb *db = sight_db_open(path, SIGHT_DB_WRITE, NULL);
  gint64 page = sight_db_query_int(db, "SELECT pageno FROM dbstat WHERE name = 'batch'", NULL);

  g_assert_cmpint(sight_db_query_int(db, "SELECT count(*) FROM dbstat WHERE name = 'batch'", NULL), ==, 1);
  sight_db_close(db);
  g_assert_true(g_file_get_contents(path, &data, &bytes, NULL));
  guint8 *byte = byte_of((guint8 *)data + (page - 1) * PAGE, row, field);
  g_assert_nonnull(byte);
  *byte = to;
  g_assert_true(g_file_set_contents(path, data, (gssize)bytes, NULL));
}

/* A batch has the number of another one, before it or behind it, is said to be of another session or to stand elsewhere
 * in its own, where another one stands or none: whichever of the two is kept, and whatever the indexes say, what is not
 * there as it was is told of. Rows 1 to 3 are of session 1, 4 to 8 of session 2, 9 to 11 of session 3. */
static void test_renumbered(void) {
  static const struct {
    guint8 row;
    Field field;
    guint8 to;
  } changes[] = {{2, ITS_NUMBER, 3},  {3, ITS_NUMBER, 2},   {2, ITS_NUMBER, 5},   {5, ITS_NUMBER, 2},
                 {1, ITS_NUMBER, 6},  {6, ITS_NUMBER, 1},   {7, ITS_SESSION, 3},  {8, ITS_SESSION, 3},
                 {6, ITS_SESSION, 3}, {11, ITS_SESSION, 2}, {7, ITS_SESSION, 99}, {7, ITS_SEQ, 9},
                 {7, ITS_SEQ, 2},     {11, ITS_SEQ, 3}};

  for (guint i = 0; i < G_N_ELEMENTS(changes); i++) {
    char *folder = make_folder();
    g_autofree char *aside = NULL;
    SightStore *store = open_store(folder, SIGHT_STORE_CACHE);
    for (int n = 0; n < 11; n++) {
      g_autofree char *events = random_events(3);
      g_autofree char *session = g_strdup_printf("session-%d", n < 3 ? 1 : n < 8 ? 2 : 3);
      put_batch(store, SIGHT_ENDPOINT_FILES, session, "w", n < 3 ? n : n < 8 ? n - 3 : n - 8, START_MS + n, events);
    }
    g_autoptr(GPtrArray) before = sessions_of(store);
    sight_store_close(store);
    g_object_unref(store);
    change_row(folder, changes[i].row, changes[i].field, changes[i].to);
    g_autofree char *state = g_build_filename(folder, "library.db.state", NULL);
    g_assert_true(g_file_set_contents(state, "open", -1, NULL));
    store = sight_store_open(folder, SIGHT_STORE_CACHE, &aside, NULL);
    g_assert_nonnull(aside);
    g_autofree char *loss = sight_store_loss(store);
    g_autoptr(GPtrArray) now = sessions_of(store);
    guint n_told = 0;
    for (guint j = 0; j < before->len; j++) {
      const Session *was = before->pdata[j], *is = find(now, was->id);
      gboolean same = is != NULL && g_str_equal(is->text->str, was->text->str);
      g_test_message("change %u: %s %s, %s", i, was->id, same ? "whole" : "not whole",
                     names(loss, was->id) ? "told" : "not told");
      g_assert_true(same || names(loss, was->id));
      n_told += names(loss, was->id);
    }
    g_assert_cmpuint(n_told, >, 0);
    sight_store_close(store);
    g_object_unref(store);
    remove_folder(folder);
  }
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

static gboolean own(SightDb *db, gpointer data, GError **error) {
  guint8 hash[SIGHT_OWNER_HASH_BYTES];
  sight_owner_hash("secret", hash);
  return sight_owner_table_set(db, 1, "session-007", hash, error);
}

static gboolean check_owner(SightDb *db, gpointer data, GError **error) {
  const char *const proofs[] = {"secret", "other", NULL};
  for (guint i = 0; i < G_N_ELEMENTS(proofs); i++) {
    gboolean owns = FALSE;
    guint8 hash[SIGHT_OWNER_HASH_BYTES];
    sight_owner_hash(proofs[i] != NULL ? proofs[i] : "", hash);
    g_assert_true(sight_owner_table_check(db, 1, "session-007", proofs[i] != NULL ? hash : NULL, &owns, error));
    g_assert_cmpint(owns, ==, i == 0);
  }
  return TRUE;
}

/* Whom visitors name stands in an index that looks like the list of the pages that may post. Nobody else can go on with
 * a session that is somebody's. */
static void test_origins(void) {
  char *folder = make_folder();
  SightStore *store = open_store(folder, SIGHT_STORE_COLLECTOR);
  g_autofree char *aside = NULL;

  g_assert_true(sight_store_write(store, SIGHT_WRITE_NORMAL, fill_collector, NULL, NULL));
  for (int i = 0; i < 20; i++) {
    g_autofree char *id = g_strdup_printf("session-%03d", i);
    put_batch(store, 1, id, "w", 0, START_MS,
              "[{\"type\":5,\"timestamp\":1,\"data\":{\"tag\":\"ss:identify\",\"payload\":{\"user\":\"https://"
              "evil.example\"}}}]");
  }
  g_assert_true(sight_store_write(store, SIGHT_WRITE_NORMAL, own, NULL, NULL));
  sight_store_close(store);
  g_object_unref(store);
  clear_head(folder, "collector.db"); /* all else is found without it */
  store = sight_store_open(folder, SIGHT_STORE_COLLECTOR, &aside, NULL);
  g_assert_nonnull(store);
  g_assert_nonnull(aside);
  g_assert_true(sight_store_read(store, check_origins, NULL, NULL));
  g_assert_true(sight_store_read(store, check_owner, NULL, NULL));
  sight_store_close(store);
  g_object_unref(store);
  remove_folder(folder);
}

static int open_once(char **argv) {
  n_renames_left = atoi(argv[3]);
  g_autoptr(SightStore) store = sight_store_open(argv[2], SIGHT_STORE_CACHE, NULL, NULL);
  n_renames_left = -1;
  if (store != NULL)
    sight_store_close(store);
  return store != NULL ? 0 : 1;
}

int main(int argc, char **argv) {
  if (argc == 4 && g_str_equal(argv[1], "--open"))
    return open_once(argv);
  g_test_init(&argc, &argv, NULL);
  make_cache();
  g_test_add_func("/store/damage/origins", test_origins);
  g_test_add_func("/store/damage/torn", test_torn);
  g_test_add_func("/store/damage/renumbered", test_renumbered);
  g_test_add_func("/store/damage/random", test_damage);
  g_test_add_func("/store/damage/killed", test_killed);
  int result = g_test_run();
  clear_cache();
  return result;
}

/* SPDX-License-Identifier: MIT */
/* What a batch or a tag costs the one writer: rows are counted, and the bytes of what becomes entries of an index.
 * Batches are random, with as many and as long names, assets, windows and tags as they have room for; g_test's --seed
 * repeats a run. */
#include "sight-db.h"
#include "sight-event-reader.h"
#include "sight-log-table.h"
#include "sight-text-table.h"
#include "store-fixture.h"

#define ROUNDS 60
#define MOST_BYTES (200 * 1024)
/* The batch, its session, its revision, the proof and such. */
#define OWN_ROWS 12
/* Of names one by one and of their buckets; a name has 200 characters of up to four bytes, and a hash. */
#define MOST_PERSONS (64 + 256)
#define MOST_NAME_BYTES (200 * 4 + 100)

static void append_name(GString *out, guint length) {
  static const char *const pieces[] = {"a", "\\u0041", "\\n", "é", "😀", "\\ud83d\\ude00", " "};
  for (guint i = 0; i < length; i++)
    g_string_append(out, pieces[g_test_rand_int_range(0, G_N_ELEMENTS(pieces))]);
}

static void append_event(GString *out, guint length) {
  g_string_append(out, "{\"type\":5,\"timestamp\":1700000000000,\"data\":{\"tag\":");
  if (g_test_rand_int_range(0, 4) == 0) {
    g_string_append_printf(out, "\"ss:assets\",\"payload\":{\"https://x.example/%u\":\"", (guint)g_test_rand_int());
    for (guint i = 0; i < SIGHT_ASSETS_HASH_DIGITS / 8; i++)
      g_string_append_printf(out, "%08x", (guint)g_test_rand_int());
    g_string_append(out, "\"}");
  } else {
    g_string_append(out, "\"ss:identify\",\"payload\":{\"user\":\"");
    g_string_append_printf(out, "%u", (guint)g_test_rand_int());
    append_name(out, length);
    g_string_append(out, "\"}");
  }
  g_string_append(out, "}}");
}

/* Many short names, or few long ones. */
static char *random_events(void) {
  guint longest = g_test_rand_bit() ? 3 : (guint)g_test_rand_int_range(100, 40000);
  gsize bytes = (gsize)g_test_rand_int_range(1, MOST_BYTES);
  GString *out = g_string_new("[");
  while (out->len < bytes) {
    if (out->len > 1)
      g_string_append_c(out, ',');
    append_event(out, longest);
  }
  g_string_append_c(out, ']');
  return g_string_free(out, FALSE);
}

static gboolean collect(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  sight_batch_builder_add(user_data, event);
  return TRUE;
}

typedef struct {
  SightBatch *batch;
  gint64 endpoint, n_rows;
} Put;

static gboolean put(SightDb *db, gpointer data, GError **error) {
  Put *p = data;
  gint64 before = sqlite3_total_changes64(db->handle);
  if (sight_batch_table_put(db, p->endpoint, p->batch, error) != SIGHT_PUT_STORED)
    return FALSE;
  p->n_rows = sqlite3_total_changes64(db->handle) - before;
  return TRUE;
}

static gboolean check_entries(SightDb *db, gpointer data, GError **error) {
  gint64 most =
      sight_db_query_int(db, "SELECT ifnull(max(n), 0) FROM (SELECT count(*) n FROM person GROUP BY session)", error);
  gint64 longest = sight_db_query_int(db, "SELECT ifnull(max(length(CAST(user AS BLOB))), 0) FROM person", error);
  gint64 assets = sight_db_query_int(
      db, "SELECT ifnull(max(n), 0) FROM (SELECT count(*) n FROM asset_use GROUP BY session)", error);
  g_assert_cmpint(most, <=, MOST_PERSONS);
  g_assert_cmpint(longest, <=, MOST_NAME_BYTES);
  g_assert_cmpint(assets, <=, SIGHT_ASSETS_MAX);
  return TRUE;
}

/* Few sessions, so that each gets many batches in many windows: what a batch costs does not grow with them. */
static void test_batches(void) {
  char *folder = make_folder();
  SightStore *store = open_store(folder, SIGHT_STORE_COLLECTOR);
  gint64 endpoint = add_endpoint(store, "collector", "shop");
  for (int round = 0; round < ROUNDS; round++) {
    g_autofree char *events = random_events();
    g_autofree char *session = g_strdup_printf("s%d", g_test_rand_int_range(0, 3));
    g_autofree char *window = g_strdup_printf("w%u", (guint)g_test_rand_int());
    g_auto(SightBatchBuilder) builder = {0};
    g_autoptr(GError) error = NULL;
    SightBatch batch = {.session = session, .window = window, .received_at_ms = START_MS};
    g_assert_true(sight_event_read_bytes(events, strlen(events), NULL, collect, &builder, NULL, NULL));
    sight_batch_builder_finish(&builder, &batch);
    guint n_assets = batch.assets != NULL ? batch.assets->len : 0;
    Put p = {.batch = &batch, .endpoint = endpoint};
    sight_store_write(store, SIGHT_WRITE_NORMAL, put, &p, &error);
    g_assert_no_error(error);
    /* Each asset is a row, and a use of it. */
    g_assert_cmpint(p.n_rows, <=, OWN_ROWS + MOST_PERSONS + 2 * MIN(n_assets, SIGHT_ASSETS_MAX));
  }
  g_assert_true(sight_store_read(store, check_entries, NULL, NULL));
  sight_store_close(store);
  g_object_unref(store);
  remove_folder(folder);
}

typedef struct {
  SightAnnotation *tag;
  gint64 n_rows;
} Tagging;

static gboolean put_one(SightDb *db, gpointer data, GError **error) {
  Tagging *tagging = data;
  gint64 before = sqlite3_total_changes64(db->handle);
  gboolean ok = sight_annotation_table_put(db, tagging->tag, SIGHT_ANNOTATION_MADE_HERE, NULL, error);
  tagging->n_rows = sqlite3_total_changes64(db->handle) - before;
  return ok;
}

/* However many there are of a session, and however long they are. */
static void test_tags(void) {
  char *folder = make_folder();
  SightStore *store = open_store(folder, SIGHT_STORE_CACHE);
  put_batch(store, 1, "s", "w", 0, START_MS, "[{}]");
  for (int round = 0; round < 3 * ROUNDS; round++) {
    g_autoptr(GString) body = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    append_name(body, (guint)g_test_rand_int_range(1, g_test_rand_int_range(2, 5000)));
    g_autoptr(SightAnnotation) tag = sight_annotation_new(1, "s", "tag", round, body->str);
    Tagging tagging = {.tag = tag};
    sight_store_write(store, SIGHT_WRITE_NORMAL, put_one, &tagging, &error);
    g_assert_no_error(error);
    g_assert_cmpint(tagging.n_rows, <=, OWN_ROWS);
  }
  sight_store_close(store);
  g_object_unref(store);
  remove_folder(folder);
}

#define PAGE_ROWS 50
#define N_PAGES 40
/* Of SQLite's own program, for each row of a page, however many there are already. */
#define MOST_STEPS 4000
#define STEPS_AT_ONCE 100

typedef struct {
  SightAnnotation *(*make)(int n);
  int first;
  gint64 n_steps;
} Page;

static int count_steps(void *data) {
  *(gint64 *)data += STEPS_AT_ONCE;
  return 0;
}

static SightAnnotation *make_tag(int n) {
  g_autofree char *body = g_strdup_printf("word%d", n);
  return sight_annotation_new(1, "s", "tag", n, body);
}

/* The first line of a chain of its own. */
static SightAnnotation *make_line(int n) {
  SightAnnotation *line = sight_annotation_new(1, NULL, SIGHT_LOG_KIND, SIGHT_ANNOTATION_AT_LOG, "{}");
  g_free(line->id);
  line->id = g_strdup_printf("log-%022d-%010d", n, 1);
  return line;
}

static gboolean put_page(SightDb *db, gpointer data, GError **error) {
  Page *page = data;
  g_autoptr(GPtrArray) annotations = g_ptr_array_new_with_free_func((GDestroyNotify)sight_annotation_free);
  guint n_changed = 0;
  for (int i = 0; i < PAGE_ROWS; i++)
    g_ptr_array_add(annotations, page->make(page->first + i));
  sqlite3_progress_handler(db->handle, STEPS_AT_ONCE, count_steps, &page->n_steps);
  gboolean ok = sight_annotation_table_put_all(db, annotations, SIGHT_ANNOTATION_OF_ENDPOINT, &n_changed, error);
  sqlite3_progress_handler(db->handle, 0, NULL, NULL);
  g_assert_cmpuint(n_changed, ==, PAGE_ROWS);
  return ok;
}

static gboolean check_found(SightDb *db, gpointer data, GError **error) {
  const char *words[] = {"word7", "word1234", "word1999"};
  for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
    g_auto(GStrv) pieces = sight_text_table_pieces(words[i]);
    g_autoptr(GArray) rows = sight_text_table_match(db, pieces, error);
    g_assert_cmpuint(rows->len, ==, 1);
  }
  return TRUE;
}

static void put_pages(SightStore *store, SightAnnotation *(*make)(int n)) {
  for (int n = 0; n < N_PAGES; n++) {
    Page page = {.make = make, .first = n * PAGE_ROWS};
    g_autoptr(GError) error = NULL;
    sight_store_write(store, SIGHT_WRITE_NORMAL, put_page, &page, &error);
    g_assert_no_error(error);
    g_assert_cmpint(page.n_steps, >, 0);
    g_assert_cmpint(page.n_steps / PAGE_ROWS, <=, MOST_STEPS);
  }
}

/* What comes with a sync, a page at a time: none costs more for those that are there, and all can be searched for. */
static void test_pages_of_tags(void) {
  char *folder = make_folder();
  SightStore *store = open_store(folder, SIGHT_STORE_CACHE);
  put_batch(store, 1, "s", "w", 0, START_MS, "[{}]");
  put_pages(store, make_tag);
  g_assert_true(sight_store_read(store, check_found, NULL, NULL));
  sight_store_close(store);
  g_object_unref(store);
  remove_folder(folder);
}

static gboolean add_own_line(SightDb *db, gpointer data, GError **error) {
  SightLogEntry entry = {.act = SIGHT_LOG_WATCHED, .session = "s", .from_ms = -1, .to_ms = -1};
  return sight_log_table_add(db, 1, &entry, NULL, error);
}

static gboolean check_chains(SightDb *db, gpointer data, GError **error) {
  g_autoptr(SightLogCheck) check = sight_log_table_check(db, 1, error);
  g_assert_cmpint(check->n_chains, ==, N_PAGES * PAGE_ROWS + 1);
  g_assert_cmpint(check->n_lines, ==, N_PAGES * PAGE_ROWS + 2);
  g_assert_nonnull(check->head);
  return TRUE;
}

/* A team's log may have as many chains as somebody likes: a line costs no more for those that are there, and this cache
 * goes on with its own. */
static void test_chains_of_log(void) {
  char *folder = make_folder();
  SightStore *store = open_store(folder, SIGHT_STORE_CACHE);
  g_assert_true(sight_store_write(store, SIGHT_WRITE_NORMAL, add_own_line, NULL, NULL));
  put_pages(store, make_line);
  g_assert_true(sight_store_write(store, SIGHT_WRITE_NORMAL, add_own_line, NULL, NULL));
  g_assert_true(sight_store_read(store, check_chains, NULL, NULL));
  sight_store_close(store);
  g_object_unref(store);
  remove_folder(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/store/bounds/batches", test_batches);
  g_test_add_func("/store/bounds/tags", test_tags);
  g_test_add_func("/store/bounds/pages-of-tags", test_pages_of_tags);
  g_test_add_func("/store/bounds/chains-of-log", test_chains_of_log);
  return g_test_run();
}

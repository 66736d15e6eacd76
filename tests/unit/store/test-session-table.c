/* SPDX-License-Identifier: MIT */
/* Sessions: filters, orders, search, flags that the store keeps, and erasing. */
#include "sight-db.h"
#include "sight-index-table.h"
#include "sight-kept-table.h"
#include "sight-occurrences.h"
#include "sight-posting-table.h"
#include "sight-statement.h"
#include "sight-term-table.h"
#include "store-fixture.h"

#include <string.h>

static SightStore *fill(const char *folder) {
  SightStore *store = open_store(folder, SIGHT_STORE_CACHE);

  save_analysed(store, 1,
                (Analysed){.session = "alpha-1",
                           .user = "ada@shop.example",
                           .pages = "/ /pay",
                           .signals = "e@500 r@900",
                           .start_ms = START_MS,
                           .friction = 9});
  save_analysed(store, 1,
                (Analysed){.session = "beta-22",
                           .user = "ada@shop.example",
                           .pages = "/ /help /done",
                           .start_ms = START_MS + 1000,
                           .key_action = TRUE,
                           .friction = 1});
  save_analysed(
      store, 1,
      (Analysed){.session = "gamma-3", .pages = "/", .signals = "d@100", .start_ms = START_MS + 2000, .friction = 4});
  return store;
}

static void check_list(SightStore *store, SightSessionFilter filter, SightSessionSort sort, const char *wanted) {
  g_autofree char *ids = list_ids(store, &filter, sort);

  g_assert_cmpstr(ids, ==, wanted);
  g_auto(GStrv) parts = g_strsplit(wanted, " ", -1);
  g_assert_cmpint(count_of(store, &filter), ==, *wanted == '\0' ? 0 : g_strv_length(parts));
}

static void test_orders(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = fill(folder);

  check_list(store, (SightSessionFilter){0}, SIGHT_SORT_NEWEST, "gamma-3 beta-22 alpha-1");
  check_list(store, (SightSessionFilter){0}, SIGHT_SORT_OLDEST, "alpha-1 beta-22 gamma-3");
  check_list(store, (SightSessionFilter){0}, SIGHT_SORT_FRICTION, "alpha-1 gamma-3 beta-22");
  check_list(store, (SightSessionFilter){0}, SIGHT_SORT_LONGEST, "beta-22 alpha-1 gamma-3");
  sight_store_close(store);
  remove_folder(folder);
}

static void test_filters(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = fill(folder);

  g_autoptr(SightSet) some = sight_set_new();

  sight_set_add(some, row_of(store, 1, "alpha-1"));
  sight_set_add(some, row_of(store, 1, "gamma-3"));
  check_list(store, (SightSessionFilter){.within = some}, SIGHT_SORT_LONGEST, "alpha-1 gamma-3");
  check_list(store, (SightSessionFilter){.within = some, .text = "ada"}, SIGHT_SORT_NEWEST, "alpha-1");
  check_list(store, (SightSessionFilter){.endpoint = 1}, SIGHT_SORT_NEWEST, "gamma-3 beta-22 alpha-1");
  check_list(store, (SightSessionFilter){.endpoint = 2}, SIGHT_SORT_NEWEST, "");
  sight_store_close(store);
  remove_folder(folder);
}

static void test_search(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = fill(folder);

  put_tag(store, 1, "gamma-3", 100, "look at the “coupon”");
  check_list(store, (SightSessionFilter){.text = "ADA@shop"}, SIGHT_SORT_NEWEST, "beta-22 alpha-1");
  check_list(store, (SightSessionFilter){.text = "alph"}, SIGHT_SORT_NEWEST, "alpha-1");
  check_list(store, (SightSessionFilter){.text = "/help"}, SIGHT_SORT_NEWEST, "beta-22");
  check_list(store, (SightSessionFilter){.text = "basket undef"}, SIGHT_SORT_NEWEST, "alpha-1");
  check_list(store, (SightSessionFilter){.text = "coupon"}, SIGHT_SORT_NEWEST, "gamma-3");
  check_list(store, (SightSessionFilter){.text = "ada gamma"}, SIGHT_SORT_NEWEST, "");
  /* Letters are compared without case and accents; a piece begins at a word and may end inside one. */
  put_tag(store, 1, "beta-22", 100, "Größe “Éclair”");
  check_list(store, (SightSessionFilter){.text = "GROSSE eclai"}, SIGHT_SORT_NEWEST, "beta-22");
  check_list(store, (SightSessionFilter){.text = "clair"}, SIGHT_SORT_NEWEST, "");
  check_list(store, (SightSessionFilter){.text = "shop.exam"}, SIGHT_SORT_NEWEST, "beta-22 alpha-1");
  check_list(store, (SightSessionFilter){.text = "example.shop"}, SIGHT_SORT_NEWEST, "");
  /* What a search language would read as operators is plain text here. */
  check_list(store, (SightSessionFilter){.text = "ada OR gamma"}, SIGHT_SORT_NEWEST, "");
  check_list(store, (SightSessionFilter){.text = "\"ada\" NOT* (beta^2 text:ada -- '"}, SIGHT_SORT_NEWEST, "");
  check_list(store, (SightSessionFilter){.text = " / \t"}, SIGHT_SORT_NEWEST, "gamma-3 beta-22 alpha-1");
  check_list(store, (SightSessionFilter){.text = "\xff"}, SIGHT_SORT_NEWEST, "gamma-3 beta-22 alpha-1");
  sight_store_close(store);
  remove_folder(folder);
}

/* However the sessions are found, a limit gives the beginning of the same list. */
static void test_limit(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  g_autoptr(SightSet) few = sight_set_new(), many = sight_set_new();
  const SightSessionFilter filters[] = {
      {0}, {.within = few}, {.within = many}, {.text = "rare"}, {.text = "common"}, {.text = "common", .within = many},
  };

  for (int i = 0; i < 300; i++) {
    g_autofree char *id = g_strdup_printf("session-%d", i);
    save_analysed(store, 1,
                  (Analysed){.session = id,
                             .pages = i % 97 == 0 ? "/common /rare" : "/common",
                             .signals = i % 100 == 7 ? "r@1 e@2"
                                        : i % 2      ? "e@2"
                                                     : "",
                             .start_ms = START_MS + (i * 7919) % 1000,
                             .key_action = i % 5 == 0,
                             .friction = i % 17});
    sight_set_add(i % 100 == 7 ? few : many, row_of(store, 1, id));
  }
  for (guint i = 0; i < G_N_ELEMENTS(filters); i++) {
    for (SightSessionSort sort = SIGHT_SORT_NEWEST; sort <= SIGHT_SORT_LONGEST; sort++) {
      SightSessionFilter first = filters[i];
      first.limit = 2;
      g_autofree char *all_ids = list_ids(store, &filters[i], sort);
      g_autofree char *first_ids = list_ids(store, &first, sort);
      g_auto(GStrv) parts = g_strsplit(all_ids, " ", 3);
      g_autofree char *wanted = g_strjoin(" ", parts[0], parts[1], NULL);
      g_assert_cmpstr(first_ids, ==, wanted);
    }
  }
  sight_store_close(store);
  remove_folder(folder);
}

static gboolean do_index(SightDb *db, gpointer data, GError **error) {
  g_autoptr(SightOccurrences) none = sight_occurrences_new();

  return sight_index_table_save(db, *(gint64 *)data, 1, none, error);
}

static void index_session(SightStore *store, const char *session) {
  g_autoptr(GError) error = NULL;
  gint64 row = row_of(store, 1, session);

  sight_store_write(store, SIGHT_WRITE_NORMAL, do_index, &row, &error);
  g_assert_no_error(error);
}

typedef struct {
  SightTermField field;
  const char *value;
  GString *ids;
} Kept;

static gboolean do_kept(SightDb *db, gpointer data, GError **error) {
  Kept *kept = data;
  g_autoptr(SightSet) set = sight_index_table_with(db, kept->field, kept->value, error);
  SightSessionFilter filter = {.within = set};
  g_autoptr(GArray) rows = set != NULL ? sight_session_table_list(db, &filter, SIGHT_SORT_NEWEST, error) : NULL;

  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    g_autoptr(SightSession) session = sight_session_table_get(db, g_array_index(rows, gint64, i), error);
    g_string_append_printf(kept->ids, "%s%s", i > 0 ? " " : "", session->session);
  }
  g_assert_true(sight_index_table_check(db, error));
  return rows != NULL;
}

/* The sessions that the store keeps with a term. */
static void check_kept(SightStore *store, SightTermField field, const char *value, const char *wanted) {
  Kept kept = {field, value, g_string_new(NULL)};
  g_autoptr(GError) error = NULL;

  sight_store_read(store, do_kept, &kept, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(kept.ids->str, ==, wanted);
  g_string_free(kept.ids, TRUE);
}

#define check_state(store, value, wanted) check_kept(store, SIGHT_TERM_STATE, value, wanted)

static void test_ends_of_user(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = fill(folder);

  check_state(store, SIGHT_STATE_LAST, ""); /* nothing is said of what is not in the index */
  index_session(store, "alpha-1");
  index_session(store, "beta-22");
  index_session(store, "gamma-3");
  check_state(store, SIGHT_STATE_LAST, "gamma-3 beta-22");
  check_state(store, SIGHT_STATE_NEW, "alpha-1");
  check_state(store, SIGHT_STATE_DATED, "gamma-3 beta-22 alpha-1");
  check_state(store, SIGHT_STATE_NAMED, "beta-22 alpha-1");
  /* A later one of the same user takes over; when it is erased, the one before it has it again. */
  gint64 row = save_analysed(
      store, 1,
      (Analysed){.session = "delta-4", .user = "ada@shop.example", .pages = "/", .start_ms = START_MS + 9000});
  check_state(store, SIGHT_STATE_LAST, "gamma-3");
  index_session(store, "delta-4");
  check_state(store, SIGHT_STATE_LAST, "delta-4 gamma-3");
  check_state(store, SIGHT_STATE_NEW, "alpha-1");
  erase(store, row);
  check_state(store, SIGHT_STATE_LAST, "gamma-3 beta-22");
  /* Analysis finds out who gamma-3 was. */
  save_analysed(store, 1, (Analysed){.session = "gamma-3", .user = "ada@shop.example", .pages = "/"});
  check_state(store, SIGHT_STATE_LAST, "gamma-3");
  check_state(store, SIGHT_STATE_NAMED, "gamma-3 beta-22 alpha-1");
  erase(store, row_of(store, 1, "alpha-1"));
  check_state(store, SIGHT_STATE_NEW, "beta-22");
  sight_store_close(store);
  remove_folder(folder);
}

static gboolean do_set_seen(SightDb *db, gpointer data, GError **error) {
  return sight_session_table_set_seen(db, *(gint64 *)data, TRUE, error);
}

/* As a cache of schema 9 comes out of its migration. */
static gboolean do_forget_kept(SightDb *db, gpointer data, GError **error) {
  return sight_posting_table_fold_all(db, error) &&
         sight_db_exec(db,
                       "DELETE FROM posting WHERE (row >> 16) IN (SELECT row FROM term WHERE row >> 32 IN "
                       "(SELECT row >> 32 FROM term WHERE value IN ('watched', 'later', 'a note'))); "
                       "DELETE FROM term WHERE row >> 32 IN (SELECT row >> 32 FROM term WHERE value IN "
                       "('watched', 'later', 'a note')); "
                       "DELETE FROM kept; UPDATE counter SET value = 3 WHERE name = 'kept'; "
                       "UPDATE counter SET value = value + 1 WHERE name = 'index'",
                       error);
}

/* As a cache of schema 14 comes out of its migration: all but one of them are there. */
static gboolean do_forget_named(SightDb *db, gpointer data, GError **error) {
  gint64 named = sight_term_table_find(db, SIGHT_TERM_STATE, SIGHT_STATE_NAMED, error);

  g_assert_cmpint(named, >, 0);
  for (gint64 row = 1; row <= 3; row++) {
    g_autoptr(GArray) terms = sight_kept_table_get(db, row, error);
    g_autoptr(GByteArray) packed = g_byte_array_new();
    g_autoptr(SightStatement) put = sight_db_statement(db, SIGHT_SQL_KEPT_PUT, error);
    for (guint i = terms->len; i > 0; i--) {
      if (g_array_index(terms, gint64, i - 1) == named)
        g_array_remove_index(terms, i - 1);
    }
    sight_numbers_pack(packed, (const gint64 *)(gpointer)terms->data, terms->len);
    sight_statement_bind_int(put, 1, row);
    sight_statement_bind_blob(put, 2, packed->data, packed->len);
    g_assert_true(sight_statement_run(put, error));
  }
  g_autofree char *forget = g_strdup_printf("DELETE FROM posting WHERE (row >> 16) = %" G_GINT64_FORMAT
                                            "; UPDATE counter SET value = 3 WHERE name = 'kept'; "
                                            "UPDATE counter SET value = value + 1 WHERE name = 'index'",
                                            named);
  return sight_posting_table_fold_all(db, error) && sight_db_exec(db, forget, error);
}

static gboolean do_catch_up(SightDb *db, gpointer data, GError **error) {
  return sight_kept_table_catch_up(db, data, error);
}

static gboolean do_count_known(SightDb *db, gpointer data, GError **error) {
  g_autoptr(SightSet) all = sight_index_table_all(db, error);

  *(guint *)data = all != NULL ? (guint)sight_set_n(all) : 0;
  return all != NULL;
}

static guint count_known(SightStore *store) {
  guint n = 0;

  g_assert_true(sight_store_read(store, do_count_known, &n, NULL));
  return n;
}

static gboolean do_note(SightDb *db, gpointer data, GError **error) {
  g_autoptr(SightAnnotation) note = sight_annotation_new(1, data, "note", 50, "a note");

  return sight_annotation_table_put(db, note, SIGHT_ANNOTATION_MADE_HERE, NULL, error);
}

static void test_states(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = fill(folder);
  gint64 row = row_of(store, 1, "beta-22");
  gboolean done = FALSE;

  put_tag(store, 1, "gamma-3", 100, "later");
  put_tag(store, 1, "alpha-1", 99999999, "later"); /* not within the recording */
  index_session(store, "alpha-1");
  index_session(store, "beta-22");
  index_session(store, "gamma-3");
  g_assert_true(sight_store_write(store, SIGHT_WRITE_NORMAL, do_set_seen, &row, NULL));
  check_state(store, SIGHT_STATE_WATCHED, "beta-22");
  put_tag(store, 1, "beta-22", 100, "later");
  g_assert_true(sight_store_write(store, SIGHT_WRITE_NORMAL, do_note, (gpointer) "beta-22", NULL));
  for (int i = 0; i < 3; i++) {
    check_kept(store, SIGHT_TERM_TAG, "later", "gamma-3 beta-22");
    check_kept(store, SIGHT_TERM_NOTE, "a note", "beta-22");
    check_state(store, SIGHT_STATE_WATCHED, "beta-22");
    check_state(store, SIGHT_STATE_LAST, "gamma-3 beta-22");
    check_state(store, SIGHT_STATE_NAMED, "beta-22 alpha-1");
    g_assert_cmpuint(count_known(store), ==, 3);
    if (i == 2)
      break;
    /* Until it is made up for, nothing is known of them. */
    g_assert_true(sight_store_write(store, SIGHT_WRITE_NORMAL, i == 0 ? do_forget_kept : do_forget_named, NULL, NULL));
    g_assert_cmpuint(count_known(store), ==, 0);
    g_assert_true(sight_store_write(store, SIGHT_WRITE_NORMAL, do_catch_up, &done, NULL));
    g_assert_true(done);
  }
  sight_store_close(store);
  remove_folder(folder);
}

static gboolean erase_ada(SightDb *db, gpointer data, GError **error) {
  *(gint64 *)data = sight_session_table_erase_user(db, 0, "ada@shop.example", error);
  return *(gint64 *)data >= 0;
}

/* Nothing of it is readable in any file afterwards, but its id, which the tombstone keeps. */
static void test_erase(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = fill(folder);
  gint64 n_erased = 0;

  put_tag(store, 1, "alpha-1", 100, "embarrassing");
  index_session(store, "alpha-1");
  put_batch(store, 1, "alpha-1", "w", 1, START_MS, "[{\"type\":3,\"secretdata\":1}]");
  g_assert_true(folder_holds(folder, "ada"));
  g_assert_true(folder_holds(folder, "secretdata"));
  g_assert_true(sight_store_write(store, SIGHT_WRITE_NORMAL, erase_ada, &n_erased, NULL));
  g_assert_cmpint(n_erased, ==, 2);
  check_list(store, (SightSessionFilter){0}, SIGHT_SORT_NEWEST, "gamma-3");
  sight_store_close(store);
  g_assert_false(folder_holds(folder, "ada"));
  g_assert_false(folder_holds(folder, "basket"));
  g_assert_false(folder_holds(folder, "embarrassing"));
  g_assert_false(folder_holds(folder, "secretdata"));
  g_assert_false(folder_holds(folder, "/help"));
  g_assert_true(folder_holds(folder, "alpha-1"));
  remove_folder(folder);
}

/* No transaction is as long as a user is busy; what was erased is, when the next one is never reached. */
static void test_erase_often(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  gint64 n_erased = 0;

  add_endpoint(store, "collector", "Shop");
  for (int i = 0; i < SIGHT_ERASED_AT_ONCE + 20; i++) {
    g_autofree char *id = g_strdup_printf("often-%d", i);
    put_batch_naming(store, id, "ada@shop.example");
  }
  put_batch_naming(store, "other", "zoe@shop.example");
  for (gint64 left = SIGHT_ERASED_AT_ONCE + 20; left >= 0; left -= n_erased) {
    g_assert_true(sight_store_write(store, SIGHT_WRITE_NORMAL, erase_ada, &n_erased, NULL));
    g_assert_cmpint(n_erased, ==, MIN(left, SIGHT_ERASED_AT_ONCE));
    if (n_erased == 0)
      break;
  }
  check_list(store, (SightSessionFilter){0}, SIGHT_SORT_NEWEST, "other");
  sight_store_close(store);
  remove_folder(folder);
}

typedef struct {
  gint64 endpoint;
  const char *id;
  char *found;
} Find;

static gboolean find(SightDb *db, gpointer data, GError **error) {
  Find *call = data;
  g_autoptr(SightSession) session = sight_session_table_find(db, call->endpoint, call->id, error);
  call->found = session != NULL ? g_strdup(session->session) : NULL;
  return session != NULL;
}

static void check_find(SightStore *store, gint64 endpoint, const char *id, const char *wanted) {
  Find call = {.endpoint = endpoint, .id = id};
  g_autoptr(GError) error = NULL;

  sight_store_read(store, find, &call, &error);
  g_assert_cmpstr(call.found, ==, wanted);
  if (wanted == NULL)
    g_assert_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND);
  else
    g_assert_no_error(error);
  g_free(call.found);
}

static void test_find(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = fill(folder);
  gint64 shop = add_endpoint(store, "collector", "shop");

  put_batch(store, 1, "prefix-one", "w", 0, START_MS, "[]");
  put_batch(store, 1, "prefix-two", "w", 0, START_MS, "[]");
  put_batch(store, shop, "alpha-1", "w", 0, START_MS, "[]");
  check_find(store, 1, "alpha-1", "alpha-1");
  check_find(store, 0, "beta-2", "beta-22");
  check_find(store, 0, "beta-", NULL); /* too short */
  check_find(store, 1, "prefix-", NULL);
  check_find(store, 1, "prefix-o", "prefix-one");
  check_find(store, shop, "beta-22", NULL);
  check_find(store, 0, "%", NULL);
  check_find(store, 0, "'; DROP TABLE session --", NULL);
  sight_store_close(store);
  remove_folder(folder);
}

static gboolean set_source_and_seen(SightDb *db, gpointer data, GError **error) {
  gint64 row = *(gint64 *)data;
  return sight_session_table_set_source(db, row, "monday.json", "2 events were left out", error) &&
         sight_session_table_set_seen(db, row, TRUE, error);
}

/* What the analyst and the import said survives the next analysis. */
static void test_kept(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = fill(folder);
  gint64 row = row_of(store, 1, "alpha-1");

  g_assert_true(sight_store_write(store, SIGHT_WRITE_NORMAL, set_source_and_seen, &row, NULL));
  put_tag(store, 1, "alpha-1", 0, "tag");
  save_analysed(store, 1, (Analysed){.session = "alpha-1", .pages = "/new"});
  g_autoptr(SightSession) session = get_session(store, row);
  g_assert_cmpstr(session->label, ==, "monday.json");
  g_assert_cmpstr(session->notice, ==, "2 events were left out");
  g_assert_cmpstr(session->exit, ==, "/new");
  g_assert_cmpint(session->flags & SIGHT_SESSION_SEEN, !=, 0);
  g_assert_cmpint(session->flags & SIGHT_SESSION_TAGGED, !=, 0);
  g_assert_cmpint(session->flags & SIGHT_SESSION_PARTIAL, !=, 0);
  g_assert_cmpint(session->flags & SIGHT_SESSION_ERRORED, ==, 0);
  check_list(store, (SightSessionFilter){.text = "monday"}, SIGHT_SORT_NEWEST, "alpha-1");
  sight_store_close(store);
  remove_folder(folder);
}

static gboolean do_newest(SightDb *db, gpointer data, GError **error) {
  SightSessionFilter filter = {.endpoint = *(gint64 *)data};
  g_autoptr(GArray) rows = sight_session_table_list(db, &filter, SIGHT_SORT_NEWEST, error);
  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    g_autoptr(SightSession) session = sight_session_table_get(db, g_array_index(rows, gint64, i), error);
    g_autofree char *wanted = g_strdup_printf("s%u", rows->len - 1 - i);
    g_assert_cmpstr(session->session, ==, wanted);
    gboolean sane = session->started_ms > START_MS - 1000000 && session->started_ms < START_MS + 1000000;
    g_assert_true(sight_session_is_dated(session->started_ms, session->received_ms) == sane);
  }
  return rows != NULL;
}

/* Whatever visitors' clocks say, sessions come in the order in which they arrived, and absurd dates are none. */
static void test_clocks(void) {
  static const gint64 clocks[] = {START_MS, 0, 1, -5, 4102444800000, 884541600000000, G_MAXINT64, G_MININT64, 86400000};
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  gint64 shop = add_endpoint(store, "collector", "shop");
  g_autoptr(GError) error = NULL;

  for (int i = 0; i < 60; i++) {
    g_autofree char *session = g_strdup_printf("s%d", i);
    gint64 clock = clocks[g_test_rand_int_range(0, G_N_ELEMENTS(clocks))];
    clock += clock == START_MS ? g_test_rand_int_range(-900000, 900000) : 0;
    g_assert_cmpint(put_late(store, shop, session, clock, START_MS + 1000 * i), ==, SIGHT_PUT_STORED);
  }
  sight_store_read(store, do_newest, &shop, &error);
  g_assert_no_error(error);
  sight_store_close(store);
  remove_folder(folder);
}

static gboolean do_files(SightDb *db, gpointer data, GError **error) {
  SightSessionFilter filter = {.endpoint = SIGHT_ENDPOINT_FILES};
  g_autoptr(GArray) rows = sight_session_table_list(db, &filter, SIGHT_SORT_NEWEST, error);
  GString *order = data;
  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    g_autoptr(SightSession) session = sight_session_table_get(db, g_array_index(rows, gint64, i), error);
    g_string_append_printf(order, "%s ", session->session);
  }
  return rows != NULL;
}

/* Files are ordered by when they were recorded, if that can be believed. */
static void test_files(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  g_autoptr(GString) order = g_string_new(NULL);
  const gint64 year_ms = G_GINT64_CONSTANT(365) * 86400000;

  put_late(store, SIGHT_ENDPOINT_FILES, "newest", START_MS - 1, START_MS);
  put_late(store, SIGHT_ENDPOINT_FILES, "oldest", START_MS - 9 * year_ms, START_MS + 1);
  put_late(store, SIGHT_ENDPOINT_FILES, "older", START_MS - year_ms, START_MS + 2);
  put_late(store, SIGHT_ENDPOINT_FILES, "unknown", START_MS + 80 * year_ms, START_MS + 3);
  g_assert_true(sight_store_read(store, do_files, order, NULL));
  g_assert_cmpstr(order->str, ==, "unknown newest older oldest ");
  sight_store_close(store);
  remove_folder(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/session/orders", test_orders);
  g_test_add_func("/session/filters", test_filters);
  g_test_add_func("/session/search", test_search);
  g_test_add_func("/session/limit", test_limit);
  g_test_add_func("/session/ends-of-user", test_ends_of_user);
  g_test_add_func("/session/states", test_states);
  g_test_add_func("/session/erase", test_erase);
  g_test_add_func("/session/erase-often", test_erase_often);
  g_test_add_func("/session/find", test_find);
  g_test_add_func("/session/kept", test_kept);
  g_test_add_func("/session/clocks", test_clocks);
  g_test_add_func("/session/files", test_files);
  return g_test_run();
}

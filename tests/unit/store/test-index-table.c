/* SPDX-License-Identifier: MIT */
/* The index against a model of plain arrays: sets while sessions come, change, are folded in and go; numbers; words;
 * and what is left in the file of a session that was erased. */
#include "sight-db.h"
#include "sight-index-table.h"
#include "sight-posting-table.h"
#include "sight-term-table.h"
#include "store-fixture.h"

#include <string.h>

/* More than one group, so that sessions wait, are being folded in, and are in the postings. */
#define N_SESSIONS (2 * SIGHT_POSTING_GROUP + 100)
#define N_VALUES 40

typedef struct {
  gint64 row;
  guint64 has; /* which of the values */
  gint64 length;
  gboolean there;
} Model;

typedef struct {
  Model *models;
  guint n;
} Models;

static char *value_of(guint i) {
  return g_strdup_printf("/page%u", i);
}

static gboolean index_one(SightDb *db, Model *model, GError **error) {
  g_autoptr(SightOccurrences) occurrences = sight_occurrences_new();
  for (guint i = 0; i < N_VALUES; i++) {
    g_autofree char *value = value_of(i);
    if ((model->has >> i & 1) != 0)
      sight_occurrences_moment(occurrences, sight_occurrences_term(occurrences, SIGHT_TERM_PAGE, value), i * 10,
                               i * 20);
  }
  sight_occurrences_number(occurrences, SIGHT_NUMBER_LENGTH, model->length);
  return sight_index_table_save(db, model->row, 1, occurrences, error);
}

static void draw(Model *model) {
  model->has = 0;
  /* The first values are frequent, the last ones rare. */
  for (guint i = 0; i < N_VALUES; i++)
    if (g_test_rand_int_range(0, (int)(i * i) + 2) == 0)
      model->has |= G_GUINT64_CONSTANT(1) << i;
  model->length = g_test_rand_bit() ? g_test_rand_int_range(0, 40) : g_test_rand_int_range(0, 100000000);
}

static gboolean check_value(SightDb *db, const Models *models, guint i, GError **error) {
  g_autofree char *value = value_of(i);
  g_autoptr(SightSet) found = sight_index_table_with(db, SIGHT_TERM_PAGE, value, error);
  guint n = 0;
  g_assert_no_error(*error);
  for (guint j = 0; j < models->n; j++) {
    const Model *model = &models->models[j];
    gboolean has = model->there && (model->has >> i & 1) != 0;
    n += has ? 1 : 0;
    g_assert_true(sight_set_contains(found, model->row) == has);
  }
  g_assert_cmpuint(sight_set_n(found), ==, n);
  /* A term that nobody has is none. */
  g_assert_true((sight_term_table_find(db, SIGHT_TERM_PAGE, value, error) > 0) == (n > 0));
  return TRUE;
}

static void check_numbers(SightDb *db, const Models *models, GError **error) {
  for (int round = 0; round < 6; round++) {
    gint64 least = round == 0 ? 0 : g_test_rand_int_range(0, 60);
    gint64 most = round % 2 == 0 ? g_test_rand_int_range(0, 60) : g_test_rand_int_range(0, 100000000);
    g_autoptr(SightSet) found = sight_index_table_between(db, SIGHT_NUMBER_LENGTH, least, most, error);
    guint n = 0;
    g_assert_no_error(*error);
    for (guint j = 0; j < models->n; j++)
      n += models->models[j].there && models->models[j].length >= least && models->models[j].length <= most;
    g_assert_cmpuint(sight_set_n(found), ==, n);
  }
}

static gboolean check_all(SightDb *db, gpointer data, GError **error) {
  const Models *models = data;
  GError *problem = NULL;
  g_autoptr(SightSet) all = sight_index_table_all(db, &problem);
  guint n = 0;
  for (guint i = 0; i < models->n; i++)
    n += models->models[i].there ? 1 : 0;
  g_assert_cmpuint(sight_set_n(all), ==, n);
  for (guint i = 0; i < N_VALUES; i++)
    check_value(db, models, i, &problem);
  check_numbers(db, models, &problem);
  return TRUE;
}

static gboolean add_row(SightDb *db, gint64 row, GError **error) {
  g_autofree char *sql =
      g_strdup_printf("INSERT INTO session (row, endpoint, session, revision, last_arrival, "
                      "received_ms, arrived_ms, n_batches, n_bytes, n_events, flags) "
                      "VALUES (%" G_GINT64_FORMAT ", 1, 's%" G_GINT64_FORMAT "', 0, 0, 0, 0, 0, 0, 0, 0)",
                      row, row);
  return sight_db_exec(db, sql, error);
}

static gboolean add_sessions(SightDb *db, gpointer data, GError **error) {
  Models *models = data;
  for (int i = 0; i < 97 && models->n < N_SESSIONS; i++) {
    Model *model = &models->models[models->n];
    *model = (Model){.row = models->n * 113 + 1, .there = TRUE};
    draw(model);
    models->n++;
    if (!add_row(db, model->row, error) || !index_one(db, model, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean change_sessions(SightDb *db, gpointer data, GError **error) {
  Models *models = data;
  for (int i = 0; i < 20; i++) {
    Model *model = &models->models[g_test_rand_int_range(0, (int)models->n)];
    if (g_test_rand_int_range(0, 3) == 0) {
      model->there = FALSE;
      if (!sight_index_table_remove(db, model->row, error))
        return FALSE;
      continue;
    }
    draw(model);
    model->there = TRUE;
    if (!index_one(db, model, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean fold_all(SightDb *db, gpointer data, GError **error) {
  return sight_posting_table_fold_all(db, error);
}

static gboolean remove_half(SightDb *db, gpointer data, GError **error) {
  Models *models = data;
  g_autoptr(SightSet) gone = sight_set_new();
  for (guint i = 0; i < models->n; i += 2) {
    models->models[i].there = FALSE;
    sight_set_add(gone, models->models[i].row);
  }
  return sight_posting_table_remove(db, gone, error);
}

static void do_it(SightStore *store, SightStoreFunc func, gpointer data) {
  g_autoptr(GError) error = NULL;
  sight_store_write(store, SIGHT_WRITE_NORMAL, func, data, &error);
  g_assert_no_error(error);
}

static void look(SightStore *store, SightStoreFunc func, gpointer data) {
  g_autoptr(GError) error = NULL;
  sight_store_read(store, func, data, &error);
  g_assert_no_error(error);
}

static gboolean check_index(SightDb *db, gpointer data, GError **error) {
  *(gboolean *)data = sight_index_table_check(db, NULL);
  return TRUE;
}

static void insist_on_sound(SightStore *store) {
  gboolean sound = FALSE;
  look(store, check_index, &sound);
  g_assert_true(sound);
}

static void test_sets(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  g_autofree Model *all = g_new0(Model, N_SESSIONS);
  Models models = {.models = all};
  while (models.n < N_SESSIONS) {
    do_it(store, add_sessions, &models);
    do_it(store, change_sessions, &models);
    look(store, check_all, &models);
  }
  insist_on_sound(store);
  do_it(store, fold_all, NULL);
  look(store, check_all, &models);
  do_it(store, change_sessions, &models);
  look(store, check_all, &models);
  insist_on_sound(store);
  do_it(store, remove_half, &models);
  look(store, check_all, &models);
  sight_store_close(store);
  remove_folder(folder);
}

/* Of an occurrence the end; of postings another row, all of one, and what is none. NULL: nothing. */
static const char *const damages[] = {
    "UPDATE occurrence SET data = substr(data, 1, length(data) - 1) WHERE session = (SELECT max(session) FROM "
    "occurrence)",
    "UPDATE posting SET rows = substr(rows, 1, length(rows) - 1) || x'7f' "
    "WHERE row = (SELECT max(row) FROM posting WHERE length(rows) < 8192)",
    "DELETE FROM posting WHERE row = (SELECT min(row) FROM posting)",
    "UPDATE posting SET rows = x'05' WHERE row = (SELECT min(row) FROM posting)", NULL};

static gboolean damage(SightDb *db, gpointer data, GError **error) {
  return sight_db_exec(db, data, error);
}

/* Whatever is damaged of the index is found, as is that nothing is: while sessions wait, and when all are folded in. */
static void test_damaged(void) {
  for (guint i = 0; i < G_N_ELEMENTS(damages); i++) {
    char *folder = make_folder();
    g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
    g_autofree Model *all = g_new0(Model, N_SESSIONS);
    Models models = {.models = all};
    gboolean sound = FALSE;
    do_it(store, add_sessions, &models);
    insist_on_sound(store);
    do_it(store, fold_all, NULL);
    if (damages[i] != NULL)
      do_it(store, damage, (gpointer)damages[i]);
    look(store, check_index, &sound);
    g_assert_true(sound == (damages[i] == NULL));
    sight_store_close(store);
    remove_folder(folder);
  }
}

static gboolean index_texts(SightDb *db, gpointer data, GError **error) {
  static const char *const texts[] = {"Your card was declined.", "Karte „Café“ ungültig", "カードが拒否されました",
                                      "Card holder"};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(SightOccurrences) occurrences = sight_occurrences_new();
    SightOccurrence *moment = sight_occurrences_moment(
        occurrences, sight_occurrences_term(occurrences, SIGHT_TERM_SEEN, texts[i]), 1000, 2500);
    moment->view = 3;
    sight_occurrences_also(occurrences, sight_occurrences_term(occurrences, SIGHT_TERM_USER, "ada"));
    if (!add_row(db, i + 1, error) || !sight_index_table_save(db, i + 1, 1, occurrences, error))
      return FALSE;
  }
  return TRUE;
}

typedef struct {
  const char *words;
  gboolean prefix;
  guint n;
} Search;

static const Search searches[] = {
    {"card", FALSE, 2},      {"CARD was", FALSE, 1}, {"was card", FALSE, 0},
    {"decl", FALSE, 0},      {"was decl", TRUE, 1},  {"cafe ungultig", FALSE, 1},
    {"拒否", FALSE, 1},      {"否拒", FALSE, 0},     {"\"declined\" OR x", FALSE, 0},
    {"declined.", FALSE, 1}, {"", TRUE, 0},
};

static gboolean search_all(SightDb *db, gpointer data, GError **error) {
  for (guint i = 0; i < G_N_ELEMENTS(searches); i++) {
    GError *problem = NULL;
    g_autoptr(GArray) terms =
        sight_term_table_search(db, SIGHT_TERM_SEEN, searches[i].words, searches[i].prefix, &problem);
    g_assert_no_error(problem);
    g_test_message("%s", searches[i].words);
    g_assert_cmpuint(terms->len, ==, searches[i].n);
  }
  g_autoptr(GArray) none = sight_term_table_search(db, SIGHT_TERM_CLICK, "card", FALSE, error);
  g_assert_cmpuint(none->len, ==, 0);
  g_autoptr(SightOccurrences) occurrences = sight_index_table_get_values(db, 1, error);
  const SightOccurrence *moment = &g_array_index(occurrences->moments, SightOccurrence, 0);
  const SightTerm *term =
      &g_array_index(occurrences->terms, SightTerm, g_array_index(occurrences->links, guint, moment->first));
  g_assert_cmpstr(term->value, ==, "Your card was declined.");
  g_assert_cmpint(term->field, ==, SIGHT_TERM_SEEN);
  g_assert_cmpint(moment->n_terms, ==, 2);
  g_assert_cmpint(moment->view, ==, 3);
  g_assert_cmpint(moment->end_ms, ==, 2500);
  return TRUE;
}

/* Folded in or not, a text that only an erased session had is in no file: not as it was, nor as words. */
static void test_texts(gconstpointer folded) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  do_it(store, index_texts, NULL);
  if (folded != NULL)
    do_it(store, fold_all, NULL);
  look(store, search_all, NULL);
  g_assert_true(folder_holds(folder, "Your card was"));
  g_assert_true(folder_holds(folder, "declined"));
  erase(store, 1);
  sight_store_close(store);
  g_assert_false(folder_holds(folder, "Your card was"));
  g_assert_false(folder_holds(folder, "declined"));
  g_assert_true(folder_holds(folder, "Card holder"));
  g_assert_true(folder_holds(folder, "ada"));
  remove_folder(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/index/sets", test_sets);
  g_test_add_func("/index/damaged", test_damaged);
  g_test_add_data_func("/index/texts/waiting", NULL, test_texts);
  g_test_add_data_func("/index/texts/folded", "folded", test_texts);
  return g_test_run();
}

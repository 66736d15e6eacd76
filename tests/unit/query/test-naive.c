/* SPDX-License-Identifier: MIT */
/* Random filters over the samples find what a plain look at every recorded event finds, to the last session. */
#include "sight-analysis.h"
#include "sight-compress.h"
#include "sight-import.h"
#include "sight-page.h"
#include "sight-query.h"
#include "store-fixture.h"

#include <string.h>

#define N_FILTERS 90
#define MAX_EXPANDED (64u * 1024 * 1024)
/* Of so many samples one is taken: enough to tell filters apart. */
#define EVERY 6

/* What happened, as it stands in the file. */
typedef struct {
  gboolean page; /* a page's address, else the name of an event */
  char *value;   /* template or name */
  gint64 at_ms;  /* wall clock */
} Fact;

typedef struct {
  char *id, *user, *language;
  gint64 first_ms, last_ms;
  GArray *facts; /* of Fact, in the order of time */
} Seen;

typedef struct {
  SightStore *store;
  char *folder;
  GPtrArray *seen;                   /* of Seen */
  GPtrArray *pages, *events, *users; /* values that occur, of char, borrowed */
} Fixture;

static void fact_clear(gpointer data) {
  g_free(((Fact *)data)->value);
}

static void seen_free(gpointer data) {
  Seen *seen = data;

  g_array_unref(seen->facts);
  g_free(seen->id);
  g_free(seen->user);
  g_free(seen->language);
  g_free(seen);
}

static void add_fact(Seen *seen, gboolean page, char *value, gint64 at_ms) {
  Fact fact = {page, value, at_ms};
  g_array_append_val(seen->facts, fact);
}

static void look(Seen *seen, SightJson event) {
  SightJson data = sight_json_get(event, "data"), payload = sight_json_get(data, "payload");
  const char *tag = sight_json_string(sight_json_get(data, "tag"), NULL);
  const char *href = sight_json_string(sight_json_get(data, "href"), NULL);
  gint64 at_ms = sight_json_int(sight_json_get(event, "timestamp"), 0);

  seen->first_ms = MIN(seen->first_ms, at_ms);
  seen->last_ms = MAX(seen->last_ms, at_ms);
  if (g_strcmp0(tag, "ss:route") == 0)
    href = sight_json_string(sight_json_get(payload, "href"), NULL);
  if (href != NULL)
    add_fact(seen, TRUE, sight_page_template(href, NULL), at_ms);
  if (g_strcmp0(tag, "ss:event") == 0)
    add_fact(seen, FALSE, g_strdup(sight_json_string(sight_json_get(payload, "name"), NULL)), at_ms);
  if (g_strcmp0(tag, "ss:identify") == 0 && seen->user == NULL)
    seen->user = g_strdup(sight_json_string(sight_json_get(payload, "user"), NULL));
  if (g_strcmp0(tag, "ss:context") == 0 && seen->language == NULL)
    seen->language = g_strdup(sight_json_string(sight_json_get(payload, "language"), NULL));
}

static int by_time(gconstpointer a, gconstpointer b) {
  const Fact *x = a, *y = b;
  return (x->at_ms > y->at_ms) - (x->at_ms < y->at_ms);
}

static Seen *read_sample(const char *path) {
  g_autofree char *packed = NULL;
  g_autoptr(GError) error = NULL;
  gsize bytes = 0;
  Seen *seen = g_new0(Seen, 1);

  seen->facts = g_array_new(FALSE, FALSE, sizeof(Fact));
  g_array_set_clear_func(seen->facts, fact_clear);
  seen->first_ms = G_MAXINT64;
  g_assert_true(g_file_get_contents(path, &packed, &bytes, &error));
  g_autoptr(GBytes) plain = sight_zstd_expand(packed, bytes, MAX_EXPANDED, &error);
  g_assert_no_error(error);
  g_autofree char *text = g_strndup(g_bytes_get_data(plain, NULL), g_bytes_get_size(plain));
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (guint i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++) {
    g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
    SightJson root;
    g_assert_true(sight_json_parser_parse(parser, lines[i], strlen(lines[i]), &root, &error));
    g_free(seen->id);
    seen->id = g_strdup(sight_json_string(sight_json_get(root, "session"), NULL));
    SightJsonIter it = sight_json_iter(sight_json_get(root, "events"));
    while (sight_json_next(&it))
      look(seen, it.value);
  }
  g_array_sort(seen->facts, by_time);
  return seen;
}

static void note(GPtrArray *values, const char *value) {
  if (value != NULL && !g_ptr_array_find_with_equal_func(values, value, g_str_equal, NULL))
    g_ptr_array_add(values, (char *)value);
}

static void set_up(Fixture *f, gconstpointer data) {
  g_autofree char *samples = g_build_filename(g_getenv("SIGHT_SOURCE_ROOT"), "data", "samples", NULL);
  g_autoptr(GDir) dir = g_dir_open(samples, 0, NULL);
  g_autoptr(GError) error = NULL;
  guint n = 0;

  f->folder = make_folder();
  f->store = open_store(f->folder, SIGHT_STORE_CACHE);
  f->seen = g_ptr_array_new_with_free_func(seen_free);
  f->pages = g_ptr_array_new();
  f->events = g_ptr_array_new();
  f->users = g_ptr_array_new();
  for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
    g_auto(SightImportResult) result = {0};
    if (!g_str_has_suffix(name, ".jsonl.zst") || n++ % EVERY != 0)
      continue;
    g_autofree char *path = g_build_filename(samples, name, NULL);
    g_autoptr(GFile) file = g_file_new_for_path(path);
    sight_import_file(f->store, file, NULL, &result, &error);
    g_assert_no_error(error);
    g_ptr_array_add(f->seen, read_sample(path));
  }
  sight_analysis_run_pending(f->store, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error(error);
  for (guint i = 0; i < f->seen->len; i++) {
    const Seen *seen = f->seen->pdata[i];
    note(f->users, seen->user);
    for (guint j = 0; j < seen->facts->len; j++) {
      const Fact *fact = &g_array_index(seen->facts, Fact, j);
      note(fact->page ? f->pages : f->events, fact->value);
    }
  }
  g_assert_cmpuint(f->seen->len, >, 20);
  g_assert_cmpuint(f->events->len, >, 0);
  g_assert_cmpuint(f->users->len, >, 0);
}

static void tear_down(Fixture *f, gconstpointer data) {
  sight_store_close(f->store);
  g_object_unref(f->store);
  remove_folder(f->folder);
  g_ptr_array_unref(f->seen);
  g_ptr_array_unref(f->pages);
  g_ptr_array_unref(f->events);
  g_ptr_array_unref(f->users);
}

/* A random filter as text, and for each session whether it matches: worked out here, beside the evaluator. */
typedef struct {
  GString *text;
  gboolean *matches;
} Made;

static void made_clear(Made *made) {
  g_string_free(made->text, TRUE);
  g_free(made->matches);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Made, made_clear)

static Made made_new(const Fixture *f) {
  return (Made){g_string_new(NULL), g_new0(gboolean, f->seen->len)};
}

static const char *any_of(const GPtrArray *values) {
  return values->pdata[g_test_rand_int_range(0, (gint32)values->len)];
}

/* The first such fact after a time; NULL where there is none. */
static const Fact *after(const Seen *seen, gboolean page, const char *value, gint64 after_ms) {
  for (guint i = 0; i < seen->facts->len; i++) {
    const Fact *fact = &g_array_index(seen->facts, Fact, i);
    if (fact->page == page && fact->at_ms > after_ms && g_str_equal(fact->value, value))
      return fact;
  }
  return NULL;
}

/* "page:A then [within S] [not] B" */
static gboolean follows(const Seen *seen, const char *first, gboolean page, const char *second, gint64 within_ms,
                        gboolean absent) {
  for (const Fact *fact = after(seen, TRUE, first, 0); fact != NULL; fact = after(seen, TRUE, first, fact->at_ms)) {
    const Fact *next = after(seen, page, second, fact->at_ms);
    gboolean there = next != NULL && (within_ms == 0 || next->at_ms - fact->at_ms <= within_ms);
    if (there != absent)
      return TRUE;
  }
  return FALSE;
}

static Made make_sequence(const Fixture *f) {
  Made made = made_new(f);
  gboolean page = g_test_rand_bit(), absent = g_test_rand_bit();
  const char *first = any_of(f->pages), *second = any_of(page ? f->pages : f->events);
  int seconds = g_test_rand_bit() ? g_test_rand_int_range(1, 60) : 0;

  g_string_printf(made.text, "page:\"%s\" then ", first);
  if (seconds > 0)
    g_string_append_printf(made.text, "within %ds ", seconds);
  g_string_append_printf(made.text, "%s%s:\"%s\"", absent ? "not " : "", page ? "page" : "event", second);
  for (guint i = 0; i < f->seen->len; i++)
    made.matches[i] = follows(f->seen->pdata[i], first, page, second, seconds * 1000, absent);
  return made;
}

static Made make_leaf(const Fixture *f) {
  int kind = g_test_rand_int_range(0, 5), seconds = g_test_rand_int_range(10, 200);
  Made made = kind == 4 ? make_sequence(f) : made_new(f);
  gboolean page = g_test_rand_bit();
  const char *value = kind == 0 ? any_of(page ? f->pages : f->events) : any_of(f->users);

  if (kind == 0)
    g_string_printf(made.text, "%s:\"%s\"", page ? "page" : "event", value);
  else if (kind == 1)
    g_string_printf(made.text, "length:>%ds", seconds);
  else if (kind == 2)
    g_string_printf(made.text, "user:\"%s\"", value);
  else if (kind == 3)
    g_string_printf(made.text, "length:%ds..%ds", seconds, seconds + 30);
  for (guint i = 0; i < f->seen->len && kind != 4; i++) {
    const Seen *seen = f->seen->pdata[i];
    gint64 length_ms = seen->last_ms - seen->first_ms;
    if (kind == 0)
      made.matches[i] = after(seen, page, value, 0) != NULL;
    else if (kind == 2)
      made.matches[i] = g_strcmp0(seen->user, value) == 0;
    else
      made.matches[i] = length_ms >= seconds * 1000 + (kind == 1) && (kind == 1 || length_ms <= (seconds + 30) * 1000);
  }
  return made;
}

/* Wants joined by "or" or by standing side by side, then refusals, which only take away. */
static Made make_filter(const Fixture *f, int depth) {
  if (depth == 0)
    return make_leaf(f);
  Made made = make_filter(f, depth - 1);
  gboolean any = g_test_rand_bit();
  for (int n = g_test_rand_int_range(0, 3); n > 0; n--) {
    g_auto(Made) more = make_filter(f, depth - 1);
    g_string_append_printf(made.text, any ? " or %s" : " (%s)", more.text->str);
    for (guint i = 0; i < f->seen->len; i++)
      made.matches[i] = any ? made.matches[i] || more.matches[i] : made.matches[i] && more.matches[i];
  }
  g_string_prepend_c(made.text, '(');
  g_string_append_c(made.text, ')');
  if (g_test_rand_bit()) {
    g_auto(Made) refused = make_leaf(f);
    g_string_append_printf(made.text, " -(%s)", refused.text->str);
    for (guint i = 0; i < f->seen->len; i++)
      made.matches[i] = made.matches[i] && !refused.matches[i];
    g_string_prepend_c(made.text, '(');
    g_string_append_c(made.text, ')');
  }
  return made;
}

typedef struct {
  const Fixture *f;
  const Made *made;
  gboolean why_not; /* is asked, too */
} Check;

static gboolean do_check(SightDb *db, gpointer data, GError **error) {
  const Check *check = data;
  g_autoptr(SightFilter) filter = sight_filter_parse(check->made->text->str, NULL, error);
  g_autoptr(SightQuery) query = filter != NULL ? sight_query_new(db, filter, START_MS, error) : NULL;
  g_autoptr(SightSet) set = query != NULL ? sight_query_sessions(query, error) : NULL;

  for (guint i = 0; set != NULL && i < check->f->seen->len; i++) {
    const Seen *seen = check->f->seen->pdata[i];
    g_autoptr(SightSession) session = sight_session_table_find(db, 0, seen->id, error);
    g_assert_nonnull(session);
    if (sight_set_contains(set, session->row) != (check->made->matches[i] != FALSE))
      g_error("%s is wrong about %s, which %s", check->made->text->str, seen->id,
              check->made->matches[i] ? "matches" : "does not match");
    if (!check->why_not)
      continue;
    g_autoptr(GPtrArray) why_not = sight_query_why_not(query, session, error);
    g_assert_cmpint(why_not->len == 0, ==, check->made->matches[i] != FALSE);
  }
  return set != NULL;
}

static void test_naive(Fixture *f, gconstpointer data) {
  guint n_some = 0;

  for (int i = 0; i < N_FILTERS; i++) {
    g_auto(Made) made = make_filter(f, i % 3);
    Check check = {f, &made, i % 9 < 3};
    g_autoptr(GError) error = NULL;
    sight_store_read(f->store, do_check, &check, &error);
    g_assert_no_error(error);
    for (guint j = 0; j < f->seen->len; j++)
      n_some += made.matches[j] != FALSE;
  }
  g_assert_cmpuint(n_some, >, N_FILTERS);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add("/query/naive/samples", Fixture, NULL, set_up, test_naive, tear_down);
  return g_test_run();
}

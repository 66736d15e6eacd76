/* SPDX-License-Identifier: MIT */
/* The generator: a vocabulary of terms that is stored once, then sessions drawn from it, a block of rows in each
 * transaction, so that each posting is written once. Users, pages and texts are skewed as on real sites. */
#include "index-fill.h"

#include "sight-analysis.h"
#include "sight-annotation-table.h"
#include "sight-compress.h"
#include "sight-course-table.h"
#include "sight-db.h"
#include "sight-endpoint-table.h"
#include "sight-kept-table.h"
#include "sight-occurrences.h"
#include "sight-set.h"
#include "sight-term-table.h"
#include "sight-usage-table.h"

#include <sqlite3.h>
#include <string.h>

#define PAGES 60        /* of an endpoint */
#define COMMON_TEXTS 40 /* of an endpoint: on all pages */
#define PAGE_TEXTS 60   /* of a page */
#define COMMON_ELEMENTS 15
#define PAGE_ELEMENTS 20
#define TARGETS 8 /* of a page: what can be clicked */
#define KEY_ACTIONS 20
#define USERS 300000
#define SEEN_TEXTS 100
#define SEEN_ELEMENTS 30
#define DAY_MS (24 * 3600 * 1000)
#define FIRST_MS G_GINT64_CONSTANT(1700000000000)
/* One visitor who clicks all day: many sessions, one user. */
#define STORM_SHARE 0.002

typedef struct {
  guint endpoint, page, target;
  SightSignalKind kind;
  double rate;                               /* of those who view the page */
  gint64 signal, problem, text, target_term; /* terms */
  char *title, *target_text;
  guint n_sessions;
  GHashTable *users;
} Problem;

typedef struct {
  SightDb *db;
  GRand *rand;
  GHashTable *postings; /* one block: of GArray of guint16 by term: rows, ascending as sessions are */
  gint64 indexed, endpoint[FILL_ENDPOINTS], idle, hidden;
  gint64 page[FILL_ENDPOINTS][PAGES], entry[FILL_ENDPOINTS][PAGES], exit[FILL_ENDPOINTS][PAGES];
  gint64 page_row[FILL_ENDPOINTS][PAGES];
  gint64 common_text[FILL_ENDPOINTS][COMMON_TEXTS], page_text[FILL_ENDPOINTS][PAGES][PAGE_TEXTS];
  gint64 common_element[FILL_ENDPOINTS][COMMON_ELEMENTS], page_element[FILL_ENDPOINTS][PAGES][PAGE_ELEMENTS];
  gint64 background[SIGHT_N_SIGNALS][FILL_ENDPOINTS][PAGES][TARGETS], background_target[TARGETS];
  gint64 user[USERS + 1];
  gint64 click[FILL_ENDPOINTS][PAGES][TARGETS], clicked[FILL_ENDPOINTS][PAGES][TARGETS];
  gint64 signal[SIGHT_N_SIGNALS], event[KEY_ACTIONS], release[12], browser[6], os[5], device[3], language[15],
      screen[10], variant[4], bit[SIGHT_N_NUMBERS][SIGHT_NUMBER_BITS];
  gint64 endpoint_row[FILL_ENDPOINTS], ruleset;
  Problem problems[FILL_PROBLEMS];
  sqlite3_stmt *session_sql, *occurrence_sql, *posting_sql, *view_sql, *signal_sql, *text_sql;
  sqlite3 *plain; /* the same facts as plain tables: what the index is compared with */
  sqlite3_stmt *plain_session, *plain_view, *plain_signal, *plain_event;
  gint64 from, to; /* rows of this step */
} Fill;

static double now_s(void) {
  return (double)g_get_monotonic_time() / G_USEC_PER_SEC;
}

static void rows_free(gpointer rows) {
  g_array_unref(rows);
}

/* 0 … n - 1, small ones more often. */
static guint skewed(GRand *rand, guint n) {
  double r = g_rand_double(rand);
  return MIN((guint)(r * r * r * n), n - 1);
}

static void check(gboolean ok, GError *error) {
  if (!ok)
    g_error("%s", error != NULL ? error->message : "failed");
}

static gint64 term(Fill *fill, SightTermField field, const char *format, ...) G_GNUC_PRINTF(3, 4);
static gint64 term(Fill *fill, SightTermField field, const char *format, ...) {
  GError *error = NULL;
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *value = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  gint64 row = sight_term_table_ensure(fill->db, field, value, &error);
  check(row > 0, error);
  return row;
}

static void prepare_in(sqlite3 *handle, sqlite3_stmt **statement, const char *sql) {
  if (sqlite3_prepare_v2(handle, sql, -1, statement, NULL) != SQLITE_OK)
    g_error("%s", sqlite3_errmsg(handle));
}

static void prepare(Fill *fill, sqlite3_stmt **statement, const char *sql) {
  prepare_in(fill->db->handle, statement, sql);
}

static void run(Fill *fill, sqlite3_stmt *statement) {
  if (sqlite3_step(statement) != SQLITE_DONE)
    g_error("%s", sqlite3_errmsg(fill->db->handle));
  sqlite3_reset(statement);
}

/* Fixed text, one statement or more. */
static void run_plain(Fill *fill, const char *sql) {
  while (*sql != '\0') {
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(fill->plain, sql, -1, &statement, &sql) != SQLITE_OK)
      g_error("%s", sqlite3_errmsg(fill->plain));
    while (statement != NULL && sqlite3_step(statement) == SQLITE_ROW)
      ;
    if (sqlite3_finalize(statement) != SQLITE_OK)
      g_error("%s", sqlite3_errmsg(fill->plain));
  }
}

static void open_plain(Fill *fill, const char *folder) {
  g_autofree char *path = g_build_filename(folder, FILL_PLAIN, NULL);
  if (sqlite3_open(path, &fill->plain) != SQLITE_OK)
    g_error("%s", sqlite3_errmsg(fill->plain));
  run_plain(fill, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
                  "CREATE TABLE session (row INTEGER PRIMARY KEY, endpoint INTEGER, user TEXT, device TEXT, "
                  "browser TEXT, os TEXT, release TEXT, started_ms INTEGER, length_ms INTEGER);"
                  "CREATE TABLE view (session INTEGER, page TEXT, start_ms INTEGER);"
                  "CREATE TABLE signal (session INTEGER, kind TEXT, problem TEXT, start_ms INTEGER, page TEXT);"
                  "CREATE TABLE event (session INTEGER, name TEXT, at_ms INTEGER);");
}

static void close_plain(Fill *fill) {
  run_plain(fill, "CREATE INDEX session_release ON session (release, length_ms);"
                  "CREATE INDEX view_page ON view (page, session, start_ms);"
                  "CREATE INDEX view_session ON view (session);"
                  "CREATE INDEX signal_kind ON signal (kind, session, start_ms);"
                  "CREATE INDEX signal_session ON signal (session, problem);"
                  "CREATE INDEX event_name ON event (name, session, at_ms);"
                  "CREATE INDEX event_session ON event (session, name); ANALYZE");
  sqlite3_close(fill->plain);
}

static void make_pages(Fill *fill, guint e) {
  static const char *const words[] = {"card", "order", "delivery", "coupon", "address", "price", "size",  "return",
                                      "help", "gift",  "basket",   "search", "review",  "photo", "stock", "pickup"};
  for (guint i = 0; i < COMMON_TEXTS; i++)
    fill->common_text[e][i] = term(fill, SIGHT_TERM_SEEN, "Shop %u: %s and %s", e, words[i % 16], words[i / 3 % 16]);
  for (guint i = 0; i < COMMON_ELEMENTS; i++)
    fill->common_element[e][i] = term(fill, SIGHT_TERM_ELEMENT, "a.nav-%s[role=\"link\"]", words[i]);
  for (guint p = 0; p < PAGES; p++) {
    g_autofree char *page = p == 0 ? g_strdup("/checkout") : g_strdup_printf("/section%u/:id", p);
    fill->page[e][p] = term(fill, SIGHT_TERM_PAGE, "%s", page);
    fill->entry[e][p] = term(fill, SIGHT_TERM_ENTRY, "%s", page);
    fill->exit[e][p] = term(fill, SIGHT_TERM_EXIT, "%s", page);
    for (guint i = 0; i < PAGE_TEXTS; i++)
      fill->page_text[e][p][i] = term(fill, SIGHT_TERM_SEEN, "Your %s for %s of article %u in section %u of shop %u",
                                      words[i % 16], words[(i + p) % 16], i, p, e);
    for (guint i = 0; i < PAGE_ELEMENTS; i++)
      fill->page_element[e][p][i] = term(fill, SIGHT_TERM_ELEMENT, "button#%s-%u.primary[type=\"submit\"]%s",
                                         words[i % 16], p, i % 5 == 0 ? "[disabled]" : "");
    for (guint i = 0; i < TARGETS; i++) {
      fill->click[e][p][i] = term(fill, SIGHT_TERM_CLICK, "%s %u", words[i], p);
      fill->clicked[e][p][i] = term(fill, SIGHT_TERM_CLICKED, "#%s-%u", words[i], p);
    }
  }
}

static void make_problems(Fill *fill) {
  static const SightSignalKind kinds[] = {SIGHT_SIGNAL_RAGE, SIGHT_SIGNAL_DEAD, SIGHT_SIGNAL_ERROR,
                                          SIGHT_SIGNAL_REQUEST};
  for (guint i = 0; i < FILL_PROBLEMS; i++) {
    Problem *problem = &fill->problems[i];
    problem->endpoint = i % FILL_ENDPOINTS;
    problem->page = i / FILL_ENDPOINTS;
    problem->target = i % TARGETS;
    problem->kind = kinds[i / 2 % G_N_ELEMENTS(kinds)];
    problem->rate = 0.3 / (1 + i);
    const char *kind = sight_signal_kind_name(problem->kind);
    problem->target_text = g_strdup_printf("Planted button %u", i);
    problem->title = g_strdup_printf("%s %s planted-%u", kind, problem->page == 0 ? "/checkout" : "its page", i);
    problem->problem = term(fill, SIGHT_TERM_PROBLEM, "%s", problem->title);
    problem->target_term = term(fill, SIGHT_TERM_TARGET, "%s", problem->target_text);
    problem->text = term(fill, SIGHT_TERM_SEEN, "Planted text %u: your card was declined.", i);
    problem->users = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  }
}

static const char *const browsers[] = {"Chrome", "Safari", "Firefox", "Edge", "Samsung Internet", "Opera"};
static const char *const systems[] = {"Windows", "Android", "iPhone", "macOS", "Linux"};
static const char *const devices[] = {"desktop", "phone", "tablet"};

static void make_rest(Fill *fill) {
  fill->indexed = term(fill, SIGHT_TERM_INDEXED, "%s", "");
  fill->idle = term(fill, SIGHT_TERM_IDLE, "%s", "");
  fill->hidden = term(fill, SIGHT_TERM_HIDDEN, "%s", "");
  for (guint kind = 0; kind < SIGHT_N_SIGNALS; kind++)
    fill->signal[kind] = term(fill, SIGHT_TERM_SIGNAL, "%s", sight_signal_kind_name(kind));
  for (guint i = 0; i < KEY_ACTIONS; i++)
    fill->event[i] = term(fill, SIGHT_TERM_EVENT, "key action %u", i);
  for (guint i = 0; i < G_N_ELEMENTS(fill->release); i++)
    fill->release[i] = term(fill, SIGHT_TERM_RELEASE, "2.%u", i);
  for (guint i = 0; i < G_N_ELEMENTS(fill->browser); i++)
    fill->browser[i] = term(fill, SIGHT_TERM_BROWSER, "%s", browsers[i]);
  for (guint i = 0; i < G_N_ELEMENTS(fill->os); i++)
    fill->os[i] = term(fill, SIGHT_TERM_OS, "%s", systems[i]);
  for (guint i = 0; i < G_N_ELEMENTS(fill->device); i++)
    fill->device[i] = term(fill, SIGHT_TERM_DEVICE, "%s", devices[i]);
  for (guint i = 0; i < G_N_ELEMENTS(fill->language); i++)
    fill->language[i] = term(fill, SIGHT_TERM_LANGUAGE, "l%u", i);
  for (guint i = 0; i < G_N_ELEMENTS(fill->screen); i++)
    fill->screen[i] = term(fill, SIGHT_TERM_SCREEN, "%ux%u", 800 + 160 * i, 600 + 90 * i);
  for (guint i = 0; i < G_N_ELEMENTS(fill->variant); i++)
    fill->variant[i] = term(fill, SIGHT_TERM_VARIANT, "test%u=%s", i / 2, i % 2 == 0 ? "a" : "b");
  for (guint number = 0; number < SIGHT_N_NUMBERS; number++)
    for (guint bit = 0; bit < SIGHT_NUMBER_BITS; bit++) {
      g_autofree char *name = sight_number_bit(number, bit);
      fill->bit[number][bit] = term(fill, SIGHT_TERM_BIT, "%s", name);
    }
}

static char *settings(void) {
  g_autoptr(GString) out = g_string_new("{\"key-actions\":[");
  for (guint i = 0; i < KEY_ACTIONS; i++)
    g_string_append_printf(out, "%s{\"name\":\"Key action %u\",\"kind\":\"event\",\"value\":\"key action %u\"}",
                           i > 0 ? "," : "", i, i);
  g_string_append(out, "]}");
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static gboolean make_vocabulary(SightDb *db, gpointer data, GError **error) {
  Fill *fill = data;
  sqlite3_stmt *page = NULL, *rules = NULL;
  fill->db = db;
  prepare(fill, &page, "INSERT INTO page (endpoint, template, n_sessions) VALUES (?1, ?2, 1)");
  for (guint e = 0; e < FILL_ENDPOINTS; e++) {
    g_autofree char *name = g_strdup_printf("Shop %u", e), *json = settings();
    g_autofree char *url = g_strdup_printf("https://shop%u.example", e);
    fill->endpoint_row[e] = e == 0 ? SIGHT_ENDPOINT_FILES : sight_endpoint_table_add(db, "collector", name, url, error);
    if (fill->endpoint_row[e] <= 0 || !sight_annotation_table_put_settings(db, fill->endpoint_row[e], json, error))
      return FALSE;
    fill->endpoint[e] = term(fill, SIGHT_TERM_ENDPOINT, "%" G_GINT64_FORMAT, fill->endpoint_row[e]);
    make_pages(fill, e);
    for (guint p = 0; p < PAGES; p++) {
      g_autofree char *template = p == 0 ? g_strdup("/checkout") : g_strdup_printf("/section%u/:id", p);
      sqlite3_bind_int64(page, 1, fill->endpoint_row[e]);
      sqlite3_bind_text(page, 2, template, -1, SQLITE_TRANSIENT);
      run(fill, page);
      fill->page_row[e][p] = sqlite3_last_insert_rowid(db->handle);
    }
  }
  make_rest(fill);
  make_problems(fill);
  g_autoptr(SightRuleset) ruleset = sight_analysis_rules(db, fill->endpoint_row[0], error);
  g_autofree char *id = sight_ruleset_id(ruleset);
  prepare(fill, &rules, "INSERT INTO ruleset (id) VALUES (?1)");
  sqlite3_bind_text(rules, 1, id, -1, SQLITE_TRANSIENT);
  run(fill, rules);
  fill->ruleset = sqlite3_last_insert_rowid(db->handle);
  sqlite3_finalize(page);
  sqlite3_finalize(rules);
  return TRUE;
}

/* One session. */

typedef struct {
  Fill *fill;
  gint64 row;
  SightOccurrences *occurrences;
  GArray *terms;      /* of gint64, each once */
  GHashTable *places; /* term → its place + 1 */
} Draft;

static guint place_of(Draft *draft, gint64 wanted) {
  gpointer place = g_hash_table_lookup(draft->places, GSIZE_TO_POINTER((gsize)wanted));
  if (place != NULL)
    return GPOINTER_TO_UINT(place) - 1;
  g_array_append_val(draft->terms, wanted);
  g_hash_table_insert(draft->places, GSIZE_TO_POINTER((gsize)wanted), GUINT_TO_POINTER(draft->terms->len));
  GArray *rows = g_hash_table_lookup(draft->fill->postings, GSIZE_TO_POINTER((gsize)wanted));
  guint16 row = (guint16)(draft->row & 0xffff);
  if (rows == NULL) {
    rows = g_array_new(FALSE, FALSE, sizeof(guint16));
    g_hash_table_insert(draft->fill->postings, GSIZE_TO_POINTER((gsize)wanted), rows);
  }
  g_array_append_val(rows, row);
  return draft->terms->len - 1;
}

static SightOccurrence *moment(Draft *draft, gint64 what, gint64 start_ms, gint64 end_ms, int view) {
  SightOccurrence *made = sight_occurrences_moment(draft->occurrences, place_of(draft, what), start_ms, end_ms);
  made->view = view;
  return made;
}

static void number(Draft *draft, SightNumber which, gint64 value) {
  for (guint bit = 0; value >> bit != 0; bit++)
    if ((value >> bit & 1) != 0)
      place_of(draft, draft->fill->bit[which][bit]);
}

typedef struct {
  guint e;
  guint pages[7], n_pages;
  gint64 started_ms, length_ms;
  gint64 user;
  gboolean storm, key_action;
  guint n_signals, n_clicks, release, browser, os, device;
  guint32 flags;
} Visit;

static void add_signal_row(Fill *fill, gint64 row, guint n, SightSignalKind kind, gint64 at_ms, const char *page,
                           const char *target, const char *fingerprint) {
  sqlite3_stmt *sql = fill->signal_sql;
  sqlite3_bind_int64(sql, 1, row);
  sqlite3_bind_int(sql, 2, (int)n);
  sqlite3_bind_int(sql, 3, kind);
  sqlite3_bind_int64(sql, 4, at_ms);
  sqlite3_bind_int64(sql, 5, at_ms + 900);
  sqlite3_bind_text(sql, 6, page, -1, SQLITE_TRANSIENT);
  sqlite3_bind_text(sql, 7, target, -1, SQLITE_TRANSIENT);
  sqlite3_bind_text(sql, 8, fingerprint, -1, SQLITE_TRANSIENT);
  run(fill, sql);
}

static void signal_at(Draft *draft, Visit *visit, SightSignalKind kind, gint64 problem, gint64 target, guint view,
                      gint64 at_ms, const char *target_text, const char *fingerprint) {
  Fill *fill = draft->fill;
  g_autofree char *page =
      visit->pages[view] == 0 ? g_strdup("/checkout") : g_strdup_printf("/section%u/:id", visit->pages[view]);
  SightOccurrence *made = moment(draft, fill->signal[kind], at_ms, at_ms + 900, (int)view);
  const int has_target = 1;
  made->count = 4;
  sight_occurrences_measure(draft->occurrences, &has_target, 1);
  sight_occurrences_also(draft->occurrences, place_of(draft, problem));
  sight_occurrences_also(draft->occurrences, place_of(draft, target));
  visit->flags |= sight_session_flag_of_signal(kind);
  add_signal_row(fill, draft->row, visit->n_signals++, kind, at_ms, page, target_text, fingerprint);
  sqlite3_bind_int64(fill->plain_signal, 1, draft->row);
  sqlite3_bind_text(fill->plain_signal, 2, sight_signal_kind_name(kind), -1, SQLITE_STATIC);
  sqlite3_bind_text(fill->plain_signal, 3, fingerprint, -1, SQLITE_TRANSIENT);
  sqlite3_bind_int64(fill->plain_signal, 4, at_ms);
  sqlite3_bind_text(fill->plain_signal, 5, page, -1, SQLITE_TRANSIENT);
  run(fill, fill->plain_signal);
}

static void add_problems(Draft *draft, Visit *visit, guint view, gint64 from_ms) {
  Fill *fill = draft->fill;
  for (guint i = 0; i < FILL_PROBLEMS; i++) {
    Problem *problem = &fill->problems[i];
    if (problem->endpoint != visit->e || problem->page != visit->pages[view] ||
        g_rand_double(fill->rand) > problem->rate)
      continue;
    signal_at(draft, visit, problem->kind, problem->problem, problem->target_term, view, from_ms + 3000,
              problem->target_text, problem->title);
    moment(draft, problem->text, from_ms + 3000, from_ms + 8000, (int)view);
    problem->n_sessions++;
    g_hash_table_add(problem->users, visit->user >= 0 ? g_strdup_printf("u%" G_GINT64_FORMAT, visit->user)
                                                      : g_strdup_printf("s%" G_GINT64_FORMAT, draft->row));
    /* What is broken keeps people from buying. */
    visit->key_action &= g_rand_int_range(fill->rand, 0, 3) == 0;
  }
}

/* A term that many sessions have is looked for once. */
static gint64 known(Fill *fill, gint64 *place, SightTermField field, const char *value) {
  if (*place == 0)
    *place = term(fill, field, "%s", value);
  return *place;
}

static void add_background(Draft *draft, Visit *visit, guint view, gint64 from_ms) {
  static const int in_thousand[SIGHT_N_SIGNALS] = {30, 15, 40, 10, 60, 25, 12, 6, 8, 20, 15, 5, 20, 40};
  Fill *fill = draft->fill;
  for (guint kind = 0; kind < SIGHT_N_SIGNALS; kind++) {
    if (g_rand_int_range(fill->rand, 0, 1000) >= in_thousand[kind])
      continue;
    guint p = visit->pages[view], t = skewed(fill->rand, TARGETS);
    g_autofree char *fingerprint = g_strdup_printf("%s %u.%u %u", sight_signal_kind_name(kind), visit->e, p, t);
    g_autofree char *target = g_strdup_printf("target %u", t);
    signal_at(draft, visit, kind, known(fill, &fill->background[kind][visit->e][p][t], SIGHT_TERM_PROBLEM, fingerprint),
              known(fill, &fill->background_target[t], SIGHT_TERM_TARGET, target), view, from_ms + 500 * kind, target,
              fingerprint);
  }
}

static void add_view(Draft *draft, Visit *visit, guint view) {
  Fill *fill = draft->fill;
  guint e = visit->e, p = visit->pages[view];
  gint64 each_ms = visit->length_ms / visit->n_pages, from_ms = view * each_ms, to_ms = from_ms + each_ms;
  moment(draft, fill->page[e][p], from_ms, to_ms, (int)view);
  for (guint i = 0; i < (SEEN_TEXTS - COMMON_TEXTS) / visit->n_pages; i++)
    moment(draft, fill->page_text[e][p][(i + skewed(fill->rand, PAGE_TEXTS)) % PAGE_TEXTS], from_ms + 200, to_ms,
           (int)view);
  for (guint i = 0; i < (SEEN_ELEMENTS - COMMON_ELEMENTS) / visit->n_pages + 1; i++)
    moment(draft, fill->page_element[e][p][(i + skewed(fill->rand, PAGE_ELEMENTS)) % PAGE_ELEMENTS], from_ms + 200,
           to_ms, (int)view);
  for (guint i = 0; i < 2; i++) {
    guint t = skewed(fill->rand, TARGETS);
    moment(draft, fill->click[e][p][t], from_ms + 1000 * (i + 1), from_ms + 1000 * (i + 1), (int)view);
    sight_occurrences_also(draft->occurrences, place_of(draft, fill->clicked[e][p][t]));
    visit->n_clicks++;
  }
  if (visit->storm && view == 0)
    signal_at(draft, visit, SIGHT_SIGNAL_RAGE, term(fill, SIGHT_TERM_PROBLEM, "rage /checkout storm"),
              term(fill, SIGHT_TERM_TARGET, "Storm"), 0, from_ms + 100, "Storm", "rage /checkout storm");
  add_problems(draft, visit, view, from_ms);
  add_background(draft, visit, view, from_ms);
  sqlite3_bind_int64(fill->view_sql, 1, draft->row);
  sqlite3_bind_int(fill->view_sql, 2, (int)view);
  sqlite3_bind_int64(fill->view_sql, 3, fill->page_row[e][p]);
  sqlite3_bind_int64(fill->view_sql, 4, from_ms);
  sqlite3_bind_int64(fill->view_sql, 5, to_ms);
  run(fill, fill->view_sql);
  g_autofree char *page = p == 0 ? g_strdup("/checkout") : g_strdup_printf("/section%u/:id", p);
  sqlite3_bind_int64(fill->plain_view, 1, draft->row);
  sqlite3_bind_text(fill->plain_view, 2, page, -1, SQLITE_TRANSIENT);
  sqlite3_bind_int64(fill->plain_view, 3, from_ms);
  run(fill, fill->plain_view);
}

static void draw(Fill *fill, Visit *visit) {
  static const double shares[FILL_ENDPOINTS] = {0.5, 0.7, 0.85, 0.95, 1};
  double r = g_rand_double(fill->rand);
  while (r > shares[visit->e])
    visit->e++;
  visit->storm = g_rand_double(fill->rand) < STORM_SHARE;
  visit->user = visit->storm ? 0 : g_rand_int_range(fill->rand, 0, 10) < 6 ? 1 + (gint64)skewed(fill->rand, USERS) : -1;
  visit->n_pages = 1 + skewed(fill->rand, 7);
  for (guint i = 0; i < visit->n_pages; i++)
    visit->pages[i] = visit->storm ? 0 : skewed(fill->rand, PAGES);
  visit->started_ms = FIRST_MS + (gint64)(g_rand_double(fill->rand) * 90 * DAY_MS);
  visit->length_ms = 10000 + (gint64)skewed(fill->rand, 1200000);
  visit->key_action = g_rand_int_range(fill->rand, 0, 10) < 6;
  visit->release = skewed(fill->rand, G_N_ELEMENTS(fill->release));
  visit->browser = skewed(fill->rand, G_N_ELEMENTS(browsers));
  visit->os = skewed(fill->rand, G_N_ELEMENTS(systems));
  visit->device = skewed(fill->rand, G_N_ELEMENTS(devices));
}

static void add_key_action(Draft *draft, const Visit *visit) {
  Fill *fill = draft->fill;
  guint action = skewed(fill->rand, KEY_ACTIONS);
  gint64 at_ms = visit->length_ms - 500;
  g_autofree char *name = g_strdup_printf("key action %u", action);
  moment(draft, fill->event[action], at_ms, at_ms, (int)visit->n_pages - 1);
  sqlite3_bind_int64(fill->plain_event, 1, draft->row);
  sqlite3_bind_text(fill->plain_event, 2, name, -1, SQLITE_TRANSIENT);
  sqlite3_bind_int64(fill->plain_event, 3, at_ms);
  run(fill, fill->plain_event);
}

static void add_plain_session(Fill *fill, gint64 row, const Visit *visit, const char *user) {
  g_autofree char *release = g_strdup_printf("2.%u", visit->release);
  sqlite3_stmt *sql = fill->plain_session;
  sqlite3_bind_int64(sql, 1, row);
  sqlite3_bind_int64(sql, 2, fill->endpoint_row[visit->e]);
  sqlite3_bind_text(sql, 3, user, -1, SQLITE_TRANSIENT);
  sqlite3_bind_text(sql, 4, devices[visit->device], -1, SQLITE_STATIC);
  sqlite3_bind_text(sql, 5, browsers[visit->browser], -1, SQLITE_STATIC);
  sqlite3_bind_text(sql, 6, systems[visit->os], -1, SQLITE_STATIC);
  sqlite3_bind_text(sql, 7, release, -1, SQLITE_TRANSIENT);
  sqlite3_bind_int64(sql, 8, visit->started_ms);
  sqlite3_bind_int64(sql, 9, visit->length_ms);
  run(fill, sql);
}

static void add_whole(Draft *draft, const Visit *visit) {
  Fill *fill = draft->fill;
  guint e = visit->e, last = visit->pages[visit->n_pages - 1];
  place_of(draft, fill->indexed);
  place_of(draft, fill->endpoint[e]);
  place_of(draft, fill->entry[e][visit->pages[0]]);
  place_of(draft, fill->exit[e][last]);
  if (visit->user >= 0) {
    g_autofree char *user = g_strdup_printf("user%" G_GINT64_FORMAT "@mail.example", visit->user);
    place_of(draft, known(fill, &fill->user[visit->user], SIGHT_TERM_USER, user));
  }
  place_of(draft, fill->release[visit->release]);
  place_of(draft, fill->browser[visit->browser]);
  place_of(draft, fill->os[visit->os]);
  place_of(draft, fill->device[visit->device]);
  place_of(draft, fill->language[skewed(fill->rand, G_N_ELEMENTS(fill->language))]);
  place_of(draft, fill->screen[skewed(fill->rand, G_N_ELEMENTS(fill->screen))]);
  place_of(draft, fill->variant[g_rand_int_range(fill->rand, 0, 2)]);
  place_of(draft, fill->variant[g_rand_int_range(fill->rand, 2, 4)]);
  for (guint i = 0; i < COMMON_TEXTS; i++)
    moment(draft, fill->common_text[e][i], 100, visit->length_ms, 0);
  for (guint i = 0; i < COMMON_ELEMENTS; i++)
    moment(draft, fill->common_element[e][i], 100, visit->length_ms, 0);
  if (g_rand_int_range(fill->rand, 0, 10) < 3)
    moment(draft, fill->idle, visit->length_ms / 2, visit->length_ms / 2 + 11000, 0);
  if (visit->key_action)
    add_key_action(draft, visit);
  number(draft, SIGHT_NUMBER_STARTED, visit->started_ms / 1000);
  number(draft, SIGHT_NUMBER_LENGTH, visit->length_ms);
  number(draft, SIGHT_NUMBER_ACTIVE, visit->length_ms * 3 / 4);
  number(draft, SIGHT_NUMBER_FRICTION, visit->n_signals * 150);
  number(draft, SIGHT_NUMBER_PAGES, visit->n_pages);
  number(draft, SIGHT_NUMBER_CLICKS, visit->n_clicks);
  number(draft, SIGHT_NUMBER_SIGNALS, visit->n_signals);
  number(draft, SIGHT_NUMBER_WIDTH, 1280);
}

static void add_session_row(Fill *fill, gint64 row, const Visit *visit) {
  sqlite3_stmt *sql = fill->session_sql;
  g_autofree char *id = g_strdup_printf("%08x-session-%07d", g_rand_int(fill->rand), (int)row);
  g_autofree char *user =
      visit->user >= 0 ? g_strdup_printf("user%" G_GINT64_FORMAT "@mail.example", visit->user) : NULL;
  guint32 flags = visit->flags | SIGHT_SESSION_ANALYSED | (row % 10 == 0 ? SIGHT_SESSION_SEEN : 0);
  sqlite3_bind_int64(sql, 1, row);
  sqlite3_bind_int64(sql, 2, fill->endpoint_row[visit->e]);
  sqlite3_bind_text(sql, 3, id, -1, SQLITE_TRANSIENT);
  sqlite3_bind_int64(sql, 4, visit->started_ms + visit->length_ms);
  sqlite3_bind_int64(sql, 5, visit->started_ms);
  sqlite3_bind_int64(sql, 6, visit->length_ms);
  sqlite3_bind_int64(sql, 7, flags);
  sqlite3_bind_double(sql, 8, visit->n_signals * 1.5);
  sqlite3_bind_int64(sql, 9, fill->page_row[visit->e][visit->pages[0]]);
  sqlite3_bind_int64(sql, 10, fill->page_row[visit->e][visit->pages[visit->n_pages - 1]]);
  sqlite3_bind_int64(sql, 11, fill->ruleset);
  sqlite3_bind_int(sql, 12, SIGHT_ANALYSIS_VERSION);
  sqlite3_bind_text(sql, 13, user, -1, SQLITE_TRANSIENT);
  sqlite3_bind_int(sql, 14, (int)visit->n_pages);
  sqlite3_bind_int(sql, 15, (int)visit->n_clicks);
  sqlite3_bind_int(sql, 16, (int)visit->n_signals);
  run(fill, sql);
  sqlite3_bind_int64(fill->text_sql, 1, row);
  sqlite3_bind_text(fill->text_sql, 2, user != NULL ? user : id, -1, SQLITE_TRANSIENT);
  run(fill, fill->text_sql);
  add_plain_session(fill, row, visit, user);
}

static void add_session(Fill *fill, gint64 row) {
  Visit visit = {0};
  Draft draft = {.fill = fill, .row = row, .occurrences = sight_occurrences_new()};
  draft.terms = g_array_new(FALSE, FALSE, sizeof(gint64));
  draft.places = g_hash_table_new(NULL, NULL);
  draw(fill, &visit);
  for (guint view = 0; view < visit.n_pages; view++)
    add_view(&draft, &visit, view);
  add_whole(&draft, &visit);
  add_session_row(fill, row, &visit);
  sight_occurrences_sort(draft.occurrences);
  const gint64 *terms = (const gint64 *)(gpointer)draft.terms->data;
  for (guint i = 0; i < draft.terms->len; i++) {
    SightTerm one = {.field = sight_term_field_of(terms[i])};
    g_array_append_val(draft.occurrences->terms, one);
  }
  GError *error = NULL;
  check(sight_course_table_put(fill->db, row, draft.occurrences, terms, &error) &&
            sight_usage_table_set(fill->db, row, draft.occurrences, terms, &error),
        error);
  g_autoptr(GByteArray) plain = sight_occurrences_pack(draft.occurrences, terms);
  g_autoptr(GBytes) packed = sight_zstd_compress(plain->data, plain->len, 1);
  sqlite3_bind_int64(fill->occurrence_sql, 1, row);
  sqlite3_bind_blob(fill->occurrence_sql, 2, g_bytes_get_data(packed, NULL), (int)g_bytes_get_size(packed),
                    SQLITE_TRANSIENT);
  run(fill, fill->occurrence_sql);
  sight_occurrences_free(draft.occurrences);
  g_array_unref(draft.terms);
  g_hash_table_unref(draft.places);
}

static int by_term(gconstpointer a, gconstpointer b) {
  gsize x = GPOINTER_TO_SIZE(*(const gpointer *)a), y = GPOINTER_TO_SIZE(*(const gpointer *)b);
  return (x > y) - (x < y);
}

/* In the order in which they are stored. */
static void write_postings(Fill *fill, guint32 block) {
  guint n_terms = 0;
  g_autofree gpointer *terms = g_hash_table_get_keys_as_array(fill->postings, &n_terms);
  qsort(terms, n_terms, sizeof *terms, by_term);
  for (guint i = 0; i < n_terms; i++) {
    const GArray *rows = g_hash_table_lookup(fill->postings, terms[i]);
    gint64 wanted = (gint64)GPOINTER_TO_SIZE(terms[i]), n = 0;
    GError *error = NULL;
    g_autoptr(GByteArray) data = sight_set_block_with(NULL, 0, (const guint16 *)(gpointer)rows->data, rows->len);
    sqlite3_bind_int64(fill->posting_sql, 1, wanted << 16 | block);
    sqlite3_bind_blob(fill->posting_sql, 2, data->data, (int)data->len, SQLITE_TRANSIENT);
    run(fill, fill->posting_sql);
    check(sight_term_table_count(fill->db, wanted, rows->len, &n, &error), error);
  }
  g_hash_table_remove_all(fill->postings);
}

static gboolean add_block(SightDb *db, gpointer data, GError **error) {
  Fill *fill = data;
  /* What a block changes stays in memory until it is written, once. */
  if (!sight_db_exec(db, "PRAGMA defer_foreign_keys = ON; PRAGMA cache_size = -1000000", error))
    return FALSE;
  fill->db = db;
  prepare(
      fill, &fill->session_sql,
      "INSERT INTO session (row, endpoint, session, revision, last_arrival, received_ms, started_ms, arrived_ms, "
      "duration_ms, n_batches, n_bytes, n_events, flags, friction, entry_page, exit_page, ruleset, version, user, "
      "device, viewport_w, viewport_h, n_windows, n_pages, n_clicks, n_signals) VALUES (?1, ?2, ?3, ?1, 0, ?4, ?5, ?5, "
      "?6, 1, 1000, 10, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 'Chrome on Linux', 1280, 800, 1, ?14, ?15, ?16)");
  prepare(fill, &fill->occurrence_sql, "INSERT INTO occurrence VALUES (?1, ?2)");
  prepare(fill, &fill->posting_sql, "INSERT INTO posting VALUES (?1, ?2)");
  prepare(fill, &fill->view_sql,
          "INSERT INTO page_view (session, n, page, url, window, start_ms, end_ms) "
          "VALUES (?1, ?2, ?3, 'https://shop.example/', 'w', ?4, ?5)");
  prepare(fill, &fill->signal_sql,
          "INSERT INTO signal VALUES (?1, ?2, ?3, ?4, ?5, 'w', ?6, 5, '#x', ?7, NULL, ?8, 4, 4, 0)");
  prepare(fill, &fill->text_sql, "INSERT INTO session_text (rowid, text) VALUES (?1, ?2)");
  prepare_in(fill->plain, &fill->plain_session, "INSERT INTO session VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
  prepare_in(fill->plain, &fill->plain_view, "INSERT INTO view VALUES (?1, ?2, ?3)");
  prepare_in(fill->plain, &fill->plain_signal, "INSERT INTO signal VALUES (?1, ?2, ?3, ?4, ?5)");
  prepare_in(fill->plain, &fill->plain_event, "INSERT INTO event VALUES (?1, ?2, ?3)");
  run_plain(fill, "BEGIN");
  for (gint64 row = fill->from; row < fill->to; row++)
    add_session(fill, row);
  run_plain(fill, "COMMIT");
  write_postings(fill, (guint32)(fill->from >> 16));
  sqlite3_finalize(fill->session_sql);
  sqlite3_finalize(fill->occurrence_sql);
  sqlite3_finalize(fill->posting_sql);
  sqlite3_finalize(fill->view_sql);
  sqlite3_finalize(fill->signal_sql);
  sqlite3_finalize(fill->text_sql);
  sqlite3_finalize(fill->plain_session);
  sqlite3_finalize(fill->plain_view);
  sqlite3_finalize(fill->plain_signal);
  sqlite3_finalize(fill->plain_event);
  return TRUE;
}

static void write_labels(Fill *fill, const char *folder) {
  g_autoptr(GString) out = g_string_new("{\"problems\":[");
  g_autofree char *path = g_build_filename(folder, "labels.json", NULL);
  for (guint i = 0; i < FILL_PROBLEMS; i++) {
    Problem *problem = &fill->problems[i];
    g_string_append_printf(
        out, "%s\n{\"problem\":\"%s\",\"endpoint\":%u,\"page\":%u,\"target\":\"%s\",\"sessions\":%u,\"users\":%u}",
        i > 0 ? "," : "", problem->title, problem->endpoint, problem->page, problem->target_text, problem->n_sessions,
        g_hash_table_size(problem->users));
    g_hash_table_unref(problem->users);
    g_free(problem->title);
    g_free(problem->target_text);
  }
  g_string_append(out, "\n],\"storm\":{\"user\":\"user0@mail.example\"}}\n");
  check(g_file_set_contents(path, out->str, (gssize)out->len, NULL), NULL);
}

static gboolean count_pages(SightDb *db, gpointer data, GError **error) {
  return sight_db_exec(
      db,
      "UPDATE page SET n_exits = c.n FROM (SELECT exit_page, count(*) AS n FROM session "
      "GROUP BY exit_page) c WHERE c.exit_page = page.row;"
      "UPDATE page SET n_sessions = c.n FROM (SELECT page, count(DISTINCT session) AS n FROM page_view "
      "GROUP BY page) c WHERE c.page = page.row;"
      "UPDATE counter SET value = (SELECT max(row) FROM session) WHERE name = 'kept';"
      "PRAGMA cache_size = -32768",
      error);
}

static gboolean keep_some(SightDb *db, gpointer data, GError **error) {
  return sight_kept_table_catch_up(db, data, error);
}

/* As a cache of an earlier version gets them. */
static void keep(SightStore *store) {
  gboolean done = FALSE;
  GError *error = NULL;
  double start = now_s();
  while (!done)
    check(sight_store_write(store, SIGHT_WRITE_NORMAL, keep_some, &done, &error), error);
  g_print("what the store keeps is filled in %.1f s\n", now_s() - start);
}

void index_fill(SightStore *store, gint64 n_sessions, guint32 seed) {
  double start = now_s();
  g_autofree Fill *fill = g_new0(Fill, 1);
  GError *error = NULL;
  fill->rand = g_rand_new_with_seed(seed);
  fill->postings = g_hash_table_new_full(NULL, NULL, NULL, rows_free);
  open_plain(fill, sight_store_directory(store));
  check(sight_store_write(store, SIGHT_WRITE_NORMAL, make_vocabulary, fill, &error), error);
  for (fill->from = 1; fill->from <= n_sessions; fill->from = fill->to) {
    fill->to = MIN((fill->from | 0xffff) + 1, n_sessions + 1);
    check(sight_store_write(store, SIGHT_WRITE_NORMAL, add_block, fill, &error), error);
    g_print("filled to %" G_GINT64_FORMAT " in %.0f s\n", fill->to - 1, now_s() - start);
  }
  check(sight_store_write(store, SIGHT_WRITE_NORMAL, count_pages, NULL, &error), error);
  keep(store);
  close_plain(fill);
  g_print("plain tables have their indexes after %.0f s\n", now_s() - start);
  write_labels(fill, sight_store_directory(store));
  g_rand_free(fill->rand);
  g_hash_table_unref(fill->postings);
}

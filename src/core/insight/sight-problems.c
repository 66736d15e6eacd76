/* SPDX-License-Identifier: MIT */
/* Problems out of the signals of sessions. */
#include "sight-problems.h"

#include "sight-analysis-table.h"
#include "sight-cohort-rules.h"
#include "sight-hash.h"
#include "sight-index-table.h"
#include "sight-library.h"
#include "sight-text.h"

#include <glib/gi18n-lib.h>

#define TITLE_CHARS 80
#define DAY_MS (24 * 60 * 60 * G_GINT64_CONSTANT(1000))
/* So many visits of an earlier release tell that a problem was not there. */
#define ENOUGH_VISITS 20
/* A problem that is ignored comes back once so many times the users meet it. */
#define GROWN 2
#define MAX_SAME 16

/* A problem while its signals are collected. */
typedef struct {
  SightProblem *problem; /* the list's */
  SightSet *sessions;
  GHashTable *users; /* names */
  GHashTable *pages; /* how many signals on each */
  char *target, *message;
  gint64 last_row; /* the session that was counted last for its day */
  gboolean severe;
  int count; /* of the clearest signal so far */
} Collected;

typedef struct {
  SightDb *db;
  const SightSet *sessions;
  GPtrArray *problems;
  GHashTable *collected; /* of Collected by id, owned */
  GHashTable *known;     /* of Collected by fingerprint */
  GHashTable *marks;     /* of SightProblemMark by id */
  GHashTable *releases;  /* when each was seen first (gint64) */
} Collector;

static void problem_free(gpointer data) {
  SightProblem *problem = data;

  g_free(problem->id);
  g_free(problem->title);
  g_free(problem->filter);
  g_free(problem->page);
  g_free(problem->session);
  g_free(problem->reason);
  g_free(problem->new_in);
  g_ptr_array_unref(problem->releases);
  g_array_unref(problem->days);
  sight_problem_mark_free(problem->mark);
  g_free(problem);
}

static void collected_free(gpointer data) {
  Collected *collected = data;

  sight_set_free(collected->sessions);
  g_hash_table_unref(collected->users);
  g_hash_table_unref(collected->pages);
  g_free(collected->target);
  g_free(collected->message);
  g_free(collected);
}

/* The problem that others are the same as, however they were merged. */
static const char *main_id(const Collector *self, const char *id) {
  for (int i = 0; i < MAX_SAME; i++) {
    const SightProblemMark *mark = g_hash_table_lookup(self->marks, id);
    if (mark == NULL || mark->same_as == NULL)
      break;
    id = mark->same_as;
  }
  return id;
}

static Collected *collected_new(Collector *self, const char *id) {
  Collected *collected = g_new0(Collected, 1);
  SightProblem *problem = g_new0(SightProblem, 1);
  const SightProblemMark *mark = g_hash_table_lookup(self->marks, id);

  problem->id = g_strdup(id);
  problem->filter = g_strconcat("problem:", id, NULL);
  problem->first_seen_ms = G_MAXINT64;
  problem->releases = g_ptr_array_new_with_free_func(g_free);
  problem->days = g_array_new(FALSE, FALSE, sizeof(SightProblemDay));
  problem->mark = mark != NULL ? sight_problem_mark_copy(mark) : g_new0(SightProblemMark, 1);
  g_ptr_array_add(self->problems, problem);
  collected->problem = problem;
  collected->sessions = sight_set_new();
  collected->users = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, NULL);
  collected->pages = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, NULL);
  g_hash_table_insert(self->collected, g_strdup(id), collected);
  return collected;
}

/* The main one of those that are the same gives the title; the filter asks for all. */
static Collected *collected_of(Collector *self, const SightSignal *signal) {
  Collected *collected = g_hash_table_lookup(self->known, signal->fingerprint);

  if (collected != NULL)
    return collected;
  g_autofree char *id = sight_query_problem(signal->fingerprint);
  const char *whole = main_id(self, id);
  collected = g_hash_table_lookup(self->collected, whole);
  if (collected == NULL)
    collected = collected_new(self, whole);
  SightProblem *problem = collected->problem;
  gboolean is_main = g_str_equal(id, whole);
  if (!is_main) {
    char *filter = g_strconcat(problem->filter, ",", id, NULL);
    g_free(problem->filter);
    problem->filter = filter;
  }
  if (is_main || (collected->target == NULL && collected->message == NULL)) {
    problem->kind = signal->kind;
    g_free(collected->target);
    g_free(collected->message);
    collected->target = g_strdup(signal->target);
    collected->message = g_strdup(signal->message);
  }
  g_hash_table_insert(self->known, g_strdup(signal->fingerprint), collected);
  return collected;
}

static void note_day(Collected *collected, gint64 row, gint64 seen_ms) {
  SightProblemDay day = {.day = seen_ms / DAY_MS, .n = 1};
  GArray *days = collected->problem->days;

  if (collected->last_row == row)
    return;
  collected->last_row = row;
  for (guint i = 0; i < days->len; i++) {
    SightProblemDay *there = &g_array_index(days, SightProblemDay, i);
    if (there->day == day.day) {
      there->n++;
      return;
    }
  }
  g_array_append_val(days, day);
}

static void note_release(SightProblem *problem, const char *release) {
  if (release != NULL && !g_ptr_array_find_with_equal_func(problem->releases, release, g_str_equal, NULL))
    g_ptr_array_add(problem->releases, g_strdup(release));
}

/* The severe one, then the one with more clicks; of equal ones the first stays. */
static void note_moment(Collected *collected, const SightSession *session, const SightSignal *signal) {
  SightProblem *problem = collected->problem;

  if (problem->session != NULL && (collected->severe > signal->severe ||
                                   (collected->severe == signal->severe && collected->count >= signal->count)))
    return;
  collected->severe = signal->severe;
  collected->count = signal->count;
  g_free(problem->session);
  g_free(problem->reason);
  problem->session = g_strdup(session->session);
  problem->endpoint = session->endpoint;
  problem->row = session->row;
  problem->at_ms = signal->start_ms;
  problem->reason = sight_signal_reason(signal);
}

static gint64 began_ms(const SightSession *session) {
  return sight_session_is_dated(session->started_ms, session->received_ms) ? session->started_ms : session->received_ms;
}

static void note_first(Collector *self, const SightSession *session) {
  gint64 *first = session->release != NULL ? g_hash_table_lookup(self->releases, session->release) : NULL;
  gint64 now = began_ms(session);

  if (first != NULL)
    *first = MIN(*first, now);
  else if (session->release != NULL)
    g_hash_table_insert(self->releases, g_strdup(session->release), g_memdup2(&now, sizeof now));
}

static void collect_signal(Collector *self, const SightSession *session, const SightSignal *signal) {
  Collected *collected = collected_of(self, signal);
  gint64 seen_ms = began_ms(session) + signal->start_ms;

  note_day(collected, session->row, seen_ms);
  collected->problem->first_seen_ms = MIN(collected->problem->first_seen_ms, seen_ms);
  collected->problem->last_seen_ms = MAX(collected->problem->last_seen_ms, seen_ms);
  sight_set_add(collected->sessions, session->row);
  if (session->user != NULL)
    g_hash_table_add(collected->users, g_strdup_printf("%" G_GINT64_FORMAT " %s", session->endpoint, session->user));
  else
    g_hash_table_add(collected->users, g_strdup_printf("%" G_GINT64_FORMAT, session->row));
  if (signal->page != NULL) {
    guint n = GPOINTER_TO_UINT(g_hash_table_lookup(collected->pages, signal->page));
    g_hash_table_insert(collected->pages, g_strdup(signal->page), GUINT_TO_POINTER(n + 1));
  }
  note_release(collected->problem, session->release);
  note_moment(collected, session, signal);
}

static gboolean collect_session(Collector *self, gint64 row, GError **error) {
  g_autoptr(SightSession) session = sight_session_table_get(self->db, row, error);
  g_autoptr(GPtrArray) signals = session != NULL ? sight_signal_table_list(self->db, row, error) : NULL;

  if (signals != NULL)
    note_first(self, session);
  for (guint i = 0; signals != NULL && i < signals->len; i++) {
    const SightSignal *signal = signals->pdata[i];
    if (signal->kind != SIGHT_SIGNAL_NOISE)
      collect_signal(self, session, signal);
  }
  return signals != NULL;
}

/* Where it happened most often; of equal ones the first by name, so that the answer is the same each time. */
static const char *main_page(GHashTable *pages) {
  GHashTableIter iter;
  gpointer page = NULL, n = NULL;
  const char *most = NULL;
  guint n_most = 0;

  g_hash_table_iter_init(&iter, pages);
  while (g_hash_table_iter_next(&iter, &page, &n)) {
    if (GPOINTER_TO_UINT(n) > n_most || (GPOINTER_TO_UINT(n) == n_most && g_strcmp0(page, most) < 0)) {
      most = page;
      n_most = GPOINTER_TO_UINT(n);
    }
  }
  return most;
}

static char *title_of(const Collected *collected) {
  const SightProblem *problem = collected->problem;
  const char *kind = sight_signal_kind_title(problem->kind), *page = problem->page != NULL ? problem->page : "?";
  const char *tainted_what = collected->target != NULL ? collected->target : collected->message;
  g_autofree char *what = sight_text_excerpt(tainted_what != NULL ? tainted_what : "", -1, TITLE_CHARS);

  if (what[0] == '\0')
    /* TRANSLATORS: kind of signal, page */
    return g_strdup_printf(_("%s at %s"), kind, page);
  if (collected->target != NULL)
    /* TRANSLATORS: kind of signal, what was pressed, page */
    return g_strdup_printf(_("%s on “%s” at %s"), kind, what, page);
  /* TRANSLATORS: kind of signal, its message, page */
  return g_strdup_printf(_("%s “%s” at %s"), kind, what, page);
}

/* How many fewer of those who met it reached a key action than of the others on that page. */
static void fill_cost(Collected *collected, const SightSet *visits, const SightSet *converted) {
  SightProblem *problem = collected->problem;
  g_autoptr(SightSet) without = sight_set_copy(visits);

  sight_set_and_not(without, collected->sessions);
  gint64 n_with = problem->n_sessions, n_without = (gint64)sight_set_n(without);
  gint64 k_with = (gint64)sight_set_n_and(collected->sessions, converted);
  gint64 k_without = (gint64)sight_set_n_and(without, converted);
  problem->has_cost = n_without > 0;
  if (!problem->has_cost)
    return;
  problem->cost = (double)k_without / (double)n_without - (double)k_with / (double)n_with;
  problem->cost_between = sight_statistics_difference(k_without, n_without, k_with, n_with);
}

/* The first release in which it was seen, where enough visitors of the page had one that is older. */
static gboolean fill_new(Collector *self, Collected *collected, const SightSet *visits, GError **error) {
  SightProblem *problem = collected->problem;
  const char *first = NULL;
  gint64 first_ms = G_MAXINT64;
  guint64 n_before = 0;
  GHashTableIter iter;
  gpointer release = NULL, seen = NULL;

  for (guint i = 0; i < problem->releases->len; i++) {
    const gint64 *began = g_hash_table_lookup(self->releases, problem->releases->pdata[i]);
    if (began != NULL && *began < first_ms) {
      first = problem->releases->pdata[i];
      first_ms = *began;
    }
  }
  g_hash_table_iter_init(&iter, self->releases);
  while (first != NULL && g_hash_table_iter_next(&iter, &release, &seen)) {
    if (*(gint64 *)seen >= first_ms)
      continue;
    g_autoptr(SightSet) with = sight_index_table_with(self->db, SIGHT_TERM_RELEASE, release, error);
    if (with == NULL)
      return FALSE;
    n_before += sight_set_n_and(with, visits);
  }
  if (n_before >= ENOUGH_VISITS)
    problem->new_in = g_strdup(first);
  return TRUE;
}

static int by_day(gconstpointer a, gconstpointer b) {
  const SightProblemDay *x = a, *y = b;

  return (x->day > y->day) - (x->day < y->day);
}

static void fill_state(SightProblem *problem) {
  const SightProblemMark *mark = problem->mark;

  problem->state = mark->state;
  if (mark->state == SIGHT_PROBLEM_IGNORED && problem->n_users >= GROWN * MAX(mark->n_users, 1))
    problem->state = SIGHT_PROBLEM_NEW;
  if (mark->state == SIGHT_PROBLEM_VERIFIED && problem->last_seen_ms > mark->changed_ms)
    problem->state = SIGHT_PROBLEM_REGRESSED;
  g_array_sort(problem->days, by_day);
}

static gboolean finish(Collector *self, Collected *collected, const SightSet *converted, GError **error) {
  SightProblem *problem = collected->problem;

  problem->n_sessions = (gint64)sight_set_n(collected->sessions);
  problem->n_users = g_hash_table_size(collected->users);
  problem->page = g_strdup(main_page(collected->pages));
  problem->title = title_of(collected);
  g_autoptr(SightSet) visits =
      problem->page != NULL ? sight_index_table_with(self->db, SIGHT_TERM_PAGE, problem->page, error) : sight_set_new();
  if (visits == NULL)
    return FALSE;
  sight_set_and(visits, self->sessions);
  problem->n_visits = (gint64)sight_set_n(visits);
  fill_state(problem);
  if (!fill_new(self, collected, visits, error))
    return FALSE;
  if (converted != NULL)
    fill_cost(collected, visits, converted);
  int gravest = 0;
  for (int kind = 0; kind < SIGHT_N_SIGNALS; kind++)
    gravest = MAX(gravest, sight_signal_info(kind)->gravity);
  problem->severity = (double)sight_signal_info((int)problem->kind)->gravity / gravest;
  problem->loss = 1 + MAX(problem->cost, 0);
  problem->score = (double)problem->n_users * problem->severity * problem->loss;
  return TRUE;
}

static int worst_first(gconstpointer a, gconstpointer b) {
  const SightProblem *x = *(SightProblem *const *)a, *y = *(SightProblem *const *)b;

  if (x->score != y->score)
    return x->score > y->score ? -1 : 1;
  if (x->n_sessions != y->n_sessions)
    return x->n_sessions > y->n_sessions ? -1 : 1;
  return g_strcmp0(x->id, y->id);
}

static gboolean collect(Collector *self, GCancellable *cancellable, GError **error) {
  g_autoptr(GArray) rows = sight_set_rows(self->sessions);

  for (guint i = 0; i < rows->len; i++) {
    if (g_cancellable_set_error_if_cancelled(cancellable, error) ||
        !collect_session(self, g_array_index(rows, gint64, i), error))
      return FALSE;
  }
  return TRUE;
}

GPtrArray *sight_problems_list(SightDb *db, const SightSet *sessions, GCancellable *cancellable, GError **error) {
  g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(problem_free);
  g_autoptr(GHashTable) collected = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, collected_free);
  g_autoptr(GHashTable) known = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, NULL);
  g_autoptr(GHashTable) releases = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, g_free);
  g_autoptr(GHashTable) marks = sight_problem_marks_read(db, error);
  Collector self = {db, sessions, problems, collected, known, marks, releases};
  GHashTableIter iter;
  gpointer one = NULL;

  if (marks == NULL || !collect(&self, cancellable, error))
    return NULL;
  g_autoptr(SightSet) reached = sight_cohort_converted(db, error);
  if (reached == NULL)
    return NULL;
  const SightSet *converted = sight_library_has_key_actions(db, 0) ? reached : NULL;
  g_hash_table_iter_init(&iter, collected);
  while (g_hash_table_iter_next(&iter, NULL, &one)) {
    if (!finish(&self, one, converted, error))
      return NULL;
  }
  g_ptr_array_sort(problems, worst_first);
  return g_steal_pointer(&problems);
}

/* SPDX-License-Identifier: MIT */
/* Problems out of the signals of sessions. */
#include "sight-problems.h"

#include "sight-analysis-table.h"
#include "sight-hash.h"
#include "sight-index-table.h"
#include "sight-library.h"
#include "sight-session-column.h"
#include "sight-text.h"

#include <glib/gi18n-lib.h>

#define TITLE_CHARS 80

/* A problem while its signals are collected. */
typedef struct {
  SightProblem *problem; /* the list's */
  SightSet *sessions;
  GHashTable *users; /* names */
  GHashTable *pages; /* how many signals on each */
  char *target, *message;
  gboolean severe;
  int count; /* of the clearest signal so far */
} Collected;

typedef struct {
  SightDb *db;
  const SightSet *sessions;
  GPtrArray *problems;
  GHashTable *collected; /* of Collected by fingerprint */
} Collector;

static void problem_free(gpointer data) {
  SightProblem *problem = data;

  g_free(problem->id);
  g_free(problem->title);
  g_free(problem->filter);
  g_free(problem->page);
  g_free(problem->session);
  g_free(problem->reason);
  g_ptr_array_unref(problem->releases);
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

static Collected *collected_new(Collector *self, const SightSignal *signal) {
  Collected *collected = g_new0(Collected, 1);
  SightProblem *problem = g_new0(SightProblem, 1);

  problem->id = sight_query_problem(signal->fingerprint);
  problem->filter = g_strconcat("problem:", problem->id, NULL);
  problem->kind = signal->kind;
  problem->first_seen_ms = G_MAXINT64;
  problem->releases = g_ptr_array_new_with_free_func(g_free);
  g_ptr_array_add(self->problems, problem);
  collected->problem = problem;
  collected->sessions = sight_set_new();
  collected->users = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, NULL);
  collected->pages = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, NULL);
  collected->target = g_strdup(signal->target);
  collected->message = g_strdup(signal->message);
  g_hash_table_insert(self->collected, g_strdup(signal->fingerprint), collected);
  return collected;
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
  problem->at_ms = signal->start_ms;
  problem->reason = sight_signal_reason(signal);
}

static void collect_signal(Collector *self, const SightSession *session, const SightSignal *signal) {
  Collected *collected = g_hash_table_lookup(self->collected, signal->fingerprint);
  gboolean dated = sight_session_is_dated(session->started_ms, session->received_ms);
  gint64 seen_ms = (dated ? session->started_ms : session->received_ms) + signal->start_ms;

  if (collected == NULL)
    collected = collected_new(self, signal);
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
  Collector self = {.db = db, .sessions = sessions, .problems = problems, .collected = collected};
  GHashTableIter iter;
  gpointer one = NULL;

  if (!collect(&self, cancellable, error))
    return NULL;
  g_autoptr(SightSet) reached = sight_session_column_flags(db, SIGHT_SESSION_KEY_ACTION, 0, error);
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

/* SPDX-License-Identifier: MIT */
/* Problems in two passes: who met each, out of postings; what it is, out of the signals of a few sessions. */
#include "sight-problems.h"

#include "sight-analysis-table.h"
#include "sight-cohort-rules.h"
#include "sight-hash.h"
#include "sight-index-table.h"
#include "sight-library.h"
#include "sight-posting-table.h"
#include "sight-session-facts.h"
#include "sight-term-table.h"
#include "sight-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define TITLE_CHARS 80
#define DAY_MS (24 * 60 * 60 * G_GINT64_CONSTANT(1000))
/* So many visits of an earlier release tell that a problem was not there. */
#define ENOUGH_VISITS 20
/* A problem that is ignored comes back once so many times the users meet it. */
#define GROWN 2
#define MAX_SAME 16
/* Nobody loses more than every session: the greatest loss of a score. */
#define MAX_LOSS 2

/* A problem, with those that are the same. */
typedef struct {
  GArray *terms;          /* of gint64, the main one first where there is one */
  gint64 most;            /* sessions at most: of each term by itself */
  SightProblem *problem;  /* NULL: it was not looked at yet, as all that follows */
  SightSet *sessions;     /* of all terms */
  SightSet *main;         /* of the first one */
  char *target, *message; /* of its clearest signal's kind */
  gboolean severe;
  int count; /* of the clearest signal so far */
} Collected;

typedef struct {
  SightDb *db;
  const SightSet *sessions;
  const SightSessionFacts *facts;
  const SightSet *converted; /* NULL: no key action is defined */
  GPtrArray *all;            /* of Collected, owned */
  GHashTable *ids;           /* of problems by fingerprint, as far as sessions were read */
  GHashTable *marks;         /* of SightProblemMark by id */
  GHashTable *pages;         /* of SightSet by page: who of `sessions` viewed it */
  GPtrArray *releases;       /* of Release, the first one first */
  guint32 *stamps;           /* by user: the problem in which he was counted last */
  guint32 stamp;
  int gravest;
} Collector;

typedef struct {
  char *name;
  SightSet *sessions;
  gint64 first_ms;
} Release;

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

  if (collected->problem != NULL)
    problem_free(collected->problem);
  g_array_unref(collected->terms);
  sight_set_free(collected->sessions);
  sight_set_free(collected->main);
  g_free(collected->target);
  g_free(collected->message);
  g_free(collected);
}

static void release_free(gpointer data) {
  Release *release = data;

  g_free(release->name);
  sight_set_free(release->sessions);
  g_free(release);
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

/* The first pass: what postings tell. */

static gboolean take_term(gint64 term, const guint64 *counts, gpointer data) {
  Collector *self = data;
  Collected *collected = g_new0(Collected, 1);

  collected->terms = g_array_new(FALSE, FALSE, sizeof(gint64));
  collected->most = (gint64)counts[0];
  g_array_append_val(collected->terms, term);
  g_ptr_array_add(self->all, collected);
  return TRUE;
}

static gboolean any_is_same(const Collector *self) {
  GHashTableIter iter;
  gpointer mark = NULL;

  g_hash_table_iter_init(&iter, self->marks);
  while (g_hash_table_iter_next(&iter, NULL, &mark)) {
    if (((SightProblemMark *)mark)->same_as != NULL)
      return TRUE;
  }
  return FALSE;
}

static char *id_of_term(Collector *self, gint64 term, GError **error) {
  g_autofree char *value = sight_term_table_value(self->db, term, error);

  return value != NULL ? sight_query_problem(value) : NULL;
}

/* Puts those that are the same together. */
static gboolean merge(Collector *self, GError **error) {
  g_autoptr(GHashTable) first = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, NULL);
  guint n = 0;

  for (guint i = 0; i < self->all->len; i++) {
    Collected *collected = self->all->pdata[i];
    g_autofree char *id = id_of_term(self, g_array_index(collected->terms, gint64, 0), error);
    if (id == NULL)
      return FALSE;
    const char *whole = main_id(self, id);
    Collected *same = g_hash_table_lookup(first, whole);
    if (same == NULL) {
      g_hash_table_insert(first, g_strdup(whole), collected);
      self->all->pdata[i] = self->all->pdata[n];
      self->all->pdata[n++] = collected;
      continue;
    }
    guint place = g_str_equal(id, whole) ? 0 : same->terms->len;
    g_array_insert_val(same->terms, place, g_array_index(collected->terms, gint64, 0));
    same->most += collected->most;
  }
  g_ptr_array_set_size(self->all, (int)n);
  return TRUE;
}

static SightProblem *problem_new(Collector *self, const char *id) {
  SightProblem *problem = g_new0(SightProblem, 1);
  const SightProblemMark *mark = g_hash_table_lookup(self->marks, id);

  problem->id = g_strdup(id);
  problem->first_seen_ms = G_MAXINT64;
  problem->releases = g_ptr_array_new_with_free_func(g_free);
  problem->days = g_array_new(FALSE, FALSE, sizeof(SightProblemDay));
  problem->mark = mark != NULL ? sight_problem_mark_copy(mark) : g_new0(SightProblemMark, 1);
  return problem;
}

/* The filter asks for all, the main one first. */
static gboolean load(Collector *self, Collected *collected, GError **error) {
  g_autoptr(GString) filter = g_string_new("problem:");

  collected->sessions = sight_set_new();
  for (guint i = 0; i < collected->terms->len; i++) {
    gint64 term = g_array_index(collected->terms, gint64, i);
    g_autofree char *id = id_of_term(self, term, error);
    g_autoptr(SightSet) sessions = id != NULL ? sight_posting_table_sessions(self->db, &term, 1, error) : NULL;
    if (sessions == NULL)
      return FALSE;
    const char *whole = main_id(self, id);
    if (i == 0)
      collected->problem = problem_new(self, whole);
    /* Also where nobody has the main one now. */
    if (i == 0 && !g_str_equal(id, whole))
      g_string_append_printf(filter, "%s,", whole);
    g_string_append_printf(filter, "%s%s", i > 0 ? "," : "", id);
    sight_set_and(sessions, self->sessions);
    sight_set_or(collected->sessions, sessions);
    if (i == 0)
      collected->main = g_steal_pointer(&sessions);
  }
  collected->problem->filter = g_string_free(g_steal_pointer(&filter), FALSE);
  return TRUE;
}

static int by_day(gconstpointer a, gconstpointer b) {
  const SightProblemDay *x = a, *y = b;

  return (x->day > y->day) - (x->day < y->day);
}

static void fill_days(SightProblem *problem, GHashTable *days) {
  GHashTableIter iter;
  gpointer day = NULL, n = NULL;

  g_hash_table_iter_init(&iter, days);
  while (g_hash_table_iter_next(&iter, &day, &n)) {
    SightProblemDay one = {.day = GPOINTER_TO_INT(day), .n = GPOINTER_TO_INT(n)};
    g_array_append_val(problem->days, one);
  }
  g_array_sort(problem->days, by_day);
}

/* A visitor without a name is one of his own. */
static void count_users(Collector *self, Collected *collected) {
  SightProblem *problem = collected->problem;
  g_autoptr(GArray) rows = sight_set_rows(collected->sessions);

  self->stamp++;
  problem->n_sessions = rows->len;
  for (guint i = 0; i < rows->len; i++) {
    guint32 user = sight_session_facts_user(self->facts, g_array_index(rows, gint64, i));
    problem->n_users += user == 0 || self->stamps[user] != self->stamp;
    self->stamps[user] = self->stamp;
  }
}

static void fill_times(Collector *self, Collected *collected) {
  SightProblem *problem = collected->problem;
  g_autoptr(GArray) rows = sight_set_rows(collected->sessions);
  g_autoptr(GHashTable) days = g_hash_table_new(NULL, NULL);

  for (guint i = 0; i < rows->len; i++) {
    gint64 at_ms = sight_session_facts_arrived_ms(self->facts, g_array_index(rows, gint64, i));
    gpointer day = GINT_TO_POINTER((int)(at_ms / DAY_MS));
    problem->first_seen_ms = MIN(problem->first_seen_ms, at_ms);
    problem->last_seen_ms = MAX(problem->last_seen_ms, at_ms);
    g_hash_table_insert(days, day, GINT_TO_POINTER(GPOINTER_TO_INT(g_hash_table_lookup(days, day)) + 1));
  }
  fill_days(problem, days);
}

static int first_first(gconstpointer a, gconstpointer b) {
  const Release *x = *(Release *const *)a, *y = *(Release *const *)b;

  if (x->first_ms != y->first_ms)
    return x->first_ms < y->first_ms ? -1 : 1;
  return strcmp(x->name, y->name);
}

static gboolean take_release(gint64 term, const guint64 *counts, gpointer data) {
  Collector *self = data;
  Release *release = g_new0(Release, 1);

  g_ptr_array_add(self->releases, release);
  release->name = sight_term_table_value(self->db, term, NULL);
  release->sessions = release->name != NULL ? sight_posting_table_sessions(self->db, &term, 1, NULL) : NULL;
  if (release->sessions == NULL)
    return FALSE;
  sight_set_and(release->sessions, self->sessions);
  release->first_ms = G_MAXINT64;
  g_autoptr(GArray) rows = sight_set_rows(release->sessions);
  for (guint i = 0; i < rows->len; i++)
    release->first_ms =
        MIN(release->first_ms, sight_session_facts_arrived_ms(self->facts, g_array_index(rows, gint64, i)));
  return TRUE;
}

/* The second pass: what signals of the newest sessions of a problem tell. */

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

static gboolean is_of(Collector *self, const Collected *collected, const char *fingerprint) {
  const char *id = g_hash_table_lookup(self->ids, fingerprint);

  if (id == NULL) {
    id = sight_query_problem(fingerprint);
    g_hash_table_insert(self->ids, g_strdup(fingerprint), (char *)id);
  }
  return g_str_equal(main_id(self, id), collected->problem->id);
}

static gboolean read_session(Collector *self, Collected *collected, gint64 row, GHashTable *pages, GError **error) {
  g_autoptr(SightSession) session = sight_session_table_get(self->db, row, error);
  g_autoptr(GPtrArray) signals = session != NULL ? sight_signal_table_list(self->db, row, error) : NULL;

  for (guint i = 0; signals != NULL && i < signals->len; i++) {
    const SightSignal *signal = signals->pdata[i];
    if (!is_of(self, collected, signal->fingerprint))
      continue;
    if (signal->page != NULL) {
      guint n = GPOINTER_TO_UINT(g_hash_table_lookup(pages, signal->page));
      g_hash_table_insert(pages, g_strdup(signal->page), GUINT_TO_POINTER(n + 1));
    }
    if (collected->problem->session == NULL) {
      collected->problem->kind = signal->kind;
      collected->target = g_strdup(signal->target);
      collected->message = g_strdup(signal->message);
    }
    note_moment(collected, session, signal);
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
static void fill_releases(Collector *self, Collected *collected, const SightSet *visits) {
  SightProblem *problem = collected->problem;
  guint64 n_before = 0;

  for (guint i = 0; i < self->releases->len; i++) {
    const Release *release = self->releases->pdata[i];
    if (sight_set_n_and(release->sessions, collected->sessions) > 0)
      g_ptr_array_add(problem->releases, g_strdup(release->name));
    else if (problem->releases->len == 0)
      n_before += sight_set_n_and(release->sessions, visits);
  }
  if (problem->releases->len > 0 && n_before >= ENOUGH_VISITS)
    problem->new_in = g_strdup(problem->releases->pdata[0]);
}

static void fill_state(SightProblem *problem) {
  const SightProblemMark *mark = problem->mark;

  problem->state = mark->state;
  if (mark->state == SIGHT_PROBLEM_IGNORED && problem->n_users >= GROWN * MAX(mark->n_users, 1))
    problem->state = SIGHT_PROBLEM_NEW;
  /* Arrivals are known to the second. */
  if (mark->state == SIGHT_PROBLEM_VERIFIED && problem->last_seen_ms / 1000 >= mark->changed_ms / 1000)
    problem->state = SIGHT_PROBLEM_REGRESSED;
}

/* Who of the sessions viewed a page, borrowed; NULL with error. */
static const SightSet *visits_of(Collector *self, const char *page, GError **error) {
  SightSet *visits = g_hash_table_lookup(self->pages, page);

  if (visits == NULL) {
    visits = sight_index_table_with(self->db, SIGHT_TERM_PAGE, page, error);
    if (visits == NULL)
      return NULL;
    sight_set_and(visits, self->sessions);
    g_hash_table_insert(self->pages, g_strdup(page), visits);
  }
  return visits;
}

/* In the order of rows, so that the answer is the same each time. */
static gboolean read_newest(Collector *self, Collected *collected, GError **error) {
  g_autoptr(GArray) rows = sight_set_rows(collected->main);
  g_autoptr(GHashTable) pages = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, NULL);

  for (guint i = rows->len - MIN(rows->len, SIGHT_PROBLEM_READ); i < rows->len; i++) {
    if (!read_session(self, collected, g_array_index(rows, gint64, i), pages, error))
      return FALSE;
  }
  collected->problem->page = g_strdup(main_page(pages));
  return TRUE;
}

static gboolean finish(Collector *self, Collected *collected, GError **error) {
  SightProblem *problem = collected->problem;

  if (!read_newest(self, collected, error))
    return FALSE;
  problem->title = title_of(collected);
  fill_times(self, collected);
  g_autoptr(SightSet) none = sight_set_new();
  const SightSet *visits = problem->page != NULL ? visits_of(self, problem->page, error) : none;
  if (visits == NULL)
    return FALSE;
  problem->n_visits = (gint64)sight_set_n(visits);
  fill_state(problem);
  fill_releases(self, collected, visits);
  if (self->converted != NULL)
    fill_cost(collected, visits, self->converted);
  problem->severity = (double)sight_signal_info((int)problem->kind)->gravity / self->gravest;
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

static int most_first(gconstpointer a, gconstpointer b) {
  const Collected *x = *(Collected *const *)a, *y = *(Collected *const *)b;

  return (y->most > x->most) - (y->most < x->most);
}

static gboolean collect(Collector *self, GError **error) {
  const SightSet *sets[] = {self->sessions};

  if (!sight_posting_table_count(self->db, SIGHT_TERM_PROBLEM, sets, 1, take_term, self, error) ||
      !sight_posting_table_count(self->db, SIGHT_TERM_RELEASE, sets, 1, take_release, self, error) ||
      (any_is_same(self) && !merge(self, error)))
    return FALSE;
  g_ptr_array_sort(self->releases, first_first);
  g_ptr_array_sort(self->all, most_first);
  return TRUE;
}

static void cut(GPtrArray *problems, guint limit) {
  g_ptr_array_sort(problems, worst_first);
  if (limit > 0 && problems->len > limit)
    g_ptr_array_set_size(problems, (int)limit);
}

/* Nobody who is looked at later is in more sessions, and so none can be worse than the last of enough. */
static GPtrArray *rank(Collector *self, guint limit, GCancellable *cancellable, GError **error) {
  g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(problem_free);

  for (guint i = 0; i < self->all->len; i++) {
    Collected *collected = self->all->pdata[i];
    if (limit > 0 && problems->len >= limit) {
      cut(problems, limit);
      if (((SightProblem *)problems->pdata[limit - 1])->score > (double)collected->most * MAX_LOSS)
        break;
    }
    if (g_cancellable_set_error_if_cancelled(cancellable, error) || !load(self, collected, error))
      return NULL;
    count_users(self, collected);
    if (!finish(self, collected, error))
      return NULL;
    if (collected->problem->kind != SIGHT_SIGNAL_NOISE)
      g_ptr_array_add(problems, g_steal_pointer(&collected->problem));
    g_clear_pointer(&collected->sessions, sight_set_free);
    g_clear_pointer(&collected->main, sight_set_free);
  }
  cut(problems, limit);
  return g_steal_pointer(&problems);
}

GPtrArray *sight_problems_list(SightDb *db, const SightSet *sessions, guint limit, GCancellable *cancellable,
                               GError **error) {
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(collected_free);
  g_autoptr(GPtrArray) releases = g_ptr_array_new_with_free_func(release_free);
  g_autoptr(GHashTable) ids = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, g_free);
  g_autoptr(GHashTable) pages =
      g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, (GDestroyNotify)sight_set_free);
  g_autoptr(GHashTable) marks = sight_problem_marks_read(db, error);
  const SightSessionFacts *facts = marks != NULL ? sight_session_facts(db, error) : NULL;
  g_autoptr(SightSet) reached = facts != NULL ? sight_cohort_converted(db, error) : NULL;

  if (reached == NULL)
    return NULL;
  g_autofree guint32 *stamps = g_new0(guint32, facts->n_users + 1);
  Collector self = {.db = db,
                    .sessions = sessions,
                    .facts = facts,
                    .converted = sight_library_has_key_actions(db, 0) ? reached : NULL,
                    .all = all,
                    .ids = ids,
                    .marks = marks,
                    .pages = pages,
                    .releases = releases,
                    .stamps = stamps};
  for (int kind = 0; kind < SIGHT_N_SIGNALS; kind++)
    self.gravest = MAX(self.gravest, sight_signal_info(kind)->gravity);
  return collect(&self, error) ? rank(&self, limit, cancellable, error) : NULL;
}

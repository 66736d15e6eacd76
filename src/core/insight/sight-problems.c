/* SPDX-License-Identifier: MIT */
/* Problems in two passes: who met each, out of postings; what it is, out of how a few sessions met it. */
#include "sight-problems.h"

#include "sight-cohort-rules.h"
#include "sight-hash.h"
#include "sight-index-table.h"
#include "sight-library.h"
#include "sight-posting-table.h"
#include "sight-problem-meetings.h"
#include "sight-problem-projects.h"
#include "sight-problem-release.h"
#include "sight-session-facts.h"
#include "sight-term-table.h"
#include "sight-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define TITLE_CHARS 80
#define DAY_S (24 * 60 * 60)
#define DAY_MS (DAY_S * G_GINT64_CONSTANT(1000))
/* So many visits of an earlier release tell that a problem was not there. */
#define ENOUGH_VISITS 20
/* A problem that is ignored comes back once so many times the users meet it. */
#define GROWN 2
/* Nobody loses more than every session: the greatest loss of a score. */
#define MAX_LOSS 2

/* A problem, with those that are the same. */
typedef struct {
  const SightProblemProject *project; /* the only one that is listed, or that something is said in; NULL: any */
  GArray *terms;                      /* of gint64, the main one first where there is one */
  gint64 most;                        /* sessions at most: of each term by itself */
  SightProblem *problem;              /* NULL: it was not looked at yet, as all that follows */
  GArray *rows;                       /* of gint64: sessions with any of its terms, ascending */
} Collected;

/* A page that problems are met on. */
typedef struct {
  SightSet *visits;     /* who viewed it */
  SightSetBits *viewed; /* the same */
  gint64 n_converted;   /* of these */
  GArray *n_of;         /* of gint64, by release: of these; -1: not counted yet */
} Page;

typedef struct {
  SightDb *db;
  const SightSet *sessions;
  const SightSessionFacts *facts;
  const SightSet *converted; /* NULL: no key action is defined */
  SightSetBits *reached;     /* the same */
  GPtrArray *all;            /* of Collected, owned */
  const SightProblemProjects *projects;
  GHashTable *pages; /* of Page by its project and name */
  SightProblemMeetings *meetings;
  SightProblemReleases *releases;
  guint32 *stamps; /* by user: the problem in which he was counted last */
  guint32 stamp;
  guint32 *on_day; /* by day since 1970: sessions of the problem that is being counted */
  int gravest;
} Collector;

static void part_free(gpointer data) {
  SightProblemPart *part = data;

  g_free(part->id);
  g_free(part->title);
  g_free(part);
}

static void problem_free(gpointer data) {
  SightProblem *problem = data;

  g_free(problem->id);
  g_free(problem->title);
  g_free(problem->filter);
  g_free(problem->target);
  g_free(problem->message);
  g_free(problem->page);
  g_free(problem->session);
  g_free(problem->reason);
  g_free(problem->new_in);
  g_ptr_array_unref(problem->releases);
  g_array_unref(problem->days);
  g_ptr_array_unref(problem->parts);
  sight_problem_mark_free(problem->mark);
  g_free(problem);
}

GPtrArray *sight_problems_new(void) {
  return g_ptr_array_new_with_free_func(problem_free);
}

static void collected_free(gpointer data) {
  Collected *collected = data;

  if (collected == NULL)
    return;
  if (collected->problem != NULL)
    problem_free(collected->problem);
  g_array_unref(collected->terms);
  g_clear_pointer(&collected->rows, g_array_unref);
  g_free(collected);
}

static void page_free(gpointer data) {
  Page *page = data;

  sight_set_free(page->visits);
  sight_set_bits_free(page->viewed);
  g_array_unref(page->n_of);
  g_free(page);
}

/* The first pass: what postings tell. */

static Collected *collected_new(const SightProblemProject *project, gint64 term, gint64 most) {
  Collected *collected = g_new0(Collected, 1);

  *collected = (Collected){.project = project, .terms = g_array_new(FALSE, FALSE, sizeof(gint64)), .most = most};
  g_array_append_val(collected->terms, term);
  return collected;
}

static gboolean take_term(gint64 term, const guint64 *n_sessions, gpointer data) {
  Collector *self = data;

  g_ptr_array_add(self->all, collected_new(self->projects->only, term, (gint64)*n_sessions));
  return TRUE;
}

static char *id_of_term(Collector *self, gint64 term, GError **error) {
  g_autofree char *value = sight_term_table_value(self->db, term, error);

  return value != NULL ? sight_query_problem(value) : NULL;
}

/* The sessions of any of the terms, of that project where it is one of several. NULL with error. */
static SightSet *sessions_of(const Collector *self, const SightProblemProject *project, const gint64 *terms,
                             guint n_terms, GError **error) {
  g_autoptr(SightSet) set = sight_posting_table_sessions(self->db, terms, n_terms, error);

  if (set == NULL)
    return NULL;
  sight_set_and(set, self->sessions);
  if (project != NULL && project != self->projects->only)
    sight_set_and(set, project->sessions);
  return g_steal_pointer(&set);
}

/* Takes it: beside those of its project that are the same, else by itself. */
static void put_together(Collector *self, Collected *collected, const char *id, GHashTable *first) {
  const SightProblemProject *project = collected->project;
  const char *whole = sight_problem_project_main(project, id);
  g_autofree char *key = g_strdup_printf("%" G_GINT64_FORMAT " %s", project != NULL ? project->endpoint : 0, whole);
  Collected *same = g_hash_table_lookup(first, key);

  if (same == NULL) {
    g_hash_table_insert(first, g_steal_pointer(&key), collected);
    g_ptr_array_add(self->all, collected);
    return;
  }
  g_array_insert_val(same->terms, g_str_equal(id, whole) ? 0 : same->terms->len,
                     g_array_index(collected->terms, gint64, 0));
  same->most += collected->most;
  collected_free(collected);
}

/* One for each project that met it: something is said of it in one of them. */
static gboolean part_by_project(Collector *self, gint64 term, const char *id, GHashTable *first, GError **error) {
  for (guint i = 0; i < self->projects->all->len; i++) {
    const SightProblemProject *project = self->projects->all->pdata[i];
    g_autoptr(SightSet) set = sessions_of(self, project, &term, 1, error);
    if (set == NULL)
      return FALSE;
    if (sight_set_n(set) > 0)
      put_together(self, collected_new(project, term, (gint64)sight_set_n(set)), id, first);
  }
  return TRUE;
}

/* Puts those that are the same together, and takes apart of which one project says what others do not. */
static gboolean merge(Collector *self, GError **error) {
  g_autoptr(GHashTable) first = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, NULL);
  g_autoptr(GPtrArray) all = g_steal_pointer(&self->all);

  self->all = g_ptr_array_new_with_free_func(collected_free);
  for (guint i = 0; i < all->len; i++) {
    Collected *collected = all->pdata[i];
    gint64 term = g_array_index(collected->terms, gint64, 0);
    g_autofree char *id = id_of_term(self, term, error);
    if (id == NULL)
      return FALSE;
    gboolean apart = collected->project == NULL && g_hash_table_contains(self->projects->said, id);
    if (apart && !part_by_project(self, term, id, first, error))
      return FALSE;
    if (!apart)
      put_together(self, g_steal_pointer(&all->pdata[i]), id, first);
  }
  return TRUE;
}

static SightProblem *problem_new(const Collected *collected, const char *id) {
  SightProblem *problem = g_new0(SightProblem, 1);
  const SightProblemMark *mark = sight_problem_project_mark(collected->project, id);

  problem->id = g_strdup(id);
  problem->first_seen_ms = G_MAXINT64;
  problem->releases = g_ptr_array_new_with_free_func(g_free);
  problem->days = g_array_new(FALSE, FALSE, sizeof(SightProblemDay));
  problem->parts = g_ptr_array_new_with_free_func(part_free);
  problem->mark = mark != NULL ? sight_problem_mark_copy(mark) : g_new0(SightProblemMark, 1);
  return problem;
}

/* The same, ascending. */
static GArray *rows_of(const Collector *self, const Collected *collected, guint n_terms, GError **error) {
  const gint64 *terms = (const gint64 *)(gpointer)collected->terms->data;
  g_autoptr(SightSet) set = sessions_of(self, collected->project, terms, n_terms, error);

  return set != NULL ? sight_set_rows(set) : NULL;
}

/* The filter asks for all, the main one first. */
static gboolean load(Collector *self, Collected *collected, GError **error) {
  g_autoptr(GString) filter = g_string_new("problem:");

  for (guint i = 0; i < collected->terms->len; i++) {
    g_autofree char *id = id_of_term(self, g_array_index(collected->terms, gint64, i), error);
    if (id == NULL)
      return FALSE;
    const char *whole = sight_problem_project_main(collected->project, id);
    if (i == 0)
      collected->problem = problem_new(collected, whole);
    /* Also where nobody has the main one now. */
    if (i == 0 && !g_str_equal(id, whole))
      g_string_append_printf(filter, "%s,", whole);
    g_string_append_printf(filter, "%s%s", i > 0 ? "," : "", id);
  }
  if (collected->project != self->projects->only)
    g_string_append_printf(filter, " %s", collected->project->condition);
  collected->rows = rows_of(self, collected, collected->terms->len, error);
  collected->problem->filter = g_string_free(g_steal_pointer(&filter), FALSE);
  return collected->rows != NULL;
}

static int by_day(gconstpointer a, gconstpointer b) {
  const SightProblemDay *x = a, *y = b;

  return (x->day > y->day) - (x->day < y->day);
}

/* Users, times and days in one go. A visitor without a name is one of his own. */
static void count(Collector *self, Collected *collected) {
  SightProblem *problem = collected->problem;

  self->stamp++;
  problem->n_sessions = collected->rows->len;
  for (guint i = 0; i < collected->rows->len; i++) {
    gint64 row = g_array_index(collected->rows, gint64, i);
    guint32 user = sight_session_facts_user(self->facts, row);
    gint64 at_ms = sight_session_facts_arrived_ms(self->facts, row);
    SightProblemDay day = {.day = at_ms / DAY_MS};
    problem->n_users += user == 0 || self->stamps[user] != self->stamp;
    self->stamps[user] = self->stamp;
    problem->first_seen_ms = MIN(problem->first_seen_ms, at_ms);
    problem->last_seen_ms = MAX(problem->last_seen_ms, at_ms);
    if (self->on_day[day.day]++ == 0)
      g_array_append_val(problem->days, day);
  }
  for (guint i = 0; i < problem->days->len; i++) {
    SightProblemDay *day = &g_array_index(problem->days, SightProblemDay, i);
    day->n = self->on_day[day->day];
    self->on_day[day->day] = 0;
  }
  g_array_sort(problem->days, by_day);
}

static char *title_of(const SightProblemMet *met) {
  const char *kind = sight_signal_kind_title(met->kind), *page = met->page != NULL ? met->page : "?";
  const char *tainted_what = met->target != NULL ? met->target : met->message;
  g_autofree char *what = sight_text_excerpt(tainted_what != NULL ? tainted_what : "", -1, TITLE_CHARS);

  if (what[0] == '\0')
    /* TRANSLATORS: kind of signal, page */
    return g_strdup_printf(_("%s at %s"), kind, page);
  if (met->target != NULL)
    /* TRANSLATORS: kind of signal, what was pressed, page */
    return g_strdup_printf(_("%s on “%s” at %s"), kind, what, page);
  /* TRANSLATORS: kind of signal, its message, page */
  return g_strdup_printf(_("%s “%s” at %s"), kind, what, page);
}

/* Which others are the same, as their newest session met them. */
static gboolean fill_parts(Collector *self, const Collected *collected, GError **error) {
  for (guint i = 0; self->projects->grouped && i < collected->terms->len; i++) {
    gint64 term = g_array_index(collected->terms, gint64, i);
    g_autofree char *id = id_of_term(self, term, error);
    if (id == NULL)
      return FALSE;
    if (g_str_equal(id, collected->problem->id))
      continue;
    g_autoptr(SightSet) sessions = sessions_of(self, collected->project, &term, 1, error);
    g_autoptr(GArray) rows = sessions != NULL ? sight_set_rows(sessions) : NULL;
    g_auto(SightProblemMet) met = {0};
    if (rows == NULL)
      return FALSE;
    guint n = MIN(rows->len, 1);
    if (!sight_problem_meetings_read(self->meetings, term, (const gint64 *)(gpointer)rows->data + rows->len - n, n,
                                     &met, error))
      return FALSE;
    SightProblemPart *part = g_new0(SightProblemPart, 1);
    part->id = g_steal_pointer(&id);
    part->title = title_of(&met);
    g_ptr_array_add(collected->problem->parts, part);
  }
  return TRUE;
}

/* How many fewer of those who met it reached a key action than of the others on that page. */
static void fill_cost(Collector *self, Collected *collected, const Page *page) {
  SightProblem *problem = collected->problem;
  gint64 n_with = problem->n_sessions, k_with = 0, n_here = 0, k_here = 0;

  for (guint i = 0; i < collected->rows->len; i++) {
    gint64 row = g_array_index(collected->rows, gint64, i);
    gboolean reached = sight_set_bits_contain(self->reached, row), here = sight_set_bits_contain(page->viewed, row);
    k_with += reached;
    n_here += here;
    k_here += reached && here;
  }
  gint64 n_without = problem->n_visits - n_here, k_without = page->n_converted - k_here;
  problem->has_cost = n_without > 0;
  if (!problem->has_cost)
    return;
  problem->cost = (double)k_without / (double)n_without - (double)k_with / (double)n_with;
  problem->cost_between = sight_statistics_difference(k_without, n_without, k_with, n_with);
}

static gint64 n_of_release(Collector *self, const Page *page, guint i) {
  gint64 *n = &g_array_index(page->n_of, gint64, i);

  if (*n < 0)
    *n = (gint64)sight_set_n_and(sight_problem_releases_sessions(self->releases, i), page->visits);
  return *n;
}

/* The first release in which it was seen, where enough visitors of the page had one that is older. */
static void fill_releases(Collector *self, Collected *collected, const Page *page) {
  SightProblem *problem = collected->problem;
  gint64 n_before = 0;

  sight_problem_releases_count(self->releases, collected->rows);
  for (guint i = 0; i < sight_problem_releases_n(self->releases); i++) {
    if (sight_problem_releases_is_met(self->releases, i))
      g_ptr_array_add(problem->releases, g_strdup(sight_problem_releases_name(self->releases, i)));
    else if (problem->releases->len == 0 && page != NULL)
      n_before += n_of_release(self, page, i);
  }
  if (problem->releases->len > 0 && n_before >= ENOUGH_VISITS)
    problem->new_in = g_strdup(problem->releases->pdata[0]);
}

/* When the last session that met it arrived: of a fix by release, who may have the fix. -1 on error. */
static gint64 last_without_fix_ms(Collector *self, const Collected *collected, GError **error) {
  const SightProblem *problem = collected->problem;

  if (problem->mark->release == NULL)
    return problem->last_seen_ms;
  sight_problem_releases_count(self->releases, collected->rows);
  return sight_problem_releases_last_since(self->releases, problem->mark->release, error);
}

/* An ignored one grew among all of its project: what is listed is not what was listed then. */
static gboolean fill_state(Collector *self, const Collected *collected, GError **error) {
  SightProblem *problem = collected->problem;
  const SightProblemMark *mark = problem->mark;
  gint64 last_ms = mark->state == SIGHT_PROBLEM_VERIFIED ? last_without_fix_ms(self, collected, error) : 0;

  if (last_ms < 0)
    return FALSE;
  problem->state = mark->state;
  /* Arrivals are known to the second. */
  if (mark->state == SIGHT_PROBLEM_VERIFIED && last_ms / 1000 >= mark->state_ms / 1000)
    problem->state = SIGHT_PROBLEM_REGRESSED;
  if (mark->state != SIGHT_PROBLEM_IGNORED)
    return TRUE;
  gint64 n_users = sight_problem_mark_users(self->db, problem->endpoint, problem->filter, error);
  if (n_users >= GROWN * MAX(mark->n_users, 1))
    problem->state = SIGHT_PROBLEM_NEW;
  return n_users >= 0;
}

/* Borrowed; NULL with error. */
static const Page *page_named(Collector *self, const SightProblemProject *project, const char *name, GError **error) {
  g_autofree char *key = g_strdup_printf("%" G_GINT64_FORMAT " %s", project != NULL ? project->endpoint : 0, name);
  Page *page = g_hash_table_lookup(self->pages, key);

  if (page != NULL)
    return page;
  g_autoptr(SightSet) visits = sight_index_table_with(self->db, SIGHT_TERM_PAGE, name, error);
  if (visits == NULL)
    return NULL;
  sight_set_and(visits, self->sessions);
  if (project != NULL)
    sight_set_and(visits, project->sessions);
  page = g_new0(Page, 1);
  page->viewed = sight_set_bits_new(visits);
  page->n_converted = self->converted != NULL ? (gint64)sight_set_n_and(visits, self->converted) : 0;
  page->n_of = g_array_new(FALSE, FALSE, sizeof(gint64));
  for (guint i = 0; i < sight_problem_releases_n(self->releases); i++) {
    const gint64 unknown = -1;
    g_array_append_val(page->n_of, unknown);
  }
  page->visits = g_steal_pointer(&visits);
  g_hash_table_insert(self->pages, g_steal_pointer(&key), page);
  return page;
}

static gboolean finish(Collector *self, Collected *collected, GError **error) {
  SightProblem *problem = collected->problem;
  const gint64 *terms = (const gint64 *)(gpointer)collected->terms->data;
  g_autoptr(GArray) rows =
      collected->terms->len > 1 ? rows_of(self, collected, 1, error) : g_array_ref(collected->rows);
  g_auto(SightProblemMet) met = {0};

  if (rows == NULL)
    return FALSE;
  guint n = MIN(rows->len, SIGHT_PROBLEM_READ);
  const gint64 *newest = (const gint64 *)(gpointer)rows->data + rows->len - n;
  if (!sight_problem_meetings_read(self->meetings, terms[0], newest, n, &met, error))
    return FALSE;
  problem->kind = met.kind;
  problem->title = title_of(&met);
  problem->page = g_steal_pointer(&met.page);
  problem->target = g_steal_pointer(&met.target);
  problem->message = g_steal_pointer(&met.message);
  problem->endpoint = met.endpoint;
  problem->row = met.row;
  problem->at_ms = met.at_ms;
  problem->session = g_steal_pointer(&met.session);
  problem->reason = g_steal_pointer(&met.reason);
  const Page *page = problem->page != NULL ? page_named(self, collected->project, problem->page, error) : NULL;
  if (problem->page != NULL && page == NULL)
    return FALSE;
  problem->n_visits = page != NULL ? (gint64)sight_set_n(page->visits) : 0;
  if (!fill_state(self, collected, error) || !fill_parts(self, collected, error))
    return FALSE;
  fill_releases(self, collected, page);
  if (self->converted != NULL && page != NULL)
    fill_cost(self, collected, page);
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
  const SightSet *const sets[] = {self->sessions};

  if (!sight_posting_table_count(self->db, SIGHT_TERM_PROBLEM, sets, 1, take_term, self, error) ||
      (self->projects->grouped && !merge(self, error)))
    return FALSE;
  g_ptr_array_sort(self->all, most_first);
  return TRUE;
}

static void cut(GPtrArray *problems, guint limit) {
  g_ptr_array_sort(problems, worst_first);
  if (limit > 0 && problems->len > limit)
    g_ptr_array_set_size(problems, (int)limit);
}

/* At most, whoever met it: each session by another user, all of them lost. Negative on error. */
static double highest_score(Collector *self, const Collected *collected, GError **error) {
  g_autofree char *value = sight_term_table_value(self->db, g_array_index(collected->terms, gint64, 0), error);
  int kind = value != NULL ? sight_problem_kind(value) : -1;
  double severity = kind >= 0 ? (double)sight_signal_info(kind)->gravity / self->gravest : 1;

  return value != NULL ? (double)collected->most * severity * MAX_LOSS : -1;
}

/* Nobody who is looked at later is in more sessions, and so none can be worse than the last of enough. */
static GPtrArray *rank(Collector *self, guint limit, GCancellable *cancellable, GError **error) {
  g_autoptr(GPtrArray) problems = sight_problems_new();

  for (guint i = 0; i < self->all->len; i++) {
    Collected *collected = self->all->pdata[i];
    if (limit > 0 && problems->len >= limit) {
      cut(problems, limit);
      double last = ((SightProblem *)problems->pdata[limit - 1])->score, highest = 0;
      if (last > (double)collected->most * MAX_LOSS)
        break;
      if ((highest = highest_score(self, collected, error)) < 0)
        return NULL;
      if (last > highest)
        continue;
    }
    if (g_cancellable_set_error_if_cancelled(cancellable, error) || !load(self, collected, error))
      return NULL;
    count(self, collected);
    if (!finish(self, collected, error))
      return NULL;
    if (collected->problem->kind != SIGHT_SIGNAL_NOISE)
      g_ptr_array_add(problems, g_steal_pointer(&collected->problem));
    g_clear_pointer(&collected->rows, g_array_unref);
  }
  cut(problems, limit);
  return g_steal_pointer(&problems);
}

static void collector_clear(Collector *self) {
  g_ptr_array_unref(self->all);
  sight_problem_releases_free(self->releases);
  g_hash_table_unref(self->pages);
  sight_set_bits_free(self->reached);
  sight_problem_meetings_free(self->meetings);
  g_free(self->stamps);
  g_free(self->on_day);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Collector, collector_clear)

GPtrArray *sight_problems_list(SightDb *db, const SightSet *sessions, guint limit, GCancellable *cancellable,
                               GError **error) {
  g_autoptr(SightProblemProjects) projects = sight_problem_projects_read(db, sessions, error);
  const SightSessionFacts *facts = projects != NULL ? sight_session_facts(db, error) : NULL;
  g_autoptr(SightSet) reached = facts != NULL ? sight_cohort_converted(db, error) : NULL;

  if (reached == NULL)
    return NULL;
  g_auto(Collector) self = {
      .db = db,
      .sessions = sessions,
      .facts = facts,
      .converted = sight_library_has_key_actions(db, 0) ? reached : NULL,
      .reached = sight_set_bits_new(reached),
      .all = g_ptr_array_new_with_free_func(collected_free),
      .projects = projects,
      .pages = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, page_free),
      .meetings = sight_problem_meetings_new(db),
      .releases = sight_problem_releases_read(db, sessions, facts, error),
      .stamps = g_new0(guint32, facts->n_users + 1),
      .on_day = g_new0(guint32, G_MAXUINT32 / DAY_S + 1),
  };
  for (int kind = 0; kind < SIGHT_N_SIGNALS; kind++)
    self.gravest = MAX(self.gravest, sight_signal_info(kind)->gravity);
  return self.releases != NULL && collect(&self, error) ? rank(&self, limit, cancellable, error) : NULL;
}

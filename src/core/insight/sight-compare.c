/* SPDX-License-Identifier: MIT */
/* Who belongs to which side, and the counts of both. */
#include "sight-compare.h"

#include "sight-analysis-table.h"
#include "sight-cohort-rules.h"
#include "sight-hash.h"
#include "sight-index-table.h"
#include "sight-problems.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#define DAY_MS (24 * 60 * 60 * G_GINT64_CONSTANT(1000))
/* By how many of the other variant the looks are planned: they must not move as more come. */
#define PLANNED_UNITS 100
/* Times of more units tell nothing more. */
#define MAX_TIMES 2000
#define BOOTSTRAP_ROUNDS 2000
#define BOOTSTRAP_SEED 1

/* A session that had the opportunity. */
typedef struct {
  gint64 row, at_ms, time_ms;
  char *unit, *release, *session;
  gboolean had;
  int side; /* 0 before, 1 after, -1 neither */
} Visit;

typedef struct {
  SightDb *db;
  const SightCompareSpec *spec;
  GCancellable *cancellable;
  GPtrArray *visits; /* of Visit, in the order of time */
  gint64 cut_ms;     /* G_MAXINT64: it is not there yet */
  GArray *trials;    /* of SightTrial: one for each unit and side */
  GPtrArray *first;  /* of Visit: the same */
  SightSet *sides[2];
  SightComparison *comparison;
} Run;

static void visit_free(gpointer data) {
  Visit *visit = data;

  g_free(visit->unit);
  g_free(visit->release);
  g_free(visit->session);
  g_free(visit);
}

static void run_clear(Run *run) {
  g_ptr_array_unref(run->visits);
  g_ptr_array_unref(run->first);
  g_array_unref(run->trials);
  sight_set_free(run->sides[0]);
  sight_set_free(run->sides[1]);
  g_clear_pointer(&run->comparison, sight_comparison_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Run, run_clear)

void sight_comparison_free(SightComparison *comparison) {
  if (comparison == NULL)
    return;
  g_free(comparison->variant);
  g_free(comparison->against);
  g_free(comparison->before.example);
  g_free(comparison->after.example);
  g_free(comparison->before.moment);
  g_free(comparison->after.moment);
  g_array_unref(comparison->steps);
  sight_contrast_free(comparison->contrast);
  g_free(comparison);
}

static SightSet *sessions_of(Run *run, const SightFilter *filter, GError **error) {
  g_autoptr(SightQuery) query = sight_query_new(run->db, filter, run->spec->now_ms, error);

  return query != NULL ? sight_query_sessions(query, error) : NULL;
}

/* On the page, of all its views. -1 on error. */
static gint64 time_of(Run *run, const SightSession *session, GError **error) {
  gint64 time_ms = 0;

  if (run->spec->page == NULL)
    return session->duration_ms;
  g_autoptr(GPtrArray) views = sight_page_table_list(run->db, session->row, error);
  for (guint i = 0; views != NULL && i < views->len; i++) {
    const SightPageView *view = views->pdata[i];
    if (g_strcmp0(view->page, run->spec->page) == 0)
      time_ms += view->end_ms - view->start_ms;
  }
  return views != NULL ? time_ms : -1;
}

static Visit *read_visit(Run *run, gint64 row, GError **error) {
  g_autoptr(SightSession) session = sight_session_table_get(run->db, row, error);
  gint64 time_ms = session != NULL ? time_of(run, session, error) : -1;

  if (time_ms < 0)
    return NULL;
  Visit *visit = g_new0(Visit, 1);
  visit->row = row;
  visit->at_ms =
      sight_session_is_dated(session->started_ms, session->received_ms) ? session->started_ms : session->received_ms;
  visit->time_ms = time_ms;
  visit->unit = session->user != NULL ? g_strdup_printf("%" G_GINT64_FORMAT " %s", session->endpoint, session->user)
                                      : g_strdup_printf("%" G_GINT64_FORMAT, row);
  visit->release = g_strdup(session->release);
  visit->session = g_strdup(session->session);
  return visit;
}

static int oldest_first(gconstpointer a, gconstpointer b) {
  const Visit *x = *(Visit *const *)a, *y = *(Visit *const *)b;

  if (x->at_ms != y->at_ms)
    return x->at_ms < y->at_ms ? -1 : 1;
  return (x->row > y->row) - (x->row < y->row);
}

static gboolean read_visits(Run *run, const SightSet *had, const SightSet *opportunity, GError **error) {
  g_autoptr(GArray) rows = sight_set_rows(opportunity);

  for (guint i = 0; i < rows->len; i++) {
    gint64 row = g_array_index(rows, gint64, i);
    if (g_cancellable_set_error_if_cancelled(run->cancellable, error))
      return FALSE;
    Visit *visit = read_visit(run, row, error);
    if (visit == NULL)
      return FALSE;
    visit->had = sight_set_contains(had, row) != (run->spec->absent != FALSE);
    g_ptr_array_add(run->visits, visit);
  }
  g_ptr_array_sort(run->visits, oldest_first);
  return TRUE;
}

/* Sides */

/* Releases that were seen before it are old ones, whenever their tabs come back. */
static void split_by_release(Run *run) {
  g_autoptr(GHashTable) old = g_hash_table_new(sight_hash_text, g_str_equal);

  run->cut_ms = G_MAXINT64;
  for (guint i = 0; i < run->visits->len; i++) {
    Visit *visit = run->visits->pdata[i];
    if (run->cut_ms == G_MAXINT64 && g_strcmp0(visit->release, run->spec->release) == 0)
      run->cut_ms = visit->at_ms;
    if (run->cut_ms == G_MAXINT64 && visit->release != NULL)
      g_hash_table_add(old, visit->release);
    gboolean is_new = visit->release != NULL && !g_hash_table_contains(old, visit->release);
    visit->side = visit->at_ms < run->cut_ms ? 0 : is_new ? 1 : -1;
  }
}

static void split_by_date(Run *run) {
  run->cut_ms = run->spec->date_ms;
  for (guint i = 0; i < run->visits->len; i++) {
    Visit *visit = run->visits->pdata[i];
    visit->side = visit->at_ms < run->cut_ms ? 0 : 1;
  }
}

/* Whoever met both tells of neither. */
static gboolean split_by_variant(Run *run, GError **error) {
  g_autoptr(SightSet) with = sight_index_table_with(run->db, SIGHT_TERM_VARIANT, run->spec->variant, error);
  g_autoptr(SightSet) against =
      with != NULL ? sight_index_table_with(run->db, SIGHT_TERM_VARIANT, run->spec->against, error) : NULL;

  if (against == NULL)
    return FALSE;
  for (guint i = 0; i < run->visits->len; i++) {
    Visit *visit = run->visits->pdata[i];
    gboolean after = sight_set_contains(with, visit->row), before = sight_set_contains(against, visit->row);
    visit->side = after == before ? -1 : after ? 1 : 0;
  }
  return TRUE;
}

/* Where the window after the cut ends: it is as long as the one before, so that it has the same weekdays. */
static gint64 end_of(const Run *run) {
  gint64 window_ms = run->spec->days * DAY_MS;

  return run->cut_ms < G_MAXINT64 - window_ms ? run->cut_ms + window_ms : G_MAXINT64;
}

static gboolean split(Run *run, GError **error) {
  if (run->spec->variant != NULL)
    return split_by_variant(run, error);
  if (run->spec->release != NULL)
    split_by_release(run);
  else
    split_by_date(run);
  gint64 window_ms = run->spec->days * DAY_MS, end_ms = end_of(run);
  gint64 first_ms = MIN(run->cut_ms, run->spec->now_ms) - window_ms;
  for (guint i = 0; i < run->visits->len; i++) {
    Visit *visit = run->visits->pdata[i];
    if ((visit->side == 0 && visit->at_ms < first_ms) || (visit->side == 1 && visit->at_ms >= end_ms))
      visit->side = -1;
  }
  run->comparison->days = run->spec->days;
  run->comparison->over = run->spec->now_ms >= end_ms;
  return TRUE;
}

/* Counts */

static SightCompareSide *side_of(Run *run, const Visit *visit) {
  return visit->side == 1 ? &run->comparison->after : &run->comparison->before;
}

static void count_visit(Run *run, Visit *visit, GHashTable *seen) {
  SightCompareSide *side = side_of(run, visit);
  g_autofree char *key = g_strdup_printf("%d %s", visit->side, visit->unit);

  sight_set_add(run->sides[visit->side], visit->row);
  side->n_sessions++;
  side->from_ms = side->from_ms == 0 ? visit->at_ms : side->from_ms;
  side->to_ms = visit->at_ms;
  if (!g_hash_table_add(seen, g_steal_pointer(&key)))
    return;
  SightTrial trial = {.after = visit->side == 1, .had = visit->had};
  g_array_append_val(run->trials, trial);
  g_ptr_array_add(run->first, visit);
  side->n++;
  side->n_had += visit->had != FALSE;
}

static void take_example(const Run *run, const Visit *visit, SightCompareSide *side) {
  const SightCompareSpec *spec = run->spec;

  if (visit == NULL)
    return;
  /* Where a flow was not completed there is no moment of it. */
  g_autofree char *what = sight_filter_print(visit->had && !spec->absent ? spec->problem : spec->opportunity);
  side->example = g_strdup(visit->session);
  side->moment = g_strdup_printf("session:%s (%s)", visit->session, what);
}

/* The newest that met it, else the newest. */
static void choose_examples(Run *run) {
  const Visit *chosen[2] = {NULL, NULL};

  for (guint i = 0; i < run->first->len; i++) {
    const Visit *visit = run->first->pdata[i], **best = &chosen[visit->side];
    if (*best == NULL || visit->had || !(*best)->had)
      *best = visit;
  }
  take_example(run, chosen[0], &run->comparison->before);
  take_example(run, chosen[1], &run->comparison->after);
}

/* At the pace at which they came until now; 0: not within the window. */
static gint64 date_of_next_look(const Run *run) {
  const SightCompareSide *after = &run->comparison->after;
  gint64 since_ms = run->spec->variant != NULL ? after->from_ms : run->cut_ms;
  gint64 passed_ms = run->spec->now_ms - since_ms, wanted = run->comparison->looks.next - after->n;

  if (after->n == 0 || passed_ms <= 0 || wanted <= 0)
    return 0;
  double wait_ms = (double)passed_ms / (double)after->n * (double)wanted;
  gint64 next_ms = wait_ms < 1000.0 * (double)DAY_MS ? run->spec->now_ms + (gint64)wait_ms : 0;
  return run->spec->variant != NULL || next_ms < end_of(run) ? next_ms : 0;
}

static int shortest_first(gconstpointer a, gconstpointer b) {
  const gint64 *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

/* The times of a side; of many, some that are spread evenly. */
static GArray *times_of(Run *run, int wanted, gint64 n) {
  GArray *times = g_array_new(FALSE, FALSE, sizeof(gint64));
  gint64 step = n / MAX_TIMES + 1, place = 0;

  for (guint i = 0; i < run->first->len; i++) {
    const Visit *visit = run->first->pdata[i];
    if (visit->side == wanted && place++ % step == 0)
      g_array_append_val(times, visit->time_ms);
  }
  g_array_sort(times, shortest_first);
  return times;
}

static double median(const GArray *times) {
  gint64 low = g_array_index(times, gint64, (times->len - 1) / 2), high = g_array_index(times, gint64, times->len / 2);
  return ((double)low + (double)high) / 2;
}

static void compare_times(Run *run) {
  SightComparison *comparison = run->comparison;
  g_autoptr(GArray) before = times_of(run, 0, comparison->before.n), after = times_of(run, 1, comparison->after.n);

  comparison->has_times = before->len > 0 && after->len > 0;
  if (!comparison->has_times)
    return;
  comparison->before.median_ms = median(before);
  comparison->after.median_ms = median(after);
  comparison->times =
      sight_statistics_shift((const gint64 *)(void *)after->data, after->len, (const gint64 *)(void *)before->data,
                             before->len, BOOTSTRAP_ROUNDS, BOOTSTRAP_SEED);
}

/* How many units of either side came as far as each step of a sequence. */
static gboolean count_steps(Run *run, GError **error) {
  const SightFilter *sequence = run->spec->problem;

  for (guint i = 0; sequence->kind == SIGHT_FILTER_SEQUENCE && i < sequence->parts->len; i++) {
    /* The first steps of it; of one step alone it is that key. */
    g_autoptr(GPtrArray) parts = g_ptr_array_new();
    for (guint j = 0; j <= i; j++)
      g_ptr_array_add(parts, sequence->parts->pdata[j]);
    SightFilter first = {.kind = SIGHT_FILTER_SEQUENCE, .parts = parts};
    g_autoptr(SightSet) came = sessions_of(run, i == 0 ? parts->pdata[0] : &first, error);
    SightCompareStep step = {{0, 0}};
    if (came == NULL)
      return FALSE;
    for (guint j = 0; j < run->first->len; j++) {
      const Visit *visit = run->first->pdata[j];
      step.n[visit->side] += sight_set_contains(came, visit->row);
    }
    g_array_append_val(run->comparison->steps, step);
  }
  return TRUE;
}

static gboolean count(Run *run, GError **error) {
  SightComparison *comparison = run->comparison;
  g_autoptr(GHashTable) seen = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, NULL);

  for (guint i = 0; i < run->visits->len; i++) {
    Visit *visit = run->visits->pdata[i];
    if (visit->side >= 0)
      count_visit(run, visit, seen);
  }
  const SightCompareSide *before = &comparison->before, *after = &comparison->after;
  comparison->looks = sight_verdict_looks((const SightTrial *)(void *)run->trials->data, run->trials->len,
                                          run->spec->variant != NULL ? PLANNED_UNITS : 0);
  comparison->next_ms = date_of_next_look(run);
  comparison->difference = sight_statistics_difference_at(after->n_had, after->n, before->n_had, before->n, SIGHT_Z_99);
  comparison->once = sight_statistics_difference(after->n_had, after->n, before->n_had, before->n);
  comparison->uneven =
      run->spec->variant != NULL ? sight_statistics_share(after->n, after->n + before->n, run->spec->share) : 1;
  choose_examples(run);
  compare_times(run);
  comparison->contrast = sight_contrast_run(run->db, run->sides[1], run->sides[0], NULL, run->cancellable, error);
  return comparison->contrast != NULL && count_steps(run, error);
}

/* Who could have met it; NULL on error. */
static SightSet *opportunity_of(Run *run, GError **error) {
  gint64 endpoint = run->spec->endpoint;
  g_autoptr(SightSet) sessions = sessions_of(run, run->spec->opportunity, error);
  g_autoptr(SightSet) of_it =
      sessions != NULL && endpoint != 0 ? sight_cohort_endpoint(run->db, endpoint, error) : NULL;

  if (sessions == NULL || (endpoint != 0 && of_it == NULL))
    return NULL;
  if (of_it != NULL)
    sight_set_and(sessions, of_it);
  return g_steal_pointer(&sessions);
}

SightComparison *sight_compare_run(SightDb *db, const SightCompareSpec *spec, GCancellable *cancellable,
                                   GError **error) {
  g_auto(Run) run = {.db = db,
                     .spec = spec,
                     .cancellable = cancellable,
                     .visits = g_ptr_array_new_with_free_func(visit_free),
                     .first = g_ptr_array_new(),
                     .trials = g_array_new(FALSE, FALSE, sizeof(SightTrial)),
                     .sides = {sight_set_new(), sight_set_new()},
                     .comparison = g_new0(SightComparison, 1)};

  run.comparison->variant = g_strdup(spec->variant);
  run.comparison->against = g_strdup(spec->variant != NULL ? spec->against : NULL);
  run.comparison->steps = g_array_new(FALSE, FALSE, sizeof(SightCompareStep));
  g_autoptr(SightSet) had = sessions_of(&run, spec->problem, error);
  g_autoptr(SightSet) opportunity = had != NULL ? opportunity_of(&run, error) : NULL;
  if (opportunity == NULL || !read_visits(&run, had, opportunity, error) || !split(&run, error) || !count(&run, error))
    return NULL;
  return g_steal_pointer(&run.comparison);
}

gboolean sight_comparison_is_broken(const SightComparison *comparison) {
  return comparison->uneven < SIGHT_COMPARE_UNEVEN;
}

/* Words */

static double percent(gint64 k, gint64 n) {
  return n > 0 ? 100.0 * (double)k / (double)n : 0;
}

static char *waiting_words(const SightComparison *comparison) {
  gint64 wanted = comparison->looks.next - comparison->after.n;
  g_autoptr(GDateTime) date =
      comparison->next_ms > 0 ? g_date_time_new_from_unix_local(comparison->next_ms / 1000) : NULL;
  g_autofree char *day = date != NULL ? g_date_time_format(date, "%Y-%m-%d") : NULL;
  gulong n = (gulong)MAX(wanted, 0);

  if (comparison->looks.next == 0)
    return g_strdup(_("all looks were taken, and they show neither a change nor that there is none"));
  if (comparison->over)
    return g_strdup_printf(
        ngettext("the %d days after it are over, and %lu visit is missing for the next look: compare "
                 "longer times",
                 "the %d days after it are over, and %lu visits are missing for the next look: "
                 "compare longer times",
                 n),
        comparison->days, n);
  if (day == NULL)
    return g_strdup_printf(ngettext("%lu more visit until the next look", "%lu more visits until the next look", n), n);
  return g_strdup_printf(
      ngettext("%lu more visit until the next look on about %s", "%lu more visits until the next look on about %s", n),
      n, day);
}

/* "24.6 % of 57 before, 0.0 % of 80 after" */
static char *rates_words(const SightComparison *comparison) {
  const SightCompareSide *before = &comparison->before, *after = &comparison->after;

  if (comparison->variant != NULL)
    return g_strdup_printf(_("%.1f %% of %" PRId64 " with %s, %.1f %% of %" PRId64 " with %s"),
                           percent(before->n_had, before->n), before->n, comparison->against,
                           percent(after->n_had, after->n), after->n, comparison->variant);
  return g_strdup_printf(_("%.1f %% of %" PRId64 " before, %.1f %% of %" PRId64 " after"),
                         percent(before->n_had, before->n), before->n, percent(after->n_had, after->n), after->n);
}

/* Nobody is on one of the sides. */
static char *nobody_words(const SightComparison *comparison) {
  gboolean before = comparison->looks.verdict == SIGHT_VERDICT_NO_BASELINE;

  if (comparison->variant != NULL)
    return g_strdup_printf(_("No verdict: nobody with %s had the opportunity"),
                           before ? comparison->against : comparison->variant);
  return g_strdup(before ? _("No verdict: nobody had the opportunity before")
                         : _("No visits: nobody had the opportunity since, so nothing is verified"));
}

char *sight_comparison_sentence(const SightComparison *comparison) {
  g_autofree char *rates = rates_words(comparison);
  g_autofree char *waiting = waiting_words(comparison);

  if (sight_comparison_is_broken(comparison))
    return g_strdup_printf(_("Nothing can be said: the variants have %" PRId64 " and %" PRId64
                             " visitors, which chance does not do; the assignment is broken"),
                           comparison->before.n, comparison->after.n);
  switch (comparison->looks.verdict) {
  case SIGHT_VERDICT_NO_BASELINE:
  case SIGHT_VERDICT_NO_VISITS:
    return nobody_words(comparison);
  case SIGHT_VERDICT_NO_CHANGE:
    return g_strdup_printf(_("No change: %s"), rates);
  case SIGHT_VERDICT_WORSE:
    return g_strdup_printf(_("Worse: %s"), rates);
  case SIGHT_VERDICT_IMPROVED:
    return g_strdup_printf(_("Improved: %s"), rates);
  case SIGHT_VERDICT_FIXED:
    return g_strdup_printf(_("Fixed: %s"), rates);
  case SIGHT_VERDICT_NOT_ENOUGH:
  case SIGHT_N_VERDICTS:
  default:
    return g_strdup_printf(_("Not enough: %s (%s)"), waiting, rates);
  }
}

/* Opportunities */

char *sight_compare_page(SightDb *db, const char *problem, GCancellable *cancellable, GError **error) {
  g_autofree char *text = g_strconcat("problem:", problem, NULL);
  g_autoptr(SightFilter) filter = sight_filter_parse(text, NULL, error);
  g_autoptr(SightQuery) query = filter != NULL ? sight_query_new(db, filter, 0, error) : NULL;
  g_autoptr(SightSet) sessions = query != NULL ? sight_query_sessions(query, error) : NULL;
  g_autoptr(GPtrArray) problems = sessions != NULL ? sight_problems_list(db, sessions, 0, cancellable, error) : NULL;

  for (guint i = 0; problems != NULL && i < problems->len; i++) {
    const SightProblem *one = problems->pdata[i];
    if (g_str_equal(one->id, problem))
      return g_strdup(one->page);
  }
  if (problems != NULL)
    g_set_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND, _("There is no problem “%s”"), problem);
  return NULL;
}

SightFilter *sight_compare_opportunity(const char *page) {
  SightFilter *key = sight_filter_new(SIGHT_FILTER_KEY);
  SightFilterValue *value = sight_filter_value_new(SIGHT_RELATION_IS);

  key->field = sight_field_find("page", strlen("page"), FALSE);
  value->text = g_strdup(page);
  g_ptr_array_add(key->values, value);
  return key;
}

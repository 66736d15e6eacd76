/* SPDX-License-Identifier: MIT */
/* From texts to a comparison, and from comparisons to states. */
#include "sight-compare-ask.h"

#include "sight-cohort-rules.h"
#include "sight-index-table.h"
#include "sight-session-facts.h"
#include "sight-split.h"

#include <glib/gi18n-lib.h>

/* So long after a fix nobody waits for a verdict any more. */
#define MAX_FOLLOW_DAYS (8 * SIGHT_COMPARE_DAYS)

static SightFilter *opportunity_of(const SightCompareAsk *ask, const SightFilter *subject, GError **error) {
  g_autofree char *first = NULL;

  if (ask->opportunity != NULL && ask->opportunity[0] != '\0')
    return sight_filter_parse(ask->opportunity, NULL, error);
  if (subject->kind == SIGHT_FILTER_SEQUENCE) {
    first = sight_filter_print(subject->parts->pdata[0]);
    return sight_filter_parse(first, NULL, error);
  }
  if (ask->page != NULL)
    return sight_compare_opportunity(ask->page);
  g_set_error_literal(error, SIGHT_FILTER_ERROR, SIGHT_FILTER_ERROR_SYNTAX,
                      _("Who could have met it is not known, so there is no rate: name a page that they viewed"));
  return NULL;
}

static GPtrArray *steps_of(const SightFilter *subject) {
  GPtrArray *steps = g_ptr_array_new_with_free_func(g_free);

  for (guint i = 0; subject->kind == SIGHT_FILTER_SEQUENCE && i < subject->parts->len; i++)
    g_ptr_array_add(steps, sight_filter_print(subject->parts->pdata[i]));
  return steps;
}

SightComparison *sight_compare_ask(SightDb *db, const SightCompareAsk *ask, GPtrArray **steps,
                                   GCancellable *cancellable, GError **error) {
  g_autoptr(SightFilter) subject = sight_filter_parse(ask->filter, NULL, error);
  g_autoptr(SightFilter) opportunity = subject != NULL ? opportunity_of(ask, subject, error) : NULL;

  if (opportunity == NULL)
    return NULL;
  const SightCompareSpec spec = {.problem = subject,
                                 .absent = subject->kind == SIGHT_FILTER_SEQUENCE,
                                 .opportunity = opportunity,
                                 .page = ask->page,
                                 .endpoint = ask->endpoint,
                                 .release = ask->release,
                                 .date_ms = ask->date_ms,
                                 .variant = ask->variant,
                                 .against = ask->against,
                                 .share = ask->share > 0 ? ask->share : 0.5,
                                 .days = ask->days > 0 ? ask->days : SIGHT_COMPARE_DAYS,
                                 .now_ms = ask->now_ms};
  SightComparison *comparison = sight_compare_run(db, &spec, cancellable, error);
  if (comparison != NULL && steps != NULL)
    *steps = steps_of(subject);
  return comparison;
}

/* The page that a part of a filter names; NULL: none. What is refused, or holds beside something else, names none. */
static const SightFilter *page_of(const SightFilter *filter) {
  const SightFilter *found = NULL;

  if (filter != NULL && filter->kind == SIGHT_FILTER_KEY)
    return !g_str_equal(filter->field->name, "page") ? page_of(filter->inside)
           : filter->values->len > 0                 ? filter
                                                     : NULL;
  for (guint i = 0; filter != NULL && filter->kind == SIGHT_FILTER_ALL && found == NULL && i < filter->parts->len; i++)
    found = page_of(filter->parts->pdata[i]);
  return found;
}

char *sight_compare_guess(const char *text, GError **error) {
  g_autoptr(SightFilter) filter = sight_filter_parse(text, NULL, error);

  if (filter == NULL)
    return NULL;
  if (filter->kind == SIGHT_FILTER_SEQUENCE)
    return sight_filter_print(filter->parts->pdata[0]);
  const SightFilter *page = page_of(filter);
  if (page == NULL)
    return g_strdup("all");
  SightFilter plain = *page;
  plain.inside = NULL;
  return sight_filter_print(&plain);
}

/* Releases */

typedef struct {
  char *name;
  gint64 first_ms;
} Release;

static int newest_first(gconstpointer a, gconstpointer b) {
  const Release *x = a, *y = b;

  return (x->first_ms < y->first_ms) - (x->first_ms > y->first_ms);
}

static void note_release(const SightSessionFacts *facts, const SightPart *part, GArray *releases) {
  g_autoptr(GArray) rows = sight_set_rows(part->sessions);
  gint64 first_ms = G_MAXINT64;

  for (guint i = 0; i < rows->len; i++) {
    gint64 at_ms = sight_session_facts_arrived_ms(facts, g_array_index(rows, gint64, i));
    first_ms = at_ms > 0 ? MIN(first_ms, at_ms) : first_ms;
  }
  Release release = {g_strdup(part->value), first_ms};
  g_array_append_val(releases, release);
}

GPtrArray *sight_compare_releases(SightDb *db, gint64 endpoint, GCancellable *cancellable, GError **error) {
  g_autoptr(SightSet) all =
      endpoint != 0 ? sight_cohort_endpoint(db, endpoint, error) : sight_index_table_all(db, error);
  g_autoptr(GPtrArray) parts = all != NULL ? sight_split(db, all, "release", error) : NULL;
  g_autoptr(GArray) releases = g_array_new(FALSE, FALSE, sizeof(Release));
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  const SightSessionFacts *facts = parts != NULL ? sight_session_facts(db, error) : NULL;
  gboolean read = facts != NULL;

  for (guint i = 0; read && i < parts->len; i++) {
    const SightPart *part = parts->pdata[i];
    read = !g_cancellable_set_error_if_cancelled(cancellable, error);
    if (read && part->value != NULL)
      note_release(facts, part, releases);
  }
  g_array_sort(releases, newest_first);
  for (guint i = 0; i < releases->len; i++)
    g_ptr_array_add(names, g_array_index(releases, Release, i).name);
  return read ? g_steal_pointer(&names) : NULL;
}

/* What became of it */

gboolean sight_compare_since(const SightProblem *problem, const char **release, gint64 *date_ms) {
  const SightProblemMark *mark = problem->mark;
  gboolean said = mark->state == SIGHT_PROBLEM_FIXED || mark->state == SIGHT_PROBLEM_VERIFIED ||
                  mark->state == SIGHT_PROBLEM_REGRESSED;

  *release = said ? mark->release : NULL;
  *date_ms = said ? mark->since_ms : mark->closed_ms;
  return said || (mark->state == SIGHT_PROBLEM_FILED && mark->closed_ms > 0);
}

static void follow_up_free(gpointer data) {
  SightFollowUp *follow_up = data;

  g_free(follow_up->problem);
  g_free(follow_up->title);
  g_free(follow_up->sentence);
  g_free(follow_up);
}

/* What a verdict makes of it; new: nothing. */
static SightProblemState state_by(SightVerdict verdict) {
  if (!sight_verdict_decides(verdict))
    return SIGHT_PROBLEM_NEW;
  return verdict == SIGHT_VERDICT_FIXED ? SIGHT_PROBLEM_VERIFIED : SIGHT_PROBLEM_REGRESSED;
}

/* Whether a verdict is waited for. */
static gboolean is_open(SightProblemState state) {
  return state == SIGHT_PROBLEM_FILED || state == SIGHT_PROBLEM_FIXED;
}

typedef struct {
  SightDb *db;
  SightCompareAsk *ask;
  SightComparison *comparison; /* of the last window */
  GCancellable *cancellable;
  GError **error;
} Judging;

static gboolean judge(int days, SightVerdictWindow *window, gpointer user_data) {
  Judging *self = user_data;

  g_clear_pointer(&self->comparison, sight_comparison_free);
  self->ask->days = days;
  self->comparison = sight_compare_ask(self->db, self->ask, NULL, self->cancellable, self->error);
  if (self->comparison == NULL)
    return FALSE;
  *window = (SightVerdictWindow){self->comparison->looks, self->comparison->after.n, self->comparison->over};
  return TRUE;
}

static gboolean follow(SightDb *db, const SightProblem *problem, gint64 now_ms, GPtrArray *follow_ups,
                       GCancellable *cancellable, GError **error) {
  SightCompareAsk ask = {
      .filter = problem->filter, .page = problem->page, .endpoint = problem->endpoint, .now_ms = now_ms};

  if (!sight_compare_since(problem, &ask.release, &ask.date_ms) || !is_open(problem->mark->state) ||
      problem->page == NULL)
    return TRUE;
  Judging judging = {db, &ask, NULL, cancellable, error};
  SightVerdict verdict = SIGHT_VERDICT_NOT_ENOUGH;
  gboolean told = sight_verdict_follow(SIGHT_COMPARE_DAYS, MAX_FOLLOW_DAYS, judge, &judging, &verdict);
  g_autoptr(SightComparison) comparison = judging.comparison;
  SightProblemState now = state_by(verdict);
  if (!told || now == SIGHT_PROBLEM_NEW)
    return told;
  SightFollowUp *follow_up = g_new0(SightFollowUp, 1);
  *follow_up = (SightFollowUp){g_strdup(problem->id),
                               g_strdup(problem->title),
                               problem->endpoint,
                               ask.date_ms,
                               problem->mark->state,
                               now,
                               sight_comparison_sentence(comparison)};
  g_ptr_array_add(follow_ups, follow_up);
  return TRUE;
}

GPtrArray *sight_follow_ups_new(void) {
  return g_ptr_array_new_with_free_func(follow_up_free);
}

GPtrArray *sight_follow_ups(SightDb *db, const GPtrArray *problems, gint64 now_ms, GCancellable *cancellable,
                            GError **error) {
  g_autoptr(GPtrArray) follow_ups = sight_follow_ups_new();

  for (guint i = 0; i < problems->len; i++) {
    if (!follow(db, problems->pdata[i], now_ms, follow_ups, cancellable, error))
      return NULL;
  }
  return g_steal_pointer(&follow_ups);
}

gboolean sight_follow_up_write(SightDb *db, const SightFollowUp *follow_up, GError **error) {
  g_autoptr(GHashTable) marks = sight_problem_marks_read(db, follow_up->endpoint, error);
  const SightProblemMark *there = marks != NULL ? g_hash_table_lookup(marks, follow_up->problem) : NULL;

  if (marks == NULL)
    return FALSE;
  if (there == NULL || there->state != follow_up->before)
    return TRUE;
  const SightProblemMark mark = {.state = follow_up->now, .since_ms = follow_up->since_ms, .n_users = there->n_users};
  return sight_problem_mark_write(db, follow_up->endpoint, follow_up->problem, &mark, SIGHT_PROBLEM_SAYS_STATE, error);
}

/* SPDX-License-Identifier: MIT */
/* A flow is asked as one filter for each step: the sequence up to it. */
#include "sight-flow.h"

#include "sight-analysis-table.h"
#include "sight-index-table.h"
#include "sight-pages.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A flow that nobody has written yet goes through so many pages. */
#define DEFAULT_STEPS 4

/* A longer stretch is no flow that anybody asks for. */
#define MAX_STEPS 20

static void step_free(gpointer data) {
  SightFlowStep *step = data;

  g_free(step->step);
  g_free(step->reached);
  g_free(step->dropped);
  g_free(step);
}

static void part_free(gpointer data) {
  SightFlowPart *part = data;

  g_free(part->value);
  g_free(part->filter);
  g_array_unref(part->reached);
  g_free(part);
}

void sight_flow_free(SightFlow *flow) {
  if (flow == NULL)
    return;
  g_free(flow->sequence);
  g_ptr_array_unref(flow->steps);
  g_ptr_array_unref(flow->parts);
  g_free(flow);
}

/* The sequence */

static gboolean is_step(const SightFilter *filter) {
  return filter->kind == SIGHT_FILTER_KEY && filter->field->place == SIGHT_KEY_OF_MOMENT;
}

/* Of some of the steps; the only one that is wanted is a key alone. */
static char *print_steps(GPtrArray *steps) {
  SightFilter sequence = {.kind = SIGHT_FILTER_SEQUENCE, .parts = steps};

  return sight_filter_print(&sequence);
}

static GPtrArray *steps_of(const SightFilter *filter, GError **error) {
  GPtrArray *steps = g_ptr_array_new();

  if (filter->kind == SIGHT_FILTER_SEQUENCE)
    g_ptr_array_extend(steps, filter->parts, NULL, NULL);
  else if (is_step(filter))
    g_ptr_array_add(steps, (gpointer)filter);
  if (steps->len > 0)
    return steps;
  g_set_error_literal(error, SIGHT_FILTER_ERROR, SIGHT_FILTER_ERROR_SYNTAX,
                      _("A flow is a sequence of moments, such as page:/cart then click:Pay"));
  g_ptr_array_unref(steps);
  return NULL;
}

/* "not KIND" for each kind of the steps that are wanted. */
static void add_refusals(GPtrArray *out, const GPtrArray *steps, GPtrArray *made) {
  g_autoptr(GHashTable) kinds = g_hash_table_new(NULL, NULL);

  for (guint i = 0; i < steps->len; i++) {
    const SightFilter *step = steps->pdata[i];
    if (step->absent || !g_hash_table_add(kinds, (gpointer)step->field))
      continue;
    SightFilter *refusal = sight_filter_new(SIGHT_FILTER_KEY);
    refusal->field = step->field;
    refusal->absent = TRUE;
    g_ptr_array_add(made, refusal);
    g_ptr_array_add(out, refusal);
  }
}

char *sight_flow_sequence(const SightFilter *filter, gboolean strict, gint64 within_ms, GError **error) {
  g_autoptr(GPtrArray) steps = steps_of(filter, error), out = g_ptr_array_new();
  g_autoptr(GPtrArray) made = g_ptr_array_new_with_free_func((GDestroyNotify)sight_filter_free);
  g_autofree SightFilter *copies = steps != NULL ? g_new(SightFilter, steps->len) : NULL;

  for (guint i = 0; steps != NULL && i < steps->len; i++) {
    copies[i] = *(SightFilter *)steps->pdata[i];
    if (strict && i > 0 && !copies[i].absent)
      add_refusals(out, steps, made);
    if (i > 0 && !copies[i].absent && copies[i].within_ms == 0)
      copies[i].within_ms = within_ms;
    g_ptr_array_add(out, &copies[i]);
  }
  return steps != NULL ? print_steps(out) : NULL;
}

/* From a stretch of a session */

/* Of what happens at once the later one in this list is told: a sequence has one moment at a time. */
static const SightTermField told[] = {SIGHT_TERM_CLICK, SIGHT_TERM_PAGE, SIGHT_TERM_FORM, SIGHT_TERM_EVENT};

static int rank_of(SightTermField field) {
  for (guint i = 0; i < G_N_ELEMENTS(told); i++) {
    if (told[i] == field)
      return (int)i;
  }
  return -1;
}

typedef struct {
  gint64 at_ms;
  const SightTerm *term;
} Told;

static gboolean same(const Told *a, const SightTerm *term) {
  return a->term->field == term->field && g_str_equal(a->term->value, term->value);
}

/* Moments are in time order. What comes again at once, or goes on from before as the page does, is told once. */
static GArray *collect(const SightOccurrences *occurrences, gint64 from_ms, gint64 to_ms) {
  GArray *list = g_array_new(FALSE, FALSE, sizeof(Told));

  for (guint i = 0; i < occurrences->moments->len; i++) {
    const SightOccurrence *moment = &g_array_index(occurrences->moments, SightOccurrence, i);
    const SightTerm *term =
        &g_array_index(occurrences->terms, SightTerm, g_array_index(occurrences->links, guint, moment->first));
    Told *last = list->len > 0 ? &g_array_index(list, Told, list->len - 1) : NULL;
    Told one = {MAX(moment->start_ms, from_ms), term};
    gboolean goes_on = term->field == SIGHT_TERM_PAGE && moment->end_ms > from_ms;
    if (rank_of(term->field) < 0 || moment->start_ms > to_ms || (moment->start_ms < from_ms && !goes_on))
      continue;
    if (last != NULL && last->at_ms == one.at_ms) {
      if (rank_of(term->field) > rank_of(last->term->field))
        *last = one;
    } else if (last == NULL || !same(last, term)) {
      g_array_append_val(list, one);
    }
  }
  return list;
}

char *sight_flow_from(SightDb *db, const SightSession *session, gint64 from_ms, gint64 to_ms, GError **error) {
  GError *failure = NULL;
  g_autoptr(SightOccurrences) occurrences = sight_index_table_get_values(db, session->row, &failure);
  g_autoptr(GArray) list = occurrences != NULL ? collect(occurrences, from_ms, to_ms) : NULL;
  g_autoptr(GString) text = g_string_new(NULL);

  if (failure != NULL) {
    g_propagate_error(error, failure);
    return NULL;
  }
  if (list == NULL || list->len == 0 || list->len > MAX_STEPS) {
    g_set_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND,
                list == NULL || list->len == 0 ? _("No page, click, form or event is in that stretch.")
                                               : _("More than %d steps are in that stretch; take a shorter one."),
                MAX_STEPS);
    return NULL;
  }
  for (guint i = 0; i < list->len; i++) {
    const SightTerm *term = g_array_index(list, Told, i).term;
    g_autofree char *step = sight_query_term(term->field, term->value);
    g_string_append_printf(text, "%s%s", i > 0 ? " then " : "", step);
  }
  return g_string_free(g_steal_pointer(&text), FALSE);
}

/* Counting */

typedef struct {
  SightFilter *filter; /* the sequence up to here */
  SightQuery *query;
  SightSet *sessions;
  GArray *times; /* of gint64 */
} Reached;

static void reached_free(gpointer data) {
  Reached *reached = data;

  g_clear_pointer(&reached->query, sight_query_free);
  g_clear_pointer(&reached->filter, sight_filter_free);
  g_clear_pointer(&reached->sessions, sight_set_free);
  g_array_unref(reached->times);
  g_free(reached);
}

typedef struct {
  SightDb *db;
  SightFlow *flow;
  GPtrArray *reached; /* of Reached, one for each step */
  gint64 now_ms;
  GCancellable *cancellable;
} Run;

/* Of those of the step before. */
static Reached *reach(Run *run, const char *sequence, const SightSet *before, GError **error) {
  Reached *reached = g_new0(Reached, 1);

  reached->times = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_ptr_array_add(run->reached, reached);
  reached->filter = sight_filter_parse(sequence, NULL, error);
  reached->query = reached->filter != NULL ? sight_query_new(run->db, reached->filter, run->now_ms, error) : NULL;
  reached->sessions = reached->query != NULL ? sight_query_sessions_of(reached->query, before, error) : NULL;
  return reached->sessions != NULL ? reached : NULL;
}

/* A step is one that is wanted with what must not come before it; what must not come at the end is one of its own. */
static gboolean reach_all(Run *run, const GPtrArray *steps, const SightSet *sessions, GError **error) {
  g_autoptr(GPtrArray) so_far = g_ptr_array_new(), own = g_ptr_array_new();
  const SightSet *before = sessions;

  for (guint i = 0; i < steps->len; i++) {
    SightFilter *step = steps->pdata[i];
    g_ptr_array_add(so_far, step);
    g_ptr_array_add(own, step);
    if (step->absent && i + 1 < steps->len)
      continue;
    SightFlowStep *told_step = g_new0(SightFlowStep, 1);
    g_ptr_array_add(run->flow->steps, told_step);
    told_step->step = print_steps(own);
    told_step->reached = print_steps(so_far);
    told_step->median_ms = -1;
    const Reached *reached = reach(run, told_step->reached, before, error);
    if (reached == NULL || g_cancellable_set_error_if_cancelled(run->cancellable, error))
      return FALSE;
    told_step->n = (gint64)sight_set_n(reached->sessions);
    before = reached->sessions;
    g_ptr_array_set_size(own, 0);
  }
  return TRUE;
}

static void fill_shares(SightFlow *flow) {
  gint64 n_first = ((SightFlowStep *)flow->steps->pdata[0])->n;

  for (guint i = 0; i < flow->steps->len; i++) {
    SightFlowStep *step = flow->steps->pdata[i];
    const SightFlowStep *next = i + 1 < flow->steps->len ? flow->steps->pdata[i + 1] : NULL;
    step->from_one = sight_statistics_rate(step->n, n_first);
    if (next != NULL)
      step->dropped = g_strdup_printf(i > 0 ? "(%s) -(%s)" : "%s -(%s)", step->reached, next->reached);
  }
}

/* The times of one session, at its furthest step. */
static gboolean take_times(Run *run, gint64 row, GError **error) {
  guint furthest = 0;

  while (furthest + 1 < run->reached->len &&
         sight_set_contains(((Reached *)run->reached->pdata[furthest + 1])->sessions, row))
    furthest++;
  if (furthest == 0)
    return TRUE;
  g_autoptr(SightSession) session = sight_session_table_get(run->db, row, error);
  Reached *reached = run->reached->pdata[furthest];
  g_autoptr(GPtrArray) moments = session != NULL ? sight_query_moments(reached->query, session, error) : NULL;
  for (guint i = 1; moments != NULL && i < moments->len && i < run->reached->len; i++) {
    const SightQueryMoment *from = moments->pdata[i - 1], *to = moments->pdata[i];
    gint64 took_ms = to->start_ms - from->start_ms;
    g_array_append_val(((Reached *)run->reached->pdata[i])->times, took_ms);
  }
  return moments != NULL;
}

static int shortest_first(gconstpointer a, gconstpointer b) {
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;

  return (x > y) - (x < y);
}

static gboolean fill_times(Run *run, GError **error) {
  g_autoptr(GArray) rows = run->reached->len > 1 ? sight_set_rows(((Reached *)run->reached->pdata[1])->sessions) : NULL;

  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    if (g_cancellable_set_error_if_cancelled(run->cancellable, error) ||
        !take_times(run, g_array_index(rows, gint64, i), error))
      return FALSE;
  }
  for (guint i = 1; i < run->reached->len; i++) {
    GArray *times = ((Reached *)run->reached->pdata[i])->times;
    g_array_sort(times, shortest_first);
    if (times->len > 0)
      ((SightFlowStep *)run->flow->steps->pdata[i])->median_ms = g_array_index(times, gint64, (times->len - 1) / 2);
  }
  return TRUE;
}

static gboolean fill_parts(Run *run, const SightSet *sessions, const char *by, GError **error) {
  g_autoptr(GPtrArray) parts = sight_split(run->db, sessions, by, error);

  for (guint i = 0; parts != NULL && i < parts->len; i++) {
    const SightPart *part = parts->pdata[i];
    SightFlowPart *one = g_new0(SightFlowPart, 1);
    one->value = g_strdup(part->value);
    one->filter = g_strdup(part->filter);
    one->n_sessions = (gint64)sight_set_n(part->sessions);
    one->reached = g_array_new(FALSE, FALSE, sizeof(gint64));
    for (guint j = 0; j < run->reached->len; j++) {
      gint64 n = (gint64)sight_set_n_and(((Reached *)run->reached->pdata[j])->sessions, part->sessions);
      g_array_append_val(one->reached, n);
    }
    g_ptr_array_add(run->flow->parts, one);
  }
  return parts != NULL;
}

SightFlow *sight_flow_run(SightDb *db, const SightSet *sessions, const char *sequence, const char *by, gint64 now_ms,
                          GCancellable *cancellable, GError **error) {
  g_autoptr(SightFilter) filter = sight_filter_parse(sequence, NULL, error);
  g_autoptr(GPtrArray) steps = filter != NULL ? steps_of(filter, error) : NULL;
  g_autoptr(SightFlow) flow = g_new0(SightFlow, 1);
  g_autoptr(GPtrArray) reached = g_ptr_array_new_with_free_func(reached_free);
  Run run = {db, flow, reached, now_ms, cancellable};

  flow->sequence = g_strdup(sequence);
  flow->n_sessions = (gint64)sight_set_n(sessions);
  flow->steps = g_ptr_array_new_with_free_func(step_free);
  flow->parts = g_ptr_array_new_with_free_func(part_free);
  if (steps == NULL || !reach_all(&run, steps, sessions, error) || !fill_times(&run, error) ||
      (by != NULL && !fill_parts(&run, sessions, by, error)))
    return NULL;
  fill_shares(flow);
  return g_steal_pointer(&flow);
}

char *sight_flow_default(SightDb *db, const SightSet *sessions, GCancellable *cancellable, GError **error) {
  g_autoptr(GPtrArray) pages = sight_pages_list(db, sessions, cancellable, error);
  g_autoptr(GString) flow = g_string_new(NULL);

  for (guint i = 0; pages != NULL && i < pages->len && i < DEFAULT_STEPS; i++) {
    g_autofree char *page = sight_query_term(SIGHT_TERM_PAGE, ((SightPageUse *)pages->pdata[i])->page);
    g_string_append_printf(flow, "%s%s", i > 0 ? " then " : "", page);
  }
  return pages != NULL ? g_string_free(g_steal_pointer(&flow), FALSE) : NULL;
}

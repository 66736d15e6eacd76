/* SPDX-License-Identifier: MIT */
/* Numbers as they are, times in ms, filters that find the sessions behind each. */
#include "sight-insight-json.h"

#include "sight-statistics.h"

static void put_double(SightJsonWriter *w, const char *key, double value) {
  sight_json_key(w, key);
  sight_json_put_double(w, value);
}

/* Problems */

/* Of a day since 1970, in UTC. */
static char *date_of(gint64 day) {
  g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(day * 24 * 60 * 60);

  return date ? g_date_time_format(date, "%Y-%m-%d") : NULL;
}

void sight_problem_put(SightJsonWriter *w, const SightProblem *problem) {
  sight_json_begin_object(w);
  sight_json_member_string(w, "problem", problem->id);
  sight_json_member_string(w, "title", problem->title);
  sight_json_member_string(w, "kind", sight_signal_kind_name(problem->kind));
  sight_json_member_string(w, "page", problem->page);
  sight_json_member_int(w, "sessions", problem->n_sessions);
  sight_json_member_int(w, "users", problem->n_users);
  sight_json_member_int(w, "visits", problem->n_visits);
  sight_json_member_int(w, "first_seen_ms", problem->first_seen_ms);
  sight_json_member_int(w, "last_seen_ms", problem->last_seen_ms);
  sight_json_key(w, "releases");
  sight_json_begin_array(w);
  for (guint i = 0; i < problem->releases->len; i++)
    sight_json_put_string(w, g_ptr_array_index(problem->releases, i));
  sight_json_end_array(w);
  sight_json_member_string(w, "new_in", problem->new_in);
  sight_json_key(w, "days");
  sight_json_begin_array(w);
  for (guint i = 0; i < problem->days->len; i++) {
    const SightProblemDay *day = &g_array_index(problem->days, SightProblemDay, i);
    g_autofree char *date = date_of(day->day);
    sight_json_begin_object(w);
    sight_json_member_string(w, "day", date);
    sight_json_member_int(w, "sessions", day->n);
    sight_json_end_object(w);
  }
  sight_json_end_array(w);
  sight_json_member_string(w, "state", sight_problem_state_name(problem->state));
  sight_json_member_string(w, "issue", problem->mark->issue);
  sight_json_member_string(w, "fix", problem->mark->release);
  sight_json_member_string(w, "by", problem->mark->author);
  sight_json_member_int(w, "changed_ms", problem->mark->changed_ms);
  sight_json_member_string(w, "filter", problem->filter);
  sight_json_key(w, "moment");
  sight_json_begin_object(w);
  sight_json_member_string(w, "session", problem->session);
  sight_json_member_int(w, "endpoint", problem->endpoint);
  sight_json_member_int(w, "at_ms", problem->at_ms);
  sight_json_member_string(w, "reason", problem->reason);
  sight_json_end_object(w);
  put_double(w, "score", problem->score);
  put_double(w, "severity", problem->severity);
  put_double(w, "loss", problem->loss);
  if (problem->has_cost) {
    sight_json_key(w, "cost");
    sight_json_begin_object(w);
    put_double(w, "rate", problem->cost);
    put_double(w, "low", problem->cost_between.low);
    put_double(w, "high", problem->cost_between.high);
    sight_json_end_object(w);
  }
  sight_json_end_object(w);
}

/* Flows */

static double share(gint64 n, gint64 of) {
  return of > 0 ? (double)n / (double)of : 0;
}

static void put_step(SightJsonWriter *w, const SightFlow *flow, guint i) {
  const SightFlowStep *step = g_ptr_array_index(flow->steps, i);
  const SightFlowStep *first = g_ptr_array_index(flow->steps, 0);
  const SightFlowStep *before = i > 0 ? g_ptr_array_index(flow->steps, i - 1) : NULL;

  sight_json_begin_object(w);
  sight_json_member_string(w, "step", step->step);
  sight_json_member_int(w, "sessions", step->n);
  put_double(w, "conversion", share(step->n, first->n));
  put_double(w, "low", step->from_one.low);
  put_double(w, "high", step->from_one.high);
  put_double(w, "drop", before ? 1 - share(step->n, before->n) : 0);
  sight_json_key(w, "median_ms");
  if (step->median_ms >= 0)
    sight_json_put_int(w, step->median_ms);
  else
    sight_json_put_null(w);
  sight_json_member_string(w, "filter", step->reached);
  sight_json_member_string(w, "dropped", step->dropped);
  sight_json_end_object(w);
}

static void put_part(SightJsonWriter *w, const SightFlowPart *part) {
  sight_json_begin_object(w);
  sight_json_member_string(w, "value", part->value);
  sight_json_member_string(w, "filter", part->filter);
  sight_json_member_int(w, "sessions", part->n_sessions);
  sight_json_key(w, "reached");
  sight_json_begin_array(w);
  for (guint i = 0; i < part->reached->len; i++)
    sight_json_put_int(w, g_array_index(part->reached, gint64, i));
  sight_json_end_array(w);
  sight_json_end_object(w);
}

void sight_flow_put(SightJsonWriter *w, const SightFlow *flow, gint64 n_waiting) {
  sight_json_begin_object(w);
  sight_json_member_string(w, "flow", flow->sequence);
  sight_json_member_int(w, "sessions", flow->n_sessions);
  sight_json_member_int(w, "waiting", n_waiting);
  sight_json_key(w, "steps");
  sight_json_begin_array(w);
  for (guint i = 0; i < flow->steps->len; i++)
    put_step(w, flow, i);
  sight_json_end_array(w);
  sight_json_key(w, "parts");
  sight_json_begin_array(w);
  for (guint i = 0; i < flow->parts->len; i++)
    put_part(w, g_ptr_array_index(flow->parts, i));
  sight_json_end_array(w);
  sight_json_end_object(w);
}

/* Comparisons */

static void put_interval(SightJsonWriter *w, const char *key, SightInterval interval) {
  sight_json_key(w, key);
  sight_json_begin_object(w);
  put_double(w, "low", interval.low);
  put_double(w, "high", interval.high);
  sight_json_end_object(w);
}

static void put_side(SightJsonWriter *w, const char *key, const SightCompareSide *side) {
  SightInterval between = sight_statistics_rate(side->n_had, side->n);

  sight_json_key(w, key);
  sight_json_begin_object(w);
  sight_json_member_int(w, "visitors", side->n);
  sight_json_member_int(w, "with", side->n_had);
  sight_json_member_int(w, "sessions", side->n_sessions);
  put_double(w, "rate", side->n > 0 ? (double)side->n_had / (double)side->n : 0);
  put_double(w, "low", between.low);
  put_double(w, "high", between.high);
  sight_json_member_int(w, "from_ms", side->from_ms);
  sight_json_member_int(w, "to_ms", side->to_ms);
  sight_json_member_string(w, "example", side->example);
  sight_json_end_object(w);
}

static void put_times(SightJsonWriter *w, const SightComparison *comparison) {
  if (!comparison->has_times)
    return;
  sight_json_key(w, "times");
  sight_json_begin_object(w);
  put_double(w, "before_ms", comparison->before.median_ms);
  put_double(w, "after_ms", comparison->after.median_ms);
  put_double(w, "shift_ms", comparison->times.shift);
  put_double(w, "low_ms", comparison->times.between.low);
  put_double(w, "high_ms", comparison->times.between.high);
  put_double(w, "chance", comparison->times.chance);
  sight_json_end_object(w);
}

static void put_steps(SightJsonWriter *w, const SightComparison *comparison, const GPtrArray *steps) {
  sight_json_key(w, "steps");
  sight_json_begin_array(w);
  for (guint i = 0; i < comparison->steps->len && i < steps->len; i++) {
    const SightCompareStep *step = &g_array_index(comparison->steps, SightCompareStep, i);
    sight_json_begin_object(w);
    sight_json_member_string(w, "step", g_ptr_array_index(steps, i));
    sight_json_member_int(w, "before", step->n[0]);
    sight_json_member_int(w, "after", step->n[1]);
    sight_json_end_object(w);
  }
  sight_json_end_array(w);
}

static void put_changes(SightJsonWriter *w, const SightContrast *contrast) {
  sight_json_key(w, "also_changed");
  sight_json_begin_array(w);
  for (guint i = 0; i < contrast->differences->len; i++) {
    const SightDifference *difference = g_ptr_array_index(contrast->differences, i);
    sight_json_begin_object(w);
    sight_json_member_string(w, "filter", difference->filter);
    sight_json_member_int(w, "sessions_before", difference->n_those);
    sight_json_member_int(w, "sessions_after", difference->n_these);
    put_double(w, "chance", difference->chance);
    sight_json_end_object(w);
  }
  sight_json_end_array(w);
}

void sight_comparison_put(SightJsonWriter *w, const SightComparison *comparison, const char *opportunity,
                          const GPtrArray *steps) {
  g_autofree char *sentence = sight_comparison_sentence(comparison);
  gboolean broken = sight_comparison_is_broken(comparison);

  sight_json_begin_object(w);
  sight_json_member_string(w, "verdict", broken ? "uneven" : sight_verdict_name(comparison->looks.verdict));
  sight_json_member_string(w, "says", sentence);
  sight_json_member_string(w, "opportunity", opportunity);
  put_side(w, "before", &comparison->before);
  put_side(w, "after", &comparison->after);
  put_interval(w, "difference", comparison->difference);
  put_interval(w, "difference_if_looked_once", comparison->once);
  sight_json_member_int(w, "look", comparison->looks.look);
  sight_json_member_int(w, "next_look", comparison->looks.next);
  sight_json_member_int(w, "next_look_ms", comparison->next_ms);
  sight_json_member_int(w, "clean_for_fixed", comparison->looks.clean);
  put_times(w, comparison);
  put_steps(w, comparison, steps);
  put_changes(w, comparison->contrast);
  sight_json_end_object(w);
}

/* Moments */

void sight_moment_put(SightJsonWriter *w, const SightQueryMoment *moment) {
  sight_json_member_string(w, "condition", moment->condition);
  sight_json_member_int(w, "start_ms", moment->start_ms);
  sight_json_member_int(w, "end_ms", moment->end_ms);
  sight_json_member_string(w, "kind",
                           moment->signal >= 0 ? sight_signal_kind_name((SightSignalKind)moment->signal) : NULL);
  sight_json_member_string(w, "reason", moment->reason);
}

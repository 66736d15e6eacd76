/* SPDX-License-Identifier: MIT */
/* Reads a project's settings, and finds who reached a key action, and its pages of high exit. */
#include "sight-cohort-rules.h"

#include "sight-analysis-table.h"
#include "sight-annotation-table.h"
#include "sight-endpoint-table.h"
#include "sight-index-table.h"
#include "sight-json.h"
#include "sight-kept-table.h"
#include "sight-page.h"
#include "sight-posting-table.h"
#include "sight-term-table.h"
#include "sight-text.h"

#include <string.h>

#define DEFAULT_MIN_VIEWS 20
#define MAX_VIEWS 1000000
#define DEFAULT_CHURN_DAYS 7
#define MAX_CHURN_DAYS 365
#define DAY_S (24 * 3600)
/* As many as a rule set has (sight-ruleset.c). */
#define MAX_KEY_ACTIONS 200
/* What the index keeps of a value (sight-terms.c). */
#define TERM_CHARS 200

/* How a kind of key action is found: `pattern`: '*' matches any run. */
static const struct {
  const char *kind;
  SightTermField fields[2];
  guint n_fields;
  gboolean pattern;
} kinds[] = {
    {"page", {SIGHT_TERM_PAGE}, 1, TRUE},
    {"click", {SIGHT_TERM_CLICK, SIGHT_TERM_CLICKED}, 2, FALSE}, /* by text or by selector */
    {"submit", {SIGHT_TERM_FORM}, 1, TRUE},
    {"event", {SIGHT_TERM_EVENT}, 1, FALSE},
};

/* The place of its kind; -1 where it is none or has no value. */
static int kind_of(SightJson tainted_action) {
  const char *kind = sight_json_string(sight_json_get(tainted_action, "kind"), NULL);
  const char *value = sight_json_string(sight_json_get(tainted_action, "value"), NULL);

  for (gsize i = 0; kind != NULL && value != NULL && value[0] != '\0' && i < G_N_ELEMENTS(kinds); i++) {
    if (g_str_equal(kinds[i].kind, kind))
      return (int)i;
  }
  return -1;
}

/* The settings of an endpoint; NULL without error: there are none, or none that can be read. */
static SightJsonParser *read_settings(SightDb *db, gint64 endpoint, SightJson *root, GError **error) {
  g_autofree char *tainted_json = sight_annotation_table_settings(db, endpoint, error);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);

  if (tainted_json == NULL || !sight_json_parser_parse(parser, tainted_json, strlen(tainted_json), root, NULL))
    return NULL;
  return g_steal_pointer(&parser);
}

gboolean sight_cohort_rules_read(SightDb *db, gint64 endpoint, SightCohortRules *rules, GError **error) {
  GError *failure = NULL;
  SightJson root;
  g_autoptr(SightJsonParser) parser = read_settings(db, endpoint, &root, &failure);

  *rules = (SightCohortRules){.high_exit_min_views = DEFAULT_MIN_VIEWS, .churn_days = DEFAULT_CHURN_DAYS};
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  if (parser == NULL)
    return TRUE;
  rules->high_exit_min_views =
      CLAMP(sight_json_int(sight_json_get(root, "high-exit-views"), DEFAULT_MIN_VIEWS), 1, MAX_VIEWS);
  rules->high_exit_percent = CLAMP(sight_json_int(sight_json_get(root, "high-exit-rate"), 0), 0, 100);
  rules->churn_days = CLAMP(sight_json_int(sight_json_get(root, "churn-days"), DEFAULT_CHURN_DAYS), 0, MAX_CHURN_DAYS);
  SightJsonIter it = sight_json_iter(sight_json_get(root, "key-actions"));
  while (sight_json_next(&it))
    rules->has_key_actions |= kind_of(it.value) >= 0;
  return TRUE;
}

SightSet *sight_cohort_endpoint(SightDb *db, gint64 endpoint, GError **error) {
  g_autofree char *row = g_strdup_printf("%" G_GINT64_FORMAT, endpoint);

  return sight_index_table_with(db, SIGHT_TERM_ENDPOINT, row, error);
}

/* A form without a name stands in the index as "?". */
static gboolean pattern_matches(const char *pattern, SightTermField field, const char *value) {
  return sight_page_matches(pattern, field == SIGHT_TERM_FORM && g_str_equal(value, "?") ? "" : value);
}

typedef struct {
  const char *pattern;
  GArray *terms;
} Matching;

static gboolean take_matching(gint64 term, const char *value, gint64 n, gpointer data) {
  Matching *self = data;

  if (pattern_matches(self->pattern, sight_term_field_of(term), value))
    g_array_append_val(self->terms, term);
  return TRUE;
}

static gboolean add_key_action(SightDb *db, int kind, const char *value, SightSet *reached, GError **error) {
  g_autoptr(GArray) terms = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autofree char *excerpt = sight_text_excerpt(value, -1, TERM_CHARS);
  Matching matching = {value, terms};

  for (guint i = 0; i < kinds[kind].n_fields; i++) {
    SightTermField field = kinds[kind].fields[i];
    gint64 term = kinds[kind].pattern ? 0 : sight_term_table_find(db, field, excerpt, error);
    if (term < 0 || (kinds[kind].pattern && !sight_term_table_each(db, field, take_matching, &matching, error)))
      return FALSE;
    if (term > 0)
      g_array_append_val(terms, term);
  }
  g_autoptr(SightSet) set = sight_posting_table_sessions(db, (const gint64 *)(gpointer)terms->data, terms->len, error);
  if (set != NULL)
    sight_set_or(reached, set);
  return set != NULL;
}

/* Those of one endpoint, added to `converted`. */
static gboolean add_converted(SightDb *db, gint64 endpoint, SightSet *converted, GError **error) {
  GError *failure = NULL;
  SightJson root;
  g_autoptr(SightSet) reached = sight_set_new();
  g_autoptr(SightJsonParser) parser = read_settings(db, endpoint, &root, &failure);

  if (failure != NULL) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  if (parser == NULL)
    return TRUE;
  SightJsonIter it = sight_json_iter(sight_json_get(root, "key-actions"));
  for (guint n = 0; n < MAX_KEY_ACTIONS && sight_json_next(&it);) {
    int kind = kind_of(it.value);
    n += kind >= 0;
    if (kind >= 0 &&
        !add_key_action(db, kind, sight_json_string(sight_json_get(it.value, "value"), NULL), reached, error))
      return FALSE;
  }
  g_autoptr(SightSet) of_it = sight_cohort_endpoint(db, endpoint, error);
  if (of_it == NULL)
    return FALSE;
  sight_set_and(reached, of_it);
  sight_set_or(converted, reached);
  return TRUE;
}

SightSet *sight_cohort_converted(SightDb *db, GError **error) {
  g_autoptr(SightSet) converted = sight_set_new();
  g_autoptr(GPtrArray) endpoints = sight_endpoint_table_list(db, error);

  for (guint i = 0; endpoints != NULL && i < endpoints->len; i++) {
    if (!add_converted(db, ((SightEndpoint *)endpoints->pdata[i])->row, converted, error))
      return NULL;
  }
  return endpoints != NULL ? g_steal_pointer(&converted) : NULL;
}

/* When one session reached them. */

static void reached_clear(gpointer data) {
  g_free(((SightReached *)data)->name);
}

static gboolean is_field_of(int kind, SightTermField field) {
  for (guint i = 0; i < kinds[kind].n_fields; i++) {
    if (kinds[kind].fields[i] == field)
      return TRUE;
  }
  return FALSE;
}

static gboolean is_asked_for(SightTermField field) {
  for (gsize kind = 0; kind < G_N_ELEMENTS(kinds); kind++) {
    if (is_field_of((int)kind, field))
      return TRUE;
  }
  return FALSE;
}

/* The occurrences of a session; of their terms only those have values that a key action can ask for. NULL without
 * error: it is not in the index. */
static SightOccurrences *read_occurrences(SightDb *db, gint64 session, GError **error) {
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(SightOccurrences) occurrences = sight_index_table_get(db, session, rows, error);

  for (guint i = 0; occurrences != NULL && i < rows->len; i++) {
    SightTerm *term = &g_array_index(occurrences->terms, SightTerm, i);
    term->field = sight_term_field_of(g_array_index(rows, gint64, i));
    if (!is_asked_for(term->field))
      continue;
    term->value = sight_term_table_value(db, g_array_index(rows, gint64, i), error);
    if (term->value == NULL)
      return NULL;
  }
  return g_steal_pointer(&occurrences);
}

static gboolean is_reached(int kind, const char *value, const SightTerm *term) {
  if (!is_field_of(kind, term->field))
    return FALSE;
  return kinds[kind].pattern ? pattern_matches(value, term->field, term->value) : g_str_equal(value, term->value);
}

/* Of what moments have besides, nothing is of these fields but the selector of a click. */
static gboolean is_reached_at(int kind, const char *value, const SightOccurrences *occurrences,
                              const SightOccurrence *moment) {
  for (guint i = 0; i < moment->n_terms; i++) {
    guint place = g_array_index(occurrences->links, guint, moment->first + i);
    if (is_reached(kind, value, &g_array_index(occurrences->terms, SightTerm, place)))
      return TRUE;
  }
  return FALSE;
}

static void add_reached(GArray *reached, SightJson tainted_action, int kind, const SightOccurrences *occurrences) {
  const char *value = sight_json_string(sight_json_get(tainted_action, "value"), NULL);
  const char *name = sight_json_string(sight_json_get(tainted_action, "name"), NULL);
  g_autofree char *excerpt = kinds[kind].pattern ? g_strdup(value) : sight_text_excerpt(value, -1, TERM_CHARS);

  for (guint i = 0; i < occurrences->moments->len; i++) {
    const SightOccurrence *moment = &g_array_index(occurrences->moments, SightOccurrence, i);
    if (!is_reached_at(kind, excerpt, occurrences, moment))
      continue;
    SightReached one = {g_strdup(name != NULL && name[0] != '\0' ? name : value), moment->start_ms};
    g_array_append_val(reached, one);
  }
}

static int earliest_first(gconstpointer a, gconstpointer b) {
  const SightReached *x = a, *y = b;

  return x->at_ms != y->at_ms ? (x->at_ms > y->at_ms ? 1 : -1) : strcmp(x->name, y->name);
}

GArray *sight_cohort_reached(SightDb *db, gint64 session, gint64 endpoint, GError **error) {
  GError *failure = NULL;
  SightJson root;
  g_autoptr(GArray) reached = g_array_new(FALSE, FALSE, sizeof(SightReached));
  g_autoptr(SightJsonParser) parser = read_settings(db, endpoint, &root, &failure);
  g_autoptr(SightOccurrences) occurrences = parser != NULL ? read_occurrences(db, session, &failure) : NULL;

  g_array_set_clear_func(reached, reached_clear);
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return NULL;
  }
  if (occurrences == NULL)
    return g_steal_pointer(&reached);
  SightJsonIter it = sight_json_iter(sight_json_get(root, "key-actions"));
  for (guint n = 0; n < MAX_KEY_ACTIONS && sight_json_next(&it);) {
    int kind = kind_of(it.value);
    n += kind >= 0;
    if (kind >= 0)
      add_reached(reached, it.value, kind, occurrences);
  }
  g_array_sort(reached, earliest_first);
  return g_steal_pointer(&reached);
}

SightSet *sight_cohort_awaited(SightDb *db, gint64 days, gint64 now_ms, GError **error) {
  gint64 since_s = now_ms / 1000 - days * DAY_S;
  g_autoptr(SightSet) awaited =
      days > 0 ? sight_index_table_between(db, SIGHT_NUMBER_STARTED, MAX(0, since_s + 1), SIGHT_NUMBER_MAX, error)
               : sight_set_new();
  static const char *const states[] = {SIGHT_STATE_NAMED, SIGHT_STATE_DATED};

  for (guint i = 0; i < G_N_ELEMENTS(states) && awaited != NULL && sight_set_n(awaited) > 0; i++) {
    g_autoptr(SightSet) set = sight_index_table_with(db, SIGHT_TERM_STATE, states[i], error);
    if (set == NULL)
      return NULL;
    sight_set_and(awaited, set);
  }
  return g_steal_pointer(&awaited);
}

/* Exits over views as products, so that equal rates are equal. */
static int highest_rate_first(gconstpointer a, gconstpointer b) {
  const SightPageStat *x = *(SightPageStat *const *)a, *y = *(SightPageStat *const *)b;
  gint64 left = x->n_exits * y->n_sessions, right = y->n_exits * x->n_sessions;

  if (left != right)
    return left > right ? -1 : 1;
  if (x->n_exits != y->n_exits)
    return x->n_exits > y->n_exits ? -1 : 1;
  return strcmp(x->page, y->page);
}

/* Pages with enough views, the highest rate first. */
static GPtrArray *pages_by_rate(SightDb *db, gint64 endpoint, gint64 min_views, GError **error) {
  g_autoptr(GPtrArray) stats = sight_page_table_stats(db, endpoint, error);

  for (guint i = stats != NULL ? stats->len : 0; i > 0; i--) {
    if (((SightPageStat *)stats->pdata[i - 1])->n_sessions < min_views)
      g_ptr_array_remove_index_fast(stats, i - 1);
  }
  if (stats != NULL)
    g_ptr_array_sort(stats, highest_rate_first);
  return g_steal_pointer(&stats);
}

SightSet *sight_cohort_high_exit(SightDb *db, gint64 endpoint, const SightSet *converted, GError **error) {
  SightCohortRules rules;
  g_autoptr(SightSet) found = sight_set_new();
  g_autoptr(GPtrArray) stats = NULL;
  g_autoptr(SightSet) of_it = NULL;

  if (!sight_cohort_rules_read(db, endpoint, &rules, error) ||
      (stats = pages_by_rate(db, endpoint, rules.high_exit_min_views, error)) == NULL ||
      (of_it = sight_cohort_endpoint(db, endpoint, error)) == NULL)
    return NULL;
  guint n_top = rules.high_exit_percent > 0 ? stats->len : MAX(1, stats->len / 10);
  for (guint i = 0; i < stats->len && n_top > 0; i++) {
    const SightPageStat *stat = stats->pdata[i];
    if (stat->n_exits * 100 < rules.high_exit_percent * stat->n_sessions)
      break;
    g_autoptr(SightSet) ended = sight_index_table_with(db, SIGHT_TERM_EXIT, stat->page, error);
    if (ended == NULL)
      return NULL;
    sight_set_and(ended, of_it);
    sight_set_and_not(ended, converted);
    /* Where only those leave who did what they came for, as after an order, nobody is lost: such a page would take the
     * place of one that loses people, and show no session. */
    n_top -= sight_set_n(ended) > 0;
    sight_set_or(found, ended);
  }
  return g_steal_pointer(&found);
}

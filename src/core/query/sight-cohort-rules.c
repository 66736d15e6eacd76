/* SPDX-License-Identifier: MIT */
/* Reads a project's settings, and finds its pages of high exit. */
#include "sight-cohort-rules.h"

#include "sight-analysis-table.h"
#include "sight-annotation-table.h"
#include "sight-json.h"

#include <string.h>

#define DEFAULT_MIN_VIEWS 20
#define MAX_VIEWS 1000000

/* A key action as analysis understands it: of a known kind and with a value. */
static gboolean is_key_action(SightJson tainted_action) {
  static const char *const kinds[] = {"page", "click", "submit", "event", NULL};
  const char *kind = sight_json_string(sight_json_get(tainted_action, "kind"), NULL);
  const char *value = sight_json_string(sight_json_get(tainted_action, "value"), NULL);

  return kind != NULL && value != NULL && value[0] != '\0' && g_strv_contains(kinds, kind);
}

gboolean sight_cohort_rules_read(SightDb *db, gint64 endpoint, SightCohortRules *rules, GError **error) {
  GError *failure = NULL;
  g_autofree char *tainted_json = sight_annotation_table_settings(db, endpoint, &failure);
  SightJson root;

  *rules = (SightCohortRules){.high_exit_min_views = DEFAULT_MIN_VIEWS};
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  if (tainted_json == NULL)
    return TRUE;
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  if (!sight_json_parser_parse(parser, tainted_json, strlen(tainted_json), &root, NULL))
    return TRUE;
  rules->high_exit_min_views =
      CLAMP(sight_json_int(sight_json_get(root, "high-exit-views"), DEFAULT_MIN_VIEWS), 1, MAX_VIEWS);
  rules->high_exit_percent = CLAMP(sight_json_int(sight_json_get(root, "high-exit-rate"), 0), 0, 100);
  SightJsonIter it = sight_json_iter(sight_json_get(root, "key-actions"));
  while (sight_json_next(&it))
    rules->has_key_actions |= is_key_action(it.value);
  return TRUE;
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

gboolean sight_cohort_high_exit_pages(SightDb *db, gint64 endpoint, GArray *pages, GError **error) {
  SightCohortRules rules;
  g_autoptr(GPtrArray) stats = NULL;

  if (!sight_cohort_rules_read(db, endpoint, &rules, error) ||
      (stats = sight_page_table_stats(db, endpoint, error)) == NULL)
    return FALSE;
  for (guint i = stats->len; i > 0; i--) {
    const SightPageStat *stat = g_ptr_array_index(stats, i - 1);
    if (stat->n_sessions < rules.high_exit_min_views)
      g_ptr_array_remove_index_fast(stats, i - 1);
  }
  guint n_top = MAX(1, stats->len / 10);
  /* Where only those leave who did what they came for, as after an order, nobody is lost: such a page would take the
   * place of one that loses people, and show no session. */
  for (guint i = stats->len; i > 0; i--) {
    if (((SightPageStat *)g_ptr_array_index(stats, i - 1))->n_open_exits == 0)
      g_ptr_array_remove_index_fast(stats, i - 1);
  }
  g_ptr_array_sort(stats, highest_rate_first);
  for (guint i = 0; i < stats->len; i++) {
    const SightPageStat *stat = g_ptr_array_index(stats, i);
    if (rules.high_exit_percent > 0 ? stat->n_exits * 100 < rules.high_exit_percent * stat->n_sessions : i >= n_top)
      break;
    g_array_append_val(pages, stat->row);
  }
  return TRUE;
}

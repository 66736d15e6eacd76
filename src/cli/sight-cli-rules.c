/* SPDX-License-Identifier: MIT */
/* Reading and changing the rule set of an endpoint. */
#include "sight-cli-rules.h"

#include "sight-analysis.h"
#include "sight-annotation-table.h"
#include "sight-source.h"

typedef struct {
  const char *endpoint;
  SightRuleset *rules;
  SightCliRulesFunc func;
  gpointer user_data;
} Rules;

static GPtrArray *chosen_endpoints(SightDb *db, const char *endpoint, GError **error) {
  if (!endpoint) {
    return sight_endpoint_table_list(db, error);
  }
  SightEndpoint *found = sight_endpoint_table_find(db, endpoint, error);
  if (!found) {
    return NULL;
  }
  GPtrArray *chosen = g_ptr_array_new_with_free_func((GDestroyNotify)sight_endpoint_free);
  g_ptr_array_add(chosen, found);
  return chosen;
}

static gboolean read_rules(SightDb *db, gpointer user_data, GError **error) {
  Rules *reading = user_data;
  g_autoptr(GPtrArray) chosen = chosen_endpoints(db, reading->endpoint, error);
  gint64 row = SIGHT_ENDPOINT_FILES;

  if (!chosen) {
    return FALSE;
  }
  for (guint i = 0; i < chosen->len; i++) {
    const SightEndpoint *endpoint = g_ptr_array_index(chosen, i);
    if (reading->endpoint || sight_source_can(endpoint, SIGHT_SOURCE_SYNCS)) {
      row = endpoint->row;
      break;
    }
  }
  reading->rules = sight_analysis_rules(db, row, error);
  return reading->rules != NULL;
}

SightRuleset *sight_cli_rules_read(SightCli *cli, const char *endpoint, GError **error) {
  Rules reading = {.endpoint = endpoint};
  return sight_store_read(cli->store, read_rules, &reading, error) ? reading.rules : NULL;
}

static gboolean change_rules(SightDb *db, gpointer user_data, GError **error) {
  Rules *changing = user_data;
  g_autoptr(GPtrArray) chosen = chosen_endpoints(db, changing->endpoint, error);

  for (guint i = 0; chosen && i < chosen->len; i++) {
    const SightEndpoint *endpoint = g_ptr_array_index(chosen, i);
    g_autoptr(SightRuleset) rules = sight_analysis_rules(db, endpoint->row, error);
    if (!rules || !changing->func(rules, changing->user_data, error)) {
      return FALSE;
    }
    g_autofree char *json = sight_ruleset_to_json(rules);
    if (!sight_annotation_table_put_settings(db, endpoint->row, json, error)) {
      return FALSE;
    }
  }
  return chosen != NULL;
}

gboolean sight_cli_rules_change(SightCli *cli, const char *endpoint, SightCliRulesFunc func, gpointer user_data,
                                GError **error) {
  Rules changing = {.endpoint = endpoint, .func = func, .user_data = user_data};

  return sight_store_write(cli->store, SIGHT_WRITE_DURABLE, change_rules, &changing, error) &&
         sight_cli_analyse(cli, NULL, error);
}

/* SPDX-License-Identifier: MIT */
/* Rule sets: defaults, reading what nobody vouches for, identity. */
#include "sight-ruleset.h"

#include <string.h>

static SightRuleset *parse(const char *json) {
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(64);
  SightJson root = {0};
  g_assert_true(sight_json_parser_parse(parser, json, strlen(json), &root, NULL));
  return sight_ruleset_from_json(root);
}

static void test_defaults(void) {
  g_autoptr(SightRuleset) rules = sight_ruleset_new_default();
  g_assert_cmpint(rules->rage_clicks, ==, 3);
  g_assert_cmpint(rules->rage_gap_ms, ==, 1000);
  g_assert_cmpint(rules->rage_radius_px, ==, 30);
  g_assert_cmpint(rules->rage_severe_clicks, ==, 5);
  g_assert_cmpint(rules->dead_wait_ms, ==, 2500);
  g_assert_cmpint(rules->slow_wait_ms, ==, 7000);
  g_assert_cmpint(rules->scroll_reversals, ==, 6);
  g_assert_cmpint(rules->scroll_window_ms, ==, 30000);
  g_assert_cmpint(rules->scroll_share_percent, ==, 25);
  g_assert_cmpint(rules->idle_ms, ==, 10000);
  g_assert_cmpint(rules->high_exit_min_views, ==, 20);
  g_assert_cmpint(rules->high_exit_percent, ==, 0);
  g_assert_cmpint(rules->churn_days, ==, 7);
  g_assert_cmpuint(rules->key_actions->len, ==, 0);
}

static void test_table(void) {
  g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
  guint n = 0;
  for (const SightRuleSetting *setting = sight_rule_settings; setting->name != NULL; setting++, n++) {
    g_assert_true(g_hash_table_add(names, (gpointer)setting->name));
    g_assert_cmpint(setting->min, <=, setting->fallback);
    g_assert_cmpint(setting->fallback, <=, setting->max);
    g_assert_cmpuint(setting->offset, <, sizeof(SightRuleset));
    g_assert_nonnull(setting->title);
    g_assert_nonnull(setting->unit);
  }
  /* Each of the numbers is in the table: they fill all of the struct before the key actions. */
  g_assert_cmpuint(n, ==, G_STRUCT_OFFSET(SightRuleset, key_actions) / sizeof(int) - (n % 2));
}

static void test_round_trip(void) {
  g_autoptr(SightRuleset) rules = sight_ruleset_new_default();
  rules->rage_clicks = 4;
  sight_ruleset_add_key_action(rules, "Paid", SIGHT_KEY_ACTION_PAGE, "/thanks*");
  sight_ruleset_add_key_action(rules, "“Buy”", SIGHT_KEY_ACTION_CLICK, "Buy </b>");
  sight_ruleset_add_key_action(rules, "Sent", SIGHT_KEY_ACTION_SUBMIT, "*");
  sight_ruleset_add_key_action(rules, "Won", SIGHT_KEY_ACTION_EVENT, "purchase");
  g_autofree char *json = sight_ruleset_to_json(rules);
  g_autoptr(SightRuleset) again = parse(json);
  g_autofree char *json_again = sight_ruleset_to_json(again);
  g_assert_cmpstr(json, ==, json_again);
  g_assert_cmpuint(again->key_actions->len, ==, 4);
  const SightKeyAction *buy = again->key_actions->pdata[1];
  g_assert_cmpstr(buy->name, ==, "“Buy”");
  g_assert_cmpint(buy->kind, ==, SIGHT_KEY_ACTION_CLICK);
  g_assert_cmpstr(buy->value, ==, "Buy </b>");
}

static void test_partial(void) {
  g_autoptr(SightRuleset) rules = parse("{\"idle\":20000,\"unknown\":{\"a\":[1]}}");
  g_assert_cmpint(rules->idle_ms, ==, 20000);
  g_assert_cmpint(rules->rage_clicks, ==, 3);
}

static void test_clamped(void) {
  g_autoptr(SightRuleset) rules =
      parse("{\"rage-clicks\":-7,\"dead-wait\":1e300,\"idle\":\"no number\",\"scroll-share\":0}");
  g_assert_cmpint(rules->rage_clicks, ==, 2);
  g_assert_cmpint(rules->dead_wait_ms, ==, 30000);
  g_assert_cmpint(rules->idle_ms, ==, 10000);
  g_assert_cmpint(rules->scroll_share_percent, ==, 1);
}

static void test_other_json(void) {
  static const char *const texts[] = {
      "null",
      "[]",
      "17",
      "\"x\"",
      "{}",
      "{\"key-actions\":{\"kind\":\"page\"}}",
      "{\"key-actions\":[null,1,[],{},{\"kind\":\"page\"},{\"kind\":\"page\",\"value\":\"\"},"
      "{\"kind\":\"other\",\"value\":\"x\"},{\"kind\":1,\"value\":2}]}"};
  g_autoptr(SightRuleset) defaults = sight_ruleset_new_default();
  g_autofree char *wanted = sight_ruleset_id(defaults);
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(SightRuleset) rules = parse(texts[i]);
    g_autofree char *id = sight_ruleset_id(rules);
    g_assert_cmpstr(id, ==, wanted);
  }
}

static void test_many_key_actions(void) {
  g_autoptr(GString) json = g_string_new("{\"key-actions\":[");
  for (int i = 0; i < 5000; i++)
    g_string_append_printf(json, "%s{\"name\":\"n\",\"kind\":\"event\",\"value\":\"v%d\"}", i > 0 ? "," : "", i);
  g_string_append(json, "]}");
  g_autoptr(SightRuleset) rules = parse(json->str);
  g_assert_cmpuint(rules->key_actions->len, <=, 200);
  g_assert_cmpuint(rules->key_actions->len, >, 0);
}

static void test_identity(void) {
  g_autoptr(SightRuleset) a = sight_ruleset_new_default();
  g_autoptr(SightRuleset) b = sight_ruleset_new_default();
  g_autofree char *id_a = sight_ruleset_id(a);
  g_autofree char *id_b = sight_ruleset_id(b);
  g_assert_cmpstr(id_a, ==, id_b);
  b->dead_wait_ms++;
  g_autofree char *changed = sight_ruleset_id(b);
  g_assert_cmpstr(id_a, !=, changed);
  /* A question to the index: nothing is judged anew. */
  sight_ruleset_add_key_action(a, "x", SIGHT_KEY_ACTION_EVENT, "x");
  g_autofree char *with_action = sight_ruleset_id(a);
  g_assert_cmpstr(id_a, ==, with_action);
  for (const SightRuleSetting *setting = sight_rule_settings; setting->name != NULL; setting++) {
    g_autoptr(SightRuleset) other = sight_ruleset_new_default();
    G_STRUCT_MEMBER(int, other, setting->offset) = setting->fallback == setting->max ? setting->min : setting->max;
    g_autofree char *id = sight_ruleset_id(other);
    g_test_message("%s", setting->name);
    g_assert_cmpint(g_str_equal(id, id_a), ==, setting->asked);
  }
  /* What earlier versions wrote with each analysis. */
  g_assert_cmpstr(id_a, ==, "85bcf48348eba8b6");
}

int main(int argc, char *argv[]) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ruleset/defaults", test_defaults);
  g_test_add_func("/ruleset/table", test_table);
  g_test_add_func("/ruleset/round-trip", test_round_trip);
  g_test_add_func("/ruleset/partial", test_partial);
  g_test_add_func("/ruleset/clamped", test_clamped);
  g_test_add_func("/ruleset/other-json", test_other_json);
  g_test_add_func("/ruleset/many-key-actions", test_many_key_actions);
  g_test_add_func("/ruleset/identity", test_identity);
  return g_test_run();
}

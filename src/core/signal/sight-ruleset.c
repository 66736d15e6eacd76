/* SPDX-License-Identifier: MIT */
/* The numbers and rules by which sessions are judged: defaults, JSON, identity. */
#include "sight-ruleset.h"

#include "sight-json-writer.h"

#include <glib/gi18n-lib.h>

/* A name or value longer than this is nobody's key action. */
#define MAX_TEXT_BYTES 1024
#define MAX_KEY_ACTIONS 200

#define SETTING(name, title, unit, member, min, max, fallback)                                                         \
  { name, title, unit, G_STRUCT_OFFSET(SightRuleset, member), min, max, fallback, FALSE }
#define ASKED(name, title, unit, member, min, max, fallback)                                                           \
  { name, title, unit, G_STRUCT_OFFSET(SightRuleset, member), min, max, fallback, TRUE }

const SightRuleSetting sight_rule_settings[] = {
    SETTING("rage-clicks", N_("Rage click: clicks at least"), "", rage_clicks, 2, 20, 3),
    SETTING("rage-gap", N_("Rage click: time between clicks at most"), "ms", rage_gap_ms, 100, 10000, 1000),
    SETTING("rage-radius", N_("Rage click: distance between clicks at most"), "px", rage_radius_px, 1, 500, 30),
    SETTING("rage-answer", N_("Rage click: no answer within"), "ms", rage_answer_ms, 100, 10000, 1000),
    SETTING("rage-severe-clicks", N_("Rage click: severe from this many clicks"), "", rage_severe_clicks, 2, 50, 5),
    SETTING("dead-wait", N_("Dead click: no answer within"), "ms", dead_wait_ms, 200, 30000, 2500),
    SETTING("dead-scroll-wait", N_("Dead click: scrolling answers within"), "ms", dead_scroll_wait_ms, 0, 5000, 300),
    SETTING("slow-wait", N_("Slow click: answered within"), "ms", slow_wait_ms, 200, 60000, 7000),
    SETTING("scroll-reversals", N_("Excessive scrolling: reversals at least"), "", scroll_reversals, 2, 100, 6),
    SETTING("scroll-window", N_("Excessive scrolling: within"), "ms", scroll_window_ms, 1000, 600000, 30000),
    SETTING("scroll-share", N_("Excessive scrolling: each at least of the viewport’s height"), "%",
            scroll_share_percent, 1, 500, 25),
    SETTING("error-click-wait", N_("Error click: the error begins within"), "ms", error_click_ms, 100, 30000, 2000),
    SETTING("thrash-turns", N_("Thrashed cursor: turns in two seconds at least"), "", thrash_turns, 2, 40, 4),
    SETTING("thrash-speed", N_("Thrashed cursor: speed at least"), "px/s", thrash_speed, 50, 10000, 300),
    SETTING("thrash-score", N_("Thrashed cursor: score at least"), "%", thrash_score_percent, 1, 100, 65),
    SETTING("quick-back", N_("Quick back: on the page for less than"), "ms", quick_back_ms, 500, 60000, 5000),
    SETTING("unseen", N_("Unseen message: not in view within"), "ms", unseen_ms, 500, 60000, 5000),
    SETTING("waiting", N_("Waiting: busy for at least"), "ms", waiting_ms, 500, 600000, 5000),
    SETTING("waiting-after-act", N_("Waiting: busy after a click for at least"), "ms", waiting_after_act_ms, 500,
            600000, 3000),
    SETTING("idle", N_("Idle: no activity for at least"), "ms", idle_ms, 1000, 3600000, 10000),
    SETTING("noise-resize-observer", N_("Noise, no error: ResizeObserver loops (1: yes, 0: no)"), "",
            noise_resize_observer, 0, 1, 1),
    SETTING("noise-extensions", N_("Noise, no error: of browser extensions (1: yes, 0: no)"), "", noise_extensions, 0,
            1, 1),
    SETTING("noise-script-error", N_("Noise, no error: “Script error.” without more (1: yes, 0: no)"), "",
            noise_script_error, 0, 1, 1),
    SETTING("noise-given-up", N_("Noise, no error: what the page gave up (1: yes, 0: no)"), "", noise_given_up, 0, 1,
            1),
    SETTING("noise-other-origins", N_("Noise, no error: of scripts from elsewhere (1: yes, 0: no)"), "",
            noise_other_origins, 0, 1, 1),
    ASKED("high-exit-views", N_("High exit: pages with views at least"), "", high_exit_min_views, 1, 1000000, 20),
    ASKED("high-exit-rate", N_("High exit: exit rate at least (0: the top tenth)"), "%", high_exit_percent, 0, 100, 0),
    ASKED("churn-days", N_("Churned: the user stayed away for at least"), "d", churn_days, 0, 365, 7),
    {NULL, NULL, NULL, 0, 0, 0, 0, FALSE},
};

static const char *const kind_names[] = {"page", "click", "submit", "event"};

static int *member(SightRuleset *rules, const SightRuleSetting *setting) {
  return G_STRUCT_MEMBER_P(rules, setting->offset);
}

static void key_action_free(gpointer data) {
  SightKeyAction *action = data;
  g_free(action->name);
  g_free(action->value);
  g_free(action);
}

SightRuleset *sight_ruleset_new_default(void) {
  SightRuleset *rules = g_new0(SightRuleset, 1);
  for (const SightRuleSetting *setting = sight_rule_settings; setting->name != NULL; setting++)
    *member(rules, setting) = setting->fallback;
  rules->key_actions = g_ptr_array_new_with_free_func(key_action_free);
  rules->page_rules = g_ptr_array_new_with_free_func((GDestroyNotify)sight_page_rule_free);
  return rules;
}

void sight_ruleset_free(SightRuleset *rules) {
  if (rules == NULL)
    return;
  g_ptr_array_unref(rules->key_actions);
  g_ptr_array_unref(rules->page_rules);
  g_free(rules);
}

void sight_ruleset_add_key_action(SightRuleset *rules, const char *name, SightKeyActionKind kind, const char *value) {
  SightKeyAction *action = g_new0(SightKeyAction, 1);
  action->name = g_strdup(name);
  action->kind = kind;
  action->value = g_strdup(value);
  g_ptr_array_add(rules->key_actions, action);
}

static void read_key_action(SightRuleset *rules, SightJson tainted_action) {
  gsize bytes = 0;
  const char *kind = sight_json_string(sight_json_get(tainted_action, "kind"), NULL);
  const char *value = sight_json_string(sight_json_get(tainted_action, "value"), &bytes);
  const char *name = sight_json_string(sight_json_get(tainted_action, "name"), NULL);
  if (kind == NULL || value == NULL || bytes == 0 || bytes > MAX_TEXT_BYTES || strlen(value) != bytes)
    return;
  if (name == NULL || name[0] == '\0' || strlen(name) > MAX_TEXT_BYTES)
    name = value;
  for (guint i = 0; i < G_N_ELEMENTS(kind_names); i++)
    if (g_str_equal(kind, kind_names[i]) && rules->key_actions->len < MAX_KEY_ACTIONS)
      sight_ruleset_add_key_action(rules, name, (SightKeyActionKind)i, value);
}

SightRuleset *sight_ruleset_from_json(SightJson tainted_json) {
  SightRuleset *rules = sight_ruleset_new_default();
  for (const SightRuleSetting *setting = sight_rule_settings; setting->name != NULL; setting++) {
    gint64 number = sight_json_int(sight_json_get(tainted_json, setting->name), setting->fallback);
    *member(rules, setting) = (int)CLAMP(number, setting->min, setting->max);
  }
  SightJsonIter it = sight_json_iter(sight_json_get(tainted_json, "key-actions"));
  while (sight_json_next(&it))
    read_key_action(rules, it.value);
  g_ptr_array_unref(rules->page_rules);
  rules->page_rules = sight_page_rules_from_json(sight_json_get(tainted_json, "page-rules"));
  return rules;
}

static void write_settings(const SightRuleset *rules, gboolean asked, SightJsonWriter *writer) {
  for (const SightRuleSetting *setting = sight_rule_settings; setting->name != NULL; setting++) {
    if (setting->asked == asked)
      sight_json_member_int(writer, setting->name, G_STRUCT_MEMBER(int, rules, setting->offset));
  }
}

static void write_key_actions(const SightRuleset *rules, SightJsonWriter *writer) {
  sight_json_key(writer, "key-actions");
  sight_json_begin_array(writer);
  for (guint i = 0; i < rules->key_actions->len; i++) {
    const SightKeyAction *action = rules->key_actions->pdata[i];
    sight_json_begin_object(writer);
    sight_json_member_string(writer, "name", action->name);
    sight_json_member_string(writer, "kind", kind_names[action->kind]);
    sight_json_member_string(writer, "value", action->value);
    sight_json_end_object(writer);
  }
  sight_json_end_array(writer);
}

char *sight_ruleset_to_json(const SightRuleset *rules) {
  GString *out = g_string_new(NULL);
  SightJsonWriter writer = {.out = out};
  sight_json_begin_object(&writer);
  write_settings(rules, FALSE, &writer);
  write_settings(rules, TRUE, &writer);
  write_key_actions(rules, &writer);
  sight_json_key(&writer, "page-rules");
  sight_page_rules_write(rules->page_rules, &writer);
  sight_json_end_object(&writer);
  return g_string_free(out, FALSE);
}

char *sight_ruleset_id(const SightRuleset *rules) {
  g_autoptr(GString) text = g_string_new(NULL);
  SightJsonWriter writer = {.out = text};
  sight_json_begin_object(&writer);
  write_settings(rules, FALSE, &writer);
  /* As it was when high exit and key actions were part of it, so that nothing is analysed again where these were as
   * they are from the beginning. */
  sight_json_member_int(&writer, "high-exit-views", 20);
  sight_json_member_int(&writer, "high-exit-rate", 0);
  sight_json_key(&writer, "key-actions");
  sight_json_begin_array(&writer);
  sight_json_end_array(&writer);
  sight_json_end_object(&writer);
  g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text->str, -1);
  return g_strndup(digest, 16);
}

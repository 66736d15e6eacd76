/* SPDX-License-Identifier: MIT */
/* SightRuleset: every number and rule by which sessions are judged; plain data that users edit. */
#pragma once

#include "sight-json.h"
#include "sight-page.h"

G_BEGIN_DECLS

typedef enum {
  SIGHT_KEY_ACTION_PAGE,   /* value: a page template, '*' matches any run of characters */
  SIGHT_KEY_ACTION_CLICK,  /* value: text or selector of the clicked element (exact) */
  SIGHT_KEY_ACTION_SUBMIT, /* value: id or name of the form, or '*' */
  SIGHT_KEY_ACTION_EVENT,  /* value: name of an ss:event */
} SightKeyActionKind;

typedef struct {
  char *name;
  SightKeyActionKind kind;
  char *value;
} SightKeyAction;

typedef struct {
  int rage_clicks, rage_gap_ms, rage_radius_px, rage_answer_ms, rage_severe_clicks;
  int dead_wait_ms, dead_scroll_wait_ms;
  int slow_wait_ms; /* a first answer between dead_wait_ms and this is slow, not missing */
  int scroll_reversals, scroll_window_ms, scroll_share_percent;
  int error_click_ms;
  int thrash_turns, thrash_speed, thrash_score_percent;
  int quick_back_ms;
  int unseen_ms;
  int waiting_ms, waiting_after_act_ms;
  int idle_ms;
  int noise_resize_observer, noise_extensions, noise_script_error, noise_given_up, noise_other_origins; /* 0 or 1 */
  int high_exit_min_views;
  int high_exit_percent;  /* 0: the top decile */
  int churn_days;         /* a named user is waited for so long; 0: not at all */
  GPtrArray *key_actions; /* of SightKeyAction; owned */
  GPtrArray *page_rules;  /* of SightPageRule; owned */
} SightRuleset;

SightRuleset *sight_ruleset_new_default(void);
void sight_ruleset_free(SightRuleset *rules);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightRuleset, sight_ruleset_free)
/* Reads what it finds and leaves the rest at its default; out-of-range numbers are clamped. */
SightRuleset *sight_ruleset_from_json(SightJson tainted_json);
char *sight_ruleset_to_json(const SightRuleset *rules);
/* Equal for equal rules: stored with each analysis, so that a change re-runs it. Page rules are no part of it (see
 * sight_page_rules_id): pages are named anew from what is stored; nor are key actions and settings that are `asked`,
 * which are questions to the index (sight-cohort-rules.h). Hex, the caller's. */
char *sight_ruleset_id(const SightRuleset *rules);
void sight_ruleset_add_key_action(SightRuleset *rules, const char *name, SightKeyActionKind kind, const char *value);

/* The settings by name, for preferences and `sightctl`: a table that ends with a NULL name. */
typedef struct {
  const char *name;  /* "rage-clicks" */
  const char *title; /* N_() */
  const char *unit;  /* "ms", "px", "%", "d", "" */
  gsize offset;      /* of the int in SightRuleset */
  int min, max, fallback;
  gboolean asked; /* of the index, when a filter is answered: a change of it looks at no recording */
} SightRuleSetting;
extern const SightRuleSetting sight_rule_settings[];

G_END_DECLS

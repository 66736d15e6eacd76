/* SPDX-License-Identifier: MIT */
/* Reading and keeping the rules of a project, off the main thread. */
#pragma once

#include "sight-ruleset.h"
#include "sight-store.h"

G_BEGIN_DECLS

/* Main thread. `rules`, of `endpoint`, is the receiver's; NULL with error where they cannot be read. */
typedef void (*SightUiRulesFunc)(SightRuleset *rules, gint64 endpoint, const GError *error, gpointer user_data);
/* user_data is referenced until then. */
void sight_ui_rules_load(SightStore *store, gint64 endpoint, SightUiRulesFunc func, GObject *user_data);
/* Keeps them as settings of the project; they are synced to teammates. Where that fails, the active window says so. */
void sight_ui_rules_save(SightStore *store, gint64 endpoint, const SightRuleset *rules);
/* Puts other page rules (of SightPageRule) in the place of those that the project has. */
void sight_ui_rules_save_pages(SightStore *store, gint64 endpoint, GPtrArray *page_rules);
/* Adds one key action to what the project has. Empty `name`: the value stands for it. */
void sight_ui_rules_add_key_action(SightStore *store, gint64 endpoint, const char *name, SightKeyActionKind kind,
                                   const char *value);

/* "Page visited" and so on; translated, static. */
const char *sight_ui_key_action_title(SightKeyActionKind kind);

G_END_DECLS

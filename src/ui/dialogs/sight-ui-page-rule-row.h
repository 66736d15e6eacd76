/* SPDX-License-Identifier: MIT */
/* SightUiPageRuleRow: one page rule of a project, which unfolds to be changed. */
#pragma once

#include "sight-page.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_PAGE_RULE_ROW (sight_ui_page_rule_row_get_type())
/* Signals: "changed": the rule is another one; "move" (int: -1 up, 1 down), "remove": what the analyst asks for. */
G_DECLARE_FINAL_TYPE(SightUiPageRuleRow, sight_ui_page_rule_row, SIGHT_UI, PAGE_RULE_ROW, AdwExpanderRow)

/* NULL: a new one that is to be filled in. */
GtkWidget *sight_ui_page_rule_row_new(const SightPageRule *rule);
/* The rule as it stands there, the caller's; NULL where it is none yet. */
SightPageRule *sight_ui_page_rule_row_get(SightUiPageRuleRow *self);

G_END_DECLS

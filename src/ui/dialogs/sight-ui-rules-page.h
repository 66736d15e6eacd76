/* SPDX-License-Identifier: MIT */
/* SightUiRulesPage: in the preferences, the key actions of a project and the numbers by which signals are told. */
#pragma once

#include "sight-ui-jobs.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_RULES_PAGE (sight_ui_rules_page_get_type())
G_DECLARE_FINAL_TYPE(SightUiRulesPage, sight_ui_rules_page, SIGHT_UI, RULES_PAGE, AdwPreferencesPage)

GtkWidget *sight_ui_rules_page_new(SightStore *store, SightUiJobs *jobs);
/* Leads to the first number by which the signals of a kind are told. */
void sight_ui_rules_page_show(SightUiRulesPage *self, gint64 endpoint, const char *kind);

G_END_DECLS

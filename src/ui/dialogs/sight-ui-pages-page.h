/* SPDX-License-Identifier: MIT */
/* SightUiPagesPage: in Preferences, the rules by which addresses are the same page: those that are built in, and those
 * of a project, with what a change of them would merge and split. */
#pragma once

#include "sight-ui-jobs.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_PAGES_PAGE (sight_ui_pages_page_get_type())
G_DECLARE_FINAL_TYPE(SightUiPagesPage, sight_ui_pages_page, SIGHT_UI, PAGES_PAGE, AdwPreferencesPage)

GtkWidget *sight_ui_pages_page_new(SightStore *store, SightUiJobs *jobs);

G_END_DECLS

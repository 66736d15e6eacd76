/* SPDX-License-Identifier: MIT */
/* SightUiEndpointsPage: in the preferences, where sessions come from, and how often they are asked for. */
#pragma once

#include "sight-ui-jobs.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_ENDPOINTS_PAGE (sight_ui_endpoints_page_get_type())
G_DECLARE_FINAL_TYPE(SightUiEndpointsPage, sight_ui_endpoints_page, SIGHT_UI, ENDPOINTS_PAGE, AdwPreferencesPage)

GtkWidget *sight_ui_endpoints_page_new(SightStore *store, SightUiJobs *jobs);

G_END_DECLS

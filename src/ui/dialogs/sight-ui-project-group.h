/* SPDX-License-Identifier: MIT */
/* SightUiProjectGroup: of which project a page of the preferences shows the rules. Hidden where there is but one. */
#pragma once

#include "sight-ui-jobs.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_PROJECT_GROUP (sight_ui_project_group_get_type())
/* Signal "chosen": another one is. */
G_DECLARE_FINAL_TYPE(SightUiProjectGroup, sight_ui_project_group, SIGHT_UI, PROJECT_GROUP, AdwPreferencesGroup)

SightUiProjectGroup *sight_ui_project_group_new(void);
/* The projects are those endpoints that there are now; the first one that is no file is chosen. */
void sight_ui_project_group_fill(SightUiProjectGroup *self, SightUiJobs *jobs);
void sight_ui_project_group_choose(SightUiProjectGroup *self, gint64 endpoint); /* where it is one of them */
gint64 sight_ui_project_group_get_endpoint(SightUiProjectGroup *self);

G_END_DECLS

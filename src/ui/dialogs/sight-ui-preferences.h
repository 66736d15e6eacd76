/* SPDX-License-Identifier: MIT */
/* The preferences: endpoints, and the rules by which sessions are judged. */
#pragma once

#include "sight-ui-jobs.h"

#include <adwaita.h>

G_BEGIN_DECLS

GtkWidget *sight_ui_preferences_new(GtkWindow *parent, SightStore *store, SightUiJobs *jobs);

G_END_DECLS

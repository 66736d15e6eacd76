/* SPDX-License-Identifier: MIT */
/* The preferences: endpoints, and the rules by which sessions are judged. */
#pragma once

#include "sight-ui-jobs.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* rule: the signal by whose numbers of that endpoint they are to open; NULL: none. */
GtkWidget *sight_ui_preferences_new(GtkWindow *parent, SightStore *store, SightUiJobs *jobs, gint64 endpoint,
                                    const char *rule);

G_END_DECLS

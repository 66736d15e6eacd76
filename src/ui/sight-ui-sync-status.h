/* SPDX-License-Identifier: MIT */
/* SightUiSyncStatus: in the header bar, how it stands with syncing, analysis and import, and what to do about it. */
#pragma once

#include "sight-ui-jobs.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_SYNC_STATUS (sight_ui_sync_status_get_type())
G_DECLARE_FINAL_TYPE(SightUiSyncStatus, sight_ui_sync_status, SIGHT_UI, SYNC_STATUS, GtkWidget)

GtkWidget *sight_ui_sync_status_new(SightUiJobs *jobs);
/* "14:02", or with the date where it is not of today. The caller's. */
char *sight_ui_sync_status_since(gint64 time_ms);

G_END_DECLS

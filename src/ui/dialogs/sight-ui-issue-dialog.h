/* SPDX-License-Identifier: MIT */
/* SightUiIssueDialog: an issue out of a moment, as it will be sent: where to, what it says, what goes along. */
#pragma once

#include "sight-ui-issue.h"
#include "sight-ui-player.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_ISSUE_DIALOG (sight_ui_issue_dialog_get_type())
/* Signal "filed" (string, string): where it is, and what went wrong afterwards (NULL: nothing). */
G_DECLARE_FINAL_TYPE(SightUiIssueDialog, sight_ui_issue_dialog, SIGHT_UI, ISSUE_DIALOG, AdwWindow)

/* The player gives the picture, once it shows the session of the subject. */
GtkWidget *sight_ui_issue_dialog_new(GtkWindow *parent, SightUiIssueSubject *subject, SightUiPlayer *player,
                                     SightUiPlayback *playback);

G_END_DECLS

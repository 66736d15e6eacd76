/* SPDX-License-Identifier: MIT */
/* SightUiVerifyDialog: whether a problem, or whatever a filter picks, is gone since a release or a day. */
#pragma once

#include "sight-store.h"
#include "sight-ui-problem-item.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_VERIFY_DIALOG (sight_ui_verify_dialog_get_type())
/* Signals: "watch" (string): the id of a session that is wanted; "beside" (three strings): the ids of one of before and
 * one of after, and the filter of what the first met; "narrow" (string): a filter that is to join the sentence;
 * "report" (string): the comparison, as JSON, is to become a file. */
G_DECLARE_FINAL_TYPE(SightUiVerifyDialog, sight_ui_verify_dialog, SIGHT_UI, VERIFY_DIALOG, AdwWindow)

/* About the problem, or, where that is NULL, about the sessions under a filter; of an endpoint, or, where that is 0, of
 * all. */
GtkWidget *sight_ui_verify_dialog_new(GtkWindow *parent, SightStore *store, SightUiProblemItem *problem,
                                      const char *filter, gint64 endpoint);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
/* SightUiWindow: the analyst's window: sidebar, sessions, player, inspector, and the actions that drive them. */
#pragma once

#include "sight-ui-jobs.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_WINDOW (sight_ui_window_get_type())
G_DECLARE_FINAL_TYPE(SightUiWindow, sight_ui_window, SIGHT_UI, WINDOW, AdwApplicationWindow)

GtkWidget *sight_ui_window_new(AdwApplication *application, SightStore *store, SightUiJobs *jobs);
/* A word at the lower edge, for a moment. */
void sight_ui_window_toast(SightUiWindow *self, const char *text);
/* One with a button: it stays for as long as reading two lines, thinking and reaching it takes. Borrowed: it may be
 * given what is to be done, or be dismissed. `button` may be NULL. */
AdwToast *sight_ui_window_offer(SightUiWindow *self, const char *text, const char *button);
/* And one that stays until it is dismissed. */
AdwToast *sight_ui_window_offer_lasting(SightUiWindow *self, const char *text, const char *button);
/* Asks a filter of all endpoints, and lists what matches. What is none is left alone. */
void sight_ui_window_ask(SightUiWindow *self, const char *filter);
/* Opens what a link leads to (sight-link.h); where it is not here, it is fetched from an endpoint that is connected. */
void sight_ui_window_open_link(SightUiWindow *self, const char *tainted_link);
/* Takes recordings from files and shows the first. */
void sight_ui_window_import(SightUiWindow *self, GListModel *files);

/* Leads to a problem of an endpoint, in whichever state it is: nothing is filtered any more. */
void sight_ui_window_lead_to_problem(SightUiWindow *self, gint64 endpoint, const char *id);

G_END_DECLS

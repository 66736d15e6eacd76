/* SPDX-License-Identifier: MIT */
/* SightUiSessionList: the sentence of the filter, the sessions that match it, and what to do where none does. */
#pragma once

#include "sight-ui-library.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_SESSION_LIST (sight_ui_session_list_get_type())
/* Signal "chosen" (int64 row): the analyst chose another session. */
G_DECLARE_FINAL_TYPE(SightUiSessionList, sight_ui_session_list, SIGHT_UI, SESSION_LIST, GtkWidget)

void sight_ui_session_list_set_library(SightUiSessionList *self, SightUiLibrary *library);
/* The sentence and the state, after the library was asked something else. */
void sight_ui_session_list_show_query(SightUiSessionList *self);
/* Why nothing is listed yet; text NULL: because nothing matches. */
void sight_ui_session_list_set_waiting(SightUiSessionList *self, const char *title, const char *text);

/* Selects without telling; scrolls there. position G_MAXUINT: none. */
void sight_ui_session_list_select(SightUiSessionList *self, guint position);
/* G_MAXUINT where none is. */
void sight_ui_session_list_focus(SightUiSessionList *self);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
/* SightUiNotes: what the team says of the session that is open, with the colours of its project: the one list that
 * inspector, timeline and window bind to. It follows the store. */
#pragma once

#include "sight-note-table.h"

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_NOTES (sight_ui_notes_get_type())
/* Main thread only. Signal "changed": what the functions below tell is different. */
G_DECLARE_FINAL_TYPE(SightUiNotes, sight_ui_notes, SIGHT_UI, NOTES, GObject)

SightUiNotes *sight_ui_notes_new(SightStore *store);
/* session NULL: nothing is open. */
void sight_ui_notes_set_session(SightUiNotes *self, gint64 endpoint, const char *session);
gint64 sight_ui_notes_get_endpoint(SightUiNotes *self);
/* GPtrArray of SightNote by their moments, never NULL; borrowed until the next "changed": who keeps it takes a
 * reference. */
GPtrArray *sight_ui_notes_get_list(SightUiNotes *self);
/* Whether a teammate said it, and it was not looked at before this session was opened. */
gboolean sight_ui_notes_is_new(SightUiNotes *self, const SightAnnotation *said);
/* How many of them are still to be looked at. */
guint sight_ui_notes_get_n_unread(SightUiNotes *self);
/* They were looked at; they stay new until another session is opened. */
void sight_ui_notes_mark_read(SightUiNotes *self);
/* "name=#rrggbb" each, NULL-terminated; empty until they were read. Borrowed until the next "changed". */
const char *const *sight_ui_notes_get_colours(SightUiNotes *self);
/* "#rrggbb"; NULL: the note has none, or one that the project has no more. Borrowed as the colours are. */
const char *sight_ui_notes_get_colour(SightUiNotes *self, const SightNote *note);

G_END_DECLS

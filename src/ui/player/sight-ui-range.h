/* SPDX-License-Identifier: MIT */
/* SightUiRange: the stretch between the in and the out point, and whether playing goes round in it. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_RANGE (sight_ui_range_get_type())
/* Times from the start of the session, in ms; -1: not set. The in point is always before the out point: setting one
 * beyond the other takes the other away. Property "loop" (boolean, rw). Signal "changed": one of the points moved. */
G_DECLARE_FINAL_TYPE(SightUiRange, sight_ui_range, SIGHT_UI, RANGE, GObject)

SightUiRange *sight_ui_range_new(void);

gint64 sight_ui_range_get_in(SightUiRange *self);
gint64 sight_ui_range_get_out(SightUiRange *self);
void sight_ui_range_set_in(SightUiRange *self, gint64 in_ms);
void sight_ui_range_set_out(SightUiRange *self, gint64 out_ms);
void sight_ui_range_set(SightUiRange *self, gint64 in_ms, gint64 out_ms);
void sight_ui_range_clear(SightUiRange *self);

/* The stretch within a session of that length; a point that is not set is the session's own end. FALSE: no point is
 * set, and the stretch is the whole session. */
gboolean sight_ui_range_get(SightUiRange *self, gint64 duration_ms, gint64 *from_ms, gint64 *to_ms);

void sight_ui_range_set_loop(SightUiRange *self, gboolean loop);
/* Where playing goes on instead of at `position_ms`: the start of the stretch, where the loop is closed there; else -1.
 * Somebody who plays behind the stretch is left alone until the end of the session. */
gint64 sight_ui_range_wrap(SightUiRange *self, gint64 duration_ms, gint64 before_ms, gint64 position_ms);

G_END_DECLS

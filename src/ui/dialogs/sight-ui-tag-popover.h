/* SPDX-License-Identifier: MIT */
/* SightUiTagPopover: T, type, Enter: a word for the moment on display. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_TAG_POPOVER (sight_ui_tag_popover_get_type())
/* Signal "tagged" (string text, int64 at_ms): the analyst pressed Enter on some text. */
G_DECLARE_FINAL_TYPE(SightUiTagPopover, sight_ui_tag_popover, SIGHT_UI, TAG_POPOVER, GtkPopover)

GtkWidget *sight_ui_tag_popover_new(void);
/* The moment is that of the call: playing on does not move it. `text`: of a tag that is to be changed; NULL: a new one.
 */
void sight_ui_tag_popover_open(SightUiTagPopover *self, gint64 at_ms, const char *text);

G_END_DECLS

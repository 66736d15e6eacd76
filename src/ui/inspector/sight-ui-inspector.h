/* SPDX-License-Identifier: MIT */
/* SightUiInspector: what happened in the session that is open: story, console, network, forms, tags. */
#pragma once

#include "sight-ui-element.h"
#include "sight-ui-playback.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_INSPECTOR (sight_ui_inspector_get_type())
/* Signals: "element-closed": the element that was shown is not wanted any more; "edit-tag", "remove-tag",
 * "answer-tag" (pointer to SightNote, pointer to SightAnnotation, both borrowed): what the analyst wants to be done to
 * a tag, or to one of its answers. */
G_DECLARE_FINAL_TYPE(SightUiInspector, sight_ui_inspector, SIGHT_UI, INSPECTOR, GtkWidget)

GtkWidget *sight_ui_inspector_new(SightUiPlayback *playback);
/* What the team says of the session. */
void sight_ui_inspector_show_tags(SightUiInspector *self);
/* Shows an element in place of what happened, until it is closed or another session is opened. `started_ms`: wall
 * clock of the start of the session. */
void sight_ui_inspector_show_element(SightUiInspector *self, const SightUiElement *element, gint64 started_ms);

G_END_DECLS

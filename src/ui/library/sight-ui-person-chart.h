/* SPDX-License-Identifier: MIT */
/* SightUiPersonChart: the sessions of a person on one line of time, with their gravest moments, and where the playhead
 * is in the one that is open. The list of the popover says the same in words. */
#pragma once

#include "sight-ui-person.h"
#include "sight-ui-playback.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_PERSON_CHART (sight_ui_person_chart_get_type())
/* Signal "chosen" (int64 row, int64 ms from its start; -1: wherever it is worth a look): by a click, or by arrow keys
 * and Enter. Wider than its place where there are many: it belongs into something that scrolls sideways. */
G_DECLARE_FINAL_TYPE(SightUiPersonChart, sight_ui_person_chart, SIGHT_UI, PERSON_CHART, GtkWidget)

GtkWidget *sight_ui_person_chart_new(SightUiPlayback *playback);
/* Borrowed until the next one; NULL: none. */
void sight_ui_person_chart_set(SightUiPersonChart *self, const SightUiPerson *person);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
/* SightUiWaterfall: where in a page visit a request was under way, as a bar to scale. Its line says the same in words,
 * so it is no part of what a screen reader reads. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_WATERFALL (sight_ui_waterfall_get_type())
G_DECLARE_FINAL_TYPE(SightUiWaterfall, sight_ui_waterfall, SIGHT_UI, WATERFALL, GtkWidget)

GtkWidget *sight_ui_waterfall_new(void);
/* From where to where, of the whole (0 to 1). */
void sight_ui_waterfall_set(SightUiWaterfall *self, double start, double end, gboolean failed);

G_END_DECLS

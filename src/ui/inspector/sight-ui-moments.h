/* SPDX-License-Identifier: MIT */
/* SightUiMoments: the lines of one page of the inspector as a list model, filtered by text and by how grave they are.
 */
#pragma once

#include "sight-ui-moment.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_MOMENTS (sight_ui_moments_get_type())
G_DECLARE_FINAL_TYPE(SightUiMoments, sight_ui_moments, SIGHT_UI, MOMENTS, GObject)

SightUiMoments *sight_ui_moments_new(void);
/* Replaces all of them: a GArray of SightUiMomentData with a clear function, in time order; takes it. */
void sight_ui_moments_take(SightUiMoments *self, GArray *moments);
GArray *sight_ui_moments_array_new(void);
void sight_ui_moments_set_filter(SightUiMoments *self, const char *text);
/* Only those of that level or a greater one. */
void sight_ui_moments_set_least(SightUiMoments *self, guint level);
/* Those of the greatest level first; among them as they come. */
void sight_ui_moments_set_gravest_first(SightUiMoments *self, gboolean first);
/* All of them, also those that the filter hides. */
guint sight_ui_moments_get_total(SightUiMoments *self);
/* The one that has begun last by then, or G_MAXUINT. */
guint sight_ui_moments_at(SightUiMoments *self, gint64 time_ms);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
/* SightUiOwnFilters: the filters that the analyst saved, each with a title, in an order of their own. They are settings
 * of the analyst, so that they are there with every cache. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_OWN_FILTERS (sight_ui_own_filters_get_type())
/* Main thread only. Signal "changed". */
G_DECLARE_FINAL_TYPE(SightUiOwnFilters, sight_ui_own_filters, SIGHT_UI, OWN_FILTERS, GObject)

SightUiOwnFilters *sight_ui_own_filters_new(void);
guint sight_ui_own_filters_get_n(SightUiOwnFilters *self);
/* Borrowed, until "changed"; the filter is text of the filter language. */
const char *sight_ui_own_filters_get_title(SightUiOwnFilters *self, guint place);
const char *sight_ui_own_filters_get_filter(SightUiOwnFilters *self, guint place);
/* Adds one at the end; the same filter again takes the new title where it stands. */
void sight_ui_own_filters_add(SightUiOwnFilters *self, const char *title, const char *filter);
void sight_ui_own_filters_rename(SightUiOwnFilters *self, guint place, const char *title);
/* Puts it before or behind its neighbour (-1, 1), where there is one. */
void sight_ui_own_filters_move(SightUiOwnFilters *self, guint place, int direction);
void sight_ui_own_filters_remove(SightUiOwnFilters *self, guint place);
/* Puts one back where it stood. */
void sight_ui_own_filters_insert(SightUiOwnFilters *self, guint place, const char *title, const char *filter);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
/* SightUiExploreRow: one row of a table of Explore, as text, number and condition for each of its columns. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Owns its strings. */
typedef struct {
  char *text;      /* as it is shown */
  double number;   /* by which it is sorted; of a column of texts 0 */
  char *filter;    /* the condition that it stands for, or NULL */
  gboolean copied; /* its text is for the clipboard */
} SightUiCell;

#define SIGHT_UI_TYPE_EXPLORE_ROW (sight_ui_explore_row_get_type())
G_DECLARE_FINAL_TYPE(SightUiExploreRow, sight_ui_explore_row, SIGHT_UI, EXPLORE_ROW, GObject)

SightUiExploreRow *sight_ui_explore_row_new(void);
/* Adds the next cell; takes `text`. */
void sight_ui_explore_row_add(SightUiExploreRow *self, char *text, double number, const char *filter);
/* A number as its own text. */
void sight_ui_explore_row_add_count(SightUiExploreRow *self, gint64 count, const char *filter);
/* A text that is copied when it is pressed. */
void sight_ui_explore_row_add_copied(SightUiExploreRow *self, const char *text);
/* A moment (ms from the start of a session) that it leads to. */
void sight_ui_explore_row_set_moment(SightUiExploreRow *self, gint64 session_row, gint64 at_ms);
/* FALSE: it leads to none. */
gboolean sight_ui_explore_row_get_moment(SightUiExploreRow *self, gint64 *session_row, gint64 *at_ms);
/* What it is about, for who can do something with it; takes it. */
void sight_ui_explore_row_take_about(SightUiExploreRow *self, gpointer about, GDestroyNotify destroy);
/* Whether both show the same and lead to the same. Rows that are about something are not compared: never. */
gboolean sight_ui_explore_row_equal(SightUiExploreRow *self, SightUiExploreRow *other);
gpointer sight_ui_explore_row_get_about(SightUiExploreRow *self);
/* Borrowed; of a column that it does not have an empty one. */
const SightUiCell *sight_ui_explore_row_get(SightUiExploreRow *self, guint column);

G_END_DECLS

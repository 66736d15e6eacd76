/* SPDX-License-Identifier: MIT */
/* SightUiLibrary: the sessions that answer the analyst's question, as a list model over row numbers. Rows are read in
 * pages on a worker when the list asks for them, so it scrolls through a million without waiting. */
#pragma once

#include "sight-library.h"
#include "sight-ui-filter.h"
#include "sight-ui-own-filters.h"
#include "sight-ui-session-item.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_LIBRARY (sight_ui_library_get_type())
/* Main thread only. Signals: "about-to-list" before rows are replaced, so that a selection can step aside; "listed"
 * after each answer, also a failed one; "counted" when the counts are new. */
G_DECLARE_FINAL_TYPE(SightUiLibrary, sight_ui_library, SIGHT_UI, LIBRARY, GObject)

/* Follows the filter: each change starts a new question. */
SightUiLibrary *sight_ui_library_new(SightStore *store, SightUiFilter *filter);
SightUiFilter *sight_ui_library_get_filter(SightUiLibrary *self);
/* Those that the analyst saved. */
SightUiOwnFilters *sight_ui_library_get_own(SightUiLibrary *self);
void sight_ui_library_set_sort(SightUiLibrary *self, SightSessionSort sort);
/* What is asked for; its text is good until the next question. */
const SightLibraryQuery *sight_ui_library_get_query(SightUiLibrary *self);

/* FALSE until the first answer to the present question is there; still FALSE in its "about-to-list". */
gboolean sight_ui_library_is_listed(SightUiLibrary *self);
/* Why the last question could not be answered; NULL: it was. */
const GError *sight_ui_library_get_error(SightUiLibrary *self);

/* A label of the team's tags. Owns its strings. */
typedef struct {
  char *title, *filter;
  gint64 n; /* sessions under the sentence without its other tags */
} SightUiTagCount;

typedef struct {
  gint64 n_all;   /* sessions of the endpoint that are known here */
  gint64 n_there; /* where that is a part of them: how many it has; else 0 */
  /* Those that the answer may lack: not looked through yet; and with more in them than the index has room for. */
  gint64 n_waiting, n_left_out;
  gint64 *n_saved; /* as sight_ui_saved(): under the sentence without those of its group; of all: n_all */
  GArray *n_own;   /* gint64, as the saved filters of the analyst: by itself; -1: it is no filter any more */
  GPtrArray *tags; /* of SightUiTagCount: those that most sessions have */
  gboolean has_key_actions;
  int helps;      /* where nothing is found: the part of the sentence without which most is; -1: none helps */
  gint64 n_helps; /* how many then */
} SightUiCounts;
/* NULL until they are there. */
const SightUiCounts *sight_ui_library_get_counts(SightUiLibrary *self);

/* Where a session stands, or G_MAXUINT. */
guint sight_ui_library_find(SightUiLibrary *self, gint64 row);
gint64 sight_ui_library_row_at(SightUiLibrary *self, guint position); /* 0: none */

G_END_DECLS

/* SPDX-License-Identifier: MIT */
/* SightUiLibrary: the sessions that answer the analyst's question, as a list model over row numbers. Rows are read in
 * pages on a worker when the list asks for them, so it scrolls through a million without waiting. */
#pragma once

#include "sight-library.h"
#include "sight-ui-session-item.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_LIBRARY (sight_ui_library_get_type())
/* Main thread only. Signals: "about-to-list" before rows are replaced, so that a selection can step aside; "listed"
 * after each answer, also a failed one; "counted" when the counts of the facets are new. */
G_DECLARE_FINAL_TYPE(SightUiLibrary, sight_ui_library, SIGHT_UI, LIBRARY, GObject)

SightUiLibrary *sight_ui_library_new(SightStore *store);

/* What is asked for; each starts a new question. */
void sight_ui_library_set_facet(SightUiLibrary *self, SightFacet facet);
void sight_ui_library_set_endpoint(SightUiLibrary *self, gint64 endpoint);
void sight_ui_library_set_text(SightUiLibrary *self, const char *text);
void sight_ui_library_set_sort(SightUiLibrary *self, SightSessionSort sort);
const SightLibraryQuery *sight_ui_library_get_query(SightUiLibrary *self);

/* FALSE until the first answer to the present question is there; still FALSE in its "about-to-list". */
gboolean sight_ui_library_is_listed(SightUiLibrary *self);
/* Why the last question could not be answered; NULL: it was. */
const GError *sight_ui_library_get_error(SightUiLibrary *self);
/* As sight_library_counts(); NULL until they are there. */
const gint64 *sight_ui_library_get_counts(SightUiLibrary *self);

/* Where a session stands, or G_MAXUINT. */
guint sight_ui_library_find(SightUiLibrary *self, gint64 row);
gint64 sight_ui_library_row_at(SightUiLibrary *self, guint position); /* 0: none */

G_END_DECLS

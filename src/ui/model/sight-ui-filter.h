/* SPDX-License-Identifier: MIT */
/* SightUiFilter: the one filter under which all pages of the window stand, and the endpoint that is looked at. */
#pragma once

#include "sight-filter.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_FILTER (sight_ui_filter_get_type())
/* Main thread only. Signal "changed": another filter or another endpoint. */
G_DECLARE_FINAL_TYPE(SightUiFilter, sight_ui_filter, SIGHT_UI, FILTER, GObject)

/* Every session of every endpoint. */
SightUiFilter *sight_ui_filter_new(void);

/* In the filter language, as its printer writes it; "" is every session. Borrowed. */
const char *sight_ui_filter_get_text(SightUiFilter *self);
gint64 sight_ui_filter_get_endpoint(SightUiFilter *self); /* 0: all */
void sight_ui_filter_set_endpoint(SightUiFilter *self, gint64 endpoint);

/* Another sentence; FALSE where the text is no filter: nothing is changed then. `*at` as sight_filter_parse(). */
gboolean sight_ui_filter_set(SightUiFilter *self, const char *text, gsize *at, GError **error);
/* One more condition; one that stands there already is not added again. */
gboolean sight_ui_filter_add(SightUiFilter *self, const char *text, gsize *at, GError **error);
/* Takes a condition out, written as its part is. FALSE: it does not stand there. */
gboolean sight_ui_filter_remove(SightUiFilter *self, const char *text);

/* The parts of the sentence: conditions that all hold. */
guint sight_ui_filter_n_parts(SightUiFilter *self);
const SightFilter *sight_ui_filter_get_part(SightUiFilter *self, guint i);
/* The sentence with a part turned into its opposite; without it; as it stands before one more part. The caller's. */
char *sight_ui_filter_negated(SightUiFilter *self, guint i);
char *sight_ui_filter_before(SightUiFilter *self);
char *sight_ui_filter_without(SightUiFilter *self, guint i);

/* Rows of the sidebar, by their key. Whether one is wanted in the sentence. */
gboolean sight_ui_filter_has(SightUiFilter *self, const char *key);
/* Puts it into the place of those of its group, or beside them; takes it away where it stands. "" clears all. */
void sight_ui_filter_toggle(SightUiFilter *self, const char *key, gboolean beside);
/* The sentence without the conditions of the key's group (of a key of no group: without those of that key): under which
 * it is counted. The caller's. */
char *sight_ui_filter_base(SightUiFilter *self, const char *key);

G_END_DECLS

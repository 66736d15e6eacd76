/* SPDX-License-Identifier: MIT */
/* The search provider of GNOME Shell: what is typed there, looked for among the problems, pages, texts, users and tags
 * of the cache. A result is a filter; choosing it asks that in the window. The interface is
 * org.gnome.Shell.SearchProvider2, as in its published introspection data. */
#pragma once

#include "sight-store.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_SEARCH (sight_ui_search_get_type())
/* Main thread only; the store is read on a worker. Signal "wanted": a search waits for the store. Signal "chosen": a
 * filter is to be asked in the window ("" is every session). */
G_DECLARE_FINAL_TYPE(SightUiSearch, sight_ui_search, SIGHT_UI, SEARCH, GObject)

/* On the bus from now on, below the path of the application. NULL with error. */
SightUiSearch *sight_ui_search_new(GDBusConnection *bus, const char *application_path, GError **error);
/* What searches read; NULL: it cannot be opened, and nothing is found. */
void sight_ui_search_set_store(SightUiSearch *self, SightStore *store);
/* No longer on the bus; searches that still wait find nothing. */
void sight_ui_search_stop(SightUiSearch *self);

G_END_DECLS

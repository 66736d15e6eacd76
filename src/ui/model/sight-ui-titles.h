/* SPDX-License-Identifier: MIT */
/* SightUiTitles: what problems are called, by the ids that stand in filters. */
#pragma once

#include "sight-filter.h"
#include "sight-store.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_TITLES (sight_ui_titles_get_type())
/* Main thread only; reads on workers. Signal "changed": a title that was asked for is known now. */
G_DECLARE_FINAL_TYPE(SightUiTitles, sight_ui_titles, SIGHT_UI, TITLES, GObject)

SightUiTitles *sight_ui_titles_new(SightStore *store);
/* A part of a filter in words (sight_filter_phrase()), a problem by its title where that is known; the caller's. */
char *sight_ui_titles_phrase(SightUiTitles *self, const SightFilter *part);

G_END_DECLS

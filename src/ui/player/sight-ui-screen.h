/* SPDX-License-Identifier: MIT */
/* SightUiScreen: the native twin of what the page in the web view shows, which finds out how to get from there to
 * another time. Plain data: it is used on one thread at a time, and never while a worker has it. */
#pragma once

#include "sight-ui-reel.h"

G_BEGIN_DECLS

typedef struct SightUiScreen SightUiScreen;

SightUiScreen *sight_ui_screen_new(SightUiReel *reel);
void sight_ui_screen_free(SightUiScreen *screen);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightUiScreen, sight_ui_screen_free)

/* What the page shows is not known any more: the next step builds it anew. */
void sight_ui_screen_forget(SightUiScreen *screen);
/* While it played, the page has come on to `at_ms`: every event strictly before it is applied there. */
void sight_ui_screen_came_to(SightUiScreen *screen, gint64 at_ms);

/* What makes the page show `window` at `at_ms` (wall clock): {"difference": …} as in src/core/dom/DIFFERENCE.md, or
 * {"rebuild": [events]}. A time before the first full snapshot becomes the one just behind it. Blocks for some ms, so
 * it is for a worker. NULL with error where what is kept is damaged. */
GBytes *sight_ui_screen_step(SightUiScreen *screen, guint window, gint64 at_ms, GError **error);
/* The page has done the last step. */
void sight_ui_screen_confirm(SightUiScreen *screen);

/* Coming events of the window of the last step: from_ms <= time < to_ms, as a JSON array. Blocks, as above. */
GBytes *sight_ui_screen_coming(SightUiScreen *screen, gint64 from_ms, gint64 to_ms, GError **error);

G_END_DECLS

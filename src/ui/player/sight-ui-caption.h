/* SPDX-License-Identifier: MIT */
/* SightUiCaption: over the lower edge of the page, why one is there, how soon it comes, and what came of it. */
#pragma once

#include "sight-ui-playback.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_CAPTION (sight_ui_caption_get_type())
/* Shows itself while there is something to say and the playback's "captions" are on. */
G_DECLARE_FINAL_TYPE(SightUiCaption, sight_ui_caption, SIGHT_UI, CAPTION, GtkWidget)

/* For a template; binds to a playback afterwards. */
void sight_ui_caption_set_playback(SightUiCaption *self, SightUiPlayback *playback);
/* Playing went on `skipped_ms` later: says so for a moment. */
void sight_ui_caption_tell_skipped(SightUiCaption *self, gint64 skipped_ms);

/* What to say of a signal at a position: its reason until it is over, then what came of it; NULL once it has been seen.
 * `until_ms`: how long until it begins, 0 from then on. The text is the caller's. */
char *sight_ui_caption_text(const SightAnalysis *analysis, const SightSignal *signal, gint64 position_ms, double speed,
                            gint64 *until_ms);

G_END_DECLS

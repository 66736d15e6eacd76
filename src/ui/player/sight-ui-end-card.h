/* SPDX-License-Identifier: MIT */
/* SightUiEndCard: over the page where a session has been played to its end: what comes next. */
#pragma once

#include "sight-ui-playback.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_END_CARD (sight_ui_end_card_get_type())
/* Shows itself at the end, once it is stopped there. Its button activates win.next-session, which the window provides.
 * Signal "shown": somebody may say what comes next. */
G_DECLARE_FINAL_TYPE(SightUiEndCard, sight_ui_end_card, SIGHT_UI, END_CARD, GtkWidget)

/* For a template; binds to a playback afterwards. */
void sight_ui_end_card_set_playback(SightUiEndCard *self, SightUiPlayback *playback);
/* Why the next session is worth a look; NULL: there is none. Holds until the card is shown again. */
void sight_ui_end_card_set_next(SightUiEndCard *self, const char *reason);

G_END_DECLS

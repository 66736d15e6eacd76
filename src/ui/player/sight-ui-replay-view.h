/* SPDX-License-Identifier: MIT */
/* SightUiReplayView: the recorded page as it was at one time, or playing. Draws what it is told, always the newest wish
 * and never a queue of them. src/web/PROTOCOL.md says how it talks to the page in the web view. */
#pragma once

#include "sight-ui-reel.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_REPLAY_VIEW (sight_ui_replay_view_get_type())
/* Main thread only. Signals: "shown" (int64 wall clock ms): that time is painted; "failed" (string): what stopped it,
 * in words for people; the next thing to show, or sight_ui_replay_view_reload(), starts the page anew. */
G_DECLARE_FINAL_TYPE(SightUiReplayView, sight_ui_replay_view, SIGHT_UI, REPLAY_VIEW, GtkWidget)

GtkWidget *sight_ui_replay_view_new(void);

/* What to show from now on; NULL: nothing. */
void sight_ui_replay_view_set_reel(SightUiReplayView *self, SightUiReel *reel);
/* Shows a window of the reel at a time (wall clock), standing still or playing on from there. */
void sight_ui_replay_view_show(SightUiReplayView *self, guint window, gint64 at_ms, gboolean playing, double speed);
/* Starts the page anew after "failed" and shows what was wished last. */
void sight_ui_replay_view_reload(SightUiReplayView *self);
/* Nothing is under way: what was wished last is painted. */
gboolean sight_ui_replay_view_is_settled(SightUiReplayView *self);

/* A picture of the recorded page alone, as it is on display, as soon as everything that was wished is painted with its
 * images and fonts. */
void sight_ui_replay_view_snapshot_async(SightUiReplayView *self, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer user_data);
GdkTexture *sight_ui_replay_view_snapshot_finish(SightUiReplayView *self, GAsyncResult *result, GError **error);

/* How long the page may take for what it is told, 60 s unless told otherwise. Then its process is ended: it fails. */
void sight_ui_replay_view_set_patience(SightUiReplayView *self, guint patience_ms);

/* For one that films: from now on the view shows without waiting for a frame on the screen, and pictures are of the
 * whole view, taken at once. */
void sight_ui_replay_view_set_filming(SightUiReplayView *self);

G_END_DECLS

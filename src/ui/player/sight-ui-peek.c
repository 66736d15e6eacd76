/* SPDX-License-Identifier: MIT */
/* A view of its own: the large one plays on meanwhile. */
#include "sight-ui-peek.h"

#include "sight-ui-replay-view.h"

#define WIDTH 240
#define HEIGHT 220
#define PATIENCE_MS 10000

void sight_ui_peek_show(SightUiPeek *self, SightUiTimeline *timeline, SightUiReel *reel, int window, gint64 wall_ms) {
  if (self->view)
    gtk_widget_set_visible(self->view, window >= 0);
  if (window < 0)
    return;
  const SightUiReelWindow *shown = sight_ui_reel_get_window(reel, (guint)window);
  gint64 at_ms = MAX(wall_ms, shown->snapshot_ms);
  SightPlace place = {.width = 16, .height = 10};
  sight_track_place(shown->track, at_ms, &place);
  if (!self->view) {
    self->view = sight_ui_replay_view_new();
    sight_ui_replay_view_set_patience(SIGHT_UI_REPLAY_VIEW(self->view), PATIENCE_MS);
    gtk_widget_set_halign(self->view, GTK_ALIGN_START);
    gtk_widget_set_overflow(self->view, GTK_OVERFLOW_HIDDEN);
    sight_ui_timeline_set_miniature(timeline, self->view);
  }
  if (!self->has_reel)
    sight_ui_replay_view_set_reel(SIGHT_UI_REPLAY_VIEW(self->view), reel);
  self->has_reel = TRUE;
  double scale = MIN((double)WIDTH / place.width, (double)HEIGHT / place.height);
  gtk_widget_set_size_request(self->view, MAX((int)(place.width * scale), 1), MAX((int)(place.height * scale), 1));
  sight_ui_replay_view_show(SIGHT_UI_REPLAY_VIEW(self->view), (guint)window, at_ms, FALSE, 1.0);
}

void sight_ui_peek_forget(SightUiPeek *self) {
  if (self->view)
    sight_ui_replay_view_set_reel(SIGHT_UI_REPLAY_VIEW(self->view), NULL);
  self->has_reel = FALSE;
}

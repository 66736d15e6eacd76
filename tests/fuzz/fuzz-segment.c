/* SPDX-License-Identifier: MIT */
/* A track of events that nobody vouches for, cut finely: wherever a cursor goes, from wherever it comes, it finds the
 * same page. */
#include "sight-event-reader.h"
#include "sight-track-private.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize bytes);

#define N_PLACES 4

static const SightReaderLimits limits = {.max_bytes = 1024 * 1024, .max_event_bytes = 65536, .max_events = 500};

static gboolean add(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  sight_track_add(user_data, event);
  return TRUE;
}

static GString *page_at(SightCursor *cursor, gint64 at_ms) {
  g_autoptr(GError) error = NULL;
  GString *page = g_string_new(NULL);
  sight_cursor_seek(cursor, at_ms, &error);
  g_assert_no_error(error);
  sight_dom_write_events(sight_cursor_page(cursor), 1, page);
  return page;
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize bytes) {
  if (bytes < 2 || bytes > 65536)
    return 0;
  g_autoptr(SightTrack) track = sight_track_new();
  track->cut_bytes = 300 + data[0] * 8u;
  track->cut_min_bytes = 0;
  sight_event_read_bytes(data + 1, bytes - 1, &limits, add, track, NULL, NULL);
  g_autoptr(GError) error = NULL;
  sight_track_settle(track, &error);
  g_assert_no_error(error);
  gint64 first_ms = sight_track_first_ms(track), last_ms = sight_track_last_ms(track);
  g_autoptr(SightCursor) far = sight_cursor_new(track);
  for (int i = 0; i <= N_PLACES; i++) {
    gint64 at_ms = first_ms + (last_ms - first_ms) / N_PLACES * i + 1;
    g_autoptr(SightCursor) near = sight_cursor_new(track);
    g_autoptr(GString) before = page_at(near, at_ms - 1), step = page_at(near, at_ms);
    g_autoptr(GString) back = page_at(far, last_ms + 1), jump = page_at(far, at_ms);
    if (!g_string_equal(step, jump))
      g_error("step:\n%s\njump:\n%s", step->str, jump->str);
  }
  g_autoptr(GString) all = g_string_new(NULL);
  sight_track_events(track, first_ms, last_ms + 1, all, &error);
  g_assert_no_error(error);
  g_autoptr(GArray) idle = sight_track_idle(track, 1000);
  g_assert_nonnull(idle);
  return 0;
}

/* SPDX-License-Identifier: MIT */
/* A session or a file, as tracks. */
#include "sight-cli-recording.h"

#include "sight-session-table.h"
#include "sight-shown.h"

#include <glib/gi18n-lib.h>

typedef struct {
  const char *id;
  gint64 row;
} Search;

static gboolean find_session(SightDb *db, gpointer user_data, GError **error) {
  Search *search = user_data;
  g_autoptr(SightSession) session = sight_session_table_find(db, 0, search->id, error);
  search->row = session != NULL ? session->row : 0;
  return session != NULL;
}

gboolean sight_cli_need(SightCli *cli, const char *id, GError **error) {
  Search search = {.id = id};
  return sight_store_read(cli->store, find_session, &search, error) &&
         sight_recording_need(cli->store, search.row, NULL, error);
}

GPtrArray *sight_cli_read_recording(SightCli *cli, const char *id, const char *file, GError **error) {
  Search search = {.id = id};
  if (file != NULL) {
    g_autoptr(GFile) source = g_file_new_for_commandline_arg(file);
    return sight_recording_read_file(source, NULL, error);
  }
  if (!sight_cli_open(cli, error) || !sight_store_read(cli->store, find_session, &search, error))
    return NULL;
  return sight_recording_open(cli->store, search.row, NULL, error);
}

GHashTable *sight_cli_read_shown(SightCli *cli, const char *id, GError **error) {
  Search search = {.id = id};
  if (!sight_store_read(cli->store, find_session, &search, error))
    return NULL;
  g_autoptr(GBytes) shown = sight_shown_read(cli->store, search.row, error);
  return shown != NULL ? sight_shown_table(shown) : NULL;
}

SightTrack *sight_cli_choose_track(const GPtrArray *windows, const char *window, gint64 at_ms, GError **error) {
  SightTrack *chosen = NULL;
  gint64 latest_ms = G_MININT64;
  for (guint i = 0; i < windows->len; i++) {
    const SightRecordingWindow *item = g_ptr_array_index(windows, i);
    gint64 page_ms = sight_track_first_page_ms(item->track);
    if (window != NULL ? !g_str_equal(window, item->window) : page_ms < 0 || page_ms >= at_ms)
      continue;
    gint64 before_ms = sight_track_change(item->track, at_ms, -1);
    if (chosen != NULL && before_ms <= latest_ms)
      continue;
    chosen = item->track;
    latest_ms = before_ms;
  }
  if (chosen == NULL && window != NULL)
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("There is no window “%s”"), window);
  else if (chosen == NULL)
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("No page is there at that time"));
  return chosen;
}

GArray *sight_cli_clip_parts(const GPtrArray *tracks, const char *window, gint64 from_ms, gint64 to_ms,
                             GError **error) {
  g_autoptr(GArray) parts = g_array_new(FALSE, TRUE, sizeof(SightClipPart));
  if (tracks->len == 1 || window != NULL) {
    SightTrack *track = sight_cli_choose_track(tracks, window, G_MAXINT64, error);
    SightClipPart part = {track, from_ms, to_ms};
    if (track == NULL)
      return NULL;
    g_array_append_val(parts, part);
    return g_steal_pointer(&parts);
  }
  for (gint64 at_ms = from_ms; at_ms < to_ms;) {
    SightTrack *track = sight_cli_choose_track(tracks, NULL, at_ms + 1, NULL);
    gint64 next_ms = to_ms;
    /* until something happens in another window */
    for (guint i = 0; i < tracks->len; i++) {
      const SightRecordingWindow *other = g_ptr_array_index(tracks, i);
      gint64 change_ms = other->track != track ? sight_track_change(other->track, at_ms, 1) : -1;
      if (change_ms >= 0 && change_ms < next_ms && sight_track_has_page(other->track))
        next_ms = change_ms;
    }
    SightClipPart part = {track, at_ms, next_ms};
    SightClipPart *last = parts->len > 0 ? &g_array_index(parts, SightClipPart, parts->len - 1) : NULL;
    if (last != NULL && last->track == track)
      last->to_ms = next_ms;
    else if (track != NULL)
      g_array_append_val(parts, part);
    at_ms = next_ms;
  }
  return g_steal_pointer(&parts);
}

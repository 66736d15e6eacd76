/* SPDX-License-Identifier: MIT */
/* SightUiScreen: two cursors of one window, one at what is on display, one at what is wanted. */
#include "sight-ui-screen.h"

#include "sight-dom-difference.h"
#include "sight-event-reader.h"

/* For as long one sees a click that has been. */
#define CLICK_MS 400

struct SightUiScreen {
  SightUiReel *reel;
  int window; /* that the cursors belong to, or -1 */
  SightCursor *shown, *wanted;
  gboolean known; /* the page shows what `shown` has, once that is at `shown_ms` */
  gint64 shown_ms;
};

SightUiScreen *sight_ui_screen_new(SightUiReel *reel) {
  SightUiScreen *screen = g_new0(SightUiScreen, 1);
  screen->reel = sight_ui_reel_ref(reel);
  screen->window = -1;
  return screen;
}

void sight_ui_screen_free(SightUiScreen *screen) {
  if (!screen)
    return;
  g_clear_pointer(&screen->shown, sight_cursor_free);
  g_clear_pointer(&screen->wanted, sight_cursor_free);
  sight_ui_reel_unref(screen->reel);
  g_free(screen);
}

void sight_ui_screen_forget(SightUiScreen *screen) {
  screen->known = FALSE;
}

void sight_ui_screen_came_to(SightUiScreen *screen, gint64 at_ms) {
  screen->shown_ms = MAX(screen->shown_ms, at_ms);
}

static void turn_to(SightUiScreen *screen, guint window) {
  if (screen->window == (int)window)
    return;
  SightTrack *track = sight_ui_reel_get_window(screen->reel, window)->track;
  g_clear_pointer(&screen->shown, sight_cursor_free);
  g_clear_pointer(&screen->wanted, sight_cursor_free);
  screen->shown = sight_cursor_new(track);
  screen->wanted = sight_cursor_new(track);
  screen->window = (int)window;
  screen->known = FALSE;
}

static gboolean find_click(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  if (event->source == SIGHT_SOURCE_MOUSE_INTERACTION &&
      sight_json_int(sight_json_get(event->data, "type"), -1) == SIGHT_MOUSE_CLICK)
    *(gboolean *)user_data = TRUE;
  return TRUE;
}

static gboolean was_clicked(SightUiScreen *screen, gint64 at_ms) {
  gboolean clicked = FALSE;
  g_autoptr(GBytes) events = sight_ui_screen_coming(screen, at_ms - CLICK_MS, at_ms, NULL);
  if (events)
    sight_event_read_bytes(g_bytes_get_data(events, NULL), g_bytes_get_size(events), &sight_reader_default_limits,
                           find_click, &clicked, NULL, NULL);
  return clicked;
}

GBytes *sight_ui_screen_step(SightUiScreen *screen, guint window, gint64 at_ms, GError **error) {
  turn_to(screen, window);
  at_ms = MAX(at_ms, sight_ui_reel_get_window(screen->reel, window)->snapshot_ms + 1);
  if (!sight_cursor_seek(screen->wanted, at_ms, error))
    return NULL;
  if (screen->known && !sight_cursor_seek(screen->shown, screen->shown_ms, error))
    return NULL;
  const SightDom *to = sight_cursor_page(screen->wanted);
  const char *clicked = was_clicked(screen, at_ms) ? "true" : "false";
  SightPlace place = {0};
  sight_track_place(sight_ui_reel_get_window(screen->reel, window)->track, at_ms, &place);
  const char *media = place.media ? place.media : "{}";
  g_autoptr(GString) out = g_string_new(NULL);
  g_string_printf(out, "{\"at\":%" G_GINT64_FORMAT ",\"media\":%s,\"clicked\":%s,\"difference\":", at_ms, media,
                  clicked);
  if (!screen->known || !sight_dom_difference(sight_cursor_page(screen->shown), to, at_ms, out, NULL, NULL)) {
    g_string_printf(out, "{\"at\":%" G_GINT64_FORMAT ",\"media\":%s,\"clicked\":%s,\"rebuild\":", at_ms, media,
                    clicked);
    sight_dom_write_events(to, at_ms, out);
  }
  g_string_append_c(out, '}');
  return g_string_free_to_bytes(g_steal_pointer(&out));
}

void sight_ui_screen_confirm(SightUiScreen *screen) {
  SightCursor *was = screen->shown;
  screen->shown = screen->wanted;
  screen->wanted = was;
  screen->shown_ms = sight_cursor_at_ms(screen->shown);
  screen->known = TRUE;
}

static gboolean has_positions(SightJson tainted_data) {
  SightJson positions = sight_json_get(tainted_data, "positions");
  return sight_json_type(positions) == SIGHT_JSON_ARRAY && sight_json_length(positions) > 0;
}

/* What the Replayer can be given without tripping over it. Everything else of a recording is read by analysis alone. */
static gboolean is_playable(const SightEvent *event) {
  if (sight_json_type(event->data) != SIGHT_JSON_OBJECT)
    return FALSE;
  if (event->type == SIGHT_EVENT_META)
    return TRUE;
  if (event->type == SIGHT_EVENT_FULL_SNAPSHOT)
    return sight_json_type(sight_json_get(event->data, "node")) == SIGHT_JSON_OBJECT;
  if (event->type != SIGHT_EVENT_INCREMENTAL)
    return FALSE;
  if (event->source == SIGHT_SOURCE_MOUSE_MOVE || event->source == SIGHT_SOURCE_TOUCH_MOVE ||
      event->source == SIGHT_SOURCE_DRAG)
    return has_positions(event->data);
  return event->source <= SIGHT_SOURCE_CUSTOM_ELEMENT && event->source != SIGHT_SOURCE_LOG;
}

static gboolean add_playable(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  GString *out = user_data;
  if (!is_playable(event))
    return TRUE;
  if (out->len > 1)
    g_string_append_c(out, ',');
  g_string_append_len(out, event->text, (gssize)event->text_bytes);
  return TRUE;
}

GBytes *sight_ui_screen_coming(SightUiScreen *screen, gint64 from_ms, gint64 to_ms, GError **error) {
  g_autoptr(GString) all = g_string_new(NULL), out = g_string_new("[");
  SightTrack *track = sight_ui_reel_get_window(screen->reel, (guint)screen->window)->track;
  if (!sight_track_events(track, from_ms, to_ms, all, error))
    return NULL;
  /* Not one event is an error to it, and none here. */
  sight_event_read_bytes(all->str, all->len, &sight_reader_default_limits, add_playable, out, NULL, NULL);
  g_string_append_c(out, ']');
  return g_string_free_to_bytes(g_steal_pointer(&out));
}

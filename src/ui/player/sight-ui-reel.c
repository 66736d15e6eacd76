/* SPDX-License-Identifier: MIT */
/* SightUiReel: what is needed of the stored events. */
#include "sight-ui-reel.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Nobody has a larger viewport, and WebKit need not try to lay one out. */
#define VIEWPORT_MAX 8192
#define VIEWPORT_WIDTH 1280
#define VIEWPORT_HEIGHT 800
#define HREF_MAX 4096

/* What a Meta event, a resize or a route says; 0 and NULL: nothing of that. */
typedef struct {
  gint64 time_ms;
  guint order;
  int width, height;
  char *href;
} Notice;

typedef struct {
  SightUiReelWindow shown;
  GArray *notices; /* of Notice */
} Window;

struct SightUiReel {
  GPtrArray *windows;
  gint64 first_ms, last_ms;
  guint64 n_events;
};

static void place_clear(gpointer data) {
  SightUiPlace *place = data;
  g_free(place->href);
}

static void notice_clear(gpointer data) {
  Notice *notice = data;
  g_free(notice->href);
}

static Window *window_new(const char *name) {
  Window *window = g_new0(Window, 1);
  window->shown.window = g_strdup(name);
  window->shown.track = sight_track_new();
  window->shown.places = g_array_new(FALSE, TRUE, sizeof(SightUiPlace));
  g_array_set_clear_func(window->shown.places, place_clear);
  window->notices = g_array_new(FALSE, TRUE, sizeof(Notice));
  g_array_set_clear_func(window->notices, notice_clear);
  return window;
}

static void window_free(gpointer data) {
  Window *window = data;
  g_free(window->shown.window);
  sight_track_unref(window->shown.track);
  g_array_unref(window->shown.places);
  g_array_unref(window->notices);
  g_free(window);
}

SightUiReel *sight_ui_reel_new(void) {
  SightUiReel *reel = g_atomic_rc_box_new0(SightUiReel);
  reel->windows = g_ptr_array_new_with_free_func(window_free);
  reel->first_ms = G_MAXINT64;
  reel->last_ms = G_MININT64;
  return reel;
}

SightUiReel *sight_ui_reel_ref(SightUiReel *reel) {
  return g_atomic_rc_box_acquire(reel);
}

static void reel_clear(gpointer data) {
  SightUiReel *reel = data;
  g_ptr_array_unref(reel->windows);
}

void sight_ui_reel_unref(SightUiReel *reel) {
  g_atomic_rc_box_release_full(reel, reel_clear);
}

static Window *window_named(SightUiReel *reel, const char *name) {
  int index = sight_ui_reel_find(reel, name);
  if (index >= 0)
    return g_ptr_array_index(reel->windows, index);
  Window *window = window_new(name);
  g_ptr_array_add(reel->windows, window);
  return window;
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
  return event->source <= SIGHT_SOURCE_ADOPTED_STYLE_SHEET && event->source != SIGHT_SOURCE_LOG;
}

static int read_size(SightJson tainted_data, const char *key) {
  gint64 size = sight_json_int(sight_json_get(tainted_data, key), 0);
  return size > 0 ? (int)MIN(size, VIEWPORT_MAX) : 0;
}

/* The address of a page that changed it without loading: our own recorder tells it, and so do others. */
static const char *read_route(const SightEvent *event) {
  static const char *const tags[] = {"ss:route", "$pageview", "$url_changed", NULL};
  if (event->type != SIGHT_EVENT_CUSTOM)
    return NULL;
  const char *tag = sight_event_tag(event);
  if (!tag || !g_strv_contains(tags, tag))
    return NULL;
  return sight_json_string(sight_json_get(sight_event_payload(event), "href"), NULL);
}

static void note_place(Window *window, const SightEvent *event, const char *tainted_route) {
  Notice notice = {.time_ms = event->time_ms, .order = window->notices->len};
  const char *tainted_href = tainted_route;
  if (!tainted_route) {
    notice.width = read_size(event->data, "width");
    notice.height = read_size(event->data, "height");
    tainted_href = sight_json_string(sight_json_get(event->data, "href"), NULL);
  }
  notice.href = tainted_href && strlen(tainted_href) <= HREF_MAX ? g_strdup(tainted_href) : NULL;
  g_array_append_val(window->notices, notice);
}

void sight_ui_reel_add(SightUiReel *reel, const char *name, const SightEvent *event) {
  reel->n_events++;
  reel->first_ms = MIN(reel->first_ms, event->time_ms);
  reel->last_ms = MAX(reel->last_ms, event->time_ms);
  const char *tainted_route = read_route(event);
  if (!tainted_route && !is_playable(event))
    return;
  Window *window = window_named(reel, name);
  if (tainted_route || event->type == SIGHT_EVENT_META || event->source == SIGHT_SOURCE_VIEWPORT_RESIZE)
    note_place(window, event, tainted_route);
  if (!tainted_route)
    sight_track_add(window->shown.track, event);
}

static int compare_notices(gconstpointer a, gconstpointer b) {
  const Notice *left = a, *right = b;
  if (left->time_ms != right->time_ms)
    return left->time_ms < right->time_ms ? -1 : 1;
  return left->order < right->order ? -1 : left->order > right->order;
}

/* The size that holds before anything says one. */
static void first_size(const Window *window, SightUiPlace *now) {
  for (guint i = 0; i < window->notices->len; i++) {
    const Notice *notice = &g_array_index(window->notices, Notice, i);
    if (!notice->width || !notice->height)
      continue;
    now->width = notice->width;
    now->height = notice->height;
    return;
  }
}

static void window_finish(Window *window) {
  static const char no_href[] = "";
  SightUiReelWindow *shown = &window->shown;
  SightUiPlace now = {.width = VIEWPORT_WIDTH, .height = VIEWPORT_HEIGHT, .href = (char *)no_href};
  g_array_sort(window->notices, compare_notices);
  first_size(window, &now);
  for (guint i = 0; i < window->notices->len; i++) {
    const Notice *notice = &g_array_index(window->notices, Notice, i);
    now.width = notice->width ? notice->width : now.width;
    now.height = notice->height ? notice->height : now.height;
    now.href = notice->href ? notice->href : now.href;
    SightUiPlace place = {notice->time_ms, now.width, now.height, g_strdup(now.href)};
    g_array_append_val(shown->places, place);
  }
  g_array_set_size(window->notices, 0);
  sight_track_settle(shown->track);
  shown->has_page = sight_track_has_page(shown->track);
  shown->snapshot_ms = sight_track_first_page_ms(shown->track);
}

void sight_ui_reel_finish(SightUiReel *reel) {
  for (guint i = 0; i < reel->windows->len; i++)
    window_finish(g_ptr_array_index(reel->windows, i));
}

char *sight_ui_reel_problem(const SightUiReel *reel) {
  if (reel->n_events == 0)
    return g_strdup(_("The recording is empty: it has no events."));
  if (sight_ui_reel_first_page(reel) >= 0)
    return NULL;
  int n_events = (int)MIN(reel->n_events, G_MAXINT);
  return g_strdup_printf(ngettext("The recording has no full snapshot of a page, so there is nothing to draw. What its "
                                  "%d event says stands in the story and the console.",
                                  "The recording has no full snapshot of a page, so there is nothing to draw. What its "
                                  "%d events say stands in the story and the console.",
                                  (gulong)n_events),
                         n_events);
}

guint sight_ui_reel_n_windows(const SightUiReel *reel) {
  return reel->windows->len;
}

const SightUiReelWindow *sight_ui_reel_get_window(const SightUiReel *reel, guint index) {
  g_return_val_if_fail(index < reel->windows->len, NULL);
  return g_ptr_array_index(reel->windows, index);
}

int sight_ui_reel_find(const SightUiReel *reel, const char *window) {
  for (guint i = 0; i < reel->windows->len; i++) {
    const SightUiReelWindow *shown = g_ptr_array_index(reel->windows, i);
    if (g_strcmp0(shown->window, window) == 0)
      return (int)i;
  }
  return -1;
}

int sight_ui_reel_first_page(const SightUiReel *reel) {
  int first = -1;
  gint64 first_ms = G_MAXINT64;
  for (guint i = 0; i < reel->windows->len; i++) {
    const SightUiReelWindow *shown = g_ptr_array_index(reel->windows, i);
    if (!shown->has_page || shown->snapshot_ms >= first_ms)
      continue;
    first = (int)i;
    first_ms = shown->snapshot_ms;
  }
  return first;
}

gint64 sight_ui_reel_first_ms(const SightUiReel *reel) {
  return reel->n_events ? reel->first_ms : 0;
}

gint64 sight_ui_reel_last_ms(const SightUiReel *reel) {
  return reel->n_events ? reel->last_ms : 0;
}

guint64 sight_ui_reel_n_events(const SightUiReel *reel) {
  return reel->n_events;
}

const SightUiPlace *sight_ui_reel_window_place(const SightUiReelWindow *window, gint64 at_ms) {
  const SightUiPlace *found = NULL;
  for (guint i = 0; i < window->places->len; i++) {
    const SightUiPlace *place = &g_array_index(window->places, SightUiPlace, i);
    if (found && place->at_ms > at_ms)
      break;
    found = place;
  }
  return found;
}

/* SPDX-License-Identifier: MIT */
/* SightUiReel: what is needed of the stored events, sorted, with the viewport before each full snapshot. */
#include "sight-ui-reel.h"

#include "sight-json-writer.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Large enough that a piece costs little, small enough that the page parses one between two frames. */
#define PIECE_BYTES (256 * 1024)
/* Nobody has a larger viewport, and WebKit need not try to lay one out. */
#define VIEWPORT_MAX 8192
#define VIEWPORT_WIDTH 1280
#define VIEWPORT_HEIGHT 800
#define HREF_MAX 4096

typedef struct {
  gint64 time_ms;
  guint order;
  guint8 type;
  gsize start, bytes; /* in `text` */
  int width, height;  /* of a Meta event or a resize, else 0 */
  char *href;         /* of a Meta event */
} Entry;

typedef struct {
  SightUiReelWindow shown;
  GArray *entries;
  GArray *changes; /* gint64, sorted */
  GString *text;
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

static void entry_clear(gpointer data) {
  Entry *entry = data;
  g_free(entry->href);
}

static Window *window_new(const char *name) {
  Window *window = g_new0(Window, 1);
  window->shown.window = g_strdup(name);
  window->shown.pieces = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
  window->shown.places = g_array_new(FALSE, TRUE, sizeof(SightUiPlace));
  g_array_set_clear_func(window->shown.places, place_clear);
  window->entries = g_array_new(FALSE, TRUE, sizeof(Entry));
  g_array_set_clear_func(window->entries, entry_clear);
  window->changes = g_array_new(FALSE, FALSE, sizeof(gint64));
  window->text = g_string_new(NULL);
  return window;
}

static void window_free(gpointer data) {
  Window *window = data;
  g_free(window->shown.window);
  g_ptr_array_unref(window->shown.pieces);
  g_array_unref(window->shown.places);
  g_array_unref(window->entries);
  g_array_unref(window->changes);
  if (window->text)
    g_string_free(window->text, TRUE);
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

static gboolean is_change(const SightEvent *event) {
  return event->type == SIGHT_EVENT_FULL_SNAPSHOT ||
         (event->type == SIGHT_EVENT_INCREMENTAL &&
          (event->source == SIGHT_SOURCE_MUTATION || event->source == SIGHT_SOURCE_INPUT ||
           event->source == SIGHT_SOURCE_SCROLL || event->source == SIGHT_SOURCE_VIEWPORT_RESIZE));
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

/* A line is a piece: line breaks between the tokens of an event become blanks. (Inside strings JSON has none.) */
static void append_line(GString *out, const char *text, gsize bytes) {
  gsize start = out->len;
  g_string_append_len(out, text, bytes);
  for (char *c = out->str + start; (c = memchr(c, '\n', out->str + out->len - c)); c++)
    *c = ' ';
}

void sight_ui_reel_add(SightUiReel *reel, const char *name, const SightEvent *event) {
  reel->n_events++;
  reel->first_ms = MIN(reel->first_ms, event->time_ms);
  reel->last_ms = MAX(reel->last_ms, event->time_ms);
  const char *tainted_route = read_route(event);
  if (!tainted_route && !is_playable(event))
    return;
  Window *window = window_named(reel, name);
  Entry entry = {.time_ms = event->time_ms, .order = window->entries->len, .type = event->type};
  if (tainted_route) {
    entry.type = SIGHT_EVENT_META;
    entry.href = strlen(tainted_route) <= HREF_MAX ? g_strdup(tainted_route) : NULL;
  } else if (event->type == SIGHT_EVENT_META || event->source == SIGHT_SOURCE_VIEWPORT_RESIZE) {
    entry.type = SIGHT_EVENT_META;
    entry.width = read_size(event->data, "width");
    entry.height = read_size(event->data, "height");
    gsize href_bytes = 0;
    const char *tainted_href = sight_json_string(sight_json_get(event->data, "href"), &href_bytes);
    entry.href = tainted_href && href_bytes <= HREF_MAX ? g_strdup(tainted_href) : NULL;
  } else {
    entry.start = window->text->len;
    append_line(window->text, event->text, event->text_bytes);
    entry.bytes = window->text->len - entry.start;
  }
  g_array_append_val(window->entries, entry);
  if (is_change(event))
    g_array_append_val(window->changes, event->time_ms);
}

static int compare_entries(gconstpointer a, gconstpointer b) {
  const Entry *left = a, *right = b;
  if (left->time_ms != right->time_ms)
    return left->time_ms < right->time_ms ? -1 : 1;
  return left->order < right->order ? -1 : left->order > right->order;
}

static int compare_times(gconstpointer a, gconstpointer b) {
  gint64 left = *(const gint64 *)a, right = *(const gint64 *)b;
  return left < right ? -1 : left > right;
}

/* The pieces while they are made. */
typedef struct {
  SightUiReelWindow *shown;
  GString *piece;
} Cutter;

static void cutter_flush(Cutter *cutter) {
  if (cutter->piece->len == 0)
    return;
  g_string_append(cutter->piece, "]\n");
  cutter->shown->n_bytes += cutter->piece->len;
  g_ptr_array_add(cutter->shown->pieces, g_string_free_to_bytes(cutter->piece));
  cutter->piece = g_string_new(NULL);
}

static void cutter_put(Cutter *cutter, const char *text, gsize bytes) {
  g_string_append_c(cutter->piece, cutter->piece->len == 0 ? '[' : ',');
  g_string_append_len(cutter->piece, text, bytes);
  if (cutter->piece->len >= PIECE_BYTES)
    cutter_flush(cutter);
}

static void cutter_put_size(Cutter *cutter, gint64 time_ms, const SightUiPlace *place, gboolean meta) {
  g_autoptr(GString) text = g_string_new(NULL);
  SightJsonWriter w = {.out = text};
  sight_json_begin_object(&w);
  sight_json_member_int(&w, "type", meta ? SIGHT_EVENT_META : SIGHT_EVENT_INCREMENTAL);
  sight_json_member_int(&w, "timestamp", time_ms);
  sight_json_key(&w, "data");
  sight_json_begin_object(&w);
  if (meta)
    sight_json_member_string(&w, "href", "");
  else
    sight_json_member_int(&w, "source", SIGHT_SOURCE_VIEWPORT_RESIZE);
  sight_json_member_int(&w, "width", place->width);
  sight_json_member_int(&w, "height", place->height);
  sight_json_end_object(&w);
  sight_json_end_object(&w);
  cutter_put(cutter, text->str, text->len);
}

/* Takes over what a Meta event or a resize says; TRUE where the size is another one now. */
static gboolean move_place(Window *window, SightUiPlace *now, const Entry *entry) {
  gboolean resized = (entry->width && entry->width != now->width) || (entry->height && entry->height != now->height);
  now->width = entry->width ? entry->width : now->width;
  now->height = entry->height ? entry->height : now->height;
  if (entry->href)
    now->href = entry->href;
  SightUiPlace place = {entry->time_ms, now->width, now->height, g_strdup(now->href)};
  g_array_append_val(window->shown.places, place);
  return resized;
}

/* The size that holds before anything says one. */
static void first_size(const Window *window, SightUiPlace *now) {
  for (guint i = 0; i < window->entries->len; i++) {
    const Entry *entry = &g_array_index(window->entries, Entry, i);
    if (!entry->width || !entry->height)
      continue;
    now->width = entry->width;
    now->height = entry->height;
    return;
  }
}

/* The Replayer finds a place to begin by the Meta event before a full snapshot, so each snapshot gets one of its own,
 * and a Meta event that stands elsewhere becomes what it means there: a resize. */
static void window_finish(Window *window) {
  static const char no_href[] = "";
  g_array_sort(window->entries, compare_entries);
  g_array_sort(window->changes, compare_times);
  SightUiReelWindow *shown = &window->shown;
  SightUiPlace now = {.width = VIEWPORT_WIDTH, .height = VIEWPORT_HEIGHT, .href = (char *)no_href};
  first_size(window, &now);
  Cutter cutter = {shown, g_string_new(NULL)};
  for (guint i = 0; i < window->entries->len; i++) {
    const Entry *entry = &g_array_index(window->entries, Entry, i);
    if (i == 0)
      shown->first_ms = entry->time_ms;
    shown->last_ms = entry->time_ms;
    if (entry->type == SIGHT_EVENT_META) {
      if (move_place(window, &now, entry) && shown->has_page)
        cutter_put_size(&cutter, entry->time_ms, &now, FALSE);
      continue;
    }
    if (entry->type == SIGHT_EVENT_FULL_SNAPSHOT) {
      if (!shown->has_page)
        shown->snapshot_ms = entry->time_ms;
      shown->has_page = TRUE;
      cutter_put_size(&cutter, entry->time_ms, &now, TRUE);
    }
    if (shown->has_page)
      cutter_put(&cutter, window->text->str + entry->start, entry->bytes);
  }
  cutter_flush(&cutter);
  g_string_free(cutter.piece, TRUE);
  g_array_set_size(window->entries, 0);
  g_string_free(g_steal_pointer(&window->text), TRUE);
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

gint64 sight_ui_reel_window_change(const SightUiReelWindow *shown, gint64 at_ms, int direction) {
  const GArray *changes = ((const Window *)shown)->changes;
  guint low = 0, high = changes->len;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    gint64 time_ms = g_array_index(changes, gint64, middle);
    if (direction > 0 ? time_ms <= at_ms : time_ms < at_ms)
      low = middle + 1;
    else
      high = middle;
  }
  if (direction > 0)
    return low < changes->len ? g_array_index(changes, gint64, low) : -1;
  return low > 0 ? g_array_index(changes, gint64, low - 1) : -1;
}

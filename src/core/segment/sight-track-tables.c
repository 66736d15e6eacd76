/* SPDX-License-Identifier: MIT */
/* What can be told of a track without reading its events: changes, activity, jumps, places. */
#include "sight-compress.h"
#include "sight-hash.h"
#include "sight-json-writer.h"
#include "sight-track-private.h"

#include <string.h>

/* Activity that is nearer to each other than this is one stretch. */
#define ACTIVE_GAP_MS 1000
#define JUMP_MS 60000
/* Nobody has a larger viewport, and no engine need try to lay one out. */
#define VIEWPORT_MAX 8192
#define VIEWPORT_WIDTH 1280
#define VIEWPORT_HEIGHT 800
#define HREF_MAX 4096
#define WORD_MAX 32
#define FEATURES_MAX 16

static void place_clear(gpointer data) {
  g_ref_string_release(((SightPlace *)data)->href);
  g_clear_pointer(&((SightPlace *)data)->media, g_ref_string_release);
}

/* Many places in a row have one address: it is kept once. `before`: of the place before, or NULL. */
static char *share(const char *text, char *before) {
  return before != NULL && g_str_equal(text, before) ? g_ref_string_acquire(before) : g_ref_string_new(text);
}

static const SightPlace *last_place(const SightTrack *track) {
  return track->places->len > 0 ? &g_array_index(track->places, SightPlace, track->places->len - 1) : NULL;
}

void sight_track_tables_init(SightTrack *track) {
  track->changes = g_array_new(FALSE, FALSE, sizeof(gint64));
  track->active = g_array_new(FALSE, FALSE, sizeof(SightStretch));
  track->jumps = g_array_new(FALSE, FALSE, sizeof(SightStretch));
  track->places = g_array_new(FALSE, FALSE, sizeof(SightPlace));
  g_array_set_clear_func(track->places, place_clear);
  track->playing = g_hash_table_new(sight_hash_number, NULL);
}

void sight_track_tables_clear(SightTrack *track) {
  g_array_unref(track->changes);
  g_array_unref(track->active);
  g_array_unref(track->jumps);
  g_array_unref(track->places);
  g_hash_table_unref(track->playing);
}

void sight_track_tables_reset(SightTrack *track) {
  g_array_set_size(track->changes, 0);
  g_array_set_size(track->active, 0);
  g_array_set_size(track->jumps, 0);
  g_array_set_size(track->places, 0);
  g_hash_table_remove_all(track->playing);
}

/* On the way */

static gboolean is_activity(const SightEvent *event) {
  if (event->type != SIGHT_EVENT_INCREMENTAL)
    return FALSE;
  switch ((SightSource)event->source) {
  case SIGHT_SOURCE_MOUSE_MOVE:
  case SIGHT_SOURCE_MOUSE_INTERACTION:
  case SIGHT_SOURCE_SCROLL:
  case SIGHT_SOURCE_INPUT:
  case SIGHT_SOURCE_TOUCH_MOVE:
  case SIGHT_SOURCE_MEDIA_INTERACTION:
  case SIGHT_SOURCE_DRAG:
  case SIGHT_SOURCE_SELECTION:
    return TRUE;
  case SIGHT_SOURCE_MUTATION:
  case SIGHT_SOURCE_VIEWPORT_RESIZE:
  case SIGHT_SOURCE_STYLE_SHEET_RULE:
  case SIGHT_SOURCE_CANVAS_MUTATION:
  case SIGHT_SOURCE_FONT:
  case SIGHT_SOURCE_LOG:
  case SIGHT_SOURCE_STYLE_DECLARATION:
  case SIGHT_SOURCE_ADOPTED_STYLE_SHEET:
  case SIGHT_SOURCE_CUSTOM_ELEMENT:
    return FALSE;
  }
  return FALSE;
}

gboolean sight_track_is_page(const SightEvent *event) {
  return event->type == SIGHT_EVENT_FULL_SNAPSHOT &&
         sight_json_type(sight_json_get(event->data, "node")) == SIGHT_JSON_OBJECT;
}

static gboolean is_change(const SightEvent *event) {
  if (event->type == SIGHT_EVENT_FULL_SNAPSHOT)
    return TRUE;
  return event->type == SIGHT_EVENT_INCREMENTAL &&
         (event->source == SIGHT_SOURCE_MUTATION || event->source == SIGHT_SOURCE_INPUT ||
          event->source == SIGHT_SOURCE_SCROLL || event->source == SIGHT_SOURCE_VIEWPORT_RESIZE);
}

/* A stretch never reaches from one segment into the next: there it goes on as another one that begins where it ends. */
static void reach_to(SightTrack *track, gint64 time_ms) {
  const SightSegment *segment = g_ptr_array_index(track->segments, track->segments->len - 1);
  SightStretch *last = &g_array_index(track->active, SightStretch, track->active->len - 1);
  SightStretch next = {last->end_ms, MAX(last->end_ms, time_ms)};
  if (segment->active < track->active->len)
    last->end_ms = next.end_ms;
  else
    g_array_append_val(track->active, next);
}

/* While something plays, its user watches: the stretch of activity reaches to the next event. */
static void note_activity(SightTrack *track, const SightEvent *event) {
  const SightStretch *last =
      track->active->len > 0 ? &g_array_index(track->active, SightStretch, track->active->len - 1) : NULL;
  gboolean watching = g_hash_table_size(track->playing) > 0;
  if (last != NULL && (watching || (is_activity(event) && event->time_ms - last->end_ms <= ACTIVE_GAP_MS)))
    reach_to(track, event->time_ms);
  else if (is_activity(event)) {
    SightStretch stretch = {event->time_ms, event->time_ms};
    g_array_append_val(track->active, stretch);
  }
  if (event->type == SIGHT_EVENT_FULL_SNAPSHOT)
    g_hash_table_remove_all(track->playing);
  if (event->type != SIGHT_EVENT_INCREMENTAL || event->source != SIGHT_SOURCE_MEDIA_INTERACTION)
    return;
  gpointer id = GINT_TO_POINTER((int)sight_json_int(sight_json_get(event->data, "id"), 0));
  gint64 kind = sight_json_int(sight_json_get(event->data, "type"), -1);
  if (kind == 0 && g_hash_table_size(track->playing) < 1000)
    g_hash_table_add(track->playing, id);
  else if (kind == 1)
    g_hash_table_remove(track->playing, id);
}

static int read_size(SightJson tainted_data, const char *key) {
  gint64 size = sight_json_int(sight_json_get(tainted_data, key), 0);
  return size > 0 ? (int)MIN(size, VIEWPORT_MAX) : 0;
}

/* The address of a page that changed it without loading: our own recorder tells it, and so do others. */
static const char *read_route(const SightEvent *event) {
  static const char *const tags[] = {"ss:route", "$pageview", "$url_changed", NULL};
  const char *tag = event->type == SIGHT_EVENT_CUSTOM ? sight_event_tag(event) : NULL;
  if (tag == NULL || !g_strv_contains(tags, tag))
    return NULL;
  return sight_json_string(sight_json_get(sight_event_payload(event), "href"), NULL);
}

static gboolean is_word(const char *text, gsize bytes) {
  return text != NULL && bytes > 0 && bytes <= WORD_MAX && strspn(text, G_CSET_a_2_z "-") == bytes;
}

/* Of the visitor's media features those that say a word. NULL where the event tells none. */
static char *read_media(const SightEvent *event) {
  const char *tag = event->type == SIGHT_EVENT_CUSTOM ? sight_event_tag(event) : NULL;
  SightJson media = sight_json_get(sight_event_payload(event), "media");
  if (g_strcmp0(tag, "ss:context") != 0 || sight_json_type(media) != SIGHT_JSON_OBJECT)
    return NULL;
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};
  SightJsonIter it = sight_json_iter(media);
  sight_json_begin_object(&w);
  for (guint n = 0; n < FEATURES_MAX && sight_json_next(&it);) {
    gsize bytes;
    const char *word = sight_json_string(it.value, &bytes);
    if (!is_word(it.key, it.key_bytes) || !is_word(word, bytes))
      continue;
    sight_json_member_string(&w, it.key, word);
    n++;
  }
  sight_json_end_object(&w);
  return g_string_free(g_steal_pointer(&out), FALSE);
}

/* What a Meta event, a resize, a route or a context leaves open stays as it was. */
static void note_place(SightTrack *track, const SightEvent *event) {
  const char *tainted_href = read_route(event);
  g_autofree char *media = read_media(event);
  gboolean route = tainted_href != NULL || media != NULL;
  if (!route && event->type != SIGHT_EVENT_META && event->source != SIGHT_SOURCE_VIEWPORT_RESIZE)
    return;
  const SightPlace *before = last_place(track);
  SightPlace place = {.at_ms = event->time_ms};
  place.width = route ? 0 : read_size(event->data, "width");
  place.height = route ? 0 : read_size(event->data, "height");
  if (place.width == 0 && before != NULL)
    place.width = before->width;
  if (place.height == 0 && before != NULL)
    place.height = before->height;
  if (!route)
    tainted_href = sight_json_string(sight_json_get(event->data, "href"), NULL);
  if (tainted_href == NULL || strlen(tainted_href) > HREF_MAX)
    tainted_href = before != NULL ? before->href : "";
  const char *words = media != NULL || before == NULL ? media : before->media;
  if (before != NULL && place.width == before->width && place.height == before->height &&
      g_str_equal(tainted_href, before->href) && g_strcmp0(words, before->media) == 0)
    return;
  place.href = share(tainted_href, before != NULL ? before->href : NULL);
  place.media = words != NULL ? share(words, before != NULL ? before->media : NULL) : NULL;
  g_array_append_val(track->places, place);
}

void sight_track_tables_note(SightTrack *track, const SightEvent *event) {
  if (track->n_events > 0 && event->time_ms - track->last_ms >= JUMP_MS) {
    SightStretch jump = {track->last_ms, event->time_ms};
    g_array_append_val(track->jumps, jump);
  }
  note_activity(track, event);
  note_place(track, event);
  if (is_change(event))
    g_array_append_val(track->changes, event->time_ms);
  if (!track->has_page && sight_track_is_page(event)) {
    track->has_page = TRUE;
    track->first_page_ms = event->time_ms;
  }
}

/* As they are stored: {"page": first page, "changes": each from the one before, "active" and "jumps": [start, end, …],
 * "places": [[time, width, height, href, media], …]}; times from the segment's first event; an href of null is that of
 * the place before. */

static void put_stretches(SightJsonWriter *w, const char *key, const GArray *stretches, guint from, guint to,
                          gint64 first_ms) {
  sight_json_key(w, key);
  sight_json_begin_array(w);
  for (guint i = from; i < to; i++) {
    const SightStretch *stretch = &g_array_index(stretches, SightStretch, i);
    sight_json_put_int(w, stretch->start_ms - first_ms);
    sight_json_put_int(w, stretch->end_ms - first_ms);
  }
  sight_json_end_array(w);
}

static void put_changes(SightJsonWriter *w, const SightTrack *track, guint from, guint to, gint64 first_ms) {
  sight_json_key(w, "changes");
  sight_json_begin_array(w);
  for (guint i = from; i < to; i++) {
    gint64 at_ms = g_array_index(track->changes, gint64, i);
    sight_json_put_int(w, at_ms - first_ms);
    first_ms = at_ms;
  }
  sight_json_end_array(w);
}

static void put_places(SightJsonWriter *w, const SightTrack *track, guint from, guint to, gint64 first_ms) {
  sight_json_key(w, "places");
  sight_json_begin_array(w);
  for (guint i = from; i < to; i++) {
    const SightPlace *place = &g_array_index(track->places, SightPlace, i);
    sight_json_begin_array(w);
    sight_json_put_int(w, place->at_ms - first_ms);
    sight_json_put_int(w, place->width);
    sight_json_put_int(w, place->height);
    sight_json_put_string(w, i > from && place->href == place[-1].href ? NULL : place->href);
    sight_json_put_string(w, place->media);
    sight_json_end_array(w);
  }
  sight_json_end_array(w);
}

GBytes *sight_track_tables_pack(const SightTrack *track, guint index) {
  const SightSegment *segment = g_ptr_array_index(track->segments, index);
  const SightSegment *next = index + 1 < track->segments->len ? g_ptr_array_index(track->segments, index + 1) : NULL;
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};
  gint64 first_ms = segment->first_ms;
  sight_json_begin_object(&w);
  if (track->has_page && track->first_page_ms >= first_ms && track->first_page_ms <= segment->last_ms)
    sight_json_member_int(&w, "page", track->first_page_ms - first_ms);
  put_changes(&w, track, segment->changes, next != NULL ? next->changes : track->changes->len, first_ms);
  put_stretches(&w, "active", track->active, segment->active, next != NULL ? next->active : track->active->len,
                first_ms);
  put_stretches(&w, "jumps", track->jumps, segment->jumps, next != NULL ? next->jumps : track->jumps->len, first_ms);
  put_places(&w, track, segment->places, next != NULL ? next->places : track->places->len, first_ms);
  sight_json_end_object(&w);
  return sight_zstd_compress(out->str, out->len, SIGHT_TRACK_LEVEL);
}

static void take_stretches(GArray *stretches, SightJson values, gint64 first_ms) {
  SightJsonIter it = sight_json_iter(values);
  while (sight_json_next(&it)) {
    SightStretch stretch = {.start_ms = first_ms + sight_json_int(it.value, 0)};
    stretch.end_ms = sight_json_next(&it) ? first_ms + sight_json_int(it.value, 0) : stretch.start_ms;
    g_array_append_val(stretches, stretch);
  }
}

static void take_places(SightTrack *track, SightJson values, gint64 first_ms) {
  SightJsonIter it = sight_json_iter(values);
  while (sight_json_next(&it)) {
    SightJsonIter item = sight_json_iter(it.value);
    SightPlace place = {0};
    if (sight_json_next(&item))
      place.at_ms = first_ms + sight_json_int(item.value, 0);
    if (sight_json_next(&item))
      place.width = (int)CLAMP(sight_json_int(item.value, 0), 0, VIEWPORT_MAX);
    if (sight_json_next(&item))
      place.height = (int)CLAMP(sight_json_int(item.value, 0), 0, VIEWPORT_MAX);
    const SightPlace *before = last_place(track);
    const char *href = sight_json_next(&item) ? sight_json_string(item.value, NULL) : NULL;
    const char *media = sight_json_next(&item) ? sight_json_string(item.value, NULL) : NULL;
    if (href == NULL)
      href = before != NULL ? before->href : "";
    place.href = share(href, before != NULL ? before->href : NULL);
    place.media = media != NULL ? share(media, before != NULL ? before->media : NULL) : NULL;
    g_array_append_val(track->places, place);
  }
}

gboolean sight_track_tables_unpack(SightTrack *track, gint64 first_ms, GBytes *packed) {
  gsize bytes;
  const void *data = g_bytes_get_data(packed, &bytes);
  g_autoptr(GBytes) text = sight_zstd_expand(data, bytes, SIGHT_TRACK_MAX_EXPANDED, NULL);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  SightJson root;
  if (text == NULL)
    return FALSE;
  const char *json = g_bytes_get_data(text, &bytes);
  if (!sight_json_parser_parse(parser, json, bytes, &root, NULL))
    return FALSE;
  gint64 page = sight_json_int(sight_json_get(root, "page"), -1);
  if (page >= 0 && !track->has_page) {
    track->has_page = TRUE;
    track->first_page_ms = first_ms + page;
  }
  gint64 at_ms = first_ms;
  SightJsonIter it = sight_json_iter(sight_json_get(root, "changes"));
  while (sight_json_next(&it)) {
    at_ms += sight_json_int(it.value, 0);
    g_array_append_val(track->changes, at_ms);
  }
  take_stretches(track->active, sight_json_get(root, "active"), first_ms);
  take_stretches(track->jumps, sight_json_get(root, "jumps"), first_ms);
  take_places(track, sight_json_get(root, "places"), first_ms);
  return TRUE;
}

/* Asking */

const GArray *sight_track_jumps(const SightTrack *track) {
  return track->jumps;
}

static void add_idle(GArray *idle, gint64 start_ms, gint64 end_ms, gint64 idle_ms) {
  SightStretch stretch = {start_ms, end_ms};
  if (end_ms - start_ms >= idle_ms)
    g_array_append_val(idle, stretch);
}

GArray *sight_track_idle(const SightTrack *track, gint64 idle_ms) {
  GArray *idle = g_array_new(FALSE, FALSE, sizeof(SightStretch));
  gint64 since_ms = track->first_ms;
  for (guint i = 0; i < track->active->len; i++) {
    const SightStretch *active = &g_array_index(track->active, SightStretch, i);
    add_idle(idle, since_ms, active->start_ms, idle_ms);
    since_ms = active->end_ms;
  }
  if (track->n_events > 0)
    add_idle(idle, since_ms, track->last_ms, idle_ms);
  return idle;
}

gint64 sight_track_change(const SightTrack *track, gint64 at_ms, int direction) {
  guint low = 0, high = track->changes->len;
  while (low < high) {
    guint middle = (low + high) / 2;
    gint64 time_ms = g_array_index(track->changes, gint64, middle);
    if (direction > 0 ? time_ms <= at_ms : time_ms < at_ms)
      low = middle + 1;
    else
      high = middle;
  }
  if (direction > 0)
    return low < track->changes->len ? g_array_index(track->changes, gint64, low) : -1;
  return low > 0 ? g_array_index(track->changes, gint64, low - 1) : -1;
}

/* The size that holds before anything says one. */
static void first_size(const SightTrack *track, SightPlace *place) {
  for (guint i = 0; i < track->places->len && (place->width == 0 || place->height == 0); i++) {
    const SightPlace *other = &g_array_index(track->places, SightPlace, i);
    if (other->width != 0 && other->height != 0) {
      place->width = place->width != 0 ? place->width : other->width;
      place->height = place->height != 0 ? place->height : other->height;
    }
  }
  place->width = place->width != 0 ? place->width : VIEWPORT_WIDTH;
  place->height = place->height != 0 ? place->height : VIEWPORT_HEIGHT;
}

gboolean sight_track_place(const SightTrack *track, gint64 at_ms, SightPlace *place) {
  guint low = 0, high = track->places->len;
  while (low < high) {
    guint middle = (low + high) / 2;
    if (g_array_index(track->places, SightPlace, middle).at_ms <= at_ms)
      low = middle + 1;
    else
      high = middle;
  }
  if (track->places->len == 0)
    return FALSE;
  *place = g_array_index(track->places, SightPlace, low > 0 ? low - 1 : 0);
  first_size(track, place);
  for (guint i = low; place->media == NULL && i < track->places->len; i++)
    place->media = g_array_index(track->places, SightPlace, i).media;
  return TRUE;
}

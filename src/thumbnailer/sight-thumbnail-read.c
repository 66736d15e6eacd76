/* SPDX-License-Identifier: MIT */
/* What is drawn, out of the events. */
#include "sight-thumbnail.h"

#include "sight-event-reader.h"
#include "sight-text.h"

#include <string.h>

#define MAX_POINTS 20000
#define MAX_ADDRESS 200 /* characters */
#define MIN_ASPECT 0.4  /* a telephone held upright */
#define MAX_ASPECT 2.5

static const SightReaderLimits limits = {
    .max_bytes = 64 << 20, .max_event_bytes = 32 << 20, .max_events = 500000, .max_event_values = 1000000};

typedef struct {
  SightThumbnail *thumbnail;
  double width, height; /* of the page on display; 0: not told yet */
  gint64 first_ms, last_ms;
} Reading;

void sight_thumbnail_free(SightThumbnail *thumbnail) {
  g_array_unref(thumbnail->points);
  g_free(thumbnail->address);
  g_free(thumbnail);
}

static char *address_of(const char *tainted_href) {
  const char *behind = strstr(tainted_href, "://");
  return sight_text_excerpt(behind != NULL ? behind + 3 : tainted_href, -1, MAX_ADDRESS);
}

static void take_size(Reading *reading, SightJson data) {
  double width = sight_json_double(sight_json_get(data, "width"), 0);
  double height = sight_json_double(sight_json_get(data, "height"), 0);

  /* Also where it is no number at all. */
  if (!(width >= 1 && width <= 1e6 && height >= 1 && height <= 1e6))
    return;
  if (reading->width == 0)
    reading->thumbnail->aspect = CLAMP(width / height, MIN_ASPECT, MAX_ASPECT);
  reading->width = width;
  reading->height = height;
}

static void take_point(Reading *reading, SightJson place, gboolean pressed, gboolean apart) {
  double x = sight_json_double(sight_json_get(place, "x"), -1);
  double y = sight_json_double(sight_json_get(place, "y"), -1);
  GArray *points = reading->thumbnail->points;

  if (points->len >= MAX_POINTS || reading->width == 0 ||
      !(x >= 0 && x <= reading->width && y >= 0 && y <= reading->height))
    return;
  SightThumbnailPoint point = {(float)(x / reading->width), (float)(y / reading->height), pressed, apart};
  g_array_append_val(points, point);
}

static void take_change(Reading *reading, const SightEvent *event) {
  if (event->source == SIGHT_SOURCE_VIEWPORT_RESIZE) {
    take_size(reading, event->data);
  } else if (event->source == SIGHT_SOURCE_MOUSE_INTERACTION) {
    gint64 kind = sight_json_int(sight_json_get(event->data, "type"), -1);
    if (kind == SIGHT_MOUSE_CLICK || kind == SIGHT_MOUSE_TOUCH_START)
      take_point(reading, event->data, TRUE, kind == SIGHT_MOUSE_TOUCH_START);
  } else if (event->source == SIGHT_SOURCE_MOUSE_MOVE || event->source == SIGHT_SOURCE_TOUCH_MOVE ||
             event->source == SIGHT_SOURCE_DRAG) {
    SightJsonIter it = sight_json_iter(sight_json_get(event->data, "positions"));
    while (sight_json_next(&it))
      take_point(reading, it.value, FALSE, FALSE);
  }
}

static gboolean take(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  Reading *reading = user_data;
  SightThumbnail *thumbnail = reading->thumbnail;

  reading->first_ms = reading->first_ms == 0 ? event->time_ms : MIN(reading->first_ms, event->time_ms);
  reading->last_ms = MAX(reading->last_ms, event->time_ms);
  if (event->type == SIGHT_EVENT_META) {
    const char *tainted_href = sight_json_string(sight_json_get(event->data, "href"), NULL);
    if (thumbnail->address == NULL && tainted_href != NULL)
      thumbnail->address = address_of(tainted_href);
    take_size(reading, event->data);
  } else if (event->type == SIGHT_EVENT_INCREMENTAL) {
    take_change(reading, event);
  }
  return TRUE;
}

SightThumbnail *sight_thumbnail_read(GFile *file, GError **error) {
  g_autoptr(SightThumbnail) thumbnail = g_new0(SightThumbnail, 1);
  g_autoptr(GError) failure = NULL;
  Reading reading = {.thumbnail = thumbnail};

  thumbnail->aspect = 16.0 / 10;
  thumbnail->points = g_array_new(FALSE, FALSE, sizeof(SightThumbnailPoint));
  gboolean whole = sight_event_read_file(file, &limits, take, &reading, NULL, NULL, &failure);
  thumbnail->length_ms = reading.last_ms - reading.first_ms;
  /* Of what is too large or damaged the beginning is drawn. */
  if (!whole && reading.width == 0) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
  }
  return g_steal_pointer(&thumbnail);
}

/* SPDX-License-Identifier: MIT */
/* SightUiElement: what the native page says of a node, and a walk over the events for since when and which clicks. */
#include "sight-ui-element.h"

#include "sight-event-reader.h"
#include "sight-selector.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define TEXT_CHARS 300
#define ATTRIBUTES_MAX 64
#define CLICKS_MAX 1000
#define DEPTH_MAX 256

static void attribute_free(gpointer data) {
  SightUiAttribute *attribute = data;
  g_free(attribute->name);
  g_free(attribute->value);
  g_free(attribute);
}

void sight_ui_element_free(SightUiElement *element) {
  if (!element)
    return;
  g_free(element->tag);
  g_free(element->selector);
  g_free(element->text);
  g_ptr_array_unref(element->attributes);
  g_array_unref(element->clicks);
  g_free(element);
}

static char *excerpt(const char *tainted_text) {
  g_autofree char *valid = g_utf8_make_valid(tainted_text ? tainted_text : "", -1);
  if (g_utf8_strlen(valid, -1) <= TEXT_CHARS)
    return g_steal_pointer(&valid);
  g_autofree char *cut = g_utf8_substring(valid, 0, TEXT_CHARS - 1);
  return g_strconcat(cut, "…", NULL);
}

static SightUiElement *describe(const SightDom *dom, int node, gint64 at_ms) {
  SightUiElement *element = g_new0(SightUiElement, 1);
  const char *name, *value;
  element->node = node;
  element->at_ms = element->since_ms = at_ms;
  element->tag = g_strdup(sight_dom_tag(dom, node));
  element->selector = sight_dom_selector(dom, node);
  element->text = sight_dom_label(dom, node, TEXT_CHARS);
  element->attributes = g_ptr_array_new_with_free_func(attribute_free);
  element->clicks = g_array_new(FALSE, FALSE, sizeof(gint64));
  for (guint i = 0; i < ATTRIBUTES_MAX && sight_dom_attribute_at(dom, node, i, &name, &value); i++) {
    /* Those are notes of the recorder, no attributes of the page. */
    if (!value || g_str_has_prefix(name, "rr_") || name[0] == '_')
      continue;
    SightUiAttribute *attribute = g_new(SightUiAttribute, 1);
    *attribute = (SightUiAttribute){excerpt(name), excerpt(value)};
    g_ptr_array_add(element->attributes, attribute);
  }
  return element;
}

/* One window on the way through its events. */
typedef struct {
  SightUiElement *element;
  SightSelector *selector; /* NULL: none that we can read */
  SightDom *dom;
  gboolean is_own;  /* the window that the element was found in */
  gboolean present; /* the element is there */
} Walk;

static gboolean is_there(const Walk *walk) {
  return g_strcmp0(sight_dom_tag(walk->dom, walk->element->node), walk->element->tag) == 0;
}

/* A snapshot in the middle of a page goes on with its ids, one of another page begins them anew. */
static void apply_snapshot(Walk *walk, const SightEvent *event) {
  g_autofree char *before = walk->present ? sight_dom_selector(walk->dom, walk->element->node) : NULL;
  sight_dom_apply(walk->dom, event);
  g_autofree char *after = is_there(walk) ? sight_dom_selector(walk->dom, walk->element->node) : NULL;
  if (after && g_strcmp0(before, after) != 0)
    walk->element->since_ms = event->time_ms;
  walk->present = after != NULL;
}

static void look_for(Walk *walk, const SightEvent *event) {
  gboolean present = is_there(walk);
  if (present && !walk->present)
    walk->element->since_ms = event->time_ms;
  walk->present = present;
}

static gboolean is_on_it(const Walk *walk, int target) {
  int node = target;
  for (int depth = 0; node > 0 && depth < DEPTH_MAX; depth++) {
    if (walk->selector ? sight_selector_matches(walk->selector, walk->dom, node)
                       : walk->is_own && node == walk->element->node)
      return TRUE;
    node = sight_dom_parent(walk->dom, node);
  }
  return FALSE;
}

static gboolean walk_event(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  Walk *walk = user_data;
  gboolean before = walk->is_own && event->time_ms < walk->element->at_ms;
  if (before && event->type == SIGHT_EVENT_FULL_SNAPSHOT) {
    apply_snapshot(walk, event);
    return TRUE;
  }
  if (event->source == SIGHT_SOURCE_MOUSE_INTERACTION && walk->element->clicks->len < CLICKS_MAX &&
      sight_json_int(sight_json_get(event->data, "type"), -1) == SIGHT_MOUSE_CLICK &&
      is_on_it(walk, (int)sight_json_int(sight_json_get(event->data, "id"), 0)))
    g_array_append_val(walk->element->clicks, event->time_ms);
  sight_dom_apply(walk->dom, event);
  if (before && event->source == SIGHT_SOURCE_MUTATION)
    look_for(walk, event);
  return TRUE;
}

/* Segment by segment: no more than one is in memory. */
static gboolean walk_window(Walk *walk, SightTrack *track, GCancellable *cancellable, GError **error) {
  gint64 from_ms = G_MININT64;
  for (guint i = 0; i < sight_track_n_segments(track); i++) {
    SightSegmentInfo info;
    g_autoptr(GString) events = g_string_new(NULL);
    sight_track_segment(track, i, &info);
    if (info.last_ms < from_ms)
      continue;
    if (g_cancellable_set_error_if_cancelled(cancellable, error) ||
        !sight_track_events(track, from_ms, info.last_ms + 1, events, error))
      return FALSE;
    from_ms = info.last_ms + 1;
    if (!sight_event_read_bytes(events->str, events->len, &sight_reader_default_limits, walk_event, walk, NULL, error))
      g_clear_error(error); /* nothing in it that counts */
  }
  return TRUE;
}

static int by_time(gconstpointer a, gconstpointer b) {
  gint64 left = *(const gint64 *)a, right = *(const gint64 *)b;
  return (left > right) - (left < right);
}

SightUiElement *sight_ui_element_read(SightUiReel *reel, guint window, gint64 at_ms, int node,
                                      GCancellable *cancellable, GError **error) {
  g_autoptr(SightCursor) cursor = sight_cursor_new(sight_ui_reel_get_window(reel, window)->track);
  if (!sight_cursor_seek(cursor, at_ms, error))
    return NULL;
  const SightDom *dom = sight_cursor_page(cursor);
  if (sight_dom_node_type(dom, node) != SIGHT_NODE_ELEMENT) {
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("The element is not there any more."));
    return NULL;
  }
  g_autoptr(SightUiElement) element = describe(dom, node, at_ms);
  g_autoptr(SightSelector) selector = sight_selector_new(element->selector, NULL);
  for (guint i = 0; i < sight_ui_reel_n_windows(reel); i++) {
    g_autoptr(SightDom) page = sight_dom_new();
    Walk walk = {element, selector, page, i == window, FALSE};
    if (!walk_window(&walk, sight_ui_reel_get_window(reel, i)->track, cancellable, error))
      return NULL;
  }
  g_array_sort(element->clicks, by_time);
  return g_steal_pointer(&element);
}

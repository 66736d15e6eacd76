/* SPDX-License-Identifier: MIT */
/* Canvases: the calls that drew the picture as it is now, without drawings that were cleared since. */
#include "sight-dom-private.h"
#include "sight-json-writer.h"

#include <stdlib.h>
#include <string.h>

#define MAX_CANVAS (8u * 1024 * 1024)
#define MAX_DEPTH 256

static void forget(SightNodeState *state) {
  g_clear_pointer(&state->canvas, g_ptr_array_unref);
  state->canvas_bytes = 0;
  state->canvas_swept = state->canvas_depth = state->canvas_bent = 0;
}

void sight_dom_canvas_forget(SightDom *dom, SightNodeIndex index) {
  SightNodeState *state = sight_dom_state(dom, index);
  if (state != NULL)
    forget(state);
}

void sight_dom_canvas_resized(SightDom *dom, SightNodeIndex index) {
  SightNodeState *state = sight_dom_state(dom, index);
  if (!sight_dom_is_tag(dom, sight_dom_at(dom, index), "canvas"))
    return;
  sight_dom_attr_remove(dom, index, "rr_dataURL");
  if (state != NULL)
    forget(state);
}

gboolean sight_dom_is_drawn(const SightDom *dom, int id) {
  SightNodeIndex index = sight_dom_find(dom, id);
  const SightNodeState *state = index != 0 ? sight_dom_state(dom, index) : NULL;
  return (state != NULL && state->canvas != NULL) || sight_dom_attribute(dom, id, "rr_dataURL") != NULL;
}

static const char *property_of(SightJson command) {
  const char *property = sight_json_string(sight_json_get(command, "property"), NULL);
  return property != NULL ? property : "";
}

/* A frame that begins by clearing the canvas, as recordings at a fixed rate do, makes what came before it needless. */
static gboolean starts_anew(SightJson data) {
  SightJsonIter commands = sight_json_iter(sight_json_get(data, "commands"));
  return sight_json_next(&commands) && strcmp(property_of(commands.value), "clearRect") == 0 &&
         sight_json_next(&commands) && strcmp(property_of(commands.value), "drawImage") == 0;
}

/* Calls that leave nothing behind but pixels. */
static gboolean is_drawing(SightJson command) {
  static const char *const drawing[] = {"clearRect", "drawImage",  "fill",       "fillRect",     "fillText",
                                        "stroke",    "strokeRect", "strokeText", "putImageData", NULL};
  return !sight_json_bool(sight_json_get(command, "setter"), FALSE) && g_strv_contains(drawing, property_of(command));
}

static double side(const SightDom *dom, const SightNode *canvas, const char *name, double fallback) {
  const char *text = sight_dom_attr_text(dom, canvas, name);
  long px = text != NULL ? strtol(text, NULL, 10) : 0;
  return px > 0 ? (double)px : fallback;
}

/* Keeps count of transforms and clips, which end with the `restore` of a `save` before them; says whether the call
 * clears all of the canvas. */
static gboolean clears_all(const SightDom *dom, const SightNode *canvas, SightNodeState *state, SightJson command) {
  static const char *const bending[] = {"clip", "rotate", "scale", "setTransform", "transform", "translate", NULL};
  const char *property = property_of(command);
  if (strcmp(property, "save") == 0)
    state->canvas_depth++;
  else if (strcmp(property, "restore") == 0 && state->canvas_depth > 0) {
    state->canvas_depth--;
    if (state->canvas_bent > state->canvas_depth + 1)
      state->canvas_bent = 0;
  } else if (g_strv_contains(bending, property) && state->canvas_bent == 0)
    state->canvas_bent = state->canvas_depth + 1;
  if (strcmp(property, "clearRect") != 0 || !is_drawing(command) || state->canvas_bent != 0)
    return FALSE;
  double args[4] = {0};
  SightJsonIter it = sight_json_iter(sight_json_get(command, "args"));
  for (guint i = 0; i < G_N_ELEMENTS(args) && sight_json_next(&it); i++)
    args[i] = sight_json_double(it.value, 0);
  return args[0] <= 0 && args[1] <= 0 && args[0] + args[2] >= side(dom, canvas, "width", 300) &&
         args[1] + args[3] >= side(dom, canvas, "height", 150);
}

/* The event's data again without what its first commands draw, as JSON; NULL where no command is left. */
static char *without_drawings(SightJson data, gsize n_first) {
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};
  guint left = 0;
  SightJsonIter members = sight_json_iter(data);
  sight_json_begin_object(&w);
  while (sight_json_next(&members)) {
    sight_json_key_len(&w, members.key, members.key_bytes);
    if (strcmp(members.key, "commands") != 0) {
      sight_json_put_value(&w, members.value);
      continue;
    }
    SightJsonIter commands = sight_json_iter(members.value);
    sight_json_begin_array(&w);
    for (gsize i = 0; sight_json_next(&commands); i++)
      if (i >= n_first || !is_drawing(commands.value)) {
        sight_json_put_value(&w, commands.value);
        left++;
      }
    sight_json_end_array(&w);
  }
  sight_json_end_object(&w);
  return left > 0 ? g_string_free(g_steal_pointer(&out), FALSE) : NULL;
}

/* Takes the drawings out of all events there are. Each is gone through at most twice: once swept, it has none. */
static void sweep(SightDom *dom, SightNodeState *state) {
  if (dom->canvas_parser == NULL)
    dom->canvas_parser = sight_json_parser_new(MAX_DEPTH);
  guint kept = state->canvas_swept;
  for (guint i = kept; i < state->canvas->len; i++) {
    g_autofree char *text = g_steal_pointer(&state->canvas->pdata[i]);
    SightJson data;
    state->canvas_bytes -= strlen(text);
    if (sight_json_parser_parse(dom->canvas_parser, text, strlen(text), &data, NULL)) {
      gboolean alone = sight_json_type(sight_json_get(data, "commands")) != SIGHT_JSON_ARRAY;
      char *rest = !alone ? without_drawings(data, G_MAXSIZE) : is_drawing(data) ? NULL : g_strdup(text);
      g_free(text);
      text = rest;
    }
    if (text == NULL)
      continue;
    state->canvas_bytes += strlen(text);
    state->canvas->pdata[kept++] = g_steal_pointer(&text);
  }
  g_ptr_array_set_size(state->canvas, (int)kept);
  state->canvas_swept = kept;
}

static char *text_of(SightJson data) {
  GString *text = g_string_new(NULL);
  sight_json_append_value(text, data);
  return g_string_free(text, FALSE);
}

void sight_dom_canvas_draw(SightDom *dom, SightNodeIndex index, SightJson data) {
  if (!sight_dom_is_tag(dom, sight_dom_at(dom, index), "canvas"))
    return;
  SightNodeState *state = sight_dom_state_make(dom, index);
  if (starts_anew(data))
    forget(state);
  if (state->canvas == NULL)
    state->canvas = g_ptr_array_new_with_free_func(g_free);
  const SightNode *canvas = sight_dom_at(dom, index);
  SightJson list = sight_json_get(data, "commands");
  gboolean cleared = FALSE;
  gsize n_before = 0; /* commands before the last one that clears everything */
  if (sight_json_type(list) == SIGHT_JSON_ARRAY) {
    SightJsonIter commands = sight_json_iter(list);
    for (gsize i = 0; sight_json_next(&commands); i++)
      if (clears_all(dom, canvas, state, commands.value)) {
        cleared = TRUE;
        n_before = i;
      }
  } else
    cleared = clears_all(dom, canvas, state, data);
  if (cleared) {
    if (state->canvas_swept < state->canvas->len)
      sweep(dom, state);
    sight_dom_attr_remove(dom, index, "rr_dataURL");
  }
  g_autofree char *text = n_before > 0 ? without_drawings(data, n_before) : text_of(data);
  gsize bytes = strlen(text);
  if (state->canvas_bytes + bytes > MAX_CANVAS)
    forget(state);
  if (bytes > MAX_CANVAS) {
    sight_dom_leave_out(dom);
    return;
  }
  if (state->canvas == NULL)
    state->canvas = g_ptr_array_new_with_free_func(g_free);
  state->canvas_bytes += bytes;
  g_ptr_array_add(state->canvas, g_steal_pointer(&text));
}

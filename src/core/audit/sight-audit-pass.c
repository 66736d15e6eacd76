/* SPDX-License-Identifier: MIT */
/* The walk over the strings of an event. */
#include "sight-audit-pass.h"

#include "sight-effort.h"
#include "sight-hash.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define LABEL_CHARS 80

struct SightAuditPass {
  SightDom *dom;
  GHashTable *fields; /* kind + 2 of what a field asks for, by node; what a page puts in its place is asked again */
  GArray *hits;
  GArray *stack; /* of Frame */
  SightAuditFunc func;
  gpointer user_data;
  gint64 time_ms;
  const GPtrArray *rules; /* of SightSelector; NULL: none */
  gboolean tell_all;
  SightEffort effort;
};

/* A container on the way down. */
typedef struct {
  SightJsonIter iter;
  SightAuditPlace place;
  int node;
  gboolean attributes; /* its members are attributes */
  gboolean code;       /* the text in it is a sheet or a script */
} Frame;

const char *sight_audit_place_name(SightAuditPlace place) {
#define NAME(id, name, advice) name,
  static const char *const names[] = {SIGHT_AUDIT_PLACES(NAME)};
#undef NAME
  return names[place];
}

char *sight_audit_advice(SightAuditPlace place, const char *selector) {
#define ADVICE(id, name, advice) advice,
  static const char *const advices[] = {SIGHT_AUDIT_PLACES(ADVICE)};
#undef ADVICE
  const char *advice = _(advices[place]);
  const char *hole = strstr(advice, "%s");

  if (hole == NULL)
    return g_strdup(advice);
  return g_strdup_printf("%.*s%s%s", (int)(hole - advice), advice, selector != NULL ? selector : "?", hole + 2);
}

SightAuditPass *sight_audit_pass_new(SightAuditFunc func, gpointer user_data) {
  SightAuditPass *pass = g_new0(SightAuditPass, 1);

  pass->dom = sight_dom_new();
  pass->fields = g_hash_table_new(sight_hash_number, NULL);
  pass->hits = g_array_new(FALSE, FALSE, sizeof(SightAuditHit));
  pass->stack = g_array_new(FALSE, FALSE, sizeof(Frame));
  pass->effort.left = SIGHT_EFFORT_AT_FIRST;
  pass->func = func;
  pass->user_data = user_data;
  return pass;
}

void sight_audit_pass_free(SightAuditPass *pass) {
  if (pass == NULL)
    return;
  sight_dom_free(pass->dom);
  g_hash_table_unref(pass->fields);
  g_array_unref(pass->hits);
  g_array_unref(pass->stack);
  g_free(pass);
}

void sight_audit_pass_set_rules(SightAuditPass *pass, const GPtrArray *selectors, gboolean tell_all) {
  pass->rules = selectors != NULL && selectors->len > 0 ? selectors : NULL;
  pass->tell_all = tell_all;
}

/* Telling */

static int element_of(const SightAuditPass *pass, int node) {
  return node > 0 && sight_dom_node_type(pass->dom, node) == SIGHT_NODE_TEXT ? sight_dom_parent(pass->dom, node) : node;
}

/* Where there is no effort left to find out, what is to be masked is. */
static gboolean is_ruled(SightAuditPass *pass, int node) {
  int element = element_of(pass, node);
  gint64 n_nodes = 0;
  gboolean ruled = FALSE;

  if (pass->rules == NULL || element <= 0)
    return FALSE;
  if (!sight_effort_allows(&pass->effort))
    return pass->tell_all;
  for (guint i = 0; i < pass->rules->len && !ruled; i++)
    ruled = sight_selector_matches_around(pass->rules->pdata[i], pass->dom, element, &n_nodes);
  sight_effort_spend(&pass->effort, SIGHT_EFFORT_NODE * n_nodes);
  return ruled;
}

static void tell(SightAuditPass *pass, SightAuditPlace place, int node, SightAuditKind kind, const char *text,
                 gsize bytes) {
  int element = element_of(pass, node);
  gboolean known = element > 0 && sight_dom_node_type(pass->dom, element) == SIGHT_NODE_ELEMENT;
  g_autofree char *selector = known ? sight_dom_selector(pass->dom, element) : NULL;
  g_autofree char *found = g_strndup(text, bytes);
  const SightAuditFound what = {.kind = kind,
                                .place = place,
                                .node = node,
                                .selector = selector,
                                .text = found,
                                .time_ms = pass->time_ms,
                                .ruled = is_ruled(pass, node)};

  pass->func(&what, pass->user_data);
}

static void look(SightAuditPass *pass, SightAuditPlace place, int node, const char *label, const char *text,
                 gsize bytes) {
  g_array_set_size(pass->hits, 0);
  sight_audit_text(text, bytes, label, pass->hits);
  for (guint i = 0; i < pass->hits->len; i++) {
    SightAuditHit hit = g_array_index(pass->hits, SightAuditHit, i);
    tell(pass, place, node, hit.kind, text + hit.start, hit.end - hit.start);
  }
}

/* All of a text in an element of a rule. */
static void tell_ruled(SightAuditPass *pass, SightAuditPlace place, int node, const char *text, gsize bytes) {
  if (!pass->tell_all || !is_ruled(pass, node))
    return;
  while (bytes > 0 && g_ascii_isspace(text[bytes - 1]))
    bytes--;
  while (bytes > 0 && g_ascii_isspace(*text)) {
    text++;
    bytes--;
  }
  if (bytes > 0)
    tell(pass, place, node, SIGHT_AUDIT_ANYTHING, text, bytes);
}

/* A text as it stands, and as addresses write it. */
static void look_both(SightAuditPass *pass, SightAuditPlace place, int node, const char *label, const char *text,
                      gsize bytes) {
  if (bytes < 4 || (bytes > 5 && memcmp(text, "data:", 5) == 0))
    return;
  look(pass, place, node, label, text, bytes);
  g_autofree char *plain = memchr(text, '%', bytes) != NULL ? g_uri_unescape_segment(text, text + bytes, NULL) : NULL;
  if (plain != NULL && strlen(plain) != bytes)
    look(pass, place, node, label, plain, strlen(plain));
}

/* Fields */

static void add_words(GString *label, const char *words) {
  if (words != NULL)
    g_string_append_printf(label, " %s", words);
}

/* Everything that says what a field asks for. */
static char *label_of(SightAuditPass *pass, int node) {
  const char *const names[] = {"autocomplete", "name", "id", "placeholder", "aria-label", "title"};
  const char *id = sight_dom_attribute(pass->dom, node, "id"), *type = sight_dom_attribute(pass->dom, node, "type");
  int around = sight_dom_closest(pass->dom, node, "label");
  GString *label = g_string_new(NULL);

  if (type != NULL && (g_str_equal(type, "password") || g_str_equal(type, "tel") || g_str_equal(type, "email")))
    add_words(label, type);
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    add_words(label, sight_dom_attribute(pass->dom, node, names[i]));
  if (around == 0 && id != NULL && strpbrk(id, "\"\\\n") == NULL && sight_effort_allows(&pass->effort)) {
    sight_effort_spend(&pass->effort, SIGHT_EFFORT_NODE * (gint64)sight_dom_n_nodes(pass->dom));
    g_autofree char *text = g_strdup_printf("label[for=\"%s\"]", id);
    g_autoptr(SightSelector) selector = sight_selector_new(text, NULL);
    around = selector != NULL ? sight_selector_find(selector, pass->dom) : 0;
  }
  g_autofree char *words = around > 0 ? sight_dom_label(pass->dom, around, LABEL_CHARS) : NULL;
  add_words(label, words);
  return g_string_free(label, FALSE);
}

static gboolean is_typed_in(const SightAuditPass *pass, int node) {
  const char *tag = sight_dom_tag(pass->dom, node), *type = sight_dom_attribute(pass->dom, node, "type");
  const char *const pressed[] = {"checkbox", "radio", "submit", "button", "reset", "hidden", "range", "color", NULL};

  return tag != NULL && (g_str_equal(tag, "textarea") ||
                         (g_str_equal(tag, "input") && (type == NULL || !g_strv_contains(pressed, type))));
}

static gboolean is_masked(const char *text, gsize bytes) {
  for (gsize i = 0; i < bytes; i++) {
    if (text[i] != '*' && text[i] != ' ' && ((guchar)text[i] & 0x80) == 0)
      return FALSE;
  }
  return TRUE;
}

/* What looks like something, or else all of it where the field asked for something. */
static void look_typed(SightAuditPass *pass, int node, const char *text, gsize bytes) {
  tell_ruled(pass, SIGHT_AUDIT_PLACE_INPUT, node, text, bytes);
  if (bytes < 2 || is_masked(text, bytes) || !is_typed_in(pass, node))
    return;
  gpointer kept = g_hash_table_lookup(pass->fields, GINT_TO_POINTER(node));
  g_autofree char *label = kept == NULL || bytes > 6 ? label_of(pass, node) : NULL;
  if (kept == NULL) {
    kept = GINT_TO_POINTER(sight_audit_field(label) + 2);
    g_hash_table_insert(pass->fields, GINT_TO_POINTER(node), kept);
  }
  int asked = GPOINTER_TO_INT(kept) - 2;
  g_array_set_size(pass->hits, 0);
  look(pass, SIGHT_AUDIT_PLACE_INPUT, node, label, text, bytes);
  /* A number or an address that is not whole yet is none; a name is one from its second letter on. */
  gboolean checked = asked == SIGHT_AUDIT_CARD || asked == SIGHT_AUDIT_EMAIL || asked == SIGHT_AUDIT_PHONE;
  if (pass->hits->len == 0 && asked >= 0 && !checked)
    tell(pass, SIGHT_AUDIT_PLACE_INPUT, node, (SightAuditKind)asked, text, bytes);
}

/* Strings of an event */

static gboolean is_drawing(const char *name) {
  const char *const names[] = {"class",      "style", "d",       "points",   "transform", "viewBox",
                               "srcset",     "sizes", "tagName", "_cssText", "cssText",   "integrity",
                               "rr_dataURL", "nonce", "xmlns",   "publicId", NULL};
  return name != NULL && g_strv_contains(names, name);
}

/* Attributes that a reader meets. */
static gboolean is_read(const char *name) {
  const char *const names[] = {"value", "title", "alt", "placeholder", "aria-label", "label", "content", NULL};
  return g_strv_contains(names, name);
}

static gboolean is_address(const char *name) {
  const char *const names[] = {"href", "src", "action", "formaction", "poster", "cite", "data", "xlink:href", NULL};
  return g_strv_contains(names, name);
}

static void look_string(SightAuditPass *pass, const Frame *frame, const char *name, SightJson value) {
  gsize bytes = 0;
  const char *text = sight_json_string(value, &bytes);
  SightAuditPlace place = frame->place;

  if (is_drawing(name) || frame->code)
    return;
  if (frame->attributes && name != NULL && g_str_equal(name, "value") && is_typed_in(pass, frame->node)) {
    look_typed(pass, frame->node, text, bytes);
    return;
  }
  if (frame->attributes)
    place = name != NULL && is_address(name) ? SIGHT_AUDIT_PLACE_ADDRESS : SIGHT_AUDIT_PLACE_ATTRIBUTE;
  else if (place == SIGHT_AUDIT_PLACE_TEXT) {
    const char *tag = sight_dom_tag(pass->dom, element_of(pass, frame->node));
    if (tag != NULL && (g_str_equal(tag, "style") || g_str_equal(tag, "script")))
      return;
    if (tag != NULL && g_str_equal(tag, "title"))
      place = SIGHT_AUDIT_PLACE_TITLE;
  }
  if (!frame->attributes || (name != NULL && is_read(name)))
    tell_ruled(pass, place, frame->node, text, bytes);
  look_both(pass, place, frame->node, NULL, text, bytes);
}

static void enter(SightAuditPass *pass, const Frame *above, const char *name, SightJson value) {
  Frame frame = {.iter = sight_json_iter(value), .place = above->place, .node = above->node, .code = above->code};
  SightJson id = sight_json_get(value, "id"), tag = sight_json_get(value, "tagName");
  const char *element = sight_json_string(tag, NULL);
  /* In the page, members called id are numbers of nodes; in what a page tells they may be anything. */
  gboolean page = above->place == SIGHT_AUDIT_PLACE_TEXT;

  if (page && sight_json_type(id) == SIGHT_JSON_NUMBER)
    frame.node = (int)CLAMP(sight_json_int(id, 0), 0, G_MAXINT);
  if (element != NULL)
    frame.code = g_str_equal(element, "style") || g_str_equal(element, "script");
  frame.attributes =
      page && name != NULL && g_str_equal(name, "attributes") && sight_json_type(value) == SIGHT_JSON_OBJECT;
  g_array_append_val(pass->stack, frame);
}

/* Every string below a value, its nodes as they stand in the page. */
static void walk(SightAuditPass *pass, SightAuditPlace place, SightJson value) {
  Frame first = {.place = place};

  g_array_set_size(pass->stack, 0);
  if (sight_json_type(value) == SIGHT_JSON_STRING)
    look_string(pass, &first, NULL, value);
  enter(pass, &first, NULL, value);
  while (pass->stack->len > 0) {
    Frame *frame = &g_array_index(pass->stack, Frame, pass->stack->len - 1);
    if (!sight_json_next(&frame->iter)) {
      g_array_set_size(pass->stack, pass->stack->len - 1);
      continue;
    }
    SightJsonType type = sight_json_type(frame->iter.value);
    Frame above = *frame;
    if (type == SIGHT_JSON_STRING)
      look_string(pass, &above, above.iter.key, above.iter.value);
    else if (type == SIGHT_JSON_OBJECT || type == SIGHT_JSON_ARRAY)
      enter(pass, &above, above.iter.key, above.iter.value);
  }
}

static SightAuditPlace place_of_custom(const char *tag) {
  if (tag == NULL)
    return SIGHT_AUDIT_PLACE_EVENT;
  if (g_str_equal(tag, "ss:request"))
    return SIGHT_AUDIT_PLACE_NETWORK;
  if (g_str_equal(tag, "ss:error"))
    return SIGHT_AUDIT_PLACE_CONSOLE;
  return g_str_equal(tag, "ss:route") || g_str_equal(tag, "ss:page") ? SIGHT_AUDIT_PLACE_ADDRESS
                                                                     : SIGHT_AUDIT_PLACE_EVENT;
}

static void look_incremental(SightAuditPass *pass, const SightEvent *event) {
  gsize bytes = 0;

  if (event->source == SIGHT_SOURCE_MUTATION) {
    walk(pass, SIGHT_AUDIT_PLACE_TEXT, event->data);
  } else if (event->source == SIGHT_SOURCE_INPUT) {
    const char *text = sight_json_string(sight_json_get(event->data, "text"), &bytes);
    if (text != NULL)
      look_typed(pass, (int)CLAMP(sight_json_int(sight_json_get(event->data, "id"), 0), 0, G_MAXINT), text, bytes);
  } else if (event->source == SIGHT_SOURCE_LOG) {
    walk(pass, SIGHT_AUDIT_PLACE_CONSOLE, event->data);
  }
}

void sight_audit_pass_event(SightAuditPass *pass, const SightEvent *event) {
  const char *plugin = sight_json_string(sight_json_get(event->data, "plugin"), NULL);

  pass->effort.left += SIGHT_EFFORT_OF_BYTE * (gint64)event->text_bytes;
  pass->time_ms = event->time_ms;
  sight_dom_apply(pass->dom, event);
  switch ((SightEventType)event->type) {
  case SIGHT_EVENT_FULL_SNAPSHOT:
    g_hash_table_remove_all(pass->fields);
    walk(pass, SIGHT_AUDIT_PLACE_TEXT, event->data);
    break;
  case SIGHT_EVENT_INCREMENTAL:
    look_incremental(pass, event);
    break;
  case SIGHT_EVENT_META:
    walk(pass, SIGHT_AUDIT_PLACE_ADDRESS, sight_json_get(event->data, "href"));
    break;
  case SIGHT_EVENT_CUSTOM:
    walk(pass, place_of_custom(sight_event_tag(event)), sight_event_payload(event));
    break;
  case SIGHT_EVENT_PLUGIN:
    walk(pass,
         plugin != NULL && strstr(plugin, "network") != NULL ? SIGHT_AUDIT_PLACE_NETWORK : SIGHT_AUDIT_PLACE_CONSOLE,
         sight_json_get(event->data, "payload"));
    break;
  case SIGHT_EVENT_DOM_CONTENT_LOADED:
  case SIGHT_EVENT_LOAD:
  case SIGHT_EVENT_ASSET:
  default:
    break;
  }
}

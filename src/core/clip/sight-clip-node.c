/* SPDX-License-Identifier: MIT */
/* Nodes without what could run or ask the network. Ids and places stay as they were. */
#include "sight-clip-private.h"
#include "sight-dom-valid.h"

#include <string.h>

/* What rrweb's recorder puts in place of a script. */
#define PLACEHOLDER "SCRIPT_PLACEHOLDER"
/* A picture that nothing can be drawn of; clips show it as the player shows one that was not kept. */
#define NOT_KEPT "data:,"

static const char *const frame_tags[] = {"iframe", "frame", "object", "embed",       "applet",
                                         "portal", "param", "track",  "fencedframe", NULL};
static const char *const anchor_tags[] = {"a", "area", NULL};
static const char *const animation_tags[] = {"animate", "set", "animatemotion", "animatetransform", "discard", NULL};
static const char *const void_tags[] = {"base", "link", NULL};

static const char *const dropped_attributes[] = {
    "srcdoc", "http-equiv",  "nonce",      "sandbox", "allow",          "csp",      "integrity", "ping",
    "srcset", "imagesrcset", "formaction", "action",  "attributionsrc", "codebase", "archive",   "classid",
    "code",   "manifest",    "profile",    NULL};
static const char *const url_attributes[] = {"src",        "href",     "xlink:href", "poster", "data",
                                             "background", "longdesc", "cite",       "usemap", "lowsrc",
                                             "dynsrc",     "icon",     "rr_dataURL", "rr_src", NULL};
/* What people read, or what is a name: never an address, never a style. All others may be, as SVG has its styles as
 * attributes too, and animates them. */
static const char *const text_attributes[] = {"value", "title",       "alt",       "placeholder", "label", "class",
                                              "id",    "name",        "for",       "abbr",        "lang",  "summary",
                                              "xmlns", "xmlns:xlink", "xmlns:svg", "standby",     NULL};

static const char *tag_of(SightJson node) {
  gsize bytes = 0;
  const char *tag = sight_json_string(sight_json_get(node, "tagName"), &bytes);
  return sight_dom_element_name(tag, bytes, sight_json_bool(sight_json_get(node, "isSVG"), FALSE));
}

static gboolean is_sheet(SightJson attributes) {
  const char *rel = sight_json_string(sight_json_get(attributes, "rel"), NULL);
  const char *as = sight_json_string(sight_json_get(attributes, "as"), NULL);
  return sight_json_type(sight_json_get(attributes, "_cssText")) == SIGHT_JSON_STRING ||
         (rel != NULL && strstr(rel, "stylesheet") != NULL) || g_strcmp0(as, "style") == 0;
}

static SightClipKind kind_of_tag(const char *tag, SightJson attributes) {
  g_autofree char *lower = g_ascii_strdown(tag, -1);
  const char *colon = strrchr(lower, ':');
  const char *name = colon != NULL ? colon + 1 : lower; /* svg:script */
  if (strcmp(name, "script") == 0)
    return SIGHT_CLIP_SCRIPT;
  if (strcmp(name, "style") == 0 || (strcmp(name, "link") == 0 && is_sheet(attributes)))
    return SIGHT_CLIP_STYLE;
  if (g_strv_contains(void_tags, name))
    return SIGHT_CLIP_VOID;
  if (g_strv_contains(frame_tags, name))
    return SIGHT_CLIP_FRAME;
  if (g_strv_contains(anchor_tags, name))
    return SIGHT_CLIP_ANCHOR;
  if (strcmp(name, "use") == 0)
    return SIGHT_CLIP_USE;
  return g_strv_contains(animation_tags, name) ? SIGHT_CLIP_ANIMATION : SIGHT_CLIP_PLAIN;
}

SightClipKind sight_clip_kind(const SightClipCleaner *cleaner, int id) {
  gpointer kind;
  if (!g_hash_table_lookup_extended(cleaner->kinds, GINT_TO_POINTER(id), NULL, &kind))
    return SIGHT_CLIP_UNKNOWN;
  return (SightClipKind)GPOINTER_TO_INT(kind);
}

/* Of two nodes that claim one id it is not sure which a text ends in. */
static void remember(SightClipCleaner *cleaner, int id, SightClipKind kind) {
  if (kind != SIGHT_CLIP_PLAIN || sight_clip_kind(cleaner, id) != SIGHT_CLIP_STYLE)
    g_hash_table_insert(cleaner->kinds, GINT_TO_POINTER(id), GINT_TO_POINTER(kind));
}

/* Whether the text, without what a browser skips, begins a script. */
static gboolean begins_script(const char *text, gsize bytes) {
  g_autoptr(GString) scheme = g_string_new(NULL);
  for (gsize i = 0; i < bytes && scheme->len < 11; i++)
    if ((guchar)text[i] > 0x20)
      g_string_append_c(scheme, g_ascii_tolower(text[i]));
  return strcmp(scheme->str, "javascript:") == 0 || g_str_has_prefix(scheme->str, "vbscript:");
}

static gboolean is_picture(const char *text, gsize bytes) {
  static const char *const kinds[] = {"data:image/", "data:font/", "data:audio/", "data:video/", "data:,", NULL};
  while (bytes > 0 && (guchar)*text <= 0x20)
    text++, bytes--;
  for (guint i = 0; kinds[i] != NULL; i++)
    if (bytes >= strlen(kinds[i]) && g_ascii_strncasecmp(text, kinds[i], strlen(kinds[i])) == 0)
      return TRUE;
  return FALSE;
}

/* What an address becomes; NULL: the attribute is left out. */
static const char *cleaned_url(const char *text, gsize bytes, SightClipKind kind) {
  gsize space = 0;
  while (space < bytes && (guchar)text[space] <= 0x20)
    space++;
  gboolean local = space < bytes && text[space] == '#';
  if (kind == SIGHT_CLIP_FRAME)
    return NULL;
  if (local)
    return text;
  if (kind == SIGHT_CLIP_ANCHOR)
    return "#";
  return kind != SIGHT_CLIP_USE && is_picture(text, bytes) ? text : NULL;
}

static gboolean is_dropped(const char *name, SightClipKind kind, SightJson value) {
  const char *colon = strrchr(name, ':');
  if (g_str_has_prefix(name, "on") || g_str_has_prefix(name, "_on") || g_str_has_prefix(name, "rr_on") ||
      (colon != NULL && g_str_has_prefix(colon + 1, "on")) || g_strv_contains(dropped_attributes, name))
    return TRUE;
  gsize bytes = 0;
  const char *text = sight_json_string(value, &bytes);
  if (text == NULL)
    return FALSE;
  if (kind == SIGHT_CLIP_ANIMATION && strcmp(name, "attributename") == 0)
    return strstr(text, "href") != NULL || g_ascii_strncasecmp(text, "on", 2) == 0 ||
           g_ascii_strcasecmp(text, "src") == 0;
  if (strcmp(name, "content") == 0 && (strstr(text, "url=") != NULL || strstr(text, "URL=") != NULL))
    return TRUE;
  return begins_script(text, bytes) ||
         (kind == SIGHT_CLIP_ANIMATION &&
          (g_strstr_len(text, (gssize)bytes, "script:") != NULL || g_strstr_len(text, (gssize)bytes, "//") != NULL));
}

static gboolean is_text_attribute(const char *name) {
  return g_str_has_prefix(name, "aria-") || g_strv_contains(text_attributes, name);
}

/* Whether the text, as a browser reads it, is an address elsewhere. */
static gboolean is_remote(const char *text, gsize bytes) {
  static const char *const schemes[] = {"http", "https", "ws", "wss", "ftp", "file", "blob", "filesystem", NULL};
  g_autoptr(GString) start = g_string_new(NULL);
  for (gsize i = 0; i < bytes && start->len < 64; i++)
    if ((guchar)text[i] > 0x20)
      g_string_append_c(start, text[i] == '\\' ? '/' : g_ascii_tolower(text[i]));
  gsize scheme = strspn(start->str, "abcdefghijklmnopqrstuvwxyz0123456789+.-");
  const char *rest = start->str + scheme;
  if (scheme == 0 || *rest != ':')
    return g_str_has_prefix(start->str, "//");
  if (g_str_has_prefix(rest, "://"))
    return TRUE;
  g_string_truncate(start, scheme);
  return g_strv_contains(schemes, start->str);
}

/* A style as an object: { name: value, or [value, priority], or false }. */
static void clean_style_object(SightClipCleaner *cleaner, SightJson style) {
  SightJsonWriter *w = &cleaner->w;
  SightJsonIter it = sight_json_iter(style);
  sight_json_begin_object(w);
  while (sight_json_next(&it)) {
    gboolean pair = sight_json_type(it.value) == SIGHT_JSON_ARRAY;
    SightJsonIter parts = sight_json_iter(it.value);
    gsize bytes;
    SightJson value = pair && sight_json_next(&parts) ? parts.value : it.value;
    const char *text = sight_json_string(value, &bytes);
    sight_json_key_len(w, it.key, it.key_bytes);
    if (text == NULL) {
      sight_json_put_bool(w, FALSE);
      continue;
    }
    if (pair)
      sight_json_begin_array(w);
    sight_clip_put_css(w, text, bytes);
    if (pair) {
      const char *priority = sight_json_next(&parts) ? sight_json_string(parts.value, NULL) : NULL;
      sight_json_put_string(w, g_strcmp0(priority, "important") == 0 ? "important" : "");
      sight_json_end_array(w);
    }
  }
  sight_json_end_object(w);
}

static gboolean is_href(const char *name) {
  return g_ascii_strcasecmp(name, "href") == 0 || g_ascii_strcasecmp(name, "xlink:href") == 0;
}

char *sight_clip_part_of(const SightClipCleaner *cleaner, SightJson tainted_attributes, SightClipKind kind,
                         GString *json) {
  SightJsonIter it = sight_json_iter(tainted_attributes);
  char *part = NULL;
  while (kind == SIGHT_CLIP_USE && cleaner->sprites != NULL && part == NULL && sight_json_next(&it)) {
    const char *address = it.key != NULL && is_href(it.key) ? sight_json_string(it.value, NULL) : NULL;
    part = address != NULL ? sight_clip_sprite(cleaner->sprites, address, json) : NULL;
  }
  return part;
}

void sight_clip_put_part(SightClipCleaner *cleaner, const GString *json) {
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  SightClipSprites *sprites = cleaner->sprites;
  SightJson node;
  /* It is of our own making, but for texts that are no UTF-8. */
  if (!sight_json_parser_parse(parser, json->str, json->len, &node, NULL))
    return;
  cleaner->sprites = NULL;
  sight_clip_clean_node(cleaner, node, SIGHT_CLIP_PLAIN);
  cleaner->sprites = sprites;
}

/* What of an element is drawn by itself. */
static gboolean is_drawn(const char *name, SightClipKind kind) {
  return kind == SIGHT_CLIP_PLAIN && (strcmp(name, "src") == 0 || strcmp(name, "poster") == 0);
}

static void clean_attribute(SightClipCleaner *cleaner, const SightJsonIter *it, SightClipKind kind, const char *part) {
  SightJsonWriter *w = &cleaner->w;
  g_autofree char *name = g_ascii_strdown(it->key, -1);
  gsize bytes = 0;
  const char *text = sight_json_string(it->value, &bytes);
  gboolean is_text = kind != SIGHT_CLIP_FRAME && kind != SIGHT_CLIP_ANIMATION && is_text_attribute(name);
  if (is_dropped(name, kind, it->value))
    return;
  if (part != NULL && is_href(name)) {
    g_autofree char *inner = g_strconcat("#", part, NULL);
    sight_json_key_len(w, it->key, it->key_bytes);
    sight_json_put_string(w, inner);
    return;
  }
  if (text == NULL) {
    SightJsonType type = sight_json_type(it->value);
    if (type == SIGHT_JSON_ARRAY || (type == SIGHT_JSON_OBJECT && strcmp(name, "style") != 0))
      return;
    sight_json_key_len(w, it->key, it->key_bytes);
    if (type == SIGHT_JSON_OBJECT)
      clean_style_object(cleaner, it->value);
    else
      sight_json_put_value(w, it->value);
    return;
  }
  if (strcmp(name, "_csstext") == 0) {
    sight_json_key_len(w, it->key, it->key_bytes);
    sight_clip_put_sheet(w, text, bytes);
    return;
  }
  if (g_strv_contains(url_attributes, name) || g_strv_contains(url_attributes, it->key)) {
    const char *url = cleaned_url(text, bytes, kind);
    if (url == NULL && is_drawn(name, kind) && is_remote(text, bytes))
      url = NOT_KEPT;
    if (url == NULL)
      return;
    sight_json_key_len(w, it->key, it->key_bytes);
    sight_json_put_string_len(w, url, url == text ? bytes : strlen(url));
    return;
  }
  if (!is_text && is_remote(text, bytes))
    return;
  sight_json_key_len(w, it->key, it->key_bytes);
  if (!is_text && (memchr(text, '(', bytes) != NULL || memchr(text, '\\', bytes) != NULL))
    sight_clip_put_css(w, text, bytes);
  else
    sight_json_put_string_len(w, text, bytes);
}

void sight_clip_clean_attributes(SightClipCleaner *cleaner, SightJson tainted_attributes, SightClipKind kind,
                                 const char *part) {
  SightJsonIter it = sight_json_iter(tainted_attributes);
  sight_json_begin_object(&cleaner->w);
  gboolean none = kind == SIGHT_CLIP_SCRIPT || kind == SIGHT_CLIP_VOID || kind == SIGHT_CLIP_UNKNOWN;
  while (!none && sight_json_next(&it))
    if (it.key != NULL && sight_dom_takes_attribute(it.key, it.key_bytes))
      clean_attribute(cleaner, &it, kind, part);
  sight_json_end_object(&cleaner->w);
}

void sight_clip_put_text(SightClipCleaner *cleaner, SightJson tainted_text, SightClipKind parent) {
  gsize bytes = 0;
  const char *text = sight_json_string(tainted_text, &bytes);
  if (text == NULL || parent == SIGHT_CLIP_SCRIPT || parent == SIGHT_CLIP_VOID)
    sight_json_put_string(&cleaner->w, text != NULL && strcmp(text, PLACEHOLDER) == 0 ? PLACEHOLDER : "");
  else if (parent == SIGHT_CLIP_STYLE || parent == SIGHT_CLIP_UNKNOWN)
    sight_clip_put_sheet(&cleaner->w, text, bytes);
  else
    sight_json_put_string_len(&cleaner->w, text, bytes);
}

static void copy_flags(SightJsonWriter *w, SightJson node) {
  static const char *const flags[] = {"isSVG", "needBlock", "isCustom", "isShadowHost", "isShadow", "isStyle", NULL};
  for (guint i = 0; flags[i] != NULL; i++)
    if (sight_json_bool(sight_json_get(node, flags[i]), FALSE))
      sight_json_member_bool(w, flags[i], TRUE);
}

static void copy_text_member(SightJsonWriter *w, SightJson node, const char *key) {
  gsize bytes;
  const char *text = sight_json_string(sight_json_get(node, key), &bytes);
  if (text == NULL)
    return;
  sight_json_key(w, key);
  sight_json_put_string_len(w, text, bytes);
}

/* The object but for its children and its end. Returns the kind that its children hang below. `json` gets what is to
 * be the first of these, or nothing. */
static SightClipKind open_node(SightClipCleaner *cleaner, SightJson node, SightClipKind parent, GString *json) {
  SightJsonWriter *w = &cleaner->w;
  gint64 type = sight_json_int(sight_json_get(node, "type"), -1);
  int id = (int)sight_json_int(sight_json_get(node, "id"), 0);
  gint64 root = sight_json_int(sight_json_get(node, "rootId"), 0);
  const char *tag = tag_of(node);
  SightJson attributes = sight_json_get(node, "attributes");
  SightClipKind kind = type == SIGHT_NODE_ELEMENT ? kind_of_tag(tag, attributes) : parent;
  gboolean gone = kind == SIGHT_CLIP_VOID;
  remember(cleaner, id, type == SIGHT_NODE_DOCUMENT ? SIGHT_CLIP_PLAIN : kind);
  sight_json_begin_object(w);
  sight_json_member_int(w, "type", gone ? SIGHT_NODE_COMMENT : type);
  sight_json_member_int(w, "id", id);
  if (root != 0)
    sight_json_member_int(w, "rootId", root);
  copy_flags(w, node);
  if (gone)
    sight_json_member_string(w, "textContent", "");
  else if (type == SIGHT_NODE_TEXT || type == SIGHT_NODE_COMMENT || type == SIGHT_NODE_CDATA) {
    sight_json_key(w, "textContent");
    sight_clip_put_text(cleaner, sight_json_get(node, "textContent"), parent);
  } else if (type == SIGHT_NODE_ELEMENT) {
    sight_json_member_string(w, "tagName",
                             kind == SIGHT_CLIP_SCRIPT                                          ? "noscript"
                             : kind == SIGHT_CLIP_STYLE && g_ascii_strcasecmp(tag, "link") == 0 ? "style"
                                                                                                : tag);
    g_autofree char *part = sight_clip_part_of(cleaner, attributes, kind, json);
    sight_json_key(w, "attributes");
    sight_clip_clean_attributes(cleaner, attributes, kind, part);
    if (part == NULL)
      g_string_truncate(json, 0);
  } else {
    copy_text_member(w, node, "name");
    copy_text_member(w, node, "publicId");
    copy_text_member(w, node, "systemId");
    copy_text_member(w, node, "compatMode");
  }
  return type == SIGHT_NODE_DOCUMENT ? SIGHT_CLIP_PLAIN : kind;
}

typedef struct {
  SightJsonIter children;
  SightClipKind kind;
} Level;

void sight_clip_clean_node(SightClipCleaner *cleaner, SightJson tainted_node, SightClipKind parent) {
  g_autoptr(GArray) levels = g_array_new(FALSE, FALSE, sizeof(Level)); /* depth is the recording's: no recursion */
  SightJsonWriter *w = &cleaner->w;
  g_autoptr(GString) part = g_string_new(NULL);
  SightJson node = tainted_node;
  SightClipKind above = parent;
  for (;;) {
    g_string_truncate(part, 0);
    SightClipKind kind = open_node(cleaner, node, above, part);
    Level level = {sight_json_iter(sight_json_get(node, "childNodes")), kind};
    gint64 type = sight_json_int(sight_json_get(node, "type"), -1);
    if ((type == SIGHT_NODE_ELEMENT && kind != SIGHT_CLIP_VOID) || type == SIGHT_NODE_DOCUMENT) {
      sight_json_key(w, "childNodes");
      sight_json_begin_array(w);
      if (part->len > 0)
        sight_clip_put_part(cleaner, part);
      g_array_append_val(levels, level);
    } else
      sight_json_end_object(w);
    for (;;) {
      if (levels->len == 0)
        return;
      Level *top = &g_array_index(levels, Level, levels->len - 1);
      if (sight_json_next(&top->children)) {
        node = top->children.value;
        above = top->kind;
        break;
      }
      sight_json_end_array(w);
      sight_json_end_object(w);
      g_array_set_size(levels, levels->len - 1);
    }
  }
}

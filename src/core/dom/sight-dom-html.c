/* SPDX-License-Identifier: MIT */
/* The page as a static HTML document that runs nothing and asks nothing of anybody, whatever the recording says. */
#include "sight-dom-private.h"

#include <string.h>

/* Frames in frames are written into attributes, each level escaped once more. */
#define MAX_FRAME_LEVEL 3
/* A sheet that many shadow roots adopt is written into each of them, but not without end. */
#define MAX_WITH_ADOPTED (16u * 1024 * 1024)

#define POLICY                                                                                                         \
  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src "     \
  "data:; font-src data:; media-src data:; frame-src 'self'; form-action 'none'; base-uri 'none'\">"

static const char *const dropped_tags[] = {
    "script", "noscript",      "template",         "base",    "meta",     "animate",
    "set",    "animatemotion", "animatetransform", "noembed", "noframes", NULL};
/* Elements whose content a parser reads as raw text, or which load something, stand as plain boxes. */
static const char *const boxed_tags[] = {"xmp",   "plaintext", "listing", "object",      "embed", "applet",
                                         "frame", "frameset",  "portal",  "fencedframe", NULL};
static const char *const void_tags[] = {"area", "br",    "col",    "hr",    "img", "input", "link",
                                        "meta", "param", "source", "track", "wbr", NULL};
static const char *const url_attributes[] = {
    "src",  "href", "xlink:href", "poster", "data",        "action",   "srcset",         "formaction", "background",
    "ping", "cite", "longdesc",   "usemap", "imagesrcset", "manifest", "attributionsrc", NULL};

static void append_escaped(GString *out, const char *text, gsize bytes) {
  for (gsize i = 0; i < bytes; i++) {
    switch (text[i]) {
    case '&':
      g_string_append(out, "&amp;");
      break;
    case '<':
      g_string_append(out, "&lt;");
      break;
    case '>':
      g_string_append(out, "&gt;");
      break;
    case '"':
      g_string_append(out, "&quot;");
      break;
    case 0:
      g_string_append(out, "\xef\xbf\xbd");
      break;
    default:
      g_string_append_c(out, text[i]);
    }
  }
}

static void append_attribute(GString *out, const char *name, const char *value) {
  g_string_append_printf(out, " %s=\"", name);
  append_escaped(out, value, strlen(value));
  g_string_append_c(out, '"');
}

/* CSS without any "<", so that no parser in any state can see markup in it, and without addresses to be asked. */
static void append_css(GString *out, const char *css) {
  for (const char *c = css; *c != 0; c++) {
    if (*c == '<')
      g_string_append(out, "\\3c ");
    else if (g_ascii_strncasecmp(c, "@import", 7) == 0) {
      g_string_append(out, "@-import");
      c += 6;
    } else if (g_ascii_strncasecmp(c, "url(", 4) == 0) {
      const char *target = c + 4;
      while (g_ascii_isspace(*target) || *target == '"' || *target == '\'')
        target++;
      gboolean inner = *target == '#' || g_ascii_strncasecmp(target, "data:", 5) == 0;
      g_string_append(out, inner ? "url(" : "-url(");
      c += 3;
    } else
      g_string_append_c(out, *c);
  }
}

static gboolean is_name(const char *name) {
  if (!g_ascii_isalpha(name[0]) && name[0] != '_')
    return FALSE;
  for (const char *c = name; *c != 0; c++)
    if (!g_ascii_isalnum(*c) && strchr("-_:.", *c) == NULL)
      return FALSE;
  return strlen(name) <= 128;
}

/* What the element stands as; NULL where it is left out with all in it. */
static const char *shown_tag(const SightDom *dom, const SightNode *node) {
  const char *tag = sight_dom_name_text(dom, node->tag);
  if (g_strv_contains(dropped_tags, tag))
    return NULL;
  if (strcmp(tag, "link") == 0)
    return sight_dom_attr_find(dom, node, "_cssText") != NULL ? "style" : NULL;
  if (strcmp(tag, "canvas") == 0)
    return "img";
  if (g_strv_contains(boxed_tags, tag) || !is_name(tag))
    return "div";
  return tag;
}

static gboolean is_void(const char *tag) {
  return g_strv_contains(void_tags, tag);
}

static gboolean is_kept_url(const char *tag, const char *value) {
  while (g_ascii_isspace(*value) || (guchar)*value <= 0x20)
    if (*value++ == 0)
      return FALSE;
  if (*value == '#')
    return TRUE;
  if (strcmp(tag, "a") == 0 || strcmp(tag, "area") == 0 || strcmp(tag, "use") == 0)
    return FALSE;
  return g_ascii_strncasecmp(value, "data:image/", 11) == 0 || g_ascii_strncasecmp(value, "data:font/", 10) == 0 ||
         g_ascii_strncasecmp(value, "data:audio/", 11) == 0 || g_ascii_strncasecmp(value, "data:video/", 11) == 0;
}

static void write_attribute(GString *out, const char *tag, const char *name, const char *value) {
  static const char *const own[] = {"srcdoc", "sandbox", "http-equiv", "is", "allow", "nonce", "slot-assignment", NULL};
  if (!is_name(name) || g_ascii_strncasecmp(name, "on", 2) == 0 || g_str_has_prefix(name, "rr_") || name[0] == '_')
    return;
  g_autofree char *lower = g_ascii_strdown(name, -1);
  if (g_strv_contains(own, lower))
    return;
  if (g_strv_contains(url_attributes, lower) && !is_kept_url(tag, value))
    return;
  if (strcmp(lower, "style") == 0) {
    g_autoptr(GString) css = g_string_new(NULL);
    append_css(css, value);
    append_attribute(out, name, css->str);
    return;
  }
  append_attribute(out, name, value);
}

static void write_size(const SightDom *dom, GString *out, const SightNode *node) {
  const char *width = sight_dom_attr_text(dom, node, "rr_width"), *height = sight_dom_attr_text(dom, node, "rr_height");
  const char *unsafe = "<>\"'`;{}()\\";
  if (width == NULL || height == NULL || strpbrk(width, unsafe) != NULL || strpbrk(height, unsafe) != NULL)
    return;
  g_autofree char *style = g_strdup_printf("width: %s; height: %s;", width, height);
  append_attribute(out, "style", style);
}

static void write_attributes(const SightDom *dom, GString *out, SightNodeIndex index, const char *tag) {
  const SightNode *node = sight_dom_at(dom, index);
  const SightNodeState *state = sight_dom_state(dom, index);
  gboolean typed = state != NULL && state->has_input;
  const char *picture = sight_dom_attr_text(dom, node, "rr_dataURL");
  gboolean sized = sight_dom_attr_find(dom, node, "rr_width") != NULL;
  for (guint i = 0; i < node->n_attrs; i++) {
    const char *name = sight_dom_name_text(dom, sight_dom_attr_at(dom, node, i)->name);
    const char *value = sight_dom_attr_text(dom, node, name);
    if (value == NULL || (typed && (strcmp(name, "value") == 0 || strcmp(name, "checked") == 0)) ||
        (picture != NULL && strcmp(name, "src") == 0) || (sized && strcmp(name, "style") == 0) ||
        (strcmp(tag, "textarea") == 0 && strcmp(name, "value") == 0))
      continue;
    write_attribute(out, tag, name, value);
  }
  if (sized)
    write_size(dom, out, node);
  if (picture != NULL && strcmp(tag, "img") == 0 && is_kept_url(tag, picture))
    append_attribute(out, "src", picture);
  if (!typed || strcmp(tag, "input") != 0)
    return;
  append_attribute(out, "value", state->input);
  if (state->checked)
    append_attribute(out, "checked", "");
}

/* All of a sheet: its text, or its texts, with the changes that script made. */
static void write_sheet(const SightDom *dom, GString *out, SightNodeIndex index) {
  const SightNode *node = sight_dom_at(dom, index);
  const SightNodeState *state = sight_dom_state(dom, index);
  g_autoptr(GString) css = g_string_new(sight_dom_attr_text(dom, node, "_cssText"));
  gboolean has_css = css->len > 0;
  for (SightNodeIndex i = node->first; i != 0; i = sight_dom_at(dom, i)->next) {
    const SightNode *child = sight_dom_at(dom, i);
    if (child->type == SIGHT_NODE_TEXT && (!has_css || (child->flags & SIGHT_FLAG_LATE)))
      g_string_append(css, sight_dom_text(dom, child->id));
  }
  if (state == NULL || state->rules == NULL) {
    append_css(out, css->str);
    return;
  }
  g_autoptr(GPtrArray) rules = sight_css_split(css->str, css->len);
  gsize work = 0;
  sight_css_change(rules, state->rules, &work);
  g_autofree char *changed = sight_css_join(rules, "\n");
  append_css(out, changed);
}

static void write_adopted(const SightDom *dom, GString *out, SightNodeIndex host) {
  const SightNodeState *state = sight_dom_state(dom, host);
  for (guint i = 0; state != NULL && state->adopted != NULL && i < state->adopted->len && out->len < MAX_WITH_ADOPTED;
       i++) {
    SightRuleLog *log = g_hash_table_lookup(dom->sheets, GINT_TO_POINTER(g_array_index(state->adopted, int, i)));
    if (log == NULL)
      continue;
    g_string_append(out, "<style>");
    append_css(out, sight_css_of_log(log));
    g_string_append(out, "</style>");
  }
}

static void write_document(const SightDom *dom, GString *out, SightNodeIndex document, guint level);

static void write_frame(const SightDom *dom, GString *out, SightNodeIndex frame, guint level) {
  SightNodeIndex document = sight_dom_at(dom, frame)->first;
  g_string_append(out, " sandbox=\"\"");
  if (document == 0 || sight_dom_at(dom, document)->type != SIGHT_NODE_DOCUMENT || level >= MAX_FRAME_LEVEL)
    return;
  g_autoptr(GString) inner = g_string_new(NULL);
  write_document(dom, inner, document, level + 1);
  append_attribute(out, "srcdoc", inner->str);
}

static gboolean is_selected(const SightDom *dom, SightNodeIndex option) {
  SightNodeIndex select = sight_dom_at(dom, option)->parent;
  if (select != 0 && sight_dom_is_tag(dom, sight_dom_at(dom, select), "optgroup")) /* there are none in others */
    select = sight_dom_at(dom, select)->parent;
  const SightNodeState *state = sight_dom_state(dom, select);
  const char *value = sight_dom_attr_text(dom, sight_dom_at(dom, option), "value");
  return state != NULL && state->has_input && value != NULL && strcmp(state->input, value) == 0;
}

/* The begin of an element with everything that is not a child node. FALSE where its children are not to be written. */
static gboolean open_element(const SightDom *dom, GString *out, SightNodeIndex index, const char *tag, guint level) {
  const SightNode *node = sight_dom_at(dom, index);
  g_string_append_printf(out, "<%s", tag);
  write_attributes(dom, out, index, tag);
  if (strcmp(tag, "option") == 0 && is_selected(dom, index))
    append_attribute(out, "selected", "");
  if (strcmp(tag, "iframe") == 0)
    write_frame(dom, out, index, level);
  g_string_append_c(out, '>');
  if (strcmp(tag, "style") == 0)
    write_sheet(dom, out, index);
  if (strcmp(tag, "textarea") == 0) {
    const char *value = sight_dom_value(dom, node->id);
    g_string_append_c(out, '\n'); /* a parser drops the first line break */
    append_escaped(out, value != NULL ? value : "", value != NULL ? strlen(value) : 0);
  }
  return !is_void(tag) && strcmp(tag, "style") != 0 && strcmp(tag, "textarea") != 0 && strcmp(tag, "iframe") != 0;
}

static SightNodeIndex first_shown(const SightDom *dom, SightNodeIndex index, gboolean shadow) {
  for (; index != 0; index = sight_dom_at(dom, index)->next)
    if (((sight_dom_at(dom, index)->flags & SIGHT_FLAG_IN_SHADOW) != 0) == shadow)
      return index;
  return 0;
}

static const char shadow_begin[] = "<template shadowrootmode=\"open\">", shadow_end[] = "</template>";

/* The first child that is written: those of the shadow root, then the others. */
static SightNodeIndex enter(const SightDom *dom, GString *out, SightNodeIndex index) {
  const SightNode *node = sight_dom_at(dom, index);
  SightNodeIndex inner = (node->flags & SIGHT_FLAG_SHADOW_HOST) ? first_shown(dom, node->first, TRUE) : 0;
  if (inner == 0)
    return first_shown(dom, node->first, FALSE);
  g_string_append(out, shadow_begin);
  write_adopted(dom, out, index);
  return inner;
}

static SightNodeIndex next_of(const SightDom *dom, GString *out, SightNodeIndex index) {
  const SightNode *node = sight_dom_at(dom, index);
  gboolean shadow = (node->flags & SIGHT_FLAG_IN_SHADOW) != 0;
  SightNodeIndex next = first_shown(dom, node->next, shadow);
  if (next != 0 || !shadow)
    return next;
  g_string_append(out, shadow_end);
  return first_shown(dom, sight_dom_at(dom, node->parent)->first, FALSE);
}

static void write_document(const SightDom *dom, GString *out, SightNodeIndex document, guint level) {
  g_string_append(out, (sight_dom_at(dom, document)->flags & SIGHT_FLAG_BACK_COMPAT) ? "" : "<!DOCTYPE html>");
  /* before anything else, also where there is no head: a parser makes one */
  g_string_append(out, "<meta charset=\"utf-8\">" POLICY);
  SightNodeIndex index = first_shown(dom, sight_dom_at(dom, document)->first, FALSE);
  while (index != 0) {
    const SightNode *node = sight_dom_at(dom, index);
    const char *tag = node->type == SIGHT_NODE_ELEMENT ? shown_tag(dom, node) : NULL;
    SightNodeIndex child = 0;
    if (node->type == SIGHT_NODE_TEXT || node->type == SIGHT_NODE_CDATA) {
      gsize bytes;
      const char *text = sight_dom_str(dom, node->text, &bytes);
      append_escaped(out, text, bytes);
    } else if (tag != NULL && open_element(dom, out, index, tag, level))
      child = enter(dom, out, index);
    while (child == 0) {
      node = sight_dom_at(dom, index);
      tag = node->type == SIGHT_NODE_ELEMENT ? shown_tag(dom, node) : NULL;
      if (tag != NULL && strcmp(tag, "head") == 0)
        write_adopted(dom, out, document);
      if (tag != NULL && !is_void(tag))
        g_string_append_printf(out, "</%s>", tag);
      child = next_of(dom, out, index);
      index = node->parent;
      if (child == 0 && index == document)
        return;
    }
    index = child;
  }
}

gboolean sight_dom_write_html(const SightDom *dom, GString *out) {
  if (dom->root == 0)
    return FALSE;
  write_document(dom, out, dom->root, 0);
  g_string_append_c(out, '\n');
  return TRUE;
}

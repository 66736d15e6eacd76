/* SPDX-License-Identifier: MIT */
/* What can be read on the page, and what is hidden as far as attributes tell. */
#include "sight-dom-private.h"

#include <string.h>

static const char *const silent_tags[] = {"head",     "script", "noscript", "style", "template", "title",
                                          "datalist", "object", "canvas",   "audio", "video",    NULL};
static const char *const block_tags[] = {
    "address", "article",  "aside",   "blockquote", "br",       "button", "dd",  "details", "dialog", "div", "dl",
    "dt",      "fieldset", "figure",  "footer",     "form",     "h1",     "h2",  "h3",      "h4",     "h5",  "h6",
    "header",  "hr",       "input",   "legend",     "li",       "main",   "nav", "ol",      "option", "p",   "pre",
    "section", "select",   "summary", "table",      "textarea", "tr",     "ul",  "body",    NULL};

/* Whether a style attribute says `property: value`, in any spelling of blanks. */
static gboolean style_says(const char *style, const char *property, const char *value) {
  for (const char *at = style; (at = strstr(at, property)) != NULL; at++) {
    const char *c = at + strlen(property);
    if (at > style && (g_ascii_isalnum(at[-1]) || at[-1] == '-'))
      continue;
    while (g_ascii_isspace(*c))
      c++;
    if (*c != ':')
      continue;
    for (c++; g_ascii_isspace(*c);)
      c++;
    if (g_str_has_prefix(c, value))
      return TRUE;
  }
  return FALSE;
}

gboolean sight_dom_tag_has_meaning(const char *tag) {
  static const char *const meaning[] = {"a",     "button", "select",  "h1",       "h2",   "h3",    "h4",
                                        "h5",    "h6",     "img",     "svg",      "form", "video", "iframe",
                                        "input", "dialog", "summary", "textarea", NULL};
  return g_strv_contains(meaning, tag) || strchr(tag, '-') != NULL;
}

guint sight_dom_tag_traits(const SightDom *dom, const SightNode *node) {
  if (node->type != SIGHT_NODE_ELEMENT)
    return 0;
  /* Read anew only where a tag is met for the first time. */
  if (node->tag >= dom->tag_traits->len)
    g_array_set_size(dom->tag_traits, node->tag + 1);
  guint16 *traits = &g_array_index(dom->tag_traits, guint16, node->tag);
  if (*traits == 0) {
    const char *tag = sight_dom_name_text(dom, node->tag);
    *traits = SIGHT_TRAIT_KNOWN | (g_strv_contains(silent_tags, tag) ? SIGHT_TRAIT_SILENT : 0) |
              (g_strv_contains(block_tags, tag) ? SIGHT_TRAIT_BLOCK : 0) |
              (strcmp(tag, "td") == 0 || strcmp(tag, "th") == 0 ? SIGHT_TRAIT_CELL : 0) |
              (sight_dom_tag_has_meaning(tag) ? SIGHT_TRAIT_MEANING : 0);
  }
  return *traits;
}

static const char *fixed_text(const SightDom *dom, const SightNode *node, SightTag name) {
  const SightAttr *attr = sight_dom_attr_fixed(dom, node, name);
  return attr != NULL ? sight_dom_attr_value(dom, attr) : NULL;
}

static gboolean says_hidden(const SightDom *dom, const SightNode *node) {
  if (sight_node_is(node, SIGHT_TAG_DIALOG) && sight_dom_attr_fixed(dom, node, SIGHT_TAG_OPEN) == NULL)
    return TRUE;
  for (guint i = 0; i < node->n_attrs; i++) {
    const SightAttr *attr = sight_dom_attr_at(dom, node, i);
    guint32 name = attr->name & ~SIGHT_ATTR_RAW;
    if (name != SIGHT_TAG_HIDDEN && name != SIGHT_TAG_STYLE && name != SIGHT_TAG_TYPE)
      continue;
    const char *value = sight_dom_attr_value(dom, attr);
    if (value == NULL)
      continue;
    if (name == SIGHT_TAG_HIDDEN ||
        (name == SIGHT_TAG_TYPE && sight_node_is(node, SIGHT_TAG_INPUT) && strcmp(value, "hidden") == 0))
      return TRUE;
    if (name == SIGHT_TAG_STYLE && (style_says(value, "display", "none") || style_says(value, "visibility", "hidden") ||
                                    style_says(value, "opacity", "0;")))
      return TRUE;
  }
  return FALSE;
}

/* Asked of all that is above each change, so the answer is kept until an attribute changes. */
static gboolean hides(const SightDom *dom, const SightNode *node) {
  if (node->type != SIGHT_NODE_ELEMENT)
    return FALSE;
  if ((node->flags & SIGHT_FLAG_ASKED) == 0) {
    SightNode *asked = &g_array_index(dom->nodes, SightNode, (guint)(node - (SightNode *)(void *)dom->nodes->data));
    asked->flags &= (guint16)~SIGHT_FLAG_HIDES;
    asked->flags |= SIGHT_FLAG_ASKED | (says_hidden(dom, node) ? SIGHT_FLAG_HIDES : 0);
  }
  return (node->flags & SIGHT_FLAG_HIDES) != 0;
}

/* In a closed details element only the summary is seen. */
static gboolean is_folded(const SightDom *dom, const SightNode *node) {
  if (node->parent == 0 || sight_node_is(node, SIGHT_TAG_SUMMARY))
    return FALSE;
  const SightNode *parent = sight_dom_at(dom, node->parent);
  return sight_node_is(parent, SIGHT_TAG_DETAILS) && sight_dom_attr_fixed(dom, parent, SIGHT_TAG_OPEN) == NULL;
}

gboolean sight_dom_is_hidden(const SightDom *dom, int id) {
  SightNodeIndex index = sight_dom_find(dom, id);
  if (index == 0)
    return TRUE;
  for (guint level = 0; index != 0 && level < SIGHT_DOM_LEVELS; level++, index = sight_dom_at(dom, index)->parent) {
    const SightNode *node = sight_dom_at(dom, index);
    if (hides(dom, node) || is_folded(dom, node))
      return TRUE;
    if (node->parent == 0 && index != dom->root)
      return TRUE; /* it hangs nowhere */
  }
  return FALSE;
}

static void end_line(GString *out) {
  while (out->len > 0 && out->str[out->len - 1] == ' ')
    g_string_truncate(out, out->len - 1);
  if (out->len > 0 && out->str[out->len - 1] != '\n')
    g_string_append_c(out, '\n');
}

static void append_words(GString *out, const char *text) {
  for (const char *c = text; *c != 0; c++) {
    if (!g_ascii_isspace(*c))
      g_string_append_c(out, *c);
    else if (out->len > 0 && out->str[out->len - 1] != ' ' && out->str[out->len - 1] != '\n')
      g_string_append_c(out, ' ');
  }
}

/* What a field shows. A password is never told, whatever was recorded. */
static void append_field(const SightDom *dom, GString *out, const SightNode *node) {
  static const char *const unseen[] = {"password", "checkbox", "radio", "range", "color", "file", "image", NULL};
  const char *type = sight_dom_attr_text(dom, node, "type");
  if (type != NULL && g_strv_contains(unseen, type))
    return;
  const char *value = sight_dom_value(dom, node->id);
  if (value == NULL || value[0] == 0)
    value = sight_dom_attr_text(dom, node, "placeholder");
  if (value != NULL)
    append_words(out, value);
}

void sight_dom_write_text(const SightDom *dom, GString *out) {
  for (SightNodeIndex i = dom->root; i != 0;) {
    const SightNode *node = sight_dom_at(dom, i);
    gboolean element = node->type == SIGHT_NODE_ELEMENT;
    const char *tag = element ? sight_dom_name_text(dom, node->tag) : "";
    gboolean skip = hides(dom, node) || is_folded(dom, node) || (element && g_strv_contains(silent_tags, tag));
    if (!skip && element && g_strv_contains(block_tags, tag))
      end_line(out);
    if (!skip && node->type == SIGHT_NODE_TEXT)
      append_words(out, sight_dom_text(dom, node->id));
    if (!skip && (strcmp(tag, "input") == 0 || strcmp(tag, "textarea") == 0)) {
      append_field(dom, out, node);
      skip = TRUE;
    }
    SightNodeIndex next = skip ? 0 : node->first;
    while (next == 0 && i != 0) {
      node = sight_dom_at(dom, i);
      tag = node->type == SIGHT_NODE_ELEMENT ? sight_dom_name_text(dom, node->tag) : "";
      if (g_strv_contains(block_tags, tag))
        end_line(out);
      else if (strcmp(tag, "td") == 0 || strcmp(tag, "th") == 0)
        append_words(out, " ");
      next = i != dom->root ? node->next : 0;
      i = i != dom->root ? node->parent : 0;
    }
    i = next;
  }
  end_line(out);
}

static gboolean is_silent(const SightDom *dom, const SightNode *node) {
  return (sight_dom_tag_traits(dom, node) & SIGHT_TRAIT_SILENT) != 0;
}

static gboolean is_own_block(const SightDom *dom, const SightNode *node) {
  return node->type == SIGHT_NODE_ELEMENT &&
         ((sight_dom_tag_traits(dom, node) & SIGHT_TRAIT_BLOCK) != 0 || hides(dom, node) || is_folded(dom, node));
}

void sight_dom_visit(const SightDom *dom, int id, SightDomVisit visit, gpointer user_data) {
  SightNodeIndex top = sight_dom_find(dom, id), hidden = 0;
  if (top == 0)
    return;
  gboolean above = top != dom->root && sight_dom_is_hidden(dom, sight_dom_parent(dom, id));
  for (SightNodeIndex i = top, next; i != 0; i = next) {
    const SightNode *node = sight_dom_at(dom, i);
    gboolean silent = is_silent(dom, node);
    if (hidden == 0 && (hides(dom, node) || is_folded(dom, node)))
      hidden = i;
    if (node->type == SIGHT_NODE_ELEMENT && !silent)
      visit(node->id, above || hidden != 0, user_data);
    next = silent ? 0 : node->first;
    while (next == 0) {
      if (i == hidden)
        hidden = 0;
      if (i == top)
        return;
      next = sight_dom_at(dom, i)->next;
      if (next == 0)
        i = sight_dom_at(dom, i)->parent;
      if (i == 0)
        return;
    }
  }
}

void sight_dom_each_below(const SightDom *dom, int id, SightDomEach each, gpointer user_data) {
  SightNodeIndex top = sight_dom_find(dom, id);
  for (SightNodeIndex i = top; i != 0; i = sight_dom_following(dom, i, top))
    each(sight_dom_at(dom, i)->id, user_data);
}

gboolean sight_dom_is_block(const SightDom *dom, int id) {
  SightNodeIndex index = sight_dom_find(dom, id);
  return index != 0 && is_own_block(dom, sight_dom_at(dom, index));
}

int sight_dom_block(const SightDom *dom, int id) {
  SightNodeIndex index = sight_dom_find(dom, id);
  for (guint level = 0; index != 0 && level < SIGHT_DOM_LEVELS; level++, index = sight_dom_at(dom, index)->parent)
    if (is_own_block(dom, sight_dom_at(dom, index)))
      return sight_dom_at(dom, index)->id;
  return 0;
}

/* What a button that is a field says. */
static void append_button(const SightDom *dom, GString *out, const SightNode *node) {
  static const char *const kinds[] = {"button", "submit", "reset", NULL};
  const char *type = sight_node_is(node, SIGHT_TAG_INPUT) ? fixed_text(dom, node, SIGHT_TAG_TYPE) : NULL;
  const char *value = type != NULL && g_strv_contains(kinds, type) ? sight_dom_attr_text(dom, node, "value") : NULL;
  if (value != NULL)
    append_words(out, value);
}

void sight_dom_append_block_text(const SightDom *dom, int id, gsize max_bytes, GString *out) {
  SightNodeIndex top = sight_dom_find(dom, id);
  gsize from = out->len;
  if (top == 0)
    return;
  append_button(dom, out, sight_dom_at(dom, top));
  /* Nor more nodes: of those without text there may be any number. */
  gsize n = 0;
  for (SightNodeIndex i = sight_dom_following(dom, top, top); i != 0 && out->len - from < max_bytes && n < max_bytes;
       n++) {
    const SightNode *node = sight_dom_at(dom, i);
    gboolean skip = is_silent(dom, node) || is_own_block(dom, node);
    gsize bytes = 0;
    const char *text = node->type == SIGHT_NODE_TEXT ? sight_dom_str(dom, node->text, &bytes) : NULL;
    if (text != NULL)
      append_words(out, text);
    if (skip || (sight_dom_tag_traits(dom, node) & SIGHT_TRAIT_CELL) != 0)
      append_words(out, " ");
    i = skip ? sight_dom_following_skip(dom, i, top) : sight_dom_following(dom, i, top);
  }
}

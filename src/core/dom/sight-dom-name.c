/* SPDX-License-Identifier: MIT */
/* What a reader would call an element, and a short selector that finds it in other sessions too. */
#include "sight-dom-private.h"
#include "sight-text.h"

#include <string.h>

/* A label needs the first words only, a selector the nearest ancestors. */
#define MAX_VISITED 2000u
#define MAX_LEVELS 6u
#define MAX_SIBLINGS 2000u

static gboolean is_any_tag(const SightDom *dom, const SightNode *node, const char *const *tags) {
  if (node->type != SIGHT_NODE_ELEMENT)
    return FALSE;
  return g_strv_contains(tags, sight_dom_name_text(dom, node->tag));
}

/* Looked at for each click, so never all of a text that may be long: some blanks are in it, and not only. */
static gsize enough_bytes(guint max_chars) {
  return (gsize)max_chars * 6 + 64;
}

static char *text_below(const SightDom *dom, SightNodeIndex top, guint max_chars) {
  static const char *const silent[] = {"script", "noscript", "style", "template", "head", "option", "textarea", NULL};
  g_autoptr(GString) text = g_string_new(NULL);
  guint visited = 0;
  for (SightNodeIndex i = top; i != 0 && visited < MAX_VISITED && text->len < enough_bytes(max_chars); visited++) {
    const SightNode *node = sight_dom_at(dom, i);
    gsize bytes;
    const char *part = node->type == SIGHT_NODE_TEXT ? sight_dom_str(dom, node->text, &bytes) : NULL;
    if (part != NULL) {
      g_string_append_len(text, part, (gssize)MIN(bytes, enough_bytes(max_chars)));
      g_string_append_c(text, ' ');
    }
    i = i != top && is_any_tag(dom, node, silent) ? sight_dom_following_skip(dom, i, top)
                                                  : sight_dom_following(dom, i, top);
  }
  return sight_text_excerpt(text->str, (gssize)text->len, max_chars);
}

static char *excerpt_if_any(const char *text, guint max_chars) {
  if (text == NULL)
    return NULL;
  g_autofree char *excerpt = sight_text_excerpt(text, (gssize)strnlen(text, enough_bytes(max_chars)), max_chars);
  return excerpt[0] != 0 ? g_steal_pointer(&excerpt) : NULL;
}

static gboolean is_button_input(const SightDom *dom, const SightNode *node) {
  static const char *const kinds[] = {"button", "submit", "reset", "image", NULL};
  const char *type = sight_dom_attr_text(dom, node, "type");
  return sight_dom_is_tag(dom, node, "input") && type != NULL && g_strv_contains(kinds, type);
}

char *sight_dom_label(const SightDom *dom, int id, guint max_chars) {
  static const char *const fallbacks[] = {"placeholder", "alt", "title", "name", NULL};
  static const char *const fields[] = {"input", "select", "textarea", NULL};
  SightNodeIndex index = sight_dom_find(dom, id);
  if (index == 0)
    return g_strdup("");
  const SightNode *node = sight_dom_at(dom, index);
  if (node->type != SIGHT_NODE_ELEMENT)
    return text_below(dom, index, max_chars);
  char *label = excerpt_if_any(sight_dom_attr_text(dom, node, "aria-label"), max_chars);
  if (label == NULL && is_button_input(dom, node))
    label = excerpt_if_any(sight_dom_attr_text(dom, node, "value"), max_chars);
  if (label == NULL && !is_any_tag(dom, node, fields)) {
    g_autofree char *text = text_below(dom, index, max_chars);
    label = excerpt_if_any(text, max_chars);
  }
  for (guint i = 0; label == NULL && fallbacks[i] != NULL; i++)
    label = excerpt_if_any(sight_dom_attr_text(dom, node, fallbacks[i]), max_chars);
  return label != NULL ? label : g_strdup("");
}

/* Selectors */

void sight_dom_append_identifier(GString *out, const char *text) {
  for (const char *c = text; *c != 0; c++) {
    gboolean first = c == text || (c == text + 1 && text[0] == '-');
    if (g_ascii_isalpha(*c) || *c == '_' || (*c == '-' && c[1] != 0) || (guchar)*c >= 0x80 ||
        (g_ascii_isdigit(*c) && !first))
      g_string_append_c(out, *c);
    else if (g_ascii_isdigit(*c) || g_ascii_iscntrl(*c))
      g_string_append_printf(out, "\\%x ", (guchar)*c);
    else
      g_string_append_printf(out, "\\%c", *c);
  }
}

void sight_dom_append_attribute(GString *out, const char *name, const char *value) {
  g_string_append_printf(out, "[%s=\"", name);
  for (const char *c = value; *c != 0; c++) {
    if (*c == '"' || *c == '\\')
      g_string_append_printf(out, "\\%c", *c);
    else if (g_ascii_iscntrl(*c))
      g_string_append_printf(out, "\\%x ", (guchar)*c);
    else
      g_string_append_c(out, *c);
  }
  g_string_append(out, "\"]");
}

/* An id that a program made up is another one in the next session: hashes, counters, React's ":r1:". */
static gboolean is_lasting(const char *value) {
  guint digits = 0, length = 0;
  for (const char *c = value; *c != 0 && length <= 64; c++, length++) {
    if (g_ascii_isspace(*c) || *c == ':' || *c == '{')
      return FALSE;
    digits += g_ascii_isdigit(*c) ? 1 : 0;
  }
  return length > 0 && length <= 64 && digits <= 3 && digits * 2 <= length;
}

/* Names the element by what its makers called it. FALSE where they did not. */
static gboolean append_by_name(const SightDom *dom, GString *out, const SightNode *node, gboolean only_unique) {
  static const char *const test_ids[] = {"data-testid", "data-test-id", "data-test", "data-cy", "data-qa", NULL};
  const char *tag = sight_dom_name_text(dom, node->tag), *value;
  for (guint i = 0; test_ids[i] != NULL; i++) {
    value = sight_dom_attr_text(dom, node, test_ids[i]);
    if (value != NULL && value[0] != 0 && strnlen(value, 129) <= 128) {
      sight_dom_append_attribute(out, test_ids[i], value);
      return TRUE;
    }
  }
  value = sight_dom_attr_text(dom, node, "id");
  if (value != NULL && is_lasting(value)) {
    g_string_append_c(out, '#');
    sight_dom_append_identifier(out, value);
    return TRUE;
  }
  if (only_unique)
    return FALSE;
  value = sight_dom_attr_text(dom, node, "name");
  if (value != NULL && is_lasting(value)) {
    sight_dom_append_identifier(out, tag);
    sight_dom_append_attribute(out, "name", value);
    return TRUE;
  }
  const char *role = sight_dom_attr_text(dom, node, "role");
  value = sight_dom_attr_text(dom, node, "aria-label");
  if (value == NULL || value[0] == 0 || strnlen(value, 65) > 64)
    return FALSE;
  if (role != NULL && role[0] != 0 && strnlen(role, 65) <= 64)
    sight_dom_append_attribute(out, "role", role);
  else
    sight_dom_append_identifier(out, tag);
  sight_dom_append_attribute(out, "aria-label", value);
  return TRUE;
}

/* tag, or tag:nth-of-type(n) where it has siblings of its kind. */
static void append_by_place(const SightDom *dom, GString *out, const SightNode *node) {
  guint before = 0, after = 0, steps = 0;
  for (SightNodeIndex i = node->prev; i != 0 && steps < MAX_SIBLINGS; i = sight_dom_at(dom, i)->prev, steps++)
    before += sight_dom_at(dom, i)->type == SIGHT_NODE_ELEMENT && sight_dom_at(dom, i)->tag == node->tag;
  for (SightNodeIndex i = node->next; i != 0 && after == 0 && steps < MAX_SIBLINGS;
       i = sight_dom_at(dom, i)->next, steps++)
    after += sight_dom_at(dom, i)->type == SIGHT_NODE_ELEMENT && sight_dom_at(dom, i)->tag == node->tag;
  sight_dom_append_identifier(out, sight_dom_name_text(dom, node->tag));
  if (before + after > 0 && steps < MAX_SIBLINGS)
    g_string_append_printf(out, ":nth-of-type(%u)", before + 1);
}

char *sight_dom_selector(const SightDom *dom, int id) {
  SightNodeIndex index = sight_dom_find(dom, id);
  while (index != 0 && sight_dom_at(dom, index)->type != SIGHT_NODE_ELEMENT)
    index = sight_dom_at(dom, index)->parent;
  g_autoptr(GString) out = g_string_new(NULL);
  for (guint level = 0; index != 0 && level < MAX_LEVELS; level++) {
    const SightNode *node = sight_dom_at(dom, index);
    if (node->type != SIGHT_NODE_ELEMENT)
      break;
    g_autoptr(GString) part = g_string_new(NULL);
    gboolean named = append_by_name(dom, part, node, level > 0);
    if (!named)
      append_by_place(dom, part, node);
    if (out->len > 0)
      g_string_prepend(out, " > ");
    g_string_prepend(out, part->str);
    if (named || (node->flags & SIGHT_FLAG_IN_SHADOW))
      break;
    index = node->parent;
  }
  return g_string_free(g_steal_pointer(&out), FALSE);
}

/* Signatures */

#define MAX_CLASSES 6
#define MAX_CLASS_BYTES 40
/* Most of the words of a long list are made up: what stands far behind in it is not looked at. */
#define MAX_LIST_BYTES 1000

static gboolean has_meaning(const SightDom *dom, const SightNode *node) {
  return (sight_dom_tag_traits(dom, node) & SIGHT_TRAIT_MEANING) != 0 ||
         sight_dom_attr_fixed(dom, node, SIGHT_TAG_ID) != NULL ||
         sight_dom_attr_fixed(dom, node, SIGHT_TAG_ROLE) != NULL ||
         sight_dom_attr_fixed(dom, node, SIGHT_TAG_TEST_ID) != NULL;
}

gboolean sight_dom_signature_tells_class(const char *name) {
  gsize bytes = strnlen(name, MAX_CLASS_BYTES + 1);
  return bytes <= MAX_CLASS_BYTES && is_lasting(name) && !sight_text_is_id(name, bytes);
}

gboolean sight_dom_signature_tells_value(const char *value) {
  return is_lasting(value);
}

static void append_classes(const SightDom *dom, GString *out, const SightNode *node) {
  const char *value = sight_dom_attr_text(dom, node, "class"), *list = value;
  for (guint n = 0; value != NULL && value[0] != 0 && n < MAX_CLASSES && value - list < MAX_LIST_BYTES;) {
    gsize bytes = strcspn(value, " \t\r\n\f");
    char name[MAX_CLASS_BYTES + 1] = "";
    if (bytes > 0 && bytes <= MAX_CLASS_BYTES)
      memcpy(name, value, bytes);
    if (sight_dom_signature_tells_class(name)) {
      g_string_append_c(out, '.');
      sight_dom_append_identifier(out, name);
      n++;
    }
    value += bytes;
    value += strspn(value, " \t\r\n\f");
  }
}

/* Attributes with their value, and those of which it is told that they are there. */
static const char *const told_values[] = {"role", "type", "name", "data-testid", "aria-expanded", "aria-invalid", NULL};
static const char *const told_states[] = {"disabled", "open", NULL};

gboolean sight_dom_signature_tells(const char *attribute, gboolean with_value) {
  return g_strv_contains(told_values, attribute) ||
         (!with_value && (g_strv_contains(told_states, attribute) || g_str_equal(attribute, "checked")));
}

void sight_dom_append_signature(const SightDom *dom, int id, GString *out) {
  SightNodeIndex index = sight_dom_find(dom, id);
  const SightNode *node = sight_dom_at(dom, index);
  if (index == 0 || node->type != SIGHT_NODE_ELEMENT || !has_meaning(dom, node))
    return;
  sight_dom_append_identifier(out, sight_dom_name_text(dom, node->tag));
  const char *value = sight_dom_attr_text(dom, node, "id");
  if (value != NULL && is_lasting(value)) {
    g_string_append_c(out, '#');
    sight_dom_append_identifier(out, value);
  }
  append_classes(dom, out, node);
  for (guint i = 0; told_values[i] != NULL; i++) {
    value = sight_dom_attr_text(dom, node, told_values[i]);
    if (value != NULL && is_lasting(value))
      sight_dom_append_attribute(out, told_values[i], value);
  }
  for (guint i = 0; told_states[i] != NULL; i++)
    if (sight_dom_attr_find(dom, node, told_states[i]) != NULL &&
        sight_dom_attr_text(dom, node, told_states[i]) != NULL)
      g_string_append_printf(out, "[%s]", told_states[i]);
  const SightNodeState *state = sight_dom_state(dom, index);
  if (state != NULL && state->has_input ? state->checked : sight_dom_attr_find(dom, node, "checked") != NULL)
    g_string_append(out, "[checked]");
}

/* SPDX-License-Identifier: MIT */
/* What a click landed on: traits read from the element and its near ancestors. */
#include "sight-target.h"

#include <stdlib.h>
#include <string.h>

#define LABEL_CHARS 80
/* How far up an interactive ancestor, a stepper or a pager may be. */
#define NEAR_LEVELS 8
#define WIDGET_LEVELS 3
/* Of the names of an element and its ancestors so much is read in all; class lists of real pages are a tenth of it. */
#define NAMES_BYTES 4000
/* Beside the traits of SightTarget: it stands in something that slides. */
#define SLIDES (1u << 31)
/* So many elements in and after a label are looked at for its field. */
#define LABEL_NODES 60

static gboolean is_one_of(const char *word, const char *const *list) {
  return word != NULL && g_strv_contains(list, word);
}

/* Roles that a user would click. */
static gboolean is_interactive(const SightDom *dom, int id) {
  static const char *const tags[] = {"a", "button", "input", "label", "summary", "select", "textarea", "option", NULL};
  static const char *const roles[] = {
      "button", "link",     "tab",    "menuitem", "menuitemcheckbox", "menuitemradio", "checkbox",   "radio", "switch",
      "option", "combobox", "slider", "treeitem", "textbox",          "searchbox",     "spinbutton", NULL};
  if (is_one_of(sight_dom_tag(dom, id), tags) || is_one_of(sight_dom_attribute(dom, id, "role"), roles))
    return TRUE;
  const char *tabindex = sight_dom_attribute(dom, id, "tabindex");
  return tabindex != NULL && tabindex[0] != '-';
}

static guint input_traits(const char *type) {
  static const char *const plain[] = {"checkbox", "radio", "button", "submit", "reset", "image", "hidden", NULL};
  static const char *const choices[] = {"file", "date", "time", "datetime-local", "month", "week", "color", NULL};
  if (type == NULL)
    return SIGHT_TARGET_TEXT_FIELD;
  g_autofree char *lower = g_ascii_strdown(type, (gssize)strnlen(type, 32));
  if (is_one_of(lower, plain))
    return 0;
  if (is_one_of(lower, choices))
    return SIGHT_TARGET_CHOICE;
  if (g_str_equal(lower, "number") || g_str_equal(lower, "range"))
    return SIGHT_TARGET_STEPPER | SIGHT_TARGET_TEXT_FIELD;
  return SIGHT_TARGET_TEXT_FIELD;
}

static gboolean leaves_page(const SightDom *dom, int id) {
  const char *href = sight_dom_attribute(dom, id, "href");
  const char *target = sight_dom_attribute(dom, id, "target");
  if (sight_dom_attribute(dom, id, "download") != NULL)
    return TRUE;
  if (target != NULL && target[0] != '\0' && g_ascii_strcasecmp(target, "_self") != 0 &&
      g_ascii_strcasecmp(target, "_top") != 0 && g_ascii_strcasecmp(target, "_parent") != 0)
    return TRUE;
  return href != NULL && (g_ascii_strncasecmp(href, "mailto:", 7) == 0 || g_ascii_strncasecmp(href, "tel:", 4) == 0 ||
                          g_ascii_strncasecmp(href, "sms:", 4) == 0 || g_ascii_strncasecmp(href, "blob:", 5) == 0);
}

/* Recorders write addresses out: what was "#" ends with it, and leads nowhere. */
static gboolean is_own_place(const char *href) {
  return href[0] == '#' || href[strlen(href) - 1] == '#';
}

static gboolean is_link(const SightDom *dom, int id) {
  const char *href = sight_dom_attribute(dom, id, "href");
  return href != NULL && href[0] != '\0' && !is_own_place(href) && g_ascii_strncasecmp(href, "javascript:", 11) != 0;
}

static gboolean is_disabled(const SightDom *dom, int id) {
  static const char *const tags[] = {"button", "input", "select", "textarea", "option", NULL};
  if (!is_one_of(sight_dom_tag(dom, id), tags))
    return FALSE;
  int at = id;
  for (int level = 0; at > 0 && level < SIGHT_DOM_LEVELS; level++, at = sight_dom_parent(dom, at))
    if ((at == id || g_strcmp0(sight_dom_tag(dom, at), "fieldset") == 0) &&
        sight_dom_attribute(dom, at, "disabled") != NULL)
      return TRUE;
  return FALSE;
}

static guint element_traits(const SightDom *dom, int id) {
  static const char *const media[] = {"canvas", "video", "audio", "iframe", "embed", "object", NULL};
  static const char *const choices[] = {"select", "option", "optgroup", "datalist", NULL};
  static const char *const fields[] = {"textbox", "searchbox", NULL};
  static const char *const steppers[] = {"spinbutton", "slider", "scrollbar", NULL};
  const char *tag = sight_dom_tag(dom, id);
  const char *role = sight_dom_attribute(dom, id, "role");
  const char *editable = sight_dom_attribute(dom, id, "contenteditable");
  guint traits = 0;
  if (tag == NULL)
    return 0;
  if (is_one_of(tag, media))
    traits |= SIGHT_TARGET_MEDIA;
  if (is_one_of(tag, choices))
    traits |= SIGHT_TARGET_CHOICE;
  if (g_str_equal(tag, "textarea") || is_one_of(role, fields) ||
      (editable != NULL && g_ascii_strcasecmp(editable, "false") != 0))
    traits |= SIGHT_TARGET_TEXT_FIELD;
  if (is_one_of(role, steppers))
    traits |= SIGHT_TARGET_STEPPER;
  if (g_str_equal(tag, "input"))
    traits |= input_traits(sight_dom_attribute(dom, id, "type"));
  if ((g_str_equal(tag, "a") || g_str_equal(tag, "area")) && leaves_page(dom, id))
    traits |= SIGHT_TARGET_LEAVES;
  if ((g_str_equal(tag, "a") || g_str_equal(tag, "area")) && is_link(dom, id))
    traits |= SIGHT_TARGET_LINK;
  if (is_disabled(dom, id))
    traits |= SIGHT_TARGET_DISABLED;
  return traits;
}

/* What the words in names say; in alphabetical order. */
static const struct {
  const char *word;
  guint traits;
} words[] = {
    {"backward", SIGHT_TARGET_PAGER},
    {"carousel", SLIDES},
    {"decrease", SIGHT_TARGET_STEPPER},
    {"decrement", SIGHT_TARGET_STEPPER},
    {"flickity", SLIDES},
    {"forward", SIGHT_TARGET_PAGER},
    {"gallery", SLIDES},
    {"glide", SLIDES},
    {"increase", SIGHT_TARGET_STEPPER},
    {"increment", SIGHT_TARGET_STEPPER},
    {"minus", SIGHT_TARGET_STEPPER},
    {"next", SIGHT_TARGET_PAGER},
    {"pager", SIGHT_TARGET_PAGER},
    {"pagination", SIGHT_TARGET_PAGER},
    {"paginator", SIGHT_TARGET_PAGER},
    {"plus", SIGHT_TARGET_STEPPER},
    {"prev", SIGHT_TARGET_PAGER},
    {"previous", SIGHT_TARGET_PAGER},
    {"précédent", SIGHT_TARGET_PAGER},
    {"qty", SIGHT_TARGET_STEPPER},
    {"quantity", SIGHT_TARGET_STEPPER},
    {"slick", SLIDES},
    {"slider", SLIDES},
    {"slideshow", SLIDES},
    {"spinbutton", SIGHT_TARGET_STEPPER},
    {"spinner", SIGHT_TARGET_STEPPER},
    {"splide", SLIDES},
    {"stepper", SIGHT_TARGET_STEPPER},
    {"suivant", SIGHT_TARGET_PAGER},
    {"swiper", SLIDES},
    {"weiter", SIGHT_TARGET_PAGER},
    {"zoomin", SIGHT_TARGET_STEPPER},
    {"zoomout", SIGHT_TARGET_STEPPER},
    {"zurück", SIGHT_TARGET_PAGER},
};

static int compare_word(gconstpointer word, gconstpointer entry) {
  return strcmp(word, *(const char *const *)entry);
}

static guint traits_of_word(const char *start, gsize bytes) {
  char word[24];
  if (bytes < 3 || bytes >= sizeof word)
    return 0;
  for (gsize i = 0; i < bytes; i++)
    word[i] = g_ascii_tolower(start[i]);
  word[bytes] = '\0';
  const char *const *found = bsearch(word, words, G_N_ELEMENTS(words), sizeof *words, compare_word);
  return found != NULL ? words[((const char *)found - (const char *)words) / (gssize)sizeof *words].traits : 0;
}

/* What the words of `text` say: "btnNextPage", "btn-next" and "Next page" have the same words. Every click comes here,
 * and names may be as long as a recording: `*budget` bytes are read, and are gone then. */
static guint word_traits(const char *text, gsize *budget) {
  guint traits = 0;
  const char *at = text, *end = text + (text != NULL ? strnlen(text, *budget) : 0);
  *budget -= (gsize)(end - at);
  while (at < end) {
    while (at < end && !g_ascii_isalnum(*at) && (guchar)*at < 0x80)
      at++;
    const char *start = at;
    while (at < end && (g_ascii_isalnum(*at) || (guchar)*at >= 0x80) &&
           (at == start || !g_ascii_isupper(*at) || !g_ascii_islower(at[-1])))
      at++;
    traits |= traits_of_word(start, (gsize)(at - start));
  }
  return traits;
}

/* A label that is nothing but a sign: +, −, ‹, →, 3. */
static guint sign_traits(const char *label) {
  static const char *const steps[] = {"+", "-", "−", "–", "＋", "➕", "➖", NULL};
  static const char *const arrows[] = {"<", ">",  "‹",  "›", "«", "»", "←", "→", "❮", "❯", "◀", "▶", "⟨",
                                       "⟩", "<<", ">>", "▲", "▼", "↑", "↓", "•", "●", "○", "…", NULL};
  if (is_one_of(label, steps))
    return SIGHT_TARGET_STEPPER;
  return is_one_of(label, arrows) ? SIGHT_TARGET_PAGER : 0;
}

static guint naming_traits(const SightDom *dom, int id, gsize *budget) {
  static const char *const attributes[] = {"class", "id",    "aria-label", "data-testid", "name",
                                           "rel",   "title", "data-slide", "data-action", NULL};
  guint traits = 0;
  for (guint i = 0; attributes[i] != NULL; i++)
    traits |= word_traits(sight_dom_attribute(dom, id, attributes[i]), budget);
  return traits;
}

/* Steppers and pagers by sign, name or place. A button that merely stands in a carousel is none: only one without a
 * name of its own. */
static guint widget_traits(const SightDom *dom, int control, const char *label) {
  gsize budget = NAMES_BYTES;
  guint traits = sign_traits(label) | naming_traits(dom, control, &budget);
  if (g_utf8_strlen(label, -1) <= 12)
    traits |= word_traits(label, &budget);
  if ((traits & ~SLIDES) != 0)
    return traits & ~SLIDES;
  gboolean nameless = g_utf8_strlen(label, -1) <= 2;
  int parent = sight_dom_parent(dom, control);
  for (int level = 0; nameless && parent > 0 && level < WIDGET_LEVELS; level++) {
    traits |= naming_traits(dom, parent, &budget);
    parent = sight_dom_parent(dom, parent);
  }
  return (traits & SLIDES) != 0 ? (traits & ~SLIDES) | SIGHT_TARGET_PAGER : traits;
}

/* Whether the field that a label stands for, in it or behind it in the same box, takes words or a choice. */
static gboolean labels_field(const SightDom *dom, int label) {
  int top = sight_dom_parent(dom, label), at = label;
  for (int visited = 0; at > 0 && visited < LABEL_NODES; visited++) {
    if (at != label && (g_strcmp0(sight_dom_tag(dom, at), "input") == 0 ||
                        (element_traits(dom, at) & (SIGHT_TARGET_TEXT_FIELD | SIGHT_TARGET_CHOICE)) != 0))
      return (element_traits(dom, at) & (SIGHT_TARGET_TEXT_FIELD | SIGHT_TARGET_CHOICE)) != 0;
    int next = sight_dom_first_child(dom, at);
    while (next == 0 && at > 0 && at != top) {
      next = sight_dom_next_sibling(dom, at);
      at = next == 0 ? sight_dom_parent(dom, at) : at;
    }
    at = next;
  }
  return FALSE;
}

/* The custom element that a node is a part of, or 0. */
static int component_of(const SightDom *dom, int node) {
  for (int level = 0; node > 0 && level < NEAR_LEVELS; level++) {
    node = sight_dom_parent(dom, node);
    const char *tag = node > 0 ? sight_dom_tag(dom, node) : NULL;
    if (tag != NULL && strchr(tag, '-') != NULL)
      return node;
  }
  return 0;
}

SightTarget *sight_target_new(const SightDom *dom, int node) {
  SightTarget *target = g_rc_box_new0(SightTarget);
  target->node = target->control = node;
  if (node <= 0 || sight_dom_node_type(dom, node) == SIGHT_NODE_NONE) {
    target->traits = SIGHT_TARGET_UNKNOWN;
    target->label = g_strdup("");
    return target;
  }
  const char *tag = sight_dom_tag(dom, node);
  if (tag == NULL || g_str_equal(tag, "html") || g_str_equal(tag, "body"))
    target->traits |= SIGHT_TARGET_BACKGROUND;
  int at = node;
  for (int level = 0; at > 0 && level < NEAR_LEVELS; level++) {
    target->traits |= element_traits(dom, at);
    if (is_interactive(dom, at)) {
      target->traits |= SIGHT_TARGET_INTERACTIVE;
      target->control = at;
      break;
    }
    at = sight_dom_parent(dom, at);
  }
  if ((target->traits & SIGHT_TARGET_BACKGROUND) != 0 && (target->traits & SIGHT_TARGET_INTERACTIVE) != 0 &&
      target->control == node)
    target->traits &= ~(guint)SIGHT_TARGET_INTERACTIVE;
  int named = target->control;
  target->label = sight_dom_label(dom, named, LABEL_CHARS);
  /* The button within a component has its words from outside: they stand in the component itself. */
  int host = component_of(dom, named);
  if (target->label[0] == '\0' && host > 0) {
    g_free(target->label);
    target->label = sight_dom_label(dom, host, LABEL_CHARS);
    named = host;
  }
  target->selector = sight_dom_selector(dom, named);
  target->traits |= widget_traits(dom, target->control, target->label);
  if (g_strcmp0(sight_dom_tag(dom, target->control), "label") == 0 && labels_field(dom, target->control))
    target->traits |= SIGHT_TARGET_LABEL;
  return target;
}

SightTarget *sight_target_ref(const SightTarget *target) {
  return g_rc_box_acquire((gpointer)target);
}

static void clear(gpointer data) {
  SightTarget *target = data;
  g_free(target->label);
  g_free(target->selector);
}

void sight_target_unref(SightTarget *target) {
  if (target != NULL)
    g_rc_box_release_full(target, clear);
}

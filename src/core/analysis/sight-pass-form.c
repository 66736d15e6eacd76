/* SPDX-License-Identifier: MIT */
/* What the page tells of forms and busy indicators: which form a field is in, what people call it, what is layout. */
#include "sight-hash.h"
#include "sight-window-pass-private.h"

#include <string.h>

#define NAME_CHARS 60
/* So much of a page is walked through for a name or for content. */
#define MAX_VISITED 300
#define HEADING_LEVELS 5
/* What says "Loading the list, please wait" is still no content. */
#define BUSY_CHARS 40
/* What it says while it goes on is, up to here. */
#define BUSY_CHARS_LATER 160
#define MAX_BUSY 64
#define MAX_STYLE_BYTES 500

static gboolean is_one_of(const char *word, const char *const *list) {
  return word != NULL && g_strv_contains(list, word);
}

static int form_of(const SightDom *dom, int node) {
  return MAX(sight_dom_closest(dom, node, "form"), 0);
}

static const char *said(const SightDom *dom, int node, const char *attribute) {
  const char *value = sight_dom_attribute(dom, node, attribute);
  return value != NULL && value[0] != '\0' ? value : NULL;
}

char *sight_pass_form_key(const SightWindowPass *pass, int node) {
  int form = form_of(pass->dom, node);
  if (form == 0)
    return g_strdup("");
  const char *name = said(pass->dom, form, "id");
  if (name == NULL)
    name = said(pass->dom, form, "name");
  return name != NULL ? g_strdup(name) : g_strdup_printf("%d", form);
}

static gboolean is_heading(const SightDom *dom, int node) {
  static const char *const tags[] = {"h1", "h2", "h3", "h4", "h5", "h6", "legend", NULL};
  return is_one_of(sight_dom_tag(dom, node), tags);
}

/* The node after `node` in the order of the document, within `top`; 0 behind the last. */
static int following(const SightDom *dom, int node, int top) {
  int next = sight_dom_first_child(dom, node);
  while (next == 0 && node > 0 && node != top) {
    next = sight_dom_next_sibling(dom, node);
    node = sight_dom_parent(dom, node);
  }
  return next;
}

static int heading_within(const SightDom *dom, int top) {
  int visited = 0;
  for (int at = following(dom, top, top); at > 0 && visited < MAX_VISITED; visited++, at = following(dom, at, top))
    if (is_heading(dom, at))
      return at;
  return 0;
}

/* The nearest heading that stands before `node`. */
static int heading_before(const SightDom *dom, int node) {
  int visited = 0;
  for (int level = 0; node > 0 && level < HEADING_LEVELS; level++) {
    int parent = sight_dom_parent(dom, node), found = 0;
    int at = parent > 0 ? sight_dom_first_child(dom, parent) : 0;
    for (; at > 0 && at != node && visited < MAX_VISITED; visited++, at = sight_dom_next_sibling(dom, at))
      found = is_heading(dom, at) ? at : found;
    if (found > 0)
      return found;
    node = parent;
  }
  return 0;
}

static int button_within(const SightDom *dom, int form) {
  int visited = 0;
  for (int at = following(dom, form, form); at > 0 && visited < MAX_VISITED; visited++, at = following(dom, at, form)) {
    const char *type = sight_dom_attribute(dom, at, "type");
    gboolean button = g_strcmp0(sight_dom_tag(dom, at), "button") == 0 && (type == NULL || g_str_equal(type, "submit"));
    if (button || (g_strcmp0(sight_dom_tag(dom, at), "input") == 0 && g_strcmp0(type, "submit") == 0))
      return at;
  }
  return 0;
}

char *sight_pass_form_name(const SightWindowPass *pass, int node) {
  const SightDom *dom = pass->dom;
  int form = form_of(dom, node);
  const char *label = form > 0 ? said(dom, form, "aria-label") : NULL;
  if (label != NULL)
    return g_strndup(label, NAME_CHARS * 4);
  int by = form > 0 ? heading_within(dom, form) : 0;
  if (by == 0)
    by = heading_before(dom, form > 0 ? form : node);
  if (by == 0 && form > 0)
    by = button_within(dom, form);
  if (by == 0)
    return NULL;
  g_autofree char *name = sight_dom_label(dom, by, NAME_CHARS);
  return name[0] != '\0' ? g_steal_pointer(&name) : NULL;
}

static gboolean says_search(const char *text) {
  static const char *const words[] = {"search", "filter", "query",   "suche", "buscar", "busca", "recherche", "cerca",
                                      "zoek",   "szukaj", "pesquis", "поиск", "搜索",   "検索",  "검색",      NULL};
  if (text == NULL)
    return FALSE;
  g_autofree char *cut = g_utf8_make_valid(text, (gssize)strnlen(text, 200));
  g_autofree char *lower = g_utf8_strdown(cut, -1);
  for (guint i = 0; words[i] != NULL; i++)
    if (strstr(lower, words[i]) != NULL)
      return TRUE;
  return FALSE;
}

/* What an editor is typed through: a field of a dot's size or without colour. */
static gboolean is_unseen(const SightDom *dom, int node) {
  static const char *const dots[] = {"opacity:0;", "width:0;",  "width:0px;",  "width:1px;",  "width:2px;",
                                     "width:3px;", "height:0;", "height:0px;", "height:1px;", NULL};
  for (int level = 0; node > 0 && level < 2; level++, node = sight_dom_parent(dom, node)) {
    const char *style = sight_dom_attribute(dom, node, "style");
    if (style == NULL)
      continue;
    g_autoptr(GString) plain = g_string_new(";");
    for (gsize i = 0; i < MAX_STYLE_BYTES && style[i] != '\0'; i++)
      if (style[i] != ' ')
        g_string_append_c(plain, style[i]);
    g_string_append_c(plain, ';');
    for (guint i = 0; dots[i] != NULL; i++) {
      const char *at = strstr(plain->str, dots[i]);
      if (at != NULL && at[-1] == ';')
        return TRUE;
    }
  }
  return FALSE;
}

gboolean sight_pass_is_typed(const SightWindowPass *pass, int node) {
  static const char *const chosen[] = {"checkbox", "radio", "range", "number", "color", "file", "date", "time", NULL};
  const char *tag = sight_dom_tag(pass->dom, node);
  return g_strcmp0(tag, "textarea") == 0 ||
         (g_strcmp0(tag, "input") == 0 && !is_one_of(sight_dom_attribute(pass->dom, node, "type"), chosen));
}

static gboolean is_within(SightWindowPass *pass, int node, GHashTable *tops) {
  int levels = 0;
  for (; node > 0 && levels < SIGHT_DOM_LEVELS; levels++, node = sight_dom_parent(pass->dom, node))
    if (g_hash_table_contains(tops, GINT_TO_POINTER(node)))
      break;
  sight_effort_spend(&pass->effort, SIGHT_EFFORT_NODE * (gint64)levels);
  return node > 0 && levels < SIGHT_DOM_LEVELS;
}

void sight_pass_drop_fields(SightWindowPass *pass, SightJson removes) {
  g_autoptr(GHashTable) tops = NULL;
  GHashTableIter it;
  gpointer key = NULL;
  if (g_hash_table_size(pass->typed) == 0 || sight_json_type(removes) != SIGHT_JSON_ARRAY)
    return;
  tops = g_hash_table_new(sight_hash_number, NULL);
  for (SightJsonIter list = sight_json_iter(removes); sight_json_next(&list);)
    g_hash_table_add(tops, GINT_TO_POINTER((int)sight_json_int(sight_json_get(list.value, "id"), 0)));
  g_hash_table_iter_init(&it, pass->typed);
  while (g_hash_table_size(tops) > 0 && sight_effort_allows(&pass->effort) && g_hash_table_iter_next(&it, &key, NULL)) {
    if (!is_within(pass, GPOINTER_TO_INT(key), tops))
      continue;
    SightAct act = sight_pass_act(pass, SIGHT_ACT_FORM, GPOINTER_TO_INT(key));
    act.detail = "gone";
    sight_pass_watch(pass, act);
    g_hash_table_iter_remove(&it);
  }
}

gboolean sight_pass_is_search(const SightWindowPass *pass, int node) {
  static const char *const names[] = {"q", "s", "keyword", "keywords", "term", NULL};
  static const char *const attributes[] = {"type",       "role",  "name",  "id", "placeholder",
                                           "aria-label", "title", "class", NULL};
  int form = form_of(pass->dom, node);
  if (is_one_of(sight_dom_attribute(pass->dom, node, "name"), names) || is_unseen(pass->dom, node))
    return TRUE;
  for (guint i = 0; attributes[i] != NULL; i++)
    if (says_search(sight_dom_attribute(pass->dom, node, attributes[i])) ||
        (form > 0 && says_search(sight_dom_attribute(pass->dom, form, attributes[i]))))
      return TRUE;
  return FALSE;
}

static gboolean has_token(const char *classes, const char *const *tokens) {
  if (classes == NULL)
    return FALSE;
  g_autofree char *cut = g_strndup(classes, 1000);
  g_auto(GStrv) list = g_strsplit_set(cut, " \t\r\n\f", 50);
  for (guint i = 0; list[i] != NULL; i++)
    if (is_one_of(list[i], tokens))
      return TRUE;
  return FALSE;
}

/* Names that merely have such a word in them: of pictures that are fetched late, of the arrows beside a number. */
static gboolean says_busy(const char *name) {
  static const char *const words[] = {"spinner", "loading", "loader", "skeleton", "shimmer", NULL};
  static const char *const parts[] = {"-up", "-down", "-arrow", "-button", "-input", NULL};
  g_autofree char *lower = g_ascii_strdown(name, -1);
  if (strstr(lower, "lazy") != NULL || g_str_has_prefix(lower, "no-") || g_str_has_prefix(lower, "not-"))
    return FALSE;
  for (guint i = 0; parts[i] != NULL; i++)
    if (g_str_has_suffix(lower, parts[i]))
      return FALSE;
  for (guint i = 0; words[i] != NULL; i++)
    if (strstr(lower, words[i]) != NULL)
      return TRUE;
  return FALSE;
}

static gboolean any_says_busy(const char *classes) {
  g_autofree char *cut = g_strndup(classes, 1000);
  g_auto(GStrv) list = g_strsplit_set(cut, " \t\r\n\f", 50);
  for (guint i = 0; list[i] != NULL; i++)
    if (says_busy(list[i]))
      return TRUE;
  return FALSE;
}

static gboolean has_content(const SightDom *dom, int node, glong most_chars, gboolean words_are) {
  static const char *const controls[] = {"h1",    "h2",     "h3",       "h4",   "h5",  "h6",
                                         "input", "button", "textarea", "form", "nav", NULL};
  int visited = 0;
  for (int at = following(dom, node, node); at > 0 && visited < MAX_VISITED; visited++, at = following(dom, at, node))
    if (is_one_of(sight_dom_tag(dom, at), controls) || sight_dom_attribute(dom, at, "contenteditable") != NULL)
      return TRUE;
  g_autofree char *text = sight_dom_label(dom, node, (gsize)most_chars + 1);
  glong chars = g_utf8_strlen(text, -1);
  return chars > most_chars || (chars > 0 && words_are);
}

/* By its name alone, which says no state of it. */
static gboolean is_merely_called_busy(const SightDom *dom, int node) {
  static const char *const states[] = {"loading", "is-loading", "busy", "is-busy", NULL};
  const char *classes = sight_dom_attribute(dom, node, "class");
  return classes != NULL && sight_dom_attribute(dom, node, "aria-busy") == NULL && !has_token(classes, states) &&
         g_strcmp0(sight_dom_attribute(dom, node, "role"), "progressbar") != 0 &&
         g_strcmp0(sight_dom_tag(dom, node), "progress") != 0;
}

static gboolean is_layout(const SightDom *dom, int node) {
  static const char *const controls[] = {"a", "button", "input", "label", "select", "textarea", NULL};
  if (!is_merely_called_busy(dom, node))
    return FALSE;
  const char *classes = sight_dom_attribute(dom, node, "class");
  /* A button that is loading says so; one that loads something does not. */
  if (!any_says_busy(classes) ||
      (is_one_of(sight_dom_tag(dom, node), controls) && g_strstr_len(classes, 1000, "loading") == NULL))
    return TRUE;
  /* What stands for words that are not there yet has none. */
  gboolean stands_for_words =
      g_strstr_len(classes, 1000, "skeleton") != NULL || g_strstr_len(classes, 1000, "shimmer") != NULL;
  return has_content(dom, node, BUSY_CHARS, stands_for_words);
}

gboolean sight_pass_busy_notice(SightWindowPass *pass, const SightAct *act) {
  gpointer node = GINT_TO_POINTER(act->node);
  if (g_strcmp0(act->detail, "gone") == 0) {
    g_hash_table_remove(pass->busy, node);
    return TRUE;
  }
  if (g_strcmp0(act->detail, "left") == 0)
    return TRUE;
  if (is_layout(pass->dom, act->node))
    return FALSE;
  if (g_hash_table_size(pass->busy) < MAX_BUSY)
    g_hash_table_add(pass->busy, node);
  return TRUE;
}

void sight_pass_look_at_busy(SightWindowPass *pass) {
  GHashTableIter it;
  gpointer key = NULL;
  g_hash_table_iter_init(&it, pass->busy);
  while (sight_effort_is_left(&pass->effort) && g_hash_table_iter_next(&it, &key, NULL)) {
    int node = GPOINTER_TO_INT(key);
    sight_effort_spend(&pass->effort, SIGHT_EFFORT_NODE * (gint64)MAX_VISITED);
    if (!is_merely_called_busy(pass->dom, node) || !has_content(pass->dom, node, BUSY_CHARS_LATER, FALSE))
      continue;
    SightAct act = sight_pass_act(pass, SIGHT_ACT_NOTICE, node);
    act.text = "busy";
    act.detail = "gone";
    sight_pass_watch(pass, act);
    g_hash_table_iter_remove(&it);
  }
}

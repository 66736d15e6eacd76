/* SPDX-License-Identifier: MIT */
/* What of a mutation a person could have seen: not what is hidden or has no box, nor the look of what is being pressed.
 */
#include "sight-window-pass-private.h"

#include <string.h>

/* Looks of pressed elements that are remembered; then remembering begins anew. */
#define MAX_LOOKS 4000
#define LOOKS_EACH 4
/* How far up a class for screen readers is looked for, or a place far outside of the page. */
#define READER_LEVELS 3
/* Maps and boards are moved by less: what they hold comes into view. */
#define OUTSIDE_PX 5000
/* On a touch screen the click comes this much after the finger was lifted. */
#define LIFTED_MS 350
/* Of an attribute so much is looked at, and so far up: each press reads them all. */
#define VALUE_BYTES 1000
#define BLANKS " \t\r\n\f"
#define TOKEN_BYTES 63
#define MAX_LEVELS 64
#define VALUE_EFFORT 3 /* for each byte */
#define MAX_ATTRIBUTES 64
/* Nodes that are read before and after one mutation, to tell whether anything is different; and for how long after a
 * press. */
#define MAX_READ 2000
#define ASKED_MS 8000
/* A live region of more nodes is a part of the page, and no message. */
#define REGION_NODES 12
#define REGION_LEVELS 4

typedef enum {
  CHANGE_LOOK,    /* attributes */
  CHANGE_BARE,    /* something without text or picture came or went */
  CHANGE_CONTENT, /* anything else */
} ChangeKind;

typedef struct {
  int node;
  ChangeKind kind;
  guint32 look; /* before the mutation */
} Changed;

/* How an element looked before and while it was pressed last. */
typedef struct {
  guint32 seen[LOOKS_EACH];
  guint n_seen;
  gboolean bare; /* something without text came or went in it during the press, as ripples do */
} Look;

static int int_of(SightJson object, const char *key) {
  return (int)CLAMP(sight_json_int(sight_json_get(object, key), 0), G_MININT, G_MAXINT);
}

static gboolean is_one_of(const char *word, const char *const *list) {
  return word != NULL && g_strv_contains(list, word);
}

/* Classes by which a page follows pointer and focus, and tells more of what is under them. */
static gboolean is_passing_token(const char *token, gsize bytes) {
  static const char *const words[] = {"hover", "focus", "pressed", "ripple", "tooltip", "touched", "user-valid", NULL};
  for (gsize at = 0; at < MIN(bytes, TOKEN_BYTES); at++)
    for (guint i = 0; strchr("hfprtuHFPRTU", token[at]) != NULL && words[i] != NULL; i++)
      if (strlen(words[i]) <= bytes - at && g_ascii_strncasecmp(token + at, words[i], strlen(words[i])) == 0)
        return TRUE;
  return FALSE;
}

static guint32 hash_of(const char *text, gsize bytes) {
  guint32 hash = 2166136261u;
  for (gsize i = 0; i < bytes; i++)
    hash = (hash ^ (guchar)text[i]) * 16777619u;
  return hash;
}

/* Finds the next piece in what is left of a value that may be a megabyte: behind what is between pieces, up to one of
 * the characters that end it. FALSE: there is none. */
static gboolean next_piece(const char **value, gsize *left, const char *between, const char *ends, gsize *bytes) {
  while (*left > 0 && strchr(between, **value) != NULL) {
    (*value)++;
    (*left)--;
  }
  for (*bytes = 0; *bytes < *left && strchr(ends, (*value)[*bytes]) == NULL; (*bytes)++)
    ;
  return *bytes > 0;
}

static guint32 hash_classes(const char *value) {
  guint32 sum = 0;
  gsize left = strnlen(value, VALUE_BYTES), bytes = 0;
  for (; next_piece(&value, &left, BLANKS, BLANKS, &bytes); value += bytes, left -= bytes) {
    if (!is_passing_token(value, bytes))
      sum += hash_of(value, bytes);
  }
  return sum;
}

/* What a declaration says can be seen. An outline is the ring of the focus, which pages take away for mice and give
 * back for keys; others say what a hand may do. Of properties that a page made up, measures and colours show; with
 * words it talks to itself. */
static gboolean is_seen_declaration(const char *text, gsize bytes) {
  static const char *const unseen[] = {"outline",        "user-select",  "-webkit-user-", "-moz-user-",
                                       "pointer-events", "touch-action", "will-change",   NULL};
  static const char *const shown[] = {"rgb", "hsl", "var(", "calc(", "url(", NULL};
  const char *value = memchr(text, ':', bytes);
  for (guint i = 0; unseen[i] != NULL; i++)
    if (g_str_has_prefix(text, unseen[i]))
      return FALSE;
  if (!g_str_has_prefix(text, "--") || value == NULL)
    return TRUE;
  value += 1 + strspn(value + 1, " ");
  for (guint i = 0; shown[i] != NULL; i++)
    if (g_str_has_prefix(value, shown[i]))
      return TRUE;
  return g_ascii_isdigit(*value) || (*value != '\0' && strchr("#.+-", *value) != NULL);
}

/* Declarations in whatever order. */
static guint32 hash_style(const char *value) {
  guint32 sum = 0;
  gsize left = strnlen(value, VALUE_BYTES), bytes = 0;
  for (; next_piece(&value, &left, ";" BLANKS, ";", &bytes); value += bytes, left -= bytes) {
    if (is_seen_declaration(value, bytes))
      sum += hash_of(value, bytes) * 31;
  }
  return sum;
}

/* Equal where an element looks the same as far as its attributes tell, in whatever order they stand; 0 where there is
 * no effort left to tell. */
static guint32 look_of(SightWindowPass *pass, int node) {
  const SightDom *dom = pass->dom;
  static const char *const unseen[] = {"tabindex",
                                       "title",
                                       "href",
                                       "rel",
                                       "target",
                                       "name",
                                       "for",
                                       "id",
                                       "autocomplete",
                                       "aria-label",
                                       "aria-controls",
                                       "aria-owns",
                                       "aria-labelledby",
                                       "aria-describedby",
                                       "aria-activedescendant",
                                       "data-whatinput",
                                       "data-whatintent",
                                       NULL};
  guint32 sum = 1;
  const char *name = NULL, *value = NULL;
  if (!sight_effort_allows(&pass->effort))
    return 0;
  for (guint i = 0; i < MAX_ATTRIBUTES && sight_dom_attribute_at(dom, node, i, &name, &value); i++) {
    sight_effort_spend(&pass->effort, SIGHT_EFFORT_ATTRIBUTE +
                                          (value != NULL ? VALUE_EFFORT * (gint64)strnlen(value, VALUE_BYTES) : 0));
    if (value == NULL || is_one_of(name, unseen) || is_passing_token(name, strlen(name)))
      continue;
    if (g_str_equal(name, "class"))
      sum += hash_classes(value);
    else if (g_str_equal(name, "style"))
      sum += hash_style(value);
    else
      sum += hash_of(value, strnlen(value, VALUE_BYTES)) * 31 + hash_of(name, strlen(name));
  }
  return MAX(sum, 1);
}

/* What a page puts far beside itself, such as a field to copy from, nobody sees. */
static gboolean is_outside(const SightDom *dom, int node) {
  static const char *const sides[] = {"left", "right", "top", "bottom"};
  const char *style = sight_dom_attribute(dom, node, "style");
  gsize left = style != NULL ? strnlen(style, VALUE_BYTES) : 0, bytes = 0;
  for (; next_piece(&style, &left, ";" BLANKS, ";" BLANKS, &bytes); style += bytes, left -= bytes) {
    for (guint i = 0; i < G_N_ELEMENTS(sides); i++) {
      gsize name = strlen(sides[i]);
      if (name < bytes && style[name] == ':' && g_str_has_prefix(style, sides[i]) &&
          g_ascii_strtod(style + name + 1, NULL) <= -OUTSIDE_PX)
        return TRUE;
    }
  }
  return FALSE;
}

static gboolean is_for_readers(const SightDom *dom, int node) {
  static const char *const classes[] = {
      "sr-only", "visually-hidden", "visuallyhidden", "cdk-visually-hidden", "screen-reader-text", "a11y-hidden", NULL};
  for (int level = 0; node > 0 && level < READER_LEVELS; level++, node = sight_dom_parent(dom, node)) {
    const char *value = sight_dom_attribute(dom, node, "class");
    if (is_outside(dom, node))
      return TRUE;
    for (guint i = 0; value != NULL && classes[i] != NULL; i++) {
      const char *at = g_strstr_len(value, VALUE_BYTES, classes[i]);
      gsize bytes = strlen(classes[i]);
      if (at != NULL && (at == value || g_ascii_isspace(at[-1])) && (at[bytes] == '\0' || g_ascii_isspace(at[bytes])))
        return TRUE;
    }
  }
  return FALSE;
}

/* Has no box of its own, whatever is in it. */
static gboolean is_boxless(const SightDom *dom, int node) {
  static const char *const tags[] = {"script", "meta", "base", "title", "noscript", "template", NULL};
  static const char *const frames[] = {"iframe", "img", "embed", "object", NULL};
  const char *tag = sight_dom_tag(dom, node);
  if (sight_dom_node_type(dom, node) == SIGHT_NODE_COMMENT || is_one_of(tag, tags))
    return TRUE;
  if (g_strcmp0(tag, "link") == 0) {
    const char *rel = sight_dom_attribute(dom, node, "rel");
    return rel != NULL && strstr(rel, "stylesheet") == NULL;
  }
  /* Counting pixels. */
  const char *width = sight_dom_attribute(dom, node, "width"), *height = sight_dom_attribute(dom, node, "height");
  return is_one_of(tag, frames) && width != NULL && height != NULL && strlen(width) == 1 && strlen(height) == 1 &&
         width[0] <= '1' && height[0] <= '1';
}

static gboolean is_out_of_sight(const SightDom *dom, int node) {
  /* Sheets in the head change the page; and of what is not known nothing is claimed. */
  if (g_strcmp0(sight_dom_tag(dom, node), "head") == 0 || sight_dom_node_type(dom, node) == SIGHT_NODE_NONE)
    return FALSE;
  return is_boxless(dom, node) || sight_dom_is_hidden(dom, node) || is_for_readers(dom, node);
}

static gboolean is_blank(const char *text) {
  return text == NULL || text[strspn(text, " \t\r\n\f")] == '\0';
}

/* What a child that comes or goes changes in its parent; FALSE: nothing that could be seen. */
static gboolean child_change(const SightDom *dom, int child, ChangeKind *kind) {
  static const char *const plain[] = {"span", "div", "md-ripple", NULL};
  SightNodeType type = sight_dom_node_type(dom, child);
  const char *tag = sight_dom_tag(dom, child);
  *kind = CHANGE_CONTENT;
  if (type == SIGHT_NODE_TEXT)
    return !is_blank(sight_dom_text(dom, child));
  int only = sight_dom_first_child(dom, child);
  gboolean bare = only == 0 || (sight_dom_node_type(dom, only) == SIGHT_NODE_ELEMENT &&
                                sight_dom_next_sibling(dom, only) == 0 && sight_dom_first_child(dom, only) == 0);
  if (bare && is_one_of(tag, plain))
    *kind = CHANGE_BARE;
  return !is_boxless(dom, child) && !is_outside(dom, child);
}

GArray *sight_pass_changed_new(void) {
  return g_array_new(FALSE, FALSE, sizeof(Changed));
}

static void add(SightWindowPass *pass, int node, ChangeKind kind, guint32 look) {
  for (guint i = pass->changed->len; i > 0 && i + 8 > pass->changed->len; i--) {
    Changed *changed = &g_array_index(pass->changed, Changed, i - 1);
    if (changed->node != node)
      continue;
    changed->kind = MAX(changed->kind, kind);
    changed->look = look != 0 ? look : changed->look;
    return;
  }
  Changed changed = {.node = node, .kind = kind, .look = look};
  if (pass->changed->len <= SIGHT_PASS_MAX_NODES)
    g_array_append_val(pass->changed, changed);
}

/* What can be seen of `top` and all in it, as far as elements, their looks and words tell, whichever nodes these are; 0
 * where it is too much to look at. A page that draws itself anew puts the same in again. */
static guint32 content_of(SightWindowPass *pass, int top, guint *budget) {
  guint32 sum = 2166136261u;
  int at = top, depth = 0;
  while (at > 0) {
    if (*budget == 0 || !sight_effort_allows(&pass->effort)) {
      *budget = 0;
      return 0;
    }
    (*budget)--;
    sight_effort_spend(&pass->effort, SIGHT_EFFORT_NODE);
    const char *tag = sight_dom_tag(pass->dom, at);
    const char *text = sight_dom_node_type(pass->dom, at) == SIGHT_NODE_TEXT ? sight_dom_text(pass->dom, at) : NULL;
    if (tag != NULL)
      sum = (sum ^ hash_of(tag, strlen(tag)) ^ look_of(pass, at) ^ (guint32)depth) * 16777619u;
    else if (!is_blank(text)) {
      gsize bytes = strlen(text);
      sight_effort_spend(&pass->effort, (gint64)bytes);
      sum = (sum ^ hash_of(text, bytes) ^ (guint32)depth) * 16777619u;
    }
    int next = sight_dom_first_child(pass->dom, at);
    depth += next > 0;
    while (next == 0 && at > 0 && at != top) {
      next = sight_dom_next_sibling(pass->dom, at);
      if (next == 0) {
        at = sight_dom_parent(pass->dom, at);
        depth--;
      }
    }
    at = next;
  }
  return MAX(sum, 1);
}

/* Only while somebody could take the change for an answer: reading pages costs time. */
static gboolean is_asked(const SightWindowPass *pass) {
  return pass->pressing || pass->now_ms - MAX(pass->clicked_ms, pass->pressed_ms) <= ASKED_MS;
}

/* What comes with something else that comes is a part of that. */
static gboolean is_brought(const SightWindowPass *pass, SightJson added) {
  return g_hash_table_contains(pass->brought, GINT_TO_POINTER(int_of(added, "parentId")));
}

static void note_brought(SightWindowPass *pass, SightJson adds) {
  g_hash_table_remove_all(pass->brought);
  SightJsonIter it = sight_json_iter(adds);
  while (sight_json_next(&it))
    g_hash_table_add(pass->brought, GINT_TO_POINTER(int_of(sight_json_get(it.value, "node"), "id")));
}

static void note_content(SightWindowPass *pass, SightJson list, guint *budget) {
  SightJsonIter it = sight_json_iter(list);
  while (*budget > 0 && sight_json_next(&it)) {
    gpointer parent = GINT_TO_POINTER(int_of(it.value, "parentId"));
    if (!is_brought(pass, it.value) && !g_hash_table_contains(pass->contents, parent) &&
        sight_dom_node_type(pass->dom, GPOINTER_TO_INT(parent)) != SIGHT_NODE_NONE)
      g_hash_table_insert(pass->contents, parent, GUINT_TO_POINTER(content_of(pass, GPOINTER_TO_INT(parent), budget)));
  }
}

static gboolean is_same_content(SightWindowPass *pass, int parent, guint *budget) {
  guint32 before = GPOINTER_TO_UINT(g_hash_table_lookup(pass->contents, GINT_TO_POINTER(parent)));
  return before != 0 && *budget > 0 && before == content_of(pass, parent, budget);
}

/* Whether it is a message for readers of screens or of the page: what could be seen of it the recorder tells. */
static gboolean is_told_apart(SightWindowPass *pass, int node) {
  static const char *const roles[] = {"alert", "status", NULL};
  static const char *const lives[] = {"polite", "assertive", NULL};
  for (int level = 0; pass->notices_told && node > 0 && level < REGION_LEVELS;
       level++, node = sight_dom_parent(pass->dom, node)) {
    if (!is_one_of(sight_dom_attribute(pass->dom, node, "role"), roles) &&
        !is_one_of(sight_dom_attribute(pass->dom, node, "aria-live"), lives))
      continue;
    guint budget = REGION_NODES;
    return content_of(pass, node, &budget) != 0;
  }
  return FALSE;
}

/* A message that comes or goes as a whole, by itself: the recorder tells whether it was in view. */
static gboolean is_message(SightWindowPass *pass, int node) {
  return is_told_apart(pass, node) && !sight_dom_contains(pass->dom, node, pass->pressed_node);
}

void sight_pass_before_change(SightWindowPass *pass, SightJson mutation) {
  ChangeKind kind = CHANGE_CONTENT;
  guint budget = MAX_READ;
  g_array_set_size(pass->changed, 0);
  g_hash_table_remove_all(pass->contents);
  note_brought(pass, sight_json_get(mutation, "adds"));
  if (is_asked(pass)) {
    note_content(pass, sight_json_get(mutation, "removes"), &budget);
    note_content(pass, sight_json_get(mutation, "adds"), &budget);
  }
  SightJsonIter it = sight_json_iter(sight_json_get(mutation, "attributes"));
  while (sight_json_next(&it) && pass->changed->len <= SIGHT_PASS_MAX_NODES) {
    int node = int_of(it.value, "id");
    add(pass, node, CHANGE_LOOK, look_of(pass, node));
  }
  sight_pass_drop_fields(pass, sight_json_get(mutation, "removes"));
  it = sight_json_iter(sight_json_get(mutation, "removes"));
  while (sight_json_next(&it) && pass->changed->len <= SIGHT_PASS_MAX_NODES) {
    int node = int_of(it.value, "id");
    if (child_change(pass->dom, node, &kind) && !sight_dom_is_hidden(pass->dom, node) && !is_message(pass, node))
      add(pass, int_of(it.value, "parentId"), kind, 0);
  }
}

/* Scripts hide what sheets hide already; where nothing is in it, nothing goes. */
static gboolean is_empty_gone(const SightDom *dom, int node) {
  return sight_dom_first_child(dom, node) == 0 && sight_dom_is_hidden(dom, node);
}

static void see(Look *look, guint32 seen) {
  for (guint i = 0; i < look->n_seen && seen != 0; i++)
    if (look->seen[i] == seen)
      return;
  if (seen != 0 && look->n_seen < LOOKS_EACH)
    look->seen[look->n_seen++] = seen;
}

/* The pressed control's own focus, hover or pressed look, or that look going away again. */
static gboolean is_own_look(SightWindowPass *pass, const Changed *changed, guint32 now) {
  Look *look = g_hash_table_lookup(pass->looks, GINT_TO_POINTER(changed->node));
  if (pass->pressing && changed->kind == CHANGE_BARE &&
      sight_dom_contains(pass->dom, pass->press_control, changed->node)) {
    if (look == NULL) {
      look = g_new0(Look, 1);
      g_hash_table_insert(pass->looks, GINT_TO_POINTER(changed->node), look);
    }
    look->bare = TRUE;
    return TRUE;
  }
  if (look == NULL || changed->kind == CHANGE_CONTENT)
    return FALSE;
  if (changed->kind == CHANGE_BARE)
    return look->bare;
  if (pass->pressing)
    see(look, now);
  for (guint i = 0; i < look->n_seen; i++)
    if (look->seen[i] == now)
      return TRUE;
  return FALSE;
}

/* aria-expanded and the like say that something opened, even while the button is still down. What closed with all that
 * is in it is missing where it stood. */
static void note_states(SightWindowPass *pass, SightJson mutation) {
  static const char *const states[] = {"aria-expanded", "aria-pressed", "aria-checked", "aria-selected",
                                       "open",          "disabled",     "aria-busy",    NULL};
  SightJsonIter it = sight_json_iter(sight_json_get(mutation, "attributes"));
  while (sight_json_next(&it) && pass->changed->len <= SIGHT_PASS_MAX_NODES)
    for (guint i = 0; states[i] != NULL; i++) {
      if (sight_json_type(sight_json_get(sight_json_get(it.value, "attributes"), states[i])) == SIGHT_JSON_ABSENT)
        continue;
      int node = int_of(it.value, "id");
      gboolean closed = g_str_equal(states[i], "open") && sight_dom_is_hidden(pass->dom, node);
      add(pass, closed ? sight_dom_parent(pass->dom, node) : node, CHANGE_CONTENT, 0);
    }
}

void sight_pass_change(SightWindowPass *pass, SightJson mutation) {
  if (pass->lifted && pass->now_ms - pass->lifted_ms > LIFTED_MS)
    pass->pressing = FALSE;
  SightAct act = sight_pass_act(pass, SIGHT_ACT_CHANGE, 0);
  ChangeKind kind = CHANGE_CONTENT;
  note_states(pass, mutation);
  SightJsonIter it = sight_json_iter(sight_json_get(mutation, "texts"));
  while (sight_json_next(&it) && pass->changed->len <= SIGHT_PASS_MAX_NODES)
    add(pass, int_of(it.value, "id"), CHANGE_CONTENT, 0);
  it = sight_json_iter(sight_json_get(mutation, "adds"));
  while (sight_json_next(&it) && pass->changed->len <= SIGHT_PASS_MAX_NODES) {
    int node = int_of(sight_json_get(it.value, "node"), "id");
    if (!is_brought(pass, it.value) && child_change(pass->dom, node, &kind) && !is_message(pass, node))
      add(pass, int_of(it.value, "parentId"), kind, 0);
  }
  guint budget = MAX_READ;
  act.nodes = pass->nodes;
  act.look = TRUE;
  for (guint i = 0; i < pass->changed->len && i < SIGHT_PASS_MAX_NODES; i++) {
    const Changed *changed = &g_array_index(pass->changed, Changed, i);
    guint32 now = changed->kind == CHANGE_LOOK ? look_of(pass, changed->node) : 0;
    int place = changed->kind == CHANGE_LOOK ? sight_dom_parent(pass->dom, changed->node) : changed->node;
    gboolean same = changed->kind == CHANGE_LOOK
                        ? (now != 0 && now == changed->look) || is_empty_gone(pass->dom, changed->node)
                        : is_same_content(pass, changed->node, &budget) || is_told_apart(pass, changed->node);
    if (same || is_own_look(pass, changed, now) || is_out_of_sight(pass->dom, place))
      continue;
    act.look &= changed->kind == CHANGE_LOOK;
    pass->nodes[act.n_nodes++] = changed->node;
  }
  if (act.n_nodes == 0)
    return;
  /* Too large a change to list. */
  if (pass->changed->len > SIGHT_PASS_MAX_NODES) {
    act.n_nodes = 0;
    act.look = FALSE;
  }
  sight_pass_watch(pass, act);
}

void sight_pass_begin_press(SightWindowPass *pass, int control, int node) {
  gboolean again = pass->pressing && control == pass->press_control;
  pass->press_control = control;
  pass->pressing = TRUE;
  pass->lifted = FALSE;
  if (g_hash_table_size(pass->looks) > MAX_LOOKS)
    g_hash_table_remove_all(pass->looks);
  int at = node;
  for (int level = 0; at > 0 && level < MAX_LEVELS; level++, at = sight_dom_parent(pass->dom, at)) {
    Look *look = g_hash_table_lookup(pass->looks, GINT_TO_POINTER(at));
    if (look == NULL) {
      look = g_new0(Look, 1);
      g_hash_table_insert(pass->looks, GINT_TO_POINTER(at), look);
    } else if (!again) {
      *look = (Look){0};
    }
    see(look, look_of(pass, at));
  }
}

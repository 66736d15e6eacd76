/* SPDX-License-Identifier: MIT */
/* What stands on the page, kept up to date by looking only at what changed. */
#include "sight-seen.h"

#include "sight-hash.h"
#include "sight-terms.h"
#include "sight-text.h"

#include <string.h>

/* What changes again within this time is looked at once: nobody reads faster. */
#define SETTLE_MS 500
/* With more changes at a time the whole page is looked at. */
#define MAX_DIRTY 2000
/* With more removed nodes than that all that stands is gone through. */
#define MAX_REMOVED 20000
/* What comes back so soon was never away. */
#define AWAY_MS 1000
#define TEXT_CHARS 300
#define MAX_TEXT_BYTES (6 * TEXT_CHARS)
#define MAX_SIGNATURE_BYTES 200
/* What looking at one takes, and each byte of its text. */
#define LOOK_EFFORT 100
#define TEXT_EFFORT 4
/* A page that a recording fills without end. */
#define MAX_STANDING 50000

/* A term that stands now, on so many nodes, or stood last. */
typedef struct {
  guint n_nodes;
  gint64 since_ms;
  guint moment; /* 1 + the place of its newest moment; 0: none yet */
} Stand;

/* What one element gives: a term, as its place + 1 (0: nothing), and the hash of what it was made of. */
typedef struct {
  guint term, hash;
} Given;

typedef struct {
  Given text, signature;
  gboolean hidden;
} Node;

typedef enum { DIRTY_ELEMENT = 1 << 0, DIRTY_BLOCK = 1 << 1, DIRTY_BELOW = 1 << 2 } Dirty;

struct SightSeen {
  SightFindings *findings;
  guint window;
  const SightDom *dom;
  SightEffort *effort;
  GHashTable *stands; /* place of a term + 1 → Stand */
  GHashTable *nodes;  /* node → Node */
  GHashTable *dirty;  /* node → Dirty */
  GArray *order;      /* of int: those in the order in which they came */
  GHashTable *visited;
  GArray *removed; /* of int: nodes that were taken away, perhaps to be put elsewhere */
  gboolean whole;  /* everything is to be looked at */
  gint64 dirty_ms; /* since when */
  gint64 now_ms;   /* as of which time changes are taken */
  GString *text;   /* scratch */
};

SightSeen *sight_seen_new(SightFindings *findings, guint window, const SightDom *dom, SightEffort *effort) {
  SightSeen *self = g_new0(SightSeen, 1);
  self->findings = findings;
  self->window = window;
  self->dom = dom;
  self->effort = effort;
  self->stands = g_hash_table_new_full(sight_hash_number, NULL, NULL, g_free);
  self->nodes = g_hash_table_new_full(sight_hash_number, NULL, NULL, g_free);
  self->dirty = g_hash_table_new(sight_hash_number, NULL);
  self->order = g_array_new(FALSE, FALSE, sizeof(int));
  self->removed = g_array_new(FALSE, FALSE, sizeof(int));
  self->visited = g_hash_table_new(sight_hash_number, NULL);
  self->text = g_string_new(NULL);
  return self;
}

void sight_seen_free(SightSeen *self) {
  if (self == NULL)
    return;
  g_hash_table_unref(self->stands);
  g_hash_table_unref(self->nodes);
  g_hash_table_unref(self->dirty);
  g_array_unref(self->order);
  g_array_unref(self->removed);
  g_hash_table_unref(self->visited);
  g_string_free(self->text, TRUE);
  g_free(self);
}

/* What was made up for one visit stands for all: ids, hashes, long numbers, clocks. */
static void append_word(GString *out, const char *word, gsize bytes) {
  gsize n_digits = 0, n_clock = 0;
  for (gsize i = 0; i < bytes; i++) {
    n_digits += g_ascii_isdigit(word[i]) ? 1 : 0;
    n_clock += word[i] == ':' ? 1 : 0;
  }
  gboolean made_up = n_digits > 0 && ((n_clock > 0 && n_digits + n_clock == bytes) ||
                                      (bytes >= 6 && n_digits >= 2 && sight_text_is_id(word, bytes)));
  g_string_append_len(out, made_up ? "#" : word, made_up ? 1 : (gssize)bytes);
}

static char *fold(const char *text) {
  GString *out = g_string_sized_new(strlen(text));
  while (*text != '\0') {
    gsize bytes = strcspn(text, " ");
    append_word(out, text, bytes);
    text += bytes;
    if (*text == ' ')
      g_string_append_c(out, *text++);
  }
  return g_string_free(out, FALSE);
}

static gboolean says_something(const char *text) {
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p))
    if (g_unichar_isalpha(g_utf8_get_char(p)))
      return TRUE;
  return FALSE;
}

static guint text_term(SightSeen *self, gboolean hidden) {
  g_autofree char *plain = sight_text_excerpt(self->text->str, (gssize)self->text->len, TEXT_CHARS);
  g_autofree char *folded = fold(plain);
  if (!says_something(folded))
    return 0;
  return sight_occurrences_term(self->findings->analysis->occurrences, hidden ? SIGHT_TERM_IN_PAGE : SIGHT_TERM_SEEN,
                                folded) +
         1;
}

static guint signature_term(SightSeen *self) {
  if (self->text->len > MAX_SIGNATURE_BYTES)
    return 0;
  return sight_occurrences_term(self->findings->analysis->occurrences, SIGHT_TERM_ELEMENT, self->text->str) + 1;
}

/* Moments. */

static void begin(SightSeen *self, guint term) {
  if (term == 0)
    return;
  Stand *stand = g_hash_table_lookup(self->stands, GUINT_TO_POINTER(term));
  if (stand == NULL) {
    stand = g_new0(Stand, 1);
    g_hash_table_insert(self->stands, GUINT_TO_POINTER(term), stand);
  }
  if (stand->n_nodes++ == 0)
    stand->since_ms = self->now_ms;
}

static void tell(SightSeen *self, guint term, Stand *stand) {
  GArray *moments = self->findings->analysis->occurrences->moments;
  if (stand->moment > 0) {
    SightOccurrence *last = &g_array_index(moments, SightOccurrence, stand->moment - 1);
    if (stand->since_ms - last->end_ms <= AWAY_MS) {
      last->end_ms = MAX(last->end_ms, self->now_ms);
      return;
    }
  }
  if (sight_terms_add_standing(self->findings, self->window, term - 1, stand->since_ms, self->now_ms))
    stand->moment = moments->len;
}

static void end(SightSeen *self, guint term) {
  Stand *stand = term != 0 ? g_hash_table_lookup(self->stands, GUINT_TO_POINTER(term)) : NULL;
  if (stand != NULL && stand->n_nodes > 0 && --stand->n_nodes == 0)
    tell(self, term, stand);
}

/* Looking. */

static Node *node_of(SightSeen *self, int id) {
  Node *node = g_hash_table_lookup(self->nodes, GINT_TO_POINTER(id));
  if (node == NULL && g_hash_table_size(self->nodes) < MAX_STANDING) {
    node = g_new0(Node, 1);
    g_hash_table_insert(self->nodes, GINT_TO_POINTER(id), node);
  }
  return node;
}

/* A term that there is no room for is SIGHT_NO_TERM + 1, which is 0. */
static void replace(SightSeen *self, Given *given, guint term, guint hash) {
  given->hash = hash;
  if (given->term == term)
    return;
  begin(self, term);
  end(self, given->term);
  given->term = term;
}

static void forget(SightSeen *self, int id, gsize offset) {
  Node *node = g_hash_table_lookup(self->nodes, GINT_TO_POINTER(id));
  if (node != NULL)
    replace(self, G_STRUCT_MEMBER_P(node, offset), 0, 0);
}

/* `hidden`: NULL where it is to be found out; it is the same where the text is. */
static void look_at_text(SightSeen *self, int id, const gboolean *hidden) {
  g_string_truncate(self->text, 0);
  sight_dom_append_block_text(self->dom, id, MAX_TEXT_BYTES, self->text);
  sight_effort_spend(self->effort, LOOK_EFFORT + TEXT_EFFORT * (gint64)self->text->len);
  if (self->text->len == 0) {
    forget(self, id, G_STRUCT_OFFSET(Node, text));
    return;
  }
  Node *node = node_of(self, id);
  guint hash = g_string_hash(self->text);
  if (node == NULL || (node->text.hash == hash && (hidden == NULL || node->hidden == *hidden)))
    return;
  node->hidden = hidden != NULL ? *hidden : sight_dom_is_hidden(self->dom, id);
  replace(self, &node->text, text_term(self, node->hidden), hash);
}

static void look_at_element(SightSeen *self, int id) {
  g_string_truncate(self->text, 0);
  sight_dom_append_signature(self->dom, id, self->text);
  sight_effort_spend(self->effort, LOOK_EFFORT);
  if (self->text->len == 0) {
    forget(self, id, G_STRUCT_OFFSET(Node, signature));
    return;
  }
  Node *node = node_of(self, id);
  guint hash = g_string_hash(self->text);
  if (node != NULL && node->signature.hash != hash)
    replace(self, &node->signature, signature_term(self), hash);
}

static void visit(int id, gboolean hidden, gpointer user_data) {
  SightSeen *self = user_data;
  if (!g_hash_table_add(self->visited, GINT_TO_POINTER(id)))
    return;
  look_at_element(self, id);
  if (sight_dom_is_block(self->dom, id))
    look_at_text(self, id, &hidden);
  else
    forget(self, id, G_STRUCT_OFFSET(Node, text)); /* it was a block because it was hidden */
}

static void look_at_block(SightSeen *self, int id) {
  int block = sight_dom_block(self->dom, id);
  if (block > 0 && g_hash_table_add(self->visited, GINT_TO_POINTER(-block)))
    look_at_text(self, block, NULL);
}

static void end_node(SightSeen *self, Node *node) {
  end(self, node->text.term);
  end(self, node->signature.term);
}

/* Where everything was looked at, what was not met stands no more: its number may be another node's now. */
static gboolean was_not_met(gpointer key, gpointer value, gpointer user_data) {
  SightSeen *self = user_data;
  if (g_hash_table_contains(self->visited, key))
    return FALSE;
  end_node(self, value);
  return TRUE;
}

static void end_removed(SightSeen *self) {
  for (guint i = 0; i < self->removed->len; i++) {
    int id = g_array_index(self->removed, int, i);
    Node *node = g_hash_table_lookup(self->nodes, GINT_TO_POINTER(id));
    if (node == NULL || sight_dom_node_type(self->dom, id) != SIGHT_NODE_NONE)
      continue;
    end_node(self, node);
    g_hash_table_remove(self->nodes, GINT_TO_POINTER(id));
  }
  g_array_set_size(self->removed, 0);
}

static void settle(SightSeen *self) {
  self->now_ms = self->dirty_ms;
  g_hash_table_remove_all(self->visited);
  end_removed(self);
  if (self->whole) {
    sight_dom_visit(self->dom, sight_dom_root(self->dom), visit, self);
    g_hash_table_foreach_remove(self->nodes, was_not_met, self);
  }
  for (guint i = 0; i < self->order->len && !self->whole; i++) {
    int id = g_array_index(self->order, int, i);
    guint how = GPOINTER_TO_UINT(g_hash_table_lookup(self->dirty, GINT_TO_POINTER(id)));
    if ((how & DIRTY_BELOW) != 0 && !g_hash_table_contains(self->visited, GINT_TO_POINTER(id)))
      sight_dom_visit(self->dom, id, visit, self);
    if ((how & DIRTY_ELEMENT) != 0)
      look_at_element(self, id);
    if ((how & DIRTY_BLOCK) != 0)
      look_at_block(self, id);
  }
  g_hash_table_remove_all(self->dirty);
  g_array_set_size(self->order, 0);
  self->whole = FALSE;
}

static gboolean is_dirty(const SightSeen *self) {
  return self->whole || self->order->len > 0;
}

void sight_seen_at(SightSeen *self, gint64 at_ms) {
  if (is_dirty(self) && at_ms - self->dirty_ms >= SETTLE_MS && sight_effort_is_left(self->effort))
    settle(self);
}

void sight_seen_snapshot(SightSeen *self, gint64 at_ms) {
  self->whole = TRUE;
  self->dirty_ms = at_ms;
  settle(self);
}

static void mark(SightSeen *self, int id, guint how) {
  if (id <= 0 || self->whole)
    return;
  gpointer key = GINT_TO_POINTER(id);
  guint before = GPOINTER_TO_UINT(g_hash_table_lookup(self->dirty, key));
  if (before == 0)
    g_array_append_val(self->order, id);
  g_hash_table_insert(self->dirty, key, GUINT_TO_POINTER(before | how));
  self->whole = self->order->len > MAX_DIRTY;
}

static int int_of(SightJson object, const char *key) {
  return (int)CLAMP(sight_json_int(sight_json_get(object, key), 0), G_MININT, G_MAXINT);
}

/* A style comes as its changed properties, or as text. */
static gboolean may_hide(SightJson style) {
  static const char *const properties[] = {"display", "visibility", "opacity", NULL};
  const char *text = sight_json_string(style, NULL);
  for (guint i = 0; properties[i] != NULL; i++)
    if (text != NULL ? strstr(text, properties[i]) != NULL
                     : sight_json_type(sight_json_get(style, properties[i])) != SIGHT_JSON_ABSENT)
      return TRUE;
  return text == NULL && sight_json_type(style) != SIGHT_JSON_OBJECT;
}

/* Hidden or shown, it may be a block of its own now, or a part of the one around it. */
static void mark_hiding(SightSeen *self, int id) {
  mark(self, id, DIRTY_BELOW | DIRTY_ELEMENT);
  mark(self, sight_dom_parent(self->dom, id), DIRTY_BLOCK);
}

static void mark_attributes(SightSeen *self, int id, SightJson attributes) {
  static const char *const hiding[] = {"hidden", "open", "type", NULL};
  static const char *const told[] = {"id",       "class",   "role",          "name",         "data-testid",
                                     "disabled", "checked", "aria-expanded", "aria-invalid", NULL};
  SightJsonIter it = sight_json_iter(attributes);
  while (sight_json_next(&it)) {
    if (it.key == NULL)
      continue;
    if (g_strv_contains(hiding, it.key) || (g_str_equal(it.key, "style") && may_hide(it.value)))
      mark_hiding(self, id);
    else if (g_strv_contains(told, it.key))
      mark(self, id, DIRTY_ELEMENT);
  }
}

static void remember(int id, gpointer user_data) {
  SightSeen *self = user_data;
  sight_effort_spend(self->effort, SIGHT_EFFORT_NODE);
  if (self->removed->len < MAX_REMOVED)
    g_array_append_val(self->removed, id);
  else
    self->whole = TRUE;
}

void sight_seen_before(SightSeen *self, SightJson mutation, gint64 at_ms) {
  SightJsonIter it = sight_json_iter(sight_json_get(mutation, "removes"));
  if (!is_dirty(self))
    self->dirty_ms = at_ms;
  /* Once the whole page is to be looked at, all that is gone is found then. */
  while (!self->whole && sight_json_next(&it)) {
    sight_dom_each_below(self->dom, int_of(it.value, "id"), remember, self);
    mark(self, int_of(it.value, "parentId"), DIRTY_BLOCK);
  }
}

void sight_seen_mutation(SightSeen *self, SightJson mutation, gint64 at_ms) {
  gboolean before = is_dirty(self);
  SightJsonIter it = sight_json_iter(sight_json_get(mutation, "adds"));
  while (sight_json_next(&it)) {
    mark(self, int_of(it.value, "parentId"), DIRTY_BLOCK);
    mark(self, int_of(sight_json_get(it.value, "node"), "id"), DIRTY_BELOW);
  }
  it = sight_json_iter(sight_json_get(mutation, "texts"));
  while (sight_json_next(&it))
    mark(self, int_of(it.value, "id"), DIRTY_BLOCK);
  it = sight_json_iter(sight_json_get(mutation, "attributes"));
  while (sight_json_next(&it))
    mark_attributes(self, int_of(it.value, "id"), sight_json_get(it.value, "attributes"));
  if (!before)
    self->dirty_ms = at_ms;
}

/* Everything that stands is told up to now; `again`: it goes on in another moment. */
static void tell_all(SightSeen *self, gint64 at_ms, gboolean again) {
  GHashTableIter it;
  gpointer term, value;
  if (is_dirty(self) && sight_effort_allows(self->effort))
    settle(self);
  self->now_ms = at_ms;
  g_hash_table_iter_init(&it, self->stands);
  while (g_hash_table_iter_next(&it, &term, &value)) {
    Stand *stand = value;
    sight_effort_spend(self->effort, SIGHT_EFFORT_NODE);
    if (stand->n_nodes > 0)
      tell(self, GPOINTER_TO_UINT(term), stand);
    stand->since_ms = at_ms;
    stand->moment = 0;
    if (!again || stand->n_nodes == 0)
      g_hash_table_iter_remove(&it);
  }
  if (!again)
    g_hash_table_remove_all(self->nodes);
}

void sight_seen_split(SightSeen *self, gint64 at_ms) {
  if (sight_effort_allows(self->effort))
    tell_all(self, at_ms, TRUE);
}

void sight_seen_finish(SightSeen *self, gint64 at_ms) {
  tell_all(self, at_ms, FALSE);
}

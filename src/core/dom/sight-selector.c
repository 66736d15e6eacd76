/* SPDX-License-Identifier: MIT */
/* Reading selectors, and matching them along the way from the root to a node. */
#include "sight-selector.h"
#include "sight-dom-private.h"

#include <string.h>

/* Nobody writes longer ones; what is matched fits in the bits of a number. */
#define MAX_TEXT 4096
#define MAX_COMPOUNDS 30

typedef enum {
  TEST_TYPE,
  TEST_EXISTS,
  TEST_EQUALS,
  TEST_WORD,
  TEST_DASH,
  TEST_PREFIX,
  TEST_SUFFIX,
  TEST_CONTAINS,
  TEST_CHECKED,
  TEST_DISABLED,
  TEST_ENABLED,
  TEST_EMPTY,
  TEST_FIRST,
  TEST_LAST,
  TEST_NTH_OF_TYPE,
} TestKind;

typedef struct {
  TestKind kind;
  gboolean negated, fold;
  char *name, *value;
  int n;
} Test;

typedef struct {
  gboolean child; /* stands after ">" */
  GArray *tests;  /* of Test */
} Compound;

struct SightSelector {
  GPtrArray *chains; /* of GArray of Compound */
};

static void test_clear(gpointer data) {
  Test *test = data;
  g_free(test->name);
  g_free(test->value);
}

static void compound_clear(gpointer data) {
  g_array_unref(((Compound *)data)->tests);
}

static void chain_free(gpointer data) {
  g_array_unref(data);
}

void sight_selector_free(SightSelector *selector) {
  if (selector == NULL)
    return;
  g_ptr_array_unref(selector->chains);
  g_free(selector);
}

/* Reading */

typedef struct {
  const char *text, *at;
} Reader;

static void skip_space(Reader *r) {
  while (g_ascii_isspace(*r->at))
    r->at++;
}

static gboolean is_name_char(char c) {
  return g_ascii_isalnum(c) || c == '-' || c == '_' || (guchar)c >= 0x80;
}

static void append_escape(Reader *r, GString *out) {
  r->at++;
  gunichar code = 0;
  guint digits = 0;
  for (; digits < 6 && g_ascii_isxdigit(*r->at); digits++)
    code = code * 16 + (gunichar)g_ascii_xdigit_value(*r->at++);
  if (digits == 0) {
    if (*r->at != 0)
      g_string_append_c(out, *r->at++);
    return;
  }
  if (g_ascii_isspace(*r->at))
    r->at++;
  g_string_append_unichar(out, code != 0 && g_unichar_validate(code) ? code : 0xfffd);
}

/* NULL where no name stands here. */
static char *read_name(Reader *r) {
  g_autoptr(GString) out = g_string_new(NULL);
  while (is_name_char(*r->at) || (*r->at == '\\' && r->at[1] != 0)) {
    if (*r->at == '\\')
      append_escape(r, out);
    else
      g_string_append_c(out, *r->at++);
  }
  return out->len > 0 ? g_string_free(g_steal_pointer(&out), FALSE) : NULL;
}

static char *read_value(Reader *r) {
  char quote = *r->at;
  if (quote != '"' && quote != '\'')
    return read_name(r);
  g_autoptr(GString) out = g_string_new(NULL);
  for (r->at++; *r->at != 0 && *r->at != quote;) {
    if (*r->at == '\\' && r->at[1] != 0)
      append_escape(r, out);
    else
      g_string_append_c(out, *r->at++);
  }
  if (*r->at != quote)
    return NULL;
  r->at++;
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static void add_test(Compound *compound, TestKind kind, gboolean negated, char *take_name, char *take_value) {
  Test test = {.kind = kind, .negated = negated, .name = take_name, .value = take_value};
  g_array_append_val(compound->tests, test);
}

static gboolean read_attribute(Reader *r, Compound *compound, gboolean negated) {
  static const char marks[] = "~|^$*";
  static const TestKind kinds[] = {TEST_WORD, TEST_DASH, TEST_PREFIX, TEST_SUFFIX, TEST_CONTAINS};
  r->at++;
  skip_space(r);
  g_autofree char *name = read_name(r);
  skip_space(r);
  if (name == NULL)
    return FALSE;
  if (*r->at == ']') {
    r->at++;
    add_test(compound, TEST_EXISTS, negated, g_steal_pointer(&name), NULL);
    return TRUE;
  }
  const char *mark = *r->at != 0 ? strchr(marks, *r->at) : NULL;
  TestKind kind = mark != NULL ? kinds[mark - marks] : TEST_EQUALS;
  r->at += mark != NULL ? 1 : 0;
  if (*r->at != '=')
    return FALSE;
  r->at++;
  skip_space(r);
  g_autofree char *value = read_value(r);
  skip_space(r);
  gboolean fold = *r->at == 'i' || *r->at == 'I';
  r->at += fold || *r->at == 's' ? 1 : 0;
  skip_space(r);
  if (value == NULL || *r->at != ']')
    return FALSE;
  r->at++;
  add_test(compound, kind, negated, g_steal_pointer(&name), g_steal_pointer(&value));
  g_array_index(compound->tests, Test, compound->tests->len - 1).fold = fold;
  return TRUE;
}

static gboolean read_simple(Reader *r, Compound *compound, gboolean negated);

static gboolean read_pseudo(Reader *r, Compound *compound, gboolean negated) {
  static const struct {
    const char *name;
    TestKind kind;
  } plain[] = {{"checked", TEST_CHECKED}, {"disabled", TEST_DISABLED}, {"enabled", TEST_ENABLED},
               {"empty", TEST_EMPTY},     {"first-child", TEST_FIRST}, {"last-child", TEST_LAST}};
  r->at++;
  g_autofree char *name = read_name(r);
  for (guint i = 0; name != NULL && i < G_N_ELEMENTS(plain); i++)
    if (strcmp(name, plain[i].name) == 0) {
      add_test(compound, plain[i].kind, negated, NULL, NULL);
      return TRUE;
    }
  if (name == NULL || *r->at != '(')
    return FALSE;
  r->at++;
  skip_space(r);
  if (strcmp(name, "nth-of-type") == 0) {
    char *end;
    guint64 n = g_ascii_strtoull(r->at, &end, 10);
    if (end == r->at || n == 0 || n > G_MAXINT)
      return FALSE;
    r->at = end;
    add_test(compound, TEST_NTH_OF_TYPE, negated, NULL, NULL);
    g_array_index(compound->tests, Test, compound->tests->len - 1).n = (int)n;
  } else if (strcmp(name, "not") != 0 || negated || !read_simple(r, compound, TRUE))
    return FALSE;
  skip_space(r);
  return *r->at++ == ')';
}

/* One simple selector; :not() holds one, so this goes two deep at most. */
static gboolean read_simple(Reader *r, Compound *compound, gboolean negated) {
  char mark = *r->at;
  if (mark == '[')
    return read_attribute(r, compound, negated);
  if (mark == ':')
    return read_pseudo(r, compound, negated);
  if (mark == '*' && !negated) {
    r->at++;
    return TRUE;
  }
  r->at += mark == '#' || mark == '.' ? 1 : 0;
  char *name = read_name(r);
  if (name == NULL)
    return FALSE;
  if (mark == '#' || mark == '.')
    add_test(compound, mark == '#' ? TEST_EQUALS : TEST_WORD, negated, g_strdup(mark == '#' ? "id" : "class"), name);
  else
    add_test(compound, TEST_TYPE, negated, g_ascii_strdown(name, -1), NULL);
  if (mark != '#' && mark != '.')
    g_free(name);
  return TRUE;
}

static gboolean is_simple_start(char c) {
  return c == '[' || c == ':' || c == '#' || c == '.' || c == '\\' || is_name_char(c);
}

static GArray *read_chain(Reader *r) {
  g_autoptr(GArray) chain = g_array_new(FALSE, FALSE, sizeof(Compound));
  g_array_set_clear_func(chain, compound_clear);
  gboolean child = FALSE;
  for (;;) {
    skip_space(r);
    if (chain->len >= MAX_COMPOUNDS || (!is_simple_start(*r->at) && *r->at != '*'))
      return NULL;
    Compound compound = {child, g_array_new(FALSE, FALSE, sizeof(Test))};
    g_array_set_clear_func(compound.tests, test_clear);
    g_array_append_val(chain, compound);
    do
      if (!read_simple(r, &compound, FALSE))
        return NULL;
    while (is_simple_start(*r->at));
    skip_space(r);
    child = *r->at == '>';
    r->at += child ? 1 : 0;
    if (!child && (*r->at == 0 || *r->at == ','))
      return g_steal_pointer(&chain);
  }
}

SightSelector *sight_selector_new(const char *tainted_text, GError **error) {
  g_autoptr(GPtrArray) chains = g_ptr_array_new_with_free_func(chain_free);
  Reader r = {tainted_text, tainted_text};
  if (strlen(tainted_text) > MAX_TEXT) {
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "The selector is too long");
    return NULL;
  }
  for (;;) {
    GArray *chain = read_chain(&r);
    if (chain == NULL) {
      g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "No selector that is known, at character %d",
                  (int)(r.at - r.text) + 1);
      return NULL;
    }
    g_ptr_array_add(chains, chain);
    if (*r.at == 0)
      break;
    r.at++;
  }
  SightSelector *selector = g_new(SightSelector, 1);
  selector->chains = g_steal_pointer(&chains);
  return selector;
}

/* What signatures tell. */

/* What a program made up is in no signature. */
static gboolean is_told_value(const Test *test) {
  if (test->kind == TEST_WORD && g_str_equal(test->name, "class"))
    return sight_dom_signature_tells_class(test->value);
  return test->kind != TEST_EQUALS || sight_dom_signature_tells_value(test->value);
}

/* What a test asks of a signature; FALSE where that has nothing of it. */
static gboolean append_told(const Test *test, GString *out) {
  gboolean is_class = test->kind == TEST_WORD && g_str_equal(test->name, "class");
  gboolean is_id = test->kind == TEST_EQUALS && g_str_equal(test->name, "id");

  if (test->negated || test->fold || !is_told_value(test))
    return FALSE;
  if (test->kind == TEST_TYPE) {
    sight_dom_append_identifier(out, test->name);
  } else if (is_class || is_id) {
    g_string_append_c(out, is_id ? '#' : '.');
    sight_dom_append_identifier(out, test->value);
  } else if (test->kind == TEST_EXISTS && sight_dom_signature_tells(test->name, FALSE)) {
    g_string_append_printf(out, "[%s]", test->name);
  } else if (test->kind == TEST_EQUALS && sight_dom_signature_tells(test->name, TRUE)) {
    sight_dom_append_attribute(out, test->name, test->value);
  } else {
    return FALSE;
  }
  return TRUE;
}

static gboolean append_subject(const Compound *compound, GString *out) {
  gboolean all = TRUE;

  for (guint i = 0; i < compound->tests->len; i++)
    all &= append_told(&g_array_index(compound->tests, Test, i), out);
  return all;
}

gboolean sight_selector_is_signature(const SightSelector *selector) {
  const GArray *chain = selector->chains->pdata[0];
  g_autoptr(GString) out = g_string_new(NULL);

  return selector->chains->len == 1 && chain->len == 1 && append_subject(&g_array_index(chain, Compound, 0), out);
}

/* Any element with one of these has a signature. */
static gboolean is_named(const Test *test) {
  static const char *const names[] = {"id", "role", "data-testid", NULL};

  if (test->negated)
    return FALSE;
  return test->kind == TEST_TYPE ? sight_dom_tag_has_meaning(test->name)
                                 : test->name != NULL && g_strv_contains(names, test->name);
}

/* Without a tag, what is told of elements that have a signature; a tag that stands for nothing has none. */
static gboolean has_signature(const Compound *compound) {
  g_autoptr(GString) out = g_string_new(NULL);
  gboolean of_tag = FALSE;

  for (guint i = 0; i < compound->tests->len; i++) {
    const Test *test = &g_array_index(compound->tests, Test, i);
    if (is_named(test))
      return TRUE;
    of_tag |= test->kind == TEST_TYPE && !test->negated;
    append_told(test, out);
  }
  return !of_tag && out->len > 0;
}

gboolean sight_selector_has_signatures(const SightSelector *selector) {
  for (guint i = 0; i < selector->chains->len; i++) {
    const GArray *chain = selector->chains->pdata[i];
    if (!has_signature(&g_array_index(chain, Compound, chain->len - 1)))
      return FALSE;
  }
  return TRUE;
}

GPtrArray *sight_selector_subjects(const SightSelector *selector) {
  GPtrArray *subjects = g_ptr_array_new_with_free_func(g_free);

  for (guint i = 0; i < selector->chains->len; i++) {
    const GArray *chain = selector->chains->pdata[i];
    GString *out = g_string_new(NULL);
    append_subject(&g_array_index(chain, Compound, chain->len - 1), out);
    g_ptr_array_add(subjects, out->len > 0 ? g_string_free(out, FALSE) : (g_string_free(out, TRUE), g_strdup("*")));
  }
  return subjects;
}

/* Matching */

static gboolean has_word(const char *value, const char *word, gboolean dash) {
  gsize length = strlen(word);
  if (dash)
    return strncmp(value, word, length) == 0 && (value[length] == 0 || value[length] == '-');
  for (const char *at = value; length > 0 && (at = strstr(at, word)) != NULL; at++)
    if ((at == value || g_ascii_isspace(at[-1])) && (at[length] == 0 || g_ascii_isspace(at[length])))
      return TRUE;
  return FALSE;
}

static gboolean test_value(const Test *test, const char *value, const char *wanted) {
  switch (test->kind) {
  case TEST_EQUALS:
    return strcmp(value, wanted) == 0;
  case TEST_WORD:
  case TEST_DASH:
    return has_word(value, wanted, test->kind == TEST_DASH);
  case TEST_PREFIX:
    return wanted[0] != 0 && g_str_has_prefix(value, wanted);
  case TEST_SUFFIX:
    return wanted[0] != 0 && g_str_has_suffix(value, wanted);
  case TEST_CONTAINS:
    return wanted[0] != 0 && strstr(value, wanted) != NULL;
  case TEST_TYPE:
  case TEST_EXISTS:
  case TEST_CHECKED:
  case TEST_DISABLED:
  case TEST_ENABLED:
  case TEST_EMPTY:
  case TEST_FIRST:
  case TEST_LAST:
  case TEST_NTH_OF_TYPE:
    return FALSE;
  }
  return FALSE;
}

static gboolean test_attribute(const Test *test, const SightDom *dom, const SightNode *node) {
  const char *value = sight_dom_attr_text(dom, node, test->name);
  if (value == NULL || test->kind == TEST_EXISTS)
    return value != NULL;
  if (!test->fold)
    return test_value(test, value, test->value);
  g_autofree char *folded = g_ascii_strdown(value, -1), *wanted = g_ascii_strdown(test->value, -1);
  return test_value(test, folded, wanted);
}

static gboolean is_checked(const SightDom *dom, SightNodeIndex index) {
  const SightNodeState *state = sight_dom_state(dom, index);
  const SightNode *node = sight_dom_at(dom, index);
  if (sight_dom_is_tag(dom, node, "option"))
    return sight_dom_attr_text(dom, node, "selected") != NULL;
  return state != NULL && state->has_input ? state->checked : sight_dom_attr_text(dom, node, "checked") != NULL;
}

static gboolean is_disabled(const SightDom *dom, const SightNode *node) {
  return sight_dom_attr_text(dom, node, "disabled") != NULL;
}

static gboolean has_element_beside(const SightDom *dom, const SightNode *node, gboolean before) {
  SightNodeIndex i = before ? node->prev : node->next;
  for (; i != 0; i = before ? sight_dom_at(dom, i)->prev : sight_dom_at(dom, i)->next)
    if (sight_dom_at(dom, i)->type == SIGHT_NODE_ELEMENT)
      return TRUE;
  return FALSE;
}

static gboolean is_nth_of_type(const SightDom *dom, const SightNode *node, int n) {
  for (SightNodeIndex i = node->prev; i != 0 && n > 0; i = sight_dom_at(dom, i)->prev)
    n -= sight_dom_at(dom, i)->type == SIGHT_NODE_ELEMENT && sight_dom_at(dom, i)->tag == node->tag;
  return n == 1;
}

static gboolean passes(const Test *test, const SightDom *dom, SightNodeIndex index) {
  const SightNode *node = sight_dom_at(dom, index);
  switch (test->kind) {
  case TEST_TYPE:
    return sight_dom_is_tag(dom, node, test->name);
  case TEST_EXISTS:
  case TEST_EQUALS:
  case TEST_WORD:
  case TEST_DASH:
  case TEST_PREFIX:
  case TEST_SUFFIX:
  case TEST_CONTAINS:
    return test_attribute(test, dom, node);
  case TEST_CHECKED:
    return is_checked(dom, index);
  case TEST_DISABLED:
    return is_disabled(dom, node);
  case TEST_ENABLED:
    return !is_disabled(dom, node);
  case TEST_EMPTY:
    return node->first == 0;
  case TEST_FIRST:
  case TEST_LAST:
    return !has_element_beside(dom, node, test->kind == TEST_FIRST);
  case TEST_NTH_OF_TYPE:
    return is_nth_of_type(dom, node, test->n);
  }
  return FALSE;
}

static gboolean fits(const Compound *compound, const SightDom *dom, SightNodeIndex index) {
  for (guint i = 0; i < compound->tests->len; i++) {
    const Test *test = &g_array_index(compound->tests, Test, i);
    if (passes(test, dom, index) == test->negated)
      return FALSE;
  }
  return TRUE;
}

/* Bit i of `open`: compounds before i were matched somewhere above; of `last`: the one before i by the parent. Gives
 * the same for the children; `*whole` tells whether all of the chain ends here. */
static guint32 step(const GArray *chain, const SightDom *dom, SightNodeIndex index, guint32 open, guint32 last,
                    gboolean *whole) {
  guint32 now = 0;
  *whole = FALSE;
  for (guint i = 0; i < chain->len; i++) {
    const Compound *compound = &g_array_index(chain, Compound, i);
    if (!(((compound->child ? last : open) >> i) & 1) || !fits(compound, dom, index))
      continue;
    now |= 1u << (i + 1);
    *whole = i + 1 == chain->len;
  }
  return now;
}

/* From the root of its tree down to the node: no way is tried twice, however the selector is made. `above`: also where
 * one that is passed on the way matches. */
static gboolean chain_matches(const GArray *chain, const SightDom *dom, const GArray *path, gboolean above) {
  guint32 open = 1, last = 1;
  gboolean whole = FALSE;
  for (guint i = path->len; i-- > 0 && !(above && whole);) {
    last = step(chain, dom, g_array_index(path, SightNodeIndex, i), open, last, &whole);
    open |= last;
  }
  return whole;
}

/* The node and what is above it in its tree, in its shadow root or frame alone; what that stands in, or 0. */
static SightNodeIndex path_of(const SightDom *dom, SightNodeIndex index, GArray *path) {
  g_array_set_size(path, 0);
  for (; index != 0 && sight_dom_at(dom, index)->type == SIGHT_NODE_ELEMENT; index = sight_dom_at(dom, index)->parent) {
    g_array_append_val(path, index);
    if (sight_dom_at(dom, index)->flags & SIGHT_FLAG_IN_SHADOW)
      return sight_dom_at(dom, index)->parent;
  }
  while (index != 0 && sight_dom_at(dom, index)->type != SIGHT_NODE_ELEMENT)
    index = sight_dom_at(dom, index)->parent;
  return index;
}

static gboolean path_matches(const SightSelector *selector, const SightDom *dom, const GArray *path, gboolean above) {
  for (guint i = 0; i < selector->chains->len; i++)
    if (chain_matches(g_ptr_array_index(selector->chains, i), dom, path, above))
      return TRUE;
  return FALSE;
}

gboolean sight_selector_matches(const SightSelector *selector, const SightDom *dom, int id) {
  SightNodeIndex index = sight_dom_find(dom, id);
  if (index == 0 || sight_dom_at(dom, index)->type != SIGHT_NODE_ELEMENT)
    return FALSE;
  g_autoptr(GArray) path = g_array_new(FALSE, FALSE, sizeof(SightNodeIndex));
  path_of(dom, index, path);
  return path_matches(selector, dom, path, FALSE);
}

gboolean sight_selector_matches_around(const SightSelector *selector, const SightDom *dom, int id, gint64 *n_nodes) {
  g_autoptr(GArray) path = g_array_new(FALSE, FALSE, sizeof(SightNodeIndex));
  for (SightNodeIndex index = sight_dom_find(dom, id); index != 0;) {
    index = path_of(dom, index, path);
    *n_nodes += path->len;
    if (path->len > 0 && path_matches(selector, dom, path, TRUE))
      return TRUE;
  }
  return FALSE;
}

typedef struct {
  SightNodeIndex index;
  guint32 open, last;
} Level;

/* All matches of one chain in one walk: what was matched above is kept for each level. */
static void find_chain(const GArray *chain, const SightDom *dom, guint8 *found) {
  g_autoptr(GArray) levels = g_array_new(FALSE, FALSE, sizeof(Level));
  for (SightNodeIndex i = dom->root; i != 0; i = sight_dom_following(dom, i, dom->root)) {
    const SightNode *node = sight_dom_at(dom, i);
    while (levels->len > 0 && g_array_index(levels, Level, levels->len - 1).index != node->parent)
      g_array_set_size(levels, levels->len - 1);
    gboolean fresh = levels->len == 0 || node->type == SIGHT_NODE_DOCUMENT || (node->flags & SIGHT_FLAG_IN_SHADOW);
    Level level = {i, 1, 1};
    if (!fresh) {
      level.open = g_array_index(levels, Level, levels->len - 1).open;
      level.last = g_array_index(levels, Level, levels->len - 1).last;
    }
    gboolean whole = FALSE;
    if (node->type == SIGHT_NODE_ELEMENT) {
      level.last = step(chain, dom, i, level.open, level.last, &whole);
      level.open |= level.last;
    }
    found[i] |= whole;
    if (node->first != 0)
      g_array_append_val(levels, level);
  }
}

GArray *sight_selector_find_all(const SightSelector *selector, const SightDom *dom) {
  GArray *ids = g_array_new(FALSE, FALSE, sizeof(int));
  g_autofree guint8 *found = g_new0(guint8, dom->nodes->len);
  for (guint i = 0; i < selector->chains->len; i++)
    find_chain(g_ptr_array_index(selector->chains, i), dom, found);
  for (SightNodeIndex i = dom->root; i != 0; i = sight_dom_following(dom, i, dom->root))
    if (found[i])
      g_array_append_val(ids, sight_dom_at(dom, i)->id);
  return ids;
}

int sight_selector_find(const SightSelector *selector, const SightDom *dom) {
  g_autoptr(GArray) ids = sight_selector_find_all(selector, dom);
  return ids->len > 0 ? g_array_index(ids, int, 0) : 0;
}

/* SPDX-License-Identifier: MIT */
/* What terms and postings tell: the sessions of values, and those outside of which a moment cannot be. */
#include "sight-fold.h"
#include "sight-index-table.h"
#include "sight-posting-table.h"
#include "sight-query-private.h"
#include "sight-term-table.h"

#include <string.h>

const char *sight_terms_value(SightQuery *query, gint64 term, GError **error) {
  char *value = g_hash_table_lookup(query->values, &term);

  if (value == NULL) {
    value = sight_term_table_value(query->db, term, error);
    if (value != NULL)
      g_hash_table_insert(query->values, g_memdup2(&term, sizeof term), value);
  }
  return value;
}

typedef struct {
  SightQuery *query;
  SightTermField field;
  const SightFilter *key;
  SightTakes takes;
  GArray *terms;
} Search;

/* Of "NAME=VALUE" the value where it is of the name that is asked for. */
static gboolean matches(const Search *search, const char *value) {
  const char *name = search->key->name;
  gsize bytes = name != NULL ? strlen(name) : 0;

  if (search->field == SIGHT_TERM_PROBLEM) {
    g_autofree char *problem = sight_query_problem(value);
    return sight_query_text_is(search->query, search->key, search->takes, problem);
  }
  if (name == NULL)
    return sight_query_text_is(search->query, search->key, search->takes, value);
  return strncmp(value, name, bytes) == 0 && value[bytes] == '=' &&
         sight_query_text_is(search->query, search->key, search->takes, value + bytes + 1);
}

static gboolean take(gint64 term, const char *value, gint64 n, gpointer data) {
  Search *search = data;

  if (value[0] == '\0' ? search->key->values->len == 0 : matches(search, value))
    g_array_append_val(search->terms, term);
  return TRUE;
}

/* By their words, where each value has some to look for. */
static gboolean can_search(SightTermField field, const SightFilter *key) {
  for (guint i = 0; i < key->values->len; i++) {
    const SightFilterValue *value = key->values->pdata[i];
    g_autofree char *words = sight_fold_words(value->text);
    if (strchr(value->text, SIGHT_FILTER_ANY_RUN) != NULL || words[0] == '\0')
      return FALSE;
  }
  return sight_term_field_info(field)->words && key->values->len > 0 && key->name == NULL;
}

/* Words are found as they are compared; of a name the words tell only where to look. */
static gboolean search_words(Search *search, SightTermField field, GError **error) {
  gboolean words = search->takes == SIGHT_TAKES_WORDS;

  for (guint i = 0; i < search->key->values->len; i++) {
    const SightFilterValue *value = search->key->values->pdata[i];
    g_autoptr(GArray) found = sight_term_table_search(search->query->db, field, value->text, words, error);
    if (found == NULL)
      return FALSE;
    for (guint j = 0; j < found->len; j++) {
      gint64 term = g_array_index(found, gint64, j);
      const char *text = words ? "" : sight_terms_value(search->query, term, error);
      if (text == NULL)
        return FALSE;
      if (words || matches(search, text))
        g_array_append_val(search->terms, term);
    }
  }
  return TRUE;
}

GArray *sight_terms_matching(SightQuery *query, SightTermField field, const SightFilter *key, SightTakes takes,
                             GError **error) {
  g_autoptr(GArray) terms = g_array_new(FALSE, FALSE, sizeof(gint64));
  Search search = {query, field, key, takes, terms};
  gboolean found = can_search(field, key) ? search_words(&search, field, error)
                                          : sight_term_table_each(query->db, field, take, &search, error);

  return found ? g_steal_pointer(&terms) : NULL;
}

static SightSet *sessions_of(SightQuery *query, const GArray *terms, GError **error) {
  if (terms == NULL)
    return NULL;
  return sight_posting_table_sessions(query->db, (const gint64 *)(gconstpointer)terms->data, terms->len, error);
}

SightSet *sight_terms_sessions(SightQuery *query, SightTermField field, const SightFilter *key, SightTakes takes,
                               GError **error) {
  g_autoptr(GArray) terms = sight_terms_matching(query, field, key, takes, error);

  return sessions_of(query, terms, error);
}

/* Moments */

/* Which term of the index stands for a key inside of brackets; INDEXED: none. */
static SightTermField term_inside(const char *name) {
  static const struct {
    const char *name;
    SightTermField field;
  } fields[] = {{"page", SIGHT_TERM_PAGE}, {"text", SIGHT_TERM_TEXT}, {"url", SIGHT_TERM_URL}};

  for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
    if (g_str_equal(fields[i].name, name))
      return fields[i].field;
  }
  return SIGHT_TERM_INDEXED;
}

/* Leaves those sessions in which a wanted condition inside of brackets can hold. */
static gboolean narrow(SightQuery *query, const SightFilter *inside, gboolean is_signal, SightSet *set,
                       GError **error) {
  if (inside->kind == SIGHT_FILTER_ALL) {
    for (guint i = 0; i < inside->parts->len; i++) {
      if (!narrow(query, inside->parts->pdata[i], is_signal, set, error))
        return FALSE;
    }
    return TRUE;
  }
  SightTermField field = inside->kind == SIGHT_FILTER_KEY ? term_inside(inside->field->name) : SIGHT_TERM_INDEXED;
  if (field == SIGHT_TERM_INDEXED || (!is_signal && field != SIGHT_TERM_PAGE) || inside->values->len == 0)
    return TRUE;
  g_autoptr(SightSet) with = sight_terms_sessions(query, field, inside, inside->field->takes, error);
  if (with != NULL)
    sight_set_and(set, with);
  return with != NULL;
}

static SightSet *with_signals(SightQuery *query, const SightFilter *key, GError **error) {
  g_autoptr(SightSet) set = sight_set_new();

  for (int kind = 0; kind < SIGHT_N_SIGNALS; kind++) {
    if ((key->field->moments & SIGHT_MOMENT_BIT(kind)) == 0)
      continue;
    g_autoptr(SightSet) more =
        sight_index_table_with(query->db, SIGHT_TERM_SIGNAL, sight_signal_kind_name((SightSignalKind)kind), error);
    if (more == NULL)
      return NULL;
    sight_set_or(set, more);
  }
  return g_steal_pointer(&set);
}

/* Of moments that are terms of their own. A click is found by its text or by its selector, a text in the page also
 * where it was seen. */
static SightSet *with_terms(SightQuery *query, const SightFilter *key, GError **error) {
  SightTermField field = (SightTermField)key->field->term;
  SightTakes takes = key->field->takes;
  g_autoptr(SightSet) set = sight_terms_sessions(query, field, key, takes, error);
  g_autoptr(SightSet) more = NULL;

  if (set == NULL || (field != SIGHT_TERM_CLICK && field != SIGHT_TERM_IN_PAGE))
    return g_steal_pointer(&set);
  more = field == SIGHT_TERM_CLICK ? sight_terms_sessions(query, SIGHT_TERM_CLICKED, key, SIGHT_TAKES_NAME, error)
                                   : sight_terms_sessions(query, SIGHT_TERM_SEEN, key, takes, error);
  if (more != NULL)
    sight_set_or(set, more);
  return more != NULL ? g_steal_pointer(&set) : NULL;
}

SightSet *sight_terms_candidates(SightQuery *query, const SightFilter *key, gboolean *exact, GError **error) {
  gboolean is_signal = (key->field->moments & SIGHT_MOMENT_SIGNALS) != 0;
  gboolean is_term = key->field->term != SIGHT_TERM_INDEXED;
  g_autoptr(SightSet) set = NULL;

  *exact =
      key->inside == NULL && !sight_element_needs_page(query, key) && (is_term || (is_signal && key->values->len == 0));
  if (is_term)
    set = with_terms(query, key, error);
  else if (is_signal)
    set = with_signals(query, key, error);
  else
    set = sight_set_copy(query->all);
  if (set != NULL && key->inside != NULL && !narrow(query, key->inside, is_signal, set, error))
    return NULL;
  return g_steal_pointer(&set);
}

/* What a search looks for in texts that were seen, beside what session_text has. */
SightSet *sight_terms_saying(SightQuery *query, const char *words, GError **error) {
  g_autofree char *folded = sight_fold_words(words);
  g_autoptr(SightSet) set = sight_session_column_words(query->db, folded, error);
  g_autoptr(GArray) seen = set != NULL ? sight_term_table_search(query->db, SIGHT_TERM_SEEN, words, TRUE, error) : NULL;
  g_autoptr(SightSet) more = sessions_of(query, seen, error);

  if (more != NULL)
    sight_set_or(set, more);
  return more != NULL ? g_steal_pointer(&set) : NULL;
}

/* What was clicked is told by its selector in brackets. */
static SightFilter *inside_of(const char *name, const char *value) {
  SightFilter *inside = sight_filter_new(SIGHT_FILTER_KEY);
  SightFilterValue *wanted = sight_filter_value_new(SIGHT_RELATION_IS);

  inside->field = sight_field_find(name, strlen(name), TRUE);
  wanted->text = g_strdup(value);
  g_ptr_array_add(inside->values, wanted);
  return inside;
}

char *sight_query_inside(const char *name, const char *value) {
  g_autoptr(SightFilter) inside = inside_of(name, value);

  return sight_filter_print(inside);
}

/* A signal is a key itself; of NAME=VALUE the name belongs to the key. */
char *sight_query_term(SightTermField term, const char *value) {
  g_autoptr(SightFilter) key = sight_filter_new(SIGHT_FILTER_KEY);
  const char *name = term == SIGHT_TERM_TEXT ? "signal" : sight_term_field_info(term)->name;
  const char *equals = strchr(value, '=');

  if (term == SIGHT_TERM_SIGNAL)
    name = g_str_equal(value, "form") ? "form-left" : value;
  if (term == SIGHT_TERM_CLICKED)
    name = "click";
  key->field = sight_field_find(name, strlen(name), FALSE);
  if (term == SIGHT_TERM_CLICKED) {
    key->inside = inside_of("selector", value);
  } else if (key->field != NULL && term != SIGHT_TERM_SIGNAL) {
    SightFilterValue *wanted = sight_filter_value_new(SIGHT_RELATION_IS);
    if ((key->field->flags & SIGHT_HAS_NAME) && equals != NULL) {
      key->name = g_strndup(value, (gsize)(equals - value));
      value = equals + 1;
    }
    wanted->text = g_strdup(value);
    g_ptr_array_add(key->values, wanted);
  }
  return key->field != NULL ? sight_filter_print(key) : g_strdup("");
}

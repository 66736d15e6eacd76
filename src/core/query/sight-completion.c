/* SPDX-License-Identifier: MIT */
/* Rows of a completion: candidates out of the table of fields and out of the terms of the index, then how many sessions
 * each leaves. */
#include "sight-completion.h"

#include "sight-completion-private.h"
#include "sight-endpoint-table.h"
#include "sight-filter-value.h"
#include "sight-fold.h"
#include "sight-hash.h"
#include "sight-query-private.h"
#include "sight-term-table.h"

#include <string.h>

/* So many more are counted than are shown, as what is frequent in all may be rare in the rest. */
#define SPARE 2
/* Values of one field for a word without a key. */
#define MOST_OF_ONE 3
/* A single letter stands in nearly every value. */
#define LEAST_WORD 2

typedef struct {
  SightDb *db;
  const SightPlace *place;
  SightQuery *query;
  SightSet *rest;     /* NULL: nothing is counted */
  GPtrArray *filters; /* of SightFilter: what was counted; the query knows texts by their place in memory */
  GPtrArray *rows;
  guint limit;
} Completer;

typedef struct {
  char *value;
  guint rank; /* 0: begins with what was written, 1: a word of it does */
  gint64 n;   /* sessions that have it, about */
} Candidate;

typedef struct {
  GHashTable *known; /* of Candidate by value, owned by `list` */
  GPtrArray *list;
  char *name, *words; /* what was written, folded */
  const char *of;     /* NAME of "NAME=VALUE" that is wanted; NULL: no such pairs */
  gboolean names;     /* of "NAME=VALUE" the names */
  guint n_seen;
} Search;

static void completion_free(gpointer data) {
  SightCompletion *row = data;

  g_free(row->insert);
  g_free(row->title);
  g_free(row);
}

void sight_completions_free(SightCompletions *completions) {
  if (completions == NULL)
    return;
  g_ptr_array_unref(completions->rows);
  g_free(completions);
}

/* Counting */

/* Whether sets alone tell which sessions have it. */
static gboolean is_cheap(const SightFilter *key) {
  const SightField *field = key->field;

  return field->sessions != NULL ||
         (key->inside == NULL && (field->term != SIGHT_TERM_INDEXED ||
                                  (key->values->len == 0 && (field->moments & SIGHT_MOMENT_SIGNALS) != 0)));
}

/* FALSE on error; -1 where it is not counted. */
static gboolean count(Completer *self, const char *part, gint64 *n, GError **error) {
  *n = -1;
  if (self->rest == NULL || self->place->within != NULL)
    return TRUE;
  SightFilter *filter = sight_filter_parse(part, NULL, NULL);
  if (filter == NULL)
    return TRUE;
  g_ptr_array_add(self->filters, filter);
  if (filter->kind != SIGHT_FILTER_KEY || !is_cheap(filter))
    return TRUE;
  g_autoptr(SightSet) set = sight_query_ask(self->query, filter, self->rest, error);
  if (set != NULL)
    *n = (gint64)sight_set_n(set);
  return set != NULL;
}

/* Takes `insert` and `title`. */
static gboolean add(Completer *self, SightCompletionKind kind, char *insert, char *title, gboolean counts,
                    GError **error) {
  SightCompletion *row = g_new0(SightCompletion, 1);

  row->kind = kind;
  row->insert = insert;
  row->title = title;
  row->count = -1;
  g_ptr_array_add(self->rows, row);
  return !counts || count(self, insert, &row->count, error);
}

/* The sessions of all that stands beside the place. */
static SightSet *rest_of(Completer *self, const SightFilter *filter, const SightSet *within, GError **error);

static gboolean is_mark(const SightFilter *filter) {
  if (filter->kind != SIGHT_FILTER_KEY || filter->values->len != 1)
    return FALSE;
  const SightFilterValue *value = filter->values->pdata[0];
  return g_strcmp0(value->text, SIGHT_COMPLETION_MARK) == 0;
}

static gboolean holds_mark(const SightFilter *filter) {
  for (guint i = 0; filter->parts != NULL && i < filter->parts->len; i++) {
    if (holds_mark(filter->parts->pdata[i]))
      return TRUE;
  }
  return is_mark(filter);
}

static SightSet *rest_of_all(Completer *self, const SightFilter *all, const SightSet *within, GError **error) {
  const SightFilter *way = NULL;
  g_autoptr(SightSet) left = sight_set_copy(within);

  for (guint i = 0; i < all->parts->len; i++) {
    const SightFilter *part = all->parts->pdata[i];
    if (way == NULL && holds_mark(part)) {
      way = part;
      continue;
    }
    /* Of alternatives only what refuses removes from the others. */
    if (all->kind == SIGHT_FILTER_ANY && !sight_filter_only_refuses(part))
      continue;
    SightSet *set = sight_query_ask(self->query, part, left, error);
    if (set == NULL)
      return NULL;
    sight_set_free(left);
    left = set;
  }
  return way != NULL ? rest_of(self, way, left, error) : g_steal_pointer(&left);
}

static SightSet *rest_of(Completer *self, const SightFilter *filter, const SightSet *within, GError **error) {
  if (filter->kind == SIGHT_FILTER_NOT)
    return rest_of(self, filter->parts->pdata[0], within, error);
  if (filter->kind == SIGHT_FILTER_ALL || filter->kind == SIGHT_FILTER_ANY)
    return rest_of_all(self, filter, within, error);
  return sight_set_copy(within);
}

/* Candidates */

static void candidate_free(gpointer data) {
  Candidate *candidate = data;

  g_free(candidate->value);
  g_free(candidate);
}

static void search_init(Search *self, const SightPlace *place) {
  self->list = g_ptr_array_new_with_free_func(candidate_free);
  self->known = g_hash_table_new(sight_hash_text, g_str_equal);
  self->name = sight_fold_name(place->typed);
  self->words = sight_fold_words(place->typed);
}

static void search_clear(Search *self) {
  g_hash_table_unref(self->known);
  g_ptr_array_unref(self->list);
  g_free(self->name);
  g_free(self->words);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Search, search_clear)

static gboolean rank(const Search *self, const char *value, guint *rank) {
  g_autofree char *name = sight_fold_name(value);

  *rank = 0;
  if (g_str_has_prefix(name, self->name))
    return TRUE;
  g_autofree char *words = sight_fold_words(value);
  *rank = 1;
  return self->words[0] != '\0' && sight_fold_has_words(words, self->words);
}

/* Takes `value`. */
static void consider(Search *self, char *value, gint64 n) {
  Candidate *known = g_hash_table_lookup(self->known, value);
  guint place = 0;

  if (known != NULL)
    known->n += n;
  if (known != NULL || value[0] == '\0' || !rank(self, value, &place)) {
    g_free(value);
    return;
  }
  Candidate *candidate = g_new(Candidate, 1);
  *candidate = (Candidate){.value = value, .rank = place, .n = n};
  g_ptr_array_add(self->list, candidate);
  g_hash_table_insert(self->known, value, candidate);
}

static gboolean take(gint64 term, const char *value, gint64 n, gpointer data) {
  Search *self = data;
  const char *equals = strchr(value, '=');
  gsize bytes = equals != NULL ? (gsize)(equals - value) : 0;

  if (self->of == NULL && !self->names)
    consider(self, g_strdup(value), n);
  else if (equals != NULL && self->names)
    consider(self, g_strndup(value, bytes), n);
  else if (equals != NULL && strlen(self->of) == bytes && strncmp(value, self->of, bytes) == 0)
    consider(self, g_strdup(equals + 1), n);
  return ++self->n_seen < SIGHT_COMPLETION_MAX_VALUES;
}

static int best_first(gconstpointer a, gconstpointer b) {
  const Candidate *x = *(Candidate *const *)a, *y = *(Candidate *const *)b;

  if (x->rank != y->rank)
    return x->rank < y->rank ? -1 : 1;
  if (x->n != y->n)
    return x->n > y->n ? -1 : 1;
  return strcmp(x->value, y->value);
}

/* Those of a field, of whose many texts only the ones with these words are looked at. */
static gboolean take_terms(Completer *self, Search *search, SightTermField field, GError **error) {
  gboolean whole = search->of == NULL && !search->names;

  if (whole && search->words[0] != '\0' && sight_term_field_info(field)->words)
    return sight_term_table_common(self->db, field, search->words, self->limit * SPARE, take, search, error);
  return sight_term_table_each(self->db, field, take, search, error);
}

static gboolean take_endpoints(Completer *self, Search *search, GError **error) {
  g_autoptr(GPtrArray) endpoints = sight_endpoint_table_list(self->db, error);

  for (guint i = 0; endpoints != NULL && i < endpoints->len; i++) {
    const SightEndpoint *endpoint = endpoints->pdata[i];
    consider(search, g_strdup(endpoint->name), endpoint->n_sessions);
  }
  return endpoints != NULL;
}

/* The terms among which the values of a key are, as far as there are any. */
static guint fields_of(const SightField *key, const SightField *within, SightTermField fields[2]) {
  static const struct {
    const char *name;
    SightTermField field;
  } inside[] = {{"page", SIGHT_TERM_PAGE}, {"target", SIGHT_TERM_TARGET},    {"text", SIGHT_TERM_TEXT},
                {"url", SIGHT_TERM_URL},   {"selector", SIGHT_TERM_CLICKED}, {"status", SIGHT_TERM_STATUS}};
  const char *name = key->place == SIGHT_KEY_OF_MOMENT ? key->value : key->name;

  if (key->place == SIGHT_KEY_OF_SESSION) {
    fields[0] = (SightTermField)key->term;
    return key->sessions == sight_answer_term ? 1 : 0;
  }
  /* The text of a moment that is a term of its own stands there. */
  if (key->place == SIGHT_KEY_INSIDE && within != NULL && within->term != SIGHT_TERM_INDEXED &&
      g_strcmp0(within->value, key->name) == 0)
    key = within;
  if (key->place == SIGHT_KEY_OF_MOMENT && key->term != SIGHT_TERM_INDEXED) {
    fields[0] = (SightTermField)key->term;
    fields[1] = key->term == SIGHT_TERM_CLICK ? SIGHT_TERM_CLICKED : SIGHT_TERM_SEEN;
    return key->term == SIGHT_TERM_CLICK || key->term == SIGHT_TERM_IN_PAGE ? 2 : 1;
  }
  for (gsize i = 0; i < G_N_ELEMENTS(inside); i++) {
    if (g_strcmp0(inside[i].name, name) == 0) {
      fields[0] = inside[i].field;
      return 1;
    }
  }
  return 0;
}

static gboolean search_values(Completer *self, Search *search, const SightField *key, GError **error) {
  static const char *const times[] = {"today", "yesterday", "7d", "30d"};
  SightTermField fields[2];
  guint n = fields_of(key, self->place->within, fields);

  for (guint i = 0; key->choices != NULL && key->choices[i] != NULL; i++)
    consider(search, g_strdup(key->choices[i]), 0);
  for (guint i = 0; key->takes == SIGHT_TAKES_TIME && i < G_N_ELEMENTS(times); i++)
    consider(search, g_strdup(times[i]), G_N_ELEMENTS(times) - i);
  if (key->sessions == sight_answer_endpoint)
    return take_endpoints(self, search, error);
  for (guint i = 0; i < n && key->choices == NULL; i++) {
    if (!take_terms(self, search, fields[i], error))
      return FALSE;
  }
  g_ptr_array_sort(search->list, best_first);
  return TRUE;
}

/* Rows */

static gboolean add_value(Completer *self, const SightField *key, const char *before, const char *value,
                          GError **error) {
  gboolean problem = key->term == SIGHT_TERM_PROBLEM && key->place == SIGHT_KEY_OF_MOMENT;
  g_autofree char *text = problem ? sight_query_problem(value) : g_strdup(value);
  SightFilterValue *wanted = sight_filter_value_parse(key, text);

  if (wanted == NULL)
    return TRUE;
  g_autoptr(GString) insert = g_string_new(before);
  sight_filter_value_print(key, wanted, insert);
  sight_filter_value_free(wanted);
  return add(self, SIGHT_COMPLETION_VALUE, g_string_free(g_steal_pointer(&insert), FALSE), g_strdup(value), TRUE,
             error);
}

static int more_first(gconstpointer a, gconstpointer b) {
  const SightCompletion *x = *(SightCompletion *const *)a, *y = *(SightCompletion *const *)b;

  if (x->count != y->count)
    return x->count > y->count ? -1 : 1;
  return strcmp(x->insert, y->insert);
}

/* Those that begin with what was written come first, and of them those that leave the most sessions. */
static void sort_and_cut(Completer *self, guint n_begin) {
  if (n_begin > 0)
    qsort(self->rows->pdata, n_begin, sizeof(gpointer), more_first);
  if (self->rows->len > self->limit)
    g_ptr_array_set_size(self->rows, (int)self->limit);
}

static gboolean add_values(Completer *self, GError **error) {
  const SightPlace *place = self->place;
  g_auto(Search) search = {.of = place->name};
  guint n_begin = 0;

  search_init(&search, place);
  if (!search_values(self, &search, place->field, error))
    return FALSE;
  for (guint i = 0; i < search.list->len && i < self->limit * SPARE; i++) {
    const Candidate *candidate = search.list->pdata[i];
    if (!add_value(self, place->field, place->before, candidate->value, error))
      return FALSE;
    if (candidate->rank == 0)
      n_begin = self->rows->len;
  }
  sort_and_cut(self, n_begin);
  return TRUE;
}

static gboolean add_names(Completer *self, GError **error) {
  g_auto(Search) search = {.names = TRUE};
  SightTermField fields[2];

  search_init(&search, self->place);
  if (fields_of(self->place->field, NULL, fields) != 1 || !take_terms(self, &search, fields[0], error))
    return TRUE;
  g_ptr_array_sort(search.list, best_first);
  for (guint i = 0; i < search.list->len && i < self->limit; i++) {
    const Candidate *candidate = search.list->pdata[i];
    SightFilter key = {.kind = SIGHT_FILTER_KEY, .field = self->place->field, .name = candidate->value};
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    key.values = none;
    g_autofree char *printed = sight_filter_print(&key);
    if (!add(self, SIGHT_COMPLETION_NAME, g_strconcat(printed, ":", NULL), g_strdup(candidate->value), FALSE, error))
      return FALSE;
  }
  return TRUE;
}

/* Keys whose name, or a word of whose title, begins so. */
static gboolean add_keys(Completer *self, gboolean by_title, GError **error) {
  const SightPlace *place = self->place;
  g_autofree char *name = sight_fold_name(place->typed), *words = sight_fold_words(place->typed);
  gsize n;
  const SightField *fields = sight_fields(&n);

  for (gsize i = 0; i < n && self->rows->len < self->limit; i++) {
    const SightField *field = &fields[i];
    g_autofree char *title = sight_fold_words(sight_field_title(field));
    gboolean begins = g_str_has_prefix(field->name, name);
    if ((field->place == SIGHT_KEY_INSIDE) != (place->within != NULL) ||
        (place->within != NULL && (field->parts & place->within->parts) == 0))
      continue;
    if (by_title ? begins || words[0] == '\0' || !sight_fold_has_words(title, words) : !begins)
      continue;
    const char *end = field->takes == SIGHT_TAKES_NOTHING ? "" : ":";
    if (field->flags & SIGHT_HAS_NAME)
      end = ".";
    /* What also says something alone is counted as it stands. */
    gboolean alone = (field->flags & (SIGHT_NEEDS_VALUE | SIGHT_HAS_NAME)) == 0 &&
                     (field->term == SIGHT_TERM_INDEXED || field->takes == SIGHT_TAKES_NOTHING);
    if (!add(self, SIGHT_COMPLETION_KEY, g_strconcat(field->name, end, NULL), g_strdup(sight_field_title(field)), FALSE,
             error))
      return FALSE;
    SightCompletion *row = self->rows->pdata[self->rows->len - 1];
    if (alone && !count(self, field->name, &row->count, error))
      return FALSE;
  }
  return TRUE;
}

/* A word without a key may be the beginning of a value of any. */
static gboolean add_words(Completer *self, GError **error) {
  static const char *const keys[] = {"page", "user", "event", "click", "seen", "release"};

  for (gsize i = 0; i < G_N_ELEMENTS(keys) && self->rows->len < self->limit; i++) {
    const SightField *key = sight_field_find(keys[i], strlen(keys[i]), FALSE);
    g_autofree char *before = g_strconcat(keys[i], ":", NULL);
    g_auto(Search) search = {0};
    search_init(&search, self->place);
    if (!search_values(self, &search, key, error))
      return FALSE;
    for (guint j = 0; j < MIN(search.list->len, MOST_OF_ONE) && self->rows->len < self->limit; j++) {
      if (!add_value(self, key, before, ((Candidate *)search.list->pdata[j])->value, error))
        return FALSE;
    }
  }
  return TRUE;
}

static gboolean add_rows(Completer *self, GError **error) {
  const SightPlace *place = self->place;

  if (place->wants_name)
    return add_names(self, error);
  if (place->field != NULL)
    return add_values(self, error);
  if (!place->is_words && (!add_keys(self, FALSE, error) || !add_keys(self, TRUE, error)))
    return FALSE;
  return place->within != NULL || g_utf8_strlen(place->typed, -1) < LEAST_WORD || add_words(self, error);
}

SightCompletions *sight_complete(SightDb *db, const char *tainted_text, guint cursor, guint limit, gint64 now_ms,
                                 GError **error) {
  g_autoptr(SightCompletions) found = g_new0(SightCompletions, 1);
  g_auto(SightPlace) place = {0};
  gsize bytes = strlen(tainted_text);

  cursor = (guint)MIN(cursor, bytes);
  found->rows = g_ptr_array_new_with_free_func(completion_free);
  found->from = found->to = cursor;
  if (bytes > SIGHT_FILTER_MAX_BYTES || !g_utf8_validate(tainted_text, (gssize)bytes, NULL) ||
      !g_utf8_validate(tainted_text, cursor, NULL) || !sight_place_find(&place, tainted_text, cursor))
    return g_steal_pointer(&found);
  found->from = place.from;
  found->to = place.to;
  g_autofree char *rest = sight_place_rest(&place, tainted_text);
  g_autoptr(SightFilter) filter = sight_filter_parse(rest, NULL, NULL);
  g_autoptr(SightFilter) all = sight_filter_parse("all", NULL, NULL);
  g_autoptr(SightQuery) query = sight_query_new(db, filter != NULL ? filter : all, now_ms, error);
  g_autoptr(GPtrArray) filters = g_ptr_array_new_with_free_func((GDestroyNotify)sight_filter_free);
  if (query == NULL)
    return NULL;
  Completer self = {db, &place, query, NULL, filters, found->rows, limit};
  g_autoptr(SightSet) left = filter != NULL ? rest_of(&self, filter, query->all, error) : NULL;
  if (filter != NULL && left == NULL)
    return NULL;
  self.rest = left;
  return add_rows(&self, error) ? g_steal_pointer(&found) : NULL;
}

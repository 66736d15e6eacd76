/* SPDX-License-Identifier: MIT */
/* Parts of a set, out of the postings of a key's values. */
#include "sight-split.h"

#include "sight-posting-table.h"
#include "sight-query.h"
#include "sight-term-table.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct {
  SightDb *db;
  const SightSet *sessions;
  const SightFilter *key;
  SightSet *rest; /* without a value */
  GPtrArray *parts;
  GError *error;
} Split;

static void part_free(gpointer data) {
  SightPart *part = data;

  g_free(part->value);
  g_free(part->filter);
  sight_set_free(part->sessions);
  g_free(part);
}

/* Of NAME=VALUE what follows the name that is asked for; NULL where it is another. */
static const char *value_of(const SightFilter *key, const char *value) {
  gsize bytes = key->name != NULL ? strlen(key->name) : 0;

  if (key->name == NULL)
    return value;
  return strncmp(value, key->name, bytes) == 0 && value[bytes] == '=' ? value + bytes + 1 : NULL;
}

static gboolean take(gint64 term, const char *value, gint64 n, gpointer data) {
  Split *self = data;
  const char *said = value_of(self->key, value);

  if (said == NULL)
    return TRUE;
  g_autoptr(SightSet) with = sight_posting_table_sessions(self->db, &term, 1, &self->error);
  if (with == NULL)
    return FALSE;
  sight_set_and(with, self->sessions);
  if (sight_set_n(with) == 0)
    return TRUE;
  SightPart *part = g_new0(SightPart, 1);
  part->value = g_strdup(said);
  part->filter = sight_query_term((SightTermField)self->key->field->term, value);
  part->sessions = g_steal_pointer(&with);
  sight_set_and_not(self->rest, part->sessions);
  g_ptr_array_add(self->parts, part);
  return TRUE;
}

static int greatest_first(gconstpointer a, gconstpointer b) {
  const SightPart *x = *(SightPart *const *)a, *y = *(SightPart *const *)b;
  guint64 n_x = sight_set_n(x->sessions), n_y = sight_set_n(y->sessions);

  return n_x != n_y ? (n_x > n_y ? -1 : 1) : strcmp(x->value, y->value);
}

static void add_rest(Split *self) {
  g_autofree char *key = sight_filter_print(self->key);
  SightPart *part = g_new0(SightPart, 1);

  part->filter = g_strconcat("-", key, NULL);
  part->sessions = sight_set_copy(self->rest);
  g_ptr_array_add(self->parts, part);
}

GPtrArray *sight_split(SightDb *db, const SightSet *sessions, const char *key, GError **error) {
  g_autoptr(SightFilter) filter = sight_filter_parse(key, NULL, error);
  g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(part_free);
  g_autoptr(SightSet) rest = sight_set_copy(sessions);
  Split self = {db, sessions, filter, rest, parts, NULL};

  if (filter == NULL)
    return NULL;
  if (filter->kind != SIGHT_FILTER_KEY || filter->field->place != SIGHT_KEY_OF_SESSION || filter->field->term == 0 ||
      filter->values->len > 0) {
    g_set_error(error, SIGHT_FILTER_ERROR, SIGHT_FILTER_ERROR_SYNTAX,
                _("“%s” is no key by which sessions can be told apart, such as device, release or variant.NAME"), key);
    return NULL;
  }
  if (!sight_term_table_each(db, (SightTermField)filter->field->term, take, &self, error))
    return NULL;
  if (self.error != NULL) {
    g_propagate_error(error, self.error);
    return NULL;
  }
  g_ptr_array_sort(parts, greatest_first);
  if (sight_set_n(rest) > 0)
    add_rest(&self);
  return g_steal_pointer(&parts);
}

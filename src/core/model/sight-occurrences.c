/* SPDX-License-Identifier: MIT */
/* The terms and moments of one session. */
#include "sight-occurrences.h"

#include "sight-hash.h"
#include "sight-varint.h"

#include <string.h>

/* A session that is longer than anybody watches. */
#define MAX_MOMENTS 30000
#define MAX_LINKS (4 * MAX_MOMENTS)
#define MAX_NUMBERS (8 * MAX_MOMENTS)

static void term_clear(gpointer data) {
  g_free(((SightTerm *)data)->value);
}

SightOccurrences *sight_occurrences_new(void) {
  SightOccurrences *self = g_new0(SightOccurrences, 1);
  self->terms = g_array_new(FALSE, FALSE, sizeof(SightTerm));
  g_array_set_clear_func(self->terms, term_clear);
  self->moments = g_array_new(FALSE, FALSE, sizeof(SightOccurrence));
  self->links = g_array_new(FALSE, FALSE, sizeof(guint));
  self->numbers = g_array_new(FALSE, FALSE, sizeof(int));
  return self;
}

void sight_occurrences_free(SightOccurrences *self) {
  if (self == NULL)
    return;
  g_array_unref(self->terms);
  g_array_unref(self->moments);
  g_array_unref(self->links);
  g_array_unref(self->numbers);
  g_clear_pointer(&self->places, g_hash_table_unref);
  g_free(self);
}

/* The number of values that a field has stands among the places, under the field alone. */
static guint count_of(SightOccurrences *self, SightTermField field) {
  const char key[] = {(char)(field + 1), '\0'};
  guint n = GPOINTER_TO_UINT(g_hash_table_lookup(self->places, key));
  g_hash_table_insert(self->places, g_strdup(key), GUINT_TO_POINTER(n + 1));
  return n;
}

guint sight_occurrences_term(SightOccurrences *self, SightTermField field, const char *value) {
  if (value == NULL || (value[0] == '\0' && sight_term_field_info(field)->bound > 1))
    return SIGHT_NO_TERM;
  /* Not for those that are only read: a filter reads thousands of them. */
  if (self->places == NULL)
    self->places = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, NULL);
  g_autofree char *key = g_strdup_printf("%c=%s", (char)(field + 1), value);
  gpointer place = g_hash_table_lookup(self->places, key);
  if (place != NULL)
    return GPOINTER_TO_UINT(place) - 1;
  if (count_of(self, field) >= sight_term_field_info(field)->bound) {
    self->left_out[field]++;
    return SIGHT_NO_TERM;
  }
  SightTerm term = {.field = field, .value = g_strdup(value)};
  g_array_append_val(self->terms, term);
  g_hash_table_insert(self->places, g_steal_pointer(&key), GUINT_TO_POINTER(self->terms->len));
  return self->terms->len - 1;
}

SightOccurrence *sight_occurrences_moment(SightOccurrences *self, guint term, gint64 start_ms, gint64 end_ms) {
  if (term == SIGHT_NO_TERM || self->moments->len >= MAX_MOMENTS || self->links->len >= MAX_LINKS)
    return NULL;
  SightOccurrence moment = {.start_ms = start_ms,
                            .end_ms = MAX(start_ms, end_ms),
                            .view = -1,
                            .count = 1,
                            .first = self->links->len,
                            .n_terms = 1,
                            .first_number = self->numbers->len};
  g_array_append_val(self->links, term);
  g_array_append_val(self->moments, moment);
  return &g_array_index(self->moments, SightOccurrence, self->moments->len - 1);
}

void sight_occurrences_also(SightOccurrences *self, guint term) {
  if (term == SIGHT_NO_TERM || self->moments->len == 0 || self->links->len >= MAX_LINKS)
    return;
  SightOccurrence *newest = &g_array_index(self->moments, SightOccurrence, self->moments->len - 1);
  if (newest->first + newest->n_terms != self->links->len)
    return;
  g_array_append_val(self->links, term);
  newest->n_terms++;
}

void sight_occurrences_measure(SightOccurrences *self, const int *numbers, guint n) {
  if (self->moments->len == 0 || self->numbers->len + n > MAX_NUMBERS)
    return;
  SightOccurrence *newest = &g_array_index(self->moments, SightOccurrence, self->moments->len - 1);
  if (newest->first_number + newest->n_numbers != self->numbers->len)
    return;
  g_array_append_vals(self->numbers, numbers, n);
  newest->n_numbers += n;
}

void sight_occurrences_number(SightOccurrences *self, SightNumber number, gint64 value) {
  value = CLAMP(value, 0, SIGHT_NUMBER_MAX);
  for (guint bit = 0; value >> bit != 0; bit++) {
    if ((value >> bit & 1) == 0)
      continue;
    g_autofree char *name = sight_number_bit(number, bit);
    sight_occurrences_term(self, SIGHT_TERM_BIT, name);
  }
}

static int by_time(gconstpointer a, gconstpointer b) {
  const SightOccurrence *x = a, *y = b;
  if (x->start_ms != y->start_ms)
    return x->start_ms < y->start_ms ? -1 : 1;
  return (x->first > y->first) - (x->first < y->first);
}

void sight_occurrences_sort(SightOccurrences *self) {
  g_array_sort(self->moments, by_time);
}

void sight_numbers_pack(GByteArray *out, const gint64 *numbers, guint n) {
  gint64 last = 0;
  sight_put(out, n);
  for (guint i = 0; i < n; i++) {
    sight_put(out, (guint64)(numbers[i] - last));
    last = numbers[i];
  }
}

static void get_numbers(SightReader *reader, GArray *numbers) {
  gint64 last = 0;
  for (guint n = sight_get_count(reader); n > 0 && !reader->damaged; n--) {
    last = (gint64)((guint64)last + sight_get(reader));
    g_array_append_val(numbers, last);
  }
}

gboolean sight_numbers_unpack(const guint8 *data, gsize bytes, GArray *numbers) {
  SightReader reader = {.at = data, .end = data + bytes};
  get_numbers(&reader, numbers);
  return !reader.damaged;
}

enum { IS_SEVERE = 1 << 0, HAS_COUNT = 1 << 1, HAS_AMOUNT = 1 << 2, HAS_NUMBERS = 1 << 3 };

typedef struct {
  gint64 row;
  guint place;
} Numbered;

static int by_row(gconstpointer a, gconstpointer b) {
  const Numbered *x = a, *y = b;
  return (x->row > y->row) - (x->row < y->row);
}

static void put_measures(GByteArray *out, const SightOccurrences *self, const SightOccurrence *moment) {
  sight_put(out, moment->n_numbers);
  for (guint i = 0; i < moment->n_numbers; i++)
    sight_put_signed(out, g_array_index(self->numbers, int, moment->first_number + i));
}

static void get_measures(SightReader *reader, SightOccurrences *self, SightOccurrence *moment) {
  moment->n_numbers = sight_get_count(reader);
  for (guint i = 0; i < moment->n_numbers; i++) {
    int number = (int)sight_get_signed(reader);
    g_array_append_val(self->numbers, number);
  }
}

GByteArray *sight_occurrences_pack(const SightOccurrences *self, const gint64 *rows) {
  GByteArray *out = g_byte_array_new();
  guint n = self->terms->len;
  g_autofree Numbered *order = g_new(Numbered, n + 1);
  g_autofree gint64 *sorted = g_new(gint64, n + 1);
  g_autofree guint *places = g_new(guint, n + 1);
  for (guint i = 0; i < n; i++)
    order[i] = (Numbered){.row = rows[i], .place = i};
  qsort(order, n, sizeof *order, by_row);
  for (guint i = 0; i < n; i++) {
    sorted[i] = order[i].row;
    places[order[i].place] = i;
  }
  sight_numbers_pack(out, sorted, n);
  sight_put(out, SIGHT_N_TERM_FIELDS);
  for (guint field = 0; field < SIGHT_N_TERM_FIELDS; field++)
    sight_put(out, self->left_out[field]);
  sight_put(out, self->moments->len);
  gint64 last_ms = 0;
  for (guint i = 0; i < self->moments->len; i++) {
    const SightOccurrence *moment = &g_array_index(self->moments, SightOccurrence, i);
    sight_put_signed(out, moment->start_ms - last_ms);
    sight_put_signed(out, moment->end_ms - moment->start_ms);
    sight_put_signed(out, moment->view);
    sight_put(out, (moment->severe ? IS_SEVERE : 0) | (moment->count != 1 ? HAS_COUNT : 0) |
                       (moment->amount != 0 ? HAS_AMOUNT : 0) | (moment->n_numbers > 0 ? HAS_NUMBERS : 0));
    if (moment->count != 1)
      sight_put_signed(out, moment->count);
    if (moment->amount != 0)
      sight_put_signed(out, moment->amount);
    if (moment->n_numbers > 0)
      put_measures(out, self, moment);
    sight_put(out, moment->n_terms);
    for (guint j = 0; j < moment->n_terms; j++)
      sight_put(out, places[g_array_index(self->links, guint, moment->first + j)]);
    last_ms = moment->start_ms;
  }
  return out;
}

static void get_moment(SightReader *reader, SightOccurrences *self, gint64 *last_ms) {
  SightOccurrence moment = {.first = self->links->len, .first_number = self->numbers->len, .count = 1};
  moment.start_ms = (gint64)((guint64)*last_ms + (guint64)sight_get_signed(reader));
  moment.end_ms = (gint64)((guint64)moment.start_ms + (guint64)sight_get_signed(reader));
  moment.view = (int)sight_get_signed(reader);
  guint64 has = sight_get(reader);
  moment.severe = (has & IS_SEVERE) != 0;
  if ((has & HAS_COUNT) != 0)
    moment.count = (int)sight_get_signed(reader);
  if ((has & HAS_AMOUNT) != 0)
    moment.amount = (int)sight_get_signed(reader);
  if ((has & HAS_NUMBERS) != 0)
    get_measures(reader, self, &moment);
  moment.n_terms = sight_get_count(reader);
  for (guint i = 0; i < moment.n_terms; i++) {
    guint place = (guint)sight_get(reader);
    if (place >= self->terms->len)
      reader->damaged = TRUE;
    g_array_append_val(self->links, place);
  }
  g_array_append_val(self->moments, moment);
  *last_ms = moment.start_ms;
}

SightOccurrences *sight_occurrences_unpack(const guint8 *data, gsize bytes, GArray *rows) {
  g_autoptr(SightOccurrences) self = sight_occurrences_new();
  SightReader reader = {.at = data, .end = data + bytes};
  gint64 last_ms = 0;
  get_numbers(&reader, rows);
  g_array_set_size(self->terms, rows->len);
  if (rows->len > 0)
    memset(self->terms->data, 0, rows->len * sizeof(SightTerm));
  guint n_fields = sight_get_count(&reader);
  for (guint field = 0; field < n_fields; field++) {
    guint n = (guint)sight_get(&reader);
    if (field < SIGHT_N_TERM_FIELDS)
      self->left_out[field] = n;
  }
  for (guint n = sight_get_count(&reader); n > 0 && !reader.damaged; n--)
    get_moment(&reader, self, &last_ms);
  return reader.damaged ? NULL : g_steal_pointer(&self);
}

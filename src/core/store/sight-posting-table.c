/* SPDX-License-Identifier: MIT */
/* Postings, the sessions that wait to be in them, and folding these in. */
#include "sight-posting-table.h"

#include "sight-db.h"
#include "sight-occurrences.h"
#include "sight-term-table.h"

#include <string.h>

#define BLOCK_SHIFT 16
#define BLOCK_MASK 0xffff
/* From here on a bit for each session is cheaper than a union of sets for each term. */
#define FEW_TERMS 32

typedef struct {
  gint64 term, session;
} Pair;

static int by_term(gconstpointer a, gconstpointer b) {
  const Pair *x = a, *y = b;

  if (x->term != y->term)
    return x->term < y->term ? -1 : 1;
  return (x->session > y->session) - (x->session < y->session);
}

static int by_number(gconstpointer a, gconstpointer b) {
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;

  return (x > y) - (x < y);
}

static gboolean get_counter(SightDb *db, const char *name, gint64 *value, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_COUNTER_GET, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_text(statement, 1, name);
  return sight_statement_run_int(statement, value, 0, error);
}

static gboolean set_counter(SightDb *db, const char *name, gint64 value, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_COUNTER_SET, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_text(statement, 1, name);
  sight_statement_bind_int(statement, 2, value);
  return sight_statement_run(statement, error);
}

static gboolean run_with(SightDb *db, SightSql sql, gint64 number, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, sql, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, number);
  return sight_statement_run(statement, error);
}

/* What waits: its terms by session, up to `last`. Of `n_parts` parts of all terms (by their last digits) one. */
static GArray *waiting(SightDb *db, gint64 last, guint part, guint n_parts, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_RECENT_EACH, error);
  g_autoptr(GArray) pairs = g_array_new(FALSE, FALSE, sizeof(Pair)), terms = g_array_new(FALSE, FALSE, sizeof(gint64));
  SightStep step = SIGHT_STEP_FAILED;

  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 1, last);
  while ((step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    gsize bytes = 0;
    Pair pair = {.session = sight_statement_int(statement, 0)};
    const guint8 *packed = sight_statement_blob(statement, 1, &bytes);
    g_array_set_size(terms, 0);
    sight_numbers_unpack(packed, bytes, terms);
    for (guint i = 0; i < terms->len; i++) {
      pair.term = g_array_index(terms, gint64, i);
      if (pair.term % n_parts == part)
        g_array_append_val(pairs, pair);
    }
  }
  if (step != SIGHT_STEP_DONE)
    return NULL;
  g_array_sort(pairs, by_term);
  return g_steal_pointer(&pairs);
}

/* All that waits, kept with the connection until the index changes. */
static gboolean read_recent(SightDb *db, GError **error) {
  gint64 index = 0;

  if (!get_counter(db, "index", &index, error))
    return FALSE;
  if (db->recent != NULL && db->recent_index == index)
    return TRUE;
  g_clear_pointer(&db->recent, g_array_unref);
  db->recent = waiting(db, G_MAXINT64, 0, 1, error);
  db->recent_index = index;
  return db->recent != NULL;
}

/* The place of the first pair of a term, or where it would stand. */
static guint first_of(GArray *pairs, gint64 term) {
  guint low = 0, high = pairs->len;

  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (g_array_index(pairs, Pair, middle).term < term)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static gboolean fail_damaged(SightDb *db, GError **error) {
  db->damaged = TRUE;
  g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_DATABASE, "a posting is damaged");
  return FALSE;
}

static gboolean add_postings(SightDb *db, gint64 term, SightSet *set, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_POSTING_EACH, error);
  SightStep step = SIGHT_STEP_FAILED;

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, term << BLOCK_SHIFT);
  sight_statement_bind_int(statement, 2, (term + 1) << BLOCK_SHIFT);
  while ((step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    gsize bytes = 0;
    guint32 block = (guint32)sight_statement_int(statement, 0) & BLOCK_MASK;
    const guint8 *data = sight_statement_blob(statement, 1, &bytes);
    if (!sight_set_add_block(set, block, data, bytes))
      return fail_damaged(db, error);
  }
  return step == SIGHT_STEP_DONE;
}

static void add_recent_of(GArray *pairs, gint64 term, SightSet *set) {
  for (guint at = first_of(pairs, term); at < pairs->len; at++) {
    const Pair *pair = &g_array_index(pairs, Pair, at);
    if (pair->term != term)
      break;
    sight_set_add(set, pair->session);
  }
}

/* Of many terms, into bits; `*n` is how many sessions are in them then. */
static gboolean add_bits(SightDb *db, gint64 term, SightSetBits *bits, guint64 *n, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_POSTING_EACH, error);
  SightStep step = SIGHT_STEP_FAILED;

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, term << BLOCK_SHIFT);
  sight_statement_bind_int(statement, 2, (term + 1) << BLOCK_SHIFT);
  while ((step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    gsize bytes = 0;
    gboolean good = FALSE;
    const guint8 *data = sight_statement_blob(statement, 1, &bytes);
    *n += sight_set_bits_add_block(bits, (guint32)sight_statement_int(statement, 0) & BLOCK_MASK, data, bytes, &good);
    if (!good)
      return fail_damaged(db, error);
  }
  return step == SIGHT_STEP_DONE;
}

/* Until every session that the postings have is in it: frequent terms come first, and then it soon is. */
static SightSet *sessions_of_many(SightDb *db, const gint64 *terms, guint n_terms, GError **error) {
  g_autoptr(SightSet) none = sight_set_new();
  g_autoptr(SightSetBits) bits = sight_set_bits_new(none), all = sight_set_bits_new(none);
  gint64 indexed = sight_term_table_find(db, SIGHT_TERM_INDEXED, "", error);
  guint64 n = 0, n_all = 0;

  if (indexed < 0 || (indexed > 0 && !add_bits(db, indexed, all, &n_all, error)))
    return NULL;
  for (guint i = 0; i < n_terms && n < n_all; i++) {
    if (!add_bits(db, terms[i], bits, &n, error))
      return NULL;
  }
  SightSet *set = sight_set_bits_to_set(bits);
  for (guint i = 0; i < n_terms; i++)
    add_recent_of(db->recent, terms[i], set);
  return set;
}

SightSet *sight_posting_table_sessions(SightDb *db, const gint64 *terms, guint n_terms, GError **error) {
  if (!read_recent(db, error))
    return NULL;
  if (n_terms > FEW_TERMS)
    return sessions_of_many(db, terms, n_terms, error);
  g_autoptr(SightSet) set = sight_set_new();
  for (guint i = 0; i < n_terms; i++) {
    if (!add_postings(db, terms[i], set, error))
      return NULL;
    add_recent_of(db->recent, terms[i], set);
  }
  return g_steal_pointer(&set);
}

/* A whole field, block by block in the order of terms: what is stored and what waits are merged. */

typedef struct {
  gint64 term;
  guint32 block;
  const guint8 *data; /* what is stored; NULL: nothing is */
  gsize bytes;
  GArray *more; /* of guint16: rows that wait and are not in it */
} Block;

/* FALSE ends it. */
typedef gboolean (*BlockFunc)(const Block *block, gpointer user_data);

static gint64 key_at(GArray *pairs, guint at) {
  const Pair *pair = &g_array_index(pairs, Pair, at);
  return pair->term << BLOCK_SHIFT | pair->session >> BLOCK_SHIFT;
}

/* What waits of one term and block, from `*at` on, and is not stored. */
static void take_waiting(GArray *pairs, guint *at, guint end, gint64 key, Block *block) {
  for (; *at < end && key_at(pairs, *at) == key; (*at)++) {
    guint16 row = (guint16)(g_array_index(pairs, Pair, *at).session & BLOCK_MASK);
    if (block->data == NULL || !sight_set_block_contains(block->data, block->bytes, row))
      g_array_append_val(block->more, row);
  }
}

static gboolean each_block(SightDb *db, SightTermField field, BlockFunc func, gpointer user_data, GError **error) {
  gint64 first = sight_term_table_first(field), next = sight_term_table_first(field + 1);
  if (!read_recent(db, error))
    return FALSE;
  GArray *pairs = db->recent;
  guint at = first_of(pairs, first), end = first_of(pairs, next);
  g_autoptr(GArray) more = g_array_new(FALSE, FALSE, sizeof(guint16));
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_POSTING_EACH, error);
  SightStep step = SIGHT_STEP_ROW;
  gboolean goes_on = TRUE;

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, first << BLOCK_SHIFT);
  sight_statement_bind_int(statement, 2, next << BLOCK_SHIFT);
  step = sight_statement_step(statement, error);
  while (goes_on && step != SIGHT_STEP_FAILED && (step == SIGHT_STEP_ROW || at < end)) {
    gint64 stored = step == SIGHT_STEP_ROW ? sight_statement_int(statement, 0) : G_MAXINT64;
    gint64 key = at < end ? MIN(stored, key_at(pairs, at)) : stored;
    Block block = {.term = key >> BLOCK_SHIFT, .block = (guint32)key & BLOCK_MASK, .more = more};
    if (key == stored)
      block.data = sight_statement_blob(statement, 1, &block.bytes);
    g_array_set_size(more, 0);
    take_waiting(pairs, &at, end, key, &block);
    goes_on = func(&block, user_data);
    if (key == stored)
      step = sight_statement_step(statement, error);
  }
  return step != SIGHT_STEP_FAILED;
}

typedef struct {
  gint64 term; /* that is being counted; 0: none yet */
  SightSetBits **sets;
  guint n_sets;
  guint64 *counts;
  gboolean any;
  SightPostingCounts func;
  gpointer user_data;
} Counting;

static gboolean end_term(Counting *self) {
  gboolean goes_on = !self->any || self->func(self->term, self->counts, self->user_data);

  self->any = FALSE;
  memset(self->counts, 0, self->n_sets * sizeof *self->counts);
  return goes_on;
}

static gboolean count_block(const Block *block, gpointer user_data) {
  Counting *self = user_data;

  if (block->term != self->term && !end_term(self))
    return FALSE;
  self->term = block->term;
  for (guint i = 0; i < self->n_sets; i++) {
    guint n =
        block->data != NULL ? sight_set_bits_n_in_block(self->sets[i], block->block, block->data, block->bytes) : 0;
    for (guint j = 0; j < block->more->len; j++)
      n += sight_set_bits_contain(self->sets[i],
                                  (gint64)block->block << BLOCK_SHIFT | g_array_index(block->more, guint16, j));
    self->counts[i] += n;
    self->any |= n > 0;
  }
  return TRUE;
}

gboolean sight_posting_table_count(SightDb *db, SightTermField field, const SightSet *const *sets, guint n_sets,
                                   SightPostingCounts func, gpointer user_data, GError **error) {
  g_autofree SightSetBits **bits = g_new0(SightSetBits *, n_sets);
  g_autofree guint64 *counts = g_new0(guint64, n_sets);
  Counting self = {.sets = bits, .n_sets = n_sets, .counts = counts, .func = func, .user_data = user_data};

  for (guint i = 0; i < n_sets; i++)
    bits[i] = sight_set_bits_new(sets[i]);
  gboolean read = each_block(db, field, count_block, &self, error);
  if (read)
    end_term(&self);
  for (guint i = 0; i < n_sets; i++)
    sight_set_bits_free(bits[i]);
  return read;
}

/* Writing. */

typedef GByteArray *(*Change)(const guint8 *data, gsize bytes, const guint16 *rows, guint n_rows);

/* One block of one term, changed; `*n` is how many sessions the postings have of the term then. */
static gboolean change_block(SightDb *db, gint64 term, guint32 block, GArray *rows, Change change, gint64 *n,
                             GError **error) {
  gint64 key = term << BLOCK_SHIFT | block;
  gsize bytes = 0;
  g_autoptr(SightStatement) get = sight_db_statement(db, SIGHT_SQL_POSTING_GET, error);
  if (get == NULL)
    return FALSE;
  sight_statement_bind_int(get, 1, key);
  SightStep step = sight_statement_step(get, error);
  if (step == SIGHT_STEP_FAILED)
    return FALSE;
  const guint8 *data = step == SIGHT_STEP_ROW ? sight_statement_blob(get, 1, &bytes) : NULL;
  g_autoptr(GByteArray) changed = change(data, bytes, (const guint16 *)(gpointer)rows->data, rows->len);
  if (changed == NULL)
    return fail_damaged(db, error);
  gint64 more = (gint64)sight_set_block_n(changed->data, changed->len) - (gint64)sight_set_block_n(data, bytes);
  g_clear_pointer(&get, sight_statement_release);
  if (more == 0)
    return TRUE;
  if (changed->len == 0)
    return run_with(db, SIGHT_SQL_POSTING_REMOVE, key, error) && sight_term_table_count(db, term, more, n, error);
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_POSTING_PUT, error);
  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, key);
  sight_statement_bind_blob(statement, 2, changed->data, changed->len);
  return sight_statement_run(statement, error) && sight_term_table_count(db, term, more, n, error);
}

/* Those of one term and one block, from `*at` on. */
static gboolean fold_block(SightDb *db, GArray *pairs, guint *at, GError **error) {
  const Pair first = g_array_index(pairs, Pair, *at);
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(guint16));
  gint64 n = 0;

  for (; *at < pairs->len; (*at)++) {
    const Pair *pair = &g_array_index(pairs, Pair, *at);
    if (pair->term != first.term || pair->session >> BLOCK_SHIFT != first.session >> BLOCK_SHIFT)
      break;
    guint16 row = (guint16)(pair->session & BLOCK_MASK);
    g_array_append_val(rows, row);
  }
  return change_block(db, first.term, (guint32)(first.session >> BLOCK_SHIFT), rows, sight_set_block_with, &n, error);
}

static gboolean fold_pairs(SightDb *db, GArray *pairs, GError **error) {
  for (guint at = 0; at < pairs->len;) {
    if (!fold_block(db, pairs, &at, error))
      return FALSE;
  }
  return TRUE;
}

/* One part of the group that is being folded in; what is in both places until then does no harm. A group begins where
 * enough waits, or anything where `all` is set. `*done`: there is no group any more. */
static gboolean fold_part(SightDb *db, gboolean all, gboolean *done, GError **error) {
  gint64 last = 0, part = 0, n = 0;

  if (!get_counter(db, "fold_last", &last, error) || !get_counter(db, "fold_part", &part, error))
    return FALSE;
  if (last == 0) {
    g_autoptr(SightStatement) span = sight_db_statement(db, SIGHT_SQL_RECENT_SPAN, error);
    g_autoptr(SightStatement) newest = sight_db_statement(db, SIGHT_SQL_RECENT_NEWEST, error);
    if (span == NULL || newest == NULL || !sight_statement_run_int(span, &n, 0, error) ||
        !sight_statement_run_int(newest, &last, 0, error))
      return FALSE;
    *done = n == 0 || (!all && n < SIGHT_POSTING_GROUP);
    if (*done)
      return TRUE;
    part = 0;
  }
  g_autoptr(GArray) pairs = waiting(db, last, (guint)part, SIGHT_POSTING_PARTS, error);
  if (pairs == NULL || !fold_pairs(db, pairs, error))
    return FALSE;
  *done = ++part == SIGHT_POSTING_PARTS;
  if (*done && !run_with(db, SIGHT_SQL_RECENT_REMOVE_UNTIL, last, error))
    return FALSE;
  return set_counter(db, "fold_last", *done ? 0 : last, error) && set_counter(db, "fold_part", part, error) &&
         run_with(db, SIGHT_SQL_INDEX_CHANGED, 1, error);
}

gboolean sight_posting_table_fold_all(SightDb *db, GError **error) {
  for (gboolean done = FALSE; !done;) {
    gint64 n = 0;
    g_autoptr(SightStatement) span = sight_db_statement(db, SIGHT_SQL_RECENT_SPAN, error);
    if (span == NULL || !sight_statement_run_int(span, &n, 0, error))
      return FALSE;
    if (n == 0)
      return TRUE;
    g_clear_pointer(&span, sight_statement_release);
    gboolean group_done = FALSE;
    if (!fold_part(db, TRUE, &group_done, error))
      return FALSE;
  }
  return TRUE;
}

/* Those in `a` but not in `b`; both ascending. */
static GArray *without(GArray *a, GArray *b) {
  GArray *rest = g_array_new(FALSE, FALSE, sizeof(gint64));

  for (guint i = 0, j = 0; i < a->len; i++) {
    gint64 number = g_array_index(a, gint64, i);
    while (j < b->len && g_array_index(b, gint64, j) < number)
      j++;
    if (j == b->len || g_array_index(b, gint64, j) != number)
      g_array_append_val(rest, number);
  }
  return rest;
}

/* Removes the terms (ascending) that no session has any more: the postings have none, and nobody who waits. */
static gboolean remove_unused(SightDb *db, GArray *terms, GError **error) {
  if (terms->len == 0)
    return TRUE;
  g_autoptr(GArray) pairs = waiting(db, G_MAXINT64, 0, 1, error);
  if (pairs == NULL)
    return FALSE;
  for (guint i = 0; i < terms->len; i++) {
    gint64 term = g_array_index(terms, gint64, i);
    guint at = first_of(pairs, term);
    if (at < pairs->len && g_array_index(pairs, Pair, at).term == term)
      continue;
    if (!sight_term_table_remove(db, term, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean add_recent(SightDb *db, gint64 session, GArray *terms, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_RECENT_ADD, error);
  g_autoptr(GByteArray) packed = g_byte_array_new();

  if (statement == NULL)
    return FALSE;
  sight_numbers_pack(packed, (const gint64 *)(gpointer)terms->data, terms->len);
  sight_statement_bind_int(statement, 1, session);
  sight_statement_bind_blob(statement, 2, packed->data, packed->len);
  return sight_statement_run(statement, error);
}

/* Takes a session out of the postings of terms; those of which there is nobody in them any more go to `empty`. */
static gboolean take_out(SightDb *db, gint64 session, GArray *terms, GArray *empty, GError **error) {
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(guint16));
  guint16 row = (guint16)(session & BLOCK_MASK);

  g_array_append_val(rows, row);
  for (guint i = 0; i < terms->len; i++) {
    gint64 term = g_array_index(terms, gint64, i), n = 0;
    /* Also where it was in none: it may have waited alone. */
    if (!change_block(db, term, (guint32)(session >> BLOCK_SHIFT), rows, sight_set_block_without, &n, error) ||
        !sight_term_table_count(db, term, 0, &n, error))
      return FALSE;
    if (n == 0)
      g_array_append_val(empty, term);
  }
  return TRUE;
}

/* The terms with which a session waits; none where it does not. */
static GArray *waits_with(SightDb *db, gint64 session, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_RECENT_GET, error);
  g_autoptr(GArray) terms = g_array_new(FALSE, FALSE, sizeof(gint64));
  gsize bytes = 0;

  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 1, session);
  SightStep step = sight_statement_step(statement, error);
  if (step == SIGHT_STEP_ROW) {
    const guint8 *packed = sight_statement_blob(statement, 0, &bytes);
    sight_numbers_unpack(packed, bytes, terms);
  }
  return step != SIGHT_STEP_FAILED ? g_steal_pointer(&terms) : NULL;
}

gboolean sight_posting_table_change(SightDb *db, gint64 session, GArray *added, GArray *gone, GError **error) {
  g_autoptr(GArray) empty = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(GArray) waited = waits_with(db, session, error);

  if (waited == NULL)
    return FALSE;
  g_autoptr(GArray) waits = without(waited, gone), more = without(added, waits);
  g_array_append_vals(waits, more->data, more->len);
  g_array_sort(waits, by_number);
  if (!run_with(db, SIGHT_SQL_RECENT_REMOVE, session, error) || !take_out(db, session, gone, empty, error))
    return FALSE;
  if (waits->len > 0 && !add_recent(db, session, waits, error))
    return FALSE;
  gint64 added_as = sight_db_last_row(db);
  gboolean done = FALSE;
  if (!run_with(db, SIGHT_SQL_INDEX_CHANGED, 1, error) || !remove_unused(db, empty, error))
    return FALSE;
  return waits->len == 0 || added_as % SIGHT_POSTING_STEP != 0 || fold_part(db, FALSE, &done, error);
}

GArray *sight_posting_pairs_new(void) {
  return g_array_new(FALSE, FALSE, sizeof(Pair));
}

void sight_posting_pairs_add(GArray *pairs, gint64 term, gint64 session) {
  Pair pair = {term, session};

  g_array_append_val(pairs, pair);
}

gboolean sight_posting_table_add(SightDb *db, GArray *pairs, GError **error) {
  g_array_sort(pairs, by_term);
  return fold_pairs(db, pairs, error) && run_with(db, SIGHT_SQL_INDEX_CHANGED, 1, error);
}

static gboolean remove_from(SightDb *db, gint64 key, const guint8 *data, gsize bytes, const SightSet *sessions,
                            GError **error) {
  gint64 term = key >> BLOCK_SHIFT, n = 0;
  guint32 block = (guint32)key & BLOCK_MASK;
  g_autoptr(SightSet) gone = sight_set_new();

  if (!sight_set_add_block(gone, block, data, bytes))
    return fail_damaged(db, error);
  sight_set_and(gone, sessions);
  if (sight_set_n(gone) == 0)
    return TRUE;
  g_autoptr(GArray) all = sight_set_rows(gone), rows = g_array_new(FALSE, FALSE, sizeof(guint16));
  for (guint i = 0; i < all->len; i++) {
    guint16 row = (guint16)(g_array_index(all, gint64, i) & BLOCK_MASK);
    g_array_append_val(rows, row);
  }
  return change_block(db, term, block, rows, sight_set_block_without, &n, error);
}

/* Some postings behind `*key`; `*any` is set where there are more. Their statement ends before they are changed. */
static gboolean remove_some(SightDb *db, gint64 *key, const SightSet *sessions, gboolean *any, GError **error) {
  g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(GPtrArray) blocks = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_POSTING_SOME, error);
  SightStep step = SIGHT_STEP_FAILED;

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, *key);
  while ((step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    gsize bytes = 0;
    const void *data = sight_statement_blob(statement, 1, &bytes);
    *key = sight_statement_int(statement, 0);
    g_array_append_val(keys, *key);
    g_ptr_array_add(blocks, g_bytes_new(data, bytes));
  }
  g_clear_pointer(&statement, sight_statement_release);
  *any = keys->len > 0;
  for (guint i = 0; i < keys->len && step == SIGHT_STEP_DONE; i++) {
    gsize bytes = 0;
    const guint8 *data = g_bytes_get_data(blocks->pdata[i], &bytes);
    if (!remove_from(db, g_array_index(keys, gint64, i), data, bytes, sessions, error))
      return FALSE;
  }
  return step == SIGHT_STEP_DONE;
}

gboolean sight_posting_table_remove(SightDb *db, const SightSet *sessions, GError **error) {
  g_autoptr(GArray) rows = sight_set_rows(sessions), unused = g_array_new(FALSE, FALSE, sizeof(gint64));
  gint64 key = -1;
  SightStep step = SIGHT_STEP_FAILED;

  for (guint i = 0; i < rows->len; i++) {
    if (!run_with(db, SIGHT_SQL_RECENT_REMOVE, g_array_index(rows, gint64, i), error))
      return FALSE;
  }
  for (gboolean any = TRUE; any;) {
    if (!remove_some(db, &key, sessions, &any, error))
      return FALSE;
  }
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_TERM_UNUSED, error);
  while (statement != NULL && (step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    gint64 term = sight_statement_int(statement, 0);
    g_array_append_val(unused, term);
  }
  g_clear_pointer(&statement, sight_statement_release);
  g_array_sort(unused, by_number);
  return step == SIGHT_STEP_DONE && remove_unused(db, unused, error) && run_with(db, SIGHT_SQL_INDEX_CHANGED, 1, error);
}

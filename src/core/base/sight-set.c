/* SPDX-License-Identifier: MIT */
/* Sets of session rows over CRoaring, and their blocks as bytes. */
#include "sight-set.h"

#include <roaring/roaring.h>
#include <string.h>

/* As many rows take as many bytes as a bit for each; from here on it is bits. */
#define MAX_LISTED (SIGHT_SET_BITS_BYTES / 2 - 1)
/* Of the portable form of a Roaring bitmap (RoaringFormatSpec) with one container of bits: a cookie that says that
 * there are no runs, one container, its key and its cardinality - 1, and where it begins. */
#define COOKIE 12346
#define HEAD_BYTES 16
#define BITS_FROM 4097

struct SightSet {
  roaring_bitmap_t rows;
};

static gboolean is_row(gint64 row) {
  return row >= 1 && row <= G_MAXUINT32;
}

SightSet *sight_set_new(void) {
  return (SightSet *)roaring_bitmap_create();
}

SightSet *sight_set_copy(const SightSet *set) {
  return (SightSet *)roaring_bitmap_copy(&set->rows);
}

void sight_set_free(SightSet *set) {
  if (set != NULL)
    roaring_bitmap_free(&set->rows);
}

void sight_set_add(SightSet *set, gint64 row) {
  if (is_row(row))
    roaring_bitmap_add(&set->rows, (guint32)row);
}

void sight_set_remove(SightSet *set, gint64 row) {
  if (is_row(row))
    roaring_bitmap_remove(&set->rows, (guint32)row);
}

void sight_set_add_range(SightSet *set, gint64 first, gint64 last) {
  first = MAX(first, 1);
  last = MIN(last, G_MAXUINT32);
  if (first <= last)
    roaring_bitmap_add_range_closed(&set->rows, (guint32)first, (guint32)last);
}

gboolean sight_set_contains(const SightSet *set, gint64 row) {
  return is_row(row) && roaring_bitmap_contains(&set->rows, (guint32)row);
}

gboolean sight_set_equal(const SightSet *a, const SightSet *b) {
  return roaring_bitmap_equals(&a->rows, &b->rows);
}

void sight_set_and(SightSet *set, const SightSet *other) {
  roaring_bitmap_and_inplace(&set->rows, &other->rows);
}

void sight_set_or(SightSet *set, const SightSet *other) {
  roaring_bitmap_or_inplace(&set->rows, &other->rows);
}

void sight_set_and_not(SightSet *set, const SightSet *other) {
  roaring_bitmap_andnot_inplace(&set->rows, &other->rows);
}

guint64 sight_set_n(const SightSet *set) {
  return roaring_bitmap_get_cardinality(&set->rows);
}

guint64 sight_set_n_and(const SightSet *a, const SightSet *b) {
  return roaring_bitmap_and_cardinality(&a->rows, &b->rows);
}

static bool append_row(guint32 row, gpointer rows) {
  gint64 wide = row;
  g_array_append_val((GArray *)rows, wide);
  return true;
}

GArray *sight_set_rows(const SightSet *set) {
  GArray *rows = g_array_sized_new(FALSE, FALSE, sizeof(gint64), (guint)sight_set_n(set));
  roaring_iterate(&set->rows, append_row, rows);
  return rows;
}

static guint16 listed(const guint8 *data, guint n) {
  return (guint16)(data[2 * n] | data[2 * n + 1] << 8);
}

static guint count_bits(const guint8 *data) {
  guint n = 0;
  for (gsize i = 0; i < SIGHT_SET_BITS_BYTES; i += sizeof(guint64)) {
    guint64 word = 0;
    memcpy(&word, data + i, sizeof word);
    n += (guint)__builtin_popcountll(word);
  }
  return n;
}

guint sight_set_block_n(const guint8 *data, gsize bytes) {
  return bytes == SIGHT_SET_BITS_BYTES ? count_bits(data) : (guint)bytes / 2;
}

static gboolean is_block(const guint8 *data, gsize bytes) {
  if (bytes == SIGHT_SET_BITS_BYTES)
    return TRUE;
  if (bytes % 2 != 0 || bytes > 2 * MAX_LISTED)
    return FALSE;
  for (guint i = 1; i < bytes / 2; i++)
    if (listed(data, i) <= listed(data, i - 1))
      return FALSE;
  return TRUE;
}

static void add_bits(SightSet *set, guint32 block, const guint8 *data, guint n) {
  guint8 portable[HEAD_BYTES + SIGHT_SET_BITS_BYTES];
  const guint32 head[] = {GUINT32_TO_LE(COOKIE), GUINT32_TO_LE(1), GUINT32_TO_LE(block | (n - 1) << 16),
                          GUINT32_TO_LE(HEAD_BYTES)};
  memcpy(portable, head, sizeof head);
  memcpy(portable + HEAD_BYTES, data, SIGHT_SET_BITS_BYTES);
  roaring_bitmap_t *added = roaring_bitmap_portable_deserialize_safe((const char *)portable, sizeof portable);
  g_assert(added != NULL);
  roaring_bitmap_or_inplace(&set->rows, added);
  roaring_bitmap_free(added);
}

gboolean sight_set_add_block(SightSet *set, guint32 block, const guint8 *data, gsize bytes) {
  if (block > G_MAXUINT16 || !is_block(data, bytes))
    return FALSE;
  guint n = sight_set_block_n(data, bytes);
  if (bytes == SIGHT_SET_BITS_BYTES && n >= BITS_FROM) {
    add_bits(set, block, data, n);
    return TRUE;
  }
  g_autofree guint32 *rows = g_new(guint32, n + 1);
  guint found = 0;
  if (bytes == SIGHT_SET_BITS_BYTES) {
    for (guint32 i = 0; i < SIGHT_SET_BLOCK_ROWS; i++)
      if ((data[i / 8] >> (i % 8) & 1) != 0)
        rows[found++] = block << 16 | i;
  } else {
    for (; found < n; found++)
      rows[found] = block << 16 | listed(data, found);
  }
  roaring_bitmap_add_many(&set->rows, n, rows);
  return TRUE;
}

static GByteArray *changed(const guint8 *data, gsize bytes, const guint16 *rows, guint n_rows, gboolean add) {
  guint8 bits[SIGHT_SET_BITS_BYTES] = {0};
  if (!is_block(data, bytes))
    return NULL;
  if (bytes == sizeof bits)
    memcpy(bits, data, sizeof bits);
  else
    for (guint i = 0; i < bytes / 2; i++)
      bits[listed(data, i) / 8] |= (guint8)(1 << listed(data, i) % 8);
  for (guint i = 0; i < n_rows; i++) {
    guint8 bit = (guint8)(1 << rows[i] % 8);
    bits[rows[i] / 8] = (guint8)(add ? bits[rows[i] / 8] | bit : bits[rows[i] / 8] & ~bit);
  }
  GByteArray *block = g_byte_array_new();
  if (count_bits(bits) > MAX_LISTED)
    return g_byte_array_append(block, bits, sizeof bits);
  for (guint byte = 0; byte < sizeof bits; byte++)
    for (guint left = bits[byte]; left != 0; left &= left - 1) {
      guint16 row = GUINT16_TO_LE((guint16)(8 * byte + (guint)__builtin_ctz(left)));
      g_byte_array_append(block, (const guint8 *)&row, sizeof row);
    }
  return block;
}

GByteArray *sight_set_block_with(const guint8 *data, gsize bytes, const guint16 *rows, guint n_rows) {
  return changed(data, bytes, rows, n_rows, TRUE);
}

GByteArray *sight_set_block_without(const guint8 *data, gsize bytes, const guint16 *rows, guint n_rows) {
  return changed(data, bytes, rows, n_rows, FALSE);
}

/* Counting. */

struct SightSetBits {
  guint32 n_blocks;
  guint8 *data; /* blocks of SIGHT_SET_BITS_BYTES, one after the other */
};

static bool set_bit(guint32 row, gpointer data) {
  guint8 *bits = data;
  bits[row / 8] |= (guint8)(1 << (row % 8));
  return true;
}

SightSetBits *sight_set_bits_new(const SightSet *set) {
  SightSetBits *bits = g_new0(SightSetBits, 1);
  gboolean empty = roaring_bitmap_is_empty(&set->rows);
  bits->n_blocks = empty ? 0 : roaring_bitmap_maximum(&set->rows) / SIGHT_SET_BLOCK_ROWS + 1;
  bits->data = g_malloc0((gsize)bits->n_blocks * SIGHT_SET_BITS_BYTES + 1);
  roaring_iterate(&set->rows, set_bit, bits->data);
  return bits;
}

void sight_set_bits_free(SightSetBits *bits) {
  if (bits == NULL)
    return;
  g_free(bits->data);
  g_free(bits);
}

gboolean sight_set_bits_contain(const SightSetBits *bits, gint64 row) {
  return row >= 0 && row / SIGHT_SET_BLOCK_ROWS < bits->n_blocks && (bits->data[row / 8] >> (row % 8) & 1) != 0;
}

guint sight_set_bits_n_in_block(const SightSetBits *bits, guint32 block, const guint8 *data, gsize bytes) {
  guint n = 0;
  if (block >= bits->n_blocks)
    return 0;
  const guint8 *own = bits->data + (gsize)block * SIGHT_SET_BITS_BYTES;
  if (bytes != SIGHT_SET_BITS_BYTES) {
    for (guint i = 0; i < bytes / 2; i++) {
      guint16 row = listed(data, i);
      n += own[row / 8] >> (row % 8) & 1;
    }
    return n;
  }
  for (gsize i = 0; i < SIGHT_SET_BITS_BYTES; i += sizeof(guint64)) {
    guint64 a = 0, b = 0;
    memcpy(&a, data + i, sizeof a);
    memcpy(&b, own + i, sizeof b);
    n += (guint)__builtin_popcountll(a & b);
  }
  return n;
}

gboolean sight_set_block_contains(const guint8 *data, gsize bytes, guint16 row) {
  if (bytes == SIGHT_SET_BITS_BYTES)
    return (data[row / 8] >> (row % 8) & 1) != 0;
  guint low = 0, high = (guint)bytes / 2;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (listed(data, middle) < row)
      low = middle + 1;
    else
      high = middle;
  }
  return low < bytes / 2 && listed(data, low) == row;
}

static void grow(SightSetBits *bits, guint32 n_blocks) {
  if (n_blocks <= bits->n_blocks)
    return;
  bits->data = g_realloc(bits->data, (gsize)n_blocks * SIGHT_SET_BITS_BYTES + 1);
  memset(bits->data + (gsize)bits->n_blocks * SIGHT_SET_BITS_BYTES, 0,
         (gsize)(n_blocks - bits->n_blocks) * SIGHT_SET_BITS_BYTES);
  bits->n_blocks = n_blocks;
}

guint sight_set_bits_add_block(SightSetBits *bits, guint32 block, const guint8 *data, gsize bytes, gboolean *good) {
  guint n = 0;
  *good = block <= G_MAXUINT16 && is_block(data, bytes);
  if (!*good)
    return 0;
  grow(bits, block + 1);
  guint8 *own = bits->data + (gsize)block * SIGHT_SET_BITS_BYTES;
  for (guint i = 0; bytes != SIGHT_SET_BITS_BYTES && i < bytes / 2; i++) {
    guint16 row = listed(data, i);
    guint8 bit = (guint8)(1 << (row % 8));
    n += (own[row / 8] & bit) == 0;
    own[row / 8] |= bit;
  }
  for (gsize i = 0; bytes == SIGHT_SET_BITS_BYTES && i < SIGHT_SET_BITS_BYTES; i += sizeof(guint64)) {
    guint64 a = 0, b = 0;
    memcpy(&a, data + i, sizeof a);
    memcpy(&b, own + i, sizeof b);
    n += (guint)__builtin_popcountll(a & ~b);
    b |= a;
    memcpy(own + i, &b, sizeof b);
  }
  return n;
}

SightSet *sight_set_bits_to_set(const SightSetBits *bits) {
  SightSet *set = sight_set_new();
  for (guint32 block = 0; block < bits->n_blocks; block++)
    sight_set_add_block(set, block, bits->data + (gsize)block * SIGHT_SET_BITS_BYTES, SIGHT_SET_BITS_BYTES);
  return set;
}

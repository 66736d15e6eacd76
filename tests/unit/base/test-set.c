/* SPDX-License-Identifier: MIT */
/* Sets of rows against arrays of booleans. */
#include "sight-set.h"

#include <string.h>

/* Over a few blocks; what lies beyond is tried apart. */
#define N_ROWS (3 * SIGHT_SET_BLOCK_ROWS)

static void check(const SightSet *set, const gboolean *naive) {
  g_autoptr(GArray) rows = sight_set_rows(set);
  guint n = 0;
  for (gint64 row = 1; row < N_ROWS; row++) {
    if (!naive[row])
      continue;
    g_assert_cmpuint(n, <, rows->len);
    g_assert_cmpint(g_array_index(rows, gint64, n), ==, row);
    n++;
  }
  g_assert_cmpuint(rows->len, ==, n);
  g_assert_cmpuint(sight_set_n(set), ==, n);
}

/* From rows in a hundred thousand to nearly all; each block has a density of its own. */
static gboolean *random_rows(void) {
  static const double densities[] = {0, 0.00001, 0.001, 0.06, 0.0625, 0.07, 0.5, 0.999};
  gboolean *naive = g_new0(gboolean, N_ROWS);
  double density = 0;
  for (gint64 row = 1; row < N_ROWS; row++) {
    if (row == 1 || row % SIGHT_SET_BLOCK_ROWS == 0)
      density = densities[g_test_rand_int_range(0, G_N_ELEMENTS(densities))];
    naive[row] = g_test_rand_double() < density;
  }
  return naive;
}

static SightSet *set_of(const gboolean *naive) {
  SightSet *set = sight_set_new();
  for (gint64 row = 1; row < N_ROWS; row++)
    if (naive[row])
      sight_set_add(set, row);
  return set;
}

static void test_algebra(void) {
  for (int round = 0; round < 8; round++) {
    g_autofree gboolean *a = random_rows(), *b = random_rows();
    g_autoptr(SightSet) left = set_of(a);
    g_autoptr(SightSet) right = set_of(b);
    g_autoptr(SightSet) both = sight_set_copy(left);
    g_autoptr(SightSet) either = sight_set_copy(left);
    g_autoptr(SightSet) only = sight_set_copy(left);
    g_autofree gboolean *all = g_new0(gboolean, 3 * N_ROWS);
    guint64 n_both = 0;
    for (gint64 row = 1; row < N_ROWS; row++) {
      all[row] = a[row] && b[row];
      all[N_ROWS + row] = a[row] || b[row];
      all[2 * N_ROWS + row] = a[row] && !b[row];
      n_both += all[row] ? 1 : 0;
      g_assert_true(sight_set_contains(left, row) == a[row]);
    }
    sight_set_and(both, right);
    sight_set_or(either, right);
    sight_set_and_not(only, right);
    check(both, all);
    check(either, all + N_ROWS);
    check(only, all + 2 * N_ROWS);
    g_assert_cmpuint(sight_set_n_and(left, right), ==, n_both);
    sight_set_or(only, both);
    g_assert_true(sight_set_equal(only, left));
  }
}

/* A block as it would stand in the store, changed by many small groups. */
static void test_blocks(void) {
  for (int round = 0; round < 4; round++) {
    g_autofree gboolean *naive = g_new0(gboolean, N_ROWS);
    g_autoptr(GByteArray) block = g_byte_array_new();
    for (int step = 0; step < 300; step++) {
      g_autofree guint16 *rows = g_new(guint16, 200);
      gboolean add = g_test_rand_int_range(0, 10) < (step < 200 ? 9 : 1);
      guint n = 0;
      for (int row = g_test_rand_int_range(0, 500); row < SIGHT_SET_BLOCK_ROWS && n < 200;
           row += g_test_rand_int_range(1, 600)) {
        rows[n++] = (guint16)row;
        naive[2 * SIGHT_SET_BLOCK_ROWS + row] = add;
      }
      GByteArray *next = add ? sight_set_block_with(block->data, block->len, rows, n)
                             : sight_set_block_without(block->data, block->len, rows, n);
      g_byte_array_unref(block);
      block = next;
    }
    g_autoptr(SightSet) set = sight_set_new();
    g_assert_true(sight_set_add_block(set, 2, block->data, block->len));
    check(set, naive);
    g_assert_cmpuint(sight_set_block_n(block->data, block->len), ==, sight_set_n(set));
  }
}

static void test_every_density(void) {
  for (guint n = 4090; n < 4102; n++) {
    g_autofree guint16 *rows = g_new(guint16, n);
    for (guint i = 0; i < n; i++)
      rows[i] = (guint16)(i * 13 + i % 7);
    g_autoptr(GByteArray) block = sight_set_block_with(NULL, 0, rows, n);
    g_autoptr(SightSet) set = sight_set_new();
    g_assert_cmpuint(block->len, <=, SIGHT_SET_BITS_BYTES);
    g_assert_true(sight_set_add_block(set, 1, block->data, block->len));
    g_assert_cmpuint(sight_set_n(set), ==, n);
    for (guint i = 0; i < n; i++)
      g_assert_true(sight_set_contains(set, SIGHT_SET_BLOCK_ROWS + rows[i]));
  }
}

static void test_damage(void) {
  static const guint8 odd[] = {1, 0, 2}, twice[] = {5, 0, 5, 0}, falling[] = {5, 0, 4, 1, 5, 0};
  static const guint8 bits[SIGHT_SET_BITS_BYTES] = {0};
  g_autofree guint8 *longer = g_malloc0(SIGHT_SET_BITS_BYTES + 2);
  g_autoptr(SightSet) set = sight_set_new();
  g_assert_false(sight_set_add_block(set, 0, odd, sizeof odd));
  g_assert_false(sight_set_add_block(set, 0, twice, sizeof twice));
  g_assert_false(sight_set_add_block(set, 0, falling, sizeof falling));
  g_assert_false(sight_set_add_block(set, 0, longer, SIGHT_SET_BITS_BYTES + 2));
  g_assert_false(sight_set_add_block(set, 65536, bits, sizeof bits));
  g_assert_null(sight_set_block_with(twice, sizeof twice, NULL, 0));
  g_assert_null(sight_set_block_without(odd, sizeof odd, NULL, 0));
  g_assert_true(sight_set_add_block(set, 0, bits, sizeof bits));
  g_assert_cmpuint(sight_set_n(set), ==, 0);
}

/* Each block of one set counted in another that is laid out as bits, and added to a third. */
static void test_bits(void) {
  g_autofree gboolean *a = random_rows(), *b = random_rows();
  g_autoptr(SightSet) first = set_of(a), second = set_of(b);
  g_autoptr(SightSetBits) bits = sight_set_bits_new(first);
  guint64 n_both = 0, n_added = 0;

  for (guint32 block = 0; block < N_ROWS / SIGHT_SET_BLOCK_ROWS; block++) {
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(guint16));
    for (guint i = 0; i < SIGHT_SET_BLOCK_ROWS; i++) {
      guint16 row = (guint16)i;
      if (b[block * SIGHT_SET_BLOCK_ROWS + i])
        g_array_append_val(rows, row);
    }
    g_autoptr(GByteArray) data = sight_set_block_with(NULL, 0, (const guint16 *)(gpointer)rows->data, rows->len);
    gboolean good = FALSE;
    n_both += sight_set_bits_n_in_block(bits, block, data->data, data->len);
    for (guint i = 0; i < rows->len; i++)
      g_assert_true(sight_set_block_contains(data->data, data->len, g_array_index(rows, guint16, i)));
    guint16 absent = (guint16)g_test_rand_int_range(0, SIGHT_SET_BLOCK_ROWS);
    g_assert_cmpint(sight_set_block_contains(data->data, data->len, absent), ==,
                    b[block * SIGHT_SET_BLOCK_ROWS + absent]);
    n_added += sight_set_bits_add_block(bits, block, data->data, data->len, &good);
    g_assert_true(good);
  }
  g_assert_cmpuint(n_both, ==, sight_set_n_and(first, second));
  g_assert_cmpuint(n_added, ==, sight_set_n(second) - n_both);
  g_autoptr(SightSet) sum = sight_set_bits_to_set(bits);
  sight_set_or(first, second);
  g_assert_true(sight_set_equal(sum, first));
}

static void test_bounds(void) {
  g_autoptr(SightSet) set = sight_set_new();
  sight_set_add(set, 0);
  sight_set_add(set, -1);
  sight_set_add(set, G_GINT64_CONSTANT(1) << 32);
  sight_set_add_range(set, 5, 4);
  g_assert_cmpuint(sight_set_n(set), ==, 0);
  sight_set_add(set, G_MAXUINT32);
  sight_set_add_range(set, -7, 3);
  sight_set_add_range(set, (gint64)G_MAXUINT32 - 1, G_MAXINT64);
  g_assert_cmpuint(sight_set_n(set), ==, 5);
  sight_set_remove(set, 2);
  sight_set_remove(set, 0);
  g_assert_false(sight_set_contains(set, 2));
  g_assert_true(sight_set_contains(set, G_MAXUINT32));
  g_assert_false(sight_set_contains(set, (G_GINT64_CONSTANT(1) << 32) + 1));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/set/algebra", test_algebra);
  g_test_add_func("/set/blocks", test_blocks);
  g_test_add_func("/set/every-density", test_every_density);
  g_test_add_func("/set/damage", test_damage);
  g_test_add_func("/set/bits", test_bits);
  g_test_add_func("/set/bounds", test_bounds);
  return g_test_run();
}

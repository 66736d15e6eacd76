/* SPDX-License-Identifier: MIT */
/* Keys chosen to collide in GLib's own hashes: how many comparisons and places a table of them takes. */
#include "sight-hash.h"

static guint n_compared;

static gboolean counted_equal(gconstpointer a, gconstpointer b) {
  n_compared++;
  return g_str_equal(a, b);
}

/* "ar" and "c0" weigh the same in g_str_hash(), so all of these do. */
static char *name_of(guint n) {
  GString *name = g_string_new(NULL);
  for (int bit = 0; bit < 14; bit++)
    g_string_append(name, n >> bit & 1 ? "ar" : "c0");
  return g_string_free(name, FALSE);
}

static guint comparisons(GHashFunc hash, guint n) {
  g_autoptr(GHashTable) table = g_hash_table_new_full(hash, counted_equal, g_free, NULL);
  n_compared = 0;
  for (guint i = 0; i < n; i++)
    g_hash_table_add(table, name_of(i));
  g_assert_cmpuint(g_hash_table_size(table), ==, n);
  return n_compared;
}

static void test_texts(void) {
  /* They do collide where the hash is not seeded: else this would show nothing. */
  g_assert_cmpuint(comparisons(g_str_hash, 500), ==, 500 * 499 / 2);
  g_assert_cmpuint(comparisons(sight_hash_text, 8000), <, 100);
}

/* Multiples of a size of GLib's tables stay apart, in each of the sizes. */
static void test_numbers(void) {
  static const guint primes[] = {8191, 16381, 32749};
  for (guint p = 0; p < G_N_ELEMENTS(primes); p++) {
    g_autofree guint *in_place = g_new0(guint, primes[p]);
    guint most = 0;
    for (guint i = 1; i <= primes[p] / 2; i++) {
      guint place = sight_hash_number(GINT_TO_POINTER((int)(i * primes[p]))) * 11u % primes[p];
      most = MAX(most, ++in_place[place]);
    }
    g_assert_cmpuint(most, <, 20);
  }
}

/* Each length, each byte of it and the order count; the same text has the same hash wherever it stands. */
static void test_differs(void) {
  g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
  char text[41] = "";
  for (guint bytes = 0; bytes < 40; bytes++) {
    for (guint i = 0; i < bytes; i++) {
      text[i] = 'b';
      g_hash_table_add(seen, GUINT_TO_POINTER(sight_hash_text(text)));
      text[i] = 'a';
    }
    g_hash_table_add(seen, GUINT_TO_POINTER(sight_hash_text(text)));
    text[bytes] = 'a';
  }
  g_assert_cmpuint(g_hash_table_size(seen), >=, 40 * 39 / 2 + 40 - 2);
  const char *twice = "x a text of some length/a text of some length";
  g_assert_cmpuint(sight_hash_text(twice + 24), ==, sight_hash_text("a text of some length"));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/hash/texts", test_texts);
  g_test_add_func("/hash/numbers", test_numbers);
  g_test_add_func("/hash/differs", test_differs);
  return g_test_run();
}

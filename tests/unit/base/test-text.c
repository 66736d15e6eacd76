/* SPDX-License-Identifier: MIT */
/* Ids, folded messages, excerpts. */
#include "sight-text.h"

#include <string.h>

static void test_ids(void) {
  static const char *const good[] = {"a", "A-z_09", "0123456789012345678901234567890123456789012345678901234567890123"};
  static const char *const bad[] = {
      "", "a b", "../x", "ä", "a/b", "a'b", "a.b", "01234567890123456789012345678901234567890123456789012345678901234"};
  for (gsize i = 0; i < G_N_ELEMENTS(good); i++)
    g_assert_true(sight_id_is_valid(good[i]));
  for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
    g_assert_false(sight_id_is_valid(bad[i]));
  g_assert_false(sight_id_is_valid(NULL));
}

static void test_new_ids(void) {
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (int i = 0; i < 1000; i++) {
    char *id = sight_id_new();
    g_assert_cmpint(strlen(id), ==, 22);
    g_assert_true(sight_id_is_valid(id));
    g_assert_true(g_hash_table_add(seen, id));
  }
}

static void test_fold(void) {
  static const char *const cases[][2] = {
      {"Order 123 failed after 4.5 s", "Order <n> failed after <n> s"},
      {"Cannot read properties of undefined (reading 'total')", "Cannot read properties of undefined (reading <text>)"},
      {"GET https://x.example/a?b=1 gave 500", "GET <url> gave <n>"},
      {"can't open it, won't try", "can't open it, won't try"},
      {"user 3f2504e0-4f89-41d3-9a0c-0305e82c3301 gone", "user <id> gone"},
      {"token 9fceb02d0ae598e9 expired", "token <id> expired"},
      {"said “hello” to «you»", "said <text> to <text>"},
      {"an \"open quote", "an \"open quote"},
      {"TypeError: x is not a function", "TypeError: x is not a function"},
      {"at line12 col3", "at line<n> col<n>"},
      {"", ""},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *folded = sight_text_fold(cases[i][0]);
    g_assert_cmpstr(folded, ==, cases[i][1]);
  }
}

static void check_excerpt(const char *text, gssize bytes, guint chars, const char *expected) {
  g_autofree char *excerpt = sight_text_excerpt(text, bytes, chars);
  g_assert_cmpstr(excerpt, ==, expected);
}

static void test_excerpt(void) {
  check_excerpt("  a \n\t b  ", -1, 10, "a b");
  check_excerpt("abcdef", -1, 6, "abcdef");
  check_excerpt("abcdefg", -1, 6, "abcde…");
  check_excerpt("abcde f", -1, 6, "abcde…");
  check_excerpt("ab cd ef", -1, 5, "ab c…");
  check_excerpt("äöüßé", -1, 4, "äöü…");
  check_excerpt("a\xE2\x80\xAE"
                "b\xE2\x81\xA6"
                "c\x01\x1B"
                "d",
                -1, 10, "abcd");
  check_excerpt("a\xFF"
                "b",
                -1, 10,
                "a\xEF\xBF\xBD"
                "b");
  check_excerpt("abc", 2, 10, "ab");
  check_excerpt("a\0b", 3, 10, "ab");
  check_excerpt(NULL, -1, 10, "");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/text/ids", test_ids);
  g_test_add_func("/text/new-ids", test_new_ids);
  g_test_add_func("/text/fold", test_fold);
  g_test_add_func("/text/excerpt", test_excerpt);
  return g_test_run();
}

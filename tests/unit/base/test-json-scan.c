/* SPDX-License-Identifier: MIT */
/* The scan for the end of a value, against a plain one byte after byte, over random text cut at random places. */
#include "sight-json-scan.h"

#include <string.h>

/* The length of the value that `text` begins with, or 0 where it does not end. */
static gsize plain_scan(const char *text, gsize bytes) {
  gsize depth = 0;
  gboolean in_string = FALSE, escaped = FALSE;
  for (gsize i = 0; i < bytes; i++) {
    if (text[i] == '"' && !escaped)
      in_string = !in_string;
    else if (!in_string && strchr("[{", text[i]) != NULL)
      depth++;
    else if (!in_string && strchr("]}", text[i]) != NULL)
      depth--;
    escaped = text[i] == '\\' && !escaped;
    if (depth == 0 && !in_string)
      return i + 1;
  }
  return 0;
}

static gsize scan_in_pieces(const char *text, gsize bytes, gsize piece) {
  SightJsonScan scan = {0};
  for (gsize at = 0; at < bytes; at += piece) {
    const char *end = sight_json_scan(&scan, text + at, text + MIN(bytes, at + piece));
    if (end != NULL)
      return (gsize)(end - text);
  }
  return 0;
}

static void test_simple(void) {
  static const char *const texts[] = {
      "{}", "[]", "\"\"", "\"a\\\"]\"", "{\"a\":[1,2,{\"b\":\"}\"}]}", "[\"\\\\\",\"]\"]", "[\"\\\\\\\"]\"]"};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autofree char *more =
        g_strconcat(texts[i], ",{\"next\":\"value that makes the text longer than one block is\"}]", NULL);
    for (gsize piece = 1; piece < 100; piece++)
      g_assert_cmpint(scan_in_pieces(more, strlen(more), piece), ==, strlen(texts[i]));
    g_assert_cmpint(scan_in_pieces(texts[i], strlen(texts[i]) - 1, 3), ==, 0);
  }
}

static void test_random(void) {
  static const char letters[] = "[[{{}]}]\"\"\"\\\\\\ab:,   ";
  for (int round = 0; round < 20000; round++) {
    char text[300];
    gsize bytes = (gsize)g_test_rand_int_range(1, sizeof text);
    for (gsize i = 0; i < bytes; i++)
      text[i] = letters[g_test_rand_int_range(0, sizeof letters - 1)];
    text[0] = '{';
    gsize expected = plain_scan(text, bytes);
    g_assert_cmpint(scan_in_pieces(text, bytes, bytes), ==, expected);
    g_assert_cmpint(scan_in_pieces(text, bytes, (gsize)g_test_rand_int_range(1, 100)), ==, expected);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/json-scan/simple", test_simple);
  g_test_add_func("/json-scan/random", test_random);
  return g_test_run();
}

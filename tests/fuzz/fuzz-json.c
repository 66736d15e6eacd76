/* SPDX-License-Identifier: MIT */
/* JSON: what is read can be written, and reads back as the same. */
#include "sight-json.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize bytes);

static void walk(SightJson value, guint depth) {
  gsize n = 0;
  for (SightJsonIter it = sight_json_iter(value); sight_json_next(&it); n++)
    if (depth < 20)
      walk(it.value, depth + 1);
  g_assert_cmpint(n, ==, sight_json_length(value));
  sight_json_get(value, "a");
  sight_json_int(value, 0);
  sight_json_double(value, 0);
  sight_json_string(value, NULL);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize bytes) {
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(64);
  SightJson root;
  if (!sight_json_parser_parse(parser, (const char *)data, bytes, &root, NULL))
    return 0;
  walk(root, 0);
  g_autoptr(GString) first = g_string_new(NULL);
  sight_json_append_value(first, root);
  g_assert_true(sight_json_parser_parse(parser, first->str, first->len, &root, NULL));
  g_autoptr(GString) second = g_string_new(NULL);
  sight_json_append_value(second, root);
  g_assert_true(g_string_equal(first, second));
  return 0;
}

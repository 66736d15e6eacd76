/* SPDX-License-Identifier: MIT */
/* Reading JSON: values, look-ups, walking, limits and what is refused. */
#include "sight-json.h"

#include <string.h>

typedef struct {
  SightJsonParser *parser;
  SightJson root;
} Fixture;

static void set_up(Fixture *f, gconstpointer data) {
  f->parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
}

static void tear_down(Fixture *f, gconstpointer data) {
  sight_json_parser_free(f->parser);
}

static void parse(Fixture *f, const char *text) {
  g_autoptr(GError) error = NULL;
  gboolean ok = sight_json_parser_parse(f->parser, text, strlen(text), &f->root, &error);
  g_assert_no_error(error);
  g_assert_true(ok);
}

static void refuse(Fixture *f, const char *text, gsize bytes, SightJsonError code) {
  g_autoptr(GError) error = NULL;
  g_assert_false(sight_json_parser_parse(f->parser, text, bytes, &f->root, &error));
  g_assert_error(error, SIGHT_JSON_ERROR, (int)code);
  g_assert_cmpint(sight_json_type(f->root), ==, SIGHT_JSON_ABSENT);
}

static void test_scalars(Fixture *f, gconstpointer data) {
  parse(f, "{\"n\":null,\"t\":true,\"f\":false,\"i\":-7,\"d\":2.75,\"u\":18446744073709551615,\"big\":1e300,"
           "\"p\":9007199254740993,\"z\":-0,\"s\":\"a\\u0000b\\u00e9\"}");
  SightJson r = f->root;
  g_assert_cmpint(sight_json_type(r), ==, SIGHT_JSON_OBJECT);
  g_assert_cmpint(sight_json_length(r), ==, 10);
  g_assert_cmpint(sight_json_type(sight_json_get(r, "n")), ==, SIGHT_JSON_NULL);
  g_assert_true(sight_json_bool(sight_json_get(r, "t"), FALSE));
  g_assert_false(sight_json_bool(sight_json_get(r, "f"), TRUE));
  g_assert_cmpint(sight_json_int(sight_json_get(r, "i"), 0), ==, -7);
  g_assert_cmpint(sight_json_int(sight_json_get(r, "d"), 0), ==, 2);
  g_assert_cmpfloat(sight_json_double(sight_json_get(r, "d"), 0), ==, 2.75);
  g_assert_cmpint(sight_json_int(sight_json_get(r, "u"), 0), ==, G_MAXINT64);
  g_assert_cmpint(sight_json_int(sight_json_get(r, "big"), 0), ==, G_MAXINT64);
  g_assert_cmpint(sight_json_int(sight_json_get(r, "p"), 0), ==, G_GINT64_CONSTANT(9007199254740993));
  g_assert_cmpint(sight_json_int(sight_json_get(r, "z"), 5), ==, 0);
  gsize bytes;
  const char *text = sight_json_string(sight_json_get(r, "s"), &bytes);
  g_assert_cmpmem(text, bytes, "a\0b\xC3\xA9", 5);
  g_assert_cmpint(text[bytes], ==, '\0');
}

static void test_wrong_types(Fixture *f, gconstpointer data) {
  parse(f, "[\"x\",1]");
  SightJson absent = sight_json_get(f->root, "x");
  g_assert_cmpint(sight_json_type(absent), ==, SIGHT_JSON_ABSENT);
  g_assert_cmpint(sight_json_int(absent, 42), ==, 42);
  g_assert_cmpint(sight_json_int(f->root, 42), ==, 42);
  g_assert_cmpfloat(sight_json_double(f->root, 1.5), ==, 1.5);
  g_assert_null(sight_json_string(absent, NULL));
  g_assert_null(sight_json_string(f->root, NULL));
  g_assert_true(sight_json_bool(f->root, TRUE));
  g_assert_cmpint(sight_json_length(absent), ==, 0);
  SightJsonIter it = sight_json_iter(absent);
  g_assert_false(sight_json_next(&it));
}

static void test_walk(Fixture *f, gconstpointer data) {
  parse(f, "{\"a\":[1,[2,{\"x\":3}],2.5,\"s\",{}],\"b\":{\"c\":[],\"d\":\"e\"},\"f\":5}");
  g_autoptr(GString) seen = g_string_new(NULL);
  for (SightJsonIter it = sight_json_iter(f->root); sight_json_next(&it);) {
    g_assert_cmpint(strlen(it.key), ==, it.key_bytes);
    g_string_append_printf(seen, "%s%d ", it.key, sight_json_type(it.value));
  }
  for (SightJsonIter it = sight_json_iter(sight_json_get(f->root, "a")); sight_json_next(&it);) {
    g_assert_null(it.key);
    g_string_append_printf(seen, "%d ", sight_json_type(it.value));
  }
  g_assert_cmpstr(seen->str, ==, "a5 b6 f3 3 5 3 4 6 ");
}

static void test_first_key_wins(Fixture *f, gconstpointer data) {
  parse(f, "{\"type\":4,\"type\":2}");
  g_assert_cmpint(sight_json_int(sight_json_get(f->root, "type"), 0), ==, 4);
  g_assert_cmpint(sight_json_length(f->root), ==, 2);
}

static void test_append(Fixture *f, gconstpointer data) {
  const char *compact =
      "{\"a\":[1,-2,[],{}],\"b\":{\"c\":\"x\\\"\\\\\\n\\u0001\"},\"d\":0.1,\"e\":1e+300,\"f\":[[[null,true]]],"
      "\"u\":18446744073709551615}";
  g_autofree char *spaced = g_strdup_printf(" %s\n", compact);
  parse(f, spaced);
  g_autoptr(GString) out = g_string_new("=");
  sight_json_append_value(out, f->root);
  g_assert_cmpstr(out->str + 1, ==, compact);
  g_string_truncate(out, 0);
  sight_json_append_value(out, sight_json_get(f->root, "b"));
  g_assert_cmpstr(out->str, ==, "{\"c\":\"x\\\"\\\\\\n\\u0001\"}");
  g_string_truncate(out, 0);
  sight_json_append_value(out, (SightJson){0});
  g_assert_cmpstr(out->str, ==, "null");
}

static void test_refused(Fixture *f, gconstpointer data) {
  refuse(f, "", 0, SIGHT_JSON_ERROR_SYNTAX);
  refuse(f, "[1,]", 4, SIGHT_JSON_ERROR_SYNTAX);
  refuse(f, "[1] x", 5, SIGHT_JSON_ERROR_SYNTAX);
  refuse(f, "{\"a\" 1}", 7, SIGHT_JSON_ERROR_SYNTAX);
  refuse(f, "[\"a\0b\"]", 7, SIGHT_JSON_ERROR_SYNTAX);
  refuse(f, "[\"\xFF\xFE\"]", 6, SIGHT_JSON_ERROR_SYNTAX);
  refuse(f, "[\"open", 6, SIGHT_JSON_ERROR_SYNTAX);
  refuse(f, "[1e999]", 7, SIGHT_JSON_ERROR_NUMBER);
  refuse(f, "[\"\\ud83d\"]", 10, SIGHT_JSON_ERROR_STRING);
  parse(f, "[1]");
}

static void test_depth(Fixture *f, gconstpointer data) {
  const gsize deep = SIGHT_JSON_DEFAULT_DEPTH - 2;
  g_autoptr(GString) text = g_string_new(NULL);
  for (gsize i = 0; i < deep; i++)
    g_string_append(text, "[");
  for (gsize i = 0; i < deep; i++)
    g_string_append(text, "]");
  parse(f, text->str);
  g_autoptr(GString) again = g_string_new(NULL);
  sight_json_append_value(again, f->root);
  g_assert_cmpstr(again->str, ==, text->str);

  g_autofree char *hostile = g_strnfill(1000000, '[');
  memset(hostile + 500000, ']', 500000);
  refuse(f, hostile, 1000000, SIGHT_JSON_ERROR_DEPTH);
}

static void test_many_members(Fixture *f, gconstpointer data) {
  const gsize count = 0xFFFFFF + 10; /* more than the tape can count */
  g_autoptr(GString) text = g_string_new("[0");
  for (gsize i = 1; i < count; i++)
    g_string_append(text, ",1");
  g_string_append_c(text, ']');
  gboolean ok = sight_json_parser_parse(f->parser, text->str, text->len, &f->root, NULL);
  g_assert_true(ok);
  g_assert_cmpint(sight_json_length(f->root), ==, count);
  parse(f, "[1,2]"); /* and a small one after it */
  g_assert_cmpint(sight_json_length(f->root), ==, 2);
}

static void test_padded(Fixture *f, gconstpointer data) {
  const char *text = "{\"a\":\"b\"}\"tail that is not part of it, long enough for the padding that is asked for here";
  g_assert_cmpint(strlen(text), >=, 9 + SIGHT_JSON_PADDING);
  g_assert_true(sight_json_parser_parse_padded(f->parser, text, 9, &f->root, NULL));
  g_assert_cmpstr(sight_json_string(sight_json_get(f->root, "a"), NULL), ==, "b");
}

#define ADD(name, func) g_test_add(name, Fixture, NULL, set_up, func, tear_down)

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  ADD("/json/scalars", test_scalars);
  ADD("/json/wrong-types", test_wrong_types);
  ADD("/json/walk", test_walk);
  ADD("/json/first-key-wins", test_first_key_wins);
  ADD("/json/append", test_append);
  ADD("/json/refused", test_refused);
  ADD("/json/depth", test_depth);
  ADD("/json/many-members", test_many_members);
  ADD("/json/padded", test_padded);
  return g_test_run();
}

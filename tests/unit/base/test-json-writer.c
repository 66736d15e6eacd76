/* SPDX-License-Identifier: MIT */
/* Writing JSON: commas, escapes, numbers. */
#include "sight-json-writer.h"

#include <math.h>
#include <string.h>

static void test_shape(void) {
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};
  sight_json_begin_object(&w);
  sight_json_member_string(&w, "a", "b");
  sight_json_member_int(&w, "i", G_MININT64);
  sight_json_member_bool(&w, "t", TRUE);
  sight_json_key(&w, "l");
  sight_json_begin_array(&w);
  sight_json_put_int(&w, 0);
  sight_json_begin_array(&w);
  sight_json_end_array(&w);
  sight_json_begin_object(&w);
  sight_json_end_object(&w);
  sight_json_put_raw(&w, "{\"x\":1}", 7);
  sight_json_put_string(&w, NULL);
  sight_json_end_array(&w);
  sight_json_member_string(&w, "z", NULL);
  sight_json_end_object(&w);
  g_assert_cmpstr(out->str, ==,
                  "{\"a\":\"b\",\"i\":-9223372036854775808,\"t\":true,\"l\":[0,[],{},{\"x\":1},null],\"z\":null}");
}

static void check_string(const char *text, gsize bytes, const char *expected) {
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};
  sight_json_put_string_len(&w, text, bytes);
  g_assert_cmpstr(out->str, ==, expected);
}

static void test_strings(void) {
  check_string("", 0, "\"\"");
  check_string("a\"b\\c\n\r\t\b\f\x01", 11, "\"a\\\"b\\\\c\\n\\r\\t\\b\\f\\u0001\"");
  check_string("a\0b", 3, "\"a\\u0000b\"");
  check_string("é😀", 6, "\"é😀\"");
  check_string("\xFFx\xC3", 3, "\"\xEF\xBF\xBDx\xEF\xBF\xBD\"");
  check_string("\xED\xA0\x80", 3, "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
  check_string("</script><!--<b></", 18, "\"<\\/script>\\u003c!--<b><\\/\"");
  check_string("<", 1, "\"<\"");
}

static void check_double(double number, const char *expected) {
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};
  sight_json_put_double(&w, number);
  g_assert_cmpstr(out->str, ==, expected);
}

static void test_doubles(void) {
  check_double(0.1, "0.1");
  check_double(1.0 / 3, "0.3333333333333333");
  check_double(5e-324, "4.94065645841247e-324");
  check_double(1700000000000.5, "1700000000000.5");
  check_double(-0.0, "0");
  check_double(NAN, "null");
  check_double(INFINITY, "null");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/json-writer/shape", test_shape);
  g_test_add_func("/json-writer/strings", test_strings);
  g_test_add_func("/json-writer/doubles", test_doubles);
  return g_test_run();
}

/* SPDX-License-Identifier: MIT */
/* One event: what is read, coerced, repaired, unpacked and refused. */
#include "sight-compress.h"
#include "sight-event.h"

#include <string.h>
#include <zlib.h>

typedef struct {
  SightEventParser *parser;
  SightEvent event;
} Fixture;

static void set_up(Fixture *f, gconstpointer data) {
  f->parser = sight_event_parser_new();
}

static void tear_down(Fixture *f, gconstpointer data) {
  sight_event_parser_free(f->parser);
}

static void parse(Fixture *f, const char *text) {
  g_autoptr(GError) error = NULL;
  gboolean ok = sight_event_parser_parse(f->parser, text, strlen(text), &f->event, &error);
  g_assert_no_error(error);
  g_assert_true(ok);
}

static void refuse(Fixture *f, const char *text, SightEventError code) {
  g_autoptr(GError) error = NULL;
  g_assert_false(sight_event_parser_parse(f->parser, text, strlen(text), &f->event, &error));
  g_assert_error(error, SIGHT_EVENT_ERROR, (int)code);
}

static void test_plain(Fixture *f, gconstpointer data) {
  const char *text = "{\"type\":3,\"data\":{\"source\":2,\"type\":1,\"id\":7},\"timestamp\":1700000000123,\"delay\":5}";
  parse(f, text);
  g_assert_cmpint(f->event.type, ==, SIGHT_EVENT_INCREMENTAL);
  g_assert_cmpint(f->event.source, ==, SIGHT_SOURCE_MOUSE_INTERACTION);
  g_assert_cmpint(f->event.time_ms, ==, G_GINT64_CONSTANT(1700000000123));
  g_assert_cmpint(sight_json_int(sight_json_get(f->event.data, "id"), 0), ==, 7);
  g_assert_true(f->event.text == text);
  g_assert_null(sight_event_tag(&f->event));
  g_assert_null(sight_event_parser_window(f->parser));
}

static void test_custom(Fixture *f, gconstpointer data) {
  parse(f, "{\"windowId\":\"w1\",\"timestamp\":5,\"data\":{\"tag\":\"ss:event\",\"payload\":{\"name\":\"buy\"}},"
           "\"type\":5}");
  g_assert_cmpstr(sight_event_tag(&f->event), ==, "ss:event");
  g_assert_cmpstr(sight_json_string(sight_json_get(sight_event_payload(&f->event), "name"), NULL), ==, "buy");
  g_assert_cmpint(f->event.source, ==, SIGHT_SOURCE_NONE);
  g_assert_cmpstr(sight_event_parser_window(f->parser), ==, "w1");
}

static void test_times(Fixture *f, gconstpointer data) {
  static const struct {
    const char *json;
    gint64 time_ms; /* -1: refused */
  } cases[] = {
      {"1700000000000.9", 1700000000000},
      {"\"1700000000000\"", 1700000000000},
      {"\"1700000000000.5\"", 1700000000000},
      {"9007199254740993", 9007199254740993},
      {"1.7e12", 1700000000000},
      {"0", 0},
      {"-0", 0},
      {"-1", -1},
      {"1e18", -1},
      {"18446744073709551615", -1},
      {"\"1e400\"", -1},
      {"\"soon\"", -1},
      {"\"12x\"", -1},
      {"\"\"", -1},
      {"\" 12\"", -1},
      {"null", -1},
      {"true", -1},
      {"[1]", -1},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf("{\"type\":4,\"timestamp\":%s}", cases[i].json);
    if (cases[i].time_ms < 0) {
      refuse(f, text, SIGHT_EVENT_ERROR_TIME);
      continue;
    }
    parse(f, text);
    g_assert_cmpint(f->event.time_ms, ==, cases[i].time_ms);
  }
}

static void test_types(Fixture *f, gconstpointer data) {
  parse(f, "{\"type\":99,\"timestamp\":1}");
  g_assert_cmpint(f->event.type, ==, 99);
  g_assert_cmpint(sight_json_type(f->event.data), ==, SIGHT_JSON_ABSENT);
  parse(f, "{\"type\":3,\"data\":{\"source\":\"2\"},\"timestamp\":1}");
  g_assert_cmpint(f->event.source, ==, SIGHT_SOURCE_NONE);
  parse(f, "{\"type\":2.0,\"timestamp\":1}");
  g_assert_cmpint(f->event.type, ==, SIGHT_EVENT_FULL_SNAPSHOT);
  refuse(f, "{\"type\":\"2\",\"timestamp\":1}", SIGHT_EVENT_ERROR_TYPE);
  refuse(f, "{\"type\":null,\"timestamp\":1}", SIGHT_EVENT_ERROR_TYPE);
  refuse(f, "{\"type\":2.5,\"timestamp\":1}", SIGHT_EVENT_ERROR_TYPE);
  refuse(f, "{\"type\":-1,\"timestamp\":1}", SIGHT_EVENT_ERROR_TYPE);
  refuse(f, "{\"type\":256,\"timestamp\":1}", SIGHT_EVENT_ERROR_TYPE);
  refuse(f, "{\"timestamp\":1}", SIGHT_EVENT_ERROR_TYPE);
  refuse(f, "[4,1]", SIGHT_EVENT_ERROR_FIELD);
  refuse(f, "null", SIGHT_EVENT_ERROR_FIELD);
}

static void test_duplicate_keys(Fixture *f, gconstpointer data) {
  parse(f,
        "{\"type\":4,\"type\":2,\"data\":{\"href\":\"a\"},\"data\":{\"href\":\"b\"},\"timestamp\":1,\"timestamp\":2}");
  g_assert_cmpint(f->event.type, ==, 4);
  g_assert_cmpint(f->event.time_ms, ==, 1);
  g_assert_cmpstr(sight_json_string(sight_json_get(f->event.data, "href"), NULL), ==, "a");
}

static void test_refused(Fixture *f, gconstpointer data) {
  refuse(f, "", SIGHT_EVENT_ERROR_SYNTAX);
  refuse(f, "{\"type\":4,\"timestamp\":1", SIGHT_EVENT_ERROR_SYNTAX);
  refuse(f, "{\"type\":4,\"timestamp\":1,\"data\":{\"tag\":\"\xFF\"}}", SIGHT_EVENT_ERROR_SYNTAX);
  refuse(f, "{\"type\":4,\"timestamp\":1,\"data\":{\"tag\":\"a\nb\"}}", SIGHT_EVENT_ERROR_SYNTAX);
  refuse(f, "{\"type\":4,\"timestamp\":1,\"data\":{\"tag\":\"\\x\"}}", SIGHT_EVENT_ERROR_SYNTAX);
  refuse(f, "{\"type\":4,\"timestamp\":1e400}", SIGHT_EVENT_ERROR_FIELD);
  g_autoptr(GString) deep = g_string_new("{\"type\":4,\"timestamp\":1,\"data\":");
  for (int i = 0; i < 10000; i++)
    g_string_append_c(deep, '[');
  for (int i = 0; i < 10000; i++)
    g_string_append_c(deep, ']');
  g_string_append_c(deep, '}');
  refuse(f, deep->str, SIGHT_EVENT_ERROR_LIMIT);
}

static void check_text(Fixture *f, const char *escaped, const char *expected) {
  g_autofree char *text = g_strdup_printf("{\"type\":5,\"timestamp\":1,\"data\":{\"tag\":\"%s\"}}", escaped);
  parse(f, text);
  g_assert_cmpstr(sight_event_tag(&f->event), ==, expected);
  /* What is stored must be readable by everyone. */
  g_autoptr(SightJsonParser) strict = sight_json_parser_new(100);
  SightJson root;
  g_assert_true(sight_json_parser_parse(strict, f->event.text, f->event.text_bytes, &root, NULL));
}

static void test_surrogates(Fixture *f, gconstpointer data) {
  check_text(f, "\\ud83d\\ude00", "😀");
  check_text(f, "a\\ud83db",
             "a\xEF\xBF\xBD"
             "b");
  check_text(f, "\\ude00\\ud83d", "\xEF\xBF\xBD\xEF\xBF\xBD");
  check_text(f, "\\ud83d\\ud83d\\ude00", "\xEF\xBF\xBD😀");
  check_text(f, "\\uD83D\\u0041",
             "\xEF\xBF\xBD"
             "A");
  check_text(f, "\\\\ud83d", "\\ud83d");
  check_text(f, "\\\\\\ud83d", "\\\xEF\xBF\xBD");
}

/* As rrweb's pack() writes it: a character for each byte of zlib. */
static char *packed(const char *text) {
  uLongf bytes = compressBound(strlen(text));
  g_autofree Bytef *data = g_malloc(bytes);
  g_assert_cmpint(compress(data, &bytes, (const Bytef *)text, strlen(text)), ==, Z_OK);
  g_autoptr(GString) out = g_string_new("\"");
  for (uLongf i = 0; i < bytes; i++) {
    if (data[i] < 0x20 || data[i] == '"' || data[i] == '\\')
      g_string_append_printf(out, "\\u%04x", data[i]);
    else
      g_string_append_unichar(out, data[i]);
  }
  g_string_append_c(out, '"');
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static void test_packed(Fixture *f, gconstpointer data) {
  const char *plain = "{\"type\":4,\"data\":{\"href\":\"http://x.example/\"},\"timestamp\":17,\"v\":\"v1\"}";
  g_autofree char *text = packed(plain);
  parse(f, text);
  g_assert_cmpint(f->event.type, ==, SIGHT_EVENT_META);
  g_assert_cmpint(f->event.time_ms, ==, 17);
  g_assert_cmpmem(f->event.text, f->event.text_bytes, plain, strlen(plain));
  parse(f, "\"{\\\"type\\\":4,\\\"timestamp\\\":18}\"");
  g_assert_cmpint(f->event.time_ms, ==, 18);

  g_autofree char *twice = packed(text);
  refuse(f, twice, SIGHT_EVENT_ERROR_FIELD);
  refuse(f, "\"x is no zlib\"", SIGHT_EVENT_ERROR_FIELD);
  refuse(f, "\"x\\u009cäω\"", SIGHT_EVENT_ERROR_FIELD);
  refuse(f, "\"\"", SIGHT_EVENT_ERROR_FIELD);
}

static void test_packed_bomb(Fixture *f, gconstpointer data) {
  const gsize bytes = 70 * 1024 * 1024;
  g_autofree char *blank = g_strnfill(bytes, ' ');
  g_autofree char *bomb = packed(blank);
  g_assert_cmpint(strlen(bomb), <, 1024 * 1024);
  refuse(f, bomb, SIGHT_EVENT_ERROR_LIMIT);
}

static void test_many_values(Fixture *f, gconstpointer data) {
  g_autoptr(GString) text = g_string_new("{\"type\":5,\"timestamp\":1,\"data\":[0");
  for (int i = 0; i < 4 * 1024 * 1024; i++)
    g_string_append(text, ",0");
  g_string_append(text, "]}");
  refuse(f, text->str, SIGHT_EVENT_ERROR_LIMIT);
  /* as many commas in a string are no values */
  g_autofree char *commas = g_strnfill(5 * 1024 * 1024, ',');
  g_string_printf(text, "{\"type\":5,\"timestamp\":1,\"data\":{\"tag\":\"\\\"%s\"}}", commas);
  parse(f, text->str);
  g_assert_cmpint(strlen(sight_event_tag(&f->event)), ==, 5 * 1024 * 1024 + 1);
}

#define ADD(name, func) g_test_add(name, Fixture, NULL, set_up, func, tear_down)

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  ADD("/event/plain", test_plain);
  ADD("/event/custom", test_custom);
  ADD("/event/times", test_times);
  ADD("/event/types", test_types);
  ADD("/event/duplicate-keys", test_duplicate_keys);
  ADD("/event/refused", test_refused);
  ADD("/event/surrogates", test_surrogates);
  ADD("/event/packed", test_packed);
  ADD("/event/many-values", test_many_values);
  ADD("/event/packed-bomb", test_packed_bomb);
  return g_test_run();
}

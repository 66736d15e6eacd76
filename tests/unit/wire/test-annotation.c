/* SPDX-License-Identifier: MIT */
/* Annotations: whatever is read is within the limits, and is read again as the same from what is written of it. Random
 * members of random types and lengths, at and beside their limits; `--seed` repeats a run. */
#include "sight-annotation-json.h"
#include "sight-limits.h"
#include "sight-text.h"

#include <string.h>

#define ROUNDS 2000

static int pick(int n) {
  return g_test_rand_int_range(0, n);
}

/* Up to about so many bytes, in most cases few; now and then exactly so many, or one more. */
static char *random_text(gsize limit) {
  static const char *const parts[] = {"a", "\n", "\t", "\x01", "\"", "\\", "é", "漢", "😀", "</b>", "\u202e", "  "};
  g_autoptr(GString) text = g_string_new(NULL);
  int kind = pick(20);
  gsize wanted = kind == 0 ? limit : kind == 1 ? limit + 1 : kind == 2 ? (gsize)pick((int)limit) : (gsize)pick(40);

  for (gsize n = 0; text->len < wanted && n < 400; n++) {
    const char *part = parts[pick(G_N_ELEMENTS(parts))];
    if (text->len + strlen(part) <= wanted)
      g_string_append(text, part);
  }
  while (text->len < wanted)
    g_string_append_c(text, 'x');
  return g_string_free(g_steal_pointer(&text), FALSE);
}

static void put_odd(SightJsonWriter *w) {
  switch (pick(4)) {
  case 0:
    sight_json_put_int(w, pick(100));
    break;
  case 1:
    sight_json_put_raw(w, "null", 4);
    break;
  case 2:
    sight_json_put_raw(w, "\"a\\u0000b\"", 10);
    break;
  default:
    sight_json_put_raw(w, "[{}]", 4);
  }
}

static void put_text(SightJsonWriter *w, const char *member, const char *likely, gsize limit) {
  g_autofree char *text = likely != NULL && pick(8) != 0 ? g_strdup(likely) : random_text(limit);

  if (pick(60) == 0)
    return;
  sight_json_key(w, member);
  if (pick(60) == 0)
    put_odd(w);
  else
    sight_json_put_string(w, text);
}

static void put_time(SightJsonWriter *w, const char *member) {
  static const gint64 odd[] = {-1, -2, 0, SIGHT_WIRE_TIME_MAX_MS, SIGHT_WIRE_TIME_MAX_MS + 1, G_MAXINT64, G_MININT64};

  if (pick(60) == 0)
    return;
  sight_json_key(w, member);
  if (pick(60) == 0)
    put_odd(w);
  else
    sight_json_put_int(w, pick(8) == 0 ? odd[pick(G_N_ELEMENTS(odd))] : pick(1000000));
}

static gboolean is_of_project(const char *kind) {
  return g_str_equal(kind, "settings") || g_str_equal(kind, "problem");
}

static GString *random_annotation(void) {
  static const char *const kinds[] = {"tag", "note", "settings", "problem"};
  GString *text = g_string_new(NULL);
  SightJsonWriter w = {.out = text};
  const char *kind = kinds[pick(G_N_ELEMENTS(kinds))];

  sight_json_begin_object(&w);
  put_text(&w, "id", "t-1", 64);
  put_text(&w, "kind", kind, 100);
  if (!is_of_project(kind) || pick(20) == 0)
    put_text(&w, "session", "s-1", 64);
  put_time(&w, "at");
  put_text(&w, "body", NULL, SIGHT_WIRE_BODY_BYTES);
  put_text(&w, "author", NULL, 70000);
  put_time(&w, "created_at");
  put_time(&w, "updated_at");
  sight_json_member_bool(&w, "deleted", pick(2) == 0);
  sight_json_end_object(&w);
  return text;
}

static void check_limits(const SightAnnotation *a) {
  g_assert_true(sight_id_is_valid(a->id));
  g_assert_true(is_of_project(a->kind) ? a->session == NULL : sight_id_is_valid(a->session));
  g_assert_cmpuint(strlen(a->body), <=, SIGHT_WIRE_BODY_BYTES);
  g_assert_cmpint(g_utf8_strlen(a->author, -1), <=, SIGHT_WIRE_AUTHOR_CHARS);
  g_assert_null(strpbrk(a->author, "\n\t\x01"));
  g_assert_cmpint(a->at_ms, >=, -1);
  g_assert_cmpint(a->created_ms, >=, 0);
  g_assert_cmpint(a->updated_ms, >=, 0);
  g_assert_cmpint(MAX(a->at_ms, MAX(a->created_ms, a->updated_ms)), <=, SIGHT_WIRE_TIME_MAX_MS);
}

static SightAnnotation *read_annotation(SightJsonParser *parser, const GString *text) {
  const char *wrong = NULL;
  SightJson root;
  g_autoptr(GError) error = NULL;

  sight_json_parser_parse(parser, text->str, text->len, &root, &error);
  g_assert_no_error(error);
  SightAnnotation *annotation = sight_annotation_read(root, NULL, &wrong);
  g_assert_true((annotation == NULL) == (wrong != NULL));
  return annotation;
}

static void test_random(void) {
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  guint n_read = 0;

  for (int round = 0; round < ROUNDS; round++) {
    g_autoptr(GString) text = random_annotation();
    g_autoptr(SightAnnotation) first = read_annotation(parser, text);
    if (first == NULL)
      continue;
    n_read++;
    check_limits(first);
    g_autoptr(GString) written = g_string_new(NULL);
    SightJsonWriter w = {.out = written};
    sight_annotation_write(&w, first);
    g_assert_cmpuint(written->len, <=, SIGHT_WIRE_ANNOTATION_BYTES);
    g_autoptr(SightAnnotation) second = read_annotation(parser, written);
    g_assert_nonnull(second);
    g_assert_cmpstr(second->body, ==, first->body);
    g_assert_cmpstr(second->author, ==, first->author);
    g_assert_cmpstr(second->session, ==, first->session);
    g_assert_cmpint(second->at_ms, ==, first->at_ms);
    g_assert_cmpint(second->updated_ms, ==, first->updated_ms);
    g_assert_cmpint(second->deleted, ==, first->deleted);
  }
  g_test_message("%u of %d were read", n_read, ROUNDS);
  g_assert_cmpuint(n_read, >, ROUNDS / 4);
  g_assert_cmpuint(n_read, <, ROUNDS);
}

/* The longest body is taken, one byte more is not; written, it may take six times as much. */
static void test_body(void) {
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);

  for (gsize more = 0; more < 2; more++) {
    g_autofree char *body = g_strnfill(SIGHT_WIRE_BODY_BYTES + more, '\x01');
    SightAnnotation annotation = {
        .id = (char *)"t", .session = (char *)"s", .kind = (char *)"tag", .body = body, .author = (char *)""};
    g_autoptr(GString) written = g_string_new(NULL);
    SightJsonWriter w = {.out = written};
    sight_annotation_write(&w, &annotation);
    g_autoptr(SightAnnotation) read = read_annotation(parser, written);
    g_assert_true((read != NULL) == (more == 0));
    g_assert_true((written->len <= SIGHT_WIRE_ANNOTATION_BYTES) || more > 0);
  }
}

/* Text that holds a NUL is refused: it would be kept cut. */
static void test_nul(void) {
  static const char *const members[] = {"id", "kind", "session", "body"};
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);

  for (guint i = 0; i <= G_N_ELEMENTS(members); i++) {
    g_autoptr(GString) text = g_string_new("{\"id\":\"t\",\"kind\":\"tag\",\"session\":\"s\",\"body\":\"b\",\"at\":1,"
                                           "\"created_at\":1,\"updated_at\":1}");
    if (i < G_N_ELEMENTS(members)) {
      g_autofree char *begin = g_strdup_printf("\"%s\":\"", members[i]);
      char *value = strstr(text->str, begin) + strlen(begin);
      g_string_insert(text, strchr(value, '"') - text->str, "\\u0000x");
    }
    g_autoptr(SightAnnotation) read = read_annotation(parser, text);
    g_assert_true((read != NULL) == (i == G_N_ELEMENTS(members)));
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/wire/annotation/random", test_random);
  g_test_add_func("/wire/annotation/body", test_body);
  g_test_add_func("/wire/annotation/nul", test_nul);
  return g_test_run();
}

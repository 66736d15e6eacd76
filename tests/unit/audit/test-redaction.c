/* SPDX-License-Identifier: MIT */
/* After masking nothing is left of what was private, however it was written; the rest stays as it was. */
#include "sight-redaction.h"

#include "sight-json-writer.h"

#include <string.h>

#define MAIL "ada.lovelace@example.org"
#define CARD "4111 1111 1111 1111"

/* A page with a field (8) and a paragraph (6); texts are put in by the test. */
static void put_page(SightJsonWriter *w, const char *title, const char *text) {
  g_autofree char *page = g_strdup_printf(
      "{\"type\":2,\"timestamp\":1,\"data\":{\"node\":{\"type\":0,\"id\":1,\"childNodes\":[{\"type\":2,\"id\":2,"
      "\"tagName\":\"html\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":5,\"tagName\":\"div\",\"attributes\":"
      "{\"title\":%s,\"class\":\"note\"},\"childNodes\":[{\"type\":3,\"id\":6,\"textContent\":%s}]},{\"type\":2,\"id\":"
      "8,"
      "\"tagName\":\"input\",\"attributes\":{\"name\":\"email\",\"value\":\"ad\"},\"childNodes\":[]}]}]},"
      "\"initialOffset\":{\"left\":0,\"top\":0}}}",
      title, text);

  sight_json_put_raw(w, page, strlen(page));
}

static char *quoted(const char *text) {
  GString *out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};

  sight_json_put_string(&w, text);
  return g_string_free(out, FALSE);
}

static void put_typed(SightJsonWriter *w, const char *text) {
  g_autofree char *value = quoted(text);
  g_autofree char *event = g_strdup_printf("{\"type\":3,\"timestamp\":2,\"data\":{\"source\":5,\"id\":8,\"text\":%s,"
                                           "\"isChecked\":false}}",
                                           value);

  sight_json_put_raw(w, event, strlen(event));
}

/* The page with one text in a paragraph, and what was typed letter by letter, with a slip. */
static GString *events_with(const char *text) {
  GString *out = g_string_new(NULL);
  g_autofree char *value = quoted(text);
  SightJsonWriter w = {.out = out};

  sight_json_begin_array(&w);
  put_page(&w, "\"Boots\"", value);
  for (gsize i = 1; i <= strlen(MAIL); i++) {
    g_autofree char *part = g_strndup(MAIL, i);
    put_typed(&w, part);
  }
  put_typed(&w, "adda.lovel");
  put_typed(&w, MAIL);
  sight_json_end_array(&w);
  return out;
}

static void check_gone(const GString *events, const char *text) {
  if (strstr(events->str, text) != NULL)
    g_error("%s is left in %s", text, events->str);
}

/* Somebody pasted a book into a field: each of its beginnings may have been the value on the way, and is no text of its
 * own. */
static void test_beginnings(void) {
  g_autofree char *book = g_malloc0(200 * 1000 + 1);
  for (int i = 0; i < 200 * 1000; i++)
    book[i] = (char)('a' + i * 7 / 5 % 26);
  g_autofree char *half = g_strndup(book, 100 * 1000), *other = g_strdelimit(g_strndup(book, 100), "c", '#');
  g_autoptr(GString) events = g_string_new(NULL);
  g_autoptr(SightRedaction) redaction = sight_redaction_new();
  g_autoptr(GError) error = NULL;
  SightJsonWriter w = {.out = events};
  sight_json_begin_array(&w);
  put_page(&w, "\"Boots\"", "\"\"");
  put_typed(&w, book);
  g_autofree char *told = g_strdup_printf("{\"type\":5,\"timestamp\":3,\"data\":{\"tag\":\"t\",\"payload\":[{\"value\":"
                                          "\"%s\"},{\"value\":\"%s\"},{\"value\":\"a\"}]}}",
                                          half, other);
  sight_json_put_raw(&w, told, strlen(told));
  sight_json_end_array(&w);
  g_assert_true(sight_redaction_add_selector(redaction, "input", &error));
  sight_redaction_apply(redaction, events, &error);
  g_assert_no_error(error);
  half[50] = '\0';
  check_gone(events, half);
  check_gone(events, "\"a\"");
  g_assert_nonnull(strstr(events->str, other)); /* it never stood there */
}

/* What stands in a longer one leaves nothing of it. */
static void test_within(void) {
  g_autoptr(SightRedaction) redaction = sight_redaction_new();
  sight_redaction_add_text(redaction, "Ada");
  sight_redaction_add_text(redaction, "Ada Lovelace");
  g_autofree char *text = sight_redaction_text(redaction, "for Ada Lovelace");
  g_assert_cmpstr(text, ==, "for ************");
}

static void test_ways(void) {
  g_autofree char *base64[3] = {NULL};
  g_autofree char *escaped = quoted("{\"mail\":\"" MAIL "\"}"), *twice = quoted(escaped);
  const char *ways[12] = {"Sent to " MAIL " today",
                          "ADA.Lovelace@Example.org",
                          "/?m=ada.lovelace%40example.org",
                          "/?u=%2F%3Fm%3Dada.lovelace%2540example.org",
                          "ada.lovelace&#64;example.org",
                          "&#97;&#100;&#97;&#46;&#108;&#111;&#118;&#101;&#108;&#97;&#99;&#101;&#64;&#101;&#120;&#97;"
                          "&#109;&#112;&#108;&#101;&#46;&#111;&#114;&#103;",
                          escaped,
                          twice};
  gsize n = 8;

  for (gsize i = 0; i < 3; i++) {
    g_autofree char *plain = g_strconcat("abc" + i, MAIL, " and more", NULL);
    base64[i] = g_base64_encode((const guchar *)plain, strlen(plain));
    ways[n++] = base64[i];
  }
  for (gsize i = 0; i < n; i++) {
    g_autoptr(GString) events = events_with(ways[i]);
    g_autoptr(SightRedaction) redaction = sight_redaction_new();
    g_autoptr(GError) error = NULL;
    sight_redaction_add_kind(redaction, SIGHT_AUDIT_EMAIL);
    g_assert_true(strstr(events->str, "ada.love") != NULL);
    sight_redaction_apply(redaction, events, &error);
    g_assert_no_error(error);
    check_gone(events, "lovel");
    check_gone(events, "LOVEL");
    check_gone(events, "Lovel");
    check_gone(events, "\"ad");
    check_gone(events, "%40example");
    check_gone(events, "&#108;&#111;&#118;");
    /* Every alignment of "lovelace" in base64. */
    check_gone(events, "bG92ZWxhY2");
    check_gone(events, "xvdmVsYWNl");
    check_gone(events, "sb3ZlbGFjZ");
    g_assert_nonnull(strstr(events->str, "\"tagName\":\"div\""));
    g_assert_nonnull(strstr(events->str, "\"title\":\"Boots\""));
    g_assert_false(sight_redaction_is_in(redaction, events->str, events->len));
  }
  for (gsize i = 0; i < 3; i++)
    g_free(g_steal_pointer(&base64[i]));
}

/* The same number in other groups, and the number alone; other kinds stay. */
static void test_numbers(void) {
  g_autoptr(GString) events = events_with("Paid with " CARD ", that is 4111111111111111 or 4111-1111-1111-1111.");
  g_autoptr(SightRedaction) redaction = sight_redaction_new();
  g_autoptr(GError) error = NULL;

  sight_redaction_add_kind(redaction, SIGHT_AUDIT_CARD);
  sight_redaction_apply(redaction, events, &error);
  g_assert_no_error(error);
  check_gone(events, "1111");
  g_assert_nonnull(strstr(events->str, MAIL));
  g_assert_nonnull(strstr(events->str, "Paid with ****"));
}

/* What somebody names, though it is the name of an element and stands in keys. */
static void test_named(void) {
  g_autoptr(GString) events = events_with("A div that says data and text, and \\nab");
  g_autoptr(SightRedaction) redaction = sight_redaction_new();
  g_autoptr(GError) error = NULL;

  g_assert_true(sight_redaction_add_text(redaction, "div"));
  g_assert_true(sight_redaction_add_text(redaction, "data"));
  g_assert_true(sight_redaction_add_text(redaction, "nab"));
  g_assert_false(sight_redaction_add_text(redaction, "x"));
  sight_redaction_apply(redaction, events, &error);
  g_assert_no_error(error);
  g_assert_nonnull(strstr(events->str, "\"tagName\":\"div\""));
  g_assert_nonnull(strstr(events->str, "A *** that says **** and text"));
  g_autofree char *title = sight_redaction_text(redaction, "My DIV");
  g_assert_cmpstr(title, ==, "My ***");
  g_assert_true(sight_redaction_is_in(redaction, "d\0i\0v\0", 6));
  g_assert_true(sight_redaction_is_in(redaction, "\0d\0i\0v", 6));
  g_assert_false(sight_redaction_is_in(redaction, "d\0i\0", 4));
}

/* Events of an application are masked in names and numbers as well; where those make the page, nothing is given away.
 */
static void test_members(void) {
  static const char custom[] = "[{\"type\":5,\"timestamp\":1,\"data\":{\"tag\":\"cart\",\"payload\":{\"by " MAIL
                               "\":{\"paid\":4111111111111111,\"n\":2}}}}]";
  static const char page[] = "[{\"type\":2,\"timestamp\":1,\"data\":{\"node\":{\"type\":2,\"id\":1,\"tagName\":"
                             "\"p\",\"attributes\":{\"" MAIL "\":\"\"},\"childNodes\":[]}}}]";
  g_autoptr(SightRedaction) redaction = sight_redaction_new();
  g_autoptr(GString) events = g_string_new(custom), refused = g_string_new(page);
  g_autoptr(GError) error = NULL;

  g_assert_true(sight_redaction_add_text(redaction, MAIL));
  g_assert_true(sight_redaction_add_text(redaction, CARD));
  sight_redaction_apply(redaction, events, &error);
  g_assert_no_error(error);
  check_gone(events, "lovelace");
  check_gone(events, "4111");
  g_assert_nonnull(strstr(events->str, "\"paid\":\"****************\",\"n\":2"));
  g_assert_false(sight_redaction_apply(redaction, refused, &error));
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

/* Random texts of awkward characters in random ways: gone each time. */
static void test_random(void) {
  static const char *const pieces[] = {"a", "Z", "9", " ",  "&", "<", "\"", "\\",
                                       "%", "+", "é", "語", "@", "/", "=",  "\n"};

  for (int round = 0; round < 200; round++) {
    g_autoptr(GString) text = g_string_new("q");
    for (int i = g_test_rand_int_range(3, 14); i > 0; i--)
      g_string_append(text, pieces[g_test_rand_int_range(0, G_N_ELEMENTS(pieces))]);
    g_autofree char *coded = g_uri_escape_string(text->str, NULL, FALSE), *again = quoted(text->str);
    g_autofree char *entities = g_markup_escape_text(text->str, -1);
    const char *ways[] = {text->str, coded, again, entities};
    g_autofree char *said = g_strconcat("<", ways[g_test_rand_int_range(0, 4)], "> ", text->str, NULL);
    g_autoptr(GString) events = events_with(said);
    g_autoptr(SightRedaction) redaction = sight_redaction_new();
    g_autoptr(GError) error = NULL;
    sight_redaction_add_text(redaction, text->str);
    sight_redaction_apply(redaction, events, &error);
    g_assert_no_error(error);
    if (text->len > 6)
      g_assert_false(sight_redaction_is_in(redaction, events->str, events->len));
  }
}

/* Very many texts at once, some the beginnings of others, written in different ways. */
static void test_many(void) {
  g_autoptr(SightRedaction) redaction = sight_redaction_new();
  g_autoptr(GString) said = g_string_new(NULL), wanted = g_string_new(NULL);
  for (int i = 0; i < 5000; i++) {
    g_autofree char *text = g_strdup_printf("ada-%d@shop", i);
    g_assert_true(sight_redaction_add_text(redaction, text));
  }
  g_string_append(said, "Ada-1@SHOP ada%2D4999%40shop ada-5000@shop ada-1234&#64;shop ada-77@shop.example bad-77@shop");
  g_string_append(wanted,
                  "********** ***************** ada-5000@shop ***************** ***********.example bad-77@shop");
  g_autofree char *masked = sight_redaction_text(redaction, said->str);
  g_assert_cmpstr(masked, ==, wanted->str);
  g_assert_true(sight_redaction_is_in(redaction, said->str, said->len));
  g_assert_false(sight_redaction_is_in(redaction, masked, strlen(masked)));
}

/* What would take too long to compare is masked as a whole. */
static void test_too_much(void) {
  g_autoptr(SightRedaction) redaction = sight_redaction_new();
  g_autofree char *almost = g_strnfill(20000, 'a'), *long_text = g_strnfill(30000, 'a');
  g_autofree char *form = g_strconcat(almost, "b", NULL), *stars = g_strnfill(30000, '*');
  g_assert_true(sight_redaction_add_text(redaction, form));
  g_assert_true(sight_redaction_is_in(redaction, long_text, 30000));
  g_autofree char *masked = sight_redaction_text(redaction, long_text);
  g_assert_cmpstr(masked, ==, stars);
  g_assert_false(sight_redaction_is_in(redaction, masked, 30000));
  g_autofree char *short_text = sight_redaction_text(redaction, "aaa aab");
  g_assert_cmpstr(short_text, ==, "aaa aab");
}

/* In bytes that are UTF-16, either way round and from any byte on. */
static void test_wide(void) {
  const char *const texts[] = {MAIL, "Łódź, ul. Źródlana", "山田 太郎", "a\xf0\x9f\x98\x80z"};
  const char *const ways[] = {"UTF-16LE", "UTF-16BE"};

  for (gsize i = 0; i < 2 * G_N_ELEMENTS(texts); i++) {
    g_autoptr(SightRedaction) redaction = sight_redaction_new();
    g_autoptr(GString) data = g_string_new("{}?");
    gsize bytes = 0;
    g_autofree char *wide = g_convert(texts[i / 2], -1, ways[i % 2], "UTF-8", NULL, &bytes, NULL);
    g_assert_nonnull(wide);
    g_assert_true(sight_redaction_add_text(redaction, texts[i / 2]));
    g_string_append_len(data, wide, (gssize)bytes);
    g_string_append_len(data, "\0\0x", 3);
    g_assert_true(sight_redaction_is_in(redaction, data->str, data->len));
    /* Another letter in it makes it another text. */
    data->str[3 + bytes / 4 * 2] ^= 1;
    data->str[4 + bytes / 4 * 2] ^= 1;
    g_assert_false(sight_redaction_is_in(redaction, data->str, data->len));
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/redaction/within", test_within);
  g_test_add_func("/redaction/many", test_many);
  g_test_add_func("/redaction/too-much", test_too_much);
  g_test_add_func("/redaction/ways", test_ways);
  g_test_add_func("/redaction/beginnings", test_beginnings);
  g_test_add_func("/redaction/numbers", test_numbers);
  g_test_add_func("/redaction/named", test_named);
  g_test_add_func("/redaction/members", test_members);
  g_test_add_func("/redaction/random", test_random);
  g_test_add_func("/redaction/wide", test_wide);
  return g_test_run();
}

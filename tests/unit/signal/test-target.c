/* SPDX-License-Identifier: MIT */
/* What a click landed on, read from a page. */
#include "sight-target.h"

#include <string.h>

typedef struct {
  SightEventParser *parser;
  SightDom *dom;
} Page;

/* A page of these nodes in its body (JSON of children; ids from 10). */
static void page_clear(Page *page) {
  sight_dom_free(page->dom);
  sight_event_parser_free(page->parser);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Page, page_clear)

static Page page_new(const char *children) {
  Page page = {.parser = sight_event_parser_new(), .dom = sight_dom_new()};
  g_autofree char *json = g_strdup_printf(
      "{\"type\":2,\"timestamp\":1,\"data\":{\"node\":{\"type\":0,\"id\":1,\"childNodes\":[{\"type\":2,\"tagName\":"
      "\"html\",\"attributes\":{},\"id\":2,\"childNodes\":[{\"type\":2,\"tagName\":\"body\",\"attributes\":{},\"id\":3,"
      "\"childNodes\":[%s]}]}]},\"initialOffset\":{\"left\":0,\"top\":0}}}",
      children);
  SightEvent event = {0};
  g_autoptr(GError) error = NULL;
  sight_event_parser_parse(page.parser, json, strlen(json), &event, &error);
  g_assert_no_error(error);
  sight_dom_apply(page.dom, &event);
  return page;
}

#define ELEMENT(id, tag, attributes, children)                                                                         \
  "{\"type\":2,\"id\":" #id ",\"tagName\":\"" tag "\",\"attributes\":{" attributes "},\"childNodes\":[" children "]}"
#define TEXT(id, text) "{\"type\":3,\"id\":" #id ",\"textContent\":\"" text "\"}"

static guint traits_of(const char *children, int node) {
  g_auto(Page) page = page_new(children);
  g_autoptr(SightTarget) target = sight_target_new(page.dom, node);
  return target->traits;
}

static void test_control(void) {
  g_auto(Page) page = page_new(
      ELEMENT(10, "div", "", ELEMENT(11, "button", "\"id\":\"pay\"", ELEMENT(12, "span", "", TEXT(13, "Pay now")))));
  g_autoptr(SightTarget) target = sight_target_new(page.dom, 12);
  g_assert_cmpint(target->node, ==, 12);
  g_assert_cmpint(target->control, ==, 11);
  g_assert_cmpuint(target->traits, ==, SIGHT_TARGET_INTERACTIVE);
  g_assert_cmpstr(target->label, ==, "Pay now");
  g_assert_nonnull(strstr(target->selector, "pay"));
  g_autoptr(SightTarget) plain = sight_target_new(page.dom, 10);
  g_assert_cmpint(plain->control, ==, 10);
  g_assert_cmpuint(plain->traits, ==, 0);
}

static void test_unknown(void) {
  g_auto(Page) page = page_new("");
  static const int nodes[] = {0, -1, 999, G_MAXINT, G_MININT};
  for (guint i = 0; i < G_N_ELEMENTS(nodes); i++) {
    g_autoptr(SightTarget) target = sight_target_new(page.dom, nodes[i]);
    g_assert_cmpuint(target->traits, ==, SIGHT_TARGET_UNKNOWN);
    g_assert_cmpstr(target->label, ==, "");
  }
}

static void test_background(void) {
  g_assert_cmpuint(traits_of("", 3), ==, SIGHT_TARGET_BACKGROUND);
  g_assert_cmpuint(traits_of("", 2), ==, SIGHT_TARGET_BACKGROUND);
}

static void test_interactive(void) {
  g_assert_true(traits_of(ELEMENT(10, "div", "\"role\":\"tab\"", ""), 10) & SIGHT_TARGET_INTERACTIVE);
  g_assert_true(traits_of(ELEMENT(10, "div", "\"tabindex\":\"0\"", ""), 10) & SIGHT_TARGET_INTERACTIVE);
  g_assert_true(traits_of(ELEMENT(10, "summary", "", ""), 10) & SIGHT_TARGET_INTERACTIVE);
  g_assert_false(traits_of(ELEMENT(10, "div", "\"tabindex\":\"-1\"", ""), 10) & SIGHT_TARGET_INTERACTIVE);
  g_assert_false(traits_of(ELEMENT(10, "div", "\"role\":\"presentation\"", ""), 10) & SIGHT_TARGET_INTERACTIVE);
}

static void test_fields(void) {
  g_assert_true(traits_of(ELEMENT(10, "input", "", ""), 10) & SIGHT_TARGET_TEXT_FIELD);
  g_assert_true(traits_of(ELEMENT(10, "input", "\"type\":\"EMAIL\"", ""), 10) & SIGHT_TARGET_TEXT_FIELD);
  g_assert_true(traits_of(ELEMENT(10, "textarea", "", ""), 10) & SIGHT_TARGET_TEXT_FIELD);
  g_assert_true(traits_of(ELEMENT(10, "div", "\"contenteditable\":\"\"", ELEMENT(11, "p", "", "")), 11) &
                SIGHT_TARGET_TEXT_FIELD);
  g_assert_false(traits_of(ELEMENT(10, "div", "\"contenteditable\":\"false\"", ""), 10) & SIGHT_TARGET_TEXT_FIELD);
  g_assert_false(traits_of(ELEMENT(10, "input", "\"type\":\"checkbox\"", ""), 10) & SIGHT_TARGET_TEXT_FIELD);
  g_assert_false(traits_of(ELEMENT(10, "input", "\"type\":\"Submit\"", ""), 10) & SIGHT_TARGET_TEXT_FIELD);
  g_assert_true(traits_of(ELEMENT(10, "select", "", ELEMENT(11, "option", "", "")), 11) & SIGHT_TARGET_CHOICE);
  g_assert_true(traits_of(ELEMENT(10, "input", "\"type\":\"file\"", ""), 10) & SIGHT_TARGET_CHOICE);
}

static void test_steppers(void) {
  static const char *const yes[] = {
      ELEMENT(10, "button", "", TEXT(11, "+")),
      ELEMENT(10, "button", "", TEXT(11, "−")),
      ELEMENT(10, "button", "\"aria-label\":\"Increase quantity\"", ""),
      ELEMENT(10, "button", "\"class\":\"qty-plus\"", TEXT(11, "more")),
      ELEMENT(10, "input", "\"type\":\"number\"", ""),
      ELEMENT(10, "div", "\"role\":\"spinbutton\"", ""),
  };
  static const char *const no[] = {
      ELEMENT(10, "button", "", TEXT(11, "Pay + ship")),
      ELEMENT(10, "button", "\"class\":\"surplus\"", TEXT(11, "Surplus")),
      ELEMENT(10, "button", "", TEXT(11, "Buy")),
  };
  for (guint i = 0; i < G_N_ELEMENTS(yes); i++)
    g_assert_true(traits_of(yes[i], 10) & SIGHT_TARGET_STEPPER);
  for (guint i = 0; i < G_N_ELEMENTS(no); i++)
    g_assert_false(traits_of(no[i], 10) & SIGHT_TARGET_STEPPER);
}

static void test_pagers(void) {
  static const char *const yes[] = {
      ELEMENT(10, "button", "", TEXT(11, "Next")),
      ELEMENT(10, "button", "", TEXT(11, "NEXT")),
      ELEMENT(10, "a", "\"rel\":\"prev\"", TEXT(11, "Older entries")),
      ELEMENT(10, "button", "\"class\":\"btnNext\"", ""),
      ELEMENT(10, "button", "", TEXT(11, "›")),
      ELEMENT(9, "div", "\"class\":\"product-carousel\"", ELEMENT(10, "button", "", "")),
  };
  static const char *const no[] = {
      ELEMENT(10, "button", "", TEXT(11, "Buy the next one now")),
      ELEMENT(9, "div", "\"class\":\"product-carousel\"", ELEMENT(10, "button", "", TEXT(11, "Buy"))),
      ELEMENT(10, "button", "\"class\":\"context\"", TEXT(11, "Context")),
  };
  for (guint i = 0; i < G_N_ELEMENTS(yes); i++)
    g_assert_true(traits_of(yes[i], 10) & SIGHT_TARGET_PAGER);
  for (guint i = 0; i < G_N_ELEMENTS(no); i++)
    g_assert_false(traits_of(no[i], 10) & SIGHT_TARGET_PAGER);
}

static void test_leaves(void) {
  g_assert_true(traits_of(ELEMENT(10, "a", "\"href\":\"/a.pdf\",\"download\":\"\"", ""), 10) & SIGHT_TARGET_LEAVES);
  g_assert_true(traits_of(ELEMENT(10, "a", "\"href\":\"/a\",\"target\":\"_blank\"", TEXT(11, "a")), 10) &
                SIGHT_TARGET_LEAVES);
  g_assert_true(traits_of(ELEMENT(10, "a", "\"href\":\"MAILTO:a@b.example\"", ""), 10) & SIGHT_TARGET_LEAVES);
  g_assert_false(traits_of(ELEMENT(10, "a", "\"href\":\"/a\",\"target\":\"_self\"", ""), 10) & SIGHT_TARGET_LEAVES);
  g_assert_false(traits_of(ELEMENT(10, "button", "\"target\":\"_blank\"", ""), 10) & SIGHT_TARGET_LEAVES);
}

static void test_media(void) {
  g_assert_true(traits_of(ELEMENT(10, "canvas", "", ""), 10) & SIGHT_TARGET_MEDIA);
  g_assert_true(traits_of(ELEMENT(10, "video", "", ""), 10) & SIGHT_TARGET_MEDIA);
  g_assert_false(traits_of(ELEMENT(10, "img", "", ""), 10) & SIGHT_TARGET_MEDIA);
}

static void test_hostile_attributes(void) {
  g_autofree char *huge = g_strnfill(200000, 'n');
  g_autofree char *children =
      g_strdup_printf("{\"type\":2,\"id\":10,\"tagName\":\"button\",\"attributes\":{\"class\":\"%s\",\"id\":17,"
                      "\"aria-label\":\"<b>\\u202e%s\"},\"childNodes\":[]}",
                      huge, huge);
  g_auto(Page) page = page_new(children);
  g_autoptr(SightTarget) target = sight_target_new(page.dom, 10);
  g_assert_cmpint(g_utf8_strlen(target->label, -1), <=, 81);
  g_assert_null(strstr(target->label, "\u202e"));
}

static guint traits_of_class(const char *before, gsize filler, const char *after) {
  g_autofree char *many = g_strnfill(filler, '-');
  g_autofree char *children = g_strdup_printf(
      "{\"type\":2,\"id\":10,\"tagName\":\"i\",\"attributes\":{\"class\":\"%s%s%s\"}}", before, many, after);
  return traits_of(children, 10);
}

/* Each word is found, so the table is in order. */
static void test_words(void) {
  static const char *const steppers[] = {"stepper",  "spinner", "increment", "decrement", "increase",
                                         "decrease", "plus",    "minus",     "qty",       "quantity",
                                         "zoomin",   "zoomout", "spinbutton"};
  static const char *const pagers[] = {"next",       "prev",      "previous", "forward", "backward", "pager",
                                       "pagination", "paginator", "weiter",   "zurück",  "suivant",  "précédent"};
  static const char *const slides[] = {"carousel", "slider", "slick",   "swiper",  "slideshow",
                                       "glide",    "splide", "gallery", "flickity"};
  for (guint i = 0; i < G_N_ELEMENTS(steppers); i++)
    g_assert_cmpuint(traits_of_class(steppers[i], 1, "x"), ==, SIGHT_TARGET_STEPPER);
  for (guint i = 0; i < G_N_ELEMENTS(pagers); i++)
    g_assert_cmpuint(traits_of_class(pagers[i], 1, "x"), ==, SIGHT_TARGET_PAGER);
  for (guint i = 0; i < G_N_ELEMENTS(slides); i++)
    g_assert_cmpuint(traits_of_class(slides[i], 1, "x"), ==, SIGHT_TARGET_PAGER);
}

/* A name as long as a recording costs each click no more than a real one: what is far behind is not read. */
static void test_long_names(void) {
  g_assert_cmpuint(traits_of_class("qty", 1000000, "x"), ==, SIGHT_TARGET_STEPPER);
  g_assert_cmpuint(traits_of_class("x", 2000, "qty"), ==, SIGHT_TARGET_STEPPER);
  g_assert_cmpuint(traits_of_class("x", 1000000, "qty"), ==, 0);
}

int main(int argc, char *argv[]) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/target/control", test_control);
  g_test_add_func("/target/unknown", test_unknown);
  g_test_add_func("/target/background", test_background);
  g_test_add_func("/target/interactive", test_interactive);
  g_test_add_func("/target/fields", test_fields);
  g_test_add_func("/target/steppers", test_steppers);
  g_test_add_func("/target/pagers", test_pagers);
  g_test_add_func("/target/words", test_words);
  g_test_add_func("/target/long-names", test_long_names);
  g_test_add_func("/target/leaves", test_leaves);
  g_test_add_func("/target/media", test_media);
  g_test_add_func("/target/hostile-attributes", test_hostile_attributes);
  return g_test_run();
}

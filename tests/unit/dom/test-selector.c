/* SPDX-License-Identifier: MIT */
/* Selectors: what they find and what they do not, and what is refused. */
#include "dom-fixture.h"
#include "sight-selector.h"

#define EL(id, tag, attributes, children)                                                                              \
  "{\"type\":2,\"id\":" #id ",\"tagName\":\"" tag "\",\"attributes\":{" attributes "},\"childNodes\":[" children "]}"

static SightDom *page(void) {
  return fixture_page(
      "", EL(10, "div", "\"class\":\"a  b\",\"id\":\"x\"",
             EL(11, "p", "", EL(12, "input", "\"type\":\"checkbox\",\"checked\":true,\"lang\":\"en-GB\"", "")) "," EL(
                 13, "input", "\"disabled\":\"\",\"name\":\"Mail\"", "")) "," EL(20, "p", "\"data-k\":\"one two\"",
                                                                                 EL(21, "b", "", "")));
}

static void assert_finds(const char *text, const char *expected) {
  g_autoptr(SightDom) dom = page();
  g_autoptr(GError) error = NULL;
  g_autoptr(SightSelector) selector = sight_selector_new(text, &error);
  g_assert_no_error(error);
  g_autoptr(GArray) ids = sight_selector_find_all(selector, dom);
  g_autoptr(GString) found = g_string_new(NULL);
  for (guint i = 0; i < ids->len; i++) {
    g_string_append_printf(found, "%s%d", i > 0 ? " " : "", g_array_index(ids, int, i));
    g_assert_true(sight_selector_matches(selector, dom, g_array_index(ids, int, i)));
  }
  g_test_message("%s", text);
  g_assert_cmpstr(found->str, ==, expected);
  for (int id = 1; id < 101; id++) {
    gboolean listed = FALSE;
    for (guint i = 0; i < ids->len; i++)
      listed |= g_array_index(ids, int, i) == id;
    g_assert_cmpint(sight_selector_matches(selector, dom, id), ==, listed);
    gboolean around = FALSE;
    gint64 n_nodes = 0;
    for (int at = id; at > 0 && !around; at = sight_dom_parent(dom, at))
      around = sight_selector_matches(selector, dom, at);
    g_assert_cmpint(sight_selector_matches_around(selector, dom, id, &n_nodes), ==, around);
  }
}

static void test_finds(void) {
  assert_finds("p", "11 20");
  assert_finds("P", "11 20");
  assert_finds("#x", "10");
  assert_finds(".a.b", "10");
  assert_finds(".a.c", "");
  assert_finds("div input", "12 13");
  assert_finds("div > input", "13");
  assert_finds("body > div p > input", "12");
  assert_finds("html > p", "");
  assert_finds("b, #x", "10 21");
  assert_finds("input:checked", "12");
  assert_finds("input:disabled", "13");
  assert_finds("input:not(:checked)", "13");
  assert_finds("input:not([disabled])", "12");
  assert_finds("p:not(#q)", "11 20");
  assert_finds("[data-k~=two]", "20");
  assert_finds("[data-k~=tw]", "");
  assert_finds("[data-k^=\"one\"]", "20");
  assert_finds("[data-k$='two']", "20");
  assert_finds("[data-k*=\"e t\"]", "20");
  assert_finds("[lang|=en]", "12");
  assert_finds("[lang|=e]", "");
  assert_finds("[name=mail]", "");
  assert_finds("[name=mail i]", "13");
  assert_finds("p:nth-of-type(1)", "11 20");
  assert_finds("body > *", "10 20");
  assert_finds("#\\78", "10");
}

static void test_refuses(void) {
  const char *const wrong[] = {"",
                               " ",
                               ">",
                               "a >",
                               "a,",
                               ":hover",
                               "a b:",
                               "[x",
                               "[x=",
                               "[=x]",
                               ":not(:not(a))",
                               "#",
                               "a)",
                               "..b",
                               ":nth-of-type(0)",
                               "[x=\"y]"};
  for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
    g_autoptr(GError) error = NULL;
    g_test_message("%s", wrong[i]);
    g_assert_null(sight_selector_new(wrong[i], &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  }
}

/* The selector that an element is given finds it again. */
static void test_own_selectors(void) {
  g_autoptr(SightDom) dom = page();
  const int ids[] = {10, 11, 12, 13, 20, 21};
  for (guint i = 0; i < G_N_ELEMENTS(ids); i++) {
    g_autofree char *text = sight_dom_selector(dom, ids[i]);
    g_autoptr(SightSelector) selector = sight_selector_new(text, NULL);
    g_assert_nonnull(selector);
    g_assert_cmpint(sight_selector_find(selector, dom), ==, ids[i]);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/dom/selector/finds", test_finds);
  g_test_add_func("/dom/selector/refuses", test_refuses);
  g_test_add_func("/dom/selector/own", test_own_selectors);
  return g_test_run();
}

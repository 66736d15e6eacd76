/* SPDX-License-Identifier: MIT */
/* Labels and selectors of elements. */
#include "dom-fixture.h"

static void assert_named(SightDom *dom, int id, const char *label, const char *selector) {
  g_autofree char *found_label = sight_dom_label(dom, id, 20), *found_selector = sight_dom_selector(dom, id);
  g_assert_cmpstr(found_label, ==, label);
  g_assert_cmpstr(found_selector, ==, selector);
}

static void test_names(void) {
  g_autoptr(SightDom) dom = fixture_page(
      "",
      "{\"type\":2,\"id\":10,\"tagName\":\"button\",\"attributes\":{\"data-testid\":\"pay\",\"id\":\"b\"},"
      "\"childNodes\":[{\"type\":3,\"id\":11,\"textContent\":\"  Pay \\n\"},{\"type\":2,\"id\":12,\"tagName\":\"b\","
      "\"attributes\":{},\"childNodes\":[{\"type\":3,\"id\":13,\"textContent\":\"now\"}]}]},"
      "{\"type\":2,\"id\":20,\"tagName\":\"input\",\"attributes\":{\"name\":\"email\",\"placeholder\":\"E-mail\"},"
      "\"childNodes\":[]},"
      "{\"type\":2,\"id\":30,\"tagName\":\"input\",\"attributes\":{\"type\":\"submit\",\"value\":\"Send\","
      "\"id\":\"f-8123479\"},\"childNodes\":[]},"
      "{\"type\":2,\"id\":40,\"tagName\":\"a\",\"attributes\":{\"role\":\"tab\",\"aria-label\":\"Close \\\"x\\\"\"},"
      "\"childNodes\":[]}");
  assert_named(dom, 10, "Pay now", "[data-testid=\"pay\"]");
  assert_named(dom, 12, "now", "[data-testid=\"pay\"] > b");
  assert_named(dom, 13, "now", "[data-testid=\"pay\"] > b");
  assert_named(dom, 20, "E-mail", "input[name=\"email\"]");
  assert_named(dom, 30, "Send", "html > body > input:nth-of-type(2)");
  assert_named(dom, 40, "Close \"x\"", "[role=\"tab\"][aria-label=\"Close \\\"x\\\"\"]");
  assert_named(dom, 999, "", "");
}

/* Names at which a document would throw go by another, so that what is written can be drawn. */
static void test_odd_names(void) {
  g_autoptr(SightDom) dom = fixture_page(
      "",
      "{\"type\":2,\"id\":10,\"tagName\":\"img/src=x\",\"attributes\":{\"a b\":\"1\",\"@click\":\"2\",\"c\":\"3\"}},"
      "{\"type\":2,\"id\":11,\"tagName\":\"xml:x\",\"isSVG\":true},{\"type\":2,\"id\":12,\"tagName\":\"\"},"
      "{\"type\":2,\"id\":13,\"tagName\":\"x-\u00e9.1\"}");
  g_assert_cmpstr(sight_dom_tag(dom, 10), ==, "ss-odd");
  g_assert_cmpstr(sight_dom_tag(dom, 11), ==, "g");
  g_assert_cmpstr(sight_dom_tag(dom, 12), ==, "div");
  g_assert_cmpstr(sight_dom_tag(dom, 13), ==, "x-\u00e9.1");
  g_assert_null(sight_dom_attribute(dom, 10, "a b"));
  g_assert_cmpstr(sight_dom_attribute(dom, 10, "@click"), ==, "2");
  fixture_mutate(dom, "", "", "", "{\"id\":10,\"attributes\":{\"x/y\":\"1\",\"c\":\"4\"}}");
  g_assert_null(sight_dom_attribute(dom, 10, "x/y"));
  g_assert_cmpstr(sight_dom_attribute(dom, 10, "c"), ==, "4");
}

static void test_values(void) {
  g_autoptr(SightDom) dom = fixture_page("", "{\"type\":2,\"id\":20,\"tagName\":\"input\",\"attributes\":{\"value\":"
                                             "\"first\"},\"childNodes\":[]}");
  g_assert_cmpstr(sight_dom_value(dom, 20), ==, "first");
  fixture_apply(dom, "{\"type\":3,\"timestamp\":1500,\"data\":{\"source\":5,\"id\":20,\"text\":\"typed\","
                     "\"isChecked\":false}}");
  g_assert_cmpstr(sight_dom_value(dom, 20), ==, "typed");
  g_assert_cmpstr(sight_dom_attribute(dom, 20, "value"), ==, "first");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/dom/name/labels-and-selectors", test_names);
  g_test_add_func("/dom/name/odd", test_odd_names);
  g_test_add_func("/dom/name/values", test_values);
  return g_test_run();
}

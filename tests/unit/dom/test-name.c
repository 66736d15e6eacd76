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

/* A chain of elements below `top`, 1000 upwards; the last one's id. */
static int chain(SightDom *dom, int top, int n) {
  g_autoptr(GString) adds = g_string_new(NULL);
  for (int i = 0; i < n; i++)
    g_string_append_printf(adds, "%s{\"parentId\":%d,\"node\":{\"type\":2,\"id\":%d,\"tagName\":\"b\"}}",
                           i > 0 ? "," : "", i > 0 ? 999 + i : top, 1000 + i);
  fixture_mutate(dom, "", adds->str, "", "");
  return 999 + n;
}

/* What each click and change asks of the ancestors costs no more on a page that is nested as deep as its bytes go. */
static void test_levels(void) {
  const char *form = "{\"type\":2,\"id\":10,\"tagName\":\"form\",\"attributes\":{\"hidden\":\"\"}}";
  g_autoptr(SightDom) near = fixture_page("", form), far = fixture_page("", form);
  int bottom = chain(near, 10, SIGHT_DOM_LEVELS - 1);
  g_assert_cmpint(sight_dom_closest(near, bottom, "form"), ==, 10);
  g_assert_cmpint(sight_dom_closest(near, bottom, "table"), ==, 0);
  g_assert_true(sight_dom_contains(near, 10, bottom));
  g_assert_true(sight_dom_contains(near, bottom, bottom));
  g_assert_false(sight_dom_contains(near, bottom, 10));
  g_assert_true(sight_dom_is_hidden(near, bottom));
  bottom = chain(far, 10, SIGHT_DOM_LEVELS);
  g_assert_cmpint(sight_dom_closest(far, bottom, "form"), ==, 0);
  g_assert_false(sight_dom_contains(far, 10, bottom));
  g_assert_false(sight_dom_is_hidden(far, bottom));
}

static void test_attributes(void) {
  g_autoptr(SightDom) dom = fixture_page("", "{\"type\":2,\"id\":10,\"tagName\":\"b\",\"attributes\":{\"a\":\"1\","
                                             "\"b\":true,\"c\":false,\"d\":2}}");
  static const char *const names[] = {"a", "b", "c", "d"}, *const values[] = {"1", "", NULL, "2"};
  const char *name = NULL, *value = NULL;
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_assert_true(sight_dom_attribute_at(dom, 10, i, &name, &value));
    g_assert_cmpstr(name, ==, names[i]);
    g_assert_cmpstr(value, ==, values[i]);
  }
  g_assert_false(sight_dom_attribute_at(dom, 10, G_N_ELEMENTS(names), &name, &value));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/dom/name/labels-and-selectors", test_names);
  g_test_add_func("/dom/name/odd", test_odd_names);
  g_test_add_func("/dom/name/levels", test_levels);
  g_test_add_func("/dom/name/attributes", test_attributes);
  g_test_add_func("/dom/name/values", test_values);
  return g_test_run();
}

/* SPDX-License-Identifier: MIT */
/* Mutations: order, moves, cycles, documents of frames, style attributes. */
#include "dom-fixture.h"

#define LIST                                                                                                           \
  "{\"type\":2,\"id\":10,\"tagName\":\"ul\",\"attributes\":{\"class\":\"a\"},\"childNodes\":["                         \
  "{\"type\":2,\"id\":11,\"tagName\":\"li\",\"attributes\":{},\"childNodes\":[]},"                                     \
  "{\"type\":2,\"id\":12,\"tagName\":\"li\",\"attributes\":{},\"childNodes\":[]}]}"

static char *children(SightDom *dom, int id) {
  GString *out = g_string_new(NULL);
  for (int child = sight_dom_first_child(dom, id); child != 0; child = sight_dom_next_sibling(dom, child))
    g_string_append_printf(out, "%s%d", out->len > 0 ? " " : "", child);
  return g_string_free(out, FALSE);
}

static void assert_children(SightDom *dom, int id, const char *expected) {
  g_autofree char *found = children(dom, id);
  g_assert_cmpstr(found, ==, expected);
}

static void test_adds_in_any_order(void) {
  g_autoptr(SightDom) dom = fixture_page("", LIST);
  fixture_mutate(dom, "",
                 "{\"parentId\":20,\"nextId\":22,\"node\":{\"type\":3,\"id\":21,\"textContent\":\"one\"}},"
                 "{\"parentId\":20,\"nextId\":null,\"node\":{\"type\":3,\"id\":22,\"textContent\":\"two\"}},"
                 "{\"parentId\":10,\"nextId\":12,\"node\":{\"type\":2,\"id\":20,\"tagName\":\"li\",\"attributes\":{},"
                 "\"childNodes\":[]}}",
                 "", "");
  assert_children(dom, 10, "11 20 12");
  assert_children(dom, 20, "21 22");
  g_assert_cmpuint(sight_dom_anomalies(dom), ==, 0);
}

static void test_unknown_neighbours(void) {
  g_autoptr(SightDom) dom = fixture_page("", LIST);
  fixture_mutate(dom, "",
                 "{\"parentId\":10,\"nextId\":31,\"node\":{\"type\":3,\"id\":30,\"textContent\":\"x\"}},"
                 "{\"parentId\":10,\"nextId\":30,\"node\":{\"type\":3,\"id\":31,\"textContent\":\"y\"}},"
                 "{\"parentId\":77,\"nextId\":null,\"node\":{\"type\":3,\"id\":32,\"textContent\":\"z\"}}",
                 "", "");
  assert_children(dom, 10, "11 12");
  g_assert_cmpuint(sight_dom_anomalies(dom), >, 0);
  g_assert_cmpint(sight_dom_node_type(dom, 32), ==, SIGHT_NODE_NONE);
}

static void test_move(void) {
  g_autoptr(SightDom) dom = fixture_page("", LIST);
  fixture_mutate(dom, "{\"parentId\":10,\"id\":12}",
                 "{\"parentId\":10,\"nextId\":11,\"node\":{\"type\":2,\"id\":12,\"tagName\":\"li\",\"attributes\":{},"
                 "\"childNodes\":[]}}",
                 "", "");
  assert_children(dom, 10, "12 11");
}

static void test_no_cycles(void) {
  g_autoptr(SightDom) dom = fixture_page("", LIST);
  fixture_mutate(dom, "",
                 "{\"parentId\":11,\"nextId\":null,\"node\":{\"type\":2,\"id\":10,\"tagName\":\"ul\",\"attributes\":"
                 "{\"class\":\"a\"},\"childNodes\":[]}},"
                 "{\"parentId\":40,\"nextId\":null,\"node\":{\"type\":2,\"id\":40,\"tagName\":\"b\",\"attributes\":{},"
                 "\"childNodes\":[]}}",
                 "", "");
  assert_children(dom, 4, "10");
  assert_children(dom, 10, "11 12");
  g_assert_cmpuint(sight_dom_anomalies(dom), ==, 2);
}

static void test_remove_forgets_all_below(void) {
  g_autoptr(SightDom) dom = fixture_page("", LIST);
  fixture_mutate(dom, "{\"parentId\":4,\"id\":10},{\"parentId\":4,\"id\":10}", "", "", "");
  assert_children(dom, 4, "");
  g_assert_cmpint(sight_dom_node_type(dom, 11), ==, SIGHT_NODE_NONE);
}

/* A node that moves out of a shadow root is added outside by one event, and removed inside by the next. */
static void test_remove_from_where_it_was(void) {
  g_autoptr(SightDom) dom = fixture_page("", LIST);
  fixture_mutate(dom, "",
                 "{\"parentId\":11,\"nextId\":null,\"node\":{\"type\":2,\"id\":20,\"tagName\":\"p\",\"attributes\":{},"
                 "\"childNodes\":[],\"isShadow\":true}}",
                 "", "");
  assert_children(dom, 11, "20");
  fixture_mutate(dom, "{\"parentId\":11,\"id\":20}", "", "", "");
  assert_children(dom, 11, "20");
  fixture_mutate(dom, "",
                 "{\"parentId\":12,\"nextId\":null,\"node\":{\"type\":2,\"id\":20,\"tagName\":\"p\",\"attributes\":{},"
                 "\"childNodes\":[]}}",
                 "", "");
  fixture_mutate(dom, "{\"parentId\":11,\"id\":20,\"isShadow\":true}", "", "", "");
  assert_children(dom, 11, "");
  assert_children(dom, 12, "20");
  fixture_mutate(dom, "{\"parentId\":12,\"id\":20}", "", "", "");
  assert_children(dom, 12, "");
}

static void test_attributes(void) {
  g_autoptr(SightDom) dom = fixture_page("", LIST);
  fixture_mutate(dom, "", "", "", "{\"id\":10,\"attributes\":{\"class\":null,\"title\":\"t\",\"hidden\":true}}");
  g_assert_null(sight_dom_attribute(dom, 10, "class"));
  g_assert_cmpstr(sight_dom_attribute(dom, 10, "title"), ==, "t");
  g_assert_null(sight_dom_attribute(dom, 10, "hidden"));
}

static void test_style_object(void) {
  g_autoptr(SightDom) dom = fixture_page("", LIST);
  fixture_mutate(dom, "", "", "",
                 "{\"id\":10,\"attributes\":{\"style\":\"color:red;background: url(data:x;y) ;/*c*/ margin : 0\"}},"
                 "{\"id\":10,\"attributes\":{\"style\":{\"color\":false,\"margin\":[\"1px\",\"important\"],"
                 "\"--v\":\"2\"}}}");
  g_assert_cmpstr(sight_dom_attribute(dom, 10, "style"), ==,
                  "background: url(data:x;y); margin: 1px !important; --v: 2;");
}

/* However the attribute was written; of two of one name, the first is meant. */
static void test_style_object_spacing(void) {
  static const char *const styles[][2] = {
      {"a: 1; b: 2; c: 3;", "a: 1; b: 9; c: 3;"},
      {"a: 1;b: 2;c: 3;", "a: 1; b: 9; c: 3;"},
      {" a:1 ;  b:2 ; ; y; c: 3", "a: 1; b: 9; c: 3;"},
      {"b: 2; b: 3; a: (;b: 4;); d: url(x);", "b: 9; b: 3; a: (;b: 4;); d: url(x);"},
      {"a: /* ; b: 3; */ 1;", "a: 1; b: 9;"},
      {"", "b: 9;"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(styles); i++) {
    g_autoptr(SightDom) dom = fixture_page("", LIST);
    g_autofree char *set = g_strdup_printf("{\"id\":10,\"attributes\":{\"style\":\"%s\"}}", styles[i][0]);
    fixture_mutate(dom, "", "", "", set);
    fixture_mutate(dom, "", "", "", "{\"id\":10,\"attributes\":{\"style\":{\"b\":\"9\",\"z\":false}}}");
    g_assert_cmpstr(sight_dom_attribute(dom, 10, "style"), ==, styles[i][1]);
    GString *many = g_string_new("{\"id\":10,\"attributes\":{\"style\":{\"b\":\"9\"");
    for (int n = 0; n < 20; n++)
      g_string_append_printf(many, ",\"n%d\":false", n);
    g_string_append(many, "}}}");
    fixture_mutate(dom, "", "", "", many->str);
    g_string_free(many, TRUE);
    g_assert_cmpstr(sight_dom_attribute(dom, 10, "style"), ==, styles[i][1]);
  }
}

static void test_frame_document(void) {
  g_autoptr(SightDom) dom = fixture_page("", LIST);
  const char *document = "{\"parentId\":50,\"nextId\":null,\"node\":{\"type\":0,\"id\":60,\"childNodes\":[{\"type\":2,"
                         "\"id\":61,\"rootId\":60,\"tagName\":\"html\",\"attributes\":{},\"childNodes\":[]}]}}";
  fixture_mutate(dom, "", document, "", "");
  g_assert_cmpint(sight_dom_node_type(dom, 60), ==, SIGHT_NODE_NONE);
  fixture_mutate(dom, "",
                 "{\"parentId\":4,\"nextId\":10,\"node\":{\"type\":2,\"id\":50,\"tagName\":\"iframe\","
                 "\"attributes\":{},\"childNodes\":[]}}",
                 "", "");
  assert_children(dom, 50, "60");
  g_assert_cmpint(sight_dom_parent(dom, 61), ==, 60);
  fixture_mutate(dom, "",
                 "{\"parentId\":50,\"nextId\":null,\"node\":{\"type\":0,\"id\":70,\"childNodes\":[]}},"
                 "{\"parentId\":10,\"nextId\":null,\"node\":{\"type\":0,\"id\":80,\"childNodes\":[]}}",
                 "", "");
  assert_children(dom, 50, "70");
  g_assert_cmpint(sight_dom_node_type(dom, 61), ==, SIGHT_NODE_NONE);
  g_assert_cmpint(sight_dom_node_type(dom, 80), ==, SIGHT_NODE_NONE);
}

/* Documents that wait for the snapshot, also one of a frame that is in another of them. */
static void test_frames_wait(void) {
  g_autoptr(SightDom) dom = sight_dom_new();
  fixture_mutate(dom, "",
                 "{\"parentId\":62,\"node\":{\"type\":0,\"id\":70}},{\"parentId\":50,\"node\":{\"type\":0,\"id\":60,"
                 "\"childNodes\":[{\"type\":2,\"id\":61,\"tagName\":\"html\",\"childNodes\":[{\"type\":2,\"id\":62,"
                 "\"tagName\":\"iframe\"}]}]}},{\"parentId\":90,\"node\":{\"type\":0,\"id\":91}}",
                 "", "");
  fixture_apply(dom, "{\"type\":2,\"timestamp\":1,\"data\":{\"node\":{\"type\":0,\"id\":1,\"childNodes\":[{\"type\":2,"
                     "\"id\":2,\"tagName\":\"html\",\"childNodes\":[{\"type\":2,\"id\":50,\"tagName\":\"iframe\"},"
                     "{\"type\":2,\"id\":51,\"tagName\":\"p\"}]}]}}}");
  assert_children(dom, 50, "60");
  assert_children(dom, 62, "70");
  g_assert_cmpint(sight_dom_node_type(dom, 91), ==, SIGHT_NODE_NONE);
}

/* What a frame of the snapshot would load belongs to the page; later ones show only what was recorded of them. */
static void test_srcdoc(void) {
  g_autoptr(SightDom) dom = fixture_page(
      "", "{\"type\":2,\"id\":10,\"tagName\":\"iframe\",\"attributes\":{\"srcdoc\":\"a\"},\"childNodes\":[]}");
  fixture_mutate(
      dom, "",
      "{\"parentId\":4,\"nextId\":null,\"node\":{\"type\":2,\"id\":50,\"tagName\":\"iframe\","
      "\"attributes\":{\"srcdoc\":\"b\",\"title\":\"t\"},\"childNodes\":[]}},"
      "{\"parentId\":50,\"nextId\":null,\"node\":{\"type\":0,\"id\":60,\"childNodes\":[{\"type\":2,\"id\":61,"
      "\"rootId\":60,\"tagName\":\"iframe\",\"attributes\":{\"srcdoc\":\"c\"},\"childNodes\":[]}]}}",
      "", "{\"id\":10,\"attributes\":{\"srcdoc\":\"d\"}},{\"id\":50,\"attributes\":{\"srcdoc\":\"e\"}}");
  g_assert_cmpstr(sight_dom_attribute(dom, 10, "srcdoc"), ==, "a");
  g_assert_cmpstr(sight_dom_attribute(dom, 50, "title"), ==, "t");
  g_assert_null(sight_dom_attribute(dom, 50, "srcdoc"));
  g_assert_null(sight_dom_attribute(dom, 61, "srcdoc"));
  fixture_mutate(dom, "", "", "", "{\"id\":10,\"attributes\":{\"srcdoc\":null}}");
  g_assert_null(sight_dom_attribute(dom, 10, "srcdoc"));
}

/* A frame holds a document only; the text in it for browsers that know no frames is no fault of the recording. */
static void test_frame_children(void) {
  g_autoptr(SightDom) dom = fixture_page(
      "", "{\"type\":2,\"id\":10,\"tagName\":\"iframe\",\"isShadowHost\":true,\"attributes\":{},\"childNodes\":["
          "{\"type\":3,\"id\":11,\"textContent\":\"no frames\"},"
          "{\"type\":2,\"id\":12,\"tagName\":\"p\",\"isShadow\":true,\"attributes\":{},\"childNodes\":[]}]}");
  g_assert_cmpuint(sight_dom_anomalies(dom), ==, 0);
  assert_children(dom, 10, "");
  fixture_mutate(dom, "",
                 "{\"parentId\":10,\"nextId\":null,\"node\":{\"type\":3,\"id\":13,\"textContent\":\"later\"}},"
                 "{\"parentId\":10,\"nextId\":null,\"node\":{\"type\":0,\"id\":60,\"childNodes\":[]}}",
                 "", "");
  assert_children(dom, 10, "60");
}

/* No element stands in a style element, and what is no text in it has no share of the sheet. */
static void test_style_children(void) {
  g_autoptr(SightDom) dom =
      fixture_page("{\"type\":2,\"id\":10,\"tagName\":\"style\",\"attributes\":{\"_cssText\":\"a{}/* rr_split "
                   "*/b{}\"},\"childNodes\":["
                   "{\"type\":2,\"id\":11,\"tagName\":\"div\",\"attributes\":{},\"childNodes\":[]},"
                   "{\"type\":5,\"id\":12,\"textContent\":\"note\"},{\"type\":3,\"id\":13,\"textContent\":\"\"},"
                   "{\"type\":3,\"id\":14,\"textContent\":\"\"}]},"
                   "{\"type\":2,\"id\":20,\"tagName\":\"style\",\"attributes\":{\"_cssText\":\"c{}\"},\"childNodes\":["
                   "{\"type\":5,\"id\":21,\"textContent\":\"note\"}]}",
                   "");
  assert_children(dom, 10, "12 13 14");
  fixture_mutate(dom, "", "{\"parentId\":20,\"nextId\":null,\"node\":{\"type\":3,\"id\":22,\"textContent\":\"d{}\"}}",
                 "{\"id\":14,\"value\":\"e{}\"}", "");
  g_assert_cmpstr(sight_dom_text(dom, 13), ==, "a{}");
  g_assert_cmpstr(sight_dom_text(dom, 14), ==, "e{}");
  g_assert_cmpstr(sight_dom_attribute(dom, 20, "_cssText"), ==, "c{}");
  assert_children(dom, 20, "21 22");
}

/* One that has changed, and is added elsewhere without having been removed, moves. */
static void test_move_of_changed(void) {
  g_autoptr(SightDom) dom = fixture_page(
      "", "{\"type\":2,\"id\":10,\"tagName\":\"div\",\"attributes\":{},\"isShadowHost\":true,\"childNodes\":["
          "{\"type\":2,\"id\":11,\"tagName\":\"p\",\"isShadow\":true,\"attributes\":{},\"childNodes\":["
          "{\"type\":3,\"id\":12,\"textContent\":\"text\"}]}]}");
  fixture_mutate(dom, "", "", "", "{\"id\":11,\"attributes\":{\"class\":\"a\"}}");
  fixture_mutate(dom, "",
                 "{\"parentId\":4,\"nextId\":null,\"node\":{\"type\":2,\"id\":11,\"tagName\":\"p\",\"attributes\":{"
                 "\"class\":\"b\"},\"childNodes\":[]}}",
                 "", "");
  fixture_mutate(dom, "{\"parentId\":10,\"id\":11,\"isShadow\":true}", "", "", "");
  assert_children(dom, 4, "10 11");
  assert_children(dom, 10, "");
  assert_children(dom, 11, "12");
  g_assert_cmpstr(sight_dom_attribute(dom, 11, "class"), ==, "b");
}

/* The browser reads a sheet anew when a note comes or goes; of a link without its sheet nothing is known. */
static void test_rules_forgotten(void) {
#define RULE(id)                                                                                                       \
  "{\"type\":3,\"timestamp\":1500,\"data\":{\"source\":8,\"id\":" #id ",\"adds\":[{\"rule\":\"z{}\",\"index\":0}]}}"
  g_autoptr(SightDom) dom = fixture_page(
      "{\"type\":2,\"id\":20,\"tagName\":\"style\",\"attributes\":{},\"childNodes\":[{\"type\":3,\"id\":21,"
      "\"textContent\":\"a{}\"}]},{\"type\":2,\"id\":30,\"tagName\":\"link\",\"attributes\":{},\"childNodes\":[]}",
      "");
  g_autoptr(GString) out = g_string_new(NULL);
  const char *const notes[][2] = {
      {"", "{\"parentId\":20,\"nextId\":null,\"node\":{\"type\":5,\"id\":22,\"textContent\":\"note\"}}"},
      {"{\"parentId\":20,\"id\":22}", ""}};
  for (guint i = 0; i < G_N_ELEMENTS(notes); i++) {
    fixture_apply(dom, RULE(20));
    g_string_truncate(out, 0);
    g_assert_true(sight_dom_write_events(dom, 1, out));
    g_assert_nonnull(strstr(out->str, "z{}"));
    fixture_mutate(dom, notes[i][0], notes[i][1], "", "");
    fixture_apply(dom, RULE(30));
    g_string_truncate(out, 0);
    g_assert_true(sight_dom_write_events(dom, 1, out));
    g_assert_null(strstr(out->str, "z{}"));
  }
#undef RULE
}

/* An html that was put aside, and so stands in no document, scrolls by itself. */
static void test_scroll_aside(void) {
  g_autoptr(SightDom) dom = fixture_page("", LIST);
  fixture_mutate(dom, "",
                 "{\"parentId\":10,\"nextId\":-1,\"node\":{\"type\":2,\"id\":90,\"tagName\":\"html\",\"attributes\":{},"
                 "\"childNodes\":[]}}",
                 "", "");
  fixture_apply(dom, "{\"type\":3,\"timestamp\":2500,\"data\":{\"source\":3,\"id\":90,\"x\":0,\"y\":50}}");
  fixture_mutate(dom, "",
                 "{\"parentId\":10,\"previousId\":90,\"nextId\":12,\"node\":{\"type\":2,\"id\":91,\"tagName\":\"i\","
                 "\"attributes\":{},\"childNodes\":[]}}",
                 "", "");
  assert_children(dom, 10, "11 90 91 12");
  g_autoptr(GString) out = g_string_new(NULL);
  g_assert_true(sight_dom_write_events(dom, 1, out));
  g_assert_nonnull(strstr(out->str, "\"source\":3,\"id\":90,\"x\":0,\"y\":50"));
}

static void test_old_recording_with_aside(void) {
  g_autoptr(SightDom) dom = fixture_page("", LIST);
  fixture_mutate(dom, "",
                 "{\"parentId\":10,\"previousId\":11,\"nextId\":-1,\"node\":{\"type\":2,\"id\":90,\"tagName\":\"b\","
                 "\"attributes\":{},\"childNodes\":[]}},"
                 "{\"parentId\":10,\"previousId\":90,\"nextId\":12,\"node\":{\"type\":2,\"id\":91,\"tagName\":\"i\","
                 "\"attributes\":{},\"childNodes\":[]}}",
                 "", "");
  assert_children(dom, 10, "11 90 91 12");
}

/* What takes quadratic time in a simple engine must not here: the test would run for minutes. */
static void test_linear(void) {
  g_autoptr(SightDom) dom = fixture_page("", LIST);
  g_autoptr(GString) adds = g_string_new(NULL), attributes = g_string_new(NULL);
  for (int i = 0; i < 50000; i++)
    g_string_append_printf(adds,
                           "%s{\"parentId\":10,\"nextId\":%d,\"node\":{\"type\":3,\"id\":%d,\"textContent\":\"\"}}",
                           i > 0 ? "," : "", 1000 + (i + 1) % 50000, 1000 + i);
  for (int i = 0; i < 400000; i++)
    g_string_append_printf(attributes, "%s{\"id\":10,\"attributes\":{\"a%d\":\"%d\"}}", i > 0 ? "," : "", i % 300, i);
  fixture_mutate(dom, "", adds->str, "", attributes->str);
  assert_children(dom, 10, "11 12"); /* each waits for the next one, and the last for the first */
  g_assert_cmpstr(sight_dom_attribute(dom, 10, "a0"), ==, "399900");
}

static void test_same_id_twice(void) {
  g_autoptr(SightDom) dom = fixture_page("", LIST "," LIST);
  g_assert_cmpint(sight_dom_parent(dom, 11), ==, 10);
  g_assert_cmpuint(sight_dom_anomalies(dom), ==, 3);
  fixture_mutate(dom, "{\"parentId\":4,\"id\":10}", "", "", "");
  g_assert_cmpint(sight_dom_node_type(dom, 10), ==, SIGHT_NODE_NONE);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/dom/mutation/adds-in-any-order", test_adds_in_any_order);
  g_test_add_func("/dom/mutation/unknown-neighbours", test_unknown_neighbours);
  g_test_add_func("/dom/mutation/move", test_move);
  g_test_add_func("/dom/mutation/no-cycles", test_no_cycles);
  g_test_add_func("/dom/mutation/remove-forgets-all-below", test_remove_forgets_all_below);
  g_test_add_func("/dom/mutation/remove-from-where-it-was", test_remove_from_where_it_was);
  g_test_add_func("/dom/mutation/frame-children", test_frame_children);
  g_test_add_func("/dom/mutation/style-children", test_style_children);
  g_test_add_func("/dom/mutation/frames-wait", test_frames_wait);
  g_test_add_func("/dom/mutation/srcdoc", test_srcdoc);
  g_test_add_func("/dom/mutation/attributes", test_attributes);
  g_test_add_func("/dom/mutation/style-object", test_style_object);
  g_test_add_func("/dom/mutation/style-object-spacing", test_style_object_spacing);
  g_test_add_func("/dom/mutation/frame-document", test_frame_document);
  g_test_add_func("/dom/mutation/move-of-changed", test_move_of_changed);
  g_test_add_func("/dom/mutation/rules-forgotten", test_rules_forgotten);
  g_test_add_func("/dom/mutation/scroll-aside", test_scroll_aside);
  g_test_add_func("/dom/mutation/aside", test_old_recording_with_aside);
  g_test_add_func("/dom/mutation/linear", test_linear);
  g_test_add_func("/dom/mutation/same-id-twice", test_same_id_twice);
  return g_test_run();
}

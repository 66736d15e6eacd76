/* SPDX-License-Identifier: MIT */
/* A megabyte made to be slow: each of these takes minutes where something is quadratic, and the test's time limit ends
 * it. */
#include "dom-fixture.h"
#include "sight-dom-difference.h"
#include "sight-dom-private.h"

#define MEGABYTE (1000 * 1000)

static void exercise(SightDom *dom) {
  g_autoptr(GString) out = g_string_new(NULL);
  g_autoptr(SightDom) other = fixture_page("", "");
  sight_dom_write_text(dom, out);
  g_string_truncate(out, 0);
  g_assert_true(sight_dom_write_html(dom, out));
  g_string_truncate(out, 0);
  g_assert_true(sight_dom_write_events(dom, 1, out));
  g_string_truncate(out, 0);
  sight_dom_difference(dom, other, 1, out, NULL, NULL);
  sight_dom_difference(other, dom, 1, out, NULL, NULL);
  sight_dom_difference(dom, dom, 1, out, NULL, NULL);
}

static void test_deep(void) {
  g_autoptr(SightDom) dom = fixture_page("", "");
  g_autoptr(GString) adds = g_string_new(NULL);
  for (int i = 0; adds->len < MEGABYTE; i++)
    g_string_append_printf(adds, "%s{\"parentId\":%d,\"node\":{\"type\":2,\"id\":%d,\"tagName\":\"select\"}}",
                           i > 0 ? "," : "", i > 0 ? 999 + i : 4, 1000 + i);
  fixture_mutate(dom, "", adds->str, "", "");
  exercise(dom);
}

/* The same chain, its ends moved again and again. */
static void test_deep_moves(void) {
  g_autoptr(SightDom) dom = fixture_page("", "");
  g_autoptr(GString) adds = g_string_new(NULL);
  for (int i = 0; adds->len < MEGABYTE; i++) {
    int at = i % 6000;
    g_string_append_printf(adds, "%s{\"parentId\":%d,\"node\":{\"type\":2,\"id\":%d,\"tagName\":\"b\"}}",
                           i > 0 ? "," : "", at > 0 ? 999 + at : 4, i < 6000 ? 1000 + at : 1000 + (at * 7) % 6000);
  }
  fixture_mutate(dom, "", adds->str, "", "");
  exercise(dom);
}

/* Gone through is what the bytes pay for, and the little that one of them goes too far. */
static void assert_paid(const SightDom *dom, guint64 most_at_once) {
  g_test_message("%" G_GSIZE_FORMAT " steps for %" G_GSIZE_FORMAT " bytes", dom->steps, dom->bytes);
  g_assert_cmpuint(dom->steps, >, MEGABYTE);
  g_assert_cmpuint(dom->steps, <=, MEGABYTE + 16 * dom->bytes + most_at_once);
}

/* A node with many children is described as another one, and again. */
static void test_described_anew(void) {
  g_autoptr(GString) body = g_string_new("{\"type\":2,\"id\":9,\"tagName\":\"b\",\"childNodes\":[");
  g_autoptr(GString) adds = g_string_new(NULL);
  for (int i = 0; i < 20000; i++)
    g_string_append_printf(body, "%s{\"type\":2,\"id\":%d,\"tagName\":\"b\"}", i > 0 ? "," : "", 1000 + i);
  g_string_append(body, "]}");
  g_autoptr(SightDom) dom = fixture_page("", body->str);
  fixture_mutate(dom, "", "{\"parentId\":4,\"node\":{\"type\":2,\"id\":9,\"tagName\":\"i\"}}", "", "");
  g_assert_cmpint(sight_dom_parent(dom, 20999), ==, 9);
  for (int i = 0; adds->len < MEGABYTE / 2; i++)
    g_string_append_printf(adds, "%s{\"parentId\":4,\"node\":{\"type\":2,\"id\":9,\"tagName\":\"%c\"}}",
                           i > 0 ? "," : "", "bi"[i % 2]);
  fixture_mutate(dom, "", adds->str, "", "");
  assert_paid(dom, 1);
}

/* One text at the bottom of a deep page is put there again and again. */
static void test_bottom(void) {
  g_autoptr(SightDom) dom = fixture_page("", "");
  g_autoptr(GString) chain = g_string_new(NULL), adds = g_string_new(NULL);
  int depth = 0;
  for (; chain->len < MEGABYTE / 2; depth++)
    g_string_append_printf(chain, "%s{\"parentId\":%d,\"node\":{\"type\":2,\"id\":%d,\"tagName\":\"b\"}}",
                           depth > 0 ? "," : "", depth > 0 ? 999 + depth : 4, 1000 + depth);
  fixture_mutate(dom, "", chain->str, "", "");
  for (int i = 0; adds->len < MEGABYTE / 2; i++)
    g_string_append_printf(adds, "%s{\"parentId\":%d,\"node\":{\"type\":3,\"id\":9,\"textContent\":\"\"}}",
                           i > 0 ? "," : "", 999 + depth);
  fixture_mutate(dom, "", adds->str, "", "");
  assert_paid(dom, (guint64)depth + 10);
}

/* As deep as real pages are, it happens as often as anybody likes. */
static void test_not_so_deep(void) {
  g_autoptr(SightDom) dom = fixture_page("", "");
  g_autoptr(GString) adds = g_string_new(NULL);
  for (int i = 0; i < 20000; i++)
    g_string_append_printf(adds, "%s{\"parentId\":%d,\"node\":{\"type\":2,\"id\":%d,\"tagName\":\"b\"}}",
                           i > 0 ? "," : "", i > 0 ? 999 + MIN(i, 500) : 4, 1000 + MIN(i, 500));
  fixture_mutate(dom, "", adds->str, "", "");
  g_assert_cmpuint(dom->steps, >, 5 * MEGABYTE);
  g_assert_true(sight_dom_may_step(dom));
  g_assert_cmpint(sight_dom_parent(dom, 1500), ==, 1499);
}

static void test_cycle_of_next(void) {
  g_autoptr(SightDom) dom = fixture_page("", "");
  g_autoptr(GString) adds = g_string_new(NULL);
  for (int i = 0; adds->len < MEGABYTE; i++)
    g_string_append_printf(adds, "%s{\"parentId\":4,\"nextId\":%d,\"node\":{\"type\":3,\"id\":%d}}", i > 0 ? "," : "",
                           1000 + (i + 1) % 9000, 1000 + i % 9000);
  fixture_mutate(dom, "", adds->str, "", "");
  exercise(dom);
}

static void test_long_style(void) {
  g_autoptr(SightDom) dom = fixture_page("", "");
  g_autoptr(GString) changes = g_string_new("{\"id\":4,\"attributes\":{\"style\":\"");
  while (changes->len < MEGABYTE / 2)
    g_string_append(changes, "a:b;");
  g_string_append(changes, "\"}}");
  while (changes->len < MEGABYTE)
    g_string_append(changes, ",{\"id\":4,\"attributes\":{\"style\":{\"c\":\"d\"}}}");
  fixture_mutate(dom, "", "", "", changes->str);
  exercise(dom);
}

static void test_shared_sheet(void) {
  g_autoptr(GString) event =
      g_string_new("{\"type\":3,\"timestamp\":1,\"data\":{\"source\":15,\"id\":4,\"styleIds\":[1],"
                   "\"styles\":[{\"styleId\":1,\"rules\":[");
  for (int i = 0; event->len < MEGABYTE / 2; i++)
    g_string_append(event, i > 0 ? ",{\"rule\":\"a{}\",\"index\":0}" : "{\"rule\":\"a{}\"}");
  g_string_append(event, "]}]}}");
  g_autoptr(GString) hosts = g_string_new(NULL);
  for (int i = 0; i < 3000; i++)
    g_string_append_printf(hosts,
                           "%s{\"type\":2,\"id\":%d,\"tagName\":\"b\",\"attributes\":{},\"isShadowHost\":true,"
                           "\"childNodes\":[{\"type\":3,\"id\":%d,\"textContent\":\"\",\"isShadow\":true}]}",
                           i > 0 ? "," : "", 1000 + i, 10000 + i);
  g_autoptr(SightDom) dom = fixture_page("", hosts->str);
  fixture_apply(dom, event->str);
  for (int i = 0; i < 3000; i++) {
    g_autofree char *adopt =
        g_strdup_printf("{\"type\":3,\"timestamp\":1,\"data\":{\"source\":15,\"id\":%d,\"styleIds\":[1]}}", 1000 + i);
    fixture_apply(dom, adopt);
  }
  exercise(dom);
}

/* A sheet with a part for each of its texts, and as many nodes between them. */
static void test_shares(void) {
  g_autoptr(GString) body = g_string_new(NULL);
  for (int i = 0; i < 420; i++) /* so deep that each text is written on its own */
    g_string_append_printf(body, "{\"type\":2,\"id\":%d,\"tagName\":\"b\",\"childNodes\":[", 1000 + i);
  g_string_append(body, "{\"type\":2,\"id\":50,\"tagName\":\"style\",\"attributes\":{\"_cssText\":\"a{}");
  while (body->len < MEGABYTE / 2)
    g_string_append(body, "/* rr_split */a{}");
  g_string_append(body, "\"},\"childNodes\":[{\"type\":3,\"id\":2000}");
  for (int i = 2001; body->len < MEGABYTE; i++)
    g_string_append_printf(body, ",{\"type\":%d,\"id\":%d}", i % 2 == 0 ? 3 : 5, i);
  g_string_append(body, "]}");
  for (int i = 0; i < 420; i++)
    g_string_append(body, "]}");
  g_autoptr(SightDom) dom = fixture_page("", body->str);
  g_assert_cmpstr(sight_dom_text(dom, 2000), !=, NULL);
  exercise(dom);
  fixture_mutate(dom, "", "", "{\"id\":2000,\"value\":\"\"}", "");
  exercise(dom);
}

/* Fields within fields, each with a choice of its own behind all that stand in it. */
static void test_nested_fields(void) {
  g_autoptr(SightDom) dom = fixture_page("", "");
  g_autoptr(GString) adds = g_string_new(NULL), inputs = g_string_new(NULL);
  for (int i = 0; adds->len < MEGABYTE; i += 2)
    g_string_append_printf(adds,
                           "%s{\"parentId\":%d,\"node\":{\"type\":2,\"id\":%d,\"tagName\":\"select\"}},"
                           "{\"parentId\":%d,\"node\":{\"type\":2,\"id\":%d,\"tagName\":\"option\"}}",
                           i > 0 ? "," : "", i > 0 ? 998 + i : 4, 1000 + i, 1000 + i, 1001 + i);
  fixture_mutate(dom, "", adds->str, "", "");
  for (int i = 0; i < 8000; i += 2) {
    g_string_printf(
        inputs, "{\"type\":3,\"timestamp\":3000,\"data\":{\"source\":5,\"id\":%d,\"text\":\"x\",\"isChecked\":false}}",
        1000 + i);
    fixture_apply(dom, inputs->str);
  }
  exercise(dom);
}

static void test_long_rule(void) {
  g_autoptr(SightDom) dom = fixture_page("{\"type\":2,\"id\":50,\"tagName\":\"style\"}", "");
  g_autoptr(GString) rule =
      g_string_new("{\"type\":3,\"timestamp\":1,\"data\":{\"source\":8,\"id\":50,\"adds\":[{\"rule\":\"a{");
  while (rule->len < MEGABYTE / 2)
    g_string_append(rule, "b:c;");
  g_string_append(rule, "}\"}]}}");
  fixture_apply(dom, rule->str);
  for (int i = 0; i < 6000; i++) {
    g_autofree char *set =
        g_strdup_printf("{\"type\":3,\"timestamp\":1,\"data\":{\"source\":13,\"id\":50,\"index\":[0],"
                        "\"set\":{\"property\":\"p%d\",\"value\":\"v\"}}}",
                        i);
    fixture_apply(dom, set);
  }
  exercise(dom);
  g_string_truncate(rule, 0);
  g_assert_true(sight_dom_write_present(dom, 1, rule));
  g_assert_nonnull(strstr(rule->str, "p0: v"));
  g_assert_null(strstr(rule->str, "p1000: v")); /* a sheet may cost so much and no more */
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/dom/hostile/deep", test_deep);
  g_test_add_func("/dom/hostile/deep-moves", test_deep_moves);
  g_test_add_func("/dom/hostile/described-anew", test_described_anew);
  g_test_add_func("/dom/hostile/bottom", test_bottom);
  g_test_add_func("/dom/hostile/not-so-deep", test_not_so_deep);
  g_test_add_func("/dom/hostile/cycle-of-next", test_cycle_of_next);
  g_test_add_func("/dom/hostile/long-style", test_long_style);
  g_test_add_func("/dom/hostile/shared-sheet", test_shared_sheet);
  g_test_add_func("/dom/hostile/shares", test_shares);
  g_test_add_func("/dom/hostile/nested-fields", test_nested_fields);
  g_test_add_func("/dom/hostile/long-rule", test_long_rule);
  return g_test_run();
}

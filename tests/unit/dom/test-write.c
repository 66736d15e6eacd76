/* SPDX-License-Identifier: MIT */
/* Pages as HTML and as text: nothing gets out of its place, nothing runs, what cannot be seen is not told. */
#include "dom-fixture.h"

#define EL(id, tag, attributes, children)                                                                              \
  "{\"type\":2,\"id\":" #id ",\"tagName\":\"" tag "\",\"attributes\":{" attributes "},\"childNodes\":[" children "]}"
#define TEXT(id, text) "{\"type\":3,\"id\":" #id ",\"textContent\":\"" text "\"}"

static char *html(const char *body) {
  g_autoptr(SightDom) dom = fixture_page("", body);
  GString *out = g_string_new(NULL);
  g_assert_true(sight_dom_write_html(dom, out));
  return g_string_free(out, FALSE);
}

static void assert_without(const char *body, const char *const *words) {
  g_autofree char *out = html(body);
  for (guint i = 0; words[i] != NULL; i++)
    if (strstr(out, words[i]) != NULL)
      g_error("%s in %s", words[i], out);
}

static void test_escapes(void) {
  static const char *const markup[] = {"<script", "<img src=x", "<!--", "</style><img", NULL};
  assert_without("{\"type\":5,\"id\":10,\"textContent\":\"--><script>\"}", markup);
  assert_without(EL(10, "p", "\"title\":\"\\\"><script>\"", TEXT(11, "<script>&")), markup);
  assert_without(EL(10, "style", "", TEXT(11, "a{}</style><img src=x onerror=1><!-- -->")), markup);
  assert_without(EL(10, "style", "\"_cssText\":\"a{}</style><img src=x>\"", ""), markup);
  assert_without(EL(10, "textarea", "\"value\":\"</textarea><script>\"", ""), markup);
  assert_without(EL(10, "noscript", "", TEXT(11, "</noscript><img src=x>")), markup);
  assert_without(EL(10, "xmp", "", TEXT(11, "</xmp><script>")), markup);
  assert_without(EL(10, "p><script", "", ""), markup);
}

static void test_runs_and_asks_nothing(void) {
  static const char *const words[] = {"onclick", "evil", "srcdoc", "javascript", "refresh", NULL};
  assert_without(EL(10, "a", "\"href\":\" javascript:evil\",\"onclick\":\"evil()\",\"ONCLICK\":\"evil()\"", ""), words);
  assert_without(EL(10, "img", "\"src\":\"https://evil.example/\",\"srcset\":\"https://evil.example/ 2x\"", ""), words);
  assert_without(EL(10, "iframe", "\"srcdoc\":\"evil\",\"src\":\"https://evil.example/\"", ""), words);
  assert_without(EL(10, "meta", "\"http-equiv\":\"refresh\",\"content\":\"0;url=//evil.example\"", ""), words);
  assert_without(EL(10, "link", "\"rel\":\"preconnect\",\"href\":\"//evil.example\"", ""), words);
  assert_without(EL(10, "base", "\"href\":\"//evil.example\"", ""), words);
  assert_without(EL(10, "form", "\"action\":\"//evil.example\"", ""), words);
  assert_without(EL(10, "canvas", "\"rr_dataURL\":\"https://evil.example/x.png\"", ""), words);
  assert_without(EL(10, "svg", "", EL(11, "animate", "\"to\":\"javascript:evil()\"", "")), words);
}

static void test_shows(void) {
  g_autofree char *out = html(EL(10, "p", "\"class\":\"c\"", TEXT(11, "a < b")) "," EL(
      12, "img", "\"rr_dataURL\":\"data:image/png;base64,AA\"", ""));
  g_assert_nonnull(strstr(out, "<p class=\"c\">a &lt; b</p>"));
  g_assert_nonnull(strstr(out, "src=\"data:image/png;base64,AA\""));
  g_assert_nonnull(strstr(out, "default-src 'none'"));
  g_assert_true(g_str_has_prefix(out, "<!DOCTYPE html><meta"));
}

static void test_rules_folded(void) {
  g_autoptr(SightDom) dom = fixture_page(
      "", EL(10, "style", "", TEXT(11, "/* one */ a { b: c } @media (x) { d { e: f; g: h } } i { j: '}' }")));
  fixture_apply(dom, "{\"type\":3,\"timestamp\":1100,\"data\":{\"source\":8,\"id\":10,\"adds\":[{\"rule\":\"k { l: m "
                     "}\",\"index\":1},{\"rule\":\"n { o: p }\",\"index\":[2,0]}],\"removes\":[{\"index\":0}]}}");
  fixture_apply(dom, "{\"type\":3,\"timestamp\":1200,\"data\":{\"source\":13,\"id\":10,\"index\":[1,1],\"set\":"
                     "{\"property\":\"e\",\"value\":\"9\",\"priority\":\"important\"}}}");
  fixture_apply(dom, "{\"type\":3,\"timestamp\":1200,\"data\":{\"source\":13,\"id\":10,\"index\":[1,1],\"remove\":"
                     "{\"property\":\"g\"}}}");
  g_autoptr(GString) out = g_string_new(NULL);
  g_assert_true(sight_dom_write_html(dom, out));
  g_assert_null(strstr(out->str, "a { b: c }"));
  g_assert_nonnull(strstr(out->str, "k { l: m }\n@media (x) { n { o: p } d { e: 9 !important; } }\ni { j: '}' }"));
}

static void assert_text(const char *body, const char *expected) {
  g_autoptr(SightDom) dom = fixture_page(EL(5, "title", "", TEXT(6, "unseen")), body);
  g_autoptr(GString) out = g_string_new(NULL);
  sight_dom_write_text(dom, out);
  g_assert_cmpstr(out->str, ==, expected);
}

static void test_text(void) {
  assert_text(EL(10, "p", "", TEXT(11, " one \\n two ")) "," EL(12, "p", "", TEXT(13, "three")), "one two\nthree\n");
  assert_text(EL(10, "p", "\"hidden\":\"\"", TEXT(11, "x")), "");
  assert_text(EL(10, "p", "\"style\":\"color: red; display :none\"", TEXT(11, "x")), "");
  assert_text(EL(10, "p", "\"style\":\"--display: none\"", TEXT(11, "x")), "x\n");
  assert_text(EL(10, "script", "", TEXT(11, "x")), "");
  assert_text(EL(10, "input", "\"value\":\"v\"", ""), "v\n");
  assert_text(EL(10, "input", "\"type\":\"password\",\"value\":\"v\"", ""), "");
  assert_text(EL(10, "details", "", EL(11, "summary", "", TEXT(12, "s")) "," EL(13, "p", "", TEXT(14, "x"))), "s\n");
  assert_text(EL(10, "tr", "", EL(11, "td", "", TEXT(12, "a")) "," EL(13, "td", "", TEXT(14, "b"))), "a b\n");
}

static void test_hidden(void) {
  g_autoptr(SightDom) dom =
      fixture_page("", EL(10, "dialog", "", EL(11, "p", "", "")) "," EL(12, "dialog", "\"open\":\"\"", ""));
  g_assert_true(sight_dom_is_hidden(dom, 11));
  g_assert_false(sight_dom_is_hidden(dom, 12));
  g_assert_true(sight_dom_is_hidden(dom, 999));
}

/* A style element so deep in a page that it is added after the snapshot, each of its texts with its share of the sheet.
 */
static SightDom *deep_style(const char *css, const char *children) {
  g_autoptr(GString) body = g_string_new(NULL);
  for (int i = 0; i < 420; i++)
    g_string_append_printf(body, "{\"type\":2,\"id\":%d,\"tagName\":\"div\",\"childNodes\":[", 1000 + i);
  g_string_append_printf(
      body, "{\"type\":2,\"id\":10,\"tagName\":\"style\",\"attributes\":{\"_cssText\":\"%s\"},\"childNodes\":[%s]}",
      css, children);
  for (int i = 0; i < 420; i++)
    g_string_append(body, "]}");
  return fixture_page("", body->str);
}

/* With notes among the texts: the last text has all that is left, also where the last nodes are not looked at. */
static void test_shares(void) {
#define NOTE(id) "{\"type\":5,\"id\":" #id ",\"textContent\":\"\"}"
  g_autoptr(SightDom) dom = deep_style("a{}/* rr_split */b{}/* rr_split */c{}",
                                       NOTE(11) "," TEXT(12, "") "," NOTE(13) "," TEXT(14, "") "," NOTE(15));
#undef NOTE
  g_autoptr(GString) out = g_string_new(NULL);
  g_assert_true(sight_dom_write_events(dom, 1, out));
  g_assert_nonnull(strstr(out->str, "\"id\":12,\"isStyle\":true,\"textContent\":\"a{}\""));
  g_assert_nonnull(strstr(out->str, "\"id\":14,\"isStyle\":true,\"textContent\":\"b{}/* rr_split */c{}\""));
  fixture_mutate(dom, "", "", "{\"id\":12,\"value\":\"d{}\"}", "");
  g_assert_cmpstr(sight_dom_text(dom, 12), ==, "d{}");
  g_assert_cmpstr(sight_dom_text(dom, 14), ==, "b{}/* rr_split */c{}");
}

static void test_many_shares(void) {
  g_autoptr(GString) css = g_string_new("p0{}"), children = g_string_new(TEXT(2000, ""));
  for (int i = 1; i < 200; i++) {
    g_string_append_printf(css, "/* rr_split */p%d{}", i);
    g_string_append_printf(children,
                           ",{\"type\":5,\"id\":%d,\"textContent\":\"\"},{\"type\":3,\"id\":%d,\"textContent\":\"\"}",
                           2000 + 2 * i - 1, 2000 + 2 * i);
  }
  g_autoptr(SightDom) dom = deep_style(css->str, children->str);
  g_autoptr(GString) out = g_string_new(NULL);
  g_assert_true(sight_dom_write_events(dom, 1, out));
  for (int i = 0; i < 200; i++) { /* each part once */
    g_autofree char *part = g_strdup_printf("p%d{}", i);
    const char *found = strstr(out->str, part);
    g_assert_nonnull(found);
    g_assert_null(strstr(found + 1, part));
  }
}

/* Moves of a touch are told late: one that comes after its end does not make the mouse that moves next a finger. */
static void test_pointer_kind(void) {
#define MOVE(source)                                                                                                   \
  "{\"type\":3,\"timestamp\":1500,\"data\":{\"source\":" #source                                                       \
  ",\"positions\":[{\"x\":7,\"y\":8,\"id\":4,\"timeOffset\":0}]}}"
  g_autoptr(SightDom) dom = fixture_page("", "");
  g_autoptr(GString) out = g_string_new(NULL);
  fixture_apply(dom, "{\"type\":3,\"timestamp\":1200,\"data\":{\"source\":2,\"type\":9,\"id\":4,\"x\":7,\"y\":8}}");
  fixture_apply(dom, MOVE(6));
  g_assert_true(sight_dom_write_events(dom, 1, out));
  g_assert_nonnull(strstr(out->str, "\"source\":6"));
  fixture_apply(dom, MOVE(1));
  g_string_truncate(out, 0);
  g_assert_true(sight_dom_write_events(dom, 1, out));
  g_assert_nonnull(strstr(out->str, "\"source\":1,"));
  g_assert_null(strstr(out->str, "\"source\":6"));
#undef MOVE
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/dom/write/escapes", test_escapes);
  g_test_add_func("/dom/write/runs-and-asks-nothing", test_runs_and_asks_nothing);
  g_test_add_func("/dom/write/shows", test_shows);
  g_test_add_func("/dom/write/rules-folded", test_rules_folded);
  g_test_add_func("/dom/write/text", test_text);
  g_test_add_func("/dom/write/hidden", test_hidden);
  g_test_add_func("/dom/write/shares", test_shares);
  g_test_add_func("/dom/write/many-shares", test_many_shares);
  g_test_add_func("/dom/write/pointer-kind", test_pointer_kind);
  return g_test_run();
}

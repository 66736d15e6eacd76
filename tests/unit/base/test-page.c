/* SPDX-License-Identifier: MIT */
/* Page templates: which addresses are one page, by built-in rules and by those of a project. */
#include "sight-page.h"

#include <string.h>

static const char *const cases[][2] = {
    {"https://shop.example/p/8123/reviews?x=1", "/p/:id/reviews"},
    {"https://shop.example", "/"},
    {"https://shop.example/", "/"},
    {"https://shop.example?x=/a", "/"},
    {"//shop.example/a//b/", "/a/b"},
    {"/cart/", "/cart"},
    {"cart?step=2", "/cart"},
    {"/u/3f2504e0-4f89-41d3-9a0c-0305e82c3301", "/u/:id"},
    {"/c/9fceb02d0ae598e95dc970b74767f19372d61af8/9fceb02d0ae598e95dc970b74767f19372d61af8-2024", "/c/:id/:id"},
    {"/o/order-10293", "/o/:id"},
    {"/v/dQw4w9WgXcQ", "/v/:id"},
    {"/by/ann@x.example_2020", "/by/:id"},
    {"/by/ann%40x.example", "/by/:id"},
    {"/2024-05-01/news", "/:id/news"},
    {"/a;jsessionid=123", "/a"},
    {"about:blank", "about:blank"},
    {"data:text/html,secret", "data:"},
    {"javascript:alert(1)//", "javascript:"},
    {"#", "/"},
    {"", "/"},
    /* ids of every make */
    {"/orders/ORD-2026-00017", "/orders/:id"},
    {"/invoice/INV00018", "/invoice/:id"},
    {"/browse/ABC-123", "/browse/:id"},
    {"/items/12.html", "/items/:id.html"},
    {"/t/usr_48", "/t/:id"},
    {"/blog/blue-shoes-9f8e7d6c5b", "/blog/:id"},
    {"/s/01ARZ3NDEKTSV4RRFFQ69G5FAV", "/s/:id"},
    {"/v/jNQXAC9IVRw", "/v/:id"},
    {"/v/dQwAwXgWcQ", "/v/:id"},
    {"/c/cus_NffrFeUfNV2Hib", "/c/:id"},
    {"/lead/0015g00000ABCDE", "/lead/:id"},
    {"/commit/a1b2c3d", "/commit/:id"},
    {"/at/2024-05-01T12:00:00Z", "/at/:id"},
    {"/week/2026-W12", "/week/:id"},
    {"/user:42/edit", "/user::id/edit"},
    {"/odata/Orders(12)", "/odata/Orders(:id)"},
    {"/orders/order-1999", "/orders/:id"},
    {"/support/ticket-7/answers", "/support/:id/answers"},
    {"/invoice_2024.pdf", "/:id.pdf"},
    /* near misses: words, versions, years, status pages, short numbers in words */
    {"/checkout/step2", "/checkout/step2"},
    {"/api/v1/web3", "/api/v1/web3"},
    {"/facade/deadbeef", "/facade/deadbeef"},
    {"/terms-and-conditions", "/terms-and-conditions"},
    {"/internationalization", "/internationalization"},
    {"/top-100", "/top-100"},
    {"/covid-19", "/covid-19"},
    {"/auth/OAuth2Callback", "/auth/OAuth2Callback"},
    {"/archive/2024", "/archive/2024"},
    {"/404", "/404"},
    {"/500.html", "/500.html"},
    {"/errors/503", "/errors/503"},
    {"/orders/404", "/orders/:id"},
    {"/jquery-3.7.1.js", "/jquery-3.7.1.js"},
    {"/world-cup-2026", "/world-cup-2026"},
    {"/q3-2026", "/q3-2026"},
    {"/summer-1999", "/summer-1999"},
    {"/pre-order-2024", "/pre-order-2024"},
    {"/issue", "/issue"},
    {"/GitHubToGitLab", "/GitHubToGitLab"},
    {"/wiki/Mercury_(planet)", "/wiki/Mercury_(planet)"},
    {"/wiki/Talk:2024", "/wiki/Talk:2024"},
    {"/feb2024", "/feb2024"},
    /* what decides what is shown, whatever else the query holds and in whatever order */
    {"/index.php?route=product/product&product_id=4", "/index.php?route=product/product"},
    {"/index.php?product_id=5&route=product/product", "/index.php?route=product/product"},
    {"/index.php?page=login", "/index.php?page=login"},
    {"/?p=123", "/?p=:id"},
    {"/forum/viewtopic.php?t=12", "/forum/viewtopic.php"},
    {"/w?action=edit&title=Main_Page", "/w?title=Main_Page&action=edit"},
    {"/w?title=What+is+the+airspeed+of+a+swallow", "/w?title=:text"},
    {"/doku.php?id=wiki:syntax", "/doku.php?id=wiki:syntax"},
    {"/doku.php?ID=wiki%3Asyntax", "/doku.php?id=wiki:syntax"},
    {"/search?q=blue+shoes&utm_source=x", "/search"},
    {"/list?view=", "/list"},
    /* routes in the fragment */
    {"https://x.example/app/#/users/42?tab=1", "/app/users/:id"},
    {"https://x.example/#!/inbox", "/inbox"},
    {"/#/inbox?view=archive&filter=a", "/inbox?view=archive"},
    {"/app?lang=en#/list?page=3", "/app/list?page=:id"},
    {"/#/?id=5", "/?id=:id"},
    {"/#flow/a1b2c3d4.e5f6a7", "/#flow/:id"},
    {"/#5/52.1/-13.4", "/"},
    {"/app#orders/123", "/app#orders/:id"},
    {"/app#cart", "/app#cart"},
    {"/app#access_token=abc", "/app"},
    {"/app#:~:text=here", "/app"},
    /* one spelling */
    {"/caf%C3%A9", "/café"},
    {"/cafe%CC%81", "/café"},
    {"/a%2Fb", "/a%2Fb"},
    {"/%FF", "/%FF"},
};

static void test_built_in(void) {
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *page = sight_page_template(cases[i][0], NULL);
    g_assert_cmpstr(page, ==, cases[i][1]);
  }
  g_autofree char *none = sight_page_template(NULL, NULL);
  g_assert_cmpstr(none, ==, "/");
  g_autofree char *hostile = g_strnfill(1000000, '/');
  g_autofree char *short_one = sight_page_template(hostile, NULL);
  g_assert_cmpint(strlen(short_one), <, 5000);
}

static GPtrArray *parse(const char *json) {
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(16);
  SightJson root = {0};
  g_assert_true(sight_json_parser_parse(parser, json, strlen(json), &root, NULL));
  return sight_page_rules_from_json(root);
}

static void check_page(const GPtrArray *rules, const char *url, const char *wanted) {
  g_autofree char *page = sight_page_template(url, rules);
  g_assert_cmpstr(page, ==, wanted);
}

static void test_rules(void) {
  g_autoptr(GPtrArray) rules = parse("[{\"do\":\"keep\",\"pattern\":\"/docs/*\"},"
                                     "{\"do\":\"fold\",\"pattern\":\"/team/*/board\"},"
                                     "{\"do\":\"fold\",\"pattern\":\"/brand/*\"},"
                                     "{\"do\":\"rename\",\"pattern\":\"/p/*\",\"as\":\"/product\"},"
                                     "{\"do\":\"keep\",\"pattern\":\"?tab\"},"
                                     "{\"do\":\"fold\",\"pattern\":\"?action\"}]");
  g_assert_cmpuint(rules->len, ==, 6);
  check_page(rules, "https://x.example/docs/12/a?page=3", "/docs/12/a");
  check_page(rules, "/team/red/board", "/team/:id/board");
  check_page(rules, "/team/red/blue/board", "/team/:id/board");
  check_page(rules, "/team/red/list", "/team/red/list");
  check_page(rules, "/brand/acme?tab=shoes", "/brand/:id");
  check_page(rules, "/p/12/reviews", "/product");
  check_page(rules, "/x?tab=Two%20words&action=edit&title=A", "/x?title=A&tab=Two words");
  /* What is no rule is left out. */
  g_autoptr(GPtrArray) none =
      parse("[{\"do\":\"fold\"},{\"do\":\"rename\",\"pattern\":\"/a\"},{\"pattern\":\"/a\"},"
            "{\"do\":\"rename\",\"pattern\":\"?a\",\"as\":\"/b\"},{\"do\":\"keep\",\"pattern\":\"?\"},7]");
  g_assert_cmpuint(none->len, ==, 0);
  /* Written and read again they are the same rules. */
  g_autoptr(GString) text = g_string_new(NULL);
  SightJsonWriter writer = {.out = text};
  sight_page_rules_write(rules, &writer);
  g_autoptr(GPtrArray) again = parse(text->str);
  g_autofree char *id = sight_page_rules_id(rules);
  g_autofree char *id_again = sight_page_rules_id(again);
  g_autofree char *id_none = sight_page_rules_id(none);
  g_assert_cmpstr(id, ==, id_again);
  g_assert_cmpstr(id, !=, id_none);
}

static void test_matching(void) {
  g_assert_true(sight_page_matches("*", ""));
  g_assert_true(sight_page_matches("/a/*", "/a/b/c"));
  g_assert_true(sight_page_matches("*b*d", "abcbd"));
  g_assert_true(sight_page_matches("/a", "/a"));
  g_assert_false(sight_page_matches("/a", "/ab"));
  g_assert_false(sight_page_matches("/a*b", "/axc"));
  g_assert_false(sight_page_matches("", "a"));
}

/* Of random addresses: the page of a page is that page, so that a template may be given where an address is meant. */
static void test_stable(void) {
  static const char *const pieces[] = {"/",      "a", "Ab",    "12", "-", "_",   ".html",
                                       "%C3%A9", "?", "page=", "&",  "#", "ORD", "="};
  for (int i = 0; i < 3000; i++) {
    g_autoptr(GString) url = g_string_new("/");
    for (int n = g_test_rand_int_range(1, 12); n > 0; n--)
      g_string_append(url, pieces[g_test_rand_int_range(0, G_N_ELEMENTS(pieces))]);
    g_autofree char *page = sight_page_template(url->str, NULL);
    g_autofree char *again = sight_page_template(page, NULL);
    g_test_message("%s", url->str);
    g_assert_cmpstr(again, ==, page);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/base/page/built-in", test_built_in);
  g_test_add_func("/base/page/rules", test_rules);
  g_test_add_func("/base/page/matching", test_matching);
  g_test_add_func("/base/page/stable", test_stable);
  return g_test_run();
}

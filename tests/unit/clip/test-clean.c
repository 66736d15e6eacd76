/* SPDX-License-Identifier: MIT */
/* Nodes and events of clips: what could run or ask is gone, in every place where it can stand; the rest is as it was.
 */
#include "sight-clip-private.h"

#include <string.h>

/* The event as a clip has it; "" where it is left out. */
static char *cleaned_after(const char *first, const char *json) {
  g_autoptr(GString) out = g_string_new(NULL);
  g_autoptr(GHashTable) kinds = g_hash_table_new(NULL, NULL);
  g_autoptr(SightEventParser) parser = sight_event_parser_new();
  g_autoptr(GError) error = NULL;
  SightClipCleaner cleaner = {.w = {.out = out}, .kinds = kinds, .from_ms = 1000};
  SightEvent event;
  if (first != NULL) {
    g_assert_true(sight_event_parser_parse(parser, first, strlen(first), &event, &error));
    sight_clip_clean_event(&cleaner, &event);
    g_string_truncate(out, 0);
    cleaner.w.need_comma = FALSE;
  }
  g_assert_true(sight_event_parser_parse(parser, json, strlen(json), &event, &error));
  g_assert_no_error(error);
  sight_clip_clean_event(&cleaner, &event);
  return g_strdup(out->str);
}

#define SNAPSHOT(children)                                                                                             \
  "{\"type\":2,\"timestamp\":1000,\"data\":{\"node\":{\"type\":0,\"id\":1,\"childNodes\":[" children                   \
  "]},\"initialOffset\":{\"left\":0,\"top\":0}}}"
#define ELEMENT(id, tag, attributes, children)                                                                         \
  "{\"type\":2,\"id\":" id ",\"tagName\":\"" tag "\",\"attributes\":{" attributes "},\"childNodes\":[" children "]}"
#define TEXT(id, text) "{\"type\":3,\"id\":" id ",\"textContent\":\"" text "\"}"
#define MUTATION(attributes, texts)                                                                                    \
  "{\"type\":3,\"timestamp\":1001,\"data\":{\"source\":0,\"removes\":[],\"adds\":[],\"texts\":[" texts                 \
  "],\"attributes\":[" attributes "]}}"

static void test_nodes(void) {
  static const struct {
    const char *node, *kept, *gone;
  } cases[] = {
      {ELEMENT("2", "script", "\"src\":\"evil\"", TEXT("3", "evil()")), "\"noscript\"", "evil"},
      {ELEMENT("2", "svg:SCRIPT", "", TEXT("3", "evil()")), "\"noscript\"", "evil"},
      {ELEMENT("2", "link", "\"rel\":\"preconnect\",\"href\":\"//evil\"", ""), "\"type\":5,\"id\":2", "evil"},
      {ELEMENT("2", "link", "\"rel\":\"stylesheet\",\"href\":\"//evil\",\"_cssText\":\"a{color:red}\"", ""),
       "\"style\",\"attributes\":{\"rel\":\"stylesheet\",\"_cssText\":\"a{color:red}\"}", "evil"},
      {ELEMENT("2", "base", "\"href\":\"//evil\"", ""), "\"type\":5,\"id\":2", "evil"},
      {ELEMENT("2", "meta", "\"http-equiv\":\"refresh\",\"content\":\"0;url=//evil\"", ""), "\"meta\"", "evil"},
      {ELEMENT("2", "meta", "\"name\":\"viewport\",\"content\":\"width=1\"", ""), "\"content\":\"width=1\"", "evil"},
      {ELEMENT("2", "iframe", "\"src\":\"data:text/html,evil\",\"srcdoc\":\"evil\",\"sandbox\":\"allow-evil\"", ""),
       "\"iframe\",\"attributes\":{}", "evil"},
      {ELEMENT("2", "object", "\"data\":\"data:image/svg+xml,evil\"", ""), "\"object\",\"attributes\":{}", "evil"},
      {ELEMENT("2", "a", "\"href\":\"https://evil\",\"ping\":\"https://evil\"", ""), "\"href\":\"#\"", "evil"},
      {ELEMENT("2", "a", "\"href\":\" java\\nscript:evil\"", ""), "\"a\"", "evil"},
      {ELEMENT("2", "a", "\"href\":\"#part\"", ""), "\"href\":\"#part\"", "evil"},
      {ELEMENT("2", "img", "\"src\":\"//evil\",\"srcset\":\"//evil 2x\",\"alt\":\"A\",\"ONERROR\":\"evil\"", ""),
       "{\"src\":\"data:,\",\"alt\":\"A\"}", "evil"},
      {ELEMENT("2", "video", "\"poster\":\"https://evil\"", ""), "{\"poster\":\"data:,\"}", "evil"},
      {ELEMENT("2", "img", "\"src\":\"evil\",\"alt\":\"A\"", ""), "{\"alt\":\"A\"}", "evil"},
      {ELEMENT("2", "img", "\"src\":\"data:image/png;base64,AA==\"", ""), "\"src\":\"data:image/png;base64,AA==\"",
       "evil"},
      {ELEMENT("2", "use", "\"href\":\"data:image/svg+xml,evil\"", ""), "\"use\",\"attributes\":{}", "evil"},
      {ELEMENT("2", "set", "\"attributeName\":\"href\",\"to\":\"javascript:evil\"", ""), "\"set\"", "evil"},
      {ELEMENT("2", "rect", "\"fill\":\"url(//evil)\",\"mask\":\"url(#m)\"", ""), "\"mask\":\"url(#m)\"", "evil"},
      {ELEMENT("2", "use", "\"href\":\"#icon:home\"", ""), "\"href\":\"#icon:home\"", "evil"},
      {ELEMENT("2", "p", "\"data-next\":\"https://evil\",\"data-time\":\"10:30\",\"title\":\"https://here\"", ""),
       "{\"data-time\":\"10:30\",\"title\":\"https://here\"}", "evil"},
      {ELEMENT("2", "input", "\"value\":\"//typed url(x)\",\"data-x\":\"\\t/\\\\evil\"", ""),
       "{\"value\":\"//typed url(x)\"}", "evil"},
      {ELEMENT("2", "svg", "\"xmlns\":\"http://www.w3.org/2000/svg\",\"new-paint\":\"url(//evil)\"", ""),
       "\"xmlns\":\"http://www.w3.org/2000/svg\"", "evil"},
      {ELEMENT("2", "animate", "\"attributeName\":\"href\",\"values\":\"a;//evil\",\"dur\":\"1s\"", ""),
       "{\"dur\":\"1s\"}", "evil"},
      {ELEMENT("2", "param", "\"name\":\"movie\",\"value\":\"https://evil\"", ""), "{\"name\":\"movie\"}", "evil"},
      {ELEMENT("2", "style", "\"_cssText\":\"b{c:u/* rr_split */rl(x)}\"", ""), "u/**//* rr_split */rl", "evil"},
      {ELEMENT("2", "rect", "\"fill\":\"red\",\"d\":\"M0 0\"", ""), "{\"fill\":\"red\",\"d\":\"M0 0\"}", "evil"},
      {ELEMENT("2", "form", "\"action\":\"//evil\",\"method\":\"get\"", ""), "{\"method\":\"get\"}", "evil"},
      {ELEMENT("2", "div", "\"style\":\"background:url(//evil);color:red\",\"title\":\"one\"", ""),
       "color:red\",\"title\":\"one\"", "evil"},
      {ELEMENT("2", "style", "", TEXT("3", "@import '//evil';b{c:d}")), "b{c:d}", "evil"},
      {ELEMENT("2", "p", "\"data-evil-not\":true,\"onclick\":\"x\"", TEXT("3", "@import 'x'; url(y)")),
       "@import 'x'; url(y)", "onclick"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *snapshot =
        g_strdup_printf("%s%s%s",
                        "{\"type\":2,\"timestamp\":1000,\"data\":{\"node\":{\"type\":0,\"id\":1,"
                        "\"childNodes\":[",
                        cases[i].node, "]}}}");
    g_autofree char *out = cleaned_after(NULL, snapshot);
    if (strstr(out, cases[i].kept) == NULL || strstr(out, cases[i].gone) != NULL)
      g_error("%s\nbecame %s", cases[i].node, out);
  }
}

/* Later events know what kind of element it was. */
static void test_later(void) {
  const char *page = SNAPSHOT(ELEMENT("2", "style", "", TEXT("3", "a{}")) "," ELEMENT(
      "4", "script", "", TEXT("5", "x")) "," ELEMENT("6", "iframe", "", "") "," ELEMENT("7", "p", "", TEXT("8", "x")));
  g_autofree char *style = cleaned_after(page, MUTATION("", "{\"id\":3,\"value\":\"@import '//evil';b{}\"}"));
  g_assert_null(strstr(style, "evil"));
  g_assert_nonnull(strstr(style, "b{}"));
  g_autofree char *script =
      cleaned_after(page, MUTATION("{\"id\":4,\"attributes\":{\"src\":\"//evil\"}}", "{\"id\":5,\"value\":\"evil\"}"));
  g_assert_null(strstr(script, "evil"));
  g_autofree char *frame =
      cleaned_after(page, MUTATION("{\"id\":6,\"attributes\":{\"src\":\"data:image/png,evil\"}}", ""));
  g_assert_null(strstr(frame, "evil"));
  g_autofree char *object = cleaned_after(
      page, MUTATION("{\"id\":7,\"attributes\":{\"style\":{\"background\":\"url(//evil)\",\"color\":[\"red\","
                     "\"important\"],\"top\":false}}}",
                     "{\"id\":8,\"value\":\"said url(x)\"}"));
  g_assert_null(strstr(object, "evil"));
  g_assert_nonnull(strstr(object, "\"color\":[\"red\",\"important\"],\"top\":false"));
  g_assert_nonnull(strstr(object, "said url(x)"));
}

#define ADD(parent, node) "{\"parentId\":" parent ",\"nextId\":null,\"node\":" node "}"
#define ADDS(adds)                                                                                                     \
  "{\"type\":3,\"timestamp\":1001,\"data\":{\"source\":0,\"removes\":[],\"adds\":[" adds                               \
  "],\"texts\":[],\"attributes\":[]}}"

/* A text may be told before the element that it goes into, or without it. */
static void test_order(void) {
  const char *page = SNAPSHOT(ELEMENT("2", "p", "", ""));
  g_autofree char *before = cleaned_after(
      page, ADDS(ADD("9", TEXT("8", "@import '//evil';b{}")) "," ADD("2", ELEMENT("9", "style", "", ""))));
  g_assert_null(strstr(before, "evil"));
  g_assert_nonnull(strstr(before, "b{}"));
  g_autofree char *plain =
      cleaned_after(page, ADDS(ADD("9", TEXT("8", "@import 'x'")) "," ADD("2", ELEMENT("9", "p", "", ""))));
  g_assert_nonnull(strstr(plain, "\"@import 'x'\""));
  g_autofree char *alone = cleaned_after(page, ADDS(ADD("9", TEXT("8", "@import '//evil';"))));
  g_assert_null(strstr(alone, "evil"));
  g_autofree char *unknown =
      cleaned_after(page, MUTATION("{\"id\":77,\"attributes\":{\"src\":\"data:image/png,evil\"}}",
                                   "{\"id\":78,\"value\":\"@import '//evil';\"}"));
  g_assert_null(strstr(unknown, "evil"));
}

static void test_events(void) {
  static const char *const left_out[] = {
      "{\"type\":5,\"timestamp\":1001,\"data\":{\"tag\":\"ss:page\",\"payload\":{\"url\":\"evil\"}}}",
      "{\"type\":6,\"timestamp\":1001,\"data\":{\"plugin\":\"rrweb/console@1\",\"payload\":\"evil\"}}",
      "{\"type\":3,\"timestamp\":1001,\"data\":{\"source\":11,\"payload\":\"evil\"}}",
      "{\"type\":3,\"timestamp\":1001,\"data\":{\"source\":1,\"positions\":[{\"x\":1,\"y\":2,\"id\":3,\"timeOffset\":-"
      "2}]"
      "}}",
      "{\"type\":0,\"timestamp\":1001,\"data\":{\"x\":\"evil\"}}",
      "{\"type\":99,\"timestamp\":1001,\"data\":{\"x\":\"evil\"}}",
  };
  for (guint i = 0; i < G_N_ELEMENTS(left_out); i++) {
    g_autofree char *out = cleaned_after(NULL, left_out[i]);
    g_assert_cmpstr(out, ==, "");
  }
  g_autofree char *meta = cleaned_after(
      NULL, "{\"type\":4,\"timestamp\":1001,\"data\":{\"href\":\"https://a.test/b?evil#evil\",\"width\":1,\"height\":2,"
            "\"more\":\"evil\"}}");
  g_assert_cmpstr(meta, ==,
                  "{\"type\":4,\"timestamp\":1001,\"data\":{\"href\":\"https://a.test/b\",\"width\":1,\"height\":2}}");
  g_autofree char *input = cleaned_after(
      NULL,
      "{\"type\":3,\"timestamp\":1001,\"data\":{\"source\":5,\"id\":4,\"text\":\"a\",\"isChecked\":true,\"x\":1}}");
  g_assert_cmpstr(input, ==,
                  "{\"type\":3,\"timestamp\":1001,\"data\":{\"source\":5,\"id\":4,\"text\":\"a\",\"isChecked\":true}}");
  g_autofree char *rule = cleaned_after(
      NULL, "{\"type\":3,\"timestamp\":1001,\"data\":{\"source\":8,\"id\":4,\"adds\":[{\"rule\":\"a{b:url(evil)}\","
            "\"index\":[0,1]}]}}");
  g_assert_null(strstr(rule, "evil"));
  g_assert_nonnull(strstr(rule, "\"index\":[0,1]"));
  g_autofree char *canvas = cleaned_after(
      NULL, "{\"type\":3,\"timestamp\":1001,\"data\":{\"source\":9,\"id\":4,\"type\":0,\"commands\":[{\"property\":"
            "\"fillText\",\"args\":[\"Hi\",1,{\"src\":\"https://evil\"}]}]}}");
  g_assert_null(strstr(canvas, "evil"));
  g_assert_nonnull(strstr(canvas, "\"Hi\",1"));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/clip/clean/nodes", test_nodes);
  g_test_add_func("/clip/clean/later", test_later);
  g_test_add_func("/clip/clean/order", test_order);
  g_test_add_func("/clip/clean/events", test_events);
  return g_test_run();
}

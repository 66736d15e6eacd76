/* SPDX-License-Identifier: MIT */
/* What was drawn on a canvas is kept as calls; what was cleared since is not among them. */
#include "dom-fixture.h"

#define CALL(property, args) "{\"property\":\"" property "\",\"args\":[" args "]}"
#define TEXT(words) CALL("fillText", "\"" words "\",1,2")
#define CLEAR CALL("clearRect", "0,0,300,150")
#define FONT "{\"property\":\"font\",\"args\":[\"9px kept\"],\"setter\":true}"

static SightDom *page(void) {
  return fixture_page("", "{\"type\":2,\"id\":10,\"tagName\":\"canvas\",\"attributes\":{"
                          "\"rr_dataURL\":\"data:image/png;base64,first\"},\"childNodes\":[]}");
}

static void draw(SightDom *dom, const char *commands) {
  g_autofree char *json = g_strdup_printf("{\"type\":3,\"timestamp\":2000,\"data\":{\"source\":9,\"id\":10,\"type\":0,"
                                          "\"commands\":[%s]}}",
                                          commands);
  fixture_apply(dom, json);
}

static char *events_of(const SightDom *dom) {
  GString *out = g_string_new(NULL);
  g_assert_true(sight_dom_write_events(dom, 3000, out));
  return g_string_free(out, FALSE);
}

/* The events of a page with one canvas after batches of commands. */
static char *after(const char *const *batches) {
  g_autoptr(SightDom) dom = page();
  for (guint i = 0; batches[i] != NULL; i++)
    draw(dom, batches[i]);
  return events_of(dom);
}

static void assert_after(const char *const *batches, const char *there, const char *gone) {
  g_autofree char *events = after(batches);
  if (there != NULL && strstr(events, there) == NULL)
    g_error("%s is missing in %s", there, events);
  if (gone != NULL && strstr(events, gone) != NULL)
    g_error("%s is in %s", gone, events);
}

static void test_cleared(void) {
  assert_after((const char *const[]){TEXT("old") "," FONT, CLEAR "," TEXT("new"), NULL}, "\"new\"", "\"old\"");
  assert_after((const char *const[]){TEXT("old") "," FONT, CLEAR "," TEXT("new"), NULL}, "9px kept", "base64,first");
  assert_after((const char *const[]){TEXT("old") "," CLEAR "," TEXT("new"), NULL}, "\"new\"", "\"old\"");
  /* swept once, and what came after the first clearing by the second */
  assert_after((const char *const[]){TEXT("old"), CLEAR "," TEXT("middle") "," FONT, TEXT("more"),
                                     CALL("clearRect", "-1,-1,400,400"), TEXT("new"), NULL},
               "9px kept", "\"middle\"");
  assert_after((const char *const[]){CALL("save", "") "," CALL("translate", "9,9"), TEXT("old"), CALL("restore", ""),
                                     CLEAR, NULL},
               "translate", "\"old\"");
}

static void test_not_cleared(void) {
  assert_after((const char *const[]){TEXT("old"), CALL("clearRect", "0,0,299,150"), NULL}, "\"old\"", NULL);
  assert_after((const char *const[]){TEXT("old"), CALL("clearRect", "1,0,300,150"), NULL}, "\"old\"", NULL);
  assert_after((const char *const[]){TEXT("old"), CALL("clearRect", ""), NULL}, "\"old\"", NULL);
  assert_after((const char *const[]){CALL("translate", "9,9") "," TEXT("old"), CLEAR, NULL}, "\"old\"", NULL);
  assert_after((const char *const[]){CALL("clip", "") "," CALL("save", "") "," TEXT("old"), CALL("restore", ""),
                                     CALL("restore", ""), CLEAR, NULL},
               "\"old\"", NULL);
  assert_after(
      (const char *const[]){TEXT("old"), "{\"property\":\"clearRect\",\"args\":[0,0,300,150],\"setter\":true}", NULL},
      "base64,first", NULL);
}

/* A size empties a canvas, and makes its clearing another one. */
static void test_resized(void) {
  g_autoptr(SightDom) dom = page();
  draw(dom, TEXT("first-words"));
  fixture_mutate(dom, "", "", "", "{\"id\":10,\"attributes\":{\"width\":\"301\"}}");
  draw(dom, TEXT("second-words") "," CLEAR);
  g_autofree char *events = events_of(dom);
  g_assert_null(strstr(events, "first-words"));
  g_assert_null(strstr(events, "base64,first"));
  g_assert_nonnull(strstr(events, "second-words"));
}

/* Cleared again and again, what is left does not grow. */
static void test_many(void) {
  g_autoptr(GPtrArray) batches = g_ptr_array_new();
  for (guint i = 0; i < 5000; i++)
    g_ptr_array_add(batches, (gpointer)(CLEAR "," TEXT("words")));
  g_ptr_array_add(batches, NULL);
  g_autofree char *events = after((const char *const *)batches->pdata);
  const char *at = strstr(events, "\"words\"");
  g_assert_nonnull(at);
  g_assert_null(strstr(at + 1, "\"words\""));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/dom/canvas/cleared", test_cleared);
  g_test_add_func("/dom/canvas/not-cleared", test_not_cleared);
  g_test_add_func("/dom/canvas/resized", test_resized);
  g_test_add_func("/dom/canvas/many", test_many);
  return g_test_run();
}

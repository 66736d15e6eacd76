/* SPDX-License-Identifier: MIT */
/* Whole recordings, written by hand: what the session says of itself, page by page and moment by moment. */
#include "analysis-fixture.h"

#include "sight-batch-table.h"
#include "sight-recording.h"

#include <string.h>

#define CLICK(id, at)                                                                                                  \
  ",{\"type\":3,\"data\":{\"source\":2,\"type\":2,\"id\":" #id ",\"x\":50,\"y\":50},\"timestamp\":@" #at "}"
#define MOVE(at)                                                                                                       \
  ",{\"type\":3,\"data\":{\"source\":1,\"positions\":[{\"x\":1,\"y\":2,\"id\":3,\"timeOffset\":0}]},\"timestamp\":"    \
  "@" #at "}"
#define TEXT(id, at)                                                                                                   \
  ",{\"type\":3,\"data\":{\"source\":0,\"texts\":[{\"id\":" #id ",\"value\":\"x" #at                                   \
  "\"}],\"attributes\":[],\"removes\":[],\"adds\":[]},\"timestamp\":@" #at "}"
#define CUSTOM(tag, payload, at)                                                                                       \
  ",{\"type\":5,\"data\":{\"tag\":\"" tag "\",\"payload\":" payload "},\"timestamp\":@" #at "}"
#define META(href, at)                                                                                                 \
  ",{\"type\":4,\"data\":{\"href\":\"" href "\",\"width\":1280,\"height\":800},\"timestamp\":@" #at "}"

static SightAnalysis *analyse(AnalysisFixture *f, const char *more) {
  g_autofree char *events = g_strconcat(analysis_page, more, NULL);
  return analysis_of_events(f, events);
}

static const SightStoryItem *story(const SightAnalysis *analysis, SightStoryKind kind) {
  for (guint i = 0; i < analysis->story->len; i++) {
    const SightStoryItem *item = analysis->story->pdata[i];
    if (item->kind == kind)
      return item;
  }
  g_assert_not_reached();
}

static void test_pages(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(SightAnalysis) analysis = analyse(
      f, CUSTOM("ss:route", "{\"href\":\"https://shop.example/cart?a=1\",\"title\":\"Cart\",\"kind\":\"load\"}", 5)
             CUSTOM("ss:route", "{\"href\":\"https://shop.example/p/4711\",\"title\":\"Shoe\",\"kind\":\"push\"}", 4000)
                 META("https://shop.example/p/4711#pay", 5000) META("https://shop.example/done", 9000) MOVE(9500));
  const SightSession *session = analysis->session;
  g_assert_cmpint(session->n_pages, ==, 3);
  g_assert_cmpstr(session->entry, ==, "/cart");
  g_assert_cmpstr(session->exit, ==, "/done");
  g_assert_cmpint(session->started_ms, ==, FIXTURE_START);
  g_assert_cmpint(session->duration_ms, ==, 9500);
  const SightPageView *product = analysis->pages->pdata[1];
  g_assert_cmpstr(product->page, ==, "/p/:id");
  g_assert_cmpstr(product->url, ==, "https://shop.example/p/4711");
  g_assert_cmpint(product->start_ms, ==, 4000);
  g_assert_cmpint(product->end_ms, ==, 9000);
  g_assert_cmpstr(story(analysis, SIGHT_STORY_PAGE)->text, ==, "/cart");
  g_assert_cmpstr(story(analysis, SIGHT_STORY_PAGE)->detail, ==, "Cart");
  g_assert_cmpint(session->viewport_w, ==, 1280);
  g_assert_cmpstr(session->device, ==, "Desktop");
  g_assert_null(session->notice);
}

/* A fragment that names no element of the page is what a page with routes shows there; one that does is a place. */
static void test_fragments(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(SightAnalysis) analysis =
      analyse(f, META("https://shop.example/app#orders/17", 1000) META("https://shop.example/app#cart", 2000)
                     META("https://shop.example/app#ok", 3000) META("https://shop.example/app#a=b", 4000) MOVE(5000));
  g_assert_cmpint(analysis->session->n_pages, ==, 4);
  g_assert_cmpstr(((SightPageView *)analysis->pages->pdata[1])->page, ==, "/app#orders/:id");
  g_assert_cmpstr(((SightPageView *)analysis->pages->pdata[2])->page, ==, "/app#cart");
  g_assert_cmpstr(((SightPageView *)analysis->pages->pdata[3])->page, ==, "/app");
}

static void test_hash_routes(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(SightAnalysis) analysis = analyse(f, META("https://shop.example/cart?a=1#top", 1000)
                                                     META("https://shop.example/cart?a=1#/pay/12", 2000) MOVE(3000));
  g_assert_cmpint(analysis->session->n_pages, ==, 2);
  g_assert_cmpstr(analysis->session->exit, !=, "/cart");
}

static void test_foreign_pages(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(SightAnalysis) analysis = analyse(
      f,
      CUSTOM("$pageview", "{\"href\":\"https://shop.example/a\"}",
             1000) CUSTOM("breadcrumb", "{\"category\":\"navigation\",\"data\":{\"from\":\"/a\",\"to\":\"/b\"}}", 2000)
          CUSTOM("performanceSpan", "{\"op\":\"navigation.push\",\"description\":\"https://shop.example/c\"}", 3000));
  g_assert_cmpint(analysis->session->n_pages, ==, 4);
  g_assert_cmpstr(analysis->session->exit, ==, "/c");
}

/* A tag that nobody knows is an event of that name; what recorders tell of themselves is none. */
static void test_foreign_tags(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(SightAnalysis) analysis =
      analyse(f, CUSTOM("coupon used", "{\"code\":\"SPRING\"}", 1000) CUSTOM("note", "\"text\"", 1500)
                     CUSTOM("$session_options", "{\"a\":1}", 2000) CUSTOM("options", "{\"a\":1}", 2500)
                         CUSTOM("ss:later", "{\"a\":1}", 3000));
  g_assert_cmpuint(analysis_count_story(analysis, SIGHT_STORY_EVENT), ==, 2);
  g_assert_cmpstr(story(analysis, SIGHT_STORY_EVENT)->text, ==, "coupon used");
}

static void test_context(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(SightAnalysis) analysis =
      analyse(f, CUSTOM("ss:context",
                        "{\"release\":\"2.1\",\"user_agent\":\"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 "
                        "(KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36\"}",
                        10) CUSTOM("ss:identify", "{\"user\":\"ada\",\"traits\":{}}", 500)
                     CUSTOM("ss:identify", "{\"user\":\"ada\"}", 600));
  g_assert_cmpstr(analysis->session->release, ==, "2.1");
  g_assert_cmpstr(analysis->session->device, ==, "Chrome on Linux");
  g_assert_cmpstr(analysis->session->user, ==, "ada");
  g_assert_cmpuint(analysis_count_story(analysis, SIGHT_STORY_IDENTIFY), ==, 1);
}

static void test_clicks(AnalysisFixture *f, gconstpointer data) {
  /* A label passes its click on to the field: still one click. */
  g_autoptr(SightAnalysis) analysis =
      analyse(f, CLICK(11, 1000) TEXT(21, 1100) CLICK(50, 5000) CLICK(60, 5001) TEXT(21, 5002) MOVE(20000));
  g_assert_cmpint(analysis->session->n_clicks, ==, 2);
  g_assert_cmpstr(story(analysis, SIGHT_STORY_CLICK)->text, ==, "Pay now");
  g_assert_cmpuint(analysis->signals->len, ==, 0);
}

static void test_rage_and_dead(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(SightAnalysis) analysis =
      analyse(f, CLICK(10, 1000) CLICK(10, 1300) CLICK(10, 1600) CLICK(20, 20000) MOVE(40000));
  g_assert_cmpuint(analysis_count(analysis, SIGHT_SIGNAL_RAGE), ==, 1);
  g_assert_cmpuint(analysis_count(analysis, SIGHT_SIGNAL_DEAD), ==, 2);
  for (guint i = 0; i < analysis->signals->len; i++) {
    const SightSignal *signal = analysis->signals->pdata[i];
    if (signal->kind == SIGHT_SIGNAL_RAGE)
      g_assert_true(signal->severe);
  }
  g_assert_cmpuint(analysis_count_story(analysis, SIGHT_STORY_SIGNAL), ==, 3);
  g_assert_cmpfloat_with_epsilon(analysis->session->friction, 4 + 1 + 0.5, 1e-9);
  g_assert_cmpuint(analysis->session->marks->len, ==, 3);
}

/* The clock of the page ticks before and after: no answer. Its text next to it is one. */
static void test_dead_beside_clock(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(SightAnalysis) analysis =
      analyse(f, TEXT(41, 1000) TEXT(41, 2000) TEXT(41, 3000) TEXT(41, 4000) CLICK(10, 4500) TEXT(41, 5000)
                     TEXT(41, 6000) TEXT(41, 7000) TEXT(41, 8000) TEXT(41, 9000) TEXT(41, 10000) TEXT(41, 11000)
                         TEXT(41, 12000) CLICK(10, 12500) TEXT(21, 12600) TEXT(41, 13000) TEXT(41, 30000));
  g_assert_cmpuint(analysis_count(analysis, SIGHT_SIGNAL_DEAD), ==, 1);
  g_assert_cmpint(((SightSignal *)analysis->signals->pdata[0])->start_ms, ==, 4500);
}

static void test_scrolling(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(GString) more = g_string_new(MOVE(900));
  for (int i = 0; i < 9; i++)
    g_string_append_printf(more, ",{\"type\":3,\"data\":{\"source\":3,\"id\":1,\"x\":0,\"y\":%d},\"timestamp\":@%d}",
                           i % 2 * 500, 1000 + i * 1000);
  g_autoptr(SightAnalysis) analysis = analyse(f, more->str);
  g_assert_cmpuint(analysis_count(analysis, SIGHT_SIGNAL_SCROLL), ==, 1);
  g_assert_cmpstr(((SightSignal *)analysis->signals->pdata[0])->page, ==, "/cart");
  g_assert_cmpuint(analysis_count_story(analysis, SIGHT_STORY_SCROLL), ==, 1);
}

/* The same exception from our recorder and from the console plugin is one. */
static void test_errors(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(SightAnalysis) analysis = analyse(
      f,
      CUSTOM(
          "ss:error", "{\"kind\":\"exception\",\"message\":\"TypeError: a is null\",\"stack\":\"at f (x.js:1:1)\"}",
          1000) ",{\"type\":6,\"data\":{\"plugin\":\"rrweb/console@1\",\"payload\":{\"level\":\"error\",\"trace\":"
                "[\"x.js:1:1\"],\"payload\":[\"\\\"Uncaught TypeError: a is null\\\"\"]}},\"timestamp\":@1002}"
                ",{\"type\":6,\"data\":{\"plugin\":\"rrweb/console@1\",\"payload\":{\"level\":\"error\",\"trace\":[],"
                "\"payload\":[\"\\\"no prices\\\"\",\"{\\\"a\\\":1}\"]}},\"timestamp\":@3000}"
                ",{\"type\":6,\"data\":{\"plugin\":\"rrweb/console@1\",\"payload\":{\"level\":\"warn\",\"trace\":[],"
                "\"payload\":[\"\\\"old\\\"\"]}},\"timestamp\":@4000}" CUSTOM(
                    "js-error",
                    "{\"message\":\"Uncaught RangeError: b\",\"stack\":\"RangeError: b\\n at g (y.js:2:2)\"}", 6000));
  g_assert_cmpuint(analysis_count(analysis, SIGHT_SIGNAL_ERROR), ==, 2);
  g_assert_cmpint(analysis->session->n_errors, ==, 2);
  g_assert_cmpuint(analysis_count(analysis, SIGHT_SIGNAL_CONSOLE), ==, 1);
  g_assert_cmpuint(analysis->console->len, ==, 4);
  const SightConsoleItem *printed = analysis->console->pdata[1];
  g_assert_cmpint(printed->level, ==, SIGHT_CONSOLE_ERROR);
  g_assert_cmpstr(printed->message, ==, "no prices {\"a\":1}");
  g_assert_cmpint(((SightConsoleItem *)analysis->console->pdata[2])->level, ==, SIGHT_CONSOLE_WARN);
  g_assert_true(analysis->session->flags & SIGHT_SESSION_ERRORED);
}

static void test_log_of_version_1(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(SightAnalysis) analysis = analyse(f, ",{\"type\":3,\"data\":{\"source\":11,\"level\":\"error\",\"trace\":[]"
                                                 ",\"payload\":[\"\\\"lost\\\"\"]},\"timestamp\":"
                                                 "@500}");
  g_assert_cmpuint(analysis_count(analysis, SIGHT_SIGNAL_CONSOLE), ==, 1);
}

static void test_requests(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(SightAnalysis) analysis = analyse(
      f,
      CUSTOM("ss:request",
             "{\"kind\":\"fetch\",\"method\":\"POST\",\"url\":\"/api/pay\",\"status\":500,\"duration_ms\":300}", 1000)
          CUSTOM("ss:request", "{\"method\":\"GET\",\"url\":\"/ok\",\"status\":200,\"duration_ms\":9999999}", 2000)
              CUSTOM("ss:request",
                     "{\"method\":\"GET\",\"url\":\"/gone\",\"status\":0,\"error\":\"AbortError: aborted\"}", 3000)
                  CUSTOM("network", "{\"method\":\"POST\",\"url\":\"/api/x\",\"status\":404,\"ms\":30}", 4000)
                      CUSTOM("performanceSpan",
                             "{\"op\":\"resource.fetch\",\"description\":\"/api/y\",\"startTimestamp\":1700000004.5,"
                             "\"endTimestamp\":1700000005,\"data\":{\"method\":\"GET\",\"statusCode\":502}}",
                             5000));
  g_assert_cmpuint(analysis->requests->len, ==, 5);
  g_assert_cmpuint(analysis_count(analysis, SIGHT_SIGNAL_REQUEST), ==, 3);
  const SightRequestItem *ok = analysis->requests->pdata[0];
  g_assert_cmpstr(ok->url, ==, "/ok");
  g_assert_cmpint(ok->at_ms, ==, 0);
  const SightRequestItem *pay = analysis->requests->pdata[1];
  g_assert_cmpint(pay->at_ms, ==, 700);
  g_assert_cmpint(pay->duration_ms, ==, 300);
  g_assert_cmpint(pay->status, ==, 500);
  const SightRequestItem *span = analysis->requests->pdata[4];
  g_assert_cmpint(span->duration_ms, ==, 500);
}

static void test_form_story(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(SightAnalysis) analysis =
      analyse(f, CUSTOM("ss:form", "{\"form\":\"checkout\",\"what\":\"focus\",\"field\":{\"id\":30}}", 1000)
                     CUSTOM("ss:form", "{\"form\":\"checkout\",\"what\":\"submit\"}", 9000)
                         CUSTOM("ss:event", "{\"name\":\"coupon\"}", 9500));
  g_assert_cmpuint(analysis_count_story(analysis, SIGHT_STORY_FORM), ==, 1);
  g_assert_cmpstr(story(analysis, SIGHT_STORY_FORM)->detail, ==, "submit");
  g_assert_cmpstr(story(analysis, SIGHT_STORY_EVENT)->text, ==, "coupon");
}

/* That a form was left is told once: by its signal, which has the reason. */
static void test_form_left(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(SightAnalysis) analysis = analyse(
      f,
      CUSTOM(
          "ss:form", "{\"form\":\"checkout\",\"what\":\"focus\",\"field\":{\"id\":30}}",
          1000) ",{\"type\":3,\"data\":{\"source\":5,\"id\":30,\"text\":\"a\",\"isChecked\":false},\"timestamp\":@1500}"

      CUSTOM("ss:form", "{\"form\":\"checkout\",\"what\":\"leave\"}", 9000));
  g_assert_cmpuint(analysis_count(analysis, SIGHT_SIGNAL_FORM), ==, 1);
  g_assert_cmpuint(analysis_count_story(analysis, SIGHT_STORY_SIGNAL), ==, analysis->signals->len);
  g_assert_cmpuint(analysis_count_story(analysis, SIGHT_STORY_FORM), ==, 0);
}

static void test_idle(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(SightAnalysis) analysis = analyse(f, MOVE(5000) MOVE(14000) MOVE(30000) TEXT(21, 45000));
  g_assert_cmpuint(analysis->idle->len, ==, 2);
  const SightIdleSpan *first = &g_array_index(analysis->idle, SightIdleSpan, 0);
  const SightIdleSpan *second = &g_array_index(analysis->idle, SightIdleSpan, 1);
  g_assert_cmpint(first->start_ms, ==, 14000);
  g_assert_cmpint(first->end_ms, ==, 30000);
  g_assert_cmpint(second->start_ms, ==, 30000);
  g_assert_cmpint(second->end_ms, ==, 45000);
  g_assert_cmpuint(analysis_count_story(analysis, SIGHT_STORY_IDLE), ==, 2);
}

#define MEDIA(id, type, at)                                                                                            \
  ",{\"type\":3,\"data\":{\"source\":7,\"id\":" #id ",\"type\":" #type "},\"timestamp\":@" #at "}"

/* Whoever watches a film is not idle; a film that loops is decoration. */
static void test_watching(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(SightAnalysis) analysis =
      analyse(f, MOVE(1000) MEDIA(70, 0, 2000) MEDIA(70, 1, 40000) MOVE(41000) MEDIA(80, 0, 41500) MOVE(70000));
  g_assert_cmpuint(analysis->idle->len, ==, 1);
  g_assert_cmpint(g_array_index(analysis->idle, SightIdleSpan, 0).start_ms, ==, 41000);
}

static void test_curve(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(SightAnalysis) analysis = analyse(f, CLICK(10, 50000) TEXT(21, 50010) MOVE(60000) TEXT(21, 100000));
  g_assert_cmpuint(analysis->curve[SIGHT_CURVE_BINS / 2], ==, 255);
  g_assert_cmpuint(analysis->curve[SIGHT_CURVE_BINS / 4], ==, 0);
  g_assert_cmpuint(analysis->session->activity[SIGHT_ACTIVITY_BINS / 2], ==, 255);
}

static void test_typing(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(GString) more = g_string_new(NULL);
  for (int i = 0; i < 20; i++)
    g_string_append_printf(
        more,
        ",{\"type\":3,\"data\":{\"source\":5,\"id\":30,\"text\":\"secret-%d\",\"isChecked\":false},\"timestamp\":@%d}",
        i, 1000 + i * 200);
  g_autoptr(SightAnalysis) analysis = analyse(f, more->str);
  g_assert_cmpuint(analysis_count_story(analysis, SIGHT_STORY_INPUT), ==, 1);
  const SightStoryItem *item = story(analysis, SIGHT_STORY_INPUT);
  g_assert_cmpstr(item->text, ==, "E-mail");
  g_assert_cmpint(item->end_ms - item->start_ms, ==, 3800);
  for (guint i = 0; i < analysis->story->len; i++)
    g_assert_null(strstr(((SightStoryItem *)analysis->story->pdata[i])->text, "secret"));
}

/* Two tabs of one visitor have the same node ids and must not mix. */
static void test_two_tabs(AnalysisFixture *f, gconstpointer data) {
  g_autofree char *first =
      g_strconcat(analysis_page,
                  MOVE(1000) CUSTOM("ss:visibility", "{\"hidden\":true}", 5000)
                      CUSTOM("ss:visibility", "{\"hidden\":false}", 20000) CLICK(10, 21000) MOVE(25000),
                  NULL);
  analysis_put(f, "s-1-abcdef", "w1", 0, first);
  analysis_put(
      f, "s-1-abcdef", "w2", 0,
      "{\"type\":4,\"data\":{\"href\":\"https://shop.example/help\",\"width\":800,\"height\":600},\"timestamp\":@5100}"
      ",{\"type\":3,\"data\":{\"source\":1,\"positions\":[]},\"timestamp\":@7000}"
      ",{\"type\":5,\"data\":{\"tag\":\"ss:visibility\",\"payload\":{\"hidden\":true}},\"timestamp\":@19990}");
  g_autoptr(SightAnalysis) analysis = analysis_of(f, "s-1-abcdef");
  g_assert_cmpint(analysis->session->n_windows, ==, 2);
  g_assert_cmpuint(analysis->spans->len, ==, 3);
  const SightWindowSpan *second = analysis->spans->pdata[1], *third = analysis->spans->pdata[2];
  g_assert_cmpstr(second->window, ==, "w2");
  g_assert_cmpint(second->start_ms, ==, 5100);
  g_assert_cmpstr(third->window, ==, "w1");
  g_assert_cmpuint(analysis_count_story(analysis, SIGHT_STORY_TAB), ==, 2);
  g_assert_cmpstr(analysis->session->exit, ==, "/cart");
  g_assert_cmpuint(analysis_count(analysis, SIGHT_SIGNAL_DEAD), ==, 1);
}

static void test_no_snapshot(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(SightAnalysis) analysis = analysis_of_events(f, FIXTURE_META CLICK(10, 1000) MOVE(9000));
  g_assert_true(analysis->session->flags & SIGHT_SESSION_NO_SNAPSHOT);
  g_assert_nonnull(strstr(analysis->session->notice, "nothing to replay"));
  g_assert_cmpuint(analysis_count(analysis, SIGHT_SIGNAL_DEAD), ==, 0);
}

static void test_missing_batches(AnalysisFixture *f, gconstpointer data) {
  analysis_put(f, "session-1", "w1", 0, analysis_page);
  analysis_put(f, "session-1", "w1", 1, "{\"type\":3,\"data\":{\"source\":1,\"positions\":[]},\"timestamp\":@130000}");
  analysis_put(f, "session-1", "w1", 5, "{\"type\":3,\"data\":{\"source\":1,\"positions\":[]},\"timestamp\":@160000}");
  g_autoptr(SightAnalysis) analysis = analysis_of(f, "session-1");
  g_assert_cmpstr(analysis->session->notice, ==, "3 batches are missing between 2:10 and 2:40.");
  g_assert_true(analysis->session->flags & SIGHT_SESSION_PARTIAL);
  const SightIdleSpan *last = &g_array_index(analysis->idle, SightIdleSpan, analysis->idle->len - 1);
  g_assert_true(last->missing);
  g_assert_cmpint(last->start_ms, ==, 130000);
  g_assert_cmpint(last->end_ms, ==, 160000);
  g_assert_cmpuint(analysis_count_story(analysis, SIGHT_STORY_GAP), ==, 1);
}

/* What the other tab recorded meanwhile is there: the rest of the hole is not. */
static void test_missing_beside_another_tab(AnalysisFixture *f, gconstpointer data) {
  analysis_put(f, "session-1", "w1", 0, analysis_page);
  analysis_put(f, "session-1", "w1", 1, "{\"type\":3,\"data\":{\"source\":1,\"positions\":[]},\"timestamp\":@130000}");
  analysis_put(f, "session-1", "w1", 5, "{\"type\":3,\"data\":{\"source\":1,\"positions\":[]},\"timestamp\":@160000}");
  analysis_put(f, "session-1", "w2", 0, "{\"type\":3,\"data\":{\"source\":1,\"positions\":[]},\"timestamp\":@145000}");
  g_autoptr(SightAnalysis) analysis = analysis_of(f, "session-1");
  g_assert_cmpuint(analysis_count_story(analysis, SIGHT_STORY_GAP), ==, 2);
  const SightIdleSpan *last = &g_array_index(analysis->idle, SightIdleSpan, analysis->idle->len - 1);
  g_assert_cmpint(last->start_ms, ==, 145000);
}

static void test_missing_beginning(AnalysisFixture *f, gconstpointer data) {
  analysis_put(f, "session-1", "w1", 2, analysis_page);
  g_autoptr(SightAnalysis) analysis = analysis_of(f, "session-1");
  g_assert_cmpstr(analysis->session->notice, ==, "The first 2 batches of a tab are missing.");
}

#define PAGE_OF(nodes, at)                                                                                             \
  ",{\"type\":2,\"data\":{\"node\":{\"type\":0,\"id\":1,\"childNodes\":[" nodes                                        \
  "]},\"initialOffset\":{\"left\":0,\"top\":0}},\"timestamp\":@" #at "}"
#define NODE_OF(id, tag, attributes)                                                                                   \
  "{\"type\":2,\"id\":" #id ",\"tagName\":\"" tag "\",\"attributes\":{" attributes "},\"childNodes\":[]}"

/* What is on purpose not in a recording is told once with its reason, also of a page that was left. */
static void test_not_recorded(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(SightAnalysis) none = analysis_of_events(
      f,
      FIXTURE_META PAGE_OF(NODE_OF(2, "canvas", "\"hidden\":\"\"") "," NODE_OF(
                               3, "canvas", "\"rr_dataURL\":\"data:image/png;base64,AA\"") "," NODE_OF(4, "iframe", ""),
                           100) MOVE(9000));
  g_assert_null(none->session->notice);
  g_autofree char *left = g_strconcat(FIXTURE_META PAGE_OF(NODE_OF(2, "canvas", "") "," NODE_OF(3, "canvas", ""), 100),
                                      PAGE_OF(NODE_OF(2, "iframe", "\"rr_src\":\"https://ads.example/\"") "," NODE_OF(
                                                  3, "div", "\"rr_width\":\"9px\",\"rr_height\":\"9px\""),
                                              5000) MOVE(9000),
                                      NULL);
  analysis_put(f, "session-2", "w1", 0, left);
  g_autoptr(SightAnalysis) all = analysis_of(f, "session-2");
  g_assert_cmpstr(all->session->notice, ==,
                  "Not recorded: drawings (the recorder was not asked to), frames of other sites (a page cannot read "
                  "them), masked elements (the page asked for it).");
  g_assert_false(all->session->flags & SIGHT_SESSION_PARTIAL);
}

static void test_lost_batches(AnalysisFixture *f, gconstpointer data) {
  analysis_put(f, "session-1", "w1", 0, analysis_page);
  analysis_put_raw(f, "session-1", "w1", 1, NULL, FIXTURE_START + 5000, FIXTURE_START + 6000);
  g_autoptr(SightAnalysis) analysis = analysis_of(f, "session-1");
  g_assert_cmpstr(analysis->session->notice, ==, "1 batch is damaged and was left out.");
  g_assert_true(analysis->session->flags & SIGHT_SESSION_PARTIAL);
}

/* What is told of nodes that are not there; and more attributes than one may have. */
static void test_odd_changes(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(SightAnalysis) odd =
      analyse(f, ",{\"type\":3,\"data\":{\"source\":0,\"texts\":[{\"id\":999,\"value\":\"x\"}],\"attributes\":[],"
                 "\"removes\":[{\"id\":998,\"parentId\":10}],\"adds\":[]},\"timestamp\":@1000}");
  g_assert_cmpstr(odd->session->notice, ==, "2 changes do not fit their page and were left out.");
  g_autoptr(GString) events = g_string_new(analysis_page);
  g_string_append(events, ",{\"type\":3,\"data\":{\"source\":0,\"texts\":[],\"removes\":[],\"adds\":[],\"attributes\":["
                          "{\"id\":20,\"attributes\":{\"a\":\"\"");
  for (int i = 0; i < 1024; i++)
    g_string_append_printf(events, ",\"a%d\":\"\"", i);
  g_string_append(events, "}}]},\"timestamp\":@1000}");
  analysis_put(f, "session-2", "w1", 0, events->str);
  g_autoptr(SightAnalysis) large = analysis_of(f, "session-2");
  g_assert_cmpstr(large->session->notice, ==, "1 part of a page was too much to draw or to look at.");
}

/* Each address asks whether one of very many elements has such an id: more work than those few bytes pay for. */
static void test_too_much_to_look_at(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(GString) events = g_string_new(analysis_page);
  g_string_append(events,
                  ",{\"type\":3,\"data\":{\"source\":0,\"texts\":[],\"removes\":[],\"attributes\":[],\"adds\":[");
  for (int i = 0; i < 4000; i++)
    g_string_append_printf(events,
                           "%s{\"parentId\":20,\"nextId\":null,\"node\":{\"type\":2,\"id\":%d,\"tagName\":\"b\"}}",
                           i > 0 ? "," : "", 1000 + i);
  g_string_append(events, "]},\"timestamp\":@1000}");
  for (int i = 0; i < 1000; i++)
    g_string_append_printf(events,
                           ",{\"type\":5,\"data\":{\"tag\":\"ss:route\",\"payload\":{\"href\":"
                           "\"https://shop.example/cart#a%d\"}},\"timestamp\":@%d}",
                           i, 2000 + i);
  g_autoptr(SightAnalysis) analysis = analysis_of_events(f, events->str);
  g_assert_nonnull(analysis->session->notice);
  g_assert_nonnull(strstr(analysis->session->notice, "parts of a page were too much to draw or to look at."));
}

/* What clocks may say: backwards, before 1970, no number, the last moment of JavaScript and after it, and honest ones.
 */
static char *any_time(void) {
  static const char *const absurd[] = {"-1",
                                       "0",
                                       "1",
                                       "-8640000000000000",
                                       "8640000000000000",
                                       "8640000000000001",
                                       "9100000000000000",
                                       "1e300",
                                       "-1e9",
                                       "1e15",
                                       "17",
                                       "null",
                                       "\"soon\"",
                                       "9223372036854775807",
                                       "1700000000000.75"};
  if (g_test_rand_int_range(0, 3) == 0)
    return g_strdup(absurd[g_test_rand_int_range(0, G_N_ELEMENTS(absurd))]);
  return g_strdup_printf("%" G_GINT64_FORMAT, FIXTURE_START + g_test_rand_int_range(0, 90000));
}

static char *any_events(void) {
  static const char *const kinds[] = {
      "{\"type\":3,\"data\":{\"source\":2,\"type\":2,\"id\":10,\"x\":5,\"y\":5},\"timestamp\":%s}",
      "{\"type\":3,\"data\":{\"source\":1,\"positions\":[{\"x\":1,\"y\":2,\"id\":3,\"timeOffset\":-1e18}]},"
      "\"timestamp\":%s}",
      "{\"type\":3,\"data\":{\"source\":0,\"texts\":[{\"id\":21,\"value\":\"Due\"}],\"attributes\":[],\"removes\":[],"
      "\"adds\":[]},"
      "\"timestamp\":%s}",
      "{\"type\":5,\"data\":{\"tag\":\"ss:request\",\"payload\":{\"method\":\"GET\",\"url\":\"/a\",\"status\":500,"
      "\"duration_ms\":9e15}},\"timestamp\":%s}",
      "{\"type\":4,\"data\":{\"href\":\"https://shop.example/b\",\"width\":9,\"height\":9},\"timestamp\":%s}"};
  g_autoptr(GString) events = g_string_new("[");
  for (int i = g_test_rand_int_range(1, 6); i > 0; i--) {
    g_autofree char *time = any_time();
    g_auto(GStrv) parts = g_strsplit(kinds[g_test_rand_int_range(0, G_N_ELEMENTS(kinds))], "%s", 2);
    g_string_append_printf(events, "%s%s%s%s", events->len > 1 ? "," : "", parts[0], time, parts[1]);
  }
  g_string_append_c(events, ']');
  return g_string_free(g_steal_pointer(&events), FALSE);
}

static void check_readable(AnalysisFixture *f, gint64 row) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) windows = sight_recording_open(f->store, row, NULL, &error);
  g_assert_no_error(error);
  for (guint i = 0; i < windows->len; i++) {
    SightTrack *track = ((SightRecordingWindow *)windows->pdata[i])->track;
    g_autoptr(SightCursor) cursor = sight_cursor_new(track);
    gint64 first = sight_track_first_ms(track), last = sight_track_last_ms(track);
    g_assert_cmpint(first, <=, last);
    g_assert_true(sight_cursor_seek(cursor, last + 1, &error));
    g_assert_true(sight_cursor_seek(cursor, first + (last - first) / 2, &error));
    g_assert_true(sight_cursor_seek(cursor, first, &error));
  }
}

/* Whatever clocks say, and whichever batches are missing: the order in which those that are there arrive changes
 * nothing. */
static void test_any_order(AnalysisFixture *f, gconstpointer data) {
  for (int round = 0; round < 40; round++) {
    char *batches[9] = {NULL};
    for (guint i = 0; i < G_N_ELEMENTS(batches); i++)
      batches[i] = i > 0 && g_test_rand_int_range(0, 4) == 0 ? NULL : any_events();
    g_autofree char *one = g_strdup_printf("sorted-%d", round), *two = g_strdup_printf("shuffled-%d", round);
    const char *const names[] = {one, two};
    for (int way = 0; way < 2; way++) {
      guint step = way == 0 ? 1 : 4; /* 0 4 8 3 7 2 6 1 5 */
      for (guint i = 0; i < G_N_ELEMENTS(batches); i++) {
        guint k = i * step % G_N_ELEMENTS(batches);
        if (k == 1)
          analysis_put(f, names[way], "w0", 3, analysis_page);
        if (batches[k] != NULL)
          analysis_put_raw(f, names[way], k % 2 == 0 ? "w0" : "w1", k, batches[k], FIXTURE_START,
                           FIXTURE_START + 90000);
      }
    }
    g_autoptr(SightAnalysis) sorted = analysis_of(f, names[0]), shuffled = analysis_of(f, names[1]);
    g_autofree char *terms = analysis_describe_terms(sorted->occurrences, TRUE);
    g_autofree char *others = analysis_describe_terms(shuffled->occurrences, TRUE);
    g_assert_cmpstr(sorted->session->notice, ==, shuffled->session->notice);
    g_assert_cmpint(sorted->session->duration_ms, ==, shuffled->session->duration_ms);
    g_assert_cmpstr(terms, ==, others);
    check_readable(f, shuffled->session->row);
    for (guint i = 0; i < G_N_ELEMENTS(batches); i++)
      g_free(batches[i]);
  }
}

static void test_unreadable_events(AnalysisFixture *f, gconstpointer data) {
  analysis_put(f, "session-1", "w1", 0, analysis_page);
  analysis_put_raw(f, "session-1", "w1", 1, "[{\"type\":\"x\"},17,{\"type\":3,\"timestamp\":1700000005000}]",
                   FIXTURE_START + 5000, FIXTURE_START + 5000);
  g_autoptr(SightAnalysis) analysis = analysis_of(f, "session-1");
  g_assert_nonnull(strstr(analysis->session->notice, "2 events"));
  g_assert_cmpint(analysis->session->duration_ms, ==, 5000);
}

static void test_ten_years(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(SightAnalysis) analysis = analyse(f, MOVE(1000) MOVE(315360000000) CLICK(10, 315360001000));
  g_assert_cmpint(analysis->session->duration_ms, ==, 315360001000);
  g_assert_cmpuint(analysis->idle->len, ==, 1);
}

static void test_hostile_strings(AnalysisFixture *f, gconstpointer data) {
  g_autofree char *huge = g_strnfill(300000, 'h');
  g_autofree char *events = g_strconcat(
      analysis_page,
      CUSTOM("ss:identify", "{\"user\":\"<script>alert(1)</script>\\u202e\\u0000x\"}", 100)
          CUSTOM("ss:route", "{\"href\":\"javascript:alert(1)//<b>\",\"title\":\"<b>\\u202e</b>\"}", 200)
              CUSTOM("ss:error", "{\"message\":[1,2],\"stack\":{\"a\":1}}", 300) CUSTOM("ss:error", "null", 9000)
                  CUSTOM("ss:request", "{\"status\":1e300,\"duration_ms\":-5}", 9100)
                      CUSTOM("ss:form", "{\"form\":1e99,\"what\":\"submit\"}", 9200),
      ",{\"type\":5,\"data\":{\"tag\":\"ss:event\",\"payload\":{\"name\":\"", huge, "\"}},\"timestamp\":@9300}",
      ",{\"type\":5,\"data\":{\"tag\":\"", huge, "\",\"payload\":1},\"timestamp\":@9400}", NULL);
  g_autoptr(SightAnalysis) analysis = analysis_of_events(f, events);
  g_assert_null(strstr(analysis->session->user, "\u202e"));
  g_assert_cmpint(g_utf8_strlen(analysis->session->user, -1), <, 201);
}

typedef struct {
  AnalysisFixture *fixture;
  gint64 row;
} Cancelled;

static gboolean run_cancelled(SightDb *db, gpointer user_data, GError **error) {
  Cancelled *cancelled = user_data;
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  g_cancellable_cancel(cancellable);
  g_autoptr(SightAnalysis) analysis =
      sight_analysis_run(db, cancelled->row, cancelled->fixture->rules, NULL, cancellable, error);
  return analysis != NULL;
}

static void test_cancelled(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(GError) error = NULL;
  analysis_put(f, "session-1", "w1", 0, analysis_page);
  Cancelled cancelled = {.fixture = f, .row = analysis_row(f, "session-1")};
  g_assert_false(sight_store_read(f->store, run_cancelled, &cancelled, &error));
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void test_no_such_session(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(GError) error = NULL;
  Cancelled cancelled = {.fixture = f, .row = 4711};
  g_assert_false(sight_store_read(f->store, run_cancelled, &cancelled, &error));
  g_assert_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND);
}

/* More tabs than anybody has: the first are taken, and the rest is told of. */
static void test_many_tabs(AnalysisFixture *f, gconstpointer data) {
  for (int i = 0; i < SIGHT_MAX_WINDOWS + 44; i++) {
    g_autofree char *window = g_strdup_printf("w%d", 999 - i);
    g_autofree char *event = g_strdup_printf(FIXTURE_META ",{\"type\":5,\"data\":{},\"timestamp\":@%d}", i);
    analysis_put(f, "session-1", window, 0, event);
  }
  g_autoptr(SightAnalysis) analysis = analysis_of(f, "session-1");
  g_assert_cmpint(analysis->session->n_windows, ==, SIGHT_MAX_WINDOWS);
  g_assert_nonnull(strstr(analysis->session->notice, "44 more tabs"));
  g_assert_cmpuint(analysis->session->flags & SIGHT_SESSION_PARTIAL, !=, 0);
  g_autoptr(GPtrArray) windows = sight_recording_open(f->store, analysis->session->row, NULL, NULL);
  g_assert_cmpuint(windows->len, ==, SIGHT_MAX_WINDOWS);
}

static void assert_short(const char *text, guint max_chars) {
  g_assert_cmpint(text != NULL ? g_utf8_strlen(text, -1) : 0, <=, max_chars);
}

/* Whatever a recording calls something, what is kept of it is no longer than a person reads: it becomes rows and
 * entries of indexes. */
static void test_long_names(AnalysisFixture *f, gconstpointer data) {
  static const char *const acts[] = {
      META("https://shop.example/#/a?#", 5),
      CUSTOM("ss:route", "{\"href\":\"https://shop.example/b/#\",\"title\":\"#\"}", 10),
      CUSTOM("ss:context", "{\"release\":\"#\",\"user_agent\":\"#\"}", 20),
      CUSTOM("ss:identify", "{\"user\":\"#\"}", 30),
      CUSTOM("ss:event", "{\"name\":\"#\"}", 40),
      ",{\"type\":3,\"data\":{\"source\":0,\"attributes\":[{\"id\":10,\"attributes\":{\"id\":\"#\",\"class\":\"#\","
      "\"data-testid\":\"#\",\"aria-label\":\"#\",\"name\":\"#\"}}]},\"timestamp\":@50}",
      CLICK(10, 60) CLICK(10, 160) CLICK(10, 260) CLICK(10, 360),
      CUSTOM("ss:error", "{\"message\":\"#\",\"stack\":\"#\",\"source\":\"#\"}", 400),
      CLICK(10, 5000) CUSTOM("ss:error", "{\"message\":\"# 2\"}", 5010),
      CUSTOM("ss:request", "{\"method\":\"#\",\"url\":\"/#\",\"status\":500,\"error\":\"#\",\"duration_ms\":9}", 5020),
      CUSTOM("ss:form", "{\"what\":\"change\",\"form\":\"#\",\"field\":{\"id\":30,\"name\":\"#\"},\"refills\":9}",
             5030),
      CUSTOM("ss:form", "{\"what\":\"leave\",\"form\":\"#\",\"field\":{\"id\":30,\"name\":\"#\"},\"refills\":9}", 9000),
      META("https://shop.example/c", 20000),
  };
  g_autofree char *name = g_strnfill(30000, 'n'), *text = g_strdup("");
  for (guint i = 0; i < G_N_ELEMENTS(acts); i++) {
    g_auto(GStrv) parts = g_strsplit(acts[i], "#", -1);
    g_autofree char *act = g_strjoinv(name, parts), *before = text;
    text = g_strconcat(before, act, NULL);
  }
  g_autoptr(SightAnalysis) analysis = analyse(f, text);
  const SightSession *session = analysis->session;
  const char *const of_session[] = {session->user, session->entry, session->exit, session->device, session->release};
  for (guint i = 0; i < G_N_ELEMENTS(of_session); i++)
    assert_short(of_session[i], 2001);
  g_assert_cmpuint(analysis->signals->len, >, 1);
  for (guint i = 0; i < analysis->signals->len; i++) {
    const SightSignal *signal = analysis->signals->pdata[i];
    const char *const of_signal[] = {signal->page, signal->selector, signal->target, signal->message,
                                     signal->fingerprint};
    for (guint j = 0; j < G_N_ELEMENTS(of_signal); j++)
      assert_short(of_signal[j], 2001);
  }
  g_assert_cmpuint(analysis->pages->len, ==, 4);
  for (guint i = 0; i < analysis->pages->len; i++) {
    const SightPageView *view = analysis->pages->pdata[i];
    assert_short(view->page, 2001);
    assert_short(view->url, 2001);
  }
  for (guint i = 0; i < analysis->story->len; i++)
    assert_short(((SightStoryItem *)analysis->story->pdata[i])->detail, 201);
  for (guint i = 0; i < analysis->requests->len; i++) {
    const SightRequestItem *item = analysis->requests->pdata[i];
    assert_short(item->method, 21);
    assert_short(item->url, 2001);
    assert_short(item->error, 201);
  }
}

int main(int argc, char *argv[]) {
  g_test_init(&argc, &argv, NULL);
  analysis_test("/analysis/pages", test_pages);
  analysis_test("/analysis/fragments", test_fragments);
  analysis_test("/analysis/hash-routes", test_hash_routes);
  analysis_test("/analysis/foreign-pages", test_foreign_pages);
  analysis_test("/analysis/foreign-tags", test_foreign_tags);
  analysis_test("/analysis/context", test_context);
  analysis_test("/analysis/clicks", test_clicks);
  analysis_test("/analysis/rage-and-dead", test_rage_and_dead);
  analysis_test("/analysis/dead-beside-clock", test_dead_beside_clock);
  analysis_test("/analysis/scrolling", test_scrolling);
  analysis_test("/analysis/errors", test_errors);
  analysis_test("/analysis/log-of-version-1", test_log_of_version_1);
  analysis_test("/analysis/requests", test_requests);
  analysis_test("/analysis/form-story", test_form_story);
  analysis_test("/analysis/form-left", test_form_left);
  analysis_test("/analysis/idle", test_idle);
  analysis_test("/analysis/watching", test_watching);
  analysis_test("/analysis/curve", test_curve);
  analysis_test("/analysis/typing", test_typing);
  analysis_test("/analysis/two-tabs", test_two_tabs);
  analysis_test("/analysis/many-tabs", test_many_tabs);
  analysis_test("/analysis/long-names", test_long_names);
  analysis_test("/analysis/no-snapshot", test_no_snapshot);
  analysis_test("/analysis/missing-batches", test_missing_batches);
  analysis_test("/analysis/missing-beside-another-tab", test_missing_beside_another_tab);
  analysis_test("/analysis/missing-beginning", test_missing_beginning);
  analysis_test("/analysis/not-recorded", test_not_recorded);
  analysis_test("/analysis/lost-batches", test_lost_batches);
  analysis_test("/analysis/odd-changes", test_odd_changes);
  analysis_test("/analysis/too-much", test_too_much_to_look_at);
  analysis_test("/analysis/any-order", test_any_order);
  analysis_test("/analysis/unreadable-events", test_unreadable_events);
  analysis_test("/analysis/ten-years", test_ten_years);
  analysis_test("/analysis/hostile-strings", test_hostile_strings);
  analysis_test("/analysis/cancelled", test_cancelled);
  analysis_test("/analysis/no-such-session", test_no_such_session);
  return g_test_run();
}

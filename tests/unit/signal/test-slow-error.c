/* SPDX-License-Identifier: MIT */
/* Clicks that are answered late, and clicks that an error follows. */
#include "watch-fixture.h"

static void test_slow(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->button);
  watch_change(f, 4600, 77);
  watch_end(f, 20000);
  const SightSignal *signal = watch_only(f, SIGHT_SIGNAL_SLOW);
  g_assert_cmpint(signal->start_ms, ==, 1000);
  g_assert_cmpint(signal->end_ms, ==, 4600);
  g_assert_cmpint(signal->magnitude, ==, 3600);
  g_assert_cmpint(signal->node, ==, 10);
  g_assert_cmpuint(watch_count(f, SIGHT_SIGNAL_DEAD), ==, 0);
}

static void test_slow_page(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->button);
  watch_act(f, SIGHT_ACT_LEAVE, 5000, 0);
  watch_message(f, SIGHT_ACT_PAGE, 5000, "https://shop.example/b", NULL);
  watch_end(f, 20000);
  g_assert_cmpuint(watch_count(f, SIGHT_SIGNAL_SLOW), ==, 1);
}

/* Clicking again while one waits is the same waiting. */
static void test_slow_once(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->button);
  watch_click(f, 1500, f->button);
  watch_change(f, 4600, 77);
  watch_end(f, 20000);
  g_assert_cmpuint(watch_count(f, SIGHT_SIGNAL_SLOW), ==, 1);
}

static void test_not_slow(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->button);
  watch_change(f, 3400, 77);
  watch_end(f, 20000);
  g_assert_cmpuint(watch_count(f, SIGHT_SIGNAL_SLOW), ==, 0);
}

/* Whatever happens later beside plain text is chance. */
static void test_slow_beside_text(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->text);
  watch_change(f, 4600, 77);
  watch_end(f, 20000);
  g_assert_cmpuint(watch_count(f, SIGHT_SIGNAL_SLOW), ==, 0);
}

/* The user clicked something else meanwhile: that was answered, and this is dead. */
static void test_other_answered(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->button);
  watch_click(f, 5000, f->other);
  watch_act(f, SIGHT_ACT_LEAVE, 5000, 0);
  watch_message(f, SIGHT_ACT_PAGE, 5000, "https://shop.example/b", NULL);
  watch_end(f, 20000);
  g_assert_cmpuint(watch_count(f, SIGHT_SIGNAL_SLOW), ==, 0);
  g_assert_cmpint(watch_only(f, SIGHT_SIGNAL_DEAD)->node, ==, 10);
}

/* Going to another tab is no answer that came late: nothing had come, and that may be why. */
static void test_hidden(WatchFixture *f, gconstpointer data) {
  SightAct act = {.kind = SIGHT_ACT_LEAVE, .at_ms = 5000, .empty = TRUE};
  watch_click(f, 1000, f->button);
  sight_watch_act(f->watch, &act);
  watch_end(f, 20000);
  g_assert_cmpint(watch_only(f, SIGHT_SIGNAL_DEAD)->end_ms, ==, 3500);
  g_assert_cmpuint(f->signals->len, ==, 1);
}

/* What scrolling brings is not what the click waited for. */
static void test_scrolling_loads(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->button);
  watch_scroll(f, 4000, 500);
  watch_change(f, 4100, 77);
  watch_end(f, 20000);
  g_assert_cmpuint(watch_count(f, SIGHT_SIGNAL_SLOW), ==, 0);
  g_assert_cmpuint(watch_count(f, SIGHT_SIGNAL_DEAD), ==, 1);
}

static void test_error_click(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->button);
  watch_change(f, 1010, 77);
  watch_message(f, SIGHT_ACT_ERROR, 2900, "TypeError: a is null", NULL);
  watch_end(f, 20000);
  const SightSignal *signal = watch_only(f, SIGHT_SIGNAL_ERROR_CLICK);
  g_assert_cmpint(signal->node, ==, 10);
  g_assert_cmpint(signal->start_ms, ==, 1000);
  g_assert_cmpint(signal->end_ms, ==, 2900);
  g_assert_cmpstr(signal->message, ==, "TypeError: a is null");
}

static void test_error_too_late(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->button);
  watch_message(f, SIGHT_ACT_ERROR, 3001, "TypeError: a is null", NULL);
  watch_end(f, 20000);
  g_assert_cmpuint(watch_count(f, SIGHT_SIGNAL_ERROR_CLICK), ==, 0);
}

static void test_error_of_the_next(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->button);
  watch_click(f, 1500, f->other);
  watch_message(f, SIGHT_ACT_CONSOLE, 1600, "no", NULL);
  watch_end(f, 20000);
  g_assert_cmpint(watch_only(f, SIGHT_SIGNAL_ERROR_CLICK)->node, ==, 20);
}

static void test_error_after_typing(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->button);
  watch_act(f, SIGHT_ACT_INPUT, 1500, 90);
  watch_message(f, SIGHT_ACT_ERROR, 1600, "no", NULL);
  watch_end(f, 20000);
  g_assert_cmpuint(watch_count(f, SIGHT_SIGNAL_ERROR_CLICK), ==, 0);
}

/* A request belongs to the click in whose wake it began, however long it takes to fail. */
static void request(WatchFixture *f, gint64 began_ms, gint64 at_ms) {
  SightAct act = {.kind = SIGHT_ACT_REQUEST, .at_ms = at_ms, .began_ms = began_ms, .text = "/api/x", .amount = 500};
  sight_watch_act(f->watch, &act);
}

static void test_request_of_click(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->button);
  watch_click(f, 4000, f->other);
  request(f, 1010, 9000);
  watch_end(f, 20000);
  const SightSignal *signal = watch_only(f, SIGHT_SIGNAL_ERROR_CLICK);
  g_assert_cmpint(signal->node, ==, 10);
  g_assert_cmpint(signal->magnitude, ==, 500);
}

static void test_request_before_click(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->button);
  request(f, 900, 1200);
  watch_end(f, 20000);
  g_assert_cmpuint(watch_count(f, SIGHT_SIGNAL_ERROR_CLICK), ==, 0);
}

static void test_error_each_time(WatchFixture *f, gconstpointer data) {
  for (int i = 0; i < 4; i++) {
    watch_click(f, 1000 + i * 2000, f->button);
    watch_message(f, SIGHT_ACT_ERROR, 1010 + i * 2000, "TypeError: a is null", NULL);
  }
  watch_end(f, 20000);
  g_assert_cmpint(watch_only(f, SIGHT_SIGNAL_ERROR_CLICK)->count, ==, 4);
}

int main(int argc, char *argv[]) {
  g_test_init(&argc, &argv, NULL);
  watch_test("/slow/found", test_slow);
  watch_test("/slow/page", test_slow_page);
  watch_test("/slow/once", test_slow_once);
  watch_test("/slow/in-time", test_not_slow);
  watch_test("/slow/beside-text", test_slow_beside_text);
  watch_test("/slow/other-answered", test_other_answered);
  watch_test("/slow/hidden", test_hidden);
  watch_test("/slow/scrolling-loads", test_scrolling_loads);
  watch_test("/error-click/found", test_error_click);
  watch_test("/error-click/too-late", test_error_too_late);
  watch_test("/error-click/of-the-next", test_error_of_the_next);
  watch_test("/error-click/after-typing", test_error_after_typing);
  watch_test("/error-click/request", test_request_of_click);
  watch_test("/error-click/request-before", test_request_before_click);
  watch_test("/error-click/each-time", test_error_each_time);
  return g_test_run();
}

/* SPDX-License-Identifier: MIT */
/* Messages that nobody saw, and waiting for what is busy. */
#include "watch-fixture.h"

static void notice(WatchFixture *f, gint64 at_ms, int node, const char *kind, const char *what, int percent, int off) {
  SightAct act = {.kind = SIGHT_ACT_NOTICE,
                  .at_ms = at_ms,
                  .node = node,
                  .text = kind,
                  .detail = what,
                  .amount = percent,
                  .y = off};
  sight_watch_act(f->watch, &act);
}

static guint unseen(const WatchFixture *f) {
  return watch_count(f, SIGHT_SIGNAL_UNSEEN);
}

static guint waiting(const WatchFixture *f) {
  return watch_count(f, SIGHT_SIGNAL_WAITING);
}

static void test_unseen(WatchFixture *f, gconstpointer data) {
  notice(f, 1000, 70, "invalid", "shown", 0, 340);
  watch_click(f, 3000, f->button);
  watch_end(f, 20000);
  const SightSignal *signal = watch_only(f, SIGHT_SIGNAL_UNSEEN);
  g_assert_cmpint(signal->start_ms, ==, 1000);
  g_assert_cmpint(signal->node, ==, 70);
  g_assert_cmpint(signal->magnitude, ==, 340);
}

static void test_seen_in_time(WatchFixture *f, gconstpointer data) {
  notice(f, 1000, 70, "alert", "shown", 0, 340);
  watch_scroll(f, 3000, 400);
  notice(f, 3100, 70, "alert", "seen", 60, 0);
  watch_end(f, 20000);
  g_assert_cmpuint(unseen(f), ==, 0);
}

static void test_seen_too_late(WatchFixture *f, gconstpointer data) {
  notice(f, 1000, 70, "alert", "shown", 0, -340);
  watch_click(f, 3000, f->button);
  watch_scroll(f, 6500, 400);
  notice(f, 6600, 70, "alert", "seen", 60, 0);
  watch_end(f, 20000);
  g_assert_cmpint(watch_only(f, SIGHT_SIGNAL_UNSEEN)->magnitude, ==, -340);
}

/* The user takes longer than that to go on. */
static void test_acting_late(WatchFixture *f, gconstpointer data) {
  notice(f, 1000, 70, "alert", "shown", 0, 340);
  watch_click(f, 7000, f->button);
  watch_end(f, 20000);
  g_assert_cmpuint(unseen(f), ==, 1);
}

/* The field is in view and marked; what is wrong with it is told below the fold. */
static void test_field_in_view(WatchFixture *f, gconstpointer data) {
  SightAct field = {.kind = SIGHT_ACT_NOTICE,
                    .at_ms = 1000,
                    .node = 71,
                    .text = "invalid",
                    .detail = "shown",
                    .amount = 100,
                    .field = "input"};
  sight_watch_act(f->watch, &field);
  notice(f, 1000, 70, "alert", "shown", 0, 340);
  watch_click(f, 3000, f->button);
  watch_end(f, 20000);
  g_assert_cmpint(watch_only(f, SIGHT_SIGNAL_UNSEEN)->node, ==, 70);
}

static void test_in_view(WatchFixture *f, gconstpointer data) {
  notice(f, 1000, 70, "alert", "shown", 100, 0);
  watch_click(f, 3000, f->button);
  watch_end(f, 20000);
  g_assert_cmpuint(unseen(f), ==, 0);
}

/* The user did nothing: perhaps still reading, perhaps gone. */
static void test_not_acting(WatchFixture *f, gconstpointer data) {
  notice(f, 1000, 70, "alert", "shown", 0, 340);
  watch_end(f, 20000);
  g_assert_cmpuint(unseen(f), ==, 0);
}

/* Of messages that come together one that is seen is enough. */
static void test_summary_seen(WatchFixture *f, gconstpointer data) {
  notice(f, 1000, 70, "invalid", "shown", 0, 340);
  notice(f, 1001, 71, "alert", "shown", 100, 0);
  watch_click(f, 3000, f->button);
  watch_end(f, 20000);
  g_assert_cmpuint(unseen(f), ==, 0);
}

static void test_field_and_text(WatchFixture *f, gconstpointer data) {
  notice(f, 1000, 70, "invalid", "shown", 0, 340);
  notice(f, 1001, 71, "invalid", "shown", 0, 380);
  watch_click(f, 3000, f->button);
  watch_end(f, 20000);
  g_assert_cmpuint(unseen(f), ==, 1);
}

static void test_flash(WatchFixture *f, gconstpointer data) {
  notice(f, 1000, 70, "status", "shown", 0, 340);
  watch_click(f, 1200, f->button);
  notice(f, 1400, 70, "status", "gone", 0, 340);
  watch_end(f, 20000);
  g_assert_cmpuint(unseen(f), ==, 0);
}

/* With a new document it is gone. */
static void test_page_changes(WatchFixture *f, gconstpointer data) {
  SightAct act = {.kind = SIGHT_ACT_PAGE, .at_ms = 1300, .text = "/b", .empty = TRUE};
  notice(f, 1000, 70, "status", "shown", 0, 340);
  watch_click(f, 1200, f->button);
  sight_watch_act(f->watch, &act);
  watch_end(f, 20000);
  g_assert_cmpuint(unseen(f), ==, 0);
}

/* Another view of the same document leaves it where it is, or takes it away. */
static void test_route_changes(WatchFixture *f, gconstpointer data) {
  notice(f, 1000, 70, "status", "shown", 0, 340);
  watch_click(f, 1200, f->button);
  watch_message(f, SIGHT_ACT_PAGE, 1300, "/b", NULL);
  watch_act(f, SIGHT_ACT_TICK, 9000, 0);
  g_assert_cmpuint(unseen(f), ==, 1);
  notice(f, 10000, 71, "status", "shown", 0, 340);
  watch_click(f, 11200, f->button);
  watch_message(f, SIGHT_ACT_PAGE, 11300, "/c", NULL);
  notice(f, 12500, 71, "status", "gone", 0, 340);
  watch_end(f, 20000);
  g_assert_cmpuint(unseen(f), ==, 1);
}

static void test_waiting(WatchFixture *f, gconstpointer data) {
  notice(f, 1000, 80, "busy", "shown", 100, 0);
  notice(f, 6500, 80, "busy", "gone", 100, 0);
  watch_end(f, 20000);
  const SightSignal *signal = watch_only(f, SIGHT_SIGNAL_WAITING);
  g_assert_cmpint(signal->start_ms, ==, 1000);
  g_assert_cmpint(signal->end_ms, ==, 6500);
  g_assert_cmpint(signal->magnitude, ==, 5500);
  g_assert_cmpuint(unseen(f), ==, 0);
}

static void test_waiting_after_click(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->button);
  notice(f, 1100, 80, "busy", "shown", 100, 0);
  notice(f, 4500, 80, "busy", "gone", 100, 0);
  watch_end(f, 20000);
  g_assert_cmpuint(waiting(f), ==, 1);
}

static void test_short_waiting(WatchFixture *f, gconstpointer data) {
  notice(f, 1000, 80, "busy", "shown", 100, 0);
  notice(f, 4500, 80, "busy", "gone", 100, 0);
  watch_click(f, 10000, f->button);
  notice(f, 10100, 80, "busy", "shown", 100, 0);
  notice(f, 12500, 80, "busy", "gone", 100, 0);
  watch_end(f, 20000);
  g_assert_cmpuint(waiting(f), ==, 0);
}

static void test_busy_out_of_view(WatchFixture *f, gconstpointer data) {
  notice(f, 1000, 80, "busy", "shown", 0, 900);
  notice(f, 9000, 80, "busy", "gone", 0, 900);
  watch_end(f, 20000);
  g_assert_cmpuint(waiting(f), ==, 0);
}

static void test_busy_comes_into_view(WatchFixture *f, gconstpointer data) {
  notice(f, 1000, 80, "busy", "shown", 0, 900);
  notice(f, 3000, 80, "busy", "seen", 40, 0);
  notice(f, 9000, 80, "busy", "gone", 40, 0);
  watch_end(f, 20000);
  g_assert_cmpint(watch_only(f, SIGHT_SIGNAL_WAITING)->start_ms, ==, 3000);
}

static void test_busy_leaves_view(WatchFixture *f, gconstpointer data) {
  /* Scrolled away too soon, and back again. */
  notice(f, 1000, 80, "busy", "shown", 100, 0);
  notice(f, 5500, 80, "busy", "left", 0, -20);
  notice(f, 11000, 80, "busy", "seen", 60, 0);
  notice(f, 15500, 80, "busy", "left", 0, -20);
  notice(f, 25000, 80, "busy", "gone", 0, -20);
  g_assert_cmpuint(waiting(f), ==, 0);
  notice(f, 30000, 81, "busy", "shown", 100, 0);
  notice(f, 36000, 81, "busy", "left", 0, -20);
  watch_end(f, 50000);
  g_assert_cmpint(watch_only(f, SIGHT_SIGNAL_WAITING)->end_ms, ==, 36000);
}

static void form(WatchFixture *f, gint64 at_ms, const char *what) {
  SightAct act = {.kind = SIGHT_ACT_FORM, .at_ms = at_ms, .text = "search", .detail = what};
  sight_watch_act(f->watch, &act);
}

static guint waiting_after(SightActKind kind, const char *what, gint64 shown_ms) {
  WatchFixture f = {0};
  watch_set_up(&f, NULL);
  if (what != NULL)
    form(&f, 1000, what);
  else
    watch_act(&f, kind, 1000, 20);
  notice(&f, shown_ms, 80, "busy", "shown", 100, 0);
  notice(&f, shown_ms + 3400, 80, "busy", "gone", 100, 0);
  watch_end(&f, 20000);
  guint n = waiting(&f);
  watch_tear_down(&f, NULL);
  return n;
}

/* Whoever asks the page for something waits sooner than who merely sees that something is going on. */
static void test_waiting_after_act(void) {
  g_assert_cmpuint(waiting_after(SIGHT_ACT_ENTER, NULL, 1100), ==, 1);
  g_assert_cmpuint(waiting_after(SIGHT_ACT_FORM, "submit", 1100), ==, 1);
  g_assert_cmpuint(waiting_after(SIGHT_ACT_FORM, "sent", 1100), ==, 1);
  g_assert_cmpuint(waiting_after(SIGHT_ACT_ENTER, NULL, 3100), ==, 0);
  g_assert_cmpuint(waiting_after(SIGHT_ACT_FORM, "focus", 1100), ==, 0);
  g_assert_cmpuint(waiting_after(SIGHT_ACT_FORM, "leave", 1100), ==, 0);
  g_assert_cmpuint(waiting_after(SIGHT_ACT_INPUT, NULL, 1100), ==, 0);
}

/* Ten skeletons of one list are one waiting. */
static void test_skeletons(WatchFixture *f, gconstpointer data) {
  for (int i = 0; i < 10; i++)
    notice(f, 1000 + i, 80 + i, "busy", "shown", 100, 0);
  for (int i = 0; i < 10; i++)
    notice(f, 8000 + i * 10, 80 + i, "busy", "gone", 100, 0);
  watch_end(f, 20000);
  g_assert_cmpint(watch_only(f, SIGHT_SIGNAL_WAITING)->end_ms, ==, 8090);
}

/* The user left while it was still busy, or the recording ended. */
static void test_leaves(WatchFixture *f, gconstpointer data) {
  notice(f, 1000, 80, "busy", "shown", 100, 0);
  watch_message(f, SIGHT_ACT_PAGE, 7000, "/b", NULL);
  notice(f, 10000, 81, "busy", "shown", 100, 0);
  watch_end(f, 20000);
  g_assert_cmpuint(waiting(f), ==, 2);
}

/* Beside the page, where things for screen readers are. */
static void test_beside(WatchFixture *f, gconstpointer data) {
  notice(f, 1000, 70, "alert", "shown", 0, 0);
  watch_click(f, 3000, f->button);
  watch_end(f, 20000);
  g_assert_cmpuint(unseen(f), ==, 0);
}

int main(int argc, char *argv[]) {
  g_test_init(&argc, &argv, NULL);
  watch_test("/unseen/found", test_unseen);
  watch_test("/unseen/seen-in-time", test_seen_in_time);
  watch_test("/unseen/seen-too-late", test_seen_too_late);
  watch_test("/unseen/acting-late", test_acting_late);
  watch_test("/unseen/field-in-view", test_field_in_view);
  watch_test("/unseen/in-view", test_in_view);
  watch_test("/unseen/not-acting", test_not_acting);
  watch_test("/unseen/summary-seen", test_summary_seen);
  watch_test("/unseen/field-and-text", test_field_and_text);
  watch_test("/unseen/flash", test_flash);
  watch_test("/unseen/page-changes", test_page_changes);
  watch_test("/unseen/route-changes", test_route_changes);
  watch_test("/waiting/found", test_waiting);
  watch_test("/waiting/after-click", test_waiting_after_click);
  watch_test("/waiting/short", test_short_waiting);
  watch_test("/waiting/out-of-view", test_busy_out_of_view);
  watch_test("/waiting/comes-into-view", test_busy_comes_into_view);
  watch_test("/waiting/leaves-view", test_busy_leaves_view);
  g_test_add_func("/waiting/after-act", test_waiting_after_act);
  watch_test("/waiting/skeletons", test_skeletons);
  watch_test("/waiting/leaves", test_leaves);
  watch_test("/unseen/beside", test_beside);
  return g_test_run();
}

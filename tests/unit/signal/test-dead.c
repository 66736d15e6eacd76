/* SPDX-License-Identifier: MIT */
/* Dead clicks, and the many ways in which a click is answered. */
#include "watch-fixture.h"

static guint dead(const WatchFixture *f) {
  return watch_count(f, SIGHT_SIGNAL_DEAD);
}

static void test_found(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->button);
  watch_end(f, 20000);
  const SightSignal *signal = watch_only(f, SIGHT_SIGNAL_DEAD);
  g_assert_cmpint(signal->start_ms, ==, 1000);
  g_assert_cmpint(signal->end_ms, ==, 3500);
  g_assert_cmpint(signal->magnitude, ==, 2);
  g_assert_cmpint(signal->count, ==, 1);
  g_assert_cmpstr(signal->target, ==, "Pay now");
}

static void test_plain_element(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->text);
  watch_end(f, 20000);
  g_assert_cmpint(watch_only(f, SIGHT_SIGNAL_DEAD)->magnitude, ==, 1);
}

/* The recorder saw a pointer or a listener. */
static void test_hint(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->text);
  watch_act(f, SIGHT_ACT_HINT, 1001, 30);
  watch_end(f, 20000);
  g_assert_cmpint(watch_only(f, SIGHT_SIGNAL_DEAD)->magnitude, ==, 2);
}

static void test_chain_is_one(WatchFixture *f, gconstpointer data) {
  for (int i = 0; i < 4; i++)
    watch_click(f, 1000 + i * 400, f->button);
  watch_end(f, 20000);
  const SightSignal *signal = watch_only(f, SIGHT_SIGNAL_DEAD);
  g_assert_cmpint(signal->count, ==, 4);
  g_assert_cmpint(signal->end_ms, ==, 2200 + 2500);
}

static void test_change_answers(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->button);
  watch_change(f, 3499, 77);
  watch_end(f, 20000);
  g_assert_cmpuint(dead(f), ==, 0);
}

static void test_large_change_answers(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->button);
  watch_act(f, SIGHT_ACT_CHANGE, 1500, 0);
  watch_end(f, 20000);
  g_assert_cmpuint(dead(f), ==, 0);
}

/* Menus open when the button goes down. */
static void test_press_answers(WatchFixture *f, gconstpointer data) {
  SightAct act = {.kind = SIGHT_ACT_CLICK, .at_ms = 1100, .node = 10, .target = f->button};
  watch_act(f, SIGHT_ACT_DOWN, 1000, 10);
  watch_change(f, 1010, 77);
  watch_act(f, SIGHT_ACT_UP, 1099, 10);
  sight_watch_act(f->watch, &act);
  watch_end(f, 20000);
  g_assert_cmpuint(dead(f), ==, 0);
}

/* What changed before the button went down is no answer. */
static void test_change_before(WatchFixture *f, gconstpointer data) {
  watch_change(f, 900, 77);
  watch_click(f, 1000, f->button);
  watch_end(f, 20000);
  g_assert_cmpuint(dead(f), ==, 1);
}

static void test_slow_answer(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->button);
  watch_change(f, 7000, 77);
  watch_end(f, 20000);
  g_assert_cmpuint(dead(f), ==, 0);
}

static void test_too_late(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->button);
  watch_change(f, 8100, 77);
  watch_end(f, 20000);
  g_assert_cmpuint(dead(f), ==, 1);
}

/* A clock ticks on: that is no answer. */
static void test_clock_is_no_answer(WatchFixture *f, gconstpointer data) {
  for (int i = 0; i < 6; i++)
    watch_change(f, 100 + i * 1000, 50);
  watch_click(f, 5400, f->button);
  for (int i = 6; i < 20; i++)
    watch_change(f, 100 + i * 1000 + i % 3 * 15, 50);
  watch_end(f, 20000);
  g_assert_cmpuint(dead(f), ==, 1);
}

/* But what changes beside the clock is one, */
static void test_answer_beside_clock(WatchFixture *f, gconstpointer data) {
  for (int i = 0; i < 6; i++)
    watch_change(f, 100 + i * 1000, 50);
  watch_click(f, 5400, f->button);
  watch_change(f, 5450, 51);
  for (int i = 6; i < 20; i++)
    watch_change(f, 100 + i * 1000, 50);
  watch_end(f, 20000);
  g_assert_cmpuint(dead(f), ==, 0);
}

/* and so is a carousel that moves because of the click and not in its turn. */
static void test_out_of_step(WatchFixture *f, gconstpointer data) {
  for (int i = 0; i < 5; i++)
    watch_change(f, 100 + i * 4000, 50);
  watch_click(f, 17500, f->button);
  watch_change(f, 17600, 50);
  watch_end(f, 30000);
  g_assert_cmpuint(dead(f), ==, 0);
}

/* What began with the click is its answer, however steadily it goes on. */
static void test_animation_begins(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->button);
  for (int i = 0; i < 100; i++)
    watch_change(f, 1020 + i * 20, 60);
  watch_end(f, 20000);
  g_assert_cmpuint(dead(f), ==, 0);
}

static void test_input_answers(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->button);
  watch_act(f, SIGHT_ACT_INPUT, 1002, 90);
  watch_end(f, 20000);
  g_assert_cmpuint(dead(f), ==, 0);
}

/* Typing somewhere else two seconds later is none. */
static void test_typing_elsewhere(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->button);
  watch_act(f, SIGHT_ACT_INPUT, 3000, 90);
  watch_change(f, 3010, 91);
  watch_end(f, 20000);
  g_assert_cmpuint(dead(f), ==, 1);
}

static void test_focus_answers(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->button);
  watch_act(f, SIGHT_ACT_FOCUS, 1010, 90);
  watch_end(f, 20000);
  g_assert_cmpuint(dead(f), ==, 0);
}

/* A button takes the focus itself, and another press moves it. */
static void test_own_focus(WatchFixture *f, gconstpointer data) {
  watch_act(f, SIGHT_ACT_DOWN, 920, 10);
  watch_act(f, SIGHT_ACT_FOCUS, 921, 10);
  watch_click(f, 1000, f->button);
  watch_act(f, SIGHT_ACT_FOCUS, 1001, 10);
  watch_act(f, SIGHT_ACT_DOWN, 2000, 90);
  watch_act(f, SIGHT_ACT_FOCUS, 2001, 90);
  watch_act(f, SIGHT_ACT_UP, 2080, 90);
  watch_end(f, 20000);
  g_assert_cmpuint(dead(f), ==, 1);
}

/* On a touch screen the focus moves when the finger is up already, before the click comes. */
static void test_focus_by_touch(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->button);
  watch_act(f, SIGHT_ACT_DOWN, 5000, 20);
  watch_act(f, SIGHT_ACT_UP, 5000, 20);
  watch_act(f, SIGHT_ACT_FOCUS, 5000, 20);
  SightAct act = {.kind = SIGHT_ACT_CLICK, .at_ms = 5000, .node = 20, .target = f->other};
  sight_watch_act(f->watch, &act);
  watch_change(f, 5000, 77);
  watch_end(f, 20000);
  g_assert_cmpint(watch_only(f, SIGHT_SIGNAL_DEAD)->node, ==, 10);
}

static void test_scroll_answers(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->button);
  watch_scroll(f, 1250, 400);
  watch_end(f, 20000);
  g_assert_cmpuint(dead(f), ==, 0);
}

static void test_scroll_later(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->button);
  watch_scroll(f, 1400, 400);
  watch_end(f, 20000);
  g_assert_cmpuint(dead(f), ==, 1);
}

static void test_leaving_answers(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->button);
  watch_act(f, SIGHT_ACT_LEAVE, 4000, 0);
  watch_end(f, 20000);
  g_assert_cmpuint(dead(f), ==, 0);
}

static void test_selects_text(WatchFixture *f, gconstpointer data) {
  watch_act(f, SIGHT_ACT_DOWN, 900, 30);
  watch_select(f, 950, FALSE);
  watch_click(f, 1000, f->text);
  watch_end(f, 20000);
  g_assert_cmpuint(dead(f), ==, 0);
}

static void test_excluded(WatchFixture *f, gconstpointer data) {
  static const guint traits[] = {SIGHT_TARGET_TEXT_FIELD, SIGHT_TARGET_CHOICE,     SIGHT_TARGET_MEDIA,
                                 SIGHT_TARGET_LEAVES,     SIGHT_TARGET_BACKGROUND, SIGHT_TARGET_UNKNOWN};
  for (guint i = 0; i < G_N_ELEMENTS(traits); i++) {
    g_autoptr(SightTarget) target = watch_target(100 + (int)i, traits[i], "");
    watch_click(f, 10000 * (i + 1), target);
  }
  watch_end(f, 90000);
  g_assert_cmpuint(dead(f), ==, 0);
}

/* The answer may have come after the end of the recording. */
static void test_end_too_soon(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->button);
  watch_end(f, 3400);
  g_assert_cmpuint(dead(f), ==, 0);
}

static void test_end_late_enough(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->button);
  watch_end(f, 3600);
  g_assert_cmpuint(dead(f), ==, 1);
}

/* The answer to the next click is not the answer to this one. */
static void test_next_click_answered(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->button);
  watch_click(f, 2500, f->other);
  watch_change(f, 2550, 77);
  watch_end(f, 20000);
  g_assert_cmpint(watch_only(f, SIGHT_SIGNAL_DEAD)->node, ==, 10);
}

/* But where it comes late nobody can tell whose it is, and nothing is claimed. */
static void test_ambiguous(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->button);
  watch_click(f, 1500, f->other);
  watch_change(f, 2400, 77);
  watch_end(f, 20000);
  g_assert_cmpuint(dead(f), ==, 0);
}

static void test_rules(WatchFixture *f, gconstpointer data) {
  f->rules->dead_wait_ms = 500;
  f->rules->slow_wait_ms = 500;
  watch_click(f, 1000, f->button);
  watch_change(f, 1600, 77);
  watch_end(f, 20000);
  g_assert_cmpuint(dead(f), ==, 1);
}

static void answered(WatchFixture *f, gint64 at_ms, int node, int after_ms) {
  SightAct act = {.kind = SIGHT_ACT_ANSWER, .at_ms = at_ms, .node = node, .amount = after_ms};
  sight_watch_act(f->watch, &act);
}

static void test_told_answer(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->button);
  answered(f, 1450, 10, 450);
  watch_click(f, 10000, f->other);
  answered(f, 10450, 0, 450);
  watch_end(f, 20000);
  g_assert_cmpuint(f->signals->len, ==, 0);
}

/* The press before the one that was answered stays dead. */
static void test_told_of_the_second(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->button);
  watch_click(f, 3000, f->button);
  answered(f, 3400, 10, 400);
  watch_end(f, 20000);
  g_assert_cmpint(watch_only(f, SIGHT_SIGNAL_DEAD)->start_ms, ==, 1000);
}

static void look(WatchFixture *f, gint64 at_ms, int node) {
  SightAct act = {.kind = SIGHT_ACT_CHANGE, .at_ms = at_ms, .nodes = &node, .n_nodes = 1, .look = TRUE};
  sight_watch_act(f->watch, &act);
}

static void over(WatchFixture *f, gint64 at_ms, int node) {
  int nodes[] = {node, 3};
  SightAct act = {.kind = SIGHT_ACT_MOVE, .at_ms = at_ms, .node = node, .nodes = nodes, .n_nodes = 2};
  sight_watch_act(f->watch, &act);
}

/* A row changes its look as the pointer comes over it, and again as it leaves. */
static void test_hover(WatchFixture *f, gconstpointer data) {
  over(f, 900, 10);
  watch_click(f, 1000, f->button);
  look(f, 2000, 50);
  over(f, 2010, 50);
  look(f, 2400, 50);
  over(f, 2390, 60);
  watch_end(f, 20000);
  g_assert_cmpuint(dead(f), ==, 1);
}

/* The same look changes while the pointer rests elsewhere. */
static void test_look_answers(WatchFixture *f, gconstpointer data) {
  over(f, 900, 10);
  watch_click(f, 1000, f->button);
  look(f, 2000, 50);
  over(f, 4000, 50);
  watch_end(f, 20000);
  g_assert_cmpuint(dead(f), ==, 0);
}

/* Leaving what was clicked: whether its new look is the click's answer nobody can tell. */
static void test_leaves_clicked(WatchFixture *f, gconstpointer data) {
  over(f, 900, 10);
  watch_click(f, 1000, f->button);
  look(f, 1300, 10);
  over(f, 1300, 60);
  watch_end(f, 20000);
  g_assert_cmpuint(dead(f), ==, 0);
}

static void test_press_elsewhere_changes(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->button);
  SightAct down = {.kind = SIGHT_ACT_DOWN, .at_ms = 3000, .node = 20, .target = f->other};
  sight_watch_act(f->watch, &down);
  watch_change(f, 3100, 77);
  watch_end(f, 20000);
  g_assert_cmpint(watch_only(f, SIGHT_SIGNAL_DEAD)->node, ==, 10);
}

/* What answered late before may do so again, where the visitor did not wait for it. */
static void test_slow_one_not_waited_for(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->button);
  watch_change(f, 5000, 77);
  watch_click(f, 10000, f->button);
  watch_end(f, 13000);
  g_assert_cmpuint(dead(f), ==, 0);
  g_assert_cmpuint(watch_count(f, SIGHT_SIGNAL_SLOW), ==, 1);
}

int main(int argc, char *argv[]) {
  g_test_init(&argc, &argv, NULL);
  watch_test("/dead/found", test_found);
  watch_test("/dead/plain-element", test_plain_element);
  watch_test("/dead/hint", test_hint);
  watch_test("/dead/chain-is-one", test_chain_is_one);
  watch_test("/dead/change-answers", test_change_answers);
  watch_test("/dead/large-change-answers", test_large_change_answers);
  watch_test("/dead/press-answers", test_press_answers);
  watch_test("/dead/change-before", test_change_before);
  watch_test("/dead/slow-answer", test_slow_answer);
  watch_test("/dead/too-late", test_too_late);
  watch_test("/dead/clock-is-no-answer", test_clock_is_no_answer);
  watch_test("/dead/answer-beside-clock", test_answer_beside_clock);
  watch_test("/dead/out-of-step", test_out_of_step);
  watch_test("/dead/animation-begins", test_animation_begins);
  watch_test("/dead/input-answers", test_input_answers);
  watch_test("/dead/typing-elsewhere", test_typing_elsewhere);
  watch_test("/dead/focus-answers", test_focus_answers);
  watch_test("/dead/own-focus", test_own_focus);
  watch_test("/dead/focus-by-touch", test_focus_by_touch);
  watch_test("/dead/scroll-answers", test_scroll_answers);
  watch_test("/dead/scroll-later", test_scroll_later);
  watch_test("/dead/leaving-answers", test_leaving_answers);
  watch_test("/dead/selects-text", test_selects_text);
  watch_test("/dead/excluded", test_excluded);
  watch_test("/dead/end-too-soon", test_end_too_soon);
  watch_test("/dead/end-late-enough", test_end_late_enough);
  watch_test("/dead/next-click-answered", test_next_click_answered);
  watch_test("/dead/ambiguous", test_ambiguous);
  watch_test("/dead/rules", test_rules);
  watch_test("/dead/told-answer", test_told_answer);
  watch_test("/dead/told-of-the-second", test_told_of_the_second);
  watch_test("/dead/hover", test_hover);
  watch_test("/dead/look-answers", test_look_answers);
  watch_test("/dead/leaves-clicked", test_leaves_clicked);
  watch_test("/dead/press-elsewhere-changes", test_press_elsewhere_changes);
  watch_test("/dead/slow-one-not-waited-for", test_slow_one_not_waited_for);
  return g_test_run();
}

/* SPDX-License-Identifier: MIT */
/* Acts told one by one to the detectors. */
#include "watch-fixture.h"

SightTarget *watch_target(int node, guint traits, const char *label) {
  SightTarget *target = g_rc_box_new0(SightTarget);
  target->node = target->control = node;
  target->traits = traits;
  target->label = g_strdup(label);
  target->selector = g_strdup_printf("#n%d", node);
  return target;
}

void watch_set_up(WatchFixture *fixture, gconstpointer data) {
  fixture->rules = sight_ruleset_new_default();
  fixture->signals = g_ptr_array_new_with_free_func((GDestroyNotify)sight_signal_free);
  fixture->watch = sight_watch_new(fixture->rules, "w1", fixture->signals);
  sight_watch_set_page(fixture->watch, "/cart", 800);
  fixture->button = watch_target(10, SIGHT_TARGET_INTERACTIVE, "Pay now");
  fixture->other = watch_target(20, SIGHT_TARGET_INTERACTIVE, "Coupon");
  fixture->text = watch_target(30, 0, "Total");
}

void watch_tear_down(WatchFixture *fixture, gconstpointer data) {
  sight_watch_free(fixture->watch);
  g_ptr_array_unref(fixture->signals);
  sight_ruleset_free(fixture->rules);
  sight_target_unref(fixture->button);
  sight_target_unref(fixture->other);
  sight_target_unref(fixture->text);
}

void watch_act(WatchFixture *fixture, SightActKind kind, gint64 at_ms, int node) {
  SightAct act = {.kind = kind, .at_ms = at_ms, .node = node};
  sight_watch_act(fixture->watch, &act);
}

void watch_click_at(WatchFixture *fixture, gint64 at_ms, const SightTarget *target, int x, int y) {
  SightAct act = {.kind = SIGHT_ACT_CLICK, .at_ms = at_ms, .node = target->node, .target = target, .x = x, .y = y};
  watch_act(fixture, SIGHT_ACT_DOWN, at_ms - 80, target->node);
  watch_act(fixture, SIGHT_ACT_UP, at_ms - 1, target->node);
  sight_watch_act(fixture->watch, &act);
}

void watch_click(WatchFixture *fixture, gint64 at_ms, const SightTarget *target) {
  watch_click_at(fixture, at_ms, target, 100, 100);
}

void watch_change(WatchFixture *fixture, gint64 at_ms, int node) {
  SightAct act = {.kind = SIGHT_ACT_CHANGE, .at_ms = at_ms, .nodes = &node, .n_nodes = 1};
  sight_watch_act(fixture->watch, &act);
}

void watch_scroll(WatchFixture *fixture, gint64 at_ms, int y) {
  SightAct act = {.kind = SIGHT_ACT_SCROLL, .at_ms = at_ms, .node = 1, .y = y};
  watch_act(fixture, SIGHT_ACT_MOVE, at_ms, 1);
  sight_watch_act(fixture->watch, &act);
}

void watch_select(WatchFixture *fixture, gint64 at_ms, gboolean empty) {
  SightAct act = {.kind = SIGHT_ACT_SELECT, .at_ms = at_ms, .empty = empty};
  sight_watch_act(fixture->watch, &act);
}

void watch_message(WatchFixture *fixture, SightActKind kind, gint64 at_ms, const char *text, const char *detail) {
  SightAct act = {.kind = kind, .at_ms = at_ms, .text = text, .detail = detail};
  sight_watch_act(fixture->watch, &act);
}

void watch_end(WatchFixture *fixture, gint64 at_ms) {
  watch_act(fixture, SIGHT_ACT_TICK, at_ms, 0);
  sight_watch_finish(fixture->watch, at_ms);
}

guint watch_count(const WatchFixture *fixture, SightSignalKind kind) {
  guint n = 0;
  for (guint i = 0; i < fixture->signals->len; i++)
    n += ((SightSignal *)fixture->signals->pdata[i])->kind == kind;
  return n;
}

const SightSignal *watch_only(const WatchFixture *fixture, SightSignalKind kind) {
  g_assert_cmpuint(watch_count(fixture, kind), ==, 1);
  for (guint i = 0; i < fixture->signals->len; i++) {
    const SightSignal *signal = fixture->signals->pdata[i];
    if (signal->kind == kind)
      return signal;
  }
  g_assert_not_reached();
}

/* SPDX-License-Identifier: MIT */
/* Signals that carry a message: exceptions, console errors, failed requests; and the friction score of them all. */
#include "sight-friction.h"
#include "watch-fixture.h"

static void test_exception(WatchFixture *f, gconstpointer data) {
  watch_message(f, SIGHT_ACT_ERROR, 1000, "Uncaught TypeError: a is null",
                "TypeError: a is null\n    at pay (https://shop.example/app.js:10:2)");
  watch_end(f, 5000);
  const SightSignal *signal = watch_only(f, SIGHT_SIGNAL_ERROR);
  g_assert_cmpstr(signal->message, ==, "TypeError: a is null");
  g_assert_cmpint(signal->start_ms, ==, 1000);
  g_assert_cmpint(signal->count, ==, 1);
}

static void test_told_twice(WatchFixture *f, gconstpointer data) {
  watch_message(f, SIGHT_ACT_ERROR, 1000, "TypeError: a is null", NULL);
  watch_message(f, SIGHT_ACT_ERROR, 1001, "Uncaught TypeError: a is null", "x@y.js:1:1");
  watch_end(f, 5000);
  g_assert_cmpint(watch_only(f, SIGHT_SIGNAL_ERROR)->count, ==, 1);
}

static void test_again_and_again(WatchFixture *f, gconstpointer data) {
  for (int i = 0; i < 10; i++)
    watch_message(f, SIGHT_ACT_ERROR, 1000 + i * 500, "TypeError: a is null", NULL);
  watch_message(f, SIGHT_ACT_ERROR, 60000, "TypeError: a is null", NULL);
  watch_end(f, 70000);
  g_assert_cmpuint(watch_count(f, SIGHT_SIGNAL_ERROR), ==, 2);
  const SightSignal *first = f->signals->pdata[0], *second = f->signals->pdata[1];
  g_assert_cmpint(first->count, ==, 10);
  g_assert_cmpint(first->end_ms, ==, 5500);
  g_assert_cmpstr(first->fingerprint, ==, second->fingerprint);
}

static void test_other_problem(WatchFixture *f, gconstpointer data) {
  watch_message(f, SIGHT_ACT_ERROR, 1000, "TypeError: item 17 of order 4711 is null",
                "at pay (https://shop.example/app.js:10:2)");
  watch_message(f, SIGHT_ACT_ERROR, 9000, "TypeError: item 99 of order 12 is null",
                "at pay (https://shop.example/app.js:12:7)");
  watch_message(f, SIGHT_ACT_ERROR, 19000, "TypeError: item 99 of order 12 is null",
                "at ship (https://shop.example/app.js:12:7)");
  watch_end(f, 20000);
  const SightSignal *a = f->signals->pdata[0], *b = f->signals->pdata[1], *c = f->signals->pdata[2];
  g_assert_cmpstr(a->fingerprint, ==, b->fingerprint);
  g_assert_cmpstr(b->fingerprint, !=, c->fingerprint);
}

static void test_no_message(WatchFixture *f, gconstpointer data) {
  watch_message(f, SIGHT_ACT_ERROR, 1000, NULL, NULL);
  watch_end(f, 5000);
  g_assert_cmpstr(watch_only(f, SIGHT_SIGNAL_ERROR)->message, ==, "");
}

static void test_console(WatchFixture *f, gconstpointer data) {
  watch_message(f, SIGHT_ACT_CONSOLE, 1000, "cannot load prices", NULL);
  watch_end(f, 5000);
  g_assert_cmpstr(watch_only(f, SIGHT_SIGNAL_CONSOLE)->message, ==, "cannot load prices");
  g_assert_cmpuint(watch_count(f, SIGHT_SIGNAL_ERROR), ==, 0);
}

static void test_request(WatchFixture *f, gconstpointer data) {
  SightAct act = {.kind = SIGHT_ACT_REQUEST,
                  .at_ms = 1000,
                  .text = "https://shop.example/api/orders/4711?x=1",
                  .method = "POST",
                  .amount = 503};
  sight_watch_act(f->watch, &act);
  act.at_ms = 9000;
  act.text = "https://shop.example/api/orders/12";
  sight_watch_act(f->watch, &act);
  watch_end(f, 20000);
  g_assert_cmpuint(watch_count(f, SIGHT_SIGNAL_REQUEST), ==, 2);
  const SightSignal *first = f->signals->pdata[0], *second = f->signals->pdata[1];
  g_assert_cmpstr(first->message, ==, "POST /api/orders/:id 503");
  g_assert_cmpint(first->magnitude, ==, 503);
  g_assert_cmpstr(first->fingerprint, ==, second->fingerprint);
}

/* Markup and direction marks from a page stay text, and long ones are cut. */
static void test_hostile(WatchFixture *f, gconstpointer data) {
  g_autofree char *huge = g_strnfill(100000, 'x');
  watch_message(f, SIGHT_ACT_ERROR, 1000, "<b>bold</b> \u202Egnp.exe\u202C & \x01", NULL);
  watch_message(f, SIGHT_ACT_ERROR, 9000, huge, huge);
  watch_end(f, 20000);
  const SightSignal *first = f->signals->pdata[0], *second = f->signals->pdata[1];
  g_assert_nonnull(strstr(first->message, "<b>bold</b>"));
  g_assert_null(strstr(first->message, "\u202E"));
  g_assert_null(strchr(first->message, '\x01'));
  g_assert_cmpint(g_utf8_strlen(second->message, -1), <=, 501);
  g_assert_cmpuint(strlen(second->fingerprint), <, 200000);
}

static void test_friction(WatchFixture *f, gconstpointer data) {
  double parts[SIGHT_N_SIGNALS];
  sight_watch_set_facts(f->watch);
  watch_message(f, SIGHT_ACT_ERROR, 1000, "TypeError: a is null", NULL);
  watch_message(f, SIGHT_ACT_ERROR, 11000, "TypeError: a is null", NULL);
  watch_message(f, SIGHT_ACT_ERROR, 21000, "RangeError: too much", NULL);
  watch_message(f, SIGHT_ACT_CONSOLE, 22000, "weighs nothing", NULL);
  watch_click(f, 30000, f->button);
  watch_click(f, 40000, f->text);
  watch_end(f, 60000);
  double score = sight_friction_score(f->signals, parts);
  g_assert_cmpfloat_with_epsilon(score, 5 + 2.5 + 5 + 2 + 1, 1e-9);
  g_assert_cmpfloat_with_epsilon(parts[SIGHT_SIGNAL_ERROR], 12.5, 1e-9);
  g_assert_cmpfloat_with_epsilon(parts[SIGHT_SIGNAL_DEAD], 3, 1e-9);
  g_assert_cmpfloat_with_epsilon(parts[SIGHT_SIGNAL_CONSOLE], 0, 1e-9);
}

int main(int argc, char *argv[]) {
  g_test_init(&argc, &argv, NULL);
  watch_test("/messages/exception", test_exception);
  watch_test("/messages/told-twice", test_told_twice);
  watch_test("/messages/again-and-again", test_again_and_again);
  watch_test("/messages/other-problem", test_other_problem);
  watch_test("/messages/no-message", test_no_message);
  watch_test("/messages/console", test_console);
  watch_test("/messages/request", test_request);
  watch_test("/messages/hostile", test_hostile);
  watch_test("/messages/friction", test_friction);
  return g_test_run();
}

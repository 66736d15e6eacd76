/* SPDX-License-Identifier: MIT */
/* Budgets of requests against a server that counts by itself; its limits may be others than we think. */
#include "sight-pace.h"

#define MINUTE 60000
#define HOUR (60 * MINUTE)

/* Lets through n in each stretch, as sliding logs of requests do. */
typedef struct {
  guint per_minute, per_hour;
  GArray *times; /* gint64, of what was let through */
} Guard;

static guint count_since(const Guard *guard, gint64 from_ms) {
  guint n = 0;
  while (n < guard->times->len && g_array_index(guard->times, gint64, guard->times->len - 1 - n) > from_ms)
    n++;
  return n;
}

/* 0: let through; else in how many milliseconds to come again. */
static gint64 ask(Guard *guard, gint64 now_ms) {
  const struct {
    guint n;
    gint64 ms;
  } limits[] = {{guard->per_hour, HOUR}, {guard->per_minute, MINUTE}};
  for (guint i = 0; i < G_N_ELEMENTS(limits); i++) {
    if (count_since(guard, now_ms - limits[i].ms) >= limits[i].n)
      return g_array_index(guard->times, gint64, guard->times->len - limits[i].n) + limits[i].ms - now_ms;
  }
  g_array_append_val(guard->times, now_ms);
  return 0;
}

/* Asks until `n` were let through; how long it took, and how many were refused. */
static gint64 work(SightPace *pace, Guard *guard, gint64 *now_ms, guint n, gint64 each_ms, guint *n_refused) {
  gint64 from_ms = *now_ms;
  *n_refused = 0;
  for (guint done = 0; done < n;) {
    *now_ms += sight_pace_wait_ms(pace, *now_ms);
    sight_pace_count(pace, *now_ms);
    gint64 after_ms = ask(guard, *now_ms);
    if (after_ms > 0) {
      sight_pace_refuse(pace, *now_ms, after_ms);
      (*n_refused)++;
      continue;
    }
    done++;
    *now_ms += each_ms;
  }
  return *now_ms - from_ms;
}

static const SightPaceLimit paid[] = {{60, MINUTE}, {300, HOUR}};

static void test_known_limits(void) {
  Guard guard = {60, 300, g_array_new(FALSE, FALSE, sizeof(gint64))};
  g_autoptr(SightPace) pace = sight_pace_new(paid, G_N_ELEMENTS(paid));
  gint64 now_ms = 5;
  guint n_refused = 0;
  g_assert_cmpint(sight_pace_wait_ms(pace, now_ms), ==, 0);
  gint64 told_ms = sight_pace_forecast_ms(pace, now_ms, 4000, 700);
  gint64 took_ms = work(pace, &guard, &now_ms, 4000, 700, &n_refused);
  g_assert_cmpuint(n_refused, ==, 0);
  g_assert_cmpint(told_ms, ==, took_ms);
  /* 300 an hour. */
  g_assert_cmpint(took_ms, >, 13 * (gint64)HOUR);
  g_assert_cmpint(took_ms, <, 14 * (gint64)HOUR);
  g_array_unref(guard.times);
}

/* A smaller plan than was thought: it is learned within few refusals, and what is told then holds. */
static void test_learned_limits(void) {
  Guard guard = {12, 60, g_array_new(FALSE, FALSE, sizeof(gint64))};
  g_autoptr(SightPace) pace = sight_pace_new(paid, G_N_ELEMENTS(paid));
  gint64 now_ms = 0;
  guint n_refused = 0;
  work(pace, &guard, &now_ms, 200, 300, &n_refused);
  g_assert_cmpuint(n_refused, >=, 1);
  g_assert_cmpuint(n_refused, <=, 4);
  gint64 told_ms = sight_pace_forecast_ms(pace, now_ms, 2300, 300);
  gint64 took_ms = work(pace, &guard, &now_ms, 2300, 300, &n_refused);
  g_assert_cmpint(ABS(told_ms - took_ms), <, took_ms / 10);
  g_assert_cmpuint(n_refused, <=, 2);
  g_array_unref(guard.times);
}

/* Somebody else uses up the budget for a while: no limit is thought to be nothing. */
static void test_shared_budget(void) {
  g_autoptr(SightPace) pace = sight_pace_new(paid, G_N_ELEMENTS(paid));
  for (gint64 now_ms = 0; now_ms < 20 * HOUR; now_ms += HOUR) {
    sight_pace_count(pace, now_ms);
    sight_pace_refuse(pace, now_ms, 5000);
    g_assert_cmpint(sight_pace_wait_ms(pace, now_ms), ==, 5000);
  }
  /* A server that is busy says so, too: three requests are no budget of a minute that is free again in a second. */
  for (gint64 now_ms = 21 * (gint64)HOUR - 400; now_ms < 21 * (gint64)HOUR; now_ms += 100)
    sight_pace_count(pace, now_ms);
  sight_pace_refuse(pace, 21 * (gint64)HOUR, 1000);
  gint64 per_hour_ms = sight_pace_forecast_ms(pace, 21 * (gint64)HOUR, 300, 0);
  g_assert_cmpint(per_hour_ms, <, HOUR);
}

/* Hands over to another one, as the next process would have it, whose clock begins anew. */
static SightPace *hand_over(const SightPace *pace, gint64 now_ms, gint64 *next_now_ms, gint64 pause_ms) {
  g_autoptr(GString) text = g_string_new(NULL);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(8);
  g_autoptr(GError) error = NULL;
  SightJsonWriter w = {.out = text};
  SightJson root = {0};
  gint64 wall_ms = G_GINT64_CONSTANT(1700000000000);
  SightPace *next = sight_pace_new(paid, G_N_ELEMENTS(paid));
  sight_pace_write(pace, now_ms, wall_ms, &w);
  sight_json_parser_parse(parser, text->str, text->len, &root, &error);
  g_assert_no_error(error);
  *next_now_ms = 1000;
  sight_pace_read(next, root, *next_now_ms, wall_ms + pause_ms);
  return next;
}

/* What was used and learned goes on: the server counts, whichever process asks. */
static void test_handed_over(void) {
  Guard guard = {12, 60, g_array_new(FALSE, FALSE, sizeof(gint64))};
  g_autoptr(SightPace) pace = sight_pace_new(paid, G_N_ELEMENTS(paid));
  gint64 now_ms = 0, next_ms = 0, later_ms = 0;
  guint n_refused = 0;
  work(pace, &guard, &now_ms, 200, 300, &n_refused);
  g_autoptr(SightPace) next = hand_over(pace, now_ms, &next_ms, MINUTE);
  g_assert_cmpint(sight_pace_wait_ms(next, next_ms), ==, sight_pace_wait_ms(pace, now_ms + MINUTE));
  g_assert_cmpint(sight_pace_forecast_ms(next, next_ms, 500, 300), ==,
                  sight_pace_forecast_ms(pace, now_ms + MINUTE, 500, 300));
  /* Two days later the plan may be another one. */
  g_autoptr(SightPace) later = hand_over(pace, now_ms, &later_ms, 48 * (gint64)HOUR);
  g_autoptr(SightPace) fresh = sight_pace_new(paid, G_N_ELEMENTS(paid));
  g_assert_cmpint(sight_pace_forecast_ms(later, later_ms, 500, 300), ==, sight_pace_forecast_ms(fresh, 0, 500, 300));
  /* A clock that was put back makes nobody wait for years. */
  g_autoptr(SightPace) back = hand_over(pace, now_ms, &later_ms, -48 * (gint64)HOUR);
  g_assert_cmpint(sight_pace_wait_ms(back, later_ms), <=, HOUR);
  g_array_unref(guard.times);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/pace/known-limits", test_known_limits);
  g_test_add_func("/pace/learned-limits", test_learned_limits);
  g_test_add_func("/pace/shared-budget", test_shared_budget);
  g_test_add_func("/pace/handed-over", test_handed_over);
  return g_test_run();
}

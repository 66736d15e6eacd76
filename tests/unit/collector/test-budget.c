/* SPDX-License-Identifier: MIT */
/* Shares of the budget: against a naive count, with random requests. */
#include "sight-budget.h"

#define BUDGET ((gsize)64 * 1024 * 1024)
#define N_NAMES 5
#define PHASE_STEPS 7000

static const char *const names[N_NAMES] = {"a", "b", "c", "d", "e"};

typedef struct {
  SightHolding holding;
  gboolean alive;
} Request;

static gsize sum(const Request *requests, guint n, const char *address, const char *key) {
  gsize bytes = 0;
  for (guint i = 0; i < n; i++) {
    if ((address == NULL || requests[i].holding.address == address) && (key == NULL || requests[i].holding.key == key))
      bytes += requests[i].holding.bytes;
  }
  return bytes;
}

static void insist_on_parts(const SightBudget *budget, const Request *requests, guint n) {
  g_assert_cmpuint(sight_budget_used(budget), ==, sum(requests, n, NULL, NULL));
  g_assert_cmpuint(sight_budget_used(budget), <=, BUDGET);
  for (guint i = 0; i < N_NAMES; i++) {
    g_assert_cmpuint(sum(requests, n, names[i], NULL), <=, BUDGET / 3);
    g_assert_cmpuint(sum(requests, n, NULL, names[i]), <=, BUDGET / 2);
  }
}

/* `greedy`: one of them mostly, which alone would take all. */
static const char *random_name(gboolean greedy) {
  return names[greedy && g_test_rand_int_range(0, 10) > 0 ? 0 : g_test_rand_int_range(0, N_NAMES)];
}

static void end_all(SightBudget *budget, Request *requests, guint n) {
  for (guint i = 0; i < n; i++) {
    sight_budget_end(budget, &requests[i].holding);
    requests[i].alive = FALSE;
  }
  g_assert_cmpuint(sight_budget_used(budget), ==, 0);
}

static void test_random(void) {
  g_autoptr(SightBudget) budget = sight_budget_new(BUDGET);
  static Request requests[200];
  for (guint step = 0; step < 3 * PHASE_STEPS; step++) {
    Request *request = &requests[g_test_rand_int_range(0, G_N_ELEMENTS(requests))];
    if (step % PHASE_STEPS == 0)
      end_all(budget, requests, G_N_ELEMENTS(requests));
    if (!request->alive || g_test_rand_int_range(0, 20) == 0) {
      sight_budget_end(budget, &request->holding);
      guint phase = step / PHASE_STEPS;
      request->holding = (SightHolding){.address = random_name(phase == 0), .key = random_name(phase == 1)};
      request->alive = TRUE;
    }
    gsize bytes = (gsize)g_test_rand_int_range(1, g_test_rand_bit() ? 2 * 1024 * 1024 : 1000);
    if (sight_budget_check(budget, &request->holding, bytes) == SIGHT_BUDGET_FITS)
      sight_budget_take(budget, &request->holding, bytes);
    insist_on_parts(budget, requests, G_N_ELEMENTS(requests));
  }
  end_all(budget, requests, G_N_ELEMENTS(requests));
}

/* Large ones fill what they may of address, key and all; a small one passes each time. */
static void test_small_passes(void) {
  g_autoptr(SightBudget) budget = sight_budget_new(BUDGET);
  SightHolding large[16] = {0};
  guint n = 0;
  for (guint address = 0; address < 3; address++) {
    for (guint i = 0; i < 4; i++, n++) {
      large[n] = (SightHolding){.address = names[address], .key = names[address / 2]};
      while (sight_budget_check(budget, &large[n], 100 * 1024) == SIGHT_BUDGET_FITS)
        sight_budget_take(budget, &large[n], 100 * 1024);
      SightHolding small = {.address = names[address], .key = names[address / 2]};
      g_assert_cmpint(sight_budget_check(budget, &small, SIGHT_BUDGET_SMALL_BYTES), ==, SIGHT_BUDGET_FITS);
      g_assert_cmpint(sight_budget_check(budget, &small, SIGHT_BUDGET_SMALL_BYTES + 100 * 1024), !=, SIGHT_BUDGET_FITS);
    }
  }
  for (guint i = 0; i < n; i++)
    sight_budget_end(budget, &large[i]);
}

static void test_line(void) {
  g_autoptr(SightBudget) budget = sight_budget_new(BUDGET);
  SightHolding waiting[32] = {0};
  guint n_in_line = 0;
  for (guint i = 0; i < G_N_ELEMENTS(waiting); i++) {
    waiting[i] = (SightHolding){.address = names[i % N_NAMES], .key = "k"};
    sight_budget_take(budget, &waiting[i], 1000);
    n_in_line += sight_budget_stand_in_line(budget, &waiting[i]);
  }
  g_assert_cmpuint(n_in_line, ==, 16);
  g_assert_false(sight_budget_stand_in_line(budget, &waiting[31]));
  sight_budget_end(budget, &waiting[0]);
  g_assert_true(sight_budget_stand_in_line(budget, &waiting[31]));
  for (guint i = 0; i < G_N_ELEMENTS(waiting); i++)
    sight_budget_end(budget, &waiting[i]);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/collector/budget/random", test_random);
  g_test_add_func("/collector/budget/small-passes", test_small_passes);
  g_test_add_func("/collector/budget/line", test_line);
  return g_test_run();
}

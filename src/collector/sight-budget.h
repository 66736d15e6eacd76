/* SPDX-License-Identifier: MIT */
/* SightBudget: how much of the memory for requests, or answers, under way each address and each key has. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct SightBudget SightBudget;

/* One thread at a time. Of `max_bytes` an address may have a third, and a key half. Of every such part the last
 * quarter is for small bodies alone, so that they pass while large ones wait; large ones that are whole wait for their
 * turn, few of each address and key. What is alone fits, whatever its size. */
SightBudget *sight_budget_new(gsize max_bytes);
void sight_budget_free(SightBudget *budget);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightBudget, sight_budget_free)

/* A body up to this is small, as it is sent. */
#define SIGHT_BUDGET_SMALL_BYTES ((gsize)64 * 1024)

/* What one request has: the caller's, zeroed by begin() and to be ended. The names are borrowed for as long. */
typedef struct {
  const char *address, *key;
  gsize bytes;
  gboolean waits; /* in line with the large ones */
} SightHolding;

typedef enum {
  SIGHT_BUDGET_FITS,
  SIGHT_BUDGET_ADDRESS_FULL,
  SIGHT_BUDGET_KEY_FULL,
  SIGHT_BUDGET_FULL,
} SightBudgetState;

/* Whether so many bytes more fit; takes nothing. */
SightBudgetState sight_budget_check(const SightBudget *budget, const SightHolding *holding, gsize bytes);
void sight_budget_take(SightBudget *budget, SightHolding *holding, gsize bytes);
/* FALSE where the address or key has as many in line as it may. */
gboolean sight_budget_stand_in_line(SightBudget *budget, SightHolding *holding);
/* Gives everything back. */
void sight_budget_end(SightBudget *budget, SightHolding *holding);
gsize sight_budget_used(const SightBudget *budget);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
/* Shares by name, kept only while somebody has something of them. */
#include "sight-budget.h"

#include "sight-hash.h"

#define ADDRESS_PART 3
#define KEY_PART 2
#define LINE_PER_ADDRESS 4
#define LINE_PER_KEY 16

typedef struct {
  gsize bytes;
  guint n_waiting;
} Share;

struct SightBudget {
  gsize max_bytes, used;
  GHashTable *addresses, *keys; /* name -> Share */
};

SightBudget *sight_budget_new(gsize max_bytes) {
  SightBudget *budget = g_new0(SightBudget, 1);
  budget->max_bytes = max_bytes;
  budget->addresses = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, g_free);
  budget->keys = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, g_free);
  return budget;
}

void sight_budget_free(SightBudget *budget) {
  if (budget == NULL)
    return;
  g_hash_table_unref(budget->addresses);
  g_hash_table_unref(budget->keys);
  g_free(budget);
}

static Share *share_of(GHashTable *shares, const char *name) {
  Share *share = g_hash_table_lookup(shares, name);
  if (share == NULL) {
    share = g_new0(Share, 1);
    g_hash_table_insert(shares, g_strdup(name), share);
  }
  return share;
}

static void give_back(GHashTable *shares, const char *name, gsize bytes, gboolean waited) {
  Share *share = share_of(shares, name);
  share->bytes -= bytes;
  share->n_waiting -= waited ? 1 : 0;
  if (share->bytes == 0 && share->n_waiting == 0)
    g_hash_table_remove(shares, name);
}

static gsize bytes_of(GHashTable *shares, const char *name) {
  const Share *share = g_hash_table_lookup(shares, name);
  return share != NULL ? share->bytes : 0;
}

SightBudgetState sight_budget_check(const SightBudget *budget, const SightHolding *holding, gsize bytes) {
  if (budget->used == 0)
    return SIGHT_BUDGET_FITS;
  gboolean small = holding->bytes + bytes <= SIGHT_BUDGET_SMALL_BYTES;
  gsize max = small ? budget->max_bytes : budget->max_bytes / 4 * 3;
  if (bytes_of(budget->addresses, holding->address) + bytes > max / ADDRESS_PART)
    return SIGHT_BUDGET_ADDRESS_FULL;
  if (bytes_of(budget->keys, holding->key) + bytes > max / KEY_PART)
    return SIGHT_BUDGET_KEY_FULL;
  return budget->used + bytes > max ? SIGHT_BUDGET_FULL : SIGHT_BUDGET_FITS;
}

void sight_budget_take(SightBudget *budget, SightHolding *holding, gsize bytes) {
  holding->bytes += bytes;
  budget->used += bytes;
  share_of(budget->addresses, holding->address)->bytes += bytes;
  share_of(budget->keys, holding->key)->bytes += bytes;
}

gboolean sight_budget_stand_in_line(SightBudget *budget, SightHolding *holding) {
  Share *address = share_of(budget->addresses, holding->address);
  Share *key = share_of(budget->keys, holding->key);
  if (address->n_waiting >= LINE_PER_ADDRESS || key->n_waiting >= LINE_PER_KEY)
    return FALSE;
  address->n_waiting++;
  key->n_waiting++;
  holding->waits = TRUE;
  return TRUE;
}

void sight_budget_end(SightBudget *budget, SightHolding *holding) {
  if (holding->bytes == 0 && !holding->waits)
    return;
  budget->used -= holding->bytes;
  give_back(budget->addresses, holding->address, holding->bytes, holding->waits);
  give_back(budget->keys, holding->key, holding->bytes, holding->waits);
  holding->bytes = 0;
  holding->waits = FALSE;
}

gsize sight_budget_used(const SightBudget *budget) {
  return budget->used;
}

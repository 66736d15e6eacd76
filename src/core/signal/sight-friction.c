/* SPDX-License-Identifier: MIT */
/* The weights of signals put together. */
#include "sight-friction.h"

#include "sight-hash.h"

/* The magnitude of a dead click of full weight. */
#define DEAD_MAGNITUDE 4

double sight_friction_weight(const SightSignal *signal) {
  double weight = sight_signal_info((int)signal->kind)->weight;
  return signal->kind == SIGHT_SIGNAL_DEAD ? weight * signal->magnitude / DEAD_MAGNITUDE : weight;
}

double sight_friction_score(GPtrArray *signals, double parts[SIGHT_N_SIGNALS]) {
  g_autoptr(GHashTable) repeats = g_hash_table_new(sight_hash_text, g_str_equal);
  double score = 0;
  for (guint kind = 0; parts != NULL && kind < SIGHT_N_SIGNALS; kind++)
    parts[kind] = 0;
  for (guint i = 0; i < signals->len; i++) {
    const SightSignal *signal = signals->pdata[i];
    guint n = GPOINTER_TO_UINT(g_hash_table_lookup(repeats, signal->fingerprint)) + 1;
    g_hash_table_insert(repeats, signal->fingerprint, GUINT_TO_POINTER(n));
    double share = sight_friction_weight(signal) / n;
    score += share;
    if (parts != NULL)
      parts[signal->kind] += share;
  }
  return score;
}

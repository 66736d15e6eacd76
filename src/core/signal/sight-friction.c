/* SPDX-License-Identifier: MIT */
/* Weights of the signals, and their sum. */
#include "sight-friction.h"

#include "sight-hash.h"

double sight_friction_weight(const SightSignal *signal) {
  switch (signal->kind) {
  case SIGHT_SIGNAL_ERROR:
    return 5;
  case SIGHT_SIGNAL_RAGE:
    return 4;
  case SIGHT_SIGNAL_DEAD:
    return signal->magnitude / 2.0;
  case SIGHT_SIGNAL_QUICK_BACK:
    return 2;
  case SIGHT_SIGNAL_SCROLL:
  case SIGHT_SIGNAL_THRASH:
    return 1;
  case SIGHT_SIGNAL_CONSOLE:
  case SIGHT_SIGNAL_REQUEST:
  case SIGHT_SIGNAL_SLOW:
  case SIGHT_SIGNAL_ERROR_CLICK:
  case SIGHT_SIGNAL_FORM:
  case SIGHT_SIGNAL_UNSEEN:
  case SIGHT_SIGNAL_WAITING:
  case SIGHT_SIGNAL_NOISE:
  case SIGHT_N_SIGNALS:
    break;
  }
  return 0;
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

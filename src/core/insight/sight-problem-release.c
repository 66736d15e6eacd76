/* SPDX-License-Identifier: MIT */
/* Releases in the order in which they were first seen. */
#include "sight-problem-release.h"

#include "sight-index-table.h"

/* In all sessions; G_MAXINT64: never, -1: an error. */
static gint64 first_seen_ms(SightDb *db, const SightSessionFacts *facts, const char *release, GError **error) {
  g_autoptr(SightSet) sessions = sight_index_table_with(db, SIGHT_TERM_RELEASE, release, error);
  g_autoptr(GArray) rows = sessions != NULL ? sight_set_rows(sessions) : NULL;
  gint64 first_ms = G_MAXINT64;

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    first_ms = MIN(first_ms, sight_session_facts_arrived_ms(facts, g_array_index(rows, gint64, i)));
  return rows != NULL ? first_ms : -1;
}

static gboolean is_of_any(gint64 row, const GPtrArray *releases) {
  for (guint i = 0; i < releases->len; i++) {
    if (sight_set_contains(releases->pdata[i], row))
      return TRUE;
  }
  return FALSE;
}

gint64 sight_problem_last_since(SightDb *db, const SightSessionFacts *facts, const GArray *rows, const char *release,
                                const GArray *releases, GError **error) {
  g_autoptr(GPtrArray) before = g_ptr_array_new(), since = g_ptr_array_new();
  gint64 fixed_ms = first_seen_ms(db, facts, release, error), last_ms = 0;

  for (guint i = 0; fixed_ms >= 0 && fixed_ms < G_MAXINT64 && i < releases->len; i++) {
    const SightProblemRelease *one = &g_array_index(releases, SightProblemRelease, i);
    gint64 first_ms = first_seen_ms(db, facts, one->name, error);
    if (first_ms < 0)
      return -1;
    g_ptr_array_add(first_ms < fixed_ms ? before : since, (gpointer)one->sessions);
  }
  for (guint i = 0; i < rows->len; i++) {
    gint64 row = g_array_index(rows, gint64, i);
    if (!is_of_any(row, before) || is_of_any(row, since))
      last_ms = MAX(last_ms, sight_session_facts_arrived_ms(facts, row));
  }
  return fixed_ms < 0 ? -1 : last_ms;
}

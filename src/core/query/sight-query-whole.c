/* SPDX-License-Identifier: MIT */
/* What is said of a session that matches as a whole, and where watching it begins. */
#include "sight-analysis-table.h"
#include "sight-filter-sentence.h"
#include "sight-query-private.h"

#include <glib/gi18n-lib.h>

/* Where watching one that left begins, at the latest. */
#define LAST_MS (2 * 60 * 1000)

/* The last thing that a visitor could have noticed, not long before leaving; NULL: there is none. */
static const SightSignal *last_trouble(GPtrArray *signals, gint64 left_ms) {
  for (guint i = signals->len; i > 0; i--) {
    const SightSignal *signal = signals->pdata[i - 1];
    if (signal->kind != SIGHT_SIGNAL_CONSOLE && signal->kind != SIGHT_SIGNAL_NOISE)
      return signal->end_ms >= left_ms - LAST_MS ? signal : NULL;
  }
  return NULL;
}

static gboolean tell_churned(SightQuery *query, const SightSession *session, SightQueryMoment *moment, GError **error) {
  g_autoptr(GPtrArray) signals = sight_signal_table_list(query->db, session->row, error);

  if (signals == NULL)
    return FALSE;
  const SightSignal *trouble = last_trouble(signals, session->duration_ms);
  if (trouble != NULL) {
    g_autofree char *what = sight_signal_reason(trouble);
    int seconds = (int)MAX(0, (session->duration_ms - trouble->end_ms + 500) / 1000);
    moment->start_ms = trouble->start_ms;
    moment->signal = (int)trouble->kind;
    /* TRANSLATORS: the last trouble before a visitor left, "Left 19 s after: 4 clicks on “Pay”, nothing changed" */
    moment->reason = g_strdup_printf(_("Left %d s after: %s"), seconds, what);
    return TRUE;
  }
  moment->start_ms = MAX(0, session->duration_ms - LAST_MS);
  moment->reason = session->exit != NULL ? g_strdup_printf(_("Ended on %s without a key action"), session->exit)
                                         : g_strdup(_("Ended without a key action"));
  return TRUE;
}

/* The first time. */
static gboolean tell_converted(SightQuery *query, const SightSession *session, SightQueryMoment *moment,
                               GError **error) {
  g_autoptr(GArray) reached = sight_cohort_reached(query->db, session->row, session->endpoint, error);

  if (reached == NULL)
    return FALSE;
  /* What the index had no room for has no moment. */
  moment->anywhere = reached->len == 0;
  if (reached->len == 0) {
    moment->reason = g_strdup(_("Reached a key action"));
    return TRUE;
  }
  const SightReached *first = &g_array_index(reached, SightReached, 0);
  moment->start_ms = first->at_ms;
  /* TRANSLATORS: name of a key action, such as an order */
  moment->reason = g_strdup_printf(_("Reached “%s”"), first->name);
  return TRUE;
}

static const SightPageStat *find_stat(GPtrArray *stats, const char *page) {
  for (guint i = 0; i < stats->len; i++) {
    const SightPageStat *stat = stats->pdata[i];
    if (g_strcmp0(stat->page, page) == 0)
      return stat;
  }
  return NULL;
}

/* The last entry to the page that it ended on. */
static gboolean tell_high_exit(SightQuery *query, const SightSession *session, SightQueryMoment *moment,
                               GError **error) {
  g_autoptr(GPtrArray) views = sight_page_table_list(query->db, session->row, error);
  g_autoptr(GPtrArray) stats = views != NULL ? sight_page_table_stats(query->db, session->endpoint, error) : NULL;

  if (stats == NULL)
    return FALSE;
  const SightPageStat *stat = find_stat(stats, session->exit);
  moment->reason = stat != NULL && stat->n_sessions > 0
                       ? g_strdup_printf(_("Left on %s, where %d %% of those who see it leave"), session->exit,
                                         (int)(stat->n_exits * 100 / stat->n_sessions))
                       : g_strdup_printf(_("Left on %s"), session->exit);
  for (guint i = 0; i < views->len; i++) {
    const SightPageView *view = views->pdata[i];
    if (g_strcmp0(view->page, session->exit) == 0)
      moment->start_ms = MAX(0, view->start_ms);
  }
  return TRUE;
}

gboolean sight_query_whole(SightQuery *query, const SightFilter *part, const SightSession *session,
                           SightQueryMoment *moment, GError **error) {
  const SightField *field = part->field;

  if (field != NULL && field->sessions == sight_answer_churned)
    return tell_churned(query, session, moment, error);
  if (field != NULL && field->sessions == sight_answer_converted)
    return tell_converted(query, session, moment, error);
  if (field != NULL && field->sessions == sight_answer_high_exit)
    return tell_high_exit(query, session, moment, error);
  g_autofree char *has = field != NULL ? sight_answer_has(query, part, session) : NULL;
  moment->anywhere = TRUE;
  moment->reason = has != NULL ? g_strdup_printf("%s: %s", sight_field_title(field), has) : sight_filter_phrase(part);
  return TRUE;
}

/* SPDX-License-Identifier: MIT */
/* Why a session is listed, and at which moment. */
#include "sight-cohort-rules.h"
#include "sight-library.h"

#include <glib/gi18n-lib.h>

void sight_library_reason_clear(SightLibraryReason *reason) {
  g_clear_pointer(&reason->condition, g_free);
  g_clear_pointer(&reason->reason, g_free);
  g_clear_pointer(&reason->page, g_free);
}

/* Of two kinds the graver one; of one kind the severe one, then the one with more clicks or turns; the earlier one
 * stays. */
static gboolean is_worse(const SightSignal *signal, const SightSignal *than) {
  if (signal->kind != than->kind)
    return sight_signal_info((int)signal->kind)->gravity > sight_signal_info((int)than->kind)->gravity;
  if (signal->severe != than->severe)
    return signal->severe;
  return signal->count > than->count;
}

/* Of two moments of a filter: what has a moment of its own first, then signals. */
static gboolean is_worse_moment(const SightQueryMoment *moment, const SightQueryMoment *than) {
  if (moment->whole != than->whole)
    return !moment->whole;
  if (moment->signal < 0 || than->signal < 0)
    return moment->signal > than->signal;
  SightSignal x = {.kind = (SightSignalKind)moment->signal, .severe = moment->severe, .count = moment->count};
  SightSignal y = {.kind = (SightSignalKind)than->signal, .severe = than->severe, .count = than->count};
  return is_worse(&x, &y);
}

/* NULL where the filter names no place in the session. */
static const SightQueryMoment *worst_moment(const GPtrArray *moments) {
  const SightQueryMoment *worst = NULL;

  for (guint i = 0; i < moments->len; i++) {
    const SightQueryMoment *moment = moments->pdata[i];
    if (!moment->anywhere && (worst == NULL || is_worse_moment(moment, worst)))
      worst = moment;
  }
  return worst;
}

static gboolean tell_reached(SightDb *db, const SightSession *session, SightLibraryReason *reason, GError **error) {
  g_autoptr(GArray) reached = sight_cohort_reached(db, session->row, session->endpoint, error);
  const SightReached *first = reached != NULL && reached->len > 0 ? &g_array_index(reached, SightReached, 0) : NULL;

  reason->at_ms = first != NULL ? first->at_ms : 0;
  reason->reason =
      first != NULL ? g_strdup_printf(_("Reached “%s”"), first->name) : g_strdup(_("Reached a key action"));
  return reached != NULL;
}

/* Of a visit without any signal: what came of it. */
static gboolean visit_reason(SightDb *db, SightQuery *query, const SightSession *session, SightLibraryReason *reason,
                             GError **error) {
  const SightSet *converted = sight_query_converted(query, error);

  if (converted != NULL && sight_set_contains(converted, session->row))
    return tell_reached(db, session, reason, error);
  if (session->n_pages > 0)
    reason->reason = g_strdup_printf(
        ngettext("Looked at %d page, left", "Looked at %d pages, left", (gulong)session->n_pages), session->n_pages);
  return converted != NULL;
}

static gboolean worst_signal(SightDb *db, SightQuery *query, const SightSession *session, SightLibraryReason *reason,
                             GError **error) {
  g_autoptr(GPtrArray) signals = sight_signal_table_list(db, session->row, error);
  const SightSignal *worst = NULL;

  for (guint i = 0; signals != NULL && i < signals->len; i++) {
    const SightSignal *signal = signals->pdata[i];
    if (worst == NULL || is_worse(signal, worst))
      worst = signal;
  }
  if (worst != NULL)
    *reason = (SightLibraryReason){
        .reason = sight_signal_reason(worst), .at_ms = worst->start_ms, .signal = (int)worst->kind};
  if (signals == NULL || worst != NULL)
    return signals != NULL;
  return visit_reason(db, query, session, reason, error);
}

static gboolean find_page(SightDb *db, const SightSession *session, SightLibraryReason *reason, GError **error) {
  g_autoptr(GPtrArray) views = sight_page_table_list(db, session->row, error);
  const SightPageView *last = NULL;

  for (guint i = 0; views != NULL && i < views->len; i++) {
    const SightPageView *view = views->pdata[i];
    if (last == NULL || view->start_ms <= reason->at_ms)
      last = view;
  }
  reason->page = last != NULL ? g_strdup(last->page) : NULL;
  return views != NULL;
}

gboolean sight_library_reason(SightDb *db, SightQuery *query, const SightSession *session, SightLibraryReason *reason,
                              GError **error) {
  g_autoptr(GPtrArray) moments = sight_query_moments(query, session, error);
  const SightQueryMoment *worst = moments != NULL ? worst_moment(moments) : NULL;

  *reason = (SightLibraryReason){.signal = -1};
  if (moments == NULL)
    return FALSE;
  if (worst == NULL && !worst_signal(db, query, session, reason, error))
    return FALSE;
  if (worst != NULL)
    *reason = (SightLibraryReason){.condition = g_strdup(worst->condition),
                                   .reason = g_strdup(worst->reason),
                                   .at_ms = worst->start_ms,
                                   .signal = worst->signal};
  return find_page(db, session, reason, error);
}

char *sight_library_moment_reason(SightDb *db, SightQuery *query, const SightSession *session, gint64 at_ms,
                                  GError **error) {
  g_autoptr(GPtrArray) moments = sight_query_moments(query, session, error);

  for (guint i = 0; moments != NULL && i < moments->len; i++) {
    const SightQueryMoment *moment = moments->pdata[i];
    if (!moment->anywhere && moment->start_ms == at_ms)
      return g_strdup(moment->reason);
  }
  return NULL;
}

/* Times of places, those of a moment or those of the whole. */
static void add_times(const GPtrArray *moments, gboolean whole, GArray *times) {
  for (guint i = 0; i < moments->len; i++) {
    const SightQueryMoment *moment = moments->pdata[i];
    if (moment->whole == whole && !moment->anywhere)
      g_array_append_val(times, moment->start_ms);
  }
}

static gboolean add_signals(SightDb *db, const SightSession *session, GArray *times, GError **error) {
  g_autoptr(GPtrArray) signals = sight_signal_table_list(db, session->row, error);

  for (guint i = 0; signals != NULL && i < signals->len; i++)
    g_array_append_val(times, ((SightSignal *)signals->pdata[i])->start_ms);
  return signals != NULL;
}

static int earliest_first(gconstpointer a, gconstpointer b) {
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;

  return x < y ? -1 : x > y;
}

GArray *sight_library_moments(SightDb *db, SightQuery *query, const SightSession *session, GError **error) {
  g_autoptr(GPtrArray) moments = sight_query_moments(query, session, error);
  g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(gint64));

  if (moments == NULL)
    return NULL;
  add_times(moments, FALSE, times);
  if (times->len == 0)
    add_times(moments, TRUE, times);
  if (times->len == 0 && !add_signals(db, session, times, error))
    return NULL;
  /* A session that a filter chose for what it is as a whole is watched from its start. */
  gint64 start_ms = 0;
  if (times->len == 0 && moments->len > 0)
    g_array_append_val(times, start_ms);
  g_array_sort(times, earliest_first);
  for (guint i = times->len; i > 1; i--) {
    if (g_array_index(times, gint64, i - 1) == g_array_index(times, gint64, i - 2))
      g_array_remove_index(times, i - 1);
  }
  return g_steal_pointer(&times);
}

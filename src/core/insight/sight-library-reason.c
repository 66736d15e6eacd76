/* SPDX-License-Identifier: MIT */
/* Why a session is in a facet, and at which moment. */
#include "sight-library.h"

#include "sight-clock-text.h"

#include <glib/gi18n-lib.h>

#define CHURNED_LAST_MS (2 * 60 * 1000)

void sight_library_reason_clear(SightLibraryReason *reason) {
  g_clear_pointer(&reason->reason, g_free);
}

static int signal_of(SightFacet facet) {
  switch (facet) {
  case SIGHT_FACET_ERRORED:
    return SIGHT_SIGNAL_ERROR;
  case SIGHT_FACET_RAGE:
    return SIGHT_SIGNAL_RAGE;
  case SIGHT_FACET_DEAD:
    return SIGHT_SIGNAL_DEAD;
  case SIGHT_FACET_SCROLL:
    return SIGHT_SIGNAL_SCROLL;
  case SIGHT_FACET_ALL:
  case SIGHT_FACET_CHURNED:
  case SIGHT_FACET_HIGH_EXIT:
  case SIGHT_FACET_TAGGED:
  case SIGHT_N_FACETS:
    break;
  }
  return -1;
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

/* Of two moments of a filter: signals first, then what has a moment of its own. */
static gboolean is_worse_moment(const SightQueryMoment *moment, const SightQueryMoment *than) {
  if (moment->signal < 0 || than->signal < 0)
    return moment->signal != than->signal ? moment->signal > than->signal : !moment->whole && than->whole;
  SightSignal x = {.kind = (SightSignalKind)moment->signal, .severe = moment->severe, .count = moment->count};
  SightSignal y = {.kind = (SightSignalKind)than->signal, .severe = than->severe, .count = than->count};
  return is_worse(&x, &y);
}

const SightQueryMoment *sight_library_worst(const GPtrArray *moments) {
  const SightQueryMoment *worst = NULL;

  for (guint i = 0; i < moments->len; i++) {
    if (worst == NULL || is_worse_moment(moments->pdata[i], worst))
      worst = moments->pdata[i];
  }
  return worst;
}

/* The worst signal of a kind (-1: of any). */
static gboolean signal_reason(SightDb *db, int kind, const SightSession *session, SightLibraryReason *reason,
                              GError **error) {
  g_autoptr(GPtrArray) signals = sight_signal_table_list(db, session->row, error);
  const SightSignal *worst = NULL;

  for (guint i = 0; signals != NULL && i < signals->len; i++) {
    const SightSignal *signal = g_ptr_array_index(signals, i);
    if ((kind < 0 || (int)signal->kind == kind) && (worst == NULL || is_worse(signal, worst)))
      worst = signal;
  }
  if (worst != NULL) {
    reason->reason = sight_signal_reason(worst);
    reason->at_ms = worst->start_ms;
    reason->signal = worst->kind;
  }
  return signals != NULL;
}

/* The last thing that a visitor could have noticed, not long before leaving; NULL: there is none. */
static const SightSignal *last_trouble(GPtrArray *signals, gint64 left_ms) {
  for (guint i = signals->len; i > 0; i--) {
    const SightSignal *signal = g_ptr_array_index(signals, i - 1);
    if (signal->kind != SIGHT_SIGNAL_CONSOLE && signal->kind != SIGHT_SIGNAL_NOISE)
      return signal->end_ms >= left_ms - CHURNED_LAST_MS ? signal : NULL;
  }
  return NULL;
}

static gboolean churned_reason(SightDb *db, const SightSession *session, SightLibraryReason *reason, GError **error) {
  g_autoptr(GPtrArray) signals = sight_signal_table_list(db, session->row, error);

  if (signals == NULL)
    return FALSE;
  const SightSignal *trouble = last_trouble(signals, session->duration_ms);
  if (trouble != NULL) {
    g_autofree char *what = sight_signal_reason(trouble);
    int seconds = (int)MAX(0, (session->duration_ms - trouble->end_ms + 500) / 1000);
    reason->at_ms = trouble->start_ms;
    reason->signal = trouble->kind;
    /* Translators: the last trouble before a visitor left, "Left 19 s after: 4 clicks on “Pay”, nothing changed" */
    reason->reason = g_strdup_printf(_("Left %d s after: %s"), seconds, what);
    return TRUE;
  }
  reason->at_ms = MAX(0, session->duration_ms - CHURNED_LAST_MS);
  reason->reason = session->exit != NULL ? g_strdup_printf(_("Ended on %s without a key action"), session->exit)
                                         : g_strdup(_("Ended without a key action"));
  return TRUE;
}

static const SightPageStat *find_stat(GPtrArray *stats, const char *page) {
  for (guint i = 0; i < stats->len; i++) {
    const SightPageStat *stat = g_ptr_array_index(stats, i);
    if (g_strcmp0(stat->page, page) == 0)
      return stat;
  }
  return NULL;
}

/* The last entry to the page that the session ended on. */
static gboolean high_exit_reason(SightDb *db, const SightSession *session, SightLibraryReason *reason, GError **error) {
  g_autoptr(GPtrArray) views = sight_page_table_list(db, session->row, error);
  g_autoptr(GPtrArray) stats = views != NULL ? sight_page_table_stats(db, session->endpoint, error) : NULL;

  if (stats == NULL)
    return FALSE;
  const SightPageStat *stat = find_stat(stats, session->exit);
  if (stat != NULL && stat->n_sessions > 0)
    reason->reason = g_strdup_printf(_("Left on %s, where %d %% of those who see it leave"), session->exit,
                                     (int)(stat->n_exits * 100 / stat->n_sessions));
  for (guint i = 0; i < views->len; i++) {
    const SightPageView *view = g_ptr_array_index(views, i);
    if (g_strcmp0(view->page, session->exit) == 0)
      reason->at_ms = MAX(0, view->start_ms);
  }
  return TRUE;
}

static gboolean tagged_reason(SightDb *db, const SightSession *session, SightLibraryReason *reason, GError **error) {
  g_autoptr(GPtrArray) annotations = sight_annotation_table_list(db, session->endpoint, session->session, error);

  for (guint i = 0; annotations != NULL && i < annotations->len; i++) {
    const SightAnnotation *tag = g_ptr_array_index(annotations, i);
    if (!g_str_equal(tag->kind, "tag"))
      continue;
    g_autofree char *time = sight_clock_text(MAX(0, tag->at_ms));
    reason->at_ms = MAX(0, tag->at_ms);
    /* Translators: a tag's text and the time in the recording where it was set */
    reason->reason =
        tag->at_ms >= 0 ? g_strdup_printf(_("“%s” at %s"), tag->body, time) : g_strdup_printf(_("“%s”"), tag->body);
    break;
  }
  return annotations != NULL;
}

gboolean sight_library_reason(SightDb *db, SightFacet facet, const SightSession *session, SightLibraryReason *reason,
                              GError **error) {
  *reason = (SightLibraryReason){.signal = -1};
  switch (facet) {
  case SIGHT_N_FACETS:
    return TRUE;
  case SIGHT_FACET_CHURNED:
    return churned_reason(db, session, reason, error);
  case SIGHT_FACET_HIGH_EXIT:
    return high_exit_reason(db, session, reason, error);
  case SIGHT_FACET_TAGGED:
    return tagged_reason(db, session, reason, error);
  case SIGHT_FACET_ALL:
  case SIGHT_FACET_ERRORED:
  case SIGHT_FACET_RAGE:
  case SIGHT_FACET_DEAD:
  case SIGHT_FACET_SCROLL:
    return signal_reason(db, signal_of(facet), session, reason, error);
  }
  return TRUE;
}

static gboolean add_signals(SightDb *db, int kind, const SightSession *session, GArray *moments, GError **error) {
  g_autoptr(GPtrArray) signals = sight_signal_table_list(db, session->row, error);

  for (guint i = 0; signals != NULL && i < signals->len; i++) {
    const SightSignal *signal = g_ptr_array_index(signals, i);
    gint64 at_ms = signal->start_ms;
    if (kind < 0 || (int)signal->kind == kind)
      g_array_append_val(moments, at_ms);
  }
  return signals != NULL;
}

static gboolean add_tags(SightDb *db, const SightSession *session, GArray *moments, GError **error) {
  g_autoptr(GPtrArray) annotations = sight_annotation_table_list(db, session->endpoint, session->session, error);

  for (guint i = 0; annotations != NULL && i < annotations->len; i++) {
    const SightAnnotation *tag = g_ptr_array_index(annotations, i);
    gint64 at_ms = MAX(0, tag->at_ms);
    if (g_str_equal(tag->kind, "tag"))
      g_array_append_val(moments, at_ms);
  }
  return annotations != NULL;
}

static gboolean add_only_one(SightDb *db, SightFacet facet, const SightSession *session, GArray *moments,
                             GError **error) {
  SightLibraryReason reason;
  gboolean found = sight_library_reason(db, facet, session, &reason, error);

  if (found)
    g_array_append_val(moments, reason.at_ms);
  sight_library_reason_clear(&reason);
  return found;
}

static int earliest_first(gconstpointer a, gconstpointer b) {
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;

  return x < y ? -1 : x > y;
}

GArray *sight_library_moments(SightDb *db, SightFacet facet, const SightSession *session, GError **error) {
  g_autoptr(GArray) moments = g_array_new(FALSE, FALSE, sizeof(gint64));
  gboolean found = FALSE;

  switch (facet) {
  case SIGHT_FACET_CHURNED:
  case SIGHT_FACET_HIGH_EXIT:
    found = add_only_one(db, facet, session, moments, error);
    break;
  case SIGHT_FACET_TAGGED:
    found = add_tags(db, session, moments, error);
    break;
  case SIGHT_FACET_ALL:
  case SIGHT_FACET_ERRORED:
  case SIGHT_FACET_RAGE:
  case SIGHT_FACET_DEAD:
  case SIGHT_FACET_SCROLL:
  case SIGHT_N_FACETS:
    found = add_signals(db, signal_of(facet), session, moments, error);
    break;
  }
  if (!found)
    return NULL;
  g_array_sort(moments, earliest_first);
  for (guint i = moments->len; i > 1; i--) {
    if (g_array_index(moments, gint64, i - 1) == g_array_index(moments, gint64, i - 2))
      g_array_remove_index(moments, i - 1);
  }
  return g_steal_pointer(&moments);
}

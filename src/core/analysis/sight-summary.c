/* SPDX-License-Identifier: MIT */
/* From the findings of each window to the analysis of the session. */
#include "sight-summary.h"

#include "sight-assets.h"
#include "sight-device.h"
#include "sight-friction.h"
#include "sight-terms.h"
#include "sight-timeline.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What no timeline can show; the rest is counted in the notice. */
#define MAX_SIGNALS 2000
#define MAX_MARKS 200
/* Holes that the notice tells one by one. */
#define MAX_TOLD_HOLES 3

/* Beyond some 290 million years a wall clock is broken: differences of two must not overflow. */
static gint64 from_start(gint64 at_ms, const SightFindings *findings) {
  gint64 difference = 0;
  if (__builtin_sub_overflow(at_ms, findings->first_ms, &difference))
    return 0;
  return MAX(difference, 0);
}

static void rebase(SightFindings *findings) {
  const SightAnalysis *analysis = findings->analysis;
  for (guint i = 0; i < analysis->signals->len; i++) {
    SightSignal *signal = analysis->signals->pdata[i];
    signal->start_ms = from_start(signal->start_ms, findings);
    signal->end_ms = from_start(signal->end_ms, findings);
  }
  for (guint i = 0; i < analysis->pages->len; i++) {
    SightPageView *view = analysis->pages->pdata[i];
    view->start_ms = from_start(view->start_ms, findings);
    view->end_ms = from_start(view->end_ms, findings);
  }
  for (guint i = 0; i < analysis->story->len; i++) {
    SightStoryItem *item = analysis->story->pdata[i];
    item->start_ms = from_start(item->start_ms, findings);
    item->end_ms = from_start(item->end_ms, findings);
  }
  for (guint i = 0; i < analysis->console->len; i++) {
    SightConsoleItem *item = analysis->console->pdata[i];
    item->at_ms = from_start(item->at_ms, findings);
  }
  for (guint i = 0; i < analysis->requests->len; i++) {
    SightRequestItem *item = analysis->requests->pdata[i];
    item->at_ms = from_start(item->at_ms, findings);
  }
}

static void rebase_findings(SightFindings *findings) {
  for (guint i = 0; i < findings->activity->len; i++) {
    SightActivity *activity = &g_array_index(findings->activity, SightActivity, i);
    activity->at_ms = from_start(activity->at_ms, findings);
  }
  for (guint i = 0; i < findings->playing->len; i++) {
    SightIdleSpan *span = &g_array_index(findings->playing, SightIdleSpan, i);
    span->start_ms = from_start(span->start_ms, findings);
    span->end_ms = from_start(span->end_ms, findings);
  }
  for (guint i = 0; i < findings->moments->len; i++) {
    SightTabMoment *moment = &g_array_index(findings->moments, SightTabMoment, i);
    moment->at_ms = from_start(moment->at_ms, findings);
  }
  for (guint i = 0; i < findings->holes->len; i++) {
    SightHole *hole = &g_array_index(findings->holes, SightHole, i);
    if (hole->from_ms != G_MININT64)
      hole->from_ms = from_start(hole->from_ms, findings);
    hole->to_ms = from_start(hole->to_ms, findings);
  }
}

static int compare(gint64 a, gint64 b) {
  return (a > b) - (a < b);
}

static int signals_by_time(gconstpointer a, gconstpointer b) {
  const SightSignal *x = *(gpointer *)a, *y = *(gpointer *)b;
  return x->start_ms != y->start_ms ? compare(x->start_ms, y->start_ms) : compare(x->kind, y->kind);
}

static int pages_by_time(gconstpointer a, gconstpointer b) {
  const SightPageView *x = *(gpointer *)a, *y = *(gpointer *)b;
  return compare(x->start_ms, y->start_ms);
}

/* The end stands last, whatever happened in the same millisecond. */
static int story_by_time(gconstpointer a, gconstpointer b) {
  const SightStoryItem *x = *(gpointer *)a, *y = *(gpointer *)b;
  if ((x->kind == SIGHT_STORY_END) != (y->kind == SIGHT_STORY_END))
    return x->kind == SIGHT_STORY_END ? 1 : -1;
  return compare(x->start_ms, y->start_ms);
}

static int console_by_time(gconstpointer a, gconstpointer b) {
  const SightConsoleItem *x = *(gpointer *)a, *y = *(gpointer *)b;
  return compare(x->at_ms, y->at_ms);
}

static int requests_by_time(gconstpointer a, gconstpointer b) {
  const SightRequestItem *x = *(gpointer *)a, *y = *(gpointer *)b;
  return compare(x->at_ms, y->at_ms);
}

/* Clicks in anger at something dead are severe, however few. */
static void mark_severe(GPtrArray *signals) {
  for (guint i = 0; i < signals->len; i++) {
    SightSignal *rage = signals->pdata[i];
    for (guint j = 0; rage->kind == SIGHT_SIGNAL_RAGE && j < signals->len; j++) {
      const SightSignal *dead = signals->pdata[j];
      if (dead->kind == SIGHT_SIGNAL_DEAD && dead->node == rage->node && dead->start_ms <= rage->end_ms &&
          dead->end_ms >= rage->start_ms && g_str_equal(dead->window, rage->window))
        rage->severe = TRUE;
    }
  }
}

static const SightPageView *last_page(const SightAnalysis *analysis) {
  const char *window = NULL;
  if (analysis->spans->len > 0)
    window = ((SightWindowSpan *)analysis->spans->pdata[analysis->spans->len - 1])->window;
  for (guint i = analysis->pages->len; i > 0; i--) {
    const SightPageView *view = analysis->pages->pdata[i - 1];
    if (g_strcmp0(view->window, window) == 0)
      return view;
  }
  return analysis->pages->len > 0 ? analysis->pages->pdata[analysis->pages->len - 1] : NULL;
}

static const char *page_at(const SightAnalysis *analysis, const char *window, gint64 at_ms) {
  const char *page = "";
  for (guint i = 0; i < analysis->pages->len; i++) {
    const SightPageView *view = analysis->pages->pdata[i];
    if (view->start_ms > at_ms)
      break;
    if (g_str_equal(view->window, window))
      page = view->page;
  }
  return page;
}

static void complete_story(SightFindings *findings, gint64 duration_ms) {
  SightAnalysis *analysis = findings->analysis;
  for (guint i = 0; i < analysis->signals->len; i++) {
    const SightSignal *signal = analysis->signals->pdata[i];
    SightStoryItem *item = sight_findings_add_story(findings, SIGHT_STORY_SIGNAL, signal->window, signal->start_ms,
                                                    signal->end_ms, signal->target, NULL);
    if (item == NULL)
      break;
    item->signal = (int)i;
    item->node = signal->node;
  }
  for (guint i = 0; i < analysis->idle->len; i++) {
    const SightIdleSpan *span = &g_array_index(analysis->idle, SightIdleSpan, i);
    sight_findings_add_story(findings, span->missing ? SIGHT_STORY_GAP : SIGHT_STORY_IDLE, NULL, span->start_ms,
                             span->end_ms, NULL, NULL);
  }
  for (guint i = 1; i < analysis->spans->len; i++) {
    const SightWindowSpan *span = analysis->spans->pdata[i];
    sight_findings_add_story(findings, SIGHT_STORY_TAB, span->window, span->start_ms, span->start_ms,
                             page_at(analysis, span->window, span->start_ms), NULL);
  }
  const SightPageView *last = last_page(analysis);
  if (findings->first_ms <= findings->last_ms)
    sight_findings_add_story(findings, SIGHT_STORY_END, NULL, duration_ms, duration_ms,
                             last != NULL ? last->page : NULL, NULL);
  g_ptr_array_sort(analysis->story, story_by_time);
}

static void fill_small_timeline(const SightAnalysis *analysis, SightSession *session) {
  const guint step = SIGHT_CURVE_BINS / SIGHT_ACTIVITY_BINS;
  memset(session->activity, 0, sizeof session->activity);
  for (guint i = 0; i < SIGHT_CURVE_BINS; i++)
    session->activity[i / step] = MAX(session->activity[i / step], analysis->curve[i]);
  g_clear_pointer(&session->marks, g_array_unref);
  session->marks = g_array_new(FALSE, FALSE, sizeof(SightSessionMark));
  for (guint i = 0; i < analysis->signals->len && session->marks->len < MAX_MARKS; i++) {
    const SightSignal *signal = analysis->signals->pdata[i];
    double share = session->duration_ms > 0 ? (double)signal->start_ms / (double)session->duration_ms : 0;
    SightSessionMark mark = {.at = (guint16)(CLAMP(share, 0, 1) * 65535), .kind = (guint8)signal->kind};
    g_array_append_val(session->marks, mark);
  }
}

static void fill_flags(const SightFindings *findings, SightSession *session) {
  const guint32 kept = SIGHT_SESSION_SEEN | SIGHT_SESSION_TAGGED | SIGHT_SESSION_TO_WATCH | SIGHT_SESSION_UNREAD;
  session->flags &= kept;
  session->n_errors = 0;
  for (guint i = 0; i < findings->analysis->signals->len; i++) {
    const SightSignal *signal = findings->analysis->signals->pdata[i];
    session->flags |= sight_session_flag_of_signal(signal->kind);
    if (signal->kind == SIGHT_SIGNAL_ERROR)
      session->n_errors += signal->count;
  }
  if (!findings->has_snapshot)
    session->flags |= SIGHT_SESSION_NO_SNAPSHOT;
  if (findings->holes->len > 0 || findings->n_damaged > 0 || findings->n_rejected > 0 || findings->n_windows_left > 0)
    session->flags |= SIGHT_SESSION_PARTIAL;
}

/* m:ss */
static char *clock_text(gint64 at_ms) {
  return g_strdup_printf("%" G_GINT64_FORMAT ":%02d", at_ms / 60000, (int)(at_ms / 1000 % 60));
}

static char *hole_text(const SightHole *hole) {
  gulong n = (gulong)CLAMP(hole->n_batches, 1, G_MAXINT);
  if (hole->from_ms == G_MININT64)
    return g_strdup_printf(
        ngettext("The first batch of a tab is missing.", "The first %lu batches of a tab are missing.", n), n);
  g_autofree char *from = clock_text(hole->from_ms);
  g_autofree char *to = clock_text(hole->to_ms);
  return g_strdup_printf(
      ngettext("%lu batch is missing between %s and %s.", "%lu batches are missing between %s and %s.", n), n, from,
      to);
}

/* "3 pictures, fonts or sheets were not kept (1 too large, 2 of other origins).", or NULL. */
static char *not_kept(GHashTable *assets) {
  gulong n = 0, n_large = 0, n_elsewhere = 0;
  GHashTableIter iter;
  gpointer what = NULL;
  g_hash_table_iter_init(&iter, assets);
  while (g_hash_table_iter_next(&iter, NULL, &what)) {
    n += !sight_asset_hash_is_valid(what);
    n_large += g_str_equal(what, "too-large");
    n_elsewhere += g_str_equal(what, "other-origin");
  }
  if (n == 0)
    return NULL;
  g_autofree char *large =
      n_large > 0 ? g_strdup_printf(ngettext("%lu too large", "%lu too large", n_large), n_large) : NULL;
  g_autofree char *elsewhere =
      n_elsewhere > 0 ? g_strdup_printf(ngettext("%lu of another site", "%lu of other sites", n_elsewhere), n_elsewhere)
                      : NULL;
  g_autofree char *why =
      g_strdup_printf("%s%s%s%s%s", large || elsewhere ? " (" : "", large ? large : "", large && elsewhere ? ", " : "",
                      elsewhere ? elsewhere : "", large || elsewhere ? ")" : "");
  return g_strdup_printf(
      ngettext("%lu picture, font or sheet was not kept%s.", "%lu pictures, fonts or sheets were not kept%s.", n), n,
      why);
}

/* "Not recorded: frames of other sites (no page can read them).", or NULL. */
static char *not_recorded(SightUnrecorded unrecorded) {
  static const struct {
    SightUnrecorded what;
    const char *text;
  } all[] = {
      {SIGHT_UNRECORDED_DRAWING, N_("drawings (the recorder was not asked to)")},
      {SIGHT_UNRECORDED_FRAME, N_("frames of other sites (a page cannot read them)")},
      {SIGHT_UNRECORDED_MASKED, N_("masked elements (the page asked for it)")},
  };
  g_autoptr(GPtrArray) texts = g_ptr_array_new();
  for (guint i = 0; i < G_N_ELEMENTS(all); i++)
    if ((unrecorded & all[i].what) != 0)
      g_ptr_array_add(texts, (gpointer)_(all[i].text));
  if (texts->len == 0)
    return NULL;
  g_ptr_array_add(texts, NULL);
  g_autofree char *list = g_strjoinv(", ", (char **)texts->pdata);
  /* Translators: a list with reasons, "drawings (the recorder was not asked to), masked elements (…)" */
  return g_strdup_printf(_("Not recorded: %s."), list);
}

static char *notice(const SightFindings *findings, guint n_left_out) {
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
  if (findings->first_ms > findings->last_ms)
    g_ptr_array_add(lines, g_strdup(_("No event of this session could be read.")));
  else if (!findings->has_snapshot)
    g_ptr_array_add(lines, g_strdup(_("No full snapshot: nothing to replay.")));
  for (guint i = 0; i < findings->holes->len && i < MAX_TOLD_HOLES; i++)
    g_ptr_array_add(lines, hole_text(&g_array_index(findings->holes, SightHole, i)));
  gulong more = findings->holes->len > MAX_TOLD_HOLES ? findings->holes->len - MAX_TOLD_HOLES : 0;
  if (more > 0)
    g_ptr_array_add(lines, g_strdup_printf(ngettext("And %lu more gap.", "And %lu more gaps.", more), more));
  gulong n = findings->n_damaged;
  if (n > 0)
    g_ptr_array_add(lines, g_strdup_printf(ngettext("%lu batch is damaged and was left out.",
                                                    "%lu batches are damaged and were left out.", n),
                                           n));
  n = (gulong)findings->n_rejected;
  if (n > 0)
    g_ptr_array_add(lines, g_strdup_printf(ngettext("%lu event could not be read and was left out.",
                                                    "%lu events could not be read and were left out.", n),
                                           n));
  n = findings->has_snapshot ? (gulong)findings->n_odd : 0;
  if (n > 0)
    g_ptr_array_add(lines, g_strdup_printf(ngettext("%lu change does not fit its page and was left out.",
                                                    "%lu changes do not fit their page and were left out.", n),
                                           n));
  n = (gulong)findings->n_left_out;
  if (n > 0)
    g_ptr_array_add(lines, g_strdup_printf(ngettext("%lu part of a page was too much to draw or to look at.",
                                                    "%lu parts of a page were too much to draw or to look at.", n),
                                           n));
  n = findings->n_windows_left;
  if (n > 0)
    g_ptr_array_add(lines,
                    g_strdup_printf(ngettext("%lu more tab was left out.", "%lu more tabs were left out.", n), n));
  n = sight_terms_n_left_out(findings->analysis->occurrences);
  if (n > 0)
    g_ptr_array_add(lines, g_strdup_printf(ngettext("%lu text, element or act found no room in the index.",
                                                    "%lu texts, elements or acts found no room in the index.", n),
                                           n));
  n = n_left_out;
  if (n > 0)
    g_ptr_array_add(
        lines, g_strdup_printf(ngettext("%lu more signal is not listed.", "%lu more signals are not listed.", n), n));
  char *assets = not_kept(findings->analysis->assets);
  if (assets != NULL)
    g_ptr_array_add(lines, assets);
  char *unrecorded = not_recorded(findings->unrecorded);
  if (unrecorded != NULL)
    g_ptr_array_add(lines, unrecorded);
  if (lines->len == 0)
    return NULL;
  g_ptr_array_add(lines, NULL);
  return g_strjoinv(" ", (char **)lines->pdata);
}

static void replace(char **text, const char *by) {
  g_free(*text);
  *text = g_strdup(by);
}

static void fill_session(const SightFindings *findings, gint64 duration_ms, guint n_left_out) {
  const SightAnalysis *analysis = findings->analysis;
  SightSession *session = analysis->session;
  gboolean is_phone = FALSE;
  if (findings->first_ms <= findings->last_ms)
    session->started_ms = findings->first_ms;
  session->duration_ms = duration_ms;
  session->n_windows = (int)findings->windows->len;
  session->n_pages = (int)analysis->pages->len;
  session->n_clicks = findings->n_clicks;
  session->n_signals = (int)analysis->signals->len;
  session->viewport_w = findings->viewport_w;
  session->viewport_h = findings->viewport_h;
  session->friction = sight_friction_score(analysis->signals, NULL);
  const SightPageView *first = analysis->pages->len > 0 ? analysis->pages->pdata[0] : NULL;
  const SightPageView *last = last_page(analysis);
  replace(&session->entry, first != NULL ? first->page : NULL);
  replace(&session->exit, last != NULL ? last->page : NULL);
  replace(&session->user, findings->user);
  replace(&session->release, findings->release);
  g_free(session->device);
  session->device = sight_device_describe(findings->agent, findings->viewport_w, findings->viewport_h, &is_phone);
  g_free(session->notice);
  session->notice = notice(findings, n_left_out);
  fill_flags(findings, session);
  if (is_phone)
    session->flags |= SIGHT_SESSION_PHONE;
  fill_small_timeline(analysis, session);
}

void sight_summary_complete(SightFindings *findings) {
  SightAnalysis *analysis = findings->analysis;
  gint64 duration_ms = findings->first_ms <= findings->last_ms ? from_start(findings->last_ms, findings) : 0;
  rebase(findings);
  rebase_findings(findings);
  g_ptr_array_sort(analysis->signals, signals_by_time);
  g_ptr_array_sort(analysis->pages, pages_by_time);
  g_ptr_array_sort(analysis->console, console_by_time);
  g_ptr_array_sort(analysis->requests, requests_by_time);
  guint n_left_out = analysis->signals->len > MAX_SIGNALS ? analysis->signals->len - MAX_SIGNALS : 0;
  if (n_left_out > 0)
    g_ptr_array_set_size(analysis->signals, MAX_SIGNALS);
  mark_severe(analysis->signals);
  sight_timeline_fill_idle(findings, duration_ms);
  sight_timeline_fill_curve(findings, duration_ms);
  sight_timeline_fill_spans(findings, duration_ms);
  complete_story(findings, duration_ms);
  fill_session(findings, duration_ms, n_left_out);
  sight_terms_complete(findings);
}

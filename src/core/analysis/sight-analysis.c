/* SPDX-License-Identifier: MIT */
/* Analysing one stored session: a pass over each window, then everything put together. */
#include "sight-analysis.h"

#include "sight-account.h"
#include "sight-batch-table.h"
#include "sight-digest-table.h"
#include "sight-event-order.h"
#include "sight-hash.h"
#include "sight-recording.h"
#include "sight-summary.h"
#include "sight-track-table.h"
#include "sight-window-pass.h"

/* Each is looked at for each stretch of activity; the notice tells how many there are of those that are kept. */
#define MAX_HOLES 500

static void story_item_free(gpointer data) {
  SightStoryItem *item = data;
  g_free(item->text);
  g_free(item->detail);
  g_free(item->selector);
  g_free(item->field);
  g_free(item->window);
  g_free(item);
}

static void console_item_free(gpointer data) {
  SightConsoleItem *item = data;
  g_free(item->message);
  g_free(item->detail);
  g_free(item);
}

static void request_item_free(gpointer data) {
  SightRequestItem *item = data;
  g_free(item->method);
  g_free(item->url);
  g_free(item->error);
  g_free(item);
}

static void span_free(gpointer data) {
  SightWindowSpan *span = data;
  g_free(span->window);
  g_free(span);
}

SightAnalysis *sight_analysis_new(void) {
  SightAnalysis *analysis = g_new0(SightAnalysis, 1);
  analysis->signals = g_ptr_array_new_with_free_func((GDestroyNotify)sight_signal_free);
  analysis->pages = g_ptr_array_new_with_free_func((GDestroyNotify)sight_page_view_free);
  analysis->story = g_ptr_array_new_with_free_func(story_item_free);
  analysis->console = g_ptr_array_new_with_free_func(console_item_free);
  analysis->requests = g_ptr_array_new_with_free_func(request_item_free);
  analysis->spans = g_ptr_array_new_with_free_func(span_free);
  analysis->idle = g_array_new(FALSE, FALSE, sizeof(SightIdleSpan));
  analysis->assets = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, g_free);
  analysis->curve = g_new0(guint8, SIGHT_CURVE_BINS);
  analysis->occurrences = sight_occurrences_new();
  return analysis;
}

void sight_analysis_free(SightAnalysis *analysis) {
  if (analysis == NULL)
    return;
  sight_session_free(analysis->session);
  g_ptr_array_unref(analysis->signals);
  g_ptr_array_unref(analysis->pages);
  g_ptr_array_unref(analysis->story);
  g_ptr_array_unref(analysis->console);
  g_ptr_array_unref(analysis->requests);
  g_ptr_array_unref(analysis->spans);
  g_array_unref(analysis->idle);
  g_hash_table_unref(analysis->assets);
  g_free(analysis->curve);
  sight_occurrences_free(analysis->occurrences);
  g_free(analysis);
}

/* The pass over one window, as batch after batch comes out of the store. */
typedef struct {
  SightFindings *findings;
  SightWindowPass *pass;
  SightTrack *track; /* NULL: it is not cut */
  SightEventOrder *order;
  gint64 next_seq;
  gint64 last_ms; /* of the batch before; G_MININT64: none */
} Reading;

static gboolean on_event(const SightEvent *event, gint64 at_ms, gpointer user_data, GError **error) {
  Reading *reading = user_data;
  if (reading->track != NULL)
    sight_track_add(reading->track, event);
  sight_window_pass_event(reading->pass, event, at_ms);
  return TRUE;
}

static gboolean on_batch(const SightStoredBatch *stored, gpointer user_data, GError **error) {
  Reading *reading = user_data;
  const SightBatch *batch = &stored->batch;
  gint64 n_missing = batch->seq - reading->next_seq;
  if (n_missing > 0 && reading->findings->holes->len < MAX_HOLES) {
    SightHole hole = {.n_batches = n_missing, .from_ms = reading->last_ms, .to_ms = batch->first_ms};
    g_array_append_val(reading->findings->holes, hole);
  }
  reading->next_seq = batch->seq + 1;
  reading->last_ms = batch->last_ms;
  if (reading->track != NULL)
    sight_track_at_batch(reading->track, batch->seq);
  return sight_event_order_push(reading->order, batch->events, batch->events_bytes, error);
}

static gboolean read_window(SightDb *db, gint64 session_row, const SightWindowInfo *info, SightFindings *findings,
                            GPtrArray *tracks, GCancellable *cancellable, GError **error) {
  g_autoptr(SightWindowPass) pass = sight_window_pass_new(findings, info->window);
  g_autoptr(SightTrack) track = tracks != NULL ? sight_recording_cut(db, session_row, info->window) : NULL;
  Reading reading = {.findings = findings, .pass = pass, .track = track, .last_ms = G_MININT64};
  g_autoptr(SightEventOrder) order = sight_event_order_new(on_event, &reading, cancellable);
  guint n_damaged = 0, n_holes = findings->holes->len;
  reading.order = order;
  if (!sight_batch_table_each_in_sequence(db, session_row, info->window, on_batch, &reading, &n_damaged, error))
    return FALSE;
  /* A damaged batch leaves a hole, too, but it is told of as damaged. */
  if (info->n_missing == 0)
    g_array_set_size(findings->holes, n_holes);
  sight_window_pass_finish(pass);
  findings->n_damaged += n_damaged;
  findings->n_rejected += sight_event_order_n_rejected(order);
  if (track == NULL)
    return TRUE;
  if (!sight_track_settle(track, error))
    return FALSE;
  findings->n_left_out += sight_track_n_too_late(track);
  g_ptr_array_add(tracks, sight_stored_track_new(info->window, sight_track_take_segments(track)));
  return TRUE;
}

SightAnalysis *sight_analysis_run(SightDb *db, gint64 session_row, const SightRuleset *rules, GPtrArray *tracks,
                                  GCancellable *cancellable, GError **error) {
  g_autoptr(SightAnalysis) analysis = sight_analysis_new();
  analysis->session = sight_session_table_get(db, session_row, error);
  if (analysis->session == NULL)
    return NULL;
  g_autoptr(GPtrArray) windows = sight_batch_table_windows(db, session_row, error);
  if (windows == NULL)
    return NULL;
  g_autoptr(SightFindings) findings = sight_findings_new(rules, analysis);
  if (windows->len > SIGHT_MAX_WINDOWS) {
    findings->n_windows_left = windows->len - SIGHT_MAX_WINDOWS;
    g_ptr_array_set_size(windows, SIGHT_MAX_WINDOWS);
  }
  for (guint i = 0; i < windows->len; i++) {
    if (!read_window(db, session_row, windows->pdata[i], findings, tracks, cancellable, error))
      return NULL;
  }
  sight_summary_complete(findings);
  return g_steal_pointer(&analysis);
}

/* What stands in the store; NULL, also without error, where it cannot be used. */
static SightAnalysis *read_stored(SightDb *db, gint64 session_row, const SightRuleset *rules, GError **error) {
  g_autofree char *ruleset = sight_ruleset_id(rules);
  g_autoptr(GError) problem = NULL;
  g_autoptr(GBytes) account = sight_account_table_get(db, session_row, ruleset, SIGHT_ANALYSIS_VERSION, &problem);
  gboolean here = TRUE;
  if (problem != NULL) {
    g_propagate_error(error, g_steal_pointer(&problem));
    return NULL;
  }
  if (!sight_digest_table_is_here(db, session_row, &here, error) || (account == NULL && here))
    return NULL;
  g_autoptr(SightAnalysis) analysis = sight_analysis_new();
  g_autoptr(GPtrArray) signals = sight_signal_table_list(db, session_row, error);
  g_autoptr(GPtrArray) pages = signals != NULL ? sight_page_table_list(db, session_row, error) : NULL;
  analysis->session = pages != NULL ? sight_session_table_get(db, session_row, error) : NULL;
  if (analysis->session == NULL)
    return NULL;
  g_ptr_array_extend_and_steal(analysis->signals, g_steal_pointer(&signals));
  g_ptr_array_extend_and_steal(analysis->pages, g_steal_pointer(&pages));
  /* Of a recording that is not here what was told has to do. */
  return account == NULL || sight_account_unpack(analysis, account) ? g_steal_pointer(&analysis) : NULL;
}

SightAnalysis *sight_analysis_open(SightDb *db, gint64 session_row, const SightRuleset *rules,
                                   GCancellable *cancellable, GError **error) {
  g_autoptr(GError) problem = NULL;
  SightAnalysis *analysis = read_stored(db, session_row, rules, &problem);
  if (analysis != NULL)
    return analysis;
  if (problem != NULL) {
    g_propagate_error(error, g_steal_pointer(&problem));
    return NULL;
  }
  return sight_analysis_run(db, session_row, rules, NULL, cancellable, error);
}

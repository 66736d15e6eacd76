/* SPDX-License-Identifier: MIT */
/* Analysis and page of a moment. */
#include "sight-issue-read.h"

#include "sight-endpoint-table.h"
#include "sight-recording.h"

typedef struct {
  gint64 row;
  SightAnalysis *analysis;
  SightEndpoint *endpoint;
  GCancellable *cancellable;
} Reading;

static gboolean read_analysis(SightDb *db, gpointer user_data, GError **error) {
  Reading *reading = user_data;
  g_autoptr(SightSession) session = sight_session_table_get(db, reading->row, error);
  g_autoptr(SightRuleset) rules = session != NULL ? sight_analysis_rules(db, session->endpoint, error) : NULL;

  reading->endpoint = rules != NULL ? sight_endpoint_table_get(db, session->endpoint, error) : NULL;
  reading->analysis =
      reading->endpoint != NULL ? sight_analysis_open(db, reading->row, rules, reading->cancellable, error) : NULL;
  return reading->analysis != NULL;
}

/* The window in which something happened last. */
static SightTrack *track_at(const GPtrArray *windows, gint64 at_ms) {
  SightTrack *chosen = NULL;
  gint64 latest_ms = G_MININT64;

  for (guint i = 0; i < windows->len; i++) {
    SightTrack *track = ((const SightRecordingWindow *)windows->pdata[i])->track;
    gint64 page_ms = sight_track_first_page_ms(track), change_ms = sight_track_change(track, at_ms, -1);
    if (page_ms >= 0 && page_ms < at_ms && (chosen == NULL || change_ms > latest_ms)) {
      chosen = track;
      latest_ms = change_ms;
    }
  }
  return chosen;
}

SightIssue *sight_issue_read(SightStore *store, gint64 row, gint64 at_ms, const SightProblem *problem,
                             SightAnalysis **analysis, GCancellable *cancellable, GError **error) {
  Reading reading = {.row = row, .cancellable = cancellable};
  g_autoptr(GPtrArray) windows =
      sight_recording_need(store, row, cancellable, error) && sight_store_read(store, read_analysis, &reading, error)
          ? sight_recording_open(store, row, cancellable, error)
          : NULL;
  g_autoptr(SightAnalysis) read = reading.analysis;
  g_autoptr(SightEndpoint) endpoint = reading.endpoint;

  if (windows == NULL)
    return NULL;
  gint64 wall_ms = sight_recording_first_ms(windows) + at_ms + 1;
  SightTrack *track = track_at(windows, wall_ms);
  g_autoptr(SightCursor) cursor = track != NULL ? sight_cursor_new(track) : NULL;
  /* Without a page there is the rest. */
  gboolean shown = cursor != NULL && sight_cursor_seek(cursor, wall_ms, NULL);
  SightIssue *issue = sight_issue_draft(read, shown ? sight_cursor_page(cursor) : NULL, problem, at_ms, endpoint->url);
  if (analysis != NULL)
    *analysis = g_steal_pointer(&read);
  return issue;
}

/* SPDX-License-Identifier: MIT */
/* Tracks, segments and accounts. */
#include "sight-track-table.h"

#include "sight-db.h"

#include <glib/gi18n-lib.h>

SightStoredTrack *sight_stored_track_new(const char *window, GPtrArray *segments) {
  SightStoredTrack *track = g_new0(SightStoredTrack, 1);
  track->window = g_strdup(window);
  track->segments = segments;
  return track;
}

void sight_stored_track_free(SightStoredTrack *track) {
  if (track == NULL)
    return;
  g_free(track->window);
  g_ptr_array_unref(track->segments);
  g_free(track);
}

gint64 sight_track_table_newest_arrival(SightDb *db, gint64 session_row, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_SESSION_LAST_ARRIVAL, error);
  gint64 arrival = -1;

  if (statement == NULL)
    return -1;
  sight_statement_bind_int(statement, 1, session_row);
  return sight_statement_run_int(statement, &arrival, 0, error) ? arrival : -1;
}

static GBytes *dup_blob(SightStatement *statement, int n) {
  gsize bytes = 0;
  const void *data = sight_statement_blob(statement, n, &bytes);
  return g_bytes_new(data, bytes);
}

static GPtrArray *list_segments(SightDb *db, gint64 track_row, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_SEGMENT_LIST, error);
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)sight_stored_segment_free);
  SightStep step = SIGHT_STEP_FAILED;

  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 1, track_row);
  while ((step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    SightStoredSegment *segment = g_new0(SightStoredSegment, 1);
    segment->first_ms = sight_statement_int(statement, 0);
    segment->last_ms = sight_statement_int(statement, 1);
    segment->skipped = (guint)sight_statement_int(statement, 2);
    segment->n_events = (guint)sight_statement_int(statement, 3);
    segment->n_bytes = (gsize)sight_statement_int(statement, 4);
    segment->first_seq = sight_statement_int(statement, 5);
    segment->last_seq = sight_statement_int(statement, 6);
    segment->keyframe_bytes = (gsize)sight_statement_int(statement, 7);
    segment->tables = dup_blob(statement, 8);
    g_ptr_array_add(list, segment);
  }
  return step == SIGHT_STEP_DONE ? g_steal_pointer(&list) : NULL;
}

GPtrArray *sight_track_table_list(SightDb *db, gint64 session_row, int version, GError **error) {
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)sight_stored_track_free);
  gint64 newest = sight_track_table_newest_arrival(db, session_row, error);
  g_autoptr(SightStatement) statement = newest >= 0 ? sight_db_statement(db, SIGHT_SQL_TRACK_LIST, error) : NULL;
  gboolean current = TRUE;
  SightStep step = SIGHT_STEP_FAILED;

  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 1, session_row);
  while ((step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    gint64 row = sight_statement_int(statement, 0);
    g_autoptr(GPtrArray) segments = list_segments(db, row, error);
    if (segments == NULL)
      return NULL;
    SightStoredTrack *track = sight_stored_track_new(sight_statement_text(statement, 1), g_steal_pointer(&segments));
    track->row = row;
    g_ptr_array_add(list, track);
    current = current && sight_statement_int(statement, 2) == version && sight_statement_int(statement, 3) == newest;
  }
  if (step != SIGHT_STEP_DONE)
    return NULL;
  if (!current)
    g_ptr_array_set_size(list, 0);
  return g_steal_pointer(&list);
}

GBytes *sight_track_table_keyframe(SightDb *db, gint64 track_row, guint n, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_SEGMENT_KEYFRAME, error);

  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 1, track_row);
  sight_statement_bind_int(statement, 2, n);
  SightStep step = sight_statement_step(statement, error);
  if (step == SIGHT_STEP_ROW)
    return dup_blob(statement, 0);
  if (step == SIGHT_STEP_DONE)
    g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND,
                        _("The recording has changed since it was opened. Open it again."));
  return NULL;
}

/* Saving */

/* The same page at the same place: only the end of such a segment can have changed. */
static gboolean begins_alike(const SightStoredSegment *a, const SightStoredSegment *b) {
  return a->first_ms == b->first_ms && a->skipped == b->skipped && a->first_seq == b->first_seq &&
         a->keyframe_bytes == b->keyframe_bytes;
}

static gboolean is_grown(const GPtrArray *before, const GPtrArray *now) {
  if (before->len > now->len)
    return FALSE;
  for (guint i = 0; i < before->len; i++) {
    if (!begins_alike(before->pdata[i], now->pdata[i]))
      return FALSE;
  }
  return TRUE;
}

static gboolean put_segment(SightDb *db, gint64 track_row, guint n, const SightStoredSegment *segment, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_SEGMENT_PUT, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, track_row);
  sight_statement_bind_int(statement, 2, n);
  sight_statement_bind_int(statement, 3, segment->first_ms);
  sight_statement_bind_int(statement, 4, segment->last_ms);
  sight_statement_bind_int(statement, 5, segment->skipped);
  sight_statement_bind_int(statement, 6, segment->n_events);
  sight_statement_bind_int(statement, 7, (gint64)segment->n_bytes);
  sight_statement_bind_int(statement, 8, segment->first_seq);
  sight_statement_bind_int(statement, 9, segment->last_seq);
  sight_statement_bind_int(statement, 10, (gint64)segment->keyframe_bytes);
  sight_statement_bind_blob(statement, 11, g_bytes_get_data(segment->tables, NULL), g_bytes_get_size(segment->tables));
  if (segment->keyframe != NULL)
    sight_statement_bind_blob(statement, 12, g_bytes_get_data(segment->keyframe, NULL),
                              g_bytes_get_size(segment->keyframe));
  return sight_statement_run(statement, error);
}

static gint64 put_track(SightDb *db, gint64 session_row, const char *window, gint64 arrival, int version,
                        GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_TRACK_PUT, error);
  gint64 row = -1;

  if (statement == NULL)
    return -1;
  sight_statement_bind_int(statement, 1, session_row);
  sight_statement_bind_text(statement, 2, window);
  sight_statement_bind_int(statement, 3, version);
  sight_statement_bind_int(statement, 4, arrival);
  return sight_statement_run_int(statement, &row, -1, error) ? row : -1;
}

static gboolean remove_track(SightDb *db, gint64 session_row, const char *window, int kept_version, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_TRACK_REMOVE, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, session_row);
  sight_statement_bind_text(statement, 2, window);
  sight_statement_bind_int(statement, 3, kept_version);
  return sight_statement_run(statement, error);
}

static gboolean save_track(SightDb *db, gint64 session_row, const SightStoredTrack *track, gint64 arrival, int version,
                           GError **error) {
  /* What another version has cut goes. */
  if (!remove_track(db, session_row, track->window, version, error))
    return FALSE;
  gint64 row = put_track(db, session_row, track->window, arrival, version, error);
  g_autoptr(GPtrArray) before = row >= 0 ? list_segments(db, row, error) : NULL;
  if (before == NULL)
    return FALSE;
  if (!is_grown(before, track->segments)) {
    /* Under another number: who has it open still must not take a new keyframe for an old one. */
    g_ptr_array_set_size(before, 0);
    row = remove_track(db, session_row, track->window, -1, error)
              ? put_track(db, session_row, track->window, arrival, version, error)
              : -1;
  }
  for (guint i = 0; row >= 0 && i < track->segments->len; i++) {
    const SightStoredSegment *segment = track->segments->pdata[i];
    const SightStoredSegment *old = i < before->len ? before->pdata[i] : NULL;
    if (old != NULL && old->n_events == segment->n_events && old->last_ms == segment->last_ms &&
        old->n_bytes == segment->n_bytes && old->last_seq == segment->last_seq)
      continue;
    if (!put_segment(db, row, i, segment, error))
      return FALSE;
  }
  return row >= 0;
}

gboolean sight_track_table_save(SightDb *db, gint64 session_row, const GPtrArray *tracks, gint64 arrival, int version,
                                GError **error) {
  for (guint i = 0; i < tracks->len; i++) {
    if (!save_track(db, session_row, tracks->pdata[i], arrival, version, error))
      return FALSE;
  }
  return TRUE;
}

gboolean sight_account_table_save(SightDb *db, gint64 session_row, GBytes *account, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_ACCOUNT_PUT, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, session_row);
  sight_statement_bind_blob(statement, 2, g_bytes_get_data(account, NULL), g_bytes_get_size(account));
  return sight_statement_run(statement, error);
}

GBytes *sight_account_table_get(SightDb *db, gint64 session_row, const char *ruleset, int version, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_ACCOUNT_GET, error);

  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 1, session_row);
  sight_statement_bind_text(statement, 2, ruleset);
  sight_statement_bind_int(statement, 3, version);
  return sight_statement_step(statement, error) == SIGHT_STEP_ROW ? dup_blob(statement, 0) : NULL;
}

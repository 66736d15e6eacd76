/* SPDX-License-Identifier: MIT */
/* What analysis found in each session, and which sessions wait for it. */
#pragma once

#include "sight-session-table.h"
#include "sight-signal.h"

G_BEGIN_DECLS

/* Sessions of an endpoint (0: all; but each endpoint may have rules of its own) whose newest batch, ruleset or analysis
 * version is newer than their analysis and that nobody holds the lease of; the newest received first. GArray of gint64
 * rows, the caller's. */
GArray *sight_analysis_table_pending(SightDb *db, gint64 endpoint, const char *ruleset, int version, guint limit,
                                     GError **error);
/* -1 on error. Cheap. */
gint64 sight_analysis_table_count_pending(SightDb *db, gint64 endpoint, const char *ruleset, int version,
                                          GError **error);

/* Rows of at most `limit` sessions behind `after_row` that were analysed by this ruleset and version; in their order.
 */
GArray *sight_analysis_table_current(SightDb *db, gint64 endpoint, const char *ruleset, int version, gint64 after_row,
                                     guint limit, GError **error);

/* The session's state, as sight_analysis_table_take_lease() gives it; -1 on error. */
gint64 sight_analysis_table_revision(SightDb *db, gint64 row, GError **error);

/* Takes the lease of a session until `until_ms` (wall clock). FALSE without error: another process holds it.
 * `*revision` is the session's state that is about to be analysed. */
gboolean sight_analysis_table_take_lease(SightDb *db, gint64 row, const char *owner, gint64 until_ms, gint64 *revision,
                                         GError **error);

/* A view of a page. Owns its string. */
typedef struct {
  char *page; /* template */
  char *url;  /* as recorded */
  char *window;
  gint64 start_ms, end_ms; /* from the start of the session */
} SightPageView;
void sight_page_view_free(SightPageView *view);

/* Where `revision` is not the session's (-1 never is), it waits for analysis still.
 * Writes the results (everything of `session` that analysis fills; signals: of SightSignal; pages: of SightPageView),
 * replaces what stood there and gives the lease back. Seen, tagged and last-of-user stay as the store has them. */
gboolean sight_analysis_table_save(SightDb *db, const SightSession *session, gint64 revision, const char *ruleset,
                                   int version, GPtrArray *signals, GPtrArray *pages, GError **error);

/* GPtrArray of SightSignal in time order, the caller's. */
GPtrArray *sight_signal_table_list(SightDb *db, gint64 session_row, GError **error);
/* GPtrArray of SightPageView in time order, the caller's. */
GPtrArray *sight_page_table_list(SightDb *db, gint64 session_row, GError **error);

/* Address and template of the views of the newest sessions of an endpoint (0: all), at most `limit`. GPtrArray of
 * SightPageView (the other members are not filled), the caller's. */
GPtrArray *sight_page_table_newest(SightDb *db, gint64 endpoint, guint limit, GError **error);

/* Views and exits of every page template over all sessions of an endpoint (0: all). */
typedef struct {
  gint64 row, endpoint; /* the same template at two endpoints is two pages */
  char *page;
  gint64 n_sessions; /* that viewed it */
  gint64 n_exits;    /* whose last page it is */
} SightPageStat;
void sight_page_stat_free(SightPageStat *stat);
GPtrArray *sight_page_table_stats(SightDb *db, gint64 endpoint, GError **error);

G_END_DECLS

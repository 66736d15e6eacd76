/* SPDX-License-Identifier: MIT */
/* SightFindings: what the passes over the windows of one session gather, before it is put together. All times are wall
 * clock here; putting together makes them times from the start of the session. */
#pragma once

#include "sight-analysis.h"

G_BEGIN_DECLS

/* Something that the user did, or a moment at which a tab came or went. */
typedef struct {
  gint64 at_ms;
  int weight;
} SightActivity;

typedef enum {
  SIGHT_TAB_BEGINS,
  SIGHT_TAB_USED,
  SIGHT_TAB_SHOWN,
  SIGHT_TAB_HIDDEN,
} SightTabChange;

typedef struct {
  gint64 at_ms;
  SightTabChange change;
  guint window; /* index in `windows` */
} SightTabMoment;

/* A hole in the sequence of a window. */
typedef struct {
  gint64 n_batches;
  gint64 from_ms, to_ms; /* from_ms G_MININT64: at the beginning */
} SightHole;

/* What a page shows and a recording does not hold. */
typedef enum {
  SIGHT_UNRECORDED_DRAWING = 1 << 0,
  SIGHT_UNRECORDED_FRAME = 1 << 1,
  SIGHT_UNRECORDED_MASKED = 1 << 2,
} SightUnrecorded;

typedef struct {
  const SightRuleset *rules; /* borrowed */
  SightAnalysis *analysis;   /* borrowed */
  GPtrArray *windows;        /* of char: ids */
  GArray *activity;          /* of SightActivity, in no order */
  GArray *playing;           /* of SightIdleSpan: while media played */
  GArray *moments;           /* of SightTabMoment, in no order */
  GArray *holes;             /* of SightHole */
  GPtrArray *views;          /* of SightPageView, borrowed, in the order in which they began in the recording */
  GArray *current;           /* of guint, by window: the place in `views` of the one on display, plus 1; 0: none */
  GHashTable *measures;      /* of GArray of int, by SightPageView: what was measured of it */
  gint64 first_ms, last_ms;  /* first_ms > last_ms: no event at all */
  guint64 n_rejected;
  guint n_damaged;
  guint n_windows_left; /* beyond SIGHT_MAX_WINDOWS */
  guint64 n_odd,
      n_left_out; /* changes of pages that make no sense; those, and looks at them, for which it is too much */
  int n_clicks;
  gboolean has_snapshot;
  SightUnrecorded unrecorded;
  gint64 user_ms, release_ms, agent_ms, viewport_ms; /* when the following was said */
  char *user, *release, *agent;
  int viewport_w, viewport_h;
} SightFindings;

SightFindings *sight_findings_new(const SightRuleset *rules, SightAnalysis *analysis);
void sight_findings_free(SightFindings *findings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightFindings, sight_findings_free)

void sight_findings_add_activity(SightFindings *findings, gint64 at_ms, int weight);
void sight_findings_add_moment(SightFindings *findings, guint window, gint64 at_ms, SightTabChange change);

/* The window shows that page from now on; it belongs to the analysis. */
void sight_findings_add_view(SightFindings *findings, guint window, SightPageView *view);

/* All text is cut and cleaned here. NULL where the list is full. The item belongs to the analysis. */
SightStoryItem *sight_findings_add_story(SightFindings *findings, SightStoryKind kind, const char *window,
                                         gint64 start_ms, gint64 end_ms, const char *tainted_text,
                                         const char *tainted_detail);
void sight_findings_add_console(SightFindings *findings, SightConsoleLevel level, gint64 at_ms,
                                const char *tainted_message, const char *tainted_detail);
void sight_findings_add_request(SightFindings *findings, gint64 at_ms, gint64 duration_ms, const char *tainted_method,
                                const char *tainted_url, int status, const char *tainted_error);

/* Of several statements the one that was made last counts. */
void sight_findings_set_user(SightFindings *findings, gint64 at_ms, const char *tainted_user);
void sight_findings_set_release(SightFindings *findings, gint64 at_ms, const char *tainted_release);
void sight_findings_set_agent(SightFindings *findings, gint64 at_ms, const char *tainted_agent);
/* Here the first: people turn phones and resize windows. */
void sight_findings_set_viewport(SightFindings *findings, gint64 at_ms, int width_px, int height_px);

/* Looks whether one of the key actions is reached by it. */

G_END_DECLS

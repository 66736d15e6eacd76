/* SPDX-License-Identifier: MIT */
/* One pass over a recording: pages, clicks, signals, idle stretches, and the story told in the inspector. */
#pragma once

#include "sight-analysis-table.h"
#include "sight-event.h"
#include "sight-occurrences.h"
#include "sight-ruleset.h"
#include "sight-session-table.h"

G_BEGIN_DECLS

/* Stored with each analysis; raise it when its results change. */
#define SIGHT_ANALYSIS_VERSION 20

typedef enum {
  SIGHT_STORY_PAGE,  /* opened a page; text: URL path, detail: title or referrer */
  SIGHT_STORY_CLICK, /* text: label of the target */
  SIGHT_STORY_INPUT, /* typed into a field; text: its label, detail: for how long */
  SIGHT_STORY_SCROLL,
  SIGHT_STORY_SIGNAL, /* signal: its index in `signals` */
  SIGHT_STORY_EVENT,  /* ss:event; text: its name */
  SIGHT_STORY_FORM,   /* was sent; that one was left is a signal */
  SIGHT_STORY_IDLE,   /* end_ms tells until when */
  SIGHT_STORY_TAB,    /* went to another window (tab) */
  SIGHT_STORY_IDENTIFY,
  SIGHT_STORY_END, /* text: the page that it ends on */
  SIGHT_STORY_GAP, /* batches are missing; end_ms tells until when */
} SightStoryKind;

typedef enum {
  SIGHT_CONSOLE_LOG,
  SIGHT_CONSOLE_INFO,
  SIGHT_CONSOLE_WARN,
  SIGHT_CONSOLE_ERROR,
  SIGHT_CONSOLE_EXCEPTION,
  SIGHT_CONSOLE_NOISE, /* an error that is none of the page's */
} SightConsoleLevel;

/* Times from the start of the session. Strings are plain text from the recording (cut to a sane length), owned. */
typedef struct {
  SightStoryKind kind;
  gint64 start_ms, end_ms;
  char *text, *detail; /* detail may be NULL */
  int node;
  char *window;
  int signal; /* index, or -1 */
  /* Of what was typed into, else NULL: how to find it, and what it is, by the type of an input or its tag. */
  char *selector, *field;
  gboolean on; /* it is a box that was checked */
} SightStoryItem;

typedef struct {
  SightConsoleLevel level;
  gint64 at_ms;
  char *message, *detail; /* detail: stack, or NULL */
} SightConsoleItem;

typedef struct {
  gint64 at_ms, duration_ms;
  char *method, *url;
  int status; /* 0: failed */
  char *error;
} SightRequestItem;

/* A stretch in which one window was the active one: the player follows these. */
typedef struct {
  gint64 start_ms, end_ms;
  char *window;
} SightWindowSpan;

/* A stretch in which nothing happened, or of which nothing is known. */
typedef struct {
  gint64 start_ms, end_ms;
  gboolean missing; /* batches are missing: not idle, but not recorded */
} SightIdleSpan;

typedef struct {
  SightSession *session;         /* everything that analysis fills */
  GPtrArray *signals;            /* of SightSignal, in time order */
  GPtrArray *pages;              /* of SightPageView */
  GPtrArray *story;              /* of SightStoryItem, in time order */
  GPtrArray *console;            /* of SightConsoleItem */
  GPtrArray *requests;           /* of SightRequestItem */
  GPtrArray *spans;              /* of SightWindowSpan: covers 0 … duration without holes */
  GArray *idle;                  /* of SightIdleSpan, in time order */
  GHashTable *assets;            /* address -> hash of what it shows, or why that was not kept; see sight-assets.h */
  guint8 *curve;                 /* activity, SIGHT_CURVE_BINS bins */
  SightOccurrences *occurrences; /* for the index; of a session that is opened as it was analysed: none */
} SightAnalysis;

#define SIGHT_CURVE_BINS 512

/* Empty, without a session. */
SightAnalysis *sight_analysis_new(void);
void sight_analysis_free(SightAnalysis *analysis);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightAnalysis, sight_analysis_free)

/* Analyses a stored session; inside sight_store_read(), on a worker: it takes as long as reading the recording. Its
 * windows are cut into segments on the way, and appended to `tracks` (of SightStoredTrack; NULL: they are not). NULL
 * with error, also G_IO_ERROR_CANCELLED. */
SightAnalysis *sight_analysis_run(SightDb *db, gint64 session_row, const SightRuleset *rules, GPtrArray *tracks,
                                  GCancellable *cancellable, GError **error);
/* What was found when the session was analysed last, where that was by these rules and nothing has come in since;
 * otherwise it is analysed now. Where the recording is not here: its signals and pages alone. Inside
 * sight_store_read(), on a worker. */
SightAnalysis *sight_analysis_open(SightDb *db, gint64 session_row, const SightRuleset *rules,
                                   GCancellable *cancellable, GError **error);

/* Works off the sessions that wait for analysis, one after the other on the calling (worker) thread, saving each, until
 * none waits or it is cancelled. `progress` (may be NULL) is called on that thread after each. The number analysed. */
typedef void (*SightAnalysisProgress)(guint n_done, gint64 n_waiting, gpointer user_data);
gboolean sight_analysis_run_pending(SightStore *store, SightAnalysisProgress progress, gpointer user_data,
                                    guint *n_analysed, GCancellable *cancellable, GError **error);
/* The rules of an endpoint: its settings annotation over the defaults. */
SightRuleset *sight_analysis_rules(SightDb *db, gint64 endpoint, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
/* Pulling recordings of another product: what they all have in common. A kind lists recordings and fetches the events
 * of one; which of them are wanted, what is new, how fast one may ask, what is set aside and what is gone is decided
 * here. Inside the source module only. */
#pragma once

#include "sight-json.h"
#include "sight-round.h"
#include "sight-scope.h"
#include "sight-take.h"

G_BEGIN_DECLS

/* What a listing says of a recording. Owns its strings. */
typedef struct {
  char *id;       /* checked when it is added */
  gint64 version; /* another one where there is more of it than last time; not 0 */
  gint64 started_ms, ended_ms;
  char *url;        /* of its first page, or NULL */
  char *user;       /* or NULL */
  gint64 n_errors;  /* exceptions that the product keeps apart from the events; -1: it does not tell */
  gint64 n_console; /* errors of all kinds in the console; -1: it does not tell */
} SightListed;

/* Later times, and greater numbers of them, are none. */
#define SIGHT_LISTED_MAX_MS G_GINT64_CONSTANT(253402300799000) /* the end of the year 9999 */

/* A page of a listing. */
#define SIGHT_PULL_LISTING_BYTES ((gsize)32 * 1024 * 1024)

typedef struct SightPull SightPull;

/* What a request is for. */
typedef enum {
  SIGHT_ASKS_LISTING,
  SIGHT_ASKS_CONTENT,
} SightAsks;

typedef struct {
  SightPaceLimit limits[2]; /* of all requests with one token; the shorter stretch first */
  double requests_each;     /* what is thought to be needed for one recording before any was fetched */

  SightHttp *(*connect)(const SightEndpoint *endpoint, const char *token, GError **error);
  /* Asks for one page of those that were going on after from_ms, newest first, and adds them by sight_pull_add().
   * `page` is what the answer before said of the next one, NULL for the first; *next is the caller's, NULL where there
   * is none.
   */
  gboolean (*list)(SightPull *pull, gint64 from_ms, const char *page, char **next, GError **error);
  /* All that there is of one. *gone: it was deleted there. */
  gboolean (*fetch)(SightPull *pull, const SightListed *listed, SightTake *take, gboolean *gone, GError **error);
  /* Whether one that is not listed any more is gone. */
  gboolean (*is_gone)(SightPull *pull, const char *id, gboolean *gone, GError **error);
} SightRecordings;

/* What was needed so far. */
typedef struct {
  double requests_each; /* as in SightRecordings */
  guint64 n_requests;   /* for content */
  guint n_taken;        /* recordings */
  gint64 busy_ms;       /* but for waiting for one's turn */
} SightForecast;

struct SightPull {
  const SightRecordings *recordings;
  SightRound *round;
  const SightFilter *scope; /* what is wanted; borrowed */
  SightPace *pace;
  GHashTable *listed; /* id to SightListed */
  GPtrArray *order;   /* the ids as they came */
  gsize listed_bytes;
  char *project;      /* for the kind to keep what it found out; freed at the end */
  gboolean no_events; /* for the kind: what it keeps beside recordings may not be read with this token */
  gboolean is_trial;  /* what is listed does not count */
  guint n_bad_ids;
  SightForecast so_far;
  gint64 began_ms, waited_ms;
};

/* Budgets are so many times what a kind says: 1. Tests raise it. */
extern guint sight_recordings_widened;

/* A line of a listing; a copy is made. An id that was listed before counts once. */
void sight_pull_add(SightPull *pull, const SightListed *listed);

/* One request. The answer's status; 4xx that are about the thing that is asked for (404, 410) too. */
guint sight_pull_get(SightPull *pull, SightAsks what, const char *path, gsize max_bytes, const char *header,
                     GString *answer, char **tainted_header, GError **error);
/* Asks for what a product keeps beside a recording, which a token need not be allowed to see: of all that is refused
 * the status. By POST where there is something to send (`json` not NULL). The answer is taken as JSON. */
guint sight_pull_ask_beside(SightPull *pull, const char *path, GBytes *json, SightJsonParser *parser, SightJson *root,
                            GError **error);
/* The same as sight_pull_get(), with the answer taken as JSON. */
guint sight_pull_get_json(SightPull *pull, SightAsks what, const char *path, SightJsonParser *parser, SightJson *root,
                          GError **error);
/* The events of an answer; a few attempts where it ends in the middle. */
guint sight_pull_take(SightPull *pull, const char *path, SightTake *take, const char *header, char **tainted_header,
                      GError **error);

/* A round, as SightSourceKind.run. */
gboolean sight_recordings_run(const SightRecordings *recordings, SightStore *store, gint64 endpoint,
                              SightSyncProgressFunc progress, gpointer user_data, SightSyncProgress *total,
                              GCancellable *cancellable, GError **error);

/* How long `n_left` more recordings take: by the budget of requests, and by what those so far needed. */
gint64 sight_recordings_forecast_ms(const SightForecast *so_far, const SightPace *pace, gint64 now_ms, guint n_left);

/* Milliseconds of a time that is written as ISO 8601 (without a zone: UTC), or a number of seconds or milliseconds; 0
 * where it is none. */
gint64 sight_recordings_time_ms(SightJson tainted_time);
/* A number, or one that is written as text; 0 where it is none. */
gint64 sight_recordings_number(SightJson tainted_number);
/* ISO 8601 in UTC; the caller's. */
char *sight_recordings_time_text(gint64 time_ms);

/* Steps of a path of an address: "https://host/a/b" is "a", "b". The caller's. */
char **sight_address_steps(const char *url);
/* The address without its path; the caller's. */
char *sight_address_host(const char *url);

G_END_DECLS

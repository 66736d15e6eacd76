/* SPDX-License-Identifier: MIT */
/* SightCall: one request that passed the early checks, and its answer. Routes work on it on a worker thread. */
#pragma once

#include "sight-compress.h"
#include "sight-depot.h"
#include "sight-json-writer.h"

G_BEGIN_DECLS

typedef struct SightRoute SightRoute;
typedef struct SightMetrics SightMetrics;
typedef struct SightSampling SightSampling;

typedef struct {
  const SightRoute *route;
  SightDepot *depot;       /* borrowed */
  SightMetrics *metrics;   /* borrowed; NULL: none */
  SightSampling *sampling; /* borrowed */
  gint64 begun_us;         /* monotonic */
  char *argument;          /* the "*" of the route's path, decoded; NULL where it has none */
  GHashTable *query;       /* decoded; NULL where there is none */
  SightKey *key;           /* who asks; NULL on open routes */
  char *address;           /* the share that the client's address belongs to; NULL on open routes */
  GBytes *body;            /* as it came; NULL on routes that take none */
  char *body_type;         /* what it is declared as, without parameters; NULL on routes that take JSON */
  gboolean body_is_gzip;
  gboolean takes_gzip;
  gsize max_expanded;  /* to which the body may be expanded now */
  gboolean needs_room; /* set where that is not enough, instead of an answer: to be called again with more */

  guint status;     /* HTTP */
  const char *code; /* of a refusal; NULL: it was answered. Static */
  const char *content_type;
  gboolean answer_is_gzip;
  GPtrArray *parts; /* of GBytes: what stands before `answer`; NULL: nothing */
  GString *answer;
  guint retry_after_s; /* 0: says nothing about it */
} SightCall;

SightCall *sight_call_new(const SightRoute *route, SightDepot *depot);
void sight_call_free(SightCall *call);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightCall, sight_call_free)

/* Answers {"error":{"code","field","message"}}; `code` is static, `field` names what was wrong, or is NULL. */
void sight_call_refuse(SightCall *call, guint status, const char *code, const char *field, const char *message_format,
                       ...) G_GNUC_PRINTF(5, 6);
/* What a failure of the depot means to the one who asked. */
void sight_call_fail(SightCall *call, const GError *error);
/* Begins a JSON object as the answer with status 200; the route adds the members and ends the object. */
SightJsonWriter sight_call_begin(SightCall *call);

/* Goes on with bytes that are not copied. */
void sight_call_append_bytes(SightCall *call, GBytes *bytes);
/* Of all parts. */
gsize sight_call_answer_size(const SightCall *call);

/* The cursor of the query, borrowed; NULL: none. */
const char *sight_call_cursor(const SightCall *call);
/* A number of the query that must lie within the range; `fallback` where it is absent. FALSE: refused already. */
gboolean sight_call_query_int(SightCall *call, const char *name, gint64 min, gint64 max, gint64 fallback,
                              gint64 *number);

/* Hands the body on as it is expanded, with a cap. FALSE: refused already, there is no room for it now (see
 * needs_room), or `func` failed: only then with error. */
gboolean sight_call_expand_body(SightCall *call, gsize max_bytes, SightExpanderFunc func, gpointer user_data,
                                GError **error);
/* The body as text, expanded with a cap. NULL: refused already, or there is no room for it now (see needs_room). */
GString *sight_call_read_body(SightCall *call, gsize max_bytes);

G_END_DECLS

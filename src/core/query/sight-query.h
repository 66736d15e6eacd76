/* SPDX-License-Identifier: MIT */
/* Asking a filter: which sessions match, at which moments, and what kept one out. Inside sight_store_read(), on a
 * worker. */
#pragma once

#include "sight-filter.h"
#include "sight-session-table.h"
#include "sight-set.h"
#include "sight-term.h"

G_BEGIN_DECLS

/* A filter over one state of the store. Borrows the filter; good as long as the db that it was made with. */
SightQuery *sight_query_new(SightDb *db, const SightFilter *filter, gint64 now_ms, GError **error);
void sight_query_free(SightQuery *query);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightQuery, sight_query_free)

/* All that match, to the last one, of those that are in the index (the empty filter: of all); the caller's. NULL with
 * error. */
SightSet *sight_query_sessions(SightQuery *query, GError **error);

/* At least all that match, as far as sets tell; `*exact`: they are just those. Much cheaper where moments would have to
 * be looked into. The caller's; NULL with error. */
SightSet *sight_query_candidates(SightQuery *query, gboolean *exact, GError **error);

/* The same of some sessions alone. */
SightSet *sight_query_sessions_of(SightQuery *query, const SightSet *within, GError **error);

/* How many sessions were not looked through yet: nothing is known of them. -1 on error. */
gint64 sight_query_waiting(SightQuery *query, GError **error);

/* How many sessions have more of something that the filter asks for than found room in the index: of these some may be
 * missing. -1 on error. */
gint64 sight_query_left_out(SightQuery *query, GError **error);

/* Those that reached a key action of their endpoint, borrowed from the query; NULL with error. */
const SightSet *sight_query_converted(SightQuery *query, GError **error);

/* Where a session matches. Owns its strings. */
typedef struct {
  char *condition; /* the part of the filter, as a filter */
  gint64 start_ms, end_ms;
  char *reason; /* for people, translated; never NULL */
  int signal;   /* a SightSignalKind, or -1 */
  gboolean severe;
  int count;         /* of a signal: clicks, times */
  gboolean whole;    /* said of the session as a whole: it has no moment of its own */
  gboolean anywhere; /* of such: and no part of the session shows it better than another ("on a phone") */
} SightQueryMoment;
/* In the order of time: GPtrArray of SightQueryMoment, the caller's. Conditions on the session as a whole have one, at
 * its beginning or where it is to be watched from; of a sequence it is the steps where it happened first. */
GPtrArray *sight_query_moments(SightQuery *query, const SightSession *session, GError **error);

/* A condition that keeps a session out. Owns its strings. */
typedef struct {
  char *condition; /* the part of the filter, as a filter */
  char *says;      /* for people, translated: "length 1:48, wanted > 2:00" */
} SightQueryReason;
/* Why it does not match: GPtrArray of SightQueryReason, the caller's; empty where it does. */
GPtrArray *sight_query_why_not(SightQuery *query, const SightSession *session, GError **error);

/* Whether the filter itself asks for a term, or refuses it: then it says nothing new of the sessions that match. */
gboolean sight_query_asks(SightQuery *query, SightTermField field, const char *value);
/* The filter that picks the sessions with a term, the caller's; "" where no key asks for it. */
char *sight_query_term(SightTermField field, const char *value);
/* The same for a key inside of brackets. */
char *sight_query_inside(const char *name, const char *value);
/* The value of the key "problem" for signals of that fingerprint, the caller's. */
char *sight_query_problem(const char *fingerprint);

G_END_DECLS

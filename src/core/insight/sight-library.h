/* SPDX-License-Identifier: MIT */
/* The library's questions: which sessions match a filter, how many, why each does, and at which moment. */
#pragma once

#include "sight-analysis-table.h"
#include "sight-annotation-table.h"
#include "sight-query.h"
#include "sight-session-table.h"

G_BEGIN_DECLS

/* What the analyst asks for. Zero-initialised: everything, newest first. */
typedef struct {
  const char *filter; /* in the filter language; NULL or "": every session */
  gint64 endpoint;    /* 0: all */
  SightSessionSort sort;
  unsigned limit; /* at most so many, the first ones (a quick first page); 0: all */
} SightLibraryQuery;

/* Rows in order (GArray of gint64, the caller's). Inside sight_store_read(), on a worker, as all of these. NULL with
 * error, SIGHT_FILTER_ERROR where the filter is none. */
GArray *sight_library_list(SightDb *db, const SightLibraryQuery *query, GError **error);
/* The sessions of an endpoint (0: all) that match a filter (NULL or "": every session); the caller's. */
SightSet *sight_library_sessions(SightDb *db, const char *filter, gint64 endpoint, GError **error);
/* How many of some sessions match each of `n` filters as well. */
gboolean sight_library_count(SightDb *db, const SightSet *sessions, const char *const *filters, guint n, gint64 *counts,
                             GError **error);
/* How many sessions an endpoint (0: any) has; -1 on error. Cheap. */
gint64 sight_library_count_all(SightDb *db, gint64 endpoint, GError **error);
/* Whether any key action is defined (for that endpoint; 0: for any). */
gboolean sight_library_has_key_actions(SightDb *db, gint64 endpoint);

/* Why a session is listed, and its worst moment there. Owns its strings. */
typedef struct {
  char *condition; /* the part of the filter that matches, as a filter; NULL: the filter asks for none */
  char *reason;    /* translated plain text; NULL: nothing stands out */
  gint64 at_ms;    /* the moment, from the start of the session */
  char *page;      /* that was viewed then, or NULL */
  int signal;      /* SightSignalKind, or -1 */
} SightLibraryReason;
void sight_library_reason_clear(SightLibraryReason *reason);
/* Where the filter asks for nothing that a session has: its worst signal, else what came of the visit. */
gboolean sight_library_reason(SightDb *db, SightQuery *query, const SightSession *session, SightLibraryReason *reason,
                              GError **error);
/* What is to be seen at one of its moments, translated plain text, the caller's; NULL: nothing is said of it, or with
 * error. */
char *sight_library_moment_reason(SightDb *db, SightQuery *query, const SightSession *session, gint64 at_ms,
                                  GError **error);
/* Every moment at which one session matches, in time order: GArray of gint64 ms, the caller's. What holds of it as a
 * whole counts where there is nothing else; of the filter that asks for nothing they are its signals. */
GArray *sight_library_moments(SightDb *db, SightQuery *query, const SightSession *session, GError **error);

G_END_DECLS

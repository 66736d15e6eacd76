/* SPDX-License-Identifier: MIT */
/* The library's questions: which sessions belong to a facet, how many, why, and at which moment. */
#pragma once

#include "sight-analysis-table.h"
#include "sight-annotation-table.h"
#include "sight-query.h"
#include "sight-session-table.h"

G_BEGIN_DECLS

typedef enum {
  SIGHT_FACET_ALL,
  SIGHT_FACET_CHURNED,
  SIGHT_FACET_ERRORED,
  SIGHT_FACET_HIGH_EXIT,
  SIGHT_FACET_RAGE,
  SIGHT_FACET_DEAD,
  SIGHT_FACET_SCROLL,
  SIGHT_FACET_TAGGED,
  SIGHT_N_FACETS
} SightFacet;

const char *sight_facet_name(SightFacet facet);  /* "high-exit"; stable */
const char *sight_facet_title(SightFacet facet); /* translated */
int sight_facet_from_name(const char *name);     /* -1 where unknown */

/* What the analyst asks for. Zero-initialised: everything, newest first. */
typedef struct {
  SightFacet facet;
  gint64 endpoint;  /* 0: all */
  const char *text; /* search, or NULL */
  SightSessionSort sort;
  unsigned limit; /* at most so many, the first ones (a quick first page); 0: all */
} SightLibraryQuery;

/* Rows in order (GArray of gint64, the caller's). Inside sight_store_read(). */
GArray *sight_library_list(SightDb *db, const SightLibraryQuery *query, GError **error);
/* Counts of all facets for an endpoint (0: all); -1 for churned where no key action is defined. */
gboolean sight_library_counts(SightDb *db, gint64 endpoint, gint64 counts[SIGHT_N_FACETS], GError **error);
/* Whether any key action is defined (for that endpoint; 0: for any). */
gboolean sight_library_has_key_actions(SightDb *db, gint64 endpoint);

/* Why a session is in a facet, and its worst moment there. */
typedef struct {
  char *reason; /* translated plain text; NULL: nothing stands out */
  gint64 at_ms; /* the moment, from the start of the session */
  int signal;   /* SightSignalKind, or -1 */
} SightLibraryReason;
void sight_library_reason_clear(SightLibraryReason *reason);
/* SIGHT_FACET_ALL: the worst signal of any kind. */
gboolean sight_library_reason(SightDb *db, SightFacet facet, const SightSession *session, SightLibraryReason *reason,
                              GError **error);
/* Of the moments at which a session matches a filter the one to begin with: the worst signal, else the first moment
 * that is one, else what holds of the session as a whole; NULL where there is none. Borrowed from `moments`. */
const SightQueryMoment *sight_library_worst(const GPtrArray *moments);
/* Every moment of a facet in one session, in time order: GArray of gint64 ms, the caller's. For "next moment". */
GArray *sight_library_moments(SightDb *db, SightFacet facet, const SightSession *session, GError **error);

G_END_DECLS

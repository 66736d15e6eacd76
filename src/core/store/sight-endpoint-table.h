/* SPDX-License-Identifier: MIT */
/* Endpoints: where sessions come from. In the cache a collector that is synced with, or imported files (always row 1);
 * in a collector's store the projects it keeps. */
#pragma once

#include "sight-store.h"

G_BEGIN_DECLS

#define SIGHT_ENDPOINT_FILES 1

/* Owns its strings. */
typedef struct {
  gint64 row;
  char *kind;   /* workstation: as in core/source ("files", "collector", …); collector: "project" */
  char *name;   /* for people */
  char *url;    /* where it is asked; NULL: nowhere */
  char *cursor; /* where sync of sessions goes on; NULL: from the start */
  char *annotation_cursor;
  gint64 synced_ms; /* last complete sync; 0: never */
  char *problem;    /* why the last sync failed, for people; NULL: it did not */
  char *scope;      /* what is wanted of it: a filter as text; NULL: what it gives */
  gint64 n_sessions;
  gint64 n_recordings; /* of these sessions: how many recordings are here, too */
  gint64 budget;       /* bytes of recordings that may be here where not all are wanted; 0: as many as there are */
  gint64 n_there;      /* sessions that it has, where it told; -1: it did not */
  gint64 n_told;       /* of how many of these it has digests */
} SightEndpoint;

SightEndpoint *sight_endpoint_copy(const SightEndpoint *endpoint);
void sight_endpoint_free(SightEndpoint *endpoint);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightEndpoint, sight_endpoint_free)

/* GPtrArray of SightEndpoint, by row; the caller's. */
GPtrArray *sight_endpoint_table_list(SightDb *db, GError **error);
SightEndpoint *sight_endpoint_table_get(SightDb *db, gint64 row, GError **error);
/* By name, url or row number as text. */
SightEndpoint *sight_endpoint_table_find(SightDb *db, const char *text, GError **error);
gint64 sight_endpoint_table_add(SightDb *db, const char *kind, const char *name, const char *url, GError **error);
/* With everything that came from it. Not row 1 of a cache. */
gboolean sight_endpoint_table_remove(SightDb *db, gint64 row, GError **error);
gboolean sight_endpoint_table_set_synced(SightDb *db, gint64 row, const char *cursor, const char *annotation_cursor,
                                         gint64 synced_ms, const char *problem, GError **error);
/* NULL: what it gives. The next sync lists all of it anew. */
gboolean sight_endpoint_table_set_scope(SightDb *db, gint64 row, const char *scope, GError **error);

/* Recordings that were let go of may come again. */
gboolean sight_endpoint_table_set_budget(SightDb *db, gint64 row, gint64 bytes, GError **error);
gboolean sight_endpoint_table_set_there(SightDb *db, gint64 row, gint64 n_there, gint64 n_told, GError **error);

/* By which page rules (sight_page_rules_id) the endpoint's pages are named, and up to which session's row that is done.
 * `*id` is the caller's, NULL where nothing was named yet. */
gboolean sight_endpoint_table_page_rules(SightDb *db, gint64 row, char **id, gint64 *done_row, GError **error);
gboolean sight_endpoint_table_set_page_rules(SightDb *db, gint64 row, const char *id, gint64 done_row, GError **error);

G_END_DECLS

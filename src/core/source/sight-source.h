/* SPDX-License-Identifier: MIT */
/* The kinds of endpoints, one file each behind SightSourceKind: what an endpoint is asked for, and how, is its kind's
 * business alone. Errors are SIGHT_SYNC_ERROR, SIGHT_STORE_ERROR, or G_IO_ERROR_CANCELLED. What talks to an endpoint
 * blocks: for workers. */
#pragma once

#include "sight-sync.h"

G_BEGIN_DECLS

typedef enum {
  SIGHT_SOURCE_SYNCS = 1 << 0,   /* has an address and a token, and is asked for what is new */
  SIGHT_SOURCE_SHARES = 1 << 1,  /* carries annotations; those of the others stay here */
  SIGHT_SOURCE_ERASES = 1 << 2,  /* can be told to erase a session, or a user */
  SIGHT_SOURCE_SELECTS = 1 << 3, /* can be asked for a part of what it has: SightEndpoint.scope */
  SIGHT_SOURCE_SLICES = 1 << 4,  /* the same for any filter: sight-slice.h */
} SightSourceCan;

/* One kind. What it cannot do is NULL. */
typedef struct {
  const char *name;    /* as it stands in SightEndpoint.kind: never changes */
  const char *title;   /* for people; untranslated */
  guint can;           /* SightSourceCan */
  const char *address; /* an example of its address; NULL where it has none */
  const char *token;   /* for people, untranslated: where its token comes from */
  int every_s; /* SYNCS: rounds at least so far apart, as each costs requests of a budget; 0: as the user likes */
  const char *const *tells; /* SELECTS: keys that its listing tells besides those of sight-scope.h; NULL: none */

  /* The address by which the endpoint and its token are known, the caller's; NULL with error where it is none. */
  char *(*normalize)(const char *tainted_url, GError **error);
  /* Whether the (normal) address and the token work; *name, the caller's, is what the project is called. The error says
   * what to change. */
  gboolean (*check)(const char *url, const char *token, char **name, GCancellable *cancellable, GError **error);
  /* One complete round, as sight_sync_run() tells. */
  gboolean (*run)(SightStore *store, gint64 endpoint, SightSyncProgressFunc progress, gpointer user_data,
                  SightSyncProgress *total, GCancellable *cancellable, GError **error);
  /* As sight_sync_erase_remote() tells. */
  gboolean (*erase)(SightStore *store, gint64 endpoint, const char *session, const char *user,
                    GCancellable *cancellable, GError **error);
} SightSourceKind;

/* All of them, `*n` many. */
const SightSourceKind *const *sight_source_kinds(guint *n);
/* NULL where there is none of that name: an endpoint of a later version. */
const SightSourceKind *sight_source_kind(const char *name);
gboolean sight_source_can(const SightEndpoint *endpoint, SightSourceCan what);

/* What it is called, for people: borrowed, or static. */
const char *sight_source_name(const SightEndpoint *endpoint);

/* How far apart rounds are begun by themselves where the user likes `wanted_s`: products less often, a collector on
 * this computer every 5 seconds. */
int sight_source_interval_s(const SightEndpoint *endpoint, int wanted_s);

/* One round with an endpoint, of whichever kind. */
gboolean sight_source_run(SightStore *store, gint64 endpoint, SightSyncProgressFunc progress, gpointer user_data,
                          SightSyncProgress *total, GCancellable *cancellable, GError **error);
/* Asks an endpoint of the cache with the token that is kept for it. */
gboolean sight_source_check(SightStore *store, const SightEndpoint *endpoint, char **name, GCancellable *cancellable,
                            GError **error);

G_END_DECLS

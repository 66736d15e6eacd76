/* SPDX-License-Identifier: MIT */
/* What the tests of the store share: a store in a folder of its own, and short ways to fill it. */
#pragma once

#include "sight-analysis-table.h"
#include "sight-annotation-table.h"
#include "sight-batch-table.h"
#include "sight-change-table.h"
#include "sight-endpoint-table.h"
#include "sight-key-table.h"
#include "sight-session-table.h"

#define START_MS G_GINT64_CONSTANT(1700000000000)

/* A new folder under the temporary one; remove_folder() frees it too. */
char *make_folder(void);
void remove_folder(char *folder);

SightStore *open_store(const char *folder, SightStoreRole role);

/* Each runs in a transaction of its own and insists on success. `events` NULL: they are lost where they come from. */
SightPutResult put_batch(SightStore *store, gint64 endpoint, const char *session, const char *window, gint64 seq,
                         gint64 time_ms, const char *events);
/* Of endpoint 1, with one event that names a user. */
void put_batch_naming(SightStore *store, const char *session, const char *user);
/* The same where it is received at another time than it says. */
SightPutResult put_late(SightStore *store, gint64 endpoint, const char *session, gint64 time_ms, gint64 received_ms);
gint64 row_of(SightStore *store, gint64 endpoint, const char *session);
SightSession *get_session(SightStore *store, gint64 row);
gint64 add_endpoint(SightStore *store, const char *kind, const char *name);
void put_tag(SightStore *store, gint64 endpoint, const char *session, gint64 at_ms, const char *body);
void erase(SightStore *store, gint64 row);

/* A flag that no session has: what is to be in its index is a form "order" that was sent, the key action of
 * FIXTURE_KEY_ACTIONS. */
#define FIXTURE_ORDERED (1u << 30)
#define FIXTURE_KEY_ACTIONS "\"key-actions\":[{\"name\":\"Order\",\"kind\":\"submit\",\"value\":\"order\"}]"

/* What analysis would save: pages are views of 10 s each, separated by blanks; signals are kind letters "r@1500"
 * or "r@1500*9" (9 clicks rather than 4), separated by blanks (e error, r rage, d dead, s scroll, c console, q
 * request, n noise). NULL user: a visitor without name. */
typedef struct {
  const char *session, *user, *pages, *signals, *release;
  gint64 start_ms;
  gboolean key_action;
  double friction;
} Analysed;
/* Puts a batch, if there is none, and saves that analysis; the row. */
gint64 save_analysed(SightStore *store, gint64 endpoint, Analysed what);

/* Ids in the order of the list, joined by blanks. */
char *list_ids(SightStore *store, const SightSessionFilter *filter, SightSessionSort sort);
gint64 count_of(SightStore *store, const SightSessionFilter *filter);
/* Ids of those with all of some flags (SightSessionFlags), newest first. */
char *flagged_ids(SightStore *store, guint32 flags);

/* Whether any file of a folder has these bytes in it. */
gboolean folder_holds(const char *folder, const char *text);

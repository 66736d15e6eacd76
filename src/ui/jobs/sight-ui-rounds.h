/* SPDX-License-Identifier: MIT */
/* SightUiRounds: syncing with every endpoint, each when it is due. */
#pragma once

#include "sight-endpoint-table.h"
#include "sight-store.h"

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_ROUNDS (sight_ui_rounds_get_type())
/* Main thread only. Signal "changed": anything that the functions below tell is different. */
G_DECLARE_FINAL_TYPE(SightUiRounds, sight_ui_rounds, SIGHT_UI, ROUNDS, GObject)

/* How it stands with one endpoint. Owns its strings. */
typedef struct {
  SightEndpoint *endpoint;
  gboolean running;
  guint n_done, n_total;   /* sessions of the running round; total 0: not known yet */
  int left_min;            /* about how long the rest of them takes; 0: not known */
  gint64 offline_since_ms; /* wall clock of the last time it answered; 0: it answers */
  gboolean refused;        /* it answers, but does not let us in */
  gboolean faulty;         /* it answers, but not as it should */
  gboolean misset;         /* it is not asked: what is set here is to be changed first, as the problem says */
  char *problem;           /* why the last round failed, for people; NULL: it did not */
} SightUiSyncState;

SightUiRounds *sight_ui_rounds_new(SightStore *store);
/* What was read of the endpoints: those that are new are synced at once, those that are gone no more. */
void sight_ui_rounds_take_endpoints(SightUiRounds *self, GPtrArray *endpoints);
/* GPtrArray of SightUiSyncState, borrowed until the next sight_ui_rounds_take_endpoints(). */
GPtrArray *sight_ui_rounds_get_states(SightUiRounds *self);
/* Starts the rounds that are due; to be called every second. */
void sight_ui_rounds_tick(SightUiRounds *self);
/* Now, rather than when it is due. endpoint 0: all. */
void sight_ui_rounds_start(SightUiRounds *self, gint64 endpoint);
void sight_ui_rounds_cancel(SightUiRounds *self);

G_END_DECLS

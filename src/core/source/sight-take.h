/* SPDX-License-Identifier: MIT */
/* What is fetched of one recording of another product, until it is stored: its events, each once, by window and time.
 * Inside the source module only. */
#pragma once

#include "sight-sync.h"

G_BEGIN_DECLS

/* More bytes of JSON are no recording: 512 MiB. Tests lower it. */
extern gsize sight_take_max_bytes;

typedef struct SightTake SightTake;
SightTake *sight_take_new(void);
void sight_take_free(SightTake *take);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightTake, sight_take_free)

/* Events in any form that core/format reads. What was there already (the same window, time and content) is not taken
 * again. SIGHT_SYNC_ERROR_OFFLINE where the content ends in the middle: to be fetched once more. */
gboolean sight_take_content(SightTake *take, GBytes *tainted_content, GError **error);
/* Something of the recording cannot be had: for people, translated. */
void sight_take_note_loss(SightTake *take, const char *what);
guint sight_take_n_events(const SightTake *take);

/* What the product tells besides the events, as one of ours: {"tag", payload}, in the window of the first event; the
 * payload is made of pairs of a key and a text, until a key that is NULL; texts that are NULL are left out. time_ms 0:
 * with the first event. Nothing where there are no events, or something of that time, tag and first text was told
 * before. */
void sight_take_tell(SightTake *take, gint64 time_ms, const char *tag, ...) G_GNUC_NULL_TERMINATED;

/* An event of ours (JSON) that the product keeps apart from those of a window: it is taken where that window was being
 * recorded then. */
void sight_take_beside(SightTake *take, const char *tainted_window, gint64 time_ms, const GString *text);

typedef struct {
  gint64 endpoint;
  const char *session; /* valid id */
  gint64 received_ms;
  gint64 followed; /* what is remembered of the session when all of it is stored */
} SightTakeTarget;
/* Stores what is not there yet, behind what is, all of it in one transaction; a session that was erased here stays so.
 * *n_batches and *n_bytes grow by what was stored. */
gboolean sight_take_store(SightTake *take, SightStore *store, const SightTakeTarget *target, SightSyncProgress *total,
                          GError **error);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
/* SightChange: a session that has new batches, or a tombstone, as plain data. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Owns its strings. */
typedef struct {
  gint64 revision; /* rises with every change of the database */
  char *session;
  gboolean erased;
  gint64 received_ms;
  gint64 last_arrival; /* greatest arrival of its batches; 0 for a tombstone */
  gint64 n_batches;
} SightChange;

void sight_change_free(SightChange *change);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightChange, sight_change_free)

G_END_DECLS

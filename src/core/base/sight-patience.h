/* SPDX-License-Identifier: MIT */
/* SightPatience: how long a whole exchange may take, and how slow it may be. What is read from the network or from a
 * pipe can come one byte at a time, for ever, with every single wait within its limit; this bounds all of it. Blocking
 * calls get its cancellable, which is cancelled when time is up, or when the caller's own is. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct {
  gint64 total_ms;
  gint64 window_ms;     /* in each stretch of this length … */
  guint64 window_bytes; /* … at least so many bytes come or go; waiting for an answer counts as one that is slow */
} SightPatienceLimits;

/* For a file that may be a pipe: an hour for all of it, and at least 1 KiB in each two minutes. */
extern const SightPatienceLimits sight_patience_for_files;

typedef struct SightPatience SightPatience;

/* Begins now. `parent` may be NULL. It has a thread that does nothing but wait; count() may be called on any. */
SightPatience *sight_patience_new(const SightPatienceLimits *limits, GCancellable *parent);
/* Ends the exchange; its cancellable is not touched any more. */
void sight_patience_free(SightPatience *patience);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightPatience, sight_patience_free)

/* Borrowed. */
GCancellable *sight_patience_cancellable(SightPatience *patience);
/* So many bytes more came or went. */
void sight_patience_count(SightPatience *patience, gsize bytes);
/* Whether it was time that ended the exchange, and not the caller. */
gboolean sight_patience_is_over(SightPatience *patience);

/* An error of a call that got the cancellable: where time is up it becomes G_IO_ERROR_TIMED_OUT, which says so. */
void sight_patience_explain(SightPatience *patience, GError **error);

/* Opens a file of any kind for reading, so that neither opening nor reading waits longer than this lasts: a FIFO may
 * never get a writer. Read with the cancellable. The caller's. */
GInputStream *sight_patience_open(SightPatience *patience, GFile *file, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
/* Erasing sessions for good: here, and where that is asked for at the endpoint that they came from, each with its line
 * of the log in one transaction; and a certificate of it. Whose sessions they were is not in the log. */
#pragma once

#include "sight-store.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* What was erased so far. One thread at a time, none of them the writer's. */
typedef struct SightErasure SightErasure;
/* `remote`: at endpoints that can be told to, too; and there first, because where that fails, what is here still names
 * what has to go. */
SightErasure *sight_erasure_new(SightStore *store, gboolean remote);
void sight_erasure_free(SightErasure *erasure);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightErasure, sight_erasure_free)

/* How many of how many are gone. */
typedef void (*SightErasureFunc)(guint n_done, guint n_total, gpointer user_data);
/* Erases sessions (gint64 rows), some at a time; one that is gone meanwhile is none of ours. Blocks. FALSE with error,
 * also where it is cancelled: some are erased then, and stay so. `progress` may be NULL. */
gboolean sight_erasure_sessions(SightErasure *erasure, const GArray *rows, SightErasureFunc progress,
                                gpointer user_data, GCancellable *cancellable, GError **error);
/* The same with every session in which an event names that user. */
gboolean sight_erasure_user(SightErasure *erasure, const char *user, GCancellable *cancellable, GError **error);

guint sight_erasure_n(const SightErasure *erasure);
/* SHA-256 of the last line of the log that was written; NULL: none was. Borrowed. */
const char *sight_erasure_log_line(const SightErasure *erasure);
/* A JSON document for those who asked for it: what was erased, where, when and by whom, what still stands here of it
 * (it is looked for), and the line of the log. `program`: what erased it. NULL with error. */
GString *sight_erasure_certificate(SightErasure *erasure, const char *program, GError **error);

G_END_DECLS

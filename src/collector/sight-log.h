/* SPDX-License-Identifier: MIT */
/* The log as JSON: one object a line on standard error, with `time` (UTC), `level` and `event`. A key appears as its
 * number, never as itself; paths as routes, since they may name visitors. */
#pragma once

#include "sight-call.h"

G_BEGIN_DECLS

/* From now on, once, at the start of the program: also what GLib and libraries log. Without it there is no line for
 * what happens as it should. */
void sight_log_use_json(void);

/* Any thread; nothing without sight_log_use_json(). */
void sight_log_started(const char *url, const char *store);
void sight_log_stopped(void);
void sight_log_answered(const SightCall *call, gint64 us);

G_END_DECLS

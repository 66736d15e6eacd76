/* SPDX-License-Identifier: MIT */
/* How a time within a session is written for people, in one place. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "m:ss", from an hour on "h:mm:ss"; the caller's. */
char *sight_clock_text(gint64 ms);

G_END_DECLS

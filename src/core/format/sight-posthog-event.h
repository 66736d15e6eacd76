/* SPDX-License-Identifier: MIT */
/* What PostHog's analytics know of a moment of a session, as an event of ours. */
#pragma once

#include "sight-json.h"

G_BEGIN_DECLS

/* Appends it to `out` as JSON: what was captured by a name is an ss:event with its properties, an exception an
 * ss:error, $identify an ss:identify. FALSE where it is none of these: PostHog's own, which begin with "$", say nothing
 * that the recording does not tell itself. */
gboolean sight_posthog_event_write(const char *tainted_name, gint64 time_ms, SightJson properties, GString *out);
/* The window it came from; NULL where it came from none (a server). */
const char *sight_posthog_event_window(SightJson properties);

G_END_DECLS

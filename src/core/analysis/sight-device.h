/* SPDX-License-Identifier: MIT */
/* What the visitor sat in front of, from what the browser says of itself. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "Chrome on Linux"; without a user agent by the width of the viewport ("Phone"); NULL where neither is known.
 * `is_phone` tells whether it is one. The caller owns the text. */
char *sight_device_describe(const char *tainted_agent, int viewport_w, int viewport_h, gboolean *is_phone);

/* Names of both, static; NULL where unknown. */
void sight_device_parts(const char *tainted_agent, const char **browser, const char **system);
/* "desktop", "tablet" or "phone", static; NULL where nothing is known. */
const char *sight_device_class(const char *tainted_agent, int viewport_w, int viewport_h);

G_END_DECLS

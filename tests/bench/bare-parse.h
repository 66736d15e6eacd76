/* SPDX-License-Identifier: MIT */
/* The measure of speed: simdjson's own parser over the same bytes, and nothing else. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Seconds of the processor that this thread had, from some time on. */
double cpu_seconds(void);
/* Seconds for one parse, the best of `rounds`; negative where it is not JSON. */
double bare_parse(const char *text, gsize bytes, int rounds);

G_END_DECLS

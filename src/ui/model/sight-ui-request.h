/* SPDX-License-Identifier: MIT */
/* What the window says of a request that a page made. */
#pragma once

#include "sight-analysis.h"

G_BEGIN_DECLS

gboolean sight_ui_request_failed(const SightRequestItem *request);
/* A visit of a page (ms from the start of the session), up to the end of the last request that began in it. */
typedef struct {
  gint64 start_ms, end_ms;
} SightUiRequestScale;
/* For each request that in which it is drawn to scale; the caller's. */
GArray *sight_ui_request_scales(const SightAnalysis *analysis);
/* The command by which it can be made again in a shell (POSIX): whatever a hostile page has put into it, it is one
 * command and one address of the web, of printable ASCII. What looks private in the address is masked; headers and
 * bodies are not recorded. The caller's; NULL: its address is none of the web. Either may be NULL. */
char *sight_ui_request_curl(const char *tainted_method, const char *tainted_url);

G_END_DECLS

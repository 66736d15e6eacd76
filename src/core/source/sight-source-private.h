/* SPDX-License-Identifier: MIT */
/* The kinds. Inside the source module only. */
#pragma once

#include "sight-source.h"

G_BEGIN_DECLS

extern const SightSourceKind sight_source_files;      /* source-files.c: imported here */
extern const SightSourceKind sight_source_collector;  /* source-collector.c: our own */
extern const SightSourceKind sight_source_posthog;    /* source-posthog.c */
extern const SightSourceKind sight_source_sentry;     /* source-sentry.c */
extern const SightSourceKind sight_source_clickstack; /* source-clickstack.c */
extern const SightSourceKind sight_source_umami;      /* source-umami.c */

G_END_DECLS

/* SPDX-License-Identifier: MIT */
/* Where a comparison can be cut: at a release, between two variants, or on a day. Plain data. */
#pragma once

#include "sight-store.h"

G_BEGIN_DECLS

/* Owns its strings; a day where it has none of the others. */
typedef struct {
  char *title; /* translated */
  char *release;
  char *variant, *against; /* NAME=VALUE each */
} SightUiVerifyCut;

/* Those of the sessions of an endpoint (0: of all), the newest release first, a day last: GPtrArray of
 * SightUiVerifyCut, the caller's. `release` (may be NULL) is among them though no session had it yet. Inside
 * sight_store_read(), on a worker; NULL with error. */
GPtrArray *sight_ui_verify_cuts_read(SightDb *db, gint64 endpoint, const char *release, GCancellable *cancellable,
                                     GError **error);

G_END_DECLS

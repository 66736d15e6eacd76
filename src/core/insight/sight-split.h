/* SPDX-License-Identifier: MIT */
/* Sessions by the values of a key: by release, variant, device … */
#pragma once

#include "sight-set.h"
#include "sight-store.h"

G_BEGIN_DECLS

/* Owns its strings and its set. */
typedef struct {
  char *value;  /* NULL: those that have none */
  char *filter; /* picks them */
  SightSet *sessions;
} SightPart;

/* The parts of a set of sessions, the greatest first, those without a value last. A session that changed its value
 * while it went on is in several parts. `key` is one of the filter language that tells one value of a session
 * ("device", "release", "variant.checkout"). GPtrArray of SightPart, the caller's; NULL with error, SIGHT_FILTER_ERROR
 * where it is no such key. Inside sight_store_read(). */
GPtrArray *sight_split(SightDb *db, const SightSet *sessions, const char *key, GError **error);

G_END_DECLS

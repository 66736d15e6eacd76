/* SPDX-License-Identifier: MIT */
/* Variants: how many sessions had which, how many of them reached a key action, and whether they were dealt out as they
 * should be. */
#pragma once

#include "sight-set.h"
#include "sight-statistics.h"
#include "sight-store.h"

G_BEGIN_DECLS

/* Below it the sizes of variants are no chance (a sample ratio mismatch): what they show is not to be believed. */
#define SIGHT_VARIANTS_MISMATCH 0.001

/* Owns its strings. */
typedef struct {
  char *value, *filter;
  gint64 n_sessions, n_converted;
  SightInterval converted; /* share, 95 % */
} SightVariantValue;

typedef struct {
  char *name;
  GPtrArray *values; /* of SightVariantValue, the greatest first */
  gint64 n_several;  /* sessions that had more than one value: they are counted in none */
  double chance;     /* of sizes that are at least so uneven, where each should get its share */
} SightVariant;

/* What each of the variants of a set of sessions should get is `shares` of `n_shares` for its values in the order of
 * their names, where it has so many values; else each the same. GPtrArray of SightVariant by name, the caller's. Inside
 * sight_store_read(). NULL with error. */
GPtrArray *sight_variants_list(SightDb *db, const SightSet *sessions, const double *shares, guint n_shares,
                               GError **error);

G_END_DECLS

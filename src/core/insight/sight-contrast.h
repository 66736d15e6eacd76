/* SPDX-License-Identifier: MIT */
/* Contrast: what is different about some sessions against others, out of everything that the index knows. */
#pragma once

#include "sight-query.h"
#include "sight-statistics.h"
#include "sight-term.h"

G_BEGIN_DECLS

/* Of this share of what is told at most is expected to be chance. */
#define SIGHT_CONTRAST_FALSE 0.05

/* Owns its strings. */
typedef struct {
  SightTermField field;
  char *value;
  char *filter;                /* picks the sessions that have it */
  gint64 n_these, n_those;     /* that have it on either side */
  double ratio;                /* of the two rates; INFINITY where those have none */
  SightInterval ratio_between; /* 95 % */
  double chance;               /* the least false discovery rate at which it is told */
  GPtrArray *same;             /* filters (char) of what nearly the same sessions have */
} SightDifference;

typedef struct {
  gint64 n_these, n_those;
  guint n_tested;
  GPtrArray *differences; /* of SightDifference, the surest and greatest first */
} SightContrast;
void sight_contrast_free(SightContrast *contrast);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightContrast, sight_contrast_free)

/* The others to compare some sessions with: the rest of those that viewed the page that all of these viewed (where they
 * share several the one that fewest viewed), else all the rest. The caller's. NULL with error. */
SightSet *sight_contrast_others(SightDb *db, const SightSet *these, GError **error);
/* What `asked` (or NULL), the filter by which these were picked, asks for itself is left out. Inside
 * sight_store_read(), on a worker. The caller's. NULL with error. */
SightContrast *sight_contrast_run(SightDb *db, const SightSet *these, const SightSet *those, SightQuery *asked,
                                  GCancellable *cancellable, GError **error);

G_END_DECLS

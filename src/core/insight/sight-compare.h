/* SPDX-License-Identifier: MIT */
/* Before against after, or variant against variant: whether a problem was met by fewer of those who had the
 * opportunity. */
#pragma once

#include "sight-contrast.h"
#include "sight-verdict.h"

G_BEGIN_DECLS

/* Two whole weeks, so that both windows have the same weekdays. */
#define SIGHT_COMPARE_DAYS 14
/* Below this chance of the sizes of two variants, the assignment is broken, and nothing else is said. */
#define SIGHT_COMPARE_UNEVEN 0.001

/* What is compared, and where it is cut: by one of release, date and variant. Borrowed. */
typedef struct {
  const SightFilter *problem;     /* who met it */
  gboolean absent;                /* the problem is not to match: a flow that was not completed */
  const SightFilter *opportunity; /* who could have met it */
  gint64 endpoint;                /* of its sessions; 0: of all */
  const char *page;               /* times are those on this page; NULL: of the whole session */
  const char *release;            /* after: of it or of one that was first seen later, from its first session on */
  gint64 date_ms;                 /* after: from then on, wall clock; 0: not by date */
  const char *variant, *against;  /* NAME=VALUE each: after, and before */
  double share;                   /* of the visitors that `variant` is meant to get, 0 … 1 */
  int days;                       /* each window: as long after the cut as before it; not between variants */
  gint64 now_ms;
} SightCompareSpec;

/* Owns its strings. */
typedef struct {
  gint64 n, n_had;   /* units, and those that met it */
  gint64 n_sessions; /* with the opportunity */
  gint64 from_ms;    /* the window; 0 where it holds nothing */
  gint64 to_ms;      /* its end */
  double median_ms;  /* of the times */
  char *example;     /* the newest session that met it, else the newest one; NULL: none */
  char *moment;      /* the filter that picks it where it met it, else where it could have; NULL: none */
} SightCompareSide;

typedef struct {
  gint64 n[2]; /* units of either side that came so far */
} SightCompareStep;

typedef struct {
  SightCompareSide before, after;
  char *variant, *against; /* as they were asked for; NULL: by release or date */
  int days;                /* of each window; 0 between variants */
  gboolean over;           /* the window after the cut has passed: nobody is counted any more */
  SightLooks looks;
  gint64 next_ms;           /* when about the next look is due; 0: not known, or none is left */
  SightInterval difference; /* after less before, 99 % */
  SightInterval once;       /* 95 %: if it had been looked at once */
  gboolean has_times;
  SightShift times;        /* after less before, ms */
  double uneven;           /* variants: the chance of their sizes; 1 else */
  GArray *steps;           /* of SightCompareStep: of a sequence, how many came as far as each of its steps */
  SightContrast *contrast; /* what else is different after */
} SightComparison;
void sight_comparison_free(SightComparison *comparison);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightComparison, sight_comparison_free)

/* The unit is a visitor where identified, else a session; of each it is the first session of the window that counts, so
 * that nobody looks cured who came less often. Inside sight_store_read(), on a worker: it reads each session that had
 * the opportunity. */
SightComparison *sight_compare_run(SightDb *db, const SightCompareSpec *spec, GCancellable *cancellable,
                                   GError **error);

/* Whether the sizes of variants are too uneven for anything to be said. */
gboolean sight_comparison_is_broken(const SightComparison *comparison);
/* The verdict in words, translated: "Fixed: …"; the caller's. */
char *sight_comparison_sentence(const SightComparison *comparison);

/* Where a problem could have been met: its page, where most of its sessions had it; NULL without error: it has none.
 * The caller's. */
char *sight_compare_page(SightDb *db, const char *problem, GCancellable *cancellable, GError **error);
/* The filter of those who viewed a page; the caller's. */
SightFilter *sight_compare_opportunity(const char *page);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
/* What matching and writing of a difference share. */
#pragma once

#include "sight-dom-difference.h"
#include "sight-dom-private.h"

G_BEGIN_DECLS

typedef enum {
  SIGHT_DIFF_NEW_DOCUMENT = 1 << 0, /* in a document that is made anew */
  SIGHT_DIFF_MARKED = 1 << 1,       /* made anew, but something below it stays */
  SIGHT_DIFF_STABLE = 1 << 2,       /* stays where it is */
  SIGHT_DIFF_RELOCATED = 1 << 3,    /* it or something above it moves or is made anew */
} SightDiffFlags;

/* All arrays are indexed by SightNodeIndex of the one page or the other. */
typedef struct {
  const SightDom *from, *to;
  SightNodeIndex *match;      /* of `to`: the node of `from`, 0 for none */
  SightNodeIndex *back;       /* of `from`: the node of `to` */
  guint32 *order;             /* of `from`: place in document order; 0 where it hangs nowhere */
  guint8 *flags;              /* of `to`: SightDiffFlags */
  guint64 *from_sum, *to_sum; /* of each subtree's content, ids left out */
  guint32 *names;             /* of names of `from`: the same in `to`; 0 for none */
  guint n_to;                 /* nodes of `to` that hang somewhere */
  SightDifferenceStats stats;
} SightDiff;

void sight_diff_init(SightDiff *diff, const SightDom *from, const SightDom *to);
void sight_diff_clear(SightDiff *diff);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SightDiff, sight_diff_clear)

/* Fills match, back, and flags. NULL, or why the page must be built anew. */
const char *sight_diff_match(SightDiff *diff);
void sight_diff_write(const SightDiff *diff, gint64 time_ms, GString *out);

gboolean sight_diff_same_str(const SightDom *a, SightStr x, const SightDom *b, SightStr y);
/* Whether two style elements have the same texts in them: then the rules made by script are still there. */
gboolean sight_diff_same_sheet(const SightDiff *diff, SightNodeIndex t, SightNodeIndex f);
/* Whether `log` begins with all of `start`. */
gboolean sight_rule_log_begins_with(const SightRuleLog *log, const SightRuleLog *start);

/* sight-dom-hash.c: for each node the sum of its subtree's content (ids and state left out), in an array of
 * nodes->len. The caller frees it. */
guint64 *sight_dom_sums(const SightDom *dom);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
/* SightEffort: how much of a page may be looked at again. What happens on a page may be a few bytes, and the page that
 * it happens to large: each byte of a recording pays for so much looking, so that the whole takes time linear in its
 * size however the two are mixed. A unit is about the time for hashing one byte. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SIGHT_EFFORT_AT_FIRST (1000 * 1000)
#define SIGHT_EFFORT_OF_BYTE 300
/* A look at one node, and at one of its attributes. */
#define SIGHT_EFFORT_NODE 32
#define SIGHT_EFFORT_ATTRIBUTE 64

typedef struct {
  gint64 left;     /* below 0: what went beyond was done all the same, and has to be earned back */
  guint64 n_saved; /* looks that there was no effort left for */
} SightEffort;

static inline void sight_effort_spend(SightEffort *effort, gint64 units) {
  effort->left -= units;
}

/* For what can still be looked at later. */
static inline gboolean sight_effort_is_left(const SightEffort *effort) {
  return effort->left > 0;
}

/* For a look that is taken now or not at all; the notice of the session tells how many were not. */
static inline gboolean sight_effort_allows(SightEffort *effort) {
  effort->n_saved += effort->left <= 0;
  return effort->left > 0;
}

G_END_DECLS

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
  gint64 left; /* below 0: what went beyond was done all the same, and has to be earned back */
} SightEffort;

static inline void sight_effort_spend(SightEffort *effort, gint64 units) {
  effort->left -= units;
}

static inline gboolean sight_effort_is_left(const SightEffort *effort) {
  return effort->left > 0;
}

G_END_DECLS

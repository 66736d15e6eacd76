/* SPDX-License-Identifier: MIT */
/* SightTarget: what a click landed on, as far as its element tells, kept while detectors wait for an answer. */
#pragma once

#include "sight-dom.h"

G_BEGIN_DECLS

typedef enum {
  SIGHT_TARGET_INTERACTIVE = 1 << 0, /* by tag, role or tabindex, of itself or of a near ancestor */
  SIGHT_TARGET_TEXT_FIELD = 1 << 1,  /* takes typed text */
  SIGHT_TARGET_CHOICE = 1 << 2,      /* select, file, date or colour field: the browser's own window answers */
  SIGHT_TARGET_STEPPER = 1 << 3,     /* plus, minus, volume: made to be clicked many times */
  SIGHT_TARGET_PAGER = 1 << 4,       /* next, previous, page number, carousel arrow: likewise */
  SIGHT_TARGET_MEDIA = 1 << 5,       /* canvas, video, embedded page: what it does is not recorded */
  SIGHT_TARGET_LEAVES = 1 << 6,      /* a download, another tab, a mail program */
  SIGHT_TARGET_BACKGROUND = 1 << 7,  /* the page itself: html or body */
  SIGHT_TARGET_UNKNOWN = 1 << 8,     /* no such node is known */
  SIGHT_TARGET_LINK = 1 << 9,        /* leads to another document, which may be a download */
  SIGHT_TARGET_DISABLED = 1 << 10,   /* switched off: no click comes of a press */
  SIGHT_TARGET_LABEL = 1 << 11,      /* the label of a field that is typed or chosen in */
} SightTargetTraits;

/* Immutable, counted. */
typedef struct {
  int node;    /* what was hit */
  int control; /* its nearest interactive ancestor or itself, else node */
  guint traits;
  char *label;    /* plain text, maybe "" */
  char *selector; /* may be NULL */
} SightTarget;

/* Asks the page as it stands. The caller owns a reference. */
SightTarget *sight_target_new(const SightDom *dom, int node);
SightTarget *sight_target_ref(const SightTarget *target);
void sight_target_unref(SightTarget *target);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightTarget, sight_target_unref)

G_END_DECLS

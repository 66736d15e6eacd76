/* SPDX-License-Identifier: MIT */
/* Moments of one session, as filters see them. Inside the query module only. */
#pragma once

#include "sight-session-table.h"
#include "sight-signal.h"

G_BEGIN_DECLS

/* Signals have the number of their kind. */
typedef enum {
  SIGHT_MOMENT_PAGE = 32,
  SIGHT_MOMENT_CLICK,
  SIGHT_MOMENT_TYPED_IN,
  SIGHT_MOMENT_FORM,
  SIGHT_MOMENT_EVENT,
  SIGHT_MOMENT_TAG,
  SIGHT_MOMENT_NOTE,
  SIGHT_MOMENT_SEEN,
  SIGHT_MOMENT_IN_PAGE,
  SIGHT_MOMENT_ELEMENT,
  SIGHT_MOMENT_IDLE,
  SIGHT_MOMENT_HIDDEN,
  SIGHT_MOMENT_FILLED,  /* a form that was filled in or sent */
  SIGHT_MOMENT_FIELD,   /* of such a form */
  SIGHT_MOMENT_MESSAGE, /* beside such a form */
} SightMomentKind;
/* Sets of kinds. */
#define SIGHT_MOMENT_BIT(kind) (G_GUINT64_CONSTANT(1) << (kind))
#define SIGHT_MOMENT_SIGNALS (SIGHT_MOMENT_BIT(SIGHT_N_SIGNALS) - 1)

/* What is not known is NULL or 0. Borrows its strings from the SightMoments that it is in. */
typedef struct {
  int kind; /* a SightSignalKind or a SightMomentKind */
  gint64 start_ms, end_ms;
  const char *page, *url, *method, *target, *selector, *text;
  GPtrArray *properties;   /* of an event: of texts NAME=VALUE, borrowed; NULL: none */
  const char *found_by;    /* of an element that was looked for on the page: the selector; NULL: any other */
  const char *fingerprint; /* of a signal */
  gint64 count, status;
  gboolean severe;
  const SightSignal *signal; /* where it is one */
} SightMoment;

/* In the order of time; those that are within the session's own span. */
typedef struct {
  guint64 kinds;
  GArray *list; /* of SightMoment */
  GPtrArray *owned[3];
  GPtrArray *texts;      /* of char */
  GPtrArray *properties; /* of GPtrArray */
} SightMoments;

void sight_moments_free(SightMoments *moments);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightMoments, sight_moments_free)

G_END_DECLS

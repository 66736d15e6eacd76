/* SPDX-License-Identifier: MIT */
/* The filters that come with the program: the rows of the sidebar, each a line of the filter language. */
#pragma once

#include "sight-field.h"

G_BEGIN_DECLS

/* Of one group one stands in a sentence, unless another is added to it. */
typedef enum {
  SIGHT_UI_SAVED_TO_WATCH,
  SIGHT_UI_SAVED_ALL,
  SIGHT_UI_SAVED_COHORT,
  SIGHT_UI_SAVED_SIGNAL,
  SIGHT_UI_SAVED_TAG,
  SIGHT_UI_SAVED_NONE, /* no row of the sidebar */
} SightUiSavedGroup;

typedef struct {
  SightUiSavedGroup group;
  const char *title; /* translated */
  const char *icon;
  const char *filter; /* "" is every session; else a key */
  int signal;         /* the SightSignalKind that it finds, or -1 */
} SightUiSaved;

/* All, in the order in which they stand; `*n` of them. Their titles are in the language of the
 * first call, which has to be on the main thread. */
const SightUiSaved *sight_ui_saved(guint *n);
/* Whether two keys ask the same ("error" and "errored"). */
gboolean sight_ui_saved_same(const SightField *a, const SightField *b);
/* The group of a key. */
SightUiSavedGroup sight_ui_saved_group(const SightField *field);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
/* SightUiElement: an element of the recorded page at one moment, and its past and future in the session. */
#pragma once

#include "sight-ui-reel.h"

G_BEGIN_DECLS

typedef struct {
  char *name, *value; /* value: "" where the attribute has none */
} SightUiAttribute;

/* Text of the recording, cut to sane lengths. Times are wall clock. */
typedef struct {
  int node;
  char *tag, *selector, *text;
  GPtrArray *attributes; /* of SightUiAttribute */
  gint64 at_ms;          /* when it was looked at */
  gint64 since_ms;       /* since when it is there without a break */
  GArray *clicks;        /* gint64, in order: clicks on it or inside it, in any window, told by the selector */
} SightUiElement;

void sight_ui_element_free(SightUiElement *element);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightUiElement, sight_ui_element_free)

/* Goes through the whole recording, so it is for a worker. NULL with error: G_IO_ERROR_NOT_FOUND where the window has
 * no such element then, G_IO_ERROR_CANCELLED, or what is kept is damaged. */
SightUiElement *sight_ui_element_read(SightUiReel *reel, guint window, gint64 at_ms, int node,
                                      GCancellable *cancellable, GError **error);

G_END_DECLS

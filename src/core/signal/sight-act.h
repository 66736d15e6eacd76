/* SPDX-License-Identifier: MIT */
/* SightAct: something that happened in one window, by the user or by the page, in the words of detectors. */
#pragma once

#include "sight-target.h"

G_BEGIN_DECLS

typedef enum {
  SIGHT_ACT_TICK,   /* time went on */
  SIGHT_ACT_DOWN,   /* button pressed or finger put down; node, target */
  SIGHT_ACT_UP,     /* and lifted again */
  SIGHT_ACT_CLICK,  /* target, x and y in px of the viewport, text: the form it is in, or "" */
  SIGHT_ACT_ANSWER, /* what answered a press, told by the recorder: node pressed (0: the latest), amount: ms after it */
  /* What the browser would have done of itself upon the click on node (follow a link) the page kept it from doing, as
   * the recorder says. */
  SIGHT_ACT_KEPT,
  SIGHT_ACT_ENTER,  /* the recorder says that Enter was pressed; node */
  SIGHT_ACT_HINT,   /* the recorder says that the node just clicked looks interactive */
  SIGHT_ACT_FOCUS,  /* node */
  SIGHT_ACT_INPUT,  /* node; look: typed, not chosen; `empty`: nothing is left in it */
  SIGHT_ACT_SELECT, /* text was selected, or with `empty` no longer is */
  SIGHT_ACT_SCROLL, /* node; x and y: how far it is scrolled, in px; `empty`: by a script; look: of the page */
  SIGHT_ACT_WHEEL,  /* the recorder says that a hand scrolls the node */
  /* x and y of the pointer; nodes: what it is over, from the innermost outwards, or none where that is as before. */
  SIGHT_ACT_MOVE,
  /* The page changed so that it could be seen: nodes[0 … n_nodes], or n_nodes 0 for a change too large to list; look:
   * only attributes of them. What merely belongs to a press is left out. */
  SIGHT_ACT_CHANGE,
  SIGHT_ACT_LEAVE, /* the page goes, or with `empty` the tab was merely hidden */
  SIGHT_ACT_PAGE,  /* the page shown is another one; text: its URL; `empty`: a new document, node ids begin anew */
  /* Exception or unhandled rejection; text: message, detail: stack or NULL, empty: surely no rejection. */
  SIGHT_ACT_ERROR,
  SIGHT_ACT_CONSOLE, /* console.error; text, detail: stack or NULL */
  SIGHT_ACT_REQUEST, /* a request that failed; text: its URL, method, detail: error or NULL, amount: status or 0,
                        began_ms */
  SIGHT_ACT_NOISE,   /* one of the three before, but none of the page's; text, detail: stack or NULL */
  /* A message or a busy indicator: node, text: its kind, detail: what, amount: % in view, y: px out of it; field: NULL,
   * or the tag of the field that itself is marked as invalid. */
  SIGHT_ACT_NOTICE,
  /* Text: the form, method: what a person calls it or NULL, detail: what, node and field: the field, look: one that
   * searches or filters, x: times filled again, amount: ms in the field; empty: a form without a name. With
   * "gone" the page took the field `node` away. */
  SIGHT_ACT_FORM,
  SIGHT_N_ACTS
} SightActKind;

/* Borrows everything, for one call. */
typedef struct {
  SightActKind kind;
  gint64 at_ms; /* from the start of the session; never falls within one window */
  int node, x, y;
  const SightTarget *target;
  gboolean empty, look;
  const int *nodes;
  guint n_nodes;
  const char *text, *detail, *method, *field;
  int amount;
  gint64 began_ms;
} SightAct;

G_END_DECLS

/* SPDX-License-Identifier: MIT */
/* SightUiMoment: one line of the inspector: when, what, and what belongs to it. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Owns title, detail, filter, method and url; the others are static. Plain text. */
typedef struct {
  gint64 start_ms, end_ms;
  const char *icon;  /* or NULL */
  const char *style; /* class of the row: a signal's name, "error", "warning"; or NULL */
  char *title, *detail;
  int tag;          /* which of what the team says it was made of; it can be changed and removed. -1: none */
  gboolean answer;  /* it answers the line above */
  const char *tint; /* class of its icon (sight-ui-tint.h), or NULL */
  char *filter;     /* that finds the sessions with it, or NULL */
  guint level;      /* how grave it is */
  char *method;     /* of a request, as its address; or NULL */
  char *url;
  double from, to; /* where it stands in a waterfall, 0 to 1; both 0: in none */
} SightUiMomentData;

#define SIGHT_UI_TYPE_MOMENT (sight_ui_moment_get_type())
/* Exists only while a list asks for it. */
G_DECLARE_FINAL_TYPE(SightUiMoment, sight_ui_moment, SIGHT_UI, MOMENT, GObject)

SightUiMoment *sight_ui_moment_new(const SightUiMomentData *data); /* copies */
const SightUiMomentData *sight_ui_moment_get(SightUiMoment *self);

G_END_DECLS

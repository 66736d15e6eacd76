/* SPDX-License-Identifier: MIT */
/* Forms: how many sessions began each, field by field in order, where they left it, and what was shown beside it. */
#pragma once

#include "sight-set.h"
#include "sight-store.h"

G_BEGIN_DECLS

/* Numbers of sessions; each has the filter that picks them. Owns its strings. */
typedef struct {
  char *name;
  char *filter, *refilled_filter, *left_filter;
  gint64 n_sessions; /* that were in it */
  gint64 n_filled;   /* and filled something in */
  gint64 n_refilled; /* and did so again after leaving it */
  gint64 n_left;     /* that left the form here without sending it */
  gint64 median_ms;  /* of the time in it, by visit to the page */
} SightFormField;

typedef struct {
  char *text, *filter;
  gint64 n_sessions;
} SightFormMessage;

/* A form on a page. Owns what it points to. */
typedef struct {
  char *form, *page;
  char *filter, *left_filter;
  gint64 n_sessions;     /* that filled it in or sent it */
  gint64 n_sent, n_left; /* some of them sent it; some left it without, perhaps at another time */
  GPtrArray *fields;     /* of SightFormField, in the order in which they are mostly come to */
  GPtrArray *messages;   /* of SightFormMessage, the most frequent first */
} SightFormUse;

/* Of a set of sessions, the one that most began first: as far as the recorder tells of forms (ss:form). GPtrArray of
 * SightFormUse, the caller's. Inside sight_store_read(), on a worker. NULL with error. */
GPtrArray *sight_forms_list(SightDb *db, const SightSet *sessions, GCancellable *cancellable, GError **error);
/* The field at which most left it, borrowed; NULL where nobody did. */
const SightFormField *sight_form_drop(const SightFormUse *form);

G_END_DECLS

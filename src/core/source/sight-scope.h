/* SPDX-License-Identifier: MIT */
/* What is wanted of the recordings that another product lists: a filter of the usual language, of which only what a
 * listing tells can be asked (started, length, entry, user), before anything is fetched. */
#pragma once

#include "sight-filter.h"

G_BEGIN_DECLS

/* What a listing tells. Borrowed. */
typedef struct {
  gint64 started_ms, ended_ms; /* 0: not told, which no condition leaves out */
  const char *url;             /* of the first page; NULL: not told */
  const char *user;            /* NULL: nobody is named */
} SightScopeFacts;

/* NULL with SIGHT_FILTER_ERROR where the text is no filter, or asks for more than a listing tells. NULL text is the
 * scope of everything. The caller's (sight_filter_free). */
SightFilter *sight_scope_parse(const char *tainted_text, GError **error);
/* Whether a recording is wanted. */
gboolean sight_scope_matches(const SightFilter *scope, const SightScopeFacts *facts, gint64 now_ms);
/* The time before which nothing is wanted: as the scope says, else `otherwise_ms`. */
gint64 sight_scope_from_ms(const SightFilter *scope, gint64 now_ms, gint64 otherwise_ms);

G_END_DECLS

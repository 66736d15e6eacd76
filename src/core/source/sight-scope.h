/* SPDX-License-Identifier: MIT */
/* What is wanted of the recordings that another product lists: a filter of the usual language, of which only what a
 * listing tells can be asked, before anything is fetched: when they began, how long they are, a sample of them, and
 * what the product's listing tells besides. */
#pragma once

#include "sight-filter.h"

G_BEGIN_DECLS

/* What a listing tells. Borrowed. */
typedef struct {
  gint64 started_ms, ended_ms; /* 0: not told, which no condition leaves out */
  const char *id;
  const char *url;  /* of the first page; NULL: not told */
  const char *user; /* NULL: nobody is named */
  gint64 n_errors;  /* exceptions; -1: not told */
  gint64 n_console; /* errors in the console, whatever made them, exceptions too; -1: not told */
} SightScopeFacts;

/* NULL with SIGHT_FILTER_ERROR where the text is no filter, or asks for more than a listing tells: `tells`, keys that
 * this listing tells besides (NULL-terminated; NULL: none). NULL text is the scope of everything. The caller's
 * (sight_filter_free). */
SightFilter *sight_scope_parse(const char *tainted_text, const char *const *tells, GError **error);
/* "started, length, sample, entry": what can be asked, for people. The caller's. */
char *sight_scope_keys(const char *const *tells);
/* Whether a recording is wanted. */
gboolean sight_scope_matches(const SightFilter *scope, const SightScopeFacts *facts, gint64 now_ms);
/* The time before which nothing is wanted: as the scope says, else `otherwise_ms`. */
gint64 sight_scope_from_ms(const SightFilter *scope, gint64 now_ms, gint64 otherwise_ms);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
/* What the verbs share that take a filter. */
#pragma once

#include "sight-cli.h"
#include "sight-query.h"

G_BEGIN_DECLS

/* A filter over the cache, as long as one reading lasts. */
typedef struct {
  const char *text; /* NULL: every session */
  SightFilter *filter;
  SightQuery *query;
} SightCliFilter;

/* Reads the text; FALSE with error, of which the exit code is SIGHT_EXIT_USAGE. */
gboolean sight_cli_filter_parse(SightCliFilter *filter, GError **error);
/* Inside sight_store_read(). */
gboolean sight_cli_filter_begin(SightCliFilter *filter, SightDb *db, GError **error);
void sight_cli_filter_clear(SightCliFilter *filter);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SightCliFilter, sight_cli_filter_clear)

/* Members of a moment in an open JSON object. */
void sight_cli_put_moment(SightJsonWriter *w, const SightQueryMoment *moment);

G_END_DECLS

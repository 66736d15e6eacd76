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
  gint64 n_waiting;  /* sessions that were not looked through yet */
  gint64 n_left_out; /* sessions that have more of what is asked for than the index */
} SightCliFilter;

/* Reads the text and opens the cache; where anything is looked for, what waits for analysis is looked through first.
 * Blocks. FALSE with error; of a text that is no filter the exit code is SIGHT_EXIT_USAGE. */
gboolean sight_cli_filter_open(SightCliFilter *filter, SightCli *cli, GError **error);
/* Inside sight_store_read(). */
gboolean sight_cli_filter_begin(SightCliFilter *filter, SightDb *db, GError **error);
void sight_cli_filter_clear(SightCliFilter *filter);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SightCliFilter, sight_cli_filter_clear)

/* Says on stderr that more may match, where some were not looked through, or not wholly. */
void sight_cli_filter_tell_waiting(const SightCliFilter *filter);

G_END_DECLS

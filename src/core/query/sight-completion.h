/* SPDX-License-Identifier: MIT */
/* What may stand at a place in the text of a filter: keys, names and values, with how many sessions each would leave.
 * For the filter bar and the shell. Inside sight_store_read(), on a worker. */
#pragma once

#include "sight-store.h"

G_BEGIN_DECLS

typedef enum {
  SIGHT_COMPLETION_KEY,   /* "page:", "rage" */
  SIGHT_COMPLETION_NAME,  /* "variant.checkout:" */
  SIGHT_COMPLETION_VALUE, /* a key with its value */
} SightCompletionKind;

/* Owns its strings. */
typedef struct {
  char *insert; /* what stands from `from` to `to` then; more is to follow where it ends with ":" */
  char *title;  /* for people: of a key what it is, translated; of a value the value. Plain text, tainted */
  SightCompletionKind kind;
  gint64 count; /* sessions that have it and the rest of the filter; -1: not counted, as that would mean to look into
                   each session, or the rest is no filter yet */
} SightCompletion;

typedef struct {
  guint from, to;  /* bytes of the text that are replaced; a "-" before them stays */
  GPtrArray *rows; /* of SightCompletion, the best first */
} SightCompletions;

void sight_completions_free(SightCompletions *completions);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightCompletions, sight_completions_free)

/* At most `limit` rows for the word in which byte `cursor` of `tainted_text` is. The rest of the filter is what stands
 * beside that word; other alternatives of an "or" are none of it. Never fails for what the text is: where nothing may
 * stand there are no rows. Of a field with very many values the first SIGHT_COMPLETION_MAX_VALUES are looked at. The
 * caller's; NULL with error. */
SightCompletions *sight_complete(SightDb *db, const char *tainted_text, guint cursor, guint limit, gint64 now_ms,
                                 GError **error);
#define SIGHT_COMPLETION_MAX_VALUES 100000

G_END_DECLS

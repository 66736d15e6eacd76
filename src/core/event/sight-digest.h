/* SPDX-License-Identifier: MIT */
/* SightDigest: what an analysis found in a session, as it travels without the recording: one JSON text (made and taken
 * by sight-digest-text.h), and of it what whoever only carries it has to know. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The text, at most; a session of an hour has some KB. */
#define SIGHT_DIGEST_MAX_BYTES ((gsize)256 * 1024)
#define SIGHT_DIGEST_RULESET_CHARS 64

/* Owns its strings and the text. */
typedef struct {
  char *session;
  gboolean erased;    /* a tombstone: but for the revision nothing else is told */
  gint64 revision;    /* rises with every change of the database that carries it */
  gint64 received_ms; /* of the newest batch of the session, there */
  int version;        /* of the analysis */
  char *ruleset;      /* id of the rules by which it was judged */
  gint64 arrival;     /* of the newest batch that was analysed, as its collector counts them */
  GBytes *text;
} SightDigest;

void sight_digest_free(SightDigest *digest);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightDigest, sight_digest_free)

/* Whether it says more than the one that stands there: of a later analysis, of more of the session, or by other rules.
 */
gboolean sight_digest_is_news(const SightDigest *digest, int version, const char *ruleset, gint64 arrival);

G_END_DECLS

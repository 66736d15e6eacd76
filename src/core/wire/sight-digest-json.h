/* SPDX-License-Identifier: MIT */
/* Digests of sessions, as collectors and workstations exchange them. */
#pragma once

#include "sight-digest.h"
#include "sight-json.h"

G_BEGIN_DECLS

/* The head of a digest out of its text, which is only checked for that. NULL where it is none; *wrong then names the
 * member that is missing or wrong. The caller's. */
SightDigest *sight_digest_read_text(const char *session, const char *tainted_text, gsize bytes, const char **wrong);

/* One entry of a list of digests and tombstones. */
void sight_digest_write(SightJsonWriter *w, const SightDigest *digest);
/* NULL where it is none, or larger than SIGHT_DIGEST_MAX_BYTES. The caller's. */
SightDigest *sight_digest_read(SightJson tainted_json);

G_END_DECLS

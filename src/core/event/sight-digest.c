/* SPDX-License-Identifier: MIT */
/* Digests as plain data. */
#include "sight-digest.h"

void sight_digest_free(SightDigest *digest) {
  if (digest == NULL)
    return;
  g_free(digest->session);
  g_free(digest->ruleset);
  g_clear_pointer(&digest->text, g_bytes_unref);
  g_free(digest);
}

gboolean sight_digest_is_news(const SightDigest *digest, int version, const char *ruleset, gint64 arrival) {
  if (digest->version != version)
    return digest->version > version;
  if (digest->arrival != arrival)
    return digest->arrival > arrival;
  return g_strcmp0(digest->ruleset, ruleset) != 0;
}

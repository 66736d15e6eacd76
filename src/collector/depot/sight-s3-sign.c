/* SPDX-License-Identifier: MIT */
/* AWS Signature Version 4. */
#include "sight-s3-sign.h"

#include <string.h>

#define ALGORITHM "AWS4-HMAC-SHA256"
#define DIGEST_BYTES 32
#define DAY_CHARS 8

static void authenticate(const guint8 *key, gsize key_bytes, const char *text, guint8 digest[DIGEST_BYTES]) {
  g_autoptr(GHmac) hmac = g_hmac_new(G_CHECKSUM_SHA256, key, key_bytes);
  gsize bytes = DIGEST_BYTES;
  g_hmac_update(hmac, (const guchar *)text, -1);
  g_hmac_get_digest(hmac, digest, &bytes);
}

/* The key of one day, region and service. */
static void derive_key(const SightS3Signer *signer, const char *day, guint8 key[DIGEST_BYTES]) {
  g_autofree char *secret = g_strconcat("AWS4", signer->secret_key, NULL);
  authenticate((const guint8 *)secret, strlen(secret), day, key);
  authenticate(key, DIGEST_BYTES, signer->region, key);
  authenticate(key, DIGEST_BYTES, "s3", key);
  authenticate(key, DIGEST_BYTES, "aws4_request", key);
}

static char *names_of(const char *const *headers) {
  g_autoptr(GString) names = g_string_new(NULL);
  for (gsize i = 0; headers[i] != NULL; i += 2)
    g_string_append_printf(names, "%s%s", i > 0 ? ";" : "", headers[i]);
  return g_string_free(g_steal_pointer(&names), FALSE);
}

char *sight_s3_sign(const SightS3Signer *signer, const char *method, const char *path, const char *query,
                    const char *const *headers, const char *payload_sha256, const char *time) {
  g_autofree char *day = g_strndup(time, DAY_CHARS);
  g_autofree char *scope = g_strdup_printf("%s/%s/s3/aws4_request", day, signer->region);
  g_autofree char *names = names_of(headers);
  g_autoptr(GString) request = g_string_new(NULL);
  g_string_append_printf(request, "%s\n%s\n%s\n", method, path, query);
  for (gsize i = 0; headers[i] != NULL; i += 2)
    g_string_append_printf(request, "%s:%s\n", headers[i], headers[i + 1]);
  g_string_append_printf(request, "\n%s\n%s", names, payload_sha256);
  g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, request->str, (gssize)request->len);
  g_autofree char *text = g_strdup_printf(ALGORITHM "\n%s\n%s\n%s", time, scope, sum);
  guint8 key[DIGEST_BYTES];
  derive_key(signer, day, key);
  g_autofree char *signature = g_compute_hmac_for_string(G_CHECKSUM_SHA256, key, sizeof key, text, -1);
  return g_strdup_printf(ALGORITHM " Credential=%s/%s,SignedHeaders=%s,Signature=%s", signer->access_key, scope, names,
                         signature);
}

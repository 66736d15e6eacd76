/* SPDX-License-Identifier: MIT */
/* Signing requests to an S3-compatible store: AWS Signature Version 4, in the Authorization header (Amazon S3 API
 * reference, "Authenticating Requests: Using the Authorization Header"). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  const char *access_key, *secret_key, *region;
} SightS3Signer;

/* `path` and `query` are encoded already, the query's parameters in the order of their names; `headers` are names in
 * small letters and values, in turn, by name, NULL-terminated; `time` as in x-amz-date. The header's value, the
 * caller's. */
char *sight_s3_sign(const SightS3Signer *signer, const char *method, const char *path, const char *query,
                    const char *const *headers, const char *payload_sha256, const char *time);

G_END_DECLS

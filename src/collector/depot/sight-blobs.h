/* SPDX-License-Identifier: MIT */
/* SightBlobs: a bucket of an S3-compatible store. It is asked for nothing but what all of them do: PUT, GET of a range,
 * DELETE and listing; never for a condition. */
#pragma once

#include "sight-patience.h"

G_BEGIN_DECLS

typedef struct SightBlobs SightBlobs;

/* How long one request lasts, and how slow it is, at most. Tests lower it. */
extern SightPatienceLimits sight_blobs_patience;

/* "s3://BUCKET?endpoint=https://HOST[:PORT]&region=REGION" (us-east-1); the keys stand in the environment, as other
 * programs have them: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. The bucket has to be there: it is written to, once,
 * and asked for what was written. Blocks, as all of them; any thread. */
SightBlobs *sight_blobs_open(const char *address, GError **error);
void sight_blobs_close(SightBlobs *blobs);

/* What is refused for the moment is asked for again some times, for a second or two in all. */
gboolean sight_blobs_put(SightBlobs *blobs, const char *name, GBytes *content, GError **error);
/* Also where there is none of that name. */
gboolean sight_blobs_remove(SightBlobs *blobs, const char *name, GError **error);

typedef struct {
  const char *name; /* borrowed */
  gint64 at, size;
  GBytes *bytes; /* set by get(): the caller's; NULL: it is not there any more, as the log tells */
} SightBlobPart;
/* All of them, several at a time; parts that lie behind each other in one blob with one request. FALSE: none. */
gboolean sight_blobs_get(SightBlobs *blobs, SightBlobPart *parts, guint n, GError **error);

typedef struct {
  char *name;
  gint64 modified_s; /* G_MAXINT64: not told */
} SightBlob;
/* FALSE with error ends the walk. */
typedef gboolean (*SightBlobPageFunc)(const SightBlob *blobs, guint n, gpointer user_data, GError **error);
/* Every blob whose name begins so, a thousand at a time at most. */
gboolean sight_blobs_each_page(SightBlobs *blobs, const char *prefix, SightBlobPageFunc func, gpointer user_data,
                               GError **error);

G_END_DECLS

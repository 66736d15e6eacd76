/* SPDX-License-Identifier: MIT */
/* The thumbnail of a clip or a recording: how the pointer went over the page and where it was pressed, the address and
 * the length. What the page looked like is not drawn: that takes a browser, which who makes thumbnails has not. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A place on the page, as shares of its width and height. */
typedef struct {
  float x, y;
  gboolean pressed;
  gboolean apart; /* nothing led here from the place before: a finger */
} SightThumbnailPoint;

/* Plain data; what a stranger's file says, within bounds. */
typedef struct {
  char *address; /* of the first page, without scheme; NULL: none was told */
  double aspect; /* width over height of what was seen of the page */
  gint64 length_ms;
  GArray *points; /* of SightThumbnailPoint, in the order of time */
} SightThumbnail;

void sight_thumbnail_free(SightThumbnail *thumbnail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightThumbnail, sight_thumbnail_free)

/* Reads its first 64 MB at most: what comes behind is not in the picture. Blocks. NULL with error where there is no
 * event in it. */
SightThumbnail *sight_thumbnail_read(GFile *file, GError **error);

#define SIGHT_THUMBNAIL_MIN_PX 16
#define SIGHT_THUMBNAIL_MAX_PX 2048
/* As PNG, within a square of so many pixels. */
GBytes *sight_thumbnail_draw(const SightThumbnail *thumbnail, int size_px);

G_END_DECLS

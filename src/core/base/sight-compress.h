/* SPDX-License-Identifier: MIT */
/* Compression: zstd for what is kept, gzip and zlib for what arrives; every expansion is capped in bytes. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SIGHT_COMPRESS_ERROR (sight_compress_error_quark())
GQuark sight_compress_error_quark(void);

typedef enum {
  SIGHT_COMPRESS_ERROR_DAMAGED,   /* not of that format, or cut short */
  SIGHT_COMPRESS_ERROR_TOO_LARGE, /* would expand beyond the cap */
} SightCompressError;

/* Any thread; blocks for as long as the work takes. The results belong to the caller. */
GBytes *sight_zstd_compress(const void *data, gsize bytes, int level);
GBytes *sight_zstd_expand(const void *tainted_data, gsize bytes, gsize max_bytes, GError **error);
GBytes *sight_gzip_compress(const void *data, gsize bytes);

/* The same for what comes piece by piece, so that the whole of it is nowhere in memory. One thread at a time. */
typedef struct SightPacker SightPacker;
SightPacker *sight_packer_new(void);
void sight_packer_free(SightPacker *packer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightPacker, sight_packer_free)
void sight_packer_push(SightPacker *packer, const void *data, gsize bytes);
/* The caller's; nothing can be pushed any more. */
GBytes *sight_packer_finish(SightPacker *packer);

typedef enum {
  SIGHT_CODEC_NONE,
  SIGHT_CODEC_GZIP, /* with several members: they are joined, as gzip(1) does */
  SIGHT_CODEC_ZLIB,
  SIGHT_CODEC_ZSTD,
} SightCodec;

/* By the first bytes (at least 4 are needed to be sure). Never SIGHT_CODEC_ZLIB, which has no certain mark. */
SightCodec sight_codec_guess(const void *tainted_data, gsize bytes);

/* Expands a stream in steps of at most 64 KB. One thread at a time. */
typedef struct SightExpander SightExpander;
typedef gboolean (*SightExpanderFunc)(const char *data, gsize bytes, gpointer user_data, GError **error);

SightExpander *sight_expander_new(SightCodec codec, guint64 max_bytes);
void sight_expander_free(SightExpander *expander);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightExpander, sight_expander_free)
/* Calls `func` with each piece. FALSE where the data is damaged, the cap is reached, or func said FALSE. */
gboolean sight_expander_push(SightExpander *expander, const void *tainted_data, gsize bytes, SightExpanderFunc func,
                             gpointer user_data, GError **error);
/* FALSE with SIGHT_COMPRESS_ERROR_DAMAGED where the stream ends in the middle. */
gboolean sight_expander_finish(SightExpander *expander, GError **error);

G_END_DECLS

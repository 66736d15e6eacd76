/* SPDX-License-Identifier: MIT */
/* Compression, and expansion that cannot run away. */
#include "sight-compress.h"

#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#define STEP_BYTES (64 * 1024)

G_DEFINE_QUARK(sight_compress_error, sight_compress_error)

static gboolean fail_damaged(GError **error) {
  g_set_error_literal(error, SIGHT_COMPRESS_ERROR, SIGHT_COMPRESS_ERROR_DAMAGED, "the compressed data is damaged");
  return FALSE;
}

static gboolean fail_too_large(GError **error, guint64 max_bytes) {
  g_set_error(error, SIGHT_COMPRESS_ERROR, SIGHT_COMPRESS_ERROR_TOO_LARGE,
              "the compressed data expands to more than %" G_GUINT64_FORMAT " bytes", max_bytes);
  return FALSE;
}

static void free_compressor(gpointer context) {
  ZSTD_freeCCtx(context);
}

/* One a thread: its tables take longer to make and to clear than a small text takes to compress. */
static ZSTD_CCtx *compressor(void) {
  static GPrivate of_thread = G_PRIVATE_INIT(free_compressor);
  ZSTD_CCtx *context = g_private_get(&of_thread);
  if (context == NULL) {
    context = ZSTD_createCCtx();
    if (context == NULL)
      g_error("zstd: out of memory");
    g_private_set(&of_thread, context);
  }
  ZSTD_CCtx_reset(context, ZSTD_reset_session_and_parameters);
  return context;
}

GBytes *sight_zstd_compress(const void *data, gsize bytes, int level) {
  gsize capacity = ZSTD_compressBound(bytes);
  g_autofree char *out = g_malloc(capacity);
  ZSTD_CCtx *context = compressor();
  ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level);
  /* What is kept is checked when it is expanded: a changed bit would else be another text. */
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  gsize written = ZSTD_compress2(context, out, capacity, data, bytes);
  if (ZSTD_isError(written))
    g_error("zstd: %s", ZSTD_getErrorName(written)); /* with a large enough buffer only lack of memory is left */
  return g_bytes_new_take(g_realloc(g_steal_pointer(&out), written), written);
}

static gboolean append_piece(const char *data, gsize bytes, gpointer user_data, GError **error) {
  g_byte_array_append(user_data, (const guint8 *)data, (guint)bytes);
  return TRUE;
}

static GBytes *expand_in_steps(const void *tainted_data, gsize bytes, gsize max_bytes, GError **error) {
  g_autoptr(SightExpander) expander = sight_expander_new(SIGHT_CODEC_ZSTD, MIN(max_bytes, G_MAXUINT / 2));
  g_autoptr(GByteArray) out = g_byte_array_new();
  if (!sight_expander_push(expander, tainted_data, bytes, append_piece, out, error) ||
      !sight_expander_finish(expander, error))
    return NULL;
  return g_byte_array_free_to_bytes(g_steal_pointer(&out));
}

GBytes *sight_zstd_expand(const void *tainted_data, gsize bytes, gsize max_bytes, GError **error) {
  unsigned long long tainted_size = ZSTD_getFrameContentSize(tainted_data, bytes);
  if (tainted_size == ZSTD_CONTENTSIZE_ERROR) {
    fail_damaged(error);
    return NULL;
  }
  if (tainted_size == ZSTD_CONTENTSIZE_UNKNOWN)
    return expand_in_steps(tainted_data, bytes, max_bytes, error);
  if (tainted_size > max_bytes) {
    fail_too_large(error, max_bytes);
    return NULL;
  }
  /* The size is a claim: the pages of this memory are only used as data arrives in them. */
  g_autofree char *out = g_try_malloc(MAX(tainted_size, 1));
  if (out == NULL) {
    fail_too_large(error, max_bytes);
    return NULL;
  }
  gsize written = ZSTD_decompress(out, tainted_size, tainted_data, bytes);
  if (ZSTD_isError(written)) {
    if (ZSTD_getErrorCode(written) == ZSTD_error_dstSize_tooSmall) /* several frames */
      return expand_in_steps(tainted_data, bytes, max_bytes, error);
    fail_damaged(error);
    return NULL;
  }
  return g_bytes_new_take(g_steal_pointer(&out), written);
}

struct SightPacker {
  z_stream stream;
  GByteArray *out;
  guint8 step[STEP_BYTES];
};

SightPacker *sight_packer_new(void) {
  SightPacker *self = g_new0(SightPacker, 1);
  if (deflateInit2(&self->stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    g_error("zlib: out of memory");
  self->out = g_byte_array_new();
  return self;
}

void sight_packer_free(SightPacker *self) {
  if (self == NULL)
    return;
  deflateEnd(&self->stream);
  g_clear_pointer(&self->out, g_byte_array_unref);
  g_free(self);
}

/* Until all that was pushed is taken, or all of it is out. */
static void pack(SightPacker *self, int flush) {
  int status = Z_OK;
  do {
    self->stream.next_out = self->step;
    self->stream.avail_out = STEP_BYTES;
    status = deflate(&self->stream, flush);
    g_byte_array_append(self->out, self->step, STEP_BYTES - self->stream.avail_out);
  } while (self->stream.avail_in > 0 || (flush == Z_FINISH && status != Z_STREAM_END));
}

void sight_packer_push(SightPacker *self, const void *data, gsize bytes) {
  const guint8 *next = data;
  while (bytes > 0) {
    uInt some = (uInt)MIN(bytes, (gsize)G_MAXINT32); /* zlib counts in 32 bits */
    self->stream.next_in = (Bytef *)next;
    self->stream.avail_in = some;
    pack(self, Z_NO_FLUSH);
    next += some;
    bytes -= some;
  }
}

GBytes *sight_packer_finish(SightPacker *self) {
  pack(self, Z_FINISH);
  return g_byte_array_free_to_bytes(g_steal_pointer(&self->out));
}

GBytes *sight_gzip_compress(const void *data, gsize bytes) {
  g_autoptr(SightPacker) packer = sight_packer_new();
  sight_packer_push(packer, data, bytes);
  return sight_packer_finish(packer);
}

SightCodec sight_codec_guess(const void *tainted_data, gsize bytes) {
  const guint8 *b = tainted_data;
  if (bytes >= 3 && b[0] == 0x1F && b[1] == 0x8B && b[2] == 0x08)
    return SIGHT_CODEC_GZIP;
  if (bytes < 4)
    return SIGHT_CODEC_NONE;
  if (b[0] == 0x28 && b[1] == 0xB5 && b[2] == 0x2F && b[3] == 0xFD)
    return SIGHT_CODEC_ZSTD;
  if ((b[0] & 0xF0) == 0x50 && b[1] == 0x2A && b[2] == 0x4D && b[3] == 0x18) /* a skippable frame */
    return SIGHT_CODEC_ZSTD;
  return SIGHT_CODEC_NONE;
}

struct SightExpander {
  SightCodec codec;
  guint64 max_bytes, n_bytes;
  z_stream zlib;
  ZSTD_DStream *zstd;
  gboolean failed;
  gboolean complete; /* what was pushed so far ends with a whole member or frame */
  gboolean inside;   /* of a frame */
  char step[STEP_BYTES];
};

SightExpander *sight_expander_new(SightCodec codec, guint64 max_bytes) {
  SightExpander *self = g_new0(SightExpander, 1);
  self->codec = codec;
  self->max_bytes = max_bytes;
  self->complete = codec == SIGHT_CODEC_NONE;
  int status = Z_OK;
  switch (codec) {
  case SIGHT_CODEC_NONE:
    break;
  case SIGHT_CODEC_GZIP:
    status = inflateInit2(&self->zlib, 15 + 16);
    break;
  case SIGHT_CODEC_ZLIB:
    status = inflateInit2(&self->zlib, 15);
    break;
  case SIGHT_CODEC_ZSTD:
    self->zstd = ZSTD_createDStream();
    status = self->zstd == NULL ? Z_MEM_ERROR : Z_OK;
    break;
  }
  if (status != Z_OK)
    g_error("out of memory");
  return self;
}

void sight_expander_free(SightExpander *self) {
  if (self == NULL)
    return;
  if (self->codec == SIGHT_CODEC_GZIP || self->codec == SIGHT_CODEC_ZLIB)
    inflateEnd(&self->zlib);
  ZSTD_freeDStream(self->zstd);
  g_free(self);
}

static gboolean emit(SightExpander *self, const char *data, gsize bytes, SightExpanderFunc func, gpointer user_data,
                     GError **error) {
  if (bytes > self->max_bytes - self->n_bytes)
    return fail_too_large(error, self->max_bytes);
  self->n_bytes += bytes;
  return bytes == 0 || func(data, bytes, user_data, error);
}

static gboolean push_plain(SightExpander *self, const char *data, gsize bytes, SightExpanderFunc func,
                           gpointer user_data, GError **error) {
  while (bytes > 0) {
    gsize step = MIN(bytes, STEP_BYTES);
    if (!emit(self, data, step, func, user_data, error))
      return FALSE;
    data += step;
    bytes -= step;
  }
  return TRUE;
}

/* After a member: zero padding is skipped and another gzip member begins; anything else does not belong there. */
static gboolean begin_next_member(SightExpander *self, GError **error) {
  while (self->zlib.avail_in > 0 && *self->zlib.next_in == 0) {
    self->zlib.next_in++;
    self->zlib.avail_in--;
  }
  if (self->zlib.avail_in == 0)
    return TRUE;
  if (self->codec != SIGHT_CODEC_GZIP || *self->zlib.next_in != 0x1F)
    return fail_damaged(error);
  self->complete = FALSE;
  return inflateReset(&self->zlib) == Z_OK || fail_damaged(error);
}

static gboolean push_zlib(SightExpander *self, const char *data, gsize bytes, SightExpanderFunc func,
                          gpointer user_data, GError **error) {
  self->zlib.next_in = (Bytef *)data;
  self->zlib.avail_in = (uInt)bytes;
  gboolean more = TRUE;
  while (more) {
    if (self->complete) {
      if (!begin_next_member(self, error))
        return FALSE;
      if (self->complete)
        return TRUE;
    }
    self->zlib.next_out = (Bytef *)self->step;
    self->zlib.avail_out = STEP_BYTES;
    int status = inflate(&self->zlib, Z_NO_FLUSH);
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
      return fail_damaged(error);
    if (!emit(self, self->step, STEP_BYTES - self->zlib.avail_out, func, user_data, error))
      return FALSE;
    self->complete = status == Z_STREAM_END;
    more = self->zlib.avail_in > 0 || (self->zlib.avail_out == 0 && !self->complete);
  }
  return TRUE;
}

/* Formats of the time before 1.0, for which libraries may have decoders too, begin with another byte. */
static gboolean begins_frame(char c) {
  return (guint8)c == 0x28 || ((guint8)c & 0xF0) == 0x50;
}

static gboolean push_zstd(SightExpander *self, const char *data, gsize bytes, SightExpanderFunc func,
                          gpointer user_data, GError **error) {
  ZSTD_inBuffer in = {data, bytes, 0};
  gboolean more = bytes > 0;
  while (more) {
    ZSTD_outBuffer out = {self->step, STEP_BYTES, 0};
    if (!self->inside && in.pos < in.size && !begins_frame(data[in.pos]))
      return fail_damaged(error);
    gsize left = ZSTD_decompressStream(self->zstd, &out, &in);
    if (ZSTD_isError(left))
      return fail_damaged(error);
    if (!emit(self, self->step, out.pos, func, user_data, error))
      return FALSE;
    self->complete = left == 0;
    self->inside = left != 0;
    more = in.pos < in.size || (out.pos == out.size && !self->complete);
  }
  return TRUE;
}

static gboolean push_some(SightExpander *self, const char *data, gsize bytes, SightExpanderFunc func,
                          gpointer user_data, GError **error) {
  switch (self->codec) {
  case SIGHT_CODEC_NONE:
    return push_plain(self, data, bytes, func, user_data, error);
  case SIGHT_CODEC_GZIP:
  case SIGHT_CODEC_ZLIB:
    return push_zlib(self, data, bytes, func, user_data, error);
  case SIGHT_CODEC_ZSTD:
    return push_zstd(self, data, bytes, func, user_data, error);
  }
  return fail_damaged(error);
}

gboolean sight_expander_push(SightExpander *self, const void *tainted_data, gsize bytes, SightExpanderFunc func,
                             gpointer user_data, GError **error) {
  if (self->failed)
    return fail_damaged(error);
  const char *data = tainted_data;
  while (bytes > 0) {
    gsize some = MIN(bytes, G_MAXINT32); /* zlib counts in 32 bits */
    if (!push_some(self, data, some, func, user_data, error)) {
      self->failed = TRUE;
      return FALSE;
    }
    data += some;
    bytes -= some;
  }
  return TRUE;
}

gboolean sight_expander_finish(SightExpander *self, GError **error) {
  if (!self->complete || self->failed)
    return fail_damaged(error);
  return TRUE;
}

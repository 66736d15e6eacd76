/* SPDX-License-Identifier: MIT */
/* Expansion: never beyond the cap, and the same however the data is cut. */
#include "sight-compress.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize bytes);

#define CAP 100000

static gboolean collect(const char *data, gsize bytes, gpointer user_data, GError **error) {
  g_string_append_len(user_data, data, (gssize)bytes);
  return TRUE;
}

static gboolean expand(SightCodec codec, const guint8 *data, gsize bytes, gsize piece, GString *out) {
  g_autoptr(SightExpander) expander = sight_expander_new(codec, CAP);
  for (gsize at = 0; at < bytes; at += piece)
    if (!sight_expander_push(expander, data + at, MIN(piece, bytes - at), collect, out, NULL))
      return FALSE;
  return sight_expander_finish(expander, NULL);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize bytes) {
  if (bytes < 2)
    return 0;
  SightCodec codec = (SightCodec)(data[0] % (SIGHT_CODEC_ZSTD + 1));
  g_autoptr(GString) whole = g_string_new(NULL);
  g_autoptr(GString) pieces = g_string_new(NULL);
  gboolean ok = expand(codec, data + 2, bytes - 2, bytes, whole);
  g_assert_cmpint(whole->len, <=, CAP);
  gboolean pieces_ok = expand(codec, data + 2, bytes - 2, data[1] % 50 + 1, pieces);
  /* zstd checks how much a frame claims to hold only where it has all of the frame at once. */
  g_assert_true(ok == pieces_ok || (pieces_ok && codec == SIGHT_CODEC_ZSTD));
  g_assert_true(!ok || g_string_equal(whole, pieces));
  if (codec != SIGHT_CODEC_ZSTD)
    return 0;
  g_autoptr(GBytes) at_once = sight_zstd_expand(data + 2, bytes - 2, CAP, NULL);
  g_assert_true(at_once == NULL || g_bytes_get_size(at_once) <= CAP);
  g_assert_true(at_once == NULL || !ok || g_bytes_get_size(at_once) == whole->len);
  return 0;
}

/* SPDX-License-Identifier: MIT */
/* Compression: round trips in pieces of every size, several members, damage, and caps. */
#include "sight-compress.h"

#include <string.h>

static GBytes *sample(gsize bytes) {
  char *text = g_malloc(bytes);
  for (gsize i = 0; i < bytes; i++)
    text[i] = (char)("recording"[i % 9] + (char)((i / 1000) % 7));
  return g_bytes_new_take(text, bytes);
}

static gboolean collect(const char *data, gsize bytes, gpointer user_data, GError **error) {
  g_assert_cmpint(bytes, <=, 64 * 1024);
  g_string_append_len(user_data, data, (gssize)bytes);
  return TRUE;
}

static GString *expand(SightCodec codec, const void *data, gsize bytes, gsize piece, guint64 cap, GError **error) {
  g_autoptr(SightExpander) expander = sight_expander_new(codec, cap);
  g_autoptr(GString) out = g_string_new(NULL);
  for (gsize at = 0; at < bytes; at += piece)
    if (!sight_expander_push(expander, (const char *)data + at, MIN(piece, bytes - at), collect, out, error))
      return NULL;
  return sight_expander_finish(expander, error) ? g_steal_pointer(&out) : NULL;
}

static void check_expands(SightCodec codec, GBytes *packed, GBytes *plain) {
  static const gsize pieces[] = {1, 7, 100000000};
  gsize bytes;
  const void *data = g_bytes_get_data(packed, &bytes);
  for (gsize i = 0; i < G_N_ELEMENTS(pieces); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) out = expand(codec, data, bytes, pieces[i], g_bytes_get_size(plain), &error);
    g_assert_no_error(error);
    g_assert_cmpmem(out->str, out->len, g_bytes_get_data(plain, NULL), g_bytes_get_size(plain));
  }
}

static void test_zstd(void) {
  g_autoptr(GBytes) plain = sample(300000);
  g_autoptr(GBytes) packed = sight_zstd_compress(g_bytes_get_data(plain, NULL), 300000, 3);
  gsize bytes;
  const void *data = g_bytes_get_data(packed, &bytes);
  g_assert_cmpint(bytes, <, 30000);
  g_assert_cmpint(sight_codec_guess(data, bytes), ==, SIGHT_CODEC_ZSTD);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) again = sight_zstd_expand(data, bytes, 300000, &error);
  g_assert_no_error(error);
  g_assert_true(g_bytes_equal(again, plain));
  check_expands(SIGHT_CODEC_ZSTD, packed, plain);

  g_assert_null(sight_zstd_expand(data, bytes, 299999, &error));
  g_assert_error(error, SIGHT_COMPRESS_ERROR, SIGHT_COMPRESS_ERROR_TOO_LARGE);
  g_clear_error(&error);
  g_assert_null(sight_zstd_expand(data, bytes - 1, 300000, &error));
  g_assert_error(error, SIGHT_COMPRESS_ERROR, SIGHT_COMPRESS_ERROR_DAMAGED);
  g_clear_error(&error);
  g_assert_null(sight_zstd_expand("plain", 5, 300000, &error));
  g_assert_error(error, SIGHT_COMPRESS_ERROR, SIGHT_COMPRESS_ERROR_DAMAGED);
}

static void test_zstd_empty_and_joined(void) {
  g_autoptr(GBytes) nothing = sight_zstd_compress("", 0, 3);
  g_autoptr(GBytes) again = sight_zstd_expand(g_bytes_get_data(nothing, NULL), g_bytes_get_size(nothing), 10, NULL);
  g_assert_cmpint(g_bytes_get_size(again), ==, 0);

  g_autoptr(GBytes) one = sight_zstd_compress("one", 3, 3);
  g_autoptr(GByteArray) two = g_byte_array_new();
  g_byte_array_append(two, g_bytes_get_data(one, NULL), (guint)g_bytes_get_size(one));
  g_byte_array_append(two, g_bytes_get_data(one, NULL), (guint)g_bytes_get_size(one));
  g_autoptr(GBytes) joined = sight_zstd_expand(two->data, two->len, 6, NULL);
  g_assert_cmpmem(g_bytes_get_data(joined, NULL), g_bytes_get_size(joined), "oneone", 6);
}

static void test_gzip(void) {
  g_autoptr(GBytes) plain = sample(200000);
  g_autoptr(GBytes) packed = sight_gzip_compress(g_bytes_get_data(plain, NULL), 200000);
  gsize bytes;
  const void *data = g_bytes_get_data(packed, &bytes);
  g_assert_cmpint(sight_codec_guess(data, bytes), ==, SIGHT_CODEC_GZIP);
  check_expands(SIGHT_CODEC_GZIP, packed, plain);

  g_autoptr(GError) error = NULL;
  g_assert_null(expand(SIGHT_CODEC_GZIP, data, bytes, 100, 199999, &error));
  g_assert_error(error, SIGHT_COMPRESS_ERROR, SIGHT_COMPRESS_ERROR_TOO_LARGE);
  g_clear_error(&error);
  g_assert_null(expand(SIGHT_CODEC_GZIP, data, bytes - 1, 100, 200000, &error));
  g_assert_error(error, SIGHT_COMPRESS_ERROR, SIGHT_COMPRESS_ERROR_DAMAGED);
  g_clear_error(&error);
  g_autofree guint8 *flipped = g_memdup2(data, bytes);
  flipped[bytes - 6] ^= 1; /* in the checksum */
  g_assert_null(expand(SIGHT_CODEC_GZIP, flipped, bytes, 100, 200000, &error));
  g_assert_error(error, SIGHT_COMPRESS_ERROR, SIGHT_COMPRESS_ERROR_DAMAGED);
}

static void check_members(const char *between, gsize between_bytes, const char *expected) {
  g_autoptr(GBytes) one = sight_gzip_compress("one", 3);
  g_autoptr(GByteArray) two = g_byte_array_new();
  g_byte_array_append(two, g_bytes_get_data(one, NULL), (guint)g_bytes_get_size(one));
  g_byte_array_append(two, (const guint8 *)between, (guint)between_bytes);
  g_byte_array_append(two, g_bytes_get_data(one, NULL), (guint)g_bytes_get_size(one));
  for (gsize piece = 1; piece < 50; piece++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) out = expand(SIGHT_CODEC_GZIP, two->data, two->len, piece, 100, &error);
    g_assert_cmpstr(out != NULL ? out->str : NULL, ==, expected);
    g_assert_true((error == NULL) == (expected != NULL));
  }
}

static void test_gzip_members(void) {
  check_members("", 0, "oneone");
  check_members("\0\0\0", 3, "oneone");
  check_members("x", 1, NULL);
}

static void test_zlib(void) {
  static const guint8 hello[] = {0x78, 0x9c, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x06, 0x2c, 0x02, 0x15};
  g_autoptr(GString) out = expand(SIGHT_CODEC_ZLIB, hello, sizeof hello, 1, 5, NULL);
  g_assert_cmpstr(out->str, ==, "hello");
  g_autoptr(GError) error = NULL;
  g_assert_null(expand(SIGHT_CODEC_ZLIB, "hello", 5, 5, 100, &error));
  g_assert_error(error, SIGHT_COMPRESS_ERROR, SIGHT_COMPRESS_ERROR_DAMAGED);
}

static void test_plain(void) {
  g_autoptr(GString) out = expand(SIGHT_CODEC_NONE, "hello", 5, 2, 5, NULL);
  g_assert_cmpstr(out->str, ==, "hello");
  g_autoptr(GError) error = NULL;
  g_assert_null(expand(SIGHT_CODEC_NONE, "hello", 5, 2, 4, &error));
  g_assert_error(error, SIGHT_COMPRESS_ERROR, SIGHT_COMPRESS_ERROR_TOO_LARGE);
  g_assert_cmpint(sight_codec_guess("[{}]", 4), ==, SIGHT_CODEC_NONE);
  g_assert_cmpint(sight_codec_guess("", 0), ==, SIGHT_CODEC_NONE);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/compress/zstd", test_zstd);
  g_test_add_func("/compress/zstd-empty-and-joined", test_zstd_empty_and_joined);
  g_test_add_func("/compress/gzip", test_gzip);
  g_test_add_func("/compress/gzip-members", test_gzip_members);
  g_test_add_func("/compress/zlib", test_zlib);
  g_test_add_func("/compress/plain", test_plain);
  return g_test_run();
}

/* SPDX-License-Identifier: MIT */
/* Blocks of snappy behind their lengths. */
#include "sight-blocks.h"

#include <snappy-c.h>

#define LENGTH_BYTES 4

static gboolean expand(const char *block, gsize bytes, gsize max_bytes, GString *text) {
  gsize expanded = 0, before = text->len;
  if (snappy_uncompressed_length(block, bytes, &expanded) != SNAPPY_OK || expanded > max_bytes ||
      before > max_bytes - expanded)
    return FALSE;
  g_string_set_size(text, before + expanded);
  if (snappy_uncompress(block, bytes, text->str + before, &expanded) != SNAPPY_OK)
    return FALSE;
  g_string_set_size(text, before + expanded);
  g_string_append_c(text, '\n');
  return TRUE;
}

int sight_blocks_expand(const void *tainted_data, gsize bytes, gsize max_bytes, GString *text) {
  const guint8 *at = tainted_data, *end = at + bytes;
  int n_blocks = 0;
  while (at < end) {
    if (end - at < LENGTH_BYTES)
      return -1;
    gsize length = (gsize)at[0] << 24 | (gsize)at[1] << 16 | (gsize)at[2] << 8 | at[3];
    at += LENGTH_BYTES;
    if (length > (gsize)(end - at) || !expand((const char *)at, length, max_bytes, text))
      return -1;
    at += length;
    n_blocks++;
  }
  return n_blocks;
}

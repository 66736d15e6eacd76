/* SPDX-License-Identifier: MIT */
/* Numbers as bytes. Inside the model module only. */
#pragma once

#include <glib.h>

/* Bytes: numbers of seven bits a byte, the low ones first; one that may be negative has its sign in the lowest bit. */

static inline void sight_put(GByteArray *out, guint64 number) {
  do {
    guint8 byte = (guint8)((number & 0x7f) | (number > 0x7f ? 0x80 : 0));
    g_byte_array_append(out, &byte, 1);
    number >>= 7;
  } while (number != 0);
}

static inline void sight_put_signed(GByteArray *out, gint64 number) {
  sight_put(out, (guint64)number << 1 ^ (number < 0 ? G_MAXUINT64 : 0));
}

typedef struct {
  const guint8 *at, *end;
  gboolean damaged;
} SightReader;

static inline guint64 sight_get(SightReader *reader) {
  guint64 number = 0;
  for (guint shift = 0; shift < 64; shift += 7) {
    if (reader->at == reader->end)
      break;
    guint8 byte = *reader->at++;
    number |= (guint64)(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0)
      return number;
  }
  reader->damaged = TRUE;
  return 0;
}

static inline gint64 sight_get_signed(SightReader *reader) {
  guint64 number = sight_get(reader);
  return (gint64)(number >> 1) ^ -(gint64)(number & 1);
}

/* Each takes at least one byte: a count beyond what is left is damage. */
static inline guint sight_get_count(SightReader *reader) {
  guint64 n = sight_get(reader);
  if (n > (guint64)(reader->end - reader->at))
    reader->damaged = TRUE;
  return reader->damaged ? 0 : (guint)n;
}

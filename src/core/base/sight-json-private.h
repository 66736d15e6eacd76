/* SPDX-License-Identifier: MIT */
/* What the two halves of SightJson share: the parser writes a tape, the accessors walk it. */
#pragma once

#include "sight-json.h"

/* simdjson's tape: each word has a type letter in its highest byte. Containers carry the index behind their end in the
 * lower 32 bits and the number of their members (saturated) in the next 24; strings carry the offset of a 32-bit length
 * with the bytes after it; numbers are two words, the second of which is the value. */
typedef struct {
  const guint64 *tape;
  const unsigned char *strings;
} SightJsonDocument;

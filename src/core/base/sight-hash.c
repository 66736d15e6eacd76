/* SPDX-License-Identifier: MIT */
/* Seeded hashes: SipHash-1-3 for text (the length a word of its own), murmur's finaliser for numbers. */
#include "sight-hash.h"

#include <string.h>

static guint64 seed[2];

static void ensure_seed(void) {
  static gsize ready = 0;
  if (!g_once_init_enter(&ready))
    return;
  for (guint i = 0; i < G_N_ELEMENTS(seed); i++)
    seed[i] = (guint64)g_random_int() << 32 | g_random_int();
  g_once_init_leave(&ready, 1);
}

static guint64 rotated(guint64 value, int bits) {
  return value << bits | value >> (64 - bits);
}

static void sip_round(guint64 v[4]) {
  v[0] += v[1];
  v[1] = rotated(v[1], 13) ^ v[0];
  v[0] = rotated(v[0], 32);
  v[2] += v[3];
  v[3] = rotated(v[3], 16) ^ v[2];
  v[0] += v[3];
  v[3] = rotated(v[3], 21) ^ v[0];
  v[2] += v[1];
  v[1] = rotated(v[1], 17) ^ v[2];
  v[2] = rotated(v[2], 32);
}

static void take_word(guint64 v[4], guint64 word) {
  v[3] ^= word;
  sip_round(v);
  v[0] ^= word;
}

guint sight_hash_text(gconstpointer text) {
  const char *at = text;
  gsize bytes = strlen(at), left = bytes;
  ensure_seed();
  guint64 v[4] = {seed[0] ^ 0x736f6d6570736575u, seed[1] ^ 0x646f72616e646f6du, seed[0] ^ 0x6c7967656e657261u,
                  seed[1] ^ 0x7465646279746573u};
  for (; left >= 8; left -= 8, at += 8) {
    guint64 word = 0;
    memcpy(&word, at, 8);
    take_word(v, word);
  }
  guint64 last = 0;
  memcpy(&last, at, left);
  take_word(v, last);
  take_word(v, bytes);
  v[2] ^= 0xff;
  for (int i = 0; i < 3; i++)
    sip_round(v);
  guint64 hash = v[0] ^ v[1] ^ v[2] ^ v[3];
  return (guint)(hash ^ hash >> 32);
}

guint sight_hash_number(gconstpointer number) {
  ensure_seed();
  guint32 h = (guint32)GPOINTER_TO_INT(number) ^ (guint32)seed[0];
  h = (h ^ (h >> 16)) * 0x85ebca6bu;
  h = (h ^ (h >> 13)) * 0xc2b2ae35u;
  return h ^ (h >> 16);
}

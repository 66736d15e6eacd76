/* SPDX-License-Identifier: MIT */
/* Sealing: AES-256-GCM (NIST SP 800-38D) under a random key that stands in one place only, so that destroying the key
 * destroys what it sealed, wherever copies of that may be. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SIGHT_SEAL_KEY_BYTES 32
/* What a sealed text is longer by: a random nonce before it and the tag behind it. */
#define SIGHT_SEAL_EXTRA_BYTES (12 + 16)

/* Ends the program where the system has no randomness. */
void sight_seal_new_key(guint8 key[SIGHT_SEAL_KEY_BYTES]);

/* `about` says what it is the seal of; only with the same it can be opened. The caller's. Any thread. */
GBytes *sight_seal(const guint8 key[SIGHT_SEAL_KEY_BYTES], const char *about, const void *data, gsize bytes);
/* NULL where it is damaged, of another key, or about something else. */
GBytes *sight_unseal(const guint8 key[SIGHT_SEAL_KEY_BYTES], const char *about, const void *tainted_data, gsize bytes,
                     GError **error);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
/* AES-256-GCM by OpenSSL's libcrypto. */
#include "sight-seal.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <string.h>

#define NONCE_BYTES 12
#define TAG_BYTES 16

typedef EVP_CIPHER_CTX Cipher;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Cipher, EVP_CIPHER_CTX_free)

static void fill_randomly(guint8 *bytes, int n) {
  if (RAND_bytes(bytes, n) != 1)
    g_error("the system gives no random numbers");
}

void sight_seal_new_key(guint8 key[SIGHT_SEAL_KEY_BYTES]) {
  fill_randomly(key, SIGHT_SEAL_KEY_BYTES);
}

GBytes *sight_seal(const guint8 key[SIGHT_SEAL_KEY_BYTES], const char *about, const void *data, gsize bytes) {
  g_autoptr(Cipher) cipher = EVP_CIPHER_CTX_new();
  guint8 *out = g_malloc(bytes + SIGHT_SEAL_EXTRA_BYTES);
  guint8 *text = out + NONCE_BYTES;
  int n = 0, rest = 0;

  fill_randomly(out, NONCE_BYTES);
  if (EVP_EncryptInit_ex(cipher, EVP_aes_256_gcm(), NULL, key, out) != 1 ||
      EVP_EncryptUpdate(cipher, NULL, &n, (const guint8 *)about, (int)strlen(about)) != 1 ||
      EVP_EncryptUpdate(cipher, text, &n, data, (int)bytes) != 1 || EVP_EncryptFinal_ex(cipher, text + n, &rest) != 1 ||
      EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_GET_TAG, TAG_BYTES, text + bytes) != 1)
    g_error("AES-256-GCM does not work here");
  return g_bytes_new_take(out, bytes + SIGHT_SEAL_EXTRA_BYTES);
}

GBytes *sight_unseal(const guint8 key[SIGHT_SEAL_KEY_BYTES], const char *about, const void *tainted_data, gsize bytes,
                     GError **error) {
  const guint8 *in = tainted_data;
  gsize text_bytes = bytes >= SIGHT_SEAL_EXTRA_BYTES ? bytes - SIGHT_SEAL_EXTRA_BYTES : 0;
  g_autoptr(Cipher) cipher = EVP_CIPHER_CTX_new();
  g_autofree guint8 *text = g_malloc(text_bytes + 1);
  guint8 tag[TAG_BYTES];
  int n = 0, rest = 0;

  if (bytes >= SIGHT_SEAL_EXTRA_BYTES) {
    memcpy(tag, in + bytes - TAG_BYTES, TAG_BYTES);
    if (EVP_DecryptInit_ex(cipher, EVP_aes_256_gcm(), NULL, key, in) == 1 &&
        EVP_DecryptUpdate(cipher, NULL, &n, (const guint8 *)about, (int)strlen(about)) == 1 &&
        EVP_DecryptUpdate(cipher, text, &n, in + NONCE_BYTES, (int)text_bytes) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_SET_TAG, TAG_BYTES, tag) == 1 &&
        EVP_DecryptFinal_ex(cipher, text + n, &rest) == 1)
      return g_bytes_new_take(g_steal_pointer(&text), text_bytes);
  }
  g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "what was sealed about \"%s\" is damaged", about);
  return NULL;
}

/* SPDX-License-Identifier: MIT */
/* Signatures against the numbers that Amazon publishes, and what a seal holds against. */
#include "sight-s3-sign.h"
#include "sight-seal.h"

#include <string.h>

#define NOTHING "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define PUT_CONTENT "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"
#define DAY "20130524T000000Z"
#define HOST "examplebucket.s3.amazonaws.com"

/* The four examples of "Signature Calculations for the Authorization Header", Amazon S3 API reference. */
static void test_published(void) {
  const SightS3Signer signer = {"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1"};
  const char *const get[] = {"host",  HOST,         "range", "bytes=0-9", "x-amz-content-sha256",
                             NOTHING, "x-amz-date", DAY,     NULL};
  const char *const put[] = {"date",
                             "Fri, 24 May 2013 00:00:00 GMT",
                             "host",
                             HOST,
                             "x-amz-content-sha256",
                             PUT_CONTENT,
                             "x-amz-date",
                             DAY,
                             "x-amz-storage-class",
                             "REDUCED_REDUNDANCY",
                             NULL};
  const char *const plain[] = {"host", HOST, "x-amz-content-sha256", NOTHING, "x-amz-date", DAY, NULL};
  const struct {
    const char *method, *path, *query;
    const char *const *headers;
    const char *sum, *signature;
  } examples[] = {
      {"GET", "/test.txt", "", get, NOTHING, "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"},
      {"PUT", "/test%24file.text", "", put, PUT_CONTENT,
       "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"},
      {"GET", "/", "lifecycle=", plain, NOTHING, "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"},
      {"GET", "/", "max-keys=2&prefix=J", plain, NOTHING,
       "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(examples); i++) {
    g_autofree char *got = sight_s3_sign(&signer, examples[i].method, examples[i].path, examples[i].query,
                                         examples[i].headers, examples[i].sum, DAY);
    g_assert_nonnull(strstr(got, "Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"));
    g_assert_cmpstr(strstr(got, "Signature=") + strlen("Signature="), ==, examples[i].signature);
  }
}

static void insist_closed(const guint8 *key, const char *about, const guint8 *data, gsize bytes) {
  g_autoptr(GError) error = NULL;
  g_assert_null(sight_unseal(key, about, data, bytes, &error));
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

static void test_seal(void) {
  const char *text = "what a visitor wrote";
  guint8 key[SIGHT_SEAL_KEY_BYTES], other[SIGHT_SEAL_KEY_BYTES];
  sight_seal_new_key(key);
  sight_seal_new_key(other);
  g_autoptr(GBytes) sealed = sight_seal(key, "batch s w 0", text, strlen(text));
  g_autoptr(GBytes) again = sight_seal(key, "batch s w 0", text, strlen(text));
  gsize bytes = 0;
  g_autofree guint8 *data = g_memdup2(g_bytes_get_data(sealed, &bytes), g_bytes_get_size(sealed));
  g_assert_cmpuint(bytes, ==, strlen(text) + SIGHT_SEAL_EXTRA_BYTES);
  g_assert_null(g_strstr_len((const char *)data, (gssize)bytes, "visitor"));
  g_assert_false(g_bytes_equal(sealed, again));
  g_autoptr(GBytes) opened = sight_unseal(key, "batch s w 0", data, bytes, NULL);
  g_assert_cmpmem(g_bytes_get_data(opened, NULL), g_bytes_get_size(opened), text, strlen(text));
  insist_closed(other, "batch s w 0", data, bytes);
  insist_closed(key, "batch s w 1", data, bytes);
  for (gsize n = 0; n < bytes; n++)
    insist_closed(key, "batch s w 0", data, n);
  for (gsize i = 0; i < bytes; i++) {
    data[i] ^= 1;
    insist_closed(key, "batch s w 0", data, bytes);
    data[i] ^= 1;
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/collector/sign/published", test_published);
  g_test_add_func("/collector/seal/holds", test_seal);
  return g_test_run();
}

/* SPDX-License-Identifier: MIT */
/* Rules about text: always valid, bounded, and stable when applied again. */
#include "sight-page.h"
#include "sight-text.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize bytes);

static void check(const char *text, gsize max_bytes) {
  g_assert_true(g_utf8_validate(text, -1, NULL));
  g_assert_cmpint(strlen(text), <=, max_bytes);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize bytes) {
  g_autofree char *text = g_strndup((const char *)data, bytes);
  sight_id_is_valid(text);
  g_autofree char *page = sight_page_template(text, NULL);
  check(page, 512 * 4 + 3);
  g_assert_cmpint(page[0], !=, '\0');
  g_autofree char *folded = sight_text_fold(text);
  check(folded, 600 * 6 + 3);
  g_autofree char *excerpt = sight_text_excerpt((const char *)data, (gssize)bytes, 40);
  check(excerpt, 40 * 4 + 3);
  g_assert_cmpint(g_utf8_strlen(excerpt, -1), <=, 40);
  g_autofree char *again = sight_text_excerpt(excerpt, -1, 40);
  g_assert_cmpstr(again, ==, excerpt);
  return 0;
}

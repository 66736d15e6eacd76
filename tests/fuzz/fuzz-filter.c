/* SPDX-License-Identifier: MIT */
/* Filters: each is refused with a reason and its place, or printed as a text that is read as the same. */
#include "sight-filter.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize bytes);

int LLVMFuzzerTestOneInput(const guint8 *data, gsize bytes) {
  g_autofree char *text = g_strndup((const char *)data, bytes);
  g_autoptr(GError) error = NULL;
  gsize at = 0;
  g_autoptr(SightFilter) filter = sight_filter_parse(text, &at, &error);

  g_assert_true((filter == NULL) == (error != NULL));
  g_assert_cmpuint(at, <=, bytes);
  if (filter == NULL)
    return 0;
  g_autofree char *printed = sight_filter_print(filter);
  g_autoptr(SightFilter) again = sight_filter_parse(printed, NULL, NULL);
  g_assert_nonnull(again);
  g_assert_true(sight_filter_equal(filter, again));
  return 0;
}

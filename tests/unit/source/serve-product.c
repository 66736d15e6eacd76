/* SPDX-License-Identifier: MIT */
/* serve-product KIND N: a product with so many recordings, for tests of the programs. Prints its address, and serves
 * until its input ends. */
#include "product.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  static const ProductKind *const kinds[] = {&product_posthog, &product_sentry, &product_clickstack, &product_umami};
  g_return_val_if_fail(argc == 3, 2);
  for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
    if (!g_str_equal(kinds[i]->kind, argv[1]))
      continue;
    g_autoptr(Product) product = product_new(kinds[i], 1, atoi(argv[2]));
    g_print("%s\n", product->url);
    fflush(stdout);
    while (getchar() != EOF)
      ;
    return 0;
  }
  return 2;
}

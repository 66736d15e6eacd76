/* SPDX-License-Identifier: MIT */
/* Looking through texts for what is private: megabytes a second of processor time, of ordinary texts with something
 * private in one of a hundred, of texts full of numbers, and of each file that is named; and how many times as long as
 * a walk that looks at each byte takes, which says the same on a busy machine. */
#include "sight-audit.h"

#include <string.h>
#include <time.h>

#define MEGABYTES 4
#define ROUNDS 3

static const char *const ordinary[] = {
    "The boots are back in stock, in all sizes but 39. ",
    "Add to cart ",
    "Free delivery from 50.00 on; returns within 30 days, no questions asked. ",
    "https://shop.example/products/alpine-boots?colour=brown&size=42 ",
    "Signed in. Welcome back! Your last order was shipped on 2026-05-26. ",
    "{\"level\":\"info\",\"message\":\"cart updated\",\"items\":3} ",
};
static const char *const numbers[] = {"1280 720 14.5 0.31 22 ",
                                      "2026-05-26 14:03:22 ",
                                      "SKU-00012345 ",
                                      "$1,299.00 ",
                                      "4111 2222 3333 4445 ",
                                      "+1 ",
                                      "550e8400-e29b-41d4-a716-446655440000 "};

static GString *text_of(const char *const *parts, gsize n_parts) {
  GString *text = g_string_sized_new(MEGABYTES * 1000 * 1000 + 256);
  g_autoptr(GRand) random = g_rand_new_with_seed(1);

  while (text->len < MEGABYTES * 1000 * 1000) {
    g_string_append(text, parts[g_rand_int_range(random, 0, (gint32)n_parts)]);
    if (g_rand_int_range(random, 0, 100) == 0)
      g_string_append(text, "ada@shop.example ");
  }
  return text;
}

/* The least that anything can do which looks at each byte by a table. */
static double walk(const char *text, gsize bytes) {
  static guint8 table[256] = {['@'] = 1};
  double best = G_MAXDOUBLE;
  volatile guint n = 0;

  for (int round = 0; round < ROUNDS; round++) {
    clock_t start = clock();
    guint found = 0;
    for (gsize i = 0; i < bytes; i++) {
      if (table[(guchar)text[i]] != 0)
        found++;
    }
    n = n + found;
    best = MIN(best, (double)(clock() - start) / CLOCKS_PER_SEC);
  }
  return best;
}

static void measure(const char *name, const char *text, gsize bytes) {
  double best = 0;
  guint n_hits = 0;

  for (int round = 0; round < ROUNDS; round++) {
    g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(SightAuditHit));
    clock_t start = clock();
    sight_audit_text(text, bytes, NULL, hits);
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    best = MAX(best, (double)bytes / 1e6 / MAX(seconds, 1e-9));
    n_hits = hits->len;
  }
  double times = (double)bytes / 1e6 / best / MAX(walk(text, bytes), 1e-9);
  g_print("%-40s %8.0f MB/s  %5.1f walks  %u found\n", name, best, times, n_hits);
}

int main(int argc, char **argv) {
  g_autoptr(GString) words = text_of(ordinary, G_N_ELEMENTS(ordinary)),
                     digits = text_of(numbers, G_N_ELEMENTS(numbers));

  measure("ordinary texts", words->str, words->len);
  measure("numbers", digits->str, digits->len);
  for (int i = 1; i < argc; i++) {
    g_autofree char *text = NULL;
    gsize bytes = 0;
    if (g_file_get_contents(argv[i], &text, &bytes, NULL))
      measure(argv[i], text, bytes);
  }
  return 0;
}

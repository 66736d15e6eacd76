/* SPDX-License-Identifier: MIT */
/* Signals can be read: the contrast of their colours with the rows that they stand on, as WCAG 2 reckons it. */
#include "sight-ui-player.h"

#include <math.h>

#define LEAST 4.5

static double linear(double channel) {
  return channel <= 0.03928 ? channel / 12.92 : pow((channel + 0.055) / 1.055, 2.4);
}

static double luminance(const GdkRGBA *color) {
  return 0.2126 * linear(color->red) + 0.7152 * linear(color->green) + 0.0722 * linear(color->blue);
}

static double contrast(const GdkRGBA *a, const GdkRGBA *b) {
  double x = luminance(a), y = luminance(b);
  return (MAX(x, y) + 0.05) / (MIN(x, y) + 0.05);
}

static void test_signals(void) {
  /* A row and a selected one. */
  static const char *const light[] = {"#ffffff", "#e6e6e6"}, *const dark[] = {"#1e1e1e", "#3a3a3a"};
  for (guint kind = 0; kind < SIGHT_N_SIGNALS; kind++) {
    for (guint i = 0; i < 4; i++) {
      GdkRGBA color, ground;
      sight_ui_signal_color(kind, i >= 2, &color);
      g_assert_true(gdk_rgba_parse(&ground, i >= 2 ? dark[i - 2] : light[i]));
      g_test_message("%s %u: %.2f", sight_signal_kind_name(kind), i, contrast(&color, &ground));
      g_assert_cmpfloat(contrast(&color, &ground), >=, LEAST);
    }
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/player/contrast/signals", test_signals);
  return g_test_run();
}

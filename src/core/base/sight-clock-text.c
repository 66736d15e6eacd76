/* SPDX-License-Identifier: MIT */
/* Times for people. */
#include "sight-clock-text.h"

char *sight_clock_text(gint64 ms) {
  gint64 seconds = MAX(ms, 0) / 1000;

  if (seconds >= 3600)
    return g_strdup_printf("%" G_GINT64_FORMAT ":%02d:%02d", seconds / 3600, (int)(seconds / 60 % 60),
                           (int)(seconds % 60));
  return g_strdup_printf("%d:%02d", (int)(seconds / 60), (int)(seconds % 60));
}

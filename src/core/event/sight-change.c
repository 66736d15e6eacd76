/* SPDX-License-Identifier: MIT */
/* The memory of a change. */
#include "sight-change.h"

void sight_change_free(SightChange *change) {
  if (change == NULL)
    return;
  g_free(change->session);
  g_free(change);
}

/* SPDX-License-Identifier: MIT */
#include "sight-stored-segment.h"

void sight_stored_segment_free(SightStoredSegment *segment) {
  if (segment == NULL)
    return;
  g_clear_pointer(&segment->tables, g_bytes_unref);
  g_clear_pointer(&segment->keyframe, g_bytes_unref);
  g_free(segment);
}

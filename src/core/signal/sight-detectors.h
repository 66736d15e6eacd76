/* SPDX-License-Identifier: MIT */
/* The one list of detectors. */
#pragma once

#include "sight-detector.h"

G_BEGIN_DECLS

/* In the order in which acts reach them. */
#define SIGHT_DETECTORS(DETECTOR)                                                                                      \
  DETECTOR(rage)                                                                                                       \
  DETECTOR(dead)                                                                                                       \
  DETECTOR(scroll)                                                                                                     \
  DETECTOR(exception)                                                                                                  \
  DETECTOR(console)                                                                                                    \
  DETECTOR(request)                                                                                                    \
  DETECTOR(error_click)                                                                                                \
  DETECTOR(thrash)                                                                                                     \
  DETECTOR(quick_back)                                                                                                 \
  DETECTOR(form)                                                                                                       \
  DETECTOR(unseen)                                                                                                     \
  DETECTOR(waiting)                                                                                                    \
  DETECTOR(noise)

#define SIGHT_DETECTOR_DECLARE(name) extern const SightDetector sight_detector_##name;
SIGHT_DETECTORS(SIGHT_DETECTOR_DECLARE)

G_END_DECLS

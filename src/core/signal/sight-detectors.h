/* SPDX-License-Identifier: MIT */
/* The detectors by name; see the list in sight-detector.c. */
#pragma once

#include "sight-detector.h"

G_BEGIN_DECLS

extern const SightDetector sight_detector_rage;
extern const SightDetector sight_detector_dead;
extern const SightDetector sight_detector_scroll;
extern const SightDetector sight_detector_exception;
extern const SightDetector sight_detector_console;
extern const SightDetector sight_detector_request;
extern const SightDetector sight_detector_error_click;
extern const SightDetector sight_detector_thrash;
extern const SightDetector sight_detector_quick_back;
extern const SightDetector sight_detector_form;
extern const SightDetector sight_detector_unseen;
extern const SightDetector sight_detector_waiting;
extern const SightDetector sight_detector_noise;

G_END_DECLS

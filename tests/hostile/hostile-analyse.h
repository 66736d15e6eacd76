/* SPDX-License-Identifier: MIT */
/* The analysis of a hostile recording. */
#pragma once

#include <glib.h>

/* All of it; each text is the events of one window, a JSON array. */
void hostile_analyse(char **windows);

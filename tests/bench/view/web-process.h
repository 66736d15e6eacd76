/* SPDX-License-Identifier: MIT */
/* What the web processes below this one take of memory. */
#pragma once

#include <glib.h>

/* Bytes of theirs alone (proportional where shared); 0 where there is none. */
gsize web_process_bytes(void);

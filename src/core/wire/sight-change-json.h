/* SPDX-License-Identifier: MIT */
/* A change of a session as JSON, as a collector tells it to workstations. */
#pragma once

#include "sight-change.h"
#include "sight-json-writer.h"
#include "sight-json.h"

G_BEGIN_DECLS

void sight_change_write(SightJsonWriter *w, const SightChange *change);
/* The caller's; NULL where it is none. */
SightChange *sight_change_read(SightJson tainted_json);

G_END_DECLS

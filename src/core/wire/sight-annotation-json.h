/* SPDX-License-Identifier: MIT */
/* An annotation as JSON, as a workstation puts it and as a collector hands it to others. */
#pragma once

#include "sight-annotation.h"
#include "sight-json-writer.h"
#include "sight-json.h"

G_BEGIN_DECLS

void sight_annotation_write(SightJsonWriter *w, const SightAnnotation *annotation);
/* The caller's, without an endpoint; NULL where it is none, and then *wrong names the member (static). `id`: what it
 * has to be, where its address says so; NULL: as it stands there. Times that nobody can reckon with are cut. */
SightAnnotation *sight_annotation_read(SightJson tainted_json, const char *id, const char **wrong);

G_END_DECLS

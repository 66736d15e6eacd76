/* SPDX-License-Identifier: MIT */
/* SightMetrics: what a collector did since it started, in the text format of Prometheus
 * (https://prometheus.io/docs/instrumenting/exposition_formats/, version 0.0.4). */
#pragma once

#include "sight-call.h"

G_BEGIN_DECLS

/* Every function on any thread. */
SightMetrics *sight_metrics_new(void);
void sight_metrics_free(SightMetrics *metrics);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightMetrics, sight_metrics_free)

/* A request was answered by so many bytes, so long after its head came. */
void sight_metrics_answered(SightMetrics *metrics, const SightCall *call, gsize bytes, gint64 us);
/* What became of a batch, and the bytes of its events. */
void sight_metrics_put(SightMetrics *metrics, SightDepotPut result, gsize bytes);
/* Up to this revision the changes were handed out to a token; it is told for a day. */
void sight_metrics_followed(SightMetrics *metrics, gint64 key_row, gint64 revision);
/* As they are now. */
void sight_metrics_set_open(SightMetrics *metrics, guint connections, guint requests, gsize body_bytes);

/* `measures` of the depot: NULL where it does not answer. */
void sight_metrics_write(SightMetrics *metrics, const SightDepotMeasures *measures, GString *out);

G_END_DECLS

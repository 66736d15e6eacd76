/* SPDX-License-Identifier: MIT */
/* SightSeen: which texts and elements stand on the page of one window, and from when to when: they become terms. Text
 * that is hidden as far as attributes tell is told as being in the page only. */
#pragma once

#include "sight-effort.h"
#include "sight-findings.h"

#include "sight-dom.h"

G_BEGIN_DECLS

typedef struct SightSeen SightSeen;

/* Borrows all, for as long as it lives. Where no effort is left, changes wait until there is. */
SightSeen *sight_seen_new(SightFindings *findings, guint window, const SightDom *dom, SightEffort *effort);
void sight_seen_free(SightSeen *self);

/* Another page, all of it. Times do not fall. */
void sight_seen_snapshot(SightSeen *self, gint64 at_ms);
/* A mutation, first before it is applied to the page, then after. */
void sight_seen_before(SightSeen *self, SightJson mutation, gint64 at_ms);
void sight_seen_mutation(SightSeen *self, SightJson mutation, gint64 at_ms);
/* Time has come this far: changes are looked at once they have stood for a moment. Cheap where there are none. */
void sight_seen_at(SightSeen *self, gint64 at_ms);
/* Another view begins on the same page: what stands there stands in both. */
void sight_seen_split(SightSeen *self, gint64 at_ms);
/* Nothing stands any more. */
void sight_seen_finish(SightSeen *self, gint64 at_ms);

G_END_DECLS

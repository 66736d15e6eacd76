/* SPDX-License-Identifier: MIT */
/* Writing the signals of a session. Inside the store module only. */
#pragma once

#include "sight-store.h"

G_BEGIN_DECLS

/* Replaces them. `signals`: of SightSignal. */
gboolean sight_signal_row_set(SightDb *db, gint64 session_row, GPtrArray *signals, GError **error);

G_END_DECLS

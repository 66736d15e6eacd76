/* SPDX-License-Identifier: MIT */
/* SightUiSliceRow: in the preferences, which recordings of an endpoint are kept on this computer, and of a collector
 * how much room they may take. */
#pragma once

#include "sight-endpoint-table.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_SLICE_ROW (sight_ui_slice_row_get_type())
G_DECLARE_FINAL_TYPE(SightUiSliceRow, sight_ui_slice_row, SIGHT_UI, SLICE_ROW, AdwExpanderRow)

/* Of an endpoint that SIGHT_SOURCE_SLICES or SELECTS. */
GtkWidget *sight_ui_slice_row_new(SightStore *store, const SightEndpoint *endpoint);
/* Tells how much of the endpoint is here now; what is being edited stays. */
void sight_ui_slice_row_tell(SightUiSliceRow *self, const SightEndpoint *endpoint);

G_END_DECLS

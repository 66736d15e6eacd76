/* SPDX-License-Identifier: MIT */
/* The numbers beside a heatmap: a list of rows, and a line that says what they stand for. */
#pragma once

#include "sight-ui-heat-layer.h"
#include "sight-ui-heat-read.h"

G_BEGIN_DECLS

/* Fills the list anew; movement that is not known is NULL. */
void sight_ui_heat_list_fill(GtkListBox *list, const SightUiHeat *heat, const SightMovement *movement,
                             SightUiHeatKind kind);
/* The place among the elements of the kind that a row is about; -1: about none. */
int sight_ui_heat_list_place(GtkListBoxRow *row);
/* What the numbers stand for, and what is not known; the caller's. */
char *sight_ui_heat_list_say(const SightUiHeat *heat, const SightMovement *movement, SightUiHeatKind kind);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
/* Two intervals of one difference over a line at nothing, drawn. */
#pragma once

#include "sight-statistics.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* `wide` is the one that counts, `narrow` lies thin in it. Shares, -1 to 1. The words stand beside it: assistance
 * leaves it out. */
GtkWidget *sight_ui_difference_new(SightInterval wide, SightInterval narrow);

G_END_DECLS

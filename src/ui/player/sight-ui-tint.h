/* SPDX-License-Identifier: MIT */
/* Colours that people chose, as they are drawn: the same on timeline, line and button, and legible in both schemes. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The style class that gives an icon this colour ("#rrggbb"), of the default display. Borrowed for good; NULL where it
 * is no colour, or there were very many. */
const char *sight_ui_tint_class(const char *tainted_colour);
/* As that class is drawn beside text of that colour; FALSE where it is no colour. */
gboolean sight_ui_tint(const char *tainted_colour, const GdkRGBA *text, GdkRGBA *colour);

G_END_DECLS

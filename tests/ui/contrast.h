/* SPDX-License-Identifier: MIT */
/* How well text can be told from what it stands on, out of the pixels that are drawn. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What text of any size must have (WCAG 2.1, 1.4.3). */
#define CONTRAST_LEAST 4.5

/* Draws a window and calls `func` with each label on it whose text has less. What is switched off needs none. */
typedef void (*ContrastFunc)(GtkWidget *label, double contrast, gpointer user_data);
void contrast_check(GtkWidget *window, ContrastFunc func, gpointer user_data);

G_END_DECLS

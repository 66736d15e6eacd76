/* SPDX-License-Identifier: MIT */
/* What the floor (GTK 4.8) does in a way that newer GTK deprecates: who raises the floor changes this file alone. What
 * else is deprecated is counted in tests/lint/deprecated.txt. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The colour of a widget's text. */
GdkRGBA sight_ui_compat_ink(GtkWidget *widget);
/* A colour that the style names ("accent_color"); where it names none: FALSE, and *colour is as it was. */
gboolean sight_ui_compat_colour(GtkWidget *widget, const char *name, GdkRGBA *colour);
/* In place of what the provider had. */
void sight_ui_compat_load_css(GtkCssProvider *provider, const char *css);
/* Opens an address with what the desktop has for it. `callback` (may be NULL) gets no source; it finishes with
 * g_app_info_launch_default_for_uri_finish(). */
void sight_ui_compat_open(const char *uri, GAsyncReadyCallback callback, gpointer user_data);
/* Asks where to save a file, under a proposed name. Main thread. */
void sight_ui_compat_save_async(GtkWindow *parent, const char *title, const char *name, GAsyncReadyCallback callback,
                                gpointer user_data);
/* Its path, the caller's; NULL: nowhere. */
char *sight_ui_compat_save_finish(GAsyncResult *result);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
/* Since GTK 4.10 gtk_widget_get_color(), since 4.12 gtk_css_provider_load_from_string(). */
#include "sight-ui-compat.h"

GdkRGBA sight_ui_compat_ink(GtkWidget *widget) {
  GdkRGBA ink = {0};

  gtk_style_context_get_color(gtk_widget_get_style_context(widget), &ink);
  return ink;
}

gboolean sight_ui_compat_colour(GtkWidget *widget, const char *name, GdkRGBA *colour) {
  GdkRGBA found = {0};

  if (!gtk_style_context_lookup_color(gtk_widget_get_style_context(widget), name, &found))
    return FALSE;
  *colour = found;
  return TRUE;
}

void sight_ui_compat_load_css(GtkCssProvider *provider, const char *css) {
  gtk_css_provider_load_from_data(provider, css, -1);
}

/* In place of gtk_show_uri_full(). */
void sight_ui_compat_open(const char *uri, GAsyncReadyCallback callback, gpointer user_data) {
  g_autoptr(GdkAppLaunchContext) context = gdk_display_get_app_launch_context(gdk_display_get_default());

  g_app_info_launch_default_for_uri_async(uri, G_APP_LAUNCH_CONTEXT(context), NULL, callback, user_data);
}

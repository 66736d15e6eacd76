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

static void save_chosen(GtkNativeDialog *dialog, int response, GTask *task) {
  g_autoptr(GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog)) : NULL;

  g_task_return_pointer(task, file != NULL ? g_file_get_path(file) : NULL, g_free);
  g_object_unref(dialog);
  g_object_unref(task);
}

void sight_ui_compat_save_async(GtkWindow *parent, const char *title, const char *name, GAsyncReadyCallback callback,
                                gpointer user_data) {
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new(title, parent, GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);

  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(chooser), TRUE);
  gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(chooser), name);
  g_signal_connect(chooser, "response", G_CALLBACK(save_chosen), g_task_new(NULL, NULL, callback, user_data));
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}

char *sight_ui_compat_save_finish(GAsyncResult *result) {
  return g_task_propagate_pointer(G_TASK(result), NULL);
}

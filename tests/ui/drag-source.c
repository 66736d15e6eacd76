/* SPDX-License-Identifier: MIT */
/* drag-source FILE…: a small window from which these files can be dragged, as from a file manager. */
#include <gtk/gtk.h>

static GdkContentProvider *prepare(GtkDragSource *source, double x, double y, gpointer user_data) {
  char **paths = user_data;
  GString *list = g_string_new(NULL);
  for (int i = 0; paths[i] != NULL; i++) {
    g_autoptr(GFile) file = g_file_new_for_commandline_arg(paths[i]);
    g_autofree char *uri = g_file_get_uri(file);
    g_string_append_printf(list, "%s\r\n", uri);
  }
  g_autoptr(GBytes) bytes = g_string_free_to_bytes(list);
  return gdk_content_provider_new_for_bytes("text/uri-list", bytes);
}

int main(int argc, char **argv) {
  gtk_init();
  GtkWidget *window = gtk_window_new();
  GtkWidget *label = gtk_label_new("Files");
  GtkDragSource *source = gtk_drag_source_new();
  g_signal_connect(source, "prepare", G_CALLBACK(prepare), argv + 1);
  gtk_widget_add_controller(label, GTK_EVENT_CONTROLLER(source));
  gtk_window_set_title(GTK_WINDOW(window), "Drag Source");
  gtk_window_set_decorated(GTK_WINDOW(window), FALSE);
  gtk_window_set_default_size(GTK_WINDOW(window), 120, 120);
  gtk_window_set_child(GTK_WINDOW(window), label);
  gtk_window_present(GTK_WINDOW(window));
  while (g_list_model_get_n_items(gtk_window_get_toplevels()) > 0)
    g_main_context_iteration(NULL, TRUE);
  return 0;
}

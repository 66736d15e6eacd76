/* SPDX-License-Identifier: MIT */
/* A bar that looks at the numbers of a worker from time to time, and a button. */
#include "sight-ui-progress-line.h"

#include <glib/gi18n.h>

#define PROGRESS_MS 300

struct _SightUiProgressLine {
  GtkWidget parent_instance;
  GtkProgressBar *bar;
  SightUiExploreProgress *progress; /* NULL: nothing is asked */
  guint source;
};

G_DEFINE_FINAL_TYPE(SightUiProgressLine, sight_ui_progress_line, GTK_TYPE_WIDGET)

static guint stop_signal;

static gboolean show(gpointer user_data) {
  SightUiProgressLine *self = user_data;
  guint n_total = (guint)g_atomic_int_get(&self->progress->n_total);
  guint n_done = (guint)g_atomic_int_get(&self->progress->n_done);
  g_autofree char *text =
      n_total > 0 ? g_strdup_printf(ngettext("%u of %u session", "%u of %u sessions", n_total), n_done, n_total)
                  : g_strdup(_("Counting…"));

  gtk_progress_bar_set_fraction(self->bar, n_total > 0 ? (double)n_done / n_total : 0);
  gtk_progress_bar_set_text(self->bar, text);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->bar), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_set_visible(GTK_WIDGET(self), TRUE);
  return G_SOURCE_CONTINUE;
}

void sight_ui_progress_line_end(SightUiProgressLine *self) {
  g_clear_handle_id(&self->source, g_source_remove);
  g_clear_pointer(&self->progress, g_atomic_rc_box_release);
  gtk_widget_set_visible(GTK_WIDGET(self), FALSE);
}

void sight_ui_progress_line_follow(SightUiProgressLine *self, SightUiExploreProgress *progress) {
  sight_ui_progress_line_end(self);
  self->progress = g_atomic_rc_box_acquire(progress);
  self->source = g_timeout_add(PROGRESS_MS, show, self);
}

static void stop(SightUiProgressLine *self) {
  g_signal_emit(self, stop_signal, 0);
}

static void dispose(GObject *object) {
  SightUiProgressLine *self = SIGHT_UI_PROGRESS_LINE(object);
  GtkWidget *child = gtk_widget_get_first_child(GTK_WIDGET(self));

  g_clear_handle_id(&self->source, g_source_remove);
  g_clear_pointer(&self->progress, g_atomic_rc_box_release);
  g_clear_pointer(&child, gtk_widget_unparent);
  G_OBJECT_CLASS(sight_ui_progress_line_parent_class)->dispose(object);
}

static void sight_ui_progress_line_class_init(SightUiProgressLineClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  stop_signal =
      g_signal_new("stop", SIGHT_UI_TYPE_PROGRESS_LINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name(GTK_WIDGET_CLASS(class), "progress-line");
}

static void sight_ui_progress_line_init(SightUiProgressLine *self) {
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12), *bar = gtk_progress_bar_new();
  GtkWidget *button = gtk_button_new_with_mnemonic(_("_Stop"));

  self->bar = GTK_PROGRESS_BAR(bar);
  gtk_progress_bar_set_show_text(self->bar, TRUE);
  gtk_widget_add_css_class(bar, "numeric");
  gtk_widget_set_hexpand(bar, TRUE);
  gtk_widget_set_valign(bar, GTK_ALIGN_CENTER);
  g_signal_connect_object(button, "clicked", G_CALLBACK(stop), self, G_CONNECT_SWAPPED);
  gtk_box_append(GTK_BOX(line), bar);
  gtk_box_append(GTK_BOX(line), button);
  gtk_widget_set_parent(line, GTK_WIDGET(self));
  gtk_widget_set_visible(GTK_WIDGET(self), FALSE);
}

GtkWidget *sight_ui_progress_line_new(void) {
  return g_object_new(SIGHT_UI_TYPE_PROGRESS_LINE, NULL);
}

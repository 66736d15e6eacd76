/* SPDX-License-Identifier: MIT */
#include "sight-ui-dialog-box.h"

#define MARGIN 18

GtkWidget *sight_ui_dialog_box_new(AdwWindow *dialog, GtkWidget *header) {
  GtkWidget *outer = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *scroller = gtk_scrolled_window_new();

  gtk_widget_set_margin_top(box, MARGIN);
  gtk_widget_set_margin_bottom(box, MARGIN);
  gtk_widget_set_margin_start(box, MARGIN);
  gtk_widget_set_margin_end(box, MARGIN);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), box);
  gtk_widget_set_vexpand(scroller, TRUE);
  gtk_box_append(GTK_BOX(outer), header);
  gtk_box_append(GTK_BOX(outer), scroller);
  adw_window_set_content(dialog, outer);
  return box;
}

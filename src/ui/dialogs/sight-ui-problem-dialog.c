/* SPDX-License-Identifier: MIT */
/* A problem, told so that one can act on it. */
#include "sight-ui-problem-dialog.h"

#include "sight-ui-names.h"

#include <glib/gi18n.h>
#include <string.h>

/* Room for a few lines where there are some: wrapped text tells its height too late. */
#define LONG_CHARS 80
#define MIN_HEIGHT 96
#define MAX_HEIGHT 240

static void answered(AdwMessageDialog *dialog, const char *response, const char *details) {
  if (g_strcmp0(response, "copy") == 0)
    gdk_clipboard_set_text(gtk_widget_get_clipboard(GTK_WIDGET(dialog)), details);
}

GtkWidget *sight_ui_problem_dialog_new(GtkWindow *parent, const char *title, const char *text, const char *details) {
  GtkWidget *dialog = adw_message_dialog_new(parent, title, text);
  GtkWidget *label = gtk_label_new(details);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_yalign(GTK_LABEL(label), 0);
  gtk_label_set_selectable(GTK_LABEL(label), TRUE);
  gtk_widget_add_css_class(label, "details");
  GtkWidget *scroller = gtk_scrolled_window_new();
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  if (strlen(details) > LONG_CHARS)
    gtk_scrolled_window_set_min_content_height(GTK_SCROLLED_WINDOW(scroller), MIN_HEIGHT);
  gtk_scrolled_window_set_max_content_height(GTK_SCROLLED_WINDOW(scroller), MAX_HEIGHT);
  gtk_scrolled_window_set_propagate_natural_height(GTK_SCROLLED_WINDOW(scroller), TRUE);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), label);
  gtk_widget_add_css_class(scroller, "card");
  adw_message_dialog_set_extra_child(ADW_MESSAGE_DIALOG(dialog), scroller);
  adw_message_dialog_add_responses(ADW_MESSAGE_DIALOG(dialog), "copy", _("_Copy Details"), "close", _("_Close"), NULL);
  adw_message_dialog_set_default_response(ADW_MESSAGE_DIALOG(dialog), "close");
  adw_message_dialog_set_close_response(ADW_MESSAGE_DIALOG(dialog), "close");
  g_signal_connect_data(dialog, "response", G_CALLBACK(answered), g_strdup(details),
                        (GClosureNotify)(void (*)(void))g_free, 0);
  sight_ui_names_tidy(dialog);
  return dialog;
}

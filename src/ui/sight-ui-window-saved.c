/* SPDX-License-Identifier: MIT */
/* Titles of saved filters are asked for. */
#include "sight-ui-window-private.h"

#include "sight-filter-sentence.h"

#include <glib/gi18n.h>

typedef struct {
  SightUiWindow *window; /* a reference */
  GtkWidget *entry;
  char *filter; /* to be saved; NULL: another title for one that is */
  guint place;
} Title;

static void title_free(gpointer data, GClosure *closure) {
  Title *title = data;
  g_object_unref(title->window);
  g_free(title->filter);
  g_free(title);
}

static void answered(AdwMessageDialog *dialog, const char *response, Title *title) {
  g_autofree char *text = g_strstrip(g_strdup(gtk_editable_get_text(GTK_EDITABLE(title->entry))));
  if (g_strcmp0(response, "save") != 0 || *text == '\0' || title->window->library == NULL)
    return;
  SightUiOwnFilters *own = sight_ui_library_get_own(title->window->library);
  if (title->filter == NULL) {
    if (title->place < sight_ui_own_filters_get_n(own))
      sight_ui_own_filters_rename(own, title->place, text);
    return;
  }
  sight_ui_own_filters_add(own, text, title->filter);
  g_autofree char *says = g_strdup_printf(_("“%s” stands in the sidebar now"), text);
  sight_ui_window_toast(title->window, says);
}

static void ask(SightUiWindow *self, const char *heading, const char *body, const char *there, Title *title) {
  GtkWidget *dialog = adw_message_dialog_new(GTK_WINDOW(self), heading, NULL);
  title->window = g_object_ref(self);
  title->entry = gtk_entry_new();
  adw_message_dialog_set_body(ADW_MESSAGE_DIALOG(dialog), body);
  gtk_editable_set_text(GTK_EDITABLE(title->entry), there);
  gtk_entry_set_activates_default(GTK_ENTRY(title->entry), TRUE);
  gtk_accessible_update_property(GTK_ACCESSIBLE(title->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Title"), -1);
  adw_message_dialog_set_extra_child(ADW_MESSAGE_DIALOG(dialog), title->entry);
  adw_message_dialog_add_responses(ADW_MESSAGE_DIALOG(dialog), "cancel", _("_Cancel"), "save", _("_Save"), NULL);
  adw_message_dialog_set_response_appearance(ADW_MESSAGE_DIALOG(dialog), "save", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response(ADW_MESSAGE_DIALOG(dialog), "save");
  adw_message_dialog_set_close_response(ADW_MESSAGE_DIALOG(dialog), "cancel");
  g_signal_connect_data(dialog, "response", G_CALLBACK(answered), title, title_free, 0);
  gtk_window_present(GTK_WINDOW(dialog));
  gtk_widget_grab_focus(title->entry);
}

void sight_ui_window_save_filter(SightUiWindow *self) {
  const char *text = sight_ui_filter_get_text(self->filter);
  g_autoptr(SightFilter) filter = sight_filter_parse(text, NULL, NULL);
  if (filter == NULL || *text == '\0')
    return;
  g_autofree char *sentence = sight_filter_sentence(filter);
  g_autoptr(GString) there = g_string_new(NULL);
  for (guint i = 0; i < sight_ui_filter_n_parts(self->filter); i++) {
    g_autofree char *phrase = sight_ui_filter_bar_phrase(self->filter_bar, i);
    g_string_append_printf(there, "%s%s", i > 0 ? ", " : "", phrase);
  }
  Title *title = g_new0(Title, 1);
  title->filter = g_strdup(text);
  ask(self, _("Save This Filter"), sentence, there->str, title);
}

void sight_ui_window_rename_filter(SightUiWindow *self, guint place) {
  SightUiOwnFilters *own = sight_ui_library_get_own(self->library);
  Title *title = g_new0(Title, 1);
  title->place = place;
  ask(self, _("Rename This Filter"), sight_ui_own_filters_get_filter(own, place),
      sight_ui_own_filters_get_title(own, place), title);
}

/* SPDX-License-Identifier: MIT */
/* Files that come into the window, and what is said of them: the same for those that were chosen, dropped or named. */
#include "sight-ui-window-private.h"

#include <glib/gi18n.h>

void sight_ui_window_import(SightUiWindow *self, GListModel *files) {
  sight_ui_importer_add(sight_ui_jobs_get_importer(self->jobs), files);
  /* Who opens recordings wants to see what is in them. */
  sight_ui_jobs_go_on(self->jobs);
}

static void tell_failed(SightUiWindow *self, const SightUiImport *import) {
  if (import->n_done == 0) {
    sight_ui_window_show_problem(self, _("This Could Not Be Read"), _("Nothing was changed."), import->problems->str);
    return;
  }
  g_autofree char *text =
      g_strdup_printf(ngettext("%u of %u files could not be read. The rest was opened.",
                               "%u of %u files could not be read. The rest was opened.", import->n_files),
                      import->n_failed, import->n_files);
  if (import->stopped) {
    g_free(text);
    text = g_strdup_printf(_("%u files could not be read, %u were opened. Then it was stopped."), import->n_failed,
                           import->n_done);
  }
  sight_ui_window_show_problem(self, _("Not Everything Could Be Read"), text, import->problems->str);
}

typedef struct {
  SightUiWindow *window; /* weak */
  char *problems;
} Details;

static void details_free(gpointer data, GClosure *closure) {
  Details *details = data;
  g_clear_weak_pointer(&details->window);
  g_free(details->problems);
  g_free(details);
}

static void show_details(AdwToast *toast, Details *details) {
  if (details->window != NULL)
    sight_ui_window_show_problem(details->window, _("Something Is Missing"), _("What is sound was kept."),
                                 details->problems);
}

/* Opened all the same, so it does not stand in the way. */
static void tell_incomplete(SightUiWindow *self, const SightUiImport *import) {
  g_autofree char *text =
      import->n_done == 1 ? g_strdup(_("1 recording opened, but it is not complete"))
                          : g_strdup_printf(ngettext("%u recordings opened; %u is not complete",
                                                     "%u recordings opened; %u are not complete", import->n_incomplete),
                                            import->n_done, import->n_incomplete);
  AdwToast *toast = sight_ui_window_offer(self, text, _("Details"));
  Details *details = g_new0(Details, 1);
  g_set_weak_pointer(&details->window, self);
  details->problems = g_strdup(import->problems->str);
  g_signal_connect_data(toast, "button-clicked", G_CALLBACK(show_details), details, details_free, 0);
}

static void tell(SightUiWindow *self, const SightUiImport *import) {
  if (import->stopped && import->n_failed == 0) {
    g_autofree char *text = g_strdup_printf(
        ngettext("Stopped: %u of %u recording was opened", "Stopped: %u of %u recordings were opened", import->n_files),
        import->n_done, import->n_files);
    sight_ui_window_offer(self, text, NULL);
  } else if (import->n_failed > 0) {
    tell_failed(self, import);
  } else if (import->n_done == 0) {
    sight_ui_window_toast(self, _("No recordings were found there."));
  } else if (import->n_done == import->n_duplicates) {
    sight_ui_window_toast(self, import->n_done == 1 ? _("This recording is here already.")
                                                    : _("These recordings are here already."));
  } else if (import->n_incomplete > 0) {
    tell_incomplete(self, import);
  } else {
    g_autofree char *text =
        g_strdup_printf(ngettext("%u recording opened", "%u recordings opened", import->n_done), import->n_done);
    sight_ui_window_toast(self, text);
  }
}

void sight_ui_window_imported(SightUiWindow *self, SightUiImport *import) {
  tell(self, import);
  if (import->first_row == 0)
    return;
  if (self->open_worst)
    return;
  self->wanted_row = import->first_row;
  self->wanted_ms = -1;
  gtk_widget_activate_action(GTK_WIDGET(self), "win.filter-set", "s", "");
  gtk_widget_activate_action(GTK_WIDGET(self), "win.endpoint", "x", (gint64)0);
  sight_ui_window_open_wanted(self);
}

gboolean sight_ui_window_dropped(SightUiWindow *self, const GValue *value) {
  GdkFileList *list = g_value_get_boxed(value);
  g_autoptr(GListStore) files = g_list_store_new(G_TYPE_FILE);
  g_autoptr(GSList) entries = gdk_file_list_get_files(list);
  for (GSList *entry = entries; entry != NULL; entry = entry->next)
    g_list_store_append(files, entry->data);
  sight_ui_window_import(self, G_LIST_MODEL(files));
  return TRUE;
}

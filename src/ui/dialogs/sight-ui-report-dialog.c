/* SPDX-License-Identifier: MIT */
/* What about, how it is called, what is masked, and where to. */
#include "sight-ui-report-dialog.h"

#include "sight-ui-clip-private.h"
#include "sight-ui-clip.h"
#include "sight-ui-compat.h"
#include "sight-ui-dialog-box.h"
#include "sight-ui-names.h"
#include "sight-ui-report.h"

#include <glib/gi18n.h>

static const char *const titles[SIGHT_UI_N_REPORTS] = {
    [SIGHT_UI_REPORT_PROBLEM] = N_("This problem"),
    [SIGHT_UI_REPORT_PROBLEMS] = N_("The problems of these sessions"),
    [SIGHT_UI_REPORT_FLOW] = N_("How these sessions come through a flow"),
    [SIGHT_UI_REPORT_MOMENTS] = N_("The moments of the filter, with links"),
    [SIGHT_UI_REPORT_COMPARISON] = N_("This comparison"),
};

struct _SightUiReportDialog {
  AdwWindow parent_instance;
  GtkWidget *save, *spinner, *problem, *about, *steps, *title, *form;
  SightUiClipPrivate *private;
  SightStore *store;
  char *filter, *problem_id, *problem_title, *comparison;
  gint64 endpoint;
  GArray *kinds;         /* of SightUiReportKind, as in `about` */
  SightUiReport *report; /* what would be written; NULL: it is being read */
  char *own_title;       /* that was proposed last */
  GCancellable *busy;    /* while it is read or written */
};

G_DEFINE_FINAL_TYPE(SightUiReportDialog, sight_ui_report_dialog, ADW_TYPE_WINDOW)

static guint saved_signal;

static void tell(SightUiReportDialog *self, const char *problem) {
  gtk_label_set_text(GTK_LABEL(self->problem), problem != NULL ? problem : "");
  gtk_widget_set_visible(self->problem, problem != NULL);
}

static void set_busy(SightUiReportDialog *self, gboolean busy) {
  if (self->busy != NULL)
    g_cancellable_cancel(self->busy);
  g_clear_object(&self->busy);
  if (busy)
    self->busy = g_cancellable_new();
  gtk_spinner_set_spinning(GTK_SPINNER(self->spinner), busy);
  gtk_widget_set_sensitive(self->save, !busy && self->report != NULL);
}

static SightUiReportKind kind_of(SightUiReportDialog *self) {
  guint chosen = adw_combo_row_get_selected(ADW_COMBO_ROW(self->about));
  return chosen < self->kinds->len ? g_array_index(self->kinds, SightUiReportKind, chosen) : SIGHT_UI_REPORT_PROBLEMS;
}

/* Reading */

static void read_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiReportDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(SightUiReport) report = sight_ui_report_read_finish(result, &error);
  if (g_task_get_cancellable(G_TASK(result)) != self->busy || self->busy == NULL)
    return;
  self->report = g_steal_pointer(&report);
  set_busy(self, FALSE);
  if (self->report == NULL) {
    sight_ui_clip_private_set_failed(self->private);
    tell(self, error->message);
    return;
  }
  sight_ui_clip_private_set(self->private, sight_ui_report_findings(self->report));
}

/* What somebody has written stays. */
static void propose_title(SightUiReportDialog *self, SightUiReportKind kind) {
  const char *title = kind == SIGHT_UI_REPORT_PROBLEM ? self->problem_title : _(titles[kind]);
  const char *there = gtk_editable_get_text(GTK_EDITABLE(self->title));
  if (*there != '\0' && g_strcmp0(there, self->own_title) != 0)
    return;
  g_free(self->own_title);
  self->own_title = g_strdup(title);
  gtk_editable_set_text(GTK_EDITABLE(self->title), title);
}

static void ask(SightUiReportDialog *self) {
  SightUiReportKind kind = kind_of(self);
  const SightUiReportAsk wish = {.kind = kind,
                                 .filter = self->filter,
                                 .endpoint = self->endpoint,
                                 .problem = self->problem_id,
                                 .steps = gtk_editable_get_text(GTK_EDITABLE(self->steps)),
                                 .json = self->comparison};
  g_clear_pointer(&self->report, sight_ui_report_unref);
  gtk_widget_set_visible(self->steps, kind == SIGHT_UI_REPORT_FLOW);
  propose_title(self, kind);
  tell(self, NULL);
  sight_ui_clip_private_set(self->private, NULL);
  set_busy(self, TRUE);
  sight_ui_report_read_async(self->store, &wish, self->busy, read_cb, g_object_ref(self));
}

/* Writing */

static void written_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiReportDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = sight_ui_report_write_finish(result, &error);
  if (self->busy == NULL)
    return;
  set_busy(self, FALSE);
  if (file == NULL) {
    g_autofree char *text = g_strdup_printf(_("Nothing was saved: %s"), error->message);
    tell(self, text);
    return;
  }
  g_signal_emit(self, saved_signal, 0, file);
  gtk_window_destroy(GTK_WINDOW(self));
}

static void write_to(SightUiReportDialog *self, const char *path) {
  g_autoptr(GError) error = NULL;
  SightRedaction *redaction = sight_ui_clip_private_redaction(self->private, &error);
  if (error != NULL) {
    tell(self, error->message);
    return;
  }
  set_busy(self, TRUE);
  sight_ui_report_write_async(self->store, self->report, gtk_editable_get_text(GTK_EDITABLE(self->title)), path,
                              redaction, self->busy, written_cb, g_object_ref(self));
}

static void chosen_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiReportDialog) self = user_data;
  g_autofree char *path = sight_ui_compat_save_finish(result);
  if (path != NULL && self->report != NULL && self->busy == NULL)
    write_to(self, path);
}

static void save(SightUiReportDialog *self) {
  const char *title = gtk_editable_get_text(GTK_EDITABLE(self->title));
  gboolean markdown = adw_combo_row_get_selected(ADW_COMBO_ROW(self->form)) == 1;
  g_autofree char *name = sight_ui_clip_file_name(*title != '\0' ? title : _("Report"), markdown ? ".md" : ".html");
  if (self->report != NULL)
    sight_ui_compat_save_async(GTK_WINDOW(self), _("Save the Report"), name, chosen_cb, g_object_ref(self));
}

/* Building it */

static GtkWidget *make_header(SightUiReportDialog *self) {
  GtkWidget *header = adw_header_bar_new(), *cancel = gtk_button_new_with_mnemonic(_("_Cancel"));
  self->save = gtk_button_new_with_mnemonic(_("_Save…"));
  self->spinner = gtk_spinner_new();
  gtk_widget_add_css_class(self->save, "suggested-action");
  adw_header_bar_set_show_end_title_buttons(ADW_HEADER_BAR(header), FALSE);
  adw_header_bar_set_show_start_title_buttons(ADW_HEADER_BAR(header), FALSE);
  adw_header_bar_pack_start(ADW_HEADER_BAR(header), cancel);
  adw_header_bar_pack_end(ADW_HEADER_BAR(header), self->save);
  adw_header_bar_pack_end(ADW_HEADER_BAR(header), self->spinner);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(cancel), "window.close");
  g_signal_connect_object(self->save, "clicked", G_CALLBACK(save), self, G_CONNECT_SWAPPED);
  return header;
}

/* What there is nothing of is not offered. */
static void add_kinds(SightUiReportDialog *self) {
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
  const gboolean offered[SIGHT_UI_N_REPORTS] = {
      [SIGHT_UI_REPORT_PROBLEM] = self->problem_id != NULL,
      [SIGHT_UI_REPORT_PROBLEMS] = TRUE,
      [SIGHT_UI_REPORT_FLOW] = TRUE,
      [SIGHT_UI_REPORT_MOMENTS] = TRUE,
      [SIGHT_UI_REPORT_COMPARISON] = self->comparison != NULL,
  };
  guint chosen = 0;
  for (int i = 0; i < SIGHT_UI_N_REPORTS; i++) {
    SightUiReportKind kind = (SightUiReportKind)i;
    if (!offered[i])
      continue;
    if (kind == SIGHT_UI_REPORT_COMPARISON)
      chosen = self->kinds->len;
    g_array_append_val(self->kinds, kind);
    gtk_string_list_append(names, _(titles[i]));
  }
  adw_combo_row_set_model(ADW_COMBO_ROW(self->about), G_LIST_MODEL(names));
  adw_combo_row_set_selected(ADW_COMBO_ROW(self->about), chosen);
}

static GtkWidget *add_row(GtkWidget *group, GtkWidget *row, const char *title) {
  adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
  adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), row);
  return row;
}

static void build(SightUiReportDialog *self) {
  const char *const forms[] = {_("Page (HTML)"), _("Text (Markdown)"), NULL};
  g_autoptr(GtkStringList) names = gtk_string_list_new(forms);
  GtkWidget *box = sight_ui_dialog_box_new(ADW_WINDOW(self), make_header(self)), *group = adw_preferences_group_new();
  GtkWidget *private = adw_expander_row_new();
  self->problem = gtk_label_new(NULL);
  gtk_label_set_wrap(GTK_LABEL(self->problem), TRUE);
  gtk_label_set_xalign(GTK_LABEL(self->problem), 0);
  gtk_widget_add_css_class(self->problem, "error");
  gtk_box_append(GTK_BOX(box), self->problem);
  gtk_box_append(GTK_BOX(box), group);
  self->about = add_row(group, adw_combo_row_new(), _("About"));
  self->steps = add_row(group, adw_entry_row_new(), _("Steps of the Flow"));
  adw_entry_row_set_show_apply_button(ADW_ENTRY_ROW(self->steps), TRUE);
  self->title = add_row(group, adw_entry_row_new(), _("Title"));
  self->form = add_row(group, adw_combo_row_new(), _("Form"));
  adw_combo_row_set_model(ADW_COMBO_ROW(self->form), G_LIST_MODEL(names));
  add_row(group, private, _("Private"));
  self->private = sight_ui_clip_private_new(ADW_EXPANDER_ROW(private));
  add_kinds(self);
  g_signal_connect_object(self->about, "notify::selected", G_CALLBACK(ask), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->steps, "apply", G_CALLBACK(ask), self, G_CONNECT_SWAPPED);
}

/* A path may still be asked for. */
static void dispose(GObject *object) {
  SightUiReportDialog *self = SIGHT_UI_REPORT_DIALOG(object);
  g_clear_pointer(&self->report, sight_ui_report_unref);
  if (self->busy != NULL)
    g_cancellable_cancel(self->busy);
  g_clear_object(&self->busy);
  G_OBJECT_CLASS(sight_ui_report_dialog_parent_class)->dispose(object);
}

static void finalize(GObject *object) {
  SightUiReportDialog *self = SIGHT_UI_REPORT_DIALOG(object);
  g_clear_pointer(&self->report, sight_ui_report_unref);
  g_array_unref(self->kinds);
  g_clear_object(&self->store);
  g_free(self->filter);
  g_free(self->problem_id);
  g_free(self->problem_title);
  g_free(self->comparison);
  g_free(self->own_title);
  G_OBJECT_CLASS(sight_ui_report_dialog_parent_class)->finalize(object);
}

static void sight_ui_report_dialog_class_init(SightUiReportDialogClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
  gtk_widget_class_add_binding_action(GTK_WIDGET_CLASS(class), GDK_KEY_Escape, 0, "window.close", NULL);
  saved_signal = g_signal_new("saved", SIGHT_UI_TYPE_REPORT_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                              1, G_TYPE_FILE);
}

static void sight_ui_report_dialog_init(SightUiReportDialog *self) {
  self->kinds = g_array_new(FALSE, FALSE, sizeof(SightUiReportKind));
}

GtkWidget *sight_ui_report_dialog_new(GtkWindow *parent, SightStore *store, const SightUiReportAbout *about) {
  SightUiReportDialog *self = g_object_new(SIGHT_UI_TYPE_REPORT_DIALOG, "transient-for", parent, "modal", TRUE, "title",
                                           _("Report"), "default-width", 520, "default-height", 440, NULL);
  self->store = g_object_ref(store);
  self->filter = g_strdup(about->filter);
  self->endpoint = about->endpoint;
  self->problem_id = g_strdup(about->problem);
  self->problem_title = g_strdup(about->problem_title);
  self->comparison = g_strdup(about->comparison);
  build(self);
  ask(self);
  gtk_widget_grab_focus(self->title);
  sight_ui_names_tidy(GTK_WIDGET(self));
  return GTK_WIDGET(self);
}

/* SPDX-License-Identifier: MIT */
/* What is wanted, then how far it is, then what came of it: in one window. */
#include "sight-ui-mask-dialog.h"

#include "sight-config.h"
#include "sight-erasure.h"
#include "sight-file.h"
#include "sight-redact-session.h"
#include "sight-ui-compat.h"
#include "sight-ui-dialog-box.h"
#include "sight-ui-job.h"
#include "sight-ui-names.h"

#include <glib/gi18n.h>

typedef enum { KIND, ELEMENT, ERASE, N_WAYS } Way;

/* Of the thread while it runs, of the dialog otherwise. */
typedef struct {
  SightStore *store;
  SightAuditKind kind;
  char *selector; /* NULL: of no element */
  GArray *rows;   /* of gint64 */
  Way way;
  gboolean remote;
  SightRedactedSessions done;
  SightErasure *erasure; /* NULL: nothing is erased */
} Work;

static void work_free(gpointer data) {
  Work *work = data;
  g_object_unref(work->store);
  g_free(work->selector);
  g_array_unref(work->rows);
  g_clear_pointer(&work->erasure, sight_erasure_free);
  g_free(work);
}

struct _SightUiMaskDialog {
  AdwWindow parent_instance;
  GtkWidget *cancel, *go, *asked, *ways[N_WAYS], *remote_list, *remote, *running, *bar, *came, *certificate;
  GtkLabel *title, *says;
  Work *work; /* of the job */
  SightUiJob *job;
};

G_DEFINE_FINAL_TYPE(SightUiMaskDialog, sight_ui_mask_dialog, ADW_TYPE_WINDOW)

static guint changed_signal;

/* The work */

static void told(guint n_done, guint n_total, gpointer user_data) {
  sight_ui_job_report(user_data, n_done, n_total);
}

static gboolean erase(Work *work, SightUiJob *job, GCancellable *cancellable, GError **error) {
  g_clear_pointer(&work->erasure, sight_erasure_free);
  work->erasure = sight_erasure_new(work->store, work->remote);
  return sight_erasure_sessions(work->erasure, work->rows, told, job, cancellable, error);
}

static gboolean run(SightUiJob *job, gpointer user_data, GCancellable *cancellable, GError **error) {
  Work *work = user_data;
  if (work->way == ERASE)
    return erase(work, job, cancellable, error);
  const char *const kinds[] = {sight_audit_kind_name(work->kind), NULL}, *const selectors[] = {work->selector, NULL};
  const SightRedactWish wish = {.masks = work->way == KIND ? kinds : NULL,
                                .selectors = work->way == ELEMENT ? selectors : NULL};
  return sight_redact_sessions(work->store, work->rows, &wish, told, job, &work->done, cancellable, error);
}

/* What it did */

static char *tell_masked(const Work *work) {
  guint n_texts = work->done.all.n_texts, n_notes = work->done.all.n_annotations;
  g_autofree char *texts = g_strdup_printf(
      ngettext("%u text was masked in %u of %u sessions.", "%u texts were masked in %u of %u sessions.", n_texts),
      n_texts, work->done.n_sessions, work->rows->len);
  g_autofree char *notes = g_strdup_printf(ngettext(" So was %u tag or note; that goes to the team.",
                                                    " So were %u tags and notes; that goes to the team.", n_notes),
                                           n_notes);
  return g_strconcat(texts, n_notes > 0 ? notes : "", " ", _("What their endpoints have stays as it is."), NULL);
}

static char *tell_erased(const Work *work) {
  guint n = sight_erasure_n(work->erasure);
  g_autofree char *erased = g_strdup_printf(
      ngettext("%u of %u session was erased.", "%u of %u sessions were erased.", work->rows->len), n, work->rows->len);
  return g_strconcat(erased, " ",
                     work->remote ? _("Where they came from a collector, they are erased there, too.")
                                  : _("What their endpoints have stays there, and is not taken again."),
                     NULL);
}

static void show_result(SightUiMaskDialog *self, const GError *error) {
  gboolean stopped = g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED), erases = self->work->way == ERASE;
  g_autofree char *did = erases ? tell_erased(self->work) : tell_masked(self->work);
  g_autofree char *all = error != NULL && !stopped ? g_strconcat(error->message, "\n\n", did, NULL) : g_strdup(did);
  gtk_label_set_text(self->title, stopped         ? _("Stopped")
                                  : error != NULL ? _("Not All of It Could Be Done")
                                  : erases        ? _("Erased")
                                                  : _("Masked"));
  gtk_label_set_text(self->says, all);
  gtk_widget_set_visible(self->running, FALSE);
  gtk_widget_set_visible(self->certificate, erases && sight_erasure_n(self->work->erasure) > 0);
  gtk_button_set_label(GTK_BUTTON(self->cancel), _("_Close"));
  gtk_widget_set_sensitive(self->cancel, TRUE);
  gtk_widget_grab_focus(self->cancel);
  sight_ui_names_tidy(self->cancel);
  g_signal_emit(self, changed_signal, 0);
}

static void ended(SightUiMaskDialog *self, const GError *error) {
  if (self->job != NULL)
    show_result(self, error);
}

static void progressed(SightUiMaskDialog *self) {
  guint n_done = 0, n_total = 0;
  if (self->job == NULL || !sight_ui_job_is_running(self->job))
    return;
  sight_ui_job_get_progress(self->job, &n_done, &n_total);
  g_autofree char *text = g_strdup_printf(ngettext("%u of %u session", "%u of %u sessions", n_total), n_done, n_total);
  gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(self->bar), n_total > 0 ? (double)n_done / n_total : 0);
  gtk_progress_bar_set_text(GTK_PROGRESS_BAR(self->bar), text);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->bar), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

/* Asking */

static Way way_of(SightUiMaskDialog *self) {
  for (int i = KIND; i < N_WAYS; i++) {
    if (gtk_check_button_get_active(GTK_CHECK_BUTTON(self->ways[i])))
      return (Way)i;
  }
  return KIND;
}

static void way_chosen(SightUiMaskDialog *self) {
  gulong n = self->work->rows->len;
  gboolean erases = way_of(self) == ERASE;
  g_autofree char *label = g_strdup_printf(erases ? ngettext("_Erase %lu Session", "_Erase %lu Sessions", n)
                                                  : ngettext("_Mask in %lu Session", "_Mask in %lu Sessions", n),
                                           n);
  gtk_button_set_label(GTK_BUTTON(self->go), label);
  sight_ui_names_tidy(self->go);
  gtk_widget_set_visible(self->remote_list, erases);
}

static void go(SightUiMaskDialog *self) {
  self->work->way = way_of(self);
  self->work->remote = self->work->way == ERASE && gtk_switch_get_active(GTK_SWITCH(self->remote));
  gtk_widget_set_visible(self->asked, FALSE);
  gtk_widget_set_visible(self->go, FALSE);
  gtk_widget_set_visible(self->running, TRUE);
  gtk_button_set_label(GTK_BUTTON(self->cancel), _("_Stop"));
  sight_ui_names_tidy(self->cancel);
  gtk_widget_grab_focus(self->cancel);
  sight_ui_job_start(self->job);
}

/* What was masked or erased by then stays so. */
static gboolean close_request(GtkWindow *window) {
  SightUiMaskDialog *self = SIGHT_UI_MASK_DIALOG(window);
  if (!sight_ui_job_is_running(self->job))
    return GTK_WINDOW_CLASS(sight_ui_mask_dialog_parent_class)->close_request(window);
  sight_ui_job_cancel(self->job);
  gtk_widget_set_sensitive(self->cancel, FALSE);
  return TRUE;
}

/* The certificate */

static void not_written(SightUiMaskDialog *self, const char *why) {
  g_autofree char *all = g_strconcat(gtk_label_get_text(self->says), "\n\n", why, NULL);
  gtk_label_set_text(self->says, all);
}

static void chosen_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiMaskDialog) self = user_data;
  g_autofree char *path = sight_ui_compat_save_finish(result);
  g_autoptr(GError) error = NULL;
  if (path == NULL || self->job == NULL)
    return;
  g_autoptr(GString) text = sight_erasure_certificate(self->work->erasure, "SessionSight " SIGHT_VERSION, &error);
  if (text == NULL || !sight_file_write(path, text->str, text->len, &error))
    not_written(self, error->message);
  else
    gtk_widget_set_sensitive(self->certificate, FALSE);
}

static void certify(SightUiMaskDialog *self) {
  g_autoptr(GDateTime) now = g_date_time_new_now_local();
  g_autofree char *name = g_date_time_format(now, "erased-%Y-%m-%d.json");
  sight_ui_compat_save_async(GTK_WINDOW(self), _("Certificate of Erasure"), name, chosen_cb, g_object_ref(self));
}

/* Building it */

static GtkWidget *make_header(SightUiMaskDialog *self) {
  GtkWidget *header = adw_header_bar_new();
  self->cancel = gtk_button_new_with_mnemonic(_("_Cancel"));
  self->go = gtk_button_new_with_mnemonic("");
  gtk_widget_add_css_class(self->go, "destructive-action");
  adw_header_bar_set_show_end_title_buttons(ADW_HEADER_BAR(header), FALSE);
  adw_header_bar_set_show_start_title_buttons(ADW_HEADER_BAR(header), FALSE);
  adw_header_bar_pack_start(ADW_HEADER_BAR(header), self->cancel);
  adw_header_bar_pack_end(ADW_HEADER_BAR(header), self->go);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(self->cancel), "window.close");
  g_signal_connect_object(self->go, "clicked", G_CALLBACK(go), self, G_CONNECT_SWAPPED);
  return header;
}

static GtkLabel *add_label(GtkWidget *box, const char *text, const char *style) {
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
  if (style != NULL)
    gtk_widget_add_css_class(label, style);
  gtk_box_append(GTK_BOX(box), label);
  return GTK_LABEL(label);
}

static GtkWidget *add_list(GtkWidget *box, const char *name) {
  GtkWidget *list = gtk_list_box_new();
  gtk_list_box_set_selection_mode(GTK_LIST_BOX(list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class(list, "boxed-list");
  gtk_accessible_update_property(GTK_ACCESSIBLE(list), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_box_append(GTK_BOX(box), list);
  return list;
}

static GtkWidget *add_row(GtkWidget *list, const char *title, const char *subtitle) {
  GtkWidget *row = adw_action_row_new();
  /* A selector is no markup. */
  adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
  adw_action_row_set_subtitle(ADW_ACTION_ROW(row), subtitle);
  gtk_list_box_append(GTK_LIST_BOX(list), row);
  return row;
}

static void add_way(SightUiMaskDialog *self, GtkWidget *list, Way way, const char *title, const char *subtitle) {
  GtkWidget *row = add_row(list, title, subtitle), *radio = gtk_check_button_new();
  if (way != KIND)
    gtk_check_button_set_group(GTK_CHECK_BUTTON(radio), GTK_CHECK_BUTTON(self->ways[KIND]));
  gtk_widget_set_valign(radio, GTK_ALIGN_CENTER);
  gtk_accessible_update_property(GTK_ACCESSIBLE(radio), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  adw_action_row_add_prefix(ADW_ACTION_ROW(row), radio);
  adw_action_row_set_activatable_widget(ADW_ACTION_ROW(row), radio);
  gtk_widget_set_visible(row, way != ELEMENT || self->work->selector != NULL);
  gtk_check_button_set_active(GTK_CHECK_BUTTON(radio), way == KIND);
  g_signal_connect_object(radio, "toggled", G_CALLBACK(way_chosen), self, G_CONNECT_SWAPPED);
  self->ways[way] = radio;
}

static void add_ways(SightUiMaskDialog *self, gboolean reaches) {
  GtkWidget *list = add_list(self->asked, _("What is to be done"));
  /* TRANSLATORS: %s: a kind of what is private, as "E-mail address" */
  g_autofree char *every = g_strdup_printf(_("Mask every: %s"), sight_audit_kind_title(self->work->kind));
  add_way(self, list, KIND, every, _("Whatever looks like it in these sessions, wherever it stands"));
  add_way(self, list, ELEMENT, _("Mask what stands in this element"),
          self->work->selector != NULL ? self->work->selector : "");
  add_way(self, list, ERASE, _("Erase these sessions"), _("With everything of them"));
  self->remote_list = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  self->remote = gtk_switch_new();
  GtkWidget *row = add_row(add_list(self->remote_list, _("What is to be done")), _("At Their Collectors Too"),
                           _("The token needs the scope admin"));
  gtk_widget_set_valign(self->remote, GTK_ALIGN_CENTER);
  gtk_widget_set_visible(row, reaches);
  adw_action_row_add_suffix(ADW_ACTION_ROW(row), self->remote);
  adw_action_row_set_activatable_widget(ADW_ACTION_ROW(row), self->remote);
  gtk_box_append(GTK_BOX(self->asked), self->remote_list);
  add_label(self->asked, _("It cannot be undone. The log of the project tells who did it, and when."), "dim-label");
}

static void build(SightUiMaskDialog *self, const SightUiFinding *finding, gboolean reaches) {
  GtkWidget *box = sight_ui_dialog_box_new(ADW_WINDOW(self), make_header(self));
  gulong n = finding->rows->len;
  guint n_times = (guint)MIN(finding->n_times, G_MAXINT);
  g_autofree char *times = g_strdup_printf(ngettext("%u time", "%u times", n_times), n_times);
  g_autofree char *where = g_strdup_printf(ngettext("%s in %lu session", "%s in %lu sessions", n), times, n);
  self->title = add_label(box, finding->title, "title-2");
  self->says = add_label(box, where, NULL);
  self->asked = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
  gtk_box_append(GTK_BOX(box), self->asked);
  add_ways(self, reaches);
  self->running = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  self->bar = gtk_progress_bar_new();
  gtk_progress_bar_set_show_text(GTK_PROGRESS_BAR(self->bar), TRUE);
  gtk_box_append(GTK_BOX(self->running), self->bar);
  gtk_box_append(GTK_BOX(box), self->running);
  gtk_widget_set_visible(self->running, FALSE);
  self->certificate = gtk_button_new_with_mnemonic(_("_Save Certificate…"));
  gtk_widget_set_halign(self->certificate, GTK_ALIGN_START);
  gtk_widget_set_visible(self->certificate, FALSE);
  g_signal_connect_object(self->certificate, "clicked", G_CALLBACK(certify), self, G_CONNECT_SWAPPED);
  gtk_box_append(GTK_BOX(box), self->certificate);
  way_chosen(self);
}

static void dispose(GObject *object) {
  SightUiMaskDialog *self = SIGHT_UI_MASK_DIALOG(object);
  if (self->job != NULL)
    sight_ui_job_close(self->job);
  g_clear_object(&self->job);
  G_OBJECT_CLASS(sight_ui_mask_dialog_parent_class)->dispose(object);
}

static void sight_ui_mask_dialog_class_init(SightUiMaskDialogClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  GTK_WINDOW_CLASS(class)->close_request = close_request;
  gtk_widget_class_add_binding_action(GTK_WIDGET_CLASS(class), GDK_KEY_Escape, 0, "window.close", NULL);
  changed_signal =
      g_signal_new("changed", SIGHT_UI_TYPE_MASK_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void sight_ui_mask_dialog_init(SightUiMaskDialog *self) {
}

GtkWidget *sight_ui_mask_dialog_new(GtkWindow *parent, SightStore *store, const SightUiFinding *finding,
                                    gboolean reaches) {
  SightUiMaskDialog *self = g_object_new(SIGHT_UI_TYPE_MASK_DIALOG, "transient-for", parent, "modal", TRUE, "title",
                                         _("Mask or Erase"), "default-width", 520, "default-height", 440, NULL);
  Work *work = self->work = g_new0(Work, 1);
  work->store = g_object_ref(store);
  work->kind = finding->kind;
  work->selector = g_strdup(finding->selector);
  work->rows = g_array_ref(finding->rows);
  self->job = sight_ui_job_new(run, work, work_free);
  g_signal_connect_object(self->job, "changed", G_CALLBACK(progressed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->job, "ended", G_CALLBACK(ended), self, G_CONNECT_SWAPPED);
  build(self, finding, reaches);
  sight_ui_names_tidy(GTK_WIDGET(self));
  return GTK_WIDGET(self);
}

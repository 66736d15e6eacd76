/* SPDX-License-Identifier: MIT */
/* The verdict in words, and below it a row for each condition. */
#include "sight-ui-why-dialog.h"

#include "sight-filter.h"
#include "sight-ui-dialog-box.h"
#include "sight-ui-names.h"
#include "sight-ui-titles.h"
#include "sight-ui-why.h"

#include <glib/gi18n.h>

struct _SightUiWhyDialog {
  AdwWindow parent_instance;
  SightStore *store;
  SightUiTitles *titles;
  SightUiWhy *why; /* the last answer; or NULL */
  GCancellable *asking;
  gint64 row, endpoint;
  char *filter; /* of the window */
  GtkWidget *verdict, *entry, *parts, *none;
};

G_DEFINE_FINAL_TYPE(SightUiWhyDialog, sight_ui_why_dialog, ADW_TYPE_WINDOW)

enum { WATCH, LOOSEN, N_SIGNALS };
static guint signals[N_SIGNALS];

static gboolean asks_of_window(SightUiWhyDialog *self) {
  return g_str_equal(gtk_editable_get_text(GTK_EDITABLE(self->entry)), self->filter);
}

static const SightUiWhyPart *part_of(SightUiWhyDialog *self, GtkButton *button) {
  guint place = GPOINTER_TO_UINT(g_object_get_data(G_OBJECT(button), "place"));
  return self->why != NULL && place < self->why->parts->len ? self->why->parts->pdata[place] : NULL;
}

static void pressed(SightUiWhyDialog *self, GtkButton *button) {
  const SightUiWhyPart *part = part_of(self, button);
  if (part == NULL)
    return;
  if (part->met)
    g_signal_emit(self, signals[WATCH], 0, part->at_ms);
  else
    g_signal_emit(self, signals[LOOSEN], 0, part->condition);
  gtk_window_destroy(GTK_WINDOW(self));
}

static void add_button(SightUiWhyDialog *self, GtkWidget *row, guint place, const SightUiWhyPart *part) {
  gboolean leads = part->met ? part->at_ms >= 0 : part->condition != NULL && asks_of_window(self);
  if (!leads)
    return;
  GtkWidget *button =
      gtk_button_new_from_icon_name(part->met ? "media-playback-start-symbolic" : "edit-clear-symbolic");
  const char *name = part->met ? _("Watch This Moment") : _("Remove This Condition");
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text(button, name);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data(G_OBJECT(button), "place", GUINT_TO_POINTER(place));
  g_signal_connect_object(button, "clicked", G_CALLBACK(pressed), self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix(ADW_ACTION_ROW(row), button);
  adw_action_row_set_activatable_widget(ADW_ACTION_ROW(row), button);
}

static char *phrase_of(SightUiWhyDialog *self, const SightUiWhyPart *part) {
  if (part->phrase != NULL)
    return g_strdup(part->phrase);
  g_autoptr(SightFilter) filter = sight_filter_parse(part->condition, NULL, NULL);
  return filter != NULL ? sight_ui_titles_phrase(self->titles, filter) : g_strdup(part->condition);
}

static void add_part(SightUiWhyDialog *self, guint place, const SightUiWhyPart *part) {
  GtkWidget *row = adw_action_row_new();
  GtkWidget *icon = gtk_image_new_from_icon_name(part->met ? "object-select-symbolic" : "window-close-symbolic");
  g_autofree char *phrase = phrase_of(self, part);
  const char *met = part->met ? _("met") : _("not met");
  /* Translators: a condition, whether it is met, and where or why not; read out by screen readers */
  g_autofree char *name = g_strdup_printf(_("%s: %s. %s"), phrase, met, part->says);
  adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), phrase);
  adw_action_row_set_subtitle(ADW_ACTION_ROW(row), part->says);
  gtk_widget_add_css_class(row, "numeric");
  gtk_widget_add_css_class(icon, part->met ? "success" : "error");
  gtk_widget_set_tooltip_text(icon, met);
  gtk_accessible_update_property(GTK_ACCESSIBLE(icon), GTK_ACCESSIBLE_PROPERTY_LABEL, met, -1);
  gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  adw_action_row_add_prefix(ADW_ACTION_ROW(row), icon);
  add_button(self, row, place, part);
  gtk_list_box_append(GTK_LIST_BOX(self->parts), row);
}

static void clear_parts(SightUiWhyDialog *self) {
  GtkListBoxRow *row;
  while ((row = gtk_list_box_get_row_at_index(GTK_LIST_BOX(self->parts), 0)) != NULL)
    gtk_list_box_remove(GTK_LIST_BOX(self->parts), GTK_WIDGET(row));
}

static void show(SightUiWhyDialog *self) {
  if (self->why == NULL)
    return;
  guint n = self->why->parts->len;
  gtk_label_set_text(GTK_LABEL(self->verdict), self->why->matches ? _("It matches.") : _("It does not match."));
  clear_parts(self);
  for (guint i = 0; i < n; i++)
    add_part(self, i, self->why->parts->pdata[i]);
  gtk_widget_set_visible(self->parts, n > 0);
  gtk_widget_set_visible(self->none, n == 0);
  sight_ui_names_tidy(self->parts);
}

static void read_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiWhyDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(SightUiWhy) why = sight_ui_why_read_finish(result, &error);
  if (g_task_get_cancellable(G_TASK(result)) != self->asking)
    return;
  g_clear_object(&self->asking);
  if (why == NULL) {
    /* What it said before is about another filter. */
    clear_parts(self);
    gtk_widget_set_visible(self->parts, FALSE);
    gtk_widget_set_visible(self->none, FALSE);
    gtk_label_set_text(GTK_LABEL(self->verdict), error->message);
    return;
  }
  g_clear_pointer(&self->why, sight_ui_why_free);
  self->why = g_steal_pointer(&why);
  show(self);
}

static void ask(SightUiWhyDialog *self) {
  if (self->asking != NULL)
    g_cancellable_cancel(self->asking);
  g_clear_object(&self->asking);
  self->asking = g_cancellable_new();
  sight_ui_why_read_async(self->store, self->row, gtk_editable_get_text(GTK_EDITABLE(self->entry)),
                          asks_of_window(self) ? self->endpoint : 0, self->asking, read_cb, g_object_ref(self));
}

static GtkWidget *add_label(GtkWidget *box, const char *text, const char *style) {
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class(label, style);
  gtk_box_append(GTK_BOX(box), label);
  return label;
}

static GtkWidget *make_list(const char *name) {
  GtkWidget *list = gtk_list_box_new();
  gtk_list_box_set_selection_mode(GTK_LIST_BOX(list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class(list, "boxed-list");
  gtk_accessible_update_property(GTK_ACCESSIBLE(list), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return list;
}

static void build(SightUiWhyDialog *self) {
  GtkWidget *box = sight_ui_dialog_box_new(ADW_WINDOW(self), adw_header_bar_new());
  GtkWidget *fields = make_list(_("Filter"));
  self->verdict = add_label(box, _("Looking…"), "title-2");
  self->entry = adw_entry_row_new();
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(self->entry), _("Filter"));
  gtk_editable_set_text(GTK_EDITABLE(self->entry), self->filter);
  adw_entry_row_set_show_apply_button(ADW_ENTRY_ROW(self->entry), TRUE);
  g_signal_connect_object(self->entry, "apply", G_CALLBACK(ask), self, G_CONNECT_SWAPPED);
  gtk_list_box_append(GTK_LIST_BOX(fields), self->entry);
  gtk_box_append(GTK_BOX(box), fields);
  self->parts = make_list(_("Conditions"));
  gtk_widget_set_visible(self->parts, FALSE);
  gtk_box_append(GTK_BOX(box), self->parts);
  self->none = add_label(box, _("There is no condition: every session is listed."), "dim-label");
  gtk_widget_set_visible(self->none, FALSE);
}

static void dispose(GObject *object) {
  SightUiWhyDialog *self = SIGHT_UI_WHY_DIALOG(object);
  if (self->asking != NULL)
    g_cancellable_cancel(self->asking);
  g_clear_object(&self->asking);
  G_OBJECT_CLASS(sight_ui_why_dialog_parent_class)->dispose(object);
}

static void finalize(GObject *object) {
  SightUiWhyDialog *self = SIGHT_UI_WHY_DIALOG(object);
  g_clear_object(&self->titles);
  g_clear_object(&self->store);
  g_clear_pointer(&self->why, sight_ui_why_free);
  g_free(self->filter);
  G_OBJECT_CLASS(sight_ui_why_dialog_parent_class)->finalize(object);
}

static void sight_ui_why_dialog_class_init(SightUiWhyDialogClass *class) {
  GType type = SIGHT_UI_TYPE_WHY_DIALOG;
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
  gtk_widget_class_add_binding_action(GTK_WIDGET_CLASS(class), GDK_KEY_Escape, 0, "window.close", NULL);
  signals[WATCH] = g_signal_new("watch", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[LOOSEN] = g_signal_new("loosen", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void sight_ui_why_dialog_init(SightUiWhyDialog *self) {
}

GtkWidget *sight_ui_why_dialog_new(GtkWindow *parent, SightStore *store, gint64 row, const char *filter,
                                   gint64 endpoint) {
  SightUiWhyDialog *self =
      g_object_new(SIGHT_UI_TYPE_WHY_DIALOG, "transient-for", parent, "modal", TRUE, "title",
                   _("Why Is It in the List, or Not?"), "default-width", 560, "default-height", 480, NULL);
  self->store = g_object_ref(store);
  self->row = row;
  self->filter = g_strdup(filter);
  self->endpoint = endpoint;
  self->titles = sight_ui_titles_new(store);
  g_signal_connect_object(self->titles, "changed", G_CALLBACK(show), self, G_CONNECT_SWAPPED);
  build(self);
  ask(self);
  sight_ui_names_tidy(GTK_WIDGET(self));
  return GTK_WIDGET(self);
}

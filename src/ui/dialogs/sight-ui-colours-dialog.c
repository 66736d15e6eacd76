/* SPDX-License-Identifier: MIT */
/* A row for each colour: its name, what it looks like, and away with it. */
#include "sight-ui-colours-dialog.h"

#include "sight-note-table.h"
#include "sight-ui-dialog-box.h"
#include "sight-ui-names.h"

#include <glib/gi18n.h>
#include <string.h>

#define NEW_COLOUR "#77767b"

struct _SightUiColoursDialog {
  AdwWindow parent_instance;
  GtkWidget *save, *add, *list, *said; /* NULL once it is closed */
  gboolean saving;
  SightStore *store;
  gint64 endpoint;
};

G_DEFINE_FINAL_TYPE(SightUiColoursDialog, sight_ui_colours_dialog, ADW_TYPE_WINDOW)

static guint failed_signal;

typedef struct {
  SightUiColoursDialog *dialog; /* a reference */
  gint64 endpoint;
  char **colours;
} Work;

static void work_free(Work *work) {
  g_object_unref(work->dialog);
  g_strfreev(work->colours);
  g_free(work);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Work, work_free)

static GtkWidget *part_of(GtkWidget *row, const char *name) {
  return g_object_get_data(G_OBJECT(row), name);
}

/* What the rows say, each a pair; without those that have no name. */
static char **read_rows(SightUiColoursDialog *self) {
  g_autoptr(GStrvBuilder) pairs = g_strv_builder_new();
  for (GtkWidget *row = gtk_widget_get_first_child(self->list); row != NULL; row = gtk_widget_get_next_sibling(row)) {
    GdkRGBA rgba = {0};
    g_autofree char *name = g_strstrip(g_strdup(gtk_editable_get_text(GTK_EDITABLE(part_of(row, "name")))));
    if (*name == '\0')
      continue;
    gtk_color_chooser_get_rgba(GTK_COLOR_CHOOSER(part_of(row, "colour")), &rgba);
    g_autofree char *pair = g_strdup_printf("%s=#%02x%02x%02x", name, (unsigned)(rgba.red * 255 + 0.5f),
                                            (unsigned)(rgba.green * 255 + 0.5f), (unsigned)(rgba.blue * 255 + 0.5f));
    g_strv_builder_add(pairs, pair);
  }
  return g_strv_builder_end(pairs);
}

static gboolean write_colours(SightDb *db, gpointer user_data, GError **error) {
  Work *work = user_data;
  return sight_note_table_set_colours(db, work->endpoint, (const char *const *)work->colours, error);
}

static void tell(SightUiColoursDialog *self, const char *problem) {
  gtk_label_set_text(GTK_LABEL(self->said), problem);
  gtk_widget_set_visible(self->said, TRUE);
}

/* What is wrong with a name is said here, where it can be mended; what the store says, by whoever listens. */
static void written_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(Work) work = user_data;
  SightUiColoursDialog *self = work->dialog;
  g_autoptr(GError) error = NULL;
  gboolean done = sight_store_write_finish(SIGHT_STORE(source), result, &error);
  self->saving = FALSE;
  if (self->save == NULL)
    return;
  if (done) {
    gtk_window_destroy(GTK_WINDOW(self));
    return;
  }
  gtk_widget_set_sensitive(self->save, TRUE);
  if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) {
    g_signal_emit(self, failed_signal, 0, error->message);
    return;
  }
  tell(self, error->message);
}

static void save(SightUiColoursDialog *self) {
  if (!gtk_widget_get_sensitive(self->save))
    return;
  Work *work = g_new0(Work, 1);
  work->dialog = g_object_ref(self);
  work->endpoint = self->endpoint;
  work->colours = read_rows(self);
  self->saving = TRUE;
  gtk_widget_set_visible(self->said, FALSE);
  gtk_widget_set_sensitive(self->save, FALSE);
  sight_store_write_async(self->store, SIGHT_WRITE_DURABLE, write_colours, work, NULL, NULL, written_cb, work);
}

static void name_changed(GtkEditable *name, GtkWidget *remove) {
  g_autofree char *label = g_strdup_printf(_("Remove “%s”"), gtk_editable_get_text(name));
  GtkWidget *colour = g_object_get_data(G_OBJECT(remove), "colour");
  g_autofree char *named = g_strdup_printf(_("Colour “%s”"), gtk_editable_get_text(name));
  /* What has the keys is the button within. */
  gtk_accessible_update_property(GTK_ACCESSIBLE(gtk_widget_get_first_child(colour)), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 named, -1);
  gtk_accessible_update_property(GTK_ACCESSIBLE(remove), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void remove_row(GtkButton *button, GtkWidget *row) {
  gtk_list_box_remove(GTK_LIST_BOX(gtk_widget_get_parent(row)), row);
}

static GtkWidget *add_row(SightUiColoursDialog *self, const char *name, const char *value) {
  GtkWidget *row = gtk_list_box_row_new(), *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *entry = gtk_entry_new(), *remove = gtk_button_new_from_icon_name("user-trash-symbolic");
  GdkRGBA rgba = {0};
  gdk_rgba_parse(&rgba, value);
  GtkWidget *colour = gtk_color_button_new_with_rgba(&rgba);
  gtk_color_button_set_title(GTK_COLOR_BUTTON(colour), _("Colour"));
  gtk_editable_set_text(GTK_EDITABLE(entry), name);
  gtk_entry_set_max_length(GTK_ENTRY(entry), SIGHT_COLOUR_NAME_CHARS);
  gtk_entry_set_placeholder_text(GTK_ENTRY(entry), _("Name of the colour"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Name of the colour"), -1);
  gtk_widget_set_hexpand(entry, TRUE);
  gtk_widget_add_css_class(remove, "flat");
  gtk_widget_add_css_class(line, "colour-row");
  gtk_widget_set_tooltip_text(remove, _("Remove"));
  gtk_box_append(GTK_BOX(line), colour);
  gtk_box_append(GTK_BOX(line), entry);
  gtk_box_append(GTK_BOX(line), remove);
  gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), line);
  gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), FALSE);
  gtk_widget_set_focusable(row, FALSE);
  g_object_set_data(G_OBJECT(row), "name", entry);
  g_object_set_data(G_OBJECT(row), "colour", colour);
  g_object_set_data(G_OBJECT(remove), "colour", colour);
  g_signal_connect_object(entry, "changed", G_CALLBACK(name_changed), remove, 0);
  g_signal_connect_object(entry, "activate", G_CALLBACK(save), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(remove, "clicked", G_CALLBACK(remove_row), row, 0);
  name_changed(GTK_EDITABLE(entry), remove);
  gtk_list_box_append(GTK_LIST_BOX(self->list), row);
  return entry;
}

static void add_pressed(SightUiColoursDialog *self) {
  gtk_widget_grab_focus(add_row(self, "", NEW_COLOUR));
}

static gboolean read_colours(SightDb *db, gpointer user_data, GError **error) {
  Work *work = user_data;
  work->colours = sight_note_table_colours(db, work->endpoint, error);
  return work->colours != NULL;
}

/* Without them there is nothing to change: they would be replaced unseen. */
static void read_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(Work) work = user_data;
  SightUiColoursDialog *self = work->dialog;
  g_autoptr(GError) error = NULL;
  gboolean done = sight_store_read_finish(SIGHT_STORE(source), result, &error);
  if (self->save == NULL)
    return;
  if (!done) {
    tell(self, error->message);
    return;
  }
  for (guint i = 0; work->colours[i] != NULL; i++) {
    const char *value = strrchr(work->colours[i], '=');
    g_autofree char *name = g_strndup(work->colours[i], (gsize)(value - work->colours[i]));
    add_row(self, name, value + 1);
  }
  sight_ui_names_tidy(self->list);
  gtk_widget_set_sensitive(self->add, TRUE);
  gtk_widget_set_sensitive(self->save, TRUE);
}

/* What is being written cannot be taken back by closing it, and whether it was is still to be told. */
static gboolean close_request(GtkWindow *window) {
  return SIGHT_UI_COLOURS_DIALOG(window)->saving ||
         GTK_WINDOW_CLASS(sight_ui_colours_dialog_parent_class)->close_request(window);
}

static void dispose(GObject *object) {
  SightUiColoursDialog *self = SIGHT_UI_COLOURS_DIALOG(object);
  self->save = self->add = self->list = self->said = NULL;
  G_OBJECT_CLASS(sight_ui_colours_dialog_parent_class)->dispose(object);
}

static void finalize(GObject *object) {
  g_object_unref(SIGHT_UI_COLOURS_DIALOG(object)->store);
  G_OBJECT_CLASS(sight_ui_colours_dialog_parent_class)->finalize(object);
}

static void sight_ui_colours_dialog_class_init(SightUiColoursDialogClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
  GTK_WINDOW_CLASS(class)->close_request = close_request;
  gtk_widget_class_add_binding_action(GTK_WIDGET_CLASS(class), GDK_KEY_Escape, 0, "window.close", NULL);
  failed_signal = g_signal_new("failed", SIGHT_UI_TYPE_COLOURS_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 1, G_TYPE_STRING);
}

static GtkWidget *make_header(SightUiColoursDialog *self) {
  GtkWidget *header = adw_header_bar_new(), *cancel = gtk_button_new_with_mnemonic(_("_Cancel"));
  self->save = gtk_button_new_with_mnemonic(_("_Save"));
  gtk_widget_set_sensitive(self->save, FALSE);
  gtk_widget_add_css_class(self->save, "suggested-action");
  adw_header_bar_set_show_end_title_buttons(ADW_HEADER_BAR(header), FALSE);
  adw_header_bar_set_show_start_title_buttons(ADW_HEADER_BAR(header), FALSE);
  adw_header_bar_pack_start(ADW_HEADER_BAR(header), cancel);
  adw_header_bar_pack_end(ADW_HEADER_BAR(header), self->save);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(cancel), "window.close");
  g_signal_connect_object(self->save, "clicked", G_CALLBACK(save), self, G_CONNECT_SWAPPED);
  return header;
}

static void sight_ui_colours_dialog_init(SightUiColoursDialog *self) {
  GtkWidget *box = sight_ui_dialog_box_new(ADW_WINDOW(self), make_header(self));
  GtkWidget *add = self->add = gtk_button_new_with_mnemonic(_("_Add a Colour"));
  gtk_widget_set_sensitive(self->add, FALSE);
  self->list = gtk_list_box_new();
  gtk_list_box_set_selection_mode(GTK_LIST_BOX(self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class(self->list, "boxed-list");
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Colours of Tags"), -1);
  self->said = gtk_label_new(NULL);
  gtk_label_set_wrap(GTK_LABEL(self->said), TRUE);
  gtk_label_set_xalign(GTK_LABEL(self->said), 0);
  gtk_widget_set_visible(self->said, FALSE);
  gtk_widget_add_css_class(self->said, "error");
  gtk_widget_set_halign(add, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class(add, "pill");
  g_signal_connect_object(add, "clicked", G_CALLBACK(add_pressed), self, G_CONNECT_SWAPPED);
  gtk_box_append(GTK_BOX(box), self->said);
  gtk_box_append(GTK_BOX(box), self->list);
  gtk_box_append(GTK_BOX(box), add);
}

GtkWidget *sight_ui_colours_dialog_new(GtkWindow *parent, SightStore *store, gint64 endpoint) {
  SightUiColoursDialog *self =
      g_object_new(SIGHT_UI_TYPE_COLOURS_DIALOG, "transient-for", parent, "modal", TRUE, "title", _("Colours of Tags"),
                   "default-width", 420, "default-height", 480, NULL);
  self->store = g_object_ref(store);
  self->endpoint = endpoint;
  Work *work = g_new0(Work, 1);
  work->dialog = g_object_ref(self);
  work->endpoint = endpoint;
  sight_store_read_async(store, read_colours, work, NULL, NULL, read_cb, work);
  sight_ui_names_tidy(GTK_WIDGET(self));
  return GTK_WIDGET(self);
}

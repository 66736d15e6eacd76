/* SPDX-License-Identifier: MIT */
/* The slice and the budget of one collector, or the scope of another product. */
#include "sight-ui-slice-row.h"

#include "sight-scope.h"
#include "sight-source.h"

#include <glib/gi18n.h>
#include <inttypes.h>

#define MAX_GB 10000
#define GB ((gint64)1000 * 1000 * 1000)

struct _SightUiSliceRow {
  AdwExpanderRow parent_instance;
  SightStore *store;
  gint64 endpoint;
  const SightSourceKind *kind;
  GtkWidget *slice, *budget, *room;
};

G_DEFINE_FINAL_TYPE(SightUiSliceRow, sight_ui_slice_row, ADW_TYPE_EXPANDER_ROW)

/* What is written beside the main thread. */
typedef struct {
  gint64 endpoint;
  char *slice;   /* NULL: everything */
  gint64 budget; /* -1: not changed, and the slice is */
} Change;

static void change_free(gpointer data) {
  Change *change = data;
  g_free(change->slice);
  g_free(change);
}

static gboolean write_change(SightDb *db, gpointer user_data, GError **error) {
  const Change *change = user_data;
  return change->budget >= 0 ? sight_endpoint_table_set_budget(db, change->endpoint, change->budget, error)
                             : sight_endpoint_table_set_scope(db, change->endpoint, change->slice, error);
}

static void toast(SightUiSliceRow *self, const char *text) {
  GtkRoot *root = gtk_widget_get_root(GTK_WIDGET(self));
  g_autofree char *plain = g_markup_escape_text(text, -1);
  if (ADW_IS_PREFERENCES_WINDOW(root))
    adw_preferences_window_add_toast(ADW_PREFERENCES_WINDOW(root), adw_toast_new(plain));
}

static void written_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiSliceRow) self = user_data;
  g_autoptr(GError) error = NULL;
  if (!sight_store_write_finish(SIGHT_STORE(source), result, &error))
    toast(self, error->message);
}

static void change(SightUiSliceRow *self, const char *slice, gint64 budget) {
  Change *change = g_new0(Change, 1);
  change->endpoint = self->endpoint;
  change->slice = g_strdup(slice);
  change->budget = budget;
  sight_store_write_async(self->store, SIGHT_WRITE_DURABLE, write_change, change, change_free, NULL, written_cb,
                          g_object_ref(self));
}

/* Any filter, over what was found in sessions; else what a listing tells. */
static gboolean is_slice(const SightUiSliceRow *self) {
  return (self->kind->can & SIGHT_SOURCE_SLICES) != 0;
}

/* What is no filter is not taken, and stays to be mended. */
static void slice_applied(SightUiSliceRow *self) {
  g_autofree char *text = g_strstrip(g_strdup(gtk_editable_get_text(GTK_EDITABLE(self->slice))));
  g_autoptr(GError) error = NULL;
  g_autoptr(SightFilter) filter =
      is_slice(self) ? sight_filter_parse(text, NULL, &error) : sight_scope_parse(text, self->kind->tells, &error);
  if (filter == NULL) {
    gtk_widget_add_css_class(self->slice, "error");
    toast(self, error->message);
    return;
  }
  gtk_widget_remove_css_class(self->slice, "error");
  change(self, *text != '\0' ? text : NULL, -1);
}

static void budget_changed(SightUiSliceRow *self) {
  change(self, NULL, (gint64)gtk_spin_button_get_value_as_int(GTK_SPIN_BUTTON(self->budget)) * GB);
}

void sight_ui_slice_row_tell(SightUiSliceRow *self, const SightEndpoint *endpoint) {
  if (!is_slice(self)) {
    g_autofree char *keys = sight_scope_keys(self->kind->tells);
    /* Translators: a number of recordings on this computer, and names of keys of filters */
    g_autofree char *text =
        g_strdup_printf(_("Recordings here: %'" PRId64 ". What can be asked: %s"), endpoint->n_sessions, keys);
    adw_expander_row_set_subtitle(ADW_EXPANDER_ROW(self), text);
    return;
  }
  gint64 n_there = MAX(endpoint->n_there, endpoint->n_sessions);
  /* Translators: numbers of recordings on this computer, of sessions that are known here, and that the endpoint has */
  g_autofree char *text =
      g_strdup_printf(_("Recordings here: %'" PRId64 "; sessions known: %'" PRId64 "; at the endpoint: %'" PRId64),
                      endpoint->n_recordings, endpoint->n_sessions, n_there);
  adw_expander_row_set_subtitle(ADW_EXPANDER_ROW(self), text);
}

static void sight_ui_slice_row_dispose(GObject *object) {
  SightUiSliceRow *self = SIGHT_UI_SLICE_ROW(object);
  g_clear_object(&self->store);
  G_OBJECT_CLASS(sight_ui_slice_row_parent_class)->dispose(object);
}

static void sight_ui_slice_row_class_init(SightUiSliceRowClass *class) {
  G_OBJECT_CLASS(class)->dispose = sight_ui_slice_row_dispose;
}

static void sight_ui_slice_row_init(SightUiSliceRow *self) {
  self->room = adw_action_row_new();
  adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(self), FALSE);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(self), _("What Is Kept Here"));
  self->slice = adw_entry_row_new();
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(self->slice), _("Recordings that match (empty: all)"));
  adw_entry_row_set_show_apply_button(ADW_ENTRY_ROW(self->slice), TRUE);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(self->room), _("Gigabytes at most"));
  adw_action_row_set_subtitle(ADW_ACTION_ROW(self->room),
                              _("0: no bound. What was used last stays, and what has tags."));
  self->budget = gtk_spin_button_new_with_range(0, MAX_GB, 1);
  gtk_widget_set_valign(self->budget, GTK_ALIGN_CENTER);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->budget), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Gigabytes at most"),
                                 -1);
  adw_action_row_add_suffix(ADW_ACTION_ROW(self->room), self->budget);
  adw_expander_row_add_row(ADW_EXPANDER_ROW(self), self->slice);
  adw_expander_row_add_row(ADW_EXPANDER_ROW(self), self->room);
}

GtkWidget *sight_ui_slice_row_new(SightStore *store, const SightEndpoint *endpoint) {
  SightUiSliceRow *self = g_object_new(SIGHT_UI_TYPE_SLICE_ROW, NULL);
  self->store = g_object_ref(store);
  self->endpoint = endpoint->row;
  self->kind = sight_source_kind(endpoint->kind);
  if (!is_slice(self)) {
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(self->slice),
                                  _("Recordings that match (empty: those of the last 14 days)"));
    gtk_widget_set_visible(self->room, FALSE);
  }
  gtk_editable_set_text(GTK_EDITABLE(self->slice), endpoint->scope != NULL ? endpoint->scope : "");
  gtk_spin_button_set_value(GTK_SPIN_BUTTON(self->budget), (double)((endpoint->budget + GB - 1) / GB));
  sight_ui_slice_row_tell(self, endpoint);
  /* From now on by hand. */
  g_signal_connect_object(self->slice, "apply", G_CALLBACK(slice_applied), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->budget, "value-changed", G_CALLBACK(budget_changed), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET(self);
}

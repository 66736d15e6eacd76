/* SPDX-License-Identifier: MIT */
/* Filters with live counts: those that come with the program, and those that were saved. */
#include "sight-ui-sidebar.h"

#include "sight-ui-saved.h"
#include "sight-ui-settings.h"
#include "sight-ui-text.h"

#include <glib/gi18n.h>

/* What a row stands for. */
typedef enum {
  ROW_SAVED,  /* a filter that comes with the program */
  ROW_MORE,   /* shows the signals that occur nowhere, or hides them */
  ROW_FOLD,   /* shows what sessions can be narrowed by, or hides it */
  ROW_NARROW, /* begins a condition */
  ROW_OWN,    /* a filter that the analyst saved */
  ROW_TAG,    /* a label of the team's tags */
} RowKind;

typedef struct {
  RowKind kind;
  guint place; /* among the saved filters, the keys, the own filters, or the tags */
  GtkLabel *title, *count;
} Row;

static const struct {
  const char *title, *icon, *typed;
} keys[] = {
    {N_("When"), "x-office-calendar-symbolic", "started:"},   {N_("Page"), "sight-page-symbolic", "page:"},
    {N_("Device"), "computer-symbolic", "device:"},           {N_("Browser"), "web-browser-symbolic", "browser:"},
    {N_("Release"), "emblem-documents-symbolic", "release:"}, {N_("Variant"), "view-dual-symbolic", "variant."},
    {N_("Length"), "sight-waiting-symbolic", "length:"},      {N_("User"), "sight-user-symbolic", "user:"},
};

struct _SightUiSidebar {
  GtkWidget parent_instance;
  GtkWidget *scroller;
  GtkListBox *rows;
  SightUiLibrary *library;
  gboolean shows_all; /* also signals that occur nowhere */
  gboolean narrows;
};

G_DEFINE_FINAL_TYPE(SightUiSidebar, sight_ui_sidebar, GTK_TYPE_WIDGET)

static guint rename_signal;

static Row *row_of(GtkListBoxRow *row) {
  return g_object_get_data(G_OBJECT(row), "row");
}

static GtkListBoxRow *add_row(SightUiSidebar *self, RowKind kind, guint place, const char *title, const char *icon,
                              int at) {
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 9), *label = gtk_label_new(title);
  GtkWidget *count = gtk_label_new(NULL), *row = gtk_list_box_row_new(), *image = gtk_image_new_from_icon_name(icon);
  Row *data = g_new0(Row, 1);
  gtk_accessible_update_property(GTK_ACCESSIBLE(image), GTK_ACCESSIBLE_PROPERTY_LABEL, "", -1);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_lines(GTK_LABEL(label), 3);
  gtk_widget_set_hexpand(label, TRUE);
  gtk_widget_add_css_class(count, "dim-label");
  gtk_widget_add_css_class(count, "numeric");
  gtk_box_append(GTK_BOX(line), image);
  gtk_box_append(GTK_BOX(line), label);
  gtk_box_append(GTK_BOX(line), count);
  gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), line);
  *data = (Row){kind, place, GTK_LABEL(label), GTK_LABEL(count)};
  g_object_set_data_full(G_OBJECT(row), "row", data, g_free);
  gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_list_box_insert(self->rows, row, at);
  return GTK_LIST_BOX_ROW(row);
}

static GtkWidget *image_of(GtkListBoxRow *row) {
  return gtk_widget_get_first_child(gtk_list_box_row_get_child(row));
}

/* Headings */

static SightUiSavedGroup group_of(const Row *row) {
  guint n = 0;
  return row->kind == ROW_SAVED ? sight_ui_saved(&n)[row->place].group : SIGHT_UI_SAVED_NONE;
}

static const char *heading_of(const Row *row) {
  if (row->kind == ROW_OWN)
    return _("Saved");
  if (row->kind == ROW_TAG)
    return _("Tags");
  switch (group_of(row)) {
  case SIGHT_UI_SAVED_SIGNAL:
    return _("Signals");
  case SIGHT_UI_SAVED_TAG:
    return _("Tags");
  case SIGHT_UI_SAVED_TO_WATCH:
  case SIGHT_UI_SAVED_ALL:
  case SIGHT_UI_SAVED_COHORT:
  case SIGHT_UI_SAVED_NONE:
    break;
  }
  return NULL;
}

static void set_heading(GtkListBoxRow *row, GtkListBoxRow *before, gpointer user_data) {
  const char *title = heading_of(row_of(row));
  if (title == NULL || (before != NULL && g_strcmp0(heading_of(row_of(before)), title) == 0)) {
    gtk_list_box_row_set_header(row, NULL);
    return;
  }
  if (gtk_list_box_row_get_header(row) != NULL)
    return;
  GtkWidget *label = gtk_label_new(title);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_widget_add_css_class(label, "group-heading");
  gtk_list_box_row_set_header(row, label);
}

/* Activating */

static gboolean is_held(SightUiSidebar *self, GdkModifierType modifier) {
  GdkSeat *seat = gdk_display_get_default_seat(gtk_widget_get_display(GTK_WIDGET(self)));
  GdkDevice *keyboard = seat != NULL ? gdk_seat_get_keyboard(seat) : NULL;
  return keyboard != NULL && (gdk_device_get_modifier_state(keyboard) & modifier) != 0;
}

static void show(SightUiSidebar *self);

static void fold(SightUiSidebar *self, gboolean narrows) {
  GSettings *settings = sight_ui_settings_get();
  self->narrows = narrows;
  if (settings != NULL)
    g_settings_set_boolean(settings, "narrow-by", narrows);
  show(self);
}

static gboolean has_own(SightUiSidebar *self, guint place) {
  SightUiFilter *filter = sight_ui_library_get_filter(self->library);
  const char *text = sight_ui_own_filters_get_filter(sight_ui_library_get_own(self->library), place);
  return g_str_equal(sight_ui_filter_get_text(filter), text);
}

/* A saved filter is a whole sentence: it takes the place of the one that stands there, or joins it. */
static void toggle_own(SightUiSidebar *self, guint place) {
  SightUiFilter *filter = sight_ui_library_get_filter(self->library);
  const char *text = sight_ui_own_filters_get_filter(sight_ui_library_get_own(self->library), place);
  if (is_held(self, GDK_CONTROL_MASK))
    sight_ui_filter_add(filter, text, NULL, NULL);
  else
    sight_ui_filter_set(filter, has_own(self, place) ? "" : text, NULL, NULL);
}

/* Its row is there as long as it is. */
static const SightUiTagCount *tag_at(SightUiSidebar *self, guint place) {
  return sight_ui_library_get_counts(self->library)->tags->pdata[place];
}

static void activated(SightUiSidebar *self, GtkListBoxRow *list_row) {
  guint n = 0;
  const Row *row = row_of(list_row);
  switch (row->kind) {
  case ROW_SAVED:
    sight_ui_filter_toggle(sight_ui_library_get_filter(self->library), sight_ui_saved(&n)[row->place].filter,
                           is_held(self, GDK_CONTROL_MASK));
    break;
  case ROW_MORE:
    self->shows_all = !self->shows_all;
    show(self);
    break;
  case ROW_FOLD:
    fold(self, !self->narrows);
    break;
  case ROW_NARROW:
    gtk_widget_activate_action(GTK_WIDGET(self), "win.narrow-by", "s", keys[row->place].typed);
    break;
  case ROW_OWN:
    toggle_own(self, row->place);
    break;
  case ROW_TAG:
    sight_ui_filter_toggle(sight_ui_library_get_filter(self->library), tag_at(self, row->place)->filter,
                           is_held(self, GDK_CONTROL_MASK));
    break;
  }
}

/* Showing */

/* Churned has no count while nobody said what a success is. */
static gboolean is_counted(const SightUiCounts *counts, const SightUiSaved *saved) {
  return counts != NULL && (counts->has_key_actions || !g_str_equal(saved->filter, "churned"));
}

static void show_row(GtkListBoxRow *list_row, gint64 n, gboolean on) {
  const Row *row = row_of(list_row);
  g_autofree char *text = n >= 0 ? sight_ui_text_number(n) : g_strdup("–");
  g_autofree char *name = g_strdup_printf("%s, %s", gtk_label_get_text(row->title), text);
  gtk_label_set_text(row->count, text);
  gtk_accessible_update_property(GTK_ACCESSIBLE(list_row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_accessible_update_state(GTK_ACCESSIBLE(list_row), GTK_ACCESSIBLE_STATE_SELECTED, on, -1);
  if (on)
    gtk_widget_add_css_class(GTK_WIDGET(list_row), "on");
  else
    gtk_widget_remove_css_class(GTK_WIDGET(list_row), "on");
}

static gint64 count_of(SightUiSidebar *self, const Row *row) {
  const SightUiCounts *counts = sight_ui_library_get_counts(self->library);
  guint n = 0;
  if (row->kind == ROW_SAVED)
    return is_counted(counts, &sight_ui_saved(&n)[row->place]) ? counts->n_saved[row->place] : -1;
  gboolean known = row->kind == ROW_OWN && counts != NULL && row->place < counts->n_own->len;
  return known ? g_array_index(counts->n_own, gint64, row->place) : -1;
}

/* A kind of signal that occurs nowhere only stands there while it is in the sentence. */
static gboolean show_saved(SightUiSidebar *self, GtkListBoxRow *list_row) {
  guint n_saved = 0;
  const Row *row = row_of(list_row);
  const SightUiSaved *saved = &sight_ui_saved(&n_saved)[row->place];
  gint64 n = count_of(self, row);
  gboolean on = sight_ui_filter_has(sight_ui_library_get_filter(self->library), saved->filter);
  gboolean folded = saved->group == SIGHT_UI_SAVED_SIGNAL && n == 0 && !on;
  show_row(list_row, n, on);
  /* News are told where there are any. */
  gboolean idle = g_str_equal(saved->filter, "unread") && n <= 0 && !on;
  gtk_widget_set_visible(GTK_WIDGET(list_row), (!folded || self->shows_all) && !idle);
  return folded;
}

static void show_more(SightUiSidebar *self, GtkListBoxRow *row, guint n_folded) {
  g_autofree char *text = self->shows_all ? g_strdup(_("Fewer"))
                                          : /* TRANSLATORS: kinds of signals that occur nowhere */
                              g_strdup_printf(ngettext("%u more", "%u more", n_folded), n_folded);
  gtk_label_set_text(row_of(row)->title, text);
  gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_image_set_from_icon_name(GTK_IMAGE(image_of(row)), self->shows_all ? "pan-up-symbolic" : "pan-down-symbolic");
  gtk_widget_set_visible(GTK_WIDGET(row), n_folded > 0);
}

static gboolean has_tags(SightUiSidebar *self, const GPtrArray *tags) {
  guint n = 0;
  GtkListBoxRow *list_row;
  for (int i = 0; (list_row = gtk_list_box_get_row_at_index(self->rows, i)) != NULL; i++) {
    const Row *row = row_of(list_row);
    if (row->kind != ROW_TAG)
      continue;
    if (n >= tags->len || !g_str_equal(gtk_label_get_text(row->title), ((SightUiTagCount *)tags->pdata[n])->title))
      return FALSE;
    n++;
  }
  return n == tags->len;
}

/* They come last. Only where there are others now: who is in them stays there. */
static void add_tags(SightUiSidebar *self) {
  const SightUiCounts *counts = sight_ui_library_get_counts(self->library);
  GtkListBoxRow *row;
  if (counts == NULL || has_tags(self, counts->tags))
    return;
  for (int i = 0; (row = gtk_list_box_get_row_at_index(self->rows, i)) != NULL;) {
    if (row_of(row)->kind == ROW_TAG)
      gtk_list_box_remove(self->rows, GTK_WIDGET(row));
    else
      i++;
  }
  for (guint i = 0; i < counts->tags->len; i++)
    add_row(self, ROW_TAG, i, ((SightUiTagCount *)counts->tags->pdata[i])->title, "sight-tagged-symbolic", -1);
}

static void show(SightUiSidebar *self) {
  GtkListBoxRow *list_row, *more = NULL;
  guint n_folded = 0;
  add_tags(self);
  for (int i = 0; (list_row = gtk_list_box_get_row_at_index(self->rows, i)) != NULL; i++) {
    const Row *row = row_of(list_row);
    switch (row->kind) {
    case ROW_SAVED:
      n_folded += show_saved(self, list_row);
      break;
    case ROW_MORE:
      more = list_row;
      break;
    case ROW_FOLD:
      gtk_image_set_from_icon_name(GTK_IMAGE(image_of(list_row)),
                                   self->narrows ? "pan-down-symbolic" : "pan-end-symbolic");
      gtk_accessible_update_state(GTK_ACCESSIBLE(list_row), GTK_ACCESSIBLE_STATE_EXPANDED, self->narrows, -1);
      break;
    case ROW_NARROW:
      gtk_widget_set_visible(GTK_WIDGET(list_row), self->narrows);
      break;
    case ROW_OWN:
      show_row(list_row, count_of(self, row), has_own(self, row->place));
      break;
    case ROW_TAG:
      show_row(list_row, tag_at(self, row->place)->n,
               sight_ui_filter_has(sight_ui_library_get_filter(self->library), tag_at(self, row->place)->filter));
      break;
    }
  }
  show_more(self, more, n_folded);
}

/* Saved filters */

static void change_own(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiSidebar *self = user_data;
  SightUiOwnFilters *own = sight_ui_library_get_own(self->library);
  const char *name = g_action_get_name(G_ACTION(action));
  guint place = g_variant_get_uint32(parameter);
  if (place >= sight_ui_own_filters_get_n(own))
    return;
  if (g_str_equal(name, "rename"))
    g_signal_emit(self, rename_signal, 0, place);
  else if (g_str_equal(name, "remove"))
    sight_ui_own_filters_remove(own, place);
  else
    sight_ui_own_filters_move(own, place, g_str_equal(name, "up") ? -1 : 1);
}

static void add_item(GMenu *menu, const char *label, const char *action, guint place) {
  g_autoptr(GMenuItem) item = g_menu_item_new(label, NULL);
  g_menu_item_set_action_and_target(item, action, "u", place);
  g_menu_append_item(menu, item);
}

static void add_own(SightUiSidebar *self, guint place, guint n, int at) {
  SightUiOwnFilters *own = sight_ui_library_get_own(self->library);
  const char *title = sight_ui_own_filters_get_title(own, place);
  GtkListBoxRow *row = add_row(self, ROW_OWN, place, title, "starred-symbolic", at);
  GtkWidget *button = gtk_menu_button_new();
  g_autofree char *name = g_strdup_printf(_("Change “%s”"), title);
  g_autoptr(GMenu) menu = g_menu_new();
  add_item(menu, _("_Rename…"), "own.rename", place);
  if (place > 0)
    add_item(menu, _("Move _Up"), "own.up", place);
  if (place + 1 < n)
    add_item(menu, _("Move _Down"), "own.down", place);
  add_item(menu, _("_Delete"), "own.remove", place);
  gtk_menu_button_set_icon_name(GTK_MENU_BUTTON(button), "view-more-symbolic");
  gtk_menu_button_set_menu_model(GTK_MENU_BUTTON(button), G_MENU_MODEL(menu));
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_set_tooltip_text(button, name);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_box_append(GTK_BOX(gtk_list_box_row_get_child(row)), button);
  gtk_widget_set_tooltip_text(GTK_WIDGET(row), sight_ui_own_filters_get_filter(own, place));
}

/* They stand before the tags. */
static void own_changed(SightUiSidebar *self) {
  guint n = sight_ui_own_filters_get_n(sight_ui_library_get_own(self->library));
  GtkListBoxRow *row;
  int at = 0;
  for (int i = 0; (row = gtk_list_box_get_row_at_index(self->rows, i)) != NULL;) {
    if (row_of(row)->kind == ROW_OWN) {
      gtk_list_box_remove(self->rows, GTK_WIDGET(row));
      continue;
    }
    i++;
    if (group_of(row_of(row)) != SIGHT_UI_SAVED_TAG && row_of(row)->kind != ROW_TAG)
      at = i;
  }
  for (guint i = 0; i < n; i++)
    add_own(self, i, n, at + (int)i);
  show(self);
}

void sight_ui_sidebar_set_library(SightUiSidebar *self, SightUiLibrary *library) {
  g_return_if_fail(self->library == NULL);
  self->library = g_object_ref(library);
  g_signal_connect_object(library, "counted", G_CALLBACK(show), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(sight_ui_library_get_filter(library), "changed", G_CALLBACK(show), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(sight_ui_library_get_own(library), "changed", G_CALLBACK(own_changed), self,
                          G_CONNECT_SWAPPED);
  own_changed(self);
}

/* The row that is in the sentence, else the first. */
static gboolean focus_rows(SightUiSidebar *self) {
  GtkListBoxRow *row;
  for (int i = 0; (row = gtk_list_box_get_row_at_index(self->rows, i)) != NULL; i++) {
    if (gtk_widget_has_css_class(GTK_WIDGET(row), "on") && gtk_widget_get_visible(GTK_WIDGET(row)))
      return gtk_widget_grab_focus(GTK_WIDGET(row));
  }
  row = gtk_list_box_get_row_at_index(self->rows, 0);
  return row != NULL && gtk_widget_grab_focus(GTK_WIDGET(row));
}

/* GtkListBox lets Tab run through its rows. */
static gboolean focus(GtkWidget *widget, GtkDirectionType direction) {
  SightUiSidebar *self = SIGHT_UI_SIDEBAR(widget);
  gboolean inside = gtk_widget_get_focus_child(GTK_WIDGET(self->rows)) != NULL;
  if (direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD)
    return !inside && focus_rows(self);
  return GTK_WIDGET_CLASS(sight_ui_sidebar_parent_class)->focus(widget, direction);
}

static void dispose(GObject *object) {
  SightUiSidebar *self = SIGHT_UI_SIDEBAR(object);
  g_clear_object(&self->library);
  gtk_widget_dispose_template(GTK_WIDGET(object), SIGHT_UI_TYPE_SIDEBAR);
  G_OBJECT_CLASS(sight_ui_sidebar_parent_class)->dispose(object);
}

static void sight_ui_sidebar_class_init(SightUiSidebarClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  widget_class->focus = focus;
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/io/github/sessionsight/SessionSight/library/sight-ui-sidebar.ui");
  gtk_widget_class_bind_template_child(widget_class, SightUiSidebar, scroller);
  gtk_widget_class_bind_template_child(widget_class, SightUiSidebar, rows);
  gtk_widget_class_set_css_name(widget_class, "sidebar-pane");
  rename_signal = g_signal_new("rename", SIGHT_UI_TYPE_SIDEBAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                               G_TYPE_UINT);
}

/* Signals, then what they can be narrowed by, then tags. */
static void add_rows(SightUiSidebar *self) {
  guint n = 0;
  const SightUiSaved *saved = sight_ui_saved(&n);
  for (guint i = 0; i < n; i++) {
    if (saved[i].group == SIGHT_UI_SAVED_TAG) {
      add_row(self, ROW_MORE, 0, "", "pan-down-symbolic", -1);
      gtk_widget_add_css_class(GTK_WIDGET(add_row(self, ROW_FOLD, 0, _("Narrow by"), "pan-end-symbolic", -1)), "fold");
      for (guint k = 0; k < G_N_ELEMENTS(keys); k++)
        add_row(self, ROW_NARROW, k, _(keys[k].title), keys[k].icon, -1);
    }
    GtkListBoxRow *row = add_row(self, ROW_SAVED, i, saved[i].title, saved[i].icon, -1);
    if (saved[i].signal >= 0)
      gtk_widget_add_css_class(image_of(row), sight_signal_kind_name((SightSignalKind)saved[i].signal));
  }
}

static void sight_ui_sidebar_init(SightUiSidebar *self) {
  static const GActionEntry entries[] = {{"rename", change_own, "u", NULL, NULL, {0}},
                                         {"up", change_own, "u", NULL, NULL, {0}},
                                         {"down", change_own, "u", NULL, NULL, {0}},
                                         {"remove", change_own, "u", NULL, NULL, {0}}};
  GSettings *settings = sight_ui_settings_get();
  g_autoptr(GSimpleActionGroup) group = g_simple_action_group_new();
  gtk_widget_init_template(GTK_WIDGET(self));
  self->narrows = settings != NULL && g_settings_get_boolean(settings, "narrow-by");
  g_action_map_add_action_entries(G_ACTION_MAP(group), entries, G_N_ELEMENTS(entries), self);
  gtk_widget_insert_action_group(GTK_WIDGET(self), "own", G_ACTION_GROUP(group));
  gtk_list_box_set_header_func(self->rows, set_heading, NULL, NULL);
  add_rows(self);
  g_signal_connect_object(self->rows, "row-activated", G_CALLBACK(activated), self, G_CONNECT_SWAPPED);
}

/* SPDX-License-Identifier: MIT */
/* The entry of the filter bar and its completion. The keys stay in the entry while a row is chosen. */
#include "sight-ui-filter-entry.h"

#include "sight-ui-saved.h"
#include "sight-ui-text.h"

#include <glib/gi18n.h>
#include <string.h>

#define ROWS_HEIGHT_PX 420

struct _SightUiFilterEntry {
  GtkWidget parent_instance;
  GtkWidget *entry, *popover;
  GtkListBox *rows;
  GtkAdjustment *scroll; /* of the rows; borrowed */
  SightUiFilter *filter;
  SightUiCompletion *completion;
  char *taken;     /* a condition that became text, to be put back by Escape; or NULL */
  char *rest;      /* the sentence without it */
  gboolean chosen; /* a row was gone to by key */
};

G_DEFINE_FINAL_TYPE(SightUiFilterEntry, sight_ui_filter_entry, GTK_TYPE_WIDGET)

enum { ENTERED, LEFT, PROBLEM, N_SIGNALS };
static guint signals[N_SIGNALS];

static const char *typed_text(SightUiFilterEntry *self) {
  return gtk_editable_get_text(GTK_EDITABLE(self->entry));
}

static void type_text(SightUiFilterEntry *self, const char *text) {
  gtk_editable_set_text(GTK_EDITABLE(self->entry), text);
  gtk_editable_set_position(GTK_EDITABLE(self->entry), -1);
}

static void close_rows(SightUiFilterEntry *self) {
  gtk_popover_popdown(GTK_POPOVER(self->popover));
  self->chosen = FALSE;
}

static void tell_problem(SightUiFilterEntry *self, const char *text) {
  if (text != NULL)
    gtk_widget_add_css_class(self->entry, "error");
  else
    gtk_widget_remove_css_class(self->entry, "error");
  g_signal_emit(self, signals[PROBLEM], 0, text);
}

/* FALSE: it is no filter; the cursor stands where it goes wrong. */
static gboolean add(SightUiFilterEntry *self, const char *text) {
  g_autoptr(GError) error = NULL;
  gsize at = 0;
  if (!sight_ui_filter_add(self->filter, text, &at, &error)) {
    close_rows(self);
    tell_problem(self, error->message);
    at = MIN(at, strlen(text));
    gtk_editable_set_position(GTK_EDITABLE(self->entry), (int)g_utf8_strlen(text, (gssize)at));
    return FALSE;
  }
  g_clear_pointer(&self->taken, g_free);
  type_text(self, "");
  close_rows(self);
  g_signal_emit(self, signals[ENTERED], 0);
  return TRUE;
}

/* Whether a key says enough alone: those of the sidebar do. */
static gboolean says_enough(const SightCompletion *found) {
  const SightField *field = sight_field_find(found->insert, strcspn(found->insert, ":"), FALSE);
  return found->kind == SIGHT_COMPLETION_KEY && field != NULL && sight_ui_saved_group(field) != SIGHT_UI_SAVED_NONE;
}

/* A key that wants a value is gone on with. */
static void take_row(SightUiFilterEntry *self, guint row) {
  g_autofree char *text = sight_ui_completion_apply(self->completion, row);
  gboolean open = g_str_has_suffix(text, ":");
  if (open && says_enough(sight_ui_completion_get_rows(self->completion)->pdata[row])) {
    text[strlen(text) - 1] = '\0';
    open = FALSE;
  }
  self->chosen = FALSE;
  if (open)
    type_text(self, text);
  else
    add(self, text);
}

/* What is typed as the beginning of a key is meant as that key; anything else is taken as it stands. */
static gboolean means_first_row(SightUiFilterEntry *self) {
  GPtrArray *rows = sight_ui_completion_get_rows(self->completion);
  const SightCompletion *first = rows->len > 0 ? rows->pdata[0] : NULL;
  const char *word = typed_text(self);
  return gtk_widget_get_visible(self->popover) && first != NULL && first->kind == SIGHT_COMPLETION_KEY &&
         strpbrk(word, " :\"[(") == NULL && g_str_has_prefix(first->insert, *word == '-' ? word + 1 : word);
}

static void activated(SightUiFilterEntry *self) {
  GtkListBoxRow *row = gtk_list_box_get_selected_row(self->rows);
  if (gtk_widget_get_visible(self->popover) && self->chosen && row != NULL)
    take_row(self, (guint)gtk_list_box_row_get_index(row));
  else if (*typed_text(self) == '\0')
    g_signal_emit(self, signals[ENTERED], 0);
  else if (means_first_row(self))
    take_row(self, 0);
  else
    add(self, typed_text(self));
}

static void changed(SightUiFilterEntry *self) {
  tell_problem(self, NULL);
  self->chosen = FALSE;
  if (*typed_text(self) == '\0')
    close_rows(self);
  else
    sight_ui_completion_ask(self->completion, typed_text(self));
}

static GtkWidget *make_row(const SightCompletion *found) {
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *title = gtk_label_new(found->title), *insert = gtk_label_new(found->insert), *count = gtk_label_new(NULL);
  g_autofree char *number = found->count >= 0 ? sight_ui_text_number(found->count) : g_strdup("");
  gtk_label_set_xalign(GTK_LABEL(title), 0);
  gtk_label_set_ellipsize(GTK_LABEL(title), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars(GTK_LABEL(title), 36);
  gtk_widget_set_hexpand(title, TRUE);
  gtk_label_set_ellipsize(GTK_LABEL(insert), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars(GTK_LABEL(insert), 24);
  gtk_widget_add_css_class(insert, "dim-label");
  gtk_label_set_text(GTK_LABEL(count), number);
  gtk_label_set_width_chars(GTK_LABEL(count), 4);
  gtk_label_set_xalign(GTK_LABEL(count), 1);
  gtk_widget_add_css_class(count, "numeric");
  gtk_box_append(GTK_BOX(line), title);
  gtk_box_append(GTK_BOX(line), insert);
  gtk_box_append(GTK_BOX(line), count);
  GtkWidget *row = gtk_list_box_row_new();
  gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), line);
  gtk_widget_set_focusable(row, FALSE);
  g_autofree char *name = g_strdup_printf("%s, %s, %s", found->title, found->insert, number);
  gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return row;
}

static void listed(SightUiFilterEntry *self) {
  GPtrArray *rows = sight_ui_completion_get_rows(self->completion);
  GtkListBoxRow *row;
  while ((row = gtk_list_box_get_row_at_index(self->rows, 0)) != NULL)
    gtk_list_box_remove(self->rows, GTK_WIDGET(row));
  for (guint i = 0; i < rows->len; i++)
    gtk_list_box_append(self->rows, make_row(rows->pdata[i]));
  if (rows->len == 0 || gtk_widget_get_focus_child(self->entry) == NULL)
    close_rows(self);
  else
    gtk_popover_popup(GTK_POPOVER(self->popover));
}

/* The focus stays in the entry, so that nothing else brings the row into sight. */
static void scroll_to(SightUiFilterEntry *self, GtkListBoxRow *row) {
  graphene_rect_t place;
  if (row != NULL && gtk_widget_compute_bounds(GTK_WIDGET(row), GTK_WIDGET(self->rows), &place))
    gtk_adjustment_clamp_page(self->scroll, place.origin.y, place.origin.y + place.size.height);
}

static void go_to_row(SightUiFilterEntry *self, int direction) {
  GtkListBoxRow *row = gtk_list_box_get_selected_row(self->rows);
  int next = row != NULL ? gtk_list_box_row_get_index(row) + direction : direction > 0 ? 0 : -1;
  GtkListBoxRow *there = gtk_list_box_get_row_at_index(self->rows, next);
  if (there == NULL && next > 0)
    return;
  gtk_list_box_select_row(self->rows, there);
  scroll_to(self, there);
  self->chosen = next >= 0;
}

/* Unless the sentence became another one meanwhile: it is none of its conditions. */
static void put_back(SightUiFilterEntry *self) {
  g_autofree char *taken = g_steal_pointer(&self->taken);
  if (taken != NULL && g_strcmp0(self->rest, sight_ui_filter_get_text(self->filter)) == 0)
    sight_ui_filter_add(self->filter, taken, NULL, NULL);
}

/* The last part of the sentence goes where there is nothing else to take back. */
static gboolean take_last(SightUiFilterEntry *self) {
  guint n = sight_ui_filter_n_parts(self->filter);
  if (*typed_text(self) != '\0' || n == 0)
    return GDK_EVENT_PROPAGATE;
  g_autofree char *rest = sight_ui_filter_without(self->filter, n - 1);
  sight_ui_filter_set(self->filter, rest, NULL, NULL);
  return GDK_EVENT_STOP;
}

static void leave(SightUiFilterEntry *self) {
  gboolean was_typed = *typed_text(self) != '\0' || gtk_widget_get_visible(self->popover);
  type_text(self, "");
  close_rows(self);
  put_back(self);
  if (!was_typed)
    g_signal_emit(self, signals[LEFT], 0);
}

static gboolean pressed(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
                        SightUiFilterEntry *self) {
  gboolean open = gtk_widget_get_visible(self->popover);
  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  switch (key) {
  case GDK_KEY_Down:
    if (open)
      go_to_row(self, 1);
    else
      sight_ui_completion_ask(self->completion, typed_text(self));
    return GDK_EVENT_STOP;
  case GDK_KEY_Up:
    if (open)
      go_to_row(self, -1);
    return GDK_EVENT_STOP;
  case GDK_KEY_BackSpace:
    return take_last(self);
  case GDK_KEY_Escape:
    leave(self);
    return GDK_EVENT_STOP;
  default:
    return GDK_EVENT_PROPAGATE;
  }
}

static void row_activated(SightUiFilterEntry *self, GtkListBoxRow *row) {
  take_row(self, (guint)gtk_list_box_row_get_index(row));
}

static void unfocused(SightUiFilterEntry *self) {
  close_rows(self);
}

void sight_ui_filter_entry_set_filter(SightUiFilterEntry *self, SightUiFilter *filter, SightStore *store) {
  g_return_if_fail(self->filter == NULL);
  self->filter = g_object_ref(filter);
  self->completion = sight_ui_completion_new(store, filter);
  g_signal_connect_object(self->completion, "listed", G_CALLBACK(listed), self, G_CONNECT_SWAPPED);
}

void sight_ui_filter_entry_edit(SightUiFilterEntry *self, const char *part, const char *typed) {
  gtk_entry_grab_focus_without_selecting(GTK_ENTRY(self->entry));
  put_back(self);
  if (part != NULL && sight_ui_filter_remove(self->filter, part)) {
    self->taken = g_strdup(part);
    g_free(self->rest);
    self->rest = g_strdup(sight_ui_filter_get_text(self->filter));
  }
  type_text(self, typed);
}

void sight_ui_filter_entry_focus(SightUiFilterEntry *self) {
  gtk_widget_grab_focus(self->entry);
}

static void size_allocate(GtkWidget *widget, int width, int height, int baseline) {
  SightUiFilterEntry *self = SIGHT_UI_FILTER_ENTRY(widget);
  gtk_widget_allocate(self->entry, width, height, baseline, NULL);
  gtk_popover_present(GTK_POPOVER(self->popover));
}

static void measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                    int *minimum_baseline, int *natural_baseline) {
  gtk_widget_measure(SIGHT_UI_FILTER_ENTRY(widget)->entry, orientation, for_size, minimum, natural, minimum_baseline,
                     natural_baseline);
}

static void dispose(GObject *object) {
  SightUiFilterEntry *self = SIGHT_UI_FILTER_ENTRY(object);
  g_clear_pointer(&self->popover, gtk_widget_unparent);
  g_clear_pointer(&self->entry, gtk_widget_unparent);
  g_clear_object(&self->completion);
  g_clear_pointer(&self->taken, g_free);
  g_clear_pointer(&self->rest, g_free);
  g_clear_object(&self->filter);
  G_OBJECT_CLASS(sight_ui_filter_entry_parent_class)->dispose(object);
}

static void sight_ui_filter_entry_class_init(SightUiFilterEntryClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  widget_class->size_allocate = size_allocate;
  widget_class->measure = measure;
  GType type = SIGHT_UI_TYPE_FILTER_ENTRY;
  signals[ENTERED] = g_signal_new("entered", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[LEFT] = g_signal_new("left", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[PROBLEM] =
      g_signal_new("problem", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_css_name(widget_class, "filter-entry");
}

static void make_popover(SightUiFilterEntry *self) {
  self->rows = GTK_LIST_BOX(gtk_list_box_new());
  gtk_list_box_set_selection_mode(self->rows, GTK_SELECTION_SINGLE);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->rows), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Conditions"), -1);
  gtk_widget_add_css_class(GTK_WIDGET(self->rows), "completions");
  self->popover = gtk_popover_new();
  gtk_popover_set_autohide(GTK_POPOVER(self->popover), FALSE);
  gtk_popover_set_has_arrow(GTK_POPOVER(self->popover), FALSE);
  gtk_widget_set_halign(self->popover, GTK_ALIGN_START);
  gtk_widget_add_css_class(self->popover, "menu");
  GtkWidget *scroller = gtk_scrolled_window_new();
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height(GTK_SCROLLED_WINDOW(scroller), TRUE);
  gtk_scrolled_window_set_max_content_height(GTK_SCROLLED_WINDOW(scroller), ROWS_HEIGHT_PX);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), GTK_WIDGET(self->rows));
  self->scroll = gtk_scrolled_window_get_vadjustment(GTK_SCROLLED_WINDOW(scroller));
  gtk_popover_set_child(GTK_POPOVER(self->popover), scroller);
  gtk_widget_set_parent(self->popover, GTK_WIDGET(self));
  g_signal_connect_object(self->rows, "row-activated", G_CALLBACK(row_activated), self, G_CONNECT_SWAPPED);
}

static void sight_ui_filter_entry_init(SightUiFilterEntry *self) {
  self->entry = gtk_entry_new();
  gtk_entry_set_placeholder_text(GTK_ENTRY(self->entry), _("Type a condition…"));
  gtk_editable_set_width_chars(GTK_EDITABLE(self->entry), 10);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Add a condition"), -1);
  gtk_widget_set_parent(self->entry, GTK_WIDGET(self));
  make_popover(self);
  g_signal_connect_object(self->entry, "changed", G_CALLBACK(changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->entry, "activate", G_CALLBACK(activated), self, G_CONNECT_SWAPPED);
  GtkEventController *keys = gtk_event_controller_key_new();
  gtk_event_controller_set_propagation_phase(keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object(keys, "key-pressed", G_CALLBACK(pressed), self, 0);
  gtk_widget_add_controller(self->entry, keys);
  GtkEventController *focus = gtk_event_controller_focus_new();
  g_signal_connect_object(focus, "leave", G_CALLBACK(unfocused), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller(self->entry, focus);
}

GtkWidget *sight_ui_filter_entry_new(void) {
  return g_object_new(SIGHT_UI_TYPE_FILTER_ENTRY, NULL);
}

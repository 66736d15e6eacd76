/* SPDX-License-Identifier: MIT */
/* An element: what it is called, what it has, and when it was there and clicked. */
#include "sight-ui-element-page.h"

#include "sight-ui-moment-page.h"
#include "sight-ui-text.h"

#include <glib/gi18n.h>

#define ATTRIBUTES_HEIGHT 160

struct _SightUiElementPage {
  GtkWidget parent_instance;
  GtkWidget *box, *close;
  GtkLabel *title, *selector, *text, *attributes;
  GtkWidget *attributes_scroll;
  SightUiMomentPage *moments;
};

G_DEFINE_FINAL_TYPE(SightUiElementPage, sight_ui_element_page, GTK_TYPE_WIDGET)

enum { CHOSEN, CLOSED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void add_moment(GArray *moments, gint64 at_ms, const char *icon, const char *title, char *detail) {
  SightUiMomentData data = {at_ms, at_ms, icon, NULL, g_strdup(title), detail, -1, FALSE, NULL, NULL};
  g_array_append_val(moments, data);
}

static GArray *moments_of(const SightUiElement *element, gint64 started_ms) {
  GArray *moments = sight_ui_moments_array_new();
  guint n_clicks = element->clicks->len, i = 0;
  for (; i < n_clicks && g_array_index(element->clicks, gint64, i) < element->since_ms; i++)
    add_moment(moments, g_array_index(element->clicks, gint64, i) - started_ms, "sight-click-symbolic", _("Clicked"),
               g_strdup(_("The same element, before")));
  add_moment(moments, element->since_ms - started_ms, "sight-page-symbolic", _("Here since then"), NULL);
  for (; i < n_clicks; i++)
    add_moment(moments, g_array_index(element->clicks, gint64, i) - started_ms, "sight-click-symbolic", _("Clicked"),
               NULL);
  return moments;
}

static void show_text(GtkLabel *label, const char *tainted_text) {
  g_autofree char *text = sight_ui_text_isolate(tainted_text);
  gtk_label_set_text(label, text);
  gtk_widget_set_visible(GTK_WIDGET(label), tainted_text != NULL && *tainted_text != '\0');
}

void sight_ui_element_page_show(SightUiElementPage *self, const SightUiElement *element, gint64 started_ms) {
  g_autofree char *tag = g_strdup_printf("<%s>", element->tag);
  g_autoptr(GString) attributes = g_string_new(NULL);
  for (guint i = 0; i < element->attributes->len; i++) {
    const SightUiAttribute *attribute = g_ptr_array_index(element->attributes, i);
    g_autofree char *value = sight_ui_text_isolate(attribute->value);
    g_string_append_printf(attributes, *attribute->value != '\0' ? "%s%s = %s" : "%s%s", i > 0 ? "\n" : "",
                           attribute->name, value);
  }
  show_text(self->title, tag);
  gtk_label_set_text(self->selector, element->selector);
  show_text(self->text, element->text);
  gtk_label_set_text(self->attributes, attributes->str);
  gtk_widget_set_visible(self->attributes_scroll, attributes->len > 0);
  sight_ui_moments_take(sight_ui_moment_page_get_moments(self->moments), moments_of(element, started_ms));
}

void sight_ui_element_page_follow(SightUiElementPage *self, gint64 time_ms) {
  sight_ui_moment_page_follow(self->moments, time_ms);
}

static void chosen(SightUiElementPage *self, gint64 at_ms) {
  g_signal_emit(self, signals[CHOSEN], 0, at_ms);
}

static void closed(SightUiElementPage *self) {
  g_signal_emit(self, signals[CLOSED], 0);
}

static void copy(SightUiElementPage *self) {
  gdk_clipboard_set_text(gtk_widget_get_clipboard(GTK_WIDGET(self)), gtk_label_get_text(self->selector));
}

static void dispose(GObject *object) {
  g_clear_pointer(&SIGHT_UI_ELEMENT_PAGE(object)->box, gtk_widget_unparent);
  G_OBJECT_CLASS(sight_ui_element_page_parent_class)->dispose(object);
}

static void sight_ui_element_page_class_init(SightUiElementPageClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name(GTK_WIDGET_CLASS(class), "element-page");
  signals[CHOSEN] = g_signal_new("chosen", SIGHT_UI_TYPE_ELEMENT_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[CLOSED] =
      g_signal_new("closed", SIGHT_UI_TYPE_ELEMENT_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static GtkLabel *new_label(const char *style) {
  GtkWidget *label = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable(GTK_LABEL(label), TRUE);
  gtk_widget_set_can_focus(label, FALSE);
  gtk_widget_set_hexpand(label, TRUE);
  gtk_widget_add_css_class(label, style);
  return GTK_LABEL(label);
}

static GtkWidget *new_button(const char *icon, const char *name, GCallback callback, SightUiElementPage *self) {
  GtkWidget *button = gtk_button_new_from_icon_name(icon);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_set_valign(button, GTK_ALIGN_START);
  gtk_widget_set_tooltip_text(button, name);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_object(button, "clicked", callback, self, G_CONNECT_SWAPPED);
  return button;
}

static GtkWidget *new_line(GtkLabel *label, GtkWidget *button) {
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_box_append(GTK_BOX(line), GTK_WIDGET(label));
  gtk_box_append(GTK_BOX(line), button);
  return line;
}

static void sight_ui_element_page_init(SightUiElementPage *self) {
  GtkWidget *facts = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  gtk_widget_add_css_class(facts, "element-facts");
  self->title = new_label("heading");
  self->selector = new_label("monospace");
  self->text = new_label("element-text");
  gtk_label_set_lines(self->text, 3);
  gtk_label_set_ellipsize(self->text, PANGO_ELLIPSIZE_END);
  self->attributes = new_label("element-attributes");
  self->close = new_button("window-close-symbolic", _("Close"), G_CALLBACK(closed), self);
  self->attributes_scroll = gtk_scrolled_window_new();
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(self->attributes_scroll), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height(GTK_SCROLLED_WINDOW(self->attributes_scroll), TRUE);
  gtk_scrolled_window_set_max_content_height(GTK_SCROLLED_WINDOW(self->attributes_scroll), ATTRIBUTES_HEIGHT);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(self->attributes_scroll), GTK_WIDGET(self->attributes));
  gtk_box_append(GTK_BOX(facts), new_line(self->title, self->close));
  gtk_box_append(GTK_BOX(facts), GTK_WIDGET(self->text));
  gtk_box_append(GTK_BOX(facts), new_line(self->selector, new_button("edit-copy-symbolic", _("Copy the selector"),
                                                                     G_CALLBACK(copy), self)));
  gtk_box_append(GTK_BOX(facts), self->attributes_scroll);
  self->moments =
      SIGHT_UI_MOMENT_PAGE(sight_ui_moment_page_new(_("Moments of the element"), "sight-click-symbolic", ""));
  gtk_widget_set_vexpand(GTK_WIDGET(self->moments), TRUE);
  g_signal_connect_object(self->moments, "chosen", G_CALLBACK(chosen), self, G_CONNECT_SWAPPED);
  gtk_box_append(GTK_BOX(self->box), facts);
  gtk_box_append(GTK_BOX(self->box), gtk_separator_new(GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append(GTK_BOX(self->box), GTK_WIDGET(self->moments));
}

GtkWidget *sight_ui_element_page_new(void) {
  return g_object_new(SIGHT_UI_TYPE_ELEMENT_PAGE, NULL);
}

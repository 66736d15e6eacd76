/* SPDX-License-Identifier: MIT */
/* Tagging a moment. */
#include "sight-ui-tag-popover.h"

#include "sight-ui-names.h"
#include "sight-ui-player.h"

#include <glib/gi18n.h>

#define MAX_TAG_CHARS 200

struct _SightUiTagPopover {
  GtkPopover parent_instance;
  GtkLabel *title;
  GtkWidget *entry, *button;
  gint64 at_ms;
};

G_DEFINE_FINAL_TYPE(SightUiTagPopover, sight_ui_tag_popover, GTK_TYPE_POPOVER)

static guint tagged_signal;

static char *get_text(SightUiTagPopover *self) {
  return g_strstrip(g_strdup(gtk_editable_get_text(GTK_EDITABLE(self->entry))));
}

static void typed(SightUiTagPopover *self) {
  g_autofree char *text = get_text(self);
  gtk_widget_set_sensitive(self->button, *text != '\0');
}

static void entered(SightUiTagPopover *self) {
  g_autofree char *text = get_text(self);
  if (*text == '\0')
    return;
  gtk_popover_popdown(GTK_POPOVER(self));
  g_signal_emit(self, tagged_signal, 0, text, self->at_ms);
}

static void sight_ui_tag_popover_class_init(SightUiTagPopoverClass *class) {
  tagged_signal = g_signal_new("tagged", SIGHT_UI_TYPE_TAG_POPOVER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                               2, G_TYPE_STRING, G_TYPE_INT64);
}

static void sight_ui_tag_popover_init(SightUiTagPopover *self) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_add_css_class(box, "tag-box");
  self->title = GTK_LABEL(gtk_label_new(NULL));
  gtk_label_set_xalign(self->title, 0);
  gtk_widget_add_css_class(GTK_WIDGET(self->title), "heading");
  gtk_widget_add_css_class(GTK_WIDGET(self->title), "numeric");
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  self->entry = gtk_entry_new();
  gtk_entry_set_placeholder_text(GTK_ENTRY(self->entry), _("What is to be seen here?"));
  gtk_entry_set_max_length(GTK_ENTRY(self->entry), MAX_TAG_CHARS);
  gtk_editable_set_width_chars(GTK_EDITABLE(self->entry), 28);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Tag"), -1);
  self->button = gtk_button_new_with_mnemonic(_("_Add"));
  gtk_widget_add_css_class(self->button, "suggested-action");
  gtk_widget_set_sensitive(self->button, FALSE);
  gtk_box_append(GTK_BOX(line), self->entry);
  gtk_box_append(GTK_BOX(line), self->button);
  gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->title));
  gtk_box_append(GTK_BOX(box), line);
  gtk_popover_set_child(GTK_POPOVER(self), box);
  g_signal_connect_object(self->entry, "changed", G_CALLBACK(typed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->entry, "activate", G_CALLBACK(entered), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->button, "clicked", G_CALLBACK(entered), self, G_CONNECT_SWAPPED);
}

GtkWidget *sight_ui_tag_popover_new(void) {
  GtkWidget *self = g_object_new(SIGHT_UI_TYPE_TAG_POPOVER, NULL);
  sight_ui_names_tidy(self);
  return self;
}

void sight_ui_tag_popover_open(SightUiTagPopover *self, gint64 at_ms, const char *text) {
  self->at_ms = at_ms;
  g_autofree char *time = sight_ui_format_time(at_ms);
  g_autofree char *title = g_strdup_printf(text != NULL ? _("Change the tag at %s") : _("Tag %s"), time);
  gtk_label_set_text(self->title, title);
  gtk_editable_set_text(GTK_EDITABLE(self->entry), text != NULL ? text : "");
  gtk_button_set_label(GTK_BUTTON(self->button), text != NULL ? _("_Change") : _("_Add"));
  sight_ui_names_tidy(self->button);
  gtk_popover_popup(GTK_POPOVER(self));
  gtk_widget_grab_focus(self->entry);
}

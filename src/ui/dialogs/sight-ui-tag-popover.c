/* SPDX-License-Identifier: MIT */
/* Tagging a moment. */
#include "sight-ui-tag-popover.h"

#include "sight-note-table.h"
#include "sight-text.h"
#include "sight-ui-names.h"
#include "sight-ui-tint.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_TAG_CHARS 200

struct _SightUiTagPopover {
  GtkPopover parent_instance;
  GtkLabel *title;
  GtkWidget *entry, *button, *line, *colours;
  GtkWidget *none; /* the button of no colour */
  char **known;    /* the colours that are shown; NULL: it has none */
};

G_DEFINE_FINAL_TYPE(SightUiTagPopover, sight_ui_tag_popover, GTK_TYPE_POPOVER)

enum { ENTERED, COLOURS, N_SIGNALS };
static guint signals[N_SIGNALS];

static char *get_text(SightUiTagPopover *self) {
  return g_strstrip(g_strdup(gtk_editable_get_text(GTK_EDITABLE(self->entry))));
}

static void typed(SightUiTagPopover *self) {
  g_autofree char *text = get_text(self);
  gtk_widget_set_sensitive(self->button, *text != '\0');
}

static const char *get_colour(SightUiTagPopover *self) {
  for (GtkWidget *one = gtk_widget_get_first_child(self->colours); one != NULL;
       one = gtk_widget_get_next_sibling(one)) {
    if (gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(one)))
      return g_object_get_data(G_OBJECT(one), "colour");
  }
  return "";
}

static void entered(SightUiTagPopover *self) {
  g_autofree char *text = get_text(self), *colour = g_strdup(get_colour(self));
  if (*text == '\0')
    return;
  gtk_popover_popdown(GTK_POPOVER(self));
  g_signal_emit(self, signals[ENTERED], 0, text, colour);
}

static void finalize(GObject *object) {
  g_strfreev(SIGHT_UI_TAG_POPOVER(object)->known);
  G_OBJECT_CLASS(sight_ui_tag_popover_parent_class)->finalize(object);
}

static void colours_wanted(SightUiTagPopover *self) {
  gtk_popover_popdown(GTK_POPOVER(self));
  g_signal_emit(self, signals[COLOURS], 0);
}

static void sight_ui_tag_popover_class_init(SightUiTagPopoverClass *class) {
  GType type = SIGHT_UI_TYPE_TAG_POPOVER;
  G_OBJECT_CLASS(class)->finalize = finalize;
  signals[ENTERED] = g_signal_new("entered", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                  G_TYPE_STRING, G_TYPE_STRING);
  signals[COLOURS] = g_signal_new("colours", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

/* One of them is chosen at a time. */
static GtkWidget *add_colour(SightUiTagPopover *self, const char *name, const char *value, gboolean chosen) {
  g_autofree char *said = sight_text_excerpt(name, -1, SIGHT_COLOUR_NAME_CHARS);
  const char *title = *name != '\0' ? said : _("No colour"), *tint = sight_ui_tint_class(value);
  GtkWidget *button = gtk_toggle_button_new();
  GtkWidget *image = gtk_image_new_from_icon_name("sight-tagged-symbolic");
  if (tint != NULL)
    gtk_widget_add_css_class(image, tint);
  gtk_button_set_child(GTK_BUTTON(button), image);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_set_tooltip_text(button, title);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_object_set_data_full(G_OBJECT(button), "colour", g_strdup(name), g_free);
  if (self->none != NULL)
    gtk_toggle_button_set_group(GTK_TOGGLE_BUTTON(button), GTK_TOGGLE_BUTTON(self->none));
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(button), chosen);
  gtk_box_append(GTK_BOX(self->colours), button);
  return button;
}

static void show_colours(SightUiTagPopover *self, const char *const *colours, const char *colour) {
  gboolean found = colour == NULL || *colour == '\0';
  g_strfreev(self->known);
  self->known = g_strdupv((char **)colours);
  gtk_widget_set_visible(self->line, colours != NULL);
  self->none = NULL;
  for (GtkWidget *one = gtk_widget_get_first_child(self->colours); one != NULL;
       one = gtk_widget_get_first_child(self->colours))
    gtk_box_remove(GTK_BOX(self->colours), one);
  self->none = add_colour(self, "", NULL, TRUE);
  for (guint i = 0; colours != NULL && colours[i] != NULL; i++) {
    const char *value = strrchr(colours[i], '=');
    g_autofree char *name = g_strndup(colours[i], (gsize)(value - colours[i]));
    gboolean chosen = g_strcmp0(name, colour) == 0;
    found = found || chosen;
    add_colour(self, name, value + 1, chosen);
  }
  /* One that the project has no more, or that was not read yet: it stays until another one is chosen. */
  if (colours != NULL && !found)
    add_colour(self, colour, NULL, TRUE);
}

void sight_ui_tag_popover_set_colours(SightUiTagPopover *self, const char *const *colours) {
  if (self->known == NULL || g_strv_equal((const char *const *)self->known, colours))
    return;
  g_autofree char *chosen = g_strdup(get_colour(self));
  show_colours(self, colours, chosen);
}

void sight_ui_tag_popover_resume(SightUiTagPopover *self) {
  gtk_popover_popup(GTK_POPOVER(self));
  gtk_entry_grab_focus_without_selecting(GTK_ENTRY(self->entry));
}

static GtkWidget *make_colours(SightUiTagPopover *self) {
  GtkWidget *change = gtk_button_new_from_icon_name("sight-edit-symbolic");
  GtkWidget *scroller = gtk_scrolled_window_new();
  self->line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  self->colours = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->colours), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Colour"), -1);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_AUTOMATIC, GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), self->colours);
  gtk_widget_set_hexpand(scroller, TRUE);
  gtk_widget_add_css_class(change, "flat");
  gtk_widget_set_tooltip_text(change, _("Change the Colours"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(change), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Change the Colours"), -1);
  g_signal_connect_object(change, "clicked", G_CALLBACK(colours_wanted), self, G_CONNECT_SWAPPED);
  gtk_box_append(GTK_BOX(self->line), scroller);
  gtk_box_append(GTK_BOX(self->line), change);
  return self->line;
}

static void sight_ui_tag_popover_init(SightUiTagPopover *self) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_add_css_class(box, "tag-box");
  self->title = GTK_LABEL(gtk_label_new(NULL));
  gtk_label_set_xalign(self->title, 0);
  gtk_label_set_ellipsize(self->title, PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars(self->title, 40);
  gtk_widget_add_css_class(GTK_WIDGET(self->title), "heading");
  gtk_widget_add_css_class(GTK_WIDGET(self->title), "numeric");
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  self->entry = gtk_entry_new();
  gtk_editable_set_width_chars(GTK_EDITABLE(self->entry), 28);
  gtk_widget_set_hexpand(self->entry, TRUE);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Tag"), -1);
  self->button = gtk_button_new_with_mnemonic(_("_Add"));
  gtk_widget_add_css_class(self->button, "suggested-action");
  gtk_widget_set_sensitive(self->button, FALSE);
  gtk_box_append(GTK_BOX(line), self->entry);
  gtk_box_append(GTK_BOX(line), self->button);
  gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->title));
  gtk_box_append(GTK_BOX(box), line);
  gtk_box_append(GTK_BOX(box), make_colours(self));
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

void sight_ui_tag_popover_open(SightUiTagPopover *self, const SightUiTagQuestion *question) {
  gtk_label_set_text(self->title, question->title);
  gtk_entry_set_placeholder_text(GTK_ENTRY(self->entry), question->hint);
  /* What others wrote may be longer: nothing of it is cut off. */
  const char *text = question->text != NULL ? question->text : "";
  gtk_entry_set_max_length(GTK_ENTRY(self->entry), (int)MAX(MAX_TAG_CHARS, g_utf8_strlen(text, -1)));
  gtk_editable_set_text(GTK_EDITABLE(self->entry), text);
  gtk_button_set_label(GTK_BUTTON(self->button), question->button);
  sight_ui_names_tidy(self->button);
  show_colours(self, question->colours, question->colour);
  gtk_popover_popup(GTK_POPOVER(self));
  gtk_widget_grab_focus(self->entry);
}

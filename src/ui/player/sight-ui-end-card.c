/* SPDX-License-Identifier: MIT */
/* SightUiEndCard: "Next: 4 clicks on “Export” · N". */
#include "sight-ui-end-card.h"

#include "sight-ui-text.h"

#include <glib/gi18n-lib.h>

#define REASON_CHARS 44

struct _SightUiEndCard {
  GtkWidget parent_instance;
  SightUiPlayback *playback;
  GtkWidget *box, *title, *next, *label, *key;
  gboolean played; /* it came to the end by playing */
};

G_DEFINE_FINAL_TYPE(SightUiEndCard, sight_ui_end_card, GTK_TYPE_WIDGET)

static guint shown_signal;

void sight_ui_end_card_set_next(SightUiEndCard *self, const char *reason) {
  g_return_if_fail(SIGHT_UI_IS_END_CARD(self));
  g_autofree char *isolated = reason != NULL ? sight_ui_text_isolate(reason) : NULL;
  /* Translators: why the next session is worth a look, "Next: 4 clicks on “Export”" */
  g_autofree char *text = reason != NULL ? g_strdup_printf(_("Next: %s"), isolated) : g_strdup("");
  gtk_label_set_text(GTK_LABEL(self->label), text);
  gtk_widget_set_tooltip_text(self->next, text);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->next), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_set_visible(self->next, reason != NULL);
}

static gboolean is_at_end(SightUiEndCard *self) {
  gint64 whole_ms = sight_ui_playback_get_duration_ms(self->playback);
  return whole_ms > 0 && sight_ui_playback_get_position_ms(self->playback) >= whole_ms;
}

static void update(SightUiEndCard *self) {
  gboolean playing = sight_ui_playback_get_playing(self->playback);
  if (playing)
    self->played = TRUE;
  if (!is_at_end(self))
    self->played = playing;
  gboolean shown = self->played && !playing && is_at_end(self);
  if (shown == gtk_widget_get_visible(GTK_WIDGET(self)))
    return;
  gtk_widget_set_visible(GTK_WIDGET(self), shown);
  if (!shown)
    return;
  sight_ui_end_card_set_next(self, NULL);
  g_signal_emit(self, shown_signal, 0);
}

void sight_ui_end_card_set_playback(SightUiEndCard *self, SightUiPlayback *playback) {
  g_return_if_fail(SIGHT_UI_IS_END_CARD(self) && !self->playback);
  static const char *const signals[] = {"notify::playing", "notify::position-ms", "notify::duration-ms"};
  self->playback = g_object_ref(playback);
  for (guint i = 0; i < G_N_ELEMENTS(signals); i++)
    g_signal_connect_object(playback, signals[i], G_CALLBACK(update), self, G_CONNECT_SWAPPED);
  update(self);
}

static void sight_ui_end_card_dispose(GObject *object) {
  SightUiEndCard *self = SIGHT_UI_END_CARD(object);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->playback);
  G_OBJECT_CLASS(sight_ui_end_card_parent_class)->dispose(object);
}

static void sight_ui_end_card_class_init(SightUiEndCardClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
  G_OBJECT_CLASS(klass)->dispose = sight_ui_end_card_dispose;
  shown_signal = g_signal_new("shown", SIGHT_UI_TYPE_END_CARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name(widget_class, "end-card");
}

static void sight_ui_end_card_init(SightUiEndCard *self) {
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 9);
  self->title = gtk_label_new(_("End of the Session"));
  gtk_widget_add_css_class(self->title, "heading");
  self->next = gtk_button_new();
  gtk_widget_add_css_class(self->next, "suggested-action");
  gtk_actionable_set_action_name(GTK_ACTIONABLE(self->next), "win.next-session");
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  self->label = gtk_label_new(NULL);
  gtk_label_set_ellipsize(GTK_LABEL(self->label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars(GTK_LABEL(self->label), REASON_CHARS);
  self->key = gtk_label_new("N");
  gtk_widget_add_css_class(self->key, "key");
  gtk_box_append(GTK_BOX(line), self->label);
  gtk_box_append(GTK_BOX(line), self->key);
  gtk_button_set_child(GTK_BUTTON(self->next), line);
  gtk_box_append(GTK_BOX(self->box), self->title);
  gtk_box_append(GTK_BOX(self->box), self->next);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
}

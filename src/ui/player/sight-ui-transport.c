/* SPDX-License-Identifier: MIT */
/* SightUiTransport: what its buttons say, by the state of the playback. */
#include "sight-ui-transport.h"

#include "sight-ui-fold-row.h"
#include "sight-ui-player.h"
#include "sight-ui-time-popover.h"

#include <glib/gi18n-lib.h>

struct _SightUiTransport {
  GtkWidget parent_instance;
  SightUiPlayback *playback;
  GtkWidget *row, *play_button, *time_button, *time_label, *place_label, *speed_button;
  GtkWidget *focus_before; /* had the keys when the times were asked for by key */
};

G_DEFINE_FINAL_TYPE(SightUiTransport, sight_ui_transport, GTK_TYPE_WIDGET)

static void show_time(SightUiTransport *self) {
  g_autofree char *at = sight_ui_format_time(sight_ui_playback_get_position_ms(self->playback));
  g_autofree char *whole = sight_ui_format_time(sight_ui_playback_get_duration_ms(self->playback));
  g_autofree char *text = g_strdup_printf("%s / %s", at, whole);
  if (g_strcmp0(text, gtk_label_get_label(GTK_LABEL(self->time_label))) != 0)
    gtk_label_set_label(GTK_LABEL(self->time_label), text);
}

static void show_playing(SightUiTransport *self) {
  gboolean playing = sight_ui_playback_get_playing(self->playback);
  const char *label = playing ? _("Pause") : _("Play");
  gtk_button_set_icon_name(GTK_BUTTON(self->play_button),
                           playing ? "media-playback-pause-symbolic" : "media-playback-start-symbolic");
  gtk_widget_set_tooltip_text(self->play_button, label);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->play_button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void show_speed(SightUiTransport *self) {
  double speed = sight_ui_playback_get_speed(self->playback);
  /* Translators: on a button with little room: as fast as it goes. */
  g_autofree char *text = speed > SIGHT_UI_SPEED_MAX ? g_strdup(_("Max")) : g_strdup_printf("%g×", speed);
  g_autofree char *name = g_strdup_printf(_("Speed %s"), text);
  gtk_menu_button_set_label(GTK_MENU_BUTTON(self->speed_button), text);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->speed_button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* Who came by key goes on where they were. */
static void on_time_closed(SightUiTransport *self) {
  if (self->focus_before)
    gtk_widget_grab_focus(self->focus_before);
  g_clear_weak_pointer(&self->focus_before);
}

void sight_ui_transport_set_playback(SightUiTransport *self, SightUiPlayback *playback) {
  g_return_if_fail(SIGHT_UI_IS_TRANSPORT(self) && !self->playback);
  static const struct {
    const char *signal;
    void (*func)(SightUiTransport *self);
  } bindings[] = {{"notify::position-ms", show_time},
                  {"notify::duration-ms", show_time},
                  {"notify::playing", show_playing},
                  {"notify::speed", show_speed}};
  self->playback = g_object_ref(playback);
  for (guint i = 0; i < G_N_ELEMENTS(bindings); i++) {
    g_signal_connect_object(playback, bindings[i].signal, G_CALLBACK(bindings[i].func), self, G_CONNECT_SWAPPED);
    bindings[i].func(self);
  }
  GtkWidget *times = sight_ui_time_popover_new(playback);
  g_signal_connect_object(times, "closed", G_CALLBACK(on_time_closed), self, G_CONNECT_SWAPPED);
  gtk_menu_button_set_popover(GTK_MENU_BUTTON(self->time_button), times);
}

void sight_ui_transport_set_place(SightUiTransport *self, const char *text) {
  g_return_if_fail(SIGHT_UI_IS_TRANSPORT(self));
  gtk_label_set_text(GTK_LABEL(self->place_label), text != NULL ? text : "");
  gtk_widget_set_visible(self->place_label, text != NULL);
}

void sight_ui_transport_open_time(SightUiTransport *self) {
  g_return_if_fail(SIGHT_UI_IS_TRANSPORT(self));
  g_set_weak_pointer(&self->focus_before, gtk_root_get_focus(gtk_widget_get_root(GTK_WIDGET(self))));
  gtk_menu_button_popup(GTK_MENU_BUTTON(self->time_button));
}

static void sight_ui_transport_dispose(GObject *object) {
  gtk_widget_dispose_template(GTK_WIDGET(object), SIGHT_UI_TYPE_TRANSPORT);
  g_clear_object(&SIGHT_UI_TRANSPORT(object)->playback);
  g_clear_weak_pointer(&SIGHT_UI_TRANSPORT(object)->focus_before);
  G_OBJECT_CLASS(sight_ui_transport_parent_class)->dispose(object);
}

static void sight_ui_transport_class_init(SightUiTransportClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
  G_OBJECT_CLASS(klass)->dispose = sight_ui_transport_dispose;
  g_type_ensure(SIGHT_UI_TYPE_FOLD_ROW);
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name(widget_class, "transport");
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/io/github/sessionsight/SessionSight/player/sight-ui-transport.ui");
  gtk_widget_class_bind_template_child(widget_class, SightUiTransport, row);
  gtk_widget_class_bind_template_child(widget_class, SightUiTransport, play_button);
  gtk_widget_class_bind_template_child(widget_class, SightUiTransport, time_button);
  gtk_widget_class_bind_template_child(widget_class, SightUiTransport, time_label);
  gtk_widget_class_bind_template_child(widget_class, SightUiTransport, place_label);
  gtk_widget_class_bind_template_child(widget_class, SightUiTransport, speed_button);
}

static void sight_ui_transport_init(SightUiTransport *self) {
  gtk_widget_init_template(GTK_WIDGET(self));
  gtk_widget_set_direction(self->time_label, GTK_TEXT_DIR_LTR);
}

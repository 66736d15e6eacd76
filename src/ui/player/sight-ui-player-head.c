/* SPDX-License-Identifier: MIT */
/* SightUiPlayerHead: labels beside each other. */
#include "sight-ui-player-head.h"

#include "sight-ui-text.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

struct _SightUiPlayerHead {
  GtkWidget parent_instance;
  GtkWidget *row, *tab_label, *address_label, *size_label, *zoom_button, *info_button, *who_label, *clock_label;
  gint64 second; /* that is told, or -1 */
};

G_DEFINE_FINAL_TYPE(SightUiPlayerHead, sight_ui_player_head, GTK_TYPE_WIDGET)

void sight_ui_player_head_set_session(SightUiPlayerHead *self, const SightSession *session) {
  g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);

  self->second = -1;
  gtk_widget_set_opacity(GTK_WIDGET(self), session != NULL ? 1.0 : 0.0);
  if (session == NULL)
    return;
  if (session->device != NULL)
    g_ptr_array_add(parts, sight_ui_text_isolate(session->device));
  if (session->release != NULL)
    g_ptr_array_add(parts, sight_ui_text_isolate(session->release));
  g_ptr_array_add(parts, sight_ui_text_who(session));
  g_ptr_array_add(parts, NULL);
  g_autofree char *text = g_strjoinv(" · ", (char **)parts->pdata);
  gtk_label_set_text(GTK_LABEL(self->who_label), text);
}

void sight_ui_player_head_set_place(SightUiPlayerHead *self, const SightPlace *place) {
  g_autofree char *size = place != NULL ? g_strdup_printf("%d × %d", place->width, place->height) : NULL;

  gtk_label_set_label(GTK_LABEL(self->address_label), place != NULL ? place->href : "");
  gtk_widget_set_tooltip_text(self->address_label, place != NULL ? place->href : NULL);
  gtk_label_set_label(GTK_LABEL(self->size_label), size != NULL ? size : "");
}

void sight_ui_player_head_set_tab(SightUiPlayerHead *self, guint number, guint n_pages) {
  /* Translators: which of the visitor's browser tabs is on display. */
  g_autofree char *text = g_strdup_printf(_("Tab %u of %u"), number, n_pages);

  gtk_label_set_label(GTK_LABEL(self->tab_label), text);
  gtk_widget_set_visible(self->tab_label, n_pages > 1 && number > 0);
}

void sight_ui_player_head_set_time(SightUiPlayerHead *self, gint64 wall_ms) {
  if (wall_ms / 1000 == self->second)
    return;
  self->second = wall_ms / 1000;
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(self->second);
  /* Translators: weekday, day, month and time of a visit, see g_date_time_format(). */
  g_autofree char *text = time != NULL ? g_date_time_format(time, _("%a %-d %b %H:%M:%S")) : g_strdup("");
  gtk_label_set_label(GTK_LABEL(self->clock_label), text);
}

GtkWidget *sight_ui_player_head_get_zoom(SightUiPlayerHead *self) {
  return self->zoom_button;
}

GtkWidget *sight_ui_player_head_get_info(SightUiPlayerHead *self) {
  return self->info_button;
}

static void dispose(GObject *object) {
  gtk_widget_dispose_template(GTK_WIDGET(object), SIGHT_UI_TYPE_PLAYER_HEAD);
  G_OBJECT_CLASS(sight_ui_player_head_parent_class)->dispose(object);
}

static void sight_ui_player_head_class_init(SightUiPlayerHeadClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

  G_OBJECT_CLASS(class)->dispose = dispose;
  g_type_ensure(ADW_TYPE_SQUEEZER);
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name(widget_class, "player-head");
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/io/github/sessionsight/SessionSight/player/sight-ui-player-head.ui");
  gtk_widget_class_bind_template_child(widget_class, SightUiPlayerHead, row);
  gtk_widget_class_bind_template_child(widget_class, SightUiPlayerHead, tab_label);
  gtk_widget_class_bind_template_child(widget_class, SightUiPlayerHead, address_label);
  gtk_widget_class_bind_template_child(widget_class, SightUiPlayerHead, size_label);
  gtk_widget_class_bind_template_child(widget_class, SightUiPlayerHead, zoom_button);
  gtk_widget_class_bind_template_child(widget_class, SightUiPlayerHead, info_button);
  gtk_widget_class_bind_template_child(widget_class, SightUiPlayerHead, who_label);
  gtk_widget_class_bind_template_child(widget_class, SightUiPlayerHead, clock_label);
}

static void sight_ui_player_head_init(SightUiPlayerHead *self) {
  self->second = -1;
  gtk_widget_init_template(GTK_WIDGET(self));
  gtk_widget_set_direction(self->address_label, GTK_TEXT_DIR_LTR);
  gtk_widget_set_direction(self->size_label, GTK_TEXT_DIR_LTR);
}

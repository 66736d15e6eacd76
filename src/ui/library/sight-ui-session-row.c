/* SPDX-License-Identifier: MIT */
/* A row of the session list. */
#include "sight-ui-session-row.h"

#include "sight-ui-mini-timeline.h"
#include "sight-ui-player.h"
#include "sight-ui-text.h"

#include <glib/gi18n.h>

struct _SightUiSessionRow {
  GtkWidget parent_instance;
  GtkLabel *who, *when, *length, *way, *device, *reason;
  GtkImage *broken, *tagged, *reason_icon;
  GtkWidget *top, *way_line, *reason_line;
  SightUiMiniTimeline *timeline;

  SightUiSessionItem *item;
  gulong changed_id;
  const char *signal_class; /* the style class of the reason on display, or NULL */
};

G_DEFINE_FINAL_TYPE(SightUiSessionRow, sight_ui_session_row, GTK_TYPE_WIDGET)

static void set_signal_class(SightUiSessionRow *self, int signal) {
  if (self->signal_class != NULL)
    gtk_widget_remove_css_class(self->reason_line, self->signal_class);
  self->signal_class = signal >= 0 && signal < SIGHT_N_SIGNALS ? sight_signal_kind_name(signal) : NULL;
  if (self->signal_class != NULL)
    gtk_widget_add_css_class(self->reason_line, self->signal_class);
  gtk_widget_set_visible(GTK_WIDGET(self->reason_icon), self->signal_class != NULL);
  if (self->signal_class != NULL)
    gtk_image_set_from_icon_name(self->reason_icon, sight_ui_signal_icon_name(signal));
}

static void show_nothing(SightUiSessionRow *self) {
  gtk_label_set_text(self->who, "…");
  gtk_label_set_text(self->when, "");
  gtk_label_set_text(self->length, "");
  gtk_label_set_text(self->way, " ");
  gtk_label_set_text(self->device, "");
  gtk_widget_set_visible(GTK_WIDGET(self->broken), FALSE);
  gtk_widget_set_visible(GTK_WIDGET(self->tagged), FALSE);
  gtk_widget_remove_css_class(GTK_WIDGET(self), "seen");
  sight_ui_mini_timeline_set_session(self->timeline, NULL, -1);
}

static const char *what_is_wrong(const SightSession *session) {
  if (session->flags & SIGHT_SESSION_NO_SNAPSHOT)
    return _("Nothing to replay: the recording holds no picture of the page");
  if (session->flags & SIGHT_SESSION_PARTIAL)
    return session->notice != NULL ? session->notice : _("Something is missing in this recording");
  return NULL;
}

static void name_for_assistance(SightUiSessionRow *self, const SightSession *session, const char *reason) {
  g_autofree char *length = sight_ui_format_time(session->duration_ms);
  g_autofree char *name = g_strdup_printf(
      /* Translators: who, when, device, from where to where, how long, why it is listed; read out by screen readers */
      _("%s, %s, %s, %s, length %s. %s"), gtk_label_get_text(self->who), gtk_label_get_text(self->when),
      session->device != NULL ? session->device : _("unknown device"), gtk_label_get_text(self->way), length,
      reason != NULL ? reason : "");
  /* What is selected is the item of the list, so it has the name. */
  GtkWidget *list_item = gtk_widget_get_parent(GTK_WIDGET(self));
  if (list_item != NULL)
    gtk_accessible_update_property(GTK_ACCESSIBLE(list_item), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_autofree char *signals =
      g_strdup_printf(ngettext("%d signal", "%d signals", (gulong)session->n_signals), session->n_signals);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->timeline), GTK_ACCESSIBLE_PROPERTY_LABEL, signals, -1);
}

static void show_item(SightUiSessionRow *self) {
  const SightSession *session = sight_ui_session_item_get_session(self->item);
  const SightLibraryReason *reason = sight_ui_session_item_get_reason(self->item);
  if (session == NULL) {
    show_nothing(self);
    return;
  }
  g_autofree char *who = sight_ui_text_who(session), *way = sight_ui_text_way(session);
  gboolean dated = sight_session_is_dated(session->started_ms, session->received_ms);
  g_autofree char *when =
      dated ? sight_ui_text_day_and_time(session->started_ms, g_get_real_time() / 1000) : g_strdup(_("Unknown"));
  g_autofree char *exact = dated ? sight_ui_text_exact(session->started_ms)
                                 : g_strdup(_("The visitor’s clock was wrong, so when this was is unknown"));
  g_autofree char *length = sight_ui_format_time(session->duration_ms);
  gtk_label_set_text(self->who, who);
  gtk_label_set_text(self->when, when);
  gtk_widget_set_tooltip_text(GTK_WIDGET(self->when), exact);
  gtk_label_set_text(self->length, session->entry != NULL || session->duration_ms > 0 ? length : "");
  gtk_label_set_text(self->way, way);
  gtk_label_set_text(self->device, session->device != NULL ? session->device : "");
  gtk_widget_set_tooltip_text(GTK_WIDGET(self->device), session->device);
  gtk_widget_set_visible(GTK_WIDGET(self->tagged), (session->flags & SIGHT_SESSION_TAGGED) != 0);
  const char *wrong = what_is_wrong(session);
  gtk_widget_set_visible(GTK_WIDGET(self->broken), wrong != NULL);
  gtk_widget_set_tooltip_text(GTK_WIDGET(self->broken), wrong);
  if (session->flags & SIGHT_SESSION_SEEN)
    gtk_widget_add_css_class(GTK_WIDGET(self), "seen");
  else
    gtk_widget_remove_css_class(GTK_WIDGET(self), "seen");
  sight_ui_mini_timeline_set_session(self->timeline, session, reason->signal);
  gtk_widget_set_visible(self->reason_line, reason->reason != NULL);
  gtk_label_set_text(self->reason, reason->reason != NULL ? reason->reason : "");
  gtk_widget_set_tooltip_text(GTK_WIDGET(self->reason), reason->reason);
  set_signal_class(self, reason->reason != NULL ? reason->signal : -1);
  name_for_assistance(self, session, reason->reason);
}

void sight_ui_session_row_set_item(SightUiSessionRow *self, SightUiSessionItem *item) {
  if (self->item != NULL)
    g_clear_signal_handler(&self->changed_id, self->item);
  g_set_object(&self->item, item);
  if (item == NULL)
    return;
  self->changed_id = g_signal_connect_object(item, "changed", G_CALLBACK(show_item), self, G_CONNECT_SWAPPED);
  show_item(self);
}

static void dispose(GObject *object) {
  sight_ui_session_row_set_item(SIGHT_UI_SESSION_ROW(object), NULL);
  gtk_widget_dispose_template(GTK_WIDGET(object), SIGHT_UI_TYPE_SESSION_ROW);
  G_OBJECT_CLASS(sight_ui_session_row_parent_class)->dispose(object);
}

static void sight_ui_session_row_class_init(SightUiSessionRowClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  g_type_ensure(SIGHT_UI_TYPE_MINI_TIMELINE);
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/io/github/sessionsight/SessionSight/library/sight-ui-session-row.ui");
  gtk_widget_class_bind_template_child(widget_class, SightUiSessionRow, top);
  gtk_widget_class_bind_template_child(widget_class, SightUiSessionRow, who);
  gtk_widget_class_bind_template_child(widget_class, SightUiSessionRow, when);
  gtk_widget_class_bind_template_child(widget_class, SightUiSessionRow, length);
  gtk_widget_class_bind_template_child(widget_class, SightUiSessionRow, way_line);
  gtk_widget_class_bind_template_child(widget_class, SightUiSessionRow, way);
  gtk_widget_class_bind_template_child(widget_class, SightUiSessionRow, device);
  gtk_widget_class_bind_template_child(widget_class, SightUiSessionRow, reason);
  gtk_widget_class_bind_template_child(widget_class, SightUiSessionRow, broken);
  gtk_widget_class_bind_template_child(widget_class, SightUiSessionRow, tagged);
  gtk_widget_class_bind_template_child(widget_class, SightUiSessionRow, reason_icon);
  gtk_widget_class_bind_template_child(widget_class, SightUiSessionRow, reason_line);
  gtk_widget_class_bind_template_child(widget_class, SightUiSessionRow, timeline);
  gtk_widget_class_set_css_name(widget_class, "session-row");
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void sight_ui_session_row_init(SightUiSessionRow *self) {
  gtk_widget_init_template(GTK_WIDGET(self));
}

GtkWidget *sight_ui_session_row_new(void) {
  return g_object_new(SIGHT_UI_TYPE_SESSION_ROW, NULL);
}

/* SPDX-License-Identifier: MIT */
/* A row of the session list. */
#include "sight-ui-session-row.h"

#include "sight-ui-mini-timeline.h"
#include "sight-ui-player.h"
#include "sight-ui-text.h"

#include <glib/gi18n.h>

struct _SightUiSessionRow {
  GtkWidget parent_instance;
  GtkLabel *reason, *where, *length, *who;
  GtkImage *broken, *tagged, *seen, *reason_icon;
  GtkWidget *reason_line, *where_line, *who_line;
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
  gtk_label_set_text(self->reason, "…");
  gtk_label_set_text(self->where, " ");
  gtk_label_set_text(self->length, "");
  gtk_label_set_text(self->who, " ");
  gtk_widget_set_visible(GTK_WIDGET(self->broken), FALSE);
  gtk_widget_set_visible(GTK_WIDGET(self->tagged), FALSE);
  gtk_widget_set_visible(GTK_WIDGET(self->seen), FALSE);
  gtk_widget_remove_css_class(GTK_WIDGET(self), "seen");
  set_signal_class(self, -1);
  sight_ui_mini_timeline_set_session(self->timeline, NULL, -1);
}

static const char *what_is_wrong(const SightSession *session) {
  if (session->flags & SIGHT_SESSION_NO_SNAPSHOT)
    return _("Nothing to replay: the recording holds no picture of the page");
  if (session->flags & SIGHT_SESSION_PARTIAL)
    return session->notice != NULL ? session->notice : _("Something is missing in this recording");
  return NULL;
}

/* What a row says, beside the session itself. */
typedef struct {
  char *who, *when, *exact, *way, *length;
} Words;

static void words_clear(Words *words) {
  g_free(words->who);
  g_free(words->when);
  g_free(words->exact);
  g_free(words->way);
  g_free(words->length);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Words, words_clear)

static void name_for_assistance(SightUiSessionRow *self, const SightSession *session, const Words *words,
                                const char *reason) {
  g_autofree char *name = g_strdup_printf(
      /* Translators: who, when, device, from where to where, how long, why it is listed; read out by screen readers */
      _("%s, %s, %s, %s, length %s. %s"), words->who, words->when,
      session->device != NULL ? session->device : _("unknown device"), words->way, words->length,
      reason != NULL ? reason : "");
  /* What is selected is the item of the list, so it has the name. */
  GtkWidget *list_item = gtk_widget_get_parent(GTK_WIDGET(self));
  if (list_item != NULL)
    gtk_accessible_update_property(GTK_ACCESSIBLE(list_item), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_autofree char *signals =
      g_strdup_printf(ngettext("%d signal", "%d signals", (gulong)session->n_signals), session->n_signals);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->timeline), GTK_ACCESSIBLE_PROPERTY_LABEL, signals, -1);
}

static void show_reason(SightUiSessionRow *self, const SightSession *session, const SightLibraryReason *reason) {
  const char *wrong = what_is_wrong(session);
  const char *text = reason->reason != NULL ? reason->reason : wrong != NULL ? wrong : _("Nothing stands out");
  gtk_label_set_text(self->reason, text);
  gtk_widget_set_tooltip_text(GTK_WIDGET(self->reason), text);
  set_signal_class(self, reason->reason != NULL ? reason->signal : -1);
  gtk_widget_set_visible(GTK_WIDGET(self->broken), wrong != NULL);
  gtk_widget_set_tooltip_text(GTK_WIDGET(self->broken), wrong);
}

static void show_where(SightUiSessionRow *self, const SightLibraryReason *reason, const Words *words) {
  g_autofree char *at = sight_ui_format_time(reason->at_ms);
  g_autofree char *page = reason->page != NULL ? sight_ui_text_isolate(reason->page) : NULL;
  g_autofree char *where = page != NULL ? g_strdup_printf("%s · %s", page, at) : g_strdup(words->way);
  gtk_label_set_text(self->where, where);
  gtk_widget_set_tooltip_text(GTK_WIDGET(self->where), words->way);
}

static void show_who(SightUiSessionRow *self, const SightSession *session, const Words *words) {
  g_autofree char *line = g_strdup_printf("%s%s%s · %s", words->when, session->device != NULL ? " · " : "",
                                          session->device != NULL ? session->device : "", words->who);
  g_autofree char *details =
      g_strdup_printf("%s\n%s\n%s", words->exact, words->who, session->device != NULL ? session->device : "");
  gboolean seen = (session->flags & SIGHT_SESSION_SEEN) != 0;
  gtk_label_set_text(self->who, line);
  gtk_widget_set_tooltip_text(GTK_WIDGET(self->who), g_strchomp(details));
  gtk_widget_set_visible(GTK_WIDGET(self->tagged), (session->flags & SIGHT_SESSION_TAGGED) != 0);
  gtk_widget_set_visible(GTK_WIDGET(self->seen), seen);
  if (seen)
    gtk_widget_add_css_class(GTK_WIDGET(self), "seen");
  else
    gtk_widget_remove_css_class(GTK_WIDGET(self), "seen");
}

static void show_item(SightUiSessionRow *self) {
  const SightSession *session = sight_ui_session_item_get_session(self->item);
  const SightLibraryReason *reason = sight_ui_session_item_get_reason(self->item);
  if (session == NULL) {
    show_nothing(self);
    return;
  }
  gboolean dated = sight_session_is_dated(session->started_ms, session->received_ms);
  g_auto(Words) words = {
      .who = sight_ui_text_who(session),
      .way = sight_ui_text_way(session),
      .length = sight_ui_format_time(session->duration_ms),
      .when =
          dated ? sight_ui_text_day_and_time(session->started_ms, g_get_real_time() / 1000) : g_strdup(_("Unknown")),
      .exact = dated ? sight_ui_text_exact(session->started_ms)
                     : g_strdup(_("The visitor’s clock was wrong, so when this was is unknown")),
  };
  show_reason(self, session, reason);
  show_where(self, reason, &words);
  show_who(self, session, &words);
  gtk_label_set_text(self->length, session->entry != NULL || session->duration_ms > 0 ? words.length : "");
  sight_ui_mini_timeline_set_session(self->timeline, session, reason->signal);
  name_for_assistance(self, session, &words, reason->reason);
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

SightUiSessionItem *sight_ui_session_row_get_item(SightUiSessionRow *self) {
  return self->item;
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
  gtk_widget_class_bind_template_child(widget_class, SightUiSessionRow, who);
  gtk_widget_class_bind_template_child(widget_class, SightUiSessionRow, who_line);
  gtk_widget_class_bind_template_child(widget_class, SightUiSessionRow, where);
  gtk_widget_class_bind_template_child(widget_class, SightUiSessionRow, where_line);
  gtk_widget_class_bind_template_child(widget_class, SightUiSessionRow, seen);
  gtk_widget_class_bind_template_child(widget_class, SightUiSessionRow, length);
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

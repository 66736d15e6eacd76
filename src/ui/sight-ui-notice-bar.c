/* SPDX-License-Identifier: MIT */
/* What cannot be done with any session, and what is missing in the one that is open. */
#include "sight-ui-notice-bar.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_LINES 3

struct _SightUiNoticeBar {
  GtkWidget parent_instance;
  SightUiPlayback *playback;
  char *general; /* of the store, or NULL */
  GtkWidget *box, *icon;
  GtkLabel *label;
};

G_DEFINE_FINAL_TYPE(SightUiNoticeBar, sight_ui_notice_bar, GTK_TYPE_WIDGET)

/* What the session was stored with, and what looking through it found since. */
static char *notice_of(SightUiPlayback *playback) {
  const SightSession *session = sight_ui_playback_get_session(playback);
  const SightAnalysis *analysis = sight_ui_playback_get_analysis(playback);
  const char *stored = session != NULL ? session->notice : NULL;
  const char *found = analysis != NULL ? analysis->session->notice : NULL;
  if (stored == NULL || found == NULL || strstr(stored, found) != NULL)
    return g_strdup(stored != NULL ? stored : found);
  return strstr(found, stored) != NULL ? g_strdup(found) : g_strconcat(stored, " ", found, NULL);
}

/* Whether something went wrong; what is left out on purpose is no reason to warn. */
static gboolean is_broken(SightUiPlayback *playback) {
  const SightSession *session = sight_ui_playback_get_session(playback);
  return session != NULL && (session->flags & (SIGHT_SESSION_PARTIAL | SIGHT_SESSION_NO_SNAPSHOT)) != 0;
}

static void update(SightUiNoticeBar *self) {
  /* Where nothing can be shown at all, the player itself says why. */
  g_autofree char *own = sight_ui_playback_get_problem(self->playback) == NULL ? notice_of(self->playback) : NULL;
  gboolean both = self->general != NULL && own != NULL;
  g_autofree char *notice =
      both ? g_strconcat(self->general, " ", own, NULL) : g_strdup(own != NULL ? own : self->general);
  gtk_widget_set_visible(GTK_WIDGET(self), notice != NULL);
  if (notice == NULL)
    return;
  g_strdelimit(notice, "\n", ' ');
  gboolean broken = self->general != NULL || is_broken(self->playback);
  gtk_image_set_from_icon_name(GTK_IMAGE(self->icon),
                               broken ? "dialog-warning-symbolic" : "dialog-information-symbolic");
  if (broken)
    gtk_widget_add_css_class(GTK_WIDGET(self), "broken");
  else
    gtk_widget_remove_css_class(GTK_WIDGET(self), "broken");
  gtk_label_set_text(self->label, notice);
  gtk_widget_set_tooltip_text(GTK_WIDGET(self->label), notice);
}

static void dispose(GObject *object) {
  SightUiNoticeBar *self = SIGHT_UI_NOTICE_BAR(object);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->playback);
  g_clear_pointer(&self->general, g_free);
  G_OBJECT_CLASS(sight_ui_notice_bar_parent_class)->dispose(object);
}

static void sight_ui_notice_bar_class_init(SightUiNoticeBarClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name(GTK_WIDGET_CLASS(class), "notice-bar");
}

static void sight_ui_notice_bar_init(SightUiNoticeBar *self) {
  self->box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 9);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  self->icon = gtk_image_new();
  gtk_widget_set_valign(self->icon, GTK_ALIGN_START);
  self->label = GTK_LABEL(gtk_label_new(NULL));
  gtk_label_set_xalign(self->label, 0);
  gtk_label_set_wrap(self->label, TRUE);
  gtk_label_set_wrap_mode(self->label, PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines(self->label, MAX_LINES);
  gtk_label_set_ellipsize(self->label, PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand(GTK_WIDGET(self->label), TRUE);
  gtk_box_append(GTK_BOX(self->box), self->icon);
  gtk_box_append(GTK_BOX(self->box), GTK_WIDGET(self->label));
}

GtkWidget *sight_ui_notice_bar_new(SightUiPlayback *playback, SightStore *store) {
  SightUiNoticeBar *self = g_object_new(SIGHT_UI_TYPE_NOTICE_BAR, NULL);
  if (sight_store_why_reading(store) != NULL)
    self->general = g_strdup_printf(_("What is here can be watched, searched and shared as clips. Nothing can be "
                                      "synced, imported, tagged or looked through: %s"),
                                    sight_store_why_reading(store));
  self->playback = g_object_ref(playback);
  const char *const signals[] = {"notify::session-row", "notify::analysis", "notify::problem"};
  for (guint i = 0; i < G_N_ELEMENTS(signals); i++)
    g_signal_connect_object(playback, signals[i], G_CALLBACK(update), self, G_CONNECT_SWAPPED);
  update(self);
  return GTK_WIDGET(self);
}

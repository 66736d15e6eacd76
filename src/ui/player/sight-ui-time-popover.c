/* SPDX-License-Identifier: MIT */
/* SightUiTimePopover: three times, each with a button that copies it, and "go to". */
#include "sight-ui-time-popover.h"

#include "sight-ui-player.h"
#include "sight-ui-steps.h"
#include "sight-ui-time.h"

#include <glib/gi18n-lib.h>

enum { SESSION, PAGE, CLOCK, N_TIMES };

struct _SightUiTimePopover {
  GtkPopover parent_instance;
  SightUiPlayback *playback;
  GTimeZone *zone;
  GtkWidget *entry, *problem;
  GtkLabel *times[N_TIMES];
};

G_DEFINE_FINAL_TYPE(SightUiTimePopover, sight_ui_time_popover, GTK_TYPE_POPOVER)

static const struct {
  const char *title, *copy;
} kinds[N_TIMES] = {
    [SESSION] = {N_("Session"), N_("Copy the session time")},
    /* Translators: since the page that is on display was opened. */
    [PAGE] = {N_("This page"), N_("Copy the time on this page")},
    [CLOCK] = {N_("Clock"), N_("Copy the time of the clock")},
};

static gint64 started_ms(SightUiTimePopover *self) {
  const SightAnalysis *analysis = sight_ui_playback_get_analysis(self->playback);
  const SightSession *session = sight_ui_playback_get_session(self->playback);
  if (analysis)
    return analysis->session->started_ms;
  return session ? session->started_ms : 0;
}

static void update(SightUiTimePopover *self) {
  if (!gtk_widget_get_visible(GTK_WIDGET(self)))
    return;
  const SightAnalysis *analysis = sight_ui_playback_get_analysis(self->playback);
  gint64 at_ms = sight_ui_playback_get_position_ms(self->playback);
  const SightPageView *page =
      analysis ? sight_ui_page_at(analysis, sight_ui_playback_get_window(self->playback), at_ms) : NULL;
  g_autofree char *session = sight_ui_time_exact(at_ms);
  g_autofree char *on_page = page ? sight_ui_time_exact(at_ms - page->start_ms) : g_strdup("–");
  const SightSession *stored = sight_ui_playback_get_session(self->playback);
  g_autofree char *clock =
      sight_ui_time_clock(started_ms(self), stored ? stored->received_ms : G_MAXINT64, at_ms, self->zone);
  gtk_label_set_text(self->times[SESSION], session);
  gtk_label_set_text(self->times[PAGE], on_page);
  gtk_label_set_text(self->times[CLOCK], clock);
}

static void tell(SightUiTimePopover *self, const char *problem) {
  gtk_label_set_text(GTK_LABEL(self->problem), problem ? problem : "");
  gtk_widget_set_visible(self->problem, problem != NULL);
  if (problem)
    gtk_widget_add_css_class(self->entry, "error");
  else
    gtk_widget_remove_css_class(self->entry, "error");
}

static void on_typed(SightUiTimePopover *self) {
  tell(self, NULL);
}

static void on_entered(SightUiTimePopover *self) {
  gint64 at_ms = 0, whole_ms = sight_ui_playback_get_duration_ms(self->playback);
  const char *text = gtk_editable_get_text(GTK_EDITABLE(self->entry));
  g_autofree char *whole = sight_ui_format_time(whole_ms);
  g_autofree char *beyond = NULL;
  switch (sight_ui_time_parse(text, started_ms(self), whole_ms, self->zone, &at_ms)) {
  case SIGHT_UI_TIME_UNKNOWN:
    tell(self, _("Write it as 1:30, 14:05:10 or 50%."));
    break;
  case SIGHT_UI_TIME_BEYOND:
    beyond = g_strdup_printf(_("The session ends at %s."), whole);
    tell(self, beyond);
    break;
  case SIGHT_UI_TIME_OK:
    gtk_popover_popdown(GTK_POPOVER(self));
    sight_ui_playback_seek(self->playback, at_ms);
    break;
  }
}

static void on_copy(GtkButton *button, GtkLabel *time) {
  gdk_clipboard_set_text(gtk_widget_get_clipboard(GTK_WIDGET(button)), gtk_label_get_text(time));
}

static void on_show(SightUiTimePopover *self) {
  gtk_editable_set_text(GTK_EDITABLE(self->entry), "");
  tell(self, NULL);
  update(self);
  gtk_widget_grab_focus(self->entry);
}

static void add_time(SightUiTimePopover *self, GtkGrid *grid, int kind) {
  GtkWidget *title = gtk_label_new(_(kinds[kind].title));
  GtkWidget *time = gtk_label_new(NULL), *copy = gtk_button_new_from_icon_name("edit-copy-symbolic");
  gtk_label_set_xalign(GTK_LABEL(title), 0);
  gtk_widget_add_css_class(title, "dim-label");
  gtk_label_set_xalign(GTK_LABEL(time), 0);
  gtk_widget_set_hexpand(time, TRUE);
  gtk_widget_add_css_class(time, "numeric");
  gtk_widget_add_css_class(copy, "flat");
  gtk_widget_set_tooltip_text(copy, _(kinds[kind].copy));
  gtk_accessible_update_property(GTK_ACCESSIBLE(copy), GTK_ACCESSIBLE_PROPERTY_LABEL, _(kinds[kind].copy), -1);
  g_signal_connect_object(copy, "clicked", G_CALLBACK(on_copy), time, 0);
  gtk_grid_attach(grid, title, 0, kind, 1, 1);
  gtk_grid_attach(grid, time, 1, kind, 1, 1);
  gtk_grid_attach(grid, copy, 2, kind, 1, 1);
  self->times[kind] = GTK_LABEL(time);
}

static void sight_ui_time_popover_dispose(GObject *object) {
  SightUiTimePopover *self = SIGHT_UI_TIME_POPOVER(object);
  g_clear_object(&self->playback);
  g_clear_pointer(&self->zone, g_time_zone_unref);
  G_OBJECT_CLASS(sight_ui_time_popover_parent_class)->dispose(object);
}

static void sight_ui_time_popover_class_init(SightUiTimePopoverClass *klass) {
  G_OBJECT_CLASS(klass)->dispose = sight_ui_time_popover_dispose;
}

static void sight_ui_time_popover_init(SightUiTimePopover *self) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 9);
  gtk_widget_add_css_class(box, "time-box");
  self->zone = g_time_zone_new_local();
  self->entry = gtk_entry_new();
  gtk_entry_set_placeholder_text(GTK_ENTRY(self->entry), _("Go to 1:30, 14:05:10 or 50%"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Go to a time"), -1);
  self->problem = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(self->problem), 0);
  gtk_label_set_wrap(GTK_LABEL(self->problem), TRUE);
  gtk_widget_add_css_class(self->problem, "error");
  GtkWidget *grid = gtk_grid_new();
  gtk_grid_set_column_spacing(GTK_GRID(grid), 12);
  for (int kind = 0; kind < N_TIMES; kind++)
    add_time(self, GTK_GRID(grid), kind);
  gtk_box_append(GTK_BOX(box), self->entry);
  gtk_box_append(GTK_BOX(box), self->problem);
  gtk_box_append(GTK_BOX(box), grid);
  gtk_popover_set_child(GTK_POPOVER(self), box);
  g_signal_connect_object(self->entry, "changed", G_CALLBACK(on_typed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->entry, "activate", G_CALLBACK(on_entered), self, G_CONNECT_SWAPPED);
  g_signal_connect(self, "show", G_CALLBACK(on_show), NULL);
}

GtkWidget *sight_ui_time_popover_new(SightUiPlayback *playback) {
  SightUiTimePopover *self = g_object_new(SIGHT_UI_TYPE_TIME_POPOVER, NULL);
  self->playback = g_object_ref(playback);
  g_signal_connect_object(playback, "notify::position-ms", G_CALLBACK(update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(playback, "notify::analysis", G_CALLBACK(update), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET(self);
}

/* SPDX-License-Identifier: MIT */
/* The chart, and below it a list of facts and of sessions. */
#include "sight-ui-person-popover.h"

#include "sight-ui-context-menu.h"
#include "sight-ui-person-chart.h"
#include "sight-ui-person.h"
#include "sight-ui-session-menu.h"
#include "sight-ui-text.h"

#include <glib/gi18n.h>

#define WIDTH 460
#define MAX_HEIGHT 420
#define VALUE_CHARS 56

struct _SightUiPersonPopover {
  GtkPopover parent_instance;
  SightUiPlayback *playback;
  SightUiPerson *person;   /* that is shown; or NULL */
  GtkWidget *chart, *line; /* it stands on, and what scrolls it */
  GtkListBox *rows;
  GtkWidget *play;
  GtkWidget *all; /* leads to all sessions of the user */
  GtkWidget *why; /* the open one is in the list, or not */
  GCancellable *cancel;
};

G_DEFINE_FINAL_TYPE(SightUiPersonPopover, sight_ui_person_popover, GTK_TYPE_POPOVER)

static GtkWidget *make_label(const char *text, gboolean dim) {
  GtkWidget *label = gtk_label_new(text);

  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars(GTK_LABEL(label), VALUE_CHARS);
  if (dim)
    gtk_widget_add_css_class(label, "dim-label");
  return label;
}

static GtkListBoxRow *add_row(SightUiPersonPopover *self, GtkWidget *child, const char *name) {
  GtkWidget *row = gtk_list_box_row_new();

  gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), child);
  gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_list_box_append(self->rows, row);
  return GTK_LIST_BOX_ROW(row);
}

static void add_fact(SightUiPersonPopover *self, const SightUiPersonFact *fact) {
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12), *title = make_label(fact->title, TRUE);
  g_autofree char *name = g_strdup_printf("%s: %s", fact->title, fact->value);
  g_autofree char *isolated = sight_ui_text_isolate(fact->value);

  gtk_widget_set_hexpand(title, TRUE);
  gtk_box_append(GTK_BOX(line), title);
  gtk_box_append(GTK_BOX(line), make_label(isolated, FALSE));
  GtkListBoxRow *row = add_row(self, line, name);
  gtk_widget_set_tooltip_text(GTK_WIDGET(row), fact->filter);
  g_object_set_data_full(G_OBJECT(row), "filter", g_strdup(fact->filter), g_free);
}

static void add_heading(SightUiPersonPopover *self, const SightUiPerson *person) {
  g_autofree char *text = sight_ui_person_describe(person);
  GtkWidget *label = make_label(text, FALSE);

  gtk_widget_add_css_class(label, "group-heading");
  gtk_list_box_row_set_activatable(add_row(self, label, text), FALSE);
  gtk_widget_set_focusable(gtk_widget_get_parent(label), FALSE);
}

static void add_session(SightUiPersonPopover *self, const SightUiPersonSession *session, gboolean open) {
  g_autofree char *times =
      session->later != NULL ? g_strdup_printf("%s · %s", session->when, session->later) : g_strdup(session->when);
  GtkWidget *lines = gtk_box_new(GTK_ORIENTATION_VERTICAL, 3), *when = make_label(times, FALSE);
  g_autofree char *name = session->what[0] != '\0' ? g_strdup_printf("%s, %s", times, session->what) : g_strdup(times);

  gtk_widget_add_css_class(when, "numeric");
  gtk_box_append(GTK_BOX(lines), when);
  if (session->what[0] != '\0')
    gtk_box_append(GTK_BOX(lines), make_label(session->what, TRUE));
  GtkListBoxRow *row = add_row(self, lines, name);
  if (open)
    gtk_widget_add_css_class(GTK_WIDGET(row), "on");
  gtk_accessible_update_state(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_STATE_SELECTED, open, -1);
  gint64 *place = g_new(gint64, 1);
  *place = session->row;
  g_object_set_data_full(G_OBJECT(row), "session", place, g_free);
}

static void show(SightUiPersonPopover *self) {
  const SightUiPerson *person = self->person;

  for (guint i = 0; i < person->facts->len; i++)
    add_fact(self, person->facts->pdata[i]);
  if (person->user == NULL)
    add_fact(self,
             &(SightUiPersonFact){.title = _("User"), .value = (char *)_("not known"), .filter = (char *)"-user"});
  else
    add_heading(self, person);
  for (guint i = 0; i < person->sessions->len; i++) {
    const SightUiPersonSession *session = person->sessions->pdata[i];
    add_session(self, session, session->row == person->row);
  }
  gtk_actionable_set_action_target(GTK_ACTIONABLE(self->why), "x", person->row);
  gtk_widget_set_visible(self->line, person->user != NULL);
  gtk_widget_set_visible(self->play, person->sessions->len > 1);
  gtk_widget_set_visible(self->all, person->user != NULL);
  if (person->filter != NULL)
    gtk_actionable_set_action_target(GTK_ACTIONABLE(self->all), "s", person->filter);
  sight_ui_person_chart_set(SIGHT_UI_PERSON_CHART(self->chart), person);
  gtk_popover_popup(GTK_POPOVER(self));
  gtk_widget_grab_focus(person->user != NULL ? self->chart : GTK_WIDGET(gtk_list_box_get_row_at_index(self->rows, 0)));
}

static void forget(SightUiPersonPopover *self) {
  GtkListBoxRow *old;

  while ((old = gtk_list_box_get_row_at_index(self->rows, 0)) != NULL)
    gtk_list_box_remove(self->rows, GTK_WIDGET(old));
  sight_ui_person_chart_set(SIGHT_UI_PERSON_CHART(self->chart), NULL);
  g_clear_pointer(&self->person, sight_ui_person_free);
}

static void read_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiPersonPopover) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(SightUiPerson) person = sight_ui_person_read_finish(result, &error);

  if (g_task_get_cancellable(G_TASK(result)) != self->cancel)
    return;
  g_clear_object(&self->cancel);
  /* What it hangs on may be gone. */
  if (gtk_widget_get_parent(GTK_WIDGET(self)) == NULL)
    return;
  if (person == NULL) {
    g_debug("Nothing is known of this session: %s", error->message);
    return;
  }
  self->person = g_steal_pointer(&person);
  show(self);
}

void sight_ui_person_popover_open(SightUiPersonPopover *self) {
  forget(self);
  if (self->cancel != NULL)
    g_cancellable_cancel(self->cancel);
  g_clear_object(&self->cancel);
  self->cancel = g_cancellable_new();
  sight_ui_person_read_async(sight_ui_playback_get_store(self->playback),
                             sight_ui_playback_get_session_row(self->playback), self->cancel, read_cb,
                             g_object_ref(self));
}

void sight_ui_person_popover_close(SightUiPersonPopover *self) {
  if (self->cancel != NULL)
    g_cancellable_cancel(self->cancel);
  g_clear_object(&self->cancel);
  gtk_popover_popdown(GTK_POPOVER(self));
}

static void activated(SightUiPersonPopover *self, GtkListBoxRow *row) {
  const char *filter = g_object_get_data(G_OBJECT(row), "filter");
  const gint64 *session = g_object_get_data(G_OBJECT(row), "session");

  gtk_popover_popdown(GTK_POPOVER(self));
  if (filter != NULL)
    gtk_widget_activate_action(GTK_WIDGET(self), "win.filter-add", "s", filter);
  else if (session != NULL)
    gtk_widget_activate_action(GTK_WIDGET(self), "win.open-session", "x", *session);
}

static void chosen(SightUiPersonPopover *self, gint64 row, gint64 at_ms) {
  gtk_popover_popdown(GTK_POPOVER(self));
  if (at_ms < 0)
    gtk_widget_activate_action(GTK_WIDGET(self), "win.open-session", "x", row);
  else
    gtk_widget_activate_action(GTK_WIDGET(self), "win.open-moment", "(xx)", row, at_ms);
}

static GMenu *make_menu(GtkWidget *row, gpointer user_data) {
  const gint64 *session = g_object_get_data(G_OBJECT(row), "session");

  return session != NULL ? sight_ui_session_menu_new(*session, NULL) : NULL;
}

static void dispose(GObject *object) {
  SightUiPersonPopover *self = SIGHT_UI_PERSON_POPOVER(object);

  if (self->cancel != NULL)
    g_cancellable_cancel(self->cancel);
  g_clear_object(&self->cancel);
  G_OBJECT_CLASS(sight_ui_person_popover_parent_class)->dispose(object);
}

/* The chart is gone by now. */
static void finalize(GObject *object) {
  SightUiPersonPopover *self = SIGHT_UI_PERSON_POPOVER(object);

  g_clear_pointer(&self->person, sight_ui_person_free);
  g_clear_object(&self->playback);
  G_OBJECT_CLASS(sight_ui_person_popover_parent_class)->finalize(object);
}

static void sight_ui_person_popover_class_init(SightUiPersonPopoverClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
}

static void sight_ui_person_popover_init(SightUiPersonPopover *self) {
}

static void add_line(SightUiPersonPopover *self, GtkBox *box) {
  self->chart = sight_ui_person_chart_new(self->playback);
  self->line = gtk_scrolled_window_new();
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(self->line), GTK_POLICY_AUTOMATIC, GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(self->line), self->chart);
  /* Which part of it is in sight it says itself. */
  gtk_viewport_set_scroll_to_focus(GTK_VIEWPORT(gtk_widget_get_parent(self->chart)), FALSE);
  gtk_widget_set_size_request(self->line, WIDTH, -1);
  gtk_box_append(box, self->line);
  g_signal_connect_object(self->chart, "chosen", G_CALLBACK(chosen), self, G_CONNECT_SWAPPED);
}

static void add_rows(SightUiPersonPopover *self, GtkBox *box) {
  GtkWidget *scroller = gtk_scrolled_window_new();

  self->rows = GTK_LIST_BOX(gtk_list_box_new());
  gtk_list_box_set_selection_mode(self->rows, GTK_SELECTION_NONE);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->rows), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Session"), -1);
  gtk_widget_add_css_class(GTK_WIDGET(self->rows), "person");
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height(GTK_SCROLLED_WINDOW(scroller), TRUE);
  gtk_scrolled_window_set_max_content_height(GTK_SCROLLED_WINDOW(scroller), MAX_HEIGHT);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), GTK_WIDGET(self->rows));
  gtk_widget_set_size_request(scroller, WIDTH, -1);
  gtk_box_append(box, scroller);
  sight_ui_context_menu_attach(GTK_WIDGET(self->rows), GTK_WIDGET(box), make_menu, NULL);
  g_signal_connect_object(self->rows, "row-activated", G_CALLBACK(activated), self, G_CONNECT_SWAPPED);
}

static GtkWidget *add_button(SightUiPersonPopover *self, GtkBox *box, GtkWidget *button, const char *action) {
  gtk_actionable_set_action_name(GTK_ACTIONABLE(button), action);
  g_signal_connect_object(button, "clicked", G_CALLBACK(gtk_popover_popdown), self, G_CONNECT_SWAPPED);
  gtk_box_append(box, button);
  return button;
}

GtkWidget *sight_ui_person_popover_new(SightUiPlayback *playback) {
  SightUiPersonPopover *self = g_object_new(SIGHT_UI_TYPE_PERSON_POPOVER, NULL);
  GtkBox *box = GTK_BOX(gtk_box_new(GTK_ORIENTATION_VERTICAL, 6));
  GtkWidget *all = gtk_button_new_with_label(_("List All Sessions of This User"));
  GtkWidget *why = gtk_button_new_with_label(_("Why Is It in the List, or Not?"));

  self->playback = g_object_ref(playback);
  add_line(self, box);
  add_rows(self, box);
  self->play = add_button(self, box, gtk_toggle_button_new_with_label(_("Play in Order")), "win.play-person");
  gtk_widget_set_tooltip_text(self->play, _("Play the Sessions of This User One After the Other (Shift+R)"));
  gtk_actionable_set_action_target(GTK_ACTIONABLE(all), "s", "");
  self->all = add_button(self, box, all, "win.filter-set");
  gtk_actionable_set_action_target(GTK_ACTIONABLE(why), "x", (gint64)0);
  self->why = add_button(self, box, why, "win.why");
  gtk_popover_set_child(GTK_POPOVER(self), GTK_WIDGET(box));
  return GTK_WIDGET(self);
}

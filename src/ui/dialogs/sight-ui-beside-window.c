/* SPDX-License-Identifier: MIT */
/* Two players, and one clock over both. */
#include "sight-ui-beside-window.h"

#include "sight-log-table.h"
#include "sight-ui-common-steps.h"
#include "sight-ui-keys.h"
#include "sight-ui-names.h"
#include "sight-ui-player.h"
#include "sight-ui-text.h"

#include <glib/gi18n.h>

#define JUMP_MS 5000
#define STEP_CHARS 48
#define LIST_HEIGHT 420
/* Somebody who has just come to a step goes back to the one before it. */
#define JUST_MS 1500

struct _SightUiBesideWindow {
  AdwWindow parent_instance;
  SightUiPlayback *playback[2];
  GtkWidget *player[2], *waits[2], *box, *play, *place, *popover, *list, *speed;
  GPtrArray *steps; /* of SightUiCommonStep; NULL: not both are read yet */
  int from_side;
  gint64 from_ms;     /* where to begin; -1: it has begun */
  gboolean playing;   /* as a whole: of one that waits nothing moves meanwhile */
  gboolean governing; /* what changes is our own doing */
  int shown;          /* the step that is told, or -1 */
};

G_DEFINE_FINAL_TYPE(SightUiBesideWindow, sight_ui_beside_window, ADW_TYPE_WINDOW)

/* The clock */

static gboolean is_over(SightUiPlayback *playback) {
  gint64 whole_ms = sight_ui_playback_get_duration_ms(playback);
  return sight_ui_playback_get_problem(playback) != NULL ||
         (whole_ms > 0 && sight_ui_playback_get_position_ms(playback) >= whole_ms);
}

/* The step that both have come to. */
static guint step_of(SightUiBesideWindow *self) {
  guint step = G_MAXUINT;
  for (int side = 0; side < 2; side++)
    step =
        MIN(step, sight_ui_common_steps_at(self->steps, side, sight_ui_playback_get_position_ms(self->playback[side])));
  return step;
}

static void tell_place(SightUiBesideWindow *self, const char *text) {
  gtk_label_set_text(GTK_LABEL(gtk_menu_button_get_child(GTK_MENU_BUTTON(self->place))), text);
  gtk_widget_set_tooltip_text(self->place, text);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->place), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void show_step(SightUiBesideWindow *self) {
  guint index = step_of(self);
  const SightUiCommonStep *step = g_ptr_array_index(self->steps, index);
  if (self->shown == (int)index)
    return;
  self->shown = (int)index;
  /* Translators: which of the steps that two sessions have in common, and what it is: "3 of 12 · Clicked “Pay”" */
  g_autofree char *text = g_strdup_printf(_("%u of %u · %s"), index + 1, self->steps->len, step->title);
  tell_place(self, text);
  gtk_list_box_select_row(GTK_LIST_BOX(self->list),
                          gtk_list_box_get_row_at_index(GTK_LIST_BOX(self->list), (int)index));
}

static void show_playing(SightUiBesideWindow *self, const gboolean waits[2]) {
  const char *text = self->playing ? _("Pause (Space)") : _("Play (Space)");
  gtk_button_set_icon_name(GTK_BUTTON(self->play),
                           self->playing ? "media-playback-pause-symbolic" : "media-playback-start-symbolic");
  gtk_widget_set_tooltip_text(self->play, text);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->play), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 self->playing ? _("Pause") : _("Play"), -1);
  for (int side = 0; side < 2; side++)
    gtk_widget_set_visible(self->waits[side], self->playing && waits[side] && !is_over(self->playback[side]));
}

/* What it is stands where the page would be. */
static void tell_problem(SightUiBesideWindow *self) {
  for (int side = 0; side < 2; side++) {
    if (sight_ui_playback_get_problem(self->playback[side]) != NULL)
      tell_place(self, _("One of them cannot be read"));
  }
}

/* Lets either side play or wait. */
static void govern(SightUiBesideWindow *self) {
  gint64 at_ms[2];
  gboolean over[2], waits[2];
  if (self->steps == NULL)
    tell_problem(self);
  if (self->governing || self->steps == NULL)
    return;
  self->governing = TRUE;
  for (int side = 0; side < 2; side++) {
    at_ms[side] = sight_ui_playback_get_position_ms(self->playback[side]);
    over[side] = is_over(self->playback[side]);
  }
  sight_ui_common_steps_waits(self->steps, at_ms, over, waits);
  self->playing = self->playing && !(over[0] && over[1]);
  for (int side = 0; side < 2; side++)
    sight_ui_playback_set_playing(self->playback[side], self->playing && !waits[side]);
  self->governing = FALSE;
  show_step(self);
  show_playing(self, waits);
}

static void go_to(SightUiBesideWindow *self, int side, gint64 at_ms, gint64 other_ms) {
  self->governing = TRUE;
  sight_ui_playback_seek(self->playback[side], at_ms);
  sight_ui_playback_seek(self->playback[!side], other_ms);
  self->governing = FALSE;
  govern(self);
}

static void go_to_step(SightUiBesideWindow *self, guint index) {
  const SightUiCommonStep *step = g_ptr_array_index(self->steps, index);
  go_to(self, 0, step->at_ms[0], step->at_ms[1]);
}

static void go_with(SightUiBesideWindow *self, int side, gint64 at_ms) {
  gint64 whole_ms = sight_ui_playback_get_duration_ms(self->playback[side]);
  gint64 other_ms = sight_ui_playback_get_duration_ms(self->playback[!side]);
  at_ms = CLAMP(at_ms, 0, whole_ms);
  go_to(self, side, at_ms, sight_ui_common_steps_other(self->steps, side, at_ms, other_ms));
}

/* Somebody went elsewhere in one of them, on its timeline: the other one comes along. */
static void sought(SightUiPlayback *playback, gint64 at_ms, SightUiBesideWindow *self) {
  if (!self->governing && self->steps != NULL)
    go_with(self, playback == self->playback[1], at_ms);
}

/* Steps */

static GtkWidget *make_row(const SightUiCommonStep *step) {
  GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 18), *title = gtk_label_new(step->title);
  g_autofree char *one = sight_ui_format_time(step->at_ms[0]), *other = sight_ui_format_time(step->at_ms[1]);
  g_autofree char *text = g_strdup_printf("%s · %s", one, other);
  GtkWidget *times = gtk_label_new(text);
  gtk_label_set_ellipsize(GTK_LABEL(title), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars(GTK_LABEL(title), STEP_CHARS);
  gtk_label_set_xalign(GTK_LABEL(title), 0);
  gtk_widget_set_hexpand(title, TRUE);
  gtk_widget_add_css_class(times, "numeric");
  gtk_widget_add_css_class(times, "dim-label");
  gtk_box_append(GTK_BOX(row), title);
  gtk_box_append(GTK_BOX(row), times);
  return row;
}

static void read_steps(SightUiBesideWindow *self) {
  const SightAnalysis *one = sight_ui_playback_get_analysis(self->playback[0]);
  const SightAnalysis *other = sight_ui_playback_get_analysis(self->playback[1]);
  if (one == NULL || other == NULL)
    return;
  g_clear_pointer(&self->steps, g_ptr_array_unref);
  self->steps = sight_ui_common_steps(one, other);
  self->shown = -1;
  for (GtkWidget *row = gtk_widget_get_first_child(self->list); row != NULL;
       row = gtk_widget_get_first_child(self->list))
    gtk_list_box_remove(GTK_LIST_BOX(self->list), row);
  for (guint i = 0; i < self->steps->len; i++)
    gtk_list_box_append(GTK_LIST_BOX(self->list), make_row(g_ptr_array_index(self->steps, i)));
  gtk_widget_set_sensitive(self->place, TRUE);
  if (self->from_ms >= 0)
    go_to_step(self, sight_ui_common_steps_at(self->steps, self->from_side, self->from_ms));
  self->from_ms = -1;
  govern(self);
}

static void row_activated(GtkListBox *list, GtkListBoxRow *row, SightUiBesideWindow *self) {
  gtk_popover_popdown(GTK_POPOVER(self->popover));
  go_to_step(self, (guint)gtk_list_box_row_get_index(row));
}

/* Actions: those of a player, for both */

static void play_pause(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiBesideWindow *self = user_data;
  if (self->steps == NULL)
    return;
  gboolean again = !self->playing && is_over(self->playback[0]) && is_over(self->playback[1]);
  self->playing = !self->playing;
  if (again)
    go_to_step(self, 0);
  govern(self);
}

static void move(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiBesideWindow *self = user_data;
  static const struct {
    const char *name;
    gint64 by_ms;
  } moves[] = {{"back-5", -JUMP_MS}, {"forward-5", JUMP_MS}, {"back-1", -1000}, {"forward-1", 1000}};
  for (guint i = 0; self->steps != NULL && i < G_N_ELEMENTS(moves); i++) {
    if (g_str_equal(moves[i].name, g_action_get_name(G_ACTION(action))))
      go_with(self, 0, sight_ui_playback_get_position_ms(self->playback[0]) + moves[i].by_ms);
  }
}

static void go_home(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiBesideWindow *self = user_data;
  if (self->steps != NULL)
    go_to_step(self, 0);
}

static void go_to_end(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiBesideWindow *self = user_data;
  if (self->steps != NULL)
    go_to(self, 0, sight_ui_playback_get_duration_ms(self->playback[0]),
          sight_ui_playback_get_duration_ms(self->playback[1]));
}

static void step(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiBesideWindow *self = user_data;
  gboolean next = g_str_has_prefix(g_action_get_name(G_ACTION(action)), "next");
  if (self->steps == NULL)
    return;
  guint index = step_of(self);
  const SightUiCommonStep *here = g_ptr_array_index(self->steps, index);
  gboolean just = sight_ui_playback_get_position_ms(self->playback[0]) < here->at_ms[0] + JUST_MS;
  if (next && index + 1 < self->steps->len)
    go_to_step(self, index + 1);
  else if (!next)
    go_to_step(self, just && index > 0 ? index - 1 : index);
}

static void change_speed(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiBesideWindow *self = user_data;
  double factor = g_str_equal(g_action_get_name(G_ACTION(action)), "faster") ? 2 : 0.5;
  double speed = MIN(sight_ui_playback_get_speed(self->playback[0]) * factor, SIGHT_UI_SPEED_MAX);
  for (int side = 0; side < 2; side++)
    sight_ui_playback_set_speed(self->playback[side], speed);
  g_autofree char *text = g_strdup_printf("%g×", sight_ui_playback_get_speed(self->playback[0]));
  gtk_label_set_text(GTK_LABEL(self->speed), text);
}

/* What each player does by itself. */
static void both(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiBesideWindow *self = user_data;
  for (int side = 0; side < 2; side++)
    g_action_group_activate_action(sight_ui_player_get_actions(SIGHT_UI_PLAYER(self->player[side])),
                                   g_action_get_name(G_ACTION(action)), NULL);
}

static void add_actions(SightUiBesideWindow *self) {
  static const GActionEntry of_player[] = {
      {"play-pause", play_pause, NULL, NULL, NULL, {0}}, {"back-5", move, NULL, NULL, NULL, {0}},
      {"forward-5", move, NULL, NULL, NULL, {0}},        {"back-1", move, NULL, NULL, NULL, {0}},
      {"forward-1", move, NULL, NULL, NULL, {0}},        {"home", go_home, NULL, NULL, NULL, {0}},
      {"end", go_to_end, NULL, NULL, NULL, {0}},         {"previous-page", step, NULL, NULL, NULL, {0}},
      {"next-page", step, NULL, NULL, NULL, {0}},        {"slower", change_speed, NULL, NULL, NULL, {0}},
      {"faster", change_speed, NULL, NULL, NULL, {0}},   {"skip-idle", both, NULL, NULL, NULL, {0}},
      {"zoom-in", both, NULL, NULL, NULL, {0}},          {"zoom-out", both, NULL, NULL, NULL, {0}},
      {"zoom-fit", both, NULL, NULL, NULL, {0}},         {"zoom-actual", both, NULL, NULL, NULL, {0}},
  };
  static const GActionEntry of_window[] = {
      {"previous-moment", step, NULL, NULL, NULL, {0}},
      {"next-moment", step, NULL, NULL, NULL, {0}},
  };
  g_autoptr(GSimpleActionGroup) player = g_simple_action_group_new(), window = g_simple_action_group_new();
  g_action_map_add_action_entries(G_ACTION_MAP(player), of_player, G_N_ELEMENTS(of_player), self);
  g_action_map_add_action_entries(G_ACTION_MAP(window), of_window, G_N_ELEMENTS(of_window), self);
  gtk_widget_insert_action_group(self->box, "player", G_ACTION_GROUP(player));
  gtk_widget_insert_action_group(GTK_WIDGET(self), "win", G_ACTION_GROUP(window));
  sight_ui_keys_attach(GTK_WIDGET(self), self->box);
}

/* Parts */

static GtkWidget *make_side(SightUiBesideWindow *self, int side, const char *name) {
  GtkWidget *column = g_object_new(GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "accessible-role",
                                   GTK_ACCESSIBLE_ROLE_GROUP, NULL);
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12), *heading = gtk_label_new(name);
  self->waits[side] = gtk_label_new(_("Waits for the other"));
  self->player[side] = sight_ui_player_new_bare(self->playback[side]);
  gtk_widget_add_css_class(heading, "heading");
  gtk_widget_add_css_class(self->waits[side], "dim-label");
  gtk_widget_set_visible(self->waits[side], FALSE);
  gtk_widget_add_css_class(line, "beside-heading");
  gtk_box_append(GTK_BOX(line), heading);
  gtk_box_append(GTK_BOX(line), self->waits[side]);
  gtk_box_append(GTK_BOX(column), line);
  gtk_box_append(GTK_BOX(column), self->player[side]);
  gtk_widget_set_vexpand(self->player[side], TRUE);
  gtk_accessible_update_property(GTK_ACCESSIBLE(column), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return column;
}

static GtkWidget *make_button(const char *icon, const char *name, const char *tooltip, const char *action) {
  GtkWidget *button = gtk_button_new_from_icon_name(icon);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_set_tooltip_text(button, tooltip);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(button), action);
  return button;
}

static GtkWidget *make_place(SightUiBesideWindow *self) {
  GtkWidget *scroller = gtk_scrolled_window_new(), *label = gtk_label_new(_("Looking for what both did…"));
  self->place = gtk_menu_button_new();
  self->popover = gtk_popover_new();
  self->list = gtk_list_box_new();
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars(GTK_LABEL(label), STEP_CHARS);
  gtk_menu_button_set_child(GTK_MENU_BUTTON(self->place), label);
  gtk_menu_button_set_popover(GTK_MENU_BUTTON(self->place), self->popover);
  gtk_menu_button_set_direction(GTK_MENU_BUTTON(self->place), GTK_ARROW_UP);
  gtk_menu_button_set_always_show_arrow(GTK_MENU_BUTTON(self->place), TRUE);
  gtk_widget_add_css_class(self->place, "flat");
  gtk_widget_add_css_class(self->list, "person");
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("What both did"), -1);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height(GTK_SCROLLED_WINDOW(scroller), TRUE);
  gtk_scrolled_window_set_max_content_height(GTK_SCROLLED_WINDOW(scroller), LIST_HEIGHT);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), self->list);
  gtk_popover_set_child(GTK_POPOVER(self->popover), scroller);
  gtk_widget_set_sensitive(self->place, FALSE);
  g_signal_connect_object(self->list, "row-activated", G_CALLBACK(row_activated), self, 0);
  return self->place;
}

static GtkWidget *make_bar(SightUiBesideWindow *self) {
  GtkWidget *bar = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  self->play = make_button("media-playback-pause-symbolic", _("Pause"), _("Pause (Space)"), "player.play-pause");
  self->speed = gtk_label_new("1×");
  gtk_widget_add_css_class(self->speed, "numeric");
  gtk_widget_add_css_class(self->speed, "dim-label");
  gtk_widget_set_tooltip_text(self->speed, _("Speed ([ and ])"));
  gtk_box_append(GTK_BOX(bar), make_button("media-skip-backward-symbolic", _("Previous step"), _("Previous Step (K)"),
                                           "win.previous-moment"));
  gtk_box_append(GTK_BOX(bar), self->play);
  gtk_box_append(GTK_BOX(bar),
                 make_button("media-skip-forward-symbolic", _("Next step"), _("Next Step (J)"), "win.next-moment"));
  gtk_box_append(GTK_BOX(bar), make_place(self));
  gtk_box_append(GTK_BOX(bar), self->speed);
  gtk_widget_set_halign(bar, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class(bar, "beside-bar");
  return bar;
}

static void build(SightUiBesideWindow *self, const SightUiBesideSide sides[2]) {
  GtkWidget *outer = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *columns = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *one = make_side(self, 0, sides[0].name), *other = make_side(self, 1, sides[1].name);
  GtkSizeGroup *same = gtk_size_group_new(GTK_SIZE_GROUP_HORIZONTAL);
  gtk_size_group_add_widget(same, one);
  gtk_size_group_add_widget(same, other);
  g_object_unref(same);
  gtk_box_append(GTK_BOX(columns), one);
  gtk_box_append(GTK_BOX(columns), gtk_separator_new(GTK_ORIENTATION_VERTICAL));
  gtk_box_append(GTK_BOX(columns), other);
  gtk_box_append(GTK_BOX(self->box), columns);
  gtk_box_append(GTK_BOX(self->box), gtk_separator_new(GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append(GTK_BOX(self->box), make_bar(self));
  gtk_box_append(GTK_BOX(outer), adw_header_bar_new());
  gtk_box_append(GTK_BOX(outer), self->box);
  /* Before they are shown: buttons that are shown already do not learn of them. */
  add_actions(self);
  adw_window_set_content(ADW_WINDOW(self), outer);
  gtk_window_set_focus(GTK_WINDOW(self), self->play);
}

/* Who watches what is written into the log of its project. */
static void log_watched(SightUiPlayback *playback) {
  const SightSession *session = sight_ui_playback_get_session(playback);
  if (session == NULL || g_object_get_data(G_OBJECT(playback), "logged") != NULL)
    return;
  g_object_set_data(G_OBJECT(playback), "logged", playback);
  const SightLogEntry entry = {.act = SIGHT_LOG_WATCHED, .session = session->session, .from_ms = 0, .to_ms = -1};
  sight_log_note(sight_ui_playback_get_store(playback), session->endpoint, &entry);
}

static void dispose(GObject *object) {
  SightUiBesideWindow *self = SIGHT_UI_BESIDE_WINDOW(object);
  for (int side = 0; side < 2; side++) {
    if (self->playback[side] == NULL)
      continue;
    /* That it ends is no news to who ends it. */
    g_signal_handlers_disconnect_by_data(self->playback[side], self);
    sight_ui_playback_close(self->playback[side]);
    g_clear_object(&self->playback[side]);
  }
  g_clear_pointer(&self->steps, g_ptr_array_unref);
  G_OBJECT_CLASS(sight_ui_beside_window_parent_class)->dispose(object);
}

static void sight_ui_beside_window_class_init(SightUiBesideWindowClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  gtk_widget_class_add_binding_action(GTK_WIDGET_CLASS(class), GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action(GTK_WIDGET_CLASS(class), GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
}

static void sight_ui_beside_window_init(SightUiBesideWindow *self) {
  self->shown = -1;
}

GtkWidget *sight_ui_beside_window_new(GtkWindow *parent, SightStore *store, const SightUiBesideSide sides[2], int side,
                                      gint64 from_ms) {
  SightUiBesideWindow *self = g_object_new(SIGHT_UI_TYPE_BESIDE_WINDOW, "transient-for", parent, "title",
                                           _("Side by Side"), "default-width", 1280, "default-height", 780, NULL);
  static const char *const moving[] = {"notify::position-ms", "notify::playing", "notify::problem",
                                       "notify::duration-ms"};
  self->from_side = side;
  self->from_ms = MAX(from_ms, 0);
  self->playing = TRUE;
  for (int i = 0; i < 2; i++)
    self->playback[i] = sight_ui_playback_new(store);
  build(self, sides);
  for (int i = 0; i < 2; i++) {
    SightUiPlayback *playback = self->playback[i];
    g_signal_connect_object(playback, "notify::analysis", G_CALLBACK(read_steps), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(playback, "notify::session-row", G_CALLBACK(log_watched), playback, G_CONNECT_SWAPPED);
    g_signal_connect_object(playback, "seek", G_CALLBACK(sought), self, 0);
    for (guint j = 0; j < G_N_ELEMENTS(moving); j++)
      g_signal_connect_object(playback, moving[j], G_CALLBACK(govern), self, G_CONNECT_SWAPPED);
    sight_ui_playback_open(playback, sides[i].row, 0, FALSE);
  }
  sight_ui_names_tidy(GTK_WIDGET(self));
  return GTK_WIDGET(self);
}

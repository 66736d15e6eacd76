/* SPDX-License-Identifier: MIT */
/* Who was recorded: what is known of them, beside the page; and their sessions, played one after the other. */
#include "sight-ui-window-private.h"

#include "sight-ui-person-popover.h"
#include "sight-ui-player.h"

#include <glib/gi18n.h>

#define ACTION "play-person"

/* Beside the button that stands for it. */
static void session_info(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiWindow *self = user_data;
  GtkWidget *button = sight_ui_player_get_info(SIGHT_UI_PLAYER(self->player));
  graphene_rect_t at;
  if (sight_ui_playback_get_session_row(self->playback) == 0 || !gtk_widget_get_mapped(button) ||
      !gtk_widget_compute_bounds(button, self->player_bin, &at))
    return;
  if (self->person_popover == NULL) {
    self->person_popover = sight_ui_person_popover_new(self->playback);
    gtk_widget_set_parent(self->person_popover, self->player_bin);
  }
  const GdkRectangle beside = {(int)at.origin.x, (int)at.origin.y, (int)at.size.width, (int)at.size.height};
  gtk_popover_set_pointing_to(GTK_POPOVER(self->person_popover), &beside);
  sight_ui_person_popover_open(SIGHT_UI_PERSON_POPOVER(self->person_popover));
}

static void open_moment(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  gint64 row = 0, at_ms = 0;
  g_variant_get(parameter, "(xx)", &row, &at_ms);
  sight_ui_navigator_open_at(SIGHT_UI_WINDOW(user_data)->navigator, row, at_ms);
}

static const SightUiPersonSession *ordered(SightUiWindow *self, guint place) {
  return place < self->order->sessions->len ? self->order->sessions->pdata[place] : NULL;
}

char *sight_ui_window_get_order_place(SightUiWindow *self) {
  if (self->order == NULL)
    return NULL;
  const char *later = ordered(self, self->order_at)->later;
  g_autofree char *place = g_strdup_printf(_("%d of %u"), (int)self->order_at + 1, self->order->sessions->len);
  return later != NULL ? g_strdup_printf("%s · %s", place, later) : g_steal_pointer(&place);
}

/* From its start, and how long after the one before it that was. */
static void open_ordered(SightUiWindow *self, guint place) {
  const SightUiPersonSession *session = ordered(self, place), *next = ordered(self, place + 1);
  g_autofree char *text =
      session->later != NULL ? g_strdup_printf("%s · %s", session->later, session->when) : g_strdup(session->when);
  self->order_at = place;
  sight_ui_navigator_open_at(self->navigator, session->row, 0);
  /* That the one before it stands still is no news any more. */
  g_clear_handle_id(&self->order_source, g_source_remove);
  sight_ui_playback_set_moment_text(self->playback, text);
  sight_ui_window_show_place(self);
  sight_ui_player_prepare(SIGHT_UI_PLAYER(self->player), next != NULL ? next->row : 0);
  if (!sight_ui_playback_get_captions(self->playback))
    sight_ui_window_toast(self, text);
}

void sight_ui_window_stop_order(SightUiWindow *self) {
  g_clear_handle_id(&self->order_source, g_source_remove);
  if (self->order_cancel != NULL)
    g_cancellable_cancel(self->order_cancel);
  g_clear_object(&self->order_cancel);
  g_clear_pointer(&self->order, sight_ui_person_free);
}

static void turn_off(SightUiWindow *self) {
  g_action_group_change_action_state(G_ACTION_GROUP(self), ACTION, g_variant_new_boolean(FALSE));
}

static void stop_order(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  turn_off(user_data);
}

static void read_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(SightUiPerson) person = sight_ui_person_read_finish(result, &error);
  if (self->order_cancel == NULL || g_task_get_cancellable(G_TASK(result)) != self->order_cancel)
    return;
  g_clear_object(&self->order_cancel);
  if (person == NULL || person->sessions->len == 0) {
    sight_ui_window_toast(self, person == NULL         ? error->message
                                : person->user == NULL ? _("Nobody said who this was")
                                                       : _("Not looked through yet"));
    turn_off(self);
    return;
  }
  g_autofree char *text = sight_ui_person_describe(person);
  self->order = g_steal_pointer(&person);
  adw_toast_set_action_name(sight_ui_window_offer(self, text, _("Stop")), "win.stop-person");
  sight_ui_window_show_page(self, "sessions");
  open_ordered(self, 0);
}

static void set_order(GSimpleAction *action, GVariant *value, gpointer user_data) {
  SightUiWindow *self = user_data;
  gint64 row = sight_ui_playback_get_session_row(self->playback);
  g_autoptr(GVariant) state = g_action_get_state(G_ACTION(action));
  gboolean on = g_variant_get_boolean(value) && row != 0;
  if (on == g_variant_get_boolean(state))
    return;
  g_simple_action_set_state(action, g_variant_new_boolean(on));
  sight_ui_window_stop_order(self);
  sight_ui_window_show_place(self);
  if (!on)
    return;
  g_action_group_change_action_state(G_ACTION_GROUP(self), "reel", g_variant_new_boolean(FALSE));
  self->order_cancel = g_cancellable_new();
  sight_ui_person_read_async(self->store, row, self->order_cancel, read_cb, g_object_ref(self));
}

static gboolean go_on(gpointer user_data) {
  SightUiWindow *self = user_data;
  self->order_source = 0;
  if (ordered(self, self->order_at + 1) != NULL) {
    open_ordered(self, self->order_at + 1);
    return G_SOURCE_REMOVE;
  }
  turn_off(self);
  sight_ui_window_toast(self, _("That was the last one."));
  return G_SOURCE_REMOVE;
}

/* Who tells of the end is in the midst of it: the next one is opened afterwards, but before anything is drawn. */
gboolean sight_ui_window_go_on_in_order(SightUiWindow *self) {
  if (self->order == NULL)
    return FALSE;
  if (self->order_source == 0)
    self->order_source = g_idle_add_full(G_PRIORITY_DEFAULT, go_on, self, NULL);
  return TRUE;
}

/* What cannot be shown, or has no length to be played, is passed over. */
static void pass_over(SightUiWindow *self) {
  gboolean stands = !sight_ui_playback_get_playing(self->playback) && !sight_ui_playback_get_loading(self->playback) &&
                    sight_ui_playback_get_duration_ms(self->playback) == 0;
  if (stands || sight_ui_playback_get_problem(self->playback) != NULL)
    sight_ui_window_go_on_in_order(self);
}

/* Somebody opened another session: of the same person, it goes on from there. */
static void session_changed(SightUiWindow *self) {
  gint64 row = sight_ui_playback_get_session_row(self->playback);
  if (self->order == NULL || ordered(self, self->order_at)->row == row)
    return;
  g_clear_handle_id(&self->order_source, g_source_remove);
  for (guint i = 0; i < self->order->sessions->len; i++) {
    if (ordered(self, i)->row == row) {
      self->order_at = i;
      sight_ui_window_show_place(self);
      return;
    }
  }
  turn_off(self);
}

static const GActionEntry entries[] = {
    {"session-info", session_info, NULL, NULL, NULL, {0}},
    {"open-moment", open_moment, "(xx)", NULL, NULL, {0}},
    {ACTION, NULL, NULL, "false", set_order, {0}},
    {"stop-person", stop_order, NULL, NULL, NULL, {0}},
};

void sight_ui_window_add_person(SightUiWindow *self) {
  g_action_map_add_action_entries(G_ACTION_MAP(self), entries, G_N_ELEMENTS(entries), self);
  g_signal_connect_object(self->playback, "notify::problem", G_CALLBACK(pass_over), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->playback, "notify::playing", G_CALLBACK(pass_over), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->playback, "notify::session-row", G_CALLBACK(session_changed), self, G_CONNECT_SWAPPED);
}

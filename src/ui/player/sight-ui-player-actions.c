/* SPDX-License-Identifier: MIT */
/* The actions of the player. */
#include "sight-ui-player-actions.h"

#include "sight-ui-steps.h"

typedef struct {
  SightUiPlayback *playback;
  SightUiFindChange find_change;
  gpointer user_data;
} Actions;

/* What one action does: moves by a time, or to a share of the whole, or something of its own. */
static void move_by(Actions *actions, gint64 by_ms) {
  sight_ui_playback_seek(actions->playback, sight_ui_playback_get_position_ms(actions->playback) + by_ms);
}

static void on_back_5(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  move_by(user_data, -5000);
}

static void on_forward_5(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  move_by(user_data, 5000);
}

static void on_back_1(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  move_by(user_data, -1000);
}

static void on_forward_1(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  move_by(user_data, 1000);
}

static void on_back_frame(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  move_by(user_data, -1);
}

static void on_forward_frame(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  move_by(user_data, 1);
}

static void on_home(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  Actions *actions = user_data;
  sight_ui_playback_seek(actions->playback, 0);
}

static void on_end(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  Actions *actions = user_data;
  sight_ui_playback_seek(actions->playback, sight_ui_playback_get_duration_ms(actions->playback));
}

static void on_tenth(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  Actions *actions = user_data;
  gint64 whole_ms = sight_ui_playback_get_duration_ms(actions->playback);
  sight_ui_playback_seek(actions->playback, whole_ms * CLAMP(g_variant_get_int32(parameter), 0, 10) / 10);
}

static void on_play_pause(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  Actions *actions = user_data;
  sight_ui_playback_set_playing(actions->playback, !sight_ui_playback_get_playing(actions->playback));
}

static void on_faster(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  Actions *actions = user_data;
  sight_ui_playback_set_speed(actions->playback, sight_ui_playback_get_speed(actions->playback) * 2);
}

static void on_slower(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  Actions *actions = user_data;
  double speed = sight_ui_playback_get_speed(actions->playback);
  sight_ui_playback_set_speed(actions->playback, speed > SIGHT_UI_SPEED_MAX ? SIGHT_UI_SPEED_MAX : speed / 2);
}

static void on_speed(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  Actions *actions = user_data;
  sight_ui_playback_set_speed(actions->playback, g_variant_get_double(parameter));
}

static void step_change(Actions *actions, int direction) {
  gint64 at_ms = actions->find_change(direction, actions->user_data);
  if (at_ms < 0)
    return;
  sight_ui_playback_set_playing(actions->playback, FALSE);
  sight_ui_playback_seek(actions->playback, at_ms);
}

static void on_next_change(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  step_change(user_data, 1);
}

static void on_previous_change(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  step_change(user_data, -1);
}

/* "next-page", "previous-tab" … */
static void on_step(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiPlayback *playback = ((Actions *)user_data)->playback;
  const SightAnalysis *analysis = sight_ui_playback_get_analysis(playback);
  if (!analysis)
    return;
  const char *name = g_action_get_name(G_ACTION(action));
  int direction = g_str_has_prefix(name, "next") ? 1 : -1;
  gint64 at_ms = sight_ui_playback_get_position_ms(playback), to_ms = -1;
  if (g_str_has_suffix(name, "page"))
    to_ms = sight_ui_step_page(analysis, at_ms, direction);
  else
    to_ms = sight_ui_step_tab(analysis, at_ms, direction);
  if (to_ms >= 0)
    sight_ui_playback_seek(playback, to_ms);
}

static void step_signal(Actions *actions, int direction) {
  SightUiPlayback *playback = actions->playback;
  const SightAnalysis *analysis = sight_ui_playback_get_analysis(playback);
  gint64 to_ms = analysis ? sight_ui_step_signal(analysis, sight_ui_playback_get_subject_ms(playback), direction) : -1;
  if (to_ms >= 0)
    sight_ui_playback_go_to_moment(playback, to_ms);
}

static void on_next_signal(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  step_signal(user_data, 1);
}

static void on_previous_signal(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  step_signal(user_data, -1);
}

static void on_set_in(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiPlayback *playback = ((Actions *)user_data)->playback;
  sight_ui_range_set_in(sight_ui_playback_get_range(playback), sight_ui_playback_get_position_ms(playback));
}

static void on_set_out(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiPlayback *playback = ((Actions *)user_data)->playback;
  sight_ui_range_set_out(sight_ui_playback_get_range(playback), sight_ui_playback_get_position_ms(playback));
}

static void on_range_around(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiPlayback *playback = ((Actions *)user_data)->playback;
  gint64 from_ms, to_ms;
  sight_ui_stretch_around(sight_ui_playback_get_analysis(playback), sight_ui_playback_get_duration_ms(playback),
                          sight_ui_playback_get_subject_ms(playback), &from_ms, &to_ms, NULL);
  sight_ui_range_set(sight_ui_playback_get_range(playback), from_ms, to_ms);
}

static void on_clear_range(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  sight_ui_range_clear(sight_ui_playback_get_range(((Actions *)user_data)->playback));
}

static void on_speed_changed(SightUiPlayback *playback, GParamSpec *pspec, GSimpleAction *action) {
  g_simple_action_set_state(action, g_variant_new_double(sight_ui_playback_get_speed(playback)));
}

static void on_row_changed(SightUiPlayback *playback, GParamSpec *pspec, GSimpleActionGroup *group) {
  g_auto(GStrv) names = g_action_group_list_actions(G_ACTION_GROUP(group));
  for (guint i = 0; names[i]; i++) {
    GAction *action = g_action_map_lookup_action(G_ACTION_MAP(group), names[i]);
    if (G_IS_SIMPLE_ACTION(action))
      g_simple_action_set_enabled(G_SIMPLE_ACTION(action), sight_ui_playback_get_session_row(playback) != 0);
  }
}

static void actions_free(gpointer data) {
  Actions *actions = data;
  g_object_unref(actions->playback);
  g_free(actions);
}

GSimpleActionGroup *sight_ui_player_actions_new(SightUiPlayback *playback, SightUiFindChange find_change,
                                                gpointer user_data) {
  static const GActionEntry entries[] = {
      {.name = "play-pause", .activate = on_play_pause},
      {.name = "back-5", .activate = on_back_5},
      {.name = "forward-5", .activate = on_forward_5},
      {.name = "back-1", .activate = on_back_1},
      {.name = "forward-1", .activate = on_forward_1},
      {.name = "back-frame", .activate = on_back_frame},
      {.name = "forward-frame", .activate = on_forward_frame},
      {.name = "home", .activate = on_home},
      {.name = "end", .activate = on_end},
      {.name = "faster", .activate = on_faster},
      {.name = "slower", .activate = on_slower},
      {.name = "speed", .activate = on_speed, .parameter_type = "d", .state = "1.0"},
      {.name = "next-change", .activate = on_next_change},
      {.name = "previous-change", .activate = on_previous_change},
      {.name = "next-page", .activate = on_step},
      {.name = "previous-page", .activate = on_step},
      {.name = "next-tab", .activate = on_step},
      {.name = "previous-tab", .activate = on_step},
      {.name = "next-signal", .activate = on_next_signal},
      {.name = "previous-signal", .activate = on_previous_signal},
      {.name = "set-in", .activate = on_set_in},
      {.name = "set-out", .activate = on_set_out},
      {.name = "range-around", .activate = on_range_around},
      {.name = "clear-range", .activate = on_clear_range},
      {.name = "tenth", .activate = on_tenth, .parameter_type = "i"},
  };
  Actions *actions = g_new(Actions, 1);
  *actions = (Actions){g_object_ref(playback), find_change, user_data};
  GSimpleActionGroup *group = g_simple_action_group_new();
  g_action_map_add_action_entries(G_ACTION_MAP(group), entries, G_N_ELEMENTS(entries), actions);
  g_object_set_data_full(G_OBJECT(group), "actions", actions, actions_free);
  g_autoptr(GPropertyAction) skip_idle = g_property_action_new("skip-idle", playback, "skip-idle");
  g_action_map_add_action(G_ACTION_MAP(group), G_ACTION(skip_idle));
  g_autoptr(GPropertyAction) loop = g_property_action_new("loop", sight_ui_playback_get_range(playback), "loop");
  g_action_map_add_action(G_ACTION_MAP(group), G_ACTION(loop));
  GAction *speed = g_action_map_lookup_action(G_ACTION_MAP(group), "speed");
  g_signal_connect_object(playback, "notify::speed", G_CALLBACK(on_speed_changed), speed, 0);
  g_signal_connect_object(playback, "notify::session-row", G_CALLBACK(on_row_changed), group, 0);
  on_row_changed(playback, NULL, group);
  return group;
}

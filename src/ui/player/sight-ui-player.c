/* SPDX-License-Identifier: MIT */
/* SightUiPlayer: turns the state of a playback into what the view shows, and the clock into a moving playhead. */
#include "sight-ui-player.h"

#include "sight-player-ui-resources.h"
#include "sight-ui-ahead.h"
#include "sight-ui-caption.h"
#include "sight-ui-clock.h"
#include "sight-ui-end-card.h"
#include "sight-ui-peek.h"
#include "sight-ui-picker.h"
#include "sight-ui-player-actions.h"
#include "sight-ui-player-head.h"
#include "sight-ui-reel.h"
#include "sight-ui-replay-view.h"
#include "sight-ui-stage.h"
#include "sight-ui-timeline.h"
#include "sight-ui-transport.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <math.h>

#define RESOURCES "/io/github/sessionsight/SessionSight/player/"
/* The playhead moves less than a pixel between two of these. */
#define TICK_MS 30
/* As fast as it goes: what lies closer together than this need not all be painted. */
#define STEP_MS 1000

/* No time of an event is negative. */
#define NOWHERE (-1)
#define NOT_SAID (-2)

struct _SightUiPlayer {
  GtkWidget parent_instance;
  SightUiPlayback *playback;
  SightUiReel *reel;
  SightUiReel *next_reel; /* the recording has grown: to be shown with the next command, not in the midst of playing */
  GCancellable *reading;
  SightUiAhead *ahead; /* NULL: nothing was to be prepared yet */
  GSimpleActionGroup *actions;
  SightUiStage *stage;
  gboolean bare;         /* beside another one, driven from outside */
  gboolean lent;         /* what is picked goes to who asked for it */
  gboolean reading_lent; /* it was picked, and is read */
  int marked;            /* the element that was picked for ourselves; 0: none */
  SightUiClock clock;
  guint tick;
  gboolean holding; /* the clock waits until the view shows where it starts */
  int window;       /* on display, or -1 */
  gint64 place_ms;  /* since when the page is where the head says */

  GtkWidget *box, *view, *timeline, *cover, *spinner, *problem_page, *retry_button, *head, *caption, *end_card;
  SightUiPeek peek;
  GtkWidget *transport;
};

G_DEFINE_FINAL_TYPE(SightUiPlayer, sight_ui_player, GTK_TYPE_WIDGET)

static guint signal_element, signal_element_problem, signal_lent, signal_ended;

static gint64 started_ms(SightUiPlayer *self) {
  const SightAnalysis *analysis = sight_ui_playback_get_analysis(self->playback);
  if (analysis && analysis->session->started_ms > 0)
    return analysis->session->started_ms;
  return self->reel ? sight_ui_reel_first_ms(self->reel) : 0;
}

/* The active window where it has a page, else the first that has one. */
static int window_at(SightUiPlayer *self, gint64 position_ms) {
  const SightAnalysis *analysis = sight_ui_playback_get_analysis(self->playback);
  const char *active = analysis ? sight_ui_clock_window(analysis, position_ms) : NULL;
  int index = active ? sight_ui_reel_find(self->reel, active) : -1;
  if (index >= 0 && sight_ui_reel_get_window(self->reel, (guint)index)->has_page)
    return index;
  return sight_ui_reel_first_page(self->reel);
}

static void show_place(SightUiPlayer *self, gint64 wall_ms) {
  SightPlace place = {.at_ms = NOWHERE};
  gboolean known = self->window >= 0 &&
                   sight_track_place(sight_ui_reel_get_window(self->reel, (guint)self->window)->track, wall_ms, &place);
  if (place.at_ms != self->place_ms) {
    self->place_ms = place.at_ms;
    sight_ui_player_head_set_place(SIGHT_UI_PLAYER_HEAD(self->head), known ? &place : NULL);
    sight_ui_stage_set_page_size(self->stage, place.width, place.height);
  }
  sight_ui_player_head_set_time(SIGHT_UI_PLAYER_HEAD(self->head), wall_ms);
}

static void show_tab(SightUiPlayer *self) {
  guint n_pages = 0, number = 0;
  for (guint i = 0; self->reel && i < sight_ui_reel_n_windows(self->reel); i++) {
    if (!sight_ui_reel_get_window(self->reel, i)->has_page)
      continue;
    n_pages++;
    if ((int)i == self->window)
      number = n_pages;
  }
  sight_ui_player_head_set_tab(SIGHT_UI_PLAYER_HEAD(self->head), number, n_pages);
}

static void turn_to_next_reel(SightUiPlayer *self) {
  g_clear_pointer(&self->reel, sight_ui_reel_unref);
  self->reel = g_steal_pointer(&self->next_reel);
  self->window = -1;
  self->peek.has_reel = FALSE;
  sight_ui_replay_view_set_reel(SIGHT_UI_REPLAY_VIEW(self->view), self->reel);
}

/* Tells the view what to show now: the one place from which it is commanded. */
static void present(SightUiPlayer *self) {
  gint64 position_ms = sight_ui_playback_get_position_ms(self->playback);
  if (self->next_reel)
    turn_to_next_reel(self);
  if (!self->reel)
    return;
  int window = window_at(self, position_ms);
  if (window < 0)
    return;
  if (window != self->window) {
    self->window = window;
    self->place_ms = NOT_SAID;
    sight_ui_playback_set_window(self->playback, sight_ui_reel_get_window(self->reel, (guint)window)->window);
    show_tab(self);
  }
  gboolean playing = sight_ui_playback_get_playing(self->playback);
  double speed = sight_ui_playback_get_speed(self->playback);
  gint64 wall_ms = started_ms(self) + position_ms;
  /* At a time the view shows what came before it; at the end that must be everything. */
  if (position_ms >= sight_ui_playback_get_duration_ms(self->playback))
    wall_ms++;
  self->holding = playing;
  if (speed > SIGHT_UI_SPEED_MAX)
    playing = FALSE; /* a row of pictures, each as soon as the last one is there */
  sight_ui_clock_start(&self->clock, position_ms, speed, g_get_monotonic_time());
  sight_ui_replay_view_show(SIGHT_UI_REPLAY_VIEW(self->view), (guint)window, wall_ms, playing, speed);
  show_place(self, wall_ms);
}

static void show_cover(SightUiPlayer *self) {
  const char *problem = sight_ui_playback_get_problem(self->playback);
  gboolean is_open = sight_ui_playback_get_session_row(self->playback) != 0;
  gboolean loading = sight_ui_playback_get_loading(self->playback);
  const char *page = problem ? "problem" : !is_open ? "nothing" : "loading";
  gtk_widget_set_visible(self->cover, problem || !is_open || loading);
  gtk_stack_set_visible_child_name(GTK_STACK(self->cover), page);
  gtk_spinner_set_spinning(GTK_SPINNER(self->spinner), is_open && loading && !problem);
  adw_status_page_set_description(ADW_STATUS_PAGE(self->problem_page), problem);
  gtk_widget_set_visible(self->retry_button, problem && self->reel && sight_ui_reel_first_page(self->reel) >= 0);
}

static gint64 find_change_from(SightUiPlayer *self, gint64 position_ms, int direction);

/* Where playing goes on instead of at `position_ms`; -1: just there. */
static gint64 jump_from(SightUiPlayer *self, gint64 position_ms) {
  const SightAnalysis *analysis = sight_ui_playback_get_analysis(self->playback);
  gint64 whole_ms = sight_ui_playback_get_duration_ms(self->playback);
  gint64 to_ms = sight_ui_range_wrap(sight_ui_playback_get_range(self->playback), whole_ms,
                                     sight_ui_playback_get_position_ms(self->playback), position_ms);
  if (to_ms >= 0)
    return to_ms < whole_ms ? to_ms : -1;
  if (analysis && sight_ui_playback_get_skip_idle(self->playback))
    to_ms = sight_ui_clock_skip(analysis, position_ms);
  if (to_ms < 0 || to_ms >= whole_ms)
    return -1;
  sight_ui_caption_tell_skipped(SIGHT_UI_CAPTION(self->caption), to_ms - position_ms);
  return to_ms;
}

static gboolean jump(SightUiPlayer *self, gint64 position_ms) {
  gint64 to_ms = jump_from(self, position_ms);
  if (to_ms < 0)
    return FALSE;
  sight_ui_playback_set_position_ms(self->playback, to_ms);
  present(self);
  return TRUE;
}

static void end(SightUiPlayer *self) {
  sight_ui_playback_set_position_ms(self->playback, sight_ui_playback_get_duration_ms(self->playback));
  sight_ui_playback_set_playing(self->playback, FALSE);
}

/* As fast as it goes: the next picture is the first change that is far enough from this one. */
static void step(SightUiPlayer *self) {
  gint64 least_ms = sight_ui_playback_get_position_ms(self->playback) + STEP_MS;
  gint64 change_ms = find_change_from(self, least_ms, 1);
  gint64 next_ms = MIN(change_ms < 0 ? G_MAXINT64 : change_ms, sight_ui_playback_get_duration_ms(self->playback));
  if (jump(self, next_ms))
    return;
  if (next_ms >= sight_ui_playback_get_duration_ms(self->playback)) {
    end(self);
    return;
  }
  sight_ui_playback_set_position_ms(self->playback, next_ms);
  present(self);
}

static gboolean on_tick(gpointer user_data) {
  SightUiPlayer *self = user_data;
  if (self->holding || self->clock.speed > SIGHT_UI_SPEED_MAX)
    return G_SOURCE_CONTINUE;
  gint64 position_ms = sight_ui_clock_position(&self->clock, g_get_monotonic_time());
  if (jump(self, position_ms))
    return G_SOURCE_CONTINUE;
  if (position_ms >= sight_ui_playback_get_duration_ms(self->playback)) {
    self->tick = 0;
    end(self);
    return G_SOURCE_REMOVE;
  }
  sight_ui_playback_set_position_ms(self->playback, position_ms);
  gboolean beyond = self->next_reel && started_ms(self) + position_ms > sight_ui_reel_last_ms(self->reel);
  if (beyond || window_at(self, position_ms) != self->window)
    present(self);
  show_place(self, started_ms(self) + position_ms);
  return G_SOURCE_CONTINUE;
}

static void on_playing(SightUiPlayer *self) {
  gboolean playing = sight_ui_playback_get_playing(self->playback);
  g_clear_handle_id(&self->tick, g_source_remove);
  if (playing) {
    gint64 whole_ms = sight_ui_playback_get_duration_ms(self->playback);
    if (whole_ms > 0 && sight_ui_playback_get_position_ms(self->playback) >= whole_ms)
      sight_ui_playback_set_position_ms(self->playback, 0);
    self->holding = TRUE;
    self->tick = g_timeout_add(TICK_MS, on_tick, self);
  }
  present(self);
}

static void on_speed(SightUiPlayer *self) {
  if (!sight_ui_playback_get_playing(self->playback))
    return;
  if (!self->holding && self->clock.speed <= SIGHT_UI_SPEED_MAX)
    sight_ui_playback_set_position_ms(self->playback, sight_ui_clock_position(&self->clock, g_get_monotonic_time()));
  present(self);
}

static void take_reel(SightUiPlayer *self, SightUiReel *reel) {
  self->reel = sight_ui_reel_ref(reel);
  sight_ui_replay_view_set_reel(SIGHT_UI_REPLAY_VIEW(self->view), reel);
  sight_ui_playback_set_duration_ms(self->playback, sight_ui_reel_last_ms(reel) - sight_ui_reel_first_ms(reel));
  g_autofree char *problem = sight_ui_reel_problem(reel);
  if (problem) {
    sight_ui_playback_set_playing(self->playback, FALSE);
    sight_ui_playback_set_loading(self->playback, FALSE);
    sight_ui_playback_set_problem(self->playback, problem);
    return;
  }
  present(self);
}

static void on_reel(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiPlayer) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(SightUiReel) reel = sight_ui_reel_open_finish(result, &error);
  if (g_cancellable_is_cancelled(g_task_get_cancellable(G_TASK(result))))
    return;
  if (!self->reel && !reel) {
    sight_ui_playback_set_loading(self->playback, FALSE);
    sight_ui_playback_set_problem(self->playback, error->message);
  }
  if (!self->reel && reel)
    take_reel(self, reel);
  if (self->reel == reel || !reel)
    return;
  g_clear_pointer(&self->next_reel, sight_ui_reel_unref);
  self->next_reel = sight_ui_reel_ref(reel);
}

static void on_peek(SightUiPlayer *self, gint64 position_ms) {
  int window = self->reel ? window_at(self, position_ms) : -1;
  sight_ui_peek_show(&self->peek, SIGHT_UI_TIMELINE(self->timeline), self->reel, window,
                     started_ms(self) + position_ms);
}

static void stop(SightUiPlayer *self) {
  sight_ui_peek_forget(&self->peek);
  if (self->reading)
    g_cancellable_cancel(self->reading);
  g_clear_object(&self->reading);
  g_clear_handle_id(&self->tick, g_source_remove);
  g_clear_pointer(&self->reel, sight_ui_reel_unref);
  g_clear_pointer(&self->next_reel, sight_ui_reel_unref);
  self->place_ms = NOT_SAID;
  self->window = -1;
  self->marked = 0;
}

static void start_reading(SightUiPlayer *self, gint64 row) {
  sight_ui_reel_open_async(sight_ui_playback_get_store(self->playback), row, self->reading, on_reel,
                           g_object_ref(self));
}

/* Notified twice: when a session is opened, and when the store has told what it is. */
static void on_session(SightUiPlayer *self) {
  gint64 row = sight_ui_playback_get_session_row(self->playback);
  sight_ui_player_head_set_session(SIGHT_UI_PLAYER_HEAD(self->head), sight_ui_playback_get_session(self->playback));
  show_cover(self);
  if (row && sight_ui_playback_get_session(self->playback))
    return;
  stop(self);
  sight_ui_replay_view_set_reel(SIGHT_UI_REPLAY_VIEW(self->view), NULL);
  if (!row)
    return;
  self->reading = g_cancellable_new();
  SightUiReel *ahead = self->ahead ? sight_ui_ahead_take(self->ahead, row) : NULL;
  if (!ahead) {
    start_reading(self, row);
    return;
  }
  /* Not yet: who is told of the session is still being told. */
  g_autoptr(GTask) task = g_task_new(NULL, self->reading, on_reel, g_object_ref(self));
  g_task_return_pointer(task, ahead, (GDestroyNotify)sight_ui_reel_unref);
}

void sight_ui_player_prepare(SightUiPlayer *self, gint64 row) {
  if (!self->ahead)
    self->ahead = sight_ui_ahead_new(sight_ui_playback_get_store(self->playback));
  sight_ui_ahead_prepare(self->ahead, row);
}

/* Where nothing could be shown, there may be something now. */
static void on_grown(SightUiPlayer *self) {
  if (sight_ui_playback_get_problem(self->playback))
    sight_ui_playback_reload(self->playback);
  else if (self->reading)
    start_reading(self, sight_ui_playback_get_session_row(self->playback));
}

static void on_shown(SightUiReplayView *view, gint64 wall_ms, SightUiPlayer *self) {
  sight_ui_playback_set_loading(self->playback, FALSE);
  if (!self->holding)
    return;
  self->holding = FALSE;
  if (self->clock.speed > SIGHT_UI_SPEED_MAX) {
    step(self);
    return;
  }
  sight_ui_clock_start(&self->clock, self->clock.base_ms, self->clock.speed, g_get_monotonic_time());
}

static void on_failed(SightUiReplayView *view, const char *message, SightUiPlayer *self) {
  sight_ui_playback_set_playing(self->playback, FALSE);
  sight_ui_playback_set_loading(self->playback, FALSE);
  sight_ui_playback_set_problem(self->playback, message);
}

static void on_retry(SightUiPlayer *self) {
  sight_ui_playback_set_problem(self->playback, NULL);
  sight_ui_playback_set_loading(self->playback, TRUE);
  sight_ui_replay_view_reload(SIGHT_UI_REPLAY_VIEW(self->view));
}

/* What is shown at a time came before it: the next change shows just behind it, the previous one is undone at it. */
static gint64 find_change_from(SightUiPlayer *self, gint64 position_ms, int direction) {
  if (!self->reel || self->window < 0)
    return -1;
  gint64 start_ms = started_ms(self);
  gint64 at_ms = start_ms + position_ms;
  const SightUiReelWindow *window = sight_ui_reel_get_window(self->reel, (guint)self->window);
  gint64 change_ms = sight_track_change(window->track, direction > 0 ? at_ms - 1 : at_ms, direction);
  if (change_ms < 0)
    return -1;
  return change_ms - start_ms + (direction > 0 ? 1 : 0);
}

static gint64 find_change(int direction, gpointer user_data) {
  SightUiPlayer *self = user_data;
  return find_change_from(self, sight_ui_playback_get_position_ms(self->playback), direction);
}

/* What is to be picked stands still. */
static void on_picking(SightUiPlayer *self) {
  gboolean picking;
  g_object_get(self->stage, "picking", &picking, NULL);
  if (picking)
    sight_ui_playback_set_playing(self->playback, FALSE);
  else if (self->lent && !self->reading_lent)
    g_signal_emit(self, signal_lent, 0, NULL, NULL);
}

static void on_element(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiPlayer) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(SightUiElement) element = sight_ui_picker_finish(result, &error);
  self->reading_lent = FALSE;
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || !self->reel)
    return;
  if (self->lent)
    g_signal_emit(self, signal_lent, 0, element ? element->selector : NULL, error ? error->message : NULL);
  else if (element)
    g_signal_emit(self, signal_element, 0, element, started_ms(self));
  else
    g_signal_emit(self, signal_element_problem, 0, error->message);
}

static void on_picked(SightUiPlayer *self, int node) {
  gboolean any = self->reel && self->window >= 0 && node > 0, lent = self->lent;
  self->reading_lent = lent && any;
  g_object_set(self->stage, "picking", FALSE, NULL);
  if (lent && !any)
    return;
  sight_ui_stage_mark(self->stage, node);
  if (!lent)
    self->marked = node;
  if (!any)
    return;
  gint64 wall_ms = started_ms(self) + sight_ui_playback_get_position_ms(self->playback);
  sight_ui_picker_read_async(self->reel, (guint)self->window, wall_ms, node, self->reading, on_element,
                             g_object_ref(self));
}

void sight_ui_player_lend(SightUiPlayer *self, gboolean lent) {
  g_return_if_fail(SIGHT_UI_IS_PLAYER(self));
  self->lent = lent;
  if (self->stage)
    g_object_set(self->stage, "picking", lent, NULL);
  if (!lent && self->stage)
    sight_ui_stage_mark(self->stage, self->marked);
}

void sight_ui_player_forget_element(SightUiPlayer *self) {
  g_return_if_fail(SIGHT_UI_IS_PLAYER(self));
  self->marked = 0;
  sight_ui_stage_mark(self->stage, 0);
}

static void on_ended(SightUiPlayer *self) {
  g_signal_emit(self, signal_ended, 0);
}

void sight_ui_player_offer_next(SightUiPlayer *self, const char *reason) {
  g_return_if_fail(SIGHT_UI_IS_PLAYER(self));
  sight_ui_end_card_set_next(SIGHT_UI_END_CARD(self->end_card), reason);
}

void sight_ui_player_set_place(SightUiPlayer *self, const char *text) {
  g_return_if_fail(SIGHT_UI_IS_PLAYER(self));
  sight_ui_transport_set_place(SIGHT_UI_TRANSPORT(self->transport), text);
}

static void bind(SightUiPlayer *self) {
  SightUiPlayback *playback = self->playback;
  static const struct {
    const char *signal;
    void (*func)(SightUiPlayer *self);
  } bindings[] = {
      {"notify::session-row", on_session},
      {"notify::playing", on_playing},
      {"notify::speed", on_speed},
      {"notify::loading", show_cover},
      {"notify::problem", show_cover},
      {"notify::analysis", present},
      {"seek", present},
      {"grown", on_grown},
  };
  for (guint i = 0; i < G_N_ELEMENTS(bindings); i++)
    g_signal_connect_object(playback, bindings[i].signal, G_CALLBACK(bindings[i].func), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->view, "shown", G_CALLBACK(on_shown), self, 0);
  g_signal_connect_object(self->view, "failed", G_CALLBACK(on_failed), self, 0);
  g_signal_connect_object(self->timeline, "peek", G_CALLBACK(on_peek), self, G_CONNECT_SWAPPED);
  sight_ui_timeline_set_playback(SIGHT_UI_TIMELINE(self->timeline), playback);
  sight_ui_transport_set_playback(SIGHT_UI_TRANSPORT(self->transport), playback);
  sight_ui_caption_set_playback(SIGHT_UI_CAPTION(self->caption), playback);
  g_signal_connect_object(self->end_card, "shown", G_CALLBACK(on_ended), self, G_CONNECT_SWAPPED);
  if (!self->bare)
    sight_ui_end_card_set_playback(SIGHT_UI_END_CARD(self->end_card), playback);
  self->actions = sight_ui_player_actions_new(playback, find_change, self);
  self->stage = sight_ui_stage_new(SIGHT_UI_REPLAY_VIEW(self->view), G_ACTION_MAP(self->actions));
  g_signal_connect_object(self->stage, "picked", G_CALLBACK(on_picked), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->stage, "notify::picking", G_CALLBACK(on_picking), self, G_CONNECT_SWAPPED);
  g_object_bind_property(self->stage, "zoom-text", sight_ui_player_head_get_zoom(SIGHT_UI_PLAYER_HEAD(self->head)),
                         "label", G_BINDING_SYNC_CREATE);
  gtk_widget_insert_action_group(GTK_WIDGET(self), "player", G_ACTION_GROUP(self->actions));
  on_playing(self);
  on_speed(self);
  on_session(self);
}

static GtkWidget *player_new(SightUiPlayback *playback, gboolean bare) {
  g_return_val_if_fail(SIGHT_UI_IS_PLAYBACK(playback), NULL);
  SightUiPlayer *self = g_object_new(SIGHT_UI_TYPE_PLAYER, NULL);
  self->playback = g_object_ref(playback);
  self->bare = bare;
  bind(self);
  return GTK_WIDGET(self);
}

GtkWidget *sight_ui_player_new(SightUiPlayback *playback) {
  return player_new(playback, FALSE);
}

GtkWidget *sight_ui_player_new_bare(SightUiPlayback *playback) {
  GtkWidget *self = player_new(playback, TRUE);
  GtkWidget *info = sight_ui_player_get_info(SIGHT_UI_PLAYER(self));
  gtk_widget_set_visible(SIGHT_UI_PLAYER(self)->transport, FALSE);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(info), NULL);
  gtk_widget_set_sensitive(info, TRUE);
  gtk_widget_set_can_target(info, FALSE);
  gtk_widget_set_focusable(info, FALSE);
  return self;
}

GActionGroup *sight_ui_player_get_actions(SightUiPlayer *self) {
  g_return_val_if_fail(SIGHT_UI_IS_PLAYER(self), NULL);
  return G_ACTION_GROUP(self->actions);
}

GtkWidget *sight_ui_player_get_info(SightUiPlayer *self) {
  g_return_val_if_fail(SIGHT_UI_IS_PLAYER(self), NULL);
  return sight_ui_player_head_get_info(SIGHT_UI_PLAYER_HEAD(self->head));
}

SightUiReel *sight_ui_player_get_reel(SightUiPlayer *self) {
  g_return_val_if_fail(SIGHT_UI_IS_PLAYER(self), NULL);
  return self->reel;
}

void sight_ui_player_open_time(SightUiPlayer *self) {
  g_return_if_fail(SIGHT_UI_IS_PLAYER(self));
  sight_ui_transport_open_time(SIGHT_UI_TRANSPORT(self->transport));
}

static void sight_ui_player_dispose(GObject *object) {
  SightUiPlayer *self = SIGHT_UI_PLAYER(object);
  stop(self);
  if (self->stage)
    g_object_run_dispose(G_OBJECT(self->stage));
  g_clear_object(&self->stage);
  g_clear_object(&self->ahead);
  gtk_widget_dispose_template(GTK_WIDGET(self), SIGHT_UI_TYPE_PLAYER);
  g_clear_object(&self->actions);
  g_clear_object(&self->playback);
  G_OBJECT_CLASS(sight_ui_player_parent_class)->dispose(object);
}

static void sight_ui_player_class_init(SightUiPlayerClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
  G_OBJECT_CLASS(klass)->dispose = sight_ui_player_dispose;
  g_resources_register(sight_player_ui_get_resource());
  signal_element = g_signal_new("element", SIGHT_UI_TYPE_PLAYER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                G_TYPE_POINTER, G_TYPE_INT64);
  signal_lent = g_signal_new("lent-element", SIGHT_UI_TYPE_PLAYER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                             2, G_TYPE_STRING, G_TYPE_STRING);
  signal_element_problem = g_signal_new("element-problem", SIGHT_UI_TYPE_PLAYER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, G_TYPE_STRING);
  signal_ended = g_signal_new("ended", SIGHT_UI_TYPE_PLAYER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure(SIGHT_UI_TYPE_CAPTION);
  g_type_ensure(SIGHT_UI_TYPE_END_CARD);
  g_type_ensure(SIGHT_UI_TYPE_PLAYER_HEAD);
  g_type_ensure(SIGHT_UI_TYPE_REPLAY_VIEW);
  g_type_ensure(SIGHT_UI_TYPE_TIMELINE);
  g_type_ensure(SIGHT_UI_TYPE_TRANSPORT);
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource(widget_class, RESOURCES "sight-ui-player.ui");
  gtk_widget_class_bind_template_child(widget_class, SightUiPlayer, box);
  gtk_widget_class_bind_template_child(widget_class, SightUiPlayer, view);
  gtk_widget_class_bind_template_child(widget_class, SightUiPlayer, timeline);
  gtk_widget_class_bind_template_child(widget_class, SightUiPlayer, caption);
  gtk_widget_class_bind_template_child(widget_class, SightUiPlayer, end_card);
  gtk_widget_class_bind_template_child(widget_class, SightUiPlayer, cover);
  gtk_widget_class_bind_template_child(widget_class, SightUiPlayer, spinner);
  gtk_widget_class_bind_template_child(widget_class, SightUiPlayer, problem_page);
  gtk_widget_class_bind_template_child(widget_class, SightUiPlayer, retry_button);
  gtk_widget_class_bind_template_child(widget_class, SightUiPlayer, head);
  gtk_widget_class_bind_template_child(widget_class, SightUiPlayer, transport);
  gtk_widget_class_bind_template_callback(widget_class, on_retry);
}

static void add_style(GdkDisplay *display) {
  static gboolean added;
  if (added)
    return;
  added = TRUE;
  g_autoptr(GtkCssProvider) provider = gtk_css_provider_new();
  gtk_css_provider_load_from_resource(provider, RESOURCES "sight-ui-player.css");
  gtk_style_context_add_provider_for_display(display, GTK_STYLE_PROVIDER(provider),
                                             GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

static void sight_ui_player_init(SightUiPlayer *self) {
  self->window = -1;
  add_style(gtk_widget_get_display(GTK_WIDGET(self)));
  gtk_widget_init_template(GTK_WIDGET(self));
  gtk_widget_set_hexpand(GTK_WIDGET(self), TRUE);
}

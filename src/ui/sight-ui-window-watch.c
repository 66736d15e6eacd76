/* SPDX-License-Identifier: MIT */
/* What becomes of a session by being watched: it is seen, and at its end the next one is offered. */
#include "sight-ui-window-private.h"

#include "sight-library.h"
#include "sight-log-table.h"
#include "sight-ui-player.h"
#include "sight-ui-settings.h"

#include <glib/gi18n.h>

/* So long after a moment one has seen it. */
#define MOMENT_SEEN_MS 3000
/* So long after a moment the reel goes on to the next. */
#define REEL_AFTER_MS 5000

/* A mark on its way into the store. */
typedef struct {
  gint64 row;
  gboolean on;
} Mark;

static gboolean write_seen(SightDb *db, gpointer user_data, GError **error) {
  const Mark *mark = user_data;
  return sight_session_table_set_seen(db, mark->row, mark->on, error);
}

static void written_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  if (!sight_store_write_finish(SIGHT_STORE(source), result, &error) && self->store != NULL)
    sight_ui_window_show_problem(self, _("This Could Not Be Kept"), _("Nothing was changed."), error->message);
}

static void set_seen(SightUiWindow *self, gint64 row, gboolean seen) {
  Mark *mark = g_new0(Mark, 1);
  mark->row = self->seen_row = row;
  mark->on = self->seen = seen;
  sight_store_write_async(self->store, SIGHT_WRITE_DURABLE, write_seen, mark, g_free, NULL, written_cb,
                          g_object_ref(self));
}

void sight_ui_window_mark_seen(SightUiWindow *self) {
  const SightSession *session = sight_ui_playback_get_session(self->playback);
  if (session == NULL)
    return;
  /* The session as it was opened does not learn at once what was marked since. */
  gboolean was_seen = self->seen_row == session->row ? self->seen : (session->flags & SIGHT_SESSION_SEEN) != 0;
  set_seen(self, session->row, !was_seen);
  sight_ui_window_toast(self, was_seen ? _("Marked as not seen") : _("Marked as seen"));
}

/* What stands there is looked up with it: the list may not have been told yet of what was pressed before. */
typedef struct {
  SightUiWindow *window; /* a reference */
  gint64 row;
  gboolean on;
} Aside;

static void aside_free(gpointer data) {
  Aside *aside = data;
  g_object_unref(aside->window);
  g_free(aside);
}

static gboolean write_aside(SightDb *db, gpointer user_data, GError **error) {
  Aside *aside = user_data;
  g_autoptr(SightSession) session = sight_session_table_get(db, aside->row, error);
  if (session == NULL)
    return FALSE;
  aside->on = (session->flags & SIGHT_SESSION_TO_WATCH) == 0;
  return sight_session_table_set_to_watch(db, aside->row, aside->on, error);
}

static void aside_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  Aside *aside = user_data;
  SightUiWindow *self = aside->window;
  g_autoptr(GError) error = NULL;
  gboolean ok = sight_store_write_finish(SIGHT_STORE(source), result, &error);
  if (self->store != NULL && !ok)
    sight_ui_window_show_problem(self, _("This Could Not Be Kept"), _("Nothing was changed."), error->message);
  else if (self->store != NULL)
    sight_ui_window_toast(self, aside->on ? _("Put aside to watch") : _("No longer to watch"));
  aside_free(aside);
}

/* Of the list, where the keys are there, what is selected; else what is open: both are the same session. */
void sight_ui_window_set_aside(SightUiWindow *self) {
  gint64 row = sight_ui_playback_get_session_row(self->playback);
  if (row == 0)
    return;
  Aside *aside = g_new0(Aside, 1);
  aside->window = g_object_ref(self);
  aside->row = row;
  sight_store_write_async(self->store, SIGHT_WRITE_DURABLE, write_aside, aside, NULL, NULL, aside_cb, aside);
}

/* What was marked by hand since it was opened stays as it was marked. */
static void saw_it(SightUiWindow *self) {
  GSettings *settings = sight_ui_settings_get();
  const SightSession *session = sight_ui_playback_get_session(self->playback);
  if (session == NULL || session->row == self->seen_row || (session->flags & SIGHT_SESSION_SEEN) != 0 ||
      (settings != NULL && !g_settings_get_boolean(settings, "mark-seen")))
    return;
  set_seen(self, session->row, TRUE);
}

static gboolean is_reel(SightUiWindow *self) {
  g_autoptr(GVariant) state = g_action_group_get_action_state(G_ACTION_GROUP(self), "reel");
  return state != NULL && g_variant_get_boolean(state);
}

void sight_ui_window_set_reel(GSimpleAction *action, GVariant *value, gpointer user_data) {
  SightUiWindow *self = user_data;
  g_autoptr(GVariant) state = g_action_get_state(G_ACTION(action));
  gboolean on = g_variant_get_boolean(value);
  if (on == g_variant_get_boolean(state))
    return;
  g_simple_action_set_state(action, value);
  self->reel_steps = FALSE;
  if (!on)
    return;
  g_action_group_change_action_state(G_ACTION_GROUP(self), "play-person", g_variant_new_boolean(FALSE));
  gint64 row = sight_ui_playback_get_session_row(self->playback);
  /* From the beginning, where what is open is none of its moments. */
  if (sight_ui_walk_find(self->walk, row, sight_ui_playback_get_moment_ms(self->playback)) < 0)
    sight_ui_navigator_step_moment(self->navigator, 1);
  else
    sight_ui_playback_set_playing(self->playback, TRUE);
}

/* Goes on some seconds after a moment. */
static void go_on(SightUiWindow *self) {
  if (self->reel_steps || !is_reel(self))
    return;
  self->reel_steps = TRUE;
  sight_ui_navigator_step_moment(self->navigator, 1);
}

void sight_ui_window_show_place(SightUiWindow *self) {
  gboolean open = sight_ui_playback_get_session_row(self->playback) == self->placed_row;
  int place = open ? sight_ui_walk_find(self->walk, self->placed_row, self->placed_ms) : -1;
  guint n = sight_ui_walk_get_n(self->walk);
  g_autofree char *text = sight_ui_window_get_order_place(self);
  if (text == NULL && place >= 0)
    /* Translators: which of the moments of the filter is watched, "3 of 14" */
    text = g_strdup_printf(sight_ui_walk_is_whole(self->walk) ? _("%d of %u") : _("%d of %u+"), place + 1, n);
  sight_ui_player_set_place(SIGHT_UI_PLAYER(self->player), text);
}

/* Who watches what is written into the log of its project. */
static void log_watched(SightUiWindow *self) {
  const SightSession *session = sight_ui_playback_get_session(self->playback);
  if (session == NULL || session->row == self->logged_row)
    return;
  self->earlier_row = self->logged_row;
  self->logged_row = session->row;
  const SightLogEntry entry = {.act = SIGHT_LOG_WATCHED,
                               .session = session->session,
                               .from_ms = sight_ui_playback_get_position_ms(self->playback),
                               .to_ms = -1};
  sight_log_note(self->store, session->endpoint, &entry);
}

/* A moment is seen once playing has gone through it. */
void sight_ui_window_position_changed(SightUiWindow *self) {
  gint64 moment_ms = sight_ui_playback_get_moment_ms(self->playback);
  gint64 row = sight_ui_playback_get_session_row(self->playback);
  log_watched(self);
  /* When it is over it stays the last one. */
  if (moment_ms >= 0 && (moment_ms != self->placed_ms || row != self->placed_row)) {
    self->placed_ms = moment_ms;
    self->placed_row = row;
    self->reel_steps = FALSE;
    sight_ui_window_show_place(self);
    if (is_reel(self))
      sight_ui_player_prepare(SIGHT_UI_PLAYER(self->player), sight_ui_walk_next_session(self->walk, row, moment_ms));
  }
  if (!sight_ui_playback_get_playing(self->playback))
    return;
  if (sight_ui_playback_get_position_ms(self->playback) >= self->placed_ms + REEL_AFTER_MS)
    go_on(self);
  if (moment_ms >= 0 && sight_ui_playback_get_position_ms(self->playback) >= moment_ms + MOMENT_SEEN_MS)
    saw_it(self);
}

/* Why the next session is worth a look, on its way. */
typedef struct {
  SightUiWindow *window; /* a reference */
  gint64 from, row;
  char *filter, *reason;
} Next;

static void next_free(Next *next) {
  g_object_unref(next->window);
  g_free(next->filter);
  g_free(next->reason);
  g_free(next);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Next, next_free)

static gboolean read_next(SightDb *db, gpointer user_data, GError **error) {
  Next *next = user_data;
  SightLibraryReason reason = {.signal = -1};
  g_autoptr(SightFilter) filter = sight_filter_parse(next->filter, NULL, error);
  g_autoptr(SightQuery) query = filter != NULL ? sight_query_new(db, filter, g_get_real_time() / 1000, error) : NULL;
  g_autoptr(SightSession) session = query != NULL ? sight_session_table_get(db, next->row, error) : NULL;
  if (session == NULL || !sight_library_reason(db, query, session, &reason, error))
    return FALSE;
  next->reason = g_steal_pointer(&reason.reason);
  sight_library_reason_clear(&reason);
  if (next->reason == NULL)
    next->reason = g_strdup(session->entry != NULL ? session->entry : _("another session"));
  return TRUE;
}

static void next_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(Next) next = user_data;
  gboolean ok = sight_store_read_finish(SIGHT_STORE(source), result, NULL);
  SightUiWindow *self = next->window;
  if (ok && self->store != NULL && sight_ui_playback_get_session_row(self->playback) == next->from)
    sight_ui_player_offer_next(SIGHT_UI_PLAYER(self->player), next->reason);
}

void sight_ui_window_ended(SightUiWindow *self) {
  saw_it(self);
  if (sight_ui_window_go_on_in_order(self))
    return;
  if (is_reel(self)) {
    go_on(self);
    return;
  }
  gint64 row = sight_ui_playback_get_session_row(self->playback);
  guint position = sight_ui_library_find(self->library, row);
  gint64 next_row = position != G_MAXUINT ? sight_ui_library_row_at(self->library, position + 1) : 0;
  if (next_row == 0)
    return;
  Next *next = g_new0(Next, 1);
  next->window = g_object_ref(self);
  next->from = row;
  next->row = next_row;
  next->filter = g_strdup(sight_ui_library_get_query(self->library)->filter);
  sight_store_read_async(self->store, read_next, next, NULL, NULL, next_cb, next);
}

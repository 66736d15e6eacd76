/* SPDX-License-Identifier: MIT */
/* SightUiPlayback: loading what is open on a worker, and telling everybody where the playhead is. */
#include "sight-ui-playback.h"

#include "sight-endpoint-table.h"

#include <gio/gio.h>

struct _SightUiPlayback {
  GObject parent_instance;
  SightStore *store;
  SightUiRange *range;
  SightUiNotes *notes;
  gint64 row;
  SightSession *session;
  SightAnalysis *analysis;
  GArray *reached; /* of SightReached, as it is with the analysis */
  char *stamp;     /* what both were made of */
  gboolean refreshing, refresh_again;
  GCancellable *loading_cancellable;
  char *problem, *window;
  gint64 position_ms, duration_ms;
  gint64 moment_ms;  /* that was gone to; -1: none since somebody went elsewhere */
  char *moment_text; /* what is said of it, or NULL */
  double speed;
  gboolean loading, playing, skip_idle, captions;
};

G_DEFINE_FINAL_TYPE(SightUiPlayback, sight_ui_playback, G_TYPE_OBJECT)

enum {
  PROP_SESSION_ROW = 1,
  PROP_LOADING,
  PROP_PROBLEM,
  PROP_POSITION_MS,
  PROP_DURATION_MS,
  PROP_PLAYING,
  PROP_SPEED,
  PROP_SKIP_IDLE,
  PROP_CAPTIONS,
  PROP_WINDOW,
  PROP_ANALYSIS,
  N_PROPS
};
static GParamSpec *props[N_PROPS];
static guint signal_seek, signal_grown;

#define SPEED_MIN 0.25
/* So long after a moment one is still at it. */
#define MOMENT_LASTS_MS 6000

/* What one load brings. Handed to the worker and back. */
typedef struct {
  SightUiPlayback *playback;
  GCancellable *cancellable;
  gint64 row;
  SightSession *session;
  SightAnalysis *analysis;
  GArray *reached;
  char *stamp, *known_stamp; /* known: nothing is read where it is still the same; NULL: in any case */
} Load;

static Load *load_new(SightUiPlayback *self) {
  Load *load = g_new0(Load, 1);
  load->playback = g_object_ref(self);
  load->cancellable = g_object_ref(self->loading_cancellable);
  load->row = self->row;
  return load;
}

static void load_free(Load *load) {
  g_clear_object(&load->playback);
  g_clear_object(&load->cancellable);
  g_clear_pointer(&load->session, sight_session_free);
  g_clear_pointer(&load->analysis, sight_analysis_free);
  g_clear_pointer(&load->reached, g_array_unref);
  g_free(load->stamp);
  g_free(load->known_stamp);
  g_free(load);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Load, load_free)

static gboolean read_session(SightDb *db, gpointer user_data, GError **error) {
  Load *load = user_data;
  load->session = sight_session_table_get(db, load->row, error);
  return load->session != NULL;
}

/* What is shown is made of this: the state of the recording, the rules, how its pages are named, and key actions. */
static char *stamp_of(SightDb *db, const SightSession *session, const SightRuleset *rules, const GArray *reached) {
  g_autofree char *ruleset = sight_ruleset_id(rules), *named = NULL;
  gint64 named_to = 0;
  gint64 revision = sight_analysis_table_revision(db, session->row, NULL);
  gboolean is_named =
      sight_endpoint_table_page_rules(db, session->endpoint, &named, &named_to, NULL) && named_to >= session->row;
  g_autoptr(GString) stamp = g_string_new(NULL);
  g_string_printf(stamp, "%" G_GINT64_FORMAT " %s %s", revision, ruleset, is_named && named ? named : "");
  for (guint i = 0; i < reached->len; i++) {
    const SightReached *one = &g_array_index(reached, SightReached, i);
    g_string_append_printf(stamp, " %" G_GINT64_FORMAT " %s", one->at_ms, one->name);
  }
  return g_string_free(g_steal_pointer(&stamp), FALSE);
}

/* Whether it was looked through by these rules already: before, there is nothing new to show. */
static gboolean is_current(SightDb *db, const SightSession *session, const SightRuleset *rules) {
  g_autofree char *ruleset = sight_ruleset_id(rules);
  g_autoptr(GArray) rows =
      sight_analysis_table_current(db, session->endpoint, ruleset, SIGHT_ANALYSIS_VERSION, session->row - 1, 1, NULL);
  return rows != NULL && rows->len > 0 && g_array_index(rows, gint64, 0) == session->row;
}

static gboolean read_analysis(SightDb *db, gpointer user_data, GError **error) {
  Load *load = user_data;
  g_autoptr(SightRuleset) rules = sight_analysis_rules(db, load->session->endpoint, error);
  load->reached = rules ? sight_cohort_reached(db, load->row, load->session->endpoint, error) : NULL;
  if (!load->reached)
    return FALSE;
  load->stamp = stamp_of(db, load->session, rules, load->reached);
  if (load->known_stamp && (g_str_equal(load->stamp, load->known_stamp) || !is_current(db, load->session, rules)))
    return TRUE;
  load->analysis = sight_analysis_open(db, load->row, rules, load->cancellable, error);
  return load->analysis != NULL;
}

static void take_duration(SightUiPlayback *self, gint64 duration_ms) {
  if (duration_ms <= 0 || duration_ms == self->duration_ms)
    return;
  self->duration_ms = duration_ms;
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_DURATION_MS]);
  if (self->position_ms > duration_ms)
    sight_ui_playback_seek(self, duration_ms);
}

static void take_analysis(SightUiPlayback *self, Load *load) {
  g_clear_pointer(&self->analysis, sight_analysis_free);
  self->analysis = g_steal_pointer(&load->analysis);
  g_clear_pointer(&self->reached, g_array_unref);
  self->reached = g_steal_pointer(&load->reached);
  g_free(self->stamp);
  self->stamp = g_steal_pointer(&load->stamp);
  take_duration(self, self->analysis->session->duration_ms);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_ANALYSIS]);
}

static gboolean read_anew(SightDb *db, gpointer user_data, GError **error) {
  return read_session(db, user_data, error) && read_analysis(db, user_data, error);
}

static void refresh(SightUiPlayback *self);

static void on_refreshed(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(Load) load = user_data;
  SightUiPlayback *self = load->playback;
  /* A session that is gone stays on display until another is opened. */
  gboolean done = sight_store_read_finish(SIGHT_STORE(source), result, NULL);
  self->refreshing = FALSE;
  if (g_cancellable_is_cancelled(load->cancellable))
    return;
  if (done && load->analysis) {
    gboolean grown = load->session->n_events != self->session->n_events;
    sight_session_free(self->session);
    self->session = g_steal_pointer(&load->session);
    take_analysis(self, load);
    if (grown)
      g_signal_emit(self, signal_grown, 0);
  }
  if (self->refresh_again)
    refresh(self);
}

/* The store has changed: perhaps what is open, too. */
static void refresh(SightUiPlayback *self) {
  self->refresh_again = self->refreshing || !self->analysis;
  if (self->refresh_again)
    return;
  self->refreshing = TRUE;
  Load *next = load_new(self);
  next->known_stamp = g_strdup(self->stamp);
  sight_store_read_async(self->store, read_anew, next, NULL, next->cancellable, on_refreshed, next);
}

static void on_analysis(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(Load) load = user_data;
  SightUiPlayback *self = load->playback;
  g_autoptr(GError) error = NULL;
  gboolean done = sight_store_read_finish(SIGHT_STORE(source), result, &error);
  if (g_cancellable_is_cancelled(load->cancellable))
    return;
  if (!done) {
    sight_ui_playback_set_problem(self, error->message);
    return;
  }
  take_analysis(self, load);
  if (self->refresh_again)
    refresh(self);
}

static void on_session(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(Load) load = user_data;
  SightUiPlayback *self = load->playback;
  g_autoptr(GError) error = NULL;
  gboolean done = sight_store_read_finish(SIGHT_STORE(source), result, &error);
  if (g_cancellable_is_cancelled(load->cancellable))
    return;
  if (!done) {
    sight_ui_playback_set_loading(self, FALSE);
    sight_ui_playback_set_problem(self, error->message);
    return;
  }
  g_clear_pointer(&self->session, sight_session_free);
  self->session = sight_session_copy(load->session);
  sight_ui_notes_set_session(self->notes, self->session->endpoint, self->session->session);
  take_duration(self, self->session->duration_ms);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_SESSION_ROW]);
  Load *next = g_steal_pointer(&load);
  sight_store_read_async(self->store, read_analysis, next, NULL, next->cancellable, on_analysis, next);
}

static void forget(SightUiPlayback *self) {
  g_cancellable_cancel(self->loading_cancellable);
  g_clear_object(&self->loading_cancellable);
  g_clear_pointer(&self->session, sight_session_free);
  sight_ui_notes_set_session(self->notes, 0, NULL);
  if (self->analysis) {
    g_autoptr(SightAnalysis) analysis = g_steal_pointer(&self->analysis);
    g_array_set_size(self->reached, 0);
    g_object_notify_by_pspec(G_OBJECT(self), props[PROP_ANALYSIS]);
  }
  sight_ui_playback_set_problem(self, NULL);
  sight_ui_playback_set_window(self, NULL);
}

static void load(SightUiPlayback *self) {
  self->loading_cancellable = g_cancellable_new();
  sight_ui_playback_set_loading(self, TRUE);
  Load *next = load_new(self);
  sight_store_read_async(self->store, read_session, next, NULL, next->cancellable, on_session, next);
}

static void move_to(SightUiPlayback *self, gint64 at_ms) {
  gint64 last_ms = self->duration_ms > 0 ? self->duration_ms : G_MAXINT64;
  self->position_ms = CLAMP(at_ms, 0, last_ms);
  /* Also where it does not move: of two moments near the start the other one may be meant now. */
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_POSITION_MS]);
  g_signal_emit(self, signal_seek, 0, self->position_ms);
}

void sight_ui_playback_go_to_moment(SightUiPlayback *self, gint64 moment_ms) {
  g_return_if_fail(SIGHT_UI_IS_PLAYBACK(self));
  if (self->row == 0)
    return;
  self->moment_ms = MAX(moment_ms, 0);
  g_clear_pointer(&self->moment_text, g_free);
  move_to(self, moment_ms - SIGHT_UI_LEAD_MS);
}

void sight_ui_playback_open(SightUiPlayback *self, gint64 session_row, gint64 moment_ms, gboolean play) {
  g_return_if_fail(SIGHT_UI_IS_PLAYBACK(self) && session_row > 0);
  if (self->row == session_row) {
    sight_ui_playback_go_to_moment(self, moment_ms);
    sight_ui_playback_set_playing(self, play);
    return;
  }
  sight_ui_playback_set_playing(self, FALSE);
  forget(self);
  sight_ui_range_clear(self->range);
  self->row = session_row;
  self->duration_ms = 0;
  self->moment_ms = MAX(moment_ms, 0);
  g_clear_pointer(&self->moment_text, g_free);
  self->position_ms = MAX(moment_ms - SIGHT_UI_LEAD_MS, 0);
  load(self);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_SESSION_ROW]);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_DURATION_MS]);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_POSITION_MS]);
  sight_ui_playback_set_playing(self, play);
}

void sight_ui_playback_reload(SightUiPlayback *self) {
  g_return_if_fail(SIGHT_UI_IS_PLAYBACK(self));
  if (self->row == 0)
    return;
  forget(self);
  load(self);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_SESSION_ROW]);
}

void sight_ui_playback_close(SightUiPlayback *self) {
  g_return_if_fail(SIGHT_UI_IS_PLAYBACK(self));
  if (self->row == 0)
    return;
  sight_ui_playback_set_playing(self, FALSE);
  forget(self);
  sight_ui_range_clear(self->range);
  self->row = 0;
  self->duration_ms = self->position_ms = 0;
  self->moment_ms = -1;
  sight_ui_playback_set_loading(self, FALSE);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_SESSION_ROW]);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_DURATION_MS]);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_POSITION_MS]);
}

void sight_ui_playback_seek(SightUiPlayback *self, gint64 at_ms) {
  g_return_if_fail(SIGHT_UI_IS_PLAYBACK(self));
  if (self->row == 0)
    return;
  self->moment_ms = -1;
  move_to(self, at_ms);
}

void sight_ui_playback_set_moment_text(SightUiPlayback *self, const char *text) {
  g_return_if_fail(SIGHT_UI_IS_PLAYBACK(self));
  g_free(self->moment_text);
  self->moment_text = g_strdup(text);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_POSITION_MS]);
}

const char *sight_ui_playback_get_moment_text(SightUiPlayback *self) {
  return self->moment_text;
}

gint64 sight_ui_playback_get_moment_ms(SightUiPlayback *self) {
  gboolean over = self->moment_ms < 0 || self->position_ms >= self->moment_ms + MOMENT_LASTS_MS;
  return over ? -1 : self->moment_ms;
}

gint64 sight_ui_playback_get_subject_ms(SightUiPlayback *self) {
  gint64 moment_ms = sight_ui_playback_get_moment_ms(self);
  return moment_ms >= 0 ? moment_ms : self->position_ms;
}

SightStore *sight_ui_playback_get_store(SightUiPlayback *self) {
  return self->store;
}

SightUiRange *sight_ui_playback_get_range(SightUiPlayback *self) {
  return self->range;
}

SightUiNotes *sight_ui_playback_get_notes(SightUiPlayback *self) {
  g_return_val_if_fail(SIGHT_UI_IS_PLAYBACK(self), NULL);
  return self->notes;
}

gint64 sight_ui_playback_get_session_row(SightUiPlayback *self) {
  return self->row;
}

const SightSession *sight_ui_playback_get_session(SightUiPlayback *self) {
  return self->session;
}

const SightAnalysis *sight_ui_playback_get_analysis(SightUiPlayback *self) {
  return self->analysis;
}

const GArray *sight_ui_playback_get_reached(SightUiPlayback *self) {
  return self->reached;
}

gint64 sight_ui_playback_get_position_ms(SightUiPlayback *self) {
  return self->position_ms;
}

gint64 sight_ui_playback_get_duration_ms(SightUiPlayback *self) {
  return self->duration_ms;
}

gboolean sight_ui_playback_get_playing(SightUiPlayback *self) {
  return self->playing;
}

void sight_ui_playback_set_playing(SightUiPlayback *self, gboolean playing) {
  playing = playing && self->row != 0;
  if (self->playing == playing)
    return;
  self->playing = playing;
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_PLAYING]);
}

double sight_ui_playback_get_speed(SightUiPlayback *self) {
  return self->speed;
}

void sight_ui_playback_set_speed(SightUiPlayback *self, double speed) {
  speed = speed > SIGHT_UI_SPEED_MAX ? SIGHT_UI_SPEED_UNBOUND : MAX(speed, SPEED_MIN);
  if (self->speed == speed)
    return;
  self->speed = speed;
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_SPEED]);
}

gboolean sight_ui_playback_get_skip_idle(SightUiPlayback *self) {
  return self->skip_idle;
}

void sight_ui_playback_set_skip_idle(SightUiPlayback *self, gboolean skip_idle) {
  skip_idle = skip_idle != FALSE;
  if (self->skip_idle == skip_idle)
    return;
  self->skip_idle = skip_idle;
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_SKIP_IDLE]);
}

gboolean sight_ui_playback_get_captions(SightUiPlayback *self) {
  return self->captions;
}

const char *sight_ui_playback_get_problem(SightUiPlayback *self) {
  return self->problem;
}

const char *sight_ui_playback_get_window(SightUiPlayback *self) {
  return self->window;
}

gboolean sight_ui_playback_get_loading(SightUiPlayback *self) {
  return self->loading;
}

void sight_ui_playback_set_position_ms(SightUiPlayback *self, gint64 position_ms) {
  if (self->position_ms == position_ms)
    return;
  self->position_ms = position_ms;
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_POSITION_MS]);
}

void sight_ui_playback_set_duration_ms(SightUiPlayback *self, gint64 duration_ms) {
  if (self->duration_ms <= 0)
    take_duration(self, duration_ms);
}

void sight_ui_playback_set_loading(SightUiPlayback *self, gboolean loading) {
  loading = loading != FALSE;
  if (self->loading == loading)
    return;
  self->loading = loading;
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_LOADING]);
}

static void set_text(SightUiPlayback *self, char **slot, const char *text, GParamSpec *pspec) {
  if (g_strcmp0(*slot, text) == 0)
    return;
  g_free(*slot);
  *slot = g_strdup(text);
  g_object_notify_by_pspec(G_OBJECT(self), pspec);
}

void sight_ui_playback_set_problem(SightUiPlayback *self, const char *problem) {
  set_text(self, &self->problem, problem, props[PROP_PROBLEM]);
}

void sight_ui_playback_set_window(SightUiPlayback *self, const char *window) {
  set_text(self, &self->window, window, props[PROP_WINDOW]);
}

SightUiPlayback *sight_ui_playback_new(SightStore *store) {
  g_return_val_if_fail(SIGHT_IS_STORE(store), NULL);
  SightUiPlayback *self = g_object_new(SIGHT_UI_TYPE_PLAYBACK, NULL);
  self->store = g_object_ref(store);
  self->notes = sight_ui_notes_new(store);
  g_signal_connect_object(store, "changed", G_CALLBACK(refresh), self, G_CONNECT_SWAPPED);
  return self;
}

static void sight_ui_playback_get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec) {
  SightUiPlayback *self = SIGHT_UI_PLAYBACK(object);
  switch (id) {
  case PROP_SESSION_ROW:
    g_value_set_int64(value, self->row);
    break;
  case PROP_LOADING:
    g_value_set_boolean(value, self->loading);
    break;
  case PROP_PROBLEM:
    g_value_set_string(value, self->problem);
    break;
  case PROP_POSITION_MS:
    g_value_set_int64(value, self->position_ms);
    break;
  case PROP_DURATION_MS:
    g_value_set_int64(value, self->duration_ms);
    break;
  case PROP_PLAYING:
    g_value_set_boolean(value, self->playing);
    break;
  case PROP_SPEED:
    g_value_set_double(value, self->speed);
    break;
  case PROP_SKIP_IDLE:
    g_value_set_boolean(value, self->skip_idle);
    break;
  case PROP_CAPTIONS:
    g_value_set_boolean(value, self->captions);
    break;
  case PROP_WINDOW:
    g_value_set_string(value, self->window);
    break;
  case PROP_ANALYSIS:
    g_value_set_pointer(value, self->analysis);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
}

static void sight_ui_playback_set_property(GObject *object, guint id, const GValue *value, GParamSpec *pspec) {
  SightUiPlayback *self = SIGHT_UI_PLAYBACK(object);
  switch (id) {
  case PROP_PLAYING:
    sight_ui_playback_set_playing(self, g_value_get_boolean(value));
    break;
  case PROP_SPEED:
    sight_ui_playback_set_speed(self, g_value_get_double(value));
    break;
  case PROP_SKIP_IDLE:
    sight_ui_playback_set_skip_idle(self, g_value_get_boolean(value));
    break;
  case PROP_CAPTIONS:
    if (self->captions == g_value_get_boolean(value))
      break;
    self->captions = g_value_get_boolean(value);
    g_object_notify_by_pspec(object, pspec);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
}

static void sight_ui_playback_dispose(GObject *object) {
  SightUiPlayback *self = SIGHT_UI_PLAYBACK(object);
  if (self->loading_cancellable)
    g_cancellable_cancel(self->loading_cancellable);
  g_clear_object(&self->loading_cancellable);
  g_clear_object(&self->store);
  G_OBJECT_CLASS(sight_ui_playback_parent_class)->dispose(object);
}

static void sight_ui_playback_finalize(GObject *object) {
  SightUiPlayback *self = SIGHT_UI_PLAYBACK(object);
  g_clear_pointer(&self->session, sight_session_free);
  g_clear_pointer(&self->analysis, sight_analysis_free);
  g_clear_pointer(&self->reached, g_array_unref);
  g_free(self->stamp);
  g_free(self->moment_text);
  g_clear_object(&self->range);
  g_clear_object(&self->notes);
  g_free(self->problem);
  g_free(self->window);
  G_OBJECT_CLASS(sight_ui_playback_parent_class)->finalize(object);
}

static void sight_ui_playback_class_init(SightUiPlaybackClass *klass) {
  GObjectClass *object_class = G_OBJECT_CLASS(klass);
  GParamFlags read = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GParamFlags write = read | G_PARAM_WRITABLE;
  object_class->get_property = sight_ui_playback_get_property;
  object_class->set_property = sight_ui_playback_set_property;
  object_class->dispose = sight_ui_playback_dispose;
  object_class->finalize = sight_ui_playback_finalize;
  props[PROP_SESSION_ROW] = g_param_spec_int64("session-row", NULL, NULL, 0, G_MAXINT64, 0, read);
  props[PROP_LOADING] = g_param_spec_boolean("loading", NULL, NULL, FALSE, read);
  props[PROP_PROBLEM] = g_param_spec_string("problem", NULL, NULL, NULL, read);
  props[PROP_POSITION_MS] = g_param_spec_int64("position-ms", NULL, NULL, 0, G_MAXINT64, 0, read);
  props[PROP_DURATION_MS] = g_param_spec_int64("duration-ms", NULL, NULL, 0, G_MAXINT64, 0, read);
  props[PROP_PLAYING] = g_param_spec_boolean("playing", NULL, NULL, FALSE, write);
  props[PROP_SPEED] = g_param_spec_double("speed", NULL, NULL, SPEED_MIN, SIGHT_UI_SPEED_UNBOUND, 1.0, write);
  props[PROP_SKIP_IDLE] = g_param_spec_boolean("skip-idle", NULL, NULL, TRUE, write);
  props[PROP_CAPTIONS] = g_param_spec_boolean("captions", NULL, NULL, TRUE, write);
  props[PROP_WINDOW] = g_param_spec_string("window", NULL, NULL, NULL, read);
  props[PROP_ANALYSIS] = g_param_spec_pointer("analysis", NULL, NULL, read);
  g_object_class_install_properties(object_class, N_PROPS, props);
  signal_grown = g_signal_new("grown", SIGHT_UI_TYPE_PLAYBACK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signal_seek = g_signal_new("seek", SIGHT_UI_TYPE_PLAYBACK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                             G_TYPE_INT64);
}

static void sight_ui_playback_init(SightUiPlayback *self) {
  self->range = sight_ui_range_new();
  self->reached = g_array_new(FALSE, FALSE, sizeof(SightReached));
  self->moment_ms = -1;
  self->speed = 1.0;
  self->skip_idle = TRUE;
  self->captions = TRUE;
}

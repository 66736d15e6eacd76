/* SPDX-License-Identifier: MIT */
/* What the window starts with: problems where there are some that nobody has looked at yet, else sessions. */
#include "sight-ui-window-private.h"

#include "sight-library.h"
#include "sight-ui-settings.h"

typedef struct {
  SightUiWindow *window; /* a reference */
  gint64 looked_ms;
  gboolean news;
} Look;

static void look_free(Look *look) {
  g_object_unref(look->window);
  g_free(look);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Look, look_free)

/* One that came back is as new. */
static gboolean is_news(const SightProblem *problem, gint64 looked_ms) {
  if (problem->state == SIGHT_PROBLEM_REGRESSED)
    return problem->last_seen_ms > looked_ms;
  return problem->state == SIGHT_PROBLEM_NEW && problem->first_seen_ms > looked_ms;
}

static gboolean read_news(SightDb *db, gpointer user_data, GError **error) {
  Look *look = user_data;
  g_autoptr(SightSet) sessions = sight_library_sessions(db, NULL, 0, error);
  g_autoptr(GPtrArray) problems =
      sessions != NULL ? sight_problems_list(db, sessions, SIGHT_UI_PROBLEMS_FIRST, NULL, error) : NULL;
  for (guint i = 0; problems != NULL && !look->news && i < problems->len; i++)
    look->news = is_news(problems->pdata[i], look->looked_ms);
  return problems != NULL;
}

/* Nobody is led away from what was begun meanwhile. */
static void read_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(Look) look = user_data;
  SightUiWindow *self = look->window;
  gboolean ok = sight_store_read_finish(SIGHT_STORE(source), result, NULL);
  if (!ok || !look->news || self->store == NULL || self->open_first || self->wanted_row != 0 ||
      sight_ui_playback_get_session_row(self->playback) != 0 ||
      g_strcmp0(adw_view_stack_get_visible_child_name(self->pages), "sessions") != 0)
    return;
  sight_ui_window_show_page(self, "problems");
}

/* What comes while somebody looks is no news either. */
static void note_look(void) {
  GSettings *settings = sight_ui_settings_get();
  if (settings != NULL)
    g_settings_set_int64(settings, "problems-looked", g_get_real_time() / 1000);
}

void sight_ui_window_start(SightUiWindow *self) {
  GSettings *settings = sight_ui_settings_get();
  gint64 looked_ms = settings != NULL ? g_settings_get_int64(settings, "problems-looked") : 0;
  g_signal_connect(self->problems_page, "map", G_CALLBACK(note_look), NULL);
  g_signal_connect(self->problems_page, "unmap", G_CALLBACK(note_look), NULL);
  /* Who has never looked begins with the sessions, or with what was opened. */
  if (looked_ms == 0)
    return;
  Look *look = g_new0(Look, 1);
  look->window = g_object_ref(self);
  look->looked_ms = looked_ms;
  sight_store_read_async(self->store, read_news, look, NULL, NULL, read_cb, look);
}

/* SPDX-License-Identifier: MIT */
/* Two sessions side by side: of before and after, or the two that were watched last. */
#include "sight-ui-window-private.h"

#include "sight-library.h"
#include "sight-ui-beside-window.h"
#include "sight-ui-text.h"

#include <glib/gi18n.h>

/* What is looked up before they are shown. */
typedef struct {
  SightUiWindow *window; /* a reference */
  gint64 endpoint;
  char *id[2];  /* or, where it is NULL, the row */
  char *filter; /* of the moment in the first at which watching starts; NULL: `from_ms` says where, in the second */
  gint64 row[2], from_ms;
  char *name[2];
} Pair;

static void pair_free(Pair *pair) {
  g_object_unref(pair->window);
  for (int side = 0; side < 2; side++) {
    g_free(pair->id[side]);
    g_free(pair->name[side]);
  }
  g_free(pair->filter);
  g_free(pair);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pair, pair_free)

static gboolean find_moment(SightDb *db, Pair *pair, const SightSession *session, GError **error) {
  SightLibraryReason reason = {.signal = -1};
  g_autoptr(SightFilter) filter = sight_filter_parse(pair->filter, NULL, error);
  g_autoptr(SightQuery) query = filter != NULL ? sight_query_new(db, filter, g_get_real_time() / 1000, error) : NULL;
  if (query == NULL || !sight_library_reason(db, query, session, &reason, error))
    return FALSE;
  pair->from_ms = reason.at_ms;
  sight_library_reason_clear(&reason);
  return TRUE;
}

static gboolean read_pair(SightDb *db, gpointer user_data, GError **error) {
  Pair *pair = user_data;
  for (int side = 0; side < 2; side++) {
    g_autoptr(SightSession) session = pair->id[side] != NULL
                                          ? sight_session_table_find(db, pair->endpoint, pair->id[side], error)
                                          : sight_session_table_get(db, pair->row[side], error);
    if (session == NULL || (side == 0 && pair->filter != NULL && !find_moment(db, pair, session, error)))
      return FALSE;
    pair->row[side] = session->row;
    if (pair->name[side] == NULL)
      pair->name[side] = sight_ui_text_day_and_time(session->started_ms, g_get_real_time() / 1000);
  }
  return TRUE;
}

static void read_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(Pair) pair = user_data;
  SightUiWindow *self = pair->window;
  g_autoptr(GError) error = NULL;
  gboolean ok = sight_store_read_finish(SIGHT_STORE(source), result, &error);
  if (self->store == NULL)
    return;
  if (!ok) {
    sight_ui_window_show_problem(self, _("These Cannot Be Shown"), _("One of the sessions could not be read."),
                                 error->message);
    return;
  }
  const SightUiBesideSide sides[2] = {{pair->row[0], pair->name[0]}, {pair->row[1], pair->name[1]}};
  gtk_window_present(GTK_WINDOW(
      sight_ui_beside_window_new(GTK_WINDOW(self), self->store, sides, pair->filter == NULL, pair->from_ms)));
}

static void open_pair(SightUiWindow *self, Pair *pair) {
  sight_ui_playback_set_playing(self->playback, FALSE);
  pair->window = g_object_ref(self);
  sight_store_read_async(self->store, read_pair, pair, NULL, NULL, read_cb, pair);
}

void sight_ui_window_watch_beside(SightUiWindow *self, const char *before, const char *after, const char *filter) {
  Pair *pair = g_new0(Pair, 1);
  pair->endpoint = sight_ui_filter_get_endpoint(self->filter);
  pair->id[0] = g_strdup(before);
  pair->id[1] = g_strdup(after);
  pair->filter = g_strdup(filter);
  pair->name[0] = g_strdup(_("Before"));
  pair->name[1] = g_strdup(_("After"));
  open_pair(self, pair);
}

static void beside(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiWindow *self = user_data;
  gint64 row = sight_ui_playback_get_session_row(self->playback);
  if (row == 0 || self->earlier_row == 0) {
    sight_ui_window_toast(self, _("The two sessions watched last are shown side by side: watch another one first"));
    return;
  }
  Pair *pair = g_new0(Pair, 1);
  pair->row[0] = self->earlier_row;
  pair->row[1] = row;
  pair->from_ms = sight_ui_playback_get_position_ms(self->playback);
  open_pair(self, pair);
}

static const GActionEntry entries[] = {{"beside", beside, NULL, NULL, NULL, {0}}};

void sight_ui_window_add_beside(SightUiWindow *self) {
  g_action_map_add_action_entries(G_ACTION_MAP(self), entries, G_N_ELEMENTS(entries), self);
}

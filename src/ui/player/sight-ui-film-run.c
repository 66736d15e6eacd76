/* SPDX-License-Identifier: MIT */
#include "sight-ui-film-run.h"

#include "sight-analysis.h"
#include "sight-file.h"
#include "sight-log-table.h"
#include "sight-note-table.h"
#include "sight-shown.h"
#include "sight-ui-clip.h"
#include "sight-ui-film.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

/* What of the cache is filmed. */
typedef struct {
  const char *id;
  SightSession *session;
  SightAnalysis *analysis;
  GPtrArray *notes; /* of SightNote */
} Found;

static void found_clear(Found *found) {
  g_clear_pointer(&found->session, sight_session_free);
  g_clear_pointer(&found->analysis, sight_analysis_free);
  g_clear_pointer(&found->notes, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Found, found_clear)

static gboolean find(SightDb *db, gpointer user_data, GError **error) {
  Found *found = user_data;

  found->session = sight_session_table_find(db, 0, found->id, error);
  if (found->session == NULL)
    return FALSE;
  g_autoptr(SightRuleset) rules = sight_analysis_rules(db, found->session->endpoint, error);
  found->analysis = rules != NULL ? sight_analysis_open(db, found->session->row, rules, NULL, error) : NULL;
  found->notes = found->analysis != NULL
                     ? sight_note_table_list(db, found->session->endpoint, found->session->session, error)
                     : NULL;
  return found->notes != NULL;
}

static SightUiFilmPlan *plan_of(const SightUiFilmOrder *order, SightUiReel *reel, Found *found, GError **error) {
  g_autoptr(GPtrArray) captions = g_ptr_array_new_with_free_func((GDestroyNotify)sight_ui_film_caption_free);
  gint64 started_ms = found->session != NULL ? found->session->started_ms : sight_ui_reel_first_ms(reel);
  g_autoptr(GError) local = NULL;
  g_autofree char *problem = sight_ui_reel_problem(reel);

  if (problem != NULL) {
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, problem);
    return NULL;
  }
  g_autoptr(GArray) parts = sight_ui_clip_parts(reel, found->analysis != NULL ? found->analysis->spans : NULL,
                                                started_ms, order->from_ms, order->to_ms);
  g_autoptr(SightRedaction) redaction =
      order->masks != NULL || order->mask_all ? sight_redaction_new_of(order->masks, order->mask_all, &local) : NULL;
  GBytes *kept = sight_ui_reel_shown(reel);
  g_autoptr(GHashTable) shown = kept != NULL ? sight_shown_table(kept) : NULL;
  const SightClipAbout about = {.shown = shown, .redaction = redaction};
  if (local != NULL) {
    g_propagate_error(error, g_steal_pointer(&local));
    return NULL;
  }
  if (order->captions)
    sight_ui_film_captions(captions, found->analysis, found->notes, order->from_ms, order->to_ms);
  return sight_ui_film_plan_new((const SightClipPart *)(const void *)parts->data, parts->len, &about,
                                g_steal_pointer(&captions), &order->wish, NULL, error);
}

static SightUiReel *read_file(const char *path, GError **error) {
  g_autoptr(GFile) file = g_file_new_for_commandline_arg(path);
  g_autoptr(GPtrArray) recording = sight_recording_read_file(file, NULL, error);

  return recording != NULL ? sight_ui_reel_new(recording, NULL) : NULL;
}

/* Before anything is given away. */
static void log_it(SightStore *store, const SightUiFilmOrder *order, const Found *found) {
  const SightLogEntry entry = {.act = SIGHT_LOG_CLIPPED,
                               .session = found->session->session,
                               .from_ms = order->from_ms,
                               .to_ms = order->to_ms,
                               .detail = sight_film_form_name(order->wish.form)};
  sight_log_note(store, found->session->endpoint, &entry);
}

static SightUiFilmPlan *open_plan(SightStore *store, const SightUiFilmOrder *order, GError **error) {
  g_auto(Found) found = {.id = order->session};

  if (store != NULL && !sight_store_read(store, find, &found, error))
    return NULL;
  g_autoptr(SightUiReel) reel =
      store != NULL ? sight_ui_reel_open(store, found.session->row, NULL, error) : read_file(order->session, error);
  SightUiFilmPlan *plan = reel != NULL ? plan_of(order, reel, &found, error) : NULL;
  if (plan != NULL && store != NULL)
    log_it(store, order, &found);
  return plan;
}

typedef struct {
  GMainLoop *loop;
  GCancellable *cancellable;
  GBytes *file;
  GError *error;
} Filming;

static void on_made(GObject *source, GAsyncResult *result, gpointer user_data) {
  Filming *filming = user_data;

  filming->file = sight_ui_film_make_finish(SIGHT_UI_FILM(source), result, &filming->error);
  g_main_loop_quit(filming->loop);
}

static gboolean on_interrupt(gpointer user_data) {
  g_cancellable_cancel(user_data);
  return G_SOURCE_CONTINUE;
}

static void on_progress(SightUiFilm *film) {
  double progress;

  g_object_get(film, "progress", &progress, NULL);
  g_printerr("\r%3.0f%%%s", progress * 100, progress >= 1 ? "\n" : "");
}

static GBytes *make(SightUiFilmPlan *plan, GError **error) {
  Filming filming = {g_main_loop_new(NULL, FALSE), g_cancellable_new(), NULL, NULL};
  GtkWidget *window = gtk_window_new(), *film = sight_ui_film_new();
  guint interrupts[] = {g_unix_signal_add(SIGINT, on_interrupt, filming.cancellable),
                        g_unix_signal_add(SIGTERM, on_interrupt, filming.cancellable)};

  gtk_window_set_title(GTK_WINDOW(window), _("Filming"));
  gtk_window_set_child(GTK_WINDOW(window), film);
  gtk_window_present(GTK_WINDOW(window));
  g_signal_connect_swapped(window, "close-request", G_CALLBACK(on_interrupt), filming.cancellable);
  if (isatty(STDERR_FILENO))
    g_signal_connect(film, "notify::progress", G_CALLBACK(on_progress), NULL);
  sight_ui_film_make_async(SIGHT_UI_FILM(film), plan, filming.cancellable, on_made, &filming);
  g_main_loop_run(filming.loop);
  for (guint i = 0; i < G_N_ELEMENTS(interrupts); i++)
    g_source_remove(interrupts[i]);
  g_signal_handlers_disconnect_by_data(window, filming.cancellable);
  gtk_window_destroy(GTK_WINDOW(window));
  g_object_unref(filming.cancellable);
  g_main_loop_unref(filming.loop);
  if (filming.file == NULL)
    g_propagate_error(error, filming.error);
  return filming.file;
}

int sight_ui_film_run(const char *cache_dir, const SightUiFilmOrder *order) {
  g_autoptr(GError) error = NULL;

  if (!gtk_init_check()) {
    g_printerr("%s\n", _("There is no display to draw on. Under X, xvfb-run provides one."));
    return EXIT_FAILURE;
  }
  gboolean is_file = g_file_test(order->session, G_FILE_TEST_IS_REGULAR);
  g_autoptr(SightStore) store = is_file ? NULL : sight_store_open(cache_dir, SIGHT_STORE_CACHE, NULL, &error);
  SightUiFilmPlan *plan = is_file || store != NULL ? open_plan(store, order, &error) : NULL;
  g_autoptr(GBytes) file = plan != NULL ? make(plan, &error) : NULL;
  gboolean done =
      file != NULL && sight_file_write(order->output, g_bytes_get_data(file, NULL), g_bytes_get_size(file), &error);
  if (store != NULL)
    sight_store_close(store);
  if (!done)
    g_printerr("%s: %s\n", order->session, error->message);
  return done ? EXIT_SUCCESS : EXIT_FAILURE;
}

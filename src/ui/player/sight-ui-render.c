/* SPDX-License-Identifier: MIT */
/* `sessionsight --render`: moments as pictures, one after another in one view. */
#include "sight-ui-render.h"

#include "sight-analysis.h"
#include "sight-file.h"
#include "sight-ui-clock.h"
#include "sight-ui-replay-view.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <unistd.h>

#define TIMEOUT_S 60
/* Larger viewports are fitted into it; smaller ones than the other are cut out of a window of that size. */
#define SIDE_MAX 2048
#define SIDE_MIN 200

/* What is drawn, once it is found. */
typedef struct {
  guint window;
  gint64 wall_ms;
  int width, height;
} Moment;

typedef struct {
  const char *session;
  SightUiReel *reel;
  SightSession *found;
  SightAnalysis *analysis;
} Search;

typedef struct {
  GMainLoop *loop;
  const SightUiRender *what;
  const Search *found;
  GtkWidget *view;
  guint nth; /* of the moments */
  Moment moment;
  guint reached; /* while it plays: when it has come to the moment */
  guint late;
  GError *error;
} Drawing;

static gboolean find_session(SightDb *db, gpointer user_data, GError **error) {
  Search *search = user_data;
  search->found = sight_session_table_find(db, 0, search->session, error);
  return search->found != NULL;
}

/* Which of several tabs was in front then, analysis knows. */
static gboolean find_tabs(SightDb *db, gpointer user_data, GError **error) {
  Search *search = user_data;
  g_autoptr(SightRuleset) rules = sight_analysis_rules(db, search->found->endpoint, error);
  search->analysis = rules ? sight_analysis_open(db, search->found->row, rules, NULL, error) : NULL;
  return search->analysis != NULL;
}

static void search_clear(Search *search) {
  g_clear_pointer(&search->reel, sight_ui_reel_unref);
  g_clear_pointer(&search->found, sight_session_free);
  g_clear_pointer(&search->analysis, sight_analysis_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Search, search_clear)

static gboolean search_file(Search *search, GError **error) {
  g_autoptr(GFile) file = g_file_new_for_commandline_arg(search->session);
  g_autoptr(GPtrArray) recording = sight_recording_read_file(file, NULL, error);
  search->reel = recording ? sight_ui_reel_new(recording, NULL) : NULL;
  return recording != NULL;
}

/* The store stays open for as long as the reel reads from it. */
static gboolean search_cache(Search *search, SightStore *store, GError **error) {
  if (!sight_store_read(store, find_session, search, error))
    return FALSE;
  search->reel = sight_ui_reel_open(store, search->found->row, NULL, error);
  return search->reel &&
         (sight_ui_reel_n_windows(search->reel) < 2 || sight_store_read(store, find_tabs, search, error));
}

static Moment find_moment(const Search *search, gint64 at_ms) {
  gint64 start_ms = sight_ui_reel_first_ms(search->reel);
  gint64 length_ms = sight_ui_reel_last_ms(search->reel) - start_ms;
  if (search->analysis) {
    start_ms = search->analysis->session->started_ms;
    length_ms = search->analysis->session->duration_ms;
  }
  const char *active = search->analysis ? sight_ui_clock_window(search->analysis, at_ms) : NULL;
  int window = active ? sight_ui_reel_find(search->reel, active) : -1;
  if (window < 0 || !sight_ui_reel_get_window(search->reel, (guint)window)->has_page)
    window = sight_ui_reel_first_page(search->reel);
  const SightUiReelWindow *shown = sight_ui_reel_get_window(search->reel, (guint)window);
  Moment moment = {.window = (guint)window, .wall_ms = start_ms + (at_ms >= length_ms ? length_ms + 1 : at_ms)};
  SightPlace place = {.width = 1280, .height = 800};
  sight_track_place(shown->track, MAX(moment.wall_ms, shown->snapshot_ms), &place);
  moment.width = CLAMP(place.width, SIDE_MIN, SIDE_MAX);
  moment.height = CLAMP(place.height, SIDE_MIN, SIDE_MAX);
  return moment;
}

static gboolean find(SightStore *store, Search *search, GError **error) {
  if (!(store ? search_cache(search, store, error) : search_file(search, error)))
    return FALSE;
  g_autofree char *problem = sight_ui_reel_problem(search->reel);
  if (problem)
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, problem);
  return problem == NULL;
}

static void stop(Drawing *drawing, const GError *error) {
  if (!drawing->error && error)
    drawing->error = g_error_copy(error);
  g_main_loop_quit(drawing->loop);
}

static void on_failed(SightUiReplayView *view, const char *message, Drawing *drawing) {
  g_autoptr(GError) error = g_error_new_literal(G_IO_ERROR, G_IO_ERROR_FAILED, message);
  stop(drawing, error);
}

static gboolean on_late(gpointer user_data) {
  g_autoptr(GError) error =
      g_error_new(G_IO_ERROR, G_IO_ERROR_TIMED_OUT, _("The page was not drawn within %d seconds"), TIMEOUT_S);
  stop(user_data, error);
  return G_SOURCE_CONTINUE;
}

static void begin(Drawing *drawing);

static void on_picture(GObject *source, GAsyncResult *result, gpointer user_data) {
  Drawing *drawing = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GdkTexture) texture = sight_ui_replay_view_snapshot_finish(SIGHT_UI_REPLAY_VIEW(source), result, &error);
  g_autoptr(GBytes) png = texture ? gdk_texture_save_to_png_bytes(texture) : NULL;
  gboolean done = png && sight_file_write(drawing->what->moments[drawing->nth].output, g_bytes_get_data(png, NULL),
                                          g_bytes_get_size(png), &error);
  g_clear_handle_id(&drawing->late, g_source_remove);
  if (!done || ++drawing->nth == drawing->what->n_moments)
    stop(drawing, error);
  else
    begin(drawing);
}

static gboolean take(gpointer user_data) {
  Drawing *drawing = user_data;
  drawing->reached = 0;
  sight_ui_replay_view_snapshot_async(SIGHT_UI_REPLAY_VIEW(drawing->view), NULL, on_picture, drawing);
  return G_SOURCE_REMOVE;
}

/* It plays, and goes on while the picture is taken. */
static void on_shown(SightUiReplayView *view, gint64 at_ms, Drawing *drawing) {
  if (drawing->what->lead_ms > 0 && drawing->reached == 0)
    drawing->reached = g_timeout_add((guint)CLAMP(drawing->moment.wall_ms - at_ms, 0, G_MAXINT), take, drawing);
}

static void begin(Drawing *drawing) {
  const SightUiRender *what = drawing->what;
  drawing->moment = find_moment(drawing->found, what->moments[drawing->nth].at_ms);
  const Moment *moment = &drawing->moment;
  gtk_widget_set_size_request(drawing->view, moment->width, moment->height);
  sight_ui_replay_view_show(SIGHT_UI_REPLAY_VIEW(drawing->view), moment->window, moment->wall_ms - what->lead_ms,
                            what->lead_ms > 0, 1.0);
  if (what->lead_ms == 0)
    take(drawing);
  drawing->late = g_timeout_add_seconds(TIMEOUT_S + (guint)(what->lead_ms / 1000), on_late, drawing);
}

static gboolean draw(const Search *found, const SightUiRender *what, GError **error) {
  Drawing drawing = {.loop = g_main_loop_new(NULL, FALSE), .what = what, .found = found};
  GtkWidget *window = gtk_window_new();
  drawing.view = sight_ui_replay_view_new();
  gtk_window_set_decorated(GTK_WINDOW(window), FALSE);
  gtk_window_set_resizable(GTK_WINDOW(window), FALSE);
  gtk_window_set_child(GTK_WINDOW(window), drawing.view);
  g_signal_connect(drawing.view, "failed", G_CALLBACK(on_failed), &drawing);
  g_signal_connect(drawing.view, "shown", G_CALLBACK(on_shown), &drawing);
  sight_ui_replay_view_set_reel(SIGHT_UI_REPLAY_VIEW(drawing.view), found->reel);
  begin(&drawing);
  gtk_window_present(GTK_WINDOW(window));
  g_main_loop_run(drawing.loop);
  g_clear_handle_id(&drawing.late, g_source_remove);
  g_clear_handle_id(&drawing.reached, g_source_remove);
  g_signal_handlers_disconnect_by_data(drawing.view, &drawing);
  gtk_window_destroy(GTK_WINDOW(window));
  g_main_loop_unref(drawing.loop);
  if (drawing.error)
    g_propagate_error(error, drawing.error);
  return drawing.error == NULL;
}

static gboolean render(SightStore *store, const SightUiRender *what, GError **error) {
  g_auto(Search) found = {.session = what->session};
  return find(store, &found, error) && draw(&found, what, error);
}

/* WebKit ends the program where a process of its own cannot be started or goes at once. */
static void on_log(const char *domain, GLogLevelFlags level, const char *message, gpointer session) {
  if (level & G_LOG_FLAG_FATAL) {
    g_printerr("%s: %s\n%s\n", (const char *)session, _("The process that draws recorded pages ended unexpectedly."),
               message);
    _exit(EXIT_FAILURE);
  }
  g_log_default_handler(domain, level, message, NULL);
}

int sight_ui_render_run(const char *cache_dir, const SightUiRender *what) {
  g_autoptr(GError) error = NULL;
  if (!gtk_init_check()) {
    g_printerr("%s\n", _("There is no display to draw on. Under X, xvfb-run provides one."));
    return EXIT_FAILURE;
  }
  g_log_set_default_handler(on_log, (gpointer)what->session);
  gboolean is_file = g_file_test(what->session, G_FILE_TEST_IS_REGULAR);
  g_autoptr(SightStore) store = is_file ? NULL : sight_store_open(cache_dir, SIGHT_STORE_CACHE, NULL, &error);
  gboolean done = (is_file || store) && render(store, what, &error);
  if (store)
    sight_store_close(store);
  if (!done)
    g_printerr("%s: %s\n", what->session, error->message);
  return done ? EXIT_SUCCESS : EXIT_FAILURE;
}

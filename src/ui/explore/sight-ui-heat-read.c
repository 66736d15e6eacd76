/* SPDX-License-Identifier: MIT */
/* Counts, finds a session that viewed the page for long enough, and opens it. */
#include "sight-ui-heat-read.h"

#include "sight-analysis.h"
#include "sight-library.h"
#include "sight-pages.h"
#include "sight-ui-clock.h"
#include "sight-ui-text.h"

#include <glib/gi18n.h>

#define N_EXAMPLES 50
/* So long after a page came it has mostly come to rest. */
#define SETTLED_MS 4000

typedef struct {
  SightStore *store;
  char *filter, *page, *state;
  gint64 endpoint;
  guint example;
  GCancellable *cancellable;
  SightUiHeat *heat;
  SightSession *session; /* that shows it, or NULL */
  SightAnalysis *analysis;
  gint64 at_ms; /* from its start */
} Read;

void sight_ui_heat_free(SightUiHeat *heat) {
  g_clear_pointer(&heat->heatmap, sight_heatmap_free);
  g_clear_pointer(&heat->reel, sight_ui_reel_unref);
  g_ptr_array_unref(heat->pages);
  g_free(heat->who);
  g_free(heat->problem);
  g_free(heat);
}

static void read_free(gpointer data) {
  Read *read = data;

  g_object_unref(read->store);
  g_clear_object(&read->cancellable);
  g_free(read->filter);
  g_free(read->page);
  g_free(read->state);
  g_clear_pointer(&read->heat, sight_ui_heat_free);
  g_clear_pointer(&read->session, sight_session_free);
  g_clear_pointer(&read->analysis, sight_analysis_free);
  g_free(read);
}

static const char *choose_page(const Read *read) {
  GPtrArray *pages = read->heat->pages;

  if (read->page != NULL && g_ptr_array_find_with_equal_func(pages, read->page, g_str_equal, NULL))
    return read->page;
  return pages->len > 0 ? pages->pdata[0] : NULL;
}

/* The longest view of the page in the session. */
static gboolean find_view(SightDb *db, Read *read, SightQuery *query, GError **error) {
  g_autoptr(GPtrArray) views = sight_query_moments(query, read->session, error);
  gint64 longest = -1;

  for (guint i = 0; views != NULL && i < views->len; i++) {
    const SightQueryMoment *view = views->pdata[i];
    gint64 length = view->end_ms - view->start_ms;
    if (length <= longest)
      continue;
    longest = length;
    read->at_ms = view->start_ms + MIN(SETTLED_MS, length * 2 / 3);
  }
  return views != NULL;
}

/* The moments that may be shown: views of the page, or what stood on it. */
static char *wanted(const Read *read) {
  const char *page = read->heat->heatmap->page;

  if (read->state[0] == '\0')
    return sight_query_term(SIGHT_TERM_PAGE, page);
  g_autofree char *element = sight_query_term(SIGHT_TERM_ELEMENT, read->state);
  g_autofree char *inside = sight_query_inside("page", page);
  return g_strdup_printf("%s[%s]", element, inside);
}

static gboolean find_example(SightDb *db, Read *read, GError **error) {
  g_autofree char *term = wanted(read);
  g_autofree char *all = g_strdup_printf("(%s) %s", read->filter[0] != '\0' ? read->filter : "all", term);
  const SightLibraryQuery asked = {.filter = all, .endpoint = read->endpoint, .limit = N_EXAMPLES};
  g_autoptr(SightFilter) filter = sight_filter_parse(term, NULL, error);
  g_autoptr(SightQuery) query = filter != NULL ? sight_query_new(db, filter, g_get_real_time() / 1000, error) : NULL;
  g_autoptr(GArray) rows = query != NULL ? sight_library_list(db, &asked, error) : NULL;

  /* What is no selector is told beside the numbers. */
  if (rows == NULL && read->state[0] != '\0' && error != NULL && (*error)->domain == SIGHT_FILTER_ERROR) {
    read->heat->problem = g_strdup((*error)->message);
    g_clear_error(error);
    return TRUE;
  }
  if (rows == NULL)
    return FALSE;
  read->heat->n_examples = rows->len;
  if (rows->len == 0 && read->state[0] != '\0')
    read->heat->problem = g_strdup_printf(_("No session shows %s on this page."), read->state);
  if (rows->len == 0)
    return TRUE;
  read->session = sight_session_table_get(db, g_array_index(rows, gint64, read->example % rows->len), error);
  if (read->session == NULL || !find_view(db, read, query, error))
    return FALSE;
  g_autoptr(SightRuleset) rules = sight_analysis_rules(db, read->session->endpoint, error);
  read->analysis = rules != NULL ? sight_analysis_open(db, read->session->row, rules, read->cancellable, error) : NULL;
  return read->analysis != NULL;
}

static gboolean read_heat(SightDb *db, gpointer user_data, GError **error) {
  Read *read = user_data;
  g_autoptr(SightSet) sessions = sight_library_sessions(db, read->filter, read->endpoint, error);
  g_autoptr(GPtrArray) pages = sessions != NULL ? sight_pages_list(db, sessions, read->cancellable, error) : NULL;

  for (guint i = 0; pages != NULL && i < pages->len; i++)
    g_ptr_array_add(read->heat->pages, g_strdup(((SightPageUse *)pages->pdata[i])->page));
  const char *page = choose_page(read);
  if (pages == NULL || page == NULL)
    return pages != NULL;
  read->heat->heatmap = sight_heatmap_make(db, sessions, page, read->cancellable, error);
  return read->heat->heatmap != NULL && find_example(db, read, error);
}

/* That it cannot be shown is no reason to tell no numbers. */
static void open_example(Read *read) {
  SightUiHeat *heat = read->heat;
  g_autoptr(GError) error = NULL;
  g_autoptr(SightUiReel) reel = sight_ui_reel_open(read->store, read->session->row, read->cancellable, &error);

  if (reel == NULL) {
    heat->problem = g_strdup(error->message);
    return;
  }
  heat->problem = sight_ui_reel_problem(reel);
  if (heat->problem != NULL)
    return;
  const char *name = sight_ui_clock_window(read->analysis, read->at_ms);
  int window = name != NULL ? sight_ui_reel_find(reel, name) : -1;
  if (window < 0 || !sight_ui_reel_get_window(reel, (guint)window)->has_page)
    window = sight_ui_reel_first_page(reel);
  heat->reel = g_steal_pointer(&reel);
  heat->window = (guint)window;
  heat->row = read->session->row;
  heat->moment_ms = read->at_ms;
  heat->at_ms = read->session->started_ms + read->at_ms;
  heat->who = sight_ui_text_who(read->session);
}

static void run(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable) {
  Read *read = task_data;
  GError *error = NULL;

  if (!sight_store_read(read->store, read_heat, read, &error)) {
    g_task_return_error(task, error);
    return;
  }
  if (read->session != NULL)
    open_example(read);
  g_task_return_pointer(task, g_steal_pointer(&read->heat), (GDestroyNotify)sight_ui_heat_free);
}

void sight_ui_heat_read_async(SightStore *store, const char *filter, gint64 endpoint, const char *page,
                              const char *state, guint example, GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data) {
  g_autoptr(GTask) task = g_task_new(NULL, cancellable, callback, user_data);
  Read *read = g_new0(Read, 1);

  read->store = g_object_ref(store);
  read->filter = g_strdup(filter);
  read->page = g_strdup(page);
  read->state = g_strdup(state);
  read->endpoint = endpoint;
  read->example = example;
  read->cancellable = cancellable != NULL ? g_object_ref(cancellable) : NULL;
  read->heat = g_new0(SightUiHeat, 1);
  read->heat->pages = g_ptr_array_new_with_free_func(g_free);
  g_task_set_task_data(task, read, read_free);
  g_task_run_in_thread(task, run);
}

SightUiHeat *sight_ui_heat_read_finish(GAsyncResult *result, GError **error) {
  return g_task_propagate_pointer(G_TASK(result), error);
}

/* Movement */

typedef struct {
  SightStore *store;
  char *filter, *page;
  gint64 endpoint;
  SightUiExploreProgress *progress;
  GArray *rows; /* NULL: not known yet */
} Move;

static void move_free(gpointer data) {
  Move *move = data;

  g_object_unref(move->store);
  g_free(move->filter);
  g_free(move->page);
  g_atomic_rc_box_release(move->progress);
  g_clear_pointer(&move->rows, g_array_unref);
  g_free(move);
}

static gboolean find_newest(SightDb *db, gpointer user_data, GError **error) {
  Move *move = user_data;

  move->rows = sight_heatmap_newest(db, move->filter, move->endpoint, move->page, SIGHT_MOVEMENT_SESSIONS, error);
  return move->rows != NULL;
}

static void count_sessions(guint n_done, guint n_total, gpointer user_data) {
  SightUiExploreProgress *progress = user_data;

  g_atomic_int_set(&progress->n_total, (int)n_total);
  g_atomic_int_set(&progress->n_done, (int)n_done);
}

static void run_move(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable) {
  Move *move = task_data;
  GError *error = NULL;
  SightMovement *movement = sight_store_read(move->store, find_newest, move, &error)
                                ? sight_movement_read(move->store, move->page, move->rows, count_sessions,
                                                      move->progress, cancellable, &error)
                                : NULL;

  if (movement != NULL)
    g_task_return_pointer(task, movement, (GDestroyNotify)sight_movement_free);
  else
    g_task_return_error(task, error);
}

void sight_ui_heat_move_async(SightStore *store, const char *filter, gint64 endpoint, const char *page,
                              SightUiExploreProgress *progress, GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data) {
  g_autoptr(GTask) task = g_task_new(NULL, cancellable, callback, user_data);
  Move *move = g_new0(Move, 1);

  move->store = g_object_ref(store);
  move->filter = g_strdup(filter);
  move->page = g_strdup(page);
  move->endpoint = endpoint;
  move->progress = g_atomic_rc_box_acquire(progress);
  g_task_set_task_data(task, move, move_free);
  g_task_set_check_cancellable(task, FALSE);
  g_task_run_in_thread(task, run_move);
}

SightMovement *sight_ui_heat_move_finish(GAsyncResult *result, GError **error) {
  return g_task_propagate_pointer(G_TASK(result), error);
}

/* SPDX-License-Identifier: MIT */
/* The pages of the window, in the order in which the switcher shows them. All stand under the filter of the window. */
#include "sight-ui-window-private.h"

#include "sight-source.h"
#include "sight-ui-explore-page.h"
#include "sight-ui-explore-row.h"
#include "sight-ui-mask-dialog.h"
#include "sight-ui-problems-page.h"
#include "sight-ui-stack.h"

#include <glib/gi18n.h>

/* By the action ("win.filter-set" or "win.filter-add"); a filter that stays as it is lists nothing anew. */
static void watch(SightUiWindow *self, const char *action, const char *filter, gint64 row, gint64 at_ms) {
  g_autofree char *before = g_strdup(sight_ui_filter_get_text(self->filter)), *wanted = g_strdup(filter);
  self->wanted_row = row;
  self->wanted_ms = at_ms;
  gtk_widget_activate_action(GTK_WIDGET(self), action, "s", wanted);
  if (g_str_equal(sight_ui_filter_get_text(self->filter), before))
    sight_ui_window_open_wanted(self);
  sight_ui_window_show_page(self, "sessions");
}

static void watch_problem(SightUiWindow *self, const SightProblem *problem, gint64 row, gint64 at_ms) {
  watch(self, "win.filter-set", problem->filter, row, at_ms);
}

typedef struct {
  SightUiWindow *window; /* a reference */
  gint64 n_waiting;
  GPtrArray *problems;
} Worst;

static void worst_free(gpointer data) {
  Worst *worst = data;
  g_object_unref(worst->window);
  g_clear_pointer(&worst->problems, g_ptr_array_unref);
  g_free(worst);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Worst, worst_free)

static gboolean read_worst(SightDb *db, gpointer user_data, GError **error) {
  Worst *worst = user_data;
  g_autoptr(SightSet) sessions = sight_library_sessions(db, "", 0, error);
  worst->problems = sessions != NULL ? sight_problems_list(db, sessions, 1, NULL, error) : NULL;
  g_autoptr(SightFilter) all = sight_filter_parse("all", NULL, NULL);
  g_autoptr(SightQuery) query = worst->problems != NULL ? sight_query_new(db, all, 0, error) : NULL;
  worst->n_waiting = query != NULL ? sight_query_waiting(query, error) : -1;
  return worst->n_waiting >= 0;
}

static void worst_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(Worst) worst = user_data;
  SightUiWindow *self = worst->window;
  gboolean ok = sight_store_read_finish(SIGHT_STORE(source), result, NULL);
  if (!ok || self->store == NULL || sight_ui_playback_get_session_row(self->playback) != 0)
    return;
  /* Between two sessions nothing is being analysed, for a moment. */
  if (worst->n_waiting > 0) {
    self->open_worst = TRUE;
    return;
  }
  if (worst->problems->len == 0) {
    sight_ui_window_open_first(self);
    return;
  }
  const SightProblem *problem = worst->problems->pdata[0];
  watch_problem(self, problem, problem->row, problem->at_ms);
}

void sight_ui_window_watch_worst(SightUiWindow *self) {
  Worst *worst = g_new0(Worst, 1);
  worst->window = g_object_ref(self);
  sight_store_read_async(self->store, read_worst, worst, NULL, NULL, worst_cb, worst);
}

void sight_ui_window_not_kept(SightUiWindow *self, const char *why) {
  sight_ui_window_show_problem(self, _("This Could Not Be Kept"), _("Nothing was changed."), why);
}

static void compare_problem(SightUiWindow *self) {
  gtk_widget_activate_action(GTK_WIDGET(self), "win.contrast", NULL);
}

/* The page stays: its list is narrowed. */
static void narrow_problems(SightUiWindow *self, const char *filter) {
  gtk_widget_activate_action(GTK_WIDGET(self), "win.filter-add", "s", filter);
}

/* It goes to teammates soon. */
static void said(SightUiWindow *self, const char *words, gboolean can_undo) {
  sight_ui_rounds_start(sight_ui_jobs_get_rounds(self->jobs), 0);
  if (can_undo)
    sight_ui_window_offer_undo(self, words, TRUE);
  else
    sight_ui_window_toast(self, words);
}

static GtkWidget *make_problems(SightUiWindow *self) {
  g_autoptr(SightUiProblems) problems = sight_ui_problems_new(self->store, self->filter);
  self->problems = problems;
  GtkWidget *page = sight_ui_problems_page_new(problems, self->store);
  self->problems_page = page;
  g_signal_connect_object(problems, "failed", G_CALLBACK(sight_ui_window_not_kept), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(page, "compare", G_CALLBACK(compare_problem), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(page, "watch", G_CALLBACK(watch_problem), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(page, "narrow", G_CALLBACK(narrow_problems), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(problems, "said", G_CALLBACK(said), self, G_CONNECT_SWAPPED);
  return page;
}

static GtkWidget *make_sessions(SightUiWindow *self) {
  return GTK_WIDGET(self->panes);
}

void sight_ui_window_ask(SightUiWindow *self, const char *filter) {
  /* It may name what another endpoint has. */
  gtk_widget_activate_action(GTK_WIDGET(self), "win.endpoint", "x", (gint64)0);
  gtk_widget_activate_action(GTK_WIDGET(self), "win.filter-set", "s", filter);
  sight_ui_window_show_page(self, "sessions");
}

static void narrow(SightUiWindow *self, const char *filter) {
  gtk_widget_activate_action(GTK_WIDGET(self), "win.filter-add", "s", filter);
  sight_ui_window_show_page(self, "sessions");
}

static void watch_moment(SightUiWindow *self, const char *filter, gint64 row, gint64 at_ms) {
  watch(self, "win.filter-add", filter, row, at_ms);
}

static gboolean can_erase(SightUiWindow *self) {
  GPtrArray *endpoints = sight_ui_jobs_get_endpoints(self->jobs);
  for (guint i = 0; i < endpoints->len; i++) {
    if (sight_source_can(endpoints->pdata[i], SIGHT_SOURCE_ERASES))
      return TRUE;
  }
  return FALSE;
}

static void mask(SightUiWindow *self, SightUiExploreRow *row) {
  GtkWidget *dialog =
      sight_ui_mask_dialog_new(GTK_WINDOW(self), self->store, sight_ui_explore_row_get_about(row), can_erase(self));
  g_signal_connect_object(dialog, "changed", G_CALLBACK(sight_ui_explore_page_refresh), self->explore_page,
                          G_CONNECT_SWAPPED);
  gtk_window_present(GTK_WINDOW(dialog));
}

static GtkWidget *make_explore(SightUiWindow *self) {
  GtkWidget *page = sight_ui_explore_page_new(self->store, self->filter);
  self->explore_page = page;
  g_signal_connect_object(page, "narrow", G_CALLBACK(narrow), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(page, "watch", G_CALLBACK(watch_moment), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(page, "act", G_CALLBACK(mask), self, G_CONNECT_SWAPPED);
  return page;
}

static const struct {
  const char *name, *title, *icon;
  GtkWidget *(*make)(SightUiWindow *self);
} pages[] = {
    {"problems", N_("Problems"), "sight-problems-symbolic", make_problems},
    {"sessions", N_("Sessions"), "sight-sessions-symbolic", make_sessions},
    {"explore", N_("Explore"), "sight-explore-symbolic", make_explore},
};

void sight_ui_window_show_page(SightUiWindow *self, const char *name) {
  g_action_group_change_action_state(G_ACTION_GROUP(self), "page", g_variant_new_string(name));
}

void sight_ui_window_focus_page(SightUiWindow *self) {
  GtkWidget *page = adw_view_stack_get_visible_child(self->pages);
  if (page == GTK_WIDGET(self->panes))
    sight_ui_session_list_focus(self->list);
  else if (page != NULL)
    gtk_widget_grab_focus(page);
}

/* Who asks for a page goes on in it; a click on the switcher leaves the keys there. */
static void set_page(GSimpleAction *action, GVariant *value, gpointer user_data) {
  SightUiWindow *self = user_data;
  const char *name = g_variant_get_string(value, NULL);
  if (adw_view_stack_get_child_by_name(self->pages, name) == NULL)
    return;
  g_simple_action_set_state(action, value);
  if (g_strcmp0(adw_view_stack_get_visible_child_name(self->pages), name) == 0)
    return;
  adw_view_stack_set_visible_child_name(self->pages, name);
  sight_ui_window_focus_page(self);
}

/* By its key also who is there already. */
static void go_to_page(GSimpleAction *action, GVariant *name, gpointer user_data) {
  SightUiWindow *self = user_data;
  gboolean there = g_strcmp0(adw_view_stack_get_visible_child_name(self->pages), g_variant_get_string(name, NULL)) == 0;
  g_action_change_state(G_ACTION(action), name);
  if (there)
    sight_ui_window_focus_page(self);
}

/* The player does not go on behind another page, and what was still to be opened does not lead back. */
static void page_shown(SightUiWindow *self) {
  const char *name = adw_view_stack_get_visible_child_name(self->pages);
  if (name == NULL)
    return;
  sight_ui_window_show_page(self, name);
  if (!g_str_equal(name, "sessions")) {
    sight_ui_playback_set_playing(self->playback, FALSE);
    self->open_first = FALSE;
    self->wanted_row = 0;
    sight_ui_navigator_stay(self->navigator);
  }
  sight_ui_window_fit_page(self);
}

/* What is different: about those who met the problem that is looked at, else about the sessions under the filter. */
static void contrast(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiWindow *self = user_data;
  const SightProblem *problem = sight_ui_problems_page_get_selected(SIGHT_UI_PROBLEMS_PAGE(self->problems_page));
  if (problem != NULL && adw_view_stack_get_visible_child(self->pages) == self->problems_page) {
    g_autofree char *filter = g_strdup(problem->filter);
    gtk_widget_activate_action(GTK_WIDGET(self), "win.filter-set", "s", filter);
  }
  sight_ui_explore_page_show(SIGHT_UI_EXPLORE_PAGE(self->explore_page), "compare");
  sight_ui_window_show_page(self, "explore");
}

/* Of the page that is on display; on other pages of the window of the one that it showed last. */
static void show_heatmap(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiWindow *self = user_data;
  const SightAnalysis *analysis = sight_ui_playback_get_analysis(self->playback);
  gint64 at_ms = sight_ui_playback_get_subject_ms(self->playback);
  const char *page = NULL;
  for (guint i = 0; analysis != NULL && i < analysis->pages->len; i++) {
    const SightPageView *view = analysis->pages->pdata[i];
    if (view->start_ms <= at_ms && view->page != NULL)
      page = view->page;
  }
  if (page != NULL)
    sight_ui_explore_page_show_heatmap(SIGHT_UI_EXPLORE_PAGE(self->explore_page), page);
  else
    sight_ui_explore_page_show(SIGHT_UI_EXPLORE_PAGE(self->explore_page), "heatmap");
  sight_ui_window_show_page(self, "explore");
}

/* Of a problem it is asked whether it is gone, of sessions what is different about them. */
static void compare(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiWindow *self = user_data;
  gboolean problem = adw_view_stack_get_visible_child(self->pages) == self->problems_page &&
                     sight_ui_problems_page_get_selected(SIGHT_UI_PROBLEMS_PAGE(self->problems_page)) != NULL;
  gtk_widget_activate_action(GTK_WIDGET(self), problem ? "win.verify" : "win.contrast", NULL);
}

static void choose_state(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiWindow *self = user_data;
  if (adw_view_stack_get_visible_child(self->pages) == self->problems_page)
    sight_ui_problems_page_choose_state(SIGHT_UI_PROBLEMS_PAGE(self->problems_page));
}

static void choose_same(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiWindow *self = user_data;
  if (adw_view_stack_get_visible_child(self->pages) == self->problems_page)
    sight_ui_problems_page_choose_same(SIGHT_UI_PROBLEMS_PAGE(self->problems_page));
}

static void step_table(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiWindow *self = user_data;
  if (adw_view_stack_get_visible_child(self->pages) == self->explore_page)
    sight_ui_explore_page_step(SIGHT_UI_EXPLORE_PAGE(self->explore_page),
                               g_str_has_prefix(g_action_get_name(G_ACTION(action)), "next") ? 1 : -1);
}

static const GActionEntry entries[] = {
    {"next-table", step_table, NULL, NULL, NULL, {0}},      {"previous-table", step_table, NULL, NULL, NULL, {0}},
    {"page", go_to_page, "s", "'sessions'", set_page, {0}}, {"heatmap", show_heatmap, NULL, NULL, NULL, {0}},
    {"contrast", contrast, NULL, NULL, NULL, {0}},          {"compare", compare, NULL, NULL, NULL, {0}},
    {"problem-state", choose_state, NULL, NULL, NULL, {0}}, {"problem-same", choose_same, NULL, NULL, NULL, {0}},
};

void sight_ui_window_add_pages(SightUiWindow *self) {
  for (guint i = 0; i < G_N_ELEMENTS(pages); i++) {
    AdwViewStackPage *page = adw_view_stack_add_named(self->pages, pages[i].make(self), pages[i].name);
    adw_view_stack_page_set_title(page, _(pages[i].title));
    adw_view_stack_page_set_icon_name(page, pages[i].icon);
  }
  sight_ui_stack_tell_shown(GTK_WIDGET(self->pages));
  g_action_map_add_action_entries(G_ACTION_MAP(self), entries, G_N_ELEMENTS(entries), self);
  adw_view_stack_set_visible_child_name(self->pages, "sessions");
  g_signal_connect_object(self->pages, "notify::visible-child-name", G_CALLBACK(page_shown), self, G_CONNECT_SWAPPED);
}

/* SPDX-License-Identifier: MIT */
/* Every state of the window with strings 40 % longer, at text size 1.5, narrow and wide: nothing of ours is cut where
 * nothing else says it, nothing is wider than the window, and in both schemes text can be told from its ground. One
 * start of the application for all of them. */
#include "contrast.h"
#include "sight-ui-application.h"
#include "sight-ui-guard.h"
#include "sight-ui-inspector.h"
#include "sight-ui-window-private.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <locale.h>

/* In the strings of ours alone: see pseudo.py. */
#define MARK "ẋ"
#define DPI 96
#define TEXT_SIZE 1.5
/* What a window has around it where nothing composes it. */
#define FRAME 32

typedef struct {
  SightUiApplication *application;
  SightUiWindow *window;
  GString *problems;
  int width; /* that was asked for */
} Fit;

static const int widths[] = {1360, 760};

static void iterate(void) {
  g_main_context_iteration(NULL, TRUE);
}

/* Laid out and drawn with what was done last. */
static void settle(GtkWidget *widget) {
  GdkFrameClock *clock = gtk_widget_get_frame_clock(widget);
  for (gint64 frame = gdk_frame_clock_get_frame_counter(clock); gdk_frame_clock_get_frame_counter(clock) < frame + 3;) {
    gtk_widget_queue_draw(widget);
    iterate();
  }
}

static gboolean says_all_elsewhere(GtkWidget *label) {
  for (GtkWidget *widget = label; widget != NULL; widget = gtk_widget_get_parent(widget)) {
    /* What a dialog is for is said by its content, too. */
    if (gtk_widget_get_tooltip_text(widget) != NULL || ADW_IS_WINDOW_TITLE(widget))
      return TRUE;
    if (GTK_IS_LIST_BOX_ROW(widget) || GTK_IS_NATIVE(widget))
      return FALSE;
  }
  return FALSE;
}

static void note(Fit *fit, const char *state, const char *what, GtkWidget *widget) {
  const char *text = GTK_IS_LABEL(widget) ? gtk_label_get_text(GTK_LABEL(widget)) : gtk_widget_get_name(widget);
  g_autofree char *problem = g_strdup_printf("%d: %s: %s “%s” (%d)", fit->width, what, G_OBJECT_TYPE_NAME(widget), text,
                                             gtk_widget_get_width(widget));
  /* Once, though many states show it. */
  if (strstr(fit->problems->str, problem) == NULL)
    g_string_append_printf(fit->problems, "%s at %s\n", problem, state);
}

static void check_label(Fit *fit, const char *state, GtkWidget *widget) {
  GtkLabel *label = GTK_LABEL(widget);
  int width = 0;
  if (strstr(gtk_label_get_text(label), MARK) == NULL || says_all_elsewhere(widget))
    return;
  pango_layout_get_pixel_size(gtk_label_get_layout(label), &width, NULL);
  if (pango_layout_is_ellipsized(gtk_label_get_layout(label)) || width > gtk_widget_get_width(widget) + 1)
    note(fit, state, "cut", widget);
}

static void check(Fit *fit, const char *state, GtkWidget *root, GtkWidget *widget) {
  graphene_rect_t bounds;
  if (!gtk_widget_get_mapped(widget) || gtk_widget_get_width(widget) <= 0)
    return;
  if (GTK_IS_LABEL(widget))
    check_label(fit, state, widget);
  /* What is written in an entry scrolls in it. */
  if (GTK_IS_TEXT(widget) || GTK_IS_SCROLLBAR(widget))
    return;
  /* Tables scroll sideways. */
  if (widget != root && gtk_widget_get_ancestor(widget, GTK_TYPE_COLUMN_VIEW) == NULL &&
      gtk_widget_compute_bounds(widget, root, &bounds) && GTK_WIDGET(gtk_widget_get_native(widget)) == root &&
      (bounds.origin.x < -1 || bounds.origin.x + bounds.size.width > (float)gtk_widget_get_width(root) + 1))
    note(fit, state, "beyond the window", widget);
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child != NULL; child = gtk_widget_get_next_sibling(child))
    check(fit, state, root, child);
}

typedef struct {
  Fit *fit;
  const char *state;
} Faint;

static void note_faint(GtkWidget *label, double contrast, gpointer user_data) {
  Faint *faint = user_data;
  g_autofree char *what = g_strdup_printf("a contrast of %.1f", contrast);
  note(faint->fit, faint->state, what, label);
}

static void check_contrast(Fit *fit, const char *state, GtkWidget *window) {
  Faint faint = {fit, state};
  contrast_check(window, note_faint, &faint);
}

static void check_window(Fit *fit, const char *state) {
  GtkWidget *window = GTK_WIDGET(fit->window);
  /* Nothing here gives a window the keys; that it has none is shown in fainter letters. */
  gtk_widget_unset_state_flags(window, GTK_STATE_FLAG_BACKDROP);
  settle(window);
  check_contrast(fit, state, window);
  if (gtk_widget_get_width(window) > fit->width)
    note(fit, state, "wider than it may be", window);
  check(fit, state, window, window);
}

static void resize(Fit *fit, int width) {
  int least = 0;
  gtk_widget_measure(GTK_WIDGET(fit->window), GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  fit->width = width;
  gtk_window_set_default_size(GTK_WINDOW(fit->window), width, 860);
  while (ABS(gtk_widget_get_width(GTK_WIDGET(fit->window)) - MAX(width, least)) > FRAME)
    iterate();
  settle(GTK_WIDGET(fit->window));
}

static void act(Fit *fit, const char *action, const char *parameter) {
  gtk_widget_activate_action(GTK_WIDGET(fit->window), action, parameter != NULL ? "s" : NULL, parameter);
}

static void wait_until_listed(Fit *fit) {
  while (!sight_ui_library_is_listed(fit->window->library) || sight_ui_library_get_counts(fit->window->library) == NULL)
    iterate();
}

static void import_samples(Fit *fit) {
  static const char *const names[] = {"coupon-1", "film-1", "long-reader-1", "wish-list-1", "wrong-email-1"};
  g_autoptr(GListStore) files = g_list_store_new(G_TYPE_FILE);
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *name = g_strconcat(names[i], ".jsonl.zst", NULL);
    g_autoptr(GFile) file = g_file_new_build_filename(g_getenv("SIGHT_SOURCE_ROOT"), "data", "samples", name, NULL);
    g_list_store_append(files, file);
  }
  sight_ui_window_import(fit->window, G_LIST_MODEL(files));
  while (sight_ui_playback_get_analysis(fit->window->playback) == NULL ||
         sight_ui_playback_get_loading(fit->window->playback) ||
         g_list_model_get_n_items(G_LIST_MODEL(fit->window->library)) < G_N_ELEMENTS(names))
    iterate();
  sight_ui_playback_set_playing(fit->window->playback, FALSE);
}

static void check_lists(Fit *fit) {
  static const char *const filters[] = {"churned", "high-exit", "rage", "scroll", "tag", "xyzzy"};
  for (guint i = 0; i < G_N_ELEMENTS(filters); i++) {
    act(fit, "win.filter-set", filters[i]);
    wait_until_listed(fit);
    check_window(fit, filters[i]);
  }
  act(fit, "win.filter-set", "");
  wait_until_listed(fit);
  check_window(fit, "all");
}

/* Time for what is asked on workers. */
static void wait_a_moment(void) {
  for (gint64 end_us = g_get_monotonic_time() + G_USEC_PER_SEC / 2; g_get_monotonic_time() < end_us;)
    g_main_context_iteration(NULL, FALSE);
}

static void check_problems(Fit *fit) {
  act(fit, "win.page", "problems");
  while (g_strcmp0(adw_view_stack_get_visible_child_name(fit->window->pages), "problems") != 0)
    iterate();
  wait_a_moment();
  check_window(fit, "problems");
  act(fit, "win.page", "sessions");
}

static GtkStack *find_stack(GtkWidget *widget, const char *page);

static void check_explore(Fit *fit) {
  static const char *const tables[] = {"pages",    "heatmap", "forms",   "flows", "compare",
                                       "variants", "private", "watched", "duties"};
  GtkStack *stack = find_stack(fit->window->explore_page, "compare");
  act(fit, "win.page", "explore");
  for (guint i = 0; i < G_N_ELEMENTS(tables); i++) {
    gtk_stack_set_visible_child_name(stack, tables[i]);
    wait_a_moment();
    check_window(fit, tables[i]);
  }
  act(fit, "win.page", "sessions");
}

/* The stack that has a page of that name. */
static GtkStack *find_stack(GtkWidget *widget, const char *page) {
  if (GTK_IS_STACK(widget) && gtk_stack_get_child_by_name(GTK_STACK(widget), page) != NULL)
    return GTK_STACK(widget);
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child != NULL;
       child = gtk_widget_get_next_sibling(child)) {
    GtkStack *found = find_stack(child, page);
    if (found != NULL)
      return found;
  }
  return NULL;
}

static void check_panes(Fit *fit) {
  static const char *const pages[] = {"story", "console", "network", "forms", "tags"};
  GtkStack *stack = find_stack(fit->window->inspector, "story");
  g_object_set(fit->window->panes, "inspector-shown", TRUE, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(pages); i++) {
    gtk_stack_set_visible_child_name(stack, pages[i]);
    check_window(fit, pages[i]);
  }
  g_object_set(fit->window->panes, "inspector-shown", FALSE, NULL);
  g_object_set(fit->window->panes, "sidebar-shown", TRUE, NULL);
  check_window(fit, "sidebar");
}

static void check_moments(Fit *fit) {
  SightUiPlayback *playback = fit->window->playback;
  const SightAnalysis *analysis = sight_ui_playback_get_analysis(playback);
  g_assert_cmpuint(analysis->signals->len, >, 0);
  sight_ui_playback_go_to_moment(playback, ((SightSignal *)g_ptr_array_index(analysis->signals, 0))->start_ms);
  check_window(fit, "caption");
  sight_ui_playback_seek(playback, sight_ui_playback_get_duration_ms(playback) - 100);
  sight_ui_playback_set_playing(playback, TRUE);
  while (sight_ui_playback_get_playing(playback))
    iterate();
  check_window(fit, "end card");
  sight_ui_playback_seek(playback, 0);
}

static GtkWidget *other_window(Fit *fit) {
  GListModel *windows = gtk_window_get_toplevels();
  for (guint i = 0; i < g_list_model_get_n_items(windows); i++) {
    g_autoptr(GtkWidget) window = g_list_model_get_item(windows, i);
    if (window != GTK_WIDGET(fit->window) && gtk_widget_get_mapped(window))
      return window;
  }
  return NULL;
}

static void check_pages(Fit *fit, GtkWidget *window, GtkWidget *widget) {
  /* That of the search has no title. */
  if (ADW_IS_PREFERENCES_PAGE(widget) && *adw_preferences_page_get_title(ADW_PREFERENCES_PAGE(widget)) != '\0') {
    adw_preferences_window_set_visible_page(ADW_PREFERENCES_WINDOW(window), ADW_PREFERENCES_PAGE(widget));
    settle(window);
    check(fit, adw_preferences_page_get_title(ADW_PREFERENCES_PAGE(widget)), window, window);
    return;
  }
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child != NULL; child = gtk_widget_get_next_sibling(child))
    check_pages(fit, window, child);
}

static void check_dialogs(Fit *fit) {
  static const char *const actions[] = {"win.clip", "win.add-endpoint", "win.add-key-action", "win.preferences"};
  for (guint i = 0; i < G_N_ELEMENTS(actions); i++) {
    GtkWidget *dialog;
    act(fit, actions[i], NULL);
    while ((dialog = other_window(fit)) == NULL)
      iterate();
    gtk_widget_unset_state_flags(dialog, GTK_STATE_FLAG_BACKDROP);
    settle(dialog);
    check(fit, actions[i], dialog, dialog);
    check_contrast(fit, actions[i], dialog);
    if (ADW_IS_PREFERENCES_WINDOW(dialog))
      check_pages(fit, dialog, dialog);
    gtk_window_destroy(GTK_WINDOW(dialog));
    while (other_window(fit) != NULL)
      iterate();
  }
}

static gboolean look(gpointer user_data) {
  Fit *fit = user_data;
  GtkWindow *window = gtk_application_get_active_window(GTK_APPLICATION(fit->application));
  if (window == NULL || !gtk_widget_get_mapped(GTK_WIDGET(window)))
    return G_SOURCE_CONTINUE;
  fit->window = SIGHT_UI_WINDOW(window);
  g_object_set(gtk_settings_get_default(), "gtk-xft-dpi", (int)(DPI * 1024 * TEXT_SIZE), "gtk-enable-animations", FALSE,
               NULL);
  wait_until_listed(fit);
  for (guint i = 0; i < G_N_ELEMENTS(widths); i++) {
    resize(fit, widths[i]);
    check_window(fit, "first run");
  }
  import_samples(fit);
  for (guint i = 0; i < G_N_ELEMENTS(widths); i++) {
    resize(fit, widths[i]);
    check_lists(fit);
    check_problems(fit);
    check_explore(fit);
    check_panes(fit);
    check_moments(fit);
    check_dialogs(fit);
  }
  gtk_widget_set_default_direction(GTK_TEXT_DIR_RTL);
  check_lists(fit);
  check_problems(fit);
  check_explore(fit);
  gtk_widget_set_default_direction(GTK_TEXT_DIR_LTR);
  adw_style_manager_set_color_scheme(adw_style_manager_get_default(), ADW_COLOR_SCHEME_FORCE_DARK);
  check_lists(fit);
  check_problems(fit);
  check_explore(fit);
  check_panes(fit);
  check_moments(fit);
  check_dialogs(fit);
  gtk_window_close(window);
  g_application_quit(G_APPLICATION(fit->application));
  return G_SOURCE_REMOVE;
}

/* The strings of the pseudo-locale, which takes the place of every language. */
static char *make_strings(void) {
  char *folder = g_dir_make_tmp("sight-fit-XXXXXX", NULL);
  g_autofree char *script = g_build_filename(g_getenv("SIGHT_SOURCE_ROOT"), "tests", "ui", "pseudo.py", NULL);
  const char *const command[] = {"/usr/bin/python3", script, g_getenv("SIGHT_SOURCE_ROOT"), folder, NULL};
  g_autoptr(GError) error = NULL;
  int status = 0;
  g_spawn_sync(NULL, (char **)command, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error(error);
  g_assert_true(g_spawn_check_wait_status(status, &error));
  g_setenv("LC_ALL", "C.UTF-8", TRUE);
  g_setenv("LANGUAGE", "xx", TRUE);
  setlocale(LC_ALL, "");
  bindtextdomain(GETTEXT_PACKAGE, folder);
  bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
  textdomain(GETTEXT_PACKAGE);
  g_assert_nonnull(strstr(_("_Preferences"), MARK));
  return folder;
}

static void remove_tree(const char *path) {
  GDir *folder = g_dir_open(path, 0, NULL);
  for (const char *name = folder != NULL ? g_dir_read_name(folder) : NULL; name != NULL;
       name = g_dir_read_name(folder)) {
    g_autofree char *child = g_build_filename(path, name, NULL);
    remove_tree(child);
  }
  g_clear_pointer(&folder, g_dir_close);
  g_remove(path);
}

static void test_fit(void) {
  g_autofree char *folder = make_strings(), *cache = g_build_filename(folder, "cache", NULL);
  Fit fit = {.problems = g_string_new(NULL)};
  char name[] = "sessionsight", *argv[] = {name, NULL};
  sight_ui_guard_prepare();
  fit.application = sight_ui_application_new(cache);
  g_timeout_add(20, look, &fit);
  g_application_run(G_APPLICATION(fit.application), 1, argv);
  g_object_unref(fit.application);
  remove_tree(folder);
  g_assert_cmpstr(fit.problems->str, ==, "");
  g_string_free(fit.problems, TRUE);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  /* WebKit warns of a display without acceleration. */
  g_log_set_always_fatal(G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  g_test_add_func("/ui/fit", test_fit);
  return g_test_run();
}

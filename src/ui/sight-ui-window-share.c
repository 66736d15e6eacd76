/* SPDX-License-Identifier: MIT */
/* What follows after watching: an issue, and whether it was fixed. */
#include "sight-ui-window-private.h"

#include "sight-ui-compat.h"
#include "sight-ui-explore-page.h"
#include "sight-ui-issue-dialog.h"
#include "sight-ui-problems-page.h"
#include "sight-ui-report-dialog.h"
#include "sight-ui-text.h"
#include "sight-ui-verify-dialog.h"

#include <glib/gi18n.h>
#include <string.h>

static gboolean shows(SightUiWindow *self, const char *page) {
  return g_strcmp0(adw_view_stack_get_visible_child_name(self->pages), page) == 0;
}

/* The problem that the page Problems leads to; NULL: that page is not looked at. */
static SightUiProblemItem *chosen_problem(SightUiWindow *self) {
  return shows(self, "problems") ? sight_ui_problems_page_get_item(SIGHT_UI_PROBLEMS_PAGE(self->problems_page)) : NULL;
}

static void filed(SightUiWindow *self, const char *url, const char *warning) {
  /* Several things that went wrong do not fit into one line. */
  gboolean lines = warning != NULL && strchr(warning, '\n') != NULL;
  g_autofree char *text = url == NULL                 ? g_strdup(_("Copied"))
                          : warning != NULL && !lines ? g_strdup(warning)
                                                      : g_strdup_printf(_("Filed as %s"), url);
  if (lines)
    sight_ui_window_show_problem(self, _("Not All of It Was Filed"), warning, url);
  if (url == NULL) {
    sight_ui_window_toast(self, text);
    return;
  }
  AdwToast *toast = sight_ui_window_offer(self, text, _("Open"));
  adw_toast_set_action_target_value(toast, g_variant_new_string(url));
  adw_toast_set_action_name(toast, "win.open-address");
}

static void issue(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiWindow *self = user_data;
  SightUiProblemItem *item = chosen_problem(self);
  const SightProblem *problem = item != NULL ? sight_ui_problem_item_get(item) : NULL;
  gint64 row = problem != NULL ? problem->row : sight_ui_playback_get_session_row(self->playback);
  gint64 at_ms = problem != NULL ? problem->at_ms : sight_ui_playback_get_subject_ms(self->playback);
  if (row == 0 || (problem == NULL && !shows(self, "sessions")))
    return;
  sight_ui_playback_set_playing(self->playback, FALSE);
  g_autoptr(SightUiIssueSubject) subject = sight_ui_issue_subject_new(self->store, row, at_ms, item);
  GtkWidget *dialog =
      sight_ui_issue_dialog_new(GTK_WINDOW(self), subject, SIGHT_UI_PLAYER(self->player), self->playback);
  g_signal_connect_object(dialog, "filed", G_CALLBACK(filed), self, G_CONNECT_SWAPPED);
  gtk_window_present(GTK_WINDOW(dialog));
}

static void narrow(SightUiWindow *self, const char *filter) {
  gtk_widget_activate_action(GTK_WIDGET(self), "win.filter-add", "s", filter);
  sight_ui_window_show_page(self, "sessions");
}

static void watch_moment(SightUiWindow *self, const char *filter) {
  self->open_first = TRUE;
  gtk_widget_activate_action(GTK_WIDGET(self), "win.filter-set", "s", filter);
  sight_ui_window_show_page(self, "sessions");
}

/* `comparison`: what was compared already, as JSON; or NULL. */
static void open_report(SightUiWindow *self, GtkWindow *over, const char *comparison) {
  SightUiProblemItem *item = chosen_problem(self);
  const SightProblem *problem = item != NULL ? sight_ui_problem_item_get(item) : NULL;
  const SightUiReportAbout about = {.filter = sight_ui_filter_get_text(self->filter),
                                    .endpoint = sight_ui_filter_get_endpoint(self->filter),
                                    .problem = problem != NULL ? problem->id : NULL,
                                    .problem_title = problem != NULL ? problem->title : NULL,
                                    .comparison = comparison};
  GtkWidget *dialog = sight_ui_report_dialog_new(over, self->store, &about);
  g_signal_connect_object(dialog, "saved", G_CALLBACK(sight_ui_window_saved), self, G_CONNECT_SWAPPED);
  gtk_window_present(GTK_WINDOW(dialog));
}

static void report(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  open_report(user_data, GTK_WINDOW(user_data), NULL);
}

static void report_comparison(GtkWindow *dialog, const char *comparison, SightUiWindow *self) {
  open_report(self, dialog, comparison);
}

/* Of the problem or the flow that is looked at, else of the sessions under the filter. */
static void verify(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiWindow *self = user_data;
  SightUiProblemItem *item = chosen_problem(self);
  const char *flow =
      shows(self, "explore") ? sight_ui_explore_page_get_flow(SIGHT_UI_EXPLORE_PAGE(self->explore_page)) : NULL;
  const char *subject = flow != NULL ? flow : sight_ui_filter_get_text(self->filter);
  if (item == NULL && subject[0] == '\0') {
    sight_ui_window_toast(self, _("Add a condition first: who meets it is compared before and after"));
    return;
  }
  GtkWidget *dialog = sight_ui_verify_dialog_new(GTK_WINDOW(self), self->store, item, subject,
                                                 sight_ui_filter_get_endpoint(self->filter));
  g_signal_connect_object(dialog, "narrow", G_CALLBACK(narrow), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(dialog, "beside", G_CALLBACK(sight_ui_window_watch_beside), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(dialog, "watch", G_CALLBACK(watch_moment), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(dialog, "report", G_CALLBACK(report_comparison), self, 0);
  gtk_window_present(GTK_WINDOW(dialog));
}

/* Addresses of trackers, and folders of this computer. */
static void open_address(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  sight_ui_compat_open(g_variant_get_string(parameter, NULL), NULL, NULL);
}

void sight_ui_window_lead_to_problem(SightUiWindow *self, gint64 endpoint, const char *id) {
  /* It may be none of the sessions that are looked at. */
  gtk_widget_activate_action(GTK_WIDGET(self), "win.endpoint", "x", (gint64)0);
  gtk_widget_activate_action(GTK_WIDGET(self), "win.filter-set", "s", "");
  sight_ui_window_show_page(self, "problems");
  sight_ui_problems_page_show(SIGHT_UI_PROBLEMS_PAGE(self->problems_page), endpoint, id);
}

static const GActionEntry entries[] = {
    {"issue", issue, NULL, NULL, NULL, {0}},
    {"report", report, NULL, NULL, NULL, {0}},
    {"verify", verify, NULL, NULL, NULL, {0}},
    {"open-address", open_address, "s", NULL, NULL, {0}},
};

void sight_ui_window_add_share(SightUiWindow *self) {
  g_action_map_add_action_entries(G_ACTION_MAP(self), entries, G_N_ELEMENTS(entries), self);
}

/* SPDX-License-Identifier: MIT */
/* A row of the list of problems. */
#include "sight-ui-problem-row.h"

#include "sight-ui-problem-days.h"
#include "sight-ui-problem-detail.h"
#include "sight-ui-text.h"

#include <glib/gi18n.h>

struct _SightUiProblemRow {
  GtkWidget parent_instance;
  GtkWidget *box, *icon, *title, *reason, *users, *share, *days, *news;
  const char *kind_class; /* the style class of the kind on display, or NULL */
  SightUiProblemItem *item;
};

G_DEFINE_FINAL_TYPE(SightUiProblemRow, sight_ui_problem_row, GTK_TYPE_WIDGET)

static guint watch_signal;

#define DAYS_HEIGHT 18
#define DAYS_WIDTH 90

static char *sessions_of(const SightProblem *problem) {
  g_autofree char *number = sight_ui_text_number(problem->n_sessions);
  return g_strdup_printf(ngettext("%s session", "%s sessions", (gulong)problem->n_sessions), number);
}

/* What is new about it, or NULL. */
static char *news_of(const SightProblem *problem) {
  if (problem->state == SIGHT_PROBLEM_REGRESSED)
    return g_strdup(sight_ui_problem_state_title_of(problem));
  if (problem->state == SIGHT_PROBLEM_FILED)
    return g_strdup(problem->mark->issue);
  if (problem->state == SIGHT_PROBLEM_FIXED && problem->mark->release != NULL)
    return g_strdup_printf(_("Fixed in %s?"), problem->mark->release);
  return problem->new_in != NULL ? g_strdup_printf(_("New in %s"), problem->new_in) : NULL;
}

static void name_for_assistance(SightUiProblemRow *self, const SightProblem *problem) {
  GtkWidget *list_item = gtk_widget_get_parent(GTK_WIDGET(self));
  g_autofree char *sessions = sessions_of(problem);
  g_autofree char *name = g_strdup_printf("%s, %s, %s. %s", problem->title, gtk_label_get_text(GTK_LABEL(self->users)),
                                          sessions, problem->reason);
  if (list_item != NULL)
    gtk_accessible_update_property(GTK_ACCESSIBLE(list_item), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void show(SightUiProblemRow *self, const SightProblem *problem) {
  g_autofree char *n_users = sight_ui_text_number(problem->n_users);
  g_autofree char *users = g_strdup_printf(ngettext("%s user", "%s users", (gulong)problem->n_users), n_users);
  g_autofree char *sessions = sessions_of(problem), *news = news_of(problem);
  g_autofree char *title = sight_ui_text_keep_paths(problem->title);
  g_autofree char *share =
      problem->n_visits > 0
          ? g_strdup_printf(_("%.1f %% of visits"), 100.0 * (double)problem->n_sessions / (double)problem->n_visits)
          : g_strdup(sessions);
  if (self->kind_class != NULL)
    gtk_widget_remove_css_class(self->icon, self->kind_class);
  self->kind_class = sight_signal_kind_name(problem->kind);
  gtk_widget_add_css_class(self->icon, self->kind_class);
  gtk_image_set_from_icon_name(GTK_IMAGE(self->icon), sight_signal_info((int)problem->kind)->icon);
  gtk_label_set_text(GTK_LABEL(self->title), title);
  gtk_widget_set_tooltip_text(self->title, problem->title);
  gtk_label_set_text(GTK_LABEL(self->reason), problem->reason);
  gtk_widget_set_tooltip_text(self->reason, problem->reason);
  gtk_label_set_text(GTK_LABEL(self->users), users);
  gtk_label_set_text(GTK_LABEL(self->share), share);
  gtk_widget_set_tooltip_text(self->share, sessions);
  gtk_label_set_text(GTK_LABEL(self->news), news != NULL ? news : "");
  gtk_widget_set_tooltip_text(self->news, news);
  gtk_widget_set_visible(self->news, news != NULL);
  name_for_assistance(self, problem);
}

void sight_ui_problem_row_set_item(SightUiProblemRow *self, SightUiProblemItem *item) {
  g_set_object(&self->item, item);
  if (item != NULL)
    show(self, sight_ui_problem_item_get(item));
  if (item != NULL)
    sight_ui_problem_days_set(SIGHT_UI_PROBLEM_DAYS(self->days), item);
}

SightUiProblemItem *sight_ui_problem_row_get_item(SightUiProblemRow *self) {
  return self->item;
}

static void pressed(SightUiProblemRow *self) {
  g_signal_emit(self, watch_signal, 0);
}

static GtkWidget *add_label(GtkWidget *box, const char *style, gboolean wraps) {
  GtkWidget *label = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  if (wraps) {
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
    gtk_label_set_lines(GTK_LABEL(label), 2);
  }
  gtk_widget_add_css_class(label, style);
  gtk_box_append(GTK_BOX(box), label);
  return label;
}

static GtkWidget *make_numbers(SightUiProblemRow *self) {
  GtkWidget *numbers = gtk_box_new(GTK_ORIENTATION_VERTICAL, 3);
  self->users = add_label(numbers, "heading", FALSE);
  self->share = add_label(numbers, "dim-label", FALSE);
  gtk_label_set_ellipsize(GTK_LABEL(self->users), PANGO_ELLIPSIZE_NONE);
  gtk_label_set_ellipsize(GTK_LABEL(self->share), PANGO_ELLIPSIZE_NONE);
  gtk_label_set_xalign(GTK_LABEL(self->users), 1);
  gtk_label_set_xalign(GTK_LABEL(self->share), 1);
  self->days = sight_ui_problem_days_new(DAYS_HEIGHT);
  gtk_widget_set_size_request(self->days, DAYS_WIDTH, -1);
  gtk_widget_set_halign(self->days, GTK_ALIGN_END);
  gtk_box_append(GTK_BOX(numbers), self->days);
  gtk_widget_add_css_class(numbers, "numeric");
  return numbers;
}

static void dispose(GObject *object) {
  SightUiProblemRow *self = SIGHT_UI_PROBLEM_ROW(object);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->item);
  G_OBJECT_CLASS(sight_ui_problem_row_parent_class)->dispose(object);
}

static void sight_ui_problem_row_class_init(SightUiProblemRowClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  watch_signal =
      g_signal_new("watch", SIGHT_UI_TYPE_PROBLEM_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name(widget_class, "problem-row");
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void sight_ui_problem_row_init(SightUiProblemRow *self) {
  self->box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  self->icon = gtk_image_new();
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->icon), GTK_ACCESSIBLE_PROPERTY_LABEL, "", -1);
  gtk_widget_set_valign(self->icon, GTK_ALIGN_START);
  gtk_box_append(GTK_BOX(self->box), self->icon);
  GtkWidget *text = gtk_box_new(GTK_ORIENTATION_VERTICAL, 3);
  gtk_widget_set_hexpand(text, TRUE);
  self->title = add_label(text, "heading", TRUE);
  self->reason = add_label(text, "dim-label", TRUE);
  gtk_box_append(GTK_BOX(self->box), text);
  self->news = add_label(text, "badge", FALSE);
  gtk_widget_set_halign(self->news, GTK_ALIGN_START);
  gtk_box_append(GTK_BOX(self->box), make_numbers(self));
  GtkWidget *watch = gtk_button_new_from_icon_name("media-playback-start-symbolic");
  gtk_widget_add_css_class(watch, "flat");
  gtk_widget_set_focusable(watch, FALSE); /* Enter does the same from its row */
  gtk_widget_set_valign(watch, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text(watch, _("Watch its clearest moment"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(watch), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Watch"), -1);
  g_signal_connect_object(watch, "clicked", G_CALLBACK(pressed), self, G_CONNECT_SWAPPED);
  gtk_box_append(GTK_BOX(self->box), watch);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
}

GtkWidget *sight_ui_problem_row_new(void) {
  return g_object_new(SIGHT_UI_TYPE_PROBLEM_ROW, NULL);
}

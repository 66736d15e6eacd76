/* SPDX-License-Identifier: MIT */
/* Whom a problem meets, when, why it ranks where it does, and its moments. */
#include "sight-ui-problem-detail.h"

#include "sight-library.h"
#include "sight-ui-problem-days.h"
#include "sight-ui-problem-like.h"
#include "sight-ui-problem-shares.h"
#include "sight-ui-text.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#define N_MOMENTS 6
#define DAYS_HEIGHT 64
#define MARGIN 18
#define MAX_WIDTH 900

struct _SightUiProblemDetail {
  GtkWidget parent_instance;
  GtkWidget *stack, *title, *where, *state, *whom, *cost, *days, *days_text, *rank, *mark;
  GtkWidget *shares, *like;
  GtkListBox *moments;
  SightStore *store;
  SightUiProblems *problems;
  SightUiProblemItem *item;
  GCancellable *cancel; /* of the question about it, or NULL */
};

G_DEFINE_FINAL_TYPE(SightUiProblemDetail, sight_ui_problem_detail, GTK_TYPE_WIDGET)

enum { WATCH, STATE, COMPARE, NARROW, OTHER, N_SIGNALS };
static guint signals[N_SIGNALS];

const char *sight_ui_problem_state_title(SightProblemState state) {
  switch (state) {
  case SIGHT_PROBLEM_NEW:
    /* Translators: states of a problem */
    return _("New");
  case SIGHT_PROBLEM_FILED:
    return _("Filed");
  case SIGHT_PROBLEM_FIXED:
    return _("Fixed?");
  case SIGHT_PROBLEM_VERIFIED:
    return _("Verified");
  case SIGHT_PROBLEM_REGRESSED:
    return _("Came back");
  case SIGHT_PROBLEM_IGNORED:
    return _("Ignored");
  case SIGHT_N_PROBLEM_STATES:
    break;
  }
  return "";
}

const char *sight_ui_problem_state_title_of(const SightProblem *problem) {
  return problem->mark->state == SIGHT_PROBLEM_REGRESSED ? _("Not fixed")
                                                         : sight_ui_problem_state_title(problem->state);
}

/* What is asked about it: its moments, and where it is met */

typedef struct {
  gint64 row, at_ms;
  char *who, *when, *reason;
} Moment;

static void moment_clear(gpointer data) {
  Moment *moment = data;
  g_free(moment->who);
  g_free(moment->when);
  g_free(moment->reason);
}

typedef struct {
  SightUiProblemDetail *self; /* a reference */
  GCancellable *cancel;
  char *filter, *page;
  char *listed; /* filter of all sessions that are looked at */
  gint64 endpoint;
  gint64 clearest; /* row of the session with the clearest moment */
  gint64 clearest_ms;
  GArray *moments; /* of Moment */
  SightProblemWhere *where;
} Question;

static void question_free(Question *question) {
  g_object_unref(question->self);
  g_object_unref(question->cancel);
  g_free(question->filter);
  g_free(question->page);
  g_free(question->listed);
  g_array_unref(question->moments);
  sight_problem_where_free(question->where);
  g_free(question);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Question, question_free)

static gboolean add_moment(SightDb *db, SightQuery *query, Question *question, gint64 row, GError **error) {
  g_autoptr(SightSession) session = sight_session_table_get(db, row, error);
  SightLibraryReason reason = {.signal = -1};
  if (session == NULL || !sight_library_reason(db, query, session, &reason, error))
    return FALSE;
  Moment moment = {.row = row,
                   .at_ms = row == question->clearest ? question->clearest_ms : reason.at_ms,
                   .who = sight_ui_text_who(session),
                   .when = sight_ui_text_day_and_time(session->started_ms, g_get_real_time() / 1000),
                   .reason = g_strdup(reason.reason != NULL ? reason.reason : "")};
  sight_library_reason_clear(&reason);
  g_array_append_val(question->moments, moment);
  return TRUE;
}

/* The clearest one first, then those of the most frustrated. */
static gboolean read_moments(SightDb *db, gpointer user_data, GError **error) {
  Question *question = user_data;
  const SightLibraryQuery asked = {
      .filter = question->filter, .endpoint = question->endpoint, .sort = SIGHT_SORT_FRICTION, .limit = N_MOMENTS};
  g_autoptr(SightFilter) filter = sight_filter_parse(question->filter, NULL, error);
  g_autoptr(SightQuery) query = filter != NULL ? sight_query_new(db, filter, g_get_real_time() / 1000, error) : NULL;
  g_autoptr(GArray) rows = query != NULL ? sight_library_list(db, &asked, error) : NULL;
  if (rows == NULL || !add_moment(db, query, question, question->clearest, error))
    return FALSE;
  for (guint i = 0; i < rows->len && question->moments->len < N_MOMENTS; i++) {
    gint64 row = g_array_index(rows, gint64, i);
    if (row != question->clearest && !add_moment(db, query, question, row, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean read_where(SightDb *db, gpointer user_data, GError **error) {
  Question *question = user_data;
  g_autoptr(SightSet) sessions = sight_library_sessions(db, question->listed, question->endpoint, error);
  if (sessions == NULL)
    return FALSE;
  question->where = sight_problem_where(db, sessions, question->filter, question->page, error);
  return question->where != NULL && read_moments(db, question, error);
}

static GtkWidget *make_moment(const Moment *moment) {
  GtkWidget *row = adw_action_row_new(), *time, *image;
  g_autofree char *at = sight_ui_format_time(moment->at_ms);
  g_autofree char *line = g_strdup_printf("%s · %s", moment->when, moment->who);
  adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), moment->reason);
  adw_action_row_set_subtitle(ADW_ACTION_ROW(row), line);
  adw_action_row_set_title_lines(ADW_ACTION_ROW(row), 2);
  gtk_widget_set_tooltip_text(row, moment->reason);
  time = gtk_label_new(at);
  gtk_label_set_width_chars(GTK_LABEL(time), 5);
  gtk_label_set_xalign(GTK_LABEL(time), 1);
  gtk_widget_add_css_class(time, "numeric");
  adw_action_row_add_prefix(ADW_ACTION_ROW(row), time);
  image = gtk_image_new_from_icon_name("media-playback-start-symbolic");
  gtk_accessible_update_property(GTK_ACCESSIBLE(image), GTK_ACCESSIBLE_PROPERTY_LABEL, "", -1);
  adw_action_row_add_suffix(ADW_ACTION_ROW(row), image);
  gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), TRUE);
  g_object_set_data_full(G_OBJECT(row), "row", g_memdup2(&moment->row, sizeof moment->row), g_free);
  g_object_set_data_full(G_OBJECT(row), "at", g_memdup2(&moment->at_ms, sizeof moment->at_ms), g_free);
  return row;
}

static void forget(SightUiProblemDetail *self) {
  GtkListBoxRow *row;
  if (self->cancel != NULL)
    g_cancellable_cancel(self->cancel);
  g_clear_object(&self->cancel);
  while ((row = gtk_list_box_get_row_at_index(self->moments, 0)) != NULL)
    gtk_list_box_remove(self->moments, GTK_WIDGET(row));
  sight_ui_problem_shares_set(SIGHT_UI_PROBLEM_SHARES(self->shares), NULL);
}

static void read_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(Question) question = user_data;
  SightUiProblemDetail *self = question->self;
  g_autoptr(GError) error = NULL;
  gboolean ok = sight_store_read_finish(SIGHT_STORE(source), result, &error);
  if (question->cancel != self->cancel)
    return;
  g_clear_object(&self->cancel);
  if (!ok)
    g_debug("What is known of the problem cannot be read: %s", error->message);
  sight_ui_problem_shares_set(SIGHT_UI_PROBLEM_SHARES(self->shares), question->where);
  for (guint i = 0; i < question->moments->len; i++)
    gtk_list_box_append(self->moments, make_moment(&g_array_index(question->moments, Moment, i)));
}

static void ask(SightUiProblemDetail *self, const SightProblem *problem, gint64 endpoint) {
  Question *question = g_new0(Question, 1);
  forget(self);
  self->cancel = g_cancellable_new();
  question->self = g_object_ref(self);
  question->cancel = g_object_ref(self->cancel);
  question->filter = g_strdup(problem->filter);
  question->page = g_strdup(problem->page);
  question->listed = g_strdup(sight_ui_problems_get_text(self->problems));
  question->endpoint = endpoint;
  question->clearest = problem->row;
  question->clearest_ms = problem->at_ms;
  question->moments = g_array_new(FALSE, FALSE, sizeof(Moment));
  g_array_set_clear_func(question->moments, moment_clear);
  sight_store_read_async(self->store, read_where, question, NULL, self->cancel, read_cb, question);
}

static void moment_activated(SightUiProblemDetail *self, GtkListBoxRow *row) {
  const gint64 *session = g_object_get_data(G_OBJECT(row), "row"), *at = g_object_get_data(G_OBJECT(row), "at");
  g_signal_emit(self, signals[WATCH], 0, *session, *at);
}

/* Words */

static void set_text(GtkWidget *label, char *text) {
  g_autofree char *taken = text;
  gtk_label_set_text(GTK_LABEL(label), text);
  gtk_widget_set_visible(label, text != NULL && *text != '\0');
}

static char *users_of(const SightProblem *problem) {
  g_autofree char *number = sight_ui_text_number(problem->n_users);
  return g_strdup_printf(ngettext("%s user", "%s users", (gulong)problem->n_users), number);
}

/* With a minus sign that is as wide as a digit. */
static char *signed_number(double number) {
  return g_strdup_printf("%s%.0f", number < -0.5 ? "−" : "", fabs(number));
}

static void show_whom(SightUiProblemDetail *self, const SightProblem *problem) {
  g_autofree char *users = users_of(problem), *number = sight_ui_text_number(problem->n_sessions);
  g_autofree char *sessions =
      g_strdup_printf(ngettext("%s session", "%s sessions", (gulong)problem->n_sessions), number);
  if (problem->page != NULL && problem->n_visits > 0) {
    g_autofree char *page = sight_ui_text_isolate(problem->page);
    /* Translators: 15 users in 15 sessions: 14.3 % of those that viewed /product/:id */
    set_text(self->whom, g_strdup_printf(_("%s in %s: %.1f %% of those that viewed %s"), users, sessions,
                                         100.0 * (double)problem->n_sessions / (double)problem->n_visits, page));
  } else {
    set_text(self->whom, g_strdup_printf(_("%s in %s"), users, sessions));
  }
  if (!problem->has_cost) {
    set_text(self->cost, NULL);
    return;
  }
  g_autofree char *low = signed_number(100 * problem->cost_between.low);
  g_autofree char *high = signed_number(100 * problem->cost_between.high);
  /* Translators: points of percent; the interval that is likely */
  if (problem->cost_between.low <= 0 && problem->cost_between.high >= 0)
    set_text(self->cost,
             g_strdup_printf(_("Whether it costs key actions cannot be told yet: between %s and %s points, at 95 %%"),
                             low, high));
  else if (problem->cost > 0)
    set_text(self->cost, g_strdup_printf(_("Of them fewer reached a key action than of the others on that page: by %s "
                                           "to %s points, at 95 %%"),
                                         low, high));
  else
    set_text(self->cost, g_strdup_printf(_("Of them more reached a key action than of the others on that page: %s to "
                                           "%s points, at 95 %%"),
                                         low, high));
}

static void show_where(SightUiProblemDetail *self, const SightProblem *problem) {
  g_autoptr(GString) text = g_string_new(NULL);
  g_autofree char *first = sight_ui_text_relative(problem->first_seen_ms);
  g_autofree char *last = sight_ui_text_relative(problem->last_seen_ms);
  g_string_append_printf(text, _("First seen %s, last %s"), first, last);
  if (problem->new_in != NULL)
    g_string_append_printf(text, _(" · new in release %s"), problem->new_in);
  for (guint i = 0; i < problem->releases->len; i++)
    g_string_append_printf(text, i == 0 ? _(" · releases %s") : ", %s", (char *)problem->releases->pdata[i]);
  set_text(self->where, g_string_free(g_steal_pointer(&text), FALSE));
}

static void show_mark(SightUiProblemDetail *self, const SightProblem *problem) {
  const SightProblemMark *mark = problem->mark;
  g_autoptr(GString) text = g_string_new(NULL);
  g_autofree char *closed = mark->closed_ms > 0 ? sight_ui_text_relative(mark->closed_ms) : NULL;
  if (mark->issue != NULL && closed != NULL)
    /* TRANSLATORS: "3 days ago" or a date, address */
    g_string_append_printf(text, _("Issue (closed %s): %s"), closed, mark->issue);
  else if (mark->issue != NULL)
    g_string_append_printf(text, _("Issue: %s"), mark->issue);
  if (mark->release != NULL)
    g_string_append_printf(text, "%s%s%s", text->len > 0 ? " · " : "", _("Release with the fix: "), mark->release);
  if (mark->changed_ms > 0 && mark->author != NULL) {
    g_autofree char *when = sight_ui_text_relative(mark->changed_ms);
    g_string_append_printf(text, "%s%s, %s", text->len > 0 ? " · " : "", mark->author, when);
  }
  set_text(self->mark, g_string_free(g_steal_pointer(&text), FALSE));
}

static void show(SightUiProblemDetail *self, const SightProblem *problem, gint64 endpoint) {
  set_text(self->title, g_strdup(problem->title));
  gtk_menu_button_set_label(GTK_MENU_BUTTON(self->state), sight_ui_problem_state_title_of(problem));
  show_where(self, problem);
  show_mark(self, problem);
  show_whom(self, problem);
  g_autofree char *users = users_of(problem);
  set_text(self->rank, g_strdup_printf(_("%s × severity %.2f × loss %.2f = %.1f"), users, problem->severity,
                                       problem->loss, problem->score));
  sight_ui_problem_days_set(SIGHT_UI_PROBLEM_DAYS(self->days), self->item);
  set_text(self->days_text, sight_ui_problem_days_describe(problem));
  sight_ui_problem_like_set(SIGHT_UI_PROBLEM_LIKE(self->like), problem);
  ask(self, problem, endpoint);
}

void sight_ui_problem_detail_set_item(SightUiProblemDetail *self, SightUiProblemItem *item, gint64 endpoint) {
  if (!g_set_object(&self->item, item))
    return;
  gtk_stack_set_visible_child_name(GTK_STACK(self->stack), item != NULL ? "problem" : "none");
  if (item == NULL)
    sight_ui_problem_like_set(SIGHT_UI_PROBLEM_LIKE(self->like), NULL);
  else
    show(self, sight_ui_problem_item_get(item), endpoint);
}

void sight_ui_problem_detail_choose_state(SightUiProblemDetail *self) {
  if (self->item != NULL)
    gtk_menu_button_popup(GTK_MENU_BUTTON(self->state));
}

void sight_ui_problem_detail_choose_same(SightUiProblemDetail *self) {
  if (self->item != NULL)
    sight_ui_problem_like_choose(SIGHT_UI_PROBLEM_LIKE(self->like));
}

static void narrow(SightUiProblemDetail *self, const char *filter) {
  g_signal_emit(self, signals[NARROW], 0, filter);
}

static void show_other(SightUiProblemDetail *self, const char *id) {
  g_signal_emit(self, signals[OTHER], 0, id);
}

static void set_state(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  g_signal_emit(user_data, signals[STATE], 0, g_variant_get_int32(parameter));
}

static void watch(SightUiProblemDetail *self) {
  const SightProblem *problem = self->item != NULL ? sight_ui_problem_item_get(self->item) : NULL;
  if (problem != NULL)
    g_signal_emit(self, signals[WATCH], 0, problem->row, problem->at_ms);
}

static void compare(SightUiProblemDetail *self) {
  g_signal_emit(self, signals[COMPARE], 0);
}

/* Parts */

static GtkWidget *add_label(GtkWidget *box, const char *style) {
  GtkWidget *label = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable(GTK_LABEL(label), TRUE);
  /* A label that is selectable and not focusable takes the keys from whoever passes by, and has them not. */
  gtk_widget_set_can_focus(label, FALSE);
  if (style != NULL)
    gtk_widget_add_css_class(label, style);
  gtk_box_append(GTK_BOX(box), label);
  return label;
}

static void add_heading(GtkWidget *box, const char *text) {
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_widget_add_css_class(label, "heading");
  gtk_widget_set_margin_top(label, 12);
  gtk_box_append(GTK_BOX(box), label);
}

static GtkWidget *make_state(void) {
  static const SightProblemState states[] = {SIGHT_PROBLEM_NEW, SIGHT_PROBLEM_FILED, SIGHT_PROBLEM_FIXED,
                                             SIGHT_PROBLEM_VERIFIED, SIGHT_PROBLEM_IGNORED};
  GtkWidget *button = gtk_menu_button_new();
  g_autoptr(GMenu) menu = g_menu_new();
  for (guint i = 0; i < G_N_ELEMENTS(states); i++) {
    g_autoptr(GMenuItem) item = g_menu_item_new(sight_ui_problem_state_title(states[i]), NULL);
    g_menu_item_set_action_and_target(item, "problem.state", "i", (int)states[i]);
    g_menu_append_item(menu, item);
  }
  gtk_menu_button_set_menu_model(GTK_MENU_BUTTON(button), G_MENU_MODEL(menu));
  gtk_widget_set_tooltip_text(button, _("State of the Problem (G)"));
  return button;
}

static GtkWidget *make_button(SightUiProblemDetail *self, const char *label, const char *tooltip, GCallback pressed) {
  GtkWidget *button = gtk_button_new_with_mnemonic(label);
  gtk_widget_set_tooltip_text(button, tooltip);
  g_signal_connect_object(button, "clicked", pressed, self, G_CONNECT_SWAPPED);
  return button;
}

static void add_buttons(SightUiProblemDetail *self, GtkWidget *box) {
  GtkWidget *buttons = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  /* Below the others: in one line they would be wider than a narrow window. */
  GtkWidget *looks = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *play = make_button(self, _("_Watch"), _("Watch its clearest moment (Enter)"), G_CALLBACK(watch));
  gtk_widget_add_css_class(play, "suggested-action");
  self->state = make_state();
  gtk_box_append(GTK_BOX(buttons), play);
  gtk_box_append(GTK_BOX(buttons), self->state);
  GtkWidget *issue = gtk_button_new_with_mnemonic(_("_File…"));
  gtk_widget_set_tooltip_text(issue, _("File an issue (F)"));
  gtk_actionable_set_action_name(GTK_ACTIONABLE(issue), "win.issue");
  gtk_box_append(GTK_BOX(buttons), issue);
  GtkWidget *verify = gtk_button_new_with_mnemonic(_("Is It Fi_xed?"));
  gtk_widget_set_tooltip_text(verify, _("Before and after a release or a day (V)"));
  gtk_actionable_set_action_name(GTK_ACTIONABLE(verify), "win.verify");
  gtk_box_append(GTK_BOX(looks), verify);
  gtk_box_append(GTK_BOX(looks),
                 make_button(self, _("_Compare"), _("What is different about those who met it"), G_CALLBACK(compare)));
  gtk_box_append(GTK_BOX(looks), sight_ui_problem_like_get_button(SIGHT_UI_PROBLEM_LIKE(self->like)));
  gtk_widget_set_margin_top(buttons, 6);
  gtk_box_append(GTK_BOX(box), buttons);
  gtk_box_append(GTK_BOX(box), looks);
}

static void add_days(SightUiProblemDetail *self, GtkWidget *box) {
  GtkWidget *expander = gtk_expander_new_with_mnemonic(_("As a _table")),
            *inside = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  add_heading(box, _("By day"));
  self->days = sight_ui_problem_days_new(DAYS_HEIGHT);
  gtk_box_append(GTK_BOX(box), self->days);
  /* GTK 4.8 names it by its type. */
  const char *label = gtk_label_get_text(GTK_LABEL(gtk_expander_get_label_widget(GTK_EXPANDER(expander))));
  gtk_accessible_update_property(GTK_ACCESSIBLE(expander), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  self->days_text = add_label(inside, "numeric");
  gtk_widget_set_margin_start(inside, MARGIN);
  gtk_expander_set_child(GTK_EXPANDER(expander), inside);
  gtk_box_append(GTK_BOX(box), expander);
}

static GtkWidget *make_problem(SightUiProblemDetail *self) {
  GtkWidget *scroller = gtk_scrolled_window_new(), *clamp = adw_clamp_new();
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  self->title = add_label(box, "title-2");
  self->where = add_label(box, "dim-label");
  self->mark = add_label(box, "dim-label");
  add_buttons(self, box);
  add_heading(box, _("Whom it meets"));
  self->whom = add_label(box, NULL);
  self->cost = add_label(box, NULL);
  add_days(self, box);
  add_heading(box, _("Where it is met"));
  gtk_box_append(GTK_BOX(box), self->shares);
  add_heading(box, _("Why it ranks here"));
  self->rank = add_label(box, "numeric");
  add_heading(box, _("Moments, the clearest first"));
  self->moments = GTK_LIST_BOX(gtk_list_box_new());
  gtk_list_box_set_selection_mode(self->moments, GTK_SELECTION_NONE);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->moments), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Moments"), -1);
  gtk_widget_add_css_class(GTK_WIDGET(self->moments), "boxed-list");
  g_signal_connect_object(self->moments, "row-activated", G_CALLBACK(moment_activated), self, G_CONNECT_SWAPPED);
  gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->moments));
  gtk_box_append(GTK_BOX(box), self->like);
  gtk_widget_set_margin_top(box, MARGIN);
  gtk_widget_set_margin_bottom(box, MARGIN);
  gtk_widget_set_margin_start(box, MARGIN);
  gtk_widget_set_margin_end(box, MARGIN);
  adw_clamp_set_maximum_size(ADW_CLAMP(clamp), MAX_WIDTH);
  adw_clamp_set_tightening_threshold(ADW_CLAMP(clamp), MAX_WIDTH);
  adw_clamp_set_child(ADW_CLAMP(clamp), box);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), clamp);
  return scroller;
}

static void dispose(GObject *object) {
  SightUiProblemDetail *self = SIGHT_UI_PROBLEM_DETAIL(object);
  if (self->cancel != NULL)
    g_cancellable_cancel(self->cancel);
  g_clear_object(&self->cancel);
  g_clear_pointer(&self->stack, gtk_widget_unparent);
  g_clear_object(&self->item);
  g_clear_object(&self->problems);
  g_clear_object(&self->store);
  G_OBJECT_CLASS(sight_ui_problem_detail_parent_class)->dispose(object);
}

static void sight_ui_problem_detail_class_init(SightUiProblemDetailClass *class) {
  GType type = SIGHT_UI_TYPE_PROBLEM_DETAIL;
  G_OBJECT_CLASS(class)->dispose = dispose;
  signals[WATCH] =
      g_signal_new("watch", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_INT64);
  signals[STATE] = g_signal_new("state", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[COMPARE] = g_signal_new("compare", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[NARROW] = g_signal_new("narrow", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[OTHER] = g_signal_new("other", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name(GTK_WIDGET_CLASS(class), "problem-detail");
}

static void sight_ui_problem_detail_init(SightUiProblemDetail *self) {
  static const GActionEntry entries[] = {{"state", set_state, "i", NULL, NULL, {0}}};
  g_autoptr(GSimpleActionGroup) group = g_simple_action_group_new();
  g_action_map_add_action_entries(G_ACTION_MAP(group), entries, G_N_ELEMENTS(entries), self);
  gtk_widget_insert_action_group(GTK_WIDGET(self), "problem", G_ACTION_GROUP(group));
  self->stack = gtk_stack_new();
  gtk_stack_add_named(GTK_STACK(self->stack), gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), "none");
  gtk_widget_set_parent(self->stack, GTK_WIDGET(self));
}

GtkWidget *sight_ui_problem_detail_new(SightStore *store, SightUiProblems *problems) {
  SightUiProblemDetail *self = g_object_new(SIGHT_UI_TYPE_PROBLEM_DETAIL, NULL);
  self->store = g_object_ref(store);
  self->problems = g_object_ref(problems);
  self->shares = sight_ui_problem_shares_new();
  self->like = sight_ui_problem_like_new(problems);
  g_signal_connect_object(self->shares, "narrow", G_CALLBACK(narrow), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->like, "other", G_CALLBACK(show_other), self, G_CONNECT_SWAPPED);
  gtk_stack_add_named(GTK_STACK(self->stack), make_problem(self), "problem");
  return GTK_WIDGET(self);
}

/* SPDX-License-Identifier: MIT */
/* Before and after, as words, numbers and intervals. */
#include "sight-ui-verify-dialog.h"

#include "sight-compare-ask.h"
#include "sight-insight-json.h"
#include "sight-ui-dialog-box.h"
#include "sight-ui-names.h"
#include "sight-ui-verify-cut.h"
#include "sight-ui-verify-results.h"

#include <glib/gi18n.h>

struct _SightUiVerifyDialog {
  AdwWindow parent_instance;
  GtkWidget *since, *day, *days, *share, *opportunity, *verdict, *spinner, *results, *report;
  SightStore *store;
  SightUiProblemItem *problem; /* NULL: about the filter */
  char *filter;
  gint64 endpoint; /* 0: all */
  GPtrArray *cuts; /* of SightUiVerifyCut; NULL: not read yet */
  GCancellable *asking;
};

/* Weeks, so that both times have the same weekdays. */
static const int weeks[] = {2, 4, 8, 12};

G_DEFINE_FINAL_TYPE(SightUiVerifyDialog, sight_ui_verify_dialog, ADW_TYPE_WINDOW)

enum { WATCH, BESIDE, NARROW, REPORT, N_SIGNALS };
static guint signals[N_SIGNALS];

/* A question with its answer. */
typedef struct {
  SightUiVerifyDialog *dialog; /* a reference */
  GCancellable *cancellable;
  char *filter, *opportunity, *page, *release, *variant, *against;
  gint64 endpoint, date_ms;
  int days;
  double share;
  GPtrArray *cuts; /* where they are not known yet */
  gboolean wants_cuts;
  GPtrArray *steps;
  SightComparison *comparison;
} Question;

static void question_free(Question *question) {
  g_object_unref(question->dialog);
  g_object_unref(question->cancellable);
  g_free(question->filter);
  g_free(question->opportunity);
  g_free(question->page);
  g_free(question->release);
  g_free(question->variant);
  g_free(question->against);
  g_clear_pointer(&question->cuts, g_ptr_array_unref);
  g_clear_pointer(&question->steps, g_ptr_array_unref);
  g_clear_pointer(&question->comparison, sight_comparison_free);
  g_free(question);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Question, question_free)

static const SightProblem *problem_of(SightUiVerifyDialog *self) {
  return self->problem != NULL ? sight_ui_problem_item_get(self->problem) : NULL;
}

/* Asking */

/* The newest release, where nobody says which. */
static gboolean read_cuts(SightDb *db, Question *question, GError **error) {
  question->cuts = sight_ui_verify_cuts_read(db, question->endpoint, question->release, question->cancellable, error);
  const SightUiVerifyCut *first = question->cuts != NULL ? question->cuts->pdata[0] : NULL;
  if (first != NULL && question->release == NULL && question->date_ms == 0) {
    question->release = g_strdup(first->release);
    question->date_ms = first->release == NULL ? g_get_real_time() / 1000 : 0;
  }
  return question->cuts != NULL;
}

static gboolean read_comparison(SightDb *db, gpointer user_data, GError **error) {
  Question *question = user_data;
  if (question->wants_cuts && !read_cuts(db, question, error))
    return FALSE;
  const SightCompareAsk ask = {.filter = question->filter,
                               .opportunity = question->opportunity,
                               .page = question->page,
                               .endpoint = question->endpoint,
                               .release = question->release,
                               .date_ms = question->date_ms,
                               .variant = question->variant,
                               .against = question->against,
                               .share = question->share,
                               .days = question->days,
                               .now_ms = g_get_real_time() / 1000};
  question->comparison = sight_compare_ask(db, &ask, &question->steps, question->cancellable, error);
  return question->comparison != NULL;
}

static void ask(SightUiVerifyDialog *self);

/* What makes sense for the cut that is chosen. */
static void show_fields(SightUiVerifyDialog *self) {
  guint chosen = adw_combo_row_get_selected(ADW_COMBO_ROW(self->since));
  const SightUiVerifyCut *cut = chosen < self->cuts->len ? self->cuts->pdata[chosen] : NULL;
  gboolean variant = cut != NULL && cut->variant != NULL;
  gtk_widget_set_visible(self->day, cut != NULL && cut->release == NULL && !variant);
  gtk_widget_set_visible(self->days, !variant);
  gtk_widget_set_visible(self->share, variant);
}

/* What there is to choose from, once; what was asked about is chosen. */
static void take_cuts(SightUiVerifyDialog *self, Question *question) {
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
  self->cuts = g_steal_pointer(&question->cuts);
  guint chosen = self->cuts->len - 1;
  for (guint i = 0; i < self->cuts->len; i++) {
    const SightUiVerifyCut *cut = self->cuts->pdata[i];
    gtk_string_list_append(names, cut->title);
    if (question->release != NULL && g_strcmp0(cut->release, question->release) == 0)
      chosen = i;
  }
  adw_combo_row_set_model(ADW_COMBO_ROW(self->since), G_LIST_MODEL(names));
  adw_combo_row_set_selected(ADW_COMBO_ROW(self->since), chosen);
  show_fields(self);
  g_signal_connect_object(self->since, "notify::selected", G_CALLBACK(ask), self, G_CONNECT_SWAPPED);
}

static void report_pressed(GtkButton *button, SightUiVerifyDialog *self) {
  g_signal_emit(self, signals[REPORT], 0, g_object_get_data(G_OBJECT(button), "json"));
}

/* What was compared, for a report of it. */
static void show_report(SightUiVerifyDialog *self, const Question *question) {
  g_autoptr(GString) json = g_string_new(NULL);
  g_autoptr(GPtrArray) none = g_ptr_array_new();
  SightJsonWriter w = {.out = json};
  gboolean some = question->comparison != NULL && !sight_comparison_is_broken(question->comparison);
  if (some)
    sight_comparison_put(&w, question->comparison, question->opportunity[0] != '\0' ? question->opportunity : NULL,
                         question->steps != NULL ? question->steps : none);
  gtk_widget_set_visible(self->report, some);
  g_object_set_data_full(G_OBJECT(self->report), "json", g_string_free(g_steal_pointer(&json), FALSE), g_free);
}

static void read_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(Question) question = user_data;
  SightUiVerifyDialog *self = question->dialog;
  g_autoptr(GError) error = NULL;
  gboolean ok = sight_store_read_finish(SIGHT_STORE(source), result, &error);
  if (self->asking != question->cancellable)
    return;
  g_clear_object(&self->asking);
  gtk_spinner_set_spinning(GTK_SPINNER(self->spinner), FALSE);
  if (self->cuts == NULL && question->cuts != NULL)
    take_cuts(self, question);
  g_autofree char *sentence = ok ? sight_comparison_sentence(question->comparison) : g_strdup(error->message);
  gtk_label_set_text(GTK_LABEL(self->verdict), sentence);
  sight_ui_verify_results_show(SIGHT_UI_VERIFY_RESULTS(self->results), question->comparison, question->steps);
  show_report(self, question);
}

static gint64 chosen_day_ms(SightUiVerifyDialog *self) {
  g_autoptr(GTimeZone) local = g_time_zone_new_local();
  g_autofree char *text = g_strconcat(gtk_editable_get_text(GTK_EDITABLE(self->day)), "T00:00:00", NULL);
  g_autoptr(GDateTime) day = g_date_time_new_from_iso8601(text, local);
  return day != NULL ? g_date_time_to_unix(day) * 1000 : 0;
}

/* FALSE: the day is none. */
static gboolean choose_cut(SightUiVerifyDialog *self, Question *question) {
  const SightProblem *problem = problem_of(self);
  const char *release = NULL;
  question->wants_cuts = self->cuts == NULL;
  if (self->cuts == NULL) {
    /* As somebody said of the problem. */
    if (problem != NULL && sight_compare_since(problem, &release, &question->date_ms))
      question->release = g_strdup(release);
    return TRUE;
  }
  const SightUiVerifyCut *cut = self->cuts->pdata[adw_combo_row_get_selected(ADW_COMBO_ROW(self->since))];
  show_fields(self);
  question->release = g_strdup(cut->release);
  question->variant = g_strdup(cut->variant);
  question->against = g_strdup(cut->against);
  if (cut->release != NULL || cut->variant != NULL)
    return TRUE;
  question->date_ms = chosen_day_ms(self);
  return question->date_ms > 0;
}

static void ask(SightUiVerifyDialog *self) {
  g_autoptr(Question) question = g_new0(Question, 1);
  const SightProblem *problem = problem_of(self);
  question->dialog = g_object_ref(self);
  question->cancellable = g_cancellable_new();
  question->filter = g_strdup(self->filter);
  question->endpoint = self->endpoint;
  question->page = problem != NULL ? g_strdup(problem->page) : NULL;
  question->opportunity = g_strstrip(g_strdup(gtk_editable_get_text(GTK_EDITABLE(self->opportunity))));
  if (self->asking != NULL)
    g_cancellable_cancel(self->asking);
  g_clear_object(&self->asking);
  question->days = 7 * weeks[adw_combo_row_get_selected(ADW_COMBO_ROW(self->days))];
  question->share =
      gtk_spin_button_get_value(GTK_SPIN_BUTTON(adw_action_row_get_activatable_widget(ADW_ACTION_ROW(self->share)))) /
      100;
  if (!choose_cut(self, question)) {
    gtk_spinner_set_spinning(GTK_SPINNER(self->spinner), FALSE);
    gtk_label_set_text(GTK_LABEL(self->verdict), _("A day is written like 2026-05-26"));
    return;
  }
  self->asking = g_object_ref(question->cancellable);
  gtk_spinner_set_spinning(GTK_SPINNER(self->spinner), TRUE);
  Question *sent = g_steal_pointer(&question);
  sight_store_read_async(self->store, read_comparison, sent, NULL, sent->cancellable, read_cb, sent);
}

/* Parts */

static GtkWidget *add_label(GtkWidget *box, const char *text, const char *style) {
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
  if (style != NULL)
    gtk_widget_add_css_class(label, style);
  gtk_box_append(GTK_BOX(box), label);
  return label;
}

/* How long before and after. */
static GtkWidget *make_days(SightUiVerifyDialog *self) {
  GtkWidget *row = adw_combo_row_new();
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
  for (guint i = 0; i < G_N_ELEMENTS(weeks); i++) {
    g_autofree char *name = g_strdup_printf(ngettext("%d week each", "%d weeks each", (gulong)weeks[i]), weeks[i]);
    gtk_string_list_append(names, name);
  }
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), _("Before and after"));
  adw_combo_row_set_model(ADW_COMBO_ROW(row), G_LIST_MODEL(names));
  g_signal_connect_object(row, "notify::selected", G_CALLBACK(ask), self, G_CONNECT_SWAPPED);
  return row;
}

/* Of the two variants; sizes that do not fit it tell of a broken assignment. */
static GtkWidget *make_share(SightUiVerifyDialog *self) {
  GtkWidget *row = adw_action_row_new(), *spin = gtk_spin_button_new_with_range(1, 99, 1);
  gtk_spin_button_set_value(GTK_SPIN_BUTTON(spin), 50);
  gtk_widget_set_valign(spin, GTK_ALIGN_CENTER);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), _("Planned share of the first, in %"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(spin), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Planned share of the first, in %"), -1);
  adw_action_row_add_suffix(ADW_ACTION_ROW(row), spin);
  adw_action_row_set_activatable_widget(ADW_ACTION_ROW(row), spin);
  gtk_widget_set_visible(row, FALSE);
  g_signal_connect_object(spin, "value-changed", G_CALLBACK(ask), self, G_CONNECT_SWAPPED);
  return row;
}

static GtkWidget *make_fields(SightUiVerifyDialog *self) {
  GtkWidget *group = adw_preferences_group_new();
  const SightProblem *problem = problem_of(self);
  g_autoptr(GDateTime) now = g_date_time_new_now_local();
  g_autofree char *today = g_date_time_format(now, "%Y-%m-%d");
  self->since = adw_combo_row_new();
  self->day = adw_entry_row_new();
  self->opportunity = adw_entry_row_new();
  self->days = make_days(self);
  self->share = make_share(self);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(self->since), _("Since, or which variant"));
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(self->day), _("Day"));
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(self->opportunity), _("Of those with"));
  gtk_editable_set_text(GTK_EDITABLE(self->day), today);
  g_autoptr(SightFilter) viewed =
      problem != NULL && problem->page != NULL ? sight_compare_opportunity(problem->page) : NULL;
  g_autofree char *text = viewed != NULL    ? sight_filter_print(viewed)
                          : problem == NULL ? sight_compare_guess(self->filter, NULL)
                                            : NULL;
  gtk_editable_set_text(GTK_EDITABLE(self->opportunity), text != NULL ? text : "");
  gtk_widget_set_visible(self->day, FALSE);
  GtkWidget *const entries[] = {self->day, self->opportunity};
  adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), self->since);
  adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), self->days);
  adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), self->share);
  for (guint i = 0; i < G_N_ELEMENTS(entries); i++) {
    adw_entry_row_set_show_apply_button(ADW_ENTRY_ROW(entries[i]), TRUE);
    g_signal_connect_object(entries[i], "apply", G_CALLBACK(ask), self, G_CONNECT_SWAPPED);
    adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), entries[i]);
  }
  return group;
}

static void watch(SightUiVerifyDialog *self, const char *moment) {
  g_signal_emit(self, signals[WATCH], 0, moment);
  gtk_window_destroy(GTK_WINDOW(self));
}

static void beside(SightUiVerifyDialog *self, const char *before, const char *after) {
  g_signal_emit(self, signals[BESIDE], 0, before, after, self->filter);
  gtk_window_destroy(GTK_WINDOW(self));
}

static void narrow(SightUiVerifyDialog *self, const char *filter) {
  g_signal_emit(self, signals[NARROW], 0, filter);
  gtk_window_destroy(GTK_WINDOW(self));
}

static void build(SightUiVerifyDialog *self) {
  GtkWidget *header = adw_header_bar_new(), *box = sight_ui_dialog_box_new(ADW_WINDOW(self), header);
  const SightProblem *problem = problem_of(self);
  self->spinner = gtk_spinner_new();
  adw_header_bar_pack_start(ADW_HEADER_BAR(header), self->spinner);
  add_label(box, problem != NULL ? problem->title : self->filter, "dim-label");
  self->verdict = add_label(box, _("Comparing…"), "title-2");
  gtk_label_set_selectable(GTK_LABEL(self->verdict), TRUE);
  gtk_widget_set_can_focus(self->verdict, FALSE);
  gtk_box_append(GTK_BOX(box), make_fields(self));
  self->results = sight_ui_verify_results_new();
  g_signal_connect_object(self->results, "watch", G_CALLBACK(watch), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->results, "beside", G_CALLBACK(beside), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->results, "narrow", G_CALLBACK(narrow), self, G_CONNECT_SWAPPED);
  gtk_box_append(GTK_BOX(box), self->results);
  self->report = gtk_button_new_with_mnemonic(_("_Report…"));
  gtk_widget_set_halign(self->report, GTK_ALIGN_START);
  gtk_widget_set_visible(self->report, FALSE);
  g_signal_connect_object(self->report, "clicked", G_CALLBACK(report_pressed), self, 0);
  gtk_box_append(GTK_BOX(box), self->report);
}

static void dispose(GObject *object) {
  SightUiVerifyDialog *self = SIGHT_UI_VERIFY_DIALOG(object);
  if (self->asking != NULL)
    g_cancellable_cancel(self->asking);
  g_clear_object(&self->asking);
  g_clear_object(&self->problem);
  G_OBJECT_CLASS(sight_ui_verify_dialog_parent_class)->dispose(object);
}

static void finalize(GObject *object) {
  SightUiVerifyDialog *self = SIGHT_UI_VERIFY_DIALOG(object);
  g_clear_object(&self->store);
  g_clear_pointer(&self->cuts, g_ptr_array_unref);
  g_free(self->filter);
  G_OBJECT_CLASS(sight_ui_verify_dialog_parent_class)->finalize(object);
}

static void sight_ui_verify_dialog_class_init(SightUiVerifyDialogClass *class) {
  GType type = SIGHT_UI_TYPE_VERIFY_DIALOG;
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
  gtk_widget_class_add_binding_action(GTK_WIDGET_CLASS(class), GDK_KEY_Escape, 0, "window.close", NULL);
  signals[WATCH] = g_signal_new("watch", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[BESIDE] = g_signal_new("beside", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3, G_TYPE_STRING,
                                 G_TYPE_STRING, G_TYPE_STRING);
  signals[REPORT] = g_signal_new("report", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[NARROW] = g_signal_new("narrow", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void sight_ui_verify_dialog_init(SightUiVerifyDialog *self) {
}

GtkWidget *sight_ui_verify_dialog_new(GtkWindow *parent, SightStore *store, SightUiProblemItem *problem,
                                      const char *filter, gint64 endpoint) {
  SightUiVerifyDialog *self = g_object_new(SIGHT_UI_TYPE_VERIFY_DIALOG, "transient-for", parent, "modal", TRUE, "title",
                                           problem != NULL ? _("Is It Fixed?") : _("Before and After"), "default-width",
                                           640, "default-height", 720, NULL);
  self->store = g_object_ref(store);
  g_set_object(&self->problem, problem);
  self->filter = g_strdup(problem != NULL ? sight_ui_problem_item_get(problem)->filter : filter);
  self->endpoint = endpoint;
  build(self);
  ask(self);
  sight_ui_names_tidy(GTK_WIDGET(self));
  return GTK_WIDGET(self);
}

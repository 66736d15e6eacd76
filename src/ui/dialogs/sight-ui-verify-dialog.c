/* SPDX-License-Identifier: MIT */
/* Before and after, as words, numbers and intervals. */
#include "sight-ui-verify-dialog.h"

#include "sight-clock-text.h"
#include "sight-compare-ask.h"
#include "sight-insight-json.h"
#include "sight-ui-dialog-box.h"
#include "sight-ui-difference.h"
#include "sight-ui-names.h"

#include <glib/gi18n.h>
#include <inttypes.h>

#define MAX_CHANGES 8

struct _SightUiVerifyDialog {
  AdwWindow parent_instance;
  GtkWidget *since, *day, *opportunity, *verdict, *spinner, *results;
  SightStore *store;
  SightUiProblemItem *problem; /* NULL: about the filter */
  char *filter;
  gint64 endpoint;     /* 0: all */
  GPtrArray *releases; /* of char; NULL: not read yet */
  GCancellable *asking;
};

G_DEFINE_FINAL_TYPE(SightUiVerifyDialog, sight_ui_verify_dialog, ADW_TYPE_WINDOW)

enum { WATCH, BESIDE, NARROW, REPORT, N_SIGNALS };
static guint signals[N_SIGNALS];

/* A question with its answer. */
typedef struct {
  SightUiVerifyDialog *dialog; /* a reference */
  GCancellable *cancellable;
  char *filter, *opportunity, *page, *release;
  gint64 endpoint, date_ms;
  GPtrArray *releases, *steps;
  SightComparison *comparison;
} Question;

static void question_free(Question *question) {
  g_object_unref(question->dialog);
  g_object_unref(question->cancellable);
  g_free(question->filter);
  g_free(question->opportunity);
  g_free(question->page);
  g_free(question->release);
  g_clear_pointer(&question->releases, g_ptr_array_unref);
  g_clear_pointer(&question->steps, g_ptr_array_unref);
  g_clear_pointer(&question->comparison, sight_comparison_free);
  g_free(question);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Question, question_free)

static const SightProblem *problem_of(SightUiVerifyDialog *self) {
  return self->problem != NULL ? sight_ui_problem_item_get(self->problem) : NULL;
}

/* Results */

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

static void watch_pressed(GtkButton *button, SightUiVerifyDialog *self) {
  g_signal_emit(self, signals[WATCH], 0, g_object_get_data(G_OBJECT(button), "moment"));
  gtk_window_destroy(GTK_WINDOW(self));
}

static GtkWidget *add_row(GtkWidget *list, const char *title, const char *subtitle) {
  GtkWidget *row = adw_action_row_new();
  adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
  adw_action_row_set_subtitle(ADW_ACTION_ROW(row), subtitle);
  gtk_widget_add_css_class(row, "numeric");
  gtk_list_box_append(GTK_LIST_BOX(list), row);
  return row;
}

static GtkWidget *add_list(GtkWidget *box, const char *title) {
  GtkWidget *list = gtk_list_box_new();
  GtkWidget *heading = add_label(box, title, "heading");
  gtk_widget_set_margin_top(heading, 6);
  gtk_list_box_set_selection_mode(GTK_LIST_BOX(list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class(list, "boxed-list");
  gtk_accessible_update_property(GTK_ACCESSIBLE(list), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_box_append(GTK_BOX(box), list);
  return list;
}

static double percent(gint64 k, gint64 n) {
  return n > 0 ? 100.0 * (double)k / (double)n : 0;
}

static char *day_of(gint64 time_ms) {
  g_autoptr(GDateTime) day = g_date_time_new_from_unix_local(time_ms / 1000);
  return day != NULL ? g_date_time_format(day, "%Y-%m-%d") : g_strdup("");
}

static void add_side(SightUiVerifyDialog *self, GtkWidget *list, const char *name, const char *watch,
                     const SightCompareSide *side) {
  SightInterval between = sight_statistics_rate(side->n_had, side->n);
  g_autofree char *title = g_strdup_printf(_("%s: %.1f %% (%" PRId64 " of %" PRId64 " visitors)"), name,
                                           percent(side->n_had, side->n), side->n_had, side->n);
  g_autofree char *from = day_of(side->from_ms), *to = day_of(side->to_ms);
  g_autofree char *subtitle = g_strdup_printf(_("%s to %s; 95 %% interval: %.1f to %.1f %%; %" PRId64 " sessions"),
                                              from, to, 100 * between.low, 100 * between.high, side->n_sessions);
  GtkWidget *row = add_row(list, title, side->n > 0 ? subtitle : _("No visits"));
  if (side->example == NULL)
    return;
  GtkWidget *button = gtk_button_new_from_icon_name("media-playback-start-symbolic");
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text(button, watch);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, watch, -1);
  g_object_set_data_full(G_OBJECT(button), "moment", g_strdup(side->moment), g_free);
  g_signal_connect_object(button, "clicked", G_CALLBACK(watch_pressed), self, 0);
  adw_action_row_add_suffix(ADW_ACTION_ROW(row), button);
}

static void beside_pressed(GtkButton *button, SightUiVerifyDialog *self) {
  g_signal_emit(self, signals[BESIDE], 0, g_object_get_data(G_OBJECT(button), "before"),
                g_object_get_data(G_OBJECT(button), "after"), self->filter);
  gtk_window_destroy(GTK_WINDOW(self));
}

static void add_beside(SightUiVerifyDialog *self, GtkWidget *box, const SightComparison *comparison) {
  const char *before = comparison->before.example, *after = comparison->after.example;
  if (before == NULL || after == NULL)
    return;
  GtkWidget *button = gtk_button_new_with_mnemonic(_("_Watch Both Side by Side"));
  gtk_widget_set_halign(button, GTK_ALIGN_START);
  gtk_widget_set_margin_top(button, 6);
  g_object_set_data_full(G_OBJECT(button), "before", g_strdup(before), g_free);
  g_object_set_data_full(G_OBJECT(button), "after", g_strdup(after), g_free);
  g_signal_connect_object(button, "clicked", G_CALLBACK(beside_pressed), self, 0);
  gtk_box_append(GTK_BOX(box), button);
  sight_ui_names_tidy(button);
}

static void report_pressed(GtkButton *button, SightUiVerifyDialog *self) {
  g_signal_emit(self, signals[REPORT], 0, g_object_get_data(G_OBJECT(button), "json"));
}

static void add_report(SightUiVerifyDialog *self, GtkWidget *box, const Question *question) {
  GtkWidget *button = gtk_button_new_with_mnemonic(_("_Report…"));
  g_autoptr(GString) json = g_string_new(NULL);
  g_autoptr(GPtrArray) none = g_ptr_array_new();
  SightJsonWriter w = {.out = json};
  sight_comparison_put(&w, question->comparison, question->opportunity[0] != '\0' ? question->opportunity : NULL,
                       question->steps != NULL ? question->steps : none);
  gtk_widget_set_halign(button, GTK_ALIGN_START);
  g_object_set_data_full(G_OBJECT(button), "json", g_string_free(g_steal_pointer(&json), FALSE), g_free);
  g_signal_connect_object(button, "clicked", G_CALLBACK(report_pressed), self, 0);
  gtk_box_append(GTK_BOX(box), button);
  sight_ui_names_tidy(button);
}

static void add_steps(GtkWidget *box, const SightComparison *comparison, const GPtrArray *steps) {
  GtkWidget *list = comparison->steps->len > 0 ? add_list(box, _("Step by step")) : NULL;
  for (guint i = 0; i < comparison->steps->len && i < steps->len; i++) {
    const SightCompareStep *step = &g_array_index(comparison->steps, SightCompareStep, i);
    g_autofree char *text =
        g_strdup_printf(_("%.1f %% before, %.1f %% after"), percent(step->n[0], comparison->before.n),
                        percent(step->n[1], comparison->after.n));
    add_row(list, steps->pdata[i], text);
  }
}

static void change_activated(GtkListBox *list, GtkListBoxRow *row, SightUiVerifyDialog *self) {
  g_signal_emit(self, signals[NARROW], 0, adw_preferences_row_get_title(ADW_PREFERENCES_ROW(row)));
  gtk_window_destroy(GTK_WINDOW(self));
}

static void add_changes(SightUiVerifyDialog *self, GtkWidget *box, const SightContrast *contrast) {
  GtkWidget *list = contrast->differences->len > 0 ? add_list(box, _("What else is different since")) : NULL;
  for (guint i = 0; i < MIN(contrast->differences->len, MAX_CHANGES); i++) {
    const SightDifference *one = contrast->differences->pdata[i];
    g_autofree char *text = g_strdup_printf(
        _("%.0f %% of sessions before, %.0f %% after; %.1f %% false discovery rate"),
        percent(one->n_those, contrast->n_those), percent(one->n_these, contrast->n_these), 100 * one->chance);
    GtkWidget *row = add_row(list, one->filter, text);
    gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), TRUE);
  }
  if (list != NULL)
    g_signal_connect_object(list, "row-activated", G_CALLBACK(change_activated), self, 0);
}

static void add_difference(GtkWidget *box, const SightComparison *comparison) {
  g_autofree char *text =
      g_strdup_printf(_("Difference: %+.1f to %+.1f points (99 %%). If you had looked once: %+.1f to %+.1f (95 %%)"),
                      100 * comparison->difference.low, 100 * comparison->difference.high, 100 * comparison->once.low,
                      100 * comparison->once.high);
  gtk_box_append(GTK_BOX(box), sight_ui_difference_new(comparison->difference, comparison->once));
  add_label(box, text, "dim-label");
  if (comparison->looks.clean > comparison->after.n && comparison->after.n_had == 0 &&
      comparison->looks.verdict != SIGHT_VERDICT_FIXED) {
    g_autofree char *clean =
        g_strdup_printf(_("“Fixed” needs %" PRId64 " visitors without it; so far there are %" PRId64),
                        comparison->looks.clean, comparison->after.n);
    add_label(box, clean, "dim-label");
  }
}

static void add_times(GtkWidget *box, const SightComparison *comparison) {
  g_autofree char *before = sight_clock_text((gint64)comparison->before.median_ms);
  g_autofree char *after = sight_clock_text((gint64)comparison->after.median_ms);
  if (!comparison->has_times)
    return;
  /* TRANSLATORS: Mann-Whitney is the name of a test, p its chance */
  g_autofree char *text =
      g_strdup_printf(_("Time: %s before, %s after; typically %+.1f s (%+.1f to %+.1f; Mann-Whitney p = %.3f)"), before,
                      after, comparison->times.shift / 1000, comparison->times.between.low / 1000,
                      comparison->times.between.high / 1000, comparison->times.chance);
  add_label(box, text, "dim-label");
}

static void show_results(SightUiVerifyDialog *self, const Question *question) {
  const SightComparison *comparison = question->comparison;
  GtkWidget *box = self->results;
  for (GtkWidget *child = gtk_widget_get_first_child(box); child != NULL; child = gtk_widget_get_first_child(box))
    gtk_box_remove(GTK_BOX(box), child);
  if (comparison == NULL || sight_comparison_is_broken(comparison))
    return;
  GtkWidget *list = add_list(box, _("Before and after"));
  add_side(self, list, _("Before"), _("Watch a session of before"), &comparison->before);
  add_side(self, list, _("After"), _("Watch a session of after"), &comparison->after);
  add_beside(self, box, comparison);
  add_report(self, box, question);
  /* TRANSLATORS: which visits are compared */
  g_autofree char *windows =
      g_strdup_printf(_("Before: the %d days until then, so that every weekday is in it as often; after: all since"),
                      SIGHT_COMPARE_DAYS);
  add_label(box, windows, "dim-label");
  if (comparison->before.n > 0 && comparison->after.n > 0)
    add_difference(box, comparison);
  add_times(box, comparison);
  add_steps(box, comparison, question->steps);
  add_changes(self, box, comparison->contrast);
}

/* Asking */

static gboolean read_comparison(SightDb *db, gpointer user_data, GError **error) {
  Question *question = user_data;
  SightCompareAsk ask = {.filter = question->filter,
                         .opportunity = question->opportunity,
                         .page = question->page,
                         .endpoint = question->endpoint,
                         .date_ms = question->date_ms,
                         .now_ms = g_get_real_time() / 1000};
  question->releases = sight_compare_releases(db, question->endpoint, question->cancellable, error);
  if (question->releases == NULL)
    return FALSE;
  /* The newest one, where nobody says which. */
  if (question->release == NULL && question->date_ms == 0) {
    question->release = question->releases->len > 0 ? g_strdup(question->releases->pdata[0]) : NULL;
    ask.date_ms = ask.now_ms;
  }
  ask.release = question->release;
  question->comparison = sight_compare_ask(db, &ask, &question->steps, question->cancellable, error);
  return question->comparison != NULL;
}

static void ask(SightUiVerifyDialog *self);

/* The releases to choose from, once; the one that was asked about is chosen. */
static void take_releases(SightUiVerifyDialog *self, Question *question) {
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
  guint chosen = 0;
  self->releases = g_steal_pointer(&question->releases);
  /* It may not be seen in any session yet. */
  if (question->release != NULL &&
      !g_ptr_array_find_with_equal_func(self->releases, question->release, g_str_equal, NULL))
    g_ptr_array_insert(self->releases, 0, g_strdup(question->release));
  for (guint i = 0; i < self->releases->len; i++) {
    g_autofree char *name = g_strdup_printf(_("Release %s"), (const char *)self->releases->pdata[i]);
    gtk_string_list_append(names, name);
    if (g_strcmp0(self->releases->pdata[i], question->release) == 0)
      chosen = i;
  }
  gtk_string_list_append(names, _("A day"));
  adw_combo_row_set_model(ADW_COMBO_ROW(self->since), G_LIST_MODEL(names));
  adw_combo_row_set_selected(ADW_COMBO_ROW(self->since), question->release != NULL ? chosen : self->releases->len);
  gtk_widget_set_visible(self->day, question->release == NULL);
  g_signal_connect_object(self->since, "notify::selected", G_CALLBACK(ask), self, G_CONNECT_SWAPPED);
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
  if (self->releases == NULL && question->releases != NULL)
    take_releases(self, question);
  g_autofree char *sentence = ok ? sight_comparison_sentence(question->comparison) : g_strdup(error->message);
  gtk_label_set_text(GTK_LABEL(self->verdict), sentence);
  show_results(self, question);
}

static gint64 chosen_day_ms(SightUiVerifyDialog *self) {
  g_autoptr(GTimeZone) local = g_time_zone_new_local();
  g_autofree char *text = g_strconcat(gtk_editable_get_text(GTK_EDITABLE(self->day)), "T00:00:00", NULL);
  g_autoptr(GDateTime) day = g_date_time_new_from_iso8601(text, local);
  return day != NULL ? g_date_time_to_unix(day) * 1000 : 0;
}

/* FALSE: the day is none. */
static gboolean choose_since(SightUiVerifyDialog *self, Question *question) {
  const SightProblem *problem = problem_of(self);
  const char *release = NULL;
  if (self->releases == NULL) {
    /* As somebody said of the problem. */
    if (problem != NULL && sight_compare_since(problem, &release, &question->date_ms))
      question->release = g_strdup(release);
    return TRUE;
  }
  guint chosen = adw_combo_row_get_selected(ADW_COMBO_ROW(self->since));
  gboolean by_day = chosen >= self->releases->len;
  gtk_widget_set_visible(self->day, by_day);
  if (by_day)
    question->date_ms = chosen_day_ms(self);
  else
    question->release = g_strdup(self->releases->pdata[chosen]);
  return !by_day || question->date_ms > 0;
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
  if (!choose_since(self, question)) {
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

static GtkWidget *make_fields(SightUiVerifyDialog *self) {
  GtkWidget *group = adw_preferences_group_new();
  const SightProblem *problem = problem_of(self);
  g_autoptr(GDateTime) now = g_date_time_new_now_local();
  g_autofree char *today = g_date_time_format(now, "%Y-%m-%d");
  self->since = adw_combo_row_new();
  self->day = adw_entry_row_new();
  self->opportunity = adw_entry_row_new();
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(self->since), _("Since"));
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(self->day), _("Day"));
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(self->opportunity), _("Of those with"));
  gtk_editable_set_text(GTK_EDITABLE(self->day), today);
  if (problem != NULL && problem->page != NULL) {
    g_autoptr(SightFilter) viewed = sight_compare_opportunity(problem->page);
    g_autofree char *text = sight_filter_print(viewed);
    gtk_editable_set_text(GTK_EDITABLE(self->opportunity), text);
  }
  gtk_widget_set_visible(self->day, FALSE);
  GtkWidget *const entries[] = {self->day, self->opportunity};
  adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), self->since);
  for (guint i = 0; i < G_N_ELEMENTS(entries); i++) {
    adw_entry_row_set_show_apply_button(ADW_ENTRY_ROW(entries[i]), TRUE);
    g_signal_connect_object(entries[i], "apply", G_CALLBACK(ask), self, G_CONNECT_SWAPPED);
    adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), entries[i]);
  }
  return group;
}

static void build(SightUiVerifyDialog *self) {
  GtkWidget *header = adw_header_bar_new(), *box = sight_ui_dialog_box_new(ADW_WINDOW(self), header);
  const SightProblem *problem = problem_of(self);
  self->spinner = gtk_spinner_new();
  adw_header_bar_pack_start(ADW_HEADER_BAR(header), self->spinner);
  add_label(box, problem != NULL ? problem->title : self->filter, "dim-label");
  self->verdict = add_label(box, _("Comparing…"), "title-2");
  gtk_label_set_selectable(GTK_LABEL(self->verdict), TRUE);
  gtk_widget_set_focusable(self->verdict, FALSE);
  gtk_box_append(GTK_BOX(box), make_fields(self));
  self->results = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  gtk_box_append(GTK_BOX(box), self->results);
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
  g_clear_pointer(&self->releases, g_ptr_array_unref);
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
                                           _("Is It Fixed?"), "default-width", 640, "default-height", 720, NULL);
  self->store = g_object_ref(store);
  g_set_object(&self->problem, problem);
  self->filter = g_strdup(problem != NULL ? sight_ui_problem_item_get(problem)->filter : filter);
  self->endpoint = endpoint;
  build(self);
  ask(self);
  sight_ui_names_tidy(GTK_WIDGET(self));
  return GTK_WIDGET(self);
}

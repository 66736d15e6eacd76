/* SPDX-License-Identifier: MIT */
/* Both sides as words, numbers and intervals. */
#include "sight-ui-verify-results.h"

#include "sight-clock-text.h"
#include "sight-ui-difference.h"
#include "sight-ui-names.h"

#include <glib/gi18n.h>
#include <inttypes.h>

#define MAX_CHANGES 8

struct _SightUiVerifyResults {
  GtkWidget parent_instance;
  GtkWidget *box;
};

G_DEFINE_FINAL_TYPE(SightUiVerifyResults, sight_ui_verify_results, GTK_TYPE_WIDGET)

enum { WATCH, BESIDE, NARROW, N_SIGNALS };
static guint signals[N_SIGNALS];

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

static void watch_pressed(GtkButton *button, SightUiVerifyResults *self) {
  g_signal_emit(self, signals[WATCH], 0, g_object_get_data(G_OBJECT(button), "moment"));
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

static void add_side(SightUiVerifyResults *self, GtkWidget *list, const char *name, const char *watch,
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

static void beside_pressed(GtkButton *button, SightUiVerifyResults *self) {
  g_signal_emit(self, signals[BESIDE], 0, g_object_get_data(G_OBJECT(button), "before"),
                g_object_get_data(G_OBJECT(button), "after"));
}

static void add_beside(SightUiVerifyResults *self, GtkWidget *box, const SightComparison *comparison) {
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

/* What either side is called. */
static const char *name_of(const SightComparison *comparison, gboolean after) {
  if (comparison->variant != NULL)
    return after ? comparison->variant : comparison->against;
  return after ? _("After") : _("Before");
}

static void add_steps(GtkWidget *box, const SightComparison *comparison, const GPtrArray *steps) {
  GtkWidget *list = comparison->steps->len > 0 ? add_list(box, _("Step by step")) : NULL;
  for (guint i = 0; i < comparison->steps->len && i < steps->len; i++) {
    const SightCompareStep *step = &g_array_index(comparison->steps, SightCompareStep, i);
    g_autofree char *text = g_strdup_printf("%s: %.1f %%, %s: %.1f %%", name_of(comparison, FALSE),
                                            percent(step->n[0], comparison->before.n), name_of(comparison, TRUE),
                                            percent(step->n[1], comparison->after.n));
    add_row(list, steps->pdata[i], text);
  }
}

static void change_activated(GtkListBox *list, GtkListBoxRow *row, SightUiVerifyResults *self) {
  g_signal_emit(self, signals[NARROW], 0, adw_preferences_row_get_title(ADW_PREFERENCES_ROW(row)));
}

static void add_changes(SightUiVerifyResults *self, GtkWidget *box, const SightComparison *comparison) {
  const SightContrast *contrast = comparison->contrast;
  const char *title =
      comparison->variant != NULL ? _("What else is different between them") : _("What else is different since");
  GtkWidget *list = contrast->differences->len > 0 ? add_list(box, title) : NULL;
  for (guint i = 0; i < MIN(contrast->differences->len, MAX_CHANGES); i++) {
    const SightDifference *one = contrast->differences->pdata[i];
    /* TRANSLATORS: shares of sessions with the names of both sides: "Before: 3 %, After: 9 %; …" */
    g_autofree char *text =
        g_strdup_printf(_("%s: %.0f %% of sessions, %s: %.0f %%; %.1f %% false discovery rate"),
                        name_of(comparison, FALSE), percent(one->n_those, contrast->n_those), name_of(comparison, TRUE),
                        percent(one->n_these, contrast->n_these), 100 * one->chance);
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

/* Which visits are compared. */
static void add_windows(GtkWidget *box, const SightComparison *comparison) {
  g_autofree char *text = NULL;
  if (comparison->variant != NULL)
    return;
  text =
      g_strdup_printf(ngettext("Of the %d day until then and of the %d day since, so that every weekday is in both as "
                               "often",
                               "Of the %d days until then and of the %d days since, so that every weekday is in both "
                               "as often",
                               (gulong)comparison->days),
                      comparison->days, comparison->days);
  add_label(box, text, "dim-label");
}

void sight_ui_verify_results_show(SightUiVerifyResults *self, const SightComparison *comparison,
                                  const GPtrArray *steps) {
  GtkWidget *box = self->box;
  for (GtkWidget *child = gtk_widget_get_first_child(box); child != NULL; child = gtk_widget_get_first_child(box))
    gtk_box_remove(GTK_BOX(box), child);
  if (comparison == NULL || sight_comparison_is_broken(comparison))
    return;
  gboolean variant = comparison->variant != NULL;
  GtkWidget *list = add_list(box, variant ? _("Side by side") : _("Before and after"));
  add_side(self, list, name_of(comparison, FALSE),
           variant ? _("Watch a session of this variant") : _("Watch a session of before"), &comparison->before);
  add_side(self, list, name_of(comparison, TRUE),
           variant ? _("Watch a session of this variant") : _("Watch a session of after"), &comparison->after);
  add_beside(self, box, comparison);
  add_windows(box, comparison);
  if (comparison->before.n > 0 && comparison->after.n > 0)
    add_difference(box, comparison);
  add_times(box, comparison);
  add_steps(box, comparison, steps);
  add_changes(self, box, comparison);
}

static void dispose(GObject *object) {
  g_clear_pointer(&SIGHT_UI_VERIFY_RESULTS(object)->box, gtk_widget_unparent);
  G_OBJECT_CLASS(sight_ui_verify_results_parent_class)->dispose(object);
}

static void sight_ui_verify_results_class_init(SightUiVerifyResultsClass *class) {
  GType type = SIGHT_UI_TYPE_VERIFY_RESULTS;
  G_OBJECT_CLASS(class)->dispose = dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
  signals[WATCH] = g_signal_new("watch", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[BESIDE] = g_signal_new("beside", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING,
                                 G_TYPE_STRING);
  signals[NARROW] = g_signal_new("narrow", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void sight_ui_verify_results_init(SightUiVerifyResults *self) {
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
}

GtkWidget *sight_ui_verify_results_new(void) {
  return g_object_new(SIGHT_UI_TYPE_VERIFY_RESULTS, NULL);
}

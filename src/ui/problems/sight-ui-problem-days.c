/* SPDX-License-Identifier: MIT */
/* A bar for each day, of long times for some days together. */
#include "sight-ui-problem-days.h"

#include "sight-ui-compat.h"

#include <glib/gi18n.h>

#define SECONDS_OF_DAY (24 * 60 * 60)
#define MAX_BARS 60
#define MIN_BARS 14 /* of a short time the bars stay bars */
#define GAP 2.0f
#define RADIUS 2
#define ALPHA 0.75f
#define LEAST 2.0f

struct _SightUiProblemDays {
  GtkWidget parent_instance;
  int height;
  GArray *bars; /* of gint64: sessions */
};

G_DEFINE_FINAL_TYPE(SightUiProblemDays, sight_ui_problem_days, GTK_TYPE_WIDGET)

static void snapshot(GtkWidget *widget, GtkSnapshot *to) {
  SightUiProblemDays *self = SIGHT_UI_PROBLEM_DAYS(widget);
  float width = (float)gtk_widget_get_width(widget), height = (float)gtk_widget_get_height(widget);
  float step = width / (float)MAX(self->bars->len, MIN_BARS);
  GdkRGBA color = sight_ui_compat_ink(widget);
  gint64 most = 1;

  sight_ui_compat_colour(widget, "accent_color", &color);
  color.alpha = ALPHA;
  for (guint i = 0; i < self->bars->len; i++)
    most = MAX(most, g_array_index(self->bars, gint64, i));
  for (guint i = 0; i < self->bars->len; i++) {
    gint64 n = g_array_index(self->bars, gint64, i);
    float tall = n > 0 ? MAX(height * (float)n / (float)most, LEAST) : 0;
    GskRoundedRect bar;
    gsk_rounded_rect_init_from_rect(&bar, &GRAPHENE_RECT_INIT((float)i * step, height - tall, MAX(step - GAP, 1), tall),
                                    RADIUS);
    gtk_snapshot_push_rounded_clip(to, &bar);
    gtk_snapshot_append_color(to, &color, &bar.bounds);
    gtk_snapshot_pop(to);
  }
}

static void measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                    int *minimum_baseline, int *natural_baseline) {
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? SIGHT_UI_PROBLEM_DAYS(widget)->height : MAX_BARS;
}

static void finalize(GObject *object) {
  g_array_unref(SIGHT_UI_PROBLEM_DAYS(object)->bars);
  G_OBJECT_CLASS(sight_ui_problem_days_parent_class)->finalize(object);
}

static void sight_ui_problem_days_class_init(SightUiProblemDaysClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

  G_OBJECT_CLASS(class)->finalize = finalize;
  widget_class->snapshot = snapshot;
  widget_class->measure = measure;
  gtk_widget_class_set_css_name(widget_class, "problem-days");
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void sight_ui_problem_days_init(SightUiProblemDays *self) {
  self->bars = g_array_new(FALSE, TRUE, sizeof(gint64));
}

GtkWidget *sight_ui_problem_days_new(int height) {
  SightUiProblemDays *self = g_object_new(SIGHT_UI_TYPE_PROBLEM_DAYS, NULL);

  self->height = height;
  return GTK_WIDGET(self);
}

void sight_ui_problem_days_set(SightUiProblemDays *self, SightUiProblemItem *item) {
  const SightProblem *problem = sight_ui_problem_item_get(item);
  const SightUiProblemSpan *span = sight_ui_problem_item_get_span(item);
  gint64 n = span->last - span->first + 1, days_of_bar = (n + MAX_BARS - 1) / MAX_BARS;

  g_array_set_size(self->bars, 0);
  if (n > 0)
    g_array_set_size(self->bars, (guint)((n + days_of_bar - 1) / days_of_bar));
  for (guint i = 0; n > 0 && i < problem->days->len; i++) {
    const SightProblemDay *day = &g_array_index(problem->days, SightProblemDay, i);
    g_array_index(self->bars, gint64, (guint)((day->day - span->first) / days_of_bar)) += day->n;
  }
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

char *sight_ui_problem_days_describe(const SightProblem *problem) {
  g_autoptr(GString) text = g_string_new(NULL);

  for (guint i = problem->days->len; i > 0; i--) {
    const SightProblemDay *day = &g_array_index(problem->days, SightProblemDay, i - 1);
    g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(day->day * SECONDS_OF_DAY);
    /* Translators: a date, see g_date_time_format() */
    g_autofree char *when = date != NULL ? g_date_time_format(date, _("%-d %b %Y")) : g_strdup("");
    g_string_append_printf(text, "%s%s: %" G_GINT64_FORMAT, text->len > 0 ? "\n" : "", when, day->n);
  }
  return g_string_free(g_steal_pointer(&text), FALSE);
}

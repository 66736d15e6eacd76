/* SPDX-License-Identifier: MIT */
/* From the top down: the sessions, their marks, the days. */
#include "sight-ui-person-chart.h"

#include "sight-ui-compat.h"
#include "sight-ui-person-line.h"
#include "sight-ui-player.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define BAND 24
#define MARKS_TOP (BAND + 3)
#define DAYS_TOP (MARKS_TOP + SIGHT_UI_PERSON_MARK + 3)
#define DAYS_HEIGHT 16
#define HEIGHT (DAYS_TOP + DAYS_HEIGHT)
#define WIDTH 240
#define RADIUS 3
#define DAY_GAP 9
#define NEAR 5
/* What has the keys is in sight, with so much around it. */
#define AROUND 60

/* Where arrow keys lead to. */
typedef struct {
  guint session;
  int mark; /* its place among the marks; -1: the session as a whole */
} Stop;

struct _SightUiPersonChart {
  GtkWidget parent_instance;
  SightUiPlayback *playback;
  const SightUiPerson *person; /* borrowed; or NULL */
  SightUiPersonLine *line;     /* at the present width; or NULL */
  GArray *stops;               /* of Stop, from left to right */
  guint at;                    /* the stop that has the keys */
};

G_DEFINE_FINAL_TYPE(SightUiPersonChart, sight_ui_person_chart, GTK_TYPE_WIDGET)

static guint chosen_signal;

static const SightUiPersonSession *session_at(SightUiPersonChart *self, guint i) {
  return self->person->sessions->pdata[i];
}

static const SightUiPersonMark *mark_at(SightUiPersonChart *self, int i) {
  return &g_array_index(self->line->marks, SightUiPersonMark, (guint)i);
}

/* Drawing */

static graphene_rect_t bounds_of(SightUiPersonChart *self, guint i) {
  const SightUiPersonSpan *span = &g_array_index(self->line->spans, SightUiPersonSpan, i);
  float height = (float)BAND / (float)span->n_lanes;

  return GRAPHENE_RECT_INIT((float)span->x0, (float)span->lane * height, (float)(span->x1 - span->x0), height - 1);
}

static void draw_session(SightUiPersonChart *self, GtkSnapshot *to, guint i, const GdkRGBA *ink,
                         const GdkRGBA *accent) {
  gboolean open = session_at(self, i)->row == sight_ui_playback_get_session_row(self->playback);
  graphene_rect_t bounds = bounds_of(self, i);
  GdkRGBA color = open ? *accent : *ink;
  GskRoundedRect round;

  color.alpha *= open ? 0.55f : 0.3f;
  gsk_rounded_rect_init_from_rect(&round, &bounds, RADIUS);
  gtk_snapshot_push_rounded_clip(to, &round);
  gtk_snapshot_append_color(to, &color, &bounds);
  gtk_snapshot_pop(to);
}

/* As the timeline has it. */
static void draw_playhead(SightUiPersonChart *self, GtkSnapshot *to, const GdkRGBA *accent) {
  gint64 row = sight_ui_playback_get_session_row(self->playback);
  GskRoundedRect round;

  for (guint i = 0; i < self->person->sessions->len; i++) {
    if (session_at(self, i)->row != row)
      continue;
    double at = sight_ui_person_line_x(self->line, self->person, i, sight_ui_playback_get_position_ms(self->playback));
    graphene_rect_t knob = GRAPHENE_RECT_INIT((float)at - 4, 0, 8, 8);
    gtk_snapshot_append_color(to, accent, &GRAPHENE_RECT_INIT((float)at - 1, 0, 2, BAND));
    gsk_rounded_rect_init_from_rect(&round, &knob, 4);
    gtk_snapshot_push_rounded_clip(to, &round);
    gtk_snapshot_append_color(to, accent, &knob);
    gtk_snapshot_pop(to);
  }
}

/* Two strokes, as where an axis is cut. */
static void draw_folds(SightUiPersonChart *self, GtkSnapshot *to, const GdkRGBA *ink) {
  cairo_t *cr =
      gtk_snapshot_append_cairo(to, &GRAPHENE_RECT_INIT(0, 0, (float)gtk_widget_get_width(GTK_WIDGET(self)), BAND));

  cairo_set_source_rgba(cr, ink->red, ink->green, ink->blue, ink->alpha * 0.55);
  cairo_set_line_width(cr, 1.5);
  for (guint i = 0; i < self->line->folds->len; i++) {
    double x = g_array_index(self->line->folds, double, i);
    for (int stroke = -1; stroke <= 1; stroke += 2) {
      cairo_move_to(cr, x + stroke * 2 - 2, BAND - 6);
      cairo_line_to(cr, x + stroke * 2 + 2, 6);
    }
  }
  cairo_stroke(cr);
  cairo_destroy(cr);
}

static void draw_marks(SightUiPersonChart *self, GtkSnapshot *to) {
  gboolean dark = adw_style_manager_get_dark(adw_style_manager_get_default());
  GdkRGBA color;

  for (guint i = 0; i < self->line->marks->len; i++) {
    const SightUiPersonMark *mark = mark_at(self, (int)i);
    sight_ui_signal_color(mark->moment.kind, dark, &color);
    sight_ui_signal_draw(GTK_WIDGET(self), to, mark->moment.kind, &color, (float)mark->x,
                         MARKS_TOP + SIGHT_UI_PERSON_MARK / 2.0f, SIGHT_UI_PERSON_MARK);
  }
}

/* The first session of each day says which; where there is no room the list does. */
static void draw_days(SightUiPersonChart *self, GtkSnapshot *to, const GdkRGBA *ink) {
  double free_from = 0;
  GdkRGBA color = *ink;

  color.alpha *= 0.8f;
  for (guint i = 0; i < self->person->sessions->len; i++) {
    const char *day = session_at(self, i)->day;
    double x = g_array_index(self->line->spans, SightUiPersonSpan, i).x0;
    if (day == NULL || x < free_from)
      continue;
    g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout(GTK_WIDGET(self), day);
    g_autoptr(PangoAttrList) attributes = pango_attr_list_new();
    int width = 0, height = 0;
    pango_attr_list_insert(attributes, pango_attr_scale_new(PANGO_SCALE_SMALL));
    pango_layout_set_attributes(layout, attributes);
    pango_layout_get_pixel_size(layout, &width, &height);
    /* Whole at the end, too. */
    x = MAX(MIN(x, gtk_widget_get_width(GTK_WIDGET(self)) - width), free_from);
    free_from = x + width + DAY_GAP;
    if (free_from - DAY_GAP > gtk_widget_get_width(GTK_WIDGET(self)))
      continue;
    gtk_snapshot_save(to);
    gtk_snapshot_translate(to, &GRAPHENE_POINT_INIT((float)x, (float)DAYS_TOP + (float)(DAYS_HEIGHT - height) / 2));
    gtk_snapshot_append_layout(to, layout, &color);
    gtk_snapshot_restore(to);
  }
}

/* What Enter opens. */
static void draw_stop(SightUiPersonChart *self, GtkSnapshot *to, const GdkRGBA *accent) {
  const Stop *stop = &g_array_index(self->stops, Stop, self->at);
  graphene_rect_t bounds = bounds_of(self, stop->session);
  GskRoundedRect round;

  if (stop->mark >= 0)
    bounds = GRAPHENE_RECT_INIT((float)mark_at(self, stop->mark)->x - SIGHT_UI_PERSON_MARK / 2.0f, MARKS_TOP,
                                SIGHT_UI_PERSON_MARK, SIGHT_UI_PERSON_MARK);
  graphene_rect_inset(&bounds, -2, -2);
  gsk_rounded_rect_init_from_rect(&round, &bounds, RADIUS + 2);
  gtk_snapshot_append_border(to, &round, (float[4]){2, 2, 2, 2}, (GdkRGBA[4]){*accent, *accent, *accent, *accent});
}

static void snapshot(GtkWidget *widget, GtkSnapshot *to) {
  SightUiPersonChart *self = SIGHT_UI_PERSON_CHART(widget);
  GdkRGBA ink = sight_ui_compat_ink(widget), accent = ink;

  if (self->line == NULL || self->person == NULL)
    return;
  sight_ui_compat_colour(widget, "accent_color", &accent);
  for (guint i = 0; i < self->person->sessions->len; i++)
    draw_session(self, to, i, &ink, &accent);
  draw_folds(self, to, &ink);
  draw_playhead(self, to, &accent);
  draw_marks(self, to);
  draw_days(self, to, &ink);
  /* Also after a while, when GTK does not show the focus any more: what Enter opens is not to be guessed. */
  if (gtk_widget_has_focus(widget) && self->stops->len > 0)
    draw_stop(self, to, &accent);
}

/* What is where */

static char *describe_moment(const SightUiPersonMark *mark) {
  g_autofree char *at = sight_ui_format_time(mark->moment.at_ms);

  return g_strdup_printf("%s · %s", sight_signal_kind_title(mark->moment.kind), at);
}

/* Each of its texts on a line of its own. */
static char *describe_session(const SightUiPersonSession *session, const char *separator) {
  return g_strconcat(session->when, session->later != NULL ? separator : "",
                     session->later != NULL ? session->later : "", *session->what != '\0' ? separator : "",
                     session->what, NULL);
}

/* -1: none. */
static int find_mark(SightUiPersonChart *self, double x, double y) {
  int found = -1;

  if (y < MARKS_TOP - 1 || y >= DAYS_TOP)
    return -1;
  for (guint i = 0; i < self->line->marks->len; i++) {
    double away = ABS(mark_at(self, (int)i)->x - x);
    if (away <= SIGHT_UI_PERSON_MARK / 2.0 && (found < 0 || away < ABS(mark_at(self, found)->x - x)))
      found = (int)i;
  }
  return found;
}

/* Small ones are not to be missed. -1: none. */
static int find_session(SightUiPersonChart *self, double x, double y) {
  int found = -1;

  for (guint i = 0; i < self->line->spans->len; i++) {
    graphene_rect_t bounds = bounds_of(self, i);
    double left = bounds.origin.x, right = left + bounds.size.width;
    gboolean in_lane = y >= BAND || (y >= bounds.origin.y && y <= bounds.origin.y + bounds.size.height + 1);
    if (in_lane && x >= left && x <= right)
      return (int)i;
    if (in_lane && found < 0 && x >= left - NEAR && x <= right + NEAR)
      found = (int)i;
  }
  return found;
}

static void clicked(SightUiPersonChart *self, int n_press, double x, double y) {
  if (self->line == NULL || self->person == NULL)
    return;
  int mark = find_mark(self, x, y), session = mark >= 0 ? (int)mark_at(self, mark)->session : find_session(self, x, y);
  if (session < 0)
    return;
  gint64 at_ms = mark >= 0 ? mark_at(self, mark)->moment.at_ms
                           : sight_ui_person_line_ms(self->line, self->person, (guint)session, x);
  g_signal_emit(self, chosen_signal, 0, session_at(self, (guint)session)->row, at_ms);
}

static gboolean query_tooltip(GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip) {
  SightUiPersonChart *self = SIGHT_UI_PERSON_CHART(widget);

  if (self->line == NULL || self->person == NULL || keyboard)
    return FALSE;
  int mark = find_mark(self, x, y), session = mark >= 0 ? (int)mark_at(self, mark)->session : find_session(self, x, y);
  if (session < 0)
    return FALSE;
  g_autofree char *about = describe_session(session_at(self, (guint)session), "\n");
  g_autofree char *moment = mark >= 0 ? describe_moment(mark_at(self, mark)) : NULL;
  g_autofree char *text = moment != NULL ? g_strdup_printf("%s\n%s", moment, about) : g_strdup(about);
  gtk_tooltip_set_text(tooltip, text);
  return TRUE;
}

/* Keys */

/* Each session, and behind it its marks. */
static void list_stops(SightUiPersonChart *self) {
  g_array_set_size(self->stops, 0);
  for (guint i = 0; i < self->line->spans->len; i++) {
    Stop stop = {i, -1};
    g_array_append_val(self->stops, stop);
    for (guint j = 0; j < self->line->marks->len; j++) {
      stop.mark = (int)j;
      if (mark_at(self, (int)j)->session == i)
        g_array_append_val(self->stops, stop);
    }
  }
  self->at = MIN(self->at, MAX(self->stops->len, 1) - 1);
}

static void tell_stop(SightUiPersonChart *self) {
  if (self->stops->len == 0)
    return;
  const Stop *stop = &g_array_index(self->stops, Stop, self->at);
  g_autofree char *text = stop->mark >= 0 ? describe_moment(mark_at(self, stop->mark))
                                          : describe_session(session_at(self, stop->session), ", ");
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_VALUE_MAX,
                                 (double)(self->stops->len - 1), GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, (double)self->at,
                                 GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);
}

static gboolean show_stop(GtkWidget *widget, GdkFrameClock *clock, gpointer user_data) {
  SightUiPersonChart *self = SIGHT_UI_PERSON_CHART(widget);
  GtkWidget *scroller = gtk_widget_get_ancestor(widget, GTK_TYPE_SCROLLED_WINDOW);

  if (scroller == NULL || self->line == NULL || self->stops->len == 0)
    return G_SOURCE_REMOVE;
  const Stop *stop = &g_array_index(self->stops, Stop, self->at);
  double x = stop->mark >= 0 ? mark_at(self, stop->mark)->x
                             : g_array_index(self->line->spans, SightUiPersonSpan, stop->session).x0;
  gtk_adjustment_clamp_page(gtk_scrolled_window_get_hadjustment(GTK_SCROLLED_WINDOW(scroller)), x - AROUND, x + AROUND);
  return G_SOURCE_REMOVE;
}

static void go_to(SightUiPersonChart *self, guint stop) {
  self->at = stop;
  tell_stop(self);
  gtk_widget_queue_draw(GTK_WIDGET(self));
  gtk_widget_add_tick_callback(GTK_WIDGET(self), show_stop, NULL, NULL);
}

static void choose(SightUiPersonChart *self) {
  const Stop *stop = &g_array_index(self->stops, Stop, self->at);
  gint64 at_ms = stop->mark >= 0 ? mark_at(self, stop->mark)->moment.at_ms : -1;

  g_signal_emit(self, chosen_signal, 0, session_at(self, stop->session)->row, at_ms);
}

static gboolean pressed(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
                        SightUiPersonChart *self) {
  if (self->person == NULL || self->stops->len == 0 || (state & gtk_accelerator_get_default_mod_mask()) != 0)
    return GDK_EVENT_PROPAGATE;
  switch (key) {
  case GDK_KEY_Left:
    go_to(self, self->at > 0 ? self->at - 1 : 0);
    return GDK_EVENT_STOP;
  case GDK_KEY_Right:
    go_to(self, MIN(self->at + 1, self->stops->len - 1));
    return GDK_EVENT_STOP;
  case GDK_KEY_Home:
    go_to(self, 0);
    return GDK_EVENT_STOP;
  case GDK_KEY_End:
    go_to(self, self->stops->len - 1);
    return GDK_EVENT_STOP;
  case GDK_KEY_Return:
  case GDK_KEY_KP_Enter:
  case GDK_KEY_space:
    choose(self);
    return GDK_EVENT_STOP;
  default:
    return GDK_EVENT_PROPAGATE;
  }
}

/* Of a person who is told anew the keys begin at what is open. */
static void find_open(SightUiPersonChart *self) {
  gint64 row = sight_ui_playback_get_session_row(self->playback);

  for (guint i = 0; i < self->stops->len; i++) {
    const Stop *stop = &g_array_index(self->stops, Stop, i);
    if (stop->mark < 0 && session_at(self, stop->session)->row == row) {
      go_to(self, i);
      return;
    }
  }
}

static void size_allocate(GtkWidget *widget, int width, int height, int baseline) {
  SightUiPersonChart *self = SIGHT_UI_PERSON_CHART(widget);
  gboolean anew = self->line == NULL;

  g_clear_pointer(&self->line, sight_ui_person_line_free);
  if (self->person == NULL || self->person->sessions->len == 0)
    return;
  self->line = sight_ui_person_line_new(self->person, width);
  list_stops(self);
  if (anew)
    find_open(self);
}

static void measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                    int *minimum_baseline, int *natural_baseline) {
  SightUiPersonChart *self = SIGHT_UI_PERSON_CHART(widget);
  double least = self->person != NULL ? sight_ui_person_line_least(self->person) : 0;

  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : MAX((int)least + 1, WIDTH);
}

static void dispose(GObject *object) {
  SightUiPersonChart *self = SIGHT_UI_PERSON_CHART(object);

  self->person = NULL;
  g_clear_object(&self->playback);
  G_OBJECT_CLASS(sight_ui_person_chart_parent_class)->dispose(object);
}

static void finalize(GObject *object) {
  SightUiPersonChart *self = SIGHT_UI_PERSON_CHART(object);

  g_clear_pointer(&self->line, sight_ui_person_line_free);
  g_array_unref(self->stops);
  G_OBJECT_CLASS(sight_ui_person_chart_parent_class)->finalize(object);
}

static void sight_ui_person_chart_class_init(SightUiPersonChartClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
  widget_class->snapshot = snapshot;
  widget_class->measure = measure;
  widget_class->size_allocate = size_allocate;
  widget_class->query_tooltip = query_tooltip;
  chosen_signal = g_signal_new("chosen", SIGHT_UI_TYPE_PERSON_CHART, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_INT64);
  gtk_widget_class_set_css_name(widget_class, "person-chart");
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_SLIDER);
}

static void sight_ui_person_chart_init(SightUiPersonChart *self) {
  GtkEventController *keys = gtk_event_controller_key_new();
  GtkGesture *click = gtk_gesture_click_new();

  self->stops = g_array_new(FALSE, FALSE, sizeof(Stop));
  gtk_widget_set_focusable(GTK_WIDGET(self), TRUE);
  gtk_widget_set_has_tooltip(GTK_WIDGET(self), TRUE);
  gtk_widget_set_cursor_from_name(GTK_WIDGET(self), "pointer");
  /* Room for the frame around a session, and for a scrollbar. */
  gtk_widget_set_margin_top(GTK_WIDGET(self), 4);
  gtk_widget_set_margin_bottom(GTK_WIDGET(self), 8);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Sessions on one line of time"),
                                 GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0, -1);
  g_signal_connect(keys, "key-pressed", G_CALLBACK(pressed), self);
  gtk_widget_add_controller(GTK_WIDGET(self), keys);
  g_signal_connect_swapped(click, "released", G_CALLBACK(clicked), self);
  gtk_widget_add_controller(GTK_WIDGET(self), GTK_EVENT_CONTROLLER(click));
  g_signal_connect_object(adw_style_manager_get_default(), "notify::dark", G_CALLBACK(gtk_widget_queue_draw), self,
                          G_CONNECT_SWAPPED);
}

GtkWidget *sight_ui_person_chart_new(SightUiPlayback *playback) {
  SightUiPersonChart *self = g_object_new(SIGHT_UI_TYPE_PERSON_CHART, NULL);

  self->playback = g_object_ref(playback);
  g_signal_connect_object(playback, "notify::position-ms", G_CALLBACK(gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET(self);
}

void sight_ui_person_chart_set(SightUiPersonChart *self, const SightUiPerson *person) {
  self->person = person;
  g_clear_pointer(&self->line, sight_ui_person_line_free);
  g_array_set_size(self->stops, 0);
  self->at = 0;
  gtk_widget_queue_resize(GTK_WIDGET(self));
}

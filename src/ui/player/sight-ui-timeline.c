/* SPDX-License-Identifier: MIT */
/* SightUiTimeline: what is visible of the session, and what pointer and keys do with it. */
#include "sight-ui-timeline.h"

#include "sight-ui-clock.h"
#include "sight-ui-compat.h"
#include "sight-ui-player.h"
#include "sight-ui-steps.h"
#include "sight-ui-story.h"
#include "sight-ui-timeline-draw.h"
#include "sight-ui-timeline-marks.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <math.h>

#define ZOOM_STEP 1.25
#define PAN_STEP 0.1
#define NEAR_PX 8.0
#define GRIP_PX 7.0
/* A stretch that is skipped takes this share of what is not, and at least so long. */
#define BREAK_SHARE (1.0 / 60)
#define BREAK_LEAST_MS 500.0
/* What a place holds is said in so many lines. */
#define MAX_LINES 6

typedef enum { DRAG_NONE, DRAG_PLAYHEAD, DRAG_IN, DRAG_OUT } Drag;

struct _SightUiTimeline {
  GtkWidget parent_instance;
  SightUiPlayback *playback;
  GtkWidget *popover;
  GtkWidget *popover_box, *popover_time, *popover_text;
  SightUiTimelineSpan span;
  GArray *breaks; /* of SightUiTimelineBreak, as the span has them */
  double hover_x;
  Drag drag;
  gboolean was_playing;
  gint64 told_s; /* the second that assistive technology knows of */
};

G_DEFINE_FINAL_TYPE(SightUiTimeline, sight_ui_timeline, GTK_TYPE_WIDGET)

static guint signal_peek;

static gint64 duration(SightUiTimeline *self) {
  return self->playback ? sight_ui_playback_get_duration_ms(self->playback) : 0;
}

static double width_of(SightUiTimeline *self) {
  return MAX(gtk_widget_get_width(GTK_WIDGET(self)), 1);
}

static gint64 time_at(SightUiTimeline *self, double x) {
  return sight_ui_timeline_span_to_ms(&self->span, x, width_of(self));
}

static void sight_ui_timeline_snapshot(GtkWidget *widget, GtkSnapshot *snapshot) {
  SightUiTimeline *self = SIGHT_UI_TIMELINE(widget);
  if (!self->playback)
    return;
  SightUiRange *range = sight_ui_playback_get_range(self->playback);
  SightUiTimelineDrawing drawing = {
      .widget = widget,
      .snapshot = snapshot,
      .analysis = sight_ui_playback_get_analysis(self->playback),
      .reached = sight_ui_playback_get_reached(self->playback),
      .notes = sight_ui_playback_get_notes(self->playback),
      .span = &self->span,
      .duration_ms = duration(self),
      .position_ms = sight_ui_playback_get_position_ms(self->playback),
      .in_ms = sight_ui_range_get_in(range),
      .out_ms = sight_ui_range_get_out(range),
      .hover_x = self->hover_x,
      .width = gtk_widget_get_width(widget),
      .dark = adw_style_manager_get_dark(adw_style_manager_get_default()),
      .accent = {0.11f, 0.44f, 0.85f, 1.0f},
  };
  drawing.text = sight_ui_compat_ink(widget);
  sight_ui_compat_colour(widget, "accent_bg_color", &drawing.accent);
  sight_ui_timeline_draw(&drawing);
}

static void sight_ui_timeline_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                                      int *natural, int *minimum_baseline, int *natural_baseline) {
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 120 : SIGHT_UI_TIMELINE_HEIGHT;
}

static char *describe_signals(const GPtrArray *signals) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < MIN(signals->len, MAX_LINES); i++) {
    g_autofree char *reason = sight_signal_reason(g_ptr_array_index(signals, i));
    g_string_append_printf(text, "%s%s", i > 0 ? "\n" : "", reason);
  }
  if (signals->len > MAX_LINES) {
    guint n_more = signals->len - MAX_LINES;
    g_autofree char *more = g_strdup_printf(ngettext("and %u more", "and %u more", n_more), n_more);
    g_string_append_printf(text, "\n%s", more);
  }
  return g_string_free(text, FALSE);
}

char *sight_ui_timeline_describe(const SightAnalysis *analysis, gint64 at_ms, gint64 around_ms) {
  const SightSignal *signal = sight_ui_signal_near(analysis, at_ms, around_ms);
  if (signal)
    return sight_signal_reason(signal);
  for (guint i = 0; i < analysis->idle->len; i++) {
    const SightIdleSpan *span = &g_array_index(analysis->idle, SightIdleSpan, i);
    if (at_ms < span->start_ms || at_ms >= span->end_ms)
      continue;
    g_autofree char *time = sight_ui_format_time(span->end_ms - span->start_ms);
    return g_strdup_printf(span->missing ? _("Nothing was recorded for %s") : _("Nothing happened for %s"), time);
  }
  const SightPageView *page = sight_ui_page_at(analysis, NULL, at_ms);
  return g_strdup(page && page->page ? page->page : "");
}

/* What the marks under the pointer hold, all of it; else what happened then. */
static char *describe_place(SightUiTimeline *self, const SightAnalysis *analysis, double x) {
  g_autoptr(GArray) marks = sight_ui_timeline_marks(analysis, &self->span, width_of(self));
  g_autoptr(GPtrArray) signals = sight_ui_marks_at(analysis->signals, marks, x, NEAR_PX);
  return signals->len > 0 ? describe_signals(signals) : sight_ui_timeline_describe(analysis, time_at(self, x), 0);
}

/* What the team says there, before everything else. */
static char *describe_notes(SightUiTimeline *self, double x, const char *more) {
  SightUiNotes *notes = sight_ui_playback_get_notes(self->playback);
  GPtrArray *list = sight_ui_notes_get_list(notes);
  g_autoptr(GString) text = g_string_new(NULL);
  guint n = 0;
  for (guint i = 0; i < list->len && n < MAX_LINES; i++) {
    const SightNote *note = list->pdata[i];
    double at = sight_ui_timeline_span_to_x(&self->span, (double)MAX(note->annotation->at_ms, 0), width_of(self));
    if (ABS(at - x) > NEAR_PX)
      continue;
    g_autofree char *said = sight_ui_text_isolate(note->annotation->body);
    g_autofree char *who = sight_ui_text_isolate(note->annotation->author);
    /* Translators: what somebody said of a moment, and who. */
    g_autofree char *line = g_strdup_printf(_("“%s” %s"), said, who);
    g_string_append_printf(text, "%s%s", n++ > 0 ? "\n" : "", line);
  }
  if (*more != '\0')
    g_string_append_printf(text, "%s%s", n > 0 ? "\n" : "", more);
  return g_string_free(g_steal_pointer(&text), FALSE);
}

/* The key actions that were reached there, before what else happened. */
static char *describe_reached(SightUiTimeline *self, double x, const char *more) {
  const GArray *reached = sight_ui_playback_get_reached(self->playback);
  g_autoptr(GString) text = g_string_new(NULL);
  guint n = 0;
  for (guint i = 0; i < reached->len && n < MAX_LINES; i++) {
    const SightReached *one = &g_array_index(reached, SightReached, i);
    if (ABS(sight_ui_timeline_span_to_x(&self->span, (double)one->at_ms, width_of(self)) - x) > NEAR_PX)
      continue;
    g_autofree char *line = sight_ui_story_reached(one);
    g_string_append_printf(text, "%s★ %s", n++ > 0 ? "\n" : "", line);
  }
  if (*more != '\0')
    g_string_append_printf(text, "%s%s", n > 0 ? "\n" : "", more);
  return g_string_free(g_steal_pointer(&text), FALSE);
}

static void update_popover(SightUiTimeline *self, double x) {
  const SightAnalysis *analysis = sight_ui_playback_get_analysis(self->playback);
  if (duration(self) <= 0) {
    gtk_popover_popdown(GTK_POPOVER(self->popover));
    return;
  }
  gint64 at_ms = time_at(self, x);
  g_autofree char *time = sight_ui_format_time(at_ms);
  g_autofree char *happened = analysis ? describe_place(self, analysis, x) : g_strdup("");
  g_autofree char *reached = describe_reached(self, x, happened);
  g_autofree char *text = describe_notes(self, x, reached);
  gtk_label_set_label(GTK_LABEL(self->popover_time), time);
  gtk_label_set_label(GTK_LABEL(self->popover_text), text);
  gtk_widget_set_visible(self->popover_text, *text != '\0');
  gtk_popover_set_pointing_to(GTK_POPOVER(self->popover), &(GdkRectangle){(int)x, 0, 1, SIGHT_UI_TIMELINE_BAND});
  /* During a drag the page itself follows. */
  if (self->drag == DRAG_NONE)
    g_signal_emit(self, signal_peek, 0, at_ms);
  gtk_popover_popup(GTK_POPOVER(self->popover));
}

void sight_ui_timeline_set_miniature(SightUiTimeline *self, GtkWidget *miniature) {
  g_return_if_fail(SIGHT_UI_IS_TIMELINE(self));
  gtk_box_prepend(GTK_BOX(self->popover_box), miniature);
}

/* The point of the range whose grip is there. */
static Drag grip_at(SightUiTimeline *self, double x) {
  SightUiRange *range = sight_ui_playback_get_range(self->playback);
  gint64 in_ms = sight_ui_range_get_in(range), out_ms = sight_ui_range_get_out(range);
  double to_in =
      in_ms < 0 ? GRIP_PX + 1 : ABS(sight_ui_timeline_span_to_x(&self->span, (double)in_ms, width_of(self)) - x);
  double to_out =
      out_ms < 0 ? GRIP_PX + 1 : ABS(sight_ui_timeline_span_to_x(&self->span, (double)out_ms, width_of(self)) - x);
  if (MIN(to_in, to_out) > GRIP_PX)
    return DRAG_NONE;
  return to_in < to_out ? DRAG_IN : DRAG_OUT;
}

/* Above the marks a drag moves the playhead, also where it stands on a point of the range. */
static Drag drag_at(SightUiTimeline *self, double x, double y) {
  Drag grip = y >= SIGHT_UI_TIMELINE_BAND ? grip_at(self, x) : DRAG_NONE;
  return grip != DRAG_NONE ? grip : DRAG_PLAYHEAD;
}

static void on_motion(GtkEventControllerMotion *controller, double x, double y, SightUiTimeline *self) {
  /* Popping up a popover makes GTK send the same motion again. */
  if (x == self->hover_x || !self->playback)
    return;
  self->hover_x = x;
  gtk_widget_queue_draw(GTK_WIDGET(self));
  gtk_widget_set_cursor_from_name(GTK_WIDGET(self), drag_at(self, x, y) == DRAG_PLAYHEAD ? NULL : "col-resize");
  update_popover(self, x);
}

static void on_leave(GtkEventControllerMotion *controller, SightUiTimeline *self) {
  self->hover_x = -1;
  gtk_popover_popdown(GTK_POPOVER(self->popover));
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

static void drag_to(SightUiTimeline *self, double x) {
  SightUiRange *range = sight_ui_playback_get_range(self->playback);
  gint64 at_ms = time_at(self, x);
  if (self->drag == DRAG_IN) {
    gint64 out_ms = sight_ui_range_get_out(range);
    sight_ui_range_set_in(range, out_ms >= 0 ? MIN(at_ms, out_ms - 1) : at_ms);
  } else if (self->drag == DRAG_OUT) {
    sight_ui_range_set_out(range, MAX(at_ms, sight_ui_range_get_in(range) + 1));
  }
  if (at_ms != sight_ui_playback_get_position_ms(self->playback))
    sight_ui_playback_seek(self->playback, at_ms);
}

static void on_drag_begin(GtkGestureDrag *drag, double x, double y, SightUiTimeline *self) {
  gtk_widget_grab_focus(GTK_WIDGET(self));
  if (duration(self) <= 0)
    return;
  self->drag = drag_at(self, x, y);
  self->was_playing = sight_ui_playback_get_playing(self->playback);
  sight_ui_playback_set_playing(self->playback, FALSE);
  drag_to(self, x);
}

static void on_drag_update(GtkGestureDrag *drag, double offset_x, double offset_y, SightUiTimeline *self) {
  double x, y;
  if (self->drag != DRAG_NONE && gtk_gesture_drag_get_start_point(drag, &x, &y))
    drag_to(self, x + offset_x);
}

static void on_drag_end(GtkGestureDrag *drag, double offset_x, double offset_y, SightUiTimeline *self) {
  if (self->drag != DRAG_NONE && self->was_playing)
    sight_ui_playback_set_playing(self->playback, TRUE);
  self->drag = DRAG_NONE;
}

static gboolean on_scroll(GtkEventControllerScroll *controller, double dx, double dy, SightUiTimeline *self) {
  if (self->span.whole_ms <= SIGHT_UI_TIMELINE_SPAN_MIN_MS)
    return FALSE;
  GdkModifierType state = gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(controller));
  double sideways = state & GDK_SHIFT_MASK ? dx + dy : dx;
  if (sideways != 0.0)
    sight_ui_timeline_span_pan(&self->span, sideways * PAN_STEP);
  else if (dy != 0.0)
    sight_ui_timeline_span_zoom(&self->span, self->hover_x >= 0 ? self->hover_x / width_of(self) : 0.5,
                                pow(ZOOM_STEP, dy));
  gtk_widget_queue_draw(GTK_WIDGET(self));
  return TRUE;
}

static gboolean on_key(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
                       SightUiTimeline *self) {
  if (duration(self) <= 0)
    return FALSE;
  gint64 step = state & GDK_ALT_MASK ? 1 : state & GDK_SHIFT_MASK ? 1000 : 5000;
  gint64 at_ms = sight_ui_playback_get_position_ms(self->playback);
  if (key == GDK_KEY_Left || key == GDK_KEY_Down)
    at_ms -= step;
  else if (key == GDK_KEY_Right || key == GDK_KEY_Up)
    at_ms += step;
  else if (key == GDK_KEY_Home)
    at_ms = 0;
  else if (key == GDK_KEY_End)
    at_ms = duration(self);
  else
    return FALSE;
  sight_ui_playback_seek(self->playback, at_ms);
  return TRUE;
}

/* Screen readers are told when the second changes, not thirty times within it. */
static void tell_accessibility(SightUiTimeline *self) {
  gint64 at_ms = sight_ui_playback_get_position_ms(self->playback), whole_ms = duration(self);
  if (self->told_s == at_ms / 1000 && sight_ui_playback_get_playing(self->playback))
    return;
  self->told_s = at_ms / 1000;
  const SightAnalysis *analysis = sight_ui_playback_get_analysis(self->playback);
  g_autofree char *at = sight_ui_format_time(at_ms);
  g_autofree char *whole = sight_ui_format_time(whole_ms);
  g_autofree char *what = analysis ? sight_ui_timeline_describe(analysis, at_ms, 500) : g_strdup("");
  /* Translators: position of the playhead, "0:31 of 6:12: /checkout". */
  g_autofree char *text =
      *what ? g_strdup_printf(_("%s of %s: %s"), at, whole, what) : g_strdup_printf(_("%s of %s"), at, whole);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, (double)whole_ms / 1000,
                                 GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, (double)at_ms / 1000,
                                 GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);
}

static void on_position(SightUiTimeline *self) {
  if (self->drag == DRAG_NONE)
    sight_ui_timeline_span_follow(&self->span, (double)sight_ui_playback_get_position_ms(self->playback));
  tell_accessibility(self);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

/* Stretches that playing skips are short breaks. */
static GArray *breaks_of(SightUiTimeline *self) {
  const SightAnalysis *analysis = sight_ui_playback_get_analysis(self->playback);
  GArray *breaks = g_array_new(FALSE, FALSE, sizeof(SightUiTimelineBreak));
  if (!analysis || !sight_ui_playback_get_skip_idle(self->playback))
    return breaks;
  g_autoptr(GArray) skipped = sight_ui_clock_skipped(analysis);
  double active_ms = (double)duration(self);
  for (guint i = 0; i < skipped->len; i++) {
    const SightIdleSpan *span = &g_array_index(skipped, SightIdleSpan, i);
    active_ms -= (double)(span->end_ms - span->start_ms);
  }
  for (guint i = 0; i < skipped->len; i++) {
    const SightIdleSpan *span = &g_array_index(skipped, SightIdleSpan, i);
    double length_ms = (double)(span->end_ms - span->start_ms);
    SightUiTimelineBreak fold = {(double)span->start_ms, (double)span->end_ms,
                                 MIN(length_ms, MAX(active_ms * BREAK_SHARE, BREAK_LEAST_MS))};
    g_array_append_val(breaks, fold);
  }
  return breaks;
}

static void fold(SightUiTimeline *self) {
  GArray *breaks = breaks_of(self);
  sight_ui_timeline_span_fold(&self->span, (double)duration(self), breaks);
  g_clear_pointer(&self->breaks, g_array_unref);
  self->breaks = breaks;
  on_position(self);
}

static void on_session(SightUiTimeline *self) {
  self->span.from_ms = self->span.to_ms = 0.0;
  fold(self);
}

void sight_ui_timeline_set_playback(SightUiTimeline *self, SightUiPlayback *playback) {
  g_return_if_fail(SIGHT_UI_IS_TIMELINE(self) && !self->playback);
  self->playback = g_object_ref(playback);
  g_signal_connect_object(playback, "notify::position-ms", G_CALLBACK(on_position), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(playback, "notify::duration-ms", G_CALLBACK(fold), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(playback, "notify::analysis", G_CALLBACK(fold), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(playback, "notify::skip-idle", G_CALLBACK(fold), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(playback, "notify::session-row", G_CALLBACK(on_session), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(sight_ui_playback_get_notes(playback), "changed", G_CALLBACK(gtk_widget_queue_draw), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(sight_ui_playback_get_range(playback), "changed", G_CALLBACK(gtk_widget_queue_draw), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(adw_style_manager_get_default(), "notify::dark", G_CALLBACK(gtk_widget_queue_draw), self,
                          G_CONNECT_SWAPPED);
}

static void sight_ui_timeline_size_allocate(GtkWidget *widget, int width, int height, int baseline) {
  gtk_popover_present(GTK_POPOVER(SIGHT_UI_TIMELINE(widget)->popover));
}

static void sight_ui_timeline_dispose(GObject *object) {
  SightUiTimeline *self = SIGHT_UI_TIMELINE(object);
  g_clear_pointer(&self->popover, gtk_widget_unparent);
  self->span.breaks = NULL;
  g_clear_pointer(&self->breaks, g_array_unref);
  g_clear_object(&self->playback);
  G_OBJECT_CLASS(sight_ui_timeline_parent_class)->dispose(object);
}

static void sight_ui_timeline_class_init(SightUiTimelineClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
  G_OBJECT_CLASS(klass)->dispose = sight_ui_timeline_dispose;
  widget_class->snapshot = sight_ui_timeline_snapshot;
  widget_class->measure = sight_ui_timeline_measure;
  widget_class->size_allocate = sight_ui_timeline_size_allocate;
  signal_peek = g_signal_new("peek", SIGHT_UI_TYPE_TIMELINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                             G_TYPE_INT64);
  gtk_widget_class_set_css_name(widget_class, "timeline");
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_SLIDER);
}

static void add_popover(SightUiTimeline *self) {
  GtkWidget *box = self->popover_box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);
  self->popover_time = gtk_label_new(NULL);
  gtk_widget_add_css_class(self->popover_time, "numeric");
  gtk_widget_add_css_class(self->popover_time, "heading");
  gtk_label_set_xalign(GTK_LABEL(self->popover_time), 0);
  self->popover_text = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(self->popover_text), 0);
  gtk_label_set_wrap(GTK_LABEL(self->popover_text), TRUE);
  gtk_label_set_max_width_chars(GTK_LABEL(self->popover_text), 40);
  gtk_box_append(GTK_BOX(box), self->popover_time);
  gtk_box_append(GTK_BOX(box), self->popover_text);
  self->popover = gtk_popover_new();
  gtk_popover_set_child(GTK_POPOVER(self->popover), box);
  gtk_popover_set_autohide(GTK_POPOVER(self->popover), FALSE);
  gtk_popover_set_position(GTK_POPOVER(self->popover), GTK_POS_TOP);
  gtk_widget_set_can_target(self->popover, FALSE);
  gtk_widget_set_can_focus(self->popover, FALSE);
  gtk_widget_set_parent(self->popover, GTK_WIDGET(self));
}

static void sight_ui_timeline_init(SightUiTimeline *self) {
  GtkWidget *widget = GTK_WIDGET(self);
  self->hover_x = -1;
  gtk_widget_set_focusable(widget, TRUE);
  gtk_widget_set_hexpand(widget, TRUE);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Timeline"),
                                 GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0, -1);
  add_popover(self);
  GtkEventController *motion = gtk_event_controller_motion_new();
  g_signal_connect(motion, "enter", G_CALLBACK(on_motion), self);
  g_signal_connect(motion, "motion", G_CALLBACK(on_motion), self);
  g_signal_connect(motion, "leave", G_CALLBACK(on_leave), self);
  gtk_widget_add_controller(widget, motion);
  GtkGesture *drag = gtk_gesture_drag_new();
  g_signal_connect(drag, "drag-begin", G_CALLBACK(on_drag_begin), self);
  g_signal_connect(drag, "drag-update", G_CALLBACK(on_drag_update), self);
  g_signal_connect(drag, "drag-end", G_CALLBACK(on_drag_end), self);
  gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(drag));
  GtkEventController *scroll = gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  g_signal_connect(scroll, "scroll", G_CALLBACK(on_scroll), self);
  gtk_widget_add_controller(widget, scroll);
  GtkEventController *keys = gtk_event_controller_key_new();
  g_signal_connect(keys, "key-pressed", G_CALLBACK(on_key), self);
  gtk_widget_add_controller(widget, keys);
}

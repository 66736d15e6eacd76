/* SPDX-License-Identifier: MIT */
/* Drawing a timeline: band of pages, activity, idle stretches, marks, playhead. */
#include "sight-ui-timeline-draw.h"

#include "sight-ui-player.h"
#include "sight-ui-timeline-marks.h"
#include "sight-ui-tint.h"

#include <glib/gi18n-lib.h>

#define TOP_CURVE (SIGHT_UI_TIMELINE_BAND + SIGHT_UI_TIMELINE_GAP)
#define TOP_MARKS (TOP_CURVE + SIGHT_UI_TIMELINE_CURVE + 2)
/* Narrower ones have no room for words. */
#define LABEL_MIN_WIDTH 44
#define NOTE_WIDTH 9
#define NOTE_HEIGHT 10
#define STAR 12

static double to_x(const SightUiTimelineDrawing *d, double time_ms) {
  return sight_ui_timeline_span_to_x(d->span, time_ms, d->width);
}

static GdkRGBA with_alpha(GdkRGBA color, double alpha) {
  color.alpha = (float)alpha;
  return color;
}

static void fill(const SightUiTimelineDrawing *d, double x0, double x1, double y, double height, GdkRGBA color) {
  x0 = MAX(x0, 0.0);
  x1 = MIN(x1, d->width);
  if (x1 <= x0)
    return;
  graphene_rect_t rect = GRAPHENE_RECT_INIT((float)x0, (float)y, (float)(x1 - x0), (float)height);
  gtk_snapshot_append_color(d->snapshot, &color, &rect);
}

static void write_text(const SightUiTimelineDrawing *d, const char *text, double x, double y, double width,
                       double height, double alpha) {
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout(d->widget, text);
  g_autoptr(PangoAttrList) attributes = pango_attr_list_new();
  pango_attr_list_insert(attributes, pango_attr_scale_new(PANGO_SCALE_SMALL));
  pango_attr_list_insert(attributes, pango_attr_font_features_new("tnum=1"));
  pango_layout_set_attributes(layout, attributes);
  pango_layout_set_single_paragraph_mode(layout, TRUE);
  pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_MIDDLE);
  pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
  int text_height;
  pango_layout_get_pixel_size(layout, NULL, &text_height);
  GdkRGBA color = with_alpha(d->text, alpha);
  gtk_snapshot_save(d->snapshot);
  gtk_snapshot_translate(d->snapshot, &GRAPHENE_POINT_INIT((float)x, (float)(y + (height - text_height) / 2)));
  gtk_snapshot_append_layout(d->snapshot, layout, &color);
  gtk_snapshot_restore(d->snapshot);
}

/* The same page has the same tint wherever it comes again. */
static GdkRGBA page_tint(const char *page, gboolean dark) {
  static const char *const light_tints[] = {"#dbe8f8", "#dff0d8", "#f6e7d2", "#ecdff3",
                                            "#d8efee", "#f8e0e3", "#ebe9d3"};
  static const char *const dark_tints[] = {"#2b3d55", "#31462c", "#523f26", "#443350", "#264746", "#52323a", "#454228"};
  GdkRGBA color;
  guint index = g_str_hash(page ? page : "") % G_N_ELEMENTS(light_tints);
  gdk_rgba_parse(&color, dark ? dark_tints[index] : light_tints[index]);
  return color;
}

static void draw_page(const SightUiTimelineDrawing *d, const SightPageView *page, gint64 start_ms, gint64 end_ms) {
  double x0 = to_x(d, (double)start_ms), x1 = to_x(d, (double)end_ms);
  double left = MAX(x0, 0.0), right = MIN(x1, d->width);
  if (right <= left)
    return;
  fill(d, left, MAX(right - 1, left + 1), 0, SIGHT_UI_TIMELINE_BAND, page_tint(page->page, d->dark));
  if (right - left >= LABEL_MIN_WIDTH && page->page)
    write_text(d, page->page, left + 6, 0, right - left - 12, SIGHT_UI_TIMELINE_BAND, 0.85);
}

/* Of several tabs the band shows the one that was in front. */
static void draw_band(const SightUiTimelineDrawing *d) {
  fill(d, 0, d->width, 0, SIGHT_UI_TIMELINE_BAND, with_alpha(d->text, 0.06));
  if (!d->analysis)
    return;
  for (guint i = 0; i < d->analysis->pages->len; i++) {
    const SightPageView *page = g_ptr_array_index(d->analysis->pages, i);
    for (guint j = 0; j < d->analysis->spans->len; j++) {
      const SightWindowSpan *span = g_ptr_array_index(d->analysis->spans, j);
      if (g_strcmp0(span->window, page->window) != 0)
        continue;
      draw_page(d, page, MAX(page->start_ms, span->start_ms), MIN(page->end_ms, span->end_ms));
    }
  }
}

/* Stripes: nothing is known of this stretch, which is another thing than quiet. */
static void draw_gap(const SightUiTimelineDrawing *d, double x0, double x1) {
  graphene_rect_t area = GRAPHENE_RECT_INIT((float)x0, TOP_CURVE, (float)(x1 - x0), SIGHT_UI_TIMELINE_CURVE);
  cairo_t *cr = gtk_snapshot_append_cairo(d->snapshot, &area);
  GdkRGBA color = with_alpha(d->text, 0.3);
  gdk_cairo_set_source_rgba(cr, &color);
  cairo_set_line_width(cr, 1.5);
  for (double x = x0 - SIGHT_UI_TIMELINE_CURVE; x < x1; x += 6) {
    cairo_move_to(cr, x, TOP_CURVE + SIGHT_UI_TIMELINE_CURVE);
    cairo_line_to(cr, x + SIGHT_UI_TIMELINE_CURVE, TOP_CURVE);
  }
  cairo_stroke(cr);
  cairo_destroy(cr);
}

static void draw_idle(const SightUiTimelineDrawing *d) {
  for (guint i = 0; d->analysis && i < d->analysis->idle->len; i++) {
    const SightIdleSpan *span = &g_array_index(d->analysis->idle, SightIdleSpan, i);
    double x0 = MAX(to_x(d, (double)span->start_ms), 0.0), x1 = MIN(to_x(d, (double)span->end_ms), d->width);
    if (x1 - x0 < 1)
      continue;
    fill(d, x0, x1, TOP_CURVE, SIGHT_UI_TIMELINE_CURVE, with_alpha(d->text, 0.08));
    if (span->missing)
      draw_gap(d, x0, x1);
    if (span->missing || x1 - x0 < LABEL_MIN_WIDTH + 20)
      continue;
    g_autofree char *time = sight_ui_format_time(span->end_ms - span->start_ms);
    /* Translators: nothing happened for so long, "idle 1:14". */
    g_autofree char *text = g_strdup_printf(_("idle %s"), time);
    write_text(d, text, x0 + 6, TOP_CURVE, x1 - x0 - 8, SIGHT_UI_TIMELINE_CURVE, 0.6);
  }
}

/* Two strokes through the curve, as where an axis is cut. */
static void draw_breaks(const SightUiTimelineDrawing *d) {
  for (guint i = 0; d->span->breaks && i < d->span->breaks->len; i++) {
    const SightUiTimelineBreak *fold = &g_array_index(d->span->breaks, SightUiTimelineBreak, i);
    /* At its end: before it there may be words. */
    double x = to_x(d, fold->end_ms) - 6;
    if (x < -8 || x > d->width + 8)
      continue;
    graphene_rect_t area = GRAPHENE_RECT_INIT((float)x - 8, TOP_CURVE, 16, SIGHT_UI_TIMELINE_CURVE);
    cairo_t *cr = gtk_snapshot_append_cairo(d->snapshot, &area);
    GdkRGBA color = with_alpha(d->text, 0.45);
    gdk_cairo_set_source_rgba(cr, &color);
    cairo_set_line_width(cr, 1.5);
    for (int stroke = -1; stroke <= 1; stroke += 2) {
      cairo_move_to(cr, x + stroke * 2.5 - 2.5, TOP_CURVE + SIGHT_UI_TIMELINE_CURVE - 8);
      cairo_line_to(cr, x + stroke * 2.5 + 2.5, TOP_CURVE + 8);
    }
    cairo_stroke(cr);
    cairo_destroy(cr);
  }
}

/* The clicks of a session are spikes; what reads at a glance is where there were many. */
static double smooth(const guint8 *curve, int at) {
  static const int weights[] = {6, 5, 4, 2, 1};
  double sum = 0.0, weight = 0.0;
  for (int i = -4; i <= 4; i++) {
    if (at + i < 0 || at + i >= SIGHT_CURVE_BINS)
      continue;
    sum += curve[at + i] * weights[ABS(i)];
    weight += weights[ABS(i)];
  }
  return sum / weight;
}

static void draw_curve(const SightUiTimelineDrawing *d) {
  double bottom = TOP_CURVE + SIGHT_UI_TIMELINE_CURVE;
  if (d->analysis && d->analysis->curve && d->duration_ms > 0) {
    graphene_rect_t area = GRAPHENE_RECT_INIT(0, TOP_CURVE, (float)d->width, SIGHT_UI_TIMELINE_CURVE);
    cairo_t *cr = gtk_snapshot_append_cairo(d->snapshot, &area);
    double bin_ms = (double)d->duration_ms / SIGHT_CURVE_BINS;
    cairo_rectangle(cr, 0, TOP_CURVE, d->width, SIGHT_UI_TIMELINE_CURVE);
    cairo_clip(cr);
    cairo_move_to(cr, to_x(d, 0), bottom);
    double highest = 1.0;
    for (int i = 0; i < SIGHT_CURVE_BINS; i++)
      highest = MAX(highest, smooth(d->analysis->curve, i));
    for (int i = 0; i < SIGHT_CURVE_BINS; i++) {
      double height = smooth(d->analysis->curve, i) / highest * (SIGHT_UI_TIMELINE_CURVE - 2);
      cairo_line_to(cr, to_x(d, (i + 0.5) * bin_ms), bottom - height);
    }
    cairo_line_to(cr, to_x(d, (double)d->duration_ms), bottom);
    cairo_close_path(cr);
    GdkRGBA color = with_alpha(d->text, 0.32);
    gdk_cairo_set_source_rgba(cr, &color);
    cairo_fill(cr);
    cairo_destroy(cr);
  }
  fill(d, 0, d->width, bottom, 1, with_alpha(d->text, 0.25));
}

static void draw_mark(const SightUiTimelineDrawing *d, const SightUiMark *mark) {
  double y = TOP_MARKS + mark->lane * SIGHT_UI_TIMELINE_MARK + 1;
  GdkRGBA color;
  sight_ui_signal_color(mark->kind, d->dark, &color);
  sight_ui_signal_draw(d->widget, d->snapshot, mark->kind, &color, (float)mark->x, (float)y + 7, 14);
  if (mark->count < 2)
    return;
  /* Translators: so many more signals stand at one place, "+2" */
  g_autofree char *count = g_strdup_printf(_("+%u"), mark->count - 1);
  write_text(d, count, mark->x + 8, y, 30, 14, 0.8);
}

GArray *sight_ui_timeline_marks(const SightAnalysis *analysis, const SightUiTimelineSpan *span, double width) {
  return sight_ui_marks_layout(analysis->signals, span, width, SIGHT_UI_TIMELINE_MARK + 4, SIGHT_UI_TIMELINE_LANES);
}

static void draw_marks(const SightUiTimelineDrawing *d) {
  if (!d->analysis)
    return;
  g_autoptr(GArray) marks = sight_ui_timeline_marks(d->analysis, d->span, d->width);
  for (guint i = 0; i < marks->len; i++)
    draw_mark(d, &g_array_index(marks, SightUiMark, i));
}

/* A flag on the line that separates curve and band, where its moment is; a stretch has a bar up to its end. */
static void draw_note(const SightUiTimelineDrawing *d, const SightNote *note) {
  double x = to_x(d, (double)MAX(note->annotation->at_ms, 0));
  GdkRGBA colour = with_alpha(d->text, 0.8);
  sight_ui_tint(sight_ui_notes_get_colour(d->notes, note), &d->text, &colour);
  if (note->end_ms > note->annotation->at_ms)
    fill(d, x, to_x(d, (double)note->end_ms), TOP_CURVE, 2, colour);
  if (x < -NOTE_WIDTH || x > d->width + NOTE_WIDTH)
    return;
  gboolean is_new = sight_ui_notes_is_new(d->notes, note->annotation);
  for (guint i = 0; i < note->replies->len; i++)
    is_new = is_new || sight_ui_notes_is_new(d->notes, note->replies->pdata[i]);
  /* What is new has a stronger pole. */
  fill(d, x, x + (is_new ? 3 : 1.5), TOP_CURVE, SIGHT_UI_TIMELINE_CURVE, is_new ? d->accent : colour);
  graphene_rect_t area = GRAPHENE_RECT_INIT((float)x, TOP_CURVE, NOTE_WIDTH, NOTE_HEIGHT);
  cairo_t *cr = gtk_snapshot_append_cairo(d->snapshot, &area);
  gdk_cairo_set_source_rgba(cr, &colour);
  cairo_move_to(cr, x, TOP_CURVE);
  cairo_line_to(cr, x + NOTE_WIDTH, TOP_CURVE + NOTE_HEIGHT / 2.0);
  cairo_line_to(cr, x, TOP_CURVE + NOTE_HEIGHT);
  cairo_close_path(cr);
  cairo_fill(cr);
  cairo_destroy(cr);
}

static void draw_notes(const SightUiTimelineDrawing *d) {
  GPtrArray *list = sight_ui_notes_get_list(d->notes);
  for (guint i = 0; i < list->len; i++)
    draw_note(d, list->pdata[i]);
}

/* At the foot of the curve, where no flag hangs; of those that stand on each other one is enough. */
static void draw_reached(const SightUiTimelineDrawing *d) {
  double last = -STAR;
  for (guint i = 0; i < d->reached->len; i++) {
    double x = to_x(d, (double)g_array_index(d->reached, SightReached, i).at_ms);
    if (x < -STAR || x > d->width + STAR || (i > 0 && x - last < STAR / 2.0))
      continue;
    last = x;
    /* Whole at both ends. */
    x = CLAMP(x, STAR / 2.0, d->width - STAR / 2.0);
    sight_ui_icon_draw(d->widget, d->snapshot, "starred-symbolic", &d->text, (float)x,
                       TOP_CURVE + SIGHT_UI_TIMELINE_CURVE - STAR / 2.0f - 1, STAR);
  }
}

static void draw_playhead(const SightUiTimelineDrawing *d) {
  if (d->hover_x >= 0)
    fill(d, d->hover_x - 0.5, d->hover_x + 0.5, 0, SIGHT_UI_TIMELINE_HEIGHT, with_alpha(d->text, 0.35));
  double x = to_x(d, (double)d->position_ms);
  if (x < -4 || x > d->width + 4)
    return;
  double from = CLAMP(x - 1, 0.0, d->width - 2);
  fill(d, from, from + 2, 0, SIGHT_UI_TIMELINE_HEIGHT, d->accent);
  graphene_rect_t knob = GRAPHENE_RECT_INIT((float)(from - 4), -2, 10, 10);
  GskRoundedRect round;
  gsk_rounded_rect_init_from_rect(&round, &knob, 5);
  gtk_snapshot_push_rounded_clip(d->snapshot, &round);
  gtk_snapshot_append_color(d->snapshot, &d->accent, &knob);
  gtk_snapshot_pop(d->snapshot);
}

/* A grip that can be told from the knob of the playhead: it stands at the foot, inside the range. */
static void draw_point(const SightUiTimelineDrawing *d, gint64 at_ms, int inward) {
  double x = to_x(d, (double)at_ms);
  if (x < -2 || x > d->width + 2)
    return;
  double left = CLAMP(inward > 0 ? x : x - 2, 0.0, d->width - 2);
  fill(d, left, left + 2, 0, SIGHT_UI_TIMELINE_HEIGHT, with_alpha(d->accent, 0.9));
  graphene_rect_t grip =
      GRAPHENE_RECT_INIT((float)(inward > 0 ? left : left - 5), SIGHT_UI_TIMELINE_HEIGHT - 14, 7, 14);
  GskRoundedRect round;
  gsk_rounded_rect_init(&round, &grip, &GRAPHENE_SIZE_INIT(inward < 0 ? 3 : 0, inward < 0 ? 3 : 0),
                        &GRAPHENE_SIZE_INIT(inward > 0 ? 3 : 0, inward > 0 ? 3 : 0),
                        &GRAPHENE_SIZE_INIT(inward > 0 ? 3 : 0, inward > 0 ? 3 : 0),
                        &GRAPHENE_SIZE_INIT(inward < 0 ? 3 : 0, inward < 0 ? 3 : 0));
  gtk_snapshot_push_rounded_clip(d->snapshot, &round);
  gtk_snapshot_append_color(d->snapshot, &d->accent, &grip);
  gtk_snapshot_pop(d->snapshot);
}

static void draw_range(const SightUiTimelineDrawing *d) {
  if (d->in_ms < 0 && d->out_ms < 0)
    return;
  double from = d->in_ms >= 0 ? to_x(d, (double)d->in_ms) : to_x(d, 0);
  double to = d->out_ms >= 0 ? to_x(d, (double)d->out_ms) : to_x(d, (double)d->duration_ms);
  fill(d, from, to, 0, SIGHT_UI_TIMELINE_HEIGHT, with_alpha(d->accent, d->dark ? 0.22 : 0.14));
  if (d->in_ms >= 0)
    draw_point(d, d->in_ms, 1);
  if (d->out_ms >= 0)
    draw_point(d, d->out_ms, -1);
}

/* Which part of the whole is visible, where that is not everything. */
static void draw_overview(const SightUiTimelineDrawing *d) {
  if (sight_ui_timeline_span_is_whole(d->span) || d->span->whole_ms <= 0)
    return;
  double scale = d->width / d->span->whole_ms;
  double from = d->span->from_ms * scale, to = MAX(d->span->to_ms * scale, from + 8);
  fill(d, 0, d->width, SIGHT_UI_TIMELINE_HEIGHT + 1, 2, with_alpha(d->text, 0.12));
  fill(d, from, to, SIGHT_UI_TIMELINE_HEIGHT + 1, 2, with_alpha(d->text, 0.55));
}

void sight_ui_timeline_draw(const SightUiTimelineDrawing *d) {
  graphene_rect_t area = GRAPHENE_RECT_INIT(-6, -3, (float)d->width + 12, SIGHT_UI_TIMELINE_HEIGHT + 6);
  gtk_snapshot_push_clip(d->snapshot, &area);
  draw_band(d);
  draw_idle(d);
  draw_curve(d);
  draw_breaks(d);
  draw_range(d);
  draw_marks(d);
  draw_notes(d);
  draw_reached(d);
  draw_overview(d);
  if (d->duration_ms > 0)
    draw_playhead(d);
  gtk_snapshot_pop(d->snapshot);
}

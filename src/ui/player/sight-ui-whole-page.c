/* SPDX-License-Identifier: MIT */
/* A view of a page that is asked for its height once it is shown, and then given it. */
#include "sight-ui-whole-page.h"

#include "sight-json-writer.h"
#include "sight-ui-guard.h"
#include "sight-ui-replay-view.h"

#include <math.h>

#define FIRST_HEIGHT 400

struct _SightUiWholePage {
  GtkWidget parent_instance;
  GtkWidget *view;
  GStrv selectors;
  GArray *boxes; /* of graphene_rect_t, in px of the page; of what is not there the width is 0 */
  int width, height;
  gboolean drawn, laid_out;
  GCancellable *cancel; /* of what is asked of the page */
  double scale;         /* that it was told */
};

G_DEFINE_FINAL_TYPE(SightUiWholePage, sight_ui_whole_page, GTK_TYPE_WIDGET)

enum { LAID_OUT, FAILED, N_SIGNALS };
static guint signals[N_SIGNALS];

static double scale_for(SightUiWholePage *self, int width) {
  return self->width > 0 ? MIN(1.0, (double)width / self->width) : 1;
}

static void tell_scale(SightUiWholePage *self) {
  double scale = scale_for(self, gtk_widget_get_width(GTK_WIDGET(self)));
  WebKitWebView *web = WEBKIT_WEB_VIEW(gtk_widget_get_first_child(self->view));
  GVariantDict arguments;

  if (!self->laid_out || scale == self->scale)
    return;
  self->scale = scale;
  g_variant_dict_init(&arguments, NULL);
  g_variant_dict_insert(&arguments, "scale", "d", scale);
  webkit_web_view_call_async_javascript_function(web, "return sight.zoom(scale, 0.5, 0)", -1,
                                                 g_variant_dict_end(&arguments), SIGHT_UI_GUARD_WORLD, NULL,
                                                 self->cancel, NULL, NULL);
}

static int integer_of(JSCValue *object, const char *name) {
  g_autoptr(JSCValue) value = jsc_value_object_get_property(object, name);

  return jsc_value_is_number(value) ? CLAMP(jsc_value_to_int32(value), 0, G_MAXINT16) : 0;
}

static float number_at(JSCValue *list, guint index) {
  g_autoptr(JSCValue) value = jsc_value_object_get_property_at_index(list, index);

  return (float)jsc_value_to_double(value);
}

static void take_boxes(SightUiWholePage *self, JSCValue *answer) {
  g_autoptr(JSCValue) boxes = jsc_value_object_get_property(answer, "boxes");

  for (guint i = 0; i < g_strv_length(self->selectors); i++) {
    g_autoptr(JSCValue) box = jsc_value_object_get_property_at_index(boxes, i);
    graphene_rect_t rect = GRAPHENE_RECT_INIT(0, 0, 0, 0);
    if (jsc_value_is_array(box))
      rect = GRAPHENE_RECT_INIT(number_at(box, 0), number_at(box, 1), number_at(box, 2), number_at(box, 3));
    g_array_append_val(self->boxes, rect);
  }
}

static void on_whole(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiWholePage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JSCValue) answer =
      webkit_web_view_call_async_javascript_function_finish(WEBKIT_WEB_VIEW(source), result, &error);

  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->view == NULL)
    return;
  if (answer == NULL) {
    g_signal_emit(self, signals[FAILED], 0, error->message);
    return;
  }
  self->width = integer_of(answer, "width");
  self->height = integer_of(answer, "height");
  g_array_set_size(self->boxes, 0);
  take_boxes(self, answer);
  self->laid_out = TRUE;
  self->scale = 0;
  gtk_widget_queue_resize(GTK_WIDGET(self));
  g_signal_emit(self, signals[LAID_OUT], 0);
}

static void find_boxes(SightUiWholePage *self) {
  WebKitWebView *web = WEBKIT_WEB_VIEW(gtk_widget_get_first_child(self->view));
  g_autoptr(GString) json = g_string_new(NULL);
  SightJsonWriter writer = {.out = json};
  GVariantDict arguments;

  /* Lists are no arguments that the view would take. */
  sight_json_begin_array(&writer);
  for (guint i = 0; self->selectors[i] != NULL; i++)
    sight_json_put_string(&writer, self->selectors[i]);
  sight_json_end_array(&writer);
  g_variant_dict_init(&arguments, NULL);
  g_variant_dict_insert(&arguments, "selectors", "s", json->str);
  webkit_web_view_call_async_javascript_function(web, "return sight.whole(JSON.parse(selectors))", -1,
                                                 g_variant_dict_end(&arguments), SIGHT_UI_GUARD_WORLD, NULL,
                                                 self->cancel, on_whole, g_object_ref(self));
}

static void shown(SightUiWholePage *self) {
  self->drawn = TRUE;
  find_boxes(self);
}

static void failed(SightUiWholePage *self, const char *message) {
  self->drawn = FALSE;
  g_signal_emit(self, signals[FAILED], 0, message);
}

/* What was asked before is not answered. */
static void look_for(SightUiWholePage *self, const char *const *selectors) {
  g_cancellable_cancel(self->cancel);
  g_object_unref(self->cancel);
  self->cancel = g_cancellable_new();
  g_strfreev(self->selectors);
  self->selectors = g_strdupv((char **)selectors);
}

void sight_ui_whole_page_find(SightUiWholePage *self, const char *const *selectors) {
  look_for(self, selectors);
  if (self->drawn)
    find_boxes(self);
}

void sight_ui_whole_page_show(SightUiWholePage *self, SightUiReel *reel, guint window, gint64 at_ms,
                              const char *const *selectors) {
  look_for(self, selectors);
  self->drawn = self->laid_out = FALSE;
  sight_ui_replay_view_set_reel(SIGHT_UI_REPLAY_VIEW(self->view), reel);
  sight_ui_replay_view_show(SIGHT_UI_REPLAY_VIEW(self->view), window, at_ms, FALSE, 1);
}

gboolean sight_ui_whole_page_is_laid_out(SightUiWholePage *self) {
  return self->laid_out;
}

/* As the page places itself (src/web/player/zoom.js): in the middle, from the top. */
void sight_ui_whole_page_get_area(SightUiWholePage *self, graphene_rect_t *area) {
  int width = gtk_widget_get_width(GTK_WIDGET(self));
  double scale = scale_for(self, width), shown_width = self->width * scale;

  graphene_rect_init(area, (float)round((width - shown_width) / 2), 0, (float)shown_width,
                     (float)(self->height * scale));
}

gboolean sight_ui_whole_page_get_box(SightUiWholePage *self, guint selector, graphene_rect_t *box) {
  graphene_rect_t area;

  if (selector >= self->boxes->len || g_array_index(self->boxes, graphene_rect_t, selector).size.width <= 0)
    return FALSE;
  sight_ui_whole_page_get_area(self, &area);
  float scale = self->width > 0 ? area.size.width / (float)self->width : 1;
  graphene_rect_scale(&g_array_index(self->boxes, graphene_rect_t, selector), scale, scale, box);
  graphene_rect_offset(box, area.origin.x, area.origin.y);
  return TRUE;
}

static void pictured(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  GdkTexture *picture = sight_ui_replay_view_snapshot_finish(SIGHT_UI_REPLAY_VIEW(source), result, &error);

  if (picture != NULL)
    g_task_return_pointer(task, picture, g_object_unref);
  else
    g_task_return_error(task, error);
}

void sight_ui_whole_page_picture_async(SightUiWholePage *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                       gpointer user_data) {
  GTask *task = g_task_new(self, cancellable, callback, user_data);

  sight_ui_replay_view_snapshot_async(SIGHT_UI_REPLAY_VIEW(self->view), cancellable, pictured, task);
}

GdkTexture *sight_ui_whole_page_picture_finish(SightUiWholePage *self, GAsyncResult *result, GError **error) {
  g_return_val_if_fail(g_task_is_valid(result, self), NULL);
  return g_task_propagate_pointer(G_TASK(result), error);
}

static GtkSizeRequestMode get_request_mode(GtkWidget *widget) {
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                    int *minimum_baseline, int *natural_baseline) {
  SightUiWholePage *self = SIGHT_UI_WHOLE_PAGE(widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = 120;
    *natural = MAX(self->width, 120);
  } else {
    int width = for_size >= 0 ? for_size : gtk_widget_get_width(widget);
    *minimum = *natural = self->laid_out ? (int)ceil(self->height * scale_for(self, width)) : FIRST_HEIGHT;
  }
}

static void size_allocate(GtkWidget *widget, int width, int height, int baseline) {
  SightUiWholePage *self = SIGHT_UI_WHOLE_PAGE(widget);

  gtk_widget_allocate(self->view, width, height, baseline, NULL);
  tell_scale(self);
}

static void dispose(GObject *object) {
  SightUiWholePage *self = SIGHT_UI_WHOLE_PAGE(object);

  g_cancellable_cancel(self->cancel);
  g_clear_pointer(&self->view, gtk_widget_unparent);
  G_OBJECT_CLASS(sight_ui_whole_page_parent_class)->dispose(object);
}

static void finalize(GObject *object) {
  SightUiWholePage *self = SIGHT_UI_WHOLE_PAGE(object);

  g_object_unref(self->cancel);
  g_strfreev(self->selectors);
  g_array_unref(self->boxes);
  G_OBJECT_CLASS(sight_ui_whole_page_parent_class)->finalize(object);
}

static void sight_ui_whole_page_class_init(SightUiWholePageClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  GType type = SIGHT_UI_TYPE_WHOLE_PAGE;

  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
  widget_class->get_request_mode = get_request_mode;
  widget_class->measure = measure;
  widget_class->size_allocate = size_allocate;
  signals[LAID_OUT] = g_signal_new("laid-out", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_css_name(widget_class, "whole-page");
}

static void sight_ui_whole_page_init(SightUiWholePage *self) {
  self->cancel = g_cancellable_new();
  self->boxes = g_array_new(FALSE, FALSE, sizeof(graphene_rect_t));
  self->selectors = g_new0(char *, 1);
  self->view = sight_ui_replay_view_new();
  gtk_widget_set_parent(self->view, GTK_WIDGET(self));
  g_signal_connect_object(self->view, "shown", G_CALLBACK(shown), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->view, "failed", G_CALLBACK(failed), self, G_CONNECT_SWAPPED);
}

GtkWidget *sight_ui_whole_page_new(void) {
  return g_object_new(SIGHT_UI_TYPE_WHOLE_PAGE, NULL);
}

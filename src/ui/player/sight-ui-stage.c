/* SPDX-License-Identifier: MIT */
/* SightUiStage: pointer and keys become commands to the page, at most one question at a time. */
#include "sight-ui-stage.h"

#include "sight-ui-compat.h"
#include "sight-ui-guard.h"
#include "sight-ui-zoom.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <math.h>

#define WHEEL_PX 60.0
#define KEY_SHARE 0.2 /* of the view */
#define GROUND_SHARE 0.09

struct _SightUiStage {
  GObject parent_instance;
  GtkWidget *view; /* it owns the stage's controllers, and lives longer than the stage */
  WebKitWebView *web;
  GCancellable *cancellable;
  SightUiZoom zoom;
  int page_width, page_height;
  double pointer_x, pointer_y; /* < 0: elsewhere */
  double drag_x, drag_y;       /* what of a drag has been moved by now */
  gboolean picking, asking, wants_ask, wants_choice;
  int marked;
};

G_DEFINE_FINAL_TYPE(SightUiStage, sight_ui_stage, G_TYPE_OBJECT)

enum { PROP_ZOOM_TEXT = 1, PROP_PICKING, N_PROPS };
static GParamSpec *props[N_PROPS];
static guint signal_picked;

static SightUiZoomSizes sizes_of(SightUiStage *self) {
  return (SightUiZoomSizes){self->page_width, self->page_height, gtk_widget_get_width(self->view),
                            gtk_widget_get_height(self->view)};
}

static void call(SightUiStage *self, const char *body, GVariantDict *arguments, GAsyncReadyCallback callback) {
  webkit_web_view_call_async_javascript_function(self->web, body, -1, g_variant_dict_end(arguments),
                                                 SIGHT_UI_GUARD_WORLD, NULL, self->cancellable, callback,
                                                 callback ? g_object_ref(self) : NULL);
}

static void update_cursor(SightUiStage *self) {
  SightUiZoomSizes sizes = sizes_of(self);
  gboolean can_pan = sight_ui_zoom_can_pan(&self->zoom, &sizes);
  gtk_widget_set_cursor_from_name(self->view, self->picking ? "crosshair" : can_pan ? "grab" : NULL);
}

static void send_zoom(SightUiStage *self) {
  GVariantDict arguments;
  g_variant_dict_init(&arguments, NULL);
  g_variant_dict_insert(&arguments, "scale", "d", self->zoom.scale);
  g_variant_dict_insert(&arguments, "x", "d", self->zoom.x);
  g_variant_dict_insert(&arguments, "y", "d", self->zoom.y);
  call(self, "return sight.zoom(scale, x, y)", &arguments, NULL);
  update_cursor(self);
}

static void zoom_to(SightUiStage *self, double scale, gboolean at_pointer) {
  SightUiZoomSizes sizes = sizes_of(self);
  gboolean here = at_pointer && self->pointer_x >= 0;
  sight_ui_zoom_to(&self->zoom, &sizes, scale, here ? self->pointer_x : sizes.view_width / 2,
                   here ? self->pointer_y : sizes.view_height / 2);
  send_zoom(self);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_ZOOM_TEXT]);
}

static void pan_by(SightUiStage *self, double dx, double dy) {
  SightUiZoomSizes sizes = sizes_of(self);
  sight_ui_zoom_pan(&self->zoom, &sizes, dx, dy);
  send_zoom(self);
}

static void ask(SightUiStage *self);

static void on_answer(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiStage) self = user_data;
  g_autoptr(JSCValue) answer =
      webkit_web_view_call_async_javascript_function_finish(WEBKIT_WEB_VIEW(source), result, NULL);
  if (g_cancellable_is_cancelled(self->cancellable))
    return;
  self->asking = FALSE;
  if (self->wants_ask) {
    ask(self);
    return;
  }
  int node = answer && jsc_value_is_number(answer) ? jsc_value_to_int32(answer) : 0;
  if (!self->wants_choice)
    return;
  self->wants_choice = FALSE;
  g_signal_emit(self, signal_picked, 0, MAX(node, 0));
}

/* Which element is under the pointer; the page marks it. */
static void ask(SightUiStage *self) {
  self->wants_ask = self->asking;
  if (self->asking)
    return;
  GVariantDict arguments;
  g_variant_dict_init(&arguments, NULL);
  g_variant_dict_insert(&arguments, "x", "d", self->pointer_x);
  g_variant_dict_insert(&arguments, "y", "d", self->pointer_y);
  self->asking = TRUE;
  call(self, "return sight.pick(x, y)", &arguments, on_answer);
}

void sight_ui_stage_mark(SightUiStage *self, int node) {
  g_return_if_fail(SIGHT_UI_IS_STAGE(self));
  GVariantDict arguments;
  self->marked = node;
  g_variant_dict_init(&arguments, NULL);
  g_variant_dict_insert(&arguments, "id", "i", node);
  call(self, "return sight.mark(id)", &arguments, NULL);
}

static void set_picking(SightUiStage *self, gboolean picking) {
  if (self->picking == picking)
    return;
  self->picking = picking;
  update_cursor(self);
  if (picking && self->pointer_x >= 0)
    ask(self);
  else if (!picking)
    sight_ui_stage_mark(self, self->marked);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_PICKING]);
}

static void on_motion(GtkEventControllerMotion *controller, double x, double y, SightUiStage *self) {
  self->pointer_x = x;
  self->pointer_y = y;
  if (self->picking)
    ask(self);
}

static void on_leave(GtkEventControllerMotion *controller, SightUiStage *self) {
  self->pointer_x = self->pointer_y = -1;
  if (self->picking)
    sight_ui_stage_mark(self, self->marked);
}

static gboolean on_scroll(GtkEventControllerScroll *controller, double dx, double dy, SightUiStage *self) {
  GdkModifierType state = gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(controller));
  SightUiZoomSizes sizes = sizes_of(self);
  if (state & GDK_CONTROL_MASK) {
    zoom_to(self, sight_ui_zoom_scale(&self->zoom, &sizes) * pow(1.1, -dy), TRUE);
    return TRUE;
  }
  if (!sight_ui_zoom_can_pan(&self->zoom, &sizes))
    return FALSE;
  gboolean sideways = (state & GDK_SHIFT_MASK) != 0;
  pan_by(self, (sideways ? dy : dx) * WHEEL_PX, (sideways ? dx : dy) * WHEEL_PX);
  return TRUE;
}

static void on_drag_begin(GtkGestureDrag *drag, double x, double y, SightUiStage *self) {
  self->drag_x = self->drag_y = 0;
}

static void on_drag_update(GtkGestureDrag *drag, double x, double y, SightUiStage *self) {
  SightUiZoomSizes sizes = sizes_of(self);
  if (self->picking || !sight_ui_zoom_can_pan(&self->zoom, &sizes))
    return;
  pan_by(self, self->drag_x - x, self->drag_y - y);
  self->drag_x = x;
  self->drag_y = y;
}

static void on_released(GtkGestureClick *click, int n_press, double x, double y, SightUiStage *self) {
  if (!self->picking)
    return;
  self->pointer_x = x;
  self->pointer_y = y;
  self->wants_choice = TRUE;
  ask(self);
}

static void on_zoom(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiStage *self = user_data;
  SightUiZoomSizes sizes = sizes_of(self);
  const char *name = g_action_get_name(G_ACTION(action));
  double scale = sight_ui_zoom_scale(&self->zoom, &sizes);
  if (g_str_has_suffix(name, "-in")) {
    zoom_to(self, sight_ui_zoom_step(scale, 1), FALSE);
  } else if (g_str_has_suffix(name, "-out")) {
    zoom_to(self, sight_ui_zoom_step(scale, -1), FALSE);
  } else if (g_str_has_suffix(name, "-actual")) {
    zoom_to(self, 1.0, FALSE);
  } else {
    sight_ui_zoom_reset(&self->zoom);
    send_zoom(self);
    g_object_notify_by_pspec(G_OBJECT(self), props[PROP_ZOOM_TEXT]);
  }
}

static void on_pan(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiStage *self = user_data;
  SightUiZoomSizes sizes = sizes_of(self);
  const char *name = g_action_get_name(G_ACTION(action));
  double dx = g_str_has_suffix(name, "left") ? -1 : g_str_has_suffix(name, "right") ? 1 : 0;
  double dy = g_str_has_suffix(name, "up") ? -1 : g_str_has_suffix(name, "down") ? 1 : 0;
  pan_by(self, dx * KEY_SHARE * sizes.view_width, dy * KEY_SHARE * sizes.view_height);
}

/* A page that is loaded anew knows nothing of it. */
static void on_message(WebKitUserContentManager *manager, JSCValue *value, SightUiStage *self) {
  g_autofree char *what = jsc_value_to_string(value);
  if (g_strcmp0(what, "ready") == 0)
    send_zoom(self);
}

/* The ground on which the page lies, as in sight-ui-player.css. Where nothing accelerates drawing, what lay on a ground
 * that can be seen through would stay there for ever. */
static void update_ground(SightUiStage *self) {
  GdkRGBA back, front;
  if (!sight_ui_compat_colour(self->view, "window_bg_color", &back) ||
      !sight_ui_compat_colour(self->view, "window_fg_color", &front))
    return;
  float share = (float)GROUND_SHARE * front.alpha;
  GdkRGBA ground = {back.red + (front.red - back.red) * share, back.green + (front.green - back.green) * share,
                    back.blue + (front.blue - back.blue) * share, 1.0f};
  webkit_web_view_set_background_color(self->web, &ground);
}

void sight_ui_stage_set_page_size(SightUiStage *self, int width, int height) {
  g_return_if_fail(SIGHT_UI_IS_STAGE(self));
  self->page_width = width;
  self->page_height = height;
  update_cursor(self);
}

static void add_controllers(SightUiStage *self) {
  GtkEventController *motion = gtk_event_controller_motion_new();
  g_signal_connect_object(motion, "enter", G_CALLBACK(on_motion), self, 0);
  g_signal_connect_object(motion, "motion", G_CALLBACK(on_motion), self, 0);
  g_signal_connect_object(motion, "leave", G_CALLBACK(on_leave), self, 0);
  gtk_widget_add_controller(self->view, motion);
  GtkEventController *scroll = gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  g_signal_connect_object(scroll, "scroll", G_CALLBACK(on_scroll), self, 0);
  gtk_widget_add_controller(self->view, scroll);
  GtkGesture *drag = gtk_gesture_drag_new();
  g_signal_connect_object(drag, "drag-begin", G_CALLBACK(on_drag_begin), self, 0);
  g_signal_connect_object(drag, "drag-update", G_CALLBACK(on_drag_update), self, 0);
  gtk_widget_add_controller(self->view, GTK_EVENT_CONTROLLER(drag));
  GtkGesture *click = gtk_gesture_click_new();
  g_signal_connect_object(click, "released", G_CALLBACK(on_released), self, 0);
  gtk_widget_add_controller(self->view, GTK_EVENT_CONTROLLER(click));
}

SightUiStage *sight_ui_stage_new(SightUiReplayView *view, GActionMap *actions) {
  static const GActionEntry entries[] = {
      {.name = "zoom-in", .activate = on_zoom},  {.name = "zoom-out", .activate = on_zoom},
      {.name = "zoom-fit", .activate = on_zoom}, {.name = "zoom-actual", .activate = on_zoom},
      {.name = "pan-left", .activate = on_pan},  {.name = "pan-right", .activate = on_pan},
      {.name = "pan-up", .activate = on_pan},    {.name = "pan-down", .activate = on_pan},
  };
  SightUiStage *self = g_object_new(SIGHT_UI_TYPE_STAGE, NULL);
  self->view = GTK_WIDGET(view);
  self->web = WEBKIT_WEB_VIEW(gtk_widget_get_first_child(self->view));
  g_action_map_add_action_entries(actions, entries, G_N_ELEMENTS(entries), self);
  g_autoptr(GPropertyAction) pick = g_property_action_new("pick", self, "picking");
  g_action_map_add_action(actions, G_ACTION(pick));
  g_signal_connect_object(webkit_web_view_get_user_content_manager(self->web), "script-message-received::sight",
                          G_CALLBACK(on_message), self, 0);
  g_signal_connect_object(view, "map", G_CALLBACK(update_ground), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(adw_style_manager_get_default(), "notify::dark", G_CALLBACK(update_ground), self,
                          G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  add_controllers(self);
  return self;
}

static void sight_ui_stage_get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec) {
  SightUiStage *self = SIGHT_UI_STAGE(object);
  if (id == PROP_PICKING)
    g_value_set_boolean(value, self->picking);
  else if (self->zoom.scale > 0)
    g_value_take_string(value, g_strdup_printf(_("%d%%"), (int)lround(self->zoom.scale * 100)));
  else
    g_value_set_static_string(value, _("Fit"));
}

static void sight_ui_stage_set_property(GObject *object, guint id, const GValue *value, GParamSpec *pspec) {
  set_picking(SIGHT_UI_STAGE(object), g_value_get_boolean(value));
}

static void sight_ui_stage_dispose(GObject *object) {
  SightUiStage *self = SIGHT_UI_STAGE(object);
  if (self->cancellable)
    g_cancellable_cancel(self->cancellable);
  G_OBJECT_CLASS(sight_ui_stage_parent_class)->dispose(object);
}

static void sight_ui_stage_finalize(GObject *object) {
  g_clear_object(&SIGHT_UI_STAGE(object)->cancellable);
  G_OBJECT_CLASS(sight_ui_stage_parent_class)->finalize(object);
}

static void sight_ui_stage_class_init(SightUiStageClass *klass) {
  GObjectClass *object_class = G_OBJECT_CLASS(klass);
  GParamFlags read = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  object_class->get_property = sight_ui_stage_get_property;
  object_class->set_property = sight_ui_stage_set_property;
  object_class->dispose = sight_ui_stage_dispose;
  object_class->finalize = sight_ui_stage_finalize;
  props[PROP_ZOOM_TEXT] = g_param_spec_string("zoom-text", NULL, NULL, NULL, read);
  props[PROP_PICKING] = g_param_spec_boolean("picking", NULL, NULL, FALSE, read | G_PARAM_WRITABLE);
  g_object_class_install_properties(object_class, N_PROPS, props);
  signal_picked =
      g_signal_new("picked", SIGHT_UI_TYPE_STAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void sight_ui_stage_init(SightUiStage *self) {
  self->cancellable = g_cancellable_new();
  self->pointer_x = self->pointer_y = -1;
  sight_ui_zoom_reset(&self->zoom);
}

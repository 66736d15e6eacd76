/* SPDX-License-Identifier: MIT */
/* SightUiRange: two points that never cross. */
#include "sight-ui-range.h"

struct _SightUiRange {
  GObject parent_instance;
  gint64 in_ms, out_ms;
  gboolean loop;
};

G_DEFINE_FINAL_TYPE(SightUiRange, sight_ui_range, G_TYPE_OBJECT)

enum { PROP_LOOP = 1, N_PROPS };
static GParamSpec *props[N_PROPS];
static guint signal_changed;

SightUiRange *sight_ui_range_new(void) {
  return g_object_new(SIGHT_UI_TYPE_RANGE, NULL);
}

gint64 sight_ui_range_get_in(SightUiRange *self) {
  return self->in_ms;
}

gint64 sight_ui_range_get_out(SightUiRange *self) {
  return self->out_ms;
}

static void take(SightUiRange *self, gint64 in_ms, gint64 out_ms) {
  in_ms = MAX(in_ms, -1);
  out_ms = MAX(out_ms, -1);
  if (self->in_ms == in_ms && self->out_ms == out_ms)
    return;
  self->in_ms = in_ms;
  self->out_ms = out_ms;
  g_signal_emit(self, signal_changed, 0);
}

void sight_ui_range_set_in(SightUiRange *self, gint64 in_ms) {
  g_return_if_fail(SIGHT_UI_IS_RANGE(self));
  take(self, in_ms, self->out_ms > in_ms ? self->out_ms : -1);
}

void sight_ui_range_set_out(SightUiRange *self, gint64 out_ms) {
  g_return_if_fail(SIGHT_UI_IS_RANGE(self));
  take(self, self->in_ms < out_ms ? self->in_ms : -1, out_ms);
}

void sight_ui_range_set(SightUiRange *self, gint64 in_ms, gint64 out_ms) {
  g_return_if_fail(SIGHT_UI_IS_RANGE(self) && in_ms < out_ms);
  take(self, in_ms, out_ms);
}

void sight_ui_range_clear(SightUiRange *self) {
  g_return_if_fail(SIGHT_UI_IS_RANGE(self));
  take(self, -1, -1);
}

gboolean sight_ui_range_get(SightUiRange *self, gint64 duration_ms, gint64 *from_ms, gint64 *to_ms) {
  *from_ms = self->in_ms >= 0 ? MIN(self->in_ms, duration_ms) : 0;
  *to_ms = self->out_ms >= 0 ? MIN(self->out_ms, duration_ms) : duration_ms;
  return self->in_ms >= 0 || self->out_ms >= 0;
}

void sight_ui_range_set_loop(SightUiRange *self, gboolean loop) {
  g_return_if_fail(SIGHT_UI_IS_RANGE(self));
  if (self->loop == loop)
    return;
  self->loop = loop;
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_LOOP]);
}

gint64 sight_ui_range_wrap(SightUiRange *self, gint64 duration_ms, gint64 before_ms, gint64 position_ms) {
  gint64 from_ms, to_ms;
  sight_ui_range_get(self, duration_ms, &from_ms, &to_ms);
  if (!self->loop || to_ms <= from_ms)
    return -1;
  gboolean crossed = before_ms < to_ms && position_ms >= to_ms;
  return crossed || position_ms >= duration_ms ? from_ms : -1;
}

static void sight_ui_range_get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec) {
  g_value_set_boolean(value, SIGHT_UI_RANGE(object)->loop);
}

static void sight_ui_range_set_property(GObject *object, guint id, const GValue *value, GParamSpec *pspec) {
  sight_ui_range_set_loop(SIGHT_UI_RANGE(object), g_value_get_boolean(value));
}

static void sight_ui_range_class_init(SightUiRangeClass *klass) {
  GObjectClass *object_class = G_OBJECT_CLASS(klass);
  object_class->get_property = sight_ui_range_get_property;
  object_class->set_property = sight_ui_range_set_property;
  props[PROP_LOOP] = g_param_spec_boolean("loop", NULL, NULL, FALSE,
                                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties(object_class, N_PROPS, props);
  signal_changed = g_signal_new("changed", SIGHT_UI_TYPE_RANGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void sight_ui_range_init(SightUiRange *self) {
  self->in_ms = self->out_ms = -1;
}

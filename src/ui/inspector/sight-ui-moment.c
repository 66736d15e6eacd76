/* SPDX-License-Identifier: MIT */
/* One line of the inspector. */
#include "sight-ui-moment.h"

struct _SightUiMoment {
  GObject parent_instance;
  SightUiMomentData data;
};

G_DEFINE_FINAL_TYPE(SightUiMoment, sight_ui_moment, G_TYPE_OBJECT)

static void sight_ui_moment_finalize(GObject *object) {
  SightUiMoment *self = SIGHT_UI_MOMENT(object);
  g_free(self->data.title);
  g_free(self->data.detail);
  g_free(self->data.filter);
  g_free(self->data.method);
  g_free(self->data.url);
  G_OBJECT_CLASS(sight_ui_moment_parent_class)->finalize(object);
}

static void sight_ui_moment_class_init(SightUiMomentClass *class) {
  G_OBJECT_CLASS(class)->finalize = sight_ui_moment_finalize;
}

static void sight_ui_moment_init(SightUiMoment *self) {
}

SightUiMoment *sight_ui_moment_new(const SightUiMomentData *data) {
  SightUiMoment *self = g_object_new(SIGHT_UI_TYPE_MOMENT, NULL);
  self->data = *data;
  self->data.title = g_strdup(data->title);
  self->data.detail = g_strdup(data->detail);
  self->data.filter = g_strdup(data->filter);
  self->data.method = g_strdup(data->method);
  self->data.url = g_strdup(data->url);
  return self;
}

const SightUiMomentData *sight_ui_moment_get(SightUiMoment *self) {
  return &self->data;
}

/* SPDX-License-Identifier: MIT */
/* Saved filters, kept in the settings. */
#include "sight-ui-own-filters.h"

#include "sight-ui-settings.h"

#define KEY "saved-filters"

typedef struct {
  char *title, *filter;
} Own;

struct _SightUiOwnFilters {
  GObject parent_instance;
  GArray *filters; /* of Own */
};

G_DEFINE_FINAL_TYPE(SightUiOwnFilters, sight_ui_own_filters, G_TYPE_OBJECT)

static guint changed_signal;

static void own_clear(gpointer data) {
  Own *own = data;

  g_free(own->title);
  g_free(own->filter);
}

static Own *own_at(SightUiOwnFilters *self, guint place) {
  return &g_array_index(self->filters, Own, place);
}

static void keep(SightUiOwnFilters *self) {
  GSettings *settings = sight_ui_settings_get();
  g_auto(GVariantBuilder) builder = G_VARIANT_BUILDER_INIT(G_VARIANT_TYPE("a(ss)"));

  for (guint i = 0; i < self->filters->len; i++)
    g_variant_builder_add(&builder, "(ss)", own_at(self, i)->title, own_at(self, i)->filter);
  if (settings != NULL)
    g_settings_set_value(settings, KEY, g_variant_builder_end(&builder));
  g_signal_emit(self, changed_signal, 0);
}

guint sight_ui_own_filters_get_n(SightUiOwnFilters *self) {
  return self->filters->len;
}

const char *sight_ui_own_filters_get_title(SightUiOwnFilters *self, guint place) {
  return own_at(self, place)->title;
}

const char *sight_ui_own_filters_get_filter(SightUiOwnFilters *self, guint place) {
  return own_at(self, place)->filter;
}

void sight_ui_own_filters_insert(SightUiOwnFilters *self, guint place, const char *title, const char *filter) {
  Own own = {g_strdup(title), g_strdup(filter)};

  g_array_insert_val(self->filters, MIN(place, self->filters->len), own);
  keep(self);
}

void sight_ui_own_filters_add(SightUiOwnFilters *self, const char *title, const char *filter) {
  for (guint i = 0; i < self->filters->len; i++) {
    if (g_str_equal(own_at(self, i)->filter, filter)) {
      sight_ui_own_filters_rename(self, i, title);
      return;
    }
  }
  sight_ui_own_filters_insert(self, self->filters->len, title, filter);
}

void sight_ui_own_filters_rename(SightUiOwnFilters *self, guint place, const char *title) {
  Own *own = own_at(self, place);

  g_free(own->title);
  own->title = g_strdup(title);
  keep(self);
}

void sight_ui_own_filters_move(SightUiOwnFilters *self, guint place, int direction) {
  gint64 other = (gint64)place + direction;

  if (other < 0 || other >= self->filters->len)
    return;
  Own own = *own_at(self, place);
  *own_at(self, place) = *own_at(self, (guint)other);
  *own_at(self, (guint)other) = own;
  keep(self);
}

void sight_ui_own_filters_remove(SightUiOwnFilters *self, guint place) {
  g_array_remove_index(self->filters, place);
  keep(self);
}

static void finalize(GObject *object) {
  g_array_unref(SIGHT_UI_OWN_FILTERS(object)->filters);
  G_OBJECT_CLASS(sight_ui_own_filters_parent_class)->finalize(object);
}

static void sight_ui_own_filters_class_init(SightUiOwnFiltersClass *class) {
  G_OBJECT_CLASS(class)->finalize = finalize;
  changed_signal =
      g_signal_new("changed", SIGHT_UI_TYPE_OWN_FILTERS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void sight_ui_own_filters_init(SightUiOwnFilters *self) {
  GSettings *settings = sight_ui_settings_get();
  g_autoptr(GVariant) value = settings != NULL ? g_settings_get_value(settings, KEY) : NULL;

  self->filters = g_array_new(FALSE, FALSE, sizeof(Own));
  g_array_set_clear_func(self->filters, own_clear);
  for (gsize i = 0; value != NULL && i < g_variant_n_children(value); i++) {
    Own own = {0};
    g_variant_get_child(value, i, "(ss)", &own.title, &own.filter);
    g_array_append_val(self->filters, own);
  }
}

SightUiOwnFilters *sight_ui_own_filters_new(void) {
  return g_object_new(SIGHT_UI_TYPE_OWN_FILTERS, NULL);
}

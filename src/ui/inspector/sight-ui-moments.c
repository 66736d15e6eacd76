/* SPDX-License-Identifier: MIT */
/* The lines of a page of the inspector. */
#include "sight-ui-moments.h"

struct _SightUiMoments {
  GObject parent_instance;
  GArray *all;   /* of SightUiMomentData */
  GArray *shown; /* of guint: places in `all` */
  char *filter;  /* folded; NULL: none */
  guint least;   /* level */
  gboolean gravest_first;
};

static void sight_ui_moments_list_model_init(GListModelInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE(SightUiMoments, sight_ui_moments, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, sight_ui_moments_list_model_init))

static GType get_item_type(GListModel *model) {
  return SIGHT_UI_TYPE_MOMENT;
}

static guint get_n_items(GListModel *model) {
  return SIGHT_UI_MOMENTS(model)->shown->len;
}

static const SightUiMomentData *shown_at(SightUiMoments *self, guint position) {
  return &g_array_index(self->all, SightUiMomentData, g_array_index(self->shown, guint, position));
}

static gpointer get_item(GListModel *model, guint position) {
  SightUiMoments *self = SIGHT_UI_MOMENTS(model);
  return position < self->shown->len ? sight_ui_moment_new(shown_at(self, position)) : NULL;
}

static void sight_ui_moments_list_model_init(GListModelInterface *iface) {
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static gboolean text_matches(const char *text, const char *folded) {
  if (text == NULL)
    return FALSE;
  g_autofree char *own = g_utf8_casefold(text, -1);
  return strstr(own, folded) != NULL;
}

/* Places are in the order of time. */
static int gravest_first(gconstpointer a, gconstpointer b, gpointer all) {
  guint x = *(const guint *)a, y = *(const guint *)b;
  guint level_x = g_array_index((GArray *)all, SightUiMomentData, x).level;
  guint level_y = g_array_index((GArray *)all, SightUiMomentData, y).level;
  return level_x != level_y ? (level_x > level_y ? -1 : 1) : (x > y) - (x < y);
}

static void filter(SightUiMoments *self) {
  guint before = self->shown->len;
  g_array_set_size(self->shown, 0);
  for (guint i = 0; i < self->all->len; i++) {
    const SightUiMomentData *data = &g_array_index(self->all, SightUiMomentData, i);
    if (data->level >= self->least &&
        (self->filter == NULL || text_matches(data->title, self->filter) || text_matches(data->detail, self->filter)))
      g_array_append_val(self->shown, i);
  }
  if (self->gravest_first)
    g_array_sort_with_data(self->shown, gravest_first, self->all);
  g_list_model_items_changed(G_LIST_MODEL(self), 0, before, self->shown->len);
}

static void clear_moment(gpointer data) {
  SightUiMomentData *moment = data;
  g_free(moment->title);
  g_free(moment->detail);
  g_free(moment->filter);
  g_free(moment->method);
  g_free(moment->url);
}

GArray *sight_ui_moments_array_new(void) {
  GArray *array = g_array_new(FALSE, TRUE, sizeof(SightUiMomentData));
  g_array_set_clear_func(array, clear_moment);
  return array;
}

static void sight_ui_moments_finalize(GObject *object) {
  SightUiMoments *self = SIGHT_UI_MOMENTS(object);
  g_array_unref(self->all);
  g_array_unref(self->shown);
  g_free(self->filter);
  G_OBJECT_CLASS(sight_ui_moments_parent_class)->finalize(object);
}

static void sight_ui_moments_class_init(SightUiMomentsClass *class) {
  G_OBJECT_CLASS(class)->finalize = sight_ui_moments_finalize;
}

static void sight_ui_moments_init(SightUiMoments *self) {
  self->all = sight_ui_moments_array_new();
  self->shown = g_array_new(FALSE, FALSE, sizeof(guint));
}

SightUiMoments *sight_ui_moments_new(void) {
  return g_object_new(SIGHT_UI_TYPE_MOMENTS, NULL);
}

void sight_ui_moments_take(SightUiMoments *self, GArray *moments) {
  g_array_unref(self->all);
  self->all = moments;
  filter(self);
}

void sight_ui_moments_set_filter(SightUiMoments *self, const char *text) {
  g_autofree char *folded = text != NULL && *text != '\0' ? g_utf8_casefold(text, -1) : NULL;
  if (g_strcmp0(folded, self->filter) == 0)
    return;
  g_free(self->filter);
  self->filter = g_steal_pointer(&folded);
  filter(self);
}

void sight_ui_moments_set_least(SightUiMoments *self, guint level) {
  if (self->least == level)
    return;
  self->least = level;
  filter(self);
}

void sight_ui_moments_set_gravest_first(SightUiMoments *self, gboolean first) {
  if (self->gravest_first == first)
    return;
  self->gravest_first = first;
  filter(self);
}

guint sight_ui_moments_get_total(SightUiMoments *self) {
  return self->all->len;
}

/* They are not in the order of time. */
static guint search_at(SightUiMoments *self, gint64 time_ms) {
  guint found = G_MAXUINT;
  for (guint i = 0; i < self->shown->len; i++) {
    gint64 start_ms = shown_at(self, i)->start_ms;
    if (start_ms <= time_ms && (found == G_MAXUINT || start_ms >= shown_at(self, found)->start_ms))
      found = i;
  }
  return found;
}

guint sight_ui_moments_at(SightUiMoments *self, gint64 time_ms) {
  if (self->gravest_first)
    return search_at(self, time_ms);
  guint low = 0, high = self->shown->len;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (shown_at(self, middle)->start_ms <= time_ms)
      low = middle + 1;
    else
      high = middle;
  }
  return low > 0 ? low - 1 : G_MAXUINT;
}

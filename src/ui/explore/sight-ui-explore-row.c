/* SPDX-License-Identifier: MIT */
/* Cells of a row. */
#include "sight-ui-explore-row.h"

struct _SightUiExploreRow {
  GObject parent_instance;
  GArray *cells;             /* of SightUiCell */
  gint64 session_row, at_ms; /* 0: it leads to no moment */
  gpointer about;
  GDestroyNotify destroy;
};

G_DEFINE_FINAL_TYPE(SightUiExploreRow, sight_ui_explore_row, G_TYPE_OBJECT)

static void cell_clear(gpointer data) {
  SightUiCell *cell = data;

  g_free(cell->text);
  g_free(cell->filter);
}

static void finalize(GObject *object) {
  SightUiExploreRow *self = SIGHT_UI_EXPLORE_ROW(object);

  g_array_unref(self->cells);
  if (self->about != NULL)
    self->destroy(self->about);
  G_OBJECT_CLASS(sight_ui_explore_row_parent_class)->finalize(object);
}

static void sight_ui_explore_row_class_init(SightUiExploreRowClass *class) {
  G_OBJECT_CLASS(class)->finalize = finalize;
}

static void sight_ui_explore_row_init(SightUiExploreRow *self) {
  self->cells = g_array_new(FALSE, FALSE, sizeof(SightUiCell));
  g_array_set_clear_func(self->cells, cell_clear);
}

SightUiExploreRow *sight_ui_explore_row_new(void) {
  return g_object_new(SIGHT_UI_TYPE_EXPLORE_ROW, NULL);
}

void sight_ui_explore_row_add(SightUiExploreRow *self, char *text, double number, const char *filter) {
  SightUiCell cell = {text, number, g_strdup(filter), FALSE};

  g_array_append_val(self->cells, cell);
}

void sight_ui_explore_row_add_count(SightUiExploreRow *self, gint64 count, const char *filter) {
  sight_ui_explore_row_add(self, g_strdup_printf("%" G_GINT64_FORMAT, count), (double)count, count > 0 ? filter : NULL);
}

void sight_ui_explore_row_add_copied(SightUiExploreRow *self, const char *text) {
  SightUiCell cell = {g_strdup(text), 0, NULL, TRUE};

  g_array_append_val(self->cells, cell);
}

void sight_ui_explore_row_set_moment(SightUiExploreRow *self, gint64 session_row, gint64 at_ms) {
  self->session_row = session_row;
  self->at_ms = at_ms;
}

gboolean sight_ui_explore_row_get_moment(SightUiExploreRow *self, gint64 *session_row, gint64 *at_ms) {
  *session_row = self->session_row;
  *at_ms = self->at_ms;
  return self->session_row != 0;
}

void sight_ui_explore_row_take_about(SightUiExploreRow *self, gpointer about, GDestroyNotify destroy) {
  self->about = about;
  self->destroy = destroy;
}

gboolean sight_ui_explore_row_equal(SightUiExploreRow *self, SightUiExploreRow *other) {
  gboolean equal = self->cells->len == other->cells->len && self->session_row == other->session_row &&
                   self->at_ms == other->at_ms && self->about == NULL && other->about == NULL;

  for (guint i = 0; equal && i < self->cells->len; i++) {
    const SightUiCell *a = sight_ui_explore_row_get(self, i), *b = sight_ui_explore_row_get(other, i);
    equal = g_strcmp0(a->text, b->text) == 0 && g_strcmp0(a->filter, b->filter) == 0 && a->number == b->number &&
            a->copied == b->copied;
  }
  return equal;
}

gpointer sight_ui_explore_row_get_about(SightUiExploreRow *self) {
  return self->about;
}

const SightUiCell *sight_ui_explore_row_get(SightUiExploreRow *self, guint column) {
  static const SightUiCell empty = {0};

  return column < self->cells->len ? &g_array_index(self->cells, SightUiCell, column) : &empty;
}

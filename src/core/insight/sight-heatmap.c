/* SPDX-License-Identifier: MIT */
/* A heatmap out of what sessions did on a page. */
#include "sight-heatmap.h"

#include "sight-library.h"
#include "sight-query.h"
#include "sight-term-table.h"
#include "sight-usage-table.h"

#include <string.h>

#define WHOLE 1000

/* An element while its clicks are counted. */
typedef struct {
  SightHeatElement *element; /* the heatmap's */
  gint64 selector, label;    /* terms; 0: none */
  gint64 last_session;
} Counted;

typedef struct {
  SightHeatmap *heatmap;
  const SightSet *sessions;
  GHashTable *counted; /* of Counted by the term of its selector, or of its label where it has none */
  GArray *folds;       /* of int */
  GCancellable *cancellable;
} Count;

static void element_free(gpointer data) {
  SightHeatElement *element = data;

  g_free(element->selector);
  g_free(element->label);
  g_free(element->filter);
  g_array_unref(element->places);
  g_free(element);
}

void sight_heatmap_free(SightHeatmap *heatmap) {
  if (heatmap == NULL)
    return;
  g_free(heatmap->page);
  g_ptr_array_unref(heatmap->elements);
  g_free(heatmap);
}

static Counted *counted_of(Count *self, const SightUsage *usage) {
  gint64 selector = 0, label = usage->terms[0];

  for (guint i = 1; i < usage->n_terms; i++) {
    if (sight_term_field_of(usage->terms[i]) == SIGHT_TERM_CLICKED)
      selector = usage->terms[i];
  }
  gint64 key = selector != 0 ? selector : label;
  Counted *counted = g_hash_table_lookup(self->counted, &key);
  if (counted != NULL)
    return counted;
  counted = g_new0(Counted, 1);
  counted->selector = selector;
  counted->label = label;
  counted->element = g_new0(SightHeatElement, 1);
  counted->element->places = g_array_new(FALSE, FALSE, sizeof(SightHeatPlace));
  g_ptr_array_add(self->heatmap->elements, counted->element);
  g_hash_table_insert(self->counted, g_memdup2(&key, sizeof key), counted);
  return counted;
}

static void count_click(Count *self, gint64 session, const SightUsage *usage) {
  Counted *counted = counted_of(self, usage);
  SightHeatElement *element = counted->element;
  gboolean dead = usage->severe;

  element->n_clicks++;
  element->n_dead += dead;
  element->n_sessions += counted->last_session != session;
  counted->last_session = session;
  self->heatmap->n_clicks++;
  self->heatmap->n_dead += dead;
  if (usage->n_numbers > SIGHT_CLICK_Y) {
    SightHeatPlace place = {(guint16)CLAMP(usage->numbers[SIGHT_CLICK_X], 0, WHOLE),
                            (guint16)CLAMP(usage->numbers[SIGHT_CLICK_Y], 0, WHOLE), dead};
    g_array_append_val(element->places, place);
    self->heatmap->n_placed++;
  }
}

static void count_view(Count *self, const SightUsage *usage) {
  SightHeatmap *heatmap = self->heatmap;
  int depth = usage->n_numbers > SIGHT_VIEW_DEPTH ? usage->numbers[SIGHT_VIEW_DEPTH] : -1;

  heatmap->n_views++;
  if (depth < 0)
    return;
  int height = MAX(usage->numbers[SIGHT_VIEW_HEIGHT], 1);
  int fold = (int)MIN((gint64)usage->numbers[SIGHT_VIEW_VIEWPORT] * WHOLE / height, WHOLE);
  heatmap->n_measured++;
  g_array_append_val(self->folds, fold);
  for (int band = 0; band < SIGHT_USAGE_BANDS; band++) {
    guint at = SIGHT_VIEW_BANDS + (guint)band;
    heatmap->n_reached[band] += depth >= (band + 1) * WHOLE / SIGHT_USAGE_BANDS;
    heatmap->attention_ms[band] += at < usage->n_numbers ? usage->numbers[at] : 0;
  }
}

static gboolean take(gint64 session, const guint8 *data, gsize bytes, gpointer user_data) {
  Count *self = user_data;
  SightUsage usage;

  if (!sight_set_contains(self->sessions, session))
    return !g_cancellable_is_cancelled(self->cancellable);
  self->heatmap->n_sessions++;
  while (sight_usage_unpack(&data, &bytes, &usage)) {
    if (usage.field == SIGHT_TERM_CLICK)
      count_click(self, session, &usage);
    else if (usage.field == SIGHT_TERM_PAGE)
      count_view(self, &usage);
  }
  return !g_cancellable_is_cancelled(self->cancellable);
}

static int by_number(gconstpointer a, gconstpointer b) {
  int x = *(const int *)a, y = *(const int *)b;

  return (x > y) - (x < y);
}

static int most_first(gconstpointer a, gconstpointer b) {
  const SightHeatElement *x = *(SightHeatElement *const *)a, *y = *(SightHeatElement *const *)b;

  if (x->n_clicks != y->n_clicks)
    return x->n_clicks > y->n_clicks ? -1 : 1;
  int order = strcmp(x->selector, y->selector);
  return order != 0 ? order : strcmp(x->label, y->label);
}

/* click[selector:"…" page:…] */
static char *filter_of(const Counted *counted, const char *page) {
  g_autofree char *click = counted->selector != 0 ? sight_query_term(SIGHT_TERM_CLICKED, counted->element->selector)
                                                  : sight_query_term(SIGHT_TERM_CLICK, counted->element->label);
  g_autofree char *at = sight_query_term(SIGHT_TERM_PAGE, page);

  if (!g_str_has_suffix(click, "]"))
    return g_strdup_printf("%s[%s]", click, at);
  return g_strdup_printf("%.*s %s]", (int)strlen(click) - 1, click, at);
}

static gboolean name(SightDb *db, const Counted *counted, const char *page, GError **error) {
  SightHeatElement *element = counted->element;

  element->label = sight_term_table_value(db, counted->label, error);
  element->selector = counted->selector != 0 ? sight_term_table_value(db, counted->selector, error) : g_strdup("");
  if (element->label == NULL || element->selector == NULL)
    return FALSE;
  element->filter = filter_of(counted, page);
  return TRUE;
}

static gboolean finish(Count *self, SightDb *db, GError **error) {
  GHashTableIter iter;
  gpointer one = NULL;

  g_hash_table_iter_init(&iter, self->counted);
  while (g_hash_table_iter_next(&iter, NULL, &one)) {
    if (!name(db, one, self->heatmap->page, error))
      return FALSE;
  }
  g_ptr_array_sort(self->heatmap->elements, most_first);
  g_array_sort(self->folds, by_number);
  if (self->folds->len > 0)
    self->heatmap->fold = g_array_index(self->folds, int, (self->folds->len - 1) / 2);
  return TRUE;
}

SightHeatmap *sight_heatmap_make(SightDb *db, const SightSet *sessions, const char *page, GCancellable *cancellable,
                                 GError **error) {
  g_autoptr(SightHeatmap) heatmap = g_new0(SightHeatmap, 1);
  g_autoptr(GHashTable) counted = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
  g_autoptr(GArray) folds = g_array_new(FALSE, FALSE, sizeof(int));
  Count self = {heatmap, sessions, counted, folds, cancellable};
  gint64 subject = sight_term_table_find(db, SIGHT_TERM_PAGE, page, error);

  heatmap->page = g_strdup(page);
  heatmap->elements = g_ptr_array_new_with_free_func(element_free);
  if (subject < 0 || (subject > 0 && !sight_usage_table_each(db, subject, take, &self, error)) ||
      g_cancellable_set_error_if_cancelled(cancellable, error) || !finish(&self, db, error))
    return NULL;
  return g_steal_pointer(&heatmap);
}

GArray *sight_heatmap_newest(SightDb *db, const char *filter, gint64 endpoint, const char *page, guint limit,
                             GError **error) {
  g_autofree char *viewed = sight_query_term(SIGHT_TERM_PAGE, page);
  g_autofree char *both = g_strdup_printf("(%s) %s", filter != NULL && filter[0] != '\0' ? filter : "all", viewed);
  const SightLibraryQuery query = {.filter = both, .endpoint = endpoint, .limit = limit};

  return sight_library_list(db, &query, error);
}

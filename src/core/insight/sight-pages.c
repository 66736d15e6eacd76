/* SPDX-License-Identifier: MIT */
/* Pages out of the views and signals of sessions. */
#include "sight-pages.h"

#include "sight-analysis-table.h"
#include "sight-hash.h"
#include "sight-term-table.h"
#include "sight-usage-table.h"

#include <string.h>

/* A page while its views are collected. */
typedef struct {
  SightPageUse *use; /* the list's */
  GArray *times;     /* of gint64 */
  gint64 last_row;   /* the session that was counted last */
} Collected;

typedef struct {
  GPtrArray *uses;
  GHashTable *pages; /* of Collected by page */
} Collector;

static void use_free(gpointer data) {
  SightPageUse *use = data;

  g_free(use->page);
  g_free(use);
}

static void collected_free(gpointer data) {
  Collected *collected = data;

  g_array_unref(collected->times);
  g_free(collected);
}

static Collected *page_of(Collector *self, const char *page) {
  Collected *collected = g_hash_table_lookup(self->pages, page);

  if (collected == NULL) {
    collected = g_new0(Collected, 1);
    collected->use = g_new0(SightPageUse, 1);
    collected->use->page = g_strdup(page);
    collected->times = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_ptr_array_add(self->uses, collected->use);
    g_hash_table_insert(self->pages, collected->use->page, collected);
  }
  return collected;
}

static gboolean collect(Collector *self, SightDb *db, gint64 row, GError **error) {
  g_autoptr(SightSession) session = sight_session_table_get(db, row, error);
  g_autoptr(GPtrArray) views = session != NULL ? sight_page_table_list(db, row, error) : NULL;
  g_autoptr(GPtrArray) signals = views != NULL ? sight_signal_table_list(db, row, error) : NULL;

  if (signals == NULL)
    return FALSE;
  for (guint i = 0; i < views->len; i++) {
    const SightPageView *view = views->pdata[i];
    Collected *collected = page_of(self, view->page);
    gint64 time_ms = MAX(view->end_ms - view->start_ms, 0);
    collected->use->n_visits++;
    collected->use->n_sessions += collected->last_row != row;
    collected->last_row = row;
    g_array_append_val(collected->times, time_ms);
  }
  for (guint i = 0; i < signals->len; i++) {
    const SightSignal *signal = signals->pdata[i];
    if (signal->page != NULL && signal->kind != SIGHT_SIGNAL_NOISE)
      page_of(self, signal->page)->use->n_signals++;
  }
  if (session->entry != NULL)
    page_of(self, session->entry)->use->n_entries++;
  if (session->exit != NULL)
    page_of(self, session->exit)->use->n_exits++;
  return TRUE;
}

typedef struct {
  const SightSet *sessions;
  GArray *depths; /* of int */
} Depths;

static gboolean take_depths(gint64 session, const guint8 *data, gsize bytes, gpointer user_data) {
  Depths *self = user_data;
  SightUsage usage;

  while (sight_set_contains(self->sessions, session) && sight_usage_unpack(&data, &bytes, &usage)) {
    if (usage.field == SIGHT_TERM_PAGE && usage.n_numbers > SIGHT_VIEW_DEPTH && usage.numbers[SIGHT_VIEW_DEPTH] >= 0)
      g_array_append_val(self->depths, usage.numbers[SIGHT_VIEW_DEPTH]);
  }
  return TRUE;
}

static int least_first(gconstpointer a, gconstpointer b) {
  int x = *(const int *)a, y = *(const int *)b;

  return (x > y) - (x < y);
}

static gboolean fill_depth(SightDb *db, const SightSet *sessions, SightPageUse *use, GError **error) {
  g_autoptr(GArray) depths = g_array_new(FALSE, FALSE, sizeof(int));
  Depths self = {sessions, depths};
  gint64 page = sight_term_table_find(db, SIGHT_TERM_PAGE, use->page, error);

  if (page < 0 || (page > 0 && !sight_usage_table_each(db, page, take_depths, &self, error)))
    return FALSE;
  g_array_sort(depths, least_first);
  use->n_measured = depths->len;
  for (guint i = 0; depths->len > 0 && i < G_N_ELEMENTS(use->depth); i++)
    use->depth[i] = g_array_index(depths, int, (depths->len - 1) * (i + 1) / 4);
  return TRUE;
}

static int shortest_first(gconstpointer a, gconstpointer b) {
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;

  return (x > y) - (x < y);
}

static int most_first(gconstpointer a, gconstpointer b) {
  const SightPageUse *x = *(SightPageUse *const *)a, *y = *(SightPageUse *const *)b;

  if (x->n_visits != y->n_visits)
    return x->n_visits > y->n_visits ? -1 : 1;
  return strcmp(x->page, y->page);
}

GPtrArray *sight_pages_list(SightDb *db, const SightSet *sessions, GCancellable *cancellable, GError **error) {
  g_autoptr(GPtrArray) uses = g_ptr_array_new_with_free_func(use_free);
  g_autoptr(GHashTable) pages = g_hash_table_new_full(sight_hash_text, g_str_equal, NULL, collected_free);
  g_autoptr(GArray) rows = sight_set_rows(sessions);
  Collector self = {uses, pages};
  GHashTableIter iter;
  gpointer one = NULL;

  for (guint i = 0; i < rows->len; i++) {
    if (g_cancellable_set_error_if_cancelled(cancellable, error) ||
        !collect(&self, db, g_array_index(rows, gint64, i), error))
      return NULL;
  }
  g_hash_table_iter_init(&iter, pages);
  while (g_hash_table_iter_next(&iter, NULL, &one)) {
    GArray *times = ((Collected *)one)->times;
    g_array_sort(times, shortest_first);
    if (times->len > 0)
      ((Collected *)one)->use->median_ms = g_array_index(times, gint64, (times->len - 1) / 2);
    if (!fill_depth(db, sessions, ((Collected *)one)->use, error))
      return NULL;
  }
  g_ptr_array_sort(uses, most_first);
  return g_steal_pointer(&uses);
}

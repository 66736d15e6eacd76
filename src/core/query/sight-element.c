/* SPDX-License-Identifier: MIT */
/* Elements by selectors that ask for more than the index tells: what stands above and beside one, or attributes that
 * no signature has. The pages of a session are gone through once for all of them. */
#include "sight-analysis-table.h"
#include "sight-batch-table.h"
#include "sight-compound.h"
#include "sight-effort.h"
#include "sight-event-order.h"
#include "sight-hash.h"
#include "sight-query-private.h"
#include "sight-selector.h"

#include <string.h>

/* As the index looks at pages (core/analysis/sight-seen.c): what changes again so soon is looked at once, and what
 * comes back so soon was never away. */
#define SETTLE_MS 500
#define AWAY_MS 1000

typedef struct {
  SightSelector *selector;
  GPtrArray *subjects; /* of char: compounds, one of which the signature of each such element has */
} Asked;

/* A stretch in which such elements stood. */
typedef struct {
  gint64 start_ms, end_ms; /* wall clock */
  char *signature;         /* of the first of them, owned by the moments */
} Stretch;

/* One value over one window. */
typedef struct {
  const char *value;
  const Asked *asked;
  GArray *stretches; /* of Stretch */
  gboolean stands, fresh;
} Look;

typedef struct {
  SightMoments *moments;
  SightDom *dom;
  GArray *looks;     /* of Look */
  GString *text;     /* scratch */
  gint64 dirty_ms;   /* since when the page is another; G_MININT64: it is not */
  gint64 now_ms;     /* of the newest event */
  gint64 started_ms; /* of the session */
  GCancellable *cancellable;
  SightEffort effort;
} Walk;

static void asked_free(gpointer data) {
  Asked *asked = data;

  sight_selector_free(asked->selector);
  if (asked->subjects != NULL)
    g_ptr_array_unref(asked->subjects);
  g_free(asked);
}

static void look_clear(gpointer data) {
  g_array_unref(((Look *)data)->stretches);
}

/* NULL where it is no selector. */
static SightSelector *read_selector(const char *value) {
  g_autofree char *text = g_strdup(value);

  for (char *p = text; *p != '\0'; p++)
    *p = *p == SIGHT_FILTER_ANY_RUN ? '*' : *p;
  return sight_selector_new(text, NULL);
}

gboolean sight_element_is_selector(const char *tainted_text) {
  g_autoptr(SightSelector) selector = read_selector(tainted_text);

  if (selector == NULL)
    return sight_compound_is(tainted_text);
  return sight_selector_is_signature(selector) || sight_selector_has_signatures(selector);
}

/* Without a selector where the index alone tells. */
static const Asked *asked_of(SightQuery *query, const char *value) {
  Asked *asked = g_hash_table_lookup(query->selectors, value);

  if (asked != NULL)
    return asked;
  g_autoptr(SightSelector) selector = read_selector(value);
  asked = g_new0(Asked, 1);
  g_hash_table_insert(query->selectors, g_strdup(value), asked);
  if (selector == NULL || sight_selector_is_signature(selector))
    return asked;
  asked->subjects = sight_selector_subjects(selector);
  asked->selector = g_steal_pointer(&selector);
  return asked;
}

GHashTable *sight_element_selectors_new(void) {
  return g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, asked_free);
}

static gboolean is_one_of(const Asked *asked, const char *signature) {
  for (guint i = 0; i < asked->subjects->len; i++) {
    if (sight_compound_matches(asked->subjects->pdata[i], signature))
      return TRUE;
  }
  return FALSE;
}

gboolean sight_element_may_be(SightQuery *query, const char *value, const char *signature) {
  const Asked *asked = asked_of(query, value);

  return asked->selector != NULL ? is_one_of(asked, signature) : sight_compound_matches(value, signature);
}

gboolean sight_element_needs_page(SightQuery *query, const SightFilter *key) {
  for (guint i = 0; key->field->takes == SIGHT_TAKES_SELECTOR && i < key->values->len; i++) {
    if (asked_of(query, ((SightFilterValue *)key->values->pdata[i])->text)->selector != NULL)
      return TRUE;
  }
  return FALSE;
}

gboolean sight_element_is(SightQuery *query, const SightFilter *key, const SightMoment *moment) {
  for (guint i = 0; i < key->values->len; i++) {
    const char *value = ((SightFilterValue *)key->values->pdata[i])->text;
    gboolean of_page = asked_of(query, value)->selector != NULL;
    if (of_page ? g_strcmp0(moment->found_by, value) == 0
                : moment->found_by == NULL && sight_compound_matches(value, moment->selector))
      return TRUE;
  }
  return FALSE;
}

/* Walking */

static void leave(Walk *walk, Look *look, gint64 at_ms) {
  if (look->stands)
    g_array_index(look->stretches, Stretch, look->stretches->len - 1).end_ms = at_ms;
  look->stands = FALSE;
}

static void stand(Walk *walk, Look *look, gint64 at_ms) {
  Stretch *last = look->stretches->len > 0 ? &g_array_index(look->stretches, Stretch, look->stretches->len - 1) : NULL;

  if (last == NULL || look->fresh || at_ms - last->end_ms > AWAY_MS) {
    Stretch stretch = {at_ms, at_ms, g_strdup(walk->text->str)};
    g_ptr_array_add(walk->moments->texts, stretch.signature);
    g_array_append_val(look->stretches, stretch);
  }
  look->stands = TRUE;
  look->fresh = FALSE;
}

/* The signature of the first one is in `text` then. */
static gboolean is_there(Walk *walk, const Asked *asked) {
  g_autoptr(GArray) found = sight_selector_find_all(asked->selector, walk->dom);

  for (guint i = 0; i < found->len; i++) {
    g_string_truncate(walk->text, 0);
    sight_dom_append_signature(walk->dom, g_array_index(found, int, i), walk->text);
    if (walk->text->len > 0 && is_one_of(asked, walk->text->str))
      return TRUE;
  }
  return FALSE;
}

static void look_at(Walk *walk, gint64 at_ms) {
  sight_effort_spend(&walk->effort, SIGHT_EFFORT_NODE * (gint64)sight_dom_n_nodes(walk->dom) * walk->looks->len);
  for (guint i = 0; i < walk->looks->len; i++) {
    Look *look = &g_array_index(walk->looks, Look, i);
    gboolean there = sight_dom_has_page(walk->dom) && is_there(walk, look->asked);
    if (there && !look->stands)
      stand(walk, look, at_ms);
    else if (!there)
      leave(walk, look, at_ms);
  }
  walk->dirty_ms = G_MININT64;
}

/* Another document: nothing of the one before goes on. */
static void leave_all(Walk *walk, gint64 at_ms) {
  for (guint i = 0; i < walk->looks->len; i++) {
    Look *look = &g_array_index(walk->looks, Look, i);
    leave(walk, look, at_ms);
    look->fresh = TRUE;
  }
  walk->dirty_ms = G_MININT64;
}

static gboolean on_event(const SightEvent *event, gint64 at_ms, gpointer user_data, GError **error) {
  Walk *walk = user_data;

  walk->effort.left += SIGHT_EFFORT_OF_BYTE * (gint64)event->text_bytes;
  if (walk->dirty_ms != G_MININT64 && at_ms - walk->dirty_ms >= SETTLE_MS && sight_effort_is_left(&walk->effort)) {
    if (g_cancellable_set_error_if_cancelled(walk->cancellable, error))
      return FALSE;
    look_at(walk, walk->dirty_ms);
  }
  walk->now_ms = at_ms;
  sight_dom_apply(walk->dom, event);
  if (event->type == SIGHT_EVENT_META)
    leave_all(walk, at_ms);
  else if (event->type == SIGHT_EVENT_FULL_SNAPSHOT)
    look_at(walk, at_ms);
  else if ((event->source == SIGHT_SOURCE_MUTATION || event->source == SIGHT_SOURCE_INPUT) &&
           walk->dirty_ms == G_MININT64)
    walk->dirty_ms = at_ms;
  return TRUE;
}

static gboolean on_batch(const SightStoredBatch *stored, gpointer user_data, GError **error) {
  return sight_event_order_push(user_data, stored->batch.events, stored->batch.events_bytes, error);
}

/* Moments */

static void add(Walk *walk, const Look *look, const Stretch *stretch, gint64 start_ms, gint64 end_ms,
                const char *page) {
  SightMoment moment = {.kind = SIGHT_MOMENT_ELEMENT,
                        .start_ms = start_ms,
                        .end_ms = end_ms,
                        .page = page,
                        .selector = stretch->signature,
                        .found_by = look->value,
                        .count = 1};

  g_array_append_val(walk->moments->list, moment);
}

static const SightPageView *next_view(const GPtrArray *views, const char *window, guint *i) {
  for (; *i < views->len; (*i)++) {
    const SightPageView *view = views->pdata[*i];
    if (g_strcmp0(view->window, window) == 0)
      return view;
  }
  return NULL;
}

/* A stretch over several views is a moment on each of these pages. */
static void add_stretch(Walk *walk, const Look *look, const Stretch *stretch, const char *window) {
  const GPtrArray *views = walk->moments->owned[1];
  gint64 start_ms = stretch->start_ms - walk->started_ms, end_ms = stretch->end_ms - walk->started_ms;
  const char *page = NULL;
  guint i = 0;

  for (const SightPageView *view; (view = next_view(views, window, &i)) != NULL && view->start_ms <= end_ms; i++) {
    if (view->start_ms > start_ms) {
      add(walk, look, stretch, start_ms, view->start_ms, page);
      start_ms = view->start_ms;
    }
    page = view->page;
  }
  add(walk, look, stretch, start_ms, end_ms, page);
}

static gboolean walk_window(SightQuery *query, Walk *walk, gint64 row, const char *window, GError **error) {
  g_autoptr(SightDom) dom = sight_dom_new();
  g_autoptr(SightEventOrder) order = sight_event_order_new(on_event, walk, sight_db_cancellable(query->db));

  walk->dom = dom;
  walk->dirty_ms = G_MININT64;
  if (!sight_batch_table_each_in_sequence(query->db, row, window, on_batch, order, NULL, error))
    return FALSE;
  if (walk->dirty_ms != G_MININT64)
    look_at(walk, walk->dirty_ms);
  leave_all(walk, walk->now_ms);
  for (guint i = 0; i < walk->looks->len; i++) {
    const Look *look = &g_array_index(walk->looks, Look, i);
    for (guint j = 0; j < look->stretches->len; j++)
      add_stretch(walk, look, &g_array_index(look->stretches, Stretch, j), window);
    g_array_set_size(look->stretches, 0);
  }
  return TRUE;
}

gboolean sight_element_add_moments(SightQuery *query, const SightSession *session, SightMoments *moments,
                                   GError **error) {
  g_autoptr(GArray) looks = g_array_new(FALSE, FALSE, sizeof(Look));
  g_autoptr(GString) text = g_string_new(NULL);
  Walk walk = {.moments = moments,
               .looks = looks,
               .text = text,
               .started_ms = session->started_ms,
               .effort.left = SIGHT_EFFORT_AT_FIRST,
               .cancellable = sight_db_cancellable(query->db)};
  GHashTableIter iter;
  gpointer value = NULL, asked = NULL;

  g_array_set_clear_func(looks, look_clear);
  g_hash_table_iter_init(&iter, query->selectors);
  while (g_hash_table_iter_next(&iter, &value, &asked)) {
    Look look = {.value = value, .asked = asked};
    if (look.asked->selector == NULL)
      continue;
    look.stretches = g_array_new(FALSE, FALSE, sizeof(Stretch));
    g_array_append_val(looks, look);
  }
  g_autoptr(GPtrArray) windows = looks->len > 0 ? sight_batch_table_windows(query->db, session->row, error) : NULL;
  for (guint i = 0; windows != NULL && i < MIN(windows->len, SIGHT_MAX_WINDOWS); i++) {
    if (!walk_window(query, &walk, session->row, ((SightWindowInfo *)windows->pdata[i])->window, error))
      return FALSE;
  }
  return looks->len == 0 || windows != NULL;
}

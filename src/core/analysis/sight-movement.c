/* SPDX-License-Identifier: MIT */
/* One walk over each window of a session: the page is kept as it stood, and time between positions goes to the element
 * that the pointer was over. */
#include "sight-movement.h"

#include "sight-analysis-table.h"
#include "sight-batch-table.h"
#include "sight-digest-table.h"
#include "sight-dom.h"
#include "sight-effort.h"
#include "sight-event-order.h"
#include "sight-hash.h"
#include "sight-session-table.h"
#include "sight-target.h"
#include "sight-text.h"

#include <string.h>

#define MAX_OF_SESSION 1000
#define MAX_ELEMENTS 20000
/* As long as the index has them, so that both name one element alike. */
#define TEXT_CHARS 200
/* What asking for an element looks at. */
#define TARGET_EFFORT (64 * (SIGHT_EFFORT_NODE + SIGHT_EFFORT_ATTRIBUTE))
#define NEVER G_MININT64

/* A session while it is read. */
typedef struct {
  const char *page;
  const SightSession *session;
  GPtrArray *views;         /* of SightPageView: all of the session, by time */
  GPtrArray *moved;         /* of SightMovedElement */
  GHashTable *by_key;       /* borrows from moved */
  SightMovedElement others; /* all for which there is no room */
  gint64 ms;
  GCancellable *cancellable;
} Session;

/* A window while it is walked through. */
typedef struct {
  Session *of;
  SightDom *dom;
  SightEventOrder *order;
  SightEffort effort;
  GPtrArray *views; /* borrowed SightPageView of this window */
  guint n_begun;    /* of them until at_ms */

  /* Where the pointer was seen last, and since when; NEVER: not yet. Times are wall clock and never fall. */
  gint64 at_ms;
  gboolean is_finger;
  int node;
  SightMovedElement *element; /* NULL: over nothing that counts */
  gint64 lifted_ms;           /* when a finger was, last */
  /* Over that element without leaving it. */
  SightMovedElement *stay;
  gint64 stay_since_ms, stay_ms;
} Walk;

static void element_free(gpointer data) {
  SightMovedElement *element = data;
  g_free(element->selector);
  g_free(element->label);
  g_free(element->session);
  g_free(element);
}

void sight_movement_free(SightMovement *movement) {
  if (movement == NULL)
    return;
  g_free(movement->page);
  g_ptr_array_unref(movement->elements);
  g_free(movement);
}

/* What is clicked has the same key in a heatmap: its selector, or its label where it has none. */
static const char *key_of(const SightMovedElement *element) {
  return element->selector[0] != '\0' ? element->selector : element->label;
}

/* NULL: nothing is known to be there. */
static SightMovedElement *element_of(Walk *walk, int node) {
  if (!sight_effort_allows(&walk->effort))
    return NULL;
  sight_effort_spend(&walk->effort, TARGET_EFFORT);
  g_autoptr(SightTarget) target = sight_target_new(walk->dom, node);
  if ((target->traits & SIGHT_TARGET_UNKNOWN) != 0)
    return NULL;
  /* The words of the whole page are no name of it. */
  gboolean is_page = (target->traits & (SIGHT_TARGET_BACKGROUND | SIGHT_TARGET_INTERACTIVE)) == SIGHT_TARGET_BACKGROUND;
  g_autofree char *selector = sight_text_excerpt(target->selector != NULL ? target->selector : "", -1, TEXT_CHARS);
  g_autofree char *label = sight_text_excerpt(is_page ? "" : target->label, -1, TEXT_CHARS);
  const char *key = selector[0] != '\0' ? selector : label;
  SightMovedElement *element = g_hash_table_lookup(walk->of->by_key, key);
  if (element != NULL || key[0] == '\0')
    return element;
  if (walk->of->moved->len >= MAX_OF_SESSION)
    return &walk->of->others;
  element = g_new0(SightMovedElement, 1);
  element->selector = g_steal_pointer(&selector);
  element->label = g_steal_pointer(&label);
  g_ptr_array_add(walk->of->moved, element);
  g_hash_table_insert(walk->of->by_key, (gpointer)key_of(element), element);
  return element;
}

static gint64 start_of(const Walk *walk, guint view) {
  return walk->of->session->started_ms + ((const SightPageView *)walk->views->pdata[view])->start_ms;
}

/* The view of the page in which `at_ms` lies, or NULL. */
static const SightPageView *view_at(Walk *walk, gint64 at_ms) {
  while (walk->n_begun < walk->views->len && start_of(walk, walk->n_begun) <= at_ms)
    walk->n_begun++;
  const SightPageView *view = walk->n_begun > 0 ? walk->views->pdata[walk->n_begun - 1] : NULL;
  return view != NULL && g_str_equal(view->page, walk->of->page) ? view : NULL;
}

static void count(Walk *walk, gint64 ms) {
  SightMovedElement *element = walk->element;
  if (walk->stay != element) {
    walk->stay = element;
    walk->stay_since_ms = walk->at_ms;
    walk->stay_ms = 0;
  }
  element->ms += ms;
  walk->of->ms += ms;
  walk->stay_ms += ms;
  if (walk->stay_ms > element->longest_ms) {
    element->longest_ms = walk->stay_ms;
    element->at_ms = walk->stay_since_ms - walk->of->session->started_ms;
  }
}

/* The pointer was where it was seen last until `until_ms`, at most. */
static void settle(Walk *walk, gint64 until_ms) {
  if (walk->element == NULL) {
    walk->stay = NULL;
    return;
  }
  const SightPageView *view = view_at(walk, walk->at_ms);
  gint64 ms = MIN(until_ms - walk->at_ms, SIGHT_MOVEMENT_MOST_MS);
  if (walk->is_finger && ms > SIGHT_MOVEMENT_FINGER_MS)
    ms = 0;
  if (view != NULL)
    ms = MIN(ms, walk->of->session->started_ms + view->end_ms - walk->at_ms);
  if (view != NULL && ms > 0)
    count(walk, ms);
  else
    walk->stay = NULL;
}

static void see(Walk *walk, gint64 at_ms, int node, gboolean is_finger, gboolean is_same_page) {
  settle(walk, at_ms);
  /* Within one event the page stands still. */
  gboolean same = is_same_page && node == walk->node;
  walk->at_ms = at_ms;
  walk->is_finger = is_finger;
  if (view_at(walk, at_ms) == NULL) {
    walk->element = NULL;
    walk->node = 0;
    return;
  }
  if (!same)
    walk->element = element_of(walk, node);
  walk->node = node;
}

static void move(Walk *walk, SightJson data, gint64 now_ms, gboolean is_finger) {
  SightJsonIter it = sight_json_iter(sight_json_get(data, "positions"));
  gboolean first = TRUE;
  while (sight_json_next(&it)) {
    gint64 offset_ms = CLAMP(sight_json_int(sight_json_get(it.value, "timeOffset"), 0), -G_MAXINT, 0);
    gint64 at_ms = MAX(now_ms + offset_ms, walk->at_ms);
    if (!is_finger && walk->lifted_ms != NEVER && at_ms - walk->lifted_ms <= SIGHT_MOVEMENT_TAP_MS)
      continue;
    see(walk, at_ms, (int)CLAMP(sight_json_int(sight_json_get(it.value, "id"), 0), 0, G_MAXINT), is_finger, !first);
    first = FALSE;
  }
}

static void touch(Walk *walk, SightJson data, gint64 now_ms) {
  gint64 kind = sight_json_int(sight_json_get(data, "type"), -1);
  if (kind == SIGHT_MOUSE_TOUCH_START || kind == SIGHT_MOUSE_TOUCH_END || kind == SIGHT_MOUSE_TOUCH_CANCEL)
    walk->lifted_ms = now_ms;
}

static gboolean on_event(const SightEvent *event, gint64 at_ms, gpointer user_data, GError **error) {
  Walk *walk = user_data;
  walk->effort.left += SIGHT_EFFORT_OF_BYTE * (gint64)event->text_bytes;
  sight_dom_apply(walk->dom, event);
  if (event->source == SIGHT_SOURCE_MOUSE_MOVE || event->source == SIGHT_SOURCE_DRAG)
    move(walk, event->data, at_ms, FALSE);
  else if (event->source == SIGHT_SOURCE_TOUCH_MOVE)
    move(walk, event->data, at_ms, TRUE);
  else if (event->source == SIGHT_SOURCE_MOUSE_INTERACTION)
    touch(walk, event->data, at_ms);
  return TRUE;
}

static gboolean on_batch(const SightStoredBatch *stored, gpointer user_data, GError **error) {
  Walk *walk = user_data;
  return sight_event_order_push(walk->order, stored->batch.events, stored->batch.events_bytes, error);
}

/* Whether the page was viewed in a window at all. */
static gboolean take_views(Session *of, const char *window, GPtrArray *views) {
  gboolean has_page = FALSE;
  for (guint i = 0; i < of->views->len; i++) {
    SightPageView *view = of->views->pdata[i];
    if (!g_str_equal(view->window, window))
      continue;
    g_ptr_array_add(views, view);
    has_page |= g_str_equal(view->page, of->page);
  }
  return has_page;
}

static gboolean read_window(SightDb *db, Session *of, const char *window, GError **error) {
  g_autoptr(GPtrArray) views = g_ptr_array_new();
  if (!take_views(of, window, views))
    return TRUE;
  g_autoptr(SightDom) dom = sight_dom_new();
  Walk walk = {.of = of, .dom = dom, .views = views, .at_ms = NEVER, .lifted_ms = NEVER};
  g_autoptr(SightEventOrder) order = sight_event_order_new(on_event, &walk, of->cancellable);
  walk.effort.left = SIGHT_EFFORT_AT_FIRST;
  walk.order = order;
  if (!sight_batch_table_each_in_sequence(db, of->session->row, window, on_batch, &walk, NULL, error))
    return FALSE;
  settle(&walk, walk.at_ms + SIGHT_MOVEMENT_MOST_MS);
  return TRUE;
}

static gboolean read_windows(SightDb *db, Session *of, GError **error) {
  g_autoptr(GPtrArray) windows = sight_batch_table_windows(db, of->session->row, error);
  for (guint i = 0; windows != NULL && i < MIN(windows->len, SIGHT_MAX_WINDOWS); i++) {
    if (!read_window(db, of, ((const SightWindowInfo *)windows->pdata[i])->window, error))
      return FALSE;
  }
  return windows != NULL;
}

/* All sessions. */
typedef struct {
  SightMovement *movement;
  GHashTable *by_key; /* borrows from its elements */
  gint64 row;         /* that is read */
  GCancellable *cancellable;
} Reading;

static void add_session(Reading *reading, const Session *of) {
  SightMovement *movement = reading->movement;
  movement->n_sessions++;
  movement->ms += of->ms;
  for (guint i = 0; i < of->views->len; i++)
    movement->n_views += g_str_equal(((const SightPageView *)of->views->pdata[i])->page, movement->page);
  for (guint i = 0; i < of->moved->len; i++) {
    const SightMovedElement *moved = of->moved->pdata[i];
    SightMovedElement *element = g_hash_table_lookup(reading->by_key, key_of(moved));
    if (moved->ms == 0 || (element == NULL && movement->elements->len >= MAX_ELEMENTS))
      continue;
    if (element == NULL) {
      element = g_new0(SightMovedElement, 1);
      element->selector = g_strdup(moved->selector);
      element->label = g_strdup(moved->label);
      g_ptr_array_add(movement->elements, element);
      g_hash_table_insert(reading->by_key, (gpointer)key_of(element), element);
    }
    element->ms += moved->ms;
    element->n_sessions++;
    if (moved->longest_ms > element->longest_ms) {
      element->longest_ms = moved->longest_ms;
      element->at_ms = moved->at_ms;
      element->row = reading->row;
      g_free(element->session);
      element->session = g_strdup(of->session->session);
    }
  }
}

static gboolean read_session(SightDb *db, gpointer user_data, GError **error) {
  Reading *reading = user_data;
  g_autoptr(SightSession) session = sight_session_table_get(db, reading->row, error);
  gboolean is_here = FALSE;
  if (session == NULL || !sight_digest_table_is_here(db, reading->row, &is_here, error))
    return FALSE;
  if (!is_here) {
    reading->movement->n_missing++;
    return TRUE;
  }
  g_autoptr(GPtrArray) views = sight_page_table_list(db, reading->row, error);
  g_autoptr(GPtrArray) moved = g_ptr_array_new_with_free_func(element_free);
  g_autoptr(GHashTable) by_key = g_hash_table_new(sight_hash_text, g_str_equal);
  Session of = {.page = reading->movement->page,
                .session = session,
                .views = views,
                .moved = moved,
                .by_key = by_key,
                .cancellable = reading->cancellable};
  if (views == NULL || !read_windows(db, &of, error))
    return FALSE;
  add_session(reading, &of);
  return TRUE;
}

static int longest_first(gconstpointer a, gconstpointer b) {
  const SightMovedElement *x = *(SightMovedElement *const *)a, *y = *(SightMovedElement *const *)b;
  if (x->ms != y->ms)
    return x->ms > y->ms ? -1 : 1;
  return strcmp(key_of(x), key_of(y));
}

SightMovement *sight_movement_read(SightStore *store, const char *page, const GArray *rows,
                                   SightMovementProgress progress, gpointer user_data, GCancellable *cancellable,
                                   GError **error) {
  g_autoptr(SightMovement) movement = g_new0(SightMovement, 1);
  g_autoptr(GHashTable) by_key = g_hash_table_new(sight_hash_text, g_str_equal);
  Reading reading = {.movement = movement, .by_key = by_key, .cancellable = cancellable};
  movement->page = g_strdup(page);
  movement->elements = g_ptr_array_new_with_free_func(element_free);
  for (guint i = 0; i < rows->len && !g_cancellable_is_cancelled(cancellable); i++) {
    g_autoptr(GError) problem = NULL;
    if (progress != NULL)
      progress(i, rows->len, user_data);
    reading.row = g_array_index(rows, gint64, i);
    if (sight_store_read(store, read_session, &reading, &problem) ||
        g_error_matches(problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      continue;
    if (!g_error_matches(problem, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND)) {
      g_propagate_error(error, g_steal_pointer(&problem));
      return NULL;
    }
    movement->n_missing++; /* erased meanwhile */
  }
  g_ptr_array_sort(movement->elements, longest_first);
  return g_steal_pointer(&movement);
}

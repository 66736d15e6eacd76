/* SPDX-License-Identifier: MIT */
/* The list model of the library: asks the store on workers, reads rows only when they are looked at. */
#include "sight-ui-library.h"

#include "sight-completion.h"
#include "sight-slice.h"
#include "sight-ui-saved.h"

#include <string.h>

#define REFRESH_DELAY_MS 120
#define PAGE_ROWS 200
#define MAX_TAGS 12

struct _SightUiLibrary {
  GObject parent_instance;
  SightStore *store;
  SightUiFilter *filter;
  SightUiOwnFilters *own;
  SightLibraryQuery query; /* its filter is `text` */
  char *text;

  GArray *rows;      /* gint64 */
  GHashTable *items; /* gint64 -> item, borrowed: a weak reference takes it out when it goes */
  GArray *wanted;    /* gint64: rows that were asked for and are not read */
  guint read_source, refresh_source;

  GCancellable *list_cancel; /* of the question under way, or NULL */
  guint generation;          /* rises with each new question */
  gboolean listed, dirty, counting, count_again, counted;
  GError *error;
  SightUiCounts counts;
};

static void sight_ui_library_list_model_init(GListModelInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE(SightUiLibrary, sight_ui_library, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, sight_ui_library_list_model_init))

enum { ABOUT_TO_LIST, LISTED, COUNTED, N_SIGNALS };
static guint signals[N_SIGNALS];

typedef struct {
  SightUiLibrary *self; /* a reference */
  char *filter;
  guint generation;
  GArray *rows;        /* gint64 */
  GPtrArray *sessions; /* SightSession or NULL, as rows */
  GArray *reasons;     /* SightLibraryReason, as rows */
} Page;

static void page_free(Page *page) {
  g_object_unref(page->self);
  g_free(page->filter);
  g_array_unref(page->rows);
  g_ptr_array_unref(page->sessions);
  g_array_unref(page->reasons);
  g_free(page);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Page, page_free)

static void session_clear(gpointer session) {
  g_clear_pointer((SightSession **)&session, sight_session_free);
}

static Page *page_new(SightUiLibrary *self, GArray *rows) {
  Page *page = g_new0(Page, 1);
  page->self = g_object_ref(self);
  page->filter = g_strdup(self->text);
  page->generation = self->generation;
  page->rows = rows;
  page->sessions = g_ptr_array_new_with_free_func(session_clear);
  page->reasons = g_array_new(FALSE, TRUE, sizeof(SightLibraryReason));
  g_array_set_clear_func(page->reasons, (GDestroyNotify)sight_library_reason_clear);
  return page;
}

static gboolean read_page(SightDb *db, gpointer user_data, GError **error) {
  Page *page = user_data;
  g_autoptr(SightFilter) filter = sight_filter_parse(page->filter, NULL, error);
  g_autoptr(SightQuery) query = filter != NULL ? sight_query_new(db, filter, g_get_real_time() / 1000, error) : NULL;
  for (guint i = 0; query != NULL && i < page->rows->len; i++) {
    g_autoptr(GError) gone = NULL;
    SightLibraryReason reason = {.signal = -1};
    SightSession *session = sight_session_table_get(db, g_array_index(page->rows, gint64, i), &gone);
    if (session != NULL && !sight_library_reason(db, query, session, &reason, &gone))
      g_debug("No reason for session %" G_GINT64_FORMAT ": %s", session->row, gone->message);
    g_ptr_array_add(page->sessions, session);
    g_array_append_val(page->reasons, reason);
  }
  return query != NULL;
}

static void page_read_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(Page) page = user_data;
  SightUiLibrary *self = page->self;
  g_autoptr(GError) error = NULL;
  if (!sight_store_read_finish(SIGHT_STORE(source), result, &error)) {
    g_debug("Rows cannot be read: %s", error->message);
    return;
  }
  for (guint i = 0; i < page->rows->len; i++) {
    SightUiSessionItem *item = g_hash_table_lookup(self->items, &g_array_index(page->rows, gint64, i));
    SightSession *session = g_ptr_array_index(page->sessions, i);
    /* A reason for a question that is no longer asked would be a wrong one. */
    if (item == NULL || session == NULL || page->generation != self->generation)
      continue;
    g_ptr_array_index(page->sessions, i) = NULL;
    g_autoptr(SightUiSessionItem) held = g_object_ref(item);
    sight_ui_session_item_take(held, session, &g_array_index(page->reasons, SightLibraryReason, i));
  }
}

static gboolean read_wanted(gpointer user_data) {
  SightUiLibrary *self = user_data;
  self->read_source = 0;
  GArray *page_rows = g_array_new(FALSE, FALSE, sizeof(gint64));
  /* Rows that the list let go while it was scrolled are not read; the ones asked for last come first. */
  while (self->wanted->len > 0 && page_rows->len < PAGE_ROWS) {
    gint64 row = g_array_index(self->wanted, gint64, self->wanted->len - 1);
    g_array_set_size(self->wanted, self->wanted->len - 1);
    if (g_hash_table_contains(self->items, &row))
      g_array_append_val(page_rows, row);
  }
  if (self->wanted->len > 0)
    self->read_source = g_timeout_add(1, read_wanted, self);
  Page *page = page_new(self, page_rows);
  sight_store_read_async(self->store, read_page, page, NULL, NULL, page_read_cb, page);
  return G_SOURCE_REMOVE;
}

static void want(SightUiLibrary *self, gint64 row) {
  g_array_append_val(self->wanted, row);
  if (self->read_source == 0)
    self->read_source = g_timeout_add(1, read_wanted, self);
}

static void item_gone(gpointer user_data, GObject *where_it_was) {
  GHashTable *items = user_data;
  GHashTableIter iter;
  gpointer item;
  g_hash_table_iter_init(&iter, items);
  while (g_hash_table_iter_next(&iter, NULL, &item)) {
    if (item != (gpointer)where_it_was)
      continue;
    g_hash_table_iter_remove(&iter);
    return;
  }
}

static GType get_item_type(GListModel *model) {
  return SIGHT_UI_TYPE_SESSION_ITEM;
}

static guint get_n_items(GListModel *model) {
  return SIGHT_UI_LIBRARY(model)->rows->len;
}

static gpointer get_item(GListModel *model, guint position) {
  SightUiLibrary *self = SIGHT_UI_LIBRARY(model);
  if (position >= self->rows->len)
    return NULL;
  gint64 row = g_array_index(self->rows, gint64, position);
  SightUiSessionItem *item = g_hash_table_lookup(self->items, &row);
  if (item != NULL)
    return g_object_ref(item);
  item = sight_ui_session_item_new(row);
  g_hash_table_insert(self->items, g_memdup2(&row, sizeof row), item);
  g_object_weak_ref(G_OBJECT(item), item_gone, self->items);
  want(self, row);
  return item;
}

static void sight_ui_library_list_model_init(GListModelInterface *iface) {
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* Puts new rows in the place of the old ones, telling only of what differs: the list keeps its place. */
static void take_rows(SightUiLibrary *self, GArray *rows) {
  g_autoptr(GArray) old = self->rows;
  guint shorter = MIN(old->len, rows->len), head = 0, tail = 0;
  const gint64 *a = (const gint64 *)(void *)old->data, *b = (const gint64 *)(void *)rows->data;
  while (head < shorter && a[head] == b[head])
    head++;
  while (tail < shorter - head && a[old->len - 1 - tail] == b[rows->len - 1 - tail])
    tail++;
  gboolean differs = old->len != rows->len || head < rows->len;
  if (differs)
    g_signal_emit(self, signals[ABOUT_TO_LIST], 0);
  self->rows = rows;
  if (differs)
    g_list_model_items_changed(G_LIST_MODEL(self), head, old->len - head - tail, rows->len - head - tail);
}

typedef struct {
  SightUiLibrary *self; /* a reference */
  SightLibraryQuery query;
  char *text;
  guint generation;
  GArray *rows;
} Question;

static void question_free(Question *question) {
  g_object_unref(question->self);
  g_free(question->text);
  g_clear_pointer(&question->rows, g_array_unref);
  g_free(question);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Question, question_free)

static void ask(SightUiLibrary *self);

static gboolean read_list(SightDb *db, gpointer user_data, GError **error) {
  Question *question = user_data;
  question->rows = sight_library_list(db, &question->query, error);
  return question->rows != NULL;
}

static void reread_items(SightUiLibrary *self) {
  GHashTableIter iter;
  gpointer key;
  g_hash_table_iter_init(&iter, self->items);
  while (g_hash_table_iter_next(&iter, &key, NULL))
    want(self, *(gint64 *)key);
}

static void listed_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(Question) question = user_data;
  SightUiLibrary *self = question->self;
  g_autoptr(GError) error = NULL;
  gboolean ok = sight_store_read_finish(SIGHT_STORE(source), result, &error);
  if (question->generation != self->generation)
    return;
  g_clear_object(&self->list_cancel);
  g_clear_error(&self->error);
  if (ok) {
    take_rows(self, g_steal_pointer(&question->rows));
    reread_items(self);
  } else {
    self->error = g_steal_pointer(&error);
  }
  self->listed = TRUE;
  g_signal_emit(self, signals[LISTED], 0);
  if (self->dirty)
    ask(self);
}

static void ask(SightUiLibrary *self) {
  self->dirty = FALSE;
  self->list_cancel = g_cancellable_new();
  Question *question = g_new0(Question, 1);
  question->self = g_object_ref(self);
  question->query = self->query;
  question->text = g_strdup(self->text);
  question->query.filter = question->text;
  question->generation = self->generation;
  sight_store_read_async(self->store, read_list, question, NULL, self->list_cancel, listed_cb, question);
}

/* Another question: what is under way answers the old one and is let go. */
static void ask_anew(SightUiLibrary *self) {
  self->generation++;
  if (self->list_cancel != NULL)
    g_cancellable_cancel(self->list_cancel);
  g_clear_object(&self->list_cancel);
  self->listed = FALSE;
  ask(self);
}

/* How many sessions each row of the sidebar would show. */
typedef struct {
  SightUiLibrary *self; /* a reference */
  guint generation;
  gint64 endpoint;
  GPtrArray *bases;   /* of char, as sight_ui_saved(): what each is counted under */
  GPtrArray *without; /* of char: the sentence without each of its parts */
  GPtrArray *own;     /* of char: saved filters */
  char *text;
  SightUiCounts counts;
} Count;

static void count_free(Count *count) {
  g_object_unref(count->self);
  g_ptr_array_unref(count->bases);
  g_ptr_array_unref(count->without);
  g_ptr_array_unref(count->own);
  g_free(count->text);
  g_free(count->counts.n_saved);
  g_clear_pointer(&count->counts.n_own, g_array_unref);
  g_clear_pointer(&count->counts.tags, g_ptr_array_unref);
  g_free(count);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Count, count_free)

/* Which condition to take out where all of them together find nothing. */
static gboolean read_help(SightDb *db, Count *count, GError **error) {
  g_autoptr(SightSet) found = sight_library_sessions(db, count->text, count->endpoint, error);
  count->counts.helps = -1;
  for (guint i = 0; found != NULL && sight_set_n(found) == 0 && i < count->without->len; i++) {
    g_autoptr(SightSet) more = sight_library_sessions(db, count->without->pdata[i], count->endpoint, error);
    if (more == NULL)
      return FALSE;
    gint64 n = (gint64)sight_set_n(more);
    if (n <= count->counts.n_helps)
      continue;
    count->counts.helps = (int)i;
    count->counts.n_helps = n;
  }
  return found != NULL;
}

/* Of another version one may be no filter: that is no failure of the others. */
static void read_own(SightDb *db, Count *count) {
  for (guint i = 0; i < count->own->len; i++) {
    g_autoptr(SightSet) found = sight_library_sessions(db, count->own->pdata[i], count->endpoint, NULL);
    gint64 n = found != NULL ? (gint64)sight_set_n(found) : -1;
    g_array_append_val(count->counts.n_own, n);
  }
}

static void tag_free(gpointer data) {
  SightUiTagCount *tag = data;
  g_free(tag->title);
  g_free(tag->filter);
  g_free(tag);
}

static gboolean add_tag(SightDb *db, Count *count, const SightSet *base, const SightCompletion *found, GError **error) {
  const char *filter = found->insert;
  gint64 n = 0;
  if (!sight_library_count(db, base, &filter, 1, &n, error))
    return FALSE;
  if (n == 0)
    return TRUE;
  SightUiTagCount *tag = g_new0(SightUiTagCount, 1);
  tag->title = g_strdup(found->title);
  tag->filter = g_strdup(filter);
  tag->n = n;
  g_ptr_array_add(count->counts.tags, tag);
  return TRUE;
}

/* `text`: the sentence without its tags. */
static gboolean read_tags(SightDb *db, Count *count, const char *text, GError **error) {
  g_autofree char *asked = g_strconcat(text, *text != '\0' ? " tag:" : "tag:", NULL);
  g_autoptr(SightSet) base = sight_library_sessions(db, text, count->endpoint, error);
  g_autoptr(SightCompletions) found =
      base != NULL ? sight_complete(db, asked, (guint)strlen(asked), MAX_TAGS, g_get_real_time() / 1000, error) : NULL;
  for (guint i = 0; found != NULL && i < found->rows->len; i++) {
    const SightCompletion *row = found->rows->pdata[i];
    if (row->kind == SIGHT_COMPLETION_VALUE && !add_tag(db, count, base, row, error))
      return FALSE;
  }
  return found != NULL;
}

/* Without a condition nothing is lacking. */
static gboolean read_lacking(SightDb *db, Count *count, GError **error) {
  if (count->text[0] == '\0')
    return TRUE;
  g_autoptr(SightFilter) filter = sight_filter_parse(count->text, NULL, error);
  g_autoptr(SightQuery) query = filter != NULL ? sight_query_new(db, filter, g_get_real_time() / 1000, error) : NULL;
  count->counts.n_waiting = query != NULL ? sight_query_waiting(query, error) : -1;
  count->counts.n_left_out = count->counts.n_waiting >= 0 ? sight_query_left_out(query, error) : -1;
  return count->counts.n_left_out >= 0;
}

static gboolean read_counts(SightDb *db, gpointer user_data, GError **error) {
  Count *count = user_data;
  g_autoptr(SightSet) base = NULL;
  guint n = 0;
  const SightUiSaved *saved = sight_ui_saved(&n);
  count->counts.has_key_actions = sight_library_has_key_actions(db, count->endpoint);
  count->counts.n_all = sight_library_count_all(db, count->endpoint, error);
  for (guint i = 0; count->counts.n_all >= 0 && i < n; i++) {
    const char *text = count->bases->pdata[i];
    if (saved[i].group == SIGHT_UI_SAVED_ALL) {
      count->counts.n_saved[i] = count->counts.n_all;
      continue;
    }
    /* Rows of one group stand together and are counted under the same. */
    if (base == NULL || g_strcmp0(text, count->bases->pdata[i - 1]) != 0) {
      g_clear_pointer(&base, sight_set_free);
      base = sight_library_sessions(db, text, count->endpoint, error);
    }
    if (base == NULL || !sight_library_count(db, base, &saved[i].filter, 1, &count->counts.n_saved[i], error))
      return FALSE;
  }
  read_own(db, count);
  /* Of the saved filters the tags come last. */
  if (count->counts.n_all < 0 || !read_tags(db, count, count->bases->pdata[n - 1], error))
    return FALSE;
  gint64 n_here = 0, n_there = 0;
  if (sight_slice_is_part(db, count->endpoint, &n_here, &n_there))
    count->counts.n_there = n_there;
  return count->counts.n_all >= 0 && read_help(db, count, error) && read_lacking(db, count, error);
}

static void ask_counts(SightUiLibrary *self);

static void counted_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(Count) count = user_data;
  SightUiLibrary *self = count->self;
  g_autoptr(GError) error = NULL;
  gboolean ok = sight_store_read_finish(SIGHT_STORE(source), result, &error);
  self->counting = FALSE;
  if (ok && count->generation == self->generation) {
    SightUiCounts old = self->counts;
    self->counts = count->counts;
    count->counts = old;
    self->counted = TRUE;
    g_signal_emit(self, signals[COUNTED], 0);
  }
  if (self->store != NULL && (self->count_again || count->generation != self->generation))
    ask_counts(self);
}

static void ask_counts(SightUiLibrary *self) {
  self->count_again = self->counting;
  if (self->counting)
    return;
  self->counting = TRUE;
  guint n = 0;
  const SightUiSaved *saved = sight_ui_saved(&n);
  Count *count = g_new0(Count, 1);
  count->self = g_object_ref(self);
  count->generation = self->generation;
  count->endpoint = self->query.endpoint;
  count->counts.n_saved = g_new0(gint64, n);
  count->bases = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add(count->bases, sight_ui_filter_base(self->filter, saved[i].filter));
  count->own = g_ptr_array_new_with_free_func(g_free);
  count->counts.tags = g_ptr_array_new_with_free_func(tag_free);
  count->counts.n_own = g_array_new(FALSE, FALSE, sizeof(gint64));
  for (guint i = 0; i < sight_ui_own_filters_get_n(self->own); i++)
    g_ptr_array_add(count->own, g_strdup(sight_ui_own_filters_get_filter(self->own, i)));
  count->text = g_strdup(self->text);
  count->without = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < sight_ui_filter_n_parts(self->filter); i++)
    g_ptr_array_add(count->without, sight_ui_filter_without(self->filter, i));
  sight_store_read_async(self->store, read_counts, count, NULL, NULL, counted_cb, count);
}

static gboolean refresh(gpointer user_data) {
  SightUiLibrary *self = user_data;
  self->refresh_source = 0;
  if (self->list_cancel != NULL)
    self->dirty = TRUE;
  else
    ask(self);
  ask_counts(self);
  return G_SOURCE_REMOVE;
}

static void store_changed(SightUiLibrary *self) {
  if (self->refresh_source == 0)
    self->refresh_source = g_timeout_add(REFRESH_DELAY_MS, refresh, self);
}

static void sight_ui_library_dispose(GObject *object) {
  SightUiLibrary *self = SIGHT_UI_LIBRARY(object);
  g_clear_handle_id(&self->read_source, g_source_remove);
  g_clear_handle_id(&self->refresh_source, g_source_remove);
  self->generation++;
  if (self->list_cancel != NULL)
    g_cancellable_cancel(self->list_cancel);
  g_clear_object(&self->list_cancel);
  g_clear_object(&self->filter);
  g_clear_object(&self->own);
  g_clear_object(&self->store);
  G_OBJECT_CLASS(sight_ui_library_parent_class)->dispose(object);
}

static void forget_item(gpointer key, gpointer item, gpointer items) {
  g_object_weak_unref(item, item_gone, items);
}

static void sight_ui_library_finalize(GObject *object) {
  SightUiLibrary *self = SIGHT_UI_LIBRARY(object);
  g_hash_table_foreach(self->items, forget_item, self->items);
  g_hash_table_unref(self->items);
  g_array_unref(self->rows);
  g_array_unref(self->wanted);
  g_free(self->text);
  g_free(self->counts.n_saved);
  g_clear_pointer(&self->counts.n_own, g_array_unref);
  g_clear_pointer(&self->counts.tags, g_ptr_array_unref);
  g_clear_error(&self->error);
  G_OBJECT_CLASS(sight_ui_library_parent_class)->finalize(object);
}

static guint plain_signal(const char *name) {
  return g_signal_new(name, SIGHT_UI_TYPE_LIBRARY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void sight_ui_library_class_init(SightUiLibraryClass *class) {
  G_OBJECT_CLASS(class)->dispose = sight_ui_library_dispose;
  G_OBJECT_CLASS(class)->finalize = sight_ui_library_finalize;
  signals[ABOUT_TO_LIST] = plain_signal("about-to-list");
  signals[LISTED] = plain_signal("listed");
  signals[COUNTED] = plain_signal("counted");
}

static void sight_ui_library_init(SightUiLibrary *self) {
  self->rows = g_array_new(FALSE, FALSE, sizeof(gint64));
  self->wanted = g_array_new(FALSE, FALSE, sizeof(gint64));
  self->items = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
}

static void take_query(SightUiLibrary *self) {
  g_free(self->text);
  self->text = g_strdup(sight_ui_filter_get_text(self->filter));
  self->query.filter = self->text;
  self->query.endpoint = sight_ui_filter_get_endpoint(self->filter);
}

static void filter_changed(SightUiLibrary *self) {
  if (self->query.endpoint != sight_ui_filter_get_endpoint(self->filter))
    self->counted = FALSE;
  take_query(self);
  ask_anew(self);
  ask_counts(self);
}

SightUiLibrary *sight_ui_library_new(SightStore *store, SightUiFilter *filter) {
  SightUiLibrary *self = g_object_new(SIGHT_UI_TYPE_LIBRARY, NULL);
  self->store = g_object_ref(store);
  self->filter = g_object_ref(filter);
  self->own = sight_ui_own_filters_new();
  g_signal_connect_object(self->own, "changed", G_CALLBACK(ask_counts), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(store, "changed", G_CALLBACK(store_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(filter, "changed", G_CALLBACK(filter_changed), self, G_CONNECT_SWAPPED);
  take_query(self);
  ask(self);
  ask_counts(self);
  return self;
}

SightUiFilter *sight_ui_library_get_filter(SightUiLibrary *self) {
  return self->filter;
}

SightUiOwnFilters *sight_ui_library_get_own(SightUiLibrary *self) {
  return self->own;
}

void sight_ui_library_set_sort(SightUiLibrary *self, SightSessionSort sort) {
  if (self->query.sort == sort)
    return;
  self->query.sort = sort;
  ask_anew(self);
}

const SightLibraryQuery *sight_ui_library_get_query(SightUiLibrary *self) {
  return &self->query;
}

gboolean sight_ui_library_is_listed(SightUiLibrary *self) {
  return self->listed;
}

const GError *sight_ui_library_get_error(SightUiLibrary *self) {
  return self->error;
}

const SightUiCounts *sight_ui_library_get_counts(SightUiLibrary *self) {
  return self->counted ? &self->counts : NULL;
}

guint sight_ui_library_find(SightUiLibrary *self, gint64 row) {
  for (guint i = 0; i < self->rows->len; i++) {
    if (g_array_index(self->rows, gint64, i) == row)
      return i;
  }
  return G_MAXUINT;
}

gint64 sight_ui_library_row_at(SightUiLibrary *self, guint position) {
  return position < self->rows->len ? g_array_index(self->rows, gint64, position) : 0;
}

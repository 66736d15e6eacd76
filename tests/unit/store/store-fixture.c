/* SPDX-License-Identifier: MIT */
/* What the tests of the store share. */
#define _GNU_SOURCE /* memmem */
#include "store-fixture.h"
#include "sight-session-column.h"

#include <glib/gstdio.h>
#include <string.h>

char *make_folder(void) {
  g_autoptr(GError) error = NULL;
  char *folder = g_dir_make_tmp("sight-store-XXXXXX", &error);

  g_assert_no_error(error);
  return folder;
}

void remove_folder(char *folder) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_assert_cmpint(g_remove(path), ==, 0);
  }
  g_assert_cmpint(g_rmdir(folder), ==, 0);
  g_free(folder);
}

SightStore *open_store(const char *folder, SightStoreRole role) {
  g_autoptr(GError) error = NULL;
  SightStore *store = sight_store_open(folder, role, NULL, &error);

  g_assert_no_error(error);
  g_assert_nonnull(store);
  return store;
}

typedef struct {
  gint64 endpoint, row, at_ms;
  const char *session, *kind, *text;
  SightBatch batch;
  SightPutResult result;
  SightSession *got;
  const SightSessionFilter *filter;
  guint32 flags;
  SightSessionSort sort;
  GString *ids;
  gint64 n;
  const Analysed *analysed;
} Call;

static void write_now(SightStore *store, SightStoreFunc func, Call *call) {
  g_autoptr(GError) error = NULL;

  sight_store_write(store, SIGHT_WRITE_NORMAL, func, call, &error);
  g_assert_no_error(error);
}

static void read_now(SightStore *store, SightStoreFunc func, Call *call) {
  g_autoptr(GError) error = NULL;

  sight_store_read(store, func, call, &error);
  g_assert_no_error(error);
}

static gboolean do_put(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  call->result = sight_batch_table_put(db, call->endpoint, &call->batch, error);
  return call->result != SIGHT_PUT_FAILED;
}

static SightBatch make_batch(const char *session, const char *window, gint64 seq, gint64 time_ms, const char *events) {
  return (SightBatch){.session = session,
                      .window = window,
                      .seq = seq,
                      .sent_at_ms = time_ms + 5,
                      .received_at_ms = time_ms + 10,
                      .events = events,
                      .events_bytes = events != NULL ? strlen(events) : 0,
                      .n_events = events != NULL,
                      .is_lost = events == NULL,
                      .first_ms = time_ms,
                      .last_ms = time_ms + 1000};
}

SightPutResult put_batch(SightStore *store, gint64 endpoint, const char *session, const char *window, gint64 seq,
                         gint64 time_ms, const char *events) {
  Call call = {.endpoint = endpoint, .batch = make_batch(session, window, seq, time_ms, events)};

  write_now(store, do_put, &call);
  return call.result;
}

SightPutResult put_late(SightStore *store, gint64 endpoint, const char *session, gint64 time_ms, gint64 received_ms) {
  Call call = {.endpoint = endpoint, .batch = make_batch(session, "w", 0, 0, "[]")};

  call.batch.first_ms = call.batch.last_ms = call.batch.sent_at_ms = time_ms;
  call.batch.received_at_ms = received_ms;
  write_now(store, do_put, &call);
  return call.result;
}

void put_batch_naming(SightStore *store, const char *session, const char *user) {
  g_autoptr(GPtrArray) users = g_ptr_array_new();
  Call call = {.endpoint = 1, .batch = make_batch(session, "w", 0, START_MS, "[{}]")};

  g_ptr_array_add(users, (gpointer)user);
  call.batch.users = users;
  write_now(store, do_put, &call);
}

static gboolean do_find(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  g_autoptr(SightSession) session = sight_session_table_find(db, call->endpoint, call->session, error);
  call->row = session != NULL ? session->row : 0;
  return session != NULL;
}

gint64 row_of(SightStore *store, gint64 endpoint, const char *session) {
  Call call = {.endpoint = endpoint, .session = session};

  read_now(store, do_find, &call);
  return call.row;
}

static gboolean do_get(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  call->got = sight_session_table_get(db, call->row, error);
  return call->got != NULL;
}

SightSession *get_session(SightStore *store, gint64 row) {
  Call call = {.row = row};

  read_now(store, do_get, &call);
  return call.got;
}

static gboolean do_add_endpoint(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  call->row = sight_endpoint_table_add(db, call->kind, call->text, NULL, error);
  return call->row > 0;
}

gint64 add_endpoint(SightStore *store, const char *kind, const char *name) {
  Call call = {.kind = kind, .text = name};

  write_now(store, do_add_endpoint, &call);
  return call.row;
}

static gboolean do_tag(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  g_autoptr(SightAnnotation) tag = sight_annotation_new(call->endpoint, call->session, "tag", call->at_ms, call->text);
  return sight_annotation_table_put(db, tag, SIGHT_ANNOTATION_MADE_HERE, NULL, error);
}

void put_tag(SightStore *store, gint64 endpoint, const char *session, gint64 at_ms, const char *body) {
  Call call = {.endpoint = endpoint, .session = session, .at_ms = at_ms, .text = body};

  write_now(store, do_tag, &call);
}

static gboolean do_erase(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  return sight_session_table_erase(db, call->row, error);
}

void erase(SightStore *store, gint64 row) {
  Call call = {.row = row};

  write_now(store, do_erase, &call);
}

static GPtrArray *make_views(const char *pages) {
  g_auto(GStrv) names = g_strsplit(pages != NULL ? pages : "", " ", -1);
  GPtrArray *views = g_ptr_array_new_with_free_func((GDestroyNotify)sight_page_view_free);

  for (guint i = 0; names[i] != NULL && *names[i] != '\0'; i++) {
    SightPageView *view = g_new0(SightPageView, 1);
    view->page = g_strdup(names[i]);
    view->url = g_strconcat("https://shop.example", names[i], NULL);
    view->window = g_strdup("w");
    view->start_ms = (gint64)i * 10000;
    view->end_ms = view->start_ms + 10000;
    g_ptr_array_add(views, view);
  }
  return views;
}

static GPtrArray *make_signals(const char *text, guint32 *flags) {
  static const char letters[] = "erdscq";
  g_auto(GStrv) parts = g_strsplit(text != NULL ? text : "", " ", -1);
  GPtrArray *signals = g_ptr_array_new_with_free_func((GDestroyNotify)sight_signal_free);

  for (guint i = 0; parts[i] != NULL && *parts[i] != '\0'; i++) {
    SightSignal *signal = g_new0(SightSignal, 1);
    const char *letter = strchr(letters, parts[i][0]);
    g_assert_true(letter != NULL || parts[i][0] == 'n');
    signal->kind = letter != NULL ? (SightSignalKind)(letter - letters) : SIGHT_SIGNAL_NOISE;
    const char *count = strchr(parts[i], '*');
    signal->start_ms = g_ascii_strtoll(parts[i] + 2, NULL, 10);
    signal->end_ms = signal->start_ms + 1200;
    signal->window = g_strdup("w");
    signal->page = g_strdup("/pay");
    signal->target = g_strdup("Pay now");
    signal->message = signal->kind == SIGHT_SIGNAL_ERROR ? g_strdup("TypeError: basket is undefined") : NULL;
    signal->fingerprint = g_strdup(parts[i]);
    signal->count = count != NULL ? (int)g_ascii_strtoll(count + 1, NULL, 10) : 4;
    *flags |= sight_session_flag_of_signal(signal->kind);
    g_ptr_array_add(signals, signal);
  }
  return signals;
}

static gboolean do_save(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  const Analysed *what = call->analysed;
  g_autoptr(SightSession) session = sight_session_table_get(db, call->row, error);
  g_autoptr(GPtrArray) views = make_views(what->pages);
  gint64 revision = 0;

  if (session == NULL || !sight_analysis_table_take_lease(db, call->row, "test", G_MAXINT64, &revision, error))
    return FALSE;
  session->flags = what->key_action ? FIXTURE_ORDERED : 0;
  g_autoptr(GPtrArray) signals = make_signals(what->signals, &session->flags);
  g_free(session->user);
  session->user = g_strdup(what->user);
  g_free(session->release);
  session->release = g_strdup(what->release);
  session->duration_ms = MAX(1000, (gint64)views->len * 10000);
  session->friction = what->friction;
  session->n_pages = (int)views->len;
  session->n_signals = (int)signals->len;
  g_clear_pointer(&session->entry, g_free);
  g_clear_pointer(&session->exit, g_free);
  if (views->len > 0) {
    session->entry = g_strdup(((SightPageView *)views->pdata[0])->page);
    session->exit = g_strdup(((SightPageView *)views->pdata[views->len - 1])->page);
  }
  return sight_analysis_table_save(db, session, revision, "rules", 1, signals, views, error);
}

gint64 save_analysed(SightStore *store, gint64 endpoint, Analysed what) {
  Call call = {.endpoint = endpoint, .analysed = &what};

  put_batch(store, endpoint, what.session, "w", 0, what.start_ms != 0 ? what.start_ms : START_MS, "[{}]");
  call.row = row_of(store, endpoint, what.session);
  write_now(store, do_save, &call);
  return call.row;
}

static gboolean do_list(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  g_autoptr(GArray) rows = sight_session_table_list(db, call->filter, call->sort, error);

  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    g_autoptr(SightSession) session = sight_session_table_get(db, g_array_index(rows, gint64, i), error);
    g_assert_nonnull(session);
    g_string_append_printf(call->ids, "%s%s", i > 0 ? " " : "", session->session);
  }
  return rows != NULL;
}

char *list_ids(SightStore *store, const SightSessionFilter *filter, SightSessionSort sort) {
  Call call = {.filter = filter, .sort = sort, .ids = g_string_new(NULL)};

  read_now(store, do_list, &call);
  return g_string_free(call.ids, FALSE);
}

static gboolean do_count(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  call->n = sight_session_table_count(db, call->filter, error);
  return call->n >= 0;
}

gint64 count_of(SightStore *store, const SightSessionFilter *filter) {
  Call call = {.filter = filter};

  read_now(store, do_count, &call);
  return call.n;
}

static gboolean do_list_flagged(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  g_autoptr(SightSet) set = sight_session_column_flags(db, call->flags, error);
  SightSessionFilter filter = {.within = set};

  call->filter = &filter;
  return set != NULL && do_list(db, call, error);
}

char *flagged_ids(SightStore *store, guint32 flags) {
  Call call = {.flags = flags, .sort = SIGHT_SORT_NEWEST, .ids = g_string_new(NULL)};

  read_now(store, do_list_flagged, &call);
  return g_string_free(call.ids, FALSE);
}

gboolean folder_holds(const char *folder, const char *text) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name(dir)) != NULL) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *bytes = NULL;
    gsize n = 0;
    g_assert_true(g_file_get_contents(path, &bytes, &n, NULL));
    if (memmem(bytes, n, text, strlen(text)) != NULL)
      return TRUE;
  }
  return FALSE;
}

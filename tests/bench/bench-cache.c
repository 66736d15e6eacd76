/* SPDX-License-Identifier: MIT */
/* What the cache takes on disk, keyframes and indexes included: on arrival and after compacting, as shares of the JSON;
 * and how long opening takes, beside the first megabyte of the same recording. */
#include "sight-account.h"
#include "sight-batch-table.h"
#include "sight-block-table.h"
#include "sight-db.h"
#include "sight-endpoint-table.h"
#include "sight-event-reader.h"
#include "sight-recording.h"

#include <glib/gstdio.h>

#define ROUNDS 9
#define FIRST_BYTES 1000000
/* As the recorder sends them. */
#define BATCH_MS 5000

typedef struct {
  SightStore *store;
  const char *session;
  SightBatchBuilder builder;
  gint64 seq, begin_ms;
  gsize bytes, max_bytes;
} Filling;

static gboolean put(SightDb *db, gpointer user_data, GError **error) {
  return sight_batch_table_put(db, SIGHT_ENDPOINT_FILES, user_data, error) != SIGHT_PUT_FAILED;
}

static void send_batch(Filling *filling) {
  g_autoptr(GError) error = NULL;
  SightBatch batch = {.session = filling->session, .window = "w", .seq = filling->seq++, .received_at_ms = 1};
  if (filling->builder.n_events == 0)
    return;
  sight_batch_builder_finish(&filling->builder, &batch);
  filling->bytes += batch.events_bytes;
  if (!sight_store_write(filling->store, SIGHT_WRITE_NORMAL, put, &batch, &error))
    g_error("%s", error->message);
  sight_batch_builder_restart(&filling->builder);
}

static gboolean take(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  Filling *filling = user_data;
  if (filling->bytes > filling->max_bytes)
    return TRUE;
  if (filling->builder.n_events > 0 && event->time_ms - filling->begin_ms > BATCH_MS)
    send_batch(filling);
  if (filling->builder.n_events == 0)
    filling->begin_ms = event->time_ms;
  sight_batch_builder_add(&filling->builder, event);
  return TRUE;
}

static gsize fill(SightStore *store, const char *path, const char *session, gsize max_bytes) {
  g_autoptr(GFile) file = g_file_new_for_commandline_arg(path);
  Filling filling = {.store = store, .session = session, .max_bytes = max_bytes};
  sight_event_read_file(file, &sight_reader_default_limits, take, &filling, NULL, NULL, NULL);
  send_batch(&filling);
  sight_batch_builder_clear(&filling.builder);
  return filling.bytes;
}

static void remove_folder(const char *folder) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  const char *name;
  while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_unlink(path);
  }
  g_rmdir(folder);
}

static gboolean ask_size(SightDb *db, gpointer user_data, GError **error) {
  *(double *)user_data = (double)sight_db_query_int(db,
                                                    "SELECT page_count * page_size FROM pragma_page_count, "
                                                    "pragma_page_size",
                                                    error);
  return TRUE;
}

/* What SQLite says: some file systems are late in telling a size. */
static double size_of(SightStore *store) {
  double bytes = 0;
  sight_store_read(store, ask_size, &bytes, NULL);
  return bytes;
}

typedef struct {
  const char *session;
  gint64 row;
  SightRuleset *rules;
  SightAnalysis *analysis;
} Search;

static gboolean find(SightDb *db, gpointer user_data, GError **error) {
  Search *search = user_data;
  g_autoptr(SightSession) session = sight_session_table_find(db, 0, search->session, error);
  search->row = session != NULL ? session->row : 0;
  return session != NULL;
}

static gboolean open_analysis(SightDb *db, gpointer user_data, GError **error) {
  Search *search = user_data;
  search->analysis = sight_analysis_open(db, search->row, search->rules, NULL, error);
  return search->analysis != NULL;
}

/* What the player needs for its first picture of the end of the session, or of its beginning. */
static double open_at(SightStore *store, const char *session, gboolean at_end) {
  g_autoptr(GError) error = NULL;
  g_autoptr(SightRuleset) rules = sight_ruleset_new_default();
  Search search = {.session = session, .rules = rules};
  double best_ms = G_MAXDOUBLE;
  if (!sight_store_read(store, find, &search, &error))
    g_error("%s", error->message);
  for (int i = 0; i < ROUNDS; i++) {
    gint64 begin = g_get_monotonic_time();
    g_autoptr(GPtrArray) windows = sight_recording_open(store, search.row, NULL, &error);
    if (windows == NULL || !sight_store_read(store, open_analysis, &search, &error))
      g_error("%s", error->message);
    SightTrack *track = ((SightRecordingWindow *)windows->pdata[0])->track;
    g_autoptr(SightCursor) cursor = sight_cursor_new(track);
    g_autoptr(GString) out = g_string_new(NULL);
    if (!sight_cursor_seek(cursor, at_end ? sight_track_last_ms(track) : sight_track_first_page_ms(track) + 1, &error))
      g_error("%s", error->message);
    sight_dom_write_events(sight_cursor_page(cursor), 0, out);
    double took_ms = (double)(g_get_monotonic_time() - begin) / 1000;
    best_ms = MIN(best_ms, took_ms);
    sight_analysis_free(search.analysis);
  }
  return best_ms;
}

static void measure(const char *path) {
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp("sight-cache-XXXXXX", NULL), *name = g_path_get_basename(path);
  g_autoptr(SightStore) store = sight_store_open(folder, SIGHT_STORE_CACHE, NULL, &error);
  if (store == NULL)
    g_error("%s", error->message);
  gsize bytes = fill(store, path, "whole", G_MAXSIZE);
  if (!sight_analysis_run_pending(store, NULL, NULL, NULL, NULL, &error))
    g_error("%s", error->message);
  double arrival = size_of(store);
  gint64 begin = g_get_monotonic_time();
  if (!sight_block_table_compact(store, 0, NULL, NULL, &error))
    g_error("%s", error->message);
  double compact_ms = (double)(g_get_monotonic_time() - begin) / 1000;
  double compacted = size_of(store);
  fill(store, path, "first", FIRST_BYTES);
  sight_analysis_run_pending(store, NULL, NULL, NULL, NULL, NULL);
  double whole = open_at(store, "whole", FALSE), first = open_at(store, "first", FALSE);
  g_print("%-28s %6.1f   1/%-5.1f 1/%-5.1f %7.0f   %6.1f %6.1f %6.1f   %.2f\n", name, (double)bytes / 1e6,
          (double)bytes / arrival, (double)bytes / compacted, compact_ms, whole, open_at(store, "whole", TRUE), first,
          whole / first);
  sight_store_close(store);
  remove_folder(folder);
}

int main(int argc, char *argv[]) {
  g_print("%-28s %6s   %-7s %-7s %7s   %s\n", "cache", "MB", "arrived", "compact", "ms",
          "opened at its begin, end; its first MB; begin of the two");
  for (int i = 1; i < argc; i++)
    measure(argv[i]);
  return 0;
}

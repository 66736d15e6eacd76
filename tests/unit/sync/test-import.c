/* SPDX-License-Identifier: MIT */
/* Importing files: what gets into the cache, under which ids, and that doing it again changes nothing. */
#include "sight-batch-table.h"
#include "sight-compress.h"
#include "sight-endpoint-table.h"
#include "sight-event.h"
#include "sight-import.h"
#include "sight-session-table.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct {
  char *folder;
  SightStore *store;
  SightImportResult result;
} Fixture;

static void set_up(Fixture *f, gconstpointer data) {
  g_autoptr(GError) error = NULL;
  f->folder = g_dir_make_tmp("sight-import-XXXXXX", NULL);
  f->store = sight_store_open(f->folder, SIGHT_STORE_CACHE, NULL, &error);
  g_assert_no_error(error);
}

static void tear_down(Fixture *f, gconstpointer data) {
  sight_import_result_clear(&f->result);
  sight_store_close(f->store);
  g_object_unref(f->store);
  g_autoptr(GDir) dir = g_dir_open(f->folder, 0, NULL);
  const char *name;
  while ((name = g_dir_read_name(dir)) != NULL) {
    g_autofree char *path = g_build_filename(f->folder, name, NULL);
    g_remove(path);
  }
  g_rmdir(f->folder);
  g_free(f->folder);
}

static gboolean import_bytes(Fixture *f, const char *name, const void *data, gsize bytes, GError **error) {
  g_autofree char *path = g_build_filename(f->folder, name, NULL);
  g_assert_true(g_file_set_contents(path, data, (gssize)bytes, NULL));
  g_autoptr(GFile) file = g_file_new_for_path(path);
  sight_import_result_clear(&f->result);
  gboolean ok = sight_import_file(f->store, file, NULL, &f->result, error);
  g_remove(path);
  return ok;
}

static void import_text(Fixture *f, const char *name, const char *text) {
  g_autoptr(GError) error = NULL;
  gboolean ok = import_bytes(f, name, text, strlen(text), &error);
  g_assert_no_error(error);
  g_assert_true(ok);
}

typedef struct {
  gint64 row;
  GString *out;
} Listing;

static gboolean list_windows(SightDb *db, gpointer user_data, GError **error) {
  Listing *listing = user_data;
  g_autoptr(GPtrArray) windows = sight_batch_table_windows(db, listing->row, error);
  for (guint i = 0; windows != NULL && i < windows->len; i++) {
    const SightWindowInfo *info = windows->pdata[i];
    g_string_append_printf(listing->out, "%s:%d/%d ", info->window, (int)info->n_events, (int)info->n_batches);
  }
  return windows != NULL;
}

/* "window:events/batches" of each window. */
static void check_windows(Fixture *f, const char *expected) {
  g_autoptr(GString) out = g_string_new(NULL);
  Listing listing = {f->result.row, out};
  g_assert_true(sight_store_read(f->store, list_windows, &listing, NULL));
  g_assert_cmpstr(g_strchomp(out->str), ==, expected);
}

static gboolean get_session(SightDb *db, gpointer user_data, GError **error) {
  SightSession **session = user_data;
  gint64 row = (*session)->row;
  sight_session_free(*session);
  *session = sight_session_table_get(db, row, error);
  return *session != NULL;
}

static SightSession *session_of(Fixture *f) {
  SightSession *session = g_new0(SightSession, 1);
  session->row = f->result.row;
  g_assert_true(sight_store_read(f->store, get_session, &session, NULL));
  return session;
}

static gboolean count_sessions(SightDb *db, gpointer user_data, GError **error) {
  SightSessionFilter all = {0};
  *(gint64 *)user_data = sight_session_table_count(db, &all, error);
  return TRUE;
}

static void check_count(Fixture *f, gint64 expected) {
  gint64 n = -1;
  g_assert_true(sight_store_read(f->store, count_sessions, &n, NULL));
  g_assert_cmpint(n, ==, expected);
}

#define META "{\"type\":4,\"data\":{\"href\":\"http://x.example/\"},\"timestamp\":1700000000000}"
#define LOAD "{\"type\":1,\"data\":{},\"timestamp\":1700000005000}"

static void test_plain(Fixture *f, gconstpointer data) {
  import_text(f, "visit.json", "[" META ",\n" LOAD "]");
  g_assert_false(f->result.duplicate);
  g_assert_false(f->result.partial);
  g_assert_null(f->result.notice);
  g_assert_cmpint(f->result.n_events, ==, 2);
  g_assert_cmpint(strlen(f->result.session), ==, 32);
  check_windows(f, "main:2/1");
  g_autoptr(SightSession) session = session_of(f);
  g_assert_cmpstr(session->session, ==, f->result.session);
  g_assert_cmpstr(session->label, ==, "visit.json");
  g_assert_cmpint(session->endpoint, ==, SIGHT_ENDPOINT_FILES);
  g_assert_cmpint(session->started_ms, ==, G_GINT64_CONSTANT(1700000000000));
  g_assert_cmpint(session->n_events, ==, 2);
}

static void test_again(Fixture *f, gconstpointer data) {
  const char *text = "[" META "," LOAD "]";
  import_text(f, "first.json", text);
  g_autofree char *session = g_strdup(f->result.session);
  gint64 row = f->result.row;

  import_text(f, "second.json", text);
  g_assert_true(f->result.duplicate);
  g_assert_cmpint(f->result.row, ==, row);
  g_assert_cmpint(f->result.n_events, ==, 2);

  /* compressed, it is the same recording */
  g_autoptr(GBytes) gzip = sight_gzip_compress(text, strlen(text));
  g_assert_true(import_bytes(f, "third.json.gz", g_bytes_get_data(gzip, NULL), g_bytes_get_size(gzip), NULL));
  g_assert_true(f->result.duplicate);
  g_assert_cmpstr(f->result.session, ==, session);
  g_autoptr(GBytes) zstd = sight_zstd_compress(text, strlen(text), 3);
  g_assert_true(import_bytes(f, "fourth.zst", g_bytes_get_data(zstd, NULL), g_bytes_get_size(zstd), NULL));
  g_assert_cmpstr(f->result.session, ==, session);
  check_count(f, 1);
  g_autoptr(SightSession) kept = session_of(f);
  g_assert_cmpstr(kept->label, ==, "first.json");

  import_text(f, "other.json", "[" META "]");
  g_assert_false(f->result.duplicate);
  check_count(f, 2);
}

static void test_windows(Fixture *f, gconstpointer data) {
  import_text(
      f, "tabs.json",
      "{\"data\":{\"snapshots\":[{\"windowId\":\"tab-1\",\"type\":4,\"timestamp\":1},"
      "{\"windowId\":\"../../etc\",\"type\":4,\"timestamp\":2},{\"type\":4,\"timestamp\":3},"
      "{\"windowId\":\"../../etc\",\"type\":4,\"timestamp\":4},{\"windowId\":\"tab-1\",\"type\":4,\"timestamp\":5}"
      "]}}");
  g_assert_cmpint(f->result.n_events, ==, 5);
  check_windows(f, "tab-1:2/1 w-74ccf3c5b4c19a8167f9:2/1 main:1/1");
}

static void test_too_many_windows(Fixture *f, gconstpointer data) {
  g_autoptr(GString) text = g_string_new("[");
  for (int i = 0; i < 300; i++)
    g_string_append_printf(text, "%s{\"windowId\":\"w%d\",\"type\":4,\"timestamp\":1}", i > 0 ? "," : "", i);
  g_string_append_c(text, ']');
  import_text(f, "tabs.json", text->str);
  g_assert_cmpint(f->result.n_events, ==, 256);
  g_assert_cmpint(f->result.n_rejected, ==, 44);
  g_assert_nonnull(strstr(f->result.notice, "too many windows"));
}

static void test_batches(Fixture *f, gconstpointer data) {
  g_autofree char *filler = g_strnfill(1000, 'x');
  g_autoptr(GString) text = g_string_new(NULL);
  for (int i = 0; i < 1000; i++)
    g_string_append_printf(text, "{\"type\":5,\"data\":{\"tag\":\"%s\"},\"timestamp\":%d}\n", filler, 1000 + i);
  import_text(f, "long.jsonl", text->str);
  g_assert_cmpint(f->result.n_events, ==, 1000);
  check_windows(f, "main:1000/4");
}

static void test_left_out(Fixture *f, gconstpointer data) {
  import_text(f, "broken.jsonl", META "\ngarbage\n" LOAD "\n{\"type\":3,\"da");
  g_assert_cmpint(f->result.n_events, ==, 2);
  g_assert_cmpint(f->result.n_rejected, ==, 1);
  g_assert_true(f->result.partial);
  g_assert_nonnull(strstr(f->result.notice, "1 event was left out: event 2 at byte"));
  g_assert_nonnull(
      strstr(f->result.notice, "ends in the middle, at byte 141: the 2 events before it, 0:05 long, are here"));
  g_autoptr(SightSession) session = session_of(f);
  g_assert_cmpstr(session->notice, ==, f->result.notice);
  g_assert_cmpint(session->flags & SIGHT_SESSION_PARTIAL, !=, 0);

  import_text(f, "again.jsonl", META "\ngarbage\n" LOAD "\n{\"type\":3,\"da");
  g_assert_true(f->result.duplicate);
  g_assert_true(f->result.partial);
}

#define ENVELOPE(session, window, seq, events)                                                                         \
  "{\"v\":1,\"session\":\"" session "\",\"window\":\"" window "\",\"seq\":" #seq ",\"sent_at\":5,\"events\":[" events  \
  "]}\n"

static void test_envelopes(Fixture *f, gconstpointer data) {
  const char *text = ENVELOPE("s1", "a", 0, META) ENVELOPE("s1", "b", 0, META "," LOAD) ENVELOPE("s1", "a", 1, LOAD)
      ENVELOPE("s2", "a", 0, META);
  import_text(f, "two.jsonl", text);
  g_assert_cmpstr(f->result.session, ==, "s1");
  g_assert_cmpint(f->result.n_events, ==, 5);
  check_windows(f, "a:2/2 b:2/1");
  check_count(f, 2);
  g_autoptr(SightSession) session = session_of(f);
  g_assert_cmpstr(session->label, ==, "two.jsonl");
  import_text(f, "two-again.jsonl", text);
  g_assert_true(f->result.duplicate);
  check_windows(f, "a:2/2 b:2/1");

  /* the visit went on, and was exported once more */
  import_text(f, "more.jsonl", ENVELOPE("s1", "a", 1, LOAD) ENVELOPE("s1", "a", 2, LOAD));
  g_assert_false(f->result.duplicate);
  check_windows(f, "a:3/3 b:2/1");
}

static void test_envelope_with_bad_ids(Fixture *f, gconstpointer data) {
  import_text(f, "evil.jsonl", ENVELOPE("../../etc/cron.d/x", "a/../b", 0, META "," LOAD));
  g_assert_cmpint(f->result.n_events, ==, 2);
  g_assert_cmpint(strlen(f->result.session), ==, 32);
  check_count(f, 1);
  g_autoptr(SightSession) session = session_of(f);
  g_assert_null(strstr(session->session, ".."));
}

static void test_envelopes_cut(Fixture *f, gconstpointer data) {
  import_text(f, "cut.jsonl", ENVELOPE("s1", "a", 0, META) "{\"v\":1,\"session\":\"s1\",\"wind");
  g_assert_true(f->result.partial);
  g_assert_cmpint(f->result.n_events, ==, 1);
  g_autoptr(GError) error = NULL;
  const char *bad = ENVELOPE("s3", "a", 0, META) "garbage";
  g_assert_false(import_bytes(f, "bad.jsonl", bad, strlen(bad), &error));
  g_assert_error(error, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_SYNTAX);
  check_count(f, 1);
}

static void test_refused(Fixture *f, gconstpointer data) {
  g_autoptr(GError) error = NULL;
  const char *text = "[" META "," LOAD "]garbage";
  g_assert_false(import_bytes(f, "bad.json", text, strlen(text), &error));
  g_assert_error(error, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_SYNTAX);
  g_assert_cmpstr(error->message, ==,
                  "“bad.json” cannot be imported: byte 121: behind the recording stands something else. "
                  "The file is damaged or is no recording: export it again.");
  g_assert_null(f->result.session);
  check_count(f, 0); /* not even the events before */

  g_clear_error(&error);
  g_assert_false(import_bytes(f, "empty.json", "", 0, &error));
  g_assert_error(error, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_EMPTY);
  g_clear_error(&error);
  g_autoptr(GFile) none = g_file_new_for_path("/nonexistent/x.json");
  g_assert_false(sight_import_file(f->store, none, NULL, &f->result, &error));
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull(strstr(error->message, "x.json"));
}

static void test_cancelled(Fixture *f, gconstpointer data) {
  g_autofree char *path = g_build_filename(f->folder, "x.json", NULL);
  g_assert_true(g_file_set_contents(path, "[" META "]", -1, NULL));
  g_autoptr(GFile) file = g_file_new_for_path(path);
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  g_cancellable_cancel(cancellable);
  g_autoptr(GError) error = NULL;
  g_assert_false(sight_import_file(f->store, file, cancellable, &f->result, &error));
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  check_count(f, 0);
}

#define ADD(name, func) g_test_add(name, Fixture, NULL, set_up, func, tear_down)

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  ADD("/import/plain", test_plain);
  ADD("/import/again", test_again);
  ADD("/import/windows", test_windows);
  ADD("/import/too-many-windows", test_too_many_windows);
  ADD("/import/batches", test_batches);
  ADD("/import/left-out", test_left_out);
  ADD("/import/envelopes", test_envelopes);
  ADD("/import/envelope-with-bad-ids", test_envelope_with_bad_ids);
  ADD("/import/envelopes-cut", test_envelopes_cut);
  ADD("/import/refused", test_refused);
  ADD("/import/cancelled", test_cancelled);
  return g_test_run();
}

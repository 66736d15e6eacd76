/* SPDX-License-Identifier: MIT */
/* Files in every form that people have: the same events come out, whatever they were wrapped in. */
#include "sight-format-private.h"

#include "sight-json-writer.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define START_MS G_GINT64_CONSTANT(1790000000000)

/* Data of the events of one recording, all of type 3 but for the first two. */
static const char *const data[] = {
    "{\"href\":\"https://x.example/\",\"width\":900,\"height\":600}",
    "{\"node\":{\"type\":0,\"id\":1,\"childNodes\":[]},\"initialOffset\":{\"top\":0,\"left\":0}}",
    "{\"source\":0,\"texts\":[{\"id\":4,\"value\":\"he said "
    "\\\"no\\\"\"}],\"attributes\":[],\"removes\":[],\"adds\":[]}",
    "{\"source\":2,\"type\":2,\"id\":4,\"x\":1,\"y\":2}",
    "{\"source\":3,\"id\":1,\"x\":0,\"y\":40}",
};
#define N_EVENTS G_N_ELEMENTS(data)

static int type_of(guint i) {
  return i == 0 ? 4 : i == 1 ? 2 : 3;
}

static gint64 time_of(guint i) {
  return START_MS + 20 * i;
}

static char *plain(guint i) {
  return g_strdup_printf("{\"type\":%d,\"data\":%s,\"timestamp\":%" G_GINT64_FORMAT "}", type_of(i), data[i],
                         time_of(i));
}

/* Text as a JSON string. */
static char *quote(const char *text) {
  GString *out = g_string_new(NULL);
  SightJsonWriter writer = {.out = out};
  sight_json_put_string(&writer, text);
  return g_string_free(out, FALSE);
}

/* What came out: a line for each event. */
static gboolean note(const SightEvent *event, const char *tainted_session, const char *tainted_window,
                     gpointer user_data, GError **error) {
  g_autoptr(GString) text = g_string_new(NULL);
  sight_json_append_value(text, event->data);
  g_string_append_printf(user_data, "%s %s %d %" G_GINT64_FORMAT " %s\n",
                         tainted_session != NULL ? tainted_session : "-", tainted_window != NULL ? tainted_window : "-",
                         event->type, event->time_ms, text->str);
  return TRUE;
}

static char *expected(const char *session, const char *window) {
  GString *out = g_string_new(NULL);
  for (guint i = 0; i < N_EVENTS; i++)
    g_string_append_printf(out, "%s %s %d %" G_GINT64_FORMAT " %s\n", session, window, type_of(i), time_of(i), data[i]);
  return g_string_free(out, FALSE);
}

static char *read_text(const char *text) {
  g_autoptr(GString) out = g_string_new(NULL);
  g_autoptr(GBytes) content = g_bytes_new(text, strlen(text));
  g_autoptr(GError) error = NULL;
  g_auto(SightReaderReport) report = {0};
  sight_format_read_bytes(content, note, out, &report, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(report.n_rejected, ==, 0);
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static void check(const char *text, const char *wanted) {
  g_autofree char *got = read_text(text);
  g_test_message("%s", text);
  g_assert_cmpstr(got, ==, wanted);
}

static char *array_of_all(void) {
  GString *out = g_string_new("[");
  for (guint i = 0; i < N_EVENTS; i++) {
    g_autofree char *event = plain(i);
    g_string_append_printf(out, "%s%s", i > 0 ? "," : "", event);
  }
  return g_string_free(g_string_append_c(out, ']'), FALSE);
}

/* One event as a row, in one of the ways in which tables hold them. */
static char *make_row(guint i, int way, const char *session) {
  g_autofree char *event = plain(i);
  g_autofree char *event_text = quote(event);
  g_autofree char *data_text = quote(data[i]);
  switch (way) {
  case 0:
    return g_strdup_printf("{\"id\":%u,\"session_id\":\"%s\",\"event\":%s,\"created_at\":\"2026-09-21\"}", i, session,
                           event_text);
  case 1:
    return g_strdup_printf("{\"payload\":%s,\"sessionId\":\"%s\"}", event, session);
  case 2:
    return g_strdup_printf(
        "{\"event_data\":%s,\"event_type\":\"%d\",\"recordingId\":\"%s\",\"event_timestamp\":\"%" G_GINT64_FORMAT "\"}",
        data_text, type_of(i), session, time_of(i));
  case 3:
    return g_strdup_printf("{\"timestamp\":%" G_GINT64_FORMAT ",\"Session_ID\":\"%s\",\"type\":%d,\"data\":%s}",
                           time_of(i), session, type_of(i), data_text);
  default:
    return g_strdup_printf("{\"replay_id\":\"%s\",\"rows\":[[%s]]}", session, event_text);
  }
}

static char *wrap(char *text, int way) {
  g_autofree char *inner = text;
  g_autofree char *quoted = quote(inner);
  switch (way) {
  case 0:
    return g_strdup_printf("{\"version\":1,\"data\":{\"metadata\":{\"name\":\"x\"},\"events\":{\"rrweb\":%s}}}", inner);
  case 1:
    return g_strdup_printf("{\"session\":{\"nothing\":1},\"events\":%s}", quoted);
  case 2:
    return g_steal_pointer(&quoted);
  case 3:
    return g_strdup_printf("[{\"kind\":\"note\"},{\"recording\":%s}]", inner);
  default:
    return g_steal_pointer(&inner);
  }
}

/* Random orders of rows, ways to hold an event, and wrappings. */
static void test_rows(void) {
  g_autofree char *wanted = expected("visit-1", "-");
  for (int n = 0; n < 300; n++) {
    g_autoptr(GString) rows = g_string_new("[");
    guint first = (guint)g_test_rand_int_range(0, N_EVENTS);
    int way = g_test_rand_int_range(0, 5);
    for (guint k = 0; k < N_EVENTS; k++) {
      g_autofree char *row = make_row((first + k) % N_EVENTS, way, "visit-1");
      g_string_append_printf(rows, "%s%s", k > 0 ? "," : "", row);
    }
    g_string_append_c(rows, ']');
    g_autofree char *text = wrap(wrap(g_strdup(rows->str), g_test_rand_int_range(0, 5)), g_test_rand_int_range(0, 5));
    check(text, wanted);
  }
}

static void test_containers(void) {
  g_autofree char *wanted = expected("-", "-");
  for (int outer = 0; outer < 5; outer++)
    for (int inner = 0; inner < 5; inner++) {
      g_autofree char *text = wrap(wrap(array_of_all(), inner), outer);
      check(text, wanted);
    }
}

static void test_sessions_and_windows(void) {
  g_autofree char *all = array_of_all();
  g_autofree char *a = expected("a", "-");
  g_autofree char *b = expected("7", "-");
  g_autofree char *both = g_strconcat(a, b, NULL);
  g_autofree char *sessions =
      g_strdup_printf("[{\"sessionId\":\"a\",\"events\":%s},{\"session_id\":7,\"events\":%s}]", all, all);
  check(sessions, both);
  /* Of each line by itself, and mixed. */
  g_autofree char *lines = g_strdup_printf("{\"sessionId\":\"a\",\"x\":%s}\n{\"session_id\":7,\"x\":%s}\n", all, all);
  check(lines, both);
  g_autofree char *windows =
      g_strdup_printf("{\"version\":\"2022\",\"data\":{\"snapshotsByWindowId\":{\"w1\":%s}}}", all);
  g_autofree char *w1 = expected("-", "w1");
  check(windows, w1);
}

static void test_units(void) {
  static const char *const times[] = {
      "1790000000.5",    "1790000000500", "1790000000500000", "1790000000500000000", "\"2026-09-21T14:13:20.500Z\"",
      "\"1790000000.5\""};
  for (guint i = 0; i < G_N_ELEMENTS(times); i++) {
    g_autofree char *event = g_strdup_printf("[{\"type\":4,\"data\":{},\"timestamp\":%s}]", times[i]);
    check(event, "- - 4 1790000000500 {}\n");
  }
  /* Near misses: a recording that counts from its own start. */
  check("[{\"type\":4,\"data\":{},\"timestamp\":1000}]", "- - 4 1000 {}\n");
  check("[{\"type\":4,\"data\":{},\"timestamp\":999999999}]", "- - 4 999999999 {}\n");
}

/* gzip, of which each byte becomes one character. */
static char *compress_field(const char *json) {
  static guint8 packed[64 * 1024];
  z_stream z = {.next_in = (Bytef *)(gpointer)json,
                .avail_in = (uInt)strlen(json),
                .next_out = packed,
                .avail_out = sizeof packed};
  g_autoptr(GString) text = g_string_new(NULL);
  g_assert_cmpint(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), ==, Z_OK);
  g_assert_cmpint(deflate(&z, Z_FINISH), ==, Z_STREAM_END);
  for (gsize i = 0; i < z.total_out; i++)
    g_string_append_printf(text, "\\u%04x", packed[i]);
  deflateEnd(&z);
  return g_string_free(g_steal_pointer(&text), FALSE);
}

static void test_compressed_fields(void) {
  g_autofree char *all = compress_field(data[1]);
  g_autofree char *texts = compress_field("[{\"id\":4,\"value\":\"x\"}]");
  g_autofree char *lines =
      g_strdup_printf("[\"w\",{\"type\":2,\"data\":\"%s\",\"timestamp\":1790000000020,\"cv\":\"2024-10\"}]\n"
                      "[\"w\",{\"type\":3,\"data\":{\"source\":0,\"texts\":\"%s\",\"adds\":[]},\"timestamp\":"
                      "1790000000040,\"cv\":\"2024-10\"}]\n"
                      "[\"w\",{\"type\":3,\"data\":{\"source\":0,\"texts\":\"no "
                      "gzip\"},\"timestamp\":1790000000060,\"cv\":\"2024-10\"}]\n",
                      all, texts);
  g_autofree char *wanted =
      g_strdup_printf("- w 2 1790000000020 %s\n"
                      "- w 3 1790000000040 {\"source\":0,\"texts\":[{\"id\":4,\"value\":\"x\"}],\"adds\":[]}\n"
                      "- w 3 1790000000060 {\"source\":0,\"texts\":\"no gzip\"}\n",
                      data[1]);
  check(lines, wanted);
}

static gboolean note_bytes(const SightEvent *event, const char *tainted_session, const char *tainted_window,
                           gpointer user_data, GError **error) {
  *(gsize *)user_data = event->text_bytes;
  g_assert_cmpint(sight_json_type(sight_json_get(event->data, "a")), ==, SIGHT_JSON_ARRAY);
  g_assert_cmpint(sight_json_type(sight_json_get(event->data, "d")), ==, SIGHT_JSON_STRING);
  return TRUE;
}

/* Each field is small, and larger when it is expanded; all of them are one event. */
static void test_swollen_fields(void) {
  g_autofree char *blanks = g_strnfill(30 * 1024 * 1024, ' ');
  blanks[0] = '[';
  blanks[30 * 1024 * 1024 - 1] = ']';
  g_autofree char *field = compress_field(blanks);
  g_autofree char *line =
      g_strdup_printf("[{\"type\":3,\"data\":{\"source\":0,\"a\":\"%s\",\"b\":\"%s\",\"c\":\"%s\",\"d\":"
                      "\"%s\"},\"timestamp\":1790000000040,\"cv\":\"2024-10\"}]",
                      field, field, field, field);
  g_autoptr(GBytes) content = g_bytes_new(line, strlen(line));
  g_autoptr(GError) error = NULL;
  gsize event_bytes = 0;
  sight_format_read_bytes(content, note_bytes, &event_bytes, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(event_bytes, >, 30 * 1024 * 1024);
  g_assert_cmpuint(event_bytes, <, 65 * 1024 * 1024);
}

static gboolean count_event(const SightEvent *event, const char *tainted_session, const char *tainted_window,
                            gpointer user_data, GError **error) {
  (*(guint *)user_data)++;
  return TRUE;
}

/* Behind what a file may expand to nothing is expanded any more: neither kept, nor looked at for whether it could be.
 */
static void test_swollen_file(void) {
  g_auto(SightFormatSink) sink;
  g_autoptr(SightEventParser) parser = sight_event_parser_new();
  g_autofree char *blanks = g_strnfill(1024 * 1024, ' ');
  blanks[0] = '[';
  blanks[1024 * 1024 - 1] = ']';
  g_autofree char *field = compress_field(blanks);
  g_autofree char *text = g_strdup_printf(
      "{\"type\":3,\"data\":{\"source\":0,\"adds\":\"%s\"},\"timestamp\":1790000000040,\"cv\":\"2024-10\"}", field);
  const guint64 most = G_GUINT64_CONSTANT(4) * 1024 * 1024 * 1024;
  g_autoptr(GError) error = NULL;
  SightEvent event;
  guint n = 0;
  sight_format_sink_init(&sink, count_event, &n);
  sink.n_expanded_bytes = most - 3 * 1024 * 1024;
  for (int i = 0; i < 5; i++) {
    g_assert_true(sight_event_parser_parse(parser, text, strlen(text), &event, &error));
    g_assert_true(sight_format_sink_add(&sink, &event, NULL, NULL, &error));
  }
  g_assert_cmpuint(n, ==, 5);
  g_assert_cmpuint(sink.n_expanded_bytes, ==, most);
}

/* Names take far more than their text. */
static void test_many_names(void) {
  g_autoptr(GString) rows = g_string_new("[");
  g_autoptr(GError) error = NULL;
  guint n = 0;
  for (guint i = 0; i < 100001; i++)
    g_string_append_printf(rows, "%s{\"window_id\":\"w%u\",\"event\":{\"type\":4,\"timestamp\":1790000000000}}",
                           i > 0 ? "," : "", i);
  g_string_append_c(rows, ']');
  g_autoptr(GBytes) content = g_bytes_new(rows->str, rows->len);
  g_assert_false(sight_format_read_bytes(content, count_event, &n, NULL, &error));
  g_assert_error(error, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_LIMIT);
  g_assert_cmpuint(n, ==, 0);
}

static void check_refused(const char *text, const char *said) {
  g_autoptr(GString) out = g_string_new(NULL);
  g_autoptr(GBytes) content = g_bytes_new(text, strlen(text));
  g_autoptr(GError) error = NULL;
  g_assert_false(sight_format_read_bytes(content, note, out, NULL, &error));
  g_assert_error(error, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_NOT_EVENTS);
  g_assert_nonnull(strstr(error->message, said));
  g_assert_nonnull(strstr(error->message, "rrweb events"));
  g_assert_cmpstr(out->str, ==, "");
}

static void test_others(void) {
  check_refused("{\"log\":{\"entries\":[]},\"version\":\"1.2\"}", "found an object with the members “log”, “version”");
  check_refused("[{\"type\":\"click\",\"timestamp\":1}]", "an array of 1, the first an object with the members “type”");
  check_refused("[1,2,3]", "an array of 3");
}

static gpointer write_pipe(gpointer user_data) {
  g_autofree char *row = make_row(0, 0, "s");
  int file = g_open(user_data, O_WRONLY, 0);
  g_assert_cmpint(write(file, row, strlen(row)), ==, (gssize)strlen(row));
  close(file);
  return NULL;
}

/* A pipe comes once: what is no plain list of events is not looked for in it a second time. */
static void test_pipe(void) {
  g_autofree char *folder = g_dir_make_tmp("sight-format-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(folder, "pipe", NULL);
  g_assert_cmpint(mkfifo(path, 0600), ==, 0);
  GThread *writer = g_thread_new("writer", write_pipe, path);
  g_autoptr(GFile) file = g_file_new_for_path(path);
  g_autoptr(GString) out = g_string_new(NULL);
  g_autoptr(GError) error = NULL;
  g_auto(SightReaderReport) report = {0};
  sight_format_read_file(file, note, out, &report, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(report.n_events, ==, 1);
  g_thread_join(writer);
  g_remove(path);
  g_rmdir(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/format/rows", test_rows);
  g_test_add_func("/format/containers", test_containers);
  g_test_add_func("/format/sessions-and-windows", test_sessions_and_windows);
  g_test_add_func("/format/units", test_units);
  g_test_add_func("/format/compressed-fields", test_compressed_fields);
  g_test_add_func("/format/swollen-fields", test_swollen_fields);
  g_test_add_func("/format/swollen-file", test_swollen_file);
  g_test_add_func("/format/many-names", test_many_names);
  g_test_add_func("/format/others", test_others);
  g_test_add_func("/format/pipe", test_pipe);
  return g_test_run();
}

/* SPDX-License-Identifier: MIT */
/* Starting, asking and stopping a collector. */
#include "collector-fixture.h"

#include "sight-json.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

char *make_folder(const char *template) {
  g_autoptr(GError) error = NULL;
  char *folder = g_dir_make_tmp(template, &error);
  g_assert_no_error(error);
  return folder;
}

void remove_folder(const char *folder) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  const char *name;
  while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (g_file_test(path, G_FILE_TEST_IS_DIR))
      remove_folder(path);
    else
      g_remove(path);
  }
  g_rmdir(folder);
}

static char *program(void) {
  return g_build_filename(g_getenv("SIGHT_BUILD_ROOT"), "src", "collector", "sessionsight-collector", NULL);
}

/* Where there is a PostgreSQL for the tests (with-postgres.sh), each collector has a database of its own there. */
static char *make_store(const Collector *collector) {
  const char *socket = g_getenv("SIGHT_TEST_POSTGRES");
  if (socket == NULL)
    return g_build_filename(collector->folder, "store", NULL);
  g_autofree char *name = g_path_get_basename(collector->folder);
  const char *argv[] = {"createdb", "-h", socket, "-U", "sight", name, NULL};
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) process = g_subprocess_newv(argv, G_SUBPROCESS_FLAGS_NONE, &error);
  g_assert_no_error(error);
  g_subprocess_wait_check(process, NULL, &error);
  g_assert_no_error(error);
  return g_strdup_printf("postgresql://sight@/%s?host=%s", name, socket);
}

static Collector *make_collector(void) {
  Collector *collector = g_new0(Collector, 1);
  collector->folder = make_folder("sight-collector-XXXXXX");
  collector->store = make_store(collector);
  return collector;
}

static char *member(SightJson root, const char *name) {
  return g_strdup(sight_json_string(sight_json_get(root, name), NULL));
}

static void read_start(Collector *collector) {
  g_autoptr(GDataInputStream) lines = g_data_input_stream_new(g_subprocess_get_stdout_pipe(collector->process));
  g_autoptr(GError) error = NULL;
  g_autofree char *line = g_data_input_stream_read_line(lines, NULL, NULL, &error);
  g_assert_no_error(error);
  g_assert_nonnull(line);
  g_filter_input_stream_set_close_base_stream(G_FILTER_INPUT_STREAM(lines), FALSE);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(8);
  SightJson root = {0};
  sight_json_parser_parse(parser, line, strlen(line), &root, &error);
  g_assert_no_error(error);
  g_clear_pointer(&collector->url, g_free);
  collector->url = member(root, "url");
  if (collector->write_key == NULL)
    collector->write_key = member(root, "write_key");
  if (collector->token == NULL)
    collector->token = member(root, "token");
  const char *colon = strrchr(collector->url, ':');
  collector->port = (guint16)g_ascii_strtoull(colon + 1, NULL, 10);
}

/* 0 or NULL: as it is. */
typedef struct {
  guint files;
  gsize file_bytes;
  const char *preload;
} Confines;

static void confine(gpointer user_data) {
  const Confines *confines = user_data;
  prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that aborts leaves nobody who holds its output */
  if (confines->files > 0)
    setrlimit(RLIMIT_NOFILE, &(struct rlimit){confines->files, confines->files});
  if (confines->file_bytes > 0)
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){confines->file_bytes, confines->file_bytes});
}

static void launch(Collector *collector, const char *const *options, Confines confines) {
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  g_autofree char *path = program();
  g_strv_builder_add_many(builder, path, "--store", collector->store, "--json", NULL);
  if (g_getenv("SIGHT_TEST_BLOBS") != NULL)
    g_strv_builder_add_many(builder, "--blobs", g_getenv("SIGHT_TEST_BLOBS"), NULL);
  gboolean listens = FALSE;
  for (guint i = 0; options != NULL && options[i] != NULL; i++) {
    listens = listens || g_str_equal(options[i], "--listen");
    g_strv_builder_add(builder, options[i]);
  }
  if (!listens)
    g_strv_builder_add_many(builder, "--listen", "127.0.0.1:0", NULL);
  g_auto(GStrv) argv = g_strv_builder_end(builder);
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  /* Freed memory goes back at once, so that what is resident can be compared. */
  g_autofree char *asan =
      g_strconcat(g_getenv("ASAN_OPTIONS") != NULL ? g_getenv("ASAN_OPTIONS") : "",
                  ":quarantine_size_mb=1:thread_local_quarantine_size_kb=64:allocator_release_to_os_interval_ms=0:"
                  "verify_asan_link_order=0",
                  NULL);
  g_subprocess_launcher_setenv(launcher, "ASAN_OPTIONS", asan, TRUE);
  g_subprocess_launcher_setenv(launcher, "G_DEBUG", "fatal-criticals", TRUE);
  if (confines.preload != NULL)
    g_subprocess_launcher_setenv(launcher, "LD_PRELOAD", confines.preload, TRUE);
  g_subprocess_launcher_set_child_setup(launcher, confine, &confines, NULL);
  g_autoptr(GError) error = NULL;
  collector->process = g_subprocess_launcher_spawnv(launcher, (const char *const *)argv, &error);
  g_assert_no_error(error);
  read_start(collector);
}

Collector *collector_start(const char *const *options) {
  Collector *collector = make_collector();
  launch(collector, options, (Confines){0});
  return collector;
}

Collector *collector_start_on_small_disk(gsize bytes) {
  Collector *collector = make_collector();
  launch(collector, NULL, (Confines){.file_bytes = bytes});
  return collector;
}

Collector *collector_start_preloaded(const char *library) {
  Collector *collector = make_collector();
  launch(collector, NULL, (Confines){.preload = library});
  return collector;
}

Collector *collector_start_confined(guint files) {
  Collector *collector = make_collector();
  launch(collector, NULL, (Confines){.files = files});
  return collector;
}

void collector_stop(Collector *collector) {
  g_autoptr(GError) error = NULL;
  if (collector->process == NULL)
    return;
  g_subprocess_send_signal(collector->process, SIGTERM);
  g_subprocess_wait(collector->process, NULL, &error);
  g_assert_no_error(error);
  g_assert_true(g_subprocess_get_if_exited(collector->process));
  g_assert_cmpint(g_subprocess_get_exit_status(collector->process), ==, 0);
  g_clear_object(&collector->process);
}

void collector_restart(Collector *collector, const char *const *options) {
  collector_stop(collector);
  launch(collector, options, (Confines){0});
}

void collector_kill(Collector *collector) {
  g_subprocess_force_exit(collector->process);
  g_subprocess_wait(collector->process, NULL, NULL);
  g_clear_object(&collector->process);
}

void collector_free(Collector *collector) {
  collector_stop(collector);
  remove_folder(collector->folder);
  g_free(collector->folder);
  g_free(collector->store);
  g_free(collector->url);
  g_free(collector->write_key);
  g_free(collector->token);
  g_free(collector);
}

char *collector_keys(const Collector *collector, const char *const *arguments) {
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  g_autofree char *path = program();
  g_strv_builder_add_many(builder, path, "keys", "--store", collector->store, NULL);
  for (guint i = 0; arguments[i] != NULL; i++)
    g_strv_builder_add(builder, arguments[i]);
  g_auto(GStrv) argv = g_strv_builder_end(builder);
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) process = g_subprocess_newv(
      (const char *const *)argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);
  g_assert_no_error(error);
  char *text = NULL;
  g_subprocess_communicate_utf8(process, NULL, NULL, &text, NULL, &error);
  g_assert_no_error(error);
  if (!g_subprocess_get_successful(process))
    g_clear_pointer(&text, g_free);
  return text != NULL ? g_strchomp(text) : NULL;
}

static gint64 memory_of(const Collector *collector, const char *name) {
  g_autofree char *path = g_strdup_printf("/proc/%s/status", g_subprocess_get_identifier(collector->process));
  g_autofree char *text = NULL;
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  const char *line = strstr(text, name);
  g_assert_nonnull(line);
  return g_ascii_strtoll(line + strlen(name), NULL, 10);
}

gint64 collector_memory(const Collector *collector) {
  return memory_of(collector, "VmRSS:");
}

gint64 collector_most_memory(const Collector *collector) {
  return memory_of(collector, "VmHWM:");
}

void collector_forget_most_memory(const Collector *collector) {
  g_autofree char *path = g_strdup_printf("/proc/%s/clear_refs", g_subprocess_get_identifier(collector->process));
  FILE *file = fopen(path, "w");
  g_assert_nonnull(file);
  g_assert_cmpint(fputs("5", file), >=, 0);
  g_assert_cmpint(fclose(file), ==, 0);
}

void answer_free(Answer *answer) {
  g_free(answer->body);
  g_hash_table_unref(answer->headers);
  g_free(answer);
}

static void keep_header(const char *name, const char *value, gpointer user_data) {
  g_hash_table_insert(user_data, g_ascii_strdown(name, -1), g_strdup(value));
}

Answer *ask(const Collector *collector, Asking asking) {
  g_autoptr(GMainContext) context = g_main_context_new();
  g_main_context_push_thread_default(context);
  g_autoptr(SoupSession) session = soup_session_new_with_options("timeout", 120, NULL);
  soup_session_remove_feature_by_type(session, SOUP_TYPE_CONTENT_DECODER);
  g_autofree char *url = g_strconcat(collector->url, asking.path, NULL);
  g_autoptr(SoupMessage) msg = soup_message_new(asking.method, url);
  SoupMessageHeaders *headers = soup_message_get_request_headers(msg);
  g_autofree char *bearer = asking.token != NULL ? g_strconcat("Bearer ", asking.token, NULL) : NULL;
  const char *const pairs[][2] = {{"Content-Encoding", asking.encoding},
                                  {"Origin", asking.origin},
                                  {"Authorization", bearer},
                                  {asking.header, asking.value}};
  for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
    if (pairs[i][1] != NULL)
      soup_message_headers_replace(headers, pairs[i][0], pairs[i][1]);
  }
  if (asking.body != NULL) {
    g_autoptr(GBytes) body = g_bytes_new(asking.body, asking.bytes != 0 ? asking.bytes : strlen(asking.body));
    soup_message_set_request_body_from_bytes(msg, asking.type, body);
  }
  Answer *answer = g_new0(Answer, 1);
  answer->headers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = soup_session_send_and_read(session, msg, NULL, &error);
  if (bytes == NULL) {
    g_test_message("%s %s: %s", asking.method, asking.path, error->message);
  } else {
    answer->status = soup_message_get_status(msg);
    answer->bytes = g_bytes_get_size(bytes);
    answer->body = g_strndup(answer->bytes > 0 ? g_bytes_get_data(bytes, NULL) : "", answer->bytes);
    soup_message_headers_foreach(soup_message_get_response_headers(msg), keep_header, answer->headers);
  }
  g_main_context_pop_thread_default(context);
  return answer;
}

Answer *post(const Collector *collector, const char *body) {
  g_autofree char *path = g_strconcat("/v1/batches?key=", collector->write_key, NULL);
  return ask(collector, (Asking){.method = "POST", .path = path, .body = body, .type = "application/json"});
}

static SightJson find(SightJsonParser *parser, const Answer *answer, const char *path) {
  SightJson value = {0};
  if (answer->body == NULL || !sight_json_parser_parse(parser, answer->body, answer->bytes, &value, NULL))
    return value;
  g_auto(GStrv) names = g_strsplit(path, ".", -1);
  for (guint i = 0; names[i] != NULL; i++)
    value = sight_json_get(value, names[i]);
  return value;
}

char *answer_string(const Answer *answer, const char *path) {
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(64);
  return g_strdup(sight_json_string(find(parser, answer, path), NULL));
}

gint64 answer_int(const Answer *answer, const char *path) {
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(64);
  SightJson value = find(parser, answer, path);
  return sight_json_type(value) == SIGHT_JSON_BOOL ? sight_json_bool(value, FALSE) : sight_json_int(value, -1);
}

char *speak_raw(const Collector *collector, const void *data, gsize bytes) {
  g_autoptr(GSocketClient) client = g_socket_client_new();
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocketConnection) connection =
      g_socket_client_connect_to_host(client, "127.0.0.1", collector->port, NULL, &error);
  g_assert_no_error(error);
  g_output_stream_write_all(g_io_stream_get_output_stream(G_IO_STREAM(connection)), data, bytes, NULL, NULL, NULL);
  GString *answer = g_string_new(NULL);
  char piece[4096];
  gssize n;
  while ((n = g_input_stream_read(g_io_stream_get_input_stream(G_IO_STREAM(connection)), piece, sizeof piece, NULL,
                                  NULL)) > 0)
    g_string_append_len(answer, piece, n);
  return g_string_free(answer, FALSE);
}

char *batch_json(const char *session, const char *window, int seq, gsize padding) {
  g_autofree char *text = g_strnfill(padding, 'x');
  return g_strdup_printf("{\"v\":1,\"session\":\"%s\",\"window\":\"%s\",\"seq\":%d,\"sent_at\":1700000000000,"
                         "\"events\":[{\"type\":4,\"timestamp\":%d,\"data\":{\"href\":\"http://shop.example/%s\","
                         "\"width\":800,\"height\":600}}]}",
                         session, window, seq, 1700000 + seq, text);
}

/* SPDX-License-Identifier: MIT */
/* Object stores that answer without end, too slowly, or that have lost what they had. */
#include "sight-blobs.h"

#include <string.h>

typedef enum { WELL, ENDLESS, SLOW, NO_KEY, NO_BUCKET, SHORT, AGAIN } Manner;

typedef struct {
  GSocketService *service;
  char *address;
  GMutex lock;
  Manner manner;   /* of what is asked for once the store is open */
  GByteArray *put; /* what came last */
  int n_asked;
} Store;

static void say(GOutputStream *out, const char *status, const void *body, gsize bytes) {
  g_autofree char *head =
      g_strdup_printf("HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n", status, bytes);
  g_output_stream_write_all(out, head, strlen(head), NULL, NULL, NULL);
  g_output_stream_write_all(out, body, bytes, NULL, NULL, NULL);
}

static void say_text(GOutputStream *out, const char *status, const char *text) {
  say(out, status, text, strlen(text));
}

static void say_without_end(GOutputStream *out, gsize piece, gulong pause_us) {
  g_autofree char *blanks = g_strnfill(piece, ' ');
  const char *head = "HTTP/1.1 206 Partial Content\r\nConnection: close\r\n\r\n";
  gboolean goes_on = g_output_stream_write_all(out, head, strlen(head), NULL, NULL, NULL);
  while (goes_on) {
    goes_on = g_output_stream_write_all(out, blanks, piece, NULL, NULL, NULL);
    g_usleep(pause_us);
  }
}

static void answer(Store *store, Manner manner, GOutputStream *out) {
  switch (manner) {
  case WELL:
    say(out, "206 Partial Content", store->put->data + 1, store->put->len - 1);
    return;
  case ENDLESS:
    say_without_end(out, 65536, 0);
    return;
  case SLOW:
    say_without_end(out, 1, 20000);
    return;
  case NO_KEY:
    say_text(out, "404 Not Found", "<Error><Code>NoSuchKey</Code></Error>");
    return;
  case NO_BUCKET:
    say_text(out, "404 Not Found", "<Error><Code>NoSuchBucket</Code></Error>");
    return;
  case SHORT:
    say_text(out, "206 Partial Content", "12345");
    return;
  case AGAIN:
    say_text(out, "200 OK",
             "<R><Contents><Key>a/b</Key><LastModified>2026-01-01T00:00:00Z</LastModified></Contents>"
             "<NextContinuationToken>t</NextContinuationToken></R>");
    return;
  }
}

static gboolean serve(GThreadedSocketService *service, GSocketConnection *connection, GObject *source, gpointer data) {
  Store *store = data;
  g_autoptr(GDataInputStream) in = g_data_input_stream_new(g_io_stream_get_input_stream(G_IO_STREAM(connection)));
  GOutputStream *out = g_io_stream_get_output_stream(G_IO_STREAM(connection));
  g_data_input_stream_set_newline_type(in, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
  g_autofree char *first = g_data_input_stream_read_line(in, NULL, NULL, NULL);
  guint64 length = 0;
  for (;;) {
    g_autofree char *line = g_data_input_stream_read_line(in, NULL, NULL, NULL);
    if (line == NULL || *line == '\0')
      break;
    if (g_ascii_strncasecmp(line, "content-length:", 15) == 0)
      length = g_ascii_strtoull(line + 15, NULL, 10);
  }
  g_autofree guint8 *body = g_malloc(length + 1);
  g_input_stream_read_all(G_INPUT_STREAM(in), body, length, NULL, NULL, NULL);
  g_mutex_lock(&store->lock);
  Manner manner = store->manner;
  store->n_asked++;
  if (first != NULL && g_str_has_prefix(first, "PUT ")) {
    g_byte_array_set_size(store->put, 0);
    g_byte_array_append(store->put, body, (guint)length);
  }
  g_mutex_unlock(&store->lock);
  if (first != NULL && g_str_has_prefix(first, "GET "))
    answer(store, manner, out);
  else
    say_text(out, "200 OK", "");
  return TRUE;
}

static void set_up(Store *store, gconstpointer data) {
  g_autoptr(GError) error = NULL;
  g_mutex_init(&store->lock);
  store->put = g_byte_array_new();
  store->service = g_threaded_socket_service_new(16);
  guint16 port = g_socket_listener_add_any_inet_port(G_SOCKET_LISTENER(store->service), NULL, &error);
  g_assert_no_error(error);
  g_signal_connect(store->service, "run", G_CALLBACK(serve), store);
  g_socket_service_start(store->service);
  store->address = g_strdup_printf("s3://bucket?endpoint=http://127.0.0.1:%u", port);
  sight_blobs_patience = (SightPatienceLimits){.total_ms = 3600 * 1000, .window_ms = 400, .window_bytes = 256};
}

static void tear_down(Store *store, gconstpointer data) {
  g_socket_service_stop(store->service);
  g_object_unref(store->service);
  g_byte_array_unref(store->put);
  g_free(store->address);
  g_mutex_clear(&store->lock);
}

static gpointer iterate(gpointer data) {
  g_main_loop_run(data);
  return NULL;
}

/* Connections are taken by the main context. */
static SightBlobs *open_store(Store *store) {
  g_autoptr(GError) error = NULL;
  SightBlobs *blobs = sight_blobs_open(store->address, &error);
  g_assert_no_error(error);
  return blobs;
}

static void become(Store *store, Manner manner) {
  g_mutex_lock(&store->lock);
  store->manner = manner;
  g_mutex_unlock(&store->lock);
}

static gboolean get(SightBlobs *blobs, SightBlobPart parts[2], GError **error) {
  parts[0] = (SightBlobPart){.name = "a/b", .at = 0, .size = 4};
  parts[1] = (SightBlobPart){.name = "a/b", .at = 4, .size = 4};
  return sight_blobs_get(blobs, parts, 2, error);
}

static void test_bad(Store *store, gconstpointer data) {
  SightBlobs *blobs = open_store(store);
  const struct {
    Manner manner;
    const char *said;
  } bad[] = {{ENDLESS, "without end"}, {SLOW, "too slowly"}, {NO_BUCKET, "NoSuchBucket"}};
  for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autoptr(GError) error = NULL;
    SightBlobPart parts[2];
    become(store, bad[i].manner);
    g_assert_false(get(blobs, parts, &error));
    g_assert_nonnull(strstr(error->message, bad[i].said));
  }
  sight_blobs_close(blobs);
}

/* What is not there any more is told, and is no reason to have none of the rest. */
static void test_lost(Store *store, gconstpointer data) {
  SightBlobs *blobs = open_store(store);
  g_autoptr(GError) error = NULL;
  SightBlobPart parts[2];
  become(store, NO_KEY);
  g_test_expect_message(G_LOG_DOMAIN, G_LOG_LEVEL_WARNING, "a/b is not whole*0 of 8*");
  g_assert_true(get(blobs, parts, &error));
  g_assert_null(parts[0].bytes);
  g_assert_null(parts[1].bytes);
  become(store, SHORT);
  g_test_expect_message(G_LOG_DOMAIN, G_LOG_LEVEL_WARNING, "a/b is not whole*5 of 8*");
  g_assert_true(get(blobs, parts, &error));
  g_assert_no_error(error);
  g_assert_cmpmem(g_bytes_get_data(parts[0].bytes, NULL), g_bytes_get_size(parts[0].bytes), "1234", 4);
  g_assert_null(parts[1].bytes);
  g_bytes_unref(parts[0].bytes);
  g_test_assert_expected_messages();
  sight_blobs_close(blobs);
}

static gboolean count(const SightBlob *blobs, guint n, gpointer user_data, GError **error) {
  *(guint *)user_data += n;
  return TRUE;
}

static void test_listing_again(Store *store, gconstpointer data) {
  SightBlobs *blobs = open_store(store);
  g_autoptr(GError) error = NULL;
  guint n = 0;
  become(store, AGAIN);
  g_assert_false(sight_blobs_each_page(blobs, "a/", count, &n, &error));
  g_assert_nonnull(strstr(error->message, "again and again"));
  g_assert_cmpuint(n, ==, 1);
  sight_blobs_close(blobs);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_setenv("AWS_ACCESS_KEY_ID", "key", TRUE);
  g_setenv("AWS_SECRET_ACCESS_KEY", "secret", TRUE);
  g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
  GThread *thread = g_thread_new("connections", iterate, loop);
  g_test_add("/collector/blobs/bad", Store, NULL, set_up, test_bad, tear_down);
  g_test_add("/collector/blobs/lost", Store, NULL, set_up, test_lost, tear_down);
  g_test_add("/collector/blobs/listing-again", Store, NULL, set_up, test_listing_again, tear_down);
  int code = g_test_run();
  g_main_loop_quit(loop);
  g_thread_join(thread);
  return code;
}

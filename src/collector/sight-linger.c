/* SPDX-License-Identifier: MIT */
/* An early answer, and a closing that lets the client read it. */
#include "sight-linger.h"

#include "sight-connections.h"

#define MAX_LINGERING 128
#define MAX_DRAINED ((guint64)2 * 1024 * 1024 * 1024)
#define MAX_SECONDS 60

typedef struct {
  GIOStream *stream;
  GInputStream
      *input; /* of the socket itself, borrowed of the stream: that of libsoup ends after the length of a head */
  GSocket *socket;
  GCancellable *cancellable;
  GString *answer;
  guint timeout;
  guint64 n_drained;
  char buffer[16 * 1024];
} Linger;

static guint n_lingering;

static void linger_free(Linger *linger) {
  n_lingering--;
  g_clear_handle_id(&linger->timeout, g_source_remove);
  g_io_stream_close(linger->stream, NULL, NULL);
  g_clear_object(&linger->stream);
  g_clear_object(&linger->socket);
  g_clear_object(&linger->cancellable);
  g_string_free(linger->answer, TRUE);
  g_free(linger);
}

static gboolean on_timeout(gpointer user_data) {
  Linger *linger = user_data;
  linger->timeout = 0;
  g_cancellable_cancel(linger->cancellable);
  return G_SOURCE_REMOVE;
}

static void drain(Linger *linger);

static void on_drained(GObject *source, GAsyncResult *result, gpointer user_data) {
  Linger *linger = user_data;
  gssize bytes = g_input_stream_read_finish(G_INPUT_STREAM(source), result, NULL);
  if (bytes > 0)
    linger->n_drained += (guint64)bytes;
  if (bytes <= 0 || linger->n_drained > MAX_DRAINED)
    linger_free(linger);
  else
    drain(linger);
}

static void drain(Linger *linger) {
  g_input_stream_read_async(linger->input, linger->buffer, sizeof linger->buffer, G_PRIORITY_LOW, linger->cancellable,
                            on_drained, linger);
}

static void on_answered(GObject *source, GAsyncResult *result, gpointer user_data) {
  Linger *linger = user_data;
  gboolean written = g_output_stream_write_all_finish(G_OUTPUT_STREAM(source), result, NULL, NULL);
  if (!written || !g_socket_shutdown(linger->socket, FALSE, TRUE, NULL))
    linger_free(linger);
  else
    drain(linger);
}

static void append_header(const char *name, const char *value, gpointer user_data) {
  g_string_append_printf(user_data, "%s: %s\r\n", name, value);
}

void sight_linger_refuse(SoupServerMessage *msg, guint status, const char *body, gsize bytes) {
  g_autoptr(GString) answer = g_string_new(NULL);
  g_string_append_printf(answer, "HTTP/1.1 %u %s\r\n", status, soup_status_get_phrase(status));
  SoupMessageHeaders *headers = soup_server_message_get_response_headers(msg);
  soup_message_headers_replace(headers, "Connection", "close");
  soup_message_headers_set_content_length(headers, (goffset)bytes);
  soup_message_headers_foreach(headers, append_header, answer);
  g_string_append(answer, "\r\n");
  g_string_append_len(answer, body, (gssize)bytes);

  g_autoptr(GSocket) socket = g_object_ref(sight_connections_socket(msg));
  g_autoptr(GIOStream) stream = soup_server_message_steal_connection(msg);
  if (stream == NULL)
    return;
  if (n_lingering >= MAX_LINGERING) {
    g_socket_send_with_blocking(socket, answer->str, answer->len, FALSE, NULL, NULL);
    g_io_stream_close(stream, NULL, NULL);
    return;
  }
  n_lingering++;
  Linger *linger = g_new0(Linger, 1);
  linger->stream = g_object_ref(stream);
  linger->input = g_io_stream_get_input_stream(linger->stream);
  while (G_IS_FILTER_INPUT_STREAM(linger->input))
    linger->input = g_filter_input_stream_get_base_stream(G_FILTER_INPUT_STREAM(linger->input));
  linger->socket = g_object_ref(socket);
  linger->cancellable = g_cancellable_new();
  linger->answer = g_steal_pointer(&answer);
  linger->timeout = g_timeout_add_seconds(MAX_SECONDS, on_timeout, linger);
  g_output_stream_write_all_async(g_io_stream_get_output_stream(stream), linger->answer->str, linger->answer->len,
                                  G_PRIORITY_DEFAULT, linger->cancellable, on_answered, linger);
}

/* SPDX-License-Identifier: MIT */
/* The stream and its reading half. */
#include "sight-peer-stream.h"

#define MAX_HEAD ((gsize)16 * 1024)

/* The reading half. */
#define SIGHT_TYPE_PEER_INPUT (sight_peer_input_get_type())
G_DECLARE_FINAL_TYPE(SightPeerInput, sight_peer_input, SIGHT, PEER_INPUT, GFilterInputStream)

struct _SightPeerInput {
  GFilterInputStream parent_instance;
  SightPeerPhase phase;
  gsize head_bytes;
  gboolean ended;
};

struct _SightPeerStream {
  GIOStream parent_instance;
  GSocketConnection *connection;
  SightPeerInput *input;
};

static void pollable_iface_init(GPollableInputStreamInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE(SightPeerInput, sight_peer_input, G_TYPE_FILTER_INPUT_STREAM,
                              G_IMPLEMENT_INTERFACE(G_TYPE_POLLABLE_INPUT_STREAM, pollable_iface_init))
G_DEFINE_FINAL_TYPE(SightPeerStream, sight_peer_stream, G_TYPE_IO_STREAM)

static void sight_peer_input_class_init(SightPeerInputClass *klass) {
}

static void sight_peer_input_init(SightPeerInput *input) {
}

static GPollableInputStream *base_of(gpointer input) {
  return G_POLLABLE_INPUT_STREAM(g_filter_input_stream_get_base_stream(G_FILTER_INPUT_STREAM(input)));
}

/* Between two requests one byte comes before the end. */
static gssize end(SightPeerInput *input, char *buffer) {
  gboolean between = !input->ended && input->phase == SIGHT_PEER_WAITS;
  input->ended = TRUE;
  buffer[0] = '-';
  return between ? 1 : 0;
}

static gssize read_nonblocking(GPollableInputStream *pollable, void *buffer, gsize count, GError **error) {
  SightPeerInput *input = SIGHT_PEER_INPUT(pollable);
  if (input->ended || (input->phase != SIGHT_PEER_BODY && input->head_bytes > MAX_HEAD))
    return end(input, buffer);
  g_autoptr(GError) failure = NULL;
  gssize n = g_pollable_input_stream_read_nonblocking(base_of(input), buffer, count, NULL, &failure);
  if (n > 0) {
    input->head_bytes += (gsize)n;
    return n;
  }
  if (g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return -1;
  }
  return end(input, buffer);
}

static gboolean is_readable(GPollableInputStream *pollable) {
  return SIGHT_PEER_INPUT(pollable)->ended || g_pollable_input_stream_is_readable(base_of(pollable));
}

static GSource *create_source(GPollableInputStream *pollable, GCancellable *cancellable) {
  /* After the end the socket stays readable. */
  g_autoptr(GSource) source = g_pollable_input_stream_create_source(base_of(pollable), cancellable);
  return g_pollable_source_new_full(pollable, source, NULL);
}

static void pollable_iface_init(GPollableInputStreamInterface *iface) {
  iface->is_readable = is_readable;
  iface->create_source = create_source;
  iface->read_nonblocking = read_nonblocking;
}

/* The stream */

static GInputStream *get_input(GIOStream *stream) {
  return G_INPUT_STREAM(SIGHT_PEER_STREAM(stream)->input);
}

static GOutputStream *get_output(GIOStream *stream) {
  return g_io_stream_get_output_stream(G_IO_STREAM(SIGHT_PEER_STREAM(stream)->connection));
}

static gboolean close_stream(GIOStream *stream, GCancellable *cancellable, GError **error) {
  return g_io_stream_close(G_IO_STREAM(SIGHT_PEER_STREAM(stream)->connection), cancellable, error);
}

static void sight_peer_stream_finalize(GObject *object) {
  SightPeerStream *stream = SIGHT_PEER_STREAM(object);
  g_clear_object(&stream->input);
  g_clear_object(&stream->connection);
  G_OBJECT_CLASS(sight_peer_stream_parent_class)->finalize(object);
}

static void sight_peer_stream_class_init(SightPeerStreamClass *klass) {
  GIOStreamClass *stream_class = G_IO_STREAM_CLASS(klass);
  stream_class->get_input_stream = get_input;
  stream_class->get_output_stream = get_output;
  stream_class->close_fn = close_stream;
  G_OBJECT_CLASS(klass)->finalize = sight_peer_stream_finalize;
}

static void sight_peer_stream_init(SightPeerStream *stream) {
}

SightPeerStream *sight_peer_stream_new(GSocket *socket) {
  SightPeerStream *stream = g_object_new(SIGHT_TYPE_PEER_STREAM, NULL);
  stream->connection = g_socket_connection_factory_create_connection(socket);
  GInputStream *base = g_io_stream_get_input_stream(G_IO_STREAM(stream->connection));
  stream->input = g_object_new(SIGHT_TYPE_PEER_INPUT, "base-stream", base, "close-base-stream", FALSE, NULL);
  return stream;
}

void sight_peer_stream_enter(SightPeerStream *stream, SightPeerPhase phase) {
  if (phase == SIGHT_PEER_WAITS)
    stream->input->head_bytes = 0;
  stream->input->phase = phase;
}

/* SPDX-License-Identifier: MIT */
/* Caches and servers for the tests of syncing. */
#include "sync-fixture.h"

#include "sight-batch-table.h"
#include "sight-endpoint-table.h"
#include "sight-token.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  Cache *cache;
  const char *url, *session;
  SightAnnotation *annotation;
  SightEndpoint *endpoint;
  GString *text;
} Call;

static gboolean add_endpoint(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  call->cache->endpoint = sight_endpoint_table_add(db, "collector", "test", call->url, error);
  return call->cache->endpoint > 0;
}

Cache *cache_new(const char *url, const char *token) {
  g_autoptr(GError) error = NULL;
  Cache *cache = g_new0(Cache, 1);
  Call call = {.cache = cache, .url = url};
  cache->folder = make_folder("sight-cache-XXXXXX");
  cache->store = sight_store_open(cache->folder, SIGHT_STORE_CACHE, NULL, &error);
  g_assert_no_error(error);
  sight_store_write(cache->store, SIGHT_WRITE_DURABLE, add_endpoint, &call, &error);
  g_assert_no_error(error);
  SightTokenPlace place = SIGHT_TOKEN_KEYRING;
  sight_token_save(cache->folder, url, token, &place, &error);
  g_assert_no_error(error);
  g_assert_cmpint(place, ==, SIGHT_TOKEN_FILE);
  return cache;
}

void cache_free(Cache *cache) {
  sight_store_close(cache->store);
  g_object_unref(cache->store);
  remove_folder(cache->folder);
  g_free(cache->folder);
  g_free(cache);
}

SightSyncProgress cache_sync(Cache *cache) {
  g_autoptr(GError) error = NULL;
  SightSyncProgress total = {0};
  gboolean done = sight_sync_run(cache->store, cache->endpoint, NULL, NULL, &total, NULL, &error);
  g_assert_no_error(error);
  g_assert_true(done);
  return total;
}

static gboolean append_batch(const SightStoredBatch *stored, gpointer data, GError **error) {
  const SightBatch *batch = &stored->batch;
  g_autofree char *sum =
      g_compute_checksum_for_data(G_CHECKSUM_MD5, (const guchar *)batch->events, batch->events_bytes);
  g_string_append_printf(data, "%s %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s\n", batch->session, batch->window,
                         batch->seq, batch->received_at_ms, sum);
  return TRUE;
}

static int compare_sessions(gconstpointer a, gconstpointer b) {
  return g_strcmp0((*(SightSession *const *)a)->session, (*(SightSession *const *)b)->session);
}

static gboolean read_contents(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  SightSessionFilter filter = {.endpoint = call->cache->endpoint};
  g_autoptr(GArray) rows = sight_session_table_list(db, &filter, SIGHT_SORT_NEWEST, error);
  g_autoptr(GPtrArray) sessions = g_ptr_array_new_with_free_func((GDestroyNotify)sight_session_free);
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    g_ptr_array_add(sessions, sight_session_table_get(db, g_array_index(rows, gint64, i), error));
  g_ptr_array_sort(sessions, compare_sessions);
  for (guint i = 0; i < sessions->len; i++) {
    const SightSession *session = g_ptr_array_index(sessions, i);
    guint n_damaged = 0;
    if (!sight_batch_table_each_in_sequence(db, session->row, NULL, append_batch, call->text, &n_damaged, error))
      return FALSE;
    g_assert_cmpuint(n_damaged, ==, 0);
  }
  return rows != NULL;
}

static void read_now(Cache *cache, SightStoreFunc func, Call *call) {
  g_autoptr(GError) error = NULL;
  call->cache = cache;
  sight_store_read(cache->store, func, call, &error);
  g_assert_no_error(error);
}

static void write_now(Cache *cache, SightStoreFunc func, Call *call) {
  g_autoptr(GError) error = NULL;
  call->cache = cache;
  sight_store_write(cache->store, SIGHT_WRITE_DURABLE, func, call, &error);
  g_assert_no_error(error);
}

char *cache_contents(Cache *cache) {
  Call call = {.text = g_string_new(NULL)};
  read_now(cache, read_contents, &call);
  return g_string_free(call.text, FALSE);
}

static gboolean read_endpoint(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  call->endpoint = sight_endpoint_table_get(db, call->cache->endpoint, error);
  return call->endpoint != NULL;
}

SightEndpoint *cache_endpoint(Cache *cache) {
  Call call = {0};
  read_now(cache, read_endpoint, &call);
  return call.endpoint;
}

static gboolean put_annotation(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  return sight_annotation_table_put(db, call->annotation, SIGHT_ANNOTATION_MADE_HERE, NULL, error);
}

void cache_put_annotation(Cache *cache, SightAnnotation *annotation) {
  Call call = {.annotation = annotation};
  write_now(cache, put_annotation, &call);
}

static gboolean read_annotations(SightDb *db, gpointer data, GError **error) {
  const Call *call = data;
  g_autoptr(GPtrArray) list = sight_annotation_table_list(db, call->cache->endpoint, call->session, error);
  for (guint i = 0; list != NULL && i < list->len; i++) {
    const SightAnnotation *annotation = g_ptr_array_index(list, i);
    g_string_append_printf(call->text, "%s%s %" G_GINT64_FORMAT " %s", i > 0 ? ", " : "", annotation->kind,
                           annotation->at_ms, annotation->body);
  }
  return list != NULL;
}

char *cache_annotations(Cache *cache, const char *session) {
  Call call = {.text = g_string_new(NULL), .session = session};
  read_now(cache, read_annotations, &call);
  return g_string_free(call.text, FALSE);
}

static gboolean erase_session(SightDb *db, gpointer data, GError **error) {
  const Call *call = data;
  g_autoptr(SightSession) session = sight_session_table_find(db, call->cache->endpoint, call->session, error);
  return session != NULL && sight_session_table_erase(db, session->row, error);
}

void cache_erase(Cache *cache, const char *session) {
  Call call = {.session = session};
  write_now(cache, erase_session, &call);
}

/* Head and body: what is not read makes the connection break. */
static char *read_request(GInputStream *in) {
  g_autoptr(GString) request = g_string_new(NULL);
  char byte;
  while (!g_str_has_suffix(request->str, "\r\n\r\n") && g_input_stream_read(in, &byte, 1, NULL, NULL) == 1)
    g_string_append_c(request, byte);
  const char *length = strstr(request->str, "Content-Length: ");
  gint64 left = length != NULL ? atoll(length + strlen("Content-Length: ")) : 0;
  while (left-- > 0 && g_input_stream_read(in, &byte, 1, NULL, NULL) == 1)
    g_string_append_c(request, byte);
  return g_string_free(g_steal_pointer(&request), FALSE);
}

static gpointer run_server(gpointer data) {
  Server *server = data;
  GSocket *socket;
  while ((socket = g_socket_accept(server->socket, server->stop, NULL)) != NULL) {
    g_autoptr(GSocketConnection) connection = g_socket_connection_factory_create_connection(socket);
    g_object_unref(socket);
    g_autofree char *request = read_request(g_io_stream_get_input_stream(G_IO_STREAM(connection)));
    if (*request != '\0')
      server->func(request, g_io_stream_get_output_stream(G_IO_STREAM(connection)), server->user_data);
    g_io_stream_close(G_IO_STREAM(connection), NULL, NULL);
  }
  return NULL;
}

Server *server_start(ServeFunc func, gpointer user_data) {
  g_autoptr(GError) error = NULL;
  Server *server = g_new0(Server, 1);
  server->func = func;
  server->user_data = user_data;
  server->stop = g_cancellable_new();
  server->socket = g_socket_new(G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);
  g_assert_no_error(error);
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new(loopback, 0);
  g_socket_bind(server->socket, address, TRUE, &error);
  g_assert_no_error(error);
  g_socket_listen(server->socket, &error);
  g_assert_no_error(error);
  g_autoptr(GSocketAddress) bound = g_socket_get_local_address(server->socket, &error);
  g_assert_no_error(error);
  server->url = g_strdup_printf("http://127.0.0.1:%u", g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(bound)));
  server->thread = g_thread_new("server", run_server, server);
  return server;
}

void server_stop(Server *server) {
  g_cancellable_cancel(server->stop);
  g_thread_join(server->thread);
  g_object_unref(server->socket);
  g_object_unref(server->stop);
  g_free(server->url);
  g_free(server);
}

void serve_text(GOutputStream *out, const char *status_and_headers, const char *body) {
  g_autofree char *head = g_strdup_printf("HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n",
                                          status_and_headers, strlen(body));
  g_output_stream_write_all(out, head, strlen(head), NULL, NULL, NULL);
  g_output_stream_write_all(out, body, strlen(body), NULL, NULL, NULL);
}

void serve_from(GOutputStream *out, const char *request, guint16 port, gint64 limit) {
  g_autoptr(GSocketClient) client = g_socket_client_new();
  g_autoptr(GSocketConnection) upstream = g_socket_client_connect_to_host(client, "127.0.0.1", port, NULL, NULL);
  g_assert_nonnull(upstream);
  /* One request on each connection, so that the end of the answer is the end of the connection. */
  g_autoptr(GString) asked = g_string_new(request);
  g_string_insert(asked, (gssize)strcspn(request, "\n") + 1, "Connection: close\r\n");
  g_output_stream_write_all(g_io_stream_get_output_stream(G_IO_STREAM(upstream)), asked->str, asked->len, NULL, NULL,
                            NULL);
  char piece[4096];
  gssize bytes;
  while (limit != 0 && (bytes = g_input_stream_read(g_io_stream_get_input_stream(G_IO_STREAM(upstream)), piece,
                                                    sizeof piece, NULL, NULL)) > 0) {
    gsize taken = limit < 0 ? (gsize)bytes : MIN((gsize)bytes, (gsize)limit);
    g_output_stream_write_all(out, piece, taken, NULL, NULL, NULL);
    limit -= limit < 0 ? 0 : (gint64)taken;
  }
}

/* SPDX-License-Identifier: MIT */
/* The server: what happens between a request's head and its answer. */
#include "sight-collector.h"

#include "sight-budget.h"
#include "sight-compress.h"
#include "sight-config.h"
#include "sight-connections.h"
#include "sight-guard.h"
#include "sight-linger.h"
#include "sight-log.h"
#include "sight-metrics.h"
#include "sight-sampling.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>

/* They wait for the disk most of the time: what waits is committed together. */
#define MAX_WORKERS 64
/* Large answers are made by so few at a time. */
#define MAX_READERS 2
/* Bodies that are being received or worked on, all together, as they were sent: the largest post fits what large ones
 * of one address may have. */
#define MAX_BYTES_UNDER_WAY ((gsize)44 * 1024 * 1024)
/* Answers that are being taken, all together. */
#define MAX_BYTES_TAKEN ((gsize)44 * 1024 * 1024)
/* What expands to more than this is worked on one at a time. */
#define SMALL_EXPANDED_BYTES ((gsize)512 * 1024)
#define LARGE_NICE 10
/* Who has not got on for so long makes room for others. */
#define MAKES_ROOM_AFTER_US (2 * G_USEC_PER_SEC)
#define STALLED_AFTER_S 60
/* A body or an answer may be slow, but not last for ever. */
#define TOO_LONG_AFTER_S 600
#define STOP_AFTER_S 10

struct SightCollector {
  SightDepot *depot;
  SoupServer *server;
  SightGuard *guard;
  SightMetrics *metrics;
  SightSampling *sampling;
  SightConnections *connections;
  GThreadPool *workers, *large_worker, *readers;
  GMainContext *context;
  GPtrArray *requests; /* of Request: bodies still coming, being worked on, or large answers being taken */
  SightBudget *bodies, *answers;
  /* The recorder, once somebody asked for it, and its ETag. */
  GBytes *script, *packed_script;
  char *script_tag;
  guint sweep;
  gboolean stopping;
  guint stop_timeout;
  void (*stopped)(gpointer user_data);
  gpointer stopped_data;
};

/* Lives as long as its message is of interest: until answered, or gone. */
typedef struct {
  SightCollector *collector;
  SoupServerMessage *msg;
  SightCall *call;
  GByteArray *body;
  SightHolding holding; /* of bodies, and then of answers */
  SightBudget *held_of; /* which of them; borrowed of the collector */
  gint64 begun_us;
  gboolean working;
  gboolean gone;
} Request;

static void check_stopped(SightCollector *collector) {
  if (!collector->stopping || collector->requests->len > 0 || collector->stopped == NULL)
    return;
  void (*stopped)(gpointer) = g_steal_pointer(&collector->stopped);
  g_clear_handle_id(&collector->stop_timeout, g_source_remove);
  stopped(collector->stopped_data);
}

static void request_free(Request *request) {
  sight_budget_end(request->held_of, &request->holding);
  g_signal_handlers_disconnect_by_data(request->msg, request);
  g_clear_pointer(&request->body, g_byte_array_unref);
  g_clear_pointer(&request->call, sight_call_free);
  g_clear_object(&request->msg);
  g_free(request);
}

static void forget(Request *request) {
  SightCollector *collector = request->collector;
  g_ptr_array_remove_fast(collector->requests, request);
  check_stopped(collector);
}

static void set_cors(SoupServerMessage *msg) {
  SoupMessageHeaders *headers = soup_server_message_get_response_headers(msg);
  const char *tainted_origin = soup_message_headers_get_one(soup_server_message_get_request_headers(msg), "Origin");
  soup_message_headers_replace(headers, "Vary", "Origin");
  if (tainted_origin == NULL)
    return;
  soup_message_headers_replace(headers, "Access-Control-Allow-Origin", tainted_origin);
  /* Beacons are always sent with credentials. Nothing here looks at cookies. */
  soup_message_headers_replace(headers, "Access-Control-Allow-Credentials", "true");
  soup_message_headers_replace(headers, "Access-Control-Expose-Headers", "Retry-After");
}

static void set_headers(SoupServerMessage *msg, const SightCall *call) {
  SoupMessageHeaders *headers = soup_server_message_get_response_headers(msg);
  soup_message_headers_replace(headers, "Content-Type", call->content_type);
  soup_message_headers_replace(headers, "X-Content-Type-Options", "nosniff");
  /* What stands here was brought by anybody: nothing of it runs or loads. */
  soup_message_headers_replace(headers, "Content-Security-Policy", "default-src 'none'; sandbox");
  soup_message_headers_replace(headers, "Cache-Control", "no-store");
  if (call->answer_is_gzip)
    soup_message_headers_replace(headers, "Content-Encoding", "gzip");
  if (call->retry_after_s > 0) {
    g_autofree char *seconds = g_strdup_printf("%u", call->retry_after_s);
    soup_message_headers_replace(headers, "Retry-After", seconds);
  }
  if (call->status == 401 && call->route != NULL && call->route->access == SIGHT_ROUTE_TOKEN)
    soup_message_headers_replace(headers, "WWW-Authenticate", "Bearer");
  if (call->route != NULL && call->route->access == SIGHT_ROUTE_WRITE)
    set_cors(msg);
}

static gboolean has_body(SoupServerMessage *msg) {
  SoupMessageHeaders *headers = soup_server_message_get_request_headers(msg);
  SoupEncoding encoding = soup_message_headers_get_encoding(headers);
  return encoding == SOUP_ENCODING_CHUNKED ||
         (encoding == SOUP_ENCODING_CONTENT_LENGTH && soup_message_headers_get_content_length(headers) > 0);
}

/* Of its body so many bytes are sent. */
static void note_answer(const SightCall *call, gsize bytes) {
  gint64 us = g_get_monotonic_time() - call->begun_us;
  sight_metrics_answered(call->metrics, call, bytes, us);
  sight_log_answered(call, us);
}

static void answer(SoupServerMessage *msg, SightCall *call) {
  note_answer(call, sight_call_answer_size(call));
  set_headers(msg, call);
  soup_server_message_set_status(msg, call->status, NULL);
  SoupMessageBody *body = soup_server_message_get_response_body(msg);
  for (guint i = 0; call->parts != NULL && i < call->parts->len; i++)
    soup_message_body_append_bytes(body, g_ptr_array_index(call->parts, i));
  g_clear_pointer(&call->parts, g_ptr_array_unref);
  gsize bytes = call->answer->len;
  guchar *text = (guchar *)g_string_free(g_steal_pointer(&call->answer), FALSE);
  soup_message_body_append_take(body, text, bytes);
}

/* Before the body has come. */
static void refuse_early(SoupServerMessage *msg, SightCall *call) {
  if (!has_body(msg)) {
    answer(msg, call);
    return;
  }
  note_answer(call, call->answer->len);
  set_headers(msg, call);
  sight_linger_refuse(msg, call->status, call->answer->str, call->answer->len);
}

/* The script is the same for everybody, and changes with the program and the policy only. */
static void know_script(SightCollector *collector, SightCall *call) {
  gsize bytes = call->answer->len, known = 0;
  const char *script = collector->script != NULL ? g_bytes_get_data(collector->script, &known) : NULL;
  if (known == bytes && memcmp(script, call->answer->str, bytes) == 0)
    return;
  g_clear_pointer(&collector->script, g_bytes_unref);
  g_clear_pointer(&collector->packed_script, g_bytes_unref);
  g_free(collector->script_tag);
  g_autofree char *sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (guchar *)call->answer->str, bytes);
  collector->script_tag = g_strdup_printf("W/\"%.16s\"", sum);
  collector->packed_script = sight_gzip_compress(call->answer->str, bytes);
  collector->script = g_string_free_to_bytes(g_steal_pointer(&call->answer));
}

static void answer_script(SightCollector *collector, SoupServerMessage *msg, SightCall *call) {
  SoupMessageHeaders *headers = soup_server_message_get_response_headers(msg);
  know_script(collector, call);
  set_headers(msg, call);
  soup_message_headers_replace(headers, "ETag", collector->script_tag);
  soup_message_headers_replace(headers, "Cache-Control", "public, max-age=3600");
  soup_message_headers_replace(headers, "Vary", "Accept-Encoding");
  soup_message_headers_replace(headers, "Access-Control-Allow-Origin", "*");
  soup_message_headers_replace(headers, "Cross-Origin-Resource-Policy", "cross-origin");
  const char *known = soup_message_headers_get_list(soup_server_message_get_request_headers(msg), "If-None-Match");
  if (known != NULL && strstr(known, collector->script_tag) != NULL) {
    call->status = 304;
    note_answer(call, 0);
    soup_server_message_set_status(msg, 304, NULL);
    return;
  }
  GBytes *script = call->takes_gzip ? collector->packed_script : collector->script;
  note_answer(call, g_bytes_get_size(script));
  if (call->takes_gzip)
    soup_message_headers_replace(headers, "Content-Encoding", "gzip");
  soup_server_message_set_status(msg, 200, NULL);
  soup_message_body_append_bytes(soup_server_message_get_response_body(msg), script);
}

static void refuse_busy(SightCall *call) {
  sight_call_refuse(call, 503, "busy", NULL, "too much is under way; try again later");
  call->retry_after_s = 2;
}

/* Bytes that a body claims to have when expanded: a gzip file ends with that, and may lie. */
static gsize claimed_bytes(const SightCall *call) {
  gsize bytes = 0;
  const guint8 *tainted_data = g_bytes_get_data(call->body, &bytes);
  guint32 claim = 0;
  if (!call->body_is_gzip || bytes < sizeof claim)
    return bytes;
  memcpy(&claim, tainted_data + bytes - sizeof claim, sizeof claim);
  return MAX(bytes, GUINT32_FROM_LE(claim));
}

/* FALSE where the line is full. */
static gboolean stand_in_line(Request *request) {
  SightCollector *collector = request->collector;
  if (!sight_budget_stand_in_line(collector->bodies, &request->holding))
    return FALSE;
  request->call->max_expanded = G_MAXSIZE;
  g_thread_pool_push(collector->large_worker, request, NULL);
  return TRUE;
}

/* The one in the way that has not got on for longest goes. FALSE where all of them get on. */
static gboolean make_room(const Request *wanting, SightBudgetState state) {
  const GPtrArray *requests = wanting->collector->requests;
  const Request *longest = NULL;
  gint64 longest_us = g_get_monotonic_time() - MAKES_ROOM_AFTER_US;
  for (guint i = 0; i < requests->len; i++) {
    const Request *other = g_ptr_array_index(requests, i);
    if (other == wanting || other->working || other->holding.bytes == 0 || other->held_of != wanting->held_of ||
        (state == SIGHT_BUDGET_ADDRESS_FULL && !g_str_equal(other->holding.address, wanting->holding.address)) ||
        (state == SIGHT_BUDGET_KEY_FULL && !g_str_equal(other->holding.key, wanting->holding.key)) ||
        sight_connections_kept_up_us(other->msg) > longest_us)
      continue;
    longest = other;
    longest_us = sight_connections_kept_up_us(other->msg);
  }
  if (longest != NULL)
    sight_connections_drop(longest->msg);
  return longest != NULL;
}

/* FALSE where there is no room for so much more. */
static gboolean hold(Request *request, gsize bytes) {
  SightBudgetState state;
  while ((state = sight_budget_check(request->held_of, &request->holding, bytes)) != SIGHT_BUDGET_FITS) {
    if (!make_room(request, state))
      return FALSE;
  }
  sight_budget_take(request->held_of, &request->holding, bytes);
  return TRUE;
}

/* A large answer counts until it is taken. */
static gboolean hold_answer(Request *request) {
  sight_budget_end(request->held_of, &request->holding);
  request->held_of = request->collector->answers;
  gsize bytes = sight_call_answer_size(request->call);
  return bytes <= SIGHT_BUDGET_SMALL_BYTES || hold(request, bytes);
}

static gboolean is_script(const SightCall *call) {
  return call->route->access == SIGHT_ROUTE_OPEN && call->status == 200 &&
         !g_str_equal(call->content_type, "application/json");
}

static gboolean on_worked(gpointer user_data) {
  Request *request = user_data;
  SightCall *call = request->call;
  if (request->gone) {
    forget(request);
    return G_SOURCE_REMOVE;
  }
  if (call->needs_room) {
    if (stand_in_line(request))
      return G_SOURCE_REMOVE;
    refuse_busy(call);
  }
  if (is_script(call)) {
    answer_script(request->collector, request->msg, call);
  } else {
    if (!hold_answer(request))
      refuse_busy(call);
    answer(request->msg, call);
  }
  g_autoptr(SoupServerMessage) msg = g_object_ref(request->msg);
  request->working = FALSE;
  if (request->holding.bytes == 0)
    forget(request);
  sight_connections_resume(msg);
  return G_SOURCE_REMOVE;
}

static void work(gpointer data, gpointer user_data) {
  Request *request = data;
  request->call->route->func(request->call);
  g_autoptr(GSource) source = g_idle_source_new();
  g_source_set_priority(source, G_PRIORITY_DEFAULT);
  g_source_set_callback(source, on_worked, request, NULL);
  g_source_attach(source, request->collector->context);
}

/* Large ones leave the processors to small ones: on Linux the nice value is one of each thread. */
static void work_on_large(gpointer data, gpointer user_data) {
  if (setpriority(PRIO_PROCESS, 0, LARGE_NICE) != 0)
    g_debug("large bodies have the same priority as others: %s", g_strerror(errno));
  work(data, user_data);
}

static void on_gone(SoupServerMessage *msg, gpointer user_data) {
  Request *request = user_data;
  request->gone = TRUE;
  if (!request->working)
    forget(request);
}

static void set_open(SightCollector *collector) {
  gsize bytes = 0;
  for (guint i = 0; i < collector->requests->len; i++) {
    const Request *request = g_ptr_array_index(collector->requests, i);
    bytes += request->held_of == collector->bodies ? request->holding.bytes : 0;
  }
  sight_metrics_set_open(collector->metrics, sight_connections_count(collector->connections), collector->requests->len,
                         bytes);
}

static void on_request(SoupServer *server, SoupServerMessage *msg, const char *path, GHashTable *query,
                       gpointer user_data) {
  Request *request = g_object_get_data(G_OBJECT(msg), "sight-request");
  if (request == NULL) {
    soup_server_message_set_status(msg, SOUP_STATUS_INTERNAL_SERVER_ERROR, NULL);
    return;
  }
  request->working = TRUE;
  request->call->body = g_byte_array_free_to_bytes(g_steal_pointer(&request->body));
  sight_connections_pause(msg);
  if (claimed_bytes(request->call) > SMALL_EXPANDED_BYTES) {
    if (stand_in_line(request))
      return;
    refuse_busy(request->call);
    on_worked(request);
    return;
  }
  request->call->max_expanded = SMALL_EXPANDED_BYTES;
  const SightRoute *route = request->call->route;
  if (route->may_be_open)
    set_open(request->collector);
  /* Metrics are for the times when all others wait. */
  gboolean reads = route->access == SIGHT_ROUTE_TOKEN && g_str_equal(route->method, "GET") && !route->may_be_open;
  g_thread_pool_push(reads ? request->collector->readers : request->collector->workers, request, NULL);
}

static void on_chunk(SoupServerMessage *msg, GBytes *chunk, gpointer user_data) {
  Request *request = user_data;
  SightCall *call = request->call;
  gsize bytes = g_bytes_get_size(chunk);
  if (request->body->len + bytes > call->route->max_body) {
    sight_call_refuse(call, 413, "too_large", "body", "the body may have %" G_GSIZE_FORMAT " bytes at most",
                      call->route->max_body);
  } else if (!hold(request, bytes)) {
    refuse_busy(call);
  } else {
    g_byte_array_append(request->body, g_bytes_get_data(chunk, NULL), (guint)bytes);
    return;
  }
  g_autoptr(SoupServerMessage) kept = g_object_ref(msg);
  g_signal_handlers_disconnect_by_data(msg, request);
  note_answer(call, call->answer->len);
  set_headers(msg, call);
  sight_linger_refuse(msg, call->status, call->answer->str, call->answer->len);
  forget(request);
}

static void take(SightCollector *collector, SoupServerMessage *msg, SightCall *call) {
  Request *request = g_new0(Request, 1);
  request->collector = collector;
  request->held_of = collector->bodies;
  request->msg = g_object_ref(msg);
  request->call = call;
  request->holding = (SightHolding){.address = call->address != NULL ? call->address : "",
                                    .key = call->key != NULL ? call->key->key : ""};
  request->body = g_byte_array_new();
  request->begun_us = g_get_monotonic_time();
  g_ptr_array_add(collector->requests, request);
  soup_message_body_set_accumulate(soup_server_message_get_request_body(msg), FALSE);
  g_object_set_data(G_OBJECT(msg), "sight-request", request);
  g_signal_connect(msg, "got-chunk", G_CALLBACK(on_chunk), request);
  g_signal_connect(msg, "finished", G_CALLBACK(on_gone), request);
  g_signal_connect(msg, "disconnected", G_CALLBACK(on_gone), request);
}

static void answer_preflight(SightCollector *collector, SoupServerMessage *msg, GHashTable *query,
                             const char *methods) {
  SoupMessageHeaders *headers = soup_server_message_get_response_headers(msg);
  if (!sight_guard_admits_origin(collector->guard, msg, query)) {
    soup_server_message_set_status(msg, 403, NULL);
    return;
  }
  set_cors(msg);
  soup_message_headers_replace(headers, "Access-Control-Allow-Methods", methods);
  soup_message_headers_replace(headers, "Access-Control-Allow-Headers", "content-type, content-encoding");
  soup_message_headers_replace(headers, "Access-Control-Max-Age", "86400");
  soup_server_message_set_status(msg, 204, NULL);
}

static void refuse_route(SightCollector *collector, SoupServerMessage *msg, const char *allow) {
  g_autoptr(SightCall) call = sight_call_new(NULL, NULL);
  call->metrics = collector->metrics;
  if (allow != NULL) {
    sight_call_refuse(call, 405, "method", "method", "this path takes %s", allow);
    soup_message_headers_replace(soup_server_message_get_response_headers(msg), "Allow", allow);
  } else {
    sight_call_refuse(call, 404, "not_found", "path", "there is nothing at this path");
  }
  refuse_early(msg, call);
}

static void on_head(SoupServer *server, SoupServerMessage *msg, const char *path, GHashTable *query,
                    gpointer user_data) {
  SightCollector *collector = user_data;
  const char *method = soup_server_message_get_method(msg);
  g_autofree char *argument = NULL;
  g_autofree char *allow = NULL;
  const SightRoute *route = sight_route_find(method, path, &argument, &allow);
  g_autofree char *for_pages = g_str_equal(method, "OPTIONS") ? sight_route_methods_for_pages(path) : NULL;
  if (for_pages != NULL && !has_body(msg)) {
    answer_preflight(collector, msg, query, for_pages);
    return;
  }
  if (route == NULL) {
    refuse_route(collector, msg, allow);
    return;
  }
  g_autoptr(SightCall) call = sight_call_new(route, collector->depot);
  call->metrics = collector->metrics;
  call->sampling = collector->sampling;
  call->argument = g_steal_pointer(&argument);
  call->query = query != NULL ? g_hash_table_ref(query) : NULL;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers(msg);
  call->takes_gzip = soup_message_headers_header_contains(headers, "Accept-Encoding", "gzip");
  if (collector->stopping) {
    sight_call_refuse(call, 503, "stopping", NULL, "the collector is being stopped");
    call->retry_after_s = 5;
    refuse_early(msg, call);
  } else if (!sight_guard_admit(collector->guard, msg, call)) {
    refuse_early(msg, call);
  } else {
    take(collector, msg, g_steal_pointer(&call));
  }
}

/* What no longer comes, or is never taken, must not hold files and memory for ever. */
static gboolean sweep_stalled(gpointer user_data) {
  SightCollector *collector = user_data;
  gint64 begun_since_us = g_get_monotonic_time() - (gint64)TOO_LONG_AFTER_S * G_USEC_PER_SEC;
  sight_connections_close_stalled(collector->connections, STALLED_AFTER_S);
  for (guint i = collector->requests->len; i > 0; i--) {
    const Request *request = g_ptr_array_index(collector->requests, i - 1);
    if (!request->working && request->begun_us <= begun_since_us)
      sight_connections_drop(request->msg);
  }
  collector->depot->kind->tend(collector->depot);
  sight_sampling_refresh(collector->sampling);
  return G_SOURCE_CONTINUE;
}

SightCollector *sight_collector_new(SightDepot *depot, const SightCollectorOptions *options) {
  SightCollector *collector = g_new0(SightCollector, 1);
  collector->depot = depot;
  collector->guard = sight_guard_new(depot, options);
  collector->metrics = sight_metrics_new();
  collector->sampling = sight_sampling_new(depot);
  collector->context = g_main_context_ref_thread_default();
  collector->requests = g_ptr_array_new_with_free_func((GDestroyNotify)request_free);
  collector->bodies = sight_budget_new(MAX_BYTES_UNDER_WAY);
  collector->answers = sight_budget_new(MAX_BYTES_TAKEN);
  collector->workers = g_thread_pool_new(work, NULL, MAX_WORKERS, FALSE, NULL);
  collector->readers = g_thread_pool_new(work, NULL, MAX_READERS, FALSE, NULL);
  collector->large_worker = g_thread_pool_new(work_on_large, NULL, 1, TRUE, NULL);
  collector->server =
      soup_server_new("server-header", "sessionsight-collector/" SIGHT_VERSION, "raw-paths", TRUE, NULL);
  collector->connections = sight_connections_new(collector->server, sight_connections_room(), !options->trust_proxy);
  soup_server_add_early_handler(collector->server, NULL, on_head, collector, NULL);
  soup_server_add_handler(collector->server, NULL, on_request, collector, NULL);
  collector->sweep = g_timeout_add_seconds(10, sweep_stalled, collector);
  return collector;
}

void sight_collector_free(SightCollector *collector) {
  if (collector == NULL)
    return;
  g_thread_pool_free(collector->workers, FALSE, TRUE);
  g_thread_pool_free(collector->large_worker, FALSE, TRUE);
  g_thread_pool_free(collector->readers, FALSE, TRUE);
  while (g_main_context_iteration(collector->context, FALSE))
    continue;
  collector->stopped = NULL;
  g_clear_handle_id(&collector->sweep, g_source_remove);
  g_clear_handle_id(&collector->stop_timeout, g_source_remove);
  g_clear_pointer(&collector->requests, g_ptr_array_unref);
  g_clear_pointer(&collector->connections, sight_connections_free);
  g_clear_pointer(&collector->bodies, sight_budget_free);
  g_clear_pointer(&collector->answers, sight_budget_free);
  g_clear_pointer(&collector->script, g_bytes_unref);
  g_clear_pointer(&collector->packed_script, g_bytes_unref);
  g_free(collector->script_tag);
  g_clear_object(&collector->server);
  sight_guard_free(collector->guard);
  sight_metrics_free(collector->metrics);
  sight_sampling_free(collector->sampling);
  g_main_context_unref(collector->context);
  g_free(collector);
}

static gboolean split_address(const char *where, char **host, guint64 *port) {
  const char *colon = strrchr(where, ':');
  if (colon == NULL || !g_ascii_string_to_unsigned(colon + 1, 10, 0, 65535, port, NULL))
    return FALSE;
  *host = g_strndup(where, (gsize)(colon - where));
  if ((*host)[0] == '[' && g_str_has_suffix(*host, "]")) {
    g_autofree char *bracketed = g_steal_pointer(host);
    *host = g_strndup(bracketed + 1, strlen(bracketed) - 2);
  }
  return TRUE;
}

static GSocketAddress *read_address(const char *where, GError **error) {
  if (g_str_has_prefix(where, "unix:")) {
    /* What a collector that was killed left behind would be in the way; anything else is not ours. */
    GStatBuf left;
    if (g_lstat(where + strlen("unix:"), &left) == 0 && S_ISSOCK(left.st_mode))
      g_unlink(where + strlen("unix:"));
    return g_unix_socket_address_new(where + strlen("unix:"));
  }
  g_autofree char *host = NULL;
  guint64 port = 0;
  GSocketAddress *address = NULL;
  if (split_address(where, &host, &port))
    address = g_inet_socket_address_new_from_string(g_str_equal(host, "localhost") ? "127.0.0.1" : host, (guint)port);
  if (address == NULL)
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                _("“%s” is no address to listen on: give HOST:PORT, [IPV6]:PORT or unix:PATH"), where);
  return address;
}

char *sight_collector_listen(SightCollector *collector, const char *where, GError **error) {
  g_autoptr(GSocketAddress) address = read_address(where, error);
  g_autofree char *at = address != NULL ? sight_connections_listen(collector->connections, address, error) : NULL;
  if (at == NULL)
    return NULL;
  return G_IS_UNIX_SOCKET_ADDRESS(address) ? g_strdup(where) : g_strconcat("http://", at, NULL);
}

gboolean sight_collector_is_public(const char *where) {
  if (g_str_has_prefix(where, "unix:"))
    return FALSE;
  g_autoptr(GSocketAddress) address = read_address(where, NULL);
  return address != NULL &&
         !g_inet_address_get_is_loopback(g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(address)));
}

static gboolean on_stop_timeout(gpointer user_data) {
  SightCollector *collector = user_data;
  collector->stop_timeout = 0;
  void (*stopped)(gpointer) = g_steal_pointer(&collector->stopped);
  if (stopped != NULL)
    stopped(collector->stopped_data);
  return G_SOURCE_REMOVE;
}

void sight_collector_stop(SightCollector *collector, void (*stopped)(gpointer user_data), gpointer user_data) {
  collector->stopping = TRUE;
  collector->stopped = stopped;
  collector->stopped_data = user_data;
  collector->stop_timeout = g_timeout_add_seconds(STOP_AFTER_S, on_stop_timeout, collector);
  check_stopped(collector);
}

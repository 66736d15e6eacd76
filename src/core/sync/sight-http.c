/* SPDX-License-Identifier: MIT */
/* Requests with retries, backoff with full jitter, and caps on what is taken as an answer. */
#include "sight-http.h"

#include "sight-config.h"
#include "sight-json.h"
#include "sight-patience.h"
#include "sight-sync.h"
#include "sight-text.h"
#include "sight-web-address.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <libsoup/soup.h>
#include <string.h>

#define MAX_ATTEMPTS 5
#define MAX_ANSWER ((gsize)16 * 1024 * 1024)
#define FIRST_BACKOFF_MS 250
#define MAX_BACKOFF_MS 8000
#define MAX_RETRY_AFTER_S 30
/* With a pace that is for hours one waits longer, but not for ever, and somewhat where nobody says how long. */
#define MAX_PACED_RETRY_AFTER_S 7200
#define PACED_RETRY_AFTER_S 30
#define MAX_REFUSALS 10
#define BRIEF_ATTEMPTS 2
#define PIECE 65536

const SightPatienceLimits sight_http_patience = {.total_ms = 600000, .window_ms = 30000, .window_bytes = 2048};
static const SightPatienceLimits brief = {.total_ms = 20000, .window_ms = 6000, .window_bytes = 1};

struct SightHttp {
  SoupSession *session;
  GMainContext *context;
  char *url, *authorization;
  SightPace *pace;
  guint attempts;
  gboolean tries_once;
  SightPatienceLimits patience;
};

char *sight_http_normalize_url(const char *url, GError **error) {
  g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_NONE, NULL);
  const char *scheme = uri != NULL ? g_uri_get_scheme(uri) : NULL;
  gboolean web = scheme != NULL && (g_str_equal(scheme, "http") || g_str_equal(scheme, "https"));
  if (!web || g_uri_get_host(uri) == NULL || *g_uri_get_host(uri) == '\0' || g_uri_get_userinfo(uri) != NULL ||
      g_uri_get_query(uri) != NULL || g_uri_get_fragment(uri) != NULL) {
    g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL,
                _("“%s” is no address of a collector; it looks like https://collector.example"), url);
    return NULL;
  }
  g_autofree char *path = g_strdup(g_uri_get_path(uri));
  for (gsize length = strlen(path); length > 0 && path[length - 1] == '/'; length--)
    path[length - 1] = '\0';
  g_autofree char *host = g_ascii_strdown(g_uri_get_host(uri), -1);
  int port = g_uri_get_port(uri);
  if ((g_str_equal(scheme, "http") && port == 80) || (g_str_equal(scheme, "https") && port == 443))
    port = -1;
  return g_uri_join(G_URI_FLAGS_NONE, scheme, NULL, host, port, path, NULL, NULL);
}

SightHttp *sight_http_new(const char *url, const char *token, GError **error) {
  g_autofree char *normal = sight_http_normalize_url(url, error);
  if (normal == NULL)
    return NULL;
  if (!sight_web_address_takes_secrets(normal)) {
    g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_SETTING,
                _("Nothing was sent to %s: over http:// anybody on the way can read the token. Use https:// (a proxy "
                  "with TLS in front of it); http:// is for this computer and private networks."),
                normal);
    return NULL;
  }
  SightHttp *http = g_new0(SightHttp, 1);
  http->url = g_steal_pointer(&normal);
  http->authorization = token != NULL ? g_strconcat("Bearer ", token, NULL) : NULL;
  http->attempts = MAX_ATTEMPTS;
  http->context = g_main_context_new();
  g_main_context_push_thread_default(http->context);
  http->session = soup_session_new_with_options("user-agent", "SessionSight/" SIGHT_VERSION, NULL);
  sight_http_set_patience(http, &sight_http_patience);
  return http;
}

void sight_http_free(SightHttp *http) {
  if (http == NULL)
    return;
  soup_session_abort(http->session);
  g_object_unref(http->session);
  g_main_context_pop_thread_default(http->context);
  g_main_context_unref(http->context);
  g_free(http->url);
  g_free(http->authorization);
  g_free(http);
}

void sight_http_use_basic(SightHttp *http, const char *user_and_password) {
  g_autofree char *encoded = g_base64_encode((const guchar *)user_and_password, strlen(user_and_password));
  g_free(http->authorization);
  http->authorization = g_strconcat("Basic ", encoded, NULL);
}

void sight_http_set_pace(SightHttp *http, SightPace *pace) {
  http->pace = pace;
}

void sight_http_set_patience(SightHttp *http, const SightPatienceLimits *limits) {
  guint silence_s = (guint)(limits->window_ms / 1000) + 1;
  http->patience = *limits;
  soup_session_set_timeout(http->session, silence_s);
  soup_session_set_idle_timeout(http->session, silence_s);
}

void sight_http_set_tries_once(SightHttp *http, gboolean once) {
  http->tries_once = once;
}

void sight_http_be_brief(SightHttp *http) {
  http->attempts = BRIEF_ATTEMPTS;
  sight_http_set_patience(http, &brief);
}

static gboolean wait_ms(guint ms, GCancellable *cancellable, GError **error) {
  GPollFD fd;
  if (cancellable == NULL || !g_cancellable_make_pollfd(cancellable, &fd)) {
    g_usleep((gulong)ms * 1000);
    return TRUE;
  }
  g_poll(&fd, 1, (int)ms);
  g_cancellable_release_fd(cancellable);
  return !g_cancellable_set_error_if_cancelled(cancellable, error);
}

gboolean sight_http_back_off(guint attempt, GCancellable *cancellable, GError **error) {
  if (attempt == 0)
    return !g_cancellable_set_error_if_cancelled(cancellable, error);
  int most = MIN(MAX_BACKOFF_MS, FIRST_BACKOFF_MS << MIN(attempt, 10));
  return wait_ms((guint)g_random_int_range(1, most), cancellable, error);
}

static gboolean may_pass(guint status) {
  return status == 429 || (status >= 502 && status <= 504);
}

/* Seconds, or a date; -1 where it is not given. */
static gint64 retry_after_s(SoupMessage *msg) {
  const char *tainted_text = soup_message_headers_get_one(soup_message_get_response_headers(msg), "Retry-After");
  if (tainted_text == NULL)
    return -1;
  gint64 seconds = -1;
  if (g_ascii_string_to_signed(tainted_text, 10, 0, G_MAXINT32, &seconds, NULL))
    return seconds;
  g_autoptr(GDateTime) date = soup_date_time_new_from_http_string(tainted_text);
  if (date == NULL)
    return -1;
  return CLAMP(g_date_time_to_unix(date) - g_get_real_time() / G_USEC_PER_SEC, 0, G_MAXINT32);
}

static gboolean may_wait(const SightHttp *http, gint64 seconds, gint64 most, GError **error) {
  if (seconds <= most)
    return TRUE;
  g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_BUSY,
              /* Translators: an address, a number of seconds */
              _("%s asks to come again in %" PRId64 " s."), http->url, seconds);
  return FALSE;
}

/* Somebody says when to come again: then that is done, unless it is too long to sit and wait for. */
static gboolean wait_as_told(const SightHttp *http, SoupMessage *msg, guint attempt, GCancellable *cancellable,
                             GError **error) {
  gint64 seconds = retry_after_s(msg);
  if (seconds < 0)
    return sight_http_back_off(attempt + 1, cancellable, error);
  return may_wait(http, seconds, MAX_RETRY_AFTER_S, error) &&
         wait_ms((guint)seconds * 1000 + (guint)g_random_int_range(0, 250), cancellable, error);
}

static gint64 clock_ms(void) {
  return g_get_monotonic_time() / 1000;
}

/* Until it is our turn. */
static gboolean wait_for_turn(const SightHttp *http, GCancellable *cancellable, GError **error) {
  if (http->pace == NULL)
    return TRUE;
  gint64 ms = sight_pace_wait_ms(http->pace, clock_ms());
  if (ms > 0 && !wait_ms((guint)MIN(ms, G_MAXINT), cancellable, error))
    return FALSE;
  sight_pace_count(http->pace, clock_ms());
  return TRUE;
}

/* Too many requests for the budget that was thought to be there. */
static gboolean learn_pace(SightHttp *http, SoupMessage *msg, GError **error) {
  gint64 seconds = retry_after_s(msg);
  if (seconds < 0)
    seconds = PACED_RETRY_AFTER_S;
  sight_pace_refuse(http->pace, clock_ms(), seconds * 1000);
  return may_wait(http, seconds, MAX_PACED_RETRY_AFTER_S, error);
}

static SoupMessage *new_message(const SightHttp *http, const SightHttpRequest *request) {
  g_autofree char *url = g_strconcat(http->url, request->path, NULL);
  SoupMessage *msg = soup_message_new(request->method, url);
  if (msg == NULL)
    return NULL;
  SoupMessageHeaders *headers = soup_message_get_request_headers(msg);
  if (http->authorization != NULL)
    soup_message_headers_append(headers, "Authorization", http->authorization);
  if (request->json != NULL)
    soup_message_set_request_body_from_bytes(msg, "application/json", request->json);
  /* A redirect would carry the token somewhere else. */
  soup_message_add_flags(msg, SOUP_MESSAGE_NO_REDIRECT);
  return msg;
}

/* One request and its answer, with one patience for all of it. */
typedef struct {
  SightPatience *patience;
  SoupMessage *msg;
  GInputStream *stream;
} Exchange;

static void exchange_clear(Exchange *exchange) {
  /* Before the patience: closing reads no more. */
  g_clear_object(&exchange->stream);
  g_clear_object(&exchange->msg);
  g_clear_pointer(&exchange->patience, sight_patience_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Exchange, exchange_clear)

static void on_wrote(SoupMessage *msg, guint bytes, gpointer user_data) {
  sight_patience_count(user_data, bytes);
}

static void begin_exchange(const SightHttp *http, const SightHttpRequest *request, Exchange *exchange,
                           GCancellable *cancellable, GError **cause) {
  exchange_clear(exchange);
  exchange->patience = sight_patience_new(&http->patience, cancellable);
  exchange->msg = new_message(http, request);
  g_signal_connect(exchange->msg, "wrote-body-data", G_CALLBACK(on_wrote), exchange->patience);
  exchange->stream =
      soup_session_send(http->session, exchange->msg, sight_patience_cancellable(exchange->patience), cause);
}

/* The caller gave it up, which is not the same as time that is up. */
static gboolean is_given_up(const Exchange *exchange, const GError *cause) {
  return g_error_matches(cause, G_IO_ERROR, G_IO_ERROR_CANCELLED) && !sight_patience_is_over(exchange->patience);
}

static gssize read_piece(Exchange *exchange, char *piece, GError **cause) {
  gssize bytes =
      g_input_stream_read(exchange->stream, piece, PIECE, sight_patience_cancellable(exchange->patience), cause);
  if (bytes > 0)
    sight_patience_count(exchange->patience, (gsize)bytes);
  return bytes;
}

static gboolean offline(const SightHttp *http, const Exchange *exchange, GError *cause, GError **error) {
  if (is_given_up(exchange, cause)) {
    g_propagate_error(error, cause);
    return FALSE;
  }
  const char *why = cause != NULL ? cause->message : _("it does not answer");
  if (sight_patience_is_over(exchange->patience))
    why = _("it is too slow");
  g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_OFFLINE, _("%s cannot be reached: %s"), http->url, why);
  g_clear_error(&cause);
  return FALSE;
}

/* Sends, until there is an answer that further attempts would not change. What is too slow once is not tried again. */
static gboolean open_answer(SightHttp *http, const SightHttpRequest *request, Exchange *exchange,
                            GCancellable *cancellable, GError **error) {
  GError *cause = NULL;
  guint n_refusals = 0, n_attempts = http->tries_once ? 1 : http->attempts;
  for (guint attempt = 0; attempt < n_attempts;) {
    g_clear_error(&cause);
    if (!wait_for_turn(http, cancellable, error))
      return FALSE;
    begin_exchange(http, request, exchange, cancellable, &cause);
    guint status = soup_message_get_status(exchange->msg);
    gboolean answered = exchange->stream != NULL, last = attempt + 1 == n_attempts;
    if (answered && !may_pass(status))
      return TRUE;
    if (answered && status == 429 && http->pace != NULL && n_refusals++ < MAX_REFUSALS) {
      if (!learn_pace(http, exchange->msg, error))
        return FALSE;
      continue;
    }
    if (is_given_up(exchange, cause) || sight_patience_is_over(exchange->patience))
      break;
    if (answered && last) {
      g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_BUSY, _("%s is busy (%u)."), http->url, status);
      return FALSE;
    }
    if (answered ? !wait_as_told(http, exchange->msg, attempt, cancellable, error)
                 : !last && !sight_http_back_off(attempt + 1, cancellable, error)) {
      g_clear_error(&cause);
      return FALSE;
    }
    attempt++;
  }
  return offline(http, exchange, cause, error);
}

/* libsoup takes the end of the connection for the end of the answer, also before as much came as was announced. What is
 * packed misses its own end then. */
static gboolean is_whole(const Exchange *exchange, gsize bytes, GError **cause) {
  SoupMessageHeaders *headers = soup_message_get_response_headers(exchange->msg);
  if (soup_message_headers_get_encoding(headers) != SOUP_ENCODING_CONTENT_LENGTH ||
      soup_message_headers_get_one(headers, "Content-Encoding") != NULL ||
      (goffset)bytes >= soup_message_headers_get_content_length(headers))
    return TRUE;
  g_set_error_literal(cause, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, _("the answer ends in the middle"));
  return FALSE;
}

/* The whole of an answer. FALSE with the cause where the connection broke; TRUE, but *too_large, beyond the cap. */
static gboolean read_all(Exchange *exchange, GString *answer, gsize max_bytes, gboolean *too_large, GError **cause) {
  g_autofree char *piece = g_malloc(PIECE);
  gssize bytes;
  g_string_truncate(answer, 0);
  while ((bytes = read_piece(exchange, piece, cause)) > 0) {
    g_string_append_len(answer, piece, bytes);
    *too_large = answer->len > max_bytes;
    if (*too_large)
      return TRUE;
  }
  return bytes == 0 && is_whole(exchange, answer->len, cause);
}

/* What the other side says went wrong, as one short line for people: {"error":{"message"}} as ours do, {"detail"},
 * {"message"} and {"error"} as others do, or plain text. The caller's. */
char *sight_http_reason(const GString *tainted_text) {
  const char *tainted_answer = tainted_text->str;
  gsize bytes = tainted_text->len;
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(8);
  SightJson root = {0};
  if (!sight_json_parser_parse(parser, tainted_answer, bytes, &root, NULL))
    return bytes > 0 && tainted_answer[0] != '<' ? sight_text_excerpt(tainted_answer, (gssize)bytes, 200)
                                                 : g_strdup(_("no reason given"));
  SightJson error = sight_json_get(root, "error"), detail = sight_json_get(root, "detail");
  const SightJson places[] = {sight_json_get(error, "message"), detail, sight_json_get(detail, "message"),
                              sight_json_get(root, "message"), error};
  const char *message = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS(places) && message == NULL; i++)
    message = sight_json_string(places[i], NULL);
  return message != NULL ? sight_text_excerpt(message, -1, 200) : g_strdup(_("no reason given"));
}

static gboolean accept_status(const SightHttp *http, guint status, const GString *answer, GError **error) {
  const guint known[] = {404, 409, 410, 413, 415, 422};
  for (gsize i = 0; i < G_N_ELEMENTS(known); i++) {
    if (status == known[i])
      return TRUE;
  }
  if (status >= 200 && status <= 299)
    return TRUE;
  g_autofree char *reason = answer != NULL ? sight_http_reason(answer) : g_strdup("");
  if (status == 401 || status == 403)
    g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_REFUSED, _("%s refuses the token: %s"), http->url, reason);
  else if (status >= 500)
    g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL, _("%s has a fault of its own (%u): %s"), http->url,
                status, reason);
  else
    g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL, _("%s does not take the request (%u): %s"),
                http->url, status, reason);
  return FALSE;
}

/* Nobody is followed to another address; where it is gets told. */
static gboolean stays(const SightHttp *http, const Exchange *exchange, GError **error) {
  guint status = soup_message_get_status(exchange->msg);
  if (status < 300 || status > 399)
    return TRUE;
  const char *tainted_to = soup_message_headers_get_one(soup_message_get_response_headers(exchange->msg), "Location");
  g_autofree char *to = sight_text_excerpt(tainted_to != NULL ? tainted_to : "?", -1, 200);
  g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL,
              /* Translators: two addresses */
              _("%s sends on to %s; the token is not taken there. If that is the right address, use it."), http->url,
              to);
  return FALSE;
}

static gboolean is_refusal(const SightHttpRequest *request, guint status) {
  return request->any_refusal && status >= 400 && status <= 499;
}

/* One request with its whole answer; *exchange is left for its headers. */
static guint ask(SightHttp *http, const SightHttpRequest *request, Exchange *exchange, GString *answer,
                 GCancellable *cancellable, GError **error) {
  GError *cause = NULL;
  for (guint attempt = 0; attempt < http->attempts; attempt++) {
    gboolean waited = sight_http_back_off(attempt, cancellable, error);
    g_clear_error(&cause);
    if (!waited || !open_answer(http, request, exchange, cancellable, error) || !stays(http, exchange, error))
      return 0;
    gboolean too_large = FALSE;
    guint status = soup_message_get_status(exchange->msg);
    if (read_all(exchange, answer, request->max_bytes, &too_large, &cause)) {
      if (too_large)
        g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL, _("%s answers without end."), http->url);
      return !too_large && (is_refusal(request, status) || accept_status(http, status, answer, error)) ? status : 0;
    }
    if (is_given_up(exchange, cause) || sight_patience_is_over(exchange->patience))
      break;
  }
  offline(http, exchange, cause, error);
  return 0;
}

guint sight_http_send(SightHttp *http, const char *method, const char *path, GBytes *json, GString *answer,
                      GCancellable *cancellable, GError **error) {
  g_auto(Exchange) exchange = {0};
  const SightHttpRequest request = {.method = method, .path = path, .json = json, .max_bytes = MAX_ANSWER};
  return ask(http, &request, &exchange, answer, cancellable, error);
}

guint sight_http_request(SightHttp *http, const SightHttpRequest *request, GString *answer, char **tainted_header,
                         GCancellable *cancellable, GError **error) {
  g_auto(Exchange) exchange = {0};
  guint status = ask(http, request, &exchange, answer, cancellable, error);
  if (tainted_header != NULL)
    *tainted_header =
        status != 0 && request->header != NULL
            ? g_strdup(soup_message_headers_get_list(soup_message_get_response_headers(exchange.msg), request->header))
            : NULL;
  return status;
}

guint sight_http_get(SightHttp *http, const char *path, gsize max_bytes, GString *content, char **tainted_type,
                     GCancellable *cancellable, GError **error) {
  g_auto(Exchange) exchange = {0};
  const SightHttpRequest request = {.method = "GET", .path = path, .max_bytes = max_bytes};
  guint status = ask(http, &request, &exchange, content, cancellable, error);
  *tainted_type = NULL;
  if (status != 0)
    *tainted_type =
        g_strdup(soup_message_headers_get_content_type(soup_message_get_response_headers(exchange.msg), NULL));
  return status;
}

typedef struct {
  GByteArray *rest; /* the beginning of a line whose end has not come */
  gsize max_line;
  SightHttpLineFunc func;
  gpointer user_data;
} Lines;

static gboolean take_line(Lines *lines, const char *piece, gsize bytes, GError **error) {
  if (lines->rest->len == 0)
    return bytes == 0 || lines->func(piece, bytes, lines->user_data, error);
  g_byte_array_append(lines->rest, (const guint8 *)piece, (guint)bytes);
  gboolean done = lines->func((const char *)lines->rest->data, lines->rest->len, lines->user_data, error);
  g_byte_array_set_size(lines->rest, 0);
  return done;
}

static gboolean push_piece(Lines *lines, const char *piece, gsize bytes, GError **error) {
  while (bytes > 0) {
    const char *end = memchr(piece, '\n', bytes);
    gsize length = end != NULL ? (gsize)(end - piece) : bytes;
    if (lines->rest->len + length > lines->max_line) {
      g_set_error_literal(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL,
                          _("The collector sends a line that is longer than any batch can be."));
      return FALSE;
    }
    if (end == NULL) {
      g_byte_array_append(lines->rest, (const guint8 *)piece, (guint)bytes);
      return TRUE;
    }
    if (!take_line(lines, piece, length, error))
      return FALSE;
    piece += length + 1;
    bytes -= length + 1;
  }
  return TRUE;
}

guint sight_http_get_lines(SightHttp *http, const char *path, gsize max_line, guint64 max_bytes, SightHttpLineFunc func,
                           gpointer user_data, gboolean *cut, GCancellable *cancellable, GError **error) {
  g_auto(Exchange) exchange = {0};
  const SightHttpRequest request = {.method = "GET", .path = path};
  *cut = FALSE;
  if (!open_answer(http, &request, &exchange, cancellable, error) || !stays(http, &exchange, error))
    return 0;
  guint status = soup_message_get_status(exchange.msg);
  if (status != 200) {
    g_autoptr(GString) answer = g_string_new(NULL);
    gboolean too_large = FALSE;
    read_all(&exchange, answer, MAX_ANSWER, &too_large, NULL);
    return accept_status(http, status, answer, error) ? status : 0;
  }
  g_autofree char *piece = g_malloc(PIECE);
  g_autoptr(GByteArray) rest = g_byte_array_new();
  g_autoptr(GError) cause = NULL;
  Lines lines = {.rest = rest, .max_line = max_line, .func = func, .user_data = user_data};
  guint64 total = 0;
  gssize bytes;
  while ((bytes = read_piece(&exchange, piece, &cause)) > 0) {
    total += (guint64)bytes;
    if (total > max_bytes) {
      g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL, _("%s answers without end."), http->url);
      return 0;
    }
    if (!push_piece(&lines, piece, (gsize)bytes, error))
      return 0;
  }
  if (is_given_up(&exchange, cause)) {
    g_propagate_error(error, g_steal_pointer(&cause));
    return 0;
  }
  *cut = bytes < 0 || rest->len > 0;
  return status;
}

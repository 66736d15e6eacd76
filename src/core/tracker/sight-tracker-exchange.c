/* SPDX-License-Identifier: MIT */
/* One request, sent once, and what its answer says. */
#include "sight-tracker-private.h"

#include "sight-patience.h"
#include "sight-text.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

#define TIMEOUT_S 30
/* A list of issues with their texts is the longest. */
#define MAX_ANSWER_BYTES (8 * 1024 * 1024)
#define SAID_CHARS 400
/* What is read of an answer for that: no character has more bytes. */
#define SAID_BYTES ((gsize)4 * SAID_CHARS)

#define PIECE 65536

/* An attachment may be large and the line slow; but nothing takes longer than this, or comes and goes more slowly. */
SightPatienceLimits sight_tracker_patience = {
    .total_ms = 300000, .window_ms = (gint64)TIMEOUT_S * 1000, .window_bytes = 1024};

/* Answers */

/* Every text in an answer, with the name under which it stands: trackers say it in many ways, with the names of their
 * fields. */
static void append_said(GString *out, SightJson value, const char *name, guint depth) {
  SightJsonIter it = sight_json_iter(value);
  const char *text = sight_json_string(value, NULL);

  if (text != NULL && !g_str_has_prefix(text, "http"))
    g_string_append_printf(out, "%s%.*s%s%.*s", out->len > 0 ? "; " : "", SAID_CHARS, name != NULL ? name : "",
                           name != NULL ? ": " : "", (int)SAID_BYTES, text);
  while (depth > 0 && text == NULL && out->len < SAID_BYTES && sight_json_next(&it))
    append_said(out, it.value, it.key != NULL ? it.key : name, depth - 1);
}

static char *said(const char *answer, gsize bytes) {
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(64);
  g_autoptr(GString) out = g_string_new(NULL);
  SightJson root = {0};

  if (sight_json_parser_parse(parser, answer, bytes, &root, NULL))
    append_said(out, root, NULL, 6);
  else
    g_string_append_len(out, answer, (gssize)MIN(bytes, SAID_BYTES));
  return sight_text_excerpt(out->str, (gssize)out->len, SAID_CHARS);
}

gboolean sight_tracker_refused(const SightTrackerAnswer *answer, GError **error) {
  g_autofree char *words = said(answer->text, answer->bytes);
  guint status = answer->status;
  gboolean limited = status == 429 || answer->limited || strstr(words, "RATELIMITED") != NULL;
  SightTrackerError code = limited                           ? SIGHT_TRACKER_ERROR_BUSY
                           : status == 401 || status == 403  ? SIGHT_TRACKER_ERROR_REFUSED
                           : status >= 500 || answer->unread ? SIGHT_TRACKER_ERROR_UNSURE
                                                             : SIGHT_TRACKER_ERROR_FIELDS;
  const char *what = code == SIGHT_TRACKER_ERROR_BUSY      ? _("The tracker asks to come later")
                     : code == SIGHT_TRACKER_ERROR_REFUSED ? _("The tracker refuses the token")
                     : code == SIGHT_TRACKER_ERROR_UNSURE  ? _("The tracker failed; trying again finds what was filed")
                                                           : _("The tracker does not take it");

  g_set_error(error, SIGHT_TRACKER_ERROR, (int)code, "%s (%u): %s%s%s", what, status, words,
              limited && answer->later != NULL ? "; Retry-After: " : "",
              limited && answer->later != NULL ? answer->later : "");
  return FALSE;
}

/* Before a connection stands nothing was filed; behind it nobody knows. */
static void explain(GError *local, GError **error) {
  gboolean before = g_error_matches(local, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED) ||
                    g_error_matches(local, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE) ||
                    g_error_matches(local, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE) ||
                    local->domain == G_RESOLVER_ERROR || local->domain == G_TLS_ERROR;

  g_set_error(error, SIGHT_TRACKER_ERROR, before ? SIGHT_TRACKER_ERROR_OFFLINE : SIGHT_TRACKER_ERROR_UNSURE,
              before ? _("The tracker cannot be reached: %s")
                     : _("No answer came; trying again finds what was filed: %s"),
              local->message);
}

void sight_tracker_answer_clear(SightTrackerAnswer *answer) {
  g_free(answer->text);
  g_free(answer->later);
  g_clear_pointer(&answer->parser, sight_json_parser_free);
}

/* The exchange */

/* Where a tracker sends a file to: as safe as the tracker itself. */
static gboolean is_safe(const SightTrackerTarget *target, const SightTrackerRequest *request) {
  if (!request->foreign)
    return TRUE;
  g_autoptr(GUri) place = g_uri_parse(request->url, SOUP_HTTP_URI_FLAGS, NULL);
  g_autoptr(GUri) base = g_uri_parse(target->base, SOUP_HTTP_URI_FLAGS, NULL);
  if (place != NULL && g_str_equal(g_uri_get_scheme(place), "https"))
    return TRUE;
  return place != NULL && base != NULL && g_str_equal(g_uri_get_scheme(place), g_uri_get_scheme(base)) &&
         g_strcmp0(g_uri_get_host(place), g_uri_get_host(base)) == 0 && g_uri_get_port(place) == g_uri_get_port(base);
}

static SoupMessage *message_for(const SightTrackerTarget *target, const char *token, const SightTrackerRequest *request,
                                GError **error) {
  SoupMessage *message = is_safe(target, request)
                             ? soup_message_new(request->method != NULL ? request->method : "POST", request->url)
                             : NULL;
  g_autofree char *secret = target->tracker->token(token);

  if (message == NULL) {
    g_set_error(error, SIGHT_TRACKER_ERROR, SIGHT_TRACKER_ERROR_TARGET, _("“%s” is no address"), request->url);
    return NULL;
  }
  /* A token goes to nobody else, and nothing is filed where it was not sent. */
  soup_message_add_flags(message, SOUP_MESSAGE_NO_REDIRECT);
  SoupMessageHeaders *headers = soup_message_get_request_headers(message);
  if (!request->foreign)
    soup_message_headers_replace(headers, target->tracker->token_header, secret);
  for (gsize i = 0; i + 1 < G_N_ELEMENTS(request->headers) && request->headers[i] != NULL; i += 2)
    soup_message_headers_replace(headers, request->headers[i], request->headers[i + 1]);
  if (request->body != NULL) {
    g_autoptr(GBytes) bytes = g_bytes_new(request->body->str, request->body->len);
    soup_message_set_request_body_from_bytes(message, request->type != NULL ? request->type : "application/json",
                                             bytes);
  }
  return message;
}

/* GitHub refuses who comes too often as it does who may not. */
static void read_limits(SoupMessage *message, SightTrackerAnswer *answer) {
  SoupMessageHeaders *headers = soup_message_get_response_headers(message);
  const char *left = soup_message_headers_get_one(headers, "X-RateLimit-Remaining");

  answer->later = g_strdup(soup_message_headers_get_one(headers, "Retry-After"));
  answer->limited = answer->status == 403 && (answer->later != NULL || g_strcmp0(left, "0") == 0);
}

static void on_wrote(SoupMessage *message, guint bytes, gpointer user_data) {
  sight_patience_count(user_data, bytes);
}

/* What is longer is cut, and so is no JSON. */
static gboolean read_all(GInputStream *stream, SightPatience *patience, SightTrackerAnswer *answer, GError **error) {
  GCancellable *until = sight_patience_cancellable(patience);
  gssize bytes = 1;

  while (bytes > 0 && answer->bytes < MAX_ANSWER_BYTES) {
    gsize most = MIN(PIECE, MAX_ANSWER_BYTES - answer->bytes);
    bytes = g_input_stream_read(stream, answer->text + answer->bytes, most, until, error);
    if (bytes < 0)
      return FALSE;
    answer->bytes += (gsize)bytes;
    sight_patience_count(patience, (gsize)bytes);
  }
  return TRUE;
}

gboolean sight_tracker_exchange(const SightTrackerTarget *target, const char *token, const SightTrackerRequest *request,
                                SightTrackerAnswer *answer, GCancellable *cancellable, GError **error) {
  g_autoptr(SoupSession) session =
      soup_session_new_with_options("timeout", TIMEOUT_S, "user-agent", "SessionSight", NULL);
  g_autoptr(SoupMessage) message = message_for(target, token, request, error);
  g_autoptr(GError) local = NULL;

  if (message == NULL)
    return FALSE;
  g_autoptr(SightPatience) patience = sight_patience_new(&sight_tracker_patience, cancellable);
  g_signal_connect(message, "wrote-body-data", G_CALLBACK(on_wrote), patience);
  g_autoptr(GInputStream) stream = soup_session_send(session, message, sight_patience_cancellable(patience), &local);
  answer->text = g_malloc(MAX_ANSWER_BYTES + 1);
  if (stream == NULL || !read_all(stream, patience, answer, &local)) {
    sight_patience_explain(patience, &local);
    explain(local, error);
    return FALSE;
  }
  answer->text[answer->bytes] = '\0';
  answer->status = soup_message_get_status(message);
  answer->parser = sight_json_parser_new(64);
  read_limits(message, answer);
  gboolean read = answer->bytes == 0 || request->foreign ||
                  sight_json_parser_parse(answer->parser, answer->text, answer->bytes, &answer->root, NULL);
  /* GraphQL says with status 200 what is wrong. */
  SightJson errors = sight_json_get(answer->root, "errors");
  gboolean wrong = sight_json_type(errors) == SIGHT_JSON_ARRAY && sight_json_length(errors) > 0;
  answer->success = answer->status >= 200 && answer->status < 300 && !wrong;
  answer->good = answer->success && read;
  return TRUE;
}

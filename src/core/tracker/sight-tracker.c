/* SPDX-License-Identifier: MIT */
/* Targets, addresses, and the one request. */
#include "sight-tracker-private.h"

#include "sight-patience.h"
#include "sight-text.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <stdarg.h>
#include <string.h>

#define TIMEOUT_S 30
#define MAX_ANSWER_BYTES (1024 * 1024)
#define SAID_CHARS 400

/* An attachment may be large and the line slow; nothing takes longer than this. */
static const SightPatienceLimits limits = {.total_ms = 300000, .window_ms = 300000};

G_DEFINE_QUARK(sight - tracker - error - quark, sight_tracker_error)

static const SightTracker *const trackers[] = {
    &sight_tracker_github, &sight_tracker_gitlab, &sight_tracker_gitea,    &sight_tracker_redmine,
    &sight_tracker_jira,   &sight_tracker_linear, &sight_tracker_youtrack, &sight_tracker_azure,
};

const SightTrackerKind *sight_tracker_kind(guint place) {
  return place < G_N_ELEMENTS(trackers) ? &trackers[place]->about : NULL;
}

char *sight_tracker_kinds(void) {
  g_autoptr(GString) kinds = g_string_new(NULL);

  for (gsize i = 0; i < G_N_ELEMENTS(trackers); i++)
    g_string_append_printf(kinds, "%s%s", i > 0 ? ", " : "", trackers[i]->about.kind);
  return g_strdup(kinds->str);
}

/* Targets */

/* Of "https://host/a/b/c" the last so many parts are the project; all of the path where none is said. */
static gboolean split_address(SightTrackerTarget *target, const char *address) {
  const char *host = strstr(address, "://");
  g_autofree char *trimmed = g_strdup(address);

  while (g_str_has_suffix(trimmed, "/"))
    trimmed[strlen(trimmed) - 1] = '\0';
  char *path = host != NULL ? strchr(trimmed + (host - address) + 3, '/') : trimmed;
  if (path == NULL)
    return FALSE;
  char *cut = host != NULL ? path : NULL;
  for (guint i = 0; host != NULL && target->tracker->n_parts > 0 && i < target->tracker->n_parts; i++) {
    char *slash = g_strrstr_len(path, i == 0 ? -1 : cut - path, "/");
    if (slash == NULL)
      return FALSE;
    cut = slash;
  }
  if (host == NULL) {
    target->base = g_strdup(target->tracker->host);
    target->project = g_strdup(trimmed);
  } else {
    target->base = g_strndup(trimmed, (gsize)(cut - trimmed));
    target->project = g_strdup(cut + 1);
  }
  return target->base != NULL && target->project[0] != '\0';
}

/* A project is a path of names: nothing that would lead elsewhere. */
static gboolean is_sane(const SightTrackerTarget *target) {
  guint n = 1;

  for (const char *at = target->project; *at != '\0'; at++) {
    n += *at == '/';
    if (!g_ascii_isalnum(*at) && strchr("/-_.%", *at) == NULL)
      return FALSE;
  }
  return (target->tracker->n_parts == 0 || n == target->tracker->n_parts) && strstr(target->project, "..") == NULL &&
         (g_str_has_prefix(target->base, "https://") || g_str_has_prefix(target->base, "http://127.0.0.1:") ||
          g_str_has_prefix(target->base, "http://localhost:"));
}

SightTrackerTarget *sight_tracker_target_new(const char *text, GError **error) {
  g_autoptr(SightTrackerTarget) target = g_new0(SightTrackerTarget, 1);
  const char *colon = strchr(text, ':');
  g_autofree char *kinds = sight_tracker_kinds();

  for (gsize i = 0; colon != NULL && i < G_N_ELEMENTS(trackers); i++) {
    if (strlen(trackers[i]->about.kind) == (gsize)(colon - text) && g_str_has_prefix(text, trackers[i]->about.kind))
      target->tracker = trackers[i];
  }
  if (target->tracker != NULL && split_address(target, colon + 1) && is_sane(target))
    return g_steal_pointer(&target);
  g_set_error(error, SIGHT_TRACKER_ERROR, SIGHT_TRACKER_ERROR_TARGET,
              _("“%s” is no tracker: KIND:PROJECT or KIND:https://HOST/PROJECT is, of the kinds %s"), text, kinds);
  return NULL;
}

void sight_tracker_target_free(SightTrackerTarget *target) {
  if (target == NULL)
    return;
  g_free(target->base);
  g_free(target->project);
  g_free(target);
}

/* What trackers share */

char *sight_tracker_address(const char *base, ...) {
  GString *out = g_string_new(base);
  char separator = '?';
  va_list more;

  va_start(more, base);
  for (const char *name = va_arg(more, const char *); name != NULL; name = va_arg(more, const char *)) {
    g_autofree char *coded = g_uri_escape_string(name, NULL, FALSE);
    g_autofree char *value = g_uri_escape_string(va_arg(more, const char *), NULL, FALSE);
    g_string_append_printf(out, "%c%s=%s", separator, coded, value);
    separator = '&';
  }
  va_end(more);
  return g_string_free(out, FALSE);
}

char *sight_tracker_member(SightJson object, const char *key) {
  return g_strdup(sight_json_string(sight_json_get(object, key), NULL));
}

GString *sight_tracker_object(const char *name, ...) {
  GString *out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};
  va_list more;

  sight_json_begin_object(&w);
  va_start(more, name);
  for (; name != NULL; name = va_arg(more, const char *))
    sight_json_member_string(&w, name, va_arg(more, const char *));
  va_end(more);
  sight_json_end_object(&w);
  return out;
}

void sight_tracker_octets(SightTrackerRequest *request, const SightTrackerFile *file) {
  gsize bytes = 0;
  const char *data = g_bytes_get_data(file->bytes, &bytes);

  request->type = g_strdup("application/octet-stream");
  request->body = g_string_new_len(data, (gssize)bytes);
}

void sight_tracker_form(SightTrackerRequest *request, const char *field, const SightTrackerFile *file) {
  g_autofree char *border = g_uuid_string_random(), *name = g_strdelimit(g_strdup(file->name), "\"\\\r\n", '_');
  gsize bytes = 0;
  const char *data = g_bytes_get_data(file->bytes, &bytes);

  request->type = g_strdup_printf("multipart/form-data; boundary=%s", border);
  request->body = g_string_new(NULL);
  g_string_printf(request->body,
                  "--%s\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\nContent-Type: %s\r\n\r\n",
                  border, field, name, file->type);
  g_string_append_len(request->body, data, (gssize)bytes);
  g_string_append_printf(request->body, "\r\n--%s--\r\n", border);
}

int sight_tracker_says_closed(SightJson object, const char *key) {
  static const char *const closed[] = {"closed", "done", "resolved", "completed", "canceled", "removed", NULL};
  g_autofree char *state = sight_tracker_member(object, key);
  g_autofree char *lower = state != NULL ? g_ascii_strdown(state, -1) : NULL;

  return lower != NULL ? g_strv_contains(closed, lower) : -1;
}

char *sight_tracker_bearer(const char *token) {
  return g_strconcat("Bearer ", token, NULL);
}

char *sight_tracker_bare(const char *token) {
  return g_strdup(token);
}

static void request_clear(SightTrackerRequest *request) {
  g_free(request->url);
  g_free(request->type);
  if (request->body != NULL)
    g_string_free(request->body, TRUE);
  for (gsize i = 1; i < G_N_ELEMENTS(request->headers); i++)
    g_free(request->headers[i]);
  g_free(request->headers[0]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SightTrackerRequest, request_clear)

char *sight_tracker_page(const SightTrackerTarget *target, const char *title, const char *body) {
  g_autofree char *valid = g_utf8_make_valid(body, -1);
  char *address = target->tracker->page(target, title, valid);

  for (glong chars = g_utf8_strlen(valid, -1); strlen(address) > target->tracker->max_address && chars > 0;
       chars = chars * 9 / 10) {
    g_autofree char *start = g_utf8_substring(valid, 0, chars), *cut = g_strconcat(start, "…\n", _("(cut)"), NULL);
    g_free(address);
    address = target->tracker->page(target, title, cut);
  }
  return address;
}

char *sight_tracker_preview(const SightTrackerTarget *target, const char *title, const char *body) {
  g_auto(SightTrackerRequest) request = {0};
  g_autoptr(GString) out = g_string_new(NULL);

  target->tracker->create(target, title, body, &request);
  g_string_printf(out, "POST %s\n", request.url);
  for (gsize i = 0; i + 1 < G_N_ELEMENTS(request.headers) && request.headers[i] != NULL; i += 2)
    g_string_append_printf(out, "%s: %s\n", request.headers[i], request.headers[i + 1]);
  g_string_append_printf(out, "Content-Type: %s\n\n%s\n", request.type != NULL ? request.type : "application/json",
                         request.body->str);
  return g_strdup(out->str);
}

/* Answers */

/* Every text in an answer, with the name under which it stands: trackers say it in many ways, with the names of their
 * fields. */
static void append_said(GString *out, SightJson value, const char *name, guint depth) {
  SightJsonIter it = sight_json_iter(value);
  const char *text = sight_json_string(value, NULL);

  if (text != NULL && !g_str_has_prefix(text, "http") && g_utf8_strlen(out->str, -1) < SAID_CHARS)
    g_string_append_printf(out, "%s%s%s%s", out->len > 0 ? "; " : "", name != NULL ? name : "",
                           name != NULL ? ": " : "", text);
  while (depth > 0 && text == NULL && sight_json_next(&it))
    append_said(out, it.value, it.key != NULL ? it.key : name, depth - 1);
}

static char *said(const char *answer, gsize bytes) {
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(64);
  g_autoptr(GString) out = g_string_new(NULL);
  SightJson root = {0};

  if (sight_json_parser_parse(parser, answer, bytes, &root, NULL))
    append_said(out, root, NULL, 6);
  else
    g_string_append_len(out, answer, (gssize)bytes);
  return sight_text_excerpt(out->str, (gssize)out->len, SAID_CHARS);
}

static void set_refusal(guint status, const char *answer, gsize bytes, GError **error) {
  g_autofree char *words = said(answer, bytes);
  gboolean limited = strstr(words, "RATELIMITED") != NULL;
  SightTrackerError code = status == 429 || limited         ? SIGHT_TRACKER_ERROR_BUSY
                           : status == 401 || status == 403 ? SIGHT_TRACKER_ERROR_REFUSED
                           : status >= 500                  ? SIGHT_TRACKER_ERROR_UNSURE
                                                            : SIGHT_TRACKER_ERROR_FIELDS;
  const char *what = code == SIGHT_TRACKER_ERROR_BUSY      ? _("The tracker asks to come later")
                     : code == SIGHT_TRACKER_ERROR_REFUSED ? _("The tracker refuses the token")
                     : code == SIGHT_TRACKER_ERROR_UNSURE
                         ? _("The tracker failed; look whether it was filed before you try again")
                         : _("The tracker does not take it");

  g_set_error(error, SIGHT_TRACKER_ERROR, (int)code, "%s (%u): %s", what, status, words);
}

/* Before a connection stands nothing was filed; behind it nobody knows. */
static void explain(GError *local, GError **error) {
  gboolean before = g_error_matches(local, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED) ||
                    g_error_matches(local, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE) ||
                    g_error_matches(local, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE) ||
                    local->domain == G_RESOLVER_ERROR || local->domain == G_TLS_ERROR;

  g_set_error(error, SIGHT_TRACKER_ERROR, before ? SIGHT_TRACKER_ERROR_OFFLINE : SIGHT_TRACKER_ERROR_UNSURE,
              before ? _("The tracker cannot be reached: %s")
                     : _("No answer came; look whether it was filed before you try again: %s"),
              local->message);
}

/* The exchange */

typedef struct {
  char *text;
  gsize bytes;
  guint status;
  SightJsonParser *parser;
  SightJson root;
  gboolean good; /* a success, in JSON or empty */
} Answer;

static void answer_clear(Answer *answer) {
  g_free(answer->text);
  g_clear_pointer(&answer->parser, sight_json_parser_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Answer, answer_clear)

static SoupMessage *message_for(const SightTrackerTarget *target, const char *token, const SightTrackerRequest *request,
                                GError **error) {
  SoupMessage *message = soup_message_new(request->method != NULL ? request->method : "POST", request->url);
  g_autofree char *secret = target->tracker->token(token);

  if (message == NULL) {
    g_set_error(error, SIGHT_TRACKER_ERROR, SIGHT_TRACKER_ERROR_TARGET, _("“%s” is no address"), request->url);
    return NULL;
  }
  /* A token goes to nobody else, and nothing is filed where it was not sent. */
  soup_message_add_flags(message, SOUP_MESSAGE_NO_REDIRECT);
  SoupMessageHeaders *headers = soup_message_get_request_headers(message);
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

/* Sends it, once. */
static gboolean exchange(const SightTrackerTarget *target, const char *token, const SightTrackerRequest *request,
                         Answer *answer, GCancellable *cancellable, GError **error) {
  g_autoptr(SoupSession) session =
      soup_session_new_with_options("timeout", TIMEOUT_S, "user-agent", "SessionSight", NULL);
  g_autoptr(SoupMessage) message = message_for(target, token, request, error);
  g_autoptr(GError) local = NULL;

  if (message == NULL)
    return FALSE;
  g_autoptr(SightPatience) patience = sight_patience_new(&limits, cancellable);
  GCancellable *until = sight_patience_cancellable(patience);
  g_autoptr(GInputStream) stream = soup_session_send(session, message, until, &local);
  answer->text = g_malloc(MAX_ANSWER_BYTES + 1);
  if (stream == NULL ||
      !g_input_stream_read_all(stream, answer->text, MAX_ANSWER_BYTES, &answer->bytes, until, &local)) {
    sight_patience_explain(patience, &local);
    explain(local, error);
    return FALSE;
  }
  answer->text[answer->bytes] = '\0';
  answer->status = soup_message_get_status(message);
  answer->parser = sight_json_parser_new(64);
  answer->good =
      answer->status >= 200 && answer->status < 300 &&
      (answer->bytes == 0 || sight_json_parser_parse(answer->parser, answer->text, answer->bytes, &answer->root, NULL));
  return TRUE;
}

char *sight_tracker_file(const SightTrackerTarget *target, const char *token, const char *title, const char *body,
                         GCancellable *cancellable, GError **error) {
  g_auto(SightTrackerRequest) request = {0};
  g_auto(Answer) answer = {0};

  target->tracker->create(target, title, body, &request);
  if (!exchange(target, token, &request, &answer, cancellable, error))
    return NULL;
  char *url = answer.good ? target->tracker->created(target, answer.root) : NULL;
  if (url == NULL)
    set_refusal(answer.status, answer.text, answer.bytes, error);
  return url;
}

/* Of what was filed */

/* How an issue is named in its address: ".../issue/KEY/more", or its last part. */
static char *ref_of(const char *issue) {
  const char *named = strstr(issue, "/issue/"), *last = strrchr(issue, '/');
  const char *start = named != NULL ? named + strlen("/issue/") : last != NULL ? last + 1 : issue;
  g_autofree char *part = g_strndup(start, strcspn(start, "/?#"));

  return g_uri_escape_string(part, NULL, FALSE);
}

gboolean sight_tracker_takes_files(const SightTrackerTarget *target) {
  return target->tracker->attach != NULL;
}

static gboolean refused(const Answer *answer, GError **error) {
  set_refusal(answer->status, answer->text, answer->bytes, error);
  return FALSE;
}

gboolean sight_tracker_attach(const SightTrackerTarget *target, const char *token, const char *issue,
                              const SightTrackerFile *file, GCancellable *cancellable, GError **error) {
  g_auto(SightTrackerRequest) request = {0}, tie = {0};
  g_auto(Answer) answer = {0}, tied = {0};
  g_autofree char *ref = ref_of(issue);

  g_return_val_if_fail(sight_tracker_takes_files(target), FALSE);
  target->tracker->attach(target, ref, file, &request);
  if (!exchange(target, token, &request, &answer, cancellable, error))
    return FALSE;
  if (!answer.good)
    return refused(&answer, error);
  if (target->tracker->tie == NULL)
    return TRUE;
  if (!target->tracker->tie(target, ref, file, answer.root, &tie))
    return refused(&answer, error);
  return exchange(target, token, &tie, &tied, cancellable, error) && (tied.good || refused(&tied, error));
}

gboolean sight_tracker_read_state(const SightTrackerTarget *target, const char *token, const char *issue,
                                  gboolean *closed, GCancellable *cancellable, GError **error) {
  g_auto(SightTrackerRequest) request = {.method = "GET"};
  g_auto(Answer) answer = {0};
  g_autofree char *ref = ref_of(issue);

  target->tracker->ask(target, ref, &request);
  if (!exchange(target, token, &request, &answer, cancellable, error))
    return FALSE;
  int state = answer.good ? target->tracker->is_closed(answer.root) : -1;
  if (state < 0)
    return refused(&answer, error);
  *closed = state > 0;
  return TRUE;
}

char *sight_tracker_target_key(const SightTrackerTarget *target) {
  return g_strdup_printf("%s:%s", target->tracker->about.kind, target->base);
}

char *sight_tracker_target_name(const SightTrackerTarget *target) {
  return g_strdup_printf("%s, %s", target->project, target->tracker->about.title);
}

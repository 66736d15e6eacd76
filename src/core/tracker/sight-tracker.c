/* SPDX-License-Identifier: MIT */
/* Targets, addresses, and what trackers share. */
#include "sight-tracker-private.h"
#include "sight-web-address.h"

#include <glib/gi18n-lib.h>
#include <stdarg.h>
#include <string.h>

G_DEFINE_QUARK(sight - tracker - error - quark, sight_tracker_error)

static const SightTracker *const trackers[] = {
    &sight_tracker_github,  &sight_tracker_gitlab, &sight_tracker_gitea,    &sight_tracker_redmine, &sight_tracker_jira,
    &sight_tracker_jira_dc, &sight_tracker_linear, &sight_tracker_youtrack, &sight_tracker_azure,
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
         sight_web_address_takes_secrets(target->base);
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

SightJson sight_tracker_at(SightJson answer, const char *path) {
  g_auto(GStrv) keys = g_strsplit(path, "/", -1);

  for (char **key = keys; *key != NULL; key++) {
    if (**key != '\0')
      answer = sight_json_get(answer, *key);
  }
  return answer;
}

static void put_list(SightJsonWriter *w, const char *key, const GPtrArray *texts, gboolean numbers) {
  if (texts == NULL || texts->len == 0)
    return;
  sight_json_key(w, key);
  sight_json_begin_array(w);
  for (guint i = 0; i < texts->len; i++) {
    gint64 number = 0;
    if (numbers && g_ascii_string_to_signed(texts->pdata[i], 10, 0, G_MAXINT64, &number, NULL))
      sight_json_put_int(w, number);
    else
      sight_json_put_string(w, texts->pdata[i]);
  }
  sight_json_end_array(w);
}

void sight_tracker_put_texts(SightJsonWriter *w, const char *key, const GPtrArray *texts) {
  put_list(w, key, texts, FALSE);
}

void sight_tracker_put_numbers(SightJsonWriter *w, const char *key, const GPtrArray *texts) {
  put_list(w, key, texts, TRUE);
}

char *sight_tracker_join(const GPtrArray *texts, const char *separator) {
  g_autoptr(GString) out = g_string_new(NULL);

  for (guint i = 0; texts != NULL && i < texts->len; i++)
    g_string_append_printf(out, "%s%s", i > 0 ? separator : "", (const char *)texts->pdata[i]);
  return out->len > 0 ? g_strdup(out->str) : NULL;
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

void sight_tracker_request_clear(SightTrackerRequest *request) {
  g_free(request->url);
  g_free(request->type);
  if (request->body != NULL)
    g_string_free(request->body, TRUE);
  for (gsize i = 0; i < G_N_ELEMENTS(request->headers); i++)
    g_free(request->headers[i]);
}

/* Some come from the tracker. What is none, or more than fit, is left out: who needs it will refuse. */
void sight_tracker_request_header(SightTrackerRequest *request, const char *name, const char *value) {
  gboolean sane = name[0] != '\0' && g_str_is_ascii(value);

  for (const char *at = name; *at != '\0'; at++)
    sane = sane && (g_ascii_isalnum(*at) || *at == '-');
  for (const char *at = value; *at != '\0'; at++)
    sane = sane && !g_ascii_iscntrl(*at);
  if (!sane)
    return;
  for (gsize i = 0; i + 1 < G_N_ELEMENTS(request->headers); i += 2) {
    if (request->headers[i] == NULL) {
      request->headers[i] = g_strdup(name);
      request->headers[i + 1] = g_strdup(value);
      return;
    }
  }
}

static GPtrArray *names_of(const char *const *names) {
  GPtrArray *list = g_ptr_array_new();

  for (; names != NULL && *names != NULL; names++)
    g_ptr_array_add(list, (char *)*names);
  return list;
}

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

char *sight_tracker_preview(const SightTrackerTarget *target, const SightTrackerDraft *draft) {
  g_auto(SightTrackerRequest) request = {0};
  g_autoptr(GString) out = g_string_new(NULL);
  g_autoptr(GPtrArray) labels = names_of(draft->labels), assignees = names_of(draft->assignees);
  const SightTrackerIssue issue = {draft->title, draft->body, target->project, labels, assignees};

  target->tracker->create(target, &issue, &request);
  g_string_printf(out, "POST %s\n", request.url);
  for (gsize i = 0; i + 1 < G_N_ELEMENTS(request.headers) && request.headers[i] != NULL; i += 2)
    g_string_append_printf(out, "%s: %s\n", request.headers[i], request.headers[i + 1]);
  g_string_append_printf(out, "Content-Type: %s\n\n%s\n", request.type != NULL ? request.type : "application/json",
                         request.body->str);
  return g_strdup(out->str);
}

char *sight_tracker_target_key(const SightTrackerTarget *target) {
  return g_strdup_printf("%s:%s", target->tracker->about.kind, target->base);
}

char *sight_tracker_target_name(const SightTrackerTarget *target) {
  return g_strdup_printf("%s, %s", target->project, target->tracker->about.title);
}

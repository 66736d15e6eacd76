/* SPDX-License-Identifier: MIT */
/* Jira Cloud: REST API 3, "Create issue"; the description is a document in the Atlassian Document Format, here one
 * block of text. The token is EMAIL:TOKEN. */
#include "sight-tracker-private.h"

static char *page(const SightTrackerTarget *target, const char *title, const char *body) {
  g_autofree char *base = g_strdup_printf("%s/secure/CreateIssueDetails!init.jspa", target->base);
  return sight_tracker_address(base, "project", target->project, "issuetype", "1", "summary", title, "description",
                               body, NULL);
}

static void put_description(SightJsonWriter *w, const char *body) {
  sight_json_key(w, "description");
  sight_json_begin_object(w);
  sight_json_member_string(w, "type", "doc");
  sight_json_member_int(w, "version", 1);
  sight_json_key(w, "content");
  sight_json_begin_array(w);
  sight_json_begin_object(w);
  sight_json_member_string(w, "type", "codeBlock");
  sight_json_key(w, "attrs");
  sight_json_begin_object(w);
  sight_json_member_string(w, "language", "markdown");
  sight_json_end_object(w);
  sight_json_key(w, "content");
  sight_json_begin_array(w);
  sight_json_begin_object(w);
  sight_json_member_string(w, "type", "text");
  sight_json_member_string(w, "text", body);
  sight_json_end_object(w);
  sight_json_end_array(w);
  sight_json_end_object(w);
  sight_json_end_array(w);
  sight_json_end_object(w);
}

static void create(const SightTrackerTarget *target, const char *title, const char *body,
                   SightTrackerRequest *request) {
  request->url = g_strdup_printf("%s/rest/api/3/issue", target->base);
  request->body = g_string_new(NULL);
  SightJsonWriter w = {.out = request->body};
  sight_json_begin_object(&w);
  sight_json_key(&w, "fields");
  sight_json_begin_object(&w);
  sight_json_key(&w, "project");
  sight_json_begin_object(&w);
  sight_json_member_string(&w, "key", target->project);
  sight_json_end_object(&w);
  sight_json_key(&w, "issuetype");
  sight_json_begin_object(&w);
  sight_json_member_string(&w, "name", "Bug");
  sight_json_end_object(&w);
  sight_json_member_string(&w, "summary", title);
  put_description(&w, body);
  sight_json_end_object(&w);
  sight_json_end_object(&w);
}

static char *token(const char *token) {
  g_autofree char *coded = g_base64_encode((const guchar *)token, strlen(token));
  return g_strconcat("Basic ", coded, NULL);
}

static char *created(const SightTrackerTarget *target, SightJson answer) {
  const char *key = sight_json_string(sight_json_get(answer, "key"), NULL);
  return key != NULL ? g_strdup_printf("%s/browse/%s", target->base, key) : NULL;
}

static void attach(const SightTrackerTarget *target, const char *ref, const SightTrackerFile *file,
                   SightTrackerRequest *request) {
  request->url = g_strdup_printf("%s/rest/api/3/issue/%s/attachments", target->base, ref);
  request->headers[0] = g_strdup("X-Atlassian-Token");
  request->headers[1] = g_strdup("no-check");
  sight_tracker_form(request, "file", file);
}

static void ask(const SightTrackerTarget *target, const char *ref, SightTrackerRequest *request) {
  request->url = g_strdup_printf("%s/rest/api/3/issue/%s?fields=status", target->base, ref);
}

/* Names of states are the team's own; their categories are not. */
static int is_closed(SightJson answer) {
  SightJson status = sight_json_get(sight_json_get(answer, "fields"), "status");
  return sight_tracker_says_closed(sight_json_get(status, "statusCategory"), "key");
}

const SightTracker sight_tracker_jira = {.about = {"jira", "Jira Cloud", "KEY", TRUE},
                                         .n_parts = 1,
                                         .max_address = 8000,
                                         .page = page,
                                         .create = create,
                                         .token_header = "Authorization",
                                         .token = token,
                                         .created = created,
                                         .attach = attach,
                                         .ask = ask,
                                         .is_closed = is_closed};

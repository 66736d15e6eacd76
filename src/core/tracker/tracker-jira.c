/* SPDX-License-Identifier: MIT */
/* Jira. In the cloud REST API 3, "Create issue": the description is a document in the Atlassian Document Format, here
 * one block of text; the token is EMAIL:TOKEN. On servers of one's own (Data Center) REST API 2: the description is
 * wiki text, here one block of it; the token is a personal one. */
#include "sight-tracker-private.h"

#include <string.h>

static gboolean in_cloud(const SightTrackerTarget *target) {
  return target->tracker == &sight_tracker_jira;
}

static char *rest(const SightTrackerTarget *target, const char *more) {
  return g_strdup_printf("%s/rest/api/%d/%s", target->base, in_cloud(target) ? 3 : 2, more);
}

static char *page(const SightTrackerTarget *target, const char *title, const char *body) {
  g_autofree char *base = g_strdup_printf("%s/secure/CreateIssueDetails!init.jspa", target->base);
  return sight_tracker_address(base, "project", target->project, "issuetype", "1", "summary", title, "description",
                               body, NULL);
}

/* In the cloud people are numbers; elsewhere they go by their names. */
static gboolean look_up(const SightTrackerTarget *target, SightTrackerName what, const char *name,
                        SightTrackerRequest *request) {
  g_autofree char *base = rest(target, "user/assignable/search");

  request->url = sight_tracker_address(base, "project", target->project, "query", name, NULL);
  return what == SIGHT_TRACKER_ASSIGNEE && in_cloud(target);
}

static void newest(const SightTrackerTarget *target, const SightTrackerIssue *issue, const char *mark,
                   SightTrackerRequest *request) {
  g_autofree char *base = rest(target, in_cloud(target) ? "search/jql" : "search");
  g_autofree char *query = g_strdup_printf("project = \"%s\" ORDER BY created DESC", target->project);

  request->url = sight_tracker_address(base, "jql", query, "fields", "description", "maxResults", "100", NULL);
}

static void put_document(SightJsonWriter *w, const char *body) {
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

/* In {noformat} nothing is markup but its end, which a recording must not reach: a word joiner keeps it apart. */
static char *wiki(const char *body) {
  g_auto(GStrv) parts = g_strsplit(body, "{", -1);
  g_autofree char *apart = g_strjoinv("{\xe2\x81\xa0", parts);

  return g_strdup_printf("{noformat}\n%s\n{noformat}", apart);
}

static void put_named(SightJsonWriter *w, const char *key, const char *name, const char *value) {
  sight_json_key(w, key);
  sight_json_begin_object(w);
  sight_json_member_string(w, name, value);
  sight_json_end_object(w);
}

static void create(const SightTrackerTarget *target, const SightTrackerIssue *issue, SightTrackerRequest *request) {
  request->url = rest(target, "issue");
  request->body = g_string_new(NULL);
  SightJsonWriter w = {.out = request->body};
  sight_json_begin_object(&w);
  sight_json_key(&w, "fields");
  sight_json_begin_object(&w);
  put_named(&w, "project", "key", target->project);
  put_named(&w, "issuetype", "name", "Bug");
  sight_json_member_string(&w, "summary", issue->title);
  sight_json_key(&w, "description");
  if (in_cloud(target))
    put_document(&w, issue->body);
  else {
    g_autofree char *text = wiki(issue->body);
    sight_json_put_string(&w, text);
  }
  sight_tracker_put_texts(&w, "labels", issue->labels);
  if (issue->assignees->len > 0)
    put_named(&w, "assignee", in_cloud(target) ? "accountId" : "name", issue->assignees->pdata[0]);
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

static gboolean attach(const SightTrackerTarget *target, SightTrackerUpload *upload, guint place, SightJson answer,
                       SightTrackerRequest *request) {
  g_autofree char *more = g_strdup_printf("issue/%s/attachments", upload->ref);

  request->url = rest(target, more);
  sight_tracker_request_header(request, "X-Atlassian-Token", "no-check");
  sight_tracker_form(request, "file", upload->file);
  return TRUE;
}

static void ask(const SightTrackerTarget *target, const char *ref, SightTrackerRequest *request) {
  g_autofree char *more = g_strdup_printf("issue/%s", ref), *base = rest(target, more);
  request->url = sight_tracker_address(base, "fields", "status,resolutiondate,labels,assignee,attachment", NULL);
}

/* Names of states are the team's own; their categories are not. */
static int is_closed(SightJson answer) {
  return sight_tracker_says_closed(sight_tracker_at(answer, "fields/status/statusCategory"), "key");
}

#define SHARED                                                                                                         \
  .n_parts = 1, .max_address = 8000, .page = page, .token_header = "Authorization", .look_up = look_up,                \
  .newest = newest, .listed = "issues", .create = create, .created = created, .n_attach = 1, .attach = attach,         \
  .ask = ask, .is_closed = is_closed, .labels = "fields/labels", .assignees = "fields/assignee",                       \
  .files = "fields/attachment", .closed_at = {"fields/resolutiondate"}

const SightTracker sight_tracker_jira = {.about = {"jira", "Jira Cloud", "KEY", TRUE}, .token = token, SHARED};
const SightTracker sight_tracker_jira_dc = {
    .about = {"jira-dc", "Jira Data Center", "KEY", TRUE}, .token = sight_tracker_bearer, SHARED};

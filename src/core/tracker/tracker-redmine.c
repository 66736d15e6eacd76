/* SPDX-License-Identifier: MIT */
/* Redmine: REST API, "Creating an issue". The project is its identifier. It knows no labels, and one
 * assignee. */
#include "sight-tracker-private.h"

static char *page(const SightTrackerTarget *target, const char *title, const char *body) {
  g_autofree char *base = g_strdup_printf("%s/projects/%s/issues/new", target->base, target->project);
  return sight_tracker_address(base, "issue[subject]", title, "issue[description]", body, NULL);
}

/* Who can be assigned is a member; they are known by their names there, as are roles. */
static gboolean look_up(const SightTrackerTarget *target, SightTrackerName what, const char *name,
                        SightTrackerRequest *request) {
  request->url = g_strdup_printf("%s/projects/%s/memberships.json?limit=100", target->base, target->project);
  return what == SIGHT_TRACKER_ASSIGNEE;
}

static void newest(const SightTrackerTarget *target, const SightTrackerIssue *issue, const char *mark,
                   SightTrackerRequest *request) {
  g_autofree char *base = g_strdup_printf("%s/issues.json", target->base);
  request->url = sight_tracker_address(base, "project_id", target->project, "status_id", "*", "sort", "created_on:desc",
                                       "limit", "100", NULL);
}

static char *address(const SightTrackerTarget *target, SightJson issue) {
  gint64 id = sight_json_int(sight_json_get(issue, "id"), 0);
  return id > 0 ? g_strdup_printf("%s/issues/%" G_GINT64_FORMAT, target->base, id) : NULL;
}

static void create(const SightTrackerTarget *target, const SightTrackerIssue *issue, SightTrackerRequest *request) {
  gint64 assignee = issue->assignees->len > 0 ? g_ascii_strtoll(issue->assignees->pdata[0], NULL, 10) : 0;

  request->url = g_strdup_printf("%s/issues.json", target->base);
  request->body = g_string_new(NULL);
  SightJsonWriter w = {.out = request->body};
  sight_json_begin_object(&w);
  sight_json_key(&w, "issue");
  sight_json_begin_object(&w);
  sight_json_member_string(&w, "project_id", target->project);
  sight_json_member_string(&w, "subject", issue->title);
  sight_json_member_string(&w, "description", issue->body);
  if (assignee > 0)
    sight_json_member_int(&w, "assigned_to_id", assignee);
  sight_json_end_object(&w);
  sight_json_end_object(&w);
}

static char *created(const SightTrackerTarget *target, SightJson answer) {
  return address(target, sight_json_get(answer, "issue"));
}

/* What was sent has a token; the issue takes it by that. */
static gboolean attach(const SightTrackerTarget *target, SightTrackerUpload *upload, guint place, SightJson answer,
                       SightTrackerRequest *request) {
  g_autofree char *token = place > 0 ? sight_tracker_member(sight_json_get(answer, "upload"), "token") : NULL;

  if (place == 0) {
    g_autofree char *base = g_strdup_printf("%s/uploads.json", target->base);
    request->url = sight_tracker_address(base, "filename", upload->file->name, NULL);
    sight_tracker_octets(request, upload->file);
  } else if (token != NULL) {
    g_autoptr(GString) sent =
        sight_tracker_object("token", token, "filename", upload->file->name, "content_type", upload->file->type, NULL);
    request->method = "PUT";
    request->url = g_strdup_printf("%s/issues/%s.json", target->base, upload->ref);
    request->body = g_string_new(NULL);
    g_string_printf(request->body, "{\"issue\":{\"uploads\":[%s]}}", sent->str);
  }
  return request->url != NULL;
}

static void ask(const SightTrackerTarget *target, const char *ref, SightTrackerRequest *request) {
  request->url = g_strdup_printf("%s/issues/%s.json?include=attachments", target->base, ref);
}

/* Names of states are the team's own. */
static int is_closed(SightJson answer) {
  SightJson issue = sight_json_get(answer, "issue");
  g_autofree char *since = sight_tracker_member(issue, "closed_on");

  return sight_json_int(sight_json_get(issue, "id"), 0) > 0 ? since != NULL : -1;
}

const SightTracker sight_tracker_redmine = {.about = {"redmine", "Redmine", "PROJECT", TRUE},
                                            .n_parts = 1,
                                            .max_address = 8000,
                                            .page = page,
                                            .token_header = "X-Redmine-API-Key",
                                            .token = sight_tracker_bare,
                                            .look_up = look_up,
                                            .named_in = {"user", "group"},
                                            .newest = newest,
                                            .listed = "issues",
                                            .address = address,
                                            .create = create,
                                            .created = created,
                                            .n_attach = 2,
                                            .attach = attach,
                                            .ask = ask,
                                            .is_closed = is_closed,
                                            .closed_at = {"issue/closed_on"},
                                            .assignees = "issue/assigned_to",
                                            .files = "issue/attachments"};

/* SPDX-License-Identifier: MIT */
/* GitLab: API v4, "New issue". A project is named by its path, encoded as one segment. */
#include "sight-tracker-private.h"

static char *page(const SightTrackerTarget *target, const char *title, const char *body) {
  g_autofree char *base = g_strdup_printf("%s/%s/-/issues/new", target->base, target->project);
  return sight_tracker_address(base, "issue[title]", title, "issue[description]", body, NULL);
}

static gboolean look_up(const SightTrackerTarget *target, SightTrackerName what, const char *name,
                        SightTrackerRequest *request) {
  g_autofree char *base = g_strdup_printf("%s/api/v4/users", target->base);

  request->url = sight_tracker_address(base, "username", name, NULL);
  return what == SIGHT_TRACKER_ASSIGNEE;
}

static char *issues_of(const SightTrackerTarget *target) {
  g_autofree char *id = g_uri_escape_string(target->project, NULL, FALSE);
  return g_strdup_printf("%s/api/v4/projects/%s/issues", target->base, id);
}

static void newest(const SightTrackerTarget *target, const SightTrackerIssue *issue, const char *mark,
                   SightTrackerRequest *request) {
  g_autofree char *issues = issues_of(target);

  request->url =
      sight_tracker_address(issues, "scope", "all", "order_by", "created_at", "sort", "desc", "per_page", "100", NULL);
}

static void create(const SightTrackerTarget *target, const SightTrackerIssue *issue, SightTrackerRequest *request) {
  g_autofree char *labels = sight_tracker_join(issue->labels, ",");

  request->url = issues_of(target);
  request->body = g_string_new(NULL);
  SightJsonWriter w = {.out = request->body};
  sight_json_begin_object(&w);
  sight_json_member_string(&w, "title", issue->title);
  sight_json_member_string(&w, "description", issue->body);
  if (labels != NULL)
    sight_json_member_string(&w, "labels", labels);
  sight_tracker_put_numbers(&w, "assignee_ids", issue->assignees);
  sight_json_end_object(&w);
}

static char *created(const SightTrackerTarget *target, SightJson answer) {
  return sight_tracker_member(answer, "web_url");
}

static char *issue_of(const SightTrackerTarget *target, const char *ref, const char *more) {
  g_autofree char *issues = issues_of(target);
  return g_strdup_printf("%s/%s%s", issues, ref, more);
}

/* Uploads belong to the project; what shows one is text. */
static gboolean attach(const SightTrackerTarget *target, SightTrackerUpload *upload, guint place, SightJson answer,
                       SightTrackerRequest *request) {
  g_autofree char *id = g_uri_escape_string(target->project, NULL, FALSE);
  g_autofree char *markdown = place > 0 ? sight_tracker_member(answer, "markdown") : NULL;

  if (place == 0) {
    request->url = g_strdup_printf("%s/api/v4/projects/%s/uploads", target->base, id);
    sight_tracker_form(request, "file", upload->file);
  } else if (markdown != NULL) {
    request->url = issue_of(target, upload->ref, "/notes");
    request->body = sight_tracker_object("body", markdown, NULL);
  }
  return request->url != NULL;
}

static void ask(const SightTrackerTarget *target, const char *ref, SightTrackerRequest *request) {
  request->url = issue_of(target, ref, "");
}

/* Of a file that was uploaded the note that shows it tells. */
static void ask_files(const SightTrackerTarget *target, const char *ref, SightTrackerRequest *request) {
  g_autofree char *notes = issue_of(target, ref, "/notes");
  request->url = sight_tracker_address(notes, "sort", "asc", "per_page", "100", NULL);
}

static int is_closed(SightJson answer) {
  return sight_tracker_says_closed(answer, "state");
}

const SightTracker sight_tracker_gitlab = {.about = {"gitlab", "GitLab", "GROUP/PROJECT", FALSE},
                                           .host = "https://gitlab.com",
                                           .n_parts = 0,
                                           .max_address = 8000,
                                           .page = page,
                                           .token_header = "PRIVATE-TOKEN",
                                           .token = sight_tracker_bare,
                                           .look_up = look_up,
                                           .newest = newest,
                                           .listed = "",
                                           .create = create,
                                           .created = created,
                                           .n_attach = 2,
                                           .attach = attach,
                                           .ask = ask,
                                           .is_closed = is_closed,
                                           .closed_at = {"closed_at"},
                                           .labels = "labels",
                                           .assignees = "assignees",
                                           .files = "",
                                           .ask_files = ask_files};

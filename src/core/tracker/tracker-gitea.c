/* SPDX-License-Identifier: MIT */
/* Gitea and Forgejo: API v1, issueCreateIssue. */
#include "sight-tracker-private.h"

static char *page(const SightTrackerTarget *target, const char *title, const char *body) {
  g_autofree char *base = g_strdup_printf("%s/%s/issues/new", target->base, target->project);
  return sight_tracker_address(base, "title", title, "body", body, NULL);
}

static char *repository(const SightTrackerTarget *target, const char *more) {
  return g_strdup_printf("%s/api/v1/repos/%s/%s", target->base, target->project, more);
}

/* Labels go by their numbers; those beyond a page are not found, and that is told. */
static gboolean look_up(const SightTrackerTarget *target, SightTrackerName what, const char *name,
                        SightTrackerRequest *request) {
  g_autofree char *labels = repository(target, "labels");

  request->url = sight_tracker_address(labels, "limit", "50", NULL);
  return what == SIGHT_TRACKER_LABEL;
}

static void newest(const SightTrackerTarget *target, const SightTrackerIssue *issue, const char *mark,
                   SightTrackerRequest *request) {
  g_autofree char *issues = repository(target, "issues");

  request->url = sight_tracker_address(issues, "state", "all", "type", "issues", "limit", "50", NULL);
}

static void create(const SightTrackerTarget *target, const SightTrackerIssue *issue, SightTrackerRequest *request) {
  request->url = repository(target, "issues");
  request->body = g_string_new(NULL);
  SightJsonWriter w = {.out = request->body};
  sight_json_begin_object(&w);
  sight_json_member_string(&w, "title", issue->title);
  sight_json_member_string(&w, "body", issue->body);
  sight_tracker_put_numbers(&w, "labels", issue->labels);
  sight_tracker_put_texts(&w, "assignees", issue->assignees);
  sight_json_end_object(&w);
}

static char *token(const char *token) {
  return g_strconcat("token ", token, NULL);
}

static char *created(const SightTrackerTarget *target, SightJson answer) {
  return sight_tracker_member(answer, "html_url");
}

static gboolean attach(const SightTrackerTarget *target, SightTrackerUpload *upload, guint place, SightJson answer,
                       SightTrackerRequest *request) {
  g_autofree char *more = g_strdup_printf("issues/%s/assets", upload->ref), *base = repository(target, more);

  request->url = sight_tracker_address(base, "name", upload->file->name, NULL);
  sight_tracker_form(request, "attachment", upload->file);
  return TRUE;
}

static void ask(const SightTrackerTarget *target, const char *ref, SightTrackerRequest *request) {
  g_autofree char *more = g_strdup_printf("issues/%s", ref);
  request->url = repository(target, more);
}

static int is_closed(SightJson answer) {
  return sight_tracker_says_closed(answer, "state");
}

const SightTracker sight_tracker_gitea = {.about = {"gitea", "Gitea, Forgejo", "OWNER/REPOSITORY", TRUE},
                                          .n_parts = 2,
                                          .max_address = 8000,
                                          .page = page,
                                          .token_header = "Authorization",
                                          .token = token,
                                          .look_up = look_up,
                                          .newest = newest,
                                          .listed = "",
                                          .create = create,
                                          .created = created,
                                          .n_attach = 1,
                                          .attach = attach,
                                          .ask = ask,
                                          .is_closed = is_closed,
                                          .closed_at = {"closed_at"},
                                          .labels = "labels",
                                          .assignees = "assignees",
                                          .files = "assets"};

/* SPDX-License-Identifier: MIT */
/* GitHub: REST API 2022-11-28, "Create an issue". It has no request for files: what people drop on its page goes
 * elsewhere. */
#include "sight-tracker-private.h"

#define API "https://api.github.com"

static char *page(const SightTrackerTarget *target, const char *title, const char *body) {
  g_autofree char *base = g_strdup_printf("%s/%s/issues/new", target->base, target->project);
  return sight_tracker_address(base, "title", title, "body", body, NULL);
}

/* GitHub's own servers have a host for it, those of others a path. */
static char *issues_of(const SightTrackerTarget *target) {
  gboolean public = g_str_equal(target->base, "https://github.com");

  return g_strdup_printf("%s%s/repos/%s/issues", public ? API : target->base, public ? "" : "/api/v3", target->project);
}

static void put_headers(SightTrackerRequest *request) {
  sight_tracker_request_header(request, "Accept", "application/vnd.github+json");
  sight_tracker_request_header(request, "X-GitHub-Api-Version", "2022-11-28");
}

static void newest(const SightTrackerTarget *target, const SightTrackerIssue *issue, const char *mark,
                   SightTrackerRequest *request) {
  g_autofree char *issues = issues_of(target);

  request->url =
      sight_tracker_address(issues, "state", "all", "sort", "created", "direction", "desc", "per_page", "100", NULL);
  put_headers(request);
}

static void create(const SightTrackerTarget *target, const SightTrackerIssue *issue, SightTrackerRequest *request) {
  request->url = issues_of(target);
  put_headers(request);
  request->body = g_string_new(NULL);
  SightJsonWriter w = {.out = request->body};
  sight_json_begin_object(&w);
  sight_json_member_string(&w, "title", issue->title);
  sight_json_member_string(&w, "body", issue->body);
  sight_tracker_put_texts(&w, "labels", issue->labels);
  sight_tracker_put_texts(&w, "assignees", issue->assignees);
  sight_json_end_object(&w);
}

static char *created(const SightTrackerTarget *target, SightJson answer) {
  return sight_tracker_member(answer, "html_url");
}

static void ask(const SightTrackerTarget *target, const char *ref, SightTrackerRequest *request) {
  g_autofree char *issues = issues_of(target);

  request->url = g_strdup_printf("%s/%s", issues, ref);
  put_headers(request);
}

static int is_closed(SightJson answer) {
  return sight_tracker_says_closed(answer, "state");
}

const SightTracker sight_tracker_github = {.about = {"github", "GitHub", "OWNER/REPOSITORY", FALSE},
                                           .host = "https://github.com",
                                           .n_parts = 2,
                                           .max_address = 8000,
                                           .page = page,
                                           .token_header = "Authorization",
                                           .token = sight_tracker_bearer,
                                           .newest = newest,
                                           .listed = "",
                                           .create = create,
                                           .created = created,
                                           .ask = ask,
                                           .is_closed = is_closed,
                                           .closed_at = {"closed_at"},
                                           .labels = "labels",
                                           .assignees = "assignees"};

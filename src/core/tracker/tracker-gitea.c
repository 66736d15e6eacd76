/* SPDX-License-Identifier: MIT */
/* Gitea and Forgejo: API v1, issueCreateIssue. */
#include "sight-tracker-private.h"

static char *page(const SightTrackerTarget *target, const char *title, const char *body) {
  g_autofree char *base = g_strdup_printf("%s/%s/issues/new", target->base, target->project);
  return sight_tracker_address(base, "title", title, "body", body, NULL);
}

static void create(const SightTrackerTarget *target, const char *title, const char *body,
                   SightTrackerRequest *request) {
  request->url = g_strdup_printf("%s/api/v1/repos/%s/issues", target->base, target->project);
  request->body = sight_tracker_object("title", title, "body", body, NULL);
}

static char *token(const char *token) {
  return g_strconcat("token ", token, NULL);
}

static char *created(const SightTrackerTarget *target, SightJson answer) {
  return sight_tracker_member(answer, "html_url");
}

const SightTracker sight_tracker_gitea = {"gitea", NULL, 2, 8000, page, create, "Authorization", token, created};

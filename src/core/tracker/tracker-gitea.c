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

static void attach(const SightTrackerTarget *target, const char *ref, const SightTrackerFile *file,
                   SightTrackerRequest *request) {
  g_autofree char *base = g_strdup_printf("%s/api/v1/repos/%s/issues/%s/assets", target->base, target->project, ref);

  request->url = sight_tracker_address(base, "name", file->name, NULL);
  sight_tracker_form(request, "attachment", file);
}

static void ask(const SightTrackerTarget *target, const char *ref, SightTrackerRequest *request) {
  request->url = g_strdup_printf("%s/api/v1/repos/%s/issues/%s", target->base, target->project, ref);
}

static int is_closed(SightJson answer) {
  return sight_tracker_says_closed(answer, "state");
}

const SightTracker sight_tracker_gitea = {.about = {"gitea", "Gitea, Forgejo", "OWNER/REPOSITORY", TRUE},
                                          .n_parts = 2,
                                          .max_address = 8000,
                                          .page = page,
                                          .create = create,
                                          .token_header = "Authorization",
                                          .token = token,
                                          .created = created,
                                          .attach = attach,
                                          .ask = ask,
                                          .is_closed = is_closed};

/* SPDX-License-Identifier: MIT */
/* GitHub: REST API 2022-11-28, "Create an issue". */
#include "sight-tracker-private.h"

#define API "https://api.github.com"

static char *page(const SightTrackerTarget *target, const char *title, const char *body) {
  g_autofree char *base = g_strdup_printf("%s/%s/issues/new", target->base, target->project);
  return sight_tracker_address(base, "title", title, "body", body, NULL);
}

static void create(const SightTrackerTarget *target, const char *title, const char *body,
                   SightTrackerRequest *request) {
  gboolean public = g_str_equal(target->base, "https://github.com");

  /* GitHub's own servers have a host for it, those of others a path. */
  request->url =
      g_strdup_printf("%s%s/repos/%s/issues", public ? API : target->base, public ? "" : "/api/v3", target->project);
  request->body = sight_tracker_object("title", title, "body", body, NULL);
  request->headers[0] = g_strdup("Accept");
  request->headers[1] = g_strdup("application/vnd.github+json");
  request->headers[2] = g_strdup("X-GitHub-Api-Version");
  request->headers[3] = g_strdup("2022-11-28");
}

static char *created(const SightTrackerTarget *target, SightJson answer) {
  return sight_tracker_member(answer, "html_url");
}

static void ask(const SightTrackerTarget *target, const char *ref, SightTrackerRequest *request) {
  gboolean public = g_str_equal(target->base, "https://github.com");

  request->url = g_strdup_printf("%s%s/repos/%s/issues/%s", public ? API : target->base, public ? "" : "/api/v3",
                                 target->project, ref);
}

static int is_closed(SightJson answer) {
  return sight_tracker_says_closed(answer, "state");
}

const SightTracker sight_tracker_github = {.about = {"github", "GitHub", "OWNER/REPOSITORY", FALSE},
                                           .host = "https://github.com",
                                           .n_parts = 2,
                                           .max_address = 8000,
                                           .page = page,
                                           .create = create,
                                           .token_header = "Authorization",
                                           .token = sight_tracker_bearer,
                                           .created = created,
                                           .ask = ask,
                                           .is_closed = is_closed};

/* SPDX-License-Identifier: MIT */
/* GitLab: API v4, "New issue". A project is named by its path, encoded as one segment. */
#include "sight-tracker-private.h"

static char *page(const SightTrackerTarget *target, const char *title, const char *body) {
  g_autofree char *base = g_strdup_printf("%s/%s/-/issues/new", target->base, target->project);
  return sight_tracker_address(base, "issue[title]", title, "issue[description]", body, NULL);
}

static void create(const SightTrackerTarget *target, const char *title, const char *body,
                   SightTrackerRequest *request) {
  g_autofree char *id = g_uri_escape_string(target->project, NULL, FALSE);

  request->url = g_strdup_printf("%s/api/v4/projects/%s/issues", target->base, id);
  request->body = sight_tracker_object("title", title, "description", body, NULL);
}

static char *created(const SightTrackerTarget *target, SightJson answer) {
  return sight_tracker_member(answer, "web_url");
}

const SightTracker sight_tracker_gitlab = {"gitlab",        "https://gitlab.com", 0,      8000, page, create,
                                           "PRIVATE-TOKEN", sight_tracker_bare,   created};

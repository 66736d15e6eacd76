/* SPDX-License-Identifier: MIT */
/* YouTrack: REST API, "Create an issue". The project is its short name for the page, and its entity id ("0-0") for the
 * request. */
#include "sight-tracker-private.h"

static char *page(const SightTrackerTarget *target, const char *title, const char *body) {
  g_autofree char *base = g_strdup_printf("%s/newIssue", target->base);
  return sight_tracker_address(base, "project", target->project, "summary", title, "description", body, NULL);
}

static void create(const SightTrackerTarget *target, const char *title, const char *body,
                   SightTrackerRequest *request) {
  request->url = g_strdup_printf("%s/api/issues?fields=id,idReadable", target->base);
  request->body = g_string_new(NULL);
  SightJsonWriter w = {.out = request->body};
  sight_json_begin_object(&w);
  sight_json_key(&w, "project");
  sight_json_begin_object(&w);
  sight_json_member_string(&w, "id", target->project);
  sight_json_end_object(&w);
  sight_json_member_string(&w, "summary", title);
  sight_json_member_string(&w, "description", body);
  sight_json_end_object(&w);
}

static char *created(const SightTrackerTarget *target, SightJson answer) {
  const char *id = sight_json_string(sight_json_get(answer, "idReadable"), NULL);
  return id != NULL ? g_strdup_printf("%s/issue/%s", target->base, id) : NULL;
}

const SightTracker sight_tracker_youtrack = {"youtrack",           NULL,   1, 8000, page, create, "Authorization",
                                             sight_tracker_bearer, created};

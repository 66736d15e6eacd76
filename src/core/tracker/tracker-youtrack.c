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

static void attach(const SightTrackerTarget *target, const char *ref, const SightTrackerFile *file,
                   SightTrackerRequest *request) {
  request->url = g_strdup_printf("%s/api/issues/%s/attachments?fields=id,name", target->base, ref);
  sight_tracker_form(request, "file", file);
}

static void ask(const SightTrackerTarget *target, const char *ref, SightTrackerRequest *request) {
  request->url = g_strdup_printf("%s/api/issues/%s?fields=idReadable,resolved", target->base, ref);
}

/* Names of states are the team's own. */
static int is_closed(SightJson answer) {
  g_autofree char *id = sight_tracker_member(answer, "idReadable");
  return id != NULL ? sight_json_int(sight_json_get(answer, "resolved"), 0) > 0 : -1;
}

const SightTracker sight_tracker_youtrack = {.about = {"youtrack", "YouTrack", "PROJECT", TRUE},
                                             .n_parts = 1,
                                             .max_address = 8000,
                                             .page = page,
                                             .create = create,
                                             .token_header = "Authorization",
                                             .token = sight_tracker_bearer,
                                             .created = created,
                                             .attach = attach,
                                             .ask = ask,
                                             .is_closed = is_closed};

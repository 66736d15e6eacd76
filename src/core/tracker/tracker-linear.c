/* SPDX-License-Identifier: MIT */
/* Linear: GraphQL, issueCreate. The project is the team: for the page its key, for the request its id. A personal key
 * stands alone in its header; errors come within an answer of status 200. */
#include "sight-tracker-private.h"

#define MUTATION                                                                                                       \
  "mutation IssueCreate($input: IssueCreateInput!) { issueCreate(input: $input) { success issue { url } } }"

static char *page(const SightTrackerTarget *target, const char *title, const char *body) {
  g_autofree char *base = g_strdup_printf("%s/team/%s/new", target->base, target->project);
  return sight_tracker_address(base, "title", title, "description", body, NULL);
}

static void create(const SightTrackerTarget *target, const char *title, const char *body,
                   SightTrackerRequest *request) {
  gboolean public = g_str_equal(target->base, "https://linear.app");
  g_autoptr(GString) input = sight_tracker_object("teamId", target->project, "title", title, "description", body, NULL);

  request->url = g_strdup_printf("%s/graphql", public ? "https://api.linear.app" : target->base);
  request->body = g_string_new(NULL);
  g_string_printf(request->body, "{\"query\":\"%s\",\"variables\":{\"input\":%s}}", MUTATION, input->str);
}

static char *created(const SightTrackerTarget *target, SightJson answer) {
  SightJson made = sight_json_get(sight_json_get(answer, "data"), "issueCreate");
  return sight_json_bool(sight_json_get(made, "success"), FALSE)
             ? sight_tracker_member(sight_json_get(made, "issue"), "url")
             : NULL;
}

const SightTracker sight_tracker_linear = {"linear",        "https://linear.app", 1,      8000, page, create,
                                           "Authorization", sight_tracker_bare,   created};

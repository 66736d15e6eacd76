/* SPDX-License-Identifier: MIT */
/* Linear: GraphQL, issueCreate. The project is the team: for the page its key, for the request its id. A personal key
 * stands alone in its header; errors come within an answer of status 200. */
#include "sight-tracker-private.h"

#define MUTATION                                                                                                       \
  "mutation IssueCreate($input: IssueCreateInput!) { issueCreate(input: $input) { success issue { url } } }"

#define QUERY "query Issue($id: String!) { issue(id: $id) { state { type } } }"

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

static void ask(const SightTrackerTarget *target, const char *ref, SightTrackerRequest *request) {
  gboolean public = g_str_equal(target->base, "https://linear.app");
  g_autoptr(GString) variables = sight_tracker_object("id", ref, NULL);

  request->method = "POST";
  request->url = g_strdup_printf("%s/graphql", public ? "https://api.linear.app" : target->base);
  request->body = g_string_new(NULL);
  g_string_printf(request->body, "{\"query\":\"%s\",\"variables\":%s}", QUERY, variables->str);
}

static int is_closed(SightJson answer) {
  SightJson issue = sight_json_get(sight_json_get(answer, "data"), "issue");
  return sight_tracker_says_closed(sight_json_get(issue, "state"), "type");
}

const SightTracker sight_tracker_linear = {.about = {"linear", "Linear", "TEAM", FALSE},
                                           .host = "https://linear.app",
                                           .n_parts = 1,
                                           .max_address = 8000,
                                           .page = page,
                                           .create = create,
                                           .token_header = "Authorization",
                                           .token = sight_tracker_bare,
                                           .created = created,
                                           .ask = ask,
                                           .is_closed = is_closed};

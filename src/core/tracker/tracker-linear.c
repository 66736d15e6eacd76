/* SPDX-License-Identifier: MIT */
/* Linear: GraphQL, issueCreate. The project is the team's key; a request names it by its id, which can be given as
 * well. A personal key stands alone in its header; errors come within an answer of status 200. */
#include "sight-tracker-private.h"

#include <string.h>

#define CREATE                                                                                                         \
  "mutation IssueCreate($input: IssueCreateInput!) { issueCreate(input: $input) { success issue { url } } }"
#define ASK                                                                                                            \
  "query Issue($id: String!) { issue(id: $id) { state { type } completedAt canceledAt labels { nodes { id name } } "   \
  "assignee { id name displayName email } } }"
#define ASK_FILES "query Comments($id: String!) { issue(id: $id) { comments { nodes { body } } } }"
#define NEWEST                                                                                                         \
  "query Issues($filter: IssueFilter) { issues(filter: $filter, first: 10, includeArchived: true) "                    \
  "{ nodes { url description } } }"
#define TEAM "query Teams($filter: TeamFilter) { teams(filter: $filter) { nodes { id key } } }"
#define LABEL "query Labels($filter: IssueLabelFilter) { issueLabels(filter: $filter) { nodes { id name } } }"
#define USER "query Users($filter: UserFilter) { users(filter: $filter) { nodes { id name displayName email } } }"
#define UPLOAD                                                                                                         \
  "mutation FileUpload($contentType: String!, $filename: String!, $size: Int!) "                                       \
  "{ fileUpload(contentType: $contentType, filename: $filename, size: $size) "                                         \
  "{ success uploadFile { uploadUrl assetUrl headers { key value } } } }"
#define COMMENT "mutation CommentCreate($input: CommentCreateInput!) { commentCreate(input: $input) { success } }"

static char *page(const SightTrackerTarget *target, const char *title, const char *body) {
  g_autofree char *base = g_strdup_printf("%s/team/%s/new", target->base, target->project);
  return sight_tracker_address(base, "title", title, "description", body, NULL);
}

/* `variables`: an object; taken. */
static void graphql(const SightTrackerTarget *target, const char *query, GString *variables,
                    SightTrackerRequest *request) {
  gboolean public = g_str_equal(target->base, "https://linear.app");

  request->method = "POST";
  request->url = g_strdup_printf("%s/graphql", public ? "https://api.linear.app" : target->base);
  request->body = g_string_new(NULL);
  g_string_printf(request->body, "{\"query\":\"%s\",\"variables\":%s}", query, variables->str);
  g_string_free(variables, TRUE);
}

static gboolean is_id(const char *project) {
  return g_uuid_string_is_valid(project);
}

/* {"KEY":{"COMPARISON":"VALUE"}} */
static void put_comparison(SightJsonWriter *w, const char *key, const char *comparison, const char *value) {
  sight_json_key(w, key);
  sight_json_begin_object(w);
  sight_json_member_string(w, comparison, value);
  sight_json_end_object(w);
}

static void put_any_user(SightJsonWriter *w, const char *name) {
  static const char *const keys[] = {"displayName", "name", "email"};

  sight_json_key(w, "or");
  sight_json_begin_array(w);
  for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
    sight_json_begin_object(w);
    put_comparison(w, keys[i], "eqIgnoreCase", name);
    sight_json_end_object(w);
  }
  sight_json_end_array(w);
}

/* Labels are the team's, or everybody's. */
static void put_label(SightJsonWriter *w, const SightTrackerTarget *target, const char *name) {
  put_comparison(w, "name", "eqIgnoreCase", name);
  sight_json_key(w, "or");
  sight_json_begin_array(w);
  sight_json_put_raw(w, "{\"team\":{\"null\":true}}", strlen("{\"team\":{\"null\":true}}"));
  sight_json_begin_object(w);
  sight_json_key(w, "team");
  sight_json_begin_object(w);
  put_comparison(w, is_id(target->project) ? "id" : "key", "eq", target->project);
  sight_json_end_object(w);
  sight_json_end_object(w);
  sight_json_end_array(w);
}

static gboolean look_up(const SightTrackerTarget *target, SightTrackerName what, const char *name,
                        SightTrackerRequest *request) {
  GString *variables = g_string_new(NULL);
  SightJsonWriter w = {.out = variables};

  sight_json_begin_object(&w);
  sight_json_key(&w, "filter");
  sight_json_begin_object(&w);
  if (what == SIGHT_TRACKER_PROJECT)
    put_comparison(&w, "key", "eq", name);
  else if (what == SIGHT_TRACKER_LABEL)
    put_label(&w, target, name);
  else
    put_any_user(&w, name);
  sight_json_end_object(&w);
  sight_json_end_object(&w);
  graphql(target,
          what == SIGHT_TRACKER_PROJECT ? TEAM
          : what == SIGHT_TRACKER_LABEL ? LABEL
                                        : USER,
          variables, request);
  return what != SIGHT_TRACKER_PROJECT || !is_id(name);
}

static void newest(const SightTrackerTarget *target, const SightTrackerIssue *issue, const char *mark,
                   SightTrackerRequest *request) {
  GString *variables = g_string_new(NULL);
  SightJsonWriter w = {.out = variables};

  sight_json_begin_object(&w);
  sight_json_key(&w, "filter");
  sight_json_begin_object(&w);
  sight_json_key(&w, "team");
  sight_json_begin_object(&w);
  put_comparison(&w, "id", "eq", issue->project);
  sight_json_end_object(&w);
  put_comparison(&w, "description", "contains", mark);
  sight_json_end_object(&w);
  sight_json_end_object(&w);
  graphql(target, NEWEST, variables, request);
}

static char *address(const SightTrackerTarget *target, SightJson issue) {
  return sight_tracker_member(issue, "url");
}

static void create(const SightTrackerTarget *target, const SightTrackerIssue *issue, SightTrackerRequest *request) {
  GString *variables = g_string_new(NULL);
  SightJsonWriter w = {.out = variables};

  sight_json_begin_object(&w);
  sight_json_key(&w, "input");
  sight_json_begin_object(&w);
  sight_json_member_string(&w, "teamId", issue->project);
  sight_json_member_string(&w, "title", issue->title);
  sight_json_member_string(&w, "description", issue->body);
  sight_tracker_put_texts(&w, "labelIds", issue->labels);
  if (issue->assignees->len > 0)
    sight_json_member_string(&w, "assigneeId", issue->assignees->pdata[0]);
  sight_json_end_object(&w);
  sight_json_end_object(&w);
  graphql(target, CREATE, variables, request);
}

static char *created(const SightTrackerTarget *target, SightJson answer) {
  SightJson made = sight_tracker_at(answer, "data/issueCreate");
  return sight_json_bool(sight_json_get(made, "success"), FALSE)
             ? sight_tracker_member(sight_json_get(made, "issue"), "url")
             : NULL;
}

/* Files: a place for it is asked for, it goes there, and a comment names it. */

static void put_place(const SightTrackerTarget *target, const SightTrackerFile *file, SightTrackerRequest *request) {
  GString *variables = g_string_new(NULL);
  SightJsonWriter w = {.out = variables};

  sight_json_begin_object(&w);
  sight_json_member_string(&w, "contentType", file->type);
  sight_json_member_string(&w, "filename", file->name);
  sight_json_member_int(&w, "size", (gint64)g_bytes_get_size(file->bytes));
  sight_json_end_object(&w);
  graphql(target, UPLOAD, variables, request);
}

static gboolean put_octets(SightTrackerUpload *upload, SightJson answer, SightTrackerRequest *request) {
  SightJson place = sight_tracker_at(answer, "data/fileUpload/uploadFile");
  SightJsonIter it = sight_json_iter(sight_json_get(place, "headers"));

  upload->kept = sight_tracker_member(place, "assetUrl");
  request->url = sight_tracker_member(place, "uploadUrl");
  if (upload->kept == NULL || request->url == NULL)
    return FALSE;
  request->method = "PUT";
  request->foreign = TRUE;
  sight_tracker_octets(request, upload->file);
  g_free(request->type);
  request->type = g_strdup(upload->file->type);
  sight_tracker_request_header(request, "Cache-Control", "public, max-age=31536000");
  while (sight_json_next(&it)) {
    g_autofree char *key = sight_tracker_member(it.value, "key"), *value = sight_tracker_member(it.value, "value");
    if (key != NULL && value != NULL)
      sight_tracker_request_header(request, key, value);
  }
  return TRUE;
}

static void put_comment(const SightTrackerTarget *target, const SightTrackerUpload *upload,
                        SightTrackerRequest *request) {
  gboolean picture = g_str_has_prefix(upload->file->type, "image/");
  g_autofree char *markdown = g_strdup_printf("%s[%s](%s)", picture ? "!" : "", upload->file->name, upload->kept);
  g_autofree char *issue = g_uri_unescape_string(upload->ref, NULL);
  g_autoptr(GString) input = sight_tracker_object("issueId", issue, "body", markdown, NULL);
  GString *variables = g_string_new(NULL);

  g_string_printf(variables, "{\"input\":%s}", input->str);
  graphql(target, COMMENT, variables, request);
}

static gboolean attach(const SightTrackerTarget *target, SightTrackerUpload *upload, guint place, SightJson answer,
                       SightTrackerRequest *request) {
  if (place == 1)
    return put_octets(upload, answer, request);
  if (place == 0)
    put_place(target, upload->file, request);
  else
    put_comment(target, upload, request);
  return TRUE;
}

static void ask(const SightTrackerTarget *target, const char *ref, SightTrackerRequest *request) {
  g_autofree char *id = g_uri_unescape_string(ref, NULL);
  graphql(target, ASK, sight_tracker_object("id", id, NULL), request);
}

/* A comment shows each. */
static void ask_files(const SightTrackerTarget *target, const char *ref, SightTrackerRequest *request) {
  g_autofree char *id = g_uri_unescape_string(ref, NULL);
  graphql(target, ASK_FILES, sight_tracker_object("id", id, NULL), request);
}

static int is_closed(SightJson answer) {
  return sight_tracker_says_closed(sight_tracker_at(answer, "data/issue/state"), "type");
}

const SightTracker sight_tracker_linear = {.about = {"linear", "Linear", "TEAM", FALSE},
                                           .host = "https://linear.app",
                                           .n_parts = 1,
                                           .max_address = 8000,
                                           .page = page,
                                           .token_header = "Authorization",
                                           .token = sight_tracker_bare,
                                           .look_up = look_up,
                                           .newest = newest,
                                           .listed = "data/issues/nodes",
                                           .address = address,
                                           .create = create,
                                           .created = created,
                                           .n_attach = 3,
                                           .attach = attach,
                                           .ask = ask,
                                           .is_closed = is_closed,
                                           .closed_at = {"data/issue/completedAt", "data/issue/canceledAt"},
                                           .labels = "data/issue/labels/nodes",
                                           .assignees = "data/issue/assignee",
                                           .files = "data/issue/comments/nodes",
                                           .ask_files = ask_files};

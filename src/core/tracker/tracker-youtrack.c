/* SPDX-License-Identifier: MIT */
/* YouTrack: REST API, "Create an issue". The project is its short name; a request names it by its entity id ("0-0"),
 * which can be given as well. */
#include "sight-tracker-private.h"

#include <string.h>

static char *page(const SightTrackerTarget *target, const char *title, const char *body) {
  g_autofree char *base = g_strdup_printf("%s/newIssue", target->base);
  return sight_tracker_address(base, "project", target->project, "summary", title, "description", body, NULL);
}

/* "0-0": the entity's own id. */
static gboolean is_id(const char *project) {
  return project[0] != '\0' && strspn(project, "0123456789-") == strlen(project);
}

static gboolean look_up(const SightTrackerTarget *target, SightTrackerName what, const char *name,
                        SightTrackerRequest *request) {
  gboolean project = what == SIGHT_TRACKER_PROJECT;
  g_autofree char *base = g_strdup_printf("%s/api/%s", target->base, project ? "admin/projects" : "tags");

  request->url = sight_tracker_address(base, "query", name, "fields", project ? "id,shortName" : "id,name", NULL);
  return project ? !is_id(name) : what == SIGHT_TRACKER_LABEL;
}

static void newest(const SightTrackerTarget *target, const SightTrackerIssue *issue, const char *mark,
                   SightTrackerRequest *request) {
  gboolean named = !is_id(target->project);
  g_autofree char *base = g_strdup_printf("%s/api/issues", target->base);
  g_autofree char *query = g_strdup_printf("%s%s%ssort by: created desc", named ? "project: {" : "",
                                           named ? target->project : "", named ? "} " : "");

  request->url = sight_tracker_address(base, "query", query, "fields", "idReadable,description", "$top", "100", NULL);
}

/* A tag goes by its id, who is assigned by the name to log in with. */
static void put_more(SightJsonWriter *w, const SightTrackerIssue *issue) {
  if (issue->labels->len > 0) {
    sight_json_key(w, "tags");
    sight_json_begin_array(w);
    for (guint i = 0; i < issue->labels->len; i++) {
      sight_json_begin_object(w);
      sight_json_member_string(w, "id", issue->labels->pdata[i]);
      sight_json_end_object(w);
    }
    sight_json_end_array(w);
  }
  if (issue->assignees->len > 0) {
    g_autoptr(GString) login = sight_tracker_object("login", issue->assignees->pdata[0], NULL);
    sight_json_key(w, "customFields");
    sight_json_begin_array(w);
    sight_json_begin_object(w);
    sight_json_member_string(w, "name", "Assignee");
    sight_json_member_string(w, "$type", "SingleUserIssueCustomField");
    sight_json_key(w, "value");
    sight_json_put_raw(w, login->str, login->len);
    sight_json_end_object(w);
    sight_json_end_array(w);
  }
}

static void create(const SightTrackerTarget *target, const SightTrackerIssue *issue, SightTrackerRequest *request) {
  request->url = g_strdup_printf("%s/api/issues?fields=id,idReadable", target->base);
  request->body = g_string_new(NULL);
  SightJsonWriter w = {.out = request->body};
  sight_json_begin_object(&w);
  sight_json_key(&w, "project");
  sight_json_begin_object(&w);
  sight_json_member_string(&w, "id", issue->project);
  sight_json_end_object(&w);
  sight_json_member_string(&w, "summary", issue->title);
  sight_json_member_string(&w, "description", issue->body);
  put_more(&w, issue);
  sight_json_end_object(&w);
}

static char *created(const SightTrackerTarget *target, SightJson answer) {
  const char *id = sight_json_string(sight_json_get(answer, "idReadable"), NULL);
  return id != NULL ? g_strdup_printf("%s/issue/%s", target->base, id) : NULL;
}

static gboolean attach(const SightTrackerTarget *target, SightTrackerUpload *upload, guint place, SightJson answer,
                       SightTrackerRequest *request) {
  request->url = g_strdup_printf("%s/api/issues/%s/attachments?fields=id,name", target->base, upload->ref);
  sight_tracker_form(request, "file", upload->file);
  return TRUE;
}

static void ask(const SightTrackerTarget *target, const char *ref, SightTrackerRequest *request) {
  request->url = g_strdup_printf(
      "%s/api/issues/%s?fields=idReadable,resolved,tags(name),attachments(name),customFields(name,value(login,name))",
      target->base, ref);
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
                                             .token_header = "Authorization",
                                             .token = sight_tracker_bearer,
                                             .look_up = look_up,
                                             .newest = newest,
                                             .listed = "",
                                             .create = create,
                                             .created = created,
                                             .n_attach = 1,
                                             .attach = attach,
                                             .ask = ask,
                                             .is_closed = is_closed,
                                             .closed_at = {"resolved"},
                                             .labels = "tags",
                                             .assignees = "customFields",
                                             .files = "attachments"};

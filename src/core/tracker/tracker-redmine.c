/* SPDX-License-Identifier: MIT */
/* Redmine: REST API, "Creating an issue". The project is its identifier. */
#include "sight-tracker-private.h"

static char *page(const SightTrackerTarget *target, const char *title, const char *body) {
  g_autofree char *base = g_strdup_printf("%s/projects/%s/issues/new", target->base, target->project);
  return sight_tracker_address(base, "issue[subject]", title, "issue[description]", body, NULL);
}

static void create(const SightTrackerTarget *target, const char *title, const char *body,
                   SightTrackerRequest *request) {
  g_autoptr(GString) issue =
      sight_tracker_object("project_id", target->project, "subject", title, "description", body, NULL);

  request->url = g_strdup_printf("%s/issues.json", target->base);
  request->body = g_string_new(NULL);
  g_string_printf(request->body, "{\"issue\":%s}", issue->str);
}

static char *created(const SightTrackerTarget *target, SightJson answer) {
  gint64 id = sight_json_int(sight_json_get(sight_json_get(answer, "issue"), "id"), 0);
  return id > 0 ? g_strdup_printf("%s/issues/%" G_GINT64_FORMAT, target->base, id) : NULL;
}

static void attach(const SightTrackerTarget *target, const char *ref, const SightTrackerFile *file,
                   SightTrackerRequest *request) {
  g_autofree char *base = g_strdup_printf("%s/uploads.json", target->base);

  request->url = sight_tracker_address(base, "filename", file->name, NULL);
  sight_tracker_octets(request, file);
}

static gboolean tie(const SightTrackerTarget *target, const char *ref, const SightTrackerFile *file, SightJson answer,
                    SightTrackerRequest *request) {
  g_autofree char *token = sight_tracker_member(sight_json_get(answer, "upload"), "token");

  if (token == NULL)
    return FALSE;
  g_autoptr(GString) upload =
      sight_tracker_object("token", token, "filename", file->name, "content_type", file->type, NULL);
  request->method = "PUT";
  request->url = g_strdup_printf("%s/issues/%s.json", target->base, ref);
  request->body = g_string_new(NULL);
  g_string_printf(request->body, "{\"issue\":{\"uploads\":[%s]}}", upload->str);
  return TRUE;
}

static void ask(const SightTrackerTarget *target, const char *ref, SightTrackerRequest *request) {
  request->url = g_strdup_printf("%s/issues/%s.json", target->base, ref);
}

/* Names of states are the team's own. */
static int is_closed(SightJson answer) {
  SightJson issue = sight_json_get(answer, "issue");
  g_autofree char *since = sight_tracker_member(issue, "closed_on");

  return sight_json_int(sight_json_get(issue, "id"), 0) > 0 ? since != NULL : -1;
}

const SightTracker sight_tracker_redmine = {.about = {"redmine", "Redmine", "PROJECT", TRUE},
                                            .n_parts = 1,
                                            .max_address = 8000,
                                            .page = page,
                                            .create = create,
                                            .token_header = "X-Redmine-API-Key",
                                            .token = sight_tracker_bare,
                                            .created = created,
                                            .attach = attach,
                                            .tie = tie,
                                            .ask = ask,
                                            .is_closed = is_closed};

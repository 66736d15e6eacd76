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

static char *issue_of(const SightTrackerTarget *target, const char *ref, const char *more) {
  g_autofree char *id = g_uri_escape_string(target->project, NULL, FALSE);
  return g_strdup_printf("%s/api/v4/projects/%s/issues/%s%s", target->base, id, ref, more);
}

/* Uploads belong to the project; what shows one is text. */
static void attach(const SightTrackerTarget *target, const char *ref, const SightTrackerFile *file,
                   SightTrackerRequest *request) {
  g_autofree char *id = g_uri_escape_string(target->project, NULL, FALSE);

  request->url = g_strdup_printf("%s/api/v4/projects/%s/uploads", target->base, id);
  sight_tracker_form(request, "file", file);
}

static gboolean tie(const SightTrackerTarget *target, const char *ref, const SightTrackerFile *file, SightJson answer,
                    SightTrackerRequest *request) {
  g_autofree char *markdown = sight_tracker_member(answer, "markdown");

  if (markdown == NULL)
    return FALSE;
  request->url = issue_of(target, ref, "/notes");
  request->body = sight_tracker_object("body", markdown, NULL);
  return TRUE;
}

static void ask(const SightTrackerTarget *target, const char *ref, SightTrackerRequest *request) {
  request->url = issue_of(target, ref, "");
}

static int is_closed(SightJson answer) {
  return sight_tracker_says_closed(answer, "state");
}

const SightTracker sight_tracker_gitlab = {.about = {"gitlab", "GitLab", "GROUP/PROJECT", FALSE},
                                           .host = "https://gitlab.com",
                                           .n_parts = 0,
                                           .max_address = 8000,
                                           .page = page,
                                           .create = create,
                                           .token_header = "PRIVATE-TOKEN",
                                           .token = sight_tracker_bare,
                                           .created = created,
                                           .attach = attach,
                                           .tie = tie,
                                           .ask = ask,
                                           .is_closed = is_closed};

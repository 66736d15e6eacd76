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

const SightTracker sight_tracker_redmine = {"redmine",          NULL,   1, 8000, page, create, "X-Redmine-API-Key",
                                            sight_tracker_bare, created};

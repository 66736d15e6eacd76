/* SPDX-License-Identifier: MIT */
/* Azure DevOps: REST API 7.1, "Work Items - Create", a JSON patch. The project is ORGANIZATION/PROJECT. */
#include "sight-tracker-private.h"

static char *page(const SightTrackerTarget *target, const char *title, const char *body) {
  g_autofree char *base = g_strdup_printf("%s/%s/_workitems/create/Bug", target->base, target->project);
  return sight_tracker_address(base, "[System.Title]", title, "[Microsoft.VSTS.TCM.ReproSteps]", body, NULL);
}

static void put_field(SightJsonWriter *w, const char *path, const char *value) {
  sight_json_begin_object(w);
  sight_json_member_string(w, "op", "add");
  sight_json_member_string(w, "path", path);
  sight_json_member_string(w, "value", value);
  sight_json_end_object(w);
}

static void create(const SightTrackerTarget *target, const char *title, const char *body,
                   SightTrackerRequest *request) {
  g_autofree char *escaped = g_markup_escape_text(body, -1), *html = g_strdup_printf("<pre>%s</pre>", escaped);

  request->url = g_strdup_printf("%s/%s/_apis/wit/workitems/$Bug?api-version=7.1", target->base, target->project);
  request->type = g_strdup("application/json-patch+json");
  request->body = g_string_new(NULL);
  SightJsonWriter w = {.out = request->body};
  sight_json_begin_array(&w);
  put_field(&w, "/fields/System.Title", title);
  put_field(&w, "/fields/Microsoft.VSTS.TCM.ReproSteps", html);
  sight_json_end_array(&w);
}

static char *token(const char *token) {
  g_autofree char *both = g_strconcat(":", token, NULL), *coded = g_base64_encode((const guchar *)both, strlen(both));
  return g_strconcat("Basic ", coded, NULL);
}

static char *created(const SightTrackerTarget *target, SightJson answer) {
  return sight_tracker_member(sight_json_get(sight_json_get(answer, "_links"), "html"), "href");
}

static void attach(const SightTrackerTarget *target, const char *ref, const SightTrackerFile *file,
                   SightTrackerRequest *request) {
  g_autofree char *base = g_strdup_printf("%s/%s/_apis/wit/attachments", target->base, target->project);

  request->url = sight_tracker_address(base, "fileName", file->name, "api-version", "7.1", NULL);
  sight_tracker_octets(request, file);
}

static gboolean tie(const SightTrackerTarget *target, const char *ref, const SightTrackerFile *file, SightJson answer,
                    SightTrackerRequest *request) {
  g_autofree char *url = sight_tracker_member(answer, "url");

  if (url == NULL)
    return FALSE;
  g_autoptr(GString) relation = sight_tracker_object("rel", "AttachedFile", "url", url, NULL);
  request->method = "PATCH";
  request->url = g_strdup_printf("%s/%s/_apis/wit/workitems/%s?api-version=7.1", target->base, target->project, ref);
  request->type = g_strdup("application/json-patch+json");
  request->body = g_string_new(NULL);
  g_string_printf(request->body, "[{\"op\":\"add\",\"path\":\"/relations/-\",\"value\":%s}]", relation->str);
  return TRUE;
}

static void ask(const SightTrackerTarget *target, const char *ref, SightTrackerRequest *request) {
  request->url = g_strdup_printf("%s/%s/_apis/wit/workitems/%s?fields=System.State&api-version=7.1", target->base,
                                 target->project, ref);
}

static int is_closed(SightJson answer) {
  return sight_tracker_says_closed(sight_json_get(answer, "fields"), "System.State");
}

const SightTracker sight_tracker_azure = {.about = {"azure", "Azure DevOps", "ORGANIZATION/PROJECT", FALSE},
                                          .host = "https://dev.azure.com",
                                          .n_parts = 2,
                                          .max_address = 8000,
                                          .page = page,
                                          .create = create,
                                          .token_header = "Authorization",
                                          .token = token,
                                          .created = created,
                                          .attach = attach,
                                          .tie = tie,
                                          .ask = ask,
                                          .is_closed = is_closed};

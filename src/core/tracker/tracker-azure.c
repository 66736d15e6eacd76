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

static char *work_items(const SightTrackerTarget *target, const char *more) {
  return g_strdup_printf("%s/%s/_apis/wit/%s", target->base, target->project, more);
}

/* A query tells numbers alone. */
static void newest(const SightTrackerTarget *target, const SightTrackerIssue *issue, const char *mark,
                   SightTrackerRequest *request) {
  request->method = "POST";
  request->url = work_items(target, "wiql?$top=100&api-version=7.1");
  request->body = sight_tracker_object("query",
                                       "SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = @project AND "
                                       "[System.WorkItemType] = 'Bug' ORDER BY [System.CreatedDate] DESC",
                                       NULL);
}

static gboolean texts(const SightTrackerTarget *target, SightJson answer, SightTrackerRequest *request) {
  g_autoptr(GString) ids = g_string_new(NULL);
  g_autofree char *base = work_items(target, "workitems");

  for (SightJsonIter it = sight_json_iter(sight_json_get(answer, "workItems")); sight_json_next(&it);)
    g_string_append_printf(ids, "%s%" G_GINT64_FORMAT, ids->len > 0 ? "," : "",
                           sight_json_int(sight_json_get(it.value, "id"), 0));
  request->url = sight_tracker_address(base, "ids", ids->str, "fields", "Microsoft.VSTS.TCM.ReproSteps", "api-version",
                                       "7.1", NULL);
  return ids->len > 0;
}

static char *address(const SightTrackerTarget *target, SightJson issue) {
  return g_strdup_printf("%s/%s/_workitems/edit/%" G_GINT64_FORMAT, target->base, target->project,
                         sight_json_int(sight_json_get(issue, "id"), 0));
}

static void create(const SightTrackerTarget *target, const SightTrackerIssue *issue, SightTrackerRequest *request) {
  g_autofree char *escaped = g_markup_escape_text(issue->body, -1), *html = g_strdup_printf("<pre>%s</pre>", escaped);
  g_autofree char *tags = sight_tracker_join(issue->labels, "; ");

  request->url = work_items(target, "workitems/$Bug?api-version=7.1");
  request->type = g_strdup("application/json-patch+json");
  request->body = g_string_new(NULL);
  SightJsonWriter w = {.out = request->body};
  sight_json_begin_array(&w);
  put_field(&w, "/fields/System.Title", issue->title);
  put_field(&w, "/fields/Microsoft.VSTS.TCM.ReproSteps", html);
  if (tags != NULL)
    put_field(&w, "/fields/System.Tags", tags);
  if (issue->assignees->len > 0)
    put_field(&w, "/fields/System.AssignedTo", issue->assignees->pdata[0]);
  sight_json_end_array(&w);
}

static char *token(const char *token) {
  g_autofree char *both = g_strconcat(":", token, NULL), *coded = g_base64_encode((const guchar *)both, strlen(both));
  return g_strconcat("Basic ", coded, NULL);
}

static char *created(const SightTrackerTarget *target, SightJson answer) {
  return sight_tracker_member(sight_json_get(sight_json_get(answer, "_links"), "html"), "href");
}

static gboolean attach(const SightTrackerTarget *target, SightTrackerUpload *upload, guint place, SightJson answer,
                       SightTrackerRequest *request) {
  g_autofree char *url = place > 0 ? sight_tracker_member(answer, "url") : NULL;

  if (place == 0) {
    g_autofree char *base = work_items(target, "attachments");
    request->url = sight_tracker_address(base, "fileName", upload->file->name, "api-version", "7.1", NULL);
    sight_tracker_octets(request, upload->file);
  } else if (url != NULL) {
    g_autofree char *more = g_strdup_printf("workitems/%s?api-version=7.1", upload->ref);
    g_autoptr(GString) relation = sight_tracker_object("rel", "AttachedFile", "url", url, NULL);
    request->method = "PATCH";
    request->url = work_items(target, more);
    request->type = g_strdup("application/json-patch+json");
    request->body = g_string_new(NULL);
    g_string_printf(request->body, "[{\"op\":\"add\",\"path\":\"/relations/-\",\"value\":%s}]", relation->str);
  }
  return request->url != NULL;
}

static void ask(const SightTrackerTarget *target, const char *ref, SightTrackerRequest *request) {
  g_autofree char *more = g_strdup_printf("workitems/%s", ref), *base = work_items(target, more);

  request->url =
      sight_tracker_address(base, "fields", "System.State,System.Tags,System.AssignedTo", "api-version", "7.1", NULL);
}

/* It takes no expansion together with fields. */
static void ask_files(const SightTrackerTarget *target, const char *ref, SightTrackerRequest *request) {
  g_autofree char *more = g_strdup_printf("workitems/%s", ref), *base = work_items(target, more);

  request->url = sight_tracker_address(base, "$expand", "relations", "api-version", "7.1", NULL);
}

static int is_closed(SightJson answer) {
  return sight_tracker_says_closed(sight_json_get(answer, "fields"), "System.State");
}

const SightTracker sight_tracker_azure = {.about = {"azure", "Azure DevOps", "ORGANIZATION/PROJECT", FALSE},
                                          .host = "https://dev.azure.com",
                                          .n_parts = 2,
                                          .max_address = 8000,
                                          .page = page,
                                          .token_header = "Authorization",
                                          .token = token,
                                          .newest = newest,
                                          .texts = texts,
                                          .listed = "value",
                                          .address = address,
                                          .create = create,
                                          .created = created,
                                          .n_attach = 2,
                                          .attach = attach,
                                          .ask = ask,
                                          .is_closed = is_closed,
                                          .labels = "fields/System.Tags",
                                          .assignees = "fields/System.AssignedTo",
                                          .files = "relations",
                                          .ask_files = ask_files};

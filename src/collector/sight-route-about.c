/* SPDX-License-Identifier: MIT */
/* What a collector tells about itself, and the recorder that it serves. */
#include "sight-config.h"
#include "sight-project.h"
#include "sight-route.h"

#include <sys/statvfs.h>

/* A few posts would fill it. */
#define LEAST_FREE_BYTES ((guint64)4 * 1024 * 1024)
#define RECORDER_RESOURCE "/io/github/sessionsight/collector/recorder.js"

static gboolean tell_project(SightDb *db, gpointer user_data, GError **error) {
  static const struct {
    SightScopes scope;
    const char *name;
  } names[] = {{SIGHT_SCOPE_READ, "read"}, {SIGHT_SCOPE_ANNOTATE, "annotate"}, {SIGHT_SCOPE_ADMIN, "admin"}};
  SightCall *call = user_data;
  g_autoptr(SightEndpoint) project = sight_endpoint_table_get(db, call->key->project, error);
  if (project == NULL)
    return FALSE;
  SightJsonWriter w = sight_call_begin(call);
  sight_json_member_string(&w, "name", project->name);
  sight_json_member_string(&w, "id", sight_project_id(project));
  sight_json_key(&w, "scopes");
  sight_json_begin_array(&w);
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    if (call->key->scopes & names[i].scope)
      sight_json_put_string(&w, names[i].name);
  }
  sight_json_end_array(&w);
  sight_json_end_object(&w);
  return TRUE;
}

void sight_route_project(SightCall *call) {
  g_autoptr(GError) error = NULL;
  if (!sight_store_read(call->store, tell_project, call, &error))
    sight_call_fail(call, error);
}

static gboolean is_full(const char *directory) {
  struct statvfs disk;
  return statvfs(directory, &disk) == 0 && (guint64)disk.f_bavail * disk.f_frsize < LEAST_FREE_BYTES;
}

void sight_route_health(SightCall *call) {
  g_autoptr(GError) error = NULL;
  if (is_full(sight_store_directory(call->store))) {
    sight_call_refuse(call, 503, "disk_full", NULL, "there is hardly any room left on the disk of the store");
    return;
  }
  if (!sight_store_probe(call->store, &error)) {
    sight_call_fail(call, error);
    return;
  }
  SightJsonWriter w = sight_call_begin(call);
  sight_json_member_string(&w, "status", "ok");
  sight_json_member_string(&w, "version", SIGHT_VERSION);
  sight_json_end_object(&w);
}

void sight_route_recorder(SightCall *call) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) script = g_resources_lookup_data(RECORDER_RESOURCE, G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
  if (script == NULL) {
    sight_call_refuse(call, 404, "not_found", NULL, "this collector was built without the recorder");
    return;
  }
  gsize bytes = 0;
  const char *text = g_bytes_get_data(script, &bytes);
  call->status = 200;
  call->content_type = "text/javascript; charset=utf-8";
  g_string_append_len(call->answer, text, (gssize)bytes);
}

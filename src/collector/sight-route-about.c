/* SPDX-License-Identifier: MIT */
/* What a collector tells about itself, and the recorder that it serves. */
#include "sight-config.h"
#include "sight-metrics.h"
#include "sight-route.h"
#include "sight-sampling.h"

#define RECORDER_RESOURCE "/io/github/sessionsight/collector/recorder.js"

void sight_route_project(SightCall *call) {
  static const struct {
    SightScopes scope;
    const char *name;
  } names[] = {{SIGHT_SCOPE_READ, "read"},
               {SIGHT_SCOPE_ANNOTATE, "annotate"},
               {SIGHT_SCOPE_ADMIN, "admin"},
               {SIGHT_SCOPE_METRICS, "metrics"}};
  g_autoptr(GError) error = NULL;
  g_autofree char *name = NULL;
  g_autofree char *id = NULL;
  if (!call->depot->kind->get_project(call->depot, call->key->project, &name, &id, &error)) {
    sight_call_fail(call, error);
    return;
  }
  SightJsonWriter w = sight_call_begin(call);
  sight_json_member_string(&w, "name", name);
  sight_json_member_string(&w, "id", id);
  sight_json_key(&w, "scopes");
  sight_json_begin_array(&w);
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    if (call->key->scopes & names[i].scope)
      sight_json_put_string(&w, names[i].name);
  }
  sight_json_end_array(&w);
  sight_json_end_object(&w);
}

void sight_route_health(SightCall *call) {
  g_autoptr(GError) error = NULL;
  if (!call->depot->kind->probe(call->depot, &error)) {
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
  g_autofree char *before = NULL;
  if (!sight_sampling_get(call->sampling, &before)) {
    sight_call_refuse(call, 503, "unavailable", "policy", "which share to record cannot be read now");
    call->retry_after_s = 5;
    return;
  }
  if (before != NULL)
    g_string_append(call->answer, before);
  call->status = 200;
  call->content_type = "text/javascript; charset=utf-8";
  g_string_append_len(call->answer, text, (gssize)bytes);
}

/* Also where the store does not answer: that is when somebody looks. */
void sight_route_metrics(SightCall *call) {
  g_autoptr(GError) error = NULL;
  SightDepotMeasures measures = {0};
  gboolean measured = call->depot->kind->measure(call->depot, &measures, &error);
  if (!measured)
    g_warning("%s", error->message);
  call->status = 200;
  call->content_type = "text/plain; version=0.0.4; charset=utf-8";
  sight_metrics_write(call->metrics, measured ? &measures : NULL, call->answer);
}

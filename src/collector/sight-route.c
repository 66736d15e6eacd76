/* SPDX-License-Identifier: MIT */
/* The table of routes, and finding the one that is asked for. */
#include "sight-route.h"

#include "sight-limits.h"

#include <string.h>

#define ANY_TOKEN (SIGHT_SCOPE_READ | SIGHT_SCOPE_ANNOTATE | SIGHT_SCOPE_ADMIN | SIGHT_SCOPE_METRICS)

static const SightRoute routes[] = {
    {"POST", "/v1/batches", SIGHT_ROUTE_WRITE, SIGHT_SCOPE_INGEST, SIGHT_WIRE_POST_BYTES, sight_route_post_batch},
    {"GET", "/v1/changes", SIGHT_ROUTE_TOKEN, SIGHT_SCOPE_READ, 0, sight_route_list_changes, .cursor = "after"},
    {"GET", "/v1/sessions/*/batches", SIGHT_ROUTE_TOKEN, SIGHT_SCOPE_READ, 0, sight_route_list_batches,
     .cursor = "cursor"},
    {"DELETE", "/v1/sessions/*", SIGHT_ROUTE_TOKEN, SIGHT_SCOPE_ADMIN, 0, sight_route_erase_session},
    {"DELETE", "/v1/users/*", SIGHT_ROUTE_TOKEN, SIGHT_SCOPE_ADMIN, 0, sight_route_erase_user},
    {"GET", "/v1/annotations", SIGHT_ROUTE_TOKEN, SIGHT_SCOPE_READ, 0, sight_route_list_annotations, .cursor = "after"},
    {"PUT", "/v1/annotations/*", SIGHT_ROUTE_TOKEN, SIGHT_SCOPE_ANNOTATE, SIGHT_WIRE_BODY_BYTES,
     sight_route_put_annotation},
    {"GET", "/v1/digests", SIGHT_ROUTE_TOKEN, SIGHT_SCOPE_READ, 0, sight_route_list_digests, .cursor = "after"},
    {"PUT", "/v1/sessions/*/digest", SIGHT_ROUTE_TOKEN, SIGHT_SCOPE_ANNOTATE, SIGHT_DIGEST_MAX_BYTES,
     sight_route_put_digest},
    {"HEAD", "/v1/assets/*", SIGHT_ROUTE_WRITE, SIGHT_SCOPE_INGEST, 0, sight_route_has_asset},
    {"PUT", "/v1/assets/*", SIGHT_ROUTE_WRITE, SIGHT_SCOPE_INGEST, SIGHT_WIRE_ASSET_BYTES, sight_route_put_asset,
     .of_any_type = TRUE},
    {"GET", "/v1/assets/*", SIGHT_ROUTE_TOKEN, SIGHT_SCOPE_READ, 0, sight_route_get_asset},
    {"GET", "/v1/project", SIGHT_ROUTE_TOKEN, ANY_TOKEN, 0, sight_route_project},
    {"GET", "/v1/recorder.js", SIGHT_ROUTE_OPEN, 0, 0, sight_route_recorder},
    {"GET", "/metrics", SIGHT_ROUTE_TOKEN, SIGHT_SCOPE_METRICS | SIGHT_SCOPE_ADMIN, 0, sight_route_metrics,
     .may_be_open = TRUE},
    {"GET", "/v1/health", SIGHT_ROUTE_RATED, 0, 0, sight_route_health},
};

const SightRoute *sight_route_list(gsize *n) {
  *n = G_N_ELEMENTS(routes);
  return routes;
}

/* Compares segment by segment, undecoded, so that an id may hold an escaped slash. */
static gboolean matches(const char *pattern, const char *tainted_path, char **argument) {
  g_auto(GStrv) wanted = g_strsplit(pattern, "/", -1);
  g_auto(GStrv) got = g_strsplit(tainted_path, "/", 8);
  if (g_strv_length(wanted) != g_strv_length(got))
    return FALSE;
  const char *found = NULL;
  for (guint i = 0; wanted[i] != NULL; i++) {
    if (g_str_equal(wanted[i], "*"))
      found = got[i];
    else if (!g_str_equal(wanted[i], got[i]))
      return FALSE;
  }
  if (found == NULL)
    return TRUE;
  g_free(*argument);
  *argument = g_uri_unescape_string(found, NULL);
  return *argument != NULL && **argument != '\0' && g_utf8_validate(*argument, -1, NULL);
}

static gboolean is_method(const SightRoute *route, const char *method) {
  return g_str_equal(route->method, method);
}

/* By the table, where a path's own HEAD stands before its GET. */
static gboolean takes(const SightRoute *route, const char *method) {
  return is_method(route, method) || (is_method(route, "GET") && g_str_equal(method, "HEAD"));
}

static void append_method(GString *list, const char *method) {
  if (strstr(list->str, method) == NULL)
    g_string_append_printf(list, "%s%s", list->len > 0 ? ", " : "", method);
}

const SightRoute *sight_route_find(const char *method, const char *tainted_path, char **argument, char **allow) {
  g_autofree char *value = NULL;
  g_autoptr(GString) methods = g_string_new(NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(routes); i++) {
    if (!matches(routes[i].path, tainted_path, &value))
      continue;
    if (takes(&routes[i], method)) {
      *argument = g_steal_pointer(&value);
      return &routes[i];
    }
    append_method(methods, routes[i].method);
    if (is_method(&routes[i], "GET"))
      append_method(methods, "HEAD");
  }
  *allow = methods->len > 0 ? g_strdup(methods->str) : NULL;
  return NULL;
}

char *sight_route_methods_for_pages(const char *tainted_path) {
  g_autofree char *value = NULL;
  g_autoptr(GString) methods = g_string_new(NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(routes); i++) {
    if (routes[i].access == SIGHT_ROUTE_WRITE && matches(routes[i].path, tainted_path, &value))
      append_method(methods, routes[i].method);
  }
  return methods->len > 0 ? g_strdup(methods->str) : NULL;
}

/* SPDX-License-Identifier: MIT */
/* A project is an endpoint row of the store; its random id stands where a workstation keeps a URL. */
#include "sight-project.h"

#include "sight-text.h"

#include <string.h>

SightEndpoint *sight_project_get(SightDb *db, GError **error) {
  g_autoptr(GPtrArray) endpoints = sight_endpoint_table_list(db, error);
  for (guint i = 0; endpoints != NULL && i < endpoints->len; i++) {
    SightEndpoint *endpoint = g_ptr_array_index(endpoints, i);
    if (g_str_equal(endpoint->kind, "project"))
      return sight_endpoint_table_get(db, endpoint->row, error);
  }
  return NULL;
}

gint64 sight_project_create(SightDb *db, const char *name, GError **error) {
  g_autofree char *id = sight_id_new();
  return sight_endpoint_table_add(db, "project", name, id, error);
}

const char *sight_project_id(const SightEndpoint *project) {
  return project->url;
}

char *sight_project_cursor(const SightEndpoint *project, gint64 revision) {
  return g_strdup_printf("%s.%" G_GINT64_FORMAT, sight_project_id(project), revision);
}

gboolean sight_project_read_cursor(const SightEndpoint *project, const char *tainted_cursor, gint64 *revision) {
  *revision = 0;
  if (tainted_cursor == NULL || *tainted_cursor == '\0')
    return TRUE;
  const char *id = sight_project_id(project);
  gsize length = strlen(id);
  return strncmp(tainted_cursor, id, length) == 0 && tainted_cursor[length] == '.' &&
         g_ascii_string_to_signed(tainted_cursor + length + 1, 10, 0, G_MAXINT64, revision, NULL);
}

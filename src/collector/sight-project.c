/* SPDX-License-Identifier: MIT */
/* A project is an endpoint row of the store; its random id stands where a workstation keeps a URL. */
#include "sight-project.h"

#include "sight-cursor.h"
#include "sight-generation-table.h"
#include "sight-text.h"

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

char *sight_project_cursor(const SightEndpoint *project, SightDb *db, gint64 revision, GError **error) {
  g_autofree char *generation = sight_generation_table_current(db, error);
  return generation != NULL ? sight_cursor_write(sight_project_id(project), revision, generation) : NULL;
}

gboolean sight_project_read_cursor(const SightEndpoint *project, SightDb *db, const char *tainted_cursor,
                                   gint64 *revision, gboolean *valid, GError **error) {
  g_autofree char *generation = NULL;
  *revision = 0;
  *valid = tainted_cursor == NULL || *tainted_cursor == '\0';
  if (*valid || !sight_cursor_read(tainted_cursor, sight_project_id(project), revision, &generation))
    return TRUE;
  return sight_generation_table_knows(db, generation, *revision, valid, error);
}

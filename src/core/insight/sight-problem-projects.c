/* SPDX-License-Identifier: MIT */
/* Projects with their marks. */
#include "sight-problem-projects.h"

#include "sight-cohort-rules.h"
#include "sight-endpoint-table.h"
#include "sight-filter.h"
#include "sight-hash.h"

#include <string.h>

#define MAX_SAME 16

static void project_free(gpointer data) {
  SightProblemProject *project = data;

  g_free(project->condition);
  sight_set_free(project->sessions);
  g_hash_table_unref(project->marks);
  g_free(project);
}

void sight_problem_projects_free(SightProblemProjects *projects) {
  if (projects == NULL)
    return;
  g_ptr_array_unref(projects->all);
  g_hash_table_unref(projects->said);
  g_free(projects);
}

static char *condition_of(const SightEndpoint *endpoint) {
  g_autoptr(SightFilter) key = sight_filter_new(SIGHT_FILTER_KEY);
  SightFilterValue *value = sight_filter_value_new(SIGHT_RELATION_IS);

  key->field = sight_field_find("endpoint", strlen("endpoint"), FALSE);
  value->text = g_strdup(endpoint->name);
  g_ptr_array_add(key->values, value);
  return sight_filter_print(key);
}

static void note_marks(SightProblemProjects *self, const SightProblemProject *project) {
  GHashTableIter iter;
  gpointer id = NULL, data = NULL;

  g_hash_table_iter_init(&iter, project->marks);
  while (g_hash_table_iter_next(&iter, &id, &data)) {
    const SightProblemMark *mark = data;
    g_hash_table_add(self->said, g_strdup(id));
    if (mark->same_as != NULL)
      g_hash_table_add(self->said, g_strdup(mark->same_as));
    self->grouped = self->grouped || mark->same_as != NULL;
  }
}

static gboolean read_project(SightProblemProjects *self, SightDb *db, const SightEndpoint *endpoint,
                             const SightSet *sessions, GError **error) {
  g_autoptr(SightSet) of_it = sight_cohort_endpoint(db, endpoint->row, error);

  if (of_it == NULL || sight_set_n_and(of_it, sessions) == 0)
    return of_it != NULL;
  g_autoptr(GHashTable) marks = sight_problem_marks_read(db, endpoint->row, error);
  if (marks == NULL)
    return FALSE;
  SightProblemProject *project = g_new0(SightProblemProject, 1);
  *project =
      (SightProblemProject){endpoint->row, condition_of(endpoint), g_steal_pointer(&of_it), g_steal_pointer(&marks)};
  g_ptr_array_add(self->all, project);
  note_marks(self, project);
  return TRUE;
}

SightProblemProjects *sight_problem_projects_read(SightDb *db, const SightSet *sessions, GError **error) {
  g_autoptr(GPtrArray) endpoints = sight_endpoint_table_list(db, error);
  g_autoptr(SightProblemProjects) self = g_new0(SightProblemProjects, 1);

  self->all = g_ptr_array_new_with_free_func(project_free);
  self->said = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, NULL);
  for (guint i = 0; endpoints != NULL && i < endpoints->len; i++) {
    if (!read_project(self, db, endpoints->pdata[i], sessions, error))
      return NULL;
  }
  self->only = self->all->len == 1 ? self->all->pdata[0] : NULL;
  self->grouped = self->grouped || (self->only == NULL && g_hash_table_size(self->said) > 0);
  return endpoints != NULL ? g_steal_pointer(&self) : NULL;
}

const char *sight_problem_project_main(const SightProblemProject *project, const char *id) {
  for (int i = 0; project != NULL && i < MAX_SAME; i++) {
    const SightProblemMark *mark = g_hash_table_lookup(project->marks, id);
    if (mark == NULL || mark->same_as == NULL)
      break;
    id = mark->same_as;
  }
  return id;
}

const SightProblemMark *sight_problem_project_mark(const SightProblemProject *project, const char *id) {
  return project != NULL ? g_hash_table_lookup(project->marks, id) : NULL;
}

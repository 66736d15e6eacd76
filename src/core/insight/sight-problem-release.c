/* SPDX-License-Identifier: MIT */
/* Releases in the order in which they were first seen. */
#include "sight-problem-release.h"

#include "sight-index-table.h"
#include "sight-posting-table.h"
#include "sight-term-table.h"

#include <string.h>

typedef struct {
  gint64 term;
  char *name;
  SightSet *sessions;
  SightSet *later; /* those that had another release before */
  guint16 number;  /* as in release_of */
  gint64 first_ms;
} Release;

struct SightProblemReleases {
  SightDb *db;
  const SightSet *listed;
  const SightSessionFacts *facts;
  GPtrArray *all;      /* of Release, the first one first */
  guint16 *release_of; /* by row: the number of its first release, from 1 */
  guint32 *stamps;     /* by that number: the problem in which it was counted last */
  guint32 stamp;
  const GArray *rows; /* of that problem */
};

static void release_free(gpointer data) {
  Release *release = data;

  g_free(release->name);
  sight_set_free(release->sessions);
  sight_set_free(release->later);
  g_free(release);
}

void sight_problem_releases_free(SightProblemReleases *self) {
  if (self == NULL)
    return;
  g_ptr_array_unref(self->all);
  g_free(self->release_of);
  g_free(self->stamps);
  g_free(self);
}

static int first_first(gconstpointer a, gconstpointer b) {
  const Release *x = *(Release *const *)a, *y = *(Release *const *)b;

  if (x->first_ms != y->first_ms)
    return x->first_ms < y->first_ms ? -1 : 1;
  return strcmp(x->name, y->name);
}

static gboolean take_release(gint64 term, const guint64 *n_sessions, gpointer data) {
  SightProblemReleases *self = data;
  Release *release = g_new0(Release, 1);

  (void)n_sessions;
  g_ptr_array_add(self->all, release);
  release->term = term;
  return TRUE;
}

/* Their sessions; of a session the first one in the order of terms is kept by row. */
static gboolean read_release(SightProblemReleases *self, Release *release, guint16 number, GError **error) {
  release->name = sight_term_table_value(self->db, release->term, error);
  release->sessions = release->name != NULL ? sight_posting_table_sessions(self->db, &release->term, 1, error) : NULL;
  if (release->sessions == NULL)
    return FALSE;
  sight_set_and(release->sessions, self->listed);
  release->later = sight_set_new();
  release->number = number;
  release->first_ms = G_MAXINT64;
  g_autoptr(GArray) rows = sight_set_rows(release->sessions);
  for (guint i = 0; i < rows->len; i++) {
    gint64 row = g_array_index(rows, gint64, i);
    if (row >= (gint64)self->facts->n_rows)
      break;
    release->first_ms = MIN(release->first_ms, sight_session_facts_arrived_ms(self->facts, row));
    if (self->release_of[row] == 0 && number < G_MAXUINT16)
      self->release_of[row] = number;
    else
      sight_set_add(release->later, row);
  }
  return TRUE;
}

SightProblemReleases *sight_problem_releases_read(SightDb *db, const SightSet *sessions, const SightSessionFacts *facts,
                                                  GError **error) {
  g_autoptr(SightProblemReleases) self = g_new0(SightProblemReleases, 1);
  const SightSet *const sets[] = {sessions};

  self->db = db;
  self->listed = sessions;
  self->facts = facts;
  self->all = g_ptr_array_new_with_free_func(release_free);
  self->release_of = g_new0(guint16, facts->n_rows);
  if (!sight_posting_table_count(db, SIGHT_TERM_RELEASE, sets, 1, take_release, self, error))
    return NULL;
  for (guint i = 0; i < self->all->len; i++) {
    if (!read_release(self, self->all->pdata[i], (guint16)MIN(i + 1, G_MAXUINT16), error))
      return NULL;
  }
  self->stamps = g_new0(guint32, MIN(self->all->len, G_MAXUINT16) + 1);
  g_ptr_array_sort(self->all, first_first);
  return g_steal_pointer(&self);
}

guint sight_problem_releases_n(const SightProblemReleases *self) {
  return self->all->len;
}

const char *sight_problem_releases_name(const SightProblemReleases *self, guint i) {
  return ((const Release *)self->all->pdata[i])->name;
}

const SightSet *sight_problem_releases_sessions(const SightProblemReleases *self, guint i) {
  return ((const Release *)self->all->pdata[i])->sessions;
}

void sight_problem_releases_count(SightProblemReleases *self, const GArray *rows) {
  self->stamp++;
  self->rows = rows;
  for (guint i = 0; i < rows->len; i++) {
    gint64 row = g_array_index(rows, gint64, i);
    self->stamps[row < (gint64)self->facts->n_rows ? self->release_of[row] : 0] = self->stamp;
  }
}

gboolean sight_problem_releases_is_met(const SightProblemReleases *self, guint i) {
  const Release *release = self->all->pdata[i];

  if (release->number < G_MAXUINT16 && self->stamps[release->number] == self->stamp)
    return TRUE;
  for (guint j = 0; sight_set_n(release->later) > 0 && j < self->rows->len; j++) {
    if (sight_set_contains(release->later, g_array_index(self->rows, gint64, j)))
      return TRUE;
  }
  return FALSE;
}

/* In all sessions; G_MAXINT64: never, -1: an error. */
static gint64 first_seen_ms(const SightProblemReleases *self, const char *release, GError **error) {
  g_autoptr(SightSet) sessions = sight_index_table_with(self->db, SIGHT_TERM_RELEASE, release, error);
  g_autoptr(GArray) rows = sessions != NULL ? sight_set_rows(sessions) : NULL;
  gint64 first_ms = G_MAXINT64;

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    first_ms = MIN(first_ms, sight_session_facts_arrived_ms(self->facts, g_array_index(rows, gint64, i)));
  return rows != NULL ? first_ms : -1;
}

static gboolean is_of_any(gint64 row, const GPtrArray *releases) {
  for (guint i = 0; i < releases->len; i++) {
    if (sight_set_contains(releases->pdata[i], row))
      return TRUE;
  }
  return FALSE;
}

gint64 sight_problem_releases_last_since(const SightProblemReleases *self, const char *release, GError **error) {
  g_autoptr(GPtrArray) before = g_ptr_array_new(), since = g_ptr_array_new();
  gint64 fixed_ms = first_seen_ms(self, release, error), last_ms = 0;

  for (guint i = 0; fixed_ms >= 0 && fixed_ms < G_MAXINT64 && i < self->all->len; i++) {
    const Release *one = self->all->pdata[i];
    gint64 first_ms = first_seen_ms(self, one->name, error);
    if (first_ms < 0)
      return -1;
    g_ptr_array_add(first_ms < fixed_ms ? before : since, one->sessions);
  }
  for (guint i = 0; i < self->rows->len; i++) {
    gint64 row = g_array_index(self->rows, gint64, i);
    if (!is_of_any(row, before) || is_of_any(row, since))
      last_ms = MAX(last_ms, sight_session_facts_arrived_ms(self->facts, row));
  }
  return fixed_ms < 0 ? -1 : last_ms;
}

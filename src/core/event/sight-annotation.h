/* SPDX-License-Identifier: MIT */
/* SightAnnotation: a tag, a note, the settings of a project, what is said of a problem, or a line of the log, as plain
 * data. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where lines of the log stand, apart from what else is said of a project, so that their number costs nobody anything.
 */
#define SIGHT_ANNOTATION_AT_LOG (-2)

/* Owns its strings. */
typedef struct {
  char *id; /* valid id */
  gint64 endpoint;
  char *session; /* id at the endpoint, or NULL for the whole project */
  char *kind;    /* "tag", "note", "part" and "reply" (sight-note-table.h), "settings", "problem", "colours", "log" */
  gint64 at_ms;  /* from the start of the session; -1: the whole session */
  char *body;    /* text of a tag or note; JSON of the others */
  char *author;
  gint64 created_ms, updated_ms; /* wall clock; of two versions the greater updated_ms wins, then the greater body */
  gboolean deleted;
} SightAnnotation;

SightAnnotation *sight_annotation_copy(const SightAnnotation *annotation);
void sight_annotation_free(SightAnnotation *annotation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightAnnotation, sight_annotation_free)

/* How a collector takes a version from a workstation, `there` (or NULL) being what it has: TRUE where it is news, and
 * then with the time that it gets. No time is later than now (a hybrid logical clock): what comes with a later one gets
 * the next after the version that it replaces. */
gboolean sight_annotation_is_news(SightAnnotation *annotation, const SightAnnotation *there, gint64 now_ms);
/* The same to read, whatever its times. */
gboolean sight_annotation_is_same(const SightAnnotation *a, const SightAnnotation *b);
/* Greater updated_ms, then greater body. */
gboolean sight_annotation_is_newer(const SightAnnotation *annotation, const SightAnnotation *there);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
/* Annotations: tags, notes and project settings; made here or by teammates, synced both ways, idempotent by id. */
#pragma once

#include "sight-annotation.h"
#include "sight-store.h"

G_BEGIN_DECLS

SightAnnotation *sight_annotation_new(gint64 endpoint, const char *session, const char *kind, gint64 at_ms,
                                      const char *body); /* a new id, the time, and the name of this computer's user */

/* As whom the user of this computer says something. The caller's. */
char *sight_annotation_own_author(void);

/* Who tells of an annotation, and whose clock is therefore believed. */
typedef enum {
  SIGHT_ANNOTATION_MADE_HERE,     /* to be pushed */
  SIGHT_ANNOTATION_OF_ENDPOINT,   /* a workstation pulled it: what all agree on; gives way to what is newer here and is
                                     still to be pushed */
  SIGHT_ANNOTATION_OF_WORKSTATION /* a collector takes it: no time is later than now (a hybrid logical clock: what comes
                                     with a later one gets the next time after the version that it replaces) */
} SightAnnotationFrom;

/* Stores it where it is new or newer than what stands there; *changed (may be NULL) tells, and its updated_ms becomes
 * the time of the version that stands there afterwards. Keeps the session's tagged flag right. Gives it the next
 * revision. Of an erased session it is dropped, without error. Durable: use SIGHT_WRITE_DURABLE. */
gboolean sight_annotation_table_put(SightDb *db, SightAnnotation *annotation, SightAnnotationFrom from,
                                    gboolean *changed, GError **error);
/* Of SightAnnotation, in their order: as putting each of them, but what a session can be searched for is made once for
 * all of its own. *n_changed counts those that were stored. */
gboolean sight_annotation_table_put_all(SightDb *db, GPtrArray *annotations, SightAnnotationFrom from, guint *n_changed,
                                        GError **error);
/* Not deleted ones, by at_ms; session NULL: of the project itself (kind "settings"). GPtrArray of SightAnnotation. */
GPtrArray *sight_annotation_table_list(SightDb *db, gint64 endpoint, const char *session, GError **error);
/* With deleted ones. */
GPtrArray *sight_annotation_table_list_all(SightDb *db, gint64 endpoint, const char *session, GError **error);
/* Those still to be pushed, deleted ones too. */
GPtrArray *sight_annotation_table_unpushed(SightDb *db, gint64 endpoint, GError **error);
/* The version of that time has arrived at the endpoint, which gave it the time `stored_ms`; a newer one made meanwhile
 * stays to be pushed. */
gboolean sight_annotation_table_set_pushed(SightDb *db, gint64 endpoint, const char *id, gint64 updated_ms,
                                           gint64 stored_ms, GError **error);
/* All of them are to be pushed once more: the endpoint may have lost them. */
gboolean sight_annotation_table_push_again(SightDb *db, gint64 endpoint, GError **error);
/* FALSE ends the walk, without error. */
typedef gboolean (*SightAnnotationFunc)(const SightAnnotation *annotation, gint64 revision, gpointer user_data);
/* Changed after that revision, deleted ones too, in the order of revision: what a collector answers. One is in memory
 * at a time. */
gboolean sight_annotation_table_each_changed(SightDb *db, gint64 endpoint, gint64 after_revision,
                                             SightAnnotationFunc func, gpointer user_data, GError **error);
/* The body of the newest "settings" annotation of the endpoint, or NULL (without error) where there is none. */
char *sight_annotation_table_settings(SightDb *db, gint64 endpoint, GError **error);
gboolean sight_annotation_table_put_settings(SightDb *db, gint64 endpoint, const char *json, GError **error);
/* What is said of a problem: an annotation of the project, kind "problem", whose id is this, the problem's, "_" and the
 * name of a field; before, one with all fields under this and the problem's, which it is newer than. */
#define SIGHT_ANNOTATION_PROBLEM_ID "problem-"
gboolean sight_annotation_table_put_problem(SightDb *db, gint64 endpoint, const char *problem, const char *field,
                                            const char *json, GError **error);

G_END_DECLS

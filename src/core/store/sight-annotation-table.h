/* SPDX-License-Identifier: MIT */
/* Annotations: tags, notes and project settings; made here or by teammates, synced both ways, idempotent by id. */
#pragma once

#include "sight-store.h"

G_BEGIN_DECLS

/* Owns its strings. */
typedef struct {
  char *id; /* valid id */
  gint64 endpoint;
  char *session; /* id at the endpoint, or NULL for the whole project */
  char *kind;    /* "tag", "note", "settings" */
  gint64 at_ms;  /* from the start of the session; -1: the whole session */
  char *body;    /* text of a tag or note; JSON of settings */
  char *author;
  gint64 created_ms, updated_ms; /* wall clock; of two versions the greater updated_ms wins, then the greater body */
  gboolean deleted;
} SightAnnotation;

SightAnnotation *sight_annotation_new(gint64 endpoint, const char *session, const char *kind, gint64 at_ms,
                                      const char *body); /* a new id, the time, and the name of this computer's user */
void sight_annotation_free(SightAnnotation *annotation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightAnnotation, sight_annotation_free)

/* Stores it where it is new or newer than what stands there; *changed (may be NULL) tells. `local`: made here and still
 * to be pushed. Keeps the session's tagged flag right. Gives it the next revision. Of an erased session it is dropped,
 * without error. Durable: use SIGHT_WRITE_DURABLE. */
gboolean sight_annotation_table_put(SightDb *db, const SightAnnotation *annotation, gboolean local, gboolean *changed,
                                    GError **error);
/* Not deleted ones, by at_ms; session NULL: of the project itself (kind "settings"). GPtrArray of SightAnnotation. */
GPtrArray *sight_annotation_table_list(SightDb *db, gint64 endpoint, const char *session, GError **error);
/* Those still to be pushed, deleted ones too. */
GPtrArray *sight_annotation_table_unpushed(SightDb *db, gint64 endpoint, GError **error);
/* The version of that time has arrived at the endpoint; a newer one made meanwhile stays to be pushed. */
gboolean sight_annotation_table_set_pushed(SightDb *db, gint64 endpoint, const char *id, gint64 updated_ms,
                                           GError **error);
/* Changed after that revision, deleted ones too, in the order of revision: what a collector answers. */
GPtrArray *sight_annotation_table_changed(SightDb *db, gint64 endpoint, gint64 after_revision, guint limit,
                                          gint64 *last_revision, GError **error);
/* The body of the newest "settings" annotation of the endpoint, or NULL (without error) where there is none. */
char *sight_annotation_table_settings(SightDb *db, gint64 endpoint, GError **error);
gboolean sight_annotation_table_put_settings(SightDb *db, gint64 endpoint, const char *json, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
/* Tags and notes as people work on them: with a range, a colour and replies. Text, moment, end and colour are fields of
 * their own: each is an annotation that the newest version wins, so that of two who change different fields offline
 * both keep what they did. A field is an annotation of kind "part" under the id of its note, "_" and the field's name;
 * a reply one of kind "reply" under the id of what it answers, "_" and an id of its own. */
#pragma once

#include "sight-annotation.h"
#include "sight-store.h"

G_BEGIN_DECLS

typedef enum {
  SIGHT_NOTE_TEXT,   /* plain text, not empty */
  SIGHT_NOTE_AT,     /* ms from the start of the session, -1 for the whole, in decimal */
  SIGHT_NOTE_END,    /* the same, "" for a moment */
  SIGHT_NOTE_COLOUR, /* the name of one of the project's colours, "" for none */
  SIGHT_N_NOTE_FIELDS
} SightNoteField;

typedef struct {
  SightAnnotation *annotation; /* kind "tag" or "note"; at_ms and body are the newest */
  gint64 end_ms;               /* -1: a moment */
  char *colour;                /* NULL: none */
  GPtrArray *replies;          /* of SightAnnotation, the oldest first */
} SightNote;
void sight_note_free(SightNote *note);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightNote, sight_note_free)

/* Not deleted ones, by their moments; GPtrArray of SightNote, NULL on error. */
GPtrArray *sight_note_table_list(SightDb *db, gint64 endpoint, const char *session, GError **error);
/* NULL with SIGHT_STORE_ERROR_NOT_FOUND where the session has no such tag or note. */
SightNote *sight_note_table_get(SightDb *db, gint64 endpoint, const char *session, const char *id, GError **error);
/* Each writes a new version, made here, to be pushed. In a transaction with SIGHT_WRITE_DURABLE. */
gboolean sight_note_table_set(SightDb *db, const SightNote *note, SightNoteField field, const char *value,
                              GError **error);
gboolean sight_note_table_remove(SightDb *db, const SightAnnotation *annotation, GError **error); /* a reply, too */
/* The new reply, the caller's. */
SightAnnotation *sight_note_table_reply(SightDb *db, const SightNote *note, const char *text, GError **error);

#define SIGHT_COLOUR_NAME_CHARS 40
/* The colours of a project: "name=#rrggbb" each, as somebody has set them, else five of ours. The caller's; NULL on
 * error. */
char **sight_note_table_colours(SightDb *db, gint64 endpoint, GError **error);
/* FALSE with G_IO_ERROR_INVALID_ARGUMENT where one is no such pair, or there are more than 24. */
gboolean sight_note_table_set_colours(SightDb *db, gint64 endpoint, const char *const *colours, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
/* SightUiNoteAct: one thing that is done to what the team says of a session, and what takes it back. Plain data; it is
 * made on the main thread and run by the writer. */
#pragma once

#include "sight-note-table.h"

G_BEGIN_DECLS

typedef enum {
  SIGHT_UI_NOTE_ADD,     /* a tag: session, at_ms, end_ms, text, colour */
  SIGHT_UI_NOTE_CHANGE,  /* of `said`: text, and of a tag or note the colour */
  SIGHT_UI_NOTE_ANSWER,  /* to `said`, a tag or note: text */
  SIGHT_UI_NOTE_REMOVE,  /* `said` */
  SIGHT_UI_NOTE_RESTORE, /* `said`, which was removed */
} SightUiNoteVerb;

typedef struct SightUiNoteAct SightUiNoteAct;
/* Owns what it points to. */
struct SightUiNoteAct {
  SightUiNoteVerb verb;
  gint64 endpoint;
  char *session;
  SightAnnotation *said; /* tag, note or reply; NULL: a new one */
  gint64 at_ms, end_ms;  /* end_ms of a new tag: where its stretch ends, after at_ms; 0: a moment */
  char *text;            /* NULL: stays as it is */
  char *colour;          /* name; "": none; NULL: stays as it is */
};

/* About `said`, which is copied. */
SightUiNoteAct *sight_ui_note_act_new(SightUiNoteVerb verb, const SightAnnotation *said);
void sight_ui_note_act_free(SightUiNoteAct *act);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightUiNoteAct, sight_ui_note_act_free)

/* Inside sight_store_write(), with SIGHT_WRITE_DURABLE. What takes it back, also where a clock was ahead of ours; NULL
 * with error, where nothing is to be kept. */
SightUiNoteAct *sight_ui_note_act_run(SightDb *db, const SightUiNoteAct *act, GError **error);

G_END_DECLS

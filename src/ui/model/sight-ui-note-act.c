/* SPDX-License-Identifier: MIT */
/* Acts on notes, each with its opposite. */
#include "sight-ui-note-act.h"

#include "sight-annotation-table.h"

SightUiNoteAct *sight_ui_note_act_new(SightUiNoteVerb verb, const SightAnnotation *said) {
  SightUiNoteAct *act = g_new0(SightUiNoteAct, 1);

  act->verb = verb;
  act->said = sight_annotation_copy(said);
  act->endpoint = said->endpoint;
  act->session = g_strdup(said->session);
  act->at_ms = said->at_ms;
  return act;
}

void sight_ui_note_act_free(SightUiNoteAct *act) {
  if (act == NULL)
    return;
  g_free(act->session);
  g_clear_pointer(&act->said, sight_annotation_free);
  g_free(act->text);
  g_free(act->colour);
  g_free(act);
}

/* A version after the one that stands there; `text` NULL: with the same words. */
static gboolean put_version(SightDb *db, const SightAnnotation *said, const char *text, gboolean deleted,
                            GError **error) {
  g_autoptr(GPtrArray) all = sight_annotation_table_list_all(db, said->endpoint, said->session, error);
  g_autoptr(SightAnnotation) version = sight_annotation_copy(said);

  if (all == NULL)
    return FALSE;
  version->updated_ms = MAX(g_get_real_time() / 1000, said->updated_ms + 1);
  for (guint i = 0; i < all->len; i++) {
    const SightAnnotation *there = all->pdata[i];
    if (g_str_equal(there->id, said->id))
      version->updated_ms = MAX(version->updated_ms, there->updated_ms + 1);
  }
  version->deleted = deleted;
  if (text != NULL) {
    g_free(version->body);
    version->body = g_strdup(text);
  }
  return sight_annotation_table_put(db, version, SIGHT_ANNOTATION_MADE_HERE, NULL, error);
}

static SightNote *find(SightDb *db, const SightAnnotation *said, GError **error) {
  return sight_note_table_get(db, said->endpoint, said->session, said->id, error);
}

static SightUiNoteAct *add(SightDb *db, const SightUiNoteAct *act, GError **error) {
  g_autoptr(SightAnnotation) tag = sight_annotation_new(act->endpoint, act->session, "tag", act->at_ms, act->text);

  if (!sight_annotation_table_put(db, tag, SIGHT_ANNOTATION_MADE_HERE, NULL, error))
    return NULL;
  g_autoptr(SightNote) note = find(db, tag, error);
  gboolean coloured = act->colour != NULL && act->colour[0] != '\0';
  if (note != NULL && act->end_ms > act->at_ms) {
    g_autofree char *end = g_strdup_printf("%" G_GINT64_FORMAT, act->end_ms);
    if (!sight_note_table_set(db, note, SIGHT_NOTE_END, end, error))
      return NULL;
  }
  if (note == NULL || (coloured && !sight_note_table_set(db, note, SIGHT_NOTE_COLOUR, act->colour, error)))
    return NULL;
  return sight_ui_note_act_new(SIGHT_UI_NOTE_REMOVE, tag);
}

static SightUiNoteAct *change(SightDb *db, const SightUiNoteAct *act, GError **error) {
  g_autoptr(SightUiNoteAct) back = sight_ui_note_act_new(SIGHT_UI_NOTE_CHANGE, act->said);

  back->text = act->text != NULL ? g_strdup(act->said->body) : NULL;
  if (g_str_equal(act->said->kind, "reply"))
    return put_version(db, act->said, act->text, FALSE, error) ? g_steal_pointer(&back) : NULL;
  g_autoptr(SightNote) note = find(db, act->said, error);
  if (note == NULL)
    return NULL;
  const char *colour = note->colour != NULL ? note->colour : "";
  back->colour = act->colour != NULL ? g_strdup(colour) : NULL;
  if ((act->text != NULL && !g_str_equal(act->text, note->annotation->body) &&
       !sight_note_table_set(db, note, SIGHT_NOTE_TEXT, act->text, error)) ||
      (act->colour != NULL && !g_str_equal(act->colour, colour) &&
       !sight_note_table_set(db, note, SIGHT_NOTE_COLOUR, act->colour, error)))
    return NULL;
  return g_steal_pointer(&back);
}

static SightUiNoteAct *answer(SightDb *db, const SightUiNoteAct *act, GError **error) {
  g_autoptr(SightNote) note = find(db, act->said, error);
  g_autoptr(SightAnnotation) reply = note != NULL ? sight_note_table_reply(db, note, act->text, error) : NULL;

  return reply != NULL ? sight_ui_note_act_new(SIGHT_UI_NOTE_REMOVE, reply) : NULL;
}

SightUiNoteAct *sight_ui_note_act_run(SightDb *db, const SightUiNoteAct *act, GError **error) {
  switch (act->verb) {
  case SIGHT_UI_NOTE_ADD:
    return add(db, act, error);
  case SIGHT_UI_NOTE_CHANGE:
    return change(db, act, error);
  case SIGHT_UI_NOTE_ANSWER:
    return answer(db, act, error);
  case SIGHT_UI_NOTE_REMOVE:
    return put_version(db, act->said, NULL, TRUE, error) ? sight_ui_note_act_new(SIGHT_UI_NOTE_RESTORE, act->said)
                                                         : NULL;
  case SIGHT_UI_NOTE_RESTORE:
    return put_version(db, act->said, NULL, FALSE, error) ? sight_ui_note_act_new(SIGHT_UI_NOTE_REMOVE, act->said)
                                                          : NULL;
  }
  g_return_val_if_reached(NULL);
}

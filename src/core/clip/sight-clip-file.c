/* SPDX-License-Identifier: MIT */
/* The clip as a file to be imported: zstd of one JSON object, whose form README.md tells. */
#include "sight-clip-private.h"
#include "sight-compress.h"
#include "sight-note-table.h"

#define VERSION 1
#define COMPRESSION_LEVEL 9

static void put_text(SightJsonWriter *w, const char *key, const char *text, SightRedaction *redaction) {
  g_autofree char *masked = redaction != NULL && text != NULL ? sight_redaction_text(redaction, text) : NULL;

  sight_json_member_string(w, key, masked != NULL ? masked : text);
}

static void put_said(SightJsonWriter *w, const SightAnnotation *said, SightRedaction *redaction) {
  put_text(w, "text", said->body, redaction);
  put_text(w, "author", said->author, redaction);
  sight_json_member_int(w, "created_at", said->created_ms);
}

/* Times are those of the clip. What lies before or behind it is not told, but for notes on the whole session. */
static void put_note(SightJsonWriter *w, const SightNote *note, gint64 offset_ms, gint64 length_ms,
                     SightRedaction *redaction) {
  gint64 at_ms = note->annotation->at_ms, end_ms = note->end_ms;
  gboolean whole = at_ms < 0;

  if (!whole && (at_ms < offset_ms || at_ms - offset_ms >= length_ms))
    return;
  sight_json_begin_object(w);
  sight_json_member_string(w, "kind", note->annotation->kind);
  sight_json_member_int(w, "at", whole ? -1 : at_ms - offset_ms);
  sight_json_member_int(w, "end", whole || end_ms < 0 ? -1 : CLAMP(end_ms - offset_ms, 0, length_ms));
  put_text(w, "colour", note->colour, redaction);
  put_said(w, note->annotation, redaction);
  sight_json_key(w, "replies");
  sight_json_begin_array(w);
  for (guint i = 0; i < note->replies->len; i++) {
    sight_json_begin_object(w);
    put_said(w, note->replies->pdata[i], redaction);
    sight_json_end_object(w);
  }
  sight_json_end_array(w);
  sight_json_end_object(w);
}

static void learn_said(SightRedaction *redaction, const SightAnnotation *said) {
  sight_redaction_learn_text(redaction, said->body);
  sight_redaction_learn_text(redaction, said->author);
}

void sight_clip_learn_about(const SightClipAbout *about) {
  sight_redaction_learn_text(about->redaction, about->name);
  sight_redaction_learn_text(about->redaction, about->note);
  for (guint i = 0; about->notes != NULL && i < about->notes->len; i++) {
    const SightNote *note = g_ptr_array_index(about->notes, i);
    learn_said(about->redaction, note->annotation);
    sight_redaction_learn_text(about->redaction, note->colour);
    for (guint k = 0; k < note->replies->len; k++)
      learn_said(about->redaction, note->replies->pdata[k]);
  }
}

void sight_clip_write_file(const GString *events, const SightClipAbout *about, gint64 from_ms, gint64 to_ms,
                           GString *out) {
  g_autoptr(GString) json = g_string_new(NULL);
  SightRedaction *redaction = about != NULL ? about->redaction : NULL;
  SightJsonWriter w = {.out = json};

  sight_json_begin_object(&w);
  sight_json_member_int(&w, "sightclip", VERSION);
  put_text(&w, "name", about != NULL ? about->name : NULL, redaction);
  put_text(&w, "note", about != NULL ? about->note : NULL, redaction);
  sight_json_key(&w, "notes");
  sight_json_begin_array(&w);
  for (guint i = 0; about != NULL && about->notes != NULL && i < about->notes->len; i++)
    put_note(&w, about->notes->pdata[i], from_ms - about->started_ms, to_ms - from_ms, redaction);
  sight_json_end_array(&w);
  sight_json_key(&w, "events");
  sight_json_put_raw(&w, events->str, events->len);
  sight_json_end_object(&w);
  g_autoptr(GBytes) packed = sight_zstd_compress(json->str, json->len, COMPRESSION_LEVEL);
  g_string_append_len(out, g_bytes_get_data(packed, NULL), (gssize)g_bytes_get_size(packed));
}

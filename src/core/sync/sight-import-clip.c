/* SPDX-License-Identifier: MIT */
/* The notes of a .sightclip. */
#include "sight-import-clip.h"

#include "sight-annotation-table.h"
#include "sight-compress.h"
#include "sight-json-scan.h"
#include "sight-json.h"
#include "sight-note-table.h"
#include "sight-text.h"

#include <string.h>

/* Notes stand before the events; what begins later is not looked for. */
#define MAX_HEAD_BYTES ((gsize)8 * 1024 * 1024)
#define MAX_NOTES 500
#define MAX_REPLIES 100
/* Of all notes together. */
#define MAX_ALL_REPLIES 2000
#define MAX_ALL_BYTES (1024 * 1024)
#define MAX_TEXT_CHARS 20000
#define MAX_AUTHOR_CHARS 100
/* An id is so many letters of a hash: room is left for the fields and answers under it. */
#define ID_CHARS 22
#define NOTE_DEPTH 16

typedef struct {
  SightDb *db;
  const SightSession *session;
  GPtrArray *notes, *replies; /* of SightAnnotation */
  GArray *tainted;            /* of SightJson, of each note */
  gsize n_bytes;
  guint n_left; /* that were too many or too much */
} Taking;

static char *text_of(SightJson tainted, const char *member, guint max_chars) {
  const char *tainted_text = sight_json_string(sight_json_get(tainted, member), NULL);

  return sight_text_excerpt(tainted_text != NULL ? tainted_text : "", -1, max_chars);
}

static char *id_of(const SightAnnotation *annotation) {
  g_autofree char *all = g_strdup_printf("%s\n%s\n%" G_GINT64_FORMAT "\n%s\n%s", annotation->session, annotation->kind,
                                         annotation->at_ms, annotation->author, annotation->body);
  g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, all, -1);

  return g_strndup(hash, ID_CHARS);
}

/* NULL: it says nothing, or too much was said before. */
static SightAnnotation *read_said(Taking *taking, SightJson tainted, const char *kind, gint64 at_ms) {
  g_autofree char *body = text_of(tainted, "text", MAX_TEXT_CHARS);
  gint64 now_ms = g_get_real_time() / 1000;

  if (body[0] == '\0')
    return NULL;
  if (taking->n_bytes + strlen(body) > MAX_ALL_BYTES) {
    taking->n_left++;
    return NULL;
  }
  taking->n_bytes += strlen(body);
  SightAnnotation *said = sight_annotation_new(taking->session->endpoint, taking->session->session, kind, at_ms, body);
  g_free(said->author);
  said->author = text_of(tainted, "author", MAX_AUTHOR_CHARS);
  said->created_ms = CLAMP(sight_json_int(sight_json_get(tainted, "created_at"), now_ms), 0, now_ms);
  said->updated_ms = said->created_ms;
  g_free(said->id);
  said->id = id_of(said);
  return said;
}

static void take_reply(Taking *taking, const SightAnnotation *of, SightJson tainted) {
  g_autoptr(SightAnnotation) reply = read_said(taking, tainted, "reply", -1);

  if (reply == NULL)
    return;
  g_autofree char *own = g_steal_pointer(&reply->id);
  reply->id = g_strdup_printf("%s_%s", of->id, own);
  g_ptr_array_add(taking->replies, g_steal_pointer(&reply));
}

static gboolean put_fields(const Taking *taking, const SightAnnotation *of, SightJson tainted, GError **error) {
  g_autoptr(SightNote) note = sight_note_table_get(taking->db, of->endpoint, of->session, of->id, NULL);
  g_autofree char *colour = text_of(tainted, "colour", 40);
  gint64 end_ms = sight_json_int(sight_json_get(tainted, "end"), -1);

  /* Somebody took it away since it was imported before. */
  if (note == NULL)
    return TRUE;
  g_autofree char *end = g_strdup_printf("%" G_GINT64_FORMAT, MIN(end_ms, SIGHT_TEXT_MAX_MS));
  return (colour[0] == '\0' || note->colour != NULL ||
          sight_note_table_set(taking->db, note, SIGHT_NOTE_COLOUR, colour, error)) &&
         (end_ms < 0 || note->end_ms >= 0 || sight_note_table_set(taking->db, note, SIGHT_NOTE_END, end, error));
}

/* NULL: it is none. */
static SightAnnotation *read_note(Taking *taking, SightJson tainted) {
  const char *tainted_kind = sight_json_string(sight_json_get(tainted, "kind"), NULL);
  gint64 at_ms = CLAMP(sight_json_int(sight_json_get(tainted, "at"), -1), -1, SIGHT_TEXT_MAX_MS);

  return read_said(taking, tainted, g_strcmp0(tainted_kind, "note") == 0 ? "note" : "tag", at_ms);
}

static void take_note(Taking *taking, SightJson tainted) {
  g_autoptr(SightAnnotation) said = read_note(taking, tainted);

  if (said == NULL)
    return;
  SightJsonIter it = sight_json_iter(sight_json_get(tainted, "replies"));
  for (guint i = 0; sight_json_next(&it); i++) {
    if (i < MAX_REPLIES && taking->replies->len < MAX_ALL_REPLIES)
      take_reply(taking, said, it.value);
    else
      taking->n_left++;
  }
  g_ptr_array_add(taking->notes, g_steal_pointer(&said));
  g_array_append_val(taking->tainted, tainted);
}

/* Answers last: there are many of them, and the fields of each note are looked for among all that was said. */
static gboolean put_all(const Taking *taking, GError **error) {
  guint n = 0;

  if (!sight_annotation_table_put_all(taking->db, taking->notes, SIGHT_ANNOTATION_MADE_HERE, &n, error))
    return FALSE;
  for (guint i = 0; i < taking->notes->len; i++) {
    if (!put_fields(taking, taking->notes->pdata[i], g_array_index(taking->tainted, SightJson, i), error))
      return FALSE;
  }
  return sight_annotation_table_put_all(taking->db, taking->replies, SIGHT_ANNOTATION_MADE_HERE, &n, error);
}

static gboolean append_piece(const char *data, gsize bytes, gpointer user_data, GError **error) {
  g_string_append_len(user_data, data, (gssize)bytes);
  return TRUE;
}

/* The array of the notes, or absent; of the file only the beginning is expanded. */
static SightJson find_notes(GBytes *tainted_content, SightJsonParser *parser) {
  gsize bytes = 0;
  const char *packed = g_bytes_get_data(tainted_content, &bytes);
  g_autoptr(SightExpander) expander = sight_expander_new(SIGHT_CODEC_ZSTD, MAX_HEAD_BYTES);
  g_autoptr(GString) head = g_string_new(NULL);
  SightJsonScan scan = {0};
  SightJson notes = {0};

  /* It ends at the bound, or where the file is damaged. */
  sight_expander_push(expander, packed, bytes, append_piece, head, NULL);
  const char *end = head->str + head->len;
  const char *begin = sight_json_find_member(head->str, end, "notes", '[');
  end = begin != NULL ? sight_json_scan(&scan, begin, end) : NULL;
  if (end == NULL || !sight_json_parser_parse(parser, begin, (gsize)(end - begin), &notes, NULL))
    return (SightJson){0};
  return notes;
}

gboolean sight_import_clip_notes(SightDb *db, GBytes *tainted_content, const SightSession *session, guint *n_left,
                                 GError **error) {
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(NOTE_DEPTH);
  g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func((GDestroyNotify)sight_annotation_free);
  g_autoptr(GPtrArray) replies = g_ptr_array_new_with_free_func((GDestroyNotify)sight_annotation_free);
  g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(SightJson));
  Taking taking = {.db = db, .session = session, .notes = notes, .replies = replies, .tainted = values};

  *n_left = 0;
  SightJsonIter it = sight_json_iter(find_notes(tainted_content, parser));
  for (guint i = 0; sight_json_next(&it); i++) {
    if (i >= MAX_NOTES)
      taking.n_left++;
    else
      take_note(&taking, it.value);
  }
  *n_left = taking.n_left;
  return put_all(&taking, error);
}

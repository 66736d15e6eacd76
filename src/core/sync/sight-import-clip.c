/* SPDX-License-Identifier: MIT */
/* The notes of a .sightclip. */
#include "sight-import-clip.h"

#include "sight-annotation-table.h"
#include "sight-compress.h"
#include "sight-json.h"
#include "sight-note-table.h"
#include "sight-text.h"

#include <string.h>

#define MAX_BYTES ((gsize)512 * 1024 * 1024)
#define MAX_NOTES 500
#define MAX_REPLIES 100
#define MAX_TEXT_CHARS 20000
#define MAX_AUTHOR_CHARS 100
/* An id is so many letters of a hash: room is left for the fields and answers under it. */
#define ID_CHARS 22

typedef struct {
  SightDb *db;
  const SightSession *session;
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

/* NULL: it says nothing. */
static SightAnnotation *read_said(const Taking *taking, SightJson tainted, const char *kind, gint64 at_ms) {
  g_autofree char *body = text_of(tainted, "text", MAX_TEXT_CHARS);
  gint64 now_ms = g_get_real_time() / 1000;

  if (body[0] == '\0')
    return NULL;
  SightAnnotation *said = sight_annotation_new(taking->session->endpoint, taking->session->session, kind, at_ms, body);
  g_free(said->author);
  said->author = text_of(tainted, "author", MAX_AUTHOR_CHARS);
  said->created_ms = CLAMP(sight_json_int(sight_json_get(tainted, "created_at"), now_ms), 0, now_ms);
  said->updated_ms = said->created_ms;
  g_free(said->id);
  said->id = id_of(said);
  return said;
}

static gboolean put_reply(const Taking *taking, const SightAnnotation *of, SightJson tainted, GError **error) {
  g_autoptr(SightAnnotation) reply = read_said(taking, tainted, "reply", -1);

  if (reply == NULL)
    return TRUE;
  g_autofree char *own = g_steal_pointer(&reply->id);
  reply->id = g_strdup_printf("%s_%s", of->id, own);
  return sight_annotation_table_put(taking->db, reply, SIGHT_ANNOTATION_MADE_HERE, NULL, error);
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

static gboolean put_note(const Taking *taking, SightJson tainted, GError **error) {
  const char *tainted_kind = sight_json_string(sight_json_get(tainted, "kind"), NULL);
  gint64 at_ms = CLAMP(sight_json_int(sight_json_get(tainted, "at"), -1), -1, SIGHT_TEXT_MAX_MS);
  g_autoptr(SightAnnotation) said =
      read_said(taking, tainted, g_strcmp0(tainted_kind, "note") == 0 ? "note" : "tag", at_ms);

  if (said == NULL)
    return TRUE;
  if (!sight_annotation_table_put(taking->db, said, SIGHT_ANNOTATION_MADE_HERE, NULL, error) ||
      !put_fields(taking, said, tainted, error))
    return FALSE;
  SightJsonIter it = sight_json_iter(sight_json_get(tainted, "replies"));
  for (guint i = 0; i < MAX_REPLIES && sight_json_next(&it); i++) {
    if (!put_reply(taking, said, it.value, error))
      return FALSE;
  }
  return TRUE;
}

gboolean sight_import_clip_notes(SightDb *db, GBytes *tainted_content, const SightSession *session, GError **error) {
  gsize bytes = 0;
  const char *packed = g_bytes_get_data(tainted_content, &bytes);
  g_autoptr(GBytes) plain = sight_zstd_expand(packed, bytes, MAX_BYTES, NULL);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  const Taking taking = {.db = db, .session = session};
  SightJson root = {0};

  if (plain == NULL)
    return TRUE;
  const char *text = g_bytes_get_data(plain, &bytes);
  if (!sight_json_parser_parse(parser, text, bytes, &root, NULL) ||
      sight_json_int(sight_json_get(root, "sightclip"), 0) < 1)
    return TRUE;
  SightJsonIter it = sight_json_iter(sight_json_get(root, "notes"));
  for (guint i = 0; i < MAX_NOTES && sight_json_next(&it); i++) {
    if (!put_note(&taking, it.value, error))
      return FALSE;
  }
  return TRUE;
}

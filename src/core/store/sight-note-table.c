/* SPDX-License-Identifier: MIT */
/* Tags and notes with their fields and replies. */
#include "sight-note-table.h"

#include "sight-annotation-table.h"
#include "sight-text.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define COLOURS_ID "colours"
#define MAX_COLOURS 24
#define OWN_ID_CHARS 22 /* sight_id_new() */

static const char *const field_names[SIGHT_N_NOTE_FIELDS] = {
    [SIGHT_NOTE_TEXT] = NULL, [SIGHT_NOTE_AT] = "at", [SIGHT_NOTE_END] = "end", [SIGHT_NOTE_COLOUR] = "colour"};
static const char *const our_colours[] = {"red=#c01c28",  "orange=#e66100", "green=#26a269",
                                          "blue=#1a5fb4", "purple=#813d9c", NULL};

void sight_note_free(SightNote *note) {
  if (note == NULL)
    return;
  sight_annotation_free(note->annotation);
  g_free(note->colour);
  g_ptr_array_unref(note->replies);
  g_free(note);
}

/* Whether an id is that of another one, "_" and a name; *rest is then that name. */
static gboolean is_under(const char *id, const char *of, const char **rest) {
  gsize n = strlen(of);

  if (strncmp(id, of, n) != 0 || id[n] != '_')
    return FALSE;
  *rest = id + n + 1;
  return TRUE;
}

static gint64 time_of(const char *text) {
  gint64 ms = -1;

  return sight_text_number("at", text, -1, SIGHT_TEXT_MAX_MS, &ms, NULL) ? ms : -1;
}

static void take_part(SightNote *note, const char *name, const char *value) {
  if (g_str_equal(name, field_names[SIGHT_NOTE_AT]))
    note->annotation->at_ms = time_of(value);
  else if (g_str_equal(name, field_names[SIGHT_NOTE_END]))
    note->end_ms = value[0] != '\0' ? time_of(value) : -1;
  else if (g_str_equal(name, field_names[SIGHT_NOTE_COLOUR])) {
    g_free(note->colour);
    note->colour = value[0] != '\0' ? g_strdup(value) : NULL;
  }
}

static void take(SightNote *note, const SightAnnotation *other) {
  const char *rest = NULL;

  if (!is_under(other->id, note->annotation->id, &rest))
    return;
  if (g_str_equal(other->kind, "part"))
    take_part(note, rest, other->body);
  else if (g_str_equal(other->kind, "reply") && strlen(rest) == OWN_ID_CHARS)
    g_ptr_array_add(note->replies, sight_annotation_copy(other));
}

static int by_created(gconstpointer a, gconstpointer b) {
  const SightAnnotation *x = *(SightAnnotation *const *)a, *y = *(SightAnnotation *const *)b;

  return x->created_ms != y->created_ms ? (x->created_ms > y->created_ms) - (x->created_ms < y->created_ms)
                                        : strcmp(x->id, y->id);
}

static int by_moment(gconstpointer a, gconstpointer b) {
  const SightAnnotation *x = (*(SightNote *const *)a)->annotation, *y = (*(SightNote *const *)b)->annotation;

  return x->at_ms != y->at_ms ? (x->at_ms > y->at_ms) - (x->at_ms < y->at_ms)
                              : by_created(&(const SightAnnotation *){x}, &(const SightAnnotation *){y});
}

static SightNote *make(const SightAnnotation *annotation, const GPtrArray *all) {
  SightNote *note = g_new0(SightNote, 1);

  note->annotation = sight_annotation_copy(annotation);
  note->end_ms = -1;
  note->replies = g_ptr_array_new_with_free_func((GDestroyNotify)sight_annotation_free);
  for (guint i = 0; i < all->len; i++)
    take(note, g_ptr_array_index(all, i));
  g_ptr_array_sort(note->replies, by_created);
  return note;
}

static gboolean is_note(const SightAnnotation *annotation) {
  return g_str_equal(annotation->kind, "tag") || g_str_equal(annotation->kind, "note");
}

GPtrArray *sight_note_table_list(SightDb *db, gint64 endpoint, const char *session, GError **error) {
  g_autoptr(GPtrArray) all = sight_annotation_table_list(db, endpoint, session, error);
  g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func((GDestroyNotify)sight_note_free);

  for (guint i = 0; all != NULL && i < all->len; i++) {
    if (is_note(g_ptr_array_index(all, i)))
      g_ptr_array_add(notes, make(g_ptr_array_index(all, i), all));
  }
  g_ptr_array_sort(notes, by_moment);
  return all != NULL ? g_steal_pointer(&notes) : NULL;
}

SightNote *sight_note_table_get(SightDb *db, gint64 endpoint, const char *session, const char *id, GError **error) {
  g_autoptr(GPtrArray) all = sight_annotation_table_list(db, endpoint, session, error);

  if (all == NULL)
    return NULL;
  for (guint i = 0; i < all->len; i++) {
    const SightAnnotation *annotation = g_ptr_array_index(all, i);
    if (is_note(annotation) && g_str_equal(annotation->id, id))
      return make(annotation, all);
  }
  g_set_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND, _("Session %s has no tag %s."), session, id);
  return NULL;
}

/* A new version of what stands there, or the first. `now` of one that was read. */
static gboolean put(SightDb *db, SightAnnotation *annotation, GError **error) {
  return sight_annotation_table_put(db, annotation, SIGHT_ANNOTATION_MADE_HERE, NULL, error);
}

/* The version after one that stands there already, also where that one's clock was ahead of ours. */
static gboolean set_part(SightDb *db, const SightNote *note, const char *name, const char *value, GError **error) {
  const SightAnnotation *of = note->annotation;
  g_autoptr(SightAnnotation) part = sight_annotation_new(of->endpoint, of->session, "part", -1, value);
  g_autoptr(GPtrArray) all = sight_annotation_table_list(db, of->endpoint, of->session, error);

  if (all == NULL)
    return FALSE;
  g_free(part->id);
  part->id = g_strdup_printf("%s_%s", of->id, name);
  if (!sight_id_is_valid(part->id)) {
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _("The id “%s” is too long to be changed."), of->id);
    return FALSE;
  }
  for (guint i = 0; i < all->len; i++) {
    const SightAnnotation *there = g_ptr_array_index(all, i);
    if (g_str_equal(there->id, part->id))
      part->updated_ms = MAX(part->updated_ms, there->updated_ms + 1);
  }
  return put(db, part, error);
}

gboolean sight_note_table_set(SightDb *db, const SightNote *note, SightNoteField field, const char *value,
                              GError **error) {
  if (field != SIGHT_NOTE_TEXT)
    return set_part(db, note, field_names[field], value, error);
  g_autoptr(SightAnnotation) changed = sight_annotation_copy(note->annotation);
  g_free(changed->body);
  changed->body = g_strdup(value);
  changed->updated_ms = MAX(g_get_real_time() / 1000, changed->updated_ms + 1);
  return put(db, changed, error);
}

gboolean sight_note_table_remove(SightDb *db, const SightAnnotation *annotation, GError **error) {
  g_autoptr(SightAnnotation) gone = sight_annotation_copy(annotation);

  gone->deleted = TRUE;
  gone->updated_ms = MAX(g_get_real_time() / 1000, gone->updated_ms + 1);
  return put(db, gone, error);
}

SightAnnotation *sight_note_table_reply(SightDb *db, const SightNote *note, const char *text, GError **error) {
  const SightAnnotation *of = note->annotation;
  g_autoptr(SightAnnotation) reply = sight_annotation_new(of->endpoint, of->session, "reply", -1, text);
  g_autofree char *own = g_steal_pointer(&reply->id);

  reply->id = g_strdup_printf("%s_%s", of->id, own);
  if (!sight_id_is_valid(reply->id)) {
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _("The id “%s” is too long to be answered."), of->id);
    return NULL;
  }
  return put(db, reply, error) ? g_steal_pointer(&reply) : NULL;
}

/* Colours */

static gboolean is_colour(const char *pair) {
  const char *hash = strrchr(pair, '=');

  if (!g_utf8_validate(pair, -1, NULL) || hash == NULL || hash == pair ||
      g_utf8_strlen(pair, hash - pair) > SIGHT_COLOUR_NAME_CHARS || strlen(hash) != 8 || hash[1] != '#' ||
      memchr(pair, '=', (gsize)(hash - pair)) != NULL)
    return FALSE;
  return strspn(hash + 2, "0123456789abcdefABCDEF") == 6 && strpbrk(pair, "\r\n\t") == NULL;
}

static SightAnnotation *find_colours(SightDb *db, gint64 endpoint, GError **error) {
  g_autoptr(GPtrArray) all = sight_annotation_table_list(db, endpoint, NULL, error);

  for (guint i = 0; all != NULL && i < all->len; i++) {
    const SightAnnotation *annotation = g_ptr_array_index(all, i);
    if (g_str_equal(annotation->kind, "colours") && g_str_equal(annotation->id, COLOURS_ID))
      return sight_annotation_copy(annotation);
  }
  return NULL;
}

char **sight_note_table_colours(SightDb *db, gint64 endpoint, GError **error) {
  g_autoptr(GError) local = NULL;
  g_autoptr(SightAnnotation) there = find_colours(db, endpoint, &local);
  g_autoptr(GStrvBuilder) known = g_strv_builder_new();

  if (local != NULL) {
    g_propagate_error(error, g_steal_pointer(&local));
    return NULL;
  }
  if (there == NULL)
    return g_strdupv((char **)our_colours);
  /* A teammate's version is not believed as it stands. */
  g_auto(GStrv) tainted_lines = g_strsplit(there->body, "\n", MAX_COLOURS + 1);
  for (guint i = 0; tainted_lines[i] != NULL; i++) {
    if (is_colour(tainted_lines[i]))
      g_strv_builder_add(known, tainted_lines[i]);
  }
  return g_strv_builder_end(known);
}

gboolean sight_note_table_set_colours(SightDb *db, gint64 endpoint, const char *const *colours, GError **error) {
  for (guint i = 0; colours[i] != NULL; i++) {
    if (i < MAX_COLOURS && is_colour(colours[i]))
      continue;
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                _("“%s” is no colour: write name=#rrggbb, and at most %d of them."), colours[i], MAX_COLOURS);
    return FALSE;
  }
  g_autoptr(GError) local = NULL;
  g_autoptr(SightAnnotation) there = find_colours(db, endpoint, &local);
  g_autofree char *body = g_strjoinv("\n", (char **)colours);
  g_autoptr(SightAnnotation) annotation = sight_annotation_new(endpoint, NULL, "colours", -1, body);

  if (local != NULL) {
    g_propagate_error(error, g_steal_pointer(&local));
    return FALSE;
  }
  g_free(annotation->id);
  annotation->id = g_strdup(COLOURS_ID);
  if (there != NULL)
    annotation->updated_ms = MAX(annotation->updated_ms, there->updated_ms + 1);
  return put(db, annotation, error);
}

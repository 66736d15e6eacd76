/* SPDX-License-Identifier: MIT */
/* Writing and reading annotations. */
#include "sight-annotation-json.h"

#include "sight-limits.h"
#include "sight-text.h"

#include <string.h>

/* "log-", a chain of 22 characters, "-", a number of 10 digits. */
#define LOG_ID_CHARS 37

void sight_annotation_write(SightJsonWriter *w, const SightAnnotation *annotation) {
  sight_json_begin_object(w);
  sight_json_member_string(w, "id", annotation->id);
  sight_json_member_string(w, "session", annotation->session);
  sight_json_member_string(w, "kind", annotation->kind);
  sight_json_member_int(w, "at", annotation->at_ms);
  sight_json_member_string(w, "body", annotation->body);
  sight_json_member_string(w, "author", annotation->author);
  sight_json_member_int(w, "created_at", annotation->created_ms);
  sight_json_member_int(w, "updated_at", annotation->updated_ms);
  sight_json_member_bool(w, "deleted", annotation->deleted);
  sight_json_end_object(w);
}

/* Whole strings only: what holds a NUL would be stored cut. */
static gboolean read_text(SightJson tainted_json, const char *member, gsize max_bytes, char **text) {
  gsize bytes = 0;
  const char *tainted_text = sight_json_string(sight_json_get(tainted_json, member), &bytes);
  if (tainted_text == NULL || bytes > max_bytes || strlen(tainted_text) != bytes)
    return FALSE;
  *text = g_strdup(tainted_text);
  return TRUE;
}

static gboolean read_time(SightJson tainted_json, const char *member, gint64 min, gint64 *ms) {
  *ms = sight_json_int(sight_json_get(tainted_json, member), min - 1);
  if (*ms < min)
    return FALSE;
  *ms = MIN(*ms, SIGHT_WIRE_TIME_MAX_MS);
  return TRUE;
}

static gboolean read_id(SightJson tainted_json, const char *wanted, char **id) {
  if (sight_json_type(sight_json_get(tainted_json, "id")) == SIGHT_JSON_ABSENT && wanted != NULL)
    *id = g_strdup(wanted);
  else if (!read_text(tainted_json, "id", SIGHT_WIRE_REST_BYTES, id))
    return FALSE;
  return sight_id_is_valid(*id) && (wanted == NULL || g_str_equal(*id, wanted));
}

static gboolean read_kind(SightJson tainted_json, char **kind) {
  const char *const kinds[] = {"tag", "note", "settings", "problem", "log", "part", "reply", "colours", NULL};
  return read_text(tainted_json, "kind", SIGHT_WIRE_REST_BYTES, kind) && g_strv_contains(kinds, *kind);
}

/* Settings and what is said of problems are of the project, everything else is of a session. */
static gboolean read_session(SightJson tainted_json, gboolean of_project, char **session) {
  SightJsonType type = sight_json_type(sight_json_get(tainted_json, "session"));
  if (of_project)
    return type == SIGHT_JSON_ABSENT || type == SIGHT_JSON_NULL;
  return read_text(tainted_json, "session", SIGHT_WIRE_REST_BYTES, session) && sight_id_is_valid(*session);
}

static const char *read_members(SightJson tainted_json, const char *id, SightAnnotation *annotation) {
  if (!read_id(tainted_json, id, &annotation->id))
    return "id";
  if (!read_kind(tainted_json, &annotation->kind))
    return "kind";
  gboolean is_line = g_str_equal(annotation->kind, "log");
  /* Nothing else is taken under the id of a line. */
  if (is_line != (g_str_has_prefix(annotation->id, "log-") && strlen(annotation->id) == LOG_ID_CHARS))
    return "id";
  const char *const of_projects[] = {"settings", "problem", "colours", "log", NULL};
  gboolean of_project = g_strv_contains(of_projects, annotation->kind);
  if (!read_session(tainted_json, of_project, &annotation->session))
    return "session";
  annotation->at_ms = is_line ? SIGHT_ANNOTATION_AT_LOG : -1;
  if (!of_project && !read_time(tainted_json, "at", -1, &annotation->at_ms))
    return "at";
  if (!read_text(tainted_json, "body", SIGHT_WIRE_BODY_BYTES, &annotation->body))
    return "body";
  if (!read_time(tainted_json, "created_at", 0, &annotation->created_ms))
    return "created_at";
  if (!read_time(tainted_json, "updated_at", 0, &annotation->updated_ms))
    return "updated_at";
  const char *author = sight_json_string(sight_json_get(tainted_json, "author"), NULL);
  annotation->author = sight_text_excerpt(author != NULL ? author : "", -1, SIGHT_WIRE_AUTHOR_CHARS);
  annotation->deleted = sight_json_bool(sight_json_get(tainted_json, "deleted"), FALSE);
  if (annotation->deleted && is_line)
    return "deleted";
  return NULL;
}

SightAnnotation *sight_annotation_read(SightJson tainted_json, const char *id, const char **wrong) {
  g_autoptr(SightAnnotation) annotation = g_new0(SightAnnotation, 1);
  *wrong = sight_json_type(tainted_json) == SIGHT_JSON_OBJECT ? read_members(tainted_json, id, annotation) : "body";
  return *wrong == NULL ? g_steal_pointer(&annotation) : NULL;
}

/* SPDX-License-Identifier: MIT */
/* Marks of problems as annotations:
 * {"state":"filed","issue":…,"tracker":…,"closed":MS,"release":…,"same":…,"users":12}. */
#include "sight-problem-mark.h"

#include "sight-annotation-table.h"
#include "sight-hash.h"
#include "sight-json-writer.h"
#include "sight-json.h"
#include "sight-text.h"

#include <string.h>

#define TEXT_CHARS 500

static const char *const names[SIGHT_N_PROBLEM_STATES] = {"new", "filed", "fixed", "verified", "regressed", "ignored"};

const char *sight_problem_state_name(SightProblemState state) {
  return names[state];
}

int sight_problem_state_from_name(const char *name) {
  for (int i = 0; i < SIGHT_N_PROBLEM_STATES; i++) {
    if (g_strcmp0(name, names[i]) == 0)
      return i;
  }
  return -1;
}

void sight_problem_mark_free(SightProblemMark *mark) {
  if (mark == NULL)
    return;
  g_free(mark->issue);
  g_free(mark->tracker);
  g_free(mark->release);
  g_free(mark->same_as);
  g_free(mark->author);
  g_free(mark);
}

SightProblemMark *sight_problem_mark_copy(const SightProblemMark *mark) {
  SightProblemMark *copy = g_memdup2(mark, sizeof *mark);

  copy->issue = g_strdup(mark->issue);
  copy->tracker = g_strdup(mark->tracker);
  copy->release = g_strdup(mark->release);
  copy->same_as = g_strdup(mark->same_as);
  copy->author = g_strdup(mark->author);
  return copy;
}

static void mark_free(gpointer data) {
  sight_problem_mark_free(data);
}

static char *text_of(SightJson tainted_json, const char *member) {
  const char *text = sight_json_string(sight_json_get(tainted_json, member), NULL);

  return text != NULL && text[0] != '\0' ? sight_text_excerpt(text, -1, TEXT_CHARS) : NULL;
}

/* NULL where the body is none; what is wrong in it is left out. */
static SightProblemMark *read_mark(const SightAnnotation *annotation) {
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  SightJson body = {0};

  if (!sight_json_parser_parse(parser, annotation->body, strlen(annotation->body), &body, NULL))
    return NULL;
  SightProblemMark *mark = g_new0(SightProblemMark, 1);
  int state = sight_problem_state_from_name(sight_json_string(sight_json_get(body, "state"), NULL));
  mark->state = state >= 0 ? (SightProblemState)state : SIGHT_PROBLEM_NEW;
  mark->issue = text_of(body, "issue");
  mark->tracker = text_of(body, "tracker");
  mark->closed_ms = MAX(sight_json_int(sight_json_get(body, "closed"), 0), 0);
  mark->release = text_of(body, "release");
  mark->same_as = text_of(body, "same");
  mark->n_users = MAX(sight_json_int(sight_json_get(body, "users"), 0), 0);
  mark->author = g_strdup(annotation->author);
  mark->changed_ms = annotation->updated_ms;
  return mark;
}

GHashTable *sight_problem_marks_read(SightDb *db, gint64 endpoint, GError **error) {
  g_autoptr(GHashTable) marks = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, mark_free);
  g_autoptr(GPtrArray) annotations = sight_annotation_table_list(db, endpoint, NULL, error);

  for (guint i = 0; annotations != NULL && i < annotations->len; i++) {
    const SightAnnotation *annotation = annotations->pdata[i];
    if (!g_str_equal(annotation->kind, "problem") || !g_str_has_prefix(annotation->id, SIGHT_ANNOTATION_PROBLEM_ID))
      continue;
    SightProblemMark *mark = read_mark(annotation);
    if (mark != NULL)
      g_hash_table_replace(marks, g_strdup(annotation->id + strlen(SIGHT_ANNOTATION_PROBLEM_ID)), mark);
  }
  return annotations != NULL ? g_steal_pointer(&marks) : NULL;
}

static void put_text(SightJsonWriter *w, const char *member, const char *text) {
  if (text != NULL)
    sight_json_member_string(w, member, text);
}

gboolean sight_problem_mark_write(SightDb *db, gint64 endpoint, const char *problem, const SightProblemMark *mark,
                                  GError **error) {
  g_autoptr(GString) body = g_string_new(NULL);
  SightJsonWriter w = {.out = body};

  sight_json_begin_object(&w);
  sight_json_member_string(&w, "state", names[mark->state]);
  put_text(&w, "issue", mark->issue);
  put_text(&w, "tracker", mark->tracker);
  if (mark->closed_ms > 0)
    sight_json_member_int(&w, "closed", mark->closed_ms);
  put_text(&w, "release", mark->release);
  put_text(&w, "same", mark->same_as);
  sight_json_member_int(&w, "users", mark->n_users);
  sight_json_end_object(&w);
  return sight_annotation_table_put_problem(db, endpoint, problem, body->str, error);
}

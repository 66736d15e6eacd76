/* SPDX-License-Identifier: MIT */
/* Marks of problems as annotations, a field each: {"state":"filed","users":12,"since":MS}, {"issue":…,"tracker":…},
 * {"issue":…,"closed":MS}, {"release":…}, {"same":…}; before: all members in one. */
#include "sight-problem-mark.h"

#include "sight-annotation-table.h"
#include "sight-hash.h"
#include "sight-json-writer.h"
#include "sight-json.h"
#include "sight-library.h"
#include "sight-session-facts.h"
#include "sight-text.h"

#include <string.h>

#define TEXT_CHARS 500

/* As in SightProblemSaid. */
static const char *const fields[SIGHT_N_PROBLEM_FIELDS] = {"state", "issue", "closed", "release", "same"};

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

/* What is read of one problem. */
typedef struct {
  SightProblemMark *mark;
  gint64 said_ms[SIGHT_N_PROBLEM_FIELDS];
  char *closed; /* the issue that was closed */
} Reading;

static void reading_free(gpointer data) {
  Reading *reading = data;

  sight_problem_mark_free(reading->mark);
  g_free(reading->closed);
  g_free(reading);
}

static gint64 number_of(SightJson tainted_json, const char *member) {
  return MAX(sight_json_int(sight_json_get(tainted_json, member), 0), 0);
}

static void take_text(char **text, SightJson tainted_json, const char *member) {
  g_free(*text);
  *text = text_of(tainted_json, member);
}

/* What is wrong in it is left out. */
static void take_field(Reading *reading, SightProblemSaid field, SightJson body, gint64 said_ms) {
  SightProblemMark *mark = reading->mark;

  switch (field) {
  case SIGHT_PROBLEM_SAYS_STATE: {
    int state = sight_problem_state_from_name(sight_json_string(sight_json_get(body, "state"), NULL));
    gint64 since_ms = number_of(body, "since"), closed_ms = number_of(body, "closed");
    mark->state = state >= 0 ? (SightProblemState)state : SIGHT_PROBLEM_NEW;
    mark->state_ms = said_ms;
    mark->since_ms = since_ms > 0 ? since_ms : closed_ms > 0 ? closed_ms : said_ms;
    mark->n_users = number_of(body, "users");
    break;
  }
  case SIGHT_PROBLEM_SAYS_ISSUE:
    take_text(&mark->issue, body, "issue");
    take_text(&mark->tracker, body, "tracker");
    break;
  case SIGHT_PROBLEM_SAYS_CLOSED:
    mark->closed_ms = number_of(body, "closed");
    take_text(&reading->closed, body, "issue");
    break;
  case SIGHT_PROBLEM_SAYS_RELEASE:
    take_text(&mark->release, body, "release");
    break;
  case SIGHT_PROBLEM_SAYS_SAME:
    take_text(&mark->same_as, body, "same");
    break;
  default:
    break;
  }
}

/* `field`: of SightProblemSaid; 0: all in one. */
static void take_body(Reading *reading, guint field, const SightAnnotation *annotation) {
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  SightJson body = {0};

  if (!sight_json_parser_parse(parser, annotation->body, strlen(annotation->body), &body, NULL))
    return;
  for (guint i = 0; i < SIGHT_N_PROBLEM_FIELDS; i++) {
    guint one = 1U << i;
    if ((field != 0 && field != one) || annotation->updated_ms < reading->said_ms[i])
      continue;
    reading->said_ms[i] = annotation->updated_ms;
    take_field(reading, (SightProblemSaid)one, body, annotation->updated_ms);
  }
  if (annotation->updated_ms < reading->mark->changed_ms)
    return;
  g_free(reading->mark->author);
  reading->mark->author = g_strdup(annotation->author);
  reading->mark->changed_ms = annotation->updated_ms;
}

/* Which field an id says, as in SightProblemSaid; 0: all. `*problem` gets the id of the problem, the caller's. */
static guint field_of(const char *id, char **problem) {
  const char *end = strrchr(id, '_');

  for (guint i = 0; end != NULL && i < SIGHT_N_PROBLEM_FIELDS; i++) {
    if (!g_str_equal(end + 1, fields[i]))
      continue;
    *problem = g_strndup(id, (gsize)(end - id));
    return 1U << i;
  }
  *problem = g_strdup(id);
  return 0;
}

static void take_annotation(GHashTable *readings, const SightAnnotation *annotation) {
  g_autofree char *problem = NULL;

  if (!g_str_equal(annotation->kind, "problem") || !g_str_has_prefix(annotation->id, SIGHT_ANNOTATION_PROBLEM_ID))
    return;
  guint field = field_of(annotation->id + strlen(SIGHT_ANNOTATION_PROBLEM_ID), &problem);
  Reading *reading = g_hash_table_lookup(readings, problem);
  if (reading == NULL) {
    reading = g_new0(Reading, 1);
    reading->mark = g_new0(SightProblemMark, 1);
    g_hash_table_insert(readings, g_steal_pointer(&problem), reading);
  }
  take_body(reading, field, annotation);
}

GHashTable *sight_problem_marks_read(SightDb *db, gint64 endpoint, GError **error) {
  g_autoptr(GHashTable) marks = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, mark_free);
  g_autoptr(GHashTable) readings = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, reading_free);
  g_autoptr(GPtrArray) annotations = sight_annotation_table_list(db, endpoint, NULL, error);
  GHashTableIter iter;
  gpointer problem = NULL, data = NULL;

  for (guint i = 0; annotations != NULL && i < annotations->len; i++)
    take_annotation(readings, annotations->pdata[i]);
  g_hash_table_iter_init(&iter, readings);
  while (g_hash_table_iter_next(&iter, &problem, &data)) {
    Reading *reading = data;
    if (g_strcmp0(reading->closed, reading->mark->issue) != 0)
      reading->mark->closed_ms = 0;
    if (reading->mark->changed_ms > 0)
      g_hash_table_insert(marks, g_strdup(problem), g_steal_pointer(&reading->mark));
  }
  return annotations != NULL ? g_steal_pointer(&marks) : NULL;
}

gint64 sight_problem_mark_users(SightDb *db, gint64 endpoint, const char *filter, GError **error) {
  const SightSessionFacts *facts = sight_session_facts(db, error);
  g_autoptr(SightSet) sessions = facts != NULL ? sight_library_sessions(db, filter, endpoint, error) : NULL;
  g_autoptr(GArray) rows = sessions != NULL ? sight_set_rows(sessions) : NULL;
  g_autofree gboolean *seen = rows != NULL ? g_new0(gboolean, facts->n_users + 1) : NULL;
  gint64 n = rows != NULL ? 0 : -1;

  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    guint32 user = sight_session_facts_user(facts, g_array_index(rows, gint64, i));
    n += user == 0 || !seen[user];
    seen[user] = TRUE;
  }
  return n;
}

static void put_text(SightJsonWriter *w, const char *member, const char *text) {
  if (text != NULL)
    sight_json_member_string(w, member, text);
}

static void put_time(SightJsonWriter *w, const char *member, gint64 time_ms) {
  if (time_ms > 0)
    sight_json_member_int(w, member, time_ms);
}

static char *body_of(SightProblemSaid field, const SightProblemMark *mark) {
  g_autoptr(GString) body = g_string_new(NULL);
  SightJsonWriter w = {.out = body};

  sight_json_begin_object(&w);
  switch (field) {
  case SIGHT_PROBLEM_SAYS_STATE:
    sight_json_member_string(&w, "state", names[mark->state]);
    sight_json_member_int(&w, "users", mark->n_users);
    put_time(&w, "since", mark->since_ms);
    break;
  case SIGHT_PROBLEM_SAYS_ISSUE:
    put_text(&w, "issue", mark->issue);
    put_text(&w, "tracker", mark->tracker);
    break;
  case SIGHT_PROBLEM_SAYS_CLOSED:
    put_text(&w, "issue", mark->issue);
    put_time(&w, "closed", mark->closed_ms);
    break;
  case SIGHT_PROBLEM_SAYS_RELEASE:
    put_text(&w, "release", mark->release);
    break;
  case SIGHT_PROBLEM_SAYS_SAME:
    put_text(&w, "same", mark->same_as);
    break;
  default:
    break;
  }
  sight_json_end_object(&w);
  return g_string_free(g_steal_pointer(&body), FALSE);
}

gboolean sight_problem_mark_write(SightDb *db, gint64 endpoint, const char *problem, const SightProblemMark *mark,
                                  guint said, GError **error) {
  for (guint i = 0; i < SIGHT_N_PROBLEM_FIELDS; i++) {
    SightProblemSaid field = (SightProblemSaid)(1U << i);
    g_autofree char *body = (said & field) != 0 ? body_of(field, mark) : NULL;
    if (body != NULL && !sight_annotation_table_put_problem(db, endpoint, problem, fields[i], body, error))
      return FALSE;
  }
  return TRUE;
}

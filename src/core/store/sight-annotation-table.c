/* SPDX-License-Identifier: MIT */
/* Annotations: tags, notes and project settings. */
#include "sight-annotation-table.h"

#include "sight-change-table.h"
#include "sight-db.h"
#include "sight-hash.h"
#include "sight-kept-table.h"
#include "sight-log-table.h"
#include "sight-session-row.h"
#include "sight-text-table.h"
#include "sight-text.h"
#include "sight-unread-table.h"

/* The settings of a project are one annotation, whoever writes them. */
#define SETTINGS_ID "settings"
/* Later times are none; the next millisecond after them still fits. */
#define MAX_TIME_MS (G_GINT64_CONSTANT(1) << 60)

char *sight_annotation_own_author(void) {
  const char *real_name = g_get_real_name();

  return g_strdup(g_str_equal(real_name, "Unknown") ? g_get_user_name() : real_name);
}

SightAnnotation *sight_annotation_new(gint64 endpoint, const char *session, const char *kind, gint64 at_ms,
                                      const char *body) {
  SightAnnotation *annotation = g_new0(SightAnnotation, 1);

  annotation->id = sight_id_new();
  annotation->endpoint = endpoint;
  annotation->session = g_strdup(session);
  annotation->kind = g_strdup(kind);
  annotation->at_ms = at_ms;
  annotation->body = g_strdup(body);
  annotation->author = sight_annotation_own_author();
  annotation->created_ms = annotation->updated_ms = sight_db_now_ms();
  return annotation;
}

static SightAnnotation *from_row(SightStatement *statement) {
  SightAnnotation *annotation = g_new0(SightAnnotation, 1);

  annotation->endpoint = sight_statement_int(statement, 0);
  annotation->id = sight_statement_dup_text(statement, 1);
  annotation->session = sight_statement_dup_text(statement, 2);
  annotation->kind = sight_statement_dup_text(statement, 3);
  annotation->at_ms = sight_statement_int(statement, 4);
  annotation->body = sight_statement_dup_text(statement, 5);
  annotation->author = sight_statement_dup_text(statement, 6);
  annotation->created_ms = sight_statement_int(statement, 7);
  /* Some older stores hold what cannot be reckoned with. */
  annotation->updated_ms = MIN(sight_statement_int(statement, 8), MAX_TIME_MS);
  annotation->deleted = sight_statement_int(statement, 9) != 0;
  return annotation;
}

static SightStatement *of_endpoint(SightDb *db, SightSql sql, gint64 endpoint, const char *text, GError **error) {
  SightStatement *statement = sight_db_statement(db, sql, error);

  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 1, endpoint);
  if (text != NULL)
    sight_statement_bind_text(statement, 2, text);
  return statement;
}

/* What stands there under the id; NULL without error where nothing does. */
static SightAnnotation *find(SightDb *db, gint64 endpoint, const char *id, gboolean *unpushed, GError **error) {
  g_autoptr(SightStatement) statement = of_endpoint(db, SIGHT_SQL_ANNOTATION_GET, endpoint, id, error);

  if (statement == NULL || sight_statement_step(statement, error) != SIGHT_STEP_ROW)
    return NULL;
  *unpushed = sight_statement_int(statement, 11) != 0;
  return from_row(statement);
}

static gboolean is_news(SightAnnotation *annotation, const SightAnnotation *there, gboolean unpushed,
                        SightAnnotationFrom from) {
  /* Lines of the log are written once. */
  if (sight_log_id_read(annotation->id, NULL, NULL))
    return there == NULL;
  if (from == SIGHT_ANNOTATION_OF_WORKSTATION)
    return sight_annotation_is_news(annotation, there, sight_db_now_ms());
  if (there == NULL)
    return TRUE;
  if (from == SIGHT_ANNOTATION_OF_ENDPOINT && !unpushed)
    return annotation->updated_ms != there->updated_ms || !sight_annotation_is_same(annotation, there);
  return sight_annotation_is_newer(annotation, there);
}

static gboolean store(SightDb *db, const SightAnnotation *annotation, gboolean unpushed, GError **error) {
  g_autoptr(SightStatement) statement =
      of_endpoint(db, SIGHT_SQL_ANNOTATION_PUT, annotation->endpoint, annotation->id, error);
  gint64 revision = statement != NULL ? sight_db_next_revision(db, error) : -1;

  if (revision < 0)
    return FALSE;
  sight_statement_bind_text(statement, 3, annotation->session);
  sight_statement_bind_text(statement, 4, annotation->kind);
  sight_statement_bind_int(statement, 5, annotation->at_ms);
  sight_statement_bind_text(statement, 6, annotation->body);
  sight_statement_bind_text(statement, 7, annotation->author != NULL ? annotation->author : "");
  sight_statement_bind_int(statement, 8, annotation->created_ms);
  sight_statement_bind_int(statement, 9, annotation->updated_ms);
  sight_statement_bind_int(statement, 10, annotation->deleted);
  sight_statement_bind_int(statement, 11, revision);
  sight_statement_bind_int(statement, 12, unpushed);
  return sight_statement_run(statement, error);
}

/* `searched`: also what it can be searched for. */
static gboolean mark_session(SightDb *db, gint64 endpoint, const char *session, gboolean searched, GError **error) {
  gint64 row = session != NULL ? sight_session_row_find(db, endpoint, session, error) : 0;
  g_autoptr(SightStatement) statement =
      row > 0 ? of_endpoint(db, SIGHT_SQL_ANNOTATION_HAS_TAG, endpoint, session, error) : NULL;
  gint64 tagged = 0;
  int unread = row > 0 ? sight_unread_table_has(db, endpoint, session, error) : 0;

  if (unread < 0)
    return FALSE;
  if (row == 0)
    return TRUE;
  if (statement == NULL || !sight_statement_run_int(statement, &tagged, 0, error))
    return FALSE;
  guint32 set = (tagged ? SIGHT_SESSION_TAGGED : 0) | (unread ? SIGHT_SESSION_UNREAD : 0);
  return sight_session_row_set_flags(db, row, (SIGHT_SESSION_TAGGED | SIGHT_SESSION_UNREAD) & ~set, set, error) &&
         (!searched || (sight_text_table_update(db, row, error) && sight_kept_table_update(db, row, error)));
}

/* Its session is still to be marked where it was changed. */
static gboolean put_alone(SightDb *db, SightAnnotation *annotation, SightAnnotationFrom from, gboolean *changed,
                          GError **error) {
  gboolean erased = FALSE, unpushed = FALSE;
  g_autoptr(GError) failure = NULL;

  *changed = FALSE;
  if (annotation->session != NULL &&
      !sight_change_table_is_erased(db, annotation->endpoint, annotation->session, &erased, error))
    return FALSE;
  g_autoptr(SightAnnotation) there = find(db, annotation->endpoint, annotation->id, &unpushed, &failure);
  if (failure != NULL) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  gboolean news = !erased && is_news(annotation, there, unpushed, from);
  if (!news && there != NULL)
    annotation->updated_ms = there->updated_ms;
  if (!news && there != NULL && !g_str_equal(there->body, annotation->body) &&
      sight_log_id_read(annotation->id, NULL, NULL))
    return sight_log_table_take(db, annotation, TRUE, error);
  *changed = news;
  return !news ||
         (store(db, annotation, from == SIGHT_ANNOTATION_MADE_HERE, error) &&
          (from != SIGHT_ANNOTATION_OF_ENDPOINT || sight_unread_table_take(db, annotation, there == NULL, error)) &&
          sight_log_table_take(db, annotation, FALSE, error));
}

gboolean sight_annotation_table_put(SightDb *db, SightAnnotation *annotation, SightAnnotationFrom from,
                                    gboolean *changed, GError **error) {
  gboolean news = FALSE, ok = put_alone(db, annotation, from, &news, error);

  if (changed != NULL)
    *changed = news;
  /* Nobody searches in a collector. */
  gboolean searched = from != SIGHT_ANNOTATION_OF_WORKSTATION;
  return ok && (!news || mark_session(db, annotation->endpoint, annotation->session, searched, error));
}

gboolean sight_annotation_table_put_all(SightDb *db, GPtrArray *annotations, SightAnnotationFrom from, guint *n_changed,
                                        GError **error) {
  g_autoptr(GHashTable) sessions = g_hash_table_new(sight_hash_text, g_str_equal);
  gpointer session = NULL, newest = NULL;
  GHashTableIter it;

  *n_changed = 0;
  for (guint i = 0; i < annotations->len; i++) {
    SightAnnotation *annotation = annotations->pdata[i];
    gboolean news = FALSE;
    if (!put_alone(db, annotation, from, &news, error))
      return FALSE;
    *n_changed += news ? 1 : 0;
    if (news && annotation->session != NULL)
      g_hash_table_insert(sessions, annotation->session, annotation);
  }
  g_hash_table_iter_init(&it, sessions);
  while (g_hash_table_iter_next(&it, &session, &newest)) {
    if (!mark_session(db, ((SightAnnotation *)newest)->endpoint, session, TRUE, error))
      return FALSE;
  }
  return TRUE;
}

static GPtrArray *collect(SightStatement *statement, GError **error) {
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)sight_annotation_free);
  SightStep step = SIGHT_STEP_FAILED;

  while (statement != NULL && (step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW)
    g_ptr_array_add(list, from_row(statement));
  return step == SIGHT_STEP_DONE ? g_steal_pointer(&list) : NULL;
}

GPtrArray *sight_annotation_table_list(SightDb *db, gint64 endpoint, const char *session, GError **error) {
  g_autoptr(SightStatement) statement = of_endpoint(db, SIGHT_SQL_ANNOTATION_LIST, endpoint, session, error);

  return collect(statement, error);
}

GPtrArray *sight_annotation_table_list_all(SightDb *db, gint64 endpoint, const char *session, GError **error) {
  g_autoptr(SightStatement) statement = of_endpoint(db, SIGHT_SQL_ANNOTATION_LIST_ALL, endpoint, session, error);

  return collect(statement, error);
}

GPtrArray *sight_annotation_table_unpushed(SightDb *db, gint64 endpoint, GError **error) {
  g_autoptr(SightStatement) statement = of_endpoint(db, SIGHT_SQL_ANNOTATION_UNPUSHED, endpoint, NULL, error);

  return collect(statement, error);
}

gboolean sight_annotation_table_set_pushed(SightDb *db, gint64 endpoint, const char *id, gint64 updated_ms,
                                           gint64 stored_ms, GError **error) {
  g_autoptr(SightStatement) statement = of_endpoint(db, SIGHT_SQL_ANNOTATION_SET_PUSHED, endpoint, id, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 3, updated_ms);
  sight_statement_bind_int(statement, 4, stored_ms);
  return sight_statement_run(statement, error);
}

gboolean sight_annotation_table_push_again(SightDb *db, gint64 endpoint, GError **error) {
  g_autoptr(SightStatement) statement = of_endpoint(db, SIGHT_SQL_ANNOTATION_PUSH_AGAIN, endpoint, NULL, error);

  return statement != NULL && sight_statement_run(statement, error);
}

gboolean sight_annotation_table_each_changed(SightDb *db, gint64 endpoint, gint64 after_revision,
                                             SightAnnotationFunc func, gpointer user_data, GError **error) {
  g_autoptr(SightStatement) statement = of_endpoint(db, SIGHT_SQL_ANNOTATION_CHANGED, endpoint, NULL, error);
  SightStep step = SIGHT_STEP_FAILED;

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 2, after_revision);
  while ((step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    g_autoptr(SightAnnotation) annotation = from_row(statement);
    if (!func(annotation, sight_statement_int(statement, 10), user_data))
      return TRUE;
  }
  return step == SIGHT_STEP_DONE;
}

char *sight_annotation_table_settings(SightDb *db, gint64 endpoint, GError **error) {
  g_autoptr(SightStatement) statement = of_endpoint(db, SIGHT_SQL_SETTINGS_GET, endpoint, NULL, error);

  if (statement == NULL || sight_statement_step(statement, error) != SIGHT_STEP_ROW)
    return NULL;
  return sight_statement_dup_text(statement, 0);
}

/* The time of what stands there under the id; 0: nothing does. -1 on error. */
static gint64 time_of(SightDb *db, gint64 endpoint, const char *id, GError **error) {
  gboolean unpushed = FALSE;
  g_autoptr(GError) failure = NULL;
  g_autoptr(SightAnnotation) there = find(db, endpoint, id, &unpushed, &failure);

  if (failure == NULL)
    return there != NULL ? there->updated_ms : 0;
  g_propagate_error(error, g_steal_pointer(&failure));
  return -1;
}

/* One of the project that has the same id whoever writes it; newer than what stands there, and under `before` (may be
 * NULL). */
static gboolean put_of_project(SightDb *db, gint64 endpoint, const char *kind, const char *id, const char *before,
                               const char *json, GError **error) {
  g_autoptr(SightAnnotation) annotation = sight_annotation_new(endpoint, NULL, kind, -1, json);
  gint64 there_ms = time_of(db, endpoint, id, error);
  gint64 before_ms = there_ms >= 0 && before != NULL ? time_of(db, endpoint, before, error) : 0;

  if (there_ms < 0 || before_ms < 0)
    return FALSE;
  g_free(annotation->id);
  annotation->id = g_strdup(id);
  /* Also after a version whose clock was ahead of ours. */
  annotation->updated_ms = MAX(annotation->updated_ms, MAX(there_ms, before_ms) + 1);
  return sight_annotation_table_put(db, annotation, SIGHT_ANNOTATION_MADE_HERE, NULL, error);
}

gboolean sight_annotation_table_put_settings(SightDb *db, gint64 endpoint, const char *json, GError **error) {
  return put_of_project(db, endpoint, "settings", SETTINGS_ID, NULL, json, error);
}

gboolean sight_annotation_table_put_problem(SightDb *db, gint64 endpoint, const char *problem, const char *field,
                                            const char *json, GError **error) {
  g_autofree char *before = g_strconcat(SIGHT_ANNOTATION_PROBLEM_ID, problem, NULL);
  g_autofree char *id = g_strconcat(before, "_", field, NULL);

  return put_of_project(db, endpoint, "problem", id, before, json, error);
}

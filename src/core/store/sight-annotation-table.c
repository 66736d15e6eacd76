/* SPDX-License-Identifier: MIT */
/* Annotations: tags, notes and project settings. */
#include "sight-annotation-table.h"

#include "sight-change-table.h"
#include "sight-db.h"
#include "sight-session-row.h"
#include "sight-text-table.h"
#include "sight-text.h"

#include <string.h>

/* The settings of a project are one annotation, whoever writes them. */
#define SETTINGS_ID "settings"

SightAnnotation *sight_annotation_new(gint64 endpoint, const char *session, const char *kind, gint64 at_ms,
                                      const char *body) {
  SightAnnotation *annotation = g_new0(SightAnnotation, 1);
  const char *real_name = g_get_real_name();

  annotation->id = sight_id_new();
  annotation->endpoint = endpoint;
  annotation->session = g_strdup(session);
  annotation->kind = g_strdup(kind);
  annotation->at_ms = at_ms;
  annotation->body = g_strdup(body);
  annotation->author = g_strdup(g_str_equal(real_name, "Unknown") ? g_get_user_name() : real_name);
  annotation->created_ms = annotation->updated_ms = sight_db_now_ms();
  return annotation;
}

void sight_annotation_free(SightAnnotation *annotation) {
  if (annotation == NULL)
    return;
  g_free(annotation->id);
  g_free(annotation->session);
  g_free(annotation->kind);
  g_free(annotation->body);
  g_free(annotation->author);
  g_free(annotation);
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
  annotation->updated_ms = sight_statement_int(statement, 8);
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

static gboolean is_news(SightDb *db, const SightAnnotation *annotation, gboolean *news, GError **error) {
  g_autoptr(SightStatement) statement =
      of_endpoint(db, SIGHT_SQL_ANNOTATION_VERSION, annotation->endpoint, annotation->id, error);
  gboolean erased = FALSE;

  if (statement == NULL)
    return FALSE;
  if (annotation->session != NULL &&
      !sight_change_table_is_erased(db, annotation->endpoint, annotation->session, &erased, error))
    return FALSE;
  SightStep step = sight_statement_step(statement, error);
  if (step != SIGHT_STEP_ROW) {
    *news = !erased;
    return step == SIGHT_STEP_DONE;
  }
  gint64 updated_ms = sight_statement_int(statement, 0);
  *news = !erased &&
          (annotation->updated_ms > updated_ms ||
           (annotation->updated_ms == updated_ms && strcmp(annotation->body, sight_statement_text(statement, 1)) > 0));
  return TRUE;
}

static gboolean store(SightDb *db, const SightAnnotation *annotation, gboolean local, GError **error) {
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
  sight_statement_bind_int(statement, 12, local);
  return sight_statement_run(statement, error);
}

static gboolean mark_session(SightDb *db, gint64 endpoint, const char *session, GError **error) {
  gint64 row = session != NULL ? sight_session_row_find(db, endpoint, session, error) : 0;
  g_autoptr(SightStatement) statement =
      row > 0 ? of_endpoint(db, SIGHT_SQL_ANNOTATION_HAS_TAG, endpoint, session, error) : NULL;
  gint64 tagged = 0;

  if (row == 0)
    return TRUE;
  if (statement == NULL || !sight_statement_run_int(statement, &tagged, 0, error))
    return FALSE;
  return sight_session_row_set_flags(db, row, tagged ? 0 : SIGHT_SESSION_TAGGED, tagged ? SIGHT_SESSION_TAGGED : 0,
                                     error) &&
         sight_text_table_update(db, row, error);
}

gboolean sight_annotation_table_put(SightDb *db, const SightAnnotation *annotation, gboolean local, gboolean *changed,
                                    GError **error) {
  gboolean news = FALSE;

  if (!is_news(db, annotation, &news, error))
    return FALSE;
  if (changed != NULL)
    *changed = news;
  if (!news)
    return TRUE;
  return store(db, annotation, local, error) && mark_session(db, annotation->endpoint, annotation->session, error);
}

static GPtrArray *collect(SightStatement *statement, gint64 *last_revision, GError **error) {
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)sight_annotation_free);
  SightStep step = SIGHT_STEP_FAILED;

  while (statement != NULL && (step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    g_ptr_array_add(list, from_row(statement));
    if (last_revision != NULL)
      *last_revision = sight_statement_int(statement, 10);
  }
  return step == SIGHT_STEP_DONE ? g_steal_pointer(&list) : NULL;
}

GPtrArray *sight_annotation_table_list(SightDb *db, gint64 endpoint, const char *session, GError **error) {
  g_autoptr(SightStatement) statement = of_endpoint(db, SIGHT_SQL_ANNOTATION_LIST, endpoint, session, error);

  return collect(statement, NULL, error);
}

GPtrArray *sight_annotation_table_unpushed(SightDb *db, gint64 endpoint, GError **error) {
  g_autoptr(SightStatement) statement = of_endpoint(db, SIGHT_SQL_ANNOTATION_UNPUSHED, endpoint, NULL, error);

  return collect(statement, NULL, error);
}

gboolean sight_annotation_table_set_pushed(SightDb *db, gint64 endpoint, const char *id, gint64 updated_ms,
                                           GError **error) {
  g_autoptr(SightStatement) statement = of_endpoint(db, SIGHT_SQL_ANNOTATION_SET_PUSHED, endpoint, id, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 3, updated_ms);
  return sight_statement_run(statement, error);
}

GPtrArray *sight_annotation_table_changed(SightDb *db, gint64 endpoint, gint64 after_revision, guint limit,
                                          gint64 *last_revision, GError **error) {
  g_autoptr(SightStatement) statement = of_endpoint(db, SIGHT_SQL_ANNOTATION_CHANGED, endpoint, NULL, error);

  *last_revision = after_revision;
  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 2, after_revision);
  sight_statement_bind_int(statement, 3, limit);
  return collect(statement, last_revision, error);
}

char *sight_annotation_table_settings(SightDb *db, gint64 endpoint, GError **error) {
  g_autoptr(SightStatement) statement = of_endpoint(db, SIGHT_SQL_SETTINGS_GET, endpoint, NULL, error);

  if (statement == NULL || sight_statement_step(statement, error) != SIGHT_STEP_ROW)
    return NULL;
  return sight_statement_dup_text(statement, 0);
}

gboolean sight_annotation_table_put_settings(SightDb *db, gint64 endpoint, const char *json, GError **error) {
  g_autoptr(SightAnnotation) settings = sight_annotation_new(endpoint, NULL, "settings", -1, json);
  g_autoptr(SightStatement) statement = of_endpoint(db, SIGHT_SQL_ANNOTATION_VERSION, endpoint, SETTINGS_ID, error);
  gint64 updated_ms = 0;

  if (statement == NULL || !sight_statement_run_int(statement, &updated_ms, 0, error))
    return FALSE;
  g_free(settings->id);
  settings->id = g_strdup(SETTINGS_ID);
  /* Also after a version whose clock was ahead of ours. */
  settings->updated_ms = MAX(settings->updated_ms, updated_ms + 1);
  return sight_annotation_table_put(db, settings, TRUE, NULL, error);
}

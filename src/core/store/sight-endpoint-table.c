/* SPDX-License-Identifier: MIT */
/* Endpoints: where sessions come from. */
#include "sight-endpoint-table.h"

#include "sight-db.h"
#include "sight-fold.h"
#include "sight-index-table.h"
#include "sight-text-table.h"

#include <glib/gi18n-lib.h>

SightEndpoint *sight_endpoint_copy(const SightEndpoint *endpoint) {
  SightEndpoint *copy = g_memdup2(endpoint, sizeof *endpoint);

  copy->kind = g_strdup(endpoint->kind);
  copy->name = g_strdup(endpoint->name);
  copy->url = g_strdup(endpoint->url);
  copy->cursor = g_strdup(endpoint->cursor);
  copy->annotation_cursor = g_strdup(endpoint->annotation_cursor);
  copy->problem = g_strdup(endpoint->problem);
  copy->scope = g_strdup(endpoint->scope);
  return copy;
}

void sight_endpoint_free(SightEndpoint *endpoint) {
  if (endpoint == NULL)
    return;
  g_free(endpoint->kind);
  g_free(endpoint->name);
  g_free(endpoint->url);
  g_free(endpoint->cursor);
  g_free(endpoint->annotation_cursor);
  g_free(endpoint->problem);
  g_free(endpoint->scope);
  g_free(endpoint);
}

static SightEndpoint *from_row(SightStatement *statement) {
  SightEndpoint *endpoint = g_new0(SightEndpoint, 1);

  endpoint->row = sight_statement_int(statement, 0);
  endpoint->kind = sight_statement_dup_text(statement, 1);
  endpoint->name = sight_statement_dup_text(statement, 2);
  endpoint->url = sight_statement_dup_text(statement, 3);
  endpoint->cursor = sight_statement_dup_text(statement, 4);
  endpoint->annotation_cursor = sight_statement_dup_text(statement, 5);
  endpoint->synced_ms = sight_statement_int(statement, 6);
  endpoint->problem = sight_statement_dup_text(statement, 7);
  endpoint->scope = sight_statement_dup_text(statement, 8);
  endpoint->n_sessions = sight_statement_int(statement, 9);
  endpoint->n_recordings = endpoint->n_sessions - sight_statement_int(statement, 10);
  endpoint->budget = sight_statement_int(statement, 11);
  endpoint->n_there = sight_statement_int(statement, 12);
  endpoint->n_told = sight_statement_int(statement, 13);
  return endpoint;
}

static gboolean not_found(GError **error) {
  g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND, _("There is no such endpoint."));
  return FALSE;
}

GPtrArray *sight_endpoint_table_list(SightDb *db, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_ENDPOINT_LIST, error);
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)sight_endpoint_free);
  SightStep step = SIGHT_STEP_FAILED;

  while (statement != NULL && (step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW)
    g_ptr_array_add(list, from_row(statement));
  return step == SIGHT_STEP_DONE ? g_steal_pointer(&list) : NULL;
}

SightEndpoint *sight_endpoint_table_get(SightDb *db, gint64 row, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_ENDPOINT_GET, error);

  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 1, row);
  SightStep step = sight_statement_step(statement, error);
  if (step == SIGHT_STEP_DONE)
    not_found(error);
  return step == SIGHT_STEP_ROW ? from_row(statement) : NULL;
}

SightEndpoint *sight_endpoint_table_find(SightDb *db, const char *text, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_ENDPOINT_FIND, error);

  if (statement == NULL)
    return NULL;
  sight_statement_bind_text(statement, 1, text);
  SightStep step = sight_statement_step(statement, error);
  if (step == SIGHT_STEP_DONE)
    g_set_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND, _("There is no endpoint “%s”."), text);
  return step == SIGHT_STEP_ROW ? from_row(statement) : NULL;
}

static gboolean has_name(const GPtrArray *endpoints, const char *name) {
  g_autofree char *folded = sight_fold_name(name);

  for (guint i = 0; i < endpoints->len; i++) {
    g_autofree char *other = sight_fold_name(((const SightEndpoint *)endpoints->pdata[i])->name);
    if (g_str_equal(folded, other))
      return TRUE;
  }
  return FALSE;
}

/* Filters and people tell endpoints apart by their names. */
static char *free_name(SightDb *db, const char *name, GError **error) {
  g_autoptr(GPtrArray) endpoints = sight_endpoint_table_list(db, error);
  g_autofree char *other = g_strdup(name);

  for (int n = 2; endpoints != NULL && has_name(endpoints, other); n++) {
    g_free(other);
    other = g_strdup_printf("%s %d", name, n);
  }
  return endpoints != NULL ? g_steal_pointer(&other) : NULL;
}

gint64 sight_endpoint_table_add(SightDb *db, const char *kind, const char *name, const char *url, GError **error) {
  g_autofree char *unlike = free_name(db, name, error);
  g_autoptr(SightStatement) statement = unlike != NULL ? sight_db_statement(db, SIGHT_SQL_ENDPOINT_ADD, error) : NULL;

  if (statement == NULL)
    return -1;
  sight_statement_bind_text(statement, 1, kind);
  sight_statement_bind_text(statement, 2, unlike);
  sight_statement_bind_text(statement, 3, url);
  return sight_statement_run(statement, error) ? sight_db_last_row(db) : -1;
}

gboolean sight_endpoint_table_remove(SightDb *db, gint64 row, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_ENDPOINT_REMOVE, error);
  g_autoptr(SightEndpoint) endpoint = statement != NULL ? sight_endpoint_table_get(db, row, error) : NULL;

  if (endpoint == NULL)
    return FALSE;
  if (g_str_equal(endpoint->kind, "files")) {
    g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND,
                        _("The place of imported files cannot be removed."));
    return FALSE;
  }
  if (!sight_index_table_remove_endpoint(db, row, error) || !sight_text_table_remove_endpoint(db, row, error))
    return FALSE;
  sight_statement_bind_int(statement, 1, row);
  return sight_statement_run(statement, error) && sight_text_table_mark_erased(db, error);
}

gboolean sight_endpoint_table_set_synced(SightDb *db, gint64 row, const char *cursor, const char *annotation_cursor,
                                         gint64 synced_ms, const char *problem, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_ENDPOINT_SET_SYNCED, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, row);
  sight_statement_bind_text(statement, 2, cursor);
  sight_statement_bind_text(statement, 3, annotation_cursor);
  sight_statement_bind_int(statement, 4, synced_ms);
  sight_statement_bind_text(statement, 5, problem);
  if (!sight_statement_run(statement, error))
    return FALSE;
  return sight_db_changes(db) == 1 || not_found(error);
}

gboolean sight_endpoint_table_set_scope(SightDb *db, gint64 row, const char *scope, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_ENDPOINT_SET_SCOPE, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, row);
  sight_statement_bind_text(statement, 2, scope);
  return sight_statement_run(statement, error) && (sight_db_changes(db) == 1 || not_found(error));
}

gboolean sight_endpoint_table_page_rules(SightDb *db, gint64 row, char **id, gint64 *done_row, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_ENDPOINT_PAGE_RULES, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, row);
  SightStep step = sight_statement_step(statement, error);
  if (step != SIGHT_STEP_ROW)
    return step == SIGHT_STEP_DONE && not_found(error);
  *id = sight_statement_dup_text(statement, 0);
  *done_row = sight_statement_int(statement, 1);
  return TRUE;
}

gboolean sight_endpoint_table_set_page_rules(SightDb *db, gint64 row, const char *id, gint64 done_row, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_ENDPOINT_SET_PAGE_RULES, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, row);
  sight_statement_bind_text(statement, 2, id);
  sight_statement_bind_int(statement, 3, done_row);
  return sight_statement_run(statement, error);
}

gboolean sight_endpoint_table_set_budget(SightDb *db, gint64 row, gint64 bytes, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_ENDPOINT_SET_BUDGET, error);
  g_autoptr(SightStatement) forgive = sight_db_statement(db, SIGHT_SQL_HELD_FORGIVE, error);

  if (statement == NULL || forgive == NULL)
    return FALSE;
  sight_statement_bind_int(forgive, 1, row);
  sight_statement_bind_int(statement, 1, row);
  sight_statement_bind_int(statement, 2, bytes);
  return sight_statement_run(statement, error) && sight_statement_run(forgive, error);
}

gboolean sight_endpoint_table_set_there(SightDb *db, gint64 row, gint64 n_there, gint64 n_told, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_ENDPOINT_SET_THERE, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, row);
  sight_statement_bind_int(statement, 2, n_there);
  sight_statement_bind_int(statement, 3, n_told);
  return sight_statement_run(statement, error);
}

/* SPDX-License-Identifier: MIT */
/* Page templates, who viewed them, and who ended there. */
#include "sight-analysis-table.h"
#include "sight-db.h"
#include "sight-page-row.h"

void sight_page_view_free(SightPageView *view) {
  if (view == NULL)
    return;
  g_free(view->page);
  g_free(view->url);
  g_free(view->window);
  g_free(view);
}

void sight_page_stat_free(SightPageStat *stat) {
  if (stat == NULL)
    return;
  g_free(stat->page);
  g_free(stat);
}

static SightStatement *with_template(SightDb *db, SightSql sql, gint64 endpoint, const char *page, GError **error) {
  SightStatement *statement = sight_db_statement(db, sql, error);

  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 1, endpoint);
  sight_statement_bind_text(statement, 2, page);
  return statement;
}

gint64 sight_page_row_ensure(SightDb *db, gint64 endpoint, const char *page, GError **error) {
  gint64 row = 0;

  if (page == NULL)
    return 0;
  g_autoptr(SightStatement) find = with_template(db, SIGHT_SQL_PAGE_ROW, endpoint, page, error);
  if (find == NULL || !sight_statement_run_int(find, &row, 0, error))
    return -1;
  if (row != 0)
    return row;
  g_autoptr(SightStatement) add = with_template(db, SIGHT_SQL_PAGE_ADD, endpoint, page, error);
  return add != NULL && sight_statement_run(add, error) ? sight_db_last_row(db) : -1;
}

static gboolean count(SightDb *db, SightSql sql, gint64 session_row, int n, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, sql, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, session_row);
  sight_statement_bind_int(statement, 2, n);
  return sight_statement_run(statement, error);
}

gboolean sight_page_row_count_session(SightDb *db, gint64 session_row, int n, GError **error) {
  return count(db, SIGHT_SQL_PAGE_COUNT_SESSION, session_row, n, error) &&
         count(db, SIGHT_SQL_PAGE_COUNT_EXIT, session_row, n, error);
}

gboolean sight_page_row_remove_unused(SightDb *db, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_PAGE_REMOVE_UNUSED, error);

  return statement != NULL && sight_statement_run(statement, error);
}

static gboolean add_view(SightDb *db, gint64 session_row, gint64 endpoint, guint n, const SightPageView *view,
                         GError **error) {
  gint64 page = sight_page_row_ensure(db, endpoint, view->page, error);
  g_autoptr(SightStatement) statement = page >= 0 ? sight_db_statement(db, SIGHT_SQL_PAGE_VIEW_ADD, error) : NULL;

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, session_row);
  sight_statement_bind_int(statement, 2, n);
  sight_statement_bind_int(statement, 3, page);
  sight_statement_bind_text(statement, 4, view->url);
  sight_statement_bind_text(statement, 5, view->window);
  sight_statement_bind_int(statement, 6, view->start_ms);
  sight_statement_bind_int(statement, 7, view->end_ms);
  return sight_statement_run(statement, error);
}

gboolean sight_page_row_set_views(SightDb *db, gint64 session_row, gint64 endpoint, GPtrArray *pages, GError **error) {
  g_autoptr(SightStatement) clear = sight_db_statement(db, SIGHT_SQL_PAGE_VIEW_CLEAR, error);

  if (clear == NULL)
    return FALSE;
  sight_statement_bind_int(clear, 1, session_row);
  if (!sight_statement_run(clear, error))
    return FALSE;
  for (guint i = 0; pages != NULL && i < pages->len; i++) {
    if (!add_view(db, session_row, endpoint, i, g_ptr_array_index(pages, i), error))
      return FALSE;
  }
  return TRUE;
}

GPtrArray *sight_page_table_list(SightDb *db, gint64 session_row, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_PAGE_VIEW_LIST, error);
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)sight_page_view_free);
  SightStep step = SIGHT_STEP_FAILED;

  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 1, session_row);
  while ((step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    SightPageView *view = g_new0(SightPageView, 1);
    view->page = sight_statement_dup_text(statement, 0);
    view->url = sight_statement_dup_text(statement, 1);
    view->window = sight_statement_dup_text(statement, 2);
    view->start_ms = sight_statement_int(statement, 3);
    view->end_ms = sight_statement_int(statement, 4);
    g_ptr_array_add(list, view);
  }
  return step == SIGHT_STEP_DONE ? g_steal_pointer(&list) : NULL;
}

GPtrArray *sight_page_table_newest(SightDb *db, gint64 endpoint, guint limit, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_PAGE_VIEW_NEWEST, error);
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)sight_page_view_free);
  SightStep step = SIGHT_STEP_FAILED;

  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 1, endpoint);
  sight_statement_bind_int(statement, 2, limit);
  while ((step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    SightPageView *view = g_new0(SightPageView, 1);
    view->url = sight_statement_dup_text(statement, 0);
    view->page = sight_statement_dup_text(statement, 1);
    g_ptr_array_add(list, view);
  }
  return step == SIGHT_STEP_DONE ? g_steal_pointer(&list) : NULL;
}

GPtrArray *sight_page_table_stats(SightDb *db, gint64 endpoint, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_PAGE_STATS, error);
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)sight_page_stat_free);
  SightStep step = SIGHT_STEP_FAILED;

  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 1, endpoint);
  while ((step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    SightPageStat *stat = g_new0(SightPageStat, 1);
    stat->row = sight_statement_int(statement, 0);
    stat->endpoint = sight_statement_int(statement, 1);
    stat->page = sight_statement_dup_text(statement, 2);
    stat->n_sessions = sight_statement_int(statement, 3);
    stat->n_exits = sight_statement_int(statement, 4);
    g_ptr_array_add(list, stat);
  }
  return step == SIGHT_STEP_DONE ? g_steal_pointer(&list) : NULL;
}

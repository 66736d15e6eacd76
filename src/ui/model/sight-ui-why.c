/* SPDX-License-Identifier: MIT */
/* Each condition is asked by itself, so that those that hold are told beside those that do not. */
#include "sight-ui-why.h"

#include "sight-endpoint-table.h"
#include "sight-query.h"
#include "sight-source.h"
#include "sight-ui-text.h"

#include <glib/gi18n-lib.h>

static void part_free(gpointer data) {
  SightUiWhyPart *part = data;

  g_free(part->condition);
  g_free(part->phrase);
  g_free(part->says);
  g_free(part);
}

void sight_ui_why_free(SightUiWhy *why) {
  g_ptr_array_unref(why->parts);
  g_free(why);
}

typedef struct {
  SightStore *store;
  gint64 row, endpoint;
  char *filter;
  SightUiWhy *why;
} Read;

static void read_free(gpointer data) {
  Read *read = data;

  g_object_unref(read->store);
  g_free(read->filter);
  g_clear_pointer(&read->why, sight_ui_why_free);
  g_free(read);
}

/* The first of them, and how many there are. */
static char *say_moments(const GPtrArray *moments, gint64 *at_ms) {
  const SightQueryMoment *first = moments->len > 0 ? moments->pdata[0] : NULL;

  if (first == NULL || first->whole)
    return g_strdup(first != NULL ? first->reason : "");
  g_autofree char *time = sight_ui_format_time(first->start_ms);
  *at_ms = first->start_ms;
  if (moments->len == 1)
    return g_strdup_printf("%s · %s", time, first->reason);
  guint others = moments->len - 1;
  g_autofree char *more = g_strdup_printf(ngettext("and %u other moment", "and %u other moments", others), others);
  return g_strdup_printf("%s · %s, %s", time, first->reason, more);
}

static char *say_reasons(const GPtrArray *reasons) {
  g_autoptr(GPtrArray) lines = g_ptr_array_new();

  for (guint i = 0; i < reasons->len; i++)
    g_ptr_array_add(lines, ((const SightQueryReason *)reasons->pdata[i])->says);
  g_ptr_array_add(lines, NULL);
  return g_strjoinv("\n", (char **)lines->pdata);
}

static gboolean add_part(SightDb *db, SightUiWhy *why, const SightFilter *filter, const SightSession *session,
                         GError **error) {
  g_autoptr(SightQuery) query = sight_query_new(db, filter, g_get_real_time() / 1000, error);
  g_autoptr(GPtrArray) reasons = query != NULL ? sight_query_why_not(query, session, error) : NULL;
  g_autoptr(GPtrArray) moments =
      reasons != NULL && reasons->len == 0 ? sight_query_moments(query, session, error) : NULL;

  if (reasons == NULL || (reasons->len == 0 && moments == NULL))
    return FALSE;
  SightUiWhyPart *part = g_new0(SightUiWhyPart, 1);
  part->condition = sight_filter_print(filter);
  part->at_ms = -1;
  part->met = reasons->len == 0;
  part->says = part->met ? say_moments(moments, &part->at_ms) : say_reasons(reasons);
  why->matches = why->matches && part->met;
  g_ptr_array_add(why->parts, part);
  return TRUE;
}

/* The list shows one endpoint alone where one is chosen. */
static gboolean add_endpoint(SightDb *db, SightUiWhy *why, gint64 endpoint, const SightSession *session,
                             GError **error) {
  if (endpoint == 0)
    return TRUE;
  g_autoptr(SightEndpoint) wanted = sight_endpoint_table_get(db, endpoint, error);
  g_autoptr(SightEndpoint) own = wanted != NULL ? sight_endpoint_table_get(db, session->endpoint, error) : NULL;
  if (own == NULL)
    return FALSE;
  SightUiWhyPart *part = g_new0(SightUiWhyPart, 1);
  part->phrase = g_strdup_printf(_("from %s"), sight_source_name(wanted));
  part->met = endpoint == session->endpoint;
  part->says = part->met ? g_strdup("") : g_strdup_printf(_("it is from %s"), sight_source_name(own));
  part->at_ms = -1;
  why->matches = why->matches && part->met;
  g_ptr_array_add(why->parts, part);
  return TRUE;
}

static gboolean read_why(SightDb *db, gpointer user_data, GError **error) {
  Read *read = user_data;
  g_autoptr(SightFilter) filter = sight_filter_parse(read->filter, NULL, error);
  g_autoptr(SightSession) session = filter != NULL ? sight_session_table_get(db, read->row, error) : NULL;

  if (session == NULL)
    return FALSE;
  g_clear_pointer(&read->why, sight_ui_why_free);
  read->why = g_new0(SightUiWhy, 1);
  read->why->matches = TRUE;
  read->why->parts = g_ptr_array_new_with_free_func(part_free);
  if (!add_endpoint(db, read->why, read->endpoint, session, error))
    return FALSE;
  if (filter->kind != SIGHT_FILTER_ALL)
    return add_part(db, read->why, filter, session, error);
  for (guint i = 0; i < filter->parts->len; i++) {
    if (!add_part(db, read->why, filter->parts->pdata[i], session, error))
      return FALSE;
  }
  return TRUE;
}

static void read_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(GTask) task = user_data;
  Read *read = g_task_get_task_data(task);
  GError *error = NULL;

  if (sight_store_read_finish(SIGHT_STORE(source), result, &error))
    g_task_return_pointer(task, g_steal_pointer(&read->why), (GDestroyNotify)sight_ui_why_free);
  else
    g_task_return_error(task, error);
}

void sight_ui_why_read_async(SightStore *store, gint64 row, const char *filter, gint64 endpoint,
                             GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data) {
  GTask *task = g_task_new(NULL, cancellable, callback, user_data);
  Read *read = g_new0(Read, 1);

  read->store = g_object_ref(store);
  read->row = row;
  read->endpoint = endpoint;
  read->filter = g_strdup(filter);
  g_task_set_task_data(task, read, read_free);
  sight_store_read_async(store, read_why, read, NULL, cancellable, read_cb, task);
}

SightUiWhy *sight_ui_why_read_finish(GAsyncResult *result, GError **error) {
  return g_task_propagate_pointer(G_TASK(result), error);
}

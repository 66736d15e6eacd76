/* SPDX-License-Identifier: MIT */
/* The stream of changes, and erasing, which leaves tombstones in it. */
#include "sight-change-json.h"
#include "sight-change-table.h"
#include "sight-limits.h"
#include "sight-project.h"
#include "sight-route.h"
#include "sight-session-table.h"
#include "sight-text.h"

typedef struct {
  SightCall *call;
  gint64 limit;
} Listing;

static gboolean list_changes(SightDb *db, gpointer user_data, GError **error) {
  const Listing *listing = user_data;
  SightCall *call = listing->call;
  g_autoptr(SightEndpoint) project = sight_endpoint_table_get(db, call->key->project, error);
  if (project == NULL)
    return FALSE;
  gint64 after = 0;
  if (!sight_route_read_cursor(call, db, project, "after", &after, error))
    return FALSE;
  if (call->status != 0)
    return TRUE;
  g_autoptr(GPtrArray) changes = sight_change_table_list(db, project->row, after, (guint)listing->limit, error);
  if (changes == NULL)
    return FALSE;
  SightJsonWriter w = sight_call_begin(call);
  sight_json_key(&w, "changes");
  sight_json_begin_array(&w);
  for (guint i = 0; i < changes->len; i++) {
    const SightChange *change = g_ptr_array_index(changes, i);
    sight_change_write(&w, change);
    after = change->revision;
  }
  sight_json_end_array(&w);
  g_autofree char *cursor = sight_project_cursor(project, db, after, error);
  if (cursor == NULL)
    return FALSE;
  sight_json_member_string(&w, "cursor", cursor);
  sight_json_member_bool(&w, "more", changes->len == (guint)listing->limit);
  sight_json_end_object(&w);
  return TRUE;
}

void sight_route_list_changes(SightCall *call) {
  Listing listing = {.call = call};
  if (!sight_call_query_int(call, "limit", 1, SIGHT_WIRE_ANSWER_ROWS, SIGHT_WIRE_ANSWER_ROWS, &listing.limit))
    return;
  g_autoptr(GError) error = NULL;
  if (!sight_store_read(call->store, list_changes, &listing, &error))
    sight_call_fail(call, error);
}

static void answer_erased(SightCall *call, gint64 n_erased) {
  SightJsonWriter w = sight_call_begin(call);
  sight_json_member_int(&w, "erased", n_erased);
  sight_json_end_object(&w);
}

typedef struct {
  SightCall *call;
  gint64 n_erased;
} Erasing;

/* A session that is not here may still be on its way from a browser that was offline: the tombstone stands anyway. */
static gboolean erase_session(SightDb *db, gpointer user_data, GError **error) {
  Erasing *erasing = user_data;
  const SightCall *call = erasing->call;
  g_autoptr(SightSession) session = sight_session_table_find(db, call->key->project, call->argument, NULL);
  if (session != NULL && g_str_equal(session->session, call->argument)) {
    erasing->n_erased = 1;
    return sight_session_table_erase(db, session->row, error);
  }
  return sight_change_table_apply_tombstone(db, call->key->project, call->argument, error);
}

void sight_route_erase_session(SightCall *call) {
  if (!sight_id_is_valid(call->argument)) {
    sight_call_refuse(call, 422, "invalid", "session", "ids are 1 to 64 letters, digits, \"_\" and \"-\"");
    return;
  }
  Erasing erasing = {.call = call};
  g_autoptr(GError) error = NULL;
  if (sight_store_write(call->store, SIGHT_WRITE_DURABLE, erase_session, &erasing, &error))
    answer_erased(call, erasing.n_erased);
  else
    sight_call_fail(call, error);
}

static gboolean erase_user(SightDb *db, gpointer user_data, GError **error) {
  Erasing *erasing = user_data;
  erasing->n_erased = sight_session_table_erase_user(db, erasing->call->key->project, erasing->call->argument, error);
  return erasing->n_erased >= 0;
}

void sight_route_erase_user(SightCall *call) {
  Erasing erasing = {.call = call};
  g_autoptr(GError) error = NULL;
  if (sight_session_table_catch_up(call->store, &error) &&
      sight_store_write(call->store, SIGHT_WRITE_DURABLE, erase_user, &erasing, &error))
    answer_erased(call, erasing.n_erased);
  else
    sight_call_fail(call, error);
}

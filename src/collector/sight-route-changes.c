/* SPDX-License-Identifier: MIT */
/* The stream of changes, and erasing, which leaves tombstones in it. */
#include "sight-change-json.h"
#include "sight-limits.h"
#include "sight-metrics.h"
#include "sight-route.h"
#include "sight-text.h"

void sight_route_list_changes(SightCall *call) {
  gint64 limit = 0, revision = 0;
  if (!sight_call_query_int(call, "limit", 1, SIGHT_WIRE_ANSWER_ROWS, SIGHT_WIRE_ANSWER_ROWS, &limit))
    return;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) changes = NULL;
  g_autofree char *cursor = NULL;
  if (!call->depot->kind->list_changes(call->depot, call->key->project, sight_call_cursor(call), (guint)limit, &changes,
                                       &cursor, &revision, &error)) {
    sight_call_fail(call, error);
    return;
  }
  sight_metrics_followed(call->metrics, call->key->row, revision);
  SightJsonWriter w = sight_call_begin(call);
  sight_json_key(&w, "changes");
  sight_json_begin_array(&w);
  for (guint i = 0; i < changes->len; i++)
    sight_change_write(&w, g_ptr_array_index(changes, i));
  sight_json_end_array(&w);
  sight_json_member_string(&w, "cursor", cursor);
  sight_json_member_bool(&w, "more", changes->len == (guint)limit);
  sight_json_end_object(&w);
}

static void answer_erased(SightCall *call, gint64 n_erased) {
  SightJsonWriter w = sight_call_begin(call);
  sight_json_member_int(&w, "erased", n_erased);
  sight_json_end_object(&w);
}

void sight_route_erase_session(SightCall *call) {
  if (!sight_id_is_valid(call->argument)) {
    sight_call_refuse(call, 422, "invalid", "session", "ids are 1 to 64 letters, digits, \"_\" and \"-\"");
    return;
  }
  gint64 n_erased = 0;
  g_autoptr(GError) error = NULL;
  if (call->depot->kind->erase_session(call->depot, call->key->project, call->argument, &n_erased, &error))
    answer_erased(call, n_erased);
  else
    sight_call_fail(call, error);
}

void sight_route_erase_user(SightCall *call) {
  gint64 n_erased = 0;
  g_autoptr(GError) error = NULL;
  if (call->depot->kind->erase_user(call->depot, call->key->project, call->argument, &n_erased, &error))
    answer_erased(call, n_erased);
  else
    sight_call_fail(call, error);
}

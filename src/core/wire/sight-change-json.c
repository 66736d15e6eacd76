/* SPDX-License-Identifier: MIT */
/* Writing and reading changes. */
#include "sight-change-json.h"

#include "sight-text.h"

void sight_change_write(SightJsonWriter *w, const SightChange *change) {
  sight_json_begin_object(w);
  sight_json_member_string(w, "session", change->session);
  sight_json_member_bool(w, "erased", change->erased);
  sight_json_member_int(w, "revision", change->revision);
  if (!change->erased) {
    sight_json_member_int(w, "received_at", change->received_ms);
    sight_json_member_int(w, "last_arrival", change->last_arrival);
    sight_json_member_int(w, "batches", change->n_batches);
  }
  sight_json_end_object(w);
}

SightChange *sight_change_read(SightJson tainted_json) {
  const char *session = sight_json_string(sight_json_get(tainted_json, "session"), NULL);
  gint64 last_arrival = sight_json_int(sight_json_get(tainted_json, "last_arrival"), 0);
  if (session == NULL || !sight_id_is_valid(session) || last_arrival < 0)
    return NULL;
  SightChange *change = g_new0(SightChange, 1);
  change->session = g_strdup(session);
  change->erased = sight_json_bool(sight_json_get(tainted_json, "erased"), FALSE);
  change->revision = sight_json_int(sight_json_get(tainted_json, "revision"), 0);
  change->received_ms = sight_json_int(sight_json_get(tainted_json, "received_at"), 0);
  change->last_arrival = last_arrival;
  change->n_batches = sight_json_int(sight_json_get(tainted_json, "batches"), 0);
  return change;
}

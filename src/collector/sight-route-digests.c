/* SPDX-License-Identifier: MIT */
/* Digests: what workstations found in sessions, for those that do not take their recordings. */
#include "sight-digest-json.h"
#include "sight-limits.h"
#include "sight-route.h"
#include "sight-text.h"

typedef struct {
  SightCall *call;
  gint64 limit, n;
  SightJsonWriter *writer;
} Listing;

static gboolean is_full(const Listing *listing) {
  return listing->n == listing->limit || listing->call->answer->len >= SIGHT_WIRE_ANSWER_BYTES;
}

static gboolean append(const SightDigest *digest, gpointer user_data) {
  Listing *listing = user_data;
  sight_digest_write(listing->writer, digest);
  listing->n++;
  return !is_full(listing);
}

void sight_route_list_digests(SightCall *call) {
  Listing listing = {.call = call};
  gint64 since_ms = 0, n_sessions = 0, n_digests = 0;
  if (!sight_call_query_int(call, "limit", 1, SIGHT_WIRE_ANSWER_ROWS, SIGHT_WIRE_ANSWER_ROWS, &listing.limit) ||
      !sight_call_query_int(call, "since", 0, SIGHT_WIRE_TIME_MAX_MS, 0, &since_ms))
    return;
  g_autoptr(GError) error = NULL;
  g_autofree char *cursor = NULL;
  SightJsonWriter w = sight_call_begin(call);
  listing.writer = &w;
  sight_json_key(&w, "digests");
  sight_json_begin_array(&w);
  if (!call->depot->kind->list_digests(call->depot, call->key->project, sight_call_cursor(call), since_ms, append,
                                       &listing, &cursor, &error)) {
    sight_call_fail(call, error);
    return;
  }
  gboolean more = is_full(&listing);
  if (!more && !call->depot->kind->count_digests(call->depot, call->key->project, &n_sessions, &n_digests, &error)) {
    sight_call_fail(call, error);
    return;
  }
  sight_json_end_array(&w);
  if (!more) {
    sight_json_member_int(&w, "sessions", n_sessions);
    sight_json_member_int(&w, "with_digest", n_digests);
  }
  sight_json_member_string(&w, "cursor", cursor);
  sight_json_member_bool(&w, "more", more);
  sight_json_end_object(&w);
}

void sight_route_put_digest(SightCall *call) {
  if (!sight_id_is_valid(call->argument)) {
    sight_call_refuse(call, 422, "invalid", "session", "ids are 1 to 64 letters, digits, \"_\" and \"-\"");
    return;
  }
  g_autoptr(GString) tainted_text = sight_call_read_body(call, SIGHT_DIGEST_MAX_BYTES);
  if (tainted_text == NULL)
    return;
  const char *wrong = NULL;
  gboolean changed = FALSE;
  g_autoptr(GError) error = NULL;
  g_autoptr(SightDigest) digest = sight_digest_read_text(call->argument, tainted_text->str, tainted_text->len, &wrong);
  if (digest == NULL) {
    sight_call_refuse(call, 422, "invalid", wrong, "\"%s\" is missing or wrong", wrong);
    return;
  }
  if (!call->depot->kind->put_digest(call->depot, call->key->project, digest, &changed, &error)) {
    sight_call_fail(call, error);
    return;
  }
  SightJsonWriter w = sight_call_begin(call);
  sight_json_member_bool(&w, "stored", changed);
  sight_json_end_object(&w);
}

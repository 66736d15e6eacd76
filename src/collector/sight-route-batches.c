/* SPDX-License-Identifier: MIT */
/* Batches in (from recorders) and out (to workstations). */
#include "sight-compress.h"
#include "sight-envelope.h"
#include "sight-limits.h"
#include "sight-metrics.h"
#include "sight-route.h"
#include "sight-text.h"

/* What one visitor can fill with a public write key: a day of heavy recording is a tenth of it. */
#define MAX_SESSION_BYTES ((gint64)4 * 1024 * 1024 * 1024)
/* The events of one batch that are not copied into an answer. */
#define LARGE_EVENTS ((gsize)256 * 1024)

static void answer_put(SightCall *call, SightDepotPut result, const SightEnvelope *envelope) {
  SightJsonWriter w = sight_call_begin(call);
  sight_json_member_bool(&w, "stored", result == SIGHT_DEPOT_STORED);
  if (result == SIGHT_DEPOT_DUPLICATE)
    sight_json_member_bool(&w, "duplicate", TRUE);
  if (envelope->n_rejected > 0)
    sight_json_member_int(&w, "rejected", envelope->n_rejected);
  sight_json_end_object(&w);
  call->status = 202;
}

static void refuse_envelope(SightCall *call, const SightEnvelope *envelope, const GError *error) {
  const char *field = envelope->bad_field != NULL ? envelope->bad_field : "body";
  if (g_error_matches(error, SIGHT_ENVELOPE_ERROR, SIGHT_ENVELOPE_ERROR_LIMIT))
    sight_call_refuse(call, 413, "too_large", field, "%s", error->message);
  else
    sight_call_refuse(call, 422, "invalid", field, "%s", error->message);
}

static gboolean push(const char *tainted_data, gsize bytes, gpointer user_data, GError **error) {
  return sight_envelope_reader_push(user_data, tainted_data, bytes, error);
}

/* FALSE: answered already, or to be called again. */
static gboolean read_envelope(SightCall *call, SightEnvelope *envelope) {
  g_autoptr(SightEnvelopeReader) reader = sight_envelope_reader_new(SIGHT_ENVELOPE_POSTED, envelope);
  g_autoptr(GError) error = NULL;
  if (sight_call_expand_body(call, SIGHT_WIRE_EXPANDED_BYTES, push, reader, &error) &&
      sight_envelope_reader_finish(reader, &error))
    return TRUE;
  if (error != NULL)
    refuse_envelope(call, envelope, error);
  return FALSE;
}

/* Neither ends within the hour, mostly. */
static void refuse_quota(SightCall *call, guint status, const char *code, const char *words) {
  sight_call_refuse(call, status, code, "policy", "%s", words);
  call->retry_after_s = 3600;
}

void sight_route_post_batch(SightCall *call) {
  g_autoptr(GError) error = NULL;
  g_auto(SightEnvelope) envelope = {0};
  if (!read_envelope(call, &envelope))
    return;
  envelope.batch.received_at_ms = g_get_real_time() / 1000;
  SightDepotPut result = SIGHT_DEPOT_STORED;
  guint8 proof[SIGHT_OWNER_HASH_BYTES] = {0};
  if (envelope.proof != NULL)
    sight_owner_hash(envelope.proof, proof);
  if (!call->depot->kind->put_batch(call->depot, call->key->project, &envelope.batch,
                                    envelope.proof != NULL ? proof : NULL, MAX_SESSION_BYTES, &result, &error)) {
    sight_call_fail(call, error);
    return;
  }
  sight_metrics_put(call->metrics, result, envelope.batch.events_bytes);
  if (result == SIGHT_DEPOT_FOREIGN)
    sight_call_refuse(call, 403, "forbidden", "proof", "this session was begun by another recorder");
  else if (result == SIGHT_DEPOT_LARGE)
    sight_call_refuse(call, 413, "session_full", "session", "this session holds as much as one may");
  else if (result == SIGHT_DEPOT_OVER_BYTES)
    refuse_quota(call, 507, "project_full", "this project holds as many bytes as its policy allows");
  else if (result == SIGHT_DEPOT_OVER_SESSIONS)
    refuse_quota(call, 429, "sessions_full", "as many sessions began today as this project's policy allows");
  else
    answer_put(call, result, &envelope);
}

/* An answer as it grows: packed at once where that is wanted. */
typedef struct {
  SightCall *call;
  SightPacker *packer; /* or NULL */
  GBytes *held;        /* of the batch that is being written; borrowed */
  gsize bytes;         /* as text */
} Listing;

static void take_piece(const char *text, gsize bytes, gpointer user_data) {
  Listing *listing = user_data;
  listing->bytes += bytes;
  if (listing->packer != NULL)
    sight_packer_push(listing->packer, text, bytes);
  else if (bytes > LARGE_EVENTS && listing->held != NULL && text == g_bytes_get_data(listing->held, NULL))
    sight_call_append_bytes(listing->call, listing->held);
  else
    g_string_append_len(listing->call->answer, text, (gssize)bytes);
}

static gboolean append_batch(const SightStoredBatch *stored, gpointer user_data) {
  Listing *listing = user_data;
  listing->held = stored->held;
  sight_envelope_write(&stored->batch, stored->arrival, take_piece, listing);
  take_piece("\n", 1, listing);
  return listing->bytes < SIGHT_WIRE_ANSWER_BYTES;
}

void sight_route_list_batches(SightCall *call) {
  gint64 after = 0;
  if (!sight_id_is_valid(call->argument)) {
    sight_call_refuse(call, 422, "invalid", "session", "ids are 1 to 64 letters, digits, \"_\" and \"-\"");
    return;
  }
  if (!sight_call_query_int(call, "after", 0, G_MAXINT64, 0, &after))
    return;
  g_autoptr(GError) error = NULL;
  g_autoptr(SightPacker) packer = call->takes_gzip ? sight_packer_new() : NULL;
  Listing listing = {.call = call, .packer = packer};
  if (!call->depot->kind->list_batches(call->depot, call->key->project, call->argument, sight_call_cursor(call), after,
                                       append_batch, &listing, &error)) {
    sight_call_fail(call, error);
    return;
  }
  call->status = 200;
  call->content_type = "application/x-ndjson";
  if (packer == NULL)
    return;
  g_autoptr(GBytes) packed = sight_packer_finish(packer);
  g_string_append_len(call->answer, g_bytes_get_data(packed, NULL), (gssize)g_bytes_get_size(packed));
  call->answer_is_gzip = TRUE;
}

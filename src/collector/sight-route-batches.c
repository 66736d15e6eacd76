/* SPDX-License-Identifier: MIT */
/* Batches in (from recorders) and out (to workstations). */
#include "sight-batch-table.h"
#include "sight-change-table.h"
#include "sight-compress.h"
#include "sight-envelope.h"
#include "sight-limits.h"
#include "sight-owner-table.h"
#include "sight-route.h"
#include "sight-session-table.h"
#include "sight-text.h"

/* What one visitor can fill with a public write key: a day of heavy recording is a tenth of it. */
#define MAX_SESSION_BYTES ((gint64)4 * 1024 * 1024 * 1024)

static void answer_put(SightCall *call, SightPutResult result, const SightEnvelope *envelope) {
  SightJsonWriter w = sight_call_begin(call);
  sight_json_member_bool(&w, "stored", result == SIGHT_PUT_STORED);
  if (result == SIGHT_PUT_DUPLICATE)
    sight_json_member_bool(&w, "duplicate", TRUE);
  if (envelope->n_rejected > 0)
    sight_json_member_int(&w, "rejected", envelope->n_rejected);
  sight_json_end_object(&w);
  call->status = 202;
}

typedef struct {
  gint64 project;
  const SightBatch *batch;
  const char *proof; /* of the recorder, or NULL */
  SightPutResult result;
  gboolean full, foreign;
} Put;

static gboolean put(SightDb *db, gpointer user_data, GError **error) {
  Put *p = user_data;
  g_autoptr(SightSession) session = sight_session_table_find(db, p->project, p->batch->session, NULL);
  gboolean is_there = session != NULL && g_str_equal(session->session, p->batch->session), owns = FALSE;
  if (!sight_owner_table_check(db, p->project, p->batch->session, p->proof, &owns, error))
    return FALSE;
  p->foreign = !owns;
  p->full = owns && is_there && session->n_bytes > MAX_SESSION_BYTES;
  if (p->foreign || p->full)
    return TRUE;
  p->result = sight_batch_table_put(db, p->project, p->batch, error);
  if (p->result == SIGHT_PUT_FAILED)
    return FALSE;
  return is_there || p->proof == NULL || sight_owner_table_set(db, p->project, p->batch->session, p->proof, error);
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

void sight_route_post_batch(SightCall *call) {
  g_autoptr(GError) error = NULL;
  g_auto(SightEnvelope) envelope = {0};
  if (!read_envelope(call, &envelope))
    return;
  envelope.batch.received_at_ms = g_get_real_time() / 1000;
  Put p = {.project = call->key->project, .batch = &envelope.batch, .proof = envelope.proof};
  if (!sight_store_write(call->store, SIGHT_WRITE_DURABLE, put, &p, &error))
    sight_call_fail(call, error);
  else if (p.foreign)
    sight_call_refuse(call, 403, "forbidden", "proof", "this session was begun by another recorder");
  else if (p.full)
    sight_call_refuse(call, 413, "session_full", "session", "this session holds as much as one may");
  else
    answer_put(call, p.result, &envelope);
}

typedef struct {
  SightCall *call;
  gint64 after;
  gboolean full;
} Listing;

static gboolean append_batch(const SightStoredBatch *stored, gpointer user_data, GError **error) {
  Listing *listing = user_data;
  GString *out = listing->call->answer;
  sight_envelope_append(out, &stored->batch, stored->arrival);
  g_string_append_c(out, '\n');
  listing->full = out->len >= SIGHT_WIRE_ANSWER_BYTES;
  if (listing->full)
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "the answer is full");
  return !listing->full;
}

static gboolean list_batches(SightDb *db, gpointer user_data, GError **error) {
  Listing *listing = user_data;
  SightCall *call = listing->call;
  g_autoptr(SightSession) session = sight_session_table_find(db, call->key->project, call->argument, error);
  if (session == NULL)
    return FALSE;
  if (!g_str_equal(session->session, call->argument)) {
    g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND, "no such session");
    return FALSE;
  }
  gint64 revision = 0;
  g_autoptr(SightEndpoint) project = sight_endpoint_table_get(db, call->key->project, error);
  if (project == NULL || !sight_route_read_cursor(call, db, project, "cursor", &revision, error))
    return FALSE;
  if (call->status == 0 && listing->after > sight_change_table_last_arrival(db, session->row, NULL))
    sight_call_refuse(call, 409, "cursor", "after", "this session has no batch of that number: ask for all of it");
  if (call->status != 0)
    return TRUE;
  g_autoptr(GError) stopped = NULL;
  if (sight_batch_table_each(db, session->row, NULL, listing->after, 0, append_batch, listing, NULL, &stopped) ||
      listing->full)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&stopped));
  return FALSE;
}

void sight_route_list_batches(SightCall *call) {
  Listing listing = {.call = call};
  if (!sight_id_is_valid(call->argument)) {
    sight_call_refuse(call, 422, "invalid", "session", "ids are 1 to 64 letters, digits, \"_\" and \"-\"");
    return;
  }
  if (!sight_call_query_int(call, "after", 0, G_MAXINT64, 0, &listing.after))
    return;
  g_autoptr(GError) error = NULL;
  if (!sight_store_read(call->store, list_batches, &listing, &error)) {
    sight_call_fail(call, error);
    return;
  }
  if (call->status != 0)
    return;
  call->status = 200;
  call->content_type = "application/x-ndjson";
  if (!call->takes_gzip || call->answer->len < 1024)
    return;
  g_autoptr(GBytes) packed = sight_gzip_compress(call->answer->str, call->answer->len);
  g_string_free(call->answer, TRUE);
  call->answer = g_string_new_len(g_bytes_get_data(packed, NULL), (gssize)g_bytes_get_size(packed));
  call->answer_is_gzip = TRUE;
}

/* SPDX-License-Identifier: MIT */
/* Envelopes: what is read can be written, on one line, and reads back as the same. */
#include "sight-envelope.h"
#include "sight-text.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize bytes);

static void append_piece(const char *text, gsize bytes, gpointer user_data) {
  g_string_append_len(user_data, text, (gssize)bytes);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize bytes) {
  g_auto(SightEnvelope) envelope = {0};
  g_autoptr(GError) error = NULL;
  if (!sight_envelope_parse((const char *)data, bytes, &envelope, &error)) {
    g_assert_true(error->domain == SIGHT_ENVELOPE_ERROR);
    return 0;
  }
  const SightBatch *batch = &envelope.batch;
  g_assert_true(sight_id_is_valid(batch->session) && sight_id_is_valid(batch->window));
  g_assert_true(batch->n_events > 0 && batch->seq >= 0 && batch->first_ms <= batch->last_ms);
  g_autoptr(GString) line = g_string_new(NULL);
  sight_envelope_write(batch, envelope.arrival, append_piece, line);
  g_assert_null(memchr(line->str, '\n', line->len));
  g_auto(SightEnvelope) again = {0};
  g_assert_true(sight_envelope_parse(line->str, line->len, &again, NULL));
  g_assert_cmpint(again.n_rejected, ==, 0);
  g_assert_cmpint(again.batch.n_events, ==, batch->n_events);
  g_assert_cmpmem(again.batch.events, again.batch.events_bytes, batch->events, batch->events_bytes);
  return 0;
}

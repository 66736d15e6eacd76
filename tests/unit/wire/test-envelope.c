/* SPDX-License-Identifier: MIT */
/* The envelope of a batch: what is read, which field is to blame where it is not, and writing it again. */
#include "sight-envelope.h"

#include <string.h>

#define EVENT "{\"type\":4,\"timestamp\":17}"
#define HEAD "\"v\":1,\"session\":\"s-1\",\"window\":\"w_1\",\"seq\":3,\"sent_at\":1700000000000.5"

static void test_read(void) {
  g_auto(SightEnvelope) envelope = {0};
  g_autoptr(GError) error = NULL;
  const char *text =
      " {" HEAD ",\"list\":[1],\"later\":{\"events\":[]},\"events\":[" EVENT ",\n {\"type\":3,\"timestamp\":9}]}\n";
  g_assert_true(sight_envelope_parse(text, strlen(text), &envelope, &error));
  g_assert_no_error(error);
  const SightBatch *batch = &envelope.batch;
  g_assert_cmpstr(batch->session, ==, "s-1");
  g_assert_cmpstr(batch->window, ==, "w_1");
  g_assert_cmpint(batch->seq, ==, 3);
  g_assert_cmpint(batch->sent_at_ms, ==, G_GINT64_CONSTANT(1700000000000));
  g_assert_cmpint(batch->n_events, ==, 2);
  g_assert_cmpint(batch->first_ms, ==, 9);
  g_assert_cmpint(batch->last_ms, ==, 17);
  g_assert_cmpmem(batch->events, batch->events_bytes, "[" EVENT ",{\"type\":3,\"timestamp\":9}]",
                  strlen("[" EVENT ",{\"type\":3,\"timestamp\":9}]"));
  g_assert_cmpint(envelope.n_rejected, ==, 0);
  g_assert_cmpint(envelope.arrival, ==, 0);
}

static void append_piece(const char *text, gsize bytes, gpointer user_data) {
  g_string_append_len(user_data, text, (gssize)bytes);
}

/* A batch whose events are lost keeps its place and times: a collector says so, a visitor cannot. */
static void test_lost(void) {
  const char *text =
      "{" HEAD ",\"arrival\":12,\"received_at\":13,\"first\":20,\"last\":30,\"damaged\":true,\"events\":[]}";
  g_auto(SightEnvelope) envelope = {0};
  g_autoptr(GString) written = g_string_new(NULL);
  g_autoptr(GError) error = NULL;
  g_assert_true(sight_envelope_parse(text, strlen(text), &envelope, &error));
  g_assert_no_error(error);
  g_assert_true(envelope.batch.is_lost);
  g_assert_cmpint(envelope.batch.n_events, ==, 0);
  g_assert_cmpint(envelope.batch.first_ms, ==, 20);
  g_assert_cmpint(envelope.batch.last_ms, ==, 30);
  sight_envelope_write(&envelope.batch, 12, append_piece, written);
  g_assert_nonnull(strstr(written->str, "\"first\":20,\"last\":30,\"damaged\":true,\"events\":[]}"));

  g_auto(SightEnvelope) posted = {0};
  g_autoptr(SightEnvelopeReader) reader = sight_envelope_reader_new(SIGHT_ENVELOPE_POSTED, &posted);
  g_assert_true(sight_envelope_reader_push(reader, text, strlen(text), NULL));
  g_assert_false(sight_envelope_reader_finish(reader, &error));
  g_assert_error(error, SIGHT_ENVELOPE_ERROR, SIGHT_ENVELOPE_ERROR_EVENTS);
  g_clear_error(&error);

  const char *timeless = "{" HEAD ",\"arrival\":12,\"damaged\":true,\"events\":[]}";
  g_auto(SightEnvelope) wrong = {0};
  g_assert_false(sight_envelope_parse(timeless, strlen(timeless), &wrong, &error));
  g_assert_cmpstr(wrong.bad_field, ==, "first");
}

static void test_order_is_free(void) {
  g_auto(SightEnvelope) envelope = {0};
  const char *text = "{\"events\":[" EVENT "]," HEAD ",\"arrival\":12,\"received_at\":13}";
  g_assert_true(sight_envelope_parse(text, strlen(text), &envelope, NULL));
  g_assert_cmpint(envelope.arrival, ==, 12);
  g_assert_cmpint(envelope.batch.received_at_ms, ==, 13);
}

static void test_bad_events_are_left_out(void) {
  g_auto(SightEnvelope) envelope = {0};
  const char *text = "{" HEAD ",\"events\":[null," EVENT ",{\"type\":4,\"timestamp\":1e400},"
                     "{\"type\":5,\"timestamp\":18,\"data\":{\"tag\":\"\\ud83d\"}}]}";
  g_autoptr(GError) error = NULL;
  g_assert_true(sight_envelope_parse(text, strlen(text), &envelope, &error));
  g_assert_cmpint(envelope.batch.n_events, ==, 2);
  g_assert_cmpint(envelope.n_rejected, ==, 2);
  g_assert_nonnull(strstr(envelope.batch.events, "\\ufffd"));
}

static const struct {
  const char *text;
  SightEnvelopeError code;
  const char *field;
} refusals[] = {
    {"", SIGHT_ENVELOPE_ERROR_SYNTAX, NULL},
    {"[]", SIGHT_ENVELOPE_ERROR_SYNTAX, NULL},
    {"{", SIGHT_ENVELOPE_ERROR_SYNTAX, NULL},
    {"{" HEAD ",\"events\":[" EVENT "]", SIGHT_ENVELOPE_ERROR_SYNTAX, NULL},
    {"{" HEAD ",\"events\":[" EVENT "]}x", SIGHT_ENVELOPE_ERROR_SYNTAX, NULL},
    {"{" HEAD ",\"events\":[" EVENT "],}", SIGHT_ENVELOPE_ERROR_SYNTAX, NULL},
    {"{" HEAD ",\"x\":tru,\"events\":[" EVENT "]}", SIGHT_ENVELOPE_ERROR_SYNTAX, NULL},
    {"{" HEAD ",\"events\":[" EVENT " " EVENT "]}", SIGHT_ENVELOPE_ERROR_SYNTAX, "events"},
    {"{" HEAD ",\"events\":[{\"type\":5,\"timestamp\":1,\"data\":\"\xFF\"}]}", SIGHT_ENVELOPE_ERROR_SYNTAX, "events"},
    {"{}", SIGHT_ENVELOPE_ERROR_FIELD, "v"},
    {"{\"v\":2}", SIGHT_ENVELOPE_ERROR_FIELD, "v"},
    {"{\"v\":\"1\"}", SIGHT_ENVELOPE_ERROR_FIELD, "v"},
    {"{\"v\":1}", SIGHT_ENVELOPE_ERROR_FIELD, "session"},
    {"{\"v\":1,\"session\":\"../x\"}", SIGHT_ENVELOPE_ERROR_FIELD, "session"},
    {"{\"v\":1,\"session\":\"a\\u0000b\"}", SIGHT_ENVELOPE_ERROR_FIELD, "session"},
    {"{\"v\":1,\"session\":17}", SIGHT_ENVELOPE_ERROR_FIELD, "session"},
    {"{\"v\":1,\"session\":\"a\",\"window\":\"\"}", SIGHT_ENVELOPE_ERROR_FIELD, "window"},
    {"{\"v\":1,\"session\":\"a\",\"window\":\"b\"}", SIGHT_ENVELOPE_ERROR_FIELD, "seq"},
    {"{\"v\":1,\"session\":\"a\",\"window\":\"b\",\"seq\":-1}", SIGHT_ENVELOPE_ERROR_FIELD, "seq"},
    {"{\"v\":1,\"session\":\"a\",\"window\":\"b\",\"seq\":1.5}", SIGHT_ENVELOPE_ERROR_FIELD, "seq"},
    {"{\"v\":1,\"session\":\"a\",\"window\":\"b\",\"seq\":1e17}", SIGHT_ENVELOPE_ERROR_FIELD, "seq"},
    {"{\"v\":1,\"session\":\"a\",\"window\":\"b\",\"seq\":0,\"sent_at\":\"now\"}", SIGHT_ENVELOPE_ERROR_FIELD,
     "sent_at"},
    {"{" HEAD ",\"arrival\":-1}", SIGHT_ENVELOPE_ERROR_FIELD, "arrival"},
    {"{" HEAD "}", SIGHT_ENVELOPE_ERROR_FIELD, "events"},
    {"{" HEAD ",\"events\":{}}", SIGHT_ENVELOPE_ERROR_FIELD, "events"},
    {"{" HEAD ",\"events\":[]}", SIGHT_ENVELOPE_ERROR_EVENTS, "events"},
    {"{" HEAD ",\"events\":[1]}", SIGHT_ENVELOPE_ERROR_EVENTS, "events[0]"},
    {"{" HEAD ",\"events\":[{\"timestamp\":1}]}", SIGHT_ENVELOPE_ERROR_EVENTS, "events[0].type"},
    {"{" HEAD ",\"events\":[{\"type\":4}]}", SIGHT_ENVELOPE_ERROR_EVENTS, "events[0].timestamp"},
};

static void test_refusals(void) {
  for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++) {
    g_auto(SightEnvelope) envelope = {0};
    g_autoptr(GError) error = NULL;
    gboolean ok = sight_envelope_parse(refusals[i].text, strlen(refusals[i].text), &envelope, &error);
    if (ok || error->code != (int)refusals[i].code || g_strcmp0(envelope.bad_field, refusals[i].field) != 0)
      g_error("«%s»: ok %d, field «%s», %s", refusals[i].text, ok, envelope.bad_field, ok ? "" : error->message);
    g_assert_true(error->domain == SIGHT_ENVELOPE_ERROR);
  }
}

static void test_deep(void) {
  g_autofree char *deep = g_strnfill(2000000, '[');
  memset(deep + 1000000, ']', 1000000);
  g_autofree char *in_event = g_strdup_printf("{" HEAD ",\"events\":[{\"type\":4,\"timestamp\":1,\"data\":%s}]}", deep);
  g_autofree char *beside = g_strdup_printf("{" HEAD ",\"x\":%s,\"events\":[" EVENT "]}", deep);
  g_auto(SightEnvelope) envelope = {0};
  g_assert_false(sight_envelope_parse(in_event, strlen(in_event), &envelope, NULL));
  g_assert_cmpstr(envelope.bad_field, ==, "events[0]");
  sight_envelope_clear(&envelope);
  g_assert_false(sight_envelope_parse(beside, strlen(beside), &envelope, NULL));
  sight_envelope_clear(&envelope);
  g_autofree char *filler = g_strnfill(100000, 'x');
  g_autofree char *large = g_strdup_printf("{" HEAD ",\"x\":\"%s\",\"events\":[" EVENT "]}", filler);
  g_autoptr(GError) error = NULL;
  g_assert_false(sight_envelope_parse(large, strlen(large), &envelope, &error));
  g_assert_error(error, SIGHT_ENVELOPE_ERROR, SIGHT_ENVELOPE_ERROR_LIMIT);
  g_clear_error(&error);
  sight_envelope_clear(&envelope);
  g_autofree char *behind = g_strdup_printf("{" HEAD ",\"events\":[" EVENT "],\"x\":\"%s\"}", filler);
  g_assert_false(sight_envelope_parse(behind, strlen(behind), &envelope, &error));
  g_assert_error(error, SIGHT_ENVELOPE_ERROR, SIGHT_ENVELOPE_ERROR_LIMIT);
  sight_envelope_clear(&envelope);
  g_assert_false(sight_envelope_parse(deep, 1000000, &envelope, NULL));
}

static void test_write(void) {
  SightBatch batch = {.session = "s",
                      .window = "w",
                      .seq = 7,
                      .sent_at_ms = 5,
                      .received_at_ms = 6,
                      .events = "[" EVENT "]",
                      .events_bytes = strlen("[" EVENT "]")};
  g_autoptr(GString) out = g_string_new("x");
  sight_envelope_write(&batch, 0, append_piece, out);
  g_assert_cmpstr(out->str, ==,
                  "x{\"v\":1,\"session\":\"s\",\"window\":\"w\",\"seq\":7,\"sent_at\":5,\"events\":[" EVENT "]}");
  g_string_truncate(out, 0);
  sight_envelope_write(&batch, 99, append_piece, out);
  g_auto(SightEnvelope) envelope = {0};
  g_assert_true(sight_envelope_parse(out->str, out->len, &envelope, NULL));
  g_assert_cmpint(envelope.arrival, ==, 99);
  g_assert_cmpint(envelope.batch.received_at_ms, ==, 6);
  g_assert_cmpint(envelope.batch.seq, ==, 7);
  g_assert_cmpmem(envelope.batch.events, envelope.batch.events_bytes, batch.events, batch.events_bytes);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/envelope/read", test_read);
  g_test_add_func("/envelope/order-is-free", test_order_is_free);
  g_test_add_func("/envelope/lost", test_lost);
  g_test_add_func("/envelope/bad-events-are-left-out", test_bad_events_are_left_out);
  g_test_add_func("/envelope/refusals", test_refusals);
  g_test_add_func("/envelope/deep", test_deep);
  g_test_add_func("/envelope/write", test_write);
  return g_test_run();
}

/* SPDX-License-Identifier: MIT */
/* What a collector takes is what it can hand on: whatever was read and is written again is read again, as the same and
 * within the same limits, however its events were packed. Random; `--seed` repeats a run. */
#include "sight-envelope.h"
#include "sight-json-writer.h"
#include "sight-limits.h"

#include <gio/gio.h>
#include <string.h>

#define ROUNDS 400

/* As rrweb's pack() does: each byte of the zlib stream becomes a character. */
static void append_packed(GString *out, const char *text, gsize bytes) {
  g_autoptr(GZlibCompressor) zlib = g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 1);
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable();
  g_autoptr(GOutputStream) stream = g_converter_output_stream_new(memory, G_CONVERTER(zlib));
  g_assert_true(g_output_stream_write_all(stream, text, bytes, NULL, NULL, NULL));
  g_assert_true(g_output_stream_close(stream, NULL, NULL));
  const guint8 *packed = g_memory_output_stream_get_data(G_MEMORY_OUTPUT_STREAM(memory));
  gsize n = g_memory_output_stream_get_data_size(G_MEMORY_OUTPUT_STREAM(memory));
  g_string_append_c(out, '"');
  for (gsize i = 0; i < n; i++)
    g_string_append_printf(out, "\\u%04x", packed[i]);
  g_string_append_c(out, '"');
}

static void append_string(GString *out, const char *text) {
  g_autoptr(GString) json = g_string_new(NULL);
  SightJsonWriter w = {.out = json};
  sight_json_put_string(&w, text);
  g_string_append(out, json->str);
}

static char *random_event(void) {
  static const char *const texts[] = {"", "\\u0000\\u0001", "é…😀", "\\ud83d", "<b>\\\"</b>", "\\n"};
  const char *text = texts[g_test_rand_int_range(0, G_N_ELEMENTS(texts))];
  g_autofree char *padding = g_strnfill((gsize)g_test_rand_int_range(0, 2000), 'x');
  const char *space = g_test_rand_bit() ? "\n  " : "";
  return g_strdup_printf("{%s\"type\":5,%s\"timestamp\":%d,\"v\":\"v1\",\"data\":{\"tag\":\"%s%s\"}}", space, space,
                         g_test_rand_int_range(0, 2000000000), text, padding);
}

static void append_random_event(GString *out) {
  g_autofree char *event = random_event();
  g_autoptr(GString) inner = g_string_new(NULL);
  switch (g_test_rand_int_range(0, 7)) {
  case 0:
    append_packed(out, event, strlen(event));
    break;
  case 1:
    append_string(out, event);
    break;
  case 2: /* packed twice: is none */
    append_packed(inner, event, strlen(event));
    append_packed(out, inner->str, inner->len);
    break;
  case 3: /* packed, but no event */
    append_packed(out, "{\"timestamp\":1}", 15);
    break;
  case 4:
    g_string_append(out, "null");
    break;
  default:
    g_string_append(out, event);
  }
}

static GString *begin_envelope(void) {
  return g_string_new("{\"v\":1,\"session\":\"s\",\"window\":\"w\",\"seq\":3,\"sent_at\":1700000000000,\"events\":[");
}

/* As it comes over a connection, in pieces: mostly large ones, where it is large. */
static gboolean read_posted(const GString *text, SightEnvelope *envelope, GError **error) {
  g_autoptr(SightEnvelopeReader) reader = sight_envelope_reader_new(SIGHT_ENVELOPE_POSTED, envelope);
  gint32 most = (gint32)MAX(text->len / 10, 20);
  for (gsize at = 0, some; at < text->len; at += some) {
    gsize wanted = (gsize)g_test_rand_int_range(1, most);
    some = MIN(wanted, text->len - at);
    if (!sight_envelope_reader_push(reader, text->str + at, some, error))
      return FALSE;
  }
  return sight_envelope_reader_finish(reader, error);
}

static void append_piece(const char *text, gsize bytes, gpointer user_data) {
  g_string_append_len(user_data, text, (gssize)bytes);
}

/* Whether it was read at all. */
static gboolean check_again(const GString *text) {
  g_auto(SightEnvelope) first = {0};
  g_auto(SightEnvelope) second = {0};
  g_autoptr(GError) error = NULL;
  if (!read_posted(text, &first, NULL))
    return FALSE;
  g_autoptr(GString) written = g_string_new(NULL);
  first.batch.received_at_ms = 1700000000001;
  sight_envelope_write(&first.batch, G_MAXINT32, append_piece, written);
  g_assert_cmpuint(written->len, <=, SIGHT_WIRE_ENVELOPE_BYTES);
  g_assert_null(memchr(written->str, '\n', written->len));
  sight_envelope_parse(written->str, written->len, &second, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(second.n_rejected, ==, 0);
  g_assert_cmpuint(second.batch.n_events, ==, first.batch.n_events);
  g_assert_cmpint(second.batch.first_ms, ==, first.batch.first_ms);
  g_assert_cmpint(second.batch.last_ms, ==, first.batch.last_ms);
  g_assert_cmpmem(second.batch.events, second.batch.events_bytes, first.batch.events, first.batch.events_bytes);
  return TRUE;
}

static void test_random(void) {
  guint n_read = 0;
  for (int round = 0; round < ROUNDS; round++) {
    g_autoptr(GString) text = begin_envelope();
    int n = g_test_rand_int_range(1, 12);
    for (int i = 0; i < n; i++) {
      if (i > 0)
        g_string_append_c(text, ',');
      append_random_event(text);
    }
    g_string_append(text, "]}");
    g_auto(SightEnvelope) whole = {0};
    gboolean is_one = sight_envelope_parse(text->str, text->len, &whole, NULL);
    g_assert_true(check_again(text) == is_one);
    n_read += is_one ? 1 : 0;
  }
  g_assert_cmpuint(n_read, >, ROUNDS / 2);
}

/* A few KB that expand to about the limit: what is stored counts, to the byte. */
static void test_near_the_limit(void) {
  for (int round = 0; round < 2; round++) {
    static const char head[] = "{\"type\":5,\"timestamp\":1,\"data\":\"", tail[] = "\"}";
    gsize n_events = (gsize)g_test_rand_int_range(2, 5), held = 2 + n_events - 1;
    gsize wanted = SIGHT_WIRE_POST_EVENTS_BYTES + (round % 2 == 0 ? 0 : (gsize)g_test_rand_int_range(1, 5000));
    g_autoptr(GString) text = begin_envelope();
    for (gsize i = 0; i < n_events; i++) {
      gsize frame = sizeof head - 1 + sizeof tail - 1;
      gsize padding = i + 1 < n_events ? (SIGHT_WIRE_POST_EVENTS_BYTES / n_events) - frame : wanted - held - frame;
      g_autoptr(GString) event = g_string_new(head);
      g_string_set_size(event, event->len + padding);
      memset(event->str + sizeof head - 1, 'x', padding);
      g_string_append(event, tail);
      held += event->len;
      if (i > 0)
        g_string_append_c(text, ',');
      append_packed(text, event->str, event->len);
    }
    g_string_append(text, "]}");
    g_assert_cmpuint(held, ==, wanted);
    g_assert_true(check_again(text) == (wanted <= SIGHT_WIRE_POST_EVENTS_BYTES));
  }
}

/* What is left out has been expanded all the same: it counts as work. */
static void test_work_is_bounded(void) {
  gsize bytes = 15 * SIGHT_WIRE_MIB;
  g_autofree char *blanks = g_strnfill(bytes, ' ');
  memcpy(blanks, "{}", 2);
  g_autoptr(GString) one = g_string_new(NULL);
  append_packed(one, blanks, bytes);
  g_autoptr(GString) text = begin_envelope();
  for (int i = 0; i < 40; i++)
    g_string_append_printf(text, "%s,", one->str);
  g_string_append(text, "{\"type\":4,\"timestamp\":1}]}");
  g_auto(SightEnvelope) envelope = {0};
  g_autoptr(GError) error = NULL;
  g_assert_false(read_posted(text, &envelope, &error));
  g_assert_error(error, SIGHT_ENVELOPE_ERROR, SIGHT_ENVELOPE_ERROR_LIMIT);
  g_assert_cmpstr(envelope.bad_field, ==, "events");
}

static void insist_on_refusal(const GString *text, guint which, guint64 limit) {
  g_auto(SightEnvelope) envelope = {0};
  g_autoptr(GError) error = NULL;
  g_autofree char *field = g_strdup_printf("events[%u]", which);
  g_autofree char *number = g_strdup_printf("%" G_GUINT64_FORMAT, limit);
  g_assert_false(read_posted(text, &envelope, &error));
  g_assert_error(error, SIGHT_ENVELOPE_ERROR, SIGHT_ENVELOPE_ERROR_LIMIT);
  g_assert_cmpstr(envelope.bad_field, ==, field);
  g_assert_nonnull(strstr(error->message, number));
}

/* An event of that many bytes, and one small one behind it, after `which` others that are none. */
static GString *with_one_large(guint which, const GString *event, gboolean packed) {
  GString *text = begin_envelope();
  for (guint i = 0; i < which; i++)
    g_string_append(text, "null,");
  if (packed)
    append_packed(text, event->str, event->len);
  else
    g_string_append_len(text, event->str, (gssize)event->len);
  g_string_append(text, ",{\"type\":4,\"timestamp\":1}]}");
  return text;
}

/* One event that is too large refuses the whole and is named, whether it is sent as it is or packed. */
static void test_one_large(void) {
  for (int round = 0; round < 4; round++) {
    gboolean too_large = round % 2 == 1, packed = round >= 2;
    /* A string that comes first could be the name of a window. */
    guint which = packed ? 0 : (guint)g_test_rand_int_range(0, 9);
    gsize wanted = SIGHT_WIRE_EVENT_BYTES + (too_large ? (gsize)g_test_rand_int_range(1, 5000) : 0);
    g_autoptr(GString) event = g_string_new("{\"type\":5,\"timestamp\":1,\"data\":\"");
    gsize head = event->len;
    g_string_set_size(event, wanted);
    memset(event->str + head, 'x', wanted - head);
    memcpy(event->str + wanted - 2, "\"}", 2);
    g_autoptr(GString) text = with_one_large(which, event, packed);
    if (too_large)
      insist_on_refusal(text, which, SIGHT_WIRE_EVENT_BYTES);
    else
      g_assert_true(check_again(text));
  }
}

/* Nothing but numbers: each would take twelve times its text while it is read. */
static void test_many_values(void) {
  for (int packed = 0; packed < 2; packed++) {
    guint which = (guint)g_test_rand_int_range(0, 9);
    gsize n = SIGHT_WIRE_EVENT_VALUES + (gsize)g_test_rand_int_range(1, 1000);
    g_autoptr(GString) event = g_string_new("{\"type\":5,\"timestamp\":1,\"data\":[");
    for (gsize i = 0; i < n; i++)
      g_string_append(event, "0,");
    g_string_append(event, "0]}");
    g_autoptr(GString) text = with_one_large(which, event, packed == 1);
    insist_on_refusal(text, which, SIGHT_WIRE_EVENT_VALUES);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/wire/again/random", test_random);
  g_test_add_func("/wire/again/near-the-limit", test_near_the_limit);
  g_test_add_func("/wire/again/work-is-bounded", test_work_is_bounded);
  g_test_add_func("/wire/again/one-large", test_one_large);
  g_test_add_func("/wire/again/many-values", test_many_values);
  return g_test_run();
}

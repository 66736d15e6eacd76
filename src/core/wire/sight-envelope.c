/* SPDX-License-Identifier: MIT */
/* Reading and writing the HTTP envelope of a batch. The events are cut out first and read one by one, so that one of
 * them cannot spoil the others; what is left is small. */
#include "sight-envelope.h"

#include "sight-event-reader.h"
#include "sight-json-scan.h"
#include "sight-json-writer.h"
#include "sight-limits.h"
#include "sight-text.h"

#include <string.h>

#define VERSION 1

/* What is read, with what packed events expand to on the way, also those that are left out: a bound on the work. What
 * is kept is counted by itself. */
static const SightReaderLimits limits = {
    .max_bytes = 2 * SIGHT_WIRE_EVENTS_BYTES, .max_event_bytes = SIGHT_WIRE_EVENTS_BYTES, .max_events = 1000 * 1000};

G_DEFINE_QUARK(sight_envelope_error, sight_envelope_error)

void sight_envelope_clear(SightEnvelope *envelope) {
  g_free(envelope->bad_field);
  g_free(envelope->session);
  g_free(envelope->window);
  g_free(envelope->proof);
  sight_batch_builder_clear(&envelope->builder);
  *envelope = (SightEnvelope){0};
}

static gboolean fail_syntax(GError **error, const char *why) {
  g_set_error_literal(error, SIGHT_ENVELOPE_ERROR, SIGHT_ENVELOPE_ERROR_SYNTAX, why);
  return FALSE;
}

static gboolean fail_field(SightEnvelope *envelope, const char *field, const char *must, GError **error) {
  envelope->bad_field = g_strdup(field);
  g_set_error(error, SIGHT_ENVELOPE_ERROR, SIGHT_ENVELOPE_ERROR_FIELD, "“%s” must be %s", field, must);
  return FALSE;
}

/* A place in the text of an envelope. */
typedef struct {
  const char *at, *end;
} Cursor;

static gboolean skip_space(Cursor *cursor) {
  while (cursor->at < cursor->end && strchr(" \t\r\n", *cursor->at) != NULL && *cursor->at != '\0')
    cursor->at++;
  return cursor->at < cursor->end;
}

static gboolean skip_char(Cursor *cursor, char c) {
  if (!skip_space(cursor) || *cursor->at != c)
    return FALSE;
  cursor->at++;
  return TRUE;
}

static gboolean skip_value(Cursor *cursor) {
  if (!skip_space(cursor))
    return FALSE;
  if (strchr("{[\"", *cursor->at) != NULL && *cursor->at != '\0') {
    SightJsonScan scan = {0};
    const char *after = sight_json_scan(&scan, cursor->at, cursor->end);
    cursor->at = after != NULL ? after : cursor->end;
    return after != NULL;
  }
  const char *begin = cursor->at;
  while (cursor->at < cursor->end && strchr(",}] \t\r\n", *cursor->at) == NULL)
    cursor->at++;
  return cursor->at > begin;
}

/* Finds the array of the first member "events" of the object that the text is; its length is 0 where there is none.
 * FALSE where the text is no object, or has no end. */
static gboolean find_events(const char *text, gsize bytes, const char **events, gsize *events_bytes) {
  static const char key[] = "\"events\"";
  Cursor cursor = {text, text + bytes};
  *events_bytes = 0;
  if (!skip_char(&cursor, '{'))
    return FALSE;
  if (skip_char(&cursor, '}'))
    return TRUE;
  do {
    if (!skip_space(&cursor) || *cursor.at != '"')
      return FALSE;
    const char *name = cursor.at;
    if (!skip_value(&cursor))
      return FALSE;
    gboolean is_events = cursor.at - name == sizeof key - 1 && memcmp(name, key, sizeof key - 1) == 0;
    if (!skip_char(&cursor, ':') || !skip_space(&cursor))
      return FALSE;
    const char *value = cursor.at;
    if (!skip_value(&cursor))
      return FALSE;
    if (is_events && *value == '[') {
      *events = value;
      *events_bytes = (gsize)(cursor.at - value);
      return TRUE;
    }
  } while (skip_char(&cursor, ','));
  return TRUE;
}

static gboolean read_id(SightEnvelope *envelope, SightJson root, const char *field, char **id, GError **error) {
  gsize bytes;
  const char *tainted_id = sight_json_string(sight_json_get(root, field), &bytes);
  if (!sight_id_is_valid(tainted_id) || strlen(tainted_id) != bytes)
    return fail_field(envelope, field, "1 to 64 letters, digits, “_” or “-”", error);
  *id = g_strdup(tainted_id);
  return TRUE;
}

static gboolean read_number(SightEnvelope *envelope, SightJson root, const char *field, gint64 max, gboolean needed,
                            gint64 *number, GError **error) {
  SightJson value = sight_json_get(root, field);
  if (sight_json_type(value) == SIGHT_JSON_ABSENT && !needed)
    return TRUE;
  double exact = sight_json_double(value, -1);
  *number = sight_json_int(value, -1);
  if (*number < 0 || *number > max || (needed && exact != (double)*number))
    return fail_field(envelope, field, "a whole number, not negative", error);
  return TRUE;
}

static gboolean read_members(SightEnvelope *envelope, SightJson root, GError **error) {
  SightBatch *batch = &envelope->batch;
  if (sight_json_type(root) != SIGHT_JSON_OBJECT)
    return fail_syntax(error, "the envelope is no object");
  if (sight_json_double(sight_json_get(root, "v"), 0) != VERSION)
    return fail_field(envelope, "v", "1", error);
  if (!read_id(envelope, root, "session", &envelope->session, error) ||
      !read_id(envelope, root, "window", &envelope->window, error) ||
      !read_number(envelope, root, "seq", SIGHT_WIRE_NUMBER_MAX, TRUE, &batch->seq, error) ||
      !read_number(envelope, root, "sent_at", SIGHT_WIRE_TIME_MAX_MS, FALSE, &batch->sent_at_ms, error) ||
      !read_number(envelope, root, "received_at", SIGHT_WIRE_TIME_MAX_MS, FALSE, &batch->received_at_ms, error) ||
      !read_number(envelope, root, "arrival", SIGHT_WIRE_NUMBER_MAX, FALSE, &envelope->arrival, error))
    return FALSE;
  if (sight_json_type(sight_json_get(root, "proof")) != SIGHT_JSON_ABSENT &&
      !read_id(envelope, root, "proof", &envelope->proof, error))
    return FALSE;
  batch->session = envelope->session;
  batch->window = envelope->window;
  if (sight_json_type(sight_json_get(root, "events")) != SIGHT_JSON_ARRAY)
    return fail_field(envelope, "events", "an array", error);
  return TRUE;
}

/* Two bytes of room for what closes the array and parts the events. */
static gboolean take_event(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  SightBatchBuilder *builder = user_data;
  gsize held = builder->json != NULL ? builder->json->len : 0;
  if (held + event->text_bytes + 2 > SIGHT_WIRE_EVENTS_BYTES) {
    g_set_error(error, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_LIMIT,
                "more than %" G_GSIZE_FORMAT " bytes of events, packed ones unpacked", SIGHT_WIRE_EVENTS_BYTES);
    return FALSE;
  }
  sight_batch_builder_add(builder, event);
  return TRUE;
}

static char *event_field(const SightReaderReport *report) {
  const char *member = report->first_code == SIGHT_EVENT_ERROR_TYPE   ? ".type"
                       : report->first_code == SIGHT_EVENT_ERROR_TIME ? ".timestamp"
                                                                      : "";
  return g_strdup_printf("events[%" G_GUINT64_FORMAT "]%s", report->first_index, member);
}

static gboolean read_events(SightEnvelope *envelope, const char *text, gsize bytes, GError **error) {
  g_auto(SightReaderReport) report = {0};
  g_autoptr(GError) why = NULL;
  if (sight_event_read_bytes(text, bytes, &limits, take_event, &envelope->builder, &report, &why)) {
    envelope->n_rejected = (guint)report.n_rejected;
    sight_batch_builder_finish(&envelope->builder, &envelope->batch);
    return TRUE;
  }
  gboolean is_empty = g_error_matches(why, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_EMPTY);
  SightEnvelopeError code = SIGHT_ENVELOPE_ERROR_EVENTS;
  if (report.first_reason != NULL)
    envelope->bad_field = event_field(&report);
  else if (!is_empty)
    code = why->code == SIGHT_EVENT_ERROR_LIMIT ? SIGHT_ENVELOPE_ERROR_LIMIT : SIGHT_ENVELOPE_ERROR_SYNTAX;
  if (envelope->bad_field == NULL)
    envelope->bad_field = g_strdup("events");
  g_set_error(error, SIGHT_ENVELOPE_ERROR, (int)code, "“events”: %s", why->message);
  return FALSE;
}

gboolean sight_envelope_parse(const char *tainted_text, gsize bytes, SightEnvelope *envelope, GError **error) {
  const char *events = tainted_text + bytes;
  gsize events_bytes = 0;
  *envelope = (SightEnvelope){0};
  if (!find_events(tainted_text, bytes, &events, &events_bytes))
    return fail_syntax(error, "it is no JSON object");
  if (bytes - events_bytes > SIGHT_WIRE_REST_BYTES) {
    g_set_error_literal(error, SIGHT_ENVELOPE_ERROR, SIGHT_ENVELOPE_ERROR_LIMIT, "too much beside the events");
    return FALSE;
  }
  g_autoptr(GString) rest = g_string_new_len(tainted_text, events - tainted_text);
  if (events_bytes > 0)
    g_string_append(rest, "[]");
  else
    events = tainted_text + bytes;
  const char *after = events + events_bytes;
  g_string_append_len(rest, after, tainted_text + bytes - after);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  SightJson root;
  g_autoptr(GError) why = NULL;
  if (!sight_json_parser_parse(parser, rest->str, rest->len, &root, &why))
    return fail_syntax(error, why->message);
  return read_members(envelope, root, error) && read_events(envelope, events, events_bytes, error);
}

void sight_envelope_append(GString *out, const SightBatch *batch, gint64 arrival) {
  SightJsonWriter w = {.out = out};
  sight_json_begin_object(&w);
  sight_json_member_int(&w, "v", VERSION);
  sight_json_member_string(&w, "session", batch->session);
  sight_json_member_string(&w, "window", batch->window);
  sight_json_member_int(&w, "seq", batch->seq);
  sight_json_member_int(&w, "sent_at", batch->sent_at_ms);
  if (arrival != 0) {
    sight_json_member_int(&w, "arrival", arrival);
    sight_json_member_int(&w, "received_at", batch->received_at_ms);
  }
  sight_json_key(&w, "events");
  sight_json_put_raw(&w, batch->events, batch->events_bytes);
  sight_json_end_object(&w);
}

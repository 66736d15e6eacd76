/* SPDX-License-Identifier: MIT */
/* Reading and writing the HTTP envelope of a batch. The events are cut out as they come and read one by one, so that
 * one of them cannot spoil the others; what is left is small. */
#include "sight-envelope.h"

#include "sight-event-reader.h"
#include "sight-json-scan.h"
#include "sight-json-writer.h"
#include "sight-limits.h"
#include "sight-text.h"

#include <string.h>

#define VERSION 1
#define MAX_EVENTS (1000 * 1000)

/* What is read, with what packed events expand to on the way, also those that are left out: a bound on the work. What
 * is kept is counted by itself. */
static const SightReaderLimits limits[] = {
    [SIGHT_ENVELOPE_POSTED] = {.max_bytes = 2 * SIGHT_WIRE_POST_EVENTS_BYTES,
                               .max_event_bytes = SIGHT_WIRE_EVENT_BYTES,
                               .max_event_values = SIGHT_WIRE_EVENT_VALUES,
                               .max_events = MAX_EVENTS,
                               .refuse_large = TRUE},
    [SIGHT_ENVELOPE_STORED] = {.max_bytes = 2 * SIGHT_WIRE_EVENTS_BYTES,
                               .max_event_bytes = SIGHT_WIRE_EVENTS_BYTES,
                               .max_events = MAX_EVENTS},
};
static const gsize max_kept[] = {
    [SIGHT_ENVELOPE_POSTED] = SIGHT_WIRE_POST_EVENTS_BYTES, [SIGHT_ENVELOPE_STORED] = SIGHT_WIRE_EVENTS_BYTES};

typedef enum { IN_HEAD, IN_EVENTS, BEHIND_EVENTS } Place;

struct SightEnvelopeReader {
  SightEnvelopeKind kind;
  SightEnvelope *envelope;
  Place place;
  GString *head;      /* the beginning, until there is enough of it to find the events */
  GString *rest;      /* the envelope with an empty array in the place of the events */
  SightJsonScan scan; /* of the events */
  SightEventReader *events;
  GError *wrong; /* with the events */
};

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

static gboolean fail_rest(GError **error) {
  g_set_error_literal(error, SIGHT_ENVELOPE_ERROR, SIGHT_ENVELOPE_ERROR_LIMIT, "too much beside the events");
  return FALSE;
}

static gboolean fail_field(SightEnvelope *envelope, const char *field, const char *must, GError **error) {
  envelope->bad_field = g_strdup(field);
  g_set_error(error, SIGHT_ENVELOPE_ERROR, SIGHT_ENVELOPE_ERROR_FIELD, "“%s” must be %s", field, must);
  return FALSE;
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

static gboolean read_members(SightEnvelope *envelope, SightEnvelopeKind kind, SightJson root, GError **error) {
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
  batch->is_lost = kind == SIGHT_ENVELOPE_STORED && sight_json_bool(sight_json_get(root, "damaged"), FALSE);
  if (sight_json_type(sight_json_get(root, "events")) != SIGHT_JSON_ARRAY)
    return fail_field(envelope, "events", "an array", error);
  return TRUE;
}

/* When the events of a batch were that are lost. */
static gboolean read_times(SightEnvelope *envelope, SightJson root, GError **error) {
  SightBatch *batch = &envelope->batch;
  if (!read_number(envelope, root, "first", SIGHT_WIRE_TIME_MAX_MS, TRUE, &batch->first_ms, error) ||
      !read_number(envelope, root, "last", SIGHT_WIRE_TIME_MAX_MS, TRUE, &batch->last_ms, error))
    return FALSE;
  batch->last_ms = MAX(batch->first_ms, batch->last_ms);
  return TRUE;
}

/* Two bytes of room for what closes the array and parts the events. */
static gboolean take_event(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  const SightEnvelopeReader *self = user_data;
  SightBatchBuilder *builder = &self->envelope->builder;
  gsize held = builder->json != NULL ? builder->json->len : 0;
  if (held + event->text_bytes + 2 > max_kept[self->kind]) {
    g_set_error(error, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_LIMIT,
                "more than %" G_GSIZE_FORMAT " bytes of events, packed ones unpacked", max_kept[self->kind]);
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

/* An event that alone is too much, or all of them, or what is no JSON. */
static gboolean fail_reading(SightEnvelopeReader *self, const GError *why, GError **error) {
  const SightReaderReport *report = sight_event_reader_report(self->events);
  gboolean large = why->code == SIGHT_EVENT_ERROR_LIMIT;
  gboolean is_one = large && limits[self->kind].refuse_large && report->first_code == SIGHT_EVENT_ERROR_LIMIT;
  self->envelope->bad_field = is_one ? event_field(report) : g_strdup("events");
  g_set_error(error, SIGHT_ENVELOPE_ERROR, large ? SIGHT_ENVELOPE_ERROR_LIMIT : SIGHT_ENVELOPE_ERROR_SYNTAX,
              "“events”: %s", why->message);
  return FALSE;
}

static gboolean finish_events(SightEnvelopeReader *self, GError **error) {
  SightEnvelope *envelope = self->envelope;
  g_auto(SightReaderReport) report = {0};
  g_autoptr(GError) why = NULL;
  if (sight_event_reader_finish(self->events, &report, &why)) {
    envelope->n_rejected = (guint)report.n_rejected;
    sight_batch_builder_finish(&envelope->builder, &envelope->batch);
    return TRUE;
  }
  envelope->bad_field = report.first_reason != NULL ? event_field(&report) : g_strdup("events");
  g_set_error(error, SIGHT_ENVELOPE_ERROR, SIGHT_ENVELOPE_ERROR_EVENTS, "“events”: %s", why->message);
  return FALSE;
}

SightEnvelopeReader *sight_envelope_reader_new(SightEnvelopeKind kind, SightEnvelope *envelope) {
  SightEnvelopeReader *self = g_new0(SightEnvelopeReader, 1);
  *envelope = (SightEnvelope){0};
  self->kind = kind;
  self->envelope = envelope;
  self->head = g_string_new(NULL);
  self->rest = g_string_new(NULL);
  self->events = sight_event_reader_new(&limits[kind], take_event, self);
  return self;
}

void sight_envelope_reader_free(SightEnvelopeReader *self) {
  if (self == NULL)
    return;
  g_string_free(self->head, TRUE);
  g_string_free(self->rest, TRUE);
  sight_event_reader_free(self->events);
  g_clear_error(&self->wrong);
  g_free(self);
}

static gboolean hold_rest(SightEnvelopeReader *self, const char *text, gsize bytes, GError **error) {
  g_string_append_len(self->rest, text, (gssize)MIN(bytes, SIGHT_WIRE_REST_BYTES + 1));
  return self->rest->len <= SIGHT_WIRE_REST_BYTES || fail_rest(error);
}

/* What is no JSON spoils the events, but what is wrong beside them is told first. */
static gboolean push_events(SightEnvelopeReader *self, const char *text, gsize bytes, gsize *taken, GError **error) {
  const char *after = sight_json_scan(&self->scan, text, text + bytes);
  *taken = after != NULL ? (gsize)(after - text) : bytes;
  if (after != NULL)
    self->place = BEHIND_EVENTS;
  if (self->wrong != NULL || sight_event_reader_push(self->events, text, *taken, &self->wrong))
    return TRUE;
  return self->wrong->code != SIGHT_EVENT_ERROR_LIMIT || fail_reading(self, self->wrong, error);
}

static gboolean push_behind_head(SightEnvelopeReader *self, const char *text, gsize bytes, GError **error) {
  gsize taken = 0;
  if (bytes > 0 && self->place == IN_EVENTS && !push_events(self, text, bytes, &taken, error))
    return FALSE;
  return taken == bytes || hold_rest(self, text + taken, bytes - taken, error);
}

/* All of it is there, or more than may stand before the events. */
static gboolean end_head(SightEnvelopeReader *self, GError **error) {
  GString *head = self->head;
  const char *events = sight_json_find_member(head->str, head->str + head->len, "events", '[');
  if (events == NULL && head->len > SIGHT_WIRE_REST_BYTES)
    return g_strchug(head->str)[0] == '{' ? fail_rest(error) : fail_syntax(error, "it is no JSON object");
  gsize before = events != NULL ? (gsize)(events - head->str) : head->len;
  self->place = events != NULL ? IN_EVENTS : BEHIND_EVENTS;
  g_string_append_len(self->rest, head->str, (gssize)before);
  if (events != NULL)
    g_string_append(self->rest, "[]");
  return push_behind_head(self, head->str + before, head->len - before, error);
}

gboolean sight_envelope_reader_push(SightEnvelopeReader *self, const char *tainted_text, gsize bytes, GError **error) {
  if (self->place == IN_HEAD) {
    gsize some = MIN(bytes, SIGHT_WIRE_REST_BYTES + 1 - self->head->len);
    g_string_append_len(self->head, tainted_text, (gssize)some);
    tainted_text += some;
    bytes -= some;
    if (self->head->len <= SIGHT_WIRE_REST_BYTES)
      return TRUE;
    if (!end_head(self, error))
      return FALSE;
  }
  return push_behind_head(self, tainted_text, bytes, error);
}

gboolean sight_envelope_reader_finish(SightEnvelopeReader *self, GError **error) {
  if (self->place == IN_HEAD && !end_head(self, error))
    return FALSE;
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  SightJson root;
  g_autoptr(GError) why = NULL;
  if (!sight_json_parser_parse(parser, self->rest->str, self->rest->len, &root, &why))
    return fail_syntax(error, why->message);
  if (!read_members(self->envelope, self->kind, root, error))
    return FALSE;
  if (self->envelope->batch.is_lost)
    return read_times(self->envelope, root, error);
  return self->wrong != NULL ? fail_reading(self, self->wrong, error) : finish_events(self, error);
}

gboolean sight_envelope_parse(const char *tainted_text, gsize bytes, SightEnvelope *envelope, GError **error) {
  g_autoptr(SightEnvelopeReader) reader = sight_envelope_reader_new(SIGHT_ENVELOPE_STORED, envelope);
  return sight_envelope_reader_push(reader, tainted_text, bytes, error) && sight_envelope_reader_finish(reader, error);
}

void sight_envelope_write(const SightBatch *batch, gint64 arrival, SightEnvelopePieceFunc func, gpointer user_data) {
  g_autoptr(GString) head = g_string_new(NULL);
  SightJsonWriter w = {.out = head};
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
  if (batch->is_lost) {
    sight_json_member_int(&w, "first", CLAMP(batch->first_ms, 0, SIGHT_WIRE_TIME_MAX_MS));
    sight_json_member_int(&w, "last", CLAMP(batch->last_ms, 0, SIGHT_WIRE_TIME_MAX_MS));
    sight_json_member_bool(&w, "damaged", TRUE);
  }
  sight_json_key(&w, "events");
  func(head->str, head->len, user_data);
  func(batch->is_lost ? "[]" : batch->events, batch->is_lost ? 2 : batch->events_bytes, user_data);
  func("}", 1, user_data);
}

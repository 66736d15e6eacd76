/* SPDX-License-Identifier: MIT */
/* One event: from text to plain data. */
#include "sight-event.h"

#include "sight-compress.h"
#include "sight-json-scan.h"
#include "sight-text.h"

#include <math.h>
#include <string.h>

/* Each value takes up to 24 bytes while an event is parsed; the largest pages have a few hundred thousand nodes. */
#define VALUES_MAX (4 * 1024 * 1024)

/* A packed event may not expand to more than this. */
#define PACKED_MAX (64 * 1024 * 1024)

/* Times are told in ms and reckoned with in microseconds: neither may overflow. It lies beyond what a page's clock can
 * show (8.64e15). */
#define TIME_MAX_MS G_GINT64_CONSTANT(9100000000000000)

G_DEFINE_QUARK(sight_event_error, sight_event_error)

struct SightEventParser {
  SightJsonParser *json;
  guint64 max_bytes, max_values;
  GString *text; /* the event where it is not what the caller gave: repaired or unpacked */
  SightJson window;
  gsize unpacked;
};

SightEventParser *sight_event_parser_new(void) {
  SightEventParser *self = g_new0(SightEventParser, 1);
  self->json = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  self->text = g_string_new(NULL);
  sight_event_parser_limit(self, PACKED_MAX, VALUES_MAX);
  return self;
}

void sight_event_parser_limit(SightEventParser *self, guint64 max_packed_bytes, guint64 max_values) {
  self->max_bytes = MIN(max_packed_bytes, PACKED_MAX);
  self->max_values = MIN(max_values, VALUES_MAX);
}

void sight_event_parser_free(SightEventParser *self) {
  if (self == NULL)
    return;
  sight_json_parser_free(self->json);
  g_string_free(self->text, TRUE);
  g_free(self);
}

/* The code unit of a \uXXXX escape, or -1. */
static int escape_unit(const char *at, const char *end) {
  if (end - at < 6 || at[0] != '\\' || at[1] != 'u')
    return -1;
  int unit = 0;
  for (int i = 2; i < 6; i++) {
    int digit = g_ascii_xdigit_value(at[i]);
    if (digit < 0)
      return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

/* Writes U+FFFD in the place of each half of a surrogate pair that has no other half. Linear; the length stays. */
static gboolean repair_surrogates(char *text, gsize bytes) {
  gboolean repaired = FALSE;
  const char *end = text + bytes;
  for (char *at = memchr(text, '\\', bytes); at != NULL; at = memchr(at, '\\', (gsize)(end - at))) {
    int unit = escape_unit(at, end);
    if (unit < 0xD800 || unit > 0xDFFF) {
      at += MIN(end - at, 2); /* an escaped backslash is skipped as a whole */
      continue;
    }
    int next = escape_unit(at + 6, end);
    if (unit <= 0xDBFF && next >= 0xDC00 && next <= 0xDFFF) {
      at += 12;
      continue;
    }
    memcpy(at, "\\ufffd", 6);
    repaired = TRUE;
    at += 6;
  }
  return repaired;
}

static gboolean fail(GError **error, SightEventError code, const char *message) {
  g_set_error_literal(error, SIGHT_EVENT_ERROR, (int)code, message);
  return FALSE;
}

static gboolean fail_json(GError **error, const GError *json) {
  switch ((SightJsonError)json->code) {
  case SIGHT_JSON_ERROR_DEPTH:
  case SIGHT_JSON_ERROR_SIZE:
    return fail(error, SIGHT_EVENT_ERROR_LIMIT, json->message);
  case SIGHT_JSON_ERROR_NUMBER:
    return fail(error, SIGHT_EVENT_ERROR_FIELD, json->message);
  case SIGHT_JSON_ERROR_SYNTAX:
  case SIGHT_JSON_ERROR_STRING:
    break;
  }
  return fail(error, SIGHT_EVENT_ERROR_SYNTAX, json->message);
}

/* Parses; where that fails for a lone surrogate, once more without it. `*text` may come to point into self->text. */
static gboolean parse_json(SightEventParser *self, const char **text, gsize bytes, gboolean padded, SightJson *root,
                           GError **error) {
  g_autoptr(GError) json = NULL;
  if (sight_json_has_more_values(*text, bytes, self->max_values)) {
    g_set_error(error, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_LIMIT, "more than %" G_GUINT64_FORMAT " values in it",
                self->max_values);
    return FALSE;
  }
  gboolean ok = padded ? sight_json_parser_parse_padded(self->json, *text, bytes, root, &json)
                       : sight_json_parser_parse(self->json, *text, bytes, root, &json);
  if (ok)
    return TRUE;
  if (!g_error_matches(json, SIGHT_JSON_ERROR, SIGHT_JSON_ERROR_STRING))
    return fail_json(error, json);
  if (*text != self->text->str) {
    g_string_truncate(self->text, 0);
    g_string_append_len(self->text, *text, (gssize)bytes);
  }
  if (!repair_surrogates(self->text->str, bytes))
    return fail_json(error, json);
  *text = self->text->str;
  g_clear_error(&json);
  return sight_json_parser_parse(self->json, *text, bytes, root, &json) || fail_json(error, json);
}

/* A time as JSON tells it: a number, possibly with a fraction, or one written as a string. */
static gboolean read_time(SightJson value, gint64 *time_ms) {
  double number = -1;
  SightJsonType type = sight_json_type(value);
  if (type == SIGHT_JSON_NUMBER) {
    number = sight_json_double(value, -1);
    *time_ms = sight_json_int(value, -1); /* exact where it is an integer */
  } else if (type == SIGHT_JSON_STRING) {
    gsize bytes;
    const char *text = sight_json_string(value, &bytes);
    char *rest;
    number = bytes > 0 && bytes <= 32 && g_ascii_isdigit(text[0]) ? g_ascii_strtod(text, &rest) : -1;
    if (number < 0 || rest != text + bytes)
      return FALSE;
    *time_ms = number <= (double)TIME_MAX_MS ? (gint64)number : -1;
  }
  return number >= 0 && *time_ms >= 0 && *time_ms <= TIME_MAX_MS;
}

static gboolean read_small(SightJson value, guint8 *small) {
  if (sight_json_type(value) != SIGHT_JSON_NUMBER)
    return FALSE;
  double number = sight_json_double(value, -1);
  if (number < 0 || number > 255 || number != floor(number))
    return FALSE;
  *small = (guint8)number;
  return TRUE;
}

static inline gboolean is_key(const SightJsonIter *it, const char *key, gsize bytes) {
  return it->key_bytes == bytes && memcmp(it->key, key, bytes) == 0;
}

#define IS_KEY(it, key) is_key(it, key, sizeof(key) - 1)

static inline void take_first(SightJson *member, SightJson value) {
  if (member->document == NULL)
    *member = value;
}

static gboolean read_members(SightEventParser *self, SightJson root, SightEvent *event, GError **error) {
  SightJson type = {0}, time = {0};
  event->data = self->window = (SightJson){0};
  for (SightJsonIter it = sight_json_iter(root); sight_json_next(&it);) {
    if (IS_KEY(&it, "type"))
      take_first(&type, it.value);
    else if (IS_KEY(&it, "data"))
      take_first(&event->data, it.value);
    else if (IS_KEY(&it, "timestamp"))
      take_first(&time, it.value);
    else if (IS_KEY(&it, "windowId") || IS_KEY(&it, "window_id"))
      take_first(&self->window, it.value);
  }
  if (sight_json_type(root) != SIGHT_JSON_OBJECT)
    return fail(error, SIGHT_EVENT_ERROR_FIELD, "not an object");
  if (!read_small(type, &event->type))
    return fail(error, SIGHT_EVENT_ERROR_TYPE, "no type that is a small number");
  if (!read_time(time, &event->time_ms))
    return fail(error, SIGHT_EVENT_ERROR_TIME, "no timestamp that is a time in milliseconds");
  event->source = SIGHT_SOURCE_NONE;
  if (event->type == SIGHT_EVENT_INCREMENTAL && !read_small(sight_json_get(event->data, "source"), &event->source))
    event->source = SIGHT_SOURCE_NONE;
  return TRUE;
}

static gboolean append_piece(const char *data, gsize bytes, gpointer user_data, GError **error) {
  g_string_append_len(user_data, data, (gssize)bytes);
  return TRUE;
}

/* Fills self->text from a string that is an event: zlib in latin-1 as rrweb's pack() writes it, or plain JSON text. */
static gboolean unpack(SightEventParser *self, SightJson string, GError **error) {
  gsize bytes;
  const char *text = sight_json_string(string, &bytes);
  g_string_truncate(self->text, 0);
  if (bytes > 0 && text[0] == '{') {
    g_string_append_len(self->text, text, (gssize)bytes);
    return TRUE;
  }
  g_autoptr(GString) packed = g_string_new(NULL);
  if (bytes == 0 || text[0] != 'x' || !sight_text_to_bytes(text, bytes, packed))
    return fail(error, SIGHT_EVENT_ERROR_FIELD, "a string that is no packed event");
  g_autoptr(SightExpander) expander = sight_expander_new(SIGHT_CODEC_ZLIB, self->max_bytes);
  g_autoptr(GError) damage = NULL;
  if (sight_expander_push(expander, packed->str, packed->len, append_piece, self->text, &damage) &&
      sight_expander_finish(expander, &damage))
    return TRUE;
  gboolean large = g_error_matches(damage, SIGHT_COMPRESS_ERROR, SIGHT_COMPRESS_ERROR_TOO_LARGE);
  return fail(error, large ? SIGHT_EVENT_ERROR_LIMIT : SIGHT_EVENT_ERROR_FIELD, damage->message);
}

static gboolean parse_event(SightEventParser *self, const char *text, gsize bytes, gboolean padded, SightEvent *event,
                            GError **error) {
  SightJson root;
  self->unpacked = 0;
  if (self->text->allocated_len > 4 * 1024 * 1024) {
    g_string_free(self->text, TRUE);
    self->text = g_string_new(NULL);
  }
  if (!parse_json(self, &text, bytes, padded, &root, error))
    return FALSE;
  if (sight_json_type(root) == SIGHT_JSON_STRING) {
    gboolean done = unpack(self, root, error);
    self->unpacked = self->text->len;
    if (!done)
      return FALSE;
    bytes = self->text->len;
    g_string_set_size(self->text, bytes + SIGHT_JSON_PADDING);
    g_string_truncate(self->text, bytes);
    text = self->text->str;
    /* What was inside a packed event is never unpacked again: a string is no object. */
    if (!parse_json(self, &text, bytes, TRUE, &root, error))
      return FALSE;
  }
  event->text = text;
  event->text_bytes = bytes;
  return read_members(self, root, event, error);
}

gboolean sight_event_parser_parse(SightEventParser *self, const char *tainted_text, gsize bytes, SightEvent *event,
                                  GError **error) {
  return parse_event(self, tainted_text, bytes, FALSE, event, error);
}

gboolean sight_event_parser_parse_padded(SightEventParser *self, const char *tainted_text, gsize bytes,
                                         SightEvent *event, GError **error) {
  return parse_event(self, tainted_text, bytes, TRUE, event, error);
}

gsize sight_event_parser_unpacked(const SightEventParser *self) {
  return self->unpacked;
}

const char *sight_event_parser_window(const SightEventParser *self) {
  return sight_json_string(self->window, NULL);
}

const char *sight_event_tag(const SightEvent *event) {
  if (event->type != SIGHT_EVENT_CUSTOM)
    return NULL;
  return sight_json_string(sight_json_get(event->data, "tag"), NULL);
}

SightJson sight_event_payload(const SightEvent *event) {
  return sight_json_get(event->data, "payload");
}

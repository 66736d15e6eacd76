/* SPDX-License-Identifier: MIT */
/* Choosing the form of a file, and making its events plain. */
#define _GNU_SOURCE /* memmem */
#include "sight-format-private.h"

#include "sight-compress.h"
#include "sight-patience.h"
#include "sight-text.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define EVENT_DEPTH SIGHT_JSON_DEFAULT_DEPTH
/* Of the compressed fields of one event, as large as events may be, and of all of a file. */
#define MAX_EVENT_BYTES (G_GUINT64_CONSTANT(64) * 1024 * 1024)
#define MAX_EXPANDED_BYTES (G_GUINT64_CONSTANT(4) * 1024 * 1024 * 1024)
/* What is held in memory of a file that cannot be read in pieces. */
#define MAX_HELD_BYTES (1024 * 1024 * 1024)
#define HEAD_BYTES 64
#define STEP (1024 * 1024)

/* In the order in which they are tried. */
static const SightFormat *const formats[] = {&sight_format_events, &sight_format_export, &sight_format_rows};

void sight_format_sink_init(SightFormatSink *sink, SightFormatFunc func, gpointer user_data) {
  *sink = (SightFormatSink){.func = func,
                            .user_data = user_data,
                            .parser = sight_event_parser_new(),
                            .json = sight_json_parser_new(EVENT_DEPTH),
                            .plain = g_string_new(NULL)};
}

void sight_format_sink_clear(SightFormatSink *sink) {
  sight_event_parser_free(sink->parser);
  sight_json_parser_free(sink->json);
  g_string_free(sink->plain, TRUE);
}

/* 2001 to 2286 in each unit: no two of these ranges meet. */
static double to_ms(double number) {
  static const double per_ms[] = {1e-3, 1, 1e3, 1e6};
  for (guint i = 0; i < G_N_ELEMENTS(per_ms); i++)
    if (number >= 1e12 * per_ms[i] && number < 1e13 * per_ms[i])
      return number / per_ms[i];
  return number;
}

double sight_format_time_ms(SightJson value) {
  if (sight_json_type(value) == SIGHT_JSON_NUMBER)
    return to_ms(sight_json_double(value, -1));
  gsize bytes = 0;
  const char *text = sight_json_string(value, &bytes);
  if (text == NULL || bytes == 0 || bytes > 40)
    return -1;
  char *rest = NULL;
  double number = g_ascii_strtod(text, &rest);
  if (*rest == '\0' && isfinite(number))
    return to_ms(number);
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
  g_autoptr(GDateTime) date = g_date_time_new_from_iso8601(text, utc);
  return date != NULL ? (double)g_date_time_to_unix(date) * 1000 + g_date_time_get_microsecond(date) / 1000.0 : -1;
}

static gboolean append_piece(const char *data, gsize bytes, gpointer user_data, GError **error) {
  g_string_append_len(user_data, data, (gssize)bytes);
  return TRUE;
}

/* A field as PostHog compresses it: gzip, of which each byte is one character. NULL where it is none, or
 * too much: then it stays as it is. */
static GString *expand_field(SightFormatSink *sink, SightJson field) {
  gsize bytes = 0;
  const char *text = sight_json_string(field, &bytes);
  g_autoptr(GString) packed = g_string_new(NULL);
  g_autoptr(GString) json = g_string_new(NULL);
  /* Looked at before it is expanded: what a file may cost is bounded, and not only what of it is kept. */
  guint64 left = MIN(MAX_EVENT_BYTES - sink->n_event_bytes, MAX_EXPANDED_BYTES - sink->n_expanded_bytes);
  if (text == NULL || left == 0 || !sight_text_to_bytes(text, bytes, packed))
    return NULL;
  g_autoptr(SightExpander) expander = sight_expander_new(SIGHT_CODEC_GZIP, left);
  gboolean done = sight_expander_push(expander, packed->str, packed->len, append_piece, json, NULL) &&
                  sight_expander_finish(expander, NULL);
  sink->n_expanded_bytes += json->len;
  sink->n_event_bytes += json->len;
  return done ? g_steal_pointer(&json) : NULL;
}

static void put_field(SightFormatSink *sink, SightJsonWriter *writer, SightJson field) {
  g_autoptr(GString) json = sight_json_type(field) == SIGHT_JSON_STRING ? expand_field(sink, field) : NULL;
  if (json != NULL)
    sight_json_put_raw(writer, json->str, json->len);
  else
    sight_json_put_value(writer, field);
}

/* Of a snapshot all is compressed as one, of a mutation and of style rules each list by itself. */
static void put_compressed_data(SightFormatSink *sink, SightJsonWriter *writer, SightJson data) {
  if (sight_json_type(data) != SIGHT_JSON_OBJECT) {
    put_field(sink, writer, data);
    return;
  }
  sight_json_begin_object(writer);
  for (SightJsonIter it = sight_json_iter(data); sight_json_next(&it);) {
    sight_json_key_len(writer, it.key, it.key_bytes);
    put_field(sink, writer, it.value);
  }
  sight_json_end_object(writer);
}

static gboolean is_key(const SightJsonIter *it, const char *key) {
  return it->key_bytes == strlen(key) && memcmp(it->key, key, it->key_bytes) == 0;
}

static void write_plain(SightFormatSink *sink, SightJson event) {
  gboolean is_compressed = sight_json_type(sight_json_get(event, "cv")) == SIGHT_JSON_STRING;
  SightJsonWriter writer = {.out = sink->plain};
  sight_json_begin_object(&writer);
  for (SightJsonIter it = sight_json_iter(event); sight_json_next(&it);) {
    if (is_key(&it, "cv"))
      continue;
    sight_json_key_len(&writer, it.key, it.key_bytes);
    if (is_key(&it, "timestamp"))
      sight_json_put_double(&writer, sight_format_time_ms(it.value));
    else if (is_key(&it, "data") && is_compressed)
      put_compressed_data(sink, &writer, it.value);
    else
      sight_json_put_value(&writer, it.value);
  }
  sight_json_end_object(&writer);
}

static gboolean is_plain(const SightEvent *event) {
  return to_ms((double)event->time_ms) == (double)event->time_ms &&
         memmem(event->text, event->text_bytes, "\"cv\"", strlen("\"cv\"")) == NULL;
}

gboolean sight_format_sink_add(SightFormatSink *sink, const SightEvent *event, const char *tainted_session,
                               const char *tainted_window, GError **error) {
  SightEvent plain;
  SightJson root;
  sink->is_begun = TRUE;
  if (is_plain(event) || !sight_json_parser_parse(sink->json, event->text, event->text_bytes, &root, NULL))
    return sink->func(event, tainted_session, tainted_window, sink->user_data, error);
  g_string_truncate(sink->plain, 0);
  sink->n_event_bytes = 0;
  write_plain(sink, root);
  /* What does not make an event any more stays as it came. */
  if (!sight_event_parser_parse(sink->parser, sink->plain->str, sink->plain->len, &plain, NULL))
    plain = *event;
  return sink->func(&plain, tainted_session, tainted_window, sink->user_data, error);
}

gboolean sight_format_sink_take(const SightEvent *event, const char *tainted_window, gpointer user_data,
                                GError **error) {
  SightFormatSink *sink = user_data;
  gboolean is_row = !sink->is_begun && sight_json_type(event->data) == SIGHT_JSON_STRING && is_plain(event);
  if (!is_row)
    return sight_format_sink_add(sink, event, NULL, tainted_window, error);
  g_set_error_literal(error, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_NOT_EVENTS, _("rows of a table"));
  return FALSE;
}

static gboolean is_other_form(const GError *error) {
  return g_error_matches(error, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_NOT_EVENTS);
}

/* `found` is what the last of them says of the file. */
static gboolean fail_all(const GError *found, GError **error) {
  g_autoptr(GString) titles = g_string_new(NULL);
  for (guint i = 0; i < G_N_ELEMENTS(formats); i++)
    g_string_append_printf(titles, "%s%s", i > 0 ? "; " : "", _(formats[i]->title));
  /* Translators: a list of forms of recordings, and what a file is instead */
  g_set_error(error, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_NOT_EVENTS, _("looked for %s; found %s"), titles->str,
              found->message);
  return FALSE;
}

static gboolean read_from(guint first, GBytes *content, SightFormatFunc func, gpointer user_data,
                          SightReaderReport *report, GError **error) {
  g_auto(SightFormatSink) sink;
  g_autoptr(GError) why = NULL;
  gsize bytes;
  const char *head = g_bytes_get_data(content, &bytes);
  sight_format_sink_init(&sink, func, user_data);
  SightCertainty certainty = SIGHT_CERTAINTY_NONE;
  for (guint i = first; i < G_N_ELEMENTS(formats) && certainty != SIGHT_CERTAINTY_SURE; i++) {
    certainty = formats[i]->looks_so(head, MIN(bytes, HEAD_BYTES));
    if (certainty == SIGHT_CERTAINTY_NONE)
      continue;
    g_clear_error(&why);
    if (report != NULL) {
      sight_reader_report_clear(report);
      *report = (SightReaderReport){0};
    }
    if (formats[i]->read(content, &sink, report, &why))
      return TRUE;
    if (!is_other_form(why)) {
      g_propagate_error(error, g_steal_pointer(&why));
      return FALSE;
    }
  }
  return fail_all(why, error);
}

gboolean sight_format_read_bytes(GBytes *tainted_content, SightFormatFunc func, gpointer user_data,
                                 SightReaderReport *report, GError **error) {
  return read_from(0, tainted_content, func, user_data, report, error);
}

static GBytes *load_patiently(GFile *file, SightPatience *patience, GError **error) {
  g_autoptr(GInputStream) stream = sight_patience_open(patience, file, error);
  GCancellable *cancellable = sight_patience_cancellable(patience);
  g_autoptr(GByteArray) content = g_byte_array_new();
  g_autofree guint8 *step = g_malloc(STEP);
  gssize bytes = stream != NULL ? 0 : -1;
  while (stream != NULL && (bytes = g_input_stream_read(stream, step, STEP, cancellable, error)) > 0) {
    sight_patience_count(patience, (gsize)bytes);
    if (content->len + (gsize)bytes > MAX_HELD_BYTES) {
      g_set_error_literal(error, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_LIMIT, _("larger than 1 GiB"));
      return NULL;
    }
    g_byte_array_append(content, step, (guint)bytes);
  }
  return bytes < 0 ? NULL : g_byte_array_free_to_bytes(g_steal_pointer(&content));
}

static GBytes *load(GFile *file, GCancellable *cancellable, GError **error) {
  g_autoptr(SightPatience) patience = sight_patience_new(&sight_patience_for_files, cancellable);
  GBytes *content = load_patiently(file, patience, error);
  if (content == NULL)
    sight_patience_explain(patience, error);
  return content;
}

/* What comes out of a pipe comes once. */
static gboolean is_pipe(GFile *file) {
  return g_file_query_file_type(file, G_FILE_QUERY_INFO_NONE, NULL) == G_FILE_TYPE_SPECIAL;
}

gboolean sight_format_read_file(GFile *file, SightFormatFunc func, gpointer user_data, SightReaderReport *report,
                                GCancellable *cancellable, GError **error) {
  if (is_pipe(file)) {
    g_autoptr(GBytes) whole = load(file, cancellable, error);
    return whole != NULL && read_from(0, whole, func, user_data, report, error);
  }
  g_auto(SightFormatSink) sink;
  g_autoptr(GError) why = NULL;
  sight_format_sink_init(&sink, func, user_data);
  if (sight_event_read_file(file, NULL, sight_format_sink_take, &sink, report, cancellable, &why))
    return TRUE;
  g_autoptr(GBytes) content = is_other_form(why) ? load(file, cancellable, NULL) : NULL;
  if (content != NULL)
    return read_from(1, content, func, user_data, report, error);
  g_propagate_error(error, g_steal_pointer(&why));
  return FALSE;
}

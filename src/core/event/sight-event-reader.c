/* SPDX-License-Identifier: MIT */
/* Reading a recording: from bytes through expansion and splitting to events. */
#include "sight-event-reader.h"

#include "sight-compress.h"
#include "sight-event-splitter.h"
#include "sight-patience.h"

#include <string.h>

#define LEAD_BYTES 4
#define FILE_STEP (1024 * 1024)

const SightReaderLimits sight_reader_default_limits = {
    .max_bytes = G_GUINT64_CONSTANT(4) * 1024 * 1024 * 1024,
    .max_event_bytes = 64 * 1024 * 1024,
    .max_events = 50 * 1000 * 1000,
};

/* The first bytes of a stream, until there are enough to know what it is. */
typedef struct {
  char bytes[LEAD_BYTES];
  gsize n;
  gboolean is_over;
} Lead;

struct SightEventReader {
  SightReaderLimits limits;
  SightReaderFunc func;
  gpointer user_data;
  Lead raw, text;
  SightExpander *expander;
  SightEventSplitter *splitter;
  SightEventParser *parser;
  guint64 n_bytes, n_elements; /* bytes count the expansion of packed events too */
  SightReaderReport report;
};

void sight_reader_report_clear(SightReaderReport *report) {
  g_clear_pointer(&report->first_reason, g_free);
}

static void reject(SightEventReader *self, guint64 offset, SightEventError code, const char *why) {
  self->report.n_rejected++;
  if (self->report.first_reason != NULL)
    return;
  self->report.first_code = code;
  self->report.first_index = self->n_elements - 1;
  self->report.first_reason =
      g_strdup_printf("event %" G_GUINT64_FORMAT " at byte %" G_GUINT64_FORMAT ": %s", self->n_elements, offset, why);
}

/* Leaves the event out; where the limits say so, one beyond them is the end, and the one that is reported. */
static SightElementVerdict leave_out(SightEventReader *self, guint64 offset, SightEventError code, const char *why,
                                     GError **error) {
  gboolean ends = code == SIGHT_EVENT_ERROR_LIMIT && self->limits.refuse_large;
  if (ends)
    g_clear_pointer(&self->report.first_reason, g_free);
  reject(self, offset, code, why);
  if (ends)
    g_set_error_literal(error, SIGHT_EVENT_ERROR, (int)code, self->report.first_reason);
  return ends ? SIGHT_ELEMENT_STOP : SIGHT_ELEMENT_REJECTED;
}

static gboolean fail_limit(GError **error, const char *what, guint64 limit) {
  g_set_error(error, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_LIMIT, "more than %" G_GUINT64_FORMAT " %s", limit, what);
  return FALSE;
}

static gboolean count_bytes(SightEventReader *self, guint64 bytes, GError **error) {
  self->n_bytes += bytes;
  return self->n_bytes <= self->limits.max_bytes || fail_limit(error, "bytes", self->limits.max_bytes);
}

static SightElementVerdict hand_on(SightEventReader *self, const SightElement *element, const SightEvent *event,
                                   GError **error) {
  if (self->report.n_events == self->limits.max_events) {
    fail_limit(error, "events", self->limits.max_events);
    return SIGHT_ELEMENT_STOP;
  }
  self->report.n_events++;
  const char *tainted_window = sight_event_parser_window(self->parser);
  if (tainted_window == NULL)
    tainted_window = element->tainted_window;
  return self->func(event, tainted_window, self->user_data, error) ? SIGHT_ELEMENT_EVENT : SIGHT_ELEMENT_STOP;
}

static SightElementVerdict take_element(const SightElement *element, gpointer user_data, GError **error) {
  SightEventReader *self = user_data;
  self->n_elements++;
  if (element->tainted_text == NULL) {
    g_autofree char *why = g_strdup_printf("larger than %" G_GUINT64_FORMAT " bytes", self->limits.max_event_bytes);
    return leave_out(self, element->offset, SIGHT_EVENT_ERROR_LIMIT, why, error);
  }
  SightEvent event;
  g_autoptr(GError) why = NULL;
  gboolean ok = element->padded
                    ? sight_event_parser_parse_padded(self->parser, element->tainted_text, element->bytes, &event, &why)
                    : sight_event_parser_parse(self->parser, element->tainted_text, element->bytes, &event, &why);
  if (!count_bytes(self, sight_event_parser_unpacked(self->parser), error))
    return SIGHT_ELEMENT_STOP;
  if (ok)
    return hand_on(self, element, &event, error);
  gboolean is_json = !g_error_matches(why, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_SYNTAX);
  gboolean is_large = g_error_matches(why, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_LIMIT);
  if (is_json && !is_large && element->may_be_tag && element->tainted_text[0] == '"') {
    self->n_elements--;
    return SIGHT_ELEMENT_TAG;
  }
  if (!is_json && !element->one_line) {
    g_set_error(error, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_SYNTAX,
                "event %" G_GUINT64_FORMAT " at byte %" G_GUINT64_FORMAT ": %s", self->n_elements, element->offset,
                why->message);
    return SIGHT_ELEMENT_STOP;
  }
  return leave_out(self, element->offset, (SightEventError)why->code, why->message, error);
}

static void take_bad_line(guint64 offset, gpointer user_data) {
  SightEventReader *self = user_data;
  self->n_elements++;
  reject(self, offset, SIGHT_EVENT_ERROR_SYNTAX, "the line is no JSON");
}

SightEventReader *sight_event_reader_new(const SightReaderLimits *limits, SightReaderFunc func, gpointer user_data) {
  static const SightSplitterFuncs funcs = {take_element, take_bad_line};
  SightEventReader *self = g_new0(SightEventReader, 1);
  self->limits = limits != NULL ? *limits : sight_reader_default_limits;
  self->func = func;
  self->user_data = user_data;
  self->parser = sight_event_parser_new();
  sight_event_parser_limit(self->parser, self->limits.max_event_bytes,
                           self->limits.max_event_values != 0 ? self->limits.max_event_values : G_MAXUINT64);
  self->splitter = sight_event_splitter_new((gsize)self->limits.max_event_bytes, &funcs, self);
  return self;
}

void sight_event_reader_free(SightEventReader *self) {
  if (self == NULL)
    return;
  sight_expander_free(self->expander);
  sight_event_splitter_free(self->splitter);
  sight_event_parser_free(self->parser);
  sight_reader_report_clear(&self->report);
  g_free(self);
}

static gboolean refuse_format(GError **error, const char *what) {
  g_set_error_literal(error, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_NOT_EVENTS, what);
  return FALSE;
}

/* The text begins: what its first bytes say about its encoding. */
static gboolean begin_text(SightEventReader *self, GError **error) {
  Lead *lead = &self->text;
  lead->is_over = TRUE;
  if (sight_codec_guess(lead->bytes, lead->n) != SIGHT_CODEC_NONE)
    return refuse_format(error, "it is compressed twice");
  if (lead->n >= 2 && (memcmp(lead->bytes, "\xFF\xFE", 2) == 0 || memcmp(lead->bytes, "\xFE\xFF", 2) == 0))
    return refuse_format(error, "it is UTF-16, and must be UTF-8");
  gsize mark = lead->n >= 3 && memcmp(lead->bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
  return sight_event_splitter_push(self->splitter, lead->bytes + mark, lead->n - mark, error);
}

/* Moves bytes into the lead; TRUE once it is full. */
static gboolean fill_lead(Lead *lead, const char **data, gsize *bytes) {
  gsize some = MIN(LEAD_BYTES - lead->n, *bytes);
  memcpy(lead->bytes + lead->n, *data, some);
  lead->n += some;
  *data += some;
  *bytes -= some;
  return lead->n == LEAD_BYTES;
}

static gboolean take_text(const char *data, gsize bytes, gpointer user_data, GError **error) {
  SightEventReader *self = user_data;
  if (!count_bytes(self, bytes, error))
    return FALSE;
  self->report.n_bytes += bytes;
  if (!self->text.is_over) {
    if (!fill_lead(&self->text, &data, &bytes))
      return TRUE;
    if (!begin_text(self, error))
      return FALSE;
  }
  return sight_event_splitter_push(self->splitter, data, bytes, error);
}

static gboolean take_raw(SightEventReader *self, const char *data, gsize bytes, GError **error) {
  if (bytes == 0)
    return TRUE;
  if (self->expander == NULL)
    return take_text(data, bytes, self, error);
  g_autoptr(GError) why = NULL;
  if (sight_expander_push(self->expander, data, bytes, take_text, self, &why))
    return TRUE;
  if (why->domain != SIGHT_COMPRESS_ERROR) {
    g_propagate_error(error, g_steal_pointer(&why));
    return FALSE;
  }
  gboolean large = why->code == SIGHT_COMPRESS_ERROR_TOO_LARGE;
  g_set_error_literal(error, SIGHT_EVENT_ERROR, large ? SIGHT_EVENT_ERROR_LIMIT : SIGHT_EVENT_ERROR_NOT_EVENTS,
                      why->message);
  return FALSE;
}

static gboolean begin_raw(SightEventReader *self, GError **error) {
  Lead *lead = &self->raw;
  lead->is_over = TRUE;
  SightCodec codec = sight_codec_guess(lead->bytes, lead->n);
  if (codec != SIGHT_CODEC_NONE)
    self->expander = sight_expander_new(codec, self->limits.max_bytes);
  return take_raw(self, lead->bytes, lead->n, error);
}

gboolean sight_event_reader_push(SightEventReader *self, const void *tainted_data, gsize bytes, GError **error) {
  const char *data = tainted_data;
  if (bytes == 0)
    return TRUE;
  if (!self->raw.is_over) {
    if (!fill_lead(&self->raw, &data, &bytes))
      return TRUE;
    if (!begin_raw(self, error))
      return FALSE;
  }
  return take_raw(self, data, bytes, error);
}

static SightEventError code_without_events(SightEventError first_code) {
  switch (first_code) {
  case SIGHT_EVENT_ERROR_FIELD:
  case SIGHT_EVENT_ERROR_TYPE:
  case SIGHT_EVENT_ERROR_TIME:
    return SIGHT_EVENT_ERROR_NOT_EVENTS;
  case SIGHT_EVENT_ERROR_EMPTY:
  case SIGHT_EVENT_ERROR_SYNTAX:
  case SIGHT_EVENT_ERROR_NOT_EVENTS:
  case SIGHT_EVENT_ERROR_LIMIT:
    break;
  }
  return first_code;
}

static gboolean fail_without_events(const SightReaderReport *report, GError **error) {
  if (report->first_reason != NULL)
    g_set_error_literal(error, SIGHT_EVENT_ERROR, (int)code_without_events(report->first_code), report->first_reason);
  else if (report->partial)
    g_set_error_literal(error, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_SYNTAX, "it ends in the middle of the first event");
  else
    g_set_error_literal(error, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_EMPTY, "there is nothing in it");
  return FALSE;
}

const SightReaderReport *sight_event_reader_report(const SightEventReader *self) {
  return &self->report;
}

gboolean sight_event_reader_finish(SightEventReader *self, SightReaderReport *report, GError **error) {
  if (!self->raw.is_over && !begin_raw(self, error))
    return FALSE;
  if (!self->text.is_over && !begin_text(self, error))
    return FALSE;
  gboolean is_cut = self->expander != NULL && !sight_expander_finish(self->expander, NULL);
  self->report.partial = is_cut || !sight_event_splitter_is_complete(self->splitter);
  gboolean ok = self->report.n_events > 0 || fail_without_events(&self->report, error);
  if (report != NULL) {
    *report = self->report;
    self->report.first_reason = NULL;
  }
  return ok;
}

gboolean sight_event_read_bytes(const void *tainted_data, gsize bytes, const SightReaderLimits *limits,
                                SightReaderFunc func, gpointer user_data, SightReaderReport *report, GError **error) {
  g_autoptr(SightEventReader) reader = sight_event_reader_new(limits, func, user_data);
  return sight_event_reader_push(reader, tainted_data, bytes, error) &&
         sight_event_reader_finish(reader, report, error);
}

static gboolean push_file(SightEventReader *reader, GFile *file, SightPatience *patience, GError **error) {
  g_autoptr(GInputStream) stream = sight_patience_open(patience, file, error);
  if (stream == NULL)
    return FALSE;
  g_autofree char *step = g_malloc(FILE_STEP);
  gssize bytes;
  while ((bytes = g_input_stream_read(stream, step, FILE_STEP, sight_patience_cancellable(patience), error)) > 0) {
    sight_patience_count(patience, (gsize)bytes);
    if (!sight_event_reader_push(reader, step, (gsize)bytes, error))
      return FALSE;
  }
  return bytes == 0;
}

gboolean sight_event_read_file(GFile *file, const SightReaderLimits *limits, SightReaderFunc func, gpointer user_data,
                               SightReaderReport *report, GCancellable *cancellable, GError **error) {
  g_autoptr(SightPatience) patience = sight_patience_new(&sight_patience_for_files, cancellable);
  g_autoptr(SightEventReader) reader = sight_event_reader_new(limits, func, user_data);
  if (push_file(reader, file, patience, error))
    return sight_event_reader_finish(reader, report, error);
  sight_patience_explain(patience, error);
  return FALSE;
}

/* SPDX-License-Identifier: MIT */
/* Taking recordings from files into the cache. */
#include "sight-import.h"

#include "sight-compress.h"
#include "sight-endpoint-table.h"
#include "sight-envelope.h"
#include "sight-format.h"
#include "sight-import-clip.h"
#include "sight-import-sink.h"
#include "sight-json-scan.h"
#include "sight-patience.h"
#include "sight-session-table.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define STEP (256 * 1024)
/* A file is held in memory as it is on disk: it may be a pipe, and must not change between hashing and reading. */
#define MAX_FILE_BYTES (1024 * 1024 * 1024)
/* Where the first envelope says what it is. */
#define HEAD_BYTES 4096
#define MAX_ENVELOPE_BYTES (128 * 1024 * 1024)
/* 128 bits of the hash, in characters. */
#define ID_CHARS 32

void sight_import_result_clear(SightImportResult *result) {
  g_free(result->session);
  g_free(result->notice);
  *result = (SightImportResult){0};
}

/* One import on its way. */
typedef struct {
  GBytes *content;
  char *label;
  char *session; /* derived from the content */
  char *entered; /* whose events are being read, as the file calls it; NULL: none has a name so far */
  gboolean has_envelopes;
  GCancellable *cancellable;
  SightImportSink *sink;
  SightImportResult *result;
  char *reason;             /* of the first that was left out */
  guint64 n_bytes;          /* of the text, as far as it was read */
  gint64 first_ms, last_ms; /* of the events that are kept */
} Import;

static void import_clear(Import *import) {
  g_clear_pointer(&import->content, g_bytes_unref);
  g_clear_pointer(&import->sink, sight_import_sink_free);
  g_free(import->label);
  g_free(import->session);
  g_free(import->entered);
  g_free(import->reason);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Import, import_clear)

static void leave_out(Import *import, guint64 n_events, const char *reason) {
  import->result->n_rejected += n_events;
  if (import->reason == NULL && reason != NULL)
    import->reason = g_strdup(reason);
}

static GBytes *load_within(GFile *file, SightPatience *patience, GError **error) {
  g_autoptr(GInputStream) stream = sight_patience_open(patience, file, error);
  if (stream == NULL)
    return NULL;
  g_autoptr(GByteArray) content = g_byte_array_new();
  g_autofree guint8 *step = g_malloc(STEP);
  gssize bytes;
  while ((bytes = g_input_stream_read(stream, step, STEP, sight_patience_cancellable(patience), error)) > 0) {
    sight_patience_count(patience, (gsize)bytes);
    if (content->len + (gsize)bytes > MAX_FILE_BYTES) {
      g_set_error_literal(error, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_LIMIT, _("it is larger than 1 GiB"));
      return NULL;
    }
    g_byte_array_append(content, step, (guint)bytes);
  }
  return bytes < 0 ? NULL : g_byte_array_free_to_bytes(g_steal_pointer(&content));
}

static GBytes *load(GFile *file, GCancellable *cancellable, GError **error) {
  g_autoptr(SightPatience) patience = sight_patience_new(&sight_patience_for_files, cancellable);
  GBytes *content = load_within(file, patience, error);
  if (content == NULL)
    sight_patience_explain(patience, error);
  return content;
}

/* The first look: what the text hashes to, and how it begins. */
typedef struct {
  GChecksum *hash;
  GString *head;
  GCancellable *cancellable;
} Look;

static gboolean look_at_text(const char *data, gsize bytes, gpointer user_data, GError **error) {
  Look *look = user_data;
  g_checksum_update(look->hash, (const guchar *)data, (gssize)bytes);
  if (look->head->len < HEAD_BYTES)
    g_string_append_len(look->head, data, (gssize)MIN(bytes, HEAD_BYTES - look->head->len));
  return !g_cancellable_set_error_if_cancelled(look->cancellable, error);
}

/* {"v":1,"session":…,"window":…,"seq":…,"events":[…]}: whether what is before the events says so. */
static gboolean begins_envelope(const GString *head) {
  static const char *const keys[] = {"\"v\"", "\"session\"", "\"window\"", "\"seq\""};
  const char *text = g_str_has_prefix(head->str, "\xEF\xBB\xBF") ? head->str + 3 : head->str;
  text += strspn(text, " \t\r\n");
  const char *events = strstr(text, "\"events\"");
  if (text[0] != '{' || events == NULL)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
    if (g_strstr_len(text, events - text, keys[i]) == NULL)
      return FALSE;
  return TRUE;
}

/* Damage is the reader's to report: what can be expanded up to it is what the id is derived from. */
static gboolean look_at_content(Import *import, GError **error) {
  g_autoptr(GChecksum) hash = g_checksum_new(G_CHECKSUM_SHA256);
  g_autoptr(GString) head = g_string_new(NULL);
  Look look = {hash, head, import->cancellable};
  gsize bytes;
  const void *data = g_bytes_get_data(import->content, &bytes);
  g_autoptr(SightExpander) expander =
      sight_expander_new(sight_codec_guess(data, bytes), sight_reader_default_limits.max_bytes);
  g_autoptr(GError) why = NULL;
  if (!sight_expander_push(expander, data, bytes, look_at_text, &look, &why) && why->domain == G_IO_ERROR) {
    g_propagate_error(error, g_steal_pointer(&why));
    return FALSE;
  }
  import->session = g_strndup(g_checksum_get_string(hash), ID_CHARS);
  import->has_envelopes = begins_envelope(head);
  return TRUE;
}

static void note_time(Import *import, gint64 first_ms, gint64 last_ms) {
  gboolean is_first = import->last_ms == 0;
  import->first_ms = is_first ? first_ms : MIN(import->first_ms, first_ms);
  import->last_ms = MAX(import->last_ms, last_ms);
}

/* The first session of a file has the id that is derived from its content, any other one that is derived from its name
 * too. */
static gboolean enter_session(Import *import, const char *tainted_session, GError **error) {
  if (g_strcmp0(import->entered, tainted_session) == 0)
    return TRUE;
  gboolean is_first = import->entered == NULL;
  g_free(import->entered);
  import->entered = g_strdup(tainted_session);
  if (is_first)
    return TRUE;
  g_autofree char *name = g_strdup_printf("%s %s", import->session, tainted_session != NULL ? tainted_session : "");
  g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, name, -1);
  hash[ID_CHARS] = '\0';
  return sight_import_sink_begin(import->sink, hash, error);
}

static gboolean take_event(const SightEvent *event, const char *tainted_session, const char *tainted_window,
                           gpointer user_data, GError **error) {
  Import *import = user_data;
  g_autoptr(GError) why = NULL;
  if (g_cancellable_set_error_if_cancelled(import->cancellable, error) ||
      !enter_session(import, tainted_session, error))
    return FALSE;
  if (sight_import_sink_add(import->sink, event, tainted_window, &why)) {
    note_time(import, event->time_ms, event->time_ms);
    return TRUE;
  }
  if (why == NULL) {
    leave_out(import, 1, _("too many windows"));
    return TRUE;
  }
  g_propagate_error(error, g_steal_pointer(&why));
  return FALSE;
}

/* Reads what is no envelope, or a whole file of events, into the session derived from the file. */
static gboolean read_events(Import *import, const void *data, gsize bytes, GError **error) {
  g_auto(SightReaderReport) report = {0};
  g_autoptr(GBytes) content = g_bytes_new_static(data, bytes);
  if (!sight_format_read_bytes(content, take_event, import, &report, error))
    return FALSE;
  leave_out(import, report.n_rejected, report.first_reason);
  import->result->partial |= report.partial;
  import->n_bytes = MAX(import->n_bytes, report.n_bytes);
  return TRUE;
}

/* The text of an envelope, while it is being collected. */
typedef struct {
  Import *import;
  GString *text;
  SightJsonScan scan;
  gboolean is_first_text;
  guint64 n_envelopes;
} Lines;

static gboolean take_envelope(Lines *lines, GError **error) {
  Import *import = lines->import;
  g_auto(SightEnvelope) envelope = {0};
  g_autoptr(GError) why = NULL;
  lines->n_envelopes++;
  if (g_cancellable_set_error_if_cancelled(import->cancellable, error))
    return FALSE;
  if (sight_envelope_parse(lines->text->str, lines->text->len, &envelope, &why)) {
    if (envelope.n_rejected > 0)
      leave_out(import, envelope.n_rejected, _("events that are none"));
    note_time(import, envelope.batch.first_ms, envelope.batch.last_ms);
    return sight_import_sink_put(import->sink, &envelope.batch, error);
  }
  /* Ids that are none are not taken; the events are. */
  gboolean has_bad_ids = envelope.bad_field != NULL && g_strcmp0(envelope.bad_field, "events") != 0;
  if (g_error_matches(why, SIGHT_ENVELOPE_ERROR, SIGHT_ENVELOPE_ERROR_FIELD) && has_bad_ids)
    return read_events(import, lines->text->str, lines->text->len, error);
  if (why->code == SIGHT_ENVELOPE_ERROR_FIELD || why->code == SIGHT_ENVELOPE_ERROR_EVENTS) {
    leave_out(import, 1, why->message);
    return TRUE;
  }
  g_set_error(error, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_SYNTAX, "batch %" G_GUINT64_FORMAT ": %s", lines->n_envelopes,
              why->message);
  return FALSE;
}

static gboolean begin_envelope(const Lines *lines, char c, GError **error) {
  if (c == '{')
    return TRUE;
  g_set_error(error, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_SYNTAX,
              "behind batch %" G_GUINT64_FORMAT ": this is not JSON", lines->n_envelopes);
  return FALSE;
}

static gboolean take_lines(const char *data, gsize bytes, gpointer user_data, GError **error) {
  Lines *lines = user_data;
  const char *end = data + bytes;
  lines->import->n_bytes += bytes;
  if (lines->is_first_text && g_str_has_prefix(data, "\xEF\xBB\xBF"))
    data += 3;
  lines->is_first_text = FALSE;
  while (data < end) {
    if (lines->text->len == 0 && strchr(" \t\r\n", *data) != NULL && *data != '\0') {
      data++;
      continue;
    }
    if (lines->text->len == 0 && !begin_envelope(lines, *data, error))
      return FALSE;
    const char *after = sight_json_scan(&lines->scan, data, end);
    gsize some = (gsize)((after != NULL ? after : end) - data);
    if (lines->text->len + some > MAX_ENVELOPE_BYTES) {
      g_set_error_literal(error, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_LIMIT, _("a batch in it is too large"));
      return FALSE;
    }
    g_string_append_len(lines->text, data, (gssize)some);
    data += some;
    if (after == NULL)
      break;
    if (!take_envelope(lines, error))
      return FALSE;
    g_string_truncate(lines->text, 0);
    lines->scan = (SightJsonScan){0};
  }
  return TRUE;
}

static gboolean read_envelopes(Import *import, GError **error) {
  g_autoptr(GString) text = g_string_new(NULL);
  Lines lines = {.import = import, .text = text, .is_first_text = TRUE};
  gsize bytes;
  const void *data = g_bytes_get_data(import->content, &bytes);
  g_autoptr(SightExpander) expander =
      sight_expander_new(sight_codec_guess(data, bytes), sight_reader_default_limits.max_bytes);
  if (!sight_expander_push(expander, data, bytes, take_lines, &lines, error))
    return FALSE;
  import->result->partial |= text->len > 0 || !sight_expander_finish(expander, NULL);
  return TRUE;
}

/* What is kept of a file that ends too early, and where that is. */
static char *describe_cut(const Import *import) {
  gint64 length_s = (import->last_ms - import->first_ms) / 1000;
  guint n_events = (guint)MIN(import->result->n_events, G_MAXUINT);
  g_autofree char *place = g_strdup_printf("%" G_GUINT64_FORMAT, import->n_bytes);
  g_autofree char *length = g_strdup_printf("%" G_GINT64_FORMAT ":%02d", length_s / 60, (int)(length_s % 60));
  return g_strdup_printf(
      /* Translators: a number of bytes, a number of events, a length as m:ss */
      ngettext("The file ends in the middle, at byte %s: %u event before it, %s long, is here; what comes after is "
               "missing.",
               "The file ends in the middle, at byte %s: the %u events before it, %s long, are here; what comes after "
               "is missing.",
               n_events),
      place, n_events, length);
}

static char *make_notice(const Import *import) {
  const SightImportResult *result = import->result;
  guint n_rejected = (guint)MIN(result->n_rejected, G_MAXUINT);
  g_autoptr(GString) notice = g_string_new(NULL);
  if (n_rejected > 0)
    g_string_append_printf(
        notice, ngettext("%u event was left out: %s.", "%u events were left out, the first: %s.", n_rejected),
        n_rejected, import->reason != NULL ? import->reason : _("unknown"));
  if (result->partial) {
    g_autofree char *cut = describe_cut(import);
    g_string_append_printf(notice, "%s%s", notice->len > 0 ? " " : "", cut);
  }
  return notice->len > 0 ? g_string_free(g_steal_pointer(&notice), FALSE) : NULL;
}

static gboolean take_notes(const Import *import, SightDb *db, const SightSession *session, GError **error) {
  guint n_left = 0;
  if (!g_str_has_suffix(import->label, ".sightclip"))
    return TRUE;
  if (!sight_import_clip_notes(db, import->content, session, &n_left, error))
    return FALSE;
  if (n_left == 0)
    return TRUE;
  g_autofree char *before = g_steal_pointer(&import->result->notice);
  g_autofree char *left = g_strdup_printf(ngettext("%u note or answer was left out: there are too many.",
                                                   "%u notes and answers were left out: there are too many.", n_left),
                                          n_left);
  import->result->notice = g_strjoin(before != NULL ? " " : "", before != NULL ? before : "", left, NULL);
  return TRUE;
}

static gboolean describe_sessions(Import *import, SightDb *db, GError **error) {
  GPtrArray *sessions = sight_import_sink_sessions(import->sink);
  for (guint i = 0; i < sessions->len; i++) {
    g_autoptr(SightSession) session = sight_session_table_find(db, SIGHT_ENDPOINT_FILES, sessions->pdata[i], error);
    if (session == NULL)
      return FALSE;
    if (i == 0) {
      import->result->session = g_strdup(session->session);
      import->result->row = session->row;
    }
    if (i == 0 && !take_notes(import, db, session, error))
      return FALSE;
    gboolean lost_parts = (session->flags & SIGHT_SESSION_LOST_PARTS) != 0;
    if ((sight_import_sink_n_stored(import->sink) > 0 || lost_parts) &&
        !sight_session_table_set_source(db, session->row, import->label, import->result->notice, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean store_content(SightDb *db, gpointer user_data, GError **error) {
  Import *import = user_data;
  gsize bytes;
  const void *data = g_bytes_get_data(import->content, &bytes);
  import->sink = sight_import_sink_new(db, SIGHT_ENDPOINT_FILES, import->session, g_get_real_time() / 1000);
  gboolean ok = import->has_envelopes ? read_envelopes(import, error) : read_events(import, data, bytes, error);
  if (!ok || !sight_import_sink_flush(import->sink, error))
    return FALSE;
  SightImportResult *result = import->result;
  result->n_events = sight_import_sink_n_events(import->sink);
  if (result->n_events == 0) {
    g_set_error(error, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_NOT_EVENTS, _("there is not one event in it (%s)"),
                import->reason != NULL ? import->reason : _("it ends in the middle"));
    return FALSE;
  }
  result->duplicate = sight_import_sink_n_stored(import->sink) == 0;
  result->notice = make_notice(import);
  return describe_sessions(import, db, error);
}

static gboolean find_known(SightDb *db, gpointer user_data, GError **error) {
  Import *import = user_data;
  g_autoptr(SightSession) session = sight_session_table_find(db, SIGHT_ENDPOINT_FILES, import->session, NULL);
  if (session == NULL || g_strcmp0(session->session, import->session) != 0)
    return TRUE;
  /* What it lost to damage comes back. */
  if ((session->flags & SIGHT_SESSION_LOST_PARTS) != 0)
    return TRUE;
  import->result->session = g_strdup(session->session);
  import->result->row = session->row;
  import->result->duplicate = TRUE;
  import->result->n_events = (guint64)session->n_events;
  import->result->partial = (session->flags & SIGHT_SESSION_PARTIAL) != 0;
  import->result->notice = g_strdup(session->notice);
  return TRUE;
}

/* What the user can do about it. */
static const char *advice(const GError *error) {
  if (error->domain != SIGHT_EVENT_ERROR)
    return NULL;
  switch ((SightEventError)error->code) {
  case SIGHT_EVENT_ERROR_EMPTY:
  case SIGHT_EVENT_ERROR_SYNTAX:
    return _("The file is damaged or is no recording: export it again.");
  case SIGHT_EVENT_ERROR_LIMIT:
    return _("Split it, or export a shorter part.");
  case SIGHT_EVENT_ERROR_NOT_EVENTS:
  case SIGHT_EVENT_ERROR_FIELD:
  case SIGHT_EVENT_ERROR_TYPE:
  case SIGHT_EVENT_ERROR_TIME:
    break;
  }
  return _("Recordings are rrweb events: a JSON array, JSON Lines, or an export of PostHog or Sentry, "
           "plain or compressed once by gzip or zstd.");
}

static gboolean fail_for_file(Import *import, GError *why, GError **error) {
  const char *what_to_do = advice(why);
  gboolean is_ours = why->domain == SIGHT_EVENT_ERROR || why->domain == SIGHT_COMPRESS_ERROR;
  if (is_ours)
    g_set_error(error, why->domain, why->code, _("“%s” cannot be imported: %s. %s"), import->label, why->message,
                what_to_do != NULL ? what_to_do : _("Compress or export it again."));
  else
    g_set_error(error, why->domain, why->code, _("“%s” cannot be imported: %s"), import->label, why->message);
  return FALSE;
}

static char *label_of(GFile *file) {
  g_autofree char *name = g_file_get_basename(file);
  return name != NULL ? g_filename_display_name(name) : g_strdup(_("recording"));
}

static gboolean import_content(SightStore *store, GFile *file, Import *import, GError **error) {
  import->content = load(file, import->cancellable, error);
  if (import->content == NULL || !look_at_content(import, error))
    return FALSE;
  if (!import->has_envelopes && !sight_store_read(store, find_known, import, error))
    return FALSE;
  return import->result->duplicate || sight_store_write(store, SIGHT_WRITE_NORMAL, store_content, import, error);
}

gboolean sight_import_file(SightStore *store, GFile *file, GCancellable *cancellable, SightImportResult *result,
                           GError **error) {
  g_auto(Import) import = {.cancellable = cancellable, .result = result, .label = label_of(file)};
  g_autoptr(GError) why = NULL;
  *result = (SightImportResult){0};
  if (import_content(store, file, &import, &why))
    return TRUE;
  sight_import_result_clear(result);
  return fail_for_file(&import, why, error);
}

/* SPDX-License-Identifier: MIT */
/* Recordings written by hand, stored and analysed. */
#include "analysis-fixture.h"

#include "sight-batch-table.h"
#include "sight-endpoint-table.h"
#include "sight-event-reader.h"
#include "sight-usage.h"

#include <glib/gstdio.h>
#include <string.h>

#define BATCH_BYTES (256 * 1024)

const char *const analysis_page = FIXTURE_META
    ",{\"type\":2,\"data\":{\"node\":{\"type\":0,\"id\":1,\"childNodes\":[{\"type\":2,\"tagName\":\"html\","
    "\"attributes\":{},\"id\":2,\"childNodes\":[{\"type\":2,\"tagName\":\"body\",\"attributes\":{},\"id\":3,"
    "\"childNodes\":["
    "{\"type\":2,\"tagName\":\"button\",\"attributes\":{\"id\":\"pay\"},\"id\":10,\"childNodes\":[{\"type\":3,"
    "\"textContent\":\"Pay now\",\"id\":11}]},"
    "{\"type\":2,\"tagName\":\"p\",\"attributes\":{},\"id\":20,\"childNodes\":[{\"type\":3,\"textContent\":\"Total\","
    "\"id\":21}]},"
    "{\"type\":2,\"tagName\":\"input\",\"attributes\":{\"aria-label\":\"E-mail\"},\"id\":30,\"childNodes\":[]},"
    "{\"type\":2,\"tagName\":\"div\",\"attributes\":{},\"id\":40,\"childNodes\":[{\"type\":3,\"textContent\":\"12:00\","
    "\"id\":41}]},"
    "{\"type\":2,\"tagName\":\"label\",\"attributes\":{\"for\":\"ok\"},\"id\":50,\"childNodes\":[{\"type\":3,"
    "\"textContent\":\"Agree\",\"id\":51}]},"
    "{\"type\":2,\"tagName\":\"input\",\"attributes\":{\"id\":\"ok\",\"type\":\"checkbox\"},\"id\":60,\"childNodes\":[]"
    "},"
    "{\"type\":2,\"tagName\":\"video\",\"attributes\":{},\"id\":70,\"childNodes\":[]},"
    "{\"type\":2,\"tagName\":\"video\",\"attributes\":{\"loop\":\"\"},\"id\":80,\"childNodes\":[]}"
    "]}]}]},\"initialOffset\":{\"left\":0,\"top\":0}},\"timestamp\":@1}";

void analysis_set_up(AnalysisFixture *fixture, gconstpointer data) {
  g_autoptr(GError) error = NULL;
  fixture->folder = g_dir_make_tmp("sight-analysis-XXXXXX", &error);
  g_assert_no_error(error);
  fixture->store = sight_store_open(fixture->folder, SIGHT_STORE_CACHE, NULL, &error);
  g_assert_no_error(error);
  fixture->rules = sight_ruleset_new_default();
}

void analysis_tear_down(AnalysisFixture *fixture, gconstpointer data) {
  sight_store_close(fixture->store);
  g_object_unref(fixture->store);
  sight_ruleset_free(fixture->rules);
  g_autoptr(GDir) dir = g_dir_open(fixture->folder, 0, NULL);
  const char *name = NULL;
  while ((name = g_dir_read_name(dir)) != NULL) {
    g_autofree char *path = g_build_filename(fixture->folder, name, NULL);
    g_unlink(path);
  }
  g_rmdir(fixture->folder);
  g_free(fixture->folder);
}

static gboolean put(SightDb *db, gpointer user_data, GError **error) {
  return sight_batch_table_put(db, SIGHT_ENDPOINT_FILES, user_data, error) == SIGHT_PUT_STORED;
}

void analysis_put_raw(AnalysisFixture *fixture, const char *session, const char *window, gint64 seq,
                      const char *json_array, gint64 first_ms, gint64 last_ms) {
  g_autoptr(GError) error = NULL;
  SightBatch batch = {.session = session,
                      .window = window,
                      .seq = seq,
                      .sent_at_ms = last_ms,
                      .received_at_ms = last_ms,
                      .events = json_array,
                      .events_bytes = json_array != NULL ? strlen(json_array) : 0,
                      .n_events = json_array != NULL,
                      .is_lost = json_array == NULL,
                      .first_ms = first_ms,
                      .last_ms = last_ms};
  sight_store_write(fixture->store, SIGHT_WRITE_NORMAL, put, &batch, &error);
  g_assert_no_error(error);
}

typedef struct {
  AnalysisFixture *fixture;
  SightBatchBuilder builder;
  gint64 seq;
  const char *session;
} Import;

static void flush(Import *import) {
  SightBatch batch = {0};
  if (import->builder.n_events == 0)
    return;
  sight_batch_builder_finish(&import->builder, &batch);
  analysis_put_raw(import->fixture, import->session, "w1", import->seq++, batch.events, batch.first_ms, batch.last_ms);
  sight_batch_builder_clear(&import->builder);
}

static gboolean take(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  Import *import = user_data;
  sight_batch_builder_add(&import->builder, event);
  if (import->builder.json->len > BATCH_BYTES)
    flush(import);
  return TRUE;
}

gboolean analysis_import(AnalysisFixture *f, const char *path, const char *session) {
  g_autoptr(GFile) file = g_file_new_for_path(path);
  g_auto(SightReaderReport) report = {0};
  Import import = {.fixture = f, .session = session};
  sight_event_read_file(file, &sight_reader_default_limits, take, &import, &report, NULL, NULL);
  flush(&import);
  sight_batch_builder_clear(&import.builder);
  return import.seq > 0;
}

void analysis_put(AnalysisFixture *fixture, const char *session, const char *window, gint64 seq, const char *events) {
  g_autoptr(GString) json = g_string_new("[");
  gint64 first = G_MAXINT64, last = G_MININT64;
  for (const char *at = events; *at != '\0';) {
    if (*at != '@' || at == events || at[-1] != ':') {
      g_string_append_c(json, *at++);
      continue;
    }
    gint64 time = FIXTURE_START + g_ascii_strtoll(at + 1, (char **)&at, 10);
    g_string_append_printf(json, "%" G_GINT64_FORMAT, time);
    first = MIN(first, time);
    last = MAX(last, time);
  }
  g_string_append_c(json, ']');
  analysis_put_raw(fixture, session, window, seq, json->str, first, last);
}

typedef struct {
  AnalysisFixture *fixture;
  const char *session;
  gint64 row;
  SightAnalysis *analysis;
} Asking;

static gboolean find(SightDb *db, gpointer user_data, GError **error) {
  Asking *asking = user_data;
  g_autoptr(SightSession) session = sight_session_table_find(db, SIGHT_ENDPOINT_FILES, asking->session, error);
  asking->row = session != NULL ? session->row : 0;
  return session != NULL;
}

static gboolean analyse(SightDb *db, gpointer user_data, GError **error) {
  Asking *asking = user_data;
  asking->analysis = sight_analysis_run(db, asking->row, asking->fixture->rules, NULL, NULL, error);
  return asking->analysis != NULL;
}

gint64 analysis_row(AnalysisFixture *fixture, const char *session) {
  g_autoptr(GError) error = NULL;
  Asking asking = {.fixture = fixture, .session = session};
  sight_store_read(fixture->store, find, &asking, &error);
  g_assert_no_error(error);
  return asking.row;
}

SightAnalysis *analysis_of(AnalysisFixture *fixture, const char *session) {
  g_autoptr(GError) error = NULL;
  Asking asking = {.fixture = fixture, .session = session, .row = analysis_row(fixture, session)};
  sight_store_read(fixture->store, analyse, &asking, &error);
  g_assert_no_error(error);
  analysis_check_invariants(asking.analysis);
  return asking.analysis;
}

SightAnalysis *analysis_of_events(AnalysisFixture *fixture, const char *events) {
  analysis_put(fixture, "session-1", "w1", 0, events);
  return analysis_of(fixture, "session-1");
}

guint analysis_count(const SightAnalysis *analysis, SightSignalKind kind) {
  guint n = 0;
  for (guint i = 0; i < analysis->signals->len; i++)
    n += ((SightSignal *)analysis->signals->pdata[i])->kind == kind;
  return n;
}

guint analysis_count_story(const SightAnalysis *analysis, SightStoryKind kind) {
  guint n = 0;
  for (guint i = 0; i < analysis->story->len; i++)
    n += ((SightStoryItem *)analysis->story->pdata[i])->kind == kind;
  return n;
}

static void check_times(gint64 start_ms, gint64 end_ms, gint64 duration_ms) {
  g_assert_cmpint(start_ms, >=, 0);
  g_assert_cmpint(end_ms, >=, start_ms);
  g_assert_cmpint(end_ms, <=, duration_ms);
}

static void check_signals(const SightAnalysis *analysis, gint64 duration) {
  guint32 flags = 0;
  gint64 last = 0;
  for (guint i = 0; i < analysis->signals->len; i++) {
    const SightSignal *signal = analysis->signals->pdata[i];
    check_times(signal->start_ms, signal->end_ms, duration);
    g_assert_cmpint(signal->start_ms, >=, last);
    last = signal->start_ms;
    g_assert_nonnull(signal->window);
    g_assert_nonnull(signal->page);
    g_assert_nonnull(signal->fingerprint);
    g_assert_cmpint(signal->count, >=, 1);
    flags |= sight_session_flag_of_signal(signal->kind);
    g_autofree char *reason = sight_signal_reason(signal);
    g_assert_true(g_utf8_validate(reason, -1, NULL));
    g_assert_cmpstr(reason, !=, "");
  }
  g_assert_cmpuint(analysis->session->flags & 0xffff, ==, flags);
  g_assert_cmpint(analysis->session->n_signals, ==, (int)analysis->signals->len);
}

static void check_spans(const SightAnalysis *analysis, gint64 duration) {
  gint64 until = 0;
  for (guint i = 0; i < analysis->spans->len; i++) {
    const SightWindowSpan *span = analysis->spans->pdata[i];
    g_assert_cmpint(span->start_ms, ==, until);
    g_assert_nonnull(span->window);
    until = span->end_ms;
  }
  g_assert_cmpint(until, ==, duration);
  until = 0;
  for (guint i = 0; i < analysis->idle->len; i++) {
    const SightIdleSpan *span = &g_array_index(analysis->idle, SightIdleSpan, i);
    check_times(span->start_ms, span->end_ms, duration);
    g_assert_cmpint(span->start_ms, >=, until);
    until = span->end_ms;
  }
}

static void check_story(const SightAnalysis *analysis, gint64 duration) {
  gint64 last = 0;
  for (guint i = 0; i < analysis->story->len; i++) {
    const SightStoryItem *item = analysis->story->pdata[i];
    check_times(item->start_ms, item->end_ms, duration);
    g_assert_cmpint(item->start_ms, >=, last);
    last = item->start_ms;
    g_assert_true(g_utf8_validate(item->text, -1, NULL));
    g_assert_cmpint(g_utf8_strlen(item->text, -1), <=, 201);
    g_assert_cmpint(item->signal, <, (int)analysis->signals->len);
    g_assert_true((item->signal >= 0) == (item->kind == SIGHT_STORY_SIGNAL));
  }
}

void analysis_check_invariants(const SightAnalysis *analysis) {
  const SightSession *session = analysis->session;
  gint64 duration = session->duration_ms;
  g_assert_cmpint(duration, >=, 0);
  check_signals(analysis, duration);
  check_spans(analysis, duration);
  check_story(analysis, duration);
  for (guint i = 0; i < analysis->pages->len; i++) {
    const SightPageView *view = analysis->pages->pdata[i];
    check_times(view->start_ms, view->end_ms, duration);
    g_assert_cmpstr(view->page, !=, "");
  }
  for (guint i = 0; i < analysis->console->len; i++) {
    const SightConsoleItem *item = analysis->console->pdata[i];
    check_times(item->at_ms, item->at_ms, duration);
    g_assert_true(g_utf8_validate(item->message, -1, NULL));
  }
  for (guint i = 0; i < analysis->requests->len; i++) {
    const SightRequestItem *item = analysis->requests->pdata[i];
    check_times(item->at_ms, item->at_ms + item->duration_ms, duration);
  }
  g_assert_cmpint(session->n_pages, ==, (int)analysis->pages->len);
  g_assert_true((session->entry != NULL) == (analysis->pages->len > 0));
  g_assert_true((session->exit != NULL) == (analysis->pages->len > 0));
  g_assert_cmpint(session->n_clicks, >=, 0);
  g_assert_cmpint(session->viewport_w, <=, 16384);
  g_assert_cmpint(session->viewport_h, <=, 16384);
  g_assert_cmpuint(session->marks->len, <=, analysis->signals->len);
  g_assert_cmpfloat(session->friction, >=, 0);
}

static void append_term(GString *out, const SightOccurrences *occurrences, guint place) {
  const SightTerm *term = &g_array_index(occurrences->terms, SightTerm, place);
  g_string_append_printf(out, "%s=%s", sight_term_field_info(term->field)->name, term->value);
}

/* What was measured: "(500 250)"; of views of pages only where the height is known. */
static void append_measures(GString *out, const SightOccurrences *occurrences, const SightOccurrence *moment) {
  const int *numbers = &g_array_index(occurrences->numbers, int, moment->first_number);
  guint place = g_array_index(occurrences->links, guint, moment->first);
  gboolean is_view = g_array_index(occurrences->terms, SightTerm, place).field == SIGHT_TERM_PAGE;
  if (moment->n_numbers == 0 || (is_view && numbers[SIGHT_VIEW_HEIGHT] == 0))
    return;
  for (guint i = 0; i < moment->n_numbers; i++)
    g_string_append_printf(out, "%s%d", i > 0 ? " " : " (", numbers[i]);
  g_string_append_c(out, ')');
}

static gboolean is_told(const SightOccurrences *occurrences, guint place, gboolean all) {
  SightTermField field = g_array_index(occurrences->terms, SightTerm, place).field;
  gboolean of_page = field == SIGHT_TERM_SEEN || field == SIGHT_TERM_IN_PAGE || field == SIGHT_TERM_ELEMENT;
  return field != SIGHT_TERM_BIT && (all || !of_page);
}

static int by_text(gconstpointer a, gconstpointer b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

char *analysis_describe_terms(const SightOccurrences *occurrences, gboolean all) {
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
  g_autofree gboolean *of_moment = g_new0(gboolean, occurrences->terms->len + 1);
  for (guint i = 0; i < occurrences->links->len; i++)
    of_moment[g_array_index(occurrences->links, guint, i)] = TRUE;
  for (guint i = 0; i < occurrences->terms->len; i++) {
    GString *line = g_string_new(NULL);
    append_term(line, occurrences, i);
    if (!of_moment[i] && is_told(occurrences, i, all))
      g_ptr_array_add(lines, g_string_free(line, FALSE));
    else
      g_string_free(line, TRUE);
  }
  for (guint i = 0; i < occurrences->moments->len; i++) {
    const SightOccurrence *moment = &g_array_index(occurrences->moments, SightOccurrence, i);
    if (!is_told(occurrences, g_array_index(occurrences->links, guint, moment->first), all))
      continue;
    GString *line = g_string_new(NULL);
    g_string_append_printf(line, "%d-%d %d: ", (int)moment->start_ms, (int)moment->end_ms, moment->view);
    for (guint j = 0; j < moment->n_terms; j++) {
      g_string_append(line, j > 0 ? ", " : "");
      append_term(line, occurrences, g_array_index(occurrences->links, guint, moment->first + j));
    }
    append_measures(line, occurrences, moment);
    g_string_append(line, moment->severe ? " severe" : "");
    g_ptr_array_add(lines, g_string_free(line, FALSE));
  }
  g_ptr_array_sort(lines, by_text);
  g_ptr_array_add(lines, NULL);
  return g_strjoinv("\n", (char **)lines->pdata);
}

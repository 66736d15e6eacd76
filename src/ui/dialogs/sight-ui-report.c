/* SPDX-License-Identifier: MIT */
/* The same answers as in a terminal, as the same page. */
#include "sight-ui-report.h"

#include "sight-audit-findings.h"
#include "sight-endpoint-table.h"
#include "sight-file.h"
#include "sight-insight-json.h"
#include "sight-library.h"
#include "sight-link.h"
#include "sight-log-table.h"
#include "sight-report.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_PROBLEMS 50
#define MAX_MOMENTS 200

struct SightUiReport {
  SightUiReportKind kind;
  char *filter, *problem, *steps;
  gint64 endpoint;
  GString *json;
  GPtrArray *findings;
};

SightUiReport *sight_ui_report_ref(SightUiReport *report) {
  return g_atomic_rc_box_acquire(report);
}

static void report_clear(gpointer data) {
  SightUiReport *self = data;

  g_free(self->filter);
  g_free(self->problem);
  g_free(self->steps);
  g_string_free(self->json, TRUE);
  g_clear_pointer(&self->findings, g_ptr_array_unref);
}

void sight_ui_report_unref(SightUiReport *report) {
  g_atomic_rc_box_release_full(report, report_clear);
}

GPtrArray *sight_ui_report_findings(SightUiReport *report) {
  return report->findings;
}

/* Reading */

typedef struct {
  SightStore *store;
  SightUiReport *report;
  GCancellable *cancellable; /* borrowed while it runs */
} Reading;

static void reading_free(gpointer data) {
  Reading *self = data;

  g_object_unref(self->store);
  g_clear_pointer(&self->report, sight_ui_report_unref);
  g_free(self);
}

static gboolean put_problems(SightDb *db, Reading *self, const SightSet *sessions, SightJsonWriter *w, GError **error) {
  g_autoptr(GPtrArray) problems = sight_problems_list(db, sessions, 0, self->cancellable, error);
  const char *wanted = self->report->problem;
  gboolean found = FALSE;

  if (problems == NULL)
    return FALSE;
  if (wanted == NULL) {
    sight_json_begin_object(w);
    sight_json_member_int(w, "total", problems->len);
    sight_json_key(w, "problems");
    sight_json_begin_array(w);
  }
  for (guint i = 0; i < problems->len && (wanted != NULL || i < MAX_PROBLEMS); i++) {
    const SightProblem *problem = problems->pdata[i];
    if (found || (wanted != NULL && !g_str_equal(problem->id, wanted)))
      continue;
    found = wanted != NULL;
    sight_problem_put(w, problem);
  }
  if (wanted == NULL) {
    sight_json_end_array(w);
    sight_json_end_object(w);
  } else if (!found) {
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("There is no problem “%s”"), wanted);
  }
  return wanted == NULL || found;
}

static gboolean put_flow(SightDb *db, Reading *self, const SightSet *sessions, SightJsonWriter *w, GError **error) {
  g_autofree char *steps = self->report->steps[0] != '\0' ? g_strdup(self->report->steps)
                                                          : sight_flow_default(db, sessions, self->cancellable, error);
  g_autoptr(SightFlow) flow =
      steps != NULL && steps[0] != '\0'
          ? sight_flow_run(db, sessions, steps, NULL, g_get_real_time() / 1000, self->cancellable, error)
          : NULL;

  if (steps != NULL && steps[0] == '\0')
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("Nobody viewed any page: there are no steps."));
  if (flow != NULL)
    sight_flow_put(w, flow, 0);
  return flow != NULL;
}

static gboolean put_moments_of(SightDb *db, SightQuery *query, gint64 row, SightJsonWriter *w, guint *n,
                               GError **error) {
  g_autoptr(SightSession) session = sight_session_table_get(db, row, error);
  g_autoptr(SightEndpoint) endpoint = session != NULL ? sight_endpoint_table_get(db, session->endpoint, error) : NULL;
  g_autoptr(GPtrArray) moments = endpoint != NULL ? sight_query_moments(query, session, error) : NULL;

  for (guint i = 0; moments != NULL && i < moments->len && *n < MAX_MOMENTS; i++, (*n)++) {
    const SightQueryMoment *moment = moments->pdata[i];
    g_autofree char *link = sight_link_print(session->session, moment->start_ms, endpoint->url);
    sight_json_begin_object(w);
    sight_json_member_string(w, "session", session->session);
    sight_json_member_string(w, "device", session->device);
    sight_moment_put(w, moment);
    sight_json_member_string(w, "link", link);
    sight_json_end_object(w);
  }
  return moments != NULL;
}

static gboolean put_moments(SightDb *db, Reading *self, const SightSet *sessions, SightJsonWriter *w, GError **error) {
  const char *text = self->report->filter;
  g_autoptr(SightFilter) filter = sight_filter_parse(text[0] != '\0' ? text : "all", NULL, error);
  g_autoptr(SightQuery) query = filter != NULL ? sight_query_new(db, filter, g_get_real_time() / 1000, error) : NULL;
  SightSessionFilter within = {.within = sessions, .limit = MAX_MOMENTS};
  g_autoptr(GArray) rows = query != NULL ? sight_session_table_list(db, &within, SIGHT_SORT_NEWEST, error) : NULL;
  guint n = 0;

  if (rows == NULL)
    return FALSE;
  sight_json_begin_object(w);
  sight_json_member_int(w, "sessions", (gint64)sight_set_n(sessions));
  sight_json_key(w, "moments");
  sight_json_begin_array(w);
  for (guint i = 0; i < rows->len && n < MAX_MOMENTS; i++) {
    if (g_cancellable_set_error_if_cancelled(self->cancellable, error) ||
        !put_moments_of(db, query, g_array_index(rows, gint64, i), w, &n, error))
      return FALSE;
  }
  sight_json_end_array(w);
  sight_json_end_object(w);
  return TRUE;
}

/* It may be begun anew. */
static gboolean read_answer(SightDb *db, gpointer data, GError **error) {
  Reading *self = data;
  SightJsonWriter w = {.out = self->report->json};
  g_autoptr(SightSet) sessions = sight_library_sessions(db, self->report->filter, self->report->endpoint, error);

  g_string_truncate(self->report->json, 0);
  if (sessions == NULL)
    return FALSE;
  switch (self->report->kind) {
  case SIGHT_UI_REPORT_PROBLEM:
  case SIGHT_UI_REPORT_PROBLEMS:
    return put_problems(db, self, sessions, &w, error);
  case SIGHT_UI_REPORT_FLOW:
    return put_flow(db, self, sessions, &w, error);
  case SIGHT_UI_REPORT_MOMENTS:
    return put_moments(db, self, sessions, &w, error);
  case SIGHT_UI_REPORT_COMPARISON:
  case SIGHT_UI_N_REPORTS:
    break;
  }
  return TRUE;
}

static gboolean look_through(SightUiReport *report, GCancellable *cancellable, GError **error) {
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(64);
  SightJson root = {0};

  if (!sight_json_parser_parse(parser, report->json->str, report->json->len, &root, error))
    return FALSE;
  g_auto(GStrv) texts = sight_report_texts(root);
  report->findings = sight_audit_findings(NULL, 0, (const char *const *)texts, cancellable, error);
  return report->findings != NULL;
}

static void read_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Reading *self = data;
  GError *error = NULL;
  gboolean made = self->report->kind == SIGHT_UI_REPORT_COMPARISON;

  self->cancellable = cancellable;
  if ((made || sight_store_read(self->store, read_answer, self, &error)) &&
      look_through(self->report, cancellable, &error))
    g_task_return_pointer(task, g_steal_pointer(&self->report), (GDestroyNotify)sight_ui_report_unref);
  else
    g_task_return_error(task, error);
}

void sight_ui_report_read_async(SightStore *store, const SightUiReportAsk *ask, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data) {
  g_autoptr(GTask) task = g_task_new(NULL, cancellable, callback, user_data);
  Reading *self = g_new0(Reading, 1);
  SightUiReport *report = self->report = g_atomic_rc_box_new0(SightUiReport);

  self->store = g_object_ref(store);
  report->kind = ask->kind;
  report->filter = g_strdup(ask->filter);
  report->endpoint = ask->endpoint;
  report->problem = ask->kind == SIGHT_UI_REPORT_PROBLEM ? g_strdup(ask->problem) : NULL;
  report->steps = g_strdup(ask->steps != NULL ? ask->steps : "");
  report->json = g_string_new(ask->kind == SIGHT_UI_REPORT_COMPARISON ? ask->json : NULL);
  g_task_set_task_data(task, self, reading_free);
  g_task_run_in_thread(task, read_thread);
}

SightUiReport *sight_ui_report_read_finish(GAsyncResult *result, GError **error) {
  return g_task_propagate_pointer(G_TASK(result), error);
}

/* Writing */

typedef struct {
  SightStore *store;
  SightUiReport *report;
  char *title, *path;
  SightRedaction *redaction;
} Writing;

static void writing_free(gpointer data) {
  Writing *self = data;

  g_object_unref(self->store);
  sight_ui_report_unref(self->report);
  g_free(self->title);
  g_free(self->path);
  g_clear_pointer(&self->redaction, sight_redaction_free);
  g_free(self);
}

static char *tell(const char *tainted_text, gpointer data) {
  SightRedaction *redaction = ((Writing *)data)->redaction;

  return redaction != NULL ? sight_redaction_text(redaction, tainted_text) : g_strdup(tainted_text);
}

/* Each project that it is about is told. */
static gboolean log_it(SightDb *db, gpointer data, GError **error) {
  const Writing *self = data;
  g_autofree char *name = g_path_get_basename(self->path), *detail = g_strdup_printf("report %s", name);
  g_autoptr(GPtrArray) endpoints = sight_endpoint_table_list(db, error);
  const SightLogEntry entry = {.act = SIGHT_LOG_EXPORTED, .from_ms = -1, .to_ms = -1, .detail = detail};

  for (guint i = 0; endpoints != NULL && i < endpoints->len; i++) {
    gint64 row = ((const SightEndpoint *)endpoints->pdata[i])->row;
    if ((self->report->endpoint == 0 || self->report->endpoint == row) &&
        !sight_log_table_add(db, row, &entry, NULL, error))
      return FALSE;
  }
  return endpoints != NULL;
}

static gboolean is_clean(const Writing *self, const GString *out, GError **error) {
  if (self->redaction == NULL || !sight_redaction_is_in(self->redaction, out->str, out->len))
    return TRUE;
  g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                      _("Something of what was to be masked is still in it."));
  return FALSE;
}

/* What leaves is in the log before it does. */
static gboolean write_it(Writing *self, GError **error) {
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(64);
  g_autoptr(GString) out = g_string_new(NULL);
  const SightReportAbout about = {.title = self->title,
                                  .what = self->report->filter[0] != '\0' ? self->report->filter : _("all sessions"),
                                  .html = !g_str_has_suffix(self->path, ".md"),
                                  .tell = tell,
                                  .user_data = self};
  SightJson root = {0};

  if (!sight_json_parser_parse(parser, self->report->json->str, self->report->json->len, &root, error))
    return FALSE;
  g_auto(GStrv) texts = sight_report_texts(root);
  if (self->redaction != NULL) {
    sight_redaction_learn_text(self->redaction, self->title);
    sight_redaction_learn_text(self->redaction, self->report->filter);
    for (char **text = texts; *text != NULL; text++)
      sight_redaction_learn_text(self->redaction, *text);
  }
  sight_report_write(root, &about, out);
  return is_clean(self, out, error) &&
         (sight_store_why_reading(self->store) != NULL ||
          sight_store_write(self->store, SIGHT_WRITE_DURABLE, log_it, self, error)) &&
         sight_file_write(self->path, out->str, out->len, error);
}

static void write_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Writing *self = data;
  GError *error = NULL;

  if (write_it(self, &error))
    g_task_return_pointer(task, g_file_new_for_path(self->path), g_object_unref);
  else
    g_task_return_error(task, error);
}

void sight_ui_report_write_async(SightStore *store, SightUiReport *report, const char *title, const char *path,
                                 SightRedaction *redaction, GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data) {
  g_autoptr(GTask) task = g_task_new(NULL, cancellable, callback, user_data);
  Writing *self = g_new0(Writing, 1);

  self->store = g_object_ref(store);
  self->report = sight_ui_report_ref(report);
  self->title = g_strdup(title);
  self->path = g_strdup(path);
  self->redaction = redaction;
  /* What was written is told, also where somebody cancels meanwhile. */
  g_task_set_check_cancellable(task, FALSE);
  g_task_set_task_data(task, self, writing_free);
  g_task_run_in_thread(task, write_thread);
}

GFile *sight_ui_report_write_finish(GAsyncResult *result, GError **error) {
  return g_task_propagate_pointer(G_TASK(result), error);
}

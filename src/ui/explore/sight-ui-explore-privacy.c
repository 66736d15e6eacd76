/* SPDX-License-Identifier: MIT */
#include "sight-ui-explore-privacy.h"

#include "sight-audit-duties.h"
#include "sight-clock-text.h"
#include "sight-endpoint-table.h"
#include "sight-json.h"
#include "sight-library.h"
#include "sight-log-table.h"
#include "sight-ui-finding.h"

#include <glib/gi18n.h>
#include <string.h>

static SightAuditReport *report_of(SightDb *db, const SightUiExploreAsk *ask, const GPtrArray *rules, GArray **found,
                                   GError **error) {
  g_autoptr(SightSet) sessions = sight_library_sessions(db, ask->filter, ask->endpoint, error);
  g_autoptr(GArray) all = sessions != NULL ? sight_set_rows(sessions) : NULL;
  g_autoptr(SightAuditReport) report = all != NULL ? sight_audit_report_new() : NULL;

  if (report == NULL)
    return NULL;
  sight_audit_report_set_rules(report, rules);
  g_atomic_int_set(&ask->progress->n_total, (int)all->len);
  for (guint i = 0; i < all->len; i++) {
    g_atomic_int_set(&ask->progress->n_done, (int)i);
    if (!sight_audit_report_session(report, db, g_array_index(all, gint64, i), ask->cancellable, error))
      return NULL;
  }
  if (found != NULL)
    *found = g_steal_pointer(&all);
  return g_steal_pointer(&report);
}

static const char *place_title(SightAuditPlace place) {
  static const char *const titles[SIGHT_N_AUDIT_PLACES] = {
      [SIGHT_AUDIT_PLACE_TEXT] = N_("text of the page"),
      [SIGHT_AUDIT_PLACE_ATTRIBUTE] = N_("an attribute"),
      [SIGHT_AUDIT_PLACE_INPUT] = N_("a field"),
      [SIGHT_AUDIT_PLACE_TITLE] = N_("the title of the page"),
      [SIGHT_AUDIT_PLACE_ADDRESS] = N_("the address of the page"),
      [SIGHT_AUDIT_PLACE_CONSOLE] = N_("the console"),
      [SIGHT_AUDIT_PLACE_NETWORK] = N_("the address of a request"),
      [SIGHT_AUDIT_PLACE_EVENT] = N_("an event"),
  };

  return _(titles[place]);
}

static void add_entry(GPtrArray *rows, const SightAuditEntry *entry) {
  SightUiExploreRow *row = sight_ui_explore_row_new();
  g_autofree char *session = g_strdup_printf("session:%s", entry->session);
  const char *element = entry->selector != NULL ? entry->selector : place_title(entry->place);
  /* TRANSLATORS: a kind of what is private, and the element or the place where it stands */
  g_autofree char *title = g_strdup_printf(_("%s in %s"), sight_audit_kind_title(entry->kind), element);

  sight_ui_explore_row_take_about(row, sight_ui_finding_new(entry, title), (GDestroyNotify)sight_ui_finding_free);
  sight_ui_explore_row_set_moment(row, g_array_index(entry->rows, gint64, 0), entry->at_ms);
  sight_ui_explore_row_add(row, g_steal_pointer(&title), 0, session);
  sight_ui_explore_row_add_count(row, entry->rows->len, NULL);
  sight_ui_explore_row_add_count(row, entry->n_times, NULL);
  sight_ui_explore_row_add_count(row, entry->n_ruled, NULL);
  sight_ui_explore_row_add_count(row, entry->n_times - entry->n_ruled, NULL);
  sight_ui_explore_row_add(row, g_strdup(entry->sample), 0, NULL);
  sight_ui_explore_row_add_copied(row, entry->advice);
  g_ptr_array_add(rows, row);
}

gboolean sight_ui_explore_run_private(SightDb *db, const SightUiExploreAsk *ask, GPtrArray *rows, GError **error) {
  g_autoptr(GPtrArray) rules = g_ptr_array_new_with_free_func((GDestroyNotify)sight_selector_free);

  if (ask->flow[0] != '\0') {
    SightSelector *selector = sight_selector_new(ask->flow, error);
    if (selector == NULL)
      return FALSE;
    g_ptr_array_add(rules, selector);
  }
  g_autoptr(SightAuditReport) report = report_of(db, ask, rules, NULL, error);
  const GPtrArray *entries = report != NULL ? sight_audit_report_entries(report) : NULL;
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    add_entry(rows, g_ptr_array_index(entries, i));
  return report != NULL;
}

typedef struct {
  GPtrArray *rows;
  SightJsonParser *parser;
} Lines;

static char *range_of(SightJson line) {
  gint64 from_ms = sight_json_int(sight_json_get(line, "from"), -1),
         to_ms = sight_json_int(sight_json_get(line, "to"), -1);
  g_autofree char *from = from_ms >= 0 ? sight_clock_text(from_ms) : g_strdup("");
  g_autofree char *to = to_ms >= 0 ? sight_clock_text(to_ms) : NULL;

  return to != NULL ? g_strdup_printf("%s – %s", from, to) : g_steal_pointer(&from);
}

/* As a person reads it; what a newer version did, as it stands there. */
static const char *act_title(const char *name) {
  static const char *const titles[] = {N_("watched"), N_("clipped"),  N_("exported"),
                                       N_("filed"),   N_("redacted"), N_("erased")};

  for (gsize i = 0; i < G_N_ELEMENTS(titles); i++) {
    if (g_strcmp0(titles[i], name) == 0)
      return _(titles[i]);
  }
  return name;
}

static gboolean add_line(const SightLogLine *line, gpointer user_data) {
  Lines *lines = user_data;
  SightJson root = {0};

  if (!sight_json_parser_parse(lines->parser, line->line, strlen(line->line), &root, NULL))
    return TRUE;
  gint64 at_ms = sight_json_int(sight_json_get(root, "at"), 0);
  g_autoptr(GDateTime) when = g_date_time_new_from_unix_local(at_ms / 1000);
  const char *const members[] = {"who", "what", "session", "detail"};
  const char *session = sight_json_string(sight_json_get(root, "session"), NULL);
  g_autofree char *filter = session != NULL ? g_strdup_printf("session:%s", session) : NULL;
  SightUiExploreRow *row = sight_ui_explore_row_new();
  sight_ui_explore_row_add(row, when != NULL ? g_date_time_format(when, "%F %R") : g_strdup(""), 0, filter);
  for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
    const char *text = sight_json_string(sight_json_get(root, members[i]), NULL);
    if (g_str_equal(members[i], "what"))
      text = act_title(text);
    sight_ui_explore_row_add(row, g_strdup(text != NULL ? text : ""), 0, NULL);
  }
  sight_ui_explore_row_add(row, range_of(root), 0, NULL);
  g_ptr_array_add(lines->rows, row);
  return TRUE;
}

static int newest_first(gconstpointer a, gconstpointer b) {
  return g_strcmp0(sight_ui_explore_row_get(*(gpointer *)b, 0)->text,
                   sight_ui_explore_row_get(*(gpointer *)a, 0)->text);
}

gboolean sight_ui_explore_run_log(SightDb *db, const SightUiExploreAsk *ask, GPtrArray *rows, GError **error) {
  g_autoptr(GPtrArray) endpoints = sight_endpoint_table_list(db, error);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(16);
  Lines lines = {rows, parser};

  for (guint i = 0; endpoints != NULL && i < endpoints->len; i++) {
    gint64 endpoint = ((const SightEndpoint *)g_ptr_array_index(endpoints, i))->row;
    if ((ask->endpoint == 0 || ask->endpoint == endpoint) &&
        !sight_log_table_each(db, endpoint, add_line, &lines, error))
      return FALSE;
  }
  g_ptr_array_sort(rows, newest_first);
  return endpoints != NULL;
}

gboolean sight_ui_explore_run_duties(SightDb *db, const SightUiExploreAsk *ask, GPtrArray *rows, GError **error) {
  g_autoptr(GArray) found = NULL;
  g_autoptr(SightAuditReport) report = report_of(db, ask, NULL, &found, error);
  g_autoptr(GPtrArray) answers =
      report != NULL ? sight_audit_duties(db, found, report, g_get_real_time() / 1000, error) : NULL;

  for (guint i = 0; answers != NULL && i < answers->len; i++) {
    const SightDutyAnswer *answer = g_ptr_array_index(answers, i);
    SightUiExploreRow *row = sight_ui_explore_row_new();
    sight_ui_explore_row_add(row, g_strdup(sight_duty_title(answer->duty)), 0, NULL);
    sight_ui_explore_row_add(row, g_strdup(sight_duty_state_title(answer->state)), (double)answer->state, NULL);
    sight_ui_explore_row_add(row, g_strdup(answer->why), 0, NULL);
    g_ptr_array_add(rows, row);
  }
  return answers != NULL;
}

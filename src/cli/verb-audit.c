/* SPDX-License-Identifier: MIT */
/* sightctl audit: what of the recordings looks private, and what to do about it. */
#include "sight-cli-filter.h"

#include "sight-audit-duties.h"
#include "sight-clock-text.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

typedef struct {
  SightCliFilter filter;
  gint64 limit, n_sessions;
  char **rules;
  GPtrArray *selectors; /* of the rules, or NULL */
  SightAuditReport *report;
  gboolean wants_duties;
  GPtrArray *duties; /* of SightDutyAnswer */
} Audit;

static void audit_clear(Audit *self) {
  sight_cli_filter_clear(&self->filter);
  g_strfreev(self->rules);
  g_clear_pointer(&self->selectors, g_ptr_array_unref);
  g_clear_pointer(&self->report, sight_audit_report_free);
  g_clear_pointer(&self->duties, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Audit, audit_clear)

static gboolean read_sessions(SightDb *db, gpointer user_data, GError **error) {
  Audit *self = user_data;
  g_autoptr(SightSet) set =
      sight_cli_filter_begin(&self->filter, db, error) ? sight_query_sessions(self->filter.query, error) : NULL;
  g_autoptr(GArray) rows = set ? sight_set_rows(set) : NULL;

  if (!rows) {
    return FALSE;
  }
  self->n_sessions = rows->len;
  for (guint i = 0; i < rows->len; i++) {
    sight_cli_progress(_("Looked through %u of %u sessions"), i, rows->len);
    if (!sight_audit_report_session(self->report, db, g_array_index(rows, gint64, i), NULL, error)) {
      return FALSE;
    }
  }
  sight_cli_progress(NULL);
  if (self->wants_duties) {
    self->duties = sight_audit_duties(db, rows, self->report, g_get_real_time() / 1000, error);
  }
  return !self->wants_duties || self->duties != NULL;
}

static void tell_duties(const SightCli *cli, const Audit *self) {
  g_autoptr(SightCliTable) table = sight_cli_table_new(_("STATE"), _("WHAT IS ASKED"), _("WHY"), NULL);
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};

  sight_json_begin_array(&w);
  for (guint i = 0; i < self->duties->len; i++) {
    const SightDutyAnswer *answer = g_ptr_array_index(self->duties, i);
    sight_json_begin_object(&w);
    sight_json_member_string(&w, "duty", sight_duty_name(answer->duty));
    sight_json_member_string(&w, "state", sight_duty_state_name(answer->state));
    sight_json_member_string(&w, "why", answer->why);
    sight_json_end_object(&w);
    sight_cli_table_add(table, sight_duty_state_title(answer->state));
    sight_cli_table_add(table, sight_duty_title(answer->duty));
    sight_cli_table_add(table, answer->why);
  }
  sight_json_end_array(&w);
  if (cli->json) {
    sight_cli_print_json(out);
  } else {
    sight_cli_table_print(table);
  }
}

static guint n_shown(const Audit *self, const GPtrArray *entries) {
  return self->limit > 0 ? MIN((guint)self->limit, entries->len) : entries->len;
}

static void print_json(const Audit *self, const GPtrArray *entries) {
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};

  sight_json_begin_object(&w);
  sight_json_member_int(&w, "sessions", self->n_sessions);
  sight_json_member_int(&w, "total", entries->len);
  sight_json_key(&w, "found");
  sight_json_begin_array(&w);
  for (guint i = 0; i < n_shown(self, entries); i++) {
    const SightAuditEntry *entry = g_ptr_array_index(entries, i);
    sight_json_begin_object(&w);
    sight_json_member_string(&w, "kind", sight_audit_kind_name(entry->kind));
    sight_json_member_string(&w, "place", sight_audit_place_name(entry->place));
    sight_json_member_string(&w, "selector", entry->selector);
    sight_json_member_string(&w, "sample", entry->sample);
    sight_json_member_int(&w, "times", entry->n_times);
    if (self->selectors) {
      sight_json_member_int(&w, "vanishes", entry->n_ruled);
      sight_json_member_int(&w, "stays", entry->n_times - entry->n_ruled);
    }
    sight_json_member_int(&w, "sessions", entry->rows->len);
    sight_json_member_string(&w, "session", entry->session);
    sight_json_member_int(&w, "at_ms", entry->at_ms);
    sight_json_member_string(&w, "advice", entry->advice);
    sight_json_end_object(&w);
  }
  sight_json_end_array(&w);
  sight_json_end_object(&w);
  sight_cli_print_json(out);
}

/* With rules: what vanishes by them, and what stays. */
static void print_table(const Audit *self, const GPtrArray *entries) {
  g_autoptr(SightCliTable) table = self->selectors
                                       ? sight_cli_table_new(_("VANISHES"), _("STAYS"), _("KIND"), _("WHERE"),
                                                             _("LOOKS LIKE"), _("FIRST"), _("WHAT TO DO"), NULL)
                                       : sight_cli_table_new(_("SESSIONS"), _("KIND"), _("WHERE"), _("LOOKS LIKE"),
                                                             _("FIRST"), _("WHAT TO DO"), NULL);
  gint64 n_times = 0, n_ruled = 0;

  for (guint i = 0; i < entries->len; i++) {
    const SightAuditEntry *entry = g_ptr_array_index(entries, i);
    n_times += entry->n_times;
    n_ruled += entry->n_ruled;
  }
  for (guint i = 0; i < n_shown(self, entries); i++) {
    const SightAuditEntry *entry = g_ptr_array_index(entries, i);
    gint64 n = self->selectors ? entry->n_ruled : entry->rows->len;
    g_autofree char *first = g_strdup_printf("%" G_GINT64_FORMAT, n);
    g_autofree char *stays = g_strdup_printf("%" G_GINT64_FORMAT, entry->n_times - entry->n_ruled);
    g_autofree char *at = sight_clock_text(entry->at_ms);
    g_autofree char *where = g_strdup_printf("%s %s", entry->session, at);
    sight_cli_table_add(table, first);
    if (self->selectors) {
      sight_cli_table_add(table, stays);
    }
    sight_cli_table_add(table, sight_audit_kind_title(entry->kind));
    sight_cli_table_add(table, sight_audit_place_name(entry->place));
    sight_cli_table_add(table, entry->sample);
    sight_cli_table_add(table, where);
    sight_cli_table_add(table, entry->n_times > entry->n_ruled ? entry->advice : "");
  }
  sight_cli_table_print(table);
  g_print(ngettext("%u of %u finding in %" PRId64 " sessions\n", "%u of %u findings in %" PRId64 " sessions\n",
                   entries->len),
          n_shown(self, entries), entries->len, self->n_sessions);
  if (self->selectors) {
    g_print(_("By these rules %d of %d times vanish, %d still leak.\n"), (int)n_ruled, (int)n_times,
            (int)(n_times - n_ruled));
  }
}

static gboolean read_rules(Audit *self, GError **error) {
  if (!self->rules) {
    return TRUE;
  }
  self->selectors = g_ptr_array_new_with_free_func((GDestroyNotify)sight_selector_free);
  for (guint i = 0; self->rules[i]; i++) {
    SightSelector *selector = sight_selector_new(self->rules[i], error);
    if (!selector) {
      return FALSE;
    }
    g_ptr_array_add(self->selectors, selector);
  }
  sight_audit_report_set_rules(self->report, self->selectors);
  return TRUE;
}

int sight_verb_audit(SightCli *cli, int argc, char **argv) {
  g_autofree char *text = NULL;
  g_autofree char *most = NULL;
  g_auto(Audit) self = {.limit = 0};
  const GOptionEntry entries[] = {
      {"filter", 0, 0, G_OPTION_ARG_STRING, &text,
       N_("Only of these sessions; “sightctl help filters” tells the language"), N_("FILTER")},
      {"limit", 0, 0, G_OPTION_ARG_STRING, &most, N_("At most so many; 0: all"), N_("N")},
      {"rule", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self.rules,
       N_("Tell what would vanish if data-ss-mask were on these elements, and what would still leak"), N_("SELECTOR")},
      {"duties", 0, 0, G_OPTION_ARG_NONE, &self.wants_duties,
       N_("Tell what the French authority (CNIL) asks of session replay, and whether that is met"), NULL},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GError) error = NULL;

  if (!sight_cli_parse(cli, entries, NULL, _("Tells what of the recordings looks private."), &argc, &argv)) {
    return SIGHT_EXIT_USAGE;
  }
  if (!sight_cli_number("--limit", most, G_MAXINT, &self.limit)) {
    return SIGHT_EXIT_USAGE;
  }
  if (argc > 1) {
    return sight_cli_usage("audit", "[--filter FILTER] [--limit N] [--rule SELECTOR] [--duties]");
  }
  self.filter.text = text;
  self.report = sight_audit_report_new();
  if (!read_rules(&self, &error) || !sight_cli_filter_open(&self.filter, cli, &error) ||
      !sight_store_read(cli->store, read_sessions, &self, &error)) {
    return sight_cli_fail(cli, error);
  }
  if (self.wants_duties) {
    tell_duties(cli, &self);
    return SIGHT_EXIT_OK;
  }
  const GPtrArray *found = sight_audit_report_entries(self.report);
  if (cli->json) {
    print_json(&self, found);
  } else {
    print_table(&self, found);
  }
  return SIGHT_EXIT_OK;
}

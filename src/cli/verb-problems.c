/* SPDX-License-Identifier: MIT */
/* sightctl problems: what signals are about, the worst first. */
#include "sight-cli-filter.h"

#include "sight-clock-text.h"
#include "sight-problems.h"

#include <glib/gi18n-lib.h>

typedef struct {
  SightCliFilter filter;
  gint64 limit;
  gint64 n_sessions;
  GPtrArray *problems; /* of SightProblem */
} Problems;

static gboolean read_problems(SightDb *db, gpointer user_data, GError **error) {
  Problems *self = user_data;
  g_autoptr(SightSet) set =
      sight_cli_filter_begin(&self->filter, db, error) ? sight_query_sessions(self->filter.query, error) : NULL;

  self->n_sessions = set ? (gint64)sight_set_n(set) : 0;
  self->problems = set ? sight_problems_list(db, set, NULL, error) : NULL;
  return self->problems != NULL;
}

static guint n_shown(const Problems *self) {
  return self->limit > 0 ? MIN((guint)self->limit, self->problems->len) : self->problems->len;
}

static void put_double(SightJsonWriter *w, const char *key, double value) {
  sight_json_key(w, key);
  sight_json_put_double(w, value);
}

static void put_problem(SightJsonWriter *w, const SightProblem *problem) {
  sight_json_begin_object(w);
  sight_json_member_string(w, "problem", problem->id);
  sight_json_member_string(w, "title", problem->title);
  sight_json_member_string(w, "kind", sight_signal_kind_name(problem->kind));
  sight_json_member_string(w, "page", problem->page);
  sight_json_member_int(w, "sessions", problem->n_sessions);
  sight_json_member_int(w, "users", problem->n_users);
  sight_json_member_int(w, "visits", problem->n_visits);
  sight_json_member_int(w, "first_seen_ms", problem->first_seen_ms);
  sight_json_member_int(w, "last_seen_ms", problem->last_seen_ms);
  sight_json_key(w, "releases");
  sight_json_begin_array(w);
  for (guint i = 0; i < problem->releases->len; i++) {
    sight_json_put_string(w, g_ptr_array_index(problem->releases, i));
  }
  sight_json_end_array(w);
  sight_json_member_string(w, "filter", problem->filter);
  sight_json_key(w, "moment");
  sight_json_begin_object(w);
  sight_json_member_string(w, "session", problem->session);
  sight_json_member_int(w, "endpoint", problem->endpoint);
  sight_json_member_int(w, "at_ms", problem->at_ms);
  sight_json_member_string(w, "reason", problem->reason);
  sight_json_end_object(w);
  put_double(w, "score", problem->score);
  put_double(w, "severity", problem->severity);
  put_double(w, "loss", problem->loss);
  if (problem->has_cost) {
    sight_json_key(w, "cost");
    sight_json_begin_object(w);
    put_double(w, "rate", problem->cost);
    put_double(w, "low", problem->cost_between.low);
    put_double(w, "high", problem->cost_between.high);
    sight_json_end_object(w);
  }
  sight_json_end_object(w);
}

static void print_json(const Problems *self) {
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};

  sight_json_begin_object(&w);
  sight_json_member_int(&w, "total", self->problems->len);
  sight_json_member_int(&w, "sessions", self->n_sessions);
  sight_json_member_int(&w, "waiting", self->filter.n_waiting);
  sight_json_key(&w, "problems");
  sight_json_begin_array(&w);
  for (guint i = 0; i < n_shown(self); i++) {
    put_problem(&w, g_ptr_array_index(self->problems, i));
  }
  sight_json_end_array(&w);
  sight_json_end_object(&w);
  sight_cli_print_json(out);
}

static void print_table(const Problems *self) {
  g_autoptr(SightCliTable) table =
      sight_cli_table_new(_("USERS"), _("SESSIONS"), _("VISITS"), _("PROBLEM"), _("MOMENT"), _("FILTER"), NULL);
  gulong total = self->problems->len;

  for (guint i = 0; i < n_shown(self); i++) {
    const SightProblem *problem = g_ptr_array_index(self->problems, i);
    g_autofree char *users = g_strdup_printf("%" G_GINT64_FORMAT, problem->n_users);
    g_autofree char *sessions = g_strdup_printf("%" G_GINT64_FORMAT, problem->n_sessions);
    g_autofree char *visits = g_strdup_printf("%" G_GINT64_FORMAT, problem->n_visits);
    g_autofree char *at = sight_clock_text(problem->at_ms);
    g_autofree char *moment = g_strdup_printf("%s %s", problem->session, at);
    sight_cli_table_add(table, users);
    sight_cli_table_add(table, sessions);
    sight_cli_table_add(table, visits);
    sight_cli_table_add(table, problem->title);
    sight_cli_table_add(table, moment);
    sight_cli_table_add(table, problem->filter);
  }
  sight_cli_table_print(table);
  g_print(ngettext("%u of %lu problem\n", "%u of %lu problems\n", total), n_shown(self), total);
  sight_cli_filter_tell_waiting(&self->filter);
}

int sight_verb_problems(SightCli *cli, int argc, char **argv) {
  g_autofree char *text = NULL;
  g_autofree char *most = NULL;
  Problems self = {.limit = 20};
  const GOptionEntry entries[] = {
      {"filter", 0, 0, G_OPTION_ARG_STRING, &text,
       N_("Only of these sessions; “sightctl help filters” tells the language"), N_("FILTER")},
      {"limit", 0, 0, G_OPTION_ARG_STRING, &most, N_("At most so many; 0: all"), N_("N")},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GError) error = NULL;

  if (!sight_cli_parse(cli, entries, NULL, _("Lists what the signals of sessions are about, the worst first."), &argc,
                       &argv)) {
    return SIGHT_EXIT_USAGE;
  }
  if (!sight_cli_number("--limit", most, G_MAXINT, &self.limit)) {
    return SIGHT_EXIT_USAGE;
  }
  if (argc > 1) {
    return sight_cli_usage("problems", "[--filter FILTER] [--limit N]");
  }
  self.filter.text = text ? text : "all";
  gboolean done =
      sight_cli_filter_open(&self.filter, cli, &error) && sight_store_read(cli->store, read_problems, &self, &error);
  sight_cli_filter_clear(&self.filter);
  if (!done) {
    return sight_cli_fail(cli, error);
  }
  if (cli->json) {
    print_json(&self);
  } else {
    print_table(&self);
  }
  g_ptr_array_unref(self.problems);
  return SIGHT_EXIT_OK;
}

/* SPDX-License-Identifier: MIT */
/* sightctl moments: where sessions match a filter. */
#include "sight-cli-moments.h"

#include "sight-clock-text.h"
#include "sight-insight-json.h"

#include <glib/gi18n-lib.h>

static gboolean put(const SightSession *session, const SightQueryMoment *moment, gpointer user_data, GError **error) {
  SightJsonWriter *w = user_data;
  sight_json_begin_object(w);
  sight_json_member_string(w, "session", session->session);
  sight_json_member_int(w, "endpoint", session->endpoint);
  sight_moment_put(w, moment);
  sight_json_end_object(w);
  return TRUE;
}

static void print_json(const SightCliMoments *self) {
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};

  sight_json_begin_object(&w);
  sight_json_member_int(&w, "total", self->total);
  sight_json_member_int(&w, "waiting", self->filter.n_waiting);
  sight_json_member_int(&w, "left_out", self->filter.n_left_out);
  sight_json_key(&w, "moments");
  sight_json_begin_array(&w);
  sight_cli_moments_each(self, put, &w, NULL);
  sight_json_end_array(&w);
  sight_json_end_object(&w);
  sight_cli_print_json(out);
}

static gboolean add(const SightSession *session, const SightQueryMoment *moment, gpointer user_data, GError **error) {
  SightCliTable *table = user_data;
  g_autofree char *at = sight_clock_text(moment->start_ms);
  sight_cli_table_add(table, session->session);
  sight_cli_table_add(table, at);
  sight_cli_table_add(table, moment->condition);
  sight_cli_table_add(table, moment->reason);
  return TRUE;
}

static void print_table(const SightCliMoments *self) {
  g_autoptr(SightCliTable) table = sight_cli_table_new(_("SESSION"), _("AT"), _("CONDITION"), _("WHY"), NULL);
  gint64 n = sight_cli_moments_each(self, add, table, NULL);
  gulong total = (gulong)MIN(self->total, G_MAXINT);

  sight_cli_table_print(table);
  g_print(ngettext("%d of %lu moment\n", "%d of %lu moments\n", total), (int)n, total);
  sight_cli_filter_tell_waiting(&self->filter);
}

int sight_verb_moments(SightCli *cli, int argc, char **argv) {
  g_autofree char *text = NULL;
  g_autofree char *most = NULL;
  g_auto(SightCliMoments) self = {.limit = 50};
  const GOptionEntry entries[] = {
      {"filter", 0, 0, G_OPTION_ARG_STRING, &text, N_("What to look for; “sightctl help filters” tells the language"),
       N_("FILTER")},
      {"limit", 0, 0, G_OPTION_ARG_STRING, &most, N_("At most so many; 0: all"), N_("N")},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GError) error = NULL;

  if (!sight_cli_parse(cli, entries, NULL, _("Lists the moments at which sessions match a filter."), &argc, &argv)) {
    return SIGHT_EXIT_USAGE;
  }
  if (!sight_cli_number("--limit", most, G_MAXINT, &self.limit)) {
    return SIGHT_EXIT_USAGE;
  }
  if (argc > 1 || !text) {
    return sight_cli_usage("moments", "--filter FILTER [--limit N]");
  }
  self.filter.text = text;
  if (!sight_cli_moments_read(&self, cli, &error)) {
    return sight_cli_fail(cli, error);
  }
  if (cli->json) {
    print_json(&self);
  } else {
    print_table(&self);
  }
  return SIGHT_EXIT_OK;
}

/* SPDX-License-Identifier: MIT */
/* sightctl analyse: works off what waits; as a worker, for all who take a part of what a collector has. */
#include "sight-cli-slice.h"

#include "sight-analysis.h"
#include "sight-slice.h"
#include "sight-source.h"

#include <glib/gi18n-lib.h>

#define EVERY_S 60

static gboolean is_collector(const SightEndpoint *endpoint) {
  return sight_source_can(endpoint, SIGHT_SOURCE_SLICES);
}

static void put_result(const SightCli *cli, const SightEndpoint *endpoint, guint n_taken, guint n_brought,
                       guint n_dropped) {
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};

  if (!cli->json) {
    /* Translators: a name, then numbers of sessions */
    g_print(_("%s: taken %u, brought what was found in %u, let go of %u recordings\n"), endpoint->name, n_taken,
            n_brought, n_dropped);
    return;
  }
  sight_json_begin_object(&w);
  sight_json_member_int(&w, "endpoint", endpoint->row);
  sight_json_member_string(&w, "name", endpoint->name);
  sight_json_member_int(&w, "taken", n_taken);
  sight_json_member_int(&w, "brought", n_brought);
  sight_json_member_int(&w, "let_go", n_dropped);
  sight_json_end_object(&w);
  sight_cli_print_json(out);
}

/* What comes in while it works comes with the next round. */
static gboolean work_on(SightCli *cli, const SightEndpoint *endpoint, GError **error) {
  SightSyncProgress total = {0};
  guint n_brought = 0, n_dropped = 0;

  if (endpoint->scope) {
    g_set_error(error, SIGHT_FILTER_ERROR, SIGHT_FILTER_ERROR_SYNTAX,
                _("A worker looks at all of “%s”, of which this cache takes a part: give it a cache of its own."),
                endpoint->name);
    return FALSE;
  }
  if (!sight_source_run(cli->store, endpoint->row, NULL, NULL, &total, NULL, error) ||
      !sight_cli_analyse(cli, NULL, error) ||
      !sight_slice_bring(cli->store, endpoint->row, SIGHT_ANALYSIS_VERSION, &n_brought, NULL, error) ||
      !sight_slice_keep_budget(cli->store, endpoint->row, 0, &n_dropped, error)) {
    return FALSE;
  }
  put_result(cli, endpoint, total.n_sessions, n_brought, n_dropped);
  return TRUE;
}

static int run_worker(SightCli *cli, GPtrArray *endpoints, gboolean once, gint64 every_s) {
  for (;;) {
    int code = SIGHT_EXIT_OK;
    guint n = 0;
    for (guint i = 0; i < endpoints->len; i++) {
      g_autoptr(GError) error = NULL;
      if (is_collector(g_ptr_array_index(endpoints, i))) {
        n++;
        code = work_on(cli, g_ptr_array_index(endpoints, i), &error) ? code : sight_cli_fail(cli, error);
      }
    }
    if (n == 0) {
      g_printerr("%s\n", _("There is no collector to work for; sightctl endpoints add URL --token TOKEN makes one."));
      return SIGHT_EXIT_NOT_FOUND;
    }
    /* An endpoint that is out of reach comes back; any other mistake does not mend itself. */
    if (once || (code != SIGHT_EXIT_OK && code != SIGHT_EXIT_OFFLINE)) {
      return code;
    }
    g_usleep((gulong)every_s * G_USEC_PER_SEC);
  }
}

int sight_verb_analyse(SightCli *cli, int argc, char **argv) {
  gboolean worker = FALSE, once = FALSE;
  g_autofree char *every = NULL, *budget = NULL;
  gint64 every_s = EVERY_S;
  guint n_analysed = 0;
  const GOptionEntry entries[] = {
      {"worker", 0, 0, G_OPTION_ARG_NONE, &worker,
       N_("Take all of a collector, and bring what is found in it there, again and again"), NULL},
      {"once", 0, 0, G_OPTION_ARG_NONE, &once, N_("One round only"), NULL},
      {"every", 0, 0, G_OPTION_ARG_STRING, &every, N_("Seconds between two rounds (60)"), N_("S")},
      {"budget", 0, 0, G_OPTION_ARG_STRING, &budget, N_("Recordings may take so much here: 20G; “none”: any"),
       N_("SIZE")},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GError) error = NULL;

  if (!sight_cli_parse(cli, entries, N_("[ENDPOINT…]"),
                       _("Analyses what waits. A worker does it for all who take a part of what a collector has."),
                       &argc, &argv) ||
      !sight_cli_number("--every", every, 24 * 3600, &every_s)) {
    return SIGHT_EXIT_USAGE;
  }
  if (!worker && (once || every || budget || argc > 1)) {
    return sight_cli_usage("analyse", "[--worker [--once] [--every S] [--budget SIZE] [ENDPOINT…]]");
  }
  g_autoptr(GPtrArray) endpoints = sight_cli_open(cli, &error) ? sight_cli_endpoints(cli, argv + 1, &error) : NULL;
  if (!endpoints || (budget && !sight_cli_set_slice(cli, endpoints, NULL, budget, &error))) {
    return sight_cli_fail(cli, error);
  }
  if (worker) {
    return run_worker(cli, endpoints, once, MAX(every_s, 1));
  }
  if (!sight_cli_analyse(cli, &n_analysed, &error)) {
    return sight_cli_fail(cli, error);
  }
  if (cli->json) {
    g_autoptr(GString) out = g_string_new(NULL);
    SightJsonWriter w = {.out = out};
    sight_json_begin_object(&w);
    sight_json_member_int(&w, "analysed", n_analysed);
    sight_json_end_object(&w);
    sight_cli_print_json(out);
    return SIGHT_EXIT_OK;
  }
  g_print(ngettext("%u session analysed\n", "%u sessions analysed\n", n_analysed), n_analysed);
  return SIGHT_EXIT_OK;
}

/* SPDX-License-Identifier: MIT */
/* sightctl sync: one complete round with every endpoint, or with those named. */
#include "sight-cli-slice.h"

#include "sight-source.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

static void show_progress(const SightSyncProgress *progress, gpointer user_data) {
  gint64 minutes = (progress->left_ms + 59999) / 60000;

  if (minutes > 1) {
    /* Translators: a name, numbers of sessions, and of minutes */
    sight_cli_progress(_("%s: %u of %u sessions, about %" PRId64 " min left"), (const char *)user_data,
                       progress->n_sessions, progress->n_sessions_total, minutes);
  } else {
    sight_cli_progress(_("%s: %u of %u sessions"), (const char *)user_data, progress->n_sessions,
                       progress->n_sessions_total);
  }
}

static void put_result(SightJsonWriter *w, const SightEndpoint *endpoint, const SightSyncProgress *total,
                       const GError *error) {
  sight_json_begin_object(w);
  sight_json_member_int(w, "endpoint", endpoint->row);
  sight_json_member_string(w, "name", endpoint->name);
  sight_json_member_int(w, "sessions", total->n_sessions);
  sight_json_member_int(w, "batches", (gint64)total->n_batches);
  sight_json_member_int(w, "bytes", (gint64)total->n_bytes);
  sight_json_member_int(w, "assets", total->n_assets);
  sight_json_member_int(w, "erased", total->n_erased);
  sight_json_member_int(w, "pushed", total->n_pushed);
  sight_json_member_int(w, "pulled", total->n_pulled);
  sight_json_member_int(w, "set_aside", total->n_aside);
  sight_json_member_int(w, "digests", total->n_digests);
  sight_json_member_int(w, "digests_left_out", total->n_unread);
  sight_json_member_string(w, "error", error ? error->message : NULL);
  sight_json_end_object(w);
}

static gboolean read_again(SightDb *db, gpointer user_data, GError **error) {
  SightEndpoint **endpoint = user_data;
  *endpoint = sight_endpoint_table_get(db, (*endpoint)->row, error);
  return *endpoint != NULL;
}

/* How much of it is here now. */
static void tell_slice(SightCli *cli, const SightEndpoint *endpoint) {
  SightEndpoint key = {.row = endpoint->row}, *now = &key;

  if (!sight_store_read(cli->store, read_again, &now, NULL)) {
    return;
  }
  g_autoptr(SightEndpoint) there = now;
  /* Translators: a name, then numbers of sessions: of how many the recording is here, of how many something is known,
   * how many the endpoint has, and of how many of these others found something */
  g_print(_("%s: recordings here %'" PRId64 ", sessions known %'" PRId64 ", at the endpoint %'" PRId64
            ", looked through %'" PRId64 "\n"),
          endpoint->name, there->n_recordings, there->n_sessions, MAX(there->n_there, 0), there->n_told);
}

static int sync_one(SightCli *cli, const SightEndpoint *endpoint, SightJsonWriter *w) {
  SightSyncProgress total = {0};
  g_autoptr(GError) error = NULL;
  gboolean done = sight_source_run(cli->store, endpoint->row, show_progress, endpoint->name, &total, NULL, &error);

  sight_cli_progress(NULL);
  put_result(w, endpoint, &total, error);
  if (!done) {
    return sight_cli_fail(cli, error);
  }
  if (total.n_aside > 0 || total.n_unread > 0) {
    g_autofree char *problem = sight_sync_problem(cli->store, endpoint->row);
    g_printerr("%s: %s\n", endpoint->name, problem);
  }
  if (!cli->json) {
    g_autofree char *size = g_format_size(total.n_bytes);
    g_autofree char *batches = g_strdup_printf("%" G_GUINT64_FORMAT, total.n_batches);
    g_autofree char *line = g_strdup_printf(
        /* Translators: a name, then numbers: of sessions, of batches with their size, and so on */
        _("%s: sessions %u, batches %s (%s), pictures %u, erased %u, annotations sent %u, taken %u"), endpoint->name,
        total.n_sessions, batches, size, total.n_assets, total.n_erased, total.n_pushed, total.n_pulled);
    g_print("%s\n", line);
  }
  if (!cli->json && (endpoint->scope || total.n_digests > 0)) {
    tell_slice(cli, endpoint);
  }
  return SIGHT_EXIT_OK;
}

int sight_verb_sync(SightCli *cli, int argc, char **argv) {
  gboolean no_analysis = FALSE;
  g_autofree char *slice = NULL, *budget = NULL;
  const GOptionEntry entries[] = {
      {"no-analysis", 0, 0, G_OPTION_ARG_NONE, &no_analysis, N_("Leave the analysis for later"), NULL},
      {"slice", 0, 0, G_OPTION_ARG_STRING, &slice,
       N_("From now on only recordings that match, of others what was found in them; “all”: every one"), N_("FILTER")},
      {"budget", 0, 0, G_OPTION_ARG_STRING, &budget, N_("Recordings may take so much here: 20G; “none”: any"),
       N_("SIZE")},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};
  g_autoptr(GError) error = NULL;
  int code = SIGHT_EXIT_OK;
  guint n_synced = 0;

  if (!sight_cli_parse(cli, entries, N_("[ENDPOINT…]"), _("Pulls what changed at the endpoints and pushes tags."),
                       &argc, &argv)) {
    return SIGHT_EXIT_USAGE;
  }
  g_autoptr(GPtrArray) endpoints = sight_cli_open(cli, &error) ? sight_cli_endpoints(cli, argv + 1, &error) : NULL;
  if (!endpoints || !sight_cli_set_slice(cli, endpoints, slice, budget, &error)) {
    return sight_cli_fail(cli, error);
  }
  sight_json_begin_object(&w);
  sight_json_key(&w, "endpoints");
  sight_json_begin_array(&w);
  for (guint i = 0; i < endpoints->len; i++) {
    const SightEndpoint *endpoint = g_ptr_array_index(endpoints, i);
    if (sight_source_can(endpoint, SIGHT_SOURCE_SYNCS)) {
      int one = sync_one(cli, endpoint, &w);
      code = code ? code : one;
      n_synced++;
    }
  }
  sight_json_end_array(&w);
  sight_json_end_object(&w);
  if (!no_analysis && !sight_cli_analyse(cli, NULL, &error)) {
    return sight_cli_fail(cli, error);
  }
  if (cli->json) {
    sight_cli_print_json(out);
  } else if (!n_synced) {
    g_printerr("%s\n", _("There is no endpoint to sync with; sightctl endpoints add URL --token TOKEN makes one."));
  }
  return code;
}

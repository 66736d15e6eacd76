/* SPDX-License-Identifier: MIT */
/* sightctl endpoints: lists, adds and removes the places that sessions come from. */
#include "sight-cli.h"

#include "sight-endpoint-table.h"
#include "sight-http.h"
#include "sight-sync.h"
#include "sight-token.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

typedef struct {
  const char *url, *name; /* of the one to add */
  const char *which;      /* the one to remove */
  gint64 row;
  char *removed_url;
} Change;

static gboolean read_list(SightDb *db, gpointer user_data, GError **error) {
  GPtrArray **endpoints = user_data;
  *endpoints = sight_endpoint_table_list(db, error);
  return *endpoints != NULL;
}

static int list(SightCli *cli) {
  g_autoptr(GPtrArray) endpoints = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};

  if (!sight_store_read(cli->store, read_list, &endpoints, &error)) {
    return sight_cli_fail(cli, error);
  }
  g_autoptr(SightCliTable) table =
      sight_cli_table_new("#", _("NAME"), _("ADDRESS"), _("SESSIONS"), _("SYNCED"), _("PROBLEM"), NULL);
  sight_json_begin_object(&w);
  sight_json_key(&w, "endpoints");
  sight_json_begin_array(&w);
  for (guint i = 0; i < endpoints->len; i++) {
    const SightEndpoint *endpoint = g_ptr_array_index(endpoints, i);
    g_autofree char *row = g_strdup_printf("%" G_GINT64_FORMAT, endpoint->row);
    g_autofree char *count = g_strdup_printf("%" G_GINT64_FORMAT, endpoint->n_sessions);
    g_autofree char *synced = endpoint->synced_ms ? sight_cli_format_when(endpoint->synced_ms) : g_strdup("");
    sight_cli_table_add(table, row);
    sight_cli_table_add(table, endpoint->name);
    sight_cli_table_add(table, endpoint->url);
    sight_cli_table_add(table, count);
    sight_cli_table_add(table, synced);
    sight_cli_table_add(table, endpoint->problem);
    sight_json_begin_object(&w);
    sight_json_member_int(&w, "endpoint", endpoint->row);
    sight_json_member_string(&w, "kind", endpoint->kind);
    sight_json_member_string(&w, "name", endpoint->name);
    sight_json_member_string(&w, "url", endpoint->url);
    sight_json_member_int(&w, "sessions", endpoint->n_sessions);
    sight_json_member_int(&w, "synced_ms", endpoint->synced_ms);
    sight_json_member_string(&w, "problem", endpoint->problem);
    sight_json_end_object(&w);
  }
  sight_json_end_array(&w);
  sight_json_end_object(&w);
  if (cli->json) {
    sight_cli_print_json(out);
  } else {
    sight_cli_table_print(table);
  }
  return SIGHT_EXIT_OK;
}

static gboolean write_endpoint(SightDb *db, gpointer user_data, GError **error) {
  Change *change = user_data;
  change->row = sight_endpoint_table_add(db, "collector", change->name, change->url, error);
  return change->row > 0;
}

/* A token in the arguments shows in the list of processes: "-" reads it from stdin instead. */
static char *read_token(const char *given) {
  char line[1024];

  if (!given || !g_str_equal(given, "-")) {
    return g_strdup(given);
  }
  return fgets(line, sizeof line, stdin) ? g_strdup(g_strstrip(line)) : NULL;
}

static int add(SightCli *cli, const char *tainted_url, const char *name, const char *token_option, gboolean unchecked) {
  g_autoptr(GError) error = NULL;
  g_autofree char *token = read_token(token_option);
  g_autofree char *url = sight_http_normalize_url(tainted_url, &error);
  g_autofree char *project = NULL;
  SightTokenPlace place = SIGHT_TOKEN_KEYRING;

  if (!url) {
    return sight_cli_fail(cli, error);
  }
  if (!token || !*token) {
    return sight_cli_usage("endpoints", "add URL --token TOKEN");
  }
  if (!unchecked && !sight_sync_check(url, token, &project, NULL, &error)) {
    return sight_cli_fail(cli, error);
  }
  Change change = {.url = url, .name = name ? name : project ? project : url};
  if (!sight_token_save(cli->cache, url, token, &place, &error) ||
      !sight_store_write(cli->store, SIGHT_WRITE_DURABLE, write_endpoint, &change, &error)) {
    return sight_cli_fail(cli, error);
  }
  if (place == SIGHT_TOKEN_FILE) {
    g_printerr(_("No keyring answered: the token is kept in a file in %s that only you can read.\n"), cli->cache);
  }
  return list(cli);
}

static gboolean write_removal(SightDb *db, gpointer user_data, GError **error) {
  Change *change = user_data;
  g_autoptr(SightEndpoint) endpoint = sight_endpoint_table_find(db, change->which, error);

  if (!endpoint) {
    return FALSE;
  }
  change->removed_url = g_strdup(endpoint->url);
  return sight_endpoint_table_remove(db, endpoint->row, error);
}

static int remove_one(SightCli *cli, const char *which) {
  Change change = {.which = which};
  g_autoptr(GError) error = NULL;
  gboolean done = sight_store_write(cli->store, SIGHT_WRITE_DURABLE, write_removal, &change, &error);
  g_autofree char *url = change.removed_url;

  if (!done || (url && !sight_token_forget(cli->cache, url, &error))) {
    return sight_cli_fail(cli, error);
  }
  return list(cli);
}

int sight_verb_endpoints(SightCli *cli, int argc, char **argv) {
  g_autofree char *name = NULL;
  g_autofree char *token = NULL;
  gboolean unchecked = FALSE;
  const GOptionEntry entries[] = {
      {"name", 0, 0, G_OPTION_ARG_STRING, &name, N_("What to call it (default: the project’s name)"), N_("NAME")},
      {"token", 0, 0, G_OPTION_ARG_STRING, &token, N_("The secret token; “-” reads it from standard input"),
       N_("TOKEN")},
      {"unchecked", 0, 0, G_OPTION_ARG_NONE, &unchecked, N_("Add it although it cannot be asked now"), NULL},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GError) error = NULL;

  if (!sight_cli_parse(cli, entries, N_("[list|add URL|remove ENDPOINT]"),
                       _("Lists the places that sessions come from, adds a collector, or removes one with everything "
                         "that came from it."),
                       &argc, &argv)) {
    return SIGHT_EXIT_USAGE;
  }
  const char *what = argc > 1 ? argv[1] : "list";
  gboolean known = g_str_equal(what, "list") ? argc <= 2 : argc == 3;
  if (!known) {
    return sight_cli_usage("endpoints", "[list|add URL --token TOKEN|remove ENDPOINT]");
  }
  if (!sight_cli_open(cli, &error)) {
    return sight_cli_fail(cli, error);
  }
  if (g_str_equal(what, "add")) {
    return add(cli, argv[2], name, token, unchecked);
  }
  if (g_str_equal(what, "remove")) {
    return remove_one(cli, argv[2]);
  }
  if (g_str_equal(what, "list")) {
    return list(cli);
  }
  return sight_cli_usage("endpoints", "[list|add URL --token TOKEN|remove ENDPOINT]");
}

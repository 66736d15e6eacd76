/* SPDX-License-Identifier: MIT */
/* sightctl endpoints: lists, adds, checks and removes the places that sessions come from. */
#include "sight-cli.h"

#include "sight-scope.h"
#include "sight-source.h"
#include "sight-token.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

#define USAGE "[list|kinds|add URL --token TOKEN [--kind KIND] [--only FILTER]|check [ENDPOINT]|remove ENDPOINT]"

typedef struct {
  const char *kind, *url, *name, *scope; /* of the one to add */
  const char *which;                     /* the one to remove */
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
      sight_cli_table_new("#", _("NAME"), _("KIND"), _("ADDRESS"), _("SESSIONS"), _("SYNCED"), _("PROBLEM"), NULL);
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
    sight_cli_table_add(table, endpoint->kind);
    sight_cli_table_add(table, endpoint->url);
    sight_cli_table_add(table, count);
    sight_cli_table_add(table, synced);
    sight_cli_table_add(table, endpoint->problem);
    sight_json_begin_object(&w);
    sight_json_member_int(&w, "endpoint", endpoint->row);
    sight_json_member_string(&w, "kind", endpoint->kind);
    sight_json_member_string(&w, "name", endpoint->name);
    sight_json_member_string(&w, "url", endpoint->url);
    sight_json_member_string(&w, "only", endpoint->scope);
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

typedef struct {
  const char *which; /* NULL: all */
  GPtrArray *endpoints;
} Wanted;

static gboolean read_wanted(SightDb *db, gpointer user_data, GError **error) {
  Wanted *wanted = user_data;

  if (!wanted->which) {
    return read_list(db, &wanted->endpoints, error);
  }
  g_autoptr(SightEndpoint) endpoint = sight_endpoint_table_find(db, wanted->which, error);
  if (!endpoint) {
    return FALSE;
  }
  wanted->endpoints = g_ptr_array_new_with_free_func((GDestroyNotify)sight_endpoint_free);
  g_ptr_array_add(wanted->endpoints, g_steal_pointer(&endpoint));
  return TRUE;
}

static gboolean write_endpoint(SightDb *db, gpointer user_data, GError **error) {
  Change *change = user_data;
  change->row = sight_endpoint_table_add(db, change->kind, change->name, change->url, error);
  return change->row > 0 && (!change->scope || sight_endpoint_table_set_scope(db, change->row, change->scope, error));
}

/* A token in the arguments shows in the list of processes: "-" reads it from stdin instead. */
static char *read_token(const char *given) {
  char line[1024];

  if (!given || !g_str_equal(given, "-")) {
    return g_strdup(given);
  }
  return fgets(line, sizeof line, stdin) ? g_strdup(g_strstrip(line)) : NULL;
}

static int list_kinds(SightCli *cli) {
  g_autoptr(SightCliTable) table = sight_cli_table_new(_("KIND"), _("NAME"), _("ADDRESS"), _("TOKEN"), NULL);
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};
  guint n_kinds = 0;
  const SightSourceKind *const *kinds = sight_source_kinds(&n_kinds);

  sight_json_begin_object(&w);
  sight_json_key(&w, "kinds");
  sight_json_begin_array(&w);
  for (guint i = 0; i < n_kinds; i++) {
    if ((kinds[i]->can & SIGHT_SOURCE_SYNCS) == 0) {
      continue;
    }
    sight_cli_table_add(table, kinds[i]->name);
    sight_cli_table_add(table, _(kinds[i]->title));
    sight_cli_table_add(table, kinds[i]->address);
    sight_cli_table_add(table, _(kinds[i]->token));
    sight_json_begin_object(&w);
    sight_json_member_string(&w, "kind", kinds[i]->name);
    sight_json_member_string(&w, "title", _(kinds[i]->title));
    sight_json_member_string(&w, "address", kinds[i]->address);
    sight_json_member_string(&w, "token", _(kinds[i]->token));
    if ((kinds[i]->can & SIGHT_SOURCE_SELECTS) != 0) {
      g_autofree char *only = sight_scope_keys(kinds[i]->tells);
      sight_json_member_string(&w, "only", only);
    }
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

/* What the options of "add" say. */
typedef struct {
  const char *kind, *name, *token, *only;
  gboolean unchecked;
} Options;

static int add(SightCli *cli, const char *tainted_url, const Options *options) {
  g_autoptr(GError) error = NULL;
  const SightSourceKind *kind = sight_source_kind(options->kind ? options->kind : "collector");
  SightTokenPlace place = SIGHT_TOKEN_KEYRING;

  if (!kind || (kind->can & SIGHT_SOURCE_SYNCS) == 0) {
    return sight_cli_refuse("--kind", options->kind, _("one of those that “sightctl endpoints kinds” lists"));
  }
  if (options->only && (kind->can & SIGHT_SOURCE_SELECTS) == 0) {
    return sight_cli_refuse("--only", options->only, _("nothing with this kind, which gives what it has"));
  }
  g_autoptr(SightFilter) scope = options->only ? sight_scope_parse(options->only, kind->tells, &error) : NULL;
  if (options->only && !scope) {
    return sight_cli_fail(cli, error);
  }
  g_autofree char *token = read_token(options->token);
  g_autofree char *url = kind->normalize(tainted_url, &error);
  g_autofree char *project = NULL;
  if (!url) {
    return sight_cli_fail(cli, error);
  }
  if (!token || !*token) {
    return sight_cli_usage("endpoints", "add URL --token TOKEN [--kind KIND] [--only FILTER]");
  }
  if (!options->unchecked && !kind->check(url, token, &project, NULL, &error)) {
    return sight_cli_fail(cli, error);
  }
  Change change = {.kind = kind->name,
                   .url = url,
                   .name = options->name ? options->name
                           : project     ? project
                                         : url,
                   .scope = options->only};
  if (!sight_token_save(cli->cache, url, token, &place, &error) ||
      !sight_store_write(cli->store, SIGHT_WRITE_DURABLE, write_endpoint, &change, &error)) {
    return sight_cli_fail(cli, error);
  }
  if (place == SIGHT_TOKEN_FILE) {
    g_printerr(_("No keyring answered: the token is kept in a file in %s that only you can read.\n"), cli->cache);
  }
  return list(cli);
}

static int check_one(SightCli *cli, const SightEndpoint *endpoint, SightJsonWriter *w) {
  g_autoptr(GError) error = NULL;
  g_autofree char *project = NULL;
  gboolean works = sight_source_check(cli->store, endpoint, &project, NULL, &error);

  sight_json_begin_object(w);
  sight_json_member_int(w, "endpoint", endpoint->row);
  sight_json_member_string(w, "project", project);
  sight_json_member_string(w, "problem", error ? error->message : NULL);
  sight_json_end_object(w);
  if (!works) {
    return sight_cli_fail(cli, error);
  }
  if (!cli->json) {
    /* Translators: what an endpoint is called here, and what its project is called there */
    g_print(_("%s: works (%s)\n"), endpoint->name, project);
  }
  return SIGHT_EXIT_OK;
}

/* Asks each, or the one that is named; the first failure is the exit code. */
static int check(SightCli *cli, const char *which) {
  Wanted wanted = {.which = which};
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};
  int code = SIGHT_EXIT_OK;

  if (!sight_store_read(cli->store, read_wanted, &wanted, &error)) {
    return sight_cli_fail(cli, error);
  }
  g_autoptr(GPtrArray) endpoints = wanted.endpoints;
  sight_json_begin_object(&w);
  sight_json_key(&w, "endpoints");
  sight_json_begin_array(&w);
  for (guint i = 0; i < endpoints->len; i++) {
    const SightEndpoint *endpoint = g_ptr_array_index(endpoints, i);
    int one = sight_source_can(endpoint, SIGHT_SOURCE_SYNCS) ? check_one(cli, endpoint, &w) : SIGHT_EXIT_OK;
    code = code ? code : one;
  }
  sight_json_end_array(&w);
  sight_json_end_object(&w);
  if (cli->json) {
    sight_cli_print_json(out);
  }
  return code;
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
  g_autofree char *kind = NULL;
  g_autofree char *name = NULL;
  g_autofree char *token = NULL;
  g_autofree char *only = NULL;
  gboolean unchecked = FALSE;
  const GOptionEntry entries[] = {
      {"kind", 0, 0, G_OPTION_ARG_STRING, &kind, N_("What stands at the address (default: a collector)"), N_("KIND")},
      {"name", 0, 0, G_OPTION_ARG_STRING, &name, N_("What to call it (default: the project’s name)"), N_("NAME")},
      {"token", 0, 0, G_OPTION_ARG_STRING, &token, N_("The secret token; “-” reads it from standard input"),
       N_("TOKEN")},
      {"only", 0, 0, G_OPTION_ARG_STRING, &only,
       N_("Take what matches alone, by what its listing tells: started, length, sample …"), N_("FILTER")},
      {"unchecked", 0, 0, G_OPTION_ARG_NONE, &unchecked, N_("Add it although it cannot be asked now"), NULL},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GError) error = NULL;

  if (!sight_cli_parse(cli, entries, N_("[list|kinds|add URL|check [ENDPOINT]|remove ENDPOINT]"),
                       _("Lists the places that sessions come from, adds one, asks them whether they work, or removes "
                         "one with everything that came from it."),
                       &argc, &argv)) {
    return SIGHT_EXIT_USAGE;
  }
  const char *what = argc > 1 ? argv[1] : "list";
  if (g_str_equal(what, "kinds") && argc == 2) {
    return list_kinds(cli);
  }
  gboolean known = (g_str_equal(what, "list") && argc <= 2) || (g_str_equal(what, "check") && argc <= 3) ||
                   ((g_str_equal(what, "add") || g_str_equal(what, "remove")) && argc == 3);
  if (!known) {
    return sight_cli_usage("endpoints", USAGE);
  }
  if (!sight_cli_open(cli, &error)) {
    return sight_cli_fail(cli, error);
  }
  if (g_str_equal(what, "add")) {
    const Options options = {.kind = kind, .name = name, .token = token, .only = only, .unchecked = unchecked};
    return add(cli, argv[2], &options);
  }
  if (g_str_equal(what, "check")) {
    return check(cli, argc == 3 ? argv[2] : NULL);
  }
  return g_str_equal(what, "remove") ? remove_one(cli, argv[2]) : list(cli);
}

/* SPDX-License-Identifier: MIT */
/* sightctl forget: erases a session, or every session of a user, here and where it is asked for at the endpoint. */
#include "sight-cli.h"

#include "sight-source.h"

#include <glib/gi18n-lib.h>

typedef struct {
  const char *session, *user;
  gint64 row, endpoint;
  char *id;
  gint64 n_erased;
  GPtrArray *endpoints;
} Forgetting;

static gboolean find(SightDb *db, gpointer user_data, GError **error) {
  Forgetting *forgetting = user_data;

  forgetting->endpoints = sight_endpoint_table_list(db, error);
  if (!forgetting->endpoints || !forgetting->session) {
    return forgetting->endpoints != NULL;
  }
  g_autoptr(SightSession) session = sight_session_table_find(db, 0, forgetting->session, error);
  if (!session) {
    return FALSE;
  }
  forgetting->row = session->row;
  forgetting->endpoint = session->endpoint;
  forgetting->id = g_strdup(session->session);
  return TRUE;
}

static gboolean erase(SightDb *db, gpointer user_data, GError **error) {
  Forgetting *forgetting = user_data;

  if (forgetting->session) {
    forgetting->n_erased = 1;
    return sight_session_table_erase(db, forgetting->row, error);
  }
  forgetting->n_erased = sight_session_table_erase_user(db, 0, forgetting->user, error);
  return forgetting->n_erased >= 0;
}

/* At the endpoint first: where that fails, what is here still names what has to go. */
static gboolean erase_remote(SightCli *cli, const Forgetting *forgetting, GError **error) {
  gboolean asked = FALSE;

  for (guint i = 0; i < forgetting->endpoints->len; i++) {
    const SightEndpoint *endpoint = g_ptr_array_index(forgetting->endpoints, i);
    if (!sight_source_can(endpoint, SIGHT_SOURCE_ERASES) ||
        (forgetting->session && endpoint->row != forgetting->endpoint)) {
      continue;
    }
    const SightSourceKind *kind = sight_source_kind(endpoint->kind);
    if (!kind->erase(cli->store, endpoint->row, forgetting->id, forgetting->user, NULL, error)) {
      return FALSE;
    }
    asked = TRUE;
  }
  if (!asked) {
    g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND,
                        _("This came from no collector, so there is nothing to erase but here: leave out --remote."));
  }
  return asked;
}

int sight_verb_forget(SightCli *cli, int argc, char **argv) {
  g_autofree char *user = NULL;
  gboolean remote = FALSE;
  const GOptionEntry entries[] = {
      {"user", 0, 0, G_OPTION_ARG_STRING, &user, N_("Every session of this user"), N_("ID")},
      {"remote", 0, 0, G_OPTION_ARG_NONE, &remote, N_("At the collector too (its token needs the scope admin)"), NULL},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GError) error = NULL;

  if (!sight_cli_parse(cli, entries, N_("SESSION"), _("Erases recordings for good."), &argc, &argv)) {
    return SIGHT_EXIT_USAGE;
  }
  if (argc != (user ? 1 : 2)) {
    return sight_cli_usage("forget", "SESSION|--user ID [--remote]");
  }
  Forgetting forgetting = {.session = user ? NULL : argv[1], .user = user};
  gboolean done = sight_cli_open(cli, &error) && sight_store_read(cli->store, find, &forgetting, &error) &&
                  (!remote || erase_remote(cli, &forgetting, &error)) &&
                  (!user || sight_session_table_catch_up(cli->store, &error)) &&
                  sight_store_write(cli->store, SIGHT_WRITE_DURABLE, erase, &forgetting, &error);
  g_autoptr(GPtrArray) endpoints = forgetting.endpoints;
  g_autofree char *id = forgetting.id;
  if (!done) {
    return sight_cli_fail(cli, error);
  }
  if (cli->json) {
    g_autoptr(GString) out = g_string_new(NULL);
    SightJsonWriter w = {.out = out};
    sight_json_begin_object(&w);
    sight_json_member_int(&w, "erased", forgetting.n_erased);
    sight_json_end_object(&w);
    sight_cli_print_json(out);
  } else {
    gulong n = (gulong)CLAMP(forgetting.n_erased, 0, G_MAXINT);
    g_print(ngettext("Erased %lu session.\n", "Erased %lu sessions.\n", n), n);
  }
  return SIGHT_EXIT_OK;
}

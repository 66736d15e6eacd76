/* SPDX-License-Identifier: MIT */
/* sightctl forget: erases a session, or every one of a user or of a filter, here and where it is asked for at the
 * endpoint. */
#include "sight-cli-filter.h"

#include "sight-config.h"
#include "sight-erasure.h"
#include "sight-file.h"
#include "sight-source.h"

#include <glib/gi18n-lib.h>

typedef struct {
  const char *session, *user;
  SightCliFilter filter; /* its text is NULL where none is given */
  GArray *rows;          /* of gint64: what goes, unless it is a user's */
  gboolean reaches;      /* there is an endpoint that can be told to erase it */
} Forgetting;

static void forgetting_clear(Forgetting *forgetting) {
  sight_cli_filter_clear(&forgetting->filter);
  g_clear_pointer(&forgetting->rows, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Forgetting, forgetting_clear)

/* What is asked for is written down before anything goes. */
static gboolean find_matching(SightDb *db, Forgetting *forgetting, GError **error) {
  g_autoptr(SightSet) set = sight_cli_filter_begin(&forgetting->filter, db, error)
                                ? sight_query_sessions(forgetting->filter.query, error)
                                : NULL;

  forgetting->rows = set ? sight_set_rows(set) : NULL;
  return forgetting->rows != NULL;
}

static gboolean find(SightDb *db, gpointer user_data, GError **error) {
  Forgetting *forgetting = user_data;
  g_autoptr(GPtrArray) endpoints = sight_endpoint_table_list(db, error);
  g_autoptr(SightSession) session =
      endpoints && forgetting->session ? sight_session_table_find(db, 0, forgetting->session, error) : NULL;

  if (!endpoints || (forgetting->session && !session)) {
    return FALSE;
  }
  for (guint i = 0; i < endpoints->len; i++) {
    const SightEndpoint *endpoint = g_ptr_array_index(endpoints, i);
    forgetting->reaches |=
        sight_source_can(endpoint, SIGHT_SOURCE_ERASES) && (!session || session->endpoint == endpoint->row);
  }
  if (forgetting->filter.text) {
    return find_matching(db, forgetting, error);
  }
  forgetting->rows = g_array_new(FALSE, FALSE, sizeof(gint64));
  if (session) {
    g_array_append_val(forgetting->rows, session->row);
  }
  return TRUE;
}

static gboolean erase(const Forgetting *forgetting, SightErasure *erasure, gboolean remote, GError **error) {
  gboolean nothing = forgetting->filter.text && forgetting->rows->len == 0;

  if (remote && !forgetting->reaches && !nothing) {
    g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND,
                        _("This came from no collector, so there is nothing to erase but here: leave out --remote."));
    return FALSE;
  }
  return forgetting->user ? sight_erasure_user(erasure, forgetting->user, NULL, error)
                          : sight_erasure_sessions(erasure, forgetting->rows, NULL, NULL, NULL, error);
}

static gboolean write_certificate(SightErasure *erasure, const char *file, GError **error) {
  g_autoptr(GString) text = sight_erasure_certificate(erasure, "sightctl " SIGHT_VERSION, error);

  return text && sight_file_write(file, text->str, text->len, error);
}

static void tell(const SightCli *cli, const SightErasure *erasure) {
  gulong n = sight_erasure_n(erasure);

  if (!cli->json) {
    g_print(ngettext("Erased %lu session.\n", "Erased %lu sessions.\n", n), n);
    return;
  }
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};
  sight_json_begin_object(&w);
  sight_json_member_int(&w, "erased", (gint64)n);
  sight_json_member_string(&w, "log_line", sight_erasure_log_line(erasure));
  sight_json_end_object(&w);
  sight_cli_print_json(out);
}

int sight_verb_forget(SightCli *cli, int argc, char **argv) {
  g_autofree char *user = NULL;
  g_autofree char *filter = NULL;
  g_autofree char *certificate = NULL;
  gboolean remote = FALSE;
  const GOptionEntry entries[] = {
      {"user", 0, 0, G_OPTION_ARG_STRING, &user, N_("Every session of this user"), N_("ID")},
      {"filter", 0, 0, G_OPTION_ARG_STRING, &filter,
       N_("Every session that matches; “sightctl help filters” tells the language"), N_("FILTER")},
      {"remote", 0, 0, G_OPTION_ARG_NONE, &remote, N_("At the collector too (its token needs the scope admin)"), NULL},
      {"certificate", 0, 0, G_OPTION_ARG_FILENAME, &certificate,
       N_("Write what was erased, when and by whom, with its line of the log"), N_("FILE")},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GError) error = NULL;

  if (!sight_cli_parse(cli, entries, N_("SESSION"), _("Erases recordings for good."), &argc, &argv)) {
    return SIGHT_EXIT_USAGE;
  }
  if (argc != (user || filter ? 1 : 2) || (user && filter)) {
    return sight_cli_usage("forget", "SESSION|--user ID|--filter FILTER [--remote] [--certificate FILE]");
  }
  /* An empty one matches all; whoever means that says so. */
  if (filter && !*g_strstrip(filter)) {
    return sight_cli_refuse("--filter", filter, _("what to erase; “all” is every session"));
  }
  g_auto(Forgetting) forgetting = {.session = user || filter ? NULL : argv[1], .user = user, .filter.text = filter};
  gboolean open = filter ? sight_cli_filter_open(&forgetting.filter, cli, &error) : sight_cli_open(cli, &error);
  if (!open || !sight_store_read(cli->store, find, &forgetting, &error)) {
    return sight_cli_fail(cli, error);
  }
  g_autoptr(SightErasure) erasure = sight_erasure_new(cli->store, remote);
  if (!erase(&forgetting, erasure, remote, &error) ||
      (certificate && !write_certificate(erasure, certificate, &error))) {
    return sight_cli_fail(cli, error);
  }
  tell(cli, erasure);
  sight_cli_filter_tell_waiting(&forgetting.filter);
  return SIGHT_EXIT_OK;
}

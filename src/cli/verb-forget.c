/* SPDX-License-Identifier: MIT */
/* sightctl forget: erases a session, or every one of a user or of a filter, here and where it is asked for at the
 * endpoint. */
#include "sight-cli-filter.h"
#include "sight-cli.h"

#include "sight-change-table.h"
#include "sight-config.h"
#include "sight-file.h"
#include "sight-source.h"

#include <glib/gi18n-lib.h>

typedef struct {
  const char *session, *user;
  SightCliFilter filter; /* its text is NULL where none is given */
  gboolean remote;
  gint64 row, endpoint;
  char *id;
  GPtrArray *found; /* Erased: what matches the filter */
  guint n_worked;   /* of these, by the transactions before */
  guint n_before;   /* erased by the transactions before */
  GPtrArray *endpoints;
  GPtrArray *erased; /* Erased */
  char *log_line;    /* hash of the last line of the log */
  guint n_left;      /* of those erased, how many are still here */
} Forgetting;

typedef struct {
  char *session;
  gint64 row, endpoint;
} Erased;

static Erased *erased_new(const SightSession *session) {
  Erased *erased = g_new0(Erased, 1);

  erased->session = g_strdup(session->session);
  erased->row = session->row;
  erased->endpoint = session->endpoint;
  return erased;
}

static void erased_free(gpointer data) {
  Erased *erased = data;

  g_free(erased->session);
  g_free(erased);
}

static void forgetting_clear(Forgetting *forgetting) {
  g_free(forgetting->id);
  g_free(forgetting->log_line);
  sight_cli_filter_clear(&forgetting->filter);
  g_clear_pointer(&forgetting->found, g_ptr_array_unref);
  g_clear_pointer(&forgetting->endpoints, g_ptr_array_unref);
  g_ptr_array_unref(forgetting->erased);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Forgetting, forgetting_clear)

/* What is asked for is written down before anything goes. */
static gboolean find_matching(SightDb *db, Forgetting *forgetting, GError **error) {
  g_autoptr(SightSet) set = sight_cli_filter_begin(&forgetting->filter, db, error)
                                ? sight_query_sessions(forgetting->filter.query, error)
                                : NULL;
  g_autoptr(GArray) rows = set ? sight_set_rows(set) : NULL;

  forgetting->found = g_ptr_array_new_with_free_func(erased_free);
  for (guint i = 0; rows && i < rows->len; i++) {
    g_autoptr(SightSession) session = sight_session_table_get(db, g_array_index(rows, gint64, i), error);
    if (!session) {
      return FALSE;
    }
    g_ptr_array_add(forgetting->found, erased_new(session));
  }
  return rows != NULL;
}

static gboolean find(SightDb *db, gpointer user_data, GError **error) {
  Forgetting *forgetting = user_data;

  forgetting->endpoints = sight_endpoint_table_list(db, error);
  if (forgetting->endpoints && forgetting->filter.text) {
    return find_matching(db, forgetting, error);
  }
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

/* With its line of the log, in one transaction. Whose sessions they were is not in the log. */
static gboolean erase_one(SightDb *db, gint64 row, Forgetting *forgetting, GError **error) {
  g_autoptr(SightSession) session = sight_session_table_get(db, row, error);

  if (!session) {
    return FALSE;
  }
  const SightLogEntry entry = {.act = SIGHT_LOG_ERASED,
                               .session = session->session,
                               .from_ms = -1,
                               .to_ms = -1,
                               .detail = forgetting->remote ? "here and at the endpoint" : "here"};
  g_clear_pointer(&forgetting->log_line, g_free);
  g_ptr_array_add(forgetting->erased, erased_new(session));
  return sight_session_table_erase(db, row, error) &&
         sight_log_table_add(db, session->endpoint, &entry, &forgetting->log_line, error);
}

/* Some of those that match; one that went meanwhile is none of ours. */
static gboolean erase_found(SightDb *db, Forgetting *forgetting, GError **error) {
  guint end = MIN(forgetting->n_worked + SIGHT_ERASED_AT_ONCE, forgetting->found->len);

  for (guint i = forgetting->n_worked; i < end; i++) {
    const Erased *found = g_ptr_array_index(forgetting->found, i);
    g_autoptr(GError) failure = NULL;
    if (!erase_one(db, found->row, forgetting, &failure) &&
        !g_error_matches(failure, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND)) {
      g_propagate_error(error, g_steal_pointer(&failure));
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean erase(SightDb *db, gpointer user_data, GError **error) {
  Forgetting *forgetting = user_data;

  g_ptr_array_set_size(forgetting->erased, (int)forgetting->n_before);
  if (forgetting->found) {
    return erase_found(db, forgetting, error);
  }
  if (forgetting->session) {
    return erase_one(db, forgetting->row, forgetting, error);
  }
  g_autoptr(GArray) rows = sight_session_table_of_user(db, 0, forgetting->user, SIGHT_ERASED_AT_ONCE, error);
  for (guint i = 0; rows && i < rows->len; i++) {
    if (!erase_one(db, g_array_index(rows, gint64, i), forgetting, error)) {
      return FALSE;
    }
  }
  return rows != NULL;
}

static gboolean erase_all(SightCli *cli, Forgetting *forgetting, GError **error) {
  gboolean done, more;

  do {
    done = sight_store_write(cli->store, SIGHT_WRITE_DURABLE, erase, forgetting, error);
    more = forgetting->user && forgetting->erased->len > forgetting->n_before;
    forgetting->n_before = forgetting->erased->len;
    forgetting->n_worked += SIGHT_ERASED_AT_ONCE;
    more = more || (forgetting->found && forgetting->n_worked < forgetting->found->len);
  } while (done && more);
  return done;
}

/* What a certificate says was looked for after the commit. */
static gboolean look_again(SightDb *db, gpointer user_data, GError **error) {
  Forgetting *forgetting = user_data;

  for (guint i = 0; i < forgetting->erased->len; i++) {
    const Erased *erased = g_ptr_array_index(forgetting->erased, i);
    gboolean stands = FALSE;
    g_autoptr(SightSession) session = sight_session_table_find(db, erased->endpoint, erased->session, NULL);
    if (!sight_change_table_is_erased(db, erased->endpoint, erased->session, &stands, error)) {
      return FALSE;
    }
    /* Found by its beginning: it may be another one. */
    gboolean here = session && g_str_equal(session->session, erased->session);
    forgetting->n_left += here || !stands ? 1 : 0;
  }
  return TRUE;
}

static const char *name_of(const Forgetting *forgetting, gint64 endpoint) {
  for (guint i = 0; i < forgetting->endpoints->len; i++) {
    const SightEndpoint *candidate = g_ptr_array_index(forgetting->endpoints, i);
    if (candidate->row == endpoint) {
      return candidate->url ? candidate->url : candidate->name;
    }
  }
  return NULL;
}

static gboolean write_certificate(SightCli *cli, Forgetting *forgetting, const char *file, GError **error) {
  g_autoptr(GString) out = g_string_new(NULL);
  g_autoptr(GDateTime) now = g_date_time_new_now_utc();
  g_autofree char *when = g_date_time_format_iso8601(now);
  SightJsonWriter w = {.out = out};

  if (!sight_store_read(cli->store, look_again, forgetting, error)) {
    return FALSE;
  }
  sight_json_begin_object(&w);
  sight_json_member_string(&w, "certificate", "erasure");
  sight_json_member_string(&w, "program", "sightctl " SIGHT_VERSION);
  sight_json_member_string(&w, "erased_at", when);
  sight_json_member_string(&w, "erased_by", g_get_real_name());
  sight_json_member_bool(&w, "at_endpoint_too", forgetting->remote);
  sight_json_key(&w, "sessions");
  sight_json_begin_array(&w);
  for (guint i = 0; i < forgetting->erased->len; i++) {
    const Erased *erased = g_ptr_array_index(forgetting->erased, i);
    sight_json_begin_object(&w);
    sight_json_member_string(&w, "session", erased->session);
    sight_json_member_string(&w, "endpoint", name_of(forgetting, erased->endpoint));
    sight_json_end_object(&w);
  }
  sight_json_end_array(&w);
  sight_json_member_int(&w, "still_here", forgetting->n_left);
  sight_json_member_string(&w, "log_line", forgetting->log_line);
  sight_json_end_object(&w);
  g_string_append_c(out, '\n');
  return sight_file_write(file, out->str, out->len, error);
}

/* FALSE with error where one could not be erased. */
static gboolean erase_found_remote(SightCli *cli, const Forgetting *forgetting, const SightEndpoint *endpoint,
                                   GError **error) {
  const SightSourceKind *kind = sight_source_kind(endpoint->kind);

  for (guint i = 0; i < forgetting->found->len; i++) {
    const Erased *found = g_ptr_array_index(forgetting->found, i);
    if (found->endpoint == endpoint->row &&
        !kind->erase(cli->store, endpoint->row, found->session, NULL, NULL, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

/* At the endpoint first: where that fails, what is here still names what has to go. */
static gboolean erase_remote(SightCli *cli, const Forgetting *forgetting, GError **error) {
  gboolean asked = forgetting->found && forgetting->found->len == 0;

  for (guint i = 0; i < forgetting->endpoints->len; i++) {
    const SightEndpoint *endpoint = g_ptr_array_index(forgetting->endpoints, i);
    if (!sight_source_can(endpoint, SIGHT_SOURCE_ERASES) ||
        (forgetting->session && endpoint->row != forgetting->endpoint)) {
      continue;
    }
    const SightSourceKind *kind = sight_source_kind(endpoint->kind);
    if (forgetting->found ? !erase_found_remote(cli, forgetting, endpoint, error)
                          : !kind->erase(cli->store, endpoint->row, forgetting->id, forgetting->user, NULL, error)) {
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

static void tell(const SightCli *cli, const Forgetting *forgetting) {
  gulong n = forgetting->erased->len;

  if (!cli->json) {
    g_print(ngettext("Erased %lu session.\n", "Erased %lu sessions.\n", n), n);
    return;
  }
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};
  sight_json_begin_object(&w);
  sight_json_member_int(&w, "erased", (gint64)n);
  sight_json_member_string(&w, "log_line", forgetting->log_line);
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
  g_auto(Forgetting) forgetting = {.session = user || filter ? NULL : argv[1],
                                   .user = user,
                                   .filter.text = filter,
                                   .remote = remote,
                                   .erased = g_ptr_array_new_with_free_func(erased_free)};
  gboolean done = (filter ? sight_cli_filter_open(&forgetting.filter, cli, &error) : sight_cli_open(cli, &error)) &&
                  sight_store_read(cli->store, find, &forgetting, &error) &&
                  (!remote || erase_remote(cli, &forgetting, &error)) &&
                  (!user || sight_session_table_catch_up(cli->store, &error)) && erase_all(cli, &forgetting, &error) &&
                  (!certificate || write_certificate(cli, &forgetting, certificate, &error));
  if (!done) {
    return sight_cli_fail(cli, error);
  }
  tell(cli, &forgetting);
  sight_cli_filter_tell_waiting(&forgetting.filter);
  return SIGHT_EXIT_OK;
}

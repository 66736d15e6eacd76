/* SPDX-License-Identifier: MIT */
/* sightctl log: who watched, clipped, exported, filed, masked and erased, and whether every line of that is still
 * there. */
#include "sight-cli.h"

#include "sight-endpoint-table.h"
#include "sight-json.h"
#include "sight-log-table.h"
#include "sight-text.h"

#include <glib/gi18n-lib.h>

static const char arguments[] = "[verify [--certificate FILE]] [--endpoint NAME]";

/* One endpoint after the other; what is told of each. */
typedef struct {
  SightCli *cli;
  const char *wanted; /* its name, address or number; NULL: all of them */
  SightCliTable *table;
  SightJsonWriter w; /* with --json */
  SightJsonParser *parser;
  const SightEndpoint *endpoint;
  const char *line_hash; /* that is looked for, of a certificate */
  gboolean found;
  guint n_faults;
} Log;

static const char *fault_text(SightLogFaultKind kind) {
  switch (kind) {
  case SIGHT_LOG_MISSING:
    return _("missing");
  case SIGHT_LOG_CHANGED:
    return _("changed");
  case SIGHT_LOG_FOREIGN:
    return _("not a line that belongs there");
  case SIGHT_LOG_DISPUTED:
    return _("another version of it exists");
  }
  g_assert_not_reached();
}

static gboolean tell_line(const SightLogLine *line, gpointer user_data) {
  Log *log = user_data;
  SightJson root = {0};
  g_autofree char *hash = g_strndup(line->hash, 12);

  if (log->cli->json) {
    sight_json_begin_object(&log->w);
    sight_json_member_string(&log->w, "endpoint", log->endpoint->name);
    sight_json_member_string(&log->w, "hash", line->hash);
    sight_json_member_bool(&log->w, "own", line->own_chain);
    sight_json_member_string(&log->w, "line", line->line);
    sight_json_end_object(&log->w);
    return TRUE;
  }
  if (!sight_json_parser_parse(log->parser, line->line, strlen(line->line), &root, NULL))
    root = (SightJson){0};
  g_autofree char *when = sight_cli_format_when(sight_json_int(sight_json_get(root, "at"), 0));
  gint64 from_ms = sight_json_int(sight_json_get(root, "from"), -1);
  gint64 to_ms = sight_json_int(sight_json_get(root, "to"), -1);
  g_autofree char *range = from_ms < 0 ? g_strdup("")
                           : to_ms < 0 ? g_strdup_printf("%" G_GINT64_FORMAT, from_ms)
                                       : g_strdup_printf("%" G_GINT64_FORMAT "–%" G_GINT64_FORMAT, from_ms, to_ms);
  const char *const members[] = {"who", "what", "session", "detail"};
  sight_cli_table_add(log->table, when);
  for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
    const char *text = sight_json_string(sight_json_get(root, members[i]), NULL);
    sight_cli_table_add(log->table, text != NULL ? text : "");
  }
  sight_cli_table_add(log->table, range);
  sight_cli_table_add(log->table, hash);
  return TRUE;
}

static gboolean find_line(const SightLogLine *line, gpointer user_data) {
  Log *log = user_data;

  log->found |= g_str_equal(line->hash, log->line_hash);
  return !log->found;
}

static void tell_check(Log *log, const SightLogCheck *check) {
  for (guint i = 0; i < check->faults->len; i++) {
    const SightLogFault *fault = g_ptr_array_index(check->faults, i);
    if (log->cli->json) {
      sight_json_begin_object(&log->w);
      sight_json_member_string(&log->w, "endpoint", log->endpoint->name);
      sight_json_member_string(&log->w, "chain", fault->chain);
      sight_json_member_int(&log->w, "from", fault->n);
      sight_json_member_int(&log->w, "to", fault->n_last);
      sight_json_member_string(&log->w, "fault", fault_text(fault->kind));
      sight_json_end_object(&log->w);
    } else {
      g_print(_("%s: line %d to %d of %s: %s\n"), log->endpoint->name, (int)fault->n, (int)fault->n_last, fault->chain,
              fault_text(fault->kind));
    }
  }
  log->n_faults += check->faults->len;
  if (log->cli->json || check->n_lines + (gint64)check->faults->len == 0)
    return;
  if (check->faults->len == 0)
    g_print(_("%s: %d lines of %d workstations, each in its place.\n"), log->endpoint->name, (int)check->n_lines,
            (int)check->n_chains);
  if (check->head != NULL)
    g_print(_("The last one of here: %s\n"), check->head);
}

static gboolean read_endpoint(SightDb *db, Log *log, gboolean verify, GError **error) {
  if (!verify)
    return sight_log_table_each(db, log->endpoint->row, tell_line, log, error);
  g_autoptr(SightLogCheck) check = sight_log_table_check(db, log->endpoint->row, error);
  if (check == NULL)
    return FALSE;
  tell_check(log, check);
  return log->line_hash == NULL || sight_log_table_each(db, log->endpoint->row, find_line, log, error);
}

static gboolean each_endpoint(SightDb *db, Log *log, gboolean verify, GError **error) {
  g_autoptr(GPtrArray) endpoints = sight_endpoint_table_list(db, error);
  gboolean any = FALSE;

  for (guint i = 0; endpoints != NULL && i < endpoints->len; i++) {
    log->endpoint = g_ptr_array_index(endpoints, i);
    if (log->wanted != NULL && !g_str_equal(log->endpoint->name, log->wanted) &&
        g_strcmp0(log->endpoint->url, log->wanted) != 0)
      continue;
    any = TRUE;
    if (!read_endpoint(db, log, verify, error))
      return FALSE;
  }
  if (endpoints != NULL && log->wanted != NULL && !any) {
    g_set_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND, _("There is no endpoint “%s”."), log->wanted);
    return FALSE;
  }
  return endpoints != NULL;
}

static gboolean list(SightDb *db, gpointer user_data, GError **error) {
  return each_endpoint(db, user_data, FALSE, error);
}

static gboolean verify(SightDb *db, gpointer user_data, GError **error) {
  return each_endpoint(db, user_data, TRUE, error);
}

/* No certificate is larger: each session is a line of it. */
#define MAX_CERTIFICATE ((gsize)64 * 1024 * 1024)

/* The text of a file, the caller's; NULL with error, also where it is no certificate for its size. */
static char *read_bounded(const char *file, gsize *bytes, GError **error) {
  g_autoptr(GFile) place = g_file_new_for_commandline_arg(file);
  g_autoptr(GFileInputStream) stream = g_file_read(place, NULL, error);
  g_autoptr(GString) text = g_string_new(NULL);
  gssize n = stream != NULL ? 1 : -1;

  while (n > 0 && text->len <= MAX_CERTIFICATE) {
    char piece[16384];
    n = g_input_stream_read(G_INPUT_STREAM(stream), piece, sizeof piece, NULL, error);
    g_string_append_len(text, piece, MAX(n, 0));
  }
  *bytes = text->len;
  if (n > 0)
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("%s is no certificate: it names no “log_line”."), file);
  return n == 0 ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}

/* The hash of the line that a certificate of "forget" tells of; NULL with error. */
static char *read_certificate(const char *file, GError **error) {
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(16);
  SightJson root = {0};
  gsize bytes = 0;
  g_autofree char *text = read_bounded(file, &bytes, error);

  if (text == NULL)
    return NULL;
  if (sight_json_parser_parse(parser, text, bytes, &root, NULL)) {
    const char *hash = sight_json_string(sight_json_get(root, "log_line"), NULL);
    if (hash != NULL)
      return g_strdup(hash);
  }
  g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("%s is no certificate: it names no “log_line”."), file);
  return NULL;
}

static int run(SightCli *cli, Log *log, gboolean verifying, GError **error) {
  if (cli->json)
    sight_json_begin_array(&log->w);
  if (!sight_cli_open(cli, error) || !sight_store_read(cli->store, verifying ? verify : list, log, error))
    return sight_cli_fail(cli, *error);
  if (cli->json) {
    sight_json_end_array(&log->w);
    sight_cli_print_json(log->w.out);
  } else if (!verifying) {
    sight_cli_table_print(log->table);
  }
  if (log->line_hash != NULL && !log->found) {
    g_set_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND,
                _("No line of the log has the hash that the certificate tells (%s)."), log->line_hash);
    return sight_cli_fail(cli, *error);
  }
  return log->n_faults > 0 ? SIGHT_EXIT_FAILED : SIGHT_EXIT_OK;
}

int sight_verb_log(SightCli *cli, int argc, char **argv) {
  g_autofree char *endpoint = NULL;
  g_autofree char *certificate = NULL;
  g_autofree char *hash = NULL;
  const GOptionEntry entries[] = {
      {"endpoint", 0, 0, G_OPTION_ARG_STRING, &endpoint, N_("Of this endpoint alone"), N_("NAME")},
      {"certificate", 0, 0, G_OPTION_ARG_FILENAME, &certificate,
       N_("With verify: the line that this certificate of “forget” tells of must be there"), N_("FILE")},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GError) error = NULL;

  if (!sight_cli_parse(cli, entries, arguments,
                       _("Tells who watched, clipped, exported, filed, masked and erased; “verify”: whether a line was "
                         "removed, changed or moved."),
                       &argc, &argv))
    return SIGHT_EXIT_USAGE;
  gboolean verifying = argc == 2 && g_str_equal(argv[1], "verify");
  if (argc > 2 || (argc == 2 && !verifying) || (certificate != NULL && !verifying))
    return sight_cli_usage("log", arguments);
  if (certificate != NULL && (hash = read_certificate(certificate, &error)) == NULL)
    return sight_cli_fail(cli, error);
  g_autoptr(SightCliTable) table =
      sight_cli_table_new(_("When"), _("Who"), _("What"), _("Session"), _("Detail"), _("ms"), _("Hash"), NULL);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(16);
  g_autoptr(GString) out = g_string_new(NULL);
  Log log = {.cli = cli, .w = {.out = out}, .wanted = endpoint, .table = table, .parser = parser, .line_hash = hash};
  return run(cli, &log, verifying, &error);
}

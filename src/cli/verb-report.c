/* SPDX-License-Identifier: MIT */
/* sightctl report: what another verb tells, as one file for a meeting (sight-report.h). */
#include "sight-cli.h"

#include "sight-endpoint-table.h"
#include "sight-file.h"
#include "sight-report.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define USAGE "-o FILE [--title TEXT] -- problems|flow|compare|moments|contrast|forms|variants [OPTION…]"

static const char *const told[] = {"problems", "flow", "compare", "moments", "contrast", "forms", "variants", NULL};

/* The verb, as a program of its own */

static char *ask(const SightCli *cli, int argc, char **argv, GError **error) {
  g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;

  g_ptr_array_add(words, g_file_read_link("/proc/self/exe", NULL));
  g_ptr_array_add(words, g_strdup(argv[0]));
  g_ptr_array_add(words, g_strdup("--json"));
  if (cli->cache)
    g_ptr_array_add(words, g_strconcat("--cache=", cli->cache, NULL));
  for (int i = 1; i < argc; i++)
    g_ptr_array_add(words, g_strdup(argv[i]));
  g_ptr_array_add(words, NULL);
  g_autoptr(GSubprocess) process = g_subprocess_newv(
      (const char *const *)words->pdata, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, error);
  if (process == NULL || !g_subprocess_communicate_utf8(process, NULL, NULL, &out, &err, error))
    return NULL;
  if (g_subprocess_get_if_exited(process) && g_subprocess_get_exit_status(process) == 0)
    return g_steal_pointer(&out);
  g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, _("“sightctl %s” failed: %s"), argv[0],
              g_strstrip(err != NULL ? err : (char[]){""}));
  return NULL;
}

typedef struct {
  SightCli *cli;
  const char *file;
} Logging;

/* A report is of every project of the cache. */
static gboolean log_it(SightDb *db, gpointer user_data, GError **error) {
  const Logging *logging = user_data;
  g_autoptr(GPtrArray) endpoints = sight_endpoint_table_list(db, error);
  const SightLogEntry entry = {.act = SIGHT_LOG_EXPORTED, .from_ms = -1, .to_ms = -1, .detail = logging->file};

  for (guint i = 0; endpoints != NULL && i < endpoints->len; i++) {
    const SightEndpoint *endpoint = g_ptr_array_index(endpoints, i);
    if (!sight_log_table_add(db, endpoint->row, &entry, NULL, error))
      return FALSE;
  }
  return endpoints != NULL;
}

static gboolean write_report(SightCli *cli, const char *file, const char *title, int argc, char **argv,
                             GError **error) {
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(64);
  g_autoptr(GString) out = g_string_new(NULL);
  g_autofree char *json = ask(cli, argc, argv, error);
  g_autofree char *command = g_strjoinv(" ", argv);
  g_autofree char *name = g_path_get_basename(file);
  const SightReportAbout about = {
      .title = title != NULL ? title : argv[0], .what = command, .html = !g_str_has_suffix(file, ".md")};
  Logging logging = {cli, name};
  SightJson root = {0};

  if (json == NULL || !sight_json_parser_parse(parser, json, strlen(json), &root, error))
    return FALSE;
  sight_report_write(root, &about, out);
  return sight_cli_open(cli, error) &&
         (sight_store_why_reading(cli->store) != NULL ||
          sight_store_write(cli->store, SIGHT_WRITE_DURABLE, log_it, &logging, error)) &&
         sight_file_write(file, out->str, out->len, error);
}

int sight_verb_report(SightCli *cli, int argc, char **argv) {
  g_autofree char *file = NULL;
  g_autofree char *title = NULL;
  const GOptionEntry entries[] = {
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &file, N_("Where to write; Markdown where it ends with .md, else HTML"),
       N_("FILE")},
      {"title", 0, 0, G_OPTION_ARG_STRING, &title, N_("Title of the report"), N_("TEXT")},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GError) error = NULL;

  if (!sight_cli_parse(cli, entries, N_("-- VERB [OPTION…]"),
                       _("Writes what another verb tells as one file for a meeting, which loads and runs nothing."),
                       &argc, &argv))
    return SIGHT_EXIT_USAGE;
  /* What GLib leaves of "--". */
  if (argc > 1 && g_str_equal(argv[1], "--")) {
    argc--;
    argv++;
  }
  if (file == NULL || argc < 2 || !g_strv_contains(told, argv[1]))
    return sight_cli_usage("report", USAGE);
  if (!write_report(cli, file, title, argc - 1, argv + 1, &error))
    return sight_cli_fail(cli, error);
  if (cli->json) {
    g_autoptr(GString) out = g_string_new(NULL);
    SightJsonWriter w = {.out = out};
    sight_json_begin_object(&w);
    sight_json_member_string(&w, "file", file);
    sight_json_end_object(&w);
    sight_cli_print_json(out);
  }
  return SIGHT_EXIT_OK;
}

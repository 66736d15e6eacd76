/* SPDX-License-Identifier: MIT */
/* sightctl import: takes recordings from files into the cache. */
#include "sight-cli.h"

#include "sight-import.h"
#include "sight-text.h"

#include <glib/gi18n-lib.h>

#define NOTICE_CHARS 2000

static void put_result(SightJsonWriter *w, const char *file, const SightImportResult *result) {
  sight_json_begin_object(w);
  sight_json_member_string(w, "file", file);
  sight_json_member_string(w, "session", result->session);
  sight_json_member_bool(w, "duplicate", result->duplicate);
  sight_json_member_int(w, "events", (gint64)result->n_events);
  sight_json_member_int(w, "rejected", (gint64)result->n_rejected);
  sight_json_member_bool(w, "partial", result->partial);
  sight_json_member_string(w, "notice", result->notice);
  sight_json_end_object(w);
}

static void put_failure(SightJsonWriter *w, const char *file, const GError *error) {
  sight_json_begin_object(w);
  sight_json_member_string(w, "file", file);
  sight_json_member_string(w, "error", error->message);
  sight_json_end_object(w);
}

/* In full: a cell of a table would cut off where something is missing. */
static void print_notices(const GPtrArray *notices) {
  for (guint i = 0; i < notices->len; i++) {
    g_autofree char *line = sight_text_excerpt(g_ptr_array_index(notices, i), -1, NOTICE_CHARS);
    g_print("%s%s\n", i == 0 ? "\n" : "", line);
  }
}

/* FALSE: the file was refused, which was said. */
static gboolean import_one(SightCli *cli, const char *name, SightJsonWriter *w, SightCliTable *table,
                           GPtrArray *notices) {
  g_autoptr(GFile) file = g_file_new_for_commandline_arg(name);
  g_auto(SightImportResult) result = {0};
  g_autoptr(GError) error = NULL;

  sight_cli_progress(_("Reading %s"), name);
  if (!sight_import_file(cli->store, file, NULL, &result, &error)) {
    put_failure(w, name, error);
    if (!cli->json) {
      sight_cli_fail(cli, error);
    }
    return FALSE;
  }
  put_result(w, name, &result);
  g_autofree char *events = g_strdup_printf("%" G_GUINT64_FORMAT, result.n_events);
  sight_cli_table_add(table, name);
  sight_cli_table_add(table, result.session);
  sight_cli_table_add(table, events);
  sight_cli_table_add(table, result.duplicate ? _("was there already") : result.notice ? _("not complete") : "");
  if (result.notice) {
    g_ptr_array_add(notices, g_strdup_printf("%s: %s", name, result.notice));
  }
  return TRUE;
}

int sight_verb_import(SightCli *cli, int argc, char **argv) {
  gboolean no_analysis = FALSE;
  const GOptionEntry entries[] = {
      {"no-analysis", 0, 0, G_OPTION_ARG_NONE, &no_analysis, N_("Leave the analysis for later"), NULL},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};
  g_autoptr(GError) error = NULL;
  gboolean all = TRUE;

  if (!sight_cli_parse(cli, entries, N_("FILE…"), _("Takes recordings from files into the cache."), &argc, &argv)) {
    return SIGHT_EXIT_USAGE;
  }
  if (argc < 2) {
    return sight_cli_usage("import", "FILE…");
  }
  if (!sight_cli_open(cli, &error)) {
    return sight_cli_fail(cli, error);
  }
  g_autoptr(SightCliTable) table = sight_cli_table_new(_("FILE"), _("SESSION"), _("EVENTS"), _("NOTICE"), NULL);
  g_autoptr(GPtrArray) notices = g_ptr_array_new_with_free_func(g_free);
  sight_json_begin_object(&w);
  sight_json_key(&w, "files");
  sight_json_begin_array(&w);
  for (int i = 1; i < argc; i++) {
    all = import_one(cli, argv[i], &w, table, notices) && all;
  }
  sight_json_end_array(&w);
  sight_json_end_object(&w);
  sight_cli_progress(NULL);
  if (!no_analysis && !sight_cli_analyse(cli, NULL, &error)) {
    return sight_cli_fail(cli, error);
  }
  if (cli->json) {
    sight_cli_print_json(out);
  } else if (table->cells->len > table->n_columns) {
    sight_cli_table_print(table);
    print_notices(notices);
  }
  return all ? SIGHT_EXIT_OK : SIGHT_EXIT_FAILED;
}

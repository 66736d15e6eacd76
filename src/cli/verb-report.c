/* SPDX-License-Identifier: MIT */
/* sightctl report: what another verb tells, as one file for a meeting: HTML that loads nothing and runs nothing, or
 * Markdown. Texts of recordings stand in it as text, whatever they say. */
#include "sight-cli.h"

#include "sight-clock-text.h"
#include "sight-endpoint-table.h"
#include "sight-file.h"
#include "sight-json.h"
#include "sight-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define USAGE "-o FILE [--title TEXT] -- problems|flow|compare|moments|contrast|forms|variants [OPTION…]"
#define MAX_DEPTH 6
#define MAX_CELL_CHARS 300
/* Numbers beyond are times of the calendar. */
#define YEAR_1990_MS 631152000000.0

static const char *const told[] = {"problems", "flow", "compare", "moments", "contrast", "forms", "variants", NULL};

typedef struct {
  GString *out;
  gboolean html;
} Page;

/* Text */

static void put_html(GString *out, const char *text) {
  g_autofree char *escaped = g_markup_escape_text(text, -1);

  g_string_append(out, escaped);
}

/* Nothing of it is markup, calls anybody or ends a cell. */
static void put_markdown(GString *out, const char *text) {
  for (const char *at = text; *at != '\0'; at++) {
    if (*at == '<')
      g_string_append(out, "&lt;");
    else if (*at == '&')
      g_string_append(out, "&amp;");
    else if (strchr("\\`*_{}[]()#+-!|~>@:.", *at) != NULL)
      g_string_append_printf(out, "\\%c", *at);
    else
      g_string_append_c(out, g_ascii_isspace(*at) ? ' ' : *at);
  }
}

static void put_text(Page *page, const char *tainted_text) {
  g_autofree char *text = sight_text_excerpt(tainted_text, -1, MAX_CELL_CHARS);

  if (page->html)
    put_html(page->out, text);
  else
    put_markdown(page->out, text);
}

/* "first_seen_ms" is "First seen". */
static void put_label(Page *page, const char *key) {
  g_autofree char *label = g_strdelimit(g_strdup(key), "_", ' ');

  if (g_str_has_suffix(label, " ms"))
    label[strlen(label) - 3] = '\0';
  label[0] = g_ascii_toupper(label[0]);
  put_text(page, label);
}

static void put_number(Page *page, const char *key, double number) {
  gboolean time = key != NULL && g_str_has_suffix(key, "_ms");
  g_autofree char *text = time && number > YEAR_1990_MS      ? sight_cli_format_when((gint64)number)
                          : time && number >= 0              ? sight_clock_text((gint64)number)
                          : time                             ? g_strdup("")
                          : number == (double)(gint64)number ? g_strdup_printf("%" G_GINT64_FORMAT, (gint64)number)
                                                             : g_strdup_printf("%.3g", number);

  put_text(page, text);
}

static gboolean is_plain(SightJson value) {
  SightJsonType type = sight_json_type(value);

  return type != SIGHT_JSON_ARRAY && type != SIGHT_JSON_OBJECT;
}

static void put_plain(Page *page, const char *key, SightJson value) {
  switch (sight_json_type(value)) {
  case SIGHT_JSON_STRING:
    put_text(page, sight_json_string(value, NULL));
    break;
  case SIGHT_JSON_NUMBER:
    put_number(page, key, sight_json_double(value, 0));
    break;
  case SIGHT_JSON_BOOL:
    put_text(page, sight_json_bool(value, FALSE) ? _("yes") : _("no"));
    break;
  case SIGHT_JSON_ARRAY:
  case SIGHT_JSON_OBJECT: {
    SightJsonIter it = sight_json_iter(value);
    for (gboolean first = TRUE; sight_json_next(&it); first = FALSE) {
      g_string_append(page->out, first ? "" : ", ");
      put_plain(page, it.key, it.value);
    }
    break;
  }
  case SIGHT_JSON_ABSENT:
  case SIGHT_JSON_NULL:
    break;
  }
}

/* Structure */

static void put_heading(Page *page, guint depth, const char *key) {
  if (page->html)
    g_string_append_printf(page->out, "<h%u>", MIN(depth + 1, 6));
  else
    g_string_append_printf(page->out, "\n%.*s ", (int)MIN(depth + 1, 6), "######");
  put_label(page, key);
  if (page->html)
    g_string_append_printf(page->out, "</h%u>\n", MIN(depth + 1, 6));
  else
    g_string_append(page->out, "\n\n");
}

static void begin_row(Page *page) {
  g_string_append(page->out, page->html ? "<tr>" : "|");
}

static void begin_cell(Page *page, gboolean head) {
  g_string_append(page->out, page->html ? (head ? "<th>" : "<td>") : " ");
}

static void end_cell(Page *page, gboolean head) {
  g_string_append(page->out, page->html ? (head ? "</th>" : "</td>") : " |");
}

static void end_row(Page *page) {
  g_string_append(page->out, page->html ? "</tr>\n" : "\n");
}

static void put_head(Page *page, const GPtrArray *keys) {
  begin_row(page);
  for (guint i = 0; i < keys->len; i++) {
    begin_cell(page, TRUE);
    put_label(page, keys->pdata[i]);
    end_cell(page, TRUE);
  }
  end_row(page);
  if (page->html)
    return;
  g_string_append_c(page->out, '|');
  for (guint i = 0; i < keys->len; i++)
    g_string_append(page->out, " --- |");
  g_string_append_c(page->out, '\n');
}

/* A row for each object; a column for each member of the first. */
static void put_table(Page *page, SightJson array) {
  g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(g_free);
  SightJsonIter rows = sight_json_iter(array);

  g_string_append(page->out, page->html ? "<table>\n" : "\n");
  while (sight_json_next(&rows)) {
    SightJsonIter members = sight_json_iter(rows.value);
    if (keys->len == 0) {
      while (sight_json_next(&members))
        g_ptr_array_add(keys, g_strndup(members.key, members.key_bytes));
      put_head(page, keys);
    }
    begin_row(page);
    for (guint i = 0; i < keys->len; i++) {
      begin_cell(page, FALSE);
      put_plain(page, keys->pdata[i], sight_json_get(rows.value, keys->pdata[i]));
      end_cell(page, FALSE);
    }
    end_row(page);
  }
  g_string_append(page->out, page->html ? "</table>\n" : "\n");
}

static void put_line(Page *page, const char *key, SightJson value) {
  g_string_append(page->out, page->html ? "<p><b>" : "- **");
  put_label(page, key);
  g_string_append(page->out, page->html ? "</b> " : "** ");
  put_plain(page, key, value);
  g_string_append(page->out, page->html ? "</p>\n" : "\n");
}

/* What our own verbs print; its depth is theirs. */
static void put_value(Page *page, guint depth, SightJson value) {
  SightJsonIter it = sight_json_iter(value);

  if (sight_json_type(value) == SIGHT_JSON_ARRAY) {
    put_table(page, value);
    return;
  }
  while (sight_json_next(&it)) {
    g_autofree char *key = g_strndup(it.key, it.key_bytes);
    SightJsonIter inner = sight_json_iter(it.value);
    gboolean rows = sight_json_type(it.value) == SIGHT_JSON_ARRAY && sight_json_next(&inner) && !is_plain(inner.value);
    if (is_plain(it.value) || (sight_json_type(it.value) == SIGHT_JSON_ARRAY && !rows) || depth == MAX_DEPTH) {
      put_line(page, key, it.value);
      continue;
    }
    put_heading(page, depth, key);
    put_value(page, depth + 1, it.value);
  }
}

static void put_page(Page *page, const char *title, const char *command, SightJson root) {
  g_autofree char *now = sight_cli_format_when(g_get_real_time() / 1000);

  if (page->html) {
    g_string_append(page->out, "<!doctype html>\n<html><head><meta charset=\"utf-8\">\n<meta http-equiv=\"Content-"
                               "Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>");
    put_text(page, title);
    g_string_append(
        page->out, "</title>\n<style>:root{color-scheme:light dark}body{font:16px sans-serif;max-width:70em;margin:2em "
                   "auto;padding:0 1em}table{border-collapse:collapse}td,th{border-bottom:1px solid #8888;padding:.3em "
                   ".6em;text-align:left;vertical-align:top}</style></head><body>\n<h1>");
    put_text(page, title);
    g_string_append(page->out, "</h1>\n<p>");
  } else {
    g_string_append(page->out, "# ");
    put_text(page, title);
    g_string_append(page->out, "\n\n");
  }
  put_text(page, now);
  g_string_append(page->out, " · ");
  put_text(page, command);
  g_string_append(page->out, page->html ? "</p>\n" : "\n\n");
  put_value(page, 1, root);
  if (page->html)
    g_string_append(page->out, "</body></html>\n");
}

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
  Page page = {.out = out, .html = !g_str_has_suffix(file, ".md")};
  Logging logging = {cli, name};
  SightJson root = {0};

  if (json == NULL || !sight_json_parser_parse(parser, json, strlen(json), &root, error))
    return FALSE;
  put_page(&page, title != NULL ? title : argv[0], command, root);
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

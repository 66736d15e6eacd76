/* SPDX-License-Identifier: MIT */
/* sightctl complete: what may stand at a place of a filter; for shells and other programs. */
#include "sight-cli.h"

#include "sight-completion.h"
#include "sight-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct {
  const char *text;
  gint64 cursor, limit;
  SightCompletions *found;
} Complete;

static gboolean read_completions(SightDb *db, gpointer user_data, GError **error) {
  Complete *self = user_data;

  self->found =
      sight_complete(db, self->text, (guint)self->cursor, (guint)self->limit, g_get_real_time() / 1000, error);
  return self->found != NULL;
}

static const char *kind_name(SightCompletionKind kind) {
  static const char *const names[] = {"key", "name", "value"};
  return names[kind];
}

static void print_json(const Complete *self) {
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};

  sight_json_begin_object(&w);
  sight_json_member_int(&w, "from", self->found->from);
  sight_json_member_int(&w, "to", self->found->to);
  sight_json_key(&w, "completions");
  sight_json_begin_array(&w);
  for (guint i = 0; i < self->found->rows->len; i++) {
    const SightCompletion *row = g_ptr_array_index(self->found->rows, i);
    sight_json_begin_object(&w);
    sight_json_member_string(&w, "insert", row->insert);
    sight_json_member_string(&w, "title", row->title);
    sight_json_member_string(&w, "kind", kind_name(row->kind));
    if (row->count >= 0) {
      sight_json_member_int(&w, "sessions", row->count);
    }
    sight_json_end_object(&w);
  }
  sight_json_end_array(&w);
  sight_json_end_object(&w);
  sight_cli_print_json(out);
}

/* The text up to the cursor, as it is with each row. */
static void print_lines(const Complete *self) {
  for (guint i = 0; i < self->found->rows->len; i++) {
    const SightCompletion *row = g_ptr_array_index(self->found->rows, i);
    g_print("%.*s%s\n", (int)self->found->from, self->text, row->insert);
  }
}

static void print_table(const Complete *self) {
  g_autoptr(SightCliTable) table = sight_cli_table_new(_("TEXT"), _("SESSIONS"), _("WHAT"), NULL);

  for (guint i = 0; i < self->found->rows->len; i++) {
    const SightCompletion *row = g_ptr_array_index(self->found->rows, i);
    g_autofree char *n = row->count >= 0 ? g_strdup_printf("%" G_GINT64_FORMAT, row->count) : g_strdup("");
    sight_cli_table_add(table, row->insert);
    sight_cli_table_add(table, n);
    sight_cli_table_add(table, row->title);
  }
  sight_cli_table_print(table);
}

int sight_verb_complete(SightCli *cli, int argc, char **argv) {
  g_autofree char *cursor = NULL;
  g_autofree char *limit = NULL;
  gboolean lines = FALSE;
  Complete self = {.limit = 20};
  const GOptionEntry entries[] = {
      {"cursor", 0, 0, G_OPTION_ARG_STRING, &cursor, N_("The byte at which it is written; without: the end"),
       N_("BYTE")},
      {"limit", 0, 0, G_OPTION_ARG_STRING, &limit, N_("At most so many; 0: all"), N_("N")},
      {"lines", 0, 0, G_OPTION_ARG_NONE, &lines, N_("Only the text that each would make, one a line"), NULL},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GError) error = NULL;

  if (!sight_cli_parse(cli, entries, N_("TEXT"),
                       _("Tells what may stand at a place in the text of a filter: keys and values, with how many "
                         "sessions each would leave."),
                       &argc, &argv)) {
    return SIGHT_EXIT_USAGE;
  }
  if (argc > 1 && g_str_equal(argv[1], "--")) {
    argc--;
    argv++;
  }
  if (argc != 2) {
    return sight_cli_usage("complete", "TEXT [--cursor BYTE] [--limit N] [--lines]");
  }
  self.text = argv[1];
  self.cursor = (gint64)strlen(self.text);
  if (!sight_cli_number("--cursor", cursor, self.cursor, &self.cursor) ||
      !sight_cli_number("--limit", limit, G_MAXINT, &self.limit)) {
    return SIGHT_EXIT_USAGE;
  }
  self.limit = self.limit == 0 ? G_MAXINT / 4 : MIN(self.limit, G_MAXINT / 4);
  if (!sight_cli_open(cli, &error) || !sight_store_read(cli->store, read_completions, &self, &error)) {
    return sight_cli_fail(cli, error);
  }
  if (cli->json) {
    print_json(&self);
  } else if (lines) {
    print_lines(&self);
  } else {
    print_table(&self);
  }
  sight_completions_free(self.found);
  return SIGHT_EXIT_OK;
}

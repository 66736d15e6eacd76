/* SPDX-License-Identifier: MIT */
/* sightctl key-actions: what counts as reaching a goal; without any, nobody can be said to have churned. */
#include "sight-cli-rules.h"

#include <glib/gi18n-lib.h>

typedef struct {
  const char *name;
  const char *value;
  SightKeyActionKind kind;
} Change;

static const char *const kind_names[] = {"page", "click", "submit", "event"};

static int list(SightCli *cli, const char *endpoint) {
  g_autoptr(GError) error = NULL;
  g_autoptr(SightRuleset) rules = sight_cli_rules_read(cli, endpoint, &error);
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};

  if (!rules) {
    return sight_cli_fail(cli, error);
  }
  g_autoptr(SightCliTable) table = sight_cli_table_new(_("NAME"), _("KIND"), _("VALUE"), NULL);
  sight_json_begin_object(&w);
  sight_json_key(&w, "key_actions");
  sight_json_begin_array(&w);
  for (guint i = 0; i < rules->key_actions->len; i++) {
    const SightKeyAction *action = g_ptr_array_index(rules->key_actions, i);
    sight_cli_table_add(table, action->name);
    sight_cli_table_add(table, kind_names[action->kind]);
    sight_cli_table_add(table, action->value);
    sight_json_begin_object(&w);
    sight_json_member_string(&w, "name", action->name);
    sight_json_member_string(&w, "kind", kind_names[action->kind]);
    sight_json_member_string(&w, "value", action->value);
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

static gboolean drop(SightRuleset *rules, const char *name) {
  gboolean dropped = FALSE;

  for (guint i = rules->key_actions->len; i-- > 0;) {
    const SightKeyAction *action = g_ptr_array_index(rules->key_actions, i);
    if (g_str_equal(action->name, name)) {
      g_ptr_array_remove_index(rules->key_actions, i);
      dropped = TRUE;
    }
  }
  return dropped;
}

static gboolean apply_add(SightRuleset *rules, gpointer user_data, GError **error) {
  const Change *change = user_data;
  drop(rules, change->name);
  sight_ruleset_add_key_action(rules, change->name, change->kind, change->value);
  return TRUE;
}

static gboolean apply_remove(SightRuleset *rules, gpointer user_data, GError **error) {
  drop(rules, ((const Change *)user_data)->name);
  return TRUE;
}

int sight_verb_key_actions(SightCli *cli, int argc, char **argv) {
  g_autofree char *endpoint = NULL;
  char *values[G_N_ELEMENTS(kind_names)] = {NULL};
  const GOptionEntry entries[] = {
      {"page", 0, 0, G_OPTION_ARG_STRING, &values[SIGHT_KEY_ACTION_PAGE],
       N_("A page was reached; “*” stands for anything"), N_("PAGE")},
      {"click", 0, 0, G_OPTION_ARG_STRING, &values[SIGHT_KEY_ACTION_CLICK],
       N_("An element of this text or selector was clicked"), N_("TEXT")},
      {"submit", 0, 0, G_OPTION_ARG_STRING, &values[SIGHT_KEY_ACTION_SUBMIT],
       N_("A form of this id or name was submitted"), N_("FORM")},
      {"event", 0, 0, G_OPTION_ARG_STRING, &values[SIGHT_KEY_ACTION_EVENT], N_("The page reported this event"),
       N_("NAME")},
      {"endpoint", 0, 0, G_OPTION_ARG_STRING, &endpoint, N_("Only of this endpoint (default: of all)"), N_("ENDPOINT")},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GError) error = NULL;
  Change change = {0};
  int n_values = 0;

  gboolean parsed = sight_cli_parse(cli, entries, N_("[list|add NAME|remove NAME]"),
                                    _("Lists and changes what counts as reaching a goal. Sessions that end without any "
                                      "of it have churned."),
                                    &argc, &argv);
  for (gsize i = 0; i < G_N_ELEMENTS(kind_names); i++) {
    if (values[i]) {
      change.kind = (SightKeyActionKind)i;
      change.value = values[i];
      n_values++;
    }
  }
  gboolean listing = argc == 1 || (argc == 2 && g_str_equal(argv[1], "list"));
  gboolean adding = argc == 3 && g_str_equal(argv[1], "add") && n_values == 1;
  gboolean removing = argc == 3 && g_str_equal(argv[1], "remove") && n_values == 0;
  int code = SIGHT_EXIT_USAGE;
  if (parsed && !listing && !adding && !removing) {
    code = sight_cli_usage("key-actions", "[list|add NAME --page|--click|--submit|--event VALUE|remove NAME]");
  } else if (parsed && !sight_cli_open(cli, &error)) {
    code = sight_cli_fail(cli, error);
  } else if (parsed) {
    change.name = listing ? NULL : argv[2];
    gboolean done =
        listing || sight_cli_rules_change(cli, endpoint, adding ? apply_add : apply_remove, &change, &error);
    code = done ? list(cli, endpoint) : sight_cli_fail(cli, error);
  }
  for (gsize i = 0; i < G_N_ELEMENTS(kind_names); i++) {
    g_clear_pointer(&values[i], g_free);
  }
  return code;
}

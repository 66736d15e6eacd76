/* SPDX-License-Identifier: MIT */
/* sightctl settings: the thresholds by which sessions are judged. */
#include "sight-cli-rules.h"

#include <glib/gi18n-lib.h>

typedef struct {
  const SightRuleSetting *setting;
  int value;
} Change;

static int *value_of(SightRuleset *rules, const SightRuleSetting *setting) {
  return (int *)((char *)rules + setting->offset);
}

static int list(SightCli *cli, const char *endpoint) {
  g_autoptr(GError) error = NULL;
  g_autoptr(SightRuleset) rules = sight_cli_rules_read(cli, endpoint, &error);
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};

  if (!rules) {
    return sight_cli_fail(cli, error);
  }
  g_autoptr(SightCliTable) table = sight_cli_table_new(_("NAME"), _("VALUE"), _("DEFAULT"), _("MEANING"), NULL);
  sight_json_begin_object(&w);
  for (const SightRuleSetting *setting = sight_rule_settings; setting->name; setting++) {
    int value = *value_of(rules, setting);
    g_autofree char *now = g_strdup_printf("%d %s", value, setting->unit);
    g_autofree char *fallback = g_strdup_printf("%d", setting->fallback);
    sight_json_member_int(&w, setting->name, value);
    sight_cli_table_add(table, setting->name);
    sight_cli_table_add(table, now);
    sight_cli_table_add(table, fallback);
    sight_cli_table_add(table, _(setting->title));
  }
  sight_json_end_object(&w);
  if (cli->json) {
    sight_cli_print_json(out);
  } else {
    sight_cli_table_print(table);
  }
  return SIGHT_EXIT_OK;
}

static gboolean apply(SightRuleset *rules, gpointer user_data, GError **error) {
  const Change *change = user_data;
  *value_of(rules, change->setting) = change->value;
  return TRUE;
}

static int change_one(SightCli *cli, const char *endpoint, const char *name, const char *text) {
  Change change = {0};
  gint64 value = 0;
  g_autoptr(GError) error = NULL;

  for (const SightRuleSetting *setting = sight_rule_settings; setting->name; setting++) {
    if (g_str_equal(setting->name, name)) {
      change.setting = setting;
    }
  }
  if (!change.setting) {
    g_set_error(&error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND,
                _("There is no setting “%s”; sightctl settings lists them."), name);
    return sight_cli_fail(cli, error);
  }
  change.value = change.setting->fallback;
  if (text) {
    if (!g_ascii_string_to_signed(text, 10, change.setting->min, change.setting->max, &value, &error)) {
      sight_cli_fail(cli, error);
      return SIGHT_EXIT_USAGE;
    }
    change.value = (int)value;
  }
  if (!sight_cli_rules_change(cli, endpoint, apply, &change, &error)) {
    return sight_cli_fail(cli, error);
  }
  return list(cli, endpoint);
}

int sight_verb_settings(SightCli *cli, int argc, char **argv) {
  g_autofree char *endpoint = NULL;
  const GOptionEntry entries[] = {
      {"endpoint", 0, 0, G_OPTION_ARG_STRING, &endpoint, N_("Only of this endpoint (default: of all)"), N_("ENDPOINT")},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GError) error = NULL;

  if (!sight_cli_parse(cli, entries, N_("[list|set NAME VALUE|reset NAME]"),
                       _("Lists and changes the thresholds by which sessions are judged. A change analyses again what "
                         "it concerns."),
                       &argc, &argv)) {
    return SIGHT_EXIT_USAGE;
  }
  gboolean listing = argc == 1 || (argc == 2 && g_str_equal(argv[1], "list"));
  gboolean setting = argc == 4 && g_str_equal(argv[1], "set");
  gboolean resetting = argc == 3 && g_str_equal(argv[1], "reset");
  if (!listing && !setting && !resetting) {
    return sight_cli_usage("settings", "[list|set NAME VALUE|reset NAME]");
  }
  if (!sight_cli_open(cli, &error)) {
    return sight_cli_fail(cli, error);
  }
  return listing ? list(cli, endpoint) : change_one(cli, endpoint, argv[2], setting ? argv[3] : NULL);
}

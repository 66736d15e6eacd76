/* SPDX-License-Identifier: MIT */
/* sightctl help filters: the language in which sessions are looked for. */
#include "sight-cli.h"

#include "sight-filter-help.h"

#include <glib/gi18n-lib.h>

int sight_verb_help(SightCli *cli, int argc, char **argv) {
  gboolean roff = FALSE;
  const GOptionEntry entries[] = {
      {"roff", 0, 0, G_OPTION_ARG_NONE, &roff, N_("As the source of a manual page"), NULL},
      G_OPTION_ENTRY_NULL,
  };

  if (!sight_cli_parse(cli, entries, "filters", _("Tells how to look for sessions and moments."), &argc, &argv)) {
    return SIGHT_EXIT_USAGE;
  }
  if (argc != 2 || !g_str_equal(argv[1], "filters")) {
    return sight_cli_usage("help", "filters");
  }
  g_autofree char *text = roff ? sight_filter_manual() : sight_filter_help();
  g_print("%s", text);
  return SIGHT_EXIT_OK;
}

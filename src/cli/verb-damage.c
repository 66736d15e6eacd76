/* SPDX-License-Identifier: MIT */
/* sightctl damage: what was lost when the cache was damaged. */
#include "sight-cli.h"

#include <glib/gi18n-lib.h>

static void print(SightCli *cli, const char *loss) {
  if (!cli->json) {
    g_print("%s\n", loss ? loss : _("Nothing was lost, or all of it was accepted."));
    return;
  }
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};
  sight_json_begin_object(&w);
  sight_json_member_string(&w, "lost", loss);
  sight_json_end_object(&w);
  sight_cli_print_json(out);
}

int sight_verb_damage(SightCli *cli, int argc, char **argv) {
  g_autoptr(GError) error = NULL;

  if (!sight_cli_parse(
          cli, NULL, N_("[accept]"),
          _("Tells what was lost when the cache was damaged. “accept”: it is not told again at each start; "
            "the text stays beside the cache."),
          &argc, &argv)) {
    return SIGHT_EXIT_USAGE;
  }
  gboolean accept = argc == 2 && g_str_equal(argv[1], "accept");
  if (argc > 1 && !accept) {
    return sight_cli_usage("damage", "[accept]");
  }
  if (!sight_cli_open(cli, &error)) {
    return sight_cli_fail(cli, error);
  }
  g_autofree char *loss = sight_store_loss(cli->store);
  if (accept && !sight_store_accept_loss(cli->store, &error)) {
    return sight_cli_fail(cli, error);
  }
  print(cli, loss);
  return SIGHT_EXIT_OK;
}

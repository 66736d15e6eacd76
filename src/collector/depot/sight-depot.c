/* SPDX-License-Identifier: MIT */
/* Opening a depot by its address. */
#include "sight-depot.h"

G_DEFINE_QUARK(sight - depot - error - quark, sight_depot_error)

void sight_depot_keys_clear(SightDepotKeys *keys) {
  g_clear_pointer(&keys->project_name, g_free);
  g_clear_pointer(&keys->write_key, g_free);
  g_clear_pointer(&keys->token, g_free);
}

SightDepot *sight_depot_open(const char *address, GError **error) {
  return sight_depot_sqlite_open(address, error);
}

void sight_depot_close(SightDepot *depot) {
  if (depot != NULL)
    depot->kind->close(depot);
}

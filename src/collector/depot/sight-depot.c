/* SPDX-License-Identifier: MIT */
/* Opening a depot by its address. */
#include "sight-depot.h"

#include <glib/gi18n-lib.h>

G_DEFINE_QUARK(sight - depot - error - quark, sight_depot_error)

void sight_depot_keys_clear(SightDepotKeys *keys) {
  g_clear_pointer(&keys->project_name, g_free);
  g_clear_pointer(&keys->write_key, g_free);
  g_clear_pointer(&keys->token, g_free);
}

SightDepot *sight_depot_open(const char *address, const char *blobs, GError **error) {
  if (g_str_has_prefix(address, "postgresql://") || g_str_has_prefix(address, "postgres://"))
    return sight_depot_postgres_open(address, blobs, error);
  if (blobs != NULL) {
    g_set_error_literal(error, SIGHT_DEPOT_ERROR, SIGHT_DEPOT_ERROR_ADDRESS,
                        _("An object store (--blobs) needs a PostgreSQL database (--store) beside it."));
    return NULL;
  }
  return sight_depot_sqlite_open(address, error);
}

void sight_depot_close(SightDepot *depot) {
  if (depot != NULL)
    depot->kind->close(depot);
}

/* SPDX-License-Identifier: MIT */
/* Opening a depot by its address. */
#include "sight-depot.h"

#include <glib/gi18n-lib.h>
#include <string.h>

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

SightDepot *sight_depot_open_existing(const char *address, const char *blobs, GError **error) {
  if (strstr(address, "://") == NULL && !g_file_test(address, G_FILE_TEST_IS_DIR)) {
    g_set_error(error, SIGHT_DEPOT_ERROR, SIGHT_DEPOT_ERROR_ADDRESS,
                _("There is no collector's store in “%s”: give its folder with --store."), address);
    return NULL;
  }
  return sight_depot_open(address, blobs, error);
}

void sight_depot_close(SightDepot *depot) {
  if (depot != NULL)
    depot->kind->close(depot);
}

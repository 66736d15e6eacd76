/* SPDX-License-Identifier: MIT */
/* Applies the numbered schema scripts. */
#include "sight-schema.h"

#include "sight-store-resources.h"

#include <glib/gi18n-lib.h>

#define RESOURCE_FOLDER "/io/github/sessionsight/store/schema/"
/* "SSgt": tells file(1) and us whose database it is. */
#define APPLICATION_ID 0x53536774

/* In order; the place in the list is the version. A script that was ever released is never changed. */
static const char *const scripts[] = {
    "001-first.sql",
    "002-segments.sql",
    "003-pages.sql",
};

int sight_schema_version(void) {
  return (int)G_N_ELEMENTS(scripts);
}

static gboolean apply_script(SightDb *db, int version, GError **error) {
  g_autofree char *path = g_strconcat(RESOURCE_FOLDER, scripts[version - 1], NULL);
  g_autofree char *pragma =
      g_strdup_printf("PRAGMA user_version = %d; PRAGMA application_id = %d", version, APPLICATION_ID);
  g_autoptr(GBytes) script =
      g_resource_lookup_data(sight_store_resources_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);

  if (script == NULL)
    return FALSE;
  /* Resource data is followed by a NUL that is not counted. */
  return sight_db_exec(db, g_bytes_get_data(script, NULL), error) && sight_db_exec(db, pragma, error);
}

gboolean sight_schema_check(SightDb *db, GError **error) {
  gint64 id = sight_db_query_int(db, "SELECT application_id & 4294967295 FROM pragma_application_id", error);
  gint64 n_tables = id < 0 ? -1 : sight_db_query_int(db, "SELECT count(*) FROM sqlite_schema", error);
  gint64 version =
      n_tables < 0 ? -1 : sight_db_query_int(db, "SELECT user_version & 4294967295 FROM pragma_user_version", error);

  if (version < 0)
    return FALSE;
  if (id != APPLICATION_ID && n_tables > 0) {
    g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_OPEN,
                        _("The file is a database of another program; it was left as it is."));
    return FALSE;
  }
  if (version <= sight_schema_version())
    return TRUE;
  g_set_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NEWER,
              _("The store was written by a newer version of SessionSight (its schema is %d, this version knows %d); "
                "it was left as it is. Install the newer version, or choose another folder."),
              (int)version, sight_schema_version());
  return FALSE;
}

/* The version is read inside the transaction: of two processes that start at once one finds the work done. */
static gboolean migrate_one(SightDb *db, gboolean *done, GError **error) {
  gint64 version = sight_db_query_int(db, "SELECT user_version & 4294967295 FROM pragma_user_version", error);

  if (version < 0)
    return FALSE;
  *done = version >= sight_schema_version();
  return *done || apply_script(db, (int)version + 1, error);
}

gboolean sight_schema_migrate(SightDb *db, GError **error) {
  gint64 version = sight_db_query_int(db, "SELECT user_version & 4294967295 FROM pragma_user_version", error);
  gboolean done = version == sight_schema_version();

  while (version >= 0 && !done) {
    if (!sight_db_exec(db, "BEGIN IMMEDIATE", error))
      return FALSE;
    if (!migrate_one(db, &done, error) || !sight_db_exec(db, "COMMIT", error)) {
      sight_db_exec(db, "ROLLBACK", NULL);
      return FALSE;
    }
  }
  return version >= 0;
}

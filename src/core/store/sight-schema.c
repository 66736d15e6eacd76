/* SPDX-License-Identifier: MIT */
/* Applies the numbered schema scripts. */
#include "sight-schema.h"

#include "sight-store-resources.h"

#include <glib/gi18n-lib.h>

#define RESOURCE_FOLDER "/io/github/sessionsight/store/schema/"
/* "SSgt": tells file(1) and us whose database it is. */
#define APPLICATION_ID 0x53536774

/* No schema will ever have a greater number. */
#define VERSION_MAX 65535

/* In order; the place in the list is the version. A script that was ever released is never changed. */
static const char *const scripts[] = {
    "001-first.sql", "002-segments.sql", "003-pages.sql",  "004-exchange.sql", "005-persons.sql",
    "006-index.sql", "007-assets.sql",   "008-usage.sql",  "009-scope.sql",    "010-log.sql",
    "011-kept.sql",  "012-course.sql",   "013-unread.sql", "014-digests.sql",  "015-named.sql",
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

static gboolean fail_damaged(SightDb *db, GError **error) {
  db->damaged = TRUE;
  g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_DATABASE, _("its schema is damaged"));
  return FALSE;
}

/* The schema as one text, without what depends on the version of SQLite: quotes, and tables of its own making. NULL on
 * error. */
static char *text_of(SightDb *db, GError **error) {
  return sight_db_query_text(
      db,
      "SELECT coalesce(group_concat(type || name || tbl_name || replace(replace(replace(sql, "
      "char(34), ''), char(39), ''), ' ', '')), '') FROM (SELECT type, name, tbl_name, "
      "coalesce(sql, '') AS sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite!_stat%' ESCAPE '!' "
      "AND name NOT LIKE 'session!_text!_%' ESCAPE '!' AND name NOT LIKE 'term!_text!_%' ESCAPE '!' ORDER BY name)",
      error);
}

static gboolean migrate_to(SightDb *db, int version, GError **error);

static gboolean has_schema_of(SightDb *db, int version, gboolean *same, GError **error) {
  g_autoptr(SightDb) fresh = sight_db_open(":memory:", SIGHT_DB_WRITE, error);

  if (fresh == NULL || !migrate_to(fresh, version, error))
    return FALSE;
  g_autofree char *ours = text_of(fresh, error);
  g_autofree char *theirs = ours != NULL ? text_of(db, error) : NULL;
  *same = g_strcmp0(ours, theirs) == 0;
  return theirs != NULL;
}

gboolean sight_schema_verify(SightDb *db, GError **error) {
  gint64 version = sight_db_query_int(db, "SELECT user_version & 4294967295 FROM pragma_user_version", error);
  gboolean same = FALSE;

  if (version < 0 || !has_schema_of(db, (int)MIN(version, sight_schema_version()), &same, error))
    return FALSE;
  return same || fail_damaged(db, error);
}

gboolean sight_schema_check(SightDb *db, GError **error) {
  gint64 id = sight_db_query_int(db, "SELECT application_id & 4294967295 FROM pragma_application_id", error);
  gint64 n_tables = id < 0 ? -1 : sight_db_query_int(db, "SELECT count(*) FROM sqlite_schema", error);
  gint64 version =
      n_tables < 0 ? -1 : sight_db_query_int(db, "SELECT user_version & 4294967295 FROM pragma_user_version", error);

  if (version < 0)
    return FALSE;
  /* Numbers in the head may be damaged like anything else: whose the tables are tells more. */
  if (id != APPLICATION_ID && n_tables > 0) {
    if (sight_db_query_int(
            db, "SELECT count(*) FROM sqlite_schema WHERE name IN ('batch', 'tombstone', 'session_text')", NULL) == 3)
      return fail_damaged(db, error);
    g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_OPEN,
                        _("The file is a database of another program; it was left as it is."));
    return FALSE;
  }
  if (version <= sight_schema_version())
    return TRUE;
  gboolean ours = FALSE;
  if (!has_schema_of(db, sight_schema_version(), &ours, error))
    return FALSE;
  /* A newer version may have changed nothing but what is in the tables. */
  if (ours && version > VERSION_MAX)
    return fail_damaged(db, error);
  g_set_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NEWER,
              _("The store was written by a newer version of SessionSight (its schema is %d, this version knows %d); "
                "it was left as it is. Install the newer version, or choose another folder."),
              (int)version, sight_schema_version());
  return FALSE;
}

/* The version is read inside the transaction: of two processes that start at once one finds the work done. */
static gboolean migrate_one(SightDb *db, int wanted, gboolean *done, GError **error) {
  gint64 version = sight_db_query_int(db, "SELECT user_version & 4294967295 FROM pragma_user_version", error);

  if (version < 0)
    return FALSE;
  *done = version >= wanted;
  return *done || apply_script(db, (int)version + 1, error);
}

static gboolean migrate_to(SightDb *db, int wanted, GError **error) {
  gint64 version = sight_db_query_int(db, "SELECT user_version & 4294967295 FROM pragma_user_version", error);
  gboolean done = version >= wanted;

  while (version >= 0 && !done) {
    if (!sight_db_exec(db, "BEGIN IMMEDIATE", error))
      return FALSE;
    if (!migrate_one(db, wanted, &done, error) || !sight_db_exec(db, "COMMIT", error)) {
      sight_db_exec(db, "ROLLBACK", NULL);
      return FALSE;
    }
  }
  return version >= 0;
}

gboolean sight_schema_migrate(SightDb *db, GError **error) {
  return migrate_to(db, sight_schema_version(), error);
}

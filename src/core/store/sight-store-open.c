/* SPDX-License-Identifier: MIT */
/* Opening a database for writing: checked where it may be damaged, salvaged where it is, and brought up to date. */
#include "sight-store-open.h"

#include "sight-loss.h"
#include "sight-page-file.h"
#include "sight-salvage.h"
#include "sight-schema.h"
#include "sight-store-check.h"

#include <glib/gi18n-lib.h>

/* After an unclean end all of a file of that size is read: a second or so. */
#define QUICKLY_CHECKED_BYTES (G_GINT64_CONSTANT(256) << 20)

typedef struct {
  const char *path;
  SightStoreRole role;
  SightStoreFile *file;
} Opening;

static gboolean add_files_endpoint(SightDb *db, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_ENDPOINT_ADD_FILES, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_text(statement, 1, _("Files"));
  return sight_statement_run(statement, error);
}

/* Nobody else has the file open: whoever held a lease was killed, and its work is free at once. */
static gboolean drop_leases(SightDb *db, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_LEASE_CLEAR, error);

  return statement != NULL && sight_statement_run(statement, error);
}

/* All of it, where others changed it or where that takes no time; after an unclean end else only what that can do. */
static gboolean check(const Opening *store, SightDb *db, GError **error) {
  SightSuspicion suspicion = sight_store_file_suspicion(store->file);
  gint64 bytes =
      sight_db_query_int(db, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size", error);

  return bytes >= 0 &&
         (suspicion == SIGHT_SUSPICION_NONE ||
          sight_store_check(db, suspicion != SIGHT_SUSPICION_UNCLEAN || bytes <= QUICKLY_CHECKED_BYTES, error));
}

static gboolean prepare_writer(const Opening *store, SightDb *db, GError **error) {
  /* Only a cache is compacted, and gives back what that frees; it takes effect before the first table alone. */
  const char *vacuum = store->role == SIGHT_STORE_CACHE ? "PRAGMA auto_vacuum = INCREMENTAL" : "";
  const char *setup = "PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 67108864; PRAGMA foreign_keys = ON; "
                      "PRAGMA secure_delete = ON; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768";

  /* What a newer version wrote is not even switched to another journal. */
  if (!sight_schema_check(db, error) || !check(store, db, error))
    return FALSE;
  if (!sight_db_exec(db, vacuum, error) || !sight_db_exec(db, setup, error) || !sight_schema_migrate(db, error))
    return FALSE;
  /* What the scripts made and dropped again in a new file; in a larger one compaction gives the rest back. */
  if (!sight_db_exec(db, "PRAGMA incremental_vacuum(100)", error))
    return FALSE;
  if (sight_store_file_is_alone(store->file) && !drop_leases(db, error))
    return FALSE;
  return store->role != SIGHT_STORE_CACHE || add_files_endpoint(db, error);
}

/* Sets *damaged where it is the file's fault. */
static SightDb *open_writer(const Opening *store, gboolean *damaged, GError **error) {
  g_autoptr(SightDb) db = sight_db_open(store->path, SIGHT_DB_WRITE, error);

  *damaged = FALSE;
  if (db == NULL)
    return NULL;
  if (!prepare_writer(store, db, error)) {
    gboolean suspect = sight_store_file_suspicion(store->file) != SIGHT_SUSPICION_NONE;
    *damaged = db->damaged || (suspect && sight_store_check_blames_file(db, store->path));
    return NULL;
  }
  return g_steal_pointer(&db);
}

/* What is wrong before SQLite looks at the file, which would see a new one, or the end of a log; NULL: nothing. */
static char *find_damage(const Opening *store) {
  SightSuspicion suspicion = sight_store_file_suspicion(store->file);

  if (suspicion == SIGHT_SUSPICION_EMPTIED)
    return g_strdup(_("it was empty"));
  if (suspicion == SIGHT_SUSPICION_GONE)
    return g_strdup(_("its file was gone"));
  if (suspicion == SIGHT_SUSPICION_NONE)
    return NULL;
  g_autoptr(SightPageFile) pages = sight_page_file_open(store->path, NULL);
  return pages != NULL && sight_page_file_log_is_damaged(pages) ? g_strdup(_("its log was damaged")) : NULL;
}

SightDb *sight_store_open_writer(const char *path, SightStoreRole role, SightStoreFile *file, char **set_aside,
                                 GError **error) {
  const Opening store = {path, role, file};
  g_autoptr(SightDb) db = NULL;
  g_autofree char *aside = NULL;
  g_autofree char *why = NULL;
  g_autoptr(GError) problem = NULL;
  gboolean damaged = FALSE;

  if (sight_store_file_is_alone(file)) {
    if (!sight_salvage_finish(path, error))
      return NULL;
    why = find_damage(&store);
  }
  if (why == NULL)
    db = open_writer(&store, &damaged, &problem);
  if (damaged && sight_store_file_is_alone(file))
    why = g_strdup(problem->message);
  else if (problem != NULL) {
    g_propagate_error(error, g_steal_pointer(&problem));
    return NULL;
  }
  if (why != NULL) {
    aside = sight_salvage(path, role, why, error);
    db = aside != NULL ? open_writer(&store, &damaged, error) : NULL;
  } else if (sight_store_file_suspicion(file) == SIGHT_SUSPICION_WITHOUT_LOG &&
             !sight_loss_note(path, _("The store was not closed, and its log is gone: what was stored last is lost."),
                              error))
    return NULL;
  if (db == NULL || !sight_store_file_opened(file, error))
    return NULL;
  if (set_aside != NULL)
    *set_aside = g_steal_pointer(&aside);
  return g_steal_pointer(&db);
}

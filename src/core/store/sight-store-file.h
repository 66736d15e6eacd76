/* SPDX-License-Identifier: MIT */
/* The database file as a whole: who has it open, whether it was closed cleanly, setting a damaged one aside. Inside the
 * store module only. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* While it exists the file counts as in use. Several processes may hold one. */
typedef struct SightStoreFile SightStoreFile;

/* Opening may check and migrate a large file. */
#define SIGHT_STORE_FILE_PATIENCE_MS 60000
/* Blocks while another process is in the middle of opening or closing, up to patience_ms; closing waits five seconds
 * at most. */
SightStoreFile *sight_store_file_open(const char *database_path, guint patience_ms, GError **error);
/* Nobody else has it open. Known until sight_store_file_opened(). */
gboolean sight_store_file_is_alone(SightStoreFile *file);
/* Why it is to be checked before use. NONE where others have it open. Known as long as the file is. */
typedef enum {
  SIGHT_SUSPICION_NONE,
  SIGHT_SUSPICION_UNCLEAN,     /* the last one who had it open did not close it */
  SIGHT_SUSPICION_WITHOUT_LOG, /* the same, and its log is not there any more */
  SIGHT_SUSPICION_CHANGED,     /* it was changed since it was closed, or copied */
  SIGHT_SUSPICION_EMPTIED,     /* nothing is in it any more */
  SIGHT_SUSPICION_GONE,        /* it is not there any more */
} SightSuspicion;
SightSuspicion sight_store_file_suspicion(SightStoreFile *file);
/* Opening is done: lets others in and marks the file as open. */
gboolean sight_store_file_opened(SightStoreFile *file, GError **error);
/* After every connection of this process is closed. `clean`: nothing speaks against trusting the file. */
void sight_store_file_close(SightStoreFile *file, gboolean clean);

/* NAME.damaged-YYYYMMDD-HHMMSS, which is not there yet; the caller's. */
char *sight_store_file_name_aside(const char *database_path);
/* Renames the database, then its log, to that; nothing is deleted. */
gboolean sight_store_file_set_aside(const char *database_path, const char *target, GError **error);

G_END_DECLS

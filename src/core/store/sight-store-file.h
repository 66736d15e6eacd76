/* SPDX-License-Identifier: MIT */
/* The database file as a whole: who has it open, whether it was closed cleanly, setting a damaged one aside. Inside the
 * store module only. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* While it exists the file counts as in use. Several processes may hold one. */
typedef struct SightStoreFile SightStoreFile;

/* Blocks while another process is in the middle of opening or closing. */
SightStoreFile *sight_store_file_open(const char *database_path, GError **error);
/* Nobody else has it open. Known until sight_store_file_opened(). */
gboolean sight_store_file_is_alone(SightStoreFile *file);
/* The last one who had it open did not close it, or it was changed since by others: it is to be checked. */
gboolean sight_store_file_is_suspect(SightStoreFile *file);
/* Opening is done: lets others in and marks the file as open. */
gboolean sight_store_file_opened(SightStoreFile *file, GError **error);
/* After every connection of this process is closed. `clean`: nothing speaks against trusting the file. */
void sight_store_file_close(SightStoreFile *file, gboolean clean);

/* Renames the database with its log to NAME.damaged-YYYYMMDD-HHMMSS and returns that path; nothing is deleted. */
char *sight_store_file_set_aside(const char *database_path, GError **error);

G_END_DECLS

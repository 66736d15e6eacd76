/* SPDX-License-Identifier: MIT */
/* A database that may only be read: on a read-only medium, in somebody else's folder, on a full disk. Inside the store
 * module only. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What to open instead of the database: a URI for SQLite, the caller's. Where its log holds something, both are copied
 * into a new folder that only the user can read, `*copy`, the caller's to remove with sight_store_reading_end(); else
 * it is read in place, without a log. NULL with error where there is no database, or it cannot be read or copied. */
char *sight_store_reading_begin(const char *database_path, char **copy, GError **error);
/* Removes a copy and frees its name; NULL is none. */
void sight_store_reading_end(char *copy);

G_END_DECLS

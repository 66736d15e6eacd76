/* SPDX-License-Identifier: MIT */
/* Whether a database that nobody vouches for can be used as it is. Inside the store module only. */
#pragma once

#include "sight-db.h"

G_BEGIN_DECLS

/* FALSE with error and db->damaged where it is damaged; the error says how, for people. `thorough`: also every index
 * and every packed blob is read; otherwise what an unclean end can do, which is quicker. Blocks. */
gboolean sight_store_check(SightDb *db, gboolean thorough, GError **error);
/* Whether what failed last is the fault of what is in the file, rather than of the disk, a lock or a permission. */
gboolean sight_store_check_blames_file(const SightDb *db, const char *path);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
/* The schema's versions: numbered scripts, each applied in one transaction. Inside the store module only. */
#pragma once

#include "sight-db.h"

G_BEGIN_DECLS

/* What this program knows: the number of the last script. */
int sight_schema_version(void);

/* SIGHT_STORE_ERROR_NEWER where the file is beyond this program's version, SIGHT_STORE_ERROR_OPEN where it belongs to
 * another program; db->damaged where that is only what damage says. Reads only. */
gboolean sight_schema_check(SightDb *db, GError **error);

/* Whether the schema is what the scripts up to the version of the file make; where not, the file is damaged. Reads
 * only.
 */
gboolean sight_schema_verify(SightDb *db, GError **error);

/* Brings the database up to this program's version, each script in a transaction of its own. */
gboolean sight_schema_migrate(SightDb *db, GError **error);

G_END_DECLS

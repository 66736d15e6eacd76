/* SPDX-License-Identifier: MIT */
/* The project that a collector keeps: its name, and an id by which a workstation notices that it talks to another
 * store than last time. */
#pragma once

#include "sight-endpoint-table.h"

G_BEGIN_DECLS

/* The first project, or NULL (without error) where the store is new. Inside sight_store_read() or _write(). */
SightEndpoint *sight_project_get(SightDb *db, GError **error);
/* Makes it; its row, or 0. */
gint64 sight_project_create(SightDb *db, const char *name, GError **error);
/* The id of the store's project: borrowed from it. */
const char *sight_project_id(const SightEndpoint *project);

/* A cursor that this store knows again, and another one, or an earlier copy of this one, does not. The caller's; NULL
 * on error. */
char *sight_project_cursor(const SightEndpoint *project, SightDb *db, gint64 revision, GError **error);
/* NULL or "": from the start. *valid: the store was there. FALSE only on error. */
gboolean sight_project_read_cursor(const SightEndpoint *project, SightDb *db, const char *tainted_cursor,
                                   gint64 *revision, gboolean *valid, GError **error);

G_END_DECLS

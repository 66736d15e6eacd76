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

/* "ID.NUMBER", so that a cursor of another store is recognised. */
char *sight_project_cursor(const SightEndpoint *project, gint64 revision);
/* FALSE where it is not a cursor of this project. NULL or "": from the start. */
gboolean sight_project_read_cursor(const SightEndpoint *project, const char *tainted_cursor, gint64 *revision);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
/* The writer's connection to the database of a store. Inside the store module only. */
#pragma once

#include "sight-db.h"
#include "sight-store-file.h"

G_BEGIN_DECLS

/* Where the file is damaged and nobody else has it open, it is set aside, `*set_aside` (may be NULL; the caller's)
 * tells where, and a new one has what could be saved. Its thread is still to be set. Blocks. NULL with error. */
SightDb *sight_store_open_writer(const char *path, SightStoreRole role, SightStoreFile *file, char **set_aside,
                                 GError **error);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
/* `sessionsight-collector keys`: listing, making and revoking keys, and the list of origins. */
#pragma once

#include "sight-key-table.h"

G_BEGIN_DECLS

/* argv[0] is "keys". The exit code. */
int sight_keys_command(int argc, char **argv);

/* What the store has after its first start. */
typedef struct {
  gboolean created;
  gint64 project;
  char *project_name;
  char *write_key; /* the first that is not revoked; NULL where there is none */
  char *token;     /* only where it was made just now */
} SightProjectKeys;
void sight_project_keys_clear(SightProjectKeys *keys);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SightProjectKeys, sight_project_keys_clear)

/* Makes the project, a write key and a token where the store is new. `origins` replaces the list where not NULL; "*"
 * empties it. Blocks. */
gboolean sight_project_keys_ensure(SightStore *store, const char *name, char **origins, SightProjectKeys *keys,
                                   GError **error);

G_END_DECLS

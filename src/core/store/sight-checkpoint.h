/* SPDX-License-Identifier: MIT */
/* SightCheckpoint: moves what stands in the log into the database, on a thread and a connection of its own, so that the
 * writer waits for no disk. Inside the store module only. */
#pragma once

#include "sight-db.h"

G_BEGIN_DECLS

/* Nothing is opened and no thread begun before there is something to do. */
typedef struct SightCheckpoint SightCheckpoint;
SightCheckpoint *sight_checkpoint_new(const char *path);
/* Waits for what is being moved, and closes the connection. */
void sight_checkpoint_free(SightCheckpoint *self);
/* Follows the log of this connection, in place of what SQLite does by itself: called once, by the thread that owns it;
 * `self` must stay until it is closed, or nothing is written to it any more. */
void sight_checkpoint_follow(SightCheckpoint *self, SightDb *db);

G_END_DECLS

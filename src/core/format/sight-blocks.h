/* SPDX-License-Identifier: MIT */
/* Blocks of snappy one after the other, each behind its length (four bytes, the greatest first): as PostHog's snapshots
 * come with decompress=false. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Appends the texts of all blocks, each with a line end. The number of blocks; -1 where the last one is cut off, or one
 * is damaged, or all of them are more than `max_bytes`. */
int sight_blocks_expand(const void *tainted_data, gsize bytes, gsize max_bytes, GString *text);

G_END_DECLS

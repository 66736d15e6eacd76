/* SPDX-License-Identifier: MIT */
/* Hashes for tables whose keys come from recordings: seeded anew in each process, so that a stranger cannot choose keys
 * that fall into one place and make each look-up walk through all others. Any thread. Never store or compare them
 * beyond the process. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* For g_hash_table_new(), with g_str_equal. */
guint sight_hash_text(gconstpointer text);
/* For keys made by GINT_TO_POINTER(), with NULL for equality. */
guint sight_hash_number(gconstpointer number);

G_END_DECLS

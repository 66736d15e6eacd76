/* SPDX-License-Identifier: MIT */
/* SightSet: a set of session rows, and the algebra of filters over it. The only place that knows CRoaring. Rows are
 * 1 … 4294967295; others are in no set. One thread at a time; reading alone from any number. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct SightSet SightSet;

/* Empty. */
SightSet *sight_set_new(void);
SightSet *sight_set_copy(const SightSet *set);
void sight_set_free(SightSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightSet, sight_set_free)

void sight_set_add(SightSet *set, gint64 row);
void sight_set_remove(SightSet *set, gint64 row);
/* Every row from `first` to `last`, both included. */
void sight_set_add_range(SightSet *set, gint64 first, gint64 last);
gboolean sight_set_contains(const SightSet *set, gint64 row);
gboolean sight_set_equal(const SightSet *a, const SightSet *b);

/* These change `set`: what is in both, in either, in it but not in the other. */
void sight_set_and(SightSet *set, const SightSet *other);
void sight_set_or(SightSet *set, const SightSet *other);
void sight_set_and_not(SightSet *set, const SightSet *other);

/* How many; of both, without making the set. */
guint64 sight_set_n(const SightSet *set);
guint64 sight_set_n_and(const SightSet *a, const SightSet *b);

/* All rows, ascending: GArray of gint64, the caller's. */
GArray *sight_set_rows(const SightSet *set);

/* A block is what a set holds of 65,536 rows: block 0 of rows 0 … 65535, and so on. As bytes it is either rows
 * within the block, ascending, two bytes each, low one first; or a bit for each row, SIGHT_SET_BITS_BYTES in all. So it
 * is stored. */
#define SIGHT_SET_BLOCK_ROWS 65536
#define SIGHT_SET_BITS_BYTES 8192
/* Adds a block; FALSE where the bytes are none: nothing is added then. */
gboolean sight_set_add_block(SightSet *set, guint32 block, const guint8 *data, gsize bytes);
/* `data` (NULL and 0: an empty block) with `rows` (within the block, ascending, each once) added or taken away; NULL
 * where the bytes are no block. The caller's. */
GByteArray *sight_set_block_with(const guint8 *data, gsize bytes, const guint16 *rows, guint n_rows);
GByteArray *sight_set_block_without(const guint8 *data, gsize bytes, const guint16 *rows, guint n_rows);
/* The rows of a set that are in a block of another one. */
typedef struct SightSetBits SightSetBits; /* a set laid out for that: a bit for each row up to its last block */
SightSetBits *sight_set_bits_new(const SightSet *set);
/* For sets that are made of many blocks: adds one, and gives how many rows it added; FALSE in `*good` where the bytes
 * are no block. */
guint sight_set_bits_add_block(SightSetBits *bits, guint32 block, const guint8 *data, gsize bytes, gboolean *good);
SightSet *sight_set_bits_to_set(const SightSetBits *bits);
void sight_set_bits_free(SightSetBits *bits);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightSetBits, sight_set_bits_free)
gboolean sight_set_bits_contain(const SightSetBits *bits, gint64 row);
guint sight_set_bits_n_in_block(const SightSetBits *bits, guint32 block, const guint8 *data, gsize bytes);
/* Whether a row (within the block) is in it. */
gboolean sight_set_block_contains(const guint8 *data, gsize bytes, guint16 row);
/* How many rows are in a block. */
guint sight_set_block_n(const guint8 *data, gsize bytes);

G_END_DECLS

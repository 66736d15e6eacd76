/* SPDX-License-Identifier: MIT */
/* What the files of salvage share: one run of it. */
#pragma once

#include "sight-db.h"
#include "sight-page-file.h"
#include "sight-store.h"

G_BEGIN_DECLS

typedef enum {
  SIGHT_TRUTH_ENDPOINT,
  SIGHT_TRUTH_ACCESS_KEY,
  SIGHT_TRUTH_ORIGIN,
  SIGHT_TRUTH_ANNOTATION,
  SIGHT_TRUTH_TOMBSTONE,
  SIGHT_TRUTH_ASSET,
  SIGHT_TRUTH_BLOCK,
  SIGHT_TRUTH_SESSION,
  SIGHT_TRUTH_OWNER,
  SIGHT_TRUTH_BATCH,
  SIGHT_N_TRUTHS
} SightTruth;

typedef struct {
  char *name;
  char type; /* its first letter: INTEGER, REAL, TEXT, BLOB */
  gboolean not_null, is_id;
} SightSalvageColumn;

typedef struct {
  SightSalvageColumn columns[SIGHT_PAGE_MAX_VALUES];
  guint n_columns;
  sqlite3_stmt *insert; /* of so many values: */
  guint n_values;
} SightSalvageTable;

typedef struct {
  SightDb *db;
  SightStoreRole role;
  SightSalvageTable tables[SIGHT_N_TRUTHS];
  GPtrArray *lost;       /* ids of sessions of which nothing is left */
  GHashTable *lost_rows; /* their rows: a set of gsize as pointers */
  GPtrArray *gapped;     /* of which something is missing */
  gulong n_lost_annotations, n_nameless;
} SightSalvage;

/* Puts each record that fits one of the tables of truths into the new database; what may be an origin into
 * temp.maybe_origin (page, project, origin). */
gboolean sight_salvage_take_rows(SightSalvage *work, SightPageFile *file, GError **error);
/* Statements go before their connection. */
void sight_salvage_end_rows(SightSalvage *work);

/* Asks the indexes what else there was: ids of sessions that are lost go to `lost` (those in temp.gone (endpoint,
 * session) are known already), sessions of which batches are missing or not certain to temp.doubted (row). */
gboolean sight_salvage_read_indexes(SightSalvage *work, SightPageFile *file, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
/* Reads the records of a database file page by page, without SQLite and without trusting one page more than another:
 * what a damaged page held is left out, all else is found. Inside the store module only. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* More than any table of the schema has. */
#define SIGHT_PAGE_MAX_VALUES 64

typedef enum {
  SIGHT_PAGE_NULL,
  SIGHT_PAGE_INT,
  SIGHT_PAGE_REAL,
  SIGHT_PAGE_TEXT,
  SIGHT_PAGE_BLOB,
} SightPageType;

typedef struct {
  SightPageType type;
  gint64 integer;
  double real;
  const guint8 *data; /* of a text (without a NUL, not checked) or a blob */
  gsize bytes;
} SightPageValue;

/* A row of a table, or an entry of an index; a table WITHOUT ROWID is an index. */
typedef struct {
  guint32 page;
  gboolean has_rowid;
  gint64 rowid;
  guint n_values;
  SightPageValue values[SIGHT_PAGE_MAX_VALUES];
} SightPageRecord;

/* The record is borrowed for the call. FALSE (with error) stops. */
typedef gboolean (*SightPageFunc)(const SightPageRecord *tainted_record, gpointer user_data, GError **error);

typedef struct SightPageFile SightPageFile;

/* With its log, if there is one: of each page the newest version that was committed and whose checksum is right. Fails
 * only where the file cannot be opened, never for what is in it. */
SightPageFile *sight_page_file_open(const char *database_path, GError **error);
void sight_page_file_close(SightPageFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightPageFile, sight_page_file_close)
/* Something in the log that was committed cannot be read. SQLite takes it for the end of the log and says nothing. */
gboolean sight_page_file_log_is_damaged(const SightPageFile *file);
/* Numbers of the pages of an index, as far as the schema and what is above them in the tree can be read: a set. */
GHashTable *sight_page_file_find_index(SightPageFile *file, const char *name);
/* Every record of every page, by page. Blocks; nobody may write to the file meanwhile. */
gboolean sight_page_file_each(SightPageFile *file, SightPageFunc func, gpointer user_data, GError **error);

G_END_DECLS

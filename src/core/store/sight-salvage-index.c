/* SPDX-License-Identifier: MIT */
/* Indexes of a damaged file: they still name rows whose own page is lost, and contradict rows that are damaged. */
#include "sight-salvage-private.h"

#include "sight-text.h"

#include <string.h>

/* Entries of one page of an index; of which index it is, is seen by what stands in the table. */
typedef struct {
  gint64 first, second, third;
  char *text;
} Entry;

/* Parameters of statements: 1 the first number, 2 the text, 3 and 4 the others. */
typedef struct {
  const char *name;
  const char *find; /* 1: it is there, 2: the row of that number says something else, no row: it is not there */
  gboolean (*miss)(SightSalvage *work, const Entry *entry, gboolean contradicts, gboolean in_order, GError **error);
} Index;

typedef struct {
  const Index *index;
  GHashTable *pages; /* those that the schema says are of it */
  guint32 number;
  GArray *entries; /* of Entry, in their order */
} Page;

typedef struct {
  SightSalvage *work;
  Page sessions, annotations, batches;
  GArray *unsure; /* of Entry: of pages on which every session is lost, or that are of another index */
} Indexes;

static gboolean ask(SightSalvage *work, const char *sql, const Entry *entry, int *answer, GError **error) {
  sqlite3_stmt *handle = NULL;
  int code = sqlite3_prepare_v2(work->db->handle, sql, -1, &handle, NULL);
  int n = code == SQLITE_OK ? sqlite3_bind_parameter_count(handle) : 0;

  *answer = 0;
  if (code == SQLITE_OK) {
    sqlite3_bind_int64(handle, 1, entry->first);
    sqlite3_bind_text(handle, 2, entry->text, -1, SQLITE_STATIC);
    if (n > 2)
      sqlite3_bind_int64(handle, 3, entry->second);
    if (n > 3)
      sqlite3_bind_int64(handle, 4, entry->third);
    if (sqlite3_step(handle) == SQLITE_ROW)
      *answer = sqlite3_column_int(handle, 0);
  }
  code = sqlite3_finalize(handle);
  return code == SQLITE_OK ? TRUE : sight_db_fail(work->db, error);
}

/* Sessions by endpoint and id; the row. One whose batches were all lost is in `gone`. */

static const char has_batches[] = "SELECT EXISTS (SELECT 1 FROM batch WHERE batch.session = ?3) AND NOT EXISTS "
                                  "(SELECT 1 FROM session WHERE row = ?3)";
/* How many batches it had is lost: that it lost parts is told. */
static const char restore_session[] =
    "INSERT OR IGNORE INTO session (row, endpoint, session, revision, last_arrival, received_ms, started_ms, "
    "arrived_ms, n_batches, n_bytes, n_events, flags) "
    "SELECT ?3, ?1, ?2, 0, 0, max(received_ms), min(first_ms), min(received_ms), 1 << 48, 0, 0, 0 FROM batch "
    "WHERE batch.session = ?3";

static void lose_session(SightSalvage *work, const Entry *entry) {
  if (g_hash_table_add(work->lost_rows, GSIZE_TO_POINTER((gsize)entry->second)))
    g_ptr_array_add(work->lost, g_strdup(entry->text));
}

static gboolean miss_session(SightSalvage *work, const Entry *entry, gboolean contradicts, gboolean in_order,
                             GError **error) {
  int orphaned = 0, unused = 0;

  if (!ask(work, has_batches, entry, &orphaned, error))
    return FALSE;
  if (orphaned)
    return ask(work, restore_session, entry, &unused, error);
  lose_session(work, entry);
  return TRUE;
}

static const Index sessions = {"sqlite_autoindex_session_1",
                               "SELECT 1 FROM temp.gone WHERE endpoint = ?1 AND session = ?2 UNION ALL "
                               "SELECT iif(endpoint = ?1 AND session = ?2, 1, 2) FROM session WHERE row = ?3 LIMIT 1",
                               miss_session};

/* Annotations by endpoint; the id. */

static gboolean miss_annotation(SightSalvage *work, const Entry *entry, gboolean contradicts, gboolean in_order,
                                GError **error) {
  work->n_lost_annotations++;
  return TRUE;
}

static const Index annotations = {"annotation_revision", "SELECT 1 FROM annotation WHERE endpoint = ?1 AND id = ?2",
                                  miss_annotation};

/* Batches by session, window and seq; the arrival. */

static const char doubt[] = "INSERT OR IGNORE INTO temp.doubted SELECT ?1 UNION SELECT session FROM batch "
                            "WHERE arrival = ?4";
/* Row or entry is damaged: an entry out of its order is, else nobody knows. */
static gboolean miss_batch(SightSalvage *work, const Entry *entry, gboolean contradicts, gboolean in_order,
                           GError **error) {
  int unused = 0;

  return (contradicts && !in_order) || ask(work, doubt, entry, &unused, error);
}

static const Index batches = {"sqlite_autoindex_batch_1",
                              "SELECT 1 FROM batch WHERE session = ?1 AND window = ?2 AND seq = ?3 UNION ALL "
                              "SELECT 2 FROM batch WHERE arrival = ?4 LIMIT 1",
                              miss_batch};

static int compare(const Entry *a, const Entry *b) {
  int by_text = strcmp(a->text, b->text);

  if (a->first != b->first)
    return a->first < b->first ? -1 : 1;
  return by_text != 0 ? by_text : (a->second > b->second) - (a->second < b->second);
}

static const Entry *entry_at(const Page *page, guint n) {
  return &g_array_index(page->entries, Entry, n);
}

static gboolean is_in_order(const Page *page, guint n) {
  return (n == 0 || compare(entry_at(page, n - 1), entry_at(page, n)) < 0) &&
         (n + 1 == page->entries->len || compare(entry_at(page, n), entry_at(page, n + 1)) < 0);
}

/* The schema says so, or some of the entries stand in the table; and not more are contradicted. Then the others were
 * there too. */
static gboolean is_of_index(SightSalvage *work, const Page *page, gboolean *is, gboolean *unsure, GError **error) {
  guint n_found = 0, n_contradicted = 0;

  for (guint i = 0; i < page->entries->len; i++) {
    int answer = 0;
    if (!ask(work, page->index->find, entry_at(page, i), &answer, error))
      return FALSE;
    n_found += answer == 1;
    n_contradicted += answer == 2;
  }
  gboolean listed = g_hash_table_contains(page->pages, GUINT_TO_POINTER(page->number));
  *is = listed ? n_contradicted * 2 <= page->entries->len : n_found > 0 && n_contradicted <= n_found;
  *unsure = !*is && n_found + n_contradicted == 0;
  return TRUE;
}

static gboolean end_page(Indexes *indexes, Page *page, GError **error) {
  SightSalvage *work = indexes->work;
  gboolean is = FALSE, unsure = FALSE;

  if (!is_of_index(work, page, &is, &unsure, error))
    return FALSE;
  for (guint i = 0; unsure && page == &indexes->sessions && i < page->entries->len; i++) {
    Entry entry = *entry_at(page, i);
    entry.text = g_strdup(entry.text);
    g_array_append_val(indexes->unsure, entry);
  }
  for (guint i = 0; is && i < page->entries->len; i++) {
    const Entry *entry = entry_at(page, i);
    int answer = 0;
    if (!ask(work, page->index->find, entry, &answer, error) ||
        (answer != 1 && !page->index->miss(work, entry, answer == 2, is_in_order(page, i), error)))
      return FALSE;
  }
  g_array_set_size(page->entries, 0);
  return TRUE;
}

/* The page of that kind, and the entry in the order of its columns, or NULL. */
static Page *page_for(Indexes *indexes, const SightPageRecord *tainted_record, Entry *entry) {
  const SightPageValue *values = tainted_record->values;
  char kinds[5] = "";

  if (tainted_record->has_rowid || tainted_record->n_values < 3 || tainted_record->n_values > 4)
    return NULL;
  for (guint i = 0; i < tainted_record->n_values; i++)
    kinds[i] = values[i].type == SIGHT_PAGE_INT ? 'i' : values[i].type == SIGHT_PAGE_TEXT ? 't' : '-';
  guint text = kinds[1] == 't' ? 1 : 2;
  *entry = (Entry){.first = values[0].integer};
  if (g_str_equal(kinds, "iti") || g_str_equal(kinds, "itii")) {
    entry->second = values[2].integer;
    entry->third = kinds[3] != '\0' ? values[3].integer : 0;
  } else if (!g_str_equal(kinds, "iit")) {
    return NULL;
  }
  entry->text = g_utf8_make_valid((const char *)values[text].data, (gssize)values[text].bytes);
  return text == 2 ? &indexes->annotations : kinds[3] != '\0' ? &indexes->batches : &indexes->sessions;
}

static gboolean take_entry(const SightPageRecord *tainted_record, gpointer user_data, GError **error) {
  Indexes *indexes = user_data;
  Entry entry = {0};
  Page *page = page_for(indexes, tainted_record, &entry);

  if (page == NULL)
    return TRUE;
  if (!sight_id_is_valid(entry.text)) {
    g_free(entry.text);
    return TRUE;
  }
  gboolean ended = page->number == tainted_record->page || end_page(indexes, page, error);
  page->number = tainted_record->page;
  g_array_append_val(page->entries, entry);
  return ended;
}

static void entry_clear(gpointer data) {
  g_free(((Entry *)data)->text);
}

/* That index is of users, and has a row for a session, too: each row is one lost session, of one name or the other. */
static gboolean count_unsure(Indexes *indexes, GError **error) {
  for (guint i = 0; i < indexes->unsure->len; i++) {
    const Entry *entry = &g_array_index(indexes->unsure, Entry, i);
    int orphaned = 0;
    if (!ask(indexes->work, has_batches, entry, &orphaned, error))
      return FALSE;
    if (!orphaned)
      lose_session(indexes->work, entry);
  }
  return TRUE;
}

gboolean sight_salvage_read_indexes(SightSalvage *work, SightPageFile *file, GError **error) {
  Indexes indexes = {
      .work = work, .sessions = {.index = &sessions}, .annotations = {.index = &annotations}, .batches = {&batches}};
  Page *const pages[] = {&indexes.sessions, &indexes.annotations, &indexes.batches};
  indexes.unsure = g_array_new(FALSE, FALSE, sizeof(Entry));
  g_array_set_clear_func(indexes.unsure, entry_clear);

  for (guint i = 0; i < G_N_ELEMENTS(pages); i++) {
    pages[i]->pages = sight_page_file_find_index(file, pages[i]->index->name);
    pages[i]->entries = g_array_new(FALSE, FALSE, sizeof(Entry));
    g_array_set_clear_func(pages[i]->entries, entry_clear);
  }
  gboolean read = sight_page_file_each(file, take_entry, &indexes, error);
  for (guint i = 0; i < G_N_ELEMENTS(pages); i++) {
    read = read && end_page(&indexes, pages[i], error);
    g_array_unref(pages[i]->entries);
    g_hash_table_unref(pages[i]->pages);
  }
  read = read && count_unsure(&indexes, error);
  g_array_unref(indexes.unsure);
  return read;
}

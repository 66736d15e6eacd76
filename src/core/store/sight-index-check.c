/* SPDX-License-Identifier: MIT */
/* Whether the postings say what the occurrences of the sessions say, and their terms can be found. */
#include "sight-db.h"
#include "sight-index-table.h"
#include "sight-kept-table.h"
#include "sight-posting-table.h"
#include "sight-term-table.h"

static void add_session(GHashTable *wanted, gint64 term, gint64 session) {
  SightSet *set = g_hash_table_lookup(wanted, &term);
  if (set == NULL) {
    set = sight_set_new();
    g_hash_table_insert(wanted, g_memdup2(&term, sizeof term), set);
  }
  sight_set_add(set, session);
}

/* FALSE where an occurrence is damaged, or the database failed. */
static gboolean read_sessions(SightDb *db, GHashTable *wanted, GError **error) {
  sqlite3_stmt *handle = NULL;
  gboolean sound = TRUE;
  int code = sqlite3_prepare_v2(db->handle, "SELECT session FROM occurrence", -1, &handle, NULL);

  while (code == SQLITE_OK && sound && sqlite3_step(handle) == SQLITE_ROW) {
    gint64 session = sqlite3_column_int64(handle, 0);
    g_autoptr(GArray) terms = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autoptr(SightOccurrences) occurrences = sight_index_table_get(db, session, terms, error);
    sound = occurrences != NULL;
    g_autoptr(GArray) kept = sound ? sight_kept_table_get(db, session, error) : NULL;
    sound = kept != NULL;
    if (sound)
      g_array_append_vals(terms, kept->data, kept->len);
    for (guint i = 0; sound && i < terms->len; i++)
      add_session(wanted, g_array_index(terms, gint64, i), session);
  }
  return sqlite3_finalize(handle) == SQLITE_OK && code == SQLITE_OK ? sound : sight_db_fail(db, error);
}

static gboolean is_there(SightDb *db, gint64 term) {
  g_autofree char *value = sight_term_table_value(db, term, NULL);
  return value != NULL && sight_term_table_find(db, sight_term_field_of(term), value, NULL) == term;
}

static gboolean compare(SightDb *db, GHashTable *wanted, GError **error) {
  GHashTableIter iter;
  gpointer term, set;

  g_hash_table_iter_init(&iter, wanted);
  while (g_hash_table_iter_next(&iter, &term, &set)) {
    g_autoptr(SightSet) found = sight_posting_table_sessions(db, term, 1, error);
    if (found == NULL || !sight_set_equal(found, set) || !is_there(db, *(gint64 *)term))
      return FALSE;
  }
  return TRUE;
}

gboolean sight_index_table_check(SightDb *db, GError **error) {
  g_autoptr(GHashTable) wanted =
      g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)sight_set_free);

  return read_sessions(db, wanted, error) && compare(db, wanted, error);
}

/* SPDX-License-Identifier: MIT */
/* Persons named by the events of sessions. */
#include "sight-person-table.h"

#include "sight-batch-table.h"
#include "sight-db.h"
#include "sight-event-reader.h"

/* What a session or a batch costs besides its events. */
#define ROW_BYTES 1024

static gboolean add(SightDb *db, gint64 session_row, const char *user, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_PERSON_ADD, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, session_row);
  sight_statement_bind_text(statement, 2, user);
  return sight_statement_run(statement, error);
}

static gboolean count(SightDb *db, gint64 session_row, gint64 *n, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_PERSON_COUNT, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, session_row);
  return sight_statement_run_int(statement, n, 0, error);
}

gboolean sight_person_table_note(SightDb *db, gint64 session_row, const SightBatch *batch, GError **error) {
  gint64 n = 0;

  if (batch->users == NULL)
    return TRUE;
  if (!count(db, session_row, &n, error))
    return FALSE;
  for (guint i = 0; i < batch->users->len; i++) {
    const char *name = batch->users->pdata[i];
    g_autofree char *bucket = n >= SIGHT_USERS_MAX_NAMES ? sight_user_bucket(name) : NULL;
    if (!add(db, session_row, bucket != NULL ? bucket : name, error))
      return FALSE;
    n += sight_db_changes(db);
  }
  return TRUE;
}

static gboolean note_user(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  sight_users_note(user_data, event);
  return TRUE;
}

gboolean sight_person_table_note_read(SightDb *db, gint64 session_row, const SightBatch *batch, GError **error) {
  SightBatch read = *batch;
  SightUsers users = {0};

  sight_event_read_bytes(batch->events, batch->events_bytes, NULL, note_user, &users, NULL, NULL);
  read.users = users.list;
  gboolean noted = sight_person_table_note(db, session_row, &read, error);
  sight_users_clear(&users);
  return noted;
}

typedef struct {
  SightDb *db;
  gint64 row, arrival; /* of the session, and up to which batch of it is read */
  gint64 left;         /* bytes of this portion */
} Reading;

static gboolean read_batch(const SightStoredBatch *stored, gpointer user_data, GError **error) {
  Reading *reading = user_data;

  if (reading->left <= 0) {
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "the portion is full");
    return FALSE;
  }
  reading->arrival = stored->arrival;
  reading->left -= (gint64)stored->batch.events_bytes + ROW_BYTES;
  return sight_person_table_note_read(reading->db, reading->row, &stored->batch, error);
}

static gboolean set_unread(SightDb *db, gint64 row, gint64 arrival, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_PERSON_SET_UNREAD, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, row);
  sight_statement_bind_int(statement, 2, arrival);
  return sight_statement_run(statement, error);
}

/* The session to go on with; its row is 0 where there is none. */
static gboolean find_unread(Reading *reading, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(reading->db, SIGHT_SQL_PERSON_UNREAD, error);
  SightStep step = statement != NULL ? sight_statement_step(statement, error) : SIGHT_STEP_FAILED;

  reading->row = step == SIGHT_STEP_ROW ? sight_statement_int(statement, 0) : 0;
  reading->arrival = step == SIGHT_STEP_ROW ? sight_statement_int(statement, 1) : 0;
  return step != SIGHT_STEP_FAILED;
}

static gboolean read_session(Reading *reading, GError **error) {
  g_autoptr(GError) stopped = NULL;

  if (sight_batch_table_each(reading->db, reading->row, NULL, reading->arrival, 0, read_batch, reading, NULL, &stopped))
    return set_unread(reading->db, reading->row - 1, 0, error);
  if (g_error_matches(stopped, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return set_unread(reading->db, reading->row, reading->arrival, error);
  g_propagate_error(error, g_steal_pointer(&stopped));
  return FALSE;
}

gboolean sight_person_table_catch_up(SightDb *db, gint64 max_bytes, gboolean *done, GError **error) {
  Reading reading = {.db = db, .left = max_bytes};

  *done = FALSE;
  do {
    if (!find_unread(&reading, error))
      return FALSE;
    *done = reading.row == 0;
    if (!*done && !read_session(&reading, error))
      return FALSE;
    reading.left -= ROW_BYTES;
  } while (!*done && reading.left > 0);
  return TRUE;
}

/* SPDX-License-Identifier: MIT */
/* Reads the arrays out of two indexes that hold all that is wanted. */
#include "sight-session-facts.h"

#include "sight-db.h"

#include <string.h>

void sight_session_facts_free(SightSessionFacts *facts) {
  if (facts == NULL)
    return;
  g_free(facts->user);
  g_free(facts->arrived_s);
  g_free(facts);
}

guint32 sight_session_facts_user(const SightSessionFacts *facts, gint64 row) {
  return (gsize)row < facts->n_rows ? facts->user[row] : 0;
}

gint64 sight_session_facts_arrived_ms(const SightSessionFacts *facts, gint64 row) {
  return (gsize)row < facts->n_rows ? facts->arrived_s[row] * G_GINT64_CONSTANT(1000) : 0;
}

static gboolean read_arrivals(SightDb *db, SightSessionFacts *facts, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_FACTS_ARRIVED, error);
  SightStep step = SIGHT_STEP_FAILED;

  while (statement != NULL && (step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    gint64 row = sight_statement_int(statement, 0);
    if (row > 0 && (gsize)row < facts->n_rows)
      facts->arrived_s[row] = (guint32)CLAMP(sight_statement_int(statement, 1) / 1000, 0, G_MAXUINT32);
  }
  return step == SIGHT_STEP_DONE;
}

/* Sessions of one user follow each other. */
static gboolean read_users(SightDb *db, SightSessionFacts *facts, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_FACTS_USER, error);
  g_autoptr(GString) last = g_string_new(NULL);
  gint64 last_endpoint = 0;
  SightStep step = SIGHT_STEP_FAILED;

  while (statement != NULL && (step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    gint64 row = sight_statement_int(statement, 0), endpoint = sight_statement_int(statement, 1);
    const char *user = sight_statement_text(statement, 2);
    if (facts->n_users == 0 || endpoint != last_endpoint || strcmp(last->str, user) != 0) {
      facts->n_users++;
      last_endpoint = endpoint;
      g_string_assign(last, user);
    }
    if (row > 0 && (gsize)row < facts->n_rows)
      facts->user[row] = facts->n_users;
  }
  return step == SIGHT_STEP_DONE;
}

const SightSessionFacts *sight_session_facts(SightDb *db, GError **error) {
  g_autoptr(SightStatement) counter = sight_db_statement(db, SIGHT_SQL_COUNTER_GET, error);
  g_autoptr(SightStatement) most = sight_db_statement(db, SIGHT_SQL_FACTS_LAST_ROW, error);
  gint64 index = 0, last_row = 0;

  if (counter == NULL || most == NULL)
    return NULL;
  sight_statement_bind_text(counter, 1, "index");
  if (!sight_statement_run_int(counter, &index, 0, error) || !sight_statement_run_int(most, &last_row, 0, error))
    return NULL;
  if (db->facts != NULL && db->facts->index == index && db->facts->n_rows == (gsize)last_row + 1)
    return db->facts;
  g_clear_pointer(&db->facts, sight_session_facts_free);
  g_autoptr(SightSessionFacts) facts = g_new0(SightSessionFacts, 1);
  facts->index = index;
  facts->n_rows = (gsize)last_row + 1;
  facts->user = g_new0(guint32, facts->n_rows);
  facts->arrived_s = g_new0(guint32, facts->n_rows);
  if (!read_arrivals(db, facts, error) || !read_users(db, facts, error))
    return NULL;
  db->facts = g_steal_pointer(&facts);
  return db->facts;
}

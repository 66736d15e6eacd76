/* SPDX-License-Identifier: MIT */
/* Persons named by ss:identify. */
#include "sight-person-table.h"

#include "sight-db.h"
#include "sight-event.h"

#define TAG "ss:identify"

static gboolean add(SightDb *db, gint64 session_row, const char *user, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_PERSON_ADD, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, session_row);
  sight_statement_bind_text(statement, 2, user);
  return sight_statement_run(statement, error);
}

static const char *user_of(SightJson tainted_event) {
  SightJson data = sight_json_get(tainted_event, "data");
  gboolean custom = sight_json_int(sight_json_get(tainted_event, "type"), -1) == SIGHT_EVENT_CUSTOM;

  if (!custom || g_strcmp0(sight_json_string(sight_json_get(data, "tag"), NULL), TAG) != 0)
    return NULL;
  return sight_json_string(sight_json_get(sight_json_get(data, "payload"), "user"), NULL);
}

gboolean sight_person_table_note(SightDb *db, gint64 session_row, const SightBatch *batch, GError **error) {
  /* Few batches name somebody, and only those are parsed. */
  if (batch->events == NULL || g_strstr_len(batch->events, (gssize)batch->events_bytes, TAG) == NULL)
    return TRUE;
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  SightJson events = {0};
  if (!sight_json_parser_parse(parser, batch->events, batch->events_bytes, &events, NULL))
    return TRUE;
  SightJsonIter it = sight_json_iter(events);
  while (sight_json_next(&it)) {
    const char *user = user_of(it.value);
    if (user != NULL && *user != '\0' && !add(db, session_row, user, error))
      return FALSE;
  }
  return TRUE;
}

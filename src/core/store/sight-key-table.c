/* SPDX-License-Identifier: MIT */
/* A collector's keys and tokens. Both are looked up by their hash, so that no comparison tells a secret by its time. */
#include "sight-key-table.h"

#include "sight-db.h"
#include "sight-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Of a token so much is kept readable. */
#define TOKEN_SHOWN 8
#define MAX_KEY_CHARS 128

void sight_key_free(SightKey *key) {
  if (key == NULL)
    return;
  g_free(key->name);
  g_free(key->key);
  g_free(key);
}

char *sight_key_new(SightScopes scopes, char **shown) {
  gboolean is_write_key = scopes == SIGHT_SCOPE_INGEST;
  g_autofree char *random = sight_id_new();
  char *key = g_strconcat(is_write_key ? "ssw_" : "sst_", random, NULL);

  *shown = is_write_key ? g_strdup(key) : g_strndup(key, TOKEN_SHOWN);
  return key;
}

gboolean sight_key_hash(const char *tainted_key, guint8 hash[SIGHT_KEY_HASH_BYTES]) {
  gsize bytes = tainted_key != NULL ? strnlen(tainted_key, MAX_KEY_CHARS + 1) : 0;
  g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
  gsize length = SIGHT_KEY_HASH_BYTES;

  if (bytes == 0 || bytes > MAX_KEY_CHARS)
    return FALSE;
  g_checksum_update(checksum, (const guchar *)tainted_key, (gssize)bytes);
  g_checksum_get_digest(checksum, hash, &length);
  return TRUE;
}

char *sight_key_table_create(SightDb *db, gint64 project, const char *name, SightScopes scopes, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_KEY_ADD, error);
  g_autofree char *shown = NULL;
  g_autofree char *key = sight_key_new(scopes, &shown);
  guint8 hash[SIGHT_KEY_HASH_BYTES] = {0};

  if (statement == NULL || !sight_key_hash(key, hash))
    return NULL;
  sight_statement_bind_int(statement, 1, project);
  sight_statement_bind_text(statement, 2, name);
  sight_statement_bind_text(statement, 3, shown);
  sight_statement_bind_blob(statement, 4, hash, sizeof hash);
  sight_statement_bind_int(statement, 5, scopes);
  sight_statement_bind_int(statement, 6, sight_db_now_ms());
  return sight_statement_run(statement, error) ? g_steal_pointer(&key) : NULL;
}

static SightKey *from_row(SightStatement *statement) {
  SightKey *key = g_new0(SightKey, 1);

  key->row = sight_statement_int(statement, 0);
  key->project = sight_statement_int(statement, 1);
  key->name = sight_statement_dup_text(statement, 2);
  key->key = sight_statement_dup_text(statement, 3);
  key->scopes = (SightScopes)sight_statement_int(statement, 4);
  key->created_ms = sight_statement_int(statement, 5);
  key->revoked = sight_statement_int(statement, 6) != 0;
  gsize bytes = 0;
  const void *hash = sight_statement_blob(statement, 7, &bytes);
  if (hash != NULL)
    memcpy(key->hash, hash, MIN(bytes, sizeof key->hash));
  return key;
}

SightKey *sight_key_table_check(SightDb *db, const char *tainted_key, GError **error) {
  guint8 hash[SIGHT_KEY_HASH_BYTES] = {0};

  if (!sight_key_hash(tainted_key, hash))
    return NULL;
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_KEY_CHECK, error);
  if (statement == NULL)
    return NULL;
  sight_statement_bind_blob(statement, 1, hash, sizeof hash);
  return sight_statement_step(statement, error) == SIGHT_STEP_ROW ? from_row(statement) : NULL;
}

GPtrArray *sight_key_table_list(SightDb *db, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_KEY_LIST, error);
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)sight_key_free);
  SightStep step = SIGHT_STEP_FAILED;

  while (statement != NULL && (step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW)
    g_ptr_array_add(list, from_row(statement));
  return step == SIGHT_STEP_DONE ? g_steal_pointer(&list) : NULL;
}

gboolean sight_key_table_restore(SightDb *db, gint64 project, const SightKey *key, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_KEY_RESTORE, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, project);
  sight_statement_bind_text(statement, 2, key->name);
  sight_statement_bind_text(statement, 3, key->key);
  sight_statement_bind_blob(statement, 4, key->hash, sizeof key->hash);
  sight_statement_bind_int(statement, 5, key->scopes);
  sight_statement_bind_int(statement, 6, key->created_ms);
  sight_statement_bind_int(statement, 7, key->revoked);
  return sight_statement_run(statement, error);
}

gboolean sight_key_table_revoke(SightDb *db, gint64 row, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_KEY_REVOKE, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, row);
  if (!sight_statement_run(statement, error))
    return FALSE;
  if (sight_db_changes(db) == 1)
    return TRUE;
  g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND, _("There is no such key."));
  return FALSE;
}

char **sight_key_table_origins(SightDb *db, gint64 project, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_ORIGIN_LIST, error);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  SightStep step = SIGHT_STEP_FAILED;

  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 1, project);
  while ((step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW)
    g_strv_builder_add(builder, sight_statement_text(statement, 0));
  return step == SIGHT_STEP_DONE ? g_strv_builder_end(builder) : NULL;
}

static gboolean add_origin(SightDb *db, gint64 project, const char *origin, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_ORIGIN_ADD, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, project);
  sight_statement_bind_text(statement, 2, origin);
  return sight_statement_run(statement, error);
}

gboolean sight_key_table_set_origins(SightDb *db, gint64 project, const char *const *origins, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_ORIGIN_CLEAR, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, project);
  if (!sight_statement_run(statement, error))
    return FALSE;
  for (guint i = 0; origins != NULL && origins[i] != NULL; i++) {
    if (!add_origin(db, project, origins[i], error))
      return FALSE;
  }
  return TRUE;
}

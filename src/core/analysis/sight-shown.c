/* SPDX-License-Identifier: MIT */
#include "sight-shown.h"

#include "sight-account.h"
#include "sight-asset-table.h"
#include "sight-hash.h"
#include "sight-track-table.h"

typedef struct {
  gint64 row;
  GString *out;
} Reading;

static gboolean put_content(SightDb *db, gint64 endpoint, const char *hash, SightJsonWriter *w, gint64 *left,
                            GError **error) {
  g_autofree char *type = NULL;
  g_autoptr(GBytes) content = NULL;
  if (!sight_asset_table_get(db, endpoint, hash, &type, &content, error))
    return FALSE;
  gsize bytes = 0;
  const guint8 *data = content != NULL ? g_bytes_get_data(content, &bytes) : NULL;
  if (data == NULL || (gint64)bytes > *left)
    return TRUE;
  *left -= (gint64)bytes;
  g_autofree char *text = g_base64_encode(data, bytes);
  g_autofree char *url = g_strdup_printf("data:%s;base64,%s", type, text);
  sight_json_member_string(w, hash, url);
  return TRUE;
}

static gboolean put_contents(SightDb *db, gint64 endpoint, GHashTable *assets, SightJsonWriter *w, GError **error) {
  g_autoptr(GHashTable) done = g_hash_table_new(sight_hash_text, g_str_equal);
  gint64 left = SIGHT_ASSETS_MAX_BYTES;
  GHashTableIter iter;
  gpointer hash = NULL;
  g_hash_table_iter_init(&iter, assets);
  while (g_hash_table_iter_next(&iter, NULL, &hash)) {
    if (g_hash_table_add(done, hash) && !put_content(db, endpoint, hash, w, &left, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean read_shown(SightDb *db, gpointer user_data, GError **error) {
  Reading *reading = user_data;
  g_autoptr(SightSession) session = sight_session_table_get(db, reading->row, error);
  g_autoptr(SightRuleset) rules = session != NULL ? sight_analysis_rules(db, session->endpoint, error) : NULL;
  if (rules == NULL)
    return FALSE;
  g_autofree char *ruleset = sight_ruleset_id(rules);
  g_autoptr(GError) problem = NULL;
  g_autoptr(GBytes) account = sight_account_table_get(db, reading->row, ruleset, SIGHT_ANALYSIS_VERSION, &problem);
  if (problem != NULL) {
    g_propagate_error(error, g_steal_pointer(&problem));
    return FALSE;
  }
  g_autoptr(GHashTable) assets = account != NULL ? sight_account_unpack_assets(account) : NULL;
  SightJsonWriter w = {.out = reading->out};
  sight_json_begin_object(&w);
  if (assets != NULL) {
    sight_json_key(&w, "addresses");
    sight_account_put_assets(&w, assets);
    sight_json_key(&w, "contents");
    sight_json_begin_object(&w);
    if (!put_contents(db, session->endpoint, assets, &w, error))
      return FALSE;
    sight_json_end_object(&w);
  }
  sight_json_end_object(&w);
  return TRUE;
}

GBytes *sight_shown_read(SightStore *store, gint64 session_row, GError **error) {
  g_autoptr(GString) out = g_string_new(NULL);
  Reading reading = {.row = session_row, .out = out};
  if (!sight_store_read(store, read_shown, &reading, error))
    return NULL;
  return g_string_free_to_bytes(g_steal_pointer(&out));
}

GHashTable *sight_shown_table(GBytes *shown) {
  GHashTable *table = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, g_free);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(8);
  SightJson root = {0};
  gsize bytes = 0;
  const char *json = g_bytes_get_data(shown, &bytes);
  if (!sight_json_parser_parse(parser, json, bytes, &root, NULL))
    return table;
  SightJson contents = sight_json_get(root, "contents");
  SightJsonIter it = sight_json_iter(sight_json_get(root, "addresses"));
  while (sight_json_next(&it)) {
    const char *hash = sight_json_string(it.value, NULL);
    const char *url = hash != NULL ? sight_json_string(sight_json_get(contents, hash), NULL) : NULL;
    if (url != NULL)
      g_hash_table_insert(table, g_strdup(it.key), g_strdup(url));
  }
  return table;
}

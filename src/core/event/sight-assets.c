/* SPDX-License-Identifier: MIT */
/* Reading ss:assets events. */
#include "sight-assets.h"

#include "sight-hash.h"

#include <string.h>

#define WHY "why"

gboolean sight_asset_hash_is_valid(const char *tainted_hash) {
  return strlen(tainted_hash) == SIGHT_ASSETS_HASH_DIGITS &&
         strspn(tainted_hash, "0123456789abcdef") == SIGHT_ASSETS_HASH_DIGITS;
}

void sight_event_each_asset(const SightEvent *event, SightAssetFunc func, gpointer user_data) {
  if (g_strcmp0(sight_event_tag(event), SIGHT_ASSETS_TAG) != 0)
    return;
  SightJson payload = sight_event_payload(event);
  const char *tainted_why = sight_json_string(sight_json_get(payload, WHY), NULL);
  SightJsonIter iter = sight_json_iter(payload);
  while (sight_json_next(&iter)) {
    const char *tainted_hash = sight_json_string(iter.value, NULL);
    if (iter.key == NULL || g_str_equal(iter.key, WHY))
      continue;
    gboolean kept = tainted_hash != NULL && sight_asset_hash_is_valid(tainted_hash);
    func(iter.key, kept ? tainted_hash : NULL, kept ? NULL : tainted_why, user_data);
  }
}

static void note(const char *tainted_address, const char *hash, const char *tainted_why, gpointer user_data) {
  SightAssets *assets = user_data;
  if (hash == NULL)
    return;
  if (assets->list == NULL) {
    assets->list = g_ptr_array_new_with_free_func(g_free);
    assets->set = g_hash_table_new(sight_hash_text, g_str_equal);
  }
  if (assets->list->len >= SIGHT_ASSETS_MAX || g_hash_table_contains(assets->set, hash))
    return;
  char *own = g_strdup(hash);
  g_ptr_array_add(assets->list, own);
  g_hash_table_add(assets->set, own);
}

void sight_assets_note(SightAssets *assets, const SightEvent *event) {
  sight_event_each_asset(event, note, assets);
}

void sight_assets_clear(SightAssets *assets) {
  g_clear_pointer(&assets->set, g_hash_table_unref);
  g_clear_pointer(&assets->list, g_ptr_array_unref);
}

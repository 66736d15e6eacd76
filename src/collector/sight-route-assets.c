/* SPDX-License-Identifier: MIT */
/* Pictures, fonts and sheets: asked for and brought by recorders, handed to workstations. */
#include "sight-asset-type.h"
#include "sight-limits.h"
#include "sight-route.h"

/* FALSE: refused already. */
static gboolean check_hash(SightCall *call) {
  if (sight_asset_hash_is_valid(call->argument))
    return TRUE;
  sight_call_refuse(call, 422, "invalid", "hash", "an asset's hash is its SHA-256 as 64 of [0-9a-f]");
  return FALSE;
}

static void answer_none(SightCall *call) {
  sight_call_refuse(call, 404, "not_found", "hash", "there is no such asset");
}

void sight_route_has_asset(SightCall *call) {
  g_autoptr(GError) error = NULL;
  gboolean has = FALSE;
  if (!check_hash(call))
    return;
  if (!call->depot->kind->has_asset(call->depot, call->key->project, call->argument, &has, &error))
    sight_call_fail(call, error);
  else if (!has)
    answer_none(call);
  else
    call->status = 200;
}

void sight_route_get_asset(SightCall *call) {
  g_autoptr(GError) error = NULL;
  g_autofree char *type = NULL;
  g_autoptr(GBytes) content = NULL;
  if (!check_hash(call))
    return;
  if (!call->depot->kind->get_asset(call->depot, call->key->project, call->argument, &type, &content, &error)) {
    sight_call_fail(call, error);
    return;
  }
  if (content == NULL) {
    answer_none(call);
    return;
  }
  gsize bytes = 0;
  const char *data = g_bytes_get_data(content, &bytes);
  call->status = 200;
  call->content_type = g_intern_string(type);
  g_string_append_len(call->answer, data, (gssize)bytes);
}

/* The type of the body; NULL: refused already. */
static const char *check_body(SightCall *call) {
  gsize bytes = 0;
  const void *tainted_content = g_bytes_get_data(call->body, &bytes);
  g_autofree char *sum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, call->body);
  const char *type = sight_asset_type(call->body_type, tainted_content, bytes);
  if (!g_str_equal(sum, call->argument))
    sight_call_refuse(call, 422, "invalid", "hash", "the body has another SHA-256");
  else if (type == NULL)
    sight_call_refuse(call, 415, "unsupported", "content-type",
                      "the body has to be a picture of a usual size, a font or CSS, and be what it is declared as");
  return call->status == 0 ? type : NULL;
}

void sight_route_put_asset(SightCall *call) {
  g_autoptr(GError) error = NULL;
  SightAssetResult result = SIGHT_ASSET_FAILED;
  const char *type = check_hash(call) ? check_body(call) : NULL;
  if (type == NULL)
    return;
  if (!call->depot->kind->put_asset(call->depot, call->key->project, call->argument, type, call->body, &result,
                                    &error)) {
    sight_call_fail(call, error);
    return;
  }
  if (result == SIGHT_ASSET_FULL) {
    sight_call_refuse(call, 413, "session_full", "body", "the session that tells of it has as much as one may");
    return;
  }
  SightJsonWriter w = sight_call_begin(call);
  sight_json_member_bool(&w, "stored", result == SIGHT_ASSET_STORED);
  if (result == SIGHT_ASSET_THERE)
    sight_json_member_bool(&w, "duplicate", TRUE);
  sight_json_end_object(&w);
}

/* SPDX-License-Identifier: MIT */
/* Pictures, fonts and sheets: asked for and brought by recorders, handed to workstations. */
#include "sight-asset-table.h"
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

typedef struct {
  SightCall *call;
  gboolean has;
  char *type;
  GBytes *content;
} Looking;

static void answer_none(SightCall *call) {
  sight_call_refuse(call, 404, "not_found", "hash", "there is no such asset");
}

static gboolean look(SightDb *db, gpointer user_data, GError **error) {
  Looking *looking = user_data;
  return sight_asset_table_has(db, looking->call->key->project, looking->call->argument, &looking->has, error);
}

void sight_route_has_asset(SightCall *call) {
  Looking looking = {.call = call};
  g_autoptr(GError) error = NULL;
  if (!check_hash(call))
    return;
  if (!sight_store_read(call->store, look, &looking, &error))
    sight_call_fail(call, error);
  else if (!looking.has)
    answer_none(call);
  else
    call->status = 200;
}

static gboolean get(SightDb *db, gpointer user_data, GError **error) {
  Looking *looking = user_data;
  return sight_asset_table_get(db, looking->call->key->project, looking->call->argument, &looking->type,
                               &looking->content, error);
}

void sight_route_get_asset(SightCall *call) {
  Looking looking = {.call = call};
  g_autoptr(GError) error = NULL;
  if (!check_hash(call))
    return;
  if (!sight_store_read(call->store, get, &looking, &error)) {
    sight_call_fail(call, error);
    return;
  }
  g_autofree char *type = looking.type;
  g_autoptr(GBytes) content = looking.content;
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

typedef struct {
  SightCall *call;
  const char *type;
  SightAssetResult result;
} Put;

static gboolean put(SightDb *db, gpointer user_data, GError **error) {
  Put *p = user_data;
  gsize bytes = 0;
  const void *content = g_bytes_get_data(p->call->body, &bytes);
  p->result = sight_asset_table_put(db, p->call->key->project, p->call->argument, p->type, content, bytes, error);
  return p->result != SIGHT_ASSET_FAILED;
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
  Put p = {.call = call};
  if (!check_hash(call) || (p.type = check_body(call)) == NULL)
    return;
  if (!sight_store_write(call->store, SIGHT_WRITE_DURABLE, put, &p, &error)) {
    sight_call_fail(call, error);
    return;
  }
  if (p.result == SIGHT_ASSET_FULL) {
    sight_call_refuse(call, 413, "session_full", "body", "the session that tells of it has as much as one may");
    return;
  }
  SightJsonWriter w = sight_call_begin(call);
  sight_json_member_bool(&w, "stored", p.result == SIGHT_ASSET_STORED);
  if (p.result == SIGHT_ASSET_THERE)
    sight_json_member_bool(&w, "duplicate", TRUE);
  sight_json_end_object(&w);
}

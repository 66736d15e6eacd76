/* SPDX-License-Identifier: MIT */
/* Pictures, fonts and sheets that a session shows and that are not in the cache. */
#include "sight-asset-table.h"
#include "sight-asset-type.h"
#include "sight-limits.h"
#include "sight-pull.h"
#include "sight-session-table.h"

#include <glib/gi18n-lib.h>

/* For those of one session: then others go first, and the rest comes later. */
#define MAX_US (G_GINT64_CONSTANT(300) * G_USEC_PER_SEC)

typedef struct {
  SightRound *round;
  const char *session;
  GPtrArray *missing; /* of char: hashes */
  /* the one that came last */
  const char *hash, *type;
  const GString *content;
  SightAssetResult result;
} Assets;

/* *row is 0 where the session is not there. */
static gboolean find_session(SightDb *db, const Assets *assets, gint64 *row, GError **error) {
  g_autoptr(GError) failure = NULL;
  g_autoptr(SightSession) session =
      sight_session_table_find(db, assets->round->endpoint->row, assets->session, &failure);
  *row = session != NULL && g_str_equal(session->session, assets->session) ? session->row : 0;
  if (session != NULL || g_error_matches(failure, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&failure));
  return FALSE;
}

static gboolean list_missing(SightDb *db, gpointer user_data, GError **error) {
  Assets *assets = user_data;
  gint64 row = 0;
  if (!find_session(db, assets, &row, error))
    return FALSE;
  assets->missing = sight_asset_table_missing(db, row, error);
  return assets->missing != NULL;
}

static gboolean put(SightDb *db, gpointer user_data, GError **error) {
  Assets *assets = user_data;
  gint64 row = 0;
  if (!find_session(db, assets, &row, error))
    return FALSE;
  /* Erased meanwhile. */
  if (row == 0)
    return TRUE;
  assets->result = sight_asset_table_put(db, assets->round->endpoint->row, assets->hash, assets->type,
                                         assets->content->str, assets->content->len, error);
  return assets->result != SIGHT_ASSET_FAILED;
}

/* TRUE also where the collector does not have it, or it is not what it should be: it stays missing. */
static gboolean pull_one(Assets *assets, const char *hash, GError **error) {
  SightRound *round = assets->round;
  g_autofree char *path = g_strconcat("/v1/assets/", hash, NULL);
  g_autofree char *tainted_type = NULL;
  g_autoptr(GString) tainted_content = g_string_new(NULL);
  guint status = sight_http_get(round->http, path, SIGHT_WIRE_ASSET_BYTES, tainted_content, &tainted_type,
                                round->cancellable, error);
  if (status != 200)
    return status != 0;
  g_autofree char *sum =
      g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)tainted_content->str, tainted_content->len);
  assets->type = sight_asset_type(tainted_type != NULL ? tainted_type : "", tainted_content->str, tainted_content->len);
  if (!g_str_equal(sum, hash) || assets->type == NULL)
    return TRUE;
  assets->hash = hash;
  assets->content = tainted_content;
  if (!sight_store_write(round->store, SIGHT_WRITE_NORMAL, put, assets, error))
    return FALSE;
  if (assets->result == SIGHT_ASSET_STORED) {
    round->total->n_assets++;
    sight_round_tell(round);
  }
  return TRUE;
}

gboolean sight_pull_assets(SightRound *round, const char *session, GError **error) {
  Assets assets = {.round = round, .session = session};
  gint64 end_us = g_get_monotonic_time() + MAX_US;
  if (!sight_store_read(round->store, list_missing, &assets, error))
    return FALSE;
  g_autoptr(GPtrArray) missing = assets.missing;
  g_autoptr(GError) failure = NULL;
  for (guint i = 0; i < missing->len && assets.result != SIGHT_ASSET_FULL; i++) {
    if (g_get_monotonic_time() > end_us) {
      g_clear_error(&failure);
      failure = g_error_new_literal(SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL, _("its pictures come too slowly"));
      break;
    }
    g_autoptr(GError) problem = NULL;
    if (pull_one(&assets, missing->pdata[i], &problem))
      continue;
    /* What goes wrong with one of them does not concern the others. */
    gboolean alone = g_error_matches(problem, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL);
    if (!alone || failure == NULL) {
      g_clear_error(&failure);
      failure = g_steal_pointer(&problem);
    }
    if (!alone)
      break;
  }
  if (failure == NULL)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&failure));
  return FALSE;
}

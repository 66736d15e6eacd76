/* SPDX-License-Identifier: MIT */
/* What other workstations found in the sessions of a collector. */
#include "sight-change-table.h"
#include "sight-digest-json.h"
#include "sight-digest-table.h"
#include "sight-digest-text.h"
#include "sight-endpoint-table.h"
#include "sight-limits.h"
#include "sight-pull.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_PAGES 10000
#define MAX_DEPTH 16
/* Digests that are stored together. */
#define GROUP 50

typedef struct {
  SightRound *round;
  GPtrArray *digests; /* of SightDigest: the page */
  guint first, end;   /* the group */
  GPtrArray *grown;   /* of SightChange: recordings that are here and of which there is more */
  char *cursor;
  gboolean more;
} Page;

static void page_clear(Page *page) {
  g_clear_pointer(&page->digests, g_ptr_array_unref);
  g_clear_pointer(&page->grown, g_ptr_array_unref);
  g_free(page->cursor);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Page, page_clear)

static gboolean not_ours(GError **error, const char *what) {
  g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL, _("The collector's answer makes no sense: %s."),
              what);
  return FALSE;
}

static gboolean read_page(const GString *tainted_answer, Page *page, GError **error) {
  SightEndpoint *endpoint = page->round->endpoint;
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(MAX_DEPTH);
  SightJson root = {0};
  if (!sight_json_parser_parse(parser, tainted_answer->str, tainted_answer->len, &root, NULL))
    return not_ours(error, _("it is no JSON"));
  const char *cursor = sight_json_string(sight_json_get(root, "cursor"), NULL);
  if (cursor == NULL || *cursor == '\0' || strlen(cursor) > SIGHT_WIRE_CURSOR_BYTES)
    return not_ours(error, _("no cursor"));
  page->cursor = g_strdup(cursor);
  page->more = sight_json_bool(sight_json_get(root, "more"), FALSE);
  SightJsonIter it = sight_json_iter(sight_json_get(root, "digests"));
  while (sight_json_next(&it)) {
    SightDigest *digest = sight_digest_read(it.value);
    if (digest != NULL)
      g_ptr_array_add(page->digests, digest);
    else
      page->round->total->n_unread++;
  }
  if (page->more && g_strcmp0(cursor, endpoint->cursor) == 0)
    return not_ours(error, _("more of nothing"));
  if (!page->more) {
    endpoint->n_there = MAX(sight_json_int(sight_json_get(root, "sessions"), -1), -1);
    endpoint->n_told = MAX(sight_json_int(sight_json_get(root, "with_digest"), 0), 0);
  }
  return TRUE;
}

static gboolean get_page(SightRound *round, gint64 since_ms, Page *page, GError **error) {
  const char *cursor = round->endpoint->cursor;
  g_autoptr(GString) answer = g_string_new(NULL);
  g_autofree char *escaped = cursor != NULL ? g_uri_escape_string(cursor, NULL, FALSE) : g_strdup("");
  g_autofree char *path = g_strdup_printf("/v1/digests?since=%" G_GINT64_FORMAT "&after=%s", MAX(since_ms, 0), escaped);
  guint status = sight_http_send(round->http, "GET", path, NULL, answer, round->cancellable, error);
  if (status == 200)
    return read_page(answer, page, error);
  if (status == 409 && cursor != NULL)
    g_set_error_literal(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_CURSOR, _("The collector has another store now."));
  else if (status == 404)
    g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL,
                _("%s cannot be asked for a part of what it has: update it, or take all of it (“--slice all”)."),
                round->endpoint->url);
  else if (status != 0)
    g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL, _("There is no collector at %s (%u)."),
                round->endpoint->url, status);
  return FALSE;
}

/* A recording that is here is analysed here: of it only what is new is wanted. */
static gboolean note_growth(SightDb *db, Page *page, const SightDigest *digest, GError **error) {
  gint64 followed = sight_change_table_get_followed(db, page->round->endpoint->row, digest->session, error);
  if (followed >= 0 && digest->arrival > followed) {
    SightChange *change = g_new0(SightChange, 1);
    change->session = g_strdup(digest->session);
    change->last_arrival = digest->arrival;
    g_ptr_array_add(page->grown, change);
  }
  return followed >= 0;
}

static gboolean take_group(SightDb *db, gpointer user_data, GError **error) {
  Page *page = user_data;
  gint64 endpoint = page->round->endpoint->row;
  for (guint i = page->first; i < page->end; i++) {
    const SightDigest *digest = g_ptr_array_index(page->digests, i);
    gint64 row = 0;
    gboolean taken = FALSE, here = TRUE;
    const char *problem = NULL;
    if (digest->erased)
      continue;
    if (!sight_digest_take(db, endpoint, digest, &row, &taken, &problem, error))
      return FALSE;
    page->round->total->n_digests += taken ? 1 : 0;
    page->round->total->n_unread += problem != NULL ? 1 : 0;
    if (row > 0 && !taken && problem == NULL &&
        (!sight_digest_table_is_here(db, row, &here, error) || (here && !note_growth(db, page, digest, error))))
      return FALSE;
  }
  return TRUE;
}

static gboolean take_page(Page *page, GError **error) {
  SightRound *round = page->round;
  for (guint i = 0; i < page->digests->len; i++) {
    const SightDigest *digest = g_ptr_array_index(page->digests, i);
    if (digest->erased && !sight_round_erase(round, digest->session, error))
      return FALSE;
  }
  for (page->first = 0; page->first < page->digests->len; page->first = page->end) {
    page->end = MIN(page->first + GROUP, page->digests->len);
    if (g_cancellable_set_error_if_cancelled(round->cancellable, error) ||
        !sight_store_write(round->store, SIGHT_WRITE_NORMAL, take_group, page, error))
      return FALSE;
    sight_round_tell(round);
  }
  for (guint i = 0; i < page->grown->len; i++) {
    if (!sight_round_take(round, g_ptr_array_index(page->grown, i), error))
      return FALSE;
  }
  return TRUE;
}

static gboolean set_there(SightDb *db, gpointer user_data, GError **error) {
  const SightEndpoint *endpoint = user_data;
  return sight_endpoint_table_set_there(db, endpoint->row, endpoint->n_there, endpoint->n_told, error);
}

static gboolean pull_page(SightRound *round, gint64 since_ms, gboolean *more, GError **error) {
  g_auto(Page) page = {.round = round};
  page.digests = g_ptr_array_new_with_free_func((GDestroyNotify)sight_digest_free);
  page.grown = g_ptr_array_new_with_free_func((GDestroyNotify)sight_change_free);
  if (!get_page(round, since_ms, &page, error) || !sight_round_compare_project(round, page.cursor, error) ||
      !take_page(&page, error))
    return FALSE;
  *more = page.more;
  g_free(round->endpoint->cursor);
  round->endpoint->cursor = g_steal_pointer(&page.cursor);
  return (page.more || sight_store_write(round->store, SIGHT_WRITE_NORMAL, set_there, round->endpoint, error)) &&
         sight_round_save(round, error);
}

gboolean sight_pull_digests(SightRound *round, gint64 since_ms, GError **error) {
  gboolean more = TRUE;
  for (guint n_pages = 0; more && n_pages < MAX_PAGES; n_pages++) {
    if (!pull_page(round, since_ms, &more, error))
      return FALSE;
  }
  return TRUE;
}

/* Bringing them */

typedef struct {
  gint64 endpoint, after_row;
  int version;
  GArray *rows;
  gint64 row;
  SightDigest *digest;
} Bringing;

static gboolean list_unsent(SightDb *db, gpointer user_data, GError **error) {
  Bringing *bringing = user_data;
  bringing->rows =
      sight_digest_table_unsent(db, bringing->endpoint, bringing->version, bringing->after_row, GROUP, error);
  return bringing->rows != NULL;
}

static gboolean make_digest(SightDb *db, gpointer user_data, GError **error) {
  Bringing *bringing = user_data;
  bringing->digest = sight_digest_make(db, bringing->row, error);
  return bringing->digest != NULL;
}

static gboolean note_sent(SightDb *db, gpointer user_data, GError **error) {
  const Bringing *bringing = user_data;
  return sight_digest_table_note(db, bringing->row, bringing->endpoint, bringing->digest, error);
}

/* A session that grew or went meanwhile comes by again. */
static gboolean bring_one(SightRound *round, Bringing *bringing, GError **error) {
  g_autoptr(GError) failure = NULL;
  g_autoptr(GString) answer = g_string_new(NULL);
  if (!sight_store_read(round->store, make_digest, bringing, &failure)) {
    if (g_error_matches(failure, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND))
      return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  g_autoptr(SightDigest) digest = bringing->digest;
  g_autofree char *path = g_strdup_printf("/v1/sessions/%s/digest", digest->session);
  guint status = sight_http_send(round->http, "PUT", path, digest->text, answer, round->cancellable, error);
  if (status == 0)
    return FALSE;
  if (status != 200 && status != 404 && status != 409 && status != 410)
    return not_ours(error, answer->str);
  round->total->n_pushed += status == 200 ? 1 : 0;
  sight_round_tell(round);
  return status != 200 || sight_store_write(round->store, SIGHT_WRITE_NORMAL, note_sent, bringing, error);
}

gboolean sight_push_digests(SightRound *round, int version, GError **error) {
  Bringing bringing = {.endpoint = round->endpoint->row, .version = version};
  for (guint n = GROUP; n == GROUP;) {
    if (!sight_store_read(round->store, list_unsent, &bringing, error))
      return FALSE;
    g_autoptr(GArray) rows = bringing.rows;
    n = rows->len;
    for (guint i = 0; i < n; i++) {
      bringing.row = g_array_index(rows, gint64, i);
      bringing.after_row = bringing.row;
      if (!bring_one(round, &bringing, error))
        return FALSE;
    }
  }
  return TRUE;
}

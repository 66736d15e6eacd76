/* SPDX-License-Identifier: MIT */
/* Annotations both ways. */
#include "sight-annotation-json.h"
#include "sight-annotation-table.h"
#include "sight-limits.h"
#include "sight-pull.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_PAGES 10000

static GBytes *to_json(const SightAnnotation *annotation) {
  GString *out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};
  sight_annotation_write(&w, annotation);
  return g_string_free_to_bytes(out);
}

typedef struct {
  gint64 endpoint;
  GPtrArray *list;
  const SightAnnotation *pushed;
  gint64 stored_ms; /* the time that the collector gave it */
} Pushing;

static gboolean list_unpushed(SightDb *db, gpointer user_data, GError **error) {
  Pushing *pushing = user_data;
  pushing->list = sight_annotation_table_unpushed(db, pushing->endpoint, error);
  return pushing->list != NULL;
}

static gboolean set_pushed(SightDb *db, gpointer user_data, GError **error) {
  const Pushing *pushing = user_data;
  return sight_annotation_table_set_pushed(db, pushing->endpoint, pushing->pushed->id, pushing->pushed->updated_ms,
                                           pushing->stored_ms, error);
}

/* The collector bounds times by its own clock, and tells. Where it has a newer version, that one comes by itself. */
static gint64 stored_time(const GString *tainted_answer, const SightAnnotation *pushed) {
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(8);
  SightJson root = {0};
  if (!sight_json_parser_parse(parser, tainted_answer->str, tainted_answer->len, &root, NULL) ||
      !sight_json_bool(sight_json_get(root, "stored"), FALSE))
    return pushed->updated_ms;
  gint64 stored_ms = sight_json_int(sight_json_get(root, "updated_at"), pushed->updated_ms);
  return CLAMP(stored_ms, 0, SIGHT_WIRE_TIME_MAX_MS);
}

/* A token that may only read still syncs: what is made here then stays here, to be pushed some day. */
static gboolean push_one(SightRound *round, Pushing *pushing, gboolean *may_push, guint *status, GError **error) {
  const SightAnnotation *annotation = pushing->pushed;
  g_autofree char *path = g_strconcat("/v1/annotations/", annotation->id, NULL);
  g_autoptr(GBytes) json = to_json(annotation);
  g_autoptr(GString) answer = g_string_new(NULL);
  g_autoptr(GError) failure = NULL;
  *status = sight_http_send(round->http, "PUT", path, json, answer, round->cancellable, &failure);
  *may_push = !g_error_matches(failure, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_REFUSED);
  if (*status != 0)
    pushing->stored_ms = stored_time(answer, annotation);
  if (*status != 0 || !*may_push)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&failure));
  return FALSE;
}

gboolean sight_push_annotations(SightRound *round, GError **error) {
  Pushing pushing = {.endpoint = round->endpoint->row};
  if (!sight_store_read(round->store, list_unpushed, &pushing, error))
    return FALSE;
  g_autoptr(GPtrArray) list = pushing.list;
  guint n_refused = 0;
  for (guint i = 0; i < list->len; i++) {
    gboolean may_push = TRUE;
    guint status = 0;
    pushing.pushed = g_ptr_array_index(list, i);
    if (!push_one(round, &pushing, &may_push, &status, error))
      return FALSE;
    if (!may_push)
      return TRUE;
    gboolean arrived = status >= 200 && status <= 299;
    /* 410: of an erased session; nobody is to have it. The others are told of and tried again. */
    if (!arrived && status != 410) {
      n_refused++;
      continue;
    }
    if (!sight_store_write(round->store, SIGHT_WRITE_NORMAL, set_pushed, &pushing, error))
      return FALSE;
    round->total->n_pushed += arrived ? 1 : 0;
    sight_round_tell(round);
  }
  if (n_refused == 0)
    return TRUE;
  g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL,
              ngettext("The collector did not take %u tag.", "The collector did not take %u tags.", n_refused),
              n_refused);
  return FALSE;
}

typedef struct {
  SightRound *round;
  SightJson root;
  guint n_changed;
} Page;

static gboolean store_page(SightDb *db, gpointer user_data, GError **error) {
  Page *page = user_data;
  g_autoptr(GPtrArray) annotations = g_ptr_array_new_with_free_func((GDestroyNotify)sight_annotation_free);
  SightJsonIter it = sight_json_iter(sight_json_get(page->root, "annotations"));
  while (sight_json_next(&it)) {
    const char *wrong = NULL;
    SightAnnotation *annotation = sight_annotation_read(it.value, NULL, &wrong);
    if (annotation == NULL)
      continue;
    annotation->endpoint = page->round->endpoint->row;
    g_ptr_array_add(annotations, annotation);
  }
  return sight_annotation_table_put_all(db, annotations, SIGHT_ANNOTATION_OF_ENDPOINT, &page->n_changed, error);
}

static gboolean pull_page(SightRound *round, gboolean *more, GError **error) {
  SightEndpoint *endpoint = round->endpoint;
  const char *before = endpoint->annotation_cursor;
  g_autofree char *escaped = g_uri_escape_string(before != NULL ? before : "", NULL, FALSE);
  g_autofree char *path = g_strconcat("/v1/annotations?after=", escaped, NULL);
  g_autoptr(GString) answer = g_string_new(NULL);
  guint status = sight_http_send(round->http, "GET", path, NULL, answer, round->cancellable, error);
  if (status == 0)
    return FALSE;
  if (status == 409 && before != NULL) {
    g_set_error_literal(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_CURSOR, _("The collector has another store now."));
    return FALSE;
  }
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(16);
  Page page = {.round = round};
  const char *cursor = NULL;
  if (status == 200 && sight_json_parser_parse(parser, answer->str, answer->len, &page.root, NULL))
    cursor = sight_json_string(sight_json_get(page.root, "cursor"), NULL);
  *more = sight_json_bool(sight_json_get(page.root, "more"), FALSE);
  if (cursor == NULL || strlen(cursor) > SIGHT_WIRE_CURSOR_BYTES || (*more && g_strcmp0(cursor, before) == 0)) {
    g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL, _("The collector's answer makes no sense: %s."),
                _("no annotations"));
    return FALSE;
  }
  if (!sight_store_write(round->store, SIGHT_WRITE_DURABLE, store_page, &page, error))
    return FALSE;
  round->total->n_pulled += page.n_changed;
  g_free(endpoint->annotation_cursor);
  endpoint->annotation_cursor = g_strdup(cursor);
  sight_round_tell(round);
  return sight_round_save(round, error);
}

gboolean sight_pull_annotations(SightRound *round, GError **error) {
  gboolean more = TRUE;
  for (guint n_pages = 0; more && n_pages < MAX_PAGES; n_pages++) {
    if (!pull_page(round, &more, error))
      return FALSE;
  }
  return TRUE;
}

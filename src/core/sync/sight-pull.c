/* SPDX-License-Identifier: MIT */
/* The stream of changes, and the batches of each session that changed. */
#include "sight-pull.h"

#include "sight-annotation-table.h"
#include "sight-batch-table.h"
#include "sight-change-json.h"
#include "sight-change-table.h"
#include "sight-cursor.h"
#include "sight-envelope.h"
#include "sight-limits.h"
#include "sight-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_ATTEMPTS 5
/* Pages of changes in one round, against one that never ends; the next round goes on. */
#define MAX_PAGES 10000
/* Batches are stored in groups of about so many bytes, or so many batches. */
#define GROUP_BYTES ((gsize)1024 * 1024)
#define GROUP_BATCHES 32

static void envelope_free(SightEnvelope *envelope) {
  sight_envelope_clear(envelope);
  g_free(envelope);
}

typedef struct {
  SightRound *round;
  const SightChange *change;
  const char *cursor;   /* of the answer that told of it; NULL: another round's */
  gint64 followed;      /* all up to here is stored */
  gint64 heard;         /* greatest arrival that was read */
  GPtrArray *envelopes; /* read, not stored */
  gsize group_bytes;
  gboolean unwanted; /* erased here: takes no batches */
} Session;

static gboolean not_ours(GError **error, const char *what) {
  g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL, _("The collector's answer makes no sense: %s."),
              what);
  return FALSE;
}

static gboolean store_group(SightDb *db, gpointer user_data, GError **error) {
  Session *session = user_data;
  gint64 endpoint = session->round->endpoint->row;
  for (guint i = 0; i < session->envelopes->len; i++) {
    const SightEnvelope *envelope = g_ptr_array_index(session->envelopes, i);
    if (sight_batch_table_put(db, endpoint, &envelope->batch, error) == SIGHT_PUT_FAILED)
      return FALSE;
  }
  return sight_change_table_set_followed(db, endpoint, session->change->session, session->heard, error);
}

static gboolean flush_group(Session *session, GError **error) {
  if (session->envelopes->len == 0)
    return TRUE;
  g_autoptr(GError) failure = NULL;
  gboolean done = sight_store_write(session->round->store, SIGHT_WRITE_NORMAL, store_group, session, &failure);
  session->unwanted = g_error_matches(failure, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_ERASED);
  if (!done && !session->unwanted) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  if (done) {
    session->followed = session->heard;
    session->round->total->n_batches += session->envelopes->len;
    session->round->total->n_bytes += session->group_bytes;
    sight_round_tell(session->round);
  }
  g_ptr_array_set_size(session->envelopes, 0);
  session->group_bytes = 0;
  return TRUE;
}

static gboolean take_line(const char *tainted_line, gsize bytes, gpointer user_data, GError **error) {
  Session *session = user_data;
  if (session->unwanted)
    return TRUE;
  SightEnvelope *envelope = g_new0(SightEnvelope, 1);
  g_ptr_array_add(session->envelopes, envelope);
  g_autoptr(GError) failure = NULL;
  gboolean valid = sight_envelope_parse(tainted_line, bytes, envelope, &failure);
  if (valid && g_str_equal(envelope->batch.session, session->change->session) && envelope->arrival > session->heard) {
    gint64 now_ms = g_get_real_time() / 1000;
    if (envelope->batch.received_at_ms <= 0 || envelope->batch.received_at_ms > now_ms)
      envelope->batch.received_at_ms = now_ms;
    session->heard = envelope->arrival;
    session->group_bytes += bytes;
    return (session->group_bytes < GROUP_BYTES && session->envelopes->len < GROUP_BATCHES) ||
           flush_group(session, error);
  }
  /* What came before is whole and is kept. */
  g_ptr_array_set_size(session->envelopes, (int)session->envelopes->len - 1);
  if (!flush_group(session, error))
    return FALSE;
  return not_ours(error, valid ? _("a batch of another session or out of order") : failure->message);
}

static gboolean set_followed(SightDb *db, gpointer user_data, GError **error) {
  const Session *session = user_data;
  return sight_change_table_set_followed(db, session->round->endpoint->row, session->change->session, session->followed,
                                         error);
}

/* One answer with batches. *done: there are no more of them. */
static gboolean pull_answer(Session *session, gboolean *cut, gboolean *done, GError **error) {
  SightRound *round = session->round;
  g_autofree char *cursor = session->cursor != NULL ? g_uri_escape_string(session->cursor, NULL, FALSE) : g_strdup("");
  g_autofree char *path = g_strdup_printf("/v1/sessions/%s/batches?after=%" G_GINT64_FORMAT "&cursor=%s",
                                          session->change->session, session->followed, cursor);
  gint64 before = session->followed;
  session->heard = session->followed;
  guint status = sight_http_get_lines(round->http, path, SIGHT_WIRE_ENVELOPE_BYTES, SIGHT_WIRE_BATCHES_BYTES, take_line,
                                      session, cut, round->cancellable, error);
  if (status == 0)
    return FALSE;
  if (status == 410) {
    *done = TRUE;
    return sight_round_erase(round, session->change->session, error);
  }
  if (status == 409) {
    g_set_error_literal(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_CURSOR, _("The collector has another store now."));
    return FALSE;
  }
  *done = status == 404;
  if (status != 200 && status != 404)
    return not_ours(error, _("no batches of a session that it told of"));
  if (!flush_group(session, error))
    return FALSE;
  gboolean nothing_new = !*cut && session->followed == before;
  /* Told of, but not sent: lost at the collector, or unwanted here. Not asked for again. */
  if (session->unwanted || nothing_new) {
    *done = TRUE;
    if (session->change->last_arrival == SIGHT_PULL_ALL)
      return TRUE;
    session->followed = session->change->last_arrival;
    return sight_store_write(round->store, SIGHT_WRITE_NORMAL, set_followed, session, error);
  }
  *done = *done || session->followed >= session->change->last_arrival;
  return TRUE;
}

static gboolean pull_session(Session *session, GError **error) {
  gboolean done = session->followed >= session->change->last_arrival;
  for (guint attempt = 0; !done;) {
    gboolean cut = FALSE;
    gint64 before = session->followed;
    if (!sight_http_back_off(attempt, session->round->cancellable, error) || !pull_answer(session, &cut, &done, error))
      return FALSE;
    attempt = cut && session->followed == before ? attempt + 1 : 0;
    if (attempt < MAX_ATTEMPTS)
      continue;
    g_set_error_literal(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_OFFLINE,
                        _("The connection to the collector breaks again and again."));
    return FALSE;
  }
  return TRUE;
}

static gboolean get_followed(SightDb *db, gpointer user_data, GError **error) {
  Session *session = user_data;
  session->followed =
      sight_change_table_get_followed(db, session->round->endpoint->row, session->change->session, error);
  return session->followed >= 0;
}

gboolean sight_pull_change(SightRound *round, const SightChange *change, GError **error) {
  g_autoptr(GPtrArray) envelopes = g_ptr_array_new_with_free_func((GDestroyNotify)envelope_free);
  Session session = {.round = round, .change = change, .cursor = round->cursor, .envelopes = envelopes};
  if (change->erased)
    return sight_round_erase(round, change->session, error);
  if (!sight_store_read(round->store, get_followed, &session, error))
    return FALSE;
  return pull_session(&session, error) && sight_pull_assets(round, change->session, error);
}

typedef struct {
  GPtrArray *changes;
  char *cursor;
  gboolean more;
} Page;

static void page_clear(Page *page) {
  g_clear_pointer(&page->changes, g_ptr_array_unref);
  g_clear_pointer(&page->cursor, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Page, page_clear)

static gboolean read_page(const GString *tainted_text, const char *before, Page *page, GError **error) {
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(16);
  SightJson root = {0};
  if (!sight_json_parser_parse(parser, tainted_text->str, tainted_text->len, &root, NULL))
    return not_ours(error, _("no JSON"));
  const char *cursor = sight_json_string(sight_json_get(root, "cursor"), NULL);
  if (cursor == NULL || *cursor == '\0' || strlen(cursor) > SIGHT_WIRE_CURSOR_BYTES)
    return not_ours(error, _("no cursor"));
  page->cursor = g_strdup(cursor);
  page->more = sight_json_bool(sight_json_get(root, "more"), FALSE);
  page->changes = g_ptr_array_new_with_free_func((GDestroyNotify)sight_change_free);
  SightJsonIter it = sight_json_iter(sight_json_get(root, "changes"));
  while (sight_json_next(&it)) {
    SightChange *change = sight_change_read(it.value);
    if (change == NULL)
      return not_ours(error, _("a change without a session"));
    g_ptr_array_add(page->changes, change);
  }
  if (page->more && (page->changes->len == 0 || g_strcmp0(cursor, before) == 0))
    return not_ours(error, _("more of nothing"));
  return TRUE;
}

static gboolean forget_cursors(SightDb *db, gpointer user_data, GError **error) {
  SightEndpoint *endpoint = user_data;
  return sight_change_table_forget_followed(db, endpoint->row, error) &&
         sight_endpoint_table_set_synced(db, endpoint->row, NULL, NULL, endpoint->synced_ms, endpoint->problem, error);
}

gboolean sight_round_start_over(SightRound *round, GError **error) {
  SightEndpoint *endpoint = round->endpoint;
  if (round->lost_cursor != NULL)
    return not_ours(error, _("it does not know its own cursor"));
  round->lost_cursor = g_strdup(endpoint->cursor != NULL ? endpoint->cursor : "");
  g_clear_pointer(&endpoint->cursor, g_free);
  g_clear_pointer(&endpoint->annotation_cursor, g_free);
  return sight_store_write(round->store, SIGHT_WRITE_NORMAL, forget_cursors, endpoint, error);
}

static gboolean get_page(SightRound *round, Page *page, GError **error) {
  const char *cursor = round->endpoint->cursor;
  g_autoptr(GString) answer = g_string_new(NULL);
  g_autofree char *escaped = cursor != NULL ? g_uri_escape_string(cursor, NULL, FALSE) : g_strdup("");
  g_autofree char *path = g_strconcat("/v1/changes?after=", escaped, NULL);
  guint status = sight_http_send(round->http, "GET", path, NULL, answer, round->cancellable, error);
  if (status == 0)
    return FALSE;
  if (status == 200)
    return read_page(answer, cursor, page, error);
  if (status == 409 && cursor != NULL)
    g_set_error_literal(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_CURSOR, _("The collector has another store now."));
  else
    g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL, _("There is no collector at %s (%u)."),
                round->endpoint->url, status);
  return FALSE;
}

static gboolean push_again(SightDb *db, gpointer user_data, GError **error) {
  const SightRound *round = user_data;
  return sight_annotation_table_push_again(db, round->endpoint->row, error);
}

gboolean sight_round_compare_project(SightRound *round, const char *cursor, GError **error) {
  if (round->lost_cursor == NULL || round->was_put_back || !sight_cursor_same_project(round->lost_cursor, cursor))
    return TRUE;
  round->was_put_back = TRUE;
  return sight_store_write(round->store, SIGHT_WRITE_DURABLE, push_again, round, error);
}

static gboolean pull_page(SightRound *round, gboolean *more, GError **error) {
  g_auto(Page) page = {0};
  if (!get_page(round, &page, error) || !sight_round_compare_project(round, page.cursor, error))
    return FALSE;
  round->total->n_sessions_total += page.changes->len;
  sight_round_tell(round);
  round->cursor = page.cursor;
  gboolean taken = TRUE;
  for (guint i = 0; taken && i < page.changes->len; i++)
    taken = sight_round_take(round, g_ptr_array_index(page.changes, i), error);
  round->cursor = NULL;
  if (!taken)
    return FALSE;
  *more = page.more;
  g_free(round->endpoint->cursor);
  round->endpoint->cursor = g_steal_pointer(&page.cursor);
  return sight_round_save(round, error);
}

static gboolean pull_pages(SightRound *round, GError **error) {
  gboolean more = TRUE;
  for (guint n_pages = 0; more && n_pages < MAX_PAGES; n_pages++) {
    g_autoptr(GError) failure = NULL;
    if (pull_page(round, &more, &failure))
      continue;
    if (!g_error_matches(failure, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_CURSOR)) {
      g_propagate_error(error, g_steal_pointer(&failure));
      return FALSE;
    }
    if (!sight_round_start_over(round, error))
      return FALSE;
  }
  return TRUE;
}

gboolean sight_pull_changes(SightRound *round, GError **error) {
  if (!pull_pages(round, error))
    return FALSE;
  round->cursor = round->endpoint->cursor;
  return sight_round_retry_aside(round, error);
}

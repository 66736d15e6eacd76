/* SPDX-License-Identifier: MIT */
/* Events of one recording, made unique by their content, put in order, and stored behind what is stored. */
#include "sight-take.h"

#include "sight-batch-table.h"
#include "sight-change-table.h"
#include "sight-format.h"
#include "sight-hash.h"
#include "sight-import-sink.h"
#include "sight-session-table.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define DIGEST_BYTES 16

gsize sight_take_max_bytes = (gsize)512 * 1024 * 1024;

typedef struct {
  guint window;
  gint64 time_ms;
  gsize at, bytes; /* in the text */
  guint8 digest[DIGEST_BYTES];
} Item;

/* An event that is still to be made. */
typedef struct {
  gint64 time_ms;
  const char *tag;
  char *about;   /* the first text in it */
  char *payload; /* JSON */
} Told;

static void told_clear(gpointer told) {
  g_free(((Told *)told)->about);
  g_free(((Told *)told)->payload);
}

/* Times of the first and the last event of a window. */
typedef struct {
  gint64 first_ms, last_ms;
} Stretch;

struct SightTake {
  GString *text;
  GArray *items;              /* of Item */
  GPtrArray *windows;         /* ids */
  GArray *stretches;          /* of Stretch, by window */
  GHashTable *window_numbers; /* the strings are those of the array */
  GHashTable *known;          /* of digests, owned */
  GArray *told;               /* of Told */
  guint64 n_rejected;
  char *reason; /* of the first that was left out */
};

/* A part of a SHA-256 is spread well enough. */
static guint hash_digest(gconstpointer digest) {
  guint hash = 0;
  memcpy(&hash, digest, sizeof hash);
  return hash;
}

static gboolean equal_digests(gconstpointer a, gconstpointer b) {
  return memcmp(a, b, DIGEST_BYTES) == 0;
}

SightTake *sight_take_new(void) {
  SightTake *take = g_new0(SightTake, 1);
  take->text = g_string_new(NULL);
  take->items = g_array_new(FALSE, FALSE, sizeof(Item));
  take->told = g_array_new(FALSE, FALSE, sizeof(Told));
  g_array_set_clear_func(take->told, told_clear);
  take->windows = g_ptr_array_new_with_free_func(g_free);
  take->stretches = g_array_new(FALSE, FALSE, sizeof(Stretch));
  take->window_numbers = g_hash_table_new(sight_hash_text, g_str_equal);
  take->known = g_hash_table_new_full(hash_digest, equal_digests, g_free, NULL);
  return take;
}

void sight_take_free(SightTake *take) {
  if (take == NULL)
    return;
  g_string_free(take->text, TRUE);
  g_array_unref(take->items);
  g_hash_table_unref(take->window_numbers);
  g_ptr_array_unref(take->windows);
  g_array_unref(take->stretches);
  g_hash_table_unref(take->known);
  g_array_unref(take->told);
  g_free(take->reason);
  g_free(take);
}

void sight_take_tell(SightTake *take, gint64 time_ms, const char *tag, ...) {
  g_autoptr(GString) payload = g_string_new(NULL);
  SightJsonWriter w = {.out = payload};
  Told told = {.time_ms = time_ms, .tag = tag};
  va_list more;
  sight_json_begin_object(&w);
  va_start(more, tag);
  for (const char *key = va_arg(more, const char *); key != NULL; key = va_arg(more, const char *)) {
    const char *tainted_text = va_arg(more, const char *);
    if (tainted_text != NULL)
      sight_json_member_string(&w, key, tainted_text);
    if (told.about == NULL)
      told.about = g_strdup(tainted_text);
  }
  va_end(more);
  sight_json_end_object(&w);
  told.payload = g_strdup(payload->str);
  g_array_append_val(take->told, told);
}

void sight_take_note_loss(SightTake *take, const char *what) {
  take->n_rejected++;
  if (take->reason == NULL)
    take->reason = g_strdup(what);
}

guint sight_take_n_events(const SightTake *take) {
  return take->items->len;
}

static guint window_number(SightTake *take, const char *tainted_window) {
  g_autofree char *id = sight_import_window_id(tainted_window);
  gpointer number = NULL;
  if (g_hash_table_lookup_extended(take->window_numbers, id, NULL, &number))
    return GPOINTER_TO_UINT(number);
  guint next = take->windows->len;
  const Stretch none = {G_MAXINT64, G_MININT64};
  g_array_append_val(take->stretches, none);
  g_hash_table_insert(take->window_numbers, id, GUINT_TO_POINTER(next));
  g_ptr_array_add(take->windows, g_steal_pointer(&id));
  return next;
}

/* Line ends are not stored: JSON has them only between its tokens. */
static void digest_event(const SightEvent *event, guint8 *digest) {
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  guint8 whole[32];
  gsize bytes = sizeof whole, at = 0;
  while (at < event->text_bytes) {
    gsize length = 0;
    while (at + length < event->text_bytes && event->text[at + length] != '\n' && event->text[at + length] != '\r')
      length++;
    g_checksum_update(sum, (const guchar *)event->text + at, (gssize)length);
    at += length + 1;
  }
  g_checksum_get_digest(sum, whole, &bytes);
  memcpy(digest, whole, DIGEST_BYTES);
}

/* The same event of another window is another one. */
static void digest_in_window(guint8 *digest, const char *window) {
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  guint8 whole[32];
  gsize bytes = sizeof whole;
  g_checksum_update(sum, digest, DIGEST_BYTES);
  g_checksum_update(sum, (const guchar *)window, -1);
  g_checksum_get_digest(sum, whole, &bytes);
  memcpy(digest, whole, DIGEST_BYTES);
}

/* What a product tells beside a recording is the same where it is of the same time, tag and first text: the next time
 * more or less may be known of it, such as the stack of an error. */
static void digest_told(const char *tag, const char *about, gint64 time_ms, guint8 *digest) {
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  guint8 whole[32];
  gsize bytes = sizeof whole;
  g_checksum_update(sum, (const guchar *)&time_ms, sizeof time_ms);
  g_checksum_update(sum, (const guchar *)tag, (gssize)strlen(tag) + 1);
  g_checksum_update(sum, (const guchar *)about, (gssize)strlen(about) + 1);
  g_checksum_get_digest(sum, whole, &bytes);
  memcpy(digest, whole, DIGEST_BYTES);
}

/* FALSE where it is known already. */
static gboolean learn(SightTake *take, const guint8 *digest) {
  return g_hash_table_add(take->known, g_memdup2(digest, DIGEST_BYTES));
}

static gboolean add_as(SightTake *take, const SightEvent *event, guint window, const guint8 *digest, GError **error) {
  Item item = {.window = window, .time_ms = event->time_ms, .at = take->text->len, .bytes = event->text_bytes};
  memcpy(item.digest, digest, DIGEST_BYTES);
  if (!learn(take, item.digest))
    return TRUE;
  if (take->text->len + event->text_bytes > sight_take_max_bytes) {
    g_set_error_literal(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL, _("it is too large"));
    return FALSE;
  }
  g_string_append_len(take->text, event->text, (gssize)event->text_bytes);
  g_array_append_val(take->items, item);
  Stretch *stretch = &g_array_index(take->stretches, Stretch, window);
  stretch->first_ms = MIN(stretch->first_ms, item.time_ms);
  stretch->last_ms = MAX(stretch->last_ms, item.time_ms);
  return TRUE;
}

static gboolean add(SightTake *take, const SightEvent *event, guint window, GError **error) {
  guint8 digest[DIGEST_BYTES];
  digest_event(event, digest);
  digest_in_window(digest, take->windows->pdata[window]);
  return add_as(take, event, window, digest, error);
}

static gboolean take_event(const SightEvent *event, const char *tainted_session, const char *tainted_window,
                           gpointer user_data, GError **error) {
  SightTake *take = user_data;
  return add(take, event, window_number(take, tainted_window), error);
}

gboolean sight_take_content(SightTake *take, GBytes *tainted_content, GError **error) {
  g_auto(SightReaderReport) report = {0};
  g_autoptr(GError) failure = NULL;
  gboolean read = sight_format_read_bytes(tainted_content, take_event, take, &report, &failure);
  if (read && report.partial) {
    g_set_error_literal(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_OFFLINE, _("a recording ends in the middle"));
    return FALSE;
  }
  for (guint64 i = 0; read && i < report.n_rejected; i++)
    sight_take_note_loss(take, report.first_reason);
  if (read || g_error_matches(failure, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_EMPTY))
    return TRUE;
  if (failure->domain == SIGHT_EVENT_ERROR)
    g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL, _("it is no recording: %s"), failure->message);
  else
    g_propagate_error(error, g_steal_pointer(&failure));
  return FALSE;
}

/* Whether the window has events before and after. */
static gboolean is_recorded(const SightTake *take, guint window, gint64 time_ms) {
  const Stretch *stretch = &g_array_index(take->stretches, Stretch, window);
  return stretch->first_ms <= time_ms && stretch->last_ms >= time_ms;
}

void sight_take_beside(SightTake *take, const char *tainted_window, gint64 time_ms, const GString *text) {
  g_autofree char *id = sight_import_window_id(tainted_window);
  const SightEvent event = {.time_ms = time_ms, .text = text->str, .text_bytes = text->len};
  gpointer number = NULL;
  if (g_hash_table_lookup_extended(take->window_numbers, id, NULL, &number) &&
      is_recorded(take, GPOINTER_TO_UINT(number), time_ms))
    add(take, &event, GPOINTER_TO_UINT(number), NULL);
}

static int by_window_and_time(gconstpointer a, gconstpointer b) {
  const Item *first = a, *second = b;
  if (first->window != second->window)
    return first->window < second->window ? -1 : 1;
  if (first->time_ms != second->time_ms)
    return first->time_ms < second->time_ms ? -1 : 1;
  return first->at < second->at ? -1 : first->at > second->at;
}

/* NULL where there are none. */
static const Item *first_item(const SightTake *take) {
  const Item *first = NULL;
  for (guint i = 0; i < take->items->len; i++) {
    const Item *item = &g_array_index(take->items, Item, i);
    if (first == NULL || item->time_ms < first->time_ms)
      first = item;
  }
  return first;
}

static void write_told(const Told *told, gint64 time_ms, GString *text) {
  SightJsonWriter w = {.out = text};
  sight_json_begin_object(&w);
  sight_json_member_int(&w, "type", SIGHT_EVENT_CUSTOM);
  sight_json_member_int(&w, "timestamp", time_ms);
  sight_json_key(&w, "data");
  sight_json_begin_object(&w);
  sight_json_member_string(&w, "tag", told->tag);
  sight_json_key(&w, "payload");
  sight_json_put_raw(&w, told->payload, strlen(told->payload));
  sight_json_end_object(&w);
  sight_json_end_object(&w);
}

static gboolean add_told(SightTake *take, GError **error) {
  const Item *item = first_item(take);
  if (item == NULL)
    return TRUE;
  Item first = *item;
  for (guint i = 0; i < take->told->len; i++) {
    const Told *told = &g_array_index(take->told, Told, i);
    g_autoptr(GString) text = g_string_new(NULL);
    SightEvent event = {.time_ms = told->time_ms > 0 ? told->time_ms : first.time_ms};
    write_told(told, event.time_ms, text);
    event.text = text->str;
    event.text_bytes = text->len;
    guint8 digest[DIGEST_BYTES];
    digest_told(told->tag, told->about != NULL ? told->about : "", event.time_ms, digest);
    if (!add_as(take, &event, first.window, digest, error))
      return FALSE;
  }
  return TRUE;
}

typedef struct {
  SightTake *take;
  const SightTakeTarget *target;
  GHashTable *stored; /* digests of what is in the store */
  const char *window; /* at hand */
  guint64 n_batches, n_bytes;
} Storing;

static gboolean note_stored_event(const SightEvent *event, const char *tainted_window, gpointer user_data,
                                  GError **error) {
  Storing *storing = user_data;
  const char *tag = sight_event_tag(event);
  guint8 digest[DIGEST_BYTES];
  digest_event(event, digest);
  digest_in_window(digest, storing->window);
  g_hash_table_add(storing->stored, g_memdup2(digest, DIGEST_BYTES));
  if (tag == NULL || !g_str_has_prefix(tag, "ss:"))
    return TRUE;
  SightJsonIter first = sight_json_iter(sight_event_payload(event));
  const char *about = sight_json_next(&first) ? sight_json_string(first.value, NULL) : NULL;
  digest_told(tag, about != NULL ? about : "", event->time_ms, digest);
  g_hash_table_add(storing->stored, g_memdup2(digest, DIGEST_BYTES));
  return TRUE;
}

static gboolean note_stored(const SightStoredBatch *stored, gpointer user_data, GError **error) {
  Storing *storing = user_data;
  storing->window = stored->batch.window;
  return sight_event_read_bytes(stored->batch.events, stored->batch.events_bytes, NULL, note_stored_event, storing,
                                NULL, error);
}

static gboolean put_items(Storing *storing, SightImportSink *sink, GError **error) {
  SightTake *take = storing->take;
  g_autoptr(SightEventParser) parser = sight_event_parser_new();
  for (guint i = 0; i < take->items->len; i++) {
    const Item *item = &g_array_index(take->items, Item, i);
    g_autoptr(GError) why = NULL;
    SightEvent event;
    if (g_hash_table_contains(storing->stored, item->digest))
      continue;
    if (sight_event_parser_parse(parser, take->text->str + item->at, item->bytes, &event, &why) &&
        sight_import_sink_add(sink, &event, take->windows->pdata[item->window], &why)) {
      storing->n_bytes += item->bytes;
      continue;
    }
    if (why != NULL && why->domain != SIGHT_EVENT_ERROR) {
      g_propagate_error(error, g_steal_pointer(&why));
      return FALSE;
    }
    sight_take_note_loss(take, why != NULL ? why->message : _("too many windows"));
  }
  return sight_import_sink_flush(sink, error);
}

static char *describe_loss(const SightTake *take) {
  guint n = (guint)MIN(take->n_rejected, G_MAXUINT);
  return n == 0 ? NULL
                : g_strdup_printf(ngettext("%u part was left out: %s.", "%u parts were left out, the first: %s.", n), n,
                                  take->reason != NULL ? take->reason : _("unknown"));
}

/* 0: there is none. */
static gint64 find_session(SightDb *db, const SightTakeTarget *target) {
  g_autoptr(SightSession) session = sight_session_table_find(db, target->endpoint, target->session, NULL);
  return session != NULL && g_str_equal(session->session, target->session) ? session->row : 0;
}

static gboolean store(SightDb *db, gpointer user_data, GError **error) {
  Storing *storing = user_data;
  const SightTakeTarget *target = storing->target;
  gboolean erased = FALSE;
  if (!sight_change_table_is_erased(db, target->endpoint, target->session, &erased, error))
    return FALSE;
  gint64 row = erased ? 0 : find_session(db, target);
  g_autoptr(SightImportSink) sink = sight_import_sink_new(db, target->endpoint, target->session, target->received_ms);
  if (row > 0 && (!sight_batch_table_each(db, row, NULL, 0, 0, note_stored, storing, NULL, error) ||
                  !sight_import_sink_go_on(sink, row, error)))
    return FALSE;
  if (!erased && !put_items(storing, sink, error))
    return FALSE;
  storing->n_batches = sight_import_sink_n_stored(sink);
  g_autofree char *loss = describe_loss(storing->take);
  if (loss != NULL && storing->n_batches > 0 &&
      !sight_session_table_set_source(db, find_session(db, target), NULL, loss, error))
    return FALSE;
  return sight_change_table_set_followed(db, target->endpoint, target->session, target->followed, error);
}

gboolean sight_take_store(SightTake *take, SightStore *sight_store, const SightTakeTarget *target,
                          SightSyncProgress *total, GError **error) {
  g_autoptr(GHashTable) stored = g_hash_table_new_full(hash_digest, equal_digests, g_free, NULL);
  Storing storing = {.take = take, .target = target, .stored = stored};
  if (!add_told(take, error))
    return FALSE;
  g_array_sort(take->items, by_window_and_time);
  if (!sight_store_write(sight_store, SIGHT_WRITE_NORMAL, store, &storing, error))
    return FALSE;
  total->n_bytes += storing.n_bytes;
  total->n_batches += storing.n_batches;
  return TRUE;
}

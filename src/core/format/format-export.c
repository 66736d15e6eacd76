/* SPDX-License-Identifier: MIT */
/* The zip that PostHog's support hands out: under `data/` what is stored of one session, in files of which each is one
 * block at its place in a larger file, so with zeros before and behind it. A block is snappy of lines `["window",
 * {event}]`. Of what else is in the zip, `clickhouse/events.json` has the events that were captured in the session:
 * rows with the name, the time, and the properties as text. Those go between the events of the recording, each in its
 * window; the rest are rows about the session, not of it. Source: posthog/temporal/session_replay/export_recording in
 * the repository of PostHog. */
#include "sight-format-private.h"
#include "sight-posthog-event.h"

#include "sight-hash.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gi18n-lib.h>
#include <snappy-c.h>
#include <string.h>

#define FOLDER "data/"
#define CAPTURED "clickhouse/events.json"
#define PIECE_BYTES (64 * 1024)
#define MAX_ENTRIES 10000
/* A file may be zeros for as long as the larger file was in which its block stood. */
#define MAX_READ_BYTES (G_GUINT64_CONSTANT(8) * 1024 * 1024 * 1024)
#define MAX_BLOCK_BYTES (64 * 1024 * 1024)
#define MAX_CAPTURED_BYTES (32 * 1024 * 1024)
#define MAX_TEXT_BYTES (256 * 1024 * 1024)

/* What is read: the blocks by the name of their file, which begins with its time. */
typedef struct {
  struct archive *archive;
  GTree *blocks;        /* char * to GByteArray *, as stored */
  GByteArray *captured; /* JSON, or NULL */
  gboolean is_captured_large;
  guint64 n_read_bytes;
  guint64 n_block_bytes;
  guint n_entries;
  GString *found; /* names of what is no block, a few */
} Export;

static gboolean fail_limit(GError **error, const char *what) {
  g_set_error_literal(error, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_LIMIT, what);
  return FALSE;
}

static gboolean fail_archive(const Export *export, GError **error) {
  const char *why = archive_error_string(export->archive);
  g_set_error(error, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_SYNTAX, _("the zip cannot be read: %s"),
              why != NULL ? why : _("it is damaged"));
  return FALSE;
}

static SightCertainty looks_so(const char *tainted_head, gsize bytes) {
  return bytes >= 4 && memcmp(tainted_head, "PK\3\4", 4) == 0 ? SIGHT_CERTAINTY_SURE : SIGHT_CERTAINTY_NONE;
}

/* What is before the first byte that is not zero is not kept. */
static gboolean take_piece(Export *export, GByteArray *block, const guint8 *tainted_piece, gsize bytes,
                           GError **error) {
  gsize skip = 0;
  export->n_read_bytes += bytes;
  while (block->len == 0 && skip < bytes && tainted_piece[skip] == 0)
    skip++;
  export->n_block_bytes += bytes - skip;
  if (block->len + (bytes - skip) > MAX_BLOCK_BYTES || export->n_block_bytes > MAX_TEXT_BYTES ||
      export->n_read_bytes > MAX_READ_BYTES)
    return fail_limit(error, _("more is in the zip than a recording has"));
  g_byte_array_append(block, tainted_piece + skip, (guint)(bytes - skip));
  return TRUE;
}

static GByteArray *read_block(Export *export, GError **error) {
  g_autoptr(GByteArray) block = g_byte_array_new();
  g_autofree guint8 *piece = g_malloc(PIECE_BYTES);
  la_ssize_t bytes;
  while ((bytes = archive_read_data(export->archive, piece, PIECE_BYTES)) > 0)
    if (!take_piece(export, block, piece, (gsize)bytes, error))
      return NULL;
  if (bytes < 0) {
    fail_archive(export, error);
    return NULL;
  }
  return g_steal_pointer(&block);
}

static void note_other(Export *export, const char *tainted_name) {
  if (export->found->len > 200)
    return;
  g_autofree char *name = g_utf8_make_valid(tainted_name, -1);
  g_string_append_printf(export->found, "%s%s", export->found->len > 0 ? ", " : "", name);
}

static gboolean read_entry(Export *export, struct archive_entry *entry, GError **error) {
  const char *name = archive_entry_pathname(entry);
  if (++export->n_entries > MAX_ENTRIES)
    return fail_limit(error, _("more files are in the zip than a recording has"));
  if (name == NULL || archive_entry_filetype(entry) != AE_IFREG)
    return TRUE;
  if (g_str_has_prefix(name, "./"))
    name += 2;
  if (!g_str_has_prefix(name, FOLDER)) {
    note_other(export, name);
    if (!g_str_equal(name, CAPTURED) || export->captured != NULL)
      return TRUE;
    export->is_captured_large = archive_entry_size(entry) > MAX_CAPTURED_BYTES;
    if (export->is_captured_large)
      return TRUE;
    export->captured = read_block(export, error);
    return export->captured != NULL;
  }
  g_autofree char *key = g_strdup(name + strlen(FOLDER));
  GByteArray *block = read_block(export, error);
  if (block == NULL)
    return FALSE;
  g_tree_insert(export->blocks, g_steal_pointer(&key), block);
  return TRUE;
}

static gboolean read_entries(Export *export, GBytes *tainted_content, GError **error) {
  struct archive_entry *entry;
  int status;
  gsize bytes;
  const void *data = g_bytes_get_data(tainted_content, &bytes);
  if (archive_read_support_format_zip(export->archive) != ARCHIVE_OK ||
      archive_read_open_memory(export->archive, data, bytes) != ARCHIVE_OK)
    return fail_archive(export, error);
  while ((status = archive_read_next_header(export->archive, &entry)) == ARCHIVE_OK || status == ARCHIVE_WARN)
    if (!read_entry(export, entry, error))
      return FALSE;
  return status == ARCHIVE_EOF || fail_archive(export, error);
}

/* The zeros behind a block go, but for those that are its own: a block may end with a distance of up to four bytes. */
static gboolean trim(GByteArray *block) {
  guint bytes = block->len;
  while (bytes > 0 && block->data[bytes - 1] == 0)
    bytes--;
  for (guint end = bytes; end <= MIN(block->len, bytes + 4); end++) {
    if (snappy_validate_compressed_buffer((const char *)block->data, end) != SNAPPY_OK)
      continue;
    g_byte_array_set_size(block, end);
    return TRUE;
  }
  return FALSE;
}

typedef struct {
  GString *text;
  guint n_damaged;
  gboolean is_over;
} Unpacking;

static gboolean unpack(gpointer key, gpointer value, gpointer user_data) {
  Unpacking *unpacking = user_data;
  GByteArray *block = value;
  gsize bytes = 0;
  if (!trim(block) || snappy_uncompressed_length((const char *)block->data, block->len, &bytes) != SNAPPY_OK) {
    unpacking->n_damaged++;
    return FALSE;
  }
  unpacking->is_over = bytes > MAX_TEXT_BYTES || unpacking->text->len + bytes > MAX_TEXT_BYTES;
  if (unpacking->is_over)
    return TRUE;
  gsize before = unpacking->text->len;
  g_string_set_size(unpacking->text, before + bytes);
  if (snappy_uncompress((const char *)block->data, block->len, unpacking->text->str + before, &bytes) != SNAPPY_OK) {
    unpacking->n_damaged++;
    bytes = 0;
  }
  g_string_set_size(unpacking->text, before + bytes);
  if (bytes > 0)
    g_string_append_c(unpacking->text, '\n');
  return FALSE;
}

/* What was captured in one window, in the order of time. */
typedef struct {
  gint64 time_ms;
  char *text;
} Captured;

static void captured_clear(gpointer captured) {
  g_free(((Captured *)captured)->text);
}

static int by_time(gconstpointer a, gconstpointer b) {
  const Captured *first = a, *second = b;
  return first->time_ms < second->time_ms ? -1 : first->time_ms > second->time_ms;
}

static void note_captured(GHashTable *windows, SightJson row, SightJsonParser *parser) {
  gsize bytes = 0;
  const char *text = sight_json_string(sight_json_get(row, "properties"), &bytes);
  const char *name = sight_json_string(sight_json_get(row, "event"), NULL);
  double time_ms = sight_format_time_ms(sight_json_get(row, "timestamp"));
  SightJson properties = {0};
  g_autoptr(GString) out = g_string_new(NULL);
  if (text == NULL || !(time_ms >= 0) || !sight_json_parser_parse(parser, text, bytes, &properties, NULL))
    return;
  const char *window = sight_posthog_event_window(properties);
  if (window == NULL || !sight_posthog_event_write(name, (gint64)time_ms, properties, out))
    return;
  GArray *list = g_hash_table_lookup(windows, window);
  if (list == NULL) {
    list = g_array_new(FALSE, FALSE, sizeof(Captured));
    g_array_set_clear_func(list, captured_clear);
    g_hash_table_insert(windows, g_strdup(window), list);
  }
  const Captured captured = {.time_ms = (gint64)time_ms, .text = g_strdup(out->str)};
  g_array_append_val(list, captured);
}

static void free_captured(gpointer list) {
  g_array_unref(list);
}

/* char * to GArray of Captured; empty where there are none, or the rows cannot be read. */
static GHashTable *read_captured(const Export *export) {
  GHashTable *windows = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, free_captured);
  g_autoptr(SightJsonParser) rows = sight_json_parser_new(64);
  g_autoptr(SightJsonParser) properties = sight_json_parser_new(64);
  GHashTableIter each;
  gpointer list;
  SightJson root = {0};
  if (export->captured == NULL ||
      !sight_json_parser_parse(rows, (const char *)export->captured->data, export->captured->len, &root, NULL))
    return windows;
  for (SightJsonIter it = sight_json_iter(sight_json_get(root, "data")); sight_json_next(&it);)
    note_captured(windows, it.value, properties);
  g_hash_table_iter_init(&each, windows);
  while (g_hash_table_iter_next(&each, NULL, &list))
    g_array_sort(list, by_time);
  return windows;
}

typedef struct {
  SightFormatSink *sink;
  GHashTable *captured;
  GHashTable *next; /* window to the number of the one that is due next, and 1; none: no event of it was seen */
  SightEventParser *parser;
} Weaving;

/* What was captured up to an event of the recording goes before it; what was before the first, or is after the last, is
 * of a time that was not recorded. */
static gboolean weave(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  Weaving *weaving = user_data;
  gpointer key = NULL;
  GArray *list = NULL;
  if (tainted_window != NULL &&
      g_hash_table_lookup_extended(weaving->captured, tainted_window, &key, (gpointer *)&list)) {
    guint next = GPOINTER_TO_UINT(g_hash_table_lookup(weaving->next, key));
    gboolean is_first = next == 0;
    for (next = MAX(next, 1); next <= list->len; next++) {
      const Captured *captured = &g_array_index(list, Captured, next - 1);
      SightEvent woven;
      if (captured->time_ms > event->time_ms)
        break;
      if (!is_first &&
          sight_event_parser_parse(weaving->parser, captured->text, strlen(captured->text), &woven, NULL) &&
          !sight_format_sink_add(weaving->sink, &woven, NULL, tainted_window, error))
        return FALSE;
    }
    g_hash_table_insert(weaving->next, key, GUINT_TO_POINTER(next));
  }
  return sight_format_sink_take(event, tainted_window, weaving->sink, error);
}

static gboolean hand_on(const Export *export, SightFormatSink *sink, SightReaderReport *report, GError **error) {
  g_autoptr(GString) text = g_string_new(NULL);
  Unpacking unpacking = {.text = text};
  g_tree_foreach(export->blocks, unpack, &unpacking);
  if (unpacking.is_over)
    return fail_limit(error, _("more is in the zip than a recording has"));
  if (text->len == 0) {
    g_set_error(error, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_NOT_EVENTS,
                ngettext("a zip with %d file under data/, which is no block of a recording",
                         "a zip with %d files under data/, none of which is a block of a recording",
                         (gulong)g_tree_nnodes(export->blocks)),
                g_tree_nnodes(export->blocks));
    return FALSE;
  }
  g_autoptr(GHashTable) captured = read_captured(export);
  g_autoptr(GHashTable) next = g_hash_table_new(sight_hash_text, g_str_equal);
  g_autoptr(SightEventParser) parser = sight_event_parser_new();
  Weaving weaving = {.sink = sink, .captured = captured, .next = next, .parser = parser};
  if (!sight_event_read_bytes(text->str, text->len, NULL, weave, &weaving, report, error))
    return FALSE;
  if (report != NULL && export->is_captured_large) {
    report->n_rejected++;
    if (report->first_reason == NULL)
      /* Translators: a file in a zip */
      report->first_reason = g_strdup_printf(_("%s in the zip is too large"), CAPTURED);
  }
  if (report != NULL && unpacking.n_damaged > 0) {
    report->n_rejected += unpacking.n_damaged;
    if (report->first_reason == NULL)
      report->first_reason = g_strdup_printf(_("of %d blocks in the zip %u are damaged"), g_tree_nnodes(export->blocks),
                                             unpacking.n_damaged);
  }
  return TRUE;
}

static int by_name(gconstpointer a, gconstpointer b, gpointer user_data) {
  return strcmp(a, b);
}

static void free_block(gpointer block) {
  g_byte_array_unref(block);
}

static gboolean read_export(GBytes *tainted_content, SightFormatSink *sink, SightReaderReport *report, GError **error) {
  g_autoptr(GTree) blocks = g_tree_new_full(by_name, NULL, g_free, free_block);
  g_autoptr(GString) found = g_string_new(NULL);
  Export export = {.archive = archive_read_new(), .blocks = blocks, .found = found};
  gboolean ok = read_entries(&export, tainted_content, error);
  if (ok && g_tree_nnodes(blocks) == 0) {
    /* Translators: names of files, or "no file" */
    g_set_error(error, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_NOT_EVENTS, _("a zip with nothing under data/, but %s"),
                found->len > 0 ? found->str : _("no file"));
    ok = FALSE;
  }
  ok = ok && hand_on(&export, sink, report, error);
  archive_read_free(export.archive);
  g_clear_pointer(&export.captured, g_byte_array_unref);
  return ok;
}

const SightFormat sight_format_export = {N_("the zip of a recording from PostHog's support"), looks_so, read_export};

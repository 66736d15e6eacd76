/* SPDX-License-Identifier: MIT */
/* Zips as PostHog's support hands them out, written here with libarchive and snappy. */
#include "sight-format.h"

#include <archive.h>
#include <archive_entry.h>
#include <snappy-c.h>
#include <string.h>

#define ROOM (1024 * 1024)

typedef struct {
  struct archive *archive;
  char *data;
  size_t bytes;
} Zip;

static void zip_begin(Zip *zip) {
  *zip = (Zip){.archive = archive_write_new(), .data = g_malloc(ROOM)};
  archive_write_set_format_zip(zip->archive);
  g_assert_cmpint(archive_write_open_memory(zip->archive, zip->data, ROOM, &zip->bytes), ==, ARCHIVE_OK);
}

static void zip_add(Zip *zip, const char *name, const void *data, gsize bytes) {
  struct archive_entry *entry = archive_entry_new();
  archive_entry_set_pathname(entry, name);
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_perm(entry, 0644);
  archive_entry_set_size(entry, (la_int64_t)bytes);
  g_assert_cmpint(archive_write_header(zip->archive, entry), ==, ARCHIVE_OK);
  g_assert_cmpint(archive_write_data(zip->archive, data, bytes), ==, (la_ssize_t)bytes);
  archive_entry_free(entry);
}

static GBytes *zip_end(Zip *zip) {
  g_assert_cmpint(archive_write_close(zip->archive), ==, ARCHIVE_OK);
  archive_write_free(zip->archive);
  return g_bytes_new_take(zip->data, zip->bytes);
}

/* A block at its place: zeros before it, and 1024 of them behind. */
static void add_at(Zip *zip, const char *name, const char *block, gsize bytes, gsize offset) {
  g_autofree char *file = g_malloc0(offset + bytes + 1024);
  memcpy(file + offset, block, bytes);
  zip_add(zip, name, file, offset + bytes + 1024);
}

static void add_block(Zip *zip, const char *name, const char *text, gsize offset) {
  size_t bytes = snappy_max_compressed_length(strlen(text));
  g_autofree char *block = g_malloc(bytes);
  g_assert_cmpint(snappy_compress(text, strlen(text), block, &bytes), ==, SNAPPY_OK);
  add_at(zip, name, block, bytes, offset);
}

static gboolean note(const SightEvent *event, const char *tainted_session, const char *tainted_window,
                     gpointer user_data, GError **error) {
  g_string_append_printf(user_data, "%s:%d@%" G_GINT64_FORMAT " ", tainted_window != NULL ? tainted_window : "-",
                         event->type, event->time_ms);
  return TRUE;
}

/* The events that come out, or the error. */
static char *read_zip(GBytes *zip, SightReaderReport *report) {
  GString *out = g_string_new(NULL);
  g_autoptr(GError) error = NULL;
  if (!sight_format_read_bytes(zip, note, out, report, &error))
    g_string_assign(out, error->message);
  return g_string_free(out, FALSE);
}

static char *line(const char *window, int type, int at) {
  return g_strdup_printf("[\"%s\",{\"type\":%d,\"data\":{\"source\":3,\"id\":1,\"x\":0,\"y\":5},\"timestamp\":"
                         "1790000000%03d}]\n",
                         window, type, at);
}

#define FIRST "w1:3@1790000000001 w2:3@1790000000002 "
#define SECOND "w1:3@1790000000003 "

static void begin_with_rows(Zip *zip) {
  static const char *const rows = "{\"data\":[{\"event\":\"$pageview\",\"properties\":{}}]}";
  zip_begin(zip);
  zip_add(zip, "clickhouse/session-replay-events.json", rows, strlen(rows));
  zip_add(zip, "s3_prefix.txt", "a/b", 3);
}

static void test_blocks(void) {
  Zip zip;
  g_auto(SightReaderReport) report = {0};
  g_autofree char *a = line("w1", 3, 1), *b = line("w2", 3, 2), *first = g_strconcat(a, b, NULL),
                  *second = line("w1", 3, 3);
  begin_with_rows(&zip);
  add_block(&zip, "data/1790000000300-bb", second, 70000); /* in the zip before the one that comes before it */
  add_block(&zip, "data/1790000000200-aa", first, 0);
  g_autoptr(GBytes) bytes = zip_end(&zip);
  g_autofree char *got = read_zip(bytes, &report);
  g_assert_cmpstr(got, ==, FIRST SECOND);
  g_assert_cmpuint(report.n_rejected, ==, 0);
}

/* Copies from a distance below 256 end with a zero, as what stands behind a block does. */
static void test_zero_at_end(void) {
  Zip zip;
  g_auto(SightReaderReport) report = {0};
  g_autofree char *text = line("w1", 3, 3);
  g_autoptr(GString) block = g_string_new(NULL);
  gsize bytes = strlen(text), all = bytes + 60;
  g_assert_cmpuint(all, >=, 128);
  g_assert_cmpuint(all, <, 1 << 14);
  g_string_append_c(block, (char)(0x80 | (all & 0x7f)));
  g_string_append_c(block, (char)(all >> 7));
  g_string_append_c(block, (char)(60 << 2)); /* a literal, its length less one in one byte */
  g_string_append_c(block, (char)(bytes - 1));
  g_string_append(block, text);
  g_string_append_len(block, "\xee\x01\x00", 3); /* 60 bytes from a distance of 1 */
  begin_with_rows(&zip);
  add_at(&zip, "data/x", block->str, block->len, 3);
  g_autoptr(GBytes) zipped = zip_end(&zip);
  g_autofree char *got = read_zip(zipped, &report);
  g_assert_cmpstr(got, ==, SECOND);
}

static void test_damaged_block(void) {
  Zip zip;
  g_auto(SightReaderReport) report = {0};
  g_autofree char *second = line("w1", 3, 3);
  begin_with_rows(&zip);
  add_at(&zip, "data/a", "\x10not snappy", 11, 0);
  add_block(&zip, "data/b", second, 0);
  g_autoptr(GBytes) bytes = zip_end(&zip);
  g_autofree char *got = read_zip(bytes, &report);
  g_assert_cmpstr(got, ==, SECOND);
  g_assert_cmpuint(report.n_rejected, ==, 1);
  g_assert_nonnull(strstr(report.first_reason, "of 2 blocks in the zip 1"));
}

static void check_refused(GBytes *zip, const char *why) {
  g_autofree char *got = read_zip(zip, NULL);
  g_test_message("%s", got);
  g_assert_nonnull(strstr(got, why));
}

static void test_others(void) {
  Zip zip;
  begin_with_rows(&zip);
  g_autoptr(GBytes) without = zip_end(&zip);
  check_refused(without, "clickhouse/session-replay-events.json");
  begin_with_rows(&zip);
  add_at(&zip, "data/a", "\x10not snappy", 11, 0);
  g_autoptr(GBytes) damaged = zip_end(&zip);
  check_refused(damaged, "1 file under data/, which is no block");
  g_autofree char *second = line("w1", 3, 3);
  begin_with_rows(&zip);
  add_block(&zip, "data/b", second, 0);
  g_autoptr(GBytes) whole = zip_end(&zip);
  g_autoptr(GBytes) cut = g_bytes_new_from_bytes(whole, 0, 300);
  check_refused(cut, "zip");
}

#define ROW(name, at, window, more)                                                                                    \
  "{\"event\":\"" name "\",\"timestamp\":\"2026-09-21 14:13:20.0" at "000\",\"properties\":\"{\\\"$window_id\\\":"     \
  "\\\"" window "\\\"" more "}\"}"

static gboolean note_custom(const SightEvent *event, const char *tainted_session, const char *tainted_window,
                            gpointer user_data, GError **error) {
  if (event->type == SIGHT_EVENT_CUSTOM)
    g_string_append_printf(user_data, "%s:%.*s\n", tainted_window, (int)event->text_bytes, event->text);
  return TRUE;
}

/* What was captured while a window was recorded stands in it, exceptions as such; what it is not of is left out. */
static void test_captured(void) {
  static const char *const rows =
      "{\"meta\":[],\"data\":[" ROW("paid", "03", "w1", ",\\\"sum\\\":7,\\\"$os\\\":\\\"Linux\\\"") "," ROW(
          "before", "00", "w1",
          "") "," ROW("after", "90", "w1",
                      "") "," ROW("$pageleave", "03", "w1",
                                  "") "," ROW("elsewhere", "03", "w9",
                                              "") "," ROW("$exception", "02", "w1",
                                                          ",\\\"$exception_list\\\":[{\\\"type\\\":\\\"TypeError\\\","
                                                          "\\\"value\\\":\\\"x\\\",\\\"stacktrace\\\":{\\\"frames\\\":["
                                                          "{"
                                                          "\\\"filename\\\":\\\"a.js\\\",\\\"lineno\\\":1,"
                                                          "\\\"colno\\\":2},{\\\"source\\\":\\\"b.ts\\\",\\\"resolved_"
                                                          "name\\\":"
                                                          "\\\"pay\\\",\\\"line\\\":3,\\\"column\\\":4}]}}]") "]}";
  Zip zip;
  g_autofree char *a = line("w1", 3, 1), *b = line("w1", 3, 50), *text = g_strconcat(a, b, NULL);
  g_autoptr(GString) out = g_string_new(NULL);
  g_autoptr(GError) error = NULL;
  begin_with_rows(&zip);
  zip_add(&zip, "clickhouse/events.json", rows, strlen(rows));
  add_block(&zip, "data/a", text, 0);
  g_autoptr(GBytes) bytes = zip_end(&zip);
  sight_format_read_bytes(bytes, note_custom, out, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(
      out->str, ==,
      "w1:{\"type\":5,\"timestamp\":1790000000002,\"data\":{\"tag\":\"ss:error\",\"payload\":{\"message\":"
      "\"TypeError: x\",\"kind\":\"exception\",\"stack\":\"    at pay (b.ts:3:4)\\n    at ? (a.js:1:2)\"}}}\n"
      "w1:{\"type\":5,\"timestamp\":1790000000003,\"data\":{\"tag\":\"ss:event\",\"payload\":{\"name\":\"paid\","
      "\"properties\":{\"sum\":7}}}}\n");
}

/* Who the visitor was said to be, but not what was made up for the browser. */
static void test_identified(void) {
  const char *given = ROW("$identify", "04", "w1",
                          ",\\\"distinct_id\\\":\\\"4711\\\",\\\"$set\\\":{\\\"email\\\":\\\"ada@shop.example\\\"}");
  const char *made_up =
      ROW("$identify", "05", "w1", ",\\\"distinct_id\\\":\\\"a\\\",\\\"$anon_distinct_id\\\":\\\"a\\\"");
  Zip zip;
  g_autofree char *rows = g_strconcat("{\"data\":[", given, ",", made_up, "]}", NULL);
  g_autofree char *a = line("w1", 3, 1), *b = line("w1", 3, 50), *text = g_strconcat(a, b, NULL);
  g_autoptr(GString) out = g_string_new(NULL);
  g_autoptr(GError) error = NULL;
  begin_with_rows(&zip);
  zip_add(&zip, "clickhouse/events.json", rows, strlen(rows));
  add_block(&zip, "data/a", text, 0);
  g_autoptr(GBytes) bytes = zip_end(&zip);
  sight_format_read_bytes(bytes, note_custom, out, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(out->str, ==,
                  "w1:{\"type\":5,\"timestamp\":1790000000004,\"data\":{\"tag\":\"ss:identify\",\"payload\":{\"user\":"
                  "\"ada@shop.example\",\"traits\":{\"email\":\"ada@shop.example\"}}}}\n");
}

/* Whatever is flipped in one, it is read or refused; nothing is read that is not there. */
static void test_flipped(void) {
  Zip zip;
  g_autofree char *a = line("w1", 3, 1), *b = line("w2", 3, 2), *first = g_strconcat(a, b, NULL);
  begin_with_rows(&zip);
  add_block(&zip, "data/b", first, 100);
  g_autoptr(GBytes) whole = zip_end(&zip);
  for (int n = 0; n < 500; n++) {
    gsize bytes;
    guint8 *copy = g_memdup2(g_bytes_get_data(whole, &bytes), g_bytes_get_size(whole));
    bytes = g_bytes_get_size(whole);
    copy[g_test_rand_int_range(0, (int)bytes)] ^= (guint8)(1 << g_test_rand_int_range(0, 8));
    g_autoptr(GBytes) flipped = g_bytes_new_take(copy, bytes);
    g_auto(SightReaderReport) report = {0};
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    gboolean ok = sight_format_read_bytes(flipped, note, out, &report, &error);
    g_assert_true(ok == (error == NULL));
    g_assert_cmpuint(report.n_events, <=, 2);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/export/blocks", test_blocks);
  g_test_add_func("/export/zero-at-end", test_zero_at_end);
  g_test_add_func("/export/damaged-block", test_damaged_block);
  g_test_add_func("/export/others", test_others);
  g_test_add_func("/export/captured", test_captured);
  g_test_add_func("/export/identified", test_identified);
  g_test_add_func("/export/flipped", test_flipped);
  return g_test_run();
}

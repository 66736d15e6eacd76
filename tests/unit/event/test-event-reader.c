/* SPDX-License-Identifier: MIT */
/* The reader: every form of recording, whole and in pieces, plain and compressed; what is refused, and why. */
#include "sight-compress.h"
#include "sight-event-reader.h"

#include <glib/gstdio.h>
#include <string.h>

static gboolean note(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  g_string_append_printf(user_data, "%" G_GINT64_FORMAT "%s%s ", event->time_ms, tainted_window != NULL ? "@" : "",
                         tainted_window != NULL ? tainted_window : "");
  return TRUE;
}

/* What came out, as text: each event's time (@window), then "-N" rejected, "partial", or "!code". */
static char *read_in_pieces(const void *data, gsize bytes, gsize piece, const SightReaderLimits *limits) {
  g_autoptr(GString) out = g_string_new(NULL);
  g_autoptr(SightEventReader) reader = sight_event_reader_new(limits, note, out);
  g_auto(SightReaderReport) report = {0};
  g_autoptr(GError) error = NULL;
  gboolean ok = TRUE;
  for (gsize at = 0; ok && at < bytes; at += piece) {
    /* In memory of its own, so that reading beyond a piece is noticed. */
    g_autofree char *copy = g_memdup2((const char *)data + at, MIN(piece, bytes - at));
    ok = sight_event_reader_push(reader, copy, MIN(piece, bytes - at), &error);
  }
  ok = ok && sight_event_reader_finish(reader, &report, &error);
  g_assert_true(ok == (error == NULL));
  if (!ok) {
    g_assert_true(error->domain == SIGHT_EVENT_ERROR);
    g_string_append_printf(out, "!%d", error->code);
  } else {
    if (report.n_rejected > 0)
      g_string_append_printf(out, "-%d ", (int)report.n_rejected);
    if (report.partial)
      g_string_append(out, "partial");
    g_assert_true((report.n_rejected > 0) == (report.first_reason != NULL));
  }
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static void check(const char *text, gsize bytes, const char *expected) {
  for (gsize piece = 1; piece <= bytes + 1; piece += piece < 20 ? 1 : bytes / 3 + 1) {
    g_autofree char *got = read_in_pieces(text, bytes, piece, NULL);
    g_strchomp(got);
    if (g_strcmp0(got, expected) != 0)
      g_error("«%s» in pieces of %d: got «%s», expected «%s»", text, (int)piece, got, expected);
  }
  g_autoptr(GBytes) packed = sight_gzip_compress(text, bytes);
  g_autofree char *got = read_in_pieces(g_bytes_get_data(packed, NULL), g_bytes_get_size(packed), 10, NULL);
  g_assert_cmpstr(g_strchomp(got), ==, expected);
}

/* A and B … stand for whole events in the texts below. */
static char *with_events(const char *text) {
  g_autoptr(GString) out = g_string_new(text);
  g_string_replace(out, "A", "{\"type\":4,\"data\":{\"href\":\"x]}[{\\\"\"},\"timestamp\":1}", 0);
  g_string_replace(out, "B", "{\"data\":{\"events\":[1,2],\"tag\":\"\\\\\"},\"type\":5,\"timestamp\":2}", 0);
  g_string_replace(out, "C", "{\"timestamp\":3,\"type\":3,\"data\":{\"source\":0,\"adds\":[{\"a\":[]}]}}", 0);
  g_string_replace(out, "P", "{\n \"type\": 3,\n \"timestamp\": 4\n}", 0);
  g_string_replace(out, "W", "{\"type\":3,\"windowId\":\"w\",\"timestamp\":5}", 0);
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static const struct {
  const char *text, *expected;
} forms[] = {
    {"[A,B,C]", "1 2 3"},
    {" [ A , B\n,\tC ] \n", "1 2 3"},
    {"\xEF\xBB\xBF[A]", "1"},
    {"[P,P]", "4 4"},
    {"A", "1"},
    {"B", "2"},
    {"W", "5@w"},
    {"[A,W]", "1 5@w"},
    /* JSON Lines */
    {"A\nB\nC\n", "1 2 3"},
    {"A\r\n\r\nB\r\nC", "1 2 3"},
    {"A\nB\n{\"type\":3,\"data\":{\"s", "1 2 partial"},
    {"A\nB\n[", "1 2 partial"},
    {"A\nB\n\"x", "1 2 partial"},
    {"A\n{\"type\":3,\"data\":{\"s\nB\n", "1 2 -1"},
    {"A\n{\"type\":3,\"data\":{\nB\n", "1 2 -1"},
    {"A\n{\"type\":3,\nB", "1 2 -1"},
    {"A\ngarbage\nB", "1 2 -1"},
    {"A\n{\"type\":3}x\nB", "1 2 -2"},
    {"A\nnull\nB\n[]\n{}\n17\nC", "1 2 3 -3"},
    {"{\"version\":1}\nA\n", "1 -1"},
    {"A\n[B,C]\n{\"events\":[A]}\n", "1 2 3 1"},
    {"[\"u\",A]\n[\"v\",B]\n[\"u\",C]", "1@u 2@v 3@u"},
    {"[\"u\",A]\ngarbage\n[\"u\",C]", "1@u 3@u -1"},
    {"{\"windowId\":\"u\",\"data\":[A,B]}\n{\"windowId\":\"v\",\"data\":[C]}", "1@u 2@u 3@v"},
    {"P\nP\nA\n", "4 4 1"},
    {"A B", "1 2"},
    /* containers */
    {"{\"events\":[A,B]}", "1 2"},
    {"{\"a\":[{\"events\":[]}],\"b\":{\"c\":\"}\"},\"n\":1.5, \"events\" : [ A , B ] ,\"z\":[1],\"data\":{}}", "1 2"},
    {"{\"windowId\":\"w-1\",\"events\":[A,B]}", "1@w-1 2@w-1"},
    {"{\"data\":{\"person\":{\"id\":1},\"snapshots\":[A,W]},\"version\":\"2023\"}", "1 5@w"},
    {"{\"version\":1,\"snapshots\":[A]}", "1"},
    {"{\"type\":5,\"timestamp\":9,\"events\":[A]}", "9"},
    {"{\"events\":[A],\"events\":[B]}", "1"},
    /* segments, and several texts in one */
    {"[[A,B],[],[C]]", "1 2 3"},
    {"[[A,B],C]", "1 2 3"},
    {"[[[A]],[[B]]]", "1 2"},
    {"[A,B][C]", "1 2 3"},
    {"[A]\n[B]\n{\"events\":[C]}", "1 2 3"},
    {"[[\"u\",A],[\"v\",B]]", "1@u 2@v"},
    /* what is no event costs itself */
    {"[A,null,1,\"s\",true,{},B]", "1 2 -5"},
    {"[A,{\"type\":4,\"timestamp\":1e400},B]", "1 2 -1"},
    {"[{\"type\":\"2\",\"timestamp\":1},A]", "1 -1"},
    /* cut short */
    {"[A,B", "1 2 partial"},
    {"[A,", "1 partial"},
    {"[A,{\"ty", "1 partial"},
    {"{\"events\":[A,B]", "1 2 partial"},
    {"{\"events\":[A", "1 partial"},
    {"[A,12", "1 partial"},
};

static void test_forms(void) {
  for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
    g_autofree char *text = with_events(forms[i].text);
    check(text, strlen(text), forms[i].expected);
  }
}

static const struct {
  const char *text;
  SightEventError code;
} refusals[] = {
    {"", SIGHT_EVENT_ERROR_EMPTY},
    {" \n\t ", SIGHT_EVENT_ERROR_EMPTY},
    {"[]", SIGHT_EVENT_ERROR_EMPTY},
    {"{\"events\":[]}", SIGHT_EVENT_ERROR_EMPTY},
    {"null", SIGHT_EVENT_ERROR_NOT_EVENTS},
    {"17", SIGHT_EVENT_ERROR_NOT_EVENTS},
    {"{\"a\":1}", SIGHT_EVENT_ERROR_NOT_EVENTS},
    {"[1,2]", SIGHT_EVENT_ERROR_NOT_EVENTS},
    {"[{\"type\":4,\"timestamp\":1e999}]", SIGHT_EVENT_ERROR_NOT_EVENTS},
    {"\xFF\xFE[\0", SIGHT_EVENT_ERROR_NOT_EVENTS},
    {"\x1F\x8B\x08", SIGHT_EVENT_ERROR_SYNTAX},
    {"<html>", SIGHT_EVENT_ERROR_SYNTAX},
    {"[{\"type\":4", SIGHT_EVENT_ERROR_SYNTAX},
    {"{\"type\":4", SIGHT_EVENT_ERROR_SYNTAX},
};

static void test_refusals(void) {
  for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++)
    for (gsize piece = 1; piece < 30; piece++) {
      g_autofree char *got = read_in_pieces(refusals[i].text, strlen(refusals[i].text), piece, NULL);
      g_autofree char *expected = g_strdup_printf("!%d", refusals[i].code);
      if (g_strcmp0(got, expected) != 0)
        g_error("«%s»: got «%s», expected «%s»", refusals[i].text, got, expected);
    }
}

/* No JSON: refused as a whole, wherever it is found. */
static void test_not_json(void) {
  static const char *const texts[] = {"[A]garbage",
                                      "[A]\ngarbage",
                                      "{\"events\":[A]}garbage",
                                      "[A,]",
                                      "[A B]",
                                      "[A,garbage]",
                                      "[A,{\"type\":5,\"timestamp\":1,\"data\":{\"tag\":\"a\nb\"}}]",
                                      "[A,{\"type\":5,\"timestamp\":1,\"data\":{\"tag\":\"a\xFF\"}}]",
                                      "[A,{\"type\":5 \"timestamp\":1}]",
                                      "[A,{\"type\":5]}",
                                      "{\"events\":[A],}",
                                      "{\"events\":[A]]",
                                      "[A}"};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autofree char *text = with_events(texts[i]);
    g_autofree char *expected = g_strdup_printf("1 !%d", SIGHT_EVENT_ERROR_SYNTAX);
    check(text, strlen(text), expected);
  }
  g_autofree char *got = read_in_pieces("{\"events\" []}", 13, 1, NULL);
  g_assert_cmpstr(got, ==, "!1");
}

static void test_report(void) {
  const char *text = "[{\"type\":4,\"timestamp\":1},null,{\"type\":4}]";
  g_autoptr(GString) out = g_string_new(NULL);
  g_auto(SightReaderReport) report = {0};
  g_assert_true(sight_event_read_bytes(text, strlen(text), NULL, note, out, &report, NULL));
  g_assert_cmpint(report.n_events, ==, 1);
  g_assert_cmpint(report.n_rejected, ==, 2);
  g_assert_cmpint(report.first_index, ==, 1);
  g_assert_cmpint(report.first_code, ==, SIGHT_EVENT_ERROR_FIELD);
  g_assert_cmpstr(report.first_reason, ==, "event 2 at byte 26: not an object");

  g_auto(SightReaderReport) none = {0};
  text = "[{\"type\":4}]";
  g_assert_false(sight_event_read_bytes(text, strlen(text), NULL, note, out, &none, NULL));
  g_assert_cmpint(none.n_rejected, ==, 1);
  g_assert_cmpint(none.first_code, ==, SIGHT_EVENT_ERROR_TIME);
}

static void test_raw_nul(void) {
  static const char text[] = "[{\"type\":4,\"timestamp\":1},{\"type\":5,\"timestamp\":2,\"data\":{\"tag\":\"a\0b\"}}]";
  check(text, sizeof text - 1, "1 !1");
}

static void test_compressed(void) {
  const char *text = "[{\"type\":4,\"timestamp\":1},{\"type\":4,\"timestamp\":2}]";
  g_autoptr(GBytes) zstd = sight_zstd_compress(text, strlen(text), 3);
  g_autofree char *got = read_in_pieces(g_bytes_get_data(zstd, NULL), g_bytes_get_size(zstd), 1, NULL);
  g_assert_cmpstr(got, ==, "1 2 ");

  g_autoptr(GBytes) gzip = sight_gzip_compress(text, strlen(text));
  gsize bytes = g_bytes_get_size(gzip);
  g_autoptr(GBytes) twice = sight_gzip_compress(g_bytes_get_data(gzip, NULL), bytes);
  g_autofree char *refused = read_in_pieces(g_bytes_get_data(twice, NULL), g_bytes_get_size(twice), 100, NULL);
  g_assert_cmpstr(refused, ==, "!2");

  /* cut in the checksum: everything was there, but nothing says that it was all */
  g_autofree char *cut = read_in_pieces(g_bytes_get_data(gzip, NULL), bytes - 3, 7, NULL);
  g_assert_cmpstr(cut, ==, "1 2 partial");
  g_autofree guint8 *broken = g_memdup2(g_bytes_get_data(gzip, NULL), bytes);
  broken[bytes - 6] ^= 1;
  g_autofree char *damaged = read_in_pieces(broken, bytes, 7, NULL);
  g_assert_cmpstr(damaged, ==, "1 2 !2");
}

static void test_limits(void) {
  const char *text = "[{\"type\":4,\"timestamp\":1},{\"type\":4,\"timestamp\":22222},{\"type\":4,\"timestamp\":3}]";
  for (gsize piece = 1; piece < 100; piece += 7) {
    g_autofree char *large = read_in_pieces(text, strlen(text), piece, &(SightReaderLimits){1000, 26, 10});
    g_assert_cmpstr(large, ==, "1 3 -1 ");
    g_autofree char *many = read_in_pieces(text, strlen(text), piece, &(SightReaderLimits){1000, 1000, 2});
    g_assert_cmpstr(many, ==, "1 22222 !3");
    g_autofree char *long_one = read_in_pieces(text, strlen(text), piece, &(SightReaderLimits){20, 1000, 10});
    g_assert_cmpstr(long_one, ==, "!3");
  }
  g_autoptr(GString) bomb = g_string_new("[");
  for (int i = 0; i < 1000000; i++)
    g_string_append(bomb, "{\"type\":4,\"timestamp\":1},");
  g_autoptr(GBytes) packed = sight_gzip_compress(bomb->str, bomb->len);
  g_autofree char *refused = read_in_pieces(g_bytes_get_data(packed, NULL), g_bytes_get_size(packed), 1000,
                                            &(SightReaderLimits){100000, 1000, 10000000});
  g_assert_nonnull(strstr(refused, "!3"));
}

static void check_hostile(const char *unit, gsize times, const char *expected) {
  g_autoptr(GString) text = g_string_new(NULL);
  for (gsize i = 0; i < times; i++)
    g_string_append(text, unit);
  g_autofree char *got = read_in_pieces(text->str, text->len, 65536, NULL);
  g_assert_cmpstr(got, ==, expected);
}

/* Each of these would take minutes or the stack if anything were quadratic or recursive. */
static void test_hostile(void) {
  check_hostile("[", 3000000, "!1");
  check_hostile("{\"a\":", 3000000, "!1");
  check_hostile("{\"data\":", 3000000, "!1");
  check_hostile("\\", 3000000, "!1");
  check_hostile("[\"", 3000000, "!1");
  check_hostile("[]", 3000000, "!0");
  check_hostile("{}\n", 1000000, "!2");
  check_hostile("[\"\\\\\\", 1000000, "!1");
  g_autofree char *deep = g_strnfill(2000000, '[');
  memset(deep + 1000000, ']', 1000000);
  g_autofree char *got = read_in_pieces(deep, 2000000, 65536, NULL);
  g_assert_cmpstr(got, ==, "!3");
}

static gboolean stop(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "enough");
  return FALSE;
}

static void test_stop(void) {
  const char *text = "[{\"type\":4,\"timestamp\":1},{\"type\":4,\"timestamp\":2}]";
  g_autoptr(GError) error = NULL;
  g_assert_false(sight_event_read_bytes(text, strlen(text), NULL, stop, NULL, NULL, &error));
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void test_file(void) {
  g_autofree char *folder = g_dir_make_tmp("sight-reader-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(folder, "recording.json", NULL);
  g_assert_true(g_file_set_contents(path, "[{\"type\":4,\"timestamp\":7}]", -1, NULL));
  g_autoptr(GFile) file = g_file_new_for_path(path);
  g_autoptr(GString) out = g_string_new(NULL);
  g_auto(SightReaderReport) report = {0};
  g_autoptr(GError) error = NULL;
  g_assert_true(sight_event_read_file(file, NULL, note, out, &report, NULL, &error));
  g_assert_cmpstr(out->str, ==, "7 ");
  g_assert_cmpint(report.n_events, ==, 1);
  g_remove(path);
  g_assert_false(sight_event_read_file(file, NULL, note, out, &report, NULL, &error));
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_rmdir(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/event-reader/forms", test_forms);
  g_test_add_func("/event-reader/refusals", test_refusals);
  g_test_add_func("/event-reader/not-json", test_not_json);
  g_test_add_func("/event-reader/report", test_report);
  g_test_add_func("/event-reader/raw-nul", test_raw_nul);
  g_test_add_func("/event-reader/compressed", test_compressed);
  g_test_add_func("/event-reader/limits", test_limits);
  g_test_add_func("/event-reader/hostile", test_hostile);
  g_test_add_func("/event-reader/stop", test_stop);
  g_test_add_func("/event-reader/file", test_file);
  return g_test_run();
}

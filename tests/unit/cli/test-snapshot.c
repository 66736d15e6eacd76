/* SPDX-License-Identifier: MIT */
/* sightctl snapshot and diff over a small recording: each form is what it says, equal input gives equal bytes, errors
 * are told.
 */
#include "sight-json.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

static char *folder;

static int run(char **out, const char *verb, const char *name, ...) {
  g_autoptr(GPtrArray) words = g_ptr_array_new();
  g_autofree char *program = g_build_filename(g_getenv("SIGHT_BUILD_ROOT"), "src", "cli", "sightctl", NULL);
  g_autofree char *file = g_build_filename(folder, name, NULL);
  g_autoptr(GError) error = NULL;
  va_list more;
  g_ptr_array_add(words, program);
  g_ptr_array_add(words, (char *)verb);
  g_ptr_array_add(words, (char *)"--file");
  g_ptr_array_add(words, file);
  va_start(more, name);
  for (const char *word = va_arg(more, const char *); word != NULL; word = va_arg(more, const char *))
    g_ptr_array_add(words, (char *)word);
  va_end(more);
  g_ptr_array_add(words, NULL);
  g_autoptr(GSubprocess) process = g_subprocess_newv(
      (const char *const *)words->pdata, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);
  g_assert_no_error(error);
  g_subprocess_communicate_utf8(process, NULL, NULL, out, NULL, &error);
  g_assert_no_error(error);
  return g_subprocess_get_exit_status(process);
}

static const char sample[] = "recording.json";
static const char recording[] =
    "[{\"type\":4,\"timestamp\":1000,\"data\":{\"href\":\"https://shop.example/\",\"width\":800,\"height\":600}},"
    "{\"type\":2,\"timestamp\":1001,\"data\":{\"node\":{\"type\":0,\"id\":1,\"childNodes\":[{\"type\":2,\"id\":2,"
    "\"tagName\":\"html\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":3,\"tagName\":\"body\",\"attributes\":{}"
    ","
    "\"childNodes\":[{\"type\":2,\"id\":4,\"tagName\":\"script\",\"attributes\":{},\"childNodes\":[]}]}]}]}}},"
    "{\"type\":3,\"timestamp\":2000,\"data\":{\"source\":0,\"texts\":[],\"attributes\":[],\"removes\":[],\"adds\":["
    "{\"parentId\":3,\"nextId\":null,\"node\":{\"type\":3,\"id\":5,\"textContent\":\"Add to cart\"}}]}}]";

static void test_snapshot(void) {
  g_autofree char *events = NULL, *again = NULL, *html = NULL, *text = NULL;
  g_assert_cmpint(run(&events, "snapshot", sample, "--at", "1001", NULL), ==, 0);
  g_assert_cmpint(run(&again, "snapshot", sample, "--at", "1001", "--format", "rrweb", NULL), ==, 0);
  g_assert_cmpstr(events, ==, again);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  SightJson root;
  g_assert_true(sight_json_parser_parse(parser, events, strlen(events), &root, NULL));
  SightJsonIter it = sight_json_iter(root);
  g_assert_true(sight_json_next(&it));
  g_assert_cmpint(sight_json_int(sight_json_get(it.value, "type"), -1), ==, 4);
  g_assert_true(sight_json_next(&it));
  g_assert_cmpint(sight_json_int(sight_json_get(it.value, "type"), -1), ==, 2);
  g_assert_cmpint(run(&html, "snapshot", sample, "--at", "1001", "--format", "html", NULL), ==, 0);
  g_assert_true(g_str_has_prefix(html, "<!DOCTYPE html>"));
  g_assert_null(strstr(html, "<script"));
  g_assert_cmpint(run(&text, "snapshot", sample, "--at", "1001", "--format", "text", NULL), ==, 0);
  g_assert_nonnull(strstr(text, "Add to cart"));
}

static void test_diff(void) {
  g_autofree char *out = NULL;
  g_assert_cmpint(run(&out, "diff", sample, "--from", "500", "--to", "1001", NULL), ==, 0);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  SightJson root;
  g_assert_true(sight_json_parser_parse(parser, out, strlen(out), &root, NULL));
  g_assert_false(sight_json_bool(sight_json_get(root, "rebuild"), TRUE));
  g_assert_cmpint(sight_json_int(sight_json_get(root, "kept"), 0), ==, 3);
  g_assert_cmpint(sight_json_type(sight_json_get(sight_json_get(root, "operations"), "inserts")), ==, SIGHT_JSON_ARRAY);
}

static void test_errors(void) {
  g_autofree char *a = NULL, *b = NULL, *c = NULL, *d = NULL;
  g_assert_cmpint(run(&a, "snapshot", sample, "--at", "0", NULL), ==, 1);
  g_assert_cmpint(run(&b, "snapshot", sample, NULL), ==, 2);
  g_assert_cmpint(run(&c, "snapshot", sample, "--at", "1", "--format", "pdf", NULL), ==, 2);
  g_assert_cmpint(run(&d, "snapshot", "nothing.json", "--at", "1", NULL), ==, 1);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  folder = g_dir_make_tmp("snapshot-XXXXXX", NULL);
  g_autofree char *file = g_build_filename(folder, sample, NULL);
  g_assert_true(g_file_set_contents(file, recording, -1, NULL));
  g_test_add_func("/cli/snapshot", test_snapshot);
  g_test_add_func("/cli/diff", test_diff);
  g_test_add_func("/cli/snapshot/errors", test_errors);
  int result = g_test_run();
  g_remove(file);
  g_rmdir(folder);
  g_free(folder);
  return result;
}

/* SPDX-License-Identifier: MIT */
/* sightctl as its users meet it: the real program, a real cache, its output and its exit codes. */
#include "sight-json.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

typedef struct {
  char *dir, *cache;
  char *out, *err; /* of the last run */
  SightJsonParser *parser;
} Fixture;

static void set_up(Fixture *f, gconstpointer data) {
  f->dir = g_dir_make_tmp("sightctl-XXXXXX", NULL);
  f->cache = g_build_filename(f->dir, "cache", NULL);
  f->parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
}

static void remove_tree(const char *path) {
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  for (const char *name = dir ? g_dir_read_name(dir) : NULL; name; name = g_dir_read_name(dir)) {
    g_autofree char *child = g_build_filename(path, name, NULL);
    remove_tree(child);
  }
  g_remove(path);
}

static void tear_down(Fixture *f, gconstpointer data) {
  remove_tree(f->dir);
  g_free(f->dir);
  g_free(f->cache);
  g_free(f->out);
  g_free(f->err);
  sight_json_parser_free(f->parser);
}

/* Runs sightctl with these words, and with --cache but for the words "--…" alone; its exit code. */
static int run(Fixture *f, const char *first, ...) {
  g_autoptr(GPtrArray) words = g_ptr_array_new();
  g_autofree char *program = g_build_filename(g_getenv("SIGHT_BUILD_ROOT"), "src", "cli", "sightctl", NULL);
  g_autoptr(GSubprocessLauncher) launcher =
      g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr(GError) error = NULL;
  va_list more;

  g_ptr_array_add(words, program);
  va_start(more, first);
  for (const char *word = first; word; word = va_arg(more, const char *)) {
    g_ptr_array_add(words, (char *)word);
  }
  va_end(more);
  if (first[0] != '-') {
    g_ptr_array_add(words, (char *)"--cache");
    g_ptr_array_add(words, f->cache);
  }
  g_ptr_array_add(words, NULL);
  g_clear_pointer(&f->out, g_free);
  g_clear_pointer(&f->err, g_free);
  g_subprocess_launcher_setenv(launcher, "LC_ALL", "C.UTF-8", TRUE);
  /* No keyring in a test, and none to wait for. */
  g_subprocess_launcher_setenv(launcher, "DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  g_autoptr(GSubprocess) process = g_subprocess_launcher_spawnv(launcher, (const char *const *)words->pdata, &error);
  g_assert_no_error(error);
  g_subprocess_communicate_utf8(process, NULL, NULL, &f->out, &f->err, &error);
  g_assert_no_error(error);
  g_assert_true(g_subprocess_get_if_exited(process));
  return g_subprocess_get_exit_status(process);
}

static SightJson answer(Fixture *f) {
  SightJson root = {0};
  g_autoptr(GError) error = NULL;
  sight_json_parser_parse(f->parser, f->out, strlen(f->out), &root, &error);
  g_assert_no_error(error);
  return root;
}

static SightJson item(SightJson array, gsize index) {
  SightJsonIter iter = sight_json_iter(array);
  while (sight_json_next(&iter)) {
    if (index-- == 0) {
      return iter.value;
    }
  }
  return (SightJson){0};
}

static const char *member(SightJson object, const char *key) {
  return sight_json_string(sight_json_get(object, key), NULL);
}

static void add_event(GString *json, int type, gint64 at_ms, const char *data) {
  g_string_append_printf(json, "%s{\"type\":%d,\"timestamp\":%" G_GINT64_FORMAT ",\"data\":%s}",
                         json->len > 1 ? "," : "", type, 1700000000000 + at_ms, data);
}

/* A visit to /p/8123 and /cart by `user` with `n_clicks` quick clicks on a button, and an exception where `throws`. */
static char *write_visit(Fixture *f, const char *name, const char *user, int n_clicks, gboolean throws) {
  g_autoptr(GString) json = g_string_new("[");
  char *path = g_build_filename(f->dir, name, NULL);
  g_autofree char *identify = g_strdup_printf("{\"tag\":\"ss:identify\",\"payload\":{\"user\":\"%s\"}}", user);

  add_event(json, 4, 0, "{\"href\":\"https://shop.example/p/8123?ref=mail\",\"width\":1280,\"height\":720}");
  add_event(
      json, 2, 1,
      "{\"node\":{\"type\":0,\"id\":1,\"childNodes\":[{\"type\":2,\"id\":2,\"tagName\":\"html\",\"attributes\":{},"
      "\"childNodes\":[{\"type\":2,\"id\":3,\"tagName\":\"body\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":"
      "4,"
      "\"tagName\":\"button\",\"attributes\":{},\"childNodes\":[{\"type\":3,\"id\":5,\"textContent\":\"Pay "
      "now\"}]}]}]}]},"
      "\"initialOffset\":{\"left\":0,\"top\":0}}");
  add_event(json, 5, 10, identify);
  for (int i = 0; i < n_clicks; i++) {
    add_event(json, 3, 5000 + 200 * i, "{\"source\":2,\"type\":2,\"id\":4,\"x\":50,\"y\":60}");
  }
  if (throws) {
    add_event(json, 5, 9000,
              "{\"tag\":\"ss:error\",\"payload\":{\"kind\":\"exception\",\"message\":\"coupon.rate is undefined\"}}");
  }
  add_event(json, 5, 20000,
            "{\"tag\":\"ss:route\",\"payload\":{\"href\":\"https://shop.example/cart\",\"kind\":\"push\"}}");
  add_event(json, 3, 30000, "{\"source\":1,\"positions\":[{\"x\":5,\"y\":5,\"id\":4,\"timeOffset\":0}]}");
  g_string_append_c(json, ']');
  g_assert_true(g_file_set_contents(path, json->str, -1, NULL));
  return path;
}

static void test_usage(Fixture *f, gconstpointer data) {
  g_assert_cmpint(run(f, "--help", NULL), ==, 0);
  g_assert_nonnull(strstr(f->out, "key-actions"));
  g_assert_cmpint(run(f, "--version", NULL), ==, 0);
  g_assert_cmpint(run(f, "frobnicate", NULL), ==, 2);
  g_assert_nonnull(strstr(f->err, "frobnicate"));
  g_assert_cmpint(run(f, "import", NULL), ==, 2);
  g_assert_cmpint(run(f, "sessions", "--filter", "frobnicate:x", NULL), ==, 2);
  g_assert_nonnull(strstr(f->err, "frobnicate: no such key"));
  g_assert_cmpint(run(f, "help", "filters", NULL), ==, 0);
  g_assert_nonnull(strstr(f->out, "a refusal only ever removes"));
  g_assert_cmpint(run(f, "sessions", "--no-such-option", NULL), ==, 2);
  g_assert_cmpint(run(f, "tag", "only-a-session", NULL), ==, 2);
}

static void test_import(Fixture *f, gconstpointer data) {
  g_autofree char *good = write_visit(f, "good.json", "ada", 1, FALSE);
  g_autofree char *bad = g_build_filename(f->dir, "bad.json", NULL);
  g_assert_true(g_file_set_contents(bad, "[{\"type\":", -1, NULL));

  g_assert_cmpint(run(f, "import", "--json", good, bad, NULL), ==, 1);
  SightJson files = sight_json_get(answer(f), "files");
  g_assert_cmpuint(sight_json_length(files), ==, 2);
  g_assert_cmpint(sight_json_int(sight_json_get(item(files, 0), "events"), -1), ==, 6);
  g_assert_nonnull(strstr(member(item(files, 1), "error"), "bad.json"));
  g_assert_cmpint(run(f, "import", "--json", good, NULL), ==, 0);
  g_assert_true(sight_json_bool(sight_json_get(item(sight_json_get(answer(f), "files"), 0), "duplicate"), FALSE));
  g_assert_cmpint(run(f, "sessions", "--json", NULL), ==, 0);
  g_assert_cmpuint(sight_json_length(sight_json_get(answer(f), "sessions")), ==, 1);
}

static void test_sessions_and_show(Fixture *f, gconstpointer data) {
  g_autofree char *calm = write_visit(f, "calm.json", "ada", 1, FALSE);
  g_autofree char *angry = write_visit(f, "angry.json", "bob", 6, TRUE);

  g_assert_cmpint(run(f, "import", calm, angry, NULL), ==, 0);
  g_assert_cmpint(run(f, "sessions", "--filter", "errored", "--json", NULL), ==, 0);
  g_assert_cmpuint(sight_json_length(sight_json_get(answer(f), "sessions")), ==, 1);
  SightJson session = item(sight_json_get(answer(f), "sessions"), 0);
  g_assert_cmpstr(member(session, "user"), ==, "bob");
  g_assert_cmpstr(member(session, "entry"), ==, "/p/:id");
  g_assert_cmpstr(member(session, "exit"), ==, "/cart");
  g_assert_cmpint(sight_json_int(sight_json_get(session, "duration_ms"), 0), ==, 30000);
  g_assert_nonnull(strstr(member(session, "reason"), "coupon.rate is undefined"));
  gint64 at_ms = sight_json_int(sight_json_get(session, "at_ms"), -1);
  g_assert_cmpint(at_ms, >, 0);
  g_assert_cmpint(at_ms, <=, 9000);
  g_autofree char *prefix = g_strndup(member(session, "session"), 10);

  g_assert_cmpint(run(f, "sessions", "--search", "bob", "--json", NULL), ==, 0);
  g_assert_cmpuint(sight_json_length(sight_json_get(answer(f), "sessions")), ==, 1);
  g_assert_cmpint(run(f, "show", prefix, "--json", NULL), ==, 0);
  g_assert_cmpuint(sight_json_length(sight_json_get(answer(f), "pages_list")), ==, 2);
  SightJson signals = sight_json_get(answer(f), "signals_list");
  gboolean rage = FALSE;
  for (SightJsonIter it = sight_json_iter(signals); sight_json_next(&it);) {
    if (g_str_equal(member(it.value, "kind"), "rage")) {
      rage = TRUE;
      g_assert_cmpint(sight_json_int(sight_json_get(it.value, "count"), 0), ==, 6);
      g_assert_cmpstr(member(it.value, "target"), ==, "Pay now");
    }
  }
  g_assert_true(rage);
  g_assert_cmpint(run(f, "show", prefix, NULL), ==, 0);
  g_assert_nonnull(strstr(f->out, "Pay now"));
  g_assert_cmpint(run(f, "show", "nobody-here", NULL), ==, 3);
}

static gint64 total(Fixture *f) {
  return sight_json_int(sight_json_get(answer(f), "total"), -1);
}

static void test_filters(Fixture *f, gconstpointer data) {
  g_autofree char *calm = write_visit(f, "calm.json", "ada", 1, FALSE);
  g_autofree char *angry = write_visit(f, "angry.json", "bob", 6, TRUE);

  g_assert_cmpint(run(f, "import", calm, angry, NULL), ==, 0);
  g_assert_cmpint(run(f, "sessions", "--filter", "page:/p/:id then page:/cart -rage", "--json", NULL), ==, 0);
  g_assert_cmpint(total(f), ==, 1);
  g_assert_cmpstr(member(item(sight_json_get(answer(f), "sessions"), 0), "user"), ==, "ada");
  g_autofree char *id = g_strdup(member(item(sight_json_get(answer(f), "sessions"), 0), "session"));
  g_assert_cmpint(run(f, "moments", "--filter", "rage[target:pay] or page:/cart", "--json", NULL), ==, 0);
  g_assert_cmpint(total(f), ==, 3);
  g_assert_cmpstr(member(item(sight_json_get(answer(f), "moments"), 0), "condition"), !=, NULL);
  g_assert_cmpint(run(f, "person", "bob", "--json", NULL), ==, 0);
  g_assert_cmpint(total(f), ==, 1);
  g_assert_cmpint(sight_json_int(sight_json_get(item(sight_json_get(answer(f), "sessions"), 0), "after_ms"), 0), ==,
                  -1);
  g_assert_cmpstr(member(item(sight_json_get(answer(f), "sessions"), 0), "entry"), ==, "/p/:id");
  g_assert_cmpint(run(f, "person", "zoe", "--json", NULL), ==, 0);
  g_assert_cmpint(total(f), ==, 0);
  g_assert_cmpint(run(f, "person", NULL), ==, 2);
  g_assert_cmpint(run(f, "why-not", id, "--filter", "length:>2m -user:ada", "--json", NULL), ==, 0);
  g_assert_false(sight_json_bool(sight_json_get(answer(f), "matches"), TRUE));
  g_assert_cmpstr(member(item(sight_json_get(answer(f), "reasons"), 0), "reason"), ==, "length 0:30, wanted > 2:00");
  g_assert_cmpuint(sight_json_length(sight_json_get(answer(f), "reasons")), ==, 2);
  g_assert_cmpint(run(f, "problems", "--filter", "user:bob", "--json", NULL), ==, 0);
  g_assert_cmpint(total(f), >, 0);
  g_autofree char *filter = g_strdup(member(item(sight_json_get(answer(f), "problems"), 0), "filter"));
  g_assert_cmpint(run(f, "sessions", "--filter", filter, "--json", NULL), ==, 0);
  g_assert_cmpint(total(f), ==, 1);
  g_autofree char *problem = g_strdup(filter + strlen("problem:"));
  g_assert_cmpint(run(f, "problems", problem, "--state", "filed", "--issue", "https://i.example/7", NULL), ==, 0);
  g_assert_cmpint(run(f, "problems", "--in", "filed", "--json", NULL), ==, 0);
  g_assert_cmpint(total(f), ==, 1);
  g_assert_cmpstr(member(item(sight_json_get(answer(f), "problems"), 0), "issue"), ==, "https://i.example/7");
  g_assert_cmpint(run(f, "problems", problem, "--state", "gone", NULL), ==, 2);
  g_assert_cmpint(run(f, "problems", "none", "--split", NULL), ==, 3);
  g_assert_cmpint(run(f, "contrast", "--filter", "rage", "--json", NULL), ==, 0);
  g_assert_cmpint(sight_json_int(sight_json_get(answer(f), "other_sessions"), -1), ==, 1);
  g_assert_cmpint(run(f, "flow", "--from", id, "0:00..0:25", "--by", "user", "--json", NULL), ==, 0);
  g_assert_cmpstr(member(answer(f), "flow"), ==, "page:/p/:id then click:\"Pay now\" then page:/cart");
  SightJson last = item(sight_json_get(answer(f), "steps"), 2);
  g_assert_cmpint(sight_json_int(sight_json_get(last, "sessions"), -1), ==, 2);
  g_assert_cmpint(sight_json_int(sight_json_get(last, "median_ms"), -1), ==, 14000);
  g_assert_cmpuint(sight_json_length(sight_json_get(answer(f), "parts")), ==, 2);
  g_assert_cmpint(run(f, "flow", "length:3", NULL), ==, 2);
  g_assert_cmpint(run(f, "flow", "page:/cart", "--within", "soon", NULL), ==, 2);
  g_assert_cmpint(run(f, "pages", "--filter", "rage", "--json", NULL), ==, 0);
  g_assert_cmpuint(sight_json_length(sight_json_get(answer(f), "pages")), ==, 2);
  g_assert_cmpint(run(f, "moments", "--filter", "rag:x", NULL), ==, 2);
  g_assert_nonnull(strstr(f->err, "did you mean rage?"));
  g_assert_cmpint(run(f, "why-not", "nobody-here", "--filter", "rage", NULL), ==, 3);
}

/* What bash offers for a line, one a line of its own; its words are given as bash cuts them. */
static char *completed(Fixture *f, const char *line, const char *words) {
  g_autofree char *script = g_build_filename(g_getenv("SIGHT_SOURCE_ROOT"), "data", "completions", "sightctl", NULL);
  g_autofree char *programs = g_build_filename(g_getenv("SIGHT_BUILD_ROOT"), "src", "cli", NULL);
  g_autofree char *path = g_strconcat(programs, ":", g_getenv("PATH"), NULL);
  g_autofree char *command = g_strdup_printf(
      ". '%s'; COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDS=(%s) COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _sightctl; "
      "printf '%%s\\n' \"${COMPREPLY[@]}\"",
      script, words);
  const char *const argv[] = {"bash", "-c", command, "bash", line, NULL};
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr(GError) error = NULL;
  char *out = NULL;

  g_subprocess_launcher_setenv(launcher, "PATH", path, TRUE);
  g_subprocess_launcher_setenv(launcher, "LC_ALL", "C.UTF-8", TRUE);
  g_autoptr(GSubprocess) process = g_subprocess_launcher_spawnv(launcher, argv, &error);
  g_assert_no_error(error);
  g_subprocess_communicate_utf8(process, NULL, NULL, &out, NULL, &error);
  g_assert_no_error(error);
  return out;
}

static void check_completed(Fixture *f, const char *typed, const char *words, const char *wanted) {
  g_autofree char *line = g_strdup_printf("sightctl sessions --cache %s --filter %s", f->cache, typed);
  g_autofree char *all = g_strdup_printf("sightctl sessions --cache '%s' --filter %s", f->cache, words);
  g_autofree char *out = completed(f, line, all);

  g_assert_cmpstr(out, ==, wanted);
}

static void test_completion(Fixture *f, gconstpointer data) {
  g_autofree char *calm = write_visit(f, "calm.json", "ada", 1, FALSE);
  g_autofree char *angry = write_visit(f, "angry.json", "bob", 6, TRUE);

  g_assert_cmpint(run(f, "import", calm, angry, NULL), ==, 0);
  g_assert_cmpint(run(f, "complete", "rage user:", "--json", NULL), ==, 0);
  g_assert_cmpuint(sight_json_length(sight_json_get(answer(f), "completions")), ==, 2);
  SightJson best = item(sight_json_get(answer(f), "completions"), 0);
  g_assert_cmpstr(member(best, "insert"), ==, "user:bob");
  g_assert_cmpint(sight_json_int(sight_json_get(best, "sessions"), -1), ==, 1);
  check_completed(f, "page:/c", "page : /c", "/cart\n");
  check_completed(f, "'rage page:/c", "\\'rage\\ page:/c", "rage page:/cart\n");
  check_completed(f, "'rage' --l", "rage --l", "--limit\n");
  check_completed(f, "'rage or conv", "\\'rage\\ or\\ conv", "rage or converted\n");
  g_autofree char *verbs = completed(f, "sightctl why", "sightctl why");
  g_assert_cmpstr(verbs, ==, "why-not\n");
}

static gint64 side(Fixture *f, const char *side, const char *key) {
  return sight_json_int(sight_json_get(sight_json_get(answer(f), side), key), -1);
}

static void test_compare(Fixture *f, gconstpointer data) {
  g_autofree char *calm = write_visit(f, "calm.json", "ada", 1, FALSE);
  g_autofree char *angry = write_visit(f, "angry.json", "bob", 6, TRUE);

  g_assert_cmpint(run(f, "import", calm, angry, NULL), ==, 0);
  g_assert_cmpint(run(f, "problems", "--filter", "rage", "--json", NULL), ==, 0);
  g_autofree char *id = g_strdup(member(item(sight_json_get(answer(f), "problems"), 0), "problem"));
  g_assert_cmpint(run(f, "compare", "--problem", id, "--date", "2023-11-20", "--json", NULL), ==, 0);
  g_assert_cmpstr(member(answer(f), "verdict"), ==, "no-visits");
  g_assert_cmpstr(member(answer(f), "opportunity"), ==, "page:/p/:id");
  g_assert_cmpint(side(f, "before", "visitors"), ==, 2);
  g_assert_cmpint(side(f, "before", "with"), ==, 1);
  g_assert_cmpint(run(f, "compare", "--flow", "page:/p/:id then page:/nowhere", "--date", "2023-11-20", "--json", NULL),
                  ==, 0);
  g_assert_cmpint(side(f, "before", "with"), ==, 2);
  SightJson steps = sight_json_get(answer(f), "steps");
  g_assert_cmpint(sight_json_int(sight_json_get(item(steps, 0), "before"), -1), ==, 2);
  g_assert_cmpint(sight_json_int(sight_json_get(item(steps, 1), "before"), -1), ==, 0);
  g_assert_cmpint(run(f, "compare", "--filter", "rage", "--release", "2.4", NULL), ==, 2);
  g_assert_nonnull(strstr(f->err, "--opportunity"));
  g_assert_cmpint(run(f, "compare", "--filter", "rage", "--opportunity", "page:/cart", "--date", "2023-11-20", NULL),
                  ==, 0);
  g_assert_true(g_str_has_prefix(f->out, "No visits"));
  g_assert_cmpint(run(f, "compare", "--problem", "0123456789abcdef", "--date", "2023-11-20", NULL), ==, 3);
  g_assert_cmpint(run(f, "compare", "--problem", id, "--date", "yesterday", NULL), ==, 2);
  g_assert_cmpint(run(f, "compare", "--problem", id, "--date", "2023-11-20", "--release", "2", NULL), ==, 2);
}

/* What was typed is told without the whole of it, and masked in a clip. */
static void test_audit(Fixture *f, gconstpointer data) {
  g_autofree char *visit = write_visit(f, "visit.json", "ada@shop.example", 1, FALSE);
  g_autofree char *clip = g_build_filename(f->dir, "clip.html", NULL), *written = NULL;

  g_assert_cmpint(run(f, "import", visit, "--json", NULL), ==, 0);
  g_autofree char *session = g_strdup(member(item(sight_json_get(answer(f), "files"), 0), "session"));
  g_assert_cmpint(run(f, "audit", "--json", NULL), ==, 0);
  SightJson found = item(sight_json_get(answer(f), "found"), 0);
  g_assert_cmpstr(member(found, "kind"), ==, "email");
  g_assert_cmpstr(member(found, "place"), ==, "event");
  g_assert_cmpstr(member(found, "sample"), ==, "a…e (16 characters)");
  g_assert_null(strstr(f->out, "ada@shop"));
  g_assert_cmpint(run(f, "clip", session, "--from", "0", "--to", "9000", "--mask", "Pay now", "--mask", "email",
                      "--name", "A pay NOW", "-o", clip, NULL),
                  ==, 0);
  g_assert_true(g_file_get_contents(clip, &written, NULL, NULL));
  g_assert_null(strstr(written, "Pay now"));
  g_assert_nonnull(strstr(written, "A *******"));
  g_autofree char *events = g_build_filename(f->dir, "clip.json", NULL), *read = NULL;
  g_assert_cmpint(run(f, "clip", session, "--from", "0", "--to", "9000", "-o", events, NULL), ==, 0);
  g_assert_true(g_file_get_contents(events, &read, NULL, NULL));
  g_assert_true(g_str_has_prefix(read, "["));
  g_assert_cmpint(run(f, "clip", session, "--from", "0", "--to", "9000", "--mask", "x", "-o", clip, NULL), ==, 1);
  g_assert_cmpint(run(f, "clip", session, "--from", "0", "--format", "png", "--mask-all", "-o", clip, NULL), ==, 2);
  g_assert_cmpint(
      run(f, "clip", session, "--from", "0", "--to", "9000", "--name", "x", "--format", "webm", "-o", clip, NULL), ==,
      2);
  g_clear_pointer(&written, g_free);
  g_assert_cmpint(run(f, "clip", "--filter", "page:/cart user:ada@shop.example", "--mask-all", "-o", clip, NULL), ==,
                  0);
  g_assert_true(g_file_get_contents(clip, &written, NULL, NULL));
  g_assert_nonnull(strstr(written, "user:*"));
  g_assert_null(strstr(written, "ada@shop"));
}

static void test_tag(Fixture *f, gconstpointer data) {
  g_autofree char *visit = write_visit(f, "visit.json", "ada", 1, FALSE);

  g_assert_cmpint(run(f, "import", visit, "--json", NULL), ==, 0);
  g_autofree char *session = g_strdup(member(item(sight_json_get(answer(f), "files"), 0), "session"));
  g_assert_cmpint(run(f, "sessions", "--filter", "tagged", "--json", NULL), ==, 0);
  g_assert_cmpuint(sight_json_length(sight_json_get(answer(f), "sessions")), ==, 0);
  g_assert_cmpint(run(f, "tag", session, "--at", "7000", "pays twice", NULL), ==, 0);
  g_autofree char *id = g_strdup(g_strstrip(f->out));
  g_assert_cmpint(run(f, "sessions", "--filter", "tagged", "--json", NULL), ==, 0);
  SightJson tagged = item(sight_json_get(answer(f), "sessions"), 0);
  g_assert_nonnull(strstr(member(tagged, "reason"), "pays twice"));
  g_assert_cmpint(run(f, "show", session, "--json", NULL), ==, 0);
  SightJson tag = item(sight_json_get(answer(f), "tags"), 0);
  g_assert_cmpint(sight_json_int(sight_json_get(tag, "at_ms"), 0), ==, 7000);
  g_assert_cmpint(run(f, "tag", session, "--remove", id, NULL), ==, 0);
  g_assert_cmpint(run(f, "tag", session, "--remove", "no-such-tag", NULL), ==, 3);
  g_assert_cmpint(run(f, "sessions", "--filter", "tagged", "--json", NULL), ==, 0);
  g_assert_cmpuint(sight_json_length(sight_json_get(answer(f), "sessions")), ==, 0);
}

static guint count_of(Fixture *f, const char *facet) {
  g_assert_cmpint(run(f, "sessions", "--filter", facet, "--json", NULL), ==, 0);
  return (guint)sight_json_length(sight_json_get(answer(f), "sessions"));
}

static void test_settings(Fixture *f, gconstpointer data) {
  g_autofree char *angry = write_visit(f, "angry.json", "bob", 6, FALSE);

  g_assert_cmpint(run(f, "import", angry, NULL), ==, 0);
  g_assert_cmpuint(count_of(f, "rage"), ==, 1);
  g_assert_cmpint(run(f, "settings", "set", "rage-clicks", "8", "--json", NULL), ==, 0);
  g_assert_cmpint(sight_json_int(sight_json_get(answer(f), "rage-clicks"), 0), ==, 8);
  g_assert_cmpuint(count_of(f, "rage"), ==, 0);
  g_assert_cmpint(run(f, "settings", "reset", "rage-clicks", NULL), ==, 0);
  g_assert_cmpuint(count_of(f, "rage"), ==, 1);
  g_assert_cmpint(run(f, "settings", "set", "rage-clicks", "-4", NULL), ==, 2);
  g_assert_cmpint(run(f, "settings", "set", "no-such-setting", "4", NULL), ==, 3);
}

static void test_key_actions(Fixture *f, gconstpointer data) {
  g_autofree char *visit = write_visit(f, "visit.json", "ada", 1, FALSE);

  g_assert_cmpint(run(f, "import", visit, NULL), ==, 0);
  g_assert_cmpuint(count_of(f, "churned"), ==, 0);
  g_assert_cmpint(run(f, "key-actions", "add", "order", "--page", "/thanks", NULL), ==, 0);
  g_assert_cmpuint(count_of(f, "churned"), ==, 1);
  g_assert_cmpint(run(f, "key-actions", "add", "order", "--page", "/cart", "--json", NULL), ==, 0);
  g_assert_cmpuint(sight_json_length(sight_json_get(answer(f), "key_actions")), ==, 1);
  g_assert_cmpuint(count_of(f, "churned"), ==, 0);
  g_assert_cmpint(run(f, "settings", "set", "churn-days", "366", NULL), ==, 2);
  g_assert_cmpint(run(f, "settings", "set", "churn-days", "30", "--json", NULL), ==, 0);
  g_assert_cmpint(sight_json_int(sight_json_get(answer(f), "churn-days"), 0), ==, 30);
  g_assert_cmpint(run(f, "key-actions", "add", "order", NULL), ==, 2);
  g_assert_cmpint(run(f, "key-actions", "remove", "order", NULL), ==, 0);
}

static void test_endpoints(Fixture *f, gconstpointer data) {
  /* Port 1 of loopback: nothing listens there. */
  g_assert_cmpint(run(f, "endpoints", "add", "http://127.0.0.1:1", "--token", "sst_x", NULL), ==, 4);
  g_assert_cmpint(run(f, "endpoints", "add", "ftp://127.0.0.1", "--token", "sst_x", NULL), ==, 1);
  g_assert_cmpint(run(f, "endpoints", "add", "http://127.0.0.1:1", NULL), ==, 2);
  g_assert_cmpint(run(f, "endpoints", "add", "http://127.0.0.1:1/", "--token", "sst_x", "--unchecked", "--name", "Shop",
                      "--json", NULL),
                  ==, 0);
  SightJson added = item(sight_json_get(answer(f), "endpoints"), 1);
  g_assert_cmpstr(member(added, "url"), ==, "http://127.0.0.1:1");
  g_assert_cmpstr(member(added, "name"), ==, "Shop");
  g_assert_cmpstr(member(added, "kind"), ==, "collector");
  g_assert_cmpint(run(f, "sync", "Shop", NULL), ==, 4);
  g_assert_cmpint(run(f, "endpoints", "check", NULL), ==, 4);
  g_assert_cmpint(run(f, "endpoints", "check", "Files", NULL), ==, 0);
  g_assert_cmpint(run(f, "endpoints", "kinds", "--json", NULL), ==, 0);
  g_assert_cmpstr(member(item(sight_json_get(answer(f), "kinds"), 0), "kind"), ==, "collector");
  g_assert_cmpint(run(f, "endpoints", "add", "http://127.0.0.1:1", "--kind", "files", "--token", "x", NULL), ==, 2);
  g_assert_cmpint(run(f, "endpoints", "add", "http://127.0.0.1:1", "--kind", "none", "--token", "x", NULL), ==, 2);
  g_assert_cmpint(run(f, "sync", "no-such-endpoint", NULL), ==, 3);
  g_assert_cmpint(run(f, "endpoints", "remove", "Shop", "--json", NULL), ==, 0);
  g_assert_cmpuint(sight_json_length(sight_json_get(answer(f), "endpoints")), ==, 1);
}

static void test_forget(Fixture *f, gconstpointer data) {
  g_autofree char *first = write_visit(f, "first.json", "ada", 1, FALSE);
  g_autofree char *second = write_visit(f, "second.json", "ada", 2, FALSE);
  g_autofree char *third = write_visit(f, "third.json", "bob", 1, FALSE);

  g_assert_cmpint(run(f, "import", first, second, third, NULL), ==, 0);
  g_assert_cmpint(run(f, "forget", "--user", "ada", "--json", NULL), ==, 0);
  g_assert_cmpint(sight_json_int(sight_json_get(answer(f), "erased"), 0), ==, 2);
  g_assert_cmpuint(count_of(f, "all"), ==, 1);
  SightJson left = item(sight_json_get(answer(f), "sessions"), 0);
  g_autofree char *session = g_strdup(member(left, "session"));
  g_assert_cmpint(run(f, "forget", session, "--remote", NULL), ==, 3);
  g_assert_cmpuint(count_of(f, "all"), ==, 1);
  g_assert_cmpint(run(f, "forget", session, NULL), ==, 0);
  g_assert_cmpuint(count_of(f, "all"), ==, 0);
  g_assert_cmpint(run(f, "forget", session, NULL), ==, 3);
}

/* What matches a filter, and nothing else; more than go in one transaction. */
#define N_MATCHING 102
static void test_forget_filter(Fixture *f, gconstpointer data) {
  g_autoptr(GString) rows = g_string_new("[");
  g_autofree char *file = g_build_filename(f->dir, "rows.json", NULL);

  for (int i = 0; i <= N_MATCHING; i++) {
    g_string_append_printf(rows,
                           "%s{\"session_id\":\"s-%d\",\"event\":{\"type\":5,\"timestamp\":%d00000,\"data\":{\"tag\":"
                           "\"ss:identify\",\"payload\":{\"user\":\"%s\"}}}}",
                           i > 0 ? "," : "", i, 17900000 + i, i == 0 ? "bob" : "ada");
  }
  g_string_append_c(rows, ']');
  g_assert_true(g_file_set_contents(file, rows->str, -1, NULL));
  g_assert_cmpint(run(f, "import", file, NULL), ==, 0);
  g_assert_cmpint(run(f, "forget", "--filter", " ", NULL), ==, 2);
  g_assert_cmpint(run(f, "forget", "--filter", "user:ada", "--user", "ada", NULL), ==, 2);
  g_assert_cmpint(run(f, "forget", "--filter", "user:nobody", "--remote", "--json", NULL), ==, 0);
  g_assert_cmpint(run(f, "forget", "--filter", "user:ada", "--remote", NULL), ==, 3);
  g_assert_cmpint(run(f, "sessions", "--json", NULL), ==, 0);
  g_assert_cmpint(sight_json_int(sight_json_get(answer(f), "total"), 0), ==, N_MATCHING + 1);
  g_assert_cmpint(run(f, "forget", "--filter", "user:ada", "--json", NULL), ==, 0);
  g_assert_cmpint(sight_json_int(sight_json_get(answer(f), "erased"), 0), ==, N_MATCHING);
  g_assert_cmpuint(count_of(f, "all"), ==, 1);
  g_assert_cmpuint(count_of(f, "user:bob"), ==, 1);
}

static void test_terminal_is_safe(Fixture *f, gconstpointer data) {
  g_autofree char *visit = write_visit(f, "visit.json", "eve\\u001b[31m\\u0007\\u202e", 1, FALSE);

  g_assert_cmpint(run(f, "import", visit, NULL), ==, 0);
  g_assert_cmpint(run(f, "sessions", NULL), ==, 0);
  g_assert_nonnull(strstr(f->out, "eve"));
  g_assert_null(strchr(f->out, '\033'));
  g_assert_null(strchr(f->out, '\007'));
  g_assert_null(strstr(f->out, "\342\200\256"));
}

static SightJson page_at(Fixture *f, gsize i) {
  return item(sight_json_get(answer(f), "pages"), i);
}

static void test_pages(Fixture *f, gconstpointer data) {
  g_autofree char *visit = write_visit(f, "a.json", "ann", 0, FALSE);
  g_assert_cmpint(run(f, "import", visit, NULL), ==, 0);
  g_assert_cmpint(run(f, "pages", "--json", NULL), ==, 0);
  g_assert_cmpstr(member(page_at(f, 0), "page"), ==, "/cart");
  g_assert_cmpstr(member(page_at(f, 1), "page"), ==, "/p/:id");
  /* What a rule would do, and then does. */
  g_assert_cmpint(run(f, "pages", "rules", "preview", "rename", "/*", "/all", "--json", NULL), ==, 0);
  SightJson change = item(sight_json_get(answer(f), "changes"), 1);
  g_assert_cmpstr(member(change, "from"), ==, "/p/:id");
  g_assert_cmpstr(member(change, "to"), ==, "/all");
  g_assert_true(sight_json_bool(sight_json_get(change, "merges"), FALSE));
  g_assert_false(sight_json_bool(sight_json_get(change, "splits"), TRUE));
  g_assert_cmpint(run(f, "pages", "rules", "add", "keep", "/p/*", NULL), ==, 0);
  g_assert_cmpint(run(f, "pages", "--json", NULL), ==, 0);
  g_assert_cmpstr(member(page_at(f, 1), "page"), ==, "/p/8123");
  g_assert_cmpint(run(f, "pages", "rules", "remove", "2", NULL), ==, 3);
  g_assert_nonnull(strstr(f->err, "There is no rule 2"));
  g_assert_cmpint(run(f, "pages", "rules", "remove", "1", "--json", NULL), ==, 0);
  g_assert_cmpint(sight_json_length(sight_json_get(answer(f), "rules")), ==, 0);
  g_assert_cmpint(run(f, "pages", "--json", NULL), ==, 0);
  g_assert_cmpstr(member(page_at(f, 1), "page"), ==, "/p/:id");
  g_assert_cmpint(run(f, "pages", "rules", "add", "rename", "/a", NULL), ==, 2);
  g_assert_cmpint(run(f, "pages", "rules", "add", "fold", "", NULL), ==, 2);
  g_assert_cmpint(run(f, "pages", "rules", "remove", "x", NULL), ==, 2);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
#define ADD(name, func) g_test_add("/cli/" name, Fixture, NULL, set_up, func, tear_down)
  ADD("usage", test_usage);
  ADD("import", test_import);
  ADD("sessions-and-show", test_sessions_and_show);
  ADD("filters", test_filters);
  ADD("completion", test_completion);
  ADD("compare", test_compare);
  ADD("audit", test_audit);
  ADD("tag", test_tag);
  ADD("settings", test_settings);
  ADD("key-actions", test_key_actions);
  ADD("pages", test_pages);
  ADD("endpoints", test_endpoints);
  ADD("forget", test_forget);
  ADD("forget-filter", test_forget_filter);
  ADD("terminal-is-safe", test_terminal_is_safe);
  return g_test_run();
}

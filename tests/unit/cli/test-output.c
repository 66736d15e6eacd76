/* SPDX-License-Identifier: MIT */
/* Whatever a recording, a file name or an argument says, sightctl prints no control character but line feeds and tabs,
 * and nothing that reorders text; numeric options take only their range, and say so; output that cannot be written is a
 * failure. Texts and numbers are random: the seed is g_test's (--seed). */
#include "sight-json-writer.h"
#include "sight-json.h"
#include "sight-terminal.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  char *folder, *cache;
  char *out, *err;
  const char *input; /* for standard input, or NULL */
} Fixture;

static void set_up(Fixture *f, gconstpointer data) {
  f->folder = g_dir_make_tmp("sight-output-XXXXXX", NULL);
  f->cache = g_build_filename(f->folder, "cache", NULL);
}

static void remove_tree(const char *path) {
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  for (const char *name = dir != NULL ? g_dir_read_name(dir) : NULL; name != NULL; name = g_dir_read_name(dir)) {
    g_autofree char *child = g_build_filename(path, name, NULL);
    remove_tree(child);
  }
  g_remove(path);
}

static void tear_down(Fixture *f, gconstpointer data) {
  remove_tree(f->folder);
  g_free(f->folder);
  g_free(f->cache);
  g_free(f->out);
  g_free(f->err);
}

static char *text_of(GBytes *bytes) {
  return bytes != NULL && g_bytes_get_size(bytes) > 0
             ? g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes))
             : g_strdup("");
}

/* Words until NULL; --cache is added. The exit code. */
static int run(Fixture *f, const char *const *words, const char *out_path) {
  g_autofree char *program = g_build_filename(g_getenv("SIGHT_BUILD_ROOT"), "src", "cli", "sightctl", NULL);
  g_autoptr(GPtrArray) argv = g_ptr_array_new();
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(
      (out_path == NULL ? G_SUBPROCESS_FLAGS_STDOUT_PIPE : G_SUBPROCESS_FLAGS_NONE) |
      (f->input != NULL ? G_SUBPROCESS_FLAGS_STDIN_PIPE : G_SUBPROCESS_FLAGS_NONE) | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr(GBytes) input = f->input != NULL ? g_bytes_new(f->input, strlen(f->input)) : NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) out = NULL;
  g_autoptr(GBytes) err = NULL;

  g_ptr_array_add(argv, program);
  for (guint i = 0; words[i] != NULL; i++)
    g_ptr_array_add(argv, (char *)words[i]);
  g_ptr_array_add(argv, (char *)"--cache");
  g_ptr_array_add(argv, f->cache);
  g_ptr_array_add(argv, NULL);
  g_subprocess_launcher_setenv(launcher, "LC_ALL", "C.UTF-8", TRUE);
  g_subprocess_launcher_setenv(launcher, "DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  if (out_path != NULL)
    g_subprocess_launcher_set_stdout_file_path(launcher, out_path);
  g_autoptr(GSubprocess) process = g_subprocess_launcher_spawnv(launcher, (const char *const *)argv->pdata, &error);
  g_assert_no_error(error);
  g_subprocess_communicate(process, input, NULL, &out, &err, &error);
  g_assert_no_error(error);
  g_assert_true(g_subprocess_get_if_exited(process));
  g_free(f->out);
  g_free(f->err);
  f->out = text_of(out);
  f->err = text_of(err);
  return g_subprocess_get_exit_status(process);
}

static void check_harmless(const char *verb, const char *text) {
  g_assert_true(g_utf8_validate(text, -1, NULL));
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
    gunichar c = g_utf8_get_char(at);
    gboolean control = g_unichar_iscntrl(c) && c != '\n' && c != '\t';
    gboolean order = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F;
    if (control || order)
      g_error("%s printed U+%04X", verb, c);
  }
}

/* Pieces of escapes among letters; never a NUL. */
static char *random_text(gboolean valid) {
  static const char *const pieces[] = {
      "\x1b[31m",     "\x1b]0;title\x07", "\r",           "\b", "\n",     "\xc2\x9b", "\x7f",
      "\xe2\x80\xae", "\xe2\x81\xa6",     "\xe2\x80\xa8", "a",  "Zürich", "\t",       "\x01"};
  g_autoptr(GString) out = g_string_new("x");

  for (int i = g_test_rand_int_range(1, 12); i > 0; i--) {
    if (!valid && g_test_rand_int_range(0, 6) == 0)
      g_string_append_c(out, (char)g_test_rand_int_range(128, 256));
    else
      g_string_append(out, pieces[g_test_rand_int_range(0, G_N_ELEMENTS(pieces))]);
  }
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static void add_text(SightJsonWriter *w, const char *key) {
  g_autofree char *text = random_text(TRUE);
  sight_json_member_string(w, key, text);
}

static void begin_event(SightJsonWriter *w, int type, int at_ms) {
  sight_json_begin_object(w);
  sight_json_member_int(w, "type", type);
  sight_json_member_int(w, "timestamp", G_GINT64_CONSTANT(1700000000000) + at_ms);
  sight_json_key(w, "data");
  sight_json_begin_object(w);
}

static void end_event(SightJsonWriter *w) {
  sight_json_end_object(w);
  sight_json_end_object(w);
}

static void add_custom(SightJsonWriter *w, const char *tag, int at_ms) {
  const char *const keys[] = {"user", "message", "name", "url", "release", "level", "stack"};
  begin_event(w, 5, at_ms);
  sight_json_member_string(w, "tag", tag);
  sight_json_key(w, "payload");
  sight_json_begin_object(w);
  for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
    add_text(w, keys[i]);
  sight_json_end_object(w);
  end_event(w);
}

/* A recording in which all that can be a text is one of those. */
static char *write_recording(Fixture *f) {
  g_autoptr(GString) out = g_string_new(NULL);
  SightJsonWriter w = {.out = out};
  g_autofree char *name = random_text(FALSE);
  g_autofree char *safe = g_strdelimit(g_strdup(name), "/", '_');
  g_autofree char *path = g_strconcat(f->folder, "/", safe, ".json", NULL);

  sight_json_begin_array(&w);
  begin_event(&w, 4, 0);
  add_text(&w, "href");
  sight_json_member_int(&w, "width", 800);
  sight_json_member_int(&w, "height", 600);
  end_event(&w);
  begin_event(&w, 2, 1);
  sight_json_key(&w, "node");
  sight_json_begin_object(&w);
  sight_json_member_int(&w, "type", 0);
  sight_json_member_int(&w, "id", 1);
  sight_json_key(&w, "childNodes");
  sight_json_begin_array(&w);
  sight_json_begin_object(&w);
  sight_json_member_int(&w, "type", 3);
  sight_json_member_int(&w, "id", 2);
  add_text(&w, "textContent");
  sight_json_end_object(&w);
  sight_json_end_array(&w);
  sight_json_end_object(&w);
  end_event(&w);
  add_custom(&w, "ss:identify", 10);
  add_custom(&w, "ss:error", 20);
  add_custom(&w, "ss:context", 30);
  sight_json_end_array(&w);
  g_assert_true(g_file_set_contents(path, out->str, (gssize)out->len, NULL));
  return g_steal_pointer(&path);
}

static void check(Fixture *f, const char *first, ...) {
  g_autoptr(GPtrArray) words = g_ptr_array_new();
  va_list more;

  g_ptr_array_add(words, (char *)first);
  va_start(more, first);
  for (const char *word = va_arg(more, const char *); word != NULL; word = va_arg(more, const char *))
    g_ptr_array_add(words, (char *)word);
  va_end(more);
  g_ptr_array_add(words, NULL);
  run(f, (const char *const *)words->pdata, NULL);
  check_harmless(first, f->out);
  check_harmless(first, f->err);
}

/* What asks many sessions, and what hands on. `text`: hostile, for every argument that takes one. */
static void check_questions(Fixture *f, const char *id, const char *text) {
  g_autofree char *moment = g_strconcat(id, "@20", NULL);
  g_autofree char *folder = g_strdup_printf("folder:%s/%s", f->folder, text);
  g_autofree char *wanted = g_strconcat("signal ", text, NULL);
  static const char *const asking[] = {"problems", "contrast", "moments", "pages", "forms", "variants", "audit"};

  for (guint i = 0; i < G_N_ELEMENTS(asking); i++) {
    check(f, asking[i], NULL);
    check(f, asking[i], "--json", NULL);
    check(f, asking[i], "--filter", "error", NULL);
    check(f, asking[i], "--filter", text, NULL);
  }
  check(f, "flow", "page:* > error", NULL);
  check(f, "flow", "page:* > error", "--by", text, "--json", NULL);
  check(f, "flow", "--from", text, text, NULL);
  check(f, "heatmap", "/", "--json", NULL);
  check(f, "heatmap", text, "--movement", NULL);
  check(f, "complete", "user:", NULL);
  check(f, "complete", "release:", "--json", NULL);
  check(f, "complete", "seen:", "--lines", NULL);
  check(f, "complete", text, NULL);
  check(f, "why-not", id, "--filter", wanted, NULL);
  check(f, "why-not", text, "--filter", "error", "--json", NULL);
  check(f, "compare", "--filter", "error", "--opportunity", "page:*", "--release", text, NULL);
  check(f, "compare", "--problem", text, "--date", text, "--json", NULL);
  check(f, "problems", text, "--state", text, "--issue", text, NULL);
  check(f, "pages", "rules", "add", "rename", text, text, NULL);
  check(f, "pages", "rules", "list", NULL);
  check(f, "issue", moment, NULL);
  check(f, "issue", moment, "--title", text, "--json", NULL);
  check(f, "issue", moment, "--to", folder, NULL);
  check(f, "issue", text, "--to", text, NULL);
  check(f, "help", text, NULL);
}

/* What each verb that there is says to a hostile word in each of the usual places, and in its own JSON. */
static void check_each_verb(Fixture *f, const char *id, const char *text) {
  g_autoptr(GRegex) verb = g_regex_new("^  ([a-z-]+) ", G_REGEX_MULTILINE, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  guint n = 0;

  check(f, "--help", NULL);
  g_autofree char *list = g_strdup(f->out);
  f->input = "";
  for (g_regex_match(verb, list, 0, &match); g_match_info_matches(match); g_match_info_next(match, NULL)) {
    g_autofree char *name = g_match_info_fetch(match, 1);
    n++;
    check(f, name, text, NULL);
    check(f, name, "--json", text, NULL);
    check(f, name, text, text, text, NULL);
    check(f, name, "--filter", text, NULL);
    check(f, name, text, id, NULL);
  }
  f->input = NULL;
  g_assert_cmpuint(n, >, 25);
}

/* Somebody who is named by a recording, what was done to it, and what others say about it. */
static void check_people(Fixture *f, const char *id, const char *text) {
  g_autofree char *note = g_strconcat(id, "@20", NULL);
  g_autofree char *report = g_build_filename(f->folder, "report.html", NULL);

  check(f, "sessions", "--json", NULL);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  SightJson root = {0};
  g_assert_true(sight_json_parser_parse(parser, f->out, strlen(f->out), &root, NULL));
  SightJsonIter it = sight_json_iter(root);
  while (sight_json_next(&it)) {
    const char *user = sight_json_string(sight_json_get(it.value, "user"), NULL);
    check(f, "person", user != NULL ? user : text, NULL);
    g_assert_true(user == NULL || strchr(f->out, '\n') != NULL);
    check(f, "person", user != NULL ? user : text, "--json", NULL);
  }
  check(f, "note", id, text, NULL);
  check(f, "note", note, text, "--json", NULL);
  check(f, "report", "-o", report, "--title", text, "--", "problems", NULL);
  check(f, "report", "-o", report, "--", "moments", "--filter", text, NULL);
  check(f, "report", "-o", text, "--", text, NULL);
  check(f, "redact", id, "--mask", text, NULL);
  check(f, "log", NULL);
  check(f, "log", "--json", NULL);
  check(f, "log", "verify", "--certificate", text, NULL);
  check(f, "log", "--endpoint", text, NULL);
}

/* A protocol's answers are looked at in terminals, too. */
static void check_served(Fixture *f, const char *id) {
  static const char request[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"";
  g_autofree char *input =
      g_strdup_printf("%ssession_story\",\"arguments\":{\"session\":\"%s\"}}}\n"
                      "%slist_problems\",\"arguments\":{}}}\n"
                      "{\"jsonrpc\":\"2.0\",\"id\":\"\xc2\x9b\xe2\x80\xae\",\"method\":\"ping\"}\n",
                      request, id, request);

  f->input = input;
  check(f, "mcp", NULL);
  f->input = NULL;
  g_auto(GStrv) answers = g_strsplit(f->out, "\n", -1);
  g_assert_cmpuint(g_strv_length(answers), ==, 4);
  g_assert_nonnull(strstr(answers[0], id));
}

static void test_verbs(Fixture *f, gconstpointer data) {
  for (int round = 0; round < 2; round++) {
    g_autofree char *file = write_recording(f);
    g_autofree char *text = random_text(FALSE);
    g_autofree char *gone = g_strconcat(f->folder, "/", text, NULL);
    check(f, "import", file, gone, NULL);
    check(f, "sessions", NULL);
    g_assert_nonnull(strchr(f->out, '\n'));
    g_auto(GStrv) lines = g_strsplit(f->out, "\n", -1);
    g_autofree char *id = g_strndup(lines[1], strcspn(lines[1], " "));
    check(f, "sessions", "--json", "--search", text, NULL);
    check(f, "sessions", "--filter", text, NULL);
    check(f, "sessions", "--endpoint", text, NULL);
    check(f, "tag", id, text, NULL);
    check(f, "show", id, NULL);
    g_assert_nonnull(strstr(f->out, id));
    check(f, "show", id, "--json", NULL);
    check(f, "show", text, "--json", NULL);
    check(f, "snapshot", "--file", file, "--at", "10", NULL);
    check(f, "snapshot", "--file", file, "--at", "10", "--format", "text", NULL);
    check(f, "snapshot", "--file", file, "--at", "10", "--format", "html", NULL);
    check(f, "diff", "--file", file, "--from", "0", "--to", "10", NULL);
    check(f, "clip", "--file", file, "--from", "0", "--to", "10", "-o", gone, "--json", NULL);
    check(f, "endpoints", "add", text, NULL);
    check(f, "settings", "set", text, text, NULL);
    check(f, "key-actions", "add", text, NULL);
    check(f, "key-actions", "list", NULL);
    check(f, "forget", text, NULL);
    check(f, "post", gone, "--url", text, "--key", text, NULL);
    check(f, "damage", text, NULL);
    check(f, text, NULL);
    if (round == 0) {
      check_questions(f, id, text);
      check_people(f, id, text);
      check_each_verb(f, id, text);
      check_served(f, id);
    }
  }
}

/* What says the same in JSON parses to the same. */
static void test_json(Fixture *f, gconstpointer data) {
  for (int i = 0; i < 200; i++) {
    g_autofree char *text = random_text(TRUE);
    g_autoptr(GString) out = g_string_new(NULL);
    SightJsonWriter w = {.out = out};
    g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
    SightJson root = {0};

    sight_json_begin_object(&w);
    sight_json_member_string(&w, "text", text);
    sight_json_end_object(&w);
    g_autofree char *json = sight_terminal_json(out->str, (gssize)out->len);
    check_harmless("json", json);
    g_assert_true(sight_json_parser_parse(parser, json, strlen(json), &root, NULL));
    g_assert_cmpstr(sight_json_string(sight_json_get(root, "text"), NULL), ==, text);
  }
}

static void test_ranges(Fixture *f, gconstpointer data) {
  const char *const wrong[] = {"-1", "nan", "1e3", "inf", "", " 1", "1 ", "0x10", "99999999999999999999", "1.5", "1;2"};
  const char *const options[][4] = {{"sessions", "--limit", NULL, NULL}, {"tag", "--at", "x", "label"},
                                    {"snapshot", "--at", "x", NULL},     {"diff", "--from", "x", NULL},
                                    {"diff", "--to", "x", NULL},         {"clip", "--from", "x", NULL},
                                    {"clip", "--to", "x", NULL}};

  for (guint i = 0; i < G_N_ELEMENTS(options); i++) {
    const char *value = wrong[g_test_rand_int_range(0, G_N_ELEMENTS(wrong))];
    g_autofree char *given = g_strdup_printf("%s=%s", options[i][1], value);
    const char *const words[] = {options[i][0], given, options[i][2], options[i][3], NULL};
    g_autofree char *named =
        g_strdup_printf("%s does not take “%s”; it takes a whole number from 0 to ", options[i][1], value);
    g_assert_cmpint(run(f, words, NULL), ==, 2);
    if (strstr(f->err, named) == NULL)
      g_error("%s %s: %s", options[i][0], given, f->err);
  }
}

static void test_full(Fixture *f, gconstpointer data) {
  const char *const table[] = {"sessions", NULL};
  const char *const json[] = {"sessions", "--json", NULL};

  g_assert_cmpint(run(f, table, "/dev/full"), ==, 1);
  g_assert_cmpint(run(f, json, "/dev/full"), ==, 1);
  g_assert_cmpint(run(f, json, "/dev/null"), ==, 0);
}

/* What may be named to be written to. */
typedef enum { NOTHING, REGULAR, LINK, DANGLING, PIPE, FOLDER, FULL, NO_FOLDER, N_PLACES } Place;

static void make_place(Place place, const char *path, const char *target) {
  switch (place) {
  case REGULAR:
    g_assert_true(g_file_set_contents(path, "old", -1, NULL));
    g_assert_cmpint(g_chmod(path, 0640), ==, 0);
    break;
  case LINK:
    g_assert_true(g_file_set_contents(target, "old", -1, NULL));
    g_assert_cmpint(symlink(target, path), ==, 0);
    break;
  case DANGLING:
    g_assert_cmpint(symlink(target, path), ==, 0);
    break;
  case PIPE:
    g_assert_cmpint(mkfifo(path, 0600), ==, 0);
    break;
  case FOLDER:
    g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
    break;
  case FULL:
    g_assert_cmpint(symlink("/dev/full", path), ==, 0);
    break;
  case NOTHING:
  case NO_FOLDER:
  case N_PLACES:
    break;
  }
}

static gboolean can_be_written(Place place) {
  return place == NOTHING || place == REGULAR || place == LINK;
}

/* Whatever is named stays what it is: a file and the file behind a link get new contents, all else is refused. */
static void check_place(Fixture *f, const char *const *words, Place place, const char *named, const char *path) {
  g_autofree char *target = g_strconcat(path, "-target", NULL);
  g_autofree char *contents = NULL;
  struct stat before = {0}, after = {0};

  make_place(place, path, target);
  int was = g_lstat(path, &before);
  int code = run(f, words, NULL);
  g_test_message("%s, place %d: %d, %s", words[0], place, code, f->err);
  g_assert_cmpint(code, ==, can_be_written(place) ? 0 : 1);
  g_assert_true(can_be_written(place) || strstr(f->err, place == NO_FOLDER ? "none" : named) != NULL);
  check_harmless(words[0], f->err);
  g_assert_cmpint(g_lstat(path, &after), ==, place == NOTHING ? 0 : was);
  if (was == 0)
    g_assert_cmpint(after.st_mode, ==, before.st_mode);
  if (was == 0 && place != REGULAR)
    g_assert_cmpint((gint64)after.st_ino, ==, (gint64)before.st_ino);
  if (can_be_written(place)) {
    g_assert_true(g_file_get_contents(path, &contents, NULL, NULL));
    g_assert_cmpstr(contents, !=, "old");
  }
  if (place == DANGLING)
    g_assert_false(g_file_test(target, G_FILE_TEST_EXISTS));
}

/* Every verb that writes what somebody names. */
static void test_places(Fixture *f, gconstpointer data) {
  g_autofree char *file = write_recording(f);
  const char *const import[] = {"import", file, NULL};

  g_assert_cmpint(run(f, import, NULL), ==, 0);
  check(f, "sessions", NULL);
  for (int verb = 0; verb < 4; verb++) {
    for (int place = 0; place < N_PLACES; place++) {
      g_autofree char *folder =
          g_strdup_printf("%s/%d-%d%s", f->folder, verb, place, place == NO_FOLDER ? "/none" : "");
      g_autofree char *path = g_build_filename(folder, verb == 2 ? "a.md" : "a.html", NULL);
      const char *const calls[][9] = {{"clip", "--file", file, "--from", "0", "--to", "10", "-o", path},
                                      {"report", "-o", path, "--", "problems"},
                                      {"report", "-o", path, "--", "forms"},
                                      {"forget", "--user", "nobody", "--certificate", path}};
      const char *words[10] = {NULL};
      if (place != NO_FOLDER)
        g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
      memcpy(words, calls[verb], sizeof calls[verb]);
      check_place(f, words, (Place)place, path, path);
    }
  }
}

/* An issue goes beside what is there, whatever that is. */
static void test_folder(Fixture *f, gconstpointer data) {
  const char *const names[] = {"issue.md", "steps.spec.js"};
  g_autofree char *file = write_recording(f);
  const char *const import[] = {"import", file, NULL}, *const sessions[] = {"sessions", NULL};

  g_assert_cmpint(run(f, import, NULL), ==, 0);
  g_assert_cmpint(run(f, sessions, NULL), ==, 0);
  g_auto(GStrv) lines = g_strsplit(f->out, "\n", -1);
  g_autofree char *id = g_strndup(lines[1], strcspn(lines[1], " "));
  g_autofree char *moment = g_strconcat(id, "@20", NULL);
  for (int name = 0; name < 2; name++) {
    for (int place = 0; place < NO_FOLDER; place++) {
      g_autofree char *folder = g_strdup_printf("%s/issues-%d-%d", f->folder, name, place);
      g_autofree char *to = g_strconcat("folder:", folder, NULL);
      g_autofree char *path = g_build_filename(folder, names[name], NULL);
      g_autofree char *other = g_build_filename(folder, names[1 - name], NULL);
      g_autofree char *target = g_strconcat(path, "-target", NULL);
      g_autofree char *text = g_strdup_printf("%s/issue%s.md", folder, place != NOTHING ? "-2" : "");
      g_autofree char *script = g_strdup_printf("%s/steps%s.spec.js", folder, place != NOTHING ? "-2" : "");
      g_autofree char *said = g_strconcat(text, "\n", NULL);
      g_autofree char *contents = NULL;
      const char *const words[] = {"issue", moment, "--to", to, NULL};
      struct stat before = {0}, after = {0};
      if (place != NOTHING)
        g_assert_cmpint(g_mkdir(folder, 0700), ==, 0); /* else it is made */
      make_place((Place)place, path, target);
      int was = g_lstat(path, &before);
      g_assert_cmpint(run(f, words, NULL), ==, 0);
      g_assert_cmpstr(f->out, ==, said);
      g_assert_true(g_file_get_contents(text, &contents, NULL, NULL) && g_str_has_prefix(contents, "# "));
      g_assert_true(g_file_test(script, G_FILE_TEST_IS_REGULAR));
      g_assert_cmpint(g_lstat(path, &after), ==, 0);
      g_assert_true(was != 0 || (before.st_ino == after.st_ino && before.st_mtime == after.st_mtime &&
                                 before.st_size == after.st_size));
      g_assert_true(place == NOTHING || !g_file_test(other, G_FILE_TEST_EXISTS));
      g_assert_true(place != DANGLING || !g_file_test(target, G_FILE_TEST_EXISTS));
    }
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add("/cli/output/verbs", Fixture, NULL, set_up, test_verbs, tear_down);
  g_test_add("/cli/output/json", Fixture, NULL, set_up, test_json, tear_down);
  g_test_add("/cli/output/ranges", Fixture, NULL, set_up, test_ranges, tear_down);
  g_test_add("/cli/output/full", Fixture, NULL, set_up, test_full, tear_down);
  g_test_add("/cli/output/places", Fixture, NULL, set_up, test_places, tear_down);
  g_test_add("/cli/output/folder", Fixture, NULL, set_up, test_folder, tear_down);
  return g_test_run();
}

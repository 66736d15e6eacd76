/* SPDX-License-Identifier: MIT */
/* Whoever analysis says a session is of can be erased by that name, at a collector and at a workstation, however the
 * events are written: random escapes, orders, packings, forms and lengths. `--seed` repeats a run. */
#include "sight-analysis.h"
#include "sight-batch-table.h"
#include "sight-db.h"
#include "sight-endpoint-table.h"
#include "sight-envelope.h"
#include "sight-import.h"
#include "sight-session-table.h"

#include <glib/gstdio.h>
#include <string.h>

#define N_RANDOM 300

typedef struct {
  char *folder;
  SightStore *store;
  SightRuleset *rules;
} Fixture;

static void set_up(Fixture *f, gconstpointer data) {
  g_autoptr(GError) error = NULL;
  f->folder = g_dir_make_tmp("sight-users-XXXXXX", &error);
  g_assert_no_error(error);
  f->store = sight_store_open(f->folder, SIGHT_STORE_CACHE, NULL, &error);
  g_assert_no_error(error);
  f->rules = sight_ruleset_new_default();
}

static void tear_down(Fixture *f, gconstpointer data) {
  g_autoptr(GDir) dir = g_dir_open(f->folder, 0, NULL);
  const char *name = NULL;
  sight_store_close(f->store);
  g_object_unref(f->store);
  sight_ruleset_free(f->rules);
  while ((name = g_dir_read_name(dir)) != NULL) {
    g_autofree char *path = g_build_filename(f->folder, name, NULL);
    g_unlink(path);
  }
  g_rmdir(f->folder);
  g_free(f->folder);
}

static int pick(int n) {
  return g_test_rand_int_range(0, n);
}

/* Writing JSON in one of the many ways */

static void put_blank(GString *out) {
  for (int n = pick(8) == 0 ? pick(3) : 0; n > 0; n--)
    g_string_append_c(out, " \t"[pick(2)]);
}

/* Some characters have an escape of one letter. */
static void put_unit(GString *out, guint unit) {
  static const char letters[] = "\"\"\\\\//\bb\ff\nn\rr\tt";
  for (gsize i = 0; i + 1 < sizeof letters; i += 2) {
    if ((guint)letters[i] == unit && pick(2)) {
      g_string_append_printf(out, "\\%c", letters[i + 1]);
      return;
    }
  }
  g_string_append_printf(out, pick(2) ? "\\u%04x" : "\\u%04X", unit);
}

/* Each character as it is, or escaped, as it comes. */
static void put_string(GString *out, const char *text) {
  int often = pick(3);
  g_string_append_c(out, '"');
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
    gunichar c = g_utf8_get_char(at);
    if (c < 0x20 || c == '"' || c == '\\' || pick(3) < often) {
      if (c >= 0x10000) {
        put_unit(out, 0xD800 + ((c - 0x10000) >> 10));
        put_unit(out, 0xDC00 + ((c - 0x10000) & 0x3FF));
      } else {
        put_unit(out, c);
      }
    } else {
      g_string_append_unichar(out, c);
    }
  }
  g_string_append_c(out, '"');
}

typedef struct {
  const char *key, *json;
} Member;

/* The members in any order; those of one key stay in theirs. */
static char *object_of(const Member *members, int n) {
  g_autoptr(GString) out = g_string_new("{");
  int first = pick(n);
  for (int i = 0; i < n; i++) {
    const Member *member = &members[(first + i) % n];
    g_string_append(out, i > 0 ? "," : "");
    put_blank(out);
    put_string(out, member->key);
    put_blank(out);
    g_string_append_c(out, ':');
    put_blank(out);
    g_string_append(out, member->json);
    put_blank(out);
  }
  g_string_append_c(out, '}');
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static char *quoted(const char *text) {
  g_autoptr(GString) out = g_string_new(NULL);
  put_string(out, text);
  return g_string_free(g_steal_pointer(&out), FALSE);
}

/* As rrweb's pack() does: zlib, a character for each byte. */
static char *packed(const char *event) {
  g_autoptr(GZlibCompressor) zlib = g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 1 + pick(9));
  g_autoptr(GString) text = g_string_new(NULL);
  g_autofree char *out = g_malloc(2 * strlen(event) + 100);
  gsize read = 0, written = 0;
  GConverterResult result = g_converter_convert(G_CONVERTER(zlib), event, strlen(event), out, 2 * strlen(event) + 100,
                                                G_CONVERTER_INPUT_AT_END, &read, &written, NULL);
  g_assert_cmpint(result, ==, G_CONVERTER_FINISHED);
  g_string_append_c(text, '"');
  for (gsize i = 0; i < written; i++) {
    guint8 byte = (guint8)out[i];
    if (byte < 0x20 || byte == '"' || byte == '\\' || pick(4) == 0)
      put_unit(text, byte);
    else
      g_string_append_unichar(text, byte);
  }
  g_string_append_c(text, '"');
  return g_string_free(g_steal_pointer(&text), FALSE);
}

static char *random_name(void) {
  static const char *const parts[] = {"ada", "B",      "@",    "example.org", " ",    "  ", "\t",
                                      "\n",  "é",      "漢字", "😀",           "\"",   "\\", "ss:identify",
                                      "/",   "\u202e", "%",    "'",           "\x01", "0",  "ß"};
  g_autoptr(GString) name = g_string_new("u");
  int n = pick(20) == 0 ? 400 + pick(400) : pick(12);
  for (int i = 0; i < n; i++)
    g_string_append(name, parts[pick(G_N_ELEMENTS(parts))]);
  return g_string_free(g_steal_pointer(&name), FALSE);
}

/* An event that names the user in one of the ways that are read; *number: it has to be one. */
static char *event_naming(const char *name, gboolean number) {
  static const char *const tags[] = {"ss:identify", "identify", "$identify", "Identify"};
  static const char *const keys[] = {"user", "id", "userId", "distinct_id", "identifier", "email"};
  g_autofree char *value = number ? g_strdup(name) : quoted(name);
  g_autofree char *payload = NULL;
  g_autofree char *tag = quoted(tags[pick(G_N_ELEMENTS(tags))]);
  const char *key = keys[pick(G_N_ELEMENTS(keys))];
  const Member twice[] = {{key, value}, {"traits", "{\"user\":\"x\",\"a\":[1,{\"id\":2}]}"}, {"z", "null"}};
  const Member once[] = {{key, value}, {"plan", "\"free\""}};
  switch (pick(3)) {
  case 0:
    payload = g_strdup(value);
    break;
  case 1:
    payload = object_of(once, G_N_ELEMENTS(once));
    break;
  default:
    payload = object_of(twice, G_N_ELEMENTS(twice));
  }
  const Member data[] = {{"tag", tag}, {"payload", payload}};
  g_autofree char *body = object_of(data, G_N_ELEMENTS(data));
  const Member event[] = {
      {"type", "5"}, {"timestamp", "1700000000000"}, {"data", body}, {"v", "\"v1\""}, {"x", "[[]]"}};
  g_autofree char *text = object_of(event, G_N_ELEMENTS(event));
  /* Of duplicate keys the first counts: here and there. */
  if (pick(4) == 0) {
    text[strlen(text) - 1] = ',';
    char *longer = g_strconcat(text, "\"data\":{\"tag\":\"ss:identify\",\"payload\":{\"user\":\"other\"}}}", NULL);
    g_free(text);
    text = longer;
  }
  return pick(3) == 0 ? packed(text) : g_steal_pointer(&text);
}

static char *envelope_of(const char *session, const char *event) {
  g_autofree char *id = quoted(session);
  g_autofree char *events = pick(4) == 0 ? g_strdup_printf("[[%s]]", event) : g_strdup_printf("[ %s ]", event);
  return g_strdup_printf("{\"v\":1,\"session\":%s,\"window\":\"w\",\"seq\":0,\"sent_at\":1,\"events\":%s}", id, events);
}

/* Storing, analysing, erasing */

static gboolean put(SightDb *db, gpointer user_data, GError **error) {
  return sight_batch_table_put(db, SIGHT_ENDPOINT_FILES, user_data, error) == SIGHT_PUT_STORED;
}

static void store_envelope(Fixture *f, const char *text) {
  g_autoptr(GError) error = NULL;
  g_auto(SightEnvelope) envelope = {0};
  sight_envelope_parse(text, strlen(text), &envelope, &error);
  g_assert_no_error(error);
  sight_store_write(f->store, SIGHT_WRITE_NORMAL, put, &envelope.batch, &error);
  g_assert_no_error(error);
}

static void import_text(Fixture *f, const char *text) {
  g_autoptr(GError) error = NULL;
  g_auto(SightImportResult) result = {0};
  g_autofree char *path = g_build_filename(f->folder, "recording.json", NULL);
  g_autoptr(GFile) file = g_file_new_for_path(path);
  g_file_set_contents(path, text, -1, &error);
  g_assert_no_error(error);
  sight_import_file(f->store, file, NULL, &result, &error);
  g_assert_no_error(error);
}

typedef struct {
  Fixture *f;
  const char *session, *user;
  char *shown;
  gint64 n;
} Asking;

static gboolean ask_user(SightDb *db, gpointer user_data, GError **error) {
  Asking *asking = user_data;
  g_autoptr(SightSession) session = sight_session_table_find(db, SIGHT_ENDPOINT_FILES, asking->session, error);
  g_autoptr(SightAnalysis) analysis =
      session != NULL ? sight_analysis_run(db, session->row, asking->f->rules, NULL, NULL, error) : NULL;
  asking->shown = analysis != NULL ? g_strdup(analysis->session->user) : NULL;
  return analysis != NULL;
}

static char *shown_user(Fixture *f, const char *session) {
  g_autoptr(GError) error = NULL;
  Asking asking = {.f = f, .session = session};
  sight_store_read(f->store, ask_user, &asking, &error);
  g_assert_no_error(error);
  return asking.shown;
}

/* Nothing was saved of the analysis: what a collector, which has none, erases by. */
static gboolean do_erase(SightDb *db, gpointer user_data, GError **error) {
  Asking *asking = user_data;
  asking->n = sight_session_table_erase_user(db, 0, asking->user, error);
  return asking->n >= 0;
}

static gint64 erase(Fixture *f, const char *user) {
  g_autoptr(GError) error = NULL;
  Asking asking = {.f = f, .user = user};
  sight_store_write(f->store, SIGHT_WRITE_NORMAL, do_erase, &asking, &error);
  g_assert_no_error(error);
  return asking.n;
}

static gboolean count_persons(SightDb *db, gpointer user_data, GError **error) {
  *(gint64 *)user_data = sight_db_query_int(db, "SELECT count(*) FROM person", error);
  return TRUE;
}

static gint64 n_persons(Fixture *f) {
  gint64 n = 0;
  g_assert_true(sight_store_read(f->store, count_persons, &n, NULL));
  return n;
}

static void test_random(Fixture *f, gconstpointer data) {
  for (int i = 0; i < N_RANDOM; i++) {
    gboolean number = pick(5) == 0;
    g_autofree char *name = number ? g_strdup_printf("%d", pick(1000000)) : random_name();
    g_autofree char *event = event_naming(name, number);
    g_autofree char *session = g_strdup_printf("session-%d", i);
    g_autofree char *envelope = envelope_of(session, event);
    if (pick(8) == 0)
      import_text(f, envelope);
    else
      store_envelope(f, envelope);
    g_autofree char *shown = shown_user(f, session);
    g_test_message("%s", envelope);
    g_assert_nonnull(shown);
    g_assert_cmpint(g_utf8_strlen(shown, -1), <=, 200);
    /* By the name as it was given, or as it is shown. */
    g_assert_cmpint(erase(f, pick(2) ? name : shown), ==, 1);
  }
  g_assert_cmpint(n_persons(f), ==, 0);
}

/* As many names as there is room for; all of them are found, and few rows are kept. */
static void test_many_names(Fixture *f, gconstpointer data) {
  for (int batch = 0; batch < 3; batch++) {
    g_autoptr(GString) envelope = g_string_new(NULL);
    g_string_append_printf(envelope, "{\"v\":1,\"session\":\"s\",\"window\":\"w\",\"seq\":%d,\"events\":[", batch);
    for (int i = 0; i < 2000; i++)
      g_string_append_printf(
          envelope,
          "%s{\"type\":5,\"timestamp\":1,\"data\":{\"tag\":\"ss:identify\",\"payload\":{\"user\":\"u%d-%d\"}}}",
          i > 0 ? "," : "", batch, i);
    g_string_append(envelope, "]}");
    store_envelope(f, envelope->str);
  }
  g_assert_cmpint(n_persons(f), <=, SIGHT_USERS_MAX_NAMES + 256);
  g_autofree char *any = g_strdup_printf("u%d-%d", pick(3), pick(2000));
  g_assert_cmpint(erase(f, any), ==, 1);
}

/* Two long names are two, and neither fills the index. */
static void test_long_names(Fixture *f, gconstpointer data) {
  g_autofree char *common = g_strnfill(1000000, 'm');
  for (int i = 0; i < 2; i++) {
    g_autofree char *name = g_strdup_printf("%s%d", common, i);
    g_autofree char *event = g_strdup_printf(
        "{\"type\":5,\"timestamp\":1,\"data\":{\"tag\":\"ss:identify\",\"payload\":{\"user\":\"%s\"}}}", name);
    g_autofree char *session = g_strdup_printf("s%d", i);
    g_autofree char *envelope = envelope_of(session, event);
    store_envelope(f, envelope);
  }
  g_autofree char *second = g_strdup_printf("%s1", common);
  g_assert_cmpint(erase(f, common), ==, 0);
  g_assert_cmpint(erase(f, second), ==, 1);
  g_assert_cmpint(n_persons(f), ==, 1);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add("/users/random", Fixture, NULL, set_up, test_random, tear_down);
  g_test_add("/users/many-names", Fixture, NULL, set_up, test_many_names, tear_down);
  g_test_add("/users/long-names", Fixture, NULL, set_up, test_long_names, tear_down);
  return g_test_run();
}

/* SPDX-License-Identifier: MIT */
/* Random histories between a collector and workstations: stores that are put back, clocks that are wrong, annotations
 * of any size. Whatever happened, in the end all have the same, once. `--seed` repeats a run. */
#include "sight-note-table.h"
#include "sync-fixture.h"

#include "sight-compress.h"
#include "sight-json-writer.h"

#include <string.h>

static void copy_folder(const char *from, const char *to) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GDir) dir = g_dir_open(from, 0, &error);
  const char *name;
  g_assert_no_error(error);
  g_assert_cmpint(g_mkdir_with_parents(to, 0700), ==, 0);
  while ((name = g_dir_read_name(dir)) != NULL) {
    g_autoptr(GFile) source = g_file_new_build_filename(from, name, NULL);
    g_autoptr(GFile) target = g_file_new_build_filename(to, name, NULL);
    g_file_copy(source, target, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, &error);
    g_assert_no_error(error);
  }
}

/* A collector that stays at its port, and a copy of its store. */
typedef struct {
  Collector *collector;
  char *store, *copy, *address;
  const char *options[3];
  int seq;
} World;

static World *world_new(void) {
  World *world = g_new0(World, 1);
  world->collector = collector_start(NULL);
  world->store = g_build_filename(world->collector->folder, "store", NULL);
  world->copy = make_folder("sight-copy-XXXXXX");
  world->address = g_strdup_printf("127.0.0.1:%u", world->collector->port);
  world->options[0] = "--listen";
  world->options[1] = world->address;
  return world;
}

static void world_free(World *world) {
  collector_free(world->collector);
  remove_folder(world->copy);
  g_free(world->store);
  g_free(world->copy);
  g_free(world->address);
  g_free(world);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(World, world_free)

static void copy_store(World *world) {
  collector_stop(world->collector);
  remove_folder(world->copy);
  copy_folder(world->store, world->copy);
  collector_restart(world->collector, world->options);
}

static void put_store_back(World *world) {
  collector_stop(world->collector);
  remove_folder(world->store);
  copy_folder(world->copy, world->store);
  collector_restart(world->collector, world->options);
}

static void post_some(World *world) {
  static const char *const sessions[] = {"one", "two", "three", "four"};
  for (int n = g_test_rand_int_range(1, 4); n > 0; n--) {
    g_autofree char *batch = batch_json(sessions[g_test_rand_int_range(0, 4)], "w", world->seq++, 20);
    g_autoptr(Answer) answer = post(world->collector, batch);
    g_assert_cmpint(answer_int(answer, "stored"), ==, TRUE);
  }
}

/* Each line of `part` stands in `whole`, and no line stands there twice. */
static void check_holds(const char *whole, const char *part) {
  g_autoptr(GHashTable) lines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_auto(GStrv) all = g_strsplit(whole, "\n", -1), some = g_strsplit(part, "\n", -1);
  for (char **line = all; *line != NULL; line++)
    g_assert_true(g_hash_table_add(lines, g_strdup(*line)));
  for (char **line = some; *line != NULL; line++)
    g_assert_true(g_hash_table_contains(lines, *line));
}

/* The store is put back at any time, also while the workstation was away and the store has passed its cursor again. */
static void test_put_back(void) {
  g_autoptr(World) world = world_new();
  g_autoptr(Cache) cache = cache_new(world->collector->url, world->collector->token);
  g_autofree char *had = g_strdup("");
  copy_store(world);
  for (int step = 0; step < 24; step++) {
    int what = g_test_rand_int_range(0, 8);
    g_test_message("step %d: %d", step, what);
    if (what == 0)
      copy_store(world);
    else if (what == 1)
      put_store_back(world);
    else if (what < 5)
      post_some(world);
    else {
      cache_sync(cache);
      g_autofree char *contents = cache_contents(cache);
      check_holds(contents, had);
      g_free(had);
      had = g_steal_pointer(&contents);
    }
  }
  put_store_back(world);
  post_some(world);
  cache_sync(cache);
  g_autoptr(Cache) fresh = cache_new(world->collector->url, world->collector->token);
  cache_sync(fresh);
  g_autofree char *wanted = cache_contents(fresh);
  g_autofree char *contents = cache_contents(cache);
  check_holds(contents, wanted);
  check_holds(contents, had);
}

static SightAnnotation *tag_of(Cache *cache, const char *id, const char *body, gint64 updated_ms) {
  SightAnnotation *tag = sight_annotation_new(cache->endpoint, "s1", "tag", 5, body);
  g_free(tag->id);
  tag->id = g_strdup(id);
  tag->updated_ms = updated_ms;
  return tag;
}

/* What a workstation knew goes back to where it was lost, and to nobody else's project. */
static void test_tags_put_back(void) {
  g_autoptr(World) world = world_new();
  g_autoptr(Cache) cache = cache_new(world->collector->url, world->collector->token);
  post_some(world);
  cache_sync(cache);
  copy_store(world);
  g_autoptr(SightAnnotation) tag = tag_of(cache, "t", "lost and found", 5);
  cache_put_annotation(cache, tag);
  g_assert_cmpuint(cache_sync(cache).n_pushed, ==, 1);
  put_store_back(world);
  cache_sync(cache);
  g_autoptr(Cache) other = cache_new(world->collector->url, world->collector->token);
  cache_sync(other);
  g_autofree char *found = cache_annotations(other, "s1");
  g_assert_cmpstr(found, ==, "tag 5 lost and found");
}

typedef struct {
  gint64 endpoint, updated_ms;
} There;

static gboolean read_version(SightDb *db, gpointer user_data, GError **error) {
  There *there = user_data;
  g_autoptr(GPtrArray) list = sight_annotation_table_list(db, there->endpoint, "s1", error);
  if (list != NULL && list->len > 0)
    there->updated_ms = ((SightAnnotation *)g_ptr_array_index(list, 0))->updated_ms;
  return list != NULL;
}

/* As the application does: after what it knows, at what it takes for now. */
static void edit(Cache *cache, gint64 clock_ms, const char *body) {
  There there = {.endpoint = cache->endpoint};
  g_assert_true(sight_store_read(cache->store, read_version, &there, NULL));
  g_assert_cmpint(there.updated_ms, <, G_MAXINT64 / 4);
  g_autoptr(SightAnnotation) tag = tag_of(cache, "t", body, MAX(clock_ms, there.updated_ms + 1));
  cache_put_annotation(cache, tag);
}

static gint64 random_clock(void) {
  const gint64 now_ms = g_get_real_time() / 1000;
  const gint64 clocks[] = {now_ms, now_ms - 86400000, 0, now_ms + 60000, now_ms * 3, G_MAXINT64};
  return clocks[g_test_rand_int_range(0, G_N_ELEMENTS(clocks))];
}

static Answer *put_raw(const Collector *collector, gint64 updated_ms, const char *body) {
  g_autofree char *json =
      g_strdup_printf("{\"session\":\"s1\",\"kind\":\"tag\",\"at\":5,\"body\":\"%s\",\"author\":\"\","
                      "\"created_at\":1,\"updated_at\":%" G_GINT64_FORMAT "}",
                      body, updated_ms);
  return ask(collector, (Asking){.method = "PUT",
                                 .path = "/v1/annotations/t",
                                 .body = json,
                                 .type = "application/json",
                                 .token = collector->token});
}

static void check_all(Cache *const *caches, guint n, const char *body) {
  g_autofree char *first = NULL;
  for (guint round = 0; round < 2; round++)
    for (guint i = 0; i < n; i++)
      cache_sync(caches[i]);
  for (guint i = 0; i < n; i++) {
    g_autofree char *tags = cache_annotations(caches[i], "s1");
    g_autofree char *wanted = body != NULL ? g_strdup_printf("tag 5 %s", body) : NULL;
    if (first != NULL)
      g_assert_cmpstr(tags, ==, first);
    if (wanted != NULL)
      g_assert_cmpstr(tags, ==, wanted);
    if (first == NULL)
      first = g_steal_pointer(&tags);
  }
}

/* Clocks of workstations and of scripts say anything: all agree in the end, no time lies in the future, and the next
 * edit by whoever has seen the last one wins, whatever its clock. */
static void test_clocks(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  g_autoptr(Cache) ada = cache_new(collector->url, collector->token);
  g_autoptr(Cache) bob = cache_new(collector->url, collector->token);
  Cache *const caches[] = {ada, bob};
  for (int step = 0; step < 30; step++) {
    g_autofree char *body = g_strdup_printf("step %d", step);
    int what = g_test_rand_int_range(0, 5);
    Cache *cache = caches[g_test_rand_int_range(0, 2)];
    if (what == 0) {
      g_autoptr(Answer) answer = put_raw(collector, random_clock(), body);
      g_assert_cmpuint(answer->status, ==, 200);
      g_assert_cmpint(answer_int(answer, "updated_at"), <=, g_get_real_time() / 1000 + 1000);
    } else if (what < 3)
      edit(cache, random_clock(), body);
    else if (what == 3)
      cache_sync(cache);
    else
      check_all(caches, 2, NULL);
  }
  check_all(caches, 2, NULL);
  for (int i = 0; i < 4; i++) {
    g_autofree char *body = g_strdup_printf("last %d", i);
    edit(caches[i % 2], random_clock(), body);
    cache_sync(caches[i % 2]);
    check_all(caches, 2, body);
  }
  /* A script with a right clock after one with a wrong clock. */
  g_autoptr(Answer) wrong = put_raw(collector, G_MAXINT64, "from the future");
  g_assert_cmpint(answer_int(wrong, "stored"), ==, TRUE);
  g_usleep(2000);
  g_autoptr(Answer) right = put_raw(collector, g_get_real_time() / 1000, "of today");
  g_assert_cmpint(answer_int(right, "stored"), ==, TRUE);
  check_all(caches, 2, "of today");
}

/* Whatever annotations a collector took, each page of them is one that a workstation takes. */
static void test_annotations_of_any_size(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  g_autoptr(Cache) cache = cache_new(collector->url, collector->token);
  guint n_taken = 0;
  for (int i = 0; i < 24; i++) {
    g_autofree char *id = g_strdup_printf("/v1/annotations/t%d", i);
    g_autofree char *body = g_strnfill((gsize)g_test_rand_int_range(1, 300 * 1024), g_test_rand_bit() ? '\x01' : 'x');
    g_autoptr(GString) json = g_string_new(NULL);
    SightJsonWriter w = {.out = json};
    sight_json_begin_object(&w);
    sight_json_member_string(&w, "session", "s1");
    sight_json_member_string(&w, "kind", "note");
    sight_json_member_int(&w, "at", 1);
    sight_json_member_string(&w, "body", body);
    sight_json_member_int(&w, "created_at", 1);
    sight_json_member_int(&w, "updated_at", 1);
    sight_json_end_object(&w);
    g_autoptr(GBytes) packed = sight_gzip_compress(json->str, json->len);
    g_autoptr(Answer) answer = ask(collector, (Asking){.method = "PUT",
                                                       .path = id,
                                                       .body = g_bytes_get_data(packed, NULL),
                                                       .bytes = g_bytes_get_size(packed),
                                                       .type = "application/json",
                                                       .encoding = "gzip",
                                                       .token = collector->token});
    g_assert_true(answer->status == 200 || answer->status == 422 || answer->status == 413);
    n_taken += answer->status == 200 ? 1 : 0;
  }
  g_assert_cmpuint(n_taken, >, 8);
  g_assert_cmpuint(cache_sync(cache).n_pulled, ==, n_taken);
}

/* Two who edit and sync while they and the collector are killed and answers are cut. Each round is one act; what is
 * written exists under a number of its own, so that nothing can be lost unseen. */
#define ROUNDS 200
#define ROUNDS_FULL 1000

typedef struct {
  Cache *cache;
  int number;         /* of the act */
  GHashTable *wanted; /* texts that must be there in the end, of answers behind the id of their note */
  GPtrArray *removed; /* ids of notes: what others say of one that they still see goes with it */
  GPtrArray *lines;
} Acting;

/* A tag, an answer, a colour, a moment or an end; what is removed is wanted no more. */
static gboolean act(SightDb *db, gpointer user_data, GError **error) {
  Acting *acting = user_data;
  g_autoptr(GPtrArray) notes = sight_note_table_list(db, acting->cache->endpoint, "s1", error);
  g_autofree char *text = g_strdup_printf("act %d", acting->number);
  int what = notes->len == 0 ? 0 : g_test_rand_int_range(0, 12);
  const SightNote *note =
      notes->len > 0 ? g_ptr_array_index(notes, g_test_rand_int_range(0, (gint32)notes->len)) : NULL;

  if (what < 4) {
    g_autoptr(SightAnnotation) tag = sight_annotation_new(acting->cache->endpoint, "s1", "tag", 5, text);
    g_hash_table_add(acting->wanted, g_strdup(text));
    return sight_annotation_table_put(db, tag, SIGHT_ANNOTATION_MADE_HERE, NULL, error);
  }
  if (what < 7) {
    g_autoptr(SightAnnotation) reply = sight_note_table_reply(db, note, text, error);
    g_autofree char *both = g_strconcat(note->annotation->id, " ", text, NULL);
    g_hash_table_add(acting->wanted, g_steal_pointer(&both));
    return reply != NULL;
  }
  if (what == 7) {
    g_ptr_array_add(acting->removed, g_strdup(note->annotation->id));
    g_hash_table_remove(acting->wanted, note->annotation->body);
    return sight_note_table_remove(db, note->annotation, error);
  }
  g_autofree char *ms = g_strdup_printf("%d", acting->number);
  const SightNoteField fields[] = {SIGHT_NOTE_AT, SIGHT_NOTE_END};
  return what < 10 ? sight_note_table_set(db, note, SIGHT_NOTE_COLOUR, what == 8 ? "red" : "blue", error)
                   : sight_note_table_set(db, note, fields[what - 10], ms, error);
}

static gpointer disturb(gpointer user_data) {
  g_usleep((gulong)g_random_int_range(0, 8000));
  g_cancellable_cancel(user_data);
  return NULL;
}

/* Cut off anywhere, or with nobody there. */
static void sync_disturbed(Cache *cache) {
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  GThread *thread = g_thread_new("disturb", disturb, cancellable);
  g_autoptr(GError) error = NULL;

  sight_sync_run(cache->store, cache->endpoint, NULL, NULL, NULL, cancellable, &error);
  g_thread_join(thread);
}

static gboolean tell_notes(SightDb *db, gpointer user_data, GError **error) {
  Acting *acting = user_data;
  g_autoptr(GPtrArray) notes = sight_note_table_list(db, acting->cache->endpoint, "s1", error);

  for (guint i = 0; notes != NULL && i < notes->len; i++) {
    const SightNote *note = g_ptr_array_index(notes, i);
    const SightAnnotation *tag = note->annotation;
    g_ptr_array_add(acting->lines, g_strdup_printf("%s %d %d %s %s", tag->id, (int)tag->at_ms, (int)note->end_ms,
                                                   note->colour != NULL ? note->colour : "-", tag->body));
    g_hash_table_remove(acting->wanted, tag->body);
    for (guint j = 0; j < note->replies->len; j++) {
      const SightAnnotation *reply = g_ptr_array_index(note->replies, j);
      g_autofree char *both = g_strconcat(tag->id, " ", reply->body, NULL);
      g_hash_table_remove(acting->wanted, both);
      g_ptr_array_add(acting->lines, g_strdup(both));
    }
  }
  return notes != NULL;
}

/* One that is killed: it tags and syncs, and says of each tag when it is kept. */
G_NORETURN static void be_a_workstation(const char *folder, const char *endpoint, const char *round) {
  g_autoptr(GError) error = NULL;
  g_autoptr(SightStore) store = sight_store_open(folder, SIGHT_STORE_CACHE, NULL, &error);
  Cache cache = {(char *)folder, store, g_ascii_strtoll(endpoint, NULL, 10)};

  g_assert_no_error(error);
  for (int i = 0;; i++) {
    g_autofree char *text = g_strdup_printf("act %s.%d", round, i);
    g_autoptr(SightAnnotation) tag = sight_annotation_new(cache.endpoint, "s1", "tag", 5, text);
    cache_put_annotation(&cache, tag);
    g_print("%s\n", text);
    sight_sync_run(store, cache.endpoint, NULL, NULL, NULL, NULL, NULL);
  }
}

static void kill_workstation(Cache *cache, int round, GHashTable *wanted) {
  g_autoptr(GError) error = NULL;
  g_autofree char *self = g_file_read_link("/proc/self/exe", NULL), *number = g_strdup_printf("%d", round);
  g_autofree char *endpoint = g_strdup_printf("%" G_GINT64_FORMAT, cache->endpoint);

  sight_store_close(cache->store);
  g_clear_object(&cache->store);
  g_autoptr(GSubprocess) process = g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, self, "--workstation",
                                                    cache->folder, endpoint, number, NULL);
  g_assert_no_error(error);
  g_autoptr(GDataInputStream) lines = g_data_input_stream_new(g_subprocess_get_stdout_pipe(process));
  char *line = g_data_input_stream_read_line(lines, NULL, NULL, NULL);
  g_assert_nonnull(line);
  g_usleep((gulong)g_test_rand_int_range(0, 30000));
  g_subprocess_force_exit(process);
  for (; line != NULL; line = g_data_input_stream_read_line(lines, NULL, NULL, NULL))
    g_hash_table_add(wanted, line);
  g_assert_true(g_subprocess_wait(process, NULL, NULL));
  cache->store = sight_store_open(cache->folder, SIGHT_STORE_CACHE, NULL, &error);
  g_assert_no_error(error);
}

static char *notes_of(Cache *cache, GHashTable *wanted) {
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
  Acting acting = {.cache = cache, .lines = lines, .wanted = wanted};

  g_assert_true(sight_store_read(cache->store, tell_notes, &acting, NULL));
  g_ptr_array_add(lines, NULL);
  return g_strjoinv("\n", (char **)lines->pdata);
}

static void test_together(void) {
  g_autoptr(World) world = world_new();
  g_autoptr(Cache) ada = cache_new(world->collector->url, world->collector->token);
  g_autoptr(Cache) bob = cache_new(world->collector->url, world->collector->token);
  Cache *const caches[] = {ada, bob};
  g_autoptr(GHashTable) wanted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GPtrArray) removed = g_ptr_array_new_with_free_func(g_free);
  const char *full = g_getenv("SIGHT_TEST_FULL");
  int n_rounds = full != NULL && *full != '\0' ? ROUNDS_FULL : ROUNDS;

  for (int round = 0; round < n_rounds; round++) {
    Acting acting = {
        .cache = caches[g_test_rand_int_range(0, 2)], .number = round, .wanted = wanted, .removed = removed};
    g_autoptr(GError) error = NULL;
    sight_store_write(acting.cache->store, SIGHT_WRITE_DURABLE, act, &acting, &error);
    g_assert_no_error(error);
    sync_disturbed(caches[g_test_rand_int_range(0, 2)]);
    if (round % 10 == 9) {
      collector_kill(world->collector);
      sync_disturbed(caches[round % 2]);
      collector_restart(world->collector, world->options);
    }
    if (round % 10 == 4)
      kill_workstation(caches[g_test_rand_int_range(0, 2)], round, wanted);
  }
  g_test_message("%d acts, %d kills of the collector, %d of a workstation", n_rounds, n_rounds / 10, n_rounds / 10);
  for (int i = 0; i < 4; i++)
    cache_sync(caches[i % 2]);
  g_autofree char *of_ada = notes_of(ada, wanted);
  g_autofree char *of_bob = notes_of(bob, wanted);
  g_assert_cmpstr(of_ada, ==, of_bob);
  g_assert_cmpuint(strlen(of_ada), >, 100);
  GHashTableIter it;
  gpointer left = NULL;
  g_hash_table_iter_init(&it, wanted);
  while (g_hash_table_iter_next(&it, &left, NULL)) {
    gboolean gone = FALSE;
    for (guint i = 0; i < removed->len; i++)
      gone |= g_str_has_prefix(left, removed->pdata[i]);
    if (!gone)
      g_error("“%s” is lost", (char *)left);
  }
}

/* Two who change different fields of one tag while they are apart both keep what they did. */
static gboolean change_field(SightDb *db, gpointer user_data, GError **error) {
  const Acting *acting = user_data;
  g_autoptr(GPtrArray) notes = sight_note_table_list(db, acting->cache->endpoint, "s1", error);
  const SightNote *note = g_ptr_array_index(notes, 0);
  const char *const values[] = {"other words", "77", "99", "red"};

  return sight_note_table_set(db, note, (SightNoteField)acting->number, values[acting->number], error);
}

static void test_fields(void) {
  g_autoptr(World) world = world_new();
  g_autoptr(Cache) ada = cache_new(world->collector->url, world->collector->token);
  g_autoptr(Cache) bob = cache_new(world->collector->url, world->collector->token);
  Cache *const caches[] = {ada, bob};
  g_autoptr(GHashTable) none = g_hash_table_new(g_str_hash, g_str_equal);

  g_autoptr(SightAnnotation) tag = tag_of(ada, "t", "words", g_get_real_time() / 1000);
  cache_put_annotation(ada, tag);
  cache_sync(ada);
  cache_sync(bob);
  for (int field = 0; field < SIGHT_N_NOTE_FIELDS; field++) {
    Acting acting = {.cache = caches[field % 2], .number = field};
    g_autoptr(GError) error = NULL;
    sight_store_write(acting.cache->store, SIGHT_WRITE_DURABLE, change_field, &acting, &error);
    g_assert_no_error(error);
  }
  for (int i = 0; i < 3; i++)
    cache_sync(caches[i % 2]);
  g_autofree char *of_ada = notes_of(ada, none);
  g_autofree char *of_bob = notes_of(bob, none);
  g_assert_cmpstr(of_ada, ==, "t 77 99 red other words");
  g_assert_cmpstr(of_bob, ==, of_ada);
}

int main(int argc, char **argv) {
  if (argc == 5 && g_str_equal(argv[1], "--workstation"))
    be_a_workstation(argv[2], argv[3], argv[4]);
  g_setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sync/exchange/put-back", test_put_back);
  g_test_add_func("/sync/exchange/tags-put-back", test_tags_put_back);
  g_test_add_func("/sync/exchange/clocks", test_clocks);
  g_test_add_func("/sync/exchange/annotations-of-any-size", test_annotations_of_any_size);
  g_test_add_func("/sync/exchange/together", test_together);
  g_test_add_func("/sync/exchange/fields", test_fields);
  return g_test_run();
}

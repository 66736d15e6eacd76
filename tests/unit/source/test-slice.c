/* SPDX-License-Identifier: MIT */
/* Slices over real HTTP: a collector, a worker that looks through all of it, and a workstation that takes a part. */
#include "sight-analysis.h"
#include "sight-batch-table.h"
#include "sight-db.h"
#include "sight-held-table.h"
#include "sight-index-table.h"
#include "sight-query.h"
#include "sight-slice.h"
#include "sight-source.h"
#include "sync-fixture.h"

#include <string.h>

#define N_SESSIONS 300
#define EVERY_ERROR 10

/* A visit of two pages; some of them throw. */
static void post_visit(const Collector *collector, int n, int seq) {
  gint64 start_ms = G_GINT64_CONSTANT(1779000000000) + n * 60000 + seq * 5000;
  gboolean throws = n % EVERY_ERROR == 0;
  g_autofree char *thrown =
      g_strdup_printf(",{\"type\":5,\"timestamp\":%" G_GINT64_FORMAT ",\"data\":{\"tag\":\"ss:error\",\"payload\":"
                      "{\"message\":\"cannot pay\",\"stack\":\"at http://shop.example/app.js:1:2\"}}}",
                      start_ms + 900);
  g_autofree char *body = g_strdup_printf(
      "{\"v\":1,\"session\":\"visit-%04d\",\"window\":\"w\",\"seq\":%d,\"sent_at\":1,\"events\":["
      "{\"type\":4,\"timestamp\":%" G_GINT64_FORMAT ",\"data\":{\"href\":\"http://shop.example/page-%c\",\"width\":800,"
      "\"height\":600}},{\"type\":2,\"timestamp\":%" G_GINT64_FORMAT ",\"data\":{\"node\":{\"type\":0,\"id\":1,"
      "\"childNodes\":[{\"type\":2,\"id\":2,\"tagName\":\"p\",\"attributes\":{},\"childNodes\":[{\"type\":3,\"id\":3,"
      "\"textContent\":\"text of visit %d\"}]}]},\"initialOffset\":{\"top\":0,\"left\":0}}},"
      "{\"type\":5,\"timestamp\":%" G_GINT64_FORMAT
      ",\"data\":{\"tag\":\"ss:identify\",\"payload\":{\"user\":\"user-%d\"}"
      "}}%s]}",
      n, seq, start_ms, 'a' + seq, start_ms + 1, n, start_ms + 800, n, throws ? thrown : "");
  g_autoptr(Answer) answer = post(collector, body);
  g_assert_cmpuint(answer->status, ==, 202);
}

static guint analyse(Cache *cache) {
  g_autoptr(GError) error = NULL;
  guint n = 0;
  sight_analysis_run_pending(cache->store, NULL, NULL, &n, NULL, &error);
  g_assert_no_error(error);
  return n;
}

/* What `sightctl analyse --worker` does in a round. */
static guint work(Cache *worker) {
  g_autoptr(GError) error = NULL;
  guint n_brought = 0;
  cache_sync(worker);
  analyse(worker);
  sight_slice_bring(worker->store, worker->endpoint, SIGHT_ANALYSIS_VERSION, &n_brought, NULL, &error);
  g_assert_no_error(error);
  return n_brought;
}

typedef struct {
  gint64 endpoint, budget, row;
  const char *text, *session;
  SightSet *found;
  GArray *told;
  GString *out;
  char *part;
  gint64 held_bytes;
} Call;

static void read_now(Cache *cache, SightStoreFunc func, Call *call) {
  g_autoptr(GError) error = NULL;
  call->endpoint = cache->endpoint;
  sight_store_read(cache->store, func, call, &error);
  g_assert_no_error(error);
}

static void write_now(Cache *cache, SightStoreFunc func, Call *call) {
  g_autoptr(GError) error = NULL;
  call->endpoint = cache->endpoint;
  sight_store_write(cache->store, SIGHT_WRITE_DURABLE, func, call, &error);
  g_assert_no_error(error);
}

static gboolean set_slice(SightDb *db, gpointer data, GError **error) {
  const Call *call = data;
  return sight_endpoint_table_set_scope(db, call->endpoint, call->text, error) &&
         sight_endpoint_table_set_budget(db, call->endpoint, call->budget, error);
}

static SightSyncProgress take_slice(Cache *cache, const char *slice, gint64 budget) {
  g_autoptr(GError) error = NULL;
  SightSyncProgress total = {0};
  Call call = {.text = slice, .budget = budget};
  if (slice != NULL)
    write_now(cache, set_slice, &call);
  sight_source_run(cache->store, cache->endpoint, NULL, NULL, &total, NULL, &error);
  g_assert_no_error(error);
  return total;
}

/* The sessions that match, one a line, with how many batches of each are here. */
static gboolean find(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  g_autoptr(SightFilter) filter = sight_filter_parse(call->text, NULL, error);
  g_autoptr(SightQuery) query = filter != NULL ? sight_query_new(db, filter, 1, error) : NULL;
  g_autoptr(SightSet) set = query != NULL ? sight_query_sessions(query, error) : NULL;
  SightSessionFilter all = {.within = set};
  g_autoptr(GArray) rows = set != NULL ? sight_session_table_list(db, &all, SIGHT_SORT_NEWEST, error) : NULL;
  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    g_autoptr(SightSession) session = sight_session_table_get(db, g_array_index(rows, gint64, i), error);
    g_autoptr(GPtrArray) windows = sight_batch_table_windows(db, session->row, error);
    g_string_append_printf(call->out, "%s%s%s\n", session->session, session->told ? " told" : "",
                           windows->len > 0 ? " recorded" : "");
    g_assert_cmpint(session->told, ==, windows->len == 0);
  }
  call->part = rows != NULL ? sight_slice_describe(db, 0, rows->len) : NULL;
  return rows != NULL;
}

static char *matching(Cache *cache, const char *filter, char **part) {
  Call call = {.text = filter, .out = g_string_new(NULL)};
  read_now(cache, find, &call);
  if (part != NULL)
    *part = call.part;
  else
    g_free(call.part);
  return g_string_free(call.out, FALSE);
}

static guint count(const char *text, const char *what) {
  guint n = 0;
  for (const char *at = text; (at = strstr(at, what)) != NULL; at += strlen(what))
    n++;
  return n;
}

static gboolean find_row(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  g_autoptr(SightSession) session = sight_session_table_find(db, call->endpoint, call->session, error);
  call->row = session != NULL ? session->row : 0;
  return session != NULL;
}

static gint64 row_of(Cache *cache, const char *session) {
  Call call = {.session = session};
  read_now(cache, find_row, &call);
  return call.row;
}

static gboolean add_held(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  g_autoptr(GArray) list = sight_held_table_list(db, call->endpoint, error);
  for (guint i = 0; list != NULL && i < list->len; i++)
    call->held_bytes += g_array_index(list, SightHeld, i).bytes;
  return list != NULL;
}

static int by_text(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* All that the index says of a session, in an order of its own. */
static gboolean write_terms(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  g_autoptr(SightSession) session = sight_session_table_find(db, call->endpoint, call->session, error);
  g_autoptr(SightOccurrences) occurrences =
      session != NULL ? sight_index_table_get_values(db, session->row, error) : NULL;
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; occurrences != NULL && i < occurrences->terms->len; i++) {
    const SightTerm *term = &g_array_index(occurrences->terms, SightTerm, i);
    if (term->field != SIGHT_TERM_ENDPOINT)
      g_ptr_array_add(lines, g_strdup_printf("%d %s", term->field, term->value));
  }
  for (guint i = 0; occurrences != NULL && i < occurrences->moments->len; i++) {
    const SightOccurrence *moment = &g_array_index(occurrences->moments, SightOccurrence, i);
    const SightTerm *term =
        &g_array_index(occurrences->terms, SightTerm, g_array_index(occurrences->links, guint, moment->first));
    g_ptr_array_add(lines, g_strdup_printf("at %d-%d view %d x%d ~%d !%d +%u #%u %s", (int)moment->start_ms,
                                           (int)moment->end_ms, moment->view, moment->count, moment->amount,
                                           moment->severe, moment->n_terms, moment->n_numbers, term->value));
  }
  g_ptr_array_sort(lines, by_text);
  for (guint i = 0; i < lines->len; i++)
    g_string_append_printf(call->out, "%s\n", (const char *)lines->pdata[i]);
  return occurrences != NULL;
}

static char *terms_of(Cache *cache, const char *session) {
  Call call = {.session = session, .out = g_string_new(NULL)};
  read_now(cache, write_terms, &call);
  return g_string_free(call.out, FALSE);
}

static void test_slice(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  for (int i = 0; i < N_SESSIONS; i++)
    post_visit(collector, i, 0);
  g_autoptr(Cache) worker = cache_new(collector->url, collector->token);
  g_autoptr(Cache) here = cache_new(collector->url, collector->token);
  g_assert_cmpuint(work(worker), ==, N_SESSIONS);
  g_assert_cmpuint(work(worker), ==, 0);

  /* All is known, and only what the slice asks for has come. */
  SightSyncProgress total = take_slice(here, "errored or sample:10", 0);
  g_assert_cmpuint(total.n_digests, ==, N_SESSIONS);
  g_assert_cmpuint(total.n_unread, ==, 0);
  g_assert_cmpuint(analyse(here), ==, total.n_sessions);
  g_autofree char *all = matching(here, "", NULL), *errored = matching(here, "errored", NULL);
  g_autofree char *sample = matching(here, "sample:10 -errored", NULL);
  g_assert_cmpuint(count(all, "\n"), ==, N_SESSIONS);
  g_assert_cmpuint(count(errored, " recorded"), ==, N_SESSIONS / EVERY_ERROR);
  g_assert_cmpuint(count(errored, "\n"), ==, N_SESSIONS / EVERY_ERROR);
  g_assert_cmpuint(count(sample, " recorded"), ==, count(sample, "\n"));
  g_assert_cmpuint(count(sample, "\n"), >, N_SESSIONS / 20);
  g_assert_cmpuint(count(sample, "\n"), <, N_SESSIONS / 5);
  g_assert_cmpuint(count(all, " recorded"), ==, count(errored, "\n") + count(sample, "\n"));
  g_autoptr(SightEndpoint) endpoint = cache_endpoint(here);
  g_assert_cmpint(endpoint->n_recordings, ==, count(all, " recorded"));
  g_assert_cmpint(endpoint->n_there, ==, N_SESSIONS);

  /* What was told is what an analysis finds. */
  g_autofree char *told = terms_of(here, "visit-0001"), *found = terms_of(worker, "visit-0001");
  g_assert_cmpstr(told, ==, found);
  g_assert_nonnull(strstr(told, "text of visit 1"));
  g_autofree char *seen = matching(here, "seen:\"text of visit 7\" user:user-7", NULL);
  g_assert_cmpstr(seen, ==, "visit-0007 told\n");

  /* Nothing is asked for again; and what there is more of comes. */
  total = take_slice(here, NULL, 0);
  g_assert_cmpuint(total.n_digests + total.n_sessions, ==, 0);
  post_visit(collector, 10, 1);
  post_visit(collector, 11, 1);
  work(worker);
  total = take_slice(here, NULL, 0);
  g_assert_cmpuint(total.n_digests, ==, 1);
  g_assert_cmpuint(total.n_batches, ==, 1);
  analyse(here);
  g_autofree char *grown = matching(here, "page:/page-b", NULL);
  g_assert_cmpstr(grown, ==, "visit-0011 told\nvisit-0010 recorded\n");

  /* Erased there, erased here, whether its recording is here or not. */
  g_autoptr(Answer) erased =
      ask(collector, (Asking){.method = "DELETE", .path = "/v1/sessions/visit-0011", .token = collector->token});
  g_autoptr(Answer) user =
      ask(collector, (Asking){.method = "DELETE", .path = "/v1/users/user-10", .token = collector->token});
  g_assert_cmpint(answer_int(erased, "erased") + answer_int(user, "erased"), ==, 2);
  take_slice(here, NULL, 0);
  g_autofree char *left = matching(here, "page:/page-b or user:user-10 or user:user-11", NULL);
  g_assert_cmpstr(left, ==, "");
}

static void fetch(Cache *cache, const char *session) {
  g_autoptr(GError) error = NULL;
  sight_slice_fetch(cache->store, row_of(cache, session), NULL, &error);
  g_assert_no_error(error);
  analyse(cache);
}

static gboolean tag(SightDb *db, gpointer data, GError **error) {
  const Call *call = data;
  SightAnnotation annotation = {.id = (char *)"tag-1",
                                .endpoint = call->endpoint,
                                .session = (char *)call->session,
                                .kind = (char *)"tag",
                                .at_ms = 100,
                                .body = (char *)"keep",
                                .author = (char *)"ada",
                                .created_ms = 1,
                                .updated_ms = 1};
  return sight_annotation_table_put(db, &annotation, SIGHT_ANNOTATION_MADE_HERE, NULL, error);
}

/* Opened ones come, are kept while they are used, and go within the budget; tagged ones stay. */
static void test_budget(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  for (int i = 1; i <= 9; i++)
    post_visit(collector, i, 0);
  g_autoptr(Cache) worker = cache_new(collector->url, collector->token);
  g_autoptr(Cache) here = cache_new(collector->url, collector->token);
  work(worker);
  take_slice(here, "errored", 0);
  g_autofree char *none = matching(here, "", NULL);
  g_assert_cmpuint(count(none, " told"), ==, 9);

  fetch(here, "visit-0001");
  g_autofree char *theirs = terms_of(worker, "visit-0001"), *ours = terms_of(here, "visit-0001");
  g_assert_cmpstr(ours, ==, theirs);
  Call call = {0};
  read_now(here, add_held, &call);
  g_assert_cmpint(call.held_bytes, >, 0);
  Call keeping = {.session = "visit-0001"};
  write_now(here, tag, &keeping);
  /* Room for three, of which one is tagged. */
  take_slice(here, "errored", call.held_bytes * 7 / 2);
  for (int i = 2; i <= 4; i++) {
    g_autofree char *name = g_strdup_printf("visit-%04d", i);
    fetch(here, name);
  }
  fetch(here, "visit-0003");
  fetch(here, "visit-0005");
  take_slice(here, NULL, 0);
  g_autofree char *left = matching(here, "session:visit-0001,visit-0002,visit-0003,visit-0004,visit-0005", NULL);
  g_assert_cmpstr(left, ==,
                  "visit-0005 recorded\nvisit-0004 told\nvisit-0003 recorded\nvisit-0002 told\nvisit-0001 recorded\n");
  /* What was found in one that went stays, and it comes again whole. */
  g_autofree char *gone = terms_of(here, "visit-0002");
  g_assert_nonnull(strstr(gone, "text of visit 2"));
  fetch(here, "visit-0002");
  g_autofree char *again = terms_of(here, "visit-0002");
  g_assert_cmpstr(again, ==, gone);

  /* Erased there since: it says so, and goes with the next round. */
  g_autoptr(GError) error = NULL;
  gint64 row = row_of(here, "visit-0009");
  g_autoptr(Answer) erased =
      ask(collector, (Asking){.method = "DELETE", .path = "/v1/sessions/visit-0009", .token = collector->token});
  g_assert_false(sight_slice_fetch(here->store, row, NULL, &error));
  g_assert_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND);
  take_slice(here, NULL, 0);
  g_autofree char *after = matching(here, "session:visit-0009", NULL);
  g_assert_cmpstr(after, ==, "");
}

/* The newest have room first, and an old one does not push them out. */
static void test_newest_first(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  g_autoptr(Cache) worker = cache_new(collector->url, collector->token);
  g_autoptr(Cache) here = cache_new(collector->url, collector->token);
  for (int i = 0; i < 6; i++) {
    post_visit(collector, i * EVERY_ERROR, 0);
    g_usleep(3000); /* the clock of arrivals counts milliseconds */
  }
  work(worker);
  Call call = {0};
  read_now(worker, add_held, &call);
  take_slice(here, "errored", call.held_bytes * 5 / 12);
  analyse(here);
  take_slice(here, NULL, 0);
  g_autofree char *first = matching(here, "", NULL);
  g_assert_cmpuint(count(first, " recorded"), ==, 2);
  g_assert_true(g_str_has_prefix(first, "visit-0050 recorded\nvisit-0040 recorded\n"));
  post_visit(collector, 70, 0);
  work(worker);
  for (int i = 0; i < 2; i++) {
    take_slice(here, NULL, 0);
    analyse(here);
  }
  g_autofree char *second = matching(here, "", NULL);
  g_assert_cmpuint(count(second, " recorded"), ==, 2);
  g_assert_true(g_str_has_prefix(second, "visit-0070 recorded\nvisit-0050 recorded\n"));
  /* What went does not come and go with each round. */
  SightSyncProgress total = take_slice(here, NULL, 0);
  g_assert_cmpuint(total.n_sessions, ==, 0);
}

static gboolean put_aside(SightDb *db, gpointer data, GError **error) {
  const Call *call = data;
  return sight_session_table_set_to_watch(db, call->row, TRUE, error);
}

/* As if all of it had come long ago. */
static gboolean age(SightDb *db, gpointer data, GError **error) {
  return sight_db_query_int(db, "UPDATE session SET received_ms = 1 RETURNING 1", error) == 1;
}

/* What is older than the slice's time goes, but for what somebody did something with. */
static void test_past(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  g_autoptr(Cache) worker = cache_new(collector->url, collector->token);
  g_autoptr(Cache) here = cache_new(collector->url, collector->token);
  for (int i = 1; i <= 5; i++)
    post_visit(collector, i, 0);
  work(worker);
  take_slice(here, "started:30d errored", 0);
  Call tagging = {.session = "visit-0001"}, asking = {.row = row_of(here, "visit-0002")}, aging = {0};
  write_now(here, tag, &tagging);
  write_now(here, put_aside, &asking);
  fetch(here, "visit-0003");
  take_slice(here, NULL, 0);
  g_autofree char *before = matching(here, "", NULL);
  g_assert_cmpuint(count(before, "\n"), ==, 5);
  write_now(here, age, &aging);
  take_slice(here, NULL, 0);
  g_autofree char *after = matching(here, "", NULL);
  g_assert_cmpstr(after, ==, "visit-0003 recorded\nvisit-0002 told\nvisit-0001 told\n");
  /* With news it comes again; and all of it where another time is asked for. */
  post_visit(collector, 4, 1);
  work(worker);
  take_slice(here, NULL, 0);
  g_autofree char *news = matching(here, "session:visit-0004,visit-0005", NULL);
  g_assert_cmpstr(news, ==, "visit-0004 told\n");
  take_slice(here, "started:60d errored", 0);
  g_autofree char *anew = matching(here, "session:visit-0004,visit-0005 seen:\"text of visit\"", NULL);
  g_assert_cmpstr(anew, ==, "visit-0004 told\nvisit-0005 told\n");
}

/* How much of it is here is said; what was received before the slice's time is not taken. */
static void test_part(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  g_autoptr(Cache) worker = cache_new(collector->url, collector->token);
  g_autoptr(Cache) here = cache_new(collector->url, collector->token);
  for (int i = 1; i <= 5; i++)
    post_visit(collector, i, 0);
  work(worker);
  SightSyncProgress total = take_slice(here, "started:>2200-01-01 errored", 0);
  g_autofree char *part = NULL;
  g_autofree char *none = matching(here, "", &part);
  g_assert_cmpuint(total.n_digests, ==, 5);
  g_assert_cmpuint(count(none, "\n"), ==, 5);
  g_assert_null(part);
  /* Its time is now, all of it was a moment ago: so a worker that has not looked yet leaves something out. */
  post_visit(collector, 6, 0);
  take_slice(here, NULL, 0);
  g_free(g_steal_pointer(&part));
  g_autofree char *some = matching(here, "user:user-3", &part);
  g_assert_cmpstr(some, ==, "visit-0003 told\n");
  g_assert_cmpstr(part, ==, "1 of 5 here; 6 at the endpoint");
}

/* Whoever has a token may have written a digest. */
static void test_hostile(void) {
  static const char *const rest[] = {
      "\"terms\":{\"page\":[\"/a\"]},\"moments\":[[0,1,-1,[1]]]",
      "\"terms\":{\"page\":[\"/a\"]},\"moments\":[[0,1,0,[0]]]",
      "\"terms\":{\"page\":[\"/a\"]},\"moments\":[[0,1,-1,[]]]",
      "\"signals\":[[\"rage\",5,1]]",
      "\"signals\":[[\"nonsense\",5,1,\"w\",null,0,null,null,null,\"f\",1,0,false]]",
      "\"pages\":[[\"/a\",\"u\",\"no window\",0,1]]",
      "\"pages\":[[\"/a\",\"u\",\"w\",9,9],[\"/a\",\"u\",\"w\",3,4]],\"duration\":20",
  };
  g_autoptr(Collector) collector = collector_start(NULL);
  g_autoptr(Cache) here = cache_new(collector->url, collector->token);
  for (gsize i = 0; i <= G_N_ELEMENTS(rest); i++) {
    g_autofree char *path = g_strdup_printf("/v1/sessions/visit-%04d/digest", (int)i);
    g_autofree char *json = g_strdup_printf(
        "{\"version\":16,\"ruleset\":\"r\",\"arrival\":%d,%s}", (int)i + 1,
        i < G_N_ELEMENTS(rest)
            ? rest[i]
            : "\"duration\":-5,\"started\":1e300,\"friction\":1e308,\"user\":\"a\\u202eb\",\"counts\":[-1,1e99],"
              "\"marks\":[99999,\"rage\",1,\"nonsense\",2],\"activity\":\"!\",\"terms\":{\"state\":[\"watched\"],"
              "\"tag\":[\"forged\"],\"endpoint\":[\"1\"],\"page\":[\"/a\"],\"later\":[\"x\"]},\"moments\":["
              "[-5,1e300,-1,[3],1,-1,1e300,1,2,3],[0,0,-1,[4]],[0,0,-1,[3,4,0]]],\"numbers\":{\"length\":-1,"
              "\"clicks\":1e300,\"none\":1}");
    post_visit(collector, (int)i, 0);
    g_autoptr(Answer) answer = ask(
        collector,
        (Asking){.method = "PUT", .path = path, .body = json, .type = "application/json", .token = collector->token});
    g_assert_cmpuint(answer->status, ==, 200);
  }
  SightSyncProgress total = take_slice(here, "errored", 0);
  g_autoptr(SightEndpoint) endpoint = cache_endpoint(here);
  g_autofree char *all = matching(here, "", NULL), *forged = matching(here, "watched or tag:forged", NULL);
  g_assert_cmpuint(total.n_unread, ==, G_N_ELEMENTS(rest));
  g_assert_nonnull(strstr(endpoint->problem, "7"));
  g_assert_cmpuint(count(all, "\n"), ==, 1);
  g_assert_cmpstr(forged, ==, "");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/source/slice/slice", test_slice);
  g_test_add_func("/source/slice/budget", test_budget);
  g_test_add_func("/source/slice/newest-first", test_newest_first);
  g_test_add_func("/source/slice/past", test_past);
  g_test_add_func("/source/slice/part", test_part);
  g_test_add_func("/source/slice/hostile", test_hostile);
  return g_test_run();
}

/* SPDX-License-Identifier: MIT */
/* Each kind of source against each fault: nothing is lost, nothing is doubled, and what went wrong is told. Data,
 * faults and their places are random; the seed is g_test's own (--seed). */
#include "product.h"

#include "sight-batch-table.h"
#include "sight-endpoint-table.h"
#include "sight-event-reader.h"
#include "sight-json.h"
#include "sight-recordings.h"
#include "sight-source.h"
#include "sight-take.h"
#include "sight-token.h"

#include <string.h>

#define N_RECORDINGS 7

static const ProductKind *const products[] = {&product_posthog, &product_sentry, &product_clickstack, &product_umami};
static const char *const fault_names[N_FAULTS] = {"none",    "cut",     "slow",      "429",      "502", "expired",
                                                  "deleted", "changed", "duplicate", "disorder", "huge"};

/* One cache for all: an endpoint each. */
typedef struct {
  char *folder;
  SightStore *store;
} Place;

typedef struct {
  Place *place;
  Product *product;
  gint64 endpoint;
  GPtrArray *lines;
  char *problem;
} Case;

static gboolean add_endpoint(SightDb *db, gpointer data, GError **error) {
  Case *c = data;
  c->endpoint = sight_endpoint_table_add(db, c->product->kind->kind, c->product->url, c->product->url, error);
  return c->endpoint > 0;
}

static void case_begin(Case *c) {
  g_autoptr(GError) error = NULL;
  const SightSourceKind *kind = sight_source_kind(c->product->kind->kind);
  g_autofree char *url = kind->normalize(c->product->url, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(url, ==, c->product->url);
  sight_store_write(c->place->store, SIGHT_WRITE_DURABLE, add_endpoint, c, &error);
  g_assert_no_error(error);
  sight_token_save(c->place->folder, url, "user:secret", NULL, &error);
  g_assert_no_error(error);
}

typedef struct {
  const char *window;
  GString *line;
  gint64 last_ms;
} Reading;

static gboolean append_event(const SightEvent *event, const char *tainted_window, gpointer data, GError **error) {
  Reading *reading = data;
  g_assert_cmpint(event->time_ms, >=, 0);
  g_string_append_printf(reading->line, " %d",
                         (int)sight_json_int(sight_json_get(sight_event_payload(event), "n"), -1));
  return TRUE;
}

static gboolean append_batch(const SightStoredBatch *stored, gpointer data, GError **error) {
  Reading *reading = data;
  return sight_event_read_bytes(stored->batch.events, stored->batch.events_bytes, NULL, append_event, reading, NULL,
                                error);
}

static gboolean read_session(SightDb *db, const SightSession *session, GPtrArray *lines, GError **error) {
  g_autoptr(GPtrArray) windows = sight_batch_table_windows(db, session->row, error);
  for (guint i = 0; windows != NULL && i < windows->len; i++) {
    const SightWindowInfo *info = windows->pdata[i];
    g_autoptr(GString) line = g_string_new(NULL);
    Reading reading = {.line = line};
    g_assert_cmpint(info->n_missing, ==, 0);
    if (!sight_batch_table_each_in_sequence(db, session->row, info->window, append_batch, &reading, NULL, error))
      return FALSE;
    g_ptr_array_add(lines, g_strdup_printf("%s %s:%s", session->session, info->window, line->str));
  }
  return windows != NULL;
}

static gboolean read_all(SightDb *db, gpointer data, GError **error) {
  Case *c = data;
  SightSessionFilter filter = {.endpoint = c->endpoint};
  g_autoptr(SightEndpoint) endpoint = sight_endpoint_table_get(db, c->endpoint, error);
  g_autoptr(GArray) rows = sight_session_table_list(db, &filter, SIGHT_SORT_NEWEST, error);
  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    g_autoptr(SightSession) session = sight_session_table_get(db, g_array_index(rows, gint64, i), error);
    if (session == NULL || !read_session(db, session, c->lines, error))
      return FALSE;
  }
  g_free(c->problem);
  c->problem = endpoint != NULL ? g_strdup(endpoint->problem) : NULL;
  return rows != NULL && endpoint != NULL;
}

static char *contents(Case *c) {
  g_autoptr(GError) error = NULL;
  c->lines = g_ptr_array_new_with_free_func(g_free);
  sight_store_read(c->place->store, read_all, c, &error);
  g_assert_no_error(error);
  g_ptr_array_sort(c->lines, product_by_text);
  g_ptr_array_add(c->lines, NULL);
  char *text = g_strjoinv("\n", (char **)c->lines->pdata);
  g_ptr_array_unref(c->lines);
  return text;
}

static gboolean sync_once(Case *c, SightSyncProgress *total, GError **error) {
  c->product->n_answers = 0;
  return sight_source_run(c->place->store, c->endpoint, NULL, NULL, total, NULL, error);
}

static void assert_complete(Case *c) {
  g_autofree char *wanted = product_wanted(c->product);
  g_autofree char *got = contents(c);
  g_assert_cmpstr(got, ==, wanted);
}

/* Rounds until one goes well, as the window and people do. */
static void sync_until_done(Case *c) {
  gboolean done = FALSE;
  for (int round = 0; !done && round < 4; round++) {
    g_autoptr(GError) error = NULL;
    done = sync_once(c, NULL, &error);
  }
  g_assert_true(done);
}

/* What differs before, in, and after a round that meets the fault. */
static void meet_fault(Case *c, Fault fault) {
  Product *product = c->product;
  g_autoptr(GError) error = NULL;
  SightSyncProgress total = {0};
  product->fault = fault;
  product->n_good = g_rand_int_range(product->rand, 0, 8);
  product->n_faulty = fault == FAULT_HUGE ? 1 : g_rand_int_range(product->rand, 1, MAX_FAULTY);
  product->n_lost = fault == FAULT_CUT ? 2 : 0;
  if (fault == FAULT_EXPIRED)
    product->n_faulty = G_MAXINT;
  if (fault == FAULT_HUGE)
    product->n_good = 6;
  if (fault == FAULT_DELETED || fault == FAULT_CHANGED) {
    sync_until_done(c);
    assert_complete(c);
  }
  ProductRecording *one = product->recordings->pdata[g_rand_int_range(product->rand, 0, N_RECORDINGS)];
  one->deleted = fault == FAULT_DELETED;
  if (fault == FAULT_CHANGED)
    product_grow(product, one, 5);
  gboolean done = sync_once(c, &total, &error);
  g_autofree char *ignored = contents(c);
  if (fault == FAULT_EXPIRED) {
    g_assert_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_REFUSED);
    g_assert_cmpstr(c->problem, ==, error->message);
    product->n_faulty = 0;
  } else if (fault == FAULT_HUGE) {
    g_assert_true(error != NULL || total.n_aside == 1);
    g_assert_nonnull(c->problem);
  } else if (fault == FAULT_DELETED)
    g_assert_cmpuint(total.n_erased, ==, 1);
  else if (fault != FAULT_CUT && fault != FAULT_502)
    g_assert_no_error(error);
  g_assert_true(done == (error == NULL));
  /* What failed is told. */
  g_assert_true(done || c->problem != NULL);
}

static gboolean forget_listings(SightDb *db, gpointer data, GError **error) {
  Case *c = data;
  return sight_endpoint_table_set_synced(db, c->endpoint, NULL, NULL, 0, NULL, error);
}

static Place place;

static void place_open(void) {
  g_autoptr(GError) error = NULL;
  place.folder = make_folder("sight-source-XXXXXX");
  place.store = sight_store_open(place.folder, SIGHT_STORE_CACHE, NULL, &error);
  g_assert_no_error(error);
}

static void place_close(void) {
  sight_store_close(place.store);
  g_clear_object(&place.store);
  remove_folder(place.folder);
  g_free(place.folder);
}

static void test_fault(gconstpointer data) {
  guint index = GPOINTER_TO_UINT(data);
  guint32 seed = (guint32)g_test_rand_int() ^ index;
  g_autoptr(Product) product = product_new(products[index / N_FAULTS], seed, N_RECORDINGS);
  Case c = {.place = &place, .product = product};
  g_test_message("products and faults by seed %u", seed);
  case_begin(&c);
  meet_fault(&c, index % N_FAULTS);
  sync_until_done(&c);
  if (product->fault == FAULT_CUT || product->fault == FAULT_HUGE) {
    /* What was set aside comes again later; here at once, with all that is remembered of listings forgotten. */
    g_autoptr(GError) error = NULL;
    sight_store_write(place.store, SIGHT_WRITE_DURABLE, forget_listings, &c, &error);
    g_assert_no_error(error);
    sync_until_done(&c);
  }
  assert_complete(&c);
  /* And once more: nothing is taken that is here, and there is nothing to tell. */
  SightSyncProgress total = {0};
  g_autoptr(GError) error = NULL;
  product->fault = FAULT_NONE;
  g_assert_true(sync_once(&c, &total, &error));
  g_assert_cmpuint(total.n_batches + total.n_erased, ==, 0);
  assert_complete(&c);
  g_assert_null(c.problem);
  g_free(c.problem);
}

/* Now and then a number (also a part of a date, of an id or of an event) is one that nobody has. */
static void append_absurd(GString *out, const char *json, GRand *rand) {
  static const char *const numbers[] = {
      "9223372036854775807",    "-9223372036854775808", "9223372036854776", "1e308", "253402300800000", "-1",
      "99999999999999999999999"};
  while (*json != '\0') {
    gsize n = strspn(json, "0123456789"), other = strcspn(json, "0123456789");
    if (n > 0 && g_rand_int_range(rand, 0, 4) == 0)
      g_string_append(out, numbers[g_rand_int_range(rand, 0, G_N_ELEMENTS(numbers))]);
    else
      g_string_append_len(out, json, (gssize)n);
    g_string_append_len(out, json + n, n > 0 ? 0 : (gssize)other);
    json += n > 0 ? n : other;
  }
}

static gboolean read_problem(SightDb *db, gpointer data, GError **error) {
  Case *c = data;
  g_autoptr(SightEndpoint) endpoint = sight_endpoint_table_get(db, c->endpoint, error);
  g_free(c->problem);
  c->problem = endpoint != NULL ? g_strdup(endpoint->problem) : NULL;
  return endpoint != NULL;
}

static const ProductKind *sane;

static GString *absurd_answer(Product *product, const char *path, GString *headers, const char **status) {
  g_autoptr(GString) answer = sane->answer(product, path, headers, status);
  GString *out = g_string_new(NULL);
  /* Which project it is, the product wants to be told again. */
  gboolean of_project = g_str_has_suffix(path, "/web/");
  if (of_project || memchr(answer->str, '\0', answer->len) != NULL || !g_utf8_validate(answer->str, -1, NULL))
    g_string_append_len(out, answer->str, (gssize)answer->len);
  else
    append_absurd(out, answer->str, product->rand);
  return out;
}

/* Whatever the numbers, a round ends, and says what was wrong where it does not end well. */
static void test_absurd(gconstpointer data) {
  g_autoptr(Product) product = product_new(data, (guint32)g_test_rand_int(), N_RECORDINGS);
  ProductKind absurd = *product->kind;
  Case c = {.place = &place, .product = product};
  case_begin(&c);
  sane = product->kind;
  absurd.answer = absurd_answer;
  product->kind = &absurd;
  for (int round = 0; round < 5; round++) {
    g_autoptr(GError) error = NULL;
    gboolean done = sync_once(&c, NULL, &error);
    g_assert_true(done == (error == NULL));
    g_assert_true(sight_store_read(place.store, read_problem, &c, NULL));
    g_assert_true(done || c.problem != NULL);
    g_test_message("%s: %s", sane->kind, done ? "done" : error->message);
    sight_store_write(place.store, SIGHT_WRITE_DURABLE, forget_listings, &c, NULL);
  }
  product->kind = sane;
  g_free(c.problem);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  sight_take_max_bytes = 1024 * 1024;
  sight_recordings_widened = 50;
  for (guint i = 0; i < G_N_ELEMENTS(products) * N_FAULTS; i++) {
    g_autofree char *path = g_strdup_printf("/source/%s/%s", products[i / N_FAULTS]->kind, fault_names[i % N_FAULTS]);
    g_test_add_data_func(path, GUINT_TO_POINTER(i), test_fault);
  }
  for (guint i = 0; i < G_N_ELEMENTS(products); i++) {
    g_autofree char *path = g_strdup_printf("/source/%s/absurd", products[i]->kind);
    g_test_add_data_func(path, products[i], test_absurd);
  }
  place_open();
  int code = g_test_run();
  place_close();
  return code;
}

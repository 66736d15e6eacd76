/* SPDX-License-Identifier: MIT */
/* Asking filters: the contract of a filter point by point, and random filters against a plain look at every session. */
#include "sight-analysis.h"
#include "sight-completion.h"
#include "sight-db.h"
#include "sight-filter-help.h"
#include "sight-index-table.h"
#include "sight-query.h"
#include "sight-terms.h"
#include "store-fixture.h"

#include <string.h>

typedef struct {
  const char *text;
  const char *session;
  GString *out;
  SightSet *set;
} Call;

static void ask(SightStore *store, SightStoreFunc func, Call *call) {
  g_autoptr(GError) error = NULL;

  sight_store_read(store, func, call, &error);
  g_assert_no_error(error);
}

static SightQuery *query_of(SightDb *db, const char *text, SightFilter **filter, GError **error) {
  *filter = sight_filter_parse(text, NULL, error);
  return *filter != NULL ? sight_query_new(db, *filter, START_MS + 3600000, error) : NULL;
}

static int by_name(gconstpointer a, gconstpointer b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static gboolean do_sessions(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  g_autoptr(SightFilter) filter = NULL;
  g_autoptr(SightQuery) query = query_of(db, call->text, &filter, error);
  g_autoptr(SightSet) set = query != NULL ? sight_query_sessions(query, error) : NULL;
  g_autoptr(GArray) rows = set != NULL ? sight_set_rows(set) : NULL;
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    g_autoptr(SightSession) session = sight_session_table_get(db, g_array_index(rows, gint64, i), error);
    g_ptr_array_add(names, g_strdup(session->session));
  }
  g_ptr_array_sort(names, by_name);
  for (guint i = 0; i < names->len; i++)
    g_string_append_printf(call->out, "%s%s", i > 0 ? " " : "", (char *)names->pdata[i]);
  call->set = g_steal_pointer(&set);
  return rows != NULL;
}

/* Ids in order, joined by blanks; the caller's. */
static char *sessions_of(SightStore *store, const char *text) {
  Call call = {.text = text, .out = g_string_new(NULL)};

  ask(store, do_sessions, &call);
  sight_set_free(call.set);
  return g_string_free(call.out, FALSE);
}

static void check(SightStore *store, const char *text, const char *wanted) {
  g_autofree char *found = sessions_of(store, text);

  g_test_message("%s: %s", text, found);
  g_assert_cmpstr(found, ==, wanted);
}

static gboolean do_left_out(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  g_autoptr(SightFilter) filter = NULL;
  g_autoptr(SightQuery) query = query_of(db, call->text, &filter, error);
  gint64 n = query != NULL ? sight_query_left_out(query, error) : -1;

  g_string_append_printf(call->out, "%" G_GINT64_FORMAT, n);
  return n >= 0;
}

/* 3: what is bounded is said, of those that it concerns. */
static void check_left_out(SightStore *store, const char *text, const char *wanted) {
  Call call = {.text = text, .out = g_string_new(NULL)};

  ask(store, do_left_out, &call);
  g_assert_cmpstr(call.out->str, ==, wanted);
  g_string_free(call.out, TRUE);
}

static gboolean do_moments(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  g_autoptr(SightFilter) filter = NULL;
  g_autoptr(SightQuery) query = query_of(db, call->text, &filter, error);
  g_autoptr(SightSession) session = query != NULL ? sight_session_table_find(db, 0, call->session, error) : NULL;
  g_autoptr(GPtrArray) moments = session != NULL ? sight_query_moments(query, session, error) : NULL;

  for (guint i = 0; moments != NULL && i < moments->len; i++) {
    const SightQueryMoment *moment = moments->pdata[i];
    g_assert_nonnull(moment->reason);
    g_string_append_printf(call->out, "%s%s@%" G_GINT64_FORMAT, i > 0 ? "; " : "", moment->condition, moment->start_ms);
  }
  return moments != NULL;
}

/* "condition@ms; …" */
static void check_moments(SightStore *store, const char *session, const char *text, const char *wanted) {
  Call call = {.text = text, .session = session, .out = g_string_new(NULL)};

  ask(store, do_moments, &call);
  g_assert_cmpstr(call.out->str, ==, wanted);
  g_string_free(call.out, TRUE);
}

static gboolean do_why_not(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  g_autoptr(SightFilter) filter = NULL;
  g_autoptr(SightQuery) query = query_of(db, call->text, &filter, error);
  g_autoptr(SightSession) session = query != NULL ? sight_session_table_find(db, 0, call->session, error) : NULL;
  g_autoptr(GPtrArray) reasons = session != NULL ? sight_query_why_not(query, session, error) : NULL;

  for (guint i = 0; reasons != NULL && i < reasons->len; i++) {
    const SightQueryReason *reason = reasons->pdata[i];
    g_string_append_printf(call->out, "%s%s | %s", i > 0 ? "\n" : "", reason->condition, reason->says);
  }
  return reasons != NULL;
}

static void check_why_not(SightStore *store, const char *session, const char *text, const char *wanted) {
  Call call = {.text = text, .session = session, .out = g_string_new(NULL)};

  ask(store, do_why_not, &call);
  g_assert_cmpstr(call.out->str, ==, wanted);
  g_string_free(call.out, TRUE);
}

/* As analysis would: what the session's row, pages and signals say, and more terms and moments. */
static gboolean do_index(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  g_autoptr(SightSession) session = sight_session_table_find(db, 0, call->session, error);
  g_autoptr(GPtrArray) pages = sight_page_table_list(db, session->row, error);
  g_autoptr(GPtrArray) signals = sight_signal_table_list(db, session->row, error);
  g_autoptr(SightOccurrences) none = sight_occurrences_new();
  g_autoptr(SightOccurrences) index = sight_terms_rename(none, session, pages, signals);

  if (session->flags & FIXTURE_ORDERED)
    sight_occurrences_moment(index, sight_occurrences_term(index, SIGHT_TERM_FORM, "order"), 10, 10);
  sight_occurrences_number(index, SIGHT_NUMBER_STARTED, session->started_ms / 1000);
  sight_occurrences_number(index, SIGHT_NUMBER_LENGTH, session->duration_ms);
  sight_occurrences_number(index, SIGHT_NUMBER_ACTIVE, session->duration_ms / 2);
  sight_occurrences_number(index, SIGHT_NUMBER_PAGES, session->n_pages);
  sight_occurrences_number(index, SIGHT_NUMBER_SIGNALS, session->n_signals);
  sight_occurrences_term(index, SIGHT_TERM_USER, session->user);
  if (g_strcmp0(session->user, "ada") == 0) {
    sight_occurrences_term(index, SIGHT_TERM_LEFT_OUT, "seen");
    sight_occurrences_term(index, SIGHT_TERM_LEFT_OUT, "element");
  }
  if (session->user != NULL) {
    sight_occurrences_term(index, SIGHT_TERM_DEVICE, "phone");
    sight_occurrences_term(index, SIGHT_TERM_VARIANT, "checkout=B");
    sight_occurrences_moment(index, sight_occurrences_term(index, SIGHT_TERM_CLICK, "Pay now"), 5000, 5000);
    sight_occurrences_also(index, sight_occurrences_term(index, SIGHT_TERM_CLICKED, "button#pay"));
    sight_occurrences_moment(index, sight_occurrences_term(index, SIGHT_TERM_SEEN, "Your card was declined."), 6000,
                             9000)
        ->view = 0;
    sight_occurrences_moment(index, sight_occurrences_term(index, SIGHT_TERM_EVENT, "order placed"), 7000, 7000);
    sight_occurrences_also(index, sight_occurrences_term(index, SIGHT_TERM_PROPERTY, "total=5"));
    sight_occurrences_moment(
        index, sight_occurrences_term(index, SIGHT_TERM_ELEMENT, "button#pay.primary.big[role=\"x]y\"][disabled]"),
        8000, 9000);
    sight_occurrences_sort(index);
  }
  return sight_index_table_save(db, session->row, session->endpoint, index, error);
}

static void index_session(SightStore *store, const char *session) {
  Call call = {.session = session};
  g_autoptr(GError) error = NULL;

  sight_store_write(store, SIGHT_WRITE_NORMAL, do_index, &call, &error);
  g_assert_no_error(error);
}

static gboolean do_settings(SightDb *db, gpointer data, GError **error) {
  return sight_annotation_table_put_settings(db, 1, "{" FIXTURE_KEY_ACTIONS "}", error);
}

/* Three sessions: ada in 30 s, with trouble at /pay; bob in 20 s, who paid; cid of 10 s, nobody known. */
static SightStore *make_store(char **folder) {
  *folder = make_folder();
  SightStore *store = open_store(*folder, SIGHT_STORE_CACHE);
  g_autoptr(GError) error = NULL;

  sight_store_write(store, SIGHT_WRITE_NORMAL, do_settings, NULL, &error);
  g_assert_no_error(error);
  save_analysed(store, 1,
                (Analysed){.session = "ada",
                           .user = "ada",
                           .pages = "/cart /pay /help",
                           .signals = "r@11000*5 d@11000 e@12000 e@25000",
                           .friction = 9});
  save_analysed(store, 1,
                (Analysed){.session = "bob",
                           .user = "Bób",
                           .pages = "/cart /pay",
                           .signals = "d@3000",
                           .friction = 2,
                           .key_action = TRUE,
                           .start_ms = START_MS + 60000});
  save_analysed(store, 1, (Analysed){.session = "cid", .pages = "/", .start_ms = START_MS + 120000});
  index_session(store, "ada");
  index_session(store, "bob");
  index_session(store, "cid");
  put_batch(store, 1, "not-looked-through", "w", 0, START_MS, "[]");
  put_tag(store, 1, "bob", 4000, "look here");
  put_tag(store, 1, "cid", 99000, "too late");
  return store;
}

static const char *const cases[][2] = {
    {"", "ada bob cid not-looked-through"},
    {"all", "ada bob cid"},
    {"rage", "ada"},
    {"dead", "ada bob"},
    {"error", "ada"},
    {"errored", "ada"},
    {"signal", "ada bob"},
    {"-signal", "cid"},
    {"rage or cid", "ada cid"},
    {"noise", ""},
    {"length:>20s", "ada"},
    {"length:20s", "bob"},
    {"length:20s..", "ada bob"},
    {"length:<0:20", "cid"},
    {"length:10s,30s", "ada cid"},
    {"friction:>2", "ada"},
    {"friction:2", "bob"},
    {"pages:1..2", "bob cid"},
    {"entry:/cart", "ada bob"},
    {"exit:/pay", "bob"},
    {"exit:/h*", "ada"},
    {"entry:/CART", "ada bob"},
    {"user", "ada bob"},
    {"user:ada", "ada"},
    {"user:bob", "bob"},
    {"user:a*,b*", "ada bob"},
    {"-user", "cid"},
    {"new-user", "ada bob"},
    {"session:ada", "ada"},
    {"converted", "bob"},
    {"-converted", "ada cid"},
    {"page:/pay", "ada bob"},
    {"page:/p*", "ada bob"},
    {"page:/pa", ""},
    {"page", "ada bob cid"},
    {"page[url:https://shop.example/pay]", "ada bob"},
    {"page[length:>=10s] page:/", "cid"},
    {"error:TypeError", "ada"},
    {"error:\"type basket\"", ""},
    {"error:basket", "ada"},
    {"error:*undefined", "ada"},
    {"rage[target:\"pay now\" page:/pay]", "ada"},
    {"rage[target:\"now pay\"]", ""},
    {"rage:pay", "ada"},
    {"rage[page:/cart]", ""},
    {"rage[count:>4]", "ada"},
    {"dead[count:>4]", ""},
    {"dead[-page:/pay]", ""},
    {"rage[undefined]", ""},
    {"error[undefined]", "ada"},
    {"tagged", "bob"},
    {"tag:look", "bob"},
    {"started:2023-11", "ada bob cid"},
    {"started:1h", "ada bob cid"},
    {"started:58m", "cid"},
    {"started:60m..59m", "ada bob"},
    {"started:<2023-11-01", ""},
    {"watched", ""},
    {"device", "ada bob"},
    {"device:phone", "ada bob"},
    {"device:desktop,tablet", ""},
    {"-device:phone", "cid"},
    {"variant.checkout:B", "ada bob"},
    {"variant.checkout", "ada bob"},
    {"variant.check:B", ""},
    {"active:<8s", "cid"},
    {"width:>0", ""},
    {"seen:\"card was\"", "ada bob"},
    {"seen:\"CARD wás decl\"", "ada bob"},
    {"seen:\"card declined\"", ""},
    {"seen:card[page:/cart]", "ada bob"},
    {"seen:card[page:/pay]", ""},
    {"in-page:declined", "ada bob"},
    {"declined", "ada bob"},
    {"click:\"pay now\"", "ada bob"},
    {"click:button#pay", "ada bob"},
    {"click[selector:button*]", "ada bob"},
    {"event:\"order placed\"", "ada bob"},
    {"event:order", ""},
    {"event[total=5]", "ada bob"},
    {"event[total=6]", ""},
    {"seen:card then event then error", "ada"},
    {"click then within 1s seen:declined", "ada bob"},
    {"element:button#pay", "ada bob"},
    {"element:.big.primary", "ada bob"},
    {"element:*#pay", "ada bob"},
    {"element:button#pa", ""},
    {"element:a#pay", ""},
    {"element:\"[disabled]\"", "ada bob"},
    {"element:\"button[role]\"", "ada bob"},
    {"element:\"[role=\\\"x]y\\\"]\"", "ada bob"},
    {"element:\"[role=x]\"", ""},
    {"element:\"button[disabled=x]\"", ""},
    {"idle", ""},
    {"basket", "ada"},
    {"\"is undefined\"", "ada"},
    {"ada", "ada"},
    {"page:/cart then rage", "ada"},
    {"rage then page:/cart", ""},
    {"dead then error", "ada"},
    {"error then error", "ada"},
    {"error then error then error", ""},
    {"rage then within 1s error", "ada"},
    {"rage then within 900ms error", ""},
    {"rage then dead", ""},
    {"page:/cart then not rage", "bob"},
    {"page:/cart then not dead then page:/pay", "ada"},
    {"page:/cart then within 2s not dead then page:/pay", "ada bob"},
};

static void test_keys(void) {
  char *folder = NULL;
  g_autoptr(SightStore) store = make_store(&folder);

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    check(store, cases[i][0], cases[i][1]);
  sight_store_close(store);
  remove_folder(folder);
}

static gboolean do_exec(SightDb *db, gpointer data, GError **error) {
  return sight_db_exec(db, data, error);
}

/* What was indexed before there were courses has none: sequences are the same, whichever session that is. */
static void test_without_courses(void) {
  static const char *const gone[] = {"DELETE FROM course WHERE session = (SELECT min(session) FROM course)",
                                     "DELETE FROM course"};
  char *folder = NULL;
  g_autoptr(SightStore) store = make_store(&folder);

  for (gsize step = 0; step < G_N_ELEMENTS(gone); step++) {
    g_autoptr(GError) error = NULL;
    sight_store_write(store, SIGHT_WRITE_NORMAL, do_exec, (gpointer)gone[step], &error);
    g_assert_no_error(error);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
      if (strstr(cases[i][0], " then ") != NULL)
        check(store, cases[i][0], cases[i][1]);
    }
  }
  sight_store_close(store);
  remove_folder(folder);
}

/* 1: outside of the recording nothing counts. 5: which condition, and where. 8 is that of the analysis: moments of all
 * windows come in the order of time. */
static void test_moments(void) {
  char *folder = NULL;
  g_autoptr(SightStore) store = make_store(&folder);

  check(store, "tag", "bob");
  check(store, "tag or note", "bob");
  check_left_out(store, "seen:card", "1");
  check_left_out(store, "-in-page:card", "1");
  check_left_out(store, "rage or (length:>1s element:button)", "1");
  check_left_out(store, "card", "1");
  check_left_out(store, "rage page:/pay", "0");
  check_left_out(store, "", "0");
  check_moments(store, "ada", "error -converted", "error@12000; error@25000");
  check_moments(store, "ada", "error or rage length:>20s", "length:>20s@0; rage@11000; error@12000; error@25000");
  check_moments(store, "ada", "error or converted", "error@12000; error@25000");
  check_moments(store, "ada", "page:/pay then error", "page:/pay then error@10000; page:/pay then error@12000");
  check_moments(store, "ada", "basket", "basket@12000; basket@25000");
  check_moments(store, "ada", "user:ada", "user:ada@0");
  check_moments(store, "bob", "tag", "tag@4000");
  check_moments(store, "ada", "", "");
  sight_store_close(store);
  remove_folder(folder);
}

/* 6 */
static void test_why_not(void) {
  char *folder = NULL;
  g_autoptr(SightStore) store = make_store(&folder);

  check_why_not(store, "bob", "dead", "");
  check_why_not(store, "bob", "length:>2m", "length:>2m | length 0:20, wanted > 2:00");
  check_why_not(store, "cid", "user:ada", "user:ada | user unknown, wanted ada");
  check_why_not(store, "bob", "active:>1m", "active:>1m | active 0:10, wanted > 1:00");
  check_why_not(store, "bob", "variant.checkout:A", "variant.checkout:A | variant B, wanted A");
  check_why_not(store, "bob", "rage", "rage | no rage clicks");
  check_why_not(store, "bob", "dead -converted", "-converted | refused, and it is one with a key action");
  check_why_not(store, "bob", "rage or error", "rage | no rage clicks\nerror | no exceptions");
  check_why_not(store, "bob", "dead[page:/cart]",
                "dead[page:/cart] | Dead clicks: 1, but not as wanted (dead clicks at /cart); at 0:03: 4 clicks on "
                "“Pay now”, nothing on the page changed");
  check_why_not(store, "bob", "page:/cart then page:/pay then error",
                "page:/cart then page:/pay then error | 2 steps happened, but then not exceptions");
  check_why_not(store, "ada", "page:/cart then not rage then page:/help",
                "page:/cart then not rage then page:/help | 1 step happened, but then also rage clicks");
  sight_store_close(store);
  remove_folder(folder);
}

/* 2: adding a refusal, wherever it stands, never adds a session. */
static void test_refusals(void) {
  static const char *const wants[] = {"rage",
                                      "dead",
                                      "error",
                                      "user",
                                      "length:>15s",
                                      "page:/pay",
                                      "basket",
                                      "page:/cart then dead",
                                      "(rage or converted)",
                                      "(dead -error)"};
  static const char *const refusals[] = {
      "-rage",        "-dead", "-user", "-length:<15s", "-(rage or converted)", "-page:/", "-(page:/cart then rage)",
      "(-rage -user)"};
  char *folder = NULL;
  g_autoptr(SightStore) store = make_store(&folder);

  for (int i = 0; i < 150; i++) {
    const char *first = wants[g_test_rand_int_range(0, G_N_ELEMENTS(wants))];
    const char *second = wants[g_test_rand_int_range(0, G_N_ELEMENTS(wants))];
    const char *refusal = refusals[g_test_rand_int_range(0, G_N_ELEMENTS(refusals))];
    const char *joined = g_test_rand_bit() ? " or " : " ";
    g_autofree char *without = g_strdup_printf("%s%s%s", first, g_test_rand_bit() ? " or " : " ", second);
    g_autofree char *with = g_strconcat(without, joined, refusal, NULL);
    Call a = {.text = without, .out = g_string_new(NULL)}, b = {.text = with, .out = g_string_new(NULL)};
    ask(store, do_sessions, &a);
    ask(store, do_sessions, &b);
    sight_set_and_not(b.set, a.set);
    if (sight_set_n(b.set) > 0)
      g_error("%s finds %s, but %s finds %s", without, a.out->str, with, b.out->str);
    sight_set_free(a.set);
    sight_set_free(b.set);
    g_string_free(a.out, TRUE);
    g_string_free(b.out, TRUE);
  }
  check(store, "rage or -dead", "");
  check(store, "error or dead or -rage", "bob");
  check(store, "-rage or -converted", "cid");
  sight_store_close(store);
  remove_folder(folder);
}

static gboolean do_complete(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  const char *mark = strchr(call->text, '|');
  guint cursor = (guint)(mark - call->text);
  g_autofree char *text = g_strdup(call->text);

  memmove(text + cursor, mark + 1, strlen(mark));
  g_autoptr(SightCompletions) found = sight_complete(db, text, cursor, 8, START_MS + 3600000, error);

  for (guint i = 0; found != NULL && i < found->rows->len; i++) {
    const SightCompletion *row = found->rows->pdata[i];
    g_autoptr(SightFilter) filter = sight_filter_parse(row->insert, NULL, NULL);
    if (row->kind == SIGHT_COMPLETION_VALUE)
      g_assert_nonnull(filter);
    g_string_append_printf(call->out, "%s%s=%" G_GINT64_FORMAT, i > 0 ? " | " : "", row->insert, row->count);
  }
  if (found != NULL && found->rows->len == 0)
    g_string_append(call->out, "none");
  return found != NULL;
}

static void test_completion(void) {
  static const char *const wanted[][2] = {
      {"entry:|", "entry:/cart=2 | entry:/=1"},
      {"entry:/c|", "entry:/cart=2"},
      {"entry:c|", "entry:/cart=2"},
      /* under the rest of the filter */
      {"rage entry:|", "entry:/cart=1 | entry:/=0"},
      {"entry:| -rage", "entry:/=1 | entry:/cart=1"},
      {"converted (rage or entry:|", "entry:/cart=1 | entry:/=0"},
      {"converted or entry:|", "entry:/cart=2 | entry:/=1"},
      {"-converted -entry:/c|", "entry:/cart=1"},
      {"entry:/x| rage", "none"},
      {"entry:/,/c|", "entry:/,/cart=3"},
      /* what stands behind the cursor is replaced */
      {"entry:/c|ab rage", "entry:/cart=1"},
      {"click:|", "click:\"Pay now\"=2 | click:button#pay=2"},
      {"click:\"pay n|", "click:\"Pay now\"=2"},
      {"seen:card|", "seen:\"Your card was declined.\"=2"},
      {"device:t|", "device:tablet=0"},
      {"variant.|", "variant.checkout:=-1"},
      {"variant.checkout:|", "variant.checkout:B=2"},
      {"started:t|", "started:today=3"},
      /* keys, of which those that say something alone are counted */
      {"conv|", "converted=1"},
      {"ra|", "rage:=1"},
      {"clicks on|", "none"},
      {"rage[pag|", "page:=-1"},
      {"rage[page:/p|", "page:/pay=-1"},
      {"rage[page:/p|] converted", "page:/pay=-1"},
      {"page:/cart then page:/p|", "page:/pay=2"},
      /* a word may be the beginning of a value */
      {"declin|", "seen:\"Your card was declined.\"=2"},
      /* a rest that is no filter yet */
      {"length: entry:/c|", "entry:/cart=-1"},
      {"rage[page:/pay]|", "none"},
      {"length:>|", "none"},
      {"nonsense[pag|", "none"},
  };
  char *folder = NULL;
  SightStore *store = make_store(&folder);

  for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++) {
    Call call = {.text = wanted[i][0], .out = g_string_new(NULL)};
    ask(store, do_complete, &call);
    g_test_message("%s: %s", wanted[i][0], call.out->str);
    g_assert_cmpstr(call.out->str, ==, wanted[i][1]);
    g_string_free(call.out, TRUE);
  }
  sight_store_close(store);
  remove_folder(folder);
}

/* 7 and 8: a visit in two tabs over two days, of which the first shows one text and hides another. */
static void test_visit(void) {
  static const char *const first =
      "[{\"type\":4,\"timestamp\":%" G_GINT64_FORMAT
      ",\"data\":{\"href\":\"https://shop.example/cart\",\"width\":900,\"height\":700}},"
      "{\"type\":2,\"timestamp\":%" G_GINT64_FORMAT
      ",\"data\":{\"initialOffset\":{\"left\":0,\"top\":0},\"node\":{\"type\":0,\"id\":1,\"childNodes\":[{\"type\":2,"
      "\"id\":2,\"tagName\":\"html\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":3,\"tagName\":\"body\","
      "\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":4,\"tagName\":\"p\",\"attributes\":{},\"childNodes\":[{"
      "\"type\":3,\"id\":5,\"textContent\":\"Free delivery today\"}]},{\"type\":2,\"id\":6,\"tagName\":\"p\","
      "\"attributes\":{\"hidden\":\"\"},\"childNodes\":[{\"type\":3,\"id\":7,\"textContent\":\"Coupon was "
      "refused\"}]}]}"
      "]}]}}},"
      "{\"type\":5,\"timestamp\":%" G_GINT64_FORMAT ",\"data\":{\"tag\":\"ss:event\",\"payload\":{\"name\":\"one\"}}}]";
  static const char *const event =
      "[{\"type\":4,\"timestamp\":%" G_GINT64_FORMAT
      ",\"data\":{\"href\":\"https://shop.example/%s\",\"width\":900,\"height\":700}},"
      "{\"type\":5,\"timestamp\":%" G_GINT64_FORMAT ",\"data\":{\"tag\":\"ss:event\",\"payload\":{\"name\":\"%s\"}}}]";
  const gint64 day_ms = 24 * 3600000;
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  g_autoptr(GError) error = NULL;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_autofree char *a = g_strdup_printf(first, START_MS, START_MS + 10, START_MS + 1000);
  g_autofree char *b = g_strdup_printf(event, START_MS + day_ms, "pay", START_MS + day_ms + 100, "two");
  g_autofree char *c = g_strdup_printf(event, START_MS + day_ms + 5000, "thanks", START_MS + day_ms + 6000, "three");
#pragma GCC diagnostic pop

  put_batch(store, 1, "visit", "tab1", 0, START_MS, a);
  put_batch(store, 1, "visit", "tab2", 0, START_MS + day_ms, b);
  put_batch(store, 1, "visit", "tab1", 1, START_MS + day_ms + 5000, c);
  sight_analysis_run_pending(store, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error(error);
  check(store, "seen:\"free delivery\"", "visit");
  check(store, "in-page:\"free delivery\"", "visit");
  check(store, "seen:\"coupon was\"", "");
  check(store, "in-page:\"coupon was\"", "visit");
  check(store, "\"free delivery\"", "visit");
  check(store, "\"coupon was\"", "");
  check(store, "event:one then event:two then event:three", "visit");
  check(store, "page:/cart then page:/pay then event:two then page:/thanks", "visit");
  check(store, "event:two then event:one", "");
  check(store, "event:three then event:two", "");
  check(store, "event:one then within 23h event:two", "");
  check(store, "event:one then within 25h event:two", "visit");
  check(store, "length:>23h", "visit");
  sight_store_close(store);
  remove_folder(folder);
}

/* A form with a button, which is put into a card for a while; then another page. */
static const char elements[] =
    "[{\"type\":4,\"timestamp\":1700000000000,\"data\":{\"href\":\"https://shop.example/pay\",\"width\":900,"
    "\"height\":700}},{\"type\":2,\"timestamp\":1700000000010,\"data\":{\"initialOffset\":{\"left\":0,"
    "\"top\":0},\"node\":{\"type\":0,\"id\":1,\"childNodes\":[{\"type\":2,\"id\":2,\"tagName\":\"html\","
    "\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":3,\"tagName\":\"body\",\"attributes\":{},"
    "\"childNodes\":[{\"type\":2,\"id\":4,\"tagName\":\"form\",\"attributes\":{\"id\":\"pay\"},"
    "\"childNodes\":[{\"type\":2,\"id\":5,\"tagName\":\"div\",\"attributes\":{\"class\":\"row\"},"
    "\"childNodes\":[{\"type\":2,\"id\":6,\"tagName\":\"button\",\"attributes\":{\"class\":\"primary\"},"
    "\"childNodes\":[]},{\"type\":2,\"id\":7,\"tagName\":\"a\",\"attributes\":{\"href\":\"/help\"},"
    "\"childNodes\":[]}]}]},{\"type\":2,\"id\":8,\"tagName\":\"div\",\"attributes\":{\"class\":\"card\"},"
    "\"childNodes\":[]}]}]}]}}},{\"type\":3,\"timestamp\":1700000003000,\"data\":{\"source\":0,"
    "\"removes\":[{\"parentId\":5,\"id\":6}],\"adds\":[{\"parentId\":8,\"nextId\":null,\"node\":{\"type\":2,"
    "\"id\":6,\"tagName\":\"button\",\"attributes\":{\"class\":\"primary\"},\"childNodes\":[]}}]}},{\"type\":3,"
    "\"timestamp\":1700000006000,\"data\":{\"source\":0,\"attributes\":[{\"id\":8,"
    "\"attributes\":{\"class\":\"plain\"}}]}},{\"type\":5,\"timestamp\":1700000007000,"
    "\"data\":{\"tag\":\"ss:route\",\"payload\":{\"href\":\"https://shop.example/thanks\"}}},{\"type\":5,"
    "\"timestamp\":1700000009000,\"data\":{\"tag\":\"ss:event\",\"payload\":{\"name\":\"end\"}}}]";

static void test_elements(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  g_autoptr(GError) error = NULL;

  put_batch(store, 1, "visit", "w", 0, START_MS, elements);
  sight_analysis_run_pending(store, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error(error);
  check(store, "element:button.primary", "visit");
  check(store, "element:\"form button\"", "visit");
  check(store, "element:\"form#pay > button\"", "");
  check(store, "element:\"div.row > button.primary\"", "visit");
  check(store, "element:\"form > div > button\"", "visit");
  check(store, "element:\"form .card button\"", "");
  check(store, "element:\"div:nth-of-type(1) > button\"", "visit");
  check(store, "element:\"button:first-child\"", "visit");
  check(store, "element:\"button:nth-of-type(2)\"", "");
  check(store, "element:\"a[href=\\\"/help\\\"]\"", "visit");
  check(store, "element:\"a[href^=\\\"/he\\\"]\"", "visit");
  check(store, "element:\"a[href=\\\"/other\\\"]\"", "");
  check(store, "element:\"form > a, .card > button\"", "visit");
  check(store, "-element:\".card > button\"", "");
  check(store, "element:\"form > .primary\"", "");
  check(store, "element:\".card > .primary\"", "visit");
  check(store, "element:\".card > button\"[page:/pay]", "visit");
  check(store, "element:\".card > button\"[page:/thanks]", "");
  check(store, "element:\"div > button\"[page:/thanks]", "visit");
  check(store, "element:\".row > button\" then element:\".card > button\" then page:/thanks", "visit");
  check(store, "element:\".card > button\" then element:\".row > button\"", "");
  check(store, "element:\".card > button\"[length:>2s]", "visit");
  check(store, "element:\".card > button\"[length:>4s]", "");
  check_moments(store, "visit", "element:\".card > button\"", "element:\".card > button\"@3000");
  check_moments(store, "visit", "element:\".row > button\"", "element:\".row > button\"@10");
  check_moments(store, "visit", "element:\"div > button\"",
                "element:\"div > button\"@10; element:\"div > button\"@7000");
  sight_store_close(store);
  remove_folder(folder);
}

/* Random filters: what the whole finds is what its leaves, each asked alone, give by the rules of and, or and not; what
 * kept one out is told of just those that are not found; and those that are found have a moment. */
static const char *const leaves[] = {"rage",
                                     "dead",
                                     "error[count:>3]",
                                     "user",
                                     "length:>15s",
                                     "page:/pay",
                                     "page[length:>=10s -url:*/cart]",
                                     "basket",
                                     "converted",
                                     "new-user",
                                     "friction:>2",
                                     "started:2025-01-01..",
                                     "tag:look",
                                     "seen:card",
                                     "element:\"button.big\"",
                                     "page:/cart then dead",
                                     "page:/cart then not rage then page:/help",
                                     "rage then within 2s error"};

static void random_text(GString *out, int depth, gboolean refusing) {
  int choice = depth > 0 ? g_test_rand_int_range(0, 4) : 0;

  if (choice == 0) {
    const char *leaf = leaves[g_test_rand_int_range(0, G_N_ELEMENTS(leaves))];
    g_string_append_printf(out, strstr(leaf, " then ") != NULL ? "(%s)" : "%s", leaf);
  } else if (choice == 1 && !refusing) {
    g_string_append(out, "not ");
    random_text(out, depth - 1, TRUE);
  } else {
    int n = g_test_rand_int_range(2, 4);
    g_string_append_c(out, '(');
    for (int i = 0; i < n; i++) {
      if (i > 0)
        g_string_append(out, choice == 2 ? " or " : " ");
      random_text(out, depth - 1, refusing);
    }
    g_string_append_c(out, ')');
  }
}

static gboolean holds(SightDb *db, const SightFilter *filter, gint64 row, GError **error) {
  gboolean wanted = FALSE, found = FALSE, all = TRUE;

  if (filter->kind == SIGHT_FILTER_NOT)
    return !holds(db, filter->parts->pdata[0], row, error);
  if (filter->kind != SIGHT_FILTER_ALL && filter->kind != SIGHT_FILTER_ANY) {
    g_autoptr(SightQuery) query = sight_query_new(db, filter, START_MS + 3600000, error);
    g_autoptr(SightSet) set = sight_query_sessions(query, error);
    return sight_set_contains(set, row);
  }
  for (guint i = 0; i < filter->parts->len; i++) {
    const SightFilter *part = filter->parts->pdata[i];
    gboolean refuses = sight_filter_only_refuses(part), is = holds(db, part, row, error);
    if (filter->kind == SIGHT_FILTER_ANY && refuses && !is)
      return FALSE;
    wanted |= !refuses;
    found |= !refuses && is;
    all &= is;
  }
  return filter->kind == SIGHT_FILTER_ALL ? all : found || !wanted;
}

static gboolean do_random(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  g_autoptr(SightFilter) filter = NULL;
  g_autoptr(SightQuery) query = query_of(db, call->text, &filter, error);
  g_autoptr(SightSet) set = query != NULL ? sight_query_sessions(query, error) : NULL;
  static const char *const ids[] = {"ada", "bob", "cid"};

  for (gsize i = 0; set != NULL && i < G_N_ELEMENTS(ids); i++) {
    g_autoptr(SightSession) session = sight_session_table_find(db, 0, ids[i], error);
    gboolean found = sight_set_contains(set, session->row);
    g_autoptr(GPtrArray) reasons = sight_query_why_not(query, session, error);
    g_autoptr(GPtrArray) moments = found ? sight_query_moments(query, session, error) : NULL;
    if (found != holds(db, filter, session->row, error))
      g_error("%s: %s is %sfound", call->text, ids[i], found ? "" : "not ");
    if (found != (reasons->len == 0))
      g_error("%s: %s is %sfound, with %u reasons against it", call->text, ids[i], found ? "" : "not ", reasons->len);
    if (found && moments->len == 0 && !sight_filter_only_refuses(filter))
      g_error("%s: %s is found without a moment", call->text, ids[i]);
  }
  return set != NULL;
}

static void test_random(void) {
  char *folder = NULL;
  g_autoptr(SightStore) store = make_store(&folder);

  for (int i = 0; i < 150; i++) {
    g_autoptr(GString) text = g_string_new(NULL);
    random_text(text, 3, FALSE);
    Call call = {.text = text->str};
    ask(store, do_random, &call);
  }
  sight_store_close(store);
  remove_folder(folder);
}

static void test_contract(void) {
  guint n = 0;
  g_autofree char *help = sight_filter_help();

  for (; sight_filter_contract(n) != NULL; n++)
    g_assert_nonnull(strstr(help, sight_filter_contract(n)));
  g_assert_cmpuint(n, ==, 8);
}

int main(int argc, char **argv) {
  g_setenv("TZ", "UTC", TRUE);
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/query/query/keys", test_keys);
  g_test_add_func("/query/query/without-courses", test_without_courses);
  g_test_add_func("/query/query/moments", test_moments);
  g_test_add_func("/query/query/why-not", test_why_not);
  g_test_add_func("/query/query/refusals", test_refusals);
  g_test_add_func("/query/query/visit", test_visit);
  g_test_add_func("/query/query/elements", test_elements);
  g_test_add_func("/query/query/random", test_random);
  g_test_add_func("/query/query/completion", test_completion);
  g_test_add_func("/query/query/contract", test_contract);
  return g_test_run();
}

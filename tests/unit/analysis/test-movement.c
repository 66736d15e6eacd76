/* SPDX-License-Identifier: MIT */
/* Movement: time between positions goes to the element that a click there would be told of, as long as the pointer was
 * surely there, on the page that is asked for; whatever a recording says it is never more than the session lasted. */
#include "analysis-fixture.h"
#include "sight-held-table.h"
#include "sight-movement.h"

#include <string.h>

#define MOVE(source, positions, at)                                                                                    \
  ",{\"type\":3,\"data\":{\"source\":" source ",\"positions\":[" positions "]},\"timestamp\":" at "}"
#define AT(id, offset) "{\"x\":5,\"y\":5,\"id\":" id ",\"timeOffset\":" offset "}"
#define TOUCH(type, at)                                                                                                \
  ",{\"type\":3,\"data\":{\"source\":2,\"type\":" type ",\"id\":10,\"x\":5,\"y\":5},\"timestamp\":" at "}"
#define ROUTE(href, at)                                                                                                \
  ",{\"type\":5,\"data\":{\"tag\":\"ss:route\",\"payload\":{\"href\":\"" href "\"}},\"timestamp\":" at "}"
#define UNTIL(at) ",{\"type\":3,\"data\":{\"source\":3,\"id\":1,\"x\":0,\"y\":0},\"timestamp\":" at "}"

static void put(AnalysisFixture *f, const char *session, const char *acts) {
  g_autofree char *events = g_strconcat(analysis_page, acts, NULL);
  analysis_put(f, session, "w1", 0, events);
}

static void analyse(AnalysisFixture *f) {
  g_autoptr(GError) error = NULL;
  sight_analysis_run_pending(f->store, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error(error);
}

static SightMovement *movement_of_rows(AnalysisFixture *f, const char *page, const GArray *rows,
                                       GCancellable *cancellable) {
  g_autoptr(GError) error = NULL;
  SightMovement *movement = sight_movement_read(f->store, page, rows, NULL, NULL, cancellable, &error);
  g_assert_no_error(error);
  return movement;
}

/* In sessions until NULL. */
static SightMovement *movement_of(AnalysisFixture *f, const char *page, const char *first, ...) {
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(gint64));
  va_list more;
  analyse(f);
  va_start(more, first);
  for (const char *name = first; name != NULL; name = va_arg(more, const char *)) {
    gint64 row = analysis_row(f, name);
    g_array_append_val(rows, row);
  }
  va_end(more);
  return movement_of_rows(f, page, rows, NULL);
}

/* "#pay 2500, html > body > p 200" */
static char *describe(const SightMovement *movement) {
  GString *text = g_string_new(NULL);
  gint64 ms = 0;
  for (guint i = 0; i < movement->elements->len; i++) {
    const SightMovedElement *element = movement->elements->pdata[i];
    g_string_append_printf(text, "%s%s %d", i > 0 ? ", " : "", element->selector, (int)element->ms);
    ms += element->ms;
  }
  g_assert_cmpint(ms, ==, movement->ms);
  return g_string_free(text, FALSE);
}

static void expect(AnalysisFixture *f, const char *acts, const char *expected) {
  put(f, "session-1", acts);
  g_autoptr(SightMovement) movement = movement_of(f, "/cart", "session-1", NULL);
  g_autofree char *text = describe(movement);
  g_assert_cmpstr(text, ==, expected);
}

/* Over the words of a button, a paragraph, and then for long over the button: 2 s at most. */
static void test_time(AnalysisFixture *f, gconstpointer data) {
  put(f, "session-1",
      MOVE("1", AT("11", "-600") "," AT("20", "-100"), "@1600") MOVE("1", AT("10", "0"), "@1700")
          MOVE("1", AT("20", "0"), "@90000"));
  g_autoptr(SightMovement) movement = movement_of(f, "/cart", "session-1", NULL);
  g_autofree char *text = describe(movement);
  g_assert_cmpstr(text, ==, "#pay 2500, html > body > p 200");
  const SightMovedElement *pay = movement->elements->pdata[0];
  g_assert_cmpstr(pay->label, ==, "Pay now");
  g_assert_cmpint(pay->at_ms, ==, 1700);
  g_assert_cmpint(pay->longest_ms, ==, 2000);
  g_assert_cmpint(pay->row, ==, analysis_row(f, "session-1"));
  g_assert_cmpstr(pay->session, ==, "session-1");
  g_assert_cmpint(movement->n_views, ==, 1);
  g_assert_cmpuint(movement->n_sessions, ==, 1);
}

static void test_nothing_there(AnalysisFixture *f, gconstpointer data) {
  /* What it was over before is left. */
  expect(f, MOVE("1", AT("10", "0"), "@1000") MOVE("1", AT("999", "0"), "@1300") UNTIL("@2000"), "#pay 300");
}

static void test_end(AnalysisFixture *f, gconstpointer data) {
  expect(f, MOVE("1", AT("10", "0"), "@1000") UNTIL("@1250"), "#pay 250");
}

static void test_drag(AnalysisFixture *f, gconstpointer data) {
  expect(f, MOVE("12", AT("10", "0"), "@1000") UNTIL("@1250"), "#pay 250");
}

/* Where it is lifted nobody knows: the last position of each touch counts for nothing. */
static void test_finger(AnalysisFixture *f, gconstpointer data) {
  expect(f,
         TOUCH("7", "@900") MOVE("6", AT("10", "-100") "," AT("20", "0"), "@1100") TOUCH("9", "@1150")
             MOVE("6", AT("20", "0"), "@1700") UNTIL("@9000"),
         "#pay 100");
}

/* As browsers tell a tap; a mouse that moves later is one. */
static void test_tap(AnalysisFixture *f, gconstpointer data) {
  expect(f,
         TOUCH("7", "@900") TOUCH("9", "@950") MOVE("1", AT("10", "0"), "@960") UNTIL("@5000")
             MOVE("1", AT("20", "0"), "@6000") UNTIL("@6100"),
         "html > body > p 100");
}

/* Between two views of it there is another page. */
static void test_views(AnalysisFixture *f, gconstpointer data) {
  put(f, "session-1",
      MOVE("1", AT("10", "0"), "@1000") ROUTE("https://shop.example/other", "@1300")
          MOVE("1", AT("10", "-300") "," AT("20", "-100"), "@1500") ROUTE("https://shop.example/cart?a=1", "@2000")
              MOVE("1", AT("10", "0"), "@2600") UNTIL("@2700"));
  g_autoptr(SightMovement) cart = movement_of(f, "/cart", "session-1", NULL);
  g_autoptr(SightMovement) other = movement_of(f, "/other", "session-1", NULL);
  g_autoptr(SightMovement) none = movement_of(f, "/nowhere", "session-1", NULL);
  g_autofree char *on_cart = describe(cart), *on_other = describe(other);
  g_assert_cmpstr(on_cart, ==, "#pay 400");
  g_assert_cmpint(cart->n_views, ==, 2);
  g_assert_cmpstr(on_other, ==, "html > body > p 600");
  g_assert_cmpuint(none->elements->len, ==, 0);
  g_assert_cmpint(none->n_views, ==, 0);
}

/* The same element of several sessions, and which of them stayed longest. */
static void test_sessions(AnalysisFixture *f, gconstpointer data) {
  put(f, "session-1", MOVE("1", AT("10", "0"), "@1000") UNTIL("@1100"));
  put(f, "session-2", MOVE("1", AT("10", "0"), "@3000") MOVE("1", AT("11", "0"), "@3400") UNTIL("@3500"));
  put(f, "session-3", MOVE("1", AT("20", "0"), "@1000") UNTIL("@1300"));
  g_autoptr(SightMovement) movement = movement_of(f, "/cart", "session-1", "session-2", "session-3", NULL);
  g_autofree char *text = describe(movement);
  const SightMovedElement *pay = movement->elements->pdata[0];
  g_assert_cmpstr(text, ==, "#pay 600, html > body > p 300");
  g_assert_cmpint(pay->n_sessions, ==, 2);
  g_assert_cmpstr(pay->session, ==, "session-2");
  g_assert_cmpint(pay->at_ms, ==, 3000);
  g_assert_cmpint(pay->longest_ms, ==, 500);
  g_assert_cmpuint(movement->n_sessions, ==, 3);
}

static gboolean drop(SightDb *db, gpointer user_data, GError **error) {
  return sight_held_table_drop(db, *(gint64 *)user_data, error);
}

/* What was erased, or is on a collector alone, is told as missing; of what is stopped whole sessions are left. */
static void test_missing(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  g_autoptr(GError) error = NULL;
  put(f, "session-1", MOVE("1", AT("10", "0"), "@1000") UNTIL("@1100"));
  put(f, "session-2", MOVE("1", AT("10", "0"), "@1000") UNTIL("@1100"));
  analyse(f);
  gint64 all[] = {4711, analysis_row(f, "session-2"), analysis_row(f, "session-1")};
  sight_store_write(f->store, SIGHT_WRITE_NORMAL, drop, &all[1], &error);
  g_assert_no_error(error);
  g_array_append_vals(rows, all, G_N_ELEMENTS(all));
  g_autoptr(SightMovement) movement = movement_of_rows(f, "/cart", rows, NULL);
  g_assert_cmpuint(movement->n_missing, ==, 2);
  g_assert_cmpuint(movement->n_sessions, ==, 1);
  g_cancellable_cancel(cancellable);
  g_autoptr(SightMovement) stopped = movement_of_rows(f, "/cart", rows, cancellable);
  g_assert_cmpuint(stopped->n_missing + stopped->n_sessions, ==, 0);
}

/* Times that run backwards or lie in the future, ids and lists that are none. */
static void test_absurd(AnalysisFixture *f, gconstpointer data) {
  expect(f,
         MOVE("1", AT("10", "-9e300") "," AT("20", "1e18") "," AT("10", "-500") "," AT("20", "\"now\""), "@1000")
             MOVE("1", AT("-10", "0"), "@1100") MOVE("1", AT("1e300", "0"), "@1200")
                 MOVE("1", AT("\"10\"", "0"), "@1300") MOVE("1", "7,null,{},[]", "@1400")
                     MOVE("1", AT("10", "-5000"), "@1500") MOVE("1", AT("20", "-5000"), "@1400") UNTIL("@1700"),
         "#pay 300, html > body > p 100");
}

/* More elements than are told apart: the time counts all the same. */
static void test_many(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(GString) acts =
      g_string_new(",{\"type\":3,\"data\":{\"source\":0,\"texts\":[],\"attributes\":[],\"removes\":[],\"adds\":[");
  for (int i = 0; i < 1200; i++)
    g_string_append_printf(acts,
                           "%s{\"parentId\":3,\"nextId\":null,\"node\":{\"type\":2,\"tagName\":\"div\",\"attributes\":{"
                           "\"data-testid\":\"n%d\"},\"childNodes\":[],\"id\":%d}}",
                           i > 0 ? "," : "", i, 1000 + i);
  g_string_append(acts, "]},\"timestamp\":@500}");
  for (int i = 0; i < 1200; i++)
    g_string_append_printf(acts, MOVE("1", AT("%d", "0"), "@%d"), 1000 + i, 1000 + 10 * i);
  g_string_append(acts, UNTIL("@13000"));
  put(f, "session-1", acts->str);
  g_autoptr(SightMovement) movement = movement_of(f, "/cart", "session-1", NULL);
  g_assert_cmpuint(movement->elements->len, ==, 1000);
  g_assert_cmpint(movement->ms, ==, 12000);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  analysis_test("/movement/time", test_time);
  analysis_test("/movement/nothing-there", test_nothing_there);
  analysis_test("/movement/end", test_end);
  analysis_test("/movement/drag", test_drag);
  analysis_test("/movement/finger", test_finger);
  analysis_test("/movement/tap", test_tap);
  analysis_test("/movement/views", test_views);
  analysis_test("/movement/sessions", test_sessions);
  analysis_test("/movement/missing", test_missing);
  analysis_test("/movement/absurd", test_absurd);
  analysis_test("/movement/many", test_many);
  return g_test_run();
}

/* SPDX-License-Identifier: MIT */
/* The terms that analysis gives to the index, and their moments. */
#include "analysis-fixture.h"

#include "sight-index-table.h"

#define CUSTOM(tag, payload, at)                                                                                       \
  ",{\"type\":5,\"data\":{\"tag\":\"" tag "\",\"payload\":" payload "},\"timestamp\":@" #at "}"
#define CLICK(id, at)                                                                                                  \
  ",{\"type\":3,\"data\":{\"source\":2,\"type\":1,\"id\":" #id ",\"x\":9,\"y\":9},\"timestamp\":@" #at "}"             \
  ",{\"type\":3,\"data\":{\"source\":2,\"type\":2,\"id\":" #id ",\"x\":9,\"y\":9},\"timestamp\":@" #at "}"
#define META(href, at)                                                                                                 \
  ",{\"type\":4,\"data\":{\"href\":\"" href "\",\"width\":1280,\"height\":800},\"timestamp\":@" #at "}"

static void check(AnalysisFixture *f, const char *more, const char *expected) {
  g_autofree char *events = g_strconcat(analysis_page, more, NULL);
  g_autoptr(SightAnalysis) analysis = analysis_of_events(f, events);
  g_autofree char *terms = analysis_describe_terms(analysis->occurrences, FALSE);
  g_assert_cmpstr(terms, ==, expected);
}

static void test_session(AnalysisFixture *f, gconstpointer data) {
  check(
      f,
      CUSTOM(
          "ss:context",
          "{\"release\":\"2.4\",\"language\":\"de-DE\",\"referrer\":\"https://a.example/\",\"variants\":{\"b\":\"x\"},"
          "\"user_agent\":\"Mozilla/5.0 (iPad; CPU) Safari/605\",\"screen\":{\"w\":1024,\"h\":768}}",
          5) CUSTOM("ss:identify", "{\"user\":\"ada\",\"traits\":{\"plan\":\"pro\",\"seats\":3,\"deep\":{}}}", 6)
          CUSTOM("ss:visibility", "{\"hidden\":true}", 2000) CUSTOM("ss:visibility", "{\"hidden\":false}", 3000),
      "0-3000 0: page=/cart\n2000-3000 0: hidden=\nbrowser=Safari\ndevice=tablet\nentry=/cart\nexit=/cart\n"
      "language=de-DE\nos=iPad\nreferrer=https://a.example/\nrelease=2.4\nscreen=1024x768\ntrait=plan=pro\n"
      "trait=seats=3\nuser=ada\nvariant=b=x");
}

static void test_moments(AnalysisFixture *f, gconstpointer data) {
  check(f,
        CLICK(11, 1000) META("https://shop.example/pay/81", 1400)
            CUSTOM("ss:event", "{\"name\":\"order placed\",\"properties\":{\"total\":12.5,\"gift\":true}}", 1500)
                CUSTOM("ss:form", "{\"what\":\"submit\",\"form\":\"card\"}", 1600)
                    CUSTOM("ss:request",
                           "{\"method\":\"POST\",\"url\":\"https://shop.example/api/pay\",\"status\":502,"
                           "\"duration_ms\":50}",
                           9000),
        "0-1400 0: page=/cart\n1000-1000 0: click=Pay now, clicked=#pay\n1400-9000 1: page=/pay/:id\n"
        "1500-1500 1: event=order placed, property=total=12.5, property=gift=true\n1600-1600 1: form=card\n"
        "9000-9000 1: signal=request, problem=request POST /api/pay 502, text=POST /api/pay 502, status=502, "
        "url=/api/pay\ndevice=desktop\nentry=/cart\nexit=/pay/:id");
}

static gboolean count(SightDb *db, gpointer data, GError **error) {
  g_autoptr(SightSet) all = sight_index_table_all(db, error);
  g_autoptr(SightSet) cart = sight_index_table_with(db, SIGHT_TERM_PAGE, "/cart", error);
  g_autoptr(SightSet) pages = sight_index_table_between(db, SIGHT_NUMBER_PAGES, 2, 2, error);
  g_assert_cmpuint(sight_set_n(all), ==, 2);
  g_assert_cmpuint(sight_set_n(cart), ==, 2);
  g_assert_cmpuint(sight_set_n(pages), ==, 1);
  return TRUE;
}

static void test_saved(AnalysisFixture *f, gconstpointer data) {
  g_autofree char *longer = g_strconcat(analysis_page, META("https://shop.example/pay", 1400), NULL);
  g_autoptr(GError) error = NULL;
  analysis_put(f, "one", "w", 0, analysis_page);
  analysis_put(f, "two", "w", 0, longer);
  sight_analysis_run_pending(f->store, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error(error);
  g_assert_true(sight_store_read(f->store, count, NULL, NULL));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  analysis_test("/analysis/terms/session", test_session);
  analysis_test("/analysis/terms/moments", test_moments);
  analysis_test("/analysis/terms/saved", test_saved);
  return g_test_run();
}

/* SPDX-License-Identifier: MIT */
/* The terms that analysis gives to the index, and their moments. */
#include "analysis-fixture.h"

#include "sight-index-table.h"

#include <string.h>

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
        "1500-1500 1: event=order placed, property=total=12.5, property=gift=true\n"
        "1600-1600 1: form-begun=card (1)\n1600-1600 1: form=card\n"
        "9000-9000 1: signal=request, problem=request POST /api/pay 502, text=POST /api/pay 502, status=502, "
        "url=/api/pay\ndevice=desktop\nentry=/cart\nexit=/pay/:id");
}

#define SCROLL(y, at) ",{\"type\":3,\"data\":{\"source\":3,\"id\":1,\"x\":0,\"y\":" #y "},\"timestamp\":@" #at "}"
#define INPUT(id, at)                                                                                                  \
  ",{\"type\":3,\"data\":{\"source\":5,\"id\":" #id ",\"text\":\"***\",\"isChecked\":false},\"timestamp\":@" #at "}"
#define FORM(what, field, more, at)                                                                                    \
  CUSTOM("ss:form", "{\"what\":\"" what "\",\"form\":\"pay\",\"field\":{\"id\":30,\"name\":\"" field "\"}" more "}", at)

/* A click is on the page that it led away from, also in the same millisecond; its place is that in the element itself.
 * Of 2000 px the first 800 are in view for a second, then those from 600 on; what comes while the tab is hidden counts
 * for nothing. */
static void test_measures(AnalysisFixture *f, gconstpointer data) {
  check(
      f,
      CUSTOM("ss:page", "{\"height_px\":2000,\"width_px\":1280}", 100) SCROLL(600, 1000)
          CUSTOM("ss:visibility", "{\"hidden\":true}", 2000) SCROLL(1200, 3000) CLICK(10, 4000)
              CUSTOM("ss:click", "{\"id\":10,\"place\":[0.5,0.25],\"trusted\":true}", 4000)
                  META("https://shop.example/pay", 4000) CUSTOM("ss:event", "{\"name\":\"there\"}", 4000),
      "0-4000 0: page=/cart (800 2000 1400 700 1000 1000 1000 1000 1000 1000 2000 2000 1000 1000 1000 1000 1000 1000)\n"
      "2000-3000 0: hidden=\n4000-4000 0: click=Pay now, clicked=#pay (500 250)\n4000-4000 1: event=there\n"
      "4000-4000 1: page=/pay\ndevice=desktop\nentry=/cart\nexit=/pay");
}

/* Sent, refused by a message beside it, and left: at the field that was used last. */
static void test_forms(AnalysisFixture *f, gconstpointer data) {
  check(f,
        FORM("focus", "mail", "", 1000) INPUT(30, 1200) FORM("blur", "mail", ",\"duration_ms\":900,\"refills\":1", 2000)
            FORM("focus", "name", "", 2000) FORM("blur", "name", ",\"duration_ms\":50,\"refills\":0", 2050)
                FORM("submit", "name", "", 2100)
                    CUSTOM("ss:notice", "{\"id\":20,\"kind\":\"alert\",\"what\":\"shown\",\"in_view\":1}", 2500)
                        CUSTOM("ss:event", "{\"name\":\"late\"}", 3000),
        "0-3000 0: page=/cart\n1000-2000 0: field=mail, form-begun=pay (900 1 1 0)\n1000-2100 0: form-begun=pay (0)\n"
        "1000-3000 0: signal=form, problem=form /cart pay name, target=pay, text=mail 0.9 s (1), name 0.1 s (1)\n"
        "1200-1200 0: typed-in=E-mail\n2000-2050 0: field=name, form-begun=pay (50 0 0 1) severe\n"
        "2100-2100 0: form=pay\n2500-2500 0: message=Total, form-begun=pay\n3000-3000 0: event=late\n"
        "device=desktop\nentry=/cart\nexit=/cart");
}

#define MUTATION(what, at) ",{\"type\":3,\"data\":{\"source\":0," what "},\"timestamp\":@" #at "}"
#define ALERT                                                                                                          \
  "{\"parentId\":3,\"nextId\":null,\"node\":{\"type\":2,\"tagName\":\"div\",\"attributes\":{\"role\":\"alert\"},"      \
  "\"id\":70,"                                                                                                         \
  "\"childNodes\":[]}},"                                                                                               \
  "{\"parentId\":70,\"nextId\":null,\"node\":{\"type\":3,\"textContent\":\"Card \",\"id\":71}},"                       \
  "{\"parentId\":70,\"nextId\":null,\"node\":{\"type\":2,\"tagName\":\"b\",\"attributes\":{},\"id\":72,"               \
  "\"childNodes\":[]}},"                                                                                               \
  "{\"parentId\":72,\"nextId\":null,\"node\":{\"type\":3,\"textContent\":\"declined 4f6a9b2c1d\",\"id\":73}}"

/* Only the lines with a text or an element. */
static void check_seen(AnalysisFixture *f, guint n, const char *more, const char *word, const char *expected) {
  g_autofree char *events = g_strconcat(analysis_page, more, NULL);
  g_autofree char *session = g_strdup_printf("seen-%u", n);
  analysis_put(f, session, "w", 0, events);
  g_autoptr(SightAnalysis) analysis = analysis_of(f, session);
  g_autofree char *terms = analysis_describe_terms(analysis->occurrences, TRUE);
  g_auto(GStrv) lines = g_strsplit(terms, "\n", -1);
  g_autoptr(GString) found = g_string_new(NULL);
  for (guint i = 0; lines[i] != NULL; i++)
    if (strstr(lines[i], word) != NULL)
      g_string_append_printf(found, "%s%s", found->len > 0 ? "\n" : "", lines[i]);
  g_assert_cmpstr(found->str, ==, expected);
}

static void test_seen(AnalysisFixture *f, gconstpointer data) {
  /* A block of text in one, what is made up folded; gone with its node. */
  check_seen(f, 1,
             MUTATION("\"adds\":[" ALERT "]", 1000) MUTATION("\"removes\":[{\"parentId\":3,\"id\":70}]", 6000)
                 MUTATION("\"texts\":[]", 9000),
             "declined", "1000-6000 0: seen=Card declined #");
  /* Hidden it is in the page, and not seen. */
  check_seen(f, 2,
             MUTATION("\"adds\":[" ALERT "]", 1000)
                 MUTATION("\"attributes\":[{\"id\":70,\"attributes\":{\"style\":\"display: none\"}}]", 3000)
                     MUTATION("\"attributes\":[{\"id\":70,\"attributes\":{\"style\":{\"color\":\"red\"}}}]", 4000)
                         MUTATION("\"texts\":[]", 9000),
             "declined", "1000-3000 0: seen=Card declined #\n3000-9000 0: in-page=Card declined #");
  /* An element by what it is now. */
  check_seen(f, 3,
             MUTATION("\"attributes\":[{\"id\":10,\"attributes\":{\"class\":\"primary css-1x9ab2\"}}]", 1000)
                 MUTATION("\"attributes\":[{\"id\":10,\"attributes\":{\"disabled\":\"\"}}]", 3000)
                     MUTATION("\"texts\":[]", 9000),
             "element=button",
             "1-1000 0: element=button#pay\n1000-3000 0: element=button#pay.primary\n"
             "3000-9000 0: element=button#pay.primary[disabled]");
  /* A text that changes stands each time; a clock stands all the time, and says nothing. */
  check_seen(f, 4,
             MUTATION("\"texts\":[{\"id\":21,\"value\":\"Sum 5\"},{\"id\":41,\"value\":\"12:01\"}]", 2000)
                 MUTATION("\"texts\":[{\"id\":21,\"value\":\"Total\"}]", 2500) MUTATION("\"texts\":[]", 9000),
             "seen=", "1-9000 0: seen=Agree\n1-9000 0: seen=Pay now\n1-9000 0: seen=Total\n2000-2500 0: seen=Sum 5");
  /* Each view of a page has what stands on it; another document nothing of the one before. */
  check_seen(f, 5,
             CUSTOM("ss:route", "{\"href\":\"https://shop.example/b\"}", 2000) META("https://shop.example/c", 4000)
                 MUTATION("\"texts\":[]", 9000),
             "Total", "1-2000 0: seen=Total\n2000-4000 1: seen=Total");
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
  analysis_test("/analysis/terms/seen", test_seen);
  analysis_test("/analysis/terms/saved", test_saved);
  analysis_test("/analysis/terms/measures", test_measures);
  analysis_test("/analysis/terms/forms", test_forms);
  return g_test_run();
}

/* SPDX-License-Identifier: MIT */
/* Noise told from errors: what the page of https://shop.example is not to blame for, and what merely looks like it. */
#include "analysis-fixture.h"

#define EVENT(tag, payload)                                                                                            \
  FIXTURE_META ",{\"type\":5,\"data\":{\"tag\":\"" tag "\",\"payload\":{" payload "}},\"timestamp\":@1000}"
#define THROWN(message, stack)                                                                                         \
  EVENT("ss:error", "\"kind\":\"exception\",\"message\":\"" message "\",\"stack\":\"" stack "\"")
#define REJECTED(message, stack)                                                                                       \
  EVENT("ss:error", "\"kind\":\"rejection\",\"message\":\"" message "\",\"stack\":\"" stack "\"")
#define AT(url) "Error: x\\n    at f (" url ":1:200)"
#define CONSOLE(text, frame)                                                                                           \
  FIXTURE_META ",{\"type\":6,\"data\":{\"plugin\":\"rrweb/console@1\",\"payload\":{\"level\":\"error\",\"trace\":"     \
               "[\"" frame "\"],\"payload\":[\"\\\"" text "\\\"\"]}},\"timestamp\":@1000}"
#define REQUEST(url, error)                                                                                            \
  EVENT("ss:request", "\"method\":\"GET\",\"url\":\"" url "\",\"status\":0,\"error\":\"" error "\"")

#define EXTENSION "chrome-extension://aaaabbbbccccddddeeeeffffgggghhhh/content.js"
#define OWN "https://shop.example/app.js"

static const struct {
  const char *name, *events;
  SightSignalKind kind;
} cases[] = {
    {"resize-observer", THROWN("ResizeObserver loop completed with undelivered notifications.", ""),
     SIGHT_SIGNAL_NOISE},
    {"resize-observer-limit", THROWN("Uncaught ResizeObserver loop limit exceeded", ""), SIGHT_SIGNAL_NOISE},
    {"resize-observer-mentioned", THROWN("TypeError: a is null in ResizeObserver loop limit exceeded handler", AT(OWN)),
     SIGHT_SIGNAL_ERROR},
    {"resize-observer-missing", THROWN("ReferenceError: ResizeObserver is not defined", AT(OWN)), SIGHT_SIGNAL_ERROR},
    {"extension", THROWN("TypeError: x is undefined", AT(EXTENSION)), SIGHT_SIGNAL_NOISE},
    {"extension-firefox", THROWN("TypeError: x is undefined", "f@moz-extension://0a1b/content.js:1:2\\ng@" OWN ":3:4"),
     SIGHT_SIGNAL_NOISE},
    {"extension-safari", THROWN("TypeError: x is undefined", "f@safari-web-extension://0A/content.js:1:2"),
     SIGHT_SIGNAL_NOISE},
    {"extension-source",
     EVENT("ss:error", "\"kind\":\"exception\",\"message\":\"x\",\"stack\":\"\",\"source\":\"" EXTENSION
                       "\",\"line\":1,\"column\":2"),
     SIGHT_SIGNAL_NOISE},
    /* Extensions wrap what the page calls: whoever threw stands on top. */
    {"extension-below", THROWN("TypeError: x is undefined", AT(OWN) "\\n    at g (" EXTENSION ":9:9)"),
     SIGHT_SIGNAL_ERROR},
    {"extension-mentioned", THROWN("Error: " EXTENSION " is not allowed to pay", AT(OWN)), SIGHT_SIGNAL_ERROR},
    {"script-error", THROWN("Script error.", ""), SIGHT_SIGNAL_NOISE},
    {"script-error-with-place", THROWN("Script error.", AT(OWN)), SIGHT_SIGNAL_ERROR},
    {"script-error-with-more", THROWN("Script error: no such order", ""), SIGHT_SIGNAL_ERROR},
    {"abort", REJECTED("AbortError: signal is aborted without reason", "AbortError: x\\n    at f (" OWN ":1:2)"),
     SIGHT_SIGNAL_NOISE},
    {"abort-other-recorder",
     EVENT("unhandledrejection", "\"message\":\"Uncaught (in promise) AbortError: The user aborted a request.\""),
     SIGHT_SIGNAL_NOISE},
    {"abort-console", CONSOLE("Uncaught (in promise) AbortError: Fetch is aborted", "f (" OWN ":1:2)"),
     SIGHT_SIGNAL_NOISE},
    {"abort-thrown", THROWN("AbortError: signal is aborted without reason", AT(OWN)), SIGHT_SIGNAL_ERROR},
    {"abort-wrapped", REJECTED("Error: saving failed: AbortError: signal is aborted", AT(OWN)), SIGHT_SIGNAL_ERROR},
    {"abort-mentioned", REJECTED("Error: the order was aborted", AT(OWN)), SIGHT_SIGNAL_ERROR},
    {"other-origin", THROWN("TypeError: a is null", AT("https://ads.example/tag.js")), SIGHT_SIGNAL_NOISE},
    {"other-origin-console", CONSOLE("no consent", "f (https://ads.example/tag.js:1:2)"), SIGHT_SIGNAL_NOISE},
    {"other-origin-called-by-page",
     THROWN("TypeError: a is null", AT("https://libraries.example/lib.js") "\\n    at g (" OWN ":3:4)"),
     SIGHT_SIGNAL_ERROR},
    {"own-subdomain", THROWN("TypeError: a is null", AT("https://cdn.shop.example/app.js")), SIGHT_SIGNAL_ERROR},
    {"own-name-elsewhere", THROWN("TypeError: a is null", AT("https://shop-assets.example/app.js")),
     SIGHT_SIGNAL_ERROR},
    {"own-bundle", THROWN("TypeError: a is null", AT("webpack-internal:///./src/app.js")), SIGHT_SIGNAL_ERROR},
    {"own-blob", THROWN("TypeError: a is null", AT("blob:https://shop.example/0a1b")), SIGHT_SIGNAL_ERROR},
    {"own-port", THROWN("TypeError: a is null", AT("https://shop.example:8443/app.js")), SIGHT_SIGNAL_ERROR},
    {"address-in-message",
     THROWN("Error: no answer of https://ads.example/",
            "Error: no answer of https://ads.example/\\n    at f (" OWN ":1:2)"),
     SIGHT_SIGNAL_ERROR},
    {"no-place", THROWN("TypeError: a is null", ""), SIGHT_SIGNAL_ERROR},
    {"request-given-up", REQUEST("https://shop.example/search?q=a", "AbortError: The user aborted a request."),
     SIGHT_SIGNAL_NOISE},
    {"request-canceled", REQUEST("https://shop.example/search?q=a", "canceled"), SIGHT_SIGNAL_NOISE},
    {"request-of-extension", REQUEST("chrome-extension://invalid/", "Failed to fetch"), SIGHT_SIGNAL_NOISE},
    {"request-cut-off", REQUEST("https://shop.example/pay", "Software caused connection abort"), SIGHT_SIGNAL_REQUEST},
    {"request-failed", REQUEST("https://shop.example/pay", "Failed to fetch"), SIGHT_SIGNAL_REQUEST},
};

static void test_case(AnalysisFixture *f, gconstpointer data) {
  guint i = GPOINTER_TO_UINT(data);
  g_autoptr(SightAnalysis) analysis = analysis_of_events(f, cases[i].events);
  g_assert_cmpuint(analysis->signals->len, ==, 1);
  const SightSignal *signal = analysis->signals->pdata[0];
  g_assert_cmpstr(sight_signal_kind_name(signal->kind), ==, sight_signal_kind_name(cases[i].kind));
  gboolean errored = cases[i].kind == SIGHT_SIGNAL_ERROR;
  g_assert_cmpint(analysis->session->n_errors, ==, errored);
  g_assert_cmpint((analysis->session->flags & SIGHT_SESSION_ERRORED) != 0, ==, errored);
  if (cases[i].kind == SIGHT_SIGNAL_NOISE)
    g_assert_cmpfloat(analysis->session->friction, ==, 0);
}

/* Each rule switched off makes an error of it again. */
static void test_rules(AnalysisFixture *f, gconstpointer data) {
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    if (cases[i].kind != SIGHT_SIGNAL_NOISE)
      continue;
    g_autofree char *session = g_strdup_printf("case-%u", i);
    analysis_put(f, session, "w", 0, cases[i].events);
    guint n_deciding = 0;
    for (const SightRuleSetting *setting = sight_rule_settings; setting->name != NULL; setting++) {
      if (!g_str_has_prefix(setting->name, "noise-"))
        continue;
      G_STRUCT_MEMBER(int, f->rules, setting->offset) = 0;
      g_autoptr(SightAnalysis) analysis = analysis_of(f, session);
      n_deciding += analysis_count(analysis, SIGHT_SIGNAL_NOISE) == 0;
      G_STRUCT_MEMBER(int, f->rules, setting->offset) = 1;
    }
    g_test_message("%s", cases[i].name);
    g_assert_cmpuint(n_deciding, ==, 1);
  }
}

/* Loops that go on are told once, in the console apart from errors, and answer for no click. */
static void test_told(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(GString) events = g_string_new(FIXTURE_META);
  for (int i = 0; i < 40; i++)
    g_string_append_printf(events,
                           ",{\"type\":5,\"data\":{\"tag\":\"ss:error\",\"payload\":{\"kind\":\"exception\","
                           "\"message\":\"ResizeObserver loop limit exceeded\"}},\"timestamp\":@%d}",
                           1000 + i * 3000);
  g_autoptr(SightAnalysis) analysis = analysis_of_events(f, events->str);
  g_assert_cmpuint(analysis->signals->len, ==, 1);
  const SightSignal *signal = analysis->signals->pdata[0];
  g_assert_cmpint(signal->count, ==, 40);
  g_autofree char *reason = sight_signal_reason(signal);
  g_assert_cmpstr(reason, ==, "Noise: ResizeObserver loop limit exceeded (40 times)");
  g_assert_cmpuint(analysis->console->len, ==, 40);
  g_assert_cmpint(((SightConsoleItem *)analysis->console->pdata[0])->level, ==, SIGHT_CONSOLE_NOISE);
}

int main(int argc, char *argv[]) {
  g_test_init(&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *path = g_strdup_printf("/noise/case/%s", cases[i].name);
    g_test_add(path, AnalysisFixture, GUINT_TO_POINTER(i), analysis_set_up, test_case, analysis_tear_down);
  }
  analysis_test("/noise/rules", test_rules);
  analysis_test("/noise/told", test_told);
  return g_test_run();
}

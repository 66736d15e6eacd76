/* SPDX-License-Identifier: MIT */
/* Nothing in a recording runs, and nothing calls anybody: not from the first state of a page, not from what mutations
 * add or change, not when it is clicked. A view without the locks shows that the same content would, and that it would
 * be noticed. */
#include "sight-web-fixture.h"
#include "sight-web-vectors.h"
#include "sight-web-watch.h"

#include <string.h>

typedef struct {
  WatchServer guarded_http, guarded_tcp, control_http, control_tcp;
  WatchNames names;
  gboolean isolated;
} Watch;
static Watch watch;

static const char arm[] =
    "(addEventListener('message', () => document.documentElement.setAttribute('data-pwn', '1')), 1)";
static const char act[] =
    "(() => { const all = [doc]; let n = 0;"
    "  for (const d of all) { for (const f of d.querySelectorAll('iframe')) if (f.contentDocument) "
    "all.push(f.contentDocument);"
    "    for (const e of d.querySelectorAll('a, area, button, input, summary, [tabindex], [onclick]')) {"
    "      try { e.focus(); e.click(); e.dispatchEvent(new MouseEvent('click', { bubbles: true })); n++; } catch {} }"
    "    for (const f of d.querySelectorAll('form')) { try { f.requestSubmit(); } catch {} try { f.submit(); } catch "
    "{} } }"
    "  return n; })()";

static char *read_vectors(const char *path) {
  char *text = NULL;
  g_autoptr(GError) error = NULL;
  g_file_get_contents(path, &text, NULL, &error);
  g_assert_no_error(error);
  return text;
}

static void assert_untouched(Stage *stage) {
  g_autofree char *pwned = fixture_ask(stage->web, "document.documentElement.hasAttribute('data-pwn')");
  g_autofree char *sandbox = fixture_ask(stage->web, "document.querySelector('iframe').getAttribute('sandbox')");
  g_autofree char *address = fixture_ask(stage->web, "location.href");
  g_assert_cmpstr(pwned, ==, "false");
  g_assert_cmpstr(sandbox, ==, "allow-same-origin");
  g_assert_cmpstr(address, ==, "sight://player/");
  g_assert_cmpstr(stage->failed, ==, NULL);
}

static gboolean is_at_end(gpointer user_data) {
  Stage *stage = user_data;
  g_autofree char *heading = fixture_ask(stage->web, "doc.querySelector('h1').textContent");
  return g_str_has_suffix(heading, "end");
}

/* Opened, played through, sought in both directions, clicked. */
static void watch_guarded(Stage *stage, SightJson vectors, VectorsHow how) {
  VectorPlaces places = {watch.guarded_http.port, watch.guarded_tcp.port, "guarded"};
  g_autofree char *json = vectors_recording(vectors, how, &places);
  g_autoptr(SightUiReel) reel = fixture_reel(json);
  stage_open(stage, 800, 600);
  sight_ui_replay_view_set_reel(stage->view, reel);
  stage_show(stage, 1500);
  g_autofree char *armed = fixture_ask(stage->web, arm);
  stage_show(stage, 60000);
  g_assert_true(is_at_end(stage));
  g_autofree char *acted = fixture_ask(stage->web, act);
  g_assert_cmpint(atoi(acted), >, 0);
  assert_untouched(stage);
  stage_show(stage, 1500);
  sight_ui_replay_view_show(stage->view, 0, 1500, TRUE, 4.0);
  fixture_wait(is_at_end, stage, "playing to the end");
  g_autofree char *again = fixture_ask(stage->web, act);
  assert_untouched(stage);
}

static gboolean asked_for(const char *run) {
  g_autofree char *mark = g_strdup_printf("-%s.leak.test", run);
  for (guint i = 0; watch.isolated && i < watch.names.names->len; i++) {
    if (strstr(g_ptr_array_index(watch.names.names, i), mark))
      return TRUE;
  }
  return FALSE;
}

/* Different things that were asked for at the control's server. */
static guint count_requests(const WatchServer *server) {
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < server->requests->len; i++) {
    const char *line = g_ptr_array_index(server->requests, i);
    if (*line)
      g_hash_table_add(seen, (gpointer)line);
  }
  return g_hash_table_size(seen);
}

static gboolean control_has_called(gpointer user_data) {
  return count_requests(&watch.control_http) >= 12 && watch.control_tcp.requests->len > 0 &&
         (!watch.isolated || asked_for("control"));
}

typedef struct {
  WebKitWebView *web;
  gboolean done;
  int scripts;
} Control;

static void on_counted(GObject *source, GAsyncResult *result, gpointer user_data) {
  Control *control = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JSCValue) value =
      webkit_web_view_call_async_javascript_function_finish(WEBKIT_WEB_VIEW(source), result, &error);
  control->scripts = value ? jsc_value_to_int32(value) : 0;
  control->done = TRUE;
}

static gboolean control_has_run(gpointer user_data) {
  Control *control = user_data;
  if (control->scripts >= 4)
    return TRUE;
  if (control->done) {
    control->done = FALSE;
    webkit_web_view_call_async_javascript_function(control->web, "return window.pwned", -1, NULL, NULL, NULL, NULL,
                                                   on_counted, control);
  }
  return FALSE;
}

/* The same content with no lock at all: scripts run, servers are called, names are asked for. */
static void watch_control(SightJson vectors) {
  VectorPlaces places = {watch.control_http.port, watch.control_tcp.port, "control"};
  g_autofree char *html = vectors_page(vectors, &places);
  g_autofree char *base = g_strdup_printf("http://127.0.0.1:%u/page.html", watch.control_http.port);
  g_autoptr(WebKitNetworkSession) session = webkit_network_session_new_ephemeral();
  webkit_network_session_set_proxy_settings(session, WEBKIT_NETWORK_PROXY_MODE_NO_PROXY, NULL);
  GtkWindow *window = GTK_WINDOW(gtk_window_new());
  Control control = {.web = g_object_new(WEBKIT_TYPE_WEB_VIEW, "network-session", session, NULL), .done = TRUE};
  gtk_window_set_default_size(window, 800, 600);
  gtk_window_set_child(window, GTK_WIDGET(control.web));
  gtk_window_present(window);
  webkit_web_view_load_html(control.web, html, base);
  fixture_wait(control_has_run, &control, "scripts of the control");
  fixture_wait(control_has_called, NULL, "calls of the control");
  gtk_window_destroy(window);
}

static void check_list(const char *path) {
  g_autofree char *text = read_vectors(path);
  g_autoptr(GError) error = NULL;
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  SightJson vectors;
  sight_json_parser_parse(parser, text, strlen(text), &vectors, &error);
  g_assert_no_error(error);
  g_assert_cmpint(sight_json_length(vectors), >, 30);
  watch_server_start(&watch.guarded_http);
  watch_server_start(&watch.guarded_tcp);
  watch_server_start(&watch.control_http);
  watch_server_start(&watch.control_tcp);
  Stage stages[3];
  watch_guarded(&stages[0], vectors, VECTORS_IN_SNAPSHOT);
  watch_guarded(&stages[1], vectors, VECTORS_BY_ADDING);
  watch_guarded(&stages[2], vectors, VECTORS_BY_ATTRIBUTES);
  /* The control comes last: by the time that its calls have come, those of the guarded views would have. */
  watch_control(vectors);
  for (guint i = 0; i < G_N_ELEMENTS(stages); i++) {
    assert_untouched(&stages[i]);
    stage_close(&stages[i]);
  }
  for (guint i = 0; i < watch.guarded_http.requests->len; i++)
    g_test_message("called: %s", (const char *)g_ptr_array_index(watch.guarded_http.requests, i));
  g_assert_cmpint(watch.guarded_http.requests->len, ==, 0);
  g_assert_cmpint(watch.guarded_tcp.requests->len, ==, 0);
  g_assert_false(asked_for("guarded"));
  watch_server_stop(&watch.guarded_http);
  watch_server_stop(&watch.guarded_tcp);
  watch_server_stop(&watch.control_http);
  watch_server_stop(&watch.control_tcp);
}

static void test_own(void) {
  g_autofree char *path = g_test_build_filename(G_TEST_DIST, "fixtures", "hostile.json", NULL);
  check_list(path);
}

static void test_corpus(void) {
  g_autofree char *path = g_build_filename(g_getenv("SIGHT_CORPUS"), "hostile", "vectors.json", NULL);
  if (g_file_test(path, G_FILE_TEST_EXISTS))
    check_list(path);
  else
    g_test_message("the corpus is not there; its list was not tried");
}

int main(int argc, char **argv) {
  watch.isolated = watch_isolate();
  fixture_init(&argc, &argv);
  if (watch.isolated)
    watch_names_start(&watch.names);
  else
    g_test_message("no network of our own is allowed here: names that are asked for are not watched");
  g_test_add_func("/web/safety/own", test_own);
  g_test_add_func("/web/safety/corpus", test_corpus);
  int status = g_test_run();
  watch_names_stop(&watch.names);
  return status;
}

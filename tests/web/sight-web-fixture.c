/* SPDX-License-Identifier: MIT */
/* What the tests of the real web view share. */
#include "sight-web-fixture.h"

#include "sight-ui-guard.h"

#include <glib/gstdio.h>

#define TIMEOUT_S 60

static char *cache_folder;

const char fixture_page[] =
    "[{\"type\":4,\"timestamp\":1000,\"data\":{\"href\":\"https://shop.example/\",\"width\":640,\"height\":400}},"
    "{\"type\":2,\"timestamp\":1010,\"data\":{\"initialOffset\":{\"left\":0,\"top\":0},\"node\":{\"type\":0,\"id\":1,"
    "\"childNodes\":[{\"type\":1,\"name\":\"html\",\"publicId\":\"\",\"systemId\":\"\",\"id\":2},{\"type\":2,\"id\":3,"
    "\"tagName\":\"html\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":4,\"tagName\":\"head\",\"attributes\":{}"
    ","
    "\"childNodes\":[{\"type\":2,\"id\":14,\"tagName\":\"style\",\"attributes\":{\"_cssText\":"
    "\"body { background: #dfe9f5; font: 20px sans-serif } button { background: #c64600; color: #fff }\"},"
    "\"childNodes\":[]}]},{\"type\":2,\"id\":5,\"tagName\":\"body\",\"attributes\":{},\"childNodes\":["
    "{\"type\":2,\"id\":6,\"tagName\":\"h1\",\"attributes\":{},\"childNodes\":[{\"type\":3,\"id\":7,"
    "\"textContent\":\"First\"}]},{\"type\":2,\"id\":8,\"tagName\":\"input\",\"attributes\":{\"type\":\"text\","
    "\"value\":\"\"},\"childNodes\":[]},{\"type\":2,\"id\":9,\"tagName\":\"button\",\"attributes\":{},\"childNodes\":["
    "{\"type\":3,\"id\":10,\"textContent\":\"Buy\"}]}]}]}]}}},"
    "{\"type\":3,\"timestamp\":2000,\"data\":{\"source\":0,\"adds\":[],\"removes\":[],\"attributes\":[],\"texts\":[{"
    "\"id\":7,\"value\":\"Second\"}]}},"
    "{\"type\":3,\"timestamp\":3000,\"data\":{\"source\":5,\"id\":8,\"text\":\"typed\",\"isChecked\":false}},"
    "{\"type\":3,\"timestamp\":4000,\"data\":{\"source\":2,\"type\":2,\"id\":9,\"x\":300,\"y\":120}},"
    "{\"type\":4,\"timestamp\":6000,\"data\":{\"href\":\"https://shop.example/done\",\"width\":640,\"height\":400}},"
    "{\"type\":2,\"timestamp\":6010,\"data\":{\"initialOffset\":{\"left\":0,\"top\":0},\"node\":{\"type\":0,\"id\":1,"
    "\"childNodes\":[{\"type\":2,\"id\":3,\"tagName\":\"html\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":4,"
    "\"tagName\":\"body\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":5,\"tagName\":\"h1\",\"attributes\":{},"
    "\"childNodes\":[{\"type\":3,\"id\":6,\"textContent\":\"Done\"}]}]}]}]}}},"
    "{\"type\":3,\"timestamp\":9000,\"data\":{\"source\":0,\"adds\":[],\"removes\":[],\"attributes\":[],\"texts\":[{"
    "\"id\":6,\"value\":\"Really done\"}]}}]";

void fixture_remove_tree(const char *path) {
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name(dir))) {
    g_autofree char *child = g_build_filename(path, name, NULL);
    fixture_remove_tree(child);
  }
  g_remove(path);
}

static void at_end(void) {
  fixture_remove_tree(cache_folder);
  g_free(cache_folder);
}

void fixture_init(int *argc, char ***argv) {
  g_autoptr(GError) error = NULL;
  cache_folder = g_dir_make_tmp("sight-web-XXXXXX", &error);
  g_assert_no_error(error);
  g_setenv("XDG_CACHE_HOME", cache_folder, TRUE);
  g_setenv("XDG_DATA_HOME", cache_folder, TRUE);
  atexit(at_end);
  sight_ui_guard_prepare();
  gtk_init();
  g_test_init(argc, argv, NULL);
  /* WebKit warns about what a machine does not have; that is no fault of ours. */
  g_log_set_always_fatal(G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
}

SightUiReel *fixture_reel(const char *json) {
  return fixture_reel_showing(json, NULL);
}

SightUiReel *fixture_reel_showing(const char *json, const char *shown) {
  g_autoptr(GError) error = NULL;
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  g_autoptr(SightEventParser) event_parser = sight_event_parser_new();
  SightJson root;
  sight_json_parser_parse(parser, json, strlen(json), &root, &error);
  g_assert_no_error(error);
  g_autoptr(GPtrArray) recording = sight_recording_new();
  SightJsonIter iter = sight_json_iter(root);
  while (sight_json_next(&iter)) {
    g_autoptr(GString) text = g_string_new(NULL);
    SightEvent event;
    sight_json_append_value(text, iter.value);
    sight_event_parser_parse(event_parser, text->str, text->len, &event, &error);
    g_assert_no_error(error);
    sight_recording_add(recording, "w", &event);
  }
  sight_recording_finish(recording);
  g_autoptr(GBytes) bytes = shown != NULL ? g_bytes_new(shown, strlen(shown)) : NULL;
  return sight_ui_reel_new(recording, bytes);
}

static gboolean on_late(gpointer user_data) {
  *(gboolean *)user_data = TRUE;
  return G_SOURCE_CONTINUE;
}

void fixture_wait(FixtureCondition condition, gpointer user_data, const char *what) {
  gboolean late = FALSE;
  guint source = g_timeout_add_seconds(TIMEOUT_S, on_late, &late);
  while (!condition(user_data) && !late)
    g_main_context_iteration(NULL, TRUE);
  g_source_remove(source);
  if (late)
    g_error("waited in vain for %s", what);
}

static void on_shown(SightUiReplayView *view, gint64 at_ms, Stage *stage) {
  stage->shown_ms = at_ms;
  stage->n_shown++;
}

static void on_failed(SightUiReplayView *view, const char *message, Stage *stage) {
  g_free(stage->failed);
  stage->failed = g_strdup(message);
}

void stage_open(Stage *stage, int width, int height) {
  *stage = (Stage){0};
  stage->window = GTK_WINDOW(gtk_window_new());
  stage->view = SIGHT_UI_REPLAY_VIEW(sight_ui_replay_view_new());
  stage->web = WEBKIT_WEB_VIEW(gtk_widget_get_first_child(GTK_WIDGET(stage->view)));
  g_signal_connect(stage->view, "shown", G_CALLBACK(on_shown), stage);
  g_signal_connect(stage->view, "failed", G_CALLBACK(on_failed), stage);
  gtk_window_set_default_size(stage->window, width, height);
  gtk_window_set_decorated(stage->window, FALSE);
  gtk_window_set_child(stage->window, GTK_WIDGET(stage->view));
  gtk_window_present(stage->window);
}

void stage_close(Stage *stage) {
  gtk_window_destroy(stage->window);
  g_free(stage->failed);
}

static gboolean is_shown_or_failed(gpointer user_data) {
  Stage *stage = user_data;
  return stage->failed || (stage->n_shown > 0 && sight_ui_replay_view_is_settled(stage->view));
}

void stage_show(Stage *stage, gint64 at_ms) {
  stage->n_shown = 0;
  sight_ui_replay_view_show(stage->view, 0, at_ms, FALSE, 1.0);
  fixture_wait(is_shown_or_failed, stage, "the recorded page");
}

typedef struct {
  gboolean done;
  char *text;
} Answer;

static void on_answer(GObject *source, GAsyncResult *result, gpointer user_data) {
  Answer *answer = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JSCValue) value =
      webkit_web_view_call_async_javascript_function_finish(WEBKIT_WEB_VIEW(source), result, &error);
  answer->text = value ? jsc_value_to_string(value) : g_strdup_printf("error: %s", error->message);
  answer->done = TRUE;
}

static gboolean is_answered(gpointer user_data) {
  return ((Answer *)user_data)->done;
}

char *fixture_run(WebKitWebView *web, const char *body, const char *input) {
  Answer answer = {0};
  GVariantDict dict;
  g_variant_dict_init(&dict, NULL);
  g_variant_dict_insert(&dict, "input", "s", input);
  webkit_web_view_call_async_javascript_function(web, body, -1, g_variant_dict_end(&dict), SIGHT_UI_GUARD_WORLD, NULL,
                                                 NULL, on_answer, &answer);
  fixture_wait(is_answered, &answer, "an answer of the page");
  return answer.text;
}

char *fixture_ask(WebKitWebView *web, const char *expression) {
  g_autofree char *body =
      g_strdup_printf("const doc = document.querySelector('iframe')?.contentDocument; return (%s)", expression);
  return fixture_run(web, body, "");
}

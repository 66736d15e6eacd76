/* SPDX-License-Identifier: MIT */
/* The recorded page in a real web view: what it shows after opening, seeking and playing. */
#include "sight-web-fixture.h"

#include <string.h>

static void assert_heading(Stage *stage, const char *expected) {
  g_autofree char *heading = fixture_ask(stage->web, "doc.querySelector('h1').textContent");
  g_assert_cmpstr(heading, ==, expected);
}

static void test_seek(void) {
  g_autoptr(SightUiReel) reel = fixture_reel(fixture_page);
  Stage stage;
  stage_open(&stage, 900, 600);
  sight_ui_replay_view_set_reel(stage.view, reel);
  static const struct {
    gint64 at_ms;
    const char *heading;
  } points[] = {{0, "First"},    {1500, "First"}, {2000, "First"},       {2001, "Second"}, {5000, "Second"},
                {1500, "First"}, {7000, "Done"},  {9999, "Really done"}, {3500, "Second"}, {1000, "First"}};
  for (guint i = 0; i < G_N_ELEMENTS(points); i++) {
    stage_show(&stage, points[i].at_ms);
    g_assert_cmpstr(stage.failed, ==, NULL);
    assert_heading(&stage, points[i].heading);
  }
  stage_show(&stage, 3500);
  g_autofree char *value = fixture_ask(stage.web, "doc.querySelector('input').value");
  g_assert_cmpstr(value, ==, "typed");
  stage_close(&stage);
}

typedef struct {
  Stage *stage;
  const char *heading;
} Heading;

static gboolean has_heading(gpointer user_data) {
  Heading *wanted = user_data;
  g_autofree char *heading = fixture_ask(wanted->stage->web, "doc.querySelector('h1').textContent");
  return g_strcmp0(heading, wanted->heading) == 0;
}

static void test_play(void) {
  g_autoptr(SightUiReel) reel = fixture_reel(fixture_page);
  Stage stage;
  stage_open(&stage, 900, 600);
  sight_ui_replay_view_set_reel(stage.view, reel);
  stage_show(&stage, 1500);
  sight_ui_replay_view_show(stage.view, 0, 1500, TRUE, 4.0);
  fixture_wait(has_heading, &(Heading){&stage, "Second"}, "playing to the first change");
  fixture_wait(has_heading, &(Heading){&stage, "Really done"}, "playing on over the second page to the end");
  stage_show(&stage, 2500);
  assert_heading(&stage, "Second");
  g_assert_cmpstr(stage.failed, ==, NULL);
  stage_close(&stage);
}

/* Each event that makes no sense is left out, and what comes behind it is played. A frame is filled by what was
 * recorded of it alone. */
static void test_nonsense(void) {
  static const char head[] =
      "[{\"type\":4,\"timestamp\":1000,\"data\":{\"href\":\"https://shop.example/\",\"width\":640,\"height\":400}},"
      "{\"type\":2,\"timestamp\":1010,\"data\":{\"initialOffset\":{\"left\":0,\"top\":0},\"node\":{\"type\":0,\"id\":1,"
      "\"childNodes\":[{\"type\":2,\"id\":2,\"tagName\":\"html\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":"
      "3,"
      "\"tagName\":\"body\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":4,\"tagName\":\"h1\",\"attributes\":{}"
      ","
      "\"childNodes\":[{\"type\":3,\"id\":5,\"textContent\":\"First\"}]}]}]}]}}}";
  static const char *const middle[] = {
      "0,\"adds\":5,\"removes\":[],\"texts\":[],\"attributes\":[]",
      "0,\"adds\":[null,{\"parentId\":3}],\"removes\":[],\"texts\":[],\"attributes\":[null]",
      "0",
      "1,\"positions\":[null,7,{\"x\":1,\"y\":1,\"id\":4,\"timeOffset\":-5}]",
      "6,\"positions\":[[],\"x\"]",
      "15,\"id\":1,\"styleIds\":\"x\",\"styles\":[null]",
      "15,\"id\":1,\"styleIds\":[1],\"styles\":{}",
      "9,\"id\":4,\"type\":0,\"commands\":[null]",
      "0,\"adds\":[{\"parentId\":3,\"nextId\":null,\"node\":{\"type\":2,\"id\":20,\"tagName\":\"p\",\"childNodes\":{}}}"
      "],"
      "\"removes\":[],\"texts\":[],\"attributes\":[]",
      "3,\"id\":null",
      "14,\"ranges\":3",
      "0,\"removes\":[],\"texts\":[],\"attributes\":[],\"adds\":[{\"parentId\":3,\"nextId\":null,\"node\":{\"type\":2,"
      "\"id\":6,\"tagName\":\"iframe\",\"attributes\":{\"srcdoc\":\"<p>loaded</p>\"},\"childNodes\":[]}}]",
      "0,\"removes\":[],\"texts\":[],\"attributes\":[],\"isAttachIframe\":true,\"adds\":[{\"parentId\":6,\"nextId\":"
      "null,"
      "\"node\":{\"type\":0,\"id\":7,\"childNodes\":[{\"type\":2,\"id\":8,\"rootId\":7,\"tagName\":\"html\","
      "\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":9,\"rootId\":7,\"tagName\":\"body\",\"attributes\":{},"
      "\"childNodes\":[{\"type\":3,\"id\":10,\"rootId\":7,\"textContent\":\"recorded\"}]}]}]}}]",
      "0,\"adds\":[],\"removes\":[],\"texts\":[],\"attributes\":[{\"id\":6,\"attributes\":{\"srcdoc\":\"<p>again</"
      "p>\"}}]",
      "0,\"adds\":[],\"removes\":[],\"attributes\":[],\"texts\":[{\"id\":5,\"value\":\"Last\"}]"};
  g_autoptr(GString) json = g_string_new(head);
  for (guint i = 0; i < G_N_ELEMENTS(middle); i++)
    g_string_append_printf(json, ",{\"type\":3,\"timestamp\":%u,\"data\":{\"source\":%s}}", 1500 + 50 * i, middle[i]);
  g_string_append_c(json, ']');
  g_autoptr(SightUiReel) reel = fixture_reel(json->str);
  Stage stage;
  stage_open(&stage, 900, 600);
  sight_ui_replay_view_set_reel(stage.view, reel);
  for (guint how = 0; how < 2; how++) {
    stage_show(&stage, 1400);
    assert_heading(&stage, "First");
    if (how == 0)
      sight_ui_replay_view_show(stage.view, 0, 1400, TRUE, 1.0);
    else
      stage_show(&stage, 9999);
    fixture_wait(has_heading, &(Heading){&stage, "Last"}, "what comes behind nonsense");
    /* for as long as a frame would need to load what it was told */
    g_free(fixture_ask(stage.web, "await new Promise((done) => { setTimeout(done, 300); })"));
    g_autofree char *frame = fixture_ask(stage.web, "doc.querySelector('iframe').contentDocument.body.textContent");
    g_assert_cmpstr(frame, ==, "recorded");
    g_autofree char *paragraphs = fixture_ask(stage.web, "`${doc.querySelectorAll('p').length}`");
    g_assert_cmpstr(paragraphs, ==, "1");
  }
  g_assert_cmpstr(stage.failed, ==, NULL);
  stage_close(&stage);
}

/* Where nobody has moved it yet, there is no pointer, and nothing is under it; what was has its class as recorded. */
static void test_pointer(void) {
  static const char json[] =
      "[{\"type\":4,\"timestamp\":1000,\"data\":{\"href\":\"https://shop.example/\",\"width\":640,\"height\":400}},"
      "{\"type\":2,\"timestamp\":1010,\"data\":{\"initialOffset\":{\"left\":0,\"top\":0},\"node\":{\"type\":0,\"id\":1,"
      "\"childNodes\":[{\"type\":2,\"id\":2,\"tagName\":\"html\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":"
      "3,"
      "\"tagName\":\"body\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":4,\"tagName\":\"h1\",\"attributes\":{"
      "\"class\":\"twice box twice\"},\"childNodes\":[]}]}]}]}}},"
      "{\"type\":3,\"timestamp\":2000,\"data\":{\"source\":1,\"positions\":[{\"x\":9,\"y\":9,\"id\":4,\"timeOffset\":0}"
      "]}},"
      "{\"type\":3,\"timestamp\":3000,\"data\":{\"source\":1,\"positions\":[{\"x\":9,\"y\":9,\"id\":3,\"timeOffset\":0}"
      "]}},"
      "{\"type\":3,\"timestamp\":4000,\"data\":{\"source\":3,\"id\":1,\"x\":0,\"y\":0}}]";
  static const struct {
    gint64 at_ms;
    const char *expected; /* the class of the heading, how many are under the pointer, and whether there is one */
  } points[] = {{1500, "twice box twice 0 false"},
                {2500, "twice box :hover 3 true"},
                {3500, "twice box twice 2 true"},
                {2500, "twice box :hover 3 true"},
                {1500, "twice box twice 0 false"}};
  g_autoptr(SightUiReel) reel = fixture_reel(json);
  Stage stage;
  stage_open(&stage, 900, 600);
  sight_ui_replay_view_set_reel(stage.view, reel);
  for (guint i = 0; i < G_N_ELEMENTS(points); i++) {
    stage_show(&stage, points[i].at_ms);
    g_autofree char *found =
        fixture_ask(stage.web, "`${doc.querySelector('h1').className} ${doc.querySelectorAll('.\\\\:hover').length} ${"
                               "document.querySelector('.replayer-mouse').classList.contains('placed')}`");
    g_assert_cmpstr(found, ==, points[i].expected);
  }
  g_assert_cmpstr(stage.failed, ==, NULL);
  stage_close(&stage);
}

static gboolean has_moved(gpointer user_data) {
  g_autofree char *found = fixture_ask(((Stage *)user_data)->web, "doc.querySelectorAll('main h1').length > 0");
  return g_str_equal(found, "true");
}

/* An element that has changed, and is added elsewhere without having been removed, moves with what stands in it, also
 * while the pointer is over it; a sheet has its rules once. */
static void test_move_under_pointer(void) {
  static const char json[] =
      "[{\"type\":4,\"timestamp\":1000,\"data\":{\"href\":\"https://shop.example/\",\"width\":640,\"height\":400}},"
      "{\"type\":2,\"timestamp\":1010,\"data\":{\"initialOffset\":{\"left\":0,\"top\":0},\"node\":{\"type\":0,\"id\":1,"
      "\"childNodes\":[{\"type\":2,\"id\":2,\"tagName\":\"html\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":"
      "3,\"tagName\":\"body\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":4,\"tagName\":\"h1\",\"attributes\":"
      "{\"class\":\"box\"},\"childNodes\":[{\"type\":3,\"id\":6,\"textContent\":\"First\"}]},{\"type\":2,\"id\":5,"
      "\"tagName\":\"main\",\"attributes\":{},"
      "\"childNodes\":[]},{\"type\":2,\"id\":7,\"tagName\":\"style\",\"attributes\":{\"_cssText\":\"a { color: red; "
      "}\"},"
      "\"childNodes\":[]}]}]}]}}},"
      "{\"type\":3,\"timestamp\":1300,\"data\":{\"source\":0,\"removes\":[],\"texts\":[],\"adds\":[],\"attributes\":[{"
      "\"id\":4,\"attributes\":{\"title\":\"x\"}},{\"id\":7,\"attributes\":{\"title\":\"x\"}}]}},"
      "{\"type\":3,\"timestamp\":1500,\"data\":{\"source\":1,\"positions\":[{\"x\":9,\"y\":9,\"id\":4,\"timeOffset\":0}"
      "]}},"
      "{\"type\":3,\"timestamp\":2000,\"data\":{\"source\":0,\"removes\":[],\"texts\":[],\"attributes\":[],\"adds\":[{"
      "\"parentId\":5,\"nextId\":null,\"node\":{\"type\":2,\"id\":4,\"tagName\":\"h1\",\"attributes\":{\"class\":"
      "\"box\","
      "\"title\":\"x\"},\"childNodes\":[]}},{\"parentId\":5,\"nextId\":null,\"node\":{\"type\":2,\"id\":7,\"tagName\":"
      "\"style\","
      "\"attributes\":{\"_cssText\":\"a { color: red; }\",\"title\":\"x\"},\"childNodes\":[]}}]}},"
      "{\"type\":3,\"timestamp\":4000,\"data\":{\"source\":3,\"id\":1,\"x\":0,\"y\":0}}]";
  g_autoptr(SightUiReel) reel = fixture_reel(json);
  Stage stage;
  stage_open(&stage, 900, 600);
  sight_ui_replay_view_set_reel(stage.view, reel);
  stage_show(&stage, 1100);
  sight_ui_replay_view_show(stage.view, 0, 1100, TRUE, 1.0);
  fixture_wait(has_moved, &stage, "the move");
  g_autofree char *found = fixture_ask(
      stage.web, "`${doc.querySelectorAll('h1').length} ${doc.querySelector('h1').textContent} ${"
                 "Array.from(doc.querySelectorAll('body style'), (style) => style.sheet.cssRules.length)}`");
  g_assert_cmpstr(found, ==, "1 First 1");
  g_assert_cmpstr(stage.failed, ==, NULL);
  stage_close(&stage);
}

typedef struct {
  gboolean done;
  GdkTexture *texture;
} Picture;

static void on_picture(GObject *source, GAsyncResult *result, gpointer user_data) {
  Picture *picture = user_data;
  g_autoptr(GError) error = NULL;
  picture->texture = sight_ui_replay_view_snapshot_finish(SIGHT_UI_REPLAY_VIEW(source), result, &error);
  g_assert_no_error(error);
  picture->done = TRUE;
}

static gboolean has_picture(gpointer user_data) {
  return ((Picture *)user_data)->done;
}

static void test_picture(void) {
  g_autoptr(SightUiReel) reel = fixture_reel(fixture_page);
  Stage stage;
  stage_open(&stage, 900, 600);
  sight_ui_replay_view_set_reel(stage.view, reel);
  sight_ui_replay_view_show(stage.view, 0, 4100, FALSE, 1.0);
  Picture picture = {0};
  sight_ui_replay_view_snapshot_async(stage.view, NULL, on_picture, &picture);
  fixture_wait(has_picture, &picture, "a picture");
  g_assert_cmpint(gdk_texture_get_width(picture.texture), ==, 640);
  g_assert_cmpint(gdk_texture_get_height(picture.texture), ==, 400);
  g_autofree guchar *pixels = g_malloc(640 * 400 * 4);
  gdk_texture_download(picture.texture, pixels, 640 * 4);
  const guchar *ground = pixels + (gsize)(390 * 640 + 600) * 4;
  g_assert_cmpint(ground[0], ==, 0xf5); /* blue first */
  g_assert_cmpint(ground[2], ==, 0xdf);
  const char *keep = g_getenv("SIGHT_KEEP_PICTURE");
  if (keep)
    gdk_texture_save_to_png(picture.texture, keep);
  g_object_unref(picture.texture);
  stage_close(&stage);
}

/* A blue square is drawn on a canvas at 2 s, with a call among it that is none of a canvas; at 3 s it gets another
 * height, which empties it. */
static const char canvas[] =
    "[{\"type\":4,\"timestamp\":1000,\"data\":{\"href\":\"\",\"width\":640,\"height\":400}},"
    "{\"type\":2,\"timestamp\":1000,\"data\":{\"initialOffset\":{\"left\":0,\"top\":0},\"node\":{\"type\":0,\"id\":1,"
    "\"childNodes\":[{\"type\":2,\"id\":2,\"tagName\":\"html\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":3,"
    "\"tagName\":\"head\",\"attributes\":{},\"childNodes\":[]},{\"type\":2,\"id\":4,\"tagName\":\"body\","
    "\"attributes\":{\"style\":\"margin:0\"},\"childNodes\":[{\"type\":2,\"id\":5,\"tagName\":\"canvas\","
    "\"attributes\":{\"width\":\"100\",\"height\":\"80\"},\"childNodes\":[]}]}]}]}}},"
    "{\"type\":3,\"timestamp\":2000,\"data\":{\"source\":9,\"id\":5,\"type\":0,\"commands\":["
    "{\"property\":\"constructor\",\"args\":[\"alert(1)\"]},"
    "{\"property\":\"fillStyle\",\"args\":[\"#0000ff\"],\"setter\":true},"
    "{\"property\":\"fillRect\",\"args\":[0,0,100,80]}]}},"
    "{\"type\":3,\"timestamp\":3000,\"data\":{\"source\":0,\"adds\":[],\"removes\":[],\"texts\":[],\"attributes\":["
    "{\"id\":5,\"attributes\":{\"height\":\"90\"}}]}},"
    "{\"type\":3,\"timestamp\":4000,\"data\":{\"source\":3,\"id\":1,\"x\":0,\"y\":0}}]";

/* Blue and red at 50, 40. */
static guint pixel(Stage *stage) {
  Picture picture = {0};
  sight_ui_replay_view_snapshot_async(stage->view, NULL, on_picture, &picture);
  fixture_wait(has_picture, &picture, "a picture");
  gsize stride = (gsize)gdk_texture_get_width(picture.texture) * 4;
  g_autofree guchar *pixels = g_malloc(stride * (gsize)gdk_texture_get_height(picture.texture));
  gdk_texture_download(picture.texture, pixels, stride);
  const guchar *inside = pixels + 40 * stride + (gsize)50 * 4;
  g_object_unref(picture.texture);
  return (guint)inside[0] << 8 | inside[2];
}

static gboolean is_painted_blue(gpointer user_data) {
  return pixel(user_data) == 0xff00;
}

/* Where a page has no controls for a film, or others, the browser's own do not show, which are all over one so small.
 */
static void test_film(void) {
  g_autofree char *film = g_strdup(canvas);
  char *tag = strstr(film, "\"tagName\":\"canvas\"");
  g_assert_nonnull(tag);
  memcpy(tag, "\"tagName\":\"video\" ", strlen("\"tagName\":\"canvas\""));
  g_autoptr(SightUiReel) reel = fixture_reel(film);
  Stage stage;
  stage_open(&stage, 900, 600);
  sight_ui_replay_view_set_reel(stage.view, reel);
  stage_show(&stage, 1500);
  g_assert_cmphex(pixel(&stage), ==, 0xffff);
  stage_close(&stage);
}

static gboolean is_empty(gpointer user_data) {
  Stage *stage = user_data;
  g_autofree char *image =
      fixture_ask(stage->web, "((c) => c.getAttribute('height') + (c.naturalWidth > 1 ? 'drawn' : c.complete && "
                              "c.naturalWidth ? 'empty' : 'broken'))(doc.body.firstElementChild)");
  return g_strcmp0(image, "90empty") == 0;
}

static void test_canvas(void) {
  g_autoptr(SightUiReel) reel = fixture_reel(canvas);
  Stage stage;
  stage_open(&stage, 900, 600);
  sight_ui_replay_view_set_reel(stage.view, reel);
  stage_show(&stage, 1500);
  g_autofree char *tag = fixture_ask(stage.web, "doc.body.firstElementChild.tagName");
  g_assert_cmpstr(tag, ==, "IMG");
  g_assert_false(is_painted_blue(&stage));
  g_autofree char *frame = fixture_ask(stage.web, "doc.body.firstElementChild.naturalWidth");
  g_assert_cmpstr(frame, ==, "1"); /* nothing is a picture too: else the browser draws a frame */
  stage_show(&stage, 2500);
  fixture_wait(is_painted_blue, &stage, "what was drawn on the canvas");
  sight_ui_replay_view_show(stage.view, 0, 2500, TRUE, 4.0);
  fixture_wait(is_empty, &stage, "the empty canvas, playing");
  stage_show(&stage, 2500);
  fixture_wait(is_painted_blue, &stage, "the canvas before it was emptied");
  stage_show(&stage, 3500);
  fixture_wait(is_empty, &stage, "the empty canvas, seeking");
  stage_close(&stage);
}

static void test_crash(void) {
  g_autoptr(SightUiReel) reel = fixture_reel(fixture_page);
  Stage stage;
  stage_open(&stage, 900, 600);
  sight_ui_replay_view_set_reel(stage.view, reel);
  stage_show(&stage, 2500);
  webkit_web_view_terminate_web_process(stage.web);
  g_signal_emit_by_name(stage.web, "web-process-terminated", WEBKIT_WEB_PROCESS_CRASHED);
  g_assert_nonnull(stage.failed);
  g_clear_pointer(&stage.failed, g_free);
  sight_ui_replay_view_reload(stage.view);
  stage_show(&stage, 2500);
  g_assert_cmpstr(stage.failed, ==, NULL);
  assert_heading(&stage, "Second");
  stage_close(&stage);
}

static int by_name(gconstpointer a, gconstpointer b) {
  return g_strcmp0(*(const char *const *)a, *(const char *const *)b);
}

/* The names after "sight." in a text, each once, in order. */
static char *commands_in(const char *text, const char *before) {
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  for (const char *at = strstr(text, before); at; at = strstr(at + 1, before)) {
    const char *start = at + strlen(before), *end = start;
    while (g_ascii_isalpha(*end))
      end++;
    g_autofree char *name = g_strndup(start, (gsize)(end - start));
    if (*end == '(' && !g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
      g_ptr_array_add(names, g_steal_pointer(&name));
  }
  g_ptr_array_sort(names, by_name);
  g_ptr_array_add(names, NULL);
  return g_strjoinv(",", (char **)names->pdata);
}

static char *read_source(const char *path) {
  g_autofree char *whole = g_build_filename(g_getenv("SIGHT_SOURCE_ROOT"), "src", path, NULL);
  char *text = NULL;
  g_assert_true(g_file_get_contents(whole, &text, NULL, NULL));
  return text;
}

/* A page that comes to no end: its process is ended, and what is wished next is shown by another. */
static void test_endless(void) {
  g_autoptr(SightUiReel) reel = fixture_reel(fixture_page), other = fixture_reel(fixture_page);
  Stage stage;
  stage_open(&stage, 900, 600);
  sight_ui_replay_view_set_reel(stage.view, reel);
  stage_show(&stage, 1500);
  sight_ui_replay_view_set_patience(stage.view, 500);
  g_free(fixture_ask(stage.web, "sight.show = () => { for (;;); }"));
  stage_show(&stage, 2500);
  g_assert_nonnull(stage.failed);
  g_clear_pointer(&stage.failed, g_free);
  sight_ui_replay_view_set_patience(stage.view, 60000);
  stage_show(&stage, 2500);
  assert_heading(&stage, "Second");

  sight_ui_replay_view_set_patience(stage.view, 500);
  g_free(fixture_ask(stage.web, "sight.clear = () => { for (;;); }"));
  sight_ui_replay_view_set_reel(stage.view, other);
  sight_ui_replay_view_set_patience(stage.view, 60000);
  stage_show(&stage, 7000);
  assert_heading(&stage, "Done");
  g_assert_cmpstr(stage.failed, ==, NULL);
  stage_close(&stage);
}

/* The commands that the protocol describes are those that the page takes, and those that the application sends. */
static void test_protocol(void) {
  Stage stage;
  stage_open(&stage, 900, 600);
  g_autoptr(SightUiReel) reel = fixture_reel(fixture_page);
  sight_ui_replay_view_set_reel(stage.view, reel);
  stage_show(&stage, 1500);
  g_autofree char *protocol = read_source("web/PROTOCOL.md"), *view = read_source("ui/player/sight-ui-replay-view.c");
  g_autofree char *pointer = read_source("ui/player/sight-ui-stage.c");
  g_autofree char *whole = read_source("ui/player/sight-ui-whole-page.c");
  g_autofree char *all = g_strconcat(view, pointer, whole, NULL);
  g_autofree char *described = commands_in(protocol, "| `sight."), *sent = commands_in(all, "return sight.");
  g_autofree char *taken = fixture_ask(stage.web, "Object.keys(sight).sort().join()");
  g_assert_cmpstr(described, ==, taken);
  g_assert_cmpstr(sent, ==, taken);
  stage_close(&stage);
}

int main(int argc, char **argv) {
  fixture_init(&argc, &argv);
  g_test_add_func("/web/replay/seek", test_seek);
  g_test_add_func("/web/replay/play", test_play);
  g_test_add_func("/web/replay/nonsense", test_nonsense);
  g_test_add_func("/web/replay/pointer", test_pointer);
  g_test_add_func("/web/replay/move-under-pointer", test_move_under_pointer);
  g_test_add_func("/web/replay/picture", test_picture);
  g_test_add_func("/web/replay/canvas", test_canvas);
  g_test_add_func("/web/replay/film", test_film);
  g_test_add_func("/web/replay/crash", test_crash);
  g_test_add_func("/web/replay/endless", test_endless);
  g_test_add_func("/web/replay/protocol", test_protocol);
  return g_test_run();
}

/* SPDX-License-Identifier: MIT */
/* The pointer over the recorded page: which element is picked, through shadow roots, and at which size. */
#include "sight-ui-stage.h"
#include "sight-web-fixture.h"

/* A button (10), and one in a shadow root (21). */
static const char nested[] =
    "[{\"type\":4,\"timestamp\":1000,\"data\":{\"href\":\"https://shop.example/\",\"width\":640,\"height\":400}},"
    "{\"type\":2,\"timestamp\":1010,\"data\":{\"initialOffset\":{\"left\":0,\"top\":0},\"node\":{\"type\":0,\"id\":1,"
    "\"childNodes\":[{\"type\":2,\"id\":2,\"tagName\":\"html\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":3,"
    "\"tagName\":\"body\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":10,\"tagName\":\"button\","
    "\"attributes\":{\"id\":\"one\"},\"childNodes\":[{\"type\":3,\"id\":11,\"textContent\":\"One\"}]},"
    "{\"type\":2,\"id\":20,\"tagName\":\"div\",\"attributes\":{\"id\":\"host\"},\"isShadowHost\":true,\"childNodes\":["
    "{\"type\":2,\"id\":21,\"tagName\":\"button\",\"isShadow\":true,\"attributes\":{},\"childNodes\":[{\"type\":3,"
    "\"id\":22,\"textContent\":\"Two\"}]}]},{\"type\":2,\"id\":30,\"tagName\":\"iframe\",\"attributes\":{},"
    "\"childNodes\":[]}]}]}]}}},"
    "{\"type\":3,\"timestamp\":1020,\"data\":{\"source\":0,\"removes\":[],\"texts\":[],\"attributes\":[],"
    "\"isAttachIframe\":true,\"adds\":[{\"parentId\":30,\"nextId\":null,\"node\":{\"type\":0,\"id\":40,\"rootId\":40,"
    "\"childNodes\":[{\"type\":2,\"id\":41,\"rootId\":40,\"tagName\":\"html\",\"attributes\":{},\"childNodes\":["
    "{\"type\":2,\"id\":43,\"rootId\":40,\"tagName\":\"body\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":42,"
    "\"rootId\":40,\"tagName\":\"button\",\"attributes\":{\"id\":\"three\"},\"childNodes\":[{\"type\":3,\"id\":44,"
    "\"rootId\":40,\"textContent\":\"Three\"}]}]}]}]}}]}},"
    "{\"type\":3,\"timestamp\":5000,\"data\":{\"source\":3,\"id\":1,\"x\":0,\"y\":0}}]";

/* Picks at the middle of an element, given as an expression, and of the frames around it. */
#define PICK                                                                                                           \
  "await (async (element) => { let x = 0, y = 0, view = element.ownerDocument.defaultView;"                            \
  " const own = element.getBoundingClientRect(); x = own.x + own.width / 2; y = own.y + own.height / 2;"               \
  " while (view.frameElement) { const frame = view.frameElement, box = frame.getBoundingClientRect();"                 \
  " const scale = box.width / frame.offsetWidth;"                                                                      \
  " x = box.x + (x + frame.clientLeft) * scale; y = box.y + (y + frame.clientTop) * scale;"                            \
  " view = frame.ownerDocument.defaultView; } return sight.pick(x, y); })(%s)"

static void assert_picks(Stage *stage, const char *element, const char *id) {
  g_autofree char *expression = g_strdup_printf(PICK, element);
  g_autofree char *picked = fixture_ask(stage->web, expression);
  g_assert_cmpstr(picked, ==, id);
}

static void assert_says(Stage *stage, const char *expression, const char *wanted) {
  g_autofree char *said = fixture_ask(stage->web, expression);
  g_assert_cmpstr(said, ==, wanted);
}

static void open_nested(Stage *stage, SightUiReel *reel) {
  stage_open(stage, 500, 400);
  sight_ui_replay_view_set_reel(stage->view, reel);
  stage_show(stage, 2000);
}

static void test_pick(void) {
  g_autoptr(SightUiReel) reel = fixture_reel(nested);
  Stage stage;
  open_nested(&stage, reel);
  assert_picks(&stage, "doc.querySelector('#one')", "10");
  assert_says(&stage, "document.querySelector('#mark').hidden", "false");
  assert_picks(&stage, "doc.querySelector('#host').shadowRoot.querySelector('button')", "21");
  /* The mark lies on what it marks, larger or smaller. */
  assert_says(&stage, "await sight.zoom(2, 0, 0) && await sight.mark(10)", "true");
  assert_says(&stage,
              "(() => { const mark = document.querySelector('#mark').getBoundingClientRect();"
              " const frame = doc.defaultView.frameElement.getBoundingClientRect();"
              " const own = doc.querySelector('#one').getBoundingClientRect();"
              " return Math.abs(mark.x - frame.x - own.x * 2) < 1 && Math.abs(mark.width - own.width * 2) < 1; })()",
              "true");
  assert_picks(&stage, "doc.querySelector('#one')", "10");
  assert_says(&stage, "await sight.pick(-5, -5)", "0");
  assert_says(&stage, "document.querySelector('#mark').hidden", "true");
  stage_close(&stage);
}

static void test_zoom(void) {
  static const char width[] = "Math.round(document.querySelector('.replayer-wrapper').getBoundingClientRect().width)";
  g_autoptr(SightUiReel) reel = fixture_reel(nested);
  Stage stage;
  open_nested(&stage, reel);
  g_autoptr(GSimpleActionGroup) actions = g_simple_action_group_new();
  g_autoptr(SightUiStage) pointer = sight_ui_stage_new(stage.view, G_ACTION_MAP(actions));
  sight_ui_stage_set_page_size(pointer, 640, 400);
  assert_says(&stage, width, "468");
  g_action_group_activate_action(G_ACTION_GROUP(actions), "zoom-actual", NULL);
  assert_says(&stage, width, "640");
  g_action_group_activate_action(G_ACTION_GROUP(actions), "zoom-in", NULL);
  assert_says(&stage, width, "704");
  g_autofree char *text = NULL;
  g_object_get(pointer, "zoom-text", &text, NULL);
  g_assert_cmpstr(text, ==, "110%");
  g_action_group_activate_action(G_ACTION_GROUP(actions), "pan-left", NULL);
  g_action_group_activate_action(G_ACTION_GROUP(actions), "pan-left", NULL);
  assert_says(&stage, "document.querySelector('.replayer-wrapper').getBoundingClientRect().x", "0");
  g_action_group_activate_action(G_ACTION_GROUP(actions), "zoom-fit", NULL);
  assert_says(&stage, width, "468");
  stage_close(&stage);
}

int main(int argc, char **argv) {
  fixture_init(&argc, &argv);
  g_test_add_func("/web/stage/pick", test_pick);
  g_test_add_func("/web/stage/zoom", test_zoom);
  return g_test_run();
}

/* SPDX-License-Identifier: MIT */
/* The recorded page looks as in the visitor's browser: animations, media conditions, addresses within the page, focus.
 */
#include "sight-web-fixture.h"

#include <string.h>

#define HEAD                                                                                                           \
  "[{\"type\":4,\"timestamp\":1000,\"data\":{\"href\":\"https://shop.example/a\",\"width\":640,\"height\":400}},"      \
  "{\"type\":2,\"timestamp\":1010,\"data\":{\"initialOffset\":{\"left\":0,\"top\":0},\"node\":{\"type\":0,\"id\":1,"   \
  "\"childNodes\":[{\"type\":2,\"id\":2,\"tagName\":\"html\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":3,"  \
  "\"tagName\":\"head\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":4,\"tagName\":\"style\",\"attributes\":"  \
  "{\"_cssText\":\"" CSS "\"},\"childNodes\":[]},{\"type\":2,\"id\":5,\"tagName\":\"style\",\"attributes\":{"          \
  "\"media\":\"(prefers-color-scheme: dark)\"},\"childNodes\":[{\"type\":3,\"id\":6,\"isStyle\":true,"                 \
  "\"textContent\":\"#title { color: red }\"}]}]},{\"type\":2,\"id\":7,\"tagName\":\"body\",\"attributes\":{},"        \
  "\"childNodes\":[{\"type\":2,\"id\":8,\"tagName\":\"h1\",\"attributes\":{\"id\":\"title\",\"class\":\"in\"},"        \
  "\"childNodes\":[]},{\"type\":2,\"id\":9,\"tagName\":\"p\",\"attributes\":{\"id\":\"menu\"},\"childNodes\":[]},"     \
  "{\"type\":2,\"id\":10,\"tagName\":\"input\",\"attributes\":{\"id\":\"field\"},\"childNodes\":[]},"                  \
  "{\"type\":2,\"id\":11,\"tagName\":\"x-late\",\"attributes\":{},\"childNodes\":[]},"                                 \
  "{\"type\":2,\"id\":12,\"tagName\":\"i\",\"attributes\":{\"class\":\"spin\"},\"childNodes\":[]},"                    \
  "{\"type\":2,\"id\":13,\"tagName\":\"input\",\"attributes\":{\"id\":\"box\",\"type\":\"checkbox\"},\"childNodes\":[" \
  "]},"                                                                                                                \
  "{\"type\":2,\"id\":14,\"tagName\":\"div\",\"attributes\":{\"id\":\"pop\",\"popover\":\"\"},\"childNodes\":[]},"     \
  "{\"type\":2,\"id\":15,\"tagName\":\"input\",\"attributes\":{\"id\":\"own\"},\"childNodes\":[]},"                    \
  "{\"type\":2,\"id\":16,\"tagName\":\"input\",\"attributes\":{\"id\":\"date\",\"type\":\"date\"},\"childNodes\":[]}," \
  "{\"type\":2,\"id\":17,\"tagName\":\"button\",\"attributes\":{\"id\":\"go\"},\"childNodes\":[]},"                    \
  "{\"type\":2,\"id\":18,\"tagName\":\"input\",\"attributes\":{\"id\":\"month\",\"type\":\"month\",\"value\":"         \
  "\"2026-1*\"},\"childNodes\":[]}," COMPONENT("36", "quiet", ":host(:focus) { outline: none }") "," COMPONENT(        \
      "37", "plain", "") ","                                                                                           \
                         "{\"type\":2,\"id\":40,\"tagName\":\"input\",\"attributes\":{\"id\":\"radio\",\"type\":"      \
                         "\"radio\",\"name\":\"r\","                                                                   \
                         "\"checked\":true},\"childNodes\":[]}]}]}]}}},"
#define COMPONENT(id, name, css)                                                                                       \
  "{\"type\":2,\"id\":" id ",\"tagName\":\"x-part\",\"isShadowHost\":true,\"attributes\":{\"id\":\"" name "\"},"       \
  "\"childNodes\":[{\"type\":2,\"id\":" id                                                                             \
  "1,\"tagName\":\"style\",\"isShadow\":true,\"attributes\":{\"_cssText\":\"" css "\"},\"childNodes\":[]}]}"
#define CSS                                                                                                            \
  "@font-face { font-family: late; src: url(data:font/woff2;base64,AAAA) } @keyframes in { 0% { opacity: 0 } 100% { "  \
  "opacity: 1 } } .in { opacity: 0; animation: in 1s linear forwards }"                                                \
  " @keyframes spin { 0% { width: 10px } 100% { width: 90px } }"                                                       \
  " .spin { display: block; animation: spin 1s linear infinite } #late { transition: margin 9s }"                      \
  " @media (scripting: none) { #menu { color: red } } @media (scripting) { #menu { margin-left: 7px } }"               \
  " @media (prefers-color-scheme: dark) { #menu { color: red } }"                                                      \
  " @media (prefers-color-scheme: light) and (hover: hover) and (pointer: fine) { #menu { margin-top: 7px } }"         \
  " @media (prefers-reduced-motion) { #menu { color: red } }"                                                          \
  " :root { color-scheme: light dark } #menu { clip-path: url('https://shop.example/a#shape');"                        \
  " mask-image: url(https://shop.example/sprite.svg#part) }"                                                           \
  " #field:focus { color: rgb(1, 2, 3) } p:focus-within, body:focus-within { margin: 3px }"                            \
  " #own { border: 3px solid red; background: white } #own:focus-visible { padding-left: 31px } x-late:not(:defined) " \
  "{ display: none } x-late { display: block "                                                                         \
  "}"

/* At 3 s an element fades in, at 4 s a rule comes by script, at 4.1 s a script animates an element, at 5 s the field is
 * focused, at 5.7 s for 0.1 s another that has an edge of its own, at 6 s an element is defined, at 6.6 s a popover
 * opens and a box becomes neither checked nor not, for 0.2 s, at 7 s the field loses its focus. At 7.2 s the other one
 * has a focus that did not show, at 7.4 s the title one that did, and at 7.6 s it loses it; at 7.7 s a component that
 * has no ring, at 7.8 s one that says nothing of it, until 7.9 s, and at 8.1 s the one of a group that is checked. At
 * 8.2 s a date is typed,
 * of which a part is masked, at 8.4 s it is taken out, and a button has a focus that shows. At 8.6 s an element in a
 * scaled one fills the screen, with a popover over it, for 0.2 s. At 9.2 s what the pointer is over is drawn anew. */
static const char recording[] = HEAD
    "{\"type\":3,\"timestamp\":3000,\"data\":{\"source\":0,\"removes\":[],\"texts\":[],\"attributes\":[],\"adds\":[{"
    "\"parentId\":7,\"nextId\":null,\"node\":{\"type\":2,\"id\":20,\"tagName\":\"div\",\"attributes\":{\"id\":\"late\","
    "\"class\":\"in\"},\"childNodes\":[]}}]}},"
    "{\"type\":3,\"timestamp\":4000,\"data\":{\"source\":8,\"id\":4,\"adds\":[{\"rule\":"
    "\"@media (scripting: none) { #menu { display: none } }\",\"index\":0},{\"rule\":"
    "\"#menu:hover { letter-spacing: 3px }\",\"index\":0}]}},"
    "{\"type\":3,\"timestamp\":4200,\"data\":{\"source\":1,\"positions\":[{\"x\":20,\"y\":60,\"id\":9,\"timeOffset\":0}"
    "]}},"
    "{\"type\":3,\"timestamp\":4100,\"data\":{\"source\":0,\"removes\":[],\"texts\":[],\"adds\":[],\"attributes\":[{"
    "\"id\":9,\"attributes\":{\"ss-animations\":\"[[[{\\\"opacity\\\":0},{\\\"opacity\\\":0.5}],"
    "{\\\"duration\\\":1000,\\\"fill\\\":\\\"forwards\\\"},1,4100]]\"}}]}},"
    "{\"type\":3,\"timestamp\":5000,\"data\":{\"source\":2,\"type\":5,\"id\":10}},"
    "{\"type\":3,\"timestamp\":5700,\"data\":{\"source\":2,\"type\":5,\"id\":15}},"
    "{\"type\":3,\"timestamp\":5800,\"data\":{\"source\":2,\"type\":5,\"id\":10}},"
    "{\"type\":3,\"timestamp\":6000,\"data\":{\"source\":16,\"define\":{\"name\":\"x-late\"}}},"
    "{\"type\":3,\"timestamp\":6500,\"data\":{\"source\":0,\"removes\":[],\"texts\":[],\"adds\":[],\"attributes\":[{"
    "\"id\":20,\"attributes\":{\"style\":\"margin: 9px\"}}]}},"
    "{\"type\":3,\"timestamp\":6600,\"data\":{\"source\":0,\"removes\":[],\"texts\":[],\"adds\":[],\"attributes\":[{"
    "\"id\":13,\"attributes\":{\"ss-is\":\"indeterminate\"}},{\"id\":14,\"attributes\":{\"ss-is\":\"popover-open\"}}]}}"
    ","
    "{\"type\":3,\"timestamp\":6800,\"data\":{\"source\":0,\"removes\":[],\"texts\":[],\"adds\":[],\"attributes\":[{"
    "\"id\":13,\"attributes\":{\"ss-is\":null}},{\"id\":14,\"attributes\":{\"ss-is\":null}}]}},"
    "{\"type\":3,\"timestamp\":7000,\"data\":{\"source\":2,\"type\":6,\"id\":10}},"
    "{\"type\":3,\"timestamp\":7200,\"data\":{\"source\":2,\"type\":5,\"id\":15,\"visible\":false}},"
    "{\"type\":3,\"timestamp\":7400,\"data\":{\"source\":2,\"type\":5,\"id\":8,\"visible\":true}},"
    "{\"type\":3,\"timestamp\":7600,\"data\":{\"source\":2,\"type\":6,\"id\":8}},"
    "{\"type\":3,\"timestamp\":7700,\"data\":{\"source\":2,\"type\":5,\"id\":36,\"visible\":true}},"
    "{\"type\":3,\"timestamp\":7800,\"data\":{\"source\":2,\"type\":5,\"id\":37,\"visible\":true}},"
    "{\"type\":3,\"timestamp\":7900,\"data\":{\"source\":2,\"type\":6,\"id\":37}},"
    "{\"type\":3,\"timestamp\":8100,\"data\":{\"source\":2,\"type\":5,\"id\":40,\"visible\":true}},"
    "{\"type\":3,\"timestamp\":8200,\"data\":{\"source\":5,\"id\":16,\"text\":\"2026-1*-**\",\"isChecked\":false}},"
    "{\"type\":3,\"timestamp\":8400,\"data\":{\"source\":5,\"id\":16,\"text\":\"\",\"isChecked\":false}},"
    "{\"type\":3,\"timestamp\":8400,\"data\":{\"source\":2,\"type\":5,\"id\":17,\"visible\":true}},"
    "{\"type\":3,\"timestamp\":8600,\"data\":{\"source\":0,\"removes\":[],\"texts\":[],\"attributes\":[],\"adds\":[{"
    "\"parentId\":7,\"nextId\":null,\"node\":{\"type\":2,\"id\":21,\"tagName\":\"div\",\"attributes\":{\"style\":"
    "\"width: 9px; transform: scale(2)\"},\"childNodes\":[]}},{\"parentId\":21,\"nextId\":null,\"node\":{\"type\":2,"
    "\"id\":22,\"tagName\":\"div\",\"attributes\":{\"id\":\"full\",\"style\":\"background: blue\",\"ss-is\":"
    "\"fullscreen\"},\"childNodes\":[]}},{\"parentId\":7,\"nextId\":null,\"node\":{\"type\":2,\"id\":23,\"tagName\":"
    "\"nav\",\"attributes\":{\"popover\":\"manual\",\"ss-is\":\"popover-open\",\"style\":\"width: 90px; height: "
    "90px\"},"
    "\"childNodes\":[]}}]}},"
    "{\"type\":3,\"timestamp\":8800,\"data\":{\"source\":0,\"removes\":[],\"texts\":[],\"adds\":[],\"attributes\":[{"
    "\"id\":22,\"attributes\":{\"ss-is\":null}}]}},"
    "{\"type\":3,\"timestamp\":9000,\"data\":{\"source\":3,\"id\":1,\"x\":0,\"y\":0}},"
    "{\"type\":3,\"timestamp\":9200,\"data\":{\"source\":0,\"texts\":[],\"attributes\":[],\"removes\":[{\"parentId\":7,"
    "\"id\":9}],\"adds\":[{\"parentId\":7,\"nextId\":null,\"node\":{\"type\":2,\"id\":24,\"tagName\":\"div\","
    "\"attributes\":{\"id\":\"menu\",\"style\":\"position: fixed; inset: 0\"},\"childNodes\":[]}}]}},"
    "{\"type\":3,\"timestamp\":9600,\"data\":{\"source\":3,\"id\":1,\"x\":0,\"y\":0}}]";

static void open_recording(Stage *stage) {
  g_autoptr(SightUiReel) reel = fixture_reel(recording);
  stage_open(stage, 700, 500);
  sight_ui_replay_view_set_reel(stage->view, reel);
}

static void assert_style(Stage *stage, const char *selector, const char *property, const char *expected) {
  g_autofree char *expression =
      g_strdup_printf("doc.defaultView.getComputedStyle(doc.querySelector('%s')).%s", selector, property);
  g_autofree char *value = fixture_ask(stage->web, expression);
  g_assert_cmpstr(value, ==, expected);
}

/* What has ended is at its end, what goes on is as far as it was, what never ends is the same each time. */
static void test_animations(void) {
  Stage stage;
  open_recording(&stage);
  stage_show(&stage, 2500);
  assert_style(&stage, "#title", "opacity", "1");
  assert_style(&stage, ".spin", "width", "10px");
  stage_show(&stage, 8000); /* by difference */
  assert_style(&stage, "#late", "opacity", "1");
  assert_style(&stage, "#late", "marginTop", "9px");
  stage_show(&stage, 2500);
  stage_show(&stage, 4500);
  assert_style(&stage, "#title", "opacity", "1");
  assert_style(&stage, "#late", "opacity", "1");
  assert_style(&stage, ".spin", "width", "10px");
  stage_close(&stage);
}

static void assert_conditions(Stage *stage) {
  assert_style(stage, "#menu", "color", "rgb(0, 0, 0)");
  assert_style(stage, "#title", "color", "rgb(0, 0, 0)");
  assert_style(stage, "#menu", "marginLeft", "7px");
  assert_style(stage, "#menu", "marginTop", "7px");
  assert_style(stage, "#menu", "display", "block");
  assert_style(stage, ":root", "colorScheme", "light");
}

static void test_conditions(void) {
  Stage stage;
  open_recording(&stage);
  stage_show(&stage, 2500);
  assert_conditions(&stage);
  stage_show(&stage, 4500);
  assert_conditions(&stage);
  stage_close(&stage);
}

/* Before it is told, too; what another visitor had is not kept. */
static void test_told(void) {
  g_autofree char *events = g_strndup(recording, strlen(recording) - 1);
  g_autofree char *dark = g_strdup_printf(
      "%s,{\"type\":5,\"timestamp\":2200,\"data\":{\"tag\":\"ss:context\",\"payload\":{\"media\":{\"scheme\":\"dark\","
      "\"motion\":\"reduce\",\"hover\":\"none\"}}}},{\"type\":5,\"timestamp\":8000,\"data\":{\"tag\":\"ss:context\","
      "\"payload\":{\"media\":{\"scheme\":\"light\"}}}}]",
      events);
  g_autoptr(SightUiReel) reel = fixture_reel(dark);
  Stage stage;
  stage_open(&stage, 700, 500);
  sight_ui_replay_view_set_reel(stage.view, reel);
  stage_show(&stage, 1500);
  assert_style(&stage, "#menu", "color", "rgb(255, 0, 0)");
  assert_style(&stage, "#title", "color", "rgb(255, 0, 0)");
  assert_style(&stage, ":root", "colorScheme", "dark");
  stage_show(&stage, 8500);
  assert_conditions(&stage);
  stage_show(&stage, 7500);
  assert_style(&stage, ":root", "colorScheme", "dark");
  g_autoptr(SightUiReel) other = fixture_reel(recording);
  sight_ui_replay_view_set_reel(stage.view, other);
  stage_show(&stage, 2500);
  assert_conditions(&stage);
  stage_close(&stage);
}

static void test_addresses(void) {
  Stage stage;
  open_recording(&stage);
  stage_show(&stage, 2500);
  assert_style(&stage, "#menu", "clipPath", "url(\"#shape\")");
  assert_style(&stage, "#menu", "maskImage", "url(\"https://shop.example/sprite.svg#part\")");
  stage_close(&stage);
}

static gboolean is_hovered(gpointer user_data) {
  Stage *stage = user_data;
  g_autofree char *style = fixture_ask(stage->web, "`${doc.querySelector('#menu').style.position} ${"
                                                   "doc.defaultView.getComputedStyle(doc.querySelector('#menu'))."
                                                   "letterSpacing}`");
  return g_strcmp0(style, "fixed 3px") == 0;
}

/* Rules that scripts made hold for what the pointer is over as well, also where that came under it. */
static void test_hover(void) {
  Stage stage;
  open_recording(&stage);
  stage_show(&stage, 4300);
  assert_style(&stage, "#menu", "letterSpacing", "3px");
  stage_show(&stage, 4100);
  assert_style(&stage, "#menu", "letterSpacing", "normal");
  stage_show(&stage, 9300);
  assert_style(&stage, "#menu", "letterSpacing", "3px");
  stage_show(&stage, 9100);
  sight_ui_replay_view_show(stage.view, 0, 9100, TRUE, 1.0);
  fixture_wait(is_hovered, &stage, "what came under the pointer to be hovered");
  stage_close(&stage);
}

static gboolean has_focus(gpointer user_data) {
  Stage *stage = user_data;
  g_autofree char *color =
      fixture_ask(stage->web, "doc.defaultView.getComputedStyle(doc.querySelector('#field')).color");
  return g_strcmp0(color, "rgb(1, 2, 3)") == 0;
}

static void test_focus(void) {
  Stage stage;
  open_recording(&stage);
  stage_show(&stage, 4500);
  g_assert_false(has_focus(&stage));
  sight_ui_replay_view_show(stage.view, 0, 4500, TRUE, 1.0);
  fixture_wait(has_focus, &stage, "the field to have the focus");
  stage_show(&stage, 8000);
  g_assert_false(has_focus(&stage));
  assert_style(&stage, "#field", "outlineStyle", "none");
  stage_show(&stage, 5500);
  g_assert_true(has_focus(&stage));
  /* The system's own ring stands on the edge, and is drawn only where the window is in use. */
  assert_style(&stage, "#field", "outlineStyle", "solid");
  assert_style(&stage, "#field", "outlineOffset", "-2px");
  stage_show(&stage, 5750);
  assert_style(&stage, "#own", "outlineStyle", "auto");
  assert_style(&stage, "body", "marginTop", "3px");
  assert_style(&stage, "#own", "paddingLeft", "31px");
  stage_close(&stage);
}

/* Whether the focus showed is what the recording says, not what this browser or the kind of element would have it. */
static void test_focus_told(void) {
  Stage stage;
  open_recording(&stage);
  stage_show(&stage, 7300);
  assert_style(&stage, "#own", "outlineStyle", "none");
  assert_style(&stage, "#own", "paddingLeft", "1px");
  assert_style(&stage, "body", "marginTop", "3px");
  stage_show(&stage, 7500);
  assert_style(&stage, "#title", "outlineStyle", "auto");
  stage_show(&stage, 8500);
  assert_style(&stage, "#go", "outlineStyle", "solid");
  stage_show(&stage, 5750);
  assert_style(&stage, "#own", "outlineStyle", "auto");
  stage_show(&stage, 7300);
  assert_style(&stage, "#own", "outlineStyle", "none");
  stage_close(&stage);
}

static void assert_date(Stage *stage, gint64 at, const char *expected) {
  stage_show(stage, at);
  g_autofree char *date = fixture_ask(
      stage->web, "((each) => each.type + ' ' + each.value + ' ' + each.offsetWidth)(doc.querySelector('#date'))");
  g_assert_cmpstr(date, ==, expected);
}

/* A field that can hold nothing but a date shows what is masked in it all the same, and no longer than it was there. */
static void test_masked(void) {
  Stage stage;
  open_recording(&stage);
  stage_show(&stage, 2500);
  g_autofree char *width = fixture_ask(stage.web, "String(doc.querySelector('#date').offsetWidth)");
  g_autofree char *empty = g_strconcat("date  ", width, NULL);
  g_autofree char *masked = g_strconcat("text 2026-1*-** ", width, NULL);
  assert_date(&stage, 2500, empty);
  assert_date(&stage, 8300, masked);
  assert_date(&stage, 8500, empty);
  assert_date(&stage, 8300, masked);
  assert_date(&stage, 2500, empty);
  g_autofree char *month =
      fixture_ask(stage.web, "doc.querySelector('#month').type + doc.querySelector('#month').value");
  g_assert_cmpstr(month, ==, "text2026-1*");
  stage_close(&stage);
}

/* A component says for itself that its focus has no ring. */
static void test_focus_inside(void) {
  Stage stage;
  open_recording(&stage);
  stage_show(&stage, 7750);
  assert_style(&stage, "#quiet", "outlineStyle", "none");
  stage_show(&stage, 7850);
  assert_style(&stage, "#plain", "outlineStyle", "auto");
  stage_show(&stage, 7950);
  assert_style(&stage, "#plain", "outlineStyle", "none");
  stage_close(&stage);
}

/* From 3 s a component in a frame has the focus; at 3.5 s the frame is taken away, and a field says of itself what is
 * said of components with a ring. It has the focus from 4 s, another from 7 s, and at the end one more. */
static const char gone[] = HEAD
    "{\"type\":3,\"timestamp\":2000,\"data\":{\"source\":0,\"removes\":[],\"texts\":[],\"attributes\":[],\"adds\":[{"
    "\"parentId\":7,\"nextId\":null,\"node\":{\"type\":2,\"id\":50,\"tagName\":\"iframe\",\"attributes\":{},"
    "\"childNodes\":[]}}]}},"
    "{\"type\":3,\"timestamp\":2010,\"data\":{\"source\":0,\"removes\":[],\"texts\":[],\"attributes\":[],"
    "\"isAttachIframe\":true,\"adds\":[{\"parentId\":50,\"nextId\":null,\"node\":{\"type\":0,\"id\":51,\"childNodes\":["
    "{"
    "\"type\":2,\"id\":52,\"tagName\":\"html\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":53,\"tagName\":"
    "\"head\",\"attributes\":{},\"childNodes\":[]},{\"type\":2,\"id\":54,\"tagName\":\"body\",\"attributes\":{},"
    "\"childNodes\":[" COMPONENT(
        "60", "inner",
        "") "]}]}]}}]}},"
            "{\"type\":3,\"timestamp\":3000,\"data\":{\"source\":2,\"type\":5,\"id\":60,\"visible\":true}},"
            "{\"type\":3,\"timestamp\":3500,\"data\":{\"source\":0,\"texts\":[],\"adds\":[],\"removes\":[{\"parentId\":"
            "7,"
            "\"id\":50}],\"attributes\":[{\"id\":15,\"attributes\":{\"rr_host\":\"\"}}]}},"
            "{\"type\":3,\"timestamp\":4000,\"data\":{\"source\":2,\"type\":5,\"id\":15,\"visible\":true}},"
            "{\"type\":3,\"timestamp\":7000,\"data\":{\"source\":2,\"type\":5,\"id\":10,\"visible\":true}},"
            "{\"type\":3,\"timestamp\":10000,\"data\":{\"source\":2,\"type\":5,\"id\":13,\"visible\":true}}]";

static gboolean focus_is_on(Stage *stage, const char *id) {
  g_autofree char *ids =
      fixture_ask(stage->web, "[...doc.querySelectorAll('[rr_focus]')].map((each) => each.id).join()");
  return g_strcmp0(ids, id) == 0;
}

static gboolean has_own(gpointer user_data) {
  return focus_is_on(user_data, "own");
}

static gboolean has_field(gpointer user_data) {
  return focus_is_on(user_data, "field");
}

/* A ring goes with what had it, wherever that has gone, and what a recording says of rings makes none. */
static void test_focus_gone(void) {
  g_autoptr(SightUiReel) reel = fixture_reel(gone);
  Stage stage;
  stage_open(&stage, 700, 500);
  sight_ui_replay_view_set_reel(stage.view, reel);
  stage_show(&stage, 2500);
  sight_ui_replay_view_show(stage.view, 0, 2500, TRUE, 2.0);
  fixture_wait(has_own, &stage, "the focus, after a component that is gone");
  fixture_wait(has_field, &stage, "the focus, after a field that says it has a ring");
  stage_close(&stage);
}

/* What has the focus is what it was. */
static void test_focus_checked(void) {
  Stage stage;
  open_recording(&stage);
  stage_show(&stage, 8200);
  g_autofree char *checked = fixture_ask(stage.web, "doc.querySelector('#radio').checked");
  g_assert_cmpstr(checked, ==, "true");
  stage_close(&stage);
}

/* Fonts are fetched before anything is written in them; here it is none, which is found at once. */
static gboolean has_font(gpointer user_data) {
  Stage *stage = user_data;
  g_autofree char *status = fixture_ask(stage->web, "[...doc.fonts][0].status");
  return g_strcmp0(status, "error") == 0;
}

static void test_fonts(void) {
  Stage stage;
  open_recording(&stage);
  stage_show(&stage, 2500);
  fixture_wait(has_font, &stage, "the font to be asked for");
  stage_close(&stage);
}

static gboolean is_defined(gpointer user_data) {
  Stage *stage = user_data;
  g_autofree char *display =
      fixture_ask(stage->web, "doc.defaultView.getComputedStyle(doc.querySelector('x-late')).display");
  return g_strcmp0(display, "block") == 0;
}

static void test_defined(void) {
  Stage stage;
  open_recording(&stage);
  stage_show(&stage, 5500);
  g_assert_false(is_defined(&stage));
  stage_show(&stage, 7500);
  g_assert_true(is_defined(&stage));
  stage_close(&stage);
  open_recording(&stage);
  stage_show(&stage, 5500);
  sight_ui_replay_view_show(stage.view, 0, 5500, TRUE, 1.0);
  fixture_wait(is_defined, &stage, "the element to be defined");
  stage_close(&stage);
}

static void assert_states(Stage *stage, gint64 at, gboolean open) {
  stage_show(stage, at);
  const char *expected = open ? "true" : "false";
  g_autofree char *pop = fixture_ask(stage->web, "String(doc.querySelector('#pop').matches(':popover-open'))");
  g_assert_cmpstr(pop, ==, expected);
  g_autofree char *box = fixture_ask(stage->web, "String(doc.querySelector('#box').indeterminate)");
  g_assert_cmpstr(box, ==, expected);
}

/* What is told as ss-is is so, shown anew and by difference, forwards and backwards, and no longer than it was. */
static void test_states(void) {
  Stage stage;
  open_recording(&stage);
  assert_states(&stage, 6700, TRUE);
  assert_states(&stage, 8000, FALSE);
  assert_states(&stage, 6700, TRUE);
  assert_states(&stage, 2500, FALSE);
  stage_close(&stage);
}

static void assert_on_top(Stage *stage, gint64 at, const char *expected) {
  stage_show(stage, at);
  g_autofree char *names = fixture_ask(
      stage->web, "[[3, 3], [637, 397], [320, 200]].map((at) => { const each = doc.elementFromPoint(...at); "
                  "return each.id || each.localName; }).join()");
  g_assert_cmpstr(names, ==, expected);
}

/* What fills the screen does so from within whatever holds it, below a popover that came after it, and no longer. */
static void test_full_screen(void) {
  Stage stage;
  open_recording(&stage);
  assert_on_top(&stage, 8700, "full,full,nav");
  assert_style(&stage, "#full", "backgroundColor", "rgb(0, 0, 255)");
  assert_style(&stage, "#full", "borderTopWidth", "0px");
  assert_on_top(&stage, 8900, "html,html,nav");
  assert_on_top(&stage, 8700, "full,full,nav");
  stage_show(&stage, 8500);
  g_autofree char *left = fixture_ask(stage.web, "String(doc.querySelectorAll(':popover-open, :modal').length)");
  g_assert_cmpstr(left, ==, "0");
  stage_close(&stage);
}

/* What scripts animate is where it was at any moment. */
static void test_moves(void) {
  Stage stage;
  open_recording(&stage);
  stage_show(&stage, 4600);
  assert_style(&stage, "#menu", "opacity", "0.25");
  stage_show(&stage, 8000);
  assert_style(&stage, "#menu", "opacity", "0.5");
  stage_show(&stage, 4350);
  assert_style(&stage, "#menu", "opacity", "0.125");
  stage_show(&stage, 2500);
  assert_style(&stage, "#menu", "opacity", "1");
  stage_close(&stage);
}

/* A page whose pictures are gone: of two of them the content was kept, one is an SVG that would run and load. */
static const char pictures[] =
    "[{\"type\":4,\"timestamp\":1000,\"data\":{\"href\":\"http://gone.example/\",\"width\":640,\"height\":400}},{\"ty"
    "pe\":2,\"timestamp\":1010,\"data\":{\"initialOffset\":{\"left\":0,\"top\":0},\"node\":{\"type\":0,\"id\":1,\"chi"
    "ldNodes\":[{\"type\":2,\"id\":2,\"tagName\":\"html\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":3,\"ta"
    "gName\":\"head\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":4,\"tagName\":\"style\",\"attributes\":{\""
    "_cssText\":\"#four { background-image: url('http://gone.example/a.png'), url(http://gone.example/never.png) }\"}"
    ",\"childNodes\":[]}]},{\"type\":2,\"id\":10,\"tagName\":\"body\",\"attributes\":{},\"childNodes\":[{\"type\":2,"
    "\"id\":5,\"tagName\":\"img\",\"attributes\":{\"id\":\"one\",\"src\":\"http://gone.example/a.png\"},\"childNodes"
    "\":[]},{\"type\":2,\"id\":6,\"tagName\":\"img\",\"attributes\":{\"id\":\"two\",\"src\":\"http://gone.example/b.s"
    "vg\",\"srcset\":\"http://gone.example/none.png 1x, http://gone.example/a.png 2x\"},\"childNodes\":[]},{\"type\":"
    "2,\"id\":7,\"tagName\":\"img\",\"attributes\":{\"id\":\"three\",\"src\":\"http://gone.example/never.png\"},\"chi"
    "ldNodes\":[]},{\"type\":2,\"id\":8,\"tagName\":\"p\",\"attributes\":{\"id\":\"four\"},\"childNodes\":[]},{\"type"
    "\":2,\"id\":9,\"tagName\":\"a\",\"attributes\":{\"id\":\"five\",\"href\":\"http://gone.example/a.png\"},\"childN"
    "odes\":[]}]}]}]}}},{\"type\":3,\"timestamp\":3000,\"data\":{\"source\":0,\"removes\":[],\"texts\":[],\"adds\":[]"
    ",\"attributes\":[{\"id\":7,\"attributes\":{\"src\":\"http://gone.example/b.svg\"}}]}},{\"type\":3,\"timestamp\":"
    "9000,\"data\":{\"source\":3,\"id\":1,\"x\":0,\"y\":0}}]";
static const char shown[] =
    "{\"addresses\":{\"http://gone.example/a.png\":\"aa\",\"http://gone.example/b.svg\":\"bb\",\"http://gone.example/"
    "never.png\":\"cc\"},\"contents\":{\"aa\":\"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAA"
    "AEElEQVR4nGP4z8AAQQxwFgBB0gX7h/C5SAAAAABJRU5ErkJggg==\",\"bb\":\"data:image/svg+xml;base64,PHN2ZyB4bWxucz0naHR0c"
    "DovL3d3dy53My5vcmcvMjAwMC9zdmcnIHhtbG5zOnhsaW5rPSdodHRwOi8vd3d3LnczLm9yZy8xOTk5L3hsaW5rJyB3aWR0aD0nNScgaGVpZ2h0P"
    "Sc0Jz48c2NyaXB0PnBhcmVudC5yYW49MTwvc2NyaXB0PjxpbWFnZSB4bGluazpocmVmPSdodHRwOi8vZ29uZS5leGFtcGxlL3gucG5nJyB3aWR0a"
    "D0nNScgaGVpZ2h0PSc0Jy8+PC9zdmc+\"}}";

static char *sizes_of(Stage *stage) {
  return fixture_ask(stage->web, "[...doc.images].map((each) => each.naturalWidth + 'x' + each.naturalHeight).join()");
}

static gboolean two_are_drawn(gpointer user_data) {
  g_autofree char *sizes = sizes_of(user_data);
  return g_str_equal(sizes, "3x2,3x2,0x0");
}

static gboolean three_are_drawn(gpointer user_data) {
  g_autofree char *sizes = sizes_of(user_data);
  return g_str_equal(sizes, "3x2,3x2,5x4");
}

static void test_pictures(void) {
  Stage stage;
  g_autoptr(SightUiReel) reel = fixture_reel_showing(pictures, shown);
  g_autoptr(SightUiReel) other = fixture_reel(pictures);
  stage_open(&stage, 700, 500);
  sight_ui_replay_view_set_reel(stage.view, reel);
  stage_show(&stage, 2000);
  fixture_wait(two_are_drawn, &stage, "the pictures of the page");
  g_autofree char *background =
      fixture_ask(stage.web, "doc.defaultView.getComputedStyle(doc.querySelector('#four')).backgroundImage");
  g_assert_true(g_str_has_prefix(background, "url(\"blob:sight://player/"));
  g_assert_true(g_str_has_suffix(background, "url(\"http://gone.example/never.png\")"));
  g_autofree char *link = fixture_ask(stage.web, "doc.querySelector('#five').getAttribute('href')");
  g_assert_cmpstr(link, ==, "http://gone.example/a.png");
  stage_show(&stage, 4000);
  fixture_wait(three_are_drawn, &stage, "the picture that came later");
  g_autofree char *ran = fixture_ask(stage.web, "String(window.ran)");
  g_assert_cmpstr(ran, ==, "undefined");
  /* Those of one recording are not drawn in another. */
  sight_ui_replay_view_set_reel(stage.view, other);
  stage_show(&stage, 4000);
  g_autofree char *none = sizes_of(&stage);
  g_assert_cmpstr(none, ==, "0x0,0x0,0x0");
  stage_close(&stage);
}

int main(int argc, char **argv) {
  fixture_init(&argc, &argv);
  g_test_add_func("/web/look/animations", test_animations);
  g_test_add_func("/web/look/conditions", test_conditions);
  g_test_add_func("/web/look/told", test_told);
  g_test_add_func("/web/look/addresses", test_addresses);
  g_test_add_func("/web/look/hover", test_hover);
  g_test_add_func("/web/look/focus", test_focus);
  g_test_add_func("/web/look/focus-told", test_focus_told);
  g_test_add_func("/web/look/masked", test_masked);
  g_test_add_func("/web/look/fonts", test_fonts);
  g_test_add_func("/web/look/focus-inside", test_focus_inside);
  g_test_add_func("/web/look/focus-gone", test_focus_gone);
  g_test_add_func("/web/look/focus-checked", test_focus_checked);
  g_test_add_func("/web/look/defined", test_defined);
  g_test_add_func("/web/look/states", test_states);
  g_test_add_func("/web/look/full-screen", test_full_screen);
  g_test_add_func("/web/look/moves", test_moves);
  g_test_add_func("/web/look/pictures", test_pictures);
  return g_test_run();
}

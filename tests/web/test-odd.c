/* SPDX-License-Identifier: MIT */
/* Names and values at which a document throws, in every place where a recording can have them, at random: all else of
 * the page is drawn where it is opened or sought, and playing goes on to the end. `--seed` repeats a run. */
#include "sight-web-fixture.h"

#include <string.h>

#define N_PAGES 4
#define N_ODD 40

static int pick(int n) {
  return g_test_rand_int_range(0, n);
}

/* A name, as JSON: made of pieces, most of which are odd ones. */
static char *odd_name(void) {
  static const char *const whole[] = {
      "img/src=x", "xmlns", "xml:x",   "x:y",         ":",         "a:",         "a:b:c",
      "-",         "0",     "",        " ",           "a b",       "\\u0000",    "a\\u0000b",
      "<",         "a>",    "p=\\\"",  "font-face",   "x-\\u00e9", "X-Y",        "annotation-xml",
      "#text",     "a@b",   "\\u202e", "constructor", "__proto__", "html xmlns", "/",
      "'",         "🙂",  "a\\n",    "script/x",    "toString"};
  static const char *const pieces[] = {"a", "Z",       "-",   ":",       "/", "=", " ",    "0",
                                       ".", "\\u0000", "\\t", "\\u00b7", "é", "<", "\\\"", "漢"};
  if (pick(2) == 0)
    return g_strdup(whole[pick(G_N_ELEMENTS(whole))]);
  g_autoptr(GString) name = g_string_new(NULL);
  for (int n = pick(20) == 0 ? 3000 : 1 + pick(6); n > 0; n--)
    g_string_append(name, pieces[pick(G_N_ELEMENTS(pieces))]);
  return g_string_free(g_steal_pointer(&name), FALSE);
}

static const char *odd_value(void) {
  static const char *const values[] = {"null",
                                       "true",
                                       "-1",
                                       "1e300",
                                       "\"\"",
                                       "[]",
                                       "{}",
                                       "[null]",
                                       "\"\\u0000\"",
                                       "5",
                                       "\"paused\"",
                                       "\"played\"",
                                       "{\"toString\":1}",
                                       "\"]]>\"",
                                       "\"-->\"",
                                       "0.5",
                                       "\"x{\""};
  return values[pick(G_N_ELEMENTS(values))];
}

/* A node that is odd in one way or another. */
static char *odd_node(int id) {
  static const char *const tags[] = {"b",        "img",    "input",  "video",  "audio",    "style", "option",
                                     "dialog",   "iframe", "meta",   "canvas", "textarea", "div",   "br",
                                     "template", "slot",   "object", "link",   "svg"};
  static const char *const names[] = {"rr_mediaVolume",
                                      "rr_mediaPlaybackRate",
                                      "rr_mediaCurrentTime",
                                      "rr_mediaState",
                                      "rr_mediaMuted",
                                      "rr_mediaLoop",
                                      "rr_width",
                                      "rr_height",
                                      "rr_dataURL",
                                      "rr_scrollLeft",
                                      "rr_open_mode",
                                      "_cssText",
                                      "style",
                                      "srcset",
                                      "xmlns",
                                      "xlink:href",
                                      "class",
                                      "value"};
  g_autofree char *name = odd_name();
  const char *tag = tags[pick(G_N_ELEMENTS(tags))], *value = odd_value();
  switch (pick(10)) {
  case 0:
    return g_strdup_printf(
        "{\"type\":2,\"id\":%d,\"tagName\":\"%s\",\"attributes\":{},\"childNodes\":[{\"type\":3,\"id\":%d,"
        "\"textContent\":\"in it\"}]%s}",
        id, name, id + 1, pick(2) ? ",\"isSVG\":true" : "");
  case 1:
    return g_strdup_printf(
        "{\"type\":2,\"id\":%d,\"tagName\":\"%s\",\"isCustom\":true,\"attributes\":{},\"childNodes\":[]}", id, name);
  case 2:
    return g_strdup_printf("{\"type\":2,\"id\":%d,\"tagName\":\"%s\",\"attributes\":{\"%s\":%s},\"childNodes\":[]}", id,
                           tag, name, value);
  case 3:
    return g_strdup_printf("{\"type\":2,\"id\":%d,\"tagName\":\"%s\",\"attributes\":{\"%s\":%s},\"childNodes\":[]}", id,
                           tag, names[pick(G_N_ELEMENTS(names))], value);
  case 4:
    return g_strdup_printf(
        "{\"type\":2,\"id\":%d,\"tagName\":\"%s\",\"isShadowHost\":true,\"attributes\":{},\"childNodes\":[{"
        "\"type\":2,\"id\":%d,\"tagName\":\"i\",\"isShadow\":true,\"attributes\":{},\"childNodes\":[]}]%s}",
        id, tag, id + 1, pick(3) == 0 ? ",\"isSVG\":true" : "");
  case 5:
    return g_strdup_printf("{\"type\":1,\"id\":%d,\"name\":\"%s\",\"publicId\":%s,\"systemId\":%s}", id, name, value,
                           odd_value());
  case 6:
    return g_strdup_printf("{\"type\":%d,\"id\":%d,\"textContent\":%s}", 3 + pick(3), id, value);
  case 7:
    return g_strdup_printf("{\"type\":0,\"id\":%d,\"compatMode\":\"BackCompat\",\"childNodes\":[]}", id);
  case 8:
    return g_strdup_printf("{\"type\":2,\"id\":%d,\"tagName\":%s,\"attributes\":%s,\"childNodes\":%s}", id, value,
                           odd_value(), odd_value());
  default:
    return g_strdup_printf("{\"type\":%s,\"id\":%d,\"tagName\":\"b\"}", value, id);
  }
}

/* What is odd but for nodes: of styles, sheets, rules, inputs, selections, media, pointers. */
static char *odd_change(int node) {
  g_autofree char *name = odd_name();
  const char *value = odd_value(), *other = odd_value();
  switch (pick(9)) {
  case 0:
    return g_strdup_printf("8,\"id\":5,\"adds\":[{\"rule\":%s,\"index\":%s}]", value, other);
  case 1:
    return g_strdup_printf("13,\"id\":5,\"index\":[0],\"set\":{\"property\":\"%s\",\"value\":%s,\"priority\":%s}", name,
                           value, other);
  case 2:
    return g_strdup_printf(
        "15,\"id\":1,\"styleIds\":[%d],\"styles\":[{\"styleId\":%d,\"rules\":[{\"rule\":%s,\"index\":%s}]}]", node,
        node, value, other);
  case 3:
    return g_strdup_printf("7,\"id\":%d,\"type\":%d,\"currentTime\":%s,\"volume\":%s,\"playbackRate\":%s", node,
                           pick(5), value, other, odd_value());
  case 4:
    return g_strdup_printf("0,\"adds\":[],\"removes\":[],\"texts\":[{\"id\":9,\"value\":%s}],\"attributes\":[{\"id\":7,"
                           "\"attributes\":{\"%s\":%s}}]",
                           value, name, other);
  case 5:
    return g_strdup_printf("14,\"ranges\":[{\"start\":%s,\"startOffset\":%s,\"end\":9,\"endOffset\":99}]", value,
                           other);
  case 6:
    return g_strdup_printf("2,\"type\":%s,\"id\":%s,\"x\":%s,\"y\":1", value, other, odd_value());
  case 7:
    return g_strdup_printf("5,\"id\":%d,\"text\":%s,\"isChecked\":%s", node, value, other);
  default:
    return g_strdup_printf("1,\"positions\":%s", value);
  }
}

/* Its paragraphs stand before, between and behind what is odd; the last change comes behind all of it. */
static char *odd_recording(guint *n_paragraphs) {
  g_autoptr(GString) nodes = g_string_new(NULL);
  g_autoptr(GString) events = g_string_new(NULL);
  *n_paragraphs = 1;
  for (int i = 0; i < N_ODD; i++) {
    g_autofree char *node = odd_node(100 + 10 * i);
    g_string_append_printf(nodes, "%s,{\"type\":2,\"id\":%d,\"tagName\":\"p\",\"attributes\":{},\"childNodes\":[]},",
                           node, 105 + 10 * i);
    (*n_paragraphs)++;
  }
  for (int i = 0; i < N_ODD; i++) {
    g_autofree char *change = odd_change(100 + 10 * pick(N_ODD));
    g_autofree char *node = odd_node(1000 + 10 * i);
    g_string_append_printf(events, ",{\"type\":3,\"timestamp\":%d,\"data\":{\"source\":%s}}", 2000 + 2 * i, change);
    g_string_append_printf(
        events,
        ",{\"type\":3,\"timestamp\":%d,\"data\":{\"source\":0,\"removes\":[],\"texts\":[],\"attributes\":[],\"adds\":[{"
        "\"parentId\":%d,\"nextId\":null,\"node\":%s},{\"parentId\":4,\"nextId\":null,\"node\":{\"type\":2,\"id\":%d,"
        "\"tagName\":\"p\",\"attributes\":{\"class\":\"%d\"},\"childNodes\":[]}}]}}",
        2001 + 2 * i, pick(3) ? 4 : 100 + 10 * pick(N_ODD), node, 1005 + 10 * i, 1005 + 10 * i);
    (*n_paragraphs)++;
  }
  return g_strdup_printf(
      "[{\"type\":4,\"timestamp\":1000,\"data\":{\"href\":\"\",\"width\":640,\"height\":400}},{\"type\":2,"
      "\"timestamp\":1010,"
      "\"data\":{\"initialOffset\":{\"left\":0,\"top\":0},\"node\":{\"type\":0,\"id\":1,\"childNodes\":[{\"type\":2,"
      "\"id\":2,"
      "\"tagName\":\"html\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":3,\"tagName\":\"head\",\"attributes\":"
      "{},"
      "\"childNodes\":[{\"type\":2,\"id\":5,\"tagName\":\"style\",\"attributes\":{\"_cssText\":\"a { color: red }\"},"
      "\"childNodes\":[]}]},{\"type\":2,\"id\":4,\"tagName\":\"body\",\"attributes\":{},\"childNodes\":[%s{\"type\":2,"
      "\"id\":7,"
      "\"tagName\":\"h1\",\"attributes\":{},\"childNodes\":[{\"type\":3,\"id\":8,\"textContent\":\"First\"},{\"type\":"
      "3,\"id\":9,"
      "\"textContent\":\"\"}]},{\"type\":2,\"id\":10,\"tagName\":\"p\",\"attributes\":{},\"childNodes\":[]}]}]}]}}}%s,"
      "{\"type\":3,\"timestamp\":2500,\"data\":{\"source\":0,\"adds\":[],\"removes\":[],\"attributes\":[],\"texts\":[{"
      "\"id\":8,"
      "\"value\":\"Last\"}]}},{\"type\":5,\"timestamp\":2600,\"data\":{\"tag\":\"x\",\"payload\":{}}}]",
      nodes->str, events->str);
}

typedef struct {
  Stage *stage;
  const char *text;
} Wanted;

static gboolean says(gpointer user_data) {
  const Wanted *wanted = user_data;
  g_autofree char *found = fixture_ask(
      wanted->stage->web, "`${doc.querySelector('h1')?.firstChild?.data} ${doc.querySelectorAll('p').length}`");
  return g_str_equal(found, wanted->text);
}

static void test_odd(void) {
  for (int i = 0; i < N_PAGES; i++) {
    guint n_paragraphs = 0;
    g_autofree char *json = odd_recording(&n_paragraphs);
    g_autofree char *last = g_strdup_printf("Last %u", n_paragraphs), *first = g_strdup_printf("First %d", 1 + N_ODD);
    g_autoptr(SightUiReel) reel = fixture_reel(json);
    Stage stage;
    stage_open(&stage, 900, 600);
    sight_ui_replay_view_set_reel(stage.view, reel);
    g_test_message("%s", json);
    stage_show(&stage, 1500);
    fixture_wait(says, &(Wanted){&stage, first}, "the page as it was opened");
    stage_show(&stage, 2550);
    fixture_wait(says, &(Wanted){&stage, last}, "the page after seeking");
    stage_show(&stage, 1500);
    fixture_wait(says, &(Wanted){&stage, first}, "the page after seeking back");
    sight_ui_replay_view_show(stage.view, 0, 1500, TRUE, 4.0);
    fixture_wait(says, &(Wanted){&stage, last}, "the page after playing");
    g_assert_cmpstr(stage.failed, ==, NULL);
    stage_close(&stage);
  }
}

/* Elements of this name or id cover the members of their form and of the document. */
static char *covering_recording(char **names) {
  g_autoptr(GString) images = g_string_new(NULL), fields = g_string_new(NULL), ids = g_string_new(NULL);
  int id = 100;
  for (char **name = names; *name; name++, id += 3) {
    g_string_append_printf(images,
                           "{\"type\":2,\"id\":%d,\"tagName\":\"img\",\"attributes\":{\"name\":\"%s\"},"
                           "\"childNodes\":[]},",
                           id, *name);
    g_string_append_printf(fields,
                           "{\"type\":2,\"id\":%d,\"tagName\":\"input\",\"attributes\":{\"name\":\"%s\"},"
                           "\"childNodes\":[]},",
                           id + 1, *name);
    g_string_append_printf(ids,
                           "{\"type\":2,\"id\":%d,\"tagName\":\"object\",\"attributes\":{\"id\":\"%s\"},"
                           "\"childNodes\":[]},",
                           id + 2, *name);
  }
  return g_strdup_printf(
      "[{\"type\":4,\"timestamp\":1000,\"data\":{\"href\":\"\",\"width\":640,\"height\":400}},{\"type\":2,"
      "\"timestamp\":1010,\"data\":{\"initialOffset\":{\"left\":0,\"top\":0},\"node\":{\"type\":0,\"id\":1,"
      "\"childNodes\":[{\"type\":1,\"id\":99,\"name\":\"html\",\"publicId\":\"\",\"systemId\":\"\"},{\"type\":2,\"id\":"
      "2,"
      "\"tagName\":\"html\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":4,\"tagName\":\"body\","
      "\"attributes\":{},\"childNodes\":[%s%s{\"type\":2,\"id\":6,\"tagName\":\"form\",\"attributes\":{\"class\":\"a\"}"
      ","
      "\"childNodes\":[%s%s{\"type\":2,\"id\":10,\"tagName\":\"p\",\"attributes\":{},\"childNodes\":[]}]},"
      "{\"type\":2,\"id\":7,\"tagName\":\"h1\",\"attributes\":{},\"childNodes\":[{\"type\":3,\"id\":8,"
      "\"textContent\":\"First\"}]}]}]}]}}},"
      "{\"type\":3,\"timestamp\":2000,\"data\":{\"source\":0,\"removes\":[],\"texts\":[],\"attributes\":[{\"id\":6,"
      "\"attributes\":{\"class\":\"b\"}}],\"adds\":[{\"parentId\":6,\"nextId\":null,\"node\":{\"type\":2,\"id\":11,"
      "\"tagName\":\"p\",\"attributes\":{},\"childNodes\":[]}},{\"parentId\":4,\"nextId\":6,\"node\":{\"type\":2,"
      "\"id\":12,"
      "\"tagName\":\"p\",\"attributes\":{},\"childNodes\":[]}}]}},"
      "{\"type\":3,\"timestamp\":2050,\"data\":{\"source\":1,\"positions\":[{\"x\":20,\"y\":20,\"id\":6,\"timeOffset\":"
      "0}]}},"
      "{\"type\":3,\"timestamp\":2100,\"data\":{\"source\":3,\"id\":1,\"x\":0,\"y\":40}},"
      "{\"type\":3,\"timestamp\":2150,\"data\":{\"source\":2,\"type\":5,\"id\":101}},"
      "{\"type\":3,\"timestamp\":2200,\"data\":{\"source\":0,\"removes\":[{\"parentId\":4,\"id\":6}],\"adds\":[],"
      "\"texts\":[{\"id\":8,\"value\":\"Last\"}],\"attributes\":[]}},"
      "{\"type\":5,\"timestamp\":2600,\"data\":{\"tag\":\"x\",\"payload\":{}}}]",
      images->str, ids->str, fields->str, ids->str);
}

static char *page_now(Stage *stage) {
  return fixture_ask(stage->web,
                     "(() => { const ask = (selector) => Document.prototype.querySelectorAll.call("
                     "Object.getOwnPropertyDescriptor(HTMLIFrameElement.prototype, 'contentDocument').get.call("
                     "document.querySelector('iframe')), selector); return `${ask('h1')[0]?.textContent} "
                     "${ask('p').length} ${ask('form').length}`; })()");
}

static gboolean reads(gpointer user_data) {
  const Wanted *wanted = user_data;
  g_autofree char *found = page_now(wanted->stage);
  return g_str_equal(found, wanted->text);
}

static void test_covering(void) {
  Stage stage;
  g_autoptr(SightUiReel) plain = fixture_reel(fixture_page);
  stage_open(&stage, 900, 600);
  sight_ui_replay_view_set_reel(stage.view, plain);
  stage_show(&stage, 1500);
  g_autofree char *members = fixture_ask(stage.web, "(() => { const all = new Set(); for (const key in document) "
                                                    "all.add(key); for (const key in document.createElement('form')) "
                                                    "all.add(key); return [...all].join(' '); })()");
  g_auto(GStrv) names = g_strsplit(members, " ", -1);
  g_assert_cmpuint(g_strv_length(names), >, 300);
  g_autofree char *json = covering_recording(names);
  g_autoptr(SightUiReel) reel = fixture_reel(json);
  sight_ui_replay_view_set_reel(stage.view, reel);
  stage_show(&stage, 1500);
  fixture_wait(reads, &(Wanted){&stage, "First 1 1"}, "the page as it was opened");
  stage_show(&stage, 2170);
  fixture_wait(reads, &(Wanted){&stage, "First 3 1"}, "the page with what came");
  stage_show(&stage, 2400);
  fixture_wait(reads, &(Wanted){&stage, "Last 1 0"}, "the page without its form");
  stage_show(&stage, 1500);
  fixture_wait(reads, &(Wanted){&stage, "First 1 1"}, "the page after seeking back");
  sight_ui_replay_view_show(stage.view, 0, 1500, TRUE, 4.0);
  fixture_wait(reads, &(Wanted){&stage, "Last 1 0"}, "the page after playing");
  g_assert_cmpstr(stage.failed, ==, NULL);
  stage_close(&stage);
}

#define N_LONG 1500

/* Long lists of what costs much: elements that fill the screen, canvases of the largest size, nodes that come before
 * what they are to stand in. */
static char *long_recording(void) {
  g_autoptr(GString) fill = g_string_new(NULL), canvases = g_string_new(NULL), chain = g_string_new(NULL);
  g_autoptr(GString) draws = g_string_new(NULL);
  for (int i = 0; i < N_LONG; i++)
    g_string_append_printf(fill,
                           ",{\"parentId\":4,\"nextId\":null,\"node\":{\"type\":2,\"id\":%d,\"tagName\":\"div\","
                           "\"attributes\":{\"ss-is\":\"fullscreen\"},\"childNodes\":[]}}",
                           10000 + i);
  for (int i = 0; i < 40; i++) {
    g_string_append_printf(canvases,
                           ",{\"parentId\":4,\"nextId\":null,\"node\":{\"type\":2,\"id\":%d,\"tagName\":\"canvas\","
                           "\"attributes\":{\"width\":\"4096\",\"height\":\"4096\"},\"childNodes\":[]}}",
                           20000 + i);
    g_string_append_printf(
        draws,
        ",{\"type\":3,\"timestamp\":2400,\"data\":{\"source\":9,\"id\":%d,\"type\":0,\"commands\":"
        "[null,{\"property\":\"drawImage\",\"args\":[{\"rr_type\":\"ImageBitmap\",\"args\":[{\"data\":[{"
        "\"base64\":\"!\"}]}]}]},{\"property\":\"fillRect\",\"args\":[0,0,9,9]}]}}",
        20000 + i);
  }
  for (int i = N_LONG; i > 0; i--)
    g_string_append_printf(chain,
                           ",{\"parentId\":%d,\"nextId\":null,\"node\":{\"type\":2,\"id\":%d,\"tagName\":\"i\","
                           "\"attributes\":{},\"childNodes\":[]}}",
                           i % 50 == 1 ? 4 : 30000 + i - 1, 30000 + i);
  return g_strdup_printf(
      "[{\"type\":4,\"timestamp\":1000,\"data\":{\"href\":\"\",\"width\":640,\"height\":400}},{\"type\":2,"
      "\"timestamp\":1010,\"data\":{\"initialOffset\":{\"left\":0,\"top\":0},\"node\":{\"type\":0,\"id\":1,"
      "\"childNodes\":"
      "[{\"type\":2,\"id\":2,\"tagName\":\"html\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":4,\"tagName\":"
      "\"body\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":7,\"tagName\":\"h1\",\"attributes\":{},"
      "\"childNodes\":"
      "[{\"type\":3,\"id\":8,\"textContent\":\"First\"}]}]}]}]}}},"
      "{\"type\":3,\"timestamp\":2000,\"data\":{\"source\":0,\"removes\":[],\"texts\":[],\"attributes\":[],\"adds\":[%"
      "s%s]}},"
      "{\"type\":3,\"timestamp\":2200,\"data\":{\"source\":0,\"removes\":[],\"texts\":[],\"attributes\":[],\"adds\":["
      "{\"parentId\":8,\"nextId\":null,\"node\":{\"type\":3,\"id\":9,\"textContent\":\"in a text\"}}%s]}}%s,"
      "{\"type\":5,\"timestamp\":2600,\"data\":{\"tag\":\"x\",\"payload\":{}}}]",
      fill->str + 1, canvases->str, chain->str, draws->str);
}

/* Counts in the page: popovers that are shown, pixels that are drawn on, look-ups in maps, frames that are asked for.
 */
static const char count_work[] =
    "(() => { globalThis.work = { popovers: 0, pixels: 0, drawn: 0, gets: 0, frames: 0 };"
    "const count = (owner, name, more) => { const own = owner[name]; owner[name] = function (...args) { "
    "more.call(this);"
    "return own.apply(this, args); }; };"
    "count(document.querySelector('iframe').contentWindow.HTMLElement.prototype, 'showPopover', () => work.popovers++);"
    "count(HTMLCanvasElement.prototype, 'getContext', function () { work.pixels += this.width * this.height; });"
    "count(CanvasRenderingContext2D.prototype, 'fillRect', () => work.drawn++);"
    "count(Map.prototype, 'get', () => work.gets++);"
    "count(globalThis, 'requestAnimationFrame', () => work.frames++); })()";

static gint64 counted(Stage *stage, const char *what) {
  g_autofree char *expression = g_strdup_printf("work.%s", what);
  g_autofree char *text = fixture_ask(stage->web, expression);
  return g_ascii_strtoll(text, NULL, 10);
}

static gboolean has_chain(gpointer user_data) {
  Stage *stage = user_data;
  g_autofree char *found = fixture_ask(stage->web, "doc.querySelectorAll('i').length");
  return g_str_equal(found, G_STRINGIFY(N_LONG)) && counted(stage, "drawn") > 0;
}

static void test_long(void) {
  g_autofree char *json = long_recording();
  g_autoptr(SightUiReel) reel = fixture_reel(json);
  Stage stage;
  stage_open(&stage, 900, 600);
  sight_ui_replay_view_set_reel(stage.view, reel);
  stage_show(&stage, 1500);
  g_free(fixture_ask(stage.web, count_work));
  sight_ui_replay_view_show(stage.view, 0, 1500, TRUE, 4.0);
  fixture_wait(has_chain, &stage, "the page after playing");
  g_test_message("%d: %d popovers, %d pixels, %d look-ups", N_LONG, (int)counted(&stage, "popovers"),
                 (int)counted(&stage, "pixels"), (int)counted(&stage, "gets"));
  g_assert_cmpint(counted(&stage, "popovers"), >, 0);
  g_assert_cmpint(counted(&stage, "popovers"), <, N_LONG);
  g_assert_cmpint(counted(&stage, "pixels"), <=, 64 * 1024 * 1024);
  g_assert_cmpint(counted(&stage, "gets"), <, 100 * N_LONG);
  g_assert_cmpstr(stage.failed, ==, NULL);
  stage_close(&stage);
}

/* What is marked is followed once a frame, however often it was marked. */
static void test_marks(void) {
  g_autoptr(SightUiReel) reel = fixture_reel(fixture_page);
  Stage stage;
  stage_open(&stage, 900, 600);
  sight_ui_replay_view_set_reel(stage.view, reel);
  stage_show(&stage, 1500);
  g_free(fixture_ask(stage.web, count_work));
  g_free(fixture_run(stage.web,
                     "for (let i = 0; i < 50; i++) { await sight.mark(0); await sight.mark(4); }"
                     "const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));"
                     "await frame(); work.frames = 0; for (let i = 0; i < 5; i++) await frame();",
                     ""));
  g_assert_cmpint(counted(&stage, "frames"), >=, 10);
  g_assert_cmpint(counted(&stage, "frames"), <, 20);
  stage_close(&stage);
}

int main(int argc, char **argv) {
  fixture_init(&argc, &argv);
  g_test_add_func("/web/odd", test_odd);
  g_test_add_func("/web/odd/covering", test_covering);
  g_test_add_func("/web/odd/long", test_long);
  g_test_add_func("/web/odd/marks", test_marks);
  return g_test_run();
}

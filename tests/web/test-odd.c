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
  char *text;
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

int main(int argc, char **argv) {
  fixture_init(&argc, &argv);
  g_test_add_func("/web/odd", test_odd);
  return g_test_run();
}

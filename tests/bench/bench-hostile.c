/* SPDX-License-Identifier: MIT */
/* Recordings made to be slow, half a megabyte and a megabyte of each: what every step takes, and by how much more for
 * twice as much. Nothing may take more than a second. */
#include "sight-clip.h"
#include "sight-dom-difference.h"
#include "sight-event-reader.h"
#include "sight-selector.h"

#include <string.h>
#include <time.h>

#define MEGABYTE (1000 * 1000)
#define FIRST 1000 /* the first id that is free */

typedef void (*FillFunc)(GString *out, gsize bytes);

/* Repeats a part of JSON with "#" for a number that counts on, "%" for the one before. */
static int repeat(GString *out, gsize bytes, const char *between, const char *part) {
  int n = 0;
  for (; out->len < bytes; n++) {
    g_string_append(out, n > 0 ? between : "");
    for (const char *c = part; *c != 0; c++) {
      if (*c == '#' || *c == '%')
        g_string_append_printf(out, "%d", FIRST + n - (*c == '%'));
      else
        g_string_append_c(out, *c);
    }
  }
  return n;
}

static void begin(GString *out, const char *head, const char *body) {
  g_string_append_printf(
      out,
      "[{\"type\":4,\"timestamp\":1000,\"data\":{\"href\":\"about:blank\",\"width\":9,\"height\":9}},{\"type\":2,"
      "\"timestamp\":1000,\"data\":{\"node\":{\"type\":0,\"id\":1,\"childNodes\":[{\"type\":2,\"id\":2,\"tagName\":"
      "\"html\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":3,\"tagName\":\"head\",\"attributes\":{},"
      "\"childNodes\":[%s]},{\"type\":2,\"id\":4,\"tagName\":\"body\",\"attributes\":{},\"childNodes\":[%s",
      head, body);
}
#define PAGE_END "]}]}]}}}"
#define CHANGE ",{\"type\":3,\"timestamp\":2000,\"data\":{\"source\":"
#define CHANGE_END "}}"

static void page_of(GString *out, gsize bytes, const char *part) {
  begin(out, "", "");
  repeat(out, bytes, ",", part);
  g_string_append(out, PAGE_END "]");
}

/* A page of `body`, and one event whose list is filled with `part`. */
static void list_of(GString *out, gsize bytes, const char *body, const char *before, const char *part) {
  begin(out, "{\"type\":2,\"id\":50,\"tagName\":\"style\"}", body);
  g_string_append_printf(out, PAGE_END CHANGE "%s", before);
  repeat(out, bytes, ",", part);
  g_string_append(out, "]" CHANGE_END "]");
}

/* A page whose body is filled by half, then events to the end. */
static void events_of(GString *out, gsize bytes, const char *node, const char *event) {
  begin(out, "{\"type\":2,\"id\":50,\"tagName\":\"style\"}", "");
  repeat(out, bytes / 2, ",", node);
  g_string_append(out, PAGE_END);
  repeat(out, bytes, "", event);
  g_string_append(out, "]");
}

#define LEAF "{\"type\":3,\"id\":#,\"textContent\":\"\"}"
#define NODE_999 "{\"type\":2,\"id\":999,\"tagName\":\"b\"}"
#define BOX "{\"type\":2,\"id\":#,\"tagName\":\"b\"}"

static void fill_children(GString *out, gsize bytes) {
  page_of(out, bytes, BOX);
}

static void fill_adds_cycle(GString *out, gsize bytes) {
  list_of(out, bytes, "", "0,\"adds\":[", "{\"parentId\":4,\"nextId\":%,\"node\":" LEAF "}");
}

static void fill_adds_chain(GString *out, gsize bytes) {
  list_of(out, bytes, NODE_999, "0,\"adds\":[", "{\"parentId\":%,\"node\":" BOX "}");
}

static void fill_adds_front(GString *out, gsize bytes) {
  list_of(out, bytes, NODE_999, "0,\"adds\":[", "{\"parentId\":4,\"nextId\":999,\"node\":" BOX "}");
}

static void fill_same_id(GString *out, gsize bytes) {
  list_of(out, bytes, "", "0,\"adds\":[", "{\"parentId\":4,\"node\":{\"type\":2,\"id\":9,\"tagName\":\"b\"}}");
}

static void fill_attributes(GString *out, gsize bytes) {
  list_of(out, bytes, "", "0,\"attributes\":[", "{\"id\":4,\"attributes\":{\"a#\":\"\"}}");
}

static void fill_one_attribute(GString *out, gsize bytes) {
  list_of(out, bytes, "", "0,\"attributes\":[", "{\"id\":4,\"attributes\":{\"a\":\"\"}}");
}

static void fill_names(GString *out, gsize bytes) {
  begin(out, "", "{\"type\":2,\"id\":9,\"tagName\":\"b\",\"attributes\":{");
  repeat(out, bytes, ",", "\"a#\":\"\"");
  g_string_append(out, "}}" PAGE_END "]");
}

static void fill_style_objects(GString *out, gsize bytes) {
  list_of(out, bytes, "", "0,\"attributes\":[", "{\"id\":4,\"attributes\":{\"style\":{\"a#\":\"b\"}}}");
}

static void fill_rules_front(GString *out, gsize bytes) {
  events_of(out, bytes, LEAF, CHANGE "8,\"id\":50,\"adds\":[{\"rule\":\"a{b:c}\",\"index\":0}]" CHANGE_END);
}

static void fill_rules_list(GString *out, gsize bytes) {
  list_of(out, bytes, "", "8,\"id\":50,\"adds\":[", "{\"rule\":\"a{}\",\"index\":0}");
}

static void fill_rules_nested(GString *out, gsize bytes) {
  events_of(out, bytes, "{\"type\":3,\"id\":#}",
            CHANGE "8,\"id\":50,\"adds\":[{\"rule\":\"@media x{a{}}\",\"index\":[0,0,0,0,0,0]}]" CHANGE_END);
}

static void fill_rules_deleted(GString *out, gsize bytes) {
  begin(out, "", "{\"type\":2,\"id\":50,\"tagName\":\"style\",\"attributes\":{\"_cssText\":\"");
  repeat(out, bytes / 4, "", "a{}");
  g_string_append(out, "\"}}" PAGE_END);
  repeat(out, bytes, "", CHANGE "8,\"id\":50,\"removes\":[{\"index\":0}]" CHANGE_END);
  g_string_append(out, "]");
}

static void fill_declarations(GString *out, gsize bytes) {
  begin(out, "", "{\"type\":2,\"id\":50,\"tagName\":\"style\",\"attributes\":{\"_cssText\":\"@media x{");
  repeat(out, bytes / 3, "", "a{b:c}");
  g_string_append(out, "}\"}}" PAGE_END);
  repeat(out, bytes, "",
         CHANGE "13,\"id\":50,\"index\":[0,7],\"set\":{\"property\":\"p#\",\"value\":\"v\"}" CHANGE_END);
  g_string_append(out, "]");
}

static void fill_adopted(GString *out, gsize bytes) {
  begin(out, "", "");
  g_string_append(out, PAGE_END CHANGE "15,\"id\":1,\"styleIds\":[1],\"styles\":[");
  repeat(out, bytes / 2, ",", "{\"styleId\":#,\"rules\":[{\"rule\":\"a{}\"}]}");
  g_string_append(out, "]" CHANGE_END);
  repeat(out, bytes, "", CHANGE "15,\"id\":1,\"styleIds\":[1,#,1000,1001,1002]" CHANGE_END);
  g_string_append(out, "]");
}

static void fill_canvases(GString *out, gsize bytes) {
  events_of(out, bytes, "{\"type\":2,\"id\":#,\"tagName\":\"canvas\"}",
            CHANGE "9,\"id\":#,\"type\":0,\"property\":\"fillRect\",\"args\":[0,0,9,9]" CHANGE_END);
}

static void fill_canvas(GString *out, gsize bytes) {
  events_of(out, bytes, "{\"type\":2,\"id\":#,\"tagName\":\"canvas\"}",
            CHANGE "9,\"id\":1000,\"type\":0,\"property\":\"fillRect\",\"args\":[0,0,9,9]" CHANGE_END);
}

static void fill_moves(GString *out, gsize bytes) {
  begin(out, "", "{\"type\":2,\"id\":8,\"tagName\":\"i\"},{\"type\":2,\"id\":9,\"tagName\":\"i\",\"childNodes\":[");
  repeat(out, bytes / 2, ",", BOX);
  g_string_append(out, "]}" PAGE_END);
  repeat(out, bytes, "",
         CHANGE "0,\"removes\":[{\"id\":9,\"parentId\":4}],\"adds\":[{\"parentId\":4,\"nextId\":8,\"node\":{\"type\":2,"
                "\"id\":9,\"tagName\":\"i\"}}]" CHANGE_END);
  g_string_append(out, "]");
}

/* Every child goes to the front of all others: the page is turned round. */
static void fill_reversed(GString *out, gsize bytes) {
  begin(out, "", "");
  int n = repeat(out, bytes / 3, ",", BOX);
  g_string_append(out, PAGE_END CHANGE "0,\"adds\":[");
  for (int i = 1; i < n; i++)
    g_string_append_printf(out, "%s{\"parentId\":4,\"nextId\":%d,\"node\":{\"type\":2,\"id\":%d,\"tagName\":\"b\"}}",
                           i > 1 ? "," : "", FIRST + i - 1, FIRST + i);
  g_string_append(out, "]" CHANGE_END "]");
}

/* The same page under new ids. */
static void fill_rendered_anew(GString *out, gsize bytes) {
  begin(out, "", "{\"type\":2,\"id\":9,\"tagName\":\"p\",\"childNodes\":[");
  int n = repeat(out, bytes / 3, ",", BOX);
  g_string_append(out, "]}" PAGE_END CHANGE "0,\"removes\":[{\"id\":9,\"parentId\":4}],\"adds\":[{\"parentId\":4,"
                       "\"node\":{\"type\":2,\"id\":10,\"tagName\":\"p\"}}");
  for (int i = 0; i < n; i++)
    g_string_append_printf(out, ",{\"parentId\":10,\"node\":{\"type\":2,\"id\":%d,\"tagName\":\"%s\"}}", 900000 + i,
                           i % 2 ? "b" : "i");
  g_string_append(out, "]" CHANGE_END "]");
}

static void fill_snapshots(GString *out, gsize bytes) {
  begin(out, "", "");
  g_string_append(out, PAGE_END);
  repeat(out, bytes, "",
         ",{\"type\":2,\"timestamp\":#,\"data\":{\"node\":{\"type\":0,\"id\":1,\"childNodes\":[{\"type\":2,\"id\":2,"
         "\"tagName\":\"html\"}]}}}");
  g_string_append(out, "]");
}

#define FRAME_DOCUMENT                                                                                                 \
  CHANGE                                                                                                               \
  "0,\"isAttachIframe\":true,\"adds\":[{\"parentId\":#,\"node\":{\"type\":0,\"id\":9#,\"rootId\":9#}}]" CHANGE_END

static void fill_frames(GString *out, gsize bytes) {
  events_of(out, bytes, "{\"type\":2,\"id\":#,\"tagName\":\"iframe\"}", FRAME_DOCUMENT);
}

static void fill_waiting_frames(GString *out, gsize bytes) {
  g_string_append(out, "[{\"type\":4,\"timestamp\":1,\"data\":{}}");
  repeat(out, bytes * 2 / 3, "", FRAME_DOCUMENT);
  GString *page = g_string_new(NULL);
  begin(page, "", "");
  repeat(page, bytes / 3, ",", "{\"type\":2,\"id\":#,\"tagName\":\"iframe\"}");
  g_string_append_printf(out, ",%s" PAGE_END "]", page->str + 1);
  g_string_free(page, TRUE);
}

static void fill_options(GString *out, gsize bytes) {
  begin(out, "", "{\"type\":2,\"id\":9,\"tagName\":\"select\",\"attributes\":{\"value\":\"a\"}}");
  g_string_append(out, PAGE_END CHANGE "5,\"id\":9,\"text\":\"a\",\"isChecked\":false}}" CHANGE "0,\"adds\":[");
  for (int i = 0; i < 5000; i++)
    g_string_append_printf(out, "{\"parentId\":%d,\"node\":{\"type\":2,\"id\":%d,\"tagName\":\"optgroup\"}},",
                           i > 0 ? 900000 + i : 9, 900001 + i);
  repeat(
      out, bytes, ",",
      "{\"parentId\":905000,\"node\":{\"type\":2,\"id\":#,\"tagName\":\"option\",\"attributes\":{\"value\":\"a\"}}}");
  g_string_append(out, "]" CHANGE_END "]");
}

static void fill_hosts(GString *out, gsize bytes) {
  page_of(out, bytes,
          "{\"type\":2,\"id\":#,\"tagName\":\"b\",\"isShadowHost\":true,\"childNodes\":[{\"type\":3,\"id\":9#,"
          "\"isShadow\":true,\"textContent\":\"\"}]}");
}

static void fill_texts(GString *out, gsize bytes) {
  begin(out, "{\"type\":2,\"id\":50,\"tagName\":\"style\",\"childNodes\":[{\"type\":3,\"id\":51}]}", "");
  g_string_append(out, PAGE_END CHANGE "0,\"texts\":[");
  repeat(out, bytes, ",", "{\"id\":51,\"value\":\"a{b:c}@media x{d{e:f}}\"}");
  g_string_append(out, "]" CHANGE_END "]");
}

static void fill_inputs(GString *out, gsize bytes) {
  events_of(out, bytes,
            "{\"type\":2,\"id\":#,\"tagName\":\"input\",\"attributes\":{\"type\":\"radio\",\"name\":\"a\"}}",
            CHANGE "5,\"id\":#,\"text\":\"\",\"isChecked\":true" CHANGE_END);
}

static void fill_marks(GString *out, gsize bytes) {
  begin(out, "", "{\"type\":2,\"id\":50,\"tagName\":\"style\",\"attributes\":{\"_cssText\":\"");
  repeat(out, bytes, "", "'\\\\\\\\/* rr_split */url(");
  g_string_append(out, "\"}}" PAGE_END "]");
}

static const struct {
  const char *name;
  FillFunc fill;
} recordings[] = {
    {"children", fill_children},
    {"adds in a cycle", fill_adds_cycle},
    {"adds in a chain", fill_adds_chain},
    {"adds in front", fill_adds_front},
    {"one id for all", fill_same_id},
    {"attributes", fill_attributes},
    {"one attribute", fill_one_attribute},
    {"attribute names", fill_names},
    {"style objects", fill_style_objects},
    {"rules in front", fill_rules_front},
    {"rules in one event", fill_rules_list},
    {"nested rules", fill_rules_nested},
    {"rules deleted", fill_rules_deleted},
    {"declarations", fill_declarations},
    {"adopted sheets", fill_adopted},
    {"many canvases", fill_canvases},
    {"one canvas", fill_canvas},
    {"moves", fill_moves},
    {"order reversed", fill_reversed},
    {"rendered anew", fill_rendered_anew},
    {"snapshots", fill_snapshots},
    {"frames", fill_frames},
    {"frames that wait", fill_waiting_frames},
    {"options", fill_options},
    {"shadow hosts", fill_hosts},
    {"texts of a style", fill_texts},
    {"inputs", fill_inputs},
    {"marks in a sheet", fill_marks},
};

typedef enum { READ, WRITE, HTML, TEXT, DIFFERENCE, TRACK, CLIP, SELECT, N_STEPS } Step;
static const char *const steps[N_STEPS] = {"apply", "write", "html", "text", "diff", "track", "clip", "select"};

typedef struct {
  SightDom *dom, *first;
  SightTrack *track;
} Reading;

static gboolean apply(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  Reading *reading = user_data;
  if (!sight_dom_has_page(reading->first))
    sight_dom_apply(reading->first, event);
  sight_dom_apply(reading->dom, event);
  return TRUE;
}

static gboolean add(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  sight_track_add(user_data, event);
  return TRUE;
}

/* Of the processor: others may be at work here. */
static double since_ms(clock_t *start) {
  clock_t now = clock();
  double ms = (double)(now - *start) * 1000 / CLOCKS_PER_SEC;
  *start = now;
  return ms;
}

static void select_nodes(const SightDom *dom) {
  static const char *const texts[] = {"b", "b:not(i):not(.a):not([c])", "html body b b", ".a, #b, [c=d] > b", NULL};
  g_autoptr(GString) many = g_string_new("b");
  while (many->len < 2000)
    g_string_append(many, ":not(i)");
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(SightSelector) selector = sight_selector_new(texts[i] != NULL ? texts[i] : many->str, NULL);
    if (selector != NULL)
      g_array_unref(sight_selector_find_all(selector, dom));
  }
  int last = sight_dom_root(dom);
  for (int id = last; id != 0; id = sight_dom_first_child(dom, id)) {
    last = id;
    for (int next = id; next != 0; next = sight_dom_next_sibling(dom, next))
      last = next;
  }
  g_autofree char *selector = sight_dom_selector(dom, last), *label = sight_dom_label(dom, last, 80);
}

static void measure(const GString *events, double *ms) {
  g_autoptr(SightDom) dom = sight_dom_new(), first = sight_dom_new();
  g_autoptr(SightTrack) track = sight_track_new();
  g_autoptr(GString) out = g_string_new(NULL);
  Reading reading = {dom, first, track};
  clock_t start = clock();
  sight_event_read_bytes(events->str, events->len, &sight_reader_default_limits, apply, &reading, NULL, NULL);
  ms[READ] = since_ms(&start);
  sight_dom_write_events(dom, 1, out);
  sight_dom_hash(dom);
  ms[WRITE] = since_ms(&start);
  sight_dom_write_html(dom, out);
  ms[HTML] = since_ms(&start);
  sight_dom_write_text(dom, out);
  ms[TEXT] = since_ms(&start);
  sight_dom_difference(first, dom, 1, out, NULL, NULL);
  sight_dom_difference(dom, first, 1, out, NULL, NULL);
  sight_dom_difference(dom, dom, 1, out, NULL, NULL);
  ms[DIFFERENCE] = since_ms(&start) / 3;
  sight_event_read_bytes(events->str, events->len, &sight_reader_default_limits, add, track, NULL, NULL);
  sight_track_settle(track, NULL);
  g_autoptr(SightCursor) cursor = sight_cursor_new(track);
  sight_cursor_seek(cursor, sight_track_last_ms(track) + 1, NULL);
  ms[TRACK] = since_ms(&start);
  const SightClipPart part = {track, sight_track_last_ms(track), sight_track_last_ms(track) + 1};
  sight_clip_write(&part, 1, SIGHT_CLIP_JSON, NULL, NULL, out, NULL);
  ms[CLIP] = since_ms(&start);
  select_nodes(dom);
  ms[SELECT] = since_ms(&start);
}

int main(int argc, char **argv) {
  g_print("ms for 1 MB (times that of half of it)\n%-20s", "");
  for (int step = 0; step < N_STEPS; step++)
    g_print("%14s", steps[step]);
  g_print("\n");
  for (guint i = 0; i < G_N_ELEMENTS(recordings); i++) {
    if (argc > 1 && strstr(recordings[i].name, argv[1]) == NULL)
      continue;
    double half[N_STEPS], whole[N_STEPS];
    g_autoptr(GString) small = g_string_new(NULL), large = g_string_new(NULL);
    recordings[i].fill(small, MEGABYTE / 2);
    recordings[i].fill(large, MEGABYTE);
    measure(small, half);
    measure(large, whole);
    g_print("%-20s", recordings[i].name);
    for (int step = 0; step < N_STEPS; step++)
      g_print("%7.0f (%4.1f)%s", whole[step], whole[step] / MAX(half[step], 0.01), whole[step] > 1000 ? "!" : " ");
    g_print("\n");
  }
  return 0;
}

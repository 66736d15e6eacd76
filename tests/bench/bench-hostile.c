/* SPDX-License-Identifier: MIT */
/* Recordings made to be slow, half a megabyte and a megabyte of each: what every step takes, and by how much more for
 * twice as much. Nothing may take more than a second. */
#include "sight-clip.h"
#include "sight-dom-difference.h"
#include "sight-event-order.h"
#include "sight-event-reader.h"
#include "sight-selector.h"
#include "sight-summary.h"
#include "sight-window-pass.h"

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

/* What a person does, on pages made for it. */

#define DO(source, more) ",{\"type\":3,\"timestamp\":#,\"data\":{\"source\":" #source "," more "}}"
#define CLICK(id) DO(2, "\"type\":2,\"id\":" id ",\"x\":1,\"y\":1")
#define TELL(tag, payload) ",{\"type\":5,\"timestamp\":#,\"data\":{\"tag\":\"" tag "\",\"payload\":" payload "}}"

/* Half of it is an element of `before`, a part again and again, and `after`; then events to the end. */
static void acts_on(GString *out, gsize bytes, const char *before, const char *between, const char *part,
                    const char *after, const char *event) {
  begin(out, "", before);
  repeat(out, bytes / 2, between, part);
  g_string_append_printf(out, "%s" PAGE_END, after);
  repeat(out, bytes, "", event);
  g_string_append(out, "]");
}

static void fill_clicks_attributes(GString *out, gsize bytes) {
  acts_on(out, bytes, "{\"type\":2,\"id\":9,\"tagName\":\"b\",\"attributes\":{", ",", "\"a#\":\"\"", "}}", CLICK("9"));
}

static void fill_clicks_words(GString *out, gsize bytes) {
  acts_on(out, bytes, "{\"type\":2,\"id\":9,\"tagName\":\"b\",\"attributes\":{\"class\":\"", " ", "w#", "\"}}",
          CLICK("9"));
}

static void fill_clicks_id(GString *out, gsize bytes) {
  acts_on(out, bytes, "{\"type\":2,\"id\":9,\"tagName\":\"b\",\"attributes\":{\"id\":\"", "", "x", "\"}}", CLICK("9"));
}

static void fill_clicks_text(GString *out, gsize bytes) {
  acts_on(out, bytes, "{\"type\":2,\"id\":9,\"tagName\":\"b\",\"childNodes\":[", ",", LEAF, "]}", CLICK("9"));
}

static void fill_clicks_siblings(GString *out, gsize bytes) {
  acts_on(out, bytes, NODE_999, "", "," BOX, "", CLICK("%"));
}

/* Levels of 2000 siblings each, a click at the bottom. */
static void fill_clicks_levels(GString *out, gsize bytes) {
  begin(out, "", "");
  for (int level = 0, id = FIRST; level < 6; level++) {
    for (int i = 0; i < 1990; i++)
      g_string_append_printf(out, "{\"type\":2,\"id\":%d,\"tagName\":\"b\"},", id++);
    g_string_append_printf(out, "{\"type\":2,\"id\":%d,\"tagName\":\"b\",\"childNodes\":[", 900 + level);
  }
  g_string_append(out, "]}]}]}]}]}]}" PAGE_END);
  repeat(out, bytes, "", CLICK("905"));
  g_string_append(out, "]");
}

/* A chain of elements, then what is done at its end. */
static void deep(GString *out, gsize bytes, const char *event) {
  begin(out, "", NODE_999);
  g_string_append(out, PAGE_END CHANGE "0,\"adds\":[");
  repeat(out, bytes / 2, ",", "{\"parentId\":%,\"node\":" BOX "}");
  int last = FIRST - 1;
  for (const char *at = out->str + out->len; at > out->str; at--)
    if (g_str_has_prefix(at, "\"id\":")) {
      last = atoi(at + 5);
      break;
    }
  g_string_append(out, "]" CHANGE_END);
  g_auto(GStrv) parts = g_strsplit(event, "BOTTOM", -1);
  g_autofree char *bottom = g_strdup_printf("%d", last), *full = g_strjoinv(bottom, parts);
  repeat(out, bytes, "", full);
  g_string_append(out, "]");
}

static void fill_deep_clicks(GString *out, gsize bytes) {
  deep(out, bytes, CLICK("BOTTOM"));
}

static void fill_deep_presses(GString *out, gsize bytes) {
  deep(out, bytes, DO(2, "\"type\":1,\"id\":BOTTOM") DO(2, "\"type\":0,\"id\":BOTTOM"));
}

static void fill_deep_focus(GString *out, gsize bytes) {
  deep(out, bytes, DO(2, "\"type\":5,\"id\":999") CLICK("BOTTOM"));
}

static void fill_deep_moves(GString *out, gsize bytes) {
  deep(out, bytes, DO(1, "\"positions\":[{\"id\":BOTTOM,\"x\":1,\"y\":1},{\"id\":4,\"x\":1,\"y\":1}]"));
}

static void fill_deep_texts(GString *out, gsize bytes) {
  deep(out, bytes, DO(0, "\"texts\":[{\"id\":BOTTOM,\"value\":\"#\"}]"));
}

static void fill_deep_changes(GString *out, gsize bytes) {
  deep(out, bytes, CLICK("BOTTOM") DO(0, "\"attributes\":[{\"id\":BOTTOM,\"attributes\":{\"class\":\"#\"}}]"));
}

static void fill_deep_forms(GString *out, gsize bytes) {
  deep(out, bytes, TELL("ss:form", "{\"what\":\"focus\",\"field\":{\"id\":BOTTOM}}"));
}

static void fill_deep_inputs(GString *out, gsize bytes) {
  deep(out, bytes, DO(5, "\"id\":BOTTOM,\"text\":\"\",\"isChecked\":false"));
}

static void fill_deep_notices(GString *out, gsize bytes) {
  deep(out, bytes, TELL("ss:notice", "{\"kind\":\"busy\",\"id\":BOTTOM}"));
}

static void told(GString *out, gsize bytes, const char *event) {
  begin(out, "", NODE_999);
  g_string_append(out, PAGE_END);
  repeat(out, bytes, "", event);
  g_string_append(out, "]");
}

static void fill_forms_told(GString *out, gsize bytes) {
  told(out, bytes, TELL("ss:form", "{\"what\":\"change\",\"form\":\"f#\",\"field\":{\"id\":#,\"name\":\"n#\"}}"));
}

static void fill_fields_told(GString *out, gsize bytes) {
  told(out, bytes, TELL("ss:form", "{\"what\":\"change\",\"form\":\"f\",\"field\":{\"id\":#,\"name\":\"n#\"}}"));
}

static void fill_notices(GString *out, gsize bytes) {
  told(out, bytes, TELL("ss:notice", "{\"kind\":\"busy\",\"id\":#,\"in_view\":1,\"what\":\"w#\"}"));
}

static void fill_requests(GString *out, gsize bytes) {
  told(out, bytes, TELL("ss:request", "{\"method\":\"GET\",\"url\":\"/u#\",\"status\":500,\"duration_ms\":9}"));
}

static void fill_errors(GString *out, gsize bytes) {
  told(out, bytes, TELL("ss:error", "{\"message\":\"m#\",\"stack\":\"s#\"}"));
}

static void fill_routes(GString *out, gsize bytes) {
  told(out, bytes, TELL("ss:route", "{\"href\":\"http://a/b#/c\"}"));
}

static void fill_named(GString *out, gsize bytes) {
  told(out, bytes, TELL("ss:event", "{\"name\":\"n#\"}") TELL("ss:identify", "{\"user\":\"u#\"}"));
}

static void fill_console(GString *out, gsize bytes) {
  told(out, bytes, DO(11, "\"level\":\"error\",\"payload\":[\"\\\"e#\\\"\"]"));
}

static void fill_media(GString *out, gsize bytes) {
  told(out, bytes, DO(7, "\"type\":0,\"id\":#"));
}

static void fill_scrolls(GString *out, gsize bytes) {
  told(out, bytes, DO(3, "\"id\":#,\"x\":0,\"y\":#"));
}

static void fill_ranges(GString *out, gsize bytes) {
  list_of(out, bytes, "", "14,\"ranges\":[", "{\"start\":4,\"startOffset\":0,\"end\":4,\"endOffset\":#}");
}

static void fill_clicks_and_changes(GString *out, gsize bytes) {
  acts_on(out, bytes, NODE_999, "", "," BOX, "",
          CLICK("%") DO(0, "\"attributes\":[{\"id\":#,\"attributes\":{\"class\":\"#\"}}]"));
}

static void fill_far_apart(GString *out, gsize bytes) {
  told(out, bytes, ",{\"type\":3,\"timestamp\":#00000000,\"data\":{\"source\":2,\"type\":2,\"id\":4}}");
}

/* Names of one hash, where it is the one that GLib has for strings: "ar" and "c0" weigh the same. */
static void same_hash(GString *out, guint n) {
  for (int bit = 0; bit < 16; bit++)
    g_string_append(out, n >> bit & 1 ? "ar" : "c0");
}

static void fill_same_hash(GString *out, gsize bytes) {
  begin(out, "", "");
  for (guint i = 0; out->len < bytes; i++) {
    g_string_append_printf(out, "%s{\"type\":2,\"id\":%u,\"tagName\":\"", i > 0 ? "," : "", FIRST + i);
    same_hash(out, i);
    g_string_append(out, "\"}");
  }
  g_string_append(out, PAGE_END "]");
}

static void fill_same_hash_styles(GString *out, gsize bytes) {
  begin(out, "", "{\"type\":2,\"id\":9,\"tagName\":\"b\",\"attributes\":{\"style\":\"");
  for (guint i = 0; out->len < bytes - 200; i++) {
    same_hash(out, i);
    g_string_append(out, ":b;");
  }
  g_string_append(out, "\"}}" PAGE_END CHANGE
                       "0,\"attributes\":[{\"id\":9,\"attributes\":{\"style\":{\"c\":\"d\"}}}]" CHANGE_END "]");
}

/* Numbers that fall into one place of a table of 32749 of GLib's, for what is kept by the number of a node. */
static void same_place(GString *out, gsize bytes, const char *before, const char *after) {
  begin(out, "", NODE_999);
  g_string_append(out, PAGE_END);
  for (int i = 1; out->len < bytes; i++)
    g_string_append_printf(out, "%s%d%s", before, i % 40000 * 32749, after);
  g_string_append(out, "]");
}

static void fill_same_place_media(GString *out, gsize bytes) {
  same_place(out, bytes, ",{\"type\":3,\"timestamp\":2000,\"data\":{\"source\":7,\"type\":0,\"id\":", "}}");
}

static void fill_same_place_frames(GString *out, gsize bytes) {
  same_place(out, bytes, CHANGE "0,\"isAttachIframe\":true,\"adds\":[{\"parentId\":",
             ",\"node\":{\"type\":0,\"id\":7}}]" CHANGE_END);
}

static void fill_same_place_sheets(GString *out, gsize bytes) {
  same_place(out, bytes, CHANGE "15,\"id\":1,\"styles\":[{\"styleId\":", ",\"rules\":[]}]" CHANGE_END);
}

static void fill_same_place_texts(GString *out, gsize bytes) {
  same_place(out, bytes, CHANGE "0,\"texts\":[{\"id\":", ",\"value\":\"\"}]" CHANGE_END);
}

static void fill_same_place_adds(GString *out, gsize bytes) {
  begin(out, "", NODE_999);
  g_string_append(out, PAGE_END CHANGE "0,\"adds\":[");
  for (int i = 1; out->len < bytes; i++)
    g_string_append_printf(out, "%s{\"parentId\":%d,\"node\":{\"type\":3,\"id\":%d}}", i > 1 ? "," : "",
                           (i + 1) * 32749, i);
  g_string_append(out, "]" CHANGE_END "]");
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
    {"clicks, attributes", fill_clicks_attributes},
    {"clicks, words", fill_clicks_words},
    {"clicks, long id", fill_clicks_id},
    {"clicks, texts", fill_clicks_text},
    {"clicks, siblings", fill_clicks_siblings},
    {"clicks, levels", fill_clicks_levels},
    {"deep clicks", fill_deep_clicks},
    {"deep presses", fill_deep_presses},
    {"deep focus", fill_deep_focus},
    {"deep moves", fill_deep_moves},
    {"deep texts", fill_deep_texts},
    {"deep changes", fill_deep_changes},
    {"deep forms", fill_deep_forms},
    {"deep inputs", fill_deep_inputs},
    {"deep notices", fill_deep_notices},
    {"forms told", fill_forms_told},
    {"fields told", fill_fields_told},
    {"notices", fill_notices},
    {"requests", fill_requests},
    {"errors", fill_errors},
    {"routes", fill_routes},
    {"events and users", fill_named},
    {"console", fill_console},
    {"media", fill_media},
    {"scrolls", fill_scrolls},
    {"ranges", fill_ranges},
    {"clicks and changes", fill_clicks_and_changes},
    {"years apart", fill_far_apart},
    {"names of a hash", fill_same_hash},
    {"styles of a hash", fill_same_hash_styles},
    {"media of a place", fill_same_place_media},
    {"frames of a place", fill_same_place_frames},
    {"sheets of a place", fill_same_place_sheets},
    {"texts of a place", fill_same_place_texts},
    {"adds of a place", fill_same_place_adds},
};

typedef enum { READ, WRITE, HTML, TEXT, DIFFERENCE, TRACK, CLIP, SELECT, ANALYSE, N_STEPS } Step;
static const char *const steps[N_STEPS] = {"apply", "write", "html",   "text",   "diff",
                                           "track", "clip",  "select", "analyse"};

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

static gboolean pass_event(const SightEvent *event, gint64 at_ms, gpointer user_data, GError **error) {
  sight_window_pass_event(user_data, event, at_ms);
  return TRUE;
}

static void analyse(const GString *events) {
  g_autoptr(SightRuleset) rules = sight_ruleset_new_default();
  g_autoptr(SightAnalysis) analysis = sight_analysis_new();
  g_autoptr(SightFindings) findings = sight_findings_new(rules, analysis);
  g_autoptr(SightWindowPass) pass = sight_window_pass_new(findings, "w");
  g_autoptr(SightEventOrder) order = sight_event_order_new(pass_event, pass, NULL);
  analysis->session = g_new0(SightSession, 1);
  sight_event_order_push(order, events->str, events->len, NULL);
  sight_window_pass_finish(pass);
  sight_summary_complete(findings);
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
  analyse(events);
  ms[ANALYSE] = since_ms(&start);
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

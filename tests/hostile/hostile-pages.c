/* SPDX-License-Identifier: MIT */
/* Pages and what a page changes: each list of those events. */
#include "hostile.h"

static void page_of(GString *out, gsize bytes, const char *part) {
  hostile_begin(out, "", "");
  hostile_repeat(out, bytes, ",", part);
  g_string_append(out, PAGE_END "]");
}

/* A page of `body`, and one event whose list is filled with `part`. */
static void list_of(GString *out, gsize bytes, const char *body, const char *before, const char *part) {
  hostile_begin(out, "{\"type\":2,\"id\":50,\"tagName\":\"style\"}", body);
  g_string_append_printf(out, PAGE_END CHANGE "%s", before);
  hostile_repeat(out, bytes, ",", part);
  g_string_append(out, "]" CHANGE_END "]");
}

/* A page whose body is filled by half, then events to the end. */
static void events_of(GString *out, gsize bytes, const char *node, const char *event) {
  hostile_begin(out, "{\"type\":2,\"id\":50,\"tagName\":\"style\"}", "");
  hostile_repeat(out, bytes / 2, ",", node);
  g_string_append(out, PAGE_END);
  hostile_repeat(out, bytes, "", event);
  g_string_append(out, "]");
}

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
  hostile_begin(out, "", "{\"type\":2,\"id\":9,\"tagName\":\"b\",\"attributes\":{");
  hostile_repeat(out, bytes, ",", "\"a#\":\"\"");
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
  hostile_begin(out, "", "{\"type\":2,\"id\":50,\"tagName\":\"style\",\"attributes\":{\"_cssText\":\"");
  hostile_repeat(out, bytes / 4, "", "a{}");
  g_string_append(out, "\"}}" PAGE_END);
  hostile_repeat(out, bytes, "", CHANGE "8,\"id\":50,\"removes\":[{\"index\":0}]" CHANGE_END);
  g_string_append(out, "]");
}

static void fill_declarations(GString *out, gsize bytes) {
  hostile_begin(out, "", "{\"type\":2,\"id\":50,\"tagName\":\"style\",\"attributes\":{\"_cssText\":\"@media x{");
  hostile_repeat(out, bytes / 3, "", "a{b:c}");
  g_string_append(out, "}\"}}" PAGE_END);
  hostile_repeat(out, bytes, "",
                 CHANGE "13,\"id\":50,\"index\":[0,7],\"set\":{\"property\":\"p#\",\"value\":\"v\"}" CHANGE_END);
  g_string_append(out, "]");
}

static void fill_adopted(GString *out, gsize bytes) {
  hostile_begin(out, "", "");
  g_string_append(out, PAGE_END CHANGE "15,\"id\":1,\"styleIds\":[1],\"styles\":[");
  hostile_repeat(out, bytes / 2, ",", "{\"styleId\":#,\"rules\":[{\"rule\":\"a{}\"}]}");
  g_string_append(out, "]" CHANGE_END);
  hostile_repeat(out, bytes, "", CHANGE "15,\"id\":1,\"styleIds\":[1,#,1000,1001,1002]" CHANGE_END);
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
  hostile_begin(out, "",
                "{\"type\":2,\"id\":8,\"tagName\":\"i\"},{\"type\":2,\"id\":9,\"tagName\":\"i\",\"childNodes\":[");
  hostile_repeat(out, bytes / 2, ",", BOX);
  g_string_append(out, "]}" PAGE_END);
  hostile_repeat(
      out, bytes, "",
      CHANGE "0,\"removes\":[{\"id\":9,\"parentId\":4}],\"adds\":[{\"parentId\":4,\"nextId\":8,\"node\":{\"type\":2,"
             "\"id\":9,\"tagName\":\"i\"}}]" CHANGE_END);
  g_string_append(out, "]");
}

/* Every child goes to the front of all others: the page is turned round. */
static void fill_reversed(GString *out, gsize bytes) {
  hostile_begin(out, "", "");
  int n = hostile_repeat(out, bytes / 3, ",", BOX);
  g_string_append(out, PAGE_END CHANGE "0,\"adds\":[");
  for (int i = 1; i < n; i++)
    g_string_append_printf(out, "%s{\"parentId\":4,\"nextId\":%d,\"node\":{\"type\":2,\"id\":%d,\"tagName\":\"b\"}}",
                           i > 1 ? "," : "", FIRST + i - 1, FIRST + i);
  g_string_append(out, "]" CHANGE_END "]");
}

/* The same page under new ids. */
static void fill_rendered_anew(GString *out, gsize bytes) {
  hostile_begin(out, "", "{\"type\":2,\"id\":9,\"tagName\":\"p\",\"childNodes\":[");
  int n = hostile_repeat(out, bytes / 3, ",", BOX);
  g_string_append(out, "]}" PAGE_END CHANGE "0,\"removes\":[{\"id\":9,\"parentId\":4}],\"adds\":[{\"parentId\":4,"
                       "\"node\":{\"type\":2,\"id\":10,\"tagName\":\"p\"}}");
  for (int i = 0; i < n; i++)
    g_string_append_printf(out, ",{\"parentId\":10,\"node\":{\"type\":2,\"id\":%d,\"tagName\":\"%s\"}}", 900000 + i,
                           i % 2 ? "b" : "i");
  g_string_append(out, "]" CHANGE_END "]");
}

static void fill_snapshots(GString *out, gsize bytes) {
  hostile_begin(out, "", "");
  g_string_append(out, PAGE_END);
  hostile_repeat(
      out, bytes, "",
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
  hostile_repeat(out, bytes * 2 / 3, "", FRAME_DOCUMENT);
  GString *page = g_string_new(NULL);
  hostile_begin(page, "", "");
  hostile_repeat(page, bytes / 3, ",", "{\"type\":2,\"id\":#,\"tagName\":\"iframe\"}");
  g_string_append_printf(out, ",%s" PAGE_END "]", page->str + 1);
  g_string_free(page, TRUE);
}

static void fill_options(GString *out, gsize bytes) {
  hostile_begin(out, "", "{\"type\":2,\"id\":9,\"tagName\":\"select\",\"attributes\":{\"value\":\"a\"}}");
  g_string_append(out, PAGE_END CHANGE "5,\"id\":9,\"text\":\"a\",\"isChecked\":false}}" CHANGE "0,\"adds\":[");
  int deep = (int)MIN(bytes / 200, 5000);
  for (int i = 0; i < deep; i++)
    g_string_append_printf(out, "{\"parentId\":%d,\"node\":{\"type\":2,\"id\":%d,\"tagName\":\"optgroup\"}},",
                           i > 0 ? 900000 + i : 9, 900001 + i);
  g_autofree char *option = g_strdup_printf(
      "{\"parentId\":%d,\"node\":{\"type\":2,\"id\":#,\"tagName\":\"option\",\"attributes\":{\"value\":\"a\"}}}",
      900000 + deep);
  hostile_repeat(out, bytes, ",", option);
  g_string_append(out, "]" CHANGE_END "]");
}

static void fill_hosts(GString *out, gsize bytes) {
  page_of(out, bytes,
          "{\"type\":2,\"id\":#,\"tagName\":\"b\",\"isShadowHost\":true,\"childNodes\":[{\"type\":3,\"id\":9#,"
          "\"isShadow\":true,\"textContent\":\"\"}]}");
}

static void fill_texts(GString *out, gsize bytes) {
  hostile_begin(out, "{\"type\":2,\"id\":50,\"tagName\":\"style\",\"childNodes\":[{\"type\":3,\"id\":51}]}", "");
  g_string_append(out, PAGE_END CHANGE "0,\"texts\":[");
  hostile_repeat(out, bytes, ",", "{\"id\":51,\"value\":\"a{b:c}@media x{d{e:f}}\"}");
  g_string_append(out, "]" CHANGE_END "]");
}

static void fill_inputs(GString *out, gsize bytes) {
  events_of(out, bytes,
            "{\"type\":2,\"id\":#,\"tagName\":\"input\",\"attributes\":{\"type\":\"radio\",\"name\":\"a\"}}",
            CHANGE "5,\"id\":#,\"text\":\"\",\"isChecked\":true" CHANGE_END);
}

static void fill_marks(GString *out, gsize bytes) {
  hostile_begin(out, "", "{\"type\":2,\"id\":50,\"tagName\":\"style\",\"attributes\":{\"_cssText\":\"");
  hostile_repeat(out, bytes, "", "'\\\\\\\\/* rr_split */url(");
  g_string_append(out, "\"}}" PAGE_END "]");
}

static void fill_ranges(GString *out, gsize bytes) {
  list_of(out, bytes, "", "14,\"ranges\":[", "{\"start\":4,\"startOffset\":0,\"end\":4,\"endOffset\":#}");
}

const HostileList hostile_pages[] = {
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
    {"ranges", fill_ranges},
    {NULL, NULL},
};

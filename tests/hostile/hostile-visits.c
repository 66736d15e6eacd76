/* SPDX-License-Identifier: MIT */
/* Lists of which one makes another slow, the windows of a visit, and what is said of it. */
#include "hostile.h"

/* A page whose body is filled by half, one event, then others to the end. */
static void visit_of(GString *out, gsize bytes, const char *node, const char *first, const char *event) {
  hostile_begin(out, "", "");
  hostile_repeat(out, bytes / 2, ",", node);
  g_string_append_printf(out, PAGE_END "%s", first);
  hostile_repeat(out, bytes, "", event);
  g_string_append(out, "]");
}

#define WORDS                                                                                                          \
  "{\"type\":2,\"id\":#,\"tagName\":\"p\",\"childNodes\":[{\"type\":3,\"id\":9#,\"textContent\":\"word w#\"}]}"
#define CLICKED ",{\"type\":3,\"timestamp\":1001,\"data\":{\"source\":2,\"type\":2,\"id\":4,\"x\":1,\"y\":1}}"

/* Is this the answer to the click? All that there is may have changed. */
static void fill_asked(GString *out, gsize bytes) {
  visit_of(out, bytes,
           "{\"type\":2,\"id\":#,\"tagName\":\"b\",\"attributes\":{\"class\":\"one two three four five six seven eight "
           "nine ten eleven twelve thirteen fourteen\",\"style\":\"color:red;width:9px;height:9px\"}}",
           CLICKED,
           DO(0, "\"removes\":[],\"adds\":[{\"parentId\":4,\"node\":{\"type\":3,\"id\":9,\"textContent\":\"#\"}}]"));
}

/* The same with one element whose attributes are long. */
static void fill_asked_long(GString *out, gsize bytes) {
  hostile_begin(out, "", "{\"type\":2,\"id\":999,\"tagName\":\"b\",\"attributes\":{\"x\":\"\"");
  for (int i = 0; i < 60; i++)
    g_string_append_printf(out, ",\"a%d\":\"%01000d\"", i, i);
  g_string_append(out, "}}" PAGE_END CLICKED);
  hostile_repeat(out, bytes, "", DO(0, "\"attributes\":[{\"id\":999,\"attributes\":{\"x\":\"#\"}}]"));
  g_string_append(out, "]");
}

static void fill_hiding(GString *out, gsize bytes) {
  visit_of(out, bytes, WORDS, "", LATER(0, "\"attributes\":[{\"id\":4,\"attributes\":{\"style\":\"display:#\"}}]"));
}

static void fill_texts_of_block(GString *out, gsize bytes) {
  visit_of(out, bytes, LEAF, "", LATER(0, "\"texts\":[{\"id\":1000,\"value\":\"w#\"}]"));
}

static void fill_words_of_block(GString *out, gsize bytes) {
  visit_of(out, bytes, "{\"type\":3,\"id\":#,\"textContent\":\"w# \"}", "",
           LATER(0, "\"texts\":[{\"id\":1000,\"value\":\"w#\"},{\"id\":#,\"value\":\"x\"}]"));
}

/* One element of which much is said, and changes of it or below it. */
static void below_of(GString *out, gsize bytes, const char *before, const char *part, const char *after,
                     const char *event) {
  hostile_begin(out, "", before);
  hostile_repeat(out, bytes / 2, "", part);
  g_string_append_printf(out, "%s" PAGE_END, after);
  hostile_repeat(out, bytes, "", event);
  g_string_append(out, "]");
}
#define BUTTON "{\"type\":2,\"id\":9,\"tagName\":\"button\",\"attributes\":{"
#define TEXT_8 "},\"childNodes\":[{\"type\":3,\"id\":8,\"textContent\":\"t\"}]}"

static void fill_states_of_classes(GString *out, gsize bytes) {
  below_of(out, bytes, BUTTON "\"class\":\"", "w9#9 ", "\"" TEXT_8,
           LATER(0, "\"attributes\":[{\"id\":9,\"attributes\":{\"disabled\":\"#\"}}]"));
}

static void fill_states_of_attributes(GString *out, gsize bytes) {
  below_of(out, bytes, BUTTON "\"id\":\"a\"", ",\"a#\":\"\"", TEXT_8,
           LATER(0, "\"attributes\":[{\"id\":9,\"attributes\":{\"disabled\":\"#\"}}]"));
}

static void fill_below_attributes(GString *out, gsize bytes) {
  below_of(out, bytes, BUTTON "\"id\":\"a\"", ",\"a#\":\"\"", TEXT_8,
           LATER(0, "\"texts\":[{\"id\":8,\"value\":\"w#\"}]"));
}

static void fill_below_style(GString *out, gsize bytes) {
  below_of(out, bytes, BUTTON "\"style\":\"", "display :x;", "\"" TEXT_8,
           LATER(0, "\"texts\":[{\"id\":8,\"value\":\"w#\"}]"));
}

static void fill_put_elsewhere(GString *out, gsize bytes) {
  hostile_begin(out, "", "{\"type\":2,\"id\":9,\"tagName\":\"div\",\"childNodes\":[");
  hostile_repeat(out, bytes / 2, ",", WORDS);
  g_string_append(out, "]}" PAGE_END);
  hostile_repeat(
      out, bytes, "",
      LATER(0, "\"removes\":[{\"id\":9,\"parentId\":4}],\"adds\":[{\"parentId\":4,\"node\":{\"type\":2,\"id\":9,"
               "\"tagName\":\"div\"}}]"));
  g_string_append(out, "]");
}

static void fill_routes_of_words(GString *out, gsize bytes) {
  visit_of(out, bytes, WORDS, "",
           ",{\"type\":5,\"timestamp\":~,\"data\":{\"tag\":\"ss:route\",\"payload\":{\"href\":\"http://a/b#/c\"}}}");
}

static void fill_routes_and_words(GString *out, gsize bytes) {
  visit_of(out, bytes, LEAF, "",
           ",{\"type\":5,\"timestamp\":~,\"data\":{\"tag\":\"ss:route\",\"payload\":{\"href\":\"http://a/#\"}}}" LATER(
               0, "\"texts\":[{\"id\":1000,\"value\":\"w#\"}]"));
}

/* Everything is taken away once, and said to be so again and again. */
static void fill_removed_again(GString *out, gsize bytes) {
  hostile_begin(out, "", "");
  hostile_repeat(out, bytes / 2, ",", BOX);
  g_string_append(out, PAGE_END CHANGE "0,\"removes\":[");
  hostile_repeat(out, bytes, ",", "{\"parentId\":2,\"id\":4}");
  g_string_append(out, "]" CHANGE_END "]");
}

/* All that stands may have changed, and at once the page is left. */
static void fill_left_changed(GString *out, gsize bytes) {
  visit_of(
      out, bytes, WORDS, "",
      DO(0, "\"attributes\":[{\"id\":4,\"attributes\":{\"hidden\":\"\"}}]") ",{\"type\":4,\"timestamp\":#,\"data\":{"
                                                                            "\"href\":\"http://a/#\"}}");
}

static void fill_fragments(GString *out, gsize bytes) {
  visit_of(out, bytes, BOX, "", TELL("ss:route", "{\"href\":\"http://a/b\\u0023w#\"}"));
}

/* Fields at the bottom of a page as deep as it gets, and nodes that go. */
static void fill_deep_fields(GString *out, gsize bytes) {
  hostile_begin(out, "", NODE_999);
  g_string_append(out, PAGE_END CHANGE "0,\"adds\":[");
  int n = hostile_repeat(out, bytes / 2, ",", "{\"parentId\":%,\"node\":" BOX "}");
  for (int i = 0; i < 64; i++)
    g_string_append_printf(out, ",{\"parentId\":%d,\"node\":{\"type\":2,\"id\":%d,\"tagName\":\"textarea\"}}",
                           FIRST + n - 1, 900000 + i);
  g_string_append(out, "]" CHANGE_END);
  for (int i = 0; i < 64; i++)
    g_string_append_printf(out, CHANGE "5,\"id\":%d,\"text\":\"x\",\"isChecked\":false" CHANGE_END, 900000 + i);
  while (out->len < bytes) {
    g_string_append(out, CHANGE "0,\"removes\":[");
    hostile_repeat(out, out->len + 5000, ",", "{\"id\":9}");
    g_string_append(out, "]" CHANGE_END);
  }
  g_string_append(out, "]");
}

static void fill_described(GString *out, gsize bytes) {
  visit_of(
      out, bytes, "{\"type\":2,\"id\":#,\"tagName\":\"input\",\"attributes\":{\"aria-describedby\":\"d#\"}}",
      ",{\"type\":5,\"timestamp\":1000,\"data\":{\"tag\":\"ss:form\",\"payload\":{\"what\":\"focus\",\"form\":\"f\","
      "\"field\":{\"id\":1000,\"name\":\"n\"}}}}",
      TELL("ss:notice", "{\"kind\":\"invalid\",\"id\":#,\"in_view\":1,\"what\":\"shown\"}"));
}

static void fill_labels(GString *out, gsize bytes) {
  visit_of(out, bytes, "{\"type\":2,\"id\":#,\"tagName\":\"label\",\"attributes\":{\"for\":\"f#\"}}", "",
           CLICK("#") TELL("ss:form", "{\"what\":\"focus\",\"form\":\"f\",\"field\":{\"id\":#}}"));
}

static void fill_labelled(GString *out, gsize bytes) {
  visit_of(out, bytes,
           "{\"type\":2,\"id\":#,\"tagName\":\"input\",\"attributes\":{\"aria-labelledby\":\"a b c d e f g h\",\"id\":"
           "\"i#\"}}",
           "", CLICK("#") DO(5, "\"id\":#,\"text\":\"x\",\"isChecked\":false"));
}

/* A mouse thrown about, told in long lists. */
static void fill_positions(GString *out, gsize bytes) {
  hostile_begin(out, "", "");
  g_string_append(out, PAGE_END CHANGE "1,\"positions\":[");
  for (int i = 0; out->len < bytes; i++)
    g_string_append_printf(out, "%s{\"x\":%d,\"y\":0,\"id\":4,\"timeOffset\":%d}", i > 0 ? "," : "", i % 2 * 90, i);
  g_string_append(out, "]" CHANGE_END "]");
}

/* A payload of one event, filled with a part. */
static void told_of(GString *out, gsize bytes, const char *before, const char *part, const char *after) {
  hostile_begin(out, "", "");
  g_string_append_printf(out, PAGE_END "%s", before);
  hostile_repeat(out, bytes, ",", part);
  g_string_append_printf(out, "%s]", after);
}
#define TOLD(tag) ",{\"type\":5,\"timestamp\":2000,\"data\":{\"tag\":\"" tag "\",\"payload\":"

static void fill_addresses(GString *out, gsize bytes) {
  told_of(out, bytes, TOLD("ss:assets") "{", "\"http://a/#\":0", "}}}");
}

static void fill_traits(GString *out, gsize bytes) {
  told_of(out, bytes, TOLD("ss:identify") "{\"user\":\"u\",\"traits\":{", "\"t#\":\"v#\"", "}}}}");
}

static void fill_properties(GString *out, gsize bytes) {
  told_of(out, bytes, TOLD("ss:event") "{\"name\":\"n\",\"properties\":{", "\"t#\":#", "}}}}");
}

static void fill_variants(GString *out, gsize bytes) {
  told_of(out, bytes, TOLD("ss:context") "{\"variants\":{", "\"t#\":\"v#\"", "}}}}");
}

static void fill_stack(GString *out, gsize bytes) {
  told_of(out, bytes, TOLD("ss:error") "{\"message\":\"m\",\"stack\":\"",
          "at f (chrome-extension://a/b:#:1)\\n    at g (http://c/d.js:#:2)\\n", "\"}}}");
}

static void fill_arguments(GString *out, gsize bytes) {
  told_of(out, bytes,
          ",{\"type\":6,\"timestamp\":2000,\"data\":{\"plugin\":\"rrweb/console@1\",\"payload\":{\"level\":\"error\","
          "\"payload\":[",
          "\"\\\"a#\\\"\"", "]}}}");
}

static void fill_frames_of_call(GString *out, gsize bytes) {
  told_of(out, bytes,
          ",{\"type\":6,\"timestamp\":2000,\"data\":{\"plugin\":\"rrweb/console@1\",\"payload\":{\"level\":\"error\","
          "\"trace\":[",
          "\"f# (http://a/b.js:#:1)\"", "]}}}");
}

static void fill_network(GString *out, gsize bytes) {
  told_of(out, bytes,
          ",{\"type\":6,\"timestamp\":2000,\"data\":{\"plugin\":\"rrweb/network@1\",\"payload\":{\"requests\":[",
          "{\"name\":\"http://a/b#?c=#\",\"method\":\"GET\",\"status\":500,\"startTime\":1,\"endTime\":9,"
          "\"requestHeaders\":{\"a\":\"b\"}}",
          "]}}}");
}

static void fill_commands(GString *out, gsize bytes) {
  hostile_begin(out, "", "{\"type\":2,\"id\":9,\"tagName\":\"canvas\"}");
  g_string_append(out, PAGE_END CHANGE "9,\"id\":9,\"type\":0,\"commands\":[");
  hostile_repeat(out, bytes, ",", "{\"property\":\"fillRect\",\"args\":[#,0,9,9]}");
  g_string_append(out, "]" CHANGE_END "]");
}

/* What nothing answers, and clicks of which much is said. */
static void fill_dead_and_events(GString *out, gsize bytes) {
  hostile_begin(out, "", "");
  hostile_repeat(out, bytes / 4, ",", "{\"type\":2,\"id\":#,\"tagName\":\"button\"}");
  g_string_append(out, PAGE_END);
  hostile_repeat(out, bytes / 2, "", LATER(2, "\"type\":2,\"id\":#,\"x\":1,\"y\":1"));
  hostile_repeat(
      out, bytes, "",
      ",{\"type\":5,\"timestamp\":~,\"data\":{\"tag\":\"ss:event\",\"payload\":{\"name\":\"n#\",\"properties\":{"
      "\"a\":1,\"b\":2,\"c\":3,\"d\":4}}}}");
  g_string_append(out, "]");
}

static void fill_rage(GString *out, gsize bytes) {
  visit_of(out, bytes, "{\"type\":2,\"id\":#,\"tagName\":\"button\"}", "",
           DO(2, "\"type\":2,\"id\":#,\"x\":1,\"y\":1") DO(2, "\"type\":2,\"id\":#,\"x\":1,\"y\":1")
               DO(2, "\"type\":2,\"id\":#,\"x\":1,\"y\":1"));
}

/* Escapes, of which each may stand for what people search for. */
static void fill_escapes(GString *out, gsize bytes) {
  told_of(out, bytes, TOLD("ss:event") "{\"name\":\"", "\\u0041\\ud83d\\ude00\\u0000", "\"}}}");
}

/* Windows. */

static void begin_window(GString *out, int window) {
  g_string_append_printf(
      out, "%s[{\"type\":4,\"timestamp\":%d,\"data\":{\"href\":\"http://a/%d\",\"width\":9,\"height\":9}}",
      window > 0 ? "\n" : "", 1000 + window, window);
}

static void fill_windows(GString *out, gsize bytes) {
  for (int i = 0; out->len < bytes; i++) {
    begin_window(out, i);
    g_string_append_c(out, ']');
  }
}

/* As many as count, with so many moments that each has as many as there is room for. */
static void in_windows(GString *out, gsize bytes, int n_windows, const char *event) {
  gsize begun = out->len;
  for (int i = 0; i < n_windows; i++) {
    begin_window(out, i);
    hostile_repeat(out, begun + bytes / (gsize)n_windows * (gsize)(i + 1), "", event);
    g_string_append_c(out, ']');
  }
}

static void fill_two_windows(GString *out, gsize bytes) {
  in_windows(out, bytes, 2,
             ",{\"type\":5,\"timestamp\":~,\"data\":{\"tag\":\"ss:route\",\"payload\":{\"href\":\"http://a/#\"}}}"
             ",{\"type\":5,\"timestamp\":~,\"data\":{\"tag\":\"ss:visibility\",\"payload\":{\"hidden\":false}}}");
}

/* Each is used a millisecond after the other. */
static void fill_turns(GString *out, gsize bytes) {
  in_windows(out, bytes / 2, 1,
             ",{\"type\":5,\"timestamp\":~,\"data\":{\"tag\":\"ss:route\",\"payload\":{\"href\":\"http://a/#\"}}}");
  g_string_append(out, "\n[{\"type\":4,\"timestamp\":1000,\"data\":{\"href\":\"http://a/b\"}}");
  for (int i = 0; out->len < bytes; i++)
    g_string_append_printf(
        out, ",{\"type\":5,\"timestamp\":%d,\"data\":{\"tag\":\"ss:visibility\",\"payload\":{\"hidden\":%s}}}",
        600001 + i * 300, i % 2 ? "false" : "true");
  g_string_append_c(out, ']');
}

static void fill_hidden_windows(GString *out, gsize bytes) {
  in_windows(out, bytes, 256,
             ",{\"type\":5,\"timestamp\":~,\"data\":{\"tag\":\"ss:visibility\",\"payload\":{\"hidden\":true}}}");
}

static void fill_media_of_windows(GString *out, gsize bytes) {
  in_windows(out, bytes, 256, LATER(7, "\"type\":0,\"id\":#"));
}

const HostileList hostile_visits[] = {
    {"asked", fill_asked},
    {"asked, long values", fill_asked_long},
    {"hidden and shown", fill_hiding},
    {"texts of a block", fill_texts_of_block},
    {"words of a block", fill_words_of_block},
    {"states, classes", fill_states_of_classes},
    {"states, attributes", fill_states_of_attributes},
    {"below attributes", fill_below_attributes},
    {"below a style", fill_below_style},
    {"put elsewhere", fill_put_elsewhere},
    {"routes of words", fill_routes_of_words},
    {"routes and words", fill_routes_and_words},
    {"fragments", fill_fragments},
    {"deep fields", fill_deep_fields},
    {"descriptions", fill_described},
    {"labels", fill_labels},
    {"labelled", fill_labelled},
    {"positions", fill_positions},
    {"addresses", fill_addresses},
    {"traits", fill_traits},
    {"properties", fill_properties},
    {"variants", fill_variants},
    {"a stack", fill_stack},
    {"arguments", fill_arguments},
    {"frames of a call", fill_frames_of_call},
    {"network", fill_network},
    {"canvas commands", fill_commands},
    {"dead, and events", fill_dead_and_events},
    {"rage", fill_rage},
    {"escapes", fill_escapes},
    {"windows", fill_windows},
    {"two windows", fill_two_windows},
    {"turns of windows", fill_turns},
    {"hidden windows", fill_hidden_windows},
    {"media of windows", fill_media_of_windows},
    {NULL, NULL},
};

/* Fields whose label may be any element of the page. */
static void fill_typed_fields(GString *out, gsize bytes) {
  hostile_begin(out, "", "");
  int n = hostile_repeat(out, out->len + bytes / 2, ",",
                         "{\"type\":2,\"id\":#,\"tagName\":\"input\",\"attributes\":{\"id\":\"f#\"}}");
  g_string_append(out, PAGE_END);
  for (int i = 0; out->len < bytes; i++)
    g_string_append_printf(out,
                           ",{\"type\":3,\"timestamp\":%d,\"data\":{\"source\":5,\"id\":%d,\"text\":\"Lovelace\"}}",
                           2000 + i, FIRST + i % n);
  g_string_append(out, "]");
}

const HostileList hostile_large[] = {
    {"typed fields", fill_typed_fields},
    {"removed again", fill_removed_again},
    {"left when changed", fill_left_changed},
    {NULL, NULL},
};

/* Annotations. */

static void annotations_of(GString *out, gsize bytes, const char *body) {
  g_autofree char *part = g_strdup_printf("{\"id\":\"t#\",\"session\":\"s\",\"kind\":\"tag\",\"at\":#,\"body\":\"%s\","
                                          "\"author\":\"a\",\"created_at\":#,\"updated_at\":#}",
                                          body);
  hostile_repeat(out, bytes, "\n", part);
}

static void fill_tags(GString *out, gsize bytes) {
  annotations_of(out, bytes, "x");
}

static void fill_worded_tags(GString *out, gsize bytes) {
  annotations_of(out, bytes, "w#");
}

static void fill_long_tags(GString *out, gsize bytes) {
  g_autofree char *words = g_strnfill(20000, ' ');
  for (gsize i = 0; i < 20000; i += 2)
    words[i] = (char)('a' + i / 2 % 26);
  annotations_of(out, bytes, words);
}

/* One, again and again. */
static void fill_versions(GString *out, gsize bytes) {
  hostile_repeat(
      out, bytes, "\n",
      "{\"id\":\"t\",\"session\":\"s\",\"kind\":\"tag\",\"at\":#,\"body\":\"w#\",\"author\":\"a\",\"created_at\":"
      "#,\"updated_at\":#}");
}

static void fill_settings(GString *out, gsize bytes) {
  hostile_repeat(out, bytes, "\n",
                 "{\"id\":\"settings\",\"kind\":\"settings\",\"body\":\"{}\",\"author\":\"a\",\"created_at\":#,"
                 "\"updated_at\":#}");
}

const HostileList hostile_annotations[] = {
    {"tags", fill_tags},         {"words of tags", fill_worded_tags}, {"long tags", fill_long_tags},
    {"versions", fill_versions}, {"settings", fill_settings},         {NULL, NULL},
};

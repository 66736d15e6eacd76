/* SPDX-License-Identifier: MIT */
/* What a person does, on pages made for it, and what recorders tell. */
#include "hostile.h"

#include <stdlib.h>

/* Half of it is an element of `before`, a part again and again, and `after`; then events to the end. */
static void acts_on(GString *out, gsize bytes, const char *before, const char *between, const char *part,
                    const char *after, const char *event) {
  hostile_begin(out, "", before);
  hostile_repeat(out, bytes / 2, between, part);
  g_string_append_printf(out, "%s" PAGE_END, after);
  hostile_repeat(out, bytes, "", event);
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
  hostile_begin(out, "", "");
  for (int level = 0, id = FIRST; level < 6; level++) {
    for (int i = 0; i < 1990; i++)
      g_string_append_printf(out, "{\"type\":2,\"id\":%d,\"tagName\":\"b\"},", id++);
    g_string_append_printf(out, "{\"type\":2,\"id\":%d,\"tagName\":\"b\",\"childNodes\":[", 900 + level);
  }
  g_string_append(out, "]}]}]}]}]}]}" PAGE_END);
  hostile_repeat(out, bytes, "", CLICK("905"));
  g_string_append(out, "]");
}

/* A chain of elements, then what is done at its end. */
static void deep(GString *out, gsize bytes, const char *event) {
  hostile_begin(out, "", NODE_999);
  g_string_append(out, PAGE_END CHANGE "0,\"adds\":[");
  hostile_repeat(out, bytes / 2, ",", "{\"parentId\":%,\"node\":" BOX "}");
  int last = FIRST - 1;
  for (const char *at = out->str + out->len; at > out->str; at--)
    if (g_str_has_prefix(at, "\"id\":")) {
      last = atoi(at + 5);
      break;
    }
  g_string_append(out, "]" CHANGE_END);
  g_auto(GStrv) parts = g_strsplit(event, "BOTTOM", -1);
  g_autofree char *bottom = g_strdup_printf("%d", last), *full = g_strjoinv(bottom, parts);
  hostile_repeat(out, bytes, "", full);
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
  hostile_begin(out, "", NODE_999);
  g_string_append(out, PAGE_END);
  hostile_repeat(out, bytes, "", event);
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
  hostile_begin(out, "", "");
  for (guint i = 0; out->len < bytes; i++) {
    g_string_append_printf(out, "%s{\"type\":2,\"id\":%u,\"tagName\":\"", i > 0 ? "," : "", FIRST + i);
    same_hash(out, i);
    g_string_append(out, "\"}");
  }
  g_string_append(out, PAGE_END "]");
}

static void fill_same_hash_styles(GString *out, gsize bytes) {
  hostile_begin(out, "", "{\"type\":2,\"id\":9,\"tagName\":\"b\",\"attributes\":{\"style\":\"");
  for (guint i = 0; out->len < bytes - 200; i++) {
    same_hash(out, i);
    g_string_append(out, ":b;");
  }
  g_string_append(out, "\"}}" PAGE_END CHANGE
                       "0,\"attributes\":[{\"id\":9,\"attributes\":{\"style\":{\"c\":\"d\"}}}]" CHANGE_END "]");
}

/* Numbers that fall into one place of a table of 32749 of GLib's, for what is kept by the number of a node. */
static void same_place(GString *out, gsize bytes, const char *before, const char *after) {
  hostile_begin(out, "", NODE_999);
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
  hostile_begin(out, "", NODE_999);
  g_string_append(out, PAGE_END CHANGE "0,\"adds\":[");
  for (int i = 1; out->len < bytes; i++)
    g_string_append_printf(out, "%s{\"parentId\":%d,\"node\":{\"type\":3,\"id\":%d}}", i > 1 ? "," : "",
                           (i + 1) * 32749, i);
  g_string_append(out, "]" CHANGE_END "]");
}

const HostileList hostile_acts[] = {
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
    {"clicks and changes", fill_clicks_and_changes},
    {"years apart", fill_far_apart},
    {"names of a hash", fill_same_hash},
    {"styles of a hash", fill_same_hash_styles},
    {"media of a place", fill_same_place_media},
    {"frames of a place", fill_same_place_frames},
    {"sheets of a place", fill_same_place_sheets},
    {"texts of a place", fill_same_place_texts},
    {"adds of a place", fill_same_place_adds},
    {NULL, NULL},
};

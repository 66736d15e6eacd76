/* SPDX-License-Identifier: MIT */
/* What is said of an element that was picked. */
#include "sight-event-reader.h"
#include "sight-ui-element.h"

#include <gio/gio.h>

#define NODE(id, tag, attributes, children)                                                                            \
  "{\"type\":2,\"id\":" #id ",\"tagName\":\"" tag "\",\"attributes\":{" attributes "},\"childNodes\":[" children "]}"
#define TEXT(id, text) "{\"type\":3,\"id\":" #id ",\"textContent\":\"" text "\"}"
#define PAGE(time, children)                                                                                           \
  "{\"type\":2,\"timestamp\":" #time ",\"data\":{\"initialOffset\":{\"left\":0,\"top\":0},\"node\":{\"type\":0,"       \
  "\"id\":1,\"childNodes\":[" NODE(2, "html", "", NODE(3, "body", "", children)) "]}}}"
#define CLICK(time, id)                                                                                                \
  "{\"type\":3,\"timestamp\":" #time ",\"data\":{\"source\":2,\"type\":2,\"id\":" #id ",\"x\":1,\"y\":1}}"
#define META(time, path)                                                                                               \
  "{\"type\":4,\"timestamp\":" #time ",\"data\":{\"href\":\"https://x.example/" path "\",\"width\":800,\"height\":"    \
  "600}}"
#define BUY NODE(5, "button", "\"id\":\"buy\",\"class\":\"big\",\"disabled\":true", NODE(6, "span", "", TEXT(7, "Buy")))

/* The button comes at 2 s, goes at 3 s and comes again at 4 s; a snapshot at 5 s changes nothing. At 8 s another page
 * has it under another id. */
static const char shop[] = "[" META(1000, "") "," PAGE(
    1000,
    "") ",{\"type\":3,\"timestamp\":2000,\"data\":{\"source\":0,\"texts\":[],"
        "\"attributes\":[],\"removes\":[],\"adds\":[{\"parentId\":3,\"nextId\":null,\"node\":" BUY "}]}}," CLICK(
            2500,
            5) ",{\"type\":3,\"timestamp\":3000,\"data\":{\"source\":0,\"texts\":[],\"attributes\":[],\"adds\":[],"
               "\"removes\":[{\"parentId\":3,\"id\":5}]}},{\"type\":3,\"timestamp\":4000,\"data\":{\"source\":0,"
               "\"texts\":[],"
               "\"attributes\":[],\"removes\":[],\"adds\":[{\"parentId\":3,\"nextId\":null,\"node\":" BUY
               "}]}}," META(5000, "") "," PAGE(5000, BUY) "," CLICK(6000, 5) "," CLICK(6500, 3) "," META(
                   8000, "next") "," PAGE(8000, NODE(4, "p", "", "") "," NODE(9, "button", "\"id\":\"buy\"",
                                                                              "")) "," CLICK(9000, 9) "," CLICK(9500,
                                                                                                                4) "]";

typedef struct {
  GPtrArray *recording;
  const char *window;
} Adding;

static gboolean add(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  Adding *adding = user_data;
  sight_recording_add(adding->recording, adding->window, event);
  return TRUE;
}

static SightUiReel *make_reel(void) {
  static const char other[] = "[" META(6900, "b") "," PAGE(6900, BUY) "," CLICK(7000, 7) "]";
  g_autoptr(GPtrArray) recording = sight_recording_new();
  sight_event_read_bytes(shop, strlen(shop), &sight_reader_default_limits, add, &(Adding){recording, "a"}, NULL, NULL);
  sight_event_read_bytes(other, strlen(other), &sight_reader_default_limits, add, &(Adding){recording, "b"}, NULL,
                         NULL);
  sight_recording_finish(recording);
  return sight_ui_reel_new(recording, NULL);
}

static void test_read(void) {
  static const gint64 clicks[] = {2500, 6000, 7000, 9000};
  g_autoptr(SightUiReel) reel = make_reel();
  g_autoptr(GError) error = NULL;
  guint window = (guint)sight_ui_reel_find(reel, "a");
  g_autoptr(SightUiElement) element = sight_ui_element_read(reel, window, 6100, 5, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(element->tag, ==, "button");
  g_assert_cmpstr(element->selector, ==, "#buy");
  g_assert_cmpstr(element->text, ==, "Buy");
  g_assert_cmpint(element->since_ms, ==, 4000);
  g_assert_cmpuint(element->clicks->len, ==, G_N_ELEMENTS(clicks));
  for (guint i = 0; i < G_N_ELEMENTS(clicks); i++)
    g_assert_cmpint(g_array_index(element->clicks, gint64, i), ==, clicks[i]);
  g_assert_cmpuint(element->attributes->len, ==, 3);
  const SightUiAttribute *first = g_ptr_array_index(element->attributes, 0);
  g_assert_cmpstr(first->name, ==, "id");
  g_assert_cmpstr(first->value, ==, "buy");
  const SightUiAttribute *last = g_ptr_array_index(element->attributes, 2);
  g_assert_cmpstr(last->name, ==, "disabled");
  g_assert_cmpstr(last->value, ==, "");
}

static void test_other_page(void) {
  g_autoptr(SightUiReel) reel = make_reel();
  g_autoptr(GError) error = NULL;
  guint window = (guint)sight_ui_reel_find(reel, "a");
  g_autoptr(SightUiElement) element = sight_ui_element_read(reel, window, 9100, 9, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpint(element->since_ms, ==, 8000);
  g_autoptr(SightUiElement) gone = sight_ui_element_read(reel, window, 9100, 5, NULL, &error);
  g_assert_null(gone);
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void test_cancel(void) {
  g_autoptr(SightUiReel) reel = make_reel();
  g_autoptr(GError) error = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  g_cancellable_cancel(cancellable);
  g_autoptr(SightUiElement) element = sight_ui_element_read(reel, 0, 6100, 5, cancellable, &error);
  g_assert_null(element);
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/player/element/read", test_read);
  g_test_add_func("/player/element/other-page", test_other_page);
  g_test_add_func("/player/element/cancel", test_cancel);
  return g_test_run();
}

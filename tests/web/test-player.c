/* SPDX-License-Identifier: MIT */
/* The player over a stored session: what it shows, how it plays, and what it says where there is nothing to show. */
#include "sight-analysis.h"
#include "sight-endpoint-table.h"
#include "sight-import.h"
#include "sight-note-table.h"
#include "sight-ui-compat.h"
#include "sight-ui-issue-picture.h"
#include "sight-ui-player.h"
#include "sight-ui-timeline.h"
#include "sight-ui-tint.h"
#include "sight-web-fixture.h"

#include <adwaita.h>
#include <glib/gstdio.h>
#include <math.h>

/* As src/web/recorder/solid.js draws what is masked. */
#define BLOCK "#3d3846"
#define BLOCK_PIXEL 0x3d3846
/* Of what is no text. */
#define LEAST_CONTRAST 3.0

typedef struct {
  char *folder;
  SightStore *store;
  SightUiPlayback *playback;
  GtkWindow *window;
  SightUiPlayer *player;
} Room;

static void room_open(Room *room) {
  g_autoptr(GError) error = NULL;
  *room = (Room){.folder = g_dir_make_tmp("sight-player-XXXXXX", &error)};
  g_assert_no_error(error);
  room->store = sight_store_open(room->folder, SIGHT_STORE_CACHE, NULL, &error);
  g_assert_no_error(error);
  room->playback = sight_ui_playback_new(room->store);
  room->window = GTK_WINDOW(gtk_window_new());
  room->player = SIGHT_UI_PLAYER(sight_ui_player_new(room->playback));
  gtk_window_set_default_size(room->window, 760, 640);
  gtk_window_set_decorated(room->window, FALSE);
  gtk_window_set_child(room->window, GTK_WIDGET(room->player));
  gtk_window_present(room->window);
}

static void room_close(Room *room) {
  sight_ui_playback_close(room->playback);
  gtk_window_destroy(room->window);
  while (g_main_context_iteration(NULL, FALSE))
    ;
  g_object_unref(room->playback);
  sight_store_close(room->store);
  g_object_unref(room->store);
  fixture_remove_tree(room->folder);
  g_free(room->folder);
}

static gint64 import(Room *room, const char *json) {
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename(room->folder, "recording.json", NULL);
  g_file_set_contents(path, json, -1, &error);
  g_assert_no_error(error);
  g_autoptr(GFile) file = g_file_new_for_path(path);
  g_auto(SightImportResult) result = {0};
  sight_import_file(room->store, file, NULL, &result, &error);
  g_assert_no_error(error);
  g_remove(path);
  return result.row;
}

static gboolean is_ready(gpointer user_data) {
  Room *room = user_data;
  return sight_ui_playback_get_problem(room->playback) ||
         (sight_ui_playback_get_analysis(room->playback) && !sight_ui_playback_get_loading(room->playback));
}

static WebKitWebView *find_web_view(GtkWidget *widget) {
  if (WEBKIT_IS_WEB_VIEW(widget))
    return WEBKIT_WEB_VIEW(widget);
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child)) {
    WebKitWebView *found = find_web_view(child);
    if (found)
      return found;
  }
  return NULL;
}

typedef struct {
  Room *room;
  const char *heading;
} Heading;

static gboolean has_heading(gpointer user_data) {
  Heading *wanted = user_data;
  WebKitWebView *web = find_web_view(GTK_WIDGET(wanted->room->player));
  g_autofree char *heading = fixture_ask(web, "doc.querySelector('h1')?.textContent");
  return g_strcmp0(heading, wanted->heading) == 0;
}

static void wait_for_heading(Room *room, const char *heading) {
  fixture_wait(has_heading, &(Heading){room, heading}, heading);
}

static gboolean has_stopped(gpointer user_data) {
  Room *room = user_data;
  return !sight_ui_playback_get_playing(room->playback);
}

static void test_watch(void) {
  Room room;
  room_open(&room);
  gint64 row = import(&room, fixture_page);
  sight_ui_playback_open(room.playback, row, 500 + SIGHT_UI_LEAD_MS, FALSE);
  fixture_wait(is_ready, &room, "the session");
  g_assert_cmpstr(sight_ui_playback_get_problem(room.playback), ==, NULL);
  g_assert_cmpint(sight_ui_playback_get_duration_ms(room.playback), ==, 8000);
  g_assert_nonnull(sight_ui_playback_get_window(room.playback));
  wait_for_heading(&room, "First");
  sight_ui_playback_seek(room.playback, 99999);
  g_assert_cmpint(sight_ui_playback_get_position_ms(room.playback), ==, 8000);
  wait_for_heading(&room, "Really done");
  sight_ui_playback_seek(room.playback, 1500);
  wait_for_heading(&room, "Second");
  g_action_group_activate_action(sight_ui_player_get_actions(room.player), "previous-change", NULL);
  g_assert_cmpint(sight_ui_playback_get_position_ms(room.playback), ==, 1000);
  wait_for_heading(&room, "First");
  g_action_group_activate_action(sight_ui_player_get_actions(room.player), "next-change", NULL);
  g_assert_cmpint(sight_ui_playback_get_position_ms(room.playback), ==, 1001);
  wait_for_heading(&room, "Second");
  sight_ui_playback_set_speed(room.playback, 16);
  sight_ui_playback_set_playing(room.playback, TRUE);
  fixture_wait(has_stopped, &room, "the end");
  g_assert_cmpint(sight_ui_playback_get_position_ms(room.playback), ==, 8000);
  wait_for_heading(&room, "Really done");
  room_close(&room);
}

static GtkWidget *find_widget(GtkWidget *widget, GType type) {
  if (G_TYPE_CHECK_INSTANCE_TYPE(widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child)) {
    GtkWidget *found = find_widget(child, type);
    if (found)
      return found;
  }
  return NULL;
}

static gboolean miniature_has_heading(gpointer user_data) {
  Heading *wanted = user_data;
  GtkWidget *timeline = find_widget(GTK_WIDGET(wanted->room->player), SIGHT_UI_TYPE_TIMELINE);
  WebKitWebView *web = find_web_view(timeline);
  g_autofree char *heading = web ? fixture_ask(web, "doc?.querySelector('h1')?.textContent") : NULL;
  return g_strcmp0(heading, wanted->heading) == 0;
}

/* Where the pointer is on the timeline a second view shows that moment, and the first one stays where it is. */
static void test_miniature(void) {
  Room room;
  room_open(&room);
  gint64 row = import(&room, fixture_page);
  sight_ui_playback_open(room.playback, row, 500 + SIGHT_UI_LEAD_MS, FALSE);
  fixture_wait(is_ready, &room, "the session");
  wait_for_heading(&room, "First");
  GtkWidget *timeline = find_widget(GTK_WIDGET(room.player), SIGHT_UI_TYPE_TIMELINE);
  g_assert_null(find_web_view(timeline));
  for (int i = 0; i < 40; i++)
    g_signal_emit_by_name(timeline, "peek", (gint64)(i * 200));
  g_signal_emit_by_name(timeline, "peek", (gint64)1500);
  gtk_popover_popup(GTK_POPOVER(find_widget(timeline, GTK_TYPE_POPOVER)));
  fixture_wait(miniature_has_heading, &(Heading){&room, "Second"}, "the miniature of 1.5 s");
  g_signal_emit_by_name(timeline, "peek", (gint64)7900);
  fixture_wait(miniature_has_heading, &(Heading){&room, "Done"}, "the miniature of 7.9 s");
  wait_for_heading(&room, "First");
  GtkWidget *miniature = gtk_widget_get_parent(GTK_WIDGET(find_web_view(timeline)));
  g_assert_cmpint(gtk_widget_get_width(miniature), <=, 240);
  /* Another session: nothing of the old one stays. */
  row = import(&room, "[{\"type\":3,\"timestamp\":1000,\"data\":{\"source\":3,\"id\":1,\"x\":0,\"y\":5}},"
                      "{\"type\":3,\"timestamp\":2000,\"data\":{\"source\":3,\"id\":1,\"x\":0,\"y\":9}}]");
  sight_ui_playback_open(room.playback, row, 0, FALSE);
  fixture_wait(is_ready, &room, "the other session");
  g_signal_emit_by_name(timeline, "peek", (gint64)500);
  g_assert_false(gtk_widget_get_visible(miniature));
  room_close(&room);
}

static void test_nothing_to_draw(void) {
  Room room;
  room_open(&room);
  gint64 row = import(&room, "[{\"type\":3,\"timestamp\":1000,\"data\":{\"source\":3,\"id\":1,\"x\":0,\"y\":5}},"
                             "{\"type\":3,\"timestamp\":2000,\"data\":{\"source\":3,\"id\":1,\"x\":0,\"y\":9}}]");
  sight_ui_playback_open(room.playback, row, 0, TRUE);
  fixture_wait(is_ready, &room, "the session");
  g_assert_nonnull(strstr(sight_ui_playback_get_problem(room.playback), "no full snapshot"));
  g_assert_false(sight_ui_playback_get_loading(room.playback));
  /* And another session after it is as good as new. */
  row = import(&room, fixture_page);
  sight_ui_playback_open(room.playback, row, 7000 + SIGHT_UI_LEAD_MS, FALSE);
  g_assert_cmpstr(sight_ui_playback_get_problem(room.playback), ==, NULL);
  fixture_wait(is_ready, &room, "the other session");
  wait_for_heading(&room, "Done");
  room_close(&room);
}

static void test_crash(void) {
  Room room;
  room_open(&room);
  gint64 row = import(&room, fixture_page);
  sight_ui_playback_open(room.playback, row, 1500 + SIGHT_UI_LEAD_MS, FALSE);
  fixture_wait(is_ready, &room, "the session");
  WebKitWebView *web = find_web_view(GTK_WIDGET(room.player));
  g_signal_emit_by_name(web, "web-process-terminated", WEBKIT_WEB_PROCESS_CRASHED);
  g_assert_nonnull(sight_ui_playback_get_problem(room.playback));
  sight_ui_playback_reload(room.playback);
  fixture_wait(is_ready, &room, "the session again");
  g_assert_cmpstr(sight_ui_playback_get_problem(room.playback), ==, NULL);
  wait_for_heading(&room, "Second");
  room_close(&room);
}

/* Two tabs: one until 5 s, the other from then on. */
#define TAB_PAGE(text)                                                                                                 \
  "{\"initialOffset\":{\"left\":0,\"top\":0},\"node\":{\"type\":0,\"id\":1,\"childNodes\":[{\"type\":2,\"id\":2,"      \
  "\"tagName\":\"html\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":3,\"tagName\":\"body\",\"attributes\":{}" \
  ","                                                                                                                  \
  "\"childNodes\":[{\"type\":2,\"id\":4,\"tagName\":\"h1\",\"attributes\":{},\"childNodes\":[{\"type\":3,\"id\":5,"    \
  "\"textContent\":\"" text "\"}]}]}]}]}}"
static const char two_tabs[] =
    "{\"v\":1,\"session\":\"tabs\",\"window\":\"left\",\"seq\":0,\"sent_at\":9000,\"events\":["
    "{\"type\":4,\"timestamp\":1000,\"data\":{\"href\":\"http://a.example/\",\"width\":640,\"height\":400}},"
    "{\"type\":2,\"timestamp\":1000,\"data\":" TAB_PAGE(
        "Left") "},"
                "{\"type\":3,\"timestamp\":2000,\"data\":{\"source\":2,\"type\":2,\"id\":4,\"x\":5,\"y\":5}},"
                "{\"type\":3,\"timestamp\":4000,\"data\":{\"source\":2,\"type\":2,\"id\":4,\"x\":5,\"y\":5}}]}\n"
                "{\"v\":1,\"session\":\"tabs\",\"window\":\"right\",\"seq\":0,\"sent_at\":9000,\"events\":["
                "{\"type\":4,\"timestamp\":5000,\"data\":{\"href\":\"http://a.example/"
                "b\",\"width\":640,\"height\":400}},"
                "{\"type\":2,\"timestamp\":5000,\"data\":" TAB_PAGE(
                    "Right") "},"
                             "{\"type\":3,\"timestamp\":7000,\"data\":{\"source\":2,\"type\":2,\"id\":4,\"x\":5,\"y\":"
                             "5}},"
                             "{\"type\":3,\"timestamp\":9000,\"data\":{\"source\":2,\"type\":2,\"id\":4,\"x\":5,\"y\":"
                             "5}}]}\n";

static void test_tabs(void) {
  Room room;
  room_open(&room);
  gint64 row = import(&room, two_tabs);
  sight_ui_playback_open(room.playback, row, 2500 + SIGHT_UI_LEAD_MS, FALSE);
  fixture_wait(is_ready, &room, "the session");
  wait_for_heading(&room, "Left");
  g_assert_cmpstr(sight_ui_playback_get_window(room.playback), ==, "left");
  sight_ui_playback_seek(room.playback, 7000);
  g_assert_cmpstr(sight_ui_playback_get_window(room.playback), ==, "right");
  wait_for_heading(&room, "Right");
  /* Playing follows from one to the other. */
  sight_ui_playback_seek(room.playback, 3000);
  wait_for_heading(&room, "Left");
  sight_ui_playback_set_skip_idle(room.playback, FALSE);
  sight_ui_playback_set_speed(room.playback, 8);
  sight_ui_playback_set_playing(room.playback, TRUE);
  wait_for_heading(&room, "Right");
  fixture_wait(has_stopped, &room, "the end");
  room_close(&room);
}

/* A page of 640 by 400 at 1 s: `heading`, a card number, an element that was masked where it was recorded (as a block
 * of the recorder's, at 0, 200), and a field in which an address is typed at 2 s; the last event is at 3 s. */
static char *private_page(const char *heading, const char *card, const char *address) {
  return g_strdup_printf(
      "[{\"type\":4,\"timestamp\":1000,\"data\":{\"href\":\"https://shop.example/\",\"width\":640,\"height\":400}},"
      "{\"type\":2,\"timestamp\":1000,\"data\":{\"initialOffset\":{\"left\":0,\"top\":0},\"node\":{\"type\":0,\"id\":1,"
      "\"childNodes\":[{\"type\":2,\"id\":2,\"tagName\":\"html\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":"
      "3,"
      "\"tagName\":\"body\",\"attributes\":{\"style\":\"margin: 0; font: 24px sans-serif; background: #fff; color: "
      "#000\"},"
      "\"childNodes\":[{\"type\":2,\"id\":4,\"tagName\":\"h1\",\"attributes\":{\"style\":\"margin: "
      "0\"},\"childNodes\":[{"
      "\"type\":3,\"id\":5,\"textContent\":\"%s\"}]},{\"type\":2,\"id\":6,\"tagName\":\"p\",\"attributes\":{},"
      "\"childNodes\":[{\"type\":3,\"id\":7,\"textContent\":\"%s\"}]},{\"type\":2,\"id\":8,\"tagName\":\"input\","
      "\"attributes\":{\"type\":\"email\",\"style\":\"font: 24px monospace; width: "
      "400px\"},\"childNodes\":[]},{\"type\":2,"
      "\"id\":9,\"tagName\":\"div\",\"attributes\":{\"style\":\"background:" BLOCK
      ";position:absolute;left:0;top:200px\","
      "\"rr_width\":\"300px\",\"rr_height\":\"100px\"},\"childNodes\":[]}]}]}]}}},"
      "{\"type\":3,\"timestamp\":2000,\"data\":{\"source\":5,\"id\":8,\"text\":\"%s\",\"isChecked\":false}},"
      "{\"type\":3,\"timestamp\":3000,\"data\":{\"source\":3,\"id\":1,\"x\":0,\"y\":0}}]",
      heading, card, address);
}

static void keep_result(GObject *source, GAsyncResult *result, gpointer user_data) {
  *(GAsyncResult **)user_data = g_object_ref(result);
}

static gboolean has_result(gpointer user_data) {
  return *(GAsyncResult **)user_data != NULL;
}

/* What would go along with an issue at 2.5 s: blue, green, red and one more byte a pixel of 640 by 400. */
static GBytes *picture_of(Room *room, const char *json) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  GtkWindow *window = GTK_WINDOW(gtk_window_new());
  GtkWidget *place = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  gint64 row = import(room, json);

  gtk_window_set_child(window, place);
  gtk_window_present(window);
  sight_ui_playback_open(room->playback, row, 1500 + SIGHT_UI_LEAD_MS, FALSE);
  fixture_wait(is_ready, room, "the session");
  sight_ui_issue_picture_async(GTK_BOX(place), room->player, room->playback, NULL, keep_result, &result);
  fixture_wait(has_result, &result, "the picture");
  g_autoptr(GBytes) png = sight_ui_issue_picture_finish(result, &error);
  g_assert_no_error(error);
  gtk_window_destroy(window);
  g_autoptr(GdkTexture) texture = gdk_texture_new_from_bytes(png, &error);
  g_assert_no_error(error);
  g_assert_cmpint(gdk_texture_get_width(texture), ==, 640);
  g_assert_cmpint(gdk_texture_get_height(texture), ==, 400);
  guint8 *pixels = g_malloc(640 * 400 * 4);
  gdk_texture_download(texture, pixels, 640 * 4);
  return g_bytes_new_take(pixels, 640 * 400 * 4);
}

static guint32 pixel_at(GBytes *picture, int x, int y) {
  const guint8 *pixel = (const guint8 *)g_bytes_get_data(picture, NULL) + ((gsize)y * 640 + (gsize)x) * 4;
  return (guint32)pixel[2] << 16 | (guint32)pixel[1] << 8 | pixel[0];
}

/* Of what is private nothing can be told from the pixels of an issue's picture: whatever stands there, they are the
 * same. What was masked where it was recorded is one block. */
static void test_issue_picture(void) {
  Room room;
  room_open(&room);
  g_autofree char *one = private_page("Basket", "4111 1111 1111 1111", "ann@shop.example");
  g_autofree char *other = private_page("Basket", "5500 0000 0000 0004", "zoe@work.example");
  g_autofree char *elsewhere = private_page("Barrel", "4111 1111 1111 1111", "ann@shop.example");
  g_autoptr(GBytes) first = picture_of(&room, one), second = picture_of(&room, other);
  g_autoptr(GBytes) third = picture_of(&room, elsewhere);

  g_assert_true(g_bytes_equal(first, second));
  g_assert_false(g_bytes_equal(first, third));
  guint n_black = 0;
  for (int y = 60; y < 190; y++) {
    for (int x = 0; x < 640; x++)
      n_black += pixel_at(first, x, y) == 0;
  }
  g_assert_cmpuint(n_black, >, 20); /* something stands in the place of number and address */
  for (int y = 200; y < 300; y++) {
    for (int x = 0; x < 300; x++)
      g_assert_cmphex(pixel_at(first, x, y), ==, BLOCK_PIXEL);
  }
  g_assert_cmphex(pixel_at(first, 301, 250), ==, 0xffffff);
  room_close(&room);
}

static gboolean read_colours(SightDb *db, gpointer user_data, GError **error) {
  *(char ***)user_data = sight_note_table_colours(db, SIGHT_ENDPOINT_FILES, error);
  return *(char ***)user_data != NULL;
}

static double light_of(const GdkRGBA *colour) {
  const float channels[] = {colour->red, colour->green, colour->blue};
  const double shares[] = {0.2126, 0.7152, 0.0722};
  double light = 0;

  for (int i = 0; i < 3; i++)
    light += shares[i] * (channels[i] <= 0.04045f ? channels[i] / 12.92 : pow((channels[i] + 0.055) / 1.055, 2.4));
  return light;
}

/* As WCAG 2 reckons it. */
static double contrast(const GdkRGBA *a, const GdkRGBA *b) {
  double x = light_of(a), y = light_of(b);
  return (MAX(x, y) + 0.05) / (MIN(x, y) + 0.05);
}

/* On timeline and button a colour is the same, and those that a team has at first can be told from the ground. */
static void check_tint(GtkWidget *image, const char *value) {
  GdkRGBA drawn, ink, ground, text = sight_ui_compat_ink(gtk_widget_get_parent(image));

  g_assert_nonnull(sight_ui_tint_class(value));
  gtk_widget_add_css_class(image, sight_ui_tint_class(value));
  ink = sight_ui_compat_ink(image);
  gtk_widget_remove_css_class(image, sight_ui_tint_class(value));
  g_assert_true(sight_ui_tint(value, &text, &drawn));
  g_assert_true(sight_ui_compat_colour(image, "window_bg_color", &ground));
  const float differences[] = {ink.red - drawn.red, ink.green - drawn.green, ink.blue - drawn.blue,
                               ink.alpha - drawn.alpha};
  for (guint i = 0; i < G_N_ELEMENTS(differences); i++)
    g_assert_cmpfloat_with_epsilon(differences[i], 0, 1e-5);
  GdkRGBA seen = {drawn.red * drawn.alpha + ground.red * (1 - drawn.alpha),
                  drawn.green * drawn.alpha + ground.green * (1 - drawn.alpha),
                  drawn.blue * drawn.alpha + ground.blue * (1 - drawn.alpha), 1};
  g_test_message("%s: %.2f", value, contrast(&seen, &ground));
  g_assert_cmpfloat(contrast(&seen, &ground), >=, LEAST_CONTRAST);
}

static void test_tint(void) {
  static const char *const none[] = {NULL, "", "red", "#12345", "#12345g", "#1234567", "#12345;", "#000000}*{x:y"};
  static const AdwColorScheme schemes[] = {ADW_COLOR_SCHEME_FORCE_LIGHT, ADW_COLOR_SCHEME_FORCE_DARK};
  g_auto(GStrv) colours = NULL;
  GdkRGBA text = {0}, colour = {0};
  GtkWidget *image = gtk_image_new_from_icon_name("sight-tagged-symbolic");
  Room room;

  for (guint i = 0; i < G_N_ELEMENTS(none); i++) {
    g_assert_null(sight_ui_tint_class(none[i]));
    g_assert_false(sight_ui_tint(none[i], &text, &colour));
  }
  room_open(&room);
  g_assert_true(sight_store_read(room.store, read_colours, &colours, NULL));
  gtk_window_set_child(room.window, image);
  for (guint i = 0; i < G_N_ELEMENTS(schemes); i++) {
    adw_style_manager_set_color_scheme(adw_style_manager_get_default(), schemes[i]);
    for (guint j = 0; colours[j] != NULL; j++)
      check_tint(image, strrchr(colours[j], '=') + 1);
  }
  adw_style_manager_set_color_scheme(adw_style_manager_get_default(), ADW_COLOR_SCHEME_DEFAULT);
  room_close(&room);
}

int main(int argc, char **argv) {
  fixture_init(&argc, &argv);
  adw_init();
  g_test_add_func("/web/player/watch", test_watch);
  g_test_add_func("/web/player/miniature", test_miniature);
  g_test_add_func("/web/player/nothing-to-draw", test_nothing_to_draw);
  g_test_add_func("/web/player/tabs", test_tabs);
  g_test_add_func("/web/player/crash", test_crash);
  g_test_add_func("/web/player/tint", test_tint);
  g_test_add_func("/web/player/issue-picture", test_issue_picture);
  return g_test_run();
}

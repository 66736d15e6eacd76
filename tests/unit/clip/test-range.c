/* SPDX-License-Identifier: MIT */
/* A clip holds its range and nothing else. */
#include "sight-clip.h"
#include "sight-event-reader.h"
#include "sight-json.h"

#include <string.h>

static gboolean add(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  sight_track_add(user_data, event);
  return TRUE;
}

static SightTrack *track_of(const char *json) {
  g_autoptr(GError) error = NULL;
  SightTrack *track = sight_track_new();
  sight_event_read_bytes(json, strlen(json), &sight_reader_default_limits, add, track, NULL, &error);
  g_assert_no_error(error);
  sight_track_settle(track, NULL);
  return track;
}

#define PAGE                                                                                                           \
  "{\"type\":4,\"timestamp\":1000,\"data\":{\"href\":\"https://a.test/\",\"width\":800,\"height\":600}},"              \
  "{\"type\":2,\"timestamp\":1000,\"data\":{\"initialOffset\":{\"left\":0,\"top\":0},\"node\":{\"type\":0,\"id\":1,"   \
  "\"childNodes\":[{\"type\":2,\"id\":2,\"tagName\":\"html\",\"attributes\":{},\"childNodes\":["                       \
  "{\"type\":2,\"id\":3,\"tagName\":\"style\",\"attributes\":{},\"childNodes\":[{\"type\":3,\"id\":4,\"textContent\":" \
  "\"a{color:red} b{color:blue}\"}]},{\"type\":2,\"id\":5,\"tagName\":\"input\",\"attributes\":{},\"childNodes\":[]}," \
  "{\"type\":2,\"id\":6,\"tagName\":\"p\",\"attributes\":{},\"childNodes\":[{\"type\":3,\"id\":7,\"textContent\":"     \
  "\"early\"}]}]}]}}}"
#define INPUT(time, text)                                                                                              \
  ",{\"type\":3,\"timestamp\":" time ",\"data\":{\"source\":5,\"id\":5,\"text\":\"" text "\",\"isChecked\":false}}"
#define WORDS(time, text)                                                                                              \
  ",{\"type\":3,\"timestamp\":" time                                                                                   \
  ",\"data\":{\"source\":0,\"adds\":[],\"removes\":[],\"attributes\":[],\"texts\":["                                   \
  "{\"id\":7,\"value\":\"" text "\"}]}}"
#define RULE(time, change) ",{\"type\":3,\"timestamp\":" time ",\"data\":{\"source\":8,\"id\":3," change "}}"
#define MOVES(time)                                                                                                    \
  ",{\"type\":3,\"timestamp\":" time ",\"data\":{\"source\":1,\"positions\":[{\"x\":11,\"y\":1,\"id\":6,"              \
  "\"timeOffset\":-400},{\"x\":22,\"y\":2,\"id\":6,\"timeOffset\":-10}]}}"

static const char recording[] = "[" PAGE INPUT("1100", "old-typed") INPUT("1200", "typed") WORDS("1300", "old-words")
    WORDS("1400", "words") RULE("1500", "\"adds\":[{\"rule\":\"i{content:'old-rule'}\",\"index\":1}]")
        RULE("1510", "\"adds\":[{\"rule\":\"u{content:'rule'}\",\"index\":1}]")
            RULE("1520", "\"removes\":[{\"index\":2}]") MOVES("2100") WORDS("2500", "later-words")
                INPUT("2600", "inside") WORDS("3000", "after-words") "]";

static GString *clip_of(const char *json, gint64 from_ms, gint64 to_ms, GError **error) {
  g_autoptr(SightTrack) track = track_of(json);
  const SightClipPart part = {track, from_ms, to_ms};
  GString *out = g_string_new(NULL);
  if (sight_clip_write(&part, 1, SIGHT_CLIP_JSON, NULL, NULL, out, error))
    return out;
  g_string_free(out, TRUE);
  return NULL;
}

static void test_range(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) out = clip_of(recording, 2000, 3000, &error);
  g_assert_no_error(error);
  static const char *const there[] = {"\"typed\"", "\"words\"", "'rule'", "later-words", "inside", "\"x\":22"};
  static const char *const gone[] = {"old-typed", "old-words", "early", "old-rule", "after-words", "\"x\":11"};
  for (guint i = 0; i < G_N_ELEMENTS(there); i++)
    if (strstr(out->str, there[i]) == NULL)
      g_error("%s is missing in %s", there[i], out->str);
  for (guint i = 0; i < G_N_ELEMENTS(gone); i++)
    if (strstr(out->str, gone[i]) != NULL)
      g_error("%s is in %s", gone[i], out->str);
  g_assert_nonnull(strstr(out->str, "\"adds\":[{\"rule\":\"u{content:'rule'}\",\"index\":1}]"));
}

/* Of two rules of the text one is taken out, the other changed. */
static void test_rules_of_the_text(void) {
  const char *json = "[" PAGE RULE("1100", "\"adds\":[{\"rule\":\"x{y:z}\",\"index\":0}]") RULE(
      "1200", "\"removes\":[{\"index\":1}]") ",{\"type\":3,\"timestamp\":1300,\"data\":{\"source\":13,\"id\":3,"
                                             "\"index\":[1],\"set\":{\"property\":\"top\",\"value\":\"3px\"}}}" WORDS(
                                                 "2500", "end") "]";
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) out = clip_of(json, 2000, 3000, &error);
  g_assert_no_error(error);
  const char *set = strstr(out->str, "\"index\":[1],\"set\"");
  const char *removed = strstr(out->str, "\"removes\":[{\"index\":0}]");
  const char *added = strstr(out->str, "\"adds\":[{\"rule\":\"x{y:z}\",\"index\":0}]");
  g_assert_true(set != NULL && removed != NULL && added != NULL && set < removed && removed < added);
}

static void test_empty(void) {
  g_autoptr(GError) error = NULL;
  g_assert_null(clip_of(recording, 10, 900, &error));
  g_assert_error(error, SIGHT_CLIP_ERROR, SIGHT_CLIP_ERROR_EMPTY);
}

static void test_cancelled(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  g_autoptr(SightTrack) track = track_of(recording);
  const SightClipPart part = {track, 2000, 3000};
  g_autoptr(GString) out = g_string_new("before");
  g_cancellable_cancel(cancellable);
  g_assert_false(sight_clip_write(&part, 1, SIGHT_CLIP_HTML, NULL, cancellable, out, &error));
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr(out->str, ==, "before");
}

static void test_html(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(SightTrack) track = track_of(recording);
  const SightClipPart parts[] = {{track, 1500, 2000}, {track, 2000, 2400}};
  const SightClipAbout about = {.name = "</title><script>", .note = "<!--<script> & \u2028"};
  g_autoptr(GString) out = g_string_new(NULL), again = g_string_new(NULL);
  g_assert_true(sight_clip_write(parts, 2, SIGHT_CLIP_HTML, &about, NULL, out, &error));
  g_assert_true(sight_clip_write(parts, 2, SIGHT_CLIP_HTML, &about, NULL, again, &error));
  g_assert_true(g_string_equal(out, again));
  guint scripts = 0;
  for (const char *at = strstr(out->str, "<script"); at != NULL; at = strstr(at + 1, "<script"))
    scripts++;
  /* Words, data and player; and in the data name and note, where nothing can end it. */
  g_assert_cmpuint(scripts, ==, 5);
  g_assert_nonnull(strstr(out->str, "<title>&lt;/title&gt;&lt;script&gt;</title>"));
  g_assert_null(strstr(out->str, "<!--"));
}

#define PICTURE(time, id, more)                                                                                        \
  ",{\"type\":3,\"timestamp\":" time                                                                                   \
  ",\"data\":{\"source\":0,\"removes\":[],\"texts\":[],\"attributes\":[],\"adds\":["                                   \
  "{\"parentId\":2,\"nextId\":null,\"node\":{\"type\":2,\"id\":" id ",\"tagName\":\"img\",\"attributes\":{" more       \
  "},\"childNodes\":[]}}]}}"

/* Of what was kept a clip holds what its range shows, where it is drawn. */
static void test_pictures(void) {
  static const char json[] =
      "[" PAGE WORDS("1100", "https://a.test/in.png") PICTURE("2100", "20", "\"src\":\"https://a.test/in.png\"")
          PICTURE("2200", "21", "\"style\":\"background: url('https://a.test/set.png')\"")
              PICTURE("2300", "22", "\"src\":\"https://a.test/in.png?other\",\"alt\":\"https://a.test/in.png\"")
                  PICTURE("4000", "23", "\"src\":\"https://a.test/after.png\"") "]";
  g_autoptr(GError) error = NULL;
  g_autoptr(SightTrack) track = track_of(json);
  g_autoptr(GHashTable) shown = g_hash_table_new(g_str_hash, g_str_equal);
  g_hash_table_insert(shown, (gpointer) "https://a.test/in.png", (gpointer) "data:image/png;base64,SU4=");
  g_hash_table_insert(shown, (gpointer) "https://a.test/set.png", (gpointer) "data:image/png;base64,U0VU");
  g_hash_table_insert(shown, (gpointer) "https://a.test/after.png", (gpointer) "data:image/png;base64,QUZURVI=");
  const SightClipPart part = {track, 2000, 3000};
  const SightClipAbout about = {.shown = shown};
  g_autoptr(GString) out = g_string_new(NULL);
  g_assert_true(sight_clip_write(&part, 1, SIGHT_CLIP_JSON, &about, NULL, out, &error));
  g_assert_nonnull(strstr(out->str, "\"src\":\"data:image/png;base64,SU4=\""));
  g_assert_nonnull(strstr(out->str, "data:image/png;base64,U0VU"));
  g_assert_nonnull(strstr(out->str, "\"https://a.test/in.png\"")); /* as people read it */
  g_assert_null(strstr(out->str, "other"));
  g_assert_null(strstr(out->str, "QUZURVI"));
}

#define USE(id, address)                                                                                               \
  "{\"type\":2,\"id\":" id ",\"tagName\":\"use\",\"isSVG\":true,\"attributes\":{\"href\":\"" address                   \
  "\"},\"childNodes\":[]}"
#define CHANGE(adds, attributes)                                                                                       \
  "{\"type\":3,\"timestamp\":2000,\"data\":{\"source\":0,\"removes\":[],\"texts\":[],\"adds\":[" adds                  \
  "],\"attributes\":[" attributes "]}}"
#define ADD(node) "{\"parentId\":2,\"nextId\":null,\"node\":" node "}"

static GHashTable *sprites_new(void) {
  static const char svg[] =
      "<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><style>evil</style>"
      "<symbol id='bell' viewBox='0 0 9 9' onload='evil()'><script>evil()</script>"
      "<path d='M0 0'/><use href='https://a.test/i.svg#bell'/>"
      "<image href='https://evil.test/x.png'/></symbol><g id='car'><title>C&amp;r</title></g></svg>";
  g_autofree char *coded = g_base64_encode((const guchar *)svg, strlen(svg));
  GHashTable *shown = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
  g_hash_table_insert(shown, (gpointer) "https://a.test/i.svg", g_strconcat("data:image/svg+xml;base64,", coded, NULL));
  g_hash_table_insert(shown, (gpointer) "https://a.test/no.svg", g_strdup("data:image/svg+xml;base64,PHN2Zz4="));
  return shown;
}

/* What an element takes from another file stands below it, cleaned as all is; also where it changes later. */
static void test_sprites(void) {
  static const char json[] =
      "[" PAGE "," CHANGE(ADD(USE("20", "https://a.test/i.svg#bell")) "," ADD(
                              USE("21", "https://a.test/no.svg#bell")) "," ADD(USE("22", "https://a.test/i.svg#none")),
                          "") "," CHANGE("", "{\"id\":20,\"attributes\":{\"href\":\"https://a.test/i.svg#car\"}}") "]";
  g_autoptr(GError) error = NULL;
  g_autoptr(SightTrack) track = track_of(json);
  g_autoptr(GHashTable) shown = sprites_new();
  const SightClipPart part = {track, 1500, 3000};
  const SightClipAbout about = {.shown = shown};
  g_autoptr(GString) out = g_string_new(NULL);
  g_assert_true(sight_clip_write(&part, 1, SIGHT_CLIP_JSON, &about, NULL, out, &error));
  g_assert_nonnull(strstr(out->str, "\"tagName\":\"use\",\"attributes\":{\"href\":\"#ss-part-"));
  g_assert_nonnull(
      strstr(out->str, "\"tagName\":\"symbol\",\"attributes\":{\"viewBox\":\"0 0 9 9\",\"id\":\"ss-part-"));
  g_assert_nonnull(strstr(out->str, "\"d\":\"M0 0\""));
  g_assert_nonnull(strstr(out->str, "{\"parentId\":20,\"nextId\":null,\"node\":"));
  g_assert_nonnull(strstr(out->str, "\"textContent\":\"C&r\""));
  g_assert_null(strstr(out->str, "evil"));
  g_assert_null(strstr(out->str, ".svg"));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/clip/range", test_range);
  g_test_add_func("/clip/range/rules", test_rules_of_the_text);
  g_test_add_func("/clip/range/empty", test_empty);
  g_test_add_func("/clip/range/cancelled", test_cancelled);
  g_test_add_func("/clip/range/html", test_html);
  g_test_add_func("/clip/range/pictures", test_pictures);
  g_test_add_func("/clip/range/sprites", test_sprites);
  return g_test_run();
}

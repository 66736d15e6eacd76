/* SPDX-License-Identifier: MIT */
/* Differences: the page on display, after the operations, is the page wanted; over recordings, at times far and near.
 */
#include "dom-fixture.h"
#include "sight-dom-difference.h"
#include "sight-dom-private.h"
#include "sight-event-reader.h"

#include <string.h>

typedef struct {
  gint64 time_ms;
  guint order;
  char *text;
  gsize bytes;
} Item;

static gboolean keep(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  GArray *items = user_data;
  Item item = {event->time_ms, items->len, g_strndup(event->text, event->text_bytes), event->text_bytes};
  g_array_append_val(items, item);
  return TRUE;
}

static void item_clear(gpointer data) {
  g_free(((Item *)data)->text);
}

static int by_time(gconstpointer a, gconstpointer b) {
  const Item *x = a, *y = b;
  return x->time_ms != y->time_ms ? (x->time_ms < y->time_ms ? -1 : 1) : (x->order < y->order ? -1 : 1);
}

static SightDom *page_after(const GArray *items, guint n) {
  SightDom *dom = sight_dom_new();
  g_autoptr(SightEventParser) parser = sight_event_parser_new();
  SightEvent event;
  for (guint i = 0; i < n; i++) {
    const Item *item = &g_array_index(items, Item, i);
    if (sight_event_parser_parse(parser, item->text, item->bytes, &event, NULL))
      sight_dom_apply(dom, &event);
  }
  return dom;
}

/* The applier: what the page in the web view does, on a SightDom. */

static SightNodeIndex must_find(SightDom *dom, SightJson id) {
  SightNodeIndex index = sight_dom_find(dom, (int)sight_json_int(id, 0));
  g_assert_cmpuint(index, !=, 0);
  return index;
}

static void rename_all(SightDom *dom, SightJson list) {
  g_autoptr(GArray) nodes = g_array_new(FALSE, FALSE, sizeof(SightNodeIndex));
  SightJsonIter it = sight_json_iter(list);
  while (sight_json_next(&it)) {
    SightJsonIter pair = sight_json_iter(it.value);
    g_assert_true(sight_json_next(&pair));
    SightNodeIndex index = must_find(dom, pair.value);
    g_array_append_val(nodes, index);
  }
  /* ids of one may be those of another: all give theirs up first */
  for (guint i = 0; i < nodes->len; i++)
    sight_dom_node_set_id(dom, g_array_index(nodes, SightNodeIndex, i), 1000000000 + (int)i);
  it = sight_json_iter(list);
  for (guint i = 0; sight_json_next(&it); i++) {
    SightJsonIter pair = sight_json_iter(it.value);
    g_assert_true(sight_json_next(&pair) && sight_json_next(&pair));
    int id = (int)sight_json_int(pair.value, 0);
    g_assert_cmpuint(sight_dom_find(dom, id), ==, 0);
    sight_dom_node_set_id(dom, g_array_index(nodes, SightNodeIndex, i), id);
  }
}

static void insert_one(SightDom *dom, SightJson insert) {
  SightNodeIndex parent = must_find(dom, sight_json_get(insert, "parentId"));
  SightJson next_json = sight_json_get(insert, "nextId"), node = sight_json_get(insert, "node");
  SightNodeIndex next = sight_json_type(next_json) == SIGHT_JSON_NUMBER ? must_find(dom, next_json) : 0, index;
  gboolean shadow;
  if (next != 0)
    g_assert_cmpuint(sight_dom_at(dom, next)->parent, ==, parent);
  if (sight_json_type(node) == SIGHT_JSON_OBJECT) {
    g_assert_cmpuint(sight_dom_find(dom, (int)sight_json_int(sight_json_get(node, "id"), 0)), ==, 0);
    index = sight_dom_build(dom, node);
    shadow = sight_json_bool(sight_json_get(node, "isShadow"), FALSE);
    if (shadow)
      sight_dom_at(dom, index)->flags |= SIGHT_FLAG_IN_SHADOW;
  } else {
    index = must_find(dom, sight_json_get(insert, "id"));
    g_assert_cmpuint(sight_dom_at(dom, index)->parent, ==, 0);
    /* a style element that is put in again has lost what script did to its rules */
    for (SightNodeIndex i = index; i != 0; i = sight_dom_following(dom, i, index))
      sight_dom_rules_forget(dom, i);
  }
  g_assert_cmpuint(index, !=, 0);
  g_assert_false(sight_dom_is_inside(dom, parent, index));
  sight_dom_link(dom, index, parent, next);
  sight_dom_rules_forget(dom, parent);
}

static void apply_events(SightDom *dom, SightJson list) {
  g_autoptr(SightEventParser) parser = sight_event_parser_new();
  g_autoptr(GError) error = NULL;
  SightJsonIter it = sight_json_iter(list);
  while (sight_json_next(&it)) {
    g_autoptr(GString) text = g_string_new(NULL);
    SightEvent event;
    sight_json_append_value(text, it.value);
    sight_event_parser_parse(parser, text->str, text->len, &event, &error);
    g_assert_no_error(error);
    sight_dom_apply(dom, &event);
  }
}

static void apply_difference(SightDom *dom, const char *json, gsize bytes) {
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  g_autoptr(GError) error = NULL;
  SightJson root;
  sight_json_parser_parse(parser, json, bytes, &root, &error);
  g_assert_no_error(error);
  SightJsonIter it = sight_json_iter(sight_json_get(root, "detaches"));
  while (sight_json_next(&it))
    sight_dom_unlink(dom, must_find(dom, it.value));
  it = sight_json_iter(sight_json_get(root, "removes"));
  while (sight_json_next(&it)) {
    SightNodeIndex index = must_find(dom, it.value);
    sight_dom_rules_forget(dom, sight_dom_at(dom, index)->parent); /* as a browser does for a text of a sheet */
    sight_dom_node_free(dom, index);
  }
  rename_all(dom, sight_json_get(root, "renames"));
  it = sight_json_iter(sight_json_get(root, "inserts"));
  while (sight_json_next(&it))
    insert_one(dom, it.value);
  apply_events(dom, sight_json_get(root, "frames"));
  g_autoptr(GString) changes = g_string_new("{\"type\":3,\"timestamp\":1,\"data\":{\"source\":0,\"texts\":");
  sight_json_append_value(changes, sight_json_get(root, "texts"));
  g_string_append(changes, ",\"attributes\":");
  sight_json_append_value(changes, sight_json_get(root, "attributes"));
  g_string_append(changes, "}}");
  fixture_apply(dom, changes->str);
  apply_events(dom, sight_json_get(root, "events"));
}

/* Of what page_after() gives, so that ghosts and attributes end up the same: written and read once. */
static void assert_becomes(SightDom *from, const SightDom *to, const char *what) {
  g_autoptr(GString) out = g_string_new(NULL);
  SightDifferenceStats stats;
  const char *why = NULL;
  if (!sight_dom_difference(from, to, 5000, out, &stats, &why)) {
    g_assert_nonnull(why);
    g_assert_cmpuint(out->len, ==, 0);
    return;
  }
  apply_difference(from, out->str, out->len);
  if (sight_dom_hash(from) == sight_dom_hash(to))
    return;
  g_autoptr(GString) a = g_string_new(NULL), b = g_string_new(NULL);
  sight_dom_write_events(from, 1, a);
  sight_dom_write_events(to, 1, b);
  guint at = 0;
  while (a->str[at] != 0 && a->str[at] == b->str[at])
    at++;
  at -= MIN(at, 150);
  g_error("%s:\nmade   %.400s\nwanted %.400s\nby %.600s", what, a->str + at, b->str + at, out->str);
}

static void check_recording(const char *path, guint pairs) {
  g_autoptr(GArray) items = g_array_new(FALSE, FALSE, sizeof(Item));
  g_array_set_clear_func(items, item_clear);
  g_auto(SightReaderReport) report = {0};
  g_autoptr(GFile) file = g_file_new_for_path(path);
  if (!sight_event_read_file(file, &sight_reader_default_limits, keep, items, &report, NULL, NULL) || items->len < 3)
    return;
  g_array_sort(items, by_time);
  for (guint i = 0; i < pairs; i++) {
    guint a = (guint)g_test_rand_int_range(1, (int)items->len + 1);
    guint b = i % 2 == 0 ? (guint)g_test_rand_int_range(1, (int)items->len + 1) : MIN(a + i, items->len);
    g_autoptr(SightDom) from = page_after(items, a);
    g_autoptr(SightDom) to = page_after(items, b);
    g_autofree char *what = g_strdup_printf("%s, %u to %u events", path, a, b);
    assert_becomes(from, to, what);
    g_autoptr(SightDom) back = page_after(items, a);
    g_autoptr(SightDom) from_far = page_after(items, b);
    assert_becomes(from_far, back, what);
  }
}

static void check_folder(const char *folder, guint pairs) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  if (dir == NULL) {
    g_test_message("no recordings at this place");
    return;
  }
  const char *name;
  while ((name = g_dir_read_name(dir)) != NULL) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    check_recording(path, pairs);
  }
}

static void test_samples(void) {
  g_autofree char *folder = g_build_filename(g_getenv("SIGHT_SOURCE_ROOT"), "data", "samples", NULL);
  check_folder(folder, 1);
}

static void test_corpus(void) {
  const char *corpus = g_getenv("SIGHT_CORPUS");
  g_autofree char *folder = g_build_filename(corpus != NULL ? corpus : "/nonexistent", "recordings", NULL);
  check_folder(folder, 3);
}

#define ROW(id, text)                                                                                                  \
  "{\"type\":2,\"id\":" #id ",\"tagName\":\"li\",\"attributes\":{\"class\":\"row\"},\"childNodes\":[{\"type\":3,"      \
  "\"id\":1" #id ",\"textContent\":\"" text "\"}]}"
#define LIST(rows) "{\"type\":2,\"id\":10,\"tagName\":\"ul\",\"attributes\":{},\"childNodes\":[" rows "]}"

/* A list drawn again with new ids: nothing is made anew. */
static void test_reuse(void) {
  g_autoptr(SightDom) from = fixture_page("", LIST(ROW(20, "a") "," ROW(21, "b") "," ROW(22, "c")));
  g_autoptr(SightDom) to = fixture_page("", LIST(ROW(30, "a") "," ROW(31, "new") "," ROW(32, "b") "," ROW(33, "c")));
  g_autoptr(GString) out = g_string_new(NULL);
  SightDifferenceStats stats;
  g_assert_true(sight_dom_difference(from, to, 1, out, &stats, NULL));
  g_assert_cmpuint(stats.reused, ==, 6);
  g_assert_cmpuint(stats.added, ==, 2);
  g_assert_cmpuint(stats.removed + stats.moved, ==, 0);
  apply_difference(from, out->str, out->len);
  g_assert_cmpuint(sight_dom_hash(from), ==, sight_dom_hash(to));
}

/* Turned inside out: what was above is now below. */
static void test_inversion(void) {
#define DIV(id, inner) "{\"type\":2,\"id\":" #id ",\"tagName\":\"div\",\"attributes\":{},\"childNodes\":[" inner "]}"
  g_autoptr(SightDom) from = fixture_page("", DIV(20, DIV(21, "")));
  g_autoptr(SightDom) to = fixture_page("", DIV(21, DIV(20, "")));
  assert_becomes(from, to, "inversion");
  g_assert_cmpint(sight_dom_parent(from, 20), ==, 21);
}

static void test_fields(void) {
  const char *field = "{\"type\":2,\"id\":20,\"tagName\":\"input\",\"attributes\":{\"value\":\"v\"},\"childNodes\":[]}";
  g_autoptr(SightDom) from = fixture_page("", field);
  g_autoptr(SightDom) to = fixture_page("", field);
  fixture_apply(from, "{\"type\":3,\"timestamp\":1500,\"data\":{\"source\":5,\"id\":20,\"text\":\"typed\","
                      "\"isChecked\":false}}");
  fixture_apply(from, "{\"type\":3,\"timestamp\":1500,\"data\":{\"source\":3,\"id\":4,\"x\":0,\"y\":90}}");
  assert_becomes(from, to, "back to what was not typed yet");
  g_assert_cmpstr(sight_dom_value(from, 20), ==, "v");
}

/* What is chosen in a field within a field is not the choice of the outer one. */
static void test_nested_fields(void) {
#define OPTION(id, value, selected)                                                                                    \
  "{\"type\":2,\"id\":" #id ",\"tagName\":\"option\",\"attributes\":{\"value\":\"" value "\"" selected                 \
  "},\"childNodes\":[]}"
  const char *fields =
      "{\"type\":2,\"id\":20,\"tagName\":\"select\",\"attributes\":{},\"childNodes\":["
      "{\"type\":2,\"id\":21,\"tagName\":\"select\",\"attributes\":{},\"childNodes\":[" OPTION(
          22, "inner", ",\"selected\":true") "]}," OPTION(23, "first", "") "," OPTION(24, "outer",
                                                                                      ",\"selected\":true") "]}";
  g_autoptr(SightDom) from = fixture_page("", fields);
  g_autoptr(SightDom) to = fixture_page("", fields);
  fixture_apply(from, "{\"type\":3,\"timestamp\":1500,\"data\":{\"source\":5,\"id\":20,\"text\":\"first\","
                      "\"isChecked\":false}}");
  g_autoptr(GString) out = g_string_new(NULL);
  g_assert_true(sight_dom_difference(from, to, 1, out, NULL, NULL));
  g_assert_nonnull(strstr(out->str, "\"id\":20,\"text\":\"outer\""));
  g_assert_null(strstr(out->str, "inner"));
}

#define RADIO(id, checked)                                                                                             \
  "{\"type\":2,\"id\":" #id ",\"tagName\":\"input\",\"attributes\":{\"type\":\"radio\",\"name\":\"n\"" checked         \
  "},\"childNodes\":[]}"
#define CHOOSE(id, checked)                                                                                            \
  "{\"type\":3,\"timestamp\":1500,\"data\":{\"source\":5,\"id\":" #id ",\"text\":\"on\",\"isChecked\":" checked "}}"

/* To check one unchecks the others of its group: what was chosen comes last, and is said again. */
static void test_radios(void) {
  const char *radios = RADIO(20, "") "," RADIO(21, ",\"checked\":true") "," RADIO(22, "");
  g_autoptr(SightDom) from = fixture_page("", radios);
  g_autoptr(SightDom) to = fixture_page("", radios);
  fixture_apply(to, CHOOSE(20, "true"));
  fixture_apply(from, CHOOSE(20, "true"));
  fixture_apply(from, CHOOSE(21, "false"));
  g_autoptr(GString) out = g_string_new(NULL);
  g_assert_true(sight_dom_difference(from, to, 1, out, NULL, NULL));
  const char *initial = strstr(out->str, "\"id\":21,\"text\":\"\",\"isChecked\":true");
  const char *chosen = strstr(out->str, "\"id\":20,\"text\":\"on\",\"isChecked\":true");
  g_assert_nonnull(initial);
  g_assert_true(chosen > initial);
  /* nor does one that is set back leave none checked */
  g_autoptr(SightDom) before = fixture_page("", radios);
  g_string_truncate(out, 0);
  g_assert_true(sight_dom_difference(to, before, 1, out, NULL, NULL));
  initial = strstr(out->str, "\"id\":21,\"text\":\"\",\"isChecked\":true");
  g_assert_nonnull(initial);
  g_assert_true(initial > strstr(out->str, "\"id\":20,\"text\":\"\",\"isChecked\":false"));
  /* nothing changed: nothing is said */
  g_string_truncate(out, 0);
  g_assert_true(sight_dom_difference(to, to, 1, out, NULL, NULL));
  g_assert_null(strstr(out->str, "isChecked"));
  /* one that comes into the group by its name, while it is checked, unchecks the one that stays so */
  const char *apart = RADIO(20, ",\"checked\":true") ","
                                                     "{\"type\":2,\"id\":23,\"tagName\":\"input\",\"attributes\":{"
                                                     "\"type\":\"radio\",\"name\":\"m\","
                                                     "\"checked\":true},\"childNodes\":[]}";
  g_autoptr(SightDom) of_two = fixture_page("", apart);
  g_autoptr(SightDom) of_one = fixture_page("", apart);
  fixture_mutate(of_one, "", "", "", "{\"id\":23,\"attributes\":{\"name\":\"n\"}}");
  fixture_apply(of_one, CHOOSE(20, "true"));
  fixture_apply(of_two, CHOOSE(20, "true"));
  g_string_truncate(out, 0);
  g_assert_true(sight_dom_difference(of_two, of_one, 1, out, NULL, NULL));
  g_assert_nonnull(strstr(out->str, "\"id\":20,\"text\":\"on\",\"isChecked\":true"));
}

/* Events that no recorder would make, over few ids, so that they meet: every kind of change on every kind of node. */
static void random_node(GString *out, int id) {
  static const char *const tags[] = {"div",    "p",        "input", "style", "iframe",
                                     "select", "textarea", "link",  "svg",   "canvas"};
  int kind = g_test_rand_int_range(0, 14);
  if (kind >= 12)
    g_string_append_printf(out, "{\"type\":%d,\"id\":%d,\"textContent\":\"%d\"}", kind == 12 ? 3 : 5, id, kind);
  else if (kind >= 11)
    g_string_append_printf(out,
                           "{\"type\":0,\"id\":%d,\"childNodes\":[{\"type\":2,\"id\":%d,\"rootId\":%d,\"tagName\":"
                           "\"html\",\"attributes\":{},\"childNodes\":[]}]}",
                           id, id + 1, id);
  else
    g_string_append_printf(out,
                           "{\"type\":2,\"id\":%d,\"tagName\":\"%s\",\"isShadow\":%s,\"attributes\":{\"a%d\":\"x\"%s},"
                           "\"childNodes\":[]}",
                           id, tags[MIN(kind, 9)], kind % 5 == 1 ? "true" : "false", kind % 3,
                           kind == 3 || kind == 7 ? ",\"_cssText\":\"a{}/* rr_split */b{}\"" : "");
}

static int random_id(void) {
  return g_test_rand_int_range(0, 8) == 0 ? g_test_rand_int_range(1, 5) : g_test_rand_int_range(10, 40);
}

static char *random_event(void) {
  g_autoptr(GString) out = g_string_new("{\"type\":3,\"timestamp\":2000,\"data\":{");
  int id = random_id();
  switch (g_test_rand_int_range(0, 12)) {
  case 0:
    g_string_append_printf(out, "\"source\":5,\"id\":%d,\"text\":\"%d\",\"isChecked\":%s", id, id % 3,
                           id % 2 ? "true" : "false");
    break;
  case 1:
    g_string_append_printf(out, "\"source\":3,\"id\":%d,\"x\":0,\"y\":%d", id, id % 4);
    break;
  case 2:
    g_string_append_printf(out, "\"source\":8,\"id\":%d,\"adds\":[{\"rule\":\"r%d{}\",\"index\":0}]", id, id % 3);
    break;
  case 3:
    g_string_append_printf(out,
                           "\"source\":15,\"id\":%d,\"styleIds\":[%d],\"styles\":[{\"styleId\":%d,\"rules\":[{\"rule\":"
                           "\"s%d{}\"}]}]",
                           id, id % 4 + 1, id % 4 + 1, g_test_rand_int_range(0, 3));
    break;
  case 4:
    g_string_append_printf(out, "\"source\":7,\"id\":%d,\"type\":%d,\"currentTime\":1", id, id % 2);
    break;
  default: {
    g_string_append(out, "\"source\":0,\"adds\":[");
    for (int i = g_test_rand_int_range(0, 5); i > 0; i--) {
      int next = g_test_rand_int_range(0, 3) == 0 ? random_id() : 0;
      g_autofree char *next_text = next != 0 ? g_strdup_printf("%d", next) : g_strdup("null");
      g_string_append_printf(out, "{\"parentId\":%d,\"nextId\":%s,\"node\":", random_id(), next_text);
      random_node(out, random_id());
      g_string_append(out, i > 1 ? "}," : "}");
    }
    g_string_append_printf(out,
                           "],\"removes\":[{\"parentId\":4,\"id\":%d}],\"texts\":[{\"id\":%d,\"value\":\"%d\"}],"
                           "\"attributes\":[{\"id\":%d,\"attributes\":{\"a%d\":%s}}]",
                           g_test_rand_int_range(10, 60), random_id(), id, random_id(), id % 3,
                           id % 2 ? "null" : "\"y\"");
  }
  }
  g_string_append(out, "}}");
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static void test_random(void) {
  for (int round = 0; round < 400; round++) {
    g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func(g_free);
    guint n = (guint)g_test_rand_int_range(1, 40), a = (guint)g_test_rand_int_range(0, (int)n + 1);
    g_autoptr(SightDom) from = fixture_page("", LIST(ROW(20, "a") "," ROW(21, "b")));
    g_autoptr(SightDom) back = fixture_page("", LIST(ROW(20, "a") "," ROW(21, "b")));
    g_autoptr(SightDom) to = fixture_page("", LIST(ROW(20, "a") "," ROW(21, "b")));
    g_autoptr(SightDom) to_far = fixture_page("", LIST(ROW(20, "a") "," ROW(21, "b")));
    for (guint i = 0; i < n; i++) {
      char *event = random_event();
      g_ptr_array_add(events, event);
      fixture_apply(to, event);
      fixture_apply(to_far, event);
      if (i < a) {
        fixture_apply(from, event);
        fixture_apply(back, event);
      }
    }
    g_ptr_array_insert(events, (int)a, g_strdup("---"));
    g_ptr_array_add(events, NULL);
    g_autofree char *what = g_strjoinv("\n", (char **)events->pdata);
    assert_becomes(from, to, what);
    assert_becomes(to_far, back, what);
  }
}

static void test_rebuild(void) {
  g_autoptr(SightDom) page = fixture_page("", LIST(ROW(20, "a")));
  g_autoptr(SightDom) none = sight_dom_new();
  g_autoptr(GString) out = g_string_new("x");
  const char *why = NULL;
  g_assert_false(sight_dom_difference(none, page, 1, out, NULL, &why));
  g_assert_nonnull(why);
  g_assert_cmpstr(out->str, ==, "x");
}

static void test_round_trip(void) {
  g_autoptr(SightDom) page = fixture_page("", LIST(ROW(20, "a") "," ROW(21, "</script><!--")));
  fixture_apply(page, "{\"type\":3,\"timestamp\":1500,\"data\":{\"source\":3,\"id\":10,\"x\":0,\"y\":90}}");
  g_autoptr(GString) out = g_string_new(NULL);
  g_assert_true(sight_dom_write_events(page, 1600, out));
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  SightJson root;
  g_assert_true(sight_json_parser_parse(parser, out->str, out->len, &root, NULL));
  g_autoptr(SightDom) again = sight_dom_new();
  apply_events(again, root);
  int width, height;
  sight_dom_viewport(again, &width, &height);
  page->width = width;
  page->height = height;
  g_assert_cmpuint(sight_dom_hash(again), ==, sight_dom_hash(page));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/dom/difference/reuse", test_reuse);
  g_test_add_func("/dom/difference/inversion", test_inversion);
  g_test_add_func("/dom/difference/fields", test_fields);
  g_test_add_func("/dom/difference/nested-fields", test_nested_fields);
  g_test_add_func("/dom/difference/radios", test_radios);
  g_test_add_func("/dom/difference/random", test_random);
  g_test_add_func("/dom/difference/rebuild", test_rebuild);
  g_test_add_func("/dom/difference/round-trip", test_round_trip);
  g_test_add_func("/dom/difference/samples", test_samples);
  g_test_add_func("/dom/difference/corpus", test_corpus);
  return g_test_run();
}

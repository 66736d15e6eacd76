/* SPDX-License-Identifier: MIT */
/* Recordings made to be slow, half a megabyte and a megabyte of each: what every step takes, and by how much more for
 * twice as much. Nothing may take more than a second. With an argument only those whose name has it; with a second, a
 * number, so many megabytes. */
#include "hostile-analyse.h"
#include "hostile.h"
#include "sight-analysis.h"
#include "sight-annotation-json.h"
#include "sight-annotation-table.h"
#include "sight-audit-pass.h"
#include "sight-batch-table.h"
#include "sight-clip.h"
#include "sight-dom-difference.h"
#include "sight-endpoint-table.h"
#include "sight-event-order.h"
#include "sight-event-reader.h"
#include "sight-selector.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MEGABYTE (1000 * 1000)
/* As many as a page of a collector's answer. */
#define PAGE_ROWS 1000

typedef enum { READ, WRITE, HTML, TEXT, DIFFERENCE, TRACK, CLIP, SELECT, AUDIT, ANALYSE, STORE, N_STEPS } Step;
static const char *const steps[N_STEPS] = {"apply", "write",  "html",  "text",    "diff", "track",
                                           "clip",  "select", "audit", "analyse", "store"};

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

static void ignore(const SightAuditFound *found, gpointer user_data) {
}

static gboolean audit_event(const SightEvent *event, gint64 at_ms, gpointer user_data, GError **error) {
  sight_audit_pass_event(user_data, event);
  return TRUE;
}

static void audit(const char *window) {
  g_autoptr(SightAuditPass) pass = sight_audit_pass_new(ignore, NULL);
  g_autoptr(SightEventOrder) order = sight_event_order_new(audit_event, pass, NULL);
  sight_event_order_push(order, window, strlen(window), NULL);
}

static gboolean collect(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  sight_batch_builder_add(user_data, event);
  return TRUE;
}

/* A batch for each window. */
static gboolean put_windows(SightDb *db, gpointer user_data, GError **error) {
  char **windows = user_data;
  for (guint i = 0; windows[i] != NULL; i++) {
    g_auto(SightBatchBuilder) builder = {0};
    g_autofree char *name = g_strdup_printf("w%u", i);
    SightBatch batch = {.session = (char *)"s", .window = name, .received_at_ms = 1700000000000};
    if (!sight_event_read_bytes(windows[i], strlen(windows[i]), &sight_reader_default_limits, collect, &builder, NULL,
                                error))
      return FALSE;
    sight_batch_builder_finish(&builder, &batch);
    if (sight_batch_table_put(db, SIGHT_ENDPOINT_FILES, &batch, error) == SIGHT_PUT_FAILED)
      return FALSE;
  }
  return TRUE;
}

static void remove_tree(const char *path) {
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  for (const char *name = dir != NULL ? g_dir_read_name(dir) : NULL; name != NULL; name = g_dir_read_name(dir)) {
    g_autofree char *child = g_build_filename(path, name, NULL);
    remove_tree(child);
  }
  g_remove(path);
}

static void must(gboolean ok, const GError *error) {
  if (!ok)
    g_error("%s", error != NULL ? error->message : "failed");
}

/* The processor's time without that for a store with nothing in it. */
static double stored_ms(SightStoreFunc func, gpointer user_data, gboolean pending) {
  g_autofree char *folder = g_dir_make_tmp("sight-hostile-XXXXXX", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(SightStore) store = sight_store_open(folder, SIGHT_STORE_CACHE, NULL, &error);
  must(store != NULL, error);
  clock_t start = clock();
  must(sight_store_write(store, SIGHT_WRITE_NORMAL, func, user_data, &error), error);
  if (pending)
    must(sight_analysis_run_pending(store, NULL, NULL, NULL, NULL, &error), error);
  double ms = since_ms(&start);
  sight_store_close(store);
  remove_tree(folder);
  return ms;
}

static void measure(const GString *events, double *ms) {
  g_auto(GStrv) windows = g_strsplit(events->str, "\n", -1);
  const char *first_window = windows[0];
  gsize bytes = strlen(first_window);
  g_autoptr(SightDom) dom = sight_dom_new(), first = sight_dom_new();
  g_autoptr(SightTrack) track = sight_track_new();
  g_autoptr(GString) out = g_string_new(NULL);
  Reading reading = {dom, first, track};
  clock_t start = clock();
  sight_event_read_bytes(first_window, bytes, &sight_reader_default_limits, apply, &reading, NULL, NULL);
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
  sight_event_read_bytes(first_window, bytes, &sight_reader_default_limits, add, track, NULL, NULL);
  sight_track_settle(track, NULL);
  g_autoptr(SightCursor) cursor = sight_cursor_new(track);
  sight_cursor_seek(cursor, sight_track_last_ms(track) + 1, NULL);
  ms[TRACK] = since_ms(&start);
  const SightClipPart part = {track, sight_track_last_ms(track), sight_track_last_ms(track) + 1};
  sight_clip_write(&part, 1, SIGHT_CLIP_JSON, NULL, NULL, out, NULL);
  ms[CLIP] = since_ms(&start);
  select_nodes(dom);
  ms[SELECT] = since_ms(&start);
  audit(first_window);
  ms[AUDIT] = since_ms(&start);
  hostile_analyse(windows);
  ms[ANALYSE] = since_ms(&start);
  ms[STORE] = stored_ms(put_windows, windows, TRUE);
}

static void print_ms(double ms, double half) {
  g_print("%7.0f (%4.1f)%s", ms, ms / MAX(half, 0.01), ms > 1000 ? "!" : " ");
}

static void measure_lists(const HostileList *lists, const char *only, gsize bytes) {
  for (guint i = 0; lists[i].name != NULL; i++) {
    if (strstr(lists[i].name, only) == NULL)
      continue;
    double half[N_STEPS], whole[N_STEPS];
    g_autoptr(GString) small = g_string_new(NULL), large = g_string_new(NULL);
    lists[i].fill(small, bytes / 2);
    lists[i].fill(large, bytes);
    measure(small, half);
    measure(large, whole);
    g_print("%-20s", lists[i].name);
    for (int step = 0; step < N_STEPS; step++)
      print_ms(whole[step] * MEGABYTE / (double)bytes, half[step] * MEGABYTE / (double)bytes);
    g_print("\n");
  }
}

/* As sync does: page by page, each in a transaction. */
typedef struct {
  char **lines; /* that are left */
} Page;

static gboolean put_page(SightDb *db, gpointer user_data, GError **error) {
  Page *page = user_data;
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(16);
  g_autoptr(GPtrArray) annotations = g_ptr_array_new_with_free_func((GDestroyNotify)sight_annotation_free);
  guint n_changed = 0;
  for (guint i = 0; i < PAGE_ROWS && page->lines[0] != NULL; i++, page->lines++) {
    SightJson root = {0};
    const char *wrong = NULL;
    must(sight_json_parser_parse(parser, page->lines[0], strlen(page->lines[0]), &root, error), NULL);
    SightAnnotation *annotation = sight_annotation_read(root, NULL, &wrong);
    must(annotation != NULL, NULL);
    annotation->endpoint = SIGHT_ENDPOINT_FILES;
    g_ptr_array_add(annotations, annotation);
  }
  return sight_annotation_table_put_all(db, annotations, SIGHT_ANNOTATION_OF_ENDPOINT, &n_changed, error);
}

static double annotations_ms(const HostileList *list, gsize bytes) {
  char *windows[] = {(char *)"[{\"type\":4,\"timestamp\":1000,\"data\":{}}]", NULL};
  g_autoptr(GString) text = g_string_new(NULL);
  list->fill(text, bytes);
  g_auto(GStrv) lines = g_strsplit(text->str, "\n", -1);
  g_autofree char *folder = g_dir_make_tmp("sight-hostile-XXXXXX", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(SightStore) store = sight_store_open(folder, SIGHT_STORE_CACHE, NULL, &error);
  must(store != NULL && sight_store_write(store, SIGHT_WRITE_NORMAL, put_windows, windows, &error), error);
  clock_t start = clock();
  for (Page page = {lines}; page.lines[0] != NULL;)
    must(sight_store_write(store, SIGHT_WRITE_DURABLE, put_page, &page, &error), error);
  double ms = since_ms(&start);
  sight_store_close(store);
  remove_tree(folder);
  return ms;
}

int main(int argc, char **argv) {
  const char *only = argc > 1 ? argv[1] : "";
  gsize bytes = argc > 2 ? (gsize)(atof(argv[2]) * MEGABYTE) : MEGABYTE;
  g_print("ms for 1 MB (times that of half of it)\n%-20s", "");
  for (int step = 0; step < N_STEPS; step++)
    g_print("%14s", steps[step]);
  g_print("\n");
  measure_lists(hostile_pages, only, bytes);
  measure_lists(hostile_acts, only, bytes);
  measure_lists(hostile_visits, only, bytes);
  g_print("\nannotations\n");
  for (const HostileList *list = hostile_annotations; list->name != NULL; list++) {
    if (strstr(list->name, only) == NULL)
      continue;
    double half = annotations_ms(list, bytes / 2), whole = annotations_ms(list, bytes);
    g_print("%-20s", list->name);
    print_ms(whole * MEGABYTE / (double)bytes, half * MEGABYTE / (double)bytes);
    g_print("\n");
  }
  return 0;
}

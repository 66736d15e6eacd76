/* SPDX-License-Identifier: MIT */
/* page-at FILE MS…: prints, one line for each time, the events that make the page as it is then.
 * page-at --windows FILE: prints, one line for each window, its events as they were recorded. */
#include "sight-dom.h"
#include "sight-event-reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  gint64 time_ms;
  guint order;
  char *text;
} Item;

static gboolean keep(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  GArray *items = user_data;
  Item item = {event->time_ms, items->len, g_strndup(event->text, event->text_bytes)};
  g_array_append_val(items, item);
  return TRUE;
}

static int by_time(gconstpointer a, gconstpointer b) {
  const Item *left = a, *right = b;
  if (left->time_ms != right->time_ms)
    return left->time_ms < right->time_ms ? -1 : 1;
  return left->order < right->order ? -1 : 1;
}

static gboolean keep_window(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  GHashTable *windows = user_data;
  const char *name = tainted_window != NULL ? tainted_window : "";
  GString *events = g_hash_table_lookup(windows, name);
  if (events == NULL) {
    events = g_string_new("[");
    g_hash_table_insert(windows, g_strdup(name), events);
  }
  g_string_append(events, events->len > 1 ? "," : "");
  g_string_append_len(events, event->text, (gssize)event->text_bytes);
  return TRUE;
}

static void free_string(gpointer string) {
  g_string_free(string, TRUE);
}

static int print_windows(const char *path) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GHashTable) windows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_string);
  g_auto(SightReaderReport) report = {0};
  g_autoptr(GFile) file = g_file_new_for_path(path);
  if (!sight_event_read_file(file, &sight_reader_default_limits, keep_window, windows, &report, NULL, &error)) {
    g_printerr("%s\n", error->message);
    return 1;
  }
  g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(windows), (GCompareFunc)strcmp);
  for (const GList *at = names; at != NULL; at = at->next)
    printf("%s]\n", ((GString *)g_hash_table_lookup(windows, at->data))->str);
  return 0;
}

int main(int argc, char **argv) {
  if (argc == 3 && strcmp(argv[1], "--windows") == 0)
    return print_windows(argv[2]);
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) items = g_array_new(FALSE, FALSE, sizeof(Item));
  g_auto(SightReaderReport) report = {0};
  g_autoptr(GFile) file = g_file_new_for_path(argc > 1 ? argv[1] : "");
  if (!sight_event_read_file(file, &sight_reader_default_limits, keep, items, &report, NULL, &error)) {
    g_printerr("%s\n", error->message);
    return 1;
  }
  g_array_sort(items, by_time);
  g_autoptr(SightEventParser) parser = sight_event_parser_new();
  for (int i = 2; i < argc; i++) {
    g_autoptr(SightDom) dom = sight_dom_new();
    gint64 at = g_array_index(items, Item, 0).time_ms + g_ascii_strtoll(argv[i], NULL, 10);
    for (guint k = 0; k < items->len; k++) {
      const Item *item = &g_array_index(items, Item, k);
      SightEvent event;
      if (item->time_ms < at && sight_event_parser_parse(parser, item->text, strlen(item->text), &event, NULL))
        sight_dom_apply(dom, &event);
    }
    g_autoptr(GString) out = g_string_new(NULL);
    if (!sight_dom_write_events(dom, at, out))
      g_string_append(out, "null");
    puts(out->str);
  }
  for (guint k = 0; k < items->len; k++)
    g_free(g_array_index(items, Item, k).text);
  return 0;
}

/* SPDX-License-Identifier: MIT */
/* The difference of any two pages of one recording, both ways: it is JSON, or nothing and a reason. */
#include "sight-dom-difference.h"
#include "sight-event-reader.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize bytes);

static const SightReaderLimits limits = {.max_bytes = 1024 * 1024, .max_event_bytes = 65536, .max_events = 2000};

typedef struct {
  SightDom *early, *late;
  guint n, split;
} Pages;

static gboolean apply(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  Pages *pages = user_data;
  if (pages->n++ < pages->split)
    sight_dom_apply(pages->early, event);
  sight_dom_apply(pages->late, event);
  return TRUE;
}

static void compare(const SightDom *from, const SightDom *to) {
  g_autoptr(GString) out = g_string_new(NULL);
  const char *why = NULL;
  if (!sight_dom_difference(from, to, 1, out, NULL, &why)) {
    g_assert_nonnull(why);
    g_assert_cmpuint(out->len, ==, 0);
    return;
  }
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  g_autoptr(GError) error = NULL;
  SightJson root;
  sight_json_parser_parse(parser, out->str, out->len, &root, &error);
  g_assert_no_error(error);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize bytes) {
  if (bytes < 2 || bytes > 65536)
    return 0;
  g_autoptr(SightDom) early = sight_dom_new();
  g_autoptr(SightDom) late = sight_dom_new();
  Pages pages = {early, late, 0, data[0] % 8 + 1};
  sight_event_read_bytes(data + 1, bytes - 1, &limits, apply, &pages, NULL, NULL);
  compare(early, late);
  compare(late, early);
  compare(late, late);
  return 0;
}

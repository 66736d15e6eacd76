/* SPDX-License-Identifier: MIT */
/* Pages from events that nobody vouches for: everything that is written of them can be read again, and says the same.
 */
#include "sight-dom.h"
#include "sight-event-reader.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize bytes);

static const SightReaderLimits limits = {.max_bytes = 1024 * 1024, .max_event_bytes = 65536, .max_events = 2000};

static gboolean apply(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  sight_dom_apply(user_data, event);
  return TRUE;
}

/* Of the tag by that name; one whose name only begins so is another. */
static gboolean has_tag(const char *html, const char *tag) {
  gsize bytes = strlen(tag);
  for (const char *at = html; (at = strchr(at, '<')) != NULL; at++)
    if (g_ascii_strncasecmp(at + 1, tag, bytes) == 0 && strchr(" \t\n\f\r/>", at[1 + bytes]) != NULL)
      return TRUE;
  return FALSE;
}

static void ask(const SightDom *dom) {
  for (int id = sight_dom_root(dom), n = 0; id != 0 && n < 50; n++) {
    g_autofree char *label = sight_dom_label(dom, id, 40), *selector = sight_dom_selector(dom, id);
    g_assert_nonnull(label);
    g_assert_nonnull(selector);
    sight_dom_is_hidden(dom, id);
    sight_dom_value(dom, id);
    int child = sight_dom_first_child(dom, id);
    g_assert_true(child == 0 || sight_dom_parent(dom, child) == id);
    id = child != 0 ? child : sight_dom_next_sibling(dom, id);
  }
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize bytes) {
  if (bytes == 0 || bytes > 65536)
    return 0;
  g_autoptr(SightDom) dom = sight_dom_new();
  sight_event_read_bytes(data, bytes, &limits, apply, dom, NULL, NULL);
  ask(dom);
  g_autoptr(GString) events = g_string_new(NULL), html = g_string_new(NULL), text = g_string_new(NULL);
  sight_dom_write_text(dom, text);
  gboolean has_page = sight_dom_has_page(dom);
  g_assert_cmpint(sight_dom_write_html(dom, html), ==, has_page);
  g_assert_false(has_tag(html->str, "script"));
  g_assert_cmpint(sight_dom_write_events(dom, 1000, events), ==, has_page);
  if (!has_page)
    return 0;
  g_autoptr(SightDom) again = sight_dom_new();
  g_autoptr(GError) error = NULL;
  const SightReaderLimits wide = {.max_bytes = G_MAXUINT32, .max_event_bytes = G_MAXINT32, .max_events = G_MAXINT32};
  sight_event_read_bytes(events->str, events->len, &wide, apply, again, NULL, &error);
  g_assert_no_error(error);
  g_autoptr(GString) second = g_string_new(NULL);
  g_assert_true(sight_dom_write_events(again, 1000, second));
  if (!g_string_equal(events, second))
    g_error("once:\n%s\ntwice:\n%s", events->str, second->str);
  return 0;
}

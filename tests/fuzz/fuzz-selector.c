/* SPDX-License-Identifier: MIT */
/* Selectors: each is refused with a reason, or gives the same whichever way it is asked. */
#include "sight-event-reader.h"
#include "sight-selector.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize bytes);

static const char page[] =
    "[{\"type\":2,\"timestamp\":1,\"data\":{\"node\":{\"type\":0,\"id\":1,\"childNodes\":[{\"type\":2,\"id\":2,"
    "\"tagName\":\"html\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":3,\"tagName\":\"div\",\"attributes\":"
    "{\"class\":\"a b\",\"id\":\"x\"},\"childNodes\":[{\"type\":2,\"id\":4,\"tagName\":\"a\",\"attributes\":{\"href\":"
    "\"#\",\"disabled\":true},\"childNodes\":[]},{\"type\":2,\"id\":5,\"tagName\":\"a\",\"attributes\":{},"
    "\"childNodes\":[]}]}]}]}}}]";

static gboolean apply(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  sight_dom_apply(user_data, event);
  return TRUE;
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize bytes) {
  if (bytes > 8192)
    return 0;
  g_autofree char *text = g_strndup((const char *)data, bytes);
  g_autoptr(GError) error = NULL;
  g_autoptr(SightSelector) selector = sight_selector_new(text, &error);
  g_assert_true((selector == NULL) == (error != NULL));
  if (selector == NULL)
    return 0;
  g_autoptr(SightDom) dom = sight_dom_new();
  sight_event_read_bytes(page, strlen(page), &sight_reader_default_limits, apply, dom, NULL, NULL);
  g_autoptr(GArray) ids = sight_selector_find_all(selector, dom);
  guint n = 0;
  for (int id = 1; id <= 5; id++)
    n += sight_selector_matches(selector, dom, id);
  g_assert_cmpuint(n, ==, ids->len);
  return 0;
}

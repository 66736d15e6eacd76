/* SPDX-License-Identifier: MIT */
/* Small pages for tests: events as JSON text, applied one by one. */
#pragma once

#include <string.h>

#include "sight-dom.h"

static inline void fixture_apply(SightDom *dom, const char *json) {
  g_autoptr(SightEventParser) parser = sight_event_parser_new();
  g_autoptr(GError) error = NULL;
  SightEvent event;
  gboolean ok = sight_event_parser_parse(parser, json, strlen(json), &event, &error);
  g_assert_no_error(error);
  g_assert_true(ok);
  sight_dom_apply(dom, &event);
}

/* A full snapshot at 1000 ms: html (2) > head (3), body (4); `body` is the JSON of the body's children. */
static inline SightDom *fixture_page(const char *head, const char *body) {
  SightDom *dom = sight_dom_new();
  g_autofree char *json = g_strdup_printf(
      "{\"type\":2,\"timestamp\":1000,\"data\":{\"initialOffset\":{\"left\":0,\"top\":0},\"node\":{\"type\":0,\"id\":1,"
      "\"childNodes\":[{\"type\":1,\"id\":100,\"name\":\"html\",\"publicId\":\"\",\"systemId\":\"\"},{\"type\":2,"
      "\"id\":2,\"tagName\":\"html\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":3,\"tagName\":\"head\","
      "\"attributes\":{},\"childNodes\":[%s]},{\"type\":2,\"id\":4,\"tagName\":\"body\",\"attributes\":{},"
      "\"childNodes\":[%s]}]}]}}}",
      head, body);
  fixture_apply(dom, json);
  return dom;
}

/* Incremental event of source 0 at 2000 ms, from its lists. */
static inline void fixture_mutate(SightDom *dom, const char *removes, const char *adds, const char *texts,
                                  const char *attributes) {
  g_autofree char *json = g_strdup_printf("{\"type\":3,\"timestamp\":2000,\"data\":{\"source\":0,\"removes\":[%s],"
                                          "\"adds\":[%s],\"texts\":[%s],\"attributes\":[%s]}}",
                                          removes, adds, texts, attributes);
  fixture_apply(dom, json);
}

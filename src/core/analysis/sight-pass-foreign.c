/* SPDX-License-Identifier: MIT */
/* Custom events of other recorders, as far as they say the same as ours. */
#include "sight-window-pass-private.h"

#include <string.h>

static const char *text_of(SightJson object, const char *key) {
  return sight_json_string(sight_json_get(object, key), NULL);
}

/* The first of the keys that is there. */
static SightJson one_of(SightJson object, const char *const *keys) {
  SightJson value = {0};
  for (guint i = 0; keys[i] != NULL && sight_json_type(value) == SIGHT_JSON_ABSENT; i++)
    value = sight_json_get(object, keys[i]);
  return value;
}

static void on_pageview(SightWindowPass *pass, SightJson payload) {
  static const char *const keys[] = {"href", "url", "$current_url", "to", NULL};
  const char *url = sight_json_string(payload, NULL);
  if (url == NULL)
    url = sight_json_string(one_of(payload, keys), NULL);
  sight_pass_page(pass, url, text_of(payload, "title"), FALSE);
}

static void on_error(SightWindowPass *pass, SightJson payload) {
  static const char *const keys[] = {"message", "error", "reason", "event", NULL};
  const char *message = sight_json_string(payload, NULL);
  if (message == NULL)
    message = sight_json_string(one_of(payload, keys), NULL);
  sight_pass_error(pass, message, text_of(payload, "stack"), FALSE);
}

static void on_network(SightWindowPass *pass, SightJson payload) {
  static const char *const status_keys[] = {"status", "statusCode", "status_code", "responseStatus", NULL};
  static const char *const time_keys[] = {"ms", "duration_ms", "duration", "time", NULL};
  static const char *const url_keys[] = {"url", "name", "href", NULL};
  SightJson status = one_of(payload, status_keys);
  if (sight_json_type(status) != SIGHT_JSON_NUMBER)
    return;
  sight_pass_request(pass, text_of(payload, "method"), sight_json_string(one_of(payload, url_keys), NULL),
                     sight_json_int(status, 0), sight_json_int(one_of(payload, time_keys), 0),
                     text_of(payload, "error"));
}

/* Sentry's trail of what happened: {category, level, message, data}. */
static void on_breadcrumb(SightWindowPass *pass, SightJson payload) {
  const char *category = text_of(payload, "category");
  const char *message = text_of(payload, "message");
  SightJson data = sight_json_get(payload, "data");
  if (category == NULL)
    return;
  if (g_str_equal(category, "console"))
    sight_pass_console(pass, text_of(payload, "level"), message, text_of(data, "stack"));
  else if (g_str_equal(category, "navigation"))
    sight_pass_page(pass, text_of(data, "to"), NULL, FALSE);
  else if (g_str_equal(category, "exception") || g_str_equal(category, "error") || g_str_equal(category, "issue"))
    sight_pass_error(pass, message != NULL ? message : text_of(data, "label"), text_of(data, "stack"), FALSE);
}

/* Sentry's spans: {op, description, startTimestamp, endTimestamp, data}; times in s, or in ms where they are large. */
static void on_span(SightWindowPass *pass, SightJson payload) {
  const char *op = text_of(payload, "op");
  SightJson data = sight_json_get(payload, "data");
  SightJson status = sight_json_get(data, "statusCode");
  if (op == NULL)
    return;
  double start = sight_json_double(sight_json_get(payload, "startTimestamp"), 0);
  double end = sight_json_double(sight_json_get(payload, "endTimestamp"), start);
  double duration = end - start;
  if (end < 9999999999.0)
    duration *= 1000;
  if ((g_str_equal(op, "resource.fetch") || g_str_equal(op, "resource.xhr")) &&
      sight_json_type(status) == SIGHT_JSON_NUMBER)
    sight_pass_request(pass, text_of(data, "method"), text_of(payload, "description"), sight_json_int(status, 0),
                       (gint64)CLAMP(duration, 0, 1e9), NULL);
  else if (g_str_has_prefix(op, "navigation."))
    sight_pass_page(pass, text_of(payload, "description"), NULL, FALSE);
}

/* What recorders tell of themselves: PostHog's own begin with "$", ours with "ss:". */
static gboolean is_of_recorder(const char *tag) {
  static const char *const tags[] = {
      "options", "sessionIdle", "sessionNoLongerIdle", "recording paused", "recording resumed", "samplingDecisionMade",
      NULL};
  return tag[0] == '$' || tag[0] == '\0' || g_str_has_prefix(tag, "ss:") || g_strv_contains(tags, tag);
}

void sight_pass_foreign(SightWindowPass *pass, const char *tag, SightJson payload) {
  static const struct {
    const char *tag;
    void (*handle)(SightWindowPass *pass, SightJson payload);
  } known[] = {
      {"$pageview", on_pageview},    {"$url_changed", on_pageview}, {"pageview", on_pageview},
      {"Navigate", on_pageview},     {"Reload", on_pageview},       {"navigation", on_pageview},
      {"url-change", on_pageview},   {"js-error", on_error},        {"error", on_error},
      {"exception", on_error},       {"$exception", on_error},      {"unhandledrejection", on_error},
      {"network", on_network},       {"xhr", on_network},           {"fetch", on_network},
      {"breadcrumb", on_breadcrumb}, {"performanceSpan", on_span},
  };
  for (guint i = 0; i < G_N_ELEMENTS(known); i++)
    if (g_ascii_strcasecmp(tag, known[i].tag) == 0) {
      known[i].handle(pass, payload);
      return;
    }
  /* rrweb's addCustomEvent() is there for whoever records. */
  if (!is_of_recorder(tag))
    sight_pass_event(pass, tag, payload);
}

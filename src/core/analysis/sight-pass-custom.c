/* SPDX-License-Identifier: MIT */
/* Our own custom events, the console plugin, and what a log entry comes down to. */
#include "sight-window-pass-private.h"

#include "sight-assets.h"
#include "sight-terms.h"
#include "sight-user.h"

#include <string.h>

/* Arguments of one console call that are shown. */
/* Of what is shown: more addresses, or longer ones, no page has. */
#define MAX_ADDRESSES 4000
#define ADDRESS_BYTES 4096
#define MAX_ARGUMENTS 20
#define MAX_MESSAGE_BYTES 8000
#define STRING_DEPTH 64
#define MAX_SCRIPT_SCROLLS 1000

enum { WEIGHT_KEY = 4 };

static const char *text_of(SightJson object, const char *key) {
  return sight_json_string(sight_json_get(object, key), NULL);
}

static gint64 int_of(SightJson object, const char *key) {
  return sight_json_int(sight_json_get(object, key), 0);
}

static int node_of(SightJson object, const char *key) {
  return (int)CLAMP(int_of(object, key), G_MININT, G_MAXINT);
}

static void on_context(SightWindowPass *pass, SightJson payload) {
  sight_findings_set_release(pass->findings, pass->now_ms, text_of(payload, "release"));
  pass->notices_told = TRUE;
  if (sight_json_type(sight_json_get(payload, "media")) == SIGHT_JSON_OBJECT)
    sight_watch_set_facts(pass->watch);
  sight_findings_set_agent(pass->findings, pass->now_ms, text_of(payload, "user_agent"));
  sight_terms_add(pass->findings, SIGHT_TERM_LANGUAGE, text_of(payload, "language"));
  sight_terms_add(pass->findings, SIGHT_TERM_REFERRER, text_of(payload, "referrer"));
  SightJson screen = sight_json_get(payload, "screen");
  if (int_of(screen, "w") > 0) {
    g_autofree char *size =
        g_strdup_printf("%" G_GINT64_FORMAT "x%" G_GINT64_FORMAT, int_of(screen, "w"), int_of(screen, "h"));
    sight_terms_add(pass->findings, SIGHT_TERM_SCREEN, size);
  }
  SightJsonIter it = sight_json_iter(sight_json_get(payload, "variants"));
  while (sight_json_next(&it))
    if (it.key != NULL)
      sight_terms_add_pair(pass->findings, SIGHT_TERM_VARIANT, it.key, it.value);
}

static void on_user(SightWindowPass *pass, const char *user, SightJson payload) {
  gboolean news = g_strcmp0(user, pass->findings->user) != 0;
  sight_findings_set_user(pass->findings, pass->now_ms, user);
  if (news)
    sight_findings_add_story(pass->findings, SIGHT_STORY_IDENTIFY, pass->window, pass->now_ms, pass->now_ms, user,
                             NULL);
  sight_terms_add(pass->findings, SIGHT_TERM_USER, user);
  SightJsonIter it = sight_json_iter(sight_json_get(payload, "traits"));
  while (sight_json_next(&it))
    if (it.key != NULL)
      sight_terms_add_pair(pass->findings, SIGHT_TERM_TRAIT, it.key, it.value);
}

void sight_pass_event(SightWindowPass *pass, const char *name, SightJson properties) {
  sight_findings_add_story(pass->findings, SIGHT_STORY_EVENT, pass->window, pass->now_ms, pass->now_ms, name, NULL);
  if (!sight_terms_add_moment(pass->findings, pass->index, SIGHT_TERM_EVENT, name, pass->now_ms, pass->now_ms))
    return;
  SightJsonIter it = sight_json_iter(properties);
  while (sight_json_next(&it))
    if (it.key != NULL)
      sight_terms_also_pair(pass->findings, SIGHT_TERM_PROPERTY, it.key, it.value);
}

static void on_event(SightWindowPass *pass, SightJson payload) {
  const char *name = text_of(payload, "name");
  if (name != NULL)
    sight_pass_event(pass, name, sight_json_get(payload, "properties"));
}

static void on_route(SightWindowPass *pass, SightJson payload) {
  sight_pass_page(pass, text_of(payload, "href"), text_of(payload, "title"), FALSE);
}

/* Whether a script clicked was asked when the click itself was settled. */
static void on_click(SightWindowPass *pass, SightJson payload) {
  if (sight_json_type(sight_json_get(payload, "trusted")) != SIGHT_JSON_ABSENT)
    sight_watch_set_facts(pass->watch);
  gboolean looks_so = sight_json_bool(sight_json_get(payload, "interactive"), FALSE) ||
                      g_strcmp0(text_of(payload, "cursor"), "pointer") == 0;
  if (looks_so)
    sight_pass_watch(pass, sight_pass_act(pass, SIGHT_ACT_HINT, node_of(payload, "id")));
}

static void on_answer(SightWindowPass *pass, SightJson payload) {
  SightAct act = sight_pass_act(pass, SIGHT_ACT_ANSWER, node_of(payload, "id"));
  act.amount = node_of(payload, "after_ms");
  sight_watch_set_facts(pass->watch);
  sight_pass_watch(pass, act);
}

/* Of a click that came ("kept") the page took what the browser does of itself; where none came ("prevented"), too. */
static void on_press(SightWindowPass *pass, SightJson payload) {
  const char *why = text_of(payload, "why");
  int node = node_of(payload, "id");
  gboolean kept = g_strcmp0(why, "kept") == 0;
  sight_watch_set_facts(pass->watch);
  if (g_strcmp0(why, "dragged") == 0)
    return;
  if (!kept)
    sight_pass_mute_press(pass, node, node_of(payload, "x"), node_of(payload, "y"));
  if (!kept && g_strcmp0(why, "prevented") != 0)
    return;
  sight_pass_settle_click(pass, NULL);
  sight_pass_watch(pass, sight_pass_act(pass, SIGHT_ACT_KEPT, node));
}

static void on_key(SightWindowPass *pass, SightJson payload) {
  sight_pass_watch(pass, sight_pass_act(pass, SIGHT_ACT_ENTER, node_of(payload, "id")));
  sight_pass_active(pass, WEIGHT_KEY);
}

/* A form goes by id, name, or the node that it is. */
static void on_form(SightWindowPass *pass, SightJson payload) {
  const char *what = text_of(payload, "what");
  SightJson form = sight_json_get(payload, "form");
  const char *name = sight_json_string(form, NULL);
  g_autofree char *number = NULL;
  if (name == NULL && sight_json_type(form) == SIGHT_JSON_NUMBER)
    name = number = g_strdup_printf("%" G_GINT64_FORMAT, sight_json_int(form, 0));
  SightJson field = sight_json_get(payload, "field");
  SightAct act = sight_pass_act(pass, SIGHT_ACT_FORM, node_of(field, "id"));
  /* A field in a shadow root is not the form's own for the browser, but for whoever fills it in. */
  g_autofree char *outer =
      act.node > 0 && (name == NULL || name[0] == '\0') ? sight_pass_form_key(pass, act.node) : NULL;
  if (outer != NULL)
    name = outer;
  g_autofree char *called = g_strcmp0(what, "focus") == 0 ? sight_pass_form_name(pass, act.node) : NULL;
  act.method = called;
  act.look = act.node > 0 && sight_pass_is_search(pass, act.node);
  act.text = name;
  act.detail = what;
  act.field = text_of(field, "name");
  /* A form that goes by its node has no name: mostly a widget of one field. */
  act.empty = name == NULL || strspn(name, "0123456789") == strlen(name);
  act.x = node_of(payload, "refills");
  act.amount = node_of(payload, "duration_ms");
  sight_pass_watch(pass, act);
  sight_pass_filled_form(pass, &act);
  /* What was typed is gone from the fields, of which no event tells. */
  if (g_strcmp0(what, "reset") == 0 && g_hash_table_size(pass->typed) > 0) {
    sight_pass_seen(pass, node_of(payload, "form"));
    g_hash_table_remove_all(pass->typed);
  }
  if (g_strcmp0(what, "submit") != 0)
    return;
  sight_terms_add_moment(pass->findings, pass->index, SIGHT_TERM_FORM, name != NULL && name[0] != '\0' ? name : "?",
                         pass->now_ms, pass->now_ms);
  SightStoryItem *item =
      sight_findings_add_story(pass->findings, SIGHT_STORY_FORM, pass->window, pass->now_ms, pass->now_ms, name, what);
  if (item != NULL && sight_json_type(form) == SIGHT_JSON_NUMBER)
    item->node = node_of(payload, "form");
}

static void on_error(SightWindowPass *pass, SightJson payload) {
  const char *stack = text_of(payload, "stack");
  g_autofree char *place = NULL;
  if ((stack == NULL || strstr(stack, "://") == NULL) && text_of(payload, "source") != NULL)
    place = g_strdup_printf("%s:%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT, text_of(payload, "source"),
                            int_of(payload, "line"), int_of(payload, "column"));
  sight_pass_error(pass, text_of(payload, "message"), place != NULL ? place : stack,
                   g_strcmp0(text_of(payload, "kind"), "exception") == 0);
}

static void on_request(SightWindowPass *pass, SightJson payload) {
  sight_pass_request(pass, text_of(payload, "method"), text_of(payload, "url"), int_of(payload, "status"),
                     int_of(payload, "duration_ms"), text_of(payload, "error"));
}

static void on_visibility(SightWindowPass *pass, SightJson payload) {
  gboolean hidden = sight_json_bool(sight_json_get(payload, "hidden"), FALSE);
  sight_findings_add_moment(pass->findings, pass->index, pass->now_ms, hidden ? SIGHT_TAB_HIDDEN : SIGHT_TAB_SHOWN);
  sight_pass_view_hidden(pass, hidden);
  SightAct act = sight_pass_act(pass, SIGHT_ACT_LEAVE, 0);
  act.empty = TRUE;
  if (hidden)
    sight_pass_watch(pass, act);
}

static void on_scroll(SightWindowPass *pass, SightJson payload) {
  gpointer key = GINT_TO_POINTER(node_of(payload, "id"));
  const char *by = text_of(payload, "by");
  sight_watch_set_facts(pass->watch);
  g_hash_table_remove(pass->script_scrolls, key);
  if (g_strcmp0(by, "script") == 0 && g_hash_table_size(pass->script_scrolls) < MAX_SCRIPT_SCROLLS)
    g_hash_table_add(pass->script_scrolls, key);
  else if (by != NULL)
    sight_pass_watch(pass, sight_pass_act(pass, SIGHT_ACT_WHEEL, node_of(payload, "id")));
}

static void on_page(SightWindowPass *pass, SightJson payload) {
  sight_pass_view_is_high(pass, node_of(payload, "height_px"));
  sight_watch_set_facts(pass->watch);
}

static void on_notice(SightWindowPass *pass, SightJson payload) {
  SightAct act = sight_pass_act(pass, SIGHT_ACT_NOTICE, node_of(payload, "id"));
  /* What goes on telling is no message. */
  const char *tag = sight_dom_tag(pass->dom, act.node);
  if (g_strcmp0(tag, "table") == 0 || g_strcmp0(tag, "tbody") == 0)
    return;
  double in_view = sight_json_double(sight_json_get(payload, "in_view"), 0);
  act.text = text_of(payload, "kind");
  act.detail = text_of(payload, "what");
  if (g_strcmp0(act.text, "busy") == 0 && !sight_pass_busy_notice(pass, &act))
    return;
  act.amount = in_view > 0 ? MAX(1, (int)(CLAMP(in_view, 0, 1) * 100)) : 0;
  act.y = node_of(payload, "top_px");
  if (g_strcmp0(tag, "input") == 0 || g_strcmp0(tag, "select") == 0 || g_strcmp0(tag, "textarea") == 0)
    act.field = tag;
  sight_pass_watch(pass, act);
  sight_pass_filled_notice(pass, &act);
  /* The message came into the page before, but only now it is known that somebody can see it. */
  if (act.amount > 0 && g_strcmp0(act.detail, "gone") != 0 && g_strcmp0(act.text, "busy") != 0)
    sight_pass_seen(pass, act.node);
}

/* What was told last of an address counts. */
static void note_asset(const char *tainted_address, const char *hash, const char *tainted_why, gpointer user_data) {
  GHashTable *assets = user_data;
  const char *what = hash != NULL ? hash : tainted_why != NULL ? tainted_why : "";
  if (strlen(tainted_address) > ADDRESS_BYTES || strlen(what) > SIGHT_ASSETS_HASH_DIGITS)
    return;
  if (g_hash_table_size(assets) < MAX_ADDRESSES || g_hash_table_contains(assets, tainted_address))
    g_hash_table_replace(assets, g_strdup(tainted_address), g_strdup(what));
}

void sight_pass_custom(SightWindowPass *pass, const SightEvent *event) {
  static const struct {
    const char *tag;
    void (*handle)(SightWindowPass *pass, SightJson payload);
  } ours[] = {
      {"ss:context", on_context}, {"ss:event", on_event},
      {"ss:route", on_route},     {"ss:click", on_click},
      {"ss:form", on_form},       {"ss:error", on_error},
      {"ss:request", on_request}, {"ss:visibility", on_visibility},
      {"ss:notice", on_notice},   {"ss:answer", on_answer},
      {"ss:press", on_press},     {"ss:scroll", on_scroll},
      {"ss:page", on_page},       {"ss:key", on_key},
  };
  const char *tag = sight_event_tag(event);
  if (tag == NULL)
    return;
  if (g_str_equal(tag, SIGHT_ASSETS_TAG)) {
    sight_event_each_asset(event, note_asset, pass->findings->analysis->assets);
    return;
  }
  g_autofree char *user = sight_event_user(event);
  if (user != NULL) {
    on_user(pass, user, sight_event_payload(event));
    return;
  }
  for (guint i = 0; i < G_N_ELEMENTS(ours); i++)
    if (g_str_equal(tag, ours[i].tag)) {
      ours[i].handle(pass, sight_event_payload(event));
      return;
    }
  sight_pass_foreign(pass, tag, sight_event_payload(event));
}

/* Console arguments are JSON inside of strings: "\"text\"". What is no string stays JSON. */
static void append_argument(SightWindowPass *pass, GString *out, const char *tainted_argument, gsize bytes) {
  SightJson root = {0};
  if (out->len > 0)
    g_string_append_c(out, ' ');
  if (pass->strings == NULL)
    pass->strings = sight_json_parser_new(STRING_DEPTH);
  const char *text = NULL;
  if (tainted_argument[0] == '"' && sight_json_parser_parse(pass->strings, tainted_argument, bytes, &root, NULL))
    text = sight_json_string(root, NULL);
  g_string_append(out, text != NULL ? text : tainted_argument);
}

void sight_pass_log(SightWindowPass *pass, SightJson log) {
  g_autoptr(GString) message = g_string_new(NULL);
  g_autoptr(GString) trace = g_string_new(NULL);
  SightJsonIter it = sight_json_iter(sight_json_get(log, "payload"));
  for (guint i = 0; i < MAX_ARGUMENTS && message->len < MAX_MESSAGE_BYTES && sight_json_next(&it); i++) {
    gsize bytes = 0;
    const char *argument = sight_json_string(it.value, &bytes);
    if (argument != NULL)
      append_argument(pass, message, argument, bytes);
  }
  it = sight_json_iter(sight_json_get(log, "trace"));
  for (guint i = 0; i < MAX_ARGUMENTS && sight_json_next(&it); i++) {
    const char *frame = sight_json_string(it.value, NULL);
    if (frame != NULL)
      g_string_append_printf(trace, "%s%s", trace->len > 0 ? "\n" : "", frame);
  }
  const char *level = text_of(log, "level");
  /* The first argument of console.assert says whether it held; some recorders keep it. */
  if (g_strcmp0(level, "assert") == 0 && g_str_has_prefix(message->str, "true "))
    return;
  sight_pass_console(pass, level, message->str, trace->len > 0 ? trace->str : NULL);
}

/* rrweb's own network plugin: {requests: [{name, method, status, startTime, endTime, initiatorType}]}. */
static void network(SightWindowPass *pass, SightJson payload) {
  SightJsonIter it = sight_json_iter(sight_json_get(payload, "requests"));
  while (sight_json_next(&it)) {
    SightJson status = sight_json_get(it.value, "status");
    const char *url = text_of(it.value, "name");
    /* Timings of images and scripts come without a status: nobody knows whether they failed. */
    if (sight_json_type(status) != SIGHT_JSON_NUMBER)
      status = sight_json_get(it.value, "responseStatus");
    if (sight_json_type(status) != SIGHT_JSON_NUMBER)
      continue;
    double duration = sight_json_double(sight_json_get(it.value, "endTime"), 0) -
                      sight_json_double(sight_json_get(it.value, "startTime"), 0);
    sight_pass_request(pass, text_of(it.value, "method"), url != NULL ? url : text_of(it.value, "url"),
                       sight_json_int(status, 0), (gint64)CLAMP(duration, 0, 1e9), NULL);
  }
}

void sight_pass_plugin(SightWindowPass *pass, const SightEvent *event) {
  const char *plugin = text_of(event->data, "plugin");
  SightJson payload = sight_json_get(event->data, "payload");
  if (plugin == NULL)
    return;
  if (g_str_has_prefix(plugin, "rrweb/console@"))
    sight_pass_log(pass, payload);
  else if (g_str_has_prefix(plugin, "rrweb/network@"))
    network(pass, payload);
}

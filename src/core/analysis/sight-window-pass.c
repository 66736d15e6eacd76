/* SPDX-License-Identifier: MIT */
/* One pass over the events of one window: events by type, the page on display, and what they come down to. */
#include "sight-window-pass-private.h"

#include "sight-hash.h"
#include "sight-noise.h"
#include "sight-page.h"
#include "sight-text.h"

#include <string.h>

#define MAX_PAGES 5000
#define URL_CHARS 2000
/* Two recorders tell of one exception within this time. */
#define ECHO_MS 100

SightWindowPass *sight_window_pass_new(SightFindings *findings, const char *window) {
  SightWindowPass *pass = g_new0(SightWindowPass, 1);
  pass->findings = findings;
  pass->window = g_strdup(window);
  pass->index = findings->windows->len;
  g_ptr_array_add(findings->windows, g_strdup(window));
  pass->dom = sight_dom_new();
  pass->watch = sight_watch_new(findings->rules, window, findings->analysis->signals);
  pass->effort.left = SIGHT_EFFORT_AT_FIRST;
  pass->seen = sight_seen_new(findings, pass->index, pass->dom, &pass->effort);
  pass->playing = g_hash_table_new_full(sight_hash_number, NULL, NULL, g_free);
  pass->nodes = g_new(int, SIGHT_PASS_MAX_NODES);
  pass->looks = g_hash_table_new_full(sight_hash_number, NULL, NULL, g_free);
  pass->changed = sight_pass_changed_new();
  pass->contents = g_hash_table_new(NULL, NULL);
  pass->brought = g_hash_table_new(sight_hash_number, NULL);
  pass->typed = g_hash_table_new(NULL, NULL);
  pass->script_scrolls = g_hash_table_new(sight_hash_number, NULL);
  pass->busy = g_hash_table_new(sight_hash_number, NULL);
  pass->stretches = sight_pass_stretches_new();
  pass->filled = sight_pass_filled_new();
  pass->clicked_ms = pass->pressed_ms = pass->error_ms = pass->scroll_last_ms = G_MININT64 / 2;
  return pass;
}

void sight_window_pass_free(SightWindowPass *pass) {
  if (pass == NULL)
    return;
  sight_seen_free(pass->seen);
  sight_dom_free(pass->dom);
  sight_watch_free(pass->watch);
  g_clear_pointer(&pass->strings, sight_json_parser_free);
  g_hash_table_unref(pass->playing);
  g_hash_table_unref(pass->looks);
  g_array_unref(pass->changed);
  g_hash_table_unref(pass->contents);
  g_hash_table_unref(pass->brought);
  g_hash_table_unref(pass->typed);
  g_hash_table_unref(pass->script_scrolls);
  g_hash_table_unref(pass->busy);
  g_array_unref(pass->stretches);
  g_ptr_array_unref(pass->filled);
  g_clear_pointer(&pass->held, sight_target_unref);
  g_free(pass->window);
  g_free(pass->url);
  g_free(pass->error_text);
  g_free(pass->nodes);
  g_free(pass);
}

SightAct sight_pass_act(const SightWindowPass *pass, SightActKind kind, int node) {
  return (SightAct){.kind = kind, .at_ms = pass->now_ms, .node = node};
}

void sight_pass_watch(SightWindowPass *pass, SightAct act) {
  sight_watch_act(pass->watch, &act);
}

void sight_pass_active(SightWindowPass *pass, int weight) {
  sight_findings_add_activity(pass->findings, pass->now_ms, weight);
  sight_findings_add_moment(pass->findings, pass->index, pass->now_ms, SIGHT_TAB_USED);
}

/* Whether a fragment leads to another place of the same page: it names an element of it, or is none that an address
 * could have for its page. Where there is no effort left to find out, it does. */
static gboolean is_anchor(SightWindowPass *pass, const char *fragment) {
  if (strpbrk(fragment, "/!") != NULL)
    return FALSE;
  if (fragment[0] == '\0' || g_str_has_prefix(fragment, ":~") || strchr(fragment, '=') != NULL ||
      g_ascii_strcasecmp(fragment, "top") == 0 || !sight_effort_allows(&pass->effort))
    return TRUE;
  sight_effort_spend(&pass->effort, SIGHT_EFFORT_NODE * (gint64)sight_dom_n_nodes(pass->dom));
  return sight_dom_has_anchor(pass->dom, fragment);
}

static void strip_anchor(SightWindowPass *pass, char *url) {
  char *hash = strchr(url, '#');
  if (hash != NULL && is_anchor(pass, hash + 1))
    *hash = '\0';
}

/* What people call an address: without scheme, host and query. */
static char *path_of(const char *url) {
  const char *host = strstr(url, "://");
  const char *path = host != NULL ? strchr(host + 3, '/') : url;
  if (path == NULL)
    return g_strdup("/");
  const char *route = strstr(path, "#/");
  return route != NULL ? g_strdup(route + 1) : g_strndup(path, strcspn(path, "?"));
}

static void end_page(SightWindowPass *pass) {
  sight_pass_view_end(pass);
  sight_pass_filled_end(pass);
  if (pass->view != NULL)
    pass->view->end_ms = pass->now_ms;
  if (pass->page_item != NULL)
    pass->page_item->end_ms = pass->now_ms;
  pass->typing = pass->scrolling = NULL;
  pass->scroll_last_ms = G_MININT64 / 2;
}

static void set_title(SightWindowPass *pass, const char *tainted_title) {
  if (tainted_title == NULL || tainted_title[0] == '\0' || pass->page_item == NULL || pass->page_item->detail != NULL)
    return;
  pass->page_item->detail = sight_text_excerpt(tainted_title, -1, 200);
}

void sight_pass_page(SightWindowPass *pass, const char *tainted_url, const char *tainted_title, gboolean document) {
  if (tainted_url == NULL || tainted_url[0] == '\0')
    return;
  g_autofree char *url = sight_text_excerpt(tainted_url, -1, URL_CHARS);
  strip_anchor(pass, url);
  gboolean same = g_strcmp0(pass->url, url) == 0;
  if (same && !(document && pass->loading)) {
    set_title(pass, tainted_title);
    return;
  }
  /* Acts of leaving still belong to the page that is left. */
  if (pass->url != NULL)
    sight_pass_watch(pass, sight_pass_act(pass, SIGHT_ACT_LEAVE, 0));
  if (document)
    sight_pass_stop_media(pass);
  g_autofree char *page = sight_page_template(url, pass->findings->rules->page_rules);
  SightAct act = sight_pass_act(pass, SIGHT_ACT_PAGE, 0);
  act.text = url;
  act.empty = document;
  sight_pass_watch(pass, act);
  sight_watch_set_page(pass->watch, page, pass->viewport_h);
  if (!same) {
    if (document)
      sight_seen_finish(pass->seen, pass->now_ms);
    else
      sight_seen_split(pass->seen, pass->now_ms);
    end_page(pass);
    pass->page_item = NULL;
    if (document)
      pass->top_px = pass->page_px = 0;
    if (pass->findings->analysis->pages->len < MAX_PAGES) {
      pass->view = g_new0(SightPageView, 1);
      pass->view->page = g_strdup(page);
      pass->view->url = g_strdup(url);
      pass->view->window = g_strdup(pass->window);
      pass->view->start_ms = pass->view->end_ms = pass->now_ms;
      sight_findings_add_view(pass->findings, pass->index, pass->view);
    }
    g_autofree char *path = path_of(url);
    pass->page_item = sight_findings_add_story(pass->findings, SIGHT_STORY_PAGE, pass->window, pass->now_ms,
                                               pass->now_ms, path, tainted_title);
  }
  g_free(pass->url);
  pass->url = g_steal_pointer(&url);
}

/* With the page there its address can be understood: a fragment that it was opened with may name a place in it. */
static void settle_page(SightWindowPass *pass) {
  if (pass->url == NULL)
    return;
  gsize bytes = strlen(pass->url);
  strip_anchor(pass, pass->url);
  if (pass->view == NULL || strlen(pass->url) == bytes)
    return;
  g_free(pass->view->page);
  g_free(pass->view->url);
  pass->view->url = g_strdup(pass->url);
  pass->view->page = sight_page_template(pass->url, pass->findings->rules->page_rules);
  sight_watch_set_page(pass->watch, pass->view->page, pass->viewport_h);
}

/* Tells an error, in the console as this, and lets the detectors see it: as noise where it is none of the page's. */
static void watch_error(SightWindowPass *pass, SightAct act, SightConsoleLevel level) {
  if (sight_noise_is(&act, pass->url, pass->findings->rules)) {
    act.kind = SIGHT_ACT_NOISE;
    level = SIGHT_CONSOLE_NOISE;
  }
  sight_findings_add_console(pass->findings, level, pass->now_ms, act.text, act.detail);
  sight_pass_watch(pass, act);
}

void sight_pass_error(SightWindowPass *pass, const char *tainted_message, const char *tainted_stack, gboolean thrown) {
  g_autofree char *text = sight_text_excerpt(tainted_message != NULL ? tainted_message : "", -1, 300);
  const char *plain = g_str_has_prefix(text, "Uncaught ") ? text + strlen("Uncaught ") : text;
  if (pass->now_ms - pass->error_ms <= ECHO_MS && g_strcmp0(pass->error_text, plain) == 0)
    return;
  g_free(pass->error_text);
  pass->error_text = g_strdup(plain);
  pass->error_ms = pass->now_ms;
  SightAct act = sight_pass_act(pass, SIGHT_ACT_ERROR, 0);
  act.text = text;
  act.detail = tainted_stack;
  act.empty = thrown;
  watch_error(pass, act, SIGHT_CONSOLE_EXCEPTION);
}

static SightConsoleLevel level_of(const char *tainted_level) {
  if (g_strcmp0(tainted_level, "error") == 0 || g_strcmp0(tainted_level, "assert") == 0 ||
      g_strcmp0(tainted_level, "fatal") == 0)
    return SIGHT_CONSOLE_ERROR;
  if (tainted_level != NULL && g_str_has_prefix(tainted_level, "warn"))
    return SIGHT_CONSOLE_WARN;
  return g_strcmp0(tainted_level, "info") == 0 ? SIGHT_CONSOLE_INFO : SIGHT_CONSOLE_LOG;
}

void sight_pass_console(SightWindowPass *pass, const char *tainted_level, const char *tainted_message,
                        const char *tainted_stack) {
  SightConsoleLevel level = level_of(tainted_level);
  if (level == SIGHT_CONSOLE_ERROR && tainted_message != NULL && g_str_has_prefix(tainted_message, "Uncaught ")) {
    sight_pass_error(pass, tainted_message, tainted_stack, FALSE);
    return;
  }
  if (level != SIGHT_CONSOLE_ERROR) {
    sight_findings_add_console(pass->findings, level, pass->now_ms, tainted_message, tainted_stack);
    return;
  }
  SightAct act = sight_pass_act(pass, SIGHT_ACT_CONSOLE, 0);
  act.text = tainted_message;
  act.detail = tainted_stack;
  watch_error(pass, act, SIGHT_CONSOLE_ERROR);
}

void sight_pass_request(SightWindowPass *pass, const char *tainted_method, const char *tainted_url, gint64 status,
                        gint64 duration_ms, const char *tainted_error) {
  gint64 duration = CLAMP(duration_ms, 0, pass->now_ms - pass->begin_ms);
  int code = (int)CLAMP(status, 0, 999);
  sight_findings_add_request(pass->findings, pass->now_ms - duration, duration, tainted_method, tainted_url, code,
                             tainted_error);
  if (code > 0 && code < 400)
    return;
  SightAct act = sight_pass_act(pass, SIGHT_ACT_REQUEST, 0);
  act.text = tainted_url != NULL ? tainted_url : "";
  act.method = tainted_method;
  act.detail = tainted_error;
  act.amount = code;
  act.began_ms = pass->now_ms - duration;
  g_autofree char *page = NULL, *given_up = NULL;
  if (sight_noise_is(&act, pass->url, pass->findings->rules)) {
    page = sight_page_template(act.text, NULL);
    act.kind = SIGHT_ACT_NOISE;
    act.text = given_up = g_strdup_printf("%s %s", act.method != NULL ? act.method : "GET", page);
    act.detail = NULL;
  }
  sight_pass_watch(pass, act);
}

static void meta(SightWindowPass *pass, const SightEvent *event) {
  gint64 width = sight_json_int(sight_json_get(event->data, "width"), 0);
  gint64 height = sight_json_int(sight_json_get(event->data, "height"), 0);
  sight_pass_view_resized(pass, (int)CLAMP(height, 0, G_MAXINT16));
  sight_findings_set_viewport(pass->findings, pass->now_ms, (int)CLAMP(width, 0, G_MAXINT),
                              (int)CLAMP(height, 0, G_MAXINT));
  sight_pass_page(pass, sight_json_string(sight_json_get(event->data, "href"), NULL), NULL, TRUE);
  pass->loading = FALSE;
}

/* The load event of a document comes behind the other, maybe long behind its snapshot: it is no new one. */
static void loaded(SightWindowPass *pass, gboolean whole) {
  gboolean again = whole && pass->parsed;
  pass->parsed = !whole;
  if (again)
    return;
  pass->loading = TRUE;
  g_hash_table_remove_all(pass->typed);
  sight_pass_watch(pass, sight_pass_act(pass, SIGHT_ACT_LEAVE, 0));
}

static SightUnrecorded unrecorded_of(const SightDom *dom, int id) {
  const char *tag = sight_dom_tag(dom, id);
  if (tag == NULL)
    return 0;
  if (sight_dom_attribute(dom, id, "rr_width") != NULL)
    return SIGHT_UNRECORDED_MASKED;
  if (strcmp(tag, "canvas") == 0 && !sight_dom_is_drawn(dom, id))
    return SIGHT_UNRECORDED_DRAWING;
  if (strcmp(tag, "iframe") == 0 && sight_dom_attribute(dom, id, "rr_src") != NULL &&
      sight_dom_first_child(dom, id) == 0)
    return SIGHT_UNRECORDED_FRAME;
  return 0;
}

static void note_unrecorded(int id, gpointer user_data) {
  SightWindowPass *pass = user_data;
  SightUnrecorded what = unrecorded_of(pass->dom, id);
  if ((what & ~pass->findings->unrecorded) == 0 || !sight_effort_is_left(&pass->effort))
    return;
  sight_effort_spend(&pass->effort, SIGHT_EFFORT_NODE * SIGHT_DOM_LEVELS);
  if (!sight_dom_is_hidden(pass->dom, id))
    pass->findings->unrecorded |= what;
}

/* What the page that is left showed and the recording does not hold. */
static void look_for_unrecorded(SightWindowPass *pass) {
  if (!sight_dom_has_page(pass->dom) || !sight_effort_is_left(&pass->effort))
    return;
  sight_effort_spend(&pass->effort, SIGHT_EFFORT_NODE * (gint64)sight_dom_n_nodes(pass->dom));
  sight_dom_each_below(pass->dom, sight_dom_root(pass->dom), note_unrecorded, pass);
}

void sight_window_pass_event(SightWindowPass *pass, const SightEvent *event, gint64 at_ms) {
  pass->effort.left += SIGHT_EFFORT_OF_BYTE * (gint64)event->text_bytes;
  sight_pass_settle_click(pass, event);
  pass->now_ms = at_ms;
  if (!pass->began) {
    pass->began = TRUE;
    pass->begin_ms = pass->stretch_ms = at_ms;
    sight_findings_add_moment(pass->findings, pass->index, at_ms, SIGHT_TAB_BEGINS);
  }
  pass->findings->first_ms = MIN(pass->findings->first_ms, at_ms);
  pass->findings->last_ms = MAX(pass->findings->last_ms, at_ms);
  sight_seen_at(pass->seen, at_ms);
  if (event->source == SIGHT_SOURCE_MUTATION) {
    sight_pass_before_change(pass, event->data);
    sight_seen_before(pass->seen, event->data, at_ms);
  }
  if (event->type == SIGHT_EVENT_FULL_SNAPSHOT)
    look_for_unrecorded(pass);
  sight_dom_apply(pass->dom, event);
  if (event->source == SIGHT_SOURCE_MUTATION)
    sight_seen_mutation(pass->seen, event->data, at_ms);
  sight_pass_watch(pass, sight_pass_act(pass, SIGHT_ACT_TICK, 0));
  switch (event->type) {
  case SIGHT_EVENT_DOM_CONTENT_LOADED:
  case SIGHT_EVENT_LOAD:
    loaded(pass, event->type == SIGHT_EVENT_LOAD);
    break;
  case SIGHT_EVENT_FULL_SNAPSHOT:
    g_hash_table_remove_all(pass->looks);
    g_hash_table_remove_all(pass->script_scrolls);
    g_hash_table_remove_all(pass->busy);
    sight_seen_snapshot(pass->seen, at_ms);
    sight_pass_view_scrolled(
        pass, sight_dom_root(pass->dom),
        (int)CLAMP(sight_json_int(sight_json_get(sight_json_get(event->data, "initialOffset"), "top"), 0), 0,
                   G_MAXINT));
    pass->findings->has_snapshot |= sight_dom_has_page(pass->dom);
    settle_page(pass);
    break;
  case SIGHT_EVENT_META:
    meta(pass, event);
    break;
  case SIGHT_EVENT_INCREMENTAL:
    sight_pass_incremental(pass, event);
    break;
  case SIGHT_EVENT_CUSTOM:
    sight_pass_custom(pass, event);
    break;
  case SIGHT_EVENT_PLUGIN:
    sight_pass_plugin(pass, event);
    break;
  default:
    break;
  }
}

/* Once nothing is done any more. */
static void count_left_out(const SightWindowPass *pass) {
  guint64 n_left_out = sight_dom_left_out(pass->dom);
  pass->findings->n_odd += sight_dom_anomalies(pass->dom) - n_left_out;
  pass->findings->n_left_out += n_left_out + pass->effort.n_saved;
}

void sight_window_pass_finish(SightWindowPass *pass) {
  if (!pass->began)
    return;
  sight_pass_settle_click(pass, NULL);
  sight_pass_stop_media(pass);
  sight_seen_finish(pass->seen, pass->now_ms);
  look_for_unrecorded(pass);
  end_page(pass);
  sight_watch_finish(pass->watch, pass->now_ms);
  count_left_out(pass);
}

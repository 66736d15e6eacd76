/* SPDX-License-Identifier: MIT */
/* Gathering what the passes over the windows of a session find, bounded in number and length. */
#include "sight-findings.h"

#include "sight-page.h"
#include "sight-text.h"

#include <string.h>

/* What no person reads through; also the bound against a recording that is made to fill the memory. */
#define MAX_STORY 20000
#define MAX_CONSOLE 5000
#define MAX_REQUESTS 5000
#define TEXT_CHARS 200
#define MESSAGE_CHARS 2000
#define STACK_BYTES 8000
/* Activity within one such step is one entry. */
#define ACTIVITY_STEP_MS 250
#define VIEWPORT_MAX_PX 16384

static void array_free(gpointer data) {
  g_array_unref(data);
}

SightFindings *sight_findings_new(const SightRuleset *rules, SightAnalysis *analysis) {
  SightFindings *findings = g_new0(SightFindings, 1);
  findings->rules = rules;
  findings->analysis = analysis;
  findings->windows = g_ptr_array_new_with_free_func(g_free);
  findings->activity = g_array_new(FALSE, FALSE, sizeof(SightActivity));
  findings->playing = g_array_new(FALSE, FALSE, sizeof(SightIdleSpan));
  findings->moments = g_array_new(FALSE, FALSE, sizeof(SightTabMoment));
  findings->holes = g_array_new(FALSE, FALSE, sizeof(SightHole));
  findings->views = g_ptr_array_new();
  findings->current = g_array_new(FALSE, TRUE, sizeof(guint));
  findings->measures = g_hash_table_new_full(NULL, NULL, NULL, array_free);
  findings->first_ms = G_MAXINT64;
  findings->last_ms = G_MININT64;
  findings->user_ms = findings->release_ms = findings->agent_ms = G_MININT64;
  findings->viewport_ms = G_MAXINT64;
  return findings;
}

void sight_findings_free(SightFindings *findings) {
  if (findings == NULL)
    return;
  g_ptr_array_unref(findings->windows);
  g_array_unref(findings->activity);
  g_array_unref(findings->playing);
  g_array_unref(findings->moments);
  g_array_unref(findings->holes);
  g_ptr_array_unref(findings->views);
  g_array_unref(findings->current);
  g_hash_table_unref(findings->measures);
  g_free(findings->user);
  g_free(findings->release);
  g_free(findings->agent);
  g_free(findings);
}

void sight_findings_add_view(SightFindings *findings, guint window, SightPageView *view) {
  g_ptr_array_add(findings->analysis->pages, view);
  g_ptr_array_add(findings->views, view);
  if (findings->current->len <= window)
    g_array_set_size(findings->current, window + 1);
  g_array_index(findings->current, guint, window) = findings->views->len;
}

void sight_findings_add_activity(SightFindings *findings, gint64 at_ms, int weight) {
  if (findings->activity->len > 0) {
    SightActivity *last = &g_array_index(findings->activity, SightActivity, findings->activity->len - 1);
    if (at_ms >= last->at_ms && at_ms - last->at_ms < ACTIVITY_STEP_MS) {
      last->weight += weight;
      return;
    }
  }
  SightActivity activity = {.at_ms = at_ms, .weight = weight};
  g_array_append_val(findings->activity, activity);
}

void sight_findings_add_moment(SightFindings *findings, guint window, gint64 at_ms, SightTabChange change) {
  if (findings->moments->len > 0 && change == SIGHT_TAB_USED) {
    const SightTabMoment *last = &g_array_index(findings->moments, SightTabMoment, findings->moments->len - 1);
    if (last->window == window && last->change == change && at_ms - last->at_ms < ACTIVITY_STEP_MS)
      return;
  }
  SightTabMoment moment = {.at_ms = at_ms, .change = change, .window = window};
  g_array_append_val(findings->moments, moment);
}

static char *excerpt_or_null(const char *tainted_text, guint max_chars) {
  return tainted_text != NULL && tainted_text[0] != '\0' ? sight_text_excerpt(tainted_text, -1, max_chars) : NULL;
}

/* A stack keeps its lines. */
static char *stack_or_null(const char *tainted_stack) {
  if (tainted_stack == NULL || tainted_stack[0] == '\0')
    return NULL;
  g_autofree char *cut = g_strndup(tainted_stack, STACK_BYTES);
  g_auto(GStrv) lines = g_strsplit(cut, "\n", 100);
  for (guint i = 0; lines[i] != NULL; i++) {
    char *line = sight_text_excerpt(lines[i], -1, TEXT_CHARS);
    g_free(lines[i]);
    lines[i] = line;
  }
  return g_strjoinv("\n", lines);
}

SightStoryItem *sight_findings_add_story(SightFindings *findings, SightStoryKind kind, const char *window,
                                         gint64 start_ms, gint64 end_ms, const char *tainted_text,
                                         const char *tainted_detail) {
  GPtrArray *story = findings->analysis->story;
  if (story->len >= MAX_STORY)
    return NULL;
  SightStoryItem *item = g_new0(SightStoryItem, 1);
  item->kind = kind;
  item->start_ms = start_ms;
  item->end_ms = end_ms;
  item->text = sight_text_excerpt(tainted_text != NULL ? tainted_text : "", -1, TEXT_CHARS);
  item->detail = excerpt_or_null(tainted_detail, TEXT_CHARS);
  item->window = g_strdup(window);
  item->signal = -1;
  g_ptr_array_add(story, item);
  return item;
}

void sight_findings_add_console(SightFindings *findings, SightConsoleLevel level, gint64 at_ms,
                                const char *tainted_message, const char *tainted_detail) {
  GPtrArray *console = findings->analysis->console;
  if (console->len >= MAX_CONSOLE)
    return;
  SightConsoleItem *item = g_new0(SightConsoleItem, 1);
  item->level = level;
  item->at_ms = at_ms;
  item->message = sight_text_excerpt(tainted_message != NULL ? tainted_message : "", -1, MESSAGE_CHARS);
  item->detail = stack_or_null(tainted_detail);
  g_ptr_array_add(console, item);
}

void sight_findings_add_request(SightFindings *findings, gint64 at_ms, gint64 duration_ms, const char *tainted_method,
                                const char *tainted_url, int status, const char *tainted_error) {
  GPtrArray *requests = findings->analysis->requests;
  if (requests->len >= MAX_REQUESTS)
    return;
  SightRequestItem *item = g_new0(SightRequestItem, 1);
  item->at_ms = at_ms;
  item->duration_ms = duration_ms;
  item->method = sight_text_excerpt(tainted_method != NULL ? tainted_method : "GET", -1, 20);
  item->url = sight_text_excerpt(tainted_url != NULL ? tainted_url : "", -1, MESSAGE_CHARS);
  item->status = status;
  item->error = excerpt_or_null(tainted_error, TEXT_CHARS);
  g_ptr_array_add(requests, item);
}

static void set_latest(char **text, gint64 *said_ms, gint64 at_ms, const char *tainted_text) {
  if (tainted_text == NULL || at_ms < *said_ms)
    return;
  g_autofree char *plain = sight_text_excerpt(tainted_text, -1, TEXT_CHARS);
  if (plain[0] == '\0')
    return;
  g_free(*text);
  *text = g_steal_pointer(&plain);
  *said_ms = at_ms;
}

void sight_findings_set_user(SightFindings *findings, gint64 at_ms, const char *tainted_user) {
  set_latest(&findings->user, &findings->user_ms, at_ms, tainted_user);
}

void sight_findings_set_release(SightFindings *findings, gint64 at_ms, const char *tainted_release) {
  set_latest(&findings->release, &findings->release_ms, at_ms, tainted_release);
}

void sight_findings_set_agent(SightFindings *findings, gint64 at_ms, const char *tainted_agent) {
  set_latest(&findings->agent, &findings->agent_ms, at_ms, tainted_agent);
}

void sight_findings_set_viewport(SightFindings *findings, gint64 at_ms, int width_px, int height_px) {
  if (at_ms >= findings->viewport_ms || width_px <= 0 || height_px <= 0)
    return;
  findings->viewport_ms = at_ms;
  findings->viewport_w = MIN(width_px, VIEWPORT_MAX_PX);
  findings->viewport_h = MIN(height_px, VIEWPORT_MAX_PX);
}

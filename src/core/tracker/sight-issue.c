/* SPDX-License-Identifier: MIT */
/* From what analysis has found to the draft. */
#include "sight-issue.h"

#include "sight-audit.h"
#include "sight-clock-text.h"
#include "sight-link.h"
#include "sight-selector.h"
#include "sight-text.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

/* A signal so near is what the moment is about. */
#define NEAR_MS 10000
#define MAX_STEPS 15
#define MAX_LINES 12
#define LINE_CHARS 240
/* In a script for what looks private. */
#define PLACEHOLDER "PRIVATE"

typedef struct {
  const SightAnalysis *analysis;
  const SightDom *page;
  gint64 at_ms;
  const SightSignal *signal; /* what happened, or NULL */
  const SightPageView *view; /* where, or NULL */
} Draft;

void sight_issue_free(SightIssue *issue) {
  if (issue == NULL)
    return;
  g_free(issue->title);
  g_free(issue->severity);
  g_free(issue->tried);
  g_free(issue->happened);
  g_free(issue->saw);
  g_free(issue->where);
  g_ptr_array_unref(issue->steps);
  g_ptr_array_unref(issue->environment);
  g_ptr_array_unref(issue->lines);
  g_free(issue->script);
  g_free(issue->moment);
  g_free(issue->link);
  g_free(issue->problem);
  g_free(issue);
}

/* One line, cut to a sane length; `hits` are what looks private in it. */
static char *line_of(const char *tainted_text, GArray *hits) {
  char *line = sight_text_excerpt(tainted_text != NULL ? tainted_text : "", -1, LINE_CHARS);

  sight_audit_text(line, strlen(line), NULL, hits);
  return line;
}

/* With stars for what looks private. */
static char *harmless(const char *tainted_text) {
  g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(SightAuditHit));
  char *line = line_of(tainted_text, hits);

  for (guint i = 0; i < hits->len; i++) {
    SightAuditHit hit = g_array_index(hits, SightAuditHit, i);
    memset(line + hit.start, '*', hit.end - hit.start);
  }
  return line;
}

static void add(GPtrArray *list, char *taken_text) {
  g_ptr_array_add(list, harmless(taken_text));
  g_free(taken_text);
}

/* What happened */

static gint64 distance(gint64 a, gint64 b) {
  return a > b ? a - b : b - a;
}

static const SightSignal *nearest_signal(const SightAnalysis *analysis, gint64 at_ms, const SightProblem *problem) {
  const SightSignal *nearest = NULL;

  for (guint i = 0; i < analysis->signals->len; i++) {
    const SightSignal *signal = analysis->signals->pdata[i];
    gint64 far = distance(signal->start_ms, at_ms);
    gboolean other = problem != NULL && signal->kind != problem->kind;
    if (signal->kind != SIGHT_SIGNAL_NOISE && !other && far <= NEAR_MS &&
        (nearest == NULL || far < distance(nearest->start_ms, at_ms)))
      nearest = signal;
  }
  return nearest;
}

static const SightPageView *view_at(const SightAnalysis *analysis, gint64 at_ms) {
  const SightPageView *last = NULL;

  for (guint i = 0; i < analysis->pages->len; i++) {
    const SightPageView *view = analysis->pages->pdata[i];
    if (view->start_ms <= at_ms || last == NULL)
      last = view;
  }
  return last;
}

static const char *severity_of(const SightSignal *signal) {
  if (signal == NULL)
    return "low";
  int gravity = sight_signal_info((int)signal->kind)->gravity, most = 0;
  for (int kind = 0; kind < SIGHT_N_SIGNALS; kind++)
    most = MAX(most, sight_signal_info(kind)->gravity);
  return signal->severe || gravity * 3 >= most * 2 ? "high" : gravity * 3 >= most ? "medium" : "low";
}

/* Acts */

static gboolean is_act(const SightStoryItem *item) {
  return item->kind == SIGHT_STORY_PAGE || item->kind == SIGHT_STORY_CLICK || item->kind == SIGHT_STORY_INPUT ||
         item->kind == SIGHT_STORY_FORM;
}

/* The last acts up to the moment, of SightStoryItem, borrowed; the first is the opening of a page where there is one.
 */
static GPtrArray *acts_before(const Draft *draft, guint *n_before) {
  GPtrArray *acts = g_ptr_array_new();

  for (guint i = 0; i < draft->analysis->story->len; i++) {
    SightStoryItem *item = draft->analysis->story->pdata[i];
    if (item->start_ms <= draft->at_ms && is_act(item))
      g_ptr_array_add(acts, item);
  }
  *n_before = 0;
  if (acts->len > MAX_STEPS) {
    guint first = acts->len - MAX_STEPS;
    for (guint i = first; i < acts->len; i++) {
      if (((SightStoryItem *)acts->pdata[i])->kind == SIGHT_STORY_PAGE) {
        first = i;
        break;
      }
    }
    g_ptr_array_remove_range(acts, 0, first);
    *n_before = first;
  }
  return acts;
}

static const char *url_at(const Draft *draft, gint64 at_ms) {
  const SightPageView *view = view_at(draft->analysis, at_ms);
  return view != NULL && view->url != NULL ? view->url : "";
}

static char *act_words(const Draft *draft, const SightStoryItem *item) {
  const char *text = item->text != NULL ? item->text : "";

  switch (item->kind) {
  case SIGHT_STORY_PAGE:
    return g_strdup_printf(_("Open %s"), url_at(draft, item->start_ms));
  case SIGHT_STORY_INPUT:
    return g_strdup_printf(_("Type into “%s”"), text);
  case SIGHT_STORY_FORM:
    return g_strdup_printf(_("Send the form “%s”"), text);
  case SIGHT_STORY_CLICK:
  case SIGHT_STORY_SCROLL:
  case SIGHT_STORY_SIGNAL:
  case SIGHT_STORY_EVENT:
  case SIGHT_STORY_IDLE:
  case SIGHT_STORY_TAB:
  case SIGHT_STORY_IDENTIFY:
  case SIGHT_STORY_END:
  case SIGHT_STORY_GAP:
  default:
    return g_strdup_printf(_("Press “%s”"), text);
  }
}

/* As a string of JavaScript. Stars would look like a part of an address or a selector: what looks private has a
 * placeholder, of which a comment tells. */
static void append_string(GString *out, const char *tainted_text) {
  g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(SightAuditHit));
  g_autofree char *line = line_of(tainted_text, hits);
  g_autoptr(GString) text = g_string_new(NULL);
  SightJsonWriter w = {.out = out};
  gsize from = 0;

  for (guint i = 0; i < hits->len; i++) {
    SightAuditHit hit = g_array_index(hits, SightAuditHit, i);
    if (hit.start >= from) {
      g_string_append_len(text, line + from, (gssize)(hit.start - from));
      g_string_append(text, PLACEHOLDER);
    }
    from = MAX(from, hit.end);
  }
  g_string_append(text, line + from);
  sight_json_put_string(&w, text->str);
}

/* What a field of a type takes; what was typed into it nobody knows. */
static const char *example_of(const char *field) {
  static const char *const examples[][2] = {{"email", "someone@example.org"},
                                            {"tel", "0123456789"},
                                            {"url", "https://example.org/"},
                                            {"number", "1"},
                                            {"range", "1"},
                                            {"date", "2024-01-31"},
                                            {"time", "12:00"},
                                            {"datetime-local", "2024-01-31T12:00"},
                                            {"month", "2024-01"},
                                            {"week", "2024-W05"},
                                            {"color", "#336699"}};

  for (gsize i = 0; i < G_N_ELEMENTS(examples); i++) {
    if (g_ascii_strcasecmp(examples[i][0], field) == 0)
      return examples[i][1];
  }
  return "example";
}

/* Filling in does for a field, too, what pressing does for its box or list. */
static void append_filling(const SightStoryItem *item, GString *out) {
  const char *field = item->field != NULL ? item->field : "";

  if (g_str_equal(field, "select"))
    g_string_append(out, ".selectOption({ index: 1 });\n");
  else if (g_ascii_strcasecmp(field, "radio") == 0)
    g_string_append(out, ".check();\n");
  else if (g_ascii_strcasecmp(field, "checkbox") == 0)
    g_string_append_printf(out, ".setChecked(%s);\n", item->on ? "true" : "false");
  else if (g_ascii_strcasecmp(field, "file") == 0)
    g_string_append(out, ".setInputFiles({ name: 'example.txt', mimeType: 'text/plain', buffer: Buffer.from('') });\n");
  else
    g_string_append_printf(out, ".fill('%s');\n", example_of(field));
}

static void append_open(const Draft *draft, gint64 at_ms, GString *out) {
  g_string_append(out, "  await page.goto(");
  append_string(out, url_at(draft, at_ms));
  g_string_append(out, ");\n");
}

static void append_act(const SightStoryItem *item, GString *out) {
  const char *selector = item->kind == SIGHT_STORY_CLICK ? item->detail : item->selector;
  const char *by = "locator";

  if (selector == NULL || selector[0] == '\0') {
    selector = item->text;
    by = item->kind == SIGHT_STORY_INPUT ? "getByLabel" : "getByText";
  }
  if (selector[0] == '\0')
    return;
  g_string_append_printf(out, "  await page.%s(", by);
  append_string(out, selector);
  g_string_append_c(out, ')');
  if (item->kind == SIGHT_STORY_INPUT)
    append_filling(item, out);
  else
    g_string_append(out, ".click();\n");
}

/* What a press leads to opens by itself, and what it sends is sent; unless nothing was pressed: then it was by a key in
 * a field. A field that is filled in next is not pressed first: of a group of boxes it would have to be told apart. */
static void append_next(const SightStoryItem *item, const SightStoryItem *before, const SightStoryItem *next,
                        GString *out) {
  gboolean fills = next != NULL && next->kind == SIGHT_STORY_INPUT && next->node == item->node;

  if (item->kind == SIGHT_STORY_INPUT || (item->kind == SIGHT_STORY_CLICK && !fills))
    append_act(item, out);
  else if (item->kind == SIGHT_STORY_FORM && before != NULL && before->kind == SIGHT_STORY_INPUT)
    g_string_append(out, "  await page.keyboard.press('Enter');\n");
}

static char *script_of(const Draft *draft, const GPtrArray *acts, guint n_before) {
  g_autoptr(GString) out =
      g_string_new("import { test } from '@playwright/test';\n\ntest('as it was recorded', async ({ page "
                   "}) => {\n");
  g_autoptr(GString) body = g_string_new(NULL);
  const SightSession *session = draft->analysis->session;

  for (guint i = 0; i < acts->len; i++) {
    const SightStoryItem *item = acts->pdata[i];
    if (i == 0)
      append_open(draft, item->start_ms, body);
    append_next(item, i > 0 ? acts->pdata[i - 1] : NULL, i + 1 < acts->len ? acts->pdata[i + 1] : NULL, body);
  }
  if (strstr(body->str, ").fill('") != NULL)
    g_string_append(out, "  // Values are examples: what was typed is not known.\n");
  if (strstr(body->str, PLACEHOLDER) != NULL)
    g_string_append(out, "  // " PLACEHOLDER " stands for what looks private: put a value of your own in its place.\n");
  if (n_before > 0)
    g_string_append_printf(out, "  // %u more before.\n", n_before);
  if (session->viewport_w > 0)
    g_string_append_printf(out, "  await page.setViewportSize({ width: %d, height: %d });\n", session->viewport_w,
                           session->viewport_h);
  g_string_append_printf(out, "%s});\n", body->str);
  return g_strdup(out->str);
}

/* Around */

/* Those of a kind beyond the last that have room are counted. */
static void add_line(SightIssue *issue, guint *room, char *taken_text) {
  if (*room == 0) {
    issue->n_more_lines++;
    g_free(taken_text);
    return;
  }
  (*room)--;
  add(issue->lines, taken_text);
}

static void fill_lines(const Draft *draft, SightIssue *issue) {
  guint console = MAX_LINES, requests = MAX_LINES;

  for (guint i = 0; i < draft->analysis->console->len; i++) {
    const SightConsoleItem *item = draft->analysis->console->pdata[i];
    g_autofree char *at = sight_clock_text(item->at_ms);
    if (distance(item->at_ms, draft->at_ms) <= NEAR_MS && item->level >= SIGHT_CONSOLE_WARN &&
        item->level != SIGHT_CONSOLE_NOISE)
      add_line(issue, &console, g_strdup_printf("%s console: %s", at, item->message != NULL ? item->message : ""));
  }
  for (guint i = 0; i < draft->analysis->requests->len; i++) {
    const SightRequestItem *item = draft->analysis->requests->pdata[i];
    g_autofree char *at = sight_clock_text(item->at_ms);
    if (distance(item->at_ms, draft->at_ms) <= NEAR_MS && (item->status == 0 || item->status >= 400))
      add_line(issue, &requests,
               g_strdup_printf("%s request: %s %s → %d %s", at, item->method != NULL ? item->method : "",
                               item->url != NULL ? item->url : "", item->status,
                               item->error != NULL ? item->error : ""));
  }
}

static void fill_environment(const Draft *draft, SightIssue *issue) {
  const SightSession *session = draft->analysis->session;

  if (session->device != NULL)
    add(issue->environment, g_strdup_printf(_("Device: %s"), session->device));
  if (session->release != NULL)
    add(issue->environment, g_strdup_printf(_("Release: %s"), session->release));
  if (session->viewport_w > 0)
    add(issue->environment, g_strdup_printf(_("Window: %d × %d px"), session->viewport_w, session->viewport_h));
  if (sight_session_is_dated(session->started_ms, session->received_ms)) {
    g_autoptr(GDateTime) when = g_date_time_new_from_unix_utc((session->started_ms + draft->at_ms) / 1000);
    g_ptr_array_add(issue->environment, g_date_time_format(when, "UTC: %Y-%m-%d %H:%M:%S"));
  }
}

/* Messages that stood on the page, or else its heading. */
static char *seen_on(const SightDom *page) {
  static const char *const wanted[] = {"[role=\"alert\"], [aria-invalid=\"true\"], .error, .alert", "h1", "title"};

  for (gsize i = 0; page != NULL && i < G_N_ELEMENTS(wanted); i++) {
    g_autoptr(SightSelector) selector = sight_selector_new(wanted[i], NULL);
    g_autoptr(GArray) found = sight_selector_find_all(selector, page);
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint j = 0; j < found->len && text->len < LINE_CHARS; j++) {
      int id = g_array_index(found, int, j);
      g_autofree char *label = sight_dom_is_hidden(page, id) ? g_strdup("") : sight_dom_label(page, id, LINE_CHARS);
      if (label[0] != '\0')
        g_string_append_printf(text, "%s%s", text->len > 0 ? " · " : "", label);
    }
    if (text->len > 0)
      return harmless(text->str);
  }
  return g_strdup("");
}

SightIssue *sight_issue_draft(const SightAnalysis *analysis, const SightDom *page, const SightProblem *problem,
                              gint64 at_ms, const char *from) {
  SightIssue *issue = g_new0(SightIssue, 1);
  const SightSignal *signal = nearest_signal(analysis, at_ms, problem);
  Draft draft = {analysis, page, signal != NULL ? MAX(at_ms, signal->start_ms) : at_ms, signal,
                 view_at(analysis, at_ms)};
  guint n_before = 0;
  g_autoptr(GPtrArray) acts = acts_before(&draft, &n_before);
  g_autofree char *reason = signal != NULL ? sight_signal_reason(signal) : NULL;
  g_autofree char *last = acts->len > 0 ? act_words(&draft, acts->pdata[acts->len - 1]) : g_strdup("");
  const char *where = draft.view != NULL && draft.view->page != NULL ? draft.view->page : "?";
  g_autofree char *title = problem != NULL  ? g_strdup(problem->title)
                           : reason != NULL ? g_strdup_printf(_("%s at %s"), reason, where)
                                            : g_strdup_printf(_("Trouble at %s"), where);

  issue->steps = g_ptr_array_new_with_free_func(g_free);
  issue->environment = g_ptr_array_new_with_free_func(g_free);
  issue->lines = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < acts->len; i++)
    add(issue->steps, act_words(&draft, acts->pdata[i]));
  issue->n_before = n_before;
  issue->title = harmless(title);
  issue->severity = g_strdup(severity_of(signal));
  issue->tried = harmless(last);
  issue->happened = harmless(reason);
  issue->saw = seen_on(page);
  issue->where = harmless(where);
  issue->n_users = problem != NULL ? problem->n_users : 1;
  issue->n_sessions = problem != NULL ? problem->n_sessions : 1;
  fill_environment(&draft, issue);
  fill_lines(&draft, issue);
  issue->script = script_of(&draft, acts, n_before);
  issue->moment = g_strdup_printf("%s@%" G_GINT64_FORMAT, analysis->session->session, at_ms);
  issue->link = sight_link_print(analysis->session->session, at_ms, from);
  issue->problem = problem != NULL ? g_strconcat("problem:", problem->id, NULL) : NULL;
  return issue;
}

/* Markdown */

/* CommonMark: a backslash before punctuation takes its meaning, also that of a bare address, which trackers make a link
 * of. A mention would call somebody, so @ is kept apart. */
static void append_text(GString *out, const char *text) {
  for (const char *at = text; *at != '\0'; at++) {
    if (*at == '@' || *at == '#')
      g_string_append_printf(out, "%c\xe2\x81\xa0", *at); /* word joiner */
    else {
      if (strchr("\\`*_{}[]<>()+-!|~&.:", *at) != NULL)
        g_string_append_c(out, '\\');
      g_string_append_c(out, *at);
    }
  }
}

static void append_fact(GString *out, const char *name, const char *text) {
  if (text == NULL || text[0] == '\0')
    return;
  g_string_append_printf(out, "**%s:** ", name);
  append_text(out, text);
  g_string_append(out, "\n\n");
}

/* A fence longer than any in the text. */
static void append_block(GString *out, const char *language, const char *text) {
  gsize longest = 2, run = 0;

  for (const char *at = text; *at != '\0'; at++) {
    run = *at == '`' ? run + 1 : 0;
    longest = MAX(longest, run);
  }
  g_autofree char *fence = g_strnfill(longest + 1, '`');
  g_string_append_printf(out, "%s%s\n%s%s%s\n\n", fence, language, text, g_str_has_suffix(text, "\n") ? "" : "\n",
                         fence);
}

static void append_list(GString *out, const char *title, const GPtrArray *list, const char *format, guint n_before) {
  if (list->len == 0)
    return;
  g_string_append_printf(out, "### %s\n\n", title);
  if (n_before > 0) {
    g_autofree char *before =
        g_strdup_printf(ngettext("… and %u step before", "… and %u steps before", (gulong)n_before), n_before);
    g_string_append_printf(out, "%s\n\n", before);
  }
  for (guint i = 0; i < list->len; i++) {
    if (format[0] == '1')
      g_string_append_printf(out, "%u. ", i + 1);
    else
      g_string_append(out, "- ");
    append_text(out, list->pdata[i]);
    g_string_append_c(out, '\n');
  }
  g_string_append_c(out, '\n');
}

char *sight_issue_markdown(const SightIssue *issue) {
  GString *out = g_string_new(NULL);
  g_autofree char *users =
      g_strdup_printf(ngettext("%u user", "%u users", (gulong)issue->n_users), (guint)issue->n_users);
  g_autofree char *sessions =
      g_strdup_printf(ngettext("%u session", "%u sessions", (gulong)issue->n_sessions), (guint)issue->n_sessions);
  /* TRANSLATORS: how many users and how many sessions a problem met */
  g_autofree char *whom = g_strdup_printf(_("%s, %s"), users, sessions);

  append_fact(out, _("Tried"), issue->tried);
  append_fact(out, _("Happened"), issue->happened);
  append_fact(out, _("They saw"), issue->saw);
  append_fact(out, _("Where"), issue->where);
  append_fact(out, _("Severity"), issue->severity);
  append_fact(out, _("Affected"), whom);
  append_list(out, _("Steps to see it again"), issue->steps, "1", issue->n_before);
  append_list(out, _("Environment"), issue->environment, "-", 0);
  if (issue->lines->len > 0) {
    g_ptr_array_add(issue->lines, NULL);
    g_autofree char *lines = g_strjoinv("\n", (char **)issue->lines->pdata);
    g_ptr_array_set_size(issue->lines, (int)issue->lines->len - 1);
    g_string_append_printf(out, "### %s\n\n", _("Console and requests"));
    append_block(out, "", lines);
    if (issue->n_more_lines > 0) {
      g_autofree char *more = g_strdup_printf(
          ngettext("… and %u more line", "… and %u more lines", issue->n_more_lines), issue->n_more_lines);
      g_string_append_printf(out, "%s\n\n", more);
    }
  }
  g_string_append_printf(out, "### %s\n\n", _("As a script"));
  append_block(out, "js", issue->script);
  /* As text to be copied: trackers make no link of a scheme that they do not know. */
  g_string_append_printf(out, "**%s:** `%s`\n\n", _("Watch it"), issue->link);
  g_string_append_printf(out, "SessionSight: `%s`", issue->moment);
  if (issue->problem != NULL)
    g_string_append_printf(out, ", `%s`", issue->problem);
  g_string_append_c(out, '\n');
  return g_string_free(out, FALSE);
}

char *sight_issue_document(const SightIssue *issue) {
  GString *out = g_string_new("# ");
  g_autofree char *body = sight_issue_markdown(issue);

  append_text(out, issue->title);
  g_string_append_printf(out, "\n\n%s", body);
  return g_string_free(out, FALSE);
}

/* SPDX-License-Identifier: MIT */
/* Sentences for the inspector. */
#include "sight-ui-inspector-lines.h"

#include "sight-page.h"
#include "sight-query.h"
#include "sight-ui-moments.h"
#include "sight-ui-player.h"
#include "sight-ui-request.h"
#include "sight-ui-story.h"
#include "sight-ui-text.h"
#include "sight-ui-tint.h"

#include <glib/gi18n.h>
#include <string.h>

static void add(GArray *lines, gint64 start_ms, gint64 end_ms, const char *icon, const char *style, char *title,
                char *detail) {
  SightUiMomentData data = {.start_ms = start_ms,
                            .end_ms = end_ms,
                            .icon = icon,
                            .style = style,
                            .title = title,
                            .detail = detail,
                            .tag = -1};
  g_array_append_val(lines, data);
}

/* Takes what finds the sessions with the line that was added last. */
static void find_by(GArray *lines, char *filter) {
  SightUiMomentData *line = &g_array_index(lines, SightUiMomentData, lines->len - 1);
  g_free(line->filter);
  line->filter = filter != NULL && *filter != '\0' ? filter : NULL;
  if (line->filter == NULL)
    g_free(filter);
}

static char *problem_filter(const SightAnalysis *analysis, const SightSignal *signal) {
  return sight_query_term(SIGHT_TERM_PROBLEM, sight_signal_problem(signal, analysis->signals));
}

/* Of what the page said or asked only what went wrong is in the index, and there by this message. */
static void find_by_message(GArray *lines, const SightAnalysis *analysis, const char *message) {
  for (guint i = 0; message != NULL && i < analysis->signals->len; i++) {
    const SightSignal *signal = g_ptr_array_index(analysis->signals, i);
    if (g_strcmp0(signal->message, message) == 0) {
      find_by(lines, problem_filter(analysis, signal));
      return;
    }
  }
}

/* The page that stood there, by the name under which its visits are counted. */
static char *page_filter(const SightAnalysis *analysis, const SightStoryItem *item) {
  for (guint i = 0; i < analysis->pages->len; i++) {
    const SightPageView *view = g_ptr_array_index(analysis->pages, i);
    if (view->start_ms == item->start_ms && g_strcmp0(view->window, item->window) == 0)
      return sight_query_term(SIGHT_TERM_PAGE, view->page);
  }
  return NULL;
}

static char *story_filter(const SightAnalysis *analysis, const SightStoryItem *item) {
  static const SightTermField fields[] = {
      [SIGHT_STORY_CLICK] = SIGHT_TERM_CLICK,   [SIGHT_STORY_INPUT] = SIGHT_TERM_TYPED,
      [SIGHT_STORY_EVENT] = SIGHT_TERM_EVENT,   [SIGHT_STORY_FORM] = SIGHT_TERM_FORM,
      [SIGHT_STORY_IDENTIFY] = SIGHT_TERM_USER, [SIGHT_STORY_GAP] = SIGHT_TERM_INDEXED};
  if (item->kind == SIGHT_STORY_PAGE)
    return page_filter(analysis, item);
  if (item->kind == SIGHT_STORY_END)
    return analysis->session->exit != NULL ? sight_query_term(SIGHT_TERM_EXIT, analysis->session->exit) : NULL;
  if (fields[item->kind] == SIGHT_TERM_INDEXED || item->text == NULL || *item->text == '\0')
    return NULL;
  return sight_query_term(fields[item->kind], item->text);
}

static void add_signal(GArray *lines, const SightAnalysis *analysis, const SightSignal *signal) {
  const SightSignalInfo *info = sight_signal_info((int)signal->kind);
  const char *more = info->about == SIGHT_ABOUT_PAGE ? signal->page : signal->target;
  char *reason = sight_signal_reason(signal);
  /* What the sentence says already needs no second line. */
  if (more != NULL && strstr(reason, more) != NULL)
    more = NULL;
  add(lines, signal->start_ms, signal->end_ms, sight_ui_signal_icon_name(signal->kind),
      sight_signal_kind_name(signal->kind), reason, g_strdup(more));
  find_by(lines, problem_filter(analysis, signal));
}

/* How an item looks; signals look as their kind does. */
static const struct {
  const char *icon, *style;
} story_looks[] = {
    [SIGHT_STORY_PAGE] = {"sight-page-symbolic", NULL},
    [SIGHT_STORY_CLICK] = {"sight-click-symbolic", NULL},
    [SIGHT_STORY_INPUT] = {"sight-input-symbolic", NULL},
    [SIGHT_STORY_SCROLL] = {"sight-scroll-symbolic", NULL},
    [SIGHT_STORY_SIGNAL] = {NULL, NULL},
    [SIGHT_STORY_EVENT] = {"sight-event-symbolic", NULL},
    [SIGHT_STORY_FORM] = {"sight-form-symbolic", NULL},
    [SIGHT_STORY_IDLE] = {"sight-idle-symbolic", "quiet"},
    [SIGHT_STORY_TAB] = {"tab-new-symbolic", NULL},
    [SIGHT_STORY_IDENTIFY] = {"sight-user-symbolic", NULL},
    [SIGHT_STORY_END] = {"sight-end-symbolic", NULL},
    [SIGHT_STORY_GAP] = {"dialog-warning-symbolic", "caution"},
};

/* What helps to find the place again. A name that its makers gave an element does; a path through the whole page helps
 * nobody, nor does the number by which a form without a name is known. */
static const char *story_detail(const SightStoryItem *item) {
  gboolean path = item->kind == SIGHT_STORY_CLICK && item->detail != NULL && strstr(item->detail, " > ") != NULL;
  return path || item->kind == SIGHT_STORY_FORM ? NULL : item->detail;
}

static void add_story_item(GArray *lines, const SightAnalysis *analysis, const SightStoryItem *item) {
  if (item->kind != SIGHT_STORY_SIGNAL) {
    add(lines, item->start_ms, item->end_ms, story_looks[item->kind].icon, story_looks[item->kind].style,
        sight_ui_story_title(analysis, item), g_strdup(story_detail(item)));
    find_by(lines, story_filter(analysis, item));
  } else if (item->signal >= 0 && (guint)item->signal < analysis->signals->len) {
    add_signal(lines, analysis, g_ptr_array_index(analysis->signals, item->signal));
  }
}

/* One act that was done again and again is one line, and what was found of it follows. */
static void add_run(GArray *lines, const SightAnalysis *analysis, guint first, guint length, guint n_acts,
                    gint64 end_ms) {
  const SightStoryItem *act = g_ptr_array_index(analysis->story, first);
  g_autofree char *title = sight_ui_story_title(analysis, act);
  add(lines, act->start_ms, end_ms, story_looks[act->kind].icon, NULL,
      /* Translators: an act and how often it was done, "Clicked “Pay” 4 times" */
      g_strdup_printf(ngettext("%s %u time", "%s %u times", n_acts), title, n_acts), g_strdup(story_detail(act)));
  find_by(lines, story_filter(analysis, act));
  for (guint i = first + 1; i < first + length; i++) {
    const SightStoryItem *item = g_ptr_array_index(analysis->story, i);
    if (item->kind == SIGHT_STORY_SIGNAL)
      add_story_item(lines, analysis, item);
  }
}

static int earliest_first(gconstpointer a, gconstpointer b) {
  const SightUiMomentData *x = a, *y = b;
  return x->start_ms < y->start_ms ? -1 : x->start_ms > y->start_ms;
}

/* Each after the act that reached it. */
static void add_reached(GArray *lines, const GArray *reached) {
  for (guint i = 0; i < reached->len; i++) {
    const SightReached *one = &g_array_index(reached, SightReached, i);
    add(lines, one->at_ms, one->at_ms, "starred-symbolic", "reached", sight_ui_story_reached(one), NULL);
    find_by(lines, g_strdup("converted"));
  }
  g_array_sort(lines, earliest_first);
}

GArray *sight_ui_inspector_story(const SightAnalysis *analysis, const GArray *reached) {
  GArray *lines = sight_ui_moments_array_new();
  for (guint i = 0; i < analysis->story->len;) {
    guint n_acts = 0;
    gint64 end_ms = 0;
    guint length = sight_ui_story_run(analysis, i, &n_acts, &end_ms);
    if (n_acts > 1)
      add_run(lines, analysis, i, length, n_acts, end_ms);
    else
      add_story_item(lines, analysis, g_ptr_array_index(analysis->story, i));
    i += length;
  }
  add_reached(lines, reached);
  return lines;
}

/* One that was left is told by its signal alone. */
static gboolean tells_of_form(const SightAnalysis *analysis, const SightStoryItem *item) {
  if (item->kind != SIGHT_STORY_SIGNAL || item->signal < 0 || (guint)item->signal >= analysis->signals->len)
    return FALSE;
  return ((const SightSignal *)g_ptr_array_index(analysis->signals, item->signal))->kind == SIGHT_SIGNAL_FORM;
}

GArray *sight_ui_inspector_forms(const SightAnalysis *analysis) {
  GArray *lines = sight_ui_moments_array_new();
  for (guint i = 0; i < analysis->story->len; i++) {
    const SightStoryItem *item = g_ptr_array_index(analysis->story, i);
    if (item->kind == SIGHT_STORY_INPUT || item->kind == SIGHT_STORY_FORM || tells_of_form(analysis, item))
      add_story_item(lines, analysis, item);
  }
  return lines;
}

/* Equal for messages that differ in numbers alone. The caller's. */
static char *message_key(const SightConsoleItem *item) {
  GString *key = g_string_new(NULL);
  g_string_printf(key, "%d ", (int)item->level);
  for (const char *c = item->message != NULL ? item->message : ""; *c != '\0'; c++) {
    if (!g_ascii_isdigit(*c))
      g_string_append_c(key, *c);
    else if (!g_ascii_isdigit(c[1]))
      g_string_append_c(key, '0');
  }
  return g_string_free(key, FALSE);
}

/* A message that came again stands where it came first, and says how often and until when. */
static void tell_count(SightUiMomentData *line, guint count) {
  if (count < 2)
    return;
  g_autofree char *last = sight_ui_format_time(line->end_ms);
  g_autofree char *detail = g_steal_pointer(&line->detail);
  g_autofree char *times = g_strdup_printf(ngettext("%u time, last at %s", "%u times, last at %s", count), count, last);
  line->detail = detail != NULL && *detail != '\0' ? g_strdup_printf("%s · %s", times, detail) : g_strdup(times);
}

GArray *sight_ui_inspector_console(const SightAnalysis *analysis) {
  static const struct {
    const char *icon, *style;
  } looks[] = {
      [SIGHT_CONSOLE_LOG] = {"sight-console-symbolic", "quiet"},
      [SIGHT_CONSOLE_INFO] = {"dialog-information-symbolic", NULL},
      [SIGHT_CONSOLE_WARN] = {"dialog-warning-symbolic", "caution"},
      [SIGHT_CONSOLE_ERROR] = {"sight-console-symbolic", "console"},
      [SIGHT_CONSOLE_EXCEPTION] = {"sight-error-symbolic", "error"},
      [SIGHT_CONSOLE_NOISE] = {"sight-noise-symbolic", "noise"},
  };
  /* What is none of the page's is no graver than what it says in passing. */
  static const guint levels[] = {
      [SIGHT_CONSOLE_LOG] = 0,   [SIGHT_CONSOLE_INFO] = 1,      [SIGHT_CONSOLE_WARN] = 2,
      [SIGHT_CONSOLE_ERROR] = 3, [SIGHT_CONSOLE_EXCEPTION] = 3, [SIGHT_CONSOLE_NOISE] = 1,
  };
  GArray *lines = sight_ui_moments_array_new();
  g_autoptr(GHashTable) places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GArray) counts = g_array_new(FALSE, TRUE, sizeof(guint));
  for (guint i = 0; i < analysis->console->len; i++) {
    const SightConsoleItem *item = g_ptr_array_index(analysis->console, i);
    g_autofree char *key = message_key(item);
    gpointer place = NULL;
    if (g_hash_table_lookup_extended(places, key, NULL, &place)) {
      g_array_index(counts, guint, GPOINTER_TO_UINT(place))++;
      g_array_index(lines, SightUiMomentData, GPOINTER_TO_UINT(place)).end_ms = item->at_ms;
      continue;
    }
    guint once = 1;
    g_hash_table_insert(places, g_steal_pointer(&key), GUINT_TO_POINTER(lines->len));
    g_array_append_val(counts, once);
    add(lines, item->at_ms, item->at_ms, looks[item->level].icon, looks[item->level].style, g_strdup(item->message),
        g_strdup(item->detail));
    g_array_index(lines, SightUiMomentData, lines->len - 1).level = levels[item->level];
    if (item->level >= SIGHT_CONSOLE_ERROR)
      find_by_message(lines, analysis, item->message);
  }
  for (guint i = 0; i < lines->len; i++)
    tell_count(&g_array_index(lines, SightUiMomentData, i), g_array_index(counts, guint, i));
  return lines;
}

/* As a failed request is told of, whatever its numbers and ids. */
static char *request_message(const SightRequestItem *item) {
  g_autofree char *address = sight_page_template(item->url != NULL ? item->url : "", NULL);
  g_autofree char *status = item->status > 0 ? g_strdup_printf(" %d", item->status) : g_strdup("");
  return g_strdup_printf("%s %s%s", item->method != NULL ? item->method : "GET", address, status);
}

static char *request_detail(const SightRequestItem *item) {
  if (item->status == 0)
    return g_strdup_printf(_("failed: %s"), item->error != NULL ? item->error : _("no answer"));
  return g_strdup_printf(_("%d · %'d ms"), item->status, (int)CLAMP(item->duration_ms, 0, G_MAXINT));
}

/* To scale within the visit of its page. */
static void draw_request(SightUiMomentData *line, const SightUiRequestScale *scale, const SightRequestItem *item) {
  double whole = (double)MAX(scale->end_ms - scale->start_ms, 1);
  line->from = (double)(item->at_ms - scale->start_ms) / whole;
  /* One of no length is there. */
  line->to = MAX((double)(item->at_ms + item->duration_ms - scale->start_ms) / whole, line->from + 0.001);
  line->method = g_strdup(item->method);
  line->url = g_strdup(item->url);
  line->level = sight_ui_request_failed(item) ? 1 : 0;
}

GArray *sight_ui_inspector_network(const SightAnalysis *analysis) {
  GArray *lines = sight_ui_moments_array_new();
  g_autoptr(GArray) scales = sight_ui_request_scales(analysis);
  for (guint i = 0; i < analysis->requests->len; i++) {
    const SightRequestItem *item = g_ptr_array_index(analysis->requests, i);
    gboolean failed = sight_ui_request_failed(item);
    add(lines, item->at_ms, item->at_ms + item->duration_ms,
        failed ? "sight-request-symbolic" : "sight-endpoint-symbolic", failed ? "request" : NULL,
        g_strdup_printf("%s %s", item->method != NULL ? item->method : "GET", item->url != NULL ? item->url : ""),
        request_detail(item));
    draw_request(&g_array_index(lines, SightUiMomentData, lines->len - 1),
                 &g_array_index(scales, SightUiRequestScale, i), item);
    if (failed) {
      g_autofree char *message = request_message(item);
      find_by_message(lines, analysis, message);
    }
  }
  return lines;
}

static void add_said(GArray *lines, GArray *said, const SightNote *note, const SightAnnotation *what, GPtrArray *facts,
                     gboolean is_new) {
  gboolean answer = what != note->annotation;
  if (is_new)
    g_ptr_array_insert(facts, 0, g_strdup(_("New")));
  g_ptr_array_add(facts, sight_ui_text_isolate(what->author));
  g_ptr_array_add(facts, sight_ui_text_relative(what->created_ms));
  g_ptr_array_add(facts, NULL);
  add(lines, note->annotation->at_ms, note->annotation->at_ms,
      answer                                       ? "mail-reply-sender-symbolic"
      : g_str_equal(note->annotation->kind, "tag") ? "sight-tagged-symbolic"
                                                   : "sight-note-symbolic",
      is_new ? "news" : NULL, g_strdup(what->body), g_strjoinv(" · ", (char **)facts->pdata));
  SightUiMomentData *line = &g_array_index(lines, SightUiMomentData, lines->len - 1);
  line->tag = (int)said->len;
  line->answer = answer;
  if (!answer)
    find_by(lines, sight_query_term(g_str_equal(note->annotation->kind, "tag") ? SIGHT_TERM_TAG : SIGHT_TERM_NOTE,
                                    note->annotation->body));
  SightUiSaid of = {note, what};
  g_array_append_val(said, of);
}

GArray *sight_ui_inspector_tags(SightUiNotes *notes, GArray *said) {
  GArray *lines = sight_ui_moments_array_new();
  GPtrArray *list = sight_ui_notes_get_list(notes);
  for (guint i = 0; i < list->len; i++) {
    const SightNote *note = list->pdata[i];
    g_autoptr(GPtrArray) facts = g_ptr_array_new_with_free_func(g_free);
    /* A colour is told in a word, too. */
    if (note->colour != NULL)
      g_ptr_array_add(facts, sight_ui_text_isolate(note->colour));
    if (note->end_ms > note->annotation->at_ms) {
      g_autofree char *end = sight_ui_format_time(note->end_ms);
      /* Translators: where a stretch ends, "up to 1:14" */
      g_ptr_array_add(facts, g_strdup_printf(_("up to %s"), end));
    }
    add_said(lines, said, note, note->annotation, facts, sight_ui_notes_is_new(notes, note->annotation));
    g_array_index(lines, SightUiMomentData, lines->len - 1).tint =
        sight_ui_tint_class(sight_ui_notes_get_colour(notes, note));
    for (guint j = 0; j < note->replies->len; j++) {
      g_autoptr(GPtrArray) of_answer = g_ptr_array_new_with_free_func(g_free);
      add_said(lines, said, note, note->replies->pdata[j], of_answer,
               sight_ui_notes_is_new(notes, note->replies->pdata[j]));
    }
  }
  return lines;
}

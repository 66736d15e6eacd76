/* SPDX-License-Identifier: MIT */
/* Sentences for the inspector. */
#include "sight-ui-inspector-lines.h"

#include "sight-ui-moments.h"
#include "sight-ui-player.h"
#include "sight-ui-text.h"

#include <glib/gi18n.h>
#include <string.h>

static void add(GArray *lines, gint64 start_ms, gint64 end_ms, const char *icon, const char *style, char *title,
                char *detail) {
  SightUiMomentData data = {start_ms, end_ms, icon, style, title, detail};
  g_array_append_val(lines, data);
}

static void add_signal(GArray *lines, const SightSignal *signal) {
  gboolean of_page = signal->kind == SIGHT_SIGNAL_ERROR || signal->kind == SIGHT_SIGNAL_CONSOLE ||
                     signal->kind == SIGHT_SIGNAL_REQUEST || signal->kind == SIGHT_SIGNAL_NOISE;
  const char *more = of_page ? signal->page : signal->target;
  char *reason = sight_signal_reason(signal);
  /* What the sentence says already needs no second line. */
  if (more != NULL && strstr(reason, more) != NULL)
    more = NULL;
  add(lines, signal->start_ms, signal->end_ms, sight_ui_signal_icon_name(signal->kind),
      sight_signal_kind_name(signal->kind), reason, g_strdup(more));
}

/* Text of the recording inside a sentence of ours; the format comes from a table, so printf could not be checked. */
static char *sentence(const char *format, const char *tainted_text) {
  g_autofree char *text = sight_ui_text_isolate(tainted_text);
  g_auto(GStrv) parts = g_strsplit(format, "%s", 2);
  return g_strjoinv(text, parts);
}

static const char *text_of(const SightStoryItem *item) {
  return item->text != NULL && *item->text != '\0' ? item->text : NULL;
}

static char *input_title(const SightStoryItem *item) {
  return text_of(item) != NULL ? sentence(_("Typed in “%s”"), item->text) : g_strdup(_("Typed"));
}

/* A form that has neither id nor name is known by a number that says nothing to people. */
static char *form_title(const SightStoryItem *item) {
  gboolean has_name = text_of(item) != NULL && strspn(item->text, "0123456789") < strlen(item->text);
  return has_name ? sentence(_("Sent the form “%s”"), item->text) : g_strdup(_("Sent a form"));
}

static void add_story_item(GArray *lines, const SightAnalysis *analysis, const SightStoryItem *item) {
  const char *icon = NULL;
  char *title = NULL;
  const char *style = NULL, *detail = item->detail;
  switch (item->kind) {
  case SIGHT_STORY_PAGE:
    icon = "sight-page-symbolic";
    title = sentence(_("Opened %s"), item->text);
    break;
  case SIGHT_STORY_CLICK:
    icon = "sight-click-symbolic";
    /* A name that its makers gave helps to find the element; a path through the whole page helps nobody. */
    if (detail != NULL && strstr(detail, " > ") != NULL)
      detail = NULL;
    title = text_of(item) != NULL ? sentence(_("Clicked “%s”"), item->text) : g_strdup(_("Clicked"));
    break;
  case SIGHT_STORY_INPUT:
    icon = "sight-input-symbolic";
    title = input_title(item);
    break;
  case SIGHT_STORY_SCROLL:
    icon = "sight-scroll-symbolic";
    title = text_of(item) != NULL ? sentence(_("Scrolled %s"), item->text) : g_strdup(_("Scrolled"));
    break;
  case SIGHT_STORY_SIGNAL:
    if (item->signal >= 0 && (guint)item->signal < analysis->signals->len)
      add_signal(lines, g_ptr_array_index(analysis->signals, item->signal));
    return;
  case SIGHT_STORY_EVENT:
    icon = "starred-symbolic";
    title = sentence(_("Event “%s”"), item->text);
    break;
  case SIGHT_STORY_FORM:
    icon = "sight-form-symbolic";
    title = form_title(item);
    detail = NULL;
    break;
  case SIGHT_STORY_IDLE: {
    g_autofree char *length = sight_ui_format_time(item->end_ms - item->start_ms);
    icon = "sight-idle-symbolic";
    style = "quiet";
    title = sentence(_("Nothing happened for %s"), length);
    break;
  }
  case SIGHT_STORY_GAP: {
    g_autofree char *length = sight_ui_format_time(item->end_ms - item->start_ms);
    icon = "dialog-warning-symbolic";
    style = "caution";
    title = sentence(_("Nothing was recorded for %s"), length);
    break;
  }
  case SIGHT_STORY_TAB:
    icon = "tab-new-symbolic";
    title = g_strdup(_("Went to another tab"));
    break;
  case SIGHT_STORY_IDENTIFY:
    icon = "sight-user-symbolic";
    title = sentence(_("Known as %s"), item->text);
    break;
  case SIGHT_STORY_END:
    icon = "sight-end-symbolic";
    title = text_of(item) != NULL ? sentence(_("Left from %s"), item->text) : g_strdup(_("Left"));
    break;
  }
  add(lines, item->start_ms, item->end_ms, icon, style, title, g_strdup(detail));
}

GArray *sight_ui_inspector_story(const SightAnalysis *analysis) {
  GArray *lines = sight_ui_moments_array_new();
  for (guint i = 0; i < analysis->story->len; i++)
    add_story_item(lines, analysis, g_ptr_array_index(analysis->story, i));
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
  GArray *lines = sight_ui_moments_array_new();
  for (guint i = 0; i < analysis->console->len; i++) {
    const SightConsoleItem *item = g_ptr_array_index(analysis->console, i);
    add(lines, item->at_ms, item->at_ms, looks[item->level].icon, looks[item->level].style, g_strdup(item->message),
        g_strdup(item->detail));
  }
  return lines;
}

static char *request_detail(const SightRequestItem *item) {
  if (item->status == 0)
    return g_strdup_printf(_("failed: %s"), item->error != NULL ? item->error : _("no answer"));
  return g_strdup_printf(_("%d · %'d ms"), item->status, (int)CLAMP(item->duration_ms, 0, G_MAXINT));
}

GArray *sight_ui_inspector_network(const SightAnalysis *analysis) {
  GArray *lines = sight_ui_moments_array_new();
  for (guint i = 0; i < analysis->requests->len; i++) {
    const SightRequestItem *item = g_ptr_array_index(analysis->requests, i);
    gboolean failed = item->status == 0 || item->status >= 400;
    add(lines, item->at_ms, item->at_ms + item->duration_ms,
        failed ? "sight-request-symbolic" : "sight-endpoint-symbolic", failed ? "request" : NULL,
        g_strdup_printf("%s %s", item->method != NULL ? item->method : "GET", item->url != NULL ? item->url : ""),
        request_detail(item));
  }
  return lines;
}

GArray *sight_ui_inspector_notes(GPtrArray *annotations) {
  GArray *lines = sight_ui_moments_array_new();
  for (guint i = 0; i < annotations->len; i++) {
    const SightAnnotation *annotation = g_ptr_array_index(annotations, i);
    gboolean tag = g_strcmp0(annotation->kind, "tag") == 0;
    if (!tag && g_strcmp0(annotation->kind, "note") != 0)
      continue;
    g_autofree char *when = sight_ui_text_relative(annotation->created_ms);
    g_autofree char *author = sight_ui_text_isolate(annotation->author);
    add(lines, annotation->at_ms, annotation->at_ms, tag ? "sight-tagged-symbolic" : "sight-note-symbolic", NULL,
        g_strdup(annotation->body),
        annotation->author != NULL ? g_strdup_printf("%s · %s", author, when) : g_strdup(when));
  }
  return lines;
}

/* SPDX-License-Identifier: MIT */
/* What happened, in sentences. */
#include "sight-ui-story.h"

#include "sight-ui-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Text of the recording inside a sentence of ours, which may be written the other way round. */
static char *sentence(const char *format, const char *tainted_text) {
  g_autofree char *text = sight_ui_text_isolate(tainted_text);
  g_auto(GStrv) parts = g_strsplit(format, "%s", 2);
  return g_strjoinv(text, parts);
}

static const char *text_of(const SightStoryItem *item) {
  return item->text != NULL && *item->text != '\0' ? item->text : NULL;
}

/* A form that has neither id nor name is known by a number that says nothing to people. */
static char *form_title(const SightStoryItem *item) {
  gboolean has_name = text_of(item) != NULL && strspn(item->text, "0123456789") < strlen(item->text);
  return has_name ? sentence(_("Sent the form “%s”"), item->text) : g_strdup(_("Sent a form"));
}

char *sight_ui_story_title(const SightAnalysis *analysis, const SightStoryItem *item) {
  g_autofree char *length = sight_ui_format_time(item->end_ms - item->start_ms);
  const SightSignal *signal = item->signal >= 0 && (guint)item->signal < analysis->signals->len
                                  ? g_ptr_array_index(analysis->signals, item->signal)
                                  : NULL;
  switch (item->kind) {
  case SIGHT_STORY_PAGE:
    return sentence(_("Opened %s"), item->text);
  case SIGHT_STORY_CLICK:
    return text_of(item) != NULL ? sentence(_("Clicked “%s”"), item->text) : g_strdup(_("Clicked"));
  case SIGHT_STORY_INPUT:
    return text_of(item) != NULL ? sentence(_("Typed in “%s”"), item->text) : g_strdup(_("Typed"));
  case SIGHT_STORY_SCROLL:
    return text_of(item) != NULL ? sentence(_("Scrolled %s"), item->text) : g_strdup(_("Scrolled"));
  case SIGHT_STORY_SIGNAL:
    return signal != NULL ? sight_signal_reason(signal) : g_strdup("");
  case SIGHT_STORY_EVENT:
    return sentence(_("Event “%s”"), item->text);
  case SIGHT_STORY_FORM:
    return form_title(item);
  case SIGHT_STORY_IDLE:
    return sentence(_("Nothing happened for %s"), length);
  case SIGHT_STORY_GAP:
    return sentence(_("Nothing was recorded for %s"), length);
  case SIGHT_STORY_TAB:
    return g_strdup(_("Went to another tab"));
  case SIGHT_STORY_IDENTIFY:
    return sentence(_("Known as %s"), item->text);
  case SIGHT_STORY_END:
    return text_of(item) != NULL ? sentence(_("Left from %s"), item->text) : g_strdup(_("Left"));
  }
  return g_strdup("");
}

char *sight_ui_story_reached(const SightReached *reached) {
  return sentence(_("Reached “%s”"), reached->name);
}

static gboolean is_same_act(const SightStoryItem *item, const SightStoryItem *other) {
  return item->kind == other->kind && item->node == other->node && g_strcmp0(item->text, other->text) == 0 &&
         g_strcmp0(item->window, other->window) == 0;
}

guint sight_ui_story_run(const SightAnalysis *analysis, guint first, guint *n_acts, gint64 *end_ms) {
  const SightStoryItem *act = g_ptr_array_index(analysis->story, first);
  guint length = 1;
  *n_acts = 1;
  *end_ms = act->end_ms;
  if (act->kind != SIGHT_STORY_CLICK && act->kind != SIGHT_STORY_SCROLL)
    return 1;
  for (guint i = first + 1; i < analysis->story->len; i++) {
    const SightStoryItem *item = g_ptr_array_index(analysis->story, i);
    if (item->kind == SIGHT_STORY_SIGNAL)
      continue;
    if (!is_same_act(item, act))
      break;
    (*n_acts)++;
    *end_ms = item->end_ms;
    length = i - first + 1;
  }
  return length;
}

char *sight_ui_story_after(const SightAnalysis *analysis, const SightSignal *signal) {
  for (guint i = 0; i < analysis->story->len; i++) {
    const SightStoryItem *item = g_ptr_array_index(analysis->story, i);
    if (item->start_ms <= signal->end_ms || item->kind == SIGHT_STORY_IDENTIFY)
      continue;
    g_autofree char *title = sight_ui_story_title(analysis, item);
    gint64 seconds = (item->start_ms - signal->end_ms + 500) / 1000;
    if (seconds == 0)
      /* Translators: what the visitor did right after something went wrong, "At once: Opened /help" */
      return g_strdup_printf(_("At once: %s"), title);
    /* Translators: and after some seconds, "3 s later: Opened /help" */
    return g_strdup_printf(_("%d s later: %s"), (int)MIN(seconds, G_MAXINT), title);
  }
  return g_strdup(_("Here the recording ends"));
}

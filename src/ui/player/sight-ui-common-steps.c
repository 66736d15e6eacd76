/* SPDX-License-Identifier: MIT */
/* The longest common subsequence of what was done, and who is where in it. */
#include "sight-ui-common-steps.h"

#include "sight-ui-story.h"

#include <glib/gi18n-lib.h>

#define MAX_ACTS 1000

/* Something that the other visitor may have done, too. */
typedef struct {
  SightStoryItem item; /* its text is borrowed */
  const SightAnalysis *analysis;
} Act;

static void step_free(gpointer data) {
  SightUiCommonStep *step = data;
  g_free(step->title);
  g_free(step);
}

static SightUiCommonStep *step_new(gint64 one_ms, gint64 other_ms, char *title) {
  SightUiCommonStep *step = g_new(SightUiCommonStep, 1);
  *step = (SightUiCommonStep){{one_ms, other_ms}, title};
  return step;
}

static gboolean is_same(const Act *one, const Act *other) {
  return one->item.kind == other->item.kind && g_strcmp0(one->item.text, other->item.text) == 0;
}

static int by_time(gconstpointer a, gconstpointer b) {
  gint64 one = ((const Act *)a)->item.start_ms, other = ((const Act *)b)->item.start_ms;
  return (one > other) - (one < other);
}

/* Of a page its template counts: which product it was says nothing. */
static void add_pages(GArray *acts, const SightAnalysis *analysis) {
  for (guint i = 0; i < analysis->pages->len; i++) {
    const SightPageView *view = g_ptr_array_index(analysis->pages, i);
    Act act = {{.kind = SIGHT_STORY_PAGE, .start_ms = view->start_ms, .text = view->page, .signal = -1}, analysis};
    if (view->page != NULL)
      g_array_append_val(acts, act);
  }
}

static void add_story(GArray *acts, const SightAnalysis *analysis) {
  for (guint i = 0; i < analysis->story->len; i++) {
    const SightStoryItem *item = g_ptr_array_index(analysis->story, i);
    gboolean counts =
        item->kind == SIGHT_STORY_CLICK || item->kind == SIGHT_STORY_FORM || item->kind == SIGHT_STORY_EVENT;
    Act act = {*item, analysis};
    if (counts && item->text != NULL && *item->text != '\0')
      g_array_append_val(acts, act);
  }
}

/* In order of time; the same again and again is one act. */
static GArray *acts_of(const SightAnalysis *analysis) {
  g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Act));
  GArray *acts = g_array_new(FALSE, FALSE, sizeof(Act));
  add_pages(all, analysis);
  add_story(all, analysis);
  g_array_sort(all, by_time);
  for (guint i = 0; i < all->len && acts->len < MAX_ACTS; i++) {
    const Act *act = &g_array_index(all, Act, i);
    if (acts->len == 0 || !is_same(&g_array_index(acts, Act, acts->len - 1), act))
      g_array_append_vals(acts, act, 1);
  }
  return acts;
}

/* How many acts the two have in common from each pair of places on: row by row, one more of both than there are. */
static guint16 *lengths_of(const GArray *one, const GArray *other) {
  gsize width = other->len + 1;
  guint16 *lengths = g_new0(guint16, (one->len + 1) * width);
  for (guint i = one->len; i-- > 0;) {
    for (guint j = other->len; j-- > 0;) {
      gboolean same = is_same(&g_array_index(one, Act, i), &g_array_index(other, Act, j));
      guint16 below = lengths[(i + 1) * width + j], right = lengths[i * width + j + 1];
      lengths[i * width + j] = same ? (guint16)(lengths[(i + 1) * width + j + 1] + 1) : MAX(below, right);
    }
  }
  return lengths;
}

GPtrArray *sight_ui_common_steps(const SightAnalysis *one, const SightAnalysis *other) {
  GPtrArray *steps = g_ptr_array_new_with_free_func(step_free);
  g_autoptr(GArray) acts = acts_of(one), others = acts_of(other);
  g_autofree guint16 *lengths = lengths_of(acts, others);
  gsize width = others->len + 1;
  g_ptr_array_add(steps, step_new(0, 0, g_strdup(_("Start"))));
  for (guint i = 0, j = 0; i < acts->len && j < others->len;) {
    const Act *act = &g_array_index(acts, Act, i), *same = &g_array_index(others, Act, j);
    if (is_same(act, same)) {
      g_ptr_array_add(
          steps, step_new(act->item.start_ms, same->item.start_ms, sight_ui_story_title(act->analysis, &act->item)));
      i++;
      j++;
    } else if (lengths[(i + 1) * width + j] >= lengths[i * width + j + 1]) {
      i++;
    } else {
      j++;
    }
  }
  return steps;
}

static gint64 at_of(const GPtrArray *steps, guint index, int side) {
  return ((const SightUiCommonStep *)g_ptr_array_index(steps, index))->at_ms[side];
}

guint sight_ui_common_steps_at(const GPtrArray *steps, int side, gint64 at_ms) {
  guint found = 0;
  for (guint i = 1; i < steps->len && at_of(steps, i, side) <= at_ms; i++)
    found = i;
  return found;
}

gint64 sight_ui_common_steps_other(const GPtrArray *steps, int side, gint64 at_ms, gint64 other_whole_ms) {
  guint step = sight_ui_common_steps_at(steps, side, at_ms);
  gint64 from_ms = at_of(steps, step, !side);
  gint64 to_ms = step + 1 < steps->len ? at_of(steps, step + 1, !side) - 1 : other_whole_ms;
  return MAX(MIN(from_ms + at_ms - at_of(steps, step, side), to_ms), from_ms);
}

void sight_ui_common_steps_waits(const GPtrArray *steps, const gint64 at_ms[2], const gboolean ended[2],
                                 gboolean waits[2]) {
  guint step[2];
  for (int side = 0; side < 2; side++)
    step[side] = sight_ui_common_steps_at(steps, side, at_ms[side]);
  for (int side = 0; side < 2; side++)
    waits[side] = ended[side] || (!ended[!side] && step[side] > step[!side]);
}

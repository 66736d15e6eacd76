/* SPDX-License-Identifier: MIT */
/* What is said of a signal before, while and after it is played. */
#include "sight-ui-caption.h"
#include "sight-ui-story.h"

/* Four clicks that nothing answers, and two seconds later another page; then a second page at once. */
typedef struct {
  SightSignal signals[2];
  SightStoryItem items[4];
  SightAnalysis analysis;
} Visit;

static void visit_init(Visit *visit) {
  *visit = (Visit){
      .signals = {{.kind = SIGHT_SIGNAL_RAGE,
                   .start_ms = 10000,
                   .end_ms = 12000,
                   .target = (char *)"Pay",
                   .fingerprint = (char *)"",
                   .count = 4},
                  {.kind = SIGHT_SIGNAL_DEAD, .start_ms = 30000, .end_ms = 30000, .fingerprint = (char *)""}},
      .items = {{.kind = SIGHT_STORY_CLICK, .start_ms = 10000, .end_ms = 10000, .text = (char *)"Pay", .signal = -1},
                {.kind = SIGHT_STORY_SIGNAL, .start_ms = 10000, .end_ms = 12000, .signal = 0},
                {.kind = SIGHT_STORY_IDENTIFY, .start_ms = 13000, .end_ms = 13000, .text = (char *)"an", .signal = -1},
                {.kind = SIGHT_STORY_PAGE, .start_ms = 14000, .end_ms = 14000, .text = (char *)"/help", .signal = -1}},
      .analysis = {.signals = g_ptr_array_new(), .story = g_ptr_array_new()},
  };
  for (guint i = 0; i < G_N_ELEMENTS(visit->signals); i++)
    g_ptr_array_add(visit->analysis.signals, &visit->signals[i]);
  for (guint i = 0; i < G_N_ELEMENTS(visit->items); i++)
    g_ptr_array_add(visit->analysis.story, &visit->items[i]);
}

static void visit_clear(Visit *visit) {
  g_ptr_array_unref(visit->analysis.signals);
  g_ptr_array_unref(visit->analysis.story);
}

static void test_after(void) {
  Visit visit;
  visit_init(&visit);
  g_autofree char *later = sight_ui_story_after(&visit.analysis, &visit.signals[0]);
  g_assert_cmpstr(later, ==, "2 s later: Opened \u2068/help\u2069");
  visit.items[3].start_ms = 12100;
  g_autofree char *at_once = sight_ui_story_after(&visit.analysis, &visit.signals[0]);
  g_assert_cmpstr(at_once, ==, "At once: Opened \u2068/help\u2069");
  g_autofree char *end = sight_ui_story_after(&visit.analysis, &visit.signals[1]);
  g_assert_cmpstr(end, ==, "Here the recording ends");
  visit_clear(&visit);
}

static void test_caption(void) {
  Visit visit;
  gint64 until_ms = -1;
  visit_init(&visit);
  g_autofree char *reason = sight_signal_reason(&visit.signals[0]);
  g_autofree char *before = sight_ui_caption_text(&visit.analysis, &visit.signals[0], 7500, 1.0, &until_ms);
  g_assert_cmpstr(before, ==, reason);
  g_assert_cmpint(until_ms, ==, 2500);
  g_autofree char *during = sight_ui_caption_text(&visit.analysis, &visit.signals[0], 12000, 1.0, &until_ms);
  g_assert_cmpstr(during, ==, reason);
  g_assert_cmpint(until_ms, ==, 0);
  g_autofree char *came = sight_ui_caption_text(&visit.analysis, &visit.signals[0], 14000, 1.0, &until_ms);
  g_assert_cmpstr(came, ==, "2 s later: Opened \u2068/help\u2069");
  g_assert_null(sight_ui_caption_text(&visit.analysis, &visit.signals[0], 14001, 1.0, &until_ms));
  /* Played twice as fast it is there as long. */
  g_autofree char *faster = sight_ui_caption_text(&visit.analysis, &visit.signals[0], 16000, 2.0, &until_ms);
  g_assert_cmpstr(faster, ==, came);
  visit_clear(&visit);
}

/* Three clicks on one thing with what was found of them are one act; one on another thing is not part of it. */
static void test_run(void) {
  SightStoryItem items[] = {
      {.kind = SIGHT_STORY_CLICK, .start_ms = 1000, .end_ms = 1000, .text = (char *)"Pay", .node = 7, .signal = -1},
      {.kind = SIGHT_STORY_SIGNAL, .start_ms = 1000, .end_ms = 3000, .signal = 0},
      {.kind = SIGHT_STORY_CLICK, .start_ms = 2000, .end_ms = 2000, .text = (char *)"Pay", .node = 7, .signal = -1},
      {.kind = SIGHT_STORY_CLICK, .start_ms = 3000, .end_ms = 3000, .text = (char *)"Pay", .node = 7, .signal = -1},
      {.kind = SIGHT_STORY_SIGNAL, .start_ms = 3500, .end_ms = 3500, .signal = 0},
      {.kind = SIGHT_STORY_CLICK, .start_ms = 4000, .end_ms = 4000, .text = (char *)"Pay", .node = 8, .signal = -1},
      {.kind = SIGHT_STORY_PAGE, .start_ms = 5000, .end_ms = 5000, .text = (char *)"/", .signal = -1},
      {.kind = SIGHT_STORY_PAGE, .start_ms = 6000, .end_ms = 6000, .text = (char *)"/", .signal = -1},
  };
  SightAnalysis analysis = {.story = g_ptr_array_new()};
  guint n_acts = 0;
  gint64 end_ms = 0;
  for (guint i = 0; i < G_N_ELEMENTS(items); i++)
    g_ptr_array_add(analysis.story, &items[i]);
  g_assert_cmpuint(sight_ui_story_run(&analysis, 0, &n_acts, &end_ms), ==, 4);
  g_assert_cmpuint(n_acts, ==, 3);
  g_assert_cmpint(end_ms, ==, 3000);
  g_assert_cmpuint(sight_ui_story_run(&analysis, 5, &n_acts, &end_ms), ==, 1);
  g_assert_cmpuint(n_acts, ==, 1);
  /* A page that was opened twice was opened twice. */
  g_assert_cmpuint(sight_ui_story_run(&analysis, 6, &n_acts, &end_ms), ==, 1);
  g_ptr_array_unref(analysis.story);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/story/after", test_after);
  g_test_add_func("/story/caption", test_caption);
  g_test_add_func("/story/run", test_run);
  return g_test_run();
}

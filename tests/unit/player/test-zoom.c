/* SPDX-License-Identifier: MIT */
/* How large the recorded page is shown, and which part of it. */
#include "sight-ui-zoom.h"

#define EPSILON 0.0001

static const SightUiZoomSizes wide = {1000, 500, 532, 432};

static void test_fit(void) {
  SightUiZoom zoom;
  sight_ui_zoom_reset(&zoom);
  g_assert_cmpfloat_with_epsilon(sight_ui_zoom_scale(&zoom, &wide), 0.5, EPSILON);
  g_assert_false(sight_ui_zoom_can_pan(&zoom, &wide));
  /* Never larger than it was. */
  SightUiZoomSizes small = {100, 50, 532, 432};
  g_assert_cmpfloat_with_epsilon(sight_ui_zoom_scale(&zoom, &small), 1.0, EPSILON);
  SightUiZoomSizes nothing = {0};
  g_assert_cmpfloat(sight_ui_zoom_scale(&zoom, &nothing), >, 0);
  sight_ui_zoom_to(&zoom, &nothing, 1, 0, 0);
  sight_ui_zoom_pan(&zoom, &nothing, 10, 10);
  g_assert_cmpfloat_with_epsilon(zoom.x, 0.5, EPSILON);
}

static void test_zoom_stays_at_the_pointer(void) {
  SightUiZoom zoom;
  sight_ui_zoom_reset(&zoom);
  /* Fitted, the page begins 16 pixels from the left: at 141 lies its pixel 250. */
  sight_ui_zoom_to(&zoom, &wide, 2.0, 141, 216);
  g_assert_cmpfloat_with_epsilon(zoom.scale, 2.0, EPSILON);
  double left = wide.view_width / 2 - zoom.x * wide.page_width * 2;
  g_assert_cmpfloat_with_epsilon(left + 250 * 2, 141, EPSILON);
  double top = wide.view_height / 2 - zoom.y * wide.page_height * 2;
  g_assert_cmpfloat_with_epsilon(top + 250 * 2, 216, EPSILON);
  /* At the edge there is no gap. */
  sight_ui_zoom_reset(&zoom);
  sight_ui_zoom_to(&zoom, &wide, 2.0, 0, 0);
  g_assert_cmpfloat_with_epsilon(wide.view_width / 2 - zoom.x * wide.page_width * 2, 0, EPSILON);
  /* As small as it fits, it is in the middle again. */
  sight_ui_zoom_to(&zoom, &wide, 0.2, 0, 0);
  g_assert_cmpfloat_with_epsilon(zoom.x, 0.5, EPSILON);
  sight_ui_zoom_to(&zoom, &wide, 1000, 0, 0);
  g_assert_cmpfloat_with_epsilon(zoom.scale, SIGHT_UI_ZOOM_MAX, EPSILON);
}

static void test_pan(void) {
  SightUiZoom zoom;
  sight_ui_zoom_reset(&zoom);
  sight_ui_zoom_to(&zoom, &wide, 2.0, 266, 216);
  g_assert_true(sight_ui_zoom_can_pan(&zoom, &wide));
  sight_ui_zoom_pan(&zoom, &wide, 100, 0);
  g_assert_cmpfloat_with_epsilon(zoom.x, 0.55, EPSILON);
  g_assert_cmpfloat_with_epsilon(zoom.y, 0.5, EPSILON);
  sight_ui_zoom_pan(&zoom, &wide, 1e6, -1e6);
  g_assert_cmpfloat_with_epsilon(zoom.x, 1 - 0.133, EPSILON);
  g_assert_cmpfloat_with_epsilon(zoom.y, 0.216, EPSILON);
}

static void test_steps(void) {
  g_assert_cmpfloat_with_epsilon(sight_ui_zoom_step(1.0, 1), 1.1, EPSILON);
  g_assert_cmpfloat_with_epsilon(sight_ui_zoom_step(1.0, -1), 0.9, EPSILON);
  g_assert_cmpfloat_with_epsilon(sight_ui_zoom_step(0.37, 1), 0.5, EPSILON);
  g_assert_cmpfloat_with_epsilon(sight_ui_zoom_step(0.37, -1), 0.33, EPSILON);
  g_assert_cmpfloat_with_epsilon(sight_ui_zoom_step(4.0, 1), 4.0, EPSILON);
  g_assert_cmpfloat_with_epsilon(sight_ui_zoom_step(0.1, -1), 0.1, EPSILON);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/player/zoom/fit", test_fit);
  g_test_add_func("/player/zoom/stays-at-the-pointer", test_zoom_stays_at_the_pointer);
  g_test_add_func("/player/zoom/pan", test_pan);
  g_test_add_func("/player/zoom/steps", test_steps);
  return g_test_run();
}

/* SPDX-License-Identifier: MIT */
/* Thrashed cursor: the pointer thrown back and forth, fast and in a small place. */
#include "sight-detectors.h"

#include <math.h>
#include <string.h>

#define WINDOW_MS 2000
#define LEAST_PX 5
#define LEAST_TRAVEL_PX 300
#define TURN_RADIANS (G_PI / 4)
/* Samples of the mouse come 50 ms apart; more than these are not the mouse of a person. */
#define MAX_POINTS 256
/* The score's halves and wholes: so many turns, so much speed above the least, so small a box. */
#define FULL_TURNS 8.0
#define FULL_SPEED 300.0
#define HALF_BOX_PX 200.0

typedef struct {
  gint64 at_ms;
  int x, y;
} Point;

typedef struct {
  Point points[MAX_POINTS];
  guint n_points;
  gboolean pressed;
  SightSignal *latest; /* borrowed */
} ThrashState;

typedef struct {
  int turns;
  double travelled, speed, score;
} Figures;

static Figures measure(const ThrashState *state, const SightRuleset *rules) {
  Figures f = {0};
  double before = 0;
  int left = G_MAXINT, right = G_MININT, top = G_MAXINT, bottom = G_MININT;
  for (guint i = 0; i < state->n_points; i++) {
    const Point *p = &state->points[i];
    left = MIN(left, p->x);
    right = MAX(right, p->x);
    top = MIN(top, p->y);
    bottom = MAX(bottom, p->y);
    if (i == 0)
      continue;
    double dx = (double)p->x - p[-1].x, dy = (double)p->y - p[-1].y;
    double direction = atan2(dy, dx);
    f.travelled += hypot(dx, dy);
    if (i > 1 && fabs(remainder(direction - before, 2 * G_PI)) >= TURN_RADIANS)
      f.turns++;
    before = direction;
  }
  gint64 span = state->n_points > 1 ? state->points[state->n_points - 1].at_ms - state->points[0].at_ms : 0;
  double box = hypot((double)right - left, (double)bottom - top) / HALF_BOX_PX;
  f.speed = span > 0 ? f.travelled * 1000 / (double)span : 0;
  f.score = 0.4 * MIN(f.turns / FULL_TURNS, 1) + 0.3 * CLAMP((f.speed - rules->thrash_speed) / FULL_SPEED, 0, 1) +
            0.3 / (1 + box * box);
  return f;
}

static void forget_before(ThrashState *state, gint64 at_ms) {
  guint n = 0;
  while (n < state->n_points && state->points[n].at_ms < at_ms)
    n++;
  if (n == 0 && state->n_points == MAX_POINTS)
    n = 1;
  memmove(state->points, state->points + n, (state->n_points - n) * sizeof(Point));
  state->n_points -= n;
}

static void move(ThrashState *state, const SightAct *act, const SightScene *scene) {
  const SightRuleset *rules = scene->rules;
  if (state->n_points > 0) {
    const Point *last = &state->points[state->n_points - 1];
    if (hypot((double)act->x - last->x, (double)act->y - last->y) <= LEAST_PX)
      return;
  }
  forget_before(state, act->at_ms - WINDOW_MS);
  state->points[state->n_points++] = (Point){.at_ms = act->at_ms, .x = act->x, .y = act->y};
  Figures f = measure(state, rules);
  /* A jump of two samples has speed enough: the movement must have lasted for a while. */
  if (act->at_ms - state->points[0].at_ms < WINDOW_MS / 2 || f.turns < rules->thrash_turns ||
      f.travelled < LEAST_TRAVEL_PX || f.speed < rules->thrash_speed || f.score * 100 < rules->thrash_score_percent)
    return;
  gboolean goes_on = state->latest != NULL && state->points[0].at_ms <= state->latest->end_ms;
  if (!goes_on)
    state->latest = sight_scene_report(scene, SIGHT_SIGNAL_THRASH, state->points[0].at_ms, act->at_ms, NULL);
  state->latest->end_ms = MAX(state->latest->end_ms, act->at_ms);
  state->latest->count = MAX(state->latest->count, f.turns);
  state->latest->magnitude = MAX(state->latest->magnitude, (int)MIN(f.travelled, G_MAXINT16));
}

static void thrash_act(gpointer data, const SightAct *act, const SightScene *scene) {
  ThrashState *state = data;
  /* Who drags or draws has a reason to move. */
  if (act->kind == SIGHT_ACT_DOWN || act->kind == SIGHT_ACT_UP || act->kind == SIGHT_ACT_PAGE) {
    state->pressed = act->kind == SIGHT_ACT_DOWN;
    state->n_points = 0;
  }
  if (act->kind == SIGHT_ACT_MOVE && !state->pressed)
    move(state, act, scene);
}

const SightDetector sight_detector_thrash = {"thrash", sizeof(ThrashState), thrash_act, NULL, NULL};

/* SPDX-License-Identifier: MIT */
/* A window made of acts, told one by one, and what the detectors make of it. */
#pragma once

#include "sight-detector.h"

G_BEGIN_DECLS

typedef struct {
  SightRuleset *rules;
  GPtrArray *signals;
  SightWatch *watch;
  SightTarget *button, *other, *text; /* node 10, interactive; node 20, interactive; node 30, plain */
} WatchFixture;

void watch_set_up(WatchFixture *fixture, gconstpointer data);
void watch_tear_down(WatchFixture *fixture, gconstpointer data);

SightTarget *watch_target(int node, guint traits, const char *label);
/* An act at `at_ms` on a node. */
void watch_act(WatchFixture *fixture, SightActKind kind, gint64 at_ms, int node);
/* A click at (100, 100) with the button pressed and lifted before it. */
void watch_click(WatchFixture *fixture, gint64 at_ms, const SightTarget *target);
void watch_click_at(WatchFixture *fixture, gint64 at_ms, const SightTarget *target, int x, int y);
void watch_change(WatchFixture *fixture, gint64 at_ms, int node);
/* With a hand on the pointer. */
void watch_scroll(WatchFixture *fixture, gint64 at_ms, int y);
void watch_select(WatchFixture *fixture, gint64 at_ms, gboolean empty);
void watch_message(WatchFixture *fixture, SightActKind kind, gint64 at_ms, const char *text, const char *detail);
/* Time goes on to `at_ms` and the window ends. */
void watch_end(WatchFixture *fixture, gint64 at_ms);

guint watch_count(const WatchFixture *fixture, SightSignalKind kind);
/* The only one of its kind; fails where there are none or several. */
const SightSignal *watch_only(const WatchFixture *fixture, SightSignalKind kind);

#define watch_test(path, function) g_test_add(path, WatchFixture, NULL, watch_set_up, function, watch_tear_down)

G_END_DECLS

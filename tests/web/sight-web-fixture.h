/* SPDX-License-Identifier: MIT */
/* What the tests of the real web view share: a window with a view in it, recordings from JSON, questions to the page.
 */
#pragma once

#include "sight-ui-replay-view.h"

#include <jsc/jsc.h>
#include <webkit/webkit.h>

/* Before anything else of GTK. Points the cache at a folder of this run. */
void fixture_init(int *argc, char ***argv);

/* A reel of one window ("w") from the JSON text of an array of events. */
SightUiReel *fixture_reel(const char *json);

typedef struct {
  GtkWindow *window;
  SightUiReplayView *view;
  WebKitWebView *web;
  gint64 shown_ms; /* of the last "shown" */
  guint n_shown;
  char *failed;
} Stage;
void stage_open(Stage *stage, int width, int height);
void stage_close(Stage *stage);
/* Shows and waits until it is painted. */
void stage_show(Stage *stage, gint64 at_ms);

/* Runs the main loop until the condition holds; fails the test after a minute. */
typedef gboolean (*FixtureCondition)(gpointer user_data);
void fixture_wait(FixtureCondition condition, gpointer user_data, const char *what);

/* The value of an expression in the page's own world, as a string. `doc` is the document of the recorded page. */
char *fixture_ask(WebKitWebView *web, const char *expression);

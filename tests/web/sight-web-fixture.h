/* SPDX-License-Identifier: MIT */
/* What the tests of the real web view share: a window with a view in it, recordings from JSON, questions to the page.
 */
#pragma once

#include "sight-ui-replay-view.h"

#include <jsc/jsc.h>
#include <webkit/webkit.h>

/* Before anything else of GTK. Points the cache at a folder of this run. */
void fixture_init(int *argc, char ***argv);

/* A page with a heading, a field and a button, from 1 s on. At 2 s the heading changes, at 3 s something is typed, at 4
 * s the pointer clicks, at 6 s a second page comes, at 9 s its heading changes. */
extern const char fixture_page[];

/* A reel of one window ("w") from the JSON text of an array of events. */
SightUiReel *fixture_reel(const char *json);
/* With what its pages show, as JSON; NULL: nothing. */
SightUiReel *fixture_reel_showing(const char *json, const char *shown);

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

void fixture_remove_tree(const char *path);

/* Runs the main loop until the condition holds; fails the test after a minute. */
typedef gboolean (*FixtureCondition)(gpointer user_data);
void fixture_wait(FixtureCondition condition, gpointer user_data, const char *what);

/* The value of an expression in the page's own world, as a string. `doc` is the document of the recorded page. */
char *fixture_ask(WebKitWebView *web, const char *expression);
/* The body of an async function there, with `input` as its one argument; what it returns, as a string. */
char *fixture_run(WebKitWebView *web, const char *body, const char *input);

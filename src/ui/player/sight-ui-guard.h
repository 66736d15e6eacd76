/* SPDX-License-Identifier: MIT */
/* The locks around untrusted recordings: the only place that makes a web view. What each lock is for stands in
 * src/web/PROTOCOL.md. Main thread only. */
#pragma once

#include <webkit/webkit.h>

G_BEGIN_DECLS

#define SIGHT_UI_GUARD_SCHEME "sight"
#define SIGHT_UI_GUARD_PAGE SIGHT_UI_GUARD_SCHEME "://player/"
/* The page's own code runs in a script world of this name, which nothing in a recording can reach. */
#define SIGHT_UI_GUARD_WORLD "sight"

/* Answers a request of the page for a path below SIGHT_UI_GUARD_PAGE. NULL: there is nothing. */
typedef GInputStream *(*SightUiGuardServe)(const char *path, gint64 *bytes, gpointer user_data);

/* A view that shows nothing yet. `serve` is called as long as the view lives. Floating. */
WebKitWebView *sight_ui_guard_new_view(SightUiGuardServe serve, gpointer user_data);

/* Ends `serve`: nothing is answered any more. */
void sight_ui_guard_close_view(WebKitWebView *view);

/* Sets the content filter, then loads the page. Without the filter nothing is loaded. */
void sight_ui_guard_load_async(WebKitWebView *view, GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean sight_ui_guard_load_finish(WebKitWebView *view, GAsyncResult *result, GError **error);

/* Before GTK starts, and before there are threads: chooses the renderer by what the machine has, and how the web
 * process collects garbage, unless the environment says it. */
void sight_ui_guard_prepare(void);

G_END_DECLS

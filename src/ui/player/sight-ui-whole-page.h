/* SPDX-License-Identifier: MIT */
/* SightUiWholePage: the recorded page at one moment in its whole height, fitted to the width of the widget, and where
 * elements are in it. */
#pragma once

#include "sight-ui-reel.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_WHOLE_PAGE (sight_ui_whole_page_get_type())
/* Main thread only. Signals: "laid-out": the page is there and the boxes are known; "failed" (string): what stopped it,
 * in words for people. */
G_DECLARE_FINAL_TYPE(SightUiWholePage, sight_ui_whole_page, SIGHT_UI, WHOLE_PAGE, GtkWidget)

GtkWidget *sight_ui_whole_page_new(void);
/* Shows a window of a reel at a time (wall clock), and looks for elements by CSS selectors, which it copies. */
void sight_ui_whole_page_show(SightUiWholePage *self, SightUiReel *reel, guint window, gint64 at_ms,
                              const char *const *selectors);
/* Looks for these elements instead of the former ones, on the page that is shown; "laid-out" tells when. */
void sight_ui_whole_page_find(SightUiWholePage *self, const char *const *selectors);
gboolean sight_ui_whole_page_is_laid_out(SightUiWholePage *self);
/* In px of the widget: the page, and the element of a selector; FALSE: it is not on this page. */
void sight_ui_whole_page_get_area(SightUiWholePage *self, graphene_rect_t *area);
gboolean sight_ui_whole_page_get_box(SightUiWholePage *self, guint selector, graphene_rect_t *box);
/* A picture of the page as it is on display; see sight_ui_replay_view_snapshot_async(). */
void sight_ui_whole_page_picture_async(SightUiWholePage *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                       gpointer user_data);
GdkTexture *sight_ui_whole_page_picture_finish(SightUiWholePage *self, GAsyncResult *result, GError **error);

G_END_DECLS

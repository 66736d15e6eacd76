/* SPDX-License-Identifier: MIT */
/* SightUiNews: counts the sessions that came while nobody looked. */
#pragma once

#include "sight-store.h"

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_NEWS (sight_ui_news_get_type())
/* Main thread only. Signal "news" (guint sessions, guint of them with friction): there are more than when it was told
 * last; at most every half an hour. */
G_DECLARE_FINAL_TYPE(SightUiNews, sight_ui_news, SIGHT_UI, NEWS, GObject)

SightUiNews *sight_ui_news_new(SightStore *store);
/* Whether somebody looks at the window. From the first time on that nobody does, what comes is new; nothing is until
 * then. */
void sight_ui_news_set_watched(SightUiNews *self, gboolean watched);
/* Something was looked through. */
void sight_ui_news_look(SightUiNews *self);

G_END_DECLS

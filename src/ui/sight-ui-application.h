/* SPDX-License-Identifier: MIT */
/* SightUiApplication: one instance per cache; opens the store, runs the work beside the window. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_APPLICATION (sight_ui_application_get_type())
G_DECLARE_FINAL_TYPE(SightUiApplication, sight_ui_application, SIGHT_UI, APPLICATION, AdwApplication)

/* cache_dir NULL: the user's own. */
SightUiApplication *sight_ui_application_new(const char *cache_dir);
/* Where the user's own cache is. The caller's. */
char *sight_ui_application_default_cache(void);

/* Before it runs: the bus has started it, for a search perhaps; it shows a window when one is asked for. */
void sight_ui_application_be_service(SightUiApplication *self);
/* Before it runs: it is to sync without a window, where the settings say so, until it is activated. */
void sight_ui_application_start_unseen(SightUiApplication *self);
/* Before it runs: it is to draw its window and end, see sight_ui_picture_take(). It is then a process of its own. */
void sight_ui_application_take_picture(SightUiApplication *self, const char *filter, const char *path);

G_END_DECLS

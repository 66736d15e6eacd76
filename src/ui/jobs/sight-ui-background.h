/* SPDX-License-Identifier: MIT */
/* SightUiBackground: whether the program goes on without a window. The setting says whether that is wanted, the desktop
 * (its portal of that name) whether it may, and whether it is started at login. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum {
  SIGHT_UI_BACKGROUND_OFF,
  SIGHT_UI_BACKGROUND_ASKED, /* the desktop has not answered yet */
  SIGHT_UI_BACKGROUND_ALLOWED,
  SIGHT_UI_BACKGROUND_NOT_AT_LOGIN, /* but once it was started: this desktop starts nothing, or has no such portal */
  SIGHT_UI_BACKGROUND_REFUSED,
} SightUiBackgroundState;

#define SIGHT_UI_TYPE_BACKGROUND (sight_ui_background_get_type())
/* Main thread only. Signal "changed": the state is another one. */
G_DECLARE_FINAL_TYPE(SightUiBackground, sight_ui_background, SIGHT_UI, BACKGROUND, GObject)

/* `bus`: the session's; NULL: there is none. `command`: what is to be started at login, copied. Follows the setting
 * "sync-in-background", and asks at once where that is on. */
SightUiBackground *sight_ui_background_new(GDBusConnection *bus, const char *const *command);
SightUiBackgroundState sight_ui_background_get_state(SightUiBackground *self);
/* Wanted, and not refused. */
gboolean sight_ui_background_may_run(SightUiBackground *self);

G_END_DECLS

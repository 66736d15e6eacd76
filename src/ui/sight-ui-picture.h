/* SPDX-License-Identifier: MIT */
/* `sessionsight --picture`: a picture of the window once it has come to rest, for documentation and for machines
 * without a display. */
#pragma once

#include "sight-ui-window.h"

G_BEGIN_DECLS

/* Shows the filter ("rage"; NULL: as it is) and its first session at its moment, waits until the list is there, the
 * session is on display and nothing is being synced or looked through, writes the window as PNG and quits the
 * application. After a minute it gives up and says on standard error what it waited for; no file is written then. */
void sight_ui_picture_take(SightUiWindow *window, const char *filter, const char *path);

/* It was written, all of it. */
gboolean sight_ui_picture_is_taken(void);

G_END_DECLS

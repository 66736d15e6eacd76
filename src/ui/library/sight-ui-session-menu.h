/* SPDX-License-Identifier: MIT */
/* What can be done with a session wherever one is listed. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Of the actions "win.open-session", "win.why" and "win.copy-session-link" (its row), and where its user is known
 * "win.filter-set". user may be NULL. */
GMenu *sight_ui_session_menu_new(gint64 row, const char *user);

G_END_DECLS

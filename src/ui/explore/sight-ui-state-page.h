/* SPDX-License-Identifier: MIT */
/* A page that says why there is nothing else: it takes the keys in place of what would be there, and is read out. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* An AdwStatusPage. */
GtkWidget *sight_ui_state_page_new(void);
/* What is read out when it gets the keys; `text` may be NULL. */
void sight_ui_state_page_say(GtkWidget *page, const char *title, const char *text);

G_END_DECLS

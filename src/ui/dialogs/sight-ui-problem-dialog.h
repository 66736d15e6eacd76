/* SPDX-License-Identifier: MIT */
/* What went wrong, what was kept, and the details to copy. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A message dialog; parent may be NULL. `details` is plain text. */
GtkWidget *sight_ui_problem_dialog_new(GtkWindow *parent, const char *title, const char *text, const char *details);

G_END_DECLS

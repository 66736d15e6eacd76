/* SPDX-License-Identifier: MIT */
/* The settings of this installation, also where the schema is not installed yet. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Borrowed, lives as long as the process. Looks for the schema where the system has it, and beside a program that runs
 * from its build folder. NULL where there is none: then the defaults in the code hold and nothing is remembered. */
GSettings *sight_ui_settings_get(void);

/* A folder that belongs to the program ("samples"), installed or beside the build; NULL where there is none. The
 * caller's. */
char *sight_ui_samples_dir(void);

G_END_DECLS

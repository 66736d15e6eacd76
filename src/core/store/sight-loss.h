/* SPDX-License-Identifier: MIT */
/* What was lost when a database was damaged: a text beside it, told at each start until it is accepted. Inside the
 * store module only. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Adds a word for people. Two of them stand one after the other. */
gboolean sight_loss_note(const char *database_path, const char *word, GError **error);
/* NULL where nothing is to be told; the caller's. */
char *sight_loss_read(const char *database_path);
/* The text is not told again, but stays under a dated name. Nothing to be told is no error. */
gboolean sight_loss_accept(const char *database_path, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: MIT */
/* The text is NAME.lost, and NAME.lost-YYYYMMDD-HHMMSS once it was accepted. */
#include "sight-loss.h"

#include "sight-store.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

static char *path_of(const char *database_path) {
  return g_strconcat(database_path, ".lost", NULL);
}

char *sight_loss_read(const char *database_path) {
  g_autofree char *path = path_of(database_path);
  g_autofree char *text = NULL;
  gsize bytes = 0;

  if (!g_file_get_contents(path, &text, &bytes, NULL) || bytes == 0)
    return NULL;
  return g_utf8_make_valid(text, (gssize)bytes);
}

gboolean sight_loss_note(const char *database_path, const char *word, GError **error) {
  g_autofree char *path = path_of(database_path);
  g_autofree char *before = sight_loss_read(database_path);
  g_autofree char *text = g_strconcat(before != NULL ? before : "", before != NULL ? "\n\n" : "", word, NULL);

  return g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                  error);
}

gboolean sight_loss_accept(const char *database_path, GError **error) {
  g_autofree char *path = path_of(database_path);
  g_autoptr(GDateTime) now = g_date_time_new_now_local();
  g_autofree char *date = g_date_time_format(now, "%Y%m%d-%H%M%S");
  g_autofree char *kept = g_strdup_printf("%s-%s", path, date);

  if (g_rename(path, kept) == 0 || errno == ENOENT)
    return TRUE;
  g_set_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_OPEN, _("“%s” cannot be renamed: %s"), path,
              g_strerror(errno));
  return FALSE;
}

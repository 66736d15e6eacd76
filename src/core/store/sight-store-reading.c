/* SPDX-License-Identifier: MIT */
/* Opening a database that cannot be written. SQLite reads one with a log only where it may write the log's index, and
 * without a log only where it is told that nobody else writes (immutable). */
#include "sight-store-reading.h"

#include "sight-store.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define COPY_NAME "library.db"

static gboolean has_log(const char *log_path) {
  GStatBuf info;
  return g_stat(log_path, &info) == 0 && info.st_size > 0;
}

static gboolean copy_to(const char *folder, const char *from, const char *name, GError **error) {
  g_autofree char *to = g_build_filename(folder, name, NULL);
  g_autoptr(GFile) source = g_file_new_for_path(from);
  g_autoptr(GFile) target = g_file_new_for_path(to);
  return g_file_copy(source, target, G_FILE_COPY_NOFOLLOW_SYMLINKS | G_FILE_COPY_TARGET_DEFAULT_PERMS, NULL, NULL, NULL,
                     error);
}

static char *uri_of(const char *path, const char *parameters) {
  g_autofree char *escaped = g_uri_escape_string(path, "/", FALSE);
  return g_strconcat("file:", escaped, parameters, NULL);
}

char *sight_store_reading_begin(const char *database_path, char **copy, GError **error) {
  g_autofree char *log_path = g_strconcat(database_path, "-wal", NULL);
  *copy = NULL;
  if (g_access(database_path, R_OK) != 0) {
    g_set_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_OPEN, _("“%s” is not there, or cannot be read."),
                database_path);
    return NULL;
  }
  if (!has_log(log_path))
    return uri_of(database_path, "?immutable=1");
  char *folder = g_dir_make_tmp("sessionsight-XXXXXX", error);
  if (folder == NULL)
    return NULL;
  if (!copy_to(folder, database_path, COPY_NAME, error) || !copy_to(folder, log_path, COPY_NAME "-wal", error)) {
    sight_store_reading_end(folder);
    return NULL;
  }
  g_autofree char *path = g_build_filename(folder, COPY_NAME, NULL);
  *copy = folder;
  return uri_of(path, "");
}

void sight_store_reading_end(char *copy) {
  static const char *const names[] = {COPY_NAME, COPY_NAME "-wal", COPY_NAME "-shm"};
  if (copy == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *path = g_build_filename(copy, names[i], NULL);
    g_unlink(path);
  }
  g_rmdir(copy);
  g_free(copy);
}

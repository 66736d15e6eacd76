/* SPDX-License-Identifier: MIT */
/* Writing a file that somebody named. */
#include "sight-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean fail(const char *path, int code, GError **error) {
  g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(code), _("“%s” cannot be written: %s"), path,
              g_strerror(code));
  return FALSE;
}

static gboolean refuse(const char *path, const char *why, GError **error) {
  g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, _("“%s” cannot be written: %s"), path, why);
  return FALSE;
}

static gboolean write_all(int fd, const char *data, gsize bytes) {
  while (bytes > 0) {
    ssize_t n = write(fd, data, bytes);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return FALSE;
    data += n;
    bytes -= (gsize)n;
  }
  return TRUE;
}

/* A pipe, a device. Opening must not wait for somebody to read; writing may. */
static gboolean write_into(const char *path, const void *data, gsize bytes, GError **error) {
  int fd = g_open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);

  if (fd < 0)
    return errno == ENXIO ? refuse(path, _("nobody reads from it"), error) : fail(path, errno, error);
  gboolean written = fcntl(fd, F_SETFL, 0) == 0 && write_all(fd, data, bytes);
  int code = errno;
  if (close(fd) != 0 && written) {
    written = FALSE;
    code = errno;
  }
  return written || fail(path, code, error);
}

/* `mode`: of the file that is there; -1: there is none, and the usual one is taken. */
static gboolean replace(const char *path, int mode, const void *data, gsize bytes, GError **error) {
  g_autofree char *beside = g_strconcat(path, ".XXXXXX", NULL);
  int fd = g_mkstemp_full(beside, O_WRONLY | O_CLOEXEC, mode < 0 ? 0666 : 0600);

  if (fd < 0)
    return fail(path, errno, error);
  gboolean written =
      (mode < 0 || fchmod(fd, (mode_t)mode & 07777) == 0) && write_all(fd, data, bytes) && fsync(fd) == 0;
  int code = errno;
  if (close(fd) != 0 && written) {
    written = FALSE;
    code = errno;
  }
  if (written && g_rename(beside, path) == 0)
    return TRUE;
  code = written ? errno : code;
  g_unlink(beside);
  return fail(path, code, error);
}

gboolean sight_file_write(const char *path, const void *data, gsize bytes, GError **error) {
  struct stat info;

  if (stat(path, &info) != 0) {
    if (errno != ENOENT)
      return fail(path, errno, error);
    if (lstat(path, &info) == 0)
      return refuse(path, _("it is a link to nothing"), error);
    return replace(path, -1, data, bytes, error);
  }
  if (S_ISDIR(info.st_mode))
    return fail(path, EISDIR, error);
  if (!S_ISREG(info.st_mode))
    return write_into(path, data, bytes, error);
  char *real = realpath(path, NULL);
  if (real == NULL)
    return fail(path, errno, error);
  gboolean written = replace(real, (int)info.st_mode, data, bytes, error);
  free(real);
  return written;
}

/* SPDX-License-Identifier: MIT */
/* The database file as a whole: locks, the mark of a clean end, setting aside. */
#define _GNU_SOURCE /* for locks that belong to an open file rather than to a process */
#include "sight-store-file.h"

#include "sight-store.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Bytes of the mark's file that are locked: one while opening and closing, one as long as the database is open. */
#define LOCK_DOOR 0
#define LOCK_INSIDE 1

/* How soon a lock that somebody has is asked for again. */
#define AGAIN_MS 20
/* Whoever leaves waits no longer than that: all that is at stake is a check at the next start. */
#define LEAVING_MS 5000

/* What the mark holds from before the database is made until it is open. */
#define NEW "new"

struct SightStoreFile {
  int fd;
  char *database_path;
  guint patience_ms;
  gboolean alone;
  SightSuspicion suspicion;
};

/* FALSE with errno ETIMEDOUT: somebody still has it. */
static gboolean lock_byte(int fd, int byte, short type, guint patience_ms) {
  struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
  gint64 until_us = g_get_monotonic_time() + (gint64)patience_ms * 1000;

  while (fcntl(fd, F_OFD_SETLK, &lock) != 0) {
    if (errno != EINTR && errno != EAGAIN && errno != EACCES)
      return FALSE;
    if (g_get_monotonic_time() >= until_us) {
      errno = ETIMEDOUT;
      return FALSE;
    }
    g_usleep(AGAIN_MS * 1000);
  }
  return TRUE;
}

static void set_lock_error(GError **error, const char *path) {
  if (errno == ETIMEDOUT)
    g_set_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_OPEN,
                _("“%s” is held by another program, which has been opening or closing it for too long"), path);
  else
    g_set_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_OPEN, _("“%s” cannot be locked: %s"), path,
                g_strerror(errno));
}

/* What the mark holds while nobody has the database open. A file that was copied, cut or overwritten differs; the inode
 * tells one that was replaced within the same tick of the file system's clock. */
static char *clean_mark(const char *database_path) {
  struct stat info;

  if (stat(database_path, &info) != 0)
    return g_strdup("none");
  return g_strdup_printf("clean %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT ".%09ld",
                         (gint64)info.st_ino, (gint64)info.st_size, (gint64)info.st_mtim.tv_sec, info.st_mtim.tv_nsec);
}

static gboolean write_mark(int fd, const char *text) {
  size_t bytes = strlen(text);

  return ftruncate(fd, 0) == 0 && pwrite(fd, text, bytes, 0) == (ssize_t)bytes && fsync(fd) == 0;
}

static gboolean has_log(const char *database_path) {
  g_autofree char *path = g_strconcat(database_path, "-wal", NULL);
  return g_file_test(path, G_FILE_TEST_EXISTS);
}

static SightSuspicion suspect(int fd, const char *database_path) {
  char text[128] = "";
  struct stat info;
  g_autofree char *clean = clean_mark(database_path);
  ssize_t bytes = pread(fd, text, sizeof text - 1, 0);
  gboolean there = stat(database_path, &info) == 0, open = g_str_equal(text, "open");

  if (bytes > 0 && g_str_equal(text, clean))
    return SIGHT_SUSPICION_NONE;
  /* A first start that was cut off leaves its mark, and maybe a file without content; or not even that. */
  if (g_str_equal(text, NEW) ? !there || info.st_size == 0 : bytes <= 0 && !there)
    return SIGHT_SUSPICION_NONE;
  if (!there)
    return SIGHT_SUSPICION_GONE;
  if (info.st_size == 0)
    return SIGHT_SUSPICION_EMPTIED;
  if (!open)
    return SIGHT_SUSPICION_CHANGED;
  return has_log(database_path) ? SIGHT_SUSPICION_UNCLEAN : SIGHT_SUSPICION_WITHOUT_LOG;
}

/* Before there is a database: from then on, one without content was emptied. */
static gboolean mark_new(int fd, const char *database_path) {
  char byte;

  return g_file_test(database_path, G_FILE_TEST_EXISTS) || pread(fd, &byte, 1, 0) != 0 || write_mark(fd, NEW);
}

SightStoreFile *sight_store_file_open(const char *database_path, guint patience_ms, GError **error) {
  g_autofree char *path = g_strconcat(database_path, ".state", NULL);
  int fd = g_open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (fd >= 0 && !lock_byte(fd, LOCK_DOOR, F_WRLCK, patience_ms)) {
    set_lock_error(error, path);
    close(fd);
    return NULL;
  }
  if (fd < 0 || !mark_new(fd, database_path)) {
    g_set_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_OPEN, _("“%s” cannot be opened: %s"), path,
                g_strerror(errno));
    if (fd >= 0)
      close(fd);
    return NULL;
  }
  SightStoreFile *file = g_new0(SightStoreFile, 1);
  file->fd = fd;
  file->database_path = g_strdup(database_path);
  file->patience_ms = patience_ms;
  file->alone = lock_byte(fd, LOCK_INSIDE, F_WRLCK, 0);
  file->suspicion = file->alone ? suspect(fd, database_path) : SIGHT_SUSPICION_NONE;
  return file;
}

gboolean sight_store_file_is_alone(SightStoreFile *file) {
  return file->alone;
}

SightSuspicion sight_store_file_suspicion(SightStoreFile *file) {
  return file->suspicion;
}

gboolean sight_store_file_opened(SightStoreFile *file, GError **error) {
  if (!write_mark(file->fd, "open") || !lock_byte(file->fd, LOCK_INSIDE, F_RDLCK, file->patience_ms) ||
      !lock_byte(file->fd, LOCK_DOOR, F_UNLCK, 0)) {
    set_lock_error(error, file->database_path);
    return FALSE;
  }
  return TRUE;
}

void sight_store_file_close(SightStoreFile *file, gboolean clean) {
  if (file == NULL)
    return;
  /* The last one to leave vouches for the file, but not for a log, which a reader who came back late leaves behind.
   * Where that fails the next start checks it, which does no harm. */
  if (clean && lock_byte(file->fd, LOCK_DOOR, F_WRLCK, MIN(file->patience_ms, LEAVING_MS)) &&
      lock_byte(file->fd, LOCK_INSIDE, F_WRLCK, 0) && !has_log(file->database_path)) {
    g_autofree char *mark = clean_mark(file->database_path);
    if (!write_mark(file->fd, mark))
      g_debug("The mark of a clean end could not be written");
  }
  close(file->fd);
  g_free(file->database_path);
  g_free(file);
}

static gboolean move(const char *from, const char *to, GError **error) {
  if (g_rename(from, to) == 0 || errno == ENOENT)
    return TRUE;
  g_set_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_OPEN,
              _("The store is damaged, and “%s” could not be set aside: %s"), from, g_strerror(errno));
  return FALSE;
}

char *sight_store_file_name_aside(const char *database_path) {
  g_autoptr(GDateTime) now = g_date_time_new_now_local();
  g_autofree char *date = g_date_time_format(now, "%Y%m%d-%H%M%S");
  char *target = g_strdup_printf("%s.damaged-%s", database_path, date);

  for (int n = 2; g_file_test(target, G_FILE_TEST_EXISTS); n++) {
    g_free(target);
    target = g_strdup_printf("%s.damaged-%s-%d", database_path, date, n);
  }
  return target;
}

gboolean sight_store_file_set_aside(const char *database_path, const char *target, GError **error) {
  /* The database goes first: as long as it is here, it has its log. */
  const char *const parts[] = {"", "-wal", "-shm"};

  for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
    g_autofree char *from = g_strconcat(database_path, parts[i], NULL);
    g_autofree char *to = g_strconcat(target, parts[i], NULL);
    if (!move(from, to, error))
      return FALSE;
  }
  return TRUE;
}

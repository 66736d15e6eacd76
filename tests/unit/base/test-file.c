/* SPDX-License-Identifier: MIT */
/* Writing where somebody said: regular files whole or not at all, links followed, what is no file never replaced. */
#include "sight-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  char *folder;
} Fixture;

static void set_up(Fixture *f, gconstpointer data) {
  f->folder = g_dir_make_tmp("sight-file-XXXXXX", NULL);
  g_assert_nonnull(f->folder);
}

static void tear_down(Fixture *f, gconstpointer data) {
  g_autoptr(GDir) dir = g_dir_open(f->folder, 0, NULL);
  for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
    g_autofree char *path = g_build_filename(f->folder, name, NULL);
    g_assert_cmpint(g_remove(path), ==, 0);
  }
  g_rmdir(f->folder);
  g_free(f->folder);
}

static char *at(Fixture *f, const char *name) {
  return g_build_filename(f->folder, name, NULL);
}

static void check_content(const char *path, const char *expected) {
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  g_file_get_contents(path, &text, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(text, ==, expected);
}

static guint n_files(Fixture *f) {
  g_autoptr(GDir) dir = g_dir_open(f->folder, 0, NULL);
  guint n = 0;
  while (g_dir_read_name(dir) != NULL)
    n++;
  return n;
}

static void test_regular(Fixture *f, gconstpointer data) {
  g_autofree char *path = at(f, "a");
  g_autoptr(GError) error = NULL;
  struct stat info;
  mode_t mask = umask(0027);

  g_assert_true(sight_file_write(path, "one", 3, &error));
  g_assert_no_error(error);
  umask(mask);
  g_assert_cmpint(stat(path, &info), ==, 0);
  g_assert_cmpint(info.st_mode & 0777, ==, 0640);
  g_assert_cmpint(chmod(path, 0604), ==, 0);
  g_assert_true(sight_file_write(path, "second", 6, &error));
  check_content(path, "second");
  g_assert_cmpint(stat(path, &info), ==, 0);
  g_assert_cmpint(info.st_mode & 0777, ==, 0604);
  g_assert_cmpuint(n_files(f), ==, 1);
}

static void test_link(Fixture *f, gconstpointer data) {
  g_autofree char *target = at(f, "target");
  g_autofree char *link = at(f, "link");
  g_autofree char *over = at(f, "over");
  g_autoptr(GError) error = NULL;
  struct stat info;

  g_assert_cmpint(symlink("target", link), ==, 0);
  g_assert_cmpint(symlink("link", over), ==, 0);
  g_assert_false(sight_file_write(over, "x", 1, &error));
  g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL);
  g_assert_true(g_file_set_contents(target, "before", -1, NULL));
  g_assert_true(sight_file_write(over, "after", 5, NULL));
  check_content(target, "after");
  g_assert_cmpint(lstat(link, &info), ==, 0);
  g_assert_true(S_ISLNK(info.st_mode));
  g_assert_cmpuint(n_files(f), ==, 3);
}

static gpointer read_pipe(gpointer path) {
  char *text = NULL;
  g_file_get_contents(path, &text, NULL, NULL);
  return text;
}

/* The pipe is opened to write as soon as its reader is there. */
static void test_pipe(Fixture *f, gconstpointer data) {
  g_autofree char *path = at(f, "pipe");
  g_autoptr(GError) error = NULL;
  g_autofree char *large = g_strnfill(1 << 20, 'x');
  struct stat info;

  g_assert_cmpint(mkfifo(path, 0600), ==, 0);
  g_assert_false(sight_file_write(path, "x", 1, &error));
  g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL);
  GThread *reader = g_thread_new("reader", read_pipe, path);
  int held = open(path, O_WRONLY | O_CLOEXEC); /* waits for the reader */
  g_assert_cmpint(held, >=, 0);
  g_assert_true(sight_file_write(path, large, 1 << 20, NULL));
  close(held);
  g_autofree char *text = g_thread_join(reader);
  g_assert_cmpstr(text, ==, large);
  g_assert_cmpint(lstat(path, &info), ==, 0);
  g_assert_true(S_ISFIFO(info.st_mode));
}

static void test_failures(Fixture *f, gconstpointer data) {
  g_autofree char *nowhere = at(f, "no/such/folder");
  g_autoptr(GError) error = NULL;

  g_assert_false(sight_file_write("/dev/full", "x", 1, &error));
  g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
  g_clear_error(&error);
  g_assert_true(sight_file_write("/dev/null", "x", 1, &error));
  g_assert_no_error(error);
  g_assert_false(sight_file_write(f->folder, "x", 1, &error));
  g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_ISDIR);
  g_clear_error(&error);
  g_assert_false(sight_file_write(nowhere, "x", 1, &error));
  g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_cmpuint(n_files(f), ==, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add("/base/file/regular", Fixture, NULL, set_up, test_regular, tear_down);
  g_test_add("/base/file/link", Fixture, NULL, set_up, test_link, tear_down);
  g_test_add("/base/file/pipe", Fixture, NULL, set_up, test_pipe, tear_down);
  g_test_add("/base/file/failures", Fixture, NULL, set_up, test_failures, tear_down);
  return g_test_run();
}

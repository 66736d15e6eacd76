/* SPDX-License-Identifier: MIT */
/* An exchange that never ends is ended, wherever it hangs; one that goes on is left alone. What hangs is ended by the
 * timeout of the test otherwise. */
#include "sight-patience.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  char *folder, *path;
} Fifo;

static void fifo_set_up(Fifo *fifo, gconstpointer data) {
  fifo->folder = g_dir_make_tmp("sight-patience-XXXXXX", NULL);
  fifo->path = g_build_filename(fifo->folder, "fifo", NULL);
  g_assert_cmpint(mkfifo(fifo->path, 0600), ==, 0);
}

static void fifo_tear_down(Fifo *fifo, gconstpointer data) {
  g_remove(fifo->path);
  g_rmdir(fifo->folder);
  g_free(fifo->path);
  g_free(fifo->folder);
}

/* Reads to the end; how many bytes, or -1 with error. */
static gssize read_all(SightPatience *patience, const char *path, GError **error) {
  g_autoptr(GFile) file = g_file_new_for_path(path);
  g_autoptr(GInputStream) stream = sight_patience_open(patience, file, error);
  gssize total = 0, bytes = stream != NULL ? 0 : -1;
  char piece[64];
  while (stream != NULL &&
         (bytes = g_input_stream_read(stream, piece, sizeof piece, sight_patience_cancellable(patience), error)) > 0) {
    sight_patience_count(patience, (gsize)bytes);
    total += bytes;
  }
  return bytes < 0 ? -1 : total;
}

static void check_over(const char *path, SightPatienceLimits limits) {
  g_autoptr(GError) error = NULL;
  g_autoptr(SightPatience) patience = sight_patience_new(&limits, NULL);
  g_assert_cmpint(read_all(patience, path, &error), ==, -1);
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true(sight_patience_is_over(patience));
  sight_patience_explain(patience, &error);
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

static void test_no_writer(Fifo *fifo, gconstpointer data) {
  check_over(fifo->path, (SightPatienceLimits){.total_ms = 60000, .window_ms = 50, .window_bytes = 1});
  check_over(fifo->path, (SightPatienceLimits){.total_ms = 50, .window_ms = 60000});
}

typedef struct {
  const char *path;
  int n; /* bytes to write, one by one */
  int pause_us;
} Writer;

static gpointer write_slowly(gpointer user_data) {
  const Writer *writer = user_data;
  int fd = open(writer->path, O_WRONLY);
  for (int i = 0; i < writer->n && write(fd, "x", 1) == 1; i++)
    g_usleep((gulong)writer->pause_us);
  close(fd);
  return NULL;
}

/* Each byte comes soon enough for any limit of silence. */
static void test_drip(Fifo *fifo, gconstpointer data) {
  const SightPatienceLimits limits[] = {{.total_ms = 60000, .window_ms = 200, .window_bytes = 100000},
                                        {.total_ms = 200, .window_ms = 60000}};
  for (gsize i = 0; i < G_N_ELEMENTS(limits); i++) {
    Writer writer = {.path = fifo->path, .n = G_MAXINT, .pause_us = g_test_rand_int_range(100, 10000)};
    GThread *thread = g_thread_new("drip", write_slowly, &writer);
    check_over(fifo->path, limits[i]);
    g_thread_join(thread);
  }
}

static void test_goes_on(Fifo *fifo, gconstpointer data) {
  Writer writer = {.path = fifo->path, .n = 300, .pause_us = 200};
  GThread *thread = g_thread_new("writer", write_slowly, &writer);
  SightPatienceLimits limits = {.total_ms = 600000, .window_ms = 60000, .window_bytes = 1};
  g_autoptr(SightPatience) patience = sight_patience_new(&limits, NULL);
  g_autoptr(GError) error = NULL;
  g_assert_cmpint(read_all(patience, fifo->path, &error), ==, 300);
  g_assert_no_error(error);
  g_assert_false(sight_patience_is_over(patience));
  g_thread_join(thread);
}

/* The caller's own end is not taken for one of patience. */
static void test_cancelled(Fifo *fifo, gconstpointer data) {
  SightPatienceLimits limits = {.total_ms = 600000, .window_ms = 600000};
  g_autoptr(GCancellable) parent = g_cancellable_new();
  g_autoptr(SightPatience) patience = sight_patience_new(&limits, parent);
  g_autoptr(GError) error = NULL;
  g_cancellable_cancel(parent);
  g_assert_cmpint(read_all(patience, fifo->path, &error), ==, -1);
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false(sight_patience_is_over(patience));
}

static void test_files(Fifo *fifo, gconstpointer data) {
  SightPatienceLimits limits = {.total_ms = 600000, .window_ms = 600000};
  g_autoptr(SightPatience) patience = sight_patience_new(&limits, NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *plain = g_build_filename(fifo->folder, "plain", NULL);
  g_assert_true(g_file_set_contents(plain, "hello", 5, NULL));
  g_assert_cmpint(read_all(patience, plain, &error), ==, 5);
  g_remove(plain);
  g_assert_cmpint(read_all(patience, plain, &error), ==, -1);
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

int main(int argc, char **argv) {
  signal(SIGPIPE, SIG_IGN);
  g_test_init(&argc, &argv, NULL);
#define ADD(name, func) g_test_add("/patience/" name, Fifo, NULL, fifo_set_up, func, fifo_tear_down)
  ADD("no-writer", test_no_writer);
  ADD("drip", test_drip);
  ADD("goes-on", test_goes_on);
  ADD("cancelled", test_cancelled);
  ADD("files", test_files);
  return g_test_run();
}

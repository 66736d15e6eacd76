/* SPDX-License-Identifier: MIT */
/* What a PostgreSQL server ends by itself, so that no collector that stands still keeps the others waiting; and how
 * long one that does not answer keeps whoever hears all requests. */
#include "depot-postgres-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static char *make_url(const char *more) {
  return g_strdup_printf("postgresql://sight@/limits?host=%s%s", g_getenv("SIGHT_TEST_POSTGRES"), more);
}

static void create_database(void) {
  const char *argv[] = {"createdb", "-h", g_getenv("SIGHT_TEST_POSTGRES"), "-U", "sight", "limits", NULL};
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) process = g_subprocess_newv(argv, G_SUBPROCESS_FLAGS_NONE, &error);
  g_assert_no_error(error);
  g_subprocess_wait_check(process, NULL, &error);
  g_assert_no_error(error);
}

static void insist_on_setting(SightPgLink *link, const char *name, const char *wanted) {
  g_autofree char *sql = g_strdup_printf("SHOW %s", name);
  g_autoptr(SightPgResult) result = PQexec(sight_pg_connection(link), sql);
  g_assert_cmpint(PQntuples(result), ==, 1);
  g_assert_cmpstr(PQgetvalue(result, 0, 0), ==, wanted);
}

static void test_set(void) {
  g_autoptr(GError) error = NULL;
  g_autofree char *url = make_url("");
  SightPostgres *postgres = sight_postgres_open(url, &error);
  g_assert_no_error(error);
  SightPgLink *link = sight_postgres_take(postgres, &error);
  g_assert_no_error(error);
  insist_on_setting(link, "lock_timeout", "10s");
  insist_on_setting(link, "statement_timeout", "1min");
  insist_on_setting(link, "idle_in_transaction_session_timeout", "1min");
  sight_postgres_give(postgres, link);
  sight_postgres_close(postgres);
}

static gboolean sleep_long(SightPgLink *link, gpointer user_data, GError **error) {
  return sight_pg_command(link, "SELECT pg_sleep(60)", error);
}

static gboolean do_little(SightPgLink *link, gpointer user_data, GError **error) {
  return sight_pg_command(link, "SELECT 1", error);
}

/* By an operator's own, shorter limit. */
static void test_ended(void) {
  g_autoptr(GError) error = NULL;
  g_autofree char *url = make_url("&options=-c%20statement_timeout%3D200ms");
  SightPostgres *postgres = sight_postgres_open(url, &error);
  g_assert_no_error(error);
  g_assert_false(sight_postgres_write(postgres, sleep_long, NULL, &error));
  g_assert_nonnull(strstr(error->message, "statement timeout"));
  g_clear_error(&error);
  sight_postgres_write(postgres, do_little, NULL, &error);
  g_assert_no_error(error);
  sight_postgres_close(postgres);
}

/* Takes connections, and says nothing to them. */
static int listen_at(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  g_strlcpy(address.sun_path, path, sizeof address.sun_path);
  g_assert_cmpint(bind(listener, (const struct sockaddr *)&address, sizeof address), ==, 0);
  g_assert_cmpint(listen(listener, 8), ==, 0);
  return listener;
}

/* The other side waits for an answer still. */
static gboolean is_open(int connection) {
  char bytes[1024];
  ssize_t n;
  while ((n = recv(connection, bytes, sizeof bytes, MSG_DONTWAIT)) > 0)
    continue;
  return n < 0 && errno == EAGAIN;
}

static gboolean check_any(SightKeyCache *cache, GError **error) {
  g_autofree char *shown = NULL;
  g_autofree char *text = sight_key_new(SIGHT_SCOPE_INGEST, &shown);
  g_auto(GStrv) origins = NULL;
  g_autoptr(SightKey) key = NULL;
  return sight_key_cache_check(cache, text, &key, &origins, error);
}

/* A key is looked up by somebody else while others are heard: the answer does not wait until the database is given up.
 */
static void test_silent_database(void) {
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp("sight-silent-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(folder, ".s.PGSQL.5432", NULL);
  g_autofree char *real = g_build_filename(g_getenv("SIGHT_TEST_POSTGRES"), ".s.PGSQL.5432", NULL);
  g_autofree char *url = g_strdup_printf("postgresql://sight@/limits?host=%s", folder);
  g_assert_cmpint(symlink(real, path), ==, 0);
  SightPostgres *postgres = sight_postgres_open(url, &error);
  g_assert_no_error(error);
  SightKeyCache *cache = sight_key_cache_new(postgres);
  g_assert_true(check_any(cache, &error));
  sight_key_cache_free(cache);
  g_unlink(path);
  int listener = listen_at(path);
  cache = sight_key_cache_new(postgres);
  g_assert_false(check_any(cache, &error));
  g_assert_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_DATABASE);
  g_clear_error(&error);
  int connection = accept(listener, NULL, NULL);
  g_assert_cmpint(connection, >=, 0);
  g_assert_true(is_open(connection));
  /* Nor does the next one, for which nobody asks meanwhile. */
  g_assert_false(check_any(cache, &error));
  g_assert_true(is_open(connection));
  g_assert_cmpint(accept(listener, NULL, NULL), <, 0);
  close(connection);
  close(listener);
  sight_key_cache_free(cache);
  sight_postgres_close(postgres);
  g_unlink(path);
  g_rmdir(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  create_database();
  g_test_add_func("/collector/limits/set", test_set);
  g_test_add_func("/collector/limits/ended", test_ended);
  g_test_add_func("/collector/limits/silent-database", test_silent_database);
  return g_test_run();
}

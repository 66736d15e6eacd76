/* SPDX-License-Identifier: MIT */
/* What a PostgreSQL server ends by itself, so that no collector that stands still keeps the others waiting. */
#include "sight-postgres.h"

#include <string.h>

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

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  create_database();
  g_test_add_func("/collector/limits/set", test_set);
  g_test_add_func("/collector/limits/ended", test_ended);
  return g_test_run();
}

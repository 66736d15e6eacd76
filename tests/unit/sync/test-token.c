/* SPDX-License-Identifier: MIT */
/* Keeping tokens where no keyring answers: at once, and after its time is over. */
#include "collector-fixture.h"
#include "sight-token.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>

static void test_file(void) {
  g_setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  g_autofree char *folder = make_folder("sight-token-XXXXXX");
  g_autofree char *path = g_build_filename(folder, "tokens.json", NULL);
  g_autoptr(GError) error = NULL;
  SightTokenPlace place = SIGHT_TOKEN_KEYRING;
  g_autofree char *none = sight_token_load(folder, "https://a.example", &error);
  g_assert_no_error(error);
  g_assert_null(none);
  g_assert_true(sight_token_save(folder, "https://a.example", "first \"quoted\"", &place, &error));
  g_assert_cmpint(place, ==, SIGHT_TOKEN_FILE);
  g_assert_true(sight_token_save(folder, "https://b.example", "second", NULL, &error));
  GStatBuf info;
  g_assert_cmpint(g_stat(path, &info), ==, 0);
  g_assert_cmpint(info.st_mode & 0777, ==, 0600);
  g_autofree char *first = sight_token_load(folder, "https://a.example", &error);
  g_autofree char *second = sight_token_load(folder, "https://b.example", &error);
  g_assert_cmpstr(first, ==, "first \"quoted\"");
  g_assert_cmpstr(second, ==, "second");
  g_assert_true(sight_token_forget(folder, "https://a.example", &error));
  g_autofree char *forgotten = sight_token_load(folder, "https://a.example", &error);
  g_autofree char *other = sight_token_load(folder, "https://b.example", &error);
  g_assert_null(forgotten);
  g_assert_cmpstr(other, ==, "second");
  g_assert_true(sight_token_forget(folder, "https://b.example", &error));
  g_assert_no_error(error);
  g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
  remove_folder(folder);
}

static void test_damaged_file(void) {
  g_autofree char *folder = make_folder("sight-token-XXXXXX");
  g_autofree char *path = g_build_filename(folder, "tokens.json", NULL);
  g_assert_true(g_file_set_contents(path, "{\"https://a", -1, NULL));
  g_autoptr(GError) error = NULL;
  /* Nothing is overwritten that somebody could still read by hand. */
  g_assert_false(sight_token_save(folder, "https://b.example", "second", NULL, &error));
  g_assert_nonnull(error);
  remove_folder(folder);
}

/* A bus that takes the connection and then says nothing. */
static void test_silent_bus(void) {
  g_autofree char *folder = make_folder("sight-bus-XXXXXX");
  g_autofree char *path = g_build_filename(folder, "bus", NULL);
  g_autofree char *address = g_strconcat("unix:path=", path, NULL);
  g_autoptr(GSocket) bus = g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
  g_autoptr(GSocketAddress) where = g_unix_socket_address_new(path);
  g_autoptr(GError) error = NULL;
  g_socket_bind(bus, where, FALSE, &error);
  g_assert_no_error(error);
  g_socket_listen(bus, &error);
  g_assert_no_error(error);
  g_setenv("DBUS_SESSION_BUS_ADDRESS", address, TRUE);
  SightTokenPlace place = SIGHT_TOKEN_KEYRING;
  g_assert_true(sight_token_save(folder, "https://a.example", "token", &place, &error));
  g_assert_no_error(error);
  g_assert_cmpint(place, ==, SIGHT_TOKEN_FILE);
  g_autofree char *token = sight_token_load(folder, "https://a.example", &error);
  g_assert_cmpstr(token, ==, "token");
  remove_folder(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  /* Each with a bus of its own: a process connects to one only once. */
  g_test_add_func("/sync/token/silent-bus", test_silent_bus);
  g_test_add_func("/sync/token/file", test_file);
  g_test_add_func("/sync/token/damaged-file", test_damaged_file);
  return g_test_run();
}

/* SPDX-License-Identifier: MIT */
/* Watched servers on a network of this process alone. */
/* unshare() */
#define _GNU_SOURCE
#include "sight-web-watch.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#define DNS_PORT 53
#define DNS_HEADER 12

static gboolean write_file(const char *path, const char *text) {
  FILE *file = g_fopen(path, "w");
  gboolean done = file && fputs(text, file) >= 0;
  return file && fclose(file) == 0 && done;
}

static gboolean enter_namespaces(void) {
  g_autofree char *uids = g_strdup_printf("0 %u 1", (guint)getuid());
  g_autofree char *gids = g_strdup_printf("0 %u 1", (guint)getgid());
  if (unshare(CLONE_NEWNET | CLONE_NEWNS) == 0)
    return TRUE;
  return unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS) == 0 && write_file("/proc/self/setgroups", "deny") &&
         write_file("/proc/self/uid_map", uids) && write_file("/proc/self/gid_map", gids);
}

/* Besides its own address the loopback gets one of a documentation network: with 127.0.0.1 alone names are not even
 * asked for. */
static gboolean raise_loopback(void) {
  struct ifreq request = {.ifr_name = "lo"}, alias = {.ifr_name = "lo:1"};
  struct sockaddr_in *address = (struct sockaddr_in *)&alias.ifr_addr;
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  gboolean done = fd >= 0 && ioctl(fd, SIOCGIFFLAGS, &request) == 0;
  request.ifr_flags = (short)(request.ifr_flags | IFF_UP | IFF_RUNNING);
  done = done && ioctl(fd, SIOCSIFFLAGS, &request) == 0;
  address->sin_family = AF_INET;
  address->sin_addr.s_addr = htonl(0xc0000201); /* 192.0.2.1 */
  done = done && ioctl(fd, SIOCSIFADDR, &alias) == 0;
  if (fd >= 0)
    close(fd);
  return done;
}

/* Names are asked for at our loopback, and not through a daemon that lives outside. */
static void ask_here(void) {
  static const char *const daemons[] = {"/run/systemd/resolve", "/run/nscd", "/run/avahi-daemon"};
  for (guint i = 0; i < G_N_ELEMENTS(daemons); i++) {
    if (g_file_test(daemons[i], G_FILE_TEST_IS_DIR))
      mount("none", daemons[i], "tmpfs", 0, NULL);
  }
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp("sight-resolv-XXXXXX", &path, NULL);
  if (fd < 0)
    return;
  close(fd);
  if (write_file(path, "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n"))
    mount(path, "/etc/resolv.conf", NULL, MS_BIND, NULL);
  g_unlink(path);
}

gboolean watch_isolate(void) {
  if (!enter_namespaces() || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
    return FALSE;
  if (!raise_loopback())
    return FALSE;
  ask_here();
  return TRUE;
}

static void on_request_read(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(GDataInputStream) input = G_DATA_INPUT_STREAM(source);
  GPtrArray *requests = user_data;
  GSocketConnection *connection = g_object_get_data(source, "connection");
  static const char answer[] =
      "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nAccess-Control-Allow-Origin: *\r\nConnection: close\r\n\r\n";
  g_autofree char *line = g_data_input_stream_read_line_finish(input, result, NULL, NULL);
  if (line) {
    g_ptr_array_add(requests, g_strstrip(g_steal_pointer(&line)));
    g_output_stream_write(g_io_stream_get_output_stream(G_IO_STREAM(connection)), answer, strlen(answer), NULL, NULL);
  }
  g_io_stream_close(G_IO_STREAM(connection), NULL, NULL);
  g_ptr_array_unref(requests);
}

static gboolean on_incoming(GSocketService *service, GSocketConnection *connection, GObject *object,
                            GPtrArray *requests) {
  g_ptr_array_add(requests, g_strdup(""));
  GDataInputStream *input = g_data_input_stream_new(g_io_stream_get_input_stream(G_IO_STREAM(connection)));
  g_object_set_data_full(G_OBJECT(input), "connection", g_object_ref(connection), g_object_unref);
  g_data_input_stream_read_line_async(input, G_PRIORITY_DEFAULT, NULL, on_request_read, g_ptr_array_ref(requests));
  return TRUE;
}

void watch_server_start(WatchServer *server) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new(loopback, 0);
  g_autoptr(GSocketAddress) bound = NULL;
  server->service = g_socket_service_new();
  server->requests = g_ptr_array_new_with_free_func(g_free);
  g_socket_listener_add_address(G_SOCKET_LISTENER(server->service), address, G_SOCKET_TYPE_STREAM,
                                G_SOCKET_PROTOCOL_TCP, NULL, &bound, &error);
  g_assert_no_error(error);
  server->port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(bound));
  g_signal_connect(server->service, "incoming", G_CALLBACK(on_incoming), server->requests);
}

void watch_server_stop(WatchServer *server) {
  g_socket_service_stop(server->service);
  g_socket_listener_close(G_SOCKET_LISTENER(server->service));
  g_clear_object(&server->service);
  g_clear_pointer(&server->requests, g_ptr_array_unref);
}

/* The question's name, its labels joined by points. */
static char *read_name(const guint8 *message, gsize bytes) {
  GString *name = g_string_new(NULL);
  for (gsize i = DNS_HEADER; i < bytes && message[i] > 0 && i + message[i] < bytes; i += message[i] + 1u) {
    if (name->len)
      g_string_append_c(name, '.');
    g_string_append_len(name, (const char *)message + i + 1, message[i]);
  }
  return g_string_free(name, FALSE);
}

static gboolean on_question(GSocket *dns, GIOCondition condition, gpointer user_data) {
  GPtrArray *names = user_data;
  guint8 message[512];
  g_autoptr(GSocketAddress) sender = NULL;
  gssize bytes = g_socket_receive_from(dns, &sender, (char *)message, sizeof message, NULL, NULL);
  if (bytes < DNS_HEADER)
    return G_SOURCE_CONTINUE;
  g_ptr_array_add(names, read_name(message, (gsize)bytes));
  /* An answer: no such name. */
  message[2] = 0x81;
  message[3] = 0x83;
  g_socket_send_to(dns, sender, (const char *)message, (gsize)bytes, NULL, NULL);
  return G_SOURCE_CONTINUE;
}

void watch_names_start(WatchNames *names) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new(loopback, DNS_PORT);
  names->names = g_ptr_array_new_with_free_func(g_free);
  names->socket = g_socket_new(G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, &error);
  g_assert_no_error(error);
  g_socket_bind(names->socket, address, TRUE, &error);
  g_assert_no_error(error);
  names->source = g_socket_create_source(names->socket, G_IO_IN, NULL);
  g_source_set_callback(names->source, G_SOURCE_FUNC(on_question), names->names, NULL);
  g_source_attach(names->source, NULL);
}

void watch_names_stop(WatchNames *names) {
  if (!names->source)
    return;
  g_source_destroy(names->source);
  g_clear_pointer(&names->source, g_source_unref);
  g_clear_object(&names->socket);
  g_clear_pointer(&names->names, g_ptr_array_unref);
}

/* SPDX-License-Identifier: MIT */
/* Web processes are found by their name, and by us among their ancestors. */
#include "web-process.h"

#include <string.h>
#include <unistd.h>

static char *read_proc(int pid, const char *name) {
  g_autofree char *path = g_strdup_printf("/proc/%d/%s", pid, name);
  char *text = NULL;
  return g_file_get_contents(path, &text, NULL, NULL) ? text : NULL;
}

static gint64 read_field(const char *text, const char *field) {
  const char *found = text ? strstr(text, field) : NULL;
  return found ? g_ascii_strtoll(found + strlen(field), NULL, 10) : 0;
}

static gboolean is_below_us(int pid) {
  for (guint depth = 0; pid > 1 && depth < 20; depth++) {
    if (pid == getpid())
      return TRUE;
    g_autofree char *status = read_proc(pid, "status");
    pid = (int)read_field(status, "\nPPid:");
  }
  return FALSE;
}

gsize web_process_bytes(void) {
  g_autoptr(GDir) dir = g_dir_open("/proc", 0, NULL);
  const char *name;
  gsize bytes = 0;
  while (dir && (name = g_dir_read_name(dir))) {
    int pid = (int)g_ascii_strtoll(name, NULL, 10);
    g_autofree char *command = pid > 0 ? read_proc(pid, "comm") : NULL;
    if (!command || !g_str_has_prefix(command, "WebKitWebProces") || !is_below_us(pid))
      continue;
    g_autofree char *memory = read_proc(pid, "smaps_rollup");
    bytes += (gsize)read_field(memory, "\nPss:") * 1024;
  }
  return bytes;
}

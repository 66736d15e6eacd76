/* SPDX-License-Identifier: MIT */
/* Loaded before the C library: every disk has as many bytes left as the file $SIGHT_DISK_LEFT is long. */
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

int statvfs(const char *restrict path, struct statvfs *restrict disk) {
  const char *name = getenv("SIGHT_DISK_LEFT");
  struct stat left = {0};
  if (name == NULL || stat(name, &left) != 0)
    return -1;
  *disk = (struct statvfs){.f_bsize = 1, .f_frsize = 1, .f_bavail = (fsblkcnt_t)left.st_size};
  return 0;
}

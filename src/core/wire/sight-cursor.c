/* SPDX-License-Identifier: MIT */
/* Writing and reading cursors. */
#include "sight-cursor.h"

#include "sight-limits.h"
#include "sight-text.h"

#include <string.h>

char *sight_cursor_write(const char *project, gint64 revision, const char *generation) {
  return g_strdup_printf("%s.%" G_GINT64_FORMAT "%s%s", project, revision, *generation != '\0' ? "." : "", generation);
}

gboolean sight_cursor_read(const char *tainted_cursor, const char *project, gint64 *revision, char **generation) {
  if (strlen(tainted_cursor) > SIGHT_WIRE_CURSOR_BYTES)
    return FALSE;
  g_auto(GStrv) parts = g_strsplit(tainted_cursor, ".", 4);
  guint n_parts = g_strv_length(parts);
  if ((n_parts != 2 && n_parts != 3) || !g_str_equal(parts[0], project) ||
      !g_ascii_string_to_signed(parts[1], 10, 0, SIGHT_WIRE_NUMBER_MAX, revision, NULL))
    return FALSE;
  if (n_parts == 3 && !sight_id_is_valid(parts[2]))
    return FALSE;
  *generation = g_strdup(n_parts == 3 ? parts[2] : "");
  return TRUE;
}

gboolean sight_cursor_same_project(const char *tainted_a, const char *tainted_b) {
  if (tainted_a == NULL || tainted_b == NULL)
    return FALSE;
  gsize length = strcspn(tainted_a, ".");
  return length == strcspn(tainted_b, ".") && strncmp(tainted_a, tainted_b, length) == 0;
}

/* SPDX-License-Identifier: MIT */
/* What the makers of slow recordings share. */
#include "hostile.h"

/* Longer than what changes on a page is taken together. */
#define STEP_MS 600

int hostile_repeat(GString *out, gsize bytes, const char *between, const char *part) {
  int n = 0;
  for (; out->len < bytes; n++) {
    g_string_append(out, n > 0 ? between : "");
    for (const char *c = part; *c != 0; c++) {
      if (*c == '#' || *c == '%')
        g_string_append_printf(out, "%d", FIRST + n - (*c == '%'));
      else if (*c == '~')
        g_string_append_printf(out, "%" G_GINT64_FORMAT, (gint64)STEP_MS * (FIRST + n));
      else
        g_string_append_c(out, *c);
    }
  }
  return n;
}

void hostile_begin(GString *out, const char *head, const char *body) {
  g_string_append_printf(
      out,
      "[{\"type\":4,\"timestamp\":1000,\"data\":{\"href\":\"about:blank\",\"width\":9,\"height\":9}},{\"type\":2,"
      "\"timestamp\":1000,\"data\":{\"node\":{\"type\":0,\"id\":1,\"childNodes\":[{\"type\":2,\"id\":2,\"tagName\":"
      "\"html\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":3,\"tagName\":\"head\",\"attributes\":{},"
      "\"childNodes\":[%s]},{\"type\":2,\"id\":4,\"tagName\":\"body\",\"attributes\":{},\"childNodes\":[%s",
      head, body);
}

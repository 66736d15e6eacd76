/* SPDX-License-Identifier: MIT */
/* Style sheets of clips: the texts of one element, put together, hold nothing more that would be taken out. */
#include "sight-clip-private.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize bytes);

#define MARK "/* rr_split */"

/* As rrweb takes the marks out. */
static GString *without_marks(const GString *css) {
  GString *plain = g_string_new(NULL);
  const char *end = css->str + css->len;
  for (const char *at = css->str; at < end;) {
    const char *mark = g_strstr_len(at, end - at, MARK);
    g_string_append_len(plain, at, (mark != NULL ? mark : end) - at);
    at = mark != NULL ? mark + strlen(MARK) : end;
  }
  return plain;
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize bytes) {
  const char *text = (const char *)data;
  if (bytes == 0 || bytes > 65536 || !g_utf8_validate_len(text, (gssize)bytes, NULL))
    return 0;
  const char *border = memchr(text, '|', bytes);
  gsize first = border != NULL ? (gsize)(border - text) : bytes;
  g_autoptr(GString) clean = g_string_new(NULL), again = g_string_new(NULL);
  sight_clip_sheet(clean, text, first);
  if (border != NULL)
    sight_clip_sheet(clean, border + 1, bytes - first - 1);
  g_autoptr(GString) plain = without_marks(clean);
  sight_clip_css(again, plain->str, plain->len);
  if (!g_string_equal(again, plain))
    g_error("once:\n%s\ntwice:\n%s", plain->str, again->str);
  return 0;
}

/* SPDX-License-Identifier: MIT */
/* Folding of capitals and accents. */
#include "sight-fold.h"

#include "sight-text.h"

#include <string.h>

/* Letters with their accents apart. */
static char *apart(const char *tainted_text) {
  g_autofree char *valid = g_utf8_make_valid(tainted_text, -1);
  g_autofree char *small = g_utf8_casefold(valid, -1);
  char *text = g_utf8_normalize(small, -1, G_NORMALIZE_NFKD);

  return text != NULL ? text : g_strdup("");
}

char *sight_fold_name(const char *tainted_text) {
  g_autofree char *text = apart(tainted_text);
  g_autoptr(GString) out = g_string_sized_new(strlen(text));

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
    if (!g_unichar_ismark(g_utf8_get_char(p)))
      g_string_append_len(out, p, g_utf8_next_char(p) - p);
  }
  return g_string_free(g_steal_pointer(&out), FALSE);
}

char *sight_fold_words(const char *tainted_text) {
  g_autoptr(GString) out = g_string_new(NULL);

  sight_text_append_words(out, tainted_text);
  return g_string_free(g_steal_pointer(&out), FALSE);
}

/* What lies between words is one byte, so words are there where their bytes are, after it. */
gboolean sight_fold_has_words(const char *text, const char *words) {
  for (const char *found = strstr(text, words); found != NULL; found = strstr(found + 1, words)) {
    if (found == text || found[-1] == ' ')
      return TRUE;
  }
  return FALSE;
}

/* Where a run was taken too short, the last one goes on by one byte; earlier ones need no second try. */
gboolean sight_fold_matches(const char *text, const char *pattern, char any_run) {
  const char *run = NULL, *run_text = NULL;

  while (*text != '\0') {
    if (*pattern == any_run) {
      run = ++pattern;
      run_text = text;
    } else if (*pattern == *text) {
      pattern++;
      text++;
    } else if (run != NULL) {
      pattern = run;
      text = ++run_text;
    } else {
      return FALSE;
    }
  }
  while (*pattern == any_run)
    pattern++;
  return *pattern == '\0';
}

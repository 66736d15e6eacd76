/* SPDX-License-Identifier: MIT */
/* Compound selectors and signatures have one form: a tag, then parts that begin with "#", "." or "[". */
#include "sight-compound.h"

#include <string.h>

/* The length of the part that begins here; 0 where there is none. */
static gsize part_length(const char *p) {
  gsize first = *p == '#' || *p == '.' ? 1 : 0;

  if (*p == '[') {
    const char *value = strstr(p, "=\"");
    const char *end = strchr(p, ']');
    /* A bracket within a quoted value ends nothing. */
    if (value != NULL && end != NULL && value < end)
      end = strstr(value + 2, "\"]") != NULL ? strstr(value + 2, "\"]") + 1 : NULL;
    return end != NULL && end > p + 1 ? (gsize)(end - p) + 1 : 0;
  }
  gsize n = strcspn(p + first, "#.[]()\" \t\n>+~,:");
  return n > 0 ? first + n : 0;
}

gboolean sight_compound_is(const char *tainted_text) {
  for (const char *p = tainted_text; *p != '\0';) {
    gsize n = part_length(p);
    if (n == 0)
      return FALSE;
    p += n;
  }
  return tainted_text[0] != '\0';
}

/* "[role=status]" is [role="status"], and "[role]" any of these. */
static gboolean same_attribute(const char *wanted, gsize n_wanted, const char *part, gsize n_part) {
  gsize name = strcspn(wanted + 1, "=]"), part_name = strcspn(part + 1, "=]");

  if (name != part_name || strncmp(wanted + 1, part + 1, name) != 0)
    return FALSE;
  if (wanted[1 + name] == ']')
    return TRUE;
  const char *value = wanted + name + 2, *part_value = part + part_name + 2;
  gsize n = n_wanted - name - 3, n_value = n_part > part_name + 3 ? n_part - part_name - 3 : 0;
  if (n >= 2 && value[0] == '"') {
    value++;
    n -= 2;
  }
  if (n_value >= 2 && part_value[0] == '"') {
    part_value++;
    n_value -= 2;
  }
  return n == n_value && strncmp(value, part_value, n) == 0;
}

static gboolean has_part(const char *signature, const char *wanted, gsize n_wanted) {
  for (const char *p = signature; *p != '\0';) {
    gsize n = part_length(p);
    if (n == 0)
      return FALSE;
    if (*wanted == '[' ? *p == '[' && same_attribute(wanted, n_wanted, p, n)
                       : n == n_wanted && strncmp(p, wanted, n) == 0)
      return TRUE;
    p += n;
  }
  return FALSE;
}

gboolean sight_compound_matches(const char *compound, const char *signature) {
  for (const char *p = compound; *p != '\0';) {
    gsize n = part_length(p);
    gboolean any = n == 1 && (*p == '\1' || *p == '*');
    if (n == 0 || (!any && !has_part(signature, p, n)))
      return FALSE;
    p += n;
  }
  return TRUE;
}

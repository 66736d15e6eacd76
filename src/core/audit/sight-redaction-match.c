/* SPDX-License-Identifier: MIT */
/* One character at a time, decoded where it stands. */
#include "sight-redaction-match.h"

#include <string.h>

/* Alternatives (a % may be itself or begin an escape) are followed so deep. */
#define MAX_CHOICES 64

typedef struct {
  const char *end;
  guint n_choices;
} Match;

/* Behind %XX, or %25XX and so on; NULL: none. */
static const char *percent(const char *at, const char *end, gunichar *c) {
  if (at >= end || *at != '%')
    return NULL;
  at++;
  while (end - at >= 2 && at[0] == '2' && at[1] == '5' && end - at >= 4 && g_ascii_isxdigit(at[2]) &&
         g_ascii_isxdigit(at[3]))
    at += 2;
  if (end - at < 2 || !g_ascii_isxdigit(at[0]) || !g_ascii_isxdigit(at[1]))
    return NULL;
  *c = (gunichar)(g_ascii_xdigit_value(at[0]) * 16 + g_ascii_xdigit_value(at[1]));
  return at + 2;
}

static const char *reference(const char *at, const char *end, gunichar *c) {
  static const struct {
    const char *name;
    char c;
  } names[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&nbsp;", ' '}};
  int base = 10;

  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    gsize bytes = strlen(names[i].name);
    if ((gsize)(end - at) >= bytes && memcmp(at, names[i].name, bytes) == 0) {
      *c = (gunichar)names[i].c;
      return at + bytes;
    }
  }
  if (end - at < 4 || at[1] != '#')
    return NULL;
  at += 2;
  if (*at == 'x' || *at == 'X') {
    base = 16;
    at++;
  }
  *c = 0;
  for (int i = 0; at < end && i < 8 && (base == 16 ? g_ascii_isxdigit(*at) : g_ascii_isdigit(*at)); i++, at++)
    *c = *c * (gunichar)base + (gunichar)g_ascii_xdigit_value(*at);
  return at < end && *at == ';' && *c > 0 && *c < 0x110000 ? at + 1 : NULL;
}

/* Behind \n, \u00e9 or \" with as many backslashes as the levels of JSON ask for. */
static const char *escape(const char *at, const char *end, gunichar *c) {
  const char *letters = "nrtbf/\"\\", *meanings = "\n\r\t\b\f/\"\\";
  const char *first = at;

  while (at < end && *at == '\\')
    at++;
  if (at == end || at == first)
    return NULL;
  if (*at == 'u' && end - at >= 5) {
    *c = 0;
    for (int i = 1; i < 5; i++) {
      if (!g_ascii_isxdigit(at[i]))
        return NULL;
      *c = *c * 16 + (gunichar)g_ascii_xdigit_value(at[i]);
    }
    return at + 5;
  }
  const char *found = strchr(letters, *at);
  if (found == NULL || *at == '\0')
    return NULL;
  *c = (gunichar)meanings[found - letters];
  return at + 1;
}

/* Behind several backslashes that stand for one; NULL: none. */
static const char *backslashes(const char *at, const char *end) {
  const char *first = at;

  while (at < end && *at == '\\')
    at++;
  return at - first > 1 ? at : NULL;
}

/* Whether the character that begins at `text` is this one. */
static gboolean is_same(const char *text, gunichar c) {
  gunichar wanted = g_utf8_get_char(text);

  return wanted == c || (c < 128 && wanted < 128 && g_ascii_tolower((char)wanted) == g_ascii_tolower((char)c));
}

/* Behind one character as it stands, or NULL. */
static const char *itself(const char *text, const char *at, const char *end) {
  gsize bytes = (gsize)(g_utf8_next_char(text) - text);

  if ((gsize)(end - at) < bytes)
    return NULL;
  if (bytes == 1)
    return g_ascii_tolower(*at) == g_ascii_tolower(*text) || (*text == ' ' && *at == '+') ? at + 1 : NULL;
  return memcmp(at, text, bytes) == 0 ? at + bytes : NULL;
}

/* Behind one character of the text in another way, or NULL. Of a character of several bytes each is a %XX. */
static const char *decoded(const char *text, const char *at, const char *end) {
  gunichar c = 0;
  const char *behind = NULL;

  if (*at == '%' && (guchar)*text >= 128) {
    for (const char *byte = text; byte < g_utf8_next_char(text); byte++) {
      at = percent(at, end, &c);
      if (at == NULL || c != (guchar)*byte)
        return NULL;
    }
    return at;
  }
  if (*at == '%')
    behind = percent(at, end, &c);
  else if (*at == '&')
    behind = reference(at, end, &c);
  else if (*at == '\\')
    behind = escape(at, end, &c);
  if (behind != NULL && is_same(text, c))
    return behind;
  return *at == '\\' && *text == '\\' ? backslashes(at, end) : NULL;
}

static const char *match(Match *self, const char *text, const char *at) {
  while (*text != '\0') {
    if (at >= self->end)
      return NULL;
    const char *plain = itself(text, at, self->end), *coded = decoded(text, at, self->end);
    const char *next = g_utf8_next_char(text);
    if (plain != NULL && coded != NULL && self->n_choices < MAX_CHOICES) {
      self->n_choices++;
      const char *behind = match(self, next, coded);
      if (behind != NULL)
        return behind;
    } else if (plain == NULL) {
      plain = coded;
    }
    if (plain == NULL)
      return NULL;
    text = next;
    at = plain;
  }
  return at;
}

const char *sight_redaction_find(const char *text, const char *from, const char *end, const char **behind) {
  char small = g_ascii_tolower(text[0]), large = g_ascii_toupper(text[0]);

  for (; from < end; from++) {
    char c = *from;
    if (c != small && c != large && c != '%' && c != '&' && c != '\\' && !(c == '+' && text[0] == ' '))
      continue;
    Match self = {end, 0};
    *behind = match(&self, text, from);
    if (*behind != NULL)
      return from;
  }
  return NULL;
}

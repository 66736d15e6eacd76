/* SPDX-License-Identifier: MIT */
/* Style sheets without addresses. Read as CSS is read (https://www.w3.org/TR/css-syntax-3/): comments, strings and
 * names with escapes, so that no spelling of url() or @import gets past. */
#include "sight-clip-private.h"

#include <string.h>

#define NOTHING "data:,"

typedef struct {
  const char *css;
  gsize at, bytes;
  GString *out;
  guint depth;         /* of parentheses */
  guint address_depth; /* inside of a function whose strings are addresses: its depth; 0: none */
} Reader;

static char peek(const Reader *r, gsize ahead) {
  return r->at + ahead < r->bytes ? r->css[r->at + ahead] : 0;
}

static gboolean begins_escape(const Reader *r) {
  return peek(r, 0) == '\\' && r->at + 1 < r->bytes && peek(r, 1) != '\n' && peek(r, 1) != '\r' && peek(r, 1) != '\f';
}

/* Reads one escape and appends what it stands for. */
static void take_escape(Reader *r, GString *text) {
  r->at++;
  if (!g_ascii_isxdigit(peek(r, 0))) {
    g_string_append_c(text, peek(r, 0));
    r->at++;
    return;
  }
  gunichar letter = 0;
  for (guint digits = 0; digits < 6 && g_ascii_isxdigit(peek(r, 0)); digits++, r->at++)
    letter = letter * 16 + (gunichar)g_ascii_xdigit_value(peek(r, 0));
  if (r->at < r->bytes && g_ascii_isspace(peek(r, 0)))
    r->at++;
  g_string_append_unichar(text, letter != 0 && g_unichar_validate(letter) ? letter : 0xfffd);
}

static gboolean is_name_byte(char c) {
  return g_ascii_isalnum(c) || c == '-' || c == '_' || (guchar)c >= 0x80;
}

/* Reads a name; "" where none begins here. */
static void take_name(Reader *r, GString *name) {
  g_string_truncate(name, 0);
  while (r->at < r->bytes) {
    if (begins_escape(r))
      take_escape(r, name);
    else if (is_name_byte(peek(r, 0)))
      g_string_append_c(name, r->css[r->at++]);
    else
      break;
  }
  g_string_ascii_down(name);
}

/* Reads a string with its quotes. */
static void take_string(Reader *r, GString *text) {
  char quote = r->css[r->at++];
  while (r->at < r->bytes && peek(r, 0) != quote && peek(r, 0) != '\n') {
    if (begins_escape(r))
      take_escape(r, text);
    else if (peek(r, 0) == '\\') {
      r->at++; /* a line that goes on */
      if (r->at < r->bytes)
        r->at++;
    } else
      g_string_append_c(text, r->css[r->at++]);
  }
  if (r->at < r->bytes)
    r->at++;
}

static void skip_comment(Reader *r) {
  const char *end =
      r->at + 2 <= r->bytes ? g_strstr_len(r->css + r->at + 2, (gssize)(r->bytes - r->at - 2), "*/") : NULL;
  r->at = end != NULL ? (gsize)(end - r->css) + 2 : r->bytes;
}

static void skip_space(Reader *r) {
  while (r->at < r->bytes && g_ascii_isspace(peek(r, 0)))
    r->at++;
}

gboolean sight_clip_url_is_inner(const char *tainted_url, gsize bytes) {
  gsize i = 0;
  while (i < bytes && (guchar)tainted_url[i] <= 0x20)
    i++;
  if (i < bytes && tainted_url[i] == '#')
    return TRUE;
  g_autoptr(GString) scheme = g_string_new(NULL);
  for (; i < bytes && scheme->len < 5; i++)
    if (tainted_url[i] != '\t' && tainted_url[i] != '\n' && tainted_url[i] != '\r')
      g_string_append_c(scheme, g_ascii_tolower(tainted_url[i]));
  return strcmp(scheme->str, "data:") == 0;
}

/* After "url(": the address, and the parenthesis. */
static void take_url(Reader *r, gsize start) {
  g_autoptr(GString) address = g_string_new(NULL);
  skip_space(r);
  if (peek(r, 0) == '"' || peek(r, 0) == '\'')
    take_string(r, address);
  while (r->at < r->bytes && peek(r, 0) != ')') {
    if (begins_escape(r))
      take_escape(r, address);
    else
      g_string_append_c(address, r->css[r->at++]);
  }
  if (r->at < r->bytes)
    r->at++;
  if (sight_clip_url_is_inner(address->str, address->len))
    g_string_append_len(r->out, r->css + start, (gssize)(r->at - start));
  else
    g_string_append(r->out, "url(\"" NOTHING "\")");
}

static void skip_statement(Reader *r) {
  g_autoptr(GString) text = g_string_new(NULL);
  while (r->at < r->bytes) {
    char c = peek(r, 0);
    if (c == '"' || c == '\'')
      take_string(r, text);
    else if (c == '/' && peek(r, 1) == '*')
      skip_comment(r);
    else if (begins_escape(r))
      take_escape(r, text);
    else {
      r->at++;
      if (c == ';')
        return;
      if (c == '}') {
        r->at--; /* not ours */
        return;
      }
    }
  }
}

static gboolean takes_addresses(const char *function) {
  static const char *const names[] = {"image-set",  "-webkit-image-set",  "image", "src",
                                      "cross-fade", "-webkit-cross-fade", NULL};
  return g_strv_contains(names, function);
}

static void open_function(Reader *r, gsize start, const char *name) {
  r->at++;
  r->depth++;
  if (strcmp(name, "url") == 0) {
    r->depth--;
    take_url(r, start);
    return;
  }
  if (r->address_depth > 0 && strcmp(name, "var") == 0)
    g_string_append(r->out, "-var("); /* what it holds is not known here */
  else
    g_string_append_len(r->out, r->css + start, (gssize)(r->at - start));
  if (r->address_depth == 0 && takes_addresses(name))
    r->address_depth = r->depth;
}

static void take_word(Reader *r, GString *name) {
  gsize start = r->at;
  take_name(r, name);
  if (peek(r, 0) == '(')
    open_function(r, start, name->str);
  else
    g_string_append_len(r->out, r->css + start, (gssize)(r->at - start));
}

void sight_clip_css(GString *out, const char *tainted_css, gsize bytes) {
  Reader r = {.css = tainted_css, .bytes = bytes, .out = out};
  g_autoptr(GString) name = g_string_new(NULL), text = g_string_new(NULL);
  while (r.at < r.bytes) {
    gsize start = r.at;
    char c = peek(&r, 0);
    if (c == '/' && peek(&r, 1) == '*') {
      skip_comment(&r);
      g_string_append_len(out, tainted_css + start, (gssize)(r.at - start));
    } else if (c == '"' || c == '\'') {
      g_string_truncate(text, 0);
      take_string(&r, text);
      if (r.address_depth > 0 && !sight_clip_url_is_inner(text->str, text->len))
        g_string_append(out, "\"" NOTHING "\"");
      else
        g_string_append_len(out, tainted_css + start, (gssize)(r.at - start));
    } else if (c == '@') {
      r.at++;
      take_name(&r, name);
      if (strcmp(name->str, "import") == 0)
        skip_statement(&r);
      else
        g_string_append_len(out, tainted_css + start, (gssize)(r.at - start));
    } else if (is_name_byte(c) || begins_escape(&r))
      take_word(&r, name);
    else {
      r.depth += c == '(';
      if (c == ')' && r.depth > 0) {
        if (r.address_depth == r.depth)
          r.address_depth = 0;
        r.depth--;
      }
      g_string_append_c(out, c);
      r.at++;
    }
  }
}

void sight_clip_put_css(SightJsonWriter *w, const char *tainted_css, gsize bytes) {
  g_autoptr(GString) clean = g_string_new(NULL);
  sight_clip_css(clean, tainted_css, bytes);
  sight_json_put_string_len(w, clean->str, clean->len);
}

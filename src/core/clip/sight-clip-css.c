/* SPDX-License-Identifier: MIT */
/* Style sheets without addresses. Read as CSS is read (https://www.w3.org/TR/css-syntax-3/): comments, strings and
 * names with escapes, so that no spelling of url() or @import gets past. Where browsers read differently, the text is
 * written so that all of them read it as we do. */
#include "sight-clip-private.h"

#include <string.h>

#define NOTHING "data:,"
/* A browser puts the texts of a style element together; rrweb takes this mark for the place where one ends. */
#define SPLIT "/* rr_split */"
/* Keeps what stands before and behind it apart, and is nothing. */
#define APART "/**/"
/* What begins so is no function in any browser. */
#define NO_FUNCTION "x-"

typedef struct {
  const char *css;
  gsize at, bytes;
  GString *out;
  GString *text;       /* of the name or string that was read last, as it is meant */
  guint depth;         /* of parentheses */
  guint address_depth; /* inside of a function whose strings are addresses: its depth; 0: none */
  gboolean namespace;  /* in a rule whose address is a name and never fetched */
  gboolean joins;      /* what was read last would go on in a text behind it */
} Reader;

static char peek(const Reader *r, gsize ahead) {
  return r->at + ahead < r->bytes ? r->css[r->at + ahead] : 0;
}

static gboolean is_newline(char c) {
  return c == '\n' || c == '\r' || c == '\f';
}

static gboolean is_space(char c) {
  return c == ' ' || c == '\t' || is_newline(c);
}

/* One, where there is one; both characters of "\r\n" are one. */
static void skip_one_space(Reader *r) {
  if (peek(r, 0) == '\r' && peek(r, 1) == '\n')
    r->at++;
  if (r->at < r->bytes && is_space(peek(r, 0)))
    r->at++;
}

static gboolean begins_escape(const Reader *r) {
  return peek(r, 0) == '\\' && r->at + 1 < r->bytes && !is_newline(peek(r, 1));
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
  skip_one_space(r);
  g_string_append_unichar(text, letter != 0 && g_unichar_validate(letter) ? letter : 0xfffd);
}

static gboolean is_name_byte(char c) {
  return g_ascii_isalnum(c) || c == '-' || c == '_' || (guchar)c >= 0x80;
}

/* Reads a name; "" where none begins here. */
static void take_name(Reader *r) {
  g_string_truncate(r->text, 0);
  while (r->at < r->bytes) {
    if (begins_escape(r))
      take_escape(r, r->text);
    else if (is_name_byte(peek(r, 0)))
      g_string_append_c(r->text, r->css[r->at++]);
    else
      break;
  }
  g_string_ascii_down(r->text);
}

/* Part of a name only for some browsers: from https://drafts.csswg.org/css-syntax-3/#non-ascii-ident-code-point */
static gboolean is_doubtful(gunichar c) {
  static const gunichar sure[][2] = {{0xb7, 0xb7},       {0xc0, 0xd6},     {0xd8, 0xf6},     {0xf8, 0x37d},
                                     {0x37f, 0x1fff},    {0x200c, 0x200d}, {0x203f, 0x2040}, {0x2070, 0x218f},
                                     {0x2c00, 0x2fef},   {0x3001, 0xd7ff}, {0xf900, 0xfdcf}, {0xfdf0, 0xfffd},
                                     {0x10000, 0x10ffff}};
  for (guint i = 0; i < G_N_ELEMENTS(sure); i++)
    if (c >= sure[i][0] && c <= sure[i][1])
      return FALSE;
  return c >= 0x80;
}

/* The name from `start` on, so that it is a name everywhere. */
static void put_name(Reader *r, gsize start) {
  const char *at = r->css + start, *end = r->css + r->at;
  while (at < end) {
    if (*at == '\\') {
      /* a letter stands for itself, and the escape that is made of it is not to be escaped once more */
      gsize escape = (guchar)at[1] < 0x80 ? 2 : 1;
      g_string_append_len(r->out, at, escape == 2 ? 2 : 0);
      at += escape;
      continue;
    }
    gunichar letter = g_utf8_get_char_validated(at, end - at);
    gsize bytes = (guchar)*at < 0x80 || letter > 0x10ffff ? 1 : (gsize)g_unichar_to_utf8(letter, NULL);
    if ((guchar)*at >= 0x80 && letter <= 0x10ffff && is_doubtful(letter))
      g_string_append_printf(r->out, "\\%x ", letter); /* the space is part of it: one that follows still divides */
    else
      g_string_append_len(r->out, at, (gssize)bytes);
    at += bytes;
  }
  r->joins = TRUE;
}

/* Reads a string with its quotes, as far as it goes: a line that ends breaks it off. FALSE: it has no end. */
static gboolean take_string(Reader *r) {
  char quote = r->css[r->at++];
  g_string_truncate(r->text, 0);
  while (r->at < r->bytes && peek(r, 0) != quote && !is_newline(peek(r, 0))) {
    if (begins_escape(r))
      take_escape(r, r->text);
    else if (peek(r, 0) == '\\') {
      r->at++; /* a line that goes on */
      skip_one_space(r);
    } else
      g_string_append_c(r->text, r->css[r->at++]);
  }
  if (r->at == r->bytes || peek(r, 0) != quote)
    return FALSE;
  r->at++;
  return TRUE;
}

/* FALSE: it has no end. */
static gboolean skip_comment(Reader *r) {
  const char *end =
      r->at + 2 <= r->bytes ? g_strstr_len(r->css + r->at + 2, (gssize)(r->bytes - r->at - 2), "*/") : NULL;
  r->at = end != NULL ? (gsize)(end - r->css) + 2 : r->bytes;
  return end != NULL;
}

static void skip_space(Reader *r) {
  while (r->at < r->bytes && is_space(peek(r, 0)))
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

static void put_verbatim(Reader *r, gsize start) {
  g_string_append_len(r->out, r->css + start, (gssize)(r->at - start));
}

/* Of the address that was read last. The names of the web's own vocabularies are what rules of a sheet go by. */
static gboolean is_allowed(const Reader *r) {
  return sight_clip_url_is_inner(r->text->str, r->text->len) ||
         (r->namespace && g_str_has_prefix(r->text->str, "http://www.w3.org/"));
}

/* What stands for the address that was read last. A part of a page or a sheet is one of the page itself: a browser
 * looks for "#id" there, whatever sheet names it, and the recorder writes it with the address of the page. */
static char *inner_address(const Reader *r) {
  static const char *const files[] = {".svg", ".svgz", ".eot", ".woff", ".woff2", ".ttf", ".otf", NULL};
  const char *url = r->text->str, *part = strchr(url, '#');
  if (part == NULL || part[1] == 0 || part[1 + strspn(part + 1, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_.:")] != 0 ||
      (!g_str_has_prefix(url, "https:") && !g_str_has_prefix(url, "http:")))
    return g_strdup("\"" NOTHING "\"");
  g_autofree char *path = g_strndup(url, strcspn(url, "?#"));
  const char *dot = strrchr(path, '.');
  gboolean is_file = dot != NULL && g_strv_contains(files, dot);
  return is_file ? g_strdup("\"" NOTHING "\"") : g_strdup_printf("\"%s\"", part);
}

/* A string where it is copied, and what stands for it where it is an address. */
static void put_string(Reader *r) {
  gsize start = r->at;
  char quote = peek(r, 0);
  gboolean closed = take_string(r);
  r->joins = FALSE;
  if (r->address_depth > 0 && !is_allowed(r)) {
    g_autofree char *inner = inner_address(r);
    g_string_append(r->out, inner);
    return;
  }
  put_verbatim(r, start);
  if (closed || r->at < r->bytes)
    return;
  /* as it ends where the text does; an escape that has nothing to stand for does not */
  gsize slashes = 0;
  while (slashes < r->out->len && r->out->str[r->out->len - 1 - slashes] == '\\')
    slashes++;
  if (slashes % 2 == 1)
    g_string_truncate(r->out, r->out->len - 1);
  g_string_append_c(r->out, quote);
}

/* After "url(", of an address that is no string: up to the parenthesis. */
static void take_bare_url(Reader *r, gsize start) {
  g_string_truncate(r->text, 0);
  while (r->at < r->bytes && peek(r, 0) != ')') {
    if (begins_escape(r))
      take_escape(r, r->text);
    else
      g_string_append_c(r->text, r->css[r->at++]);
  }
  r->joins = FALSE;
  if (r->at == r->bytes) {
    g_string_append(r->out, "url(\"" NOTHING "\")");
    return;
  }
  r->at++;
  if (is_allowed(r)) {
    put_verbatim(r, start);
    return;
  }
  g_autofree char *inner = inner_address(r);
  g_string_append_printf(r->out, "url(%s)", inner);
}

static void skip_statement(Reader *r) {
  while (r->at < r->bytes) {
    char c = peek(r, 0);
    if (c == '"' || c == '\'')
      take_string(r);
    else if (c == '/' && peek(r, 1) == '*')
      skip_comment(r);
    else if (begins_escape(r))
      take_escape(r, r->text);
    else {
      if (c == '}') /* not ours */
        return;
      r->at++;
      if (c == ';')
        return;
    }
  }
}

static gboolean takes_addresses(const char *function) {
  static const char *const names[] = {"url", "image-set",  "-webkit-image-set",  "image",
                                      "src", "cross-fade", "-webkit-cross-fade", NULL};
  return g_strv_contains(names, function);
}

/* Of functions that may stand where an address is meant: those that make no string of what is not known here. */
static gboolean is_known(const char *function) {
  static const char *const names[] = {"type",  "calc",  "rgb",  "rgba", "hsl",   "hsla",       "hwb",
                                      "lab",   "lch",   "min",  "max",  "clamp", "color-mix",  "oklab",
                                      "oklch", "color", "from", "to",   "",      "color-stop", NULL};
  return g_str_has_prefix(function, NO_FUNCTION) || takes_addresses(function) ||
         g_str_has_suffix(function, "gradient") || g_strv_contains(names, function);
}

static void open_function(Reader *r, gsize start) {
  gsize name_end = r->at++;
  gboolean addresses = takes_addresses(r->text->str);
  r->joins = FALSE;
  if (strcmp(r->text->str, "url") == 0) {
    skip_space(r);
    if (peek(r, 0) != '"' && peek(r, 0) != '\'') {
      take_bare_url(r, start);
      return;
    }
  }
  if (r->address_depth > 0 && !is_known(r->text->str))
    g_string_append(r->out, NO_FUNCTION); /* var() and the like */
  gsize end = r->at;
  r->at = name_end;
  put_name(r, start);
  r->at = end;
  put_verbatim(r, name_end);
  r->joins = FALSE;
  r->depth++;
  if (r->address_depth == 0 && addresses)
    r->address_depth = r->depth;
}

/* "U+26" is one token for some browsers and two for others, and so is what is glued to it. */
static void take_range(Reader *r) {
  gsize start = r->at++;
  for (guint digits = 0; digits < 6 && (g_ascii_isxdigit(peek(r, 0)) || peek(r, 0) == '?'); digits++)
    r->at++;
  if (peek(r, 0) == '-' && g_ascii_isxdigit(peek(r, 1))) {
    r->at++;
    for (guint digits = 0; digits < 6 && g_ascii_isxdigit(peek(r, 0)); digits++)
      r->at++;
  }
  put_verbatim(r, start);
  g_string_append(r->out, is_name_byte(peek(r, 0)) || begins_escape(r) ? APART : "");
}

static void take_word(Reader *r) {
  gsize start = r->at;
  take_name(r);
  if (peek(r, 0) == '(') {
    open_function(r, start);
    return;
  }
  put_name(r, start);
  if (r->at == start + 1 && strcmp(r->text->str, "u") == 0 && peek(r, 0) == '+' &&
      (g_ascii_isxdigit(peek(r, 1)) || peek(r, 1) == '?'))
    take_range(r);
}

/* "@name" or "#name". */
static void take_marked(Reader *r) {
  gsize start = r->at++;
  gboolean is_rule = r->css[start] == '@';
  take_name(r);
  if (is_rule && strcmp(r->text->str, "import") == 0) {
    skip_statement(r);
    g_string_append(r->out, APART);
    r->joins = FALSE;
    return;
  }
  r->namespace = is_rule ? strcmp(r->text->str, "namespace") == 0 : r->namespace;
  put_name(r, start);
}

/* "<!--" is one token: its dashes begin no name. */
static gboolean take_opening(Reader *r) {
  static const char opening[] = "<!--";
  gsize bytes = sizeof opening - 1;
  if (r->bytes - r->at < bytes || memcmp(r->css + r->at, opening, bytes) != 0)
    return FALSE;
  g_string_append(r->out, opening);
  r->at += bytes;
  r->joins = FALSE;
  return TRUE;
}

static void take_other(Reader *r) {
  if (take_opening(r))
    return;
  char c = r->css[r->at++];
  r->joins = !is_space(c) && strchr("{}();,[]", c) == NULL;
  if (c == '\\' && r->at == r->bytes)
    return; /* would make an escape of what comes next */
  if (c == '*' && r->out->len > 0 && r->out->str[r->out->len - 1] == '/')
    g_string_append_c(r->out, ' '); /* with the end of a comment it could make a mark */
  g_string_append_c(r->out, c);
  r->depth += c == '(';
  r->namespace = r->namespace && c != ';' && c != '{' && c != '}';
  if (c == ')' && r->depth > 0) {
    if (r->address_depth == r->depth)
      r->address_depth = 0;
    r->depth--;
  }
}

/* So that the strings of a text behind it are none of theirs. */
static void close_functions(Reader *r) {
  for (; r->address_depth > 0 && r->depth >= r->address_depth; r->depth--)
    g_string_append_c(r->out, ')');
}

/* TRUE: a text behind it could go on with its last word. */
static gboolean clean_text(GString *out, const char *css, gsize bytes) {
  g_autoptr(GString) text = g_string_new(NULL);
  Reader r = {.css = css, .bytes = bytes, .out = out, .text = text};
  while (r.at < r.bytes) {
    gsize start = r.at;
    char c = peek(&r, 0);
    if (c == '/' && peek(&r, 1) == '*') {
      gboolean closed = skip_comment(&r);
      if (closed)
        put_verbatim(&r, start);
      else
        g_string_append(out, APART);
      r.joins = FALSE;
    } else if (c == '"' || c == '\'')
      put_string(&r);
    else if (c == '@' || c == '#')
      take_marked(&r);
    else if (is_name_byte(c) || begins_escape(&r))
      take_word(&r);
    else
      take_other(&r);
  }
  close_functions(&r);
  return r.joins;
}

void sight_clip_css(GString *out, const char *tainted_css, gsize bytes) {
  clean_text(out, tainted_css, bytes);
}

void sight_clip_sheet(GString *out, const char *tainted_css, gsize bytes) {
  const char *end = tainted_css + bytes;
  for (const char *at = tainted_css;;) {
    const char *mark = g_strstr_len(at, end - at, SPLIT);
    if (clean_text(out, at, (gsize)((mark != NULL ? mark : end) - at)))
      g_string_append(out, APART);
    if (mark == NULL)
      return;
    g_string_append(out, SPLIT);
    at = mark + strlen(SPLIT);
  }
}

void sight_clip_put_css(SightJsonWriter *w, const char *tainted_css, gsize bytes) {
  g_autoptr(GString) clean = g_string_new(NULL);
  sight_clip_css(clean, tainted_css, bytes);
  sight_json_put_string_len(w, clean->str, clean->len);
}

void sight_clip_put_sheet(SightJsonWriter *w, const char *tainted_css, gsize bytes) {
  g_autoptr(GString) clean = g_string_new(NULL);
  sight_clip_sheet(clean, tainted_css, bytes);
  sight_json_put_string_len(w, clean->str, clean->len);
}

/* SPDX-License-Identifier: MIT */
/* Writing JSON. */
#include "sight-json-writer.h"

#include <math.h>
#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD"

static inline void before_value(SightJsonWriter *w) {
  if (w->need_comma)
    g_string_append_c(w->out, ',');
  w->need_comma = TRUE;
}

static void open_container(SightJsonWriter *w, char mark) {
  before_value(w);
  g_string_append_c(w->out, mark);
  w->need_comma = FALSE;
}

static void close_container(SightJsonWriter *w, char mark) {
  g_string_append_c(w->out, mark);
  w->need_comma = TRUE;
}

void sight_json_begin_object(SightJsonWriter *w) {
  open_container(w, '{');
}

void sight_json_end_object(SightJsonWriter *w) {
  close_container(w, '}');
}

void sight_json_begin_array(SightJsonWriter *w) {
  open_container(w, '[');
}

void sight_json_end_array(SightJsonWriter *w) {
  close_container(w, ']');
}

/* "<" is plain but where it could end or comment out a script around the text. */
static inline gboolean is_plain(const char *at, const char *end) {
  unsigned char c = (unsigned char)*at;
  if (c == '<')
    return at + 1 >= end || (at[1] != '/' && at[1] != '!');
  return c >= 0x20 && c != '"' && c != '\\' && c != 0x7F;
}

static void append_escaped(GString *out, char c) {
  static const char names[] = "\"\\\b\f\n\r\t";
  static const char letters[] = "\"\\bfnrt";
  const char *name = c == 0 ? NULL : strchr(names, c);
  if (name != NULL) {
    char pair[2] = {'\\', letters[name - names]};
    g_string_append_len(out, pair, sizeof pair);
    return;
  }
  g_string_append_printf(out, "\\u%04x", (unsigned char)c);
}

static void append_valid(GString *out, const char *text, gsize bytes) {
  const char *end = text + bytes;
  while (text < end) {
    const char *run = text;
    while (run < end && is_plain(run, end))
      run++;
    if (run > text)
      g_string_append_len(out, text, run - text);
    if (run == end)
      return;
    if (*run == '<' && run[1] == '/') {
      g_string_append(out, "<\\/");
      run++;
    } else {
      append_escaped(out, *run);
    }
    text = run + 1;
  }
}

static void append_quoted(GString *out, const char *text, gsize bytes) {
  const char *end = text + bytes;
  g_string_append_c(out, '"');
  while (text < end) {
    const char *invalid;
    g_utf8_validate_len(text, end - text, &invalid);
    append_valid(out, text, invalid - text);
    if (invalid == end)
      break;
    g_string_append(out, *invalid == 0 ? "\\u0000" : REPLACEMENT);
    text = invalid + 1;
  }
  g_string_append_c(out, '"');
}

void sight_json_key(SightJsonWriter *w, const char *key) {
  sight_json_key_len(w, key, strlen(key));
}

void sight_json_key_len(SightJsonWriter *w, const char *key, gsize bytes) {
  if (w->need_comma)
    g_string_append_c(w->out, ',');
  append_quoted(w->out, key, bytes);
  g_string_append_c(w->out, ':');
  w->need_comma = FALSE;
}

void sight_json_put_string(SightJsonWriter *w, const char *text) {
  if (text == NULL)
    sight_json_put_null(w);
  else
    sight_json_put_string_len(w, text, strlen(text));
}

void sight_json_put_string_len(SightJsonWriter *w, const char *text, gsize bytes) {
  before_value(w);
  append_quoted(w->out, text, bytes);
}

void sight_json_put_int(SightJsonWriter *w, gint64 number) {
  before_value(w);
  if (number < 0)
    g_string_append_c(w->out, '-');
  guint64 rest = number < 0 ? -(guint64)number : (guint64)number;
  char digits[20];
  gsize n = 0;
  do {
    digits[sizeof digits - ++n] = (char)('0' + rest % 10);
    rest /= 10;
  } while (rest > 0);
  g_string_append_len(w->out, digits + sizeof digits - n, (gssize)n);
}

void sight_json_put_uint(SightJsonWriter *w, guint64 number) {
  if (number <= (guint64)G_MAXINT64) {
    sight_json_put_int(w, (gint64)number);
    return;
  }
  before_value(w);
  g_string_append_printf(w->out, "%" G_GUINT64_FORMAT, number);
}

void sight_json_put_double(SightJsonWriter *w, double number) {
  if (!isfinite(number)) {
    sight_json_put_null(w);
    return;
  }
  if (number == 0) { /* without a sign, which a reader of whole numbers would lose */
    sight_json_put_int(w, 0);
    return;
  }
  before_value(w);
  /* The shortest of these that reads back as the same number. */
  static const char *const formats[] = {"%.15g", "%.16g", "%.17g"};
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
    g_ascii_formatd(text, sizeof text, formats[i], number);
    if (g_ascii_strtod(text, NULL) == number)
      break;
  }
  g_string_append(w->out, text);
}

void sight_json_put_bool(SightJsonWriter *w, gboolean value) {
  before_value(w);
  g_string_append(w->out, value ? "true" : "false");
}

void sight_json_put_null(SightJsonWriter *w) {
  before_value(w);
  g_string_append(w->out, "null");
}

void sight_json_put_raw(SightJsonWriter *w, const char *json, gsize bytes) {
  before_value(w);
  g_string_append_len(w->out, json, (gssize)bytes);
}

void sight_json_member_string(SightJsonWriter *w, const char *key, const char *text) {
  sight_json_key(w, key);
  sight_json_put_string(w, text);
}

void sight_json_member_int(SightJsonWriter *w, const char *key, gint64 number) {
  sight_json_key(w, key);
  sight_json_put_int(w, number);
}

void sight_json_member_bool(SightJsonWriter *w, const char *key, gboolean value) {
  sight_json_key(w, key);
  sight_json_put_bool(w, value);
}

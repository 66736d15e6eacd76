/* SPDX-License-Identifier: MIT */
/* Text made harmless for a terminal. */
#include "sight-terminal.h"

#include "sight-text.h"

#include <stdio.h>
#include <string.h>

static gboolean is_harmful(gunichar c) {
  return (g_unichar_iscntrl(c) && c != '\n' && c != '\t') || sight_text_is_direction_mark(c) || c == 0x2028 ||
         c == 0x2029;
}

/* `json`: as an escape, which is only ever needed inside a string. */
static char *without_harm(const char *tainted_text, gssize bytes, gboolean json) {
  g_autofree char *valid = g_utf8_make_valid(tainted_text, bytes);
  g_autoptr(GString) out = g_string_sized_new(strlen(valid));

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
    gunichar c = g_utf8_get_char(at);
    if (!is_harmful(c))
      g_string_append_len(out, at, g_utf8_next_char(at) - at);
    else if (json)
      g_string_append_printf(out, "\\u%04x", c);
    else
      g_string_append(out, "\xEF\xBF\xBD");
  }
  return g_string_free(g_steal_pointer(&out), FALSE);
}

char *sight_terminal_text(const char *tainted_text, gssize bytes) {
  return without_harm(tainted_text, bytes, FALSE);
}

char *sight_terminal_line(const char *tainted_text) {
  return g_strdelimit(without_harm(tainted_text, -1, FALSE), "\n\t", ' ');
}

char *sight_terminal_json(const char *json, gssize bytes) {
  return without_harm(json, bytes, TRUE);
}

static void put(FILE *file, const char *tainted_text) {
  g_autofree char *text = sight_terminal_text(tainted_text, -1);
  const char *charset = NULL;

  if (!g_get_console_charset(&charset)) {
    char *converted = g_convert_with_fallback(text, -1, charset, "UTF-8", "?", NULL, NULL, NULL);
    if (converted != NULL) {
      g_free(text);
      text = converted;
    }
  }
  fputs(text, file);
  fflush(file);
}

static void put_out(const char *tainted_text) {
  put(stdout, tainted_text);
}

static void put_err(const char *tainted_text) {
  put(stderr, tainted_text);
}

static GLogWriterFunc log_func;

static GLogWriterOutput put_log(GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data) {
  const char *domain = NULL;

  for (gsize i = 0; i < n_fields; i++) {
    if (g_str_equal(fields[i].key, "GLIB_DOMAIN"))
      domain = fields[i].value;
  }
  if (g_log_writer_default_would_drop(level, domain))
    return G_LOG_WRITER_HANDLED;
  if (log_func != NULL)
    return log_func(level, fields, n_fields, NULL);
  g_autofree char *line = g_log_writer_format_fields(level, fields, n_fields, FALSE);
  g_autofree char *ended = g_strconcat(line, "\n", NULL);
  put_err(ended);
  return G_LOG_WRITER_HANDLED;
}

void sight_terminal_guard(void) {
  g_set_print_handler(put_out);
  g_set_printerr_handler(put_err);
  g_log_set_writer_func(put_log, NULL, NULL);
}

void sight_terminal_set_log(GLogWriterFunc func) {
  log_func = func;
}

/* SPDX-License-Identifier: MIT */
/* From JSON to headings, lines and tables. */
#include "sight-report.h"

#include "sight-clock-text.h"
#include "sight-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_DEPTH 6
#define MAX_TEXT_DEPTH 32
#define MAX_CELL_CHARS 300
/* Numbers beyond are times of the calendar. */
#define YEAR_1990_MS 631152000000.0

typedef struct {
  GString *out;
  const SightReportAbout *about;
} Page;

static char *when_text(gint64 time_ms) {
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(time_ms / 1000);
  g_autoptr(GDateTime) local = utc != NULL ? g_date_time_to_local(utc) : NULL;

  return local != NULL ? g_date_time_format(local, "%Y-%m-%d %H:%M") : g_strdup("");
}

/* Text */

static void put_html(GString *out, const char *text) {
  g_autofree char *escaped = g_markup_escape_text(text, -1);

  g_string_append(out, escaped);
}

/* Nothing of it is markup, calls anybody or ends a cell. */
static void put_markdown(GString *out, const char *text) {
  for (const char *at = text; *at != '\0'; at++) {
    if (*at == '<')
      g_string_append(out, "&lt;");
    else if (*at == '&')
      g_string_append(out, "&amp;");
    else if (strchr("\\`*_{}[]()#+-!|~>@:.", *at) != NULL)
      g_string_append_printf(out, "\\%c", *at);
    else
      g_string_append_c(out, g_ascii_isspace(*at) ? ' ' : *at);
  }
}

/* Words of the report itself. */
static void put_words(Page *page, const char *text) {
  if (page->about->html)
    put_html(page->out, text);
  else
    put_markdown(page->out, text);
}

static void put_text(Page *page, const char *tainted_text) {
  const SightReportAbout *about = page->about;
  g_autofree char *told = about->tell != NULL ? about->tell(tainted_text, about->user_data) : g_strdup(tainted_text);
  g_autofree char *text = sight_text_excerpt(told, -1, MAX_CELL_CHARS);

  put_words(page, text);
}

/* "first_seen_ms" is "First seen". */
static void put_label(Page *page, const char *key) {
  g_autofree char *label = g_strdelimit(g_strdup(key), "_", ' ');

  if (g_str_has_suffix(label, " ms"))
    label[strlen(label) - 3] = '\0';
  label[0] = g_ascii_toupper(label[0]);
  put_words(page, label);
}

static void put_number(Page *page, const char *key, double number) {
  gboolean time = key != NULL && g_str_has_suffix(key, "_ms");
  g_autofree char *text = time && number > YEAR_1990_MS      ? when_text((gint64)number)
                          : time && number >= 0              ? sight_clock_text((gint64)number)
                          : time                             ? g_strdup("")
                          : number == (double)(gint64)number ? g_strdup_printf("%" G_GINT64_FORMAT, (gint64)number)
                                                             : g_strdup_printf("%.3g", number);

  put_words(page, text);
}

static gboolean is_plain(SightJson value) {
  SightJsonType type = sight_json_type(value);

  return type != SIGHT_JSON_ARRAY && type != SIGHT_JSON_OBJECT;
}

static void put_plain(Page *page, const char *key, SightJson value) {
  switch (sight_json_type(value)) {
  case SIGHT_JSON_STRING:
    put_text(page, sight_json_string(value, NULL));
    break;
  case SIGHT_JSON_NUMBER:
    put_number(page, key, sight_json_double(value, 0));
    break;
  case SIGHT_JSON_BOOL:
    put_words(page, sight_json_bool(value, FALSE) ? _("yes") : _("no"));
    break;
  case SIGHT_JSON_ARRAY:
  case SIGHT_JSON_OBJECT: {
    SightJsonIter it = sight_json_iter(value);
    for (gboolean first = TRUE; sight_json_next(&it); first = FALSE) {
      g_string_append(page->out, first ? "" : ", ");
      put_plain(page, it.key, it.value);
    }
    break;
  }
  case SIGHT_JSON_ABSENT:
  case SIGHT_JSON_NULL:
    break;
  }
}

/* Structure */

static void put_heading(Page *page, guint depth, const char *key) {
  if (page->about->html)
    g_string_append_printf(page->out, "<h%u>", MIN(depth + 1, 6));
  else
    g_string_append_printf(page->out, "\n%.*s ", (int)MIN(depth + 1, 6), "######");
  put_label(page, key);
  if (page->about->html)
    g_string_append_printf(page->out, "</h%u>\n", MIN(depth + 1, 6));
  else
    g_string_append(page->out, "\n\n");
}

static void begin_row(Page *page) {
  g_string_append(page->out, page->about->html ? "<tr>" : "|");
}

static void begin_cell(Page *page, gboolean head) {
  g_string_append(page->out, page->about->html ? (head ? "<th>" : "<td>") : " ");
}

static void end_cell(Page *page, gboolean head) {
  g_string_append(page->out, page->about->html ? (head ? "</th>" : "</td>") : " |");
}

static void end_row(Page *page) {
  g_string_append(page->out, page->about->html ? "</tr>\n" : "\n");
}

static void put_head(Page *page, const GPtrArray *keys) {
  begin_row(page);
  for (guint i = 0; i < keys->len; i++) {
    begin_cell(page, TRUE);
    put_label(page, keys->pdata[i]);
    end_cell(page, TRUE);
  }
  end_row(page);
  if (page->about->html)
    return;
  g_string_append_c(page->out, '|');
  for (guint i = 0; i < keys->len; i++)
    g_string_append(page->out, " --- |");
  g_string_append_c(page->out, '\n');
}

/* A row for each object; a column for each member of the first. */
static void put_table(Page *page, SightJson array) {
  g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(g_free);
  SightJsonIter rows = sight_json_iter(array);

  g_string_append(page->out, page->about->html ? "<table>\n" : "\n");
  while (sight_json_next(&rows)) {
    SightJsonIter members = sight_json_iter(rows.value);
    if (keys->len == 0) {
      while (sight_json_next(&members))
        g_ptr_array_add(keys, g_strndup(members.key, members.key_bytes));
      put_head(page, keys);
    }
    begin_row(page);
    for (guint i = 0; i < keys->len; i++) {
      begin_cell(page, FALSE);
      put_plain(page, keys->pdata[i], sight_json_get(rows.value, keys->pdata[i]));
      end_cell(page, FALSE);
    }
    end_row(page);
  }
  g_string_append(page->out, page->about->html ? "</table>\n" : "\n");
}

static void put_line(Page *page, const char *key, SightJson value) {
  g_string_append(page->out, page->about->html ? "<p><b>" : "- **");
  put_label(page, key);
  g_string_append(page->out, page->about->html ? "</b> " : "** ");
  put_plain(page, key, value);
  g_string_append(page->out, page->about->html ? "</p>\n" : "\n");
}

/* What our own verbs print; its depth is theirs. */
static void put_value(Page *page, guint depth, SightJson value) {
  SightJsonIter it = sight_json_iter(value);

  if (sight_json_type(value) == SIGHT_JSON_ARRAY) {
    put_table(page, value);
    return;
  }
  while (sight_json_next(&it)) {
    g_autofree char *key = g_strndup(it.key, it.key_bytes);
    SightJsonIter inner = sight_json_iter(it.value);
    gboolean rows = sight_json_type(it.value) == SIGHT_JSON_ARRAY && sight_json_next(&inner) && !is_plain(inner.value);
    if (is_plain(it.value) || (sight_json_type(it.value) == SIGHT_JSON_ARRAY && !rows) || depth == MAX_DEPTH) {
      put_line(page, key, it.value);
      continue;
    }
    put_heading(page, depth, key);
    put_value(page, depth + 1, it.value);
  }
}

void sight_report_write(SightJson root, const SightReportAbout *about, GString *out) {
  Page self = {out, about}, *page = &self;
  g_autofree char *now = when_text(g_get_real_time() / 1000);

  if (about->html) {
    g_string_append(out, "<!doctype html>\n<html><head><meta charset=\"utf-8\">\n<meta http-equiv=\"Content-"
                         "Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>");
    put_text(page, about->title);
    g_string_append(out, "</title>\n<style>:root{color-scheme:light dark}body{font:16px sans-serif;max-width:70em;"
                         "margin:2em auto;padding:0 1em}table{border-collapse:collapse}td,th{border-bottom:1px solid "
                         "#8888;padding:.3em .6em;text-align:left;vertical-align:top}</style></head><body>\n<h1>");
    put_text(page, about->title);
    g_string_append(out, "</h1>\n<p>");
  } else {
    g_string_append(out, "# ");
    put_text(page, about->title);
    g_string_append(out, "\n\n");
  }
  put_words(page, now);
  g_string_append(out, " · ");
  put_text(page, about->what);
  g_string_append(out, about->html ? "</p>\n" : "\n\n");
  put_value(page, 1, root);
  if (about->html)
    g_string_append(out, "</body></html>\n");
}

/* Texts */

static void add_texts(GStrvBuilder *texts, SightJson value, guint depth) {
  SightJsonType type = sight_json_type(value);
  SightJsonIter it = sight_json_iter(value);

  if (type == SIGHT_JSON_STRING)
    g_strv_builder_add(texts, sight_json_string(value, NULL));
  if ((type != SIGHT_JSON_ARRAY && type != SIGHT_JSON_OBJECT) || depth == MAX_TEXT_DEPTH)
    return;
  while (sight_json_next(&it))
    add_texts(texts, it.value, depth + 1);
}

GStrv sight_report_texts(SightJson root) {
  g_autoptr(GStrvBuilder) texts = g_strv_builder_new();

  add_texts(texts, root, 0);
  return g_strv_builder_end(texts);
}

/* SPDX-License-Identifier: MIT */
/* Numbers, durations and times as text. */
#include "sight-filter-value.h"

#include "sight-query-private.h"
#include "sight-text.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MINUTE 60000.0
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
/* Longer than any text of a number that means something. */
#define MAX_NUMBER_CHARS 24
/* So that each number can be printed and read again without loss. */
#define MAX_NUMBER 1e9
#define DECIMALS 6

typedef struct {
  const char *name;
  double ms;
} Unit;

/* The first that divides a duration without a rest is the one to print it with. */
static const Unit units[] = {{"d", DAY}, {"h", HOUR}, {"m", MINUTE}, {"s", 1000}, {"ms", 1}};

/* Digits, perhaps with a fraction; *end is what comes after. */
static gboolean read_number(const char *text, const char **end, double *number) {
  gsize n = strspn(text, "0123456789");

  if (n > 0 && text[n] == '.' && g_ascii_isdigit(text[n + 1]))
    n += 1 + strspn(text + n + 1, "0123456789");
  if (n == 0 || n > MAX_NUMBER_CHARS)
    return FALSE;
  g_autofree char *digits = g_strndup(text, n);
  *number = g_ascii_strtod(digits, NULL);
  *end = text + n;
  return TRUE;
}

static gboolean parse_number(const char *text, double *number) {
  const char *end = NULL;

  const char *point = strchr(text, '.');

  return (point == NULL || strlen(point + 1) <= DECIMALS) && read_number(text, &end, number) && *end == '\0' &&
         *number < MAX_NUMBER;
}

static void print_number(double number, GString *out) {
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd(text, sizeof text, number == floor(number) ? "%.0f" : "%.6f", number);
  if (strchr(text, '.') != NULL) {
    gsize bytes = strlen(text);
    while (text[bytes - 1] == '0')
      text[--bytes] = '\0';
  }
  g_string_append(out, text);
}

/* "1:48", "1:02:03" */
static gboolean parse_clock(const char *text, double *ms) {
  double total = 0, part = 0;
  guint n = 0;

  for (const char *p = text; read_number(p, &p, &part); p++) {
    total = total * 60 + part;
    n++;
    if (*p != ':')
      return *p == '\0' && n >= 2 && n <= 3 && (*ms = total * 1000, TRUE);
  }
  return FALSE;
}

static const Unit *unit_at(const char *text, gsize bytes) {
  static const Unit more[] = {{"min", MINUTE}, {"w", 7 * DAY}};

  for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
    if (strlen(units[i].name) == bytes && strncmp(units[i].name, text, bytes) == 0)
      return &units[i];
  }
  for (gsize i = 0; i < G_N_ELEMENTS(more); i++) {
    if (strlen(more[i].name) == bytes && strncmp(more[i].name, text, bytes) == 0)
      return &more[i];
  }
  return NULL;
}

gboolean sight_filter_duration_parse(const char *text, double *ms) {
  double part = 0, total = 0;
  const char *p = text;

  if (parse_clock(text, ms))
    return *ms < SIGHT_TEXT_MAX_MS;
  if (parse_number(text, ms))
    return (*ms = round(*ms * 1000)) < SIGHT_TEXT_MAX_MS;
  while (*p != '\0') {
    if (!read_number(p, &p, &part))
      return FALSE;
    gsize bytes = strcspn(p, "0123456789");
    const Unit *unit = unit_at(p, bytes);
    if (unit == NULL)
      return FALSE;
    total += part * unit->ms;
    p += bytes;
  }
  *ms = round(total);
  return p != text && *ms < SIGHT_TEXT_MAX_MS;
}

void sight_filter_duration_print(double ms, GString *out) {
  for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
    if (fmod(ms, units[i].ms) == 0 && (ms > 0 || units[i].ms == 1000)) {
      g_string_append_printf(out, "%" G_GINT64_FORMAT "%s", (gint64)(ms / units[i].ms), units[i].name);
      return;
    }
  }
}

/* Times */

gboolean sight_filter_time_is_ago(const char *text) {
  double number = 0;
  const char *end = NULL;

  return read_number(text, &end, &number) && *end != '-' && *end != '\0' && unit_at(end, strlen(end)) != NULL;
}

static gboolean from_to(GDateTime *from, GDateTime *to, gint64 *from_ms, gint64 *to_ms) {
  gboolean both = from != NULL && to != NULL;

  if (both) {
    *from_ms = g_date_time_to_unix(from) * 1000;
    *to_ms = g_date_time_to_unix(to) * 1000;
  }
  g_clear_pointer(&from, g_date_time_unref);
  g_clear_pointer(&to, g_date_time_unref);
  return both;
}

static gboolean day_before(gint64 now_ms, int days, gint64 *from_ms, gint64 *to_ms) {
  g_autoptr(GDateTime) now = g_date_time_new_from_unix_local(now_ms / 1000);
  g_autoptr(GDateTime) then = now != NULL ? g_date_time_add_days(now, -days) : NULL;

  if (then == NULL)
    return FALSE;
  GDateTime *from = g_date_time_new_local(g_date_time_get_year(then), g_date_time_get_month(then),
                                          g_date_time_get_day_of_month(then), 0, 0, 0);
  return from_to(from, from != NULL ? g_date_time_add_days(from, 1) : NULL, from_ms, to_ms);
}

/* Digits where the pattern has 0, else the same character; a text of the pattern's length. */
static gboolean has_form(const char *text, const char *form) {
  for (; *form != '\0'; form++, text++) {
    if (*form == '0' ? !g_ascii_isdigit(*text) : *text != *form)
      return FALSE;
  }
  return *text == '\0';
}

static int digits(const char *text, gsize at, gsize n) {
  int value = 0;

  for (gsize i = at; i < at + n; i++)
    value = value * 10 + (text[i] - '0');
  return value;
}

gboolean sight_filter_time_parse(const char *text, gint64 now_ms, gint64 *from_ms, gint64 *to_ms) {
  double ms = 0;

  if (sight_filter_time_is_ago(text) && sight_filter_duration_parse(text, &ms)) {
    *from_ms = *to_ms = now_ms - (gint64)ms;
    return TRUE;
  }
  if (g_str_equal(text, "today") || g_str_equal(text, "yesterday"))
    return day_before(now_ms, text[0] == 'y', from_ms, to_ms);
  gboolean minute = has_form(text, "0000-00-00T00:00"), day = has_form(text, "0000-00-00");
  if (!minute && !day && !has_form(text, "0000-00"))
    return FALSE;
  GDateTime *from =
      g_date_time_new_local(digits(text, 0, 4), digits(text, 5, 2), minute || day ? digits(text, 8, 2) : 1,
                            minute ? digits(text, 11, 2) : 0, minute ? digits(text, 14, 2) : 0, 0);
  GDateTime *to = NULL;
  if (from != NULL && minute)
    to = g_date_time_add_minutes(from, 1);
  else if (from != NULL)
    to = day ? g_date_time_add_days(from, 1) : g_date_time_add_months(from, 1);
  return from_to(from, to, from_ms, to_ms);
}

/* Values */

static gboolean is_time(const char *text) {
  gint64 from = 0, to = 0;
  return sight_filter_time_parse(text, G_GINT64_CONSTANT(1700000000000), &from, &to);
}

static gboolean parse_scalar(const SightField *field, const char *text, double *number, char **time) {
  if (field->takes == SIGHT_TAKES_DURATION)
    return sight_filter_duration_parse(text, number);
  if (field->takes != SIGHT_TAKES_TIME)
    return parse_number(text, number);
  if (!is_time(text))
    return FALSE;
  *time = g_strdup(text);
  return TRUE;
}

/* Where the bounds are the wrong way round nothing could ever match. */
static gboolean is_upside_down(const SightFilterValue *value) {
  return !isnan(value->from) && !isnan(value->to) && value->from > value->to;
}

static gboolean fill_range(const SightField *field, SightFilterValue *value, const char *from, const char *to) {
  value->relation = SIGHT_RELATION_RANGE;
  if (from[0] == '\0' && to[0] == '\0')
    return FALSE;
  return (from[0] == '\0' || parse_scalar(field, from, &value->from, &value->text)) &&
         (to[0] == '\0' || parse_scalar(field, to, &value->to, &value->to_text)) && !is_upside_down(value);
}

static gboolean fill(const SightField *field, SightFilterValue *value, const char *text) {
  const char *dots = strstr(text, "..");

  if (dots != NULL) {
    g_autofree char *from = g_strndup(text, (gsize)(dots - text));
    return fill_range(field, value, from, dots + 2);
  }
  if (g_str_has_prefix(text, ">=") || g_str_has_prefix(text, "<="))
    return text[2] != '\0' && fill_range(field, value, text[0] == '>' ? text + 2 : "", text[0] == '>' ? "" : text + 2);
  if (field->takes == SIGHT_TAKES_STATUS && has_form(text, "0xx")) {
    value->relation = SIGHT_RELATION_RANGE;
    value->from = digits(text, 0, 1) * 100;
    value->to = value->from + 99;
    return TRUE;
  }
  if (text[0] == '>' || text[0] == '<') {
    value->relation = text[0] == '>' ? SIGHT_RELATION_MORE : SIGHT_RELATION_LESS;
    text++;
    /* "more than seven days ago" and "after the instant seven days ago" would be opposites. */
    if (field->takes == SIGHT_TAKES_TIME && sight_filter_time_is_ago(text))
      return FALSE;
  }
  return parse_scalar(field, text, &value->from, &value->text);
}

/* What cannot be found by words is no text to look for. */
static gboolean has_word(const char *text) {
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
    if (g_unichar_isalnum(g_utf8_get_char(p)) || *p == SIGHT_FILTER_ANY_RUN)
      return TRUE;
  }
  return FALSE;
}

static gboolean is_choice(const SightField *field, const char *text) {
  return field->choices == NULL || g_strv_contains(field->choices, text);
}

SightFilterValue *sight_filter_value_parse(const SightField *field, const char *text) {
  SightFilterValue *value = sight_filter_value_new(SIGHT_RELATION_IS);
  gboolean good = FALSE;

  switch (field->takes) {
  case SIGHT_TAKES_NOTHING:
    break;
  case SIGHT_TAKES_SELECTOR:
    value->text = g_strdup(text);
    good = sight_element_is_selector(text);
    break;
  case SIGHT_TAKES_WORDS:
  case SIGHT_TAKES_NAME:
    value->text = field->choices != NULL ? g_ascii_strdown(text, -1) : g_strdup(text);
    good = field->takes == SIGHT_TAKES_WORDS ? has_word(text) : text[0] != '\0' && is_choice(field, value->text);
    break;
  case SIGHT_TAKES_NUMBER:
  case SIGHT_TAKES_STATUS:
  case SIGHT_TAKES_DURATION:
  case SIGHT_TAKES_TIME:
    good = fill(field, value, text);
    break;
  }
  if (good)
    return value;
  sight_filter_value_free(value);
  return NULL;
}

const char *sight_filter_value_wants(const SightField *field) {
  switch (field->takes) {
  case SIGHT_TAKES_NOTHING:
    return _("nothing");
  case SIGHT_TAKES_NAME:
    return _("a name, in which * stands for anything");
  case SIGHT_TAKES_SELECTOR:
    return _("a CSS selector, in quotes where it has blanks or brackets, such as \"form > button#pay[disabled]\", of "
             "elements that can be acted on or stand for something: its last part names such a tag, an id, a role, a "
             "data-testid or a class");
  case SIGHT_TAKES_WORDS:
    return _("words, in quotes where they are several");
  case SIGHT_TAKES_NUMBER:
    return _("a number such as 3, >3, <3, 2..5 or 2..");
  case SIGHT_TAKES_STATUS:
    return _("a status such as 404, 5xx or 400..499");
  case SIGHT_TAKES_DURATION:
    return _("a time with its unit such as >90s, <2m, 1:48 or 1m..5m");
  case SIGHT_TAKES_TIME:
    return _("7d (the last seven days), today, a day such as 2026-05-26, >2026-05-26 or 14d..7d");
  }
  return "";
}

static gboolean is_plain(const char *text) {
  for (const char *p = text; *p != '\0'; p++) {
    if (!g_ascii_isalnum(*p) && strchr("/._@:#?&=+%~$!;-\1", *p) == NULL && (guchar)*p < 0x80)
      return FALSE;
  }
  return TRUE;
}

static void print_text(const char *text, GString *out) {
  gboolean plain = is_plain(text), open = FALSE;

  for (const char *p = text; *p != '\0'; p++) {
    gboolean wants_quotes = !plain && *p != SIGHT_FILTER_ANY_RUN;
    if (wants_quotes != open)
      g_string_append_c(out, '"');
    open = wants_quotes;
    if (*p == SIGHT_FILTER_ANY_RUN) {
      g_string_append_c(out, '*');
      continue;
    }
    if (*p == '"' || *p == '\\')
      g_string_append_c(out, '\\');
    g_string_append_c(out, *p);
  }
  if (open)
    g_string_append_c(out, '"');
}

static void print_scalar(const SightField *field, double number, const char *time, GString *out) {
  if (field->takes == SIGHT_TAKES_TIME)
    g_string_append(out, time);
  else if (field->takes == SIGHT_TAKES_DURATION)
    sight_filter_duration_print(number, out);
  else
    print_number(number, out);
}

static gboolean is_class(const SightField *field, const SightFilterValue *value) {
  return field->takes == SIGHT_TAKES_STATUS && value->relation == SIGHT_RELATION_RANGE && value->from < 1000 &&
         fmod(value->from, 100) == 0 && value->to == value->from + 99;
}

void sight_filter_value_print(const SightField *field, const SightFilterValue *value, GString *out) {
  if (field->takes >= SIGHT_TAKES_NAME && field->takes <= SIGHT_TAKES_SELECTOR) {
    print_text(value->text, out);
    return;
  }
  if (is_class(field, value)) {
    g_string_append_printf(out, "%dxx", (int)(value->from / 100));
    return;
  }
  if (value->relation == SIGHT_RELATION_MORE || value->relation == SIGHT_RELATION_LESS)
    g_string_append_c(out, value->relation == SIGHT_RELATION_MORE ? '>' : '<');
  if (!isnan(value->from) || value->text != NULL)
    print_scalar(field, value->from, value->text, out);
  if (value->relation != SIGHT_RELATION_RANGE)
    return;
  g_string_append(out, "..");
  if (!isnan(value->to) || value->to_text != NULL)
    print_scalar(field, value->to, value->to_text, out);
}

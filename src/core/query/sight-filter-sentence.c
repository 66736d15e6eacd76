/* SPDX-License-Identifier: MIT */
/* Filters in words. Each part is a phrase of its own, so that translations may order what is in it. */
#include "sight-filter-sentence.h"

#include "sight-clock-text.h"
#include "sight-filter-value.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define HOUR_MS 3600000.0

/* Puts a text into the only "%s" of a translated phrase. */
static char *put(const char *phrase, const char *text) {
  const char *place = strstr(phrase, "%s");

  if (place == NULL)
    return g_strdup(phrase);
  return g_strdup_printf("%.*s%s%s", (int)(place - phrase), phrase, text, place + 2);
}

static char *stars(const char *text) {
  return g_strdelimit(g_strdup(text), "\1", '*');
}

/* "in the last 7 days" */
static char *last(const char *text) {
  double ms = 0;

  sight_filter_duration_parse(text, &ms);
  gint64 hours = (gint64)(ms / HOUR_MS);
  if (hours > 0 && fmod(ms, 24 * HOUR_MS) == 0)
    return g_strdup_printf(ngettext("in the last %d day", "in the last %d days", (gulong)(hours / 24)),
                           (int)(hours / 24));
  if (hours > 0 && fmod(ms, HOUR_MS) == 0)
    return g_strdup_printf(ngettext("in the last %d hour", "in the last %d hours", (gulong)hours), (int)hours);
  g_autofree char *clock = sight_clock_text((gint64)ms);
  return g_strdup_printf(_("in the last %s"), clock);
}

static char *scalar(const SightField *field, double number, const char *time) {
  if (time != NULL && sight_filter_time_is_ago(time))
    return g_strdup_printf(_("%s ago"), time);
  if (time != NULL)
    return g_strdup(time);
  if (field->takes == SIGHT_TAKES_DURATION && number >= 1000)
    return sight_clock_text((gint64)number);
  g_autoptr(GString) out = g_string_new(NULL);
  if (field->takes == SIGHT_TAKES_DURATION)
    sight_filter_duration_print(number, out);
  else
    g_string_append_printf(out, "%.15g", number);
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static char *number_phrase(const SightField *field, const SightFilterValue *value) {
  g_autofree char *from = scalar(field, value->from, value->text);
  g_autofree char *to = scalar(field, value->to, value->to_text);
  gboolean open = isnan(value->from) && value->text == NULL, last_open = isnan(value->to) && value->to_text == NULL;

  switch (value->relation) {
  case SIGHT_RELATION_IS:
    if (value->text != NULL && sight_filter_time_is_ago(value->text))
      return last(value->text);
    return g_steal_pointer(&from);
  case SIGHT_RELATION_MORE:
    return g_strdup_printf("> %s", from);
  case SIGHT_RELATION_LESS:
    return g_strdup_printf("< %s", from);
  case SIGHT_RELATION_RANGE:
    if (open)
      return g_strdup_printf("≤ %s", to);
    if (last_open)
      return g_strdup_printf("≥ %s", from);
    /* TRANSLATORS: two bounds: "1:00 to 5:00" */
    return g_strdup_printf(_("%s to %s"), from, to);
  }
  return g_strdup("");
}

static char *value_phrase(const SightField *field, const SightFilterValue *value) {
  if (field->takes > SIGHT_TAKES_SELECTOR)
    return number_phrase(field, value);
  g_autofree char *text = stars(value->text);
  return field->takes == SIGHT_TAKES_WORDS ? g_strdup_printf(_("“%s”"), text) : g_steal_pointer(&text);
}

/* Several phrases of which one holds. */
static char *join_or(GPtrArray *phrases, const char *separator) {
  g_ptr_array_add(phrases, NULL);
  return g_strjoinv(separator, (char **)phrases->pdata);
}

char *sight_filter_values_phrase(const SightFilter *key) {
  g_autoptr(GPtrArray) phrases = g_ptr_array_new_with_free_func(g_free);

  if (key->values->len == 0)
    return g_strdup(C_("the value of a condition", "known"));
  for (guint i = 0; i < key->values->len; i++)
    g_ptr_array_add(phrases, value_phrase(key->field, key->values->pdata[i]));
  /* TRANSLATORS: between two values of which one holds */
  return join_or(phrases, _(" or "));
}

static char *phrase(const SightFilter *filter, gboolean denied);

static char *key_phrase(const SightFilter *key, gboolean denied) {
  const SightField *field = key->field;
  g_autofree char *values = sight_filter_values_phrase(key);
  g_autofree char *named = key->name != NULL ? g_strdup_printf("%s = %s", key->name, values) : NULL;

  return put(denied ? _(field->denied) : _(field->said), named != NULL ? named : values);
}

/* What the value of a key of moments says of them. */
static char *own_phrase(const SightFilter *key) {
  const SightField *inside = sight_field_find(key->field->value, strlen(key->field->value), TRUE);
  g_autofree char *values = sight_filter_values_phrase(key);

  if (inside == NULL || g_str_equal(key->field->value, "text"))
    return g_steal_pointer(&values);
  return put(_(inside->said), values);
}

char *sight_filter_moment_phrase(const SightFilter *key) {
  g_autoptr(GString) out = g_string_new(_(key->field->said));

  if (key->values->len > 0) {
    g_autofree char *own = own_phrase(key);
    g_string_append_printf(out, " %s", own);
  }
  if (key->inside != NULL) {
    g_autofree char *inside = phrase(key->inside, FALSE);
    g_string_append_printf(out, " %s", inside);
  }
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static char *step_phrase(const SightFilter *step) {
  g_autofree char *moment = sight_filter_moment_phrase(step);
  g_autofree char *within = sight_clock_text(step->within_ms);

  if (step->within_ms > 0)
    return g_strdup_printf(step->absent ? _("then within %s without %s") : _("then within %s %s"), within, moment);
  return g_strdup_printf(step->absent ? _("then without %s") : _("then %s"), moment);
}

static char *sequence_phrase(const SightFilter *sequence, gboolean denied) {
  g_autofree char *first = sight_filter_moment_phrase(sequence->parts->pdata[0]);
  g_autofree char *with = g_strdup_printf(denied ? _("without %s") : _("with %s"), first);
  g_autoptr(GString) out = g_string_new(with);

  for (guint i = 1; i < sequence->parts->len; i++) {
    g_autofree char *step = step_phrase(sequence->parts->pdata[i]);
    g_string_append_printf(out, " %s", step);
  }
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static gboolean is_inside(const SightFilter *filter) {
  const SightFilter *part = filter;

  while (part->parts != NULL && part->parts->len > 0)
    part = part->parts->pdata[0];
  return part->kind == SIGHT_FILTER_KEY && part->field->place == SIGHT_KEY_INSIDE;
}

static char *group_phrase(const SightFilter *group, gboolean denied) {
  g_autoptr(GPtrArray) phrases = g_ptr_array_new_with_free_func(g_free);
  gboolean any = group->kind == SIGHT_FILTER_ANY, nested = FALSE;

  for (guint i = 0; i < group->parts->len; i++) {
    const SightFilter *part = group->parts->pdata[i];
    nested |= part->kind == SIGHT_FILTER_ALL || part->kind == SIGHT_FILTER_ANY;
    g_ptr_array_add(phrases, phrase(part, FALSE));
  }
  g_autofree char *joined = NULL;
  if (any)
    joined = join_or(phrases, nested ? _("; or ") : _(" or "));
  else
    /* TRANSLATORS: between two conditions that both hold */
    joined = join_or(phrases, is_inside(group) ? " " : _(", "));
  return denied ? g_strdup_printf(_("but not (%s)"), joined) : g_steal_pointer(&joined);
}

static char *phrase(const SightFilter *filter, gboolean denied) {
  switch (filter->kind) {
  case SIGHT_FILTER_NOT:
    return phrase(filter->parts->pdata[0], !denied);
  case SIGHT_FILTER_ALL:
  case SIGHT_FILTER_ANY:
    return group_phrase(filter, denied);
  case SIGHT_FILTER_SEQUENCE:
    return sequence_phrase(filter, denied);
  case SIGHT_FILTER_WORDS:
    return g_strdup_printf(denied ? _("not mentioning “%s”") : _("mentioning “%s”"), filter->text);
  case SIGHT_FILTER_KEY:
    break;
  }
  if (filter->field->place != SIGHT_KEY_OF_MOMENT)
    return key_phrase(filter, denied);
  g_autofree char *moment = sight_filter_moment_phrase(filter);
  return g_strdup_printf(denied ? _("without %s") : _("with %s"), moment);
}

char *sight_filter_phrase(const SightFilter *part) {
  return phrase(part, FALSE);
}

char *sight_filter_sentence(const SightFilter *filter) {
  if (filter->kind == SIGHT_FILTER_ALL && filter->parts->len == 0)
    return g_strdup(_("All sessions"));
  g_autofree char *rest = phrase(filter, FALSE);
  /* TRANSLATORS: what a filter picks: "with rage clicks, release 2.4" */
  return g_strdup_printf(_("Sessions %s"), rest);
}

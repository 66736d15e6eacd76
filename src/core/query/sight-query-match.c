/* SPDX-License-Identifier: MIT */
/* Whether a value, a moment or a sequence is what a filter says. */
#include "sight-filter-value.h"
#include "sight-fold.h"
#include "sight-query-private.h"

#include <math.h>
#include <string.h>

#define SECOND 1000.0

const char *sight_query_folded(SightQuery *query, const char *text, SightTakes takes) {
  char *folded = g_hash_table_lookup(query->folded, text);

  if (folded == NULL) {
    gboolean words = takes == SIGHT_TAKES_WORDS && strchr(text, SIGHT_FILTER_ANY_RUN) == NULL;
    folded = words ? sight_fold_words(text) : sight_fold_name(text);
    g_hash_table_insert(query->folded, (char *)text, folded);
  }
  return folded;
}

static gboolean text_is(SightQuery *query, const char *wanted, SightTakes takes, const char *text) {
  if (takes == SIGHT_TAKES_SELECTOR)
    return sight_element_may_be(query, wanted, text);
  gboolean words = takes == SIGHT_TAKES_WORDS && strchr(wanted, SIGHT_FILTER_ANY_RUN) == NULL;
  g_autofree char *folded = words ? sight_fold_words(text) : sight_fold_name(text);
  const char *pattern = sight_query_folded(query, wanted, takes);

  return words ? sight_fold_has_words(folded, pattern) : sight_fold_matches(folded, pattern, SIGHT_FILTER_ANY_RUN);
}

gboolean sight_query_text_is(SightQuery *query, const SightFilter *key, SightTakes takes, const char *text) {
  if (text == NULL || text[0] == '\0')
    return FALSE;
  for (guint i = 0; i < key->values->len; i++) {
    const SightFilterValue *value = key->values->pdata[i];
    if (text_is(query, value->text, takes, text))
      return TRUE;
  }
  return key->values->len == 0;
}

/* When the time that bounds a range begins and ends; "7d" is an instant. */
static void time_bounds(gint64 now_ms, const SightFilterValue *value, double *from, double *to) {
  gint64 begin = 0, end = 0, last_begin = 0, last_end = 0;
  gboolean open = value->text == NULL || !sight_filter_time_parse(value->text, now_ms, &begin, &end);
  gboolean last_open =
      value->to_text == NULL || !sight_filter_time_parse(value->to_text, now_ms, &last_begin, &last_end);

  switch (value->relation) {
  case SIGHT_RELATION_IS:
    /* "the last seven days" have no end */
    *from = (double)begin;
    *to = begin == end ? INFINITY : (double)end - 1;
    break;
  case SIGHT_RELATION_MORE:
    *from = (double)end;
    break;
  case SIGHT_RELATION_LESS:
    *to = (double)begin - 1;
    break;
  case SIGHT_RELATION_RANGE:
    *from = open ? -INFINITY : (double)begin;
    *to = last_open ? INFINITY : (double)MAX(last_begin, last_end - 1);
    break;
  }
}

void sight_query_bounds(SightQuery *query, const SightField *field, const SightFilterValue *value, double *from,
                        double *to) {
  sight_filter_bounds(field, value, query->now_ms, from, to);
}

void sight_filter_bounds(const SightField *field, const SightFilterValue *value, gint64 now_ms, double *from,
                         double *to) {
  *from = -INFINITY;
  *to = INFINITY;
  if (field->takes == SIGHT_TAKES_TIME) {
    time_bounds(now_ms, value, from, to);
    return;
  }
  switch (value->relation) {
  case SIGHT_RELATION_IS:
    *from = *to = value->from;
    /* As it is shown: nobody means a millisecond. */
    if (field->takes == SIGHT_TAKES_DURATION && fmod(value->from, SECOND) == 0)
      *to = value->from + SECOND - 1;
    break;
  case SIGHT_RELATION_MORE:
    *from = nextafter(value->from, INFINITY);
    break;
  case SIGHT_RELATION_LESS:
    *to = nextafter(value->from, -INFINITY);
    break;
  case SIGHT_RELATION_RANGE:
    *from = isnan(value->from) ? -INFINITY : value->from;
    *to = isnan(value->to) ? INFINITY : value->to;
    break;
  }
}

/* Where a session stands between 0 and 100, the same on every workstation: FNV-1a, and a last step that spreads it, for
 * ids that differ in their ends alone. */
static double place_in_sample(const char *id) {
  guint64 hash = G_GUINT64_CONSTANT(0xcbf29ce484222325);

  for (const char *c = id; *c != '\0'; c++)
    hash = (hash ^ (guint8)*c) * G_GUINT64_CONSTANT(0x100000001b3);
  hash = (hash ^ hash >> 32) * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
  return (double)(hash >> 11) / (double)(G_GUINT64_CONSTANT(1) << 53) * 100;
}

gboolean sight_filter_samples(const SightFilter *key, const char *session, gint64 now_ms) {
  double place = place_in_sample(session);

  for (guint i = 0; i < key->values->len; i++) {
    double from = 0, to = 0;
    sight_filter_bounds(key->field, key->values->pdata[i], now_ms, &from, &to);
    /* A number alone is a share of all. */
    if (from == to ? place < to : place >= from && place < to)
      return TRUE;
  }
  return FALSE;
}

gboolean sight_query_number_is(SightQuery *query, const SightFilter *key, double number) {
  for (guint i = 0; i < key->values->len; i++) {
    double from = 0, to = 0;
    sight_query_bounds(query, key->field, key->values->pdata[i], &from, &to);
    if (number >= from && number <= to)
      return TRUE;
  }
  return key->values->len == 0;
}

/* Moments */

static gboolean is_problem(SightQuery *query, const SightFilter *key, const SightMoment *moment) {
  g_autofree char *problem = moment->fingerprint != NULL ? sight_query_problem(moment->fingerprint) : NULL;

  return sight_query_text_is(query, key, SIGHT_TAKES_NAME, problem);
}

/* "NAME=VALUE" of that name whose value is one of the key's. */
static gboolean has_property(SightQuery *query, const SightFilter *key, const SightMoment *moment) {
  gsize bytes = strlen(key->name);

  for (guint i = 0; moment->properties != NULL && i < moment->properties->len; i++) {
    const char *property = moment->properties->pdata[i];
    if (strncmp(property, key->name, bytes) == 0 && property[bytes] == '=' &&
        sight_query_text_is(query, key, SIGHT_TAKES_NAME, property + bytes + 1))
      return TRUE;
  }
  return FALSE;
}

/* Whether what a moment has under the name of a key inside of brackets is what `key` says, which is that key or one of
 * moments that has it for its own value. */
static gboolean has(SightQuery *query, const char *name, const SightFilter *key, const SightMoment *moment) {
  SightTakes takes = key->field->takes;

  if (g_str_equal(name, "page"))
    return sight_query_text_is(query, key, takes, moment->page);
  if (g_str_equal(name, "target"))
    return sight_query_text_is(query, key, takes, moment->target) ||
           (key->field->place == SIGHT_KEY_OF_MOMENT && key->values->len > 0 &&
            sight_query_text_is(query, key, SIGHT_TAKES_NAME, moment->selector));
  if (takes == SIGHT_TAKES_SELECTOR)
    return sight_element_is(query, key, moment);
  if (g_str_equal(name, "selector"))
    return sight_query_text_is(query, key, takes, moment->selector);
  if (g_str_equal(name, "text"))
    return sight_query_text_is(query, key, takes, moment->text);
  if (g_str_equal(name, "url"))
    return sight_query_text_is(query, key, takes, moment->url);
  if (g_str_equal(name, "method"))
    return sight_query_text_is(query, key, takes, moment->method);
  if (g_str_equal(name, "count"))
    return sight_query_number_is(query, key, (double)moment->count);
  if (g_str_equal(name, "length"))
    return sight_query_number_is(query, key, (double)(moment->end_ms - moment->start_ms));
  if (g_str_equal(name, "status"))
    return moment->status > 0 && sight_query_number_is(query, key, (double)moment->status);
  if (g_str_equal(name, "severe"))
    return moment->severe;
  if (g_str_equal(name, "property"))
    return has_property(query, key, moment);
  return g_str_equal(name, "problem") && is_problem(query, key, moment);
}

gboolean sight_moment_says(SightQuery *query, const char *words, const SightMoment *moment) {
  const char *texts[] = {moment->target, moment->text, moment->page, moment->url, moment->selector};

  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    if (texts[i] != NULL && text_is(query, words, SIGHT_TAKES_WORDS, texts[i]))
      return TRUE;
  }
  return FALSE;
}

static gboolean is_inside(SightQuery *query, const SightFilter *filter, const SightMoment *moment);

static gboolean is_any(SightQuery *query, const SightFilter *any, const SightMoment *moment) {
  gboolean wanted = FALSE, found = FALSE;

  for (guint i = 0; i < any->parts->len; i++) {
    const SightFilter *part = any->parts->pdata[i];
    gboolean refuses = sight_filter_only_refuses(part), is = is_inside(query, part, moment);
    if (refuses && !is)
      return FALSE;
    wanted |= !refuses;
    found |= !refuses && is;
  }
  return found || !wanted;
}

static gboolean is_inside(SightQuery *query, const SightFilter *filter, const SightMoment *moment) {
  switch (filter->kind) {
  case SIGHT_FILTER_KEY:
    return has(query, filter->field->name, filter, moment);
  case SIGHT_FILTER_WORDS:
    return sight_moment_says(query, filter->text, moment);
  case SIGHT_FILTER_NOT:
    return !is_inside(query, filter->parts->pdata[0], moment);
  case SIGHT_FILTER_ANY:
    return is_any(query, filter, moment);
  case SIGHT_FILTER_ALL:
    for (guint i = 0; i < filter->parts->len; i++) {
      if (!is_inside(query, filter->parts->pdata[i], moment))
        return FALSE;
    }
    return TRUE;
  case SIGHT_FILTER_SEQUENCE:
    break;
  }
  return FALSE;
}

gboolean sight_moment_is(SightQuery *query, const SightFilter *key, const SightMoment *moment) {
  if ((key->field->moments & SIGHT_MOMENT_BIT(moment->kind)) == 0)
    return FALSE;
  /* What was looked for on the page stands in the index as well. */
  if (key->values->len == 0 && moment->found_by != NULL)
    return FALSE;
  if (key->values->len > 0 && !has(query, key->field->value, key, moment))
    return FALSE;
  return key->inside == NULL || is_inside(query, key->inside, moment);
}

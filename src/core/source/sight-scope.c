/* SPDX-License-Identifier: MIT */
/* Filters over what a listing tells. */
#include "sight-scope.h"

#include "sight-fold.h"
#include "sight-page.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* What every listing tells. */
static const char *const keys[] = {"started", "length", "sample", NULL};

/* A moment is known by its kind alone. */
static gboolean is_told(const SightFilter *key, const char *const *tells) {
  gboolean is_moment = key->field->place == SIGHT_KEY_OF_MOMENT;
  if (is_moment && (key->values->len > 0 || key->inside != NULL))
    return FALSE;
  return g_str_equal(key->field->name, "all") || g_strv_contains(keys, key->field->name) ||
         (tells != NULL && g_strv_contains(tells, key->field->name));
}

static gboolean can_be_asked(const SightFilter *filter, const char *const *tells, GError **error) {
  gboolean is_key = filter->kind == SIGHT_FILTER_KEY && is_told(filter, tells);
  gboolean is_group =
      filter->kind == SIGHT_FILTER_ALL || filter->kind == SIGHT_FILTER_ANY || filter->kind == SIGHT_FILTER_NOT;
  for (guint i = 0; is_group && i < filter->parts->len; i++)
    if (!can_be_asked(filter->parts->pdata[i], tells, error))
      return FALSE;
  if (is_key || is_group)
    return TRUE;
  g_autofree char *text = sight_filter_print(filter);
  g_autofree char *known = sight_scope_keys(tells);
  /* Translators: a part of a filter, and names of keys */
  g_set_error(error, SIGHT_FILTER_ERROR, SIGHT_FILTER_ERROR_SYNTAX,
              _("“%s” is not known before a recording is fetched; what can be asked here: %s."), text, known);
  return FALSE;
}

char *sight_scope_keys(const char *const *tells) {
  g_autofree char *always = g_strjoinv(", ", (char **)keys);
  g_autofree char *others = tells != NULL ? g_strjoinv(", ", (char **)tells) : NULL;
  return others != NULL ? g_strconcat(always, ", ", others, NULL) : g_steal_pointer(&always);
}

SightFilter *sight_scope_parse(const char *tainted_text, const char *const *tells, GError **error) {
  g_autoptr(SightFilter) scope = sight_filter_parse(tainted_text != NULL ? tainted_text : "", NULL, error);
  return scope != NULL && can_be_asked(scope, tells, error) ? g_steal_pointer(&scope) : NULL;
}

static gboolean number_is(const SightFilter *key, double number, gint64 now_ms) {
  for (guint i = 0; i < key->values->len; i++) {
    double from = -INFINITY, to = INFINITY;
    sight_filter_bounds(key->field, key->values->pdata[i], now_ms, &from, &to);
    if (number >= from && number <= to)
      return TRUE;
  }
  return key->values->len == 0;
}

static gboolean name_is(const SightFilter *key, const char *text) {
  g_autofree char *folded = sight_fold_name(text);
  for (guint i = 0; i < key->values->len; i++) {
    const SightFilterValue *value = key->values->pdata[i];
    g_autofree char *pattern = sight_fold_name(value->text);
    if (sight_fold_matches(folded, pattern, SIGHT_FILTER_ANY_RUN))
      return TRUE;
  }
  return key->values->len == 0;
}

typedef enum { NO, UNKNOWN, YES } Verdict;

static Verdict verdict_of(gboolean is) {
  return is ? YES : NO;
}

/* Where errors of all kinds are counted together, none of them is no exception, and some may be one. */
static Verdict of_errors(const SightScopeFacts *facts) {
  if (facts->n_errors >= 0)
    return verdict_of(facts->n_errors > 0);
  return facts->n_console == 0 ? NO : UNKNOWN;
}

static Verdict of_key(const SightFilter *key, const SightScopeFacts *facts, gint64 now_ms) {
  const char *name = key->field->name;
  if (g_str_equal(name, "started"))
    return facts->started_ms > 0 ? verdict_of(number_is(key, (double)facts->started_ms, now_ms)) : UNKNOWN;
  if (g_str_equal(name, "length"))
    return facts->started_ms > 0 && facts->ended_ms > 0
               ? verdict_of(number_is(key, (double)(facts->ended_ms - facts->started_ms), now_ms))
               : UNKNOWN;
  if (g_str_equal(name, "user"))
    return verdict_of(facts->user != NULL && name_is(key, facts->user));
  if (g_str_equal(name, "all"))
    return YES;
  if (g_str_equal(name, "sample"))
    return verdict_of(sight_filter_samples(key, facts->id, now_ms));
  if (g_str_equal(name, "error") || g_str_equal(name, "errored"))
    return of_errors(facts);
  if (g_str_equal(name, "console"))
    return facts->n_console >= 0 ? verdict_of(facts->n_console > 0) : UNKNOWN;
  g_autofree char *page = facts->url != NULL ? sight_page_template(facts->url, NULL) : NULL;
  return page != NULL ? verdict_of(name_is(key, page)) : UNKNOWN;
}

/* ALL is the least of its parts, ANY the greatest, NOT turns its part round. */
static Verdict judge(const SightFilter *filter, const SightScopeFacts *facts, gint64 now_ms) {
  if (filter->kind == SIGHT_FILTER_KEY)
    return of_key(filter, facts, now_ms);
  Verdict verdict = filter->kind == SIGHT_FILTER_ANY ? NO : YES;
  for (guint i = 0; i < filter->parts->len; i++) {
    Verdict part = judge(filter->parts->pdata[i], facts, now_ms);
    if (filter->kind == SIGHT_FILTER_NOT)
      return YES - part;
    verdict = filter->kind == SIGHT_FILTER_ANY ? MAX(verdict, part) : MIN(verdict, part);
  }
  return verdict;
}

gboolean sight_scope_matches(const SightFilter *scope, const SightScopeFacts *facts, gint64 now_ms) {
  return judge(scope, facts, now_ms) != NO;
}

/* NAN: says nothing of it. */
static double begin_of(const SightFilter *filter, gint64 now_ms) {
  double begin = NAN;
  gboolean is_any = filter->kind == SIGHT_FILTER_ANY;
  if (filter->kind == SIGHT_FILTER_KEY && g_str_equal(filter->field->name, "started")) {
    for (guint i = 0; i < filter->values->len; i++) {
      double from = -INFINITY, to = INFINITY;
      sight_filter_bounds(filter->field, filter->values->pdata[i], now_ms, &from, &to);
      begin = isnan(begin) ? from : MIN(begin, from);
    }
  }
  for (guint i = 0; (is_any || filter->kind == SIGHT_FILTER_ALL) && i < filter->parts->len; i++) {
    double part = begin_of(filter->parts->pdata[i], now_ms);
    if (isnan(part) && is_any)
      return NAN;
    if (!isnan(part))
      begin = isnan(begin) ? part : is_any ? MIN(begin, part) : MAX(begin, part);
  }
  return begin;
}

gint64 sight_scope_from_ms(const SightFilter *scope, gint64 now_ms, gint64 otherwise_ms) {
  double begin = begin_of(scope, now_ms);
  return isnan(begin) ? otherwise_ms : (gint64)CLAMP(begin, 0, (double)now_ms);
}

/* SPDX-License-Identifier: MIT */
/* Filters over what a listing tells. */
#include "sight-scope.h"

#include "sight-fold.h"
#include "sight-page.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static const char *const keys[] = {"all", "started", "length", "entry", "user", NULL};

static gboolean can_be_asked(const SightFilter *filter, GError **error) {
  gboolean is_key = filter->kind == SIGHT_FILTER_KEY && g_strv_contains(keys, filter->field->name);
  gboolean is_group =
      filter->kind == SIGHT_FILTER_ALL || filter->kind == SIGHT_FILTER_ANY || filter->kind == SIGHT_FILTER_NOT;
  for (guint i = 0; is_group && i < filter->parts->len; i++)
    if (!can_be_asked(filter->parts->pdata[i], error))
      return FALSE;
  if (is_key || is_group)
    return TRUE;
  g_autofree char *text = sight_filter_print(filter);
  g_set_error(error, SIGHT_FILTER_ERROR, SIGHT_FILTER_ERROR_SYNTAX,
              _("“%s” is not known before a recording is fetched; started, length, entry and user are."), text);
  return FALSE;
}

SightFilter *sight_scope_parse(const char *tainted_text, GError **error) {
  g_autoptr(SightFilter) scope = sight_filter_parse(tainted_text != NULL ? tainted_text : "", NULL, error);
  return scope != NULL && can_be_asked(scope, error) ? g_steal_pointer(&scope) : NULL;
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
